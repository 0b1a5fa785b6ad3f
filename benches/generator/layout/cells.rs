//! A cell a line.

use super::super::document::Block;
use super::super::random::Random;
use super::super::shape::Shape;
use super::super::tables::Tables;
use super::Paper;
use super::grid::lines;

/// Prints a table; a cell with nothing in it leaves no line.
pub(crate) fn table(
    random: &mut Random,
    tables: &Tables,
    block: &Block,
    shape: Shape,
    paper: &mut Paper,
) {
    let joined = random.chance(30);
    let spaced = paper.spaced;
    paper.spaced = matches!(shape, Shape::CellsBlankLines | Shape::CellsIndented);
    let indent = if shape == Shape::CellsIndented { " " } else { "" };
    for slot in lines(tables, block, true).iter().flatten().filter(|slot| !slot.text.is_empty()) {
        if joined {
            paper.line(&format!("{indent}{}", slot.text.replace('\n', "")));
        } else {
            slot.text.lines().for_each(|piece| paper.line(&format!("{indent}{piece}")));
        }
    }
    paper.spaced = spaced;
}
