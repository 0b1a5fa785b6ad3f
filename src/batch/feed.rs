//! Inputs → groups of documents for the workers.
//!
//! Names, sizes and times of all inputs so far go into a hash, the trail. A conversion that was stopped goes on only where
//! the inputs leave the same trail again.

use crate::source::archive;
use crate::source::hex;
use crate::source::select::Select;
use crate::source::walk::Entry;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;
use std::time::SystemTime;

/// Documents a worker takes at once, and bytes of unpacked documents among them, unless a sink wants more.
pub(super) const GROUP: (usize, usize) = (16, 4 << 20);

/// A place in the inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reached {
    /// Inputs up to here.
    pub(super) entries: u64,
    /// What tells these from others.
    pub(super) trail: String,
}

/// Inputs for one worker.
pub(super) struct Inputs {
    pub(super) entries: Vec<Entry>,
    /// The trail of all inputs up to the last of these.
    pub(super) trail: String,
}

/// That the inputs are not those of the conversion that was stopped.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Changed;

/// The hash of all inputs so far.
#[derive(Default)]
struct Trail(Sha256);

impl Trail {
    fn of(&mut self, entry: &Entry) -> u64 {
        match entry {
            Entry::File(path) | Entry::Archive(path) => return self.file(path),
            Entry::Document(source) => self.step(&source.name, source.bytes.len() as u64, 0),
            Entry::Skipped { name, .. } => self.step(name, 0, 0),
            Entry::Bad(path, _) => self.step(&path.to_string_lossy(), 0, 0),
        }
        0
    }

    /// Gives the size.
    fn file(&mut self, path: &Path) -> u64 {
        let metadata = std::fs::metadata(path).ok();
        let size = metadata.as_ref().map_or(0, std::fs::Metadata::len);
        let time = metadata.and_then(|metadata| metadata.modified().ok());
        let time = time.and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
        self.step(&path.to_string_lossy(), size, time.map_or(0, |time| time.as_nanos()));
        size
    }

    fn step(&mut self, name: &str, size: u64, time: u128) {
        self.0.update((name.len() as u64).to_le_bytes());
        self.0.update(name);
        self.0.update(size.to_le_bytes());
        self.0.update(time.to_le_bytes());
    }

    fn so_far(&self) -> String {
        hex(&self.0.clone().finalize())
    }
}

/// Puts inputs into groups, few enough and small enough for memory; documents of archives are read on the way.
/// Those that were done before a stop are left out.
///
/// # Errors
///
/// They are not there any more, or others.
pub(super) fn feed(
    entries: impl Iterator<Item = Entry>,
    select: &Select,
    done: &Reached,
    taken: &AtomicU64,
    size: (usize, usize),
    groups: &SyncSender<Inputs>,
    stop: &AtomicBool,
) -> Result<(), Changed> {
    let mut group = Vec::with_capacity(size.0);
    let mut bytes = 0;
    let mut skip = done.entries;
    let mut is_same = skip == 0;
    let mut trail = Trail::default();
    let mut put = |entry: Entry| -> ControlFlow<()> {
        let size_of_file = trail.of(&entry);
        if skip > 0 {
            skip -= 1;
            taken.fetch_add(size_of_file, Ordering::Relaxed);
            is_same = skip == 0 && trail.so_far() == done.trail;
            return if stop.load(Ordering::Relaxed) || (skip == 0 && !is_same) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            };
        }
        if let Entry::Document(source) = &entry {
            bytes += source.bytes.len();
        }
        group.push(entry);
        if group.len() < size.0 && bytes < size.1 {
            return ControlFlow::Continue(());
        }
        bytes = 0;
        let entries = std::mem::replace(&mut group, Vec::with_capacity(size.0));
        let full = Inputs { entries, trail: trail.so_far() };
        if stop.load(Ordering::Relaxed) || groups.send(full).is_err() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    };
    let mut flow = ControlFlow::Continue(());
    for entry in entries {
        flow = match entry {
            Entry::Archive(path) => archive::read(&path, select, taken, &mut put),
            entry => put(entry),
        };
        if flow.is_break() {
            break;
        }
    }
    if !is_same && !stop.load(Ordering::Relaxed) {
        return Err(Changed);
    }
    if flow.is_continue() && !group.is_empty() {
        // when nobody listens there is nothing to be done about it
        let _ = groups.send(Inputs { entries: group, trail: trail.so_far() });
    }
    Ok(())
}
