//! `panel.csv`, `coverage.csv` and `panel_findings.csv`.

use super::{Panel, State};
use crate::error::{Error, Result};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

impl Panel {
    /// Writes the tables into a folder.
    pub fn write(&self, folder: &Path) -> Result<()> {
        for (name, write) in [
            ("panel.csv", Self::rows as fn(&Self, &mut dyn Write) -> std::io::Result<()>),
            ("coverage.csv", Self::coverage_rows),
            ("panel_findings.csv", Self::finding_rows),
        ] {
            let path = folder.join(name);
            let part = folder.join(format!("{name}.part"));
            let file = File::create(&part).map_err(|e| Error::io(&part, e))?;
            let mut out = BufWriter::with_capacity(1 << 20, file);
            if self.csv_bom {
                out.write_all("\u{FEFF}".as_bytes()).map_err(|e| Error::io(&part, e))?;
            }
            write(self, &mut out).and_then(|()| out.flush()).map_err(|e| Error::io(&part, e))?;
            drop(out);
            std::fs::rename(&part, &path).map_err(|e| Error::io(&path, e))?;
        }
        Ok(())
    }

    /// One row for each body and year: who it is, why this report, and the report as `convert` wrote it.
    fn rows(&self, out: &mut dyn Write) -> std::io::Result<()> {
        write!(out, "body,body_code_now,state,duplicates,chosen")?;
        for name in &self.wide.names {
            write!(out, ",{name}")?;
        }
        write!(out, "\r\n")?;
        for (at, body) in self.bodies.iter().enumerate() {
            let now = body.code_now.map(|code| format!("{code:06}")).unwrap_or_default();
            for entry in &body.entries {
                let chosen = if entry.others.is_empty() { "only" } else { "most complete" };
                let (state, others) = (entry.state.name(), entry.others.len());
                write!(out, "{},{now},{state},{others},{chosen},", at + 1)?;
                out.write_all(self.wide.record(entry.row))?;
                write!(out, "\r\n")?;
            }
        }
        Ok(())
    }

    /// One row a body, one column a year.
    fn coverage_rows(&self, out: &mut dyn Write) -> std::io::Result<()> {
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
    fn finding_rows(&self, out: &mut dyn Write) -> std::io::Result<()> {
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
    pub fn summary(&self) -> String {
        use std::fmt::Write as _;
        let mut text = String::new();
        let entries: usize = self.bodies.iter().map(|body| body.entries.len()).sum();
        let (first, last) = self.years;
        let _ = writeln!(
            text,
            "{} documents, {} reports; {} bodies, {first} to {last}: {entries} body-years",
            self.wide.len(),
            self.reports,
            self.bodies.len()
        );
        let coverage: Vec<String> = State::ALL
            .iter()
            .zip(self.coverage())
            .map(|(state, count)| format!("{count} {}", state.name()))
            .collect();
        let _ = writeln!(text, "  coverage           {}", coverage.join(", "));
        let more: usize =
            self.bodies.iter().flat_map(|body| &body.entries).map(|entry| entry.others.len()).sum();
        if more > 0 {
            let _ =
                writeln!(text, "  duplicates         {more}, of which the most complete counts");
        }
        if !self.unplaced.is_empty() {
            let _ = writeln!(text, "  no body or year    {}", self.unplaced.len());
        }
        for kind in super::Kind::ALL {
            let count = self.findings.iter().filter(|f| f.kind == kind).count();
            if count > 0 {
                let _ = writeln!(text, "  {:<18} {count}  {}", kind.name(), kind.meaning());
            }
        }
        text
    }
}
