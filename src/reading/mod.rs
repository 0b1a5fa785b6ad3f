//! Stage 6: evidence → cells with a status.
//!
//! Two questions, kept apart: which row do these digits belong to ([`align`]), and which numbers are they
//! ([`candidates`], [`solve`]). Neither is ever answered by taste: what remains open is `ambiguous`.

pub mod align;
pub mod candidates;
pub mod columns;
pub mod solve;
pub mod table;

pub use table::{Cell, Reading, Status, ideograph, read};
