//! What a conversion did, for the summary at its end and for going on after a stop.

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
}

/// Most unread inputs named in a summary.
const MOST_NAMED: usize = 100;

impl Summary {
    pub(super) fn add(&mut self, report: &Report<'_>) {
        self.documents += 1;
        self.bytes += report.source.bytes;
        if let Some(grammar) = report.form {
            self.reports += 1;
            *self.by_form.entry((grammar.id.clone(), report.year)).or_default() += 1;
        }
        for (count, more) in self.cells.iter_mut().zip(report.counts()) {
            *count += more;
        }
        for check in &report.checks {
            let at = match check.verdict {
                Verdict::Holds => 0,
                Verdict::Fails => 1,
                Verdict::Open => 2,
            };
            self.checks[at] += 1;
        }
        for finding in &report.findings {
            match self.findings.get_mut(finding.code.name()) {
                Some(count) => *count += 1,
                None => drop(self.findings.insert(finding.code.name().to_owned(), 1)),
            }
        }
        if let Some(error) = report.findings.iter().find(|f| f.code.severity() == Severity::Error) {
            self.unread_count += 1;
            if self.unread.len() < MOST_NAMED {
                self.unread.push((
                    report.source.name.clone(),
                    format!("{}: {}", error.code.name(), error.message),
                ));
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
