//! A record against `expected.json`, in steps: the head, the keys, the values, the checks, the prose.

use crate::score::Score;
use serde_json::Value;
use std::collections::BTreeSet;

/// Every difference, in words; none when the case passes.
pub(crate) fn problems(expected: &Value, record: &Value, score: &mut Score) -> Vec<String> {
    let mut problems = head(expected, record);
    tables(expected, record, score, &mut problems);
    fails(expected, record, &mut problems);
    paragraphs(expected, record, &mut problems);
    let codes: BTreeSet<&str> =
        list(&record["diagnostics"]).filter_map(|d| d["code"].as_str()).collect();
    for code in list(&expected["diagnostics"]).filter_map(Value::as_str) {
        if !codes.contains(code) {
            problems.push(format!("diagnostic {code} is not reported, only {codes:?}"));
        }
    }
    problems
}

/// Form, year, title and issuer; texts without blanks.
fn head(expected: &Value, record: &Value) -> Vec<String> {
    let plain = |value: &Value| match value {
        Value::String(text) => Value::String(text.split_whitespace().collect()),
        other => other.clone(),
    };
    let fields = [
        ("form", &record["form"]),
        ("year", &record["year"]),
        ("title", &record["title"]),
        ("issuer", &record["issuer"]["name"]),
    ];
    fields
        .into_iter()
        .filter_map(|(key, got)| {
            let want = expected.get(key)?;
            (plain(want) != plain(got)).then(|| format!("{key}: expected {want}, got {got}"))
        })
        .collect()
}

fn tables(expected: &Value, record: &Value, score: &mut Score, problems: &mut Vec<String>) {
    for (table, rows) in members(&expected["tables"]) {
        for (row, wanted) in members(rows) {
            let got = &record["tables"][table][row];
            let wanted: Vec<&Value> = list(wanted).collect();
            let Some(columns) = got.as_object() else {
                score.expected += wanted.len();
                // rows of the other version of a table are not in the record
                if wanted.iter().all(|want| **want == "missing") {
                    score.right += wanted.len();
                    continue;
                }
                problems.push(format!("{table}.{row}: the record has no such row"));
                continue;
            };
            if columns.len() != wanted.len() {
                let (n, m) = (wanted.len(), columns.len());
                problems.push(format!("{table}.{row}: expected {n} columns, got {m}"));
                continue;
            }
            for ((column, cell), want) in columns.iter().zip(wanted) {
                score.expected += 1;
                match difference(want, cell) {
                    None => score.right += 1,
                    Some(difference) => {
                        let given = !cell["value"].is_null();
                        score.wrong += usize::from(given);
                        problems.push(format!("{table}.{row}.{column}: {difference}"));
                    }
                }
            }
        }
    }
}

/// What is wrong with a cell. Where the truth is `?` the cell may be proven blank, but a number would be a guess.
fn difference(want: &Value, cell: &Value) -> Option<String> {
    let status = cell["status"].as_str().unwrap_or_default();
    let right = match want {
        Value::Null => status == "blank",
        Value::String(mark) if mark == "?" => matches!(status, "ambiguous" | "blank"),
        Value::String(mark) if mark == "missing" || mark == "unreadable" => status == mark,
        number => decimal(number) == decimal(&cell["value"]),
    };
    if right {
        return None;
    }
    let line = cell["at"]["line"].as_u64().map_or(String::new(), |line| format!(" at line {line}"));
    let got = match &cell["value"] {
        Value::Null => format!("{status} (raw {})", cell["raw"]),
        value => value.to_string(),
    };
    let want = match want {
        Value::Null => "blank".to_owned(),
        Value::String(mark) if mark == "?" => "ambiguous".to_owned(),
        Value::String(mark) => mark.clone(),
        number => number.to_string(),
    };
    Some(format!("expected {want}, got {got}{line}"))
}

/// A number without zeros at the end of its fraction.
fn decimal(number: &Value) -> String {
    let text = number.to_string();
    match text.split_once('.') {
        Some(_) => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => text,
    }
}

/// The checks that fail are those expected and no others.
fn fails(expected: &Value, record: &Value, problems: &mut Vec<String>) {
    let want: BTreeSet<&str> = list(&expected["fails"]).filter_map(Value::as_str).collect();
    let got: BTreeSet<&str> = list(&record["checks"])
        .filter(|check| check["status"] == "fails")
        .filter_map(|check| check["id"].as_str())
        .collect();
    problems.extend(want.difference(&got).map(|id| format!("check {id} should fail")));
    problems.extend(got.difference(&want).map(|id| format!("check {id} should not fail")));
}

/// The expected paragraphs of a section stand in it, in this order; others may stand between.
fn paragraphs(expected: &Value, record: &Value, problems: &mut Vec<String>) {
    for (key, wanted) in members(&expected["paragraphs"]) {
        let section = list(&record["sections"]).find(|section| section["key"] == **key);
        let Some(section) = section else {
            problems.push(format!("section {key} is not found"));
            continue;
        };
        let mut got = list(&section["paragraphs"]);
        for want in list(wanted) {
            if !got.any(|paragraph| paragraph == want) {
                let all = &section["paragraphs"];
                problems
                    .push(format!("section {key}: no paragraph {want} (in this order) in {all}"));
                break;
            }
        }
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
