//! Which form a document follows: decided by the header words of its tables, never by the year or a cited notice.

use super::{Grammar, matcher::letters, resolve};
#[cfg(feature = "ocr")]
use super::{Layout, Table};
#[cfg(feature = "ocr")]
use crate::document::{
    Document,
    respelled::{self, Spelling, Spellings},
};
use crate::error::{Error, Result};
use crate::lines::Skeleton;
use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};
use std::path::Path;

/// The grammars that come with the program, by file name.
const BUILT_IN: &[(&str, &str)] = &[
    ("grammars/disclosure/2019.toml", include_str!("../../grammars/disclosure/2019.toml")),
    ("grammars/disclosure/2021.toml", include_str!("../../grammars/disclosure/2021.toml")),
    (
        "grammars/disclosure/fujian-2009.toml",
        include_str!("../../grammars/disclosure/fujian-2009.toml"),
    ),
    (
        "grammars/disclosure/fujian-2014.toml",
        include_str!("../../grammars/disclosure/fujian-2014.toml"),
    ),
    ("grammars/disclosure/d3.toml", include_str!("../../grammars/disclosure/d3.toml")),
    ("grammars/disclosure/coded.toml", include_str!("../../grammars/disclosure/coded.toml")),
    ("grammars/enforcement/2018.toml", include_str!("../../grammars/enforcement/2018.toml")),
];

/// A vote that no number of words outweighs.
const FORBIDDEN: i32 = 1 << 20;

/// The words a document is sorted by: word → which grammars it speaks for (+1) and against (-1).
type Votes = Vec<(usize, i32)>;

/// All grammars of a run.
pub struct GrammarSet {
    grammars: Vec<Grammar>,
    automaton: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
    votes: Vec<Votes>,
}

impl GrammarSet {
    /// Spells the labels of tables and the titles of sections that were read from pictures as the forms do.
    #[cfg(feature = "ocr")]
    pub(crate) fn spell(&self, document: &mut Document<'_>) {
        if document.blocks.as_ref().is_none_or(|blocks| blocks.guessed.is_empty()) {
            return;
        }
        let all = |things: &mut dyn Iterator<Item = &Vec<String>>| -> Vec<Spelling> {
            let mut known = std::collections::HashSet::new();
            let mut all = Vec::new();
            for texts in things {
                let thing = texts.first().map_or("", String::as_str);
                for text in texts {
                    if known.insert((text.clone(), thing.to_owned())) {
                        all.push(Spelling::new(text, thing));
                    }
                }
            }
            all
        };
        let tables = || self.grammars.iter().flat_map(|grammar| &grammar.tables);
        let rows = tables().flat_map(|table| table.rows.iter().map(|row| &row.labels));
        let columns = tables().flat_map(|table| table.columns.iter().map(|own| &own.labels));
        let sections = self.grammars.iter().flat_map(|grammar| &grammar.sections);
        let labels = all(&mut rows.chain(columns));
        let titles = all(&mut sections.map(|section| &section.titles));
        let down: Vec<_> = tables().filter(|t| t.layout == Layout::Down && !t.printed).collect();
        let rows = |table: &&Table| table.rows.iter().map(|row| row.labels.clone()).collect();
        let heads = |table: &&Table| table.columns.iter().map(|own| own.labels.clone()).collect();
        let (tables, columns) = (down.iter().map(rows).collect(), down.iter().map(heads).collect());
        respelled::respell(document, &Spellings { labels, titles, tables, columns });
    }

    /// The forms that come with the program.
    ///
    /// # Panics
    /// Never: the tests load them.
    pub fn built_in() -> Self {
        let mut grammars = Vec::with_capacity(BUILT_IN.len());
        for (path, text) in BUILT_IN {
            let grammar = resolve::grammar(Path::new(path), text, &grammars)
                .expect("built-in grammars load, the tests prove it");
            grammars.push(grammar);
        }
        Self::of(grammars)
    }

    /// The same set with a user's own grammar, which is tried like the others.
    pub fn with(self, path: &Path, text: &str) -> Result<Self> {
        let grammar = resolve::grammar(path, text, &self.grammars)?;
        if self.grammars.iter().any(|g| g.id == grammar.id) {
            let at = text.find(&grammar.id).unwrap_or(0);
            let hint = Some("every grammar needs an id of its own".to_owned());
            return Err(Error::grammar(
                path,
                text,
                at,
                format!("there is a form `{}` already", grammar.id),
                hint,
            ));
        }
        let mut grammars = self.grammars;
        grammars.push(grammar);
        Ok(Self::of(grammars))
    }

    fn of(grammars: Vec<Grammar>) -> Self {
        let mut words: std::collections::BTreeMap<String, Votes> =
            std::collections::BTreeMap::new();
        for (at, grammar) in grammars.iter().enumerate() {
            let lists =
                [(&grammar.words, 1), (&grammar.against, -1), (&grammar.unless, -FORBIDDEN)];
            for (list, vote) in lists {
                for word in list {
                    words.entry(letters(word)).or_default().push((at, vote));
                }
            }
        }
        words.remove("");
        let automaton = CharwiseDoubleArrayAhoCorasickBuilder::new()
            .match_kind(MatchKind::LeftmostLongest)
            .build_with_values(words.keys().zip(0u32..))
            .ok();
        Self { grammars, automaton, votes: words.into_values().collect() }
    }

    /// All grammars, built-in ones first.
    pub fn all(&self) -> &[Grammar] {
        &self.grammars
    }

    /// The grammars whose words the document has, the best first; a word counts once however often it is printed.
    pub fn claims(&self, skeleton: &Skeleton) -> Vec<&Grammar> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let mut seen = vec![false; self.votes.len()];
        let mut score = vec![0i32; self.grammars.len()];
        for found in automaton.leftmost_find_iter(&skeleton.text) {
            let word = found.value() as usize;
            if !std::mem::replace(&mut seen[word], true) {
                for &(grammar, vote) in &self.votes[word] {
                    score[grammar] += vote;
                }
            }
        }
        let mut claims: Vec<(i32, usize)> =
            score.into_iter().zip(0..).filter(|&(score, _)| score > 0).collect();
        claims.sort_by_key(|&(score, at)| (-score, at));
        claims.into_iter().map(|(_, at)| &self.grammars[at]).collect()
    }
}
