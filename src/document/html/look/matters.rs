//! The first look at a page: whether anything in it can keep text from being seen, or put text there.

use super::value::{self, Ink};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::borrow::Cow;
use std::sync::LazyLock;

/// What matters on a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Matters {
    /// Whether a colour of letters is one of a background too.
    pub(super) colours: bool,
    /// Where what matters stands, in order: tags and style sheets without such a place need not be read.
    places: Vec<u32>,
}

impl Matters {
    /// Whether something stands in a part of the page.
    pub(super) fn is_in(&self, start: u32, end: u32) -> bool {
        self.places.get(self.places.partition_point(|at| *at < start)).is_some_and(|at| *at < end)
    }
}

/// Most colours of letters and of backgrounds that are held against each other.
const MOST_COLOURS: usize = 64;

/// Whether what follows a word may keep text from being seen.
type Hides = fn(&str) -> bool;

/// Words of styles, and whether what follows them may keep text from being seen.
const WORDS: &[(&str, Hides)] = &[
    ("display", |value| !value.starts_with("inline")),
    ("visibility", |value| !value.starts_with("visible")),
    ("mso-hide", |_| true),
    ("unicode-bidi", |value| value.contains("override")),
    ("line-through", |_| true),
    ("opacity", |value| value.starts_with(['0', '.', '-', 'v', 'c'])),
    ("font-size", |value| starts_small(value) || value.starts_with(['c', 'm', 'v'])),
    ("font:", |value| value.split(' ').any(starts_small)),
    ("vertical-align", |value| {
        ["su", "top", "text-", "bot", "base"].iter().any(|begin| value.starts_with(begin))
            || value.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.'))
    }),
    ("position", |value| ["abs", "fix", "rel", "sti"].iter().any(|begin| value.starts_with(begin))),
    ("float", |value| value.starts_with(['l', 'r'])),
    ("reverse", |_| true),
    ("scale", |_| true),
    ("translate", |_| true),
    ("rotate", |_| true),
    ("zoom", |value| value.starts_with(['0', '.'])),
    ("mask", |_| true),
    ("letter-spacing", |value| value.starts_with('-')),
    ("text-security", |_| true),
    ("inset", |_| true),
    ("all:", |_| true),
    ("font-variant-position", |_| true),
    ("clip", |_| true),
    ("text-indent", |value| digits(value.trim_start_matches('-')) > 2),
    ("margin", |value| value.contains('-')),
    ("margin-left", |value| value.starts_with('-')),
    ("margin-right", |value| value.starts_with('-')),
    // a colon
    ("&#58", |_| true),
    ("overflow", |_| true),
    ("transform", |_| true),
    ("filter", |value| value.contains("opacity")),
    ("content", |value| {
        value.starts_with(|c: char| c.is_ascii_alphabetic()) && value.contains('(')
            || (value.starts_with(['"', '\'']) && !value[1..].starts_with(['"', '\'']))
    }),
];

/// Those that matter whatever follows.
const ALONE: [&str; 7] =
    ["line-through", "clip", "reverse", "mask", "text-security", "inset", "&#58"];

/// What a style may have of colours, behind [`WORDS`].
const COLOURS: [&str; 5] =
    ["bgcolor", "background-color", "background-image", "background", "color"];

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = WORDS.iter().map(|(word, _)| *word).chain(COLOURS).chain([" hidden", "\nhidden"]);
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .match_kind(MatchKind::LeftmostLongest)
        .ascii_case_insensitive(true)
        .build(words)
        .ok()
});

/// Words of styles and how their values begin where they may matter: most pages have none of them, and are looked at no
/// further.
const BEGINNINGS: &[(&str, &[&str])] = &[
    ("display", &["n", "v", "b", "f", "g", "l", "t"]),
    ("visibility", &["h", "c", "v"]),
    ("opacity", &["0", ".", "-", "v", "c"]),
    ("font-size", &["0", ".", "1p", "1.", "2p", "2.", "c", "mi", "v"]),
    ("font", &["0"]),
    (
        "vertical-align",
        &["su", "t", "b", "-", ".", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    ),
    ("position", &["a", "f", "r", "s"]),
    ("float", &["l", "r"]),
    ("letter-spacing", &["-"]),
    ("text-indent", &["-", "9", "3", "1", "c"]),
    ("margin", &["-"]),
    ("margin-left", &["-"]),
    ("margin-right", &["-"]),
    ("zoom", &["0", "."]),
    ("scale", &["0", "."]),
    ("all", &["i", "u", "r"]),
    ("overflow", &["h", "c"]),
    ("overflow-x", &["h", "c"]),
    ("overflow-y", &["h", "c"]),
    ("transform", &["s", "t", "r", "m"]),
    ("translate", &["-", "9"]),
    ("rotate", &["y", "x", "1", "-", "9"]),
    ("filter", &["o", "a", "b"]),
    ("content", &["\"", "'", "a", "v"]),
    (
        "color",
        &[
            "#f",
            "#e",
            "#00000000",
            "a",
            "c",
            "l",
            "o",
            "f",
            "g",
            "h",
            "i",
            "m",
            "r",
            "s",
            "t",
            "v",
            "w",
            "y",
        ],
    ),
    (
        "background",
        &["#", "a", "b", "c", "d", "f", "g", "h", "l", "m", "o", "p", "r", "s", "u", "v", "y"],
    ),
    (
        "background-color",
        &["#", "a", "b", "c", "d", "f", "g", "h", "l", "m", "o", "p", "r", "s", "v", "y"],
    ),
    ("background-image", &["u"]),
];

static QUICK: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = BEGINNINGS.iter().flat_map(|(word, values)| {
        let colons = [":", ": ", " : ", ":\n", ":  "];
        colons
            .into_iter()
            .flat_map(move |colon| values.iter().map(move |value| format!("{word}{colon}{value}")))
    });
    let attributes = [
        "mso-hide",
        "line-through",
        "font-variant-position",
        "bidi-override",
        "content:counter",
        "content: counter",
        "content:url(",
        "content: url(",
        "/**/",
        "&#58",
        "clip",
        "inset",
        "mask",
        "text-security",
        "-reverse",
        "margin:0 -",
        " 0px/",
        " 0/",
        "color=",
        " hidden",
        "\nhidden",
    ];
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .ascii_case_insensitive(true)
        .build(words.chain(attributes.map(str::to_owned)))
        .ok()
});

fn digits(value: &str) -> usize {
    value.bytes().take_while(u8::is_ascii_digit).count()
}

fn starts_small(value: &str) -> bool {
    let whole = digits(value);
    value.starts_with('.') || (whole == 1 && value.starts_with(['0', '1', '2']))
}

/// What matters on a page; none where nothing does.
pub(super) fn of(page: &str) -> Option<Matters> {
    if QUICK.as_ref().is_some_and(|quick| !quick.is_match(page)) {
        return None;
    }
    let finder = FINDER.as_ref()?;
    let (mut places, mut coloured) = (Vec::new(), Vec::new());
    let mut last = [""; 2];
    let mut clear = [false; 2];
    let mut named = false;
    let (mut inks, mut papers) = (vec![Ink::BLACK], vec![Ink::WHITE]);
    for found in finder.find_iter(page) {
        let rest = &page[found.end()..];
        let at = found.pattern().as_usize();
        let place = found.start() as u32;
        if let Some((word, hides)) = WORDS.get(at) {
            let value = if word.ends_with(':') || ALONE.contains(word) {
                Some(rest)
            } else {
                after_blanks(rest).strip_prefix(':')
            };
            if value.is_some_and(|value| hides(&lower(head(after_blanks(value))))) {
                places.push(place);
            }
            continue;
        }
        let Some(kind) = COLOURS.get(at - WORDS.len()) else {
            if rest.starts_with(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '=' | '/')) {
                places.push(place);
            }
            continue;
        };
        let Some(value) = rest.trim_start().strip_prefix([':', '=']) else { continue };
        let before = &page[..found.start()];
        let list = match *kind {
            // border-color
            "color" if before.ends_with('-') && !before.ends_with("fill-") => continue,
            "color" => &mut inks,
            _ => &mut papers,
        };
        coloured.push(place);
        let value = head(value.trim_start_matches([' ', '"', '\'']));
        let value = &value[..value.find([';', '>']).unwrap_or(value.len())];
        // it may be the picture of a number
        if *kind != "color" && value.contains("url(") {
            places.push(place);
        }
        // pages from Word say the same of every letter
        if last[usize::from(*kind == "color")] == value {
            if clear[usize::from(*kind == "color")] {
                places.push(place);
            }
            continue;
        }
        last[usize::from(*kind == "color")] = value;
        let value = value.to_ascii_lowercase();
        let ends = value.find([';', '}', '"', '\'', '>', '!', '<']).unwrap_or(value.len());
        let colour = value[..ends].trim();
        let one = value::ink(colour);
        let several =
            || colour.split(' ').filter_map(value::ink).find(|ink| matches!(ink, Ink::Rgb(_)));
        clear[usize::from(*kind == "color")] = *kind == "color" && one == Some(Ink::Clear);
        named |= value.contains("var(");
        let known = match one {
            Some(ink @ Ink::Rgb(_)) => Some(ink),
            Some(Ink::Clear) if *kind == "color" => {
                places.push(place);
                None
            }
            _ => several(),
        };
        if let Some(ink) = known
            && list.len() < MOST_COLOURS
            && !list.contains(&ink)
        {
            list.push(ink);
        }
    }
    // what is named once may be any of them
    let colours = named || inks.iter().any(|ink| papers.iter().any(|paper| ink.is_like(*paper)));
    if colours {
        places.extend(coloured);
        places.sort_unstable();
    }
    (!places.is_empty()).then_some(Matters { colours, places })
}

/// What follows blanks and empty comments.
fn after_blanks(text: &str) -> &str {
    let text = text.trim_start();
    text.strip_prefix("/**/").map_or(text, after_blanks)
}

/// A value in lower case; most are written so.
fn lower(value: &str) -> Cow<'_, str> {
    if value.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(value.to_ascii_lowercase())
    } else {
        Cow::Borrowed(value)
    }
}

/// The beginning of a value.
fn head(value: &str) -> &str {
    const LONGEST: usize = 40;
    let mut end = value.len().min(LONGEST);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    &value[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_what_matters() {
        for page in [
            "<p style='display : none'>",
            "<p STYLE='DISPLAY:NONE'>",
            "<p hidden>",
            "<i style='font-size:0'>",
            "<i style='font-size: 1px'>",
            "<i style='color:#fff'>",
            "<font color=white>",
            "<td bgcolor=red><font color=red>",
            ".x{background:#eee}.y{color:#EFEFEF}",
            "<i style='position:absolute;left:-9999px'>",
            ".x{text-decoration:line-through}",
            ".x{vertical-align:super}",
            ".x:before{content:attr(data-x)}",
        ] {
            assert!(of(page).is_some(), "{page}");
        }
        for page in [
            "<p style='display:inline-block;border:none'>",
            "<p style='margin:0 12pt;text-align:left'>",
            "<td style='color:#333;background:#fff;font-size:12.0pt;vertical-align:middle'>",
            "<td style='background:#1e5fa8;width:0;margin-left:12pt;text-indent:24.0pt;border-color:#fff'>",
            "他说 display 与 hidden",
            ".x:before{content:\"\"}",
        ] {
            assert!(of(page).is_none(), "{page}");
        }
    }
}
