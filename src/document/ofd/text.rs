//! A text object: characters, each at its place.

use super::tree::{Element, number};

/// A character, and where it stands: the left end of its baseline, in the object's own millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Placed {
    pub(super) c: char,
    pub(super) x: f64,
    pub(super) y: f64,
    /// How wide it is.
    pub(super) width: f64,
}

/// The characters of an object of this size, whose glyphs are so many times as wide as the font makes them.
pub(super) fn characters(object: &Element, size: f64, stretch: f64, out: &mut Vec<Placed>) {
    let (mut first_x, mut first_y) = (0.0, 0.0);
    for code in object.all("TextCode") {
        // what it does not say is as it was
        first_x = code.number("X").unwrap_or(first_x);
        first_y = code.number("Y").unwrap_or(first_y);
        let (mut x, mut y) = (first_x, first_y);
        // blanks of a file that is set out in lines are no characters
        let text = code.text.trim_matches(['\n', '\r', '\t']);
        let mut right = Deltas::new(code.get("DeltaX"));
        let mut down = Deltas::new(code.get("DeltaY"));
        let is_placed = right.is_said() || down.is_said();
        let (along_x, along_y) = along(object);
        for c in text.chars() {
            let full = size * ems(c);
            let width = full * stretch;
            let (dx, dy) = if is_placed {
                (right.next(), down.next())
            } else {
                (along_x * width, along_y * full)
            };
            // fonts are not looked into; where the next stands nearer, it is narrower than most
            let width = if dy == 0.0 && dx > 0.0 { width.min(dx) } else { width };
            out.push(Placed { c, x, y, width });
            (x, y) = (x + dx, y + dy);
        }
    }
}

/// Which way characters follow each other whose places are not said.
fn along(object: &Element) -> (f64, f64) {
    match object.get("ReadDirection") {
        Some("90") => (0.0, 1.0),
        Some("180") => (-1.0, 0.0),
        Some("270") => (0.0, -1.0),
        _ => (1.0, 0.0),
    }
}

/// How wide a character is, in ems: half of one for letters and digits, a whole one for ideographs and their marks.
fn ems(c: char) -> f64 {
    if c < '\u{250}' && !matches!(c, '×' | '÷' | '±' | '·' | '°' | '§') { 0.5 } else { 1.0 }
}

/// How far each character stands from the one before: `g 3 2.5` is three times 2.5, and the last goes on for ever.
struct Deltas<'d> {
    words: Option<std::str::SplitAsciiWhitespace<'d>>,
    /// How often the last is still to be given.
    repeats: f64,
    last: f64,
}

impl<'d> Deltas<'d> {
    fn new(said: Option<&'d str>) -> Self {
        let words = said.filter(|said| !said.is_empty()).map(str::split_ascii_whitespace);
        Self { words, repeats: 0.0, last: 0.0 }
    }

    fn is_said(&self) -> bool {
        self.words.is_some()
    }

    fn next(&mut self) -> f64 {
        if self.repeats >= 1.0 {
            self.repeats -= 1.0;
            return self.last;
        }
        let Some(words) = &mut self.words else { return 0.0 };
        let mut next = words.next();
        while next == Some("g") {
            self.repeats = words.next().and_then(|word| word.parse().ok()).unwrap_or(0.0);
            next = words.next();
            if self.repeats >= 1.0 {
                self.repeats -= 1.0;
                break;
            }
            next = words.next();
        }
        if let Some(delta) = next.and_then(number) {
            self.last = delta;
        }
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::read;
    use super::*;

    fn placed(attributes: &str, codes: &str) -> Vec<(char, f64, f64)> {
        let (object, _) = read(&format!("<TextObject {attributes}>{codes}</TextObject>"));
        let mut out = Vec::new();
        characters(&object, 4.0, 1.0, &mut out);
        out.into_iter().map(|placed| (placed.c, placed.x, placed.y)).collect()
    }

    #[test]
    fn ok_deltas() {
        let of = |deltas: &str| -> Vec<f64> {
            let mut deltas = Deltas::new(Some(deltas));
            (0..6).map(|_| deltas.next()).collect()
        };
        assert_eq!(of("1 2 3"), [1.0, 2.0, 3.0, 3.0, 3.0, 3.0]);
        assert_eq!(of("g 3 2.5 1"), [2.5, 2.5, 2.5, 1.0, 1.0, 1.0]);
        assert_eq!(of("1 g 2 5 g 1 -7 4"), [1.0, 5.0, 5.0, -7.0, 4.0, 4.0]);
        assert_eq!(of("g 0 9 2"), [2.0; 6]);
        assert_eq!(of("g 99999999999 1"), [1.0; 6]);
        assert_eq!(of("g"), [0.0; 6]);
        assert_eq!(of("x"), [0.0; 6]);
    }

    #[test]
    fn ok_places() {
        let two = "<TextCode X='1' Y='3' DeltaX='2 4'>1一2</TextCode><TextCode Y='9'>三</TextCode>";
        let expected = [('1', 1.0, 3.0), ('一', 3.0, 3.0), ('2', 7.0, 3.0), ('三', 1.0, 9.0)];
        assert_eq!(placed("", two), expected);
        let lines = "<TextCode X='0' Y='3' DeltaX='2 -2 2' DeltaY='0 5 0'>1234</TextCode>";
        let expected = [('1', 0.0, 3.0), ('2', 2.0, 3.0), ('3', 0.0, 8.0), ('4', 2.0, 8.0)];
        assert_eq!(placed("", lines), expected);
        let unplaced = "<TextCode X='0' Y='3'>1一2</TextCode>";
        assert_eq!(placed("", unplaced), [('1', 0.0, 3.0), ('一', 2.0, 3.0), ('2', 6.0, 3.0)]);
        let down = [('1', 0.0, 3.0), ('一', 0.0, 5.0), ('2', 0.0, 9.0)];
        assert_eq!(placed("ReadDirection='90'", unplaced), down);
    }
}
