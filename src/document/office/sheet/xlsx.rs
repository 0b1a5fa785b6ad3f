//! XLSX: workbooks of Excel and WPS since 2007.

use super::super::look::{Look, Paint};
use super::super::package::Package;
use super::super::symbols::Symbols;
use super::super::xml::{self, Enter, Tag, Visit};
use super::super::{Read, Trouble};
use super::{Formats, Hiding, RichText, Sheet, indexed};
use crate::document::blocks::Blocks;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// Sheets that are read.
const MOST_SHEETS: usize = 256;
/// Rows that are lower and columns that are narrower, in points and in characters, show nothing.
const LOWEST: f32 = 1.5;
const NARROWEST: f32 = 0.2;
/// A formula is no longer, in bytes.
const LONGEST_FORMULA: usize = 8192;

/// Reads a workbook.
pub(in super::super) fn read(bytes: &[u8]) -> Result<Read, Trouble> {
    let mut package = Package::open(bytes);
    let Some(text) = package.text("xl/workbook.xml")? else {
        return Err(Trouble::damaged("the part xl/workbook.xml is missing"));
    };
    let mut workbook = Workbook::default();
    let mut is_whole = xml::walk(&text, &mut workbook);
    let relations = package.text("xl/_rels/workbook.xml.rels")?.unwrap_or_default();
    let mut targets = Targets::default();
    xml::walk(&relations, &mut targets);
    let mut strings = Strings::default();
    is_whole &=
        xml::walk(&package.text("xl/sharedStrings.xml")?.unwrap_or_else(empty), &mut strings);
    let mut styles = Styles::default();
    xml::walk(&package.text("xl/styles.xml")?.unwrap_or_else(empty), &mut styles);
    styles.formats.from_1904 = workbook.from_1904;
    let mut blocks = Blocks::default();
    for (at, id) in workbook.sheets.iter().enumerate().take(MOST_SHEETS) {
        let target =
            targets.0.get(id).cloned().unwrap_or_else(|| format!("worksheets/sheet{}.xml", at + 1));
        let path = match target.strip_prefix('/') {
            Some(absolute) => absolute.to_owned(),
            None => format!("xl/{target}"),
        };
        let Some(text) = package.text(&path)? else {
            is_whole = false;
            continue;
        };
        // grounds of these are not read
        let is_on_ground = ["conditionalFormatting", "tablePart "].iter().any(|w| text.contains(w));
        let paper = if is_on_ground { Paint::Unknown } else { Paint::PAPER };
        let mut reader = Reader {
            strings: &strings.list,
            styles: &styles,
            paper,
            in_run: None,
            sheet: Sheet::after(&blocks),
            row: 0,
            next_row: 0,
            next_col: 0,
            cell: None,
            target: Target::Nothing,
            drawing: None,
            ranges: String::new(),
            rule: None,
        };
        is_whole &= xml::walk(&text, &mut reader);
        if let Some(drawing) = reader.drawing.take() {
            pictures(&mut package, &path, &drawing, &mut reader.sheet)?;
        }
        reader.sheet.finish(&mut blocks);
    }
    Ok(Read { blocks, is_cut: !is_whole || package.is_damaged, ..Read::default() })
}

/// Notes the pictures of a sheet by the cells they are anchored to.
fn pictures(
    package: &mut Package<'_>,
    sheet: &str,
    drawing: &str,
    into: &mut Sheet,
) -> Result<(), Trouble> {
    let (folder, file) = sheet.rsplit_once('/').unwrap_or(("", sheet));
    let relations = package.text(&format!("{folder}/_rels/{file}.rels"))?.unwrap_or_default();
    let mut targets = Targets::default();
    xml::walk(&relations, &mut targets);
    let Some(target) = targets.0.get(drawing) else { return Ok(()) };
    // beside the folder of the sheets
    let path = match target.strip_prefix("../") {
        Some(beside) => format!("{}/{beside}", folder.rsplit_once('/').map_or("", |(up, _)| up)),
        None => target.clone(),
    };
    let Some(text) = package.text(&path)? else { return Ok(()) };
    let mut anchors =
        Anchors { sheet: into, from: [0; 2], to: None, has_picture: false, place: None };
    xml::walk(&text, &mut anchors);
    Ok(())
}

/// What is anchored to cells.
struct Anchors<'s> {
    sheet: &'s mut Sheet,
    /// Row and column of its first and its last cell.
    from: [u32; 2],
    to: Option<[u32; 2]>,
    has_picture: bool,
    /// What the text of an element is: of the last cell or the first, the column or the row.
    place: Option<(bool, usize)>,
}

impl Visit for Anchors<'_> {
    fn open(&mut self, name: &str, _: &Tag<'_>) -> Enter {
        match name {
            "twoCellAnchor" | "oneCellAnchor" => {
                (self.from, self.to, self.has_picture) = ([0; 2], None, false);
            }
            "from" => self.place = Some((false, 0)),
            "to" => {
                self.to = Some([0; 2]);
                self.place = Some((true, 0));
            }
            "row" => self.place = self.place.map(|(is_last, _)| (is_last, 1)),
            "col" => self.place = self.place.map(|(is_last, _)| (is_last, 2)),
            "colOff" | "rowOff" => self.place = self.place.map(|(is_last, _)| (is_last, 0)),
            // also a box with text
            "blip" | "t" => self.has_picture = true,
            _ => {}
        }
        Enter::Children
    }

    fn close(&mut self, name: &str) {
        match name {
            "from" | "to" => self.place = None,
            "twoCellAnchor" | "oneCellAnchor" if self.has_picture => {
                // it ends in the last cell, or at its beginning
                let [row, col] = self.from;
                let [last_row, last_col] = self.to.unwrap_or(self.from);
                let count = |first: u32, last: u32| last.saturating_sub(first).max(1);
                self.sheet.picture(row, col, count(row, last_row), count(col, last_col));
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let (Some((is_last, part @ 1..)), Ok(number)) = (self.place, text.trim().parse()) {
            let place = if is_last { self.to.get_or_insert([0; 2]) } else { &mut self.from };
            place[part - 1] = number;
        }
    }
}

fn empty() -> String {
    "<x/>".to_owned()
}

/// The visible sheets, in order, by the names of their relations.
#[derive(Default)]
struct Workbook {
    sheets: Vec<String>,
    from_1904: bool,
}

impl Visit for Workbook {
    fn open(&mut self, name: &str, tag: &Tag<'_>) -> Enter {
        match name {
            "sheet" if !matches!(tag.get("state").as_deref(), Some("hidden" | "veryHidden")) => {
                self.sheets.push(tag.get("id").unwrap_or_default());
            }
            "workbookPr" => {
                self.from_1904 = matches!(tag.get("date1904").as_deref(), Some("1" | "true"));
            }
            _ => {}
        }
        Enter::Children
    }
    fn close(&mut self, _: &str) {}
    fn text(&mut self, _: &str) {}
}

/// Where the parts of the workbook are.
#[derive(Default)]
struct Targets(FxHashMap<String, String>);

impl Visit for Targets {
    fn open(&mut self, name: &str, tag: &Tag<'_>) -> Enter {
        if let ("Relationship", Some(id), Some(target)) = (name, tag.get("Id"), tag.get("Target")) {
            self.0.insert(id, target);
        }
        Enter::Children
    }
    fn close(&mut self, _: &str) {}
    fn text(&mut self, _: &str) {}
}

/// A run of a text, with its look where it has one of its own.
type Run = (String, Option<Look>);

/// The texts that cells share.
#[derive(Default)]
struct Strings {
    list: Vec<Vec<Run>>,
    is_text: bool,
    look: Option<Look>,
}

impl Visit for Strings {
    fn open(&mut self, name: &str, tag: &Tag<'_>) -> Enter {
        match name {
            "si" => self.list.push(Vec::new()),
            "r" => self.look = Some(Look::default()),
            "t" => {
                self.is_text = true;
                if let Some(runs) = self.list.last_mut() {
                    runs.push((String::new(), self.look));
                }
            }
            // the reading of ideographs
            "rPh" => return Enter::Skip,
            _ => {
                if let Some(look) = &mut self.look {
                    font_property(look, name, tag);
                }
            }
        }
        Enter::Children
    }
    fn close(&mut self, name: &str) {
        self.is_text &= name != "t";
        if name == "r" {
            self.look = None;
        }
    }
    fn text(&mut self, text: &str) {
        let last = self.list.last_mut().and_then(|runs| runs.last_mut());
        if let (true, Some((last, _))) = (self.is_text, last) {
            last.push_str(text);
        }
    }
}

/// What an element of a font says about the look of text.
fn font_property(look: &mut Look, name: &str, tag: &Tag<'_>) {
    match name {
        "strike" => look.struck = Some(tag.is_on()),
        "vertAlign" => {
            look.raised =
                Some(matches!(tag.get("val").as_deref(), Some("superscript" | "subscript")));
        }
        "color" => look.ink = Some(colour(tag)),
        "name" | "rFont" => {
            look.symbols = tag.get("val").map(|font| Symbols::of_font(&font));
        }
        "sz" => {
            if let Some(points) = tag.get("val").and_then(|size| size.parse::<f32>().ok()) {
                look.tiny = Some(points <= 1.0);
            }
        }
        _ => {}
    }
}

/// A colour by its parts, or by its number in the theme or the palette; of most themes white and black are known.
fn colour(tag: &Tag<'_>) -> Paint {
    if let Some(rgb) = tag.get("rgb") {
        return Paint::of_name(&rgb);
    }
    match (tag.number("theme"), tag.number("indexed"), tag.get("tint")) {
        (Some(0), _, None) => Paint::PAPER,
        (Some(1), _, None) => Paint::of_number(0),
        (None, Some(number), None) => indexed(number),
        (None, None, _) => Paint::Auto,
        _ => Paint::Unknown,
    }
}

/// A style of cells: its font and what fills it, by their numbers.
#[derive(Clone, Copy, Default)]
struct Style {
    font: usize,
    fill: usize,
}

#[derive(Default)]
struct Styles {
    formats: Formats,
    fonts: Vec<Look>,
    fills: Vec<Paint>,
    cells: Vec<Style>,
    /// For each format under a condition, whether it may hide what it is for.
    hiding: Vec<bool>,
    within: Option<Part>,
}

/// A part of the styles.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Fonts,
    Fills,
    Cells,
    /// Formats under a condition.
    Conditional,
}

impl Styles {
    /// The look of text in a style.
    fn look(&self, style: usize) -> Look {
        let Some(style) = self.cells.get(style) else { return Look::default() };
        let ground = self.fills.get(style.fill).copied();
        let font = self.fonts.get(style.font).copied().unwrap_or_default();
        Look { ground, ..font }
    }
}

impl Visit for Styles {
    fn open(&mut self, name: &str, tag: &Tag<'_>) -> Enter {
        match (name, self.within) {
            ("fonts", _) => self.within = Some(Part::Fonts),
            ("fills", _) => self.within = Some(Part::Fills),
            ("cellXfs", _) => self.within = Some(Part::Cells),
            ("font", Some(Part::Fonts)) => self.fonts.push(Look::default()),
            (_, Some(Part::Fonts)) => {
                if let Some(font) = self.fonts.last_mut() {
                    font_property(font, name, tag);
                }
            }
            ("fill", Some(Part::Fills)) => self.fills.push(Paint::Auto),
            ("patternFill", Some(Part::Fills)) => {
                if let Some(fill) = self.fills.last_mut() {
                    *fill = match tag.get("patternType").as_deref() {
                        None | Some("none" | "solid") => Paint::Auto,
                        Some(_) => Paint::Unknown,
                    };
                }
            }
            ("fgColor", Some(Part::Fills)) => {
                if let Some(fill) = self.fills.last_mut().filter(|fill| **fill == Paint::Auto) {
                    *fill = colour(tag);
                }
            }
            ("gradientFill", Some(Part::Fills)) => {
                if let Some(fill) = self.fills.last_mut() {
                    *fill = Paint::Unknown;
                }
            }
            ("xf", Some(Part::Cells)) => {
                self.formats.style(tag.number("numFmtId").unwrap_or(0));
                let number = |name: &str| tag.number(name).unwrap_or(0) as usize;
                self.cells.push(Style { font: number("fontId"), fill: number("fillId") });
            }
            ("numFmt", Some(Part::Conditional)) => {
                let code = tag.get("formatCode").unwrap_or_default();
                if let Some(hides) = self.hiding.last_mut() {
                    *hides |= !code.contains(['0', '#', '?', 'G', 'g']);
                }
            }
            ("border" | "fill", Some(Part::Conditional)) => return Enter::Skip,
            ("numFmt", _) => {
                let code = tag.get("formatCode").unwrap_or_default();
                self.formats.define(tag.number("numFmtId").unwrap_or(0), &code);
            }
            ("dxfs", _) => self.within = Some(Part::Conditional),
            ("dxf", _) => self.hiding.push(false),
            ("color", Some(Part::Conditional)) => {
                let ink = colour(tag);
                if let (Some(hides), true) = (self.hiding.last_mut(), ink == Paint::PAPER) {
                    *hides = true;
                }
            }
            _ => {}
        }
        Enter::Children
    }
    fn close(&mut self, name: &str) {
        if matches!(name, "fonts" | "fills" | "cellXfs" | "dxfs") {
            self.within = None;
        }
    }
    fn text(&mut self, _: &str) {}
}

/// A text with what is written as `_x000D_` in it.
fn unescaped(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find("_x") else { return Cow::Borrowed(text) };
    let mut read = text[..first].to_owned();
    let mut rest = &text[first..];
    while let Some(c) = rest.chars().next() {
        let code =
            rest.strip_prefix("_x").and_then(|r| r.get(..4).filter(|_| r[4..].starts_with('_')));
        let code = code.filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(sign) = code.and_then(|code| u32::from_str_radix(code, 16).ok()) else {
            read.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        rest = &rest["_x0000_".len()..];
        match char::from_u32(sign) {
            // one line end, not two
            Some('\r') if rest.starts_with('\n') => {}
            Some('\r') => read.push('\n'),
            Some(c) if c.is_control() && !matches!(c, '\n' | '\t') => {}
            other => read.push(other.unwrap_or(char::REPLACEMENT_CHARACTER)),
        }
    }
    Cow::Owned(read)
}

/// What the text of an element is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Nothing,
    Value,
    Text,
    Formula,
    /// What a format under a condition compares with.
    Condition,
}

struct Cell {
    row: u32,
    col: u32,
    kind: String,
    style: usize,
    value: String,
    /// The text that stands in the cell itself.
    runs: Vec<Run>,
    formula: Option<String>,
}

struct Reader<'w> {
    strings: &'w [Vec<Run>],
    styles: &'w Styles,
    paper: Paint,
    /// The look of the run of a text that stands in a cell.
    in_run: Option<Look>,
    /// The name of what is drawn on the sheet.
    drawing: Option<String>,
    sheet: Sheet,
    row: u32,
    /// Where a row and a cell without a name stand.
    next_row: u32,
    next_col: u32,
    cell: Option<Cell>,
    target: Target,
    /// The cells for which formats under conditions are described.
    ranges: String,
    /// The condition that is described: what it compares by, and with what numbers.
    rule: Option<(String, Vec<f64>)>,
}

impl Reader<'_> {
    /// Notes that cells are not shown where they meet the condition.
    fn hide_where(&mut self) {
        let condition = self.rule.take().filter(|(_, numbers)| !numbers.is_empty());
        for range in self.ranges.split_whitespace() {
            let (first, last) = range.split_once(':').unwrap_or((range, range));
            if let (Some((top, left)), Some((bottom, right))) = (place(first), place(last)) {
                let range = (top, left, bottom.saturating_add(1), right.saturating_add(1));
                self.sheet.hide_where(Hiding { range, condition: condition.clone() });
            }
        }
    }

    /// What a cell shows; of a formula the value it had when the workbook was saved.
    fn shown(&self, cell: &Cell) -> String {
        let value = cell.value.trim();
        if let (Some(formula), true) = (&cell.formula, value.is_empty() && cell.kind != "str") {
            // that of one which nobody has computed is seen, and not known
            return format!("={formula}");
        }
        let look = self.styles.look(cell.style);
        let formats = &self.styles.formats;
        let (runs, number);
        let runs: &[Run] = match cell.kind.as_str() {
            "s" => {
                let at = value.parse().ok();
                at.and_then(|at: usize| self.strings.get(at)).map_or(&[], Vec::as_slice)
            }
            "inlineStr" => &cell.runs,
            _ => {
                number = match (cell.kind.as_str(), value.parse()) {
                    ("b", _) => (if value == "1" { "TRUE" } else { "FALSE" }).to_owned(),
                    ("str" | "e" | "d", _) | (_, Err(_)) => cell.value.clone(),
                    (_, Ok(number)) => formats.write(number, cell.style),
                };
                runs = [(number, None)];
                &runs
            }
        };
        let is_text = matches!(cell.kind.as_str(), "s" | "inlineStr" | "str");
        if let ([(text, None)], true) = (runs, is_text) {
            let text = formats.write_text(text, cell.style);
            return self.rich(&[(text.into_owned(), None)], look);
        }
        if is_text && formats.write_text("x", cell.style).is_empty() {
            return String::new();
        }
        self.rich(runs, look)
    }

    fn rich(&self, runs: &[Run], of_cell: Look) -> String {
        let mut shown = RichText::default();
        for (text, look) in runs {
            let look = look.map_or(of_cell, |look| Look { ground: of_cell.ground, ..look });
            let text = unescaped(text);
            let text = look.symbols.unwrap_or(Symbols::None).read(&text);
            shown.push(&text, look.shown(self.paper));
        }
        shown.finish()
    }
}

impl Visit for Reader<'_> {
    fn open(&mut self, name: &str, tag: &Tag<'_>) -> Enter {
        let is_on = |name: &str| matches!(tag.get(name).as_deref(), Some("1" | "true"));
        let is_flat = |name: &str, least: f32| {
            tag.get(name).and_then(|size| size.parse::<f32>().ok()).is_some_and(|size| size < least)
        };
        match name {
            "col" if is_on("hidden") || is_flat("width", NARROWEST) => {
                let (min, max) = (tag.number("min").unwrap_or(1), tag.number("max").unwrap_or(1));
                self.sheet.hide_columns(min.saturating_sub(1), max.saturating_sub(min) + 1);
            }
            "row" => {
                self.row = tag.number("r").map_or(self.next_row, |row| row.saturating_sub(1));
                (self.next_row, self.next_col) = (self.row.saturating_add(1), 0);
                if is_on("hidden") || is_flat("ht", LOWEST) {
                    self.sheet.hide_rows(self.row, 1);
                }
            }
            "c" => {
                let place = tag.get("r").and_then(|name| place(&name));
                let (row, col) = place.unwrap_or((self.row, self.next_col));
                self.next_col = col.saturating_add(1);
                let kind = tag.get("t").unwrap_or_default();
                let style = tag.number("s").unwrap_or(0) as usize;
                let (value, runs, formula) = (String::new(), Vec::new(), None);
                self.cell = Some(Cell { row, col, kind, style, value, runs, formula });
            }
            "v" => self.target = Target::Value,
            "f" => {
                self.target = Target::Formula;
                if let Some(cell) = &mut self.cell {
                    cell.formula = Some(String::new());
                }
            }
            "r" => self.in_run = Some(Look::default()),
            "t" => {
                self.target = Target::Text;
                if let Some(cell) = &mut self.cell {
                    cell.runs.push((String::new(), self.in_run));
                }
            }
            "conditionalFormatting" => self.ranges = tag.get("sqref").unwrap_or_default(),
            "cfRule" => {
                let hides = |id: u32| self.styles.hiding.get(id as usize) == Some(&true);
                if tag.number("dxfId").is_some_and(hides) {
                    self.rule = Some((tag.get("operator").unwrap_or_default(), Vec::new()));
                }
            }
            "formula" if self.rule.is_some() => self.target = Target::Condition,
            // bars and signs in the place of numbers
            "dataBar" | "iconSet"
                if matches!(tag.get("showValue").as_deref(), Some("0" | "false")) =>
            {
                self.rule = Some(Default::default());
            }
            "drawing" => self.drawing = tag.get("id"),
            "mergeCell" => {
                let range = tag.get("ref").unwrap_or_default();
                let (first, last) = range.split_once(':').unwrap_or((&range, &range));
                if let (Some((row, col)), Some((last_row, last_col))) = (place(first), place(last))
                {
                    let rows = last_row.saturating_sub(row).saturating_add(1);
                    self.sheet.merge(
                        row,
                        col,
                        rows,
                        last_col.saturating_sub(col).saturating_add(1),
                    );
                }
            }
            "rPh" | "headerFooter" | "oddHeader" | "oddFooter" => return Enter::Skip,
            _ => {
                if let Some(look) = &mut self.in_run {
                    font_property(look, name, tag);
                }
            }
        }
        Enter::Children
    }

    fn close(&mut self, name: &str) {
        self.target = Target::Nothing;
        if name == "cfRule" && self.rule.is_some() {
            self.hide_where();
        }
        if name == "r" {
            self.in_run = None;
        }
        if name == "c"
            && let Some(cell) = self.cell.take().filter(|_| !self.sheet.is_full())
        {
            let text = self.shown(&cell);
            self.sheet.cell(cell.row, cell.col, &text);
        }
    }

    fn text(&mut self, text: &str) {
        if let (Target::Condition, Some((_, numbers))) = (self.target, &mut self.rule) {
            // another cell or a formula is not a number, and so nothing is known
            numbers.push(text.trim().parse().unwrap_or(f64::NAN));
            return;
        }
        match (&mut self.cell, self.target) {
            (Some(cell), Target::Value) => cell.value.push_str(text),
            (Some(cell), Target::Text) => {
                if let Some((run, _)) = cell.runs.last_mut() {
                    run.push_str(text);
                }
            }
            (Some(Cell { formula: Some(formula), .. }), Target::Formula)
                if formula.len() < LONGEST_FORMULA =>
            {
                formula.push_str(text);
            }
            _ => {}
        }
    }
}

/// Row and column of `B3`, from 0.
fn place(name: &str) -> Option<(u32, u32)> {
    let name = name.replace('$', "");
    let digits = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = name.split_at(digits);
    let mut col = 0u32;
    for letter in letters.bytes() {
        let letter = letter.to_ascii_uppercase();
        if !letter.is_ascii_uppercase() {
            return None;
        }
        col = col.checked_mul(26)?.checked_add(u32::from(letter - b'A' + 1))?;
    }
    Some((row.parse::<u32>().ok()?.checked_sub(1)?, col.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::super::super::package::pack;
    use super::super::super::show;
    use super::*;

    #[test]
    fn ok_places() {
        assert_eq!(place("A1"), Some((0, 0)));
        assert_eq!(place("$AB$12"), Some((11, 27)));
        assert_eq!(place("12"), None);
        assert_eq!(place("A0"), None);
        assert_eq!(place("AAAAAAAAAAAA1"), None);
    }

    #[test]
    fn ok_a_workbook() {
        let workbook = r#"<workbook><sheets><sheet name="旧" state="hidden" r:id="a"/><sheet name="表" r:id="b"/></sheets></workbook>"#;
        let relations = r#"<Relationships><Relationship Id="b" Target="worksheets/s.xml"/><Relationship Id="a" Target="/xl/o.xml"/></Relationships>"#;
        let strings = "<sst><si><t>规章</t></si><si><r><t>总</t></r><r><t>计</t></r><rPh><t>x</t></rPh></si></sst>";
        let styles = r#"<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy/m/d"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>
            <cellXfs><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="170"/></cellXfs></styleSheet>"#;
        let sheet = r#"<worksheet><dimension ref="A1:XFD1048576"/><cols><col min="5" max="5" hidden="1"/></cols><sheetData>
            <row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2"><v>61829.655500000001</v></c><c r="D2" s="1"><v>0.5</v></c><c r="E2"><v>9</v></c></row>
            <row r="3" hidden="1"><c r="A3"><v>1</v></c></row>
            <row><c t="s"><v>1</v></c><c t="inlineStr"><is><t>内</t></is></c><c r="C4"><f>SUM(A1)</f><v>12</v></c><c s="2"><v>44561</v></c></row>
            </sheetData><mergeCells><mergeCell ref="A2:B2"/></mergeCells></worksheet>"#;
        let bytes = pack(&[
            ("xl/workbook.xml", workbook),
            ("xl/_rels/workbook.xml.rels", relations),
            ("xl/sharedStrings.xml", strings),
            ("xl/styles.xml", styles),
            ("xl/worksheets/s.xml", sheet),
        ]);
        let read = read(&bytes).expect("the workbook can be read");
        assert!(!read.is_cut);
        assert_eq!(
            show(&read.blocks),
            "#1\n1,0 1x2 规章\n1,2 61829.6555\n1,3 50%\n3,0 总计\n3,1 内\n3,2 12\n3,3 2021-12-31\n"
        );
    }

    #[test]
    fn ok_what_is_shown_of_texts_and_formulas() {
        let strings = r#"<sst><si><r><rPr><strike/></rPr><t>9</t></r><r><t>12</t></r></si>
            <si><r><t>12</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r></si>
            <si><t>行政_x000D_
许可_x005F_</t></si></sst>"#;
        let styles = r#"<styleSheet><fonts><font/><font><color rgb="FFFFFFFF"/></font></fonts>
            <fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FF000080"/></patternFill></fill></fills>
            <cellXfs><xf/><xf fontId="1"/><xf fontId="1" fillId="1"/></cellXfs></styleSheet>"#;
        let drawing = "<wsDr><twoCellAnchor><from><col>6</col><colOff>9</colOff><row>0</row></from>\
            <to><col>6</col><row>0</row></to><pic><blip/></pic></twoCellAnchor></wsDr>";
        let related =
            r#"<Relationships><Relationship Id="d" Target="../drawings/d.xml"/></Relationships>"#;
        let sheet = r#"<worksheet><drawing r:id="d"/><cols><col min="8" max="8" width="0"/></cols><sheetData><row>
            <c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c s="1"><v>5</v></c><c s="2"><v>5</v></c>
            <c><f>SUM(A1)</f><v/></c><c t="str"><f>""</f><v></v></c><c><v>8</v></c></row>
            <row ht="0"><c><v>1</v></c></row></sheetData></worksheet>"#;
        let bytes = pack(&[
            ("xl\\workbook.xml", r#"<workbook><sheets><sheet r:id="a"/></sheets></workbook>"#),
            ("XL/SharedStrings.xml", strings),
            ("xl/styles.xml", styles),
            ("xl/worksheets/sheet1.xml", sheet),
            ("xl/worksheets/_rels/sheet1.xml.rels", related),
            ("xl/drawings/d.xml", drawing),
        ]);
        let read = read(&bytes).expect("the workbook can be read");
        assert_eq!(
            show(&read.blocks),
            "#1\n0,0 12\n0,1 12[1]\n0,2 行政\\n许可_\n0,3 \n0,4 5\n0,5 =SUM(A1)\n0,6 \u{FFFC}\n"
        );
    }

    #[test]
    fn ok_what_is_hidden_under_a_condition() {
        let styles = r#"<styleSheet><fonts><font/></fonts><cellXfs><xf/></cellXfs>
            <dxfs><dxf><font><color rgb="FFFFFFFF"/></font></dxf><dxf><numFmt numFmtId="9" formatCode=";;;"/></dxf>
            <dxf><font><color rgb="FFFF0000"/></font><fill><bgColor rgb="FFFFFFFF"/></fill></dxf></dxfs></styleSheet>"#;
        let shown = |rule: &str| {
            let sheet = format!(
                r#"<worksheet><sheetData><row><c t="inlineStr"><is><t>规章</t></is></c><c><v>12</v></c><c><v>0</v></c></row></sheetData>
                <conditionalFormatting sqref="Z1:Z9 A1:C1">{rule}</conditionalFormatting></worksheet>"#
            );
            let bytes = pack(&[
                ("xl/workbook.xml", r#"<workbook><sheets><sheet r:id="a"/></sheets></workbook>"#),
                ("xl/styles.xml", styles),
                ("xl/worksheets/sheet1.xml", &sheet),
            ]);
            let shown = show(&read(&bytes).expect("the workbook can be read").blocks);
            shown.strip_prefix("#1\n0,0 规章\n").expect("its words are read").to_owned()
        };
        let compared = |format: u32, operator: &str, numbers: &str| {
            shown(&format!(
                r#"<cfRule type="cellIs" dxfId="{format}" operator="{operator}">{numbers}</cfRule>"#
            ))
        };
        let both = "0,1 12\n0,2 0\n";
        assert_eq!(compared(0, "equal", "<formula>0</formula>"), "0,1 12\n0,2 \n");
        assert_eq!(compared(1, "greaterThan", "<formula>5</formula>"), "0,1 \n0,2 0\n");
        assert_eq!(compared(2, "greaterThan", "<formula>5</formula>"), both);
        let between = "<formula>1</formula><formula>20</formula>";
        assert_eq!(compared(0, "between", between), "0,1 \n0,2 0\n");
        // one that is not computed, and signs in the place of numbers
        let unknown = "0,1 \u{FFFD}12\n0,2 \u{FFFD}0\n";
        assert_eq!(
            shown(r#"<cfRule type="expression" dxfId="0"><formula>A1&gt;B2</formula></cfRule>"#),
            unknown
        );
        assert_eq!(shown(r#"<cfRule type="iconSet"><iconSet showValue="0"/></cfRule>"#), unknown);
        assert_eq!(shown(r#"<cfRule type="dataBar"><dataBar/></cfRule>"#), both);
    }
}
