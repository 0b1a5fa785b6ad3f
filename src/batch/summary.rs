//! What a conversion did, for the summary at its end and for going on after a stop.

use super::kept::Update;
use super::run::Stale;
use crate::finding::Severity;
use crate::reading::Status;
use crate::records::{Report, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a conversion did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Files offered.
    pub documents: u64,
    /// Documents in which a form was recognised.
    pub reports: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Reports by form and year.
    #[serde(with = "pairs")]
    pub by_form: BTreeMap<(String, Option<i32>), u64>,
    /// Cells by status, in the order of [`Status::ALL`].
    pub cells: [u64; Status::ALL.len()],
    /// Checks that hold, fail, are open.
    pub checks: [u64; 3],
    /// Findings by code.
    pub findings: BTreeMap<String, u64>,
    /// Files that are no documents by their names, by extension, and records of crawls that hold none, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Records that repeat the bytes, and the report, of one before them.
    pub duplicates: [u64; 2],
    /// Whether these were left out.
    pub without_duplicates: bool,
    /// Inputs of which nothing was read, or not the whole, and why; the first hundred.
    pub unread: Vec<(String, String)>,
    /// How many inputs these are.
    pub unread_count: u64,
    /// Whether it was stopped before the end.
    pub interrupted: bool,
    /// Files of other runs in the same folder; not part of the summary that is kept.
    #[serde(skip)]
    pub stale: Stale,
    /// What was taken over from an earlier conversion, where that was asked for; not part of what is kept either.
    #[serde(skip)]
    pub update: Option<Update>,
}

/// What one document counts for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct One {
    bytes: u64,
    form: Option<String>,
    year: Option<i32>,
    cells: [u64; Status::ALL.len()],
    checks: [u64; 3],
    findings: BTreeMap<String, u64>,
    unread: Option<(String, String)>,
}

impl One {
    pub(super) fn of(report: &Report<'_>) -> Self {
        let mut one = Self {
            bytes: report.source.bytes,
            form: report.form.as_deref().map(|grammar| grammar.id.clone()),
            year: report.year,
            cells: report.counts(),
            ..Self::default()
        };
        for check in &report.checks {
            let at = match check.verdict {
                Verdict::Holds => 0,
                Verdict::Fails => 1,
                Verdict::Open => 2,
            };
            one.checks[at] += 1;
        }
        for finding in &report.findings {
            *one.findings.entry(finding.code.name().to_owned()).or_default() += 1;
        }
        let error = report.findings.iter().find(|f| f.code.severity() == Severity::Error);
        one.unread = error.map(|error| {
            (report.source.name.clone(), format!("{}: {}", error.code.name(), error.message))
        });
        one
    }

    /// The form that read it.
    pub(super) fn form(&self) -> Option<&str> {
        self.form.as_deref()
    }
}

/// Most unread inputs named in a summary.
const MOST_NAMED: usize = 100;

impl Summary {
    pub(super) fn count(&mut self, one: &One) {
        self.documents += 1;
        self.bytes += one.bytes;
        if let Some(form) = &one.form {
            self.reports += 1;
            *self.by_form.entry((form.clone(), one.year)).or_default() += 1;
        }
        for (count, more) in self.cells.iter_mut().zip(one.cells) {
            *count += more;
        }
        for (count, more) in self.checks.iter_mut().zip(one.checks) {
            *count += more;
        }
        for (code, more) in &one.findings {
            match self.findings.get_mut(code) {
                Some(count) => *count += more,
                None => drop(self.findings.insert(code.clone(), *more)),
            }
        }
        if let Some(unread) = &one.unread {
            self.unread_count += 1;
            if self.unread.len() < MOST_NAMED {
                self.unread.push(unread.clone());
            }
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.documents += other.documents;
        self.reports += other.reports;
        self.bytes += other.bytes;
        for (key, count) in other.by_form {
            *self.by_form.entry(key).or_default() += count;
        }
        for (own, more) in self.cells.iter_mut().zip(other.cells) {
            *own += more;
        }
        for (own, more) in self.checks.iter_mut().zip(other.checks) {
            *own += more;
        }
        for (code, count) in other.findings {
            *self.findings.entry(code).or_default() += count;
        }
        for (extension, count) in other.skipped {
            *self.skipped.entry(extension).or_default() += count;
        }
        for (own, more) in self.duplicates.iter_mut().zip(other.duplicates) {
            *own += more;
        }
        self.unread_count += other.unread_count;
        self.unread.extend(other.unread);
        self.unread.truncate(MOST_NAMED);
    }
}

/// JSON has no keys but strings.
mod pairs {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    type ByForm = BTreeMap<(String, Option<i32>), u64>;

    pub(super) fn serialize<S: Serializer>(map: &ByForm, serializer: S) -> Result<S::Ok, S::Error> {
        map.iter().collect::<Vec<_>>().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<ByForm, D::Error> {
        Ok(Vec::deserialize(deserializer)?.into_iter().collect())
    }
}
