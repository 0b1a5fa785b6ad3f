//! One page as drawn: glyphs with their places, ruled lines, pictures.
//!
//! Places are in points from the upper left corner of the page as it is shown, rotation applied.

use super::lines::is_blank;
use super::seen::Seen;
use super::table;
use crate::document::blocks::Readings;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Affine, Point, Rect, Vec2};
use std::ops::Range;

/// Comparisons of lines with glyphs on a page.
const MOST_COMPARED: usize = 50_000_000;
/// A picture, or all pictures together, of so much of a page is a scan.
pub(super) const SCAN: f64 = 0.5;

/// A glyph.
#[derive(Clone, Debug)]
pub(crate) struct Glyph {
    /// What it says; U+FFFD when the document does not tell.
    pub(crate) text: BfString,
    /// Left and right end.
    pub(crate) x: (f64, f64),
    /// Upper and lower end of its box: the em, standing on the baseline.
    pub(crate) y: (f64, f64),
    /// Height of the em.
    pub(crate) size: f64,
    /// Which way it is read, in quarter turns clockwise; anything between is [`OBLIQUE`].
    pub(crate) turn: u8,
}

/// How far the box of a glyph goes below and above the baseline, in ems.
pub(super) const BELOW: f64 = 0.12;
pub(super) const ABOVE: f64 = 0.88;

/// The turn of text that runs along no axis: a stamp, a watermark.
pub(super) const OBLIQUE: u8 = 4;

impl Glyph {
    /// Where it stands after so many quarter turns counter-clockwise of the page.
    pub(super) fn turn_back(&mut self, turn: u8, width: f64, height: f64) {
        let rect = Rect::new(self.x.0, self.y.0, self.x.1, self.y.1);
        let rect = turned_back(rect, turn, width, height);
        (self.x, self.y) = ((rect.x0, rect.x1), (rect.y0, rect.y1));
        if self.turn != OBLIQUE {
            self.turn = (self.turn + 4 - turn) % 4;
        }
    }

    /// Whether it is a digit, or a mark within a number.
    pub(super) fn is_digit(&self) -> bool {
        match self.text {
            BfString::Char(c) => {
                c.is_ascii_digit() || ('０'..='９').contains(&c) || ".,．，-".contains(c)
            }
            BfString::String(_) => false,
        }
    }

    /// The line it stands on, where it is upright.
    pub(super) fn baseline(&self) -> f64 {
        self.y.1 - BELOW * self.size
    }

    pub(crate) fn center(&self) -> Point {
        Point::new(f64::midpoint(self.x.0, self.x.1), f64::midpoint(self.y.0, self.y.1))
    }
}

/// A straight line along an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Line {
    /// Its place across its direction.
    pub(crate) at: f64,
    /// From where to where it goes.
    pub(crate) from: f64,
    pub(crate) to: f64,
}

/// Everything on a page that reading needs.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(super) width: f64,
    pub(super) height: f64,
    /// Its number, from 1.
    pub(crate) number: u32,
    /// How many quarter turns counter-clockwise it was turned to be read.
    pub(super) turned: u8,
    /// How far to the left it was moved after that.
    pub(super) moved: f64,
    pub(crate) glyphs: Vec<Glyph>,
    pub(crate) horizontal: Vec<Line>,
    pub(crate) vertical: Vec<Line>,
    /// Filled grounds: of cells, or behind text.
    pub(super) grounds: Vec<Rect>,
    /// Share of the page that the largest picture covers.
    pub(super) picture: f64,
    /// Shapes as large as characters that are drawn, and not as text.
    pub(super) shapes: Vec<Rect>,
    /// Pictures that are no page of their own.
    pub(super) pictures: Vec<Rect>,
    /// Cells in which something is drawn or shown that no text says.
    pub(super) drawn: usize,
    /// Digits that are struck out.
    pub(super) struck: Vec<Rect>,
    /// Glyphs that are drawn but not seen: text put under a scan.
    pub(super) invisible: usize,
    /// Glyphs of which nobody says what they are.
    pub(super) unmapped: usize,
    /// Whether its text was read from a picture: a guess.
    pub(crate) is_recognised: bool,
    /// Where numbers stand that were read from a picture, and what each can be.
    pub(crate) numbers: Vec<(Point, Readings)>,
    /// Where numbers stand that the text under the picture says too.
    pub(crate) witnessed: Vec<Point>,
    /// By how many degrees it lay askew before it was turned to be read.
    pub(crate) slant: f64,
    /// Whether there was more on the page than is read.
    pub(crate) is_cut: bool,
    /// Whether drawing it came to no end.
    pub(crate) is_damaged: bool,
}

impl Page {
    /// Whether it is a picture of a page, and nothing says what it shows.
    #[cfg(feature = "ocr")]
    pub(crate) fn is_scan(&self) -> bool {
        self.glyphs.is_empty() && self.picture > SCAN
    }

    /// Its width and height.
    #[cfg(feature = "ocr")]
    pub(crate) fn size(&self) -> (f64, f64) {
        (self.width, self.height)
    }

    /// A page that is a picture.
    #[cfg(feature = "ocr")]
    pub(crate) fn of_picture((width, height): (f64, f64), number: u32) -> Self {
        Self { width, height, number, picture: 1.0, ..Self::default() }
    }

    /// A page with nothing but ruled lines, those across and those down.
    #[cfg(feature = "ocr")]
    pub(crate) fn of_rules((width, height): (f64, f64), rules: &[Vec<Line>; 2]) -> Self {
        let [horizontal, vertical] = rules.clone();
        Self { width, height, horizontal, vertical, ..Self::default() }
    }

    /// Says how the page is read: of which size, after so many quarter turns counter-clockwise and how many degrees.
    #[cfg(feature = "ocr")]
    pub(crate) fn laid(&mut self, size: (f64, f64), turned: u8, slant: f64) {
        (self.width, self.height) = size;
        (self.turned, self.slant) = (turned, slant);
    }

    /// Whether most of its text is what a machine read of the picture above it.
    #[cfg(feature = "ocr")]
    pub(crate) fn has_layer(&self) -> bool {
        self.invisible * 2 > self.glyphs.len() && self.is_covered()
    }

    /// Whether pictures cover most of it.
    #[cfg(feature = "ocr")]
    pub(crate) fn is_covered(&self) -> bool {
        self.picture > SCAN
    }

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

    /// Whether it shows nothing.
    pub(crate) fn is_blank(&self) -> bool {
        self.glyphs.is_empty() && self.picture == 0.0 && self.shapes.is_empty()
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

    /// The two halves of a page that nothing crosses, when both hold text: two pages on one, or two columns.
    pub(super) fn halves(&self) -> Option<[Page; 2]> {
        const LEAST: usize = 60;
        const WIDEST_WORD: f64 = 8.0;
        // running heads and page numbers stand in the middle
        const MARGIN: f64 = 0.09;
        let body = self.height * MARGIN..self.height * (1.0 - MARGIN);
        let mut spans: Vec<(f64, f64)> = self
            .glyphs
            .iter()
            .filter(|glyph| body.contains(&glyph.y.0) && body.contains(&glyph.y.1))
            .map(|glyph| glyph.x)
            .collect();
        if spans.len() < 2 * LEAST {
            return None;
        }
        spans.extend(self.horizontal.iter().map(|line| (line.from, line.to)));
        spans.extend(self.vertical.iter().map(|line| (line.at, line.at)));
        spans.extend(self.grounds.iter().map(|ground| (ground.x0, ground.x1)));
        spans.sort_by(|a, b| a.0.total_cmp(&b.0));
        let size = self.glyphs[self.glyphs.len() / 2].size;
        let (left, right) = (self.width * 0.35, self.width * 0.65);
        let mut end = spans[0].1;
        let mut gap: Option<(f64, f64)> = None;
        for span in spans {
            let middle = f64::midpoint(end, span.0);
            let wider = gap.is_none_or(|(from, to)| to - from < span.0 - end);
            if span.0 - end > 0.5 * size && left < middle && middle < right && wider {
                gap = Some((end, span.0));
            }
            end = end.max(span.1);
        }
        let (from, to) = gap?;
        let at = f64::midpoint(from, to);
        // text on both sides, not the label and the numbers of a table
        let is_text = |of: &dyn Fn(&&Glyph) -> bool| {
            let own = self.glyphs.iter().filter(of);
            let (mut run, mut long, mut last) = (0.0, 0, None::<&Glyph>);
            for glyph in own {
                let next = last.is_some_and(|last| {
                    (glyph.x.0 - last.x.1).abs() < 0.5 * size
                        && (glyph.y.1 - last.y.1).abs() < 0.3 * size
                });
                run = if next && !glyph.is_digit() { run + 1.0 } else { 0.0 };
                long += usize::from(run == WIDEST_WORD);
                last = Some(glyph);
            }
            long >= 4
        };
        // or ruled tables
        let is_ruled = |of: &dyn Fn(f64) -> bool| {
            const LEAST_RULES: usize = 4;
            let across = self.horizontal.iter().filter(|line| of(line.from)).count();
            let down = self.vertical.iter().filter(|line| of(line.at)).count();
            across >= LEAST_RULES && down >= LEAST_RULES
        };
        let left = is_text(&|glyph| glyph.x.1 < at) || is_ruled(&|x| x < at);
        let right = is_text(&|glyph| glyph.x.0 > at) || is_ruled(&|x| x > at);
        if !left || !right {
            return None;
        }
        let half = |keeps: &dyn Fn(f64) -> bool| {
            let line = |line: &&Line| keeps(line.from);
            Page {
                width: self.width,
                height: self.height,
                turned: self.turned,
                glyphs: self.glyphs.iter().filter(|g| keeps(g.x.0)).cloned().collect(),
                horizontal: self.horizontal.iter().filter(line).copied().collect(),
                vertical: self.vertical.iter().filter(|line| keeps(line.at)).copied().collect(),
                grounds: self.grounds.iter().filter(|ground| keeps(ground.x0)).copied().collect(),
                number: self.number,
                is_recognised: self.is_recognised,
                slant: self.slant,
                numbers: self.numbers.clone(),
                witnessed: self.witnessed.clone(),
                ..Page::default()
            }
        };
        let (left, mut right) = (half(&|x| x < at), half(&|x| x >= at));
        right.move_left(right.left_end(&body) - left.left_end(&body));
        Some([left, right])
    }

    /// Where the leftmost thing begins of those that stand within these heights.
    fn left_end(&self, body: &Range<f64>) -> f64 {
        let glyphs = self.glyphs.iter().filter(|glyph| body.contains(&glyph.y.0)).map(|g| g.x.0);
        let rules = self.horizontal.iter().filter(|line| body.contains(&line.at)).map(|l| l.from);
        glyphs.chain(rules).fold(f64::INFINITY, f64::min)
    }

    /// Moves the right half to where the left one stands: a table goes on in the next column of text.
    fn move_left(&mut self, by: f64) {
        if !by.is_finite() {
            return;
        }
        self.moved = by;
        for glyph in &mut self.glyphs {
            glyph.x = (glyph.x.0 - by, glyph.x.1 - by);
        }
        for line in &mut self.horizontal {
            (line.from, line.to) = (line.from - by, line.to - by);
        }
        for line in &mut self.vertical {
            line.at -= by;
        }
        for ground in &mut self.grounds {
            *ground = *ground - Vec2::new(by, 0.0);
        }
    }

    /// Adds the rules and grounds of another page, further down.
    pub(super) fn add_rules(&mut self, other: &Page, by: f64) {
        let across = other.horizontal.iter().map(|line| Line { at: line.at + by, ..*line });
        self.horizontal.extend(across);
        let down = |line: &Line| Line { from: line.from + by, to: line.to + by, ..*line };
        self.vertical.extend(other.vertical.iter().map(down));
        self.grounds.extend(other.grounds.iter().map(|ground| *ground + Vec2::new(0.0, by)));
    }

    /// Turns the page so that most of its text is read from left to right.
    pub(super) fn make_upright(&mut self) {
        let mut count = [0usize; OBLIQUE as usize + 1];
        for glyph in &self.glyphs {
            count[usize::from(glyph.turn)] += 1;
        }
        let most = (0..OBLIQUE).max_by_key(|turn| (count[usize::from(*turn)], OBLIQUE - turn));
        let Some(turn) = most.filter(|turn| *turn != 0) else { return };
        let (width, height) = (self.width, self.height);
        for glyph in &mut self.glyphs {
            glyph.turn_back(turn, width, height);
        }
        let turned = |line: &Line, across: bool| {
            let rect = if across {
                Rect::new(line.from, line.at, line.to, line.at)
            } else {
                Rect::new(line.at, line.from, line.at, line.to)
            };
            let rect = turned_back(rect, turn, width, height);
            if rect.width() >= rect.height() {
                (true, Line { at: rect.y0, from: rect.x0, to: rect.x1 })
            } else {
                (false, Line { at: rect.x0, from: rect.y0, to: rect.y1 })
            }
        };
        let lines: Vec<(bool, Line)> = self
            .horizontal
            .iter()
            .map(|line| turned(line, true))
            .chain(self.vertical.iter().map(|line| turned(line, false)))
            .collect();
        let of = |across: bool| lines.iter().filter(|l| l.0 == across).map(|l| l.1).collect();
        (self.horizontal, self.vertical) = (of(true), of(false));
        for area in self.grounds.iter_mut().chain(&mut self.shapes).chain(&mut self.pictures) {
            *area = turned_back(*area, turn, width, height);
        }
        if turn != 2 {
            (self.width, self.height) = (height, width);
        }
        self.turned = turn;
    }

    /// A place of the page as it is read, on the page as it is shown.
    pub(super) fn shown(&self, area: [f64; 4]) -> [f64; 4] {
        let rect = Rect::new(area[0] + self.moved, area[1], area[2] + self.moved, area[3]);
        let mut rect = rect;
        if self.slant != 0.0 {
            let middle = Point::new(self.width / 2.0, self.height / 2.0);
            let back = Affine::rotate_about(self.slant.to_radians(), middle);
            rect = back.transform_rect_bbox(rect);
        }
        if self.turned != 0 {
            rect = turned_back(rect, 4 - self.turned, self.width, self.height);
        }
        [rect.x0, rect.y0, rect.x1, rect.y1]
    }
}

/// A place after so many quarter turns counter-clockwise of the page, whose size this is before.
fn turned_back(rect: Rect, turn: u8, width: f64, height: f64) -> Rect {
    match turn {
        1 => Rect::new(rect.y0, width - rect.x1, rect.y1, width - rect.x0),
        2 => Rect::new(width - rect.x1, height - rect.y1, width - rect.x0, height - rect.y0),
        3 => Rect::new(height - rect.y1, rect.x0, height - rect.y0, rect.x1),
        _ => rect,
    }
}

/// The four edges of a rectangle: upper and lower, left and right.
pub(super) fn edges(rect: Rect) -> ([Line; 2], [Line; 2]) {
    let across = |at| Line { at, from: rect.x0, to: rect.x1 };
    let down = |at| Line { at, from: rect.y0, to: rect.y1 };
    ([across(rect.y0), across(rect.y1)], [down(rect.x0), down(rect.x1)])
}
