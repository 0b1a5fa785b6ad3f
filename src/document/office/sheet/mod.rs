//! Workbooks: the cells of a sheet, whatever its format, as one grid.
//!
//! What is hidden is left out, be it a sheet, a row or a column: a value of a record is one that is printed. Blank cells
//! between others are cells, since a blank is not a zero and keeps its column.

mod format;
pub(super) mod xls;
pub(super) mod xlsx;

use super::look::{Paint, Shown, note_mark};
use crate::document::blocks::{Blocks, GridKind, MOST_COLUMNS, Placed};
pub(super) use format::{Formats, number, unrounded};
use std::collections::BTreeMap;

/// Cells with text that are kept of a sheet.
const MOST_CELLS: usize = 200_000;
/// Bytes of text that are kept of a workbook: cells share their texts, so a small one can say more than fits.
const MOST_TEXT: usize = 64 << 20;
/// Blank cells between them are laid out when there are no more places than this.
const MOST_PLACES: u64 = 200_000;
/// Merged ranges that are looked at.
const MOST_MERGED: usize = 50_000;

/// The text of a cell, of runs that look differently.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RichText {
    text: String,
    struck: String,
}

impl RichText {
    /// One more run, as a reader sees it.
    pub(super) fn push(&mut self, text: &str, shown: Shown) {
        match shown {
            Shown::Nothing => {}
            Shown::Struck => self.struck.push_str(text),
            Shown::Raised => {
                if let Some(mark) = note_mark(text) {
                    self.text.extend(["[", mark, "]"]);
                }
            }
            Shown::Plain => self.text.push_str(text),
        }
    }

    /// What is shown of it so far.
    pub(super) fn so_far(&self) -> &str {
        &self.text
    }

    /// What is shown: where all is struck out, that.
    pub(super) fn finish(self) -> String {
        let is_struck = self.text.trim().is_empty() && self.struck.contains(char::is_numeric);
        if is_struck { format!("~~{}~~", self.struck.trim()) } else { self.text }
    }
}

/// A sheet under construction.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    cells: BTreeMap<(u32, u32), String>,
    /// Bytes of text so far, with those of the sheets before.
    size: usize,
    /// First row and column, and how many of each.
    merged: Vec<(u32, u32, u32, u32)>,
    /// First and one past the last, in order of appearance.
    hidden_rows: Vec<(u32, u32)>,
    hidden_columns: Vec<(u32, u32)>,
    /// First row and column that a picture covers, and one past the last.
    pictures: Vec<(u32, u32, u32, u32)>,
    /// What is not shown under a condition.
    hiding: Vec<Hiding>,
}

/// Cells of a range whose values are not shown where they meet a condition.
#[derive(Clone, Debug)]
pub(super) struct Hiding {
    /// First row and column, and one past the last.
    pub(super) range: (u32, u32, u32, u32),
    /// How they compare with the numbers; none for a condition that is not understood.
    pub(super) condition: Option<(String, Vec<f64>)>,
}

impl Hiding {
    /// Whether a text in its range is not shown; none where that is not known.
    fn hides(&self, text: &str) -> Option<bool> {
        let (operator, numbers) = self.condition.as_ref()?;
        let value: f64 = text.trim().replace(',', "").parse().ok()?;
        let (first, last) = (*numbers.first()?, *numbers.last()?);
        if first.is_nan() || last.is_nan() {
            return None;
        }
        let within = first <= value && value <= last;
        match operator.as_str() {
            "equal" => Some(value.total_cmp(&first).is_eq()),
            "notEqual" => Some(value.total_cmp(&first).is_ne()),
            "greaterThan" => Some(value > first),
            "greaterThanOrEqual" => Some(value >= first),
            "lessThan" => Some(value < first),
            "lessThanOrEqual" => Some(value <= first),
            "between" => Some(within),
            "notBetween" => Some(!within),
            _ => None,
        }
    }
}

/// The colours that a workbook has where it says nothing else, from the eighth.
const PALETTE: [u32; 56] = [
    0x00_0000, 0xFF_FFFF, 0xFF_0000, 0x00_FF00, 0x00_00FF, 0xFF_FF00, 0xFF_00FF, 0x00_FFFF,
    0x80_0000, 0x00_8000, 0x00_0080, 0x80_8000, 0x80_0080, 0x00_8080, 0xC0_C0C0, 0x80_8080,
    0x99_99FF, 0x99_3366, 0xFF_FFCC, 0xCC_FFFF, 0x66_0066, 0xFF_8080, 0x00_66CC, 0xCC_CCFF,
    0x00_0080, 0xFF_00FF, 0xFF_FF00, 0x00_FFFF, 0x80_0080, 0x80_0000, 0x00_8080, 0x00_00FF,
    0x00_CCFF, 0xCC_FFFF, 0xCC_FFCC, 0xFF_FF99, 0x99_CCFF, 0xFF_99CC, 0xCC_99FF, 0xFF_CC99,
    0x33_66FF, 0x33_CCCC, 0x99_CC00, 0xFF_CC00, 0xFF_9900, 0xFF_6600, 0x66_6699, 0x96_9696,
    0x00_3366, 0x33_9966, 0x00_3300, 0x33_3300, 0x99_3300, 0x99_3366, 0x33_3399, 0x33_3333,
];

/// A colour of a workbook by its number.
fn indexed(number: u32) -> Paint {
    // the first eight are there twice
    let at = if number < 8 { number } else { number - 8 };
    PALETTE.get(at as usize).map_or(Paint::Auto, |colour| Paint::of_number(*colour))
}

/// What stands for a picture in a cell without text.
const PICTURE: char = '\u{FFFC}';
/// Pictures that are looked at.
const MOST_PICTURES: usize = 200;

impl Sheet {
    /// The next sheet of a workbook.
    pub(super) fn after(blocks: &Blocks) -> Self {
        Self { size: blocks.text.len(), ..Self::default() }
    }

    /// Whether it has as much as is kept.
    pub(super) fn is_full(&self) -> bool {
        self.cells.len() >= MOST_CELLS || self.size >= MOST_TEXT || self.merged.len() >= MOST_MERGED
    }

    /// A cell's text.
    pub(super) fn cell(&mut self, row: u32, col: u32, text: &str) {
        if col < MOST_COLUMNS && !self.is_full() && !text.trim().is_empty() {
            self.size += text.len();
            self.cells.insert((row, col), text.to_owned());
        }
    }

    /// A range of cells that are one.
    pub(super) fn merge(&mut self, row: u32, col: u32, rows: u32, cols: u32) {
        if rows.max(cols) > 1 && self.merged.len() < MOST_MERGED {
            self.merged.push((row, col, rows.max(1), cols.max(1)));
        }
    }

    /// A picture on cells: it may show what they do not say.
    pub(super) fn picture(&mut self, row: u32, col: u32, rows: u32, cols: u32) {
        if self.pictures.len() < MOST_PICTURES {
            let (end_row, end_col) = (row.saturating_add(rows), col.saturating_add(cols));
            self.pictures.push((row, col, end_row, end_col));
        }
    }

    /// Cells that are not shown under a condition.
    pub(super) fn hide_where(&mut self, hiding: Hiding) {
        if self.hiding.len() < MOST_PICTURES {
            self.hiding.push(hiding);
        }
    }

    /// Rows that are not shown.
    pub(super) fn hide_rows(&mut self, first: u32, count: u32) {
        self.hidden_rows.push((first, first.saturating_add(count)));
    }

    /// Columns that are not shown.
    pub(super) fn hide_columns(&mut self, first: u32, count: u32) {
        self.hidden_columns.push((first, first.saturating_add(count)));
    }

    /// Writes the grid.
    pub(super) fn finish(mut self, blocks: &mut Blocks) {
        join(&mut self.hidden_rows);
        join(&mut self.hidden_columns);
        for hiding in &self.hiding {
            let (top, left, bottom, right) = hiding.range;
            if top > bottom {
                continue;
            }
            for ((_, col), text) in self.cells.range_mut((top, 0)..(bottom, 0)) {
                if *col < left || *col >= right {
                    continue;
                }
                match hiding.hides(text) {
                    Some(true) => text.clear(),
                    Some(false) => {}
                    // words are looked at by nobody
                    None if !text.contains(|c: char| c.is_ascii_digit()) => {}
                    None => text.insert(0, '\u{FFFD}'),
                }
            }
        }
        let first_row = self.cells.keys().next().map(|(row, _)| *row);
        let last_row = self.cells.keys().next_back().map(|(row, _)| *row);
        let (Some(first_row), Some(last_row)) = (first_row, last_row) else { return };
        let first_col = self.cells.keys().map(|(_, col)| *col).min().unwrap_or(0);
        let mut end_col = self.cells.keys().map(|(_, col)| *col + 1).max().unwrap_or(0);
        let mut spans: BTreeMap<(u32, u32), (u32, u32)> = BTreeMap::new();
        for (row, col, rows, cols) in &self.merged {
            if self.cells.contains_key(&(*row, *col)) {
                end_col = end_col.max(col.saturating_add(*cols)).min(MOST_COLUMNS);
            }
            let rows = (*rows).min((last_row + 1).saturating_sub(*row).max(1));
            spans.insert((*row, *col), (rows, (*cols).min(MOST_COLUMNS)));
        }
        let width = end_col - first_col;
        let places = u64::from(last_row - first_row + 1) * u64::from(width);
        let mut cells = Vec::new();
        if places > MOST_PLACES {
            // a few cells strewn over a huge sheet
            for ((row, col), text) in std::mem::take(&mut self.cells) {
                cells.push(Placed { row, col, rows: 1, cols: 1, text });
            }
        } else {
            let mut covered = vec![false; places as usize];
            for row in first_row..=last_row {
                for col in first_col..end_col {
                    let at =
                        |row: u32, col: u32| ((row - first_row) * width + col - first_col) as usize;
                    if covered[at(row, col)] {
                        continue;
                    }
                    let (rows, cols) = spans.get(&(row, col)).copied().unwrap_or((1, 1));
                    let (rows, cols) = (rows.min(last_row + 1 - row), cols.min(end_col - col));
                    for down in row..row + rows {
                        for right in col..col + cols {
                            covered[at(down, right)] = true;
                        }
                    }
                    let mut text = self.cells.remove(&(row, col)).unwrap_or_default();
                    let covers = |(top, left, bottom, right): &(u32, u32, u32, u32)| {
                        *top < row + rows && row < *bottom && *left < col + cols && col < *right
                    };
                    if text.is_empty() && self.pictures.iter().any(covers) {
                        text.push(PICTURE);
                    }
                    cells.push(Placed { row, col, rows, cols, text });
                }
            }
        }
        cells.retain(|cell| {
            is_shown(&self.hidden_rows, cell.row, cell.rows)
                && is_shown(&self.hidden_columns, cell.col, cell.cols)
        });
        if !cells.is_empty() {
            blocks.table(GridKind::Sheet, cells);
        }
    }
}

/// Ranges in order, those that touch as one.
fn join(ranges: &mut Vec<(u32, u32)>) {
    ranges.sort_unstable();
    ranges.dedup_by(|next, kept| {
        let touches = next.0 <= kept.1;
        if touches {
            kept.1 = kept.1.max(next.1);
        }
        touches
    });
}

/// Whether one of `count` rows or columns is shown.
fn is_shown(hidden: &[(u32, u32)], first: u32, count: u32) -> bool {
    let after = hidden.partition_point(|(start, _)| *start <= first);
    after == 0 || hidden[after - 1].1 < first.saturating_add(count)
}

#[cfg(test)]
mod tests {
    use super::super::show;
    use super::*;

    fn grid(build: impl FnOnce(&mut Sheet)) -> String {
        let mut sheet = Sheet::default();
        build(&mut sheet);
        let mut blocks = Blocks::default();
        sheet.finish(&mut blocks);
        show(&blocks)
    }

    #[test]
    fn ok_merged_blank_and_hidden() {
        let shown = grid(|sheet| {
            for (row, col, text) in
                [(1, 1, "a"), (1, 3, "b"), (2, 1, "old"), (3, 2, "c"), (3, 9, "x")]
            {
                sheet.cell(row, col, text);
            }
            sheet.merge(1, 1, 1, 2);
            sheet.hide_rows(2, 1);
            sheet.hide_columns(4, 6);
        });
        assert_eq!(shown, "#1\n1,1 1x2 a\n1,3 b\n3,1 \n3,2 c\n3,3 \n");
    }

    #[test]
    fn ok_a_huge_range_keeps_its_cells() {
        let shown = grid(|sheet| {
            sheet.cell(0, 0, "a");
            sheet.cell(1_048_575, 1, "b");
            sheet.merge(0, 0, u32::MAX, u32::MAX);
        });
        assert_eq!(shown, "#1\n0,0 a\n1048575,1 b\n");
    }
}
