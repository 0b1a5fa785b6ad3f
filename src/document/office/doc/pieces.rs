//! The text of a DOC: pieces of the main stream in the order of the document.

use super::{Part, Streams, u16_at, u32_at};
use encoding_rs::WINDOWS_1252;
use std::ops::Range;

/// The characters of a document and where they stand in the main stream.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// UTF-16.
    pub(super) units: Vec<u16>,
    /// For each unit the place of its bytes.
    pub(super) places: Vec<u32>,
    /// How many units the main text, the notes and so on have.
    lengths: [usize; 8],
    /// Whether nothing is missing.
    pub(super) is_whole: bool,
}

impl Text {
    pub(super) fn read(streams: &Streams) -> Self {
        let mut text = Self { is_whole: true, ..Self::default() };
        for (at, len) in text.lengths.iter_mut().enumerate() {
            *len = u32_at(&streams.main, 0x4C + 4 * at).map_or(0, |len| len as usize);
        }
        match streams.part(Part::Pieces).and_then(|(part, _)| table(part)) {
            Some(pieces) => text.pieces(pieces, &streams.main),
            None => {
                // without the table of pieces the text stands in one piece, as unedited files have it
                let start = u32_at(&streams.main, 0x18).unwrap_or(0);
                let end = u32_at(&streams.main, 0x1C).unwrap_or(0);
                let wanted: usize =
                    text.lengths.iter().fold(0, |sum, len| sum.saturating_add(*len));
                let is_wide = end.saturating_sub(start) as usize >= wanted.saturating_mul(2);
                text.piece(&streams.main, start, wanted, is_wide);
                text.is_whole = false;
            }
        }
        text
    }

    fn pieces(&mut self, pieces: &[u8], main: &[u8]) {
        let count = pieces.len().saturating_sub(4) / 12;
        for at in 0..count {
            let (first, last) = (u32_at(pieces, 4 * at), u32_at(pieces, 4 * at + 4));
            let place = u32_at(pieces, 4 * (count + 1) + 8 * at + 2);
            let (Some(first), Some(last), Some(place)) = (first, last, place) else { break };
            let len = last.saturating_sub(first) as usize;
            let is_narrow = place & 0x4000_0000 != 0;
            let place = place & 0x3FFF_FFFF;
            self.piece(main, if is_narrow { place / 2 } else { place }, len, !is_narrow);
            // no document has a piece twice
            if self.units.len() > main.len() {
                self.is_whole = false;
                break;
            }
        }
    }

    fn piece(&mut self, main: &[u8], start: u32, len: usize, is_wide: bool) {
        let rest = main.get(start as usize..).unwrap_or_default();
        let before = self.units.len();
        if is_wide {
            let units = rest.chunks_exact(2).take(len);
            self.units.extend(units.map(|pair| u16::from_le_bytes([pair[0], pair[1]])));
        } else {
            let bytes = &rest[..len.min(rest.len())];
            // one unit for each byte, also for those that mean nothing
            for byte in bytes {
                let decoded =
                    WINDOWS_1252.decode_without_bom_handling(std::slice::from_ref(byte)).0;
                self.units.push(decoded.encode_utf16().next().unwrap_or(0xFFFD));
            }
        }
        let read = self.units.len() - before;
        let step = if is_wide { 2 } else { 1 };
        self.places.extend((0..read as u32).map(|at| start + step * at));
        self.is_whole &= read == len;
    }

    /// The parts that are shown in the text: all but running heads, macros and remarks.
    pub(super) fn shown(&self) -> Vec<Range<usize>> {
        const SHOWN: [bool; 8] = [true, true, false, false, false, true, true, false];
        let mut start: usize = 0;
        let mut ranges = Vec::new();
        for (len, is_shown) in self.lengths.iter().zip(SHOWN) {
            let end = start.saturating_add(*len).min(self.units.len());
            if is_shown && start < end {
                ranges.push(start..end);
            }
            start = end;
        }
        ranges
    }
}

/// The table of pieces, behind settings that pieces may share.
fn table(part: &[u8]) -> Option<&[u8]> {
    let mut at = 0;
    loop {
        match part.get(at)? {
            1 => at += 3 + usize::from(u16_at(part, at + 1)?),
            2 => {
                let len = u32_at(part, at + 1)? as usize;
                let rest = part.get(at + 5..)?;
                return Some(&rest[..len.min(rest.len())]);
            }
            _ => return None,
        }
    }
}
