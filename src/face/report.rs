//! [`Report`]: what was read from one document.

use super::view::{Candidate, Cell, Check, Finding, Issuer, Place, Section, Statement};
use crate::document::blocks::GridKind;
use crate::grammar::Table;
use crate::reading::Status;
use crate::records::{self, At, Kind, Level, TableRecord};
use crate::statements::{Proof, Scope};
use std::fmt;

/// Everything that was read from one document. It serializes as the JSON record that the command writes.
pub struct Report(pub(super) records::Report<'static>);

impl Report {
    pub(super) fn new(report: records::Report<'static>) -> Self {
        Self(report)
    }

    /// The name of the source, as given.
    pub fn name(&self) -> &str {
        &self.0.source.name
    }

    /// The decoded text, which the bytes of a [`Place`] point into when the document is plain text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The title line.
    pub fn title(&self) -> Option<&str> {
        self.0.title.as_deref()
    }

    /// The body that reports.
    pub fn issuer(&self) -> Issuer<'_> {
        let issuer = &self.0.issuer;
        let code = |code: u32| format!("{code:06}");
        Issuer {
            name: issuer.name.as_deref(),
            code: issuer.place.code.map(code),
            level: issuer.level.map(Level::name),
            province: issuer.place.province,
            prefecture: issuer.place.prefecture,
            county: issuer.place.county,
            kind: issuer.kind.map(Kind::name),
            code_now: issuer.place.code_now.map(code),
            township: issuer.township.as_deref(),
            scope: issuer.scope.map(Scope::name),
            candidates: issuer.candidates.iter().copied().map(code).collect(),
        }
    }

    /// The year reported on.
    pub fn year(&self) -> Option<i32> {
        self.0.year
    }

    /// The id of the form that the document follows: `disclosure-2021`; none for a narrative, or no report at all.
    pub fn form(&self) -> Option<&str> {
        self.0.form.as_deref().map(|form| form.id.as_str())
    }

    /// Paragraphs before the first section.
    pub fn preamble(&self) -> &[String] {
        &self.0.preamble
    }

    /// The sections found, in order.
    pub fn sections(&self) -> impl Iterator<Item = Section<'_>> {
        self.0.sections.iter().map(|section| Section {
            key: &section.key,
            ordinal: section.ordinal.as_deref(),
            title: &section.title,
            paragraphs: &section.paragraphs,
        })
    }

    /// All cells of the form's tables, whether the document has them or not, in the order of the form.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        self.tables().flat_map(|(record, table)| self.cells_of(record, table))
    }

    /// The cell of these keys, as the form (`nianbao forms --json`) and the JSON record name them; none where the form of this
    /// report has no such cell.
    pub fn cell(&self, table: &str, row: &str, column: &str) -> Option<Cell<'_>> {
        let mut tables = self.tables().filter(|(_, own)| own.key == table);
        tables.find_map(|(record, own)| {
            let (at, first) = own.rows.iter().zip(own.first_cells()).find(|(r, _)| r.key == row)?;
            let is_it = |place: &usize| own.columns[*place].key == column;
            let nth = at.columns.iter().position(is_it)?;
            let cell = record.cells.get(first + nth)?;
            Some(self.view(record.table, own, (&at.key, at.columns[nth]), cell))
        })
    }

    /// The form's equations, judged.
    pub fn checks(&self) -> impl Iterator<Item = Check> {
        let form = self.0.form.as_deref();
        form.into_iter().flat_map(|form| {
            self.0.checks.iter().map(|check| Check {
                id: check.id(form),
                verdict: check.verdict,
                left: check.left,
                right: check.right,
            })
        })
    }

    /// The numbers that the prose states.
    pub fn statements(&self) -> impl Iterator<Item = Statement<'_>> {
        self.0.statements.iter().map(|one| Statement {
            measure: one.about().key,
            value: one.value,
            unit: one.unit.as_deref(),
            exact: one.exact,
            words: one.words,
            scope: one.scope.map(Scope::name),
            year: one.year,
            text: &one.text,
            at: place(&self.0.at(one.at)),
            proof: one.proof.map(Proof::name),
            finding: one.refused,
        })
    }

    /// What a person should know of the document, the worst first.
    pub fn findings(&self) -> impl Iterator<Item = Finding<'_>> {
        self.0.findings.iter().map(|finding| {
            let page = finding.span.and_then(|span| self.0.page(span));
            let line = finding.span.filter(|_| page.is_none()).map(|span| self.0.line(span));
            Finding {
                code: finding.code,
                message: &finding.message,
                line,
                page,
                cells: &finding.cells,
                check: finding.check.as_deref(),
            }
        })
    }

    /// The tables of the report with what the form says of them.
    pub(super) fn tables(&self) -> impl Iterator<Item = (&TableRecord, &Table)> {
        let form = self.0.form.as_deref();
        form.into_iter().flat_map(|form| {
            self.0.tables.iter().map(|record| (record, &form.tables[record.table]))
        })
    }

    /// The cells of one of them.
    pub(super) fn cells_of<'r>(
        &'r self,
        record: &'r TableRecord,
        table: &'r Table,
    ) -> impl Iterator<Item = Cell<'r>> {
        let names = table
            .rows
            .iter()
            .flat_map(|row| row.columns.iter().map(|column| (row.key.as_str(), *column)));
        let cells = names.zip(&record.cells);
        cells.map(|(name, cell)| self.view(record.table, table, name, cell))
    }

    fn view<'r>(
        &'r self,
        at: usize,
        table: &'r Table,
        (row, column): (&'r str, usize),
        cell: &crate::reading::Cell,
    ) -> Cell<'r> {
        let is_there = cell.status() != Status::Missing;
        let own = table.rows.iter().find(|own| own.key == row);
        let likely = |nth: usize| {
            let millionths = cell.likely().get(nth)?;
            Some(crate::number::Decimal::new(i64::from(*millionths), 6))
        };
        let candidates = cell.candidates().iter().enumerate();
        let form = self.0.form.as_deref().filter(|_| cell.status() == Status::Solved);
        Cell {
            table: &table.key,
            row,
            column: &table.columns[column].key,
            unit: own.map_or("", |own| table.unit(own, column)),
            value: cell.value(),
            raw: is_there.then(|| cell.span().of(&self.0.text)),
            status: cell.status(),
            at: is_there.then(|| place(&self.0.at(cell.span()))),
            candidates: candidates
                .map(|(nth, value)| Candidate { value: *value, likely: likely(nth) })
                .collect(),
            proof: form.map_or(Vec::new(), |form| {
                cell.proof().iter().map(|check| check.id(&form.tables[at])).collect()
            }),
        }
    }
}

/// A place as users see it.
fn place(at: &At<'_>) -> Place {
    let of_kind =
        |kind: GridKind| at.grid.filter(|(grid, _)| grid.kind == kind).map(|(grid, _)| grid.number);
    Place {
        page: at.page.map(|place| place.page),
        area: at.page.map(|place| place.area),
        table: of_kind(GridKind::Table),
        sheet: of_kind(GridKind::Sheet),
        row: at.grid.map(|(_, cell)| cell.row + 1),
        col: at.grid.map(|(_, cell)| cell.col + 1),
        line: at.line,
        start: at.bytes.map(|span| span.start),
        end: at.bytes.map(|span| span.end),
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report")
            .field("name", &self.name())
            .field("title", &self.title())
            .field("year", &self.year())
            .field("form", &self.form())
            .finish_non_exhaustive()
    }
}
