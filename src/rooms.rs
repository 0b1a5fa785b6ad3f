//! The rooms of the house. A module uses only those that stand above it, and a test holds that order.
//!
//! All are public in here, and the crate gives none of them away: users see the face ([`face`]), tests and benches all of it by
//! the feature `internals`.

pub mod span;

pub mod fold;

pub mod words;

pub mod number;

pub mod finding;

pub mod lang;

pub mod error;

pub mod guard;

pub mod source;

pub mod document;

pub mod lines;

pub mod grammar;

pub mod places;

pub mod sections;

pub mod tables;

pub mod form;

pub mod reading;

pub mod statements;

pub mod records;

pub mod checks;

#[cfg(feature = "convert")]
pub mod corrections;

#[cfg(feature = "convert")]
pub mod sinks;

#[cfg(feature = "convert")]
pub mod diff;

#[cfg(feature = "convert")]
pub mod panel;

#[cfg(feature = "convert")]
pub mod verify;

pub(crate) mod proven;

pub mod pipeline;

pub mod face;

#[cfg(feature = "convert")]
pub mod corrected;

#[cfg(feature = "convert")]
pub mod review;

#[cfg(feature = "convert")]
pub mod batch;

#[cfg(feature = "cli")]
pub mod cli;
