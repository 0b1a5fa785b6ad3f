//! Tags and text → lines, grids, containers: what a reader of the page sees, in the order of its source.

use super::super::blocks::{Blocks, Grid, GridCell, GridKind, Link, LinkKind, Origin, Placer};
use super::skip::{Ends, Skip, short};
use super::style::{Attributes, Hiding, Tag};
use super::tokens::{Token, Tokens};
use crate::span::Span;

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

/// What was read of a page.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) blocks: Blocks,
    /// The page's own title: its `ArticleTitle`, or else its `<title>`.
    pub(super) title: String,
    /// Whether it is the former, which is nothing but the title.
    pub(super) is_article_title: bool,
    /// Bytes of text that the page does not show.
    pub(super) hidden: usize,
}

/// How to read a page.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Options {
    /// Whether to read what the page hides as well.
    pub(super) hidden_too: bool,
    /// Whether line ends outside of tables are line ends: a text with tags in it, such as Markdown with tables.
    pub(super) lines: bool,
}

/// Reads a decoded page.
pub(super) fn read(source: &str, options: Options) -> Page {
    let mut reader = Reader { options, hiding: Hiding::of(source), ..Reader::default() };
    for part in shown_order(source) {
        for (token, mut span) in Tokens::new(part.of(source)) {
            span.start += part.start;
            span.end += part.start;
            match token {
                Token::Text(text) => reader.text(&text, span),
                Token::Start { name, attributes, self_closing } => {
                    reader.start(name, attributes, self_closing, span);
                }
                Token::End { name } => reader.end(name, span),
            }
        }
    }
    reader.finish()
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

#[derive(Debug, Default)]
struct Table {
    grid: Grid,
    placer: Placer,
    row_open: bool,
    cell: Option<GridCell>,
    /// Whether it lays out the page: a table stands in one of its cells.
    layout: bool,
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
struct Reader {
    options: Options,
    page: Page,
    tables: Vec<Table>,
    open: Vec<Open>,
    /// Blocks open beyond [`DEEPEST`].
    too_deep: usize,
    skip: Option<Skip>,
    /// What the last start tag says.
    attributes: Attributes,
    /// Where the page hides elements.
    hiding: Hiding,
    /// Blanks since the last character: none, some, or some with a line end among them.
    blanks: Blanks,
    /// Inside `<pre>`.
    pre: u32,
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
}

/// Finds lines that are nothing but links.
#[derive(Debug, Default)]
struct LinkLines {
    /// Whether a link is open.
    inside: bool,
    /// Links on this line.
    count: u32,
    /// Whether this line has text outside of links.
    other: bool,
    /// Lines under each other that are nothing but links.
    run: Vec<Span>,
    /// Whether one of them has several links.
    several: bool,
}

impl Reader {
    fn start(&mut self, name: &str, attributes: &str, self_closing: bool, at: Span) {
        let name = short(name);
        let tag = Tag::of(&name);
        if let Some(skip) = &mut self.skip {
            if skip.goes_on(tag, name, self_closing) {
                return;
            }
            self.skip = None;
        }
        self.attributes.read(tag, attributes, self.hiding.may(at));
        let hidden = self.attributes.hidden && !self.options.hidden_too && tag.has_content();
        // a field outside of tables is a search box or a comment to be written
        let hidden = hidden || (tag == Tag::Area && !self.in_cell());
        // a whole part of a page that is not visible is made visible by a script
        let unseen = self.attributes.unseen
            && !self.options.hidden_too
            && matches!(tag, Tag::Inline | Tag::Cell);
        if unseen && tag == Tag::Cell {
            // it keeps its place
            self.open_cell();
        }
        if hidden || unseen || tag == Tag::Skipped {
            if !self_closing || tag != Tag::Skipped {
                self.skip = Some(Skip::new(tag, name));
            }
            return;
        }
        match tag {
            Tag::Inline | Tag::Void | Tag::Skipped | Tag::Area => {}
            Tag::Br => self.line_break(),
            Tag::Input => {
                let value = self.attributes.filled_in().unwrap_or("").to_owned();
                self.text(&value, at);
            }
            Tag::Raised => self.raised("（", at),
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
                if LinkKind::is_document(&url) {
                    self.link_text = self.link(LinkKind::Attachment, url);
                }
            }
            Tag::Picture | Tag::Frame => {
                let url = std::mem::take(&mut self.attributes.url);
                if !url.is_empty() {
                    let kind =
                        if tag == Tag::Picture { LinkKind::Picture } else { LinkKind::Frame };
                    self.link(kind, url);
                }
            }
            Tag::Block | Tag::Container | Tag::Division | Tag::Navigation | Tag::Preformatted => {
                self.block_break();
                self.pre += u32::from(tag == Tag::Preformatted);
                if tag != Tag::Block && !self_closing {
                    self.open_block(tag);
                }
            }
        }
    }

    fn end(&mut self, name: &str, at: Span) {
        let name = short(name);
        let tag = Tag::of(&name);
        if let Some(skip) = &mut self.skip {
            match skip.ends(tag, name) {
                Ends::Here => {
                    self.skip = None;
                    // nothing is open where the cell took no place
                    if tag == Tag::Cell {
                        self.close_cell();
                    }
                    return;
                }
                Ends::Outside => self.skip = None,
                Ends::No => return,
            }
        }
        match tag {
            Tag::Title => self.in_title = false,
            Tag::Link => {
                self.links.inside = false;
                if std::mem::take(&mut self.link_text)
                    && let Some(link) = self.page.blocks.links.last_mut()
                {
                    let text = self.page.blocks.text.get(link.at as usize..).unwrap_or("");
                    link.text = text.split_whitespace().collect();
                }
            }
            Tag::Raised => self.raised("）", at),
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
        if let Some(skip) = &self.skip {
            if skip.tag != Tag::Skipped {
                self.page.hidden += text.trim_ascii().len();
            }
            return;
        }
        if self.in_title {
            if !self.page.is_article_title {
                self.page.title.push_str(text.trim());
            }
            return;
        }
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

    /// In a cell, the number of a note is no digit of the value: brackets keep it apart.
    fn raised(&mut self, bracket: &str, at: Span) {
        if self.in_cell() {
            self.text(bracket, at);
        }
    }

    fn in_cell(&self) -> bool {
        self.tables.last().is_some_and(|table| table.cell.is_some())
    }

    /// Writes the blank before a character, unless it begins a line, or its line end only wraps ideographs.
    fn blank_before(&mut self, next: u8) {
        let blanks = std::mem::take(&mut self.blanks);
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

    /// Sees whether the line that just ended is part of a menu.
    fn line_of_links(&mut self) {
        let text = &self.page.blocks.text;
        let end = text.len();
        let start = memchr::memrchr(b'\n', &text.as_bytes()[..end - 1]).map_or(0, |at| at + 1);
        let links = &mut self.links;
        if links.count > 0
            && !links.other
            && self.tables.last().is_none_or(|t| t.layout || t.cell.is_none())
        {
            links.run.push(Span::new(start as u32, end as u32));
            links.several |= links.count > 2;
        } else {
            self.end_of_menu();
        }
        self.links.count = u32::from(self.links.inside);
        self.links.other = false;
    }

    fn end_of_menu(&mut self) {
        let menu = self.links.several || self.links.run.len() >= MENU;
        let run = std::mem::take(&mut self.links.run);
        if menu {
            self.page.blocks.furniture.extend(run);
        }
        self.links.several = false;
    }

    /// Notes a link; whether it was noted.
    fn link(&mut self, kind: LinkKind, url: String) -> bool {
        // icons written into the page are no pictures of tables
        let notes = !url.starts_with("data:") && self.page.blocks.links.len() < MOST_LINKS;
        if notes {
            let at = self.page.blocks.at();
            let text = std::mem::take(&mut self.attributes.alt);
            self.page.blocks.links.push(Link { kind, url, text, at });
        }
        notes
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

    fn open_table(&mut self) {
        // a table directly in a table, not in a cell: the first one was not closed
        if self.tables.last().is_some_and(|table| table.cell.is_none()) {
            self.close_table();
        }
        self.block_break();
        let number = self.page.blocks.number(GridKind::Table);
        self.tables.push(Table { grid: Grid { number, ..Grid::default() }, ..Table::default() });
    }

    fn open_row(&mut self) {
        self.close_row();
        if let Some(table) = self.tables.last_mut() {
            table.placer.next_row();
            table.row_open = true;
        }
    }

    fn open_cell(&mut self) {
        self.close_cell();
        let (cols, rows) = self.attributes.spans();
        let at = self.page.blocks.at();
        if let Some(table) = self.tables.last_mut() {
            if !std::mem::replace(&mut table.row_open, true) {
                table.placer.next_row();
            }
            let (row, col, cols) = table.placer.place(cols, rows);
            table.cell = Some(GridCell { row, col, rows, cols, span: Span::new(at, at) });
        }
        if self.open.len() < DEEPEST {
            self.open.push(Open {
                tag: Tag::Cell,
                start: at,
                tables: self.tables.len(),
                furniture: false,
            });
        }
    }

    fn close_cell(&mut self) {
        self.blanks = Blanks::None;
        let tables = self.tables.len();
        let Some(table) = self.tables.last_mut() else { return };
        let Some(mut cell) = table.cell.take() else { return };
        let text = &mut self.page.blocks.text;
        let kept = text[cell.span.start as usize..].trim_end_matches(['\n', '\t', ' ']).len();
        if !table.layout {
            text.truncate(cell.span.start as usize + kept);
        }
        cell.span.end = text.len() as u32;
        table.grid.cells.push(cell);
        if table.layout {
            self.end_line();
        }
        if let Some(own) = self
            .open
            .iter()
            .rposition(|open| open.tables < tables)
            .map_or(Some(0), |at| Some(at + 1))
        {
            self.close_from(own);
        }
        // so that every cell, also an empty one, has a place of its own
        self.page.blocks.text.push('\t');
    }

    fn close_row(&mut self) {
        self.close_cell();
        if let Some(table) = self.tables.last_mut()
            && std::mem::take(&mut table.row_open)
        {
            let text = &mut self.page.blocks.text;
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
        }
    }

    fn close_table(&mut self) {
        self.close_row();
        let Some(table) = self.tables.pop() else { return };
        self.blanks = Blanks::None;
        let nested = self.tables.last_mut().filter(|outer| outer.cell.is_some());
        match nested {
            // one cell in a cell is no table
            Some(_) if table.grid.cells.len() < 2 && !table.layout => {}
            outer => {
                if let Some(outer) = outer {
                    outer.layout = true;
                }
                if !table.layout {
                    self.page.blocks.push_grid(table.grid);
                }
            }
        }
    }

    fn finish(mut self) -> Page {
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
