//! Stage 2: bytes → text, and the grids of its tables where the format has tables.

pub mod blocks;
pub mod decode;
pub mod drawn;
pub mod html;
pub mod markdown;
pub mod mhtml;
pub mod mojibake;
#[cfg(all(feature = "office", feature = "pdf"))]
mod ofd;
#[cfg(feature = "office")]
pub(crate) mod office;
#[cfg(feature = "pdf")]
pub(crate) mod pages;
#[cfg(feature = "pdf")]
pub mod pdf;
#[cfg(feature = "ocr")]
mod pictured;
pub mod repeated;
#[cfg(feature = "ocr")]
pub(crate) mod respelled;
#[cfg(feature = "ocr")]
#[expect(clippy::cast_precision_loss, clippy::cast_sign_loss, reason = "pixels of a page")]
pub mod scan;
pub mod separated;
mod seven_bit;
pub mod wrapped;

use blocks::Blocks;

use crate::finding::{Code, Finding, Severity};
use crate::source::Source;
#[cfg(all(feature = "office", feature = "pdf"))]
use crate::source::relevance;
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
    let wrapped::Unwrapped { bytes, charset, format, findings } = wrapped::unwrap(source);
    let refuse = |finding| Document {
        format,
        text: Cow::Borrowed(""),
        encoding: None,
        findings: vec![finding],
        blocks: None,
        source_lines: None,
    };
    let is_error = |finding: &Finding| finding.code.is_refusal();
    if let Some(finding) = findings.iter().find(|finding| is_error(finding)) {
        return refuse(finding.clone());
    }
    if bytes.len() > MAX_BYTES {
        let message = format!("{} bytes are more than the limit of {MAX_BYTES}", bytes.len());
        return refuse(Finding::new(Code::TooLarge, message));
    }
    let mut document = match bytes {
        Cow::Borrowed(bytes) => with_pictures(bytes, charset.as_deref(), format, source),
        Cow::Owned(bytes) => with_pictures(&bytes, charset.as_deref(), format, source).into_owned(),
    };
    document.findings.extend(findings);
    document
}

/// Decodes the bytes of a document, with the tables that it shows as pictures.
#[cfg_attr(not(feature = "ocr"), expect(unused_variables, unused_mut, reason = "no pictures"))]
fn with_pictures<'b>(
    bytes: &'b [u8],
    stated: Option<&str>,
    format: Format,
    source: &Source,
) -> Document<'b> {
    let mut document = unwrapped(bytes, stated, format);
    #[cfg(feature = "ocr")]
    pictured::read(&mut document, source, bytes);
    document
}

/// Decodes the bytes of a document that is wrapped in nothing.
fn unwrapped<'b>(bytes: &'b [u8], stated: Option<&str>, format: Format) -> Document<'b> {
    let refuse = |code, message: String| Document {
        format,
        text: Cow::Borrowed(""),
        encoding: None,
        findings: vec![Finding::new(code, message)],
        blocks: None,
        source_lines: None,
    };
    match format {
        #[cfg(feature = "pdf")]
        Format::Pdf => return laid_out(bytes, format),
        #[cfg(all(feature = "office", feature = "pdf"))]
        Format::Ofd => return laid_out(bytes, format),
        #[cfg(feature = "ocr")]
        Format::Image => return laid_out(bytes, format),
        Format::Text | Format::Html | Format::Mhtml => {}
        Format::Binary => return refuse(Code::Binary, "these bytes are not text".to_owned()),
        other => {
            #[cfg(feature = "office")]
            if let Some(document) = office::read(other, bytes) {
                return document;
            }
            let message = format!("this is {}, which this version does not read", other.name());
            return refuse(Code::UnsupportedFormat, message);
        }
    }
    let mut document = decoded(bytes, stated, format);
    if document.text.chars().all(|c| c.is_whitespace() || c == '\u{FEFF}' || c == '\0') {
        if document.findings.iter().any(|finding| finding.code.severity() == Severity::Error) {
            return document;
        }
        document.findings.push(Finding::new(Code::Empty, "the document holds no text"));
        document.text = Cow::Borrowed("");
        return document;
    }
    if format != Format::Text || sniff::is_page(document.text.as_bytes()) {
        document.read_page();
    } else if let Some(blocks) = separated::read(&document.text) {
        document.set_blocks(blocks);
    } else if let Some(blocks) = drawn::read(&document.text) {
        document.source_lines = Some(LineIndex::new(&document.text));
        document.set_blocks(blocks);
    }
    document
}

/// A document of pages on which everything has its place.
#[cfg(feature = "pdf")]
fn laid_out(bytes: &[u8], format: Format) -> Document<'static> {
    let (blocks, mut findings) = match format {
        #[cfg(feature = "office")]
        Format::Ofd => {
            let shown = ofd::read(bytes);
            let reports = shown.attached.iter().filter(|file| is_report(&file.bytes));
            let reports = reports.map(|file| {
                let message = format!("a report is attached to it; it was not read: {}", file.name);
                Finding::new(Code::ReportElsewhere, message)
            });
            (shown.blocks, shown.findings.into_iter().chain(reports).collect())
        }
        #[cfg(feature = "ocr")]
        Format::Image => {
            let (drawn, finding) = scan::read_file(bytes);
            if drawn.is_empty() {
                (Blocks::default(), finding.into_iter().collect())
            } else {
                let (blocks, mut findings) = pages::read(drawn);
                findings.extend(finding);
                (blocks, findings)
            }
        }
        _ => pdf::read(bytes),
    };
    #[cfg(feature = "ocr")]
    if let Some(scanned) = findings.iter_mut().find(|found| found.code == Code::NoTextLayer)
        && !scan::is_ready()
    {
        scanned.message.push_str(scan::HOW);
    }
    if blocks.text.trim().is_empty() && findings.is_empty() {
        findings.push(Finding::new(Code::Empty, "the document holds no text"));
    }
    let mut document = Document::of_blocks(format, None, blocks);
    document.findings = findings;
    document
}

/// Whether a file is a report; what holds files itself is not looked into.
#[cfg(all(feature = "office", feature = "pdf"))]
fn is_report(bytes: &[u8]) -> bool {
    let format = sniff::format(bytes);
    match format {
        Format::Image | Format::Binary | Format::Zip | Format::Archive(_) | Format::Mhtml => false,
        Format::Ofd => relevance::says_a_report(&ofd::read(bytes).blocks.text),
        _ => relevance::says_a_report(&unwrapped(bytes, None, format).text),
    }
}

/// The text of a page or a plain text as its bytes have it, with its tags; places in a page are places in this text.
pub fn decoded<'b>(bytes: &'b [u8], stated: Option<&str>, format: Format) -> Document<'b> {
    let mut document =
        if format == Format::Text { decode::text(bytes) } else { decode::page(bytes, stated) };
    mojibake::undo(&mut document);
    document.format = format;
    if format == Format::Text
        && !sniff::is_page(document.text.as_bytes())
        && let Some(shown) = markdown::shown(&document.text)
    {
        document.text = Cow::Owned(shown);
    }
    document
}
