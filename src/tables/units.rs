//! Gaps → the evidence of a table: its labels, and between them rows of printed things.

use super::captions::{self, Caption, Money};
use super::find::{Region, own_role};
use super::tokens::{Kind, Slot, Token, Tokens};
use crate::grammar::{Grammar, Hit, Layout, Part, Role};
use crate::lines::Skeleton;
use crate::lines::fold::{self, Class};
use crate::sections::outline::ordinal_before;
use crate::span::Span;

/// A row label in the evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// Row of the form.
    pub row: usize,
    /// How much of the label was found.
    pub part: Part,
    /// Where it stands in the source.
    pub span: Span,
    /// How many units stand before it.
    pub before_unit: usize,
}

/// Things printed together between labels: one row of the table, as far as layout tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowUnit {
    /// Its cells or digit runs, a range of [`Evidence::slots`].
    pub slots: (u32, u32),
    /// Whether borders tell every cell, so that empty ones are known.
    pub bordered: bool,
    /// The column of its first slot, counted in borders from the start of its line, when it stands on one line.
    pub column: Option<u32>,
    /// Whether letters that are no label stand before it: an unknown label.
    pub unknown_label: bool,
    /// The unit of money stated in brackets before it.
    pub stated: Option<Money>,
    /// From its first to its last printed thing.
    pub span: Span,
}

/// Labels and units of one table in reading order.
#[derive(Debug, Default)]
pub struct Evidence {
    /// Row labels.
    pub labels: Vec<Label>,
    /// Units.
    pub units: Vec<RowUnit>,
    /// All slots of the units.
    pub slots: Vec<Slot>,
    /// Letters inside the table that nothing claims.
    pub loose: Vec<Span>,
    /// The digits the slots point into.
    pub digits: String,
    /// From the first label to the last cell.
    pub span: Span,
    /// Where lines end in it.
    pub line_ends: Vec<u32>,
    /// Where the same table begins again further on.
    pub second: Option<Span>,
    /// Units of money stated in the header, by column.
    pub stated: Vec<(usize, Money)>,
    /// Units of money stated elsewhere in it, in reading order.
    pub captions: Vec<Caption>,
    /// Whether the document itself tells rows and columns; else the two below are empty.
    pub in_grid: bool,
    /// The columns of the grid that each slot covers, half-open.
    pub extents: Vec<(u32, u32)>,
    /// The columns of the grid that the header of each column of the form covers, in reading order.
    pub header: Vec<(usize, (u32, u32))>,
    /// For each of these, the row of the grid it stands in, counted over all grids of the table.
    pub header_rows: Vec<u32>,
}

/// Longest gap, in bytes, that is read after the last label of a table.
const LONGEST_TAIL: u32 = 4000;

impl Evidence {
    /// How many lines end between two places of the table.
    pub fn line_ends_between(&self, from: Span, to: Span) -> usize {
        let next = self.line_ends.partition_point(|end| *end < from.end);
        self.line_ends[next..].iter().take_while(|end| **end < to.start).count()
    }

    /// Whether a line ends inside of a label.
    pub fn wraps(&self, label: Span) -> bool {
        let next = self.line_ends.partition_point(|end| *end < label.start);
        self.line_ends.get(next).is_some_and(|end| *end < label.end)
    }

    /// The slots of a unit.
    pub fn slots_of(&self, unit: &RowUnit) -> &[Slot] {
        &self.slots[unit.slots.0 as usize..unit.slots.1 as usize]
    }

    /// The digits of a slot, ASCII, with a point where one is printed.
    pub fn digits_of(&self, slot: &Slot) -> &str {
        &self.digits[slot.digits.0 as usize..slot.digits.1 as usize]
    }
}

/// Collects the evidence of one table.
pub fn collect(
    grammar: &Grammar,
    source: &str,
    skeleton: &Skeleton,
    hits: &[Hit],
    region: Region,
) -> Evidence {
    let table = &grammar.tables[region.table];
    let widest = match table.layout {
        Layout::Down => table.rows.iter().map(|r| r.columns.len()).max().unwrap_or(1),
        Layout::Across => table.cell_count(),
    };
    let cells = table.cell_count();
    let mut evidence = Evidence {
        labels: Vec::with_capacity(2 * table.rows.len()),
        units: Vec::with_capacity(2 * table.rows.len()),
        slots: Vec::with_capacity(2 * cells),
        ..Evidence::default()
    };
    let mut tokens = Tokens::default();
    let mut columns = table.columns.len();
    // a group's label after a row's: what follows may be a row whose own label is not known
    let mut framed = false;
    let start = skeleton.source_start(hits[region.first].start);
    let mut end = start;
    for at in region.first..region.end {
        let hit = hits[at];
        let span = skeleton.source_span(hit.start, hit.end);
        let role = own_role(grammar.matcher.roles(hit.pattern), region.table);
        let mut row = None;
        match role {
            Some(Role::Row(_, r, part)) => {
                let before_unit = evidence.units.len();
                evidence.labels.push(Label { row: r, part, span, before_unit });
                row = Some(r);
                framed = false;
            }
            Some(Role::Column(_, c)) => columns = c,
            Some(Role::Frame(_)) => framed = true,
            _ => {}
        }
        let next =
            hits.get(at + 1).map_or(source.len() as u32, |next| skeleton.source_start(next.start));
        let last = at + 1 == region.end;
        let gap_end = if last { next.min(floor(source, span.end + LONGEST_TAIL)) } else { next };
        let width = row.map_or(widest, |r| {
            if table.layout == Layout::Down { table.rows[r].columns.len() } else { widest }
        });
        tokens.read(source, Span::new(span.end, gap_end.max(span.end)), width, &skeleton.furniture);
        if let (Some(unit), Some(Role::Column(..))) = (tokens.stated, role) {
            evidence.stated.push((columns, unit));
        }
        let mut units = Assembler {
            evidence: &mut evidence,
            source,
            stated: if row.is_some() { tokens.stated } else { None },
            width,
            unknown: framed && table.layout == Layout::Down,
            after_row: row.is_some(),
            across: table.layout == Layout::Across,
            last,
        };
        units.assemble(&tokens.list);
        end = end.max(span.end);
    }
    if let Some(unit) = evidence.units.last() {
        end = end.max(unit.span.end);
    }
    evidence.loose.retain(|span| span.start < end && !is_own(grammar, span.of(source)));
    evidence.digits = tokens.digits;
    evidence.span = Span::new(before_ordinal(source, start), end);
    evidence.second = region.second.map(|hit| skeleton.source_span(hits[hit].start, hits[hit].end));
    let ends = memchr::memchr_iter(b'\n', &source.as_bytes()[start as usize..end as usize]);
    evidence.line_ends = ends.map(|at| start + at as u32).collect();
    evidence
}

/// Where the ordinal or bracket of a table's first label begins, `一、` or `（`, or the label itself.
fn before_ordinal(source: &str, label: u32) -> u32 {
    let (ordinal, _) = ordinal_before(source, label);
    if !ordinal.is_empty() {
        return ordinal.start;
    }
    let before = &source[..label as usize];
    before.strip_suffix(['（', '(']).unwrap_or(before).len() as u32
}

/// Whether letters in a table are a piece of one of its labels, or of a caption with a unit.
pub(super) fn is_own(grammar: &Grammar, text: &str) -> bool {
    let letters: String = text.chars().map(|c| fold::table().fold(c)).collect();
    grammar.matcher.is_piece(&letters) || captions::is_piece(&letters)
}

/// The nearest character boundary at or before a byte.
pub(super) fn floor(text: &str, at: u32) -> u32 {
    let mut at = (at as usize).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at as u32
}

#[expect(clippy::struct_excessive_bools, reason = "four independent facts about the gap")]
struct Assembler<'e> {
    evidence: &'e mut Evidence,
    source: &'e str,
    stated: Option<Money>,
    /// Cells of the row whose label stands before, or of the widest row.
    width: usize,
    unknown: bool,
    /// Whether a row label stands before; only then are borders with nothing between them an empty row.
    after_row: bool,
    across: bool,
    /// Whether this is the gap after the table's last label: it ends where other text begins.
    last: bool,
}

impl Assembler<'_> {
    fn assemble(&mut self, tokens: &[Token]) {
        let mut from = 0;
        while from < tokens.len() {
            let text = tokens[from..].iter().position(is_text).map_or(tokens.len(), |at| from + at);
            self.between_texts(&tokens[from..text]);
            if let Some(Token::Slot(slot)) = tokens.get(text) {
                if self.last && !self.is_header_rest(&tokens[..=text]) {
                    return;
                }
                self.evidence.loose.push(slot.span);
                self.unknown = true;
            }
            from = text + 1;
        }
    }

    /// Whether these tokens after the last label are still its own: short words before any number.
    fn is_header_rest(&self, tokens: &[Token]) -> bool {
        const SHORT: u32 = 6 * 3;
        let words = tokens.iter().filter_map(slot).count();
        tokens
            .iter()
            .filter_map(slot)
            .all(|s| s.kind == Kind::Text && s.span.end - s.span.start <= SHORT)
            && (self.across || words <= 1)
    }

    /// Tokens without letters: none, one or several rows of the table.
    fn between_texts(&mut self, tokens: &[Token]) {
        let is_cell = |t: &Token| matches!(t, Token::Slot(_));
        let Counts { cells, rows, busy, border } = Counts::of(tokens);
        if cells == 0 && (border.is_none() || !self.after_row) {
            return;
        }
        let lines = || tokens.split(|t| *t == Token::Newline);
        let full = |line: &&[Token]| line.iter().filter(|t| is_cell(t)).count();
        if rows >= 2 && rows * 2 > busy {
            // rows under each other that lost their labels, or whose labels stand in a block of their own
            for line in lines() {
                if line.iter().any(is_cell) {
                    self.row(line, border, true);
                }
            }
        } else if rows == 1 && busy == 1 && border.is_some() {
            // a row on one line: what stands on the other lines are borders of other rows
            let line = lines().find(|line| full(line) > 0).unwrap_or(tokens);
            self.row(line, border, true);
        } else if rows == 0
            && border.is_none()
            && cells >= 2 * self.width
            && cells.is_multiple_of(self.width)
            && self.width > 1
        {
            // one cell a line, several rows without their labels
            let slots: Vec<Token> = tokens.iter().copied().filter(is_cell).collect();
            for row in slots.chunks(self.width) {
                self.row(row, None, false);
            }
        } else if cells == 0 && busy == 0 {
            // an empty row is only known by the borders on its label's own line, or by one border a cell
            let line = lines().next().unwrap_or(tokens);
            let on_line = line.iter().filter(|t| Some(**t) == border).count();
            self.row(if on_line > 1 { line } else { tokens }, border, on_line > 1);
        } else {
            self.row(tokens, border, false);
        }
    }

    /// One row; `one_line` when its borders all stand on one line.
    fn row(&mut self, tokens: &[Token], border: Option<Token>, one_line: bool) {
        let first = self.evidence.slots.len() as u32;
        let mut bordered = false;
        match border {
            Some(border) => bordered = self.cells(tokens, border, one_line),
            None => self.evidence.slots.extend(tokens.iter().filter_map(slot)),
        }
        let end = self.evidence.slots.len() as u32;
        if first == end {
            return;
        }
        let slots = &self.evidence.slots[first as usize..];
        let span = slots
            .iter()
            .filter(|s| s.kind != Kind::Empty)
            .map(|s| s.span)
            .reduce(Span::join)
            .unwrap_or_default();
        let column = match border {
            Some(border) if bordered && one_line => self.column(slots, border),
            _ => None,
        };
        self.evidence.units.push(RowUnit {
            slots: (first, end),
            bordered,
            column,
            unknown_label: std::mem::take(&mut self.unknown),
            stated: self.stated,
            span,
        });
    }

    /// How many borders stand on the line before the first slot.
    fn column(&self, slots: &[Slot], border: Token) -> Option<u32> {
        let filled = slots.iter().position(|s| s.kind != Kind::Empty)?;
        let class = if border == Token::Pipe { Class::Pipe } else { Class::Tab };
        let before = &self.source[..slots[filled].span.start as usize];
        let line = &before[memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |at| at + 1)..];
        let table = fold::table();
        let borders = line.chars().filter(|c| table.class(*c) == class).count();
        borders.checked_sub(filled).map(|column| column as u32)
    }

    /// Cells between borders, empty ones included; false when a cell holds more than one number.
    fn cells(&mut self, tokens: &[Token], border: Token, one_line: bool) -> bool {
        let mut cells: Vec<&[Token]> = Vec::with_capacity(self.width + 2);
        cells.extend(tokens.split(|t| *t == border));
        let filled = |cell: &&[Token]| cell.iter().any(|t| matches!(t, Token::Slot(_)));
        // what stands before the first border belongs to the label, what stands after the last to the next row
        if cells.len() > 1 && !filled(&cells[0]) {
            cells.remove(0);
        }
        if !cells.last().is_some_and(filled) {
            cells.pop();
        }
        if !one_line && border == Token::Pipe {
            // `0 |⏎| 规章`: the two pipes around a line end are one row's end and the next one's begin
            while cells.len() > self.width && cells.last().is_some_and(|cell| !filled(cell)) {
                cells.pop();
            }
        }
        // one cell a line, several rows whose labels are lost
        let lost = cells.len() / self.width.max(1);
        if !one_line
            && self.width > 1
            && lost > 1
            && cells.len().is_multiple_of(self.width)
            && cells.iter().all(filled)
        {
            for row in cells.chunks(self.width) {
                let row: Vec<Token> = row
                    .iter()
                    .flat_map(|cell| cell.iter().copied())
                    .filter(|t| slot(t).is_some())
                    .collect();
                self.row(&row, None, false);
            }
            return false;
        }
        let mut clean = true;
        for cell in cells {
            let before = self.evidence.slots.len();
            self.evidence.slots.extend(cell.iter().filter_map(slot));
            match self.evidence.slots.len() - before {
                0 => self.evidence.slots.push(EMPTY),
                1 => {}
                _ => clean = false,
            }
        }
        clean
    }
}

/// What stands between two texts.
#[derive(Default)]
struct Counts {
    cells: usize,
    /// Lines with more than one cell.
    rows: usize,
    /// Lines with a cell.
    busy: usize,
    /// The borders between cells: pipes, and where there are none, tabs.
    border: Option<Token>,
}

impl Counts {
    fn of(tokens: &[Token]) -> Self {
        let mut counts = Self::default();
        let mut on_line = 0;
        for token in tokens {
            match token {
                Token::Slot(_) => {
                    counts.cells += 1;
                    on_line += 1;
                    counts.busy += usize::from(on_line == 1);
                    counts.rows += usize::from(on_line == 2);
                }
                Token::Pipe => counts.border = Some(Token::Pipe),
                Token::Tab => counts.border = counts.border.or(Some(Token::Tab)),
                Token::Newline => on_line = 0,
            }
        }
        counts
    }
}

pub(super) const EMPTY: Slot = Slot {
    kind: Kind::Empty,
    span: Span::new(0, 0),
    digits: (0, 0),
    hard: true,
    sign: 0,
    unit: None,
    approximate: false,
    wrapped: false,
};

fn is_text(token: &Token) -> bool {
    matches!(token, Token::Slot(slot) if slot.kind == Kind::Text)
}

pub(super) fn slot(token: &Token) -> Option<Slot> {
    match token {
        Token::Slot(slot) => Some(*slot),
        _ => None,
    }
}
