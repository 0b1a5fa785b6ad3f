//! Segments → one Parquet file.
//!
//! Large segments are copied as they are, without reading them; small ones are put together into row groups that are
//! worth reading (DuckDB and Spark like theirs at about 122,880 rows).

use super::super::schema::Name;
use super::Part;
use super::encode::{Encoder, append};
use super::rows::TableRows;
use super::segments::{Segments, rows};
use crate::error::{Error, Result};
use bytes::Bytes;
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::file::writer::SerializedFileWriter;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

/// Rows from which a segment is copied.
const COPY_ROWS: i64 = 30_000;
/// Bytes from which one is copied however few its rows.
const COPY_BYTES: i64 = 1 << 20;
/// Rows of a row group that is put together.
const FULL: usize = 122_880;
/// The same for reports, which have hundreds of columns and are always put together.
const FULL_REPORTS: usize = 4096;

/// Writes the file.
pub(super) fn write(part: &Part, scratch: &Path, out: &Path) -> Result<()> {
    let bad = |error: ParquetError| Error::io(out, std::io::Error::other(error.to_string()));
    let encoder = Encoder::new(&part.plain(), true).map_err(bad)?;
    let file = File::create(out).map_err(|e| Error::io(out, e))?;
    let mut file = encoder.file(BufWriter::new(file)).map_err(bad)?;
    let is_wide = part.name == Name::Reports;
    let full = if is_wide { FULL_REPORTS } else { FULL };
    let mut small = TableRows::new(part);
    for segment in Segments::open(scratch)? {
        let segment = segment?;
        let metadata = ParquetMetaDataReader::new().parse_and_finish(&segment).map_err(bad)?;
        let group = metadata.row_group(0);
        let large = group.num_rows() >= COPY_ROWS || group.compressed_size() >= COPY_BYTES;
        if large && !is_wide {
            if small.len() > 0 {
                append(&mut file, encoder.chunks(&small.take()).map_err(bad)?).map_err(bad)?;
            }
            copy_group(&mut file, &segment, &metadata).map_err(bad)?;
            continue;
        }
        for batch in rows(part, &segment)? {
            small.extend(&batch);
        }
        if small.len() >= full || small.bytes() >= super::BATCH_BYTES {
            append(&mut file, encoder.chunks(&small.take()).map_err(bad)?).map_err(bad)?;
        }
    }
    if small.len() > 0 {
        append(&mut file, encoder.chunks(&small.take()).map_err(bad)?).map_err(bad)?;
    }
    let file = file.into_inner().map_err(bad)?;
    file.into_inner().map(drop).map_err(|e| Error::io(out, e.into_error()))
}

/// Puts the only row group of a segment at the end of a file, byte for byte.
fn copy_group(
    file: &mut SerializedFileWriter<BufWriter<File>>,
    segment: &Bytes,
    metadata: &ParquetMetaData,
) -> std::result::Result<(), ParquetError> {
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
