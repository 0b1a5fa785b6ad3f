//! The sums of all columns in one number, so that they are added, compared and sorted in one step.
//!
//! Every column has a field wide enough for all that its rows can add together, and one bit more: that bit is lent to a
//! subtraction, and where it is gone the column would be below zero.

use std::ops::{Add, BitAnd, BitOr, Shl, Sub};

/// A number with room for some fields.
pub(super) trait Word:
    Copy
    + Ord
    + Default
    + From<u64>
    + Add<Output = Self>
    + Sub<Output = Self>
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + Shl<u32, Output = Self>
{
    const BITS: u32 = size_of::<Self>() as u32 * 8;
}

impl Word for u64 {}
impl Word for u128 {}

/// Where the columns stand.
pub(super) struct Fields<W> {
    places: Vec<u32>,
    /// The bits that are lent.
    lent: W,
}

impl<W: Word> Fields<W> {
    /// Fields for columns in which the sums reach these numbers at most, as many of them as there is room for.
    pub(super) fn new(most: &[i64]) -> Self {
        let mut fields = Self { places: Vec::with_capacity(most.len()), lent: W::default() };
        let mut at = 0;
        for most in most {
            let bits = u64::BITS - most.unsigned_abs().leading_zeros() + 1;
            if at + bits > W::BITS {
                break;
            }
            fields.lent = fields.lent | (W::from(1) << (at + bits - 1));
            fields.places.push(at);
            at += bits;
        }
        fields
    }

    /// How many columns there is room for.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Packs numbers that are not below zero.
    pub(super) fn pack(&self, of: impl Fn(usize) -> i64) -> W {
        let own = |(column, at): (usize, &u32)| W::from(of(column).unsigned_abs()) << *at;
        self.places.iter().enumerate().map(own).fold(W::default(), W::bitor)
    }

    /// Whether no column of `sum` is more than that of `most`.
    #[inline]
    pub(super) fn is_within(&self, sum: W, most: W) -> bool {
        ((most | self.lent) - sum) & self.lent == self.lent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_columns_do_not_touch() {
        let fields = Fields::<u128>::new(&[7, 0, 100_000_000, 1 << 42, 5]);
        assert_eq!(fields.len(), 5);
        let pack = |values: [i64; 5]| fields.pack(|column| values[column]);
        let (one, other) = (pack([3, 0, 99_999_999, 1 << 40, 5]), pack([4, 0, 1, 1 << 40, 0]));
        assert_eq!(one + other, pack([7, 0, 100_000_000, 1 << 41, 5]));
        assert!(fields.is_within(one, one));
        assert!(!fields.is_within(other, one), "the first column is more");
        assert!(!fields.is_within(one, other));
    }

    #[test]
    fn err_no_room() {
        assert_eq!(Fields::<u64>::new(&[1 << 40, 1 << 20, 7]).len(), 2);
    }
}
