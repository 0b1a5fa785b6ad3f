//! Units → rows: which row each unit is, and which of its printed things stand in which column.

use super::align::{self, Place};
use super::candidates::{Candidates, Digit, Lane};
use super::columns;
use super::fill::Filler;
use super::grid;
use super::printed::{Printed, one_line};
use super::spacing::{Losses, is_glued};
use crate::finding::{Code, Finding};
use crate::grammar::Layout;
use crate::span::Span;
use crate::tables::Kind;
use std::ops::Range;
use std::rc::Rc;

/// A row of the form (or all rows side by side) with what the document has for it.
pub struct Row {
    /// Rows of the form.
    pub rows: Range<usize>,
    /// Its cells and their equations.
    pub lane: Rc<Lane>,
    /// What the document has.
    pub state: State,
}

/// Most numbers without a row that are told of one by one.
const MOST_NOWHERE: usize = 50;

/// For each cell of a row the slot that fills it.
pub type Placement = Vec<Option<usize>>;

/// What the document has for a row.
pub enum State {
    /// Nothing, not even its label.
    Missing,
    /// Its label, or marks for nothing.
    Empty(Span),
    /// One slot a cell, as indices of the unit's slots; none where the cell is empty.
    Slots(Placement, usize),
    /// Digits to be cut.
    Cut(Cut),
    /// Numbers of which it is open whose they are, or which cells they fill.
    Uncertain(Span),
}

/// A run of digits and the ways to cut it.
pub struct Cut {
    /// The ways that are left.
    pub found: Candidates,
    /// The digits.
    pub run: Vec<Digit>,
    /// The unit they stand in.
    pub unit: usize,
    /// Whether there was a choice before the equations.
    pub choice: bool,
}

/// Finds the rows of a table.
pub fn rows(printed: &Printed<'_>, findings: &mut Vec<Finding>) -> Vec<Row> {
    if printed.table.layout == Layout::Across && !stand_apart(printed) {
        return vec![across(printed)];
    }
    let units = &printed.evidence.units;
    let places = align::align(printed.table, printed.evidence);
    let count = printed.table.rows.len();
    let mut of_row: Vec<Option<usize>> = vec![None; count];
    let mut uncertain: Vec<Option<Span>> = vec![None; count];
    let mut nowhere = 0;
    let has_number = |unit: usize| {
        printed.slots(unit).iter().any(|s| matches!(s.kind, Kind::Number | Kind::Text))
    };
    let is_rest_of_row = |unit: usize| {
        let is_open = places.get(unit).is_some_and(|place| !matches!(place, Place::Row(_)));
        is_open && units[unit].unknown_label && has_number(unit)
    };
    for (unit, place) in places.iter().enumerate() {
        let span = units[unit].span;
        match *place {
            Place::Row(row) => of_row[row] = Some(unit),
            Place::Uncertain(first, last) => {
                for row in &mut uncertain[first..=last] {
                    *row = Some(row.map_or(span, |known| known.join(span)));
                }
                let rows = &printed.table.rows;
                let message = format!(
                    "these numbers may belong to {} (`{}`) or {} (`{}`)",
                    rows[first].labels[0], rows[first].key, rows[last].labels[0], rows[last].key
                );
                findings.push(Finding::new(Code::RowUncertain, message).at(span));
            }
            // marks for nothing, beside a header
            Place::Nowhere if !has_number(unit) => {}
            // the rest of very many is more of the same
            Place::Nowhere if nowhere >= MOST_NOWHERE => {}
            Place::Nowhere => {
                nowhere += 1;
                let shown = one_line(span.of(printed.source));
                let message = format!(
                    "`{shown}` stands in table `{}` and belongs to no row",
                    printed.table.key
                );
                findings.push(Finding::new(Code::UnclaimedText, message).at(span));
            }
        }
    }
    let row_of: Vec<Option<usize>> = places
        .iter()
        .map(|place| if let Place::Row(row) = place { Some(*row) } else { None })
        .collect();
    let losses = Losses::of(printed.table, printed.evidence, &row_of, printed.spacing);
    let lanes = lanes(printed);
    let (placed, doubted) = if printed.evidence.in_grid {
        in_grid(printed, &row_of, &lanes)
    } else {
        by_position(printed, &row_of, &lanes, losses)
    };
    let filler = Filler::new(printed, losses, &row_of);
    (0..count)
        .map(|row| {
            let lane = Rc::clone(&lanes[row]);
            let state = match (of_row[row], uncertain[row]) {
                (Some(unit), _) if doubted[unit] => State::Uncertain(units[unit].span),
                // an empty row, and behind it numbers whose label nobody knows: its own, cut in two
                (Some(unit), _) if !has_number(unit) && is_rest_of_row(unit + 1) => {
                    State::Uncertain(units[unit + 1].span)
                }
                // or before it numbers of no row: its own, where a page ends between them and the label
                (Some(unit), _)
                    if !has_number(unit)
                        && unit > 0
                        && places[unit - 1] == Place::Nowhere
                        && has_number(unit - 1) =>
                {
                    State::Uncertain(units[unit - 1].span)
                }
                (Some(unit), _) => match filler.fill(&lane, unit, placed[unit].as_deref()) {
                    State::Empty(span) => {
                        words_with_digits(printed, row).map_or(State::Empty(span), State::Uncertain)
                    }
                    state => state,
                },
                (None, Some(span)) => State::Uncertain(span),
                (None, None) => match printed.evidence.labels.iter().find(|l| l.row == row) {
                    // its own numbers are there, and could not be placed: no blanks
                    Some(label)
                        if places.get(label.before_unit) == Some(&Place::Nowhere)
                            && has_number(label.before_unit) =>
                    {
                        State::Uncertain(units[label.before_unit].span)
                    }
                    Some(label) => words_with_digits(printed, row)
                        .map_or(State::Empty(label.span), State::Uncertain),
                    None => State::Missing,
                },
            };
            Row { rows: row..row + 1, lane, state }
        })
        .collect()
}

/// Words with digits among them behind a row's label on its line (`共12件`): the row is not blank, whatever they say.
fn words_with_digits(printed: &Printed<'_>, row: usize) -> Option<Span> {
    const SHORT_LINE: u32 = 90;
    let label = printed.evidence.labels.iter().rfind(|label| label.row == row)?;
    let line = &printed.source[label.span.end as usize..];
    let end = label.span.end + memchr::memchr(b'\n', line.as_bytes()).unwrap_or(line.len()) as u32;
    let behind = |span: &Span| label.span.end <= span.start && span.start < end;
    let loose = printed.evidence.loose.iter().find(|span| behind(span));
    // behind the last label, prose follows, which is not looked through: only a short line is the row's own
    let is_last = printed.evidence.labels.iter().all(|other| other.span.start <= label.span.start);
    let start = match loose {
        Some(loose) => loose.start,
        None if is_last && end - label.span.end <= SHORT_LINE => label.span.end,
        None => return None,
    };
    let all = Span::new(start, end);
    all.of(printed.source).chars().any(char::is_numeric).then_some(all)
}

/// The lane of each row; most tables have the same columns in every row, which then share one.
fn lanes(printed: &Printed<'_>) -> Vec<Rc<Lane>> {
    let rows = &printed.table.rows;
    let mut lanes: Vec<Rc<Lane>> = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        let lane = match lanes.last() {
            Some(last) if rows[at - 1].columns == row.columns => Rc::clone(last),
            _ => Rc::new(printed.lane(at..at + 1)),
        };
        lanes.push(lane);
    }
    lanes
}

/// Whether the rows of a table that is printed across stand apart here, one small table each.
fn stand_apart(printed: &Printed<'_>) -> bool {
    let units = printed.evidence.units.len();
    let widest = printed.table.rows.iter().map(|r| r.columns.len()).max().unwrap_or(0);
    units > 1
        && units <= printed.table.rows.len()
        && (0..units).all(|unit| {
            printed.slots(unit).len() <= widest
                && printed.evidence.labels.iter().any(|label| label.before_unit == unit)
        })
}

/// All rows side by side: the one unit that can hold them.
fn across(printed: &Printed<'_>) -> Row {
    let rows = 0..printed.table.rows.len();
    let lane = Rc::new(printed.lane(rows.clone()));
    let cells = lane.cells.len();
    let digits = |unit: &usize| -> usize {
        let slots = printed.slots(*unit).iter();
        slots
            .map(|s| if s.kind == Kind::Number { (s.digits.1 - s.digits.0) as usize } else { 1 })
            .sum()
    };
    let has_numbers = |unit: &usize| printed.slots(*unit).iter().any(|s| s.kind == Kind::Number);
    let numbered: Vec<usize> = (0..printed.evidence.units.len()).filter(has_numbers).collect();
    // the widest is the row, narrower ones are notes; two that could be it leave it open
    let wide: Vec<usize> = numbered.iter().copied().filter(|unit| digits(unit) >= cells).collect();
    let misnamed = printed.evidence.in_grid && grid::disagrees(printed, rows.clone());
    let unit = match (&numbered[..], &wide[..]) {
        ([], _) => {
            let span = printed.evidence.labels.first().map_or(printed.evidence.span, |l| l.span);
            return Row { rows, lane, state: State::Empty(span) };
        }
        (_, [unit]) | ([unit], _) if !misnamed => *unit,
        _ => {
            let span = printed.evidence.span;
            return Row { rows, lane, state: State::Uncertain(span) };
        }
    };
    let slots = printed.slots(unit);
    // a row that prints no zero at all leaves its zero cells empty
    let no_zeros =
        slots.len() > 1 && !slots.iter().any(|s| printed.evidence.digits_of(s).starts_with('0'));
    let many = digits(&unit) < cells;
    let losses = Losses {
        glued: slots.iter().any(|s| is_glued(printed.evidence, s)),
        some: many || no_zeros,
        many,
    };
    let placed = if printed.evidence.in_grid {
        grid::columns(printed, rows.clone(), &[unit], unit)
            .and_then(|columns| grid::place(printed, unit, &columns))
    } else if losses.some {
        let placed =
            positions(printed, &[Some(0)], cells, |_| Some(Rc::clone(&lane))).pop().flatten();
        placed.filter(|placed| printed.most_sums_hold(&lane, slots, placed))
    } else {
        None
    };
    let state = Filler::new(printed, losses, &[]).fill(&lane, unit, placed.as_deref());
    Row { rows, lane, state }
}

/// The cells of each unit by the columns of the grid they stand in, and the units of which nothing is believed.
///
/// Where all rows have the same surplus cells, the first of them is the same in all; a row that stands elsewhere was
/// shifted by a span that is wrong. Its sum decides, or nothing does.
fn in_grid(
    printed: &Printed<'_>,
    row_of: &[Option<usize>],
    lanes: &[Rc<Lane>],
) -> (Vec<Option<Placement>>, Vec<bool>) {
    let rows = &printed.table.rows;
    let place = |(unit, row): (usize, &Option<usize>)| {
        let row = (*row)?;
        let cells = rows[row].columns.len();
        if let Some(columns) = grid::reordered(printed, row..row + 1, unit) {
            return grid::place(printed, unit, &columns);
        }
        if grid::in_order(printed, unit, cells).is_some() {
            return None;
        }
        let alike = |other: &usize| {
            row_of[*other].is_some_and(|other| rows[other].columns == rows[row].columns)
        };
        let units: Vec<usize> = (0..row_of.len()).filter(alike).collect();
        grid::place(printed, unit, &grid::columns(printed, row..row + 1, &units, unit)?)
    };
    let mut placed: Vec<Option<Placement>> = row_of.iter().enumerate().map(place).collect();
    let mut doubted = vec![false; row_of.len()];
    let begins: Vec<Option<(usize, usize, usize)>> = placed
        .iter()
        .enumerate()
        .map(|(unit, placed)| {
            let placed = placed.as_ref()?;
            let first = (*placed.first()?)?;
            let in_order = placed.iter().enumerate().all(|(at, slot)| *slot == Some(first + at));
            in_order.then(|| (placed.len(), printed.slots(unit).len(), first))
        })
        .collect();
    for unit in 0..placed.len() {
        let Some(row) = row_of[unit] else { continue };
        if grid::reordered(printed, row..row + 1, unit).is_some() {
            doubted[unit] = placed[unit].is_none();
            continue;
        }
        let sums = &lanes[row].sums;
        let holds = |placed: &Placement| {
            !sums.is_empty() && printed.sums_hold(&lanes[row], printed.slots(unit), placed)
        };
        let cells = rows[row].columns.len();
        if printed.slots(unit).len() == cells {
            // as many cells as the form has, in a table whose other rows have more: one may be lost
            let alike = |other: &usize| {
                row_of[*other].is_some_and(|r| rows[r].columns == rows[row].columns)
            };
            let surplus =
                (0..placed.len()).filter(alike).filter(|u| printed.slots(*u).len() > cells);
            let usual = surplus.count() * 2 > (0..placed.len()).filter(alike).count();
            doubted[unit] = usual && !holds(&(0..cells).map(Some).collect());
            continue;
        }
        let Some((cells, slots, first)) = begins[unit] else {
            // its own columns prove nothing: where the rows with as many cells begin, when the sum holds there
            let slots = printed.slots(unit).len();
            let alike = |begin: &&(usize, usize, usize)| (begin.0, begin.1) == (cells, slots);
            let mut known: Vec<usize> =
                begins.iter().flatten().filter(alike).map(|b| b.2).collect();
            known.dedup();
            if let ([begin], None) = (&known[..], &placed[unit]) {
                let other: Placement = (*begin..begin + cells).map(Some).collect();
                placed[unit] = Some(other).filter(holds);
            }
            continue;
        };
        let alike = |other: &&(usize, usize, usize)| (other.0, other.1) == (cells, slots);
        let count =
            |begin: usize| begins.iter().flatten().filter(alike).filter(|b| b.2 == begin).count();
        let others = (0..=slots - cells).filter(|begin| *begin != first);
        let Some(usual) = others.filter(|b| count(*b) > 0).max_by_key(|b| count(*b)) else {
            continue;
        };
        let other: Placement = (usual..usual + cells).map(Some).collect();
        match (placed[unit].as_ref().is_some_and(holds), holds(&other)) {
            (true, false) => {}
            (false, true) => placed[unit] = Some(other),
            _ => doubted[unit] = count(first) <= 2 * count(usual),
        }
    }
    (placed, doubted)
}

/// The cells of each unit by where its numbers stand; `across` is the number of cells of a table that is one line. Where
/// it is not known how wide ideographs are, what both widths say, or the one under which the row's own sums hold.
fn positions(
    printed: &Printed<'_>,
    rows: &[Option<usize>],
    across: usize,
    lane: impl Fn(usize) -> Option<Rc<Lane>>,
) -> Vec<Option<Placement>> {
    let text = columns::Text {
        table: printed.table,
        source: printed.source,
        lines: &printed.skeleton.lines,
        furniture: &printed.skeleton.furniture,
        evidence: printed.evidence,
        rows,
        across,
    };
    let cells = |unit: usize| match rows.get(unit).copied().flatten() {
        Some(_) if across > 0 => across,
        Some(row) => printed.table.rows[row].columns.len(),
        None => 0,
    };
    let place = |(unit, columns): (usize, Option<Vec<usize>>)| {
        let mut placed = vec![None; cells(unit)];
        for (slot, column) in columns?.into_iter().enumerate() {
            placed[column] = Some(slot);
        }
        Some(placed)
    };
    let mut readings = columns::by_position(&text, (printed.ideograph)())
        .into_iter()
        .map(|columns| columns.into_iter().enumerate().map(place).collect::<Vec<_>>());
    let (Some(narrow), wide) = (readings.next(), readings.next()) else { return Vec::new() };
    let Some(wide) = wide else { return narrow };
    let holds = |unit: usize, placed: &Option<Placement>| {
        let lane = lane(unit).filter(|lane| !lane.sums.is_empty());
        let placed = placed.as_ref().zip(lane);
        placed.is_some_and(|(placed, lane)| printed.sums_hold(&lane, printed.slots(unit), placed))
    };
    let choose = |(unit, (narrow, wide)): (usize, (Option<Placement>, Option<Placement>))| {
        if narrow == wide {
            return narrow;
        }
        match (holds(unit, &narrow), holds(unit, &wide)) {
            (true, false) => narrow,
            (false, true) => wide,
            _ => None,
        }
    };
    narrow.into_iter().zip(wide).enumerate().map(choose).collect()
}

/// Positions that may be believed: those of rows whose own sum they satisfy, and those of all rows when nearly all do.
/// Also the units whose position says one thing and whose sum another: nothing is believed of them.
fn by_position(
    printed: &Printed<'_>,
    row_of: &[Option<usize>],
    lanes: &[Rc<Lane>],
    losses: Losses,
) -> (Vec<Option<Placement>>, Vec<bool>) {
    const FEWEST: usize = 3;
    if !losses.some || losses.glued {
        return (vec![None; row_of.len()], vec![false; row_of.len()]);
    }
    let placed = positions(printed, row_of, 0, |unit| Some(Rc::clone(&lanes[row_of[unit]?])));
    let holds: Vec<Option<bool>> = placed
        .iter()
        .enumerate()
        .map(|(unit, placed)| {
            let lane = &lanes[row_of[unit]?];
            Some(printed.sums_hold(lane, printed.slots(unit), placed.as_ref()?))
        })
        .collect();
    let good = holds.iter().flatten().filter(|holds| **holds).count();
    let all = holds.iter().flatten().count();
    let mut doubted = vec![false; row_of.len()];
    if good < FEWEST || good * 5 < all * 4 {
        for (unit, holds) in holds.into_iter().enumerate() {
            doubted[unit] = holds == Some(false);
        }
    }
    (placed, doubted)
}
