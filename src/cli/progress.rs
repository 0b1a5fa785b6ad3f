//! How far a conversion is: a line that moves, or lines of JSON.
//!
//! How much there is to do is counted beside the work, by the sizes of the inputs; until that is known nothing is said of
//! how long it will take.

use super::args::{Convert, LogFormat};
use crate::batch::Summary;
use crate::source::select::Select;
use crate::source::walk::{Entry, walk};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

const UNKNOWN: &str = "{spinner} {bytes} read, {msg}, {elapsed}";
const KNOWN: &str = "{spinner} {percent}% of {total_bytes}, {msg}, {elapsed}, {eta} to go";
/// Time between two lines of JSON.
const BETWEEN: Duration = Duration::from_secs(5);

/// Tells how far a conversion is.
pub(super) struct Progress {
    to: To,
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
    pub(super) fn new(args: &Convert, inputs: &[PathBuf], select: &Select) -> Self {
        let to = match args.log_format {
            _ if args.quiet => To::Nobody,
            LogFormat::Json => To::Log(Mutex::new(Instant::now())),
            LogFormat::Text if std::io::stderr().is_terminal() => {
                let bar = ProgressBar::new_spinner().with_style(style(UNKNOWN));
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
        Self { to, start: Instant::now(), total }
    }

    /// Tells what was done, and how many bytes of the inputs were taken for it.
    pub(super) fn tell(&self, summary: &Summary, taken: u64) {
        match &self.to {
            To::Nobody => {}
            To::Terminal(bar) => {
                if let (None, Some(total)) = (bar.length(), self.total.get()) {
                    bar.set_length(*total);
                    bar.set_style(style(KNOWN));
                }
                bar.set_position(taken);
                #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
                let rate = summary.documents as f64 / self.start.elapsed().as_secs_f64().max(0.001);
                let (documents, reports) = (summary.documents, summary.reports);
                let unread = summary.unread_count;
                bar.set_message(format!(
                    "{documents} documents ({rate:.0}/s), {reports} reports, {unread} not read"
                ));
            }
            To::Log(last) => {
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                if last.elapsed() >= BETWEEN {
                    *last = Instant::now();
                    let event = serde_json::json!({
                        "event": "progress",
                        "seconds": self.start.elapsed().as_secs_f64(),
                        "bytes": taken,
                        "total_bytes": self.total.get(),
                        "documents": summary.documents,
                        "reports": summary.reports,
                        "unread": summary.unread_count,
                    });
                    let _ = writeln!(std::io::stderr(), "{event}");
                }
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
