//! Reports of several families for one body and year in one row: statistics of enforcement beside a disclosure report.
//!
//! A family of forms is what stands before the year in their ids: `disclosure-2021`, `enforcement-2018`. Their tables have
//! names of their own, so no cell of one is a cell of the other.

use super::bodies::{Entry, Values};
use super::wide::Wide;
use crate::sinks::schema::{self, NO_CELL};
use std::borrow::Cow;

/// The fields of an entry's row and the letters of its cells: what the report that counts has, and in cells that its form
/// has not what those beside it have.
pub(super) fn fields<'w>(wide: &'w Wide, entry: &Entry) -> (Vec<Cow<'w, str>>, Vec<u8>) {
    let mut fields: Vec<Cow<'w, str>> = wide.fields(entry.row).collect();
    let mut letters = wide.statuses(entry.row);
    for &row in &entry.beside {
        let its = wide.statuses(row);
        let cells = wide.fields(row).skip(wide.first_cell).take(wide.cells);
        for (cell, field) in cells.enumerate() {
            if letters[cell] == NO_CELL && its[cell] != NO_CELL {
                letters[cell] = its[cell];
                if let Some(own) = fields.get_mut(wide.first_cell + cell) {
                    *own = field;
                }
            }
        }
    }
    let said = wide.column("statuses").and_then(|at| fields.get_mut(at));
    if let (false, Some(said)) = (entry.beside.is_empty(), said) {
        *said = Cow::Owned(schema::runs(&letters));
    }
    (fields, letters)
}

/// The numbers of an entry's cells, with those of the reports beside it.
pub(super) fn values(wide: &Wide, entry: &Entry) -> Values {
    let mut values = wide.values(entry.row);
    let letters = wide.statuses(entry.row);
    for &row in &entry.beside {
        for (cell, value) in wide.values(row).into_iter().enumerate() {
            if letters[cell] == NO_CELL {
                values[cell] = values[cell].or(value);
            }
        }
    }
    values
}

/// The documents beside the one that counts, as their sources.
pub(super) fn sources(wide: &Wide, entry: &Entry) -> String {
    let source = wide.column("source").unwrap_or_default();
    let all = entry.beside.iter().filter_map(|row| wide.fields(*row).nth(source));
    all.collect::<Vec<_>>().join("; ")
}
