//! PDF: text by its places on the page, tables by their ruled lines.

mod lines;
mod page;
mod table;

use super::blocks::{Blocks, Grid, GridCell, GridKind, PagePlace};
use crate::finding::{Code, Finding};
use crate::span::Span;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::{InterpreterCache, InterpreterSettings};
use lines::{Place, TextLine, lines};
use page::{Glyph, Page};
use std::panic::{AssertUnwindSafe, catch_unwind};
use table::{Table, tables};

/// Most pages that are read.
const MOST_PAGES: usize = 1000;
/// A picture of so much of a page is a scan.
const SCAN: f64 = 0.5;

/// Reads a document; what could not be read is in the findings.
pub fn read(bytes: &[u8]) -> (Blocks, Vec<Finding>) {
    // the interpreter is another's: whatever a damaged file does to it stays here
    let outcome = catch_unwind(AssertUnwindSafe(|| pages(bytes)));
    let mut findings = Vec::new();
    let pages = match outcome {
        Ok(Ok((pages, is_cut))) => {
            if is_cut {
                let message = format!("only the first {MOST_PAGES} pages were read");
                findings.push(Finding::new(Code::DamagedPart, message));
            }
            pages
        }
        Ok(Err(finding)) => return (Blocks::default(), vec![finding]),
        Err(_) => {
            let message = "the PDF is damaged: its pages could not be drawn";
            return (Blocks::default(), vec![Finding::new(Code::Damaged, message)]);
        }
    };
    findings.extend(unread(&pages));
    let mut writer = Writer::default();
    for (number, page) in pages.iter().enumerate() {
        writer.page(number as u32 + 1, page);
    }
    writer.blocks.wrapped = true;
    (writer.blocks, findings)
}

fn pages(bytes: &[u8]) -> Result<(Vec<Page>, bool), Finding> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            Finding::new(Code::Encrypted, "the PDF is protected by a password")
        }
        LoadPdfError::Decryption(_) => {
            Finding::new(Code::Encrypted, "the PDF is encrypted in a way that is not known")
        }
        LoadPdfError::Invalid => {
            Finding::new(Code::Damaged, "the PDF is damaged: no page could be found")
        }
    })?;
    let cache = InterpreterCache::new();
    let settings = InterpreterSettings::default();
    let all = pdf.pages();
    let read = all
        .iter()
        .take(MOST_PAGES)
        .map(|source| page::read(source, &cache, settings.clone()))
        .collect();
    Ok((read, all.len() > MOST_PAGES))
}

/// What the pages show but do not say.
fn unread(pages: &[Page]) -> Vec<Finding> {
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
    let scans = list(&|page| page.glyphs.is_empty() && page.picture > 0.0);
    add(Code::NoTextLayer, "pictures without text, scanned", scans);
    let recognised = list(&|page| page.invisible * 2 > page.glyphs.len() && page.picture > SCAN);
    add(Code::RecognisedText, "text that a machine recognised under a scanned picture", recognised);
    let unmapped = list(&|page| page.unmapped * 20 > page.glyphs.len());
    add(Code::TextNotMapped, "glyphs of which the document does not say what they are", unmapped);
    let cut = list(&|page| page.is_cut);
    add(Code::DamagedPart, "more is drawn than is read", cut);
    findings
}

/// Writes pages as blocks.
#[derive(Default)]
struct Writer {
    blocks: Blocks,
}

impl Writer {
    fn page(&mut self, number: u32, page: &Page) {
        if number > 1 {
            self.blocks.end_line();
            self.blocks.text.push('\u{C}');
        }
        let tables = tables(page);
        let mut inside: Vec<Vec<&Glyph>> = vec![Vec::new(); tables.len()];
        let mut outside: Vec<&Glyph> = Vec::new();
        for glyph in &page.glyphs {
            let center = glyph.center();
            match tables.iter().position(|table| table.holds(center.x, center.y)) {
                Some(table) => inside[table].push(glyph),
                None => outside.push(glyph),
            }
        }
        let unit = unit(page);
        let mut written = 0;
        for line in lines(&outside, Place::Line) {
            while written < tables.len() && tables[written].area[1] < line.top() {
                self.table(number, &tables[written], &inside[written]);
                written += 1;
            }
            self.line(number, &line, unit);
        }
        for at in written..tables.len() {
            self.table(number, &tables[at], &inside[at]);
        }
    }

    /// A line with its words as far apart as they are printed, two columns an ideograph.
    fn line(&mut self, page: u32, line: &TextLine, unit: f64) {
        self.blocks.end_line();
        let mut column = 0usize;
        for (at, word) in line.words.iter().enumerate() {
            let wanted = (word.x.0 / unit).round().clamp(0.0, 400.0) as usize;
            let blanks = wanted.saturating_sub(column).max(usize::from(at > 0));
            self.blocks.text.extend(std::iter::repeat_n(' ', blanks));
            let start = self.blocks.at();
            self.blocks.text.push_str(&word.text);
            column +=
                blanks + word.text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
            let area = [word.x.0, word.y.0, word.x.1, word.y.1];
            self.blocks.places.push(PagePlace { start, page, area });
        }
        self.blocks.end_line();
    }

    fn table(&mut self, page: u32, table: &Table, glyphs: &[&Glyph]) {
        let mut of_cell: Vec<Vec<&Glyph>> = vec![Vec::new(); table.cells.len()];
        for glyph in glyphs {
            let center = glyph.center();
            if let Some(cell) = table.cell_at(center.x, center.y) {
                of_cell[cell].push(glyph);
            }
        }
        self.blocks.end_line();
        let mut grid = Grid { number: self.blocks.number(GridKind::Table), ..Grid::default() };
        let mut row = 0;
        for (cell, glyphs) in table.cells.iter().zip(&of_cell) {
            if !grid.cells.is_empty() {
                self.blocks.text.push(if cell.row == row { '\t' } else { '\n' });
            }
            row = cell.row;
            let start = self.blocks.at();
            self.blocks.places.push(PagePlace { start, page, area: cell.area });
            for (at, line) in lines(glyphs, Place::Cell).iter().enumerate() {
                if at > 0 {
                    self.blocks.text.push('\n');
                }
                let words: Vec<&str> = line.words.iter().map(|word| word.text.as_str()).collect();
                self.blocks.text.push_str(&words.join(" "));
            }
            let span = Span::new(start, self.blocks.at());
            grid.cells.push(GridCell {
                row: cell.row,
                col: cell.col,
                rows: cell.rows,
                cols: cell.cols,
                span,
            });
        }
        self.blocks.end_line();
        self.blocks.push_grid(grid);
    }
}

/// Width of half an ideograph on this page, in points: the size that most glyphs have.
fn unit(page: &Page) -> f64 {
    let mut sizes: Vec<f64> = page.glyphs.iter().map(|glyph| glyph.size).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.get(sizes.len() / 2).map_or(5.0, |size| size / 2.0).max(1.0)
}
