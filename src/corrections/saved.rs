//! A file of corrections as spreadsheets save it: Excel writes GBK (Big5 in Taiwan and Hong Kong), UTF-8 with a mark, or
//! "Unicode text" (UTF-16, parted by tabs), and some machines part columns by semicolons.
//!
//! What is neither is said to be, and never decoded with losses: a note with a sign for lost letters would be kept for good.

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8};
use std::borrow::Cow;

/// What a file cannot be read for, and in which line.
pub(super) type Wrong = (u64, String);

/// The text of these bytes: what a byte order mark says, else UTF-8, else GBK or Big5.
pub(super) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, Wrong> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err((1, "this is a workbook; save it as CSV".to_owned()));
    }
    let (encoding, skip) = match Encoding::for_bom(bytes) {
        Some(marked) => marked,
        None if std::str::from_utf8(bytes).is_ok() => (UTF_8, 0),
        None => (legacy(bytes), 0),
    };
    let whole = |bytes| encoding.decode_without_bom_handling_and_without_replacement(bytes);
    let body = &bytes[skip..];
    whole(body).ok_or_else(|| {
        // bytes of a line end are no part of another character, but in UTF-16
        let mut lines = body.split_inclusive(|byte| *byte == b'\n');
        let at = lines.position(|line| whole(line).is_none()).unwrap_or(0);
        let said = if encoding == GB18030 {
            "this is neither UTF-8 nor GBK nor Big5; save it as CSV in UTF-8".to_owned()
        } else {
            format!("this is no {}, though it begins as such", encoding.name())
        };
        (at as u64 + 1, said)
    })
}

/// Bytes without a mark that are no UTF-8: the encoding in which fewer of them are letters that nobody writes. The letters of one
/// are mostly letters of the other too, but in GBK those of everyday stand in the rows of GB 2312, and in Big5 on its first level.
fn legacy(bytes: &[u8]) -> &'static Encoding {
    if BIG5.decode_without_bom_handling_and_without_replacement(bytes).is_none() {
        return GB18030;
    }
    if GB18030.decode_without_bom_handling_and_without_replacement(bytes).is_none() {
        return BIG5;
    }
    let (mut gbk, mut big5) = (0, 0);
    let mut rest = bytes.iter();
    while let Some(lead) = rest.find(|byte| !byte.is_ascii()) {
        let trail = rest.next().copied().unwrap_or(0);
        let is_high = trail >= 0xA1;
        gbk += usize::from(!(matches!(lead, 0xA1 | 0xA3 | 0xB0..=0xF7) && is_high));
        big5 += usize::from(
            !(matches!(lead, 0xA1..=0xC6) && (is_high || matches!(trail, 0x40..=0x7E))),
        );
    }
    // where both are possible it is what most write here
    if big5 < gbk { BIG5 } else { GB18030 }
}

/// What parts the columns of a file with this head.
pub(super) fn delimiter(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    let parts = |sign: &u8| head.matches(char::from(*sign)).count();
    // of equally many the first: a head of one column has none of them
    [b';', b'\t', b','].into_iter().max_by_key(parts).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_what_spreadsheets_save() {
        let wide: Vec<u8> = "\u{FEFF}王\t1".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, text) in [
            (&b"\xEF\xBB\xBF\xE7\x8E\x8B"[..], "王"),
            (b"\xE7\x8E\x8B", "王"),
            (b"a,\xCD\xF5", "a,王"),
            (&wide, "王\t1"),
            (b"", ""),
        ] {
            assert_eq!(super::text(bytes).as_deref(), Ok(text));
        }
        for (head, sign) in [("a,b", b','), ("a\tb", b'\t'), ("a;b;c", b';'), ("a", b',')] {
            assert_eq!(delimiter(head), sign, "{head}");
        }
    }

    /// Names of two and three letters and notes, as Excel saves them on machines of both kinds.
    #[test]
    fn ok_gbk_and_big5_are_told_apart() {
        for said in
            ["王小明,依合計更正", "陳大文,原件如此", "林志玲", "見附件三", "第二頁，應為七件"]
        {
            let bytes = BIG5.encode(said).0;
            assert_eq!(super::text(&bytes).as_deref(), Ok(said), "{said} in Big5");
        }
        for said in [
            "王小明,按合计更正",
            "陈大文,原件如此",
            "李",
            "张三",
            "约定",
            "第二页，应为七件",
            "劉鎔",
        ] {
            let bytes = GB18030.encode(said).0;
            assert_eq!(super::text(&bytes).as_deref(), Ok(said), "{said} in GBK");
        }
    }

    #[test]
    fn err_nothing_is_decoded_with_losses() {
        for (bytes, line) in
            [(&b"a\nb\n\xFF\xFF\n"[..], 3), (b"PK\x03\x04", 1), (b"\xEF\xBB\xBFa\n\xFF", 2)]
        {
            assert_eq!(text(bytes).map_err(|(at, _)| at), Err(line));
        }
    }
}
