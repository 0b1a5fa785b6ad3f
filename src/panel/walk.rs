//! A walk over JSON that looks into what is wanted and steps over everything else: of a record a panel needs a twentieth, and
//! a parser that understands all of it takes longer than everything else.
//!
//! What is stepped over is not judged beyond its brackets and quotes; what is taken is.

use serde::de::Error as _;
use serde_json::{Error, Result};

/// A place in a text of JSON.
#[derive(Debug)]
pub(super) struct Walk<'j> {
    json: &'j str,
    at: usize,
}

impl<'j> Walk<'j> {
    /// At the begin of this text.
    pub(super) const fn new(json: &'j str) -> Self {
        Self { json, at: 0 }
    }

    #[cold]
    fn broken(&self) -> Error {
        Error::custom(format!("it breaks off or is damaged at its byte {}", self.at))
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Result<u8> {
        while let Some(byte) = self.json.as_bytes().get(self.at) {
            if !byte.is_ascii_whitespace() {
                return Ok(*byte);
            }
            self.at += 1;
        }
        Err(self.broken())
    }

    fn take(&mut self, byte: u8) -> Result<()> {
        if self.peek()? != byte {
            return Err(self.broken());
        }
        self.at += 1;
        Ok(())
    }

    /// Goes into an object; [`Self::key`] gives its keys.
    pub(super) fn open(&mut self) -> Result<()> {
        self.take(b'{')
    }

    /// The next key of an object, without its quotes and as it is written; none at its end.
    pub(super) fn key(&mut self) -> Result<Option<&'j str>> {
        match self.peek()? {
            b'}' => {
                self.at += 1;
                return Ok(None);
            }
            b',' => self.at += 1,
            _ => {}
        }
        self.peek()?;
        let key = self.string()?;
        self.take(b':')?;
        Ok(Some(key))
    }

    /// A string that begins here, without its quotes and as it is written.
    fn string(&mut self) -> Result<&'j str> {
        let bytes = self.json.as_bytes();
        if bytes.get(self.at) != Some(&b'"') {
            return Err(self.broken());
        }
        let start = self.at + 1;
        let mut at = start;
        loop {
            match bytes.get(at) {
                Some(b'"') => break,
                // whatever a backslash stands before is no end
                Some(b'\\') => at += 2,
                Some(_) => at += 1,
                None => return Err(self.broken()),
            }
        }
        self.at = at + 1;
        Ok(&self.json[start..at])
    }

    /// Steps over a value; gives it as it is written.
    pub(super) fn value(&mut self) -> Result<&'j str> {
        let bytes = self.json.as_bytes();
        self.peek()?;
        let start = self.at;
        let mut depth = 0_usize;
        loop {
            match bytes.get(self.at) {
                Some(b'"') => {
                    self.string()?;
                }
                Some(b'{' | b'[') => {
                    depth += 1;
                    self.at += 1;
                }
                Some(b'}' | b']') if depth > 0 => {
                    depth -= 1;
                    self.at += 1;
                }
                Some(b'}' | b']' | b',') if depth == 0 => break,
                Some(_) => self.at += 1,
                None => return Err(self.broken()),
            }
        }
        Ok(self.json[start..self.at].trim_ascii_end())
    }

    /// Whether nothing follows.
    pub(super) fn end(&mut self) -> Result<()> {
        if self.json[self.at..].trim_ascii_start().is_empty() { Ok(()) } else { Err(self.broken()) }
    }
}

/// The entries of an object, each value as it is written.
pub(super) fn each(json: &str) -> Result<Vec<(&str, &str)>> {
    let mut walk = Walk::new(json);
    let mut entries = Vec::new();
    walk.open()?;
    while let Some(key) = walk.key()? {
        entries.push((key, walk.value()?));
    }
    walk.end()?;
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_entries() {
        let json = r#"{"a":1,"b":{"c":[1,"},\"]"],"d":{}},"年":"x\\","e":null}"#;
        let want =
            [("a", "1"), ("b", r#"{"c":[1,"},\"]"],"d":{}}"#), ("年", r#""x\\""#), ("e", "null")];
        assert_eq!(each(json).expect("it is whole"), want);
        let loose = " { \"a\" : 1 , \"b\" : [ ] } ";
        assert_eq!(each(loose).expect("it is whole"), [("a", "1"), ("b", "[ ]")]);
        assert!(each("{}").expect("it is whole").is_empty());
    }

    #[test]
    fn err_what_breaks_off_says_so() {
        let json = r#"{"a":1,"b":{"c":"d\"e\\"}}"#;
        assert!(each(json).is_ok());
        for end in (0..json.len()).filter(|end| json.is_char_boundary(*end)) {
            assert!(each(&json[..end]).is_err(), "{}", &json[..end]);
        }
        assert!(each(&format!("{json}x")).is_err() && each("[]").is_err());
    }
}
