//! Views of the database that the forms of a run say: what is often asked of them, and what they hold against each other.

use super::super::schema::{Column, STATED};
use crate::grammar::{Each, GrammarSet, Table};
use crate::statements::{self, MEASURES};
use std::fmt::Write;

/// Views of any form, and indices.
const OF_ALL: &str = include_str!("views.sql");

/// The statements that make all views; `columns` are those of reports.
pub(super) fn views(grammars: &GrammarSet, columns: &[Column]) -> String {
    let mut sql = OF_ALL.to_owned();
    own(grammars, &mut sql);
    between(grammars, columns, &mut sql);
    stated(columns, &mut sql);
    sql
}

/// A cell as a column of reports.
fn column(cell: &str) -> String {
    format!("\"{}\"", cell.replace('.', "__"))
}

/// `[[view]]` of each form; of one name the first.
fn own(grammars: &GrammarSet, sql: &mut String) {
    for view in grammars.all().iter().flat_map(|grammar| &grammar.views) {
        let mut columns = String::new();
        for (name, cells) in &view.columns {
            let _ = write!(columns, ", 0");
            for (sign, cell) in cells {
                let _ = write!(columns, " {} {}", if *sign < 0 { '-' } else { '+' }, column(cell));
            }
            let _ = write!(columns, " AS \"{name}\"");
        }
        let mut shares = String::new();
        for [name, part, whole] in &view.shares {
            let _ = write!(
                shares,
                ", CASE WHEN \"{whole}\" > 0 THEN CAST(\"{part}\" AS REAL) / \"{whole}\" END AS \"{name}\""
            );
        }
        let _ = writeln!(
            sql,
            "CREATE VIEW IF NOT EXISTS \"{}\" AS SELECT *{shares} FROM (\
             SELECT source, issuer, code, province, year, form{columns} \
             FROM report WHERE form IS NOT NULL AND duplicate_of IS NULL);",
            view.name
        );
    }
}

/// What one year hands on to the next, both sides of each equation of the forms between years.
fn between(grammars: &GrammarSet, columns: &[Column], sql: &mut String) {
    let mut all: Vec<String> = Vec::new();
    for table in grammars.all().iter().flat_map(|grammar| &grammar.tables) {
        for one in equations(table, columns) {
            if !all.contains(&one) {
                all.push(one);
            }
        }
    }
    if all.is_empty() {
        return;
    }
    let _ = writeln!(
        sql,
        "CREATE VIEW between_years AS SELECT a.issuer, coalesce(a.code_now, a.code) AS code, a.year, a.source, \
         b.source AS next_source, equation.* FROM ({}) equation \
         JOIN report a ON a.report = equation.report JOIN report b ON b.report = equation.next \
         WHERE \"left\" IS NOT NULL AND \"right\" IS NOT NULL;",
        all.join(" UNION ALL ")
    );
}

/// A table's equations between years, each with its report, the next, its id and both sides.
fn equations(table: &Table, columns: &[Column]) -> Vec<String> {
    let mut all = Vec::new();
    for between in &table.between {
        let others: Vec<&str> = match between.each {
            Each::Row => table.rows.iter().map(|row| row.key.as_str()).collect(),
            Each::Column => table.columns.iter().map(|column| column.key.as_str()).collect(),
        };
        for other in others {
            let name = |key: &str| match between.each {
                Each::Row => format!("{}__{other}__{key}", table.key).replace('.', "__"),
                Each::Column => format!("{}__{key}__{other}", table.key).replace('.', "__"),
            };
            let terms = || between.left.iter().chain(&between.right);
            if !terms().all(|term| columns.iter().any(|column| column.name == name(&term.key))) {
                continue;
            }
            let side = |terms: &[crate::grammar::Term]| {
                terms.iter().fold(String::from("0"), |mut sum, term| {
                    let sign = if term.sign < 0 { '-' } else { '+' };
                    let of = if term.is_last { 'a' } else { 'b' };
                    let _ = write!(sum, " {sign} {of}.\"{}\"", name(&term.key));
                    sum
                })
            };
            all.push(format!(
                "SELECT years.report, next, '{}.{}.{other}' AS id, {} AS \"left\", {} AS \"right\" \
                 FROM years JOIN report a ON a.report = years.report JOIN report b ON b.report = next",
                table.key,
                between.id,
                side(&between.left),
                side(&between.right)
            ));
        }
    }
    all
}

/// What prose states, beside the cells of forms that count the same, where a report has both.
fn stated(columns: &[Column], sql: &mut String) {
    let is_known = |name: &str| columns.iter().any(|column| column.name == name);
    let mut all: Vec<String> = Vec::new();
    for (nth, measure) in MEASURES.iter().enumerate() {
        let stated = format!("{STATED}{}", measure.key);
        for cells in statements::cells(nth) {
            let names: Vec<String> =
                cells.split(" + ").map(|cell| cell.replace('.', "__")).collect();
            if is_known(&stated) && names.iter().all(|name| is_known(name)) {
                let sum: Vec<String> = names.iter().map(|name| column(name)).collect();
                all.push(format!(
                    "SELECT source, issuer, code, year, form, scope, '{}' AS measure, {stated} AS stated, {} AS printed \
                     FROM report WHERE duplicate_of IS NULL",
                    measure.key,
                    sum.join(" + ")
                ));
            }
        }
    }
    if !all.is_empty() {
        let _ = writeln!(
            sql,
            "CREATE VIEW stated_and_printed AS SELECT * FROM ({}) WHERE stated IS NOT NULL AND printed IS NOT NULL;",
            all.join(" UNION ALL ")
        );
    }
}
