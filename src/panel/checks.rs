//! What can be judged within a report, between a body's years, and between two reports for one year.

use super::bodies::{Body, State, Values};
use super::findings::{Cell, Finding, Kind, Sums};
use super::wide::Wide;
use crate::checks::judge_values;
use crate::grammar::{Grammar, GrammarSet};
use crate::number::Decimal;
use crate::records::Verdict;
use rustc_hash::FxHashMap;

/// Columns of the table of applications, in their order on the form.
const COLUMNS: [&str; 7] = [
    "natural_person",
    "business",
    "research",
    "public_interest",
    "legal_service",
    "other_org",
    "total",
];

/// The seven cells of a row of applications.
pub(super) type Row = [Option<usize>; 7];

/// Where in the wide table stands what the checks need.
pub(super) struct Layout<'g> {
    grammars: &'g GrammarSet,
    form: Option<usize>,
    by_name: FxHashMap<String, usize>,
    pub(super) carried_in: Row,
    pub(super) carried_out: Row,
    /// All rows of applications.
    pub(super) applications: Vec<Row>,
    /// issued, repealed and in force, of each kind of document.
    stock: Vec<[Option<usize>; 3]>,
    /// Sums of money.
    pub(super) money: Vec<usize>,
    /// Cells whose size says something: totals, and all of the table of what is made public.
    pub(super) sizes: Vec<usize>,
    /// received, carried in, carried out, granted.
    pub(super) series: [Option<usize>; 4],
}

impl<'g> Layout<'g> {
    pub(super) fn of(wide: &Wide, grammars: &'g GrammarSet) -> Self {
        let names = &wide.names[wide.first_cell..wide.first_cell + wide.cells];
        let by_name: FxHashMap<String, usize> =
            names.iter().enumerate().map(|(at, name)| (name.replace("__", "."), at)).collect();
        let cell = |name: String| by_name.get(&name).copied();
        let row = |key: &str| {
            let key = key.replace("__", ".");
            COLUMNS.map(|column| cell(format!("applications.{key}.{column}")))
        };
        let mut rows: Vec<&str> = Vec::new();
        for name in names {
            if let Some(rest) = name.strip_prefix("applications__")
                && let Some((key, _)) = rest.rsplit_once("__")
                && !rows.contains(&key)
            {
                rows.push(key);
            }
        }
        let of_documents = |key: &str| {
            ["issued", "repealed", "in_force"]
                .map(|column| cell(format!("proactive.{key}.{column}")))
        };
        let is_money = |name: &&String| name.ends_with("__amount");
        let is_size = |name: &str| name.starts_with("proactive__") || name.ends_with("__total");
        let places = |wanted: &dyn Fn(&String) -> bool| {
            names.iter().enumerate().filter(|(_, n)| wanted(n)).map(|(at, _)| at).collect()
        };
        let [received, carried_in, carried_out, granted] =
            ["received", "carried_in", "carried_out", "granted"].map(row);
        Self {
            grammars,
            form: wide.column("form"),
            carried_in,
            carried_out,
            applications: rows.iter().map(|key| row(key)).collect(),
            stock: ["regulations", "normative_documents"].map(of_documents).to_vec(),
            money: places(&|name| is_money(&name)),
            sizes: places(&|name| is_size(name)),
            series: [received[6], carried_in[6], carried_out[6], granted[6]],
            by_name,
        }
    }
}

/// The value of a cell that the table may not have.
pub(super) fn value(values: &Values, cell: Option<usize>) -> Option<Decimal> {
    *values.get(cell?)?
}

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

/// What a year hands on to the next.
pub(super) fn between(
    layout: &Layout<'_>,
    at: usize,
    body: &Body,
    values: &[Values],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (pair, both) in body.entries.windows(2).zip(values.windows(2)) {
        let ([before, after], [old, new]) = (pair, both) else { continue };
        if after.year != before.year + 1 {
            continue;
        }
        let finding = |kind, left: Option<usize>, right: Option<usize>, detail: &str| {
            let (left, right) = (left?, right?);
            Some(Finding {
                kind,
                body: at,
                year: before.year,
                left: Cell { row: before.row, cell: left },
                right: Cell { row: after.row, cell: right },
                left_value: old[left],
                right_value: new[right],
                sums: None,
                detail: detail.to_owned(),
            })
        };
        let out = layout.carried_out.map(|cell| value(old, cell));
        let into = layout.carried_in.map(|cell| value(new, cell));
        if let Some(column) = shifted(&out, &into) {
            let cell = (layout.carried_out[column], layout.carried_in[column]);
            let detail = "all columns agree when one of the rows is moved by one column";
            findings.extend(finding(Kind::CarryShifted, cell.0, cell.1, detail));
        } else {
            for column in 0..COLUMNS.len() {
                if let (Some(out), Some(into)) = (out[column], into[column])
                    && out != into
                {
                    let cell = (layout.carried_out[column], layout.carried_in[column]);
                    findings.extend(finding(Kind::CarryDiffers, cell.0, cell.1, ""));
                }
            }
        }
        for [issued, repealed, in_force] in &layout.stock {
            let known = [value(old, *in_force), value(new, *issued), value(new, *repealed)];
            let ([Some(stock), Some(issued), Some(repealed)], Some(now)) =
                (known, value(new, *in_force))
            else {
                continue;
            };
            let whole = [stock, issued, repealed, now].map(Decimal::integer);
            if let [Some(stock), Some(issued), Some(repealed), Some(now)] = whole
                && stock + issued - repealed != now
            {
                let sum = stock + issued - repealed;
                let mut found = finding(Kind::StockDiffers, *in_force, *in_force, "");
                if let Some(found) = &mut found {
                    found.sums = Some(Sums {
                        left: Some(Decimal::from(sum)),
                        right: Some(Decimal::from(now)),
                        equation: format!("{stock} + {issued} - {repealed} = {sum}"),
                    });
                }
                findings.extend(found);
            }
        }
    }
    findings
}

/// The first column with a number, if one row is the other moved by one column; the total stays where it is or moves too.
fn shifted(a: &[Option<Decimal>; 7], b: &[Option<Decimal>; 7]) -> Option<usize> {
    let plain = |row: &[Option<Decimal>; 7]| row.map(|v| v.unwrap_or(Decimal::ZERO));
    let (a, b) = (plain(a), plain(b));
    let moved = |a: &[Decimal; 7], b: &[Decimal; 7]| {
        b[0].is_zero() && (0..5).all(|at| a[at] == b[at + 1]) && a[..5].iter().any(|v| !v.is_zero())
    };
    if a[..6] == b[..6] || !(moved(&a, &b) || moved(&b, &a)) {
        return None;
    }
    (0..6).find(|at| a[*at] != b[*at])
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

#[cfg(test)]
mod tests {
    use super::*;

    fn row(values: [i64; 7]) -> [Option<Decimal>; 7] {
        values.map(|v| Some(Decimal::from(v)))
    }

    #[test]
    fn ok_rows_moved_by_a_column() {
        let plain = row([5, 2, 0, 0, 1, 0, 8]);
        assert_eq!(shifted(&plain, &row([0, 5, 2, 0, 0, 1, 8])), Some(0));
        assert_eq!(shifted(&row([0, 5, 2, 0, 0, 1, 8]), &plain), Some(0));
        assert_eq!(shifted(&plain, &plain), None);
        assert_eq!(shifted(&plain, &row([5, 3, 0, 0, 1, 0, 9])), None);
        assert_eq!(shifted(&row([0; 7]), &row([0, 0, 0, 0, 0, 0, 1])), None);
    }
}
