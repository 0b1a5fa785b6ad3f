//! `grammars/words/statements.toml`: the words of clauses that state a number, looked up by their first letter.

use crate::grammar::spellings;
use aho_corasick::AhoCorasick;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::sync::LazyLock;

/// A list as written: each entry stands for all its spellings.
#[derive(Debug, Default)]
pub(super) struct List {
    /// By first letter, the longest first.
    by_first: FxHashMap<char, Vec<String>>,
    /// By last letter, the longest first.
    by_last: FxHashMap<char, Vec<String>>,
}

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self::new(Vec::<String>::deserialize(from)?.iter().map(String::as_str)))
    }
}

impl List {
    fn new<'w>(written: impl Iterator<Item = &'w str>) -> Self {
        let mut all: Vec<String> = written.flat_map(spellings).filter(|w| !w.is_empty()).collect();
        all.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        all.dedup();
        let mut list = Self::default();
        for word in all {
            if let Some(last) = word.chars().next_back() {
                list.by_last.entry(last).or_default().push(word.clone());
            }
            if let Some(first) = word.chars().next() {
                list.by_first.entry(first).or_default().push(word);
            }
        }
        list
    }

    /// Bytes of the longest word that a text begins with.
    pub(super) fn at_start(&self, text: &str) -> Option<usize> {
        let words = self.by_first.get(&text.chars().next()?)?;
        words.iter().find(|word| text.starts_with(word.as_str())).map(String::len)
    }

    /// Bytes of the longest word that a text ends with.
    pub(super) fn at_end(&self, text: &str) -> Option<usize> {
        let words = self.by_last.get(&text.chars().next_back()?)?;
        words.iter().find(|word| text.ends_with(word.as_str())).map(String::len)
    }

    /// Whether one of the words stands in a text.
    pub(super) fn is_within(&self, text: &str) -> bool {
        text.char_indices().any(|(at, _)| self.at_start(&text[at..]).is_some())
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.by_first.values().flatten().map(String::as_str)
    }

    fn firsts(&self) -> impl Iterator<Item = char> {
        self.by_first.keys().copied()
    }
}

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

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    units: List,
    fillers: List,
    carried_on: List,
    joiners: List,
    tails: List,
    parts: List,
    corrected: List,
    aforesaid: List,
    earlier: List,
    later: List,
    narrow: List,
    subjects: List,
    done: List,
    negations: List,
    also: List,
    none: List,
    momentary: List,
    none_fillers: List,
    closers: List,
    beside: List,
    disclosure: List,
    judged: List,
    unrelated: List,
    plans: List,
    facts: List,
    compared: List,
    time: Time,
    scope: Scopes,
    others: Others,
    measure: Vec<Measure>,
}

/// The words, and what finds the paragraphs that are worth a look.
#[derive(Debug)]
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
    pub(super) time: Time,
    pub(super) scope: Scopes,
    pub(super) others: Others,
    pub(super) measures: Vec<Measure>,
    /// The measures of which a verb or object begins with a letter.
    pub(super) by_first: FxHashMap<char, Vec<usize>>,
    /// Every verb and object.
    anchors: AhoCorasick,
}

impl Words {
    fn new(file: File) -> Self {
        let mut by_first: FxHashMap<char, Vec<usize>> = FxHashMap::default();
        let mut anchors: Vec<&str> = Vec::new();
        for (at, measure) in file.measure.iter().enumerate() {
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
                    .flat_map(|list| list.words()),
            );
            if measure.alone == Alone::Verb {
                anchors.extend(measure.verbs.words());
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
        Self {
            units: file.units,
            fillers: file.fillers,
            carried_on: file.carried_on,
            joiners: file.joiners,
            tails: file.tails,
            parts: file.parts,
            corrected: file.corrected,
            aforesaid: file.aforesaid,
            earlier: file.earlier,
            later: file.later,
            narrow: file.narrow,
            subjects: file.subjects,
            done: file.done,
            negations: file.negations,
            also: file.also,
            none: file.none,
            momentary: file.momentary,
            none_fillers: file.none_fillers,
            closers: file.closers,
            beside: file.beside,
            disclosure: file.disclosure,
            judged: file.judged,
            unrelated: file.unrelated,
            plans: file.plans,
            facts: file.facts,
            compared: file.compared,
            time: file.time,
            scope: file.scope,
            others: file.others,
            measures: file.measure,
            by_first,
            anchors,
        }
    }

    /// Whether a folded text has a word of a measure at all.
    pub(super) fn has_anchor(&self, text: &str) -> bool {
        self.anchors.is_match(text)
    }
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let file = toml::from_str(include_str!("../../grammars/words/statements.toml"));
    Words::new(file.expect("a built-in list, the tests read it"))
});

/// The words of this program.
pub(super) fn words() -> &'static Words {
    &WORDS
}
