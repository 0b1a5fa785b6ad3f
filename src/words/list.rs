//! One list of words, looked up by their first letter or their last.

use super::spellings;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::ops::Range;

/// A list as written: each entry stands for all its spellings, and of several that fit the longest is meant.
#[derive(Debug, Default)]
pub struct List {
    /// The longest first.
    words: Vec<String>,
    /// The same by their first letter, and by their last.
    by_first: FxHashMap<char, Vec<String>>,
    by_last: FxHashMap<char, Vec<String>>,
}

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let written = Vec::<String>::deserialize(from)?;
        Ok(Self::new(written.iter().map(String::as_str)))
    }
}

impl List {
    /// The list of these words.
    ///
    /// ```
    /// use nianbao::words::List;
    /// let zones = List::new(["(经开|高新)区", "区"].into_iter());
    /// assert_eq!(zones.at_end("合肥高新区"), Some("高新区".len()));
    /// assert_eq!(zones.at_start("区政府"), Some("区".len()));
    /// assert!(!zones.has("高新"));
    /// ```
    pub fn new<'w>(written: impl Iterator<Item = &'w str>) -> Self {
        let mut words: Vec<String> = written.flat_map(spellings).collect();
        words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        words.dedup();
        let mut list = Self::default();
        for word in &words {
            if let (Some(first), Some(last)) = (word.chars().next(), word.chars().next_back()) {
                list.by_first.entry(first).or_default().push(word.clone());
                list.by_last.entry(last).or_default().push(word.clone());
            }
        }
        Self { words, ..list }
    }

    /// All words, the longest first.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    /// The letters that words begin with.
    pub fn firsts(&self) -> impl Iterator<Item = char> {
        self.by_first.keys().copied()
    }

    /// Bytes of the longest word that a text begins with.
    pub fn at_start(&self, text: &str) -> Option<usize> {
        let words = self.by_first.get(&text.chars().next()?)?;
        words.iter().find(|word| text.starts_with(word.as_str())).map(String::len)
    }

    /// Bytes of the longest word that a text ends with.
    pub fn at_end(&self, text: &str) -> Option<usize> {
        let words = self.by_last.get(&text.chars().next_back()?)?;
        words.iter().find(|word| text.ends_with(word.as_str())).map(String::len)
    }

    /// Whether a text is one of the words.
    pub fn has(&self, text: &str) -> bool {
        self.iter().any(|word| word == text)
    }

    /// Whether one of the words stands anywhere in a text.
    pub fn is_within(&self, text: &str) -> bool {
        text.char_indices().any(|(at, _)| self.at_start(&text[at..]).is_some())
    }

    /// Where the word stands that ends last in a text; of several that end there, the shortest.
    pub fn last_within(&self, text: &str) -> Option<Range<usize>> {
        // most texts have none
        self.is_within(text).then_some(())?;
        let places = self.iter().filter_map(|word| {
            let at = text.rfind(word)?;
            Some(at..at + word.len())
        });
        places.max_by_key(|place| place.end)
    }
}
