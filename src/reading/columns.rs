//! Columns kept by blanks alone: where a number stands on its line tells its column, when a cell of the row is empty.
//!
//! The columns are learned from the rows of the same page that have every cell, or from the header. A number counts
//! for a column only when it touches that one and no other.

use crate::grammar::Table;
use crate::lines::fold::{self, Class};
use crate::span::{LineIndex, Span};
use crate::tables::{Evidence, RowUnit};

/// Columns of the screen, half-open: an ideograph is two wide.
type Extent = (u32, u32);

/// For each unit, the column of each of its slots, when position tells them all.
pub fn by_position(
    table: &Table,
    source: &str,
    lines: &LineIndex,
    furniture: &[Span],
    evidence: &Evidence,
    rows: &[Option<usize>],
) -> Vec<Option<Vec<usize>>> {
    let page_of = |unit: &RowUnit| {
        let breaks = furniture.partition_point(|f| f.end <= unit.span.start);
        (breaks, source[..unit.span.start as usize].matches('\u{C}').count())
    };
    let extents: Vec<Option<Vec<Extent>>> =
        evidence.units.iter().map(|unit| extents(source, lines, evidence, unit)).collect();
    let header = header(table, source, lines, evidence);
    evidence
        .units
        .iter()
        .enumerate()
        .map(|(at, unit)| {
            let width = table.rows[rows[at]?].columns.len();
            let own = extents[at].as_ref()?;
            if own.is_empty() || own.len() >= width {
                return None;
            }
            let page = page_of(unit);
            let full = evidence.units.iter().enumerate().filter(|(other, u)| {
                rows[*other].is_some_and(|r| table.rows[r].columns.len() == width)
                    && extents[*other].as_ref().is_some_and(|e| e.len() == width)
                    && page_of(u) == page
            });
            let mut columns: Vec<Extent> = vec![(u32::MAX, 0); width];
            let mut learned = false;
            for (other, _) in full {
                for (column, extent) in columns.iter_mut().zip(extents[other].as_deref().unwrap_or(&[])) {
                    *column = (column.0.min(extent.0), column.1.max(extent.1));
                    learned = true;
                }
            }
            if !learned {
                columns = header.as_ref().filter(|h| h.1.len() == width && page_of_line(source, furniture, h.0) == page)?.1.clone();
            }
            place(own, &columns)
        })
        .collect()
}

fn page_of_line(source: &str, furniture: &[Span], at: u32) -> (usize, usize) {
    (furniture.partition_point(|f| f.end <= at), source[..at as usize].matches('\u{C}').count())
}

/// The column that each extent touches, strictly rising.
fn place(own: &[Extent], columns: &[Extent]) -> Option<Vec<usize>> {
    if columns.windows(2).any(|pair| pair[0].1 > pair[1].0) {
        return None;
    }
    let mut placed = Vec::with_capacity(own.len());
    for extent in own {
        let mut touching = (0..columns.len()).filter(|&c| extent.0 < columns[c].1 && columns[c].0 < extent.1);
        let column = touching.next()?;
        if touching.next().is_some() || placed.last().is_some_and(|last| column <= *last) {
            return None;
        }
        placed.push(column);
    }
    Some(placed)
}

/// Where the slots of a unit stand, when they all stand on one line.
fn extents(source: &str, lines: &LineIndex, evidence: &Evidence, unit: &RowUnit) -> Option<Vec<Extent>> {
    if unit.bordered {
        return None;
    }
    let slots = evidence.slots_of(unit);
    let line = lines.line_at(slots.first()?.span.start);
    let line = lines.span(line);
    slots
        .iter()
        .map(|slot| {
            (slot.span.start >= line.start && slot.span.end <= line.end).then(|| {
                let start = width_of(&source[line.start as usize..slot.span.start as usize]);
                (start, start + width_of(slot.span.of(source)))
            })
        })
        .collect()
}

/// Screen columns of a text.
fn width_of(text: &str) -> u32 {
    let table = fold::table();
    text.chars()
        .map(|c| match c {
            _ if c.is_ascii() => u32::from(!c.is_ascii_control()),
            '\u{3000}' | '\u{FF01}'..='\u{FF60}' => 2,
            _ if table.class(c) == Class::Space => 1,
            _ => 2,
        })
        .sum()
}

/// The columns as the header shows them: the hull of the words that only this column's label has, up to the middle of
/// the gap to its neighbours. Also where the header stands.
fn header(table: &Table, source: &str, lines: &LineIndex, evidence: &Evidence) -> Option<(u32, Vec<Extent>)> {
    let first_row = evidence.labels.first()?.span.start;
    let last = lines.line_at(first_row);
    let from = lines.line_at(evidence.span.start).max(last.saturating_sub(12));
    let mut hulls: Vec<Option<Extent>> = vec![None; table.columns.len()];
    for number in from..last {
        let line = lines.span(number);
        let text = line.of(source);
        for (at, word) in words(text) {
            let letters: String = word.chars().map(|c| fold::table().fold(c)).collect();
            let mut owners = (0..table.columns.len()).filter(|&c| table.columns[c].labels[0].contains(&letters));
            if let (Some(owner), None) = (owners.next(), owners.next()) {
                let start = width_of(&text[..at]);
                let extent = (start, start + width_of(word));
                let hull = hulls[owner].get_or_insert(extent);
                *hull = (hull.0.min(extent.0), hull.1.max(extent.1));
            }
        }
    }
    let mut columns: Vec<Extent> = hulls.into_iter().collect::<Option<_>>()?;
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
    Some((lines.span(last).start, columns))
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
        assert_eq!(place(&[(11, 12), (31, 32)], &columns), Some(vec![0, 2]));
        assert_eq!(place(&[(20, 24)], &columns), Some(vec![1]));
    }

    #[test]
    fn err_touches_none_or_two() {
        let columns = [(10, 12), (20, 21), (30, 34)];
        assert_eq!(place(&[(14, 15)], &columns), None);
        assert_eq!(place(&[(11, 21)], &columns), None);
        assert_eq!(place(&[(31, 32), (33, 34)], &columns), None);
    }
}
