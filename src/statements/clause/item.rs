//! An item of a list: what a part of a number is, and how many.

use super::super::letters::enclosed;
use super::super::words::{Measure, Words};
use super::{fail, filler, is_tail, whole, word};
use crate::number::Amount;
use nom::branch::alt;
use nom::{IResult, Parser};

/// The first amount of an item of a list, what stands before it, and where it begins.
pub(in super::super) fn item<'t>(
    words: &Words,
    text: &'t str,
) -> Option<(&'t str, Amount<'t>, usize)> {
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let numeral = c.is_ascii_digit() || "零两一二三四五六七八九十约近数".contains(c);
        let after_digit = text[..at]
            .ends_with(|c: char| c.is_ascii_digit() || matches!(c, '第' | '.' | '〔' | '['));
        if let Some(length) = enclosed(&text[at..]) {
            at += length;
            continue;
        }
        if numeral
            && !after_digit
            && let Ok((rest, amount)) = whole(words, &text[at..])
            && !amount.unit.is_empty()
            && is_tail(words, rest)
        {
            return Some((&text[..at], amount, text.len() - rest.len()));
        }
        at += c.len_utf8();
    }
    None
}

/// An item that begins with its amount, and what follows that: 2件予以公开.
pub(in super::super) fn item_first<'t>(
    words: &Words,
    text: &'t str,
) -> Option<(&'t str, Amount<'t>)> {
    let (rest, amount) = whole(words, text).ok()?;
    (!amount.unit.is_empty()).then_some((rest, amount))
}

/// Whether an item of a list counts what these words name: the name, words that may follow it, and the number.
pub(in super::super) fn is_of<'t>(words: &Words, measure: &Measure, name: &'t str) -> bool {
    let names = if measure.info { &measure.objects } else { &measure.parts };
    let mut text = name;
    // 通过, 在, 一是
    let lead = |text: &'t str| -> IResult<&'t str, &'t str> {
        alt((word(&words.others.prepositions), word(&words.parts), word(&words.fillers)))
            .parse(text)
    };
    while names.at_start(text).is_none() {
        match lead(text) {
            Ok((rest, _)) => text = rest,
            Err(_) => return false,
        }
    }
    let Some(length) = names.at_start(text) else { return false };
    let mut rest = &text[length..];
    while !rest.is_empty() {
        let more = |text: &'t str| filler(words, text);
        let verb = |text: &'t str| word(&measure.verbs).parse(text);
        let closer = |text: &'t str| word(&words.closers).parse(text);
        let answer = |text: &'t str| {
            ["答复", "申请"]
                .iter()
                .find_map(|word| text.strip_prefix(word))
                .map_or_else(|| fail(text), |rest| Ok((rest, "")))
        };
        match alt((more, verb, closer, answer)).parse(rest) {
            Ok((after, _)) => rest = after,
            Err(_) => return false,
        }
    }
    true
}

/// The words of the bracket that a text begins with.
pub(in super::super) fn in_bracket(text: &str) -> Option<&str> {
    let length = enclosed(text)?;
    let open = text.chars().next().map_or(0, char::len_utf8);
    let close = text[..length].chars().next_back().map_or(0, char::len_utf8);
    Some(&text[open..length - close])
}
