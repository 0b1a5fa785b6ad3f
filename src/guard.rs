//! What keeps one document from stopping the others: a limit of time, and a wall around panics of libraries.
//!
//! No thread can be stopped from outside, so the long loops of the stages ask from time to time. When the time is over the
//! stack is unwound, like by a panic but without its message, up to the one who set the limit.

use crate::finding::{Code, Finding};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

/// Calls of [`tick`] between two looks at the clock.
const LOOK: u32 = 1024;

thread_local! {
    static END: Cell<Option<Instant>> = const { Cell::new(None) };
    static TICKS: Cell<u32> = const { Cell::new(0) };
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// The time was over before the work was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expired;

/// Does work on this thread, for so long at most; no limit where there is none. A panic of the work goes on.
///
/// ```
/// use nianbao::guard;
/// use std::time::Duration;
/// assert_eq!(guard::within(Some(Duration::from_secs(9)), || { guard::check(); 1 }), Ok(1));
/// let endless = || loop { guard::tick() };
/// assert_eq!(guard::within(Some(Duration::from_millis(1)), endless), Err::<(), _>(guard::Expired));
/// ```
pub fn within<T>(limit: Option<Duration>, work: impl FnOnce() -> T) -> Result<T, Expired> {
    let before = END.replace(limit.and_then(|limit| Instant::now().checked_add(limit)));
    let outcome = catch_unwind(AssertUnwindSafe(work));
    END.set(before);
    match outcome {
        Ok(value) => Ok(value),
        Err(panic) if panic.is::<Expired>() => Err(Expired),
        Err(panic) => resume_unwind(panic),
    }
}

/// Does the work of one document on this thread, for so long at most: that it fails or has no more time is a finding.
pub fn total<T>(limit: Option<Duration>, work: impl FnOnce() -> T) -> Result<T, Finding> {
    match catch_unwind(AssertUnwindSafe(|| within(limit, work))) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(Expired)) => {
            let seconds = limit.unwrap_or_default().as_secs_f64();
            let message = format!("reading it took longer than the limit of {seconds} s");
            Err(Finding::new(Code::TooSlow, message))
        }
        Err(_) => {
            let message = "the program failed on this document; please report it";
            Err(Finding::new(Code::Panic, message))
        }
    }
}

/// Ends the work under way when its time is over.
pub fn check() {
    if END.get().is_some_and(|end| Instant::now() >= end) {
        resume_unwind(Box::new(Expired));
    }
}

/// [`check`] for the inside of loops: looks at the clock only now and then.
#[inline]
pub fn tick() {
    let ticks = TICKS.get().wrapping_add(1);
    TICKS.set(ticks);
    if ticks.is_multiple_of(LOOK) {
        check();
    }
}

/// Does work of a library that may panic on damaged input; then what it panicked with. The limit of time holds.
pub fn contain<T>(work: impl FnOnce() -> T) -> std::thread::Result<T> {
    let before = CONTAINED.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    CONTAINED.set(before);
    match outcome {
        Err(panic) if panic.is::<Expired>() => resume_unwind(panic),
        outcome => outcome,
    }
}

/// Whether a panic of this thread is expected and will be told as a finding, so that a program need not print it.
pub fn is_contained() -> bool {
    CONTAINED.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_a_panic_and_the_end_of_the_time_are_findings() {
        let code = |outcome: Result<(), Finding>| outcome.expect_err("it does not end well").code;
        assert_eq!(code(total(None, || panic!("as a library may"))), Code::Panic);
        let endless = || loop {
            tick();
        };
        assert_eq!(code(total(Some(Duration::from_millis(1)), endless)), Code::TooSlow);
        assert_eq!(total(None, || 1), Ok(1));
    }
}
