//! A stretch of text as its words are looked for: without blanks and emphasis, folded, with the way back.

use super::period::{self, Period};
use crate::fold;
use std::ops::Range;

/// A stretch of the text without blanks and emphasis, folded letter for letter.
#[derive(Debug, Default)]
pub(super) struct Letters {
    pub(super) folded: String,
    /// For each letter its byte in `folded`, its byte in the source, and whether a blank stands before it.
    pub(super) places: Vec<(usize, usize, bool)>,
}

impl Letters {
    pub(super) fn of(source: &str, from: usize, to: usize) -> Self {
        let table = fold::table();
        let mut letters = Self::default();
        let mut blank = false;
        for (at, c) in source[from..to].char_indices() {
            if !is_kept(c) {
                blank = true;
                continue;
            }
            letters.places.push((letters.folded.len(), from + at, blank));
            letters.folded.push(table.fold(c));
            blank = false;
        }
        letters
    }

    /// The last period that is named.
    pub(super) fn period(&self) -> Option<Period> {
        period::last(&self.folded, |at| {
            let place = self.places.partition_point(|(folded, ..)| *folded < at);
            self.places.get(place).is_some_and(|(_, _, blank)| *blank)
        })
    }

    /// Where a byte of the folded text stands in the source.
    pub(super) fn source(&self, at: usize) -> Option<usize> {
        let next = self.places.partition_point(|(folded, ..)| *folded < at);
        self.places.get(next).map(|(_, source, _)| *source)
    }

    /// The words of a part of the text, parted by blanks.
    pub(super) fn tokens(&self, from: usize, to: usize) -> Vec<Token<'_>> {
        let at = |byte: usize| self.places.partition_point(|(folded, ..)| *folded < byte);
        let (first, last) = (at(from), at(to));
        let mut tokens = Vec::new();
        let mut from = first;
        let is_blank = |at: usize| at == last || at == first || self.places[at].2;
        // 鲁 山 县: letters spaced one by one are one word
        let is_single = |at: usize| at < last && is_blank(at) && is_blank(at + 1);
        for next in first + 1..=last {
            let is_spaced = is_single(next - 1) && is_single(next);
            if next == last || self.places[next].2 && !is_spaced {
                tokens.push(self.token(from..next));
                from = next;
            }
        }
        tokens
    }

    /// All letters of a part of the text as one word.
    pub(super) fn whole(&self, from: usize, to: usize) -> Option<Token<'_>> {
        let at = |byte: usize| self.places.partition_point(|(folded, ..)| *folded < byte);
        (from < to).then(|| self.token(at(from)..at(to)))
    }

    /// All letters of a range as one word.
    fn token(&self, range: Range<usize>) -> Token<'_> {
        let byte = |at: usize| self.places.get(at).map_or(self.folded.len(), |place| place.0);
        let folded = &self.folded[byte(range.start)..byte(range.end)];
        Token { folded, places: &self.places[range] }
    }
}

/// Letters between two blanks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub(super) folded: &'t str,
    places: &'t [(usize, usize, bool)],
}

impl Token<'_> {
    /// Where it begins in the source.
    pub(super) fn source(self) -> Option<usize> {
        self.places.first().map(|(_, source, _)| *source)
    }
}

/// Where a byte of the joined words stands in the source.
pub(super) fn source_of(tokens: &[Token<'_>], mut at: usize) -> Option<usize> {
    for token in tokens {
        if at < token.folded.len() {
            let first = token.places.first()?.0;
            let place = token.places.partition_point(|(folded, ..)| *folded < first + at);
            return token.places.get(place).map(|(_, source, _)| *source);
        }
        at -= token.folded.len();
    }
    None
}

/// A folded name as printed from a place on; none where other letters stand between its own.
pub(super) fn printed(source: &str, at: usize, name: &str) -> Option<String> {
    let count = name.chars().count();
    let printed: String = source[at..].chars().filter(|c| is_kept(*c)).take(count).collect();
    let table = fold::table();
    printed.chars().map(|c| table.fold(c)).eq(name.chars()).then_some(printed)
}

fn is_kept(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '\u{FEFF}' | '\u{200B}' | '*' | '#')
}

/// The letters of a text without any blanks.
pub(super) fn compact(text: &str) -> String {
    text.chars().filter(|c| is_kept(*c)).collect()
}
