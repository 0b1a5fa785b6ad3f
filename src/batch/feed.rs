//! Inputs → groups of documents for the workers.

use crate::source::archive;
use crate::source::select::Select;
use crate::source::walk::Entry;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;

/// Documents a worker takes at once, and bytes of unpacked documents among them, unless a sink wants more.
pub(super) const GROUP: (usize, usize) = (16, 4 << 20);

/// Puts inputs into groups, few enough and small enough for memory; documents of archives are read on the way.
/// The first `skip` inputs are left out: they were done before a stop.
pub(super) fn feed(
    entries: impl Iterator<Item = Entry>,
    select: &Select,
    mut skip: u64,
    taken: &AtomicU64,
    size: (usize, usize),
    groups: &SyncSender<Vec<Entry>>,
    stop: &AtomicBool,
) {
    let mut group = Vec::with_capacity(size.0);
    let mut bytes = 0;
    let mut put = |entry: Entry| -> ControlFlow<()> {
        if skip > 0 {
            skip -= 1;
            if let Entry::File(path) = &entry {
                let length = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
                taken.fetch_add(length, Ordering::Relaxed);
            }
            return if stop.load(Ordering::Relaxed) {
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
        let full = std::mem::replace(&mut group, Vec::with_capacity(size.0));
        if stop.load(Ordering::Relaxed) || groups.send(full).is_err() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    };
    for entry in entries {
        let flow = match entry {
            Entry::Archive(path) => archive::read(&path, select, taken, &mut put),
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
