//! Text in two columns → one, on a whole page or a part of it.

use crate::document::pages::align::is_number;
use crate::document::pages::lines::{Place, TextLine, Word, lines};
use crate::document::pages::page::{Glyph, Page};
use crate::document::pages::table::Table;

/// Most lines of a page that are looked at for columns of text.
const MOST_LINES: usize = 600;

/// Lines with the columns of a text after each other: where lines are parted at one place, left before right.
pub(super) fn in_columns(lines: Vec<TextLine>, tables: &[Table]) -> Vec<TextLine> {
    const LEAST: usize = 4;
    /// Least width of a column's line, in ems.
    const WIDE: f64 = 9.0;
    if lines.len() < LEAST || lines.len() > MOST_LINES {
        return lines;
    }
    let gap_of = |line: &TextLine| {
        line.words.windows(2).enumerate().find_map(|(at, pair)| {
            let gap = (pair[0].x.1, pair[1].x.0);
            let size = pair[0].y.1 - pair[0].y.0;
            // text on both sides, without gaps of its own
            let is_text = |words: &[Word]| {
                let wide = words.last().map_or(0.0, |w| w.x.1) - words[0].x.0;
                let inked: f64 = words.iter().map(|w| w.x.1 - w.x.0).sum();
                wide > WIDE * size && inked > 0.9 * wide
            };
            let sides = is_text(&line.words[..=at]) && is_text(&line.words[at + 1..]);
            (gap.1 - gap.0 > 0.9 * size && sides).then_some(gap)
        })
    };
    let mut out: Vec<TextLine> = Vec::with_capacity(lines.len());
    let mut at = 0;
    while at < lines.len() {
        let Some(mut gap) = gap_of(&lines[at]) else {
            out.push(lines[at].clone());
            at += 1;
            continue;
        };
        let mut end = at + 1;
        let mut full = 1;
        while end < lines.len() {
            let line = &lines[end];
            let (above, below) = (lines[end - 1].top(), line.top());
            let table = tables.iter().any(|t| above < t.area[1] && t.area[1] < below);
            let number = line.words.len() > 1 && line.words.iter().all(|w| is_number(&w.text));
            if table || number {
                break;
            }
            let narrowed = match gap_of(line) {
                Some(own) if own.0 < gap.1 && gap.0 < own.1 => {
                    full += 1;
                    (gap.0.max(own.0), gap.1.min(own.1))
                }
                Some(_) => break,
                None => {
                    let from = line
                        .words
                        .iter()
                        .map(|w| w.x.1)
                        .filter(|x| *x < gap.1)
                        .fold(gap.0, f64::max);
                    let to = line
                        .words
                        .iter()
                        .map(|w| w.x.0)
                        .filter(|x| *x >= from)
                        .fold(gap.1, f64::min);
                    (from, to)
                }
            };
            let crossed =
                line.words.iter().any(|w| w.x.0 < narrowed.0 - 0.1 && w.x.1 > narrowed.0 + 0.1);
            if crossed || narrowed.0 >= narrowed.1 {
                break;
            }
            gap = narrowed;
            end += 1;
        }
        if full < LEAST {
            out.push(lines[at].clone());
            at += 1;
            continue;
        }
        let middle = f64::midpoint(gap.0, gap.1);
        for left in [true, false] {
            for line in &lines[at..end] {
                let words: Vec<_> =
                    line.words.iter().filter(|w| (w.x.0 < middle) == left).cloned().collect();
                if !words.is_empty() {
                    out.push(TextLine { words });
                }
            }
        }
        at = end;
    }
    out
}

/// Pages with the halves of those that have two as pages of their own: left before right, and where both halves begin
/// a report of their own, the whole left before the whole right.
pub(in super::super) fn halved(pages: Vec<Page>) -> Vec<Page> {
    let halves: Vec<Option<[Page; 2]>> = pages.iter().map(Page::halves).collect();
    if halves.iter().all(Option::is_none) {
        return pages;
    }
    let begins_report = |page: &Page| {
        let glyphs: Vec<&Glyph> = page.glyphs.iter().take(200).collect();
        let head: String = lines(&glyphs, Place::Line)
            .iter()
            .take(4)
            .flat_map(|line| &line.words)
            .flat_map(|word| word.text.chars())
            .collect();
        head.contains('年') && (head.contains("报告") || head.contains("年报"))
    };
    let two = halves.iter().flatten().next().is_some_and(|two| two.iter().all(begins_report));
    let mut left = Vec::new();
    let mut right = Vec::new();
    for (page, halves) in pages.into_iter().zip(halves) {
        match halves {
            None => left.push(page),
            Some([first, second]) => {
                left.push(first);
                if two { right.push(second) } else { left.push(second) }
            }
        }
    }
    left.extend(right);
    left
}
