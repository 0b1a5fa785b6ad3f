//! Signs of symbol fonts that reports use; their codes are those of the font, not of Unicode.

/// The character for a code in a font; none for signs that no table here knows.
pub(super) fn of_font(font: &str, code: u32) -> Option<char> {
    // documents write the code as it is or in the private area
    let low = if (0xF000..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
    let font = font.to_ascii_lowercase();
    if font.starts_with("wingdings 2") {
        return match low {
            0x50 | 0x52 => Some('✓'),
            0x4F => Some('✗'),
            0xA3 => Some('□'),
            _ => None,
        };
    }
    if font.starts_with("wingdings") {
        return match low {
            0x6C | 0x9F => Some('●'),
            0x6E => Some('■'),
            0x6F | 0x71 | 0xA8 => Some('□'),
            0x75 => Some('◆'),
            0xFC => Some('✓'),
            0xFB => Some('✗'),
            0xFE => Some('☑'),
            0x81..=0x8A => char::from_u32('①' as u32 + low - 0x81),
            _ => None,
        };
    }
    if font.starts_with("symbol") {
        return match low {
            0x2D => Some('-'),
            0xB7 => Some('·'),
            0xB4 => Some('×'),
            0xB1 => Some('±'),
            0x20..=0x3F => char::from_u32(low),
            _ => None,
        };
    }
    char::from_u32(code).filter(|c| !c.is_control() && !(0xE000..0xF900).contains(&code))
}
