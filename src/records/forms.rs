//! What every record of a form shares, once: `forms.json`, the words of its rows and columns and of its checks.
//!
//! A form may have two versions of a table, of which a record has one. Here they are one: the rows of both, and in each
//! check the cells of both. A check of a record needs those of its cells that the record has.

use super::check::{self, Check, Verdict};
use crate::grammar::{Grammar, GrammarSet, Table};
use serde_json::{Map, Value, json};

/// Name and version of its schema.
pub const SCHEMA: &str = "nianbao.forms/1";

/// The forms of a run.
pub fn forms(grammars: &GrammarSet) -> Value {
    let forms: Map<String, Value> =
        grammars.all().iter().map(|g| (g.id.clone(), form(g))).collect();
    json!({ "schema": SCHEMA, "forms": forms })
}

/// The words of a key, for people who read English: `refused.state_secret` → `refused: state secret`.
pub fn english(key: &str) -> String {
    key.replace('_', " ").replace('.', ": ")
}

fn form(grammar: &Grammar) -> Value {
    let tables: Vec<Value> = (0..grammar.tables.len())
        .filter(|at| grammar.tables[*at].variant_of.is_none())
        .map(|at| table(&versions(grammar, at)))
        .collect();
    let mut checks = Map::new();
    for at in 0..grammar.tables.len() {
        for (table, equation, at) in check::applications(grammar, at) {
            let one =
                Check { table, equation, at, verdict: Verdict::Open, left: None, right: None };
            let equation = &grammar.tables[table].equations[equation];
            let signs = equation.terms.iter().map(|(sign, _)| *sign);
            let own: Vec<(String, i8)> = one.cells(grammar).into_iter().zip(signs).collect();
            let known = checks.entry(one.id(grammar)).or_insert(Value::Null);
            let all = merged(&terms(known), &own);
            let (cells, signs): (Vec<String>, Vec<i8>) = all.into_iter().unzip();
            *known = json!({ "rule": equation.rule, "cells": cells, "signs": signs });
        }
    }
    json!({ "title": grammar.title, "tables": tables, "checks": checks })
}

/// Cells and signs of a check that another version of its table has brought.
fn terms(check: &Value) -> Vec<(String, i8)> {
    let list = |key: &str| check[key].as_array().into_iter().flatten();
    let cells = list("cells").filter_map(|cell| cell.as_str().map(str::to_owned));
    cells.zip(list("signs").filter_map(|sign| sign.as_i64().map(|sign| sign as i8))).collect()
}

/// A table and its other versions.
fn versions(grammar: &Grammar, at: usize) -> Vec<&Table> {
    let others = grammar.tables.iter().filter(|table| table.variant_of == Some(at));
    std::iter::once(&grammar.tables[at]).chain(others).collect()
}

fn table(versions: &[&Table]) -> Value {
    let table = versions[0];
    let columns: Vec<Value> = table
        .columns
        .iter()
        .map(|column| {
            let mut value = words(&column.key, &column.labels);
            value["unit"] = json!(column.unit);
            value
        })
        .collect();
    let keys = |table: &Table| table.rows.iter().map(|row| row.key.clone()).collect::<Vec<_>>();
    let all = versions.iter().fold(Vec::new(), |all, version| merged(&all, &keys(version)));
    let rows: Vec<Value> = all.iter().map(|key| row(versions, key)).collect();
    let mut value = json!({ "key": table.key, "rows": rows, "columns": columns });
    if table.printed {
        // these rows and columns, and others that documents name
        value["printed"] = json!(true);
    }
    value
}

/// A row; with its columns where it has not all of them, and with its version where one only has it.
fn row(versions: &[&Table], key: &str) -> Value {
    let has = |table: &&&Table| table.rows.iter().any(|row| row.key == key);
    let Some(table) = versions.iter().find(has) else { return Value::Null };
    let Some(row) = table.rows.iter().find(|row| row.key == key) else { return Value::Null };
    let mut value = words(key, &row.labels);
    // versions may differ in columns
    let own = |c: &usize| {
        let rows = versions.iter().flat_map(|version| &version.rows);
        rows.filter(|row| row.key == key).any(|row| row.columns.contains(c))
    };
    let own: Vec<usize> = (0..table.columns.len()).filter(own).collect();
    if !row.group.is_empty() {
        value["group"] = json!(row.group);
    }
    if !row.unit.is_empty() {
        value["unit"] = json!(table.unit(row, 0));
        value["printed_unit"] = json!(row.unit);
    }
    if !row.codes.is_empty() {
        value["codes"] = json!(row.codes);
    }
    if own.len() < table.columns.len() {
        let columns: Vec<&str> = own.iter().map(|c| table.columns[*c].key.as_str()).collect();
        value["columns"] = json!(columns);
    }
    if !versions.iter().all(|version| has(&version)) {
        value["version"] =
            json!(versions.iter().position(|version| has(&version)).map(|at| at + 1));
    }
    value
}

/// Key and label of a row or column; with all its spellings where there are more.
fn words(key: &str, labels: &[String]) -> Value {
    let mut value = json!({ "key": key, "label": labels[0], "en": english(key) });
    if labels.len() > 1 {
        value["labels"] = json!(labels);
    }
    value
}

/// What is in either list, in an order that is that of both.
fn merged<T: Clone + PartialEq>(one: &[T], other: &[T]) -> Vec<T> {
    let mut all = Vec::with_capacity(one.len().max(other.len()));
    let mut rest = one;
    for item in other {
        if let Some(at) = rest.iter().position(|own| own == item) {
            all.extend_from_slice(&rest[..at]);
            rest = &rest[at + 1..];
        }
        all.push(item.clone());
    }
    all.extend_from_slice(rest);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_merged() {
        assert_eq!(merged(&[1, 2, 5], &[1, 3, 5]), [1, 3, 2, 5]);
        assert_eq!(merged(&[], &[1, 2]), [1, 2]);
        assert_eq!(merged(&[1, 2], &[1]), [1, 2]);
    }

    #[test]
    fn ok_both_versions_of_a_table_are_one() {
        let forms = forms(&GrammarSet::built_in());
        for id in ["disclosure-2019", "disclosure-2021"] {
            let form = &forms["forms"][id];
            let check = &form["checks"]["applications.column_total.total"];
            let cells: Vec<&str> =
                check["cells"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            for row in ["granted", "other", "other.not_corrected", "outcome_total"] {
                let name = format!("applications.{row}.total");
                assert_eq!(cells.iter().filter(|cell| **cell == name).count(), 1, "{id} {name}");
            }
            assert_eq!(check["signs"].as_array().unwrap().len(), cells.len());
            let rows = form["tables"][1]["rows"].as_array().unwrap();
            let version = |key: &str| {
                rows.iter().find(|row| row["key"] == key).map(|row| row["version"].clone())
            };
            assert_eq!(version("granted"), Some(Value::Null));
            assert_ne!(version("other"), version("other.rest"));
        }
    }
}
