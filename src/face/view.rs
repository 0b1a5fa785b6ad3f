//! The parts of a report, with the names and values that the JSON record has.

use super::values;
use crate::finding::Code;
use crate::number::Decimal;
use crate::reading::Status;
use crate::records::Verdict;
use serde::Serialize;

/// The body that reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Issuer<'r> {
    /// The name as printed.
    pub name: Option<&'r str>,
    /// Six digits of GB/T 2260 in the report's year, where the place is proven down to the body's own.
    pub code: Option<String>,
    /// `province`, `prefecture`, `county`, `township` or `department`, as far as the name proves it.
    pub level: Option<&'static str>,
    /// The province that the place lies in, or is.
    pub province: Option<&'static str>,
    /// The prefecture.
    pub prefecture: Option<&'static str>,
    /// The county or district.
    pub county: Option<&'static str>,
    /// `government`, `office`, `department`, `township`, `subdistrict`, `development_zone`, `school`, `hospital` or
    /// `enterprise`.
    pub kind: Option<&'static str>,
    /// The code of today, where it is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_now: Option<String>,
    /// The township with its kind: 河西街道.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub township: Option<&'r str>,
    /// Whether it reports for itself (`body`) or for all bodies of its place (`region`), where the text says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<&'static str>,
    /// The codes that it can have where it is not proven which, at most eight.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<String>,
}

/// One section of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Section<'r> {
    /// The section's key in the form.
    pub key: &'r str,
    /// Its numeral as printed: 一.
    pub ordinal: Option<&'r str>,
    /// Its heading as printed, without layout.
    pub title: &'r str,
    /// Its paragraphs, unwrapped; tables are not among them.
    pub paragraphs: &'r [String],
}

/// Where something is printed, as far as the format has such places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Place {
    /// The page, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Left, top, right and bottom on the page, in points (1/72 inch) from its upper left corner.
    #[serde(
        rename = "box",
        skip_serializing_if = "Option::is_none",
        serialize_with = "values::area"
    )]
    pub area: Option<[f64; 4]>,
    /// The table of the document, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<u32>,
    /// The sheet of the workbook, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<u32>,
    /// The row in it, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// The column in it, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub col: Option<u32>,
    /// The line of the decoded source, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The first byte in the decoded source (UTF-8), from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<u32>,
    /// One past the last byte.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<u32>,
}

/// A value that remains possible for an ambiguous cell.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Candidate {
    /// The value.
    #[serde(serialize_with = "values::decimal")]
    pub value: Decimal,
    /// How likely it is, from 0 to 1, where it was read from a picture.
    #[serde(
        rename = "p",
        skip_serializing_if = "Option::is_none",
        serialize_with = "values::maybe"
    )]
    pub likely: Option<Decimal>,
}

/// One cell of the form, with what the document says of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Cell<'r> {
    /// The key of its table in the form.
    #[serde(skip)]
    pub table: &'r str,
    /// The key of its row.
    #[serde(skip)]
    pub row: &'r str,
    /// The key of its column.
    #[serde(skip)]
    pub column: &'r str,
    /// The unit of its value: 件, 万元; empty where the form names none.
    #[serde(skip)]
    pub unit: &'r str,
    /// The value, in [`Self::unit`]; none unless the status is `read`, `solved` or `recognised`.
    #[serde(serialize_with = "values::maybe")]
    pub value: Option<Decimal>,
    /// What is printed; none for a missing cell.
    pub raw: Option<&'r str>,
    /// How it got its value, or why it has none.
    #[serde(serialize_with = "values::status")]
    pub status: Status,
    /// Where it is printed; none for a missing cell.
    pub at: Option<Place>,
    /// What remains possible for an ambiguous cell; none where that cannot be listed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
    /// For a solved cell, the ids of the [`Check`]s that leave this one value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proof: Vec<String>,
}

/// An equation of the form, applied to one row or column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Check {
    /// `table.equation.row-or-column`.
    pub id: String,
    /// How it fares with what is printed.
    #[serde(rename = "status", serialize_with = "values::verdict")]
    pub verdict: Verdict,
    /// The left side, when all its cells have values.
    #[serde(serialize_with = "values::maybe")]
    pub left: Option<Decimal>,
    /// The right side, when all its cells have values.
    #[serde(serialize_with = "values::maybe")]
    pub right: Option<Decimal>,
}

/// A number that the prose states. It is never a cell.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Statement<'r> {
    /// What it counts; `docs/records.md` lists all measures.
    pub measure: &'static str,
    /// The number; none where it is not given, and `finding` says why.
    #[serde(serialize_with = "values::maybe")]
    pub value: Option<Decimal>,
    /// The measure word as printed: 件, 万元.
    pub unit: Option<&'r str>,
    /// Whether it is said exactly.
    pub exact: bool,
    /// Whether it is a zero said in words.
    pub words: bool,
    /// For whom it is said: `body` or `region`.
    pub scope: Option<&'static str>,
    /// Of which year.
    pub year: Option<i32>,
    /// The clause.
    pub text: &'r str,
    /// Where it stands.
    pub at: Place,
    /// What proves it: `breakdown` or `table`.
    pub proof: Option<&'static str>,
    /// Why its value is not given.
    #[serde(serialize_with = "values::maybe_code")]
    pub finding: Option<Code>,
}

/// What a person should know of a document. It never stops the reading of others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "Diagnostic<'r>")]
#[non_exhaustive]
pub struct Finding<'r> {
    /// What was found; a closed list. [`Code::severity`] says how much it matters.
    pub code: Code,
    /// The details, in English, with the form's own terms in Chinese.
    pub message: &'r str,
    /// The line of the decoded source, from 1; none in documents of pages and where there is no one place.
    pub line: Option<u32>,
    /// The page, from 1, in documents of pages.
    pub page: Option<u32>,
    /// The cells concerned, as `table.row.column`.
    pub cells: &'r [String],
    /// The id of the [`Check`] that says so.
    pub check: Option<&'r str>,
}

/// A finding as records have it.
#[derive(Serialize)]
struct Diagnostic<'r> {
    code: &'static str,
    severity: &'static str,
    message: &'r str,
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<u32>,
    cells: &'r [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<&'r str>,
}

impl<'r> From<Finding<'r>> for Diagnostic<'r> {
    fn from(finding: Finding<'r>) -> Self {
        let Finding { code, message, line, page, cells, check } = finding;
        let severity = code.severity().name();
        Self { code: code.name(), severity, message, line, page, cells, check }
    }
}
