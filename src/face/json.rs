//! A report as serde sees it: the JSON record of `docs/records.md`, field for field.

use super::Report;
use super::view::{Cell, Check, Finding, Issuer, Section, Statement};
use crate::grammar::Table;
use crate::reading::Status;
use crate::records::{SCHEMA, SourceInfo, TableRecord};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        Record {
            schema: SCHEMA,
            source: Origin::of(&self.0.source, self),
            title: self.title(),
            issuer: self.issuer(),
            year: self.year(),
            form: self.form(),
            preamble: self.preamble(),
            sections: self.sections().collect(),
            tables: Tables(self),
            checks: self.checks().collect(),
            statements: self.statements().collect(),
            diagnostics: self.findings().collect(),
            reading: Counts(self),
            duplicate_of: None,
            duplicate_by: None,
        }
        .serialize(out)
    }
}

#[derive(Serialize)]
struct Record<'r> {
    schema: &'static str,
    source: Origin<'r>,
    title: Option<&'r str>,
    issuer: Issuer<'r>,
    year: Option<i32>,
    form: Option<&'r str>,
    preamble: &'r [String],
    sections: Vec<Section<'r>>,
    tables: Tables<'r>,
    checks: Vec<Check>,
    statements: Vec<Statement<'r>>,
    diagnostics: Vec<Finding<'r>>,
    reading: Counts<'r>,
    /// A reader sees one document at a time.
    duplicate_of: Option<&'r str>,
    duplicate_by: Option<&'r str>,
}

#[derive(Serialize)]
struct Origin<'r> {
    name: &'r str,
    sha256: &'r str,
    bytes: u64,
    media_type: &'static str,
    encoding: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'r str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<Link<'r>>,
}

#[derive(Serialize)]
struct Link<'r> {
    kind: &'static str,
    url: &'r str,
    text: &'r str,
}

impl<'r> Origin<'r> {
    fn of(source: &'r SourceInfo, report: &'r Report) -> Self {
        let links = report.0.links.iter();
        Self {
            name: &source.name,
            sha256: &source.sha256,
            bytes: source.bytes,
            media_type: source.media_type,
            encoding: source.encoding,
            url: source.url.as_deref(),
            date: source.date.as_deref(),
            links: links
                .map(|link| Link { kind: link.kind.name(), url: &link.url, text: &link.text })
                .collect(),
        }
    }
}

/// Tables by key, in them rows by key, in them cells by key.
struct Tables<'r>(&'r Report);

impl Serialize for Tables<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let mut map = out.serialize_map(None)?;
        for (record, table) in self.0.tables() {
            map.serialize_entry(&table.key, &Rows(self.0, record, table))?;
        }
        map.end()
    }
}

struct Rows<'r>(&'r Report, &'r TableRecord, &'r Table);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let Self(report, record, table) = self;
        let mut cells = report.cells_of(record, table);
        let mut map = out.serialize_map(None)?;
        for row in table.rows.iter().filter(|row| !row.columns.is_empty()) {
            let own: Vec<Cell<'_>> = cells.by_ref().take(row.columns.len()).collect();
            map.serialize_entry(&row.key, &Row(own))?;
        }
        map.end()
    }
}

struct Row<'r>(Vec<Cell<'r>>);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_map(self.0.iter().map(|cell| (cell.column, cell)))
    }
}

/// How many cells there are, and how many of each status.
struct Counts<'r>(&'r Report);

impl Serialize for Counts<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let counts = self.0.0.counts();
        let mut map = out.serialize_map(None)?;
        map.serialize_entry("cells", &counts.iter().sum::<u64>())?;
        for (status, count) in Status::ALL.into_iter().zip(counts) {
            map.serialize_entry(status.name(), &count)?;
        }
        map.serialize_entry("unclaimed_lines", &self.0.0.unclaimed_lines)?;
        map.end()
    }
}
