//! OpenDocument: texts (ODT) and spreadsheets (ODS), as LibreOffice and WPS write them.

use super::flow::{Flow, Place};
use super::lists::{Count, LEVELS, Level};
use super::look::{Look, Paint, Shown};
use super::numbers::Numerals;
use super::package::Package;
use super::sheet::{RichText, Sheet, number, unrounded};
use super::symbols::Symbols;
use super::xml::{self, Enter, Tag, Visit};
use super::{Read, Trouble};
use crate::document::blocks::MOST_COLUMNS;
use rustc_hash::{FxHashMap, FxHashSet};

/// Times a row with text is repeated at most: no report repeats one more than once or twice.
const MOST_REPEATED: u32 = 100;

/// Reads a text or a spreadsheet.
pub(super) fn read(bytes: &[u8]) -> Result<Read, Trouble> {
    let mut package = Package::open(bytes);
    let manifest = package.text("META-INF/manifest.xml")?;
    if manifest.is_some_and(|manifest| manifest.contains("encryption-data")) {
        return Err(Trouble::encrypted());
    }
    let Some(content) = package.text("content.xml")? else {
        return Err(Trouble::damaged("the part content.xml is missing"));
    };
    let mut reader = Reader::default();
    if let Some(styles) = package.text("styles.xml")? {
        xml::walk(&styles, &mut reader);
    }
    reader.is_content = true;
    let is_whole = xml::walk(&content, &mut reader);
    let mut blocks = reader.flow.finish();
    if let Some(sheet) = reader.sheet.take() {
        sheet.finish(&mut blocks);
    }
    for note in &reader.notes {
        blocks.paragraph(note);
    }
    Ok(Read { blocks, is_cut: !is_whole || package.is_damaged, ..Read::default() })
}

/// The name that no style has, for what is said of all paragraphs.
const DEFAULT: &str = "\0";

/// What the properties of a text say about its look.
fn look_of(tag: &Tag<'_>, look: &mut Look) {
    if let Some(display) = tag.get("display") {
        look.hidden = Some(display == "none");
    }
    // what is struck out does not count
    let line = tag.get("text-line-through-style").or_else(|| tag.get("text-line-through-type"));
    look.struck = line.map(|line| line != "none").or(look.struck);
    // `super 58%`, `sub`, `33% 58%`; `0% 100%` is on the line
    if let Some(place) = tag.get("text-position") {
        look.raised = Some(!place.is_empty() && !place.starts_with("0%"));
    }
    if let Some(size) = tag.get("font-size").as_deref().and_then(|size| size.strip_suffix("pt")) {
        look.tiny = size.parse::<f32>().ok().map(|size| size <= 1.0).or(look.tiny);
    }
    if tag.get("use-window-font-color").as_deref() == Some("true") {
        look.ink = Some(Paint::Auto);
    } else if let Some(colour) = tag.get("color") {
        look.ink = Some(Paint::of_name(&colour));
    }
    look.ground = tag.get("background-color").map(|name| Paint::of_name(&name)).or(look.ground);
}

/// Whether a length is none: `0cm`, `0.000in`.
fn is_nothing(length: &str) -> bool {
    let digits = length.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    digits.parse::<f32>().is_ok_and(|number| number.abs() < 0.005)
}

#[derive(Debug, Default)]
struct Style {
    parent: Option<String>,
    list: Option<String>,
    look: Look,
    /// Of a table, a row, a column or a cell: whether it has no size, and what is behind its text.
    is_flat: bool,
    ground: Option<Paint>,
}

/// A list that is open, and the one whose count it shares.
#[derive(Debug, Default)]
struct List {
    style: Option<String>,
    count: usize,
    /// Whether the next paragraph of the item gets its label.
    is_new: bool,
}

/// A table of a spreadsheet or a text that is open.
#[derive(Debug, Default)]
struct Row {
    places: Vec<Place>,
    col: u32,
    repeated: u32,
    has_text: bool,
    /// How many cells the open one stands for.
    cells: u32,
}

/// A cell that is open.
#[derive(Debug, Default)]
struct Cell {
    cols: u32,
    rows: u32,
    repeated: u32,
    /// The value, where the shown text may be rounded.
    value: Option<f64>,
    look: Look,
    formula: Option<String>,
    /// Whether the file says what is shown.
    has_text: bool,
    text: RichText,
}

impl Cell {
    /// What a reader sees of it.
    fn shown(self) -> String {
        let shown = self.text.finish();
        match (self.value, &self.formula) {
            (Some(value), _) if !self.has_text => {
                let mut text = RichText::default();
                text.push(&number(value), self.look.shown(Paint::Unknown));
                text.finish()
            }
            (Some(value), _) => unrounded(shown.trim(), value),
            (None, Some(formula)) if shown.trim().is_empty() => format!("={formula}"),
            (None, _) => shown.trim().to_owned(),
        }
    }
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about where the reader stands"
)]
#[derive(Default)]
struct Reader {
    flow: Flow,
    is_content: bool,
    in_body: bool,
    // styles
    styles: FxHashMap<String, Style>,
    style: Option<(String, Style)>,
    list_styles: FxHashMap<String, Vec<Level>>,
    list_style: Option<(String, Vec<Level>)>,
    outline: Vec<Level>,
    hidden_tables: FxHashSet<String>,
    symbol_fonts: FxHashMap<String, Symbols>,
    /// The look of all paragraphs.
    of_all: Look,
    // text
    paragraphs: Vec<Option<String>>,
    /// The looks of open paragraphs and spans, each with what it inherits.
    looks: Vec<Look>,
    /// What is behind the text: the paper, and the grounds of open tables, rows and cells on it.
    papers: Vec<Paint>,
    /// Whether the frame that is open floats.
    floats: bool,
    lists: Vec<List>,
    counts: Vec<Count>,
    /// The count of each list by its identifier, and of the last list of each style.
    count_of: FxHashMap<String, usize>,
    headings: Count,
    rows: Vec<Row>,
    links: Vec<(String, usize)>,
    notes: Vec<String>,
    note: Option<String>,
    // spreadsheets
    is_spreadsheet: bool,
    sheet: Option<Sheet>,
    sheet_row: u32,
    sheet_col: u32,
    row_repeated: u32,
    column: u32,
    cell: Option<Cell>,
}

impl Reader {
    fn push(&mut self, text: &str) {
        let Some(look) = self.looks.last().filter(|_| !self.paragraphs.is_empty()) else { return };
        let paper = self.papers.last().copied().unwrap_or(Paint::PAPER);
        let shown = look.shown(paper);
        let text = look.symbols.unwrap_or(Symbols::None).read(text);
        if let Some(note) = &mut self.note {
            if shown != Shown::Nothing {
                note.push_str(&text);
            }
        } else if let Some(cell) = &mut self.cell {
            cell.text.push(&text, shown);
        } else {
            self.flow.push_shown(&text, shown);
        }
    }

    /// The look of a style on that of what it stands in.
    fn look(&self, name: Option<&str>, around: Look) -> Look {
        let own = self.chain(name).fold(Look::default(), |look, style| look.over(style.look));
        own.over(around)
    }

    fn push_paper(&mut self, name: Option<&str>) {
        let own = self.chain(name).find_map(|style| style.ground.filter(|g| *g != Paint::Auto));
        let below = self.papers.last().copied().unwrap_or(Paint::PAPER);
        self.papers.push(own.unwrap_or(below));
    }

    fn chain(&self, name: Option<&str>) -> impl Iterator<Item = &Style> {
        let get = |name: &str| self.styles.get(name);
        let next = move |style: &&Style| style.parent.as_deref().and_then(get);
        std::iter::successors(name.and_then(get), next).take(20)
    }

    fn begin_paragraph(&mut self, name: &str, tag: &Tag<'_>) {
        let style = tag.get("style-name");
        let around = self.cell.as_ref().map_or(self.of_all, |cell| cell.look);
        self.looks.push(self.look(style.as_deref(), around));
        self.push_paper(style.as_deref());
        if let Some(cell) = &mut self.cell {
            cell.has_text = true;
        }
        let mut label = None;
        if self.note.is_none() && self.cell.is_none() {
            if let Some(list) = self.lists.last_mut() {
                if std::mem::take(&mut list.is_new) {
                    let at = self.lists.len() - 1;
                    let list = &self.lists[at];
                    let of_paragraph =
                        || self.chain(style.as_deref()).find_map(|style| style.list.clone());
                    let name = list.style.clone().or_else(of_paragraph).unwrap_or_default();
                    let count = list.count;
                    if let (Some(levels), Some(count)) =
                        (self.list_styles.get(&name), self.counts.get_mut(count))
                    {
                        label = Some(count.next(levels, at));
                    }
                }
            } else if name == "h" {
                let at = tag.number("outline-level").unwrap_or(1).clamp(1, LEVELS as u32) - 1;
                label = Some(self.headings.next(&self.outline, at as usize));
            }
        }
        self.paragraphs.push(label.filter(|label| !label.is_empty()));
    }

    fn end_paragraph(&mut self) {
        let label = self.paragraphs.pop().flatten();
        let is_hidden = self.looks.pop().is_some_and(|look| look.hidden == Some(true));
        self.papers.pop();
        if let Some(note) = &mut self.note {
            note.push('\n');
        } else if let Some(cell) = &mut self.cell {
            cell.text.push("\n", Shown::Plain);
        } else {
            if let (Some(label), false) = (label, is_hidden) {
                self.flow.label(&label);
            }
            if let Some(row) = self.rows.last_mut() {
                row.has_text |= !self.flow.line().is_empty();
            }
            self.flow.end_paragraph();
        }
    }

    fn begin_list(&mut self, tag: &Tag<'_>) {
        if let Some(outer) = self.lists.last() {
            let style = tag.get("style-name").or_else(|| outer.style.clone());
            let count = outer.count;
            self.lists.push(List { style, count, is_new: false });
            return;
        }
        let style = tag.get("style-name");
        let by_style = style.as_deref().map(|style| format!("style {style}")).unwrap_or_default();
        let continued = match tag.get("continue-list") {
            Some(id) => self.count_of.get(&id),
            None if tag.get("continue-numbering").as_deref() == Some("true") => {
                self.count_of.get(&by_style)
            }
            None => None,
        };
        let count = continued.copied().unwrap_or_else(|| {
            self.counts.push(Count::default());
            self.counts.len() - 1
        });
        self.count_of.insert(by_style, count);
        if let Some(id) = tag.get("id") {
            self.count_of.insert(id, count);
        }
        self.lists.push(List { style, count, is_new: false });
    }

    /// Styles, of both parts.
    fn style_element(&mut self, name: &str, tag: &Tag<'_>) {
        match name {
            "style" | "default-style" => {
                let style = Style {
                    parent: tag.get("parent-style-name"),
                    list: tag.get("list-style-name").filter(|name| !name.is_empty()),
                    ..Style::default()
                };
                let name = tag.get("name").unwrap_or_default();
                let is_default =
                    name.is_empty() && tag.get("family").as_deref() == Some("paragraph");
                self.style = Some((if is_default { DEFAULT.to_owned() } else { name }, style));
            }
            "font-face" => {
                let family = tag.get("font-family").unwrap_or_default();
                let symbols = Symbols::of_font(family.trim_matches('\''));
                if symbols != Symbols::None {
                    self.symbol_fonts.insert(tag.get("name").unwrap_or_default(), symbols);
                }
            }
            "text-properties" => {
                if let Some((_, style)) = &mut self.style {
                    let font = tag.get("font-name");
                    look_of(tag, &mut style.look);
                    let symbols = font.map(|font| {
                        let known = self.symbol_fonts.get(&font).copied();
                        known.unwrap_or_else(|| Symbols::of_font(&font))
                    });
                    style.look.symbols = symbols.or(style.look.symbols);
                }
            }
            "paragraph-properties"
            | "table-cell-properties"
            | "table-row-properties"
            | "table-column-properties" => {
                if let Some((_, style)) = &mut self.style {
                    let ground = tag.get("background-color").map(|name| Paint::of_name(&name));
                    style.ground = ground.or(style.ground);
                    let size = tag.get("row-height").or_else(|| tag.get("column-width"));
                    style.is_flat |= size.is_some_and(|size| is_nothing(&size));
                }
            }
            "table-properties" => {
                if let (Some((name, _)), Some("false")) =
                    (&self.style, tag.get("display").as_deref())
                {
                    self.hidden_tables.insert(name.clone());
                }
                if let (Some((_, style)), Some(name)) =
                    (&mut self.style, tag.get("background-color"))
                {
                    style.ground = Some(Paint::of_name(&name));
                }
            }
            "list-style" => {
                self.list_style = Some((tag.get("name").unwrap_or_default(), Vec::new()));
            }
            "outline-style" => self.list_style = Some((String::new(), Vec::new())),
            "list-level-style-number"
            | "outline-level-style"
            | "list-level-style-bullet"
            | "list-level-style-image" => {
                if let Some((_, levels)) = &mut self.list_style {
                    let at = tag.number("level").unwrap_or(1).clamp(1, LEVELS as u32) as usize;
                    if levels.len() < at {
                        levels.resize(at, Level::default());
                    }
                    levels[at - 1] = level(name, at, tag);
                }
            }
            _ => {}
        }
    }

    fn begin_cell(&mut self, tag: &Tag<'_>) {
        let cols = tag.number("number-columns-spanned").unwrap_or(1).clamp(1, MOST_COLUMNS);
        let rows = tag.number("number-rows-spanned").unwrap_or(1).max(1);
        let repeated = tag.number("number-columns-repeated").unwrap_or(1).max(1);
        if self.is_spreadsheet {
            // the shown text of a number may be rounded, that of a date or a share is what counts
            let is_number = matches!(tag.get("value-type").as_deref(), Some("float" | "currency"));
            let value = tag.get("value").filter(|_| is_number).and_then(|v| v.parse().ok());
            let style = tag.get("style-name");
            self.push_paper(style.as_deref());
            let look = self.look(style.as_deref(), Look::default());
            // a formula that nobody has computed shows something, once it is
            let is_open = tag.get("value-type").is_none();
            let formula = tag.get("formula").filter(|_| is_open);
            self.cell =
                Some(Cell { cols, rows, repeated, value, look, formula, ..Cell::default() });
        } else if !self.rows.is_empty() {
            self.push_paper(tag.get("style-name").as_deref());
            let Some(row) = self.rows.last_mut() else { return };
            // an empty cell may stand for several; a merged one stands for itself
            let most = MOST_COLUMNS.saturating_sub(row.places.len() as u32);
            row.cells = if cols == 1 { repeated.min(most).max(1) } else { 1 };
            for _ in 0..row.cells {
                row.places.push(Place { rows, ..Place::columns(row.col, cols) });
                // the columns that it covers further right have covered cells of their own
                row.col = (row.col + 1).min(MOST_COLUMNS);
            }
        }
    }

    fn end_cell(&mut self) {
        self.papers.pop();
        let Some(cell) = self.cell.take() else {
            for _ in 0..self.rows.last().map_or(1, |row| row.cells.max(1)) {
                self.flow.end_cell();
            }
            return;
        };
        let (cols, rows, repeated) = (cell.cols, cell.rows, cell.repeated);
        let text = cell.shown();
        if let (Some(sheet), false) = (&mut self.sheet, text.is_empty() && cols * rows.min(2) == 1)
        {
            for down in 0..self.row_repeated.min(MOST_REPEATED) {
                for right in 0..repeated.min(MOST_COLUMNS) {
                    if sheet.is_full() {
                        break;
                    }
                    let row = self.sheet_row.saturating_add(down);
                    let col = self.sheet_col.saturating_add(right);
                    sheet.cell(row, col, &text);
                    sheet.merge(row, col, rows, cols);
                }
            }
        }
        self.sheet_col = self.sheet_col.saturating_add(repeated);
    }

    /// Whether a row or a column is not shown.
    fn is_hidden(&self, tag: &Tag<'_>) -> bool {
        let style = tag.get("style-name").and_then(|name| self.styles.get(&name));
        matches!(tag.get("visibility").as_deref(), Some("collapse" | "filter"))
            || style.is_some_and(|style| style.is_flat)
    }

    fn begin_row(&mut self, tag: &Tag<'_>) {
        let repeated = tag.number("number-rows-repeated").unwrap_or(1).max(1);
        if self.is_spreadsheet {
            let is_hidden = self.is_hidden(tag);
            if let (Some(sheet), true) = (&mut self.sheet, is_hidden) {
                sheet.hide_rows(self.sheet_row, repeated);
            }
            (self.sheet_col, self.row_repeated) = (0, repeated);
        } else {
            self.rows.push(Row { repeated, ..Row::default() });
        }
    }

    fn end_row(&mut self) {
        if self.is_spreadsheet {
            self.sheet_row = self.sheet_row.saturating_add(self.row_repeated);
        } else if let Some(row) = self.rows.pop() {
            // a blank row that is repeated is still rows of the table
            self.flow.end_row(&row.places);
            for _ in 1..row.repeated.min(if row.has_text { 1 } else { MOST_REPEATED }) {
                if self.flow.is_full() {
                    break;
                }
                self.flow.end_row(&row.places);
            }
        }
    }
}

fn level(name: &str, at: usize, tag: &Tag<'_>) -> Level {
    if !matches!(name, "list-level-style-number" | "outline-level-style") {
        return Level::default();
    }
    let numerals = Numerals::of_sample(&tag.get("num-format").unwrap_or_default());
    let mut text = match tag.get("num-list-format") {
        // `%1%.%2%` and ours differ in the second sign
        Some(format) => {
            let mut text = String::new();
            let mut signs = format.chars().peekable();
            while let Some(c) = signs.next() {
                text.push(c);
                if c == '%' {
                    while let Some(digit) = signs.next_if(char::is_ascii_digit) {
                        text.push(digit);
                    }
                    signs.next_if_eq(&'%');
                }
            }
            text
        }
        None => {
            let shown = tag.number("display-levels").unwrap_or(1).clamp(1, at as u32) as usize;
            let numbers: Vec<String> = (at + 1 - shown..=at).map(|n| format!("%{n}")).collect();
            let (prefix, suffix) = (tag.get("num-prefix"), tag.get("num-suffix"));
            format!(
                "{}{}{}",
                prefix.unwrap_or_default(),
                numbers.join("."),
                suffix.unwrap_or_default()
            )
        }
    };
    if numerals == Numerals::None {
        text.clear();
    }
    let start = tag.number("start-value").unwrap_or(1);
    Level { start, numerals, text, ..Level::default() }
}

impl Visit for Reader {
    fn open(&mut self, name: &str, tag: &Tag<'_>) -> Enter {
        match name {
            "body" if self.is_content => {
                self.of_all = self.look(Some(DEFAULT), Look::default());
                self.in_body = true;
            }
            "master-styles" | "meta" | "scripts" => return Enter::Skip,
            _ if !self.in_body => self.style_element(name, tag),
            "spreadsheet" => self.is_spreadsheet = true,
            // former states, remarks, forms, settings, the pinyin of rubies, descriptions of pictures
            "tracked-changes"
            | "annotation"
            | "forms"
            | "content-validations"
            | "ruby-text"
            | "title"
            | "desc"
            | "note-citation"
            | "hidden-paragraph"
            | "hidden-text"
            | "database-ranges"
            | "named-expressions"
            | "dde-source"
            | "shapes"
            | "script"
            | "event-listeners"
            | "sequence-decls"
            | "variable-decls"
            | "user-field-decls" => {
                return Enter::Skip;
            }
            "section" if tag.get("display").as_deref() == Some("none") => return Enter::Skip,
            "p" | "h" => self.begin_paragraph(name, tag),
            "span" => {
                let style = tag.get("style-name");
                let around = self.looks.last().copied().unwrap_or_default();
                self.looks.push(self.look(style.as_deref(), around));
            }
            "s" => self.push(&" ".repeat(tag.number("c").unwrap_or(1).min(200) as usize)),
            "tab" => self.push("\t"),
            "line-break" => self.push("\n"),
            "a" => {
                let begin = self.flow.line().len();
                self.links.push((tag.get("href").unwrap_or_default(), begin));
            }
            "note-body" => self.note = Some(String::new()),
            "list" => self.begin_list(tag),
            "list-item" => {
                let at = self.lists.len().saturating_sub(1);
                if let Some(list) = self.lists.last_mut() {
                    list.is_new = true;
                    if let (Some(start), Some(count)) =
                        (tag.number("start-value"), self.counts.get_mut(list.count))
                    {
                        count.begin_at(at, start);
                    }
                }
            }
            "text-box" if !self.is_spreadsheet => {
                self.flow.begin_box();
                self.papers.push(Paint::Unknown);
            }
            "frame" => self.floats = tag.get("anchor-type").as_deref() != Some("as-char"),
            "image" if self.cell.is_some() => {
                if let Some(sheet) = &mut self.sheet {
                    sheet.picture(self.sheet_row, self.sheet_col, 1, 1);
                }
            }
            "image" if !self.is_spreadsheet => {
                if let (true, Some(part)) = (cfg!(feature = "ocr"), tag.get("href")) {
                    self.flow.note_picture(&part);
                }
                self.flow.picture(!self.floats);
            }
            "table" if self.is_spreadsheet => {
                let style = tag.get("style-name").unwrap_or_default();
                let is_hidden = self.hidden_tables.contains(&style);
                if is_hidden {
                    return Enter::Skip;
                }
                self.sheet = Some(Sheet::after(&self.flow.blocks));
                (self.sheet_row, self.column) = (0, 0);
            }
            "table-column" if self.is_spreadsheet => {
                let repeated = tag.number("number-columns-repeated").unwrap_or(1).max(1);
                let is_hidden = self.is_hidden(tag);
                if let (Some(sheet), true) = (&mut self.sheet, is_hidden) {
                    sheet.hide_columns(self.column, repeated);
                }
                self.column = self.column.saturating_add(repeated);
            }
            "table" => {
                self.flow.begin_table();
                self.push_paper(tag.get("style-name").as_deref());
            }
            "table-row" => {
                self.push_paper(tag.get("style-name").as_deref());
                self.begin_row(tag);
            }
            "table-cell" => self.begin_cell(tag),
            "covered-table-cell" => {
                let repeated = tag.number("number-columns-repeated").unwrap_or(1).max(1);
                if self.is_spreadsheet {
                    self.sheet_col = self.sheet_col.saturating_add(repeated);
                } else if let Some(row) = self.rows.last_mut() {
                    row.col = row.col.saturating_add(repeated).min(MOST_COLUMNS);
                }
                // what a merged cell covers is not shown
                return Enter::Skip;
            }
            _ => {}
        }
        Enter::Children
    }

    fn close(&mut self, name: &str) {
        match name {
            "style" | "default-style" => self.styles.extend(self.style.take()),
            "list-style" => self.list_styles.extend(self.list_style.take()),
            "outline-style" => {
                self.outline = self.list_style.take().map(|(_, levels)| levels).unwrap_or_default();
            }
            _ if !self.in_body => {}
            "p" | "h" => self.end_paragraph(),
            "span" => {
                self.looks.pop();
            }
            "a" => {
                if let Some((url, begin)) = self.links.pop() {
                    self.flow.link(&url, begin);
                }
            }
            "note-body" => self.notes.extend(self.note.take()),
            "list" => {
                self.lists.pop();
            }
            "text-box" if !self.is_spreadsheet => {
                self.papers.pop();
                self.flow.end_box();
            }
            "table" if self.is_spreadsheet => {
                if let Some(sheet) = self.sheet.take() {
                    sheet.finish(&mut self.flow.blocks);
                }
            }
            "table" => {
                self.papers.pop();
                self.flow.end_table();
            }
            "table-row" => {
                self.papers.pop();
                self.end_row();
            }
            "table-cell" => self.end_cell(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.paragraphs.is_empty() {
            return;
        }
        // blanks and line ends of the file are one blank, and none at the beginning
        let mut collapsed = String::with_capacity(text.len());
        let line = self.cell.as_ref().map_or(self.flow.line(), |cell| cell.text.so_far());
        let mut was_blank = line.is_empty() || line.ends_with([' ', '\n']);
        for c in text.chars() {
            let is_blank = matches!(c, ' ' | '\t' | '\r' | '\n');
            if !is_blank {
                collapsed.push(c);
            } else if !was_blank {
                collapsed.push(' ');
            }
            was_blank = is_blank;
        }
        self.push(&collapsed);
    }
}

#[cfg(test)]
mod tests {
    use super::super::package::pack;
    use super::super::show;
    use super::*;

    fn content(styles: &str, body: &str) -> String {
        let content = format!(
            "<o:document-content><o:automatic-styles>{styles}</o:automatic-styles><o:body>{body}</o:body></o:document-content>"
        );
        let bytes = pack(&[("content.xml", &content)]);
        let read = read(&bytes).expect("the document can be read");
        assert!(!read.is_cut);
        show(&read.blocks)
    }

    fn text(body: &str) -> String {
        content("", &format!("<o:text>{body}</o:text>"))
    }

    #[test]
    fn ok_paragraphs() {
        let body = "<t:tracked-changes><t:p>old</t:p></t:tracked-changes><t:h>一、 总体\n 情况</t:h>\
            <t:p>1<t:s t:c=\"2\"/>2<t:tab/>3<t:line-break/>4<t:note><t:note-citation>1</t:note-citation>\
            <t:note-body><t:p>注</t:p></t:note-body></t:note>5<o:annotation><t:p>x</t:p></o:annotation></t:p>\
            <t:p>前<d:frame><d:text-box><t:p>框</t:p></d:text-box></d:frame>后</t:p>";
        assert_eq!(text(body), "一、 总体 情况\n1  2\t3\n45\n框\n前后\n注\n");
    }

    #[test]
    fn ok_merged_and_repeated_cells() {
        let body = "<b:table><b:table-row><b:table-cell b:number-columns-spanned=\"2\" b:number-rows-spanned=\"2\"><t:p>a</t:p></b:table-cell>\
            <b:covered-table-cell/><b:table-cell><t:p>b</t:p></b:table-cell></b:table-row>\
            <b:table-row><b:covered-table-cell b:number-columns-repeated=\"2\"/><b:table-cell><t:p>c</t:p></b:table-cell></b:table-row>\
            <b:table-row><b:table-cell b:number-columns-repeated=\"3\"/></b:table-row></b:table>";
        assert_eq!(text(body), "#1\n0,0 2x2 a\n0,2 b\n1,2 c\n2,0 \n2,1 \n2,2 \n");
    }

    #[test]
    fn ok_automatic_numbers() {
        let styles = "<t:list-style s:name=\"L\"><t:list-level-style-number t:level=\"1\" s:num-format=\"一, 二, 三, ...\" s:num-suffix=\"、\"/>\
            <t:list-level-style-number t:level=\"2\" s:num-format=\"1\" x:num-list-format=\"（%2%）\"/></t:list-style>";
        let item = |body: &str| format!("<t:list-item>{body}</t:list-item>");
        let list = |attributes: &str, body: &str| format!("<t:list {attributes}>{body}</t:list>");
        let body = [
            list("x:id=\"a\" t:style-name=\"L\"", &item("<t:p>甲</t:p><t:p>又</t:p>")),
            "<t:p>间</t:p>".to_owned(),
            list(
                "t:continue-list=\"a\" t:style-name=\"L\"",
                &item(&list("", &item("<t:p>子</t:p>"))),
            ),
            list("t:continue-numbering=\"true\" t:style-name=\"L\"", &item("<t:p>乙</t:p>")),
            list("t:style-name=\"L\"", &item("<t:p>丙</t:p>")),
        ]
        .concat();
        assert_eq!(
            content(styles, &format!("<o:text>{body}</o:text>")),
            "一、甲\n又\n间\n（1）子\n二、乙\n一、丙\n"
        );
    }

    #[test]
    fn ok_sheets() {
        let styles = "<s:style s:name=\"h\"><s:table-properties b:display=\"false\"/></s:style>";
        let body = "<o:spreadsheet><b:table b:style-name=\"h\"><b:table-row><b:table-cell><t:p>x</t:p></b:table-cell></b:table-row></b:table>\
            <b:table><b:table-row b:number-rows-repeated=\"2\"><b:table-cell b:number-columns-repeated=\"16384\"/></b:table-row>\
            <b:table-row><b:table-cell b:number-columns-spanned=\"2\"><t:p>规章</t:p></b:table-cell><b:covered-table-cell/>\
            <b:table-cell o:value-type=\"float\" o:value=\"61829.6555\"><t:p>61829.66</t:p></b:table-cell>\
            <b:table-cell o:value-type=\"percentage\" o:value=\"0.37\"><t:p>37%</t:p></b:table-cell></b:table-row>\
            <b:table-row><b:table-cell o:value-type=\"float\" o:value=\"12\"><t:p>12.0</t:p></b:table-cell></b:table-row>\
            <b:table-row b:number-rows-repeated=\"1048570\"><b:table-cell b:number-columns-repeated=\"16384\"/></b:table-row></b:table></o:spreadsheet>";
        assert_eq!(
            content(styles, body),
            "#1\n2,0 1x2 规章\n2,2 61829.6555\n2,3 37%\n3,0 12\n3,1 \n3,2 \n3,3 \n"
        );
    }

    #[test]
    fn ok_looks_of_styles_and_grounds() {
        let styles = r##"<s:style s:name="w"><s:text-properties f:color="#ffffff"/></s:style>
            <s:style s:name="w2" s:parent-style-name="w"/>
            <s:style s:name="u"><s:text-properties s:text-position="super 58%"/></s:style>
            <s:style s:name="k"><s:text-properties s:text-line-through-style="solid"/></s:style>
            <s:style s:name="d"><s:table-cell-properties f:background-color="#1f4e79"/></s:style>"##;
        let cell = |style: &str, text: &str| {
            let body = format!(
                r#"<o:text><b:table><b:table-row><b:table-cell><t:p>a</t:p></b:table-cell>
                <b:table-cell b:style-name="{style}"><t:p>{text}</t:p></b:table-cell></b:table-row></b:table></o:text>"#
            );
            let shown = content(styles, &body);
            shown.strip_prefix("#1\n0,0 a\n0,1").expect("it has two cells").trim().to_owned()
        };
        let span =
            |style: &str, text: &str| format!(r#"<t:span t:style-name="{style}">{text}</t:span>"#);
        assert_eq!(cell("", &format!("{}12", span("w2", "9"))), "12");
        assert_eq!(cell("d", &span("w2", "12")), "12");
        assert_eq!(cell("", &format!("12{}", span("u", "1"))), "12[1]");
        assert_eq!(cell("", &format!("{}12", span("k", "9"))), "12");
        assert_eq!(cell("", &span("k", "9")), "~~9~~");
        assert_eq!(
            cell("", r#"<d:frame t:anchor-type="as-char"><d:image/></d:frame>"#),
            "\u{FFFC}"
        );
    }

    #[test]
    fn ok_what_sheets_show() {
        let styles =
            r#"<s:style s:name="z"><s:table-row-properties s:row-height="0cm"/></s:style>"#;
        let body = r#"<o:spreadsheet><b:table><b:table-row><b:table-cell><t:p>a</t:p></b:table-cell>
            <b:table-cell o:value-type="float" o:value="100"><t:p>约100</t:p></b:table-cell>
            <b:table-cell o:value-type="float" o:value="77"><t:p/></b:table-cell>
            <b:table-cell o:value-type="float" o:value="7"/>
            <b:table-cell b:formula="of:=SUM([.A1])"/><b:table-cell><d:frame><d:image/></d:frame></b:table-cell>
            <b:table-cell><t:p>z</t:p></b:table-cell></b:table-row>
            <b:table-row b:style-name="z"><b:table-cell><t:p>b</t:p></b:table-cell></b:table-row></b:table></o:spreadsheet>"#;
        assert_eq!(
            content(styles, body),
            "#1\n0,0 a\n0,1 约100\n0,2 \n0,3 7\n0,4 =of:=SUM([.A1])\n0,5 \u{FFFC}\n0,6 z\n"
        );
    }
}
