//! The form's headings, found by title and order.
//!
//! Numerals restart, shift and double, an introduction may list all six headings, and the words of a heading also
//! stand in prose. So every occurrence is a candidate with points for how it stands, and the best ascending chain of
//! candidates is the outline.

use crate::grammar::{Grammar, Hit, Role};
use crate::lines::Skeleton;
use crate::lines::skeleton::flag;
use crate::number;
use crate::span::Span;

/// A heading of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Section of the form.
    pub section: usize,
    /// Its numeral, empty when it has none.
    pub ordinal: Span,
    /// Its title.
    pub title: Span,
}

impl Heading {
    /// Numeral and title.
    pub const fn start(&self) -> u32 {
        if self.ordinal.is_empty() { self.title.start } else { self.ordinal.start }
    }
}

/// A candidate with its points.
struct Candidate {
    heading: Heading,
    points: i32,
}

/// Titles of fewer letters are everyday words and need more evidence.
const SHORT_TITLE: u32 = 5 * 3;
/// Bytes of skeleton between a heading and its table's first word; more is prose.
const NEAR: u32 = 150;

/// Finds the sections of a form, in the form's order.
pub fn outline(grammar: &Grammar, source: &str, skeleton: &Skeleton, hits: &[Hit]) -> Vec<Heading> {
    let candidates: Vec<Candidate> = hits
        .iter()
        .enumerate()
        .flat_map(|(at, hit)| {
            let sections =
                grammar.matcher.roles(hit.pattern).iter().filter_map(|role| match role {
                    Role::Section(section) => Some(*section),
                    _ => None,
                });
            sections.map(move |section| (at, section))
        })
        .map(|(at, section)| candidate(grammar, source, skeleton, hits, at, section))
        .filter(|candidate| candidate.points > 0)
        .collect();
    best_chain(&candidates)
}

fn candidate(
    grammar: &Grammar,
    source: &str,
    skeleton: &Skeleton,
    hits: &[Hit],
    at: usize,
    section: usize,
) -> Candidate {
    let hit = hits[at];
    let mut title = skeleton.source_span(hit.start, hit.end);
    title.end += pinyin_after(&source[title.end as usize..]);
    let ordinal = number::ends_with(&source[..title.start as usize]);
    let bracketed = ordinal.is_some_and(|ordinal| ordinal.bracketed);
    let ordinal =
        ordinal.map_or(Span::default(), |own| Span::new(own.start as u32, own.end as u32));
    let begin = if ordinal.is_empty() { hit.start } else { skeleton.at_source(ordinal.start) };
    let line_start = begin == 0 || skeleton.flags_before(begin) & flag::NEWLINE != 0;
    let line_end = skeleton.flags_before(hit.end) & flag::NEWLINE != 0
        || hit.end as usize == skeleton.text.len();
    let mut points = -2;
    points += match (ordinal.is_empty(), bracketed) {
        (true, _) => 0,
        (false, false) => 4,
        (false, true) => 1,
    };
    points += 2 * i32::from(line_start) + 2 * i32::from(line_end);
    if hit.end - hit.start < SHORT_TITLE {
        points -= 2;
    }
    if let Some(table) = grammar.sections[section].table {
        let own = hits[at + 1..]
            .iter()
            .take_while(|next| next.start < hit.end + NEAR)
            .find(|next| !grammar.matcher.roles(next.pattern).contains(&Role::Title));
        let followed = own.is_some_and(|next| {
            grammar
                .matcher
                .roles(next.pattern)
                .iter()
                .any(|role| matches!(role, Role::Frame(t) | Role::Column(t, _) | Role::Row(t, ..) if *t == table))
        });
        points += 5 * i32::from(followed);
    }
    // a list of headings: the next one follows at once, on the same line
    let listed = hits.get(at + 1).is_some_and(|next| {
        let other = grammar
            .matcher
            .roles(next.pattern)
            .iter()
            .any(|r| matches!(r, Role::Section(s) if *s != section));
        let between = skeleton.breaks[skeleton.break_index(hit.end)..]
            .iter()
            .take_while(|b| b.at <= next.start)
            .any(|b| b.flags & flag::NEWLINE != 0);
        other && next.start - hit.end < 12 && !between
    });
    if listed {
        points -= 8;
    }
    Candidate { heading: Heading { section, ordinal, title }, points }
}

/// Bytes of the pinyin notes that a text begins with: `況(kuang)(kuang)`.
fn pinyin_after(text: &str) -> u32 {
    let mut rest = text;
    while let Some((note, after)) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'))
        && (1..=8).contains(&note.len())
        && note.chars().all(|c| c.is_alphabetic() && (c as u32) < 0x300)
    {
        rest = after;
    }
    (text.len() - rest.len()) as u32
}

/// The chain of candidates with rising sections that has the most points.
fn best_chain(candidates: &[Candidate]) -> Vec<Heading> {
    // only the last few hundred matter; a text made of headings must not take quadratic time
    const REACH: usize = 256;
    let mut best: Vec<(i32, Option<usize>)> = Vec::with_capacity(candidates.len());
    for (at, candidate) in candidates.iter().enumerate() {
        let before = (at.saturating_sub(REACH)..at)
            .filter(|&b| candidates[b].heading.section < candidate.heading.section)
            .max_by_key(|&b| (best[b].0, std::cmp::Reverse(b)));
        let points = candidate.points + before.map_or(0, |b| best[b].0);
        best.push((points, before));
    }
    let mut at = (0..best.len()).max_by_key(|&b| (best[b].0, std::cmp::Reverse(b)));
    let mut chain = Vec::new();
    while let Some(b) = at {
        chain.push(candidates[b].heading);
        at = best[b].1;
    }
    chain.reverse();
    chain
}
