//! Whether bytes can be a report at all: a first look for crawls, where one page in thousands is one.
//!
//! A report says 公开 dozens of times. Bytes that never do, in any encoding that pages come in, are none; what says it is
//! read, and that decides.

use super::sniff::{self, Format};
use crate::words::sites;
use aho_corasick::AhoCorasick;
use memchr::memmem::Finder;
use std::sync::LazyLock;

/// 公开 and 公開 in UTF-8, 公 as an entity, and what 公开 becomes when UTF-8 is read as GBK.
static IN_UTF8: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::new(["公开", "公開", "鍏紑", "&#20844", "&#x516c", "&#x516C"]).ok()
});

/// 公开 and 公開 in GB18030, Big5 and UTF-16.
static IN_OTHERS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words: [&[u8]; 7] = [
        b"\xB9\xAB\xBF\xAA",
        b"\xB9\xAB\xE9\x5F",
        b"\xA4\xBD\xB6\x7D",
        b"\x6C\x51\x00\x5F",
        b"\x51\x6C\x5F\x00",
        b"\x6C\x51\x8B\x95",
        b"\x51\x6C\x95\x8B",
    ];
    AhoCorasick::new(words).ok()
});

/// Whether a text has the words of a report's tables and headings, and not only of pages that lead to one.
///
/// ```
/// use nianbao::source::relevance::says_a_report;
/// assert!(says_a_report("一、总体情况 … 自然人 … 予以公开"));
/// assert!(!says_a_report("主动公开 依申请公开 行政许可 行政处罚 收费"));
/// ```
pub fn says_a_report(text: &str) -> bool {
    const FEWEST: usize = 3;
    let said = FINDERS.iter().filter(|word| word.find(text.as_bytes()).is_some());
    said.take(FEWEST).count() == FEWEST
}

static FINDERS: LazyLock<Vec<Finder<'static>>> =
    LazyLock::new(|| sites().report.iter().map(Finder::new).collect());

/// Whether bytes can be a report; a page that cannot is told by a look at each byte.
///
/// ```
/// use nianbao::source::relevance::may_be_report;
/// assert!(may_be_report("<p>政府信息公开</p>".as_bytes()));
/// assert!(!may_be_report("<p>天气预报</p>".as_bytes()));
/// assert!(!may_be_report(b"<p>weather</p>"));
/// ```
pub fn may_be_report(bytes: &[u8]) -> bool {
    // without its words nothing can be told apart
    let says =
        |words: &Option<AhoCorasick>| words.as_ref().is_none_or(|words| words.is_match(bytes));
    match sniff::format(bytes) {
        Format::Text | Format::Html => {
            says(&IN_UTF8) || (simdutf8::basic::from_utf8(bytes).is_err() && says(&IN_OTHERS))
        }
        Format::Image | Format::Binary => false,
        // packed: only reading tells
        _ => true,
    }
}
