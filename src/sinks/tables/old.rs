//! Rows of Parquet files that an earlier conversion wrote, for documents that have not changed since.

use super::rows::Rows;
use super::{Layout, Part};
use crate::error::{Error, Result};
use crate::grammar::Grammar;
use arrow_array::RecordBatch;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The files of all tables.
pub(super) struct Old {
    tables: Vec<OldTable>,
}

struct OldTable {
    path: PathBuf,
    file: File,
    metadata: ArrowReaderMetadata,
    /// The first row of each row group.
    starts: Vec<u64>,
    /// The row group that was asked for last: documents come in the same order again.
    last: Option<(usize, Vec<RecordBatch>)>,
}

impl Old {
    pub(super) fn open(folder: &Path, layout: &Layout) -> Result<Self> {
        let one = |part: &Part| {
            OldTable::open(folder.join(format!("{}.parquet", part.name.text())), part)
        };
        Ok(Self { tables: layout.parts().iter().map(one).collect::<Result<_>>()? })
    }

    /// Adds the rows of a document, which are these of each table.
    pub(super) fn keep(
        &mut self,
        rows: &mut Rows<'_>,
        form: Option<&Grammar>,
        ranges: &[Range<u64>],
    ) -> Result<()> {
        let found = self.tables.iter_mut().zip(ranges).map(|(table, range)| table.rows(range));
        rows.keep(form, &found.collect::<Result<Vec<_>>>()?);
        Ok(())
    }
}

impl OldTable {
    fn open(path: PathBuf, part: &Part) -> Result<Self> {
        let file = File::open(&path).map_err(|e| Error::io(&path, e))?;
        let options = ArrowReaderOptions::new().with_schema(Arc::clone(&part.schema));
        let metadata = ArrowReaderMetadata::load(&file, options).map_err(|e| bad(&path, e))?;
        let groups = metadata.metadata().row_groups().iter();
        let starts = groups.scan(0, |next, group| {
            let start = *next;
            *next += group.num_rows().cast_unsigned();
            Some(start)
        });
        let starts = starts.collect();
        Ok(Self { path, file, metadata, starts, last: None })
    }

    /// These rows, in pieces.
    fn rows(&mut self, range: &Range<u64>) -> Result<Vec<RecordBatch>> {
        let mut found = Vec::new();
        let mut from = range.start;
        while from < range.end {
            let group = self.starts.partition_point(|start| *start <= from) - 1;
            let mut start = self.starts[group];
            for batch in self.group(group)? {
                let end = start + batch.num_rows() as u64;
                if (start..end).contains(&from) {
                    let to = end.min(range.end);
                    found.push(batch.slice((from - start) as usize, (to - from) as usize));
                    from = to;
                }
                start = end;
            }
            if from < range.end && from < start {
                let error = ParquetError::General("fewer rows than it says".to_owned());
                return Err(bad(&self.path, error));
            }
        }
        Ok(found)
    }

    fn group(&mut self, group: usize) -> Result<&[RecordBatch]> {
        if self.last.as_ref().is_none_or(|(last, _)| *last != group) {
            let read = || {
                let metadata = self.metadata.clone();
                let file = self.file.try_clone()?;
                ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
                    .with_row_groups(vec![group])
                    .with_batch_size(1 << 20)
                    .build()?
                    .map(|batch| batch.map_err(ParquetError::from))
                    .collect::<std::result::Result<Vec<RecordBatch>, ParquetError>>()
            };
            let batches = read().map_err(|e| bad(&self.path, e))?;
            self.last = Some((group, batches));
        }
        Ok(self.last.as_ref().map_or(&[], |(_, batches)| batches))
    }
}

fn bad(path: &Path, error: ParquetError) -> Error {
    Error::columns(path, error)
}
