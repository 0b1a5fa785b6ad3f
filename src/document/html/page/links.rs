//! Links of a page, and the lines that are nothing but links: a menu.

use super::super::super::blocks::{Link, LinkKind};
use super::{MENU, MOST_LINKS, Reader};
use crate::span::Span;

/// Finds lines that are nothing but links.
#[derive(Debug, Default)]
pub(super) struct LinkLines {
    /// Whether a link is open.
    pub(super) inside: bool,
    /// Links on this line.
    pub(super) count: u32,
    /// Whether this line has text outside of links.
    pub(super) other: bool,
    /// Lines under each other that are nothing but links.
    pub(super) run: Vec<Span>,
    /// Whether one of them has several links.
    pub(super) several: bool,
}

impl Reader<'_> {
    /// Sees whether the line that just ended is part of a menu.
    pub(super) fn line_of_links(&mut self) {
        let text = &self.page.blocks.text;
        let end = text.len();
        let start = memchr::memrchr(b'\n', &text.as_bytes()[..end - 1]).map_or(0, |at| at + 1);
        let links = &mut self.links;
        if links.count > 0
            && !links.other
            && self.tables.last().is_none_or(|t| t.layout || t.cell.is_none())
        {
            links.run.push(Span::new(start as u32, end as u32));
            links.several |= links.count > 2;
        } else {
            self.end_of_menu();
        }
        self.links.count = u32::from(self.links.inside);
        self.links.other = false;
    }

    pub(super) fn end_of_menu(&mut self) {
        let menu = self.links.several || self.links.run.len() >= MENU;
        let run = std::mem::take(&mut self.links.run);
        if menu {
            self.page.blocks.furniture.extend(run);
        }
        self.links.several = false;
    }

    /// Notes a link; whether it was noted.
    pub(super) fn link(&mut self, kind: LinkKind, url: String) -> bool {
        // icons written into the page are no pictures of tables
        let notes = !url.starts_with("data:") && self.page.blocks.links.len() < MOST_LINKS;
        if notes {
            let at = self.page.blocks.at();
            let text = std::mem::take(&mut self.attributes.alt);
            self.page.blocks.links.push(Link { kind, url, text, at });
        }
        notes
    }
}
