//! Pages as a layout format draws them → text in reading order: text by its places, tables by their ruled lines.
//!
//! A reader of such a format draws each page on a [`Canvas`]; what follows is the same for all of them.

mod align;
mod canvas;
mod flow;
mod halves;
mod lines;
mod page;
mod seen;
mod shown;
mod table;

pub(crate) use canvas::{Budget, Canvas, Pen};
pub(crate) use lines::is_blank;
#[cfg(feature = "ocr")]
pub(crate) use page::Line;
pub(crate) use page::{Glyph, Page};
pub(crate) use seen::{Colour, Ink};

use super::blocks::{Blocks, Grid, GridCell, GridKind, PagePlace};
use crate::finding::{Code, Finding};
use crate::span::Span;
use flow::{Flow, FlowCell, Item, flow};
use lines::TextLine;
use page::SCAN;

/// Most pages that are read.
pub(crate) const MOST_PAGES: usize = 1000;

/// The text of the pages, and what they show but do not say.
pub(crate) fn read(mut pages: Vec<Page>) -> (Blocks, Vec<Finding>) {
    let findings = unread(&pages);
    let guessed = pages.iter().filter(|page| page.is_recognised).map(|page| page.number).collect();
    let scans = pages.iter_mut().filter_map(Page::take_scan).collect();
    let pages = flow::halved(pages);
    let flow = flow(&pages);
    let mut writer = Writer { blocks: Blocks::default(), flow: &flow, unit: unit(&pages) };
    for item in &flow.items {
        writer.item(item);
    }
    writer.blocks.wrapped = true;
    writer.blocks.guessed = guessed;
    writer.blocks.scans = scans;
    (writer.blocks, findings)
}

/// What the pages show but do not say.
fn unread(pages: &[Page]) -> Vec<Finding> {
    /// So many shapes are text, and so many cells a table.
    const TEXT: usize = 30;
    const CELLS: usize = 8;
    let list = |of: &dyn Fn(&Page) -> bool| -> Vec<String> {
        let numbers =
            (1..).zip(pages).filter(|(_, page)| of(page)).map(|(number, _)| number.to_string());
        numbers.collect()
    };
    let mut findings = Vec::new();
    let mut add = |code, what: &str, pages: Vec<String>| {
        if !pages.is_empty() {
            findings.push(Finding::new(code, format!("{what}: pages {}", pages.join(", "))));
        }
    };
    let is_drawn = |page: &Page| page.picture > 0.0 || page.shapes.len() > TEXT;
    let scans = list(&|page| page.glyphs.is_empty() && is_drawn(page));
    add(Code::NoTextLayer, "pictures without text, scanned", scans);
    let drawn = list(&|page| page.drawn >= CELLS);
    add(Code::NoTextLayer, "cells whose text is drawn as outlines or pictures", drawn);
    let recognised = list(&|page| page.invisible * 2 > page.glyphs.len() && page.picture > SCAN);
    add(Code::RecognisedText, "text that a machine recognised under a scanned picture", recognised);
    let guessed = list(&|page| page.is_recognised);
    let message =
        "text that a model read from pictures; of its numbers those are given that sums prove";
    add(Code::RecognisedText, message, guessed);
    let unmapped = list(&|page| page.unmapped * 20 > page.glyphs.len());
    add(Code::TextNotMapped, "glyphs of which the document does not say what they are", unmapped);
    let cut = list(&|page| page.is_cut);
    add(Code::DamagedPart, "more is drawn than is read", cut);
    let damaged = list(&|page| page.is_damaged);
    add(Code::DamagedPart, "damaged, and not drawn to the end", damaged);
    findings
}

/// Writes the flow of the pages as blocks.
struct Writer<'f> {
    blocks: Blocks,
    flow: &'f Flow<'f>,
    /// Width of half an ideograph, in points.
    unit: f64,
}

impl Writer<'_> {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Line(line) => self.line(line),
            Item::Furniture(line) => {
                self.blocks.end_line();
                let start = self.blocks.at();
                self.line(line);
                self.blocks.furniture.push(Span::new(start, self.blocks.at()));
            }
            Item::Table(is_ruled, cells) => self.table(*is_ruled, cells),
            Item::Feed => {
                self.blocks.end_line();
                self.blocks.text.push('\u{C}');
            }
        }
    }

    fn place(&mut self, area: [f64; 4]) {
        let (page, area) = self.flow.place(area);
        self.blocks.places.push(PagePlace { start: self.blocks.at(), page, area });
    }

    /// A line with its words as far apart as they are printed, two columns an ideograph.
    fn line(&mut self, line: &TextLine) {
        self.blocks.end_line();
        let mut column = 0usize;
        for (at, word) in line.words.iter().enumerate() {
            #[expect(clippy::cast_sign_loss, reason = "clamped")]
            let wanted = (word.x.0 / self.unit).round().clamp(0.0, 400.0) as usize;
            let blanks = wanted.saturating_sub(column).max(usize::from(at > 0));
            self.blocks.text.extend(std::iter::repeat_n(' ', blanks));
            self.place([word.x.0, word.y.0, word.x.1, word.y.1]);
            self.blocks.text.push_str(&word.text);
            column +=
                blanks + word.text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
        }
        self.blocks.end_line();
    }

    fn table(&mut self, is_ruled: bool, cells: &[FlowCell]) {
        self.blocks.end_line();
        let number = self.blocks.number(GridKind::Table);
        // columns found by what stands in them are no other table's
        let frame = if is_ruled { 0 } else { number };
        let mut grid = Grid { number, frame, ..Grid::default() };
        let mut row = 0;
        for cell in cells {
            if !grid.cells.is_empty() {
                self.blocks.text.push(if cell.row == row { '\t' } else { '\n' });
            }
            row = cell.row;
            let start = self.blocks.at();
            self.place(cell.area);
            for (at, line) in cell.lines.iter().enumerate() {
                if at > 0 {
                    self.blocks.text.push('\n');
                }
                for (at, word) in line.words.iter().enumerate() {
                    if at > 0 {
                        self.blocks.text.push(' ');
                    }
                    self.blocks.text.push_str(&word.text);
                }
            }
            let span = Span::new(start, self.blocks.at());
            if let Some((readings, is_witnessed)) = self.flow.readings(cell.area) {
                self.blocks.readings.push((span, readings.clone()));
                if is_witnessed {
                    self.blocks.witnessed.push(span);
                }
            }
            let FlowCell { row, col, rows, cols, .. } = *cell;
            grid.cells.push(GridCell { row, col, rows, cols, span });
        }
        self.blocks.end_line();
        self.blocks.push_grid(grid);
    }
}

/// Width of half an ideograph in this document, in points: the size that most glyphs have.
fn unit(pages: &[Page]) -> f64 {
    let mut sizes: Vec<f64> =
        pages.iter().flat_map(|page| &page.glyphs).map(|glyph| glyph.size).collect();
    let middle = sizes.len() / 2;
    if sizes.is_empty() {
        return 5.0;
    }
    let (_, size, _) = sizes.select_nth_unstable_by(middle, f64::total_cmp);
    (*size / 2.0).max(1.0)
}
