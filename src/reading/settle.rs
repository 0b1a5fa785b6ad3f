//! The equations between rows take out what they forbid; where the source itself does not add up, they cast doubt.

use super::candidates;
use super::printed::Printed;
use super::rows::{Cut, Row, State};
use super::solve::{self, Outcome, RowSum};
use crate::atoms::Decimal;
use crate::finding::{Code, Finding};
use crate::grammar::{Each, Layout};

/// Narrows the candidates of all rows.
pub fn settle(printed: &Printed<'_>, rows: &mut [Row], findings: &mut Vec<Finding>) {
    let table = printed.table;
    let is_cut = |row: &Row| matches!(&row.state, State::Cut(cut) if cut.choice);
    if table.layout != Layout::Down || !table.coupled || !rows.iter().any(is_cut) {
        return;
    }
    let equations: Vec<_> = table.equations.iter().filter(|e| e.each == Each::Column).collect();
    let sums: Vec<RowSum> = equations.iter().map(|e| RowSum { terms: e.terms.clone() }).collect();
    let known: Vec<solve::Row> = rows.iter().map(|row| known(printed, row)).collect();
    let candidates =
        |row: &Row| if let State::Cut(cut) = &row.state { cut.found.list.len() } else { 0 };
    let mut keep: Vec<Vec<bool>> = rows.iter().map(|row| vec![true; candidates(row)]).collect();
    match solve::solve(&known, &sums, &mut keep) {
        Outcome::Contradiction(sum) => {
            doubt(printed, rows, &sums);
            let message =
                format!("no reading of the printed digits satisfies: {}", equations[sum].rule);
            findings.push(Finding::new(Code::SumFails, message).at(printed.evidence.span));
        }
        outcome => {
            for (row, keep) in rows.iter_mut().zip(&keep) {
                if let State::Cut(cut) = &mut row.state {
                    let mut flags = keep.iter();
                    cut.found.list.retain(|_| flags.next().copied().unwrap_or(true));
                }
            }
            let open =
                |row: &Row| matches!(&row.state, State::Cut(cut) if cut.found.list.len() > 1);
            if outcome == Outcome::OverBudget && rows.iter().any(open) {
                let message =
                    format!("the readings of table `{}` are too many to search", table.key);
                findings.push(Finding::new(Code::SolverBudget, message).at(printed.evidence.span));
            }
        }
    }
}

/// A row as the solver sees it: whole numbers by column, blanks of lost cells as nothing.
fn known(printed: &Printed<'_>, row: &Row) -> solve::Row {
    match &row.state {
        State::Missing | State::Uncertain(_) => solve::Row::Unknown,
        // a labelled row without numbers is blank; whether that means nothing is for its neighbours to show
        State::Empty(_) => solve::Row::Fixed(vec![Some(0); row.lane.cells.len()]),
        State::Slots(placed, unit) => {
            let slots = printed.slots(*unit);
            let lost = !printed.unit(*unit).bordered;
            let values = placed.iter().map(|place| match place {
                Some(at) => printed.value(&slots[*at]).and_then(Decimal::integer),
                None => lost.then_some(0),
            });
            solve::Row::Fixed(values.collect())
        }
        State::Cut(cut) if cut.found.open || cut.found.list.is_empty() => solve::Row::Unknown,
        State::Cut(Cut { found, .. }) if found.list.len() == 1 => {
            solve::Row::Fixed(integers(&found.list[0].values).into_iter().map(Some).collect())
        }
        State::Cut(cut) => {
            solve::Row::Several(cut.found.list.iter().map(|r| integers(&r.values)).collect())
        }
    }
}

/// The columns do not add up in the source, so a row's own total is all that speaks for its reading. It is not enough
/// where another cut of the same digits would satisfy as many equations.
fn doubt(printed: &Printed<'_>, rows: &mut [Row], sums: &[RowSum]) {
    let all: Vec<solve::Row> = rows.iter().map(|row| known(printed, row)).collect();
    for (at, row) in rows.iter_mut().enumerate() {
        let State::Cut(cut) = &mut row.state else { continue };
        let Cut { found, run, choice: true, .. } = cut else { continue };
        let ([reading], false) = (&found.list[..], found.open) else { continue };
        let broken = |values: &[Option<Decimal>]| broken_columns(&all, sums, at, &integers(values));
        let now = broken(&reading.values);
        if now == 0 {
            continue;
        }
        let others = candidates::full(&row.lane, run, false);
        let as_good = |other: &candidates::Reading| {
            let own =
                row.lane.sums.iter().filter(|sum| !candidates::holds(sum, &other.values)).count();
            other != reading && broken(&other.values) + own <= now
        };
        if others.open || others.list.iter().any(as_good) {
            *found = others;
        }
    }
}

fn integers(values: &[Option<Decimal>]) -> Vec<i64> {
    values.iter().map(|v| v.and_then(Decimal::integer).unwrap_or(0)).collect()
}

/// In how many columns of the equations that bind this row the sum fails, the other rows as they are known.
fn broken_columns(known: &[solve::Row], sums: &[RowSum], row: usize, values: &[i64]) -> usize {
    let mut broken = 0;
    for sum in sums.iter().filter(|sum| sum.terms.iter().any(|(_, r)| *r == row)) {
        for (column, own) in values.iter().enumerate() {
            let total: Option<i64> = sum
                .terms
                .iter()
                .map(|&(coefficient, r)| {
                    let value = match &known[r] {
                        _ if r == row => Some(*own),
                        solve::Row::Fixed(v) => v.get(column).copied().flatten(),
                        solve::Row::Several(list) if list.len() == 1 => {
                            list[0].get(column).copied()
                        }
                        _ => None,
                    };
                    value.map(|v| v * i64::from(coefficient))
                })
                .sum();
            broken += usize::from(total.is_some_and(|t| t != 0));
        }
    }
    broken
}
