//! Stage 4: labels → the outline of the document: which of the form's sections stand where.

pub mod outline;

pub use outline::{Heading, outline};
