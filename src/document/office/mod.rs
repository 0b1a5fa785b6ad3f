//! Office files: Word, WPS, OpenDocument, RTF and workbooks → paragraphs and grids.
//!
//! Each reader walks through its file without recursion and tells what it finds to a [`flow::Flow`]. A file that breaks
//! off is read as far as it goes, with a finding.

mod crypt;
mod doc;
mod docx;
mod fields;
mod flow;
mod lists;
mod look;
mod numbers;
mod odf;
pub(super) mod package;
mod rtf;
mod sheet;
mod symbols;
mod xml;

use super::Document;
use crate::document::blocks::Blocks;
use crate::finding::{Code, Finding};
use crate::source::sniff::{self, Format};

/// Most bytes that a container may unpack to; the largest report seen has two million.
const MOST_UNPACKED: u64 = 128 << 20;

/// Why nothing could be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    code: Code,
    message: String,
}

impl Trouble {
    /// What is told of it.
    pub(super) fn finding(self) -> Finding {
        Finding::new(self.code, self.message)
    }

    fn damaged(message: impl Into<String>) -> Self {
        Self { code: Code::Damaged, message: message.into() }
    }

    fn encrypted() -> Self {
        Self {
            code: Code::Encrypted,
            message: "the document is protected by a password".to_owned(),
        }
    }

    fn unsupported(what: &str) -> Self {
        let message = format!("this is {what}, which this version does not read");
        Self { code: Code::UnsupportedFormat, message }
    }

    fn too_large() -> Self {
        let message =
            format!("the document unpacks to more than the limit of {MOST_UNPACKED} bytes");
        Self { code: Code::TooLarge, message }
    }
}

/// What a reader hands over.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// Paragraphs and grids.
    pub(crate) blocks: Blocks,
    /// Whether the document breaks off: what stands behind is not in the blocks.
    pub(crate) is_cut: bool,
    /// The encoding of formats that have one.
    pub(crate) encoding: Option<&'static str>,
}

/// Reads an office file into a document with findings; none for formats that are no office files.
pub(crate) fn read(format: Format, bytes: &[u8]) -> Option<Document<'static>> {
    if format == Format::Encrypted
        && let Some(package) = crypt::open(bytes)
        && let inner @ (Format::Docx | Format::Xlsx) = sniff::format(&package)
    {
        return read(inner, &package);
    }
    let read = match format {
        Format::Docx => docx::read(bytes),
        Format::WordXml => Ok(docx::read_xml(bytes)),
        Format::Doc => doc::read(bytes),
        Format::Rtf => Ok(rtf::read(bytes)),
        Format::Odt | Format::Ods => odf::read(bytes),
        Format::Xlsx => sheet::xlsx::read(bytes),
        Format::Xls => sheet::xls::read(bytes),
        Format::Encrypted => Err(Trouble::encrypted()),
        _ => return None,
    };
    let name = format.name();
    let (read, finding) = match read {
        Ok(read) if read.blocks.text.is_empty() && read.is_cut => {
            let message = format!("this is {name}, but damaged: nothing could be read");
            (Read::default(), Some(Finding::new(Code::Damaged, message)))
        }
        Ok(read) if read.blocks.text.is_empty() => {
            (read, Some(Finding::new(Code::Empty, "the document holds no text")))
        }
        Ok(read) if read.is_cut => {
            let message = format!("this is {name}, but damaged: a part of it could not be read");
            (read, Some(Finding::new(Code::DamagedPart, message)))
        }
        Ok(read) => (read, None),
        Err(Trouble { code: Code::Damaged, message }) => {
            let message = format!("this is {name}, but damaged: {message}");
            (Read::default(), Some(Finding::new(Code::Damaged, message)))
        }
        Err(Trouble { code, message }) => (Read::default(), Some(Finding::new(code, message))),
    };
    let mut document = Document::of_blocks(format, read.encoding, read.blocks);
    document.findings.extend(finding);
    Some(document)
}

/// Blocks as the tests of this folder write them: paragraphs, and cells with row, column, spans and text.
#[cfg(test)]
fn show(blocks: &Blocks) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    let mut at = 0;
    for grid in &blocks.grids {
        out.push_str(&blocks.text[at..grid.span.start as usize]);
        writeln!(out, "#{}", grid.number).expect("a String takes all");
        for cell in &grid.cells {
            write!(out, "{},{} ", cell.row, cell.col).expect("a String takes all");
            if (cell.rows, cell.cols) != (1, 1) {
                write!(out, "{}x{} ", cell.rows, cell.cols).expect("a String takes all");
            }
            let text = cell.span.of(&blocks.text).replace('\n', "\\n");
            out.truncate(out.trim_end_matches(' ').len());
            writeln!(out, " {text}").expect("a String takes all");
        }
        at = grid.span.end as usize + usize::from(grid.span.end < blocks.text.len() as u32);
    }
    out.push_str(&blocks.text[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::package::pack;
    use super::*;

    #[test]
    fn ok_formats_by_their_bytes() {
        let of = |parts: &[(&str, &str)]| sniff::format(&pack(parts));
        assert_eq!(of(&[("[Content_Types].xml", ""), ("word/document.xml", "")]), Format::Docx);
        assert_eq!(of(&[("xl/workbook.xml", ""), ("[Content_Types].xml", "")]), Format::Xlsx);
        assert_eq!(of(&[("OFD.xml", ""), ("Doc_0/Document.xml", "")]), Format::Ofd);
        assert_eq!(of(&[("2022.docx", "x"), ("word/a.txt", "")]), Format::Zip);
        assert_eq!(of(&[]), Format::Zip);
        // a container that broke off
        let whole = pack(&[("[Content_Types].xml", "a"), ("word/document.xml", "b")]);
        assert_eq!(sniff::format(&whole[..whole.len() - 40]), Format::Docx);
        assert_eq!(sniff::format(b"{\\rtf1 a}"), Format::Rtf);
        assert_eq!(sniff::format(b"<?xml version=\"1.0\"?><w:wordDocument>"), Format::WordXml);
    }

    #[test]
    fn err_one_finding_each() {
        let codes = |bytes: &[u8]| -> Vec<&str> {
            let document = read(sniff::format(bytes), bytes).expect("it is an office file");
            document.findings.iter().map(|finding| finding.code.name()).collect()
        };
        let docx = |text: &str| pack(&[("[Content_Types].xml", ""), ("word/document.xml", text)]);
        assert_eq!(codes(&docx("<a/>")), ["empty"]);
        assert_eq!(codes(&docx("<w:p><w:r><w:t>1")), ["damaged_part"]);
        assert_eq!(codes(&docx("<a><b></a>")), ["damaged"]);
        assert_eq!(codes(&pack(&[("[Content_Types].xml", ""), ("word/x", "")])), ["damaged"]);
        assert_eq!(codes(&docx(&" ".repeat(MOST_UNPACKED as usize + 1))), ["too_large"]);
        assert_eq!(codes(b"{\\rtf1 a"), ["damaged_part"]);
        let document = read(Format::Encrypted, b"").expect("it is an office file");
        assert_eq!(document.findings[0].code, Code::Encrypted);
    }

    /// Reads a file that asks for much with few bytes; says how many cells it gives.
    fn cells(bytes: &[u8]) -> usize {
        let start = std::time::Instant::now();
        let document = read(sniff::format(bytes), bytes).expect("it is an office file");
        let took = start.elapsed();
        assert!(took.as_secs() < 20, "{took:?}");
        assert!(document.text.len() <= 200 << 20, "{} bytes", document.text.len());
        document.blocks.map_or(0, |blocks| blocks.grids.iter().map(|grid| grid.cells.len()).sum())
    }

    /// The same of the body of an OpenDocument.
    fn cells_of_odf(body: &str) -> usize {
        let content = format!("<d><body>{body}</body></d>");
        let start = std::time::Instant::now();
        let read = odf::read(&pack(&[("content.xml", &content)])).expect("it can be read");
        let took = start.elapsed();
        assert!(took.as_secs() < 20, "{took:?}");
        assert!(read.blocks.text.len() <= 200 << 20, "{} bytes", read.blocks.text.len());
        read.blocks.grids.iter().map(|grid| grid.cells.len()).sum()
    }

    #[test]
    fn err_few_bytes_that_ask_for_much() {
        let row = "<table-row number-rows-repeated=\"4294967295\"><table-cell number-columns-repeated=\"4294967295\"/></table-row>";
        assert!(
            cells_of_odf(&format!("<text><table>{}</table></text>", row.repeat(20_000))) <= 300_000
        );
        let full = row.replace("/>", " number-columns-spanned=\"9\" number-rows-spanned=\"4294967295\"><p>1</p></table-cell>");
        let full = full.repeat(20_000);
        assert!(
            cells_of_odf(&format!("<spreadsheet><table>{full}</table></spreadsheet>")) <= 300_000
        );
        assert!(cells_of_odf(&format!("<text><table>{full}</table></text>")) <= 300_000);
        let long = "x".repeat(1 << 20);
        let strings = format!("<sst><si><t>{long}</t></si></sst>");
        let sheet =
            format!("<s><row>{}</row></s>", "<c t=\"s\"><v>0</v></c>".repeat(1000).repeat(100));
        let workbook = "<workbook><sheets><sheet id=\"a\"/></sheets></workbook>";
        let parts = [
            ("[Content_Types].xml", ""),
            ("xl/workbook.xml", workbook),
            ("xl/sharedStrings.xml", &strings),
            ("xl/worksheets/sheet1.xml", &sheet),
        ];
        assert!(cells(&pack(&parts)) < 100);
        let docx = |text: &str| pack(&[("[Content_Types].xml", ""), ("word/document.xml", text)]);
        let wide =
            "<tr><tc><tcPr><gridSpan val=\"2147483647\"/></tcPr></tc><tc/></tr>".repeat(200_000);
        assert!(cells(&docx(&format!("<d><tbl>{wide}</tbl></d>"))) < 1_000_000);
        let deep = "<tbl><tr><tc>".repeat(3000) + &"</tc></tr></tbl>".repeat(3000);
        assert_eq!(cells(&docx(&format!("<d>{}</d>", deep.repeat(10)))), 0);
        let rtf = "\\itap999 x\\itap0 y".repeat(100_000);
        cells(format!("{{\\rtf1{rtf}}}").as_bytes());
        let rows = "\\trowd\\cellx1 a\\intbl\\row".to_owned() + &"\\cell ".repeat(200_000);
        cells(format!("{{\\rtf1\\intbl{}}}", rows.repeat(2)).as_bytes());
    }
}
