//! Segments → one SQLite database.
//!
//! What names a document stands once, in `report`; the other tables refer to it by number, and views put both together,
//! so that `cells`, `checks` and so on have the columns of every other format.

use super::super::schema::{Column, Kind, Name, WHO};
use super::{Layout, Scratch};
use crate::error::{Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, Statement, ToSql, params_from_iter};
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

/// How long the database that stands there may be in use.
const PATIENCE: Duration = Duration::from_secs(2);

/// Writes the database.
pub(super) fn write(scratch: &Scratch<'_>, out: &Path) -> Result<()> {
    let bad = |error: rusqlite::Error| Error::database(out, error);
    match std::fs::remove_file(out) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(Error::io(out, error));
        }
        _ => {}
    }
    let database = Connection::open(out).map_err(bad)?;
    // the file has another name until it is complete, so a crash costs nothing but the time to make it again
    database
        .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")
        .map_err(bad)?;
    database.execute_batch(&tables(scratch.layout)).map_err(bad)?;
    describe(&database, scratch.layout).map_err(bad)?;
    let (reports, segments) = scratch.open(Name::Reports)?;
    let mut insert = insert(&database, "report", reports.columns.len()).map_err(bad)?;
    let mut number = 0i64;
    segments.each(1, |batch| {
        for row in 0..batch.num_rows() {
            number += 1;
            rows(&mut insert, number, batch.columns(), row).map_err(bad)?;
        }
        Ok(())
    })?;
    for name in Name::ALL.into_iter().filter(|name| *name != Name::Reports) {
        let (part, segments) = scratch.open(name)?;
        let count = part.columns.len() - WHO.len();
        let mut insert = self::insert(&database, singular(part.name), count).map_err(bad)?;
        let mut owner = Owner::new(&database).map_err(bad)?;
        segments.each(1, |batch| {
            for row in 0..batch.num_rows() {
                let number = owner.of(&batch, row).map_err(bad)?;
                rows(&mut insert, number, &batch.columns()[WHO.len()..], row).map_err(bad)?;
            }
            Ok(())
        })?;
    }
    database
        .execute_batch(&scratch.layout.views)
        .and_then(|()| database.execute_batch("COMMIT"))
        .map_err(bad)?;
    // its name in the end, without `.part`
    release(&out.with_extension(""))
}

/// Makes sure that nobody works in the database that this one replaces. What a transaction there has not finished lies in
/// a file beside it, and the next reader would apply that to the new one.
fn release(old: &Path) -> Result<()> {
    if !old.exists() {
        return Ok(());
    }
    let free = |database: Connection| {
        database.busy_timeout(PATIENCE)?;
        // finishes what another program left, and fails while it is there
        database.execute_batch(
            "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT; PRAGMA journal_mode = DELETE",
        )
    };
    let opened = Connection::open_with_flags(old, OpenFlags::SQLITE_OPEN_READ_WRITE);
    match opened.and_then(free).map_err(|error| error.sqlite_error_code()) {
        Err(Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)) => {
            let message = "another program is using this database";
            Err(Error::refused(old, message))
        }
        // whatever else stands there is replaced
        _ => Ok(()),
    }
}

/// The report that rows belong to: they come in the order of the reports.
struct Owner<'d> {
    find: Statement<'d>,
    number: i64,
    /// Its source and digest.
    who: (String, String),
}

impl<'d> Owner<'d> {
    fn new(database: &'d Connection) -> rusqlite::Result<Self> {
        let find = database.prepare(
            "SELECT rowid FROM report WHERE rowid > ?1 AND source = ?2 AND sha256 = ?3 ORDER BY rowid LIMIT 1",
        )?;
        Ok(Self { find, number: 0, who: Default::default() })
    }

    fn of(&mut self, batch: &RecordBatch, row: usize) -> rusqlite::Result<i64> {
        let [source, sha256] =
            [0, 1].map(|column| text(batch.column(column), row).unwrap_or_default());
        if self.number == 0 || self.who.0 != source || self.who.1 != sha256 {
            self.number = self.find.query_row((self.number, source, sha256), |row| row.get(0))?;
            self.who = (source.to_owned(), sha256.to_owned());
        }
        Ok(self.number)
    }
}

/// The table behind a view.
fn singular(name: Name) -> &'static str {
    match name {
        Name::Cells => "cell",
        Name::Reports => "report",
        Name::Checks => "check_",
        Name::Diagnostics => "diagnostic",
        Name::Sections => "paragraph_",
        Name::Statements => "statement",
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The statements that make the tables, and for each the view that has all its columns.
fn tables(layout: &Layout) -> String {
    let mut sql = String::new();
    for part in &layout.parts {
        let own =
            if part.name == Name::Reports { &part.columns[..] } else { &part.columns[WHO.len()..] };
        let columns: Vec<String> = own.iter().map(column).collect();
        let (table, view) = (singular(part.name), part.name.text());
        let (key, join) = if part.name == Name::Reports {
            ("report INTEGER PRIMARY KEY", "")
        } else {
            ("report INTEGER NOT NULL REFERENCES report", " JOIN report USING (report)")
        };
        // `cells` and `line` are columns of more than one table
        let names = part.columns.iter().enumerate().map(|(at, column)| {
            let of = if at < WHO.len() { "report" } else { table };
            format!("{of}.{}", quoted(&column.name))
        });
        let (columns, names) = (columns.join(", "), names.collect::<Vec<_>>().join(", "));
        // writing into memory cannot fail
        let _ = writeln!(sql, "CREATE TABLE {table} ({key}, {columns}) STRICT;");
        let _ = writeln!(sql, "CREATE VIEW {view} AS SELECT {names} FROM {table}{join};");
    }
    sql
}

fn column(column: &Column) -> String {
    let kind = match column.kind {
        Kind::Name | Kind::Text => "TEXT",
        Kind::Integer => "INTEGER",
        Kind::Float => "REAL",
    };
    format!("{} {kind}{}", quoted(&column.name), if column.nullable { "" } else { " NOT NULL" })
}

/// A table that says what every column of every table means.
fn describe(database: &Connection, layout: &Layout) -> rusqlite::Result<()> {
    database.execute_batch(
        "CREATE TABLE columns (\"table\" TEXT, name TEXT, unit TEXT, description TEXT, description_zh TEXT) STRICT",
    )?;
    let mut insert = database.prepare("INSERT INTO columns VALUES (?, ?, ?, ?, ?)")?;
    for part in &layout.parts {
        for column in &part.columns {
            let [english, chinese] = &column.about;
            insert.execute((part.name.text(), &column.name, &column.unit, english, chinese))?;
        }
    }
    Ok(())
}

fn insert<'d>(
    database: &'d Connection,
    table: &str,
    columns: usize,
) -> rusqlite::Result<Statement<'d>> {
    let places = vec!["?"; columns + 1].join(", ");
    database.prepare(&format!("INSERT INTO {table} VALUES ({places})"))
}

fn rows(
    insert: &mut Statement<'_>,
    number: i64,
    columns: &[ArrayRef],
    row: usize,
) -> rusqlite::Result<()> {
    let values = columns.iter().map(|column| value(column, row));
    insert
        .execute(params_from_iter(std::iter::once(Value::Integer(number)).chain(values)))
        .map(drop)
}

/// A value on its way into the database.
enum Value<'b> {
    Null,
    Integer(i64),
    Real(f64),
    Text(&'b str),
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(value) => ValueRef::Integer(*value),
            Self::Real(value) => ValueRef::Real(*value),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

fn value(column: &ArrayRef, row: usize) -> Value<'_> {
    if column.is_null(row) {
        return Value::Null;
    }
    if let Some(integers) = column.as_primitive_opt::<Int64Type>() {
        return Value::Integer(integers.value(row));
    }
    if let Some(floats) = column.as_primitive_opt::<Float64Type>() {
        return Value::Real(floats.value(row));
    }
    text(column, row).map_or(Value::Null, Value::Text)
}

fn text(column: &ArrayRef, row: usize) -> Option<&str> {
    super::text(column, row)
}
