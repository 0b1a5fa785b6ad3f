//! `一、`, `（三）`, `2.`: the numeral of a heading or a label, with the mark that makes it one.
//!
//! ```text
//! ordinal = "（" numeral "）" | numeral mark | "㈠" … | "①" …
//! numeral = 1-2 digits | 1-3 Chinese numerals
//! mark    = "、" | "." | "．" | "," | "，" | "）"
//! ```

use super::cell::{is_blank, is_digit};
use crate::fold;
use nom::branch::alt;
use nom::bytes::complete::{take_while, take_while_m_n};
use nom::character::complete::satisfy;
use nom::combinator::{opt, recognize};
use nom::sequence::{delimited, terminated};
use nom::{IResult, Parser};

const NUMERALS: &str = "一二三四五六七八九十⼀⼆⼗⼋";
const MARKS: [char; 6] = ['、', '.', '．', ',', '，', '﹒'];

/// An ordinal in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ordinal {
    /// Its first byte.
    pub start: usize,
    /// One past its last, mark included, blanks not.
    pub end: usize,
    /// Whether it stands in brackets.
    pub bracketed: bool,
}

fn numeral(input: &str) -> IResult<&str, &str> {
    let chinese = take_while_m_n(1, 3, |c| NUMERALS.contains(c));
    alt((take_while_m_n(1, 2, is_digit), chinese)).parse(input)
}

fn ordinal(input: &str) -> IResult<&str, bool> {
    let open = satisfy(|c| matches!(c, '（' | '('));
    let close = satisfy(|c| matches!(c, '）' | ')'));
    let bracketed = delimited(open, numeral, close).map(|_| true);
    let circled = satisfy(|c| matches!(c, '①'..='⑳' | '㈠'..='㈩')).map(|_| true);
    let marked = terminated(numeral, satisfy(|c| MARKS.contains(&c) || matches!(c, '）' | ')')))
        .map(|_| false);
    alt((bracketed, circled, marked)).parse(input)
}

/// Whether a text begins with an ordinal.
///
/// ```
/// use nianbao::number::begins_with;
/// assert!(begins_with("（三）不予公开") && begins_with("2.重复申请") && !begins_with("2022年"));
/// ```
pub fn begins_with(text: &str) -> bool {
    recognize(terminated(ordinal, opt(take_while(is_blank)))).parse(text).is_ok()
}

/// A text without the ordinal that it begins with.
///
/// ```
/// use nianbao::number::without_ordinal;
/// assert_eq!(without_ordinal("1.属于"), "属于");
/// assert_eq!(without_ordinal("属于"), "属于");
/// ```
pub fn without_ordinal(text: &str) -> &str {
    ordinal(text).map_or(text, |(rest, _)| rest)
}

/// The ordinal at the end of a text, before a label; pinyin notes and emphasis may stand between.
///
/// ```
/// use nianbao::number::ends_with;
/// assert_eq!(ends_with("0001五、").map(|o| o.start), Some(4));
/// assert_eq!(ends_with("（四）").map(|o| o.bracketed), Some(true));
/// assert_eq!(ends_with("2022"), None);
/// ```
pub fn ends_with(text: &str) -> Option<Ordinal> {
    let trimmed =
        without_pinyin(text).trim_end_matches([' ', '\u{3000}', '\u{a0}', '\t', '*', '#']);
    let unmarked = without_pinyin(trimmed.trim_end_matches(MARKS));
    let unmarked = without_pinyin(unmarked.trim_end_matches([')', '）']));
    if unmarked.len() == trimmed.len() {
        return None;
    }
    // never both kinds: in `…0001五、` the digits are a table's
    let digits = unmarked.ends_with(is_digit);
    let is_numeral =
        |c: &char| if digits { is_digit(*c) } else { NUMERALS.contains(fold::table().fold(*c)) };
    let width: usize =
        unmarked.chars().rev().take_while(is_numeral).take(3).map(char::len_utf8).sum();
    if width == 0 {
        return None;
    }
    let start = unmarked.len() - width;
    let open = unmarked[..start].chars().next_back().filter(|c| matches!(c, '（' | '('));
    let start = start - open.map_or(0, char::len_utf8);
    Some(Ordinal { start, end: trimmed.len(), bracketed: open.is_some() })
}

/// A text without the pinyin notes at its end: `二(er)(er)`.
fn without_pinyin(mut text: &str) -> &str {
    while let Some((before, note)) = text.strip_suffix(')').and_then(|rest| rest.rsplit_once('('))
        && !note.is_empty()
        && note.chars().all(|c| c.is_alphabetic() && (c as u32) < 0x300)
    {
        text = before;
    }
    text
}
