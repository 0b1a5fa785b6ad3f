//! The words of `grammars/words/`: what bodies are called, and what stands around their names.

use crate::words::{List, built_in};
use serde::Deserialize;
use std::sync::LazyLock;

/// `bodies.toml`; the file says what each list is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bodies {
    pub(super) national: List,
    pub(super) school: List,
    pub(super) hospital: List,
    pub(super) enterprise: List,
    pub(super) zone: List,
    pub(super) zone_kind: List,
    pub(super) committee: List,
    pub(super) office: List,
    pub(super) government: List,
    pub(super) township: List,
    pub(super) township_tail: List,
    pub(super) department: List,
    pub(super) word_before_place: String,
    pub(super) word_after_place: String,
    pub(super) level: Levels,
}

/// `[level]`: how the names of places end that are of one level only.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Levels {
    pub(super) province: List,
    pub(super) prefecture: List,
    pub(super) county: List,
}

/// `heads.toml`; the file says what each list is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Heads {
    pub(super) inside: List,
    pub(super) start: List,
    pub(super) end: List,
    pub(super) general: List,
    pub(super) letter: List,
    pub(super) link: List,
    pub(super) myself: List,
    pub(super) never: List,
    pub(super) opened: List,
    pub(super) verb: List,
    pub(super) made: List,
    pub(super) address: List,
    pub(super) scope: Scopes,
}

/// `[scope]`: what says that a report is of one body, or of all of a place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scopes {
    pub(super) about: List,
    pub(super) own: List,
    pub(super) only: List,
    pub(super) sums: List,
    pub(super) all: List,
}

static BODIES: LazyLock<Bodies> =
    LazyLock::new(|| built_in(include_str!("../../../grammars/words/bodies.toml")));
static HEADS: LazyLock<Heads> =
    LazyLock::new(|| built_in(include_str!("../../../grammars/words/heads.toml")));

pub(super) fn bodies() -> &'static Bodies {
    &BODIES
}

pub(super) fn heads() -> &'static Heads {
    &HEADS
}
