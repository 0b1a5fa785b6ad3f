//! A stretch of text without borders → pieces and words.
//!
//! What stands between blanks is judged as a whole by the number grammar. Where labels and numbers are glued, a chunk is
//! cut where digits end and letters begin; a number that letters follow is marked so, because it may go on in them.

use super::evidence::{Extent, Piece, Ruler};
use crate::fold::{self, Class};
use crate::number::{self, Money, Printed, Symbols, Unit};
use crate::span::Span;

/// A thing in a stretch of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Something that may be a cell.
    Piece(Piece),
    /// Letters.
    Word(Span),
    /// The end of a line.
    Newline,
}

impl Token {
    pub(super) fn span(&self) -> Span {
        match self {
            Self::Piece(piece) => piece.span,
            Self::Word(span) => *span,
            Self::Newline => Span::default(),
        }
    }
}

/// What a stretch of text holds; its buffers are reused.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    /// In reading order.
    pub(super) tokens: Vec<Token>,
    /// A unit stated in brackets, before any number.
    pub(super) stated: Option<Money>,
    /// Brackets with digits in them that were passed over as a note, where no number stands before it.
    pub(super) noted: Option<Span>,
    symbols: Symbols,
    /// Whether what is read now stands directly behind a label.
    glued: bool,
    /// Whether a pipe here is no border but something printed, a digit misread: `|2`.
    pub(super) stray_pipes: bool,
}

/// A piece with no place but that on its line.
pub(super) fn piece(printed: Printed, span: Span) -> Piece {
    let extent = Extent { ruler: Ruler::Line, from: span.start, to: span.end };
    Piece { printed, span, extent, wrapped: false, followed: false }
}

/// Most letters before or behind a number that say something of it.
pub(super) const SHORT_WORD: usize = 2;
/// Longest note in brackets, in characters.
const LONGEST_NOTE: usize = 120;

impl Stretch {
    /// Reads from `span`, which begins behind a label or at a border.
    pub(super) fn read(&mut self, source: &str, span: Span) {
        self.tokens.clear();
        self.stated = None;
        self.noted = None;
        self.add(source, span);
    }

    /// Reads on.
    pub(super) fn add(&mut self, source: &str, span: Span) {
        let table = fold::table();
        let text = &source[..span.end as usize];
        let mut at = span.start as usize;
        let mut begins = true;
        while let Some(c) = text[at..].chars().next() {
            match table.class(c) {
                Class::Pipe if self.stray_pipes => {
                    let end = chunk_end(text, at + c.len_utf8());
                    let span = Span::new(at as u32, end as u32);
                    self.tokens.push(Token::Piece(piece(Printed::NotANumber, span)));
                    at = end;
                    begins = false;
                }
                Class::Newline | Class::Page => {
                    at = self.line_end(text, at + c.len_utf8());
                    begins = false;
                }
                Class::Space | Class::WideSpace | Class::Tab | Class::Pipe => {
                    at += c.len_utf8();
                    begins = false;
                }
                Class::Mark | Class::Close if begins && closes_label(c) => at += c.len_utf8(),
                Class::Letter if begins => {
                    at = self.word(text, at);
                    begins = false;
                }
                Class::Open => at = self.bracket(text, at),
                _ => {
                    self.glued = begins;
                    at = self.chunk(text, at);
                    begins = false;
                }
            }
        }
    }

    /// A line end; a Markdown rule line (`|---|---|`) after it is passed over with it.
    fn line_end(&mut self, text: &str, at: usize) -> usize {
        if self.tokens.last() != Some(&Token::Newline) {
            self.tokens.push(Token::Newline);
        }
        at + rule_line(&text.as_bytes()[at..])
    }

    fn last_is_piece(&self) -> bool {
        matches!(self.tokens.last(), Some(Token::Piece(_)))
    }

    /// `（其中修订 16 件）`: a note, not a cell. `（元）` states a unit. A bracket that does not close is nothing.
    fn bracket(&mut self, text: &str, at: usize) -> usize {
        let open = text[at..].chars().next().map_or(1, char::len_utf8);
        let Some(end) = closes(text, at) else {
            let line = &text[at..];
            let line = &line[..line.find('\n').unwrap_or(line.len())];
            // `（元   370200`: a label wrapped behind its numbers, which closes in the next line
            let word = line[open..].split(ends_chunk).next().unwrap_or("");
            if let (false, Some(stated)) = (self.last_is_piece(), number::in_brackets(word)) {
                self.stated = self.stated.or(Some(stated));
                return at + open + word.len();
            }
            // a long note that goes on behind a label in it; else a label wrapped around its numbers
            let is_note = line.len() == text.len() - at
                && !line.chars().any(number_like)
                && line.len() > open;
            return if is_note { text.len() } else { at + open };
        };
        let close = text[..end].chars().next_back().map_or(1, char::len_utf8);
        let inside = &text[at + open..end - close];
        if !self.last_is_piece() && inside.chars().all(|c| "一二三四五六七八九十".contains(c))
        {
            // （七）: the ordinal of a label that goes on elsewhere
            self.tokens.push(Token::Word(Span::new(at as u32, end as u32)));
            return end;
        }
        let letters = inside.chars().any(|c| fold::table().class(c) == Class::Letter);
        if !letters && inside.chars().any(number_like) {
            // （12）: no note, and no number
            let span = Span::new(at as u32, end as u32);
            self.tokens.push(Token::Piece(piece(Printed::NotANumber, span)));
            return end;
        }
        if self.stated.is_none() && !self.last_is_piece() {
            self.stated = number::in_brackets(inside);
        }
        if !self.tokens.iter().any(|t| matches!(t, Token::Piece(_)))
            && inside.chars().any(number_like)
        {
            self.noted.get_or_insert(Span::new(at as u32, end as u32));
        }
        end
    }

    /// Letters, and the digits that follow them without a gap.
    fn word(&mut self, text: &str, start: usize) -> usize {
        let table = fold::table();
        let letters = text[start..]
            .find(|c| table.class(c) != Class::Letter)
            .map_or(text.len(), |l| start + l);
        // directly behind a label: its rest, and what follows is the row's; a short word (约, 第, 共) is the number's own
        let is_rest = self.tokens.is_empty() && text[start..letters].chars().count() > SHORT_WORD;
        let goes_on = text[letters..].starts_with(|c| !ends_chunk(c)) && !is_rest;
        let end = if goes_on { chunk_end(text, letters) } else { letters };
        self.tokens.push(Token::Word(Span::new(start as u32, end as u32)));
        end
    }

    fn chunk(&mut self, text: &str, start: usize) -> usize {
        let bytes = text.as_bytes();
        // the usual cell: a few digits and a blank
        let digits = bytes[start..].iter().take_while(|b| b.is_ascii_digit()).count();
        let after = bytes.get(start + digits);
        if digits > 0 && after.is_none_or(|b| matches!(b, b'\n' | b'\r')) {
            let end = start + digits;
            let end = end + unit_below(&text[start..end], &text[end..]);
            self.push(text, start, end, false);
            return end;
        }
        let mut end = chunk_end(text, start);
        // a word for a sign that stands apart: a cell of its own, or the next number's
        if matches!(&text[start..end], "增" | "减" | "增加" | "减少") {
            self.push(text, start, end, false);
            return end;
        }
        end += dash_number_dash(&text[start..end], &text[end..]);
        // a unit that stands apart belongs to the number before it; a sign may be another cell
        if let Some(more) = on_line(text, end, |c| fold::table().class(c) == Class::Letter)
            && number::cell(&text[start..end]).0.number().is_some_and(|n| n.unit.is_none())
        {
            let unit_end = chunk_end(text, more);
            if is_unit(&text[more..unit_end]) {
                end = unit_end;
            }
        } else {
            end += unit_below(&text[start..end], &text[end..]);
        }
        end += torn(&text[start..end], &text[end..]);
        let (printed, _) = number::cell(&text[start..end]);
        if printed != Printed::NotANumber {
            self.push(text, start, end, false);
            return end;
        }
        self.composite(text, start, end)
    }

    /// A chunk that is no number as a whole.
    fn composite(&mut self, text: &str, start: usize, end: usize) -> usize {
        let table = fold::table();
        let chunk = &text[start..end];
        let class = |c: char| table.class(c);
        // `5.要求确认`: a label with its ordinal
        let is_label = number::begins_with(chunk)
            && chunk
                .chars()
                .skip_while(|c| class(*c) == Class::Digit)
                .find(|c| class(*c) != Class::Mark)
                .is_some_and(|c| class(c) == Class::Letter);
        if is_label || chunk.starts_with(|c| class(c) == Class::Letter && !matches!(c, '无' | '無'))
        {
            self.tokens.push(Token::Word(Span::new(start as u32, end as u32)));
            return end;
        }
        if !chunk.chars().any(|c| matches!(class(c), Class::Letter | Class::Digit)) {
            // a bullet, a stop, emphasis; behind other text `###` is a number that its column is too narrow for
            let begins_line = || {
                let before = text[..start].trim_end_matches([' ', '\u{3000}']);
                before.is_empty() || before.ends_with('\n')
            };
            let is_narrow = chunk.len() > 1 && chunk.bytes().all(|b| b == b'#') && !begins_line();
            if is_narrow
                || !chunk.chars().all(|c| {
                    matches!(
                        c,
                        '。' | '；'
                            | ';'
                            | '：'
                            | ':'
                            | '、'
                            | '，'
                            | '”'
                            | '“'
                            | '"'
                            | '●'
                            | '■'
                            | '#'
                            | '>'
                    )
                })
            {
                self.push(text, start, end, false);
            }
            return end;
        }
        self.symbols.clear();
        if number::symbols(chunk, start as u32, &mut self.symbols) {
            self.push(text, start, end, false);
            return end;
        }
        // digits, then letters: glued, or a number with words
        let letters = chunk
            .find(|c| class(c) == Class::Letter && !matches!(c, '无' | '無'))
            .map_or(end, |at| start + at);
        let run = &text[start..letters];
        self.symbols.clear();
        if letters == start
            || letters == end
            || !number::symbols(run, start as u32, &mut self.symbols)
        {
            self.push(text, start, end, false);
            return end;
        }
        let year = text[letters..].starts_with('年')
            && run.len() >= 4
            && run.is_char_boundary(run.len() - 4);
        if year && number::year::year(&run[run.len() - 4..]).is_ok() {
            // `00000002024年`: what follows the row
            if run.len() > 4 {
                self.push(text, start, letters - 4, false);
            }
            self.tokens.push(Token::Word(Span::new(letters as u32 - 4, end as u32)));
            return end;
        }
        // only where labels and numbers are glued does a number end where letters begin, and it may go on in them
        if !self.glued {
            self.push(text, start, end, false);
            return end;
        }
        self.push(text, start, letters, true);
        self.tokens.push(Token::Word(Span::new(letters as u32, end as u32)));
        end
    }

    fn push(&mut self, text: &str, start: usize, end: usize, followed: bool) {
        let (printed, range) = number::cell(&text[start..end]);
        let span = Span::new((start + range.start) as u32, (start + range.end) as u32);
        self.tokens.push(Token::Piece(Piece { followed, ..piece(printed, span) }));
    }
}

/// Bytes of a Markdown rule line at the start of a text.
pub(super) fn rule_line(rest: &[u8]) -> usize {
    let lead = rest.iter().take_while(|b| **b == b' ').count();
    if !matches!(rest.get(lead), Some(b'|' | b'-' | b':')) {
        return 0;
    }
    let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
    let rule = line.iter().all(|b| matches!(b, b'|' | b'-' | b':' | b' ' | b'\t' | b'\r'));
    if rule && memchr::memmem::find(line, b"---").is_some() { line.len() } else { 0 }
}

/// `265- 3 -`: digits with a page number behind them, or marks for nothing: which, nobody says.
fn dash_number_dash(before: &str, rest: &str) -> usize {
    let is_dash = |c: char| matches!(c, '-' | '－' | '–' | '—' | '―');
    if !before.ends_with(is_dash) {
        return 0;
    }
    let digits = before.trim_end_matches(is_dash);
    let number = rest.trim_start();
    let dash = number.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
    let all = digits.ends_with(number_like)
        && number.len() < rest.len()
        && dash.len() < number.len()
        && number.starts_with(|c: char| c.is_ascii_digit())
        && dash.starts_with(is_dash)
        && !rest[..rest.len() - dash.len()].contains(['\n', '\r', '\t', '|']);
    if all { rest.len() - dash.trim_start_matches(is_dash).len() } else { 0 }
}

/// Bytes of the rest of a number that a blank tears at its point or comma: `1. 5`, `4 .5`.
fn torn(before: &str, rest: &str) -> usize {
    let is_point = |c: char| matches!(c, '.' | '．' | ',' | '，');
    // more blanks than one part cells
    let next = rest.strip_prefix([' ', '\u{3000}', '\u{a0}']).unwrap_or(rest);
    let Some(first) = next.chars().next() else { return 0 };
    let digits = before.trim_end_matches(is_point);
    let is_torn = next.len() < rest.len()
        && digits.ends_with(number_like)
        && if digits.len() < before.len() {
            number_like(first)
        } else {
            is_point(first) && next[first.len_utf8()..].starts_with(number_like)
        };
    if !is_torn {
        return 0;
    }
    // `3. 2024年`: a list's number and its text
    let end = chunk_end(next, 0);
    if next[..end].contains(|c| fold::table().class(c) == Class::Letter) {
        0
    } else {
        rest.len() - next.len() + end
    }
}

/// Bytes up to the end of the next line, when all it says is the unit of money of the number before it: `45000⏎元`.
fn unit_below(number: &str, rest: &str) -> usize {
    let Some(line) = rest.trim_start_matches([' ', '\u{3000}', '\r']).strip_prefix('\n') else {
        return 0;
    };
    // with a bracket, the label's around the number, which then is none
    let own = line[..line.find('\n').unwrap_or(line.len())].trim();
    let own = own.trim_end_matches(['）', ')']);
    let is_money = Unit::parse(own)
        .is_ok_and(|(rest, unit)| rest.is_empty() && unit.places_to_wan_yuan().is_some());
    if is_money && number::cell(number).0.number().is_some_and(|n| n.unit.is_none()) {
        own.as_ptr() as usize - rest.as_ptr() as usize + own.len()
    } else {
        0
    }
}

/// Whether a chunk is a unit and nothing else, perhaps with 余 or a note.
pub(super) fn is_unit(chunk: &str) -> bool {
    let probe = Unit::parse(chunk).map(|(rest, _)| rest);
    probe.is_ok_and(|rest| rest.is_empty() || rest.starts_with(['（', '(']))
}

/// The next character on the line behind blanks, when it is such a one.
fn on_line(text: &str, at: usize, is: impl Fn(char) -> bool) -> Option<usize> {
    let rest = &text[at..];
    let blanks = rest.len() - rest.trim_start_matches([' ', '\u{3000}', '\u{a0}']).len();
    rest[blanks..].starts_with(is).then_some(at + blanks)
}

pub(super) fn number_like(c: char) -> bool {
    fold::table().class(c) == Class::Digit
}

/// Marks that close a label: brackets, quotation marks, emphasis and stops. Any other says something of the number behind it.
fn closes_label(c: char) -> bool {
    fold::table().class(c) == Class::Close
        || matches!(
            c,
            '”' | '」'
                | '』'
                | '"'
                | '’'
                | '\''
                | '*'
                | '_'
                | '`'
                | '：'
                | ':'
                | '。'
                | '，'
                | ','
                | '、'
                | '；'
                | ';'
        )
}

/// Where the bracket that opens at a place closes, its closing mark included; on the same line, without another one.
fn closes(text: &str, at: usize) -> Option<usize> {
    let table = fold::table();
    let open = text[at..].chars().next()?.len_utf8();
    for (length, c) in text[at + open..].char_indices().take(LONGEST_NOTE) {
        match table.class(c) {
            Class::Close => return Some(at + open + length + c.len_utf8()),
            Class::Pipe | Class::Open | Class::Newline | Class::Page => return None,
            _ => {}
        }
    }
    None
}

/// Whether a chunk ends before a character: a blank that is seen, a border or a line end.
fn ends_chunk(c: char) -> bool {
    match fold::table().class(c) {
        Class::Space => !fold::is_invisible(c),
        Class::WideSpace | Class::Tab | Class::Newline | Class::Page | Class::Pipe => true,
        _ => false,
    }
}

/// Where a chunk ends: at a blank, a border or a line end; brackets that close on the line are part of it.
fn chunk_end(text: &str, start: usize) -> usize {
    let table = fold::table();
    let mut at = start;
    while let Some(c) = text[at..].chars().next() {
        match table.class(c) {
            _ if ends_chunk(c) => break,
            Class::Open => match closes(text, at) {
                Some(end) if at > start => at = end,
                _ => break,
            },
            _ => at += c.len_utf8(),
        }
    }
    at.max(start + text[start..].chars().next().map_or(0, char::len_utf8)).min(text.len())
}
