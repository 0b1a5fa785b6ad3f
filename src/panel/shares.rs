//! How many of the governments that there are have a report: 71 of 122 counties of a province in a year.
//!
//! What there is stands in the table of places, so that what nobody has seen is counted too. Departments and townships are not
//! counted: nobody has a list of them for every year.

use super::bodies::{Body, State};
use crate::places::{LATEST, Rank, places};
use rustc_hash::FxHashMap;

/// The governments of one rank in a province in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Code of the province.
    pub province: u32,
    /// Which governments.
    pub rank: Rank,
    /// The year reported on.
    pub year: i32,
    /// How many there were at the end of the year.
    pub known: usize,
    /// How many of them are in each state, in the order of [`State::ALL`]; they add up to `known`.
    pub states: [usize; State::ALL.len()],
}

impl Share {
    /// How many have a report with cells.
    pub fn reports(&self) -> usize {
        State::ALL.iter().zip(self.states).filter(|(s, _)| s.is_report()).map(|(_, n)| n).sum()
    }

    /// The name of the rank, as `level` has it.
    pub const fn level(&self) -> &'static str {
        match self.rank {
            Rank::Province => "province",
            Rank::Prefecture => "prefecture",
            Rank::County => "county",
        }
    }
}

/// Shares by province, rank and year, of every province of which there is a government at all.
pub(super) fn shares(bodies: &[Body], (first, last): (i32, i32)) -> Vec<Share> {
    let table = places();
    let when = |year: i32| year.clamp(1980, LATEST);
    // the best that a place has in a year; its own report and that of its region are of one place
    let mut best: FxHashMap<(u32, i32), State> = FxHashMap::default();
    let mut provinces: Vec<u32> = Vec::new();
    for body in bodies.iter().filter(|body| body.kind == "government") {
        let Some(now) = body.code_now else { continue };
        provinces.push(now / 10_000 * 10_000);
        for entry in &body.entries {
            let year = when(entry.year);
            let is_there = |code: &u32| {
                table.with_code(*code).iter().any(|row| row.first <= year && year <= row.last)
            };
            // one that changed its code during the year has the one of its end
            let of_end = || {
                let row = table.in_year(entry.code?, year)?;
                Some(table.followed(row, year)?.code)
            };
            let Some(code) = entry.code.filter(is_there).or_else(of_end) else { continue };
            let known = best.entry((code, entry.year)).or_insert(State::Missing);
            *known = (*known).min(entry.state);
        }
    }
    provinces.sort_unstable();
    provinces.dedup();
    let mut shares = Vec::new();
    for province in provinces {
        let rows = table.rows();
        let from = rows.partition_point(|row| row.code < province);
        let to = rows.partition_point(|row| row.code < province + 10_000);
        for rank in [Rank::Province, Rank::Prefecture, Rank::County] {
            for year in first..=last {
                let mut share =
                    Share { province, rank, year, known: 0, states: Default::default() };
                let is_there = |first: i32, last: i32| first <= when(year) && when(year) <= last;
                for row in rows[from..to].iter().filter(|row| Rank::of(row.code) == rank) {
                    if is_there(row.first, row.last) {
                        let state = best.get(&(row.code, year)).copied().unwrap_or(State::Missing);
                        share.known += 1;
                        share.states[state as usize] += 1;
                    }
                }
                if share.known > 0 {
                    shares.push(share);
                }
            }
        }
    }
    shares
}
