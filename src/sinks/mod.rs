//! Stage 9: reports → files.
//!
//! A sink turns a report into bytes for each of its files. Workers do that in parallel, each into its own buffers; the
//! buffers are appended to the files in input order, so a file never holds half a record.

pub mod csv;
pub mod jsonl;
pub mod skipped;

use crate::grammar::GrammarSet;
use crate::records::{Duplicate, Report};

/// A format that `convert` writes.
pub trait Sink: Send + Sync {
    /// The files it makes, with what stands at the head of each.
    fn files(&self) -> Vec<(&'static str, Vec<u8>)>;

    /// How many files these are.
    fn file_count(&self) -> usize;

    /// Appends a report to the buffers, one for each file of [`Sink::files`].
    fn write(&self, report: &Report<'_>, out: &mut [Vec<u8>]);

    /// Says in what was written of a report, to the file of this number, that it repeats another.
    fn link(&self, _file: usize, _record: &mut Vec<u8>, _first: &Duplicate) {}

    /// Tells of an input that was passed over.
    fn skip(&self, _name: &str, _why: &str, _out: &mut [Vec<u8>]) {}
}

/// The sink of `skipped.csv`.
pub fn skipped<'g>() -> Box<dyn Sink + 'g> {
    Box::new(skipped::Skipped)
}

/// The formats, by the name that `--format` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// reports.jsonl: one JSON object a line
    Jsonl,
    /// cells.csv, reports.csv, checks.csv, diagnostics.csv
    Csv,
}

/// Makes the sink of a format.
pub fn sink<'g>(format: Format, grammars: &'g GrammarSet) -> Box<dyn Sink + 'g> {
    match format {
        Format::Jsonl => Box::new(jsonl::Jsonl::new(grammars)),
        Format::Csv => Box::new(csv::Csv::new(grammars)),
    }
}
