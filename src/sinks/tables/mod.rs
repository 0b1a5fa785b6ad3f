//! Reports → columns: Arrow batches in memory, and the files made of them.
//!
//! A worker collects the [`Rows`] of its group of documents; they become one small complete Parquet file a table, a
//! *segment* (`encode`), and segments are appended to a scratch file in input order, as every sink's bytes are. At the
//! end the wanted files are made of the segments (`segments`): Parquet by copying, the others by reading them.

pub(super) mod columns;
mod encode;
mod file;
mod ipc;
mod links;
mod old;
mod parquet;
mod rows;
mod segments;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "sqlite")]
mod views;
#[cfg(feature = "xlsx")]
pub(crate) mod xlsx;

use super::schema::{self, Column, Kind, Name, Wide};
use super::{Collect, Format, Sink};
use crate::error::{Error, Result};
use crate::grammar::{Grammar, GrammarSet};
use crate::lang::Lang;
use crate::records::{Duplicate, Report};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use old::Old;
use segments::{Maker, Segments};
use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use rows::Rows;

/// Bytes of texts after which a batch is long enough, however few its rows.
const BATCH_BYTES: usize = 4 << 20;
/// Documents of a group, which become one segment; cells of so many fill half a row group.
const GROUP: usize = 256;
/// Bytes of them at most.
const GROUP_BYTES: usize = 16 << 20;

/// The wanted tables of a run, laid out over all its forms.
#[derive(Debug)]
pub struct Layout {
    parts: Vec<Part>,
    wide: Wide,
    /// What makes the views of a database.
    #[cfg(feature = "sqlite")]
    views: String,
}

/// One table.
#[derive(Debug)]
pub struct Part {
    /// Which.
    pub name: Name,
    /// Its columns.
    pub columns: Vec<Column>,
    /// The same for Arrow, texts that rows share as dictionaries.
    pub schema: SchemaRef,
}

impl Part {
    /// The schema as files state it: texts are texts.
    fn plain(&self) -> Schema {
        arrow(self.name, &self.columns, false)
    }
}

impl Layout {
    /// Lays out these tables.
    pub fn new(names: &[Name], grammars: &GrammarSet) -> Self {
        let part = |name: &Name| {
            let columns = schema::columns(*name, grammars);
            Part { name: *name, schema: Arc::new(arrow(*name, &columns, true)), columns }
        };
        Self {
            parts: names.iter().map(part).collect(),
            wide: Wide::new(grammars),
            #[cfg(feature = "sqlite")]
            views: views::views(grammars, &schema::columns(Name::Reports, grammars)),
        }
    }

    /// The tables, in the order asked for.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }
}

/// A table for Arrow, with what its columns mean; texts that rows share as dictionaries, or as texts.
fn arrow(name: Name, columns: &[Column], dictionaries: bool) -> Schema {
    let fields: Vec<Field> = columns.iter().map(|column| field(column, dictionaries)).collect();
    let [english, chinese] = name.about();
    let about = [
        ("table", name.text()),
        ("description", english),
        ("description_zh", chinese),
        ("schema", crate::records::SCHEMA),
        ("nianbao", env!("CARGO_PKG_VERSION")),
    ];
    Schema::new(fields).with_metadata(strings(&about))
}

/// A column for Arrow, with what it means; texts that rows share as dictionaries, or as texts.
pub(crate) fn field(column: &Column, dictionaries: bool) -> Field {
    let data_type = match column.kind {
        Kind::Name if dictionaries => {
            DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
        }
        Kind::Name | Kind::Text => DataType::Utf8,
        Kind::Integer => DataType::Int64,
        Kind::Float => DataType::Float64,
    };
    let [english, chinese] = &column.about;
    let mut about = strings(&[("description", english), ("description_zh", chinese)]);
    if let Some(unit) = &column.unit {
        about.insert("unit".to_owned(), unit.clone());
    }
    Field::new(&column.name, data_type, column.nullable).with_metadata(about)
}

fn strings(pairs: &[(&str, &str)]) -> HashMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// The sink of all formats that are made of columns.
#[derive(Debug)]
pub struct Tables {
    layout: Layout,
    /// What makes the segments of each table.
    makers: Vec<Maker>,
    formats: Vec<Format>,
    /// The language of the workbook.
    #[cfg_attr(not(feature = "xlsx"), expect(dead_code, reason = "only a workbook has one"))]
    lang: Lang,
}

impl Tables {
    /// The sink of those of these formats that are made of columns, if there are any.
    pub fn new(formats: &[Format], grammars: &GrammarSet, lang: Lang) -> Option<Self> {
        let own = |format: &Format| !matches!(format, Format::Jsonl | Format::Csv);
        let formats: Vec<Format> = formats.iter().copied().filter(own).collect();
        let layout = Layout::new(&Name::ALL, grammars);
        let makers = layout.parts.iter().map(Maker::new).collect();
        (!formats.is_empty()).then_some(Self { layout, makers, formats, lang })
    }
}

impl Sink for Tables {
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let name = |part: &Part| (format!(".{}.segments", part.name.text()), Vec::new());
        let links = (links::FILE.to_owned(), Vec::new());
        self.layout.parts.iter().map(name).chain([links]).collect()
    }

    fn file_count(&self) -> usize {
        self.layout.parts.len() + 1
    }

    fn link(&self, file: usize, record: &mut Vec<u8>, first: &Duplicate) {
        if file == self.layout.parts.len() {
            links::link(record, first);
        }
    }

    fn group(&self) -> Box<dyn Collect + '_> {
        let (rows, early) = (Rows::new(&self.layout), vec![Vec::new(); self.layout.parts.len()]);
        Box::new(TablesGroup { sink: self, rows, early, reports: 0, error: None, old: None })
    }

    fn kept_in(&self) -> Vec<String> {
        self.layout.parts.iter().map(|part| format!("{}.parquet", part.name.text())).collect()
    }

    fn group_size(&self) -> (usize, usize) {
        (GROUP, GROUP_BYTES)
    }

    fn finish(
        &self,
        scratch: &[PathBuf],
        folder: &Path,
        part: fn(&Path) -> PathBuf,
        tell: &(dyn Fn(&str) + Sync),
    ) -> Result<Vec<PathBuf>> {
        let mut made = Vec::new();
        let mut one = |name: &str, write: &dyn Fn(&Path) -> Result<()>| {
            let path = folder.join(name);
            tell(name);
            write(&part(&path))?;
            made.push(path);
            Ok(())
        };
        let scratch = Scratch { layout: &self.layout, files: scratch };
        for format in &self.formats {
            match format {
                Format::Parquet => Name::ALL.into_iter().try_for_each(|table| {
                    let name = format!("{}.parquet", table.text());
                    one(&name, &|out| parquet::write(&scratch, table, out))
                })?,
                Format::Arrow => Name::ALL.into_iter().try_for_each(|table| {
                    let name = format!("{}.arrow", table.text());
                    one(&name, &|out| ipc::write(&scratch, table, out))
                })?,
                #[cfg(feature = "xlsx")]
                Format::Xlsx => one("nianbao.xlsx", &|out| xlsx::write(&scratch, out, self.lang))?,
                #[cfg(feature = "sqlite")]
                Format::Sqlite => one("nianbao.sqlite", &|out| sqlite::write(&scratch, out))?,
                Format::Jsonl | Format::Csv => {}
            }
        }
        Ok(made)
    }
}

/// The scratch files of a run.
struct Scratch<'s> {
    layout: &'s Layout,
    /// One for each table of the layout, and that of the links.
    files: &'s [PathBuf],
}

impl<'s> Scratch<'s> {
    /// A table and its rows.
    fn open(&self, name: Name) -> Result<(&'s Part, Segments<'s>)> {
        let parts = &self.layout.parts;
        let at = parts.iter().position(|part| part.name == name).unwrap_or_default();
        let segments = Segments::open(&parts[at], at, &self.files[at], &self.files[parts.len()])?;
        Ok((&parts[at], segments))
    }
}

/// The columns of a group.
struct TablesGroup<'s> {
    sink: &'s Tables,
    rows: Rows<'s>,
    /// Segments that were too large to wait for the end of the group, for each table.
    early: Vec<Vec<u8>>,
    /// Reports so far.
    reports: usize,
    /// What went wrong with the early ones.
    error: Option<Error>,
    /// What an earlier conversion wrote, once it is asked for.
    old: Option<Old>,
}

impl TablesGroup<'_> {
    /// Makes room for another report.
    fn begin(&mut self, out: &mut [Vec<u8>]) {
        if self.rows.is_full()
            && let Err(error) = self.segments()
        {
            self.error.get_or_insert(error);
        }
        if let Some(out) = out.last_mut() {
            links::report(self.reports, out);
        }
        self.reports += 1;
    }

    fn segments(&mut self) -> Result<()> {
        let mut makers = self.sink.makers.iter().zip(&mut self.early);
        let made = self.rows.each(|rows| match makers.next() {
            Some((maker, out)) if rows.len() > 0 => maker.append(rows, out),
            _ => Ok(()),
        });
        made.into_iter().collect()
    }
}

impl Collect for TablesGroup<'_> {
    fn write(&mut self, report: &Report<'_>, out: &mut [Vec<u8>]) {
        self.begin(out);
        self.rows.add(report);
    }

    fn keep(
        &mut self,
        folder: &Path,
        form: Option<&Grammar>,
        rows: &[Range<u64>],
        out: &mut [Vec<u8>],
    ) -> Result<()> {
        self.begin(out);
        let old = match &mut self.old {
            Some(old) => old,
            None => self.old.insert(Old::open(folder, &self.sink.layout)?),
        };
        old.keep(&mut self.rows, form, rows)
    }

    fn undo(&mut self) {
        self.rows.undo();
    }

    fn close(&mut self, out: &mut [Vec<u8>]) -> Result<()> {
        self.error.take().map_or(Ok(()), Err)?;
        self.segments()?;
        for (out, segments) in out.iter_mut().zip(&mut self.early) {
            out.append(segments);
        }
        self.reports = 0;
        if let Some(out) = out.last_mut() {
            links::end(self.rows.take_counts(), out);
        }
        Ok(())
    }
}

/// The text of a row, whether rows share it or not.
#[cfg(any(feature = "xlsx", feature = "sqlite"))]
fn text(column: &arrow_array::ArrayRef, row: usize) -> Option<&str> {
    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    if column.is_null(row) {
        return None;
    }
    if let Some(texts) = column.as_string_opt::<i32>() {
        return Some(texts.value(row));
    }
    let names = column.as_dictionary_opt::<arrow_array::types::Int32Type>()?;
    Some(names.values().as_string_opt::<i32>()?.value(names.key(row)?))
}
