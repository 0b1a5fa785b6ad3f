//! The lists that the styles of a DOC put their paragraphs into.

use super::properties::Paragraph;
use super::{Part, Streams, u16_at};

/// Styles that build on one another which are followed.
const MOST_LINKS: usize = 20;

#[derive(Debug, Default)]
struct Style {
    based_on: u16,
    list: Option<u16>,
    level: Option<u8>,
}

/// The styles by their numbers.
#[derive(Debug, Default)]
pub(super) struct Styles(Vec<Style>);

impl Styles {
    pub(super) fn read(streams: &Streams) -> Self {
        let mut styles = Self::default();
        let Some((part, _)) = streams.part(Part::Styles) else { return styles };
        let head = usize::from(u16_at(part, 0).unwrap_or(0));
        let base = usize::from(u16_at(part, 4).unwrap_or(0));
        let mut at = 2 + head;
        while let Some(len) = u16_at(part, at) {
            let start = at + 2;
            let Some(definition) = part.get(start..start + usize::from(len)) else { break };
            styles.0.push(style(definition, base, streams).unwrap_or_default());
            // definitions begin at even places
            at = start + usize::from(len) + usize::from(len) % 2;
        }
        styles
    }

    /// The list of a style's paragraphs and their level in it; 0 for none.
    pub(super) fn list(&self, style: u16) -> (u16, u8) {
        let (mut list, mut level) = (None, None);
        let mut next = self.0.get(usize::from(style));
        for _ in 0..MOST_LINKS {
            let Some(style) = next else { break };
            list = list.or(style.list);
            level = level.or(style.level);
            next = self.0.get(usize::from(style.based_on));
        }
        (list.unwrap_or(0), level.unwrap_or(0))
    }
}

/// A style's definition: its head, its name, and its properties.
fn style(definition: &[u8], base: usize, streams: &Streams) -> Option<Style> {
    let kind = u16_at(definition, 2)?;
    let mut style = Style { based_on: kind >> 4, ..Style::default() };
    // only paragraphs' styles have lists
    if kind & 0xF != 1 {
        return Some(style);
    }
    let name = usize::from(u16_at(definition, base)?);
    let at = base + 2 + 2 * (name + 1);
    let len = usize::from(u16_at(definition, at)?);
    let list = definition.get(at + 2..at + 2 + len)?;
    let mut paragraph = Paragraph::default();
    paragraph.apply(list.get(2..)?, streams, false);
    (style.list, style.level) = (paragraph.list, paragraph.list_level);
    // a list without a level is its first
    style.level = style.level.or(style.list.map(|_| 0));
    Some(style)
}
