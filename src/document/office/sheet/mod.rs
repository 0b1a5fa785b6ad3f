//! Workbooks: the cells of a sheet, whatever its format, as one grid.
//!
//! What is hidden is left out, be it a sheet, a row or a column: a value of a record is one that is printed. Blank cells
//! between others are cells, since a blank is not a zero and keeps its column.

mod format;
pub(super) mod xls;
pub(super) mod xlsx;

use super::look::{Shown, note_mark};
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
