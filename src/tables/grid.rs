//! Grids → the evidence of a table, where the document itself tells rows and columns.
//!
//! A row of the grid is a row of the evidence: its labels are the cells with labels, its slots the cells behind the
//! last of them, one slot a cell, each with the columns it covers. Which of these columns are the form's is decided
//! later, because spans in real pages lie about that.

use super::captions::Money;
use super::find::{Region, own_role};
use super::tokens::{Kind, Slot, Token, Tokens};
use super::units::{EMPTY, Evidence, Label, RowUnit, is_own};
use crate::document::blocks::{Grid, GridCell, MOST_COLUMNS};
use crate::grammar::{Grammar, Hit, Layout, Part, Role};
use crate::lines::Skeleton;
use crate::lines::fold;
use crate::span::Span;

/// So many row labels in one cell: the grid lays out the page, and the table is text in that cell.
const LAYOUT_LABELS: usize = 3;

/// A label with its place in the text.
struct Found {
    span: Span,
    role: Option<Role>,
}

/// Collects the evidence of a table from the grids its labels stand in; none when most of them stand in no grid, or
/// many in one cell.
pub fn collect(
    grammar: &Grammar,
    source: &str,
    skeleton: &Skeleton,
    hits: &[Hit],
    region: Region,
    grids: &[Grid],
) -> Option<Evidence> {
    let found: Vec<Found> = hits[region.first..region.end]
        .iter()
        .map(|hit| Found {
            span: skeleton.source_span(hit.start, hit.end),
            role: own_role(grammar.matcher.roles(hit.pattern), region.table),
        })
        .collect();
    let last = found.iter().map(|hit| hit.span.end).max()?;
    let first = grids.partition_point(|grid| grid.span.end <= found[0].span.start);
    let limit =
        hits.get(region.end).map_or(source.len() as u32, |hit| skeleton.source_start(hit.start));
    let across = grammar.tables[region.table].layout == Layout::Across;
    // side by side, the numbers may stand in a table behind that of the header
    let end = if across { limit } else { last };
    let grids: Vec<&Grid> =
        grids[first..].iter().take_while(|grid| grid.span.start < end).collect();
    let labels_in = labels_in_cells(&found, &grids)?;
    let mut reader = Reader {
        source,
        found: &found,
        tokens: Tokens::default(),
        evidence: Evidence { in_grid: true, ..Evidence::default() },
        text_rows: 0,
        frame: 0,
    };
    let mut begin = None;
    'grids: for grid in grids {
        let mut from = 0;
        while from < grid.cells.len() {
            let row = grid.cells[from].row;
            let length = grid.cells[from..].iter().take_while(|cell| cell.row == row).count();
            let cells = &grid.cells[from..from + length];
            from += length;
            let (start, end) = (cells[0].span.start, cells[length - 1].span.end);
            if end <= labels_in.start
                && !cells.iter().any(|cell| cell.span.start == labels_in.start)
            {
                continue;
            }
            if start >= limit || (start >= last && !reader.goes_on(cells, across)) {
                break 'grids;
            }
            // notes and headers before the first label belong to the table when nothing else stands in its grid
            begin.get_or_insert_with(|| {
                if is_alone(skeleton, hits, region, grid) { grid.span.start } else { start }
            });
            reader.frame = grid.frame.saturating_mul(MOST_COLUMNS);
            reader.row(cells);
            reader.evidence.line_ends.push(end);
            reader.evidence.span.end = end;
        }
    }
    let Reader { tokens, mut evidence, .. } = reader;
    evidence.digits = tokens.digits;
    evidence.span.start = begin?;
    evidence.loose.retain(|span| !is_own(grammar, span.of(source)));
    evidence.second = region.second.map(|hit| skeleton.source_span(hits[hit].start, hits[hit].end));
    Some(evidence)
}

/// From the first to the last label that stands in a cell; none when the table is not in cells.
fn labels_in_cells(found: &[Found], grids: &[&Grid]) -> Option<Span> {
    let (mut inside, mut outside) = (0, 0);
    let mut range: Option<Span> = None;
    let mut cell = None;
    let mut rows: Vec<usize> = Vec::new();
    for hit in found {
        let own = cell_of(grids, hit.span);
        let counts = matches!(hit.role, Some(Role::Row(..) | Role::Column(..)));
        match own {
            Some((_, at)) => {
                inside += usize::from(counts);
                range = Some(range.map_or(at.span, |range| range.join(at.span)));
                if cell.replace((at.row, at.span.start)) != Some((at.row, at.span.start)) {
                    rows.clear();
                }
                if let Some(Role::Row(_, row, Part::Whole)) = hit.role {
                    rows.push(row);
                    rows.dedup();
                    if rows.len() >= LAYOUT_LABELS {
                        return None;
                    }
                }
            }
            None => outside += usize::from(counts),
        }
    }
    range.filter(|_| inside > outside * 4)
}

/// The grid and the cell that a place of the text is in.
fn cell_of<'g>(grids: &[&'g Grid], span: Span) -> Option<(&'g Grid, &'g GridCell)> {
    let grid = grids[..grids.partition_point(|grid| grid.span.start <= span.start)].last()?;
    let at = grid.cells.partition_point(|cell| cell.span.start <= span.start);
    let cell = grid.cells[..at].last()?;
    (span.start < cell.span.end).then_some((*grid, cell))
}

/// Whether no other table's or section's label stands in a grid before this table's first.
fn is_alone(skeleton: &Skeleton, hits: &[Hit], region: Region, grid: &Grid) -> bool {
    let from = skeleton.at_source(grid.span.start);
    region.first == 0 || hits[region.first - 1].end <= from
}

/// A row of the evidence while its cells are read.
#[derive(Default)]
struct OpenRow {
    /// Its first slot.
    first: usize,
    /// The best part of its label.
    label: Option<Part>,
    /// Whether letters that are no label stand before its numbers.
    unknown: bool,
    /// Whether it has a number or a mark.
    filled: bool,
    /// Whether several numbers share a cell, so that cells are not columns.
    shared: bool,
    /// Numbers among words that nobody knows in the cell of its label.
    muddled: Option<Span>,
    /// The unit of money stated beside its label.
    stated: Option<Money>,
}

/// The number whose digits stand on several lines of a narrow cell, if these are nothing else.
fn wrapped(tokens: &[Token]) -> Option<Slot> {
    let mut whole: Option<Slot> = None;
    for token in tokens {
        let Token::Slot(slot) = token else {
            if *token == Token::Newline {
                continue;
            }
            return None;
        };
        let plain = slot.kind == Kind::Number && slot.unit.is_none() && !slot.approximate;
        whole = Some(match whole {
            _ if !plain => return None,
            None => *slot,
            Some(known) if slot.hard && slot.sign == 0 && known.digits.1 == slot.digits.0 => Slot {
                span: known.span.join(slot.span),
                digits: (known.digits.0, slot.digits.1),
                wrapped: true,
                ..known
            },
            Some(_) => return None,
        });
    }
    whole.filter(|whole| whole.wrapped)
}

struct Reader<'a> {
    source: &'a str,
    found: &'a [Found],
    tokens: Tokens,
    evidence: Evidence,
    /// Rows of letters without numbers behind the last label.
    text_rows: usize,
    /// What is added to the columns of a grid, so that those of another frame are others.
    frame: u32,
}

impl Reader<'_> {
    /// Whether a row behind the last label is still the table's: numbers without letters.
    fn goes_on(&mut self, cells: &[GridCell], across: bool) -> bool {
        const HEADER_ROWS: usize = 3;
        let letters = cells.iter().any(|cell| {
            cell.span.of(self.source).chars().any(|c| fold::table().class(c) == fold::Class::Letter)
        });
        // side by side, some header words are too short to be labels, and notes may follow
        self.text_rows += usize::from(letters);
        if across {
            !letters || (self.evidence.units.is_empty() && self.text_rows <= HEADER_ROWS)
        } else {
            !letters
        }
    }

    fn extent(&self, cell: &GridCell) -> (u32, u32) {
        (self.frame + cell.col, self.frame + cell.end_col())
    }

    fn row(&mut self, cells: &[GridCell]) {
        let mut open = OpenRow { first: self.evidence.slots.len(), ..OpenRow::default() };
        for cell in cells {
            let hits = self.hits_in(cell.span);
            if !hits.is_empty() {
                let is_row = |at: &usize| matches!(self.found[*at].role, Some(Role::Row(..)));
                let begins = hits.clone().any(|at| is_row(&at));
                // a second label: the first one's row ends here
                self.close(&mut open, begins);
                for at in hits.clone() {
                    if let Some(Role::Row(_, row, part)) = self.found[at].role {
                        open.label = Some(open.label.map_or(part, |known| known.min(part)));
                        let (span, before_unit) = (self.found[at].span, self.evidence.units.len());
                        self.evidence.labels.push(Label { row, part, span, before_unit });
                    }
                }
                self.rest_of_label(cell, hits.end - 1, &mut open);
                continue;
            }
            self.cell(cell, &mut open);
        }
        self.close(&mut open, true);
    }

    /// A cell without a label.
    fn cell(&mut self, cell: &GridCell, open: &mut OpenRow) {
        self.tokens.read(self.source, cell.span, 1, &[]);
        let before = self.evidence.slots.len();
        // a character that nobody could decode may be a digit
        let is_broken = cell.span.of(self.source).contains(char::REPLACEMENT_CHARACTER);
        let is_text = |t: &Token| matches!(t, Token::Slot(s) if s.kind == Kind::Text);
        if is_broken || self.tokens.list.iter().any(is_text) {
            if !open.filled && !is_broken {
                // letters before any number: a label that the form does not know, and nothing before it is a value
                self.forget(open.first);
                self.evidence.loose.push(cell.span);
                open.unknown = true;
                return;
            }
            self.evidence.slots.push(Slot { kind: Kind::Text, span: cell.span, ..EMPTY });
        } else if let Some(number) = wrapped(&self.tokens.list) {
            self.evidence.slots.push(number);
        } else {
            self.evidence.slots.extend(self.tokens.list.iter().filter_map(super::units::slot));
        }
        if self.evidence.slots.len() == before {
            let at = Span::new(cell.span.start, cell.span.start);
            self.evidence.slots.push(Slot { span: at, ..EMPTY });
        }
        let added = &self.evidence.slots[before..];
        open.filled |= added.iter().any(|slot| slot.kind != Kind::Empty);
        open.shared |= added.len() > 1;
        let count = self.evidence.slots.len();
        self.evidence.extents.resize(count, self.extent(cell));
    }

    /// Ends a row of the evidence: it becomes a unit when it has numbers, or (at its end) a whole label.
    fn close(&mut self, open: &mut OpenRow, ends: bool) {
        if let (Some(span), true) = (open.muddled, self.evidence.slots.len() == open.first) {
            self.evidence.slots.push(Slot { kind: Kind::Text, span, ..EMPTY });
            self.evidence.extents.push((self.frame, self.frame + 1));
            (open.filled, open.shared) = (true, true);
        }
        let slots = &self.evidence.slots[open.first..];
        let blank = ends && open.label == Some(Part::Whole);
        if slots.is_empty() || !(open.filled || blank) {
            self.forget(open.first);
        } else {
            let span = slots.iter().map(|slot| slot.span).reduce(Span::join).unwrap_or_default();
            self.evidence.units.push(RowUnit {
                slots: (open.first as u32, self.evidence.slots.len() as u32),
                bordered: !open.shared,
                column: Some(self.evidence.extents[open.first].0),
                unknown_label: open.unknown && open.label.is_none(),
                stated: open.stated,
                span,
            });
        }
        let label = if ends { None } else { open.label };
        *open = OpenRow { first: self.evidence.slots.len(), label, ..OpenRow::default() };
    }

    /// The labels in a cell.
    fn hits_in(&self, cell: Span) -> std::ops::Range<usize> {
        let from = self.found.partition_point(|hit| hit.span.start < cell.start);
        let to = self.found.partition_point(|hit| hit.span.start < cell.end);
        from..to.max(from)
    }

    /// What a cell says behind its label: a unit of money, a column of the header, or the value itself.
    fn rest_of_label(&mut self, cell: &GridCell, last: usize, open: &mut OpenRow) {
        let hit = &self.found[last];
        let rest = Span::new(hit.span.end.min(cell.span.end), cell.span.end);
        self.tokens.read(self.source, rest, 1, &[]);
        let stated = self.tokens.stated;
        match hit.role {
            Some(Role::Column(_, column)) => {
                self.evidence.header.push((column, self.extent(cell)));
                // one line end was noted for each row before
                self.evidence.header_rows.push(self.evidence.line_ends.len() as u32);
                self.evidence.stated.extend(stated.map(|unit| (column, unit)));
            }
            Some(Role::Row(..)) => {
                open.stated = stated.or(open.stated);
                let is = |kind| move |t: &Token| matches!(t, Token::Slot(s) if s.kind == kind);
                if self.tokens.list.iter().any(is(Kind::Text)) {
                    // not a row without numbers, but which of them are its own is not known
                    if self.tokens.list.iter().any(is(Kind::Number)) {
                        open.muddled = Some(rest);
                    }
                } else {
                    let values = self.tokens.list.iter().filter_map(super::units::slot);
                    self.evidence.slots.extend(values);
                    let count = self.evidence.slots.len();
                    // which columns these are is not known
                    open.filled = count > open.first;
                    open.shared = open.filled;
                    self.evidence.extents.resize(count, self.extent(cell));
                }
            }
            _ => {}
        }
    }

    /// Drops the slots of the row that is read.
    fn forget(&mut self, first: usize) {
        self.evidence.slots.truncate(first);
        self.evidence.extents.truncate(first);
    }
}
