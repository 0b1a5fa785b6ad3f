//! One page of a PDF, drawn by the interpreter on a canvas.

use super::form;
use crate::document::pages::{Budget, Canvas, Ink, Page, Pen, is_blank};
use crate::guard;
use hayro_interpret::font::{FontData, FontQuery, Glyph as DrawnGlyph, GlyphRun};
use hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro_interpret::hayro_syntax::page::Page as Source;
use hayro_interpret::kurbo::{BezPath, Rect, Shape};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, Paint, RenderContent, SoftMask, TransformExt,
};
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, PoisonError};

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
    let canvas = Canvas::new(width, height, budget);
    let mut drawing = Drawing { canvas, substitutes, strokes: FxHashMap::default() };
    // the interpreter is another's: whatever a damaged page does to it stays here
    let outcome = guard::contain(|| {
        hayro_interpret::interpret_page(source, &mut context, &mut drawing);
    });
    drawing.canvas.finish(outcome, form::values(source, transform), budget)
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
    canvas: Canvas,
    substitutes: &'s Substitutes,
    /// Of glyphs that say they are blanks, whether they have strokes.
    strokes: FxHashMap<u128, bool>,
}

impl Drawing<'_> {
    fn ink(&self, props: &DrawProps<'_>) -> Ink {
        let is_plain = props.soft_mask.is_none() && props.blend_mode == BlendMode::Normal;
        match &props.paint {
            Paint::Color(colour) => {
                let [red, green, blue, alpha] = colour.to_rgba().to_rgba8();
                self.canvas.ink(Some([red, green, blue]), f32::from(alpha) / 255.0, is_plain)
            }
            Paint::Pattern(_) => self.canvas.ink(None, 1.0, is_plain),
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

fn pen(mode: &DrawMode) -> Pen {
    let strokes = match mode {
        DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) => {
            Some(f64::from(stroke.line_width))
        }
        _ => None,
    };
    Pen { fills: matches!(mode, DrawMode::Fill(_) | DrawMode::FillAndStroke(..)), strokes }
}

impl<'a> Device<'a> for Drawing<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        let ink = self.ink(&props);
        self.canvas.path(path, props.transform, pen(mode), ink);
    }

    fn draw_rect(&mut self, rect: &Rect, props: DrawProps<'a>, mode: &DrawMode) {
        let ink = self.ink(&props);
        self.canvas.rect(props.transform.transform_rect_bbox(*rect), pen(mode), ink);
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let is_vertical = run.writing_mode() == WritingMode::Vertical;
        let is_invisible = matches!(mode, DrawMode::Invisible);
        let ink = self.ink(&props);
        for glyph in run.glyphs() {
            self.canvas.count();
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
            // in vertical writing nothing is said about the width
            let advance = if is_vertical { 1000.0 } else { advance.map_or(500.0, f64::from) };
            self.canvas.glyph(text, transform, advance, ink, is_invisible);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let drawn = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let drawn = props.transform.transform_rect_bbox(drawn);
        let is_masked = match &image {
            Image::Stencil(_) => true,
            Image::Raster(image) => {
                let says = image.stream().dict();
                MASKS.iter().any(|mask| says.contains_key(mask))
            }
        };
        let is_plain = props.soft_mask.is_none() && props.blend_mode == BlendMode::Normal;
        self.canvas.picture(drawn, is_plain && !is_masked);
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.canvas.push_clip_path(clip);
    }

    fn push_clip_rect(&mut self, area: &Rect) {
        self.canvas.push_clip_rect(*area);
    }

    fn push_transparency_group(&mut self, opacity: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.canvas.push_group(opacity);
    }

    fn pop_clip(&mut self) {
        self.canvas.pop_clip();
    }

    fn pop_transparency_group(&mut self) {
        self.canvas.pop_group();
    }
}

/// Entries of a picture that make parts of it transparent.
const MASKS: [&[u8]; 3] = [b"SMask", b"SMaskInData", b"Mask"];
