//! Columns kept by blanks alone: where a number stands on its line tells its column, when a cell of the row is empty.
//!
//! The columns are learned from the rows of the same page that have every cell, or from the header. A number counts
//! for a column only when it touches that one and no other. Programs differ in how wide they take an ideograph
//! (`pdftotext -layout` one column, editors two); the count under which the last numbers of all rows stand under each
//! other is the document's.

use crate::fold::{self, Class};
use crate::grammar::Table;
use crate::span::{LineIndex, Span};
use crate::tables::{Evidence, PrintedRow};

/// Columns of the screen, half-open.
type Extent = (u32, u32);

/// Whether one count is right and another wrong, by how far the ends of the last numbers of rows stand apart under
/// each: under the right one hardly at all (numbers of more digits may be centred), under the wrong one clearly further.
const fn is_straight(right: u32, wrong: u32) -> bool {
    (right <= 2 && wrong >= right + 3) || (right <= 4 && wrong >= right + 4)
}

/// Longest line, in bytes, whose columns are looked at.
const LONGEST_LINE: u32 = 1000;

/// A table in a text whose columns are kept by blanks.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// The form's table.
    pub table: &'a Table,
    /// The decoded text.
    pub source: &'a str,
    /// Its lines.
    pub lines: &'a LineIndex,
    /// Its page numbers.
    pub furniture: &'a [Span],
    /// What was found of the table.
    pub evidence: &'a Evidence,
    /// The row of each unit.
    pub rows: &'a [Option<usize>],
    /// Number of cells when all rows stand side by side in one unit, else zero.
    pub across: usize,
}

/// How wide the document's program took an ideograph: the width under which the last numbers of the rows of this table
/// stand under each other, when they do not under the other one.
pub fn ideograph(text: &Text<'_>) -> Option<u32> {
    let feeds = form_feeds(text.source);
    let spread = |ideograph: u32| {
        let view = View { text, ideograph, feeds: &feeds };
        let extents: Vec<Option<Vec<Extent>>> =
            text.evidence.rows.iter().map(|unit| view.extents(unit)).collect();
        view.spread(&extents)
    };
    match (spread(1)?, spread(2)?) {
        (narrow, wide) if is_straight(narrow, wide) => Some(1),
        (narrow, wide) if is_straight(wide, narrow) => Some(2),
        _ => None,
    }
}

/// For each unit, the column of each of its slots, when position tells them all.
pub type Columns = Vec<Option<Vec<usize>>>;

/// The columns by position: one reading when it is known how wide ideographs are, else one for each width.
pub fn by_position(text: &Text<'_>, ideograph: Option<u32>) -> Vec<Columns> {
    let feeds = form_feeds(text.source);
    let place_by = |ideograph: u32| {
        let view = View { text, ideograph, feeds: &feeds };
        let extents: Vec<Option<Vec<Extent>>> =
            text.evidence.rows.iter().map(|unit| view.extents(unit)).collect();
        view.place(&extents)
    };
    // far more units than rows: that is no table, and every unit is compared with every other
    if text.evidence.rows.len() > 4 * text.table.rows.len() {
        return vec![vec![None; text.evidence.rows.len()]];
    }
    match ideograph {
        Some(width) => vec![place_by(width)],
        None => vec![place_by(1), place_by(2)],
    }
}

fn form_feeds(source: &str) -> Vec<u32> {
    memchr::memchr_iter(0x0C, source.as_bytes()).map(|at| at as u32).collect()
}

/// A table seen with one width of ideographs.
#[derive(Clone, Copy)]
struct View<'a> {
    text: &'a Text<'a>,
    ideograph: u32,
    /// Form feeds of the source.
    feeds: &'a [u32],
}

impl View<'_> {
    fn cells(&self, row: usize) -> usize {
        if self.text.across > 0 {
            self.text.across
        } else {
            self.text.table.rows[row].columns.len()
        }
    }

    /// How far the ends of the last numbers of all rows stand apart, page by page; none with fewer than three rows.
    fn spread(&self, extents: &[Option<Vec<Extent>>]) -> Option<u32> {
        let mut pages: Vec<((usize, usize), u32, u32)> = Vec::new();
        let mut count = 0;
        for (unit, extent) in self.text.evidence.rows.iter().zip(extents) {
            let Some(end) = extent.as_ref().and_then(|e| e.last()).map(|e| e.1) else { continue };
            count += 1;
            let page = self.page(unit.span.start);
            match pages.iter_mut().find(|(p, ..)| *p == page) {
                Some((_, least, most)) => (*least, *most) = ((*least).min(end), (*most).max(end)),
                None => pages.push((page, end, end)),
            }
        }
        pages.iter().map(|(_, least, most)| most - least).max().filter(|_| count >= 3)
    }

    fn place(&self, extents: &[Option<Vec<Extent>>]) -> Vec<Option<Vec<usize>>> {
        let header = if self.text.across > 0 { self.header_line() } else { self.header() };
        let units = &self.text.evidence.rows;
        let width_of =
            |at: usize| self.text.rows.get(at).copied().flatten().map(|row| self.cells(row));
        (0..units.len())
            .map(|at| {
                let width = width_of(at)?;
                let own = extents[at].as_ref()?;
                if own.is_empty() || own.len() >= width {
                    return None;
                }
                let page = self.page(units[at].span.start);
                let alike = |other: &usize| width_of(*other) == Some(width);
                let learn = |here: bool| {
                    let full = (0..units.len())
                        .filter(alike)
                        .filter_map(|other| extents[other].as_ref().map(|e| (other, e)));
                    let full = full.filter(|(other, e)| {
                        e.len() == width && (!here || self.page(units[*other].span.start) == page)
                    });
                    full.fold(None, |columns: Option<Vec<Extent>>, (_, e)| {
                        let mut columns = columns.unwrap_or_else(|| e.clone());
                        for (column, extent) in columns.iter_mut().zip(e) {
                            *column = (column.0.min(extent.0), column.1.max(extent.1));
                        }
                        Some(columns)
                    })
                };
                let place = |columns: &[Extent]| {
                    let placed = touching(own, columns)?;
                    // where the first columns are empty, no label reaches over them
                    let (from, to) = columns[0];
                    let is_free =
                        placed[0] == 0 || self.words_end(&units[at]) <= u32::midpoint(from, to);
                    is_free.then_some(placed)
                };
                if let Some(columns) = learn(true) {
                    return place(&columns);
                }
                // from another page only when the totals of this one stand where they should
                let columns =
                    learn(false).or_else(|| header.clone().filter(|h| h.len() == width))?;
                let total = *columns.last()?;
                let straight = (0..units.len())
                    .filter(|other| alike(other) && self.page(units[*other].span.start) == page)
                    .filter_map(|other| extents[other].as_ref().and_then(|e| e.last()))
                    .all(|end| end.0 < total.1 && total.0 < end.1);
                if straight || self.text.across > 0 { place(&columns) } else { None }
            })
            .collect()
    }

    /// Which page a byte is on.
    fn page(&self, at: u32) -> (usize, usize) {
        let feeds = self.feeds.partition_point(|feed| *feed < at);
        (self.text.furniture.partition_point(|f| f.end <= at), feeds)
    }

    /// Where the slots of a unit stand, when they all stand on one line.
    fn extents(&self, unit: &PrintedRow) -> Option<Vec<Extent>> {
        if unit.bordered {
            return None;
        }
        let slots = self.text.evidence.pieces_of(unit);
        let line = self.text.lines.span(self.text.lines.line_at(slots.first()?.span.start));
        if line.end - line.start > LONGEST_LINE {
            return None;
        }
        slots
            .iter()
            .map(|slot| {
                (slot.span.start >= line.start && slot.span.end <= line.end).then(|| {
                    let start = self
                        .width_of(&self.text.source[line.start as usize..slot.span.start as usize]);
                    (start, start + self.width_of(slot.span.of(self.text.source)))
                })
            })
            .collect()
    }

    /// Where the words end that stand before the first number of a unit on its line.
    fn words_end(&self, unit: &PrintedRow) -> u32 {
        let Some(first) = self.text.evidence.pieces_of(unit).first() else { return 0 };
        let line = self.text.lines.span(self.text.lines.line_at(first.span.start));
        let before = &self.text.source[line.start as usize..first.span.start as usize];
        self.width_of(before.trim_end())
    }

    /// Screen columns of a text.
    fn width_of(&self, text: &str) -> u32 {
        let table = fold::table();
        text.chars()
            .map(|c| match c {
                _ if c.is_ascii() => u32::from(!c.is_ascii_control()),
                _ if table.class(c) == Class::Space => 1,
                _ => self.ideograph,
            })
            .sum()
    }

    /// The columns as the header shows them: the hull of the words that only this column's label has, up to the
    /// middle of the gap to its neighbours.
    fn header(&self) -> Option<Vec<Extent>> {
        const HIGHEST: u32 = 12;
        let first_row = self.text.evidence.labels.first()?.span.start;
        let last = self.text.lines.line_at(first_row);
        let from = self
            .text
            .lines
            .line_at(self.text.evidence.span.start)
            .max(last.saturating_sub(HIGHEST));
        let mut hulls: Vec<Option<Extent>> = vec![None; self.text.table.columns.len()];
        for number in from..last {
            let text = self.text.lines.span(number).of(self.text.source);
            for (at, word) in words(text) {
                let letters: String = word.chars().map(|c| fold::table().fold(c)).collect();
                let mut owners = (0..self.text.table.columns.len())
                    .filter(|&c| self.text.table.columns[c].labels[0].contains(&letters));
                if let (Some(owner), None) = (owners.next(), owners.next()) {
                    let start = self.width_of(&text[..at]);
                    let extent = (start, start + self.width_of(word));
                    let hull = hulls[owner].get_or_insert(extent);
                    *hull = (hull.0.min(extent.0), hull.1.max(extent.1));
                }
            }
        }
        between(hulls.into_iter().collect::<Option<_>>()?)
    }

    /// The columns of a table across: a line with one word for each cell, in the order of the form.
    fn header_line(&self) -> Option<Vec<Extent>> {
        let labels: Vec<&str> = self
            .text
            .table
            .rows
            .iter()
            .flat_map(|row| {
                row.columns.iter().map(|c| self.text.table.columns[*c].labels[0].as_str())
            })
            .collect();
        let span = self.text.evidence.span;
        (self.text.lines.line_at(span.start)..=self.text.lines.line_at(span.end)).find_map(
            |number| {
                let text = self.text.lines.span(number).of(self.text.source);
                let words: Vec<(usize, &str)> = words(text).collect();
                let fits = words.len() == labels.len()
                    && words.iter().zip(&labels).all(|((_, word), label)| {
                        let letters: String = word.chars().map(|c| fold::table().fold(c)).collect();
                        label.contains(&letters)
                    });
                let extent = |(at, word): &(usize, &str)| {
                    let start = self.width_of(&text[..*at]);
                    (start, start + self.width_of(word))
                };
                if fits { between(words.iter().map(extent).collect()) } else { None }
            },
        )
    }
}

/// Columns widened to the middle of the gaps between them; none when they overlap.
fn between(mut columns: Vec<Extent>) -> Option<Vec<Extent>> {
    for at in 1..columns.len() {
        if columns[at - 1].1 > columns[at].0 {
            return None;
        }
        let middle = u32::midpoint(columns[at - 1].1, columns[at].0);
        (columns[at - 1].1, columns[at].0) = (middle, middle);
    }
    let half = columns.first().map_or(0, |c| c.1.saturating_sub(c.0));
    columns.first_mut()?.0 = columns[0].0.saturating_sub(half);
    columns.last_mut()?.1 += half;
    Some(columns)
}

/// The column that each extent touches, strictly rising.
fn touching(own: &[Extent], columns: &[Extent]) -> Option<Vec<usize>> {
    if columns.windows(2).any(|pair| pair[0].1 > pair[1].0) {
        return None;
    }
    let mut placed = Vec::with_capacity(own.len());
    for extent in own {
        let mut touching =
            (0..columns.len()).filter(|&c| extent.0 < columns[c].1 && columns[c].0 < extent.1);
        let column = touching.next()?;
        if touching.next().is_some() || placed.last().is_some_and(|last| column <= *last) {
            return None;
        }
        placed.push(column);
    }
    Some(placed)
}

/// Words of a line: runs of letters between blanks and marks.
fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let table = fold::table();
    line.split(move |c| table.class(c) != Class::Letter)
        .filter(|word| word.chars().count() > 1)
        .map(move |word| (word.as_ptr() as usize - line.as_ptr() as usize, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_touches_one_column() {
        let columns = [(10, 12), (20, 21), (30, 34)];
        assert_eq!(touching(&[(11, 12), (31, 32)], &columns), Some(vec![0, 2]));
        assert_eq!(touching(&[(20, 24)], &columns), Some(vec![1]));
    }

    #[test]
    fn err_touches_none_or_two() {
        let columns = [(10, 12), (20, 21), (30, 34)];
        assert_eq!(touching(&[(14, 15)], &columns), None);
        assert_eq!(touching(&[(11, 21)], &columns), None);
        assert_eq!(touching(&[(31, 32), (33, 34)], &columns), None);
    }
}
