//! The cells of a report by their number, and where each is marked in the source.

use crate::grammar::{Grammar, Table};
use crate::reading::{Cell, CheckRef, Status};
use crate::records::check::cell_of_term;
use crate::records::{Check, Report, Verdict};
use crate::span::Span;

/// A cell and its name.
pub(super) struct Named<'r> {
    pub(super) cell: &'r Cell,
    pub(super) name: String,
}

/// A part of the text that cells were read from.
pub(super) struct Mark {
    pub(super) span: Span,
    /// Numbers of its cells; several where it is open whose the digits are.
    pub(super) cells: Vec<usize>,
}

/// All cells of a report.
#[derive(Default)]
pub(super) struct Cells<'r> {
    pub(super) all: Vec<Named<'r>>,
    /// For each table of the report, the number of its first cell.
    pub(super) first: Vec<usize>,
    /// Whether an equation that fails has the cell.
    pub(super) in_doubt: Vec<bool>,
    /// What is marked, in the order of the text; no two overlap.
    pub(super) marks: Vec<Mark>,
}

impl<'r> Cells<'r> {
    pub(super) fn of(report: &'r Report<'_>) -> Self {
        let mut cells = Self::default();
        let Some(grammar) = report.form.as_deref() else { return cells };
        for record in &report.tables {
            cells.first.push(cells.all.len());
            let names = names(&grammar.tables[record.table]);
            let named = record.cells.iter().zip(names).map(|(cell, name)| Named { cell, name });
            cells.all.extend(named);
        }
        let mut marked: Vec<(Span, usize)> = cells
            .all
            .iter()
            .enumerate()
            .filter(|(_, named)| named.cell.status() != Status::Missing)
            .map(|(number, named)| (named.cell.span(), number))
            .collect();
        marked.sort_by_key(|(span, number)| (span.start, std::cmp::Reverse(span.end), *number));
        for (span, number) in marked {
            match cells.marks.last_mut() {
                // the same digits, or some of them
                Some(last)
                    if last.span == span
                        || span.end <= last.span.end && span.start < last.span.end =>
                {
                    last.cells.push(number);
                }
                last => {
                    let from = last.map_or(0, |last| last.span.end).max(span.start);
                    let span = Span::new(from, span.end.max(from));
                    cells.marks.push(Mark { span, cells: vec![number] });
                }
            }
        }
        cells.in_doubt = vec![false; cells.all.len()];
        for check in report.checks.iter().filter(|check| check.verdict == Verdict::Fails) {
            for number in cells.of_check(report, grammar, check) {
                cells.in_doubt[number] = true;
            }
        }
        cells
    }

    /// Whether a check proves a value of the report.
    pub(super) fn is_proof(report: &Report<'_>, check: &Check) -> bool {
        let Some(record) = report.tables.iter().find(|record| record.table == check.table) else {
            return false;
        };
        let is_it = |own: &CheckRef| {
            usize::from(own.equation) == check.equation && usize::from(own.at) == check.at
        };
        record.cells.iter().any(|cell| cell.proof().iter().any(is_it))
    }

    /// The numbers of the cells of a check, in the order of its equation.
    pub(super) fn of_check(
        &self,
        report: &Report<'_>,
        grammar: &Grammar,
        check: &Check,
    ) -> Vec<usize> {
        let equation = &grammar.tables[check.table].equations[check.equation];
        let number = |&(_, name): &(i8, usize)| {
            let (row, column) = cell_of_term(equation, check.at, name);
            self.number(report, grammar, check.table, row, column)
        };
        equation.terms.iter().filter_map(number).collect()
    }

    /// The number of a cell of the form.
    fn number(
        &self,
        report: &Report<'_>,
        grammar: &Grammar,
        table: usize,
        row: usize,
        column: usize,
    ) -> Option<usize> {
        let record = report.tables.iter().position(|record| record.table == table)?;
        let form = &grammar.tables[table];
        let nth = form.rows[row].columns.iter().position(|c| *c == column)?;
        Some(self.first[record] + form.first_cells().nth(row)? + nth)
    }
}

/// The names of a table's cells, row by row.
fn names(table: &Table) -> impl Iterator<Item = String> {
    table.rows.iter().enumerate().flat_map(move |(at, row)| {
        row.columns.iter().map(move |column| table.cell_name(at, *column))
    })
}
