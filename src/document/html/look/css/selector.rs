//! Selectors: what they ask of an element, the elements around it and those beside it.

use super::super::super::names::{Name, short};
use super::super::super::tokens;
use super::super::behind;
use super::syntax::{find_outside, identifier, split_outside};
use std::borrow::Cow;

/// How many elements around one are looked at for a descendant.
const LOOK_UP: usize = 100;

/// In the mark of an attribute's test: the case does not count.
const IGNORES_CASE: u8 = 0x80;

/// Selectors for places among siblings: whether counted from the last, and whether only those of the name count.
const PLACES: [(&str, bool, bool); 12] = [
    ("first-child", false, false),
    ("last-child", true, false),
    ("only-child", false, false),
    ("only-child", true, false),
    ("nth-child", false, false),
    ("nth-last-child", true, false),
    ("first-of-type", false, true),
    ("last-of-type", true, true),
    ("only-of-type", false, true),
    ("only-of-type", true, true),
    ("nth-of-type", false, true),
    ("nth-last-of-type", true, true),
];

/// What selectors ask an element for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node<'s> {
    pub(in super::super) name: Name,
    pub(in super::super) attributes: &'s str,
    pub(super) id: Cow<'s, str>,
    pub(super) class: Cow<'s, str>,
    /// Its place among the elements of its parent, from 1.
    pub(in super::super) index: u32,
    /// The page behind its start tag.
    pub(in super::super) rest: &'s str,
    /// The elements in it so far, where a selector asks for them.
    pub(in super::super) children: Vec<Node<'s>>,
}

/// Most elements in one that are kept.
const MOST_CHILDREN: usize = 500;

impl<'s> Node<'s> {
    /// An element by its tag; also its own style and whether it has the attribute `hidden`.
    pub(in super::super) fn of(
        name: Name,
        attributes: &'s str,
    ) -> (Self, Option<Cow<'s, str>>, bool) {
        let mut node = Self::named(name);
        node.attributes = attributes;
        let (mut style, mut hidden) = (None, false);
        for (name, value) in tokens::attributes(attributes) {
            let is = |known: &str| name.eq_ignore_ascii_case(known);
            match name.len() {
                // of two of one name the first counts
                2 if is("id") && node.id.is_empty() => node.id = value,
                5 if is("class") && node.class.is_empty() => node.class = value,
                5 if is("style") && style.is_none() => style = Some(value),
                // shown by browsers that find something in it
                6 if is("hidden") => hidden = !value.eq_ignore_ascii_case("until-found"),
                _ => {}
            }
        }
        (node, style, hidden)
    }

    /// An element of which nothing is asked but its name.
    pub(in super::super) fn named(name: Name) -> Self {
        Self { name, ..Self::default() }
    }

    /// Notes an element in it.
    pub(in super::super) fn keep(&mut self, child: Node<'s>) {
        if self.children.len() < MOST_CHILDREN {
            self.children.push(child);
        }
    }

    fn has_class(&self, class: &str) -> bool {
        self.class.split_ascii_whitespace().any(|own| own == class)
    }

    /// The value of an attribute.
    pub(in super::super) fn attribute(&self, name: &str) -> Option<Cow<'s, str>> {
        tokens::attributes(self.attributes)
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// What part of an element a rule is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) enum Part {
    #[default]
    Whole,
    Before,
    After,
    /// The whole of it, perhaps.
    Perhaps,
}

/// What stands to the left of an element in a selector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Relation {
    #[default]
    Around,
    Parent,
    /// The sibling just before it.
    Sibling,
    /// Any sibling before it.
    EarlierSibling,
}

/// `a n + b` of `:nth-child` and its like.
#[derive(Clone, Copy, Debug)]
struct Nth {
    step: i32,
    first: i32,
    /// Counted from the last.
    from_end: bool,
    /// Only those of its name count.
    of_type: bool,
}

impl Nth {
    fn matches(self, node: &Node<'_>, before: &[Node<'_>]) -> bool {
        let place = match (self.from_end, self.of_type) {
            (true, of_type) => behind::count(node.name, node.rest, of_type) + 1,
            (false, false) => node.index,
            (false, true) => {
                before.iter().filter(|other| other.name == node.name).count() as u32 + 1
            }
        };
        let from = place as i32 - self.first;
        if self.step == 0 { from == 0 } else { from % self.step == 0 && from / self.step >= 0 }
    }
}

/// One element of a selector.
#[derive(Clone, Debug, Default)]
pub(super) struct Compound {
    pub(super) name: Option<Name>,
    pub(super) ids: Vec<String>,
    pub(super) classes: Vec<String>,
    pub(super) attributes: Vec<(String, u8, String)>,
    not: Vec<Compound>,
    /// Of each of these lists one must match.
    pub(super) is: Vec<Vec<Compound>>,
    nth: Vec<Nth>,
    left: Relation,
    /// Whether it asks for something that is not known here.
    pub(super) perhaps: bool,
}

impl Compound {
    pub(super) fn specificity(&self) -> u32 {
        let own = (self.ids.len() << 16)
            + ((self.classes.len() + self.attributes.len() + self.nth.len()) << 8)
            + usize::from(self.name.is_some());
        let highest = |list: &Vec<Self>| list.iter().map(Self::specificity).max().unwrap_or(0);
        own as u32
            + self.not.iter().map(Self::specificity).sum::<u32>()
            + self.is.iter().map(highest).sum::<u32>()
    }

    /// Whether it asks for other elements of the same parent.
    pub(super) fn asks_siblings(&self) -> bool {
        matches!(self.left, Relation::Sibling | Relation::EarlierSibling)
            || self.nth.iter().any(|nth| nth.of_type)
            || self.not.iter().chain(self.is.iter().flatten()).any(Self::asks_siblings)
    }

    /// Whether it means an element, that has these before it.
    pub(super) fn matches(&self, node: &Node<'_>, before: &[Node<'_>]) -> bool {
        self.name.is_none_or(|name| name == node.name)
            && self.classes.iter().all(|class| node.has_class(class))
            && self.ids.iter().all(|id| *id == node.id)
            && self.attributes.iter().all(|(name, how, value)| {
                let lower = |text: Cow<'_, str>| text.to_ascii_lowercase();
                let own = node.attribute(name);
                let own = if how & IGNORES_CASE == 0 {
                    own
                } else {
                    own.map(|own| Cow::Owned(lower(own)))
                };
                own.is_some_and(|own| match how & !IGNORES_CASE {
                    b'=' => own == *value,
                    b'*' => !value.is_empty() && own.contains(value.as_str()),
                    b'^' => !value.is_empty() && own.starts_with(value.as_str()),
                    b'$' => !value.is_empty() && own.ends_with(value.as_str()),
                    b'~' => own.split_ascii_whitespace().any(|word| word == value),
                    b'|' => own
                        .strip_prefix(value.as_str())
                        .is_some_and(|r| r.is_empty() || r.starts_with('-')),
                    _ => true,
                })
            })
            && self.not.iter().all(|not| !not.matches(node, before))
            && self.is.iter().all(|list| list.iter().any(|is| is.matches(node, before)))
            && self.nth.iter().all(|nth| nth.matches(node, before))
    }
}

/// Whether the elements around one, and those before it, are what the rest of a selector asks for.
pub(super) fn climbs<'s>(
    compounds: &[Compound],
    around: &[impl AsRef<Node<'s>>],
    root: &Node<'s>,
) -> bool {
    let lowest = around.len().saturating_sub(LOOK_UP);
    let children_of =
        |end: usize| end.checked_sub(1).map_or(root, |at| around[at].as_ref()).children.as_slice();
    // how many elements are around the one that was found last, and how many of their parent stand before it
    let mut end = around.len();
    let mut before = children_of(end).len();
    for pair in compounds.windows(2) {
        let (right, left) = (&pair[0], &pair[1]);
        let is_parent = |at: &usize| {
            let siblings = children_of(*at);
            left.matches(around[*at].as_ref(), &siblings[..siblings.len().saturating_sub(1)])
        };
        let siblings = children_of(end);
        let is_sibling = |at: &usize| left.matches(&siblings[*at], &siblings[..*at]);
        let found = match right.left {
            Relation::Parent => end.checked_sub(1).filter(is_parent),
            Relation::Around => (lowest..end).rev().find(is_parent),
            Relation::Sibling => before.checked_sub(1).filter(is_sibling),
            Relation::EarlierSibling => (0..before).rev().find(is_sibling),
        };
        match (found, right.left) {
            (None, _) => return false,
            (Some(at), Relation::Parent | Relation::Around) => {
                end = at;
                before = children_of(at).len().saturating_sub(1);
            }
            (Some(at), _) => before = at,
        }
    }
    true
}

/// Why a selector means nothing on a page that was just opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unmet {
    /// It asks for what no element is then.
    Never,
    /// It is no selector, and the whole list that it stands in counts for nothing.
    Invalid,
}

/// What never is so when a page is opened, and parts that hold no text of the page.
const NEVER: &[&str] = &[
    "active",
    "autofill",
    "backdrop",
    "buffering",
    "checked",
    "closed",
    "cue",
    "current",
    "default",
    "disabled",
    "empty",
    "file-selector-button",
    "focus",
    "focus-visible",
    "focus-within",
    "fullscreen",
    "future",
    "grammar-error",
    "highlight",
    "host",
    "host-context",
    "hover",
    "in-range",
    "indeterminate",
    "invalid",
    "local-link",
    "modal",
    "muted",
    "open",
    "optional",
    "out-of-range",
    "part",
    "past",
    "paused",
    "picture-in-picture",
    "placeholder",
    "placeholder-shown",
    "playing",
    "popover-open",
    "read-write",
    "required",
    "scope",
    "seeking",
    "selection",
    "slotted",
    "spelling-error",
    "stalled",
    "target",
    "target-text",
    "target-within",
    "user-invalid",
    "user-valid",
    "valid",
    "visited",
    "volume-locked",
];

/// What depends on more than is known here.
const PERHAPS: &[&str] = &[
    "defined",
    "dir",
    "enabled",
    "first-letter",
    "first-line",
    "has",
    "lang",
    "marker",
    "read-only",
];

/// A selector from right to left, and what part of the element it means.
pub(super) fn parse_selector(selector: &str) -> Result<(Vec<Compound>, Part), Unmet> {
    let mut compounds: Vec<Compound> = Vec::new();
    let mut part = Part::Whole;
    let mut rest = selector;
    let mut left = Relation::Around;
    loop {
        let (mut compound, of, after) = parse_compound(rest)?;
        compound.left = left;
        if part != Part::Whole {
            return Err(Unmet::Invalid);
        }
        part = of;
        compounds.push(compound);
        let next = after.trim_start();
        if next.is_empty() {
            break;
        }
        left = match next.as_bytes()[0] {
            b'>' => Relation::Parent,
            b'+' => Relation::Sibling,
            b'~' => Relation::EarlierSibling,
            _ if next.len() == after.len() => return Err(Unmet::Invalid),
            _ => Relation::Around,
        };
        rest = next.strip_prefix(['>', '+', '~']).unwrap_or(next).trim_start();
    }
    compounds.reverse();
    Ok((compounds, part))
}

fn parse_compound(text: &str) -> Result<(Compound, Part, &str), Unmet> {
    let mut compound = Compound::default();
    let mut part = Part::Whole;
    let mut rest = text;
    let mut any = false;
    while let Some(mark) = rest.chars().next() {
        match mark {
            '*' => {
                rest = &rest[1..];
                // of any namespace
                if let Some(name) = rest.strip_prefix('|') {
                    rest = name;
                    continue;
                }
            }
            '.' | '#' => {
                let (name, after) = identifier(&rest[1..]).ok_or(Unmet::Invalid)?;
                if mark == '.' {
                    compound.classes.push(name);
                } else {
                    compound.ids.push(name);
                }
                rest = after;
            }
            '[' => {
                let (inside, after) = rest[1..].split_once(']').ok_or(Unmet::Invalid)?;
                let at = inside.find(['=', '*', '^', '$', '~', '|']).unwrap_or(inside.len());
                let (name, test) = inside.split_at(at);
                let how = test.bytes().next().unwrap_or(0);
                let value = test.split_once('=').map_or("", |(_, value)| value).trim();
                let (value, how) = match value.strip_suffix(" i") {
                    Some(value) => (value.to_ascii_lowercase(), how | IGNORES_CASE),
                    None => (value.to_owned(), how),
                };
                let value = value.trim().trim_matches(['"', '\'']).to_owned();
                compound.attributes.push((name.trim().to_owned(), how, value));
                rest = after;
            }
            ':' => {
                let is_element = rest.starts_with("::");
                let name = rest[1..].trim_start_matches(':');
                let (name, after) = identifier(name).ok_or(Unmet::Invalid)?;
                rest = after;
                let mut argument = "";
                if let Some(inside) = rest.strip_prefix('(') {
                    let end = find_outside(inside, &[')']).ok_or(Unmet::Invalid)?;
                    argument = inside[..end].trim();
                    rest = &inside[end + 1..];
                }
                match name.to_ascii_lowercase().as_str() {
                    "before" => part = Part::Before,
                    "after" => part = Part::After,
                    name => compound.pseudo(name, argument, is_element)?,
                }
            }
            _ if any => break,
            _ => {
                let (name, after) = identifier(rest).ok_or(Unmet::Invalid)?;
                compound.name = Some(short(&name));
                rest = after;
            }
        }
        any = true;
    }
    if any { Ok((compound, part, rest)) } else { Err(Unmet::Invalid) }
}

impl Compound {
    /// Takes in what stands behind a colon.
    fn pseudo(&mut self, name: &str, argument: &str, is_element: bool) -> Result<(), Unmet> {
        match name {
            "root" => self.name = Some(short("html")),
            "not" => match alternatives(argument) {
                Some(list) => self.not.extend(list),
                None => self.perhaps = true,
            },
            "is" | "where" | "-webkit-any" => match alternatives(argument) {
                Some(list) => self.is.push(list),
                None => self.perhaps = true,
            },
            "link" | "any-link" => self.attributes.push(("href".to_owned(), 0, String::new())),
            _ if PLACES.iter().any(|(known, ..)| *known == name) => {
                let (step, first) = match nth(argument) {
                    _ if !name.starts_with("nth") => (0, 1),
                    Some(place) => place,
                    // `2 of .x`
                    None if argument.contains(" of ") => {
                        self.perhaps = true;
                        return Ok(());
                    }
                    None => return Err(Unmet::Invalid),
                };
                for (_, from_end, of_type) in PLACES.iter().filter(|(known, ..)| *known == name) {
                    let (from_end, of_type) = (*from_end, *of_type);
                    self.nth.push(Nth { step, first, from_end, of_type });
                }
            }
            _ if PERHAPS.contains(&name) => self.perhaps = true,
            _ if NEVER.contains(&name) || (is_element && name.starts_with("-webkit-")) => {
                return Err(Unmet::Never);
            }
            _ => return Err(Unmet::Invalid),
        }
        Ok(())
    }
}

/// The compounds of which `:is` wants one; none where they have combinators.
fn alternatives(text: &str) -> Option<Vec<Compound>> {
    let one = |other: &str| match parse_compound(other.trim()) {
        Ok((compound, Part::Whole, "")) if !compound.perhaps => Some(Some(compound)),
        Ok(_) => None,
        Err(_) => Some(None),
    };
    let all: Option<Vec<Option<Compound>>> = split_outside(text, ',').map(one).collect();
    Some(all?.into_iter().flatten().collect())
}

/// `odd`, `3`, `2n+1`.
fn nth(text: &str) -> Option<(i32, i32)> {
    let text: String = text.to_ascii_lowercase().split_whitespace().collect();
    match text.as_str() {
        "odd" => return Some((2, 1)),
        "even" => return Some((2, 0)),
        _ => {}
    }
    let Some((step, first)) = text.split_once('n') else { return Some((0, text.parse().ok()?)) };
    let step = match step {
        "" | "+" => 1,
        "-" => -1,
        step => step.parse().ok()?,
    };
    Some((step, if first.is_empty() { 0 } else { first.parse().ok()? }))
}
