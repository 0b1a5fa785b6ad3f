//! The text between two labels of a table → cells, marks, borders.
//!
//! Everything is read here the way it is printed; what the digits *mean* is decided later, with the form's equations.

use super::captions::Money;
use crate::atoms::Unit;
use crate::lines::fold::{self, Class};
use crate::span::Span;

/// What stands in one place of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Digits; they may be more than one cell when no border is printed.
    Number,
    /// A mark for nothing: `-`, `—`, `/`, `无`.
    Mark,
    /// A cell with nothing in it, known by its borders.
    Empty,
    /// Letters that are no label of the form.
    Text,
}

/// One printed thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// What it is.
    pub kind: Kind,
    /// Where it stands in the source text.
    pub span: Span,
    /// Its digits (with a point) in [`Tokens::digits`].
    pub digits: (u32, u32),
    /// Whether a certain border stands before it: a pipe, a tab, a line end.
    pub hard: bool,
    /// +1 or -1 when a sign or 增/减 is printed, else 0.
    pub sign: i8,
    /// The unit printed with it.
    pub unit: Option<Unit>,
    /// Whether it is marked as rounded.
    pub approximate: bool,
    /// Whether its digits stand on several lines of its cell: one number only if a sum says so.
    pub wrapped: bool,
}

/// A token of a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// A printed thing.
    Slot(Slot),
    /// A pipe.
    Pipe,
    /// A tab.
    Tab,
    /// The end of a line.
    Newline,
}

/// Reads gaps; its buffers are reused over a document.
#[derive(Debug, Default)]
pub struct Tokens {
    /// The tokens of the last gap.
    pub list: Vec<Token>,
    /// ASCII digits of all gaps.
    pub digits: String,
    /// A unit stated in brackets on its own (`（单位：万元）`, `（元）`) in the last gap, before any number.
    pub stated: Option<Money>,
    /// Cells of the row that is expected; so many digits after letters are no part of a word.
    width: usize,
    /// Whether the last letters began directly after a label or a number: the rest of a label.
    rest_of_label: bool,
}

impl Tokens {
    /// Reads the gap `span` after a label of a row with `width` cells; lines in `furniture` are passed over as line
    /// ends.
    pub fn read(&mut self, source: &str, span: Span, width: usize, furniture: &[Span]) {
        self.list.clear();
        self.stated = None;
        self.width = width;
        let mut from = span.start;
        let first = furniture.partition_point(|f| f.end <= span.start);
        for line in furniture[first..].iter().take_while(|f| f.start < span.end) {
            self.part(source, from, line.start.max(from).min(span.end), span.end);
            self.list.push(Token::Newline);
            from = line.end.clamp(from, span.end);
        }
        self.part(source, from, span.end, span.end);
    }

    fn part(&mut self, source: &str, start: u32, end: u32, gap_end: u32) {
        let text = &source[..end as usize];
        let table = fold::table();
        let mut at = start as usize;
        // whether a blank, border or mark separates the next thing from the one before
        let mut apart = !self.list.is_empty();
        let mut sign: Option<(i8, usize)> = None;
        let mut approximate = false;
        while let Some(c) = char_at(text, at) {
            let width = c.len_utf8();
            match table.class(c) {
                Class::Newline | Class::Page => {
                    self.line_end(source, &mut at, width);
                    apart = true;
                    continue;
                }
                Class::Pipe => {
                    self.list.push(Token::Pipe);
                    apart = true;
                }
                Class::Tab => {
                    self.list.push(Token::Tab);
                    apart = true;
                }
                Class::Space | Class::WideSpace | Class::Close => apart = true,
                Class::Open => {
                    at = self.bracket(text, at);
                    apart = true;
                    continue;
                }
                Class::Digit => {
                    at = self.number(text, at, apart, sign.take(), approximate, gap_end);
                    approximate = false;
                    apart = false;
                    continue;
                }
                Class::Mark => {
                    if let Some(value) = sign_of(c)
                        && next_is_digit(text, at + width)
                    {
                        sign = Some((value, at));
                    } else if is_dash(c) && stands_alone(text, start as usize, at) {
                        at = self.dash(text, at);
                        apart = true;
                        continue;
                    }
                    apart = true;
                }
                Class::Letter => {
                    if let Some((value, length)) = word_sign(&text[at..]) {
                        sign = Some((value, at));
                        at += length;
                        apart = true;
                        continue;
                    }
                    if matches!(c, '约' | '約' | '近') && next_is_digit(text, at + width) {
                        approximate = true;
                        at += width;
                        continue;
                    }
                    self.rest_of_label = !apart;
                    at = self.letters(text, at);
                    apart = false;
                    continue;
                }
            }
            at += width;
        }
    }

    /// A line end; a Markdown rule line (`|---|---|`) after it is passed over with it.
    fn line_end(&mut self, source: &str, at: &mut usize, width: usize) {
        *at += width;
        if self.list.last() != Some(&Token::Newline) {
            self.list.push(Token::Newline);
        }
        let rest = &source.as_bytes()[*at..];
        if !rest.starts_with(b"|") && !rest.starts_with(b"-") && !rest.starts_with(b":") {
            return;
        }
        let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        let rule = line.iter().all(|b| matches!(b, b'|' | b'-' | b':' | b' ' | b'\t' | b'\r'));
        if rule && memchr::memmem::find(line, b"---").is_some() {
            *at += line.len();
        }
    }

    /// `（其中修订 16 件）`: a note, not a cell. `（元）` states a unit. A bracket that does not close is nothing.
    fn bracket(&mut self, text: &str, at: usize) -> usize {
        const LONGEST_NOTE: usize = 120;
        let table = fold::table();
        let open = text[at..].chars().next().map_or(1, char::len_utf8);
        for (length, c) in text[at + open..].char_indices().take(LONGEST_NOTE) {
            match table.class(c) {
                Class::Close => {
                    let inside = &text[at + open..at + open + length];
                    if self.stated.is_none() {
                        self.stated = Money::in_brackets(inside);
                    }
                    return at + open + length + c.len_utf8();
                }
                // a label that is wrapped around its numbers may have opened this bracket
                Class::Pipe | Class::Open | Class::Newline | Class::Page => break,
                _ => {}
            }
        }
        at + open
    }

    fn number(
        &mut self,
        text: &str,
        start: usize,
        apart: bool,
        sign: Option<(i8, usize)>,
        mut approximate: bool,
        gap_end: u32,
    ) -> usize {
        let table = fold::table();
        let first = self.digits.len() as u32;
        let mut at = start;
        // a character that could not be had may have been a digit
        let unknown_before = text[..start].ends_with(UNKNOWN);
        if let Some(end) = plain_digits(text, start) {
            self.digits.push_str(&text[start..end]);
            self.push_number(
                Span::new(start as u32, end as u32),
                first,
                apart,
                sign,
                None,
                approximate,
                unknown_before || text[end..].starts_with(UNKNOWN),
            );
            return end;
        }
        let (mut point, mut grouped) = (false, false);
        let mut last_digit = start;
        while let Some(c) = text[at..].chars().next() {
            if table.class(c) == Class::Digit {
                self.digits.push(table.fold(c));
                last_digit = at;
                at += c.len_utf8();
            } else if matches!(c, '.' | '．') && !point && next_is_digit(text, at + c.len_utf8()) {
                point = true;
                self.digits.push('.');
                at += c.len_utf8();
            } else if matches!(c, ',' | '，')
                && !point
                && is_group(&self.digits[first as usize..], grouped, &text[at + c.len_utf8()..])
            {
                grouped = true;
                at += c.len_utf8();
            } else {
                break;
            }
        }
        let mut end = at;
        // `…00000002.其他`: the last digit is the ordinal of what follows, not a value
        if !point && is_ordinal(text, last_digit, at, gap_end) {
            self.digits.pop();
            end = last_digit;
        }
        // `2024 年` is no cell, also behind the digits of one: `00000002024年`
        if !point && end == at && text[skip_blanks(text, at)..].starts_with('年') {
            let keep = (self.digits.len() - first as usize).saturating_sub(4);
            self.digits.truncate(first as usize + keep);
            end = start + keep;
            if !text.is_char_boundary(end) {
                self.digits.truncate(first as usize);
            }
        }
        let mut unit = None;
        if end == at {
            let mut after = skip_blanks(text, at);
            if text[after..].starts_with(|c: char| !c.is_ascii() && table.class(c) == Class::Letter)
            {
                if text[after..].starts_with(['余', '餘', '多']) {
                    approximate = true;
                    after += 3;
                }
                if let Ok((rest, found)) = Unit::parse(&text[after..]) {
                    unit = Some(found);
                    at = text.len() - rest.len();
                    if text[at..].starts_with(['余', '餘', '多']) {
                        approximate = true;
                        at += 3;
                    }
                } else if let Some((found, length)) = multiple(&text[after..]) {
                    unit = Some(found);
                    at = after + length;
                } else if approximate {
                    at = after;
                }
            } else {
                // the usual case: nothing that could be a unit
            }
            end = at;
        }
        if (first as usize) < self.digits.len() {
            let span = Span::new(start as u32, end as u32);
            let unknown = unknown_before || text[at..].starts_with(UNKNOWN);
            self.push_number(span, first, apart, sign, unit, approximate, unknown);
        }
        at
    }

    /// Puts down the digits from `first` as a slot.
    #[expect(clippy::too_many_arguments, reason = "all that is known of a number")]
    fn push_number(
        &mut self,
        span: Span,
        first: u32,
        apart: bool,
        sign: Option<(i8, usize)>,
        unit: Option<Unit>,
        approximate: bool,
        beside_unknown: bool,
    ) {
        let digits = (first, self.digits.len() as u32);
        let from = sign.map_or(span.start, |(_, at)| at as u32);
        // digits that follow letters without a gap belong to a word (数据1), unless these are a label's own
        let after_word =
            !apart && matches!(self.list.last(), Some(Token::Slot(s)) if s.kind == Kind::Text);
        let row = self.width > 4 && (digits.1 - digits.0) as usize >= self.width;
        let glued_to_word = after_word && !self.rest_of_label && !row;
        let kind = if glued_to_word || beside_unknown { Kind::Text } else { Kind::Number };
        self.list.push(Token::Slot(Slot {
            kind,
            span: Span::new(from, span.end),
            digits,
            hard: self.hard(),
            sign: sign.map_or(0, |(value, _)| value),
            unit,
            approximate,
            wrapped: false,
        }));
    }

    /// Whether the last token is a certain border.
    fn hard(&self) -> bool {
        matches!(self.list.last(), None | Some(Token::Pipe | Token::Tab | Token::Newline))
    }

    fn letters(&mut self, text: &str, start: usize) -> usize {
        let table = fold::table();
        let mut at = start;
        while let Some(c) = text[at..].chars().next() {
            if table.class(c) != Class::Letter {
                break;
            }
            at += c.len_utf8();
        }
        let word = &text[start..at];
        if word == "人民币" && next_is_digit(text, skip_blanks(text, at)) {
            // of what follows, which says its unit itself
            return at;
        }
        let kind = if matches!(word, "无" | "無") && ends_cell(text, at) {
            Kind::Mark
        } else if word.chars().all(|c| "一二三四五六七八九十".contains(c)) {
            // the ordinal of the label that follows
            return at;
        } else {
            Kind::Text
        };
        self.push(kind, start, at);
        at
    }

    fn dash(&mut self, text: &str, start: usize) -> usize {
        let mut at = start;
        while let Some(c) = text[at..].chars().next().filter(|c| is_dash(*c)) {
            at += c.len_utf8();
        }
        self.push(Kind::Mark, start, at);
        at
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        self.list.push(Token::Slot(Slot {
            kind,
            span: Span::new(start as u32, end as u32),
            digits: (0, 0),
            hard: self.hard(),
            sign: 0,
            unit: None,
            approximate: false,
            wrapped: false,
        }));
    }
}

/// Stands for a character that the document does not tell.
const UNKNOWN: char = char::REPLACEMENT_CHARACTER;

#[inline]
fn char_at(text: &str, at: usize) -> Option<char> {
    match text.as_bytes().get(at) {
        Some(b) if b.is_ascii() => Some(*b as char),
        _ => text[at..].chars().next(),
    }
}

/// The end of ASCII digits that are a number and nothing else: no point, separator, ordinal, year or unit can follow.
fn plain_digits(text: &str, start: usize) -> Option<usize> {
    let rest = &text.as_bytes()[start..];
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let after = &rest[digits..];
    let other = after.iter().find(|b| **b != b' ');
    let plain = digits > 0
        && !matches!(after.first(), Some(b'.' | b',' | b'\\'))
        && other.is_none_or(u8::is_ascii);
    plain.then_some(start + digits)
}

/// `1.2万件`, `3亿`, `3万余件`: behind a number, how many of what, and the length of these words. 万安县 is a name.
fn multiple(text: &str) -> Option<(Unit, usize)> {
    let rest = text.strip_prefix(['万', '萬', '亿', '億'])?;
    let unit = if text.starts_with(['万', '萬']) { Unit::Wan } else { Unit::Yi };
    let rest = rest.trim_start_matches(['余', '餘', '多']);
    let rest = Unit::parse(rest).map_or(rest, |(rest, _)| rest);
    let ends = rest.chars().next().is_none_or(|c| fold::table().class(c) != Class::Letter);
    ends.then_some((unit, text.len() - rest.len()))
}

fn next_is_digit(text: &str, at: usize) -> bool {
    text[at..].chars().next().is_some_and(|c| fold::table().class(c) == Class::Digit)
}

fn skip_blanks(text: &str, at: usize) -> usize {
    // blanks begin with these bytes
    if !matches!(text.as_bytes().get(at), Some(b' ' | 0xE3 | 0xC2)) {
        return at;
    }
    at + (text[at..].len() - text[at..].trim_start_matches([' ', '\u{3000}', '\u{a0}']).len())
}

/// Exactly three digits follow a separator, and before it stand one to three, or a group already.
fn is_group(before: &str, grouped: bool, after: &str) -> bool {
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    digits == 3 && (grouped || before.len() <= 3 && !before.starts_with('0'))
}

/// Whether the digit before `at` is an ordinal: `.`, `、` or `）` follows, then letters or the next label.
fn is_ordinal(text: &str, digit: usize, at: usize, gap_end: u32) -> bool {
    let table = fold::table();
    if text[digit..].starts_with(['0', '０']) {
        return false;
    }
    let mut rest = text[at..].trim_start_matches('\\').chars();
    if !rest.next().is_some_and(|c| matches!(c, '.' | '．' | '、' | '﹒')) {
        return false;
    }
    let mut past_blanks = rest.skip_while(|c| {
        matches!(table.class(*c), Class::Space | Class::WideSpace | Class::Newline | Class::Mark)
    });
    match past_blanks.next() {
        Some(c) => matches!(table.class(c), Class::Letter | Class::Open),
        // the next label begins where the gap ends
        None => text.len() as u32 == gap_end,
    }
}

fn sign_of(c: char) -> Option<i8> {
    match c {
        '+' | '＋' => Some(1),
        '-' | '－' | '−' | '–' | '﹣' => Some(-1),
        _ => None,
    }
}

/// `减3`, `增加2`: the sign and the bytes of the word, when a digit follows.
fn word_sign(text: &str) -> Option<(i8, usize)> {
    for (word, value) in
        [("增加", 1), ("增", 1), ("减少", -1), ("減少", -1), ("减", -1), ("減", -1)]
    {
        if let Some(rest) = text.strip_prefix(word) {
            let blanks = rest.len() - rest.trim_start_matches(' ').len();
            return next_is_digit(rest, blanks).then_some((value, word.len() + blanks));
        }
    }
    None
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '－' | '−' | '–' | '—' | '―' | '─' | '/' | '／' | '\\' | '~' | '～')
}

/// Whether a dash is a cell of its own: blanks, borders or line ends on both sides.
fn stands_alone(text: &str, start: usize, at: usize) -> bool {
    let table = fold::table();
    let free = |c: Option<char>| {
        c.is_none_or(|c| {
            matches!(
                table.class(c),
                Class::Space
                    | Class::WideSpace
                    | Class::Tab
                    | Class::Newline
                    | Class::Page
                    | Class::Pipe
                    | Class::Close
            )
        })
    };
    let after = text[at..].trim_start_matches(is_dash).chars().next();
    free(text[start..at].chars().next_back()) && free(after)
}

/// Whether nothing but a border follows in this cell.
fn ends_cell(text: &str, at: usize) -> bool {
    stands_alone(text, at, at) || text[at..].is_empty()
}
