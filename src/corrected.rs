//! Corrections applied to the table that a conversion wrote, without converting everything again: the documents that they
//! are about are read once more, and their rows replaced.

use crate::corrections::Corrections;
use crate::error::{Error, Result};
use crate::finding::Code;
use crate::grammar::GrammarSet;
use crate::panel::Wide;
use crate::pipeline;
use crate::records::{Duplicate, Same};
use crate::sinks::csv::Csv;
use crate::sinks::schema::{Name, columns};
use crate::sinks::{Collect, Sink};
use crate::source::again;

/// What became of corrections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Documents that any were about, duplicates among them.
    pub documents: usize,
    /// Corrections that were not applied: the document, and why.
    pub refused: Vec<(String, String)>,
    /// Documents that are not there any more, or others now: their rows stay as they were.
    pub absent: Vec<String>,
}

/// Applies corrections to a table of reports, which `grammars` have read.
///
/// # Errors
///
/// Other grammars or another version made the table, or it has corrections of its own that are not among these.
pub fn apply(wide: &mut Wide, grammars: &GrammarSet, corrections: &Corrections) -> Result<Applied> {
    let mut applied = Applied::default();
    if corrections.is_empty() {
        return Ok(applied);
    }
    let names = columns(Name::Reports, grammars);
    if !wide.names.iter().eq(names.iter().map(|column| &column.name)) {
        return Err(refused("reports.csv", "other grammars or another version made it"));
    }
    let field = |wide: &Wide, row: usize, name: &str| {
        let at = wide.column(name);
        at.and_then(|at| wide.fields(row).nth(at)).unwrap_or_default().into_owned()
    };
    let rows: Vec<usize> =
        (0..wide.count()).filter(|row| corrections.has(&field(wide, *row, "sha256"))).collect();
    let sources: Vec<String> = rows.iter().map(|row| field(wide, *row, "source")).collect();
    let sink = Csv::new(grammars, false);
    let reports = sink.files().iter().position(|(name, _)| name == "reports.csv");
    let mut is_there = vec![false; rows.len()];
    let mut mistake = None;
    again::each(&sources, |nth, source| {
        let row = rows[nth];
        let mut report = pipeline::read(&source, grammars, None);
        if report.source.sha256 != field(wide, row, "sha256") {
            return;
        }
        is_there[nth] = true;
        corrections.apply(&mut report);
        if field(wide, row, "reviewed").parse().unwrap_or(0) > report.reviews.len() {
            let what = "was converted with corrections that are not among these";
            mistake = mistake.take().or_else(|| Some(refused(&source.name, what)));
        }
        let is_refusal = |code| matches!(code, Code::CorrectionStale | Code::CorrectionConflict);
        let found = report.findings.iter().filter(|finding| is_refusal(finding.code));
        applied.refused.extend(found.map(|f| (source.name.clone(), f.message.clone())));
        let mut files = vec![Vec::new(); sink.file_count()];
        (&sink).write(&report, &mut files);
        let Some(at) = reports else { return };
        // what it repeats is known to the conversion alone
        let (of, by) = (field(wide, row, "duplicate_of"), field(wide, row, "duplicate_by"));
        if !of.is_empty() {
            let same = if by == Same::Bytes.name() { Same::Bytes } else { Same::Report };
            sink.link(at, &mut files[at], &Duplicate { of, same });
        }
        wide.replace(row, files[at].trim_ascii_end());
    });
    applied.documents = is_there.iter().filter(|there| **there).count();
    applied.absent =
        sources.into_iter().zip(is_there).filter(|(_, there)| !there).map(|(n, _)| n).collect();
    mistake.map_or(Ok(applied), Err)
}

fn refused(name: &str, what: &str) -> Error {
    Error::refused(name, what)
}
