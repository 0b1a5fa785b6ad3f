//! Stage 9: cells → the form's equations judged, and warnings that experts want. Checks never change a value.

pub mod coverage;
mod implied;
mod stated;

use crate::finding::{Code, Finding};
use crate::grammar::{Each, Grammar, Table};
use crate::number::Decimal;
use crate::reading::Cell;
use crate::records::check::{applications, cell_of_term};
use crate::records::{Check, Level, Report, TableRecord, Verdict};

pub use implied::zeros;
pub use stated::stated;

/// Judges all equations of a document's tables.
pub fn judge(grammar: &Grammar, tables: &[TableRecord]) -> Vec<Check> {
    const USUAL: usize = 64;
    let mut checks = Vec::with_capacity(USUAL);
    for record in tables {
        checks.extend(judge_values(grammar, record.table, |nth| record.cells.get(nth)?.value()));
    }
    checks
}

/// Judges all equations of one table, whose cells have these values.
pub fn judge_values(
    grammar: &Grammar,
    table: usize,
    values: impl Fn(usize) -> Option<Decimal>,
) -> impl Iterator<Item = Check> {
    let at = table;
    let table = &grammar.tables[table];
    let first: Vec<usize> = table.first_cells().collect();
    applications(grammar, at).map(move |(t, e, at)| {
        let equation = &table.equations[e];
        let value = |&(_, name): &(i8, usize)| {
            let (row, column) = cell_of_term(equation, at, name);
            let columns = &table.rows[row].columns;
            // most rows have all columns of the table
            let all = columns.get(column) == Some(&column);
            let nth = if all { column } else { columns.iter().position(|c| *c == column)? };
            values(first[row] + nth)
        };
        let (left, right) = equation.terms.split_at(equation.left);
        verdict((t, e, at), &Side::of(left, 1, value), &Side::of(right, -1, value))
    })
}

/// One side of an equation.
#[derive(Clone, Copy, Debug)]
struct Side {
    /// The sum of what has a value, in units of `10^-scale`.
    sum: i128,
    scale: u8,
    /// Whether every cell has a value.
    whole: bool,
    /// Whether cells without a value could only make the sum larger.
    grows: bool,
}

impl Side {
    fn of(
        terms: &[(i8, usize)],
        sign: i8,
        value: impl Fn(&(i8, usize)) -> Option<Decimal>,
    ) -> Self {
        let mut side = Self { sum: 0, scale: 0, whole: true, grows: true };
        for term in terms {
            let coefficient = term.0 * sign;
            let Some(value) = value(term) else {
                side.whole = false;
                side.grows &= coefficient > 0;
                continue;
            };
            if let (0, Some(count)) = (side.scale, value.integer()) {
                side.sum += i128::from(count * i64::from(coefficient));
                continue;
            }
            side = side.at_scale(value.scale());
            side.sum += value.scaled(side.scale) * i128::from(coefficient);
        }
        side
    }

    /// The same sum in smaller units.
    fn at_scale(mut self, scale: u8) -> Self {
        while self.scale < scale {
            self.sum *= 10;
            self.scale += 1;
        }
        self
    }

    fn value(&self) -> Option<Decimal> {
        i64::try_from(self.sum).ok().filter(|_| self.whole).map(|sum| Decimal::new(sum, self.scale))
    }
}

fn verdict((table, equation, at): (usize, usize, usize), left: &Side, right: &Side) -> Check {
    let scale = left.scale.max(right.scale);
    let (l, r) = (left.at_scale(scale).sum, right.at_scale(scale).sum);
    let verdict = match (left.whole, right.whole) {
        (true, true) if l == r => Verdict::Holds,
        (true, true) => Verdict::Fails,
        // counts are not negative: what is printed already exceeds the other side
        (false, true) if left.grows && l > r => Verdict::Fails,
        (true, false) if right.grows && r > l => Verdict::Fails,
        _ => Verdict::Open,
    };
    Check { table, equation, at, verdict, left: left.value(), right: right.value() }
}

/// Findings about values that are read right and still look wrong.
pub fn doubts(grammar: &Grammar, report: &Report<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for check in report.checks.iter().filter(|c| c.verdict == Verdict::Fails) {
        let equation = &grammar.tables[check.table].equations[check.equation];
        let side =
            |value: Option<Decimal>| value.map_or("more than can be".to_owned(), |v| v.to_string());
        let id = check.id(grammar);
        let (left, right) = (side(check.left), side(check.right));
        let message = format!("{id}: {left} against {right} ({})", equation.rule);
        findings.push(Finding::new(Code::SumFails, message).by(id));
    }
    for record in &report.tables {
        let table = &grammar.tables[record.table];
        unlikely(table, &record.cells, report.issuer.level, &mut findings);
        total_never_filled(table, &record.cells, &mut findings);
    }
    findings
}

/// Values in a row that a body of this level cannot have.
fn unlikely(table: &Table, cells: &[Cell], level: Option<Level>, findings: &mut Vec<Finding>) {
    let Some(level) = level else { return };
    for (row, first) in table.rows.iter().zip(table.first_cells()) {
        if !row.not_for.iter().any(|l| l == level.name()) {
            continue;
        }
        for (nth, column) in row.columns.iter().enumerate() {
            let cell = &cells[first + nth];
            if let Some(value) = cell.value().filter(|v| !v.is_zero()) {
                let name = format!("{}.{}.{}", table.key, row.key, table.columns[*column].key);
                let message =
                    format!("{} is {value}, but a {} cannot have any", row.labels[0], level.name());
                findings.push(
                    Finding::new(Code::RegulationsUnlikely, message)
                        .at(cell.span())
                        .about(vec![name]),
                );
            }
        }
    }
}

/// A total that is zero or blank in every row although its parts are not.
fn total_never_filled(table: &Table, cells: &[Cell], findings: &mut Vec<Finding>) {
    for equation in
        table.equations.iter().filter(|e| e.each == Each::Row && e.terms.len() == e.left + 1)
    {
        let total = equation.terms[equation.left].1;
        let mut parts_filled = 0;
        let mut total_filled = 0;
        for (row, first) in table.rows.iter().zip(table.first_cells()) {
            for (nth, column) in row.columns.iter().enumerate() {
                let filled = usize::from(cells[first + nth].value().is_some_and(|v| !v.is_zero()));
                if *column == total {
                    total_filled += filled;
                } else {
                    parts_filled += filled;
                }
            }
        }
        let rows = || (0..table.rows.len()).filter(|r| table.rows[*r].columns.contains(&total));
        if parts_filled > 0 && total_filled == 0 && rows().count() > 1 {
            let names = rows().map(|row| table.cell_name(row, total)).collect();
            let message = format!(
                "column {} of table `{}` is zero or blank in every row",
                table.columns[total].labels[0], table.key
            );
            findings.push(Finding::new(Code::TotalNeverFilled, message).about(names));
        }
    }
}
