//! A region against its parts, measure by measure, where all of them are there.

use super::bodies::Body;
use super::findings::{Cell, Finding, Kind, Sums};
use super::wide::Wide;
use crate::number::Decimal;
use crate::places::{Rank, places};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;

/// Of so many measures that belong together …
const OF: usize = 7;
/// … so many have to agree before another one that does not is told.
const MOST: usize = 5;
/// Cells of a row that are judged by themselves; shorter rows are judged with all others of their table.
const LONG_ROW: usize = 5;

/// Columns that do not add up over places: kinds of acts, which all of them have, and their growth.
const NO_SUM: [&str; 2] = ["items_last_year", "change"];

/// Regions (that say they are) whose parts do not fit into them.
pub(super) fn check(wide: &Wide, bodies: &[Body]) -> Vec<Finding> {
    // of two reports of a place, its own and that of the whole region, the region's is the part
    let mut by_place: FxHashMap<(u32, i32), usize> = FxHashMap::default();
    for body in bodies.iter().filter(|body| body.kind == "government") {
        for entry in body.entries.iter().filter(|entry| entry.state.is_report()) {
            let Some(code) = entry.code else { continue };
            let known = by_place.entry((code, entry.year)).or_insert(entry.row);
            if body.scope == "region" {
                *known = entry.row;
            }
        }
    }
    let groups = groups(wide);
    let mut findings = Vec::new();
    for (at, body) in bodies.iter().enumerate() {
        let is_region = body.kind == "government"
            && body.scope == "region"
            && body.code_now.is_some_and(|code| Rank::of(code) != Rank::County);
        if !is_region {
            continue;
        }
        for entry in body.entries.iter().filter(|entry| entry.state.is_report()) {
            let Some(code) = entry.code else { continue };
            if let Some(rows) = parts(code, entry.year, &by_place) {
                let region =
                    Region { wide, body: at, year: entry.year, row: entry.row, parts: rows };
                region.compare(&groups, &mut findings);
            }
        }
    }
    findings
}

/// Cells that are judged together: a long row, or all short rows of a table.
fn groups(wide: &Wide) -> Vec<Vec<usize>> {
    let names = &wide.names[wide.first_cell..wide.first_cell + wide.cells];
    let row = |name: &str| name.rsplit_once("__").map(|(row, _)| row.to_owned());
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    let mut at: FxHashMap<String, usize> = FxHashMap::default();
    let mut lengths: FxHashMap<String, usize> = FxHashMap::default();
    names.iter().filter_map(|name| row(name)).for_each(|row| *lengths.entry(row).or_default() += 1);
    for (cell, name) in names.iter().enumerate() {
        let Some(row) = row(name) else { continue };
        if NO_SUM.iter().any(|column| name.rsplit("__").next() == Some(column)) {
            continue;
        }
        let table = name.split("__").next().unwrap_or_default();
        let key = if lengths[&row] >= LONG_ROW { row } else { table.to_owned() };
        let place = *at.entry(key.clone()).or_insert_with(|| {
            groups.push((key, Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(cell);
    }
    groups.into_iter().map(|(_, cells)| cells).collect()
}

/// The reports of everything directly below a region, if all of it is there.
fn parts(code: u32, year: i32, by_place: &FxHashMap<(u32, i32), usize>) -> Option<Vec<usize>> {
    let table = places();
    let within = |part: u32| match Rank::of(code) {
        Rank::Province => {
            part / 10_000 == code / 10_000
                && part != code
                && (Rank::of(part) == Rank::Prefecture || table.prefecture(part, year).is_none())
        }
        _ => part / 100 == code / 100 && part != code,
    };
    let rows = table.rows();
    let first = rows.partition_point(|row| row.code < code);
    let span = if code.is_multiple_of(10_000) { 10_000 } else { 100 };
    let below = rows[first..]
        .iter()
        .take_while(|row| row.code < code + span)
        .filter(|row| row.first <= year && year <= row.last && within(row.code));
    let found: Option<Vec<usize>> =
        below.map(|row| by_place.get(&(row.code, year)).copied()).collect();
    found.filter(|parts| parts.len() > 1)
}

/// The sum of these numbers; none where it has too many digits.
fn total(values: &[Decimal]) -> Option<Decimal> {
    let scale = values.iter().map(|value| value.scale()).max()?;
    let sum: i128 = values.iter().map(|value| value.scaled(scale)).sum();
    Some(Decimal::new(i64::try_from(sum).ok()?, scale))
}

/// The report of a region and those of all its parts.
struct Region<'p> {
    wide: &'p Wide,
    body: usize,
    year: i32,
    row: usize,
    parts: Vec<usize>,
}

impl Region<'_> {
    fn compare(&self, groups: &[Vec<usize>], findings: &mut Vec<Finding>) {
        let own = self.wide.values(self.row);
        let parts: Vec<Vec<Option<Decimal>>> =
            self.parts.iter().map(|row| self.wide.values(*row)).collect();
        // a measure that one of them does not give is none
        let sum = |cell: usize| {
            let values: Option<Vec<Decimal>> = parts.iter().map(|values| values[cell]).collect();
            total(&values?)
        };
        for cells in groups {
            let known: Vec<(usize, Decimal, Decimal)> =
                cells.iter().filter_map(|cell| Some((*cell, own[*cell]?, sum(*cell)?))).collect();
            let agreeing = known.iter().filter(|(_, whole, sum)| whole == sum);
            let is_sum = agreeing.clone().count() * OF >= known.len() * MOST
                && agreeing.clone().any(|(_, whole, _)| !whole.is_zero());
            for (cell, whole, sum) in &known {
                let kind = match sum.cmp(whole) {
                    Ordering::Greater => Kind::PartsExceed,
                    Ordering::Less if is_sum => Kind::PartsDiffer,
                    _ => continue,
                };
                // the largest part is the one to look at first
                let largest = (0..parts.len()).max_by_key(|part| parts[*part][*cell]);
                let Some(largest) = largest else { continue };
                findings.push(Finding {
                    kind,
                    body: self.body,
                    year: self.year,
                    left: Cell { row: self.row, cell: *cell },
                    right: Cell { row: self.parts[largest], cell: *cell },
                    left_value: Some(*whole),
                    right_value: parts[largest][*cell],
                    sums: Some(Sums {
                        left: Some(*whole),
                        right: Some(*sum),
                        equation: format!("the region = the sum over its {} parts", parts.len()),
                    }),
                    detail: "the right cell is that of the largest part".to_owned(),
                });
            }
        }
    }
}
