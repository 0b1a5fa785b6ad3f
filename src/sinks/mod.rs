//! Stage 10: reports → files.
//!
//! A sink turns reports into bytes for each of its files. Workers do that in parallel, a group of documents at a time and
//! each into its own buffers; the buffers are appended to the files in input order, so a file never holds half a record.
//! Two kinds of sinks are the same to the outside: [`jsonl`] and [`csv`] append each report at once, [`tables`] collects
//! the columns of a group first. What cannot be appended to (Parquet, a database) is made at the end, from scratch files.

pub mod beside;
pub mod csv;
pub mod jsonl;
pub mod schema;
pub mod skipped;
#[cfg(feature = "tables")]
pub mod tables;

use crate::error::Result;
use crate::grammar::{Grammar, GrammarSet};
use crate::lang::Lang;
use crate::records::{Duplicate, Report};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What `convert` writes.
pub trait Sink: Send + Sync {
    /// The files it makes while converting, with what stands at the head of each. A name that begins with a point is a
    /// scratch file, which [`Sink::finish`] reads and which is then removed.
    fn files(&self) -> Vec<(String, Vec<u8>)>;

    /// How many files these are.
    fn file_count(&self) -> usize;

    /// Says in what was written of a report, to the file of this number, that it repeats another.
    fn link(&self, _file: usize, _record: &mut Vec<u8>, _first: &Duplicate) {}

    /// Tells of an input that was passed over.
    fn skip(&self, _name: &str, _why: &str, _out: &mut [Vec<u8>]) {}

    /// Files from which [`Collect::keep`] takes rows over; what stands in [`Sink::files`] is taken over without it.
    fn kept_in(&self) -> Vec<String> {
        Vec::new()
    }

    /// Begins a group of reports.
    fn group(&self) -> Box<dyn Collect + '_>;

    /// How many documents it would like to see at once, and how many bytes of them at most.
    fn group_size(&self) -> (usize, usize) {
        (1, 0)
    }

    /// Makes the files that need all reports, out of its scratch files: the paths are theirs in the end, and each is
    /// written under the name that `part` gives it. `tell` is told the name of each before it is made.
    fn finish(
        &self,
        _scratch: &[PathBuf],
        _folder: &Path,
        _part: fn(&Path) -> PathBuf,
        _tell: &(dyn Fn(&str) + Sync),
    ) -> Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }
}

/// Whether a file is there only to make others of it.
pub fn is_scratch(name: &str) -> bool {
    name.starts_with('.')
}

/// What a sink makes of a group of reports, in one worker.
pub trait Collect {
    /// Adds a report; the buffers are for the files of [`Sink::files`].
    fn write(&mut self, report: &Report<'_>, out: &mut [Vec<u8>]);

    /// Adds a report as an earlier conversion wrote it into this folder: its form, and its rows of each table.
    fn keep(
        &mut self,
        _folder: &Path,
        _form: Option<&Grammar>,
        _rows: &[Range<u64>],
        _out: &mut [Vec<u8>],
    ) -> Result<()> {
        Ok(())
    }

    /// Forgets what was added of the last report: it made the program fail.
    fn undo(&mut self) {}

    /// Ends the group: all of it is in the buffers, and the next one begins.
    fn close(&mut self, _out: &mut [Vec<u8>]) -> Result<()> {
        Ok(())
    }
}

/// A group of reports on its way into all sinks of a run.
pub struct Group<'s> {
    /// For each sink, what collects for it and how many files it has.
    sinks: Vec<(Box<dyn Collect + 's>, usize)>,
}

impl<'s> Group<'s> {
    /// An empty group.
    pub fn new(sinks: &'s [Box<dyn Sink + 's>]) -> Self {
        Self { sinks: sinks.iter().map(|sink| (sink.group(), sink.file_count())).collect() }
    }

    /// A group that only one collects, and without files.
    #[cfg(feature = "internals")]
    pub fn of(sink: Box<dyn Collect + 's>) -> Self {
        Self { sinks: vec![(sink, 0)] }
    }

    /// Adds a report.
    pub fn write(&mut self, report: &Report<'_>, mut out: &mut [Vec<u8>]) {
        for (sink, files) in &mut self.sinks {
            let (own, others) = out.split_at_mut(*files);
            sink.write(report, own);
            out = others;
        }
    }

    /// Adds a report as an earlier conversion wrote it; see [`Collect::keep`].
    pub fn keep(
        &mut self,
        folder: &Path,
        form: Option<&Grammar>,
        rows: &[Range<u64>],
        mut out: &mut [Vec<u8>],
    ) -> Result<()> {
        for (sink, files) in &mut self.sinks {
            let (own, others) = out.split_at_mut(*files);
            sink.keep(folder, form, rows, own)?;
            out = others;
        }
        Ok(())
    }

    /// Forgets a report that was added in part, if there is one; what is in the buffers stays.
    pub fn undo(&mut self) {
        self.sinks.iter_mut().for_each(|(sink, _)| sink.undo());
    }

    /// Ends the group, and begins the next.
    pub fn close(&mut self, mut out: &mut [Vec<u8>]) -> Result<()> {
        for (sink, files) in &mut self.sinks {
            let (own, others) = out.split_at_mut(*files);
            sink.close(own)?;
            out = others;
        }
        Ok(())
    }
}

/// The sink of `skipped.csv`.
pub fn skipped<'g>() -> Box<dyn Sink + 'g> {
    Box::new(skipped::Skipped)
}

/// The formats, by the name that `--format` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum Format {
    /// reports.jsonl: one JSON object a line
    Jsonl,
    /// cells.csv, reports.csv, checks.csv, diagnostics.csv, statements.csv, explained in codebook.csv and datapackage.json
    Csv,
    /// cells.parquet, reports.parquet, checks.parquet, diagnostics.parquet, sections.parquet, statements.parquet
    #[cfg(feature = "tables")]
    Parquet,
    /// The same as Arrow IPC files, cells.arrow and so on
    #[cfg(feature = "tables")]
    Arrow,
    /// nianbao.xlsx: one workbook with a sheet that explains the columns
    #[cfg(feature = "xlsx")]
    Xlsx,
    /// nianbao.sqlite: one database with indices and views
    #[cfg(feature = "sqlite")]
    Sqlite,
}

impl Format {
    /// All of them.
    #[cfg(feature = "internals")]
    pub const ALL: &[Self] = &[
        Self::Jsonl,
        Self::Csv,
        #[cfg(feature = "tables")]
        Self::Parquet,
        #[cfg(feature = "tables")]
        Self::Arrow,
        #[cfg(feature = "xlsx")]
        Self::Xlsx,
        #[cfg(feature = "sqlite")]
        Self::Sqlite,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            #[cfg(feature = "tables")]
            Self::Parquet => "parquet",
            #[cfg(feature = "tables")]
            Self::Arrow => "arrow",
            #[cfg(feature = "xlsx")]
            Self::Xlsx => "xlsx",
            #[cfg(feature = "sqlite")]
            Self::Sqlite => "sqlite",
        }
    }

    /// The format of this name.
    #[cfg(feature = "internals")]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name() == name)
    }
}

/// How some formats are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// CSV files begin with a byte order mark, by which Excel knows that they are UTF-8.
    pub csv_bom: bool,
    /// The language of what only people read: the workbook.
    pub lang: Lang,
}

/// The sinks of these formats, and that of what lies beside them.
pub fn sinks<'g>(
    formats: &[Format],
    grammars: &'g GrammarSet,
    options: Options,
) -> Vec<Box<dyn Sink + 'g>> {
    let mut sinks: Vec<Box<dyn Sink + 'g>> = Vec::new();
    if formats.contains(&Format::Jsonl) {
        sinks.push(Box::new(jsonl::Jsonl::new(grammars)));
    }
    if formats.contains(&Format::Csv) {
        sinks.push(Box::new(csv::Csv::new(grammars, options.csv_bom)));
    }
    #[cfg(feature = "tables")]
    sinks.extend(
        tables::Tables::new(formats, grammars, options.lang)
            .map(|sink| -> Box<dyn Sink + 'g> { Box::new(sink) }),
    );
    sinks.push(Box::new(beside::Beside::new(formats, grammars)));
    sinks
}
