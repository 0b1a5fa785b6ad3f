//! How each element of a page looks: what its styles and those around it leave of its text.
//!
//! Most pages have nothing that could hide a text; [`matters`] tells so by one look at their bytes, and then no style is
//! read. On the others the open elements are kept, with what they hand down to what is in them.

mod behind;
mod css;
mod matters;
mod value;

use super::names::{Name, short};
use super::style::Tag;
use crate::span::Span;
use css::{Found, Node, Part, Sheet};
use matters::Matters;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::cmp::Reverse;
use value::{Display, Generated, Ink, Moved, Position, Size, Style};

/// How many open elements a tag looks back for its own, or for one that it closes.
const LOOK_BACK: usize = 64;
/// Most inline styles that are kept; pages from Word repeat a few.
const MOST_INLINE: usize = 4096;
/// Letters of so many pixels are dots.
const DOT: f32 = 2.0;
/// So far to the left or above nothing is seen, and so far to the right or below nobody scrolls.
const AWAY: f32 = -400.0;
const FAR: f32 = 3000.0;

/// Whether a text is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    Yes,
    No,
    /// Struck out.
    Struck,
    /// In the colour of the paper, unless a style sheet that is not in the page gives it another one.
    Perhaps,
    /// Whether it is seen as it stands there depends on what is not known here.
    Doubtful,
}

/// What an element hands down.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, each inherited by its own rule"
)]
struct Look {
    size: f32,
    ink: Ink,
    paper: Ink,
    /// Whether the page states the paper.
    stated: bool,
    visible: bool,
    /// Cut off, off the screen, or faded: nothing in the element changes that.
    gone: bool,
    /// Struck out, which nothing in the element changes either.
    struck: bool,
    /// What its styles make of it is not known here.
    doubtful: bool,
    indent: f32,
}

impl Look {
    const FIRST: Self = Self {
        size: 16.0,
        ink: Ink::BLACK,
        paper: Ink::WHITE,
        stated: false,
        visible: true,
        gone: false,
        struck: false,
        doubtful: false,
        indent: 0.0,
    };

    /// Whether nothing within can change it by a style of which [`matters`] says nothing.
    fn is_plain(&self) -> bool {
        self.visible && self.size > DOT && self.ink != Ink::Clear
    }

    fn seen(&self, colours: bool) -> Seen {
        if self.gone || !self.visible || self.size <= DOT || self.ink == Ink::Clear {
            Seen::No
        } else if colours && self.ink.is_like(self.paper) {
            if self.stated { Seen::No } else { Seen::Perhaps }
        } else if self.struck {
            Seen::Struck
        } else if self.doubtful {
            Seen::Doubtful
        } else {
            Seen::Yes
        }
    }
}

/// An open element.
#[derive(Debug)]
struct Element<'s> {
    node: Node<'s>,
    tag: Tag,
    look: Look,
    /// Elements in it so far.
    children: u32,
    raised: bool,
    /// Whether what follows stands on a line of its own.
    apart: bool,
    /// What is shown behind its text.
    after: String,
}

impl<'s> AsRef<Node<'s>> for Element<'s> {
    fn as_ref(&self) -> &Node<'s> {
        &self.node
    }
}

/// What happens when an element is opened.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about one tag")]
pub(super) struct Opened {
    /// It is not there, with all that is in it.
    pub(super) hidden: bool,
    /// It begins a mark above or below the line.
    pub(super) raised: bool,
    /// It stands apart from the text before it.
    pub(super) apart: bool,
    /// It has a picture behind its text.
    pub(super) picture: bool,
    /// Text that the style sheet puts before its own.
    pub(super) before: String,
}

/// What happens when an element is closed.
#[derive(Debug)]
pub(super) struct Closed {
    /// It ends a mark above or below the line.
    pub(super) raised: bool,
    /// What follows stands apart from it.
    pub(super) apart: bool,
    /// Text that the style sheet puts behind its own.
    pub(super) after: String,
}

/// The open elements of a page and how they look.
#[derive(Debug)]
pub(super) struct Looks<'s> {
    sheet: Sheet,
    inline: FxHashMap<String, (Style, Style)>,
    open: Vec<Element<'s>>,
    source: &'s str,
    /// Elements of the page itself so far.
    children: u32,
    /// The page as an element.
    root: Node<'s>,
    matters: Matters,
}

impl<'s> Looks<'s> {
    /// For a page where looks matter.
    pub(super) fn of(page: &'s str) -> Option<Self> {
        let matters = matters::of(page)?;
        let sheet = Sheet::of_page(page);
        let (inline, open) = (FxHashMap::default(), Vec::new());
        let root = Node::default();
        Some(Self { sheet, inline, open, source: page, children: 0, root, matters })
    }

    /// Counts an element that is passed over.
    pub(super) fn pass(&mut self, name: Name, attributes: &'s str) {
        *self.open.last_mut().map_or(&mut self.children, |parent| &mut parent.children) += 1;
        if self.sheet.asks_siblings {
            self.parent().keep(Node::of(name, attributes).0);
        }
    }

    fn parent(&mut self) -> &mut Node<'s> {
        self.open.last_mut().map_or(&mut self.root, |parent| &mut parent.node)
    }

    /// Whether the text that follows is seen.
    pub(super) fn seen(&self) -> Seen {
        self.open.last().map_or(Seen::Yes, |element| element.look.seen(self.matters.colours))
    }

    /// How many elements stay open when this one begins.
    pub(super) fn stay(&self, tag: Tag, name: Name) -> usize {
        let within = |of: &dyn Fn(&Element<'_>) -> bool, border: &dyn Fn(&Element<'_>) -> bool| {
            let from = self.open.len().saturating_sub(LOOK_BACK);
            let open = &self.open[from..];
            let inner = open.iter().rposition(border).map_or(0, |at| at + 1);
            open[inner..].iter().position(of).map(|at| from + inner + at)
        };
        let is = |tags: &'static [Tag]| move |element: &Element<'_>| tags.contains(&element.tag);
        let table = is(&[Tag::Table]);
        let closed = match tag {
            Tag::Cell => within(&is(&[Tag::Cell]), &table),
            Tag::Row => within(&is(&[Tag::Cell, Tag::Row]), &table),
            Tag::RowGroup => within(&is(&[Tag::Cell, Tag::Row, Tag::RowGroup]), &table),
            Tag::Block
            | Tag::Division
            | Tag::Container
            | Tag::Navigation
            | Tag::Preformatted
            | Tag::Table => {
                let border = is(&[Tag::Cell, Tag::Table]);
                let list = |element: &Element<'_>| {
                    border(element)
                        || matches!(&element.node.name[..3], b"ol\0" | b"ul\0" | b"dl\0")
                };
                match &name[..3] {
                    b"li\0" => within(&|element| element.node.name == name, &list),
                    b"dt\0" | b"dd\0" => within(
                        &|element| matches!(&element.node.name[..3], b"dt\0" | b"dd\0"),
                        &list,
                    ),
                    _ => None,
                }
                .or_else(|| within(&|element| element.node.name[..2] == *b"p\0", &border))
            }
            _ => None,
        };
        closed.unwrap_or(self.open.len())
    }

    /// How many elements stay open at an end tag.
    pub(super) fn stay_at_end(&self, tag: Tag, name: Name) -> usize {
        let from = self.open.len().saturating_sub(LOOK_BACK);
        let borders: &[Tag] = match tag {
            Tag::Table => &[],
            Tag::Cell | Tag::Row | Tag::RowGroup => &[Tag::Table],
            _ => &[Tag::Cell, Tag::Table],
        };
        for (at, element) in self.open.iter().enumerate().skip(from).rev() {
            if element.node.name == name {
                return at;
            }
            if borders.contains(&element.tag) {
                break;
            }
        }
        self.open.len()
    }

    /// Closes the innermost element, if more than so many are open.
    pub(super) fn close(&mut self, stay: usize) -> Option<Closed> {
        if self.open.len() <= stay {
            return None;
        }
        let element = self.open.pop()?;
        let Element { raised, apart, after, .. } = element;
        Some(Closed { raised, apart, after })
    }

    /// Opens an element, in a cell or not. Of a part of a page outside of tables (`whole`) it does not count that it is not
    /// visible yet: a script makes it so.
    pub(super) fn open(
        &mut self,
        (tag, name, attributes): (Tag, Name, &'s str),
        at: Span,
        holds: bool,
        (in_cell, whole): (bool, bool),
    ) -> Opened {
        if tag == Tag::Row && self.open.last().is_some_and(|around| around.tag == Tag::Table) {
            // a table's rows stand in a body, whether the page says so or not
            let implied = Span::new(at.start, at.start);
            self.open((Tag::RowGroup, short("tbody"), ""), implied, true, (in_cell, whole));
        }
        let parent = self.open.last().map_or(Look::FIRST, |element| element.look);
        let children =
            self.open.last_mut().map_or(&mut self.children, |parent| &mut parent.children);
        *children += 1;
        let index = *children;
        if self.sheet.is_empty() && parent.is_plain() && !self.matters.is_in(at.start, at.end) {
            if holds {
                let (node, after) = (Node::named(name), String::new());
                self.open.push(Element {
                    node,
                    tag,
                    look: parent,
                    children: 0,
                    raised: false,
                    apart: false,
                    after,
                });
            }
            return Opened::default();
        }
        let (mut node, own, hidden) = Node::of(name, attributes);
        node.index = index;
        node.rest = self.source.get(at.end as usize..).unwrap_or("");
        let found = if self.sheet.is_empty() {
            Vec::new()
        } else {
            self.sheet.of(&node, &self.open, &self.root)
        };
        let kept = self.sheet.asks_siblings.then(|| node.clone());
        if let Some(own) = own.as_deref()
            && self.inline.len() < MOST_INLINE
            && !self.inline.contains_key(own)
        {
            self.inline.insert(own.to_owned(), Style::read(&self.sheet.resolved(own)));
        }
        // beyond so many different ones nobody repeats them
        let read;
        let own = match own.as_deref() {
            None => None,
            Some(own) => match self.inline.get(own) {
                Some(known) => Some(known),
                None => {
                    read = Style::read(&self.sheet.resolved(own));
                    Some(&read)
                }
            },
        };
        let mut style = match own {
            Some((plain, important)) if found.is_empty() && important.is_empty() => {
                Cow::Borrowed(plain)
            }
            _ => Cow::Owned(cascade(&found, own, Part::Whole)),
        };
        if self.matters.colours {
            presentational(&node, tag, &mut style);
        }
        let hidden = style.display.map_or(hidden, |display| display == Display::None);
        if style.display.map_or(hidden, |display| display == Display::None) {
            if let Some(kept) = kept {
                self.parent().keep(kept);
            }
            return Opened { hidden: true, ..Opened::default() };
        }
        let is_inline = matches!(tag, Tag::Inline | Tag::Link | Tag::Raised);
        let mut look = parent.of_child(&style, tag, is_inline, whole);
        let is_small = look.size < parent.size * 0.9;
        let lifted = (style.position == Some(Position::Relative)
            && (style.top.is_some_and(|top| top <= -3.0)
                || style.bottom.is_some_and(|bottom| bottom >= 3.0)))
            || style.moved == Some(Moved::Up)
            || style.aligned == Some(true);
        let perhaps = |of: &Found<'_>| {
            let hides = |style: &Style| {
                style.hides() || style.ink.is_some_and(|ink| ink.is_like(look.paper))
            };
            of.part == Part::Perhaps && (hides(&of.styles.0) || hides(&of.styles.1))
        };
        let mirrored = match style.moved {
            Some(Moved::Elsewhere) => is_block(&style, is_inline),
            _ => false,
        };
        let overlaps = is_inline
            && [style.margin_left, style.margin_right]
                .iter()
                .any(|margin| margin.is_some_and(|margin| margin <= -6.0));
        // a mark that a style puts back on the line
        let lowered = tag == Tag::Raised && style.raised == Some(false) && !(is_small && lifted);
        let doubtful = lowered
            || mirrored
            || overlaps
            || style.doubtful == Some(true)
            || found.iter().any(perhaps);
        look.doubtful |= in_cell && doubtful;
        let colours = self.matters.colours;
        let draws = style.content.as_ref().is_some_and(|parts| parts.contains(&Generated::Other));
        let mut picture =
            (style.paper == Some(Ink::Unknown) && look.seen(colours) == Seen::Yes) || draws;
        let raised =
            is_inline && tag != Tag::Raised && (style.raised == Some(true) || (is_small && lifted));
        let apart = is_inline
            && (style.display == Some(Display::Block)
                || style.position == Some(Position::Absolute)
                || style.floats == Some(true)
                || style.reordered == Some(true));
        let mut text = |part: Part| -> String {
            if found.iter().all(|of| of.part != part) {
                return String::new();
            }
            let style = cascade(&found, None, part);
            let look = look.of_child(&style, Tag::Inline, true, false);
            if style.display == Some(Display::None) || look.seen(colours) != Seen::Yes {
                return String::new();
            }
            let parts = style.content.iter().flatten();
            parts
                .map(|part| match part {
                    Generated::Text(text) => Cow::Borrowed(text.as_str()),
                    Generated::Attribute(name) => node.attribute(name).unwrap_or_default(),
                    Generated::Other => {
                        picture = true;
                        Cow::Borrowed("")
                    }
                })
                .collect()
        };
        let before = text(Part::Before);
        let after = text(Part::After);
        if let Some(kept) = kept {
            self.parent().keep(kept);
        }
        if holds {
            self.open.push(Element { node, tag, look, children: 0, raised, apart, after });
        }
        Opened { hidden: false, raised, apart, picture, before }
    }
}

/// What rules and an element's own style say of a part of it, the weakest first, and what is important at last.
fn cascade(found: &[Found<'_>], own: Option<&(Style, Style)>, part: Part) -> Style {
    let mut style = Style::default();
    let mut of_part: Vec<&Found<'_>> = found.iter().filter(|of| of.part == part).collect();
    for of in &of_part {
        style.take(&of.styles.0);
    }
    if let Some((plain, _)) = own {
        style.take(plain);
    }
    // of what is important, the weakest layer is the strongest
    if of_part.windows(2).any(|pair| pair[0].layer != pair[1].layer) {
        of_part.sort_by_key(|of| Reverse(of.layer));
    }
    for of in &of_part {
        style.take(&of.styles.1);
    }
    if let Some((_, important)) = own {
        style.take(important);
    }
    style
}

/// Whether a style makes a block of an element.
fn is_block(style: &Style, is_inline: bool) -> bool {
    style.display.map_or(!is_inline, |display| display != Display::Inline)
        || style.position == Some(Position::Absolute)
        || style.floats == Some(true)
}

/// What old attributes say, unless a style says otherwise.
fn presentational(node: &Node<'_>, tag: Tag, style: &mut Cow<'_, Style>) {
    let colour = |name: &str| value::ink(&node.attribute(name)?.to_ascii_lowercase());
    let is_table = matches!(tag, Tag::Cell | Tag::Row | Tag::Table | Tag::Container);
    if is_table && style.paper.is_none() {
        if let Some(paper) = colour("bgcolor") {
            style.to_mut().paper = Some(paper);
        }
    } else if node.name.starts_with(b"font\0")
        && style.ink.is_none()
        && let Some(ink) = colour("color")
    {
        style.to_mut().ink = Some(ink);
    }
}

impl Look {
    fn of_child(&self, style: &Style, tag: Tag, is_inline: bool, whole: bool) -> Self {
        let mut look = *self;
        if let Some(size) = style.size {
            look.size = match size {
                Size::Pixels(pixels) => pixels,
                Size::Times(times) => self.size * times,
            };
        }
        match style.paper {
            None | Some(Ink::Clear) => {}
            Some(paper) => (look.paper, look.stated) = (paper, true),
        }
        if let Some(ink) = style.fill.or(style.ink) {
            look.ink = ink;
        }
        // letters that are cut out of a background have its colours
        if style.through == Some(true) {
            look.ink = Ink::Unknown;
        }
        let absolute = style.position == Some(Position::Absolute);
        let is_block = is_block(style, is_inline);
        if let Some(indent) = style.indent {
            look.indent = indent;
        }
        let away = |length: Option<f32>| length.is_some_and(|length| length <= AWAY);
        let far = |length: Option<f32>| length.is_some_and(|length| length >= FAR);
        let moves = !matches!(style.position, None | Some(Position::Static));
        let in_table = matches!(tag, Tag::Cell | Tag::Row | Tag::RowGroup);
        look.struck |= style.struck == Some(true);
        let unshown = (moves
            && (away(style.left) || away(style.top) || far(style.left) || far(style.top)))
            || style.shaped == Some(true)
            || (moves
                && (away(style.right)
                    || away(style.bottom)
                    || far(style.right)
                    || far(style.bottom)))
            || away(style.margin_left)
            || (is_block && away(style.margin_top))
            || (is_block && style.indent.is_some() && (look.indent <= AWAY || look.indent >= FAR))
            || (is_block && style.cut == Some(true) && look.indent >= -AWAY)
            || (is_block
                && !in_table
                && style.cut == Some(true)
                && (style.no_width == Some(true) || style.no_height == Some(true)))
            || (style.clipped == Some(true) && (absolute || style.cut == Some(true)))
            || (is_block && style.moved == Some(Moved::Away))
            || (is_block && style.one_sided == Some(true) && style.moved == Some(Moved::Elsewhere));
        look.gone |= unshown || (!whole && style.faded == Some(true));
        if let Some(visible) = style.visible {
            look.visible = visible || whole;
        }
        look
    }
}
