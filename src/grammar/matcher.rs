//! One automaton that finds every label of a form in a skeleton.
//!
//! Labels are compiled without blanks and punctuation, as they stand in a skeleton. A row's label is also compiled by
//! its heads and tails of at least four letters that no other label contains: a label that is wrapped around its
//! numbers, cut by a page or has one wrong character still shows who it is.

use super::{Section, Table};
use crate::lines::Skeleton;
use crate::lines::skeleton::flag;
use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};
use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Fewest letters of a part of a label that can stand for it.
const SHORTEST_PART: usize = 4;

/// Letters that a broken line can leave of a label, and that are looked up at once.
const LONGEST_PIECE: usize = 8;

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
    /// For short labels, which ordinal before them makes them which numbered label.
    by_ordinal: BTreeMap<u32, Vec<(char, u32)>>,
    /// Whether a pattern has an entry there.
    shared: Vec<bool>,
    /// Patterns that are a year, which stands in prose too: in a header other labels stand beside it.
    years: FxHashSet<u32>,
    patterns: Vec<String>,
    /// How many of the patterns are the automaton's, in order; numbered ones stand behind them.
    automatic: usize,
    /// Every run of letters within a label or header.
    pieces: FxHashSet<String>,
    /// Every whole label, for longer ones.
    labels: Vec<String>,
}

impl fmt::Debug for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Matcher").field("patterns", &self.patterns.len()).finish_non_exhaustive()
    }
}

/// What each text of a form is.
type Roles = BTreeMap<String, BTreeSet<Role>>;
/// A short label, its ordinal, and the row that it names with it, in its table.
type Numbered = (String, char, (usize, usize));

/// The labels of a form as it has them, and those that only their ordinals make one.
fn written(titles: &[String], sections: &[Section], tables: &[Table]) -> (Roles, Vec<Numbered>) {
    let mut all = Roles::new();
    let mut add = |text: String, role: Role| {
        if !text.is_empty() {
            all.entry(text).or_default().insert(role);
        }
    };
    let mut numbered: Vec<Numbered> = Vec::new();
    for title in titles {
        add(letters(title), Role::Title);
    }
    for (at, section) in sections.iter().enumerate() {
        for title in &section.titles {
            add(letters(title), Role::Section(at));
        }
    }
    for (t, table) in tables.iter().enumerate() {
        for word in &table.frame {
            let (ordinal, body) = split_ordinal(word);
            let long = body.chars().count() >= SHORTEST_PART;
            add(if ordinal.is_none() || long { body } else { letters(word) }, Role::Frame(t));
        }
        let is_used = |c: usize| table.rows.iter().any(|row| row.columns.contains(&c));
        for (c, column) in table.columns.iter().enumerate().filter(|(c, _)| is_used(*c)) {
            // one for several is found by these
            for label in column.labels.iter().filter(|_| column.of.is_empty()) {
                add(letters(label), Role::Column(t, c));
            }
        }
        for (r, row) in table.rows.iter().enumerate() {
            for label in &row.labels {
                let (ordinal, body) = split_ordinal(label);
                match ordinal {
                    // 其他 and 总计 are also headers: as rows they need their ordinal
                    Some(ordinal) if body.chars().count() < SHORTEST_PART => {
                        numbered.push((body, ordinal, (t, r)));
                    }
                    _ => add(body, Role::Row(t, r, Part::Whole)),
                }
            }
        }
    }
    for (body, ..) in &numbered {
        all.entry(body.clone()).or_default();
    }
    (all, numbered)
}

/// Adds the parts of labels of rows that no other label has.
fn add_parts(all: &mut Roles, whole: &[String], tables: &[Table]) {
    for (t, table) in tables.iter().enumerate() {
        for (r, row) in table.rows.iter().enumerate() {
            let own: Vec<String> = row.labels.iter().map(|label| split_ordinal(label).1).collect();
            for (part, text) in own.iter().flat_map(|body| parts(body)) {
                // the cheap test first: most parts were seen already, for another version of the table
                let known = all
                    .get(&text)
                    .is_some_and(|roles| roles.iter().all(|role| matches!(role, Role::Row(..))));
                if known || whole.iter().all(|other| !other.contains(&text) || own.contains(other))
                {
                    all.entry(text).or_default().insert(Role::Row(t, r, part));
                }
            }
        }
    }
}

impl Matcher {
    /// Compiles the labels of a form.
    pub(super) fn new(
        titles: &[String],
        sections: &[Section],
        tables: &[Table],
    ) -> Result<Self, String> {
        let (mut all, numbered) = written(titles, sections, tables);
        let whole: Vec<String> = all.keys().cloned().collect();
        add_parts(&mut all, &whole, tables);
        let mut patterns: Vec<String> = all.keys().cloned().collect();
        let mut roles: Vec<Vec<Role>> = all
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
            let built = CharwiseDoubleArrayAhoCorasickBuilder::new()
                .match_kind(MatchKind::LeftmostLongest)
                .build_with_values(patterns.iter().zip(0u32..))
                .map_err(|error| error.to_string())?;
            Some(built)
        };
        // a numbered label has an entry of its own behind those of the automaton
        let mut by_ordinal: BTreeMap<u32, Vec<(char, u32)>> = BTreeMap::new();
        for (body, ordinal, (t, r)) in numbered {
            let Ok(plain) = patterns.binary_search(&body) else { continue };
            let role = Role::Row(t, r, Part::Whole);
            let list = by_ordinal.entry(plain as u32).or_default();
            match list.iter().find(|(known, _)| *known == ordinal) {
                Some(&(_, own)) => roles[own as usize].push(role),
                None => {
                    list.push((ordinal, roles.len() as u32));
                    roles.push(vec![role]);
                }
            }
        }
        let automatic = patterns.len();
        patterns.extend((patterns.len()..roles.len()).map(|_| String::new()));
        for (plain, list) in &by_ordinal {
            for (ordinal, own) in list {
                patterns[*own as usize] = format!("{ordinal}{}", patterns[*plain as usize]);
            }
        }
        let shared = (0..roles.len() as u32).map(|at| by_ordinal.contains_key(&at)).collect();
        let is_year = |text: &String| {
            let year = text.get(..4).is_some_and(|year| year.bytes().all(|b| b.is_ascii_digit()));
            year && text[4..].starts_with('年')
        };
        let years = (0..).zip(&patterns).filter(|(_, text)| is_year(text)).map(|(at, _)| at);
        let years = years.collect();
        // titles are no part of a table
        let of_tables = whole.iter().filter(|label| label.len() <= 24 * 3);
        let pieces = of_tables.flat_map(|label| pieces(label)).collect();
        Ok(Self {
            automaton,
            roles,
            by_ordinal,
            shared,
            years,
            patterns,
            automatic,
            pieces,
            labels: whole,
        })
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
        hits.extend(found);
        self.part_at_borders(automaton, skeleton, hits);
        for hit in hits.iter_mut() {
            if !self.shared[hit.pattern as usize] {
                continue;
            }
            let Some(list) = self.by_ordinal.get(&hit.pattern) else { continue };
            let before = skeleton.text[..hit.start as usize].chars().next_back();
            // the 3 of `00003其他` may be a value: a numeral needs its mark
            let marked = skeleton.flags_before(hit.start) & (flag::MARK | flag::CLOSE) != 0;
            if let Some((_, own)) =
                list.iter().find(|(ordinal, _)| marked && Some(*ordinal) == before)
            {
                hit.pattern = *own;
            }
        }
        hits.retain(|hit| !self.roles[hit.pattern as usize].is_empty());
        if !self.years.is_empty() {
            self.retain_headers(hits);
        }
    }

    /// Takes the columns apart that stand beside each other and look like a part of a row's label: 其他 | 法律服务机构.
    fn part_at_borders(
        &self,
        automaton: &CharwiseDoubleArrayAhoCorasick<u32>,
        skeleton: &Skeleton,
        hits: &mut Vec<Hit>,
    ) {
        let is_part = |role: &Role| matches!(role, Role::Row(_, _, Part::Head | Part::Tail));
        // the column that a part of a label begins with, when a border stands behind it
        let column = |hit: Hit| {
            let text = &skeleton.text[hit.start as usize..hit.end as usize];
            let is_part = self.roles[hit.pattern as usize].iter().all(is_part);
            text.char_indices().skip(1).filter(|_| is_part).find_map(|(length, _)| {
                let end = hit.start + length as u32;
                let apart = skeleton.flags_before(end)
                    & (flag::TAB | flag::PIPE | flag::NEWLINE | flag::WIDE | flag::SPACE);
                let pattern = self.pattern(&text[..length]).filter(|_| apart != 0)?;
                let is_column = |role: &Role| matches!(role, Role::Column(..));
                let roles = &self.roles[pattern as usize];
                roles.iter().any(is_column).then_some(Hit { pattern, end, ..hit })
            })
        };
        let Some(first) = hits.iter().position(|hit| column(*hit).is_some()) else { return };
        let all = hits.split_off(first);
        let mut rest = all.iter().copied().peekable();
        while let Some(hit) = rest.next() {
            let Some(column) = column(hit) else {
                hits.push(hit);
                continue;
            };
            hits.push(column);
            // what stands behind the border, up to where the labels are the same again
            let next = rest.peek().map_or(u32::MAX, |next| next.start);
            let behind = automaton
                .leftmost_find_iter(&skeleton.text[column.end as usize..])
                .map(|m| Hit {
                    pattern: m.value(),
                    start: column.end + m.start() as u32,
                    end: column.end + m.end() as u32,
                })
                .take_while(|own| own.start < next);
            hits.extend(behind);
            let end = hits.last().map_or(column.end, |last| last.end);
            while rest.next_if(|next| next.start < end).is_some() {}
        }
    }

    /// The pattern with just these letters.
    fn pattern(&self, letters: &str) -> Option<u32> {
        let own = self.patterns[..self.automatic].binary_search_by(|own| own.as_str().cmp(letters));
        own.ok().map(|at| at as u32)
    }

    /// Drops years that stand beside no other label.
    fn retain_headers(&self, hits: &mut Vec<Hit>) {
        let is_label = |hit: &Hit| {
            let in_table =
                |role: &Role| matches!(role, Role::Frame(_) | Role::Column(..) | Role::Row(..));
            !self.years.contains(&hit.pattern)
                && self.roles[hit.pattern as usize].iter().any(in_table)
        };
        let beside = |at: usize| {
            let before = at.checked_sub(1).map(|before| &hits[before]);
            before.is_some_and(|before| before.end == hits[at].start && is_label(before))
                || hits.get(at + 1).is_some_and(|next| next.start == hits[at].end && is_label(next))
        };
        let keep: Vec<bool> = (0..hits.len())
            .map(|at| !self.years.contains(&hits[at].pattern) || beside(at))
            .collect();
        let mut keep = keep.into_iter();
        hits.retain(|_| keep.next().unwrap_or(true));
    }

    /// The labels in letters, without overlaps, the longest at each place: where they begin and end, and their pattern.
    pub fn labels_in(&self, letters: &str) -> Vec<(u32, u32, u32)> {
        let found = self.automaton.iter().flat_map(|all| all.leftmost_find_iter(letters));
        found.map(|hit| (hit.start() as u32, hit.end() as u32, hit.value())).collect()
    }

    /// What a pattern can be; most have one role.
    pub fn roles(&self, pattern: u32) -> &[Role] {
        &self.roles[pattern as usize]
    }

    /// Whether letters are a piece of some label: a header that is broken over lines leaves such pieces.
    pub fn is_piece(&self, letters: &str) -> bool {
        self.pieces.contains(letters)
            || (letters.len() > 3 * LONGEST_PIECE
                && self.labels.iter().any(|label| label.contains(letters)))
    }

    /// Whether a label begins or ends with these letters: one that is torn leaves such beside its neighbours.
    pub fn is_end(&self, letters: &str) -> bool {
        self.labels.iter().any(|label| label.starts_with(letters) || label.ends_with(letters))
    }

    /// Whether letters are a row's whole label, its ordinal aside, of other tables only: 合计 in a table that has no such row.
    pub fn is_row_elsewhere(&self, letters: &str, table: usize) -> bool {
        let Some(plain) = self.pattern(letters) else { return false };
        let numbered = self.by_ordinal.get(&plain).into_iter().flatten();
        let patterns = numbered.map(|(_, own)| *own as usize).chain([plain as usize]);
        let mut rows =
            patterns.flat_map(|pattern| &self.roles[pattern]).filter_map(|role| match role {
                Role::Row(of, _, Part::Whole) => Some(*of),
                _ => None,
            });
        rows.next().is_some_and(|first| first != table && rows.all(|of| of != table))
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

/// All runs of letters of a label, up to [`LONGEST_PIECE`].
fn pieces(label: &str) -> Vec<String> {
    let starts: Vec<usize> = label.char_indices().map(|(at, _)| at).chain([label.len()]).collect();
    let ends = |from: usize| from + 1..starts.len().min(from + LONGEST_PIECE + 1);
    let runs = (0..starts.len() - 1).flat_map(|from| ends(from).map(move |to| (from, to)));
    runs.map(|(from, to)| label[starts[from]..starts[to]].to_owned()).collect()
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
