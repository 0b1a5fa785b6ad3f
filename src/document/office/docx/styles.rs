//! What the styles of a DOCX say that matters here: automatic numbers, and how text looks.

use super::super::look::{Look, Paint};
use super::super::symbols::Symbols;
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
    look: Look,
    /// Whether cells of its tables have grounds.
    has_grounds: bool,
}

/// The styles by their identifiers.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: FxHashMap<String, Style>,
    default_paragraph: Option<String>,
    /// The look of all text.
    defaults: Look,
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

    /// The look of text in a paragraph style, and in a character style on it.
    pub(super) fn look(&self, paragraph: Option<&str>, character: Option<&str>) -> Look {
        let of = |style| self.chain(style).fold(Look::default(), |look, base| look.over(base.look));
        let of_paragraph = of(paragraph.or(self.default_paragraph.as_deref()));
        of(character).toggled_over(of_paragraph).over(self.defaults)
    }

    /// Whether cells of a table in a style have grounds.
    pub(super) fn has_grounds(&self, table: &str) -> bool {
        self.chain(Some(table)).any(|style| style.has_grounds)
    }

    fn chain<'s>(&'s self, first: Option<&'s str>) -> impl Iterator<Item = &'s Style> {
        let get = |id: &str| self.by_id.get(id);
        let next = move |style: &&'s Style| style.based_on.as_deref().and_then(get);
        std::iter::successors(first.and_then(get), next).take(MOST_LINKS)
    }
}

/// Letters so clear, in thousandths of a percent, are not seen.
const CLEAR: u32 = 95_000;

/// What an element of `w:rPr` or `w:shd` says about the look of text.
pub(super) fn property(look: &mut Look, name: &str, tag: &Tag<'_>) {
    let value = || tag.get("val").unwrap_or_default();
    match name {
        "vanish" => look.hidden = Some(tag.is_on()),
        // what is struck out does not count, with or without a record of the change
        "strike" | "dstrike" => look.struck = Some(tag.is_on() || look.struck == Some(true)),
        "vertAlign" => {
            look.raised = Some(matches!(value().as_str(), "superscript" | "subscript"));
        }
        "position" => {
            // `6`, or `3pt` in the strict dialect
            let shift = value();
            let points = shift.strip_suffix("pt").and_then(|n| n.parse::<f32>().ok());
            let shift = points.map(|n| (2.0 * n) as i32).or(shift.parse().ok());
            if look.raised != Some(true) {
                look.shift(shift.unwrap_or(0));
            }
        }
        "sz" => {
            if let Ok(size) = value().parse() {
                look.size(size);
            }
        }
        // letters that are filled with something else than their colour
        "noFill" => look.hidden = Some(true),
        "alpha" if tag.number("val").is_some_and(|clear| clear > CLEAR) => {
            look.hidden = Some(true);
        }
        "srgbClr" => look.ink = Some(Paint::of_name(&value())),
        "color" => {
            let is_paper = tag.get("themeColor").is_some_and(|name| name == "background1");
            let ink = Paint::of_name(&value());
            look.ink = Some(if is_paper && ink == Paint::Auto { Paint::PAPER } else { ink });
        }
        "highlight" => look.ground = Some(Paint::of_name(&value())),
        "shd" if look.ground.is_none() => look.ground = Some(shading(tag)),
        "rFonts" => {
            let font = tag.get("ascii").or_else(|| tag.get("hAnsi"));
            look.symbols = font.map(|font| Symbols::of_font(&font)).or(look.symbols);
        }
        _ => {}
    }
}

/// What a `w:shd` puts behind text.
pub(super) fn shading(tag: &Tag<'_>) -> Paint {
    match tag.get("val").as_deref() {
        Some("clear" | "nil") | None => match tag.get("fill") {
            Some(fill) => Paint::of_name(&fill),
            None if tag.get("themeFill").is_some() => Paint::Unknown,
            None => Paint::Auto,
        },
        Some("solid") => tag.get("color").map_or(Paint::Unknown, |color| Paint::of_name(&color)),
        Some(_) => Paint::Unknown,
    }
}

#[derive(Default)]
struct Reader {
    styles: Styles,
    id: String,
    style: Style,
    in_defaults: bool,
    in_table_part: bool,
    is_table: bool,
    /// In what letters are filled with, or in another drawing of them: an outline, a shadow.
    drawn: Drawn,
}

/// Which part of the letters is described.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Drawn {
    #[default]
    Nothing,
    Fill,
    Other,
}

impl Visit for Reader {
    fn open(&mut self, name: &str, tag: &Tag<'_>) -> Enter {
        match name {
            "style" => {
                self.id = tag.get("styleId").unwrap_or_default();
                self.style = Style::default();
                self.is_table = tag.get("type").as_deref() == Some("table");
                let is_paragraph = tag.get("type").as_deref() == Some("paragraph");
                if is_paragraph && matches!(tag.get("default").as_deref(), Some("1" | "true")) {
                    self.styles.default_paragraph = Some(self.id.clone());
                }
            }
            "textFill" => self.drawn = Drawn::Fill,
            "textOutline" | "shadow" | "glow" | "reflection" | "props3d" => {
                self.drawn = Drawn::Other;
            }
            "noFill" | "alpha" | "srgbClr" if self.drawn != Drawn::Fill => {}
            "basedOn" => self.style.based_on = tag.get("val"),
            "numId" => self.style.place.list = tag.get("val"),
            "ilvl" => self.style.place.level = tag.number("val").map(|n| n as usize),
            "docDefaults" => self.in_defaults = true,
            // formats of parts of a table
            "tblStylePr" => self.in_table_part = true,
            "shd" if self.is_table => {
                self.style.has_grounds |= !matches!(shading(tag), Paint::Auto | Paint::PAPER);
            }
            _ if self.in_table_part => {}
            _ if self.in_defaults => property(&mut self.styles.defaults, name, tag),
            _ => property(&mut self.style.look, name, tag),
        }
        Enter::Children
    }

    fn close(&mut self, name: &str) {
        match name {
            "style" => {
                let style = std::mem::take(&mut self.style);
                self.styles.by_id.insert(std::mem::take(&mut self.id), style);
            }
            "docDefaults" => self.in_defaults = false,
            "textFill" | "textOutline" | "shadow" | "glow" | "reflection" | "props3d" => {
                self.drawn = Drawn::Nothing;
            }
            "tblStylePr" => self.in_table_part = false,
            _ => {}
        }
    }

    fn text(&mut self, _: &str) {}
}
