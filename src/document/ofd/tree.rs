//! The XML of a part as a tree: pages refer back and forth between what they draw and what they draw it with.

use crate::guard;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

/// Elements in elements; what is deeper is damaged. The tree is walked by recursion.
const DEEPEST: usize = 64;
/// Most elements of a part; a dense page has some ten thousand.
const MOST: usize = 1_000_000;

/// An element, named without its prefix: producers agree on no prefix, and some on no namespace.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    /// The text in it, but not in its children.
    pub(super) text: String,
    pub(super) children: Vec<Element>,
}

impl Element {
    /// The value of an attribute.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.trim())
    }

    /// The value of an attribute as a number.
    pub(super) fn number(&self, name: &str) -> Option<f64> {
        number(self.get(name)?)
    }

    /// A switch, as the attribute says it.
    pub(super) fn switch(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }

    /// The numbers of an attribute, when there are so many.
    pub(super) fn numbers<const N: usize>(&self, name: &str) -> Option<[f64; N]> {
        numbers(self.get(name)?)
    }

    /// The children of a name.
    pub(super) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first child of a name.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child of a name.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
    }
}

/// A number of a sane size; larger ones are no places on a page.
pub(super) fn number(text: &str) -> Option<f64> {
    const LARGEST: f64 = 1e7;
    text.parse().ok().filter(|number: &f64| number.abs() <= LARGEST)
}

/// So many numbers with blanks or commas between them.
pub(super) fn numbers<const N: usize>(text: &str) -> Option<[f64; N]> {
    let mut all = [0.0; N];
    let mut words = text.split([' ', ',', '\t', '\r', '\n']).filter(|word| !word.is_empty());
    for place in &mut all {
        *place = number(words.next()?)?;
    }
    Some(all)
}

/// The root of a part, and whether the part is whole; of one that breaks off what stands before.
pub(super) fn read(xml: &str) -> (Element, bool) {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().allow_dangling_amp = true;
    // the first holds the root
    let mut open = vec![Element::default()];
    let mut count = 0;
    let is_whole = loop {
        guard::tick();
        let Ok(event) = reader.read_event() else { break false };
        match event {
            Event::Start(tag) => {
                count += 1;
                if open.len() > DEEPEST || count > MOST {
                    break false;
                }
                open.push(element(&tag));
            }
            Event::Empty(tag) => {
                count += 1;
                if count > MOST {
                    break false;
                }
                if let Some(parent) = open.last_mut() {
                    parent.children.push(element(&tag));
                }
            }
            Event::End(_) => close(&mut open),
            Event::Text(text) => push(&mut open, &text.xml10_content()),
            Event::CData(text) => push(&mut open, &text.xml10_content()),
            Event::GeneralRef(entity) => {
                if let Ok(Some(c)) = entity.resolve_char_ref() {
                    push(&mut open, c.encode_utf8(&mut [0; 4]));
                } else {
                    let known =
                        quick_xml::escape::resolve_predefined_entity(&entity.xml10_content());
                    push(&mut open, known.unwrap_or("\u{FFFD}"));
                }
            }
            Event::Eof => break open.len() == 1,
            _ => {}
        }
    };
    while open.len() > 1 {
        close(&mut open);
    }
    let mut roots = open.pop().unwrap_or_default().children;
    let root = if roots.is_empty() { Element::default() } else { roots.swap_remove(0) };
    let is_whole = is_whole && !root.name.is_empty();
    (root, is_whole)
}

fn close(open: &mut Vec<Element>) {
    if open.len() > 1
        && let Some(element) = open.pop()
        && let Some(parent) = open.last_mut()
    {
        parent.children.push(element);
    }
}

fn push(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn element(tag: &BytesStart<'_>) -> Element {
    let mut element = Element { name: local(tag.name().as_ref()).to_owned(), ..Element::default() };
    for attribute in tag.attributes().with_checks(false).flatten() {
        let key = attribute.key.as_ref();
        if !key.starts_with("xmlns") {
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
            let value = value.map_or_else(|_| attribute.value.to_string(), Cow::into_owned);
            element.attributes.push((local(key).to_owned(), value));
        }
    }
    element
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_any_prefix_and_none() {
        for prefix in ["", "ofd:", "x:"] {
            let xml = format!(
                "<{prefix}A n='1 2,3'><{prefix}B on='true'>x&lt;&#65;</{prefix}B></{prefix}A>"
            );
            let (root, is_whole) = read(&xml);
            assert!(is_whole);
            assert_eq!(root.numbers("n"), Some([1.0, 2.0, 3.0]));
            assert_eq!(root.numbers::<4>("n"), None);
            assert_eq!(root.text_of("B"), Some("x<A"));
            assert_eq!(root.child("B").and_then(|b| b.switch("on")), Some(true));
        }
    }

    #[test]
    fn err_broken_off_or_too_deep() {
        let (root, is_whole) = read("<A><B>1</B><C>2");
        assert!(!is_whole && root.text_of("B") == Some("1") && root.text_of("C") == Some("2"));
        assert!(!read(&"<A>".repeat(100_000)).1);
        assert!(!read("").1);
        assert!(!read("no XML").1);
    }
}
