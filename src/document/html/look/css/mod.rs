//! Style sheets → rules: selectors, and of their declarations those that decide what a reader sees.
//!
//! Ours and no library's: the kept tokeniser of CSS is under a licence that this crate does not take, and what is needed
//! is small: blocks, strings and comments by the standard's rules, selectors by class, id, element and attribute with the
//! combinators for descendants, children and siblings, the places among siblings, `:not` and `:is`. States that nothing has
//! when a page is opened never apply; what else a selector may say is not known here, and such a rule applies perhaps.

mod media;
mod selector;
pub(super) mod syntax;

use super::super::names::Name;
use super::super::tokens;
use super::matters::Matters;
use super::value::Style;
use media::on_screen;
use rustc_hash::FxHashMap;
pub(crate) use selector::Node;
pub(super) use selector::Part;
use selector::{Compound, climbs, parse_selector};
use syntax::{block_end, find_outside, split_outside, without_comments};

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
