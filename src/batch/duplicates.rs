//! Reports that repeat others: linked to the first in what was written of them, or left out.
//!
//! Which report is the first is known when their turn to be written comes, and then their bytes are there already; so the
//! link stands at the end of a record.

use super::kept::Line;
use super::seen::{Identity, Seen};
use super::{Group, Job, tell_skipped};
use crate::error::Result;
use crate::records::{Duplicate, Same};
use std::ops::Range;

/// What of a group's buffers is a report's.
#[derive(Debug)]
pub(super) struct Written {
    /// What it is known by.
    pub(super) identity: Option<Identity>,
    /// Where its bytes stand in each buffer.
    pub(super) places: Vec<Range<usize>>,
    /// How many bytes it has in the end, for each buffer.
    pub(super) lengths: Vec<u64>,
    /// Whether it is linked to another.
    pub(super) is_linked: bool,
    /// Its line in the index; none where it is left out.
    pub(super) line: Option<Line>,
}

/// Finds the duplicates of a group, which is after the input of number `entries`, and says so in its buffers.
pub(super) fn mark(group: &mut Group, seen: &mut Seen, entries: u64, job: &Job<'_>) -> Result<()> {
    let mut found: Vec<(usize, Duplicate)> = Vec::new();
    for (at, written) in group.written.iter().enumerate() {
        let Some(identity) = &written.identity else { continue };
        if let Some(first) = seen.first_of(identity, entries)? {
            let kind = usize::from(first.same == Same::Report);
            group.summary.duplicates[kind] += 1;
            found.push((at, first));
        }
    }
    for written in &mut group.written {
        written.lengths = written.places.iter().map(|place| place.len() as u64).collect();
    }
    if found.is_empty() {
        return Ok(());
    }
    let sinks =
        job.sinks.iter().flat_map(|sink| (0..sink.file_count()).map(move |file| (sink, file)));
    for (file, (sink, own)) in sinks.enumerate() {
        let old = std::mem::take(&mut group.buffers[file]);
        let new = &mut group.buffers[file];
        let mut done = 0;
        for (at, first) in &found {
            let place = group.written[*at].places[file].clone();
            new.extend_from_slice(&old[done..place.start]);
            if !job.dedup {
                let mut record = old[place.clone()].to_vec();
                sink.link(own, &mut record, first);
                group.written[*at].lengths[file] = record.len() as u64;
                new.extend_from_slice(&record);
            }
            done = place.end;
        }
        new.extend_from_slice(&old[done..]);
    }
    for (at, _) in &found {
        group.written[*at].is_linked = true;
    }
    if job.dedup {
        for (at, first) in found {
            group.written[at].line = None;
            let Some(identity) = &group.written[at].identity else { continue };
            let why = format!("repeats {}", first.of);
            tell_skipped(&identity.name, &why, job.sinks, &mut group.buffers);
        }
    }
    Ok(())
}
