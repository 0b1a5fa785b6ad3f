//! A word processor's document under construction: paragraphs, and tables whose cells hold paragraphs and tables.
//!
//! Every reader of this folder tells its document to a [`Flow`] in reading order. The flow puts the cells into their
//! true rows and columns, joins merged ones, and decides what a table in a cell is: one cell is text, several are a grid
//! of their own, and the table around such a grid is layout, whose cells are read as paragraphs.

use super::look::{Shown, note_mark};
use crate::document::blocks::{Blocks, GridKind, MOST_COLUMNS, Placed};
use std::mem;

/// Tables inside tables that are followed; text of deeper ones belongs to the innermost cell that is.
pub(super) const MOST_NESTED: usize = 64;
/// Blank cells of a document that are kept: a few bytes can ask for millions.
const MOST_BLANK: usize = 300_000;
/// Links that are kept, and how long their targets and texts may be, in bytes and in characters.
const MOST_LINKS: usize = 10_000;
const MOST_TARGET: usize = 2048;
const MOST_LINK_TEXT: usize = 200;

/// How a cell is joined with the one above it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Merge {
    /// Not at all, or it is the first of several.
    #[default]
    None,
    /// It continues the cell above; what stands in it is not shown.
    Continue,
}

/// Where a cell of a row stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// Its left edge: a column, or a distance on the paper.
    pub(super) left: i32,
    /// Its right edge.
    pub(super) right: i32,
    /// How many rows it covers, where the format says so; 0 and 1 are the same.
    pub(super) rows: u32,
    /// Whether it continues the cell above.
    pub(super) merge: Merge,
    /// Whether it continues the cell to its left.
    pub(super) joins_left: bool,
}

impl Place {
    /// A cell over some columns.
    pub(super) fn columns(left: u32, count: u32) -> Self {
        let most = MOST_COLUMNS;
        let left = left.min(most);
        let right = left + count.clamp(1, most);
        Self { left: left as i32, right: right as i32, ..Self::default() }
    }
}

/// A paragraph, or a table without tables in it.
#[derive(Debug)]
enum Item {
    Paragraph(String),
    Table(Vec<Placed>),
}

#[derive(Debug)]
struct Cell {
    row: u32,
    place: Place,
    items: Vec<Item>,
}

#[derive(Debug, Default)]
struct Table {
    /// Cells of finished rows.
    cells: Vec<Cell>,
    rows: u32,
    /// Contents of the finished cells of this row.
    row: Vec<Vec<Item>>,
    /// Content of the cell that is being filled.
    cell: Vec<Item>,
}

/// The document so far.
#[derive(Debug, Default)]
pub(super) struct Flow {
    /// What is finished.
    pub(super) blocks: Blocks,
    /// Edges nearer than this are one; 0 where edges are columns.
    tolerance: i32,
    /// The paragraph that is being written.
    line: String,
    /// Paragraphs that wait until a text box in them ends.
    waiting: Vec<String>,
    tables: Vec<Table>,
    /// Tables that were begun below the deepest that is followed.
    below: usize,
    /// Blank cells so far.
    blank: usize,
    /// What is struck out in the cell that is being filled, and whether a picture floats in it.
    struck: String,
    has_picture: bool,
}

/// What stands for a picture among text.
const PICTURE: char = '\u{FFFC}';

fn is_unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202D}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

impl Flow {
    /// A document whose cells have edges on paper, which are equal only nearly.
    pub(super) fn on_paper(tolerance: i32) -> Self {
        Self { tolerance, ..Self::default() }
    }

    /// The paragraph that is being written.
    pub(super) fn line(&self) -> &str {
        &self.line
    }

    /// More text of the paragraph, without characters that nobody sees: places where a word may be cut, directions but
    /// the one that turns digits around.
    pub(super) fn push(&mut self, text: &str) {
        if text.is_ascii() || !text.contains(is_unseen) {
            self.line.push_str(text);
        } else {
            self.line.extend(text.chars().filter(|c| !is_unseen(*c)));
        }
    }

    /// More text of the paragraph, as a reader sees it.
    pub(super) fn push_shown(&mut self, text: &str, shown: Shown) {
        /// Struck text that is kept of a cell, in bytes.
        const MOST_STRUCK: usize = 200;
        match shown {
            Shown::Plain => self.push(text),
            Shown::Raised => self.push_raised(text),
            Shown::Struck if self.depth() > 0 && self.struck.len() + text.len() < MOST_STRUCK => {
                self.struck.push_str(text);
            }
            Shown::Struck | Shown::Nothing => {}
        }
    }

    fn push_raised(&mut self, text: &str) {
        if self.depth() == 0 {
            self.push(text);
        } else if let Some(mark) = note_mark(text) {
            self.line.extend(["[", mark, "]"]);
        }
    }

    /// A picture: in a cell it may show a number. One that floats stands in front of a cell, or anywhere.
    pub(super) fn picture(&mut self, is_inline: bool) {
        if self.depth() == 0 {
            return;
        }
        if is_inline {
            self.line.push(PICTURE);
        } else {
            self.has_picture = true;
        }
    }

    /// Notes a picture by the name of its part.
    pub(super) fn note_picture(&mut self, part: &str) {
        const MOST: usize = 1000;
        if self.blocks.pictures.len() < MOST {
            self.blocks.pictures.push((self.blocks.at(), part.to_owned()));
        }
    }

    /// A sign that nobody can read here; in a cell it may be a digit.
    pub(super) fn push_unknown(&mut self) {
        if self.depth() > 0 {
            self.line.push(char::REPLACEMENT_CHARACTER);
        }
    }

    /// One more character of the paragraph.
    pub(super) fn push_char(&mut self, c: char) {
        self.line.push(c);
    }

    /// Puts a label before the paragraph.
    pub(super) fn label(&mut self, label: &str) {
        self.line.insert_str(0, label);
    }

    /// Whether there are more blank cells than are kept.
    pub(super) const fn is_full(&self) -> bool {
        self.blank >= MOST_BLANK
    }

    /// A link whose text begins at this place of the line.
    pub(super) fn link(&mut self, url: &str, begin: usize) {
        if self.blocks.links.len() < MOST_LINKS && url.len() <= MOST_TARGET && !url.is_empty() {
            let text = self.line.get(begin..).unwrap_or_default().trim();
            let text = text.chars().take(MOST_LINK_TEXT).collect();
            self.blocks.link(url.to_owned(), text);
        }
    }

    /// How many tables the text stands in.
    pub(super) fn depth(&self) -> usize {
        self.tables.len() + self.below
    }

    /// Ends the paragraph.
    pub(super) fn end_paragraph(&mut self) {
        if self.line.trim().is_empty() {
            self.line.clear();
            return;
        }
        match self.tables.last_mut() {
            None => {
                self.blocks.paragraph(&self.line);
                self.line.clear();
            }
            Some(table) => table.cell.push(Item::Paragraph(mem::take(&mut self.line))),
        }
    }

    /// Begins a text box: the paragraph it is anchored in goes on after it.
    pub(super) fn begin_box(&mut self) {
        self.waiting.push(mem::take(&mut self.line));
    }

    /// Ends a text box.
    pub(super) fn end_box(&mut self) {
        self.end_paragraph();
        self.line = self.waiting.pop().unwrap_or_default();
    }

    /// Begins a table, in a cell when one is being filled.
    pub(super) fn begin_table(&mut self) {
        if self.tables.len() == MOST_NESTED {
            self.below += 1;
            return;
        }
        self.end_paragraph();
        self.tables.push(Table::default());
    }

    /// Ends a cell.
    pub(super) fn end_cell(&mut self) {
        self.end_paragraph();
        if self.below > 0 {
            return;
        }
        let (struck, has_picture) = (mem::take(&mut self.struck), mem::take(&mut self.has_picture));
        if let Some(table) = self.tables.last_mut() {
            // something is printed in it
            if table.cell.is_empty() && struck.contains(|c: char| c.is_numeric()) {
                table.cell.push(Item::Paragraph(format!("~~{}~~", struck.trim())));
            } else if table.cell.is_empty() && has_picture {
                table.cell.push(Item::Paragraph(PICTURE.to_string()));
            }
            table.row.push(mem::take(&mut table.cell));
        }
    }

    /// Ends a row, whose cells stand at these places. A cell without a place stands after the last one that has one; a
    /// place without a cell is an empty cell.
    pub(super) fn end_row(&mut self, places: &[Place]) {
        self.end_paragraph();
        if self.below > 0 {
            return;
        }
        let Some(table) = self.tables.last_mut() else { return };
        // text after the last cell mark belongs to a cell that lost its mark
        if !table.cell.is_empty() {
            table.row.push(mem::take(&mut table.cell));
        }
        let mut contents = mem::take(&mut table.row).into_iter();
        let mut end = 0;
        let row_begin = table.cells.len();
        let width = self.tolerance.max(1);
        for place in places {
            let items = contents.next().unwrap_or_default();
            end = place.right;
            if items.is_empty() {
                self.blank += 1;
                if self.blank > MOST_BLANK {
                    continue;
                }
            }
            match table.cells.get_mut(row_begin..).and_then(<[Cell]>::last_mut) {
                Some(left) if place.joins_left => left.place.right = place.right,
                _ => table.cells.push(Cell { row: table.rows, place: *place, items }),
            }
        }
        for items in contents {
            let place =
                Place { left: end, right: end.saturating_add(width + 1), ..Place::default() };
            end = place.right;
            table.cells.push(Cell { row: table.rows, place, items });
        }
        table.rows += 1;
    }

    /// Forgets the row that is being filled.
    pub(super) fn drop_row(&mut self) {
        self.line.clear();
        if let (0, Some(table)) = (self.below, self.tables.last_mut()) {
            table.row.clear();
            table.cell.clear();
        }
    }

    /// Ends a table.
    pub(super) fn end_table(&mut self) {
        if self.below > 0 {
            self.below -= 1;
            return;
        }
        let Some(mut table) = self.tables.last_mut().map(mem::take) else { return };
        self.end_paragraph_of(&mut table);
        if !table.row.is_empty() || !table.cell.is_empty() {
            // a row that was not ended: its cells have no places
            *self.tables.last_mut().expect("the table was just taken from here") = table;
            self.end_row(&[]);
            table = self.tables.last_mut().map(mem::take).unwrap_or_default();
        }
        self.tables.pop();
        let items = items_of(table, self.tolerance);
        match self.tables.last_mut() {
            Some(parent) if parent.cell.is_empty() => parent.cell = items,
            Some(parent) => parent.cell.extend(items),
            None => {
                for item in items {
                    match item {
                        Item::Paragraph(text) => self.blocks.paragraph(&text),
                        Item::Table(cells) => self.blocks.table(GridKind::Table, cells),
                    }
                }
            }
        }
    }

    /// Text after the last cell mark of a table.
    fn end_paragraph_of(&mut self, table: &mut Table) {
        if !self.line.trim().is_empty() {
            table.cell.push(Item::Paragraph(mem::take(&mut self.line)));
        }
        self.line.clear();
    }

    /// Ends everything that is still open.
    pub(super) fn finish(mut self) -> Blocks {
        self.below = 0;
        while !self.waiting.is_empty() {
            self.end_box();
        }
        while !self.tables.is_empty() {
            self.end_table();
        }
        self.end_paragraph();
        self.blocks
    }
}

/// What a finished table is: one grid, or the text of its only cell, or the paragraphs and grids of a layout.
fn items_of(table: Table, tolerance: i32) -> Vec<Item> {
    let cells = join_above(table.cells, tolerance);
    let is_layout =
        cells.len() < 2 || cells.iter().flat_map(|c| &c.items).any(|i| matches!(i, Item::Table(_)));
    if is_layout {
        let mut contents = cells.into_iter().map(|cell| cell.items);
        // the first is moved, not copied: layouts in layouts stay linear
        let mut items = contents.next().unwrap_or_default();
        items.extend(contents.flatten());
        return items;
    }
    let columns = Columns::of(&cells, tolerance);
    let rows = table.rows;
    let mut next = (0, 0);
    let place = |cell: Cell| {
        // two cells of a row never share a column, however narrow they are
        let least = if next.0 == cell.row { next.1 } else { 0 };
        let col = columns.at(cell.place.left).max(least).min(MOST_COLUMNS - 1);
        let cols = columns.at(cell.place.right).min(MOST_COLUMNS).saturating_sub(col).max(1);
        next = (cell.row, col + cols);
        let text = text_of(cell.items);
        let rows = cell.place.rows.clamp(1, (rows - cell.row).max(1));
        Placed { row: cell.row, col, rows, cols, text }
    };
    vec![Item::Table(cells.into_iter().map(place).collect())]
}

/// Joins cells that continue the one above with it. One that has none above stands for itself.
fn join_above(cells: Vec<Cell>, tolerance: i32) -> Vec<Cell> {
    let mut joined: Vec<Cell> = Vec::with_capacity(cells.len());
    // left edges of the row above and of this row, with the cell that covers them
    let mut above: Vec<(i32, usize)> = Vec::new();
    let mut here: Vec<(i32, usize)> = Vec::new();
    let mut row = 0;
    for cell in cells {
        if cell.row != row {
            above = if cell.row == row + 1 { mem::take(&mut here) } else { Vec::new() };
            here.clear();
            row = cell.row;
        }
        let left = cell.place.left;
        let covers = |(edge, _): &&(i32, usize)| (edge - left).abs() <= tolerance;
        let continues = cell.place.merge == Merge::Continue;
        match continues.then(|| above.iter().find(covers)).flatten() {
            Some((_, at)) => {
                let upper = &mut joined[*at];
                upper.place.rows = cell.row - upper.row + 1;
                here.push((left, *at));
            }
            _ => {
                here.push((left, joined.len()));
                joined.push(cell);
            }
        }
    }
    joined
}

/// The columns of a table: between two edges at which some cell begins or ends.
struct Columns {
    edges: Vec<i32>,
    tolerance: i32,
}

impl Columns {
    fn of(cells: &[Cell], tolerance: i32) -> Self {
        let mut all: Vec<i32> = cells.iter().flat_map(|c| [c.place.left, c.place.right]).collect();
        all.sort_unstable();
        let mut edges: Vec<i32> = Vec::new();
        for edge in all {
            if edges.last().is_none_or(|last| edge.saturating_sub(*last) > tolerance) {
                edges.push(edge);
            }
        }
        Self { edges, tolerance }
    }

    fn at(&self, edge: i32) -> u32 {
        let after = self.edges.partition_point(|e| *e <= edge);
        debug_assert!(self.edges[after.max(1) - 1].saturating_add(self.tolerance) >= edge);
        (after.max(1) - 1) as u32
    }
}

/// The paragraphs of a cell, one a line.
fn text_of(items: Vec<Item>) -> String {
    let mut text = String::new();
    for item in items {
        if let Item::Paragraph(paragraph) = item {
            if text.is_empty() {
                text = paragraph;
            } else {
                text.push('\n');
                text.push_str(&paragraph);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::show;
    use super::*;

    fn cell(flow: &mut Flow, text: &str) {
        flow.push(text);
        flow.end_cell();
    }

    fn row(flow: &mut Flow, cells: &[(&str, Place)]) {
        for (text, _) in cells {
            cell(flow, text);
        }
        let places: Vec<Place> = cells.iter().map(|(_, place)| *place).collect();
        flow.end_row(&places);
    }

    const fn on_paper(left: i32, right: i32) -> Place {
        Place { left, right, rows: 0, merge: Merge::None, joins_left: false }
    }

    #[test]
    fn ok_edges_on_paper_are_columns() {
        let mut flow = Flow::on_paper(20);
        flow.begin_table();
        row(&mut flow, &[("总计", on_paper(0, 3000))]);
        row(
            &mut flow,
            &[
                ("规章", on_paper(-3, 1000)),
                ("1", on_paper(1000, 1998)),
                ("2", on_paper(1998, 3004)),
            ],
        );
        flow.end_table();
        assert_eq!(show(&flow.finish()), "#1\n0,0 1x3 总计\n1,0 规章\n1,1 1\n1,2 2\n");
    }

    #[test]
    fn ok_merged_down_and_left() {
        let mut flow = Flow::on_paper(20);
        flow.begin_table();
        row(
            &mut flow,
            &[
                ("三、", on_paper(0, 500)),
                ("予以公开", on_paper(500, 900)),
                ("3", on_paper(900, 1200)),
            ],
        );
        let continued = Place { merge: Merge::Continue, ..on_paper(0, 500) };
        let joins = Place { joins_left: true, ..on_paper(900, 1200) };
        row(&mut flow, &[("", continued), ("x", on_paper(500, 900)), ("", joins)]);
        flow.end_table();
        assert_eq!(show(&flow.finish()), "#1\n0,0 2x1 三、\n0,1 予以公开\n0,2 3\n1,1 1x2 x\n");
    }

    #[test]
    fn ok_a_table_in_a_cell() {
        let mut flow = Flow::default();
        flow.begin_table();
        flow.push("一、总体情况");
        flow.end_paragraph();
        flow.begin_table();
        row(&mut flow, &[("规章", Place::columns(0, 1)), ("1", Place::columns(1, 1))]);
        flow.end_table();
        flow.push("二、");
        flow.end_cell();
        flow.end_row(&[Place::columns(0, 1)]);
        row(&mut flow, &[("三、", Place::columns(0, 1))]);
        flow.end_table();
        assert_eq!(show(&flow.finish()), "一、总体情况\n#1\n0,0 规章\n0,1 1\n二、\n三、\n");
    }

    #[test]
    fn ok_one_cell_in_a_cell_is_its_text() {
        let mut flow = Flow::default();
        flow.begin_table();
        flow.begin_table();
        row(&mut flow, &[("规章", Place::columns(0, 1))]);
        flow.end_table();
        flow.end_cell();
        cell(&mut flow, "1");
        flow.end_row(&[Place::columns(0, 1), Place::columns(1, 1)]);
        flow.end_table();
        assert_eq!(show(&flow.finish()), "#1\n0,0 规章\n0,1 1\n");
    }

    #[test]
    fn ok_nothing_is_lost_when_all_is_left_open() {
        let mut flow = Flow::default();
        flow.begin_table();
        cell(&mut flow, "规章");
        flow.push("1");
        flow.begin_box();
        flow.push("框");
        assert_eq!(show(&flow.finish()), "#1\n0,0 规章\n0,1 框\\n1\n");
    }

    #[test]
    fn ok_ten_thousand_deep() {
        let mut flow = Flow::default();
        for _ in 0..10_000 {
            flow.begin_table();
        }
        flow.push("1");
        for _ in 0..10_000 {
            flow.end_cell();
            flow.end_row(&[]);
            flow.end_table();
        }
        assert_eq!(show(&flow.finish()), "1\n");
    }
}
