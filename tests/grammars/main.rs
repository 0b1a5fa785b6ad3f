//! The grammars that come with the program, and the language they are written in.

mod built_in;
#[path = "../invariants/mod.rs"]
mod invariants;
mod language;
mod printed;
mod third;
mod user;
