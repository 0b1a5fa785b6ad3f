//! Stage 4: labels → the outline of the document: which of the form's sections stand where.

pub mod heading;
pub mod lines;
pub mod outline;

pub use heading::Heading;
pub use lines::Line;
pub use outline::{narrative, outline};

use crate::span::Span;

/// Lines that look like headings and are none of the outline, and a heading glued to its text behind the last, outside of
/// the given ranges (tables).
pub fn spare(source: &str, lines: &[Line], outline: &[Heading], holes: &[Span]) -> Vec<Line> {
    let is_heading = |line: &Line| {
        outline.iter().any(|h| h.title.start < line.title.end && line.ordinal.start < h.title.end)
    };
    let is_inside =
        |line: &Line| holes.iter().any(|h| h.start < line.title.end && line.ordinal.start < h.end);
    let glued = lines::glued(source, outline)
        .filter(|glued| lines.iter().all(|line| line.ordinal.start != glued.ordinal.start));
    let all = lines.iter().copied().chain(glued);
    all.filter(|line| !is_heading(line) && !is_inside(line)).collect()
}
