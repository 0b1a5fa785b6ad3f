//! XLSX: workbooks of Excel and WPS since 2007.

use super::super::package::Package;
use super::super::xml::{self, Enter, Tag, Visit};
use super::super::{Read, Trouble};
use super::{Formats, Sheet};
use crate::document::blocks::Blocks;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// Sheets that are read.
const MOST_SHEETS: usize = 256;

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
        let mut reader = Reader {
            strings: &strings.list,
            formats: &styles.formats,
            sheet: Sheet::after(&blocks),
            row: 0,
            next_row: 0,
            next_col: 0,
            cell: None,
            target: Target::Nothing,
        };
        is_whole &= xml::walk(&text, &mut reader);
        reader.sheet.finish(&mut blocks);
    }
    Ok(Read { blocks, is_cut: !is_whole || package.is_damaged, ..Read::default() })
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

/// The texts that cells share.
#[derive(Default)]
struct Strings {
    list: Vec<String>,
    is_text: bool,
}

impl Visit for Strings {
    fn open(&mut self, name: &str, _: &Tag<'_>) -> Enter {
        match name {
            "si" => self.list.push(String::new()),
            "t" => self.is_text = true,
            // the reading of ideographs
            "rPh" => return Enter::Skip,
            _ => {}
        }
        Enter::Children
    }
    fn close(&mut self, name: &str) {
        self.is_text &= name != "t";
    }
    fn text(&mut self, text: &str) {
        if let (true, Some(last)) = (self.is_text, self.list.last_mut()) {
            last.push_str(text);
        }
    }
}

#[derive(Default)]
struct Styles {
    formats: Formats,
    in_cells: bool,
}

impl Visit for Styles {
    fn open(&mut self, name: &str, tag: &Tag<'_>) -> Enter {
        match name {
            "cellXfs" => self.in_cells = true,
            "xf" if self.in_cells => self.formats.style(tag.number("numFmtId").unwrap_or(0)),
            "numFmt" => {
                let code = tag.get("formatCode").unwrap_or_default();
                self.formats.define(tag.number("numFmtId").unwrap_or(0), &code);
            }
            // formats of what is not a cell
            "dxfs" => return Enter::Skip,
            _ => {}
        }
        Enter::Children
    }
    fn close(&mut self, name: &str) {
        self.in_cells &= name != "cellXfs";
    }
    fn text(&mut self, _: &str) {}
}

/// What the text of an element is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Nothing,
    Value,
    Text,
}

struct Cell {
    row: u32,
    col: u32,
    kind: String,
    style: usize,
    value: String,
    text: String,
}

struct Reader<'w> {
    strings: &'w [String],
    formats: &'w Formats,
    sheet: Sheet,
    row: u32,
    /// Where a row and a cell without a name stand.
    next_row: u32,
    next_col: u32,
    cell: Option<Cell>,
    target: Target,
}

impl Reader<'_> {
    /// What a cell shows; of a formula the value it had when the workbook was saved.
    fn shown<'c>(&'c self, cell: &'c Cell) -> Cow<'c, str> {
        let value = cell.value.trim();
        match cell.kind.as_str() {
            "s" => {
                let text = value.parse().ok().and_then(|at: usize| self.strings.get(at));
                text.map_or("", String::as_str).into()
            }
            "inlineStr" => cell.text.as_str().into(),
            "b" => if value == "1" { "TRUE" } else { "FALSE" }.into(),
            "str" | "e" | "d" => cell.value.as_str().into(),
            _ => match value.parse() {
                Ok(number) => self.formats.write(number, cell.style).into(),
                Err(_) => value.into(),
            },
        }
    }
}

impl Visit for Reader<'_> {
    fn open(&mut self, name: &str, tag: &Tag<'_>) -> Enter {
        let is_on = |name: &str| matches!(tag.get(name).as_deref(), Some("1" | "true"));
        match name {
            "col" if is_on("hidden") => {
                let (min, max) = (tag.number("min").unwrap_or(1), tag.number("max").unwrap_or(1));
                self.sheet.hide_columns(min.saturating_sub(1), max.saturating_sub(min) + 1);
            }
            "row" => {
                self.row = tag.number("r").map_or(self.next_row, |row| row.saturating_sub(1));
                (self.next_row, self.next_col) = (self.row.saturating_add(1), 0);
                if is_on("hidden") {
                    self.sheet.hide_rows(self.row, 1);
                }
            }
            "c" => {
                let place = tag.get("r").and_then(|name| place(&name));
                let (row, col) = place.unwrap_or((self.row, self.next_col));
                self.next_col = col.saturating_add(1);
                let kind = tag.get("t").unwrap_or_default();
                let style = tag.number("s").unwrap_or(0) as usize;
                let (value, text) = (String::new(), String::new());
                self.cell = Some(Cell { row, col, kind, style, value, text });
            }
            "v" => self.target = Target::Value,
            "t" => self.target = Target::Text,
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
            _ => {}
        }
        Enter::Children
    }

    fn close(&mut self, name: &str) {
        self.target = Target::Nothing;
        if name == "c"
            && let Some(cell) = self.cell.take().filter(|_| !self.sheet.is_full())
        {
            let text = self.shown(&cell).into_owned();
            self.sheet.cell(cell.row, cell.col, &text);
        }
    }

    fn text(&mut self, text: &str) {
        match (&mut self.cell, self.target) {
            (Some(cell), Target::Value) => cell.value.push_str(text),
            (Some(cell), Target::Text) => cell.text.push_str(text),
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
}
