//! A batch of documents (columns `name` and `bytes`) → the rows of a table.

use crate::capsule::{self, Batches};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;
use nianbao::finding::{Code, Finding};
use nianbao::grammar::GrammarSet;
use nianbao::guard;
use nianbao::pipeline;
use nianbao::records::Report;
use nianbao::sinks::tables::{Layout, Rows};
use nianbao::source::Source;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// The documents of a Python object that is an Arrow batch.
pub(crate) fn of(object: &Bound<'_, PyAny>) -> PyResult<RecordBatch> {
    let batch = capsule::batch(object)?;
    for (name, kinds) in [("name", TEXTS), ("bytes", BINARIES)] {
        let Some(column) = batch.column_by_name(name) else {
            return Err(PyValueError::new_err(format!("the batch has no column {name:?}")));
        };
        if !kinds.contains(column.data_type()) {
            let message =
                format!("column {name:?} is {}, not one of {kinds:?}", column.data_type());
            return Err(PyValueError::new_err(message));
        }
    }
    Ok(batch)
}

const TEXTS: &[DataType] = &[DataType::Utf8, DataType::LargeUtf8, DataType::Utf8View];
const BINARIES: &[DataType] = &[DataType::Binary, DataType::LargeBinary, DataType::BinaryView];

/// Their rows. A document that cannot be read has a row or a diagnostic that says so, as in a conversion.
pub(crate) fn parse(
    documents: &RecordBatch,
    grammars: &GrammarSet,
    layout: &Layout,
) -> Result<Batches, String> {
    let column =
        |name: &str| documents.column_by_name(name).ok_or_else(|| format!("no column {name}"));
    let (names, bytes) = (column("name")?, column("bytes")?);
    let mut rows = Rows::new(layout);
    let mut batches = Vec::new();
    for row in 0..documents.num_rows() {
        let name = text(names, row).unwrap_or_default();
        let Some(bytes) = binary(bytes, row) else {
            rows.add(&Report::unread(
                name.to_owned(),
                Finding::new(Code::Unreadable, "no bytes (null)"),
            ));
            continue;
        };
        let source = Source::new(name, bytes);
        let add = || rows.add(&pipeline::read(&source, grammars, None));
        if let Err(finding) = guard::total(None, add) {
            rows.undo();
            rows.add(&Report::refused(&source, finding));
        }
        if rows.is_full() {
            batches.extend(rows.take());
        }
    }
    batches.extend(rows.take());
    Ok(Batches::new(&layout.parts()[0].schema, batches.into_iter()))
}

fn text(column: &ArrayRef, row: usize) -> Option<&str> {
    if column.is_null(row) {
        return None;
    }
    Some(match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row),
        DataType::LargeUtf8 => column.as_string::<i64>().value(row),
        _ => column.as_string_view().value(row),
    })
}

fn binary(column: &ArrayRef, row: usize) -> Option<&[u8]> {
    if column.is_null(row) {
        return None;
    }
    Some(match column.data_type() {
        DataType::Binary => column.as_binary::<i32>().value(row),
        DataType::LargeBinary => column.as_binary::<i64>().value(row),
        _ => column.as_binary_view().value(row),
    })
}
