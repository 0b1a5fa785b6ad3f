//! A table row a line, whatever stands between its cells.

use super::super::document::Block;
use super::super::random::Random;
use super::super::shape::Shape;
use super::super::tables::Tables;
use super::Paper;
use super::grid::{Line, Slot, lines};

/// Prints a table.
pub(crate) fn table(
    random: &mut Random,
    tables: &Tables,
    block: &Block,
    shape: Shape,
    paper: &mut Paper,
) {
    let tabs = shape == Shape::RowsTab;
    let grouped = random.chance(if tabs { 80 } else { 25 });
    let shattered = !tabs && random.chance(50);
    for line in lines(tables, block, grouped) {
        let header = line.iter().all(|slot| !slot.number);
        if header && shattered && line.len() > 1 && line.iter().any(|slot| slot.text.contains('\n'))
        {
            shattered_header(&line, paper);
        } else if header && shattered && matches!(block, Block::Applications) {
            for slot in &line {
                paper.line(&slot.text.replace('\n', ""));
            }
        } else {
            paper.line(&joined(random, &line, shape));
        }
    }
}

/// Whole labels together on a line, broken ones piece by piece.
fn shattered_header(line: &Line, paper: &mut Paper) {
    let mut whole: Vec<&str> = Vec::new();
    for slot in line {
        if slot.text.contains('\n') {
            if !whole.is_empty() {
                paper.line(&whole.join(" "));
                whole.clear();
            }
            slot.text.lines().for_each(|piece| paper.line(piece));
        } else {
            whole.push(&slot.text);
        }
    }
    if !whole.is_empty() {
        paper.line(&whole.join(" "));
    }
}

fn joined(random: &mut Random, line: &Line, shape: Shape) -> String {
    let mut text = String::new();
    let printed = |slot: &&Slot| shape == Shape::RowsTab || !slot.text.is_empty();
    for (index, slot) in line.iter().filter(printed).enumerate() {
        if index > 0 {
            text += match shape {
                Shape::RowsTab => "\t",
                Shape::RowsNbsp => "\u{a0}",
                Shape::RowsIdeographic => random.pick(&[" ", "\u{3000}", "\u{3000}", " \u{3000}"]),
                Shape::RowsGlued => "",
                _ => " ",
            };
        }
        text += &slot.text.replace('\n', "");
    }
    text
}
