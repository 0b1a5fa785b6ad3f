//! Declarations → the few values that decide whether text is seen.

use super::css::syntax::{split_outside, without_comments};

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
    Other,
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
    position: Position,
    floats: bool,
    left: f32,
    right: f32,
    top: f32,
    bottom: f32,
    indent: f32,
    margin_left: f32,
    margin_top: f32,
    no_width: bool,
    no_height: bool,
    cut: bool,
    clipped: bool,
    /// By a shape, which needs no position.
    shaped: bool,
    moved: bool,
    /// Readers of other makers do not show it, or show it in another order.
    doubtful: bool,
    content: Vec<Generated>,
}

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
            || [self.faded, self.struck, self.clipped, self.shaped, self.moved]
                .contains(&Some(true))
            || matches!(self.size, Some(Size::Pixels(size) | Size::Times(size)) if size < 0.1)
    }

    fn declare(&mut self, property: &str, written: &str) {
        let lower = written.to_ascii_lowercase();
        let value = lower.as_str();
        let length = || pixels(value, 16.0);
        let is_zero = || length().map(|length| length <= 1.0);
        match property {
            "display" => {
                self.display = Some(match value {
                    "none" => Display::None,
                    "inline" | "contents" => Display::Inline,
                    "inherit" | "unset" | "revert" | "initial" => return,
                    _ => Display::Other,
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
            "content-visibility" => self.faded = Some(value == "hidden"),
            "opacity" => self.faded = amount(value).map(|amount| amount < 0.05),
            "filter" => {
                self.faded =
                    Some(matches!(value, "opacity(0)" | "opacity(0%)" | "alpha(opacity=0)"));
            }
            "font-size" => self.size = size(value),
            "font" => {
                let of_size =
                    |word: &&str| word.starts_with(|c: char| c.is_ascii_digit() || c == '.');
                let word = value.split_ascii_whitespace().find(of_size);
                self.size = word.and_then(|word| size(word.split('/').next().unwrap_or(word)));
            }
            "color" => self.ink = ink(value).or(self.ink),
            "-webkit-text-fill-color" => self.fill = ink(value).or(self.fill),
            "background-color" => self.paper = ink(value).or(self.paper),
            "background-image" if value.contains('(') => self.paper = Some(Ink::Unknown),
            "background" => self.paper = background(value).or(self.paper),
            "background-clip" | "-webkit-background-clip" => self.through = Some(value == "text"),
            "text-decoration" | "text-decoration-line" => {
                self.struck = Some(value.contains("line-through"));
            }
            "vertical-align" => {
                self.raised = Some(match value {
                    "super" | "sub" => true,
                    _ => length().is_some_and(|length| length.abs() >= 3.0),
                });
            }
            "font-variant-position" => self.raised = Some(matches!(value, "super" | "sub")),
            "position" => {
                self.position = Some(match value {
                    "absolute" | "fixed" => Position::Absolute,
                    "relative" | "sticky" => Position::Relative,
                    _ => Position::Static,
                });
            }
            "float" => self.floats = Some(value != "none"),
            "left" => self.left = length(),
            "right" => self.right = length(),
            "top" => self.top = length(),
            "bottom" => self.bottom = length(),
            "text-indent" => self.indent = length(),
            "margin-left" => self.margin_left = length(),
            "margin-top" => self.margin_top = length(),
            "margin" => {
                let sides: Vec<&str> = value.split_ascii_whitespace().collect();
                self.margin_top = sides.first().and_then(|side| pixels(side, 16.0));
                self.margin_left = sides
                    .get(3)
                    .or(sides.get(1))
                    .or(sides.first())
                    .and_then(|side| pixels(side, 16.0));
            }
            "width" | "max-width" => self.no_width = is_zero(),
            "height" | "max-height" => self.no_height = is_zero(),
            "overflow" | "overflow-x" | "overflow-y" => {
                self.cut = Some(value.starts_with("hidden") || value.starts_with("clip"));
            }
            "clip" => self.clipped = Some(clips_all(value)),
            "clip-path" | "-webkit-clip-path" => self.shaped = Some(clips_all(value)),
            "transform" | "-webkit-transform" => self.moved = Some(moves_away(value)),
            "content" => self.content = Some(generated(written)),
            _ => {}
        }
    }
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
        "%" | "vw" | "vh" => 10.0,
        _ => return None,
    };
    Some(number * unit)
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
        _ => pixels(value, 16.0).map(Size::Pixels),
    }
}

/// The colours that pages name, near enough for telling whether they are those of the paper.
const NAMES: &[(&str, [u8; 3])] = &[
    ("white", [255; 3]),
    ("window", [255; 3]),
    ("snow", [255, 250, 250]),
    ("ivory", [255, 255, 240]),
    ("ghostwhite", [248, 248, 255]),
    ("floralwhite", [255, 250, 240]),
    ("whitesmoke", [245; 3]),
    ("mintcream", [245, 255, 250]),
    ("azure", [240, 255, 255]),
    ("aliceblue", [240, 248, 255]),
    ("black", [0; 3]),
    ("windowtext", [0; 3]),
    ("auto", [0; 3]),
    ("red", [255, 0, 0]),
    ("lime", [0, 255, 0]),
    ("green", [0, 128, 0]),
    ("blue", [0, 0, 255]),
    ("navy", [0, 0, 128]),
    ("yellow", [255, 255, 0]),
    ("orange", [255, 165, 0]),
    ("purple", [128, 0, 128]),
    ("maroon", [128, 0, 0]),
    ("olive", [128, 128, 0]),
    ("teal", [0, 128, 128]),
    ("aqua", [0, 255, 255]),
    ("cyan", [0, 255, 255]),
    ("fuchsia", [255, 0, 255]),
    ("magenta", [255, 0, 255]),
    ("gray", [128; 3]),
    ("grey", [128; 3]),
    ("silver", [192; 3]),
    ("lightgray", [211; 3]),
    ("lightgrey", [211; 3]),
    ("gainsboro", [220; 3]),
    ("darkgray", [169; 3]),
    ("darkgrey", [169; 3]),
];

/// A colour as a style sheet or an attribute writes it; none where it is no colour, and the declaration nothing.
pub(super) fn ink(value: &str) -> Option<Ink> {
    let value = value.trim();
    if let Some(hex) = value.strip_prefix('#') {
        return from_hex(hex);
    }
    if value == "transparent" {
        return Some(Ink::Clear);
    }
    if let Some((_, rgb)) = NAMES.iter().find(|(name, _)| *name == value) {
        return Some(Ink::Rgb(*rgb));
    }
    if let Some((function, arguments)) = value.split_once('(') {
        let arguments: Vec<&str> = arguments
            .trim_end_matches(')')
            .split([',', '/', ' '])
            .filter(|argument| !argument.is_empty())
            .collect();
        let alpha = arguments.get(3).and_then(|alpha| amount(alpha)).unwrap_or(1.0);
        if alpha < 0.1 && matches!(function, "rgb" | "rgba" | "hsl" | "hsla") {
            return Some(Ink::Clear);
        }
        let part = |at: usize| {
            let argument: &str = arguments.get(at)?;
            let share = amount(argument)?;
            let share = if argument.ends_with('%') { share * 255.0 } else { share };
            #[expect(clippy::cast_sign_loss, reason = "it was clamped")]
            Some(share.clamp(0.0, 255.0) as u8)
        };
        return Some(match (function, part(0), part(1), part(2)) {
            ("rgb" | "rgba", Some(r), Some(g), Some(b)) if alpha > 0.9 => Ink::Rgb([r, g, b]),
            // any hue of full lightness is white
            ("hsl" | "hsla", ..) if arguments.get(2) == Some(&"100%") => Ink::WHITE,
            _ => Ink::Unknown,
        });
    }
    // old attributes leave the sign out
    let is_hex = value.len() == 6 && value.bytes().all(|b| b.is_ascii_hexdigit());
    if is_hex {
        from_hex(value)
    } else {
        value
            .bytes()
            .all(|b| {
                b.is_ascii_alphabetic()
                    && !matches!(value, "inherit" | "currentcolor" | "initial" | "unset")
            })
            .then_some(Ink::Unknown)
    }
}

fn from_hex(hex: &str) -> Option<Ink> {
    let digits: Option<Vec<u8>> =
        hex.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits?;
    let pairs = |digits: &[u8]| {
        let part = |at: usize| digits[at] * 16 + digits[at + 1];
        Some(Ink::Rgb([part(0), part(2), part(4)]))
    };
    match digits[..] {
        [_, _, _, 0] | [_, _, _, _, _, _, 0, _] => Some(Ink::Clear),
        [r, g, b] | [r, g, b, _] => Some(Ink::Rgb([r * 17, g * 17, b * 17])),
        _ if matches!(digits.len(), 6 | 8) => pairs(&digits),
        _ => None,
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
    papers.find_map(ink)
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
        _ => false,
    }
}

/// Whether a movement makes nothing of the element, or takes it off the screen.
fn moves_away(value: &str) -> bool {
    let Some((function, arguments)) = value.split_once('(') else { return false };
    let arguments = arguments.split(')').next().unwrap_or("");
    let mut numbers =
        arguments.split(',').map(|argument| pixels(argument, 16.0).unwrap_or(f32::NAN));
    match function {
        "scale" | "scalex" | "scaley" | "scale3d" => numbers.any(|number| number == 0.0),
        "translate" | "translatex" | "translatey" | "translate3d" => {
            numbers.any(|number| number.abs() >= 3000.0)
        }
        _ => false,
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
                    Some(("counter" | "counters" | "url", _)) => parts.push(Generated::Other),
                    _ => return Vec::new(),
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
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == quote {
            return (out, &text[at + 1..]);
        }
        if c != '\\' {
            out.push(c);
            continue;
        }
        let mut code = String::new();
        while let Some((_, digit)) = chars.next_if(|(_, c)| code.len() < 6 && c.is_ascii_hexdigit())
        {
            code.push(digit);
        }
        if code.is_empty() {
            out.extend(chars.next().map(|(_, c)| c));
        } else {
            out.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
            chars.next_if(|(_, c)| c.is_ascii_whitespace());
        }
    }
    (out, "")
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
            ("rgba(0,0,0,.5)", Some(Ink::Unknown)),
            ("var(--x)", Some(Ink::Unknown)),
            ("rebeccapurple", Some(Ink::Unknown)),
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
