//! Columns being filled, and the Arrow arrays they become.

use super::super::schema::{Column, Kind};
use crate::atoms::Decimal;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Float64Array, Int32Array, Int64Array, PrimitiveArray,
    StringArray,
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
    Integers(Vec<i64>),
    /// Bits of floating-point numbers; [`NO_FLOAT`] is none.
    Floats(Vec<u64>),
}

/// No year, line, page or count is this.
pub(super) const NO_INTEGER: i64 = i64::MIN;
/// The bits of a number that is none.
pub(super) const NO_FLOAT: u64 = u64::MAX;
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

impl Builder {
    /// For about so many rows.
    pub(super) fn new(column: &Column, rows: usize) -> Self {
        match column.kind {
            Kind::Name => {
                Self::Names(Box::new(Names { keys: Vec::with_capacity(rows), ..Names::default() }))
            }
            Kind::Text => Self::Texts(Texts::default()),
            Kind::Integer => Self::Integers(Vec::with_capacity(rows)),
            Kind::Float => Self::Floats(Vec::with_capacity(rows)),
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
            Self::Integers(_) | Self::Floats(_) => unreachable!("the schema says text"),
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
                values.resize(values.len() + count, value.unwrap_or(NO_INTEGER));
            }
            _ => unreachable!("the schema says integer"),
        }
    }

    /// A number for the next row; a fraction is none where the schema has whole numbers.
    pub(super) fn number(&mut self, value: Option<Decimal>) {
        match self {
            Self::Floats(values) => {
                values.push(value.map_or(NO_FLOAT, |value| value.float().to_bits()));
            }
            Self::Integers(values) => {
                values.push(value.and_then(Decimal::integer).unwrap_or(NO_INTEGER));
            }
            _ => unreachable!("the schema says number"),
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
                extend(values, array.as_primitive::<Int64Type>(), |value| value, NO_INTEGER);
            }
            Self::Floats(values) => {
                extend(values, array.as_primitive::<Float64Type>(), f64::to_bits, NO_FLOAT);
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Names(names) => names.keys.len(),
            Self::Texts(texts) => texts.len(),
            Self::Integers(values) => values.len(),
            Self::Floats(values) => values.len(),
        }
    }

    /// Bytes of its texts.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Names(names) => names.values.bytes(),
            Self::Texts(texts) => texts.bytes(),
            Self::Integers(_) | Self::Floats(_) => 0,
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
            Self::Floats(values) => values.truncate(len),
        }
    }

    pub(super) fn finish(self) -> ArrayRef {
        match self {
            Self::Names(names) => Arc::new(names.finish()),
            Self::Texts(texts) => Arc::new(texts.finish()),
            Self::Integers(values) => {
                let nulls = nulls(&values, NO_INTEGER);
                Arc::new(Int64Array::new(values.into(), nulls))
            }
            Self::Floats(values) => {
                let nulls = nulls(&values, NO_FLOAT);
                let values: Vec<f64> = values.into_iter().map(f64::from_bits).collect();
                Arc::new(Float64Array::new(values.into(), nulls))
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

fn extend<T: arrow_array::ArrowPrimitiveType, V: Copy>(
    values: &mut Vec<V>,
    array: &PrimitiveArray<T>,
    of: impl Fn(T::Native) -> V,
    none: V,
) {
    match array.null_count() {
        0 => values.extend(array.values().iter().map(|value| of(*value))),
        // most columns of a wide table are those of other forms
        all if all == array.len() => values.resize(values.len() + all, none),
        _ => values.extend(array.iter().map(|value| value.map_or(none, &of))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_none_is_no_number() {
        let about = |kind| Column {
            name: String::new(),
            kind,
            nullable: true,
            about: Default::default(),
            unit: None,
        };
        let values = ["0", "61829.6555", "99999999999999999"].map(Decimal::parse);
        let mut floats = Builder::new(&about(Kind::Float), 4);
        let mut whole = Builder::new(&about(Kind::Integer), 4);
        for value in values.into_iter().chain([None]) {
            floats.number(value);
            whole.number(value);
        }
        let floats = floats.finish();
        let floats: Vec<_> = floats.as_primitive::<Float64Type>().iter().collect();
        assert_eq!(floats, [Some(0.0), Some(61829.6555), Some(99_999_999_999_999_999.0), None]);
        let whole = whole.finish();
        let whole: Vec<_> = whole.as_primitive::<Int64Type>().iter().collect();
        assert_eq!(whole, [Some(0), None, Some(99_999_999_999_999_999), None]);
    }
}
