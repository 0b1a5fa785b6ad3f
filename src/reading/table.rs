//! One table: every cell of the form gets its value and its status.

use super::align::{self, Place};
use super::candidates::{self, Candidates, CellKind, Lane, Sum};
use super::columns;
use super::solve::{self, Outcome, RowSum};
use crate::atoms::{Decimal, Unit};
use crate::finding::{Code, Finding};
use crate::grammar::{Each, Grammar, Layout, Table};
use crate::lines::Skeleton;
use crate::span::Span;
use crate::tables::{Evidence, Kind, RowUnit, Slot};
use std::rc::Rc;

/// How a cell got its value, or why it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The printed text says it by itself.
    Read,
    /// An empty cell, or a mark for nothing.
    Blank,
    /// The text allows several readings, the equations leave one.
    Solved,
    /// Several values remain.
    Ambiguous,
    /// The form has the cell, the document does not.
    Missing,
}

impl Status {
    /// Every status, in the order of the contract.
    pub const ALL: [Self; 5] =
        [Self::Read, Self::Solved, Self::Blank, Self::Ambiguous, Self::Missing];

    /// The fixed name used in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Blank => "blank",
            Self::Solved => "solved",
            Self::Ambiguous => "ambiguous",
            Self::Missing => "missing",
        }
    }
}

/// One cell of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The value, in the unit of the form.
    pub value: Option<Decimal>,
    /// How it was read.
    pub status: Status,
    /// Where its text stands; empty for cells without any.
    pub span: Span,
    /// Up to eight values that remain possible.
    pub candidates: Vec<Decimal>,
}

impl Cell {
    const MISSING: Self = Self {
        value: None,
        status: Status::Missing,
        span: Span::new(0, 0),
        candidates: Vec::new(),
    };

    fn without_value(status: Status, span: Span) -> Self {
        Self { value: None, status, span, candidates: Vec::new() }
    }
}

/// Most values listed for an ambiguous cell.
const MOST_CANDIDATES: usize = 8;

/// The cells of one table, row by row in the form's order.
#[derive(Debug, Default)]
pub struct Reading {
    /// All cells.
    pub cells: Vec<Cell>,
    /// What was found on the way.
    pub findings: Vec<Finding>,
}

/// A row (or all rows side by side) on its way to its cells.
struct Lane1 {
    /// Rows of the form it holds.
    rows: std::ops::Range<usize>,
    lane: Rc<Lane>,
    state: State,
}

enum State {
    /// Not in the document.
    Missing,
    /// Its label is printed, nothing else.
    Empty(Span),
    /// One slot a cell, as indices of the unit's slots; none where the cell is empty.
    Slots(Vec<Option<usize>>, usize),
    /// A run of digits to be cut; whether several readings were possible before the equations.
    Cut(Candidates, Vec<candidates::Digit>, usize, bool),
    /// Which row the numbers belong to is open.
    Uncertain(Span),
}

/// Reads one table of the form.
///
/// `width` tells how wide the document takes an ideograph, see [`ideograph`]; it is asked only where columns are kept
/// by blanks.
pub fn read(
    grammar: &Grammar,
    at: usize,
    source: &str,
    skeleton: &Skeleton,
    evidence: Option<&Evidence>,
    width: &dyn Fn() -> Option<u32>,
) -> Reading {
    let table = &grammar.tables[at];
    let Some(evidence) = evidence else {
        return Reading { cells: vec![Cell::MISSING; table.cell_count()], findings: Vec::new() };
    };
    let mut reader =
        Reader { table, source, skeleton, evidence, ideograph: width, reading: Reading::default() };
    let mut lanes = reader.lanes();
    reader.solve(&mut lanes);
    for lane in &lanes {
        reader.finish(lane);
    }
    reader.reading
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

struct Reader<'a> {
    table: &'a Table,
    source: &'a str,
    skeleton: &'a Skeleton,
    evidence: &'a Evidence,
    ideograph: &'a dyn Fn() -> Option<u32>,
    reading: Reading,
}

impl Reader<'_> {
    /// Every row of the form with what the document has for it.
    fn lanes(&mut self) -> Vec<Lane1> {
        let units = &self.evidence.units;
        if self.table.layout == Layout::Across && !self.rows_apart() {
            return vec![self.across()];
        }
        let places = align::align(self.table, self.evidence);
        let rows: Vec<Option<usize>> = places
            .iter()
            .map(|place| if let Place::Row(row) = place { Some(*row) } else { None })
            .collect();
        let mut of_row: Vec<Option<usize>> = vec![None; self.table.rows.len()];
        let mut uncertain: Vec<Option<Span>> = vec![None; self.table.rows.len()];
        for (unit, place) in places.iter().enumerate() {
            match *place {
                Place::Row(row) => of_row[row] = Some(unit),
                Place::Uncertain(first, last) => {
                    for row in &mut uncertain[first..=last] {
                        *row =
                            Some(row.map_or(units[unit].span, |span| span.join(units[unit].span)));
                    }
                    let rows = &self.table.rows;
                    let message = format!(
                        "these numbers may belong to {} (`{}`) or {} (`{}`)",
                        rows[first].labels[0],
                        rows[first].key,
                        rows[last].labels[0],
                        rows[last].key
                    );
                    self.reading
                        .findings
                        .push(Finding::new(Code::RowUncertain, message).at(units[unit].span));
                }
                Place::Nowhere => {}
            }
        }
        let traits = Traits::of(self.table, self.evidence, &rows);
        let positions = if traits.lossy && !traits.glued {
            self.positions(&rows, 0)
        } else {
            vec![None; units.len()]
        };
        let offset = self.ghost_offset(&rows);
        let mut last: Option<(&[usize], Rc<Lane>)> = None;
        (0..self.table.rows.len())
            .map(|row| {
                // most tables have the same columns in every row
                let columns = &self.table.rows[row].columns[..];
                let lane = match &last {
                    Some((known, lane)) if *known == columns => Rc::clone(lane),
                    _ => Rc::new(lane_of(self.table, row..row + 1)),
                };
                last = Some((columns, Rc::clone(&lane)));
                let state = match (of_row[row], uncertain[row]) {
                    (Some(unit), _) => {
                        self.state(&lane, unit, traits, offset, positions[unit].as_deref())
                    }
                    (None, Some(span)) => State::Uncertain(span),
                    (None, None) => match self.evidence.labels.iter().find(|l| l.row == row) {
                        Some(label) => State::Empty(label.span),
                        None => State::Missing,
                    },
                };
                Lane1 { rows: row..row + 1, lane, state }
            })
            .collect()
    }

    /// The column of each slot by where it stands; `across` is the number of cells of a table that is one line.
    fn positions(&self, rows: &[Option<usize>], across: usize) -> Vec<Option<Vec<usize>>> {
        let text = columns::Text {
            table: self.table,
            source: self.source,
            lines: &self.skeleton.lines,
            furniture: &self.skeleton.furniture,
            evidence: self.evidence,
            rows,
            across,
        };
        columns::by_position(&text, (self.ideograph)())
    }

    /// Whether the rows of a table that is printed across stand apart here, one small table each.
    fn rows_apart(&self) -> bool {
        let units = &self.evidence.units;
        let widest = self.table.rows.iter().map(|r| r.columns.len()).max().unwrap_or(0);
        units.len() > 1
            && units.len() <= self.table.rows.len()
            && units.iter().enumerate().all(|(at, unit)| {
                self.evidence.slots_of(unit).len() <= widest
                    && self.evidence.labels.iter().any(|l| l.before_unit == at)
            })
    }

    /// All rows side by side: one lane of all units.
    fn across(&mut self) -> Lane1 {
        let rows = 0..self.table.rows.len();
        let lane = Rc::new(lane_of(self.table, rows.clone()));
        let all: Vec<usize> = (0..self.evidence.units.len()).collect();
        let printed = |unit: &&usize| {
            self.evidence
                .slots_of(&self.evidence.units[**unit])
                .iter()
                .any(|s| s.kind == Kind::Number)
        };
        let all: Vec<usize> =
            if all.len() > 1 { all.iter().filter(printed).copied().collect() } else { all };
        let state = match all[..] {
            [] => {
                let span = self.evidence.labels.first().map_or(self.evidence.span, |l| l.span);
                State::Empty(span)
            }
            [unit] => {
                let slots = self.evidence.slots_of(&self.evidence.units[unit]);
                // a row that prints no zero at all leaves its zero cells empty
                let zeros = slots.iter().any(|s| self.evidence.digits_of(s).starts_with('0'));
                let much_lossy = self.digits_in(unit) < lane.cells.len();
                let lossy = much_lossy || (!zeros && slots.len() > 1);
                let traits = Traits {
                    glued: slots.iter().any(|s| is_glued(self.evidence.digits_of(s))),
                    lossy,
                    much_lossy,
                };
                let position = if lossy {
                    self.positions(&[Some(0)], lane.cells.len()).pop().flatten()
                } else {
                    None
                };
                self.state(&lane, unit, traits, None, position.as_deref())
            }
            // the widest unit is the row, the others are notes; two that could be it leave it open
            _ => {
                let width = |unit: &usize| self.digits_in(*unit);
                let best = all.iter().copied().max_by_key(width).unwrap_or(0);
                let rivals = all.iter().filter(|unit| width(unit) >= lane.cells.len()).count();
                if rivals == 1 {
                    let traits = Traits { glued: false, lossy: false, much_lossy: false };
                    self.state(&lane, best, traits, None, None)
                } else {
                    State::Uncertain(self.evidence.span)
                }
            }
        };
        Lane1 { rows, lane, state }
    }

    fn digits_in(&self, unit: usize) -> usize {
        let slots = self.evidence.slots_of(&self.evidence.units[unit]);
        slots
            .iter()
            .map(|s| if s.kind == Kind::Number { (s.digits.1 - s.digits.0) as usize } else { 1 })
            .sum()
    }

    /// How many empty cells stand between label and numbers in this table (spans leave such ghosts), if rows agree.
    fn ghost_offset(&self, rows: &[Option<usize>]) -> Option<usize> {
        let mut offset = None;
        for (unit, row) in self.evidence.units.iter().zip(rows) {
            let Some(row) = row else { continue };
            let width = self.table.rows[*row].columns.len();
            let slots = self.evidence.slots_of(unit);
            if !unit.bordered || slots.len() < width {
                continue;
            }
            let first = slots.iter().position(|s| s.kind != Kind::Empty);
            let last = slots.iter().rposition(|s| s.kind != Kind::Empty);
            if let (Some(first), Some(last)) = (first, last)
                && last + 1 - first == width
            {
                match offset {
                    None => offset = Some(first),
                    Some(known) if known != first => return None,
                    Some(_) => {}
                }
            }
        }
        offset
    }

    /// What a unit says about its row, before any equation between rows.
    fn state(
        &mut self,
        lane: &Lane,
        unit: usize,
        traits: Traits,
        offset: Option<usize>,
        position: Option<&[usize]>,
    ) -> State {
        let row = &self.evidence.units[unit];
        let slots = self.evidence.slots_of(row);
        let cells = lane.cells.len();
        if slots.iter().all(|s| matches!(s.kind, Kind::Empty | Kind::Mark)) && slots.len() != cells
        {
            // nothing but blanks: however many there are, the row has no value
            return State::Empty(row.span);
        }
        if row.bordered && slots.len() >= cells {
            return self.bordered(lane, unit, offset);
        }
        let plain = slots.iter().all(|slot| self.is_plain(slot));
        if slots.len() == cells && plain && !row.bordered {
            let direct = State::Slots((0..cells).map(Some).collect(), unit);
            // between glued rows a row of the right number of pieces may still be glued elsewhere
            if !traits.glued || self.sums_hold(lane, slots) {
                return direct;
            }
            let run = self.run(slots);
            if candidates::full(lane, &run, true).list.is_empty() {
                return direct;
            }
            return State::Uncertain(row.span);
        }
        if slots.iter().any(|s| s.kind != Kind::Number || s.approximate) {
            // marks or texts between runs: which cells they fill is open unless the numbers of pieces agree
            return State::Uncertain(row.span);
        }
        if let Some(position) = position {
            let mut placed: Vec<Option<usize>> = vec![None; cells];
            for (slot, column) in position.iter().enumerate() {
                placed[*column] = Some(slot);
            }
            if self.placed_sums_hold(lane, slots, &placed) {
                return State::Slots(placed, unit);
            }
        }
        let run = self.run(slots);
        if !traits.lossy
            && run.len() == cells
            && run
                .iter()
                .zip(&lane.cells)
                .all(|(digit, cell)| !digit.point && (digit.sign == 0 || cell.signed))
        {
            // as many digits as cells: there is one way to cut them
            let all = candidates::full(lane, &run, false);
            return State::Cut(all, run, unit, false);
        }
        let lossy_row = slots.len() > 1 && slots.len() < cells && traits.lossy && !traits.glued;
        let mut found = candidates::Candidates::default();
        if lossy_row {
            // blanks are borders here, so only the places of the empty cells are open
            found = candidates::with_blanks(lane, &run, true);
            if traits.much_lossy {
                found.open |= found.list.is_empty();
                return State::Cut(found, run, unit, true);
            }
            // nor is it sure that cells are lost: glued ones would do as well
        }
        let glued = candidates::full(lane, &run, true);
        found.open |= glued.open;
        found.list.extend(glued.list);
        if lossy_row {
            found.open |= found.list.is_empty();
            return State::Cut(found, run, unit, true);
        }
        if slots.len() < cells
            && (traits.much_lossy || found.list.is_empty())
            && (traits.lossy || run.len() < cells)
        {
            let extra = candidates::with_blanks(lane, &run, false);
            found.open |= extra.open;
            found.list.extend(extra.list);
        }
        let choice = found.list.len() != 1 || found.open || !candidates::is_only(lane, &run);
        if found.list.is_empty() && !found.open {
            // the source itself does not add up: what has one reading keeps it
            found = candidates::full(lane, &run, false);
        }
        State::Cut(found, run, unit, choice)
    }

    /// Cells between borders; surplus empty ones are ghosts of spans.
    fn bordered(&self, lane: &Lane, unit: usize, offset: Option<usize>) -> State {
        let row = &self.evidence.units[unit];
        let slots = self.evidence.slots_of(row);
        let cells = lane.cells.len();
        let first = slots.iter().position(|s| s.kind != Kind::Empty);
        let last = slots.iter().rposition(|s| s.kind != Kind::Empty);
        let (Some(first), Some(last)) = (first, last) else {
            return State::Slots(vec![None; cells], unit);
        };
        if last + 1 - first > cells {
            return State::Uncertain(row.span);
        }
        let earliest = (last + 1).saturating_sub(cells);
        let latest = first.min(slots.len() - cells);
        let start = match offset {
            Some(offset) if (earliest..=latest).contains(&offset) => offset,
            _ if earliest == latest => earliest,
            // surplus cells follow a row; before it they would be known from other rows
            _ if earliest == 0 => 0,
            _ => return State::Uncertain(row.span),
        };
        let placed = (start..start + cells)
            .map(|at| (slots[at].kind != Kind::Empty).then_some(at))
            .collect();
        State::Slots(placed, unit)
    }

    /// Whether a slot is one cell: a number without a leading zero, or a mark.
    fn is_plain(&self, slot: &Slot) -> bool {
        match slot.kind {
            Kind::Number => self.value(slot).is_some() || slot.approximate,
            Kind::Mark | Kind::Empty => true,
            Kind::Text => false,
        }
    }

    fn value(&self, slot: &Slot) -> Option<Decimal> {
        let digits = self.evidence.digits_of(slot);
        let leading_zero = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
        if slot.kind != Kind::Number || slot.approximate || leading_zero {
            return None;
        }
        Decimal::parse(digits).map(|v| if slot.sign < 0 { v.negated() } else { v })
    }

    fn sums_hold(&self, lane: &Lane, slots: &[Slot]) -> bool {
        let placed: Vec<Option<usize>> = (0..slots.len()).map(Some).collect();
        self.placed_sums_hold(lane, slots, &placed)
    }

    fn placed_sums_hold(&self, lane: &Lane, slots: &[Slot], placed: &[Option<usize>]) -> bool {
        let values: Vec<Option<Decimal>> =
            placed.iter().map(|p| p.and_then(|at| self.value(&slots[at]))).collect();
        lane.sums.iter().all(|sum| candidates::holds(sum, &values))
    }

    fn run(&self, slots: &[Slot]) -> Vec<candidates::Digit> {
        candidates::run(slots, |slot| slot.digits, &self.evidence.digits, self.source)
    }

    /// Takes out candidates that the equations between rows forbid.
    fn solve(&mut self, lanes: &mut [Lane1]) {
        let open = |lane: &Lane1| matches!(&lane.state, State::Cut(found, ..) if found.list.len() > 1 || found.open);
        if self.table.layout != Layout::Down || !self.table.coupled {
            return;
        }
        let any_cut = lanes.iter().any(|lane| matches!(&lane.state, State::Cut(_, _, _, true)));
        if !any_cut && !lanes.iter().any(open) {
            return;
        }
        let sums = self.row_sums();
        let rows: Vec<solve::Row> = lanes.iter().map(|lane| self.known(lane)).collect();
        let mut keep: Vec<Vec<bool>> = lanes
            .iter()
            .map(|lane| match &lane.state {
                State::Cut(found, ..) => vec![true; found.list.len()],
                _ => Vec::new(),
            })
            .collect();
        let outcome = solve::solve(&rows, &sums, &mut keep);
        match outcome {
            Outcome::Consistent | Outcome::OverBudget => {
                for (lane, keep) in lanes.iter_mut().zip(&keep) {
                    if let State::Cut(found, ..) = &mut lane.state {
                        let mut flags = keep.iter();
                        found.list.retain(|_| flags.next().copied().unwrap_or(true));
                    }
                }
                if outcome == Outcome::OverBudget && lanes.iter().any(open) {
                    let message = format!(
                        "the readings of table `{}` are too many to search",
                        self.table.key
                    );
                    self.reading
                        .findings
                        .push(Finding::new(Code::SolverBudget, message).at(self.evidence.span));
                }
            }
            Outcome::Contradiction => self.doubt(lanes, &sums),
        }
    }

    /// The columns do not add up in the source, so a row's own total is all that speaks for its reading. It is not
    /// enough where another cut of the same digits would satisfy as many equations.
    fn doubt(&self, lanes: &mut [Lane1], sums: &[RowSum]) {
        let known: Vec<solve::Row> = lanes.iter().map(|lane| self.known(lane)).collect();
        let mut doubtful = Vec::new();
        for (row, lane) in lanes.iter().enumerate() {
            let State::Cut(found, run, _, true) = &lane.state else { continue };
            if found.list.len() != 1 || found.open {
                continue;
            }
            let broken =
                |values: &[Option<Decimal>]| broken_columns(&known, sums, row, &integers(values));
            let now = broken(&found.list[0].values);
            if now == 0 {
                continue;
            }
            let others = candidates::full(&lane.lane, run, false);
            let better = others.list.iter().any(|other| {
                *other != found.list[0]
                    && broken(&other.values)
                        + lane
                            .lane
                            .sums
                            .iter()
                            .filter(|s| !candidates::holds(s, &other.values))
                            .count()
                        <= now
            });
            if others.open || better {
                doubtful.push((row, others));
            }
        }
        for (row, others) in doubtful {
            if let State::Cut(found, ..) = &mut lanes[row].state {
                *found = others;
            }
        }
    }

    fn row_sums(&self) -> Vec<RowSum> {
        let equations = self.table.equations.iter().filter(|e| e.each == Each::Column);
        equations.map(|e| RowSum { terms: e.terms.clone() }).collect()
    }

    /// A lane as the solver sees it: whole numbers by column, blanks of lost cells as nothing.
    fn known(&self, lane: &Lane1) -> solve::Row {
        match &lane.state {
            State::Missing | State::Uncertain(_) => solve::Row::Unknown,
            // a labelled row without numbers is blank; whether that means nothing is for its neighbours to show
            State::Empty(_) => solve::Row::Fixed(vec![Some(0); lane.lane.cells.len()]),
            State::Slots(placed, unit) => {
                let slots = self.evidence.slots_of(&self.evidence.units[*unit]);
                let lost = !self.evidence.units[*unit].bordered;
                let values = placed.iter().map(|p| match p {
                    Some(at) => self.value(&slots[*at]).and_then(Decimal::integer),
                    None => lost.then_some(0),
                });
                solve::Row::Fixed(values.collect())
            }
            State::Cut(found, ..) if found.open || found.list.is_empty() => solve::Row::Unknown,
            State::Cut(found, ..) => {
                solve::Row::Several(found.list.iter().map(|r| integers(&r.values)).collect())
            }
        }
    }

    /// Turns a lane into the cells of its rows.
    fn finish(&mut self, lane: &Lane1) {
        let count = lane.lane.cells.len();
        match &lane.state {
            State::Missing => {
                let row = &self.table.rows[lane.rows.start];
                let message = format!(
                    "row {} (`{}`) is not in table `{}`",
                    row.labels[0], row.key, self.table.key
                );
                self.reading
                    .findings
                    .push(Finding::new(Code::RowMissing, message).at(self.evidence.span));
                self.reading.cells.extend(std::iter::repeat_n(Cell::MISSING, count));
            }
            State::Empty(span) => {
                let blank = Cell::without_value(Status::Blank, Span::new(span.end, span.end));
                self.reading.cells.extend(std::iter::repeat_n(blank, count));
            }
            State::Uncertain(span) => {
                self.ambiguous(lane, *span);
                self.reading.cells.extend(std::iter::repeat_n(
                    Cell::without_value(Status::Ambiguous, *span),
                    count,
                ));
            }
            State::Slots(placed, unit) => self.from_slots(lane, placed, *unit),
            State::Cut(found, run, unit, choice) => {
                self.from_cuts(lane, found, run, *unit, *choice)
            }
        }
    }

    fn ambiguous(&mut self, lane: &Lane1, span: Span) {
        let rows: Vec<&str> =
            self.table.rows[lane.rows.clone()].iter().map(|r| r.labels[0].as_str()).collect();
        let message = format!(
            "`{}` of {} allows several readings",
            one_line(span.of(self.source)),
            rows.join(", ")
        );
        let cells = lane
            .rows
            .clone()
            .flat_map(|r| self.table.rows[r].columns.iter().map(move |c| (r, *c)))
            .map(|(r, c)| self.table.cell_name(r, c))
            .collect();
        self.reading
            .findings
            .push(Finding::new(Code::DigitsAmbiguous, message).at(span).about(cells));
    }

    fn from_slots(&mut self, lane: &Lane1, placed: &[Option<usize>], unit: usize) {
        let row = self.evidence.units[unit].clone();
        for (cell, place) in placed.iter().enumerate() {
            let (r, c) = cell_of(self.table, &lane.rows, cell);
            let Some(slot) = place.map(|at| self.evidence.slots_of(&row)[at]) else {
                self.reading.cells.push(Cell::without_value(
                    Status::Blank,
                    Span::new(row.span.end, row.span.end),
                ));
                continue;
            };
            let made = match slot.kind {
                Kind::Mark | Kind::Empty => Cell::without_value(Status::Blank, slot.span),
                Kind::Number if slot.approximate => {
                    self.finding(
                        Code::ApproximateValue,
                        "is marked as rounded and not given",
                        slot.span,
                        r,
                        c,
                    );
                    Cell::without_value(Status::Ambiguous, slot.span)
                }
                _ => match self.value(&slot) {
                    Some(value) if slot.sign == 0 || self.table.columns[c].signed => {
                        let value = self.in_unit_of_form(value, &slot, &row, r, c);
                        Cell {
                            value: Some(value),
                            status: Status::Read,
                            span: slot.span,
                            candidates: Vec::new(),
                        }
                    }
                    _ => {
                        self.finding(
                            Code::CellUnreadable,
                            "is no number and no mark for nothing",
                            slot.span,
                            r,
                            c,
                        );
                        Cell::without_value(Status::Ambiguous, slot.span)
                    }
                },
            };
            self.reading.cells.push(made);
        }
    }

    fn from_cuts(
        &mut self,
        lane: &Lane1,
        found: &Candidates,
        run: &[candidates::Digit],
        unit: usize,
        choice: bool,
    ) {
        let row = self.evidence.units[unit].clone();
        let last_slot =
            self.evidence.slots_of(&row).iter().rfind(|s| s.kind == Kind::Number).copied();
        let mut open = found.open || found.list.is_empty();
        for cell in 0..lane.lane.cells.len() {
            let (r, c) = cell_of(self.table, &lane.rows, cell);
            let first = found.list.first().and_then(|reading| reading.values[cell]);
            let agreed = !open && found.list.iter().all(|reading| reading.values[cell] == first);
            if !agreed {
                let mut values: Vec<Decimal> =
                    found.list.iter().filter_map(|reading| reading.values[cell]).collect();
                values.sort_unstable();
                values.dedup();
                values.truncate(MOST_CANDIDATES);
                let candidates = if found.open { Vec::new() } else { values };
                self.reading.cells.push(Cell {
                    value: None,
                    status: Status::Ambiguous,
                    span: row.span,
                    candidates,
                });
                continue;
            }
            let same_place =
                found.list.iter().all(|reading| reading.ranges[cell] == found.list[0].ranges[cell]);
            let (from, to) = found.list[0].ranges[cell];
            let span =
                match (same_place, run.get(from), to.checked_sub(1).and_then(|at| run.get(at))) {
                    (true, Some(from), Some(to)) if from.span.start < to.span.end => {
                        Span::new(from.span.start, to.span.end)
                    }
                    _ => row.span,
                };
            let made = match first {
                None => Cell::without_value(Status::Blank, Span::new(row.span.end, row.span.end)),
                Some(value) => {
                    let value = match last_slot {
                        Some(slot) if to == run.len() => {
                            self.in_unit_of_form(value, &slot, &row, r, c)
                        }
                        _ => value,
                    };
                    let status = if choice { Status::Solved } else { Status::Read };
                    Cell { value: Some(value), status, span, candidates: Vec::new() }
                }
            };
            self.reading.cells.push(made);
        }
        open |= found.list.windows(2).any(|pair| pair[0].values != pair[1].values);
        if open {
            self.ambiguous(lane, row.span);
        }
    }

    /// Money in 万元, whatever unit is printed in the cell, with the label or in the header.
    fn in_unit_of_form(
        &mut self,
        value: Decimal,
        slot: &Slot,
        row: &RowUnit,
        r: usize,
        c: usize,
    ) -> Decimal {
        if !self.table.columns[c].is_money() {
            return value;
        }
        let money = |unit: &Unit| unit.places_to_wan_yuan().is_some();
        let header =
            self.evidence.stated.iter().rfind(|(column, _)| *column == c).map(|(_, unit)| *unit);
        let unit = slot.unit.filter(money).or(row.stated.filter(money)).or(header);
        match unit.and_then(Unit::places_to_wan_yuan) {
            Some(places) if places >= 0 => value.shifted(places as u8),
            Some(_) => value,
            None => {
                if !self.table.columns[c].unit_stated && !value.is_zero() {
                    self.finding(
                        Code::UnitNotStated,
                        "is printed without a unit and given as printed",
                        slot.span,
                        r,
                        c,
                    );
                }
                value
            }
        }
    }

    fn finding(&mut self, code: Code, what: &str, span: Span, r: usize, c: usize) {
        let cell = self.table.cell_name(r, c);
        let message = format!("`{}` {what}", one_line(span.of(self.source)));
        self.reading.findings.push(Finding::new(code, message).at(span).about(vec![cell]));
    }
}

/// What is known of how this table lost its borders.
#[derive(Clone, Copy, Debug)]
struct Traits {
    /// Digits of several cells stand together.
    glued: bool,
    /// A row has fewer digits than cells.
    lossy: bool,
    /// So many rows have that blanks must be expected everywhere.
    much_lossy: bool,
}

impl Traits {
    fn of(table: &Table, evidence: &Evidence, rows: &[Option<usize>]) -> Self {
        let mut glued = false;
        let mut short = 0;
        let mut all = 0;
        for (unit, row) in evidence.units.iter().zip(rows) {
            let Some(row) = row else { continue };
            let width = table.rows[*row].columns.len();
            if unit.bordered || width < 2 {
                continue;
            }
            let slots = evidence.slots_of(unit);
            let digits: usize =
                slots.iter().map(|s| (s.digits.1 - s.digits.0).max(1) as usize).sum();
            all += 1;
            short += usize::from(digits < width);
            glued |= slots.iter().any(|slot| {
                let digits = evidence.digits_of(slot);
                digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.")
                    || digits.len() > 10
            });
        }
        let labelled_only = evidence
            .labels
            .iter()
            .filter(|label| {
                table.rows[label.row].columns.len() > 1 && !rows.contains(&Some(label.row))
            })
            .count();
        let lost = short + labelled_only;
        Self { glued, lossy: lost > 0, much_lossy: lost * 4 > all + labelled_only }
    }
}

/// Whether these digits can only be several cells: a number has no leading zero, and no count has ten digits.
fn is_glued(digits: &str) -> bool {
    digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.")
        || digits.len() > 10 && !digits.contains('.')
}

/// The lane of a range of rows: the cells, and the equations that hold within a row.
fn lane_of(table: &Table, rows: std::ops::Range<usize>) -> Lane {
    let mut lane = Lane::default();
    for row in rows {
        let columns = &table.rows[row].columns;
        let first = lane.cells.len();
        lane.cells.extend(columns.iter().map(|&c| CellKind {
            money: table.columns[c].is_money(),
            signed: table.columns[c].signed,
        }));
        for equation in table.equations.iter().filter(|e| e.each == Each::Row) {
            let mut coefficients = vec![0i8; columns.len()];
            let mut complete = true;
            for &(sign, column) in &equation.terms {
                match columns.iter().position(|c| *c == column) {
                    Some(at) => coefficients[at] = sign,
                    None => complete = false,
                }
            }
            if complete {
                lane.sums.push(Sum { first, coefficients });
            }
        }
    }
    lane
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

fn integers(values: &[Option<Decimal>]) -> Vec<i64> {
    values.iter().map(|v| v.and_then(Decimal::integer).unwrap_or(0)).collect()
}

/// In how many columns of the equations that bind this row the sum fails, the other rows as they are known.
fn broken_columns(known: &[solve::Row], sums: &[RowSum], row: usize, values: &[i64]) -> usize {
    let mut broken = 0;
    for sum in sums.iter().filter(|sum| sum.terms.iter().any(|(_, r)| *r == row)) {
        for column in 0..values.len() {
            let total: Option<i64> = sum
                .terms
                .iter()
                .map(|&(coefficient, r)| {
                    let value = match &known[r] {
                        _ if r == row => Some(values[column]),
                        solve::Row::Fixed(v) => v.get(column).copied().flatten(),
                        solve::Row::Several(list) if list.len() == 1 => {
                            list[0].get(column).copied()
                        }
                        _ => None,
                    };
                    value.map(|v| v * i64::from(coefficient))
                })
                .sum();
            broken += usize::from(total.is_some_and(|t| t != 0));
        }
    }
    broken
}

/// A printed text on one line, for messages.
fn one_line(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > LONGEST {
        line = line.chars().take(LONGEST).collect::<String>() + "…";
    }
    line
}
