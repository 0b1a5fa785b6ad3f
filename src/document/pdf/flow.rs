//! Pages → one flow from top to bottom: lines and tables in reading order, running heads and page numbers apart.
//!
//! The pages are put under each other, what repeats on them taken out, so that a table that goes on over a page's end
//! is one table with one set of columns, whether it is ruled or not.

use super::align::{self, Rules, begins_label, is_number};
use super::lines::{Place, TextLine, Word, lines};
use super::page::{Glyph, Line, OBLIQUE, Page, edges};
use super::table::{self, Table};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Point, Vec2};
use std::collections::HashMap;

/// Two tables at a page's end are one when their sides stand so near.
const SAME_SIDE: f64 = 6.0;
/// Running heads and page numbers stand in this share of the page, above and below.
const MARGIN: f64 = 0.12;
/// Shortest rule that parts columns or rows where no table is ruled.
const SHORTEST_RULE: f64 = 8.0;
/// Most places of one line that are looked at.
const MOST_PLACES: usize = 16;
/// Most lines of a page that are looked at for columns of text.
const MOST_LINES: usize = 600;

/// A cell with its text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FlowCell {
    pub(super) row: u32,
    pub(super) col: u32,
    pub(super) rows: u32,
    pub(super) cols: u32,
    pub(super) area: [f64; 4],
    pub(super) lines: Vec<TextLine>,
}

impl FlowCell {
    fn text(&self) -> String {
        self.lines.iter().flat_map(|line| &line.words).map(|word| word.text.as_str()).collect()
    }
}

/// What the flow is made of.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    Line(TextLine),
    Furniture(TextLine),
    /// Whether its columns are ruled, and its cells.
    Table(bool, Vec<FlowCell>),
    /// A page ends.
    Feed,
}

/// A page, or half a page, in the flow.
struct Sheet<'p> {
    page: &'p Page,
    number: u32,
    /// What is added to its heights.
    offset: f64,
    tables: Vec<Table>,
    horizontal: Vec<Line>,
    vertical: Vec<Line>,
    inside: Vec<&'p Glyph>,
    lines: Vec<TextLine>,
    furniture: Vec<TextLine>,
    /// Text that runs another way than the page.
    other: Vec<TextLine>,
}

/// The flow of a document.
pub(super) struct Flow<'p> {
    pub(super) items: Vec<Item>,
    /// Where each page begins in it: height, offset, page.
    starts: Vec<(f64, f64, u32, &'p Page)>,
}

impl Flow<'_> {
    /// The page of a place of the flow, and the place on that page as it is shown.
    pub(super) fn place(&self, area: [f64; 4]) -> (u32, [f64; 4]) {
        let at = self.starts.partition_point(|start| start.0 <= area[1] + 0.5).max(1) - 1;
        let Some((_, offset, number, page)) = self.starts.get(at) else { return (1, area) };
        let bottom = (area[3] - offset).min(page.height);
        (*number, page.shown([area[0], area[1] - offset, area[2], bottom]))
    }
}

pub(super) fn flow(pages: &[Page]) -> Flow<'_> {
    let mut sheets = sheets(pages);
    take_furniture(&mut sheets);
    take_repeated_heads(&mut sheets);
    put_under_each_other(&mut sheets);
    let tables = ruled(&sheets);
    let seams: Vec<f64> = sheets.iter().skip(1).map(Sheet::top).collect();
    let mut items = Vec::new();
    let mut cells: Vec<Vec<Vec<Glyph>>> =
        tables.iter().map(|table| vec![Vec::new(); table.cells.len()]).collect();
    for sheet in &sheets {
        for glyph in &sheet.inside {
            let mut glyph = (*glyph).clone();
            glyph.y = (glyph.y.0 + sheet.offset, glyph.y.1 + sheet.offset);
            if let Some((table, cell)) = cell_at(&tables, glyph.center()) {
                cells[table][cell].push(glyph);
            }
        }
    }
    poison(&sheets, &tables, &mut cells);
    let mut written = 0;
    let write = |at: usize, items: &mut Vec<Item>| {
        let table = &tables[at];
        let cell = |(cell, glyphs): (&table::Cell, &Vec<Glyph>)| FlowCell {
            row: cell.row,
            col: cell.col,
            rows: cell.rows,
            cols: cell.cols,
            area: cell.area,
            lines: lines_of_cell(glyphs),
        };
        let mut filled: Vec<FlowCell> = table.cells.iter().zip(&cells[at]).map(cell).collect();
        let seams = drop_repeated_heads(&mut filled, &seams);
        mend_rows(&mut filled, &seams);
        one_in_a_place(&mut filled);
        items.push(Item::Table(true, filled));
    };
    let rules_across: Vec<Line> = sheets
        .iter()
        .flat_map(|s| s.horizontal.iter().map(|l| Line { at: l.at + s.offset, ..*l }))
        .collect();
    let rules_down: Vec<Line> = sheets
        .iter()
        .flat_map(|s| {
            s.vertical.iter().map(|l| Line { from: l.from + s.offset, to: l.to + s.offset, ..*l })
        })
        .collect();
    let free_rules = Rules { horizontal: &rules_across, vertical: &rules_down };
    let mut run = Run::default();
    for (at, sheet) in sheets.iter().enumerate() {
        for line in &sheet.lines {
            let line = shifted(line, sheet.offset);
            while written < tables.len() && tables[written].area[1] < line.top() {
                run.end(free_rules, &seams, tables[written].area[1], &mut items);
                write(written, &mut items);
                written += 1;
            }
            run.lines.push(line);
        }
        let around = sheet.furniture.iter().chain(&sheet.other);
        let mut around: Vec<Item> =
            around.map(|line| Item::Furniture(shifted(line, sheet.offset))).collect();
        if at + 1 < sheets.len() {
            around.push(Item::Feed);
        }
        let end = seams.get(at).copied().unwrap_or(f64::INFINITY);
        run.ends.push((run.lines.len(), end, around));
    }
    while written < tables.len() {
        run.end(free_rules, &seams, tables[written].area[1], &mut items);
        write(written, &mut items);
        written += 1;
    }
    run.end(free_rules, &seams, f64::INFINITY, &mut items);
    let starts = sheets.iter().map(|s| (s.top(), s.offset, s.number, s.page)).collect();
    Flow { items, starts }
}

/// Lines between two ruled tables, and the ends of pages among them.
#[derive(Default)]
struct Run {
    lines: Vec<TextLine>,
    /// Behind which line a page ends, at which height, and what stands around its text.
    ends: Vec<(usize, f64, Vec<Item>)>,
}

impl Run {
    /// Writes the lines, with the tables among them; page ends after `until` are left.
    fn end(&mut self, rules: Rules<'_>, seams: &[f64], until: f64, items: &mut Vec<Item>) {
        let lines = std::mem::take(&mut self.lines);
        let aligned = align::tables(&lines, rules);
        let mut ends = std::mem::take(&mut self.ends).into_iter().peekable();
        let mut at = 0;
        let mut next = aligned.into_iter().peekable();
        while at < lines.len() {
            while let Some((_, _, around)) = ends.next_if(|end| end.0 <= at) {
                items.extend(around);
            }
            if let Some(table) = next.next_if(|table| table.lines.0 == at) {
                at = table.lines.1;
                let mut cells: Vec<FlowCell> = table
                    .cells
                    .into_iter()
                    .map(|cell| FlowCell {
                        row: cell.row as u32,
                        col: cell.cols.0 as u32,
                        rows: cell.rows as u32,
                        cols: (cell.cols.1 - cell.cols.0) as u32,
                        area: cell.area,
                        lines: cell.lines,
                    })
                    .collect();
                mend_rows(&mut cells, seams);
                one_in_a_place(&mut cells);
                items.push(Item::Table(false, cells));
            } else {
                items.push(Item::Line(lines[at].clone()));
                at += 1;
            }
        }
        for (_, end, around) in ends {
            if end <= until {
                items.extend(around);
            } else {
                self.ends.push((0, end, around));
            }
        }
    }
}

fn shifted(line: &TextLine, by: f64) -> TextLine {
    let mut line = line.clone();
    for word in &mut line.words {
        word.y = (word.y.0 + by, word.y.1 + by);
    }
    line
}

fn lines_of_cell(glyphs: &[Glyph]) -> Vec<TextLine> {
    lines(&glyphs.iter().collect::<Vec<_>>(), Place::Cell)
}

fn cell_at(tables: &[Table], at: Point) -> Option<(usize, usize)> {
    let own = tables.iter().position(|table| table.holds(at.x, at.y))?;
    Some((own, tables[own].cell_at(at.x, at.y)?))
}

/// A number that runs over a border is in no cell: its digits on both sides are made unreadable.
fn poison(sheets: &[Sheet<'_>], tables: &[Table], cells: &mut [Vec<Vec<Glyph>>]) {
    /// Digits of one number stand so near, in ems.
    const TOUCHING: f64 = 0.12;
    let touch = |a: &Glyph, b: &Glyph| {
        a.is_digit()
            && b.is_digit()
            && (b.x.0 - a.x.1).abs() < TOUCHING * a.size
            && (b.y.1 - a.y.1).abs() < TOUCHING * a.size
    };
    for sheet in sheets {
        for run in sheet.page.glyphs.chunk_by(touch).filter(|run| run.len() > 1) {
            let of = |glyph: &Glyph| cell_at(tables, glyph.center() + Vec2::new(0.0, sheet.offset));
            let first = of(&run[0]);
            if run.iter().all(|glyph| of(glyph) == first) {
                continue;
            }
            for glyph in run {
                let Some((table, cell)) = of(glyph) else { continue };
                let y = (glyph.y.0 + sheet.offset, glyph.y.1 + sheet.offset);
                let own = cells[table][cell].iter_mut().find(|g| g.x == glyph.x && g.y == y);
                if let Some(own) = own {
                    own.text = BfString::Char(char::REPLACEMENT_CHARACTER);
                }
            }
        }
    }
}

/// The pages as sheets: the two halves of a page of two columns of text are two.
fn sheets(pages: &[Page]) -> Vec<Sheet<'_>> {
    let mut sheets: Vec<Sheet<'_>> = Vec::with_capacity(pages.len());
    for page in pages {
        let number = page.number;
        let mut tables = table::tables(page);
        tables.retain(|table| !lacks_borders(table, page));
        let mut inside = Vec::new();
        let mut outside = Vec::new();
        let mut other = Vec::new();
        for glyph in &page.glyphs {
            let center = glyph.center();
            if tables.iter().any(|table| table.holds(center.x, center.y)) {
                if glyph.turn != OBLIQUE {
                    inside.push(glyph);
                }
            } else if glyph.turn == 0 {
                outside.push(glyph);
            } else {
                other.push(glyph);
            }
        }
        let other = lines(&other, Place::Line);
        let lines = in_columns(lines(&outside, Place::Line), &tables);
        // a band behind a row ends where the row ends
        let bands = page.grounds.iter().flat_map(|ground| edges(*ground).0);
        let across: Vec<Line> = page.horizontal.iter().copied().chain(bands).collect();
        let (horizontal, vertical) =
            (free(&across, &tables, true), free(&page.vertical, &tables, false));
        sheets.push(Sheet {
            page,
            number,
            offset: 0.0,
            tables,
            horizontal,
            vertical,
            inside,
            lines,
            furniture: Vec::new(),
            other,
        });
    }
    sheets
}

/// The rules that belong to no table.
fn free(lines: &[Line], tables: &[Table], across: bool) -> Vec<Line> {
    let inside = |line: &&Line| {
        let middle = f64::midpoint(line.from, line.to);
        let (x, y) = if across { (middle, line.at) } else { (line.at, middle) };
        !tables.iter().any(|table| table.holds(x, y))
    };
    let free: Vec<Line> = lines.iter().filter(inside).copied().collect();
    let mut free = table::merged(&free);
    free.retain(|line| line.to - line.from >= SHORTEST_RULE);
    free.truncate(2_000);
    free
}

/// Whether rules or grounds of a table are missing: several numbers stand in one cell, under or beside each other, or
/// the numbers stand in the cells of their header.
fn lacks_borders(table: &Table, page: &Page) -> bool {
    const MOST_ROWS: u32 = 4;
    if table.has_grounds && is_banded(table, page) {
        return true;
    }
    let rows = table.cells.iter().map(|cell| cell.row + cell.rows).max().unwrap_or(0);
    if rows > MOST_ROWS && page.grounds.is_empty() {
        return false;
    }
    let mut of_cell: Vec<Vec<&Glyph>> = vec![Vec::new(); table.cells.len()];
    for glyph in &page.glyphs {
        let center = glyph.center();
        if let Some(cell) = table.cell_at(center.x, center.y) {
            of_cell[cell].push(glyph);
        }
    }
    let (mut stacked, mut beside, mut under_header) = (0, 0, 0);
    for glyphs in &of_cell {
        let lines = lines(glyphs, Place::Line);
        let numbers = |line: &TextLine| line.words.iter().filter(|w| is_number(&w.text)).count();
        let alone = |line: &&TextLine| line.words.len() == 1 && numbers(line) == 1;
        beside += usize::from(lines.iter().any(|line| numbers(line) > 2));
        stacked += usize::from(lines.iter().filter(alone).count() > 2);
        let ends = lines.last().as_ref().is_some_and(alone);
        under_header += usize::from(ends && lines.len() > 1 && numbers(&lines[0]) == 0);
    }
    beside > 1 || (rows <= MOST_ROWS && (stacked > 1 || under_header > 3))
}

/// Whether rows with grounds stand between rows without: the borders of these are nowhere.
fn is_banded(table: &Table, page: &Page) -> bool {
    let mut numbers = page.glyphs.iter().map(|glyph| (glyph, glyph.center()));
    numbers.any(|(glyph, center)| {
        glyph.is_digit()
            && table.holds(center.x, center.y)
            && !page.grounds.iter().any(|ground| ground.contains(center))
    })
}

/// Lines with the columns of a text after each other: where lines are parted at one place, left before right.
fn in_columns(lines: Vec<TextLine>, tables: &[Table]) -> Vec<TextLine> {
    const LEAST: usize = 4;
    /// Least width of a column's line, in ems.
    const WIDE: f64 = 9.0;
    if lines.len() < LEAST || lines.len() > MOST_LINES {
        return lines;
    }
    let gap_of = |line: &TextLine| {
        line.words.windows(2).enumerate().find_map(|(at, pair)| {
            let gap = (pair[0].x.1, pair[1].x.0);
            let size = pair[0].y.1 - pair[0].y.0;
            // text on both sides, without gaps of its own
            let is_text = |words: &[Word]| {
                let wide = words.last().map_or(0.0, |w| w.x.1) - words[0].x.0;
                let inked: f64 = words.iter().map(|w| w.x.1 - w.x.0).sum();
                wide > WIDE * size && inked > 0.9 * wide
            };
            let sides = is_text(&line.words[..=at]) && is_text(&line.words[at + 1..]);
            (gap.1 - gap.0 > 0.9 * size && sides).then_some(gap)
        })
    };
    let mut out: Vec<TextLine> = Vec::with_capacity(lines.len());
    let mut at = 0;
    while at < lines.len() {
        let Some(mut gap) = gap_of(&lines[at]) else {
            out.push(lines[at].clone());
            at += 1;
            continue;
        };
        let mut end = at + 1;
        let mut full = 1;
        while end < lines.len() {
            let line = &lines[end];
            let (above, below) = (lines[end - 1].top(), line.top());
            let table = tables.iter().any(|t| above < t.area[1] && t.area[1] < below);
            let number = line.words.len() > 1 && line.words.iter().all(|w| is_number(&w.text));
            if table || number {
                break;
            }
            let narrowed = match gap_of(line) {
                Some(own) if own.0 < gap.1 && gap.0 < own.1 => {
                    full += 1;
                    (gap.0.max(own.0), gap.1.min(own.1))
                }
                Some(_) => break,
                None => {
                    let from = line
                        .words
                        .iter()
                        .map(|w| w.x.1)
                        .filter(|x| *x < gap.1)
                        .fold(gap.0, f64::max);
                    let to = line
                        .words
                        .iter()
                        .map(|w| w.x.0)
                        .filter(|x| *x >= from)
                        .fold(gap.1, f64::min);
                    (from, to)
                }
            };
            let crossed =
                line.words.iter().any(|w| w.x.0 < narrowed.0 - 0.1 && w.x.1 > narrowed.0 + 0.1);
            if crossed || narrowed.0 >= narrowed.1 {
                break;
            }
            gap = narrowed;
            end += 1;
        }
        if full < LEAST {
            out.push(lines[at].clone());
            at += 1;
            continue;
        }
        let middle = f64::midpoint(gap.0, gap.1);
        for left in [true, false] {
            for line in &lines[at..end] {
                let words: Vec<_> =
                    line.words.iter().filter(|w| (w.x.0 < middle) == left).cloned().collect();
                if !words.is_empty() {
                    out.push(TextLine { words });
                }
            }
        }
        at = end;
    }
    out
}

/// A line without what differs from page to page.
fn pattern(line: &TextLine) -> String {
    line.words.iter().flat_map(|word| word.text.chars()).filter(|c| !c.is_ascii_digit()).collect()
}

/// The heights of lines, for each sheet, that stand with one of their neighbours at another height of another sheet: the
/// header of a table once more, not the head of a page.
fn repeated_heads(sheets: &[Sheet<'_>]) -> Vec<Vec<f64>> {
    let mut known: HashMap<String, Vec<(usize, &[TextLine])>> = HashMap::new();
    for (at, sheet) in sheets.iter().enumerate() {
        for pair in sheet.lines.windows(2) {
            let places = known.entry(pair[0].text()).or_default();
            if places.len() < MOST_PLACES {
                places.push((at, pair));
            }
        }
    }
    let of_sheet = |(at, sheet): (usize, &Sheet<'_>)| {
        let is_repeated = |pair: &&[TextLine]| {
            known.get(&pair[0].text()).is_some_and(|places| {
                places.iter().any(|(other, lines)| {
                    *other != at
                        && (lines[0].top() - pair[0].top()).abs() > 4.0
                        && lines[0].is_printed_under(&pair[0])
                        && lines[1].is_printed_under(&pair[1])
                })
            })
        };
        let pairs = sheet.lines.windows(2).filter(is_repeated);
        pairs.flat_map(|pair| [pair[0].top(), pair[1].top()]).collect()
    };
    sheets.iter().enumerate().map(of_sheet).collect()
}

/// Takes out the first lines of sheets that are a table's header once more.
fn take_repeated_heads(sheets: &mut [Sheet<'_>]) {
    const MOST_HEADER: usize = 16;
    const MOST_BACK: usize = 16;
    let is_head =
        |line: &TextLine| !line.words.iter().any(|w| is_number(&w.text) || begins_label(&w.text));
    for at in 1..sheets.len() {
        let (before, rest) = sheets.split_at_mut(at);
        let sheet = &mut rest[0];
        let table = sheet.tables.iter().map(|table| table.area[1]).fold(f64::INFINITY, f64::min);
        let free = sheet.lines.partition_point(|line| line.bottom() < table);
        let repeats = |above: &[TextLine]| {
            let pairs = above.iter().zip(&sheet.lines[..free]).take(MOST_HEADER);
            pairs.take_while(|(a, b)| is_head(b) && a.is_printed_under(b)).count()
        };
        let count = before
            .iter()
            .rev()
            .take(MOST_BACK)
            .flat_map(|other| (0..other.lines.len()).map(|from| repeats(&other.lines[from..])))
            .max()
            .unwrap_or(0);
        // one line alone may be a heading of two tables
        if count > 1 {
            sheet.furniture.extend(sheet.lines.drain(..count));
        }
    }
}

/// The number that a line is.
fn count(line: &TextLine) -> Option<i64> {
    let [word] = &line.words[..] else { return None };
    word.text.parse().ok()
}

/// Takes out the lines that stand on several pages at the same place above or below the text.
fn take_furniture(sheets: &mut [Sheet<'_>]) {
    // the outermost lines, for pages whose margins are wide
    const OUTER: usize = 2;
    let in_margin = |line: &TextLine, height: f64| {
        line.bottom() < height * MARGIN || line.top() > height * (1.0 - MARGIN)
    };
    let outer = |sheet: &Sheet<'_>| {
        let mut tops: Vec<f64> = sheet.lines.iter().map(TextLine::top).collect();
        tops.sort_by(f64::total_cmp);
        let count = tops.len();
        (
            tops.get(OUTER.min(count.max(1)) - 1).copied(),
            tops.get(count.saturating_sub(OUTER)).copied(),
        )
    };
    let mut seen: Vec<(String, f64, u32, Option<i64>)> = Vec::new();
    let mut outers = Vec::new();
    for sheet in sheets.iter() {
        let (first, last) = outer(sheet);
        let is_outer = |line: &TextLine| {
            first.is_some_and(|top| line.top() <= top) || last.is_some_and(|top| line.top() >= top)
        };
        for line in &sheet.lines {
            if in_margin(line, sheet.page.height) || is_outer(line) {
                seen.push((pattern(line), line.top(), sheet.number, count(line)));
            }
        }
        outers.push((first, last));
    }
    let heads = repeated_heads(sheets);
    for ((sheet, (first, last)), heads) in sheets.iter_mut().zip(outers).zip(heads) {
        let (height, number) = (sheet.page.height, sheet.number);
        let is_outer = |line: &TextLine| {
            first.is_some_and(|top| line.top() <= top) || last.is_some_and(|top| line.top() >= top)
        };
        let repeats = |line: &TextLine| {
            let own = pattern(line);
            // numbers alone are page numbers at the edge only
            let bare = own.is_empty();
            let near = if in_margin(line, height) { 4.0 } else { 1.0 };
            // two reports in one file have their headings at the same places
            let is_text = line.words.first().is_some_and(|word| begins_label(&word.text))
                || line.words.iter().any(|word| word.text.contains('。'));
            !is_text
                && !heads.contains(&line.top())
                && (in_margin(line, height) || (is_outer(line) && !bare))
                && seen.iter().any(|(text, top, page, counted)| {
                    // a number that does not count the pages is one of a table
                    let counts = || {
                        let pages = i64::from(*page) - i64::from(number);
                        count(line).zip(*counted).is_some_and(|(own, other)| other - own == pages)
                    };
                    *page != number
                        && *text == own
                        && (top - line.top()).abs() < near
                        && (!bare || counts())
                })
        };
        let (around, own): (Vec<_>, Vec<_>) =
            std::mem::take(&mut sheet.lines).into_iter().partition(repeats);
        (sheet.furniture, sheet.lines) = (around, own);
    }
}

impl Sheet<'_> {
    /// Where its text begins in the flow.
    fn top(&self) -> f64 {
        let lines = self.lines.iter().map(TextLine::top);
        let tables = self.tables.iter().map(|table| table.area[1]);
        let top = lines.chain(tables).fold(f64::INFINITY, f64::min);
        self.offset + if top.is_finite() { top } else { 0.0 }
    }

    fn bottom(&self) -> f64 {
        let lines = self.lines.iter().map(TextLine::bottom);
        let tables = self.tables.iter().map(|table| table.area[3]);
        self.offset + lines.chain(tables).fold(0.0, f64::max)
    }

    fn last_table(&self) -> Option<&Table> {
        let last = self.tables.iter().max_by(|a, b| a.area[3].total_cmp(&b.area[3]))?;
        self.lines.iter().all(|line| line.top() < last.area[3]).then_some(last)
    }

    fn first_table(&self) -> Option<&Table> {
        let first = self.tables.iter().min_by(|a, b| a.area[1].total_cmp(&b.area[1]))?;
        self.lines.iter().all(|line| line.bottom() > first.area[1]).then_some(first)
    }
}

/// Puts the sheets under each other: a table at the end of one goes on at the top of the next.
fn put_under_each_other(sheets: &mut [Sheet<'_>]) {
    for at in 1..sheets.len() {
        let (above, below) = (&sheets[at - 1], &sheets[at]);
        let goes_on = above.last_table().zip(below.first_table()).is_some_and(|(a, b)| {
            (a.area[0] - b.area[0]).abs() < SAME_SIDE && (a.area[2] - b.area[2]).abs() < SAME_SIDE
        });
        let gap = match above.lines.last().filter(|_| !goes_on) {
            Some(line) if above.last_table().is_none() && below.first_table().is_none() => {
                // as far apart as lines are
                0.3 * line.words.first().map_or(10.0, |word| word.y.1 - word.y.0)
            }
            _ if goes_on => 0.0,
            _ => 40.0,
        };
        let offset = above.bottom() + gap - below.top();
        sheets[at].offset = offset;
    }
}

/// The ruled tables of the flow: those that go on over a page's end are one.
fn ruled(sheets: &[Sheet<'_>]) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let mut at = 0;
    while at < sheets.len() {
        let mut end = at + 1;
        while end < sheets.len() && joins(&sheets[end - 1], &sheets[end]) {
            end += 1;
        }
        if end == at + 1 {
            let shift = |table: &Table| table.shifted(sheets[at].offset);
            tables.extend(sheets[at].tables.iter().map(shift));
        } else {
            let mut whole = Page::default();
            for sheet in &sheets[at..end] {
                whole.add_rules(sheet.page, sheet.offset);
            }
            // a page's end ends a row, ruled or not; one that goes on is put together later
            for sheet in &sheets[at + 1..end] {
                let sides = sheet.first_table().map(|table| table.area);
                whole.horizontal.extend(sides.map(|[left, top, right, _]| Line {
                    at: top + sheet.offset,
                    from: left,
                    to: right,
                }));
            }
            let found = table::tables(&whole);
            let known = |table: &Table| {
                let middle = f64::midpoint(table.area[1], table.area[3]);
                sheets[at..end]
                    .iter()
                    .flat_map(|s| s.tables.iter().map(|t| t.shifted(s.offset)))
                    .any(|t| t.area[1] - 1.0 <= middle && middle <= t.area[3] + 1.0)
            };
            tables.extend(found.into_iter().filter(known));
        }
        at = end;
    }
    tables
}

fn joins(above: &Sheet<'_>, below: &Sheet<'_>) -> bool {
    above
        .last_table()
        .zip(below.first_table())
        .is_some_and(|(a, b)| (a.area[3] + above.offset - b.area[1] - below.offset).abs() < 0.5)
}

/// Takes out the rows that repeat a table's first rows behind a page's end, and tells where its rows go on.
fn drop_repeated_heads(cells: &mut Vec<FlowCell>, seams: &[f64]) -> Vec<f64> {
    type Row = Vec<(u32, String)>;
    let row = |cells: &[FlowCell], at: u32| -> Row {
        cells.iter().filter(|c| c.row == at).map(|c| (c.col, c.text())).collect()
    };
    let is_head =
        |row: &Row| row.iter().any(|c| !c.1.is_empty()) && !row.iter().any(|c| is_number(&c.1));
    let mut ends = Vec::with_capacity(seams.len());
    for seam in seams {
        let first = cells.iter().filter(|c| c.area[1] > seam - 4.0).map(|c| c.row).min();
        let Some(first) = first.filter(|first| *first > 0) else {
            ends.push(*seam);
            continue;
        };
        let count = (0..first)
            .take_while(|at| {
                let own = row(cells, first + at);
                is_head(&own) && own == row(cells, *at)
            })
            .count() as u32;
        let repeated = first..first + count;
        let end = cells
            .iter()
            .filter(|c| repeated.contains(&(c.row + c.rows - 1)))
            .map(|c| c.area[3])
            .fold(*seam, f64::max);
        cells.retain(|c| !repeated.contains(&c.row));
        ends.push(end);
    }
    ends
}

/// Puts rows together that a page's end cut in two: the label goes on below, and only one half has numbers.
fn mend_rows(cells: &mut Vec<FlowCell>, seams: &[f64]) {
    for seam in seams {
        let Some(lower) = cells.iter().filter(|c| c.area[1] > seam - 4.0).map(|c| c.row).min()
        else {
            continue;
        };
        let Some(upper) = cells.iter().map(|c| c.row).filter(|row| *row < lower).max() else {
            continue;
        };
        let starts_here =
            cells.iter().filter(|c| c.row == lower).all(|c| (c.area[1] - seam).abs() < 60.0);
        let row = |row: u32| cells.iter().enumerate().filter(move |(_, c)| c.row == row);
        let has_numbers = |of: u32| row(of).any(|(_, c)| is_number(&c.text()));
        let label = |of: u32| {
            row(of).rfind(|(_, c)| !c.lines.is_empty() && !is_number(&c.text())).map(|(at, _)| at)
        };
        if !starts_here {
            continue;
        }
        // numbers without a label are the rest of the row on the other side; a header stands over its numbers
        let stands_over = row(upper).any(|(_, above)| {
            row(lower).any(|(_, below)| {
                let side = |cell: &FlowCell| (!cell.lines.is_empty(), is_number(&cell.text()));
                above.col < below.col + below.cols
                    && below.col < above.col + above.cols
                    && matches!(
                        (side(above), side(below)),
                        ((true, false), (true, true)) | ((true, true), (true, false))
                    )
            })
        });
        let lacks_label = !stands_over
            && ((label(upper).is_none() && has_numbers(upper) && !has_numbers(lower))
                || (label(lower).is_none() && has_numbers(lower) && !has_numbers(upper)));
        if lacks_label {
            join_rows(cells, upper, lower);
            continue;
        }
        let (Some(a), Some(b)) = (label(upper), label(lower)) else { continue };
        let text = cells[b].text();
        let full = cells[a].lines.last().is_some_and(|line| {
            let wide = line.words.last().map_or(0.0, |w| w.x.1)
                - line.words.first().map_or(0.0, |w| w.x.0);
            let size = line.words.first().map_or(10.0, |w| w.y.1 - w.y.0);
            let most = cells[a]
                .lines
                .iter()
                .chain(&cells[b].lines)
                .map(|line| {
                    line.words.last().map_or(0.0, |w| w.x.1)
                        - line.words.first().map_or(0.0, |w| w.x.0)
                })
                .fold(0.0, f64::max);
            wide + 1.5 * size > (cells[a].area[2] - cells[a].area[0]).min(most.max(wide) + size)
        });
        let same_place = cells[a].col == cells[b].col;
        if !(same_place && full)
            || begins_label(&text)
            || (has_numbers(upper) && has_numbers(lower))
        {
            continue;
        }
        join_rows(cells, upper, lower);
    }
}

/// Puts cells together that stand in one place: labels beside each other, pieces of a cell that is no rectangle.
fn one_in_a_place(cells: &mut Vec<FlowCell>) {
    cells.dedup_by(|next, last| {
        let same = (next.row, next.col) == (last.row, last.col);
        if same {
            last.lines.append(&mut next.lines);
            last.cols = last.cols.max(next.cols);
            last.rows = last.rows.max(next.rows);
        }
        same
    });
}

/// Puts two rows together; where one has nothing, the other's cell stands.
fn join_rows(cells: &mut Vec<FlowCell>, upper: u32, lower: u32) {
    let moved: Vec<FlowCell> = cells.iter().filter(|c| c.row == lower).cloned().collect();
    cells.retain(|c| c.row != lower);
    for cell in moved {
        match cells.iter_mut().find(|c| c.row == upper && c.col == cell.col) {
            Some(own) if own.lines.is_empty() => *own = FlowCell { row: upper, ..cell },
            Some(own) => own.lines.extend(cell.lines),
            None => cells.push(FlowCell { row: upper, ..cell }),
        }
    }
    cells.sort_by_key(|cell| (cell.row, cell.col));
}

/// Pages with the halves of those that have two as pages of their own: left before right, and where both halves begin
/// a report of their own, the whole left before the whole right.
pub(super) fn halved(pages: Vec<Page>) -> Vec<Page> {
    let halves: Vec<Option<[Page; 2]>> = pages.iter().map(Page::halves).collect();
    if halves.iter().all(Option::is_none) {
        return pages;
    }
    let begins_report = |page: &Page| {
        let glyphs: Vec<&Glyph> = page.glyphs.iter().take(200).collect();
        let head: String = lines(&glyphs, Place::Line)
            .iter()
            .take(4)
            .flat_map(|line| &line.words)
            .flat_map(|word| word.text.chars())
            .collect();
        head.contains('年') && (head.contains("报告") || head.contains("年报"))
    };
    let two = halves.iter().flatten().next().is_some_and(|two| two.iter().all(begins_report));
    let mut left = Vec::new();
    let mut right = Vec::new();
    for (page, halves) in pages.into_iter().zip(halves) {
        match halves {
            None => left.push(page),
            Some([first, second]) => {
                left.push(first);
                if two { right.push(second) } else { left.push(second) }
            }
        }
    }
    left.extend(right);
    left
}
