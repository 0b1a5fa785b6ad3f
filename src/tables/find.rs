//! Where in a document the tables stand.
//!
//! The words of a table also occur in prose and menus (`行政许可`, `规章`), so one word proves nothing. What proves a
//! table is that its words stand *together*: labels, headers and numbers with hardly anything else between them.

use crate::fold::{self, Class};
use crate::grammar::{Grammar, Hit, Layout, Part, Role};
use crate::lines::Skeleton;
use crate::number::year;
use crate::span::Span;
use std::ops::Range;

/// Most letters that no label claims between two labels of one table: a note or an unknown label fits, prose does not.
const LOOSE_LETTERS: usize = 40;
/// Most such letters between two parts of one table that continue each other (a note under a page break).
const BRIDGE_LETTERS: usize = 400;
/// Least evidence for a table, in points of [`Cluster::score`].
const LEAST_SCORE: usize = 5;

/// The hits that make up a table: a range of the document's hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// Which table of the grammar.
    pub table: usize,
    /// First hit.
    pub first: usize,
    /// One past the last hit.
    pub end: usize,
    /// How many rows of the table are labelled.
    pub rows: usize,
    /// The first hit of another table of this kind further on: a second report in the same document.
    pub second: Option<usize>,
    /// Whether that one stands in the same report, says other things, and nothing tells which is the report's own.
    pub rival: bool,
    /// The year that the report is on, if the reader of its title was asked.
    pub year: Option<i32>,
}

#[derive(Clone, Debug)]
struct Cluster {
    first: usize,
    end: usize,
    /// Whole rows count two, parts of rows, headers and frame words one, each kind once.
    score: usize,
    first_row: usize,
    last_row: usize,
    rows: usize,
    /// Whether it has words of the header, or others that are in tables only.
    has_header: bool,
    /// The year that stands over it, or over the part that it goes on with.
    year: Option<i32>,
}

/// Finds the tables of a form; a table that is not there has no region. Of the versions of a table the one with more
/// labelled rows counts.
pub fn regions(
    grammar: &Grammar,
    skeleton: &Skeleton,
    hits: &[Hit],
) -> Vec<(usize, Option<Region>)> {
    let mut found: Vec<Vec<Cluster>> =
        (0..grammar.tables.len()).map(|table| clusters(grammar, skeleton, hits, table)).collect();
    let own = own_report(grammar, hits, &found);
    let mut regions: Vec<(usize, Option<Region>)> = Vec::with_capacity(grammar.tables.len());
    for (at, table) in grammar.tables.iter().enumerate() {
        // one whose columns the document names has no region of its own
        let found = if table.printed {
            None
        } else {
            region(grammar, skeleton, hits, at, &mut found[at], &own)
        };
        match table.variant_of {
            None => regions.push((at, found)),
            Some(base) => {
                let known = &mut regions[base];
                let rows = |region: &Option<Region>| region.map_or(0, |r| r.rows);
                let better = rows(&found) > rows(&known.1)
                    || (rows(&found) == rows(&known.1)
                        && !table.has_columns_of(&grammar.tables[known.0])
                        && has_more_of_its_header(grammar, hits, found, known.1));
                if better {
                    *known = (at, found);
                }
            }
        }
    }
    regions
}

/// Whether a version of a table with other columns has its header, and more of it than the first version.
fn has_more_of_its_header(
    grammar: &Grammar,
    hits: &[Hit],
    own: Option<Region>,
    first: Option<Region>,
) -> bool {
    let (Some(own), Some(first)) = (own, first) else { return own.is_some() };
    let (own, first) = (columns_named(grammar, hits, own), columns_named(grammar, hits, first));
    own.0 > 0 && own.1 < first.1
}

/// How many columns of a table its hits name, and how many not.
fn columns_named(grammar: &Grammar, hits: &[Hit], region: Region) -> (usize, usize) {
    let hits = &hits[region.first..region.end];
    let roles = || hits.iter().flat_map(|hit| grammar.matcher.roles(hit.pattern));
    let columns = &grammar.tables[region.table].rows[0].columns;
    let is_named = |c: &&usize| roles().any(|role| *role == Role::Column(region.table, **c));
    let named = columns.iter().filter(is_named).count();
    (named, columns.len() - named)
}

/// Which hits are the report's own: behind tables of several kinds, tables of the same kinds begin again where another
/// body's report follows, or one of another year; behind a title one alone is enough. The report is the first of them that
/// has a title, or that of the latest year.
fn own_report(grammar: &Grammar, hits: &[Hit], found: &[Vec<Cluster>]) -> Range<usize> {
    let is_title = |hit: &Hit| grammar.matcher.roles(hit.pattern).contains(&Role::Title);
    // the words of a table printed across stand in prose too
    let is_down = |at: &usize| grammar.tables[*at].layout == Layout::Down;
    let mut in_order: Vec<(usize, &Cluster)> = (0..found.len())
        .filter(is_down)
        .flat_map(|at| {
            let kind = grammar.kind(at);
            let most = found[at].iter().map(|cluster| cluster.score).max().unwrap_or(0);
            // prose names a few rows too
            let is_solid = move |cluster: &&Cluster| {
                cluster.has_header && cluster.rows > 1 && cluster.score * 2 >= most.max(LEAST_SCORE)
            };
            found[at].iter().filter(is_solid).map(move |cluster| (kind, cluster))
        })
        .collect();
    in_order.sort_by_key(|(_, cluster)| cluster.first);
    // where each begins, its year, and whether its title stands before it
    let mut reports: Vec<(usize, Option<i32>, bool)> = vec![(0, None, false)];
    // how far down each kind of table was seen in the report, and which was the last
    let mut seen: Vec<Option<usize>> = vec![None; found.len()];
    let (mut last, mut end) = (None, 0);
    for (kind, cluster) in in_order {
        let again = seen[kind].is_some_and(|row| row >= cluster.first_row);
        let titled = || hits[end..cluster.first.max(end)].iter().any(is_title);
        if again && (last != Some(kind) || titled()) {
            seen.fill(None);
            reports.push((cluster.first, cluster.year, titled()));
        } else if last.is_none() {
            (reports[0].1, reports[0].2) = (cluster.year, titled());
        }
        seen[kind] = seen[kind].max(Some(cluster.last_row));
        (last, end) = (Some(kind), cluster.end);
    }
    let mut own = 0;
    for at in 1..reports.len() {
        if reports[own].1.zip(reports[at].1).is_some_and(|(own, other)| other > own) {
            own = at;
        }
    }
    // another body's tables without a title, before those under the title
    if !reports[own].2 {
        own = reports.iter().position(|report| report.2).unwrap_or(own);
    }
    let from = reports[own].0;
    from..reports.get(own + 1).map_or(usize::MAX, |(next, ..)| *next)
}

fn region(
    grammar: &Grammar,
    skeleton: &Skeleton,
    hits: &[Hit],
    table: usize,
    clusters: &mut Vec<Cluster>,
    own: &Range<usize>,
) -> Option<Region> {
    let of_others: Vec<Cluster> =
        clusters.extract_if(.., |cluster| !own.contains(&cluster.first)).collect();
    // the same table for two years: the report is on the later; the year before a row's name in prose is none of a table
    let is_solid = |cluster: &&Cluster| cluster.score >= LEAST_SCORE;
    let latest = clusters.iter().filter(is_solid).filter_map(|cluster| cluster.year).max();
    let latest = latest.or_else(|| clusters.iter().filter_map(|cluster| cluster.year).max());
    clusters.retain(|cluster| cluster.year.is_none() || cluster.year == latest);
    let clusters = &clusters[..];
    // a menu names rows too, but it has no header
    let is_table = |cluster: &&Cluster| cluster.has_header && cluster.score >= LEAST_SCORE;
    let is_headed = clusters.iter().any(|cluster| is_table(&cluster));
    let tables = || clusters.iter().filter(|cluster| !is_headed || is_table(cluster));
    let most = tables().map(|cluster| cluster.score).max()?;
    if most < LEAST_SCORE {
        return None;
    }
    // of those that are nearly as good the first: a second report in the same document comes later
    let good = |cluster: &Cluster| {
        cluster.score >= LEAST_SCORE
            && cluster.score * 4 >= most * 3
            && (!is_headed || cluster.has_header)
    };
    let best = clusters.iter().position(good)?;
    let (mut first, mut end) = (clusters[best].first, clusters[best].end);
    let (mut first_row, mut last_row) = (clusters[best].first_row, clusters[best].last_row);
    let mut rows = clusters[best].rows;
    for next in &clusters[best + 1..] {
        if next.rows == 0
            || next.first_row <= last_row
            || !bridged(grammar, skeleton, hits, table, end - 1, next.first)
        {
            break;
        }
        (end, last_row) = (next.end, next.last_row);
        rows += next.rows;
    }
    for previous in clusters[..best].iter().rev() {
        if previous.rows == 0
            || previous.last_row >= first_row
            || !bridged(grammar, skeleton, hits, table, previous.end - 1, first)
        {
            break;
        }
        (first, first_row) = (previous.first, previous.first_row);
        rows += previous.rows;
    }
    if rows < grammar.tables[table].least {
        return None;
    }
    // nearly as much of it again, behind this one, and a header: a menu names rows too
    let again = |other: &&Cluster| {
        other.first >= end && other.has_header && other.rows > 2 && other.rows * 3 > rows * 2
    };
    let beside = clusters.iter().find(again);
    let second = beside.or_else(|| of_others.iter().find(again)).map(|other| other.first);
    let rows_of = |range: Range<usize>| -> Vec<usize> {
        let roles = hits[range].iter().flat_map(|hit| grammar.matcher.roles(hit.pattern));
        let mut rows: Vec<usize> = roles
            .filter_map(|role| match role {
                Role::Row(of, row, Part::Whole) if *of == table => Some(*row),
                _ => None,
            })
            .collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    };
    let rival = beside.is_some_and(|other| {
        let (own, others) = (rows_of(first..end), rows_of(other.first..other.end));
        // the rest of the table behind a note repeats none of its rows
        let repeated = others.iter().filter(|row| own.contains(row)).count();
        repeated * 3 > own.len() * 2
            && (clusters[best].year.is_none() || other.year.is_some())
            && !is_same(skeleton, &hits[first..end], hits[other.first])
    });
    Some(Region { table, first, end, rows, second, rival, year: None })
}

/// Whether a table is printed once more, to the letter.
fn is_same(skeleton: &Skeleton, table: &[Hit], second: Hit) -> bool {
    let [first, .., last] = table else { return false };
    let length = (last.end - first.start) as usize;
    let text = |from: u32| skeleton.text.as_bytes().get(from as usize..from as usize + length);
    text(first.start) == text(second.start)
}

/// Whether two parts can be one table: near each other, and no other section or table between them.
fn bridged(
    grammar: &Grammar,
    skeleton: &Skeleton,
    hits: &[Hit],
    table: usize,
    from: usize,
    to: usize,
) -> bool {
    loose_letters(skeleton, hits, from, to) <= BRIDGE_LETTERS
        && hits[from + 1..to]
            .iter()
            .all(|hit| !is_wall(grammar.matcher.roles(hit.pattern), *hit, table))
}

fn clusters(grammar: &Grammar, skeleton: &Skeleton, hits: &[Hit], table: usize) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::new();
    let mut open: Option<Open> = None;
    let down = grammar.tables[table].layout == Layout::Down;
    let close = |open: Option<Open>| {
        open.map(|open| cluster(grammar, skeleton, hits, table, (open.first, open.last)))
    };
    for (at, hit) in hits.iter().enumerate() {
        let roles = grammar.matcher.roles(hit.pattern);
        if roles.iter().any(|role| belongs(*role, table)) {
            let near = |open: &Open| loose_letters(skeleton, hits, open.last, at) <= LOOSE_LETTERS;
            open = match open.take() {
                Some(known) if near(&known) => Some(known),
                other => {
                    clusters.extend(close(other));
                    None
                }
            };
            let own = own_role(roles, table);
            // rows that begin again behind a header or a year are another table: last year's, another body's
            // of which a part of a label says enough behind a year alone
            let year = |header: usize| year_before(skeleton, hits, header).is_some();
            if let (Some(known), Some(Role::Row(_, row, part)), true) = (&open, own, down)
                && (part == Part::Whole || known.header.is_some_and(|(header, _)| year(header)))
                && (known.rows.last() != Some(&row)
                    || known.header.is_some_and(|(header, _)| year(header)))
                && (known.rows.last() > Some(&row) || known.rows.contains(&row))
                && let Some((header, last)) =
                    known.header.or_else(|| year(at).then_some((at, known.last_row)))
                && (known.rows.contains(&row) || (known.rows.last() > Some(&row) && year(header)))
            {
                let before = Open { last, ..Open::at(known.first) };
                clusters.extend(close(Some(before)));
                open = Some(Open::at(header));
            }
            let open = open.get_or_insert_with(|| Open::at(at));
            open.last = at;
            match own {
                Some(Role::Row(_, row, part)) => {
                    // a part of a label does not say yet whether it is another row
                    if part == Part::Whole {
                        open.header = None;
                        if open.rows.last() != Some(&row) {
                            open.rows.push(row);
                        }
                    }
                    open.last_row = at;
                }
                // a header begins with its year; what stands before is the last row's label, as in（七）1 2 3 总计
                _ if year(at) => open.header = Some((at, open.last_row)),
                _ => open.header = open.header.or(Some((at, open.last_row))),
            }
        } else if is_wall(roles, *hit, table) {
            clusters.extend(close(open.take()));
        }
    }
    clusters.extend(close(open));
    for at in 0..clusters.len() {
        let before = at.checked_sub(1).map(|before| &clusters[before]);
        let goes_on = before.filter(|before| before.last_row < clusters[at].first_row);
        // it may stand behind the first words of the header, which are the rest of a label before
        let is_row = |at: &usize| {
            let own = own_role(grammar.matcher.roles(hits[*at].pattern), table);
            matches!(own, Some(Role::Row(..)))
        };
        let first = clusters[at].first;
        let mut header = (first..clusters[at].end).take_while(|at| *at == first || !is_row(at));
        let year = header.find_map(|at| year_before(skeleton, hits, at));
        clusters[at].year = year.or(goes_on.and_then(|before| before.year));
    }
    clusters
}

/// A cluster that may go on.
struct Open {
    first: usize,
    last: usize,
    last_row: usize,
    /// Rows labelled so far, in the order of the text.
    rows: Vec<usize>,
    /// The first word of the header behind the last whole row, and the last part of a row before it.
    header: Option<(usize, usize)>,
}

impl Open {
    const fn at(first: usize) -> Self {
        Self { first, last: first, last_row: first, rows: Vec::new(), header: None }
    }
}

/// The year that stands directly before a hit: `2021年度：`.
fn year_before(skeleton: &Skeleton, hits: &[Hit], first: usize) -> Option<i32> {
    const NEAR: u32 = 48;
    let end = hits[first].start;
    let before = first.checked_sub(1).map_or(0, |before| hits[before].end);
    let mut from = end.saturating_sub(NEAR).max(before).min(end) as usize;
    while !skeleton.text.is_char_boundary(from) {
        from += 1;
    }
    let text = &skeleton.text[from..end as usize];
    let mut years = text.match_indices('年').filter_map(|(at, _)| {
        year::year(text.get(at.checked_sub(4)?..)?).ok().map(|(_, year)| year)
    });
    // 2021年 2022年: two tables side by side
    let last = years.next_back();
    last.filter(|last| years.all(|other| other == *last))
}

fn cluster(
    grammar: &Grammar,
    skeleton: &Skeleton,
    hits: &[Hit],
    table: usize,
    (first, last): (usize, usize),
) -> Cluster {
    let form = &grammar.tables[table];
    let role_at = |at: usize| own_role(grammar.matcher.roles(hits[at].pattern), table);
    let is_row = |at: &usize| matches!(role_at(*at), Some(Role::Row(..)));
    let is_head = |at: &usize| {
        matches!(role_at(*at), Some(Role::Column(..) | Role::Frame(_)))
            && hits[*at].end - hits[*at].start > 6
    };
    // a table begins with its header: row words before it are prose, unless no header is there
    let mut start = first;
    if form.layout == Layout::Down
        && let Some(head) = (first..=last).find(is_head)
        && let Some(next) = (head..=last).find(is_row)
    {
        // unless it is the name of a group of rows, in a table without a header
        let row = |at: usize| match role_at(at) {
            Some(Role::Row(_, row, _)) => Some(row),
            _ => None,
        };
        let before = (first..head).rev().find_map(row);
        let is_group = !(head..next).any(|at| matches!(role_at(at), Some(Role::Column(..))))
            && before.is_some_and(|before| Some(before) < row(next));
        if !is_group {
            // short words of the same header before it: 总计, 其他
            let is_header =
                |at: &usize| matches!(role_at(*at), Some(Role::Column(..) | Role::Frame(_)));
            start = head - (first..head).rev().take_while(is_header).count();
        }
    }
    // and it ends with its last row, or (side by side) with its last header
    let end = match form.layout {
        Layout::Down => {
            let end = (start..=last).rev().find(|at| is_row(at)).unwrap_or(last) + 1;
            // a word behind its label or its number: without it a number behind that would be nobody's
            let between = |at: usize| {
                skeleton.text.as_bytes().get(hits[at - 1].end as usize..hits[at].start as usize)
            };
            let is_behind =
                |at: usize| between(at).is_some_and(|text| text.iter().all(u8::is_ascii_digit));
            let is_frame = |at: usize| matches!(role_at(at), Some(Role::Frame(_)));
            end + usize::from(end <= last && is_behind(end) && is_frame(end))
        }
        Layout::Across => last + 1,
    };
    let mut rows = vec![0usize; form.rows.len()];
    let mut columns = vec![0usize; form.columns.len()];
    let mut frames = 0;
    for hit in &hits[start..end] {
        for role in grammar.matcher.roles(hit.pattern).iter().filter(|r| belongs(**r, table)) {
            match *role {
                Role::Row(_, r, part) => {
                    rows[r] = rows[r].max(if part == Part::Whole { 2 } else { 1 });
                }
                Role::Column(_, c) => columns[c] = 1,
                _ => frames = 1,
            }
        }
    }
    let found = rows.iter().filter(|r| **r > 0).count();
    let score = rows.iter().sum::<usize>() + columns.iter().sum::<usize>() + frames;
    Cluster {
        first: start,
        end,
        score,
        first_row: rows.iter().position(|r| *r > 0).unwrap_or(0),
        last_row: rows.iter().rposition(|r| *r > 0).unwrap_or(0),
        rows: found,
        has_header: frames + columns.iter().sum::<usize>() > 0,
        year: None,
    }
}

/// What a label is in this table; a row before a header, a header before a frame.
pub(super) fn own_role(roles: &[Role], table: usize) -> Option<Role> {
    roles.iter().copied().filter(|role| belongs(*role, table)).max()
}

/// Takes out what a form calls a word of the frame and is a note between a row's label and its number: the unit in
/// `（一）文件数（单位：条） 96`, or any other where only numbers follow it to the end of its line. As a label of its own it would
/// end the row before its number, and behind the last row the table, so that the number would be nobody's.
pub fn drop_notes(grammar: &Grammar, source: &str, skeleton: &Skeleton, hits: &mut Vec<Hit>) {
    let starts: Vec<u32> = hits.iter().skip(1).map(|hit| hit.start).collect();
    let mut before: Option<Hit> = None;
    let mut at = 0;
    hits.retain(|hit| {
        let next = starts.get(at).copied();
        at += 1;
        let Some(label) = before.replace(*hit) else { return true };
        let roles = grammar.matcher.roles(hit.pattern);
        let is_frame = |role: &Role| match role {
            Role::Frame(table) => (grammar.matcher.roles(label.pattern).iter())
                .any(|row| matches!(row, Role::Row(of, _, Part::Whole) if of == table)),
            _ => false,
        };
        if is_in_note(grammar, source, skeleton, label, *hit) {
            return false;
        }
        if label.end != hit.start || !roles.iter().all(is_frame) {
            return true;
        }
        let from = skeleton.source_span(label.start, label.end).end;
        let to = skeleton.source_span(hit.start, hit.end).end;
        let between = &source[from as usize..skeleton.source_start(hit.start) as usize];
        if between.contains(['\n', '|', '\t']) {
            return true;
        }
        let says = grammar.matcher.text(hit.pattern);
        let unit = says.trim_start_matches("计量").strip_prefix("单位");
        if unit.is_some_and(|unit| super::beside::is_unit(unit).is_some()) {
            return false;
        }
        let rest = &source[to as usize..];
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        let is_last = next
            .is_none_or(|next| skeleton.source_start(next) as usize >= to as usize + line.len());
        !(is_last && line.contains(char::is_numeric))
    });
}

/// Whether a row's label stands in brackets behind another row's: 行政许可（含上年结转）.
fn is_in_note(
    grammar: &Grammar,
    source: &str,
    skeleton: &Skeleton,
    label: Hit,
    inside: Hit,
) -> bool {
    const LONGEST: usize = 60;
    let has = |hit: Hit, is: fn(&Role) -> bool| grammar.matcher.roles(hit.pattern).iter().any(is);
    let is = |class: Class| move |c: char| fold::table().class(c) == class;
    let from = skeleton.source_span(label.start, label.end).end as usize;
    let inside_span = skeleton.source_span(inside.start, inside.end);
    let start = (inside_span.start as usize).max(from);
    if start - from > LONGEST {
        return false;
    }
    let before = &source[from..start];
    // no further: of a text without line ends all of it would be looked at for every label
    let to = super::text::floor(source, inside_span.end.saturating_add(LONGEST as u32));
    let behind = Span::new(inside_span.end, to.max(inside_span.end)).of(source);
    has(label, |role| matches!(role, Role::Row(_, _, Part::Whole)))
        && has(inside, |role| matches!(role, Role::Row(..)))
        && before.trim_start().starts_with(is(Class::Open))
        && !before.contains(is(Class::Close))
        && behind.find(is(Class::Close)).is_some_and(|end| {
            let is_other = |c| is(Class::Open)(c) || is(Class::Digit)(c) || c == '\n';
            !behind[..end].contains(is_other)
        })
}

/// Whether a role is of this table.
fn belongs(role: Role, table: usize) -> bool {
    matches!(role, Role::Frame(t) | Role::Column(t, _) | Role::Row(t, ..) if t == table)
}

/// Whether a label says that another table or section begins: none of its roles is of this table. A short word like
/// 其他 says nothing.
fn is_wall(roles: &[Role], hit: Hit, table: usize) -> bool {
    const SHORT: u32 = 3 * 3;
    let section = roles.iter().any(|role| matches!(role, Role::Section(_)));
    !roles.iter().any(|role| belongs(*role, table) || *role == Role::Title)
        && (section || hit.end - hit.start > SHORT)
}

/// Letters between two hits that neither a hit nor a digit claims.
fn loose_letters(skeleton: &Skeleton, hits: &[Hit], from: usize, to: usize) -> usize {
    let mut loose = 0;
    let mut at = hits[from].end as usize;
    for hit in &hits[from + 1..=to] {
        let between = skeleton.text.as_bytes().get(at..hit.start as usize).unwrap_or(&[]);
        // a lead byte counts for its character, digits do not count
        loose += between.iter().filter(|b| **b >= 0xC0 || b.is_ascii_alphabetic()).count();
        at = hit.end as usize;
    }
    loose
}
