//! One unit → the cells of its row: in order, by borders, or by cutting glued digits.

use super::candidates::{self, Lane};
use super::grid;
use super::printed::Printed;
use super::rows::{Cut, Placement, State};
use super::spacing::Losses;
use crate::tables::Kind;

/// Where the numbers of a bordered table begin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Begin {
    /// Empty cells between label and numbers (spans leave such ghosts), when all complete rows agree.
    ghosts: Option<usize>,
    /// The column, counted in borders from the start of the line, when all complete rows agree.
    column: Option<u32>,
}

impl Begin {
    fn of(printed: &Printed<'_>, row_of: &[Option<usize>]) -> Self {
        let complete = row_of.iter().enumerate().filter_map(|(unit, row)| {
            let width = printed.table.rows[(*row)?].columns.len();
            let slots = printed.slots(unit);
            let first = slots.iter().position(|s| s.kind != Kind::Empty)?;
            let last = slots.iter().rposition(|s| s.kind != Kind::Empty)?;
            // in a grid, cells may also be surplus between the others: blanks prove no place there
            let no_gaps = !printed.evidence.in_grid
                || slots[first..=last].iter().all(|s| s.kind != Kind::Empty);
            let whole = printed.unit(unit).bordered && last + 1 - first == width && no_gaps;
            whole.then(|| (first, printed.unit(unit).column.map(|column| column + first as u32)))
        });
        let (ghosts, columns): (Vec<usize>, Vec<Option<u32>>) = complete.unzip();
        Self { ghosts: agreed(&ghosts), column: agreed(&columns).flatten() }
    }
}

/// The value that all have in common.
fn agreed<T: Copy + PartialEq>(all: &[T]) -> Option<T> {
    let first = *all.first()?;
    all.iter().all(|one| *one == first).then_some(first)
}

/// Fills the cells of rows from their units.
pub(super) struct Filler<'a> {
    printed: &'a Printed<'a>,
    losses: Losses,
    begin: Begin,
}

impl<'a> Filler<'a> {
    /// For a table of which these units have these rows.
    pub(super) fn new(printed: &'a Printed<'a>, losses: Losses, row_of: &[Option<usize>]) -> Self {
        Self { printed, losses, begin: Begin::of(printed, row_of) }
    }

    /// What a unit says about its row, before any equation between rows.
    pub(super) fn fill(&self, lane: &Lane, unit: usize, placed: Option<&[Option<usize>]>) -> State {
        let printed = self.printed;
        let row = printed.unit(unit);
        let slots = printed.slots(unit);
        let cells = lane.cells.len();
        let nothing = |kind: Kind| matches!(kind, Kind::Empty | Kind::Mark);
        if slots.len() != cells && slots.iter().all(|s| nothing(s.kind)) {
            // nothing but blanks: however many there are, the row has no value
            return State::Empty(row.span);
        }
        let in_order = || (0..cells).map(Some).collect::<Vec<_>>();
        if slots.iter().any(|slot| slot.wrapped) {
            // one number on two lines, or two numbers: the row's sum tells
            let own = match grid::in_order(printed, unit, cells) {
                Some(slots) => Some(slots.into_iter().map(Some).collect()),
                None => placed.map(<[_]>::to_vec),
            };
            let proven =
                |own: &Placement| !lane.sums.is_empty() && printed.sums_hold(lane, slots, own);
            return match own.filter(proven) {
                Some(own) => State::Slots(own, unit),
                None => State::Uncertain(row.span),
            };
        }
        if row.bordered && printed.evidence.in_grid {
            let in_order = grid::in_order(printed, unit, cells);
            if let (Some(slots), None) = (in_order, placed) {
                return State::Slots(slots.into_iter().map(Some).collect(), unit);
            }
            if placed.is_none() && grid::frame(printed, unit) > 0 {
                return State::Uncertain(row.span);
            }
            if let Some(placed) = placed {
                // a row that ends before the table does has lost a cell, perhaps not its last: a sum must prove it
                let proven = !lane.sums.is_empty() && printed.sums_hold(lane, slots, placed);
                let short = slots.len() < cells && grid::ends_early(printed, unit);
                let lost = short && !proven;
                return if lost {
                    State::Uncertain(row.span)
                } else {
                    State::Slots(placed.to_vec(), unit)
                };
            }
        }
        if row.bordered {
            return self.bordered(lane, unit);
        }
        if slots.len() == cells && slots.iter().all(|slot| printed.is_plain(slot)) {
            // between glued rows a row of the right number of pieces may still be glued elsewhere
            if self.losses.glued
                && !printed.sums_hold(lane, slots, &in_order())
                && !candidates::full(lane, &printed.run(slots), true).list.is_empty()
            {
                return State::Uncertain(row.span);
            }
            return State::Slots(in_order(), unit);
        }
        if slots.iter().any(|s| s.kind != Kind::Number || s.approximate) {
            // marks between numbers: which cells they fill is open unless there is one piece a cell
            return State::Uncertain(row.span);
        }
        match placed {
            Some(placed) => State::Slots(placed.to_vec(), unit),
            None => State::Cut(self.cut(lane, unit)),
        }
    }

    /// All ways to cut the digits of a unit that the row's own equations allow.
    fn cut(&self, lane: &Lane, unit: usize) -> Cut {
        let slots = self.printed.slots(unit);
        let run = self.printed.run(slots);
        let cells = lane.cells.len();
        let cut = |found, run, choice| Cut { found, run, unit, choice };
        if self.printed.spacing.pieces_are_cells() {
            // only the places of the empty cells are open
            let mut found = candidates::with_blanks(lane, &run, true);
            if found.list.is_empty()
                && slots.len() == 1
                && run.len() >= cells
                && !lane.sums.is_empty()
            {
                // one row glued among separated ones: its own sum must prove it
                found = candidates::full(lane, &run, true);
            }
            found.open |= found.list.is_empty();
            return cut(found, run, true);
        }
        if !self.losses.some && run.len() == cells {
            // as many digits as cells: there is one way
            let found = candidates::full(lane, &run, false);
            return cut(found, run, false);
        }
        let mut found = candidates::full(lane, &run, true);
        if slots.len() > 1 && slots.len() < cells && self.losses.some && !self.losses.glued {
            // pieces may be cells; where cells are certainly lost, that alone explains them
            let pieces = candidates::with_blanks(lane, &run, true);
            if self.losses.many {
                found = pieces;
            } else {
                found.add(pieces);
            }
            found.open |= found.list.is_empty();
            return cut(found, run, true);
        }
        if slots.len() < cells && self.losses.many {
            found.add(candidates::with_blanks(lane, &run, false));
        }
        // too few digits in a table whose other rows have all theirs: something is lost, and nobody can say what
        found.open |= run.len() < cells && found.list.is_empty();
        let choice = found.list.len() != 1 || found.open || !candidates::is_only(lane, &run);
        if found.list.is_empty() && !found.open {
            // the source itself does not add up: what has one reading keeps it
            found = candidates::full(lane, &run, false);
        }
        cut(found, run, choice)
    }

    /// Cells between borders; surplus empty ones are ghosts of spans, missing ones were trimmed at the end of a line.
    fn bordered(&self, lane: &Lane, unit: usize) -> State {
        let row = self.printed.unit(unit);
        let slots = self.printed.slots(unit);
        let cells = lane.cells.len();
        let filled = |at: usize| slots.get(at).is_some_and(|s| s.kind != Kind::Empty).then_some(at);
        let first = slots.iter().position(|s| s.kind != Kind::Empty);
        let last = slots.iter().rposition(|s| s.kind != Kind::Empty);
        let (Some(first), Some(last)) = (first, last) else {
            return State::Slots(vec![None; cells], unit);
        };
        if last + 1 - first > cells {
            return State::Uncertain(row.span);
        }
        let by_column = match (self.begin.column, row.column) {
            // the column of the numbers, counted in slots of this row
            (Some(begin), Some(own)) => Some(begin as usize).zip(Some(own as usize)),
            _ => None,
        };
        let start = if slots.len() == cells && self.begin.ghosts == Some(0) {
            // as many cells as the form has, where no row has more: a group's label before the row's moves nothing
            0
        } else if let Some((begin, own)) = by_column {
            match begin.checked_sub(own) {
                Some(start) if start <= first && last < start + cells => start,
                _ => return State::Uncertain(row.span),
            }
        } else if slots.len() < cells {
            if self.begin.ghosts != Some(0) {
                return State::Uncertain(row.span);
            }
            0
        } else {
            let earliest = (last + 1).saturating_sub(cells);
            let latest = first.min(slots.len() - cells);
            match self.begin.ghosts {
                Some(ghosts) if (earliest..=latest).contains(&ghosts) => ghosts,
                _ if earliest == latest => earliest,
                // surplus cells follow a row; before it they would be known from other rows
                _ if earliest == 0 => 0,
                _ => return State::Uncertain(row.span),
            }
        };
        let placed: Vec<Option<usize>> = (start..start + cells).map(filled).collect();
        // surplus cells may also stand between the others: only rows without gaps show that they do not
        let apart = self.printed.evidence.in_grid
            && slots.len() > cells
            && self.begin.ghosts.is_none()
            && placed.contains(&None);
        if apart {
            return State::Uncertain(row.span);
        }
        // cells that were trimmed at the end of a line are empty ones; those of a line that was cut are not
        let trimmed = slots.len() < start + cells;
        // nor is it known that a row begins with empty cells, when no other row shows where its numbers begin
        let begins_empty =
            by_column.is_none() && self.begin.ghosts.is_none() && placed[0].is_none();
        if (trimmed || begins_empty) && !self.printed.sums_hold(lane, slots, &placed) {
            return State::Uncertain(row.span);
        }
        State::Slots(placed, unit)
    }
}
