//! PDF: text by its places on the page, tables by their ruled lines.

mod align;
mod flow;
mod form;
mod lines;
mod packed;
mod page;
mod seen;
mod table;

use super::blocks::{Blocks, Grid, GridCell, GridKind, PagePlace};
use crate::finding::{Code, Finding};
use crate::guard;
use crate::source::sniff;
use crate::span::Span;
use flow::{Flow, FlowCell, Item, flow};
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::{InterpreterCache, InterpreterSettings};
use lines::TextLine;
use memchr::memmem;
use page::{Budget, Page, SCAN, Substitutes};

/// Most pages that are read.
const MOST_PAGES: usize = 1000;
/// Deepest nesting of dictionaries; the interpreter's time grows with its square.
const DEEPEST: usize = 10_000;

/// Reads a document; what could not be read is in the findings.
pub fn read(bytes: &[u8]) -> (Blocks, Vec<Finding>) {
    // places in it are counted from its beginning
    let bytes = &bytes[sniff::pdf_start(bytes).unwrap_or(0)..];
    // the interpreter is another's: whatever a damaged file does to it stays here
    let outcome = guard::contain(|| pages(bytes));
    let mut findings = Vec::new();
    if is_truncated(bytes) {
        let message = "the PDF breaks off: what would follow is missing";
        findings.push(Finding::new(Code::DamagedPart, message));
    }
    let pages = match outcome {
        Ok(Ok((pages, _))) if !findings.is_empty() && pages.iter().all(Page::is_blank) => {
            let message = "the PDF breaks off before any of its text";
            return (Blocks::default(), vec![Finding::new(Code::Damaged, message)]);
        }
        Ok(Ok((pages, is_cut))) => {
            if is_cut {
                let message = format!("only the first {} pages were read", pages.len());
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
    let pages = flow::halved(pages);
    let flow = flow(&pages);
    let mut writer = Writer { blocks: Blocks::default(), flow: &flow, unit: unit(&pages) };
    for item in &flow.items {
        writer.item(item);
    }
    writer.blocks.wrapped = true;
    (writer.blocks, findings)
}

/// Whether dictionaries stand in each other deeper than any program writes them.
fn is_too_deep(bytes: &[u8]) -> bool {
    let mut depth = 0usize;
    for at in memchr::memchr3_iter(b'<', b'>', b'e', bytes) {
        match &bytes[at..] {
            [b'<', b'<', ..] => depth += 1,
            [b'>', b'>', ..] => depth = depth.saturating_sub(1),
            rest if rest.starts_with(b"endobj") => depth = 0,
            _ => {}
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

/// Whether the end of a file is missing: objects follow the last mark of an end, or there is none at all.
fn is_truncated(bytes: &[u8]) -> bool {
    let end = memmem::rfind(bytes, b"%%EOF");
    let is_object = |at: usize| {
        let before = bytes[..at].trim_ascii_end();
        before.len() < at && before.last().is_some_and(u8::is_ascii_digit)
    };
    let rest = end.unwrap_or(0);
    let follows = || memmem::find_iter(&bytes[rest..], b"obj").any(|at| is_object(rest + at));
    match end {
        Some(_) => follows(),
        None => memmem::rfind(bytes, b"startxref").is_none(),
    }
}

fn pages(bytes: &[u8]) -> Result<(Vec<Page>, bool), Finding> {
    if is_too_deep(bytes) {
        let message = "the PDF is damaged: its objects are nested without end";
        return Err(Finding::new(Code::Damaged, message));
    }
    if packed::is_bomb(bytes) {
        let message = "the PDF is damaged: a stream becomes too large when it is unpacked";
        return Err(Finding::new(Code::Damaged, message));
    }
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
    let substitutes = Substitutes::default();
    let settings = substitutes.noted(InterpreterSettings::default());
    let all = pdf.pages();
    let mut budget = Budget::new();
    let mut read = Vec::new();
    let mut left = packed::MOST_OF_PAGES;
    for source in all.iter().take(MOST_PAGES) {
        if budget.is_spent() {
            break;
        }
        let contents = packed::contents_len(source, left);
        if contents > left {
            break;
        }
        left -= contents;
        guard::check();
        let mut page = page::read(source, &cache, settings.clone(), &substitutes, &mut budget);
        page.number = read.len() as u32 + 1;
        read.push(page);
    }
    let is_cut = read.len() < all.len();
    Ok((read, is_cut))
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

#[cfg(test)]
mod tests;
