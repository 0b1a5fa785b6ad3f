//! The pixels of a page, grey, with colour seals lifted, and what can be told of them as a whole.

use hayro_interpret::kurbo::{Affine, Point, Rect};

/// Most pixels of a page: A4 at 400 points an inch.
const MOST_PIXELS: f64 = 16e6;
/// Most pixels of a picture that is unpacked: A3 at 600 points an inch.
pub(crate) const MOST_UNPACKED: u64 = 70_000_000;
/// What is finer is read at this scale, in pixels a point; finer strokes tell no more.
const FINEST: f64 = 200.0 / 72.0;
/// Angles that are looked at, in degrees; a page that lies more askew is not read.
const MOST_SKEW: f64 = 4.0;

/// A page as pixels.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) pixels: Vec<u8>,
    /// Pixels a point.
    pub(super) scale: f64,
}

impl Picture {
    /// White paper of this size in points; none when it has too many pixels.
    pub(crate) fn new(width: f64, height: f64, scale: f64) -> Option<Self> {
        let scale = scale.min(FINEST);
        let (across, down) = ((width * scale).ceil(), (height * scale).ceil());
        if !(across >= 16.0 && down >= 16.0 && across * down <= MOST_PIXELS) {
            return None;
        }
        let (width, height) = (across as usize, down as usize);
        Some(Self { width, height, pixels: vec![255; width * height], scale })
    }

    /// Its width and height in points.
    pub(super) fn size(&self) -> (f64, f64) {
        (self.width as f64 / self.scale, self.height as f64 / self.scale)
    }

    /// Draws pixels: `grey` says how bright each is, `place` where on the page they stand, in points.
    pub(crate) fn draw(
        &mut self,
        size: (u32, u32),
        place: Affine,
        grey: impl Fn(usize) -> Option<u8>,
    ) {
        let (width, height) = (f64::from(size.0), f64::from(size.1));
        let place = Affine::scale(self.scale) * place;
        if place.determinant().abs() < 1e-12 {
            return;
        }
        let drawn = place.transform_rect_bbox(Rect::new(0.0, 0.0, width, height));
        let back = place.inverse();
        // as many samples as there are pixels under one of the page
        let fine = back.determinant().abs().sqrt().ceil().clamp(1.0, 4.0);
        let clamp = |at: f64, most: usize| at.clamp(0.0, most as f64) as usize;
        let (left, right) =
            (clamp(drawn.x0.floor(), self.width), clamp(drawn.x1.ceil(), self.width));
        let (top, bottom) =
            (clamp(drawn.y0.floor(), self.height), clamp(drawn.y1.ceil(), self.height));
        let samples = fine as usize;
        for y in top..bottom {
            crate::guard::check();
            for x in left..right {
                let (mut sum, mut count) = (0u32, 0u32);
                for sample in 0..samples * samples {
                    let part = |nth: usize| (nth as f64 + 0.5) / fine;
                    let at = Point::new(
                        x as f64 + part(sample % samples),
                        y as f64 + part(sample / samples),
                    );
                    let at = back * at;
                    if at.x < 0.0 || at.y < 0.0 || at.x >= width || at.y >= height {
                        continue;
                    }
                    let nth = at.y as usize * size.0 as usize + at.x as usize;
                    if let Some(grey) = grey(nth) {
                        sum += u32::from(grey);
                        count += 1;
                    }
                }
                if let Some(grey) = sum.checked_div(count) {
                    self.pixels[y * self.width + x] = grey as u8;
                }
            }
        }
    }

    /// Its pixels as a file; nothing where it cannot be one.
    pub(super) fn jpeg(&self) -> Vec<u8> {
        const QUALITY: u8 = 60;
        let mut bytes = Vec::new();
        let (width, height) = (self.width as u32, self.height as u32);
        let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, QUALITY);
        match encoder.encode(&self.pixels, width, height, image::ExtendedColorType::L8) {
            Ok(()) => bytes,
            Err(_) => Vec::new(),
        }
    }

    /// How bright the paper is.
    pub(super) fn paper(&self) -> u8 {
        let mut counts = [0usize; 256];
        self.pixels.iter().step_by(37).for_each(|pixel| counts[usize::from(*pixel)] += 1);
        let half = counts.iter().sum::<usize>() / 2;
        let mut seen = 0;
        let middle = counts.iter().position(|count| {
            seen += count;
            seen > half
        });
        middle.unwrap_or(255) as u8
    }

    /// How much neighbouring pixels differ where nothing is drawn: the deviation of the noise.
    pub(super) fn noise(&self) -> f64 {
        // of white noise the second difference has six times the variance, and half of all are below 0.6745 deviations
        const TO_DEVIATION: f64 = 0.6745 * 2.449;
        let mut counts = [0usize; 1024];
        for row in self.pixels.chunks_exact(self.width).step_by(3) {
            for three in row.windows(3) {
                let [a, b, c] = [three[0], three[1], three[2]].map(i32::from);
                counts[(a + c - 2 * b).unsigned_abs() as usize] += 1;
            }
        }
        let half = counts.iter().sum::<usize>() / 2;
        let mut seen = 0;
        let middle = counts.iter().position(|count| {
            seen += count;
            seen > half
        });
        middle.unwrap_or(0) as f64 / TO_DEVIATION
    }

    /// Sums of all pixels left of and above each, for means of any rectangle.
    fn sums(&self) -> Vec<u64> {
        let across = self.width + 1;
        let mut sums = vec![0u64; across * (self.height + 1)];
        for y in 0..self.height {
            let mut row = 0;
            for x in 0..self.width {
                row += u64::from(self.pixels[y * self.width + x]);
                sums[(y + 1) * across + x + 1] = sums[y * across + x + 1] + row;
            }
        }
        sums
    }

    /// Which pixels are ink: darker than the mean around them by more than the noise.
    pub(super) fn ink(&self) -> Vec<bool> {
        /// Half of the window's width, in points.
        const AROUND: f64 = 8.0;
        let least = (3.0 * self.noise()).clamp(14.0, 45.0) as i64;
        let around = (AROUND * self.scale).max(3.0) as usize;
        let (sums, across) = (self.sums(), self.width + 1);
        let mut ink = vec![false; self.pixels.len()];
        for y in 0..self.height {
            let (top, bottom) = (y.saturating_sub(around), (y + around + 1).min(self.height));
            for x in 0..self.width {
                let (left, right) = (x.saturating_sub(around), (x + around + 1).min(self.width));
                let sum = sums[bottom * across + right] + sums[top * across + left]
                    - sums[top * across + right]
                    - sums[bottom * across + left];
                let count = ((bottom - top) * (right - left)) as i64;
                let own = i64::from(self.pixels[y * self.width + x]) + least;
                ink[y * self.width + x] = own * count < sum as i64;
            }
        }
        ink
    }

    /// By how many degrees the page lies askew: turned back by so much, its rows of ink are sharpest.
    pub(super) fn skew(&self, ink: &[bool]) -> f64 {
        const MOST_POINTS: usize = 150_000;
        let all: Vec<usize> = (0..ink.len()).filter(|at| ink[*at]).collect();
        let every = all.len() / MOST_POINTS + 1;
        let middle = self.width as f64 / 2.0;
        let points: Vec<(f64, f64)> = all
            .iter()
            .step_by(every)
            .map(|at| ((at % self.width) as f64 - middle, (at / self.width) as f64))
            .collect();
        let margin = middle * MOST_SKEW.to_radians().tan() + 2.0;
        let mut rows = vec![0f64; self.height + 2 * margin as usize + 2];
        let mut sharpness = |degrees: f64| {
            let slope = degrees.to_radians().tan();
            rows.fill(0.0);
            for (x, y) in &points {
                let row = (y - slope * x + margin) as usize;
                if let Some(count) = rows.get_mut(row) {
                    *count += 1.0;
                }
            }
            rows.windows(2).map(|two| (two[0] - two[1]).powi(2)).sum::<f64>()
        };
        let mut best = (0.0, sharpness(0.0));
        for (steps, step) in [(MOST_SKEW / 0.1, 0.1), (5.0, 0.02)] {
            let from = best.0;
            let count = steps as i32;
            for nth in -count..=count {
                let degrees = from + f64::from(nth) * step;
                let own = sharpness(degrees);
                if own > best.1 {
                    best = (degrees, own);
                }
            }
        }
        best.0
    }

    /// The page turned by a quarter counter-clockwise.
    pub(super) fn quarter_back(&self) -> Self {
        let (width, height) = (self.height, self.width);
        let mut pixels = Vec::with_capacity(self.pixels.len());
        for y in 0..height {
            let column = self.width - 1 - y;
            pixels.extend((0..width).map(|x| self.pixels[x * self.width + column]));
        }
        Self { width, height, pixels, scale: self.scale }
    }

    /// The page turned back by so many degrees about its middle.
    pub(super) fn turned_back(&self, degrees: f64) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (mid_x, mid_y) = (self.width as f64 / 2.0, self.height as f64 / 2.0);
        let paper = f64::from(self.paper());
        let pixel = |x: f64, y: f64| {
            if x < 0.0 || y < 0.0 || x >= self.width as f64 || y >= self.height as f64 {
                return paper;
            }
            let at = y as usize * self.width + x as usize;
            f64::from(self.pixels[at])
        };
        let mut pixels = Vec::with_capacity(self.pixels.len());
        for y in 0..self.height {
            crate::guard::check();
            for x in 0..self.width {
                let (dx, dy) = (x as f64 - mid_x, y as f64 - mid_y);
                let (at_x, at_y) = (mid_x + cos * dx - sin * dy, mid_y + sin * dx + cos * dy);
                let (left, top) = (at_x.floor(), at_y.floor());
                let (fx, fy) = (at_x - left, at_y - top);
                let upper = pixel(left, top) * (1.0 - fx) + pixel(left + 1.0, top) * fx;
                let lower = pixel(left, top + 1.0) * (1.0 - fx) + pixel(left + 1.0, top + 1.0) * fx;
                pixels.push((upper * (1.0 - fy) + lower * fy) as u8);
            }
        }
        Self { pixels, ..*self }
    }
}

/// How bright a coloured pixel is when the ink of seals is lifted off: red on white is paper, black under red stays black.
pub(crate) fn grey([red, green, blue]: [u8; 3]) -> u8 {
    const COLOURED: u8 = 25;
    const DARKEST_SEAL: u8 = 100;
    if red.saturating_sub(green.max(blue)) > COLOURED && red > DARKEST_SEAL {
        return red.max(green).max(blue);
    }
    ((u32::from(red) * 299 + u32::from(green) * 587 + u32::from(blue) * 114) / 1000) as u8
}
