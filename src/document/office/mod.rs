//! Office files: Word, WPS, OpenDocument, RTF and workbooks → paragraphs and grids.
//!
//! Each reader walks through its file without recursion and tells what it finds to a [`flow::Flow`]. A file that breaks
//! off is read as far as it goes, with a finding.

mod doc;
mod docx;
mod fields;
mod flow;
mod lists;
mod numbers;
mod odf;
mod package;
mod rtf;
mod sheet;
mod symbols;
mod xml;

use super::Document;
use crate::document::blocks::Blocks;
use crate::finding::{Code, Finding};
use crate::source::sniff::Format;

/// Most bytes that a container may unpack to; the largest report seen has two million.
const MOST_UNPACKED: u64 = 128 << 20;

/// Why nothing could be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    code: Code,
    message: String,
}

impl Trouble {
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
    let read = match format {
        Format::Docx => docx::read(bytes),
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
