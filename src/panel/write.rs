//! `panel.csv`, `coverage.csv`, `coverage_shares.csv` and `panel_findings.csv`.

use super::beside;
use super::table::{OWN, STATUS, status};
use super::{Entry, Panel, State};
use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::places::places;
use rayon::prelude::*;
use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Rows of the panel that one worker makes at once.
const ROWS: usize = 1024;

/// A field as CSV has it.
fn quoted(field: &str) -> Cow<'_, str> {
    if field.contains(['"', ',', '\n', '\r']) {
        Cow::Owned(format!("\"{}\"", field.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(field)
    }
}

/// Writes a file so that at any moment either the old or the new one is there.
pub(super) fn replace(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<()> {
    let part = PathBuf::from(format!("{}.part", path.display()));
    let file = File::create(&part).map_err(|e| Error::io(&part, e))?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    write(&mut out).and_then(|()| out.flush()).map_err(|e| Error::io(&part, e))?;
    fs::rename(&part, path).map_err(|e| Error::io(path, e))
}

impl Panel {
    /// Writes the tables into a folder.
    pub fn write(&self, folder: &Path) -> Result<()> {
        for (name, write) in [
            ("panel.csv", Self::rows as fn(&Self, &mut dyn Write) -> io::Result<()>),
            ("coverage.csv", Self::coverage_rows),
            ("coverage_shares.csv", Self::share_rows),
            ("panel_findings.csv", Self::finding_rows),
        ] {
            replace(&folder.join(name), |out| {
                if self.csv_bom {
                    out.write_all("\u{FEFF}".as_bytes())?;
                }
                write(self, out)
            })?;
        }
        Ok(())
    }

    /// One row for each body and year: who it is, why this document, the row as `convert` wrote it, and the statuses of its
    /// cells.
    fn rows(&self, out: &mut dyn Write) -> io::Result<()> {
        let (cells, has_statuses) = self.cells_in_use();
        let cells = if has_statuses { cells } else { Vec::new() };
        write!(out, "{}", OWN.map(|(name, ..)| name).join(","))?;
        for name in &self.wide.names {
            write!(out, ",{name}")?;
        }
        for cell in &cells {
            write!(out, ",{}{STATUS}", self.wide.names[self.wide.first_cell + cell])?;
        }
        write!(out, "\r\n")?;
        let rows: Vec<(usize, &Entry)> = (self.bodies.iter().enumerate())
            .flat_map(|(at, body)| body.entries.iter().map(move |entry| (at, entry)))
            .collect();
        for some in rows.chunks(ROWS * rayon::current_num_threads()) {
            let made: Vec<Vec<u8>> = some
                .par_chunks(ROWS)
                .map(|rows| {
                    let mut out = Vec::with_capacity(rows.len() << 11);
                    for (at, entry) in rows {
                        self.row(*at, entry, &cells, &mut out);
                    }
                    out
                })
                .collect();
            made.iter().try_for_each(|bytes| out.write_all(bytes))?;
        }
        Ok(())
    }

    fn row(&self, at: usize, entry: &Entry, cells: &[usize], out: &mut Vec<u8>) {
        let now = self.bodies[at].code_now.map(|code| format!("{code:06}")).unwrap_or_default();
        let (state, others, year) = (entry.state.name(), entry.duplicates(), entry.year);
        let (chosen, by) = (entry.chosen(), entry.told_by());
        // writing into memory cannot fail
        let _ = write!(out, "{},{now},{state},{others},{chosen},{year},{by},", at + 1);
        out.extend_from_slice(quoted(&self.bodies[at].name).as_bytes());
        out.push(b',');
        out.extend_from_slice(quoted(&beside::sources(&self.wide, entry)).as_bytes());
        let mut letters = None;
        if entry.beside.is_empty() {
            out.push(b',');
            out.extend_from_slice(self.wide.record(entry.row));
        } else {
            let (fields, its) = beside::fields(&self.wide, entry);
            for field in &fields {
                out.push(b',');
                out.extend_from_slice(quoted(field).as_bytes());
            }
            letters = Some(its);
        }
        if !cells.is_empty() {
            let letters = letters.unwrap_or_else(|| self.wide.statuses(entry.row));
            for cell in cells {
                out.push(b',');
                let name = status(letters[*cell]).map_or("", |status| status.name());
                out.extend_from_slice(name.as_bytes());
            }
        }
        out.extend_from_slice(b"\r\n");
    }

    /// One row for each province, rank and year: how many governments there are, and how many of them are in which state.
    pub(super) fn share_rows(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut csv = csv::Writer::from_writer(out);
        let mut head = ["province_code", "province", "level", "year", "known", "reports", "share"]
            .map(str::to_owned)
            .to_vec();
        head.extend(State::ALL.map(|state| state.name().to_owned()));
        csv.write_record(&head)?;
        for share in &self.shares {
            let name = places().province(share.province, share.year).map_or("", |row| row.name);
            #[expect(clippy::cast_precision_loss, reason = "some thousands at most")]
            let part = share.reports() as f64 / share.known as f64;
            let mut row = vec![
                format!("{:06}", share.province),
                name.to_owned(),
                share.level().to_owned(),
                share.year.to_string(),
                share.known.to_string(),
                share.reports().to_string(),
                format!("{part:.4}"),
            ];
            row.extend(share.states.map(|count| count.to_string()));
            csv.write_record(&row)?;
        }
        csv.flush()
    }

    /// One row a body, one column a year.
    pub(super) fn coverage_rows(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut csv = csv::Writer::from_writer(out);
        let (first, last) = self.years;
        let mut head: Vec<String> =
            ["body", "body_code_now", "name", "place", "kind", "scope"].map(str::to_owned).to_vec();
        head.extend((first..=last).map(|year| year.to_string()));
        csv.write_record(&head)?;
        for (at, body) in self.bodies.iter().enumerate() {
            let now = body.code_now.map(|code| format!("{code:06}")).unwrap_or_default();
            let mut row = vec![
                (at + 1).to_string(),
                now,
                body.name.clone(),
                body.place.clone(),
                body.kind.clone(),
                body.scope.clone(),
            ];
            row.extend((first..=last).map(|year| body.state(year).name().to_owned()));
            csv.write_record(&row)?;
        }
        csv.flush()
    }

    /// One row a finding, with both cells and both files.
    pub(super) fn finding_rows(&self, out: &mut dyn Write) -> io::Result<()> {
        let source = self.wide.column("source").unwrap_or_default();
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record([
            "finding",
            "weight",
            "body",
            "body_code_now",
            "name",
            "year",
            "left_cell",
            "left_value",
            "left_source",
            "right_cell",
            "right_value",
            "right_source",
            "left_sum",
            "right_sum",
            "equation",
            "detail",
        ])?;
        for finding in &self.findings {
            let body = &self.bodies[finding.body];
            let now = body.code_now.map(|code| format!("{code:06}")).unwrap_or_default();
            let value =
                |v: Option<crate::number::Decimal>| v.map(|v| v.to_string()).unwrap_or_default();
            let file =
                |row: usize| self.wide.fields(row).nth(source).unwrap_or_default().into_owned();
            let sums = finding.sums.as_ref();
            let weight = match finding.kind.weight() {
                super::Weight::Warning => "warning",
                super::Weight::Note => "note",
            };
            csv.write_record([
                finding.kind.name(),
                weight,
                &(finding.body + 1).to_string(),
                &now,
                &body.name,
                &finding.year.to_string(),
                &self.cell_name(finding.left.cell),
                &value(finding.left_value),
                &file(finding.left.row),
                &self.cell_name(finding.right.cell),
                &value(finding.right_value),
                &file(finding.right.row),
                &value(sums.and_then(|sums| sums.left)),
                &value(sums.and_then(|sums| sums.right)),
                sums.map_or("", |sums| &sums.equation),
                &finding.detail,
            ])?;
        }
        csv.flush()
    }

    /// The summary for people.
    pub fn summary(&self, lang: Lang) -> String {
        use std::fmt::Write as _;
        let mut lines: Vec<(String, String)> = Vec::new();
        let mut add = |what: &str, text: String| lines.push((lang.say(what).into_owned(), text));
        let entries: usize = self.bodies.iter().map(|body| body.entries.len()).sum();
        let (first, last) = self.years;
        let (documents, bodies) = (self.wide.count(), self.bodies.len());
        let begin = lang.fill(
            "{} documents, {} reports; {} bodies, {} to {}: {} body-years",
            &[&documents, &self.reports, &bodies, &first, &last, &entries],
        );
        let coverage: Vec<String> = State::ALL
            .iter()
            .zip(self.coverage())
            .map(|(state, count)| format!("{count} {}", lang.say(state.name())))
            .collect();
        add("coverage", coverage.join(", "));
        let failing = self.coverage()[State::Failing as usize];
        let sums = self.findings.iter().filter(|f| f.kind == super::Kind::SumFails).count();
        if failing + sums > 0 {
            let told = "{} body-years with {} sums that do not hold; of repeated reports only the one that counts";
            add("failing", lang.fill(told, &[&failing, &sums]));
        }
        if let Some(of_known) = self.of_known(lang) {
            add("of all there are", of_known);
        }
        let by_path = self.bodies.iter().flat_map(|b| &b.entries).filter(|e| e.is_by_path).count();
        if by_path > 0 {
            add("known by path only", by_path.to_string());
        }
        let more: usize =
            self.bodies.iter().flat_map(|body| &body.entries).map(Entry::duplicates).sum();
        if more > 0 {
            add("duplicates", lang.fill("{}, of which the most complete counts", &[&more]));
        }
        if !self.unplaced.is_empty() {
            add("no body or year", self.unplaced.len().to_string());
        }
        let mut text = begin + "\n";
        for (what, said) in lines {
            // what is wide on a screen counts twice
            let width: usize = what.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
            let fill = " ".repeat(19_usize.saturating_sub(width));
            let _ = writeln!(text, "  {what}{fill}{said}");
        }
        for kind in super::Kind::ALL {
            let count = self.findings.iter().filter(|f| f.kind == kind).count();
            if count > 0 {
                let meaning = lang.say(kind.meaning());
                let _ = writeln!(text, "  {:<18} {count}  {meaning}", kind.name());
            }
        }
        text
    }

    /// How many of the governments that there are have a report, in the last year of the panel, by rank.
    fn of_known(&self, lang: Lang) -> Option<String> {
        let year = self.shares.iter().map(|share| share.year).max()?;
        let ranks = [
            ("province", "{} of {} provinces"),
            ("prefecture", "{} of {} prefectures"),
            ("county", "{} of {} counties"),
        ];
        let ranks = ranks.map(|(level, words)| {
            let own = self.shares.iter().filter(|s| s.year == year && s.level() == level);
            let (reports, known) =
                own.fold((0, 0), |(reports, known), s| (reports + s.reports(), known + s.known));
            (known > 0).then(|| lang.fill(words, &[&reports, &known]))
        });
        let provinces = self
            .shares
            .iter()
            .map(|share| share.province)
            .collect::<std::collections::BTreeSet<_>>();
        let all: Vec<String> = ranks.into_iter().flatten().collect();
        Some(lang.fill("{}: {} in {} provinces", &[&year, &all.join(", "), &provinces.len()]))
    }
}
