//! What an output folder is the output of.
//!
//! `run.json` says what the files depend on and which they are: version, grammars, inputs, options. `log.json` says how it
//! was made: command, time. So everything but `log.json` is the same bytes whenever the same is converted again.
//!
//! An output folder belongs to one run. What an earlier one made and this one does not is removed; what looks like the
//! program's and stands in no list of a run is left, and named.

use super::files::{part, remove, replace};
use super::kept::Update;
use crate::error::{Error, Result};
use crate::grammar::GrammarSet;
use crate::records::SCHEMA;
use crate::sinks::schema::Name;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

/// What the output depends on, and which files it is.
const RUN: &str = "run.json";
/// How it was made.
const LOG: &str = "log.json";

/// The same of a panel.
const PANEL: [&str; 2] = ["panel_run.json", "panel_log.json"];

/// Files that the program makes of an output and that stand beside it.
const BESIDE: &[&str] = &[
    "panel.csv",
    "panel.parquet",
    "panel.xlsx",
    "panel.dta",
    "panel_codebook.csv",
    "coverage.csv",
    "coverage_shares.csv",
    "panel_findings.csv",
    "panel.html",
    PANEL[0],
    PANEL[1],
    "pages",
    "variables.csv",
    "skipped.csv",
    "reports.jsonl",
    "nianbao.xlsx",
    "nianbao.sqlite",
];

/// Tells builds of one version apart: the hash of the sources, grammars and libraries that `build.rs` makes.
pub const BUILD: &str = env!("NIANBAO_BUILD");

/// What the output of a run depends on.
pub fn about(grammars: &GrammarSet, inputs: &[PathBuf], options: &Value) -> Value {
    let forms: Map<String, Value> =
        grammars.all().iter().map(|form| (form.id.clone(), json!(form.hash))).collect();
    let inputs: Vec<_> = inputs.iter().map(|path| path.to_string_lossy()).collect();
    json!({
        "nianbao": env!("CARGO_PKG_VERSION"), "build": BUILD, "schema": SCHEMA, "grammars": forms, "inputs": inputs,
        "options": options
    })
}

/// Files of an output folder that are not of the run that was just made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stale {
    /// Made by an earlier run, and removed.
    pub removed: Vec<String>,
    /// Named like files of this program, made by nobody knows which run, and left.
    pub left: Vec<String>,
}

/// Whether the run that made this folder read documents as this one does, and nobody changed its files since.
pub(super) fn is_same(folder: &Path, about: &Value) -> bool {
    let Ok(bytes) = fs::read(folder.join(RUN)) else { return false };
    let Ok(known) = serde_json::from_slice::<Value>(&bytes) else { return false };
    let is_alike = |key: &str| known[key] == about[key];
    // which inputs there are and which formats is not how a document is read, and corrections are asked for by document
    let options = |of: &Value| {
        let mut options = of["options"].clone();
        if let Some(options) = options.as_object_mut() {
            options.retain(|key, _| {
                !["format", "include", "exclude", "corrections"].contains(&&**key)
            });
        }
        options
    };
    // the log is written last
    let time = |path: &Path| fs::metadata(path).and_then(|found| found.modified()).ok();
    let Some(end) = time(&folder.join(LOG)) else { return false };
    let is_whole = |(name, length): (&String, &u64)| {
        let path = folder.join(name);
        let found = fs::metadata(&path).is_ok_and(|found| found.len() == *length);
        found && time(&path).is_some_and(|time| time <= end)
    };
    ["nianbao", "build", "schema", "grammars"].into_iter().all(is_alike)
        && options(&known) == options(about)
        && files(folder).iter().all(is_whole)
}

/// What a run made that its folder holds no longer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// The inputs that it was given.
    pub inputs: Vec<String>,
    /// Whether it had corrections.
    pub is_corrected: bool,
}

impl Before {
    /// What made this folder; nothing where it does not say.
    pub fn of(folder: &Path) -> Self {
        let bytes = fs::read(folder.join(RUN)).unwrap_or_default();
        let run: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let inputs = run["inputs"].as_array().into_iter().flatten();
        Self {
            inputs: inputs.filter_map(|input| input.as_str().map(str::to_owned)).collect(),
            is_corrected: run["options"]["corrections"].is_string(),
        }
    }
}

/// The files of the run that made this folder, with their lengths; none where it does not say, or is not complete.
pub(super) fn files(folder: &Path) -> BTreeMap<String, u64> {
    let known = fs::read(folder.join(RUN)).ok().and_then(|bytes| {
        let mut run: Value = serde_json::from_slice(&bytes).ok()?;
        serde_json::from_value(run.get_mut("files")?.take()).ok()
    });
    known.unwrap_or_default()
}

/// Says what the folder is the output of, once all its files have their names, and puts away what is of earlier runs.
pub(super) fn close(
    folder: &Path,
    about: &Value,
    command: &[String],
    start: (SystemTime, Instant),
    made: &[PathBuf],
    before: &BTreeMap<String, u64>,
    update: Option<&Update>,
) -> Result<Stale> {
    let mut files = BTreeMap::new();
    for path in made {
        let length = fs::metadata(path).map_err(|e| Error::io(path, e))?.len();
        files.insert(name(path), length);
    }
    let mut stale = Stale::default();
    for name in before.keys().filter(|name| !files.contains_key(*name)) {
        remove(&folder.join(name))?;
        stale.removed.push(name.clone());
    }
    for entry in fs::read_dir(folder).map_err(|e| Error::io(folder, e))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !files.contains_key(&name) && looks_ours(&name) {
            stale.left.push(name);
        }
    }
    stale.left.sort_unstable();
    let mut run = about.clone();
    run["files"] = json!(files);
    replace(&folder.join(RUN), &run)?;
    let mut log = log(command, start);
    log["update"] = json!(update);
    replace(&folder.join(LOG), &log)?;
    Ok(stale)
}

/// Says of a panel what it depends on (`panel_run.json`) and how it was made (`panel_log.json`), as `run.json` and
/// `log.json` do of a conversion.
///
/// # Errors
///
/// A file cannot be written.
pub fn of_panel(
    folder: &Path,
    about: &Value,
    command: &[String],
    start: (SystemTime, Instant),
) -> Result<()> {
    replace(&folder.join(PANEL[0]), about)?;
    replace(&folder.join(PANEL[1]), &log(command, start))
}

fn log(command: &[String], start: (SystemTime, Instant)) -> Value {
    json!({
        "command": command,
        "started": DateTime::<Utc>::from(start.0).to_rfc3339(),
        "seconds": start.1.elapsed().as_secs_f64(),
    })
}

/// From now on until [`close`] nobody can tell which run the files are of.
pub(super) fn open(folder: &Path) -> Result<()> {
    remove(&folder.join(RUN))
}

/// Removes what a conversion left behind that was stopped and that nobody goes on with.
pub(super) fn forget_parts(folder: &Path) -> Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::io(folder, error)),
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        let whole = path.with_extension("");
        let is_scratch = name(&whole).starts_with('.') && name(&whole).ends_with(".segments");
        if part(&whole) == path && path.is_file() && (is_scratch || looks_ours(&name(&whole))) {
            remove(&path)?;
        }
    }
    Ok(())
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whether a file is named as this program names its files.
fn looks_ours(name: &str) -> bool {
    let is_table = |stem: &str, end: &str| {
        Name::of(stem).is_some() && ["csv", "parquet", "arrow", "dta"].contains(&end)
    };
    BESIDE.contains(&name) || name.split_once('.').is_some_and(|(stem, end)| is_table(stem, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_names_of_ours() {
        for name in ["cells.csv", "reports.dta", "nianbao.xlsx", "pages"] {
            assert!(looks_ours(name), "{name}");
        }
        for name in ["my.csv", "cells.csv.bak", "cells.txt", "reports", ""] {
            assert!(!looks_ours(name), "{name}");
        }
    }
}
