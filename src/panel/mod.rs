//! From the reports of a conversion to a panel: one row for each body and year, and what does not fit between them.
//!
//! A body is a place, followed through all changes of its code, and what of it reports: its government, its office, a
//! department, a township. Of several reports of a body for one year the most complete counts. The checks judge and never
//! change a value.

mod beside;
mod between;
mod bodies;
mod by_path;
mod checks;
mod files;
mod findings;
#[cfg(feature = "tables")]
mod from_columns;
mod from_records;
mod layout;
mod outliers;
mod parts;
mod shares;
mod stata;
mod table;
mod walk;
mod wide;
mod write;

use crate::error::Result;
use crate::grammar::GrammarSet;
use crate::lang::Lang;
use rayon::prelude::*;
use std::path::Path;

pub use bodies::{Body, Entry, State};
pub use by_path::is_picture_of_a_report;
pub use files::{Format, PAGE, PAGES};
pub use findings::{Cell, Finding, Kind, Sums, Weight};
pub use shares::Share;
pub use stata::names as stata_names;
pub use wide::Wide;

/// A panel and everything that was found in it.
#[derive(Debug)]
pub struct Panel {
    /// The reports.
    pub wide: Wide,
    /// The bodies, by code and name.
    pub bodies: Vec<Body>,
    /// First and last year that any document is on; both zero where there is none.
    pub years: (i32, i32),
    /// What does not fit, body by body.
    pub findings: Vec<Finding>,
    /// Reports that no body or year could be given.
    pub unplaced: Vec<usize>,
    /// The cells by which the years of a body are drawn, each `table.row.column`.
    pub series: Vec<String>,
    /// Documents in which a form was recognised.
    pub reports: usize,
    /// For each province, rank and year, how many of the known governments have a report.
    pub shares: Vec<Share>,
    /// Whether CSV files begin with a byte order mark.
    pub csv_bom: bool,
    /// The language of the workbook.
    pub lang: Lang,
}

impl Panel {
    /// Reads the output of `convert` in this folder.
    pub fn open(folder: &Path, grammars: &GrammarSet) -> Result<Self> {
        Ok(Self::of(Wide::open(folder, grammars)?, grammars))
    }

    /// The panel of these reports.
    pub fn of(wide: Wide, grammars: &GrammarSet) -> Self {
        let (mut bodies, unplaced) = bodies::group(&wide);
        let years = bodies::years(&bodies);
        let layout = layout::Layout::of(&wide, grammars);
        let mut found: Vec<Vec<Finding>> = Vec::with_capacity(bodies.len());
        bodies
            .par_iter_mut()
            .enumerate()
            .map(|(at, body)| judge(&wide, &layout, at, body))
            .collect_into_vec(&mut found);
        let mut findings: Vec<Finding> = found.into_iter().flatten().collect();
        findings.extend(parts::check(&wide, &bodies));
        findings.sort_by_key(|f| (f.body, f.year, f.kind));
        let form = wide.column("form");
        let has_form = |row: &usize| {
            form.is_some_and(|form| {
                wide.fields(*row).nth(form).is_some_and(|form| !form.is_empty())
            })
        };
        let reports = (0..wide.count()).into_par_iter().filter(has_form).count();
        let drawn = drawn(&mut bodies, layout.series.len());
        let series = drawn.into_iter().map(|nth| wide.cell_name(layout.series[nth])).collect();
        let shares = shares::shares(&bodies, years);
        Self {
            wide,
            bodies,
            years,
            findings,
            unplaced,
            series,
            reports,
            shares,
            csv_bom: false,
            lang: Lang::En,
        }
    }

    /// The name of a cell: `applications.received.total`.
    pub fn cell_name(&self, cell: usize) -> String {
        self.wide.cell_name(cell)
    }

    /// How many body-years have each state, in the order of [`State::ALL`].
    pub fn coverage(&self) -> [usize; State::ALL.len()] {
        let mut counts = [0; State::ALL.len()];
        for body in &self.bodies {
            for year in self.years.0..=self.years.1 {
                counts[body.state(year) as usize] += 1;
            }
        }
        counts
    }
}

/// Leaves of the series of all bodies those of which any has a value, and says which they were: a panel is hardly ever of all
/// forms that the program knows.
fn drawn(bodies: &mut [Body], count: usize) -> Vec<usize> {
    let entries = || bodies.iter().flat_map(|body| &body.entries);
    let has_value = |nth: &usize| entries().any(|entry| entry.series[*nth].is_some());
    let drawn: Vec<usize> = (0..count).filter(has_value).collect();
    if drawn.len() < count {
        for entry in bodies.iter_mut().flat_map(|body| &mut body.entries) {
            entry.series = drawn.iter().map(|nth| entry.series[*nth]).collect();
        }
    }
    drawn
}

/// All that is found in one body; its entries also get their series.
fn judge(wide: &Wide, layout: &layout::Layout<'_>, at: usize, body: &mut Body) -> Vec<Finding> {
    let values: Vec<bodies::Values> =
        body.entries.iter().map(|entry| beside::values(wide, entry)).collect();
    let mut findings = checks::within(wide, layout, at, body, &values);
    findings.extend(between::find(layout, at, body, &values));
    findings.extend(outliers::find(layout, at, body, &values));
    findings.extend(checks::duplicates(wide, at, body, &values));
    for (entry, values) in body.entries.iter_mut().zip(&values) {
        entry.series = layout.series.iter().map(|cell| values[*cell]?.integer()).collect();
    }
    findings
}
