//! Lines that belong to the page and not to the text: page numbers.
//!
//! A page number can stand in the middle of a table, between the two halves of a label (`— 5 —`), where a lone number
//! would else be taken for a cell. Only lines that say what they are count: dashes on both sides, `第 3 页`, `3/7`, or a
//! bare number beside a form feed.

use crate::document::blocks::Blocks;
use crate::span::{LineIndex, Span};
use regex::Regex;
use std::sync::LazyLock;

/// What a line of page furniture looks like, blanks aside.
static PAGE_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?:[-–—―－~·•]+\s*\d{1,3}\s*[-–—―－~·•]+|第\s*\d{1,3}\s*页(?:\s*[,，/]?\s*共\s*\d{1,3}\s*页)?|\d{1,3}\s*/\s*\d{1,3}|[Pp]age\s+\d{1,3}(?:\s+of\s+\d{1,3})?)$",
    )
    .expect("a constant pattern")
});

/// Longest line, in bytes without its blanks, that can be a page number.
const LONGEST: usize = 40;

/// The lines of a text that are page numbers, by place.
pub fn find(text: &str, lines: &LineIndex) -> Vec<Span> {
    let mut found = Vec::new();
    for line in 1..=lines.len() as u32 {
        let span = lines.span(line);
        let whole = span.of(text);
        // cheap first: how the line begins, whether it is short and holds a digit
        if !may_begin(whole.as_bytes()) {
            continue;
        }
        let printed = whole.trim();
        if printed.is_empty()
            || printed.len() > LONGEST
            || !printed.bytes().any(|b| b.is_ascii_digit())
        {
            continue;
        }
        let bare = printed.len() <= 3 && printed.bytes().all(|b| b.is_ascii_digit());
        if (bare && beside_form_feed(text, span)) || (!bare && PAGE_NUMBER.is_match(printed)) {
            found.push(span);
        }
    }
    found
}

/// The furniture of a document of blocks, by place: its navigation line by line, and page numbers outside of its tables.
pub fn of_blocks(text: &str, lines: &LineIndex, blocks: &Blocks) -> Vec<Span> {
    let in_grid = |span: Span| {
        let next = blocks.grids.partition_point(|grid| grid.span.end <= span.start);
        blocks.grids.get(next).is_some_and(|grid| grid.span.start < span.end)
    };
    let mut found = find(text, lines);
    found.retain(|line| !in_grid(*line));
    let mut done = 0;
    for span in &blocks.furniture {
        // what holds a table is no navigation, whatever its name
        if span.start < done || in_grid(*span) {
            continue;
        }
        done = span.end;
        for number in lines.line_at(span.start)..=lines.line_at(span.end.saturating_sub(1)) {
            let line = lines.span(number);
            found.push(Span::new(line.start.max(span.start), line.end.min(span.end)));
        }
    }
    found.sort_unstable();
    found.dedup_by(|next, last| next.start < last.end);
    found
}

/// Whether a page number can begin with these bytes: a digit, a dash in any width, `第`, `P`.
fn may_begin(line: &[u8]) -> bool {
    match line.iter().position(|b| !b.is_ascii_whitespace()).map(|at| &line[at..]) {
        None => false,
        // a digit, a dash, `P`, or the first byte of `—`, `·`, U+3000, `－`, `～`, which labels do not begin with
        Some([b'-' | b'~' | b'0'..=b'9' | b'P' | b'p' | 0xE2 | 0xC2 | 0xE3 | 0xEF, ..]) => true,
        Some(rest) => rest.starts_with("第".as_bytes()),
    }
}

/// Whether a form feed ends this line, or stands on the next one before anything else.
fn beside_form_feed(text: &str, line: Span) -> bool {
    let bytes = text.as_bytes();
    line.of(text).trim_end_matches(['\n', '\r']).ends_with('\u{C}')
        || bytes[line.end as usize..].iter().find(|b| !b.is_ascii_whitespace() || **b == 0xC)
            == Some(&0xC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(text: &str) -> Vec<&str> {
        find(text, &LineIndex::new(text)).into_iter().map(|span| span.of(text).trim()).collect()
    }

    #[test]
    fn ok_page_numbers() {
        assert_eq!(
            lines_of("甲\n — 5 —\n乙\n  -3-\n第 3 页 共 9 页\n3 / 7\n"),
            ["— 5 —", "-3-", "第 3 页 共 9 页", "3 / 7"]
        );
        assert_eq!(lines_of("甲\n12\n\u{C}乙"), ["12"]);
    }

    #[test]
    fn err_numbers_that_are_cells() {
        assert_eq!(lines_of("规章\n0\n12\n-18\n1-2 3\n"), Vec::<&str>::new());
    }
}
