//! Stage 7: outline + cells → one report, ready for checks and sinks.

pub mod check;
pub mod issuer;
pub mod json;
pub mod paragraphs;
pub mod schema;

use crate::finding::Finding;
use crate::grammar::Grammar;
use crate::reading::{Cell, Status};
use crate::span::{LineIndex, Span};
use std::borrow::Cow;

pub use check::{Check, Verdict};
pub use issuer::{Issuer, Level};

/// Name and version of the record's schema, written into every record.
pub const SCHEMA: &str = "nianbao.report/1";

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

/// Everything that was read from one document.
#[derive(Debug, Default)]
pub struct Report<'a> {
    /// The document's bytes.
    pub source: SourceInfo,
    /// The decoded text, which all spans point into.
    pub text: Cow<'a, str>,
    /// Where its lines begin.
    pub lines: LineIndex,
    /// The title line.
    pub title: Option<String>,
    /// The body that reports.
    pub issuer: Issuer,
    /// The year reported on.
    pub year: Option<i32>,
    /// The form that read it.
    pub form: Option<&'a Grammar>,
    /// Paragraphs before the first section.
    pub preamble: Vec<String>,
    /// The sections found, in order.
    pub sections: Vec<SectionRecord>,
    /// The tables of the form, whether the document has them or not.
    pub tables: Vec<TableRecord>,
    /// The form's equations, judged.
    pub checks: Vec<Check>,
    /// What a person should know.
    pub findings: Vec<Finding>,
    /// Lines in tables that nothing claims.
    pub unclaimed_lines: usize,
}

impl Report<'_> {
    /// How many cells have this status.
    pub fn count(&self, status: Status) -> usize {
        self.counts()[status.place()] as usize
    }

    /// How many cells have each status, in the order of [`Status::ALL`].
    pub fn counts(&self) -> [u64; Status::ALL.len()] {
        let mut counts = [0; Status::ALL.len()];
        for cell in self.cells() {
            counts[cell.status.place()] += 1;
        }
        counts
    }

    /// All cells of all tables.
    pub fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.tables.iter().flat_map(|table| &table.cells)
    }

    /// The 1-based line of a place in the text.
    pub fn line(&self, span: Span) -> u32 {
        self.lines.line_at(span.start)
    }
}
