//! Segments → one Arrow IPC file, compressed; what reads it need not convert anything.

use super::super::schema::Name;
use super::Scratch;
use crate::error::{Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions};
use arrow_schema::DataType;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// Rows of a batch.
const BATCH: usize = 1 << 16;

/// Writes the file. Texts are texts in it: readers of dictionaries that grow from batch to batch are rare.
pub(super) fn write(scratch: &Scratch<'_>, name: Name, out: &Path) -> Result<()> {
    let bad = |error: arrow_schema::ArrowError| Error::columns(out, error);
    let (part, segments) = scratch.open(name)?;
    let schema = Arc::new(part.plain());
    let options = IpcWriteOptions::default()
        .try_with_compression(Some(CompressionType::ZSTD))
        .map_err(bad)?;
    let file = File::create(out).map_err(|e| Error::io(out, e))?;
    let file = std::io::BufWriter::new(file);
    let mut file = FileWriter::try_new_with_options(file, &schema, options).map_err(bad)?;
    let least = BATCH / if part.columns.len() > 100 { 16 } else { 1 };
    segments.each(least, |batch| {
        let arrays = batch.columns().iter().map(plain).collect();
        let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(bad)?;
        file.write(&batch).map_err(bad)
    })?;
    file.finish().map_err(bad)
}

/// Texts that rows share, written out.
pub(super) fn plain(array: &ArrayRef) -> ArrayRef {
    let DataType::Dictionary(..) = array.data_type() else { return Arc::clone(array) };
    let array = array.as_dictionary::<Int32Type>();
    let texts = array.values().as_string::<i32>();
    let of = |key: Option<usize>| key.map(|key| texts.value(key));
    Arc::new(array.keys_iter().map(of).collect::<StringArray>())
}
