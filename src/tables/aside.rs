//! Columns that a text prints beside its labels and the form has not: a serial number before each, a unit behind.
//!
//! One such thing beside one label may be a value or what a cell says; beside every label of a table it is a column.

use super::beside;
use super::find::{Region, own_role};
use super::pieces::number_like;
use super::text::before_ordinal;
use crate::grammar::{Grammar, Hit, Layout, Part, Role};
use crate::lines::Skeleton;

/// Most rows that a serial number passes over, of labels that nobody knows.
const LONGEST_STEP: u32 = 3;
/// Most digits of a serial number.
const LONGEST_SERIAL: usize = 2;
/// Fewest rows of which a column can be told.
const FEWEST_ROWS: usize = 3;

/// What stands beside the labels of a table.
#[derive(Debug, Default)]
pub(super) struct Aside {
    /// For each label of the region where the serial number before it begins; empty where there are none.
    serials: Vec<Option<u32>>,
    /// Whether a unit stands behind every label, before its numbers.
    pub(super) units: bool,
}

impl Aside {
    /// Where the serial number begins that stands before a label of the region.
    pub(super) fn serial(&self, nth: usize) -> Option<u32> {
        self.serials.get(nth).copied().flatten()
    }
}

/// Looks at all labels of a region.
pub(super) fn columns(
    grammar: &Grammar,
    source: &str,
    skeleton: &Skeleton,
    hits: &[Hit],
    region: Region,
) -> Aside {
    let table = &grammar.tables[region.table];
    if table.layout == Layout::Across {
        return Aside::default();
    }
    let own = &hits[region.first..region.end];
    let row = |hit: &Hit| match own_role(grammar.matcher.roles(hit.pattern), region.table) {
        Some(Role::Row(_, row, Part::Whole | Part::Head)) => Some(row),
        _ => None,
    };
    let mut serials = vec![None; own.len()];
    let (mut last, mut rises, mut all) = (0, false, true);
    let (mut rows, mut units, mut filled) = (0, 0, 0);
    for (nth, hit) in own.iter().enumerate() {
        let Some(of) = row(hit) else { continue };
        rows += 1;
        let span = skeleton.source_span(hit.start, hit.end);
        let behind = source[span.end as usize..].trim_start_matches(beside::is_gap);
        if let Some((length, _)) = beside::unit_at(behind)
            && behind[length..].starts_with(beside::is_gap)
        {
            let rest = behind[length..].trim_start_matches(beside::is_gap);
            units += 1;
            filled += usize::from(rest.starts_with(number_like));
        }
        // one label without a number before it is enough
        if !all {
            continue;
        }
        let from = match (region.first + nth).checked_sub(1) {
            Some(before) => skeleton.source_span(hits[before].start, hits[before].end).end,
            None => 0,
        };
        let end = before_ordinal(source, from.min(span.start), span.start, table.rows[of].ordinal);
        match serial(&source[from.min(end) as usize..end as usize]) {
            Some((number, length))
                if number == 1 || number > last && number <= last + LONGEST_STEP =>
            {
                rises |= number > 1;
                last = number;
                serials[nth] = Some(end - length as u32);
            }
            _ => all = false,
        }
    }
    if !all || !rises || rows < FEWEST_ROWS {
        serials.clear();
    }
    Aside { serials, units: rows >= FEWEST_ROWS && units == rows && filled > 0 }
}

/// The whole number at the end of a text that stands apart from what is before it, and its bytes up to the end.
fn serial(text: &str) -> Option<(u32, usize)> {
    let body = text.trim_end_matches(beside::is_gap);
    let before = body.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &body[before.len()..];
    let apart = before.chars().next_back().is_none_or(beside::is_gap);
    if !apart
        || body.len() == text.len()
        || digits.starts_with('0')
        || digits.len() > LONGEST_SERIAL
    {
        return None;
    }
    Some((digits.parse().ok()?, text.len() - before.len()))
}
