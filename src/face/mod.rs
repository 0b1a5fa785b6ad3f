//! What users of the library see: a [`Reader`] makes a [`Report`] of a document, and the report shows its parts.
//!
//! A report owns what was read. Its parts are views of it, made when they are asked for, with the names and values of the
//! JSON record: one definition serves Rust and JSON. The command writes the same JSON by copying (`records::json`), because
//! it writes millions; a test holds both to be the same bytes.

mod json;
mod reader;
mod report;
mod values;
mod view;

pub use reader::{Builder, Reader};
pub use report::Report;
pub use view::{Candidate, Cell, Check, Finding, Issuer, Place, Section, Statement};
