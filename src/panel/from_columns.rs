//! The wide table made of `reports.parquet` or `reports.arrow`, for a conversion that wrote no CSV.

use crate::error::{Error, Result};
use crate::sinks::csv::{row, told, writer};
use crate::sinks::schema::Kind;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{ArrowError, DataType, Schema};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::borrow::Cow;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// The table as CSV; fails where the file cannot be read.
pub(super) fn parquet(path: &Path) -> Result<Vec<u8>> {
    let file = File::open(path).map_err(|error| Error::io(path, error))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .map_err(|error| Error::columns(path, error))?;
    let schema = arrow_array::RecordBatchReader::schema(&reader);
    csv(path, &schema, reader)
}

/// See [`parquet`].
pub(super) fn arrow(path: &Path) -> Result<Vec<u8>> {
    let file = File::open(path).map_err(|error| Error::io(path, error))?;
    let reader = arrow_ipc::reader::FileReader::try_new(BufReader::new(file), None)
        .map_err(|error| Error::columns(path, error))?;
    let schema = reader.schema();
    csv(path, &schema, reader)
}

fn csv(
    path: &Path,
    schema: &Schema,
    batches: impl Iterator<Item = std::result::Result<RecordBatch, ArrowError>>,
) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut writer = writer(&mut out);
    row(&mut writer, schema.fields().iter().map(|field| field.name().as_str()));
    for batch in batches {
        let batch = batch.map_err(|error| Error::columns(path, error))?;
        for at in 0..batch.num_rows() {
            let fields = batch.columns().iter().map(|column| {
                text(column, at)
                    .ok_or_else(|| Error::columns(path, format!("has {}", column.data_type())))
            });
            let fields = fields.collect::<Result<Vec<_>>>()?;
            row(&mut writer, fields.iter().map(AsRef::as_ref));
        }
    }
    drop(writer);
    Ok(out)
}

/// A field as `reports.csv` has it; none where a column is of no type that `convert` writes.
fn text(column: &dyn Array, row: usize) -> Option<Cow<'_, str>> {
    if column.is_null(row) {
        return Some(Cow::Borrowed(""));
    }
    Some(match column.data_type() {
        DataType::Utf8 => told(Kind::Text, column.as_string::<i32>().value(row)),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string().into(),
        DataType::Float64 => {
            let value = column.as_primitive::<Float64Type>().value(row).to_string();
            told(Kind::Float, &value).into_owned().into()
        }
        DataType::Dictionary(..) => {
            let column = column.as_dictionary_opt::<Int32Type>()?;
            let at = usize::try_from(column.keys().value(row)).ok()?;
            told(Kind::Name, column.values().as_string_opt::<i32>()?.value(at))
        }
        _ => return None,
    })
}
