//! A record against what is right.

use super::invariants::{self, Reader};
use super::model::{Document, Truth};
use nianbao::source::Source;
use serde_json::Value;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What one document came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Verdict {
    /// Numbers that are printed, and those of them that were given.
    pub(crate) printed: usize,
    pub(crate) given: usize,
    /// Numbers that must be given, and those that were not.
    pub(crate) must: usize,
    pub(crate) lost: Vec<String>,
    /// Other values than those that are printed, with no check that fails over them.
    pub(crate) wrong: Vec<String>,
    /// Those of `wrong` that are called solved.
    pub(crate) solved: usize,
    /// The same beside a failing check.
    pub(crate) loud: Vec<String>,
    pub(crate) false_blank: Vec<String>,
    /// A panic, or a document that takes too long.
    pub(crate) stopped: Option<String>,
}

impl Verdict {
    /// No wrong value, no false blank, no end of the program.
    pub(crate) fn honest(&self) -> bool {
        self.wrong.is_empty()
            && self.loud.is_empty()
            && self.false_blank.is_empty()
            && self.stopped.is_none()
    }

    /// Every fault, the worst first.
    pub(crate) fn faults(&self) -> Vec<String> {
        let say = |what: &str, list: &[String]| {
            list.iter().map(|fault| format!("{what} {fault}")).collect::<Vec<_>>()
        };
        let mut all: Vec<String> = self.stopped.iter().cloned().collect();
        all.extend(say("WRONG", &self.wrong));
        all.extend(say("wrong beside a failing check", &self.loud));
        all.extend(say("FALSE BLANK", &self.false_blank));
        all.extend(say("not given", &self.lost));
        all
    }
}

/// No document of a page takes longer.
const LONG: Duration = Duration::from_secs(5);

/// Reads a file; an error says how it ended otherwise.
pub(crate) fn read(reader: &Reader, name: &str, bytes: Vec<u8>) -> Result<Value, String> {
    if let Some(program) = super::setting("PAIRS_PROGRAM") {
        return read_with(&program, name, &bytes);
    }
    let source = Source::new(name, bytes);
    let begun = Instant::now();
    let read = catch_unwind(AssertUnwindSafe(|| reader.bytes(&source)));
    let bytes = read.map_err(|_| "PANIC".to_owned())?;
    if begun.elapsed() > LONG {
        return Err(format!("SLOW {:?}", begun.elapsed()));
    }
    serde_json::from_slice(&bytes).map_err(|error| format!("NO JSON {error}"))
}

/// The record that a program prints, as `PROGRAM parse FILE` does.
fn read_with(program: &str, name: &str, bytes: &[u8]) -> Result<Value, String> {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let file = std::env::temp_dir().join(format!("pairs-{}-{number}-{name}", std::process::id()));
    std::fs::write(&file, bytes).expect("a temporary file can be written");
    let output = Command::new(program).arg("parse").arg(&file).output();
    let _ = std::fs::remove_file(&file);
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    match serde_json::from_slice(&output.stdout) {
        Ok(Value::Array(mut records)) if !records.is_empty() => Ok(records.swap_remove(0)),
        Ok(record) => Ok(record),
        Err(error) => Err(format!("{error}: {}", String::from_utf8_lossy(&output.stderr))),
    }
}

/// Compares the record of a document.
pub(crate) fn judge(reader: &Reader, document: &Document, name: &str, bytes: Vec<u8>) -> Verdict {
    match read(reader, name, bytes) {
        Ok(record) => compare(truth(document, &record), &record),
        Err(stopped) => Verdict { stopped: Some(stopped), ..Verdict::default() },
    }
}

/// The report that the record says it is of: by year where there are two years, by body where there are two.
fn truth<'a>(document: &'a Document, record: &Value) -> &'a Truth {
    let issuer = record["issuer"]["name"].as_str().unwrap_or_default();
    let same_year = |truth: &&Truth| record["year"] == truth.year;
    let same_body = |truth: &&Truth| {
        issuer.contains(&truth.issuer) || issuer.contains(&super::traditional(&truth.issuer))
    };
    let mut years = document.truths.iter().filter(same_year);
    match (years.next(), years.next()) {
        (Some(only), None) => only,
        _ => document.truths.iter().find(same_body).unwrap_or(&document.truths[0]),
    }
}

fn compare(truth: &Truth, record: &Value) -> Verdict {
    let mut verdict = Verdict::default();
    let fails = failing(record);
    let cells: HashMap<[&str; 3], &Value> = invariants::cells(record).into_iter().collect();
    for (name, want) in &truth.cells {
        verdict.printed += usize::from(want.printed);
        verdict.must += usize::from(want.must);
        let cell = cells.get(name).copied().unwrap_or(&Value::Null);
        let status = cell["status"].as_str().unwrap_or("absent");
        let said = || {
            let want = if want.values.is_empty() {
                if want.blank { "blank" } else { "nothing" }.to_owned()
            } else {
                want.values.join(" or ")
            };
            format!(
                "{}: printed {want}, got {} {status} {}",
                name.join("."),
                cell["value"],
                cell["raw"]
            )
        };
        let got = &cell["value"];
        if got.is_null() {
            if status == "blank" && !want.blank {
                verdict.false_blank.push(said());
            } else if want.must {
                verdict.lost.push(said());
            }
            continue;
        }
        let got = decimal(&got.to_string());
        if want.values.iter().any(|value| decimal(value) == got) {
            verdict.given += 1;
        } else if over(*name, &fails) {
            verdict.loud.push(said());
        } else {
            verdict.solved += usize::from(status == "solved");
            verdict.wrong.push(said());
        }
    }
    // values under keys of the other form
    for (name, cell) in cells {
        let known = truth.cells.keys().any(|key| *key == name);
        if !known && !cell["value"].is_null() {
            verdict.wrong.push(format!(
                "{}: not in the form, got {}",
                name.join("."),
                cell["value"]
            ));
        }
    }
    verdict
}

/// The ids of the checks that fail.
pub(crate) fn failing(record: &Value) -> Vec<&str> {
    let checks = record["checks"].as_array().into_iter().flatten();
    let fails = checks.filter(|check| check["status"] == "fails");
    fails.filter_map(|check| check["id"].as_str()).collect()
}

/// A failing check has the cell in it.
pub(crate) fn over(name: [&str; 3], fails: &[&str]) -> bool {
    let [table, row, column] = name;
    let mine = [
        format!("{table}.row_total.{row}"),
        format!("{table}.column_total.{column}"),
        format!("{table}.balance.{column}"),
    ];
    let column_total = row != "received" && row != "carried_in" && row != "carried_out";
    let balance = !column_total || row == "outcome_total";
    fails
        .iter()
        .any(|id| *id == mine[0] || (*id == mine[1] && column_total) || (*id == mine[2] && balance))
}

/// A decimal without zeros at the end of its fraction.
pub(crate) fn decimal(text: &str) -> String {
    match text.split_once('.') {
        Some(_) => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => text.to_owned(),
    }
}
