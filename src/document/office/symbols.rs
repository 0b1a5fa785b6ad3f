//! Signs of symbol fonts that reports use; their codes are those of the font, not of Unicode.

use std::borrow::Cow;

/// A font whose codes are its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Symbols {
    /// No symbol font.
    None,
    /// Digits and signs at their usual places.
    Symbol,
    Wingdings,
    Wingdings2,
    /// One of which no table is here.
    Other,
}

impl Symbols {
    /// By the name of the font.
    pub(super) fn of_font(name: &str) -> Self {
        const KNOWN: [(&str, Symbols); 5] = [
            ("symbol", Symbols::Symbol),
            ("wingdings 2", Symbols::Wingdings2),
            ("wingdings 3", Symbols::Other),
            ("wingdings", Symbols::Wingdings),
            ("webdings", Symbols::Other),
        ];
        let name = name.trim();
        let starts = |known: &str| {
            name.get(..known.len()).is_some_and(|start| start.eq_ignore_ascii_case(known))
        };
        KNOWN.iter().find(|(known, _)| starts(known)).map_or(Self::None, |(_, symbols)| *symbols)
    }

    /// The character for a code; none for signs that no table here knows.
    pub(super) fn sign(self, code: u32) -> Option<char> {
        // documents write the code as it is or in the private area
        let low = if (0xF000..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
        match (self, low) {
            (Self::Wingdings2, 0x50 | 0x52) | (Self::Wingdings, 0xFC) => Some('✓'),
            (Self::Wingdings2, 0x4F) | (Self::Wingdings, 0xFB) => Some('✗'),
            (Self::Wingdings2, 0xA3) | (Self::Wingdings, 0x6F | 0x71 | 0xA8) => Some('□'),
            (Self::Wingdings, 0x6C | 0x9F) => Some('●'),
            (Self::Wingdings, 0x6E) => Some('■'),
            (Self::Wingdings, 0x75) => Some('◆'),
            (Self::Wingdings, 0xFE) => Some('☑'),
            (Self::Wingdings, 0x81..=0x8A) => char::from_u32('①' as u32 + low - 0x81),
            (Self::Symbol, 0xB7) => Some('·'),
            (Self::Symbol, 0xB4) => Some('×'),
            (Self::Symbol, 0xB1) => Some('±'),
            (Self::Symbol, 0x20..=0x3F) => char::from_u32(low),
            (Self::None, _) => char::from_u32(code)
                .filter(|c| !c.is_control() && !(0xE000..0xF900).contains(&code)),
            _ => None,
        }
    }

    /// What a text says that is set in the font; U+FFFD for signs that no table here knows. Ideographs are of another
    /// font, whatever the text says.
    pub(super) fn read(self, text: &str) -> Cow<'_, str> {
        let is_sign = |c: char| c.is_ascii_graphic() || ('\u{F000}'..='\u{F0FF}').contains(&c);
        if self == Self::None || !text.contains(is_sign) {
            return Cow::Borrowed(text);
        }
        let read = |c: char| match c {
            c if is_sign(c) => self.sign(u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
            c => c,
        };
        Cow::Owned(text.chars().map(read).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_digits_of_symbol_fonts() {
        assert_eq!(Symbols::of_font("Symbol").read("\u{F031}2件"), "12件");
        assert_eq!(Symbols::of_font("Wingdings").read("\u{F0FC}"), "✓");
        assert_eq!(Symbols::of_font("Wingdings").read("1"), "\u{FFFD}");
        assert_eq!(Symbols::of_font("宋体").read("\u{F031}"), "\u{F031}");
    }
}
