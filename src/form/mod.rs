//! The form of a document and what of it is there: the last stage before anything is read.
//!
//! The words over the tables choose the form, never the year or a cited notice. What the choice needs to look at, labels and
//! the evidence of tables, is kept: it is what [`reading`](crate::reading) begins with.

mod choose;
mod headings;

pub use choose::choose;

use crate::document::Document;
use crate::document::blocks::Link;
use crate::grammar::{Form, Grammar, Hit};
use crate::lines::Skeleton;
use crate::sections::{Heading, Line};
use crate::span::Span;
use crate::tables::Evidence;

/// One document with all that was found in it before anything is read.
pub struct Doc<'a> {
    /// Its text, its grids, and what decoding it found.
    pub document: Document<'a>,
    /// The letters and digits of the text.
    pub skeleton: Skeleton,
    /// What of the form it has.
    pub found: Found<'a>,
    /// The headings of its first report.
    pub outline: Vec<Heading>,
    /// Lines that look like headings, in all of it.
    pub lines: Vec<Line>,
}

/// A form, its labels in a document, and the evidence of its tables.
pub struct Found<'g> {
    /// The form, with the columns and rows of the document where it leaves them open.
    pub form: Form<'g>,
    /// Its labels, in reading order.
    pub hits: Vec<Hit>,
    /// For each table of the form, which version of it the document has, and what was found of it.
    pub tables: Vec<(usize, Option<Evidence>)>,
}

impl<'a> Doc<'a> {
    /// A document whose form was chosen.
    pub fn new(document: Document<'a>, skeleton: Skeleton, found: Found<'a>) -> Self {
        let (outline, lines) = headings::headings(&document.text, &skeleton, &found);
        Self { document, skeleton, found, outline, lines }
    }

    /// The decoded text.
    pub fn text(&self) -> &str {
        &self.document.text
    }

    /// The grammar whose words serve for title and sections, whether or not the document is of its form.
    pub fn grammar(&self) -> &Grammar {
        &self.found.form
    }

    /// The form of the document; none where it has none of its tables.
    pub fn form(&self) -> Option<&Grammar> {
        self.found.is_form().then_some(&self.found.form)
    }

    /// The tables that the document has.
    pub fn evidence(&self) -> impl Iterator<Item = &Evidence> {
        self.found.evidence()
    }

    /// Where tables stand, in the order of the text.
    pub fn holes(&self) -> Vec<Span> {
        let mut holes: Vec<Span> = self.evidence().map(|evidence| evidence.span).collect();
        holes.sort_unstable();
        holes
    }

    /// The block that holds headings and tables; what stands around it is no part of the report.
    pub fn main_text(&self) -> Span {
        let all = Span::new(0, self.text().len() as u32);
        let headings =
            self.outline.iter().map(|heading| Span::new(heading.start(), heading.title.end));
        let core = headings.chain(self.evidence().map(|evidence| evidence.span)).reduce(Span::join);
        match (&self.document.blocks, core) {
            (Some(blocks), Some(core)) => blocks.main_text(core).unwrap_or(all),
            _ => all,
        }
    }

    /// What this part of the document links to or shows.
    pub fn links(&self, main: Span) -> Vec<Link> {
        let all = self.document.blocks.iter().flat_map(|blocks| &blocks.links);
        all.filter(|link| main.start <= link.at && link.at <= main.end).cloned().collect()
    }

    /// Whether this text was recognised in a picture.
    pub fn is_guess(&self, span: Span) -> bool {
        self.document.blocks.as_ref().is_some_and(|blocks| blocks.is_guess(span))
    }
}

impl Found<'_> {
    /// Whether the document has a table of the form.
    pub fn is_form(&self) -> bool {
        self.tables.iter().any(|(_, evidence)| evidence.is_some())
    }

    /// The tables that the document has.
    pub fn evidence(&self) -> impl Iterator<Item = &Evidence> {
        self.tables.iter().filter_map(|(_, evidence)| evidence.as_ref())
    }

    /// Whether tables begin again, or stand in another order than the form's.
    fn has_second(&self) -> bool {
        let starts: Vec<u32> = self.evidence().map(|evidence| evidence.span.start).collect();
        self.evidence().any(|evidence| evidence.second.is_some()) || !starts.is_sorted()
    }

    /// Where the last of its tables begins.
    fn last_start(&self) -> Option<u32> {
        self.evidence().map(|evidence| evidence.span.start).max()
    }

    /// Rows that have both a label and numbers or borders beside it.
    fn rows(&self) -> usize {
        self.evidence().map(|evidence| evidence.rows.len().min(evidence.labels.len())).sum()
    }
}
