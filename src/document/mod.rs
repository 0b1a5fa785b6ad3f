//! Stage 2: bytes → text, and the grids of its tables where the format has tables.

pub mod blocks;
pub mod decode;
pub mod mojibake;
pub(crate) mod office;

use blocks::Blocks;

use crate::finding::{Code, Finding};
use crate::source::Source;
use crate::source::sniff::{self, Format};
use std::borrow::Cow;

/// Largest document that is read, in bytes.
pub const MAX_BYTES: usize = 256 << 20;

/// A document as text.
#[derive(Debug)]
pub struct Document<'s> {
    /// What the bytes are.
    pub format: Format,
    /// The text; empty when none could be had.
    pub text: Cow<'s, str>,
    /// The encoding's name in the Encoding Standard; none for binary formats.
    pub encoding: Option<&'static str>,
    /// What was found while decoding.
    pub findings: Vec<Finding>,
    /// Tables, links and furniture of formats that have them; their text stands in `text`. None for plain text.
    pub blocks: Option<Blocks>,
}

impl Document<'_> {
    /// A document of paragraphs and grids.
    pub(crate) fn of_blocks(
        format: Format,
        encoding: Option<&'static str>,
        mut blocks: Blocks,
    ) -> Self {
        let text = Cow::Owned(std::mem::take(&mut blocks.text));
        Self { format, text, encoding, findings: Vec::new(), blocks: Some(blocks) }
    }
}

/// Decodes a document.
pub fn read(source: &Source) -> Document<'_> {
    let format = sniff::format(&source.bytes);
    let refuse = |code, message: String| Document {
        format,
        text: Cow::Borrowed(""),
        encoding: None,
        findings: vec![Finding::new(code, message)],
        blocks: None,
    };
    if source.bytes.len() > MAX_BYTES {
        let message =
            format!("{} bytes are more than the limit of {MAX_BYTES}", source.bytes.len());
        return refuse(Code::TooLarge, message);
    }
    if let Some(document) = office::read(format, &source.bytes) {
        return document;
    }
    match format {
        Format::Text => {}
        Format::Binary => return refuse(Code::Binary, "these bytes are not text".to_owned()),
        other => {
            let message = format!("this is {}, which this version does not read", other.name());
            return refuse(Code::UnsupportedFormat, message);
        }
    }
    let mut document = decode::text(&source.bytes);
    if document.text.chars().all(|c| c.is_whitespace() || c == '\u{FEFF}' || c == '\0') {
        document.findings.push(Finding::new(Code::Empty, "the document holds no text"));
        document.text = Cow::Borrowed("");
        return document;
    }
    mojibake::undo(&mut document);
    document
}
