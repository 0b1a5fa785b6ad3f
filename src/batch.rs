//! Many documents: read in parallel, written in input order, in bounded memory.
//!
//! Workers take small groups of documents from one ordered stream. A finished group waits for its turn to be written;
//! a worker that is too far ahead waits with it, so that never more than a few groups a thread are in memory.

use crate::checks::Verdict;
use crate::error::{Error, Result};
use crate::finding::{Code, Finding, Severity};
use crate::grammar::GrammarSet;
use crate::pipeline;
use crate::reading::Status;
use crate::records::Report;
use crate::sinks::Sink;
use crate::source::Source;
use crate::source::walk::Entry;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Documents a worker takes at once.
const GROUP: usize = 16;
/// Bytes of output that are kept allocated between groups.
const KEEP_BYTES: usize = 4 << 20;

/// What a conversion did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files offered.
    pub documents: u64,
    /// Documents in which a form was recognised.
    pub reports: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Reports by form and year.
    pub by_form: BTreeMap<(String, Option<i32>), u64>,
    /// Cells by status, in the order of [`Status::ALL`].
    pub cells: [u64; 5],
    /// Checks that hold, fail, are open.
    pub checks: [u64; 3],
    /// Findings by code.
    pub findings: BTreeMap<&'static str, u64>,
    /// Files in folders that are no documents by their name, by extension.
    pub skipped: BTreeMap<String, u64>,
    /// Inputs of which nothing was read, and why; the first hundred.
    pub unread: Vec<(String, String)>,
    /// How many inputs these are.
    pub unread_count: u64,
    /// Whether it was stopped before the end.
    pub interrupted: bool,
}

/// Most unread inputs named in a summary.
const MOST_NAMED: usize = 100;

impl Summary {
    fn add(&mut self, report: &Report<'_>) {
        self.documents += 1;
        self.bytes += report.source.bytes;
        if let Some(grammar) = report.form {
            self.reports += 1;
            *self.by_form.entry((grammar.id.clone(), report.year)).or_default() += 1;
        }
        for (count, status) in self.cells.iter_mut().zip(Status::ALL) {
            *count += report.count(status) as u64;
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
            *self.findings.entry(finding.code.name()).or_default() += 1;
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

    fn merge(&mut self, other: Self) {
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
        self.unread_count += other.unread_count;
        self.unread.extend(other.unread);
        self.unread.truncate(MOST_NAMED);
    }
}

/// Converts a stream of inputs into the sinks' files in `folder`.
///
/// `progress` is told after each group how many documents are done; `stop` ends the run after the groups under way,
/// with every line complete.
pub fn convert(
    entries: impl Iterator<Item = Entry> + Send,
    grammars: &GrammarSet,
    sinks: &[Box<dyn Sink + '_>],
    folder: &Path,
    threads: usize,
    stop: &AtomicBool,
    progress: impl Fn(&Summary) + Sync,
) -> Result<Summary> {
    std::fs::create_dir_all(folder).map_err(|e| Error::io(folder, e))?;
    let mut files = Vec::new();
    for (name, head) in sinks.iter().flat_map(|sink| sink.files()) {
        let path = folder.join(name);
        let mut file = File::create(&path).map_err(|e| Error::io(&path, e))?;
        file.write_all(&head).map_err(|e| Error::io(&path, e))?;
        files.push((path, file));
    }
    let input = Mutex::new(Input { entries, next: 0 });
    let output = Output {
        state: Mutex::new(OutputState { files, turn: 0, summary: Summary::default(), error: None }),
        turn: Condvar::new(),
    };
    let work = || {
        let mut buffers: Vec<Vec<u8>> = vec![Vec::new(); lock(&output.state).files.len()];
        while let Some((number, group)) = take(&input, stop) {
            let mut summary = Summary::default();
            for entry in group {
                one(entry, grammars, sinks, &mut buffers, &mut summary);
            }
            if !output.put(number, &mut buffers, summary, stop, &progress) {
                return;
            }
        }
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|e| Error::io(folder, std::io::Error::other(e)))?;
    pool.in_place_scope(|scope| {
        (0..pool.current_num_threads()).for_each(|_| scope.spawn(|_| work()))
    });
    let mut state = output.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = state.error {
        return Err(error);
    }
    state.summary.interrupted = stop.load(Ordering::Relaxed);
    Ok(state.summary)
}

struct Input<I> {
    entries: I,
    next: u64,
}

struct Output {
    state: Mutex<OutputState>,
    turn: Condvar,
}

struct OutputState {
    files: Vec<(PathBuf, File)>,
    /// The group whose turn it is.
    turn: u64,
    summary: Summary,
    error: Option<Error>,
}

/// The data of a panicked worker is still whole: a group is written at once or not at all.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The next group of inputs with its number.
fn take(
    input: &Mutex<Input<impl Iterator<Item = Entry>>>,
    stop: &AtomicBool,
) -> Option<(u64, Vec<Entry>)> {
    if stop.load(Ordering::Relaxed) {
        return None;
    }
    let mut input = lock(input);
    let mut group = Vec::with_capacity(GROUP);
    group.extend(input.entries.by_ref().take(GROUP));
    if group.is_empty() {
        return None;
    }
    let number = input.next;
    input.next += 1;
    Some((number, group))
}

impl Output {
    /// Waits for the group's turn and writes it; false when the run must end.
    fn put(
        &self,
        number: u64,
        buffers: &mut [Vec<u8>],
        summary: Summary,
        stop: &AtomicBool,
        progress: &impl Fn(&Summary),
    ) -> bool {
        let mut state = lock(&self.state);
        while state.turn != number && state.error.is_none() {
            state = self.turn.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.error.is_none() {
            let OutputState { files, error, .. } = &mut *state;
            for ((path, file), buffer) in files.iter_mut().zip(buffers.iter_mut()) {
                if let Err(e) = file.write_all(buffer) {
                    *error = Some(Error::io(path, e));
                    stop.store(true, Ordering::Relaxed);
                    break;
                }
                buffer.clear();
                buffer.shrink_to(KEEP_BYTES);
            }
        }
        state.turn += 1;
        state.summary.merge(summary);
        progress(&state.summary);
        let going = state.error.is_none();
        drop(state);
        self.turn.notify_all();
        going
    }
}

/// One input: its report, or a record that says why there is none.
fn one(
    entry: Entry,
    grammars: &GrammarSet,
    sinks: &[Box<dyn Sink + '_>],
    buffers: &mut [Vec<u8>],
    summary: &mut Summary,
) {
    let (path, finding) = match entry {
        Entry::Skipped(extension) => {
            *summary.skipped.entry(extension).or_default() += 1;
            return;
        }
        Entry::Bad(path, finding) => (path, Some(finding)),
        Entry::File(path) => (path, None),
    };
    let name = path.to_string_lossy().into_owned();
    if let Some(finding) = finding {
        write(&unread(name, finding), sinks, buffers, summary);
        return;
    }
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) => {
            write(
                &unread(name, Finding::new(Code::Unreadable, error.to_string())),
                sinks,
                buffers,
                summary,
            );
            return;
        }
    };
    let source = Source { name, bytes };
    match catch_unwind(AssertUnwindSafe(|| pipeline::parse(&source, grammars))) {
        Ok(report) => write(&report, sinks, buffers, summary),
        Err(_) => {
            let finding =
                Finding::new(Code::Panic, "the program failed on this document; please report it");
            write(&unread(source.name.clone(), finding), sinks, buffers, summary);
        }
    }
}

fn write(
    report: &Report<'_>,
    sinks: &[Box<dyn Sink + '_>],
    buffers: &mut [Vec<u8>],
    summary: &mut Summary,
) {
    let mut rest = buffers;
    for sink in sinks {
        let count = sink.file_count();
        let (own, others) = rest.split_at_mut(count);
        sink.write(report, own);
        rest = others;
    }
    summary.add(report);
}

/// The record of an input that could not be read.
pub fn unread(name: String, finding: Finding) -> Report<'static> {
    let mut report = Report { findings: vec![finding], ..Report::default() };
    let source = Source { name, bytes: Vec::new() };
    report.source.sha256 = source.sha256();
    report.source.name = source.name;
    report.source.media_type = "application/octet-stream";
    report
}
