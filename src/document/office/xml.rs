//! The XML of office documents, one element after the other.
//!
//! Names are compared without their prefix, since the formats of different versions differ in nothing else. Entities
//! that a document declares itself are left out, so that none reads a file or grows.

use crate::guard;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

/// Elements inside elements that are followed; deeper documents are damaged.
const MOST_DEEP: u32 = 10_000;

/// Longest value of an attribute that is read, in bytes.
const LONGEST_VALUE: usize = 4096;

/// What to do with an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Enter {
    /// Go into it; [`Visit::close`] is called at its end.
    Children,
    /// Pass over it with all it holds.
    Skip,
}

/// What reads a document.
pub(super) trait Visit {
    /// An element begins.
    fn open(&mut self, name: &str, tag: &Tag<'_>) -> Enter;
    /// An element that was gone into ends.
    fn close(&mut self, name: &str);
    /// Text inside it.
    fn text(&mut self, text: &str);
}

/// An element's attributes.
pub(super) struct Tag<'a>(&'a BytesStart<'a>);

impl Tag<'_> {
    /// The value of an attribute, whatever its prefix; none for one that is too long to mean anything.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let found = |a: &quick_xml::events::attributes::Attribute<'_>| {
            local(a.key.as_ref()) == name && !a.key.as_ref().starts_with("xmlns")
        };
        let attribute = self.0.attributes().with_checks(false).flatten().find(found)?;
        if attribute.value.len() > LONGEST_VALUE {
            return None;
        }
        let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
        Some(value.map_or_else(|_| attribute.value.to_string(), Cow::into_owned))
    }

    /// The value of an attribute as a number; none when it is no number or too large.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.get(name)?.trim().parse().ok()
    }

    /// A switch of word processors: an element that is there is on, unless it says otherwise.
    pub(super) fn is_on(&self) -> bool {
        !matches!(self.get("val").as_deref(), Some("0" | "false" | "off" | "none"))
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Reads a document; false when it breaks off or is not well formed, and then `visit` has what stands before.
pub(super) fn walk(xml: &str, visit: &mut impl Visit) -> bool {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().allow_dangling_amp = true;
    let mut depth = 0;
    // the depth of the element that is passed over
    let mut skipped: Option<u32> = None;
    loop {
        guard::tick();
        let Ok(event) = reader.read_event() else { return false };
        match event {
            Event::Start(tag) => {
                depth += 1;
                if depth > MOST_DEEP {
                    return false;
                }
                if skipped.is_none()
                    && visit.open(local(tag.name().as_ref()), &Tag(&tag)) == Enter::Skip
                {
                    skipped = Some(depth);
                }
            }
            Event::Empty(tag) if skipped.is_none() => {
                let name = tag.name();
                let name = local(name.as_ref());
                if visit.open(name, &Tag(&tag)) == Enter::Children {
                    visit.close(name);
                }
            }
            Event::End(tag) => {
                match skipped {
                    None => visit.close(local(tag.name().as_ref())),
                    Some(at) if at == depth => skipped = None,
                    Some(_) => {}
                }
                depth = depth.saturating_sub(1);
            }
            Event::Text(text) if skipped.is_none() => visit.text(&text.xml10_content()),
            Event::CData(text) if skipped.is_none() => visit.text(&text.xml10_content()),
            Event::GeneralRef(entity) if skipped.is_none() => {
                let name = entity.xml10_content();
                if let Ok(Some(c)) = entity.resolve_char_ref() {
                    visit.text(c.encode_utf8(&mut [0; 4]));
                } else if let Some(text) = quick_xml::escape::resolve_predefined_entity(&name) {
                    visit.text(text);
                }
            }
            Event::Eof => return depth == 0,
            _ => {}
        }
    }
}

/// The text of a part: UTF-8, or UTF-16 with a byte order mark.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let encoding = encoding_rs::Encoding::for_bom(bytes).map_or(encoding_rs::UTF_8, |(e, _)| e);
    encoding.decode(bytes).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Log(String);

    impl Visit for Log {
        fn open(&mut self, name: &str, tag: &Tag<'_>) -> Enter {
            if name == "skip" {
                return Enter::Skip;
            }
            self.0.push('<');
            self.0.push_str(name);
            if let Some(value) = tag.get("val") {
                self.0.push(' ');
                self.0.push_str(&value);
            }
            Enter::Children
        }
        fn close(&mut self, _: &str) {
            self.0.push('>');
        }
        fn text(&mut self, text: &str) {
            self.0.push_str(text);
        }
    }

    fn log(xml: &str) -> (String, bool) {
        let mut log = Log::default();
        let whole = walk(xml, &mut log);
        (log.0, whole)
    }

    #[test]
    fn ok_elements_text_and_what_is_skipped() {
        let xml = r#"<w:a w:val="1&amp;2"><b>x&lt;&#65;</b><skip>no<skip/></skip><c/></w:a>"#;
        assert_eq!(log(xml), ("<a 1&2<bx<A><c>>".to_owned(), true));
    }

    #[test]
    fn ok_own_entities_are_left_out() {
        let xml = r#"<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY f "xx">]><a>1&e;&f;2</a>"#;
        assert_eq!(log(xml), ("<a12>".to_owned(), true));
    }

    #[test]
    fn err_broken_off_or_too_deep() {
        assert_eq!(log("<a>1<b>2"), ("<a1<b2".to_owned(), false));
        assert!(!log(&"<a>".repeat(20_000)).1);
        assert!(!log("<a></b>").1);
    }
}
