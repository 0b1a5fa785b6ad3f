//! Stage 2: bytes → text, and the grids of its tables where the format has tables.

pub mod blocks;
pub mod decode;
pub mod html;
pub mod mhtml;
pub mod mojibake;
pub(crate) mod office;
pub mod pdf;

use blocks::Blocks;

use crate::finding::{Code, Finding};
use crate::source::Source;
use crate::source::sniff::{self, Format};
use crate::span::LineIndex;
use std::borrow::Cow;

/// Largest document that is read, in bytes.
pub const MAX_BYTES: usize = 1 << 30;

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
    /// The lines of the decoded source, when `text` is not the source itself but taken from it.
    pub source_lines: Option<LineIndex>,
}

impl Document<'_> {
    /// Takes the tags out of a decoded page.
    fn read_page(&mut self) {
        let blocks = html::read(&self.text);
        if self.format == Format::Text {
            self.format = Format::Html;
        }
        let lines = LineIndex::new(&self.text);
        for finding in &mut self.findings {
            // a place in the page is no place in its text
            if let Some(span) = finding.span.take() {
                finding.message =
                    format!("{}, first in line {}", finding.message, lines.line_at(span.start));
            }
        }
        self.source_lines = Some(lines);
        self.set_blocks(blocks);
        if self.text.trim().is_empty() && self.findings.is_empty() {
            self.findings.push(Finding::new(Code::Empty, "the page shows no text"));
        }
    }

    fn set_blocks(&mut self, mut blocks: Blocks) {
        self.text = Cow::Owned(std::mem::take(&mut blocks.text));
        self.blocks = Some(blocks);
    }

    fn into_owned<'o>(self) -> Document<'o> {
        Document { text: Cow::Owned(self.text.into_owned()), ..self }
    }
}

impl Document<'_> {
    /// A document of paragraphs and grids.
    pub(crate) fn of_blocks(
        format: Format,
        encoding: Option<&'static str>,
        mut blocks: Blocks,
    ) -> Self {
        let text = Cow::Owned(std::mem::take(&mut blocks.text));
        let (findings, source_lines) = (Vec::new(), None);
        Self { format, text, encoding, findings, blocks: Some(blocks), source_lines }
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
        source_lines: None,
    };
    if source.bytes.len() > MAX_BYTES {
        let message =
            format!("{} bytes are more than the limit of {MAX_BYTES}", source.bytes.len());
        return refuse(Code::TooLarge, message);
    }
    if format == Format::Pdf {
        let (blocks, findings) = pdf::read(&source.bytes);
        let is_empty = blocks.text.trim().is_empty() && findings.is_empty();
        let mut document = Document::of_blocks(format, None, blocks);
        document.findings = findings;
        if is_empty {
            document.findings.push(Finding::new(Code::Empty, "the document holds no text"));
        }
        return document;
    }
    if let Some(document) = office::read(format, &source.bytes) {
        return document;
    }
    let (bytes, stated) = match format {
        Format::Text | Format::Html => {
            let stated = source.fetched.as_ref().and_then(|fetched| fetched.charset.clone());
            (Cow::Borrowed(&source.bytes[..]), stated)
        }
        Format::Mhtml => match mhtml::page(&source.bytes) {
            Some((bytes, charset)) => (Cow::Owned(bytes), charset),
            None => return refuse(Code::Empty, "this web archive holds no page".to_owned()),
        },
        Format::Binary => return refuse(Code::Binary, "these bytes are not text".to_owned()),
        other => {
            let message = format!("this is {}, which this version does not read", other.name());
            return refuse(Code::UnsupportedFormat, message);
        }
    };
    let mut document = match bytes {
        Cow::Borrowed(bytes) if format == Format::Text => decode::text(bytes),
        Cow::Borrowed(bytes) => decode::page(bytes, stated.as_deref()),
        Cow::Owned(bytes) => decode::page(&bytes, stated.as_deref()).into_owned(),
    };
    if document.text.chars().all(|c| c.is_whitespace() || c == '\u{FEFF}' || c == '\0') {
        document.findings.push(Finding::new(Code::Empty, "the document holds no text"));
        document.text = Cow::Borrowed("");
        return document;
    }
    mojibake::undo(&mut document);
    document.format = format;
    if format != Format::Text || sniff::is_page(document.text.as_bytes()) {
        document.read_page();
    }
    document
}
