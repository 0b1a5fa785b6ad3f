//! The headings of a document: which of the form's sections stand where, by title, ordinal, key words and order.
//!
//! Numerals restart, shift and double, an introduction may list all six headings, and the words of a heading also
//! stand in prose. So every occurrence is a candidate with points for how it stands, and the best ascending chain of
//! candidates is the outline. Candidates are the titles that the form knows, wherever they stand, and lines that look
//! like headings: their section is the one whose key words they have, or else the one of their numeral.
//!
//! Reports without the form's tables have their sections in an order of their own. Where more headings of theirs have
//! rising numerals than the form's order allows, these are the outline.

use super::heading::Heading;
use super::lines::Line;
use crate::grammar::{Grammar, Hit, Role};
use crate::lines::Skeleton;
use crate::lines::skeleton::flag;
use crate::number;
use crate::span::Span;

/// A candidate with its points.
#[derive(Clone, Copy)]
struct Candidate {
    heading: Heading,
    points: i32,
    style: Style,
    /// Whether a header or frame of its table follows.
    has_table: bool,
}

/// How the numeral of a heading is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// None is.
    Bare,
    /// `一、`
    Plain,
    /// `（一）`, `1.`: sub-headings, where others are plain.
    Inner,
}

/// Titles of fewer letters are everyday words and need more evidence.
const SHORT_TITLE: u32 = 5 * 3;
/// Bytes of skeleton between a heading and its table's first word; more is prose.
const NEAR: u32 = 150;

/// Finds the sections of a form, in the form's order; `lines` are those that look like headings.
pub fn outline(
    grammar: &Grammar,
    source: &str,
    skeleton: &Skeleton,
    hits: &[Hit],
    lines: &[Line],
) -> Vec<Heading> {
    let finder = Finder { grammar, source, skeleton, hits };
    let known = hits.iter().enumerate().flat_map(|(at, hit)| {
        let roles = grammar.matcher.roles(hit.pattern).iter();
        let sections = roles.filter_map(|role| match role {
            Role::Section(section) => Some(*section),
            _ => None,
        });
        sections.map(move |section| (at, section))
    });
    let mut candidates: Vec<Candidate> =
        known.map(|(at, section)| finder.title(at, section)).collect();
    let words: Vec<Words> = lines.iter().map(|line| finder.words(line, &candidates)).collect();
    let is_sure = has_several(&candidates, &words);
    candidates
        .extend((0..lines.len()).filter_map(|at| finder.line(lines, at, &words[at], is_sure)));
    candidates.retain(|candidate| candidate.points > 0);
    without_inner(&mut candidates);
    candidates.sort_by_key(|c| (c.heading.title.start, c.heading.title.end));
    best_chain(&candidates)
}

/// Whether a document has several sections of the form, as their words say: only then does a numeral alone say one.
fn has_several(titles: &[Candidate], words: &[Words]) -> bool {
    const FEWEST: usize = 3;
    let titles = titles.iter().filter(|c| c.style == Style::Plain).map(|c| c.heading.section);
    let lines = words.iter().filter_map(|words| match words {
        Words::Of(section) => Some(*section),
        Words::Among(_) | Words::NoHeading => None,
    });
    let mut sections: Vec<usize> = titles.chain(lines).collect();
    sections.sort_unstable();
    sections.dedup();
    sections.len() >= FEWEST
}

/// Where headings are plain, those with brackets and digits are below them, unless their table says otherwise.
fn without_inner(candidates: &mut Vec<Candidate>) {
    const FEWEST: usize = 2;
    let plain = candidates.iter().filter(|c| c.style == Style::Plain);
    let mut sections: Vec<usize> = plain.map(|c| c.heading.section).collect();
    sections.sort_unstable();
    sections.dedup();
    if sections.len() >= FEWEST {
        candidates.retain(|c| c.style != Style::Inner || c.has_table);
    }
}

/// The headings of a report without tables, in its own order: rising numerals, and key words for each.
pub fn narrative(grammar: &Grammar, skeleton: &Skeleton, lines: &[Line]) -> Vec<Heading> {
    let keyed: Vec<(usize, Candidate)> = lines
        .iter()
        .filter_map(|line| {
            let [section] = keyed(grammar, skeleton, line.title)[..] else { return None };
            let heading = Heading { section, ordinal: line.ordinal, title: line.title };
            Some((
                line.number,
                Candidate { heading, points: 1, style: Style::Plain, has_table: false },
            ))
        })
        .collect();
    let rank = |at: usize| keyed[at].0;
    chain(&keyed.iter().map(|(_, candidate)| *candidate).collect::<Vec<_>>(), rank)
}

/// The sections whose key words weigh most in a title; none where it has none.
fn keyed(grammar: &Grammar, skeleton: &Skeleton, title: Span) -> Vec<usize> {
    let (start, end) = (skeleton.at_source(title.start), skeleton.at_source(title.end));
    let words = &skeleton.text[start as usize..end as usize];
    let mut best = (0, Vec::new());
    for (at, section) in grammar.sections.iter().enumerate() {
        let keys = section.keys.iter().filter(|key| words.contains(key.as_str()));
        let weight: usize = keys.map(String::len).sum();
        if weight > best.0 {
            best = (weight, vec![at]);
        } else if weight == best.0 && weight > 0 {
            best.1.push(at);
        }
    }
    best.1
}

/// What the words of a line say.
enum Words {
    /// It is the heading of this section.
    Of(usize),
    /// It can be that of one of these, or of any where there are none.
    Among(Vec<usize>),
    /// It is not one heading.
    NoHeading,
}

struct Finder<'d> {
    grammar: &'d Grammar,
    source: &'d str,
    skeleton: &'d Skeleton,
    hits: &'d [Hit],
}

impl Finder<'_> {
    /// A title that the form knows.
    fn title(&self, at: usize, section: usize) -> Candidate {
        let (hit, skeleton) = (self.hits[at], self.skeleton);
        let mut title = skeleton.source_span(hit.start, hit.end);
        title.end += pinyin_after(&self.source[title.end as usize..]);
        let before = &self.source[..title.start as usize];
        let ordinal = number::ends_with(before);
        let style = match ordinal {
            None => Style::Bare,
            Some(own) if own.bracketed => Style::Inner,
            Some(own) if before[own.start..].starts_with(|c: char| c.is_ascii_digit()) => {
                Style::Inner
            }
            Some(_) => Style::Plain,
        };
        let bracketed = ordinal.is_some_and(|ordinal| ordinal.bracketed);
        let ordinal =
            ordinal.map_or(Span::default(), |own| Span::new(own.start as u32, own.end as u32));
        let begin = if ordinal.is_empty() { hit.start } else { skeleton.at_source(ordinal.start) };
        let line_start = begin == 0 || skeleton.flags_before(begin) & flag::NEWLINE != 0;
        // a heading glued to the prose before it
        let behind_sentence = style == Style::Plain
            && self.source[..ordinal.start as usize].trim_end().ends_with('。');
        let line_end = skeleton.flags_before(hit.end) & flag::NEWLINE != 0
            || hit.end as usize == skeleton.text.len();
        let mut points = -2;
        points += match (ordinal.is_empty(), bracketed) {
            (true, _) => 0,
            (false, false) => 4,
            (false, true) => 1,
        };
        points += 2 * i32::from(line_start || behind_sentence) + 2 * i32::from(line_end);
        if hit.end - hit.start < SHORT_TITLE {
            // 4、其他事项统筹不够: an item of a list
            points -= if style == Style::Inner && !line_end { 4 } else { 2 };
        }
        let has_table = self.has_table(section, at + 1, hit.end, false);
        points += 5 * i32::from(self.has_table(section, at + 1, hit.end, true));
        if self.is_listed(at, section) {
            points -= 8;
        }
        Candidate { heading: Heading { section, ordinal, title }, points, style, has_table }
    }

    /// A line that looks like a heading. Where its words leave it open, its numeral says whose: of those that its words
    /// allow, or in a document of the form of any, where the lines around it have the numerals around its own.
    fn line(&self, lines: &[Line], at: usize, words: &Words, is_sure: bool) -> Option<Candidate> {
        /// Points of a numeral at the start of a line, and of the line's end.
        const ALONE: i32 = 6;
        let line = &lines[at];
        let of_ordinal = self.grammar.sections.iter().position(|section| {
            !section.ordinal.is_empty() && section.ordinal == numeral_of(line.number)
        });
        let is_number =
            |near: Option<&Line>, number: usize| near.is_some_and(|line| line.number == number);
        let before = at.checked_sub(1).and_then(|before| lines.get(before));
        let after = lines.get(at + 1);
        let begins = at == 0 && line.number == 1 || is_number(before, line.number - 1);
        let in_order = begins && (after.is_none() || is_number(after, line.number + 1));
        let (section, mut points) = match words {
            Words::Of(known) => (*known, ALONE + 1 + i32::from(of_ordinal == Some(*known))),
            Words::Among(list) if list.is_empty() && is_sure && in_order => {
                (of_ordinal?, ALONE / 2)
            }
            Words::Among(list) => (of_ordinal.filter(|own| list.contains(own))?, ALONE),
            Words::NoHeading => return None,
        };
        let end = self.skeleton.at_source(line.title.end);
        let next = self.hits.partition_point(|hit| hit.start < end);
        let has_table = self.has_table(section, next, end, false);
        points += 5 * i32::from(self.has_table(section, next, end, true));
        let heading = Heading { section, ordinal: line.ordinal, title: line.title };
        Some(Candidate { heading, points, style: Style::Plain, has_table })
    }

    /// What the words of a line say; `titles` are the known ones of the document.
    fn words(&self, line: &Line, titles: &[Candidate]) -> Words {
        let first = titles.partition_point(|c| c.heading.title.end <= line.title.start);
        let within = titles[first..].iter().map(|c| c.heading);
        let within: Vec<Heading> =
            within.take_while(|heading| heading.title.start < line.title.end).collect();
        let known = match within[..] {
            [] => None,
            [one] if one.title.end <= line.title.end => Some(one),
            _ => return Words::NoHeading,
        };
        // a known title is not always all of its heading: …及改进情况和建议; nor always its heading: 主动公开的基本情况
        let length = |title: Span| title.end - title.start;
        let is_most = |one: &Heading| {
            one.title.start == line.title.start && length(one.title) * 10 > length(line.title) * 6
        };
        if let Some(one) = known.filter(is_most) {
            return Words::Of(one.section);
        }
        let keyed = keyed(self.grammar, self.skeleton, line.title);
        match (&keyed[..], known) {
            ([one], _) => Words::Of(*one),
            ([], Some(known)) => Words::Of(known.section),
            _ => Words::Among(keyed),
        }
    }

    /// Whether the first label behind a heading is of its table; one of a row alone can also stand in prose.
    fn has_table(&self, section: usize, next: usize, end: u32, with_rows: bool) -> bool {
        let Some(table) = self.grammar.sections[section].table else { return false };
        let roles = |hit: &Hit| self.grammar.matcher.roles(hit.pattern);
        let own = self.hits[next..]
            .iter()
            .take_while(|next| next.start < end + NEAR)
            .find(|next| !roles(next).contains(&Role::Title));
        own.is_some_and(|next| {
            roles(next).iter().any(|role| match role {
                Role::Frame(t) | Role::Column(t, _) => *t == table,
                Role::Row(t, ..) => with_rows && *t == table,
                Role::Title | Role::Section(_) => false,
            })
        })
    }

    /// Whether a title stands in a list of headings: the next one follows at once, on the same line.
    fn is_listed(&self, at: usize, section: usize) -> bool {
        let (hit, skeleton) = (self.hits[at], self.skeleton);
        self.hits.get(at + 1).is_some_and(|next| {
            let mut roles = self.grammar.matcher.roles(next.pattern).iter();
            let other = roles.any(|role| matches!(role, Role::Section(s) if *s != section));
            let between = skeleton.breaks[skeleton.break_index(hit.end)..]
                .iter()
                .take_while(|b| b.at <= next.start)
                .any(|b| b.flags & flag::NEWLINE != 0);
            other && next.start - hit.end < 12 && !between
        })
    }
}

/// The numeral of a number up to ten.
fn numeral_of(number: usize) -> &'static str {
    const NUMERALS: [&str; 11] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    NUMERALS.get(number).copied().unwrap_or_default()
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
    chain(candidates, |at| candidates[at].heading.section)
}

/// The chain of candidates with rising ranks that has the most points.
fn chain(candidates: &[Candidate], rank: impl Fn(usize) -> usize) -> Vec<Heading> {
    // only the last few hundred matter; a text made of headings must not take quadratic time
    const REACH: usize = 256;
    let mut best: Vec<(i32, Option<usize>)> = Vec::with_capacity(candidates.len());
    for (at, candidate) in candidates.iter().enumerate() {
        let before = (at.saturating_sub(REACH)..at)
            .filter(|&b| rank(b) < rank(at))
            .filter(|&b| candidates[b].heading.title.end <= candidate.heading.start())
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
