//! Stage 5: labels → where each table of the form stands, and its evidence: labels and number rows in reading order.

pub mod find;
pub mod grid;
pub mod tokens;
pub mod units;

pub use find::{Region, regions};
pub use tokens::{Kind, Slot};
pub use units::{Evidence, Label, RowUnit};

use crate::document::Document;
use crate::grammar::{Grammar, Hit};
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
    grid::collect(grammar, &document.text, skeleton, hits, region, grids)
        .unwrap_or_else(|| units::collect(grammar, &document.text, skeleton, hits, region))
}
