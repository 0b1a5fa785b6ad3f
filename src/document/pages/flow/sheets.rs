//! Pages, or halves of pages, one under the other: which tables are ruled on each, which text is around them.

use super::text_columns::in_columns;
use crate::document::pages::align::is_number;
use crate::document::pages::lines::{Place, TextLine, lines};
use crate::document::pages::page::{Glyph, Line, OBLIQUE, Page, edges};
use crate::document::pages::table::{self, Table};

/// Shortest rule that parts columns or rows where no table is ruled.
const SHORTEST_RULE: f64 = 8.0;

/// A page, or half a page, in the flow.
pub(super) struct Sheet<'p> {
    pub(super) page: &'p Page,
    pub(super) number: u32,
    /// What is added to its heights.
    pub(super) offset: f64,
    pub(super) tables: Vec<Table>,
    pub(super) horizontal: Vec<Line>,
    pub(super) vertical: Vec<Line>,
    pub(super) inside: Vec<&'p Glyph>,
    pub(super) lines: Vec<TextLine>,
    pub(super) furniture: Vec<TextLine>,
    /// Text that runs another way than the page.
    pub(super) other: Vec<TextLine>,
}

impl Sheet<'_> {
    /// Where its text begins in the flow.
    pub(super) fn top(&self) -> f64 {
        let lines = self.lines.iter().map(TextLine::top);
        let tables = self.tables.iter().map(|table| table.area[1]);
        let top = lines.chain(tables).fold(f64::INFINITY, f64::min);
        self.offset + if top.is_finite() { top } else { 0.0 }
    }

    pub(super) fn bottom(&self) -> f64 {
        let lines = self.lines.iter().map(TextLine::bottom);
        let tables = self.tables.iter().map(|table| table.area[3]);
        self.offset + lines.chain(tables).fold(0.0, f64::max)
    }

    pub(super) fn last_table(&self) -> Option<&Table> {
        let last = self.tables.iter().max_by(|a, b| a.area[3].total_cmp(&b.area[3]))?;
        self.lines.iter().all(|line| line.top() < last.area[3]).then_some(last)
    }

    pub(super) fn first_table(&self) -> Option<&Table> {
        let first = self.tables.iter().min_by(|a, b| a.area[1].total_cmp(&b.area[1]))?;
        self.lines.iter().all(|line| line.bottom() > first.area[1]).then_some(first)
    }
}

/// The pages as sheets: the two halves of a page of two columns of text are two.
pub(super) fn sheets(pages: &[Page]) -> Vec<Sheet<'_>> {
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

/// Puts the sheets under each other: a table at the end of one goes on at the top of the next.
pub(super) fn put_under_each_other(sheets: &mut [Sheet<'_>]) {
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

/// Two tables at a page's end are one when their sides stand so near.
const SAME_SIDE: f64 = 6.0;
