//! The files of a conversion: written under another name, and renamed when they are complete.
//!
//! From time to time a checkpoint says how far the inputs are done and how long each file was then. A conversion that was
//! stopped, however hard, goes on from there: the files are cut to these lengths, and what comes after is written again.

use super::Job;
use super::feed::Reached;
use super::kept;
use super::run::{self, Stale};
use super::summary::Summary;
use crate::error::{Error, Result};
use crate::sinks::is_scratch;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// The checkpoint, while a conversion is not complete.
const CHECKPOINT: &str = "checkpoint.json";
/// What a complete conversion did.
const SUMMARY: &str = "summary.json";

/// How far a conversion is.
#[derive(Debug, Serialize, Deserialize)]
struct Checkpoint {
    /// What was asked for; another conversion cannot go on from here.
    job: String,
    /// Inputs done.
    #[serde(flatten)]
    reached: Reached,
    /// Bytes of each file.
    lengths: Vec<u64>,
    summary: Summary,
}

/// The open files of a conversion.
#[derive(Debug)]
pub(super) struct Files {
    folder: PathBuf,
    job: String,
    /// The name in the end, and the file under its other name.
    open: Vec<(PathBuf, File)>,
    /// Time between checkpoints; what a stop costs at most.
    between: Duration,
    last: Instant,
    /// Whether the disk was told to keep what is written.
    synced: bool,
    start: (SystemTime, Instant),
    /// The folder, locked while the conversion lasts.
    _lock: Option<File>,
}

/// The name of a file that is not complete.
pub(super) fn part(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

impl Files {
    /// Begins a conversion, or with `resume` goes on with the one that was stopped; also how far that was.
    pub(super) fn open(asked: &Job<'_>) -> Result<(Self, Reached, Summary)> {
        let (folder, sinks, job) = (asked.folder, asked.sinks, asked.id);
        fs::create_dir_all(folder).map_err(|e| Error::io(folder, e))?;
        let lock = lock(folder)?;
        let known = if asked.resume { checkpoint(folder, job)? } else { None };
        if known.is_none() {
            remove(&folder.join(CHECKPOINT))?;
            run::forget_parts(folder)?;
        }
        let mut files = Vec::new();
        let index = [(kept::INDEX.to_owned(), kept::head(sinks))];
        let names = sinks.iter().flat_map(|sink| sink.files()).chain(index);
        for (at, (name, head)) in names.enumerate() {
            let path = folder.join(&name);
            let open = part(&path);
            let io = |e| Error::io(&open, e);
            let length = known.as_ref().and_then(|known| known.lengths.get(at)).copied();
            if length.is_some() && !open.exists() && path.exists() {
                // stopped while the files were given their names
                fs::rename(&path, &open).map_err(io)?;
            }
            let mut file = OpenOptions::new().create(true).append(true).open(&open).map_err(io)?;
            if file.metadata().map_err(io)?.len() < length.unwrap_or(0) {
                let message =
                    "shorter than the checkpoint says: it was changed; begin anew without --resume";
                return Err(Error::refused(&open, message));
            }
            file.set_len(length.unwrap_or(0)).map_err(io)?;
            if length.is_none() {
                file.write_all(&head).map_err(io)?;
            }
            files.push((path, file));
        }
        let files = Self {
            folder: folder.to_owned(),
            job: job.to_owned(),
            open: files,
            between: asked.checkpoint,
            last: Instant::now(),
            synced: false,
            start: (SystemTime::now(), Instant::now()),
            _lock: lock,
        };
        let (reached, summary) =
            known.map_or_else(Default::default, |known| (known.reached, known.summary));
        Ok((files, reached, summary))
    }

    pub(super) fn count(&self) -> usize {
        self.open.len()
    }

    /// Appends each buffer to its file.
    pub(super) fn append(&mut self, buffers: &[Vec<u8>]) -> Result<()> {
        for ((path, file), buffer) in self.open.iter_mut().zip(buffers) {
            file.write_all(buffer).map_err(|e| Error::io(part(path), e))?;
        }
        Ok(())
    }

    /// Whether it is time for a checkpoint.
    pub(super) fn is_time(&self) -> bool {
        self.last.elapsed() >= self.between
    }

    /// Makes sure that everything up to here is kept.
    pub(super) fn checkpoint(&mut self, reached: &Reached, summary: &Summary) -> Result<()> {
        let mut lengths = Vec::with_capacity(self.open.len());
        for (path, file) in &self.open {
            let kept = file.sync_data().and_then(|()| file.metadata());
            lengths.push(kept.map_err(|e| Error::io(part(path), e))?.len());
        }
        let checkpoint = Checkpoint {
            job: self.job.clone(),
            reached: reached.clone(),
            lengths,
            summary: summary.clone(),
        };
        replace(&self.folder.join(CHECKPOINT), &checkpoint)?;
        (self.last, self.synced) = (Instant::now(), true);
        Ok(())
    }

    /// Makes the files that need everything, and gives all their names. A conversion so short that it never needed a
    /// checkpoint is done again sooner than a disk keeps it.
    pub(super) fn finish(
        mut self,
        asked: &Job<'_>,
        reached: &Reached,
        summary: &Summary,
        tell: &(dyn Fn(&str) + Sync),
    ) -> Result<Stale> {
        if self.synced {
            self.checkpoint(reached, summary)?;
        }
        let mut rest = &self.open[..];
        let mut complete = Vec::new();
        let mut scratch = Vec::new();
        for sink in asked.sinks {
            let (own, others) = rest.split_at(sink.files().len());
            rest = others;
            let (hidden, shown): (Vec<PathBuf>, Vec<PathBuf>) =
                own.iter().map(|(path, _)| path.clone()).partition(|path| is_hidden(path));
            let hidden: Vec<PathBuf> = hidden.iter().map(|path| part(path)).collect();
            complete.extend(shown);
            complete.extend(sink.finish(&hidden, &self.folder, part, tell)?);
            scratch.extend(hidden);
        }
        // the index
        complete.extend(rest.iter().map(|(path, _)| path.clone()));
        drop(self.open);
        let before = run::files(&self.folder);
        run::open(&self.folder)?;
        for path in &complete {
            let io = |e| Error::io(path, e);
            if self.synced {
                File::open(part(path)).and_then(|file| file.sync_all()).map_err(io)?;
            }
            fs::rename(part(path), path).map_err(io)?;
        }
        replace(&self.folder.join(SUMMARY), summary)?;
        let Job { about, command, .. } = asked;
        let stale = run::close(
            &self.folder,
            about,
            command,
            self.start,
            &complete,
            &before,
            summary.update.as_ref(),
        )?;
        let checkpoint = self.folder.join(CHECKPOINT);
        // and what a kill left of one that was being written
        remove(&part(&checkpoint))?;
        remove(&checkpoint)?;
        scratch.iter().try_for_each(|path| remove(path))?;
        Ok(stale)
    }
}

/// Keeps the folder for one conversion at a time: two would write into each other's files. Where folders cannot be locked
/// (Windows, some network disks) nobody is kept out.
fn lock(folder: &Path) -> Result<Option<File>> {
    let Ok(lock) = File::open(folder) else { return Ok(None) };
    if matches!(lock.try_lock(), Err(TryLockError::WouldBlock)) {
        let message = "another conversion is writing into this folder";
        return Err(Error::refused(folder, message));
    }
    Ok(Some(lock))
}

/// Whether a file is there only to make others of it.
fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| is_scratch(&name.to_string_lossy()))
}

/// The summary of a complete conversion, or how far one is that was stopped.
pub fn stats(folder: &Path) -> Result<(Summary, bool)> {
    if !folder.is_dir() {
        return Err(Error::no_folder(folder));
    }
    let path = folder.join(CHECKPOINT);
    if let Ok(bytes) = fs::read(&path) {
        let known: Checkpoint =
            serde_json::from_slice(&bytes).map_err(|e| Error::io(&path, e.into()))?;
        return Ok((known.summary, false));
    }
    let path = folder.join(SUMMARY);
    let bytes = fs::read(&path).map_err(|e| Error::io(&path, e))?;
    Ok((serde_json::from_slice(&bytes).map_err(|e| Error::io(&path, e.into()))?, true))
}

fn checkpoint(folder: &Path, job: &str) -> Result<Option<Checkpoint>> {
    let path = folder.join(CHECKPOINT);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        // stopped before the first one, or there is nothing to go on with
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io(path, error)),
    };
    let known: Checkpoint =
        serde_json::from_slice(&bytes).map_err(|e| Error::io(&path, e.into()))?;
    if known.job != job {
        let message = "another conversion was stopped here (other inputs, formats, grammars or version); \
                       go on with that one, or begin anew without --resume";
        return Err(Error::refused(&path, message));
    }
    Ok(Some(known))
}

/// Writes a file so that at any moment either the old or the new one is there.
pub(super) fn replace(path: &Path, value: &impl Serialize) -> Result<()> {
    let new = part(path);
    let write = || -> std::io::Result<()> {
        let mut file = File::create(&new)?;
        serde_json::to_writer(&mut file, value)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(&new, path)
    };
    write().map_err(|e| Error::io(path, e))
}

pub(super) fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::io(path, error)),
        _ => Ok(()),
    }
}
