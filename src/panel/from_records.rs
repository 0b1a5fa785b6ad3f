//! The wide table made of `reports.jsonl`, for a conversion that wrote no table.
//!
//! A record is twenty times its row: paragraphs, places and proofs. Only what a row has is looked at, and nothing is copied
//! but the numbers.

use super::walk::{Walk, each};
use crate::error::{Error, Result};
use crate::grammar::GrammarSet;
use crate::number::Decimal;
use crate::reading::Status;
use crate::records::SCHEMA;
use crate::sinks::csv::{row, told, writer};
use crate::sinks::schema::{self, Column, Name, STATED};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader, Error as IoError};
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
    let mut file = BufReader::with_capacity(1 << 18, File::open(path).map_err(failed)?);
    let mut out = columns.header();
    // the memory of one block serves all of them
    let (mut block, mut ends) = (Vec::new(), Vec::new());
    for from in (0..).step_by(LINES) {
        block.clear();
        ends.clear();
        while ends.len() < LINES && file.read_until(b'\n', &mut block).map_err(failed)? > 0 {
            ends.push(block.len());
        }
        let other = |_| failed(IoError::other("stream did not contain valid UTF-8"));
        let text = simdutf8::basic::from_utf8(&block).map_err(other)?;
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let lines: Vec<&str> =
            starts.zip(&ends).map(|(start, end)| text[start..*end].trim_end()).collect();
        let one = |orders: &mut Orders, (at, line): (usize, &&str)| {
            columns.row(line, orders).map_err(|error| {
                let line = from + at + 1;
                failed(IoError::other(format!("line {line} is no record of {SCHEMA}: {error}")))
            })
        };
        let rows: Vec<Result<Vec<u8>>> =
            lines.par_iter().enumerate().map_init(Orders::default, one).collect();
        for row in rows {
            out.extend(row?);
        }
        if ends.len() < LINES {
            break;
        }
    }
    Ok(out)
}

/// For each form, its cells in the order in which the last record had them: the next one has most likely the same, and
/// then no name of a column is made of its keys.
type Orders = FxHashMap<String, Order>;
type Order = Vec<RowOrder>;

/// A row of a form and where its cells go.
#[derive(Default)]
struct RowOrder {
    table: String,
    row: String,
    /// Keys of columns; none goes where the table has no column of that name.
    cells: Vec<(String, Option<usize>)>,
}

/// The columns of a row, by name.
struct Columns {
    all: Vec<Column>,
    at: FxHashMap<String, usize>,
    /// Each measure that the prose may state, and its column.
    stated: Vec<(String, usize)>,
    /// Where the columns of cells stand among the columns.
    cells: Vec<usize>,
}

impl Columns {
    fn new(grammars: &GrammarSet) -> Self {
        let all = schema::columns(Name::Reports, grammars);
        let at = all.iter().enumerate().map(|(at, column)| (column.name.clone(), at)).collect();
        let measure = |(at, column): (usize, &Column)| {
            column.name.strip_prefix(STATED).map(|measure| (measure.to_owned(), at))
        };
        let stated = all.iter().enumerate().filter_map(measure).collect();
        let is_cell = |name: &str| name.contains("__") && !name.starts_with(STATED);
        let cells = (0..all.len()).filter(|at| is_cell(&all[*at].name)).collect();
        Self { all, at, stated, cells }
    }

    fn header(&self) -> Vec<u8> {
        let mut out = Vec::new();
        row(&mut writer(&mut out), self.all.iter().map(|column| column.name.as_str()));
        out
    }

    /// The row of a record.
    fn row(&self, line: &str, orders: &mut Orders) -> serde_json::Result<Vec<u8>> {
        use serde::de::Error as _;
        let mut fields: Vec<Cow<'_, str>> = vec![Cow::Borrowed(""); self.all.len()];
        let mut letters = vec![schema::NO_CELL; self.all.len()];
        let (mut form, mut found) = ("null", "[]");
        let mut is_ours = false;
        let mut walk = Walk::new(line);
        walk.open()?;
        while let Some(key) = walk.key()? {
            if key == "tables" {
                // the form stands before its tables
                let order = orders.entry(form.to_owned()).or_default();
                self.cells(&mut walk, order, &mut |at, value, letter| {
                    fields[at] = Cow::Borrowed(value);
                    letters[at] = letter;
                })?;
                continue;
            }
            let value = walk.value()?;
            let mut put = |name: &str, text| {
                if let Some(at) = self.at.get(name) {
                    fields[*at] = text;
                }
            };
            match key {
                "schema" if text(value)? == SCHEMA => is_ours = true,
                "schema" => return Err(serde_json::Error::custom(format!("it is of {value}"))),
                "title" | "year" | "form" | "duplicate_of" | "duplicate_by" => {
                    put(key, text(value)?);
                    form = if key == "form" { value } else { form };
                }
                "source" | "issuer" => {
                    for (name, value) in each(value)? {
                        put(if name == "name" { key } else { name }, text(value)?);
                    }
                }
                "reading" => {
                    for (name, value) in each(value)? {
                        put(name, text(value)?);
                    }
                }
                "checks" => {
                    let checks: Vec<Check<'_>> = serde_json::from_str(value)?;
                    let fails = checks.iter().filter(|check| check.status == "fails").count();
                    put("checks_failed", fails.to_string().into());
                }
                "statements" if value != "[]" => {
                    let statements: Vec<Statement<'_>> = serde_json::from_str(value)?;
                    for (measure, at) in &self.stated {
                        if let Some(value) = stated(&statements, measure) {
                            fields[*at] = value.to_string().into();
                        }
                    }
                }
                "diagnostics" => found = value,
                _ => {}
            }
        }
        walk.end()?;
        if !is_ours {
            return Err(serde_json::Error::custom("it does not say of which version it is"));
        }
        let has_form = form != "null";
        if let (Some(at), found) = (self.at.get("reason"), serde_json::from_str::<Vec<_>>(found)?) {
            fields[*at] = reason(&found, !has_form).unwrap_or_default().into();
        }
        if let Some(at) = self.at.get("statuses").filter(|_| has_form) {
            let letters: Vec<u8> = self.cells.iter().map(|at| letters[*at]).collect();
            fields[*at] = schema::runs(&letters).into();
        }
        let mut out = Vec::with_capacity(2048);
        for (nth, (value, column)) in fields.iter().zip(&self.all).enumerate() {
            if nth > 0 {
                out.push(b',');
            }
            // most of them: cells of other forms
            if !value.is_empty() {
                field(&mut out, &told(column.kind, value));
            }
        }
        out.extend(b"\r\n");
        Ok(out)
    }

    /// The cells of a record: where each goes, its digits, the letter of its status.
    fn cells<'j>(
        &self,
        walk: &mut Walk<'j>,
        order: &mut Order,
        put: &mut dyn FnMut(usize, &'j str, u8),
    ) -> serde_json::Result<()> {
        let mut nth = 0;
        walk.open()?;
        while let Some(table) = walk.key()? {
            walk.open()?;
            while let Some(row) = walk.key()? {
                if order.len() == nth {
                    order.push(RowOrder::default());
                }
                let known = &mut order[nth];
                nth += 1;
                if known.row != row || known.table != table {
                    *known = RowOrder { table: table.into(), row: row.into(), cells: Vec::new() };
                }
                let mut cell = 0;
                walk.open()?;
                while let Some(column) = walk.key()? {
                    if known.cells.get(cell).is_none_or(|own| own.0 != column) {
                        let name = format!("{table}__{}__{column}", row.replace('.', "__"));
                        known.cells.truncate(cell);
                        known.cells.push((column.to_owned(), self.at.get(&name).copied()));
                    }
                    let (value, letter) = one(walk)?;
                    if let Some(at) = known.cells[cell].1 {
                        put(at, value, letter);
                    }
                    cell += 1;
                }
            }
        }
        Ok(())
    }
}

/// The digits of a cell, empty where it has no value, and the letter of its status.
fn one<'j>(walk: &mut Walk<'j>) -> serde_json::Result<(&'j str, u8)> {
    let (mut digits, mut letter) = ("", schema::NO_CELL);
    walk.open()?;
    while let Some(key) = walk.key()? {
        let value = walk.value()?;
        match key {
            "value" => digits = number(value)?,
            "status" => {
                let is_it = |status: &&Status| status.name() == value.trim_matches('"');
                letter = Status::ALL.iter().find(is_it).map_or(letter, |own| schema::letter(*own));
            }
            _ => {}
        }
    }
    Ok((digits, letter))
}

/// A field of a row as RFC 4180 writes it.
fn field(out: &mut Vec<u8>, text: &str) {
    if !text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n')) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}

/// The digits of a number; empty where there is none.
fn number(json: &str) -> serde_json::Result<&str> {
    use serde::de::Error as _;
    match json {
        "null" => Ok(""),
        _ if json.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.')) => Ok(json),
        _ => Err(serde_json::Error::custom(format!("{json} is no value"))),
    }
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

/// A value as a field of a table: a text without its quotes, a number as it is written.
fn text(value: &str) -> serde_json::Result<Cow<'_, str>> {
    if value == "null" {
        return Ok(Cow::Borrowed(""));
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn err_a_record_that_is_none() {
        let columns = Columns::new(&GrammarSet::built_in());
        let row = |line: &str| columns.row(line, &mut Orders::default());
        let begin = format!("{{\"schema\":\"{SCHEMA}\",\"form\":\"disclosure-2021\",\"tables\":");
        let table = |value: &str| {
            format!(
                "{begin}{{\"applications\":{{\"received\":{{\"total\":{{\"value\":{value},\"status\":\"read\"}}}}}}}}}}"
            )
        };
        assert!(row(&table("3")).is_ok_and(|row| row.windows(4).any(|four| four == b",3,,")));
        assert!(row(&table("3")[..table("3").len() - 1]).is_err());
        assert!(row(&table("3x")).is_err() && row(&table("{}")).is_err());
        assert!(row("{}").is_err() && row("x").is_err() && row("{\"schema\":\"other\"}").is_err());
    }

    #[test]
    fn ok_fields_as_the_csv_writer_writes_them() {
        for text in ["", "a", "a,b", "a\"b", "a\r\nb", "年报", " "] {
            let (mut own, mut theirs) = (Vec::new(), Vec::new());
            field(&mut own, text);
            own.extend(b",x\r\n");
            row(&mut writer(&mut theirs), [text, "x"].into_iter());
            assert_eq!(own, theirs, "{text:?}");
        }
    }
}
