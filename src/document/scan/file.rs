//! Picture files: PNG, JPEG, TIFF with its pages, BMP, WebP and the first picture of a GIF → grey pixels.

use super::picture::{MOST_UNPACKED, Picture, grey};
use super::strips;
use crate::finding::{Code, Finding};
use crate::guard;
use hayro_interpret::kurbo::Affine;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};
use std::io::Cursor;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::Tag;

/// Pages of a TIFF that are read.
const MOST_PAGES: usize = 200;
/// What is smaller shows no table, in pixels.
pub(crate) const SMALLEST: (u32, u32) = (240, 80);
/// Pictures of more pixels are unpacked one after the other, so that many threads need no more memory than one.
const LARGE: u64 = 12_000_000;

/// A picture of one byte a pixel.
pub(crate) struct Grey {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) pixels: Vec<u8>,
}

/// The pictures of a file; of one that breaks off those before, with a finding.
pub(crate) fn pictures(
    bytes: &[u8],
    mut give: impl FnMut(Grey),
) -> Result<Option<Finding>, Finding> {
    let decoded = guard::contain(|| {
        if bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*") {
            pages(bytes, &mut give)
        } else {
            one(bytes).map(|grey| {
                give(grey);
                None
            })
        }
    });
    decoded.unwrap_or_else(|_| Err(damaged("it cannot be unpacked")))
}

/// Width and height that a file states; none where it states none. Nothing is unpacked.
pub(crate) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let stated = guard::contain(|| {
        if bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*") {
            return Decoder::new(Cursor::new(bytes)).ok()?.dimensions().ok();
        }
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?.into_dimensions().ok()
    });
    stated.ok().flatten()
}

fn damaged(why: impl std::fmt::Display) -> Finding {
    Finding::new(Code::Damaged, format!("the picture is damaged: {why}"))
}

/// Whether so many pixels are unpacked; then the turn of whoever unpacks a large picture.
fn turn(width: u32, height: u32) -> Result<Option<MutexGuard<'static, ()>>, Finding> {
    static TURN: Mutex<()> = Mutex::new(());
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MOST_UNPACKED {
        let message = format!(
            "{width} × {height} pixels are more than the {MOST_UNPACKED} that are unpacked"
        );
        return Err(Finding::new(Code::TooLarge, message));
    }
    Ok((pixels > LARGE).then(|| TURN.lock().unwrap_or_else(PoisonError::into_inner)))
}

/// A file of one picture, turned as its camera says.
fn one(bytes: &[u8]) -> Result<Grey, Finding> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(damaged)?;
    let mut limits = Limits::default();
    // a pixel has four bytes, and a decoder needs as many again
    limits.max_alloc = Some(MOST_UNPACKED * 8);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| match error {
        image::ImageError::Unsupported(what) => {
            Finding::new(Code::UnsupportedFormat, format!("this picture is not read: {what}"))
        }
        image::ImageError::Limits(what) => {
            Finding::new(Code::TooLarge, format!("the picture is too large: {what}"))
        }
        error => damaged(error),
    })?;
    let (width, height) = decoder.dimensions();
    let _turn = turn(width, height)?;
    let orientation = decoder.orientation().ok();
    let mut image = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    if let Some(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    let (width, height) = (image.width(), image.height());
    let pixels = match image {
        DynamicImage::ImageLuma8(image) => image.into_raw(),
        DynamicImage::ImageRgb8(image) => colours(image.as_raw()),
        DynamicImage::ImageLumaA8(image) => {
            image.as_raw().as_chunks::<2>().0.iter().map(|[g, a]| on_paper(*g, *a)).collect()
        }
        DynamicImage::ImageRgba8(image) => with_alpha(image.as_raw()),
        other if other.color().has_alpha() => with_alpha(other.into_rgba8().as_raw()),
        other if other.color().has_color() => colours(other.into_rgb8().as_raw()),
        other => other.into_luma8().into_raw(),
    };
    Ok(Grey { width, height, pixels })
}

fn colours(rgb: &[u8]) -> Vec<u8> {
    rgb.as_chunks::<3>().0.iter().map(|pixel| grey(*pixel)).collect()
}

fn with_alpha(rgba: &[u8]) -> Vec<u8> {
    rgba.as_chunks::<4>().0.iter().map(|[r, g, b, a]| on_paper(grey([*r, *g, *b]), *a)).collect()
}

/// What stands behind a picture is white.
fn on_paper(grey: u8, alpha: u8) -> u8 {
    let (grey, alpha) = (u32::from(grey), u32::from(alpha));
    ((grey * alpha + 255 * (255 - alpha)) / 255) as u8
}

/// The pages of a TIFF.
fn pages(bytes: &[u8], give: &mut impl FnMut(Grey)) -> Result<Option<Finding>, Finding> {
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut limits = tiff::decoder::Limits::default();
    limits.decoding_buffer_size = usize::try_from(MOST_UNPACKED * 4).unwrap_or(usize::MAX);
    limits.intermediate_buffer_size = limits.decoding_buffer_size;
    decoder = decoder.with_limits(limits);
    let mut count = 0;
    loop {
        guard::check();
        let read = page(&mut decoder);
        match read {
            Ok(grey) => give(grey),
            Err(finding) if count == 0 => return Err(finding),
            Err(Finding { message, .. }) => {
                let message = format!("page {}: {message}", count + 1);
                return Ok(Some(Finding::new(Code::DamagedPart, message)));
            }
        }
        count += 1;
        if !decoder.more_images() {
            return Ok(None);
        }
        if count == MOST_PAGES {
            let message = format!("only the first {MOST_PAGES} pages were read");
            return Ok(Some(Finding::new(Code::DamagedPart, message)));
        }
        if let Err(error) = decoder.next_image() {
            let message = format!("page {}: {error}", count + 1);
            return Ok(Some(Finding::new(Code::DamagedPart, message)));
        }
    }
}

fn page(decoder: &mut Decoder<Cursor<&[u8]>>) -> Result<Grey, Finding> {
    let (width, height) = decoder.dimensions().map_err(damaged)?;
    let _turn = turn(width, height)?;
    let colour = decoder.colortype().map_err(damaged)?;
    let unsupported = || {
        let message = format!("this picture is not read: a TIFF of {colour:?}");
        Finding::new(Code::UnsupportedFormat, message)
    };
    let is_alone =
        decoder.find_tag_unsigned::<u16>(Tag::PlanarConfiguration).ok().flatten() != Some(2);
    if !is_alone && !matches!(colour, ColorType::Gray(_)) {
        return Err(unsupported());
    }
    let image = decoder.read_image().map_err(|error| match error {
        tiff::TiffError::UnsupportedError(what) => {
            Finding::new(Code::UnsupportedFormat, format!("this picture is not read: {what}"))
        }
        tiff::TiffError::LimitsExceeded => {
            Finding::new(Code::TooLarge, "the picture is too large".to_owned())
        }
        error => damaged(error),
    })?;
    let high = |samples: Vec<u16>| samples.into_iter().map(|sample| (sample >> 8) as u8).collect();
    let samples: Vec<u8> = match image {
        DecodingResult::U8(samples) => samples,
        DecodingResult::U16(samples) => high(samples),
        _ => return Err(unsupported()),
    };
    let pixels: Vec<u8> = match colour {
        ColorType::Gray(bits @ (1 | 2 | 4)) => {
            // rows begin with a whole byte
            let (width, bits) = (width as usize, usize::from(bits));
            let row = (width * bits).div_ceil(8);
            let most = (1u16 << bits) - 1;
            let pixel = |row: &[u8], x: usize| {
                let at = x * bits;
                let value = row[at / 8] >> (8 - bits - at % 8) & most as u8;
                (u16::from(value) * 255 / most) as u8
            };
            let rows = samples.chunks_exact(row.max(1));
            rows.flat_map(|row| (0..width).map(move |x| pixel(row, x))).collect()
        }
        ColorType::Gray(8 | 16) => samples,
        ColorType::GrayA(8 | 16) => {
            samples.as_chunks::<2>().0.iter().map(|[g, a]| on_paper(*g, *a)).collect()
        }
        ColorType::RGB(8 | 16) => colours(&samples),
        // how bright it is stands first
        ColorType::YCbCr(8) => samples.as_chunks::<3>().0.iter().map(|[y, ..]| *y).collect(),
        ColorType::RGBA(8 | 16) => with_alpha(&samples),
        ColorType::CMYK(8) => samples
            .as_chunks::<4>()
            .0
            .iter()
            .map(|[c, m, y, k]| {
                let light = |ink: &u8| (u16::from(255 - ink) * u16::from(255 - k) / 255) as u8;
                grey([light(c), light(m), light(y)])
            })
            .collect(),
        _ => return Err(unsupported()),
    };
    if pixels.len() != width as usize * height as usize {
        return Err(damaged("it has not as many pixels as it says"));
    }
    Ok(Grey { width, height, pixels })
}

impl Grey {
    /// The picture as a page, in points: paper is as large as A4 where it has its form, and letters are as large as those
    /// of reports.
    pub(crate) fn page(&self) -> Option<Picture> {
        /// Longer side to shorter side of paper, and of photographs of it.
        const PAPER: std::ops::RangeInclusive<f64> = 1.2..=1.55;
        /// A4, its longer side.
        const LONGER: f64 = 842.0;
        const USUAL: f64 = 2.0;
        /// Heights of most signs in points, and what they are taken for where they are others.
        const LETTERS: std::ops::RangeInclusive<f64> = 5.0..=15.0;
        const LETTER: f64 = 8.5;
        let (width, height) = (f64::from(self.width), f64::from(self.height));
        let (longer, shorter) = (width.max(height), width.min(height));
        let mut scale = if PAPER.contains(&(longer / shorter)) { longer / LONGER } else { USUAL };
        let drawn = self.drawn(scale)?;
        if let Some(letter) = letter(&drawn)
            && !LETTERS.contains(&letter)
        {
            scale *= letter / LETTER;
            return self.drawn(scale);
        }
        Some(drawn)
    }

    fn drawn(&self, scale: f64) -> Option<Picture> {
        let (width, height) = (f64::from(self.width), f64::from(self.height));
        let mut picture = Picture::new(width / scale, height / scale, scale)?;
        let size = (self.width, self.height);
        picture.draw(size, Affine::scale(1.0 / scale), |at| self.pixels.get(at).copied());
        Some(picture)
    }
}

/// How high most signs are, in points.
fn letter(picture: &Picture) -> Option<f64> {
    const FEWEST: usize = 40;
    /// Signs are about as wide as high, and no speckles.
    const FORM: std::ops::Range<f64> = 0.4..2.0;
    const LEAST: usize = 4;
    let ink = picture.ink();
    let spots = strips::spots(picture.width, picture.height, |x, y| ink[y * picture.width + x]);
    let mut heights: Vec<usize> = spots
        .iter()
        .map(|[x0, y0, x1, y1]| (x1 - x0, y1 - y0))
        .filter(|(w, h)| w.min(h) > &LEAST && FORM.contains(&(*w as f64 / *h as f64)))
        .map(|(_, height)| height)
        .collect();
    if heights.len() < FEWEST {
        return None;
    }
    heights.sort_unstable();
    Some(heights[heights.len() * 6 / 10] as f64 / picture.scale)
}
