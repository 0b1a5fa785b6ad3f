//! XLS: workbooks of Excel 97-2003 and WPS (BIFF8), and of Excel 5 and 95 (BIFF5).

use super::super::look::{Look, Paint};
use super::super::{Read, Trouble};
use super::{Formats, RichText, Sheet, indexed};
use crate::document::blocks::Blocks;
use crate::source::ole::Ole;
use encoding_rs::{BIG5, Encoding, GBK, WINDOWS_1252};

/// Sheets that are read.
const MOST_SHEETS: usize = 256;

/// Reads a workbook.
pub(in super::super) fn read(bytes: &[u8]) -> Result<Read, Trouble> {
    let ole = Ole::open(bytes).ok_or_else(|| Trouble::damaged("its directory is lost"))?;
    let stream = ole.stream("Workbook").or_else(|| ole.stream("Book"));
    let stream = stream.ok_or_else(|| Trouble::damaged("the workbook's stream is missing"))?;
    let book = globals(&stream.bytes)?;
    let mut blocks = Blocks::default();
    let mut is_whole = stream.is_whole && !book.sheets.is_empty();
    for start in &book.sheets {
        let mut reader =
            Reader { book: &book, sheet: Sheet::after(&blocks), waiting: None, anchor: None };
        is_whole &= reader.sheet_at(&stream.bytes, *start as usize);
        reader.sheet.finish(&mut blocks);
    }
    Ok(Read { blocks, is_cut: !is_whole, ..Read::default() })
}

// records
const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
const CODEPAGE: u16 = 0x0042;
const FILEPASS: u16 = 0x002F;
const DATE_1904: u16 = 0x0022;
const FORMAT: u16 = 0x041E;
const XF: u16 = 0x00E0;
const SST: u16 = 0x00FC;
const CONTINUE: u16 = 0x003C;
const BOUNDSHEET: u16 = 0x0085;
const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const RSTRING: u16 = 0x00D6;
const LABELSST: u16 = 0x00FD;
const RK: u16 = 0x027E;
const MULRK: u16 = 0x00BD;
const BOOLERR: u16 = 0x0205;
const FORMULA: u16 = 0x0006;
const STRING: u16 = 0x0207;
const MERGED: u16 = 0x00E5;
const ROW: u16 = 0x0208;
const COLINFO: u16 = 0x007D;
const FONT: u16 = 0x0031;
const PALETTE: u16 = 0x0092;
const DRAWING: u16 = 0x00EC;
const OBJECT: u16 = 0x005D;

/// Rows that are lower, in twentieths of a point, and columns that are narrower, in parts of a digit's width of 256, show
/// nothing.
const LOWEST: u16 = 30;
const NARROWEST: u16 = 50;

/// The records of a stream from some place on.
struct Records<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Iterator for Records<'b> {
    type Item = (u16, &'b [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, len) = (u16_at(self.bytes, self.at)?, u16_at(self.bytes, self.at + 2)?);
        let start = self.at + 4;
        let body = self.bytes.get(start..start + usize::from(len))?;
        self.at = start + usize::from(len);
        Some((kind, body))
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    bytes.get(at..at + 8)?.try_into().ok().map(f64::from_le_bytes)
}

/// What holds for all sheets.
struct Book {
    is_biff8: bool,
    encoding: &'static Encoding,
    formats: Formats,
    strings: Vec<Vec<Run>>,
    /// Where the visible sheets begin.
    sheets: Vec<u32>,
    fonts: Vec<Font>,
    /// For each style of cells its font and what is behind the text, both colours by their numbers.
    cells: Vec<(u16, u16)>,
    /// Colours of the workbook itself, from the eighth.
    palette: Vec<Paint>,
}

/// A run of a text, with the number of its font where it has one of its own.
type Run = (String, Option<u16>);

/// A font, and its colour by its number.
#[derive(Clone, Copy, Debug, Default)]
struct Font {
    look: Look,
    colour: u16,
}

/// The number of a colour that the viewer chooses, and of one that is a pattern.
const AUTO: u16 = 64;
const PATTERN: u16 = u16::MAX;

fn globals(stream: &[u8]) -> Result<Book, Trouble> {
    let mut records = Records { bytes: stream, at: 0 }.peekable();
    let mut book = Book {
        is_biff8: true,
        encoding: GBK,
        formats: Formats::default(),
        strings: Vec::new(),
        sheets: Vec::new(),
        fonts: Vec::new(),
        cells: Vec::new(),
        palette: Vec::new(),
    };
    if records.peek().is_none_or(|(kind, _)| *kind != BOF) {
        return Err(Trouble::damaged("the workbook has no beginning, or is older than Excel 5"));
    }
    while let Some((kind, body)) = records.next() {
        match kind {
            BOF => book.is_biff8 = u16_at(body, 0) == Some(0x0600),
            EOF => break,
            FILEPASS => return Err(Trouble::encrypted()),
            CODEPAGE => {
                book.encoding = match u16_at(body, 0) {
                    Some(950) => BIG5,
                    Some(1252 | 0x8001) => WINDOWS_1252,
                    _ => GBK,
                }
            }
            DATE_1904 => book.formats.from_1904 = u16_at(body, 0) == Some(1),
            FORMAT => {
                let id = u16_at(body, 0).unwrap_or(0);
                let code = if book.is_biff8 {
                    text16(body.get(2..).unwrap_or_default())
                } else {
                    book.text8(body.get(2..).unwrap_or_default(), 1)
                };
                book.formats.define(u32::from(id), &code);
            }
            XF => {
                book.formats.style(u32::from(u16_at(body, 2).unwrap_or(0)));
                let pattern = u32_at(body, 14).filter(|_| book.is_biff8).unwrap_or(0) >> 26;
                let ground = match pattern {
                    0 => AUTO,
                    1 => u16_at(body, 18).unwrap_or(AUTO) & 0x7F,
                    _ => PATTERN,
                };
                book.cells.push((u16_at(body, 0).unwrap_or(0), ground));
            }
            FONT => book.fonts.push(font(body)),
            PALETTE => {
                let colours = body.get(2..).unwrap_or_default().chunks_exact(4);
                book.palette = colours.map(|c| Paint::Colour([c[0], c[1], c[2]])).collect();
            }
            BOUNDSHEET => {
                let (start, flags) = (u32_at(body, 0), u16_at(body, 4).unwrap_or(0));
                // hidden ones, charts and macros are left out
                if let (Some(start), true) = (start, flags & 0xFF03 == 0)
                    && !book.sheets.contains(&start)
                    && book.sheets.len() < MOST_SHEETS
                {
                    book.sheets.push(start);
                }
            }
            SST => {
                let mut parts = vec![body];
                while let Some((_, more)) = records.next_if(|(kind, _)| *kind == CONTINUE) {
                    parts.push(more);
                }
                book.strings = shared(&parts);
            }
            _ => {}
        }
    }
    Ok(book)
}

fn font(body: &[u8]) -> Font {
    let mut look = Look::default();
    look.size(u32::from(u16_at(body, 0).unwrap_or(200) / 10));
    look.struck = Some(u16_at(body, 2).unwrap_or(0) & 8 != 0);
    look.raised = Some(matches!(u16_at(body, 8), Some(1 | 2)));
    Font { look, colour: u16_at(body, 4).unwrap_or(AUTO) }
}

impl Book {
    fn paint(&self, colour: u16) -> Paint {
        let own = colour.checked_sub(8).and_then(|at| self.palette.get(usize::from(at)));
        match (own, colour) {
            (Some(paint), _) => *paint,
            (None, PATTERN) => Paint::Unknown,
            (None, number) => indexed(u32::from(number)),
        }
    }

    /// What is shown of a text in a style.
    fn rich(&self, runs: &[Run], style: u16) -> String {
        let (of_cell, ground) = self.cells.get(usize::from(style)).copied().unwrap_or((0, AUTO));
        let ground = Some(self.paint(ground));
        let mut shown = RichText::default();
        for (text, font) in runs {
            // by an old mistake that all keep, no font has the number 4
            let number = usize::from(font.unwrap_or(of_cell));
            let font = self.fonts.get(number - usize::from(number > 4)).copied();
            let look = font.map_or(Look::default(), |font| Look {
                ink: Some(self.paint(font.colour)),
                ground,
                ..font.look
            });
            shown.push(text, look.shown(Paint::PAPER));
        }
        shown.finish()
    }

    /// A text of bytes with its length before it.
    fn text8(&self, bytes: &[u8], prefix: usize) -> String {
        let len = if prefix == 1 {
            bytes.first().map(|len| usize::from(*len))
        } else {
            u16_at(bytes, 0).map(usize::from)
        };
        let rest = bytes.get(prefix..).unwrap_or_default();
        let text = &rest[..len.unwrap_or(0).min(rest.len())];
        self.encoding.decode_without_bom_handling(text).0.into_owned()
    }
}

/// A text with its length in two bytes and a flag for wide characters.
fn text16(bytes: &[u8]) -> String {
    let Some(len) = u16_at(bytes, 0) else { return String::new() };
    let mut parts = Parts { records: &[bytes], part: 0, at: 2 };
    let runs = parts.text(usize::from(len)).unwrap_or_default();
    runs.into_iter().map(|run| run.0).collect()
}

/// A record with those that continue it.
struct Parts<'b> {
    records: &'b [&'b [u8]],
    part: usize,
    at: usize,
}

impl Parts<'_> {
    fn byte(&mut self) -> Option<u8> {
        while self.at >= self.records.get(self.part)?.len() {
            self.part += 1;
            self.at = 0;
        }
        let byte = self.records[self.part][self.at];
        self.at += 1;
        Some(byte)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    fn skip(&mut self, mut count: usize) {
        while let Some(part) = self.records.get(self.part).filter(|_| count > 0) {
            let step = count.min(part.len() - self.at.min(part.len()));
            count -= step;
            self.at += step;
            if self.at >= part.len() && count > 0 {
                self.part += 1;
                self.at = 0;
            }
        }
    }

    /// A text: its flags, its characters, and what is said of their fonts and readings. A text that goes on in the
    /// next record has its flag for wide characters again there.
    fn text(&mut self, len: usize) -> Option<Vec<Run>> {
        let mut flags = self.byte()?;
        let fonts = if flags & 0x08 == 0 { 0 } else { usize::from(self.u16()?) };
        let readings = if flags & 0x04 == 0 { 0 } else { self.u32()? as usize };
        let mut units: Vec<u16> = Vec::new();
        for _ in 0..len {
            if self.at >= self.records.get(self.part)?.len() {
                flags = self.byte()?;
            }
            units.push(if flags & 1 == 0 { u16::from(self.byte()?) } else { self.u16()? });
        }
        let mut runs = Vec::new();
        let (mut from, mut font) = (0, None);
        for _ in 0..fonts {
            let (Some(at), Some(next)) = (self.u16(), self.u16()) else { break };
            let at = usize::from(at).clamp(from, units.len());
            if at > from {
                runs.push((String::from_utf16_lossy(&units[from..at]), font));
            }
            (from, font) = (at, Some(next));
        }
        runs.push((String::from_utf16_lossy(&units[from..]), font));
        self.skip(readings);
        Some(runs)
    }
}

/// The texts that cells share.
fn shared(records: &[&[u8]]) -> Vec<Vec<Run>> {
    let mut parts = Parts { records, part: 0, at: 8 };
    let mut strings = Vec::new();
    while let Some(text) = parts.u16().and_then(|len| parts.text(usize::from(len))) {
        strings.push(text);
    }
    strings
}

struct Reader<'w> {
    book: &'w Book,
    sheet: Sheet,
    /// A formula whose text comes in the next record, and its style.
    waiting: Option<(u16, u16, u16)>,
    /// Column and row of the first and the last cell of what is drawn next.
    anchor: Option<[u16; 4]>,
}

/// Between which cells a drawing stands: columns and rows of the first and the last one.
fn anchor(drawing: &[u8]) -> Option<[u16; 4]> {
    const ANCHOR: [u8; 6] = [0x10, 0xF0, 18, 0, 0, 0];
    let at = memchr::memmem::rfind(drawing, &ANCHOR)? + ANCHOR.len();
    let number = |place: usize| u16_at(drawing, at + place);
    Some([number(2)?, number(6)?, number(10)?, number(14)?])
}

impl Reader<'_> {
    /// Reads a sheet; false when it breaks off.
    fn sheet_at(&mut self, stream: &[u8], start: usize) -> bool {
        let mut depth = 0;
        for (kind, body) in (Records { bytes: stream, at: start }) {
            match kind {
                // charts stand inside sheets
                BOF => depth += 1,
                EOF if depth <= 1 => return true,
                EOF => depth -= 1,
                _ if depth == 1 => {
                    self.record(kind, body);
                }
                _ => {}
            }
        }
        false
    }

    fn number(&mut self, row: u16, col: u16, style: u16, value: f64) {
        let text = self.book.formats.write(value, usize::from(style));
        self.runs(row, col, style, &[(text, None)]);
    }

    fn words(&mut self, row: u16, col: u16, style: u16, text: &str) {
        let text = self.book.formats.write_text(text, usize::from(style)).into_owned();
        self.runs(row, col, style, &[(text, None)]);
    }

    fn runs(&mut self, row: u16, col: u16, style: u16, runs: &[Run]) {
        let text = self.book.rich(runs, style);
        self.sheet.cell(u32::from(row), u32::from(col), &text);
    }

    fn record(&mut self, kind: u16, body: &[u8]) -> Option<()> {
        let (row, col) = (u16_at(body, 0), u16_at(body, 2));
        match kind {
            NUMBER => self.number(row?, col?, u16_at(body, 4)?, f64_at(body, 6)?),
            RK => self.number(row?, col?, u16_at(body, 4)?, rk(u32_at(body, 6)?)),
            MULRK => {
                let list = body.get(4..body.len().checked_sub(2)?)?;
                for (at, pair) in list.chunks_exact(6).enumerate() {
                    let col = col?.saturating_add(at as u16);
                    self.number(row?, col, u16_at(pair, 0)?, rk(u32_at(pair, 2)?));
                }
            }
            LABELSST => {
                let runs = self.book.strings.get(u32_at(body, 6)? as usize)?;
                match runs.as_slice() {
                    [(text, None)] => self.words(row?, col?, u16_at(body, 4)?, text),
                    runs => self.runs(row?, col?, u16_at(body, 4)?, runs),
                }
            }
            LABEL | RSTRING => {
                let text = self.text(body.get(6..)?);
                self.words(row?, col?, u16_at(body, 4)?, &text);
            }
            BOOLERR => {
                let text = match body.get(6..8)? {
                    [1, 0] => "TRUE",
                    [_, 0] => "FALSE",
                    _ => "#N/A",
                };
                self.sheet.cell(u32::from(row?), u32::from(col?), text);
            }
            FORMULA => {
                let value = body.get(6..14)?;
                if value.ends_with(&[0xFF, 0xFF]) {
                    let text = match value[0] {
                        0 => {
                            self.waiting = Some((row?, col?, u16_at(body, 4)?));
                            ""
                        }
                        1 if value[2] == 0 => "FALSE",
                        1 => "TRUE",
                        2 => "#N/A",
                        _ => "",
                    };
                    self.sheet.cell(u32::from(row?), u32::from(col?), text);
                } else {
                    self.number(row?, col?, u16_at(body, 4)?, f64_at(body, 6)?);
                }
            }
            STRING => {
                let (row, col, style) = self.waiting.take()?;
                let text = self.text(body);
                self.words(row, col, style, &text);
            }
            MERGED => {
                for range in body.get(2..)?.chunks_exact(8) {
                    let at = |at: usize| u16_at(range, at).map(u32::from);
                    let (row, last_row, col, last_col) = (at(0)?, at(2)?, at(4)?, at(6)?);
                    let rows = last_row.saturating_sub(row) + 1;
                    self.sheet.merge(row, col, rows, last_col.saturating_sub(col) + 1);
                }
            }
            DRAWING => self.anchor = anchor(body).or(self.anchor),
            // a box, one with text, a picture, a box to tick
            OBJECT if matches!(u16_at(body, 4)?, 2 | 6 | 8 | 11) => {
                let [col, row, last_col, last_row] = self.anchor.take()?.map(u32::from);
                let count = |first: u32, last: u32| last.saturating_sub(first).max(1);
                self.sheet.picture(row, col, count(row, last_row), count(col, last_col));
            }
            // in twentieths of a point
            ROW if u16_at(body, 12)? & 0x20 != 0 || u16_at(body, 6)? & 0x7FFF < LOWEST => {
                self.sheet.hide_rows(u32::from(row?), 1);
            }
            // in parts of a digit's width
            COLINFO if u16_at(body, 8)? & 1 != 0 || u16_at(body, 4)? < NARROWEST => {
                let (first, last) = (u32::from(row?), u32::from(col?));
                self.sheet.hide_columns(first, last.saturating_sub(first) + 1);
            }
            _ => {}
        }
        Some(())
    }

    fn text(&self, bytes: &[u8]) -> String {
        if self.book.is_biff8 { text16(bytes) } else { self.book.text8(bytes, 2) }
    }
}

/// A number in four bytes: 30 bits of a float or of an integer, perhaps in hundredths.
fn rk(bits: u32) -> f64 {
    let value = if bits & 2 == 0 {
        f64::from_bits(u64::from(bits & !3) << 32)
    } else {
        f64::from((bits as i32) >> 2)
    };
    if bits & 1 == 0 { value } else { value / 100.0 }
}

#[cfg(test)]
mod tests {
    use super::super::super::show;
    use super::*;

    fn record(kind: u16, body: &[u8]) -> Vec<u8> {
        let mut record = kind.to_le_bytes().to_vec();
        record.extend((body.len() as u16).to_le_bytes());
        record.extend(body);
        record
    }

    fn words(words: &[u16]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    #[test]
    fn ok_rk() {
        assert_eq!(rk(0x3FF0_0000).to_bits(), 1f64.to_bits());
        assert_eq!(rk((37 << 2) | 3).to_bits(), 0.37f64.to_bits());
        assert_eq!(rk((-18i32).cast_unsigned() << 2 | 2).to_bits(), (-18f64).to_bits());
    }

    #[test]
    fn ok_shared_texts_go_on_in_the_next_record() {
        let mut first = vec![0; 8];
        first.extend([2, 0, 1]);
        first.extend(words(&[0x89C4, 0x7AE0]));
        // `ab`, of which the second letter is wide and stands behind the cut
        first.extend([2, 0, 0, b'a']);
        let second = [1, b'b', 0, 1, 0, 0, b'c'];
        let texts = |records: &[&[u8]]| -> Vec<String> {
            let text = |runs: Vec<Run>| runs.into_iter().map(|run| run.0).collect();
            shared(records).into_iter().map(text).collect()
        };
        assert_eq!(texts(&[&first, &second]), ["规章", "ab", "c"]);
        assert_eq!(texts(&[&first[..12]]), Vec::<String>::new());
    }

    #[test]
    fn ok_where_a_drawing_stands() {
        let mut drawing = vec![0x0F, 0, 0x04, 0xF0, 26, 0, 0, 0, 0, 0, 0x10, 0xF0, 18, 0, 0, 0];
        drawing.extend(words(&[2, 3, 0, 8, 0, 4, 5, 9, 6]));
        assert_eq!(anchor(&drawing), Some([3, 8, 4, 9]));
        assert_eq!(anchor(&drawing[..30]), None);
        assert_eq!(anchor(&[]), None);
    }

    #[test]
    fn ok_cells() {
        let book = Book {
            is_biff8: true,
            encoding: GBK,
            formats: Formats::default(),
            strings: vec![vec![("规章".to_owned(), None)]],
            sheets: Vec::new(),
            fonts: Vec::new(),
            cells: Vec::new(),
            palette: Vec::new(),
        };
        let mut stream = record(BOF, &words(&[0x0600, 0x10]));
        stream.extend(record(LABELSST, &words(&[0, 0, 0, 0, 0])));
        stream.extend(record(MULRK, &words(&[0, 2, 0, (3 << 2) | 2, 0, 0, (37 << 2) | 3, 0, 3])));
        stream.extend(record(MERGED, &words(&[1, 0, 0, 0, 1])));
        let mut formula = words(&[1, 2, 0]);
        formula.extend([0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0]);
        stream.extend(record(FORMULA, &formula));
        stream.extend(record(STRING, &[1, 0, 0, b'x']));
        // one whose result is an error
        let mut formula = words(&[1, 3, 0]);
        formula.extend([2, 0, 7, 0, 0, 0, 0xFF, 0xFF, 0, 0]);
        stream.extend(record(FORMULA, &formula));
        let mut reader =
            Reader { book: &book, sheet: Sheet::default(), waiting: None, anchor: None };
        assert!(!reader.sheet_at(&stream, 0));
        stream.extend(record(EOF, &[]));
        let mut reader =
            Reader { book: &book, sheet: Sheet::default(), waiting: None, anchor: None };
        assert!(reader.sheet_at(&stream, 0));
        let mut blocks = Blocks::default();
        reader.sheet.finish(&mut blocks);
        assert_eq!(
            show(&blocks),
            "#1\n0,0 1x2 规章\n0,2 3\n0,3 0.37\n1,0 \n1,1 \n1,2 x\n1,3 #N/A\n"
        );
    }
}
