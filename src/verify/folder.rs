//! The records of a conversion against the files that they are of.

use super::{Fault, Forms, Judgement, record};
use crate::error::{Error, Result};
use crate::source::Source;
use crate::source::archive;
use crate::source::select::Select;
use crate::source::walk::Entry;
use rayon::prelude::*;
use serde_json::Value;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Lines};
use std::iter::Peekable;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;

/// Records that are judged at once.
const GROUP: usize = 64;

/// What became of a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Records.
    pub documents: u64,
    /// Values of theirs.
    pub values: u64,
    /// What was wrong.
    pub faults: u64,
}

/// Derives every value of a folder that `convert` wrote again. The sources are looked for under the names that the records
/// have for them, in a folder if one is said; every fault is told as it is found.
///
/// # Errors
///
/// There are no records or forms in the folder.
pub fn folder(
    folder: &Path,
    sources: Option<&Path>,
    tell: &mut dyn FnMut(&Fault),
) -> Result<Verified> {
    let path = folder.join("forms.json");
    let bad = |error: serde_json::Error| Error::io(&path, error.into());
    let text = fs::read(&path).map_err(|e| Error::io(&path, e))?;
    let forms = Forms::of(&serde_json::from_slice(&text).map_err(bad)?);
    let other = || Error::refused(&path, "no forms as `convert` writes them");
    let forms = forms.ok_or_else(other)?;
    let path = folder.join("reports.jsonl");
    let file = File::open(&path).map_err(|e| Error::io(&path, e))?;
    let records = Records { path, lines: BufReader::new(file).lines() };
    let mut work = Work {
        forms: &forms,
        sources,
        records: records.peekable(),
        group: Vec::new(),
        verified: Verified::default(),
        tell,
    };
    work.all()?;
    Ok(work.verified)
}

/// The records of a conversion, one after the other.
struct Records {
    path: PathBuf,
    lines: Lines<BufReader<File>>,
}

impl Iterator for Records {
    type Item = Result<Value>;

    fn next(&mut self) -> Option<Result<Value>> {
        let line = self.lines.next()?;
        let record = line.and_then(|line| serde_json::from_str(&line).map_err(Into::into));
        Some(record.map_err(|e| Error::io(&self.path, e)))
    }
}

struct Work<'w> {
    forms: &'w Forms,
    sources: Option<&'w Path>,
    records: Peekable<Records>,
    /// Records with their sources, in order.
    group: Vec<(Value, Source)>,
    verified: Verified,
    tell: &'w mut dyn FnMut(&Fault),
}

/// The file of this name in a folder, or where that is not there, of as much of the name's end as is: a folder may be given
/// by another way than when it was converted.
fn within(folder: &Path, name: &str) -> PathBuf {
    let mut rest = Path::new(name).components();
    while !rest.as_path().as_os_str().is_empty() {
        // a name that begins at the root is no name in a folder
        let relative = rest.as_path().strip_prefix("/").unwrap_or(rest.as_path());
        let path = folder.join(relative);
        if path.exists() {
            return path;
        }
        rest.next();
    }
    folder.join(name)
}

impl Work<'_> {
    fn all(&mut self) -> Result<()> {
        while let Some(record) = self.records.peek() {
            let outer = match record {
                Ok(record) => name(record).split("!/").next().unwrap_or_default().to_owned(),
                Err(_) => return self.records.next().map_or(Ok(()), |record| record.map(drop)),
            };
            let path =
                self.sources.map_or_else(|| PathBuf::from(&outer), |dir| within(dir, &outer));
            if self.is_within(&outer) { self.archive(&outer, &path)? } else { self.file(&path)? }
        }
        self.judge();
        Ok(())
    }

    /// Whether the next record is of a document in this archive.
    fn is_within(&mut self, outer: &str) -> bool {
        let next = self.records.peek().and_then(|record| record.as_ref().ok());
        next.is_some_and(|record| {
            name(record).strip_prefix(outer).is_some_and(|inner| inner.starts_with("!/"))
        })
    }

    /// A record of a file.
    fn file(&mut self, path: &Path) -> Result<()> {
        let Some(record) = self.records.next().transpose()? else { return Ok(()) };
        match fs::read(path) {
            Ok(bytes) => {
                let source = Source::new(path.to_string_lossy(), bytes);
                self.put(record, source);
            }
            Err(error) => self.unread(&record, &error.to_string()),
        }
        Ok(())
    }

    /// The records of an archive: they come in the order of its documents.
    fn archive(&mut self, outer: &str, path: &Path) -> Result<()> {
        let given = path.to_string_lossy().into_owned();
        let mut select = Select::default();
        select.most_bytes = u64::MAX;
        // what was read is in the records, whatever its ending
        select.is_more = |_| true;
        let mut error = None;
        let _ = archive::read(path, &select, &AtomicU64::new(0), &mut |entry| {
            let source = match entry {
                Entry::Document(source) => source,
                Entry::Bad(path, _) => Source::new(path.to_string_lossy(), Vec::new()),
                _ => return ControlFlow::Continue(()),
            };
            let inner = source.name.strip_prefix(&given).unwrap_or_default();
            let is_next = match self.records.peek() {
                Some(Ok(record)) => name(record).strip_prefix(outer) == Some(inner),
                _ => false,
            };
            if is_next {
                match self.records.next().transpose() {
                    Ok(Some(record)) => self.put(record, source),
                    Ok(None) => {}
                    Err(broken) => {
                        error = Some(broken);
                        return ControlFlow::Break(());
                    }
                }
            }
            if self.is_within(outer) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        error.map_or(Ok(()), Err)?;
        while self.is_within(outer) {
            if let Some(record) = self.records.next().transpose()? {
                self.unread(&record, "not in its archive");
            }
        }
        Ok(())
    }

    fn put(&mut self, record: Value, source: Source) {
        self.group.push((record, source));
        if self.group.len() >= GROUP {
            self.judge();
        }
    }

    /// A record whose source is not there; one that says nothing of it can still be right.
    fn unread(&mut self, record: &Value, why: &str) {
        self.judge();
        self.verified.documents += 1;
        let is_nothing = record["source"]["bytes"].as_u64() == Some(0) && record["form"].is_null();
        if !is_nothing {
            let what = format!("the source cannot be read: {why}");
            let fault = Fault { document: name(record).to_owned(), cell: None, what };
            self.verified.faults += 1;
            (self.tell)(&fault);
        }
    }

    fn judge(&mut self) {
        let forms = self.forms;
        let one = |(own, source): (Value, Source)| -> Judgement { record(&own, &source, forms) };
        let judged: Vec<Judgement> =
            std::mem::take(&mut self.group).into_par_iter().map(one).collect();
        for judgement in judged {
            self.verified.documents += 1;
            self.verified.values += judgement.values;
            self.verified.faults += judgement.faults.len() as u64;
            judgement.faults.iter().for_each(&mut *self.tell);
        }
    }
}

fn name(record: &Value) -> &str {
    record["source"]["name"].as_str().unwrap_or_default()
}
