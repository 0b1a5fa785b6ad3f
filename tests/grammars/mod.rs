//! The grammars that come with the program, and the language they are written in.

mod between;
mod built_in;
mod language;
mod printed;
mod third;
mod user;
