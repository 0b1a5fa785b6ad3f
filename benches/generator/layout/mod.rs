//! Blocks to text: one file for each family of layouts.

mod aligned;
mod cells;
mod detached;
mod grid;
mod markdown;
mod oneline;
mod pages;
mod pipes;
mod raw;
mod rows;
mod web;

use super::document::{Block, Document, is_markdown};
use super::random::Random;
use super::shape::Shape;

/// Prints a document in a shape.
pub(crate) fn render(random: &mut Random, document: &Document, shape: Shape) -> String {
    match shape {
        Shape::Oneline | Shape::OnelineMixed | Shape::OnelineSpaced => {
            oneline::render(random, document, shape)
        }
        Shape::Aligned | Shape::AlignedBlanks => aligned::render(random, document),
        Shape::Raw => raw::render(random, document),
        _ if shape.is_page() => web::render(random, document, shape),
        _ => in_lines(random, document, shape),
    }
}

/// The layouts that differ in their tables only.
fn in_lines(random: &mut Random, document: &Document, shape: Shape) -> String {
    let mut paper = Paper::new(random, shape);
    for block in &document.blocks {
        match block {
            Block::Title(lines) => paper.title(lines, shape),
            Block::Heading(text) if is_markdown(shape) => paper.line(&format!("## {text}")),
            Block::Chrome(text) | Block::Signature(text) | Block::Heading(text) => paper.line(text),
            Block::Paragraph(text) => paper.paragraph(text),
            table => {
                let tables = &document.tables;
                match shape {
                    Shape::Markdown => markdown::grids(random, tables, table, &mut paper),
                    Shape::MarkdownPerRow => markdown::per_row(random, tables, table, &mut paper),
                    Shape::Detached => detached::table(random, tables, table, &mut paper),
                    _ if shape.piped() => pipes::table(random, tables, table, shape, &mut paper),
                    Shape::Cells
                    | Shape::CellsBlankLines
                    | Shape::CellsIndented
                    | Shape::CellsMarks => cells::table(random, tables, table, shape, &mut paper),
                    _ => rows::table(random, tables, table, shape, &mut paper),
                }
            }
        }
    }
    paper.text
}

/// Lines of text as they are added.
pub(crate) struct Paper {
    /// What is written so far.
    pub(crate) text: String,
    indent: &'static str,
    /// A blank line after each line of text.
    spaced: bool,
    /// Prose is wrapped after so many characters.
    width: Option<usize>,
}

impl Paper {
    fn new(random: &mut Random, shape: Shape) -> Self {
        let rows = shape.separated() && !shape.piped() && !is_markdown(shape);
        Self {
            text: String::new(),
            indent: random.pick(&["", "", "　　", "　　", "    "]),
            spaced: match shape {
                Shape::CellsBlankLines | Shape::CellsIndented => true,
                _ => is_markdown(shape) || random.chance(15),
            },
            width: (rows && random.chance(20)).then(|| 40 + random.below(30)),
        }
    }

    /// A line by itself.
    pub(crate) fn line(&mut self, line: &str) {
        self.text += line;
        self.text += if self.spaced { "\n\n" } else { "\n" };
    }

    /// Lines without blank lines between, as the rows of a grid.
    pub(crate) fn lines(&mut self, lines: &[String]) {
        for line in lines {
            self.text += line;
            self.text.push('\n');
        }
        if self.spaced {
            self.text.push('\n');
        }
    }

    /// A paragraph of prose.
    pub(crate) fn paragraph(&mut self, text: &str) {
        match self.width {
            Some(width) => {
                let mut lines = wrapped(text, width);
                lines[0].insert_str(0, self.indent);
                self.lines(&lines);
            }
            None => self.line(&format!("{}{text}", self.indent)),
        }
    }

    fn title(&mut self, lines: &[String], shape: Shape) {
        if is_markdown(shape) {
            self.line(&format!("# {}", lines.join(" ")));
        } else {
            for line in lines {
                self.line(line);
            }
        }
    }
}

/// Lines of `width` Chinese characters; a comma may hang over, a number is not cut.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut halves = 0;
    let mut last = ' ';
    for char in text.chars() {
        let inside_number = char.is_ascii_digit() && (last.is_ascii_digit() || last == '.');
        if halves >= 2 * width && !inside_number && !"，。、；：）》”,.)%".contains(char) {
            lines.push(std::mem::take(&mut line));
            halves = 0;
        }
        last = char;
        if char == ' ' && line.is_empty() {
            continue;
        }
        line.push(char);
        halves += if char.is_ascii() { 1 } else { 2 };
    }
    lines.push(line);
    lines
}
