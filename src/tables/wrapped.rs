//! Labels that stand around their numbers: `（一）予以 | 37 | 7` and `公开` in the next line, or `1.属于国家秘03密`.
//!
//! Without its numbers the text of a table is its labels one behind the other. What is a label there, and has the numbers
//! of one row within it, is that row's label.

use super::evidence::{Evidence, Label};
use super::find::own_role;
use super::grid::in_brackets;
use super::text::floor;
use crate::fold::{self, Class};
use crate::grammar::{Grammar, Part, Role};
use crate::lines::Skeleton;
use crate::number::{self, Money};
use crate::span::Span;

/// Bytes of letters behind a table in which its last label may go on.
const LONGEST_REST: u32 = 40 * 3;

/// The letters of a table without its numbers.
struct Letters {
    text: String,
    /// Where each run of letters begins, here and in the skeleton.
    runs: Vec<(u32, u32)>,
    /// How many letters, in bytes, stand before each row.
    before: Vec<u32>,
}

/// Gives rows the labels that stand around them.
pub(super) fn join(
    grammar: &Grammar,
    table: usize,
    source: &str,
    skeleton: &Skeleton,
    evidence: &mut Evidence,
) {
    let form = &grammar.tables[table];
    let mut labelled = vec![false; form.rows.len()];
    for label in evidence.labels.iter().filter(|label| label.part == Part::Whole) {
        labelled[label.row] = true;
    }
    let in_order = evidence.rows.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start);
    if labelled.iter().all(|labelled| *labelled) || !in_order || evidence.rows.is_empty() {
        return;
    }
    let letters = Letters::of(skeleton, evidence);
    let mut joined: Vec<Span> = Vec::new();
    for (start, end, pattern) in grammar.matcher.labels_in(&letters.text) {
        let role = own_role(grammar.matcher.roles(pattern), table);
        let Some(Role::Row(_, row, Part::Whole)) = role else { continue };
        let says = |unit: &usize| {
            evidence.pieces_of(&evidence.rows[*unit]).iter().any(|piece| !piece.is_nothing())
        };
        let before = |at: u32| letters.before.partition_point(|before| *before < at);
        // behind its ordinal alone, and before its letters: `（一） | 37 | 7` and `予以公开` in the next line
        let ordinal = form.rows[row].ordinal;
        let is_headed = |unit: usize| {
            letters.before[unit] > start
                || (ordinal.is_some()
                    && ordinal == ordinal_before(source, evidence.rows[unit].span))
        };
        let within = (before(start)..before(end)).filter(|unit| is_headed(*unit));
        let [unit] = within.filter(says).collect::<Vec<_>>()[..] else { continue };
        // a page number within the label, and its numbers behind it: which is which nobody says
        let is_next = |unit: &usize| {
            says(unit) && ordinal_before(source, evidence.rows[*unit].span).is_none()
        };
        let next = (before(end)..before(end + 1)).find(is_next);
        if let Some(next) = next {
            for both in [unit, next] {
                let own = &mut evidence.rows[both];
                (own.foreign, own.unknown) = (Some(own.span), true);
            }
            continue;
        }
        let tail = letters.source(skeleton, letters.before[unit], end);
        let head = if letters.before[unit] > start {
            letters.source(skeleton, start, letters.before[unit])
        } else {
            tail
        };
        let around = head.join(tail);
        let is_another = |label: &Label| {
            label.part == Part::Whole
                && label.row != row
                && around.start <= label.span.start
                && label.span.end <= around.end
        };
        if evidence.labels.iter().any(is_another) {
            continue;
        }
        joined.extend([head, tail]);
        evidence.labels.retain(|label| {
            label.row != row || label.span.end <= around.start || around.end <= label.span.start
        });
        let at = evidence.labels.partition_point(|label| label.span.start < head.start);
        evidence.labels.insert(
            at,
            Label {
                row,
                part: Part::Whole,
                span: around,
                before_unit: unit,
                words: None,
                breaks_off: false,
            },
        );
        let own = &mut evidence.rows[unit];
        (own.foreign, own.unknown) = (None, false);
        own.stated = own.stated.or_else(|| stated_at(source, tail.end));
        let last = own.pieces.1 as usize - 1;
        evidence.pieces[last].followed = false;
    }
    if joined.is_empty() {
        return;
    }
    // words that are all letters of these labels are no other row's
    let is_joined = |words: Span| {
        joined.iter().any(|part| part.start < words.end && words.start < part.end)
            && letters_of(skeleton, words)
                .all(|at| joined.iter().any(|part| part.start <= at && at < part.end))
    };
    for row in &mut evidence.rows {
        row.foreign = row.foreign.filter(|words| !is_joined(*words));
    }
    for label in &mut evidence.labels {
        label.words = label.words.filter(|words| !is_joined(*words));
    }
    evidence.loose.retain(|words| !is_joined(*words));
    // 其他 in 2.其他法律行政法规禁止公开 is no header
    evidence.header.retain(|head| !is_joined(head.span));
    let end = joined.iter().map(|part| part.end).max().unwrap_or(0);
    evidence.span.end = evidence.span.end.max(end);
}

/// The unit of money in brackets directly behind a label, perhaps over a line end: `采购（元⏎）`.
fn stated_at(source: &str, end: u32) -> Option<Money> {
    let behind = source[end as usize..].trim_start();
    let is = |class: Class| move |c: char| fold::table().class(c) == class;
    let close = behind.starts_with(is(Class::Open)).then(|| behind.find(is(Class::Close)))??;
    in_brackets(&behind[..close].split_whitespace().collect::<String>())
}

impl Letters {
    fn of(skeleton: &Skeleton, evidence: &Evidence) -> Self {
        let from = floor(&skeleton.text, skeleton.at_source(evidence.span.start));
        let to =
            (skeleton.at_source(evidence.span.end) + LONGEST_REST).min(skeleton.text.len() as u32);
        let to = floor(&skeleton.text, to);
        let mut letters = Self { text: String::new(), runs: Vec::new(), before: Vec::new() };
        let mut at = from;
        for row in &evidence.rows {
            let place = |source| floor(&skeleton.text, skeleton.at_source(source));
            let (start, end) = (place(row.span.start), place(row.span.end));
            letters.add(skeleton, at, start.max(at));
            letters.before.push(letters.text.len() as u32);
            at = end.max(at);
        }
        letters.add(skeleton, at, to.max(at));
        letters
    }

    /// Letters without digits, which are ordinals here.
    fn add(&mut self, skeleton: &Skeleton, from: u32, to: u32) {
        let text = &skeleton.text[from as usize..to as usize];
        let mut at = from;
        for run in text.split_inclusive(|c: char| c.is_ascii_digit()) {
            let own = run.trim_end_matches(|c: char| c.is_ascii_digit());
            if !own.is_empty() {
                self.runs.push((self.text.len() as u32, at));
                self.text.push_str(own);
            }
            at += run.len() as u32;
        }
    }

    /// Where letters stand in the source.
    fn source(&self, skeleton: &Skeleton, start: u32, end: u32) -> Span {
        let place = |at: u32| {
            let (here, there) = self.runs[self.runs.partition_point(|(here, _)| *here <= at) - 1];
            there + (at - here)
        };
        skeleton.source_span(place(start), place(end - 1) + 1)
    }
}

/// The numeral of the ordinal that stands directly before a row: `（七）12`.
pub fn ordinal_before(source: &str, row: Span) -> Option<char> {
    const LONGEST: u32 = 24;
    let before =
        &source[floor(source, row.start.saturating_sub(LONGEST)) as usize..row.start as usize];
    let before = before.trim_end_matches(|c: char| c.is_whitespace() || c == '|');
    let own = number::ends_with(before)?;
    let numeral =
        before[own.start..own.end].chars().rev().find(|c| !"）)、.．,，﹒".contains(*c))?;
    Some(fold::table().fold(numeral))
}

/// Where the letters of words stand in the source.
fn letters_of(skeleton: &Skeleton, words: Span) -> impl Iterator<Item = u32> {
    let (from, to) = (skeleton.at_source(words.start), skeleton.at_source(words.end));
    let text = skeleton.text.get(from as usize..to.max(from) as usize).unwrap_or("");
    let letters = text.char_indices().filter(|(_, c)| !c.is_ascii_digit());
    letters.map(move |(at, _)| skeleton.source_start(from + at as u32))
}
