//! What a conversion did, for the summary at its end and for going on after a stop.

use super::kept::Update;
use super::run::Stale;
use crate::finding::{Code, Finding, Severity};
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
    /// Cells by status, in the order of [`Status::ALL`]; in JSON by name.
    #[serde(with = "statuses")]
    pub cells: [u64; Status::ALL.len()],
    /// Checks that hold, fail, are open; in JSON by name.
    #[serde(with = "verdicts")]
    pub checks: [u64; 3],
    /// Findings by code.
    pub findings: BTreeMap<String, u64>,
    /// Files that are no documents by their names, by extension, and records of crawls that hold none, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Records that repeat the bytes, and the report, of one before them; in JSON by name.
    #[serde(with = "repeats")]
    pub duplicates: [u64; 2],
    /// Whether these were left out.
    pub without_duplicates: bool,
    /// Inputs of which nothing was read, or not the whole, and why; the first hundred.
    #[serde(with = "inputs")]
    pub unread: Vec<(String, String)>,
    /// How many inputs these are.
    pub unread_count: u64,
    /// Documents that were read and are of no form, and why; the first hundred.
    #[serde(default, with = "inputs")]
    pub formless: Vec<(String, String)>,
    /// How many documents these are.
    #[serde(default)]
    pub formless_count: u64,
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
    #[serde(default)]
    formless: Option<(String, String)>,
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
        let named = |finding: &Finding| {
            (report.source.name.clone(), format!("{}: {}", finding.code.name(), finding.message))
        };
        let error = report.findings.iter().find(|f| f.code.severity() == Severity::Error);
        one.unread = error.map(named);
        if one.form.is_none() && one.unread.is_none() {
            let said = [Code::ReportElsewhere, Code::TablesMissing, Code::NoForm];
            let why = said.iter().find_map(|code| report.findings.iter().find(|f| f.code == *code));
            one.formless = why.map(named);
        }
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
        if let Some(formless) = &one.formless {
            self.formless_count += 1;
            if self.formless.len() < MOST_NAMED {
                self.formless.push(formless.clone());
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
        self.formless_count += other.formless_count;
        self.formless.extend(other.formless);
        self.formless.truncate(MOST_NAMED);
    }
}

/// Counts as an object with the name of each.
macro_rules! named {
    ($module:ident, $count:expr, $names:expr) => {
        mod $module {
            use serde::{Deserialize, Deserializer, Serializer};
            use std::collections::BTreeMap;

            pub(super) fn serialize<S: Serializer>(
                counts: &[u64; $count],
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                serializer.collect_map($names.into_iter().zip(counts))
            }

            pub(super) fn deserialize<'de, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<[u64; $count], D::Error> {
                let known = BTreeMap::<String, u64>::deserialize(deserializer)?;
                Ok($names.map(|name: &str| known.get(name).copied().unwrap_or_default()))
            }
        }
    };
}

named!(
    statuses,
    crate::reading::Status::ALL.len(),
    crate::reading::Status::ALL.map(crate::reading::Status::name)
);
named!(verdicts, 3, ["holds", "fails", "open"]);
named!(repeats, 2, ["bytes", "report"]);

/// Forms, their years, and how many there are: `[{"form", "year", "reports"}]`.
mod pairs {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    type ByForm = BTreeMap<(String, Option<i32>), u64>;

    #[derive(Serialize, Deserialize)]
    struct Line {
        form: String,
        year: Option<i32>,
        reports: u64,
    }

    pub(super) fn serialize<S: Serializer>(map: &ByForm, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map.iter().map(|((form, year), reports)| Line {
            form: form.clone(),
            year: *year,
            reports: *reports,
        }))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<ByForm, D::Error> {
        let lines = Vec::<Line>::deserialize(deserializer)?;
        Ok(lines.into_iter().map(|line| ((line.form, line.year), line.reports)).collect())
    }
}

/// Inputs and what is wrong with them: `[{"source", "why"}]`.
mod inputs {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Input {
        source: String,
        why: String,
    }

    pub(super) fn serialize<S: Serializer>(
        all: &[(String, String)],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(
            all.iter().map(|(source, why)| Input { source: source.clone(), why: why.clone() }),
        )
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<(String, String)>, D::Error> {
        let all = Vec::<Input>::deserialize(deserializer)?;
        Ok(all.into_iter().map(|input| (input.source, input.why)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_every_count_has_its_name() {
        let summary = Summary {
            by_form: [(("f".to_owned(), None), 2)].into(),
            cells: [1, 2, 3, 4, 5, 6, 7, 8],
            checks: [1, 2, 3],
            duplicates: [4, 5],
            unread: vec![("a.pdf".to_owned(), "damaged".to_owned())],
            ..Summary::default()
        };
        let json = serde_json::to_value(&summary).expect("it is plain");
        assert_eq!(json["cells"]["ambiguous"], 4);
        assert_eq!(json["cells"]["reviewed"], 8);
        assert_eq!(json["checks"]["fails"], 2);
        assert_eq!(json["duplicates"]["report"], 5);
        assert_eq!(json["by_form"][0]["reports"], 2);
        assert_eq!(json["unread"][0]["source"], "a.pdf");
        assert_eq!(serde_json::from_value::<Summary>(json).expect("it is read back"), summary);
    }
}
