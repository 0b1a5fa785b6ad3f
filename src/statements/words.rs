//! `grammars/words/statements.toml`: the words of clauses that state a number, looked up by their first letter.

use crate::words::{List, built_in};
use aho_corasick::AhoCorasick;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::sync::LazyLock;

/// Which of its words alone say what a number counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Alone {
    /// Verb and object must stand.
    #[default]
    None,
    /// The verb does: 主动公开12条.
    Verb,
    /// The object does: 行政复议1件.
    Object,
    /// The object does, where there is none: 信息处理费0元.
    Zero,
}

/// What must speak of disclosure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum About {
    /// Nothing: its words do.
    #[default]
    Nothing,
    /// The sentence so far.
    Sentence,
    /// The clause: 行政诉讼 is of all that an office does.
    Clause,
}

/// What is counted, and how it is said.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Measure {
    pub(super) key: String,
    #[serde(default)]
    pub(super) verbs: List,
    /// Verbs that say it only with an object and of the whole year.
    #[serde(default)]
    pub(super) weak: List,
    #[serde(default)]
    pub(super) objects: List,
    /// Objects that say it only where the sentence or section speaks of disclosure.
    #[serde(default)]
    pub(super) bare: List,
    /// Objects that only in these sections say that there is none, and never a number.
    #[serde(default)]
    pub(super) nothing: List,
    /// Words before it that make it something else: 依申请公开信息5条.
    #[serde(default)]
    pub(super) not_after: List,
    /// What a part of the applications is called that is this.
    #[serde(default)]
    pub(super) parts: List,
    #[serde(default)]
    pub(super) sections: Vec<String>,
    #[serde(default)]
    pub(super) alone: Alone,
    /// Where disclosure must be spoken of for any number of it, if not in the section's heading.
    #[serde(default)]
    pub(super) about: About,
    /// Whether a zero is said in words.
    #[serde(default)]
    pub(super) zero: bool,
    /// Whether it is a way by which information was published.
    #[serde(default)]
    pub(super) info: bool,
    pub(super) units: Vec<String>,
    /// The cells of forms that print the same number, sums with `+`.
    #[serde(default)]
    pub(super) cells: Vec<String>,
}

/// `[time]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Time {
    pub(super) within: List,
    pub(super) since: List,
    pub(super) total: List,
    pub(super) other: List,
    /// Before a year, what is held against it.
    pub(super) against: List,
    /// Before a year, what makes it one of a thing.
    pub(super) of: List,
}

/// `[scope]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scopes {
    pub(super) body: List,
    pub(super) region: List,
    pub(super) part: List,
    pub(super) undecided: List,
    pub(super) places: List,
    pub(super) within_place: List,
    pub(super) small: List,
    pub(super) selves: Vec<Selves>,
    pub(super) led: List,
    pub(super) tails: List,
    pub(super) behind: List,
}

/// What bodies of some kinds call themselves.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Selves {
    pub(super) says: List,
    pub(super) of: List,
}

/// `[others]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Others {
    pub(super) names: List,
    pub(super) short: List,
    pub(super) never: List,
    pub(super) office: List,
    pub(super) within: List,
    pub(super) adverbs: List,
    pub(super) prepositions: List,
}

/// The words, and what finds the paragraphs that are worth a look.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) units: List,
    pub(super) fillers: List,
    pub(super) carried_on: List,
    pub(super) joiners: List,
    pub(super) tails: List,
    pub(super) parts: List,
    pub(super) corrected: List,
    pub(super) aforesaid: List,
    pub(super) earlier: List,
    pub(super) later: List,
    pub(super) narrow: List,
    pub(super) subjects: List,
    pub(super) done: List,
    pub(super) negations: List,
    pub(super) also: List,
    pub(super) none: List,
    pub(super) momentary: List,
    pub(super) none_fillers: List,
    pub(super) closers: List,
    pub(super) beside: List,
    pub(super) disclosure: List,
    pub(super) judged: List,
    pub(super) unrelated: List,
    pub(super) plans: List,
    pub(super) facts: List,
    pub(super) compared: List,
    pub(super) added: List,
    pub(super) by_way: List,
    pub(super) led: List,
    pub(super) accounts: List,
    pub(super) nil: List,
    pub(super) some: List,
    pub(super) time: Time,
    pub(super) scope: Scopes,
    pub(super) others: Others,
    #[serde(rename = "measure")]
    pub(super) measures: Vec<Measure>,
    /// The measures of which a verb or object begins with a letter.
    #[serde(skip)]
    pub(super) by_first: FxHashMap<char, Vec<usize>>,
    /// Every verb and object.
    #[serde(skip)]
    anchors: Option<AhoCorasick>,
}

impl Words {
    fn indexed(mut self) -> Self {
        let mut by_first: FxHashMap<char, Vec<usize>> = FxHashMap::default();
        let mut anchors: Vec<&str> = Vec::new();
        for (at, measure) in self.measures.iter().enumerate() {
            let own =
                [&measure.verbs, &measure.weak, &measure.objects, &measure.bare, &measure.nothing];
            for first in own.iter().flat_map(|list| list.firsts()) {
                let known = by_first.entry(first).or_default();
                if known.last() != Some(&at) {
                    known.push(at);
                }
            }
            // an object or a part stands in every statement, or a verb that needs none
            anchors.extend(
                [&measure.objects, &measure.bare, &measure.parts]
                    .iter()
                    .flat_map(|list| list.iter()),
            );
            if measure.alone == Alone::Verb {
                anchors.extend(measure.verbs.iter());
            }
        }
        // the shortest words stand in the longer ones
        anchors.sort_by_key(|word| word.len());
        let mut least: Vec<&str> = Vec::new();
        for word in anchors {
            if !least.iter().any(|known| word.contains(known)) {
                least.push(word);
            }
        }
        let anchors = AhoCorasick::new(&least).expect("a few hundred words make an automaton");
        self.by_first = by_first;
        self.anchors = Some(anchors);
        self
    }

    /// Whether a folded text has a word of a measure at all.
    pub(super) fn has_anchor(&self, text: &str) -> bool {
        self.anchors.as_ref().is_some_and(|anchors| anchors.is_match(text))
    }
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let words: Words = built_in(include_str!("../../grammars/words/statements.toml"));
    words.indexed()
});

/// The words of this program.
pub(super) fn words() -> &'static Words {
    &WORDS
}
