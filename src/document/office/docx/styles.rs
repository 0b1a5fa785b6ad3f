//! What the styles of a DOCX say that matters here: automatic numbers, and text that is not shown.

use super::super::xml::{self, Enter, Tag, Visit};
use rustc_hash::FxHashMap;

/// Styles that build on one another which are followed.
const MOST_LINKS: usize = 20;

/// The list and level that a paragraph or a style names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ListPlace {
    /// `numId`; `0` takes a paragraph out of its style's list.
    pub(super) list: Option<String>,
    /// `ilvl`, from 0.
    pub(super) level: Option<usize>,
}

#[derive(Debug, Default)]
struct Style {
    based_on: Option<String>,
    place: ListPlace,
    hidden: Option<bool>,
}

/// The styles by their identifiers.
#[derive(Debug, Default)]
pub(super) struct Styles {
    styles: FxHashMap<String, Style>,
    default_paragraph: Option<String>,
}

impl Styles {
    /// Reads `styles.xml`.
    pub(super) fn read(text: &str) -> Self {
        let mut reader = Reader::default();
        xml::walk(text, &mut reader);
        reader.styles
    }

    /// The list of a style's paragraphs.
    pub(super) fn list(&self, style: Option<&str>) -> ListPlace {
        let mut place = ListPlace::default();
        for style in self.chain(style.or(self.default_paragraph.as_deref())) {
            place.list = place.list.or_else(|| style.place.list.clone());
            place.level = place.level.or(style.place.level);
        }
        place
    }

    /// Whether text in a style is not shown.
    pub(super) fn is_hidden(&self, style: &str) -> bool {
        self.chain(Some(style)).find_map(|style| style.hidden).unwrap_or(false)
    }

    fn chain<'s>(&'s self, first: Option<&'s str>) -> impl Iterator<Item = &'s Style> {
        let get = |id: &str| self.styles.get(id);
        let next = move |style: &&'s Style| style.based_on.as_deref().and_then(get);
        std::iter::successors(first.and_then(get), next).take(MOST_LINKS)
    }
}

#[derive(Default)]
struct Reader {
    styles: Styles,
    id: String,
    style: Style,
}

impl Visit for Reader {
    fn open(&mut self, name: &str, tag: &Tag<'_>) -> Enter {
        match name {
            "style" => {
                self.id = tag.get("styleId").unwrap_or_default();
                self.style = Style::default();
                let is_paragraph = tag.get("type").as_deref() == Some("paragraph");
                if is_paragraph && matches!(tag.get("default").as_deref(), Some("1" | "true")) {
                    self.styles.default_paragraph = Some(self.id.clone());
                }
            }
            "basedOn" => self.style.based_on = tag.get("val"),
            "numId" => self.style.place.list = tag.get("val"),
            "ilvl" => self.style.place.level = tag.number("val").map(|n| n as usize),
            "vanish" => self.style.hidden = Some(tag.is_on()),
            // conditional formats of parts of a table
            "tblStylePr" | "docDefaults" => return Enter::Skip,
            _ => {}
        }
        Enter::Children
    }

    fn close(&mut self, name: &str) {
        if name == "style" {
            let style = std::mem::take(&mut self.style);
            self.styles.styles.insert(std::mem::take(&mut self.id), style);
        }
    }

    fn text(&mut self, _: &str) {}
}
