//! Values that do not look like those of the years beside them.

use super::bodies::{Body, Values};
use super::findings::{Cell, Finding, Kind};
use super::layout::{Layout, Row, value};
use crate::number::Decimal;

/// A jump is told from here on.
const TIMES: i128 = 10;
/// Money that jumps so far is in another unit.
const TIMES_OF_UNIT: i128 = 1000;
/// Smaller values jump by themselves.
const LARGE: i128 = 100;
/// Rows with fewer applications have no typical column.
const MANY: i128 = 10;

/// What stands out in a body's years.
pub(super) fn find(layout: &Layout<'_>, at: usize, body: &Body, values: &[Values]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for &steady in &layout.steady {
        jumps(steady, at, body, values, &mut findings);
    }
    columns(layout, at, body, values, &mut findings);
    findings
}

/// A number that jumps up (1) or down (-1) between two years, or does not (0).
fn direction(a: Decimal, b: Decimal, is_money: bool) -> i8 {
    const SCALE: u8 = 6;
    let (a, b) = (a.scaled(SCALE), b.scaled(SCALE));
    let (low, high) = (a.min(b), a.max(b));
    let one = 10i128.pow(u32::from(SCALE));
    // sums of money are in 万元, where 0.5 is a sum like any other; a count of two or three has no tenfold
    let lowest = if is_money { 1 } else { 2 * one };
    if low < lowest || high < LARGE * one || high < TIMES * low {
        return 0;
    }
    if b > a { 1 } else { -1 }
}

fn jumps(
    (cell, is_money): (usize, bool),
    at: usize,
    body: &Body,
    values: &[Values],
    findings: &mut Vec<Finding>,
) {
    let pair = |i: usize| {
        let (a, b) = (body.entries.get(i)?, body.entries.get(i + 1)?);
        let (x, y) = (values[i][cell]?, values[i + 1][cell]?);
        (a.year + 1 == b.year).then(|| (direction(x, y, is_money), x, y))
    };
    let mut i = 0;
    while i + 1 < body.entries.len() {
        let Some((up, x, y)) = pair(i).filter(|(up, ..)| *up != 0) else {
            i += 1;
            continue;
        };
        // there and back: the year in between stands out; only there: the later one, or the first if it stands alone
        let is_spike = pair(i + 1).is_some_and(|(back, ..)| back == -up);
        let first_stands_out = i == 0 && !is_spike && body.entries.len() > 2;
        let (odd, plain) = if first_stands_out { (i, i + 1) } else { (i + 1, i) };
        let times = ratio(x, y);
        let is_unit = is_money && times >= TIMES_OF_UNIT;
        findings.push(Finding {
            kind: if is_unit { Kind::Unit } else { Kind::Jump },
            body: at,
            year: body.entries[odd].year,
            left: Cell { row: body.entries[odd].row, cell },
            right: Cell { row: body.entries[plain].row, cell },
            left_value: values[odd][cell],
            right_value: values[plain][cell],
            sums: None,
            detail: format!("{times} times"),
        });
        i += if is_spike { 2 } else { 1 };
    }
}

fn ratio(a: Decimal, b: Decimal) -> i128 {
    let (a, b) = (a.scaled(6), b.scaled(6));
    a.max(b) / a.min(b).max(1)
}

/// Rows whose usual column is empty and whose numbers stand in the column beside it.
fn columns(
    layout: &Layout<'_>,
    at: usize,
    body: &Body,
    values: &[Values],
    findings: &mut Vec<Finding>,
) {
    let mut told: Vec<i32> = Vec::new();
    for row in &layout.rows {
        let mains: Vec<Option<usize>> = values.iter().map(|v| main_column(row, v)).collect();
        for (i, main) in mains.iter().enumerate() {
            let Some(main) = *main else { continue };
            let others: Vec<(usize, usize)> = mains
                .iter()
                .enumerate()
                .filter(|(j, _)| *j != i)
                .filter_map(|(j, main)| Some((j, (*main)?)))
                .collect();
            let Some(&(beside, usual)) = others.first() else { continue };
            let is_moved = others.len() >= 2
                && others.iter().all(|(_, other)| *other == usual)
                && main.abs_diff(usual) == 1
                && value(&values[i], row.cells[usual]).is_none_or(Decimal::is_zero);
            let (Some(left), Some(right)) = (row.cells[main], row.cells[usual]) else { continue };
            if !is_moved || told.contains(&body.entries[i].year) {
                continue;
            }
            told.push(body.entries[i].year);
            findings.push(Finding {
                kind: Kind::Shifted,
                body: at,
                year: body.entries[i].year,
                left: Cell { row: body.entries[i].row, cell: left },
                right: Cell { row: body.entries[beside].row, cell: right },
                left_value: values[i][left],
                right_value: values[beside][right],
                sums: None,
                detail: format!("in {} other years it is the column beside", others.len()),
            });
        }
    }
}

/// The column that has most of a row, where one has.
fn main_column(row: &Row, values: &Values) -> Option<usize> {
    let alike = row.cells[..row.alike].iter();
    let cells: Vec<i128> =
        alike.map(|cell| value(values, *cell).map_or(0, |v| v.scaled(0))).collect();
    let sum: i128 = cells.iter().sum();
    let most = (0..cells.len()).max_by_key(|at| cells[*at])?;
    (sum >= MANY && cells[most] * 10 >= sum * 6).then_some(most)
}
