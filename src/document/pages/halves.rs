//! Two pages of a book on one sheet.

use super::page::{Glyph, Line, Page};
use hayro_interpret::kurbo::Vec2;
use std::ops::Range;

impl Page {
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
                is_recognised: self.is_recognised,
                slant: self.slant,
                numbers: self.numbers.clone(),
                witnessed: self.witnessed.clone(),
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
}
