//! Many documents: read in parallel, written in input order, in bounded memory.
//!
//! Workers take small groups of documents from one ordered stream. A finished group is put down; whoever puts down the
//! group whose turn it is writes it and all that follow it. Nobody waits for a slow neighbour until so many groups lie
//! there that memory would grow; then the fast ones wait.

use crate::error::{Error, Result};
use crate::finding::{Code, Finding, Severity};
use crate::grammar::GrammarSet;
use crate::pipeline;
use crate::records::Report;
use crate::records::Verdict;
use crate::sinks::Sink;
use crate::source::walk::Entry;
use crate::source::{Source, archive};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Documents a worker takes at once.
const GROUP: usize = 16;
/// Groups a thread may be ahead of the one being written.
const AHEAD: usize = 4;
/// Bytes of a buffer that is kept for the next group.
const KEEP_BYTES: usize = 4 << 20;
/// Bytes of unpacked documents in a group.
const GROUP_BYTES: usize = 4 << 20;

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
    /// Files that are no documents by their names, by extension, and records of crawls that hold none, by reason.
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
    let count = files.len();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|e| Error::io(folder, std::io::Error::other(e)))?;
    // archives are unpacked beside the workers, a little ahead of them
    let (send, receive) = mpsc::sync_channel(AHEAD);
    let input = Mutex::new(Input { groups: Some(receive), next: 0 });
    let output = Output {
        state: Mutex::new(State {
            done: BTreeMap::new(),
            turn: 0,
            writing: Some(files),
            spare: Vec::new(),
            summary: Summary::default(),
            error: None,
        }),
        written: Condvar::new(),
        most: AHEAD * pool.current_num_threads(),
    };
    let work = || {
        while let Some((number, group)) = take(&input, stop) {
            let mut done = Group { buffers: output.spare(count), summary: Summary::default() };
            for entry in group {
                one(entry, grammars, sinks, &mut done);
            }
            output.put(number, done, stop, &progress);
        }
    };
    std::thread::scope(|threads| {
        threads.spawn(|| feed(entries, send, stop));
        pool.in_place_scope(|scope| {
            (0..pool.current_num_threads()).for_each(|_| scope.spawn(|_| work()));
        });
        // nobody listens any more: the feeder ends
        drop(lock(&input).groups.take());
    });
    let mut state = output.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = state.error {
        return Err(error);
    }
    state.summary.interrupted = stop.load(Ordering::Relaxed);
    Ok(state.summary)
}

struct Input {
    groups: Option<Receiver<Vec<Entry>>>,
    next: u64,
}

/// Puts inputs into groups, few enough and small enough for memory; documents of archives are read on the way.
fn feed(entries: impl Iterator<Item = Entry>, groups: SyncSender<Vec<Entry>>, stop: &AtomicBool) {
    let mut group = Vec::with_capacity(GROUP);
    let mut bytes = 0;
    let mut put = |entry: Entry| -> ControlFlow<()> {
        if let Entry::Document(source) = &entry {
            bytes += source.bytes.len();
        }
        group.push(entry);
        if group.len() < GROUP && bytes < GROUP_BYTES {
            return ControlFlow::Continue(());
        }
        bytes = 0;
        let full = std::mem::replace(&mut group, Vec::with_capacity(GROUP));
        if stop.load(Ordering::Relaxed) || groups.send(full).is_err() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    };
    for entry in entries {
        let flow = match entry {
            Entry::Archive(path) => archive::read(&path, &mut put),
            entry => put(entry),
        };
        if flow.is_break() {
            return;
        }
    }
    if !group.is_empty() {
        // when nobody listens there is nothing to be done about it
        let _ = groups.send(group);
    }
}

/// What a group of documents became.
struct Group {
    /// For each file, the bytes to append.
    buffers: Vec<Vec<u8>>,
    summary: Summary,
}

struct Output {
    state: Mutex<State>,
    /// Told after each group that was written.
    written: Condvar,
    /// Most groups that may lie there unwritten.
    most: usize,
}

struct State {
    /// Groups waiting for their turn.
    done: BTreeMap<u64, Group>,
    /// The group to be written next.
    turn: u64,
    /// The files, while nobody is writing to them.
    writing: Option<Vec<(PathBuf, File)>>,
    /// Empty buffers to be filled again.
    spare: Vec<Vec<u8>>,
    summary: Summary,
    error: Option<Error>,
}

/// The data of a panicked worker is still whole: a group is written at once or not at all.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The next group of inputs with its number.
fn take(input: &Mutex<Input>, stop: &AtomicBool) -> Option<(u64, Vec<Entry>)> {
    if stop.load(Ordering::Relaxed) {
        return None;
    }
    let mut input = lock(input);
    let group = input.groups.as_ref()?.recv().ok()?;
    let number = input.next;
    input.next += 1;
    Some((number, group))
}

impl Output {
    /// Empty buffers, one for each file.
    fn spare(&self, count: usize) -> Vec<Vec<u8>> {
        let mut state = lock(&self.state);
        (0..count).map(|_| state.spare.pop().unwrap_or_default()).collect()
    }

    /// Puts down a group, and writes what can be written.
    fn put(&self, number: u64, group: Group, stop: &AtomicBool, progress: &impl Fn(&Summary)) {
        let mut state = lock(&self.state);
        state.done.insert(number, group);
        while let Some(mut files) = state.writing.take() {
            let turn = state.turn;
            let Some(mut group) = state.done.remove(&turn) else {
                state.writing = Some(files);
                break;
            };
            // the others go on while this one writes
            drop(state);
            let error = append(&mut files, &mut group.buffers).err();
            state = lock(&self.state);
            if let Some(error) = error {
                state.error.get_or_insert(error);
                stop.store(true, Ordering::Relaxed);
            }
            state.turn += 1;
            state.spare.append(&mut group.buffers);
            state.summary.merge(group.summary);
            state.writing = Some(files);
            progress(&state.summary);
            self.written.notify_all();
        }
        // whoever has the group whose turn it is never waits here: it has just been written
        while state.done.len() > self.most && state.error.is_none() {
            state = self.written.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Appends each buffer to its file and empties it.
fn append(files: &mut [(PathBuf, File)], buffers: &mut [Vec<u8>]) -> Result<()> {
    for ((path, file), buffer) in files.iter_mut().zip(buffers) {
        file.write_all(buffer).map_err(|e| Error::io(path, e))?;
        buffer.clear();
        buffer.shrink_to(KEEP_BYTES);
    }
    Ok(())
}

/// One input: its report, or a record that says why there is none.
fn one(entry: Entry, grammars: &GrammarSet, sinks: &[Box<dyn Sink + '_>], group: &mut Group) {
    let read = match entry {
        // archives became documents before
        Entry::Skipped(extension) => {
            *group.summary.skipped.entry(extension).or_default() += 1;
            return;
        }
        Entry::Document(source) => Ok(source),
        Entry::Bad(path, finding) => Err((path, finding)),
        Entry::File(path) | Entry::Archive(path) => match std::fs::read(&path) {
            Ok(bytes) => Ok(Source::new(path.to_string_lossy(), bytes)),
            Err(error) => Err((path, Finding::new(Code::Unreadable, error.to_string()))),
        },
    };
    let source = match read {
        Ok(source) => source,
        Err((path, finding)) => {
            return write(&unread(path.to_string_lossy().into_owned(), finding), sinks, group);
        }
    };
    let before: Vec<usize> = group.buffers.iter().map(Vec::len).collect();
    let whole =
        catch_unwind(AssertUnwindSafe(|| write(&pipeline::parse(&source, grammars), sinks, group)));
    if whole.is_err() {
        for (buffer, before) in group.buffers.iter_mut().zip(before) {
            buffer.truncate(before);
        }
        let finding =
            Finding::new(Code::Panic, "the program failed on this document; please report it");
        write(&unread(source.name, finding), sinks, group);
    }
}

fn write(report: &Report<'_>, sinks: &[Box<dyn Sink + '_>], group: &mut Group) {
    let mut rest = &mut group.buffers[..];
    for sink in sinks {
        let (own, others) = rest.split_at_mut(sink.file_count());
        sink.write(report, own);
        rest = others;
    }
    group.summary.add(report);
}

/// The record of an input that could not be read.
pub fn unread(name: String, finding: Finding) -> Report<'static> {
    let mut report = Report { findings: vec![finding], ..Report::default() };
    let source = Source::new(name, Vec::new());
    report.source.sha256 = source.sha256();
    report.source.name = source.name;
    report.source.media_type = "application/octet-stream";
    report
}
