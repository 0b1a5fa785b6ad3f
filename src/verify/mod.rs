//! A second opinion: every value of a record is derived again, from the record and its source alone.
//!
//! Whoever reads a record need not trust the reader that made it. This checker shares no code with it: of the package it
//! uses how bytes become text ([`crate::document`]), for that is what places are places of, and nothing of tables, readings
//! and numbers; the forms are data to it, as `forms.json` has them. It cannot read a document. It can say whether a cell's
//! text stands where the record says, is the number that the record says, has the right label, proof and neighbours, and
//! whether digits among the cells of a table were lost.
//!
//! What is held against a source is the JSON as it is written, not the types it was made of.

mod cells;
mod folder;
mod forms;
mod number;
mod place;
mod tables;

use crate::source::Source;
use cells::Own;
use forms::{Form, list};
use number::Exact;
use place::Text;
use serde_json::Value;
use std::collections::HashMap;
use std::fmt;

pub use folder::{Verified, folder};
pub use forms::Forms;

/// Something that a record says and its source does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The document, as the record names it.
    pub document: String,
    /// The cell, check or table, where it is about one.
    pub cell: Option<String>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cell = self.cell.as_deref().map(|cell| format!("{cell}: ")).unwrap_or_default();
        write!(f, "{}: {cell}{}", self.document, self.what)
    }
}

/// What became of one record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// How many values it has.
    pub values: u64,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
}

/// Derives every value of a record again.
pub fn record(record: &Value, source: &Source, forms: &Forms) -> Judgement {
    let document = record["source"]["name"].as_str().unwrap_or_default().to_owned();
    let cells = cells::all(record);
    let by_name = cells.iter().enumerate().map(|(nth, own)| (own.name.clone(), nth)).collect();
    let form = record["form"].as_str().and_then(|id| forms.get(id));
    let mut judge = Judge { record, document, form, cells, by_name, faults: Vec::new() };
    judge.head(source);
    let values = judge.cells.iter().filter(|own| !own.cell["value"].is_null()).count() as u64;
    if judge.cells.is_empty() {
        return Judgement { values, faults: judge.faults };
    }
    let text = Text::new(source, judge.form);
    judge.places(&text);
    judge.each(&text);
    judge.solved(&text);
    judge.tables(&text);
    judge.checks();
    Judgement { values, faults: judge.faults }
}

/// A record on trial.
struct Judge<'j, 'r> {
    record: &'j Value,
    document: String,
    form: Option<&'r Form>,
    cells: Vec<Own<'r>>,
    by_name: HashMap<String, usize>,
    faults: Vec<Fault>,
}

impl Judge<'_, '_> {
    fn fault(&mut self, nth: usize, what: impl Into<String>) {
        let (document, cell) = (self.document.clone(), Some(self.cells[nth].name.clone()));
        self.faults.push(Fault { document, cell, what: what.into() });
    }

    fn about(&mut self, name: Option<&str>, what: impl Into<String>) {
        let (document, cell) = (self.document.clone(), name.map(str::to_owned));
        self.faults.push(Fault { document, cell, what: what.into() });
    }

    /// The record is of these bytes, and its form is known.
    fn head(&mut self, source: &Source) {
        let said = &self.record["source"];
        if said["sha256"] != source.sha256() {
            self.about(None, "the source has other bytes than the record is of");
        }
        if said["bytes"].as_u64() != Some(source.bytes.len() as u64) {
            let what =
                format!("the source has {} bytes, not {}", source.bytes.len(), said["bytes"]);
            self.about(None, what);
        }
        if self.form.is_none() && !(self.record["form"].is_null() && self.cells.is_empty()) {
            let what = format!("{} is no form of forms.json", self.record["form"]);
            self.about(None, what);
        }
    }

    /// The names of the record's cells.
    fn names(&self) -> Vec<String> {
        self.cells.iter().map(|own| own.name.clone()).collect()
    }

    /// The checks of the record say what its values say, and the counts are those of its cells.
    fn checks(&mut self) {
        for check in list(&self.record["checks"]) {
            let id = check["id"].as_str().unwrap_or_default();
            let has = |name: &str| self.by_name.contains_key(name);
            let Some(cells) = self.form.and_then(|form| form.check(id, has, || self.names()))
            else {
                self.about(Some(id), "is no check of the form");
                continue;
            };
            let (mut sum, mut open) = (Some(Exact::ZERO), [0, 0]);
            for (name, sign) in &cells {
                match self.cells[self.by_name[&**name]].value {
                    Some(value) => {
                        let term = if sign.is_negative() { value.negated() } else { value };
                        sum = sum.and_then(|sum| sum.plus(term));
                    }
                    None => open[usize::from(sign.is_negative())] += 1,
                }
            }
            let Some(sum) = sum else { continue };
            // what has no value can only add to its side
            let verdict = match open {
                [0, 0] if sum == Exact::ZERO => "holds",
                [0, 0] => "fails",
                [0, _] if sum.is_negative() => "fails",
                [_, 0] if !sum.is_negative() && sum != Exact::ZERO => "fails",
                _ => "open",
            };
            if check["status"] != verdict {
                let what =
                    format!("is said to be {}, and its cells say {verdict}", check["status"]);
                self.about(Some(id), what);
            }
        }
        let counts = &self.record["reading"];
        if counts["cells"].as_u64() != Some(self.cells.len() as u64) {
            let what = format!("{} cells, counted {}", self.cells.len(), counts["cells"]);
            self.about(None, what);
        }
        for status in ["read", "solved", "blank", "ambiguous", "unreadable", "missing"] {
            let count = self.cells.iter().filter(|own| own.status == status).count() as u64;
            if counts[status].as_u64() != Some(count) {
                let what = format!("{count} cells are {status}, counted {}", counts[status]);
                self.about(None, what);
            }
        }
    }
}
