//! Where a report is named, and what that place proves: its title line, a sentence that publishes it, its file.

use super::letters::{Letters, Token, compact, printed, source_of};
use super::name::{Phrase, begins_with_place, goes_on, is_place, is_whole, phrase};
use super::period::{self, Period, Years};
use super::vocabulary::heads;
use crate::fold;
use crate::span::Span;

/// A place where a report is named.
#[derive(Debug)]
pub(super) struct Mention {
    /// From the first word of the title to its last.
    pub(super) span: Span,
    /// The title, unwrapped; none where a sentence speaks of a report without saying whose.
    pub(super) title: Option<String>,
    /// Whose report it is, as printed.
    pub(super) name: Option<String>,
    pub(super) years: Years,
    /// How much it says.
    pub(super) points: i32,
}

/// What ends the words that can belong to a title.
const BOUNDARY: &str = "。；：;:，,！？!?《》〈〉“”\"【】[]>/_|＞»<~";
/// The same, where no year or name goes over them.
const DASHES: &str = "-–—－―~";
/// Of these, what can stand between a name and its report: 【某局】2011年…, 某局：2011年….
const SOFT: &str = "】]：:-–—－_";
/// Letters before a report's name that are looked at.
const REACH: usize = 120;
/// Longest line above a title that is a part of it, in letters.
const LONGEST_LINE: usize = 40;
/// Lines above and below a title that can be a part of it.
const MOST_LINES: usize = 3;

/// What follows a report's name.
struct Tail {
    /// Where the title ends: behind 的函, or a year in brackets.
    end: usize,
    /// Whether a letter's title ends here: the report's own, which may follow, says as much.
    is_letter: bool,
    /// Whether it ends with its quotation.
    closes: bool,
    /// Whether nothing of a sentence follows.
    is_end: bool,
    years: Years,
}

/// What stands before a report's name on its line.
struct Before {
    line: Letters,
    /// Where the line begins, or as far back as is looked.
    start: usize,
    /// The year of the report.
    period: Option<Period>,
    /// Where the words begin that can belong to the title, those behind the year apart.
    cut: usize,
    /// The mark before them.
    mark: Option<char>,
    /// Where the words before the mark end.
    outside: usize,
}

impl Before {
    fn of(source: &str, end: usize) -> Self {
        let start = line_start(source, end);
        let line = Letters::of(source, start, end);
        let text = line.folded.as_str();
        let period = line.period().filter(|period| !text[period.end..].contains(is_boundary));
        let before = &text[..period.map_or(text.len(), |period| period.start)];
        let cut = after_last(before, |c| is_boundary(c) || DASHES.contains(c));
        let mark = before[..cut].chars().next_back();
        let unmarked = &before[..cut - mark.map_or(0, char::len_utf8)];
        let outside = unmarked.trim_end_matches(is_boundary).len();
        Self { line, start, period, cut, mark, outside }
    }

    /// The words before the mark.
    fn outside(&self) -> &str {
        &self.line.folded[..self.outside]
    }

    /// The last of them, back to another mark.
    fn cited(&self) -> &str {
        &self.outside()[after_last(self.outside(), is_boundary)..]
    }

    /// The words before the year, or before the report's name.
    fn words(&self) -> &str {
        &self.line.folded[self.cut..self.words_end()]
    }

    fn words_end(&self) -> usize {
        self.period.map_or(self.line.folded.len(), |period| period.start)
    }

    fn is_quoted(&self) -> bool {
        self.mark.is_some_and(|c| "《〈“".contains(c))
    }

    /// Whether the title is quoted within a sentence.
    fn is_inner(&self) -> bool {
        self.is_quoted() && self.outside > 0
    }

    /// Whether nothing but marks stands before the title on its line.
    fn begins_line(&self, source: &str) -> bool {
        let is_start = self.start == 0 || source[..self.start].ends_with(['\n', '\r', '\u{C}']);
        self.outside == 0 && !self.is_quoted() && is_start
    }

    /// Whether the report is one of this document: not linked to, and quoted only where it is published.
    fn is_own(&self) -> bool {
        heads().link.at_end(self.outside()).is_none()
            && (!self.is_inner() || publishes(self.cited()))
    }
}

/// Looks at one place where the report is named; none where another is spoken of, or reports in general.
pub(super) fn mention(source: &str, report: Span) -> Option<Mention> {
    let tail = tail(source, report.end as usize)?;
    let mut start = report.start as usize;
    // 某县人民政府信息公开年度报告: the two names share 政府
    let shared = "政府";
    if source[..start].ends_with("人民") && source[start..].starts_with(shared) {
        start += shared.len();
    }
    let before = Before::of(source, start);
    if !before.is_own() || tail.closes != before.is_quoted() {
        return None;
    }
    let mut years = before.period.map_or(tail.years, |period| period.years);
    let mut found = find(source, &before, &mut years);
    if matches!(found.name, Name::None) && tail.is_end {
        found.name = below(source, tail.end).unwrap_or_default();
    }
    let name = match found.name {
        Name::Printed(name, at) => printed(source, at, &name).map(|name| (name, at)),
        Name::None | Name::Myself => None,
    };
    let is_sentence = found.is_published || matches!(before.mark, Some('，' | ','));
    let is_line = !is_sentence && !before.is_inner();
    let year_at = before.period.and_then(|period| before.line.source(period.start));
    let name_at = name.as_ref().map(|(_, at)| *at).filter(|_| !is_line);
    let words_at = found.first.filter(|_| is_line);
    let first = [name_at, words_at, year_at, Some(start)].into_iter().flatten().min()?;
    let has_title = name.is_some() || (is_line && tail.is_end);
    let points = 4 * i32::from(years != Years::Unsaid)
        + 3 * i32::from(name.is_some())
        + 4 * i32::from(is_line)
        + 2 * i32::from(tail.is_end)
        + i32::from(before.outside == 0)
        - i32::from(tail.is_letter);
    Some(Mention {
        span: Span::new(first as u32, tail.end as u32),
        title: has_title.then(|| compact(&source[first..tail.end])),
        name: name.map(|(name, _)| name),
        years,
        points,
    })
}

/// Whose report it is: behind the year, before it, or on the lines above. They can name the year too.
fn find(source: &str, before: &Before, years: &mut Years) -> Found {
    let (line, words) = (&before.line, before.words());
    let mut found = Found::default();
    if let Some(period) = before.period {
        found.own(&line.tokens(period.end, line.folded.len()));
    }
    let own = line.tokens(before.cut, before.words_end());
    if !matches!(found.name, Name::None) {
        if heads().inside.at_end(words).is_some() {
            // 某办公室关于印发2021年某县…: the title begins with who sends it
            let mut sender = Found::default();
            sender.own(&own);
            found.first = sender.first.or(found.first);
        }
        return found;
    }
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let above =
        if before.begins_line(source) { lines_above(source, before.start) } else { Vec::new() };
    for line in above.iter().rev() {
        let end = line.folded.len();
        let period = line.period().filter(|p| p.start == 0 || p.end == end);
        if let (Years::Unsaid, Some(period)) = (&years, period) {
            *years = period.years;
        }
        let (from, to) =
            period.map_or((0, end), |p| if p.start == 0 { (p.end, end) } else { (0, p.start) });
        tokens.extend(line.whole(from, to));
    }
    let is_bare = matches!(phrase(words), Phrase::Empty(_));
    if is_bare && before.mark.is_some_and(|c| SOFT.contains(c)) {
        tokens.extend(line.tokens(before.outside - before.cited().len(), before.outside));
    }
    tokens.extend(own);
    found.own(&tokens);
    found
}

/// Whose report it is, while it is looked for.
#[derive(Default)]
enum Name {
    #[default]
    None,
    /// Letters as folded, and where they begin in the source.
    Printed(String, usize),
    /// 我局: whoever signs.
    Myself,
}

#[derive(Default)]
struct Found {
    /// Where the first word of the title begins.
    first: Option<usize>,
    name: Name,
    /// Whether words that publish stand beside it.
    is_published: bool,
}

impl Found {
    /// The name at the end of these words, as long as it can be.
    fn own(&mut self, tokens: &[Token<'_>]) {
        const LONGEST: usize = 60;
        let mut joined = String::new();
        for (at, token) in tokens.iter().enumerate().rev() {
            let next_is_name = matches!(self.name, Name::Printed(..));
            if next_is_name && is_page(token.folded) {
                return;
            }
            joined.insert_str(0, token.folded);
            if joined.chars().count() > LONGEST {
                return;
            }
            match phrase(&joined) {
                Phrase::Empty(is_published) => {
                    self.first = token.source();
                    self.is_published |= is_published;
                }
                Phrase::Myself if !next_is_name => {
                    self.name = Name::Myself;
                    return;
                }
                Phrase::Name(range, is_published) => {
                    let longer = &joined[range.clone()];
                    let is_better = match &self.name {
                        Name::Printed(shorter, ..) => {
                            let has_place = begins_with_place(shorter);
                            if has_place
                                && !is_place(token.folded)
                                && token.folded.chars().count() > 1
                            {
                                return;
                            }
                            let extends = begins_with_place(longer) && longer.len() > shorter.len();
                            if extends && !goes_on(token.folded, shorter) {
                                if !is_whole(token.folded) {
                                    // two names, and no telling whether they are one
                                    self.name = Name::None;
                                }
                                return;
                            }
                            extends
                        }
                        Name::None | Name::Myself => true,
                    };
                    if is_better && let Some(start) = source_of(&tokens[at..], range.start) {
                        self.name = Name::Printed(longer.to_owned(), start);
                        self.first = token.source();
                        self.is_published |= is_published;
                    }
                }
                Phrase::Myself | Phrase::Other => {}
            }
        }
    }
}

fn is_boundary(c: char) -> bool {
    BOUNDARY.contains(c)
}

/// One past the last letter of a kind.
fn after_last(text: &str, is_end: impl Fn(char) -> bool) -> usize {
    text.char_indices().rev().find(|(_, c)| is_end(*c)).map_or(0, |(at, c)| at + c.len_utf8())
}

/// Whether words before a quoted title publish it, and do not only cite it.
fn publishes(text: &str) -> bool {
    let words = heads();
    words.inside.at_end(text).or_else(|| words.start.at_end(text)).is_some()
        || (words.end.at_end(text).is_some() && !text.ends_with('的'))
}

/// A word of a site's navigation: no part of a name goes over it.
fn is_page(token: &str) -> bool {
    let words = heads();
    words.never.is_within(token)
        || token
            .match_indices("公开")
            .any(|(at, word)| words.opened.at_start(&token[at + word.len()..]).is_none())
}

/// Where the line before a place begins, or as far back as is looked.
fn line_start(source: &str, at: usize) -> usize {
    let mut start = at;
    for (back, c) in source[..at].char_indices().rev().take(REACH) {
        if matches!(c, '\n' | '\r' | '\u{C}') {
            break;
        }
        start = back;
    }
    start
}

/// The lines above a title that can be parts of it, the nearest first.
fn lines_above(source: &str, line_start: usize) -> Vec<Letters> {
    let mut found = Vec::new();
    let lines = source[..line_start].rsplit(['\n', '\r', '\u{C}']).skip(1);
    let mut end = line_start.saturating_sub(1);
    for line in lines.take(3 * MOST_LINES) {
        let start = end - line.len();
        if !line.trim().is_empty() {
            let Some(letters) = short_line(source, start, end) else { break };
            found.push(letters);
            if found.len() == MOST_LINES {
                break;
            }
        }
        end = start.saturating_sub(1);
    }
    found
}

/// A line that is no sentence.
fn short_line(source: &str, start: usize, end: usize) -> Option<Letters> {
    // a heading's line is never long: no need to fold one that is
    if end - start > 4 * LONGEST_LINE {
        return None;
    }
    let letters = Letters::of(source, start, end);
    let is_short = (1..=LONGEST_LINE).contains(&letters.places.len());
    (is_short && !letters.folded.contains(|c| is_boundary(c) || c == '、')).then_some(letters)
}

/// The body that stands below a title: 某县人民政府 under 政府信息公开工作年度报告（2022年）.
fn below(source: &str, end: usize) -> Option<Name> {
    let mut start = end;
    let mut seen = 0;
    for line in source[end..].split_inclusive(['\n', '\r', '\u{C}']).take(3 * MOST_LINES) {
        let stop = start + line.len();
        if start > end && !line.trim().is_empty() {
            let letters = short_line(source, start, stop)?;
            let is_own = begins_with_place(&letters.folded);
            if is_own && let Phrase::Name(name, false) = phrase(&letters.folded) {
                let at = letters.source(name.start)?;
                return Some(Name::Printed(letters.folded[name].to_owned(), at));
            }
            seen += 1;
        }
        if seen == MOST_LINES {
            break;
        }
        start = stop;
    }
    None
}

fn tail(source: &str, end: usize) -> Option<Tail> {
    const LONGEST: usize = 24;
    let rest = &source[end..];
    let stop = rest.char_indices().nth(2 * LONGEST).map_or(rest.len(), |(at, _)| at);
    let line = rest[..stop].find(['\n', '\r', '|', '\u{C}']).unwrap_or(stop);
    let letters = Letters::of(source, end, end + line);
    let text = letters.folded.as_str();
    let words = heads();
    if words.general.at_start(text).is_some() {
        return None;
    }
    let letter = words.letter.at_start(text);
    let mut at = letter.unwrap_or_default();
    let mut years = Years::Unsaid;
    let year = |text: &str| {
        let open = text.strip_prefix(['（', '(', '【', '[']);
        let (after, years) = period::period(open.unwrap_or(text)).ok()?;
        let close = after.strip_prefix(['）', ')', '】', ']']);
        let after = if open.is_some() { close? } else { after };
        let is_whole = open.is_some() || after.is_empty() && text.contains('年');
        is_whole.then_some((text.len() - after.len(), years))
    };
    if let Some((length, found)) = year(&text[at..]) {
        at += length;
        years = found;
    } else if text.is_empty() {
        // on a line of its own
        let next = rest[line..].trim_start();
        let next = next.split(['\n', '\r', '|', '\u{C}']).next().unwrap_or_default();
        let next: String = next.chars().take(LONGEST).map(|c| fold::table().fold(c)).collect();
        let next = compact(&next);
        years =
            year(&next).filter(|(length, _)| *length == next.len()).map_or(years, |found| found.1);
    }
    let behind_blank = letters.places.iter().any(|(folded, _, blank)| *folded == at && *blank);
    let next = text[at..].chars().next();
    let last = letters.places.iter().rev().find(|(folded, ..)| *folded < at);
    let last = last.and_then(|(_, source_at, _)| {
        source[*source_at..].chars().next().map(|c| source_at + c.len_utf8())
    });
    Some(Tail {
        end: last.unwrap_or(end),
        is_letter: letter.is_some(),
        closes: next.is_some_and(|c| "》〉”".contains(c)),
        is_end: at > 0 && next.is_none_or(|c| !"，,。".contains(c))
            || behind_blank
            || next.is_none_or(|c| "（(】]》〉”-–—_<>".contains(c)),
        years,
    })
}
