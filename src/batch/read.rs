//! Many documents → Arrow batches in memory, in input order.

use super::summary::Summary;
use super::{Group, Input, Job, feed, lock, one, take};
use crate::error::{Error, Result};
use crate::sinks;
use crate::sinks::tables::{Layout, Rows};
use crate::source::walk::Entry;
use arrow_array::RecordBatch;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};

/// Documents of a batch, and bytes of unpacked documents among them.
const GROUP: (usize, usize) = (128, 8 << 20);

/// Reads a stream of inputs into batches of the layout's tables; each item of the list has one for each of them.
///
/// Of the job, its forms, threads and limits count; duplicates are not looked for. `progress` is told after each group how many documents are done; `stop` ends the reading after the groups under way.
pub fn read(
    entries: impl Iterator<Item = Entry> + Send,
    job: &Job<'_>,
    layout: &Layout,
    stop: &AtomicBool,
    progress: impl Fn(&Summary) + Sync,
) -> Result<(Vec<Vec<RecordBatch>>, Summary)> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(job.threads)
        .build()
        .map_err(|e| Error::refused("threads", e.to_string()))?;
    let taken = AtomicU64::new(0);
    let (send, receive) = mpsc::sync_channel(1);
    let input = Mutex::new(Input { groups: Some(receive), next: 0 });
    let output = Mutex::new((BTreeMap::new(), Summary::default()));
    let work = || {
        while let Some((number, group)) = take(&input, stop) {
            let mut rows = Rows::new(layout);
            let mut done = Group::default();
            let mut sinks = sinks::Group::of(Box::new(&mut rows));
            for entry in group.entries {
                one(entry, job, &taken, &mut sinks, None, &mut done);
            }
            drop(sinks);
            let batches = rows.take();
            let mut output = lock(&output);
            output.0.insert(number, batches);
            output.1.merge(done.summary);
            progress(&output.1);
        }
    };
    std::thread::scope(|threads| {
        // the sender is the feeder's: when it ends, the workers do
        let taken = &taken;
        let fed = feed::Reached::default();
        // nothing was done before, so nothing can have changed
        threads.spawn(move || {
            feed::feed(entries, job.select, &fed, taken, GROUP, &send, stop).is_ok()
        });
        pool.in_place_scope(|scope| {
            (0..pool.current_num_threads()).for_each(|_| scope.spawn(|_| work()));
        });
        drop(lock(&input).groups.take());
    });
    let (batches, mut summary) = output.into_inner().unwrap_or_else(PoisonError::into_inner);
    summary.interrupted = stop.load(Ordering::Relaxed);
    Ok((batches.into_values().collect(), summary))
}
