//! Where a cell of a record stands: its `at` looked up in the document's text.

use super::cells::letters;
use super::forms::Form;
use super::number::{self, Exact};
use crate::document::blocks::{Grid, GridCell, GridKind};
use crate::document::{self, Document, wrapped};
use crate::source::Source;
use crate::span::{LineIndex, Span};
use serde_json::Value;
use std::collections::HashMap;

/// A document as it was decoded, and its source where places are those of the source.
pub(super) struct Text<'s> {
    pub(super) document: Document<'s>,
    lines: LineIndex,
    /// The decoded source of a page.
    page: Option<String>,
    /// The letters of the cells of all grids.
    said: HashMap<Span, String>,
}

/// Where a cell stands in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'t> {
    /// Its text, as exactly as the record says.
    pub(super) span: Span,
    /// What holds that text and may hold others' too: a cell of a grid, a run on a page; the text itself where the place
    /// is exact.
    pub(super) holder: Span,
    /// The grid and its cell.
    pub(super) grid: Option<(&'t Grid, &'t GridCell)>,
}

/// How a form spells the labels of its tables: what was read from a picture is spelled so.
#[cfg(feature = "ocr")]
fn spellings(form: &Form) -> document::respelled::Spellings {
    use document::respelled::{Spelling, Spellings};
    // a numeral has its mark
    let marked = |label: &String| match label.split_at_checked(1) {
        Some((first, rest)) if first.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{first}.{rest}")
        }
        _ => label.clone(),
    };
    let mut known = Spellings::default();
    for table in form.tables.values() {
        for (key, labels) in table.rows.iter().chain(&table.columns) {
            known.labels.extend(labels.iter().map(|label| Spelling::new(&marked(label), key)));
        }
        let spelled = |(_, own): &(String, Vec<String>)| own.iter().map(marked).collect();
        known.tables.push(table.rows.iter().map(spelled).collect());
        known.columns.push(table.columns.iter().map(spelled).collect());
    }
    known
}

impl<'s> Text<'s> {
    #[cfg_attr(not(feature = "ocr"), expect(unused_variables, unused_mut, reason = "no pictures"))]
    pub(super) fn new(source: &'s Source, form: Option<&Form>) -> Self {
        let mut document = document::read(source);
        #[cfg(feature = "ocr")]
        if let Some(form) = form {
            document::respelled::respell(&mut document, &spellings(form));
        }
        let lines = LineIndex::new(&document.text);
        let page = document.source_lines.is_some().then(|| decoded(source));
        let grids = document.blocks.iter().flat_map(|blocks| &blocks.grids);
        let cells = grids.flat_map(|grid| &grid.cells).map(|cell| cell.span);
        let said = cells.map(|span| (span, letters(span.of(&document.text)))).collect();
        Self { document, lines, page, said }
    }

    pub(super) fn text(&self) -> &str {
        &self.document.text
    }

    /// The letters of a cell of a grid.
    pub(super) fn said(&self, cell: Span) -> &str {
        self.said.get(&cell).map_or("", String::as_str)
    }

    /// The line of a byte of the text, as records count lines: in the decoded source of a page, else in the text.
    pub(super) fn line(&self, at: u32) -> u64 {
        let source = || self.document.blocks.as_ref().and_then(|blocks| blocks.source_of(at));
        match &self.document.source_lines {
            Some(lines) => lines.line_at(source().unwrap_or(0)).into(),
            None => self.lines.line_at(at).into(),
        }
    }

    /// Whether a number is one of those that a place can be which was read from a picture.
    pub(super) fn reads(&self, span: Span, value: Exact) -> bool {
        let Some(blocks) = &self.document.blocks else { return false };
        let mut readings = blocks.readings_of(span).iter();
        readings.any(|(text, _)| number::read(text, "").is_some_and(|(read, _)| read == value))
    }

    /// The page of a byte of the text.
    pub(super) fn page_of(&self, at: u32) -> Option<u64> {
        Some(self.document.blocks.as_ref()?.page_of(at)?.page.into())
    }

    /// The whole line of the text around a span; in a grid its whole row.
    pub(super) fn around(&self, span: Span) -> Span {
        let text = self.text();
        let row = |at: u32| {
            let (grid, cell) = self.document.blocks.as_ref()?.cell_at(at)?;
            let row = grid.cells.iter().filter(|other| other.row == cell.row);
            row.map(|cell| cell.span).reduce(Span::join)
        };
        let line = |at: u32| {
            let at = at as usize;
            let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
            let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
            Span::new(start as u32, end as u32)
        };
        let of = |at: u32| row(at).unwrap_or_else(|| line(at));
        of(span.start).join(of(span.end))
    }

    /// Looks a place up; an error says what is wrong with it. `taken` are places of the same holder before it.
    pub(super) fn find(
        &self,
        at: &Value,
        raw: &str,
        taken: &[Place<'_>],
    ) -> Result<Place<'_>, String> {
        let number = |key: &str| at[key].as_u64();
        let bytes = number("start").zip(number("end"));
        if let Some((start, end)) = bytes {
            self.bytes(at, start, end, raw)?;
        }
        let kind = [("table", GridKind::Table), ("sheet", GridKind::Sheet)]
            .into_iter()
            .find_map(|(key, kind)| Some((kind, number(key)?)));
        if let Some((kind, number)) = kind {
            return self.cell(at, kind, number, raw, taken);
        }
        if at["page"].is_u64() {
            return self.run(at, raw, taken);
        }
        let Some((start, end)) = bytes else {
            // a place in a page that the source writes otherwise
            let line = number("line").ok_or("no place is said")?;
            return self.line_of(line, raw, taken);
        };
        let start = match &self.page {
            Some(_) => self.in_text(start).ok_or("its bytes are not text of the page")?,
            None => start as u32,
        };
        let span = Span::new(start, start + (end - bytes.map_or(0, |(start, _)| start)) as u32);
        Ok(Place { span, holder: span, grid: None })
    }

    /// The bytes of the decoded text, or of the source of a page, are the printed ones and stand on the said line.
    fn bytes(&self, at: &Value, start: u64, end: u64, raw: &str) -> Result<(), String> {
        let text = self.page.as_deref().unwrap_or(self.text());
        let there = text.get(start as usize..end as usize);
        // a picture, where a page has something else
        if there != Some(raw) && raw != "\u{FFFC}" {
            return Err(format!(
                "raw is {raw:?}, at its bytes stands {:?}",
                there.unwrap_or("nothing")
            ));
        }
        let lines = self.document.source_lines.as_ref().unwrap_or(&self.lines);
        let line = u64::from(lines.line_at(start as u32));
        if at["line"].as_u64() != Some(line) {
            return Err(format!("it stands in line {line}, not in line {}", at["line"]));
        }
        Ok(())
    }

    /// A cell of a grid; the printed text is in it.
    fn cell(
        &self,
        at: &Value,
        kind: GridKind,
        number: u64,
        raw: &str,
        taken: &[Place<'_>],
    ) -> Result<Place<'_>, String> {
        let blocks = self.document.blocks.as_ref().ok_or("the document has no tables")?;
        let grid = blocks.grids.iter().find(|g| g.kind == kind && u64::from(g.number) == number);
        let grid = grid.ok_or_else(|| format!("the document has no table {number}"))?;
        let (row, col) = (at["row"].as_u64().unwrap_or(0), at["col"].as_u64().unwrap_or(0));
        let cell = grid
            .cells
            .iter()
            .find(|cell| u64::from(cell.row) + 1 == row && u64::from(cell.col) + 1 == col)
            .ok_or_else(|| format!("table {number} has no cell in row {row}, column {col}"))?;
        // where it is open whose the digits are, they may be those of several cells
        let several = || {
            let is_there = self.text()[cell.span.start as usize..].starts_with(raw);
            is_there.then(|| Span::new(cell.span.start, cell.span.start + raw.len() as u32))
        };
        let span = self.within(cell.span, raw, taken).or_else(several).ok_or_else(|| {
            format!("raw is {raw:?}, its cell says {:?}", cell.span.of(self.text()))
        })?;
        if let Some(page) = at["page"].as_u64()
            && self.page_of(span.start) != Some(page)
        {
            return Err(format!("it does not stand on page {page}"));
        }
        let printed = blocks.page_of(span.start).map(|place| place.area);
        if printed.is_some_and(|area| !is_box(&area, &at["box"])) {
            return Err("it is not printed in its box".to_owned());
        }
        let source = at["start"].as_u64().and_then(|start| self.in_text(start));
        if source.is_some_and(|at| at < cell.span.start || cell.span.end < at) {
            return Err(format!("its bytes are not those of row {row}, column {col}"));
        }
        if let Some(line) = at["line"].as_u64()
            && !(self.line(cell.span.start)..=self.line(cell.span.end)).contains(&line)
        {
            return Err(format!("its cell does not stand in line {line}"));
        }
        Ok(Place { span, holder: cell.span, grid: Some((grid, cell)) })
    }

    /// A run of the text that is printed in a box of a page.
    fn run(&self, at: &Value, raw: &str, taken: &[Place<'_>]) -> Result<Place<'_>, String> {
        let blocks = self.document.blocks.as_ref().ok_or("the document has no pages")?;
        let page = at["page"].as_u64();
        let mut there = Vec::new();
        for (nth, place) in blocks.places.iter().enumerate() {
            if Some(u64::from(place.page)) == page && is_box(&place.area, &at["box"]) {
                let end =
                    blocks.places.get(nth + 1).map_or(self.text().len() as u32, |next| next.start);
                there.push(Span::new(place.start, end));
            }
        }
        let found = there.iter().find_map(|run| Some((*run, self.within(*run, raw, taken)?)));
        let (holder, span) = found.ok_or_else(|| match there.first() {
            Some(run) => format!("raw is {raw:?}, in its box stands {:?}", run.of(self.text())),
            None => "nothing is printed in its box".to_owned(),
        })?;
        Ok(Place { span, holder, grid: None })
    }

    /// A line of a page's source.
    fn line_of(&self, line: u64, raw: &str, taken: &[Place<'_>]) -> Result<Place<'_>, String> {
        let text = self.text();
        let mut from = 0;
        while let Some(found) = text[from..].find(raw) {
            let start = (from + found) as u32;
            let span = Span::new(start, start + raw.len() as u32);
            if self.line(start) == line && !taken.iter().any(|other| other.span == span) {
                return Ok(Place { span, holder: self.around(span), grid: None });
            }
            from += found + text[from + found..].chars().next().map_or(1, char::len_utf8);
            if from >= text.len() {
                break;
            }
        }
        Err(format!("raw is {raw:?}, which line {line} does not say"))
    }

    /// The first place in a holder where a text stands that no cell before it has; one that has it whole shares it.
    fn within(&self, holder: Span, raw: &str, taken: &[Place<'_>]) -> Option<Span> {
        let text = holder.of(self.text());
        let from = taken
            .iter()
            .filter(|other| holder.start <= other.span.start && other.span.end <= holder.end)
            .map(|other| other.span)
            .collect::<Vec<_>>();
        let place = |at: usize| {
            let start = holder.start + at as u32;
            Span::new(start, start + raw.len() as u32)
        };
        let free = text
            .match_indices(raw)
            .map(|(at, _)| place(at))
            .find(|span| !from.iter().any(|own| own.start < span.end && span.start < own.end));
        free.or_else(|| text.find(raw).map(place))
    }

    /// Where a byte of a page's source stands in its text.
    fn in_text(&self, at: u64) -> Option<u32> {
        let origin = &self.document.blocks.as_ref()?.origin;
        // both the text and its source go forward
        let nth = origin.partition_point(|own| u64::from(own.source) <= at).checked_sub(1)?;
        let own = origin[nth];
        let text = own.text + (at as u32 - own.source);
        let is_within = origin.get(nth + 1).is_none_or(|next| text < next.text);
        (own.exact && is_within).then_some(text)
    }
}

/// Whether a record says that a run is printed there; boxes are written to a tenth of a point.
fn is_box(area: &[f64; 4], said: &Value) -> bool {
    let near = |(one, other): (&f64, &Value)| {
        other.as_f64().is_some_and(|other| (one - other).abs() < 0.06)
    };
    said.as_array().is_some_and(|said| said.len() == 4 && area.iter().zip(said).all(near))
}

/// The decoded source of a page, which places in a page are those of.
fn decoded(source: &Source) -> String {
    let unwrapped = wrapped::unwrap(source);
    // what only looks like a page once it is text was decoded as text
    document::decoded(&unwrapped.bytes, unwrapped.charset.as_deref(), unwrapped.format)
        .text
        .into_owned()
}
