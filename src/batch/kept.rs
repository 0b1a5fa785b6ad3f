//! What an earlier conversion wrote of documents that have not changed since.
//!
//! `index.jsonl` has a line for each document of an output: its name, the hash of its bytes, how many bytes and rows of each
//! file are its, what it counts for in the summary. A later conversion into the same folder takes these bytes and rows
//! over where name and hash are the same, by the same version of the program with the same grammars and options.

use super::duplicates::Written;
use super::run;
use super::seen::Identity;
use super::summary::One;
use super::{Group, Job};
use crate::corrections::Corrections;
use crate::error::{Error, Result};
use crate::finding::Code;
use crate::records::{Report, SectionRecord};
use crate::sinks::schema::Name;
use crate::sinks::{self, Sink, is_scratch};
use crate::source::Source;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The file.
pub(super) const INDEX: &str = "index.jsonl";

/// Its first line: the files that its lengths are of, and the length of what stands at the head of each.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    files: Vec<(String, u64)>,
}

/// The line of a document.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Line {
    name: String,
    /// Hash of its bytes; empty where it is to be read again whatever happens.
    sha256: String,
    /// What it is known by when duplicates are looked for.
    key: String,
    /// How many bytes of each file are its.
    lengths: Vec<u64>,
    /// How many rows of each table.
    rows: [u64; Name::ALL.len()],
    one: One,
}

/// The line of a report that is being written; what it is known by and how long it is comes at the end.
pub(super) fn line(report: &Report<'_>, one: One) -> Line {
    use Code::{CorrectionConflict, CorrectionStale, Panic, TooSlow, Unreadable};
    let may_change =
        |code| matches!(code, Panic | TooSlow | Unreadable | CorrectionConflict | CorrectionStale);
    let is_sure = report.source.bytes > 0
        && report.reviews.is_empty()
        && !report.findings.iter().any(|finding| may_change(finding.code));
    let paragraphs = |section: &SectionRecord| section.paragraphs.len().max(1);
    let sections = report.preamble.len() + report.sections.iter().map(paragraphs).sum::<usize>();
    let rows = Name::ALL.map(|name| match name {
        Name::Cells => report.cells().count(),
        Name::Reports => 1,
        Name::Checks => report.checks.len(),
        Name::Diagnostics => report.findings.len(),
        Name::Sections => sections,
        Name::Statements => report.statements.len(),
    });
    Line {
        name: report.source.name.clone(),
        sha256: if is_sure { report.source.sha256.clone() } else { String::new() },
        key: String::new(),
        lengths: Vec::new(),
        rows: rows.map(|rows| rows as u64),
        one,
    }
}

/// The files of a run that hold bytes of documents, with the lengths of their heads.
fn files(sinks: &[Box<dyn Sink + '_>]) -> Vec<(String, u64)> {
    let all = sinks.iter().flat_map(|sink| sink.files());
    all.filter(|(name, _)| !is_scratch(name))
        .map(|(name, head)| (name, head.len() as u64))
        .collect()
}

/// What stands at the head of the index.
pub(super) fn head(sinks: &[Box<dyn Sink + '_>]) -> Vec<u8> {
    let mut line = serde_json::to_vec(&Head { files: files(sinks) }).unwrap_or_default();
    line.push(b'\n');
    line
}

/// Puts the lines of a group that is about to be written into the buffer of the index, which is the last.
pub(super) fn append(group: &mut Group, sinks: &[Box<dyn Sink + '_>]) {
    let all = sinks.iter().flat_map(|sink| sink.files());
    let is_own: Vec<bool> = all.map(|(name, _)| !is_scratch(&name)).collect();
    let Some(out) = group.buffers.last_mut() else { return };
    for written in &mut group.written {
        let Some(mut line) = written.line.take() else { continue };
        let own = written.lengths.iter().zip(&is_own).filter(|(_, is_own)| **is_own);
        line.lengths = own.map(|(length, _)| *length).collect();
        if written.is_linked {
            line.sha256.clear();
        }
        if let Some(identity) = &written.identity {
            line.key = identity.hex();
        }
        // writing into memory cannot fail
        let _ = serde_json::to_writer(&mut *out, &line);
        out.push(b'\n');
    }
}

/// What tells names, and the bytes of documents, from others.
type Hash = [u8; 16];

fn hash(text: &str) -> Hash {
    let mut hash = [0; 16];
    hash.copy_from_slice(&Sha256::digest(text)[..16]);
    hash
}

/// An earlier conversion of the same folder.
pub(super) struct Earlier<'j> {
    folder: PathBuf,
    corrections: &'j Corrections,
    /// Where the documents stand in the index, by their names.
    by_name: FxHashMap<Hash, usize>,
    documents: Vec<Document>,
    /// For each file of this run, its place among those of the index.
    files: Vec<(String, usize)>,
    /// Where the first rows and bytes of each document are: for each table and file a running sum.
    starts: Vec<Vec<u64>>,
    kept: AtomicU64,
}

struct Document {
    /// Of its bytes; none where it must be read again.
    hash: Option<Hash>,
    /// Where its line stands.
    line: u64,
    /// Whether it is still among the inputs.
    is_met: AtomicBool,
}

/// What became of the documents of an earlier conversion.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Update {
    /// Documents that had not changed.
    pub kept: u64,
    /// Documents that are not there any more.
    pub vanished: u64,
    /// The first hundred of them.
    pub named: Vec<String>,
}

/// Most documents that are named.
const MOST_NAMED: u64 = 100;

impl<'j> Earlier<'j> {
    /// The conversion that wrote this folder; none where nothing of it can be taken over.
    pub(super) fn open(job: &'j Job<'_>) -> Result<Option<Self>> {
        if !run::is_same(job.folder, &job.about) {
            return Ok(None);
        }
        let path = job.folder.join(INDEX);
        let Ok(file) = File::open(&path) else { return Ok(None) };
        let read = Self::read(job, BufReader::new(file));
        read.map_err(|e| Error::io(&path, e))
    }

    fn read(job: &'j Job<'_>, mut index: impl BufRead) -> std::io::Result<Option<Self>> {
        let mut text = String::new();
        let mut at = index.read_line(&mut text)? as u64;
        let Ok(head) = serde_json::from_str::<Head>(&text) else { return Ok(None) };
        let mut wanted = Vec::new();
        for (name, length) in files(job.sinks) {
            match head.files.iter().position(|known| known.0 == name && known.1 == length) {
                Some(place) => wanted.push((name, place)),
                None => return Ok(None),
            }
        }
        let is_there = |name: &String| job.folder.join(name).exists();
        if !job.sinks.iter().flat_map(|sink| sink.kept_in()).all(|name| is_there(&name)) {
            return Ok(None);
        }
        let mut earlier = Self {
            folder: job.folder.to_owned(),
            corrections: &job.corrections,
            by_name: FxHashMap::default(),
            documents: Vec::new(),
            files: wanted,
            starts: vec![vec![0]; Name::ALL.len()],
            kept: AtomicU64::new(0),
        };
        earlier.starts.extend(head.files.iter().map(|(_, length)| vec![*length]));
        loop {
            text.clear();
            let length = index.read_line(&mut text)?;
            if length == 0 {
                break;
            }
            let Ok(line) = serde_json::from_str::<Line>(&text) else { return Ok(None) };
            for (starts, count) in
                earlier.starts.iter_mut().zip(line.rows.iter().chain(&line.lengths))
            {
                starts.push(starts.last().copied().unwrap_or(0) + count);
            }
            let hash_of_bytes = (!line.sha256.is_empty()).then(|| hash(&line.sha256));
            // of a document that was there twice the first
            earlier.by_name.entry(hash(&line.name)).or_insert(earlier.documents.len());
            earlier.documents.push(Document {
                hash: hash_of_bytes,
                line: at,
                is_met: AtomicBool::new(false),
            });
            at += length as u64;
        }
        let is_whole = earlier.files.iter().all(|(name, place)| {
            let length = std::fs::metadata(job.folder.join(name)).map_or(0, |found| found.len());
            earlier.starts[Name::ALL.len() + place].last() == Some(&length)
        });
        Ok(is_whole.then_some(earlier))
    }

    fn find(&self, source: &Source) -> Option<usize> {
        let at = *self.by_name.get(&hash(&source.name))?;
        let document = &self.documents[at];
        document.is_met.store(true, Ordering::Relaxed);
        let sha256 = source.sha256();
        (document.hash? == hash(&sha256) && !self.corrections.has(&sha256)).then_some(at)
    }

    /// What is not among the inputs any more, and how many documents were taken over.
    pub(super) fn update(&self) -> Result<Update> {
        let mut update = Update { kept: self.kept.load(Ordering::Relaxed), ..Update::default() };
        let mut reader = Reader::open(self)?;
        let first: FxHashSet<usize> = self.by_name.values().copied().collect();
        for (at, document) in self.documents.iter().enumerate() {
            if document.is_met.load(Ordering::Relaxed) || !first.contains(&at) {
                continue;
            }
            update.vanished += 1;
            if update.vanished <= MOST_NAMED {
                update.named.push(reader.line(at)?.name);
            }
        }
        Ok(update)
    }
}

/// The files of an earlier conversion, as one worker reads them.
pub(super) struct Reader<'e> {
    earlier: &'e Earlier<'e>,
    index: (PathBuf, BufReader<File>),
    files: Vec<(PathBuf, File)>,
}

impl<'e> Reader<'e> {
    pub(super) fn open(earlier: &'e Earlier<'_>) -> Result<Self> {
        let open = |path: PathBuf| match File::open(&path) {
            Ok(file) => Ok((path, file)),
            Err(error) => Err(Error::io(path, error)),
        };
        let (path, index) = open(earlier.folder.join(INDEX))?;
        let files = earlier.files.iter().map(|(name, _)| open(earlier.folder.join(name)));
        let files = files.collect::<Result<_>>()?;
        Ok(Self { earlier, index: (path, BufReader::new(index)), files })
    }

    fn line(&mut self, at: usize) -> Result<Line> {
        let (path, index) = &mut self.index;
        let mut text = String::new();
        let read = index
            .seek(SeekFrom::Start(self.earlier.documents[at].line))
            .and_then(|_| index.read_line(&mut text));
        let line = read.and_then(|_| serde_json::from_str(&text).map_err(Into::into));
        line.map_err(|e| Error::io(&*path, e))
    }

    /// The number of a document, if it was there with these bytes.
    pub(super) fn find(&self, source: &Source) -> Option<usize> {
        self.earlier.find(source)
    }

    /// Writes a document as it was written before.
    pub(super) fn keep(
        &mut self,
        at: usize,
        job: &Job<'_>,
        sinks: &mut sinks::Group<'_>,
        group: &mut Group,
    ) -> Result<()> {
        let line = self.line(at)?;
        let range = |place: usize| -> Range<u64> {
            let starts = &self.earlier.starts[place];
            starts[at]..starts[at + 1]
        };
        let starts: Vec<usize> = group.buffers.iter().map(Vec::len).collect();
        let form = line.one.form().and_then(|id| job.grammars.all().iter().find(|g| g.id == id));
        let rows: Vec<Range<u64>> = (0..Name::ALL.len()).map(range).collect();
        sinks.keep(job.folder, form, &rows, &mut group.buffers)?;
        let all = job.sinks.iter().flat_map(|sink| sink.files()).enumerate();
        let own = all.filter(|(_, (name, _))| !is_scratch(name)).map(|(buffer, _)| buffer);
        for ((buffer, (path, file)), (_, place)) in
            own.zip(&mut self.files).zip(&self.earlier.files)
        {
            let range = range(Name::ALL.len() + place);
            let out = &mut group.buffers[buffer];
            copy(file, &range, out).map_err(|e| Error::io(&*path, e))?;
        }
        self.earlier.kept.fetch_add(1, Ordering::Relaxed);
        group.summary.count(&line.one);
        group.written.push(Written {
            identity: Identity::parse(&line.key, &line.sha256, &line.name),
            places: starts.iter().zip(&group.buffers).map(|(start, b)| *start..b.len()).collect(),
            lengths: Vec::new(),
            is_linked: false,
            line: Some(line),
        });
        Ok(())
    }
}

fn copy(file: &mut File, range: &Range<u64>, out: &mut Vec<u8>) -> std::io::Result<()> {
    let length = range.end - range.start;
    if length > 0 {
        file.seek(SeekFrom::Start(range.start))?;
        if file.take(length).read_to_end(out)? as u64 != length {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(())
}
