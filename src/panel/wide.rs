//! `reports.csv` as bytes: where its records stand, and their fields when asked for.
//!
//! A hundred thousand reports are seventy megabytes with two hundred cells each, of which most are looked at once. So the
//! file stays as it is in memory, and a field is text until somebody needs its number.

use crate::error::{Error, Result};
use crate::grammar::GrammarSet;
use crate::number::Decimal;
use crate::reading::Status;
use crate::sinks::{self, Format, schema, sinks};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The wide table of a conversion.
#[derive(Debug)]
pub struct Wide {
    bytes: Vec<u8>,
    /// Names of the columns.
    pub names: Vec<String>,
    rows: Vec<Range<usize>>,
    /// The first column that is a cell of a form.
    pub first_cell: usize,
    /// How many of them there are.
    pub cells: usize,
}

/// What the names of columns begin with that are no cells but what the prose states.
const STATED: &str = "stated__";
/// What `--csv-bom` writes first.
const BOM: &[u8] = "\u{FEFF}".as_bytes();

impl Wide {
    /// Reads what `convert` wrote: `reports.csv`, or where only that is there, `reports.jsonl`.
    pub fn open(folder: &Path) -> Result<Self> {
        let csv = folder.join("reports.csv");
        let bytes = match fs::read(&csv) {
            Ok(bytes) => bytes,
            Err(error) => {
                let jsonl = folder.join("reports.jsonl");
                if !jsonl.exists() {
                    let what = format!(
                        "{error}; a panel is made of what `convert` writes as csv or jsonl"
                    );
                    return Err(Error::io(&csv, std::io::Error::new(error.kind(), what)));
                }
                from_json(&jsonl)?
            }
        };
        Self::new(bytes).ok_or_else(|| {
            let error = std::io::Error::other("not a table of reports as `convert` writes it");
            Error::io(&csv, error)
        })
    }

    /// Reads what `convert` wrote into several folders, as one table.
    pub fn open_all(folders: &[PathBuf]) -> Result<Self> {
        let mut all: Option<Self> = None;
        for folder in folders {
            let more = Self::open(folder)?;
            let Some(all) = &mut all else {
                all = Some(more);
                continue;
            };
            if all.names != more.names {
                let message = "its columns are not those of the first: another version or other grammars made it";
                return Err(Error::io(folder, std::io::Error::other(message)));
            }
            let from = all.bytes.len();
            all.rows.extend(more.rows.iter().map(|row| from + row.start..from + row.end));
            all.bytes.extend(more.bytes);
        }
        all.ok_or_else(|| Error::io("", std::io::Error::other("no folder")))
    }

    /// The table in these bytes; none if its columns are not those of a table of reports.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        let mut rows = records(&bytes);
        if let Some(head) = rows.first_mut().filter(|_| bytes.starts_with(BOM)) {
            head.start += BOM.len();
        }
        let head = (!rows.is_empty()).then(|| rows.remove(0))?;
        let names: Vec<String> = Fields::of(&bytes[head]).map(Cow::into_owned).collect();
        let first_cell = names.iter().position(|name| name.contains("__"))?;
        let is_cell = |name: &&String| name.contains("__") && !name.starts_with(STATED);
        let cells = names[first_cell..].iter().take_while(is_cell).count();
        ["source", "issuer", "code", "year", "form"]
            .iter()
            .all(|name| names.iter().any(|n| n == name))
            .then_some(Self { bytes, names, rows, first_cell, cells })
    }

    /// How many reports.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The record of a report, as it stands in the file, without its line end.
    pub fn record(&self, row: usize) -> &[u8] {
        &self.bytes[self.rows[row].clone()]
    }

    /// Puts another record in the place of a report's.
    pub fn replace(&mut self, row: usize, record: &[u8]) {
        let from = self.bytes.len();
        self.bytes.extend_from_slice(record);
        self.rows[row] = from..self.bytes.len();
    }

    /// The fields of a report.
    pub fn fields(&self, row: usize) -> Fields<'_> {
        Fields::of(self.record(row))
    }

    /// The status of each of a report's cells, by its letter in [`schema::letter`]; all [`schema::NO_CELL`] where the table
    /// does not say.
    pub fn statuses(&self, row: usize) -> Vec<u8> {
        let said = self.column("statuses").and_then(|at| self.fields(row).nth(at));
        let mut letters = said.and_then(|said| schema::letters(&said)).unwrap_or_default();
        letters.resize(self.cells, schema::NO_CELL);
        letters
    }

    /// The numbers of a report's cells; none where there is none.
    pub fn values(&self, row: usize) -> Vec<Option<Decimal>> {
        let cells = self.fields(row).skip(self.first_cell).take(self.cells);
        cells.map(|text| number(&text)).collect()
    }

    /// The place of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|n| n == name)
    }

    /// The place of a cell among the cells.
    pub fn cell(&self, name: &str) -> Option<usize> {
        self.column(name)?.checked_sub(self.first_cell)
    }
}

/// A number as the sinks write it.
fn number(text: &str) -> Option<Decimal> {
    match text.strip_prefix('-') {
        Some(digits) => Decimal::parse(digits).map(Decimal::negated),
        None => Decimal::parse(text),
    }
}

/// Where the records are: a line end within quotes is none.
fn records(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let (mut start, mut is_quoted) = (0, false);
    for at in memchr::memchr2_iter(b'"', b'\n', bytes) {
        if bytes[at] == b'"' {
            is_quoted = !is_quoted;
        } else if !is_quoted {
            let end = if at > start && bytes[at - 1] == b'\r' { at - 1 } else { at };
            if end > start {
                rows.push(start..end);
            }
            start = at + 1;
        }
    }
    if start < bytes.len() {
        rows.push(start..bytes.len());
    }
    rows
}

/// The fields of one record, by RFC 4180.
#[derive(Clone, Debug)]
pub struct Fields<'b> {
    rest: Option<&'b [u8]>,
}

impl<'b> Fields<'b> {
    const fn of(record: &'b [u8]) -> Self {
        Self { rest: Some(record) }
    }
}

impl<'b> Iterator for Fields<'b> {
    type Item = Cow<'b, str>;

    fn next(&mut self) -> Option<Cow<'b, str>> {
        let rest = self.rest?;
        let Some(quoted) = rest.strip_prefix(b"\"") else {
            let end = memchr::memchr(b',', rest).unwrap_or(rest.len());
            self.rest = rest.get(end + 1..);
            return Some(String::from_utf8_lossy(&rest[..end]));
        };
        // a doubled quote is one of the text
        let mut from = 0;
        let end = loop {
            match memchr::memchr(b'"', &quoted[from..]).map(|at| from + at) {
                Some(at) if quoted.get(at + 1) == Some(&b'"') => from = at + 2,
                Some(at) => break at,
                None => break quoted.len(),
            }
        };
        self.rest = quoted.get(end + 2..).or((quoted.get(end + 1) == Some(&b',')).then_some(b""));
        let text = String::from_utf8_lossy(&quoted[..end]);
        Some(if from == 0 { text } else { Cow::Owned(text.replace("\"\"", "\"")) })
    }
}

/// The wide table made from records, for a conversion that wrote nothing else.
fn from_json(path: &Path) -> Result<Vec<u8>> {
    let set = GrammarSet::built_in();
    let header = sinks(&[Format::Csv], &set, sinks::Options::default())
        .iter()
        .flat_map(|sink| sink.files())
        .find(|(name, _)| name == "reports.csv")
        .map(|(_, header)| header)
        .unwrap_or_default();
    let names: Vec<String> = records(&header)
        .into_iter()
        .next()
        .map(|range| Fields::of(&header[range]).map(Cow::into_owned).collect())
        .unwrap_or_default();
    let mut out = String::from_utf8_lossy(&header).into_owned();
    let file = File::open(path).map_err(|e| Error::io(path, e))?;
    for line in BufReader::new(file).lines() {
        let line = line.map_err(|e| Error::io(path, e))?;
        let Ok(record) = serde_json::from_str::<Value>(&line) else { continue };
        for (at, name) in names.iter().enumerate() {
            let made;
            let value = match name.as_str() {
                "source" => &record["source"]["name"],
                "sha256" => &record["source"]["sha256"],
                "issuer" => &record["issuer"]["name"],
                "code" | "province" | "prefecture" | "county" | "level" | "kind" | "township"
                | "scope" | "code_now" => &record["issuer"][name],
                "cells" | "unclaimed_lines" => &record["reading"][name],
                status if Status::ALL.iter().any(|known| known.name() == status) => {
                    &record["reading"][name]
                }
                "reason" | "statuses" => {
                    made = match name.as_str() {
                        "reason" => reason(&record),
                        _ => statuses(&record, &names),
                    };
                    &made
                }
                stated if stated.starts_with(STATED) => {
                    made = stated_in(&record, &stated[STATED.len()..]);
                    &made
                }
                _ => match cell_of(name) {
                    Some([table, row, column]) => {
                        &record["tables"][&*table][&*row][&*column]["value"]
                    }
                    None => &record[name],
                },
            };
            let text = match value {
                Value::String(text) => Cow::Borrowed(text.as_str()),
                Value::Number(number) => Cow::Owned(number.to_string()),
                _ if name == "checks_failed" => {
                    let checks = record["checks"].as_array();
                    let failed =
                        checks.map_or(0, |c| c.iter().filter(|c| c["status"] == "fails").count());
                    Cow::Owned(failed.to_string())
                }
                _ => Cow::Borrowed(""),
            };
            let comma = if at == 0 { "" } else { "," };
            if text.contains(['"', ',', '\n', '\r']) {
                let _ = write!(out, "{comma}\"{}\"", text.replace('"', "\"\""));
            } else {
                let _ = write!(out, "{comma}{text}");
            }
        }
        out.push_str("\r\n");
    }
    Ok(out.into_bytes())
}

/// Why no form was read, or not the whole document, as a table of reports has it.
fn reason(record: &Value) -> Value {
    let found = || record["diagnostics"].as_array().into_iter().flatten();
    let refused = found().find(|one| one["severity"] == "error");
    let none = ["report_elsewhere", "tables_missing", "no_form"].into_iter();
    let said = none.filter(|_| record["form"].is_null());
    let said = said.filter_map(|code| found().find(|one| one["code"] == code));
    refused.into_iter().chain(said).next().map_or(Value::Null, |one| one["code"].clone())
}

/// The statuses of a record's cells, as a table of reports with these columns has them.
fn statuses(record: &Value, names: &[String]) -> Value {
    let cells = names.iter().filter(|name| name.contains("__") && !name.starts_with(STATED));
    let letter = |name: &String| {
        let [table, row, column] = cell_of(name)?;
        let status = record["tables"][&*table][&*row][&*column]["status"].as_str()?;
        let status = Status::ALL.iter().find(|known| known.name() == status)?;
        Some(schema::letter(*status))
    };
    let letters: Vec<u8> = cells.map(|name| letter(name).unwrap_or(schema::NO_CELL)).collect();
    if record["form"].is_null() { Value::Null } else { Value::String(schema::runs(&letters)) }
}

/// The number that a record's prose states for a measure, as a table of reports has it.
fn stated_in(record: &Value, measure: &str) -> Value {
    let statements = record["statements"].as_array().into_iter().flatten();
    let mut values = statements.filter(|one| one["measure"] == measure).filter_map(|one| {
        let value = Decimal::parse(&one["value"].as_number()?.to_string())?;
        match one["unit"].as_str() {
            Some("元") => value.shifted(4),
            Some("亿元") => value.shifted(-4),
            _ => Some(value),
        }
    });
    match values.next() {
        Some(first) if values.all(|value| value == first) => Value::String(first.to_string()),
        _ => Value::Null,
    }
}

/// Table, row and column of the cell that a column is of.
fn cell_of(name: &str) -> Option<[Cow<'_, str>; 3]> {
    let (table, rest) = name.split_once("__")?;
    let (row, column) = rest.rsplit_once("__")?;
    Some([table.into(), row.replace("__", ".").into(), column.into()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(record: &str) -> Vec<String> {
        Fields::of(record.as_bytes()).map(Cow::into_owned).collect()
    }

    #[test]
    fn ok_fields() {
        assert_eq!(fields("a,\"b,\"\"c\"\"\",,d"), ["a", "b,\"c\"", "", "d"]);
        assert_eq!(fields("\"a\",\"\""), ["a", ""]);
        assert_eq!(fields("a,"), ["a", ""]);
        assert_eq!(fields("\"a\","), ["a", ""]);
        assert_eq!(fields(""), [""]);
    }

    #[test]
    fn ok_records() {
        let bytes = b"a,b\r\n\"x\ny\",1\r\n\r\nlast";
        let rows: Vec<&[u8]> = records(bytes).into_iter().map(|r| &bytes[r]).collect();
        assert_eq!(rows, [&b"a,b"[..], b"\"x\ny\",1", b"last"]);
    }

    #[test]
    fn ok_a_byte_order_mark_is_no_part_of_a_name() {
        let table = "\u{FEFF}source,issuer,code,year,form,a__b__c\r\n1,2,3,4,5,6\r\n";
        let wide = Wide::new(table.as_bytes().to_vec()).unwrap();
        assert_eq!(
            (wide.column("source"), wide.cell("a__b__c"), wide.len()),
            (Some(0), Some(0), 1)
        );
    }

    #[test]
    fn err_other_tables() {
        assert!(Wide::new(b"a,b\r\n1,2\r\n".to_vec()).is_none());
        assert!(Wide::new(Vec::new()).is_none());
    }
}
