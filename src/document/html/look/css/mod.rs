//! Style sheets → rules: selectors, and of their declarations those that decide what a reader sees.
//!
//! Ours and no library's: the kept tokeniser of CSS is under a licence that this crate does not take, and what is needed
//! is small: blocks, strings and comments by the standard's rules, selectors by class, id, element and attribute with the
//! combinators for descendants, children and siblings, the places among siblings, `:not` and `:is`. States that nothing has
//! when a page is opened never apply; what else a selector may say is not known here, and such a rule applies perhaps.

mod media;
mod selector;
pub(super) mod syntax;
mod variables;

use super::super::names::Name;
use super::super::tokens;
use super::value::Style;
use media::on_screen;
use rustc_hash::FxHashMap;
pub(crate) use selector::Node;
pub(super) use selector::Part;
use selector::{Compound, Unmet, climbs, parse_selector};
use std::borrow::Cow;
use syntax::{block_end, find_outside, split_outside, without_comments};
use variables::Variables;

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
/// Blocks in blocks.
const DEEPEST: usize = 4;

#[derive(Clone, Debug)]
struct Rule {
    /// From right to left.
    compounds: Vec<Compound>,
    part: Part,
    /// In what layer it stands, by its number.
    layer: u16,
    specificity: u32,
    /// Its style, and what of it is important; rules of one block share them.
    styles: u32,
}

/// Rules of no layer are stronger than those of any.
const NO_LAYER: u16 = u16::MAX;

/// Where a block stands in its sheet.
#[derive(Clone, Copy, Debug)]
struct Around {
    depth: usize,
    layer: u16,
    /// Whether its rules apply only perhaps.
    perhaps: bool,
}

/// What a rule says of an element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found<'s> {
    pub(super) part: Part,
    pub(super) layer: u16,
    /// Its style, and what of it is important.
    pub(super) styles: &'s (Style, Style),
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
    /// The names of layers, the weakest first.
    layers: Vec<String>,
    variables: Variables,
    /// Whether a selector asks for other elements of the same parent.
    pub(super) asks_siblings: bool,
}

impl Sheet {
    /// The style sheets of a page in their order; those in comments and scripts are none.
    pub(super) fn of_page(page: &str) -> Self {
        let mut sheet = Self { variables: Variables::of_page(page), ..Self::default() };
        let bytes = page.as_bytes();
        let inside = |at: usize, open: &[u8], close: &[u8]| {
            let before = &bytes[at.saturating_sub(LOOK_BACK)..at];
            memchr::memmem::rfind(before, open)
                .is_some_and(|start| memchr::memmem::find(&before[start..], close).is_none())
        };
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
            let attribute = |known: &str| {
                tokens::attributes(tag).find(|(name, _)| name.eq_ignore_ascii_case(known))
            };
            let is_css = attribute("type").is_none_or(|(_, kind)| {
                kind.is_empty() || kind.trim().eq_ignore_ascii_case("text/css")
            });
            if is_css {
                let media = attribute("media").map_or(Cow::Borrowed(""), |(_, media)| media);
                sheet.add(&page[begin..end], &media);
            }
        }
        sheet
    }

    /// Adds the rules of a sheet for a medium.
    pub(super) fn add(&mut self, text: &str, media: &str) {
        let applies = on_screen(media);
        let around = Around { depth: 0, layer: NO_LAYER, perhaps: applies.is_none() };
        if applies != Some(false) {
            self.blocks(&without_comments(text), around);
        }
    }

    /// A block with the values of variables in their places.
    pub(super) fn resolved<'b>(&self, block: &'b str) -> Cow<'b, str> {
        self.variables.put_into(block)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    fn blocks(&mut self, text: &str, around: Around) {
        let mut rest = text;
        // a rule that is none takes what follows with it, up to the end of its block
        while let Some(end) = find_outside(rest, &['{', ';']) {
            let (prelude, mark) = (rest[..end].trim(), rest.as_bytes()[end]);
            if mark == b';' {
                if let Some(names) = prelude.strip_prefix("@layer") {
                    names.split(',').for_each(|name| {
                        self.layer(name, around);
                    });
                }
                let is_statement = prelude.starts_with('@') || around.depth > 0;
                if is_statement {
                    rest = &rest[end + 1..];
                    continue;
                }
            }
            let Some(end) = find_outside(rest, &['{']) else { return };
            let prelude = rest[..end].trim();
            rest = &rest[end + 1..];
            let close = block_end(rest);
            let body = &rest[..close];
            rest = rest.get(close + 1..).unwrap_or("");
            match prelude.strip_prefix('@') {
                None => self.rule(prelude, body, around),
                Some(at) => self.at_rule(at, body, around),
            }
        }
    }

    fn at_rule(&mut self, at: &str, body: &str, around: Around) {
        let (name, condition) = at
            .split_at(at.find(|c: char| !c.is_ascii_alphabetic() && c != '-').unwrap_or(at.len()));
        let mut inner = Around { depth: around.depth + 1, ..around };
        let applies = match name.to_ascii_lowercase().as_str() {
            "media" => on_screen(condition),
            "supports" => Some(!condition.trim_start().starts_with("not")),
            "layer" => {
                inner.layer = self.layer(condition, around);
                Some(true)
            }
            "container" | "scope" => None,
            _ => Some(false),
        };
        inner.perhaps |= applies.is_none();
        if applies != Some(false) && inner.depth <= DEEPEST {
            self.blocks(body, inner);
        }
    }

    /// The number of a layer.
    fn layer(&mut self, name: &str, around: Around) -> u16 {
        const MOST: usize = 1000;
        let outer = self.layers.get(usize::from(around.layer)).map_or("", String::as_str);
        let name = match name.trim() {
            "" => format!("{outer}.({})", self.layers.len()),
            name => format!("{outer}.{name}"),
        };
        let known = self.layers.iter().position(|layer| *layer == name);
        if known.is_none() && self.layers.len() < MOST {
            self.layers.push(name);
        }
        known.unwrap_or(self.layers.len().saturating_sub(1)) as u16
    }

    /// Adds a block and those that are nested in it.
    fn rule(&mut self, selectors: &str, body: &str, around: Around) {
        const LONGEST: usize = 1000;
        if !body.contains('{') {
            return self.declarations(selectors, body, around);
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
            let within = Around { depth: around.depth + 1, ..around };
            if let Some(media) = inner.strip_prefix("@media") {
                let applies = on_screen(media);
                if applies != Some(false) && within.depth <= DEEPEST {
                    let perhaps = within.perhaps || applies.is_none();
                    self.rule(selectors, &block[..close], Around { perhaps, ..within });
                }
                continue;
            }
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
            if within.depth <= DEEPEST && nested.len() < LONGEST && !inner.starts_with('@') {
                self.rule(&nested, &block[..close], within);
            }
        }
        own.push_str(rest);
        self.declarations(selectors, &own, around);
    }

    fn declarations(&mut self, selectors: &str, body: &str, around: Around) {
        let (style, important) = Style::read(&self.resolved(body));
        if style.is_empty() && important.is_empty() {
            return;
        }
        let parsed: Vec<_> =
            split_outside(selectors, ',').map(|selector| parse_selector(selector.trim())).collect();
        if parsed.iter().any(|one| matches!(one, Err(Unmet::Invalid))) {
            return;
        }
        let styles = self.styles.len() as u32;
        self.styles.push((style, important));
        for (compounds, mut part) in parsed.into_iter().flatten() {
            if around.perhaps || compounds.iter().any(|compound| compound.perhaps) {
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
            let layer = around.layer;
            self.rules.push(Rule { compounds, part, layer, specificity, styles });
        }
    }

    /// The styles of the rules for an element, the weakest first: for the whole of it, before and behind it.
    pub(super) fn of<'n, 's: 'n>(
        &self,
        node: &Node<'s>,
        around: &[impl AsRef<Node<'s>>],
        root: &Node<'s>,
    ) -> Vec<Found<'_>> {
        let before = around.last().map_or(root, AsRef::as_ref).children.as_slice();
        let mut found: Vec<(u16, u32, u32)> = Vec::new();
        let mut ask = |list: Option<&Vec<u32>>| {
            for at in list.into_iter().flatten() {
                let rule = &self.rules[*at as usize];
                if rule.compounds[0].matches(node, before) && climbs(&rule.compounds, around, root)
                {
                    found.push((rule.layer, rule.specificity, *at));
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
        let style = |(layer, _, at): (u16, u32, u32)| {
            let rule = &self.rules[at as usize];
            Found { part: rule.part, layer, styles: &self.styles[rule.styles as usize] }
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

#[cfg(test)]
mod tests {
    use super::super::super::names::short;
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
        sheet.add(&format!("{selector}{{display:none}}"), "");
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
            "print or (min-width: 1px)",
        ] {
            assert_eq!(on_screen(media), Some(true), "{media}");
        }
        for media in [
            "print",
            "(max-width:600px)",
            "screen and (max-width: 40em)",
            "not screen",
            "speech",
            "(width <= 600px)",
            "(prefers-reduced-motion: reduce)",
        ] {
            assert_eq!(on_screen(media), Some(false), "{media}");
        }
        assert_eq!(on_screen("(min-aspect-ratio: 1/2)"), None);
    }

    #[test]
    fn ok_blocks_strings_and_comments() {
        let mut sheet = Sheet::default();
        sheet.add(
            "@import url(x;y.css); /* .c{display:none} */ .a{content:\"}\";display:none} \
             @media print{.d{display:none}} @media screen{ .e{display:none} } @font-face{src:url(x)} .f{color:red;",
            "",
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
            sheet.add(text, "");
            sheet.add(&text.repeat(50), "");
        }
    }
}
