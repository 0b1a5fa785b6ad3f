//! `reports.csv` as bytes: where its records stand, and their fields when asked for.
//!
//! A hundred thousand reports are seventy megabytes with two hundred cells each, of which most are looked at once. So the
//! file stays as it is in memory, and a field is text until somebody needs its number.

#[cfg(feature = "tables")]
use super::from_columns;
use super::from_records;
use crate::error::{Error, Result};
use crate::grammar::GrammarSet;
use crate::number::Decimal;
use crate::sinks::schema::{self, STATED};
use std::borrow::Cow;
use std::fs;
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

/// What `--csv-bom` writes first.
const BOM: &[u8] = "\u{FEFF}".as_bytes();

impl Wide {
    /// Reads what `convert` wrote with these grammars: the first there is of `reports.csv`, `.parquet`, `.arrow`, `.jsonl`.
    ///
    /// # Errors
    ///
    /// None of them is there, or one cannot be read, or is not what `convert` writes.
    pub fn open(folder: &Path, grammars: &GrammarSet) -> Result<Self> {
        type Read = fn(&Path, &GrammarSet) -> Result<Vec<u8>>;
        let formats: &[(&str, Read)] = &[
            ("csv", |path, _| fs::read(path).map_err(|error| Error::io(path, error))),
            #[cfg(feature = "tables")]
            ("parquet", |path, _| from_columns::parquet(path)),
            #[cfg(feature = "tables")]
            ("arrow", |path, _| from_columns::arrow(path)),
            ("jsonl", from_records::read),
        ];
        if !folder.is_dir() {
            return Err(Error::no_folder(folder));
        }
        for (end, read) in formats {
            let path = folder.join(format!("reports.{end}"));
            if path.exists() {
                let other = "not a table of reports as `convert` writes it";
                return Self::new(read(&path, grammars)?)
                    .ok_or_else(|| Error::refused(&path, other));
            }
        }
        let ends: Vec<&str> = formats.iter().map(|(end, _)| *end).collect();
        let what =
            format!("not there; a panel is made of what `convert` writes as {}", ends.join(", "));
        Err(Error::io(
            folder.join("reports.csv"),
            std::io::Error::new(std::io::ErrorKind::NotFound, what),
        ))
    }

    /// Reads what `convert` wrote into several folders, as one table; fails where one cannot be read or has other columns.
    pub fn open_all(folders: &[PathBuf], grammars: &GrammarSet) -> Result<Self> {
        let mut all: Option<Self> = None;
        for folder in folders {
            let more = Self::open(folder, grammars)?;
            let Some(all) = &mut all else {
                all = Some(more);
                continue;
            };
            if all.names != more.names {
                let message = "its columns are not those of the first: another version or other grammars made it";
                return Err(Error::refused(folder, message));
            }
            let from = all.bytes.len();
            all.rows.extend(more.rows.iter().map(|row| from + row.start..from + row.end));
            all.bytes.extend(more.bytes);
        }
        all.ok_or_else(|| Error::refused("", "no folder"))
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

    /// The name of a cell: `applications.received.total`.
    pub fn cell_name(&self, cell: usize) -> String {
        self.names[self.first_cell + cell].replace("__", ".")
    }

    /// How many reports.
    pub fn count(&self) -> usize {
        self.rows.len()
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
            (wide.column("source"), wide.cell("a__b__c"), wide.count()),
            (Some(0), Some(0), 1)
        );
    }

    #[test]
    fn err_other_tables() {
        assert!(Wide::new(b"a,b\r\n1,2\r\n".to_vec()).is_none());
        assert!(Wide::new(Vec::new()).is_none());
    }
}
