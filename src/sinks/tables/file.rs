//! A Parquet file of any number of row groups.
//!
//! The library's writer keeps what it knows of each column of each row group until the end, which is 150 MB for a million
//! reports. So it is asked for a footer group by group: what such a footer says of its only group goes to a file, and the
//! footer of the whole is the same around all of them.

use super::encode::number;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{
    ColumnChunkMetaData, FileMetaData, ParquetMetaData, ParquetMetaDataWriter, RowGroupMetaData,
};
use parquet::file::properties::WriterPropertiesPtr;
use parquet::schema::types::SchemaDescPtr;
use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

/// At both ends of a file.
const MAGIC: &[u8; 4] = b"PAR1";
/// What follows the rows of an empty footer: field four, an empty list of structures.
const NO_GROUPS: [u8; 3] = [0, 0x19, 0x0c];

/// The file.
#[derive(Debug)]
pub(super) struct ParquetFile {
    out: BufWriter<File>,
    /// Bytes written.
    at: u64,
    schema: SchemaDescPtr,
    properties: WriterPropertiesPtr,
    /// What the footer says before and after its rows and groups.
    around: [Vec<u8>; 2],
    /// What it says of the groups.
    groups: BufWriter<File>,
    groups_path: PathBuf,
    count: usize,
    rows: u64,
}

impl ParquetFile {
    /// Begins the file.
    pub(super) fn create(
        path: &Path,
        schema: SchemaDescPtr,
        properties: WriterPropertiesPtr,
    ) -> Result<Self> {
        let empty = footer(&schema, &properties, Vec::new())?;
        let rows = empty.windows(NO_GROUPS.len()).rposition(|bytes| bytes == NO_GROUPS);
        let rows = rows.ok_or_else(unexpected)?;
        let around = [empty[..rows].to_vec(), empty[rows + NO_GROUPS.len()..].to_vec()];
        let mut groups_path = path.as_os_str().to_owned();
        groups_path.push(".groups");
        let groups_path = PathBuf::from(groups_path);
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(true);
        let groups = BufWriter::new(options.open(&groups_path)?);
        let mut out = BufWriter::new(File::create(path)?);
        out.write_all(MAGIC)?;
        let at = MAGIC.len() as u64;
        Ok(Self { out, at, schema, properties, around, groups, groups_path, count: 0, rows: 0 })
    }

    /// Appends a row group: its columns, and the bytes in which each says where it stands.
    pub(super) fn append<'c>(
        &mut self,
        rows: usize,
        columns: impl Iterator<Item = (&'c [u8], &'c ColumnChunkMetaData)>,
    ) -> Result<()> {
        let start = self.at;
        let mut uncompressed = 0;
        let mut moved = Vec::with_capacity(self.schema.num_columns());
        for (bytes, column) in columns {
            let (from, length) = column.byte_range();
            let bytes = &bytes[from as usize..(from + length) as usize];
            let to = |offset: i64| offset + self.at.cast_signed() - from.cast_signed();
            let of = column.clone().into_builder();
            let of = of.set_data_page_offset(to(column.data_page_offset()));
            let of = of.set_dictionary_page_offset(column.dictionary_page_offset().map(to));
            moved.push(of.build()?);
            self.out.write_all(bytes)?;
            self.at += length;
            uncompressed += column.uncompressed_size();
        }
        let group = RowGroupMetaData::builder(self.schema.clone())
            .set_column_metadata(moved)
            .set_total_byte_size(uncompressed)
            .set_num_rows(rows as i64)
            .set_file_offset(start.cast_signed())
            .build()?;
        let one = footer(&self.schema, &self.properties, vec![group])?;
        let mut before = self.around[0].clone();
        head(&mut before, rows as u64, 1);
        let group =
            one.strip_prefix(&before[..]).and_then(|one| one.strip_suffix(&self.around[1][..]));
        self.groups.write_all(group.ok_or_else(unexpected)?)?;
        (self.count, self.rows) = (self.count + 1, self.rows + rows as u64);
        Ok(())
    }

    /// Ends the file.
    pub(super) fn finish(mut self) -> Result<()> {
        let [mut footer, after] = self.around;
        head(&mut footer, self.rows, self.count);
        self.out.write_all(&footer)?;
        let mut groups = self.groups.into_inner().map_err(io::IntoInnerError::into_error)?;
        groups.rewind()?;
        let length =
            footer.len() as u64 + io::copy(&mut groups, &mut self.out)? + after.len() as u64;
        self.out.write_all(&after)?;
        let length = u32::try_from(length).map_err(|_| unexpected())?;
        self.out.write_all(&length.to_le_bytes())?;
        self.out.write_all(MAGIC)?;
        self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        drop(groups);
        Ok(fs::remove_file(&self.groups_path)?)
    }
}

/// A footer as the library writes it, in the compact protocol of Thrift.
fn footer(
    schema: &SchemaDescPtr,
    properties: &WriterPropertiesPtr,
    groups: Vec<RowGroupMetaData>,
) -> Result<Vec<u8>> {
    let by = Some(properties.created_by().to_owned());
    let pairs = properties.key_value_metadata().cloned();
    let version = properties.writer_version().as_num();
    let file = FileMetaData::new(version, 0, by, pairs, schema.clone(), None);
    let mut out = Vec::new();
    ParquetMetaDataWriter::new(&mut out, &ParquetMetaData::new(file, groups)).finish()?;
    // its length and the end of the file
    out.truncate(out.len() - 4 - MAGIC.len());
    Ok(out)
}

/// The number of rows, and the head of the list of groups.
fn head(out: &mut Vec<u8>, rows: u64, groups: usize) {
    let [_, field, structures] = NO_GROUPS;
    number(out, rows << 1);
    out.push(field);
    match groups {
        0..15 => out.push((groups as u8) << 4 | structures),
        _ => {
            out.push(0xf0 | structures);
            number(out, groups as u64);
        }
    }
}

fn unexpected() -> ParquetError {
    ParquetError::General("the library writes footers otherwise than it did".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::GrammarSet;
    use crate::sinks::schema::Name;
    use crate::sinks::tables::Layout;
    use crate::sinks::tables::encode::Encoder;
    use crate::sinks::tables::rows::TableRows;
    use parquet::column::writer::ColumnCloseResult;
    use parquet::file::metadata::ParquetMetaDataReader;
    use parquet::file::writer::SerializedFileWriter;

    /// The same row groups, written by the library.
    fn by_library(file: &ParquetFile, groups: &[Vec<(Vec<u8>, ColumnChunkMetaData)>]) -> Vec<u8> {
        let (root, properties) = (file.schema.root_schema_ptr(), file.properties.clone());
        let mut out = Vec::new();
        let mut library = SerializedFileWriter::new(&mut out, root, properties).unwrap();
        for chunks in groups {
            let mut group = library.next_row_group().unwrap();
            for (bytes, metadata) in chunks {
                let close = ColumnCloseResult {
                    bytes_written: bytes.len() as u64,
                    rows_written: metadata.num_values().cast_unsigned(),
                    metadata: metadata.clone(),
                    bloom_filter: None,
                    column_index: None,
                    offset_index: None,
                };
                group.append_column(&bytes::Bytes::from(bytes.clone()), close).unwrap();
            }
            group.close().unwrap();
        }
        library.close().unwrap();
        out
    }

    #[test]
    fn ok_like_the_librarys() {
        let layout = Layout::new(&[Name::Sections], &GrammarSet::built_in());
        let part = &layout.parts()[0];
        let encoder = Encoder::new(&part.plain()).unwrap();
        let path = std::env::temp_dir().join(format!("nianbao-file-{}", std::process::id()));
        // one more than the short form of a list has room for, and so many rows that they take two bytes
        for count in [0, 1, 14, 15, 40] {
            let groups: Vec<_> = (0..count)
                .map(|group| {
                    let mut rows = TableRows::new(part);
                    rows.fill(group + 1);
                    encoder.chunks(rows.columns()).unwrap()
                })
                .collect();
            let mut file = encoder.file(&path).unwrap();
            let expected = by_library(&file, &groups);
            for (at, chunks) in groups.iter().enumerate() {
                file.append(at + 1, chunks.iter().map(|(bytes, about)| (&bytes[..], about)))
                    .unwrap();
            }
            file.finish().unwrap();
            let written = fs::read(&path).unwrap();
            let read = |bytes: &[u8]| {
                let bytes = bytes::Bytes::copy_from_slice(bytes);
                ParquetMetaDataReader::new().parse_and_finish(&bytes).unwrap()
            };
            let (written_about, expected_about) = (read(&written), read(&expected));
            assert_eq!(written_about.file_metadata(), expected_about.file_metadata(), "{count}");
            assert_eq!(written_about.num_row_groups(), count);
            let of = |about: &ParquetMetaData| -> Vec<_> {
                about.row_groups().iter().flat_map(|group| group.columns().to_vec()).collect()
            };
            assert_eq!(of(&written_about), of(&expected_about), "{count}");
            let end = |about: &ParquetMetaData| {
                about.row_groups().last().map_or(4, |group| {
                    let (start, length) = group.columns().last().unwrap().byte_range();
                    (start + length) as usize
                })
            };
            assert_eq!(written[..end(&written_about)], expected[..end(&expected_about)], "{count}");
        }
        fs::remove_file(&path).unwrap();
        assert!(
            !path
                .with_file_name(format!("{}.groups", path.file_name().unwrap().display()))
                .exists()
        );
    }
}
