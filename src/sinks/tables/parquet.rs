//! Segments → one Parquet file.
//!
//! Large segments are copied as they are, without reading them; small ones are put together into row groups that are
//! worth reading (DuckDB and Spark like theirs at about 122,880 rows).

use super::super::schema::Name;
use super::Scratch;
use super::encode::Encoder;
use super::file::ParquetFile;
use super::rows::TableRows;
use super::segments::is_copied;
use crate::error::{Error, Result};
use bytes::Bytes;
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaDataReader;
use std::path::Path;

/// Rows from which a segment is copied.
const COPY_ROWS: usize = 2048;
/// Rows of a row group that is put together.
const FULL: usize = 122_880;
/// The same for reports, which have hundreds of columns and are always put together.
const FULL_REPORTS: usize = 4096;

/// Writes the file of a table.
pub(super) fn write(scratch: &Scratch<'_>, name: Name, out: &Path) -> Result<()> {
    let bad = |error: ParquetError| Error::columns(out, error);
    let (part, mut segments) = scratch.open(name)?;
    let encoder = Encoder::new(&part.plain()).map_err(bad)?;
    let mut file = encoder.file(out).map_err(bad)?;
    let full = if name == Name::Reports { FULL_REPORTS } else { FULL };
    let mut small = TableRows::new(part);
    while let Some(segment) = segments.next().transpose()? {
        let is_copied = is_copied(name) && segment.is_whole() && segment.rows() >= COPY_ROWS;
        if !is_copied {
            segments.add(&segment, &mut small)?;
        }
        let is_full = small.len() >= full || small.bytes() >= super::BATCH_BYTES;
        if is_copied || is_full {
            encode(&mut file, &encoder, &mut small).map_err(bad)?;
        }
        if is_copied {
            copy(&mut file, &segment.bytes).map_err(bad)?;
        }
    }
    encode(&mut file, &encoder, &mut small).map_err(bad)?;
    file.finish().map_err(bad)
}

/// Puts rows at the end of a file, if there are any.
fn encode(
    file: &mut ParquetFile,
    encoder: &Encoder,
    rows: &mut TableRows<'_>,
) -> std::result::Result<(), ParquetError> {
    if rows.len() > 0 {
        let chunks = encoder.chunks(rows.columns())?;
        file.append(rows.len(), chunks.iter().map(|(bytes, about)| (&bytes[..], about)))?;
        rows.clear();
    }
    Ok(())
}

/// Puts the only row group of a segment at the end of a file, byte for byte.
fn copy(file: &mut ParquetFile, segment: &Bytes) -> std::result::Result<(), ParquetError> {
    let metadata = ParquetMetaDataReader::new().parse_and_finish(segment)?;
    let group = metadata.row_group(0);
    let rows = group.num_rows().cast_unsigned() as usize;
    file.append(rows, group.columns().iter().map(|column| (&segment[..], column)))
}
