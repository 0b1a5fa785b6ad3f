//! Pages that are pictures: ruled lines from their pixels, and text as a model reads it.
//!
//! What a model reads is a guess. It becomes text with its place, and [`crate::pipeline`] gives of its numbers only those
//! that a sum of the form proves.

mod model;
mod picture;
mod rules;
mod strips;

pub use model::{add, folder, use_model, use_none};
pub(crate) use picture::{MOST_UNPACKED, Picture, grey};

use super::pages::{Glyph, Line, Page};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Point, Rect};
use model::{Said, Strip};
use strips::{Area, strips};

/// How to have scanned pages read, for who has no model.
pub(crate) const HOW: &str = "; `pip download --no-deps rapidocr==3.10.0` and `nianbao models add rapidocr-*.whl` add the model that reads them";

/// Whether there is a model to read with.
pub(crate) fn is_ready() -> bool {
    model::reader().is_some()
}

/// Less is no skew, in degrees.
const STRAIGHT: f64 = 0.03;
/// So far inside of its lines a cell is looked at, in points.
const INSIDE: f64 = 1.2;
/// A number of which a digit is less likely is not read, and one is in doubt of which a digit is less likely than sure.
const LEAST: f32 = 0.5;
const SURE: f32 = 0.9;

/// Reads a page whose picture this is; false without a model.
pub(crate) fn read(page: &mut Page, picture: &Picture) -> bool {
    let Some(reader) = model::reader() else { return false };
    let skew = picture.skew(&picture.ink());
    let turned;
    let picture = if skew.abs() > STRAIGHT {
        turned = picture.turned_back(skew);
        page.slant = skew;
        &turned
    } else {
        picture
    };
    let (width, scale) = (picture.width, picture.scale);
    let mut ink = picture.ink();
    let ([across, down], marked) = rules::rules(&ink, width, scale);
    let line = |rule: &rules::Rule| Line {
        at: (rule.at + 0.5) / scale,
        from: rule.from / scale,
        to: (rule.to + 1.0) / scale,
    };
    page.horizontal = across.iter().map(line).collect();
    page.vertical = down.iter().map(line).collect();
    // ink of the lines is no text, nor what is around them
    for (at, is_ink) in ink.iter_mut().enumerate() {
        let near = [at, at.saturating_sub(1), at + 1, at.saturating_sub(width), at + width];
        *is_ink &= near.iter().all(|near| marked.get(*near) != Some(&true));
    }
    let cells = page.cells();
    let mut areas: Vec<(Option<usize>, Area)> = Vec::new();
    let pixels =
        |points: f64, most: usize| (points * scale).round().clamp(0.0, most as f64) as usize;
    for (nth, [left, top, right, bottom]) in cells.iter().enumerate() {
        let region = [
            pixels(left + INSIDE, width),
            pixels(top + INSIDE, picture.height),
            pixels(right - INSIDE, width),
            pixels(bottom - INSIDE, picture.height),
        ];
        let found = strips(region, scale, |x, y| ink[y * width + x]);
        areas.extend(found.into_iter().map(|area| (Some(nth), area)));
    }
    let mut free = ink.clone();
    for [left, top, right, bottom] in &cells {
        for y in pixels(*top, picture.height)..pixels(*bottom, picture.height) {
            free[y * width + pixels(*left, width)..y * width + pixels(*right, width)].fill(false);
        }
    }
    let whole = [0, 0, width, picture.height];
    areas.extend(strips(whole, scale, |x, y| free[y * width + x]).into_iter().map(|a| (None, a)));
    let cut: Vec<Strip> = areas.iter().map(|(_, area)| strip(picture, *area, &marked)).collect();
    let said = reader.read(&cut);
    let mut has_text = vec![false; cells.len()];
    for ((cell, area), said) in areas.iter().zip(said) {
        let place = area.map(|pixels| pixels as f64 / scale);
        let (text, is_doubtful) = shown(&said);
        if let Some(cell) = cell {
            has_text[*cell] |= !text.is_empty();
        }
        if is_doubtful {
            page.doubts.push(Point::new(
                f64::midpoint(place[0], place[2]),
                f64::midpoint(place[1], place[3]),
            ));
        }
        let text = if text.is_empty() { char::REPLACEMENT_CHARACTER.to_string() } else { text };
        page.glyphs.push(glyph(text, Rect::new(place[0], place[1], place[2], place[3])));
    }
    for (cell, has_text) in cells.iter().zip(has_text) {
        let [left, top, right, bottom] = *cell;
        if !has_text && !is_clean(picture, [left, top, right, bottom]) {
            let (x, y) = (f64::midpoint(left, right), f64::midpoint(top, bottom));
            let mark = Rect::new(x - 2.0, y - 4.0, x + 2.0, y + 4.0);
            page.glyphs.push(glyph(char::REPLACEMENT_CHARACTER.to_string(), mark));
        }
    }
    page.is_recognised = true;
    true
}

fn glyph(text: String, area: Rect) -> Glyph {
    let (x, y) = ((area.x0, area.x1), (area.y0, area.y1));
    Glyph { text: BfString::String(text), x, y, size: area.height(), turn: 0 }
}

/// The text of a line, and whether it is a number of which some digit is in doubt. What has no ideograph and is no word
/// stands where numbers do.
fn shown(said: &Said) -> (String, bool) {
    const LONGEST: usize = 12;
    let text = said.text.trim();
    let is_word = |c: char| ('\u{2E80}'..).contains(&c) && !"〇○Ｏ。，丨".contains(c);
    if text.is_empty() || text.chars().any(is_word) || text.chars().count() > LONGEST {
        return (text.to_owned(), false);
    }
    let Some((number, likely)) = said.number.as_ref() else { return (text.to_owned(), true) };
    if !text.chars().zip(number.chars()).all(|(a, b)| !a.is_ascii_digit() || a == b)
        || text.chars().count() != number.chars().count()
    {
        return (text.to_owned(), true);
    }
    if *likely < LEAST {
        return (char::REPLACEMENT_CHARACTER.to_string(), true);
    }
    (number.clone(), *likely < SURE)
}

/// A line of text cut out: its contrast stretched, the ruled lines in it rubbed out.
fn strip(picture: &Picture, [left, top, right, bottom]: Area, marked: &[bool]) -> Strip {
    let (width, height) = (right - left, bottom - top);
    let mut pixels = Vec::with_capacity(width * height);
    let mut counts = [0usize; 256];
    for y in top..bottom {
        for x in left..right {
            counts[usize::from(picture.pixels[y * picture.width + x])] += 1;
        }
    }
    let share = |part: f64| {
        let mut left = (part * (width * height) as f64) as usize;
        let at = counts.iter().position(|count| {
            let is_here = *count > left;
            left = left.saturating_sub(*count);
            is_here
        });
        at.unwrap_or(255) as f32
    };
    let (dark, bright) = (share(0.02), share(0.75));
    let contrast = (bright - dark).max(40.0);
    for y in top..bottom {
        for x in left..right {
            let at = y * picture.width + x;
            let own = (f32::from(picture.pixels[at]) - dark) / contrast;
            pixels.push(if marked[at] { 1.0 } else { own.clamp(0.0, 1.0) });
        }
    }
    Strip { width, height, pixels }
}

/// Whether nothing at all stands in a cell, however faint: no spot of it is darker than the rest by more than the noise.
fn is_clean(picture: &Picture, [left, top, right, bottom]: [f64; 4]) -> bool {
    /// Width of a spot, in points; a border's shadow is no spot.
    const SPOT: f64 = 3.0;
    const SHADOW: f64 = 2.5;
    const FAINTEST: f64 = 4.0;
    let scale = picture.scale;
    let at = |points: f64, most: usize| (points * scale).clamp(0.0, most as f64) as usize;
    let (x0, x1) = (at(left + SHADOW, picture.width), at(right - SHADOW, picture.width));
    let (y0, y1) = (at(top + SHADOW, picture.height), at(bottom - SHADOW, picture.height));
    let spot = (SPOT * scale).max(2.0) as usize;
    let mut means = Vec::new();
    for y in (y0..y1.saturating_sub(spot).max(y0)).step_by(spot) {
        for x in (x0..x1.saturating_sub(spot).max(x0)).step_by(spot) {
            let rows = (y..y + spot).flat_map(|y| {
                picture.pixels[y * picture.width + x..y * picture.width + x + spot].iter()
            });
            means.push(rows.map(|pixel| f64::from(*pixel)).sum::<f64>() / (spot * spot) as f64);
        }
    }
    if means.is_empty() {
        return false;
    }
    means.sort_by(f64::total_cmp);
    let margin = FAINTEST + 4.0 * picture.noise() / spot as f64;
    means[means.len() / 2] - means[0] <= margin
}

#[cfg(test)]
mod tests;
