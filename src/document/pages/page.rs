//! One page as drawn: glyphs with their places, ruled lines, pictures.
//!
//! Places are in points from the upper left corner of the page as it is shown, rotation applied.

use crate::document::blocks::{Readings, Scan};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Affine, Point, Rect, Vec2};

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
    /// The picture that it is, where somebody wants to see it: a JPEG.
    pub(crate) scan: Vec<u8>,
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

    /// The picture that it is, as it is shown.
    pub(super) fn take_scan(&mut self) -> Option<Scan> {
        let jpeg = std::mem::take(&mut self.scan);
        let is_aside = self.turned % 2 == 1;
        let size = if is_aside { (self.height, self.width) } else { (self.width, self.height) };
        (!jpeg.is_empty()).then_some(Scan { page: self.number, size, jpeg })
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

    /// Whether it shows nothing.
    pub(crate) fn is_blank(&self) -> bool {
        self.glyphs.is_empty() && self.picture == 0.0 && self.shapes.is_empty()
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
