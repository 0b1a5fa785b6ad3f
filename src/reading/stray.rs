//! Numbers around a table that none of its rows has. Where there are such, a row without numbers is not printed empty: they
//! may be its own, in a manner of printing that nobody knows (above the header, across, column by column).

use super::printed::Printed;
use crate::document::drawn::is_rule;
use crate::fold::{self, Class};
use crate::number;
use crate::span::Span;

/// Fewest numbers: one alone may be a page's.
const FEWEST: usize = 2;
/// Most characters of a cell that names a column.
const LONGEST_LABEL: usize = 8;
/// Most lines that are looked at above and below.
const MOST_LINES: usize = 60;

/// The lines of numbers directly above a table.
pub(super) fn above(printed: &Printed<'_>) -> Option<Span> {
    let before = &printed.source[..printed.evidence.span.start as usize];
    // the first label's own line
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let is_bare = |line: &&str| !has_letters(line);
    numbers(printed, before[..start].lines().rev().take(MOST_LINES).take_while(is_bare))
}

/// The lines of numbers among the labels of a table, and below it up to the next words, of which those over a column are short.
pub(super) fn among(printed: &Printed<'_>) -> Option<Span> {
    let span = printed.evidence.span;
    let behind = &printed.source[span.end as usize..];
    let below = behind.lines().take(MOST_LINES).take_while(is_of_numbers);
    numbers(printed, span.of(printed.source).lines().chain(below))
}

/// How many numbers stand in the lines below a row, up to the next long words.
pub(super) fn below(printed: &Printed<'_>, row: Span) -> usize {
    let behind = &printed.source[row.end as usize..];
    let lines = behind.lines().skip(1).take(MOST_LINES).take_while(is_of_numbers);
    lines.filter(|line| !is_rule(line)).map(figures).sum()
}

/// Whether a line has numbers, or no longer words than name columns.
fn is_of_numbers(line: &&str) -> bool {
    let is_short = |cell: &str| cell.chars().nth(LONGEST_LABEL).is_none();
    !has_letters(line) || figures(line) > 0 || line.split(is_parting).all(is_short)
}

/// Where these lines have numbers, when they have several.
fn numbers<'s>(printed: &Printed<'_>, lines: impl Iterator<Item = &'s str>) -> Option<Span> {
    let base = printed.source.as_ptr() as usize;
    let mut found: Option<Span> = None;
    let mut count = 0;
    for line in lines {
        let start = (line.as_ptr() as usize - base) as u32;
        let own = Span::new(start, start + line.len() as u32);
        let is_furniture = printed
            .skeleton
            .furniture
            .iter()
            .any(|page| page.start < own.end && own.start < page.end);
        let figures = figures(line);
        if figures == 0 || is_furniture || is_rule(line) || figures == 1 && has_letters(line) {
            continue;
        }
        count += figures;
        found = Some(found.map_or(own, |known| known.join(own)));
    }
    found.filter(|_| count >= FEWEST)
}

/// How many numbers stand alone in a line, between blanks or borders.
fn figures(line: &str) -> usize {
    let is_number = |text: &&str| text.chars().all(|c| c.is_ascii_digit() || ".,".contains(c));
    line.split(is_parting).filter(|part| is_number(part) && number::is_figure(part)).count()
}

/// Whether a character parts cells.
fn is_parting(c: char) -> bool {
    matches!(fold::table().class(c), Class::Space | Class::WideSpace | Class::Tab | Class::Pipe)
}

fn has_letters(line: &str) -> bool {
    line.chars().any(|c| fold::table().class(c) == Class::Letter)
}
