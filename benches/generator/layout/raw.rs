//! Content order, as `pdftotext -raw` prints it: narrow header cells in pieces, the vertical label a character a line,
//! the numbers of a wrapped label on the next line.

use super::super::document::{Block, Document};
use super::super::random::Random;
use super::super::tables::{Heads, Row, Tables};
use super::grid::{lines, spaced};
use super::pages::Pages;
use super::wrapped;

/// Prints a document.
pub(crate) fn render(random: &mut Random, document: &Document) -> String {
    let mut pages = Pages::new(random, false);
    let width = 26 + random.below(8);
    for block in &document.blocks {
        match block {
            Block::Title(lines) => pages.lines(lines, &[]),
            Block::Chrome(text) | Block::Heading(text) | Block::Signature(text) => {
                pages.lines(std::slice::from_ref(text), &[]);
            }
            Block::Paragraph(text) => {
                for line in wrapped(text, width) {
                    pages.lines(&[line], &[]);
                }
            }
            Block::Proactive => {
                for line in lines(&document.tables, block, true) {
                    pages.lines(&[spaced(&line)], &[]);
                }
            }
            Block::Applications => applications(random, &document.tables, &mut pages),
            Block::Review => review(random, &document.tables, &mut pages),
        }
    }
    pages.finish()
}

/// The pieces of a narrow cell.
pub(crate) fn pieces(label: &str, narrow: bool) -> Vec<String> {
    let chars: Vec<char> = label.chars().filter(|char| !char.is_whitespace()).collect();
    if narrow && chars.len() > 3 {
        chars.chunks(2).map(|pair| pair.iter().collect()).collect()
    } else {
        vec![chars.iter().collect()]
    }
}

fn header(random: &mut Random, heads: &Heads, width: usize) -> Vec<String> {
    let narrow = random.chance(70);
    let mut header = wrapped(&heads.corner, width);
    header.push(heads.applicants.clone());
    let (first, rest) = heads.columns.split_first().expect("seven columns");
    header.extend(pieces(first, narrow));
    header.push(heads.organisations.clone());
    let (total, organisations) = rest.split_last().expect("six columns");
    if random.chance(70) {
        header.extend(pieces(total, narrow));
        header.extend(organisations.iter().flat_map(|label| pieces(label, narrow)));
    } else {
        header.extend(organisations.iter().flat_map(|label| pieces(label, narrow)));
        header.extend(pieces(total, narrow));
    }
    header
}

fn applications(random: &mut Random, tables: &Tables, pages: &mut Pages) {
    let heads = &tables.heads;
    let width = 14 + random.below(12);
    let header = header(random, heads, width + 4);
    let repeated = if random.chance(35) { header.clone() } else { Vec::new() };
    pages.lines(&header, &[]);
    let upright = random.chance(60);
    let mut before = None;
    for (index, row) in tables.applications.iter().enumerate() {
        if index == 2 {
            let label: Vec<String> = if upright {
                heads.results.chars().map(String::from).collect()
            } else {
                vec![heads.results.clone()]
            };
            pages.lines(&label, &repeated);
        }
        if before != Some(row.group) {
            before = Some(row.group);
            if let Some(label) = heads.group(row.group) {
                pages.lines(&[label.to_owned()], &repeated);
            }
        }
        pages.lines(&printed(row, width), &repeated);
    }
}

fn printed(row: &Row, width: usize) -> Vec<String> {
    let numbers = row.cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" ");
    let mut lines = wrapped(&row.label, width);
    if lines.len() == 1 {
        lines[0].push(' ');
        lines[0] += &numbers;
    } else {
        lines.push(numbers);
    }
    lines.retain(|line| !line.trim().is_empty());
    lines
}

fn review(random: &mut Random, tables: &Tables, pages: &mut Pages) {
    let heads = &tables.heads;
    let narrow = random.chance(70);
    let outcomes = || heads.outcomes.iter().flat_map(|label| pieces(label, narrow));
    let [reconsideration, litigation, direct, after] = &heads.reviews;
    let mut lines = vec![format!("{reconsideration} {litigation}")];
    lines.extend(outcomes());
    lines.push(format!("{direct} {after}"));
    lines.extend(outcomes());
    lines.extend(outcomes());
    let cells = tables.review.iter().flat_map(|row| &row.cells);
    let numbers = cells.map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" ");
    if !numbers.trim().is_empty() {
        lines.push(numbers);
    }
    pages.lines(&lines, &[]);
}
