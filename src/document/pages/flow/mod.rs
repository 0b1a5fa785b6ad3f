//! Pages → one flow from top to bottom: lines and tables in reading order, running heads and page numbers apart.
//!
//! The pages are put under each other, what repeats on them taken out, so that a table that goes on over a page's end
//! is one table with one set of columns, whether it is ruled or not.

mod cut_rows;
mod furniture;
mod sheets;
mod text_columns;

use super::align::{self, Rules};
use super::lines::{Place, TextLine, lines};
use super::page::{Glyph, Line, Page};
use super::table::{self, Table};
use crate::document::blocks::Readings;
use cut_rows::{drop_repeated_heads, mend_rows, one_in_a_place};
use furniture::{take_furniture, take_repeated_heads};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Point, Vec2};
use sheets::{Sheet, put_under_each_other, sheets};
pub(super) use text_columns::halved;

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

impl Flow<'_> {
    /// What the one number in an area of the flow can be that was read from a picture, and whether text says it too.
    pub(super) fn readings(&self, area: [f64; 4]) -> Option<(&Readings, bool)> {
        let at = self.starts.partition_point(|start| start.0 <= area[1] + 0.5).max(1) - 1;
        let (_, offset, _, page) = self.starts.get(at)?;
        let [left, top, right, bottom] = area;
        let mut within = page.numbers.iter().filter(|(place, _)| {
            let (x, y) = (place.x - page.moved, place.y + offset);
            left <= x && x <= right && top <= y && y <= bottom
        });
        let (place, only) = within.next()?;
        within.next().is_none().then(|| (only, page.witnessed.contains(place)))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of words at places, ten points high.
    fn page(number: u32, words: &[(f64, f64, &str)]) -> Page {
        let glyphs = words.iter().flat_map(|(x, y, word)| {
            word.chars().scan(*x, move |x, c| {
                let wide = if c.is_ascii() { 5.0 } else { 10.0 };
                let from = std::mem::replace(x, *x + wide);
                let text = BfString::Char(c);
                Some(Glyph { text, x: (from, *x), y: (*y, y + 10.0), size: 10.0, turn: 0 })
            })
        });
        Page { width: 600.0, height: 800.0, number, glyphs: glyphs.collect(), ..Page::default() }
    }

    fn furniture(pages: &[Page]) -> Vec<String> {
        let of = |item: &Item| match item {
            Item::Furniture(line) => Some(line.text()),
            _ => None,
        };
        flow(pages).items.iter().filter_map(of).collect()
    }

    #[test]
    fn ok_numbers_that_count_the_pages_are_theirs() {
        let pages = [
            page(1, &[(50.0, 100.0, "一段"), (300.0, 780.0, "4")]),
            page(2, &[(300.0, 780.0, "5")]),
        ];
        assert_eq!(furniture(&pages), ["4", "5"]);
    }

    #[test]
    fn err_numbers_that_do_not_count_the_pages_are_of_a_table() {
        let pages =
            [page(1, &[(50.0, 100.0, "一段"), (300.0, 60.0, "0")]), page(2, &[(300.0, 60.0, "0")])];
        assert_eq!(furniture(&pages), [""; 0]);
    }

    #[test]
    fn ok_a_header_once_more_is_taken_out() {
        let header =
            |y: f64| [(50.0, y, "信息内容"), (200.0, y + 15.0, "制发"), (300.0, y + 15.0, "有效")];
        let below = |y: f64| [(50.0, y, "规章"), (205.0, y, "1"), (305.0, y, "2")];
        let first = [&header(300.0)[..], &below(340.0)].concat();
        let second = [&header(60.0)[..], &below(100.0)].concat();
        assert_eq!(furniture(&[page(1, &first), page(2, &second)]), ["信息内容", "制发有效"]);
        // a heading alone may be that of another table
        let first = [(50.0, 300.0, "信息内容"), (50.0, 340.0, "规章")];
        let second = [(50.0, 60.0, "信息内容"), (50.0, 100.0, "文件")];
        assert_eq!(furniture(&[page(1, &first), page(2, &second)]), [""; 0]);
    }
}
