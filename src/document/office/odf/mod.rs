//! OpenDocument: texts (ODT) and spreadsheets (ODS), as LibreOffice and WPS write them.

mod cells;
mod styles;

use super::flow::{Flow, Place};
use super::lists::{Count, LEVELS, Level};
use super::look::{Look, Paint, Shown};
use super::package::Package;
use super::sheet::Sheet;
use super::symbols::Symbols;
use super::xml::{self, Enter, Tag, Visit};
use super::{Read, Trouble};
use crate::document::blocks::MOST_COLUMNS;
use cells::Cell;
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
    field: Option<Field>,
}

/// A field of a form.
#[derive(Debug, Default)]
struct Field {
    entries: Vec<String>,
    chosen: usize,
    /// Whether it shows something that is no text.
    is_drawn: bool,
}

/// Entries of a list that are kept.
const MOST_ENTRIES: usize = 1000;

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
            "fieldmark" => {
                let kind = tag.get("type").unwrap_or_default();
                let is_drawn = kind.ends_with("CHECKBOX");
                self.field = Some(Field { is_drawn, ..Field::default() });
            }
            "param" => {
                let value = tag.get("value").unwrap_or_default();
                match (&mut self.field, tag.get("name").as_deref()) {
                    (Some(field), Some("Dropdown_ListEntry"))
                        if field.entries.len() < MOST_ENTRIES =>
                    {
                        field.entries.push(value);
                    }
                    (Some(field), Some("Dropdown_Selected")) => {
                        field.chosen = value.parse().unwrap_or(0);
                    }
                    _ => {}
                }
            }
            "control" if !self.is_spreadsheet => self.flow.picture(!self.floats),
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
            "fieldmark" => {
                if let Some(field) = self.field.take() {
                    match field.entries.get(field.chosen) {
                        Some(entry) => self.push(entry),
                        None if field.is_drawn => self.push("\u{FFFD}"),
                        None => {}
                    }
                }
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
    fn ok_what_forms_show() {
        let field = |kind: &str, inside: &str| {
            text(&format!(
                r#"<t:p><f:fieldmark f:type="vnd.oasis.opendocument.field.{kind}">{inside}</f:fieldmark>件</t:p>"#
            ))
        };
        let list = |chosen: &str| {
            format!(
                r#"<f:param f:name="Dropdown_ListEntry" f:value="7"/><f:param f:name="Dropdown_ListEntry" f:value="12"/>{chosen}"#
            )
        };
        let chosen = r#"<f:param f:name="Dropdown_Selected" f:value="1"/>"#;
        assert_eq!(field("FORMDROPDOWN", &list(chosen)), "12件\n");
        assert_eq!(field("FORMDROPDOWN", &list("")), "7件\n");
        assert_eq!(field("FORMCHECKBOX", ""), "\u{FFFD}件\n");
        assert_eq!(field("PAGE", ""), "件\n");
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
