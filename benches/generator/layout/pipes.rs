//! Cells with pipes: after each, around each, before each, on lines of their own.

use super::super::document::Block;
use super::super::random::Random;
use super::super::shape::Shape;
use super::super::tables::Tables;
use super::Paper;
use super::grid::{Line, lines};

/// Prints a table.
pub(crate) fn table(
    random: &mut Random,
    tables: &Tables,
    block: &Block,
    shape: Shape,
    paper: &mut Paper,
) {
    let broken = random.chance(70);
    let ghosts = random.below(3);
    let mut written = Vec::new();
    for mut line in lines(tables, block, true) {
        for slot in &mut line {
            if !broken || shape != Shape::PipeEnd {
                slot.text = slot.text.replace('\n', random.pick(&["", " "]));
            }
        }
        match shape {
            Shape::PipeEnd => written.extend(line.iter().map(|slot| ended(&slot.text))),
            Shape::PipeBefore => {
                written.push("|".to_owned());
                written.extend(line.iter().map(|slot| ended(&slot.text)));
            }
            Shape::PipeOwnLine => own_line(&line, "", &mut written),
            Shape::PipeAlternate => own_line(&line, "| ", &mut written),
            Shape::PipeLabelSplit => label_split(&line, &mut written),
            Shape::PipeGhosts => {
                written.push(format!("| {}{}", row(&line), "|".repeat(ghosts)));
                if random.chance(6) {
                    written.push("|".repeat(3 + random.below(14)));
                }
            }
            _ => written.push(row(&line)),
        }
    }
    paper.lines(&written);
}

/// `规章 | 0 | 0 | 0 |`
pub(crate) fn row(line: &Line) -> String {
    let mut text = String::new();
    for slot in line {
        if !text.is_empty() {
            text.push(' ');
        }
        text += &ended(&slot.text);
    }
    text
}

/// `0 |`; an empty cell is a pipe alone.
fn ended(text: &str) -> String {
    if text.is_empty() { "|".to_owned() } else { format!("{text} |") }
}

fn own_line(line: &Line, first: &str, written: &mut Vec<String>) {
    for (index, slot) in line.iter().enumerate() {
        if index == 0 && !first.is_empty() {
            written.push(format!("{first}{}", slot.text));
        } else {
            written.push(slot.text.clone());
        }
        written.push("|".to_owned());
    }
}

fn label_split(line: &Line, written: &mut Vec<String>) {
    for slot in line {
        if slot.number || slot.text.is_empty() {
            written.push(ended(&slot.text));
        } else {
            written.push(slot.text.clone());
            written.push("|".to_owned());
        }
    }
}
