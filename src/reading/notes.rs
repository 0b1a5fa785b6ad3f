//! Notes in and under a table that take back what it says: `注：行政许可应为695件`, `备注：收费金额单位为元`.

use super::printed::Printed;
use super::rows::{Row, State};
use crate::grammar::matcher::{letters, split_ordinal};
use crate::number::{self, Money, Unit};
use crate::span::Span;
use crate::tables;

/// Most lines under a table that are looked at.
const LINES: usize = 4;
/// Fewest letters of a label by which a note names a row.
const SHORTEST: usize = 2;

/// Opens the rows that notes speak of; where they name none, all rows.
pub(super) fn take_back(printed: &Printed<'_>, rows: &mut [Row]) {
    let (table, span) = (printed.table, printed.evidence.span);
    let rest = &printed.source[span.start as usize..];
    // a note may name a row, and the table end in it
    let length = (span.end - span.start) as usize;
    let inside = length + rest[length..].find('\n').unwrap_or(rest.len() - length);
    let below = rest[inside..].lines().filter(|line| !line.is_empty()).take(LINES);
    let notes = rest[..inside].lines().chain(below).filter_map(tables::note);
    for note in notes {
        let of_money = number::stated(note).any(|(_, unit)| unit != Money::Known(Unit::WanYuan));
        if !of_money && !tables::takes_back(note, printed.evidence.year) {
            continue;
        }
        let at = (note.as_ptr() as usize - printed.source.as_ptr() as usize) as u32;
        let place = Span::new(at, at + note.len() as u32);
        let said = letters(note);
        let names = |row: usize| {
            table.rows[row].labels.iter().any(|label| {
                let label = split_ordinal(label).1;
                label.chars().count() >= SHORTEST && said.contains(&label)
            })
        };
        let names_any = (0..table.rows.len()).any(names);
        let is_meant = |row: usize| {
            let form = &table.rows[row];
            let is_money = || form.columns.iter().any(|column| table.is_money(form, *column));
            (!names_any || names(row)) && (!of_money || is_money())
        };
        for row in rows.iter_mut() {
            if !matches!(row.state, State::Missing) && row.rows.clone().any(is_meant) {
                row.state = State::Uncertain(place);
            }
        }
    }
}
