//! The data of a path: `M 0 0 L 10 0 B … C`.

use super::tree::number;
use hayro_interpret::kurbo::{Arc, BezPath, Point, SvgArc, Vec2};

/// Elements of a path that are read.
const LONGEST: usize = 200_000;
/// How far curves may be from their arc, in millimetres.
const TOLERANCE: f64 = 0.1;

/// The path, as far as its data can be read.
pub(super) fn path(data: &str) -> BezPath {
    let mut path = BezPath::new();
    let (mut start, mut last) = (Point::ZERO, Point::ZERO);
    let mut words = Words(data);
    let mut next = words.command();
    while let Some(command) = next {
        let Some(count) = count(command) else { break };
        if path.elements().len() > LONGEST {
            break;
        }
        let mut values = [0.0; 7];
        if !values[..count].iter_mut().all(|value| words.number().map(|n| *value = n).is_some()) {
            break;
        }
        let point = |at: usize| Point::new(values[at], values[at + 1]);
        // every path begins somewhere
        if path.elements().is_empty() && !matches!(command, 'M' | 'S') {
            path.move_to(last);
        }
        match command {
            'M' | 'S' => {
                (start, last) = (point(0), point(0));
                path.move_to(last);
            }
            'L' => {
                last = point(0);
                path.line_to(last);
            }
            'Q' => {
                last = point(2);
                path.quad_to(point(0), last);
            }
            'B' => {
                last = point(4);
                path.curve_to(point(0), point(1 + 1), last);
            }
            'A' => {
                let arc = SvgArc {
                    from: last,
                    to: point(5),
                    radii: Vec2::new(values[0], values[1]),
                    x_rotation: values[2].to_radians(),
                    large_arc: values[3] != 0.0,
                    sweep: values[4] != 0.0,
                };
                last = arc.to;
                match Arc::from_svg_arc(&arc) {
                    Some(arc) => {
                        arc.to_cubic_beziers(TOLERANCE, |a, b, to| path.curve_to(a, b, to));
                    }
                    None => path.line_to(last),
                }
            }
            _ => {
                last = start;
                path.close_path();
            }
        }
        // more numbers are more of the same
        next = match words.command() {
            Some(next) => Some(next),
            None if count == 0 || words.0.is_empty() => None,
            None if matches!(command, 'M' | 'S') => Some('L'),
            None => Some(command),
        };
    }
    path
}

/// How many numbers stand behind a command.
fn count(command: char) -> Option<usize> {
    Some(match command {
        'M' | 'S' | 'L' => 2,
        'Q' => 4,
        'B' => 6,
        'A' => 7,
        'C' => 0,
        _ => return None,
    })
}

/// Commands and numbers, with or without blanks between them.
struct Words<'d>(&'d str);

impl Words<'_> {
    fn skip(&mut self) {
        self.0 = self.0.trim_start_matches([' ', ',', '\t', '\r', '\n']);
    }

    fn command(&mut self) -> Option<char> {
        self.skip();
        let first = self.0.chars().next().filter(char::is_ascii_alphabetic)?;
        self.0 = &self.0[1..];
        Some(first)
    }

    fn number(&mut self) -> Option<f64> {
        self.skip();
        let mut before = ' ';
        let end = self.0.find(|c: char| {
            let is_part = match c {
                '-' | '+' => matches!(before, ' ' | 'e' | 'E'),
                _ => c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E'),
            };
            before = c;
            !is_part
        });
        let (word, rest) = self.0.split_at(end.unwrap_or(self.0.len()));
        self.0 = rest;
        number(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hayro_interpret::kurbo::Shape;

    #[test]
    fn ok_every_command() {
        let of = |data: &str| path(data).to_svg();
        assert_eq!(of("M 0 0 L 10 0 L 10 5 C"), "M0,0 L10,0 L10,5 Z");
        assert_eq!(of("S 1 2 Q 3 4 5 6 B 1 2 3 4 5 6"), "M1,2 Q3,4 5,6 C1,2 3,4 5,6");
        assert_eq!(of("M0,0L1-2 3 4C"), "M0,0 L1,-2 L3,4 Z");
        assert_eq!(of("M 0 0 10 0 1e1 5"), "M0,0 L10,0 L10,5");
        let circle = path("M 0 5 A 5 5 0 1 1 10 5 A 5 5 0 1 1 0 5");
        let bounds = circle.bounding_box();
        assert!((bounds.width() - 10.0).abs() < 0.1 && (bounds.height() - 10.0).abs() < 0.1);
    }

    #[test]
    fn err_what_is_no_path_ends_it() {
        let of = |data: &str| path(data).to_svg();
        assert_eq!(of("M 0 0 L 10"), "M0,0");
        assert_eq!(of("M 0 0 L 1 1 X 2 2"), "M0,0 L1,1");
        assert_eq!(of("L 1 1"), "M0,0 L1,1");
        assert_eq!(of("M 0 0 L NaN 1"), "M0,0");
        assert_eq!(of("M 0 0 L 1e300 1"), "M0,0");
        assert_eq!(of("C C C 5"), "M0,0 Z Z Z");
        assert_eq!(of("一 M 0 0"), "");
    }
}
