//! What stands on a page for the page's sake: running heads, page numbers, a table's header once more.

use super::sheets::Sheet;
use crate::document::pages::align::{begins_label, is_number};
use crate::document::pages::lines::TextLine;
use std::collections::HashMap;

/// Running heads and page numbers stand in this share of the page, above and below.
const MARGIN: f64 = 0.12;

/// Most places of one line that are looked at.
const MOST_PLACES: usize = 16;

/// A line without what differs from page to page.
fn pattern(line: &TextLine) -> String {
    line.words.iter().flat_map(|word| word.text.chars()).filter(|c| !c.is_ascii_digit()).collect()
}

/// Takes out the lines that stand on several pages at the same place above or below the text.
pub(super) fn take_furniture(sheets: &mut [Sheet<'_>]) {
    // the outermost lines, for pages whose margins are wide
    const OUTER: usize = 2;
    let in_margin = |line: &TextLine, height: f64| {
        line.bottom() < height * MARGIN || line.top() > height * (1.0 - MARGIN)
    };
    let outer = |sheet: &Sheet<'_>| {
        let mut tops: Vec<f64> = sheet.lines.iter().map(TextLine::top).collect();
        tops.sort_by(f64::total_cmp);
        let count = tops.len();
        (
            tops.get(OUTER.min(count.max(1)) - 1).copied(),
            tops.get(count.saturating_sub(OUTER)).copied(),
        )
    };
    let mut seen: Vec<(String, f64, u32, Option<i64>)> = Vec::new();
    let mut outers = Vec::new();
    for sheet in sheets.iter() {
        let (first, last) = outer(sheet);
        let is_outer = |line: &TextLine| {
            first.is_some_and(|top| line.top() <= top) || last.is_some_and(|top| line.top() >= top)
        };
        for line in &sheet.lines {
            if in_margin(line, sheet.page.height) || is_outer(line) {
                seen.push((pattern(line), line.top(), sheet.number, count(line)));
            }
        }
        outers.push((first, last));
    }
    let heads = repeated_heads(sheets);
    for ((sheet, (first, last)), heads) in sheets.iter_mut().zip(outers).zip(heads) {
        let (height, number) = (sheet.page.height, sheet.number);
        let is_outer = |line: &TextLine| {
            first.is_some_and(|top| line.top() <= top) || last.is_some_and(|top| line.top() >= top)
        };
        let repeats = |line: &TextLine| {
            let own = pattern(line);
            // numbers alone are page numbers at the edge only
            let bare = own.is_empty();
            let near = if in_margin(line, height) { 4.0 } else { 1.0 };
            // two reports in one file have their headings at the same places
            let is_text = line.words.first().is_some_and(|word| begins_label(&word.text))
                || line.words.iter().any(|word| word.text.contains('。'));
            !is_text
                && !heads.contains(&line.top())
                && (in_margin(line, height) || (is_outer(line) && !bare))
                && seen.iter().any(|(text, top, page, counted)| {
                    // a number that does not count the pages is one of a table
                    let counts = || {
                        let pages = i64::from(*page) - i64::from(number);
                        count(line).zip(*counted).is_some_and(|(own, other)| other - own == pages)
                    };
                    *page != number
                        && *text == own
                        && (top - line.top()).abs() < near
                        && (!bare || counts())
                })
        };
        let (around, own): (Vec<_>, Vec<_>) =
            std::mem::take(&mut sheet.lines).into_iter().partition(repeats);
        (sheet.furniture, sheet.lines) = (around, own);
    }
}

/// The heights of lines, for each sheet, that stand with one of their neighbours at another height of another sheet: the
/// header of a table once more, not the head of a page.
fn repeated_heads(sheets: &[Sheet<'_>]) -> Vec<Vec<f64>> {
    let mut known: HashMap<String, Vec<(usize, &[TextLine])>> = HashMap::new();
    for (at, sheet) in sheets.iter().enumerate() {
        for pair in sheet.lines.windows(2) {
            let places = known.entry(pair[0].text()).or_default();
            if places.len() < MOST_PLACES {
                places.push((at, pair));
            }
        }
    }
    let of_sheet = |(at, sheet): (usize, &Sheet<'_>)| {
        let is_repeated = |pair: &&[TextLine]| {
            known.get(&pair[0].text()).is_some_and(|places| {
                places.iter().any(|(other, lines)| {
                    *other != at
                        && (lines[0].top() - pair[0].top()).abs() > 4.0
                        && lines[0].is_printed_under(&pair[0])
                        && lines[1].is_printed_under(&pair[1])
                })
            })
        };
        let pairs = sheet.lines.windows(2).filter(is_repeated);
        pairs.flat_map(|pair| [pair[0].top(), pair[1].top()]).collect()
    };
    sheets.iter().enumerate().map(of_sheet).collect()
}

/// Takes out the first lines of sheets that are a table's header once more.
pub(super) fn take_repeated_heads(sheets: &mut [Sheet<'_>]) {
    const MOST_HEADER: usize = 16;
    const MOST_BACK: usize = 16;
    let is_head =
        |line: &TextLine| !line.words.iter().any(|w| is_number(&w.text) || begins_label(&w.text));
    for at in 1..sheets.len() {
        let (before, rest) = sheets.split_at_mut(at);
        let sheet = &mut rest[0];
        let table = sheet.tables.iter().map(|table| table.area[1]).fold(f64::INFINITY, f64::min);
        let free = sheet.lines.partition_point(|line| line.bottom() < table);
        let repeats = |above: &[TextLine]| {
            let pairs = above.iter().zip(&sheet.lines[..free]).take(MOST_HEADER);
            pairs.take_while(|(a, b)| is_head(b) && a.is_printed_under(b)).count()
        };
        let count = before
            .iter()
            .rev()
            .take(MOST_BACK)
            .flat_map(|other| (0..other.lines.len()).map(|from| repeats(&other.lines[from..])))
            .max()
            .unwrap_or(0);
        // one line alone may be a heading of two tables
        if count > 1 {
            sheet.furniture.extend(sheet.lines.drain(..count));
        }
    }
}

/// The number that a line is.
fn count(line: &TextLine) -> Option<i64> {
    let [word] = &line.words[..] else { return None };
    word.text.parse().ok()
}
