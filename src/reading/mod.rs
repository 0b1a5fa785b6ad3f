//! Stage 6: evidence → cells with a status and a proof.
//!
//! Three questions, kept apart: which row do these pieces belong to ([`align`]), in which column does each stand
//! ([`place`]), and, where borders are lost, which numbers can they be ([`cut`]). What these leave open the equations may
//! decide ([`settle`]); nothing is ever answered by taste: what remains open is `ambiguous`.
//!
//! [`table::read`] is the way through.

pub mod align;
pub mod cell;
pub mod columns;
pub mod cut;
pub mod lane;
mod notes;
mod packed;
pub mod place;
pub mod printed;
mod reachable;
pub mod rows;
pub mod settle;
pub mod solve;
mod stray;
pub mod table;

pub use cell::{Cell, CheckRef, Status};
pub use place::{ColumnProof, Place, RowProof};
pub use table::{Hints, Reading, glued, ideograph, read, separated, squeezed};
