//! What a printed piece says: one grammar, in nom, for every place where a number can stand.
//!
//! [`cell`] is total: a piece is a [`Number`], nothing, a mark for nothing, about a number, or no number. What the grammar
//! does not consume to the last character is no number, and never a blank. Cells of grids and sheets, pieces of text, PDF
//! words, captions and ordinals are all read here; text is folded character for character while it is read, so that every
//! place in it stays a place in the source.

mod cell;
mod decimal;
mod digits;
mod money;
mod ordinal;
mod prose;
mod unit;
pub mod year;

pub use cell::{Number, Printed, cell, is_figure};
pub use decimal::Decimal;
pub use digits::{Symbol, Symbols, symbols};
pub use money::{Money, in_brackets, is_caption, names_units, stated};
pub use ordinal::{Ordinal, begins_with, ends_with, without_ordinal};
pub use prose::{Amount, amount, chinese};
pub use unit::Unit;
