//! What people decided about cells that the program leaves open or reads as printed: corrections, kept in a file of their own
//! and applied whenever the document is read again.
//!
//! A correction says what the program said when it was made (`was`). Where the program says something else now, the
//! correction is not applied, and that is a finding: somebody has to look again.

mod saved;

use crate::checks;
use crate::error::{Error, Result};
use crate::finding::{Code, Finding};
use crate::grammar::Grammar;
use crate::number::Decimal;
use crate::reading::Cell;
use crate::records::{Report, Review};
use crate::source::hex;
use saved::Wrong;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// The columns of a file of corrections, in their order.
pub const COLUMNS: [&str; 7] = ["sha256", "cell", "value", "was", "by", "date", "note"];

/// Those of them that every correction has.
const NEEDED: [&str; 3] = ["sha256", "cell", "was"];

/// One correction.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Correction {
    /// None where a person says that there is no value.
    value: Option<Decimal>,
    was: String,
    by: String,
    date: String,
    note: String,
}

/// The corrections of a document.
#[derive(Debug, Default)]
struct Document {
    /// By the name of the cell; several where people differ.
    cells: BTreeMap<String, Vec<Correction>>,
    /// Whether it came by.
    is_met: AtomicBool,
}

/// All corrections of a run.
#[derive(Debug, Default)]
pub struct Corrections {
    /// By the hash of the document.
    documents: HashMap<String, Document>,
    hash: Sha256,
}

/// What the program says of a cell, as it stands in the column `was`: the status, and after it the value or the candidates.
pub fn said(cell: &Cell) -> String {
    let values = cell.value().into_iter().chain(cell.candidates().iter().copied());
    values.fold(cell.status().name().to_owned(), |said, value| format!("{said} {value}"))
}

impl Corrections {
    /// Reads files of corrections, each with a head; columns may stand in any order, and others beside them.
    ///
    /// # Errors
    ///
    /// One that is not there or is none, with the line.
    pub fn read(paths: &[PathBuf]) -> Result<Self> {
        let mut all = Self::default();
        for path in paths {
            let bytes = std::fs::read(path).map_err(|e| Error::io(path, e))?;
            all.add(path, &bytes)?;
        }
        Ok(all)
    }

    fn add(&mut self, path: &Path, bytes: &[u8]) -> Result<()> {
        self.hash.update(bytes);
        self.lines(bytes).map_err(|(at, what)| Error::refused(path, format!("line {at}: {what}")))
    }

    fn lines(&mut self, bytes: &[u8]) -> std::result::Result<(), Wrong> {
        let text = saved::text(bytes)?;
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            // a spreadsheet leaves out what is empty at the end of a line
            .flexible(true)
            .delimiter(saved::delimiter(&text))
            .from_reader(text.as_bytes());
        let head = reader.headers().map_err(|e| (1, e.to_string()))?.clone();
        let place = |name: &str| head.iter().position(|own| own == name);
        let all = COLUMNS.map(place);
        if let Some(lacking) = NEEDED.iter().find(|name| place(name).is_none()) {
            let columns = COLUMNS.join(",");
            return Err((1, format!("there is no column `{lacking}`; the head is `{columns}`")));
        }
        let mut record = csv::StringRecord::new();
        loop {
            let at = reader.position().line();
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(error) => return Err((at, error.to_string())),
            }
            // blank lines before it are none of it
            let start = record.position().map_or(0, csv::Position::byte) as usize;
            let blank = text.as_bytes()[start..].iter().take_while(|byte| b"\r\n".contains(byte));
            let at = at + blank.filter(|byte| **byte == b'\n').count() as u64;
            let [sha256, cell, value, was, by, date, note] =
                all.map(|at| at.and_then(|at| record.get(at)).unwrap_or_default());
            if record.iter().all(str::is_empty) {
                continue;
            }
            if record.iter().skip(head.len()).any(|more| !more.is_empty()) {
                let counts = format!("{} columns, and {} in the head", record.len(), head.len());
                return Err((at, counts));
            }
            let needed = [("sha256", sha256), ("cell", cell), ("was", was)];
            if let Some((name, _)) = needed.iter().find(|(_, text)| text.is_empty()) {
                return Err((at, format!("`{name}` is empty")));
            }
            let number = match value.strip_prefix('-') {
                Some(digits) => Decimal::parse(digits).map(Decimal::negated),
                None => Decimal::parse(value),
            };
            if number.is_none() && !value.is_empty() {
                return Err((at, format!("`{value}` is no number")));
            }
            let [was, by, date, note] = [was, by, date, note].map(str::to_owned);
            let correction = Correction { value: number, was, by, date, note };
            let cells = self.documents.entry(sha256.to_ascii_lowercase()).or_default();
            cells.cells.entry(cell.to_owned()).or_default().push(correction);
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// Whether any of them is about the document with this hash.
    pub fn has(&self, sha256: &str) -> bool {
        self.documents.contains_key(sha256)
    }

    /// How many documents they are about that did not come by.
    pub fn unmet(&self) -> usize {
        self.documents.values().filter(|document| !document.is_met.load(Ordering::Relaxed)).count()
    }

    /// What tells these corrections from others.
    pub fn hash(&self) -> String {
        hex(&self.hash.clone().finalize())
    }

    /// Applies those that are about this report, and judges its sums again.
    pub fn apply(&self, report: &mut Report<'_>) {
        let Some(corrections) = self.documents.get(&report.source.sha256) else { return };
        corrections.is_met.store(true, Ordering::Relaxed);
        let mut findings = Vec::new();
        for (name, all) in &corrections.cells {
            let place = report.form.as_deref().and_then(|grammar| place(report, grammar, name));
            let Some((table, nth)) = place else {
                findings.push(stale(name, "the document has no such cell"));
                continue;
            };
            let cell = &mut report.tables[table].cells[nth];
            let said = said(cell);
            let mut fitting = all.iter().filter(|correction| correction.was == said);
            let Some(first) = fitting.next() else {
                let was = &all[0].was;
                let what = format!("it was made when the cell was `{was}`, which is now `{said}`");
                findings.push(stale(name, &what));
                continue;
            };
            if fitting.any(|other| other.value != first.value) {
                let message =
                    format!("corrections of {name} say different things; none is applied");
                let finding = Finding::new(Code::CorrectionConflict, message);
                findings.push(finding.about(vec![name.clone()]));
                continue;
            }
            let was = std::mem::replace(cell, Cell::reviewed(first.value, cell.span()));
            let Correction { by, date, note, .. } = first.clone();
            report.reviews.push(Review { table, cell: nth, was, by, date, note });
        }
        report.reviews.sort_by_key(|review| (review.table, review.cell));
        if let Some(grammar) = report.form.clone().filter(|_| !report.reviews.is_empty()) {
            judge(report, &grammar);
        }
        report.findings.extend(findings);
    }
}

/// Judges sums with the corrected values, and says what is to be said of them.
fn judge(report: &mut Report<'_>, grammar: &Grammar) {
    // those of before are of the values of before
    let is_doubt = [Code::SumFails, Code::TotalNeverFilled, Code::RegulationsUnlikely];
    report.checks = checks::judge(grammar, &report.tables);
    report.findings.retain(|finding| !is_doubt.contains(&finding.code));
    let found = checks::doubts(grammar, report);
    report.findings.extend(found);
}

fn stale(name: &str, what: &str) -> Finding {
    let message = format!("the correction of {name} is not applied: {what}");
    Finding::new(Code::CorrectionStale, message).about(vec![name.to_owned()])
}

/// Table of the report and cell of it.
fn place(report: &Report<'_>, grammar: &Grammar, name: &str) -> Option<(usize, usize)> {
    report.tables.iter().enumerate().find_map(|(at, record)| {
        let table = &grammar.tables[record.table];
        let rows = table.rows.iter().enumerate();
        let mut cells = rows.flat_map(|(r, row)| row.columns.iter().map(move |&c| (r, c)));
        Some((at, cells.position(|(row, column)| table.cell_name(row, column) == name)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    fn corrections(text: &str) -> Result<Corrections> {
        let mut all = Corrections::default();
        all.add(Path::new("c.csv"), text.as_bytes()).map(|()| all)
    }

    #[test]
    fn ok_what_is_said_of_a_cell() {
        let (span, one) = (Span::new(0, 1), Decimal::from(1));
        assert_eq!(said(&Cell::blank(span)), "blank");
        assert_eq!(said(&Cell::ambiguous(span, vec![one, Decimal::from(12)])), "ambiguous 1 12");
        assert_eq!(said(&Cell::reviewed(Some(one), span)), "reviewed 1");
    }

    #[test]
    fn ok_a_file() {
        let text =
            "\u{FEFF}cell,sha256,was,value,more\r\na.b.c,AB,read 3,-4.5,x\r\na.b.d,ab,blank,,\r\n";
        let all = corrections(text).expect("it is a file of corrections");
        assert!(all.has("ab") && !all.has("AB"));
        assert_eq!(
            all.documents["ab"].cells["a.b.c"][0].value.map(|v| v.to_string()),
            Some("-4.5".to_owned())
        );
        assert_eq!(all.documents["ab"].cells["a.b.d"][0].value, None);
        assert_ne!(all.hash(), Corrections::default().hash());
    }

    #[test]
    fn ok_a_file_as_a_spreadsheet_saves_it() {
        let text = "sha256,cell,value,was,by,date,note\r\nab,a.b.c,4,read 3,王,2026/1/2,按合计\r\n,,,,,,\r\nab,a.b.d,,blank\r\n";
        let gbk = encoding_rs::GBK.encode(text).0.into_owned();
        let tabs = format!("\u{FEFF}{}", text.replace(',', "\t"));
        let wide: Vec<u8> = tabs.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let semicolons = text.replace(',', ";").into_bytes();
        for bytes in [text.as_bytes().to_vec(), gbk, wide, semicolons] {
            let mut all = Corrections::default();
            all.add(Path::new("c.csv"), &bytes).expect("it is a file of corrections");
            assert_eq!(all.documents.len(), 1);
            let cells = &all.documents["ab"].cells;
            let Correction { by, note, date, .. } = &cells["a.b.c"][0];
            assert_eq!([by, note, date], ["王", "按合计", "2026/1/2"]);
            assert_eq!(cells["a.b.d"][0].was, "blank");
        }
    }

    #[test]
    fn err_no_corrections() {
        for (text, said) in [
            ("a,b\n1,2\n", "line 1: there is no column `sha256`"),
            ("", "line 1: there is no column"),
            ("sha256,cell,value,was\nx,y,1,blank\n\nx,y,约3,blank\n", "line 4: `约3` is no number"),
            ("sha256,cell,value,was\nx,y,1\n", "line 2: `was` is empty"),
            ("sha256,cell,value,was\nx,y,1,read 3,more\n", "line 2: 5 columns, and 4 in the head"),
        ] {
            let error = corrections(text).expect_err("it is none").to_string();
            assert!(error.contains(said) && error.contains("c.csv"), "{error}");
            // each in Chinese too
            let what = error.strip_prefix("c.csv: ").expect("the file stands first");
            assert_ne!(crate::lang::Lang::Zh.say(what), what);
        }
    }
}
