//! DOC: Word 97-2003, and WPS's own documents, which are the same.
//!
//! The text stands in pieces, and what is said of it in pages of property lists, found by the place of a character in
//! the file: which paragraph ends a cell or a row, where a row's cells have their edges, which list numbers it.

mod lists;
mod pieces;
mod properties;
mod styles;

use super::fields::Fields;
use super::flow::{Flow, MOST_NESTED, Place};
use super::look::{Paint, Shown};
use super::rtf::TOLERANCE;
use super::symbols::Symbols;
use super::{Read, Trouble};
use crate::source::ole::Ole;
use lists::Lists;
use pieces::Text;
use properties::{Character, Paragraph, Runs};
use std::ops::Range;
use styles::Styles;

/// The first word of the main stream since Word 97, and in Word 6 and 95.
const WORD_97: u16 = 0xA5EC;
const WORD_6: u16 = 0xA5DC;
/// The oldest version with the tables that are read here.
const OLDEST: u16 = 0xC0;

/// Tables of the main stream, by their number in its head.
#[derive(Clone, Copy)]
enum Part {
    Styles = 1,
    Characters = 12,
    Paragraphs = 13,
    Pieces = 33,
    ListDefinitions = 73,
    Lists = 74,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

fn i16_at(bytes: &[u8], at: usize) -> Option<i16> {
    u16_at(bytes, at).map(|word| word as i16)
}

/// The three streams of a document.
struct Streams {
    main: Vec<u8>,
    table: Vec<u8>,
    data: Vec<u8>,
}

impl Streams {
    /// A part of the table stream, and what stands behind it.
    fn part(&self, part: Part) -> Option<(&[u8], &[u8])> {
        let at = 0x9A + 8 * part as usize;
        let (start, len) = (u32_at(&self.main, at)? as usize, u32_at(&self.main, at + 4)? as usize);
        let rest = self.table.get(start..)?;
        Some(rest.split_at(len.min(rest.len()))).filter(|(part, _)| !part.is_empty())
    }
}

/// Reads a document.
pub(super) fn read(bytes: &[u8]) -> Result<Read, Trouble> {
    let ole = Ole::open(bytes).ok_or_else(|| Trouble::damaged("its directory is lost"))?;
    let missing = || Trouble::damaged("the text's stream is missing");
    let main = ole.stream("WordDocument").ok_or_else(missing)?;
    let flags = u16_at(&main.bytes, 0x0A).unwrap_or(0);
    match (u16_at(&main.bytes, 0), u16_at(&main.bytes, 2)) {
        (Some(WORD_97), Some(version)) if version >= OLDEST => {}
        (Some(WORD_97 | WORD_6), _) => {
            return Err(Trouble::unsupported("a document of Word 6 or 95"));
        }
        _ => return Err(Trouble::damaged("the text's stream has no head")),
    }
    if flags & 0x0100 != 0 {
        return Err(Trouble::encrypted());
    }
    let table =
        ole.stream(if flags & 0x0200 == 0 { "0Table" } else { "1Table" }).unwrap_or_default();
    let data = ole.stream("Data").unwrap_or_default();
    let is_whole = main.is_whole && table.is_whole;
    let streams = Streams { main: main.bytes, table: table.bytes, data: data.bytes };
    let text = Text::read(&streams);
    let is_whole = is_whole && text.is_whole;
    let mut reader = Reader {
        flow: Flow::on_paper(TOLERANCE),
        runs: Runs::read(&streams),
        styles: Styles::read(&streams),
        lists: Lists::read(&streams),
        streams: &streams,
        fields: Fields::default(),
        row_end: None,
        grounds: Vec::new(),
        cell: 0,
        searched: 0,
    };
    for range in text.shown() {
        reader.story(&text, range);
    }
    Ok(Read { blocks: reader.flow.finish(), is_cut: !is_whole, ..Read::default() })
}

struct Reader<'s> {
    flow: Flow,
    runs: Runs,
    styles: Styles,
    lists: Lists,
    streams: &'s Streams,
    fields: Fields,
    /// Where the row that is read ends, what is behind its cells, and which cell is read.
    row_end: Option<usize>,
    grounds: Vec<Paint>,
    cell: usize,
    /// Up to where the end of a row was looked for.
    searched: usize,
}

/// Marks of cells that are looked at to find the end of a row: 63 cells, and tables in them.
const MOST_CELLS: usize = 400;

impl Reader<'_> {
    /// The main text, the notes, or the text boxes.
    fn story(&mut self, text: &Text, range: Range<usize>) {
        let mut start = range.start;
        while start < range.end {
            let is_end = |unit: &u16| matches!(unit, 0x07 | 0x0C | 0x0D);
            let len = text.units[start..range.end].iter().position(is_end);
            let end = len.map_or(range.end, |len| start + len);
            self.paragraph(text, start, end.min(range.end - 1), len.is_some());
            start = end + 1;
        }
        self.follow(0);
        self.flow.end_paragraph();
        self.fields = Fields::default();
    }

    /// A paragraph from its first character to its mark.
    fn paragraph(&mut self, text: &Text, start: usize, mark: usize, is_marked: bool) {
        let place = text.places[mark];
        let paragraph = self.runs.paragraph(place, self.streams);
        let mark_unit = if is_marked { text.units[mark] } else { 0x0D };
        if paragraph.is_row_end(mark_unit) {
            self.follow(paragraph.level());
            self.flow.end_row(&paragraph.places());
            return;
        }
        self.follow(paragraph.level());
        let end = if is_marked { mark } else { mark + 1 };
        let paper = self.paper(text, start, &paragraph);
        self.characters(text, start..end, paragraph.style, paper);
        let mark_run = self.runs.character(place);
        // a deleted mark joins the paragraph with the next one
        if mark_run.is_deleted && mark_unit == 0x0D && !paragraph.is_cell_end(mark_unit) {
            return;
        }
        let is_nothing = mark_run.look.hidden == Some(true) && self.flow.line().is_empty();
        if let Some(label) = self.label(&paragraph).filter(|_| !is_nothing) {
            self.flow.label(&label);
        }
        if paragraph.is_cell_end(mark_unit) {
            self.cell += usize::from(paragraph.level() == 1);
            self.flow.end_cell();
        } else {
            self.flow.end_paragraph();
        }
    }

    /// What is behind a paragraph: the paper, or the ground of its cell, which the end of its row tells.
    fn paper(&mut self, text: &Text, start: usize, paragraph: &Paragraph) -> Paint {
        let own = paragraph.ground.filter(|ground| *ground != Paint::Auto);
        match (paragraph.level(), own) {
            (0, own) => return own.unwrap_or(Paint::PAPER),
            (1, _) => {}
            _ => return Paint::Unknown,
        }
        if self.row_end.is_none_or(|end| end < start) && self.searched <= start {
            (self.cell, self.row_end, self.searched) = (0, None, text.units.len());
            let marks = (start..text.units.len()).filter(|at| text.units[*at] == 0x07);
            for (count, at) in marks.enumerate() {
                let end = self.runs.paragraph(text.places[at], self.streams);
                if end.level() == 1 && end.is_row_end(0x07) {
                    (self.row_end, self.grounds, self.searched) = (Some(at), end.grounds, at);
                    break;
                }
                if count == MOST_CELLS {
                    self.searched = at;
                    break;
                }
            }
        }
        if own.is_some() || self.row_end.is_none() {
            return own.unwrap_or(Paint::Unknown);
        }
        let ground = self.grounds.get(self.cell).copied().filter(|ground| *ground != Paint::Auto);
        ground.unwrap_or(Paint::PAPER)
    }

    fn label(&mut self, paragraph: &Paragraph) -> Option<String> {
        let (of_style, level_of_style) = self.styles.list(paragraph.style);
        let list = paragraph.list.unwrap_or(of_style);
        let level = paragraph.list_level.unwrap_or(level_of_style);
        self.lists.label(list, usize::from(level)).filter(|label| !label.is_empty())
    }

    /// Begins or ends tables until the text stands in as many as it should.
    fn follow(&mut self, level: usize) {
        while self.flow.depth() > level {
            self.flow.end_table();
        }
        while self.flow.depth() < level {
            self.flow.begin_table();
        }
    }

    fn characters(&mut self, text: &Text, range: Range<usize>, style: u16, paper: Paint) {
        let (mut at, end) = (range.start, range.end);
        while at < end {
            let run = self.runs.character(text.places[at]);
            let shown = run.look.over(self.styles.look(style, run.style)).shown(paper);
            let same = (at..end).take_while(|i| run.holds(text.places[*i])).count().max(1);
            let units = &text.units[at..at + same];
            for c in char::decode_utf16(units.iter().copied()) {
                self.character(c.unwrap_or('\u{FFFD}'), &run, shown);
            }
            at += same;
        }
    }

    fn character(&mut self, c: char, run: &Character, shown: Shown) {
        match c {
            '\u{13}' => return self.fields.begin(),
            '\u{14}' => return self.fields.separate(self.flow.line().len()),
            '\u{15}' => return self.fields.end(&mut self.flow),
            _ => {}
        }
        if !self.fields.is_shown() {
            return self.fields.instruct(c.encode_utf8(&mut [0; 4]));
        }
        if run.is_deleted || shown == Shown::Nothing {
            return;
        }
        match c {
            '(' if run.symbol.is_some() => {
                let code = run.symbol.map_or(0, u32::from);
                // which symbol font it is stands in a table that is not read; most are Wingdings
                match Symbols::Wingdings.sign(code) {
                    Some(c) => self.flow.push_char(c),
                    None => self.flow.push_unknown(),
                }
            }
            '\u{0B}' | '\u{0E}' => self.flow.push_char('\n'),
            '\u{1E}' => self.flow.push_char('-'),
            '\t' => self.flow.push_char('\t'),
            '\u{1}' if !run.is_data => self.flow.picture(true),
            '\u{8}' => self.flow.picture(false),
            // anchors of notes and remarks, optional hyphens
            '\0'..='\u{1F}' => {}
            _ if shown == Shown::Plain => self.flow.push_char(c),
            _ => self.flow.push_shown(c.encode_utf8(&mut [0; 4]), shown),
        }
    }
}

impl Paragraph {
    /// How many tables it stands in.
    fn level(&self) -> usize {
        match (self.in_table, self.table_level) {
            (true, level) => level.clamp(1, MOST_NESTED as u32) as usize,
            (false, _) => 0,
        }
    }

    /// Whether its mark ends a row.
    fn is_row_end(&self, mark: u16) -> bool {
        if self.level() > 1 { self.ends_inner_row } else { mark == 0x07 && self.ends_row }
    }

    /// Whether its mark ends a cell.
    fn is_cell_end(&self, mark: u16) -> bool {
        if self.level() > 1 { self.ends_inner_cell } else { mark == 0x07 && self.in_table }
    }

    /// Where the cells of the row that it ends stand.
    fn places(&self) -> Vec<Place> {
        self.cells.clone()
    }
}

#[cfg(test)]
mod tests;
