//! Declarations → the few values that decide whether text is seen.

use super::css::syntax::{escape, split_outside, without_comments};

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Rgb([u8; 3]),
    /// As good as none.
    Clear,
    /// One that is not known here: a variable, a picture, a gradient.
    Unknown,
}

impl Ink {
    pub(super) const BLACK: Self = Self::Rgb([0; 3]);
    pub(super) const WHITE: Self = Self::Rgb([255; 3]);

    /// Whether nobody can tell them apart.
    pub(super) fn is_like(self, other: Self) -> bool {
        const NEAR: u8 = 16;
        match (self, other) {
            (Self::Rgb(a), Self::Rgb(b)) => a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= NEAR),
            _ => false,
        }
    }
}

/// A size of letters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Size {
    Pixels(f32),
    /// So many times the size around it.
    Times(f32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Display {
    None,
    Inline,
    /// A block in a line of text.
    InLine,
    /// On lines of its own.
    Block,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    Static,
    Relative,
    /// Taken out of the text.
    Absolute,
}

/// A piece of generated content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Generated {
    Text(String),
    Attribute(String),
    /// A counter or a picture.
    Other,
}

macro_rules! style {
    ($($(#[doc = $doc:literal])* $field:ident: $kind:ty,)+) => {
        /// What declarations say of an element.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub(super) struct Style { $($(#[doc = $doc])* pub(super) $field: Option<$kind>,)+ }

        impl Style {
            /// Takes what a stronger style says.
            pub(super) fn take(&mut self, stronger: &Self) {
                $(if stronger.$field.is_some() { self.$field.clone_from(&stronger.$field); })+
            }

            pub(super) fn is_empty(&self) -> bool {
                true $(&& self.$field.is_none())+
            }
        }
    };
}

style! {
    display: Display,
    visible: bool,
    /// `opacity: 0`.
    faded: bool,
    size: Size,
    ink: Ink,
    /// The ink of letters where it is another one.
    fill: Ink,
    paper: Ink,
    /// The background is seen through the letters only.
    through: bool,
    struck: bool,
    /// Above or below the line.
    raised: bool,
    /// At the top or the bottom of the line, which is so where the letters are small.
    aligned: bool,
    position: Position,
    floats: bool,
    left: f32,
    right: f32,
    top: f32,
    bottom: f32,
    indent: f32,
    margin_left: f32,
    margin_right: f32,
    margin_top: f32,
    no_width: bool,
    no_height: bool,
    cut: bool,
    clipped: bool,
    /// By a shape, which needs no position.
    shaped: bool,
    moved: Moved,
    /// Not seen from behind.
    one_sided: bool,
    /// Among those beside it in another place than in the source.
    reordered: bool,
    /// Readers of other makers do not show it, or show it in another order, or what they show is not known here.
    doubtful: bool,
    content: Vec<Generated>,
}

/// Properties whose value decides by itself whether text is seen.
const MAY_HIDE: [&str; 5] = ["display", "font-size", "opacity", "transform", "visibility"];

impl Style {
    /// The declarations of a block; those that are important apart.
    pub(super) fn read(block: &str) -> (Self, Self) {
        let (mut style, mut important) = (Self::default(), Self::default());
        for declaration in split_outside(&without_comments(block), ';') {
            let Some((property, value)) = declaration.split_once(':') else { continue };
            let property = property.trim().to_ascii_lowercase();
            let value = value.trim();
            match value.rsplit_once('!') {
                Some((value, mark)) if mark.trim().eq_ignore_ascii_case("important") => {
                    important.declare(&property, value.trim());
                }
                _ => style.declare(&property, value),
            }
        }
        (style, important)
    }

    /// Whether it may keep text from being seen.
    pub(super) fn hides(&self) -> bool {
        self.display == Some(Display::None)
            || self.visible == Some(false)
            || [self.faded, self.struck, self.clipped, self.shaped, self.doubtful]
                .contains(&Some(true))
            || self.moved == Some(Moved::Away)
            || matches!(self.size, Some(Size::Pixels(size) | Size::Times(size)) if size < 0.1)
    }

    fn declare(&mut self, property: &str, written: &str) {
        let lower = written.to_ascii_lowercase();
        let value = lower.as_str();
        let length = || pixels(value, 16.0);
        let is_zero = || length().map(|length| length <= 1.0);
        if value.contains("var(") && MAY_HIDE.contains(&property) {
            self.doubtful = Some(true);
            return;
        }
        match property {
            "display" => {
                self.display = Some(match value {
                    "none" => Display::None,
                    "inline" | "contents" | "initial" => Display::Inline,
                    "inherit" | "unset" | "revert" => return,
                    _ if value.starts_with("inline") || value.starts_with("ruby") => {
                        Display::InLine
                    }
                    "block" | "flex" | "grid" | "table" | "list-item" | "flow-root"
                    | "table-row" | "table-cell" | "table-caption" | "table-row-group" => {
                        Display::Block
                    }
                    _ => return,
                });
            }
            // hidden by Word, shown by browsers
            "mso-hide" => self.doubtful = Some(value.starts_with("all")),
            "unicode-bidi" => self.doubtful = Some(value.ends_with("override")),
            "visibility" => {
                self.visible = match value {
                    "hidden" | "collapse" => Some(false),
                    "visible" | "initial" => Some(true),
                    _ => None,
                };
            }
            "content-visibility" => self.doubtful = Some(value == "hidden"),
            "opacity" => self.faded = amount(value).map(|amount| amount < 0.05).or(self.faded),
            "zoom" => self.faded = amount(value).map(|amount| amount < 0.05),
            "filter" => {
                let of_opacity = value.split("opacity(").nth(1).and_then(|of| of.split(')').next());
                let clear = of_opacity.and_then(amount).is_some_and(|amount| amount < 0.05);
                self.faded = Some(clear || value == "alpha(opacity=0)");
            }
            "mask"
            | "mask-image"
            | "-webkit-mask"
            | "-webkit-mask-image"
            | "-webkit-text-security" => self.doubtful = Some(value != "none"),
            // as if nothing had been said
            "all" => (self.doubtful, self.visible) = (Some(true), Some(true)),
            "letter-spacing" => {
                self.doubtful = length().map(|length| length <= -6.0).or(self.doubtful);
            }
            "order" => self.reordered = Some(value != "0"),
            "flex-direction" | "flex-flow" if value.contains("reverse") => {
                self.doubtful = Some(true);
            }
            "backface-visibility" | "-webkit-backface-visibility" => {
                self.one_sided = Some(value == "hidden");
            }
            "font-size" => self.size = size(value),
            "font" => {
                // a bare number is a weight
                let is_size = |word: &&str| {
                    word.starts_with(|c: char| c.is_ascii_digit() || c == '.')
                        && (word.len() != 3 || !word.ends_with("00"))
                };
                let word = value.split_ascii_whitespace().find(is_size);
                self.size = word.and_then(|word| size(word.split('/').next().unwrap_or(word)));
            }
            "color" => self.ink = ink(value).or(self.ink),
            "-webkit-text-fill-color" => self.fill = ink(value).or(self.fill),
            "background-color" => self.paper = paper(value).or(self.paper),
            "background-image" if value.contains('(') => self.paper = Some(Ink::Unknown),
            "background" => self.paper = background(value).or(self.paper),
            "background-clip" | "-webkit-background-clip" => self.through = Some(value == "text"),
            "text-decoration" | "text-decoration-line" => {
                self.struck = Some(value.contains("line-through"));
            }
            "vertical-align" => {
                self.raised = Some(match value {
                    "super" | "sub" => true,
                    // at the height of the line, which matters where the letters are small
                    "top" | "text-top" | "bottom" | "text-bottom" => {
                        self.aligned = Some(true);
                        return;
                    }
                    _ => length().is_some_and(|length| length.abs() >= 3.0),
                });
            }
            // only with some fonts
            "font-variant-position" => self.doubtful = Some(value != "normal"),
            "position" => {
                self.position = Some(match value {
                    "absolute" | "fixed" => Position::Absolute,
                    "relative" | "sticky" => Position::Relative,
                    _ => Position::Static,
                });
            }
            "float" => self.floats = Some(value != "none"),
            "left" | "inset-inline-start" => self.left = length(),
            "right" | "inset-inline-end" => self.right = length(),
            "top" | "inset-block-start" => self.top = length(),
            "bottom" | "inset-block-end" => self.bottom = length(),
            "inset" => {
                let [top, right, bottom, left] = sides(value);
                (self.top, self.right, self.bottom, self.left) = (top, right, bottom, left);
            }
            "text-indent" => self.indent = length(),
            "margin-left" | "margin-inline-start" => self.margin_left = length(),
            "margin-right" | "margin-inline-end" => self.margin_right = length(),
            "margin-top" | "margin-block-start" => self.margin_top = length(),
            "margin" => {
                let [top, right, _, left] = sides(value);
                (self.margin_top, self.margin_right, self.margin_left) = (top, right, left);
            }
            "width" | "max-width" | "inline-size" | "max-inline-size" => self.no_width = is_zero(),
            "height" | "max-height" | "block-size" | "max-block-size" => self.no_height = is_zero(),
            "overflow" | "overflow-x" | "overflow-y" => {
                self.cut = Some(value.starts_with("hidden") || value.starts_with("clip"));
            }
            "clip" => self.clipped = Some(clips_all(value)),
            "clip-path" | "-webkit-clip-path" => self.shaped = Some(clips_all(value)),
            "transform" | "-webkit-transform" => self.moved = Some(moved(value)),
            "scale" | "translate" | "rotate" if value != "none" => {
                let arguments = value.split_ascii_whitespace().collect::<Vec<_>>().join(",");
                self.moved = Some(moved(&format!("{property}({arguments})")));
            }
            "content" => self.content = Some(generated(written)),
            _ => {}
        }
    }
}

/// The four sides of a shorthand: top, right, bottom, left.
fn sides(value: &str) -> [Option<f32>; 4] {
    let all: Vec<&str> = split_outside(value, ' ').filter(|side| !side.is_empty()).collect();
    let side =
        |at: [usize; 3]| at.iter().find_map(|at| all.get(*at)).and_then(|side| pixels(side, 16.0));
    [side([0, 0, 0]), side([1, 0, 0]), side([2, 0, 0]), side([3, 1, 0])]
}

/// A number with or without the sign of percents.
fn amount(value: &str) -> Option<f32> {
    match value.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f32>().ok().map(|percent| percent / 100.0),
        None => value.parse().ok(),
    }
}

/// A length in pixels; of one that depends on what is around it a likely one.
pub(super) fn pixels(value: &str, em: f32) -> Option<f32> {
    let value = value.trim();
    if let Some((function, arguments)) = value.split_once('(') {
        let arguments = arguments.strip_suffix(')')?;
        let mut lengths = split_outside(arguments, ',').map(|length| sum(length, em));
        let first = lengths.next()??;
        return match function {
            "calc" => Some(first),
            "min" => lengths.try_fold(first, |least, length| Some(least.min(length?))),
            "max" => lengths.try_fold(first, |most, length| Some(most.max(length?))),
            "clamp" => Some(first.max(lengths.next()??.min(lengths.next()??))),
            _ => None,
        };
    }
    let end = value
        .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+'))
        .unwrap_or(value.len());
    let number: f32 = value[..end].parse().ok()?;
    let unit = match value[end..].trim() {
        // without a unit only nothing is a length, but pages are written so all the same
        "px" | "" => 1.0,
        "pt" => 4.0 / 3.0,
        "em" | "ex" | "ch" => em,
        "rem" => 16.0,
        "in" => 96.0,
        "cm" => 37.8,
        "mm" => 3.78,
        "%" => 10.0,
        "vw" => 12.8,
        "vh" => 8.0,
        _ => return None,
    };
    Some(number * unit)
}

/// What `calc` adds up.
fn sum(terms: &str, em: f32) -> Option<f32> {
    let mut sum = 0.0;
    let mut sign = 1.0;
    for term in terms.split_ascii_whitespace() {
        match term {
            "+" => sign = 1.0,
            "-" => sign = -1.0,
            _ => sum += sign * pixels(term, em)?,
        }
    }
    Some(sum)
}

fn size(value: &str) -> Option<Size> {
    let times = |unit: &str| value.strip_suffix(unit)?.trim().parse::<f32>().ok();
    if let Some(percent) = times("%") {
        return Some(Size::Times(percent / 100.0));
    }
    if !value.ends_with("rem")
        && let Some(times) = times("em")
    {
        return Some(Size::Times(times));
    }
    match value {
        "xx-small" | "x-small" | "small" | "medium" | "large" | "x-large" | "xx-large" => {
            Some(Size::Pixels(14.0))
        }
        "smaller" => Some(Size::Times(0.83)),
        "larger" => Some(Size::Times(1.2)),
        "initial" => Some(Size::Pixels(16.0)),
        // there is no negative one
        _ => pixels(value, 16.0).filter(|size| *size >= 0.0).map(Size::Pixels),
    }
}

/// A colour as a style sheet or an attribute writes it; none where it is no colour, and the declaration nothing.
pub(super) fn ink(value: &str) -> Option<Ink> {
    colour(value).map(|(ink, _)| ink)
}

/// The colour of a background; through one that is not opaque another one shines.
pub(super) fn paper(value: &str) -> Option<Ink> {
    colour(value).map(|(ink, is_opaque)| match ink {
        Ink::Rgb(_) if !is_opaque => Ink::Unknown,
        _ => ink,
    })
}

/// A colour and whether it is opaque.
fn colour(value: &str) -> Option<(Ink, bool)> {
    let value = value.trim();
    match value {
        "canvas" | "field" | "window" => return Some((Ink::WHITE, true)),
        "auto" | "canvastext" | "fieldtext" | "initial" | "windowtext" => {
            return Some((Ink::BLACK, true));
        }
        "currentcolor" | "inherit" | "none" | "revert" | "unset" => return None,
        _ => {}
    }
    match csscolorparser::parse(value) {
        Ok(colour) if colour.a < 0.1 => Some((Ink::Clear, true)),
        Ok(colour) => {
            let [r, g, b, _] = colour.to_rgba8();
            Some((Ink::Rgb([r, g, b]), colour.a > 0.9))
        }
        // of the system, or calculated
        Err(_) => {
            let is_word = value.bytes().all(|b| b.is_ascii_alphabetic());
            (is_word || value.ends_with(')')).then_some((Ink::Unknown, false))
        }
    }
}

/// The paper that `background` makes.
fn background(value: &str) -> Option<Ink> {
    if value.contains("url(") || value.contains("gradient(") {
        return Some(Ink::Unknown);
    }
    if value == "none" || value == "0" {
        return Some(Ink::Clear);
    }
    let mut papers = split_outside(value, ' ').filter(|word| {
        !matches!(
            *word,
            "no-repeat"
                | "repeat"
                | "center"
                | "top"
                | "left"
                | "right"
                | "bottom"
                | "scroll"
                | "fixed"
                | "none"
                | "inherit"
                | "initial"
                | "unset"
        )
    });
    papers.find_map(paper)
}

/// Whether a shape to cut out leaves nothing.
fn clips_all(value: &str) -> bool {
    let Some((function, arguments)) = value.split_once('(') else { return false };
    let numbers: Vec<f32> = arguments
        .trim_end_matches(')')
        .split([',', ' '])
        .filter(|argument| !argument.is_empty())
        .map(|argument| pixels(argument, 16.0).unwrap_or(f32::NAN))
        .collect();
    match function {
        "rect" => {
            matches!(numbers[..], [top, right, bottom, left] if bottom - top <= 1.0 || right - left <= 1.0)
        }
        // percents count ten pixels
        "inset" => arguments.contains('%') && numbers.first().is_some_and(|first| *first >= 500.0),
        "circle" | "ellipse" => numbers.first() == Some(&0.0),
        // all corners in one place
        "polygon" => numbers.iter().zip(numbers.iter().skip(2)).all(|(a, b)| (a - b).abs() < 0.5),
        _ => false,
    }
}

/// What a transformation makes of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moved {
    Nothing,
    /// Nothing of it is seen.
    Away,
    /// It stands higher.
    Up,
    /// It is turned, mirrored, or somewhere else.
    Elsewhere,
}

/// What one or more transformations make of an element.
fn moved(value: &str) -> Moved {
    let mut all = Moved::Nothing;
    for part in value.split_inclusive(')') {
        let Some((function, arguments)) = part.trim().split_once('(') else { continue };
        let arguments = arguments.trim_end_matches(')');
        let numbers: Vec<f32> =
            arguments.split(',').map(|argument| number(argument).unwrap_or(f32::NAN)).collect();
        let one = movement(function, arguments, &numbers);
        if all == Moved::Nothing || one == Moved::Away {
            all = one;
        }
    }
    all
}

/// A length, an angle or a bare number.
fn number(value: &str) -> Option<f32> {
    let value = value.trim();
    let angle =
        |unit: &str, degrees: f32| Some(value.strip_suffix(unit)?.parse::<f32>().ok()? * degrees);
    angle("deg", 1.0)
        .or_else(|| angle("turn", 360.0))
        .or_else(|| angle("rad", 57.3))
        .or_else(|| pixels(value, 16.0))
}

fn movement(function: &str, arguments: &str, numbers: &[f32]) -> Moved {
    // so small is nothing, so far away nobody scrolls, and so near it is still in its place
    const NOTHING: f32 = 0.02;
    const AWAY: f32 = 2000.0;
    const NEAR: f32 = 8.0;
    let first = numbers.first().copied().unwrap_or(f32::NAN);
    match function {
        "scale" | "scalex" | "scaley" | "scale3d" => {
            if numbers.iter().any(|number| number.abs() < NOTHING) {
                Moved::Away
            } else if numbers.iter().all(|number| *number > 0.0) {
                Moved::Nothing
            } else {
                Moved::Elsewhere
            }
        }
        "translate" | "translatex" | "translatey" | "translate3d" => {
            let up = if function == "translatex" { None } else { numbers.last() };
            if numbers.iter().any(|number| number.abs() >= AWAY) {
                Moved::Away
            } else if up.is_some_and(|up| *up <= -3.0) {
                Moved::Up
            } else if arguments.contains('%') || numbers.iter().all(|number| number.abs() <= NEAR) {
                Moved::Nothing
            } else {
                Moved::Elsewhere
            }
        }
        "rotatex" | "rotatey" if (first.abs() - 90.0).abs() < 1.0 => Moved::Away,
        "rotate" | "rotatex" | "rotatey" | "rotatez" | "skew" | "skewx" | "skewy"
            if first.abs() < 45.0 =>
        {
            Moved::Nothing
        }
        "matrix" => match numbers {
            [right, down, left, up, ..] if (right * up - down * left).abs() < NOTHING => {
                Moved::Away
            }
            [right, down, left, up, shift @ ..]
                if *right > 0.0 && *up > 0.0 && down.abs() < 0.5 && left.abs() < 0.5 =>
            {
                movement("translate", "", shift)
            }
            _ => Moved::Elsewhere,
        },
        "perspective" => Moved::Nothing,
        _ => Moved::Elsewhere,
    }
}

/// Strings, attributes, and what counts or draws.
fn generated(value: &str) -> Vec<Generated> {
    let mut parts = Vec::new();
    let mut rest = value.trim();
    while let Some(first) = rest.chars().next() {
        match first {
            '"' | '\'' => {
                let (text, after) = string(&rest[1..], first);
                parts.push(Generated::Text(text));
                rest = after.trim_start();
            }
            _ => {
                let Some((function, after)) = rest.split_once(')') else { return parts };
                match function.split_once('(') {
                    Some(("attr", name)) => {
                        parts.push(Generated::Attribute(name.trim().to_owned()));
                    }
                    Some(_) => parts.push(Generated::Other),
                    None => return Vec::new(),
                }
                rest = after.trim_start();
            }
        }
    }
    parts
}

/// A string behind its first quote, and what follows it.
fn string(text: &str, quote: char) -> (String, &str) {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c == quote {
            break;
        }
        if c == '\\' {
            let (escaped, after) = escape(rest);
            out.extend(escaped);
            rest = after;
        } else {
            out.push(c);
        }
    }
    (out, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_colours() {
        for (value, expected) in [
            ("#fff", Some(Ink::WHITE)),
            ("#ffffff", Some(Ink::WHITE)),
            ("rgb(255, 255, 255)", Some(Ink::WHITE)),
            ("rgb(100% 100% 100%)", Some(Ink::WHITE)),
            ("hsl(0, 0%, 100%)", Some(Ink::WHITE)),
            ("rgba(0,0,0,0)", Some(Ink::Clear)),
            ("#0000", Some(Ink::Clear)),
            ("rgba(255,255,255,.5)", Some(Ink::WHITE)),
            ("lab(100% 0 0)", Some(Ink::WHITE)),
            ("FFFFFF", Some(Ink::WHITE)),
            ("var(--x)", Some(Ink::Unknown)),
            ("rebeccapurple", Some(Ink::Rgb([0x66, 0x33, 0x99]))),
            ("color-mix(in srgb, red, blue)", Some(Ink::Unknown)),
            ("buttonface", Some(Ink::Unknown)),
            ("inherit", None),
            ("#ffg", None),
        ] {
            assert_eq!(ink(value), expected, "{value}");
        }
        assert!(Ink::Rgb([250, 250, 250]).is_like(Ink::WHITE));
        assert!(!Ink::Rgb([220, 220, 220]).is_like(Ink::WHITE));
        assert_eq!(background("#eee url(x.png) no-repeat"), Some(Ink::Unknown));
        assert_eq!(background("no-repeat #fff"), Some(Ink::WHITE));
    }

    #[test]
    fn ok_content() {
        assert_eq!(
            generated("'\\37 8' attr(data-x)"),
            [Generated::Text("78".into()), Generated::Attribute("data-x".into())]
        );
        assert_eq!(generated("counter(x) '.'"), [Generated::Other, Generated::Text(".".into())]);
        assert_eq!(generated("open-quote"), []);
        assert_eq!(generated("none"), []);
    }

    #[test]
    fn ok_important_is_told_apart() {
        let (style, important) =
            Style::read("display:none;color:RED ! Important; visibility : hidden");
        assert_eq!(
            (style.display, style.visible, style.ink),
            (Some(Display::None), Some(false), None)
        );
        assert_eq!(important.ink, Some(Ink::Rgb([255, 0, 0])));
    }
}
