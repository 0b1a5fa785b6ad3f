//! A paragraph as its letters are read, without blanks, and cut into clauses; every place of it stays a place as printed.

use super::words::{Words, words};
use crate::fold::{self, Class};
use std::ops::Range;

/// Bytes of the longest name of an account in quotes.
const LONGEST_ACCOUNT: usize = 16 * 3;

/// A folded paragraph.
#[derive(Debug, Default)]
pub(super) struct Letters {
    /// Folded, without blanks; one blank stays between two digits, which are two numbers.
    pub(super) text: String,
    /// For each byte, and for the end, the byte of the paragraph.
    at: Vec<u32>,
}

/// A clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    /// Its letters, without the mark behind it.
    pub(super) range: Range<usize>,
    /// Whether it ends its sentence.
    pub(super) ends: bool,
}

impl Clause {
    /// Whether a sub-heading begins with it.
    pub(super) fn is_anew(&self, letters: &Letters) -> bool {
        let text = &letters.text[self.range.clone()];
        enclosed(text).is_some_and(|length| is_ordinal(&text[..length]))
    }
}

impl Letters {
    /// Folds a paragraph.
    pub(super) fn of(paragraph: &str) -> Self {
        let table = fold::table();
        let mut letters = Self {
            text: String::with_capacity(paragraph.len()),
            at: Vec::with_capacity(paragraph.len() + 1),
        };
        let mut blank = None;
        let mut quoted = 0;
        for (at, c) in paragraph.char_indices() {
            if at < quoted {
                continue;
            }
            // 微信公众号“今日岚口”推送信息430条: what an account is called
            if c == '“'
                && words().accounts.at_end(&letters.text).is_some()
                && let Some(length) =
                    paragraph[at..].find('”').filter(|length| *length <= LONGEST_ACCOUNT)
                && !paragraph[at..at + length].contains(|c: char| c.is_ascii_digit())
            {
                quoted = at + length;
                continue;
            }
            // quoted or not, a word is the same
            if matches!(c, '“' | '”' | '‘' | '’' | '"') {
                continue;
            }
            let class = table.class(c);
            match class {
                Class::Space | Class::WideSpace | Class::Tab | Class::Newline | Class::Page => {
                    blank.get_or_insert(at);
                    continue;
                }
                Class::Digit if letters.text.ends_with(|c: char| c.is_ascii_digit()) => {
                    if let Some(at) = blank {
                        letters.push(' ', at);
                    }
                }
                _ => {}
            }
            blank = None;
            letters.push(if class == Class::Pipe { '|' } else { table.fold(c) }, at);
        }
        letters.at.push(paragraph.len() as u32);
        letters
    }

    fn push(&mut self, c: char, at: usize) {
        self.text.push(c);
        self.at.resize(self.text.len(), at as u32);
    }

    /// The letters of a range, as far as it is one: its ends may stand within a letter or behind the text.
    pub(super) fn around(&self, range: Range<usize>) -> &str {
        let (mut start, mut end) = (range.start, range.end.min(self.text.len()));
        while !self.text.is_char_boundary(start) {
            start += 1;
        }
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        self.text.get(start..end).unwrap_or_default()
    }

    /// Where letters stand in the paragraph.
    pub(super) fn printed(&self, range: &Range<usize>) -> Range<usize> {
        self.at[range.start] as usize..self.at[range.end] as usize
    }

    /// The clauses of a part of it: what stands between commas, stops and the words that follow a number with a listing mark.
    pub(super) fn clauses(&self, range: Range<usize>, words: &Words) -> Vec<Clause> {
        let text = &self.text[range.clone()];
        let mut clauses = Vec::new();
        let (mut start, mut at) = (0, 0);
        let mut cut = |from: usize, to: usize, ends: bool| {
            if from < to || ends {
                clauses.push(Clause { range: range.start + from..range.start + to, ends });
            }
        };
        while let Some(c) = text[at..].chars().next() {
            if let Some(length) = enclosed(&text[at..]) {
                // a sub-heading's numeral begins anew: （一）申请情况
                if at > start && is_ordinal(&text[at..at + length]) {
                    cut(start, at, true);
                    start = at;
                }
                at += length;
                continue;
            }
            let next = at + c.len_utf8();
            let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            let in_number = || {
                is_digit(text[..at].chars().next_back()) && is_digit(text[next..].chars().next())
            };
            let ends = matches!(c, '。' | '！' | '？' | '!' | '?')
                || (c == '.' && !is_digit(text[..at].chars().next_back()));
            // 没有收到申请且没有发生行政复议
            if let Some(length) = another(&text[start..at], &text[at..], words) {
                cut(start, at, false);
                (start, at) = (at + length, at + length);
                continue;
            }
            let cuts = match c {
                '，' | ',' => !in_number() && !goes_on(&text[start..at], &text[next..], words),
                '；' | ';' | '|' => true,
                '、' | '和' | '及' => counts(&text[start..at], words),
                '：' | ':' => {
                    counts(&text[start..at], words)
                        || words.parts.at_end(&text[start..at]).is_some()
                }
                _ => ends,
            };
            if cuts {
                cut(start, at, ends);
                start = next;
            }
            at = next;
        }
        cut(start, text.len(), true);
        clauses
    }
}

/// Whether a text ends with a number and its measure word.
fn counts(text: &str, words: &Words) -> bool {
    let Some(unit) = words.units.at_end(text) else { return false };
    let before = text[..text.len() - unit].chars().next_back();
    before.is_some_and(|c| c.is_ascii_digit() || "一二三四五六七八九十百千两零余多".contains(c))
}

/// How long a word is that joins another negation to the one before.
fn another(before: &str, text: &str, words: &Words) -> Option<usize> {
    if !text.starts_with(['且', '也', '亦', '并', '而', '同']) {
        return None;
    }
    let length = words.also.at_start(text)?;
    words.none.at_start(&text[length..])?;
    words.none.is_within(before).then_some(length)
}

/// Whether a comma stands between what is counted and its number: 收到申请，共计21件.
fn goes_on(before: &str, after: &str, words: &Words) -> bool {
    let Some(length) = words.carried_on.at_start(after) else { return false };
    after[length..].starts_with(|c: char| c.is_ascii_digit())
        && words
            .measures
            .iter()
            .any(|m| [&m.objects, &m.bare].iter().any(|list| list.at_end(before).is_some()))
}

/// Whether a bracket holds a numeral only.
fn is_ordinal(bracket: &str) -> bool {
    let inside = bracket.trim_matches(['(', ')', '（', '）']);
    inside.len() < bracket.len()
        && !inside.is_empty()
        && inside.chars().all(|c| "一二三四五六七八九十".contains(c) || c.is_ascii_digit())
}

/// Bytes of the bracket or title that a text begins with: `（…）`, `《…》`.
pub(super) fn enclosed(text: &str) -> Option<usize> {
    const LONGEST: usize = 600;
    let close = match text.chars().next()? {
        '（' => ['）', ')'],
        '(' => [')', '）'],
        '《' => ['》', '》'],
        '〔' => ['〕', '〕'],
        '【' => ['】', '】'],
        _ => return None,
    };
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let at = text[..end].find(close)?;
    Some(at + text[at..].chars().next().map_or(0, char::len_utf8))
}
