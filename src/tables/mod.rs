//! Stage 5: labels → where each table of the form stands, and its evidence: labels and printed rows in reading order.

mod aside;
mod beside;
pub mod evidence;
pub mod find;
mod grid;
mod pieces;
mod printed;
mod said;
mod text;
mod wrapped;

pub use evidence::{Evidence, Extent, Head, Label, Piece, PrintedRow, Ruler};
pub use find::{Region, drop_notes, regions};
pub use printed::find as printed;
pub use said::{Measure, note, stands_over_labels, takes_back};
pub use wrapped::ordinal_before;

use crate::document::Document;
use crate::grammar::{Column, Grammar, Hit, Layout, Table};
use crate::lines::Skeleton;
use crate::number;
use crate::span::Span;

/// Bytes before a table in which its caption may stand.
const BEFORE_TABLE: u32 = 160;

/// Collects the evidence of one table: from grids where the document has them, else from text.
pub fn collect(
    grammar: &Grammar,
    document: &Document<'_>,
    skeleton: &Skeleton,
    hits: &[Hit],
    region: Region,
) -> Evidence {
    let grids = document.blocks.as_ref().map_or(&[][..], |blocks| &blocks.grids);
    let text = &document.text;
    let mut evidence = grid::collect(grammar, text, skeleton, hits, region, grids)
        .unwrap_or_else(|| text::collect(grammar, text, skeleton, hits, region));
    if grammar.tables[region.table].layout == Layout::Down {
        wrapped::join(grammar, region.table, text, skeleton, &mut evidence);
    }
    let form = &grammar.tables[region.table];
    let before = region.first.checked_sub(1).map_or(0, |before| hits[before].end);
    captions(form, text, skeleton, before, &mut evidence);
    evidence
}

/// Units of money stated over a table, or in it; `before` is where in the skeleton something else ends.
fn captions(form: &Table, text: &str, skeleton: &Skeleton, before: u32, evidence: &mut Evidence) {
    if form.columns.iter().any(Column::is_money) || form.rows.iter().any(|r| r.money().is_some()) {
        // a caption may stand before the first label, but not before one of something else
        let floor = if before == 0 { 0 } else { skeleton.source_span(before - 1, before).end };
        let start = evidence.span.start;
        let from = text::floor(text, start.saturating_sub(BEFORE_TABLE).max(floor).min(start));
        let stated = number::stated(Span::new(from, evidence.span.end).of(text));
        evidence.captions = stated.map(|(at, money)| (from + at as u32, money)).collect();
    }
}
