//! Where a cell of a record stands: its `at` looked up in the document's text.

use crate::document::blocks::{Grid, GridCell, GridKind};
use crate::document::{self, Document, decode, mhtml, mojibake};
use crate::source::Source;
use crate::source::sniff::{self, Format};
use crate::span::{LineIndex, Span};
use serde_json::Value;

/// A document as it was decoded, and its source where places are those of the source.
pub(super) struct Text<'s> {
    pub(super) document: Document<'s>,
    lines: LineIndex,
    /// The decoded source of a page.
    page: Option<String>,
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

impl<'s> Text<'s> {
    pub(super) fn new(source: &'s Source) -> Self {
        let document = document::read(source);
        let lines = LineIndex::new(&document.text);
        let page = document.source_lines.is_some().then(|| decoded(source, &document));
        Self { document, lines, page }
    }

    pub(super) fn text(&self) -> &str {
        &self.document.text
    }

    /// The line of a byte of the text, as records count lines: in the decoded source of a page, else in the text.
    pub(super) fn line(&self, at: u32) -> u64 {
        let source = || self.document.blocks.as_ref().and_then(|blocks| blocks.source_of(at));
        match &self.document.source_lines {
            Some(lines) => lines.line_at(source().unwrap_or(0)).into(),
            None => self.lines.line_at(at).into(),
        }
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
        if there != Some(raw) {
            return Err(format!(
                "raw is {raw:?}, at its bytes stands {:?}",
                there.unwrap_or("nothing")
            ));
        }
        let before = &text.as_bytes()[..start as usize];
        let ends = |(at, byte): (usize, &u8)| match byte {
            b'\n' => true,
            b'\r' => before.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let line = before.iter().enumerate().filter(|end| ends(*end)).count() as u64 + 1;
        // the end of a line that ends in two bytes is that line's
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
        let span = self.within(cell.span, raw, taken).ok_or_else(|| {
            format!("raw is {raw:?}, its cell says {:?}", cell.span.of(self.text()))
        })?;
        if let Some(page) = at["page"].as_u64()
            && self.page_of(span.start) != Some(page)
        {
            return Err(format!("it does not stand on page {page}"));
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
        let said: Vec<f64> =
            at["box"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        let page = at["page"].as_u64();
        // boxes are written to a tenth of a point
        let is_box = |area: &[f64; 4]| {
            area.iter().zip(&said).filter(|(one, other)| (*one - *other).abs() < 0.06).count() == 4
        };
        let mut there = Vec::new();
        for (nth, place) in blocks.places.iter().enumerate() {
            if Some(u64::from(place.page)) == page && is_box(&place.area) {
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
        let within = |nth: &usize| {
            let own = &origin[*nth];
            let length = origin.get(nth + 1).map_or(u32::MAX, |next| next.text - own.text);
            own.exact && (own.source..own.source.saturating_add(length)).contains(&(at as u32))
        };
        let nth = (0..origin.len()).find(within)?;
        Some(origin[nth].text + (at as u32 - origin[nth].source))
    }
}

/// The decoded source of a page, which places in a page are those of.
fn decoded(source: &Source, document: &Document<'_>) -> String {
    let saved = (document.format == Format::Mhtml).then(|| mhtml::page(&source.bytes)).flatten();
    let stated = || source.fetched.as_ref().and_then(|fetched| fetched.charset.clone());
    let (bytes, charset) = saved.unwrap_or_else(|| (source.bytes.clone(), stated()));
    // what only looks like a page once it is text was decoded as text
    let mut page = match sniff::format(&source.bytes) {
        Format::Text => decode::text(&bytes),
        _ => decode::page(&bytes, charset.as_deref()),
    };
    mojibake::undo(&mut page);
    page.text.into_owned()
}
