//! Stage 5: labels → where each table of the form stands, and its evidence: labels and number rows in reading order.

pub mod captions;
pub mod find;
pub mod grid;
pub mod tokens;
pub mod units;

pub use find::{Region, regions};
pub use tokens::{Kind, Slot};
pub use units::{Evidence, Label, RowUnit};

use crate::document::Document;
use crate::grammar::{Column, Grammar, Hit};
use crate::lines::Skeleton;

/// Collects the evidence of one table: from grids where the document has them, else from text.
pub fn collect(
    grammar: &Grammar,
    document: &Document<'_>,
    skeleton: &Skeleton,
    hits: &[Hit],
    region: Region,
) -> Evidence {
    let grids = document.blocks.as_ref().map_or(&[][..], |blocks| &blocks.grids);
    let mut evidence = grid::collect(grammar, &document.text, skeleton, hits, region, grids)
        .unwrap_or_else(|| units::collect(grammar, &document.text, skeleton, hits, region));
    if grammar.tables[region.table].columns.iter().any(Column::is_money) {
        // a caption may stand before the first label, but not before one of something else
        let before = region.first.checked_sub(1).map_or(0, |before| hits[before].end);
        let floor = if before == 0 { 0 } else { skeleton.source_span(before - 1, before).end };
        evidence.captions = captions::find(&document.text, evidence.span, floor);
    }
    evidence
}
