//! One table: every cell of the form gets its value and its status.

use super::candidates::Candidates;
use super::cell::Cell;
use super::columns;
use super::printed::{Printed, one_line};
use super::rows::{self, Cut, Row, State};
use super::settle::settle;
use super::spacing::Spacing;
use crate::atoms::{Decimal, Unit};
use crate::finding::{Code, Finding};
use crate::grammar::{Grammar, Layout, Table};
use crate::lines::Skeleton;
use crate::span::Span;
use crate::tables::captions::Money;
use crate::tables::{Evidence, Kind, RowUnit, Slot};

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
pub struct Hints<'a> {
    /// How it separates cells.
    pub spacing: Spacing,
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
    let printed = Printed {
        table,
        source,
        skeleton,
        evidence,
        spacing: hints.spacing,
        ideograph: hints.ideograph,
    };
    let mut reading =
        Reading { cells: Vec::with_capacity(table.cell_count()), findings: Vec::new() };
    let mut rows = rows::rows(&printed, &mut reading.findings);
    settle(&printed, &mut rows, &mut reading.findings);
    let mut writer = Writer { printed: &printed, reading };
    for row in &rows {
        writer.row(row);
    }
    writer.reading
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

/// Turns rows into cells.
struct Writer<'a> {
    printed: &'a Printed<'a>,
    reading: Reading,
}

impl Writer<'_> {
    fn row(&mut self, row: &Row) {
        let count = row.lane.cells.len();
        let printed = self.printed;
        match &row.state {
            State::Missing => {
                let form = &printed.table.rows[row.rows.start];
                let message = format!(
                    "row {} (`{}`) is not in table `{}`",
                    form.labels[0], form.key, printed.table.key
                );
                let finding = Finding::new(Code::RowMissing, message).at(printed.evidence.span);
                self.reading.findings.push(finding);
                self.fill(count, Cell::MISSING);
            }
            State::Empty(span) => {
                self.fill(count, Cell::blank(Span::new(span.end, span.end)));
            }
            State::Uncertain(span) => {
                self.ambiguous(row, *span);
                self.fill(count, Cell::ambiguous(*span, Vec::new()));
            }
            State::Slots(placed, unit) => self.slots(row, placed, *unit),
            State::Cut(cut) => self.cut(row, cut),
        }
    }

    fn fill(&mut self, count: usize, cell: Cell) {
        self.reading.cells.extend(std::iter::repeat_n(cell, count));
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

    fn slots(&mut self, row: &Row, placed: &[Option<usize>], unit: usize) {
        let printed = self.printed;
        let unit_row = printed.unit(unit);
        let end = Span::new(unit_row.span.end, unit_row.span.end);
        for (nth, place) in placed.iter().enumerate() {
            let (r, c) = cell_of(printed.table, &row.rows, nth);
            let slot = place.map(|at| printed.slots(unit)[at]);
            let cell = match slot {
                None => Cell::blank(end),
                Some(slot) => self.slot(&slot, unit_row, r, c),
            };
            self.reading.cells.push(cell);
        }
    }

    /// A slot that is one cell.
    fn slot(&mut self, slot: &Slot, unit: &RowUnit, r: usize, c: usize) -> Cell {
        match slot.kind {
            Kind::Mark | Kind::Empty => Cell::blank(slot.span),
            Kind::Number if slot.approximate => {
                self.finding(
                    Code::ApproximateValue,
                    "is marked as rounded and not given",
                    slot.span,
                    r,
                    c,
                );
                Cell::unreadable(slot.span)
            }
            _ => match self.printed.value(slot) {
                Some(value) if slot.sign == 0 || self.printed.table.columns[c].signed => {
                    let Some(value) = self.in_unit_of_form(value, slot, unit, r, c) else {
                        return Cell::unreadable(slot.span);
                    };
                    Cell::read(value, slot.span)
                }
                _ => {
                    self.finding(
                        Code::CellUnreadable,
                        "is no number and no mark for nothing",
                        slot.span,
                        r,
                        c,
                    );
                    Cell::unreadable(slot.span)
                }
            },
        }
    }

    fn cut(&mut self, row: &Row, cut: &Cut) {
        let printed = self.printed;
        let unit = printed.unit(cut.unit);
        let list = &cut.found.list;
        let settled = !cut.found.open && !list.is_empty();
        let mut open = !settled;
        for nth in 0..row.lane.cells.len() {
            let first = list.first().and_then(|reading| reading.values[nth]);
            let agreed = settled && list.iter().all(|reading| reading.values[nth] == first);
            open |= !agreed;
            let cell = match first {
                _ if !agreed => Cell::ambiguous(unit.span, candidates_of(&cut.found, nth)),
                None => Cell::blank(Span::new(unit.span.end, unit.span.end)),
                Some(value) => self.settled(row, cut, nth, value),
            };
            self.reading.cells.push(cell);
        }
        if open {
            self.ambiguous(row, unit.span);
        }
    }

    /// A cell on whose value all readings of its row agree.
    fn settled(&mut self, row: &Row, cut: &Cut, nth: usize, value: Decimal) -> Cell {
        let printed = self.printed;
        let unit = printed.unit(cut.unit);
        let list = &cut.found.list;
        let (from, to) = list[0].ranges[nth];
        let same_place = list.iter().all(|reading| reading.ranges[nth] == (from, to));
        let span =
            match (same_place, cut.run.get(from), to.checked_sub(1).and_then(|at| cut.run.get(at)))
            {
                (true, Some(from), Some(to)) if from.span.start < to.span.end => {
                    Span::new(from.span.start, to.span.end)
                }
                _ => unit.span,
            };
        let (r, c) = cell_of(printed.table, &row.rows, nth);
        // a unit printed at the end of the run is that of its last number
        let last = printed.slots(cut.unit).iter().rfind(|s| s.kind == Kind::Number);
        let value = match last {
            Some(slot) => {
                let own = slot.unit.filter(|_| to == cut.run.len());
                self.in_unit_of_form(value, &Slot { unit: own, ..*slot }, unit, r, c)
            }
            None => Some(value),
        };
        match value {
            Some(value) if cut.choice => Cell::solved(value, span, Vec::new()),
            Some(value) => Cell::read(value, span),
            None => Cell::unreadable(span),
        }
    }

    /// Money in 万元, whatever unit is printed in the cell, with the label, in the header or over the table; none when it does
    /// not fit, or the unit is none that forms have.
    fn in_unit_of_form(
        &mut self,
        value: Decimal,
        slot: &Slot,
        unit: &RowUnit,
        r: usize,
        c: usize,
    ) -> Option<Decimal> {
        let column = &self.printed.table.columns[c];
        if !column.is_money() {
            if matches!(slot.unit, Some(Unit::Wan | Unit::Yi)) {
                let what = "is a round number of 万 or 亿 and not given";
                self.finding(Code::ApproximateValue, what, slot.span, r, c);
                return None;
            }
            return Some(value);
        }
        let evidence = self.printed.evidence;
        let header = || evidence.stated.iter().rfind(|(of, _)| *of == c).map(|(_, unit)| *unit);
        // the nearest before the number
        let caption = || evidence.captions.iter().rfind(|caption| caption.at < slot.span.start);
        let own = slot.unit.filter(|unit| unit.places_to_wan_yuan().is_some()).map(Money::Known);
        let unit = own.or(unit.stated).or_else(header).or_else(|| caption().map(|c| c.unit));
        let places = match unit {
            Some(Money::Known(unit)) => unit.places_to_wan_yuan(),
            Some(Money::Unknown) => {
                let what = "is printed in a unit that the form has not";
                self.finding(Code::CellUnreadable, what, slot.span, r, c);
                return None;
            }
            None => None,
        };
        let Some(places) = places else {
            if !column.unit_stated && !value.is_zero() {
                let what = "is printed without a unit and given as printed";
                self.finding(Code::UnitNotStated, what, slot.span, r, c);
            }
            return Some(value);
        };
        let shifted = value.shifted(places);
        if shifted.is_none() {
            self.finding(Code::CellUnreadable, "is too large a sum", slot.span, r, c);
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
fn candidates_of(found: &Candidates, nth: usize) -> Vec<Decimal> {
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
