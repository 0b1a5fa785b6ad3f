//! One page as drawn: glyphs with their places, ruled lines, pictures.
//!
//! Places are in points from the upper left corner of the page as it is shown, rotation applied.

use super::form;
use super::lines::is_blank;
use super::seen::{Ink, Seen};
use super::table;
use crate::guard;
use hayro_interpret::font::{FontData, FontQuery, Glyph as DrawnGlyph, GlyphRun};
use hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro_interpret::hayro_syntax::page::Page as Source;
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape, Size, Vec2};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, RenderContent, SoftMask, TransformExt,
};
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, PoisonError};

/// Most glyphs and strokes of a page, and of a document; a page of text has some thousand.
const MOST_THINGS: usize = 200_000;
const MOST_OF_ALL: usize = 4_000_000;
/// Comparisons of lines with glyphs on a page.
const MOST_COMPARED: usize = 50_000_000;
/// Thickest filled bar that is a line, in points.
const THICKEST_LINE: f64 = 3.0;
/// Shortest line that can be a piece of a border: a dash.
const SHORTEST_LINE: f64 = 0.6;
/// A picture, or all pictures together, of so much of a page is a scan.
pub(super) const SCAN: f64 = 0.5;
/// Heights and widths of drawn shapes that may be characters, in points.
const SHAPE: (Range<f64>, Range<f64>) = (3.0..40.0, 0.8..40.0);
/// Shapes and pictures of a page that are kept.
const MOST_SHAPES: usize = 20_000;
/// Text is larger, in points.
const SMALLEST: f64 = 1.2;

/// A glyph.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    /// What it says; U+FFFD when the document does not tell.
    pub(super) text: BfString,
    /// Left and right end.
    pub(super) x: (f64, f64),
    /// Upper and lower end of its box: the em, standing on the baseline.
    pub(super) y: (f64, f64),
    /// Height of the em.
    pub(super) size: f64,
    /// Which way it is read, in quarter turns clockwise; anything between is [`OBLIQUE`].
    pub(super) turn: u8,
}

/// How far the box of a glyph goes below and above the baseline, in ems.
const BELOW: f64 = 0.12;
const ABOVE: f64 = 0.88;

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

    pub(super) fn center(&self) -> Point {
        Point::new(f64::midpoint(self.x.0, self.x.1), f64::midpoint(self.y.0, self.y.1))
    }
}

/// A straight line along an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Line {
    /// Its place across its direction.
    pub(super) at: f64,
    /// From where to where it goes.
    pub(super) from: f64,
    pub(super) to: f64,
}

/// Everything on a page that reading needs.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) width: f64,
    pub(super) height: f64,
    /// Its number, from 1.
    pub(super) number: u32,
    /// How many quarter turns counter-clockwise it was turned to be read.
    pub(super) turned: u8,
    /// How far to the left it was moved after that.
    pub(super) moved: f64,
    pub(super) glyphs: Vec<Glyph>,
    pub(super) horizontal: Vec<Line>,
    pub(super) vertical: Vec<Line>,
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
    /// Whether there was more on the page than is read.
    pub(super) is_cut: bool,
    /// Whether drawing it came to no end.
    pub(super) is_damaged: bool,
}

/// What may still be drawn of a document.
#[derive(Debug)]
pub(super) struct Budget {
    things: usize,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self { things: MOST_OF_ALL }
    }

    pub(super) fn is_spent(&self) -> bool {
        self.things == 0
    }
}

/// What ends the drawing of a page that is too much.
struct Enough;

/// Reads a page.
pub(super) fn read<'a>(
    source: &Source<'a>,
    cache: &InterpreterCache<'a>,
    settings: InterpreterSettings,
    substitutes: &Substitutes,
    budget: &mut Budget,
) -> Page {
    let (width, height) = source.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let transform = source.initial_transform(true).to_kurbo();
    let bounds = Rect::new(0.0, 0.0, width, height);
    let mut settings = settings;
    // notes and form fields put on the page are read as well
    settings.render_content = RenderContent::all();
    let mut context = Context::new(transform, bounds, cache, source.xref(), settings);
    let page = Page { width, height, ..Page::default() };
    let most = budget.things.min(MOST_THINGS);
    let seen = Seen::new(Size::new(width, height));
    let mut drawing =
        Drawing { page, seen, substitutes, things: 0, most, strokes: FxHashMap::default() };
    // the interpreter is another's: whatever a damaged page does to it stays here
    let outcome = guard::contain(|| {
        hayro_interpret::interpret_page(source, &mut context, &mut drawing);
    });
    if let Err(reason) = outcome {
        drawing.page.is_cut = reason.is::<Enough>();
        drawing.page.is_damaged = !drawing.page.is_cut;
    }
    budget.things -= drawing.things.min(budget.things);
    let Drawing { mut page, seen, .. } = drawing;
    page.leave_out_hidden(&seen);
    page.glyphs.extend(form::values(source, transform));
    page.make_upright();
    page.leave_out_struck();
    page.mark_overprinted();
    page.mark_drawn();
    page
}

impl Page {
    /// Whether it shows nothing.
    pub(super) fn is_blank(&self) -> bool {
        self.glyphs.is_empty() && self.picture == 0.0 && self.shapes.is_empty()
    }

    /// Takes out what nobody sees, unless the page is a scan: then it is what a machine read on it.
    fn leave_out_hidden(&mut self, seen: &Seen) {
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
    fn leave_out_struck(&mut self) {
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
    fn mark_overprinted(&mut self) {
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
    fn mark_drawn(&mut self) {
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
    fn make_upright(&mut self) {
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
        if self.turned == 0 {
            return [rect.x0, rect.y0, rect.x1, rect.y1];
        }
        let rect = turned_back(rect, 4 - self.turned, self.width, self.height);
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

/// Which way text runs, in quarter turns clockwise.
fn turn(along: Vec2) -> u8 {
    const SLANT: f64 = 0.1;
    if along.y.abs() <= SLANT * along.x.abs() {
        if along.x >= 0.0 { 0 } else { 2 }
    } else if along.x.abs() <= SLANT * along.y.abs() {
        if along.y >= 0.0 { 1 } else { 3 }
    } else {
        OBLIQUE
    }
}

/// Fonts that are taken in place of those a document does not hold: their glyphs are not the document's.
#[derive(Clone, Debug, Default)]
pub(super) struct Substitutes(Arc<Mutex<Vec<usize>>>);

impl Substitutes {
    /// Settings under which each such font is noted.
    pub(super) fn noted(&self, settings: InterpreterSettings) -> InterpreterSettings {
        let (resolve, noted) = (settings.font_resolver.clone(), self.clone());
        let font_resolver = move |query: &FontQuery| {
            let font = resolve(query)?;
            let mut known = noted.0.lock().unwrap_or_else(PoisonError::into_inner);
            known.push(address(&font.0));
            Some(font)
        };
        InterpreterSettings { font_resolver: Arc::new(font_resolver), ..settings }
    }

    fn is_empty(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    fn holds(&self, font: &FontData) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.contains(&address(font))
    }
}

fn address(font: &FontData) -> usize {
    (**font).as_ref().as_ptr().addr()
}

struct Drawing<'s> {
    page: Page,
    seen: Seen,
    substitutes: &'s Substitutes,
    things: usize,
    most: usize,
    /// Of glyphs that say they are blanks, whether they have strokes.
    strokes: FxHashMap<u128, bool>,
}

/// A closed part of a path.
struct Part {
    bounds: Rect,
    is_box: bool,
    /// Whether it fills its bounds nearly.
    fills: bool,
    /// Whether it has curves or oblique edges, as characters have.
    is_shape: bool,
}

impl Drawing<'_> {
    /// Counts something that is drawn; ends the drawing when it is too much.
    fn count(&mut self) {
        self.things += 1;
        guard::tick();
        if self.things > self.most {
            resume_unwind(Box::new(Enough));
        }
    }

    /// A line between two points, when it runs along an axis.
    fn line(&mut self, a: Point, b: Point) {
        let (dx, dy) = ((a.x - b.x).abs(), (a.y - b.y).abs());
        if dy <= 1.0 && dx >= SHORTEST_LINE {
            let at = f64::midpoint(a.y, b.y);
            self.page.horizontal.push(Line { at, from: a.x.min(b.x), to: a.x.max(b.x) });
        } else if dx <= 1.0 && dy >= SHORTEST_LINE {
            let at = f64::midpoint(a.x, b.x);
            self.page.vertical.push(Line { at, from: a.y.min(b.y), to: a.y.max(b.y) });
        }
    }

    /// A filled rectangle: a bar is a line, anything larger the ground of a cell with four edges.
    fn filled(&mut self, rect: Rect) {
        let (width, height) = (rect.width(), rect.height());
        if width <= THICKEST_LINE
            && height <= THICKEST_LINE
            && width < 2.0 * height
            && height < 2.0 * width
        {
            // a dot of a dotted border, which runs either way
            self.line(Point::new(rect.x0, rect.center().y), Point::new(rect.x1, rect.center().y));
            self.line(Point::new(rect.center().x, rect.y0), Point::new(rect.center().x, rect.y1));
        } else if height <= THICKEST_LINE && width > height {
            let y = rect.center().y;
            self.line(Point::new(rect.x0, y), Point::new(rect.x1, y));
        } else if width <= THICKEST_LINE {
            let x = rect.center().x;
            self.line(Point::new(x, rect.y0), Point::new(x, rect.y1));
        } else if width < self.page.width * 0.9 || height < self.page.height * 0.5 {
            self.page.grounds.push(rect);
        }
    }

    fn ink(&self, props: &DrawProps<'_>) -> Ink {
        let is_plain = props.soft_mask.is_none() && props.blend_mode == BlendMode::Normal;
        self.seen.ink(&props.paint, is_plain)
    }

    fn edges(&mut self, rect: Rect) {
        let (horizontal, vertical) = edges(rect);
        self.page.horizontal.extend(horizontal);
        self.page.vertical.extend(vertical);
    }

    fn path(&mut self, path: &BezPath, transform: Affine, mode: &DrawMode, ink: Ink) {
        self.count();
        let fills = matches!(mode, DrawMode::Fill(_) | DrawMode::FillAndStroke(..));
        if fills {
            self.fill(&parts(path, transform), ink);
        }
        if let DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) = mode {
            let width = f64::from(stroke.line_width) * transform.determinant().abs().sqrt();
            let mut start = Point::ZERO;
            let mut last = Point::ZERO;
            let mut curves = 0;
            for element in path.elements().iter().take(MOST_THINGS) {
                match *element {
                    PathEl::MoveTo(to) => (start, last) = (to, to),
                    PathEl::LineTo(to) => {
                        self.stroked(transform * last, transform * to, width, ink);
                        last = to;
                    }
                    PathEl::ClosePath => {
                        self.stroked(transform * last, transform * start, width, ink);
                        last = start;
                    }
                    PathEl::QuadTo(_, to) | PathEl::CurveTo(_, _, to) => {
                        curves += 1;
                        last = to;
                    }
                }
            }
            if curves > 0 {
                self.shape(transform.transform_rect_bbox(path.bounding_box()), ink);
            }
        }
    }

    /// A straight stroke: a line, or a ground when it is nearly as thick as text is high.
    fn stroked(&mut self, a: Point, b: Point, width: f64, ink: Ink) {
        const BROADEST: f64 = 6.0;
        if width <= BROADEST {
            self.line(a, b);
        }
        if width > THICKEST_LINE && ((a.x - b.x).abs() < 1.0 || (a.y - b.y).abs() < 1.0) {
            let half = width / 2.0;
            let along = if (a.x - b.x).abs() < 1.0 { (half, 0.0) } else { (0.0, half) };
            self.seen.ground(self.things, Rect::from_points(a, b).inset(along), ink, true);
        }
    }

    /// Parts of a path that are filled.
    fn fill(&mut self, parts: &[Part], ink: Ink) {
        /// More parts are no boxes over text.
        const MOST_PARTS: usize = 50;
        for (at, part) in parts.iter().enumerate() {
            if part.is_box {
                self.filled(part.bounds);
            } else if part.is_shape {
                self.shape(part.bounds, ink);
            }
            // a part in a part is a hole
            let has_hole = || {
                parts.iter().enumerate().any(|(other, hole)| {
                    other != at && part.bounds.intersect(hole.bounds).area() > 0.0
                })
            };
            let fills = part.fills && parts.len() <= MOST_PARTS && !has_hole();
            self.seen.ground(self.things, part.bounds, ink, fills);
        }
    }

    /// A shape that may be a character.
    fn shape(&mut self, bounds: Rect, ink: Ink) {
        let (height, width) = (bounds.height(), bounds.width());
        let is_shown = self.seen.clipped(bounds).area() > 0.0 && !ink.is_unseen_on_paper();
        if SHAPE.0.contains(&height)
            && SHAPE.1.contains(&width)
            && is_shown
            && self.page.shapes.len() < MOST_SHAPES
        {
            self.page.shapes.push(bounds);
        }
    }

    /// Whether a glyph that says it is a blank has strokes all the same.
    fn has_strokes(&mut self, glyph: &DrawnGlyph<'_>) -> bool {
        let DrawnGlyph::Outline(outline) = glyph else { return false };
        let key = outline.identifier().cache_key();
        *self.strokes.entry(key).or_insert_with(|| {
            let is_own = outline.font_data().map_or_else(
                || self.substitutes.is_empty(),
                |font| !self.substitutes.holds(&font.data),
            );
            // the first glyph of a font is the sign for what it has not
            if !is_own || outline.glyph_id().to_u32() == 0 {
                return false;
            }
            let bounds = outline.outline().bounding_box();
            bounds.is_finite() && bounds.area() > 0.0
        })
    }
}

/// The closed parts of a path.
fn parts(path: &BezPath, transform: Affine) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut corners: Vec<Point> = Vec::with_capacity(5);
    let mut straight = true;
    for element in path.elements().iter().take(MOST_THINGS) {
        match *element {
            PathEl::MoveTo(to) => {
                parts.extend(part(&corners, straight));
                straight = true;
                corners.clear();
                corners.push(transform * to);
            }
            PathEl::LineTo(to) => corners.push(transform * to),
            PathEl::QuadTo(_, to) | PathEl::CurveTo(_, _, to) => {
                straight = false;
                corners.push(transform * to);
            }
            PathEl::ClosePath => {}
        }
    }
    parts.extend(part(&corners, straight));
    parts
}

/// A part by its corners; of curves only their ends are looked at.
fn part(corners: &[Point], straight: bool) -> Option<Part> {
    /// A box with rounded corners fills its bounds nearly.
    const NEARLY: f64 = 0.9;
    let first = *corners.first()?;
    let is_aligned = |a: Point, b: Point| (a.x - b.x).abs() < 0.5 || (a.y - b.y).abs() < 0.5;
    let aligned = corners.windows(2).all(|pair| is_aligned(pair[0], pair[1]));
    let bounds = corners.iter().fold(Rect::from_points(first, first), |r, p| r.union_pt(*p));
    let is_box = straight && aligned && (3..=5).contains(&corners.len());
    let next = corners.iter().skip(1).chain([&first]);
    let twice = corners.iter().zip(next).map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f64>();
    let fills = is_box || twice.abs() / 2.0 > NEARLY * bounds.area();
    // four corners are a bar or a box, however it runs
    let is_shape = !straight || corners.len() > 5;
    Some(Part { bounds, is_box, fills, is_shape })
}

impl<'a> Device<'a> for Drawing<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        let ink = self.ink(&props);
        self.path(path, props.transform, mode, ink);
    }

    fn draw_rect(&mut self, rect: &Rect, props: DrawProps<'a>, mode: &DrawMode) {
        self.count();
        let rect = props.transform.transform_rect_bbox(*rect);
        if matches!(mode, DrawMode::Stroke(_) | DrawMode::FillAndStroke(..)) {
            self.edges(rect);
        } else {
            self.filled(rect);
            let ink = self.ink(&props);
            self.seen.ground(self.things, rect, ink, true);
        }
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let is_vertical = run.writing_mode() == WritingMode::Vertical;
        let is_invisible = matches!(mode, DrawMode::Invisible);
        let ink = self.ink(&props);
        for glyph in run.glyphs() {
            self.count();
            let transform = props.transform * glyph.transform();
            let (text, advance) = match &**glyph {
                DrawnGlyph::Outline(outline) => (outline.as_unicode(), outline.advance_width()),
                DrawnGlyph::Type3(drawn) => (drawn.as_unicode(), drawn.advance_width()),
            };
            let says_nothing = |text: &BfString| match text {
                BfString::Char(c) => *c == '\0' || *c == '\u{FFFD}',
                BfString::String(text) => text.is_empty(),
            };
            let text = text
                .filter(|text| !says_nothing(text))
                .filter(|text| !is_blank(text) || !self.has_strokes(glyph));
            let text = text.unwrap_or_else(|| {
                self.page.unmapped += 1;
                BfString::Char('\u{FFFD}')
            });
            // in vertical writing nothing is said about the width
            let advance = if is_vertical { 1000.0 } else { advance.map_or(500.0, f64::from) };
            let (low, high) = (-1000.0 * BELOW, 1000.0 * ABOVE);
            let corners = [(0.0, low), (advance, low), (0.0, high), (advance, high)];
            let bounds = corners
                .iter()
                .map(|corner| transform * Point::new(corner.0, corner.1))
                .fold(None, |bounds: Option<Rect>, p| {
                    Some(bounds.map_or(Rect::from_points(p, p), |known| known.union_pt(p)))
                })
                .unwrap_or_default();
            let up = transform * Point::new(0.0, 1000.0) - transform * Point::ZERO;
            let size = up.hypot();
            let along = transform * Point::new(1000.0, 0.0) - transform * Point::ZERO;
            if !bounds.is_finite() || size.min(along.hypot()) < SMALLEST {
                continue;
            }
            let glyph = Glyph {
                text,
                x: (bounds.x0, bounds.x1),
                y: (bounds.y0, bounds.y1),
                size,
                turn: turn(along),
            };
            self.seen.glyph(self.things, &glyph, ink, is_invisible);
            self.page.glyphs.push(glyph);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.count();
        let drawn = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let drawn = props.transform.transform_rect_bbox(drawn);
        let shown = self.seen.clipped(drawn);
        let page = self.page.width * self.page.height;
        self.page.picture += shown.area() / page.max(1.0);
        let is_masked = match &image {
            Image::Stencil(_) => true,
            Image::Raster(image) => {
                let says = image.stream().dict();
                MASKS.iter().any(|mask| says.contains_key(mask))
            }
        };
        let is_plain = props.soft_mask.is_none() && props.blend_mode == BlendMode::Normal;
        let ink = self.seen.picture(is_masked || !is_plain);
        self.seen.ground(self.things, drawn, ink, true);
        // thin pictures are rules
        if shown.width().min(shown.height()) > THICKEST_LINE
            && self.page.pictures.len() < MOST_SHAPES
        {
            self.page.pictures.push(shown);
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.count();
        let bounds = clip.path.bounding_box();
        match parts(&clip.path, Affine::IDENTITY).as_slice() {
            [Part { is_box: true, .. }] => self.seen.push_clip(bounds),
            _ => self.seen.push_shape_clip(clip, bounds, &self.page.glyphs),
        }
    }

    fn push_clip_rect(&mut self, area: &Rect) {
        self.count();
        self.seen.push_clip(*area);
    }

    fn push_transparency_group(&mut self, opacity: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.count();
        self.seen.push_group(opacity);
    }

    fn pop_clip(&mut self) {
        self.seen.pop_clip();
    }

    fn pop_transparency_group(&mut self) {
        self.seen.pop_group();
    }
}

/// Entries of a picture that make parts of it transparent.
const MASKS: [&[u8]; 3] = [b"SMask", b"SMaskInData", b"Mask"];
