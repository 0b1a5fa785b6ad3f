//! Colours and what else things are drawn with, from the thing itself or from a parameter it refers to.

use super::tree::Element;
use crate::document::pages::Colour;

/// What something is drawn with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Paint {
    /// None for what is no one colour.
    pub(super) colour: Option<Colour>,
    pub(super) alpha: f32,
}

impl Paint {
    /// What is drawn without a word about colour.
    pub(super) const BLACK: Self = Self { colour: Some([0; 3]), alpha: 1.0 };
}

/// What a thing says, and what the things around it say where it says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Look {
    pub(super) fill: Option<Paint>,
    pub(super) stroke: Option<Paint>,
    /// Of strokes, in millimetres.
    pub(super) width: Option<f64>,
}

impl Look {
    /// What an element says of itself.
    pub(super) fn of(element: &Element) -> Self {
        Self {
            fill: element.child("FillColor").map(paint),
            stroke: element.child("StrokeColor").map(paint),
            width: element.number("LineWidth"),
        }
    }

    /// The same where this says something, else what `other` says.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            fill: self.fill.or(other.fill),
            stroke: self.stroke.or(other.stroke),
            width: self.width.or(other.width),
        }
    }
}

/// How opaque an element is, from 0 to 1.
pub(super) fn alpha(element: &Element) -> f32 {
    element.number("Alpha").map_or(1.0, |alpha| alpha.clamp(0.0, 255.0) as f32 / 255.0)
}

fn paint(element: &Element) -> Paint {
    // a shading or pattern in it, or the place of a colour in a palette
    let is_other = !element.children.is_empty() || element.get("Index").is_some();
    let colour = match element.get("Value") {
        Some(value) => colour(value),
        None if is_other => None,
        None => Paint::BLACK.colour,
    };
    Paint { colour, alpha: alpha(element) }
}

/// A colour by its parts: one is grey, three are red, green and blue, four cyan, magenta, yellow and black.
fn colour(value: &str) -> Option<Colour> {
    let part = |word: &str| -> Option<u8> {
        match word.strip_prefix('#') {
            Some(digits) => u8::from_str_radix(digits, 16).ok(),
            #[expect(clippy::cast_sign_loss, reason = "clamped")]
            None => super::tree::number(word).map(|part| part.clamp(0.0, 255.0) as u8),
        }
    };
    let words = value.split([' ', ',', '\t']).filter(|word| !word.is_empty());
    let parts: Vec<u8> = words.map(part).collect::<Option<_>>()?;
    match parts[..] {
        [grey] => Some([grey; 3]),
        [red, green, blue] => Some([red, green, blue]),
        [c, m, y, k] => Some([c, m, y].map(|part| 255 - part.saturating_add(k))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_colours() {
        assert_eq!(colour("156 82 35"), Some([156, 82, 35]));
        assert_eq!(colour("#FF #0A 0"), Some([255, 10, 0]));
        assert_eq!(colour("255"), Some([255; 3]));
        assert_eq!(colour("0 0 0 0"), Some([255; 3]));
        assert_eq!(colour("0 0 0 255"), Some([0; 3]));
        assert_eq!(colour("red"), None);
        assert_eq!(colour(""), None);
    }
}
