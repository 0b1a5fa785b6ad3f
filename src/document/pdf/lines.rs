//! Glyphs → lines of text, in reading order.

use super::page::Glyph;
use hayro_interpret::hayro_cmap::BfString;

/// A gap of so many ems between glyphs is a blank.
const BLANK: f64 = 0.3;
/// So near in ems, the same glyph twice is one, printed bold.
const SAME: f64 = 0.15;

/// A run of glyphs without a blank between them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Word {
    pub(super) text: String,
    /// Left and right end.
    pub(super) x: (f64, f64),
    /// Upper and lower end.
    pub(super) y: (f64, f64),
}

/// Words beside each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct TextLine {
    pub(super) words: Vec<Word>,
}

impl TextLine {
    pub(super) fn top(&self) -> f64 {
        self.words.iter().map(|word| word.y.0).fold(f64::INFINITY, f64::min)
    }

    pub(super) fn bottom(&self) -> f64 {
        self.words.iter().map(|word| word.y.1).fold(f64::NEG_INFINITY, f64::max)
    }
}

/// How near digits belong together, in ems: in a cell there is one number, in a line several.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Place {
    Line,
    Cell,
}

/// Puts glyphs into lines from top to bottom, and each line's from left to right.
pub(super) fn lines(glyphs: &[&Glyph], place: Place) -> Vec<TextLine> {
    let mut order: Vec<&Glyph> = glyphs.to_vec();
    order.sort_by(|a, b| a.center().y.total_cmp(&b.center().y));
    let mut rows: Vec<(f64, f64, Vec<&Glyph>)> = Vec::new();
    for glyph in order {
        let middle = glyph.center().y;
        // a glyph belongs to the line whose middle it crosses; small print and raised marks do too
        let own = rows
            .last_mut()
            .filter(|(y, size, _)| (middle - *y).abs() < 0.45 * size.max(glyph.size));
        match own {
            Some((y, size, row)) => {
                row.push(glyph);
                let count = row.len() as f64;
                *y += (middle - *y) / count;
                *size = size.max(glyph.size);
            }
            None => rows.push((middle, glyph.size, vec![glyph])),
        }
    }
    rows.into_iter()
        .map(|(_, _, row)| line(row, place))
        .filter(|line| !line.words.is_empty())
        .collect()
}

fn line(mut glyphs: Vec<&Glyph>, place: Place) -> TextLine {
    glyphs.sort_by(|a, b| a.x.0.total_cmp(&b.x.0));
    let mut line = TextLine::default();
    let mut last: Option<&Glyph> = None;
    for glyph in glyphs {
        if is_blank(&glyph.text) {
            continue;
        }
        let repeats = |other: &&Glyph| {
            other.text == glyph.text && (glyph.x.0 - other.x.0).abs() < SAME * glyph.size
        };
        if last.as_ref().is_some_and(repeats) {
            continue;
        }
        let joins = last.is_some_and(|last| {
            let gap = glyph.x.0 - last.x.1;
            let digits = place == Place::Cell && is_digit(&last.text) && is_digit(&glyph.text);
            gap < if digits { 1.0 } else { BLANK } * last.size.min(glyph.size)
        });
        if !joins {
            line.words.push(Word { text: String::new(), x: glyph.x, y: glyph.y });
        }
        if let Some(word) = line.words.last_mut() {
            match &glyph.text {
                BfString::Char(c) => word.text.push(*c),
                BfString::String(text) => word.text.push_str(text),
            }
            word.x = (word.x.0.min(glyph.x.0), word.x.1.max(glyph.x.1));
            word.y = (word.y.0.min(glyph.y.0), word.y.1.max(glyph.y.1));
        }
        last = Some(glyph);
    }
    line
}

fn is_blank(text: &BfString) -> bool {
    match text {
        BfString::Char(c) => c.is_whitespace() || c.is_control(),
        BfString::String(text) => text.chars().all(|c| c.is_whitespace() || c.is_control()),
    }
}

fn is_digit(text: &BfString) -> bool {
    match text {
        BfString::Char(c) => c.is_ascii_digit() || ('０'..='９').contains(c),
        BfString::String(_) => false,
    }
}
