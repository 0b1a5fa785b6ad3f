//! UTF-8 that was once decoded as GBK: `鏀垮簻淇℃伅鍏紑` for `政府信息公开`.
//!
//! When every character leads back to the bytes it came from and these are UTF-8, the damage is undone and said so.
//! When characters were lost (`?`, U+FFFD in the middle), the text is refused: a digit may have gone with them.

use super::Document;
use crate::finding::{Code, Finding};
use encoding_rs::GB18030;
use std::borrow::Cow;

/// What `信息公开` becomes; any report has it, no honest text does.
const SIGN: &str = "淇℃伅鍏";
/// The same words as they should be.
const HONEST: &str = "信息公";

/// Undoes the damage, or empties the text and says why.
pub fn undo(document: &mut Document<'_>) {
    let text = document.text.as_ref();
    if memchr::memmem::find(text.as_bytes(), SIGN.as_bytes()).is_none()
        || memchr::memmem::find(text.as_bytes(), HONEST.as_bytes()).is_some()
    {
        return;
    }
    match restored(text) {
        Some(text) => {
            let message = "this was UTF-8 decoded as GBK; undone without loss";
            document.findings.iter_mut().for_each(|finding| finding.span = None);
            document.findings.push(Finding::new(Code::MojibakeUndone, message));
            document.text = Cow::Owned(text);
        }
        None => {
            let message = "this was UTF-8 decoded as GBK and characters were lost; convert it again from the original";
            // what was found in the text has no place any more
            document.findings.iter_mut().for_each(|finding| finding.span = None);
            document.findings.push(Finding::new(Code::MojibakeLossy, message));
            document.text = Cow::Borrowed("");
        }
    }
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
    fn err_lossy_is_refused() {
        let damaged = mistaken(SAMPLE).replace('鍏', "?");
        assert!(restored(&damaged).is_none_or(|text| text != SAMPLE));
    }
}
