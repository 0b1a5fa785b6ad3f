//! Two conversions of the same documents, held against each other: what a user reads after an upgrade.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Name and version of what a difference is written as.
pub const SCHEMA: &str = "nianbao.diff/1";

/// What differs in one document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Its name.
    pub source: String,
    /// Where it is: in both, or only in one.
    pub there: There,
    /// Whether the bytes of the document are others, so that of course it says something else.
    pub is_other: bool,
    /// Title, issuer, code, year, form.
    pub fields: Vec<Change>,
    /// Cells with another value or status.
    pub cells: Vec<Change>,
    /// Findings that are gone.
    pub findings_gone: Vec<String>,
    /// Findings that are new.
    pub findings_new: Vec<String>,
}

/// Which of the two has a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum There {
    /// Both.
    #[default]
    Both,
    /// Only the old one.
    Old,
    /// Only the new one.
    New,
}

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its name: `applications.received.total`, `year`.
    pub name: String,
    /// What it was: of a cell the status and the value, if it has one.
    pub old: Option<String>,
    /// What it is.
    pub new: Option<String>,
}

/// How many documents of two conversions are which.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Nothing of what is compared differs.
    pub same: u64,
    /// Something does.
    pub differ: u64,
    /// Only in the old one.
    pub only_old: u64,
    /// Only in the new one.
    pub only_new: u64,
    /// Cells that differ, over all documents.
    pub cells: u64,
    /// Findings that are gone or new.
    pub findings: u64,
}

#[derive(Deserialize)]
struct Named {
    source: Name,
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

/// The records of a conversion.
struct Records {
    path: PathBuf,
    file: BufReader<File>,
    at: u64,
}

impl Records {
    fn open(folder: &Path) -> Result<Self> {
        if !folder.is_dir() {
            return Err(Error::no_folder(folder));
        }
        let path = folder.join("reports.jsonl");
        let file = File::open(&path).map_err(|error| {
            let what = format!("{error}; what `convert` writes as jsonl is compared");
            Error::io(&path, std::io::Error::new(error.kind(), what))
        })?;
        Ok(Self { path, file: BufReader::new(file), at: 0 })
    }

    /// The next record: where it begins, its document, its text.
    fn next(&mut self) -> Result<Option<(u64, String, String)>> {
        let (start, mut line) = (self.at, String::new());
        self.at += self.file.read_line(&mut line).map_err(|e| self.bad(e))? as u64;
        if line.is_empty() {
            return Ok(None);
        }
        let named: Named = serde_json::from_str(&line).map_err(|e| self.bad(e.into()))?;
        Ok(Some((start, named.source.name, line)))
    }

    fn line_at(&mut self, at: u64) -> Result<String> {
        if self.at != at {
            self.file.seek(SeekFrom::Start(at)).map_err(|e| self.bad(e))?;
        }
        let mut line = String::new();
        self.at = at + self.file.read_line(&mut line).map_err(|e| self.bad(e))? as u64;
        Ok(line)
    }

    fn bad(&self, error: std::io::Error) -> Error {
        Error::io(&self.path, error)
    }
}

/// Compares the `reports.jsonl` of two folders; `tell` is told of each document that differs, in the order of the old one,
/// and then of those that are only in the new one. A document is known by its name, and if it is there more than once by
/// its number.
///
/// # Errors
///
/// One of them is not there, or holds something else, or `tell` fails.
pub fn folders<E: From<Error>>(
    old: &Path,
    new: &Path,
    mut tell: impl FnMut(&Document) -> std::result::Result<(), E>,
) -> std::result::Result<Counts, E> {
    let (mut old, mut new) = (Records::open(old)?, Records::open(new)?);
    let mut places: HashMap<String, Vec<u64>> = HashMap::new();
    let mut order = Vec::new();
    while let Some((at, name, _)) = new.next()? {
        order.push(name.clone());
        places.entry(name).or_default().push(at);
    }
    for places in places.values_mut() {
        places.reverse();
    }
    let mut counts = Counts::default();
    while let Some((_, name, line)) = old.next()? {
        let Some(at) = places.get_mut(&name).and_then(Vec::pop) else {
            counts.only_old += 1;
            tell(&Document { source: name, there: There::Old, ..Document::default() })?;
            continue;
        };
        let other = new.line_at(at)?;
        let found = if line == other { Document::default() } else { document(&line, &other) };
        if found == Document::default() {
            counts.same += 1;
            continue;
        }
        counts.differ += 1;
        counts.cells += found.cells.len() as u64;
        counts.findings += (found.findings_gone.len() + found.findings_new.len()) as u64;
        tell(&Document { source: name, ..found })?;
    }
    for name in order {
        if places.get_mut(&name).and_then(Vec::pop).is_some() {
            counts.only_new += 1;
            tell(&Document { source: name, there: There::New, ..Document::default() })?;
        }
    }
    Ok(counts)
}

/// What differs between two records of a document.
fn document(old: &str, new: &str) -> Document {
    let [old, new] = [old, new].map(|text| serde_json::from_str::<Value>(text).unwrap_or_default());
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let mut found = Document {
        is_other: old["source"]["sha256"] != new["source"]["sha256"],
        ..Document::default()
    };
    for name in ["/title", "/issuer/name", "/issuer/code", "/year", "/form"] {
        let of = |record: &Value| record.pointer(name).and_then(text);
        push(&mut found.fields, name.trim_start_matches('/').replace('/', "."), of(&old), of(&new));
    }
    let [before, after] = [&old, &new].map(cells);
    let after_by: HashMap<&str, &str> = after.iter().map(|(n, s)| (&**n, &**s)).collect();
    let before_by: HashMap<&str, &str> = before.iter().map(|(n, s)| (&**n, &**s)).collect();
    for (name, said) in &before {
        let now = after_by.get(&**name).map(|said| (*said).to_owned());
        push(&mut found.cells, name.clone(), Some(said.clone()), now);
    }
    for (name, said) in after.iter().filter(|(name, _)| !before_by.contains_key(&**name)) {
        push(&mut found.cells, name.clone(), None, Some(said.clone()));
    }
    let [mut gone, mut come] = [&old, &new].map(findings);
    gone.retain(|finding| match come.iter().position(|other| other == finding) {
        Some(at) => {
            come.remove(at);
            false
        }
        None => true,
    });
    (found.findings_gone, found.findings_new) = (gone, come);
    found
}

fn push(changes: &mut Vec<Change>, name: String, old: Option<String>, new: Option<String>) {
    if old != new {
        changes.push(Change { name, old, new });
    }
}

/// Every cell of a record, and what is said of it.
fn cells(record: &Value) -> Vec<(String, String)> {
    let mut cells = Vec::new();
    for (table, rows) in record["tables"].as_object().into_iter().flatten() {
        for (row, columns) in rows.as_object().into_iter().flatten() {
            for (column, cell) in columns.as_object().into_iter().flatten() {
                let status = cell["status"].as_str().unwrap_or_default();
                let said = match &cell["value"] {
                    Value::Null => status.to_owned(),
                    value => format!("{status} {value}"),
                };
                cells.push((format!("{table}.{row}.{column}"), said));
            }
        }
    }
    cells
}

fn findings(record: &Value) -> Vec<String> {
    let text = |finding: &Value| {
        let part = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        format!("{}: {}", part("code"), part("message"))
    };
    record["diagnostics"].as_array().into_iter().flatten().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(value: &str, finding: &str) -> String {
        format!(
            "{{\"source\":{{\"name\":\"a\",\"sha256\":\"0\"}},\"year\":2022,\"tables\":{{\"t\":{{\"r\":{{\"c\":{value}}}}}}},\
             \"diagnostics\":[{{\"code\":\"sum_fails\",\"message\":\"1\"}},{finding}]}}"
        )
    }

    #[test]
    fn ok_values_statuses_and_findings() {
        let cell =
            |status: &str, value: &str| format!("{{\"status\":\"{status}\",\"value\":{value}}}");
        let old = record(&cell("read", "3"), "{\"code\":\"row_missing\",\"message\":\"x\"}");
        let new = record(&cell("ambiguous", "null"), "{\"code\":\"sum_fails\",\"message\":\"1\"}");
        let found = document(&old, &new);
        let change = Change {
            name: "t.r.c".to_owned(),
            old: Some("read 3".to_owned()),
            new: Some("ambiguous".to_owned()),
        };
        assert_eq!(found.cells, [change]);
        // the same finding twice is not the same finding once
        assert_eq!(found.findings_gone, ["row_missing: x"]);
        assert_eq!(found.findings_new, ["sum_fails: 1"]);
        assert_eq!(document(&old, &old.replace("\"year\"", " \"year\"")), Document::default());
    }
}
