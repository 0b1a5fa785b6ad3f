//! How a document separates its cells: what may be believed of a blank.
//!
//! A blank is a border in a text that prints every row with blanks between its numbers. It is not one in scraper
//! output, where some borders left a blank and some left nothing; such a text betrays itself by numbers that no report
//! has, like `00` or `018`.

use crate::grammar::Table;
use crate::tables::{Evidence, Kind, Slot};

/// What the whole document shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spacing {
    /// Some row has all its cells, with blanks between them.
    pub separated: bool,
    /// Some digits can only be several cells.
    pub glued: bool,
}

impl Spacing {
    /// Adds what one table shows.
    pub fn add(&mut self, table: &Table, evidence: &Evidence) {
        for unit in evidence.units.iter().filter(|unit| !unit.bordered) {
            let slots = evidence.slots_of(unit);
            self.glued |= slots.iter().any(|slot| is_glued(evidence, slot));
            let complete = |cells: usize| cells > 2 && slots.len() == cells;
            self.separated |= (table.rows.iter().any(|row| complete(row.columns.len()))
                || complete(table.cell_count()))
                && slots.iter().all(|slot| slot.kind == Kind::Number);
        }
    }

    /// Whether each printed piece is a cell, so that a row with fewer pieces has empty cells.
    pub const fn pieces_are_cells(self) -> bool {
        self.separated && !self.glued
    }
}

/// Whether these digits can only be several cells: a number has no leading zero, and no count has ten digits.
pub fn is_glued(evidence: &Evidence, slot: &Slot) -> bool {
    let digits = evidence.digits_of(slot);
    digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.")
        || digits.len() > 10 && !digits.contains('.')
}

/// What one table shows of lost cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Losses {
    /// Some digits of this table can only be several cells.
    pub glued: bool,
    /// A row has fewer digits (or pieces, where these are cells) than cells.
    pub some: bool,
    /// So many rows have that empty cells must be expected in all.
    pub many: bool,
}

impl Losses {
    /// Counts over the rows of a table; `rows` tells the row of each unit.
    pub fn of(
        table: &Table,
        evidence: &Evidence,
        rows: &[Option<usize>],
        spacing: Spacing,
    ) -> Self {
        let wide = |row: usize| table.rows[row].columns.len() > 1;
        let mut glued = false;
        let mut short = 0;
        let mut all = 0;
        for (unit, row) in evidence.units.iter().zip(rows) {
            let Some(row) = row.filter(|row| wide(*row) && !unit.bordered) else { continue };
            let slots = evidence.slots_of(unit);
            let digits: u32 = slots.iter().map(|s| (s.digits.1 - s.digits.0).max(1)).sum();
            let printed = if spacing.pieces_are_cells() { slots.len() } else { digits as usize };
            all += 1;
            short += usize::from(printed < table.rows[row].columns.len());
            glued |= slots.iter().any(|slot| is_glued(evidence, slot));
        }
        // labelled rows without numbers
        let mut filled = vec![false; table.rows.len()];
        rows.iter().flatten().for_each(|row| filled[*row] = true);
        let mut empty = 0;
        for label in &evidence.labels {
            empty +=
                usize::from(wide(label.row) && !std::mem::replace(&mut filled[label.row], true));
        }
        let lost = short + empty;
        Self { glued, some: lost > 0, many: lost * 4 > all + empty }
    }
}
