//! What of a page is not what a reader sees: hidden and struck text, text printed twice, and drawn over cells.

use super::lines::is_blank;
use super::page::{Glyph, Page, SCAN};
use super::seen::Seen;
use super::table;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::Rect;
use std::ops::Range;

/// Comparisons of lines with glyphs on a page.
const MOST_COMPARED: usize = 50_000_000;

impl Page {
    /// Holds what was read from its picture against the text of another page that stands under it: a number that both
    /// say is no guess; where they differ, what the text says is one more thing that it can be, and it is in doubt.
    #[cfg(feature = "ocr")]
    pub(crate) fn hold_against(&mut self, layer: &Page) {
        /// How likely it stays at most, and how likely what the text says is at least.
        const DOUBT: f32 = 0.85;
        const OTHER: f32 = 0.1;
        let mut numbers = std::mem::take(&mut self.numbers);
        for (place, readings) in &mut numbers {
            let own = self.glyphs.iter().find(|glyph| {
                let middle = glyph.center();
                (middle.x - place.x).abs() < 0.01 && (middle.y - place.y).abs() < 0.01
            });
            let Some(own) = own else { continue };
            let [left, top, right, bottom] = self.shown([own.x.0, own.y.0, own.x.1, own.y.1]);
            let area = Rect::new(left, top, right, bottom);
            let mut under: Vec<&Glyph> = layer
                .glyphs
                .iter()
                .filter(|glyph| area.contains(glyph.center()) && !is_blank(&glyph.text))
                .collect();
            under.sort_by(|a, b| a.x.0.total_cmp(&b.x.0));
            let said: String = under
                .iter()
                .map(|glyph| match &glyph.text {
                    BfString::Char(c) => c.to_string(),
                    BfString::String(text) => text.clone(),
                })
                .collect();
            let said = said.trim();
            match readings.first() {
                Some((best, _)) if best == said => self.witnessed.push(*place),
                _ if said.is_empty() => {}
                _ => {
                    for (_, likely) in &mut *readings {
                        *likely = likely.min(DOUBT);
                    }
                    match readings.iter_mut().find(|(own, _)| own == said) {
                        Some((_, likely)) => *likely = likely.max(OTHER),
                        None if said.bytes().all(|b| b.is_ascii_digit()) => {
                            readings.push((said.to_owned(), OTHER));
                        }
                        None => {}
                    }
                    readings.sort_by(|a, b| b.1.total_cmp(&a.1));
                }
            }
        }
        self.numbers = numbers;
    }

    /// The cells of its ruled tables.
    #[cfg(feature = "ocr")]
    pub(crate) fn cells(&self) -> Vec<[f64; 4]> {
        table::tables(self).iter().flat_map(|table| &table.cells).map(|cell| cell.area).collect()
    }

    /// Takes out what nobody sees, unless the page is a scan: then it is what a machine read on it.
    pub(super) fn leave_out_hidden(&mut self, seen: &Seen) {
        let Some(hidden) = seen.hidden(&self.glyphs) else {
            self.is_cut = true;
            self.glyphs.clear();
            return;
        };
        let count = hidden.iter().filter(|hidden| **hidden).count();
        if count * 2 > self.glyphs.len() && self.picture > SCAN {
            self.invisible = count;
            return;
        }
        let mut hidden = hidden.into_iter();
        self.glyphs.retain(|_| !hidden.next().unwrap_or(false));
    }

    /// Takes out text with a line through it: it does not count. The line is no rule of a table then.
    pub(super) fn leave_out_struck(&mut self) {
        /// How far above the baseline a line goes through a glyph, and how far it goes beyond, in ems.
        const THROUGH: Range<f64> = 0.14..0.6;
        const BEYOND: f64 = 0.4;
        /// Share of a glyph's width that it crosses.
        const CROSSED: f64 = 0.6;
        const TOUCHES: f64 = 1.5;
        const LARGEST: f64 = 60.0;
        let mut order: Vec<(f64, usize)> =
            self.glyphs.iter().enumerate().map(|(at, glyph)| (glyph.baseline(), at)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut struck = vec![false; self.glyphs.len()];
        let mut left = MOST_COMPARED;
        let mut crossed = Vec::new();
        let (glyphs, vertical) = (&self.glyphs, &self.vertical);
        self.horizontal.retain(|line| {
            crossed.clear();
            let (mut from, mut to, mut size) = (f64::INFINITY, f64::NEG_INFINITY, 0.0f64);
            let first = order.partition_point(|(baseline, _)| *baseline < line.at);
            for (baseline, at) in &order[first..] {
                let glyph = &glyphs[*at];
                if *baseline - line.at > LARGEST * THROUGH.end || left == 0 {
                    break;
                }
                left -= 1;
                let over = line.to.min(glyph.x.1) - line.from.max(glyph.x.0);
                if glyph.turn == 0
                    && THROUGH.contains(&((baseline - line.at) / glyph.size))
                    && over >= CROSSED * (glyph.x.1 - glyph.x.0)
                {
                    (from, to) = (from.min(glyph.x.0), to.max(glyph.x.1));
                    size = size.max(glyph.size);
                    crossed.push(*at);
                }
            }
            let ends = crossed.is_empty()
                || line.from < from - BEYOND * size
                || line.to > to + BEYOND * size
                // a border that text runs over
                || vertical.iter().any(|down| {
                    let near = |x: f64| (down.at - x).abs() < TOUCHES;
                    (near(line.from) || near(line.to))
                        && down.from - TOUCHES <= line.at
                        && line.at <= down.to + TOUCHES
                });
            if !ends {
                for at in &crossed {
                    struck[*at] = true;
                }
            }
            ends
        });
        if !struck.contains(&true) {
            return;
        }
        let glyphs = std::mem::take(&mut self.glyphs);
        for (glyph, is_struck) in glyphs.into_iter().zip(struck) {
            if is_struck {
                // a cell with nothing but struck text is not blank
                let area = Rect::new(glyph.x.0, glyph.y.0, glyph.x.1, glyph.y.1);
                self.struck.extend(glyph.is_digit().then_some(area));
            } else {
                self.glyphs.push(glyph);
            }
        }
    }

    /// Makes U+FFFD of digits that are printed over each other and differ: nobody can read them.
    pub(super) fn mark_overprinted(&mut self) {
        /// How much of their widths, and of their heights, they share.
        const SHARED: f64 = 0.6;
        /// How many of the next digits to the right each is held against.
        const NEXT: usize = 24;
        let mut order: Vec<usize> =
            (0..self.glyphs.len()).filter(|at| self.glyphs[*at].is_digit()).collect();
        order.sort_by(|a, b| {
            let of = |at: &usize| (&self.glyphs[*at], (self.glyphs[*at].baseline() / 4.0).round());
            let ((a, line), (b, other)) = (of(a), of(b));
            line.total_cmp(&other).then(a.x.0.total_cmp(&b.x.0))
        });
        let shared = |a: (f64, f64), b: (f64, f64)| {
            a.1.min(b.1) - a.0.max(b.0) >= SHARED * (a.1 - a.0).max(b.1 - b.0)
        };
        let mut over = Vec::new();
        for (place, at) in order.iter().enumerate() {
            let glyph = &self.glyphs[*at];
            for next in order[place + 1..].iter().take(NEXT) {
                let other = &self.glyphs[*next];
                if other.x.0 >= glyph.x.1 || other.baseline() - glyph.baseline() > glyph.size {
                    break;
                }
                let is_same = match (&glyph.text, &other.text) {
                    (BfString::Char(a), BfString::Char(b)) => a == b,
                    _ => true,
                };
                if !is_same && shared(glyph.x, other.x) && shared(glyph.y, other.y) {
                    over.extend([*at, *next]);
                }
            }
        }
        for at in over {
            self.glyphs[at].text = BfString::Char(char::REPLACEMENT_CHARACTER);
        }
    }

    /// Puts U+FFFD into cells of ruled tables where something is drawn that no text says: digits as outlines, pictures.
    pub(super) fn mark_drawn(&mut self) {
        /// Share of a cell that a picture covers, or of a picture that stands in a cell.
        const COVERS: f64 = 0.5;
        let is_large = |picture: &Rect| picture.area() > SCAN * SCAN * self.width * self.height;
        self.pictures.retain(|picture| !is_large(picture));
        if self.shapes.is_empty() && self.pictures.is_empty() && self.struck.is_empty() {
            return;
        }
        let mut marks: Vec<Rect> = Vec::new();
        for table in table::tables(self) {
            let mut of_cell: Vec<Vec<Rect>> = vec![Vec::new(); table.cells.len()];
            for glyph in self.glyphs.iter().filter(|glyph| !is_blank(&glyph.text)) {
                let center = glyph.center();
                if let Some(cell) = table.cell_at(center.x, center.y) {
                    of_cell[cell].push(Rect::new(glyph.x.0, glyph.y.0, glyph.x.1, glyph.y.1));
                }
            }
            let mut found: Vec<Option<Rect>> = vec![None; table.cells.len()];
            for shape in &self.shapes {
                let center = shape.center();
                let Some(cell) = table.cell_at(center.x, center.y) else { continue };
                let says = |glyph: &Rect| glyph.contains(center);
                if found[cell].is_none() && !of_cell[cell].iter().any(says) {
                    found[cell] = Some(*shape);
                }
            }
            for struck in &self.struck {
                let center = struck.center();
                let cell = table.cell_at(center.x, center.y);
                if let Some(cell) = cell.filter(|cell| of_cell[*cell].is_empty()) {
                    found[cell] = Some(*struck);
                }
            }
            for picture in &self.pictures {
                for (at, cell) in table.cells.iter().enumerate() {
                    let [left, top, right, bottom] = cell.area;
                    let area = Rect::new(left, top, right, bottom);
                    let shown = picture.intersect(area);
                    let least = COVERS * picture.area().min(area.area());
                    let says = |glyph: &Rect| shown.contains(glyph.center());
                    if found[at].is_none() && shown.area() > least && !of_cell[at].iter().any(says)
                    {
                        found[at] = Some(shown);
                    }
                }
            }
            marks.extend(found.into_iter().flatten());
        }
        self.drawn = marks.len();
        self.glyphs.extend(marks.into_iter().map(|area| Glyph {
            text: BfString::Char(char::REPLACEMENT_CHARACTER),
            x: (area.x0, area.x1),
            y: (area.y0, area.y1),
            size: area.height(),
            turn: 0,
        }));
    }
}
