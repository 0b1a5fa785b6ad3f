//! Lines → paragraphs: the layout's line breaks taken out, nothing else.
//!
//! A text is taken as wrapped when many of its lines end at one width. Then a full line goes on, a short one ends its
//! paragraph. A text that is not wrapped has one paragraph a line.

use crate::lines::Skeleton;
use crate::span::Span;
use std::ops::Range;

/// Fewest columns of a wrapped line.
const NARROWEST: usize = 36;
/// Full lines differ by so many columns: punctuation may not begin a line.
const RAGGED: usize = 8;
/// Fewest full lines that show a text is wrapped.
const FEWEST_FULL: usize = 3;

/// How the lines of a document are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The width at which lines are wrapped, in screen columns; none when they are not.
    pub wrap: Option<usize>,
    /// Whether the document itself says that each line is a paragraph.
    pub lines_are_paragraphs: bool,
}

impl Layout {
    /// Looks at all lines of the main text outside the given ranges. Where the document itself has paragraphs, they are only taken for
    /// wrapped lines when nearly all of them look it: a page made from a PDF line by line.
    pub fn of(
        source: &str,
        skeleton: &Skeleton,
        main: Span,
        tables: &[Span],
        has_paragraphs: bool,
    ) -> Self {
        const WIDEST: usize = 200;
        let mut count = [0u32; WIDEST + 1];
        let mut unfinished = [0u32; WIDEST + 1];
        for number in skeleton.lines.line_at(main.start)..=skeleton.lines.line_at(main.end) {
            let span = skeleton.lines.span(number);
            if span.end - span.start < NARROWEST as u32
                || skeleton.furniture.binary_search_by_key(&span.start, |f| f.start).is_ok()
                || tables.iter().any(|t| t.start < span.end && span.start < t.end)
            {
                continue;
            }
            let line = span.of(source).trim_end();
            let width = width(line, WIDEST);
            if width >= NARROWEST {
                count[width] += 1;
                unfinished[width] += u32::from(!ends_sentence(line));
            }
        }
        let window =
            |counts: &[u32], at: usize| counts[at.saturating_sub(RAGGED)..=at].iter().sum::<u32>();
        let best = (NARROWEST..WIDEST).max_by_key(|&at| (window(&count, at), count[at]));
        let wrap = best.filter(|&at| {
            let full = window(&count, at);
            let all: u32 = count.iter().sum();
            let unfinished = window(&unfinished, at);
            if has_paragraphs {
                full as usize >= 3 * FEWEST_FULL
                    && full * 10 > all * 6
                    && unfinished * 10 > full * 6
            } else {
                full as usize >= FEWEST_FULL && unfinished * 2 > full
            }
        });
        Self { wrap, lines_are_paragraphs: has_paragraphs }
    }
}

/// A paragraph, and where its lines stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// Its text.
    pub text: String,
    /// For each of its lines, where it begins in the text and in the source.
    pub lines: Vec<(u32, u32)>,
}

/// Where bytes of a paragraph stand in the source.
pub fn place(lines: &[(u32, u32)], range: Range<usize>) -> Span {
    let at = |byte: usize| {
        let line = lines.partition_point(|(from, _)| *from as usize <= byte).max(1) - 1;
        lines.get(line).map_or(0, |(from, source)| source + (byte as u32 - from))
    };
    Span::new(at(range.start), at(range.end.max(range.start + 1) - 1) + 1)
}

/// The paragraphs of a range of the source, without the given holes (tables) and without page furniture.
pub fn paragraphs(
    source: &str,
    skeleton: &Skeleton,
    layout: Layout,
    range: Span,
    holes: &[Span],
) -> Vec<Paragraph> {
    let mut builder =
        Builder { source, layout, out: Vec::new(), open: None, after_furniture: false };
    let mut at = range.start;
    while at < range.end {
        if let Some(hole) = holes.iter().find(|hole| hole.start <= at && at < hole.end) {
            builder.close();
            at = hole.end.min(range.end);
            continue;
        }
        let line = skeleton.lines.span(skeleton.lines.line_at(at));
        let end = line.end.min(range.end);
        if skeleton.furniture.binary_search_by_key(&line.start, |f| f.start).is_ok() {
            builder.after_furniture = true;
        } else {
            // a hole in the line cuts it in pieces
            let mut from = at;
            let mut cut = false;
            for hole in holes.iter().filter(|h| h.start < end && at < h.end) {
                if from < hole.start {
                    builder.line(&source[from as usize..hole.start as usize]);
                }
                builder.close();
                from = from.max(hole.end.min(end));
                cut = true;
            }
            let rest = &source[from as usize..end as usize];
            if !cut || !rest.trim().is_empty() {
                builder.line(rest);
            }
        }
        at = end.max(at + 1);
    }
    builder.close();
    builder.out
}

/// A paragraph to which lines may still come.
struct Open {
    text: String,
    /// See [`Paragraph::lines`].
    lines: Vec<(u32, u32)>,
    /// Where its last line begins.
    last: usize,
    /// Whether that line was as wide as lines are here.
    full: bool,
}

struct Builder<'s> {
    source: &'s str,
    layout: Layout,
    out: Vec<Paragraph>,
    open: Option<Open>,
    after_furniture: bool,
}

impl<'s> Builder<'s> {
    fn line(&mut self, line: &'s str) {
        let text = line.trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}' | '|')
        });
        if text.is_empty() || text.chars().all(|c| "-—=*_:：".contains(c)) {
            // a blank line ends a paragraph, but not beside a page number
            if !self.after_furniture
                && line.ends_with('\n')
                && self
                    .open
                    .as_ref()
                    .is_some_and(|open| ends_sentence(&open.text) || self.layout.wrap.is_none())
            {
                self.close();
            }
            return;
        }
        let text = text.trim_start_matches(['#', ' ']);
        if text.is_empty() {
            // the mark of a heading that stands elsewhere
            return;
        }
        let full =
            self.layout.wrap.is_some_and(|wrap| width(line.trim_end(), wrap) + RAGGED > wrap);
        let indent = line.len() - line.trim_start_matches(' ').len();
        let finished = self.open.as_ref().is_some_and(|open| ends_sentence(&open.text));
        let indented = line.starts_with(['\u{3000}', '\u{2003}']) || (indent > 1 && finished);
        let after_furniture = std::mem::take(&mut self.after_furniture);
        let place = (text.as_ptr() as usize - self.source.as_ptr() as usize) as u32;
        match &mut self.open {
            Some(open) if !indented && open.goes_on(text, after_furniture, self.layout) => {
                open.last = open.text.len();
                join(&mut open.text, text);
                open.lines.push(((open.text.len() - text.len()) as u32, place));
                open.full = full;
            }
            _ => {
                self.close();
                self.open =
                    Some(Open { text: text.to_owned(), lines: vec![(0, place)], last: 0, full });
            }
        }
    }

    fn close(&mut self) {
        let closed = self.open.take().map(|Open { text, lines, .. }| Paragraph { text, lines });
        self.out.extend(closed);
    }
}

impl Open {
    /// Whether the next line continues the paragraph; only its last line says so.
    fn goes_on(&self, next: &str, after_furniture: bool, layout: Layout) -> bool {
        if begins_item(next) || (layout.lines_are_paragraphs && layout.wrap.is_none()) {
            return false;
        }
        let line = &self.text[self.last..];
        let full = self.full || after_furniture;
        // a sentence that stops at a comma, or in the middle of words, goes on
        let broken = line.ends_with(['，', ',', '、', '；', '（', '《', '“'])
            || (!ends_sentence(line)
                && line.contains(['，', '。', '、'])
                && width(line, NARROWEST) >= NARROWEST);
        if broken {
            return true;
        }
        if layout.wrap.is_none() || ends_sentence(line) {
            return full && layout.wrap.is_some();
        }
        // an unfinished short line is a heading or a signature, unless it is cut before a quotation
        full || next.starts_with(['《', '“', '，', '。', '、'])
    }
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end().ends_with(['。', '！', '？', '：', ':', '”', '!', '?'])
}

/// `（一）`, `一是`, `1.`, `二、`
fn begins_item(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next().unwrap_or(' ');
    let second = chars.next().unwrap_or(' ');
    let third = chars.next().unwrap_or(' ');
    let numeral = |c: char| "一二三四五六七八九十".contains(c) || c.is_ascii_digit();
    (matches!(first, '（' | '(') && numeral(second))
        || (numeral(first) && matches!(second, '、' | '.' | '．' | '是'))
        || (numeral(first) && numeral(second) && matches!(third, '、' | '.' | '．' | '是'))
}

/// Puts two lines together; words of Latin letters keep a blank.
fn join(paragraph: &mut String, next: &str) {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    if latin(paragraph.chars().next_back()) && latin(next.chars().next()) {
        paragraph.push(' ');
    }
    paragraph.push_str(next);
}

/// Screen columns, an ideograph takes two; counted up to `most` only.
fn width(line: &str, most: usize) -> usize {
    let mut columns = 0;
    for c in line.chars() {
        let narrow = (c as u32) < 0x2E80 && !matches!(c, '“' | '”' | '‘' | '’' | '…' | '—');
        columns += if narrow { 1 } else { 2 };
        if columns >= most {
            return most;
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        let skeleton = Skeleton::new(text);
        let layout = Layout::of(text, &skeleton, Span::new(0, text.len() as u32), &[], false);
        let whole = Span::new(0, text.len() as u32);
        let paragraphs = paragraphs(text, &skeleton, layout, whole, &[]);
        paragraphs.into_iter().map(|paragraph| paragraph.text).collect()
    }

    #[test]
    fn ok_places_over_a_line_break() {
        let line = "甲".repeat(28);
        let text = format!("{line}\n{line}\n{line}\n  乙丙。\n");
        let skeleton = Skeleton::new(&text);
        let whole = Span::new(0, text.len() as u32);
        let layout = Layout::of(&text, &skeleton, whole, &[], false);
        let all = paragraphs(&text, &skeleton, layout, whole, &[]);
        let [one] = &all[..] else { panic!("{all:?}") };
        let at = one.text.find("乙").unwrap();
        assert_eq!(place(&one.lines, at..at + 6).of(&text), "乙丙");
        assert_eq!(place(&one.lines, at - 3..at + 3).of(&text), "甲\n  乙");
    }

    #[test]
    fn ok_wrapped_lines_and_a_page_number() {
        let line = "甲".repeat(28);
        let text = format!(
            "   {line}\n{line}\n\n   — 2 —\n\n{line}\n乙。\n   （一）{}\n丙丁。\n",
            "戊".repeat(26)
        );
        let expected =
            [format!("{line}{line}{line}乙。"), format!("（一）{}丙丁。", "戊".repeat(26))];
        assert_eq!(of(&text), expected);
    }

    #[test]
    fn ok_one_paragraph_a_line() {
        assert_eq!(
            of("第一段很短。\n第二段没有标点\n第三段。"),
            ["第一段很短。", "第二段没有标点", "第三段。"]
        );
    }
}
