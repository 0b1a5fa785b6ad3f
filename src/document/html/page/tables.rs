//! Tables of a page as they open and close: where their cells stand, and what is printed in them.

use super::super::super::blocks::{Grid, GridCell, GridKind, Placer};
use super::super::style::Tag;
use super::{Blanks, DEEPEST, Open, PICTURE, Reader};
use crate::span::Span;

#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) grid: Grid,
    pub(super) placer: Placer,
    pub(super) row_open: bool,
    pub(super) cell: Option<GridCell>,
    /// Whether it lays out the page: a table stands in one of its cells.
    pub(super) layout: bool,
    /// What stands for a picture in the open cell.
    pub(super) picture: Option<String>,
    /// Text of the open cell that may be in the colour of its paper.
    pub(super) faint: String,
    /// Struck text of the open cell.
    pub(super) struck: String,
    /// What narrow screens show before the text of the open cell.
    pub(super) label: String,
}

impl Reader<'_> {
    pub(super) fn open_table(&mut self) {
        // a table directly in a table, not in a cell: the first one was not closed
        if self.tables.last().is_some_and(|table| table.cell.is_none()) {
            self.close_table();
        }
        self.block_break();
        let number = self.page.blocks.number(GridKind::Table);
        self.tables.push(Table { grid: Grid { number, ..Grid::default() }, ..Table::default() });
    }

    pub(super) fn open_row(&mut self) {
        self.close_row();
        if let Some(table) = self.tables.last_mut() {
            table.placer.next_row();
            table.row_open = true;
        }
    }

    pub(super) fn open_cell(&mut self) {
        self.close_cell();
        let (cols, rows) = self.attributes.spans();
        let at = self.page.blocks.at();
        if let Some(table) = self.tables.last_mut() {
            std::mem::swap(&mut table.label, &mut self.attributes.label);
            if !std::mem::replace(&mut table.row_open, true) {
                table.placer.next_row();
            }
            let (row, col, cols) = table.placer.place(cols, rows);
            table.cell = Some(GridCell { row, col, rows, cols, span: Span::new(at, at) });
        }
        if self.open.len() < DEEPEST {
            self.open.push(Open {
                tag: Tag::Cell,
                start: at,
                tables: self.tables.len(),
                furniture: false,
            });
        }
    }

    pub(super) fn close_cell(&mut self) {
        self.blanks = Blanks::None;
        self.raised = 0;
        if std::mem::take(&mut self.bracket) {
            self.page.blocks.text.push(']');
        }
        let tables = self.tables.len();
        let Some(table) = self.tables.last_mut() else { return };
        let Some(mut cell) = table.cell.take() else { return };
        let picture =
            table.picture.take().filter(|_| !table.grid.cells.is_empty() && !table.layout);
        let faint = std::mem::take(&mut table.faint);
        let struck = std::mem::take(&mut table.struck);
        let label = std::mem::take(&mut table.label);
        let text = &mut self.page.blocks.text;
        let start = cell.span.start as usize;
        if text[start..].trim().is_empty() {
            text.push_str(faint.trim());
        }
        // something is printed in it
        if text[start..].trim().is_empty() && struck.contains(|c: char| c.is_numeric()) {
            text.extend(["~~", struck.as_str(), "~~"]);
        }
        let kept = text[start..].trim_end_matches(['\n', '\t', ' ']).len();
        if !table.layout {
            text.truncate(start + kept);
            let letters = |text: &str| text.chars().any(char::is_alphabetic);
            if let Some(alt) = picture.filter(|_| !letters(&text[start..])) {
                text.push(PICTURE);
                text.push_str(if letters(&alt) { "" } else { &alt });
            }
            let behind = text[start..].strip_prefix(label.as_str()).filter(|_| !label.is_empty());
            let value = behind.map(|text| text.trim_start_matches([':', '：', ' ', '\n']));
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                let from = (text.len() - value.len()) as u32;
                self.page.blocks.cut(Span::new(cell.span.start, from));
                let end = self.page.blocks.at();
                self.open.iter_mut().for_each(|open| open.start = open.start.min(end));
            }
        }
        let text = &mut self.page.blocks.text;
        cell.span.end = text.len() as u32;
        table.grid.cells.push(cell);
        if table.layout {
            self.end_line();
        }
        if let Some(own) = self
            .open
            .iter()
            .rposition(|open| open.tables < tables)
            .map_or(Some(0), |at| Some(at + 1))
        {
            self.close_from(own);
        }
        // so that every cell, also an empty one, has a place of its own
        self.page.blocks.text.push('\t');
    }

    pub(super) fn close_row(&mut self) {
        self.close_cell();
        if let Some(table) = self.tables.last_mut()
            && std::mem::take(&mut table.row_open)
        {
            let text = &mut self.page.blocks.text;
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
        }
    }

    pub(super) fn close_table(&mut self) {
        self.close_row();
        let Some(table) = self.tables.pop() else { return };
        self.blanks = Blanks::None;
        let nested = self.tables.last_mut().filter(|outer| outer.cell.is_some());
        match nested {
            // one cell in a cell is no table
            Some(_) if table.grid.cells.len() < 2 && !table.layout => {}
            outer => {
                if let Some(outer) = outer {
                    outer.layout = true;
                }
                if !table.layout {
                    self.page.blocks.push_grid(table.grid);
                }
            }
        }
    }
}
