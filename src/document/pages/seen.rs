//! Which of the glyphs that are drawn a reader of the page sees.
//!
//! Not seen is what stands outside of the clip, in the mode that draws nothing, under something opaque that is drawn
//! later, or in the colour of what is behind it. Text that a machine recognised under a scan is hidden like this on
//! purpose: where a page is a scan, what is hidden is all there is to read.

use super::page::Glyph;
use hayro_interpret::kurbo::{Point, Rect, Shape, Size};
use hayro_interpret::{ClipPath, FillRule};

/// Colours that differ by no more in any part of 255 are one to the eye.
const SAME_COLOUR: u8 = 20;
/// Of a glyph's middle so much must be inside the clip for it to be seen.
const LEAST_SEEN: f64 = 0.15;
/// What is more transparent is not seen, what is less is opaque.
const TRANSPARENT: f32 = 0.05;
const OPAQUE: f32 = 0.95;
/// Elements of a clip's shape that is looked at.
const LONGEST_SHAPE: usize = 200;
/// Grounds of a page that are kept, and comparisons of glyphs with them.
const MOST_GROUNDS: usize = 50_000;
const MOST_COMPARED: usize = 100_000_000;
/// Bars that are thinner hide no glyph.
const THINNEST: f64 = 3.0;

/// Red, green and blue.
pub(crate) type Colour = [u8; 3];
const PAPER: Colour = [255; 3];

fn are_alike(a: Colour, b: Colour) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= SAME_COLOUR)
}

/// What something is drawn with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ink {
    /// None for patterns and pictures.
    colour: Option<Colour>,
    is_opaque: bool,
    is_transparent: bool,
}

impl Ink {
    /// Whether it leaves no trace on white paper.
    pub(super) fn is_unseen_on_paper(self) -> bool {
        self.is_transparent || self.colour.is_some_and(|colour| are_alike(colour, PAPER))
    }

    fn is_on(self, ground: Self) -> bool {
        ground.is_opaque && self.colour.zip(ground.colour).is_some_and(|(a, b)| are_alike(a, b))
    }
}

/// Something filled, or a picture.
#[derive(Debug)]
struct Ground {
    order: usize,
    area: Rect,
    ink: Ink,
}

#[derive(Debug)]
struct Mark {
    order: usize,
    ink: Ink,
    is_hidden: bool,
    is_invisible: bool,
}

/// What lets things through.
struct Clip {
    area: Rect,
    is_rect: bool,
    /// What it is, where that is no rectangle.
    shape: Option<ClipPath>,
}

/// What was drawn so far, as far as it hides something.
pub(super) struct Seen {
    /// Each inside the one before.
    clips: Vec<Clip>,
    opacity: Vec<f32>,
    grounds: Vec<Ground>,
    /// For each glyph.
    marks: Vec<Mark>,
}

impl Seen {
    pub(super) fn new(page: Size) -> Self {
        let clips = vec![Clip { area: page.to_rect(), is_rect: true, shape: None }];
        Self { clips, opacity: vec![1.0], grounds: Vec::new(), marks: Vec::new() }
    }

    fn clip(&self) -> (Rect, bool) {
        self.clips.last().map_or((Rect::ZERO, true), |clip| (clip.area, clip.is_rect))
    }

    fn push(&mut self, area: Rect, is_rect: bool, shape: Option<ClipPath>) {
        let (outer, was_rect) = self.clip();
        let area = Rect::new(area.x0, area.y0, area.x1, area.y1).intersect(outer);
        self.clips.push(Clip { area, is_rect: is_rect && was_rect, shape });
    }

    /// A clip that is a rectangle.
    pub(super) fn push_clip(&mut self, area: Rect) {
        self.push(area, true, None);
    }

    /// A clip of another shape. One that glyphs make up shows them, once something is filled in it.
    pub(super) fn push_shape_clip(&mut self, clip: &ClipPath, area: Rect, glyphs: &[Glyph]) {
        let last = self.marks.iter_mut().zip(glyphs).rev();
        for (mark, _) in
            last.take_while(|(mark, glyph)| mark.is_invisible && area.contains(glyph.center()))
        {
            mark.is_hidden = false;
        }
        let is_simple = clip.path.elements().len() <= LONGEST_SHAPE;
        self.push(area, false, is_simple.then(|| clip.clone()));
    }

    /// Whether the shapes of the clips let nothing of an area through, as far as some places of it tell.
    fn is_shut(&self, area: Rect) -> bool {
        let places = [0.1, 0.5, 0.9].map(|part| {
            [0.1, 0.5, 0.9].map(|down| {
                Point::new(area.x0 + part * area.width(), area.y0 + down * area.height())
            })
        });
        self.clips.iter().filter_map(|clip| clip.shape.as_ref()).any(|shape| {
            let holds = |at: &Point| match shape.fill {
                FillRule::NonZero => shape.path.winding(*at) != 0,
                FillRule::EvenOdd => shape.path.winding(*at) % 2 != 0,
            };
            !places.as_flattened().iter().any(holds)
        })
    }

    pub(super) fn pop_clip(&mut self) {
        if self.clips.len() > 1 {
            self.clips.pop();
        }
    }

    pub(super) fn push_group(&mut self, opacity: f32) {
        self.opacity.push(opacity * self.opacity.last().copied().unwrap_or(1.0));
    }

    pub(super) fn pop_group(&mut self) {
        if self.opacity.len() > 1 {
            self.opacity.pop();
        }
    }

    /// What a colour makes of it here, none for a pattern; `is_plain` when no mask and no blending changes what comes out.
    pub(super) fn ink(&self, colour: Option<Colour>, alpha: f32, is_plain: bool) -> Ink {
        let alpha = alpha * self.opacity.last().copied().unwrap_or(1.0);
        Ink {
            colour,
            is_opaque: is_plain && colour.is_some() && alpha >= OPAQUE,
            is_transparent: alpha <= TRANSPARENT,
        }
    }

    /// What a picture is drawn with.
    pub(super) fn picture(&self, has_mask: bool) -> Ink {
        let opacity = self.opacity.last().copied().unwrap_or(1.0);
        Ink {
            colour: None,
            is_opaque: !has_mask && opacity >= OPAQUE,
            is_transparent: opacity <= TRANSPARENT,
        }
    }

    /// What of an area the clip lets through.
    pub(super) fn clipped(&self, area: Rect) -> Rect {
        area.intersect(self.clip().0)
    }

    /// Something filled; of what is no rectangle only the bounds are known, and it hides nothing.
    pub(super) fn ground(&mut self, order: usize, area: Rect, ink: Ink, fills_it: bool) {
        let (clip, is_rect) = self.clip();
        let area = area.intersect(clip);
        let is_thin = area.width().min(area.height()) <= THINNEST;
        if is_thin || ink.is_transparent || self.grounds.len() >= MOST_GROUNDS {
            return;
        }
        let fills_it = fills_it && is_rect;
        let ink = Ink {
            colour: ink.colour.filter(|_| fills_it),
            is_opaque: ink.is_opaque && fills_it,
            ..ink
        };
        self.grounds.push(Ground { order, area, ink });
    }

    /// The next glyph.
    pub(super) fn glyph(&mut self, order: usize, glyph: &Glyph, ink: Ink, is_invisible: bool) {
        let middle = middle(glyph);
        let shown = self.clipped(middle).area();
        let is_outside = shown < LEAST_SEEN * middle.area() || self.is_shut(middle);
        let is_hidden = is_invisible || is_outside || ink.is_transparent;
        self.marks.push(Mark { order, ink, is_hidden, is_invisible });
    }

    /// For each glyph, whether it is hidden; none when there is too much to compare.
    pub(super) fn hidden(&self, glyphs: &[Glyph]) -> Option<Vec<bool>> {
        let colours: Vec<Colour> = {
            let mut colours: Vec<Colour> =
                self.grounds.iter().filter_map(|ground| ground.ink.colour).collect();
            colours.sort_unstable();
            colours.dedup();
            colours
        };
        let mut compared = 0;
        let mut hidden = Vec::with_capacity(glyphs.len());
        for (glyph, mark) in glyphs.iter().zip(&self.marks) {
            compared += self.grounds.len();
            if compared > MOST_COMPARED {
                return None;
            }
            let may_be_alike = mark.ink.colour.is_some_and(|own| {
                are_alike(own, PAPER) || colours.iter().any(|other| are_alike(own, *other))
            });
            let is_hidden = mark.is_hidden
                || self.is_covered(glyph, mark)
                || (may_be_alike && self.is_in_colour_of_ground(glyph.center(), mark));
            hidden.push(is_hidden);
        }
        Some(hidden)
    }

    fn is_covered(&self, glyph: &Glyph, mark: &Mark) -> bool {
        let middle = middle(glyph);
        let later = self.grounds.iter().rev().take_while(|ground| ground.order > mark.order);
        later.into_iter().any(|ground| {
            ground.ink.is_opaque
                && ground.area.x0 <= middle.x0
                && middle.x1 <= ground.area.x1
                && ground.area.y0 <= middle.y0
                && middle.y1 <= ground.area.y1
        })
    }

    fn is_in_colour_of_ground(&self, at: Point, mark: &Mark) -> bool {
        let before = self
            .grounds
            .iter()
            .rev()
            .find(|ground| ground.order < mark.order && ground.area.contains(at));
        match before {
            Some(ground) => mark.ink.is_on(ground.ink),
            None => mark.ink.is_unseen_on_paper(),
        }
    }
}

/// The middle of a glyph's box, where its strokes are.
fn middle(glyph: &Glyph) -> Rect {
    const MARGIN: f64 = 0.2;
    let (width, height) = (glyph.x.1 - glyph.x.0, glyph.y.1 - glyph.y.0);
    Rect::new(glyph.x.0, glyph.y.0, glyph.x.1, glyph.y.1).inset((-MARGIN * width, -MARGIN * height))
}
