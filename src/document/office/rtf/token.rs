//! RTF as a sequence of groups, control words and bytes.

use crate::guard;

/// One piece of RTF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'b> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// `\word`, `\word12`, `\word-3`
    Word(&'b str, Option<i32>),
    /// `\*`, `\~` and other signs.
    Sign(u8),
    /// A byte of text, as it is or as `\'hh`.
    Byte(u8),
}

/// Cuts RTF into pieces; of what is no RTF it makes text.
#[derive(Clone, Debug)]
pub(super) struct Tokens<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Tokens<'b> {
    pub(super) const fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn take_while(&mut self, is: impl Fn(&u8) -> bool) -> &'b [u8] {
        let rest = &self.bytes[self.at..];
        let len = rest.iter().position(|byte| !is(byte)).unwrap_or(rest.len());
        self.at += len;
        &rest[..len]
    }

    fn control(&mut self) -> Option<Token<'b>> {
        let first = *self.bytes.get(self.at)?;
        if !first.is_ascii_alphabetic() {
            self.at += 1;
            return Some(match first {
                b'\'' => Token::Byte(self.hexadecimal()),
                b'\\' | b'{' | b'}' => Token::Byte(first),
                b'\r' | b'\n' => Token::Word("par", None),
                _ => Token::Sign(first),
            });
        }
        let word = self.take_while(u8::is_ascii_alphabetic);
        let start = self.at;
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        if self.take_while(u8::is_ascii_digit).is_empty() {
            self.at = start;
        }
        let number = std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or_default();
        let number = number.parse().ok();
        if self.bytes.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        let word = std::str::from_utf8(word).unwrap_or_default();
        if word == "bin" {
            // raw bytes of a picture
            let len = usize::try_from(number.unwrap_or(0)).unwrap_or(0);
            self.at = self.at.saturating_add(len).min(self.bytes.len());
        }
        Some(Token::Word(word, number))
    }

    /// The byte after `\'`; a blank for digits that are none.
    fn hexadecimal(&mut self) -> u8 {
        let digits = self.bytes.get(self.at..self.at + 2).unwrap_or_default();
        let text = std::str::from_utf8(digits).ok();
        match text.and_then(|text| u8::from_str_radix(text, 16).ok()) {
            Some(byte) => {
                self.at += 2;
                byte
            }
            None => b' ',
        }
    }
}

impl<'b> Iterator for Tokens<'b> {
    type Item = Token<'b>;

    fn next(&mut self) -> Option<Token<'b>> {
        guard::tick();
        loop {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            return Some(match byte {
                b'{' => Token::Open,
                b'}' => Token::Close,
                b'\\' => self.control()?,
                // line ends of the file are not those of the text
                b'\r' | b'\n' | 0 => continue,
                b'\t' => Token::Word("tab", None),
                _ => Token::Byte(byte),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_tokens() {
        let tokens: Vec<Token<'_>> =
            Tokens::new(b"{\\b0 x\\'d5\\~\\bin3 }}}\\u-123?\\pa\r\n}").collect();
        assert_eq!(
            tokens,
            [
                Token::Open,
                Token::Word("b", Some(0)),
                Token::Byte(b'x'),
                Token::Byte(0xD5),
                Token::Sign(b'~'),
                Token::Word("bin", Some(3)),
                Token::Word("u", Some(-123)),
                Token::Byte(b'?'),
                Token::Word("pa", None),
                Token::Close,
            ]
        );
        assert_eq!(Tokens::new(b"\\'zz\\").collect::<Vec<_>>().len(), 3);
        assert_eq!(Tokens::new(b"\\bin99999999 x").count(), 1);
    }
}
