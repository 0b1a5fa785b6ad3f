//! How text looks, as far as it decides whether a reader of the page sees it, and as what.
//!
//! Every format of this folder says the same few things in other words: in properties of a run, of a style, of a style
//! that this one is based on, or of a cell behind it. They all say it as a [`Look`].

use super::symbols::Symbols;

/// Colours that differ by no more in any part of 255 are one to the eye.
const SAME_COLOUR: u8 = 20;
/// Text is no smaller, in half points.
const SMALLEST: u32 = 2;

/// The colours of markers, by the names that Word has for them.
const NAMES: [(&str, [u8; 3]); 16] = [
    ("black", [0; 3]),
    ("blue", [0, 0, 255]),
    ("cyan", [0, 255, 255]),
    ("darkBlue", [0, 0, 128]),
    ("darkCyan", [0, 128, 128]),
    ("darkGray", [128; 3]),
    ("darkGreen", [0, 128, 0]),
    ("darkMagenta", [128, 0, 128]),
    ("darkRed", [128, 0, 0]),
    ("darkYellow", [128, 128, 0]),
    ("green", [0, 255, 0]),
    ("lightGray", [192; 3]),
    ("magenta", [255, 0, 255]),
    ("red", [255, 0, 0]),
    ("white", [255; 3]),
    ("yellow", [255, 255, 0]),
];

/// What text is drawn with, or what is behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    /// Nothing, or a colour that is chosen so that text can be seen.
    Auto,
    /// Red, green and blue.
    Colour([u8; 3]),
    /// A pattern, a picture, a colour that is computed.
    Unknown,
}

impl Paint {
    /// The paper.
    pub(super) const PAPER: Self = Self::Colour([255; 3]);

    /// By six hexadecimal digits, with a sign before them or an opacity, or by a word.
    pub(super) fn of_name(name: &str) -> Self {
        let digits = name.trim_start_matches('#');
        let digits = if digits.len() == 8 { digits.get(2..).unwrap_or_default() } else { digits };
        match u32::from_str_radix(digits, 16) {
            Ok(number) if digits.len() == 6 => Self::of_number(number),
            _ if matches!(name, "auto" | "none" | "transparent" | "") => Self::Auto,
            _ => {
                let named = NAMES.iter().find(|(known, _)| name.eq_ignore_ascii_case(known));
                named.map_or(Self::Unknown, |(_, colour)| Self::Colour(*colour))
            }
        }
    }

    /// By a number whose last byte is blue.
    pub(super) const fn of_number(number: u32) -> Self {
        let [_, red, green, blue] = number.to_be_bytes();
        Self::Colour([red, green, blue])
    }

    fn is_alike(self, other: Self) -> bool {
        match (self, other) {
            (Self::Colour(a), Self::Colour(b)) => {
                a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= SAME_COLOUR)
            }
            _ => false,
        }
    }
}

/// What is said of a run of text; nothing where a style decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) hidden: Option<bool>,
    pub(super) struck: Option<bool>,
    /// Above or below the line.
    pub(super) raised: Option<bool>,
    /// Too small to be seen.
    pub(super) tiny: Option<bool>,
    pub(super) ink: Option<Paint>,
    pub(super) ground: Option<Paint>,
    /// The symbol font it is set in, or that it is set in no such font.
    pub(super) symbols: Option<Symbols>,
}

/// What a reader of the page sees of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// Nothing.
    Nothing,
    /// It is struck out: it does not count.
    Struck,
    /// A note's mark, or an exponent.
    Raised,
    /// The text.
    Plain,
}

impl Look {
    /// This look on text that has another one already.
    pub(super) fn over(self, base: Self) -> Self {
        Self {
            hidden: self.hidden.or(base.hidden),
            struck: self.struck.or(base.struck),
            raised: self.raised.or(base.raised),
            tiny: self.tiny.or(base.tiny),
            ink: self.ink.or(base.ink),
            ground: self.ground.or(base.ground),
            symbols: self.symbols.or(base.symbols),
        }
    }

    /// The look of a character style on that of a paragraph style, as Word has it: what both switch on is off.
    pub(super) fn toggled_over(self, base: Self) -> Self {
        let both = |own: Option<bool>, base: Option<bool>| match (own, base) {
            (Some(true), Some(true)) => Some(false),
            _ => own.or(base),
        };
        Self {
            hidden: both(self.hidden, base.hidden),
            struck: both(self.struck, base.struck),
            ..self.over(base)
        }
    }

    /// Text moved by so many half points; a little only aligns fonts.
    pub(super) const fn shift(&mut self, half_points: i32) {
        self.raised = Some(half_points.unsigned_abs() >= 6);
    }

    /// Text of so many half points.
    pub(super) const fn size(&mut self, half_points: u32) {
        self.tiny = Some(half_points <= SMALLEST);
    }

    /// What a reader sees of text that looks so, on this paper.
    pub(super) fn shown(&self, paper: Paint) -> Shown {
        let ground = self.ground.filter(|ground| *ground != Paint::Auto).unwrap_or(paper);
        let is = |what: Option<bool>| what == Some(true);
        if is(self.hidden) || is(self.tiny) || self.ink.is_some_and(|ink| ink.is_alike(ground)) {
            Shown::Nothing
        } else if is(self.struck) {
            Shown::Struck
        } else if is(self.raised) {
            Shown::Raised
        } else {
            Shown::Plain
        }
    }
}

/// The mark of a note without brackets of its own, which may stand in other runs; in a cell it is no digit of the value,
/// and square brackets keep it apart.
pub(super) fn note_mark(text: &str) -> Option<&str> {
    let inner = text.trim().trim_matches(|c| "()（）[]［］〔〕".contains(c));
    (!inner.is_empty()).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_what_is_not_said_is_inherited() {
        let style = Look { struck: Some(true), raised: Some(true), ..Look::default() };
        let own = Look { struck: Some(false), ..Look::default() };
        assert_eq!(own.over(style).shown(Paint::PAPER), Shown::Raised);
        assert_eq!(style.shown(Paint::PAPER), Shown::Struck);
        assert_eq!(style.toggled_over(style).shown(Paint::PAPER), Shown::Raised);
    }

    #[test]
    fn ok_text_in_the_colour_of_what_is_behind_it() {
        let of = |ink: &str, ground: Option<&str>, paper: Paint| {
            let ground = ground.map(Paint::of_name);
            Look { ink: Some(Paint::of_name(ink)), ground, ..Look::default() }.shown(paper)
        };
        assert_eq!(of("FFFFFF", None, Paint::PAPER), Shown::Nothing);
        assert_eq!(of("#fefefe", Some("auto"), Paint::PAPER), Shown::Nothing);
        assert_eq!(of("FF000000", Some("000000"), Paint::PAPER), Shown::Nothing);
        assert_eq!(of("FFFF00", Some("yellow"), Paint::PAPER), Shown::Nothing);
        // a dark ground, one that nobody knows, a pale colour
        assert_eq!(of("FFFFFF", Some("1F4E79"), Paint::PAPER), Shown::Plain);
        assert_eq!(of("FFFFFF", None, Paint::Unknown), Shown::Plain);
        assert_eq!(of("CCCCCC", None, Paint::PAPER), Shown::Plain);
        assert_eq!(of("auto", None, Paint::PAPER), Shown::Plain);
    }
}
