//! Files of word processors and spreadsheets, written part by part.

use super::super::model::{Block, Document, END, Kind, Part};
use super::zip::container;
use super::{Placed, lines, placed, width};
use std::fmt::Write as _;

fn escaped(text: &str) -> String {
    let text: String = text.chars().filter(|char| *char != END).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn runs(text: &str) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| format!("<w:t xml:space=\"preserve\">{}</w:t>", escaped(line)))
        .collect();
    format!("<w:p><w:r>{}</w:r></w:p>", lines.join("<w:br/>"))
}

const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn relations(entries: &[(&str, &str)]) -> String {
    let mut out = format!("<Relationships xmlns=\"{RELATIONS}\">");
    for (index, (kind, target)) in entries.iter().enumerate() {
        let id = index + 1;
        let _ = write!(
            out,
            "<Relationship Id=\"rId{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>"
        );
    }
    out + "</Relationships>"
}

fn types(entries: &[(&str, &str)]) -> String {
    let mut out = String::from(
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>",
    );
    for (part, kind) in entries {
        let _ = write!(
            out,
            "<Override PartName=\"/{part}\" \
             ContentType=\"application/vnd.openxmlformats-officedocument.{kind}+xml\"/>"
        );
    }
    out + "</Types>"
}

/// A DOCX.
pub(crate) fn docx(document: &Document) -> Vec<u8> {
    let mut body = String::new();
    for block in &document.blocks {
        match block {
            Block::Title(text) | Block::Line(text) => body += &runs(text),
            Block::Part(part) => {
                body.extend(part.caption.as_deref().map(runs));
                word_table(part, &mut body);
                body += &runs("");
            }
        }
    }
    let document = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
         <w:body>{body}<w:sectPr/></w:body></w:document>"
    );
    container(&[
        ("[Content_Types].xml", types(&[("word/document.xml", "wordprocessingml.document.main")])),
        ("_rels/.rels", relations(&[("officeDocument", "word/document.xml")])),
        ("word/document.xml", document),
    ])
}

fn word_table(part: &Part, out: &mut String) {
    let columns = width(part);
    let lines = lines(part, true, false);
    let grid = placed(&lines, columns);
    let open =
        format!("<w:tbl><w:tblGrid>{}</w:tblGrid>", "<w:gridCol w:w=\"900\"/>".repeat(columns));
    *out += &open;
    for (line, cells) in lines.iter().zip(&grid) {
        if line.kind == Kind::Furniture {
            *out += &format!("</w:tbl>{}{open}", runs(&line.slots[0].text));
            continue;
        }
        *out += "<w:tr>";
        for cell in cells {
            let (cols, merge, text) = match *cell {
                Placed::Free | Placed::Beside => continue,
                Placed::Below(cols) => (cols, "<w:vMerge/>", ""),
                Placed::Begins(index) => {
                    let slot = &line.slots[index];
                    let merge = if slot.rows > 1 { "<w:vMerge w:val=\"restart\"/>" } else { "" };
                    (slot.cols, merge, slot.text.as_str())
                }
            };
            *out += &format!(
                "<w:tc><w:tcPr><w:gridSpan w:val=\"{cols}\"/>{merge}</w:tcPr>{}</w:tc>",
                runs(text)
            );
        }
        *out += "</w:tr>";
    }
    *out += "</w:tbl>";
}

/// An XLSX with one sheet.
pub(crate) fn xlsx(document: &Document) -> Vec<u8> {
    let mut sheet = Sheet::default();
    for block in &document.blocks {
        match block {
            Block::Title(text) | Block::Line(text) => sheet.line(text),
            Block::Part(part) => {
                if let Some(caption) = &part.caption {
                    sheet.line(caption);
                }
                sheet.table(part);
            }
        }
    }
    let workbook = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>\
         <sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let merges = if sheet.merges.is_empty() {
        String::new()
    } else {
        format!("<mergeCells count=\"{}\">{}</mergeCells>", sheet.merged, sheet.merges)
    };
    let data = format!(
        "<worksheet xmlns=\"{MAIN}\"><sheetData>{}</sheetData>{merges}</worksheet>",
        sheet.rows
    );
    let strings = format!("<sst xmlns=\"{MAIN}\">{}</sst>", sheet.strings);
    container(&[
        (
            "[Content_Types].xml",
            types(&[
                ("xl/workbook.xml", "spreadsheetml.sheet.main"),
                ("xl/worksheets/sheet1.xml", "spreadsheetml.worksheet"),
                ("xl/sharedStrings.xml", "spreadsheetml.sharedStrings"),
            ]),
        ),
        ("_rels/.rels", relations(&[("officeDocument", "xl/workbook.xml")])),
        ("xl/workbook.xml", workbook),
        (
            "xl/_rels/workbook.xml.rels",
            relations(&[
                ("worksheet", "worksheets/sheet1.xml"),
                ("sharedStrings", "sharedStrings.xml"),
            ]),
        ),
        ("xl/worksheets/sheet1.xml", data),
        ("xl/sharedStrings.xml", strings),
    ])
}

#[derive(Default)]
struct Sheet {
    rows: String,
    row: usize,
    strings: String,
    string: usize,
    merges: String,
    merged: usize,
}

impl Sheet {
    fn line(&mut self, text: &str) {
        self.open();
        self.cell(0, text);
        self.close();
    }

    fn open(&mut self) {
        self.row += 1;
        let _ = write!(self.rows, "<row r=\"{}\">", self.row);
    }

    fn close(&mut self) {
        self.rows += "</row>";
    }

    /// A number where the text is one as a sheet would show it, a string otherwise; nothing where there is none.
    fn cell(&mut self, column: usize, text: &str) {
        if text.is_empty() {
            return;
        }
        let at = format!("{}{}", letters(column), self.row);
        let number = text.parse::<f64>().is_ok_and(|number| format!("{number}") == text);
        if number && text.len() < 15 {
            let _ = write!(self.rows, "<c r=\"{at}\"><v>{text}</v></c>");
            return;
        }
        let _ = write!(self.rows, "<c r=\"{at}\" t=\"s\"><v>{}</v></c>", self.string);
        let _ = write!(self.strings, "<si><t xml:space=\"preserve\">{}</t></si>", escaped(text));
        self.string += 1;
    }

    fn table(&mut self, part: &Part) {
        let lines = lines(part, true, false);
        let grid = placed(&lines, width(part));
        for (line, cells) in lines.iter().zip(&grid) {
            self.open();
            for (column, cell) in cells.iter().enumerate() {
                let Placed::Begins(index) = *cell else { continue };
                let slot = &line.slots[index];
                self.cell(column, &slot.text);
                if slot.cols > 1 || slot.rows > 1 {
                    let last = letters(column + slot.cols - 1);
                    let (first, row, end) = (letters(column), self.row, self.row + slot.rows - 1);
                    let _ = write!(self.merges, "<mergeCell ref=\"{first}{row}:{last}{end}\"/>");
                    self.merged += 1;
                }
            }
            self.close();
        }
    }
}

fn letters(column: usize) -> String {
    char::from(b'A' + u8::try_from(column).expect("few columns")).to_string()
}
