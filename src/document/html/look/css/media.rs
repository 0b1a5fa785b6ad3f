//! Which media a page on a screen is.

use super::super::value;

/// The screen on which a page is looked at, in pixels.
const SCREEN: (f32, f32) = (1280.0, 800.0);

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
    let number = |text: &str| value::pixels(text.trim(), 16.0);
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
