//! The command as a user meets it: exit codes, pipes, folders with trouble in them, what reaches the terminal.

mod convert;
mod corrections;
pub(crate) mod dir;
mod explain;
mod failures;
mod folder;
mod grammars;
mod lang;
mod names;
mod parse;
mod select;
mod update;
