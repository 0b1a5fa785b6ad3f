//! What a table prints: its labels, and between them rows of pieces, each with its place.

use crate::grammar::Part;
use crate::number::{Money, Printed};
use crate::span::Span;

/// What places are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruler {
    /// Columns of a grid; grids of one frame count alike. Frame 0 is a document that tells its columns itself.
    Grid(u32),
    /// Cells between printed borders, counted from the row's label.
    Borders,
    /// None but the place on the line.
    Line,
}

/// Where a piece stands across its row, half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// What is counted.
    pub ruler: Ruler,
    /// First column.
    pub from: u32,
    /// One past the last.
    pub to: u32,
}

impl Extent {
    /// Whether both cover a place.
    pub fn touches(self, other: Self) -> bool {
        self.ruler == other.ruler && self.from < other.to && other.from < self.to
    }
}

/// One printed thing, or an empty cell between borders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it says.
    pub printed: Printed,
    /// Where it stands in the source text: the number with its sign and unit, else all of it.
    pub span: Span,
    /// Where it stands across the row.
    pub extent: Extent,
    /// Whether its digits stand on several lines of its cell: one number, if a sum says so.
    pub wrapped: bool,
    /// Whether letters follow without a gap: the number may go on in them.
    pub followed: bool,
}

impl Piece {
    /// Whether nothing is printed.
    pub fn is_empty(&self) -> bool {
        self.printed == Printed::Empty
    }

    /// Whether it says that there is nothing.
    pub fn is_nothing(&self) -> bool {
        matches!(self.printed, Printed::Empty | Printed::Mark)
    }
}

/// A row label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// Row of the form.
    pub row: usize,
    /// How much of the label was found.
    pub part: Part,
    /// Where it stands in the source.
    pub span: Span,
    /// How many rows are printed before it.
    pub before_unit: usize,
    /// What stands behind it and became no row: words or digits, so that the row is not empty.
    pub words: Option<Span>,
    /// Whether the text ends behind it.
    pub breaks_off: bool,
}

/// Pieces printed together between labels: one row of the table, as far as layout tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintedRow {
    /// A range of [`Evidence::pieces`].
    pub pieces: (u32, u32),
    /// Whether borders tell every cell, so that empty ones are known.
    pub bordered: bool,
    /// Whether several pieces share a cell, so that cells are not columns.
    pub shared: bool,
    /// Words before it that are no label of the form: another row's.
    pub foreign: Option<Span>,
    /// Whether its own label may be lost: a group's label or a piece of one stands before it.
    pub unknown: bool,
    /// What stands in the place of its label, where that is a piece of labels.
    pub words: Option<Span>,
    /// The unit of money stated beside its label.
    pub stated: Option<Money>,
    /// Its pieces, when a block of rows is printed column after column.
    pub by_column: Option<Vec<u32>>,
    /// From its first to its last printed thing.
    pub span: Span,
}

/// What a cell of a header names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// A column of the form.
    Column(usize),
    /// Words over several columns.
    Group,
    /// A column that the form has not.
    Foreign,
}

/// A cell or a word of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderCell {
    /// What it names.
    pub head: Head,
    /// Where it stands in the text.
    pub span: Span,
    /// The columns of the grid it covers; in text, its bytes.
    pub extent: Extent,
    /// The line or row it stands in, counted over the table.
    pub line: u32,
    /// How many rows are printed before it.
    pub before_unit: usize,
}

/// A word of a header in text that is no label of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// Where it stands in the text.
    pub span: Span,
    /// How many rows are printed before it.
    pub before_unit: usize,
}

/// Labels and rows of one table in reading order.
#[derive(Debug, Default)]
pub struct Evidence {
    /// Row labels.
    pub labels: Vec<Label>,
    /// Rows.
    pub rows: Vec<PrintedRow>,
    /// All pieces of the rows.
    pub pieces: Vec<Piece>,
    /// The cells of its headers, in reading order.
    pub header: Vec<HeaderCell>,
    /// Other words of its headers in text, in reading order: pieces of labels among them.
    pub said: Vec<Said>,
    /// Rows that another version of the table has not, where a row that only that one has is printed with numbers.
    pub of_version: Vec<usize>,
    /// Letters inside the table that nothing claims.
    pub loose: Vec<Span>,
    /// From the first label to the last cell.
    pub span: Span,
    /// Where lines end in it.
    pub line_ends: Vec<u32>,
    /// Where the same table begins again further on.
    pub second: Option<Span>,
    /// Whether nothing tells which of the two is the report's own.
    pub rival: bool,
    /// The year that the report is on.
    pub year: Option<i32>,
    /// The line over it that says that it is of another time or body.
    pub caption: Option<Span>,
    /// Units of money stated in the header, by column.
    pub stated: Vec<(usize, Money)>,
    /// Units of money stated elsewhere in it, in reading order, with their places.
    pub captions: Vec<(u32, Money)>,
    /// Whether the document itself tells rows and columns.
    pub in_grid: bool,
    /// Whether equal lines were dropped from the text.
    pub lines_dropped: bool,
}

impl Evidence {
    /// How many lines end between two places of the table.
    pub fn line_ends_between(&self, from: Span, to: Span) -> usize {
        let next = self.line_ends.partition_point(|end| *end < from.end);
        self.line_ends[next..].iter().take_while(|end| **end < to.start).count()
    }

    /// Whether these pieces of a row stand on several lines.
    pub fn is_on_lines(&self, pieces: &[Piece]) -> bool {
        match pieces {
            [first, .., last] => self.line_ends_between(first.span, last.span) > 0,
            _ => false,
        }
    }

    /// Whether a line ends inside of a label.
    pub fn wraps(&self, label: Span) -> bool {
        let next = self.line_ends.partition_point(|end| *end < label.start);
        self.line_ends.get(next).is_some_and(|end| *end < label.end)
    }

    /// The pieces of a row.
    pub fn pieces_of(&self, row: &PrintedRow) -> &[Piece] {
        &self.pieces[row.pieces.0 as usize..row.pieces.1 as usize]
    }
}
