//! The lists of a DOCX: which label a paragraph of a list gets.

use super::super::lists::{Count, LEVELS, Level};
use super::super::numbers::Numerals;
use super::super::xml::{self, Enter, Tag, Visit};
use super::styles::Styles;
use rustc_hash::{FxHashMap, FxHashSet};

#[derive(Debug, Default)]
struct Definition {
    levels: Vec<Level>,
    /// A style whose list is meant instead of this one.
    link: Option<String>,
}

/// A list of the document: a definition, and what it changes in it.
#[derive(Debug, Default)]
struct List {
    definition: String,
    starts: Vec<(usize, u32)>,
    levels: Vec<(usize, Level)>,
}

/// The lists, and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    definitions: FxHashMap<String, Definition>,
    lists: FxHashMap<String, List>,
    counts: FxHashMap<String, Count>,
    begun: FxHashSet<String>,
}

impl Numbering {
    /// Reads `numbering.xml`.
    pub(super) fn read(text: &str) -> Self {
        let mut reader = Reader::default();
        xml::walk(text, &mut reader);
        reader.numbering
    }

    /// The label of the next paragraph of a list; none when there is no such list.
    pub(super) fn label(&mut self, id: &str, at: usize, styles: &Styles) -> Option<String> {
        let list = self.lists.get(id)?;
        let mut name = &list.definition;
        let mut definition = self.definitions.get(name)?;
        if let Some(link) = definition.link.as_deref().filter(|_| definition.levels.is_empty()) {
            name = &self.lists.get(&styles.list(Some(link)).list?)?.definition;
            definition = self.definitions.get(name)?;
        }
        // lists of one definition count on together, but one with a first number of its own begins there
        let count = self.counts.entry(name.clone()).or_default();
        if self.begun.insert(id.to_owned()) {
            for (level, start) in &list.starts {
                count.begin_at(*level, *start);
            }
        }
        if list.levels.is_empty() {
            return Some(count.next(&definition.levels, at));
        }
        let mut levels = definition.levels.clone();
        for (at, level) in &list.levels {
            if let Some(place) = levels.get_mut(*at) {
                place.clone_from(level);
            }
        }
        Some(count.next(&levels, at))
    }
}

#[derive(Default)]
struct Reader {
    numbering: Numbering,
    definition: Option<(String, Definition)>,
    list: Option<(String, List)>,
    /// The level that is being read.
    level: Option<(usize, Level)>,
    /// The level that a list changes.
    changed: usize,
}

impl Visit for Reader {
    fn open(&mut self, name: &str, tag: &Tag<'_>) -> Enter {
        let at = || (tag.number("ilvl").unwrap_or(0) as usize).min(LEVELS - 1);
        match name {
            "abstractNum" => {
                let id = tag.get("abstractNumId").unwrap_or_default();
                self.definition = Some((id, Definition::default()));
            }
            "num" => self.list = Some((tag.get("numId").unwrap_or_default(), List::default())),
            "abstractNumId" => {
                if let Some((_, list)) = &mut self.list {
                    list.definition = tag.get("val").unwrap_or_default();
                }
            }
            "numStyleLink" => {
                if let Some((_, definition)) = &mut self.definition {
                    definition.link = tag.get("val");
                }
            }
            "lvlOverride" => self.changed = at(),
            "startOverride" => {
                if let (Some((_, list)), Some(start)) = (&mut self.list, tag.number("val")) {
                    list.starts.push((self.changed, start));
                }
            }
            // a level without `start` begins with 0
            "lvl" => self.level = Some((at(), Level { start: 0, ..Level::default() })),
            _ => {
                if let Some((_, level)) = &mut self.level {
                    level_property(level, name, tag);
                }
            }
        }
        if matches!(name, "rPr" | "pPr") { Enter::Skip } else { Enter::Children }
    }

    fn close(&mut self, name: &str) {
        match name {
            "lvl" => {
                let Some((at, level)) = self.level.take() else { return };
                if let Some((_, definition)) = &mut self.definition {
                    if definition.levels.len() <= at {
                        definition.levels.resize(at + 1, Level::default());
                    }
                    definition.levels[at] = level;
                } else if let Some((_, list)) = &mut self.list {
                    list.levels.push((at, level));
                }
            }
            "abstractNum" => self.numbering.definitions.extend(self.definition.take()),
            "num" => self.numbering.lists.extend(self.list.take()),
            _ => {}
        }
    }

    fn text(&mut self, _: &str) {}
}

fn level_property(level: &mut Level, name: &str, tag: &Tag<'_>) {
    match name {
        "start" => level.start = tag.number("val").unwrap_or(1),
        "numFmt" => {
            let format = tag.get("val").unwrap_or_default();
            level.numerals = Numerals::of_word(&format);
            if level.numerals == Numerals::None {
                level.text.clear();
            }
        }
        // bullets are signs of symbol fonts: they say nothing
        "lvlText" if level.numerals != Numerals::None => {
            level.text = tag.get("val").unwrap_or_default();
        }
        "isLgl" => level.is_legal = tag.is_on(),
        "lvlRestart" => level.restarts = tag.number("val") != Some(0),
        _ => {}
    }
}
