//! Time in step with the size.

use nianbao::grammar::GrammarSet;
use nianbao::pipeline;
use nianbao::source::Source;
use std::time::{Duration, Instant};

/// The quickest of three readings.
fn time(set: &GrammarSet, source: &Source) -> Duration {
    let one = |_| {
        let start = Instant::now();
        std::hint::black_box(pipeline::parse(source, set));
        start.elapsed()
    };
    (0..3).map(one).min().unwrap_or_default()
}

/// Four times as much takes less than nine times as long; a square would take sixteen. The smaller document, of `n`
/// pieces as `text` makes them, is given back.
pub(crate) fn linear(name: &str, n: usize, text: impl Fn(usize) -> String) -> Source {
    let set = GrammarSet::built_in();
    let (small, large) = (Source::new(name, text(n)), Source::new(name, text(4 * n)));
    let (mut short, mut long) = (time(&set, &small), time(&set, &large));
    // a busy machine may lie once; what is too quick to measure is quick enough
    if long > short * 9 {
        (short, long) = (time(&set, &small), time(&set, &large));
    }
    let floor = Duration::from_millis(25);
    assert!(
        long < short.max(floor) * 9,
        "{name}: {} bytes take {short:?}, {} bytes take {long:?}; they begin {:.60}",
        small.bytes.len(),
        large.bytes.len(),
        text(n)
    );
    small
}
