//! A heading of the outline.

use crate::span::Span;

/// A heading of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Section of the form.
    pub section: usize,
    /// Its numeral, empty when it has none.
    pub ordinal: Span,
    /// Its title.
    pub title: Span,
}

impl Heading {
    /// Numeral and title.
    pub const fn start(&self) -> u32 {
        if self.ordinal.is_empty() { self.title.start } else { self.ordinal.start }
    }
}
