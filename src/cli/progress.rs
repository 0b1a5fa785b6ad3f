//! How far a conversion is: a line that moves, or lines of JSON.
//!
//! There are two phases. While documents are read, how much there is to do is counted beside the work, by the sizes of the
//! inputs; until that is known nothing is said of how long it will take. Then files are made that need all documents
//! (Parquet, a database, a workbook), each told by its name: how long that takes nobody knows, and no share is made up.

use super::args::{Convert, LogFormat};
use crate::batch::Told;
use crate::lang::Lang;
use crate::source::select::Select;
use crate::source::walk::{Entry, walk};
use indicatif::{ProgressBar, ProgressStyle};
use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

// in 80 columns; what is too long is cut at the end of the message
const UNKNOWN: &str = "{spinner} reading: {bytes}, {elapsed}, {wide_msg}";
const KNOWN: &str = "{spinner} reading: {percent}% of {total_bytes}, {eta} to go, {wide_msg}";
const MAKING: &str = "{spinner} {elapsed}, {wide_msg}";
/// The workbook, and how many bytes a cell of a report is in it: 24,900 cells of the corpus are 2.8 MB.
const WORKBOOK: &str = "nianbao.xlsx";
const BYTES_A_CELL: u64 = 113;
/// Bytes of a workbook from which it is warned of.
const LARGE: u64 = 300_000_000;
/// Time between two lines of JSON.
const BETWEEN: Duration = Duration::from_secs(5);

/// Tells how far a conversion is.
pub(super) struct Progress {
    to: To,
    is_quiet: bool,
    lang: Lang,
    start: Instant,
    /// Bytes of all inputs, once they are counted.
    total: Arc<OnceLock<u64>>,
}

enum To {
    Nobody,
    Terminal(ProgressBar),
    Log(Mutex<Instant>),
}

impl Progress {
    /// Begins to tell, if anybody is there, and to count what there is to do.
    pub(super) fn new(args: &Convert, inputs: &[PathBuf], select: &Select, lang: Lang) -> Self {
        let to = match args.log_format {
            _ if args.quiet => To::Nobody,
            LogFormat::Json => To::Log(Mutex::new(Instant::now())),
            LogFormat::Text if std::io::stderr().is_terminal() => {
                let bar = ProgressBar::new_spinner().with_style(style(&lang.say(UNKNOWN)));
                bar.enable_steady_tick(Duration::from_millis(200));
                To::Terminal(bar)
            }
            LogFormat::Text => To::Nobody,
        };
        let total = Arc::new(OnceLock::new());
        if !matches!(to, To::Nobody) {
            let (inputs, select, total) = (inputs.to_vec(), select.clone(), Arc::clone(&total));
            std::thread::spawn(move || total.set(bytes(inputs, &select)));
        }
        Self { to, is_quiet: args.quiet, lang, start: Instant::now(), total }
    }

    /// Tells what was done, or what is being made.
    pub(super) fn tell(&self, told: Told<'_>) {
        if let Told::Making { file, summary } = told {
            self.warn(file, summary.cells.iter().sum());
        }
        match (&self.to, told) {
            (To::Nobody, _) => {}
            (To::Terminal(bar), Told::Read { summary, taken }) => {
                if let (None, Some(total)) = (bar.length(), self.total.get()) {
                    bar.set_length(*total);
                    bar.set_style(style(&self.lang.say(KNOWN)));
                }
                bar.set_position(taken);
                #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
                let rate = summary.documents as f64 / self.start.elapsed().as_secs_f64().max(0.001);
                let (documents, unread) = (summary.documents, summary.unread_count);
                let rate = format!("{rate:.0}");
                let counts: [&dyn Display; 3] = [&documents, &rate, &unread];
                bar.set_message(self.lang.fill("{} ({}/s), {} not read", &counts));
            }
            (To::Terminal(bar), Told::Making { file, summary }) => {
                bar.set_style(style(MAKING));
                let told = self.lang.fill("all {} read, making {}", &[&summary.documents, &file]);
                bar.set_message(told);
            }
            (To::Log(last), Told::Read { summary, taken }) => {
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                if last.elapsed() >= BETWEEN {
                    *last = Instant::now();
                    log(&serde_json::json!({
                        "event": "progress",
                        "phase": "reading",
                        "seconds": self.start.elapsed().as_secs_f64(),
                        "bytes": taken,
                        "total_bytes": self.total.get(),
                        "documents": summary.documents,
                        "reports": summary.reports,
                        "unread": summary.unread_count,
                    }));
                }
            }
            (To::Log(_), Told::Making { file, summary }) => log(&serde_json::json!({
                "event": "progress",
                "phase": "making",
                "file": file,
                "seconds": self.start.elapsed().as_secs_f64(),
                "documents": summary.documents,
            })),
        }
    }

    /// Warns of a workbook before it is made that hardly any program opens.
    fn warn(&self, file: &str, cells: u64) {
        let Some(megabytes) = large(cells).filter(|_| file == WORKBOOK) else { return };
        match &self.to {
            To::Log(_) => {
                log(
                    &serde_json::json!({ "event": "warning", "file": file, "megabytes": megabytes }),
                );
            }
            To::Nobody if self.is_quiet => {}
            _ => {
                let told = self.lang.fill(
                    "{} will have about {} MB, which takes long to make and hardly any program opens; csv, parquet and sqlite have the same tables",
                    &[&file, &megabytes],
                );
                let _ = writeln!(std::io::stderr(), "nianbao: {told}");
            }
        }
    }

    /// The end: nothing stays on the terminal.
    pub(super) fn finish(self) {
        if let To::Terminal(bar) = self.to {
            bar.finish_and_clear();
        }
    }
}

/// The megabytes of a workbook with so many cells of reports, where it is a large one.
const fn large(cells: u64) -> Option<u64> {
    let bytes = cells * BYTES_A_CELL;
    if bytes < LARGE { None } else { Some(bytes / 1_000_000) }
}

fn log(event: &serde_json::Value) {
    let _ = writeln!(std::io::stderr(), "{event}");
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

/// The bytes of all inputs that are read.
fn bytes(inputs: Vec<PathBuf>, select: &Select) -> u64 {
    let of = |entry| match entry {
        Entry::File(path) | Entry::Archive(path) => std::fs::metadata(path).map_or(0, |m| m.len()),
        _ => 0,
    };
    walk(inputs, select).map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_a_workbook_is_warned_of_from_300_megabytes_on() {
        // twelve thousand reports, and fourteen thousand
        assert_eq!(large(12_000 * 200), None);
        assert_eq!(large(14_000 * 200), Some(316));
    }
}
