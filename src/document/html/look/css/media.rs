//! Which media a page on a screen is.

use super::super::value;

/// The screen on which a page is looked at, in pixels.
const SCREEN: (f32, f32) = (1280.0, 800.0);

/// Whether a rule of this medium counts for a page on a screen; none where that is not known.
pub(super) fn on_screen(media: &str) -> Option<bool> {
    if media.trim().is_empty() {
        return Some(true);
    }
    any(media.to_ascii_lowercase().split(',').map(|query| {
        let query = query.trim();
        let (query, negated) = match query.strip_prefix("not ") {
            Some(rest) => (rest, true),
            None => (query, false),
        };
        let holds = any(query.split(" or ").map(|query| {
            let parts = query.split(" and ").map(|part| {
                let part = part.trim().trim_start_matches("only ").trim();
                match part.strip_prefix('(') {
                    Some(feature) => feature_holds(feature.trim_end_matches(')')),
                    None => Some(matches!(part, "all" | "screen" | "")),
                }
            });
            any(parts.map(|part| part.map(|holds| !holds))).map(|fails| !fails)
        }));
        holds.map(|holds| holds != negated)
    }))
}

/// Whether one of them holds; none where that is not known.
fn any(all: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut unknown = false;
    for one in all {
        match one {
            Some(true) => return Some(true),
            Some(false) => {}
            None => unknown = true,
        }
    }
    (!unknown).then_some(false)
}

/// Whether the screen has a feature: `max-width: 600px`, `width <= 600px`, `orientation: portrait`.
fn feature_holds(feature: &str) -> Option<bool> {
    let number = |text: &str| value::pixels(text.trim(), 16.0);
    if let Some((name, value)) = feature.split_once(':') {
        let (name, value) = (name.trim(), value.trim());
        let own = if name.ends_with("height") { SCREEN.1 } else { SCREEN.0 };
        return match name {
            "min-width" | "min-device-width" | "min-height" | "min-device-height" => {
                number(value).map(|most| own >= most)
            }
            "max-width" | "max-device-width" | "max-height" | "max-device-height" => {
                number(value).map(|most| own <= most)
            }
            "orientation" => Some(value == "landscape"),
            "prefers-color-scheme" => Some(value == "light"),
            "hover" | "any-hover" => Some(value == "hover"),
            "pointer" | "any-pointer" => Some(value == "fine"),
            _ if name.starts_with("prefers-") => Some(value == "no-preference"),
            _ if name.starts_with("-m") => Some(false),
            _ => None,
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
    if signs.is_empty() {
        return None;
    }
    let holds = signs.iter().zip(sides.windows(2)).all(|(sign, sides)| {
        match (value(sides[0]), value(sides[1])) {
            (Some(left), Some(right)) if *sign == '<' => left <= right,
            (Some(left), Some(right)) => left >= right,
            _ => false,
        }
    });
    Some(holds)
}
