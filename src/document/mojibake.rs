//! Text that was once decoded in the wrong encoding: UTF-8 as GBK (`鏀垮簻淇℃伅鍏紑` for `政府信息公开`), UTF-8 or GBK as
//! Latin-1 (`ä¿¡æ¯`, `ÐÅÏ¢` for `信息`).
//!
//! When every character leads back to the bytes it came from and these are text, the damage is undone and said so. When
//! characters were lost (`?`, U+FFFD, `锟斤拷`), the text is refused: a digit may have gone with them.

use super::Document;
use crate::finding::{Code, Finding};
use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, WINDOWS_1252};
use std::borrow::Cow;

/// What `信息公开` becomes; any report has it, no honest text does.
const SIGN: &str = "淇℃伅鍏";
/// The same words as they should be.
const HONEST: &str = "信息公";
/// What `信息` and `年度` become in UTF-8 and in GBK, and 資訊 in Big5, when their bytes are taken for Latin-1; and the first
/// one once more.
const OF_LATIN: [(&str, &Encoding); 6] = [
    ("ä¿¡æ", UTF_8),
    ("å¹´åº¦", UTF_8),
    ("ÐÅÏ¢", GB18030),
    ("Äê¶È", GB18030),
    ("¸ê°T", BIG5),
    ("Ã¤Â¿Â¡Ã¦", UTF_8),
];
/// What is left where a decoder met bytes that it did not know, and another one took its mark for GBK.
const LOST: [&str; 2] = ["锟斤拷", "\u{FFFD}\u{FFFD}"];
/// How often a text may have been decoded wrongly.
const MOST_TIMES: usize = 3;

/// Undoes the damage, or empties the text and says why.
pub fn undo(document: &mut Document<'_>) {
    for _ in 0..MOST_TIMES {
        let Some((what, restored)) = look(&document.text) else { return };
        // what was found in the text has no place any more
        document.findings.iter_mut().for_each(|finding| finding.span = None);
        document.findings.retain(|finding| finding.code != Code::MojibakeUndone);
        match restored {
            Some(text) => {
                let message = format!("this was {what}; undone without loss");
                document.findings.push(Finding::new(Code::MojibakeUndone, message));
                document.text = Cow::Owned(text);
            }
            None => {
                let message = format!(
                    "this was {what} and characters were lost; convert it again from the original"
                );
                document.findings.push(Finding::new(Code::MojibakeLossy, message));
                document.text = Cow::Borrowed("");
            }
        }
    }
}

/// What happened to a text, and the text as it was before where that is certain; nothing for honest text.
fn look(text: &str) -> Option<(String, Option<String>)> {
    let has = |sign: &str| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some();
    let found = if has(SIGN) {
        Some(("UTF-8 decoded as GBK".to_owned(), restored(text)))
    } else if let Some((_, encoding)) = OF_LATIN.iter().find(|(sign, _)| has(sign)) {
        Some((format!("{} decoded as Latin-1", encoding.name()), from_latin(text, encoding)))
    } else if LOST.iter().any(|sign| has(sign)) && is_lost(text) {
        Some(("decoded in a wrong encoding".to_owned(), None))
    } else {
        None
    };
    found.filter(|_| !has(HONEST))
}

/// Whether most of what is no ASCII in a text is lost.
fn is_lost(text: &str) -> bool {
    let count = text.chars().filter(|c| !c.is_ascii() && !c.is_whitespace()).count();
    let lost = text.matches("锟斤拷").count() * 3 + text.matches('\u{FFFD}').count();
    lost * 3 > count
}

/// The text before its bytes were taken for Latin-1 or what Windows calls so.
fn from_latin(text: &str, encoding: &'static Encoding) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match u8::try_from(u32::from(c)) {
            Ok(byte) => bytes.push(byte),
            // a mark of byte order is no byte of it
            Err(_) if c == '\u{FEFF}' => {}
            Err(_) => {
                let mut buffer = [0; 4];
                let (byte, _, unmappable) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
                if unmappable {
                    return None;
                }
                bytes.extend_from_slice(&byte);
            }
        }
    }
    encoding.decode_without_bom_handling_and_without_replacement(&bytes).map(Cow::into_owned)
}

/// The text before it was mistaken for GBK, when that is certain.
pub fn restored(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        // web GBK has the euro sign at 0x80, a byte that GB18030 does not use alone
        let (part, euro) = match rest.split_once('€') {
            Some((part, after)) => {
                rest = after;
                (part, true)
            }
            None => (std::mem::take(&mut rest), false),
        };
        let (encoded, _, unmappable) = GB18030.encode(part);
        if unmappable {
            return None;
        }
        bytes.extend_from_slice(&encoded);
        if euro {
            bytes.push(0x80);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str =
        "某县政府信息公开工作年度报告\n一、总体情况\n规章 0 0 12\n二、主动公开政府信息情况";

    fn mistaken(text: &str) -> String {
        encoding_rs::GBK.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    #[test]
    fn ok_undone() {
        let even = "信息公开年度报告 规章12";
        let damaged = mistaken(even);
        assert!(damaged.contains(SIGN), "{damaged}");
        assert_eq!(restored(&damaged).as_deref(), Some(even));
    }

    #[test]
    fn ok_bytes_taken_for_latin_letters() {
        let latin = |bytes: &[u8]| -> String { bytes.iter().map(|b| char::from(*b)).collect() };
        let windows = |bytes: &[u8]| WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned();
        let twice = windows(latin(SAMPLE.as_bytes()).as_bytes());
        let gbk = GB18030.encode(SAMPLE).0.into_owned();
        for damaged in [
            latin(SAMPLE.as_bytes()),
            windows(SAMPLE.as_bytes()),
            latin(&gbk),
            windows(&gbk),
            twice,
        ] {
            let mut document = super::super::decode::text(damaged.as_bytes());
            undo(&mut document);
            let codes: Vec<_> = document.findings.iter().map(|finding| finding.code).collect();
            assert_eq!(
                (&*document.text, &codes[..]),
                (SAMPLE, &[Code::MojibakeUndone][..]),
                "{damaged}"
            );
        }
    }

    #[test]
    fn err_lost_characters() {
        let gbk = GB18030.encode(SAMPLE).0.into_owned();
        let marks = String::from_utf8_lossy(&gbk).into_owned();
        let burnt = GB18030.decode_without_bom_handling(marks.as_bytes()).0.into_owned();
        let cut: String =
            SAMPLE.bytes().map(char::from).collect::<String>().replacen('\u{81}', "?", 1);
        for damaged in [marks, burnt, cut] {
            let mut document = super::super::decode::text(damaged.as_bytes());
            undo(&mut document);
            assert_eq!(
                document.findings.last().map(|finding| finding.code),
                Some(Code::MojibakeLossy),
                "{damaged}"
            );
            assert_eq!(document.text, "");
        }
        // a page that was damaged in one place is read
        let mut document = super::super::decode::text("政府信息公开 锟斤拷 报告".as_bytes());
        undo(&mut document);
        assert_eq!(document.findings, []);
    }

    #[test]
    fn err_lossy_is_refused() {
        let damaged = mistaken(SAMPLE).replace('鍏', "?");
        assert!(restored(&damaged).is_none_or(|text| text != SAMPLE));
    }
}
