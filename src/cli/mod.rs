//! The command line: what was typed ([`args`]), what is done ([`run()`]), what the shell is told ([`exit`]).

pub mod args;
mod convert;
mod diff;
pub mod dump;
pub mod exit;
pub mod explain;
mod grammar;
mod help;
mod inputs;
pub mod page;
mod panel;
mod panel_page;
pub mod places;
mod progress;
mod review;
mod run;
mod summary;
pub mod terminal;
mod verify;

pub use run::{run, run_as};
