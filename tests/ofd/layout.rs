//! A document of paragraphs and tables laid out on pages, in millimetres: pieces of text, and the edges of cells.

use nianbao::document::Document;
use nianbao::document::blocks::{Grid, GridCell};

pub(crate) const WIDTH: f64 = 210.0;
const MARGIN: f64 = 20.0;
pub(crate) const SIZE: f64 = 3.7;
const LEADING: f64 = 1.25 * SIZE;
const PADDING: f64 = 0.9;

/// A line of text, its left end and its baseline.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) text: String,
    /// Of which cell of the page it is a line; none for text between tables.
    pub(crate) cell: Option<usize>,
}

/// A cell: left, upper, right and lower end.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) area: [f64; 4],
    pub(crate) text: String,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) cells: Vec<Cell>,
}

/// How wide a character is, in ems.
pub(crate) fn ems(c: char) -> f64 {
    if c.is_ascii() { 0.5 } else { 1.0 }
}

pub(crate) fn width(text: &str) -> f64 {
    text.chars().map(ems).sum::<f64>() * SIZE
}

#[expect(clippy::cast_precision_loss, reason = "columns and lines")]
fn count(number: usize) -> f64 {
    number as f64
}

/// Lines no wider than this; a number is not cut.
fn wrapped(text: &str, most: f64) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for c in paragraph.trim().chars() {
            let in_number = c.is_ascii_digit() && line.ends_with(|c: char| c.is_ascii_digit());
            if !line.is_empty() && !in_number && width(&line) + ems(c) * SIZE > most {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
        lines.push(line);
    }
    lines.retain(|line| !line.is_empty());
    lines
}

struct Paper {
    height: f64,
    sheets: Vec<Sheet>,
    y: f64,
}

impl Paper {
    fn left(&self) -> f64 {
        self.height - MARGIN - self.y
    }

    fn turn(&mut self) {
        self.sheets.push(Sheet::default());
        self.y = MARGIN;
    }

    fn sheet(&mut self) -> &mut Sheet {
        self.sheets.last_mut().expect("there is a page")
    }

    fn paragraph(&mut self, text: &str) {
        for text in wrapped(text, WIDTH - 2.0 * MARGIN) {
            if self.left() < LEADING {
                self.turn();
            }
            self.y += LEADING;
            let piece = Piece { x: MARGIN, y: self.y, text, cell: None };
            self.sheet().pieces.push(piece);
        }
        self.y += 1.0;
    }

    fn table(&mut self, grid: &Grid, text: &str) {
        let end = |of: fn(&GridCell) -> u32| grid.cells.iter().map(of).max().unwrap_or(0) as usize;
        let (rows, columns) = (end(|c| c.row + c.rows), end(|c| c.col + c.cols));
        if rows == 0 {
            return;
        }
        let wide = (WIDTH - 2.0 * MARGIN) / count(columns);
        let across = |col: u32| MARGIN + wide * f64::from(col);
        let lines = |cell: &GridCell| {
            wrapped(cell.span.of(text), wide * f64::from(cell.cols) - 2.0 * PADDING)
        };
        let mut heights = vec![LEADING + 2.0 * PADDING; rows];
        let mut cells: Vec<&GridCell> = grid.cells.iter().collect();
        cells.sort_by_key(|cell| cell.rows);
        for cell in &cells {
            let own = cell.row as usize..(cell.row + cell.rows) as usize;
            let lacks = count(lines(cell).len()) * LEADING + 2.0 * PADDING
                - heights[own.clone()].iter().sum::<f64>();
            heights[own.end - 1] += lacks.max(0.0);
        }
        if self.left() < heights.iter().sum::<f64>() && self.y > MARGIN {
            self.turn();
        }
        // for each row its page and where it begins
        let mut places = Vec::new();
        for height in &heights {
            if self.left() < *height {
                self.turn();
            }
            places.push((self.sheets.len() - 1, self.y));
            self.y += height;
        }
        for cell in &grid.cells {
            let own: Vec<usize> = (cell.row as usize..(cell.row + cell.rows) as usize).collect();
            // a cell that goes on over the page's end is two
            let parts: Vec<&[usize]> = own.chunk_by(|a, b| places[*a].0 == places[*b].0).collect();
            let tall = |part: &&[usize]| part.iter().map(|row| heights[*row]).sum::<f64>();
            let filled = (0..parts.len())
                .max_by(|a, b| tall(&parts[*a]).total_cmp(&tall(&parts[*b])))
                .expect("a cell has a row");
            for (at, part) in parts.iter().enumerate() {
                let (page, top) = places[part[0]];
                let (left, right) = (across(cell.col), across(cell.col + cell.cols));
                let text = if at == filled { lines(cell) } else { Vec::new() };
                let area = [left, top, right, top + tall(part)];
                let number = self.sheets[page].cells.len();
                self.sheets[page].cells.push(Cell { area, text: text.concat() });
                let middle = f64::midpoint(area[1], area[3]) - count(text.len()) * LEADING / 2.0;
                for (nth, text) in text.into_iter().enumerate() {
                    let x = left + (right - left - width(&text)) / 2.0;
                    let y = middle + (count(nth) + 0.8) * LEADING;
                    self.sheets[page].pieces.push(Piece { x, y, text, cell: Some(number) });
                }
            }
        }
        self.y += 2.0;
    }
}

/// The pages of this height.
pub(crate) fn pages(document: &Document, height: f64) -> Vec<Sheet> {
    let mut paper = Paper { height, sheets: vec![Sheet::default()], y: MARGIN };
    let blocks = document.blocks.as_ref().expect("it has tables");
    let mut at = 0;
    for grid in &blocks.grids {
        let (start, end) = (grid.span.start as usize, grid.span.end as usize);
        for line in document.text[at..start.max(at)].lines() {
            paper.paragraph(line);
        }
        paper.table(grid, &document.text);
        at = end;
    }
    for line in document.text[at..].lines() {
        paper.paragraph(line);
    }
    paper.sheets
}
