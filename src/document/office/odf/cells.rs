//! Cells and rows of spreadsheets.

use super::super::flow::Place;
use super::super::look::{Look, Paint};
use super::super::sheet::{RichText, number, unrounded};
use super::super::xml::Tag;
use super::{MOST_REPEATED, Reader, Row};
use crate::document::blocks::MOST_COLUMNS;

/// A cell that is open.
#[derive(Debug, Default)]
pub(super) struct Cell {
    pub(super) cols: u32,
    pub(super) rows: u32,
    pub(super) repeated: u32,
    /// The value, where the shown text may be rounded.
    pub(super) value: Option<f64>,
    pub(super) look: Look,
    pub(super) formula: Option<String>,
    /// Whether the file says what is shown.
    pub(super) has_text: bool,
    pub(super) text: RichText,
}

impl Cell {
    /// What a reader sees of it.
    fn shown(self) -> String {
        let shown = self.text.finish();
        match (self.value, &self.formula) {
            (Some(value), _) if !self.has_text => {
                let mut text = RichText::default();
                text.push(&number(value), self.look.shown(Paint::Unknown));
                text.finish()
            }
            (Some(value), _) => unrounded(shown.trim(), value),
            (None, Some(formula)) if shown.trim().is_empty() => format!("={formula}"),
            (None, _) => shown.trim().to_owned(),
        }
    }
}

impl Reader {
    pub(super) fn begin_cell(&mut self, tag: &Tag<'_>) {
        let cols = tag.number("number-columns-spanned").unwrap_or(1).clamp(1, MOST_COLUMNS);
        let rows = tag.number("number-rows-spanned").unwrap_or(1).max(1);
        let repeated = tag.number("number-columns-repeated").unwrap_or(1).max(1);
        if self.is_spreadsheet {
            // the shown text of a number may be rounded, that of a date or a share is what counts
            let is_number = matches!(tag.get("value-type").as_deref(), Some("float" | "currency"));
            let value = tag.get("value").filter(|_| is_number).and_then(|v| v.parse().ok());
            let style = tag.get("style-name");
            self.push_paper(style.as_deref());
            let look = self.look(style.as_deref(), Look::default());
            // a formula that nobody has computed shows something, once it is
            let is_open = tag.get("value-type").is_none();
            let formula = tag.get("formula").filter(|_| is_open);
            self.cell =
                Some(Cell { cols, rows, repeated, value, look, formula, ..Cell::default() });
        } else if !self.rows.is_empty() {
            self.push_paper(tag.get("style-name").as_deref());
            let Some(row) = self.rows.last_mut() else { return };
            // an empty cell may stand for several; a merged one stands for itself
            let most = MOST_COLUMNS.saturating_sub(row.places.len() as u32);
            row.cells = if cols == 1 { repeated.min(most).max(1) } else { 1 };
            for _ in 0..row.cells {
                row.places.push(Place { rows, ..Place::columns(row.col, cols) });
                // the columns that it covers further right have covered cells of their own
                row.col = (row.col + 1).min(MOST_COLUMNS);
            }
        }
    }

    pub(super) fn end_cell(&mut self) {
        self.papers.pop();
        let Some(cell) = self.cell.take() else {
            for _ in 0..self.rows.last().map_or(1, |row| row.cells.max(1)) {
                self.flow.end_cell();
            }
            return;
        };
        let (cols, rows, repeated) = (cell.cols, cell.rows, cell.repeated);
        let text = cell.shown();
        if let (Some(sheet), false) = (&mut self.sheet, text.is_empty() && cols * rows.min(2) == 1)
        {
            for down in 0..self.row_repeated.min(MOST_REPEATED) {
                for right in 0..repeated.min(MOST_COLUMNS) {
                    if sheet.is_full() {
                        break;
                    }
                    let row = self.sheet_row.saturating_add(down);
                    let col = self.sheet_col.saturating_add(right);
                    sheet.cell(row, col, &text);
                    sheet.merge(row, col, rows, cols);
                }
            }
        }
        self.sheet_col = self.sheet_col.saturating_add(repeated);
    }

    /// Whether a row or a column is not shown.
    pub(super) fn is_hidden(&self, tag: &Tag<'_>) -> bool {
        let style = tag.get("style-name").and_then(|name| self.styles.get(&name));
        matches!(tag.get("visibility").as_deref(), Some("collapse" | "filter"))
            || style.is_some_and(|style| style.is_flat)
    }

    pub(super) fn begin_row(&mut self, tag: &Tag<'_>) {
        let repeated = tag.number("number-rows-repeated").unwrap_or(1).max(1);
        if self.is_spreadsheet {
            let is_hidden = self.is_hidden(tag);
            if let (Some(sheet), true) = (&mut self.sheet, is_hidden) {
                sheet.hide_rows(self.sheet_row, repeated);
            }
            (self.sheet_col, self.row_repeated) = (0, repeated);
        } else {
            self.rows.push(Row { repeated, ..Row::default() });
        }
    }

    pub(super) fn end_row(&mut self) {
        if self.is_spreadsheet {
            self.sheet_row = self.sheet_row.saturating_add(self.row_repeated);
        } else if let Some(row) = self.rows.pop() {
            // a blank row that is repeated is still rows of the table
            self.flow.end_row(&row.places);
            for _ in 1..row.repeated.min(if row.has_text { 1 } else { MOST_REPEATED }) {
                if self.flow.is_full() {
                    break;
                }
                self.flow.end_row(&row.places);
            }
        }
    }
}
