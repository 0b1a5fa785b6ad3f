//! Columns being filled, and the Arrow arrays they become.

use super::super::schema::{Column, Kind};
use super::{DECIMAL_DIGITS, DECIMAL_SCALE};
use crate::atoms::Decimal;
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int32Type};
use arrow_array::{
    Array, ArrayRef, Decimal128Array, DictionaryArray, Int32Array, PrimitiveArray, StringArray,
};
use arrow_buffer::{BooleanBuffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A column being filled.
#[derive(Debug)]
pub(super) enum Builder {
    /// Texts that many rows share.
    Names(Box<Names>),
    /// Texts of their own.
    Texts(Texts),
    /// Whole numbers; [`NO_INTEGER`] is none.
    Integers(Vec<i32>),
    /// Decimals times `10^DECIMAL_SCALE`; [`NO_DECIMAL`] is none.
    Decimals(Vec<i128>),
}

/// No year, line, page or count is this.
pub(super) const NO_INTEGER: i32 = i32::MIN;
/// No decimal of 38 digits is this.
pub(super) const NO_DECIMAL: i128 = i128::MIN;
/// The key of no text.
pub(super) const NO_NAME: i32 = -1;

/// Each text once, and for each row which it is.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) values: Texts,
    known: FxHashMap<Box<str>, i32>,
    /// The keys, plus one, of texts of one byte: most cells are a digit.
    short: [i32; 128],
    /// [`NO_NAME`] is none.
    pub(super) keys: Vec<i32>,
}

impl Default for Names {
    fn default() -> Self {
        let (values, known) = (Texts::default(), FxHashMap::default());
        Self { values, known, short: [0; 128], keys: Vec::new() }
    }
}

/// Texts one after the other.
#[derive(Clone, Debug)]
pub(super) struct Texts {
    bytes: String,
    ends: Vec<i32>,
    /// Which of them are none, in order.
    pub(super) nulls: Vec<usize>,
}

impl Default for Texts {
    fn default() -> Self {
        Self { bytes: String::new(), ends: vec![0], nulls: Vec::new() }
    }
}

impl Texts {
    fn push(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.bytes.push_str(text),
            None => self.nulls.push(self.ends.len() - 1),
        }
        self.ends.push(self.bytes.len() as i32);
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len() - 1
    }

    /// Bytes of all of them.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// One of them.
    pub(super) fn text(&self, at: usize) -> &str {
        let end = |at: usize| self.ends[at].cast_unsigned() as usize;
        &self.bytes[end(at)..end(at + 1)]
    }

    fn truncate(&mut self, len: usize) {
        self.ends.truncate(len + 1);
        self.bytes.truncate(self.ends[len].cast_unsigned() as usize);
        self.nulls.retain(|at| *at < len);
    }

    fn finish(self) -> StringArray {
        let len = self.len();
        let nulls = (!self.nulls.is_empty()).then(|| {
            let mut valid = vec![true; len];
            self.nulls.iter().for_each(|at| valid[*at] = false);
            NullBuffer::from(valid)
        });
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.ends));
        StringArray::new(offsets, self.bytes.into_bytes().into(), nulls)
    }
}

impl Names {
    /// The key of a text.
    fn key(&mut self, text: &str) -> i32 {
        if let [byte @ ..128] = text.as_bytes() {
            let byte = usize::from(*byte);
            if self.short[byte] == 0 {
                self.short[byte] = self.key_of_any(text) + 1;
            }
            return self.short[byte] - 1;
        }
        self.key_of_any(text)
    }

    fn key_of_any(&mut self, text: &str) -> i32 {
        if let Some(key) = self.known.get(text) {
            return *key;
        }
        let key = self.values.len() as i32;
        self.values.push(Some(text));
        self.known.insert(text.into(), key);
        key
    }

    fn clear(&mut self) {
        self.values.truncate(0);
        self.known.clear();
        self.short = [0; 128];
        self.keys.clear();
    }

    fn finish(self) -> DictionaryArray<Int32Type> {
        let nulls = nulls(&self.keys, NO_NAME);
        let keys = Int32Array::new(self.keys.into(), nulls);
        DictionaryArray::new(keys, Arc::new(self.values.finish()))
    }
}

/// Which rows have a value; none when all have.
fn nulls<T: PartialEq + Copy>(values: &[T], none: T) -> Option<NullBuffer> {
    let there = || BooleanBuffer::collect_bool(values.len(), |at| values[at] != none);
    values.contains(&none).then(|| NullBuffer::new(there()))
}

/// A decimal as the column holds it. Every printed number fits (at most 17 digits, 16 of them after the point, and four
/// places more when 元 become 万元); a sum or an 亿元 beyond 18 digits does not, and is none here.
pub(super) fn decimal(value: Option<Decimal>) -> i128 {
    const ONE: i128 = 10i128.pow(DECIMAL_SCALE as u32);
    const MOST: i64 = 10i64.pow(DECIMAL_DIGITS as u32 - DECIMAL_SCALE as u32);
    let Some(value) = value else { return NO_DECIMAL };
    match value.integer() {
        Some(whole) if -MOST < whole && whole < MOST => i128::from(whole) * ONE,
        None if value.scale() <= DECIMAL_SCALE as u8 => value.scaled(DECIMAL_SCALE as u8),
        _ => NO_DECIMAL,
    }
}

impl Builder {
    /// For about so many rows.
    pub(super) fn new(column: &Column, rows: usize) -> Self {
        match column.kind {
            Kind::Name => {
                Self::Names(Box::new(Names { keys: Vec::with_capacity(rows), ..Names::default() }))
            }
            Kind::Text => Self::Texts(Texts::default()),
            Kind::Integer => Self::Integers(Vec::with_capacity(rows)),
            Kind::Decimal => Self::Decimals(Vec::with_capacity(rows)),
        }
    }

    /// The same text for the next `count` rows.
    pub(super) fn text(&mut self, text: Option<&str>, count: usize) {
        match self {
            Self::Names(names) => {
                let key = text.map_or(NO_NAME, |text| names.key(text));
                names.keys.resize(names.keys.len() + count, key);
            }
            Self::Texts(texts) => (0..count).for_each(|_| texts.push(text)),
            Self::Integers(_) | Self::Decimals(_) => unreachable!("the schema says text"),
        }
    }

    /// The rows of these keys.
    pub(super) fn keys(&mut self, keys: &[i32]) {
        match self {
            Self::Names(names) => names.keys.extend_from_slice(keys),
            _ => unreachable!("the schema says names"),
        }
    }

    /// The key of a text.
    pub(super) fn key(&mut self, text: &str) -> i32 {
        match self {
            Self::Names(names) => names.key(text),
            _ => unreachable!("the schema says names"),
        }
    }

    /// The same number for the next `count` rows.
    pub(super) fn integer(&mut self, value: Option<i64>, count: usize) {
        match self {
            Self::Integers(values) => {
                let value = value.and_then(|value| i32::try_from(value).ok());
                values.resize(values.len() + count, value.unwrap_or(NO_INTEGER));
            }
            _ => unreachable!("the schema says integer"),
        }
    }

    /// A decimal for the next row.
    pub(super) fn decimal(&mut self, value: Option<Decimal>) {
        match self {
            Self::Decimals(values) => values.push(decimal(value)),
            _ => unreachable!("the schema says decimal"),
        }
    }

    /// The rows of an array of the same kind.
    pub(super) fn extend(&mut self, array: &dyn Array) {
        match self {
            Self::Names(names) => {
                let array = array.as_dictionary::<Int32Type>();
                let values = array.values().as_string::<i32>();
                // only what is used: the dictionary of a row group serves several arrays
                let mut keys: Vec<i32> = vec![NO_NAME; values.len()];
                for row in array.keys_iter() {
                    let key = row.map_or(NO_NAME, |row| {
                        let known = &mut keys[row];
                        if *known == NO_NAME {
                            *known = names.key(values.value(row));
                        }
                        *known
                    });
                    names.keys.push(key);
                }
            }
            Self::Texts(texts) => array.as_string::<i32>().iter().for_each(|text| texts.push(text)),
            Self::Integers(values) => {
                extend(values, array.as_primitive::<Int32Type>(), NO_INTEGER);
            }
            Self::Decimals(values) => {
                extend(values, array.as_primitive::<Decimal128Type>(), NO_DECIMAL);
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Names(names) => names.keys.len(),
            Self::Texts(texts) => texts.len(),
            Self::Integers(values) => values.len(),
            Self::Decimals(values) => values.len(),
        }
    }

    /// Bytes of its texts.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Names(names) => names.values.bytes(),
            Self::Texts(texts) => texts.bytes(),
            Self::Integers(_) | Self::Decimals(_) => 0,
        }
    }

    /// Forgets everything, and keeps the room.
    pub(super) fn clear(&mut self) {
        match self {
            Self::Names(names) => names.clear(),
            _ => self.truncate(0),
        }
    }

    /// Becomes the rows of another column, each as many times as said.
    pub(super) fn repeat(&mut self, rows: &Self, counts: &[u32]) {
        match (self, rows) {
            (Self::Names(names), Self::Names(rows)) => {
                names.values.clone_from(&rows.values);
                repeat(&mut names.keys, &rows.keys, counts);
            }
            (Self::Integers(values), Self::Integers(rows)) => repeat(values, rows, counts),
            _ => unreachable!("what names a document is a name or a year"),
        }
    }

    /// Takes back all rows from `len` on.
    pub(super) fn truncate(&mut self, len: usize) {
        match self {
            Self::Names(names) => names.keys.truncate(len),
            Self::Texts(texts) => texts.truncate(len),
            Self::Integers(values) => values.truncate(len),
            Self::Decimals(values) => values.truncate(len),
        }
    }

    pub(super) fn finish(self) -> ArrayRef {
        match self {
            Self::Names(names) => Arc::new(names.finish()),
            Self::Texts(texts) => Arc::new(texts.finish()),
            Self::Integers(values) => {
                let nulls = nulls(&values, NO_INTEGER);
                Arc::new(Int32Array::new(values.into(), nulls))
            }
            Self::Decimals(values) => {
                let nulls = nulls(&values, NO_DECIMAL);
                let array = Decimal128Array::new(values.into(), nulls);
                Arc::new(array.with_data_type(super::decimal_type()))
            }
        }
    }
}

fn repeat<T: Copy>(column: &mut Vec<T>, rows: &[T], counts: &[u32]) {
    column.clear();
    for (row, count) in rows.iter().zip(counts) {
        column.resize(column.len() + *count as usize, *row);
    }
}

fn extend<T: arrow_array::ArrowPrimitiveType>(
    values: &mut Vec<T::Native>,
    array: &PrimitiveArray<T>,
    none: T::Native,
) {
    match array.null_count() {
        0 => values.extend_from_slice(array.values()),
        // most columns of a wide table are those of other forms
        all if all == array.len() => values.resize(values.len() + all, none),
        _ => values.extend(array.iter().map(|value| value.unwrap_or(none))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_exact_or_none() {
        let held = |text: &str, shift: i8| {
            decimal(Decimal::parse(text).and_then(|value| value.shifted(shift)))
        };
        assert_eq!(held("61829.6555", 0), 618_296_555 * 10i128.pow(16));
        assert_eq!(held("99999999999999999", 0), 99_999_999_999_999_999 * 10i128.pow(20));
        // the finest a document can say: 17 digits of 元
        assert_eq!(held("0.1234567890123456", 4), 1_234_567_890_123_456);
        assert_eq!(decimal(Some(Decimal::from(10i64.pow(18)))), NO_DECIMAL);
        assert_eq!(decimal(Some(Decimal::from(-18))), -18 * 10i128.pow(20));
        assert_eq!(decimal(None), NO_DECIMAL);
    }
}
