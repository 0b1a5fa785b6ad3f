//! A page as it looks, as `pdftotext -layout` prints it: cells at their place on the line, labels wrapped, numbers at
//! the middle of their row, the vertical label down the margin.

use super::super::document::{Block, Document};
use super::super::form::Group;
use super::super::random::Random;
use super::super::tables::{Cell, Part, Row, Tables};
use super::pages::Pages;
use super::raw::pieces;
use super::wrapped;

/// Pieces of text and the column each starts in.
type Placed = Vec<(usize, String)>;

/// Where a label of an even number of lines has its numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Middle {
    Upper,
    Between,
    Below,
}

/// The places of one document.
#[expect(clippy::struct_excessive_bools, reason = "each is a habit of its own")]
struct Geometry {
    /// Columns that a Chinese character takes: 2 on a terminal, 1 as pdftotext counts.
    wide: usize,
    /// Where the group labels start.
    group: usize,
    /// Where the row labels inside groups start.
    label: usize,
    /// Characters of a row label on a line.
    label_width: usize,
    /// The centres of the seven number columns.
    first: usize,
    pitch: usize,
    right: bool,
    middle: Middle,
    group_first: bool,
    upright: bool,
    airy: bool,
}

/// Prints a document.
pub(crate) fn render(random: &mut Random, document: &Document) -> String {
    let geometry = Geometry::draw(random);
    let mut pages = Pages::new(random, true);
    let width = 26 + random.below(8);
    for block in &document.blocks {
        match block {
            Block::Chrome(text) => pages.lines(std::slice::from_ref(text), &[]),
            Block::Title(lines) => {
                for line in lines {
                    pages.lines(&[geometry.centred(line, width)], &[]);
                }
                pages.lines(&[String::new()], &[]);
            }
            Block::Heading(text) => pages.lines(&[format!("    {text}")], &[]),
            Block::Paragraph(text) => {
                for (index, line) in wrapped(text, width).into_iter().enumerate() {
                    let indent = if index == 0 { "    " } else { "" };
                    pages.lines(&[format!("{indent}{line}")], &[]);
                }
            }
            Block::Signature(text) => {
                pages.lines(&[format!("{}{text}", " ".repeat(34))], &[]);
            }
            Block::Proactive => geometry.proactive(random, &document.tables, &mut pages),
            Block::Applications => geometry.applications(random, &document.tables, &mut pages),
            Block::Review => geometry.review(&document.tables, &mut pages),
        }
    }
    pages.finish()
}

impl Geometry {
    fn draw(random: &mut Random) -> Self {
        let wide = if random.chance(60) { 1 } else { 2 };
        let upright = random.chance(60);
        let group = if upright { 4 + wide } else { 6 };
        let label = group + 8 * wide + 2;
        let label_width = 12 + random.below(8);
        Self {
            wide,
            group,
            label,
            label_width,
            first: label + label_width * wide + 4,
            pitch: 5 + 2 * wide + random.below(3),
            right: random.chance(25),
            middle: random.pick(&[Middle::Upper, Middle::Between, Middle::Below]),
            group_first: random.chance(25),
            upright,
            airy: random.chance(30),
        }
    }

    fn width(&self, text: &str) -> usize {
        text.chars().map(|char| if char.is_ascii() { 1 } else { self.wide }).sum()
    }

    fn centred(&self, text: &str, width: usize) -> String {
        let left = (width * self.wide).saturating_sub(self.width(text)) / 2;
        " ".repeat(left) + text
    }

    /// Where a text starts whose middle (or right end) is at `at`.
    fn start(&self, text: &str, at: usize, right: bool) -> usize {
        let width = self.width(text);
        if right { (at + 2).saturating_sub(width) } else { at.saturating_sub(width / 2) }
    }

    fn draw_line(&self, mut placed: Placed) -> String {
        placed.sort_by_key(|(at, _)| *at);
        let mut line = String::new();
        let mut used = 0;
        for (at, text) in placed {
            let blanks = at.saturating_sub(used).max(usize::from(used > 0));
            line.extend(std::iter::repeat_n(' ', blanks));
            used += blanks + self.width(&text);
            line += &text;
        }
        line
    }

    fn drawn(&self, lines: Vec<Placed>) -> Vec<String> {
        lines.into_iter().map(|placed| self.draw_line(placed)).collect()
    }

    /// The cells of a row at their columns, all moved by the same small `shift`.
    fn numbers(&self, cells: &[Cell], centre: impl Fn(usize) -> usize, shift: usize) -> Placed {
        let printed = cells.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty());
        printed
            .map(|(column, cell)| {
                (self.start(&cell.text, centre(column), self.right) + shift, cell.text.clone())
            })
            .collect()
    }

    fn column(&self, column: usize) -> usize {
        self.first + column * self.pitch + self.pitch / 2
    }

    fn proactive(&self, random: &mut Random, tables: &Tables, pages: &mut Pages) {
        for part in &tables.proactive {
            self.part(random, part, pages);
        }
    }

    fn part(&self, random: &mut Random, part: &Part, pages: &mut Pages) {
        let columns = part.header.len() - 1;
        let pitch = match columns {
            1 => 22 * self.wide,
            2 => 14 * self.wide,
            _ => 9 * self.wide + 4,
        };
        let centre = |column: usize| 14 * self.wide + pitch / 2 + column * pitch;
        let mut lines = Vec::new();
        if let Some(heading) = &part.heading {
            lines.push(vec![(self.start(heading, 22 * self.wide, false), heading.clone())]);
            lines.push(Placed::new());
        }
        let labels = part.header[1..].iter().enumerate().map(|(column, label)| {
            let label = label.replace('\n', "");
            (self.start(&label, centre(column), false), label)
        });
        lines.push([(4, part.header[0].clone())].into_iter().chain(labels).collect());
        pages.lines(&self.drawn(lines), &[]);
        for row in &part.rows {
            let shift = random.below(2);
            let mut placed = self.numbers(&row.cells, centre, shift);
            placed.push((0, row.label.clone()));
            let mut lines = vec![placed];
            if self.airy {
                lines.insert(0, Placed::new());
            }
            pages.lines(&self.drawn(lines), &[]);
        }
        pages.lines(&[String::new()], &[]);
    }

    /// A label in lines from `x` on, and the numbers of its row.
    fn row(&self, label: &[String], x: usize, numbers: Placed) -> Vec<Placed> {
        let mut lines: Vec<Placed> = label.iter().map(|piece| vec![(x, piece.clone())]).collect();
        let half = lines.len() / 2;
        if lines.len() % 2 == 1 {
            lines[half].extend(numbers);
        } else {
            match self.middle {
                Middle::Upper => lines[half - 1].extend(numbers),
                Middle::Between => lines.insert(half, numbers),
                Middle::Below => lines.push(numbers),
            }
        }
        lines.retain(|line| !line.is_empty());
        lines
    }

    fn application(&self, random: &mut Random, row: &Row) -> Vec<Placed> {
        let (x, width) = match row.group {
            Group::Top => (0, (self.first - 2) / self.wide),
            Group::Result => (self.group, (self.first - 2 - self.group) / self.wide),
            _ => (self.label, self.label_width),
        };
        let shift = random.below(2);
        let numbers = self.numbers(&row.cells, |column| self.column(column), shift);
        self.row(&wrapped(&row.label, width), x, numbers)
    }

    /// The rows of a group; its label stands at the middle, on a line of its own between two rows if need be.
    fn group(&self, random: &mut Random, rows: &[Row], label: Option<&str>) -> Vec<Vec<Placed>> {
        let mut blocks: Vec<_> = rows.iter().map(|row| self.application(random, row)).collect();
        if let Some(label) = label {
            let piece = (self.group, label.to_owned());
            let half = blocks.len() / 2;
            if self.group_first {
                blocks[0][0].push(piece);
            } else if blocks.len() % 2 == 1 {
                blocks[half][0].push(piece);
            } else {
                blocks.insert(half, vec![vec![piece]]);
            }
        }
        blocks
    }

    fn applications(&self, random: &mut Random, tables: &Tables, pages: &mut Pages) {
        let heads = &tables.heads;
        let header = self.drawn(self.applications_header(tables));
        let repeated = if random.chance(35) { header.clone() } else { Vec::new() };
        pages.lines(&header, &[]);
        let mut blocks = Vec::new();
        let mut results = 0..0;
        for rows in tables.applications.chunk_by(|left, right| left.group == right.group) {
            if rows[0].group == Group::Top && blocks.len() > 2 {
                results.end = blocks.len();
            }
            let group = rows[0].group;
            blocks.extend(self.group(random, rows, heads.group(group)));
            if group == Group::Top && results.end == 0 {
                results.start = blocks.len();
            }
        }
        let mut places: Vec<(usize, usize)> = Vec::new();
        for block in results {
            places.extend((0..blocks[block].len()).map(|line| (block, line)));
        }
        let chars: Vec<char> = heads.results.chars().collect();
        if self.upright {
            // From the middle outwards, evenly, a character a line.
            let step = (places.len() / chars.len()).clamp(1, 2);
            let from = (places.len().saturating_sub(step * chars.len())) / 2;
            for (index, char) in chars.iter().enumerate() {
                if let Some(&(block, line)) = places.get(from + index * step) {
                    blocks[block][line].push((1, char.to_string()));
                }
            }
        } else if let Some(&(block, _)) = places.get(places.len() / 2) {
            let label: String =
                chars.chunks(2).map(|pair| pair.iter().collect::<String>() + " ").collect();
            blocks.insert(
                block,
                vec![Placed::new(), vec![(1, label.trim_end().to_owned())], Placed::new()],
            );
        }
        for block in blocks {
            pages.lines(&self.drawn(block), &repeated);
        }
        pages.lines(&[String::new()], &[]);
    }

    fn applications_header(&self, tables: &Tables) -> Vec<Placed> {
        let heads = &tables.heads;
        let centre = |text: &str, left: usize, right: usize| {
            let at = usize::midpoint(self.column(left), self.column(right));
            (self.start(text, at, false), text.to_owned())
        };
        let mut lines = vec![
            vec![centre(&heads.applicants, 0, 6)],
            vec![centre(&heads.organisations, 1, 5)],
            Placed::new(),
            Placed::new(),
            Placed::new(),
        ];
        let corner = wrapped(&heads.corner, (self.first - 4) / self.wide);
        for (line, piece) in lines[1..].iter_mut().zip(corner) {
            line.push((1, piece));
        }
        for (column, label) in heads.columns.iter().enumerate() {
            let pieces = pieces(label, true);
            let from = if pieces.len() == 1 { 3 } else { 2 };
            for (line, piece) in lines[from..].iter_mut().zip(pieces) {
                line.push((self.start(&piece, self.column(column), false), piece));
            }
        }
        lines
    }

    fn review(&self, tables: &Tables, pages: &mut Pages) {
        let heads = &tables.heads;
        let pitch = 3 + 2 * self.wide;
        let centre = |column: usize| column * pitch + pitch / 2;
        let over = |text: &str, left: usize, right: usize| {
            let at = usize::midpoint(centre(left), centre(right));
            (self.start(text, at, false), text.to_owned())
        };
        let [reconsideration, litigation, direct, after] = &heads.reviews;
        let mut lines = vec![
            vec![over(reconsideration, 0, 4), over(litigation, 5, 14)],
            vec![over(direct, 5, 9), over(after, 10, 14)],
            Placed::new(),
            Placed::new(),
        ];
        for column in 0..15 {
            for (line, piece) in
                lines[2..].iter_mut().zip(pieces(&heads.outcomes[column % 5], true))
            {
                line.push((self.start(&piece, centre(column), false), piece));
            }
        }
        let mut numbers = Placed::new();
        for (index, row) in tables.review.iter().enumerate() {
            numbers.extend(self.numbers(&row.cells, |column| centre(column + 5 * index), 0));
        }
        lines.extend([Placed::new(), numbers]);
        pages.lines(&self.drawn(lines), &[]);
        pages.lines(&[String::new()], &[]);
    }
}
