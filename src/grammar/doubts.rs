//! What is allowed in a grammar and most often a slip: it loads, and then reads less than its author means.

use super::matcher::letters;
use super::{ANY_ROW, Grammar, Table};
use crate::number::Unit;

/// Doubts about a grammar, in words; none about most.
pub fn doubts(grammar: &Grammar) -> Vec<String> {
    let mut doubts = Vec::new();
    if grammar.titles.is_empty() {
        doubts.push(
            "no `titles`: title, body and year of its reports are looked for by what other forms are called".to_owned(),
        );
    }
    for table in &grammar.tables {
        shared(table, &mut doubts);
        same_headers(table, &mut doubts);
        units(table, &mut doubts);
    }
    // versions of a table say the same twice
    let mut known = std::collections::BTreeSet::new();
    doubts.retain(|doubt| known.insert(doubt.clone()));
    doubts
}

/// Labels by which two rows are found.
fn shared(table: &Table, doubts: &mut Vec<String>) {
    let mut known: Vec<(String, usize)> = Vec::new();
    for (at, row) in table.rows.iter().enumerate().filter(|(_, row)| row.key != ANY_ROW) {
        for label in &row.labels {
            let letters = letters(label);
            if letters.is_empty() || known.contains(&(letters.clone(), at)) {
                continue;
            }
            if let Some((_, other)) = known.iter().find(|(own, _)| *own == letters) {
                doubts.push(format!(
                    "table `{}`: rows `{}` and `{}` share the label {label}; which is meant is told by order alone",
                    table.key, table.rows[*other].key, row.key
                ));
            }
            known.push((letters, at));
        }
    }
}

/// Headers that two columns have, with nothing to tell them apart.
fn same_headers(table: &Table, doubts: &mut Vec<String>) {
    for (at, column) in table.columns.iter().enumerate() {
        let is_same = |other: &&super::Column| {
            !column.labels.is_empty()
                && other.labels.first() == column.labels.first()
                && other.groups == column.groups
        };
        if let Some(other) = table.columns[..at].iter().find(is_same) {
            doubts.push(format!(
                "table `{}`: columns `{}` and `{}` have one header; only `groups` of a `printed` table tell them apart",
                table.key, other.key, column.key
            ));
        }
    }
}

/// Units that no number is printed in.
fn units(table: &Table, doubts: &mut Vec<String>) {
    let is_known =
        |unit: &str| unit.is_empty() || Unit::parse(unit).is_ok_and(|(rest, _)| rest.is_empty());
    let rows = table.rows.iter().map(|row| ("row", &row.key, &row.unit));
    let columns = table.columns.iter().map(|column| ("column", &column.key, &column.unit));
    for (what, key, unit) in rows.chain(columns).filter(|(_, _, unit)| !is_known(unit)) {
        doubts.push(format!(
            "table `{}`, {what} `{key}`: the unit {unit} is not known; behind a number it makes the cell unreadable",
            table.key
        ));
    }
    let is_money = |unit: &str| unit == "元" || unit == "亿元";
    for column in table.columns.iter().filter(|column| is_money(&column.unit)) {
        doubts.push(format!(
            "table `{}`, column `{}`: money is given in 万元; a column of it has the unit 万元, whatever is printed",
            table.key, column.key
        ));
    }
}
