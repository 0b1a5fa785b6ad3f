//! Which numbers could these digits be? All ways to cut a run into the cells of its row, blank cells included.
//!
//! `640020470` is seven cells in many ways, but only 64 0 0 2 0 4 70 and few others add up. A number has no zero before
//! others, a printed border is a border, a group of thousands is whole, a sum of money stands in a column of money; a
//! blank cell may have left no trace. What is left are the row's readings.

use super::lane::Lane;
use crate::number::{Decimal, Symbol, Symbols, Unit};
use crate::span::Span;

/// Most readings of one row that are kept; a row with more is open.
pub const MOST_READINGS: usize = 8_192;
/// Most steps of one search; past it the row is open.
const BUDGET: usize = 1_000_000;
/// Most digits of a count, and of a sum of money.
const COUNT_DIGITS: usize = 8;
const MONEY_DIGITS: usize = 16;
/// A run longer than this many symbols per cell is no row of numbers.
const SYMBOLS_PER_CELL: usize = 14;

/// One way to read a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// A number for each cell; none where the cell would be blank.
    pub values: Vec<Option<Decimal>>,
    /// The symbols of each cell, as a range of the run.
    pub ranges: Vec<(usize, usize)>,
}

/// All ways to read a run, as far as they could be listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readings {
    /// The readings.
    pub list: Vec<Reading>,
    /// Whether there are more than could be listed.
    pub open: bool,
}

/// All readings whose equations hold; `whole` keeps printed pieces together, so that only the places of blanks are open.
pub fn readings(lane: &Lane, run: &Symbols, whole: bool) -> Readings {
    search(lane, run, !lane.sums.is_empty(), whole, MOST_READINGS)
}

/// Whether a run can be cut in one way only, blanks and equations that fail included.
pub fn is_only(lane: &Lane, run: &Symbols, whole: bool) -> bool {
    let found = search(lane, run, false, whole, 1);
    found.list.len() == 1 && !found.open
}

fn search(lane: &Lane, run: &Symbols, by_sum: bool, whole: bool, most: usize) -> Readings {
    let cells = lane.cells.len();
    if run.len() > cells * SYMBOLS_PER_CELL {
        return Readings { list: Vec::new(), open: true };
    }
    let mut search = Search {
        lane,
        run,
        by_sum,
        whole,
        most,
        values: Vec::with_capacity(cells),
        ranges: Vec::with_capacity(cells),
        found: Readings::default(),
        steps: 0,
        total: if by_sum { total(lane) } else { None },
        tails: tails(run),
        pieces: pieces(run),
    };
    search.cell(0, 0);
    search.found
}

/// The first cell of the sum whose total is the lane's last cell, when all its parts are counts.
fn total(lane: &Lane) -> Option<usize> {
    let sum = lane.sums.last()?;
    let (last, parts) = sum.coefficients.split_last()?;
    let ends = sum.first + sum.coefficients.len() == lane.cells.len();
    let counts = lane.cells[sum.first..].iter().all(|cell| !cell.money && !cell.signed);
    (ends && counts && *last == -1 && parts.iter().all(|part| *part == 1)).then_some(sum.first)
}

/// For each symbol of a run, the largest number that could be cut from there to its end.
fn tails(run: &Symbols) -> Vec<i64> {
    let mut tails = vec![0; run.len() + 1];
    let (mut value, mut place) = (0i64, 1i64);
    let mut digits = 0;
    for at in (0..run.len()).rev() {
        if let Symbol::Digit(digit) = run[at].0 {
            digits += 1;
            if digits > COUNT_DIGITS {
                tails[at] = i64::MAX;
                continue;
            }
            value += i64::from(digit) * place;
            place *= 10;
        }
        tails[at] = value;
    }
    tails
}

/// For each symbol, how many cells at least are filled from there: pieces that borders part, and marks.
fn pieces(run: &Symbols) -> Vec<usize> {
    let mut pieces = vec![0; run.len() + 1];
    let mut inside = false;
    for at in (0..run.len()).rev() {
        let mut count = pieces[at + 1];
        match run[at].0 {
            Symbol::Border => inside = false,
            Symbol::Mark => {
                count += 1;
                inside = false;
            }
            _ => {
                count += usize::from(!inside);
                inside = true;
            }
        }
        pieces[at] = count;
    }
    pieces
}

struct Search<'a> {
    lane: &'a Lane,
    run: &'a Symbols,
    by_sum: bool,
    whole: bool,
    most: usize,
    values: Vec<Option<Decimal>>,
    ranges: Vec<(usize, usize)>,
    found: Readings,
    steps: usize,
    /// Where the parts of the last total begin, see [`total`].
    total: Option<usize>,
    tails: Vec<i64>,
    pieces: Vec<usize>,
}

impl Search<'_> {
    /// Reads on from `at`, where `parts` is the sum of the parts of the last total so far.
    fn cell(&mut self, at: usize, parts: i64) {
        self.steps += 1;
        if self.steps > BUDGET || self.found.list.len() > self.most {
            self.found.open = true;
            return;
        }
        let cell = self.values.len();
        let cells = self.lane.cells.len();
        if self.by_sum && !self.sums_hold(cell) {
            return;
        }
        let at = if matches!(self.run.get(at), Some((Symbol::Border, _))) { at + 1 } else { at };
        if self.pieces[at] > cells - cell {
            return;
        }
        if cell < cells && self.total.is_some() && parts > self.tails[at] {
            // the total is cut from what is left now
            return;
        }
        if cell == cells {
            if at == self.run.len() {
                self.found
                    .list
                    .push(Reading { values: self.values.clone(), ranges: self.ranges.clone() });
            }
            return;
        }
        // a cell that left no trace, or a mark
        let is_mark = matches!(self.run.get(at), Some((Symbol::Mark, _)));
        self.put(None, (at, at), at, parts);
        if is_mark {
            self.put(None, (at, at + 1), at + 1, parts);
            return;
        }
        self.numbers(cell, at, parts);
    }

    fn put(&mut self, value: Option<Decimal>, range: (usize, usize), next: usize, parts: i64) {
        self.values.push(value);
        self.ranges.push(range);
        self.cell(next, parts);
        self.values.pop();
        self.ranges.pop();
    }

    /// Every number that can be cut off at a place.
    fn numbers(&mut self, cell: usize, start: usize, parts: i64) {
        let kind = self.lane.cells[cell];
        let most = if kind.money { MONEY_DIGITS } else { COUNT_DIGITS };
        let mut at = start;
        let mut negative = false;
        if let Some((Symbol::Sign(sign), _)) = self.run.get(at) {
            if !kind.signed {
                return;
            }
            negative = *sign < 0;
            at += 1;
        }
        let (mut mantissa, mut digits, mut scale) = (0i64, 0usize, None::<u8>);
        // digits since the last comma, when there was one
        let mut group: Option<usize> = None;
        let mut leading_zero = false;
        while let Some((symbol, _)) = self.run.get(at) {
            match *symbol {
                Symbol::Digit(digit) => {
                    if leading_zero && scale.is_none() || digits == most {
                        return;
                    }
                    leading_zero |= digits == 0 && digit == 0;
                    mantissa = mantissa * 10 + i64::from(digit);
                    digits += 1;
                    scale = scale.map(|scale| scale + 1);
                    group = group.map(|group| group + 1);
                    if group.is_some_and(|group| group > 3) {
                        return;
                    }
                }
                Symbol::Point
                    if kind.money
                        && digits > 0
                        && scale.is_none()
                        && group.is_none_or(|group| group == 3) =>
                {
                    (scale, group) = (Some(0), None);
                }
                Symbol::Comma
                    if scale.is_none()
                        && !leading_zero
                        && group.map_or((1..=3).contains(&digits), |group| group == 3) =>
                {
                    group = Some(0);
                }
                _ => return,
            }
            at += 1;
            let next = self.run.get(at).map(|(symbol, _)| *symbol);
            // a number ends behind a digit, a whole group, and never before its own point or comma
            let whole = matches!(self.run[at - 1].0, Symbol::Digit(_))
                && group.is_none_or(|group| group == 3);
            if !whole || matches!(next, Some(Symbol::Point | Symbol::Comma)) {
                continue;
            }
            // a fraction goes on to the next border, and so does a piece that is whole
            let more_digits = matches!(next, Some(Symbol::Digit(_)));
            if more_digits && (self.whole || scale.is_some_and(|scale| scale > 0)) {
                continue;
            }
            let mut end = at;
            if let Some(Symbol::Unit(unit)) = next {
                if !fits(unit, kind.money) {
                    return;
                }
                end += 1;
            }
            let value =
                Decimal::new(if negative { -mantissa } else { mantissa }, scale.unwrap_or(0));
            let part = if self.total.is_some_and(|first| cell >= first) { mantissa } else { 0 };
            self.put(Some(value), (start, end), end, parts + part);
            if self.found.open {
                return;
            }
        }
    }

    /// Whether every equation that ends at this cell holds.
    fn sums_hold(&self, cell: usize) -> bool {
        let ends = self.lane.sums.iter().filter(|sum| sum.first + sum.coefficients.len() == cell);
        ends.into_iter().all(|sum| sum.holds(&self.values))
    }
}

/// Whether a number with this unit can stand in a column of money, or in another.
const fn fits(unit: Unit, money: bool) -> bool {
    unit.places_to_wan_yuan().is_some() == money
}

/// The place of symbols in the source.
pub fn span_of(run: &Symbols, range: (usize, usize)) -> Option<Span> {
    let own = run.get(range.0..range.1)?.iter().filter(|(symbol, _)| *symbol != Symbol::Border);
    own.map(|(_, span)| *span).reduce(Span::join)
}

#[cfg(test)]
mod tests {
    use super::super::lane::{CellKind, Sum};
    use super::*;

    fn run(text: &str) -> Symbols {
        let mut run = Symbols::new();
        for (nth, piece) in text.split(' ').enumerate() {
            if nth > 0 {
                run.push((Symbol::Border, Span::default()));
            }
            assert!(crate::number::symbols(piece, 0, &mut run), "{piece}");
        }
        run
    }

    fn seven() -> Lane {
        let sums = vec![Sum { first: 0, coefficients: vec![1, 1, 1, 1, 1, 1, -1] }];
        Lane { cells: vec![CellKind { money: false, signed: false }; 7], sums }
    }

    fn plain(cells: usize) -> Lane {
        Lane { cells: vec![CellKind { money: false, signed: false }; cells], sums: vec![] }
    }

    fn shown(found: &Readings) -> Vec<String> {
        let cell = |v: &Option<Decimal>| v.map_or("_".to_owned(), |v| v.to_string());
        found.list.iter().map(|r| r.values.iter().map(cell).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn ok_own_total_and_blanks() {
        let found = shown(&readings(&seven(), &run("640020470"), false));
        assert!(found.contains(&"64 0 0 2 0 4 70".to_owned()), "{found:?}");
        // a blank cell may have left no trace
        assert!(found.contains(&"6 40 0 20 4 _ 70".to_owned()), "{found:?}");
        assert_eq!(shown(&readings(&seven(), &run("0000000"), false)), ["0 0 0 0 0 0 0"]);
        assert_eq!(readings(&seven(), &run("000000"), false).list.len(), 7);
        assert!(
            readings(&seven(), &run("8100008"), false)
                .list
                .iter()
                .all(|r| r.values[6] != Some(Decimal::from(8)))
        );
    }

    #[test]
    fn ok_a_border_is_a_border() {
        let found = shown(&readings(&seven(), &run("289 0"), false));
        assert!(found.iter().all(|reading| !reading.contains("2890")), "{found:?}");
        assert_eq!(shown(&readings(&plain(1), &run("50 12"), false)), Vec::<String>::new());
        let found = shown(&readings(&seven(), &run("5 5"), true));
        assert_eq!(found.len(), 6);
        assert!(
            found.iter().all(|r| r.ends_with(" 5") && r.matches('_').count() == 5),
            "{found:?}"
        );
    }

    #[test]
    fn ok_one_way() {
        assert!(is_only(&plain(3), &run("000"), false));
        assert!(!is_only(&plain(3), &run("021"), false));
        assert!(!is_only(&plain(3), &run("693"), false));
        assert!(is_only(&plain(1), &run("9117"), false));
        assert!(!is_only(&plain(3), &run("00"), false));
    }

    #[test]
    fn ok_marks_are_cells() {
        let found = shown(&readings(&seven(), &run("358无无无无无358"), false));
        assert_eq!(found, ["358 _ _ _ _ _ 358"]);
    }

    #[test]
    fn ok_groups_are_whole() {
        let found = shown(&readings(&plain(3), &run("61,2260"), false));
        assert!(
            found.contains(&"61226 0 _".to_owned()) && found.contains(&"6 1226 0".to_owned()),
            "{found:?}"
        );
        assert!(
            found.iter().all(|reading| !reading.contains("2260") && !reading.starts_with("61 ")),
            "{found:?}"
        );
    }

    #[test]
    fn ok_money_takes_the_fraction_and_its_unit() {
        let count = CellKind { money: false, signed: false };
        let lane =
            Lane { cells: vec![count, CellKind { money: true, signed: false }], sums: vec![] };
        let found = shown(&readings(&lane, &run("82059.2090万元"), false));
        assert_eq!(
            found,
            ["_ 82059.209", "8 2059.209", "82 059.209", "820 59.209", "8205 9.209"]
                .map(str::to_owned)
                .into_iter()
                .filter(|r| !r.contains(" 059"))
                .collect::<Vec<_>>()
        );
        assert_eq!(shown(&readings(&lane, &run("2笔 984361元"), false)), ["2 984361"]);
    }

    #[test]
    fn ok_a_sign_begins_a_number() {
        let cells = [false, true, false].map(|signed| CellKind { money: false, signed }).to_vec();
        let found = shown(&readings(&Lane { cells, sums: vec![] }, &run("2648-18538"), false));
        assert!(
            found.contains(&"2648 -18 538".to_owned())
                && found.contains(&"2648 -18538 _".to_owned()),
            "{found:?}"
        );
    }
}
