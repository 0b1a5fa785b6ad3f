//! The objects of a page → what is drawn on the canvas.

use super::look::{Look, Paint, alpha};
use super::path::path;
use super::resources::Resources;
use super::text::{self, Placed};
use super::tree::{self, Element};
use crate::document::pages::{Canvas, Ink, Pen};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect, Vec2};
use hayro_interpret::{ClipPath, FillRule};

/// Units drawn in units.
const DEEPEST: usize = 12;
/// Pictures of a page that are noted.
const MOST_PICTURES: usize = 100;
/// Width of strokes that say nothing, in millimetres.
const STROKE: f64 = 0.353;

/// A page while it is drawn.
pub(super) struct Scene<'s> {
    pub(super) canvas: &'s mut Canvas,
    /// The page's own before those of the document.
    pub(super) resources: &'s [&'s Resources],
    /// Which pictures hide what is behind them.
    pub(super) opaque: &'s dyn Fn(&str) -> bool,
    pub(super) depth: usize,
    /// Where pictures stand that are drawn: their parts, and how a unit square lies on the page, in points.
    pub(super) pictures: Vec<(String, Affine)>,
    /// Whether something is asked for that the file does not hold.
    pub(super) lacks: bool,
}

/// Where objects stand, and what is said for all of them.
#[derive(Clone, Copy)]
pub(super) struct Around {
    transform: Affine,
    look: Look,
    /// The part of the page that the objects around it keep to.
    bounds: Option<Rect>,
}

impl Around {
    pub(super) fn new(transform: Affine) -> Self {
        Self { transform, look: Look::default(), bounds: None }
    }
}

impl Scene<'_> {
    /// Draws all objects in an element: those of a page by layers, from the one in the back to the one in front.
    pub(super) fn content(&mut self, element: &Element, around: Around) {
        let rank = |layer: &Element| match layer.get("Type") {
            Some("Background") => 0,
            Some("Foreground") => 2,
            _ => 1,
        };
        let mut children: Vec<&Element> = element.children.iter().collect();
        children.sort_by_key(|child| if child.name == "Layer" { rank(child) } else { 1 });
        for child in children {
            let is_hidden = child.switch("Visible") == Some(false);
            match child.name.as_str() {
                _ if is_hidden => {}
                "Layer" | "PageBlock" | "Content" => {
                    let look = self.look(child, around.look);
                    self.content(child, Around { look, ..around });
                }
                "TextObject" | "PathObject" | "ImageObject" | "CompositeObject" => {
                    self.object(child, around);
                }
                _ => {}
            }
        }
    }

    fn look(&self, element: &Element, around: Look) -> Look {
        let parameter = element
            .get("DrawParam")
            .map(|id| self.resources.iter().find_map(|own| own.look(id)).unwrap_or_default());
        Look::of(element).or(parameter.unwrap_or_default()).or(around)
    }

    fn object(&mut self, object: &Element, around: Around) {
        self.canvas.count();
        let boundary = object.numbers::<4>("Boundary");
        let [left, top, width, height] = boundary.unwrap_or_default();
        let place = around.transform * Affine::translate((left, top));
        let own = object.numbers::<6>("CTM").map_or(Affine::IDENTITY, Affine::new);
        let area = Rect::new(0.0, 0.0, width, height);
        let shown = (area.area() > 0.0).then(|| place.transform_rect_bbox(area));
        let bounds = match (around.bounds, shown) {
            (Some(outer), Some(shown)) => Some(outer.intersect(shown)),
            (outer, shown) => shown.or(outer),
        };
        let look = self.look(object, around.look);
        let around = Around { transform: place * own, look, bounds };
        let clips = self.push_clips(object, place, own);
        self.canvas.push_group(alpha(object));
        match object.name.as_str() {
            "TextObject" => self.text(object, around),
            "PathObject" => self.path(object, around),
            "ImageObject" => self.image(object, shown, around),
            _ => self.unit(object, around),
        }
        self.canvas.pop_group();
        for _ in 0..clips {
            self.canvas.pop_clip();
        }
    }

    /// What an object's own clips let through: each lets through what one of its areas does.
    fn push_clips(&mut self, object: &Element, place: Affine, own: Affine) -> usize {
        let mut count = 0;
        for clips in object.all("Clips") {
            let transform =
                if clips.switch("TransFlag") == Some(false) { place } else { place * own };
            for clip in clips.all("Clip") {
                let mut shape = BezPath::new();
                // text that is a clip is not known by its shape
                let mut is_known = clip.child("Area").is_some();
                for area in clip.all("Area") {
                    let transform = transform * matrix(area);
                    let Some(own) = area.child("Path") else {
                        is_known = false;
                        continue;
                    };
                    let [left, top, ..] = own.numbers::<4>("Boundary").unwrap_or_default();
                    let transform = transform * Affine::translate((left, top)) * matrix(own);
                    shape.extend(transform * path(own.text_of("AbbreviatedData").unwrap_or("")));
                }
                if is_known {
                    self.canvas.push_clip_path(&ClipPath { path: shape, fill: FillRule::NonZero });
                    count += 1;
                }
            }
        }
        count
    }

    fn ink(&self, paint: Paint, object: &Element) -> Ink {
        let is_plain = object.get("BlendMode").is_none_or(|mode| mode == "Normal");
        self.canvas.ink(paint.colour, paint.alpha, is_plain)
    }

    fn text(&mut self, object: &Element, around: Around) {
        let fills = object.switch("Fill").unwrap_or(true);
        let strokes = object.switch("Stroke").unwrap_or(false);
        let fill = around.look.fill.unwrap_or(Paint::BLACK);
        let stroke = around.look.stroke.unwrap_or(Paint::BLACK);
        let paint = if fills && (fill.alpha > 0.0 || !strokes) { fill } else { stroke };
        let ink = self.ink(paint, object);
        let size = object.number("Size").unwrap_or(0.0);
        let stretch = object.number("HScale").filter(|scale| *scale > 0.0).unwrap_or(1.0);
        let turn = object.number("CharDirection").unwrap_or(0.0).to_radians();
        let mut characters = Vec::new();
        text::characters(object, size, stretch, &mut characters);
        for Placed { c, x, y, width } in characters {
            self.canvas.count();
            // an em of a thousand units, upwards
            let em = Affine::scale_non_uniform(size * stretch / 1000.0, -size / 1000.0);
            let transform =
                around.transform * Affine::translate((x, y)) * Affine::rotate(turn) * em;
            let advance = if size > 0.0 { 1000.0 * width / (size * stretch) } else { 0.0 };
            let text = (!is_private(c)).then_some(BfString::Char(c));
            let text = if is_off(transform, advance, around.bounds) && !c.is_whitespace() {
                Some(BfString::Char(char::REPLACEMENT_CHARACTER))
            } else {
                text
            };
            self.canvas.glyph(text, transform, advance, ink, !fills && !strokes);
        }
    }

    fn path(&mut self, object: &Element, around: Around) {
        let path = path(object.text_of("AbbreviatedData").unwrap_or(""));
        if object.switch("Fill").unwrap_or(false) {
            let ink = self.ink(around.look.fill.unwrap_or(Paint::BLACK), object);
            let pen = Pen { fills: true, strokes: None };
            self.canvas.path(&path, around.transform, pen, ink);
        }
        if object.switch("Stroke").unwrap_or(true) {
            let ink = self.ink(around.look.stroke.unwrap_or(Paint::BLACK), object);
            let strokes = Some(around.look.width.unwrap_or(STROKE));
            self.canvas.path(&path, around.transform, Pen { fills: false, strokes }, ink);
        }
    }

    fn image(&mut self, object: &Element, shown: Option<Rect>, around: Around) {
        // a picture is as large as its unit; without a matrix it fills its boundary
        let drawn = match object.get("CTM") {
            Some(_) => around.transform.transform_rect_bbox(Rect::new(0.0, 0.0, 1.0, 1.0)),
            None => shown.unwrap_or_default(),
        };
        let drawn = shown.map_or(drawn, |shown| drawn.intersect(shown));
        if !drawn.is_finite() {
            return;
        }
        let is_plain = object.get("ImageMask").is_none()
            && object.get("BlendMode").is_none_or(|mode| mode == "Normal");
        let media = object
            .get("ResourceID")
            .and_then(|id| self.resources.iter().find_map(|own| own.media.get(id)));
        let is_whole = is_plain && media.is_some_and(|media| (self.opaque)(media));
        self.canvas.picture(drawn, is_whole);
        if let Some(media) = media
            && cfg!(feature = "ocr")
            && self.pictures.len() < MOST_PICTURES
        {
            let place = match (object.get("CTM"), shown) {
                (None, Some(shown)) => {
                    let scale = Affine::scale_non_uniform(shown.width(), shown.height());
                    Affine::translate(shown.origin().to_vec2()) * scale
                }
                _ => around.transform,
            };
            self.pictures.push((media.clone(), place));
        }
    }

    fn unit(&mut self, object: &Element, around: Around) {
        let unit = object
            .get("ResourceID")
            .and_then(|id| self.resources.iter().find_map(|own| own.units.get(id)));
        match unit {
            Some(unit) if self.depth < DEEPEST => {
                self.depth += 1;
                self.content(unit, around);
                self.depth -= 1;
            }
            _ => self.lacks = true,
        }
    }
}

fn matrix(element: &Element) -> Affine {
    element.numbers::<6>("CTM").map_or(Affine::IDENTITY, Affine::new)
}

/// Whether a character says nothing: it is one of those that every font uses as it likes.
fn is_private(c: char) -> bool {
    matches!(c, '\0' | '\u{FFFD}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..)
}

/// Whether a glyph stands far off the boundary of its object: by the standard it is not shown then, but not all who show
/// such documents heed that. Whoever draws it so leaves in doubt whether it counts.
fn is_off(transform: Affine, advance: f64, bounds: Option<Rect>) -> bool {
    let Some(bounds) = bounds else { return false };
    let middle = transform * Point::new(advance / 2.0, 380.0);
    let size: Vec2 = transform * Point::new(0.0, 1000.0) - transform * Point::ZERO;
    let margin = size.hypot();
    !bounds.inflate(margin, margin).contains(middle)
}

/// The size of a page: left, upper end, width and height in millimetres.
pub(super) fn size(area: Option<&Element>) -> Option<[f64; 4]> {
    let size = tree::numbers::<4>(area?.text_of("PhysicalBox")?)?;
    (size[2] > 0.0 && size[3] > 0.0).then_some(size)
}
