//! Printed rows → rows of the form: which row each is, and which of its pieces stand in which column.

use super::align::{self, At};
use super::cut::{Cuts, Reading, Readings};
use super::lane::Lane;
use super::place::{self, Place, Placed, Placement, RowProof};
use super::printed::{Printed, one_line};
use super::{notes, stray};
use crate::finding::{Code, Finding};
use crate::fold::{self, Class};
use crate::grammar::{Layout, Part};
use crate::number::{self, Printed as Says, Symbol, Symbols};
use crate::span::Span;
use crate::tables::{Label, Piece};
use std::ops::Range;
use std::rc::Rc;

/// A row of the form (or all rows side by side) with what the document has for it.
pub struct Row {
    /// Rows of the form.
    pub rows: Range<usize>,
    /// Its cells and their equations.
    pub lane: Rc<Lane>,
    /// What the document has.
    pub state: State,
}

/// Most numbers without a row that are told of one by one.
const MOST_NOWHERE: usize = 50;

/// What the document has for a row.
pub enum State {
    /// Nothing, not even its label.
    Missing,
    /// Its label, and the text ends behind it.
    BreaksOff(Span),
    /// Its label, or marks for nothing.
    Empty(Span),
    /// Pieces in their cells, in this printed row.
    Placed(Placement, Place, usize),
    /// Digits to be cut, or pieces that may stand in one way or another.
    Cut(Cut),
    /// Something of which it is open whose it is, or which cells it fills.
    Uncertain(Span),
}

/// The ways to read a row.
pub struct Cut {
    /// The ways that are left.
    pub found: Readings,
    /// The symbols or pieces.
    pub run: Symbols,
    /// The printed row they stand in.
    pub unit: usize,
    /// What proves the row.
    pub row: RowProof,
    /// Whether there was a choice before the equations.
    pub choice: bool,
}

/// Finds the rows of a table.
pub fn rows(printed: &Printed<'_>, findings: &mut Vec<Finding>) -> Vec<Row> {
    if printed.table.layout == Layout::Across && !stand_apart(printed) {
        let mut row = [across(printed)];
        doubt_blanks(printed, &mut row, None);
        notes::take_back(printed, &mut row);
        return Vec::from(row);
    }
    let units = &printed.evidence.rows;
    let mut places = align::align(printed.table, printed.evidence, printed.source);
    for (unit, place) in places.iter_mut().enumerate() {
        if let At::Row(row, _) = *place
            && let Some(next) = label_behind(printed, unit, row)
        {
            *place = At::Uncertain(row.min(next), row.max(next));
        }
    }
    let count = printed.table.rows.len();
    let mut of_row: Vec<Option<usize>> = vec![None; count];
    let mut uncertain: Vec<Option<Span>> = vec![None; count];
    let mut nowhere = 0;
    let says = |unit: usize| printed.pieces(unit).iter().any(|piece| !piece.is_nothing());
    let is_number = |unit: usize| {
        let mut filled = printed.pieces(unit).iter().filter(|piece| !piece.is_empty());
        let one = filled.next().filter(|piece| Printed::number(piece).is_some());
        // `2024年` is the text's behind it
        let is_year = |piece: &Piece| number::year::year(piece.span.of(printed.source)).is_ok();
        one.is_some_and(|piece| !is_year(piece)) && filled.next().is_none()
    };
    let is_open = |unit: usize| places.get(unit).is_some_and(|place| !matches!(place, At::Row(..)));
    let is_rest_of_row = |unit: usize| {
        let filled = || printed.pieces(unit).iter().filter(|piece| !piece.is_nothing()).count();
        is_open(unit)
            && says(unit)
            && (units[unit].unknown || (units[unit].foreign.is_none() && filled() > 1))
    };
    let is_of_nobody = |unit: usize| is_open(unit) && units[unit].foreign.is_none() && says(unit);
    for (unit, place) in places.iter().enumerate() {
        let span = units[unit].span;
        match *place {
            At::Row(row, _) => of_row[row] = Some(unit),
            At::Uncertain(first, last) => {
                for row in &mut uncertain[first..=last] {
                    *row = Some(row.map_or(span, |known| known.join(span)));
                }
                let rows = &printed.table.rows;
                let message = format!(
                    "these numbers may belong to {} (`{}`) or {} (`{}`)",
                    rows[first].labels[0], rows[first].key, rows[last].labels[0], rows[last].key
                );
                findings.push(Finding::new(Code::RowUncertain, message).at(span));
            }
            // marks for nothing, beside a header
            At::Nowhere if !says(unit) => {}
            // the rest of very many is more of the same
            At::Nowhere if nowhere >= MOST_NOWHERE => {}
            At::Nowhere => {
                nowhere += 1;
                let shown = one_line(span.of(printed.source));
                let message = format!(
                    "`{shown}` stands in table `{}` and belongs to no row",
                    printed.table.key
                );
                findings.push(Finding::new(Code::UnclaimedText, message).at(span));
            }
        }
    }
    let row_of: Vec<Option<(usize, RowProof)>> = places
        .iter()
        .map(|place| if let At::Row(row, proof) = place { Some((*row, *proof)) } else { None })
        .collect();
    let lanes = lanes(printed);
    let placed = place::place(printed, &row_of, &lanes);
    // numbers of no row: they may be those of one that looks empty
    let is_left_over = |unit: &usize| {
        places[*unit] == At::Nowhere && is_of_nobody(*unit) && is_wide(printed, *unit)
    };
    let left_over = (0..places.len()).find(is_left_over);
    let mut rows: Vec<Row> = (0..count)
        .map(|row| {
            let lane = Rc::clone(&lanes[row]);
            let state = match (of_row[row], uncertain[row]) {
                // an empty row, and behind it numbers whose label nobody knows: its own, cut in two
                (Some(unit), _)
                    if !says(unit)
                        && (is_rest_of_row(unit + 1)
                            || printed.pieces(unit).len() < lane.cells.len()
                                && is_of_nobody(unit + 1)
                                && units[unit + 1].bordered == units[unit].bordered) =>
                {
                    State::Uncertain(units[unit + 1].span)
                }
                // or before it numbers of no row: its own, where a page ends between them and the label
                (Some(unit), _)
                    if !says(unit)
                        && unit > 0
                        && places[unit - 1] == At::Nowhere
                        && units[unit - 1].foreign.is_none()
                        && says(unit - 1) =>
                {
                    State::Uncertain(units[unit - 1].span)
                }
                // a number of no row directly behind it may be the rest of its last cell, unless its sum holds without
                (Some(unit), _)
                    if places.get(unit + 1) == Some(&At::Nowhere)
                        && units[unit + 1].foreign.is_none()
                        && !units[unit + 1].unknown
                        // a page number has no borders
                        && units[unit + 1].bordered == units[unit].bordered
                        && says(unit)
                        && is_number(unit + 1)
                        && !adds_up(printed, &lane, &placed[unit]) =>
                {
                    State::Uncertain(units[unit].span)
                }
                // glued digits that no sum checks, and the next row's label is lost: they may be both rows'
                (Some(unit), _)
                    if printed.hints.glued
                        && says(unit)
                        && lane.sums.is_empty()
                        && row + 1 < count
                        && of_row[row + 1].is_none()
                        && !is_labelled(printed, row + 1)
                        && of_row[row + 1..].iter().any(Option::is_some) =>
                {
                    State::Uncertain(units[unit].span)
                }
                (Some(unit), _) => {
                    let proof = row_of[unit].map_or(RowProof::Label, |(_, proof)| proof);
                    fill(printed, &lane, unit, proof, &placed[unit])
                }
                (None, Some(span)) => State::Uncertain(span),
                (None, None) => unprinted(printed, row, &places, &placed, says),
            };
            Row { rows: row..row + 1, lane, state }
        })
        .collect();
    doubt_blanks(printed, &mut rows, left_over);
    notes::take_back(printed, &mut rows);
    rows
}

/// Rows without numbers are not printed empty where numbers stand that no row has.
fn doubt_blanks(printed: &Printed<'_>, rows: &mut [Row], left_over: Option<usize>) {
    let is_empty = |row: &Row| matches!(row.state, State::Empty(_));
    let Some(last) = rows.iter().rposition(is_empty) else { return };
    let is_nothing =
        |at: &Option<usize>| at.is_none_or(|at| printed.evidence.pieces[at].is_nothing());
    let says_nothing = rows.iter().all(|row| match &row.state {
        State::Placed(placement, ..) => placement.iter().all(is_nothing),
        State::Empty(_) | State::Missing => true,
        _ => false,
    });
    let numbers = left_over
        .map(|unit| printed.unit(unit).span)
        .or_else(|| stray::above(printed))
        .or_else(|| says_nothing.then(|| stray::among(printed))?);
    let Some(numbers) = numbers else { return };
    // numbers before the first label, and none behind the last: each row may have its neighbour's
    let first = printed.evidence.labels.first().map_or(0, |label| label.span.start);
    let shifted = left_over.is_some() && numbers.end <= first;
    for (at, row) in rows.iter_mut().enumerate() {
        if is_empty(row) || says_nothing && !matches!(row.state, State::Missing) {
            row.state = State::Uncertain(numbers);
        } else if let (State::Placed(.., unit) | State::Cut(Cut { unit, .. }), true) =
            (&row.state, shifted && at < last)
        {
            row.state = State::Uncertain(printed.unit(*unit).span);
        }
    }
}

/// Whether a printed row is numbers, as many as a row of the form has: no page's number, which stands alone.
fn is_wide(printed: &Printed<'_>, unit: usize) -> bool {
    let pieces = printed.pieces(unit);
    let widest = printed.table.rows.iter().map(|row| row.columns.len()).max().unwrap_or(0);
    pieces.len() > 1
        && pieces.len() <= widest
        && pieces.iter().all(|piece| piece.is_nothing() || Printed::number(piece).is_some())
}

/// The row whose label stands behind a printed row on its line, where the label before it stands on a line above.
fn label_behind(printed: &Printed<'_>, unit: usize, row: usize) -> Option<usize> {
    let (evidence, span) = (printed.evidence, printed.unit(unit).span);
    let next = evidence.labels.partition_point(|label| label.span.start < span.end);
    let (own, next) = (evidence.labels[..next].last()?, evidence.labels.get(next)?);
    let lines = |from: Span, to: Span| evidence.line_ends_between(from, to);
    (next.row != row
        && next.part != Part::Tail
        && lines(span, next.span) == 0
        && lines(own.span, span) > 0)
        .then_some(next.row)
}

/// Whether a row's sum holds with its pieces in their cells.
fn adds_up(printed: &Printed<'_>, lane: &Lane, placed: &Placed) -> bool {
    let Placed::Proven(placement, _) = placed else { return false };
    lane.adds_up(&printed.values(placement))
}

fn is_labelled(printed: &Printed<'_>, row: usize) -> bool {
    printed.evidence.labels.iter().any(|label| label.row == row)
}

/// A row of which no numbers were found.
fn unprinted(
    printed: &Printed<'_>,
    row: usize,
    places: &[At],
    placed: &[Placed],
    says: impl Fn(usize) -> bool,
) -> State {
    let evidence = printed.evidence;
    let Some(label) = evidence.labels.iter().rfind(|label| label.row == row) else {
        return State::Missing;
    };
    let words =
        evidence.labels.iter().filter(|label| label.row == row).find_map(|label| label.words);
    if let Some(words) = words {
        return State::Uncertain(words);
    }
    if label.breaks_off {
        return State::BreaksOff(label.span);
    }
    // the rest of a label stands elsewhere, and its numbers may
    if label.part != Part::Whole {
        return State::Uncertain(label.span);
    }
    // its own numbers are there, and could not be placed: no blanks
    if places.get(label.before_unit) == Some(&At::Nowhere) && says(label.before_unit) {
        return State::Uncertain(evidence.rows[label.before_unit].span);
    }
    // labels in a block, and the rows behind it are not known to be all theirs
    let next = places.get(label.before_unit);
    let proven =
        matches!(placed.get(label.before_unit), Some(Placed::Proven(..) | Placed::Open { .. }));
    let known =
        next.is_none_or(|at| proven && matches!(at, At::Row(of, RowProof::Label) if *of > row));
    if printed.hints.lines_dropped
        || !known
        || evidence.in_grid
        || has_row_behind(printed, label)
        || breaks_off_below(printed, label)
    {
        return State::Uncertain(label.span);
    }
    State::Empty(label.span)
}

/// Whether a printed row stands between a label and the next one, whatever row it was taken for: an empty row has none.
fn has_row_behind(printed: &Printed<'_>, label: &Label) -> bool {
    let labels = &printed.evidence.labels;
    let next = labels.partition_point(|other| other.span.start <= label.span.start);
    // behind the last one other text begins
    let Some(next) = labels.get(next) else { return false };
    let units = &printed.evidence.rows;
    let own = units.partition_point(|unit| unit.span.start < label.span.end);
    units.get(own).is_some_and(|unit| unit.span.start < next.span.start && unit.foreign.is_none())
}

/// Whether the next printed row stands below its label, and the text ends with it: in a block of labels it may be the
/// first one's.
fn breaks_off_below(printed: &Printed<'_>, label: &Label) -> bool {
    let Some(unit) = printed.evidence.rows.get(label.before_unit) else { return false };
    let next = printed.evidence.labels.iter().rfind(|next| next.before_unit == label.before_unit);
    let below = |next: &Label| printed.evidence.line_ends_between(next.span, unit.span) > 0;
    // rows on two sides of a header are in no block
    let parted = || {
        let mut header = printed.evidence.header.iter().map(|head| head.span);
        header.any(|head| label.span.end <= head.start && head.start < unit.span.start)
    };
    printed.ends_with(unit.span) && next.is_some_and(below) && !parted()
}

/// The lane of each row; most tables have the same columns in every row, which then share one.
fn lanes(printed: &Printed<'_>) -> Vec<Rc<Lane>> {
    let rows = &printed.table.rows;
    let mut lanes: Vec<Rc<Lane>> = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        let lane = match lanes.last() {
            Some(last) if rows[at - 1].columns == row.columns => Rc::clone(last),
            _ => Rc::new(Lane::of(printed.table, at..at + 1)),
        };
        lanes.push(lane);
    }
    lanes
}

/// What a printed row says about its row of the form, before any equation between rows.
fn fill(printed: &Printed<'_>, lane: &Lane, unit: usize, row: RowProof, placed: &Placed) -> State {
    let span = printed.unit(unit).span;
    let pieces = printed.pieces(unit);
    if pieces.iter().all(Piece::is_nothing) {
        // nothing but blanks: however many there are, the row has no value, unless the text ends among them
        let is_last = || unit + 1 == printed.evidence.rows.len() && printed.evidence.in_grid;
        let breaks_off = pieces.len() < lane.cells.len() && (printed.ends_with(span) || is_last());
        return match placed {
            Placed::Open { .. } | Placed::Unknown if breaks_off => State::Uncertain(span),
            Placed::Proven(placement, place) => State::Placed(placement.clone(), *place, unit),
            _ => State::Empty(span),
        };
    }
    // a number equal to an earlier one was dropped, and as many as the row's cells may be another row's
    if printed.hints.lines_dropped
        && (pieces.len() < lane.cells.len()
            || !lane.sums.is_empty() && !adds_up(printed, lane, placed))
    {
        return State::Uncertain(span);
    }
    match placed {
        Placed::Unknown => State::Uncertain(span),
        Placed::Proven(placement, place) => proven(printed, lane, unit, placement, *place),
        Placed::Either(placements) => either(printed, lane, unit, row, placements),
        Placed::Open { whole } => match run(printed, unit) {
            None => State::Uncertain(span),
            Some(run) => {
                let cuts = Cuts::new(lane, &run, *whole);
                let (found, choice) = (cuts.readings(), !cuts.is_only());
                State::Cut(Cut { found, run, unit, row, choice })
            }
        },
    }
}

/// Pieces in their cells; numbers that only a sum makes whole need one.
fn proven(
    printed: &Printed<'_>,
    lane: &Lane,
    unit: usize,
    placement: &Placement,
    place: Place,
) -> State {
    let pieces = || placement.iter().flatten().map(|at| &printed.evidence.pieces[*at]);
    let soft = pieces().any(|piece| printed.number_if_whole(piece).is_some());
    let decided = printed.all_known(placement) && !lane.sums.is_empty();
    if soft && decided && lane.fits(&printed.values(placement)) {
        return either(printed, lane, unit, place.row(), std::slice::from_ref(placement));
    }
    State::Placed(placement.clone(), place, unit)
}

/// Pieces that may stand in one way or another.
fn either(
    printed: &Printed<'_>,
    lane: &Lane,
    unit: usize,
    row: RowProof,
    placements: &[Placement],
) -> State {
    let span = printed.unit(unit).span;
    if placements.is_empty() || !placements.iter().all(|placement| printed.all_known(placement)) {
        return State::Uncertain(span);
    }
    let mut run = Symbols::new();
    let mut list: Vec<Reading> = Vec::new();
    for placement in placements {
        let values = printed.values(placement);
        if !lane.fits(&values) || list.iter().any(|known| known.values == values) {
            continue;
        }
        let mut ranges = Vec::with_capacity(placement.len());
        for at in placement {
            let piece =
                at.map(|at| printed.evidence.pieces[at]).filter(|piece| !piece.is_nothing());
            if let Some(piece) = piece {
                let unit = piece.printed.number().and_then(|number| number.unit);
                run.push((unit.map_or(Symbol::Mark, Symbol::Unit), piece.span));
                ranges.push((run.len() - 1, run.len()));
            } else {
                ranges.push((run.len(), run.len()));
            }
        }
        list.push(Reading { values, ranges });
    }
    let choice = list.len() != 1
        || placements.len() != 1
        || printed.pieces(unit).iter().any(|piece| piece.wrapped || piece.followed);
    let same = list.len() == 1 && placements.len() > 1 && lane.sums.is_empty();
    State::Cut(Cut {
        found: Readings { list, open: false },
        run,
        unit,
        row,
        choice: choice && !same,
    })
}

/// The symbols of a row's pieces, with a border between any two; none when one of them is no run.
fn run(printed: &Printed<'_>, unit: usize) -> Option<Symbols> {
    let mut run = Symbols::new();
    for piece in printed.pieces(unit) {
        if piece.is_empty() {
            continue;
        }
        if !run.is_empty() {
            run.push((Symbol::Border, piece.span));
        }
        let before = run.len();
        let text = piece.span.of(printed.source);
        // `1  万元` where a cell lacks: the unit may be one of its own
        if text.contains(char::is_whitespace) {
            return None;
        }
        match piece.printed {
            Says::Mark => run.push((Symbol::Mark, piece.span)),
            // 3无, where blanks part cells
            Says::NotANumber if printed.hints.separated => return None,
            Says::Number(_) | Says::NotANumber if !piece.wrapped => {
                let mut own = Symbols::new();
                if !number::symbols(text, piece.span.start, &mut own) {
                    return None;
                }
                run.extend(own);
            }
            _ => return None,
        }
        if run.len() == before {
            return None;
        }
    }
    Some(run)
}

/// Whether the rows of a table that is printed across stand apart here, one small table each.
fn stand_apart(printed: &Printed<'_>) -> bool {
    let units = printed.evidence.rows.len();
    let widest = printed.table.rows.iter().map(|r| r.columns.len()).max().unwrap_or(0);
    units > 1
        && units <= printed.table.rows.len()
        && (0..units).all(|unit| {
            printed.pieces(unit).len() <= widest
                && printed.evidence.labels.iter().any(|label| label.before_unit == unit)
        })
}

/// All rows side by side: the one printed row that can hold them.
fn across(printed: &Printed<'_>) -> Row {
    let rows = 0..printed.table.rows.len();
    let lane = Rc::new(Lane::of(printed.table, rows.clone()));
    let cells = lane.cells.len();
    let width = |unit: &usize| -> usize {
        let digits = |text: &str| {
            text.chars().filter(|c| c.is_ascii_digit() || !c.is_ascii()).count().max(1)
        };
        let pieces = printed.pieces(*unit).iter().filter(|piece| !piece.is_empty());
        pieces
            .map(|piece| digits(piece.span.of(printed.source)))
            .sum::<usize>()
            .max(printed.pieces(*unit).len())
    };
    let says = |unit: &usize| printed.pieces(*unit).iter().any(|piece| !piece.is_nothing());
    let mut filled: Vec<usize> = (0..printed.evidence.rows.len()).filter(says).collect();
    // words alone are the header's rest, where another row has numbers
    let has_digits = |unit: &usize| {
        let mut pieces = printed.pieces(*unit).iter();
        let is_digit = |c| fold::table().class(c) == Class::Digit;
        pieces.any(|piece| piece.span.of(printed.source).chars().any(is_digit))
    };
    if filled.iter().any(has_digits) {
        filled.retain(has_digits);
    }
    // the widest is the row, narrower ones are notes; two that could be it leave it open
    let wide: Vec<usize> = filled.iter().copied().filter(|unit| width(unit) >= cells).collect();
    let columns: Vec<usize> =
        printed.table.rows.iter().flat_map(|row| row.columns.iter().copied()).collect();
    let misnamed =
        place::misordered(printed) || printed.evidence.in_grid && place::misnamed(printed);
    let unit = match (&filled[..], &wide[..]) {
        ([], _) => {
            let label = printed.evidence.labels.iter().find_map(|label| label.words);
            let span = printed.evidence.labels.first().map_or(printed.evidence.span, |l| l.span);
            let breaks_off = printed.evidence.labels.iter().any(|label| label.breaks_off);
            let state = match label {
                Some(words) => State::Uncertain(words),
                None if breaks_off => State::BreaksOff(span),
                None if printed.hints.lines_dropped
                    || numbers_among(printed)
                    || stray::among(printed).is_some() =>
                {
                    State::Uncertain(span)
                }
                None => State::Empty(span),
            };
            return Row { rows, lane, state };
        }
        (_, [unit]) | ([unit], _)
            if !misnamed
                && !place::is_strange(printed, *unit)
                && !place::crosses(
                    &printed.pieces(*unit).iter().copied().map(Some).collect::<Vec<_>>(),
                    &printed.evidence.header,
                    &columns,
                )
                && stray::below(printed, printed.unit(*unit).span) < cells =>
        {
            *unit
        }
        _ => {
            let span = printed.evidence.span;
            return Row { rows, lane, state: State::Uncertain(span) };
        }
    };
    let placed = place::across(printed, unit, &lane);
    let state = fill(printed, &lane, unit, RowProof::Label, &placed);
    Row { rows, lane, state }
}

/// Whether numbers stand among the words of a table of which no row was found.
fn numbers_among(printed: &Printed<'_>) -> bool {
    let says = |span: &Span| span.of(printed.source).chars().any(|c| c.is_ascii_digit());
    printed.evidence.rows.is_empty() && printed.evidence.loose.iter().any(says)
}
