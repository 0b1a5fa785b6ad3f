//! What can be judged within a report, and between two reports for one year.

use super::bodies::{Body, State, Values};
use super::findings::{Cell, Finding, Kind, Sums};
use super::layout::{Layout, value};
use super::wide::Wide;
use crate::checks::judge_values;
use crate::grammar::Grammar;
use crate::number::Decimal;
use crate::records::Verdict;

/// Sums that fail within one report.
pub(super) fn within(
    wide: &Wide,
    layout: &Layout<'_>,
    at: usize,
    body: &Body,
    values: &[Values],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entry, values) in body.entries.iter().zip(values) {
        if entry.state != State::Failing {
            continue;
        }
        let form = layout.form.and_then(|column| wide.fields(entry.row).nth(column));
        let grammar = layout.grammars.all().iter().find(|g| form.as_deref() == Some(g.id.as_str()));
        let Some(grammar) = grammar else { continue };
        let tables = tables(layout, grammar, values);
        let judged = tables
            .iter()
            .flat_map(|(table, cells)| judge_values(grammar, *table, |nth| cells[nth]));
        for check in judged.filter(|c| c.verdict == Verdict::Fails) {
            let cells: Vec<usize> = check
                .cells(grammar)
                .iter()
                .filter_map(|name| layout.by_name.get(name).copied())
                .collect();
            let (Some(first), Some(last)) = (cells.first(), cells.last()) else { continue };
            findings.push(Finding {
                kind: Kind::SumFails,
                body: at,
                year: entry.year,
                left: Cell { row: entry.row, cell: *first },
                right: Cell { row: entry.row, cell: *last },
                left_value: values[*first],
                right_value: values[*last],
                sums: Some(Sums {
                    left: check.left,
                    right: check.right,
                    equation: grammar.tables[check.table].equations[check.equation].rule.clone(),
                }),
                detail: check.id(grammar),
            });
        }
    }
    findings
}

/// The tables of a form, filled from the wide table; of variants of a table the one that has values.
fn tables(
    layout: &Layout<'_>,
    grammar: &Grammar,
    values: &Values,
) -> Vec<(usize, Vec<Option<Decimal>>)> {
    let mut tables: Vec<(usize, Vec<Option<Decimal>>)> = Vec::new();
    for (at, table) in grammar.tables.iter().enumerate() {
        let mut cells = Vec::new();
        for row in &table.rows {
            for column in &row.columns {
                let name = format!("{}.{}.{}", table.key, row.key, table.columns[*column].key);
                cells.push(value(values, layout.by_name.get(&name).copied()));
            }
        }
        let is_known = tables.iter().any(|(known, _)| grammar.tables[*known].key == table.key);
        if !is_known && cells.iter().any(Option::is_some) {
            tables.push((at, cells));
        }
    }
    tables
}

/// Reports for one year that differ.
pub(super) fn duplicates(wide: &Wide, at: usize, body: &Body, values: &[Values]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entry, values) in body.entries.iter().zip(values) {
        for &other in &entry.others {
            let its = wide.values(other);
            let differ = |cell: &usize| {
                values[*cell].is_some() && its[*cell].is_some() && values[*cell] != its[*cell]
            };
            let mut cells = (0..wide.cells).filter(differ);
            let Some(first) = cells.next() else { continue };
            findings.push(Finding {
                kind: Kind::DuplicatesDiffer,
                body: at,
                year: entry.year,
                left: Cell { row: entry.row, cell: first },
                right: Cell { row: other, cell: first },
                left_value: values[first],
                right_value: its[first],
                sums: None,
                detail: format!("{} cells differ", cells.count() + 1),
            });
        }
    }
    findings
}
