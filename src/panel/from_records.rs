//! The wide table made of `reports.jsonl`, for a conversion that wrote no table.
//!
//! A record is twenty times its row: paragraphs, places and proofs. Only what a row has is looked at, and nothing is copied
//! but the numbers.

use super::wide::STATED;
use crate::error::{Error, Result};
use crate::grammar::GrammarSet;
use crate::number::Decimal;
use crate::reading::Status;
use crate::records::SCHEMA;
use crate::sinks::csv::{row, told, writer};
use crate::sinks::schema::{self, Column, Name};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, Error as IoError};
use std::marker::PhantomData;
use std::path::Path;

/// Lines that are read at once.
const LINES: usize = 1024;

/// The table as CSV.
///
/// # Errors
///
/// The file cannot be read, or a line is no record of this version.
pub(super) fn read(path: &Path, grammars: &GrammarSet) -> Result<Vec<u8>> {
    let columns = Columns::new(grammars);
    let failed = |error| Error::io(path, error);
    let mut lines = BufReader::new(File::open(path).map_err(failed)?).lines();
    let mut out = columns.header();
    for from in (0..).step_by(LINES) {
        let some: Vec<String> =
            lines.by_ref().take(LINES).collect::<std::io::Result<_>>().map_err(failed)?;
        let rows: Vec<Result<Vec<u8>>> = some
            .par_iter()
            .enumerate()
            .map(|(at, line)| {
                columns.row(line).map_err(|error| {
                    let line = from + at + 1;
                    failed(IoError::other(format!("line {line} is no record of {SCHEMA}: {error}")))
                })
            })
            .collect();
        for row in rows {
            out.extend(row?);
        }
        if some.len() < LINES {
            break;
        }
    }
    Ok(out)
}

/// The columns of a row, by name.
struct Columns {
    all: Vec<Column>,
    at: FxHashMap<String, usize>,
    /// Where the columns of cells stand among the columns.
    cells: Vec<usize>,
}

impl Columns {
    fn new(grammars: &GrammarSet) -> Self {
        let all = schema::columns(Name::Reports, grammars);
        let at = all.iter().enumerate().map(|(at, column)| (column.name.clone(), at)).collect();
        let is_cell = |name: &str| name.contains("__") && !name.starts_with(STATED);
        let cells = (0..all.len()).filter(|at| is_cell(&all[*at].name)).collect();
        Self { all, at, cells }
    }

    fn header(&self) -> Vec<u8> {
        let mut out = Vec::new();
        row(&mut writer(&mut out), self.all.iter().map(|column| column.name.as_str()));
        out
    }

    /// The row of a record.
    fn row(&self, line: &str) -> serde_json::Result<Vec<u8>> {
        use serde::de::Error as _;
        let record: Record<'_> = serde_json::from_str(line)?;
        if record.schema != SCHEMA {
            return Err(serde_json::Error::custom(format!("it is of {}", record.schema)));
        }
        let mut fields: Vec<Cow<'_, str>> = vec![Cow::Borrowed(""); self.all.len()];
        let mut put = |name: &str, text| {
            if let Some(at) = self.at.get(name) {
                fields[*at] = text;
            }
        };
        let frame = [
            ("source", record.source.name),
            ("sha256", record.source.sha256),
            ("year", record.year),
            ("form", record.form),
            ("title", record.title),
            ("duplicate_of", record.duplicate_of),
            ("duplicate_by", record.duplicate_by),
        ];
        for (name, value) in frame {
            put(name, text(value)?);
        }
        for (name, value) in record.issuer.0 {
            put(if name == "name" { "issuer" } else { name }, text(value)?);
        }
        for (name, value) in record.reading.0 {
            put(name, text(value)?);
        }
        let failed = record.checks.iter().filter(|check| check.status == "fails").count();
        put("checks_failed", failed.to_string().into());
        put(
            "reason",
            reason(&record.diagnostics, record.form.is_none()).unwrap_or_default().into(),
        );
        for column in &self.all {
            let measure = column.name.strip_prefix(STATED);
            if let Some(value) = measure.and_then(|measure| stated(&record.statements, measure)) {
                put(&column.name, value.to_string().into());
            }
        }
        let mut letters = vec![schema::NO_CELL; self.all.len()];
        let mut name = String::new();
        for (table, rows) in record.tables.0 {
            for (row_key, cells) in rows.0 {
                for (column, cell) in cells.0 {
                    name.clear();
                    name.extend([table, "__", &row_key.replace('.', "__"), "__", column]);
                    let Some(at) = self.at.get(&name) else { continue };
                    fields[*at] = text(cell.value)?;
                    let known = Status::ALL.iter().find(|status| status.name() == cell.status);
                    letters[*at] = known.map_or(schema::NO_CELL, |status| schema::letter(*status));
                }
            }
        }
        if let Some(at) = self.at.get("statuses").filter(|_| record.form.is_some()) {
            let letters: Vec<u8> = self.cells.iter().map(|at| letters[*at]).collect();
            fields[*at] = schema::runs(&letters).into();
        }
        let fields: Vec<Cow<'_, str>> =
            fields.iter().zip(&self.all).map(|(value, column)| told(column.kind, value)).collect();
        let mut out = Vec::with_capacity(1024);
        row(&mut writer(&mut out), fields.iter().map(AsRef::as_ref));
        Ok(out)
    }
}

/// What a row has of a record.
#[derive(serde::Deserialize)]
struct Record<'r> {
    schema: &'r str,
    #[serde(borrow)]
    source: Source<'r>,
    #[serde(borrow)]
    title: Option<&'r RawValue>,
    #[serde(borrow)]
    issuer: Pairs<'r, Option<&'r RawValue>>,
    #[serde(borrow)]
    year: Option<&'r RawValue>,
    #[serde(borrow)]
    form: Option<&'r RawValue>,
    #[serde(borrow)]
    tables: Pairs<'r, Pairs<'r, Pairs<'r, Cell<'r>>>>,
    #[serde(borrow)]
    checks: Vec<Check<'r>>,
    #[serde(borrow)]
    statements: Vec<Statement<'r>>,
    #[serde(borrow)]
    diagnostics: Vec<Diagnostic<'r>>,
    #[serde(borrow)]
    reading: Pairs<'r, Option<&'r RawValue>>,
    #[serde(borrow)]
    duplicate_of: Option<&'r RawValue>,
    #[serde(borrow)]
    duplicate_by: Option<&'r RawValue>,
}

#[derive(serde::Deserialize)]
struct Source<'r> {
    #[serde(borrow)]
    name: Option<&'r RawValue>,
    #[serde(borrow)]
    sha256: Option<&'r RawValue>,
}

#[derive(serde::Deserialize)]
struct Cell<'r> {
    #[serde(borrow)]
    value: Option<&'r RawValue>,
    status: &'r str,
}

#[derive(serde::Deserialize)]
struct Check<'r> {
    status: &'r str,
}

#[derive(serde::Deserialize)]
struct Statement<'r> {
    measure: &'r str,
    #[serde(borrow)]
    value: &'r RawValue,
    #[serde(borrow)]
    unit: Option<&'r str>,
}

#[derive(serde::Deserialize)]
struct Diagnostic<'r> {
    code: &'r str,
    severity: &'r str,
}

/// The entries of an object, in its order.
struct Pairs<'r, V>(Vec<(&'r str, V)>);

impl<'de: 'r, 'r, V: Deserialize<'de>> Deserialize<'de> for Pairs<'r, V> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        struct Entries<'r, V>(PhantomData<(&'r str, V)>);
        impl<'de: 'r, 'r, V: Deserialize<'de>> Visitor<'de> for Entries<'r, V> {
            type Value = Pairs<'r, V>;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }
            fn visit_map<M: MapAccess<'de>>(
                self,
                mut map: M,
            ) -> std::result::Result<Self::Value, M::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
            fn visit_unit<E>(self) -> std::result::Result<Self::Value, E> {
                Ok(Pairs(Vec::new()))
            }
        }
        from.deserialize_any(Entries(PhantomData))
    }
}

/// A value as a field of a table: a text without its quotes, a number as it is written.
fn text(value: Option<&RawValue>) -> serde_json::Result<Cow<'_, str>> {
    let Some(value) = value.map(RawValue::get) else { return Ok(Cow::Borrowed("")) };
    match value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) if !inner.contains('\\') => Ok(Cow::Borrowed(inner)),
        Some(_) => serde_json::from_str::<String>(value).map(Cow::Owned),
        None => Ok(Cow::Borrowed(value)),
    }
}

/// Why no form was read, or not the whole document, as a table of reports has it.
fn reason(found: &[Diagnostic<'_>], has_no_form: bool) -> Option<String> {
    let refused = found.iter().find(|one| one.severity == "error");
    let none = ["report_elsewhere", "tables_missing", "no_form"].into_iter();
    let said = none.filter(|_| has_no_form);
    let said = said.filter_map(|code| found.iter().find(|one| one.code == code));
    refused.into_iter().chain(said).next().map(|one| one.code.to_owned())
}

/// The number that a record's prose states for a measure, as a table of reports has it.
fn stated(statements: &[Statement<'_>], measure: &str) -> Option<Decimal> {
    let of_measure = statements.iter().filter(|one| one.measure == measure);
    let mut values = of_measure.filter_map(|one| {
        let value = Decimal::parse(one.value.get())?;
        match one.unit {
            Some("元") => value.shifted(4),
            Some("亿元") => value.shifted(-4),
            _ => Some(value),
        }
    });
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}
