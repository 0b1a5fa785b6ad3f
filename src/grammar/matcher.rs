//! One automaton that finds every label of a form in a skeleton.
//!
//! Labels are compiled without blanks and punctuation, as they stand in a skeleton. A row's label is also compiled by
//! its heads and tails of at least four letters that no other label contains: a label that is wrapped around its
//! numbers, cut by a page or has one wrong character still shows who it is.

use super::{Section, Table};
use crate::lines::Skeleton;
use crate::lines::skeleton::flag;
use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Fewest letters of a part of a label that can stand for it.
const SHORTEST_PART: usize = 4;

/// How much of a label was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// All of it.
    Whole,
    /// Its beginning.
    Head,
    /// Its end.
    Tail,
}

/// What a found label is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The name of the report.
    Title,
    /// The heading of a section.
    Section(usize),
    /// A word that frames a table.
    Frame(usize),
    /// A column header: table, column.
    Column(usize, usize),
    /// A row label: table, row.
    Row(usize, usize, Part),
}

/// A label found in a skeleton.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which pattern, for [`Matcher::roles`].
    pub pattern: u32,
    /// First byte in the skeleton, the label's own ordinal included.
    pub start: u32,
    /// One past the last byte in the skeleton.
    pub end: u32,
}

/// All labels of a form.
pub struct Matcher {
    automaton: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
    roles: Vec<Vec<Role>>,
    /// Whether the pattern's text begins with the ordinal of its label.
    patterns: Vec<String>,
}

impl fmt::Debug for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Matcher").field("patterns", &self.patterns.len()).finish_non_exhaustive()
    }
}

impl Matcher {
    /// Compiles the labels of a form.
    pub(super) fn new(
        titles: &[String],
        sections: &[Section],
        tables: &[Table],
        frames: &[&[String]],
    ) -> Result<Self, String> {
        let mut all: BTreeMap<String, BTreeSet<Role>> = BTreeMap::new();
        let mut add = |text: String, role: Role| {
            if !text.is_empty() {
                all.entry(text).or_default().insert(role);
            }
        };
        for title in titles {
            add(letters(title), Role::Title);
        }
        for (at, section) in sections.iter().enumerate() {
            for title in &section.titles {
                add(letters(title), Role::Section(at));
                // with its numeral it is longer than a row label that begins alike: （六）其他
                add(letters(&format!("{}{title}", section.ordinal)), Role::Section(at));
            }
        }
        for (t, table) in tables.iter().enumerate() {
            for word in frames[t] {
                let (ordinal, body) = split_ordinal(word);
                if ordinal.is_none() || body.chars().count() >= SHORTEST_PART {
                    add(body, Role::Frame(t));
                }
                add(letters(word), Role::Frame(t));
            }
            for (c, column) in table.columns.iter().enumerate() {
                for label in &column.labels {
                    add(letters(label), Role::Column(t, c));
                }
            }
            for (r, row) in table.rows.iter().enumerate() {
                for label in &row.labels {
                    let (ordinal, body) = split_ordinal(label);
                    // 其他 and 总计 are also headers: as rows they need their ordinal
                    let long = body.chars().count() >= SHORTEST_PART;
                    if ordinal.is_none() || long {
                        add(body, Role::Row(t, r, Part::Whole));
                    }
                    // an ideograph belongs to its label; a digit may be the end of a glued number
                    if ordinal.is_some_and(|o| !long || !o.is_ascii_digit()) {
                        add(letters(label), Role::Row(t, r, Part::Whole));
                    }
                }
            }
        }
        let whole: Vec<String> = all.keys().cloned().collect();
        for (t, table) in tables.iter().enumerate() {
            for (r, row) in table.rows.iter().enumerate() {
                for label in &row.labels {
                    let own = |other: &str| {
                        row.labels
                            .iter()
                            .any(|l| split_ordinal(l).1 == other || letters(l) == other)
                    };
                    for (part, text) in parts(&split_ordinal(label).1) {
                        if whole.iter().all(|other| own(other) || !other.contains(&text)) {
                            all.entry(text).or_default().insert(Role::Row(t, r, part));
                        }
                    }
                }
            }
        }
        let patterns: Vec<String> = all.keys().cloned().collect();
        let roles = all
            .into_values()
            .map(|roles| {
                // a whole label outranks a part of the same row
                let whole = roles.iter().any(|r| matches!(r, Role::Row(_, _, Part::Whole)));
                roles
                    .into_iter()
                    .filter(|r| !whole || !matches!(r, Role::Row(_, _, Part::Head | Part::Tail)))
                    .collect()
            })
            .collect();
        let automaton = if patterns.is_empty() {
            None
        } else {
            let numbered = patterns.iter().zip(0u32..);
            let built = CharwiseDoubleArrayAhoCorasickBuilder::new()
                .match_kind(MatchKind::LeftmostLongest)
                .build_with_values(numbered)
                .map_err(|error| error.to_string())?;
            Some(built)
        };
        Ok(Self { automaton, roles, patterns })
    }

    /// All labels in a skeleton, in order, without overlaps, the longest at each place.
    pub fn find(&self, skeleton: &Skeleton, hits: &mut Vec<Hit>) {
        hits.clear();
        let Some(automaton) = &self.automaton else { return };
        let found = automaton.leftmost_find_iter(&skeleton.text).map(|m| Hit {
            pattern: m.value(),
            start: m.start() as u32,
            end: m.end() as u32,
        });
        // `3.其他` needs its point: the 3 of `00003其他` may be a value
        let is_whole = |hit: &Hit| {
            let digit = skeleton.text.as_bytes()[hit.start as usize].is_ascii_digit();
            !digit || skeleton.flags_before(hit.start + 1) & (flag::MARK | flag::CLOSE) != 0
        };
        hits.extend(found.filter(is_whole));
    }

    /// What a pattern can be; most have one role.
    pub fn roles(&self, pattern: u32) -> &[Role] {
        &self.roles[pattern as usize]
    }

    /// The letters of a pattern, for `dump`.
    pub fn text(&self, pattern: u32) -> &str {
        &self.patterns[pattern as usize]
    }
}

/// Heads and tails of a label, longest first.
fn parts(body: &str) -> Vec<(Part, String)> {
    let chars: Vec<char> = body.chars().collect();
    let mut out = Vec::new();
    for length in (SHORTEST_PART..chars.len()).rev() {
        out.push((Part::Head, chars[..length].iter().collect()));
        out.push((Part::Tail, chars[chars.len() - length..].iter().collect()));
    }
    out
}

/// A label as it stands in a skeleton: letters and digits only.
pub fn letters(label: &str) -> String {
    Skeleton::new(label).text
}

/// `（一）予以公开` → its ordinal and its letters; `规章` has none.
///
/// ```
/// use nianbao::grammar::matcher::split_ordinal;
/// assert_eq!(split_ordinal("2.重复申请"), (Some('2'), "重复申请".to_owned()));
/// assert_eq!(split_ordinal("三、本年度办理结果"), (Some('三'), "本年度办理结果".to_owned()));
/// assert_eq!(split_ordinal("第二十条第（一）项").0, None);
/// ```
pub fn split_ordinal(label: &str) -> (Option<char>, String) {
    let mut chars = label.chars().filter(|c| !c.is_whitespace()).peekable();
    let bracket = chars.next_if(|c| matches!(c, '（' | '(')).is_some();
    let ordinal =
        chars.next().filter(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(*c));
    let closed = chars
        .next()
        .is_some_and(|c| if bracket { matches!(c, '）' | ')') } else { ".、．,，".contains(c) });
    match ordinal {
        Some(ordinal) if closed => (Some(ordinal), letters(&chars.collect::<String>())),
        _ => (None, letters(label)),
    }
}
