//! Grids → the evidence of a table, where the document itself tells rows and columns.
//!
//! A row of the grid is a row of the evidence: its labels are the cells with labels, its pieces the cells behind the
//! last of them, one piece a cell, each with the columns it covers. Which of these columns are the form's is decided
//! later, because spans in real pages lie about that.

use super::beside;
use super::evidence::{Evidence, Extent, Head, HeaderCell, Label, Piece, PrintedRow, Ruler};
use super::find::{Region, own_role};
use super::pieces::number_like;
use super::said::{self, Measure};
use super::text::is_own;
use crate::document::blocks::{Grid, GridCell};
use crate::fold::{self, Class};
use crate::grammar::matcher::{letters, split_ordinal};
use crate::grammar::{Grammar, Hit, Layout, Part, Role, Table};
use crate::lines::Skeleton;
use crate::number::{self, Money, Printed};
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
pub(super) fn collect(
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
    // 其他对外管理服务事项: what is a label of another table says nothing here, and may stand in other words
    let found: Vec<Found> = found.into_iter().filter(|hit| hit.role.is_some()).collect();
    let mut reader = Reader {
        grammar,
        table: &grammar.tables[region.table],
        source,
        found: &found,
        evidence: Evidence { in_grid: true, year: region.year, ..Evidence::default() },
        covering: Vec::new(),
        text_rows: 0,
        ruler: Ruler::Grid(0),
        line: 0,
        across: across.then(|| grammar.tables[region.table].cell_count()),
        side_by_side: false,
        of_another: None,
        part: 0,
    };
    let mut begin = None;
    'grids: for grid in grids {
        let mut from = 0;
        let mut above: &[GridCell] = &[];
        reader.covering.clear();
        while from < grid.cells.len() {
            let row = grid.cells[from].row;
            let length = grid.cells[from..].iter().take_while(|cell| cell.row == row).count();
            let cells = &grid.cells[from..from + length];
            from += length;
            let (start, end) = (cells[0].span.start, cells[length - 1].span.end);
            if end <= labels_in.start
                && !cells.iter().any(|cell| cell.span.start == labels_in.start)
            {
                above = cells;
                continue;
            }
            if start >= limit || (start >= last && !reader.goes_on(cells, across)) {
                break 'grids;
            }
            // notes and headers before the first label belong to the table when nothing else stands in its grid
            begin.get_or_insert_with(|| {
                if is_alone(skeleton, hits, region, grid) { grid.span.start } else { start }
            });
            reader.ruler = Ruler::Grid(grid.frame);
            if reader.line == 0 && reader.is_head_row(above) {
                // a header of which the form knows no word
                for cell in above {
                    reader.head(cell, None);
                }
            }
            let known = reader.evidence.rows.len();
            reader.row(cells);
            if grid.breaks_off && from == grid.cells.len() {
                reader.break_off(known, Span::new(start, end));
            }
            reader.line += 1;
            reader.evidence.line_ends.push(end);
            reader.evidence.span.end = end;
        }
    }
    let mut evidence = reader.evidence;
    evidence.span.start = begin?;
    evidence.loose.retain(|span| !is_own(grammar, span.of(source)));
    evidence.second = region.second.map(|hit| skeleton.source_span(hits[hit].start, hits[hit].end));
    evidence.rival = region.rival;
    evidence.caption = said::caption(source, 0, labels_in.start, region.year);
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
    /// Its first piece.
    first: usize,
    /// The best part of its label.
    label: Option<Part>,
    /// Words that are no label before its numbers.
    foreign: Option<Span>,
    /// Whether a group's label or a piece of one stands before its numbers.
    unknown: bool,
    /// The last of these, or a word of the frame.
    words: Option<Span>,
    /// Whether it has a number, a mark or words.
    filled: bool,
    /// Whether several pieces share a cell, so that cells are not columns.
    shared: bool,
    /// Words or digits among others in the cell of its label.
    muddled: Option<Span>,
    /// The unit of money stated beside its label.
    stated: Option<Money>,
}

struct Reader<'a> {
    grammar: &'a Grammar,
    table: &'a Table,
    source: &'a str,
    found: &'a [Found],
    evidence: Evidence,
    /// Cells that cover rows below their own, with their pieces.
    covering: Vec<(GridCell, usize)>,
    /// Rows of letters without numbers behind the last label.
    text_rows: usize,
    ruler: Ruler,
    /// Rows of grids so far.
    line: u32,
    /// Cells of a row that holds all rows of the form side by side, where the table is such a one.
    across: Option<usize>,
    /// Whether the row that is read is such a row: its words are cells.
    side_by_side: bool,
    /// The words that say that the part of the table is of another time or body, and the labels before it.
    of_another: Option<(Span, usize)>,
    /// Where the line ends with which the part begins.
    part: u32,
}

impl Reader<'_> {
    /// Whether a row behind the last label is still the table's: numbers without letters.
    fn goes_on(&mut self, cells: &[GridCell], across: bool) -> bool {
        const HEADER_ROWS: usize = 3;
        let letters = cells.iter().any(|cell| {
            let text = cell.span.of(self.source);
            !number::is_figure(text)
                && text.chars().any(|c| fold::table().class(c) == Class::Letter)
        });
        // side by side, some header words are too short to be labels, and notes may follow
        self.text_rows += usize::from(letters);
        if across {
            // a group's label over empty cells is a row that says nothing
            let says = !self.evidence.pieces.iter().all(Piece::is_nothing);
            !letters || (!says && self.text_rows <= HEADER_ROWS)
        } else {
            !letters
        }
    }

    fn extent(&self, cell: &GridCell) -> Extent {
        Extent { ruler: self.ruler, from: cell.col, to: cell.end_col() }
    }

    /// Whether a cell stands under a column of the header.
    fn is_headed(&self, cell: &GridCell) -> bool {
        let extent = self.extent(cell);
        self.evidence
            .header
            .iter()
            .any(|head| matches!(head.head, Head::Column(_)) && head.extent.touches(extent))
    }

    /// The row whose code stands in a cell beside a label.
    fn coded(&self, cells: &[GridCell], label: &GridCell) -> Option<usize> {
        let rows = self.table.rows.iter();
        let mut rows = rows.enumerate().filter(|(_, row)| !row.codes.is_empty()).peekable();
        rows.peek()?;
        let said = letters(label.span.of(self.source));
        let before: Vec<&str> = cells
            .iter()
            .take_while(|cell| cell.span.start < label.span.start)
            .map(|cell| cell.span.of(self.source))
            .collect();
        rows.find(|(_, row)| {
            row.labels.iter().any(|label| said.ends_with(&*split_ordinal(label).1))
                && before.iter().any(|text| beside::is_code(row, text))
        })
        .map(|(at, _)| at)
    }

    /// Whether two rows have a label in common, ordinals aside.
    fn has_label_of(&self, one: usize, other: usize) -> bool {
        let bodies =
            |row: usize| self.table.rows[row].labels.iter().map(|label| split_ordinal(label).1);
        bodies(one).any(|own| bodies(other).any(|other| own == other))
    }

    /// Whether a cell holds the unit or the code that the form prints beside a label of this row.
    fn is_beside(&self, cells: &[GridCell], at: usize, open: &mut OpenRow) -> bool {
        let mut hits = cells.iter().flat_map(|cell| self.hits_in(cell.span));
        let row = |at: usize| match self.found[at].role {
            Some(Role::Row(_, row, _)) => Some(row),
            _ => None,
        };
        let Some(row) = hits.find_map(row) else { return false };
        let text = cells[at].span.of(self.source);
        // rows with one label differ by their codes
        let all = self.table.rows.iter().enumerate().filter(|(own, form)| {
            !form.codes.is_empty() && (*own == row || self.has_label_of(*own, row))
        });
        let row = all
            .map(|(_, form)| form)
            .find(|form| beside::is_code(form, text))
            .unwrap_or(&self.table.rows[row]);
        if !row.codes.is_empty() && beside::is_code(row, text) {
            // the code stands before the numbers: a number like it behind them is one
            let before = cells[..at].iter().map(|cell| cell.span.of(self.source));
            let is_number =
                |text: &str| !beside::is_code(row, text) && number::is_figure(text.trim());
            return !before.clone().any(is_number)
                && !before.clone().any(|text| beside::is_code(row, text));
        }
        if !self.table.unit_column || open.filled {
            return false;
        }
        let Some(unit) = beside::is_unit(text) else { return false };
        if unit.places_to_wan_yuan().is_some() {
            open.stated = Some(Money::Known(unit));
        }
        true
    }

    /// Takes back the row in which the document ends: its last number may go on, and what it lacks is not blank.
    fn break_off(&mut self, known: usize, row: Span) {
        let is_across = self.across.is_some();
        let mut from = known;
        if let Some(label) = self.evidence.labels.last_mut()
            && (is_across || row.start < label.span.end)
        {
            // a label may be torn, and what stands beside its beginning is the row's too
            from = known.min(label.before_unit);
            (label.words, label.before_unit) = (Some(row), from);
        }
        let first = self.evidence.rows.get(from).map(|row| row.pieces.0 as usize);
        self.evidence.rows.truncate(from);
        if let Some(first) = first {
            self.forget(first);
        }
    }

    fn row(&mut self, cells: &[GridCell]) {
        let mut open = OpenRow { first: self.evidence.pieces.len(), ..OpenRow::default() };
        let labelled = cells.iter().any(|cell| !self.hits_in(cell.span).is_empty());
        self.side_by_side = !labelled
            && self.across.is_some_and(|width| cells.len() >= width || self.is_headed(&cells[0]));
        let is_header = cells.iter().any(|cell| {
            let hits = self.hits_in(cell.span);
            hits.clone().any(|at| matches!(self.found[at].role, Some(Role::Column(..))))
        });
        // 信息内容 | 2021年 | 同比: a header all the same, of other columns
        let is_head_row = self.is_head_row(cells);
        let is_header = is_header || is_head_row;
        let has_beside =
            self.table.unit_column || self.table.rows.iter().any(|row| !row.codes.is_empty());
        for (at, cell) in cells.iter().enumerate() {
            let hits = self.hits_in(cell.span);
            self.covered(cell, &open);
            if hits.is_empty() && has_beside && self.is_beside(cells, at, &mut open) {
                continue;
            }
            if hits.is_empty() {
                if is_header && open.label.is_none() && self.is_words(cell.span) {
                    self.head(cell, None);
                    if is_head_row {
                        self.evidence.loose.push(cell.span);
                        continue;
                    }
                }
                self.cell(cell, &mut open);
                continue;
            }
            let is_row = |at: &usize| matches!(self.found[*at].role, Some(Role::Row(..)));
            if hits.clone().any(|at| is_row(&at))
                && (self.of_another.is_some() || self.is_other(cell.span, hits.clone()))
            {
                // 上年行政许可: the words of a label among others are another label
                self.close(&mut open, true);
                // of another year under its own label: that of the part
                open.foreign = Some(self.of_another.map_or(cell.span, |(words, _)| words));
                self.evidence.loose.push(cell.span);
                continue;
            }
            let begins = hits.clone().any(|at| is_row(&at));
            if self.several(hits.clone()) {
                // 行政处罚、行政强制: one row for two of the form is neither of them
                self.close(&mut open, true);
                open.foreign = Some(cell.span);
                continue;
            }
            // a second label: the first one's row ends here
            self.close(&mut open, begins);
            let coded = self.coded(cells, cell);
            for at in hits.clone() {
                if let Some(Role::Row(_, row, part)) = self.found[at].role {
                    let row = coded.filter(|coded| self.has_label_of(*coded, row)).unwrap_or(row);
                    open.label = Some(open.label.map_or(part, |known| known.min(part)));
                    let (span, before_unit) = (self.found[at].span, self.evidence.rows.len());
                    let label =
                        Label { row, part, span, before_unit, words: None, breaks_off: false };
                    self.evidence.labels.push(label);
                }
            }
            self.rest_of_label(cell, hits.end - 1, &mut open);
        }
        if let Some(last) = cells.last() {
            self.covered(&GridCell { col: u32::MAX, ..*last }, &open);
        }
        self.close(&mut open, true);
    }

    /// Adds the pieces of a labelled row before this cell that stand in cells of rows above: one number for several rows is
    /// no row's own.
    fn covered(&mut self, cell: &GridCell, open: &OpenRow) {
        if self.covering.is_empty() || open.label != Some(Part::Whole) {
            return;
        }
        self.covering.retain(|(above, _)| above.row + above.rows > cell.row);
        let known = self.evidence.pieces[open.first..].iter().map(|piece| piece.extent.to).max();
        let mut from = known.unwrap_or(0);
        for at in 0..self.covering.len() {
            let (above, piece) = self.covering[at];
            if above.row < cell.row && above.col < cell.col && above.col >= from {
                from = above.end_col();
                self.evidence.pieces[piece].printed = Printed::NotANumber;
                let own = self.evidence.pieces[piece];
                self.evidence.pieces.push(own);
            }
        }
    }

    /// Whether a row of cells says words only, and none of a row of the form: years are words too.
    fn is_head_row(&self, cells: &[GridCell]) -> bool {
        let is_row = |at: usize| matches!(self.found[at].role, Some(Role::Row(..)));
        let says_words = |cell: &&GridCell| {
            let text = cell.span.of(self.source);
            self.is_words(cell.span) || number::year::year(text.trim()).is_ok()
        };
        let filled = || cells.iter().filter(|cell| !cell.span.of(self.source).trim().is_empty());
        !cells.iter().any(|cell| self.hits_in(cell.span).any(is_row))
            && filled().count() > 1
            && filled().all(|cell| says_words(&cell))
    }

    /// Whether whole labels of several rows stand in one cell.
    fn several(&self, hits: std::ops::Range<usize>) -> bool {
        let mut rows = hits.filter_map(|at| match self.found[at].role {
            Some(Role::Row(_, row, Part::Whole)) => Some(row),
            _ => None,
        });
        rows.next().is_some_and(|first| rows.any(|other| other != first))
    }

    /// Whether a cell with a row's label says more than that label.
    fn is_other(&self, cell: Span, hits: std::ops::Range<usize>) -> bool {
        let hits = &self.found[hits];
        let says = |from: u32, to: u32| {
            let text = Span::new(from, to.max(from)).of(self.source);
            let text = number::ends_with(text).map_or(text, |ordinal| &text[..ordinal.start]);
            text.chars().any(|c| matches!(fold::table().class(c), Class::Letter | Class::Digit))
        };
        let (first, last) = (&hits[0], &hits[hits.len() - 1]);
        let is_tail = matches!(first.role, Some(Role::Row(_, _, Part::Tail)));
        if hits.len() == 1
            && !is_tail
            && !says(cell.start, first.span.start)
            && !says(last.span.end, cell.end)
        {
            return false;
        }
        let is_row = |role: &Role| matches!(role, Role::Row(..));
        let Some(role) = hits.iter().filter_map(|hit| hit.role).find(is_row) else { return false };
        let measure = Measure::of(self.table, role, self.evidence.year);
        match role {
            Role::Row(_, _, Part::Whole) if hits.len() == 1 => {
                !measure.is(self.label_in(cell, last.span.end))
            }
            _ => {
                let is_known = |letters: &str| is_own(self.grammar, letters);
                !measure.has_piece(self.label_in(cell, last.span.end), is_known)
            }
        }
    }

    /// A cell without the number behind its label.
    fn label_in(&self, cell: Span, label: u32) -> &str {
        let behind = Span::new(label.min(cell.end), cell.end).of(self.source);
        let digits = behind.find(|c| fold::table().class(c) == Class::Digit);
        let is_year = digits.is_some_and(|at| number::year::year(&behind[at..]).is_ok());
        let end = digits.filter(|_| !is_year).map_or(cell.end, |at| label + at as u32);
        Span::new(cell.start, end).of(self.source)
    }

    fn is_words(&self, cell: Span) -> bool {
        let text = cell.of(self.source);
        text.chars().any(|c| fold::table().class(c) == Class::Letter) && !number::is_figure(text)
    }

    /// A cell of a header: a column of the form when it says its label and nothing else.
    fn head(&mut self, cell: &GridCell, column: Option<usize>) {
        let head = match column {
            Some(column) => Head::Column(column),
            None if number::names_units(cell.span.of(self.source))
                || said::is_of_year(cell.span.of(self.source), self.evidence.year) =>
            {
                Head::Foreign
            }
            None if is_own(self.grammar, cell.span.of(self.source)) => Head::Group,
            None => Head::Foreign,
        };
        let (extent, before_unit) = (self.extent(cell), self.evidence.rows.len());
        self.evidence.header.push(HeaderCell {
            head,
            span: cell.span,
            extent,
            line: self.line,
            before_unit,
        });
    }

    /// A cell without a label.
    fn cell(&mut self, cell: &GridCell, open: &mut OpenRow) {
        let text = cell.span.of(self.source);
        let (printed, range) = number::cell(text);
        let words = printed == Printed::NotANumber
            && self.is_words(cell.span)
            && !text.contains(char::REPLACEMENT_CHARACTER);
        let is_label = !(open.unknown || open.foreign.is_some()) || !self.is_headed(cell);
        if words && is_label && !open.filled && open.label.is_none() && !self.side_by_side {
            // letters before any number: a label that the form does not know, and nothing before it is a value
            self.forget(open.first);
            self.evidence.loose.push(cell.span);
            if is_own(self.grammar, text) {
                open.unknown = true;
                open.words = Some(cell.span);
            } else {
                open.foreign = Some(open.foreign.map_or(cell.span, |known| known.join(cell.span)));
            }
            return;
        }
        let span =
            Span::new(cell.span.start + range.start as u32, cell.span.start + range.end as u32);
        let wrapped = printed == Printed::NotANumber && digits_on_lines(text);
        let piece = Piece { printed, span, extent: self.extent(cell), wrapped, followed: false };
        open.filled |= !piece.is_empty();
        if cell.rows > 1 && !piece.is_nothing() {
            self.covering.push((*cell, self.evidence.pieces.len()));
        }
        self.evidence.pieces.push(piece);
    }

    /// Ends a row of the evidence: it becomes one when it has numbers, or (at its end) a whole label.
    fn close(&mut self, open: &mut OpenRow, ends: bool) {
        if let (Some(span), true) = (open.muddled, self.evidence.pieces.len() == open.first) {
            let extent = Extent { ruler: self.ruler, from: 0, to: 1 };
            self.evidence.pieces.push(Piece {
                printed: Printed::NotANumber,
                span,
                extent,
                wrapped: false,
                followed: false,
            });
            (open.filled, open.shared) = (true, true);
        }
        let pieces = &self.evidence.pieces[open.first..];
        let blank = ends && open.label == Some(Part::Whole);
        if pieces.is_empty() || !(open.filled || blank) {
            self.forget(open.first);
            if let (Some(words), true) = (open.muddled, open.label.is_some()) {
                self.evidence.labels.last_mut().expect("it has a label").words = Some(words);
            }
        } else {
            let span = pieces.iter().map(|piece| piece.span).reduce(Span::join).unwrap_or_default();
            let foreign = open.foreign.filter(|_| open.label.is_none());
            self.evidence.rows.push(PrintedRow {
                pieces: (open.first as u32, self.evidence.pieces.len() as u32),
                bordered: !open.shared,
                shared: open.shared,
                foreign,
                unknown: (open.unknown || foreign.is_some()) && open.label.is_none(),
                words: open.words.filter(|_| open.label.is_none()),
                stated: open.stated,
                by_column: None,
                span,
            });
        }
        let label = if ends { None } else { open.label };
        *open = OpenRow { first: self.evidence.pieces.len(), label, ..OpenRow::default() };
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
        let text = rest.of(self.source);
        let stated = in_brackets(text);
        match hit.role {
            Some(role @ Role::Column(_, column)) => {
                let whole = self.is_label_of(cell.span, hit.span, role);
                self.head(cell, whole.then_some(column));
                // （七）本月总计 before numbers stands in the place of a row's label
                open.words = Some(cell.span);
                if whole {
                    self.evidence.stated.extend(stated.map(|unit| (column, unit)));
                }
            }
            Some(Role::Frame(_)) => {
                open.words = Some(cell.span);
                self.frame(cell.span);
                self.evidence.header.push(HeaderCell {
                    head: Head::Group,
                    span: cell.span,
                    extent: self.extent(cell),
                    line: self.line,
                    before_unit: self.evidence.rows.len(),
                });
            }
            Some(Role::Row(..)) => {
                open.stated = stated.or(open.stated);
                let table = fold::table();
                let behind = text.trim_start_matches(|c: char| {
                    matches!(table.class(c), Class::Mark | Class::Close) && !"-—/－".contains(c)
                });
                let (printed, range) = number::cell(behind);
                let start = rest.end - behind.len() as u32;
                match printed {
                    Printed::Empty => {}
                    Printed::Number(_) | Printed::Approximate => {
                        // which column this is, is not known
                        let span = Span::new(start + range.start as u32, start + range.end as u32);
                        let extent = self.extent(cell);
                        self.evidence.pieces.push(Piece {
                            printed,
                            span,
                            extent,
                            wrapped: false,
                            followed: false,
                        });
                        (open.filled, open.shared) = (true, true);
                    }
                    // digits among words: not a row without numbers, but which of them are its own is not known
                    _ => {
                        let outside = outside_brackets(behind);
                        if outside.chars().any(number_like) {
                            open.muddled = Some(rest);
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether a header's cell says a label and nothing else but a unit. Any word before it makes it another one
    /// (上年处理决定数量); behind it, pieces of labels may stand.
    fn is_label_of(&self, cell: Span, label: Span, role: Role) -> bool {
        let letters = |text: &str| text.chars().any(|c| fold::table().class(c) == Class::Letter);
        let before = Span::new(cell.start, label.start.max(cell.start)).of(self.source);
        let behind = Span::new(label.end.min(cell.end), cell.end).of(self.source);
        if !letters(before) && !letters(behind) {
            return true;
        }
        // 申请人情况 above 自然人, in one cell
        let is_below_group = before.trim_end_matches([' ', '\u{3000}']).ends_with('\n')
            && is_own(self.grammar, before.trim());
        (is_below_group || !letters(&outside_brackets(before)))
            && Measure::of(self.table, role, self.evidence.year)
                .has_piece(cell.of(self.source), |letters| is_own(self.grammar, letters))
    }

    /// Notes whether the part of the table that begins here is of another time or body.
    fn frame(&mut self, cell: Span) {
        let year = self.evidence.year;
        let labels = &self.evidence.labels;
        let from = labels.last().map_or(0, |label| label.span.end).max(self.part);
        self.part = cell.end;
        let text = cell.of(self.source);
        let note =
            text.rfind(|c| fold::table().class(c) == Class::Open).map_or("", |at| &text[at..]);
        let is_another = said::is_of_another(text, year) || said::is_of_another(note, year);
        let beside = is_another.then_some(cell);
        let words = beside.or_else(|| said::caption(self.source, from, cell.start, year));
        let rows = labels.len() + self.evidence.loose.len();
        self.of_another = match words {
            Some(words) => Some((words, rows)),
            None => self.of_another.filter(|(_, known)| *known == rows),
        };
    }

    /// Drops the pieces of the row that is read.
    fn forget(&mut self, first: usize) {
        self.evidence.pieces.truncate(first);
    }
}

/// Whether a text is digits on several lines and nothing else.
fn digits_on_lines(text: &str) -> bool {
    let lines: Vec<&str> =
        text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.len() > 1 && lines.iter().all(|line| line.chars().all(|c| number_like(c) || c == '.'))
}

/// A text without its brackets.
pub(super) fn outside_brackets(text: &str) -> String {
    let table = fold::table();
    let mut depth = 0i32;
    text.chars()
        .filter(|c| match table.class(*c) {
            Class::Open => {
                depth += 1;
                false
            }
            Class::Close => {
                depth -= 1;
                false
            }
            _ => depth <= 0,
        })
        .collect()
}

/// The unit of money that brackets in a text state.
pub(super) fn in_brackets(text: &str) -> Option<Money> {
    let table = fold::table();
    let class = |class: Class| move |c: char| table.class(c) == class;
    let mut rest = text;
    while let Some(open) = rest.find(class(Class::Open)) {
        rest = &rest[open + rest[open..].chars().next()?.len_utf8()..];
        let end = rest.find(class(Class::Close)).unwrap_or(rest.len());
        if let Some(money) = number::in_brackets(&rest[..end]) {
            return Some(money);
        }
    }
    None
}
