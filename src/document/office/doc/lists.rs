//! The automatic numbers of a DOC.

use super::super::lists::{Count, Level};
use super::super::numbers::Numerals;
use super::{Part, Streams, i16_at, u16_at, u32_at};
use rustc_hash::FxHashMap;

/// The number that takes a paragraph out of its style's list.
const NO_LIST: u16 = 0xF801;

/// What a list changes in its definition.
#[derive(Debug, Default)]
struct List {
    definition: u32,
    starts: Vec<(usize, u32)>,
    levels: Vec<(usize, Level)>,
    has_begun: bool,
}

/// The lists, and how far each definition has counted.
#[derive(Debug, Default)]
pub(super) struct Lists {
    definitions: FxHashMap<u32, Vec<Level>>,
    of_number: Vec<List>,
    counts: FxHashMap<u32, Count>,
}

impl Lists {
    pub(super) fn read(streams: &Streams) -> Self {
        let mut lists = Self::default();
        if let Some((part, behind)) = streams.part(Part::ListDefinitions) {
            lists.read_definitions(part, behind);
        }
        if let Some((part, _)) = streams.part(Part::Lists) {
            lists.read_lists(part);
        }
        lists
    }

    /// The label of the next paragraph of a list, which are counted from 1.
    pub(super) fn label(&mut self, list: u16, at: usize) -> Option<String> {
        if list == NO_LIST {
            return None;
        }
        let list = self.of_number.get_mut(usize::from(list).checked_sub(1)?)?;
        let definition = self.definitions.get(&list.definition)?;
        let count = self.counts.entry(list.definition).or_default();
        if !std::mem::replace(&mut list.has_begun, true) {
            for (level, start) in &list.starts {
                count.begin_at(*level, *start);
            }
        }
        if list.levels.is_empty() {
            return Some(count.next(definition, at));
        }
        let mut levels = definition.clone();
        for (at, level) in &list.levels {
            if let Some(place) = levels.get_mut(*at) {
                place.clone_from(level);
            }
        }
        Some(count.next(&levels, at))
    }

    /// The definitions, and behind them the levels of each in turn.
    fn read_definitions(&mut self, part: &[u8], behind: &[u8]) -> Option<()> {
        let count = usize::from(u16_at(part, 0)?);
        let mut rest = behind;
        for definition in part.get(2..)?.chunks_exact(28).take(count) {
            let is_simple = definition[26] & 1 != 0;
            let mut levels = Vec::new();
            for _ in 0..if is_simple { 1 } else { 9 } {
                let (level, len) = level(rest)?;
                levels.push(level);
                rest = &rest[len..];
            }
            self.definitions.insert(u32_at(definition, 0)?, levels);
        }
        Some(())
    }

    /// The lists, and behind them what each changes.
    fn read_lists(&mut self, part: &[u8]) -> Option<()> {
        let count = u32_at(part, 0)? as usize;
        let (heads, mut rest) = part.get(4..)?.split_at_checked(count.checked_mul(16)?)?;
        for head in heads.chunks_exact(16) {
            self.of_number.push(List { definition: u32_at(head, 0)?, ..List::default() });
        }
        for (list, head) in self.of_number.iter_mut().zip(heads.chunks_exact(16)) {
            rest = rest.get(4..)?;
            for _ in 0..head[12] {
                let (start, flags) = (u32_at(rest, 0)?, u32_at(rest, 4)?);
                rest = &rest[8..];
                let at = (flags & 0xF) as usize;
                if flags & 0x20 != 0 {
                    let (level, len) = level(rest)?;
                    list.levels.push((at, level));
                    rest = &rest[len..];
                } else if flags & 0x10 != 0 {
                    list.starts.push((at, start));
                }
            }
        }
        Some(())
    }
}

/// A level: its head, properties, and the label with the numbers of levels in it as characters 0 to 8.
fn level(bytes: &[u8]) -> Option<(Level, usize)> {
    let head = bytes.get(..28)?;
    let start = u32_at(head, 0)?;
    let numerals = Numerals::of_code(head[4]);
    let text_at = 28 + usize::from(head[24]) + usize::from(head[25]);
    let len = usize::try_from(i16_at(bytes, text_at)?).ok()?;
    let units = bytes.get(text_at + 2..text_at + 2 + 2 * len)?;
    let mut text = String::new();
    for c in
        char::decode_utf16(units.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])))
    {
        match c.unwrap_or('\u{FFFD}') {
            c @ '\0'..='\u{8}' => {
                text.push('%');
                text.push(char::from(b'1' + c as u8));
            }
            c => text.push(c),
        }
    }
    // bullets are signs of symbol fonts: they say nothing
    if numerals == Numerals::None {
        text.clear();
    }
    let (is_legal, restarts) = (head[5] & 4 != 0, head[5] & 8 == 0);
    Some((Level { start, numerals, text, is_legal, restarts }, text_at + 2 + 2 * len))
}
