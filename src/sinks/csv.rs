//! `cells.csv` (one row a cell), `reports.csv` (one row a report), `checks.csv`, `diagnostics.csv`.
//!
//! UTF-8, RFC 4180. A text that begins with `=`, `+`, `-` or `@` gets an apostrophe before it, so that a spreadsheet
//! shows it and does not run it; numbers are never changed.

use super::Sink;
use crate::grammar::{GrammarSet, Table};
use crate::reading::Status;
use crate::records::Verdict;
use crate::records::{Duplicate, Kind, Level, Report, Scope};
use csv::{QuoteStyle, Terminator, WriterBuilder};
use std::borrow::Cow;

const WHO: [&str; 9] =
    ["source", "sha256", "issuer", "code", "province", "prefecture", "county", "level", "year"];

/// The sink.
#[derive(Debug)]
pub struct Csv<'g> {
    /// Every `table__row__column` of all forms, in order of first appearance.
    wide: Vec<String>,
    /// For each grammar of the set, by id, where the cells of each of its tables go.
    places: Vec<(&'g str, Vec<Vec<usize>>)>,
}

impl<'g> Csv<'g> {
    /// Lays out the wide table over all forms of the run.
    pub fn new(grammars: &'g GrammarSet) -> Self {
        let mut wide: Vec<String> = Vec::new();
        let mut places = Vec::new();
        for grammar in grammars.all() {
            let mut place = |name: String| match wide.iter().position(|w| *w == name) {
                Some(at) => at,
                None => {
                    wide.push(name);
                    wide.len() - 1
                }
            };
            let own =
                grammar.tables.iter().map(|table| names(table).map(&mut place).collect()).collect();
            places.push((grammar.id.as_str(), own));
        }
        Self { wide, places }
    }
}

fn names(table: &Table) -> impl Iterator<Item = String> {
    table.rows.iter().flat_map(move |row| {
        row.columns
            .iter()
            .map(move |c| format!("{}__{}__{}", table.key, row.key, table.columns[*c].key))
    })
}

impl Sink for Csv<'_> {
    fn files(&self) -> Vec<(&'static str, Vec<u8>)> {
        let line = |columns: &[&str]| {
            let mut out = Vec::new();
            row(&mut writer(&mut out), columns.iter().copied());
            out
        };
        let with_who = |rest: &[&'static str]| line(&[&WHO[..], rest].concat());
        let mut reports: Vec<&str> = WHO.to_vec();
        reports.extend([
            "form",
            "title",
            "kind",
            "township",
            "scope",
            "code_now",
            "cells",
            "read",
            "solved",
            "blank",
            "ambiguous",
            "missing",
            "unclaimed_lines",
            "checks_failed",
        ]);
        reports.extend(self.wide.iter().map(String::as_str));
        // last, because it is known last
        reports.extend(["duplicate_of", "duplicate_by"]);
        vec![
            (
                "cells.csv",
                with_who(&[
                    "form", "table", "row", "column", "value", "unit", "status", "raw", "line",
                    "page",
                ]),
            ),
            ("reports.csv", line(&reports)),
            ("checks.csv", with_who(&["form", "id", "rule", "status", "left", "right", "cells"])),
            (
                "diagnostics.csv",
                with_who(&["form", "code", "severity", "message", "line", "page", "cells"]),
            ),
        ]
    }

    fn file_count(&self) -> usize {
        4
    }

    fn write(&self, report: &Report<'_>, out: &mut [Vec<u8>]) {
        let year = report.year.map(|y| y.to_string()).unwrap_or_default();
        let form = report.form.map_or("", |g| g.id.as_str());
        let name = text(&report.source.name);
        let issuer = text(report.issuer.name.as_deref().unwrap_or_default());
        let level = report.issuer.level.map_or("", Level::name);
        let place = &report.issuer.place;
        let code = place.code.map(|code| format!("{code:06}")).unwrap_or_default();
        let [province, prefecture, county] =
            [place.province, place.prefecture, place.county].map(Option::unwrap_or_default);
        let who: [&str; 9] = [
            &name,
            &report.source.sha256,
            &issuer,
            &code,
            province,
            prefecture,
            county,
            level,
            &year,
        ];
        let full = |rest: &[&str]| -> Vec<String> {
            who.iter().chain([&form]).chain(rest).map(|s| (*s).to_owned()).collect()
        };

        let [cells_file, reports_file, checks_file, findings_file] = out else { return };
        let (mut cells_file, mut checks_file) = (writer(cells_file), writer(checks_file));
        let (mut reports_file, mut findings_file) = (writer(reports_file), writer(findings_file));
        let failed = report.checks.iter().filter(|c| c.verdict == Verdict::Fails).count();
        let issuer = &report.issuer;
        let now = place.code_now.map(|code| format!("{code:06}")).unwrap_or_default();
        let mut wide = full(&[
            &text(report.title.as_deref().unwrap_or_default()),
            issuer.kind.map_or("", Kind::name),
            &text(issuer.township.as_deref().unwrap_or_default()),
            issuer.scope.map_or("", Scope::name),
            &now,
        ]);
        wide.push(report.cells().count().to_string());
        wide.extend(Status::ALL.iter().map(|s| report.count(*s).to_string()));
        wide.extend([report.unclaimed_lines.to_string(), failed.to_string()]);
        let first = wide.len();
        wide.resize(first + self.wide.len() + 2, String::new());

        if let Some(grammar) = report.form {
            let places =
                self.places.iter().find(|(id, _)| *id == grammar.id).map_or(&[][..], |(_, p)| p);
            for record in &report.tables {
                let table = &grammar.tables[record.table];
                let mut cells = record.cells.iter();
                let mut places = places[record.table].iter();
                for form_row in &table.rows {
                    for (column, cell) in form_row.columns.iter().zip(&mut cells) {
                        let column = &table.columns[*column];
                        let value = cell.value.map(|v| v.to_string()).unwrap_or_default();
                        let there = cell.status != Status::Missing;
                        let raw = text(if there { cell.span.of(&report.text) } else { "" });
                        let line =
                            if there { report.line(cell.span).to_string() } else { String::new() };
                        let page = report.page(cell.span).filter(|_| there);
                        let page = page.map(|page| page.to_string()).unwrap_or_default();
                        let rest: [&str; 10] = [
                            form,
                            &table.key,
                            &form_row.key,
                            &column.key,
                            &value,
                            &column.unit,
                            cell.status.name(),
                            &raw,
                            &line,
                            &page,
                        ];
                        row(&mut cells_file, who.iter().chain(&rest).copied());
                        if let Some(at) = places.next() {
                            wide[first + at] = value;
                        }
                    }
                }
            }
            for check in &report.checks {
                let side =
                    |v: Option<crate::atoms::Decimal>| v.map(|v| v.to_string()).unwrap_or_default();
                let rule = &grammar.tables[check.table].equations[check.equation].rule;
                let cells = check.cells(grammar).join(" ");
                let rest = [
                    check.id(grammar),
                    rule.clone(),
                    check.verdict.name().to_owned(),
                    side(check.left),
                    side(check.right),
                    cells,
                ];
                row(
                    &mut checks_file,
                    who.iter().chain([&form]).copied().chain(rest.iter().map(String::as_str)),
                );
            }
        }
        row(&mut reports_file, wide.iter().map(String::as_str));
        for finding in &report.findings {
            let severity = format!("{:?}", finding.code.severity()).to_lowercase();
            let line = finding.span.map(|s| report.line(s).to_string()).unwrap_or_default();
            let message = text(&finding.message);
            let cells = finding.cells.join(" ");
            let page = finding.span.and_then(|span| report.page(span));
            let page = page.map(|page| page.to_string()).unwrap_or_default();
            let rest: [&str; 6] = [finding.code.name(), &severity, &message, &line, &page, &cells];
            row(&mut findings_file, who.iter().chain([&form]).chain(&rest).copied());
        }
    }

    fn link(&self, file: usize, record: &mut Vec<u8>, first: &Duplicate) {
        if file == REPORTS && record.ends_with(NO_DUPLICATE) {
            record.truncate(record.len() - NO_DUPLICATE.len() + 1);
            row(&mut writer(record), [&*text(&first.of), first.same.name()].into_iter());
        }
    }
}

/// The number of `reports.csv` among the files.
const REPORTS: usize = 1;
/// What a line of it ends with before anybody knows whether the report came before.
const NO_DUPLICATE: &[u8] = b",,\r\n";

/// A text that no spreadsheet takes for a formula.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    let harmless =
        text.trim_start().starts_with(|c: char| !"=+-@".contains(c)) || text.trim().is_empty();
    if harmless { Cow::Borrowed(text) } else { Cow::Owned(format!("'{text}")) }
}

pub(super) fn writer(out: &mut Vec<u8>) -> csv::Writer<&mut Vec<u8>> {
    WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Necessary)
        .from_writer(out)
}

pub(super) fn row<'t>(
    writer: &mut csv::Writer<&mut Vec<u8>>,
    fields: impl Iterator<Item = &'t str>,
) {
    // writing into memory cannot fail
    for field in fields {
        let _ = writer.write_field(field);
    }
    let _ = writer.write_record(None::<&[u8]>);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_no_formula_runs() {
        assert_eq!(text("=1+1"), "'=1+1");
        assert_eq!(text(" @SUM"), "' @SUM");
        assert_eq!(text("某县"), "某县");
        let mut out = Vec::new();
        row(&mut writer(&mut out), ["a,b", "c\"d", ""].into_iter());
        assert_eq!(out, b"\"a,b\",\"c\"\"d\",\r\n");
    }
}
