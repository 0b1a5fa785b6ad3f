//! The pictures of a page as pixels.

use crate::document::scan::{MOST_UNPACKED, Picture, grey};
use crate::guard;
use hayro_interpret::font::GlyphRun;
use hayro_interpret::hayro_syntax::page::Page as Source;
use hayro_interpret::kurbo::{Affine, BezPath, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps,
    InterpreterCache, InterpreterSettings, SoftMask, TransformExt,
};

/// What a page shows of pictures; none when they are too large to be unpacked.
pub(super) fn picture<'a>(
    source: &Source<'a>,
    cache: &InterpreterCache<'a>,
    settings: InterpreterSettings,
) -> Option<Picture> {
    let (width, height) = source.render_dimensions();
    let transform = source.initial_transform(true).to_kurbo();
    let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    // the finest picture says how fine the page is
    let mut scales = Scales(0.0);
    let mut pixels = Pixels(None);
    guard::contain(|| {
        let mut context = Context::new(transform, bounds, cache, source.xref(), settings.clone());
        hayro_interpret::interpret_page(source, &mut context, &mut scales);
        pixels.0 = Picture::new(bounds.x1, bounds.y1, scales.0);
        let mut context = Context::new(transform, bounds, cache, source.xref(), settings);
        hayro_interpret::interpret_page(source, &mut context, &mut pixels);
    })
    .ok()?;
    pixels.0
}

/// Pixels a point of the finest picture.
struct Scales(f64);

/// The page as far as it is drawn.
struct Pixels(Option<Picture>);

fn pixels(image: &Image<'_, '_>) -> u64 {
    u64::from(image.width()) * u64::from(image.height())
}

/// Nothing but pictures.
macro_rules! only_pictures {
    () => {
        fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
        fn draw_rect(&mut self, _: &Rect, _: DrawProps<'a>, _: &DrawMode) {}
        fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {}
        fn push_clip_path(&mut self, _: &ClipPath) {}
        fn push_clip_rect(&mut self, _: &Rect) {}
        fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
        fn pop_clip(&mut self) {}
        fn pop_transparency_group(&mut self) {}
    };
}

impl<'a> Device<'a> for Scales {
    only_pictures!();

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let fine = props.transform.determinant().abs().sqrt();
        if fine > 1e-6 && pixels(&image) > 10_000 {
            self.0 = self.0.max(1.0 / fine);
        }
    }
}

impl<'a> Device<'a> for Pixels {
    only_pictures!();

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let Some(picture) = &mut self.0 else { return };
        if pixels(&image) > MOST_UNPACKED {
            // a page of which a part is not seen is not read
            self.0 = None;
            return;
        }
        let scaled = |(x, y): (f32, f32)| {
            props.transform * Affine::scale_non_uniform(f64::from(x), f64::from(y))
        };
        match image {
            Image::Raster(image) => image.with_rgba(
                |data, alpha| {
                    let shown = |nth: usize| {
                        alpha.as_ref().is_none_or(|a| a.data.get(nth).is_some_and(|a| *a > 127))
                    };
                    let size = (data.width(), data.height());
                    let place = scaled(data.scale_factors());
                    match &data {
                        ImageData::Rgb(data) => picture.draw(size, place, |nth| {
                            let [r, g, b] = data.data.get(3 * nth..3 * nth + 3)?.try_into().ok()?;
                            shown(nth).then(|| grey([r, g, b]))
                        }),
                        ImageData::Luma(data) => picture.draw(size, place, |nth| {
                            data.data.get(nth).copied().filter(|_| shown(nth))
                        }),
                    }
                },
                None,
            ),
            Image::Stencil(image) => image.with_stencil(
                |mask, _| {
                    let size = (mask.width, mask.height);
                    picture.draw(size, scaled(mask.scale_factors), |nth| {
                        mask.data.get(nth).filter(|ink| **ink > 127).map(|_| 0)
                    });
                },
                None,
            ),
        }
    }
}
