//! Many documents: read in parallel, written in input order, in bounded memory.
//!
//! Workers take small groups of documents from one ordered stream. A finished group is put down; whoever puts down the
//! group whose turn it is writes it and all that follow it. Nobody waits for a slow neighbour until so many groups lie
//! there that memory would grow; then the fast ones wait.

mod duplicates;
mod feed;
mod files;
mod kept;
#[cfg(all(feature = "tables", feature = "internals"))]
mod read;
mod run;
mod seen;
mod summary;

pub use files::stats;
pub use kept::Update;
#[cfg(all(feature = "tables", feature = "internals"))]
pub use read::read;
pub use run::{BUILD, Before, Stale, about, of_panel};
pub use summary::Summary;

use crate::corrections::Corrections;
use crate::error::{Error, Result};
use crate::finding::{Code, Finding, Severity};
use crate::grammar::GrammarSet;
use crate::guard;
use crate::pipeline;
use crate::records::Report;
use crate::sinks::{self, Sink};
use crate::source::select::Select;
use crate::source::walk::Entry;
use crate::source::{Source, relevance};
use duplicates::Written;
use feed::{Changed, Inputs, Reached, feed};
use files::Files;
use kept::{Earlier, Reader};
use seen::{Identity, Seen};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use summary::One;

/// Groups a thread may be ahead of the one being written.
const AHEAD: usize = 4;
/// Bytes of a buffer that is kept for the next group.
const KEEP_BYTES: usize = 4 << 20;

/// What a conversion is asked for.
pub struct Job<'a> {
    /// The forms to try.
    pub grammars: &'a GrammarSet,
    /// What to write.
    pub sinks: &'a [Box<dyn Sink + 'a>],
    /// Where to.
    pub folder: &'a Path,
    /// Worker threads; 0 is one for each core.
    pub threads: usize,
    /// What tells this conversion from others: one that was stopped only goes on with the same.
    pub id: &'a str,
    /// Whether to go on with a conversion that was stopped.
    pub resume: bool,
    /// Whether what an earlier conversion wrote into the folder is taken over where documents have not changed.
    pub update: bool,
    /// Time between checkpoints, from which such a conversion goes on.
    pub checkpoint: Duration,
    /// Which inputs are read.
    pub select: &'a Select,
    /// Most time for one document.
    pub most_time: Option<Duration>,
    /// Whether a report that repeats one before it is left out.
    pub dedup: bool,
    /// What people decided about cells.
    pub corrections: Corrections,
    /// What the output depends on, for `run.json`; see [`about`].
    pub about: Value,
    /// The command, for `log.json`.
    pub command: Vec<String>,
}

impl<'a> Job<'a> {
    /// All that can be read, into a folder, from the beginning.
    pub fn new(
        grammars: &'a GrammarSet,
        sinks: &'a [Box<dyn Sink + 'a>],
        folder: &'a Path,
        select: &'a Select,
    ) -> Self {
        Self {
            grammars,
            sinks,
            folder,
            threads: 0,
            id: "",
            resume: false,
            update: false,
            checkpoint: Duration::from_secs(10),
            select,
            most_time: None,
            dedup: false,
            corrections: Corrections::default(),
            about: Value::Object(serde_json::Map::new()),
            command: Vec::new(),
        }
    }
}

/// What is told while a conversion goes on.
#[derive(Clone, Copy, Debug)]
pub enum Told<'t> {
    /// A group of documents was read and written.
    Read {
        /// What was done so far.
        summary: &'t Summary,
        /// Bytes of the inputs that were taken for it.
        taken: u64,
    },
    /// All documents are read, and a file is made that needs all of them.
    Making {
        /// Its name.
        file: &'t str,
        /// What was read.
        summary: &'t Summary,
    },
}

/// Converts a stream of inputs into the sinks' files.
///
/// `progress` is told after each group what was done, and before each file that is made at the end; `stop` ends the run
/// after the groups under way, with every line complete.
pub fn convert(
    entries: impl Iterator<Item = Entry> + Send,
    job: &Job<'_>,
    stop: &AtomicBool,
    progress: impl Fn(Told<'_>) + Sync,
) -> Result<Summary> {
    let (files, reached, summary) = Files::open(job)?;
    let count = files.count();
    let seen = Seen::open(job.folder, (reached.entries > 0).then_some(reached.entries))?;
    let taken = AtomicU64::new(0);
    let tell = |summary: &Summary| {
        progress(Told::Read { summary, taken: taken.load(Ordering::Relaxed) });
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(job.threads)
        .build()
        .map_err(|e| Error::refused(job.folder, e.to_string()))?;
    // archives are unpacked beside the workers, a little ahead of them
    let (size, ahead) = group_size(job.sinks);
    let (send, receive) = mpsc::sync_channel(ahead);
    let input = Mutex::new(Input { groups: Some(receive), next: 0 });
    let output = Output {
        state: Mutex::new(State {
            done: BTreeMap::new(),
            turn: 0,
            reached: reached.clone(),
            writing: Some((files, seen)),
            spare: Vec::new(),
            summary,
            error: None,
        }),
        written: Condvar::new(),
        most: ahead * pool.current_num_threads(),
    };
    let is_begun_anew = reached.entries == 0;
    let earlier = if job.update { Earlier::open(job)? } else { None };
    let work = || {
        let mut sinks = sinks::Group::new(job.sinks);
        let mut before = match earlier.as_ref().map(Reader::open).transpose() {
            Ok(before) => before,
            Err(error) => return output.fail(error, stop),
        };
        while let Some((number, group)) = take(&input, stop) {
            let Inputs { entries, trail } = group;
            let buffers = output.spare(count);
            let mut done =
                Group { entries: entries.len() as u64, trail, buffers, ..Group::default() };
            for entry in entries {
                one(entry, job, &taken, &mut sinks, before.as_mut(), &mut done);
            }
            let closed = sinks.close(&mut done.buffers);
            done.error = done.error.take().or(closed.err());
            output.put(number, done, job, stop, &tell);
        }
    };
    let fed = std::thread::scope(|threads| {
        // the sender is the feeder's: when it ends, the workers do
        let taken = &taken;
        let feeder =
            threads.spawn(move || feed(entries, job.select, &reached, taken, size, &send, stop));
        pool.in_place_scope(|scope| {
            (0..pool.current_num_threads()).for_each(|_| scope.spawn(|_| work()));
        });
        // nobody listens any more: the feeder ends
        drop(lock(&input).groups.take());
        feeder.join().unwrap_or_else(|panic| resume_unwind(panic))
    });
    if fed == Err(Changed) {
        let message = "the inputs are not those of the conversion that was stopped here: files were added, removed or \
                       changed; begin anew without --resume";
        return Err(Error::refused(job.folder, message));
    }
    let mut state = output.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = state.error {
        return Err(error);
    }
    state.summary.without_duplicates = job.dedup;
    state.summary.interrupted = stop.load(Ordering::Relaxed);
    // what was done before a stop is not known here
    if let Some(earlier) = earlier.filter(|_| is_begun_anew) {
        state.summary.update = Some(earlier.update()?);
    }
    if let Some((mut files, mut seen)) = state.writing {
        if state.summary.interrupted {
            seen.checkpoint()?;
            files.checkpoint(&state.reached, &state.summary)?;
        } else {
            let making = |file: &str| progress(Told::Making { file, summary: &state.summary });
            let stale =
                pool.install(|| files.finish(job, &state.reached, &state.summary, &making))?;
            state.summary.stale = stale;
            seen.finish()?;
        }
    }
    Ok(state.summary)
}

struct Input {
    groups: Option<Receiver<Inputs>>,
    next: u64,
}

/// How large groups are, and how many a thread may be ahead.
fn group_size(sinks: &[Box<dyn Sink + '_>]) -> ((usize, usize), usize) {
    let larger = |a: (usize, usize), b: (usize, usize)| (a.0.max(b.0), a.1.max(b.1));
    let size = sinks.iter().map(|sink| sink.group_size()).fold(feed::GROUP, larger);
    (size, if size == feed::GROUP { AHEAD } else { 1 })
}

/// What a group of documents became.
#[derive(Default)]
struct Group {
    /// Inputs in it.
    entries: u64,
    /// The trail up to the last of them.
    trail: String,
    /// For each file, the bytes to append.
    buffers: Vec<Vec<u8>>,
    /// What of them is which report's, in their order.
    written: Vec<Written>,
    summary: Summary,
    /// What kept it from being complete.
    error: Option<Error>,
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
    /// Inputs written.
    reached: Reached,
    /// The files and what is in them, while nobody is writing to them.
    writing: Option<(Files, Seen)>,
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
fn take(input: &Mutex<Input>, stop: &AtomicBool) -> Option<(u64, Inputs)> {
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

    /// Ends the conversion.
    fn fail(&self, error: Error, stop: &AtomicBool) {
        lock(&self.state).error.get_or_insert(error);
        stop.store(true, Ordering::Relaxed);
    }

    /// Puts down a group, and writes what can be written.
    fn put(
        &self,
        number: u64,
        group: Group,
        job: &Job<'_>,
        stop: &AtomicBool,
        progress: &impl Fn(&Summary),
    ) {
        let mut state = lock(&self.state);
        state.done.insert(number, group);
        while let Some((mut files, mut seen)) = state.writing.take() {
            let turn = state.turn;
            let Some(mut group) = state.done.remove(&turn) else {
                state.writing = Some((files, seen));
                break;
            };
            let entries = state.reached.entries;
            // the others go on while this one writes
            drop(state);
            let whole = group.error.take().map_or(Ok(()), Err);
            let written = whole
                .and_then(|()| duplicates::mark(&mut group, &mut seen, entries, job))
                .map(|()| kept::append(&mut group, job.sinks));
            let mut error = written.and_then(|()| files.append(&group.buffers)).err();
            for buffer in &mut group.buffers {
                buffer.clear();
                buffer.shrink_to(KEEP_BYTES);
            }
            state = lock(&self.state);
            state.turn += 1;
            state.spare.append(&mut group.buffers);
            if error.is_none() {
                state.reached.entries += group.entries;
                state.reached.trail = group.trail;
                state.summary.merge(group.summary);
                if files.is_time() {
                    let kept = seen.checkpoint();
                    error =
                        kept.and_then(|()| files.checkpoint(&state.reached, &state.summary)).err();
                }
            }
            if let Some(error) = error {
                state.error.get_or_insert(error);
                stop.store(true, Ordering::Relaxed);
            }
            state.writing = Some((files, seen));
            progress(&state.summary);
            self.written.notify_all();
        }
        // whoever has the group whose turn it is never waits here: it has just been written
        while state.done.len() > self.most && state.error.is_none() {
            state = self.written.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// One input: its report, or a record that says why there is none.
fn one(
    entry: Entry,
    job: &Job<'_>,
    taken: &AtomicU64,
    sinks: &mut sinks::Group<'_>,
    before: Option<&mut Reader<'_>>,
    group: &mut Group,
) {
    let read = match entry {
        Entry::Skipped { name, why } => return skip(&name, &why, job.sinks, group),
        Entry::Document(source) => Ok(source),
        Entry::Bad(path, finding) => Err((path, finding)),
        // archives became documents before
        Entry::File(path) | Entry::Archive(path) => {
            file(&path, job.select.most_bytes, taken).map_err(|finding| (path, finding))
        }
    };
    let source = match read {
        Ok(source) => source,
        Err((path, finding)) => {
            return write(
                &Report::unread(path.to_string_lossy().into_owned(), finding),
                sinks,
                group,
            );
        }
    };
    let of_crawl = source.fetched.is_some();
    if of_crawl && !relevance::may_be_report(&source.bytes) {
        let why = "a page of a crawl without a word of a report";
        return skip(&source.name, why, job.sinks, group);
    }
    if let Some(reader) = before
        && let Some(at) = reader.find(&source)
    {
        // what is not written whole is not written at all
        if let Err(error) = reader.keep(at, job, sinks, group) {
            group.error.get_or_insert(error);
        }
        return;
    }
    let before: Vec<usize> = group.buffers.iter().map(Vec::len).collect();
    let done = guard::total(None, || {
        let mut report = pipeline::read(&source, job.grammars, job.most_time);
        job.corrections.apply(&mut report);
        if of_crawl && is_none(&report) {
            skip(&source.name, "a page of a crawl that is no report", job.sinks, group);
        } else {
            write(&report, sinks, group);
        }
    });
    // a report that cannot be written is none
    let Err(finding) = done else { return };
    for (buffer, before) in group.buffers.iter_mut().zip(before) {
        buffer.truncate(before);
    }
    sinks.undo();
    write(&Report::refused(&source, finding), sinks, group);
}

/// The bytes of a file, not more than the limit.
fn file(path: &Path, most: u64, taken: &AtomicU64) -> std::result::Result<Source, Finding> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| {
        bytes.reserve_exact(file.metadata()?.len().min(most) as usize + 1);
        file.take(most.saturating_add(1)).read_to_end(&mut bytes)
    });
    taken.fetch_add(bytes.len() as u64, Ordering::Relaxed);
    match read {
        Ok(length) if length as u64 > most => {
            Err(Finding::new(Code::TooLarge, format!("more than the limit of {most} bytes")))
        }
        Ok(_) => Ok(Source::new(path.to_string_lossy(), bytes)),
        Err(error) => Err(Finding::new(Code::Unreadable, error.to_string())),
    }
}

/// Counts and names an input that is passed over.
fn skip(name: &str, why: &str, sinks: &[Box<dyn Sink + '_>], group: &mut Group) {
    *group.summary.skipped.entry(why.to_owned()).or_default() += 1;
    tell_skipped(name, why, sinks, &mut group.buffers);
}

fn tell_skipped(name: &str, why: &str, sinks: &[Box<dyn Sink + '_>], buffers: &mut [Vec<u8>]) {
    let mut rest = buffers;
    for sink in sinks {
        let (own, others) = rest.split_at_mut(sink.file_count());
        sink.skip(name, why, own);
        rest = others;
    }
}

/// Whether a page has nothing of a report: no form, no heading of one, and no title that names a year. What could not be
/// read may have been one.
fn is_none(report: &Report<'_>) -> bool {
    let unread = report.findings.iter().any(|finding| finding.code.severity() == Severity::Error);
    let titled = report.title.is_some() && report.year.is_some();
    report.form.is_none() && report.sections.len() < 2 && !titled && !unread
}

fn write(report: &Report<'_>, sinks: &mut sinks::Group<'_>, group: &mut Group) {
    let starts: Vec<usize> = group.buffers.iter().map(Vec::len).collect();
    sinks.write(report, &mut group.buffers);
    let one = One::of(report);
    group.summary.count(&one);
    group.written.push(Written {
        identity: Identity::of(report),
        places: starts.iter().zip(&group.buffers).map(|(start, b)| *start..b.len()).collect(),
        lengths: Vec::new(),
        is_linked: false,
        line: Some(kept::line(report, one)),
    });
}
