//! A region against its parts, where all of them are there.

use super::bodies::{Body, Values};
use super::checks::{Layout, value};
use super::findings::{Cell, Finding, Kind, Sums};
use crate::number::Decimal;
use crate::places::{Rank, places};
use rustc_hash::FxHashMap;

/// What a government's report for one year says in the columns that add up over places.
pub(super) struct Totals {
    year: i32,
    row: usize,
    code: u32,
    /// received and outcome_total, seven columns each.
    values: [Option<i64>; 14],
}

/// The totals of a government's reports; none of other bodies.
pub(super) fn totals(layout: &Layout<'_>, body: &Body, values: &[Values]) -> Vec<Totals> {
    if body.kind != "government" {
        return Vec::new();
    }
    let one = |(entry, values): (&super::Entry, &Values)| {
        let mut found = [None; 14];
        for (to, cell) in found.iter_mut().zip(layout.received.iter().chain(&layout.outcome)) {
            *to = value(values, *cell).and_then(Decimal::integer);
        }
        Some(Totals { year: entry.year, row: entry.row, code: entry.code?, values: found })
    };
    body.entries.iter().zip(values).filter_map(one).collect()
}

/// Columns that have to agree before another one that does not is told.
const MOST: usize = 5;

/// Regions (that say they are) whose parts do not fit into them.
pub(super) fn check(bodies: &[Body], totals: &[Vec<Totals>], layout: &Layout<'_>) -> Vec<Finding> {
    // of two reports of a place, its own and that of the whole region, the region's is the part
    let mut by_place: FxHashMap<(u32, i32), &Totals> = FxHashMap::default();
    for (body, totals) in bodies.iter().zip(totals) {
        for own in totals {
            let known = by_place.entry((own.code, own.year)).or_insert(own);
            if body.scope == "region" {
                *known = own;
            }
        }
    }
    let mut findings = Vec::new();
    for (at, (body, totals)) in bodies.iter().zip(totals).enumerate() {
        let is_region = body.scope == "region"
            && body.code_now.is_some_and(|code| Rank::of(code) != Rank::County);
        if !is_region {
            continue;
        }
        for region in totals {
            if let Some(parts) = parts(region, &by_place) {
                compare(at, region, &parts, layout, &mut findings);
            }
        }
    }
    findings
}

/// The totals of everything directly below a region, if all of it is there.
fn parts<'t>(
    region: &Totals,
    by_place: &FxHashMap<(u32, i32), &'t Totals>,
) -> Option<Vec<&'t Totals>> {
    let table = places();
    let within = |code: u32| match Rank::of(region.code) {
        Rank::Province => {
            code / 10_000 == region.code / 10_000
                && code != region.code
                && (Rank::of(code) == Rank::Prefecture
                    || table.prefecture(code, region.year).is_none())
        }
        _ => code / 100 == region.code / 100 && code != region.code,
    };
    let rows = table.rows();
    let first = rows.partition_point(|row| row.code < region.code);
    let span = if region.code.is_multiple_of(10_000) { 10_000 } else { 100 };
    let below = rows[first..]
        .iter()
        .take_while(|row| row.code < region.code + span)
        .filter(|row| row.first <= region.year && region.year <= row.last && within(row.code));
    let found: Option<Vec<&Totals>> =
        below.map(|row| by_place.get(&(row.code, region.year)).copied()).collect();
    found.filter(|parts| parts.len() > 1)
}

fn compare(
    at: usize,
    region: &Totals,
    parts: &[&Totals],
    layout: &Layout<'_>,
    findings: &mut Vec<Finding>,
) {
    let sum = |column: usize| parts.iter().map(|part| part.values[column]).sum::<Option<i64>>();
    let cells: Vec<Option<usize>> =
        layout.received.iter().chain(&layout.outcome).copied().collect();
    let agrees =
        |column: &usize| region.values[*column].is_some() && region.values[*column] == sum(*column);
    for columns in [0..7, 7..14] {
        let agreeing = columns.clone().filter(agrees).count();
        let is_sum = agreeing >= MOST
            && columns.clone().filter(agrees).any(|c| region.values[c].is_some_and(|v| v > 0));
        for column in columns {
            let (Some(whole), Some(sum), Some(cell)) =
                (region.values[column], sum(column), cells[column])
            else {
                continue;
            };
            let kind = match sum.cmp(&whole) {
                std::cmp::Ordering::Greater => Kind::PartsExceed,
                std::cmp::Ordering::Less if is_sum => Kind::PartsDiffer,
                _ => continue,
            };
            // the largest part is the one to look at first
            let Some(largest) = parts.iter().max_by_key(|part| part.values[column]) else {
                continue;
            };
            findings.push(Finding {
                kind,
                body: at,
                year: region.year,
                left: Cell { row: region.row, cell },
                right: Cell { row: largest.row, cell },
                left_value: Some(Decimal::from(whole)),
                right_value: largest.values[column].map(Decimal::from),
                sums: Some(Sums {
                    left: Some(Decimal::from(whole)),
                    right: Some(Decimal::from(sum)),
                    equation: format!("the region = the sum over its {} parts", parts.len()),
                }),
                detail: "the right cell is that of the largest part".to_owned(),
            });
        }
    }
}
