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

    pub(super) fn text(&self) -> String {
        self.words.iter().map(|word| word.text.as_str()).collect()
    }

    /// Whether it says the same at the same places across the page.
    pub(super) fn is_printed_under(&self, other: &Self) -> bool {
        self.words.len() == other.words.len()
            && self.words.iter().zip(&other.words).all(|(a, b)| {
                a.text == b.text && (a.x.0 - b.x.0).abs() < 1.0 && (a.x.1 - b.x.1).abs() < 1.0
            })
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
    if place == Place::Cell {
        if let Some(turned) = turned(glyphs) {
            return lines(&turned.iter().collect::<Vec<_>>(), place);
        }
        if is_vertical(glyphs) {
            return vertical(glyphs);
        }
    }
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
                #[expect(clippy::cast_precision_loss, reason = "glyphs of a line")]
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

/// The glyphs of a cell whose text is turned, turned back.
fn turned(glyphs: &[&Glyph]) -> Option<Vec<Glyph>> {
    let turn = glyphs.first().map(|glyph| glyph.turn).filter(|turn| *turn != 0)?;
    if glyphs.iter().any(|glyph| glyph.turn != turn) {
        return None;
    }
    let back = |glyph: &&Glyph| {
        let mut glyph = (*glyph).clone();
        glyph.turn_back(turn, 0.0, 0.0);
        // one that is oblique is read as it stands
        glyph.turn = 0;
        glyph
    };
    Some(glyphs.iter().map(back).collect())
}

/// Whether glyphs follow each other downwards.
fn is_vertical(glyphs: &[&Glyph]) -> bool {
    let (mut down, mut right) = (0, 0);
    for pair in glyphs.windows(2) {
        let (from, to) = (pair[0].center(), pair[1].center());
        let (dx, dy) = ((to.x - from.x) / pair[0].size, (to.y - from.y) / pair[0].size);
        down += usize::from(dx.abs() < 0.3 && (0.5..2.5).contains(&dy));
        right += usize::from(dy.abs() < 0.3 && (0.1..2.5).contains(&dx));
    }
    down > 1 && down > 2 * right
}

/// Lines of vertical writing: from right to left, each from top to bottom.
fn vertical(glyphs: &[&Glyph]) -> Vec<TextLine> {
    let mut order: Vec<(usize, &Glyph)> = glyphs.iter().copied().enumerate().collect();
    order.sort_by(|a, b| b.1.center().x.total_cmp(&a.1.center().x));
    let columns = order.chunk_by(|a, b| (a.1.center().x - b.1.center().x).abs() < 0.5 * a.1.size);
    let line = |column: &[(usize, &Glyph)]| {
        let mut column = column.to_vec();
        // as they are drawn: marks stand in a corner of their place
        column.sort_by_key(|glyph| glyph.0);
        let mut column: Vec<&Glyph> = column.into_iter().map(|glyph| glyph.1).collect();
        column.dedup_by(|next, last| {
            next.text == last.text && (next.y.0 - last.y.0).abs() < SAME * next.size
        });
        let mut word = Word { text: String::new(), x: column[0].x, y: column[0].y };
        for glyph in column.into_iter().filter(|glyph| !is_blank(&glyph.text)) {
            push(&mut word.text, &glyph.text);
            word.y.1 = word.y.1.max(glyph.y.1);
        }
        TextLine { words: vec![word] }
    };
    columns.map(line).filter(|line| !line.words[0].text.is_empty()).collect()
}

fn line(mut glyphs: Vec<&Glyph>, place: Place) -> TextLine {
    glyphs.retain(|glyph| !is_blank(&glyph.text));
    glyphs.sort_by(|a, b| a.x.0.total_cmp(&b.x.0));
    glyphs.dedup_by(|glyph, last| {
        last.text == glyph.text && (glyph.x.0 - last.x.0).abs() < SAME * glyph.size
    });
    let raised = raised(&glyphs, place);
    let mut line = TextLine::default();
    let mut last: Option<&Glyph> = None;
    let mut is_in_note = false;
    for (glyph, is_raised) in glyphs.into_iter().zip(raised) {
        let joins = last.is_some_and(|last| {
            let gap = glyph.x.0 - last.x.1;
            let digits = place == Place::Cell && last.is_digit() && glyph.is_digit();
            gap < if digits { 1.0 } else { BLANK } * last.size.min(glyph.size)
        });
        if is_in_note && !(is_raised && joins) {
            close_note(&mut line);
            is_in_note = false;
        }
        if !joins {
            line.words.push(Word { text: String::new(), x: glyph.x, y: glyph.y });
        }
        if let Some(word) = line.words.last_mut() {
            if is_raised && !is_in_note {
                word.text.push('[');
                is_in_note = true;
            }
            if !(is_raised && is_bracket(&glyph.text)) {
                push(&mut word.text, &glyph.text);
            }
            word.x = (word.x.0.min(glyph.x.0), word.x.1.max(glyph.x.1));
            word.y = (word.y.0.min(glyph.y.0), word.y.1.max(glyph.y.1));
        }
        last = Some(glyph);
    }
    if is_in_note {
        close_note(&mut line);
    }
    line
}

fn close_note(line: &mut TextLine) {
    if let Some(word) = line.words.last_mut() {
        word.text.push(']');
    }
}

/// For each glyph of a line, whether it is the mark of a note: smaller than its neighbour, and above or below the line
/// that it stands on. Such a mark is no digit of the number, and brackets keep it apart.
fn raised(glyphs: &[&Glyph], place: Place) -> Vec<bool> {
    /// Marks are so much smaller, and stand so far from the line, in sizes of the neighbour.
    const SMALLER: f64 = 0.8;
    const OFF_LINE: f64 = 0.15;
    /// And so near to it.
    const NEAR: f64 = 0.5;
    let is_mark = |glyph: &Glyph, base: &Glyph| {
        (place == Place::Cell || base.is_digit())
            && (glyph.turn, base.turn) == (0, 0)
            && glyph.size <= SMALLER * base.size
            && (glyph.baseline() - base.baseline()).abs() >= OFF_LINE * base.size
    };
    let touch =
        |left: &Glyph, right: &Glyph| right.x.0 - left.x.1 < NEAR * left.size.max(right.size);
    let mut raised = vec![false; glyphs.len()];
    let mut base = 0;
    for at in 1..glyphs.len() {
        if touch(glyphs[at - 1], glyphs[at]) && is_mark(glyphs[at], glyphs[base]) {
            raised[at] = true;
        } else {
            base = at;
        }
    }
    // before its number
    let mut base = glyphs.len().saturating_sub(1);
    for at in (0..base).rev() {
        if !raised[at] && touch(glyphs[at], glyphs[at + 1]) && is_mark(glyphs[at], glyphs[base]) {
            raised[at] = true;
        } else {
            base = at;
        }
    }
    raised
}

fn is_bracket(text: &BfString) -> bool {
    matches!(text, BfString::Char('(' | ')' | '（' | '）' | '[' | ']' | '［' | '］' | '〔' | '〕'))
}

fn push(text: &mut String, glyph: &BfString) {
    match glyph {
        BfString::Char(c) => text.push(*c),
        BfString::String(more) => text.push_str(more),
    }
}

/// Whether a glyph says nothing but a blank.
pub(crate) fn is_blank(text: &BfString) -> bool {
    let is = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{AD}' | '\u{2060}')
    };
    match text {
        BfString::Char(c) => is(*c),
        BfString::String(text) => text.chars().all(is),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Glyphs ten points high and wide, each at a place.
    fn glyphs(places: &[(f64, f64, char)]) -> Vec<Glyph> {
        let glyph = |&(x, y, c): &(f64, f64, char)| Glyph {
            text: BfString::Char(c),
            x: (x, x + if c.is_ascii() { 5.0 } else { 10.0 }),
            y: (y, y + 10.0),
            size: 10.0,
            turn: 0,
        };
        places.iter().map(glyph).collect()
    }

    fn text(places: &[(f64, f64, char)], place: Place) -> Vec<Vec<String>> {
        let glyphs = glyphs(places);
        lines(&glyphs.iter().collect::<Vec<_>>(), place)
            .into_iter()
            .map(|line| line.words.into_iter().map(|word| word.text).collect())
            .collect()
    }

    #[test]
    fn ok_printed_twice_is_once() {
        let places = [(0.0, 0.0, '1'), (0.3, 0.0, '1'), (5.0, 0.0, '1'), (5.3, 0.0, '1')];
        assert_eq!(text(&places, Place::Line), [["11"]]);
    }

    #[test]
    fn ok_spaced_digits_are_one_number_in_a_cell() {
        let places = [(0.0, 0.0, '4'), (9.0, 0.0, '.'), (18.0, 0.0, '2')];
        assert_eq!(text(&places, Place::Cell), [["4.2"]]);
        assert_eq!(text(&places, Place::Line), [["4", ".", "2"]]);
    }

    #[test]
    fn ok_vertical_writing_from_right_to_left() {
        let places = [
            (20.0, 0.0, '三'),
            (20.0, 10.0, '、'),
            (20.0, 20.0, '本'),
            (0.0, 0.0, '年'),
            (0.0, 10.0, '度'),
            (0.0, 20.0, '办'),
        ];
        assert_eq!(text(&places, Place::Cell), [["三、本"], ["年度办"]]);
    }
}
