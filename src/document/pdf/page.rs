//! One page as drawn: glyphs with their places, ruled lines, pictures.
//!
//! Places are in points from the upper left corner of the page as it is shown, rotation applied.

use hayro_interpret::font::{Glyph as DrawnGlyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::page::Page as Source;
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, RenderContent, SoftMask, TransformExt,
};

/// Most glyphs and strokes of a page; a page of text has some thousand.
const MOST_THINGS: usize = 400_000;
/// Thickest filled bar that is a line, in points.
const THICKEST_LINE: f64 = 3.0;
/// Shortest line that can be a border.
const SHORTEST_LINE: f64 = 3.0;

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
}

impl Glyph {
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
    pub(super) glyphs: Vec<Glyph>,
    pub(super) horizontal: Vec<Line>,
    pub(super) vertical: Vec<Line>,
    /// Filled grounds: of cells, or behind text.
    pub(super) grounds: Vec<Rect>,
    /// Share of the page that the largest picture covers.
    pub(super) picture: f64,
    /// Glyphs that are drawn but not seen: text put under a scan.
    pub(super) invisible: usize,
    /// Glyphs of which nobody says what they are.
    pub(super) unmapped: usize,
    /// Whether there was more on the page than is read.
    pub(super) is_cut: bool,
}

/// Reads a page.
pub(super) fn read<'a>(
    source: &Source<'a>,
    cache: &InterpreterCache<'a>,
    settings: InterpreterSettings,
) -> Page {
    let (width, height) = source.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let transform = source.initial_transform(true).to_kurbo();
    let bounds = Rect::new(0.0, 0.0, width, height);
    let mut settings = settings;
    // notes and form fields put on the page are read as well
    settings.render_content = RenderContent::all();
    let mut context = Context::new(transform, bounds, cache, source.xref(), settings);
    let mut drawing = Drawing { page: Page { width, height, ..Page::default() }, things: 0 };
    hayro_interpret::interpret_page(source, &mut context, &mut drawing);
    drawing.page
}

/// The four edges of a rectangle: upper and lower, left and right.
pub(super) fn edges(rect: Rect) -> ([Line; 2], [Line; 2]) {
    let across = |at| Line { at, from: rect.x0, to: rect.x1 };
    let down = |at| Line { at, from: rect.y0, to: rect.y1 };
    ([across(rect.y0), across(rect.y1)], [down(rect.x0), down(rect.x1)])
}

struct Drawing {
    page: Page,
    things: usize,
}

impl Drawing {
    fn count(&mut self) -> bool {
        self.things += 1;
        self.page.is_cut |= self.things > MOST_THINGS;
        !self.page.is_cut
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
        if height <= THICKEST_LINE && width > height {
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

    fn path(&mut self, path: &BezPath, transform: Affine, mode: &DrawMode) {
        if !self.count() {
            return;
        }
        let fills = matches!(mode, DrawMode::Fill(_) | DrawMode::FillAndStroke(..));
        if fills {
            self.subpaths(path, transform);
        }
        if matches!(mode, DrawMode::Stroke(_) | DrawMode::FillAndStroke(..)) {
            let mut start = Point::ZERO;
            let mut last = Point::ZERO;
            for element in path.elements().iter().take(MOST_THINGS) {
                match *element {
                    PathEl::MoveTo(to) => (start, last) = (to, to),
                    PathEl::LineTo(to) => {
                        self.line(transform * last, transform * to);
                        last = to;
                    }
                    PathEl::ClosePath => {
                        self.line(transform * last, transform * start);
                        last = start;
                    }
                    PathEl::QuadTo(_, to) | PathEl::CurveTo(_, _, to) => last = to,
                }
            }
        }
    }

    /// Each closed part of a filled path that is a rectangle.
    fn subpaths(&mut self, path: &BezPath, transform: Affine) {
        let mut corners: Vec<Point> = Vec::with_capacity(5);
        let mut straight = true;
        let close = |corners: &mut Vec<Point>, straight: bool, drawing: &mut Self| {
            let aligned = corners.windows(2).all(|pair| {
                (pair[0].x - pair[1].x).abs() < 0.5 || (pair[0].y - pair[1].y).abs() < 0.5
            });
            if straight && aligned && (3..=5).contains(&corners.len()) {
                let rect = corners
                    .iter()
                    .fold(Rect::from_points(corners[0], corners[0]), |r, p| r.union_pt(*p));
                drawing.filled(rect);
            }
            corners.clear();
        };
        for element in path.elements().iter().take(MOST_THINGS) {
            match *element {
                PathEl::MoveTo(to) => {
                    close(&mut corners, straight, self);
                    straight = true;
                    corners.push(transform * to);
                }
                PathEl::LineTo(to) => corners.push(transform * to),
                PathEl::QuadTo(..) | PathEl::CurveTo(..) => straight = false,
                PathEl::ClosePath => {}
            }
        }
        close(&mut corners, straight, self);
    }
}

impl<'a> Device<'a> for Drawing {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.path(path, props.transform, mode);
    }

    fn draw_rect(&mut self, rect: &Rect, props: DrawProps<'a>, mode: &DrawMode) {
        if !self.count() {
            return;
        }
        let rect = props.transform.transform_rect_bbox(*rect);
        if matches!(mode, DrawMode::Stroke(_) | DrawMode::FillAndStroke(..)) {
            self.edges(rect);
        } else {
            self.filled(rect);
        }
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        for glyph in run.glyphs() {
            if !self.count() {
                return;
            }
            let transform = props.transform * glyph.transform();
            let (text, advance) = match &**glyph {
                DrawnGlyph::Outline(outline) => (outline.as_unicode(), outline.advance_width()),
                DrawnGlyph::Type3(drawn) => (drawn.as_unicode(), drawn.advance_width()),
            };
            let says_nothing = |text: &BfString| match text {
                BfString::Char(c) => *c == '\0' || *c == '\u{FFFD}',
                BfString::String(text) => text.is_empty(),
            };
            let text = text.filter(|text| !says_nothing(text)).unwrap_or_else(|| {
                self.page.unmapped += 1;
                BfString::Char('\u{FFFD}')
            });
            let advance = f64::from(advance.unwrap_or(500.0));
            let corners = [(0.0, -120.0), (advance, -120.0), (0.0, 880.0), (advance, 880.0)];
            let bounds = corners
                .iter()
                .map(|corner| transform * Point::new(corner.0, corner.1))
                .fold(None, |bounds: Option<Rect>, p| {
                    Some(bounds.map_or(Rect::from_points(p, p), |known| known.union_pt(p)))
                })
                .unwrap_or_default();
            let up = transform * Point::new(0.0, 1000.0) - transform * Point::ZERO;
            let size = up.hypot();
            if !bounds.is_finite() || size < 0.5 {
                continue;
            }
            self.page.invisible += usize::from(matches!(mode, DrawMode::Invisible));
            self.page.glyphs.push(Glyph {
                text,
                x: (bounds.x0, bounds.x1),
                y: (bounds.y0, bounds.y1),
                size,
            });
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let _ = self.count();
        let drawn = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let shown = props.transform.transform_rect_bbox(drawn);
        let page = Rect::new(0.0, 0.0, self.page.width, self.page.height);
        let share = shown.intersect(page).area() / page.area().max(1.0);
        self.page.picture = self.page.picture.max(share);
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
