//! The whole report on one line, as the text content of a page comes out.

use super::super::document::{Block, Document};
use super::super::random::Random;
use super::super::shape::Shape;
use super::grid::{Slot, lines};

/// Prints a document.
pub(crate) fn render(random: &mut Random, document: &Document, shape: Shape) -> String {
    let grouped = true;
    let paragraph_gap = if random.chance(70) { "" } else { " " };
    let mut text = String::new();
    for block in &document.blocks {
        match block {
            Block::Chrome(line) | Block::Signature(line) => text.extend([" ", line, " "]),
            Block::Title(lines) => text.extend([" ", &lines.concat(), " "]),
            Block::Heading(line) => {
                if shape != Shape::Oneline || random.chance(20) {
                    text.push(' ');
                }
                text += line;
                if random.chance(25) {
                    text.push(' ');
                }
            }
            Block::Paragraph(line) => {
                text += if shape == Shape::OnelineSpaced { " " } else { paragraph_gap };
                text += line;
            }
            table => {
                for slot in lines(&document.tables, table, grouped).iter().flatten() {
                    add(random, slot, shape, &mut text);
                }
            }
        }
    }
    text.split_inclusive(' ').filter(|word| *word != " ").collect::<String>().trim().to_owned()
        + "\n"
}

fn add(random: &mut Random, slot: &Slot, shape: Shape, text: &mut String) {
    let gap = match shape {
        Shape::OnelineSpaced => true,
        Shape::OnelineMixed => {
            if slot.number {
                slot.gap
            } else {
                random.chance(30)
            }
        }
        _ => false,
    };
    if gap {
        text.push(' ');
    }
    *text += &slot.text.replace('\n', if shape == Shape::Oneline { "" } else { " " });
}
