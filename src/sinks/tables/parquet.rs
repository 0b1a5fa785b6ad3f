//! Segments → one Parquet file.
//!
//! Large segments are copied as they are, without reading them; small ones are put together into row groups that are
//! worth reading (DuckDB and Spark like theirs at about 122,880 rows).

use super::super::schema::Name;
use super::Scratch;
use super::encode::{Encoder, append};
use super::rows::TableRows;
use super::segments::is_copied;
use crate::error::{Error, Result};
use bytes::Bytes;
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaDataReader;
use parquet::file::writer::SerializedFileWriter;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

/// Rows from which a segment is copied.
const COPY_ROWS: usize = 4096;
/// Rows of a row group that is put together.
const FULL: usize = 122_880;
/// The same for reports, which have hundreds of columns and are always put together.
const FULL_REPORTS: usize = 4096;

/// Writes the file of a table.
pub(super) fn write(scratch: &Scratch<'_>, name: Name, out: &Path) -> Result<()> {
    let bad = |error: ParquetError| Error::io(out, std::io::Error::other(error.to_string()));
    let (part, mut segments) = scratch.open(name)?;
    let encoder = Encoder::new(&part.plain()).map_err(bad)?;
    let file = File::create(out).map_err(|e| Error::io(out, e))?;
    let mut file = encoder.file(BufWriter::new(file)).map_err(bad)?;
    let full = if name == Name::Reports { FULL_REPORTS } else { FULL };
    let mut small = TableRows::new(part);
    while let Some(segment) = segments.next().transpose()? {
        let is_copied = is_copied(name) && segment.is_whole() && segment.rows() >= COPY_ROWS;
        if !is_copied {
            segments.add(&segment, &mut small)?;
        }
        let is_full = small.len() >= full || small.bytes() >= super::BATCH_BYTES;
        if small.len() > 0 && (is_copied || is_full) {
            append(&mut file, encoder.chunks_in_parallel(&small.take()).map_err(bad)?)
                .map_err(bad)?;
        }
        if is_copied {
            copy(&mut file, &segment.bytes).map_err(bad)?;
        }
    }
    if small.len() > 0 {
        append(&mut file, encoder.chunks_in_parallel(&small.take()).map_err(bad)?).map_err(bad)?;
    }
    let file = file.into_inner().map_err(bad)?;
    file.into_inner().map(drop).map_err(|e| Error::io(out, e.into_error()))
}

/// Puts the only row group of a segment at the end of a file, byte for byte.
fn copy(
    file: &mut SerializedFileWriter<BufWriter<File>>,
    segment: &Bytes,
) -> std::result::Result<(), ParquetError> {
    let metadata = ParquetMetaDataReader::new().parse_and_finish(segment)?;
    let mut group = file.next_row_group()?;
    for column in metadata.row_group(0).columns() {
        let close = ColumnCloseResult {
            bytes_written: column.compressed_size().cast_unsigned(),
            rows_written: metadata.row_group(0).num_rows().cast_unsigned(),
            metadata: column.clone(),
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        group.append_column(segment, close)?;
    }
    group.close().map(drop)
}
