//! Which reports are of one body, and which of several for a year counts.

use super::by_path;
use super::wide::Wide;
use crate::finding::Code;
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
    /// Of these, the best of each other family of forms: its cells stand in the same row of the panel.
    pub beside: Vec<usize>,
    /// What it is as a part of the panel.
    pub state: State,
    /// Whether its place or its year is known from folders and file name alone.
    pub is_by_path: bool,
    /// Values for a small picture, of the cells that [`Panel::series`](super::Panel::series) names.
    pub series: Vec<Option<i64>>,
}

impl Entry {
    /// Why its document counts for its body and year.
    pub(super) fn chosen(&self) -> &'static str {
        if self.duplicates() == 0 { "only" } else { "most complete" }
    }

    /// How many other documents of its family there are for its year.
    pub(super) const fn duplicates(&self) -> usize {
        self.others.len() - self.beside.len()
    }

    /// What says its place and its year.
    pub(super) const fn told_by(&self) -> &'static str {
        if self.is_by_path { "path" } else { "document" }
    }
}

/// What a panel has of a body in a year, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// A report, all of whose sums hold.
    Good,
    /// A report with a sum that fails.
    Failing,
    /// A report with cells that are ambiguous, unreadable or not there.
    Partial,
    /// A document without a text: pages that are pictures, or a picture.
    Scanned,
    /// A document in a format that is not read.
    Unsupported,
    /// A document that was read and has no table of a known form: a narrative, or the report is elsewhere.
    NoTables,
    /// A document that could not be read: damaged, empty, protected …
    Failed,
    /// Nothing.
    Missing,
}

impl State {
    /// Every state, in order.
    pub const ALL: [Self; 8] = [
        Self::Good,
        Self::Failing,
        Self::Partial,
        Self::Scanned,
        Self::Unsupported,
        Self::NoTables,
        Self::Failed,
        Self::Missing,
    ];

    /// The name used in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "present",
            Self::Failing => "failing",
            Self::Partial => "partial",
            Self::Scanned => "scanned",
            Self::Unsupported => "unsupported",
            Self::NoTables => "no_tables",
            Self::Failed => "failed",
            Self::Missing => "missing",
        }
    }

    /// Whether there is a report with cells.
    pub const fn is_report(self) -> bool {
        matches!(self, Self::Good | Self::Failing | Self::Partial)
    }

    /// The state of a document without a form, by the code of the finding that says why.
    fn without_form(reason: &str, source: &str) -> Self {
        let is = |code: Code| reason == code.name();
        if is(Code::NoTextLayer) || is(Code::UnsupportedFormat) && by_path::is_picture(source) {
            Self::Scanned
        } else if is(Code::UnsupportedFormat) {
            Self::Unsupported
        } else if reason.is_empty()
            || is(Code::NoForm)
            || is(Code::TablesMissing)
            || is(Code::ReportElsewhere)
        {
            Self::NoTables
        } else {
            Self::Failed
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
    source: Cow<'w, str>,
    /// The body, but for whom it reports.
    base: String,
    year: i32,
    code: Option<u32>,
    code_now: Option<u32>,
    name: Cow<'w, str>,
    place: String,
    kind: Cow<'w, str>,
    scope: Cow<'w, str>,
    has_form: bool,
    /// The family of its form.
    family: String,
    reason: Cow<'w, str>,
    is_by_path: bool,
    given: u32,
    open: u32,
    failed: u32,
}

/// The bodies, by code and name, and the reports that have no year or no name.
pub(super) fn group(wide: &Wide) -> (Vec<Body>, Vec<usize>) {
    let columns = Columns::of(wide);
    let reports: Vec<Option<Report<'_>>> =
        (0..wide.count()).into_par_iter().map(|row| columns.report(wide, row)).collect();
    let mut reports = reports;
    join_scopes(&mut reports);
    let unplaced = reports.iter().enumerate().filter(|(_, r)| r.is_none()).map(|(row, _)| row);
    let unplaced = unplaced.collect();
    let mut at: FxHashMap<(&str, &str), usize> = FxHashMap::default();
    let mut groups: Vec<Vec<&Report<'_>>> = Vec::new();
    for report in reports.iter().flatten() {
        let group = *at.entry((&report.base, &report.scope)).or_insert_with(|| {
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

/// What was not read does not say for whom it reports: where the same body reports in one way only, it is that one.
fn join_scopes(reports: &mut [Option<Report<'_>>]) {
    let mut scopes: FxHashMap<String, Option<String>> = FxHashMap::default();
    for report in reports.iter().flatten().filter(|report| report.has_form) {
        let known =
            scopes.entry(report.base.clone()).or_insert_with(|| Some(report.scope.to_string()));
        if known.as_deref() != Some(&*report.scope) {
            *known = None;
        }
    }
    for report in reports.iter_mut().flatten().filter(|r| !r.has_form && r.scope.is_empty()) {
        if let Some(Some(scope)) = scopes.get(&report.base) {
            report.scope = Cow::Owned(scope.clone());
        }
    }
}

fn body(mut reports: Vec<&Report<'_>>) -> Body {
    // the most complete of a year first, family by family in the order of their names; of equals the one whose sums hold,
    // then the first of the inputs
    reports.sort_by(|a, b| {
        let key = |r: &Report<'_>| (std::cmp::Reverse(r.given), r.failed, r.row);
        let family = |r: &Report<'_>| (r.year, !r.has_form);
        family(a)
            .cmp(&family(b))
            .then_with(|| a.family.cmp(&b.family))
            .then_with(|| key(a).cmp(&key(b)))
    });
    let mut families: Vec<&str> = Vec::new();
    let mut entries: Vec<Entry> = Vec::new();
    for report in &reports {
        if let Some(last) = entries.last_mut().filter(|last| last.year == report.year) {
            last.others.push(report.row);
            if report.has_form && !families.contains(&report.family.as_str()) {
                families.push(&report.family);
                last.beside.push(report.row);
            }
            continue;
        }
        families = vec![&report.family];
        let state = match report {
            Report { has_form: false, reason, source, .. } => State::without_form(reason, source),
            Report { failed: 1.., .. } => State::Failing,
            Report { open: 1.., .. } => State::Partial,
            _ => State::Good,
        };
        let Report { year, row, code, is_by_path, .. } = **report;
        let (others, beside, series) = (Vec::new(), Vec::new(), Vec::new());
        entries.push(Entry { year, row, code, others, beside, state, is_by_path, series });
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

const KNOWN: [&str; 17] = [
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
    "reason",
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
            reason,
        ] = found;
        let mut code: Option<u32> = code.parse().ok();
        let mut year: Option<i32> = year.parse().ok();
        let (mut name, mut kind) = (name, kind);
        let mut place = [province, prefecture, county].concat();
        // what has cells says itself whose they are, or nobody does
        let is_by_path = form.is_empty() && (name.is_empty() || year.is_none());
        if is_by_path {
            year = year.or_else(|| by_path::year(&source));
            if name.is_empty() && code.is_none() {
                let row = by_path::place(&source, year?)?;
                (name, kind) = (Cow::Borrowed(row.name), Cow::Borrowed("government"));
                code = Some(row.code);
                place = by_path::full_name(row, year?);
            }
        }
        let year = year?;
        if name.is_empty() {
            return None;
        }
        let table = places();
        let code_now = code.map(|code| {
            let row = table.in_year(code, year.clamp(1980, LATEST));
            row.map_or(code, |row| table.identity(row))
        });
        let count = |text: &str| text.parse::<u32>().unwrap_or(0);
        let open = count(&ambiguous) + count(&unreadable) + count(&missing);
        Some(Report {
            row,
            base: base(code_now, &name, &kind, &township, &source),
            year,
            code,
            code_now,
            name,
            place,
            kind,
            scope,
            has_form: !form.is_empty(),
            family: family(&form).to_owned(),
            reason,
            is_by_path,
            source,
            given: count(&cells).saturating_sub(open),
            open,
            failed: count(&failed),
        })
    }
}

/// What makes two reports those of one body, beside for whom they are: the place of today and what of it reports. Without a code the name, as long
/// as the folder is the same but for the year: 鼓楼区 of two archives may be two places.
fn base(code: Option<u32>, name: &str, kind: &str, township: &str, source: &str) -> String {
    let own = match kind {
        "government" | "office" => kind,
        _ if !township.is_empty() && matches!(kind, "township" | "subdistrict") => township,
        _ if code.is_some() => own_part(name),
        _ => "",
    };
    match code {
        Some(code) => format!("{code} {own}"),
        None => {
            let folder = source.rfind(['/', '\\']).map_or("", |at| &source[..at]);
            let folder: String = folder.chars().filter(|c| !c.is_ascii_digit()).collect();
            format!("{name} {folder}")
        }
    }
}

/// The family of a form, by its id; empty where there is no form.
fn family(form: &str) -> &str {
    form.split('-').next().unwrap_or_default()
}
