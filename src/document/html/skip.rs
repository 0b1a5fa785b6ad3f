//! Elements whose text is passed over: where they end, in pages that do not close what they open.

use super::names::{Name, short};
use super::style::Tag;

/// An element whose text is passed over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Skip {
    pub(super) tag: Tag,
    name: Name,
    depth: u32,
    tables: u32,
}

/// Whether an end tag ends a skipped element.
pub(super) enum Ends {
    No,
    Here,
    /// It ends something around it, which ends it too.
    Outside,
}

impl Skip {
    /// Begins with this element.
    pub(super) fn new(tag: Tag, name: Name) -> Self {
        Self { tag, name, depth: 1, tables: 0 }
    }

    /// Whether it is struck text.
    pub(super) fn strikes(&self) -> bool {
        [short("s"), short("del"), short("strike")].contains(&self.name)
    }

    /// Whether the element is still open after this start tag.
    pub(super) fn goes_on(&mut self, tag: Tag, name: Name, self_closing: bool) -> bool {
        if self.tables == 0 {
            match (self.tag, tag) {
                // these end where the next of their kind begins
                (Tag::Cell, Tag::Cell | Tag::Row | Tag::RowGroup)
                | (Tag::Row, Tag::Row | Tag::RowGroup)
                | (Tag::Block, Tag::Block | Tag::Table | Tag::Division | Tag::Container) => {
                    return false;
                }
                // controls hold no tables: this one was not closed
                (Tag::Skipped | Tag::Select, Tag::Table)
                    if self.name.starts_with(b"select") || self.name.starts_with(b"button") =>
                {
                    return false;
                }
                _ => {}
            }
        }
        if tag == Tag::Table {
            self.tables += u32::from(self.tag != Tag::Table);
        }
        if name == self.name && !self_closing {
            self.depth += 1;
        }
        true
    }

    /// Whether it ends with this end tag.
    pub(super) fn ends(&mut self, tag: Tag, name: Name) -> Ends {
        if tag == Tag::Table && self.tag != Tag::Table {
            if self.tables == 0 {
                return Ends::Outside;
            }
            self.tables -= 1;
            return Ends::No;
        }
        if self.tables > 0 {
            return Ends::No;
        }
        if name == self.name {
            self.depth -= 1;
            return if self.depth == 0 { Ends::Here } else { Ends::No };
        }
        match (self.tag, tag) {
            (Tag::Cell, Tag::Row | Tag::RowGroup)
            | (Tag::Row, Tag::RowGroup)
            | (Tag::Block, Tag::Cell) => Ends::Outside,
            _ => Ends::No,
        }
    }
}
