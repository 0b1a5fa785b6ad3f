//! Text → the evidence of a table: what stands between its labels, line by line and border by border.
//!
//! A row is what is printed behind its label. Words that are no label begin another row; they never take a place among a
//! row's cells, unless borders or the number of its cells say that they are one.

use super::aside;
use super::evidence::{Evidence, Extent, Head, HeaderCell, Label, Piece, PrintedRow, Ruler, Said};
use super::find::{Region, own_role};
use super::pieces::{SHORT_WORD, Stretch, Token, is_unit, number_like, piece, rule_line};
use super::said::{self, Measure};
use crate::document::drawn::is_rule;
use crate::fold::{self, Class};
use crate::grammar::matcher::split_ordinal;
use crate::grammar::{Grammar, Hit, Layout, Part, Role, Row};
use crate::lines::Skeleton;
use crate::number::{self, Money, Printed, Unit};
use crate::span::Span;

/// Longest gap, in bytes, that is read after the last label of a table.
const LONGEST_TAIL: u32 = 4000;
/// Bytes behind a header in which numbers are looked for that became no row.
const FIRST_LINES: u32 = 200;
/// Bytes before a table's first label in which its ordinal or bracket stands.
const LONGEST_ORDINAL: u32 = 16;
/// Most characters of a line that is a cell with words.
const LONGEST_CELL: usize = 12;

/// Collects the evidence of one table.
pub(super) fn collect(
    grammar: &Grammar,
    source: &str,
    skeleton: &Skeleton,
    hits: &[Hit],
    region: Region,
) -> Evidence {
    let table = &grammar.tables[region.table];
    let widest = match table.layout {
        Layout::Down => table.rows.iter().map(|r| r.columns.len()).max().unwrap_or(1),
        Layout::Across => table.cell_count(),
    };
    let start = skeleton.source_start(hits[region.first].start);
    let aside = aside::columns(grammar, source, skeleton, hits, region);
    let mut reader = Reader {
        grammar,
        table: region.table,
        few_pipes: false,
        closed: true,
        source,
        evidence: Evidence { year: region.year, ..Evidence::default() },
        stretch: Stretch::default(),
        unknown: false,
        foreign: None,
        of_another_row: None,
        joined: None,
        of_another: None,
        group: None,
        units: table.unit_column || aside.units,
        unit: None,
    };
    // a table with borders has one at every label
    let pipes =
        |text: &str| text.chars().filter(|c| fold::table().class(*c) == Class::Pipe).count();
    let labels = region.end - region.first;
    let to = floor(
        source,
        skeleton.source_span(hits[region.end - 1].start, hits[region.end - 1].end).end
            + FIRST_LINES,
    );
    let text = Span::new(start, to).of(source);
    let count = pipes(text);
    reader.few_pipes = count > 0 && count * 4 < labels;
    // the last line may be cut
    let whole = &text[..text.rfind('\n').unwrap_or(0)];
    reader.closed = count == 0 || whole.lines().all(is_closed);
    let first = own_role(grammar.matcher.roles(hits[region.first].pattern), region.table);
    if matches!(first, Some(Role::Row(..))) {
        let columns = table.rows.iter().map(|row| row.columns.len()).max().unwrap_or(0);
        for word in header_above(source, start, columns) {
            reader.head(Head::Foreign, word, skeleton);
        }
    }
    let heads = |hit: &&Hit| {
        let roles = grammar.matcher.roles(hit.pattern);
        roles.iter().any(|role| matches!(role, Role::Section(_) | Role::Title))
    };
    let section = hits[region.end..].iter().find(heads);
    let section = section.map_or(source.len() as u32, |hit| skeleton.source_start(hit.start));
    // words glued to the first label are its own
    let known = region
        .first
        .checked_sub(1)
        .map_or(0, |hit| skeleton.source_span(hits[hit].start, hits[hit].end).end);
    let line = source[..start as usize].rfind('\n').map_or(0, |at| at as u32 + 1);
    let mut end = known.max(line).min(start);
    let has_codes = table.rows.iter().any(|row| !row.codes.is_empty());
    let mut coded: Option<usize> = None;
    // labels without their code before them, and with it
    let mut codes = [0usize; 2];
    for at in region.first..region.end {
        let hit = hits[at];
        let span = skeleton.source_span(hit.start, hit.end);
        if is_repeated(grammar, region.table, source, skeleton, &hits[at..region.end]) {
            continue;
        }
        let mut role = own_role(grammar.matcher.roles(hit.pattern), region.table);
        let is_coded = coded.is_some();
        if let Some(row) = coded.take() {
            // of rows with one label the one whose code is printed
            role = Some(Role::Row(region.table, row, Part::Whole));
        }
        let next = hits.get(at + 1);
        let next_start = next.map_or(source.len() as u32, |next| skeleton.source_start(next.start));
        let last = at + 1 == region.end;
        let ordinal = next.and_then(|next| {
            match own_role(grammar.matcher.roles(next.pattern), region.table) {
                Some(Role::Row(_, row, _)) => table.rows[row].ordinal,
                _ => None,
            }
        });
        let mut gap_end = match next {
            Some(_) => before_ordinal(source, span.end, next_start, ordinal),
            None => next_start,
        };
        if let Some(serial) = aside.serial(at + 1 - region.first) {
            gap_end = gap_end.min(serial);
        }
        let mut glued = false;
        if has_codes && let Some(next) = next {
            let gap = &source[span.end as usize..gap_end.max(span.end) as usize];
            for role in grammar.matcher.roles(next.pattern) {
                let Role::Row(of, row, Part::Whole) = *role else { continue };
                if of != region.table {
                    continue;
                }
                if let Some(length) = super::beside::before(&table.rows[row], gap) {
                    (gap_end, coded) = (span.end + length as u32, Some(row));
                    break;
                }
                glued |= super::beside::is_glued(&table.rows[row], gap);
            }
            glued &= coded.is_none();
        }
        if last {
            gap_end = gap_end.min(floor(source, span.end + LONGEST_TAIL));
        }
        let before_unit = reader.evidence.rows.len();
        let known = role;
        // 四、上年度结转 + 继续办理: the beginning of one label and the end of another are neither
        let head = reader
            .evidence
            .labels
            .last()
            .filter(|label| label.part == Part::Head && label.span.end == span.start);
        let of_two = match (role, head) {
            (Some(Role::Row(_, row, Part::Tail)), Some(head)) if head.row != row => {
                Some(head.span.join(span))
            }
            _ => None,
        };
        if let Some(Role::Row(..) | Role::Column(..)) = role
            && let Some(words) = of_two
                .or_else(|| reader.changed(role, span, Span::new(end.min(span.start), next_start)))
                .or(reader
                    .of_another
                    .map(|(words, _)| words)
                    .filter(|_| matches!(role, Some(Role::Row(..)))))
        {
            match role {
                Some(Role::Column(..)) => {
                    reader.head(Head::Foreign, words, skeleton);
                    // （七）本月总计 before numbers is a row's
                    if !reader.evidence.labels.is_empty() && before_digits(source, words.end) {
                        reader.of_another_row = Some(words);
                    }
                }
                _ => {
                    reader.of_another_row = Some(words);
                    reader.evidence.loose.push(words);
                }
            }
            role = None;
        }
        let mut row = None;
        let mut label_end = span.end;
        match role {
            Some(Role::Row(_, r, part)) => {
                let label =
                    Label { row: r, part, span, before_unit, words: None, breaks_off: false };
                reader.evidence.labels.push(label);
                row = Some(r);
                codes[usize::from(is_coded)] += 1;
                let form = &table.rows[r];
                if reader.units || !form.codes.is_empty() {
                    let gap = &source[span.end as usize..gap_end.max(span.end) as usize];
                    let (length, money) = super::beside::behind(reader.units, form, gap);
                    label_end += length as u32;
                    let stated = &reader.evidence.stated;
                    // a header that says otherwise: which, nobody knows
                    let contradicts = aside.units
                        && money.is_some()
                        && stated.iter().any(|(_, own)| Some(*own) != money);
                    reader.unit = if contradicts { Some(Money::Unknown) } else { money };
                }
                (reader.unknown, reader.group) = (false, None);
                // 行政处罚、行政强制 12: one row for two
                reader.of_another_row = reader.joined.take().map(|first| first.join(span));
                reader.foreign = None;
            }
            Some(Role::Column(_, c)) => {
                reader.head(Head::Column(c), span, skeleton);
                // 其他 or 总计 without its ordinal, and numbers behind it: a row's label, if of one row alone
                let gap = &source[span.end as usize..gap_end.max(span.end) as usize];
                if table.layout == Layout::Down
                    && !reader.evidence.labels.is_empty()
                    && gap.trim_start_matches(super::beside::is_gap).starts_with(number_like)
                {
                    reader.unknown = true;
                    reader.group = Some(with_ordinal(source, end.min(span.start), span));
                    let said = reader.group.and_then(|words| split_ordinal(words.of(source)).0);
                    let is_own = |row: &usize| said.is_none() || table.rows[*row].ordinal == said;
                    let named = one_row(grammar, region.table, span.of(source)).filter(is_own);
                    if let Some(named) = named.filter(|row| !reader.has_label(*row)) {
                        reader.evidence.labels.push(Label {
                            row: named,
                            part: Part::Whole,
                            span,
                            before_unit,
                            words: None,
                            breaks_off: false,
                        });
                        (reader.unknown, reader.foreign, reader.group) = (false, None, None);
                    }
                }
            }
            Some(Role::Frame(_)) => {
                reader.unknown = true;
                reader.frame(span, end);
                reader.head(Head::Group, span, skeleton);
                // beside a row whose label has begun it is a group's
                let has_begun =
                    |label: &Label| label.part == Part::Head && label.before_unit == before_unit;
                if is_row_of_a_version(grammar, region.table, hit)
                    && !reader.evidence.labels.last().is_some_and(has_begun)
                {
                    reader.of_another_row = Some(span);
                    reader.note_version(span.end);
                }
            }
            // （六）其他处理 over three rows, and with numbers of its own, which are none of the three's
            // words that make it another's label were noted
            None if known.is_some() => {}
            None if is_row_of_a_version(grammar, region.table, hit) => {
                reader.of_another_row = Some(span);
                reader.note_version(span.end);
            }
            None => {
                // 其他对外管理服务事项: a label of another table within words that are another row's
                let behind = letters_at(source, span.end);
                let words = span.join(behind);
                if !behind.is_empty() && !reader.is_own(words.of(source)) {
                    reader.foreign = Some(words);
                } else if behind.is_empty() && before_digits(source, span.end) {
                    // 其他 5562 among rows that have no such label
                    reader.of_another_row = Some(words);
                }
            }
            _ => {}
        }
        let width = row.map_or(widest, |r| {
            if table.layout == Layout::Down { table.rows[r].columns.len() } else { widest }
        });
        let gap = Gap {
            span: Span::new(label_end, gap_end.max(label_end)),
            width,
            row,
            last,
            whole: matches!(role, Some(Role::Row(_, _, Part::Whole)))
                && next.is_some_and(|next| is_whole(grammar, region.table, next)),
            across: table.layout == Layout::Across,
            section,
        };
        let known = reader.evidence.rows.len();
        let stated = reader.gap(gap, skeleton);
        if glued && row.is_some() {
            // where the number ends and the next row's code begins, nobody knows
            let first = reader.evidence.rows.get(known).map(|row| row.pieces.0 as usize);
            reader.evidence.rows.truncate(known);
            if let Some(first) = first {
                reader.evidence.pieces.truncate(first);
            }
            reader.evidence.labels.last_mut().expect("the row's").words = Some(gap.span);
        }
        if let (Some(unit), Some(Role::Column(_, column))) = (stated, role) {
            reader.evidence.stated.push((column, unit));
        }
        let is_column = |next: &Hit| {
            let role = own_role(grammar.matcher.roles(next.pattern), region.table);
            matches!(role, Some(Role::Column(..)))
        };
        if row.is_some() && gap.span.is_empty() && next.is_some_and(is_column) {
            // 行政处罚处理决定数量17件: a sentence
            reader.evidence.labels.last_mut().expect("it was added").words = Some(span);
        }
        if row.is_some()
            && reader.evidence.rows.len() == known
            && next.is_none()
            && says_nothing_more(grammar, &source[span.end as usize..])
        {
            reader.evidence.labels.last_mut().expect("it was added").breaks_off = true;
        }
        end = end.max(span.end);
    }
    let mut evidence = reader.evidence;
    if has_codes && codes[0] > 0 && codes[1] > 0 {
        // codes that some rows have apart are glued to numbers or ordinals in others: which, nobody knows
        evidence.rows.clear();
        evidence.pieces.clear();
        for label in &mut evidence.labels {
            (label.before_unit, label.words) = (0, Some(label.span));
        }
    }
    if let Some(row) = evidence.rows.last() {
        end = end.max(row.span.end);
    }
    evidence.loose.retain(|span| span.start < end && !is_own(grammar, span.of(source)));
    let ordinal = floor(source, start.saturating_sub(LONGEST_ORDINAL));
    evidence.span = Span::new(before_ordinal(source, ordinal, start, None), end);
    evidence.second = region.second.map(|hit| skeleton.source_span(hits[hit].start, hits[hit].end));
    evidence.rival = region.rival;
    evidence.caption = said::caption(source, 0, evidence.span.start, region.year);
    let ends = memchr::memchr_iter(b'\n', &source.as_bytes()[start as usize..end as usize]);
    evidence.line_ends = ends.map(|at| start + at as u32).collect();
    evidence.lines_dropped = lines_dropped(evidence.span.of(source));
    evidence
}

/// The cells of the line above a table's first label, when they are words or years and as many as a row has: a header of
/// which the form knows no word.
fn header_above(source: &str, label: u32, columns: usize) -> Vec<Span> {
    const FEWEST: usize = 3;
    const LONGEST: usize = 400;
    let near = floor(source, label.saturating_sub(LONGEST as u32)) as usize;
    let above = &source[near..label as usize];
    let mut lines = above.rsplit('\n').skip(1);
    let Some(line) = lines.find(|line| !line.trim().is_empty() && !is_rule(line)) else {
        return Vec::new();
    };
    let parts = |c: char| {
        matches!(fold::table().class(c), Class::Pipe | Class::Tab | Class::Space) || c == '\u{3000}'
    };
    let cells: Vec<&str> = line.split(parts).filter(|cell| !cell.is_empty()).collect();
    let is_head = |cell: &&str| {
        number::year::year(cell).is_ok_and(|(rest, _)| rest.is_empty() || rest.starts_with('年'))
            || !number::is_figure(cell)
                && cell.chars().all(|c| fold::table().class(c) == Class::Letter)
    };
    if columns < FEWEST || cells.len() < columns || !cells.iter().all(is_head) {
        return Vec::new();
    }
    let at = |cell: &str| (cell.as_ptr() as usize - source.as_ptr() as usize) as u32;
    let span = |cell: &&str| Span::new(at(cell), at(cell) + cell.len() as u32);
    cells[cells.len() - columns..].iter().map(span).collect()
}

/// Whether a number follows, on this line or behind a border: what stands before it is a whole label.
fn before_digits(source: &str, at: u32) -> bool {
    let rest = source[at as usize..].trim_start_matches(|c: char| {
        matches!(fold::table().class(c), Class::Space | Class::WideSpace | Class::Tab | Class::Pipe)
    });
    rest.starts_with(number_like)
}

/// Most characters beside a label that belong to it.
const LONGEST_BESIDE: usize = 24;

/// The words glued to a label before it, with the year that they or the label begin with.
fn glued_before<'t>(text: &'t str, label: &str) -> &'t str {
    let table = fold::table();
    let mut depth = 0;
    let is_glued = |c: &char| {
        match table.class(*c) {
            Class::Close => depth += 1,
            Class::Open => depth -= 1,
            Class::Letter => {}
            _ => return depth > 0 && *c != '\n',
        }
        true
    };
    let length: usize =
        text.chars().rev().take(LONGEST_BESIDE).take_while(is_glued).map(char::len_utf8).sum();
    let start = text.len() - length;
    let digits: usize = text[..start].chars().rev().take(4).map(char::len_utf8).sum();
    let next = if length == 0 { label } else { &text[start..] };
    let is_year = next.starts_with('年') && number::year::year(&text[start - digits..]).is_ok();
    &text[if is_year { start - digits } else { start }..]
}

/// Whether a mark joins two labels.
const fn is_and(c: char) -> bool {
    matches!(c, '、' | '/' | '／')
}

/// The words glued to a label behind it; those of a sentence go on behind a comma, and are none of its.
fn glued_behind(text: &str) -> &str {
    let table = fold::table();
    let mut depth = 0;
    let is_glued = |c: &char| {
        match table.class(*c) {
            Class::Open => depth += 1,
            Class::Close => depth -= 1,
            Class::Letter => {}
            _ => return depth > 0 && *c != '\n' || is_and(*c),
        }
        true
    };
    let length: usize =
        text.chars().take(LONGEST_BESIDE).take_while(is_glued).map(char::len_utf8).sum();
    let glued = text[..length].trim_end_matches(is_and);
    let is_sentence = text[length..].starts_with(['，', '。', '；', ',', ';']);
    if is_sentence { "" } else { glued }
}

/// A label with the ordinal before it; `from` is where the label before ends.
fn with_ordinal(source: &str, from: u32, label: Span) -> Span {
    let before = Span::new(from, label.start).of(source);
    let start = number::ends_with(before).map_or(label.start, |own| from + own.start as u32);
    Span::new(start, label.end)
}

/// The row of which a word is the label, ordinals aside, if it is of one row in all versions of a table.
fn one_row(grammar: &Grammar, table: usize, word: &str) -> Option<usize> {
    let says = |row: &&Row| row.labels.iter().any(|label| split_ordinal(label).1 == word);
    let versions =
        (0..grammar.tables.len()).filter(|other| grammar.kind(*other) == grammar.kind(table));
    let mut keys = versions
        .flat_map(|other| grammar.tables[other].rows.iter().filter(says))
        .map(|row| &row.key);
    let key = keys.next()?;
    let own = grammar.tables[table].rows.iter().position(|row| row.key == *key);
    own.filter(|_| keys.all(|other| other == key))
}

/// Whether a hit is a whole label or header, and not a part of a row's label.
fn is_whole(grammar: &Grammar, table: usize, hit: &Hit) -> bool {
    !matches!(
        own_role(grammar.matcher.roles(hit.pattern), table),
        None | Some(Role::Row(_, _, Part::Head | Part::Tail))
    )
}

/// Whether a label is a row's in another version of this table.
fn is_row_of_a_version(grammar: &Grammar, table: usize, hit: Hit) -> bool {
    let is_row = |role: &Role| match role {
        Role::Row(other, _, Part::Whole) => {
            *other != table && grammar.kind(*other) == grammar.kind(table)
        }
        _ => false,
    };
    grammar.matcher.roles(hit.pattern).iter().any(is_row)
}

/// Whether a line has no cells behind several pipes, or ends with one.
fn is_closed(line: &str) -> bool {
    let mut cells = line.rsplit(|c| fold::table().class(c) == Class::Pipe);
    let last = cells.next().unwrap_or("");
    !number::is_figure(last) || cells.nth(1).is_none()
}

/// Whether the first of these labels is a row's, and stands on its line once more, beside itself: of a cell that covers
/// several columns, each of them.
fn is_repeated(
    grammar: &Grammar,
    table: usize,
    source: &str,
    skeleton: &Skeleton,
    hits: &[Hit],
) -> bool {
    let [first, second, ..] = hits else { return false };
    let row = |hit: &Hit| match own_role(grammar.matcher.roles(hit.pattern), table) {
        Some(Role::Row(_, row, Part::Whole)) => Some(row),
        _ => None,
    };
    let between = |first: &Hit, second: &Hit| {
        let end = skeleton.source_span(first.start, first.end).end;
        let start = skeleton.source_start(second.start).max(end);
        Span::new(end, start).of(source)
    };
    let own = row(first);
    // its ordinal, and what parts columns
    let beside = || {
        let between = between(first, second);
        !between.contains(['\n', '\r'])
            && number::without_ordinal(
                between.trim_matches(|c: char| c.is_whitespace() || c == '|'),
            )
            .trim()
            .is_empty()
    };
    own.is_some() && own == row(second) && beside()
}

/// Whether no line of a table of one cell a line is there twice: numbers and headers always repeat, unless equal lines
/// were dropped.
fn lines_dropped(text: &str) -> bool {
    const FEWEST: usize = 12;
    let mut lines: Vec<&str> = text
        .lines()
        .map(|line| line.trim().trim_end_matches(['|', ' ']))
        .filter(|line| !line.is_empty())
        .collect();
    let single = lines.iter().filter(|line| !line.contains([' ', '\t', '|', '\u{3000}'])).count();
    let numbers = lines.iter().filter(|line| number::is_figure(line)).count();
    let count = lines.len();
    if count < FEWEST || single * 10 < count * 9 || numbers < 2 {
        return false;
    }
    lines.sort_unstable();
    lines.dedup();
    lines.len() == count
}

/// Where the ordinal, bracket or bullet of a label begins, which is the form's and no value; `own` is the ordinal of the
/// form. Glued to digits (`40000042.其他`) only the form's own is taken.
pub(super) fn before_ordinal(source: &str, from: u32, label: u32, own: Option<char>) -> u32 {
    let (from, label) = (from as usize, (label as usize).max(from as usize));
    let gap = &source[from..label];
    if let Some(ordinal) = number::ends_with(gap) {
        let numeral = gap[ordinal.start..ordinal.end].trim_end_matches(|c| !number_like(c));
        let is_digits = gap[ordinal.start..].starts_with(number_like);
        // （3） on a line of its own may be a number
        let is_alone = gap[ordinal.end..].contains(['\n', '\r'])
            && numeral.chars().any(|c| c.is_ascii_digit())
            && numeral.chars().rfind(char::is_ascii_digit) != own;
        if !is_digits && is_alone {
            return label as u32;
        }
        if !is_digits {
            return (from + without_bullet(&gap[..ordinal.start]).len()) as u32;
        }
        let apart = !gap[..ordinal.start].ends_with(number_like);
        let same_line = !gap[ordinal.end..].contains(['\n', '\r']);
        let last = numeral.chars().next_back();
        if last.map(|c| fold::table().fold(c)) == own
            && (apart && numeral.chars().count() == 1 || same_line)
        {
            return (from + ordinal.start + numeral.len() - last.map_or(0, char::len_utf8)) as u32;
        }
        if apart
            && same_line
            && own.is_none()
            && numeral.chars().count() == 1
            && starts_line_or_blank(&gap[..ordinal.start])
        {
            return (from + ordinal.start) as u32;
        }
        return label as u32;
    }
    if let Some(cut) = gap.trim_end().strip_suffix(['.', '．', '、']) {
        return (from + without_cut_ordinal(cut.trim_end(), own).len()) as u32;
    }
    (from + without_bullet(gap).len()) as u32
}

/// A text without the form's ordinal that stands on its last line, or before one page mark there: the mark of the ordinal
/// stands behind it, on the next page.
fn without_cut_ordinal(text: &str, own: Option<char>) -> &str {
    let mut rest = text;
    for _ in 0..2 {
        let (before, line) = rest.rsplit_once('\n').unwrap_or(("", rest));
        let mut said = line.trim().chars();
        if own.is_some()
            && said.next().map(|c| fold::table().fold(c)) == own
            && said.next().is_none()
        {
            return before;
        }
        rest = before.trim_end();
    }
    text
}

/// A text without the bullet, heading mark or bracket at its end, which belongs to the label behind it.
fn without_bullet(gap: &str) -> &str {
    let trimmed = gap.trim_end_matches([' ', '\u{3000}']);
    let bare = trimmed
        .trim_end_matches(['（', '(', '“', '"', '*', '#', '·', '•', '●', '■', '◆', '－', '-', '>']);
    let line = &bare[bare.rfind('\n').map_or(0, |at| at + 1)..];
    if bare.len() < trimmed.len() && (line.trim().is_empty() || trimmed.ends_with(['（', '(', '“']))
    {
        bare
    } else {
        gap
    }
}

fn starts_line_or_blank(before: &str) -> bool {
    before.ends_with(char::is_whitespace) || before.ends_with('|')
}

/// Whether a text behind the last label is its rest, and nothing else.
fn says_nothing_more(grammar: &Grammar, rest: &str) -> bool {
    const LONGEST: usize = 3 * 60;
    rest.len() <= LONGEST
        && !rest.chars().any(number_like)
        && (is_own(grammar, rest) || only_notes(rest))
}

/// Whether letters in a table are a piece of one of its labels, or of a caption with a unit.
pub(super) fn is_own(grammar: &Grammar, text: &str) -> bool {
    let letters = letters_of(text);
    letters.is_empty() || grammar.matcher.is_piece(&letters) || number::is_caption(&letters)
}

/// The letters that stand at a place, as many as a label may have.
fn letters_at(source: &str, at: u32) -> Span {
    const LONGEST: usize = 60;
    let table = fold::table();
    let letters = source[at as usize..].chars().take_while(|c| table.class(*c) == Class::Letter);
    let length: usize = letters.take(LONGEST).map(char::len_utf8).sum();
    Span::new(at, at + length as u32)
}

/// The letters of a piece of a label, without the label's ordinal before them.
fn letters_of(text: &str) -> String {
    let table = fold::table();
    let (_, body) = split_ordinal(text);
    body.chars().filter(|c| table.class(*c) == Class::Letter).collect()
}

/// The nearest character boundary at or before a byte.
pub(super) fn floor(text: &str, at: u32) -> u32 {
    let mut at = (at as usize).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at as u32
}

/// What stands between two labels.
#[derive(Clone, Copy)]
struct Gap {
    span: Span,
    /// Cells of the row whose label stands before, or of the widest row.
    width: usize,
    /// The row whose label stands before.
    row: Option<usize>,
    /// Whether this is the gap after the table's last label: it ends where other text begins.
    last: bool,
    /// Whether it stands between two whole labels: no piece of one is left in it.
    whole: bool,
    across: bool,
    /// Where the next section begins: labels of other tables may stand between.
    section: u32,
}

#[expect(clippy::struct_excessive_bools, reason = "each is seen by itself")]
struct Reader<'a> {
    grammar: &'a Grammar,
    table: usize,
    /// Whether pipes are too few to be the table's borders.
    few_pipes: bool,
    /// Whether no line has a number behind its last pipe.
    closed: bool,
    source: &'a str,
    evidence: Evidence,
    stretch: Stretch,
    /// Whether a group's label stands after the last row's.
    unknown: bool,
    /// The group's label.
    group: Option<Span>,
    /// Words of another row's label.
    foreign: Option<Span>,
    /// The label of a row that is none of this table's: of another version of it, or of another measure.
    of_another_row: Option<Span>,
    /// Words that say that the part of the table is of another time or body, and the labels before them.
    of_another: Option<(Span, usize)>,
    /// A label that another one is joined to.
    joined: Option<Span>,
    /// Whether units stand in a column of their own between labels and numbers.
    units: bool,
    /// The unit of money in that column, beside the label.
    unit: Option<Money>,
}

/// A row that is put together.
#[derive(Default)]
struct Open {
    bordered: bool,
    stated: Option<Money>,
}

impl Reader<'_> {
    /// Whether letters are a piece of a label, and not all of another table's.
    fn is_own(&self, text: &str) -> bool {
        is_own(self.grammar, text)
            && !self.grammar.matcher.is_row_elsewhere(&letters_of(text), self.table)
    }

    /// A label with the words glued to it, if they make it another measure's; `near` reaches from the label before it to the
    /// next.
    fn changed(&self, role: Option<Role>, label: Span, near: Span) -> Option<Span> {
        let role = role?;
        let before = Span::new(near.start, label.start).of(self.source);
        let before = glued_before(before, label.of(self.source));
        let behind = glued_behind(Span::new(label.end, near.end.max(label.end)).of(self.source));
        // an ordinal says nothing
        let says = |text: &str| {
            text.chars().any(|c| {
                fold::table().class(c) == Class::Letter && !"一二三四五六七八九十".contains(c)
            })
        };
        // a tail may lack the letter before it that turns it: 没有
        let is_tail = matches!(role, Role::Row(_, _, Part::Tail));
        if !says(before) && !says(behind) && !is_tail {
            return None;
        }
        let words = Span::new(label.start - before.len() as u32, label.end + behind.len() as u32);
        let measure = Measure::of(&self.grammar.tables[self.table], role, self.evidence.year);
        let is_known =
            |letters: &str| number::is_caption(letters) || self.grammar.matcher.is_end(letters);
        let is_own = match role {
            Role::Row(_, _, Part::Whole) => measure.is_beside(words.of(self.source), is_known),
            // words behind it are another column's
            Role::Column(..) => !says(before) && !measure.contradicts(words.of(self.source)),
            _ => {
                let words = with_ordinal(self.source, near.start, words);
                measure.has_piece(words.of(self.source), is_known)
            }
        };
        (!is_own).then_some(words)
    }

    /// Notes a group's label, and whether the part of the table that begins here is of another time or body; `from` is where
    /// the label before ends.
    fn frame(&mut self, frame: Span, from: u32) {
        let year = self.evidence.year;
        let behind = glued_behind(&self.source[frame.end as usize..]);
        let is_open = behind.starts_with(|c| fold::table().class(c) == Class::Open);
        let close = behind.find(|c| fold::table().class(c) == Class::Close).filter(|_| is_open);
        let beside = close.filter(|close| said::is_of_another(&behind[..*close], year));
        let beside = beside.map(|close| Span::new(frame.start, frame.end + close as u32));
        self.group = Some(with_ordinal(self.source, from.min(frame.start), frame));
        let rows = self.evidence.labels.len() + self.evidence.loose.len();
        match beside.or_else(|| said::caption(self.source, from, frame.start, year)) {
            Some(words) => self.of_another = Some((words, rows)),
            None => self.of_another = self.of_another.filter(|(_, known)| *known == rows),
        }
    }

    /// Notes the rows that other versions of the table have not, when a row of theirs has numbers.
    fn note_version(&mut self, label_end: u32) {
        let line = label_end + line_length(&self.source[label_end as usize..]);
        let behind = Span::new(label_end, line).of(self.source).trim_start();
        let has_numbers = number::without_ordinal(behind).starts_with(number_like);
        if !has_numbers || !self.evidence.of_version.is_empty() {
            return;
        }
        let tables = &self.grammar.tables;
        let kind = self.grammar.kind(self.table);
        let others =
            || (0..tables.len()).filter(|at| *at != self.table && self.grammar.kind(*at) == kind);
        let rows = tables[self.table].rows.iter().enumerate();
        let is_own =
            |row: &Row| others().any(|at| tables[at].rows.iter().all(|other| other.key != row.key));
        self.evidence.of_version = rows.filter(|(_, row)| is_own(row)).map(|(at, _)| at).collect();
    }

    fn has_label(&self, row: usize) -> bool {
        self.evidence.labels.iter().any(|label| label.row == row)
    }

    fn head(&mut self, head: Head, span: Span, skeleton: &Skeleton) {
        let extent = Extent { ruler: Ruler::Line, from: span.start, to: span.end };
        let line = skeleton.lines.line_at(span.start);
        let before_unit = self.evidence.rows.len();
        self.evidence.header.push(HeaderCell { head, span, extent, line, before_unit });
    }

    /// Reads a gap; returns the unit of money stated in it.
    fn gap(&mut self, gap: Gap, skeleton: &Skeleton) -> Option<Money> {
        let text = gap.span.of(self.source);
        let furniture = &skeleton.furniture;
        let first = furniture.partition_point(|f| f.end <= gap.span.start);
        let cut: Vec<Span> =
            furniture[first..].iter().take_while(|f| f.start < gap.span.end).copied().collect();
        let known = self.evidence.rows.len();
        let is_pipe = |c: char| fold::table().class(c) == Class::Pipe;
        let mut behind_pipes = text.split(is_pipe).skip(1);
        let stray = self.few_pipes && behind_pipes.all(|rest| rest.starts_with(number_like));
        self.stretch.stray_pipes = stray;
        let stated = if text.is_empty() {
            self.stretch.read(self.source, Span::new(gap.span.start, gap.span.start));
            None
        } else if !stray && has(text, Class::Pipe) {
            self.bordered(gap, &cut, Class::Pipe)
        } else if text.contains('\t') && tabbed(text) {
            self.bordered(gap, &cut, Class::Tab)
        } else {
            self.loose(gap, &cut)
        };
        if gap.row.is_some() {
            // what is printed behind the label and is no row of its own: it is not empty
            let own = self.evidence.rows[known..].iter().any(|row| row.foreign.is_none());
            if !own {
                let words = self.words_in(gap);
                let label = self.evidence.labels.last_mut().expect("the row's");
                label.words = label.words.or(words);
            }
            // 行政处罚、行政强制 12: one row for two of the form is neither of them
            let is_on_line = !text.contains('\n');
            if is_on_line && matches!(text.trim(), "、" | "和" | "及" | "与" | "，" | "/") {
                self.joined = self.evidence.labels.last().map(|label| label.span);
                self.evidence.labels.last_mut().expect("the row's").words = self.joined;
            }
            stated
        } else {
            self.forget_words(known);
            self.header_words(gap, skeleton);
            if gap.across && gap.last && self.says_nothing() {
                // numbers behind the header that became no row
                let end = gap.span.start.saturating_add(FIRST_LINES).min(gap.section);
                let end = floor(self.source, end).max(self.borders_end(gap.span));
                let first = Span::new(gap.span.start, end);
                if let (Some(label), true) = (
                    self.evidence.labels.last_mut(),
                    first.of(self.source).chars().any(number_like),
                ) {
                    label.words = Some(first);
                }
            }
            stated
        }
    }

    /// Where the lines with borders end that a text begins with.
    fn borders_end(&self, text: Span) -> u32 {
        let mut end = text.start;
        for (nth, line) in text.of(self.source).split_inclusive('\n').enumerate() {
            if nth > 0 && !has(line, Class::Pipe) && !line.contains('\t') && !is_rule(line) {
                break;
            }
            end += line.len() as u32;
        }
        end
    }

    /// Words or digits behind a label that say something, when no row came of them.
    fn words_in(&self, gap: Gap) -> Option<Span> {
        let table = fold::table();
        let end = if gap.last {
            gap.span.start + line_length(gap.span.of(self.source))
        } else {
            gap.span.end
        };
        let text = Span::new(gap.span.start, end);
        let is_word = |c: char| matches!(table.class(c), Class::Letter | Class::Digit);
        let glued = letters_at(self.source, gap.span.start).of(self.source).len();
        let is_piece = |word: &str| {
            let at = word.as_ptr() as usize - self.source.as_ptr() as usize;
            (!gap.whole || at < gap.span.start as usize + glued) && self.is_own(word)
        };
        let said = text.of(self.source).split(|c: char| !is_word(c)).any(|word| {
            word.chars().any(number_like)
                || (!word.is_empty() && (word.chars().count() < 2 || !is_piece(word)))
        });
        let broken =
            text.of(self.source).contains([char::REPLACEMENT_CHARACTER, '#', '%', '√', '×']);
        let notes_only = self.stretch.noted.is_none()
            && !text.of(self.source).chars().any(number_like)
            && only_notes(text.of(self.source))
            // apart from the label only what is its rest: （见说明） stands in place of a number
            && (!gap.whole
                || text.of(self.source).starts_with(|c| table.class(c) == Class::Open)
                || self.is_own(text.of(self.source)));
        // a unit without its number: whether it was ever there, nobody says
        let below = gap.span.of(self.source).trim_start();
        let below = below[..line_length(below) as usize].trim();
        let unit_only = is_unit(below);
        // 减免4.5 in the line below the table's last label
        let short = below.chars().count() <= LONGEST_CELL
            && below.chars().any(number_like)
            && number::year::year(below).is_err();
        // the rest of a row, whose line ends behind its label
        let rest = below.chars().any(number_like) && has(below, Class::Pipe);
        ((said && !notes_only) || broken || unit_only || short || rest).then_some(text)
    }

    /// Takes back rows that are words between borders, of a header: years are no letters of a label.
    fn forget_words(&mut self, known: usize) {
        let Some(first) = self.evidence.rows.get(known).map(|row| row.pieces.0 as usize) else {
            return;
        };
        let says = |piece: &Piece| {
            piece.span.of(self.source).chars().any(|c| fold::table().class(c) == Class::Letter)
        };
        let is_word = |piece: &Piece| piece.printed == Printed::NotANumber && says(piece);
        if self.evidence.pieces[first..].iter().all(is_word) {
            self.evidence.rows.truncate(known);
            self.evidence.pieces.truncate(first);
        }
    }

    /// All words between two cells of a header, on lines without numbers; years are words.
    fn note_words(&mut self) {
        let before_unit = self.evidence.rows.len();
        let mut known = self.evidence.said.len();
        let mut line = known;
        for token in &self.stretch.tokens {
            let says = |span: Span| {
                span.of(self.source).chars().any(|c| fold::table().class(c) == Class::Letter)
            };
            match token {
                Token::Newline => line = known,
                Token::Word(span) => self.evidence.said.push(Said { span: *span, before_unit }),
                Token::Piece(piece) if piece.printed == Printed::NotANumber && says(piece.span) => {
                    self.evidence.said.push(Said { span: piece.span, before_unit });
                }
                Token::Piece(_) => {
                    // words on the line of numbers are a row's
                    self.evidence.said.truncate(line);
                    return;
                }
            }
            known = self.evidence.said.len();
        }
    }

    /// Words between the cells of a header that no column has.
    fn header_words(&mut self, gap: Gap, skeleton: &Skeleton) {
        let begins = self.evidence.header.iter().any(|head| matches!(head.head, Head::Column(_)));
        // 信息内容 | 上年制发件数: on the line of the group's word
        let line = gap.span.start + line_length(gap.span.of(self.source));
        let end = if begins { gap.span.end } else { line };
        if gap.last || self.evidence.header.is_empty() {
            return;
        }
        self.stretch.read(self.source, gap.span);
        self.note_words();
        // on the header's own lines: behind a line with numbers come rows
        let words: Vec<Span> = self
            .stretch
            .tokens
            .iter()
            .take_while(|t| !matches!(t, Token::Piece(_)))
            .filter_map(|t| if let Token::Word(span) = t { Some(*span) } else { None })
            .filter(|span| {
                span.end <= end
                    && span.end - span.start >= 6
                    && !is_own(self.grammar, span.of(self.source))
                    && !said::stands_over_labels(span.of(self.source))
            })
            .collect();
        let numbers =
            self.stretch.tokens.iter().find_map(|t| {
                if let Token::Piece(piece) = t { Some(piece.span.start) } else { None }
            });
        for word in words {
            // words on the line of numbers are a row's
            let line_end = word.end + line_length(&self.source[word.end as usize..]);
            if numbers.is_none_or(|at| at > line_end) {
                self.head(Head::Foreign, word, skeleton);
            }
        }
    }

    /// Whether no row so far says anything.
    fn says_nothing(&self) -> bool {
        self.evidence.pieces.iter().all(Piece::is_nothing)
    }

    fn piece_of(&self, span: Span) -> Piece {
        let (printed, range) = number::cell(span.of(self.source));
        let own = Span::new(span.start + range.start as u32, span.start + range.end as u32);
        piece(printed, own)
    }

    /// Adds a row.
    fn row(&mut self, pieces: &[Piece], foreign: Option<Span>, open: &Open) {
        if pieces.is_empty() {
            return;
        }
        let first = self.evidence.pieces.len() as u32;
        self.evidence.pieces.extend_from_slice(pieces);
        if open.bordered {
            for (at, piece) in self.evidence.pieces[first as usize..].iter_mut().enumerate() {
                piece.extent = Extent { ruler: Ruler::Borders, from: at as u32, to: at as u32 + 1 };
            }
        }
        let filled = pieces.iter().filter(|p| !p.is_empty()).map(|p| p.span);
        let span = filled.reduce(Span::join).unwrap_or(pieces[0].span);
        let said = foreign.or(self.foreign.take());
        let foreign = said.filter(|span| {
            // （二）: the ordinal of a label that goes on behind its numbers
            let words = span.of(self.source).trim();
            number::without_ordinal(words).is_empty() || !self.is_own(words)
        });
        let words = said.filter(|_| foreign.is_none()).or(self.group.take());
        let foreign = self.of_another_row.take().or(foreign);
        if let Some(words) = foreign {
            self.evidence.loose.push(words);
        }
        self.evidence.rows.push(PrintedRow {
            pieces: (first, self.evidence.pieces.len() as u32),
            bordered: open.bordered,
            shared: false,
            foreign,
            unknown: std::mem::take(&mut self.unknown),
            words,
            stated: open.stated.or(self.unit.take()),
            by_column: None,
            span,
        });
    }

    // ------------------------------------------------------------------------------------------ between borders

    /// A gap with pipes or tabs: cells between borders, a row a line or a cell a line.
    fn bordered(&mut self, gap: Gap, cut: &[Span], border: Class) -> Option<Money> {
        let known = self.evidence.rows.len();
        let mut lines = lines(self.source, gap.span, cut);
        let first = cells(self.source, lines[0], border);
        let filled = |span: &Span| !span.of(self.source).trim().is_empty();
        let stated = self.label_rest(first[0]);
        let open = Open { bordered: true, stated };
        let behind = &first[1..];
        let on_line = behind.iter().filter(|s| filled(s)).count();
        // borders close all cells of the row: a number below without any is none of them
        if gap.row.is_some() && border == Class::Pipe && behind.len() > gap.width {
            let is_page = |line: &Span| {
                let text = line.of(self.source);
                !has(text, border) && number::is_figure(text)
            };
            let (pages, below): (Vec<Span>, Vec<Span>) =
                lines.split_off(1).into_iter().partition(is_page);
            self.evidence.loose.extend(pages);
            lines.extend(below);
        }
        let is_row_line = on_line > 0 || behind.len() > 2;
        if gap.last && self.prose(gap, &lines, border) {
            return stated;
        }
        let rows_below = || {
            lines[1..].iter().any(|line| {
                cells(self.source, *line, border).iter().filter(|s| filled(s)).count() > 1
            })
        };
        if !is_row_line && lines.len() > 1 && border == Class::Pipe && !rows_below() {
            self.cell_lines(gap, &lines, border, &open);
            return stated;
        }
        // words on a line of the header are one of its cells
        let begins = gap.row.is_some() || behind.iter().any(|s| filled(s) && !self.is_words(*s));
        // the one cell of its row, empty
        let is_cell = gap.width == 1 && border == Class::Tab;
        let torn = self.goes_on(gap, on_line, &lines[1..], border);
        if torn {
            self.evidence.labels.last_mut().expect("the row's").words = Some(lines[0]);
            if on_line > 0 {
                // a row is here, and says nothing that can be read
                self.row(&[piece(Printed::NotANumber, lines[0])], None, &open);
            }
        } else if (on_line > 0 && begins) || (gap.row.is_some() && (behind.len() > 1 || is_cell)) {
            // 三、本年度办理结果 | （一）予以公 | 35: behind a group's label that of a row
            let label = behind.iter().position(filled).filter(|at| {
                gap.row.is_none() && !gap.across && on_line > 1 && self.is_words(behind[*at])
            });
            match label {
                Some(at) => {
                    let label = trim(self.source, behind[at]);
                    self.row_line(gap, &behind[at + 1..], Some(label), &open);
                }
                None => self.row_line(gap, behind, None, &open),
            }
        }
        // words on the lines before a row: its label begins there
        let mut above: Option<Span> = None;
        for line in &lines[1..] {
            let own = cells(self.source, *line, border);
            if torn && on_line > 0 && !own.iter().any(|span| self.is_words(*span)) {
                continue;
            }
            if Unit::parse(own[0].of(self.source).trim()).is_ok_and(|(rest, _)| rest.is_empty())
                && self.evidence.rows.len() > known
            {
                // a cell that goes on with its unit
                let last = self.evidence.pieces.last_mut().expect("a row has pieces");
                *last =
                    Piece { printed: Printed::NotANumber, span: last.span.join(own[0]), ..*last };
                continue;
            }
            let figures = own.iter().any(|s| filled(s) && !self.is_words(*s));
            // 3 | 0 | 1 | 见附件: a row, of which a cell says something
            let is_row = border == Class::Pipe
                && own.iter().filter(|s| filled(s)).count() > 1
                && own.iter().find(|s| filled(s)).is_some_and(|first| !self.is_words(*first));
            if gap.last
                && !is_row
                && own.iter().any(|s| self.is_words(*s))
                && !(gap.across && self.says_nothing())
            {
                break;
            }
            if !figures {
                let words = own.iter().filter(|s| filled(s) && !self.is_own(s.of(self.source)));
                let words: Vec<Span> = words.copied().collect();
                self.evidence.loose.extend(words);
                let one = own.iter().copied().filter(filled).reduce(Span::join);
                above = above.map_or(one, |above| one.map(|one| above.join(one)));
                continue;
            }
            let above = above.take();
            let begin = own.iter().position(filled).unwrap_or(0);
            let side_by_side =
                gap.across && own[begin..].iter().filter(|s| filled(s)).count() >= gap.width;
            if self.is_words(own[begin]) && !side_by_side {
                let label = trim(self.source, own[begin]);
                let label = above.map_or(label, |above| above.join(label));
                self.row_line(
                    gap,
                    &own[begin + 1..],
                    Some(label),
                    &Open { bordered: true, stated: None },
                );
            } else {
                self.row_line(
                    gap,
                    &own[usize::from(!filled(&own[0]))..],
                    None,
                    &Open { bordered: true, stated: None },
                );
            }
        }
        stated
    }

    /// Whether the cells on a label's line may not be all of its row: the next line has numbers, and the label's line none,
    /// or it is too short to be a row of its own.
    fn goes_on(&self, gap: Gap, on_line: usize, below: &[Span], border: Class) -> bool {
        let has_number =
            |cells: &[Span]| cells.iter().any(|s| s.of(self.source).contains(number_like));
        if gap.row.is_none() {
            return false;
        }
        if on_line == 0 {
            let part = self.evidence.labels.last().is_some_and(|label| label.part != Part::Whole);
            return part || below.iter().any(|line| has_number(&cells(self.source, *line, border)));
        }
        below.first().is_some_and(|line| {
            let own = cells(self.source, *line, border);
            let first = usize::from(own[0].of(self.source).trim().is_empty());
            let words = own.iter().any(|span| self.is_words(*span));
            // the next label's line begins with cells before it
            let whole = line.of(self.source).ends_with('\n');
            border == Class::Pipe
                && own.len() - first < gap.width
                && !words
                && whole
                && (has_number(&own) || !self.closed)
        })
    }

    /// Whether behind the last label other text begins at once.
    fn prose(&mut self, gap: Gap, lines: &[Span], border: Class) -> bool {
        let first = lines[0].of(self.source);
        !gap.across && gap.row.is_none() && !has(first, border)
    }

    /// Whether a cell holds words and nothing that is a number or begins with one.
    fn is_words(&self, cell: Span) -> bool {
        let text = cell.of(self.source).trim();
        let table = fold::table();
        let says = |c: &char| matches!(table.class(*c), Class::Letter | Class::Digit);
        // （一）: what a narrow column leaves of a label
        let letters = number::without_ordinal(text).chars().find(says);
        let letters = letters.or_else(|| text.chars().find(says));
        // ）: the last line of a label
        if letters.is_none() && !text.is_empty() {
            return text.chars().all(|c| table.class(c) == Class::Close || c.is_whitespace());
        }
        letters.is_some_and(|c| table.class(c) == Class::Letter) && !number::is_figure(text)
    }

    /// Cells of a row on one line.
    fn row_line(&mut self, gap: Gap, cells: &[Span], foreign: Option<Span>, open: &Open) {
        let mut cells = cells;
        // what stands behind the last border is the next row's, or nothing; a cell where no border closes lines
        let is_pipe = |c| fold::table().class(c) == Class::Pipe;
        // an empty cell before the numbers may be a surplus one, and then the last is the row's own
        let is_surplus =
            |cells: &[Span]| cells.len() > gap.width && cells[0].of(self.source).trim().is_empty();
        if let [rest @ .., last] = cells
            && (!is_surplus(cells) || self.source[cells[0].end as usize..].starts_with(is_pipe))
            && (last.of(self.source).trim().is_empty()
                && (self.closed || !last.of(self.source).ends_with('\n'))
                || (rest.len() >= gap.width && self.is_words(*last)))
        {
            cells = rest;
        }
        let pieces: Vec<Piece> = cells.iter().map(|cell| self.piece_of(*cell)).collect();
        let several = |cell: &Span| {
            cell.of(self.source).split_whitespace().filter(|word| number::is_figure(word)).count()
                > 1
        };
        let one = pieces.iter().filter(|piece| !piece.is_empty()).count() == 1;
        if one && gap.width > 1 && cells.iter().any(several) {
            // numbers that blanks part, in a cell that borders part from the label
            let mut all = Vec::new();
            for cell in cells {
                self.stretch.read(self.source, *cell);
                all.extend(
                    self.stretch
                        .tokens
                        .iter()
                        .filter_map(|t| if let Token::Piece(p) = t { Some(*p) } else { None }),
                );
            }
            self.row(&all, foreign, &Open { bordered: false, ..*open });
            return;
        }
        self.row(&pieces, foreign, open);
    }

    /// One cell a line, each with its border.
    fn cell_lines(&mut self, gap: Gap, lines: &[Span], border: Class, open: &Open) {
        // the border before the next label, behind that of the last cell: between the two stands nothing
        let text = |line: &Span| line.of(self.source).trim();
        let lines = match lines {
            [rest @ .., before, last]
                if !rest.is_empty()
                    && text(last).chars().count() == 1
                    && has(text(last), border)
                    && text(before).chars().count() > 1
                    && text(before).ends_with(|c| fold::table().class(c) == border) =>
            {
                &lines[..lines.len() - 1]
            }
            lines => lines,
        };
        // a cell may go on in the next line
        let mut own: Vec<Span> = Vec::new();
        for line in lines {
            let cells = cells(self.source, *line, border);
            let is_empty = |span: &Span| span.of(self.source).trim().is_empty();
            match own.last_mut() {
                // |0|⏎|0|: of two borders around a line end, one is a row's or a cell's own
                Some(last) if is_empty(last) && is_empty(&cells[0]) && cells.len() > 2 => {
                    own.pop();
                }
                Some(last) if is_empty(last) => *last = cells[0],
                Some(last) => *last = Span::new(last.start, cells[0].end),
                None => own.push(cells[0]),
            }
            own.extend(&cells[1..]);
        }
        let filled = |s: &Span| !s.of(self.source).trim().is_empty();
        // a page number: every cell of the row has its border, and it has none
        let last = lines.iter().rfind(|line| filled(line)).map(|line| line.of(self.source));
        if own.len() > gap.width + 1
            && last.is_some_and(|line| !has(line, border) && number::is_figure(line.trim()))
        {
            own.pop();
        }
        // before the first border stands the rest of the label, behind the last the next label's beginning
        own.remove(0);
        let says = |text: &str| number::is_figure(text) || text.contains(number_like);
        if own.last().is_some_and(|last| !says(last.of(self.source).trim())) {
            own.pop();
        }
        // the two borders around a line end are one row's end and the next one's begin
        while own.len() > gap.width && own.last().is_some_and(|cell| !filled(cell)) {
            own.pop();
        }
        if gap.row.is_none() && !own.iter().any(|s| filled(s) && !self.is_words(*s)) {
            return;
        }
        if gap.last
            && let Some(prose) =
                own.iter().position(|s| s.of(self.source).trim().chars().count() > 30)
        {
            own.truncate(prose);
        }
        let width = gap.width;
        let pieces: Vec<Piece> = own.iter().map(|cell| self.piece_of(*cell)).collect();
        let many = pieces.len() > width;
        // more cells than the row has, and the first is words: another row's label, as behind the row's cells
        let begins = many && filled(&own[0]) && self.is_words(own[0]);
        let width = if begins { 0 } else { width };
        let words = own
            .iter()
            .skip(width)
            .position(|s| filled(s) && self.is_words(*s))
            .map(|at| at + width);
        if many
            && words.is_none()
            && width > 1
            && pieces.len().is_multiple_of(width)
            && own.iter().all(filled)
        {
            let rows = pieces.len() / width;
            self.block(&pieces, rows, width, open);
            return;
        }
        let end = words.unwrap_or(pieces.len());
        self.row(&pieces[..end], None, open);
        let mut from = end;
        while from < own.len() {
            // another row: its words, perhaps in several lines, then its cells
            let is_word = |at: &usize| filled(&own[*at]) && self.is_words(own[*at]);
            let begin = (from + 1..own.len()).find(|at| !is_word(at)).unwrap_or(own.len());
            let label = trim(self.source, own[from].join(own[begin - 1]));
            let next = (begin..own.len()).find(is_word).unwrap_or(own.len());
            self.row(&pieces[begin..next], Some(label), &Open { bordered: true, stated: None });
            from = next;
        }
    }

    /// What stands on a label's line before the first border.
    fn label_rest(&mut self, span: Span) -> Option<Money> {
        self.stretch.read(self.source, span);
        self.stretch.stated
    }

    // ------------------------------------------------------------------------------------------ without borders

    /// A gap without borders: pieces behind the label, or line by line below it.
    fn loose(&mut self, gap: Gap, cut: &[Span]) -> Option<Money> {
        let mut stretch = std::mem::take(&mut self.stretch);
        let mut span = gap.span;
        // the label stands in a bracket, which closes here
        if let Some(close) = unmatched_close(span.of(self.source)) {
            span.start += close;
        }
        stretch.read(self.source, Span::new(span.start, span.start));
        for part in parts(span, cut) {
            if part.start > span.start && stretch.tokens.last() != Some(&Token::Newline) {
                stretch.tokens.push(Token::Newline);
            }
            stretch.add(self.source, part);
        }
        let stated = stretch.stated;
        self.words_of_numbers(span.start, &mut stretch.tokens);
        self.lines_of(gap, &stretch.tokens, &Open { bordered: false, stated });
        self.stretch = stretch;
        stated
    }

    /// `12号`, `5112例`: a letter or two behind digits that begin no label are the number's own, which then is none. So are
    /// those before it that begin a line: `整0`.
    fn words_of_numbers(&self, label_end: u32, tokens: &mut Vec<Token>) {
        let mut at = 1;
        while at < tokens.len() {
            let begins = at == 1 || tokens[at - 2] == Token::Newline;
            if let (Token::Word(word), Token::Piece(number)) = (tokens[at - 1], tokens[at])
                && begins
                && word.end == number.span.start
                && word.start > label_end
                && word.of(self.source).chars().count() <= SHORT_WORD
                && !self.is_own(word.of(self.source))
            {
                let whole = self.piece_of(word.join(number.span));
                tokens[at - 1] = Token::Piece(piece(whole.printed, word.join(number.span)));
                tokens.remove(at);
                continue;
            }
            if let (Token::Piece(number), Token::Word(word)) = (tokens[at - 1], tokens[at])
                && number.followed
                && word.of(self.source).chars().count() <= SHORT_WORD
                && !self.is_own(word.of(self.source))
            {
                tokens[at - 1] = Token::Piece(piece(Printed::NotANumber, number.span.join(word)));
                tokens.remove(at);
            } else {
                at += 1;
            }
        }
    }

    fn lines_of(&mut self, gap: Gap, tokens: &[Token], open: &Open) {
        let mut lines: Vec<&[Token]> = tokens.split(|t| *t == Token::Newline).collect();
        if gap.last {
            lines.truncate(self.tail(gap, &lines));
        }
        let width = gap.width;
        let first = lines.first().copied().unwrap_or(&[]);
        let count = |line: &[Token]| line.iter().filter(|t| matches!(t, Token::Piece(_))).count();
        if count(first) == 0
            && !(gap.row.is_some() && first.len() == width && lines.len() == 1 && self.said(first))
        {
            let first_words =
                first.iter().map(Token::span).filter(|s| !self.is_own(s.of(self.source)));
            let first_words: Vec<Span> = first_words.collect();
            self.evidence.loose.extend(first_words);
            let rest = lines.get(1..).unwrap_or(&[]);
            self.below(gap, rest, open);
            return;
        }
        if gap.row.is_none() {
            self.below_rows(&lines, gap);
            return;
        }
        // on the label's own line, up to words behind as many pieces as the row has cells
        let own_end = own_end(first, width);
        // where a unit stands before every number, words behind the last row's numbers are other text
        let is_whole = first.iter().take(width).all(|t| matches!(t, Token::Piece(_)));
        let ends =
            gap.last && self.units && is_whole && matches!(first.get(width), Some(Token::Word(_)));
        let (own_end, lines) = if ends { (width, vec![&first[..width]]) } else { (own_end, lines) };
        let first = if ends { &first[..width] } else { first };
        let mut own = self.cells_on(&first[..own_end], width);
        let rest = &first[own_end..];
        let mut next = 1;
        // a row that goes on in the next lines
        let mut more = own.len();
        let mut to = next;
        while rest.is_empty()
            && more < width
            && to < lines.len()
            && lines[to].iter().all(|t| matches!(t, Token::Piece(_)))
        {
            more += lines[to].len();
            to += 1;
        }
        if more == width && own.len() < width {
            for line in &lines[next..to] {
                own.extend(line.iter().filter_map(as_piece));
            }
            next = to;
        }
        self.row(&own, None, open);
        let mut below: Vec<&[Token]> = Vec::with_capacity(lines.len());
        below.extend(Some(rest).filter(|rest| !rest.is_empty()));
        below.extend(&lines[next.min(lines.len())..]);
        self.below_rows(&below, gap);
    }

    /// Whether words are something that a cell says, and no piece of a label.
    fn said(&self, words: &[Token]) -> bool {
        words.iter().all(|t| !self.is_own(t.span().of(self.source)))
    }

    /// The same of the words among pieces.
    fn said_among(&self, items: &[Token]) -> bool {
        let is_own = |span: &Span| self.is_own(span.of(self.source));
        !items.iter().any(|item| matches!(item, Token::Word(span) if is_own(span)))
    }

    /// Whether a token is a piece, or a word that digits stand in: 约12, and no ordinal.
    fn is_cell(&self, token: &Token) -> bool {
        match token {
            Token::Piece(_) => true,
            Token::Word(span) => {
                number::without_ordinal(span.of(self.source)).contains(number_like)
            }
            Token::Newline => false,
        }
    }

    /// Whether words behind a whole label are pieces of another one.
    fn names_another(&self, words: &[Token]) -> bool {
        words.iter().any(|word| {
            let text = word.span().of(self.source);
            let has_letters = text.chars().any(|c| fold::table().class(c) == Class::Letter);
            has_letters && !is_unit(text)
        })
    }

    /// The pieces on a label's line: words before them are the rest of the label, words among them are cells.
    fn cells_on(&mut self, line: &[Token], width: usize) -> Vec<Piece> {
        let is_piece = |t: &Token| self.is_cell(t);
        let is_whole = self.evidence.labels.last().is_some_and(|label| label.part == Part::Whole);
        let begin = if line.len() == width
            && is_whole
            && self.said(
                line.iter().take_while(|t| !is_piece(t)).copied().collect::<Vec<_>>().as_slice(),
            ) {
            0
        } else {
            line.iter().position(is_piece).unwrap_or(line.len())
        };
        // 条, 略: a unit of which the number is not there, a letter that no label has, in a row that lacks a cell
        let is_cell_word = |t: &Token| {
            let Token::Word(span) = t else { return false };
            let text = span.of(self.source);
            let is_letter = || is_whole && text.chars().count() == 1 && !self.is_own(text);
            is_unit(text) && !self.units || is_letter()
        };
        let lacks = line.len() - begin < width && begin < line.len();
        let words = line[..begin].iter().rev().take_while(|t| lacks && is_cell_word(t)).count();
        let begin = begin - words;
        let last = line.iter().rposition(is_piece).map_or(begin, |at| at + 1);
        // a last word that makes the row whole is its last cell
        // 其中：12, 上年 12: another row's words, unless they are the rest of this label, misspelt
        let words = line[..begin].iter().map(Token::span);
        let others = words.filter(|span| {
            let text = span.of(self.source);
            is_whole
                && text.chars().filter(|c| fold::table().class(*c) == Class::Letter).count() > 1
                && !self.is_own(text)
        });
        self.foreign = others.reduce(Span::join).or(self.foreign.take());
        self.unknown |= is_whole && self.names_another(&line[..begin]);
        let is_cell = line.len() - begin == width
            && line[last..].iter().all(|t| !self.is_own(t.span().of(self.source)));
        // `/ 万元`: a unit without its number, behind a cell with nothing
        let is_nothing = |t: &Token| matches!(t, Token::Piece(piece) if piece.is_nothing());
        let is_unit_alone = last > begin
            && last - begin < width
            && is_nothing(&line[last - 1])
            && line.get(last).is_some_and(|t| is_unit(t.span().of(self.source)));
        let end = match (is_cell, is_unit_alone && !self.units) {
            (true, _) => line.len(),
            (false, true) => last + 1,
            (false, false) => last.max(begin),
        };
        self.evidence.loose.extend(line[..begin].iter().chain(&line[end..]).map(Token::span));
        line[begin..end].iter().map(as_cell).collect()
    }

    /// Lines below a label that has nothing beside it.
    fn below(&mut self, gap: Gap, lines: &[&[Token]], open: &Open) {
        let items: Vec<Token> = lines.iter().flat_map(|line| line.iter().copied()).collect();
        let width = gap.width;
        let is_piece = |t: &Token| matches!(t, Token::Piece(_));
        if !items.iter().any(is_piece) {
            if gap.row.is_none() || items.len() != width || items.is_empty() {
                self.evidence.loose.extend(items.iter().map(Token::span));
                return;
            }
            // as many words as the row has cells
            if self.said(&items) {
                let cells: Vec<Piece> = items.iter().map(as_cell).collect();
                self.row(&cells, None, open);
            }
            return;
        }
        let singles = lines.iter().all(|line| line.len() <= 1);
        if gap.across {
            let pieces: Vec<Piece> = items.iter().filter_map(as_piece).collect();
            if pieces.len() == width
                && lines
                    .iter()
                    .all(|line| line.iter().all(is_piece) || line.iter().all(|t| !is_piece(t)))
            {
                self.row(&pieces, None, open);
                return;
            }
        }
        if !singles {
            self.below_rows(lines, gap);
            return;
        }
        // 秘密, the rest of a label that its numbers stand in, is none of its cells; a word before all numbers is another label
        let begins = items.first().is_some_and(|first| self.is_cell(first)) || gap.across;
        if (gap.row.is_some() || gap.across)
            && items.len() == width
            && begins
            && self.said_among(&items)
        {
            let cells: Vec<Piece> = items.iter().map(as_cell).collect();
            self.row(&cells, None, open);
            return;
        }
        let mut at = 0;
        let mut open = Open { ..*open };
        while at < items.len() {
            let words: Vec<Span> =
                items[at..].iter().take_while(|t| !is_piece(t)).map(Token::span).collect();
            at += words.len();
            let pieces: Vec<Piece> = items[at..].iter().map_while(as_piece).collect();
            at += pieces.len();
            let label = words
                .iter()
                .copied()
                .filter(|s| !self.is_own(s.of(self.source)))
                .reduce(Span::join);
            let is_whole = gap.row.is_some()
                && self.evidence.labels.last().is_some_and(|label| label.part == Part::Whole);
            self.unknown |= is_whole && self.names_another(&items[at - words.len()..at]);
            self.evidence.loose.extend(words);
            if pieces.is_empty() {
                break;
            }
            let rows = pieces.len() / width.max(1);
            if width > 1 && rows > 1 && pieces.len().is_multiple_of(width) && label.is_none() {
                self.block(&pieces, rows, width, &open);
            } else {
                self.row(&pieces, label, &open);
            }
            open = Open::default();
            self.unknown = true;
        }
        self.unknown = false;
    }

    /// Lines that are rows: those with words before their numbers are other rows, those without may have lost theirs.
    fn below_rows(&mut self, lines: &[&[Token]], gap: Gap) {
        let mut words: Option<Span> = None;
        for line in lines {
            let mut rest = *line;
            while !rest.is_empty() {
                let begin = rest.iter().position(|t| self.is_cell(t));
                let Some(begin) = begin else {
                    // a label of its own line, or a piece of one
                    let said: Vec<Span> = rest.iter().map(Token::span).collect();
                    let own = said.into_iter().filter(|s| !self.is_own(s.of(self.source)));
                    let own: Vec<Span> = own.collect();
                    words = own.iter().copied().chain(words).reduce(Span::join);
                    self.evidence.loose.extend(own);
                    break;
                };
                let end = begin + own_end(&rest[begin..], gap.width);
                let said: Vec<Span> = rest[..begin].iter().map(Token::span).collect();
                let before = said.iter().copied().filter(|s| !self.is_own(s.of(self.source)));
                let label = before.chain(words.take()).reduce(Span::join);
                if begin > 0 {
                    self.unknown = true;
                }
                let pieces: Vec<Piece> = if end - begin == gap.width {
                    rest[begin..end].iter().map(as_cell).collect()
                } else {
                    let (cells, trailing): (Vec<&Token>, Vec<&Token>) =
                        rest[begin..end].iter().partition(|t| self.is_cell(t));
                    self.evidence.loose.extend(trailing.into_iter().map(Token::span));
                    cells.into_iter().map(as_cell).collect()
                };
                self.row(&pieces, label, &Open::default());
                rest = &rest[end..];
            }
        }
    }

    /// Rows one after the other, one cell a line: row by row, or column by column.
    fn block(&mut self, pieces: &[Piece], rows: usize, width: usize, open: &Open) {
        let known = self.evidence.rows.len();
        let waiting =
            self.evidence.labels.iter().filter(|label| label.before_unit == known).count();
        if waiting != rows && waiting > 0 {
            // more cells than the row has
            self.row(pieces, None, open);
            return;
        }
        let first = self.evidence.pieces.len() as u32;
        for row in 0..rows {
            self.row(
                &pieces[row * width..(row + 1) * width],
                None,
                &Open { bordered: false, stated: open.stated },
            );
            let by_column = (0..width).map(|column| first + (column * rows + row) as u32).collect();
            self.evidence.rows.last_mut().expect("it was added").by_column = Some(by_column);
        }
    }

    /// How many of the lines behind the table's last label are still its own.
    fn tail(&self, gap: Gap, lines: &[&[Token]]) -> usize {
        const SHORT: u32 = 6 * 3;
        let is_piece = |t: &Token| matches!(t, Token::Piece(_));
        // labels in a block before their rows
        let known = self.evidence.rows.len();
        let waiting = self.evidence.labels.iter().filter(|label| label.before_unit == known);
        let is_block = waiting.count() > 1;
        let mut seen = 0;
        let mut words = 0;
        let mut one_a_line = gap.width > 1;
        for (at, line) in lines.iter().enumerate() {
            let begins_with_word = line.first().is_some_and(|t| !is_piece(t));
            if begins_with_word {
                let own = line.iter().filter(|t| !is_piece(t)).all(|t| {
                    let span = t.span();
                    span.end - span.start <= SHORT || self.is_own(span.of(self.source))
                });
                words += 1;
                let header_rest = seen == 0 && own && (gap.across || at == 0 || words <= 1);
                if !header_rest {
                    return at;
                }
            }
            let own = line.iter().filter(|t| is_piece(t)).count();
            // a page's number has no unit and no fraction
            let is_page = |t: &Token| matches!(t, Token::Piece(p) if p.printed.number().is_some_and(|n| n.unit.is_none() && n.value.integer().is_some_and(|n| n < 1000)));
            let no_page = gap.width > 1 && own == 1 && !is_page(&line[0]);
            // numbers behind a whole row: of a row side by side there is none, so that these may be its own
            // and of a row of one cell a line the next numbers may be another column's
            one_a_line &= own <= 1;
            let goes_on =
                own == line.len() && (is_block || gap.across || no_page || (one_a_line && own > 0));
            if seen >= gap.width && (own == 0 || own < gap.width.min(2)) && !goes_on {
                return at;
            }
            seen += own;
        }
        lines.len()
    }
}

/// Where a row ends on its line: at words behind which other numbers stand, when it has all its cells before them.
fn own_end(line: &[Token], width: usize) -> usize {
    let is_piece = |t: &Token| matches!(t, Token::Piece(_));
    let mut pieces = 0;
    for (at, token) in line.iter().enumerate() {
        if is_piece(token) {
            pieces += 1;
        } else if pieces >= width.min(1)
            && pieces > 0
            && line[at..].iter().any(is_piece)
            && line.len() != width
        {
            return at;
        }
    }
    line.len()
}

fn as_piece(token: &Token) -> Option<Piece> {
    if let Token::Piece(piece) = token { Some(*piece) } else { None }
}

/// A token that is a cell, whatever it says.
fn as_cell(token: &Token) -> Piece {
    match token {
        Token::Piece(piece) => *piece,
        other => piece(Printed::NotANumber, other.span()),
    }
}

fn has(text: &str, class: Class) -> bool {
    text.chars().any(|c| fold::table().class(c) == class)
}

/// Whether tabs part cells: some line has one behind or before a cell, not only at its ends.
fn tabbed(text: &str) -> bool {
    let first = text.split(['\n', '\r']).next().unwrap_or("");
    first.contains('\t') || text.lines().any(|line| line.trim_matches([' ', '\t']).contains('\t'))
}

fn trim(source: &str, span: Span) -> Span {
    let text = span.of(source);
    let start = span.start + (text.len() - text.trim_start().len()) as u32;
    Span::new(start, start + text.trim().len() as u32)
}

fn line_length(text: &str) -> u32 {
    text.find('\n').unwrap_or(text.len()) as u32
}

/// Whether a text is brackets with words, and nothing beside them.
fn only_notes(text: &str) -> bool {
    let table = fold::table();
    let mut depth = 0;
    text.chars().all(|c| match table.class(c) {
        Class::Open => {
            depth += 1;
            true
        }
        Class::Close => {
            depth -= 1;
            true
        }
        Class::Letter | Class::Digit => depth > 0,
        _ => true,
    })
}

/// The bytes up to a closing bracket that nothing in the text opens.
fn unmatched_close(text: &str) -> Option<u32> {
    const FURTHEST: usize = 400;
    let table = fold::table();
    for (at, c) in text.char_indices().take(FURTHEST) {
        match table.class(c) {
            Class::Close if at > 0 => return Some((at + c.len_utf8()) as u32),
            Class::Open | Class::Digit | Class::Close => return None,
            _ => {}
        }
    }
    None
}

/// A stretch without the lines that are cut out of it.
fn parts(span: Span, cut: &[Span]) -> Vec<Span> {
    let mut out = Vec::with_capacity(cut.len() + 1);
    let mut from = span.start;
    for line in cut {
        out.push(Span::new(from, line.start.clamp(from, span.end)));
        from = line.end.clamp(from, span.end);
    }
    out.push(Span::new(from, span.end));
    out
}

/// Its lines, Markdown rule lines left out; the first is there even when it is empty.
fn lines(source: &str, span: Span, cut: &[Span]) -> Vec<Span> {
    let mut out = Vec::new();
    for (nth, part) in parts(span, cut).into_iter().enumerate() {
        let mut from = part.start;
        for (line_nth, line) in part.of(source).split_inclusive(['\n', '\r', '\u{C}']).enumerate() {
            let end = from + line.len() as u32;
            let is_first = nth == 0 && line_nth == 0;
            let parts_rows = || rule_line(line.as_bytes()) > 0 || is_rule(line);
            if is_first || (!line.trim().is_empty() && !parts_rows()) {
                out.push(Span::new(from, end));
            }
            from = end;
        }
    }
    if out.is_empty() {
        out.push(Span::new(span.start, span.start));
    }
    out
}

/// The cells of a line, with what stands before the first border and behind the last.
fn cells(source: &str, span: Span, border: Class) -> Vec<Span> {
    let table = fold::table();
    let mut out = Vec::new();
    let mut from = span.start;
    for (at, c) in span.of(source).char_indices() {
        if table.class(c) == border {
            let at = span.start + at as u32;
            out.push(Span::new(from, at));
            from = at + c.len_utf8() as u32;
        }
    }
    out.push(Span::new(from, span.end));
    out
}
