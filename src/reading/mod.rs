//! Stage 6: evidence → cells with a status.
//!
//! Two questions, kept apart: which row do these digits belong to ([`align`]), and which numbers are they
//! ([`candidates`], [`solve`]). Neither is ever answered by taste: what remains open is `ambiguous`.
//!
//! [`table::read`] is the way through: [`rows`] fills the form's rows from the evidence, [`settle`] lets the equations
//! between rows take out what they forbid, and what is left becomes cells.

pub mod align;
pub mod candidates;
pub mod cell;
pub mod columns;
mod fill;
mod grid;
pub mod printed;
pub mod rows;
pub mod settle;
pub mod solve;
pub mod spacing;
pub mod table;

pub use cell::{Cell, CheckRef, Status};
pub use spacing::Spacing;
pub use table::{Hints, Reading, ideograph, read};
