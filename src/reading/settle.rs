//! The equations between rows take out what they forbid; where the source itself does not add up, they prove less.

use super::cell::CheckRef;
use super::cut::Reading;
use super::place::ColumnProof;
use super::printed::Printed;
use super::rows::{Row, State};
use super::solve::{self, Outcome, RowSum};
use crate::finding::{Code, Finding};
use crate::grammar::{Each, Layout};
use crate::number::Decimal;

/// What the equations say of a table.
pub struct Settled {
    /// Whether some reading of all rows satisfies all equations between rows, as far as they apply.
    pub consistent: bool,
}

/// Narrows the readings of all rows.
pub fn settle(printed: &Printed<'_>, rows: &mut [Row], findings: &mut Vec<Finding>) -> Settled {
    let table = printed.table;
    let is_cut = |row: &Row| matches!(&row.state, State::Cut(cut) if cut.choice);
    if table.layout != Layout::Down || !table.coupled || !rows.iter().any(is_cut) {
        return Settled { consistent: true };
    }
    let equations: Vec<_> = table.equations.iter().filter(|e| e.each == Each::Column).collect();
    let sums: Vec<RowSum> = equations.iter().map(|e| RowSum { terms: e.terms.clone() }).collect();
    // rows with many readings are often the same few in numbers: blank cells count as nothing
    let groups: Vec<Group> = rows.iter().map(Group::of).collect();
    let known: Vec<solve::Row> =
        rows.iter().zip(&groups).map(|(row, group)| known(printed, row, group)).collect();
    let mut keep: Vec<Vec<bool>> =
        groups.iter().map(|group| vec![true; group.vectors.len()]).collect();
    match solve::solve(&known, &sums, &mut keep) {
        Outcome::Contradiction(sum) => {
            let message =
                format!("no reading of the printed digits satisfies: {}", equations[sum].rule);
            findings.push(Finding::new(Code::SumFails, message).at(printed.evidence.span));
            Settled { consistent: false }
        }
        outcome => {
            for ((row, group), keep) in rows.iter_mut().zip(&groups).zip(&keep) {
                if let State::Cut(cut) = &mut row.state {
                    let mut of = group.of.iter();
                    cut.found.list.retain(|_| of.next().is_none_or(|vector| keep[*vector]));
                }
            }
            let open = |row: &Row| matches!(&row.state, State::Cut(cut) if cut.found.open || cut.found.list.len() > 1);
            if outcome == Outcome::OverBudget && rows.iter().any(open) {
                let message =
                    format!("the readings of table `{}` are too many to search", table.key);
                findings.push(Finding::new(Code::SolverBudget, message).at(printed.evidence.span));
            }
            let left = |row: &Row| self::known(printed, row, &Group::of(row));
            let left: Vec<solve::Row> = rows.iter().map(left).collect();
            let exceeds = sums.iter().any(|sum| exceeds(sum, &left));
            Settled { consistent: !exceeds && !mostly_fail(printed, rows) }
        }
    }
}

/// Whether the own sums of more rows fail in every reading than hold and say something: totals were not filled in, or are no
/// sums, and a row of which one reading happens to add up is no better.
fn mostly_fail(printed: &Printed<'_>, rows: &[Row]) -> bool {
    let (mut hold, mut fail) = (0, 0);
    for row in rows {
        match &row.state {
            _ if row.lane.sums.is_empty() => {}
            State::Cut(cut) if cut.found.open => {}
            State::Cut(cut) if cut.found.list.is_empty() => fail += 1,
            State::Cut(cut) => {
                let adds_up = |reading: &Reading| row.lane.adds_up(&reading.values);
                hold += usize::from(cut.found.list.iter().all(adds_up));
            }
            State::Placed(placement, ..) if printed.all_known(placement) => {
                let values = printed.values(placement);
                hold += usize::from(row.lane.adds_up(&values));
                fail += usize::from(!row.lane.fits(&values));
            }
            _ => {}
        }
    }
    fail > hold
}

/// Whether in some column what is known of one side of an equation, a row of which is open, is already more than the whole
/// other side: counts are never below nothing.
fn exceeds(sum: &RowSum, rows: &[solve::Row]) -> bool {
    let width = |row: &solve::Row| if let solve::Row::Fixed(cells) = row { cells.len() } else { 0 };
    (0..rows.iter().map(width).max().unwrap_or(0)).any(|column| {
        let (mut known, mut open) = ([0, 0], [false, false]);
        for (sign, row) in &sum.terms {
            let side = usize::from(*sign < 0);
            match &rows[*row] {
                solve::Row::Fixed(cells) => match cells.get(column) {
                    Some(Some(count)) if *count >= 0 => known[side] += count,
                    _ => return false,
                },
                _ => open[side] = true,
            }
        }
        // a blank total says nothing
        let more = |own: usize, other: usize| {
            open[own] && !open[other] && known[other] > 0 && known[own] > known[other]
        };
        more(0, 1) || more(1, 0)
    })
}

/// The readings of a row as numbers: each vector once, and for each reading which it is.
struct Group {
    vectors: Vec<Vec<i64>>,
    of: Vec<usize>,
}

impl Group {
    fn of(row: &Row) -> Self {
        let mut group = Self { vectors: Vec::new(), of: Vec::new() };
        let State::Cut(cut) = &row.state else { return group };
        let mut known = rustc_hash::FxHashMap::default();
        for reading in &cut.found.list {
            let vector = integers(reading);
            let next = group.vectors.len();
            let at = *known.entry(vector.clone()).or_insert(next);
            if at == next {
                group.vectors.push(vector);
            }
            group.of.push(at);
        }
        group
    }
}

fn integers(reading: &Reading) -> Vec<i64> {
    reading.values.iter().map(|v| v.and_then(Decimal::integer).unwrap_or(0)).collect()
}

/// A row as the solver sees it: whole numbers by column, blanks as nothing.
fn known(printed: &Printed<'_>, row: &Row, group: &Group) -> solve::Row {
    match &row.state {
        State::Missing | State::Uncertain(_) | State::BreaksOff(_) => solve::Row::Unknown,
        // a labelled row without numbers is blank; whether that means nothing is for its neighbours to show
        State::Empty(_) => solve::Row::Fixed(vec![Some(0); row.lane.cells.len()]),
        State::Placed(placed, place, _) => {
            // of a column that the header lacks nothing is known
            let unprinted = (place.column() != ColumnProof::PartOfHeader).then_some(0);
            let value = |at: &Option<usize>| match at {
                Some(at) => {
                    let piece = &printed.evidence.pieces[*at];
                    if piece.is_nothing() {
                        Some(0)
                    } else {
                        Printed::number(piece).and_then(|n| n.value.integer())
                    }
                }
                None => unprinted,
            };
            solve::Row::Fixed(placed.iter().map(value).collect())
        }
        State::Cut(cut) if cut.found.open || cut.found.list.is_empty() => solve::Row::Unknown,
        State::Cut(_) if group.vectors.len() == 1 => {
            solve::Row::Fixed(group.vectors[0].iter().copied().map(Some).collect())
        }
        State::Cut(_) => solve::Row::Several(group.vectors.clone()),
    }
}

/// Where no reading of the table satisfies all equations, a row's own sum proves nothing by itself: a cell of a row that was
/// cut keeps its value only where a sum over its column holds, with values that are kept too.
pub fn doubt(printed: &Printed<'_>, rows: &[Row], values: &mut [Vec<Option<i128>>]) {
    let table = printed.table;
    loop {
        let mut changed = false;
        for row in rows.iter().filter(|row| matches!(&row.state, State::Cut(cut) if cut.choice)) {
            for r in row.rows.clone() {
                for (nth, column) in table.rows[r].columns.iter().enumerate() {
                    let between = |check: &CheckRef| {
                        table.equations[usize::from(check.equation)].each == Each::Column
                    };
                    if values[r][nth].is_some()
                        && !proof(printed, values, r, *column).iter().any(between)
                    {
                        values[r][nth] = None;
                        changed = true;
                    }
                }
            }
        }
        if !changed {
            return;
        }
    }
}

/// The equations that prove a cell: those that contain it and hold with what all cells of the table have.
pub fn proof(
    printed: &Printed<'_>,
    values: &[Vec<Option<i128>>],
    row: usize,
    column: usize,
) -> Vec<CheckRef> {
    let table = printed.table;
    let mut proof = Vec::new();
    for (at, equation) in table.equations.iter().enumerate() {
        let contains = |name: usize| equation.terms.iter().any(|(_, term)| *term == name);
        let (index, holds) = match equation.each {
            Each::Row if contains(column) => {
                let columns = &table.rows[row].columns;
                let total: Option<i128> = equation
                    .terms
                    .iter()
                    .map(|(sign, c)| {
                        let nth = columns.iter().position(|own| own == c)?;
                        Some(i128::from(*sign) * values[row][nth]?)
                    })
                    .sum();
                (row, total == Some(0))
            }
            Each::Column if contains(row) => {
                let total: Option<i128> = equation
                    .terms
                    .iter()
                    .map(|(sign, r)| {
                        let nth = table.rows[*r].columns.iter().position(|own| *own == column)?;
                        Some(i128::from(*sign) * values[*r][nth]?)
                    })
                    .sum();
                (column, total == Some(0))
            }
            _ => continue,
        };
        if holds {
            proof.push(CheckRef { equation: at as u16, at: index as u16 });
        }
    }
    proof
}
