//! Pages that are pictures: ruled lines from their pixels, and text as a model reads it.
//!
//! What a model reads is a guess. It becomes text with its place, and [`crate::pipeline`] gives of its numbers only those
//! that a sum of the form proves.

mod file;
mod line;
mod model;
mod picture;
mod recorded;
mod rules;
mod strips;

pub(crate) use file::size;
#[cfg(feature = "internals")]
pub use model::use_recorded;
pub use model::{add, folder, use_model, use_none};
pub(crate) use picture::{MOST_UNPACKED, Picture, grey};

use super::blocks::Readings;
use super::pages::{Glyph, Line, Page};
use crate::finding::{Code, Finding};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Affine, Point, Rect};
use line::{Said, Strip};
use std::sync::OnceLock;
use strips::{Area, strips};

/// How to have scanned pages read, for who has no model.
pub(crate) const HOW: &str = "; `pip download --no-deps rapidocr==3.10.0` and `nianbao models add rapidocr-*.whl` add the model that reads them";

/// Whether there is a model to read with.
pub fn is_ready() -> bool {
    model::reader().is_some()
}

static ALWAYS: OnceLock<()> = OnceLock::new();

/// Reads the pictures of a page whatever text stands on it. Only before the first page was read.
pub fn use_always() {
    let _ = ALWAYS.set(());
}

static KEPT: OnceLock<()> = OnceLock::new();

/// Keeps the pictures of the pages that are read, for a person who wants to see them. Only before the first page was read.
pub fn keep_pictures() {
    let _ = KEPT.set(());
}

/// Whether the picture of a page is to be read, and there is a model.
pub(crate) fn wants(page: &Page) -> bool {
    let is_wanted =
        page.is_scan() || page.has_layer() || ALWAYS.get().is_some() && page.is_covered();
    is_wanted && is_ready()
}

/// Reads a page that has text beside its picture: what both say is text, where they differ it is a guess.
pub(crate) fn read_both(page: &mut Page, picture: &Picture) {
    /// With fewer cells a picture shows no table.
    const CELLS: usize = 8;
    let mut seen = Page::of_picture(page.size(), page.number);
    if !read(&mut seen, picture) {
        return;
    }
    if page.has_layer() || page.cells().len() < CELLS && seen.cells().len() >= CELLS {
        seen.hold_against(page);
        *page = seen;
    }
}

/// Whether a file is a picture by its name and, where it can be opened, large enough to be one of a page.
pub(crate) fn is_picture_of_a_page(name: &str) -> bool {
    const ENDINGS: [&str; 8] = ["png", "jpg", "jpeg", "tif", "tiff", "bmp", "webp", "gif"];
    /// Headers of pictures stand within so many bytes.
    const HEAD: u64 = 1 << 16;
    const SMALLEST: (u32, u32) = (400, 200);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    if !ending.is_some_and(|ending| ENDINGS.contains(&&*ending)) {
        return false;
    }
    let Ok(file) = std::fs::File::open(name) else { return true };
    let mut head = Vec::new();
    let read = std::io::Read::read_to_end(&mut std::io::Read::take(file, HEAD), &mut head);
    // what does not say how large it is must be looked at
    let (width, height) = size(&head).unwrap_or((u32::MAX, u32::MAX));
    read.is_err() || width.max(height) >= SMALLEST.0 && width.min(height) >= SMALLEST.1
}

/// The size of a page of which nothing else is known, in points.
const A4: (f64, f64) = (595.0, 842.0);
/// Less is no skew, in degrees.
const STRAIGHT: f64 = 0.03;
/// So far inside of its lines a cell is looked at, in points.
const INSIDE: f64 = 1.2;
/// So far outside of its lines nothing stands, in points.
const OUTSIDE: f64 = 2.5;

/// Reads a page whose picture this is; false without a model. A page that lies on its side or on its head is turned.
pub(crate) fn read(page: &mut Page, picture: &Picture) -> bool {
    /// Words that are read of a page that lies otherwise, to see whether it does.
    const SAMPLE: usize = 12;
    /// So much likelier words must be of a page that is turned.
    const CLEARLY: f32 = 0.1;
    let Some(reader) = model::reader() else { return false };
    let mut best = Laid::of(picture);
    let mut said = reader.read(&best.cut);
    if !is_upright(&said) {
        let mut turned = picture.clone();
        let mut most = words(&said);
        for turn in 1..4u8 {
            crate::guard::check();
            turned = turned.quarter_back();
            let mut laid = Laid::of(&turned);
            let sample = laid.sample(SAMPLE);
            let read = reader.read(&sample);
            let own = words(&read);
            if own > most + CLEARLY && is_upright(&read) {
                most = own - CLEARLY;
                laid.turn = turn;
                best = laid;
            }
        }
        if best.turn != 0 {
            said = reader.read(&best.cut);
        }
    }
    best.write(page, said);
    if KEPT.get().is_some() {
        page.scan = picture.jpeg();
    }
    true
}

/// How likely words are that stand in lines, in the mean: a line of a page on its side is a column of single signs, which
/// are read all the same, and on its head hardly any is read.
fn words(said: &[Said]) -> f32 {
    const WORD: usize = 4;
    let (mut sum, mut all) = (0.0, 0.0f32);
    for one in said {
        let signs = one.text.chars().filter(|c| *c >= '\u{2E80}').count();
        all += signs as f32;
        if signs >= WORD {
            sum += signs as f32 * one.likely;
        }
    }
    if all == 0.0 { 0.0 } else { sum / all }
}

/// Whether words read so likely stand upright.
fn is_upright(said: &[Said]) -> bool {
    const LIKELY: f32 = 0.6;
    words(said) >= LIKELY
}

/// A picture and what lies where in it.
struct Laid {
    picture: Picture,
    /// By how many degrees it lay askew, after so many quarters counter-clockwise that it was turned.
    slant: f64,
    turn: u8,
    rules: [Vec<Line>; 2],
    cells: Vec<[f64; 4]>,
    /// Lines of text, and in which cell each stands.
    areas: Vec<(Option<usize>, Area)>,
    /// They as the model takes them.
    cut: Vec<Strip>,
}

impl Laid {
    fn of(picture: &Picture) -> Self {
        let skew = picture.skew(&picture.ink());
        let is_askew = skew.abs() > STRAIGHT;
        let slant = if is_askew { skew } else { 0.0 };
        let picture = if is_askew { picture.turned_back(skew) } else { picture.clone() };
        let (width, scale) = (picture.width, picture.scale);
        let mut ink = picture.ink();
        let ([across, down], marked) = rules::rules(&ink, width, scale);
        let line = |rule: &rules::Rule| Line {
            at: (rule.at + 0.5) / scale,
            from: rule.from / scale,
            to: (rule.to + 1.0) / scale,
        };
        let rules = [across.iter().map(line).collect(), down.iter().map(line).collect()];
        // ink of the lines is no text, nor what is around them
        for (at, is_ink) in ink.iter_mut().enumerate() {
            let near = [at, at.saturating_sub(1), at + 1, at.saturating_sub(width), at + width];
            *is_ink &= near.iter().all(|near| marked.get(*near) != Some(&true));
        }
        let cells = Page::of_rules(picture.size(), &rules).cells();
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
        // what stands in cells, and on the lines between them, is no text around the tables
        let mut covered = marked.clone();
        for [left, top, right, bottom] in &cells {
            for y in pixels(top - OUTSIDE, picture.height)..pixels(bottom + OUTSIDE, picture.height)
            {
                let (left, right) = (pixels(left - OUTSIDE, width), pixels(right + OUTSIDE, width));
                covered[y * width + left..y * width + right].fill(true);
            }
        }
        let whole = [0, 0, width, picture.height];
        let is_free = |x: usize, y: usize| ink[y * width + x] && !covered[y * width + x];
        let around = strips(whole, scale, is_free);
        areas.extend(around.into_iter().map(|area| (None, area)));
        let hidden = |cell: &Option<usize>| if cell.is_some() { &marked } else { &covered };
        let cut = areas.iter().map(|(cell, area)| strip(&picture, *area, hidden(cell))).collect();
        Self { picture, slant, turn: 0, rules, cells, areas, cut }
    }

    /// Some lines that are words, none of them long.
    fn sample(&mut self, most: usize) -> Vec<Strip> {
        const FORM: std::ops::Range<usize> = 3..12;
        let is_word = |strip: &&Strip| FORM.contains(&(strip.width / strip.height.max(1)));
        let all: Vec<&Strip> = self.cut.iter().filter(is_word).collect();
        let every = all.len().div_ceil(most).max(1);
        all.into_iter().step_by(every).cloned().collect()
    }

    /// Writes on a page what its lines say.
    fn write(self, page: &mut Page, said: Vec<Said>) {
        let scale = self.picture.scale;
        page.laid(self.picture.size(), self.turn, self.slant);
        let mut has_text = vec![false; self.cells.len()];
        for ((cell, area), said) in self.areas.iter().zip(said) {
            let place = area.map(|pixels| pixels as f64 / scale);
            if cell.is_none() && is_speck(&said) {
                continue;
            }
            let (text, numbers) = shown(said);
            if let Some(cell) = cell {
                has_text[*cell] |= !text.is_empty();
            }
            if !numbers.is_empty() {
                let middle = Point::new(
                    f64::midpoint(place[0], place[2]),
                    f64::midpoint(place[1], place[3]),
                );
                page.numbers.push((middle, numbers));
            }
            let text = if text.is_empty() { char::REPLACEMENT_CHARACTER.to_string() } else { text };
            page.glyphs.push(glyph(text, Rect::new(place[0], place[1], place[2], place[3])));
        }
        for (cell, has_text) in self.cells.iter().zip(has_text) {
            let [left, top, right, bottom] = *cell;
            if !has_text && !is_clean(&self.picture, [left, top, right, bottom]) {
                let (x, y) = (f64::midpoint(left, right), f64::midpoint(top, bottom));
                let mark = Rect::new(x - 2.0, y - 4.0, x + 2.0, y + 4.0);
                page.glyphs.push(glyph(char::REPLACEMENT_CHARACTER.to_string(), mark));
            }
        }
        let [across, down] = self.rules;
        (page.horizontal, page.vertical) = (across, down);
        page.is_recognised = true;
    }
}

/// A page of this size in points that shows files of pictures, each as a unit square that lies so; none when one of them
/// cannot be shown.
pub(crate) fn placed(size: (f64, f64), shown: &[(Vec<u8>, Affine)]) -> Option<Picture> {
    let mut decoded: Vec<(file::Grey, Affine)> = Vec::new();
    for (bytes, place) in shown {
        let mut first = None;
        file::pictures(bytes, |grey| {
            first.get_or_insert(grey);
        })
        .ok()?;
        let grey = first?;
        let unit =
            Affine::scale_non_uniform(1.0 / f64::from(grey.width), 1.0 / f64::from(grey.height));
        decoded.push((grey, *place * unit));
    }
    // the finest picture says how fine the page is
    let fine = |(grey, place): &(file::Grey, Affine)| {
        let pixel = place.determinant().abs().sqrt();
        let is_large = u64::from(grey.width) * u64::from(grey.height) > 10_000;
        if is_large && pixel > 1e-6 { 1.0 / pixel } else { 0.0 }
    };
    let scale = decoded.iter().map(fine).fold(0.0, f64::max);
    let mut picture = Picture::new(size.0, size.1, scale)?;
    for (grey, place) in decoded {
        picture.draw((grey.width, grey.height), place, |at| grey.pixels.get(at).copied());
    }
    Some(picture)
}

/// Whether what stands outside of all tables is nothing that can be read: specks, shadows, the edge of the paper.
fn is_speck(said: &Said) -> bool {
    const LEAST: f32 = 0.5;
    const SHORT: usize = 3;
    const SURE: f32 = 0.9;
    let letters = said.text.chars().filter(|c| c.is_alphanumeric()).count();
    letters == 0 || said.likely < LEAST || letters <= SHORT && said.likely < SURE
}

/// Reads the pictures of a file as pages: without a model they are pages that show a picture.
pub(crate) fn read_file(bytes: &[u8]) -> (Vec<Page>, Option<Finding>) {
    if !is_ready() {
        return (vec![Page::of_picture(A4, 1)], None);
    }
    let mut pages: Vec<Page> = Vec::new();
    let mut small = 0;
    let outcome = file::pictures(bytes, |grey| {
        let is_small = grey.width < file::SMALLEST.0 || grey.height < file::SMALLEST.1;
        small += usize::from(is_small);
        let number = pages.len() as u32 + 1;
        let picture = if is_small { None } else { grey.page() };
        let size = picture.as_ref().map_or(A4, Picture::size);
        let mut page = Page::of_picture(size, number);
        if let Some(picture) = picture {
            read(&mut page, &picture);
        }
        pages.push(page);
    });
    match outcome {
        Ok(None) if small > 0 && small == pages.len() => {
            let (width, height) = file::SMALLEST;
            let message =
                format!("a picture smaller than {width} × {height} pixels shows no table");
            (pages, Some(Finding::new(Code::NoTextLayer, message)))
        }
        Ok(finding) => (pages, finding),
        Err(finding) => (Vec::new(), Some(finding)),
    }
}

fn glyph(text: String, area: Rect) -> Glyph {
    let (x, y) = ((area.x0, area.x1), (area.y0, area.y1));
    Glyph { text: BfString::String(text), x, y, size: area.height(), turn: 0 }
}

/// The text of a line, and what it can be where it is a number. What has no ideograph and is no word stands where numbers
/// do: its text is the likeliest number, unless something stands in it that is no digit.
fn shown(said: Said) -> (String, Readings) {
    const LONGEST: usize = 12;
    let text = said.text.trim().to_owned();
    let is_word = |c: char| ('\u{2E80}'..).contains(&c) && !"〇○Ｏ。，丨".contains(c);
    if text.chars().any(is_word) || text.chars().count() > LONGEST {
        return (text, Vec::new());
    }
    match said.numbers.first() {
        Some((number, _)) if text.chars().all(model::is_like_a_digit) && !text.is_empty() => {
            (number.clone(), said.numbers)
        }
        _ => (text, said.numbers),
    }
}

/// A line of text cut out: its contrast stretched, what is no text in it rubbed out.
fn strip(picture: &Picture, [left, top, right, bottom]: Area, hidden: &[bool]) -> Strip {
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
            pixels.push(if hidden[at] { 1.0 } else { own.clamp(0.0, 1.0) });
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
    let (mut sum, mut squares, mut count) = (0.0, 0.0, 0.0f64);
    for y in (y0..y1.saturating_sub(spot).max(y0)).step_by(spot) {
        for x in (x0..x1.saturating_sub(spot).max(x0)).step_by(spot) {
            let rows = (y..y + spot).flat_map(|y| {
                picture.pixels[y * picture.width + x..y * picture.width + x + spot].iter()
            });
            let mut own = 0.0;
            for pixel in rows {
                let pixel = f64::from(*pixel);
                own += pixel;
                squares += pixel * pixel;
                count += 1.0;
            }
            sum += own;
            means.push(own / (spot * spot) as f64);
        }
    }
    if means.is_empty() {
        return false;
    }
    // specks that are strewn all over make the mean of a spot differ by less than a stroke does
    let strewn = (squares / count - (sum / count).powi(2)).max(0.0).sqrt();
    means.sort_by(f64::total_cmp);
    let margin = FAINTEST + 4.0 * picture.noise().max(strewn) / spot as f64;
    means[means.len() / 2] - means[0] <= margin
}

#[cfg(test)]
mod tests;
