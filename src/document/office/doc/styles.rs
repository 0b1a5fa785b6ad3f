//! The lists that the styles of a DOC put their paragraphs into, and how they make text look.

use super::super::look::Look;
use super::properties::{Paragraph, character};
use super::{Part, Streams, u16_at};

/// Styles that build on one another which are followed.
const MOST_LINKS: usize = 20;

#[derive(Debug, Default)]
struct Style {
    based_on: u16,
    list: Option<u16>,
    level: Option<u8>,
    look: Look,
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

impl Styles {
    /// The look of text in a paragraph style, and in a character style on it.
    pub(super) fn look(&self, paragraph: u16, character: Option<u16>) -> Look {
        let get = |number: u16| self.0.get(usize::from(number));
        let of = |number: Option<u16>| {
            let chain = std::iter::successors(number.and_then(get), |s| get(s.based_on));
            chain.take(MOST_LINKS).fold(Look::default(), |look, base| look.over(base.look))
        };
        of(character).toggled_over(of(Some(paragraph)))
    }
}

/// A style's definition: its head, its name, and its properties.
fn style(definition: &[u8], base: usize, streams: &Streams) -> Option<Style> {
    let kind = u16_at(definition, 2)?;
    let mut style = Style { based_on: kind >> 4, ..Style::default() };
    let name = usize::from(u16_at(definition, base)?);
    let at = base + 2 + 2 * (name + 1);
    let len = usize::from(u16_at(definition, at)?);
    let list = definition.get(at + 2..at + 2 + len)?;
    match kind & 0xF {
        1 => {
            let mut paragraph = Paragraph::default();
            paragraph.apply(list.get(2..).unwrap_or_default(), streams, false);
            (style.list, style.level) = (paragraph.list, paragraph.list_level);
            // a list without a level is its first
            style.level = style.level.or(style.list.map(|_| 0));
            // what is said of its characters follows at an even place
            let at = at + 2 + len + len % 2;
            let len = usize::from(u16_at(definition, at).unwrap_or(0));
            style.look = character(definition.get(at + 2..at + 2 + len).unwrap_or_default()).look;
        }
        2 => style.look = character(list).look,
        _ => {}
    }
    Some(style)
}
