//! Which reports are of one body, and which of several for a year counts.

use super::wide::Wide;
use crate::number::Decimal;
use crate::places::{LATEST, places};
use crate::records::issuer::own_part;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// The numbers of a report's cells.
pub(super) type Values = Vec<Option<Decimal>>;

/// A body that reports.
#[derive(Debug)]
pub struct Body {
    /// The code of its place today, or the last it had; none where it is not known.
    pub code_now: Option<u32>,
    /// Its name in its last report.
    pub name: String,
    /// Province, prefecture and county of its last report, joined.
    pub place: String,
    /// What it is: `government`, `department` …
    pub kind: String,
    /// For whom it reports: `body`, `region` or nothing.
    pub scope: String,
    /// Its reports, one a year, by year.
    pub entries: Vec<Entry>,
}

/// The report that counts for a body and year.
#[derive(Debug)]
pub struct Entry {
    /// The year reported on.
    pub year: i32,
    /// Its row in the wide table.
    pub row: usize,
    /// The code of the place in that year.
    pub code: Option<u32>,
    /// The others for the same year, best first.
    pub others: Vec<usize>,
    /// What it is as a part of the panel.
    pub state: State,
    /// Values for a small picture: received, carried in, carried out, granted.
    pub series: [Option<i64>; 4],
}

/// What a panel has of a body in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A report, all of whose sums hold.
    Good,
    /// A report with a sum that fails.
    Failing,
    /// A report with cells that are ambiguous, unreadable or not there.
    Partial,
    /// A document in which no form was recognised.
    Unreadable,
    /// Nothing.
    Missing,
}

impl State {
    /// Every state, in order.
    pub const ALL: [Self; 5] =
        [Self::Good, Self::Failing, Self::Partial, Self::Unreadable, Self::Missing];

    /// The name used in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "present",
            Self::Failing => "failing",
            Self::Partial => "partial",
            Self::Unreadable => "unreadable",
            Self::Missing => "missing",
        }
    }
}

impl Body {
    /// The report for a year.
    pub fn entry(&self, year: i32) -> Option<&Entry> {
        self.entries
            .binary_search_by_key(&year, |entry| entry.year)
            .ok()
            .map(|at| &self.entries[at])
    }

    /// What there is for a year.
    pub fn state(&self, year: i32) -> State {
        self.entry(year).map_or(State::Missing, |entry| entry.state)
    }
}

/// What is known of a report without looking at its cells.
struct Report<'w> {
    row: usize,
    key: String,
    year: i32,
    code: Option<u32>,
    code_now: Option<u32>,
    name: Cow<'w, str>,
    place: String,
    kind: Cow<'w, str>,
    scope: Cow<'w, str>,
    has_form: bool,
    given: u32,
    open: u32,
    failed: u32,
}

/// The bodies, by code and name, and the reports that have no year or no name.
pub(super) fn group(wide: &Wide) -> (Vec<Body>, Vec<usize>) {
    let columns = Columns::of(wide);
    let reports: Vec<Option<Report<'_>>> =
        (0..wide.len()).into_par_iter().map(|row| columns.report(wide, row)).collect();
    let unplaced = reports.iter().enumerate().filter(|(_, r)| r.is_none()).map(|(row, _)| row);
    let unplaced = unplaced.collect();
    let mut at: FxHashMap<&str, usize> = FxHashMap::default();
    let mut groups: Vec<Vec<&Report<'_>>> = Vec::new();
    for report in reports.iter().flatten() {
        let group = *at.entry(&report.key).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(report);
    }
    let mut bodies: Vec<Body> = groups.into_par_iter().map(body).collect();
    bodies.par_sort_by(|a, b| {
        let key = |body: &Body| (body.code_now.is_none(), body.code_now, body.kind != "government");
        key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name)).then_with(|| a.scope.cmp(&b.scope))
    });
    (bodies, unplaced)
}

fn body(mut reports: Vec<&Report<'_>>) -> Body {
    // the most complete of a year first; of equals the one whose sums hold, then the first of the inputs
    reports.sort_by_key(|r| (r.year, !r.has_form, std::cmp::Reverse(r.given), r.failed, r.row));
    let mut entries: Vec<Entry> = Vec::new();
    for report in &reports {
        if let Some(last) = entries.last_mut().filter(|last| last.year == report.year) {
            last.others.push(report.row);
            continue;
        }
        let state = match report {
            Report { has_form: false, .. } => State::Unreadable,
            Report { failed: 1.., .. } => State::Failing,
            Report { open: 1.., .. } => State::Partial,
            _ => State::Good,
        };
        let Report { year, row, code, .. } = **report;
        entries.push(Entry { year, row, code, others: Vec::new(), state, series: [None; 4] });
    }
    let last = reports[reports.len() - 1];
    Body {
        code_now: last.code_now,
        name: last.name.clone().into_owned(),
        place: last.place.clone(),
        kind: last.kind.clone().into_owned(),
        scope: last.scope.clone().into_owned(),
        entries,
    }
}

/// First and last year that any document is on, so that no body-year is left out.
pub(super) fn years(bodies: &[Body]) -> (i32, i32) {
    let all = bodies.iter().flat_map(|body| &body.entries).map(|entry| entry.year);
    all.fold(None, |span: Option<(i32, i32)>, year| {
        Some(span.map_or((year, year), |(first, last)| (first.min(year), last.max(year))))
    })
    .unwrap_or_default()
}

/// Where the columns are that say what a report is.
struct Columns {
    known: Vec<Option<usize>>,
}

const KNOWN: [&str; 16] = [
    "source",
    "issuer",
    "code",
    "province",
    "prefecture",
    "county",
    "year",
    "form",
    "kind",
    "township",
    "scope",
    "cells",
    "ambiguous",
    "unreadable",
    "missing",
    "checks_failed",
];

impl Columns {
    fn of(wide: &Wide) -> Self {
        let place = |name: &&str| KNOWN.iter().position(|known| known == name);
        let names = wide.names[..wide.first_cell].iter();
        Self { known: names.map(|name| place(&name.as_str())).collect() }
    }

    fn report<'w>(&self, wide: &'w Wide, row: usize) -> Option<Report<'w>> {
        let mut found: [Cow<'w, str>; KNOWN.len()] = Default::default();
        for (field, known) in wide.fields(row).zip(&self.known) {
            if let Some(at) = known {
                found[*at] = field;
            }
        }
        let [
            source,
            name,
            code,
            province,
            prefecture,
            county,
            year,
            form,
            kind,
            township,
            scope,
            cells,
            ambiguous,
            unreadable,
            missing,
            failed,
        ] = found;
        let year: i32 = year.parse().ok()?;
        if name.is_empty() {
            return None;
        }
        let code: Option<u32> = code.parse().ok();
        let table = places();
        let code_now = code.map(|code| {
            let row = table.in_year(code, year.clamp(1980, LATEST));
            row.map_or(code, |row| table.identity(row))
        });
        let count = |text: &str| text.parse::<u32>().unwrap_or(0);
        let open = count(&ambiguous) + count(&unreadable) + count(&missing);
        Some(Report {
            row,
            key: key(code_now, &name, &kind, &township, &scope, &source),
            year,
            code,
            code_now,
            name,
            place: [province, prefecture, county].concat(),
            kind,
            scope,
            has_form: !form.is_empty(),
            given: count(&cells).saturating_sub(open),
            open,
            failed: count(&failed),
        })
    }
}

/// What makes two reports those of one body: the place of today and what of it reports. Without a code the name, as long
/// as the folder is the same but for the year: 鼓楼区 of two archives may be two places.
fn key(
    code: Option<u32>,
    name: &str,
    kind: &str,
    township: &str,
    scope: &str,
    source: &str,
) -> String {
    let own = match kind {
        "government" | "office" => kind,
        _ if !township.is_empty() && matches!(kind, "township" | "subdistrict") => township,
        _ if code.is_some() => own_part(name),
        _ => "",
    };
    match code {
        Some(code) => format!("{code} {own} {scope}"),
        None => {
            let folder = source.rfind(['/', '\\']).map_or("", |at| &source[..at]);
            let folder: String = folder.chars().filter(|c| !c.is_ascii_digit()).collect();
            format!("{name} {scope} {folder}")
        }
    }
}
