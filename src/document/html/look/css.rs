//! Style sheets → rules: selectors, and of their declarations those that decide what a reader sees.
//!
//! Ours and no library's: the kept tokeniser of CSS is under a licence that this crate does not take, and what is needed
//! is small: blocks, strings and comments by the standard's rules, selectors by class, id, element and attribute with the
//! combinators for descendants, children and siblings, the places among siblings, `:not` and `:is`. States that nothing has
//! when a page is opened never apply; what else a selector may say is not known here, and such a rule applies perhaps.

use super::super::skip::{Name, short};
use super::super::tokens;
use super::behind;
use super::matters::Matters;
use super::value::Style;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// Between these no style sheet is read.
const NOT_READ: [(&[u8], &[u8]); 4] = [
    (b"<!--", b"-->"),
    (b"<script", b"</script"),
    (b"<noscript", b"</noscript"),
    (b"<template", b"</template"),
];
/// Most rules of a page that are kept; sheets of whole sites have a few thousand.
const MOST_RULES: usize = 20_000;
/// Most rules that one class, id or element is asked about.
const MOST_OF_ONE: usize = 400;
/// Most sheets of a page, and how many bytes before one are looked at for the comment that it stands in.
const MOST_SHEETS: usize = 200;
const LOOK_BACK: usize = 64 << 10;
/// How many elements around one are looked at for a descendant.
const LOOK_UP: usize = 100;
/// Blocks in blocks.
const DEEPEST: usize = 4;
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
/// The screen on which a page is looked at, in pixels.
const SCREEN: (f32, f32) = (1280.0, 800.0);

/// What selectors ask an element for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node<'s> {
    pub(super) name: Name,
    pub(super) attributes: &'s str,
    id: Cow<'s, str>,
    class: Cow<'s, str>,
    /// Its place among the elements of its parent, from 1.
    pub(super) index: u32,
    /// The page behind its start tag.
    pub(super) rest: &'s str,
    /// The elements in it so far, where a selector asks for them.
    pub(super) children: Vec<Node<'s>>,
}

/// Most elements in one that are kept.
const MOST_CHILDREN: usize = 500;

impl<'s> Node<'s> {
    /// An element by its tag; also its own style and whether it has the attribute `hidden`.
    pub(super) fn of(name: Name, attributes: &'s str) -> (Self, Option<Cow<'s, str>>, bool) {
        let mut node = Self::named(name);
        node.attributes = attributes;
        let (mut style, mut hidden) = (None, false);
        for (name, value) in tokens::attributes(attributes) {
            let is = |known: &str| name.eq_ignore_ascii_case(known);
            match name.len() {
                2 if is("id") => node.id = value,
                5 if is("class") => node.class = value,
                5 if is("style") => style = Some(value),
                6 if is("hidden") => hidden = true,
                _ => {}
            }
        }
        (node, style, hidden)
    }

    /// An element of which nothing is asked but its name.
    pub(super) fn named(name: Name) -> Self {
        Self { name, ..Self::default() }
    }

    /// Notes an element in it.
    pub(super) fn keep(&mut self, child: Node<'s>) {
        if self.children.len() < MOST_CHILDREN {
            self.children.push(child);
        }
    }

    fn has_class(&self, class: &str) -> bool {
        self.class.split_ascii_whitespace().any(|own| own == class)
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<Cow<'s, str>> {
        tokens::attributes(self.attributes)
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// What part of an element a rule is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Part {
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
struct Compound {
    name: Option<Name>,
    ids: Vec<String>,
    classes: Vec<String>,
    attributes: Vec<(String, u8, String)>,
    not: Vec<Compound>,
    /// Of each of these lists one must match.
    is: Vec<Vec<Compound>>,
    nth: Vec<Nth>,
    left: Relation,
    /// Whether it asks for something that is not known here.
    perhaps: bool,
}

impl Compound {
    fn specificity(&self) -> u32 {
        let own = (self.ids.len() << 16)
            + ((self.classes.len() + self.attributes.len() + self.nth.len()) << 8)
            + usize::from(self.name.is_some());
        let highest = |list: &Vec<Self>| list.iter().map(Self::specificity).max().unwrap_or(0);
        own as u32
            + self.not.iter().map(Self::specificity).sum::<u32>()
            + self.is.iter().map(highest).sum::<u32>()
    }

    /// Whether it asks for other elements of the same parent.
    fn asks_siblings(&self) -> bool {
        matches!(self.left, Relation::Sibling | Relation::EarlierSibling)
            || self.nth.iter().any(|nth| nth.of_type)
            || self.not.iter().chain(self.is.iter().flatten()).any(Self::asks_siblings)
    }

    /// Whether it means an element, that has these before it.
    fn matches(&self, node: &Node<'_>, before: &[Node<'_>]) -> bool {
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

#[derive(Clone, Debug)]
struct Rule {
    /// From right to left.
    compounds: Vec<Compound>,
    part: Part,
    specificity: u32,
    /// Its style, and what of it is important; rules of one block share them.
    styles: u32,
}

/// The rules of a page.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    rules: Vec<Rule>,
    styles: Vec<(Style, Style)>,
    by_id: FxHashMap<String, Vec<u32>>,
    by_class: FxHashMap<String, Vec<u32>>,
    by_name: FxHashMap<Name, Vec<u32>>,
    any: Vec<u32>,
    /// Whether a selector asks for other elements of the same parent.
    pub(super) asks_siblings: bool,
}

impl Sheet {
    /// The style sheets of a page in their order; those in comments and scripts are none.
    ///
    /// Where in none of them anything `matters`, there are none.
    pub(super) fn of_page(page: &str, matters: &Matters) -> Self {
        let mut sheet = Self::default();
        let bytes = page.as_bytes();
        let inside = |at: usize, open: &[u8], close: &[u8]| {
            let before = &bytes[at.saturating_sub(LOOK_BACK)..at];
            memchr::memmem::rfind(before, open)
                .is_some_and(|start| memchr::memmem::find(&before[start..], close).is_none())
        };
        let mut any = false;
        let mut from = 0;
        for _ in 0..MOST_SHEETS {
            let Some(at) = next_style(page, from) else { break };
            let rest = &page[at..];
            let Some(begin) = rest.find('>').map(|end| at + end + 1) else { break };
            let end = page[begin..].find("</").map_or(page.len(), |end| begin + end);
            from = end;
            if NOT_READ.iter().any(|(open, close)| inside(at, open, close)) {
                continue;
            }
            let tag = &page[at + "<style".len()..begin - 1];
            let media =
                tokens::attributes(tag).find(|(name, _)| name.eq_ignore_ascii_case("media"));
            if media.is_none_or(|(_, media)| on_screen(&media)) {
                any |= matters.is_in(begin as u32, end as u32);
                sheet.add(&page[begin..end]);
            }
        }
        if !any {
            return Self::default();
        }
        sheet
    }

    /// Adds the rules of a sheet.
    pub(super) fn add(&mut self, text: &str) {
        self.blocks(&without_comments(text), 0);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    fn blocks(&mut self, text: &str, depth: usize) {
        let mut rest = text;
        while let Some(end) = find_outside(rest, &['{', ';', '}']) {
            let (prelude, mark) = (rest[..end].trim(), rest.as_bytes()[end]);
            rest = &rest[end + 1..];
            if mark != b'{' {
                continue;
            }
            let close = block_end(rest);
            let body = &rest[..close];
            rest = rest.get(close + 1..).unwrap_or("");
            match prelude.strip_prefix('@') {
                None => self.rule(prelude, body, depth),
                Some(at) => {
                    let (name, condition) = at.split_at(
                        at.find(|c: char| !c.is_ascii_alphabetic() && c != '-').unwrap_or(at.len()),
                    );
                    let applies = match name.to_ascii_lowercase().as_str() {
                        "media" => on_screen(condition),
                        "supports" => !condition.trim_start().starts_with("not"),
                        "layer" | "document" | "-moz-document" => {
                            name.eq_ignore_ascii_case("layer")
                        }
                        _ => false,
                    };
                    if applies && depth < DEEPEST {
                        self.blocks(body, depth + 1);
                    }
                }
            }
        }
    }

    /// Adds a block and those that are nested in it.
    fn rule(&mut self, selectors: &str, body: &str, depth: usize) {
        const LONGEST: usize = 1000;
        if !body.contains('{') {
            return self.declarations(selectors, body);
        }
        let mut own = String::new();
        let mut rest = body;
        while let Some(end) = find_outside(rest, &['{', ';']) {
            if rest.as_bytes()[end] == b';' {
                own.push_str(&rest[..=end]);
                rest = &rest[end + 1..];
                continue;
            }
            let (inner, block) = (rest[..end].trim(), &rest[end + 1..]);
            let close = block_end(block);
            rest = block.get(close + 1..).unwrap_or("");
            let nested = split_outside(selectors, ',').flat_map(|outer| {
                split_outside(inner, ',').map(move |inner| {
                    if inner.contains('&') {
                        inner.replace('&', outer.trim())
                    } else {
                        format!("{} {}", outer.trim(), inner.trim())
                    }
                })
            });
            let nested = nested.take(100).collect::<Vec<_>>().join(",");
            if depth < DEEPEST && nested.len() < LONGEST && !inner.starts_with('@') {
                self.rule(&nested, &block[..close], depth + 1);
            }
        }
        own.push_str(rest);
        self.declarations(selectors, &own);
    }

    fn declarations(&mut self, selectors: &str, body: &str) {
        let (style, important) = Style::read(body);
        if style.is_empty() && important.is_empty() {
            return;
        }
        let styles = self.styles.len() as u32;
        self.styles.push((style, important));
        for selector in split_outside(selectors, ',') {
            let Some((compounds, mut part)) = parse_selector(selector.trim()) else { continue };
            if compounds.iter().any(|compound| compound.perhaps) {
                part = Part::Perhaps;
            }
            self.asks_siblings |= compounds.iter().any(Compound::asks_siblings);
            if self.rules.len() >= MOST_RULES {
                return;
            }
            let own = self.rules.len() as u32;
            let last = &compounds[0];
            let list = if let Some(id) = last.ids.first() {
                self.by_id.entry(id.clone()).or_default()
            } else if let Some(class) = last.classes.first() {
                self.by_class.entry(class.clone()).or_default()
            } else if let Some(name) = last.name {
                self.by_name.entry(name).or_default()
            } else {
                &mut self.any
            };
            if list.len() >= MOST_OF_ONE {
                continue;
            }
            list.push(own);
            let specificity = compounds.iter().map(Compound::specificity).sum();
            self.rules.push(Rule { compounds, part, specificity, styles });
        }
    }

    /// The styles of the rules for an element, the weakest first: for the whole of it, before and behind it.
    pub(super) fn of<'n, 's: 'n>(
        &self,
        node: &Node<'s>,
        around: &[impl AsRef<Node<'s>>],
        root: &Node<'s>,
    ) -> Vec<(Part, &(Style, Style))> {
        let before = around.last().map_or(root, AsRef::as_ref).children.as_slice();
        let mut found: Vec<(u32, u32)> = Vec::new();
        let mut ask = |list: Option<&Vec<u32>>| {
            for at in list.into_iter().flatten() {
                let rule = &self.rules[*at as usize];
                if rule.compounds[0].matches(node, before) && climbs(&rule.compounds, around, root)
                {
                    found.push((rule.specificity, *at));
                }
            }
        };
        ask(Some(&self.any));
        ask(self.by_name.get(&node.name));
        if !node.id.is_empty() {
            ask(self.by_id.get(node.id.as_ref()));
        }
        for class in node.class.split_ascii_whitespace() {
            ask(self.by_class.get(class));
        }
        found.sort_unstable();
        found.dedup();
        let style = |(_, at): (u32, u32)| {
            let rule = &self.rules[at as usize];
            (rule.part, &self.styles[rule.styles as usize])
        };
        found.into_iter().map(style).collect()
    }
}

/// Where the next `<style` stands.
fn next_style(page: &str, from: usize) -> Option<usize> {
    let bytes = page.as_bytes();
    memchr::memchr_iter(b'<', &bytes[from..]).map(|at| from + at).find(|at| {
        bytes.get(at + 1..at + 6).is_some_and(|name| name.eq_ignore_ascii_case(b"style"))
            && bytes.get(at + 6).is_some_and(|b| b.is_ascii_whitespace() || *b == b'>')
    })
}

/// Whether the elements around one, and those before it, are what the rest of a selector asks for.
fn climbs<'s>(compounds: &[Compound], around: &[impl AsRef<Node<'s>>], root: &Node<'s>) -> bool {
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

/// Whether a rule of this medium counts for a page on a screen.
pub(super) fn on_screen(media: &str) -> bool {
    if media.trim().is_empty() {
        return true;
    }
    media.split(',').any(|query| {
        let query = query.trim().to_ascii_lowercase();
        let (query, negated) = match query.strip_prefix("not ") {
            Some(rest) => (rest.to_owned(), true),
            None => (query, false),
        };
        let holds = query.split(" and ").all(|part| {
            let part = part.trim().trim_start_matches("only ").trim();
            match part.strip_prefix('(') {
                Some(feature) => feature_holds(feature.trim_end_matches(')')),
                None => matches!(part, "all" | "screen" | ""),
            }
        });
        holds != negated
    })
}

/// Whether the screen has a feature: `max-width: 600px`, `width <= 600px`, `orientation: portrait`.
fn feature_holds(feature: &str) -> bool {
    let number = |text: &str| super::value::pixels(text.trim(), 16.0);
    if let Some((name, value)) = feature.split_once(':') {
        let (name, value) = (name.trim(), value.trim());
        let own = if name.ends_with("height") { SCREEN.1 } else { SCREEN.0 };
        return match name {
            "min-width" | "min-device-width" | "min-height" | "min-device-height" => {
                number(value).is_some_and(|most| own >= most)
            }
            "max-width" | "max-device-width" | "max-height" | "max-device-height" => {
                number(value).is_some_and(|most| own <= most)
            }
            "orientation" => value == "landscape",
            "prefers-color-scheme" => value == "light",
            "hover" | "any-hover" => value == "hover",
            "pointer" | "any-pointer" => value == "fine",
            _ => false,
        };
    }
    let sides: Vec<&str> =
        feature.split(['<', '>']).map(|side| side.trim_start_matches('=')).collect();
    let value = |side: &str| match side.trim() {
        "width" => Some(SCREEN.0),
        "height" => Some(SCREEN.1),
        other => number(other),
    };
    let signs: Vec<char> = feature.chars().filter(|c| matches!(c, '<' | '>')).collect();
    !signs.is_empty()
        && signs.iter().zip(sides.windows(2)).all(|(sign, sides)| {
            match (value(sides[0]), value(sides[1])) {
                (Some(left), Some(right)) if *sign == '<' => left <= right,
                (Some(left), Some(right)) => left >= right,
                _ => false,
            }
        })
}

/// A sheet without its comments and the marks that hide it from browsers of the last century.
pub(super) fn without_comments(text: &str) -> Cow<'_, str> {
    if !text.contains("/*") && !text.contains("<!--") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("/*") {
        out.push_str(&rest[..at]);
        out.push(' ');
        rest = rest[at + 2..].split_once("*/").map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    Cow::Owned(out.replace("<!--", " ").replace("-->", " "))
}

/// Where one of these marks stands outside of strings and brackets.
fn find_outside(text: &str, marks: &[char]) -> Option<usize> {
    let mut depth = 0usize;
    let mut quote = None;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            _ if quote == Some(c) => quote = None,
            // a string ends with its line
            '\n' if quote.is_some() => quote = None,
            _ if quote.is_some() => {}
            '"' | '\'' => quote = Some(c),
            _ if depth == 0 && marks.contains(&c) => return Some(at),
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            // a bracket that does not close ends with its block
            '{' | '}' if marks.contains(&c) => return Some(at),
            _ => {}
        }
    }
    None
}

/// Where the block ends that a text begins inside of.
fn block_end(text: &str) -> usize {
    let mut depth = 0usize;
    let mut from = 0;
    while let Some(at) = find_outside(&text[from..], &['{', '}']).map(|at| from + at) {
        match (text.as_bytes()[at], depth) {
            (b'}', 0) => return at,
            (b'}', _) => depth -= 1,
            _ => depth += 1,
        }
        from = at + 1;
    }
    text.len()
}

/// The parts between marks outside of strings and brackets.
pub(super) fn split_outside(text: &str, mark: char) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        match find_outside(text, &[mark]) {
            Some(at) => {
                rest = Some(&text[at + mark.len_utf8()..]);
                Some(&text[..at])
            }
            None => rest.take(),
        }
    })
}

/// A selector from right to left, and what part of the element it means; none where it says what is not known here.
fn parse_selector(selector: &str) -> Option<(Vec<Compound>, Part)> {
    let mut compounds: Vec<Compound> = Vec::new();
    let mut part = Part::Whole;
    let mut rest = selector;
    let mut left = Relation::Around;
    loop {
        let (mut compound, of, after) = parse_compound(rest)?;
        compound.left = left;
        if part != Part::Whole {
            return None;
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
            _ if next.len() == after.len() => return None,
            _ => Relation::Around,
        };
        rest = next.strip_prefix(['>', '+', '~']).unwrap_or(next).trim_start();
    }
    compounds.reverse();
    Some((compounds, part))
}

/// An identifier at the beginning of a text, and what follows it.
fn identifier(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut chars = text.char_indices();
    let mut end = text.len();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => name.push(chars.next()?.1),
            c if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii() => {
                name.push(c);
            }
            _ => {
                end = at;
                break;
            }
        }
    }
    (!name.is_empty()).then(|| (name, &text[end..]))
}

fn parse_compound(text: &str) -> Option<(Compound, Part, &str)> {
    let mut compound = Compound::default();
    let mut part = Part::Whole;
    let mut rest = text;
    let mut any = false;
    while let Some(mark) = rest.chars().next() {
        match mark {
            '*' => rest = &rest[1..],
            '.' | '#' => {
                let (name, after) = identifier(&rest[1..])?;
                if mark == '.' {
                    compound.classes.push(name);
                } else {
                    compound.ids.push(name);
                }
                rest = after;
            }
            '[' => {
                let (inside, after) = rest[1..].split_once(']')?;
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
                let (name, after) = identifier(rest[1..].trim_start_matches(':'))?;
                rest = after;
                let mut argument = "";
                if let Some(inside) = rest.strip_prefix('(') {
                    let end = find_outside(inside, &[')'])?;
                    argument = inside[..end].trim();
                    rest = &inside[end + 1..];
                }
                match name.to_ascii_lowercase().as_str() {
                    "before" => part = Part::Before,
                    "after" => part = Part::After,
                    "root" => compound.name = Some(short("html")),
                    name if PLACES.iter().any(|(known, ..)| *known == name) => {
                        let places = PLACES.iter().filter(|(known, ..)| *known == name);
                        for (_, from_end, of_type) in places {
                            let (step, first) =
                                if name.starts_with("nth") { nth(argument)? } else { (0, 1) };
                            let (from_end, of_type) = (*from_end, *of_type);
                            compound.nth.push(Nth { step, first, from_end, of_type });
                        }
                    }
                    "not" => match alternatives(argument) {
                        Some(list) => compound.not.extend(list),
                        None => compound.perhaps = true,
                    },
                    "is" | "where" | "matches" | "-webkit-any" | "any" => {
                        match alternatives(argument) {
                            Some(list) => compound.is.push(list),
                            None => compound.perhaps = true,
                        }
                    }
                    "link" | "any-link" => {
                        compound.attributes.push(("href".to_owned(), 0, String::new()));
                    }
                    "has" | "lang" | "dir" | "read-only" | "enabled" | "defined" => {
                        compound.perhaps = true;
                    }
                    _ => return None,
                }
            }
            _ if any => break,
            _ => {
                let (name, after) = identifier(rest)?;
                compound.name = Some(short(&name));
                rest = after;
            }
        }
        any = true;
    }
    any.then_some((compound, part, rest))
}

/// The compounds of which `:is` wants one; none where they have combinators.
fn alternatives(text: &str) -> Option<Vec<Compound>> {
    let one = |other: &str| match parse_compound(other.trim())? {
        (compound, Part::Whole, "") if !compound.perhaps => Some(compound),
        _ => None,
    };
    split_outside(text, ',').map(one).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    struct One<'s>(Node<'s>);

    impl<'s> AsRef<Node<'s>> for One<'s> {
        fn as_ref(&self) -> &Node<'s> {
            &self.0
        }
    }

    fn node(tag: &str) -> Node<'_> {
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let (mut node, ..) = Node::of(short(name), attributes);
        node.index = 2;
        node
    }

    /// Whether a selector means the last of these tags.
    fn means(selector: &str, tags: &[&str]) -> bool {
        let mut sheet = Sheet::default();
        sheet.add(&format!("{selector}{{display:none}}"));
        let around: Vec<One<'_>> =
            tags[..tags.len() - 1].iter().map(|tag| One(node(tag))).collect();
        !sheet.of(&node(tags[tags.len() - 1]), &around, &Node::default()).is_empty()
    }

    #[test]
    fn ok_selectors() {
        let tags = ["table id=t class='a b'", "tr", "td class=n", "span class='sort x' data-k=v1"];
        for selector in [
            ".sort",
            "span",
            "SPAN.x",
            ".sort.x",
            "#t .sort",
            "table .n > span",
            "*",
            "td span[data-k]",
            "[data-k^=v]",
            "p, .sort",
            ".a.b tr td > .sort:not(.y)",
            "span:nth-child(2)",
            "span:nth-child(2n)",
            ":is(b, span).x",
            "td :where(.y, .sort)",
            "[data-k=V1 i]",
        ] {
            assert!(means(selector, &tags), "{selector}");
        }
        for selector in [
            ".sor",
            "div",
            ".sort.y",
            "#t > .sort",
            "tr > span",
            ".sort .x",
            "span:hover",
            "td + span",
            "td ~ span",
            "span:first-child",
            ":is(b, i)",
            "span:empty",
            ".x:not(.sort)",
            "[data-k=v]",
            "",
        ] {
            assert!(!means(selector, &tags), "{selector}");
        }
    }

    #[test]
    fn ok_media() {
        for media in [
            "",
            "all",
            "screen",
            "only screen and (min-width: 768px)",
            "print, screen",
            "not print",
            "(width > 600px)",
        ] {
            assert!(on_screen(media), "{media}");
        }
        for media in [
            "print",
            "(max-width:600px)",
            "screen and (max-width: 40em)",
            "not screen",
            "speech",
            "(width <= 600px)",
        ] {
            assert!(!on_screen(media), "{media}");
        }
    }

    #[test]
    fn ok_blocks_strings_and_comments() {
        let mut sheet = Sheet::default();
        sheet.add(
            "@import url(x;y.css); /* .c{display:none} */ .a{content:\"}\";display:none} \
             @media print{.d{display:none}} @media screen{ .e{display:none} } @font-face{src:url(x)} .f{color:red;",
        );
        let has = |class: &str| {
            let tag = format!("i class={class}");
            !sheet.of(&node(&tag), &[] as &[One<'_>], &Node::default()).is_empty()
        };
        assert_eq!(["a", "c", "d", "e", "f"].map(has), [true, false, false, true, true]);
    }

    #[test]
    fn err_broken_sheets_are_survived() {
        for text in [
            "{",
            "}",
            "a{",
            "@media{",
            "a{b:c;;:;}}",
            "a[",
            "a:not(",
            "\\",
            ".a{content:'",
            "@",
            ":nth-child(n",
        ] {
            let mut sheet = Sheet::default();
            sheet.add(text);
            sheet.add(&text.repeat(50));
        }
    }
}
