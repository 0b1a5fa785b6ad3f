//! Styles of OpenDocument: how text looks, and how lists are numbered.

use super::super::lists::{LEVELS, Level};
use super::super::look::{Look, Paint};
use super::super::numbers::Numerals;
use super::super::symbols::Symbols;
use super::super::xml::Tag;
use super::{DEFAULT, Reader, Style};

impl Reader {
    /// Styles, of both parts.
    pub(super) fn style_element(&mut self, name: &str, tag: &Tag<'_>) {
        match name {
            "style" | "default-style" => {
                let style = Style {
                    parent: tag.get("parent-style-name"),
                    list: tag.get("list-style-name").filter(|name| !name.is_empty()),
                    ..Style::default()
                };
                let name = tag.get("name").unwrap_or_default();
                let is_default =
                    name.is_empty() && tag.get("family").as_deref() == Some("paragraph");
                self.style = Some((if is_default { DEFAULT.to_owned() } else { name }, style));
            }
            "font-face" => {
                let family = tag.get("font-family").unwrap_or_default();
                let symbols = Symbols::of_font(family.trim_matches('\''));
                if symbols != Symbols::None {
                    self.symbol_fonts.insert(tag.get("name").unwrap_or_default(), symbols);
                }
            }
            "text-properties" => {
                if let Some((_, style)) = &mut self.style {
                    let font = tag.get("font-name");
                    look_of(tag, &mut style.look);
                    let symbols = font.map(|font| {
                        let known = self.symbol_fonts.get(&font).copied();
                        known.unwrap_or_else(|| Symbols::of_font(&font))
                    });
                    style.look.symbols = symbols.or(style.look.symbols);
                }
            }
            "paragraph-properties"
            | "table-cell-properties"
            | "table-row-properties"
            | "table-column-properties" => {
                if let Some((_, style)) = &mut self.style {
                    let ground = tag.get("background-color").map(|name| Paint::of_name(&name));
                    style.ground = ground.or(style.ground);
                    let size = tag.get("row-height").or_else(|| tag.get("column-width"));
                    style.is_flat |= size.is_some_and(|size| is_nothing(&size));
                }
            }
            "table-properties" => {
                if let (Some((name, _)), Some("false")) =
                    (&self.style, tag.get("display").as_deref())
                {
                    self.hidden_tables.insert(name.clone());
                }
                if let (Some((_, style)), Some(name)) =
                    (&mut self.style, tag.get("background-color"))
                {
                    style.ground = Some(Paint::of_name(&name));
                }
            }
            "list-style" => {
                self.list_style = Some((tag.get("name").unwrap_or_default(), Vec::new()));
            }
            "outline-style" => self.list_style = Some((String::new(), Vec::new())),
            "list-level-style-number"
            | "outline-level-style"
            | "list-level-style-bullet"
            | "list-level-style-image" => {
                if let Some((_, levels)) = &mut self.list_style {
                    let at = tag.number("level").unwrap_or(1).clamp(1, LEVELS as u32) as usize;
                    if levels.len() < at {
                        levels.resize(at, Level::default());
                    }
                    levels[at - 1] = level(name, at, tag);
                }
            }
            _ => {}
        }
    }
}

/// What the properties of a text say about its look.
fn look_of(tag: &Tag<'_>, look: &mut Look) {
    if let Some(display) = tag.get("display") {
        look.hidden = Some(display == "none");
    }
    // what is struck out does not count
    let line = tag.get("text-line-through-style").or_else(|| tag.get("text-line-through-type"));
    look.struck = line.map(|line| line != "none").or(look.struck);
    // `super 58%`, `sub`, `33% 58%`; `0% 100%` is on the line
    if let Some(place) = tag.get("text-position") {
        look.raised = Some(!place.is_empty() && !place.starts_with("0%"));
    }
    if let Some(size) = tag.get("font-size").as_deref().and_then(|size| size.strip_suffix("pt")) {
        look.tiny = size.parse::<f32>().ok().map(|size| size <= 1.0).or(look.tiny);
    }
    if tag.get("use-window-font-color").as_deref() == Some("true") {
        look.ink = Some(Paint::Auto);
    } else if let Some(colour) = tag.get("color") {
        look.ink = Some(Paint::of_name(&colour));
    }
    look.ground = tag.get("background-color").map(|name| Paint::of_name(&name)).or(look.ground);
}

/// Whether a length is none: `0cm`, `0.000in`.
fn is_nothing(length: &str) -> bool {
    let digits = length.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    digits.parse::<f32>().is_ok_and(|number| number.abs() < 0.005)
}

fn level(name: &str, at: usize, tag: &Tag<'_>) -> Level {
    if !matches!(name, "list-level-style-number" | "outline-level-style") {
        return Level::default();
    }
    let numerals = Numerals::of_sample(&tag.get("num-format").unwrap_or_default());
    let mut text = match tag.get("num-list-format") {
        // `%1%.%2%` and ours differ in the second sign
        Some(format) => {
            let mut text = String::new();
            let mut signs = format.chars().peekable();
            while let Some(c) = signs.next() {
                text.push(c);
                if c == '%' {
                    while let Some(digit) = signs.next_if(char::is_ascii_digit) {
                        text.push(digit);
                    }
                    signs.next_if_eq(&'%');
                }
            }
            text
        }
        None => {
            let shown = tag.number("display-levels").unwrap_or(1).clamp(1, at as u32) as usize;
            let numbers: Vec<String> = (at + 1 - shown..=at).map(|n| format!("%{n}")).collect();
            let (prefix, suffix) = (tag.get("num-prefix"), tag.get("num-suffix"));
            format!(
                "{}{}{}",
                prefix.unwrap_or_default(),
                numbers.join("."),
                suffix.unwrap_or_default()
            )
        }
    };
    if numerals == Numerals::None {
        text.clear();
    }
    let start = tag.number("start-value").unwrap_or(1);
    Level { start, numerals, text, ..Level::default() }
}
