//! The smallest things in a report, as nom parsers: numbers, units, marks for nothing, years.
//!
//! Each parser takes text and returns what it read and what is left; none has state or does I/O.

pub mod cell;
pub mod decimal;
pub mod unit;
pub mod year;

pub use cell::{CellText, cell};
pub use decimal::Decimal;
pub use unit::Unit;
