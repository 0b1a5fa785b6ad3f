//! Stage 5: labels → where each table of the form stands, and its evidence: labels and number rows in reading order.

pub mod find;
pub mod tokens;
pub mod units;

pub use find::{Region, regions};
pub use tokens::{Kind, Slot};
pub use units::{Evidence, Label, RowUnit};
