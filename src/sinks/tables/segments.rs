//! The scratch file of a table: segments one after the other, each with its length before it.

use super::Part;
use super::rows::TableRows;
use crate::error::{Error, Result};
use arrow_array::RecordBatch;
use bytes::Bytes;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Puts a segment into a buffer: `write` appends it, and its length goes before.
pub(super) fn append<E>(
    out: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    let mut segment = Vec::new();
    write(&mut segment)?;
    out.extend_from_slice(&(segment.len() as u64).to_le_bytes());
    out.extend_from_slice(&segment);
    Ok(())
}

/// The segments of a scratch file.
#[derive(Debug)]
pub(super) struct Segments {
    path: PathBuf,
    file: BufReader<File>,
}

impl Segments {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(|e| Error::io(path, e))?;
        Ok(Self { path: path.to_owned(), file: BufReader::new(file) })
    }

    fn read(&mut self) -> std::io::Result<Option<Bytes>> {
        let mut length = [0; 8];
        let first = self.file.read(&mut length)?;
        if first == 0 {
            return Ok(None);
        }
        self.file.read_exact(&mut length[first..])?;
        let mut bytes = Vec::new();
        let length = u64::from_le_bytes(length);
        if (&mut self.file).take(length).read_to_end(&mut bytes)? as u64 != length {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Some(bytes.into()))
    }
}

impl Iterator for Segments {
    type Item = Result<Bytes>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().map_err(|e| Error::io(&self.path, e)).transpose()
    }
}

/// The rows of a segment, texts that rows share as dictionaries.
pub(super) fn rows(part: &Part, segment: &Bytes) -> Result<Vec<RecordBatch>> {
    let bad = |error: &dyn std::fmt::Display| {
        Error::io(part.name.text(), std::io::Error::other(error.to_string()))
    };
    let options = ArrowReaderOptions::new().with_schema(Arc::clone(&part.schema));
    let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(segment.clone(), options)
        .and_then(|builder| builder.with_batch_size(1 << 16).build())
        .map_err(|e| bad(&e))?;
    reader.map(|batch| batch.map_err(|e| bad(&e))).collect()
}

/// All rows of a scratch file in batches of at least `least` rows or many bytes, the last one of what is left.
pub(super) fn batches(
    part: &Part,
    path: &Path,
    least: usize,
    mut each: impl FnMut(RecordBatch) -> Result<()>,
) -> Result<()> {
    let mut rows = TableRows::new(part);
    for segment in Segments::open(path)? {
        for batch in self::rows(part, &segment?)? {
            rows.extend(&batch);
        }
        if rows.len() >= least || rows.bytes() >= super::BATCH_BYTES {
            each(rows.take())?;
        }
    }
    if rows.len() > 0 { each(rows.take()) } else { Ok(()) }
}
