//! One table: every cell of the form gets its value with a proof, or says why it has none.

use super::cell::Cell;
use super::columns;
use super::cut::{self, Readings};
use super::lane::{Lane, Sum};
use super::place::{self, ColumnProof, Place, Placement};
use super::printed::{Printed, one_line};
use super::rows::{self, Cut, Row, State};
use super::settle::{self, settle};
use crate::finding::{Code, Finding};
use crate::grammar::{Grammar, Layout, Table};
use crate::lines::Skeleton;
use crate::number::{Decimal, Money, Printed as Says, Symbol, Unit};
use crate::span::Span;
use crate::tables::evidence::HeaderCell;
use crate::tables::{Evidence, Head, Label, Piece, Ruler};

/// The cells of one table, row by row in the form's order.
#[derive(Debug, Default)]
pub struct Reading {
    /// All cells.
    pub cells: Vec<Cell>,
    /// What was found on the way.
    pub findings: Vec<Finding>,
}

/// What the document as a whole tells about reading its tables.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is seen by itself")]
pub struct Hints<'a> {
    /// Whether blank cells were squeezed out of rows between borders.
    pub squeezed: bool,
    /// Whether some of its digits can only be several cells, see [`glued`].
    pub glued: bool,
    /// Whether rows of its text have all their cells, see [`separated`]: what stands between blanks is one cell.
    pub separated: bool,
    /// Whether equal lines were dropped from its text.
    pub lines_dropped: bool,
    /// How wide it takes an ideograph where columns are kept by blanks, see [`ideograph`]; asked only there.
    pub ideograph: &'a dyn Fn() -> Option<u32>,
}

/// Reads one table of the form.
pub fn read(
    grammar: &Grammar,
    at: usize,
    source: &str,
    skeleton: &Skeleton,
    evidence: Option<&Evidence>,
    hints: Hints<'_>,
) -> Reading {
    let table = &grammar.tables[at];
    let Some(evidence) = evidence else {
        return Reading { cells: vec![Cell::MISSING; table.cell_count()], findings: Vec::new() };
    };
    if evidence.rival || evidence.caption.is_some() {
        let open = Cell::ambiguous(evidence.span, Vec::new());
        let findings = evidence.caption.iter().map(|caption| {
            let shown = one_line(caption.of(source));
            let message = format!(
                "`{shown}` stands over table `{}`: whether it is the report's own is open",
                table.key
            );
            Finding::new(Code::RowUncertain, message).at(*caption)
        });
        return Reading { cells: vec![open; table.cell_count()], findings: findings.collect() };
    }
    let printed = Printed { table, source, skeleton, evidence, hints };
    let mut reading =
        Reading { cells: Vec::with_capacity(table.cell_count()), findings: Vec::new() };
    let mut rows = rows::rows(&printed, &mut reading.findings);
    let settled = settle(&printed, &mut rows, &mut reading.findings);
    let mut values = agreed(&printed, &rows);
    if !settled.consistent {
        settle::doubt(&printed, &rows, &mut values);
    }
    let absent = absent(&printed, &rows);
    let mut writer = Writer { printed: &printed, values, absent, reading };
    for row in &rows {
        writer.row(row);
    }
    writer.absent_columns();
    writer.reading
}

/// Whether some digits of a table without borders can only be several cells: a number has no zero before others, and no
/// count has ten digits.
pub fn glued(evidence: &Evidence, source: &str) -> bool {
    let is_glued = |piece: &Piece| {
        let digits = piece.span.of(source).as_bytes();
        piece.extent.ruler == Ruler::Line
            && digits.len() > 1
            && digits.iter().all(u8::is_ascii_digit)
            && (digits[0] == b'0' || digits.len() > 10)
    };
    evidence.pieces.iter().any(is_glued)
}

/// Whether rows of text without borders have as many pieces as cells, and add up: blanks part the cells of the document.
pub fn separated(grammar: &Grammar, at: usize, evidence: &Evidence) -> bool {
    const FEWEST: usize = 3;
    let table = &grammar.tables[at];
    if evidence.in_grid || table.layout != Layout::Down {
        return false;
    }
    let adds_up = |label: &&Label| {
        let Some(row) = evidence.rows.get(label.before_unit) else { return false };
        let pieces = evidence.pieces_of(row);
        let is_full = pieces.len() == table.rows[label.row].columns.len() && pieces.len() > 2;
        let value = |piece: &Piece| Printed::number(piece).map(|number| number.value);
        is_full
            && pieces[0].extent.ruler == Ruler::Line
            && Lane::of(table, label.row..label.row + 1)
                .adds_up(&pieces.iter().map(value).collect::<Vec<_>>())
    };
    evidence.labels.iter().filter(adds_up).nth(FEWEST - 1).is_some()
}

/// Whether blank cells were squeezed out of the rows of a table between borders: a row that ends in empty cells adds up
/// only when these are thought of elsewhere (`7 | 1 | 8 | | | |`), or rows end in one, two, three empty cells and none
/// has an empty cell before a number.
pub fn squeezed(grammar: &Grammar, at: usize, evidence: &Evidence) -> bool {
    let table = &grammar.tables[at];
    if evidence.in_grid || table.layout != Layout::Down {
        return false;
    }
    let own = |label: &Label| {
        let row = evidence.rows.get(label.before_unit)?;
        let pieces = evidence.pieces_of(row);
        (row.bordered
            && row.foreign.is_none()
            && pieces.len() >= table.rows[label.row].columns.len())
        .then_some((label.row, pieces))
    };
    let rows: Vec<(usize, &[Piece])> = evidence.labels.iter().filter_map(own).collect();
    rows.iter().any(|(row, pieces)| adds_up_before_its_end(table, *row, pieces))
        || all_end_empty(&rows)
}

/// Whether the last number is the sum of the others, and not in the place of the total.
fn adds_up_before_its_end(table: &Table, row: usize, pieces: &[Piece]) -> bool {
    let is_total = |sum: &Sum| matches!(sum.coefficients[..], [.., -1]) && sum.first == 0;
    let lane = Lane::of(table, row..row + 1);
    let last = pieces.iter().rposition(|piece| !piece.is_empty());
    let is_short = last.is_some_and(|last| last + 1 < lane.cells.len());
    if !is_short || !lane.sums.iter().any(is_total) {
        return false;
    }
    let counts: Option<Vec<i64>> = pieces
        .iter()
        .filter(|piece| !piece.is_nothing())
        .map(|piece| piece.printed.number()?.value.integer())
        .collect();
    counts.is_some_and(|counts| match counts.split_last() {
        Some((total, parts)) => *total > 0 && parts.iter().sum::<i64>() == *total,
        None => false,
    })
}

/// Whether rows end in empty cells, now one, now two, now more, and no other cell is empty.
fn all_end_empty(rows: &[(usize, &[Piece])]) -> bool {
    const FEWEST_LENGTHS: usize = 3;
    const FEWEST_ROWS: usize = 6;
    // cells that spans leave make rows of many widths
    if rows.windows(2).any(|pair| pair[0].1.len() != pair[1].1.len()) {
        return false;
    }
    let mut lengths = Vec::new();
    let mut short = 0;
    for (_, pieces) in rows {
        let Some(last) = pieces.iter().rposition(|piece| !piece.is_empty()) else { continue };
        if pieces[..last].iter().any(Piece::is_empty) {
            return false;
        }
        short += usize::from(last + 1 < pieces.len());
        lengths.push(last);
    }
    lengths.sort_unstable();
    lengths.dedup();
    short >= FEWEST_ROWS && lengths.len() > FEWEST_LENGTHS
}

/// How wide the document takes an ideograph, when one of its tables shows it.
pub fn ideograph(
    grammar: &Grammar,
    source: &str,
    skeleton: &Skeleton,
    at: usize,
    evidence: &Evidence,
) -> Option<u32> {
    let table = &grammar.tables[at];
    let even = table.rows.windows(2).all(|pair| pair[0].columns.len() == pair[1].columns.len());
    if table.layout != Layout::Down || !even {
        return None;
    }
    let (lines, furniture) = (&skeleton.lines, &skeleton.furniture[..]);
    columns::ideograph(&columns::Text {
        table,
        source,
        lines,
        furniture,
        evidence,
        rows: &[],
        across: 0,
    })
}

/// What each cell of each row of the form has as a whole number, in millionths: its number, or nothing where it is blank;
/// none where it is open.
fn agreed(printed: &Printed<'_>, rows: &[Row]) -> Vec<Vec<Option<i128>>> {
    const SCALE: u8 = 6;
    let table = printed.table;
    let mut values: Vec<Vec<Option<i128>>> =
        table.rows.iter().map(|row| vec![None; row.columns.len()]).collect();
    let number = |value: Option<Decimal>| Some(value.map_or(0, |value| value.scaled(SCALE)));
    for row in rows {
        let own: Vec<Option<i128>> = match &row.state {
            State::Missing | State::Uncertain(_) | State::BreaksOff(_) => continue,
            State::Empty(_) => vec![Some(0); row.lane.cells.len()],
            State::Placed(placement, place, _) => placement
                .iter()
                .map(|at| {
                    let Some(at) = at else {
                        return (place.column() != ColumnProof::PartOfHeader).then_some(0);
                    };
                    let piece = &printed.evidence.pieces[*at];
                    if piece.is_nothing() {
                        Some(0)
                    } else {
                        Printed::number(piece).map(|n| n.value.scaled(SCALE))
                    }
                })
                .collect(),
            State::Cut(cut) => (0..row.lane.cells.len())
                .map(|nth| {
                    let list = &cut.found.list;
                    let first = number(list.first()?.values[nth]);
                    (!cut.found.open
                        && list.iter().all(|reading| number(reading.values[nth]) == first))
                    .then_some(first)?
                })
                .collect(),
        };
        let mut own = own.into_iter();
        for row in row.rows.clone() {
            for cell in &mut values[row] {
                *cell = own.next().flatten();
            }
        }
    }
    values
}

/// The columns of the form that the header of its rows lacks.
fn absent(printed: &Printed<'_>, rows: &[Row]) -> Vec<bool> {
    let mut absent = vec![false; printed.table.columns.len()];
    for row in rows {
        // of an empty row only the header over it says which columns are there
        let cells = || row.rows.clone().flat_map(|r| printed.table.rows[r].columns.iter().copied());
        if let State::Empty(span) = row.state {
            let header = header_over(printed.evidence, span);
            let is_named = |c: usize| header.iter().any(|head| head.head == Head::Column(c));
            if cells().any(is_named)
                && header.iter().all(|head| head.head != Head::Foreign)
                && place::is_whole(printed.source, header)
            {
                cells().filter(|c| !is_named(*c)).for_each(|c| absent[c] = true);
            }
        }
        let State::Placed(placement, place, _) = &row.state else { continue };
        if place.column() == ColumnProof::PartOfHeader {
            for (nth, _) in placement.iter().enumerate().filter(|(_, at)| at.is_none()) {
                absent[cell_of(printed.table, &row.rows, nth).1] = true;
            }
        }
    }
    absent
}

/// The last header before a place: no row's label stands in it.
fn header_over(evidence: &Evidence, place: Span) -> &[HeaderCell] {
    let end = evidence.header.partition_point(|head| head.span.start < place.start);
    let header = &evidence.header[..end];
    let Some(last) = header.last() else { return header };
    let row = evidence.labels.iter().rfind(|label| label.span.start < last.span.start);
    let from = row.map_or(0, |row| header.partition_point(|head| head.span.start < row.span.start));
    &header[from..]
}

/// Turns rows into cells.
struct Writer<'a> {
    printed: &'a Printed<'a>,
    /// See [`agreed`].
    values: Vec<Vec<Option<i128>>>,
    /// For each column whether the header lacks it.
    absent: Vec<bool>,
    reading: Reading,
}

impl Writer<'_> {
    fn row(&mut self, row: &Row) {
        let count = row.lane.cells.len();
        let printed = self.printed;
        match &row.state {
            State::Missing | State::BreaksOff(_) => {
                let form = &printed.table.rows[row.rows.start];
                let finding = if let State::BreaksOff(span) = row.state {
                    let message = format!(
                        "the text ends behind the label of {} (`{}`)",
                        form.labels[0], form.key
                    );
                    Finding::new(Code::TextBreaksOff, message).at(span)
                } else {
                    let message = format!(
                        "row {} (`{}`) is not in table `{}`",
                        form.labels[0], form.key, printed.table.key
                    );
                    Finding::new(Code::RowMissing, message).at(printed.evidence.span)
                };
                self.reading.findings.push(finding);
                self.fill(count, &Cell::MISSING);
            }
            State::Empty(span) => {
                let blank = Cell::blank(Span::new(span.end, span.end));
                for nth in 0..count {
                    let (_, c) = cell_of(printed.table, &row.rows, nth);
                    let cell = if self.absent[c] { Cell::MISSING } else { blank.clone() };
                    self.reading.cells.push(cell);
                }
            }
            State::Uncertain(span) => {
                self.ambiguous(row, *span);
                self.fill(count, &Cell::ambiguous(*span, Vec::new()));
            }
            State::Placed(placement, place, unit) => self.placed(row, placement, *place, *unit),
            State::Cut(cut) => self.cut(row, cut),
        }
    }

    /// Says which columns the header lacks.
    fn absent_columns(&mut self) {
        let table = self.printed.table;
        let absent = self.absent.iter().zip(&table.columns).filter(|(absent, _)| **absent);
        let findings = absent.map(|(_, column)| {
            let message = format!(
                "column {} (`{}`) is not in the header of table `{}`",
                column.labels[0], column.key, table.key
            );
            Finding::new(Code::ColumnMissing, message).at(self.printed.evidence.span)
        });
        self.reading.findings.extend(findings);
    }

    fn fill(&mut self, count: usize, cell: &Cell) {
        self.reading.cells.extend(std::iter::repeat_n(cell.clone(), count));
    }

    fn ambiguous(&mut self, row: &Row, span: Span) {
        let table = self.printed.table;
        let labels: Vec<&str> =
            table.rows[row.rows.clone()].iter().map(|r| r.labels[0].as_str()).collect();
        let shown = one_line(span.of(self.printed.source));
        let message = format!("`{shown}` of {} allows several readings", labels.join(", "));
        let cells = row
            .rows
            .clone()
            .flat_map(|r| table.rows[r].columns.iter().map(move |c| table.cell_name(r, *c)))
            .collect();
        self.reading
            .findings
            .push(Finding::new(Code::DigitsAmbiguous, message).at(span).about(cells));
    }

    /// Pieces in their cells.
    fn placed(&mut self, row: &Row, placement: &Placement, place: Place, unit: usize) {
        let printed = self.printed;
        let end = printed.unit(unit).span.end;
        for (nth, at) in placement.iter().enumerate() {
            let (r, c) = cell_of(printed.table, &row.rows, nth);
            let cell = match at {
                None if place.column() == ColumnProof::PartOfHeader => Cell::MISSING,
                None => Cell::blank(Span::new(end, end)),
                Some(at) => self.piece(&printed.evidence.pieces[*at], place, unit, r, c),
            };
            self.reading.cells.push(cell);
        }
    }

    /// A piece that is one cell.
    fn piece(&mut self, piece: &Piece, place: Place, unit: usize, r: usize, c: usize) -> Cell {
        let signed = self.printed.table.columns[c].signed;
        match piece.printed {
            Says::Empty | Says::Mark => Cell::blank(piece.span),
            Says::Approximate => {
                self.finding(
                    Code::ApproximateValue,
                    "is marked as rounded and not given",
                    piece.span,
                    r,
                    c,
                );
                Cell::unreadable(piece.span)
            }
            Says::Number(number) if !piece.followed && (!number.signed || signed) => {
                match self.in_unit_of_form(number.value, number.unit, piece.span, unit, r, c) {
                    Some(value) => Cell::read(value, piece.span, place),
                    None => Cell::unreadable(piece.span),
                }
            }
            Says::Number(_) | Says::NotANumber => {
                self.finding(
                    Code::CellUnreadable,
                    "is no number and no mark for nothing",
                    piece.span,
                    r,
                    c,
                );
                Cell::unreadable(piece.span)
            }
        }
    }

    fn cut(&mut self, row: &Row, cut: &Cut) {
        let printed = self.printed;
        let span = printed.unit(cut.unit).span;
        let list = &cut.found.list;
        let settled = !cut.found.open && !list.is_empty();
        let mut open = !settled;
        for nth in 0..row.lane.cells.len() {
            let first = list.first().and_then(|reading| reading.values[nth]);
            let agreed = settled && list.iter().all(|reading| reading.values[nth] == first);
            let candidates = candidates_of(&cut.found, nth);
            let cell = match first {
                None if agreed => Cell::blank(
                    cut::span_of(&cut.run, list[0].ranges[nth])
                        .unwrap_or(Span::new(span.end, span.end)),
                ),
                Some(value) if agreed => self.settled(row, cut, nth, value, candidates),
                _ => Cell::ambiguous(span, candidates),
            };
            open |= cell.value().is_none() && !(agreed && first.is_none());
            self.reading.cells.push(cell);
        }
        if open {
            self.ambiguous(row, span);
        }
    }

    /// A cell on whose value all readings of its row agree.
    fn settled(
        &mut self,
        row: &Row,
        cut: &Cut,
        nth: usize,
        value: Decimal,
        candidates: Vec<Decimal>,
    ) -> Cell {
        let printed = self.printed;
        let all = printed.unit(cut.unit).span;
        let list = &cut.found.list;
        let range = list[0].ranges[nth];
        let same_place = list.iter().all(|reading| reading.ranges[nth] == range);
        let span = Some(range)
            .filter(|_| same_place)
            .and_then(|range| cut::span_of(&cut.run, range))
            .unwrap_or(all);
        let (r, c) = cell_of(printed.table, &row.rows, nth);
        let own = range.1.checked_sub(1).and_then(|last| cut.run.get(last));
        let own = own.and_then(
            |(symbol, _)| if let Symbol::Unit(unit) = symbol { Some(*unit) } else { None },
        );
        let Some(value) = self.in_unit_of_form(value, own, span, cut.unit, r, c) else {
            return Cell::unreadable(span);
        };
        if !cut.choice {
            return Cell::read(value, span, place::one_way(cut.row));
        }
        let own_nth =
            printed.table.rows[r].columns.iter().position(|column| *column == c).unwrap_or(0);
        if self.values[r][own_nth].is_none() {
            return Cell::ambiguous(span, candidates);
        }
        let proof = settle::proof(printed, &self.values, r, c);
        Cell::solved(value, span, proof).unwrap_or_else(|| Cell::ambiguous(span, candidates))
    }

    /// Money in 万元, whatever unit is printed in the cell, with the label, in the header or over the table; none when it does
    /// not fit, or the unit is none that forms have.
    fn in_unit_of_form(
        &mut self,
        value: Decimal,
        own: Option<Unit>,
        span: Span,
        unit: usize,
        r: usize,
        c: usize,
    ) -> Option<Decimal> {
        let table = self.printed.table;
        let (column, row) = (&table.columns[c], &table.rows[r]);
        if !table.is_money(row, c) {
            if matches!(own, Some(Unit::Wan | Unit::Yi)) {
                let what = "is a round number of 万 or 亿 and not given";
                self.finding(Code::ApproximateValue, what, span, r, c);
                return None;
            }
            if value.scale() > 0 || own.is_some_and(|unit| unit != Unit::Count) {
                self.finding(Code::CellUnreadable, "is no count", span, r, c);
                return None;
            }
            return Some(value);
        }
        if own == Some(Unit::Count) {
            self.finding(Code::CellUnreadable, "is no sum of money", span, r, c);
            return None;
        }
        let evidence = self.printed.evidence;
        let stated = self.printed.unit(unit).stated;
        let header = || evidence.stated.iter().rfind(|(of, _)| *of == c).map(|(_, unit)| *unit);
        // the nearest before the number
        let caption =
            || evidence.captions.iter().rfind(|(at, _)| *at < span.start).map(|(_, unit)| *unit);
        // （元） beside the label below 单位：万元: which, nobody knows
        let stated = match (stated, header()) {
            (Some(beside), Some(above)) if beside != above => Some(Money::Unknown),
            _ => stated,
        };
        let own = own.map(Money::Known);
        let by_form = || row.money().map(Money::Known);
        let unit = own.or(stated).or_else(by_form).or_else(header).or_else(caption);
        let places = match unit {
            Some(Money::Known(unit)) => unit.places_to_wan_yuan(),
            Some(Money::Unknown) => {
                let what = "is printed in a unit that the form has not";
                self.finding(Code::CellUnreadable, what, span, r, c);
                return None;
            }
            None => None,
        };
        let Some(places) = places else {
            if column.unit_required && !value.is_zero() {
                let what = "is printed without a unit, and not given";
                self.finding(Code::UnitNotStated, what, span, r, c);
                return None;
            }
            if !column.unit_stated && !value.is_zero() {
                let what = "is printed without a unit and given as printed";
                self.finding(Code::UnitNotStated, what, span, r, c);
            }
            return Some(value);
        };
        let shifted = value.shifted(places);
        if shifted.is_none() {
            self.finding(Code::CellUnreadable, "is too large a sum", span, r, c);
        }
        shifted
    }

    fn finding(&mut self, code: Code, what: &str, span: Span, r: usize, c: usize) {
        let cell = self.printed.table.cell_name(r, c);
        let message = format!("`{}` {what}", one_line(span.of(self.printed.source)));
        self.reading.findings.push(Finding::new(code, message).at(span).about(vec![cell]));
    }
}

/// The values that remain possible for a cell; none when they could not all be listed.
fn candidates_of(found: &Readings, nth: usize) -> Vec<Decimal> {
    if found.open {
        return Vec::new();
    }
    let mut values: Vec<Decimal> =
        found.list.iter().filter_map(|reading| reading.values[nth]).collect();
    values.sort_unstable();
    values.dedup();
    values
}

/// Row and column of the nth cell of a range of rows.
fn cell_of(table: &Table, rows: &std::ops::Range<usize>, nth: usize) -> (usize, usize) {
    let mut left = nth;
    for row in rows.clone() {
        let columns = &table.rows[row].columns;
        if left < columns.len() {
            return (row, columns[left]);
        }
        left -= columns.len();
    }
    (rows.end - 1, 0)
}
