//! Stage 8: outline + cells → one report, ready for checks and sinks.

pub mod check;
pub mod forms;
pub mod issuer;
pub mod json;
pub mod paragraphs;
pub mod prose;
pub mod schema;
pub mod tables;

use crate::document::blocks::{Blocks, Grid, GridCell, Link, PagePlace};
use crate::finding::Finding;
use crate::grammar::{Form, Grammar};
use crate::number::Decimal;
use crate::reading::{Cell, Status};
use crate::source::Source;
use crate::span::{LineIndex, Span};
use crate::statements::{self, Statement};
use std::borrow::Cow;
use std::sync::Arc;

pub use check::{Check, Verdict};
pub use issuer::{Issuer, Kind, Level, Scope};

/// Name and version of the record's schema, written into every record.
pub const SCHEMA: &str = "nianbao.report/2";

/// What is known of the bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceInfo {
    /// The path as given.
    pub name: String,
    /// SHA-256 of the bytes.
    pub sha256: String,
    /// How many bytes.
    pub bytes: u64,
    /// The media type.
    pub media_type: &'static str,
    /// The encoding, none for binary formats.
    pub encoding: Option<&'static str>,
    /// Where a crawl fetched it.
    pub url: Option<String>,
    /// When.
    pub date: Option<String>,
}

/// One section of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionRecord {
    /// The section's key in the form.
    pub key: String,
    /// Its numeral as printed.
    pub ordinal: Option<String>,
    /// Its heading as printed, without layout.
    pub title: String,
    /// Its paragraphs, unwrapped; tables are not among them.
    pub paragraphs: Vec<String>,
}

/// The cells of one table of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRecord {
    /// Table of the form, or the variant of it that the document has.
    pub table: usize,
    /// Its cells, row by row.
    pub cells: Vec<Cell>,
}

/// That a report repeats one that came before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The name of the one that came before.
    pub of: String,
    /// What is the same.
    pub same: Same,
}

/// What two duplicates have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Same {
    /// All bytes.
    Bytes,
    /// Issuer, year, form and every cell: another page of the same report, or a mirror.
    Report,
}

impl Same {
    /// The name used in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Report => "report",
        }
    }
}

/// A cell that a person decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Table of the report, as an index into [`Report::tables`].
    pub table: usize,
    /// Cell of the table.
    pub cell: usize,
    /// The cell as the program read it.
    pub was: Cell,
    /// Who decided.
    pub by: String,
    /// When, as that person wrote it.
    pub date: String,
    /// Why.
    pub note: String,
}

/// Everything that was read from one document.
#[derive(Debug, Default)]
pub struct Report<'a> {
    /// The document's bytes.
    pub source: SourceInfo,
    /// The decoded text, which all spans point into.
    pub text: Cow<'a, str>,
    /// Where its lines begin.
    pub lines: LineIndex,
    /// Its tables and links, for formats that have them.
    pub blocks: Option<Blocks>,
    /// The lines of the decoded source, when the text was taken out of it.
    pub source_lines: Option<LineIndex>,
    /// What it links to or shows that is part of the report: attachments, pictures, frames.
    pub links: Vec<Link>,
    /// The title line.
    pub title: Option<String>,
    /// The body that reports.
    pub issuer: Issuer,
    /// The year reported on.
    pub year: Option<i32>,
    /// The form that read it.
    pub form: Option<Form<'a>>,
    /// Paragraphs before the first section.
    pub preamble: Vec<String>,
    /// The sections found, in order.
    pub sections: Vec<SectionRecord>,
    /// The tables of the form, whether the document has them or not.
    pub tables: Vec<TableRecord>,
    /// The form's equations, judged.
    pub checks: Vec<Check>,
    /// The numbers that the prose states.
    pub statements: Vec<Statement<Span>>,
    /// The cells that a person decided, in their order.
    pub reviews: Vec<Review>,
    /// What a person should know.
    pub findings: Vec<Finding>,
    /// Lines in tables that nothing claims.
    pub unclaimed_lines: usize,
}

impl Report<'static> {
    /// The report of an input that could not be opened.
    pub fn unread(name: String, finding: Finding) -> Self {
        Self::refused(&Source::new(name, Vec::new()), finding)
    }

    /// The report of a document of which nothing was read.
    pub fn refused(source: &Source, finding: Finding) -> Self {
        let source = SourceInfo {
            name: source.name.clone(),
            sha256: source.sha256(),
            bytes: source.bytes.len() as u64,
            media_type: "application/octet-stream",
            ..SourceInfo::default()
        };
        Self { source, findings: vec![finding], ..Self::default() }
    }
}

impl Report<'_> {
    /// The same report on its own, with its form.
    pub fn owned(self, form: Option<Arc<Grammar>>) -> Report<'static> {
        Report {
            text: Cow::Owned(self.text.into_owned()),
            form: form.map(Form::Printed),
            source: self.source,
            lines: self.lines,
            blocks: self.blocks,
            source_lines: self.source_lines,
            links: self.links,
            title: self.title,
            issuer: self.issuer,
            year: self.year,
            preamble: self.preamble,
            sections: self.sections,
            tables: self.tables,
            checks: self.checks,
            statements: self.statements,
            reviews: self.reviews,
            findings: self.findings,
            unclaimed_lines: self.unclaimed_lines,
        }
    }

    /// How many cells have this status.
    pub fn count(&self, status: Status) -> usize {
        self.counts()[status.place()] as usize
    }

    /// How many cells have each status, in the order of [`Status::ALL`].
    pub fn counts(&self) -> [u64; Status::ALL.len()] {
        let mut counts = [0; Status::ALL.len()];
        for cell in self.cells() {
            counts[cell.status().place()] += 1;
        }
        counts
    }

    /// All cells of all tables.
    pub fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.tables.iter().flat_map(|table| &table.cells)
    }

    /// The number in a cell, named `table.row.column` or a sum of such with `+`; none where one has no value.
    pub fn value(&self, cells: &str) -> Option<Decimal> {
        let grammar = self.form.as_ref()?;
        let one = |name: &str| {
            let (key, rest) = name.split_once('.')?;
            let (row, column) = rest.rsplit_once('.')?;
            let record =
                self.tables.iter().find(|record| grammar.tables[record.table].key == key)?;
            let table = &grammar.tables[record.table];
            let row = table.rows.iter().position(|own| own.key == row)?;
            let column = table.columns.iter().position(|own| own.key == column)?;
            let nth = table.rows[row].columns.iter().position(|own| *own == column)?;
            record.cells.get(table.first_cells().nth(row)? + nth)?.value()
        };
        let values: Vec<Decimal> = cells.split(" + ").map(one).collect::<Option<_>>()?;
        match values[..] {
            [one] => Some(one),
            _ => {
                let sum = values.iter().map(|value| value.integer()).sum::<Option<i64>>()?;
                Some(Decimal::new(sum, 0))
            }
        }
    }

    /// The number that the form's tables print for a measure of the prose.
    pub fn printed(&self, measure: usize) -> Option<Decimal> {
        statements::cells(measure).iter().find_map(|cells| self.value(cells))
    }

    /// The one number that the prose states for a measure, in the unit of columns; none where it states several.
    pub fn stated(&self, measure: usize) -> Option<Decimal> {
        let own = self.statements.iter().filter(|statement| statement.measure == measure);
        let mut values = own.filter_map(Statement::in_column);
        let first = values.next()?;
        values.all(|value| value == first).then_some(first)
    }

    /// The 1-based line of a place: in the decoded source where there is one, else in the text.
    pub fn line(&self, span: Span) -> u32 {
        let source = || self.blocks.as_ref().and_then(|blocks| blocks.source_of(span.start));
        match &self.source_lines {
            Some(lines) => lines.line_at(source().unwrap_or(0)),
            None => self.lines.line_at(span.start),
        }
    }

    /// The page of a place, in documents of pages.
    pub fn page(&self, span: Span) -> Option<u32> {
        Some(self.blocks.as_ref()?.page_of(span.start)?.page)
    }

    /// Where a cell stands.
    pub fn at(&self, span: Span) -> At<'_> {
        let line = Some(self.line(span));
        let Some(blocks) = &self.blocks else {
            return At { page: None, grid: None, line, bytes: Some(span) };
        };
        let grid = blocks.cell_at(span.start);
        if let Some(place) = blocks.page_of(span.start) {
            return At { page: Some(place), grid, line: None, bytes: None };
        }
        let is_page = self.source_lines.is_some();
        let bytes = if is_page {
            blocks.exact_source_of(&self.text, span)
        } else {
            Some(span).filter(|_| grid.is_none())
        };
        At { page: None, grid, line: line.filter(|_| is_page || grid.is_none()), bytes }
    }
}

/// The place of a cell, as far as the document has it.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    /// Where it is printed, in documents of pages.
    pub page: Option<&'a PagePlace>,
    /// The grid and the cell of it.
    pub grid: Option<(&'a Grid, &'a GridCell)>,
    /// Its line; none in a grid of a format that has no lines.
    pub line: Option<u32>,
    /// Its bytes, in the decoded source or else in the text.
    pub bytes: Option<Span>,
}
