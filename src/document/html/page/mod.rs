//! Tags and text → lines, grids, containers: what a reader of the page sees, in the order of its source.

mod links;
mod tables;

use super::super::blocks::{Blocks, LinkKind, Origin};
use super::look::{Looks, Opened, Seen};
use super::names::short;
use super::skip::{Ends, Skip};
use super::style::{Attributes, Tag};
use super::tokens::{Token, Tokens};
use crate::fold::{self, Class};
use crate::span::Span;
use links::LinkLines;
use std::borrow::Cow;
use tables::Table;

/// Deepest nesting of blocks that is followed; deeper ones count for their parent.
const DEEPEST: usize = 256;
/// How many open blocks an end tag looks back for its own.
const LOOK_BACK: usize = 32;
/// Shortest container that can be the main text, in bytes.
const SHORT_CONTAINER: u32 = 200;
/// Most links that are noted.
const MOST_LINKS: usize = 1000;
/// So many lines under each other that are nothing but links are a menu.
const MENU: usize = 3;
/// Most hidden parts that are noted.
const MOST_PARTS: usize = 1000;
/// Shortest tag of a field that can hold an article, in bytes.
const LONG_FIELD: u32 = 1000;
/// Pages in frames in frames.
const DEEPEST_FRAME: usize = 3;
/// Stands in a cell for what is not known.
const UNKNOWN: &str = "\u{FFFD}";
/// Stands in a cell for a picture, which may be one of a number.
const PICTURE: char = '\u{FFFC}';

/// What was read of a page.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) blocks: Blocks,
    /// The page's own title: its `ArticleTitle`, or else its `<title>`.
    pub(super) title: String,
    /// Whether it is the former, which is nothing but the title.
    pub(super) is_article_title: bool,
    /// Bytes of text that the page does not show.
    pub(super) unshown: usize,
    /// Where hidden parts begin, and bytes of their text.
    pub(super) hidden_parts: Vec<(u32, usize)>,
    /// Scripts, templates and fields, whose text a script may show.
    pub(super) kept: Vec<Span>,
}

/// How to read a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Options {
    /// Hidden parts that are read all the same, by where they begin.
    pub(super) shown: Vec<u32>,
    /// Whether all of them are.
    pub(super) all: bool,
    /// Whether line ends outside of tables are line ends: a text with tags in it, such as Markdown with tables.
    pub(super) lines: bool,
    /// In how many frames the page stands.
    pub(super) depth: usize,
}

/// Reads a decoded page.
pub(super) fn read(source: &str, options: Options) -> Page {
    let looks = Looks::of(source);
    let says = |word: &str| memchr::memmem::find(source.as_bytes(), word.as_bytes()).is_some();
    let linked = looks.is_some() && (says("stylesheet") || says("@import"));
    let mut reader = Reader { options, looks, linked, ..Reader::default() };
    for part in shown_order(source) {
        for (token, mut span) in Tokens::new(part.of(source)) {
            span.start += part.start;
            span.end += part.start;
            match token {
                // `&amp;nbsp;`: escaped twice
                Token::Text(Cow::Owned(text)) if text.contains('&') => {
                    reader.text(&htmlize::unescape(text), span);
                }
                Token::Text(text) => reader.text(&text, span),
                Token::Start { name, attributes, self_closing } => {
                    reader.start(name, attributes, self_closing, span);
                }
                Token::End { name } => reader.end(name, span),
            }
        }
    }
    reader.finish(source.len() as u32)
}

/// The parts of a page in the order in which they are shown: the foot of a table may be written before its body.
fn shown_order(source: &str) -> Vec<Span> {
    const MOST: usize = 16;
    let bytes = source.as_bytes();
    let mut parts = Vec::new();
    let mut from = 0;
    for foot in memchr::memmem::find_iter(bytes, b"<tfoot").take(MOST) {
        let rest = &source[foot..];
        let ends = rest.find("</tfoot>").map(|at| foot + at + "</tfoot>".len());
        let table = rest.find("</table>").map(|at| foot + at);
        if let (Some(end), Some(table)) = (ends, table)
            && from <= foot
            && end < table
            && !source[foot..table].contains("<table")
        {
            let cuts = [(from, foot), (end, table), (foot, end)];
            parts.extend(cuts.map(|(start, end)| Span::new(start as u32, end as u32)));
            from = table;
        }
    }
    parts.push(Span::new(from as u32, source.len() as u32));
    parts
}

/// A list of which one is chosen.
#[derive(Debug, Default)]
struct Select {
    /// The first one, until another says that it is chosen.
    shown: String,
    options: usize,
    /// Whether the text that follows is the shown one's.
    open: bool,
}

#[derive(Debug)]
struct Open {
    tag: Tag,
    start: u32,
    /// How many tables were open.
    tables: usize,
    furniture: bool,
}

#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about what was read last")]
struct Reader<'s> {
    options: Options,
    page: Page,
    tables: Vec<Table>,
    open: Vec<Open>,
    /// Blocks open beyond [`DEEPEST`].
    too_deep: usize,
    skip: Option<Skip>,
    /// Where the element began whose text is passed over, where its start tag ended, and what was unshown before it.
    skipped: (Span, usize),
    /// What the last start tag says.
    attributes: Attributes,
    /// How the open elements look, where that matters.
    looks: Option<Looks<'s>>,
    /// Whether the page has style sheets that are not in it.
    linked: bool,
    /// Open marks above or below the line, and whether the bracket of the outermost is written.
    raised: u32,
    /// Whether the open link is the mark of a note.
    note_link: bool,
    /// Whether the script that is passed over writes into the page.
    writes: bool,
    bracket: bool,
    select: Option<Select>,
    /// Blanks since the last character: none, some, or some with a line end among them.
    blanks: Blanks,
    /// Inside `<pre>`.
    pre: u32,
    /// Whether a cell has a part that is folded behind its summary.
    folded: bool,
    in_title: bool,
    /// Whether the open link is one of a document.
    link_text: bool,
    links: LinkLines,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Blanks {
    #[default]
    None,
    Some,
    LineEnd,
    /// What follows stands on a line of its own.
    Apart,
}

fn is_digit(c: char) -> bool {
    fold::table().class(c) == Class::Digit
}

impl<'s> Reader<'s> {
    fn start(&mut self, name: &str, attributes: &'s str, self_closing: bool, at: Span) {
        let name = short(name);
        let tag = Tag::of(&name);
        if let Some(skip) = &mut self.skip {
            if skip.goes_on(tag, name, self_closing) {
                return;
            }
            self.end_skip(at.start);
        }
        self.attributes.read((tag, name), attributes);
        if self.select.is_some() {
            match tag {
                Tag::Option => return self.option(),
                Tag::Cell | Tag::Row | Tag::RowGroup | Tag::Table => self.close_select(at),
                _ => return,
            }
        }
        let mut opened = Opened::default();
        if let Some(looks) = &self.looks
            && (tag.has_content() || matches!(tag, Tag::Picture | Tag::Drawing | Tag::Input))
        {
            let stay = looks.stay(tag, name);
            self.close_elements(stay, at);
            let holds = tag.has_content() && !self_closing && name != short("hr");
            let whole = matches!(tag, Tag::Division | Tag::Container)
                && (self.options.all || !self.options.shown.is_empty() || !self.in_cell());
            let in_cell = self.in_cell();
            if let Some(looks) = &mut self.looks {
                let in_cell = in_cell || tag == Tag::Cell;
                opened = looks.open((tag, name, attributes), at, holds, (in_cell, whole));
            }
        } else if let Some(looks) = &mut self.looks {
            looks.pass(name, attributes);
        }
        if self.in_cell() {
            opened.hidden |= self.attributes.closed;
        }
        let reversed = self.attributes.reversed || tag == Tag::Formula;
        // a field outside of tables is a search box or a comment to be written
        let is_field = matches!(tag, Tag::Area | Tag::Select | Tag::Button) && !self.in_cell();
        let hidden = opened.hidden
            && !self.options.all
            && self.options.shown.binary_search(&at.start).is_err();
        if hidden || is_field || tag.is_skipped() {
            if tag == Tag::Drawing && !hidden {
                self.picture();
            }
            if tag.has_content() || (tag.is_skipped() && !self_closing) {
                self.skip = Some(Skip::new(tag, name));
                self.skipped = (at, self.page.unshown);
            }
            return;
        }
        opened.apart |= tag == Tag::Button;
        if opened.apart && self.in_cell() {
            self.block_break();
        }
        match tag {
            Tag::Inline
            | Tag::Void
            | Tag::Skipped
            | Tag::Script
            | Tag::Drawing
            | Tag::Option
            | Tag::Formula
            | Tag::Button
            | Tag::Area => {}
            Tag::Br => self.line_break(),
            Tag::Input => {
                let value = self.attributes.filled_in().unwrap_or("").to_owned();
                self.text(&value, at);
                if self.attributes.pictured {
                    self.picture();
                }
                if at.end - at.start >= LONG_FIELD {
                    self.page.kept.push(at);
                }
            }
            Tag::Select => {
                if self.attributes.listed {
                    self.text(UNKNOWN, at);
                }
                self.select = Some(Select::default());
            }
            Tag::Raised => self.raised += 1,
            Tag::Title => self.in_title = true,
            Tag::Meta => {
                if let Some(title) = self.attributes.article_title() {
                    self.page.title = title.to_owned();
                    self.page.is_article_title = true;
                }
            }
            Tag::Table => self.open_table(),
            Tag::Row => self.open_row(),
            Tag::Cell => self.open_cell(),
            Tag::RowGroup => self.close_row(),
            Tag::Link => {
                self.links.inside = true;
                self.links.count += 1;
                let url = std::mem::take(&mut self.attributes.url);
                // 57<a href="#n1">1</a>: to a note on this page
                if url.len() > 1
                    && url.starts_with('#')
                    && self.in_cell()
                    && self.page.blocks.text.ends_with(is_digit)
                {
                    self.note_link = true;
                    self.raised += 1;
                }
                if LinkKind::is_document(&url) {
                    self.link_text = self.link(LinkKind::Attachment, url);
                }
            }
            Tag::Picture | Tag::Frame => {
                self.shown_from_elsewhere(tag, at);
                // what stands in one is for browsers that have none
                if self.in_cell() && name == short("iframe") && !self_closing {
                    self.skip = Some(Skip::new(Tag::Skipped, name));
                    self.skipped = (at, self.page.unshown);
                }
            }
            Tag::Block | Tag::Container | Tag::Division | Tag::Navigation | Tag::Preformatted => {
                self.block_break();
                self.pre += u32::from(tag == Tag::Preformatted);
                self.folded |= self.attributes.folded && self.in_cell();
                if tag != Tag::Block && !self_closing {
                    self.open_block(tag);
                }
            }
        }
        if opened.raised {
            self.raised += 1;
        }
        if self.in_cell() {
            if reversed {
                self.text(UNKNOWN, at);
            }
            if opened.picture {
                self.attributes.alt.clear();
                self.picture();
            }
            self.generated(&opened.before, at);
        }
    }

    /// A picture, or a page in a frame.
    fn shown_from_elsewhere(&mut self, tag: Tag, at: Span) {
        let url = std::mem::take(&mut self.attributes.url);
        let page = std::mem::take(&mut self.attributes.page);
        if !page.is_empty() && self.options.depth < DEEPEST_FRAME {
            let options = Options { depth: self.options.depth + 1, ..Options::default() };
            self.block_break();
            let inner = read(&page, options).blocks;
            if let Some(table) = self.tables.last_mut() {
                table.layout |= !inner.grids.is_empty();
            }
            self.page.blocks.append(inner, Some(at));
            return;
        }
        if url.is_empty() {
            // the words in its place
            if tag == Tag::Picture && !self.attributes.alt.is_empty() {
                self.picture();
            }
            return;
        }
        if self.attributes.pictured {
            self.picture();
        }
        let kind = if tag == Tag::Picture { LinkKind::Picture } else { LinkKind::Frame };
        if cfg!(feature = "ocr")
            && kind == LinkKind::Picture
            && self.page.blocks.pictures.len() < MOST_LINKS
        {
            self.page.blocks.pictures.push((self.page.blocks.at(), url.clone()));
        }
        self.link(kind, url);
    }

    /// Notes a picture in a cell.
    fn picture(&mut self) {
        if let Some(table) = self.tables.last_mut()
            && table.cell.is_some()
        {
            let alt = self.attributes.alt.trim();
            table.picture.get_or_insert_default().push_str(alt);
        }
    }

    /// Ends the element whose text was passed over.
    fn end_skip(&mut self, end: u32) {
        let Some(skip) = self.skip.take() else { return };
        let (tag, before) = self.skipped;
        if matches!(skip.tag, Tag::Script | Tag::Area) && tag.end < end {
            self.page.kept.push(Span::new(tag.end, end));
            // what it writes stands there, and only a browser knows it
            if std::mem::take(&mut self.writes) && self.in_cell() {
                self.text(UNKNOWN, tag);
            }
        } else if self.page.unshown > before && self.page.hidden_parts.len() < MOST_PARTS {
            self.page.hidden_parts.push((tag.start, self.page.unshown - before));
        }
    }

    /// Closes elements until so many are open.
    fn close_elements(&mut self, stay: usize, at: Span) {
        while let Some(closed) = self.looks.as_mut().and_then(|looks| looks.close(stay)) {
            if closed.raised {
                self.lower(at);
            }
            if self.in_cell() {
                self.generated(&closed.after, at);
                if closed.apart {
                    self.apart();
                }
            }
        }
    }

    fn option(&mut self) {
        if let Some(select) = &mut self.select {
            select.options += 1;
            select.open = select.options == 1 || self.attributes.selected;
            if self.attributes.selected {
                select.shown.clear();
            }
            let label = std::mem::take(&mut self.attributes.label);
            if select.open && !label.is_empty() {
                select.shown.push_str(&label);
                select.open = false;
            }
        }
    }

    /// Of a list the one is shown that is chosen.
    fn close_select(&mut self, at: Span) {
        if let Some(select) = self.select.take() {
            self.text(&select.shown, at);
        }
    }

    fn end(&mut self, name: &str, at: Span) {
        let name = short(name);
        let tag = Tag::of(&name);
        if let Some(skip) = &mut self.skip {
            match skip.ends(tag, name) {
                Ends::Here => return self.end_skip(at.start),
                Ends::Outside => self.end_skip(at.start),
                Ends::No => return,
            }
        }
        if let Some(select) = &mut self.select {
            match tag {
                Tag::Select | Tag::Cell | Tag::Row | Tag::RowGroup | Tag::Table => {
                    self.close_select(at);
                }
                _ => {
                    select.open &= tag != Tag::Option;
                    return;
                }
            }
        }
        if let Some(looks) = &self.looks {
            let stay = looks.stay_at_end(tag, name);
            self.close_elements(stay, at);
        }
        match tag {
            Tag::Title => self.in_title = false,
            Tag::Link => {
                self.links.inside = false;
                if std::mem::take(&mut self.note_link) {
                    self.lower(at);
                }
                if std::mem::take(&mut self.link_text)
                    && let Some(link) = self.page.blocks.links.last_mut()
                {
                    let text = self.page.blocks.text.get(link.at as usize..).unwrap_or("");
                    link.text = text.split_whitespace().collect();
                }
            }
            Tag::Raised => self.lower(at),
            Tag::Button => self.apart(),
            Tag::Block if name == short("summary") && std::mem::take(&mut self.folded) => {
                self.block_break();
                self.skip = Some(Skip::new(Tag::Division, short("details")));
                self.skipped = (at, self.page.unshown);
            }
            Tag::Table => self.close_table(),
            Tag::Row | Tag::RowGroup => self.close_row(),
            Tag::Cell => self.close_cell(),
            Tag::Block => self.block_break(),
            Tag::Container | Tag::Division | Tag::Navigation | Tag::Preformatted => {
                self.block_break();
                self.pre = self.pre.saturating_sub(u32::from(tag == Tag::Preformatted));
                self.close_block(tag);
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, at: Span) {
        if text.is_empty() {
            return;
        }
        if let Some(skip) = &self.skip {
            if skip.tag.has_content() && !matches!(skip.tag, Tag::Area | Tag::Select) {
                self.page.unshown += text.trim_ascii().len();
            } else if skip.tag == Tag::Script && self.in_cell() {
                self.writes |= text.contains("document.write");
            } else if skip.strikes() {
                self.struck(text);
            }
            return;
        }
        if let Some(select) = &mut self.select {
            if select.open {
                select.shown.push_str(text);
            }
            return;
        }
        if self.in_title {
            if !self.page.is_article_title {
                self.page.title.push_str(text.trim());
            }
            return;
        }
        match self.looks.as_ref().map_or(Seen::Yes, Looks::seen) {
            Seen::Yes => {}
            Seen::Doubtful => {
                if self.in_cell() && !text.trim().is_empty() {
                    self.plain(UNKNOWN, at);
                }
            }
            Seen::Perhaps if self.linked && !self.in_cell() => {}
            seen => {
                if !self.in_cell() {
                    self.page.unshown += text.trim_ascii().len();
                } else if seen == Seen::Struck {
                    self.struck(text);
                } else if let Some(table) = self.tables.last_mut()
                    && seen == Seen::Perhaps
                    && self.linked
                {
                    table.faint.push_str(text);
                }
                return;
            }
        }
        self.generated(text, at);
    }

    /// Text that is seen, as what a style sheet puts there is.
    fn generated(&mut self, text: &str, at: Span) {
        if self.raised > 0 && self.in_cell() {
            return self.note(text, at);
        }
        self.plain(text, at);
    }

    /// Struck text of a cell.
    fn struck(&mut self, text: &str) {
        const LONGEST: usize = 200;
        if let Some(table) = self.tables.last_mut()
            && table.cell.is_some()
            && table.struck.len() + text.len() < LONGEST
        {
            table.struck.push_str(text.trim());
        }
    }

    /// In a cell, the mark of a note is no digit of the value: brackets keep it apart.
    fn note(&mut self, text: &str, at: Span) {
        let is_bracket = |c: &char| "[]()（）【】〔〕［］".contains(*c);
        let mark: String = text.chars().filter(|c| !is_bracket(c) && !c.is_whitespace()).collect();
        if !mark.is_empty() {
            if !std::mem::replace(&mut self.bracket, true) {
                self.plain("[", at);
            }
            self.plain(&mark, at);
        }
    }

    /// Ends a mark above or below the line.
    fn lower(&mut self, at: Span) {
        self.raised = self.raised.saturating_sub(1);
        if self.raised == 0 && std::mem::take(&mut self.bracket) {
            self.plain("]", at);
        }
    }

    fn plain(&mut self, text: &str, at: Span) {
        let lines = self.pre > 0 || (self.options.lines && self.tables.is_empty());
        let exact = (at.end - at.start) as usize == text.len();
        let bytes = text.as_bytes();
        let mut from = 0;
        while from < bytes.len() {
            let blank = bytes[from..]
                .iter()
                .position(|b| !b.is_ascii_whitespace())
                .unwrap_or(bytes.len() - from);
            if blank > 0 {
                let ends = memchr::memchr_iter(b'\n', &bytes[from..from + blank]).count();
                if lines && ends > 0 {
                    self.line_break();
                    if ends > 1 {
                        self.end_line();
                    }
                } else {
                    self.blanks =
                        self.blanks.max(if ends > 0 { Blanks::LineEnd } else { Blanks::Some });
                }
                from += blank;
                continue;
            }
            let word = bytes[from..]
                .iter()
                .position(u8::is_ascii_whitespace)
                .unwrap_or(bytes.len() - from);
            self.blank_before(bytes[from]);
            self.origin(at.start + from as u32, exact);
            if !push_visible(&mut self.page.blocks.text, &text[from..from + word])
                && let Some(last) = self.page.blocks.origin.last_mut()
            {
                last.exact = false;
            }
            self.links.other |= !self.links.inside;
            from += word;
        }
    }

    /// Notes where the next character stands in the source, unless that follows from the last note.
    fn origin(&mut self, source: u32, exact: bool) {
        let text = self.page.blocks.at();
        let follows =
            |last: &Origin| exact && last.exact && last.source + (text - last.text) == source;
        if !self.page.blocks.origin.last().is_some_and(follows) {
            self.page.blocks.origin.push(Origin { text, source, exact });
        }
    }

    fn in_cell(&self) -> bool {
        self.tables.last().is_some_and(|table| table.cell.is_some())
    }

    /// Writes the blank before a character, unless it begins a line, or its line end only wraps ideographs.
    fn blank_before(&mut self, next: u8) {
        let blanks = std::mem::take(&mut self.blanks);
        if blanks == Blanks::Apart {
            return self.end_line();
        }
        let text = &mut self.page.blocks.text;
        let last = text.as_bytes().last().copied().unwrap_or(b'\n');
        let wrapped = blanks == Blanks::LineEnd && last >= 0x80 && next >= 0x80;
        if blanks != Blanks::None && !wrapped && !matches!(last, b'\n' | b'\t') {
            text.push(' ');
        }
    }

    /// Where the open cell began, else 0.
    fn cell_start(&self) -> u32 {
        self.tables.last().and_then(|t| t.cell.as_ref()).map_or(0, |cell| cell.span.start)
    }

    /// `<br>`: a line end, but none at the beginning of a cell.
    fn line_break(&mut self) {
        self.blanks = Blanks::None;
        self.end_line();
    }

    /// What follows stands on a line of its own.
    fn apart(&mut self) {
        if self.blanks < Blanks::Apart {
            self.blanks = Blanks::Apart;
        }
    }

    fn block_break(&mut self) {
        self.blanks = Blanks::None;
        self.end_line();
    }

    fn end_line(&mut self) {
        let at = self.page.blocks.at();
        if at > self.cell_start() && !self.page.blocks.text.ends_with(['\n', '\t']) {
            self.page.blocks.text.push('\n');
            self.line_of_links();
        }
    }

    fn open_block(&mut self, tag: Tag) {
        if self.open.len() >= DEEPEST {
            self.too_deep += 1;
            return;
        }
        let furniture = tag == Tag::Navigation || self.attributes.furniture;
        self.open.push(Open {
            tag,
            start: self.page.blocks.at(),
            tables: self.tables.len(),
            furniture,
        });
    }

    fn close_block(&mut self, tag: Tag) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        let tables = self.tables.len();
        let from = self.open.len().saturating_sub(LOOK_BACK);
        let own =
            self.open[from..].iter().rposition(|open| open.tag == tag && open.tables == tables);
        if let Some(own) = own {
            self.close_from(from + own);
        }
    }

    /// Closes this block and all inside it.
    fn close_from(&mut self, first: usize) {
        let end = self.page.blocks.at();
        for open in self.open.drain(first..).rev() {
            let span = Span::new(open.start, end);
            if open.furniture && !span.is_empty() {
                self.page.blocks.furniture.push(span);
            } else if end - open.start >= SHORT_CONTAINER {
                self.page.blocks.containers.push(span);
            }
        }
    }

    fn finish(mut self, end: u32) -> Page {
        self.end_skip(end);
        self.close_select(Span::new(end, end));
        for table in &mut self.tables {
            table.grid.breaks_off = table.cell.is_some();
        }
        while !self.tables.is_empty() {
            self.close_table();
        }
        self.end_line();
        self.end_of_menu();
        self.close_from(0);
        self.page.blocks.furniture.sort_unstable();
        self.page
    }
}

/// Adds a word without the characters that have no width: they stand inside of numbers and labels. Whether
/// it had none.
fn push_visible(text: &mut String, word: &str) -> bool {
    let bytes = word.as_bytes();
    // U+AD, U+200B to U+200F, U+2060, U+FEFF by their bytes; nearly no word has one
    let hides = |at: usize| {
        matches!(
            bytes[at..],
            [0xC2, 0xAD, ..]
                | [0xE2, 0x80, 0x8B..=0x8F, ..]
                | [0xE2, 0x81, 0xA0, ..]
                | [0xEF, 0xBB, 0xBF, ..]
        )
    };
    if !memchr::memchr3_iter(0xE2, 0xC2, 0xEF, bytes).any(hides) {
        text.push_str(word);
        return true;
    }
    let invisible =
        |c: char| matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}');
    text.extend(word.chars().filter(|c| !invisible(*c)));
    false
}
