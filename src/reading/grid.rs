//! Cells of a grid → cells of a row of the form.
//!
//! A row with as many cells behind its label as the form has needs no positions: pages put spans on one cell in the
//! header and on another in the body, and people read such a row all the same. Where cells are missing or surplus,
//! positions tell: the columns of the rows that have all their cells, else those of the header.

use super::printed::Printed;
use super::rows::Placement;
use crate::document::blocks::MOST_COLUMNS;
use crate::grammar::Layout;
use crate::tables::Kind;
use std::ops::Range;

/// Columns of a grid, half-open.
type Extent = (u32, u32);

/// For each cell of these rows side by side, the columns of the grid it has, as the unit `own` counts them; `units` are
/// units of rows with the same columns of the form.
pub(super) fn columns(
    printed: &Printed<'_>,
    rows: Range<usize>,
    units: &[usize],
    own: usize,
) -> Option<Vec<Extent>> {
    let frame = frame(printed, own);
    let cells: usize = printed.table.rows[rows.clone()].iter().map(|row| row.columns.len()).sum();
    let full = units
        .iter()
        .copied()
        .filter(|unit| printed.unit(*unit).bordered && self::frame(printed, *unit) == frame)
        .filter_map(|unit| Some((unit, in_order(printed, unit, cells)?)));
    let learned = full.fold(None, |known: Option<Vec<Extent>>, (unit, slots)| {
        let first = printed.unit(unit).slots.0 as usize;
        let own = slots.into_iter().map(|slot| printed.evidence.extents[first + slot]);
        let own: Vec<Extent> = own.collect();
        Some(match known {
            None => own,
            Some(known) => {
                known.iter().zip(own).map(|(a, b)| (a.0.min(b.0), a.1.max(b.1))).collect()
            }
        })
    });
    learned
        .filter(|columns| apart(columns))
        .or_else(|| header(printed, rows, frame).filter(|columns| apart(columns)))
}

/// The columns as the header shows them.
fn header(printed: &Printed<'_>, rows: Range<usize>, frame: u32) -> Option<Vec<Extent>> {
    let wanted: Vec<usize> =
        printed.table.rows[rows].iter().flat_map(|row| row.columns.iter().copied()).collect();
    let mut known = printed.evidence.header.clone();
    known.retain(|(_, extent)| frame_of(*extent) == frame);
    if printed.table.layout == Layout::Across {
        known.sort_unstable_by_key(|(_, extent)| *extent);
        known.dedup();
        let fits = known.len() == wanted.len()
            && known.iter().zip(&wanted).all(|(have, want)| have.0 == *want);
        return fits.then(|| known.into_iter().map(|(_, extent)| extent).collect());
    }
    wanted
        .iter()
        .map(|column| {
            let own = known.iter().filter(|(c, _)| c == column).map(|(_, extent)| *extent);
            // `其他` also stands in the words over several columns: the narrower is the column's
            own.reduce(|a, b| {
                let within = |inner: Extent, outer: Extent| {
                    outer.0 <= inner.0 && inner.1 <= outer.1 && inner != outer
                };
                if frame > 0 && within(a, b) {
                    a
                } else if frame > 0 && within(b, a) {
                    b
                } else {
                    (a.0.min(b.0), a.1.max(b.1))
                }
            })
        })
        .collect()
}

/// Which frame the columns of a unit are counted in; the first is that of documents which tell columns themselves.
pub(super) fn frame(printed: &Printed<'_>, unit: usize) -> u32 {
    let first = printed.unit(unit).slots.0 as usize;
    printed.evidence.extents.get(first).map_or(0, |extent| frame_of(*extent))
}

/// The slots of a row that has just as many cells as the form. Where columns were found by what stands in them, a
/// column without anything is not known: only numbers count.
pub(super) fn in_order(printed: &Printed<'_>, unit: usize, cells: usize) -> Option<Vec<usize>> {
    let slots = printed.slots(unit);
    let is_known = frame(printed, unit) == 0;
    let own = (0..slots.len()).filter(|at| is_known || slots[*at].kind != Kind::Empty);
    Some(own.collect()).filter(|own: &Vec<usize>| own.len() == cells)
}

/// Which frame columns are counted in.
const fn frame_of(extent: Extent) -> u32 {
    extent.0 / MOST_COLUMNS
}

/// The columns of a row where the header prints them in another order than the form: then only the header says which
/// cell is which.
pub(super) fn reordered(
    printed: &Printed<'_>,
    rows: Range<usize>,
    unit: usize,
) -> Option<Vec<Extent>> {
    if printed.table.layout == Layout::Across {
        return None;
    }
    let columns = header(printed, rows, frame(printed, unit)).filter(|columns| !apart(columns))?;
    let mut sorted = columns.clone();
    sorted.sort_unstable();
    apart(&sorted).then_some(columns)
}

/// Whether the header of rows side by side names all their columns, and in another order than the form.
pub(super) fn disagrees(printed: &Printed<'_>, rows: Range<usize>) -> bool {
    let wanted = printed.table.rows[rows].iter().flat_map(|row| row.columns.iter().copied());
    let mut known = printed.evidence.header.clone();
    known.sort_unstable_by_key(|(_, extent)| *extent);
    known.dedup();
    let known: Vec<usize> = known.into_iter().map(|(column, _)| column).collect();
    let wanted: Vec<usize> = wanted.collect();
    let mut both = [known.clone(), wanted.clone()];
    for columns in &mut both {
        columns.sort_unstable();
    }
    both[0] == both[1] && known != wanted
}

/// Whether each column ends before the next begins.
fn apart(columns: &[Extent]) -> bool {
    columns.windows(2).all(|pair| pair[0].1 <= pair[1].0)
}

/// Whether a unit ends in an earlier column than others do.
pub(super) fn ends_early(printed: &Printed<'_>, unit: usize) -> bool {
    let end = |slots: (u32, u32)| {
        let own = &printed.evidence.extents[slots.0 as usize..slots.1 as usize];
        own.iter().map(|extent| extent.1).max().unwrap_or(0)
    };
    let own = end(printed.unit(unit).slots);
    let header = printed.evidence.header.iter().map(|(_, extent)| extent.1);
    let alike = |end: &u32| end.saturating_sub(1) / MOST_COLUMNS == frame(printed, unit);
    let ends = printed.evidence.units.iter().map(|unit| end(unit.slots)).chain(header);
    ends.filter(alike).any(|other| other > own)
}

/// The slots of a unit in these columns; none when one stands in no column or over several.
pub(super) fn place(printed: &Printed<'_>, unit: usize, columns: &[Extent]) -> Option<Placement> {
    let first = printed.unit(unit).slots.0 as usize;
    let mut placed: Placement = vec![None; columns.len()];
    for (at, slot) in printed.slots(unit).iter().enumerate() {
        let own = printed.evidence.extents[first + at];
        let mut under =
            (0..columns.len()).filter(|&c| own.0 < columns[c].1 && columns[c].0 < own.1);
        let column = under.next();
        if slot.kind == Kind::Empty {
            // so that a blank cell knows its place
            if let (Some(column), None) = (column, under.next())
                && placed[column].is_none()
            {
                placed[column] = Some(at);
            }
            continue;
        }
        if slot.kind == Kind::Mark && column.is_none() {
            // a mark for nothing where the form has no cell
            continue;
        }
        let column = column?;
        let free =
            placed[column].is_none_or(|other| printed.slots(unit)[other].kind == Kind::Empty);
        if under.next().is_some() || !free {
            return None;
        }
        placed[column] = Some(at);
    }
    Some(placed)
}
