//! Whether bytes can be a report at all: a first look for crawls, where one page in thousands is one.
//!
//! A report says 公开 dozens of times. Bytes that never do, in any encoding that pages come in, are none; what says it is
//! read, and that decides.

use super::sniff::{self, Format};
use memchr::memmem::Finder;
use std::sync::LazyLock;

/// 公开, 公開 and what UTF-8 becomes when it is read as GBK, in UTF-8.
static IN_UTF8: LazyLock<Vec<Finder<'static>>> = LazyLock::new(|| {
    ["公开", "公開", "鍏紑"].iter().map(|word| Finder::new(word.as_bytes()).into_owned()).collect()
});

/// 公开 and 公開 in GB18030, Big5 and UTF-16.
static IN_OTHERS: LazyLock<Vec<Finder<'static>>> = LazyLock::new(|| {
    let words: [&[u8]; 7] = [
        b"\xB9\xAB\xBF\xAA",
        b"\xB9\xAB\xE9\x5F",
        b"\xA4\xBD\xB6\x7D",
        b"\x6C\x51\x00\x5F",
        b"\x51\x6C\x5F\x00",
        b"\x6C\x51\x8B\x95",
        b"\x51\x6C\x95\x8B",
    ];
    words.iter().map(|word| Finder::new(word).into_owned()).collect()
});

/// 公 as an entity.
static AS_ENTITY: LazyLock<Vec<Finder<'static>>> = LazyLock::new(|| {
    ["&#20844", "&#x516c", "&#x516C"]
        .iter()
        .map(|word| Finder::new(word.as_bytes()).into_owned())
        .collect()
});

/// Whether bytes can be a report; a page that cannot is told by a look at each byte.
///
/// ```
/// use nianbao::source::relevance::may_be_report;
/// assert!(may_be_report("<p>政府信息公开</p>".as_bytes()));
/// assert!(!may_be_report("<p>天气预报</p>".as_bytes()));
/// assert!(!may_be_report(b"<p>weather</p>"));
/// ```
pub fn may_be_report(bytes: &[u8]) -> bool {
    let says = |words: &[Finder<'_>]| words.iter().any(|word| word.find(bytes).is_some());
    match sniff::format(bytes) {
        Format::Text | Format::Html => {
            if says(&AS_ENTITY) {
                true
            } else if bytes.is_ascii() {
                false
            } else if simdutf8::basic::from_utf8(bytes).is_ok() {
                says(&IN_UTF8)
            } else {
                says(&IN_UTF8) || says(&IN_OTHERS)
            }
        }
        Format::Image | Format::Binary => false,
        // packed: only reading tells
        _ => true,
    }
}
