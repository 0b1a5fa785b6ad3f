//! Office files: Word, WPS, OpenDocument, RTF and workbooks → paragraphs and grids.
//!
//! Each reader walks through its file without recursion and tells what it finds to a [`flow::Flow`]. A file that breaks
//! off is read as far as it goes, with a finding.

mod docx;
mod fields;
mod flow;
mod lists;
mod numbers;
mod package;
mod symbols;
mod xml;

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
}

/// Reads an office file, and says what is wrong with it.
pub(crate) fn read(format: Format, bytes: &[u8]) -> (Blocks, Vec<Finding>) {
    let read = match format {
        Format::Docx => docx::read(bytes),
        _ => Err(Trouble::damaged("no reader for this format")),
    };
    match read {
        Ok(Read { blocks, is_cut: true }) if blocks.text.is_empty() => {
            let message = format!("{} is damaged: nothing could be read", format.name());
            (Blocks::default(), vec![Finding::new(Code::Damaged, message)])
        }
        Ok(Read { blocks, is_cut }) => {
            let message = format!("{} is damaged: a part of it could not be read", format.name());
            let findings = is_cut.then(|| Finding::new(Code::DamagedPart, message));
            (blocks, findings.into_iter().collect())
        }
        Err(Trouble { code, message }) => (Blocks::default(), vec![Finding::new(code, message)]),
    }
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
