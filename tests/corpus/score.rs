//! `corpus/PASS.list` and `corpus/SCORE.list`: what is committed, and what is now.

use serde_json::Value;
use std::fmt;
use std::fs;

/// The corpus in numbers.
#[derive(Default)]
pub(crate) struct Score {
    documents: usize,
    reports: usize,
    /// Cells by status, in the order of [`STATUSES`].
    cells: [u64; 6],
    pub(crate) expected: usize,
    pub(crate) right: usize,
    /// Numbers given that are not the truth.
    pub(crate) wrong: usize,
    failing: Vec<String>,
}

const STATUSES: [&str; 6] = ["read", "solved", "blank", "ambiguous", "unreadable", "missing"];

impl Score {
    /// Counts a record; `problem` is the first difference of a case that fails.
    pub(crate) fn add(&mut self, name: &str, record: &Value, problem: Option<&String>) {
        self.documents += 1;
        self.reports += usize::from(!record["form"].is_null());
        for (count, status) in self.cells.iter_mut().zip(STATUSES) {
            *count += record["reading"][status].as_u64().unwrap_or(0);
        }
        if let Some(problem) = problem {
            let short: String = problem.chars().take(90).collect();
            self.failing.push(format!("{name}: {short}"));
        }
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "documents       {:>6}", self.documents)?;
        writeln!(f, "reports         {:>6}", self.reports)?;
        writeln!(f, "cells           {:>6}", self.cells.iter().sum::<u64>())?;
        for (status, count) in STATUSES.iter().zip(self.cells) {
            writeln!(f, "  {status:<14}{count:>6}")?;
        }
        writeln!(f, "expected cells  {:>6}", self.expected)?;
        writeln!(f, "  right         {:>6}", self.right)?;
        writeln!(f, "  wrong value   {:>6}", self.wrong)?;
        writeln!(f, "failing cases   {:>6}", self.failing.len())?;
        self.failing.iter().try_for_each(|case| writeln!(f, "  {case}"))
    }
}

/// A list as committed; empty when there is none yet.
pub(crate) fn committed(name: &str) -> String {
    fs::read_to_string(crate::folder().join(name)).unwrap_or_default().replace("\r\n", "\n")
}

/// Writes a list.
pub(crate) fn write(name: &str, text: &str) {
    fs::write(crate::folder().join(name), text).unwrap_or_else(|e| panic!("{name}: {e}"));
}
