//! The scratch file of a table: segments one after the other, each with its length before it.
//!
//! Cells, checks and sections are segments of Parquet, which a Parquet file takes over as they are. Reports and diagnostics
//! have few rows a group and are put together to larger row groups, so their segments are Arrow's, which cost next to
//! nothing to read again.

use super::encode::Encoder;
use super::links::{Groups, Link};
use super::rows::TableRows;
use super::{Name, Part};
use crate::error::{Error, Result};
use arrow_array::RecordBatch;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, Schema};
use bytes::Bytes;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::ParquetMetaDataReader;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Whether the segments of a table are row groups of Parquet already.
pub(super) const fn is_copied(name: Name) -> bool {
    matches!(name, Name::Cells | Name::Checks | Name::Sections)
}

/// How the batches of a table become segments.
#[derive(Debug)]
pub(super) enum Maker {
    Parquet(Encoder),
    /// With the schema, without what is only for people.
    Arrow(Arc<Schema>),
}

impl Maker {
    pub(super) fn new(part: &Part) -> Self {
        if is_copied(part.name) {
            let encoder = Encoder::new(&part.plain());
            return Self::Parquet(encoder.expect("the schema is of types that Parquet has"));
        }
        let bare = |field: &Arc<arrow_schema::Field>| {
            field.as_ref().clone().with_metadata(std::collections::HashMap::new())
        };
        let fields: Vec<_> = part.schema.fields().iter().map(bare).collect();
        Self::Arrow(Arc::new(Schema::new(fields)))
    }

    /// Appends rows; they are used up.
    pub(super) fn append(&self, rows: &mut TableRows<'_>, out: &mut Vec<u8>) -> Result<()> {
        let bad = |error: &dyn std::fmt::Display| Error::io("memory", other(error));
        let start = out.len();
        out.extend_from_slice(&[0; 8]);
        match self {
            Self::Parquet(encoder) => encoder.segment(rows.columns(), out).map_err(|e| bad(&e))?,
            Self::Arrow(schema) => arrow(schema, &rows.take(), out).map_err(|e| bad(&e))?,
        }
        let length = (out.len() - start - 8) as u64;
        out[start..start + 8].copy_from_slice(&length.to_le_bytes());
        Ok(())
    }
}

fn arrow(
    schema: &Arc<Schema>,
    batch: &RecordBatch,
    out: &mut Vec<u8>,
) -> std::result::Result<(), ArrowError> {
    // not compressed: to do that with hundreds of short columns costs more than to write and read them
    let mut writer = StreamWriter::try_new(out, schema)?;
    let batch = RecordBatch::try_new(Arc::clone(schema), batch.columns().to_vec())?;
    writer.write(&batch)?;
    writer.finish()
}

fn other(error: &dyn std::fmt::Display) -> std::io::Error {
    std::io::Error::other(error.to_string())
}

/// Rows of a report, whether they are left out, what it repeats.
type Own = (usize, bool, Option<(String, String)>);

/// One segment, and what is to be known of its reports.
pub(super) struct Segment {
    pub(super) bytes: Bytes,
    /// Its rows, where they had to be read to be counted.
    batches: Vec<RecordBatch>,
    rows: usize,
    /// The reports of its rows: number of rows, whether they are left out, what they repeat (in the table of reports).
    reports: Vec<Own>,
}

impl Segment {
    /// Whether all its rows stay as they are.
    pub(super) fn is_whole(&self) -> bool {
        self.reports.iter().all(|(_, is_left_out, first)| !is_left_out && first.is_none())
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }
}

/// The segments of a table's scratch file.
pub(super) struct Segments<'p> {
    part: &'p Part,
    /// The number of the table in the layout.
    at: usize,
    path: PathBuf,
    file: BufReader<File>,
    links: Groups,
    /// What is left of the group: rows, and what they are.
    group: VecDeque<Own>,
}

impl<'p> Segments<'p> {
    /// Opens the scratch file of a table; `links` is that of the links.
    pub(super) fn open(part: &'p Part, at: usize, path: &Path, links: &Path) -> Result<Self> {
        let file = File::open(path).map_err(|e| Error::io(path, e))?;
        let (path, file) = (path.to_owned(), BufReader::new(file));
        Ok(Self { part, at, path, file, links: Groups::open(links)?, group: VecDeque::default() })
    }

    fn read(&mut self) -> Result<Option<Segment>> {
        let bytes = match self.bytes() {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(None),
            Err(error) => return Err(Error::io(&self.path, error)),
        };
        let (batches, rows) = if is_copied(self.part.name) {
            let metadata = ParquetMetaDataReader::new().parse_and_finish(&bytes);
            let metadata = metadata.map_err(|e| Error::io(&self.path, other(&e)))?;
            (Vec::new(), metadata.file_metadata().num_rows().cast_unsigned() as usize)
        } else {
            let bad = |error: ArrowError| Error::io(&self.path, other(&error));
            let reader = StreamReader::try_new(&bytes[..], None).map_err(bad)?;
            let batches: Vec<_> = reader.map(|batch| batch.map_err(bad)).collect::<Result<_>>()?;
            let rows = batches.iter().map(RecordBatch::num_rows).sum();
            (batches, rows)
        };
        let mut reports = Vec::new();
        let mut left = rows;
        while left > 0 {
            let Some((count, is_left_out, first)) = self.group.pop_front() else {
                let Some(links) = self.links.next().transpose()? else {
                    return Err(Error::io(&self.path, other(&"more rows than reports have")));
                };
                let is_reports = self.part.name == Name::Reports;
                let own = |link: Link| {
                    let first = link.first.filter(|_| is_reports);
                    (link.rows[self.at] as usize, link.is_left_out, first)
                };
                self.group.extend(links.into_iter().map(own).filter(|(count, ..)| *count > 0));
                continue;
            };
            // a report's rows end with its group's, and a segment may end before
            let here = count.min(left);
            left -= here;
            if here < count {
                self.group.push_front((count - here, is_left_out, first.clone()));
            }
            reports.push((here, is_left_out, first));
        }
        Ok(Some(Segment { bytes, batches, rows, reports }))
    }

    fn bytes(&mut self) -> std::io::Result<Option<Bytes>> {
        let mut length = [0; 8];
        let first = self.file.read(&mut length)?;
        if first == 0 {
            return Ok(None);
        }
        self.file.read_exact(&mut length[first..])?;
        let length = u64::from_le_bytes(length);
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0).min(1 << 26));
        if (&mut self.file).take(length).read_to_end(&mut bytes)? as u64 != length {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Some(bytes.into()))
    }

    fn batches(&self, segment: &Segment) -> Result<Vec<RecordBatch>> {
        if !is_copied(self.part.name) {
            return Ok(segment.batches.clone());
        }
        let bad = |error: &dyn std::fmt::Display| Error::io(&self.path, other(error));
        let options = ArrowReaderOptions::new().with_schema(Arc::clone(&self.part.schema));
        let reader =
            ParquetRecordBatchReaderBuilder::try_new_with_options(segment.bytes.clone(), options)
                .and_then(|builder| builder.with_batch_size(1 << 20).build())
                .map_err(|e| bad(&e))?;
        reader.map(|batch| batch.map_err(|e| bad(&e))).collect()
    }

    /// The rows of a segment that stay, with their links.
    pub(super) fn add(&self, segment: &Segment, rows: &mut TableRows<'_>) -> Result<()> {
        let is_reports = self.part.name == Name::Reports;
        let mut reports = segment.reports.iter();
        let mut report = (0, false, &None);
        for batch in self.batches(segment)? {
            if segment.is_whole() {
                rows.extend(&batch);
                continue;
            }
            let mut from = 0;
            while from < batch.num_rows() {
                if report.0 == 0 {
                    let Some((count, is_left_out, first)) = reports.next() else { break };
                    report = (*count, *is_left_out, first);
                }
                let count = report.0.min(batch.num_rows() - from);
                let own = batch.slice(from, count);
                if is_reports && !report.1 {
                    let link = report.2.as_ref().map(|(of, by)| [of.as_str(), by.as_str()]);
                    rows.extend_linked(&own, link);
                } else if !report.1 {
                    rows.extend(&own);
                }
                from += count;
                report.0 -= count;
            }
        }
        Ok(())
    }

    /// All rows in batches of at least `least` rows or many bytes, the last one of what is left.
    pub(super) fn each(
        mut self,
        least: usize,
        mut each: impl FnMut(RecordBatch) -> Result<()>,
    ) -> Result<()> {
        let mut rows = TableRows::new(self.part);
        while let Some(segment) = self.next().transpose()? {
            self.add(&segment, &mut rows)?;
            if rows.len() >= least || rows.bytes() >= super::BATCH_BYTES {
                each(rows.take())?;
            }
        }
        if rows.len() > 0 { each(rows.take()) } else { Ok(()) }
    }
}

impl Iterator for Segments<'_> {
    type Item = Result<Segment>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}
