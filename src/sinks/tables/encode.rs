//! Columns → one row group of Parquet.
//!
//! The library's writer looks up every value of every row in a hash table. Our rows come with that work done: texts that
//! rows share are dictionaries already, and the nine columns that name the document have one value in hundreds of rows.
//! So the pages are put together here, and everything around them (headers, compression, metadata) is the library's.

use super::columns::{Builder, NO_FLOAT, NO_INTEGER, NO_NAME, Names, Texts};
use super::file::ParquetFile;
use arrow_schema::Schema;
use parquet::arrow::{ArrowSchemaConverter, add_encoded_arrow_schema_to_metadata};
use parquet::basic::{CompressionCodec, Encoding, PageType};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::ByteArray;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::file::statistics::Statistics;
use parquet::file::writer::{SerializedFileWriter, SerializedPageWriter, TrackedWrite};
use parquet::schema::types::{ColumnDescPtr, SchemaDescPtr, SchemaDescriptor};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::hash::Hash;
use std::path::Path;
use std::sync::Arc;
use zstd::bulk::Compressor;

/// Bytes of a page of texts that share nothing.
const PAGE_BYTES: usize = 1 << 20;
/// Longest text that is told as the least or greatest of its column.
const MOST_IN_STATISTICS: usize = 128;
/// Bytes of a column chunk that is not worth compressing; many have one value only.
const SMALL: usize = 256;
/// The level of compression: most of the work is done by the dictionaries.
const LEVEL: i32 = 1;

/// What all row groups of a table have in common.
#[derive(Debug)]
pub(super) struct Encoder {
    schema: SchemaDescPtr,
    properties: WriterPropertiesPtr,
}

/// One column of a row group, encoded; it stands at the start of these bytes.
pub(super) type Chunk = (Vec<u8>, ColumnChunkMetaData);

impl Encoder {
    /// `plain` is the table's schema without dictionaries, which is what a file says.
    pub(super) fn new(plain: &Schema) -> Result<Self> {
        let mut properties = WriterProperties::builder()
            .set_created_by(concat!("nianbao version ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        add_encoded_arrow_schema_to_metadata(plain, &mut properties);
        let schema: SchemaDescriptor = ArrowSchemaConverter::new().convert(plain)?;
        Ok(Self { schema: Arc::new(schema), properties: Arc::new(properties) })
    }

    /// A file of this table.
    pub(super) fn file(&self, path: &Path) -> Result<ParquetFile> {
        ParquetFile::create(path, Arc::clone(&self.schema), Arc::clone(&self.properties))
    }

    /// Columns as a complete file of one row group.
    pub(super) fn segment(&self, columns: &[Builder], out: &mut Vec<u8>) -> Result<()> {
        let root = self.schema.root_schema_ptr();
        let mut file = SerializedFileWriter::new(out, root, Arc::clone(&self.properties))?;
        let mut zstd = Compressor::new(LEVEL)?;
        let mut group = file.next_row_group()?;
        for (at, column) in columns.iter().enumerate() {
            let (bytes, metadata) = self.chunk(at, column, &mut zstd)?;
            let close = ColumnCloseResult {
                bytes_written: bytes.len() as u64,
                rows_written: column.len() as u64,
                metadata,
                bloom_filter: None,
                column_index: None,
                offset_index: None,
            };
            group.append_column(&bytes::Bytes::from(bytes), close)?;
        }
        group.close()?;
        file.close().map(drop)
    }

    /// Columns as the chunks of a row group, made with all threads.
    pub(super) fn chunks(&self, columns: &[Builder]) -> Result<Vec<Chunk>> {
        let new = || Compressor::new(LEVEL);
        let columns = columns.par_iter().enumerate();
        columns
            .map_init(new, |zstd, (at, column)| match zstd {
                Ok(zstd) => self.chunk(at, column, zstd),
                Err(error) => Err(ParquetError::General(error.to_string())),
            })
            .collect()
    }

    fn chunk(&self, at: usize, rows: &Builder, zstd: &mut Compressor<'static>) -> Result<Chunk> {
        let mut column =
            Column { about: self.schema.column(at), pages: Vec::new(), encoding: Encoding::PLAIN };
        let statistics = match rows {
            Builder::Names(names) => column.names(names),
            Builder::Texts(texts) => column.texts(texts),
            Builder::Integers(values) => {
                let (distinct, nulls) = column.numbers(values, NO_INTEGER, i64::to_le_bytes);
                let (least, most) = (distinct.iter().min(), distinct.iter().max());
                Statistics::int64(least.copied(), most.copied(), None, nulls, false)
            }
            Builder::Floats(values) => {
                let (distinct, nulls) = column.numbers(values, NO_FLOAT, u64::to_le_bytes);
                let floats = || distinct.iter().copied().map(f64::from_bits);
                let (least, most) =
                    (floats().min_by(f64::total_cmp), floats().max_by(f64::total_cmp));
                Statistics::double(least, most, None, nulls, false)
            }
        };
        column.close(rows.len(), statistics, zstd)
    }
}

/// A column chunk being written.
struct Column {
    about: ColumnDescPtr,
    /// Its pages with their rows or values, as they are before compression; the dictionary first.
    pages: Vec<(PageType, usize, Vec<u8>)>,
    /// That of the data.
    encoding: Encoding,
}

impl Column {
    /// Texts that rows share, each once and then by number.
    fn names(&mut self, names: &Names) -> Statistics {
        let values = &names.values;
        let mut page = Vec::with_capacity(values.bytes() + 4 * values.len());
        let texts = || (0..values.len()).map(|at| values.text(at));
        texts().for_each(|text| plain(&mut page, text));
        self.pages.push((PageType::DICTIONARY_PAGE, values.len(), page));
        let there = There::of(&names.keys, NO_NAME);
        if there.missing == 0 {
            self.indices(&names.keys, values.len(), &there);
        } else {
            let keys: Vec<i32> = names.keys.iter().copied().filter(|key| *key != NO_NAME).collect();
            self.indices(&keys, values.len(), &there);
        }
        let short = texts().all(|text| text.len() <= MOST_IN_STATISTICS);
        let bytes = |text: Option<&str>| text.filter(|_| short).map(ByteArray::from);
        let (least, most) = (bytes(texts().min()), bytes(texts().max()));
        Statistics::byte_array(least, most, None, Some(there.missing as u64), false)
    }

    /// Texts of their own, one after the other.
    fn texts(&mut self, texts: &Texts) -> Statistics {
        let mut nulls = texts.nulls.iter().peekable();
        let mut from = 0;
        while from < texts.len() || from == 0 {
            let mut page = Vec::new();
            let mut is_there = Vec::new();
            while from + is_there.len() < texts.len() && page.len() < PAGE_BYTES {
                let at = from + is_there.len();
                is_there.push(nulls.next_if_eq(&&at).is_none());
                if is_there.last() == Some(&true) {
                    plain(&mut page, texts.text(at));
                }
            }
            self.data(&page, &There::of(&is_there, false), Encoding::PLAIN);
            if is_there.is_empty() {
                break;
            }
            from += is_there.len();
        }
        Statistics::byte_array(None, None, None, Some(texts.nulls.len() as u64), false)
    }

    /// Numbers: each once and then by number, for they repeat; returns each once, and how many are none.
    fn numbers<N: Copy + Eq + Hash, const BYTES: usize>(
        &mut self,
        values: &[N],
        none: N,
        bytes: impl Fn(N) -> [u8; BYTES],
    ) -> (Vec<N>, Option<u64>) {
        let mut known: FxHashMap<N, i32> = FxHashMap::default();
        let mut distinct: Vec<N> = Vec::new();
        let mut keys: Vec<i32> = Vec::with_capacity(values.len());
        let mut last = (none, 0);
        for value in values.iter().filter(|value| **value != none) {
            if *value != last.0 {
                let key = *known.entry(*value).or_insert_with(|| {
                    distinct.push(*value);
                    distinct.len() as i32 - 1
                });
                last = (*value, key);
            }
            keys.push(last.1);
        }
        let page: Vec<u8> = distinct.iter().flat_map(|value| bytes(*value)).collect();
        self.pages.push((PageType::DICTIONARY_PAGE, distinct.len(), page));
        let there = There::of(values, none);
        self.indices(&keys, distinct.len(), &there);
        (distinct, Some(there.missing as u64))
    }

    /// The rows of a column that are there, by number in its dictionary.
    fn indices(&mut self, keys: &[i32], values: usize, there: &There) {
        let width = (usize::BITS - values.saturating_sub(1).leading_zeros()) as u8;
        let mut page = vec![width];
        hybrid(&mut page, keys, width);
        self.data(&page, there, Encoding::RLE_DICTIONARY);
    }

    fn data(&mut self, values: &[u8], there: &There, encoding: Encoding) {
        let mut page = Vec::with_capacity(values.len() + there.bits.len() + 16);
        if self.about.max_def_level() > 0 {
            // which rows have a value: its length in bytes, and a run of one bit or all bits
            page.extend([0; 4]);
            if there.missing == 0 || there.missing == there.rows {
                run(&mut page, i32::from(there.missing == 0), there.rows, 1);
            } else {
                number(&mut page, (there.bits.len() as u64) << 1 | 1);
                page.extend_from_slice(&there.bits);
            }
            let length = (page.len() - 4) as u32;
            page[..4].copy_from_slice(&length.to_le_bytes());
        }
        page.extend_from_slice(values);
        self.encoding = encoding;
        self.pages.push((PageType::DATA_PAGE, there.rows, page));
    }

    fn close(
        self,
        rows: usize,
        statistics: Statistics,
        zstd: &mut Compressor<'_>,
    ) -> Result<Chunk> {
        let uncompressed: usize = self.pages.iter().map(|(_, _, page)| page.len()).sum();
        let codec = if uncompressed < SMALL {
            CompressionCodec::UNCOMPRESSED
        } else {
            CompressionCodec::ZSTD
        };
        let mut out = TrackedWrite::new(Vec::new());
        let (mut dictionary, mut data, mut total) = (None, None, 0);
        for (kind, count, page) in self.pages {
            let (size, num_values) = (page.len(), count as u32);
            let buf: bytes::Bytes = match codec {
                CompressionCodec::ZSTD => zstd.compress(&page)?.into(),
                _ => page.into(),
            };
            let at = out.bytes_written() as i64;
            let page = if kind == PageType::DICTIONARY_PAGE {
                dictionary = Some(at);
                let encoding = Encoding::PLAIN;
                Page::DictionaryPage { buf, num_values, encoding, is_sorted: false }
            } else {
                data.get_or_insert(at);
                Page::DataPage {
                    buf,
                    num_values,
                    encoding: self.encoding,
                    def_level_encoding: Encoding::RLE,
                    rep_level_encoding: Encoding::RLE,
                    statistics: None,
                }
            };
            let page = CompressedPage::new(page, size);
            total += SerializedPageWriter::new(&mut out).write_page(page)?.uncompressed_size;
        }
        let bytes = out.into_inner()?;
        let metadata = ColumnChunkMetaData::builder(self.about)
            .set_compression_codec(codec)
            .set_encodings(vec![Encoding::PLAIN, Encoding::RLE, self.encoding])
            .set_total_compressed_size(bytes.len() as i64)
            .set_total_uncompressed_size(total as i64)
            .set_num_values(rows as i64)
            .set_data_page_offset(data.unwrap_or(0))
            .set_dictionary_page_offset(dictionary)
            .set_statistics(statistics)
            .build()?;
        Ok((bytes, metadata))
    }
}

/// Which rows have a value.
struct There {
    rows: usize,
    missing: usize,
    /// A bit a row, the first in the lowest.
    bits: Vec<u8>,
}

impl There {
    fn of<T: Copy + PartialEq>(rows: &[T], none: T) -> Self {
        let byte =
            |rows: &[T]| rows.iter().rev().fold(0, |byte, row| byte << 1 | u8::from(*row != none));
        let bits: Vec<u8> = rows.chunks(8).map(byte).collect();
        let there: usize = bits.iter().map(|byte| byte.count_ones() as usize).sum();
        Self { rows: rows.len(), missing: rows.len() - there, bits }
    }
}

/// A text with its length before it.
fn plain(page: &mut Vec<u8>, text: &str) {
    page.extend_from_slice(&(text.len() as u32).to_le_bytes());
    page.extend_from_slice(text.as_bytes());
}

/// Fewest equal values for which a run is shorter than to pack them.
const RUN: usize = 16;

/// The format's hybrid of runs and packed groups of eight.
fn hybrid(page: &mut Vec<u8>, values: &[i32], width: u8) {
    let mut packed = 0;
    let mut at = 0;
    while at < values.len() {
        let same = values[at..].iter().take_while(|value| **value == values[at]).count();
        // a packed group has eight values, so those before the run take what is missing from it
        let missing = (8 - (at - packed) % 8) % 8;
        if same < RUN + missing {
            at += same;
            continue;
        }
        pack(page, &values[packed..at + missing], width);
        run(page, values[at], same - missing, width);
        at += same;
        packed = at;
    }
    pack(page, &values[packed..], width);
}

fn run(page: &mut Vec<u8>, value: i32, count: usize, width: u8) {
    number(page, (count as u64) << 1);
    page.extend_from_slice(&value.to_le_bytes()[..usize::from(width.div_ceil(8))]);
}

/// Groups of eight, each value in `width` bits, the first in the lowest; the last group is filled with zeros.
fn pack(page: &mut Vec<u8>, values: &[i32], width: u8) {
    if values.is_empty() {
        return;
    }
    number(page, (values.len().div_ceil(8) as u64) << 1 | 1);
    let end = page.len() + values.len().div_ceil(8) * usize::from(width);
    let (mut bits, mut count) = (0u64, 0);
    for value in values {
        bits |= u64::from(value.cast_unsigned()) << count;
        count += u32::from(width);
        while count >= 8 {
            page.push(bits as u8);
            bits >>= 8;
            count -= 8;
        }
    }
    if count > 0 {
        page.push(bits as u8);
    }
    page.resize(end, 0);
}

/// Seven bits a byte, the lowest first.
pub(super) fn number(page: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        page.push(value as u8 | 0x80);
        value >>= 7;
    }
    page.push(value as u8);
}
