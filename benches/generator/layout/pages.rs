//! Pages: a number under each (or over it, in raw order), a form feed between them.

use super::super::random::Random;

/// Lines as they fall on pages.
pub(crate) struct Pages {
    text: String,
    used: usize,
    length: usize,
    number: usize,
    marks: (&'static str, &'static str),
    left: usize,
    on_top: bool,
    spaced: bool,
}

impl Pages {
    /// Empty pages; `aligned` ones keep the place of the number on the line.
    pub(crate) fn new(random: &mut Random, aligned: bool) -> Self {
        let mut pages = Self {
            text: String::new(),
            used: 0,
            length: 24 + random.below(20),
            number: 1,
            marks: random.pick(&[("- ", " -"), ("-", "-"), ("— ", " —")]),
            left: if aligned { random.pick(&[5, 34, 60]) } else { 0 },
            on_top: !aligned && random.chance(40),
            spaced: aligned,
        };
        if pages.on_top {
            pages.write_number();
        }
        pages
    }

    /// Lines that stay together; where they start a page inside a table, its header may come again.
    pub(crate) fn lines(&mut self, lines: &[String], header: &[String]) {
        if self.used + lines.len() > self.length && self.used > 0 {
            self.turn();
            self.write(header);
        }
        self.write(lines);
    }

    fn write(&mut self, lines: &[String]) {
        for line in lines {
            self.text += line.trim_end();
            self.text.push('\n');
            self.used += 1;
        }
    }

    fn write_number(&mut self) {
        let (before, after) = self.marks;
        let mark = format!("{before}{}{after}", self.number);
        self.text +=
            &" ".repeat(if self.number.is_multiple_of(2) { self.left.min(5) } else { self.left });
        self.text += &mark;
        self.text.push('\n');
        self.number += 1;
    }

    fn turn(&mut self) {
        if self.spaced {
            self.text.push('\n');
        }
        if !self.on_top {
            self.write_number();
        }
        self.text.push('\u{c}');
        if self.on_top {
            self.write_number();
        }
        self.used = 0;
    }

    /// The text, the last page closed.
    pub(crate) fn finish(mut self) -> String {
        if !self.on_top {
            if self.spaced {
                self.text.push('\n');
            }
            self.write_number();
        }
        self.text.push('\u{c}');
        self.text
    }
}
