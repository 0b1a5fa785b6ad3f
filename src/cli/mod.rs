//! The command line: what was typed ([`args`]), what is done ([`run()`]), what the shell is told ([`exit`]).

pub mod args;
pub mod dump;
pub mod exit;
pub mod explain;
pub mod page;
pub mod places;
mod run;
pub mod terminal;

pub use run::run;
