//! Where the pages of a layout format are drawn: what is drawn becomes a [`Page`].

use super::page::{ABOVE, BELOW, Glyph, Line, OBLIQUE, Page, edges};
use super::seen::{Colour, Ink, Seen};
use crate::guard;
use hayro_interpret::ClipPath;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape, Size, Vec2};
use std::ops::Range;
use std::panic::resume_unwind;

/// Most glyphs and strokes of a page, and of a document; a page of text has some thousand.
const MOST_THINGS: usize = 200_000;
const MOST_OF_ALL: usize = 4_000_000;
/// Thickest filled bar that is a line, in points.
const THICKEST_LINE: f64 = 3.0;
/// Shortest line that can be a piece of a border: a dash.
const SHORTEST_LINE: f64 = 0.6;
/// Heights and widths of drawn shapes that may be characters, in points.
const SHAPE: (Range<f64>, Range<f64>) = (3.0..40.0, 0.8..40.0);
/// Shapes and pictures of a page that are kept.
const MOST_SHAPES: usize = 20_000;
/// Text is larger, in points.
const SMALLEST: f64 = 1.2;

/// What may still be drawn of a document.
#[derive(Debug)]
pub(crate) struct Budget {
    things: usize,
}

impl Budget {
    pub(crate) fn new() -> Self {
        Self { things: MOST_OF_ALL }
    }

    pub(crate) fn is_spent(&self) -> bool {
        self.things == 0
    }
}

/// What ends the drawing of a page that is too much.
struct Enough;

/// A closed part of a path.
struct Part {
    bounds: Rect,
    is_box: bool,
    /// Whether it fills its bounds nearly.
    fills: bool,
    /// Whether it has curves or oblique edges, as characters have.
    is_shape: bool,
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

/// A page that is being drawn.
pub(crate) struct Canvas {
    page: Page,
    seen: Seen,
    things: usize,
    most: usize,
}

/// How a path is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pen {
    pub(crate) fills: bool,
    /// How broad its strokes are, before they are transformed.
    pub(crate) strokes: Option<f64>,
}

impl Canvas {
    pub(crate) fn new(width: f64, height: f64, budget: &Budget) -> Self {
        let page = Page { width, height, ..Page::default() };
        let seen = Seen::new(Size::new(width, height));
        Self { page, seen, things: 0, most: budget.things.min(MOST_THINGS) }
    }

    /// The page when nothing more is drawn on it: `outcome` says how that ended, `fields` are glyphs that stand above all.
    pub(crate) fn finish(
        self,
        outcome: std::thread::Result<()>,
        fields: Vec<Glyph>,
        budget: &mut Budget,
    ) -> Page {
        let Self { mut page, seen, things, .. } = self;
        if let Err(reason) = outcome {
            page.is_cut = reason.is::<Enough>();
            page.is_damaged = !page.is_cut;
        }
        budget.things -= things.min(budget.things);
        page.leave_out_hidden(&seen);
        page.glyphs.extend(fields);
        page.make_upright();
        page.leave_out_struck();
        page.mark_overprinted();
        page.mark_drawn();
        page
    }

    /// Counts something that is drawn; ends the drawing when it is too much.
    pub(crate) fn count(&mut self) {
        self.things += 1;
        guard::tick();
        if self.things > self.most {
            resume_unwind(Box::new(Enough));
        }
    }

    /// What a colour makes of it here; `is_plain` when no mask and no blending changes what comes out.
    pub(crate) fn ink(&self, colour: Option<Colour>, alpha: f32, is_plain: bool) -> Ink {
        self.seen.ink(colour, alpha, is_plain)
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

    fn edges(&mut self, rect: Rect) {
        let (horizontal, vertical) = edges(rect);
        self.page.horizontal.extend(horizontal);
        self.page.vertical.extend(vertical);
    }

    /// A path.
    pub(crate) fn path(&mut self, path: &BezPath, transform: Affine, pen: Pen, ink: Ink) {
        self.count();
        if pen.fills {
            self.fill(&parts(path, transform), ink);
        }
        if let Some(width) = pen.strokes {
            let width = width * transform.determinant().abs().sqrt();
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

    /// A rectangle on the page.
    pub(crate) fn rect(&mut self, rect: Rect, pen: Pen, ink: Ink) {
        self.count();
        if pen.strokes.is_some() {
            self.edges(rect);
        } else {
            self.filled(rect);
            self.seen.ground(self.things, rect, ink, true);
        }
    }

    /// A glyph of which the em has a thousand units; none for `text` when nobody says what it is.
    pub(crate) fn glyph(
        &mut self,
        text: Option<BfString>,
        transform: Affine,
        advance: f64,
        ink: Ink,
        is_invisible: bool,
    ) {
        let text = text.unwrap_or_else(|| {
            self.page.unmapped += 1;
            BfString::Char(char::REPLACEMENT_CHARACTER)
        });
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
            return;
        }
        let (x, y) = ((bounds.x0, bounds.x1), (bounds.y0, bounds.y1));
        let glyph = Glyph { text, x, y, size, turn: turn(along) };
        self.seen.glyph(self.things, &glyph, ink, is_invisible);
        self.page.glyphs.push(glyph);
    }

    /// A picture; `is_whole` when no part of it is transparent.
    pub(crate) fn picture(&mut self, drawn: Rect, is_whole: bool) {
        self.count();
        let shown = self.seen.clipped(drawn);
        let page = self.page.width * self.page.height;
        self.page.picture += shown.area() / page.max(1.0);
        let ink = self.seen.picture(!is_whole);
        self.seen.ground(self.things, drawn, ink, true);
        // thin pictures are rules
        if shown.width().min(shown.height()) > THICKEST_LINE
            && self.page.pictures.len() < MOST_SHAPES
        {
            self.page.pictures.push(shown);
        }
    }

    /// From here on nothing is drawn outside of this shape.
    pub(crate) fn push_clip_path(&mut self, clip: &ClipPath) {
        self.count();
        let bounds = clip.path.bounding_box();
        match parts(&clip.path, Affine::IDENTITY).as_slice() {
            [Part { is_box: true, .. }] => self.seen.push_clip(bounds),
            _ => self.seen.push_shape_clip(clip, bounds, &self.page.glyphs),
        }
    }

    pub(crate) fn push_clip_rect(&mut self, area: Rect) {
        self.count();
        self.seen.push_clip(area);
    }

    pub(crate) fn pop_clip(&mut self) {
        self.seen.pop_clip();
    }

    /// From here on everything is drawn with this opacity.
    pub(crate) fn push_group(&mut self, opacity: f32) {
        self.count();
        self.seen.push_group(opacity);
    }

    pub(crate) fn pop_group(&mut self) {
        self.seen.pop_group();
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
