//! Bytes → text. The encoding comes from the content: a byte order mark, valid UTF-8, the pattern of UTF-16, and only
//! then a guess between the legacy encodings, checked by decoding.

use super::{Document, seven_bit};
use crate::finding::{Code, Finding};
use crate::source::sniff::{self, Format};
use crate::span::Span;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// Bytes a guess is based on.
const GUESS: usize = 64 << 10;
/// Bytes looked at for the pattern of UTF-16.
const PATTERN: usize = 4096;

/// Decodes text bytes; malformed ones become U+FFFD and a finding.
pub fn text(bytes: &[u8]) -> Document<'_> {
    if let Some(document) = beside_the_standard(bytes) {
        return document;
    }
    decode(bytes, Encoding::for_bom(bytes).unwrap_or_else(|| (without_bom(bytes), 0)))
}

/// Decodes the bytes of a page. The encoding that the page or its server states is believed when the bytes bear it out:
/// pages say `gb2312` and are GB18030, or UTF-8, or Big5.
pub fn page<'b>(bytes: &'b [u8], stated: Option<&str>) -> Document<'b> {
    if let Some(document) = beside_the_standard(bytes) {
        return document;
    }
    let believed = Encoding::for_bom(bytes).or_else(|| {
        let encoding =
            Encoding::for_label(stated.map(str::as_bytes).or_else(|| stated_in(bytes))?)?;
        let encoding = if encoding == encoding_rs::GBK { GB18030 } else { encoding };
        let legacy = encoding == GB18030 || encoding == BIG5;
        (legacy && simdutf8::basic::from_utf8(bytes).is_err() && bears_out(bytes, encoding))
            .then_some((encoding, 0))
    });
    decode(bytes, believed.unwrap_or_else(|| (without_bom(bytes), 0)))
}

/// Whether bytes decode without loss and say what every report says; Big5 read as GB18030 decodes, but says nothing.
fn bears_out(bytes: &[u8], encoding: &'static Encoding) -> bool {
    let said = ["信息", "政府", "公开", "資訊", "公開", "情况", "情況", "年度"];
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .is_some_and(|text| said.iter().any(|word| text.contains(word)))
}

/// The encoding that a page states: `<meta charset=gb2312>`, `content="text/html; charset=gbk"`, `<?xml encoding="…"?>`.
fn stated_in(bytes: &[u8]) -> Option<&[u8]> {
    let head = &bytes[..bytes.len().min(PATTERN)];
    ["charset", "CHARSET", "encoding"].iter().find_map(|name| {
        let at = memchr::memmem::find(head, name.as_bytes())?;
        let rest =
            head[at + name.len()..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
        let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
        let length = rest
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':'))
            .count();
        (length > 0).then(|| &rest[..length])
    })
}

/// A text in an encoding that the Encoding Standard leaves out: UTF-32, HZ, UTF-7.
fn beside_the_standard(bytes: &[u8]) -> Option<Document<'static>> {
    let (text, name) = match sniff::utf32(bytes) {
        Some(big) => (utf32(bytes, big), if big { "UTF-32BE" } else { "UTF-32LE" }),
        None => seven_bit::decode(bytes)?,
    };
    let (format, text) = (Format::Text, Cow::Owned(text));
    let mut document = Document {
        format,
        text,
        encoding: Some(name),
        findings: Vec::new(),
        blocks: None,
        source_lines: None,
    };
    document.findings.extend(replaced(&document.text, name));
    Some(document)
}

fn utf32(bytes: &[u8], big: bool) -> String {
    let one = |unit: &[u8]| {
        let unit = <[u8; 4]>::try_from(unit).ok()?;
        char::from_u32(if big { u32::from_be_bytes(unit) } else { u32::from_le_bytes(unit) })
    };
    let chars = bytes.chunks(4).map(|unit| one(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
    let text: String = chars.collect();
    match text.strip_prefix('\u{FEFF}') {
        Some(rest) => rest.to_owned(),
        None => text,
    }
}

/// What is said of a text with characters that are none.
fn replaced(text: &str, encoding: &str) -> Option<Finding> {
    let first = text.find('\u{FFFD}')? as u32;
    let count = text.matches('\u{FFFD}').count();
    let message = format!("{count} byte sequences are no {encoding} and were replaced by U+FFFD");
    Some(Finding::new(Code::BytesReplaced, message).at(Span::new(first, first + 3)))
}

fn decode<'b>(bytes: &'b [u8], (encoding, skip): (&'static Encoding, usize)) -> Document<'b> {
    let body = &bytes[skip..];
    let (text, malformed) = if encoding == UTF_8 {
        match simdutf8::basic::from_utf8(body) {
            Ok(text) => (Cow::Borrowed(text), false),
            Err(_) => encoding.decode_without_bom_handling(body),
        }
    } else {
        encoding.decode_without_bom_handling(body)
    };
    let findings = if malformed { replaced(&text, encoding.name()) } else { None };
    Document {
        format: Format::Text,
        text,
        encoding: Some(encoding.name()),
        findings: findings.into_iter().collect(),
        blocks: None,
        source_lines: None,
    }
}

fn without_bom(bytes: &[u8]) -> &'static Encoding {
    // UTF-16 has NULs at every line end, blank and digit; without one the bytes need no second look
    let head = &bytes[..bytes.len().min(PATTERN)];
    if memchr::memchr(0, head).is_some()
        && let Some(utf16) = utf16(head)
    {
        return utf16;
    }
    if simdutf8::basic::from_utf8(bytes).is_ok() || nearly_utf8(bytes) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(GUESS)], bytes.len() <= GUESS);
    // never with the domain "cn": every Big5 page would become GBK
    let guess = detector.guess(None, Utf8Detection::Allow);
    if guess == BIG5 && BIG5.decode_without_bom_handling_and_without_replacement(bytes).is_some() {
        return BIG5;
    }
    // GBK and GB2312 are subsets of GB18030; this is a tool for Chinese documents
    let strict = GB18030.decode_without_bom_handling_and_without_replacement(bytes).is_some();
    if strict || guess == encoding_rs::GBK || guess != BIG5 && guess != UTF_8 {
        GB18030
    } else {
        guess
    }
}

/// UTF-8 with a few bytes cut or damaged: far more whole characters than broken ones.
fn nearly_utf8(bytes: &[u8]) -> bool {
    let mut good = 0usize;
    let mut bad = 0usize;
    for chunk in bytes[..bytes.len().min(GUESS)].utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        // a run of damaged bytes is one damage
        bad += usize::from(!chunk.invalid().is_empty() && !chunk.valid().is_empty());
    }
    good > 8 * bad
}

/// UTF-16 without a mark: line ends, digits and blanks have a NUL on one side, ideographs 0x4E to 0x9F.
fn utf16(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len() / 2;
    if pairs < 2 {
        return None;
    }
    let high =
        |byte: u8| byte == 0 || (0x4E..=0x9F).contains(&byte) || byte == 0x30 || byte == 0xFF;
    let count = |first: usize| head.chunks_exact(2).filter(|pair| high(pair[first])).count();
    let nuls = |first: usize| head.chunks_exact(2).filter(|pair| pair[first] == 0).count();
    let (big, little) = (count(0), count(1));
    let enough = |n: usize| n * 100 > pairs * 95;
    // 一 is U+4E00: a few NULs stand on the other side too
    let (first, second) = (nuls(0), nuls(1));
    match (enough(big) && first > 2 * second, enough(little) && second > 2 * first) {
        (true, false) => Some(UTF_16BE),
        (false, true) => Some(UTF_16LE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "某县人民政府2022年政府信息公开工作年度报告\n一、总体情况\n规章 0 0 0\n";

    fn decoded(bytes: &[u8]) -> (String, &'static str, usize) {
        let document = text(bytes);
        (document.text.into_owned(), document.encoding.unwrap(), document.findings.len())
    }

    #[test]
    fn ok_every_encoding() {
        let utf16 = |be: bool| -> Vec<u8> {
            SAMPLE
                .encode_utf16()
                .flat_map(|u| if be { u.to_be_bytes() } else { u.to_le_bytes() })
                .collect()
        };
        let gbk = GB18030.encode(SAMPLE).0.into_owned();
        let traditional = "某縣人民政府2022年政府信息公開工作年度報告\n一、總體情況\n規章 0 0 0\n";
        let big5 = BIG5.encode(traditional).0.into_owned();
        assert_eq!(decoded(SAMPLE.as_bytes()), (SAMPLE.into(), "UTF-8", 0));
        assert_eq!(
            decoded(&[b"\xEF\xBB\xBF", SAMPLE.as_bytes()].concat()),
            (SAMPLE.into(), "UTF-8", 0)
        );
        assert_eq!(decoded(&gbk), (SAMPLE.into(), "gb18030", 0));
        assert_eq!(decoded(&big5), (traditional.into(), "Big5", 0));
        assert_eq!(decoded(&utf16(true)), (SAMPLE.into(), "UTF-16BE", 0));
        assert_eq!(decoded(&utf16(false)), (SAMPLE.into(), "UTF-16LE", 0));
        assert_eq!(
            decoded(&[&b"\xFF\xFE"[..], &utf16(false)].concat()),
            (SAMPLE.into(), "UTF-16LE", 0)
        );
    }

    #[test]
    fn ok_utf32_with_and_without_its_mark() {
        let units = |text: &str, big: bool| -> Vec<u8> {
            let unit = |c| if big { u32::to_be_bytes(c) } else { u32::to_le_bytes(c) };
            text.chars().flat_map(|c| unit(u32::from(c))).collect()
        };
        for (big, name) in [(false, "UTF-32LE"), (true, "UTF-32BE")] {
            assert_eq!(decoded(&units(SAMPLE, big)), (SAMPLE.into(), name, 0));
            let marked = units(&format!("\u{FEFF}{SAMPLE}"), big);
            assert_eq!(decoded(&marked), (SAMPLE.into(), name, 0));
            assert_eq!(sniff::format(&marked), Format::Text);
            assert_eq!(decoded(&marked[..marked.len() - 2]).2, 1);
        }
    }

    #[test]
    fn err_cut_inside_a_character() {
        let bytes = SAMPLE.as_bytes();
        let (text, encoding, findings) = decoded(&bytes[..bytes.len() - 15]);
        assert_eq!((encoding, findings), ("UTF-8", 1));
        assert!(text.ends_with('\u{FFFD}'));
        let gbk = GB18030.encode(SAMPLE).0.into_owned();
        assert_eq!(decoded(&gbk[..gbk.len() - 8]).1, "gb18030");
    }
}
