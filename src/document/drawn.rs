//! Tables that a plain text draws with borders or tabs → grids, where every line of them has the same cells.
//!
//! A table whose lines have different numbers of cells tells no columns, and a part of one tells no header: then all
//! stays text. Places in a grid are places in the source, since all bytes of a cell are copied as they are.

use super::blocks::{Blocks, Grid, GridCell, GridKind, MOST_COLUMNS, Origin};
use super::repeated;
use crate::fold::{self, Class};
use crate::number;
use crate::span::Span;

/// Fewest rows and columns of a table.
const FEWEST: usize = 3;
/// Rows at its beginning among which its header is.
const HEAD: usize = 3;
/// So many stretches between rules, and every one is a row: a head, a body and a foot are three.
const RULED: usize = 5;

/// The grids of a text that draws tables; none when no table of it has the same cells in every line.
///
/// ```
/// use nianbao::document::drawn::read;
/// let blocks = read("报告\n| 信息 | 制发 | 废止 |\n|---|---|---|\n| 规章 | 0 |  |\n| 文件 | 1 | 2 |\n").unwrap();
/// assert_eq!(blocks.text, "报告\n信息\t制发\t废止\n规章\t0\t\n文件\t1\t2\n");
/// assert!(read("| 信息 | 制发 | 废止 |\n| 规章 | 1 |\n| 文件 | 7 | 7 |\n").is_none());
/// ```
pub fn read(text: &str) -> Option<Blocks> {
    let has = |border: &str| memchr::memmem::find(text.as_bytes(), border.as_bytes()).is_some();
    if memchr::memchr2(b'|', b'\t', text.as_bytes()).is_none()
        && !["｜", "│", "┃", "║"].iter().any(|border| has(border))
    {
        return None;
    }
    let mut blocks = Blocks::default();
    blocks.wrapped = true;
    let mut copied = 0;
    for table in tables(text)? {
        copy(&mut blocks, text, Span::new(copied, table.span.start));
        lay(&mut blocks, text, &table);
        copied = table.span.end;
    }
    if blocks.grids.is_empty() {
        return None;
    }
    copy(&mut blocks, text, Span::new(copied, text.len() as u32));
    Some(blocks)
}

/// A drawn table: for each row and each of its cells the pieces of it, one a line.
struct Drawn {
    span: Span,
    rows: Vec<Vec<Vec<Span>>>,
}

impl Drawn {
    /// Whether one of its first rows is words in several columns.
    fn has_header(&self, text: &str) -> bool {
        let is_number = |cell: &&Vec<Span>| number::is_figure(cell[0].of(text));
        let says = |cell: &&Vec<Span>| cell.iter().any(|piece| !piece.of(text).trim().is_empty());
        let rows = self.rows.iter().filter(|row| row.iter().any(|cell| says(&cell)));
        rows.take(HEAD).any(|row| {
            row.iter().filter(says).count() > 1 && !row.iter().skip(1).any(|cell| is_number(&cell))
        })
    }
}

/// What a line of a table is.
#[derive(Clone)]
enum Line {
    /// A line that parts rows.
    Rule,
    /// What stands before the first border, between two, and behind the last.
    Cells(Class, Vec<Span>),
    Blank,
    /// No line of a table.
    Other,
}

impl Line {
    fn width(&self) -> usize {
        if let Self::Cells(_, cells) = self { cells.len() } else { 0 }
    }
}

/// The tables of a text; none when lines with borders are left that may be a part of one.
fn tables(text: &str) -> Option<Vec<Drawn>> {
    let mut runs: Vec<Vec<(Span, Line)>> = vec![Vec::new()];
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(start, start + line.len() as u32);
        start = span.end;
        match (line_of(text, span), runs.last_mut()) {
            (Line::Other, _) | (_, None) => runs.push(Vec::new()),
            (line, Some(run)) => run.push((span, line)),
        }
    }
    let mut tables = Vec::new();
    for run in runs {
        match Run::of(text, &run) {
            Run::Table(table) => tables.push(table),
            Run::Words => {}
            // several tables one behind the other, or rows of one with blank lines between
            Run::Part => {
                for part in run.split(|(_, line)| matches!(line, Line::Blank)) {
                    match Run::of(text, part) {
                        Run::Table(table) => tables.push(table),
                        Run::Words => {}
                        Run::Part => return None,
                    }
                }
            }
        }
    }
    Some(tables)
}

/// What lines with borders that follow each other are.
enum Run {
    Table(Drawn),
    /// A line of words between borders, as menus are, or nothing.
    Words,
    /// A part of a table, or one that tells no columns.
    Part,
}

impl Run {
    fn of(text: &str, run: &[(Span, Line)]) -> Self {
        let lines = || run.iter().filter(|(_, line)| line.width() > 0);
        let is_number = |cell: &Span| number::is_figure(cell.of(text));
        let has_numbers = lines().any(|(_, line)| match line {
            Line::Cells(_, cells) => cells.iter().any(is_number),
            _ => false,
        });
        if lines().count() < 2 && !has_numbers {
            return Self::Words;
        }
        let table = table(text, run).filter(|table| table.has_header(text));
        table.map_or(Self::Part, Self::Table)
    }
}

fn line_of(text: &str, span: Span) -> Line {
    let line = span.of(text).trim_end_matches(['\n', '\r']);
    if line.trim().is_empty() && !line.contains('\t') {
        return Line::Blank;
    }
    if is_rule(line) {
        return Line::Rule;
    }
    let table = fold::table();
    let border = [Class::Pipe, Class::Tab]
        .into_iter()
        .find(|border| line.chars().any(|c| table.class(c) == *border));
    let Some(border) = border else { return Line::Other };
    let mut cells = Vec::new();
    let mut from = span.start;
    for (at, c) in line.char_indices().filter(|(_, c)| table.class(*c) == border) {
        let at = span.start + at as u32;
        cells.push(Span::new(from, at));
        from = at + c.len_utf8() as u32;
    }
    cells.push(Span::new(from, span.start + line.len() as u32));
    Line::Cells(border, cells)
}

/// Whether a line is drawn and says nothing.
pub(crate) fn is_rule(line: &str) -> bool {
    let mut dashes = 0;
    let drawn = line.trim().chars().all(|c| {
        let is_dash = matches!(c, '-' | '=' | '─' | '━' | '═' | '╌' | '┄');
        dashes += usize::from(is_dash);
        is_dash || c.is_whitespace() || matches!(c, '+' | '|' | ':' | '\u{2500}'..='\u{257F}')
    });
    drawn && dashes >= FEWEST
}

/// Joins lines that a line end in a cell of words parts: `| 商业⏎企业 | 0 |`.
fn join(text: &str, run: &[(Span, Line)]) -> Vec<(Span, Line)> {
    let widest = run.iter().map(|(_, line)| line.width()).max().unwrap_or(0);
    let words = |span: &Span| {
        let class = |c: char| fold::table().class(c);
        span.of(text).chars().any(|c| class(c) == Class::Letter)
    };
    let mut out: Vec<(Span, Line)> = Vec::with_capacity(run.len());
    for (span, line) in run {
        match (out.last_mut(), line) {
            (Some((whole, Line::Cells(border, cells))), Line::Cells(kind, more))
                if border == kind
                    && cells.len() < widest
                    && cells.len() + more.len() <= widest + 1
                    && cells.last().is_some_and(words)
                    && words(&more[0]) =>
            {
                *whole = whole.join(*span);
                let last = cells.last_mut().expect("a line has cells");
                *last = last.join(more[0]);
                cells.extend(&more[1..]);
            }
            (_, line) => out.push((*span, line.clone())),
        }
    }
    out
}

/// The table that a run of lines is, when all of them have the same cells.
fn table(text: &str, run: &[(Span, Line)]) -> Option<Drawn> {
    let run = join(text, run);
    let lines = run.iter().filter_map(|(_, line)| match line {
        Line::Cells(border, cells) => Some((*border, &cells[..])),
        _ => None,
    });
    let (border, first) = lines.clone().next()?;
    let is_empty = |cell: &Span| cell.of(text).trim().is_empty();
    let pipes = border == Class::Pipe;
    // borders at both ends of every line are the table's own
    let left = usize::from(pipes && lines.clone().all(|(_, cells)| is_empty(&cells[0])));
    let right =
        usize::from(pipes && lines.clone().all(|(_, cells)| cells.last().is_some_and(is_empty)));
    let width = first.len().checked_sub(left + right).filter(|width| *width >= FEWEST)?;
    if width > MOST_COLUMNS as usize
        || lines.clone().any(|(kind, cells)| kind != border || cells.len() != first.len())
    {
        return None;
    }
    let groups = run.split(|(_, line)| matches!(line, Line::Rule));
    let groups = groups.map(|group| {
        group.iter().filter_map(|(_, line)| match line {
            Line::Cells(_, cells) => Some(&cells[left..left + width]),
            _ => None,
        })
    });
    let ruled = groups.clone().filter(|group| group.clone().next().is_some()).count() >= RULED;
    let mut rows: Vec<Vec<Vec<Span>>> = Vec::new();
    for group in groups {
        for (nth, cells) in group.enumerate() {
            match rows.last_mut() {
                Some(row) if ruled && nth > 0 => {
                    row.iter_mut().zip(cells).for_each(|(pieces, cell)| pieces.push(*cell));
                }
                _ => rows.push(cells.iter().map(|cell| vec![*cell]).collect()),
            }
        }
    }
    let span = Span::new(run.first()?.0.start, run.last()?.0.end);
    (rows.len() >= FEWEST).then_some(Drawn { span, rows })
}

/// Copies lines that are no table's.
fn copy(blocks: &mut Blocks, text: &str, span: Span) {
    if !span.is_empty() {
        blocks.origin.push(Origin { text: blocks.at(), source: span.start, exact: true });
        blocks.text.push_str(span.of(text));
    }
}

/// Lays a table out, its cells parted by tabs, its rows by line ends.
fn lay(blocks: &mut Blocks, text: &str, table: &Drawn) {
    let mut grid = Grid { number: blocks.number(GridKind::Table), ..Grid::default() };
    let texts: Vec<Vec<&str>> = table
        .rows
        .iter()
        .map(|row| row.iter().map(|pieces| pieces[0].of(text).trim()).collect())
        .collect();
    // of a cell of several lines the first does not say whether it is repeated
    let is_single = table.rows.iter().flatten().all(|pieces| pieces.len() == 1);
    let covers = is_single.then(|| repeated::columns(&texts));
    for (row, cells) in table.rows.iter().enumerate() {
        for (col, pieces) in cells.iter().enumerate() {
            let cols = covers.as_ref().map_or(1, |covers| covers[row][col]);
            if cols == 0 {
                continue;
            }
            if col > 0 {
                blocks.text.push('\t');
            }
            let start = blocks.at();
            // so that an empty cell has its line too
            blocks.origin.push(Origin { text: start, source: pieces[0].start, exact: false });
            for piece in pieces {
                add(blocks, text, *piece, start);
            }
            let (row, col, span) = (row as u32, col as u32, Span::new(start, blocks.at()));
            grid.cells.push(GridCell { row, col, rows: 1, cols, span });
        }
        blocks.text.push('\n');
    }
    blocks.push_grid(grid);
}

/// Adds a piece of the cell that began at `start`.
fn add(blocks: &mut Blocks, text: &str, piece: Span, start: u32) {
    let lead = piece.of(text).len() - piece.of(text).trim_start().len();
    let shown = piece.of(text).trim();
    if shown.is_empty() {
        return;
    }
    if blocks.at() > start {
        blocks.text.push('\n');
    }
    let (at, source) = (blocks.at(), piece.start + lead as u32);
    blocks.origin.push(Origin { text: at, source, exact: !shown.contains('\t') });
    blocks.text.extend(shown.chars().map(|c| if c == '\t' { ' ' } else { c }));
}
