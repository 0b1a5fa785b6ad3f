//! The headings of the report that is read, where a document has more than one.

use super::Found;
use crate::grammar::{Grammar, Hit};
use crate::lines::Skeleton;
use crate::sections::{self, Heading, Line};

/// The headings of the first report, and the lines that look like headings.
pub(super) fn headings(
    text: &str,
    skeleton: &Skeleton,
    found: &Found<'_>,
) -> (Vec<Heading>, Vec<Line>) {
    let grammar: &Grammar = &found.form;
    let hits = first_report(found, skeleton);
    let mut lines = sections::lines::find(grammar, text, skeleton, &found.hits);
    if let Some(next) = found.hits.get(hits.len()) {
        let end = skeleton.source_start(next.start);
        lines.retain(|line| line.title.end <= end);
    }
    let outline = sections::outline(grammar, text, skeleton, hits, &lines);
    // old forms are a table behind a narrative
    if !found.is_form() || grammar.sections.iter().all(|section| section.optional) {
        let own = sections::narrative(grammar, skeleton, &lines);
        if own.len() > outline.len() {
            return (own, lines);
        }
    }
    (outline, lines)
}

/// What is found in the first report of the document; the headings of a second one are not its sections.
fn first_report<'f>(found: &'f Found<'_>, skeleton: &Skeleton) -> &'f [Hit] {
    let second = found.evidence().filter_map(|evidence| evidence.second);
    let Some(second) = second.min_by_key(|span| span.start) else { return &found.hits };
    let begin = skeleton.at_source(second.start);
    let last = found.evidence().map(|evidence| evidence.span.end).max().unwrap_or(0);
    // a table that repeats before the report's last one is no second report
    let end = found.hits.partition_point(|hit| hit.start < begin);
    if second.start > last { &found.hits[..end] } else { &found.hits }
}
