//! `grammars/words/sites.toml`: what sites write around a report, and what only reports say.

use super::{List, built_in};
use serde::Deserialize;
use std::sync::LazyLock;

/// The file, which says what each list is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sites {
    /// Patterns of how a line begins that a site's software writes.
    pub line: Vec<String>,
    /// What a line about the owner of a site holds.
    pub owner: List,
    /// How a line begins that says where the owner can be reached.
    pub contact: List,
    /// Names in the table that a site keeps of an article.
    pub catalogue: Vec<String>,
    /// Names of fields that name the publisher.
    pub publisher: List,
    /// What tables and headings of reports say, and menus of sites do not.
    pub report: Vec<String>,
}

static SITES: LazyLock<Sites> =
    LazyLock::new(|| built_in(include_str!("../../grammars/words/sites.toml")));

/// The lists of this program.
pub fn sites() -> &'static Sites {
    &SITES
}
