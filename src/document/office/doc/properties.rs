//! What a DOC says of its paragraphs and characters, by their place in the main stream.

use super::super::flow::{Merge, Place};
use super::super::look::{Look, Paint};
use super::{Part, Streams, i16_at, u16_at, u32_at};
use std::ops::Range;

/// Pages of properties have this size.
const PAGE: usize = 512;

/// Bytes of a list of properties in a stream of its own that are read; a row of 63 cells has 4,000.
const MOST_LONG: usize = 16_384;

/// What matters of a paragraph.
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own in the file")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Paragraph {
    pub(super) style: u16,
    pub(super) in_table: bool,
    pub(super) table_level: u32,
    pub(super) ends_row: bool,
    pub(super) ends_inner_row: bool,
    pub(super) ends_inner_cell: bool,
    /// The list it is numbered by, where it says so itself; 0 for none.
    pub(super) list: Option<u16>,
    pub(super) list_level: Option<u8>,
    /// The cells of the row that it ends, and what is behind each.
    pub(super) cells: Vec<Place>,
    pub(super) grounds: Vec<Paint>,
    /// What is behind it, where it says so itself.
    pub(super) ground: Option<Paint>,
}

/// What matters of a run of characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Character {
    run: Range<u32>,
    pub(super) is_deleted: bool,
    pub(super) look: Look,
    /// Its character style.
    pub(super) style: Option<u16>,
    /// Whether it stands for data of a form, not for a picture.
    pub(super) is_data: bool,
    /// The sign of a symbol font that it prints.
    pub(super) symbol: Option<u16>,
}

impl Character {
    /// Whether a place belongs to the run.
    pub(super) fn holds(&self, place: u32) -> bool {
        self.run.contains(&place)
    }
}

/// A run of bytes of the main stream with its properties.
#[derive(Clone, Debug)]
struct Run {
    bytes: Range<u32>,
    /// Where the list of properties stands in the main stream.
    list: Range<usize>,
}

/// All runs, by place.
#[derive(Debug, Default)]
pub(super) struct Runs {
    paragraphs: Vec<Run>,
    characters: Vec<(Range<u32>, Character)>,
    main: Vec<u8>,
    /// The paragraph that was asked for last: many share a run.
    last: Option<(Range<u32>, Paragraph)>,
}

impl Runs {
    pub(super) fn read(streams: &Streams) -> Self {
        let main = &streams.main;
        let mut paragraphs = Vec::new();
        for page in pages(streams, Part::Paragraphs) {
            runs_of_page(main, page, 13, &mut paragraphs);
        }
        let mut lists = Vec::new();
        for page in pages(streams, Part::Characters) {
            runs_of_page(main, page, 1, &mut lists);
        }
        paragraphs.sort_by_key(|run| run.bytes.start);
        lists.sort_by_key(|run: &Run| run.bytes.start);
        let character = |run: Run| {
            let list = main.get(run.list).unwrap_or_default();
            let character = Character { run: run.bytes.clone(), ..character(list) };
            (run.bytes, character)
        };
        let characters = lists.into_iter().map(character).collect();
        Self { paragraphs, characters, main: main.clone(), last: None }
    }

    /// What is said of the paragraph whose mark stands here.
    pub(super) fn paragraph(&mut self, place: u32, streams: &Streams) -> Paragraph {
        if let Some((_, paragraph)) = self.last.as_ref().filter(|(run, _)| run.contains(&place)) {
            return paragraph.clone();
        }
        let after = self.paragraphs.partition_point(|run| run.bytes.start <= place);
        let run = after.checked_sub(1).map(|at| &self.paragraphs[at]);
        let Some(run) = run.filter(|run| run.bytes.contains(&place)) else {
            return Paragraph::default();
        };
        let list = self.main.get(run.list.clone()).unwrap_or_default();
        let style = u16_at(list, 0).unwrap_or(0);
        let mut paragraph = Paragraph { style, ..Paragraph::default() };
        paragraph.apply(list.get(2..).unwrap_or_default(), streams, true);
        self.last = Some((run.bytes.clone(), paragraph.clone()));
        paragraph
    }

    /// What is said of the character that stands here.
    pub(super) fn character(&self, place: u32) -> Character {
        let after = self.characters.partition_point(|(run, _)| run.start <= place);
        match after.checked_sub(1).map(|at| &self.characters[at]) {
            Some((run, character)) if run.contains(&place) => character.clone(),
            _ => Character::default(),
        }
    }
}

/// The places of the pages of a kind.
fn pages(streams: &Streams, part: Part) -> Vec<usize> {
    let Some((list, _)) = streams.part(part) else { return Vec::new() };
    let count = list.len().saturating_sub(4) / 8;
    let most = streams.main.len() / PAGE;
    let number = |at: usize| u32_at(list, 4 * (count + 1) + 4 * at);
    let mut pages: Vec<usize> =
        (0..count).filter_map(number).map(|page| (page & 0x003F_FFFF) as usize).collect();
    pages.sort_unstable();
    pages.dedup();
    pages.retain(|page| *page < most);
    pages.iter().map(|page| page * PAGE).collect()
}

/// The runs of a page; `step` is the size of what it has for each run.
fn runs_of_page(main: &[u8], start: usize, step: usize, runs: &mut Vec<Run>) {
    let Some(page) = main.get(start..start + PAGE) else { return };
    let count = usize::from(page[PAGE - 1]);
    for at in 0..count {
        let (first, last) = (u32_at(page, 4 * at), u32_at(page, 4 * at + 4));
        let offset = page.get(4 * (count + 1) + step * at);
        let (Some(first), Some(last), Some(offset)) = (first, last, offset) else { break };
        let at = 2 * usize::from(*offset);
        // a run without an offset has no properties
        let list = match page.get(at) {
            _ if at == 0 => 0..0,
            None => 0..0,
            Some(len) if step == 1 => at + 1..at + 1 + usize::from(*len),
            // the size of a paragraph's list is in words, less one byte, or stands in the next byte
            Some(0) => at + 2..at + 2 + 2 * usize::from(page.get(at + 1).copied().unwrap_or(0)),
            Some(len) => at + 1..at + 2 * usize::from(*len),
        };
        let list = start + list.start.min(PAGE)..start + list.end.min(PAGE);
        runs.push(Run { bytes: first..last, list });
    }
}

/// The properties of a list: their code and their value.
fn sprms(list: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = list;
    std::iter::from_fn(move || {
        let code = u16_at(rest, 0)?;
        let body = &rest[2..];
        let len = match code >> 13 {
            0 | 1 => 1,
            2 | 4 | 5 => 2,
            3 => 4,
            7 => 3,
            // cells of a row: the size is in two bytes and one too large
            _ if code == TABLE => usize::from(u16_at(body, 0)?) + 1,
            _ => usize::from(*body.first()?) + 1,
        };
        // one that breaks off ends the list
        let value = body.get(..len)?;
        rest = &body[len..];
        Some((code, value))
    })
}

const STYLE: u16 = 0x4600;
const IN_TABLE: u16 = 0x2416;
const ENDS_ROW: u16 = 0x2417;
const ENDS_INNER_CELL: u16 = 0x244B;
const ENDS_INNER_ROW: u16 = 0x244C;
const TABLE_LEVEL: u16 = 0x6649;
const LIST_LEVEL: u16 = 0x260A;
const LIST: u16 = 0x460B;
const IN_DATA: [u16; 2] = [0x6646, 0x6645];
const TABLE: u16 = 0xD608;
const MERGED_DOWN: u16 = 0xD62B;
const MERGED_RIGHT: u16 = 0x5624;
const GROUNDS: [u16; 3] = [0xD612, 0xD616, 0xD60C];
const GROUND: u16 = 0xC64D;
const GROUND_OLD: u16 = 0x442D;
const DELETED: u16 = 0x0800;
const HIDDEN: u16 = 0x083C;
const STRUCK: u16 = 0x0837;
const STRUCK_TWICE: u16 = 0x2A53;
const RAISED: u16 = 0x2A48;
const SHIFTED: u16 = 0x4845;
const SYMBOL: u16 = 0x6A09;
const SIZE: u16 = 0x4A43;
const COLOUR: u16 = 0x6870;
const COLOUR_16: u16 = 0x2A42;
const HIGHLIGHT: u16 = 0x2A0C;
const SHADED: u16 = 0xCA71;
const SHADED_OLD: u16 = 0x4866;
const CHARACTER_STYLE: u16 = 0x4A30;
const DATA: u16 = 0x0806;

impl Paragraph {
    /// Applies a list of properties. Long ones stand in a stream of their own.
    pub(super) fn apply(&mut self, list: &[u8], streams: &Streams, may_jump: bool) {
        for (code, value) in sprms(list) {
            let is_on = value.first() == Some(&1);
            match code {
                STYLE => self.style = u16_at(value, 0).unwrap_or(0),
                IN_TABLE => self.in_table = is_on,
                ENDS_ROW => self.ends_row = is_on,
                ENDS_INNER_CELL => self.ends_inner_cell = is_on,
                ENDS_INNER_ROW => self.ends_inner_row = is_on,
                TABLE_LEVEL => self.table_level = u32_at(value, 0).unwrap_or(0),
                LIST_LEVEL => self.list_level = value.first().copied(),
                LIST => self.list = u16_at(value, 0),
                TABLE => self.cells = cells(value.get(2..).unwrap_or_default()),
                GROUND => self.ground = value.get(1..).map(ground),
                GROUND_OLD => self.ground = Some(Paint::Unknown),
                code if GROUNDS.contains(&code) => {
                    // each is for 22 cells
                    let part = GROUNDS.iter().position(|other| *other == code).unwrap_or(0);
                    let grounds = value.get(1..).unwrap_or_default().chunks_exact(10).map(ground);
                    self.grounds.resize(22 * part, Paint::Auto);
                    self.grounds.extend(grounds);
                }
                MERGED_DOWN => {
                    if let [_, cell, merged, ..] = value
                        && let Some(cell) = self.cells.get_mut(usize::from(*cell))
                    {
                        cell.merge = if *merged == 1 { Merge::Continue } else { Merge::None };
                    }
                }
                MERGED_RIGHT => {
                    if let [first, end] = value {
                        let cells =
                            usize::from(*first) + 1..usize::from(*end).min(self.cells.len());
                        for cell in self.cells.get_mut(cells).unwrap_or_default() {
                            cell.joins_left = true;
                        }
                    }
                }
                code if may_jump && IN_DATA.contains(&code) => {
                    let at = u32_at(value, 0).unwrap_or(u32::MAX) as usize;
                    if let Some(len) = u16_at(&streams.data, at) {
                        let rest = &streams.data[at + 2..];
                        let len = usize::from(len).min(MOST_LONG);
                        self.apply(&rest[..len.min(rest.len())], streams, false);
                    }
                }
                _ => {}
            }
        }
    }
}

/// What a pattern of two colours is: the colour behind where it has no pattern.
fn ground(pattern: &[u8]) -> Paint {
    let of = |colour: &[u8]| match colour {
        [red, green, blue, 0] => Paint::Colour([*red, *green, *blue]),
        _ => Paint::Auto,
    };
    match u16_at(pattern, 8) {
        Some(0) => of(&pattern[4..8]),
        Some(1) => of(&pattern[..4]),
        // no pattern at all
        Some(0xFFFF) => Paint::Auto,
        _ => Paint::Unknown,
    }
}

/// The cells of a row: the number of them, their edges, and how each is merged.
fn cells(value: &[u8]) -> Vec<Place> {
    let count = usize::from(value.first().copied().unwrap_or(0));
    let edge = |at: usize| i16_at(value, 1 + 2 * at).map(i32::from);
    let flags = |at: usize| u16_at(value, 1 + 2 * (count + 1) + 20 * at).unwrap_or(0);
    let place = |at: usize| {
        let (left, right) = (edge(at)?, edge(at + 1)?);
        let merge = if flags(at) >> 5 & 3 == 1 { Merge::Continue } else { Merge::None };
        let joins_left = flags(at) & 3 == 1;
        Some(Place { left, right: right.max(left), rows: 0, merge, joins_left })
    };
    (0..count).map_while(place).collect()
}

pub(super) fn character(list: &[u8]) -> Character {
    let mut character = Character::default();
    let look = &mut character.look;
    for (code, value) in sprms(list) {
        // 0x80 and 0x81 are what the style says, and the contrary of it
        let switch = match value.first() {
            Some(0) => Some(false),
            Some(1 | 0x81) => Some(true),
            _ => None,
        };
        match code {
            DELETED => character.is_deleted = switch == Some(true),
            HIDDEN => look.hidden = switch.or(look.hidden),
            STRUCK | STRUCK_TWICE if look.struck != Some(true) => look.struck = switch,
            RAISED => look.raised = Some(matches!(value.first(), Some(1 | 2))),
            SHIFTED if look.raised != Some(true) => {
                look.shift(i16_at(value, 0).map_or(0, i32::from));
            }
            SIZE => look.size(u16_at(value, 0).map_or(24, u32::from)),
            COLOUR => {
                look.ink = match value {
                    [red, green, blue, 0] => Some(Paint::Colour([*red, *green, *blue])),
                    _ => Some(Paint::Auto),
                };
            }
            COLOUR_16 => look.ink = value.first().map(|number| of_sixteen(*number)),
            HIGHLIGHT => look.ground = value.first().map(|number| of_sixteen(*number)),
            // none leaves a marker as it is
            SHADED => {
                let own = value.get(1..).map(ground).filter(|ground| *ground != Paint::Auto);
                look.ground = own.or(look.ground);
            }
            // which the newer one repeats
            SHADED_OLD if look.ground.is_none() => look.ground = Some(Paint::Unknown),
            CHARACTER_STYLE => character.style = u16_at(value, 0),
            DATA => character.is_data = switch == Some(true),
            SYMBOL => character.symbol = u16_at(value, 2),
            _ => {}
        }
    }
    character
}

/// The colours that have numbers; of those in between only that they are neither white nor black.
const fn of_sixteen(number: u8) -> Paint {
    match number {
        0 => Paint::Auto,
        1 => Paint::Colour([0; 3]),
        8 => Paint::PAPER,
        _ => Paint::Unknown,
    }
}
