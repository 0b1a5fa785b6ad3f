//! The skeleton itself: folded letters and digits, and the breaks between them.

use super::furniture;
use crate::document::Document;
use crate::fold::{self, Class};
use crate::span::{LineIndex, Span};

/// Bits of [`Break::flags`]: what stood between two runs of letters.
pub mod flag {
    /// One blank.
    pub const SPACE: u16 = 1;
    /// Two blanks or more, or a wide one: the gap of a column.
    pub const WIDE: u16 = 2;
    /// A tab.
    pub const TAB: u16 = 4;
    /// End of a line.
    pub const NEWLINE: u16 = 8;
    /// A cell border.
    pub const PIPE: u16 = 16;
    /// An opening bracket.
    pub const OPEN: u16 = 32;
    /// A closing bracket.
    pub const CLOSE: u16 = 64;
    /// Any other mark.
    pub const MARK: u16 = 128;
    /// A removed line: page number or running head.
    pub const FURNITURE: u16 = 256;
}

/// A place in the skeleton where something that is no letter and no digit was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Break {
    /// Offset in the skeleton: the first letter after the break.
    pub at: u32,
    /// Where that letter stands in the source text.
    pub source: u32,
    /// Where in the source text the letter before the break ends.
    pub before: u32,
    /// What was left out, bits of [`flag`]; zero where only the alignment changes.
    pub flags: u16,
}

/// Letters and digits of a text, folded, with the way back.
#[derive(Debug, Default)]
pub struct Skeleton {
    /// The folded letters and digits.
    pub text: String,
    /// All breaks, by place; the first stands at 0, a closing one at the end.
    pub breaks: Vec<Break>,
    /// Lines left out as furniture (page numbers), as spans of the source.
    pub furniture: Vec<Span>,
    /// Where the source's lines begin.
    pub lines: LineIndex,
}

impl Skeleton {
    /// Folds a text in one pass.
    ///
    /// ```
    /// let skeleton = nianbao::lines::Skeleton::new("（三）不予 公开\n１.属于國家秘密");
    /// assert_eq!(skeleton.text, "三不予公开1属于国家秘密");
    /// assert_eq!(skeleton.source_start(3), 9); // 不, after the brackets
    /// ```
    pub fn new(source: &str) -> Self {
        let lines = LineIndex::new(source);
        let furniture = furniture::find(source, &lines);
        Self::without(source, lines, furniture)
    }

    /// Folds a document; navigation and what else its blocks know as furniture is left out.
    pub fn of(document: &Document<'_>) -> Self {
        let Some(blocks) = &document.blocks else { return Self::new(&document.text) };
        let lines = LineIndex::new(&document.text);
        let furniture = furniture::of_blocks(&document.text, &lines, blocks);
        Self::without(&document.text, lines, furniture)
    }

    fn without(source: &str, lines: LineIndex, furniture: Vec<Span>) -> Self {
        let mut builder = Builder {
            source,
            text: String::with_capacity(source.len()),
            breaks: Vec::with_capacity(source.len() / 12 + 2),
            before: 0,
            run: 0,
            pending: 0,
            open: true,
        };
        let mut from = 0;
        for span in &furniture {
            builder.scan(from, span.start as usize);
            builder.pending |= flag::FURNITURE | flag::NEWLINE;
            builder.open = true;
            from = span.end as usize;
        }
        builder.scan(from, source.len());
        let end = source.len() as u32;
        let last = Break {
            at: builder.text.len() as u32,
            source: end,
            before: builder.before,
            flags: builder.pending | flag::NEWLINE,
        };
        builder.breaks.push(last);
        Self { text: builder.text, breaks: builder.breaks, furniture, lines }
    }

    /// Index of the last break at or before a skeleton offset.
    pub fn break_index(&self, at: u32) -> usize {
        self.breaks.partition_point(|b| b.at <= at).saturating_sub(1)
    }

    /// Where the letter at a skeleton offset begins in the source.
    pub fn source_start(&self, at: u32) -> u32 {
        let b = self.breaks[self.break_index(at)];
        b.source + (at - b.at)
    }

    /// Where the letter that ends at a skeleton offset ends in the source.
    #[cfg(test)]
    fn source_end(&self, at: u32) -> u32 {
        let next = self.breaks.partition_point(|b| b.at < at);
        match self.breaks.get(next) {
            Some(b) if b.at == at => b.before,
            _ if next == 0 => 0,
            _ => {
                let b = self.breaks[next - 1];
                b.source + (at - b.at)
            }
        }
    }

    /// The source range of a skeleton range.
    pub fn source_span(&self, start: u32, end: u32) -> Span {
        let first = self.break_index(start);
        let b = self.breaks[first];
        let from = b.source + (start - b.at);
        // a label crosses few breaks: no second search
        let crossed = self.breaks[first + 1..].iter().take_while(|next| next.at < end).count();
        let to = match self.breaks.get(first + 1 + crossed) {
            Some(next) if next.at == end => next.before,
            _ => {
                let b = self.breaks[first + crossed];
                b.source + (end - b.at)
            }
        };
        Span::new(from, to)
    }

    /// What stands directly before a skeleton offset: bits of [`flag`], zero when it is another letter.
    pub fn flags_before(&self, at: u32) -> u16 {
        let b = self.breaks[self.break_index(at)];
        if b.at == at { b.flags } else { 0 }
    }

    /// Where a source position falls in the skeleton: the first letter at or after it.
    pub fn at_source(&self, source: u32) -> u32 {
        let next = self.breaks.partition_point(|b| b.source <= source);
        if next == 0 {
            return 0;
        }
        let b = self.breaks[next - 1];
        let at = b.at + (source - b.source);
        match self.breaks.get(next) {
            Some(after) => at.min(after.at),
            None => at.min(self.text.len() as u32),
        }
    }
}

struct Builder<'s> {
    source: &'s str,
    text: String,
    breaks: Vec<Break>,
    /// Source position where the last kept letter ends.
    before: u32,
    /// Start of the run of letters that is copied unchanged.
    run: usize,
    /// Flags of what was dropped since the last kept letter.
    pending: u16,
    /// Whether the next letter begins a new run.
    open: bool,
}

impl Builder<'_> {
    fn scan(&mut self, from: usize, to: usize) {
        let table = fold::table();
        let bytes = self.source.as_bytes();
        let mut at = from;
        self.run = from;
        while at < to {
            // between the numbers of a table: a blank, a digit
            if bytes[at] == b' ' {
                if !self.open {
                    self.flush(at);
                    self.before = at as u32;
                    self.open = true;
                }
                let blanks = bytes[at..to].iter().take_while(|b| **b == b' ').count();
                let wide = blanks > 1 || self.pending & flag::SPACE != 0;
                self.pending |= flag::SPACE | if wide { flag::WIDE } else { 0 };
                at += blanks;
                self.run = at;
                continue;
            }
            if bytes[at].is_ascii_digit() {
                if self.open {
                    self.begin(at);
                }
                at += bytes[at..to].iter().take_while(|b| b.is_ascii_digit()).count();
                continue;
            }
            // by far the most frequent character is an ideograph of three bytes
            let (c, width) = match bytes[at] {
                b if b < 0x80 => (b as char, 1),
                b if b & 0xF0 == 0xE0 && at + 2 < bytes.len() => {
                    let code = (u32::from(b & 0x0F) << 12)
                        | (u32::from(bytes[at + 1] & 0x3F) << 6)
                        | u32::from(bytes[at + 2] & 0x3F);
                    (char::from_u32(code).unwrap_or('\u{FFFD}'), 3)
                }
                _ => {
                    let c = self.source[at..].chars().next().unwrap_or('\u{FFFD}');
                    (c, c.len_utf8())
                }
            };
            let class = table.class(c);
            match class {
                Class::Letter | Class::Digit => {
                    if self.open {
                        self.begin(at);
                    }
                    let folded = table.fold(c);
                    if folded != c {
                        self.flush(at);
                        self.text.push(folded);
                        self.before = (at + width) as u32;
                        self.run = at + width;
                        // another length: the alignment changes after this letter
                        if folded.len_utf8() != width {
                            self.open = true;
                        }
                    }
                    at += width;
                    if !self.open {
                        at += table.plain_run(&bytes[at..to]);
                    }
                }
                _ => {
                    if !self.open {
                        self.flush(at);
                        self.before = at as u32;
                        self.open = true;
                    }
                    if class == Class::Open
                        && let Some(end) = pinyin_note(&self.source[at + width..], self.pending)
                    {
                        at += width + end;
                        self.run = at;
                        continue;
                    }
                    self.pending |= self.flags_of(class);
                    at += width;
                    self.run = at;
                }
            }
        }
        if !self.open {
            self.flush(to);
            self.before = to as u32;
        }
        self.run = to;
    }

    fn flags_of(&self, class: Class) -> u16 {
        match class {
            Class::Space if self.pending & flag::SPACE != 0 => flag::WIDE,
            Class::Space => flag::SPACE,
            Class::WideSpace => flag::WIDE | flag::SPACE,
            Class::Tab => flag::TAB | flag::SPACE,
            Class::Newline | Class::Page => flag::NEWLINE,
            Class::Pipe => flag::PIPE,
            Class::Open => flag::OPEN,
            Class::Close => flag::CLOSE,
            Class::Letter | Class::Digit | Class::Mark => flag::MARK,
        }
    }

    /// Opens a run of letters at a source position.
    fn begin(&mut self, at: usize) {
        self.breaks.push(Break {
            at: self.text.len() as u32,
            source: at as u32,
            before: self.before,
            flags: self.pending,
        });
        self.pending = 0;
        self.open = false;
        self.run = at;
    }

    /// Copies the unchanged letters of the current run.
    fn flush(&mut self, to: usize) {
        if self.run < to {
            self.text.push_str(&self.source[self.run..to]);
        }
        self.run = to;
    }
}

/// `內(nèi)容`, `政(zheng)(zheng)府`: the length of a pinyin note after its opening bracket, or none.
fn pinyin_note(rest: &str, pending: u16) -> Option<usize> {
    if pending != 0 {
        return None;
    }
    let mut letters = 0;
    for (at, c) in rest.char_indices().take(8) {
        match c {
            'a'..='z' | 'ü' | 'à'..='ÿ' | 'ā'..='ǜ' => letters += 1,
            ')' | '）' if letters > 0 => return Some(at + c.len_utf8()),
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_every_letter_leads_back() {
        let source = "标题：政(zheng)(zheng)府信息\n１２３ 規章 |0 |\r\n（七）总计４5";
        let skeleton = Skeleton::new(source);
        assert_eq!(skeleton.text, "标题政府信息123规章0七总计45");
        for (at, c) in skeleton.text.char_indices() {
            let start = skeleton.source_start(at as u32);
            let end = skeleton.source_end((at + c.len_utf8()) as u32);
            let printed = Span::new(start, end).of(source);
            let folded: String = printed.chars().map(|c| fold::table().fold(c)).collect();
            assert_eq!(folded, c.to_string(), "at {at}");
            assert_eq!(skeleton.at_source(start), at as u32);
        }
    }

    #[test]
    fn ok_flags_tell_what_was_left_out() {
        let skeleton = Skeleton::new("规章 | 0\n1.属于");
        let flags: Vec<u16> = skeleton.breaks.iter().map(|b| b.flags).collect();
        assert_eq!(
            flags,
            [0, flag::SPACE | flag::WIDE | flag::PIPE, flag::NEWLINE, flag::MARK, flag::NEWLINE]
        );
    }

    #[test]
    fn err_an_ordinary_bracket_is_no_pinyin() {
        assert_eq!(Skeleton::new("条例(2019)和(ABC)").text, "条例2019和abc");
    }
}
