//! Words that are data: the lists of `grammars/words/`, of which each room reads the files it knows the use of.

mod list;
mod sites;
mod spellings;

pub use list::List;
pub use sites::{Sites, sites};
pub use spellings::spellings;

/// A file of lists that is part of the program.
///
/// # Panics
///
/// The file is none, which every test would show.
pub(crate) fn built_in<T: serde::de::DeserializeOwned>(text: &'static str) -> T {
    toml::from_str(text).expect("a built-in list, the tests read it")
}
