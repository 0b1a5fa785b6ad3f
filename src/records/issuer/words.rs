//! The words of `grammars/words/`: what bodies are called, and what stands around their names.

use crate::grammar::spellings;
use serde::Deserialize;
use std::sync::LazyLock;

/// A list as written: each entry stands for all its spellings.
#[derive(Debug, Default)]
pub(super) struct List {
    words: Vec<String>,
    /// The letters that they begin with, and end with: most texts have none of them.
    firsts: String,
    lasts: String,
}

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let written = Vec::<String>::deserialize(from)?;
        let mut all: Vec<String> = written.iter().flat_map(|word| spellings(word)).collect();
        // the longest that fits is meant
        all.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let letters = |one: fn(&str) -> Option<char>| {
            let mut letters: Vec<char> = all.iter().filter_map(|word| one(word)).collect();
            letters.sort_unstable();
            letters.dedup();
            letters.into_iter().collect()
        };
        let firsts = letters(|word| word.chars().next());
        let lasts = letters(|word| word.chars().next_back());
        Ok(Self { words: all, firsts, lasts })
    }
}

impl List {
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    /// Whether a text has a letter that one of the words begins with.
    fn may_hold(&self, text: &str) -> bool {
        text.contains(|c| self.firsts.contains(c))
    }

    /// The longest word that a text begins with.
    pub(super) fn at_start(&self, text: &str) -> Option<&str> {
        text.starts_with(|c| self.firsts.contains(c)).then_some(())?;
        self.iter().find(|word| text.starts_with(word))
    }

    /// The longest word that a text ends with.
    pub(super) fn at_end(&self, text: &str) -> Option<&str> {
        text.ends_with(|c| self.lasts.contains(c)).then_some(())?;
        self.iter().find(|word| text.ends_with(word))
    }

    pub(super) fn has(&self, text: &str) -> bool {
        self.iter().any(|word| word == text)
    }

    /// Whether one of the words stands anywhere in a text.
    pub(super) fn is_within(&self, text: &str) -> bool {
        self.may_hold(text) && self.iter().any(|word| text.contains(word))
    }

    /// The end of the last of the words in a text, and the word.
    pub(super) fn last_within(&self, text: &str) -> Option<(usize, &str)> {
        self.may_hold(text).then_some(())?;
        let ends = self.iter().filter_map(|word| Some((text.rfind(word)? + word.len(), word)));
        ends.max_by_key(|(end, _)| *end)
    }
}

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
}

static BODIES: LazyLock<Bodies> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../grammars/words/bodies.toml"))
        .expect("a built-in list, the tests read it")
});
static HEADS: LazyLock<Heads> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../grammars/words/heads.toml"))
        .expect("a built-in list, the tests read it")
});

pub(super) fn bodies() -> &'static Bodies {
    &BODIES
}

pub(super) fn heads() -> &'static Heads {
    &HEADS
}
