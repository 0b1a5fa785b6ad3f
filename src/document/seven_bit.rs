//! Encodings that write Chinese in ASCII alone: HZ and UTF-7, as mails had them.

use encoding_rs::GB18030;
use std::borrow::Cow;

/// What reports and the mails that bring them say; a text that does not say it after decoding was not written so.
const SAID: [&str; 4] = ["信息", "公开", "年度", "報告"];

/// The text of ASCII bytes that are written in such an encoding, and its name.
///
/// ```ignore
/// assert_eq!(decode(b"~{9+?*~}").unwrap().0, "公开");
/// ```
pub(super) fn decode(bytes: &[u8]) -> Option<(String, &'static str)> {
    if !bytes.is_ascii() {
        return None;
    }
    let has = |sign: &[u8]| memchr::memmem::find(bytes, sign).is_some();
    let says = |text: &String| SAID.iter().any(|word| text.contains(word));
    let hz = || has(b"~{").then(|| hz(bytes)).flatten().map(|text| (text, "HZ-GB-2312"));
    let utf7 = || has(b"+").then(|| utf7(bytes)).flatten().map(|text| (text, "UTF-7"));
    hz().filter(|(text, _)| says(text)).or_else(|| utf7().filter(|(text, _)| says(text)))
}

/// RFC 1843: between `~{` and `~}` two bytes a character, those of GB 2312 without their highest bits.
fn hz(bytes: &[u8]) -> Option<String> {
    let mut gb = Vec::with_capacity(bytes.len());
    let mut inside = false;
    let mut at = 0;
    while at < bytes.len() {
        let pair = bytes.get(at..at + 2).unwrap_or(&[]);
        match pair {
            b"~{" => inside = true,
            b"~}" => inside = false,
            b"~~" if !inside => gb.push(b'~'),
            b"~\n" => {}
            // a line ends what was forgotten to be ended
            _ if bytes[at] == b'\n' || !inside => {
                inside &= bytes[at] != b'\n';
                gb.push(bytes[at]);
                at += 1;
                continue;
            }
            [first, second] => gb.extend([first | 0x80, second | 0x80]),
            _ => return None,
        }
        at += 2;
    }
    GB18030.decode_without_bom_handling_and_without_replacement(&gb).map(Cow::into_owned)
}

/// RFC 2152: behind `+` UTF-16 in Base64, up to the first other character; `-` ends it and is nothing.
fn utf7(bytes: &[u8]) -> Option<String> {
    let mut units: Vec<u16> = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        at += 1;
        if byte != b'+' {
            units.push(byte.into());
            continue;
        }
        let begin = at;
        let (mut bits, mut count) = (0u32, 0);
        while let Some(sextet) = bytes.get(at).and_then(|byte| sextet(*byte)) {
            at += 1;
            bits = bits << 6 | u32::from(sextet);
            count += 6;
            if count >= 16 {
                count -= 16;
                units.push((bits >> count) as u16);
                bits &= (1 << count) - 1;
            }
        }
        if count >= 6 || bits != 0 {
            return None;
        }
        let ended = bytes.get(at) == Some(&b'-');
        if at == begin {
            units.push(b'+'.into());
        }
        at += usize::from(ended);
    }
    String::from_utf16(&units).ok()
}

const fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_both() {
        assert_eq!(decode(b"1 ~{9+?*~}\n~~2"), Some(("1 公开\n~2".to_owned(), "HZ-GB-2312")));
        assert_eq!(
            decode(b"+UWxfAA 12 +UWxfAA- +-3"),
            Some(("公开 12 公开 +3".to_owned(), "UTF-7"))
        );
    }

    #[test]
    fn err_ascii_is_ascii() {
        for bytes in [&b"a + b"[..], b"C++ ~{ ~}", b"+AAA", b"1+1=2", b"~{9", b""] {
            assert_eq!(decode(bytes), None, "{bytes:?}");
        }
    }
}
