//! Which numbers could these digits be? All ways to cut a run into the cells of its row, blank cells included.
//!
//! `640020470` is seven cells in many ways, but only 64 0 0 2 0 4 70 and few others add up. A number has no zero before
//! others, a printed border is a border, a group of thousands is whole, a sum of money stands in a column of money; a
//! blank cell may have left no trace. What is left are the row's readings.

use super::lane::{CellKind, Lane};
use super::reachable::Reachable;
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

/// A run and the row that it is to be cut into.
pub struct Cuts<'a> {
    lane: &'a Lane,
    run: &'a Symbols,
    /// What can be cut off at each place, for each kind of cell that the lane has.
    kinds: Vec<(CellKind, Choices)>,
    /// In how many ways a place can be reached the end from, cell by cell; none where it is not reached itself.
    ways: Vec<u32>,
    /// The run is no row of numbers.
    too_long: bool,
}

impl<'a> Cuts<'a> {
    /// Lists what can be cut off at each place; `whole` keeps printed pieces together, so that only the places of blanks are
    /// open.
    pub fn new(lane: &'a Lane, run: &'a Symbols, whole: bool) -> Self {
        let mut cuts = Self { lane, run, kinds: Vec::new(), ways: Vec::new(), too_long: false };
        if run.len() > lane.cells.len() * SYMBOLS_PER_CELL {
            cuts.too_long = true;
            return cuts;
        }
        for kind in &lane.cells {
            if cuts.kinds.iter().all(|(known, _)| known != kind) {
                cuts.kinds.push((*kind, Choices::new(*kind, run, whole)));
            }
        }
        cuts.count();
        cuts
    }

    /// Whether there is one way only, blanks and equations that fail included.
    pub fn is_only(&self) -> bool {
        !self.too_long && self.ways[self.state(0, self.start())] == 1
    }

    /// All readings whose equations hold.
    pub fn readings(&self) -> Readings {
        let open = Readings { list: Vec::new(), open: true };
        if self.too_long {
            return open;
        }
        let ways = self.ways[self.state(0, self.start())] as usize;
        if self.lane.sums.is_empty() && ways > MOST_READINGS {
            return open;
        }
        let cells = self.lane.cells.len();
        let mut search = Search {
            sums: Reachable::new(self, ways),
            cuts: self,
            values: Vec::with_capacity(cells),
            ranges: Vec::with_capacity(cells),
            found: Readings::default(),
            steps: 0,
        };
        search.cell(0, self.start(), 0);
        if search.found.open { open } else { search.found }
    }

    fn start(&self) -> usize {
        behind_border(self.run, 0)
    }

    /// Where what is known of a cell that begins at a place is kept.
    pub(super) fn state(&self, cell: usize, at: usize) -> usize {
        cell * (self.run.len() + 1) + at
    }

    /// Whether the run can be cut so that a cell begins at a place.
    pub(super) fn is_possible(&self, cell: usize, at: usize) -> bool {
        self.ways[self.state(cell, at)] > 0
    }

    /// What can be cut off for a cell at a place.
    pub(super) fn choices(&self, cell: usize, at: usize) -> &[Choice] {
        let kind = self.lane.cells[cell];
        let own = self.kinds.iter().find(|(known, _)| *known == kind);
        own.map_or(&[], |(_, choices)| choices.at(at))
    }

    /// The row that is to be filled.
    pub(super) const fn lane(&self) -> &'a Lane {
        self.lane
    }

    /// The places that a cell can begin at, the end of the run included.
    pub(super) fn places(&self) -> std::ops::RangeInclusive<usize> {
        0..=self.run.len()
    }

    fn count(&mut self) {
        let (cells, last) = (self.lane.cells.len(), self.run.len());
        self.ways = vec![0; (cells + 1) * (last + 1)];
        let mut ways = std::mem::take(&mut self.ways);
        ways[self.state(0, self.start())] = 1;
        for cell in 0..cells {
            for at in 0..=last {
                if ways[self.state(cell, at)] > 0 {
                    for choice in self.choices(cell, at) {
                        ways[self.state(cell + 1, choice.next)] = 1;
                    }
                }
            }
        }
        for at in 0..last {
            ways[self.state(cells, at)] = 0;
        }
        for cell in (0..cells).rev() {
            for at in 0..=last {
                if ways[self.state(cell, at)] > 0 {
                    let next = self.choices(cell, at).iter();
                    ways[self.state(cell, at)] = next
                        .map(|choice| ways[self.state(cell + 1, choice.next)])
                        .fold(0, u32::saturating_add);
                }
            }
        }
        self.ways = ways;
    }
}

/// A border cuts, and is no part of a cell.
fn behind_border(run: &Symbols, at: usize) -> usize {
    if matches!(run.get(at), Some((Symbol::Border, _))) { at + 1 } else { at }
}

/// A cell that can be cut off.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// Its number; none where it is blank.
    pub value: Option<Decimal>,
    /// Where it ends.
    end: usize,
    /// Where the next cell begins.
    pub next: usize,
}

/// What can be cut off at each place for one kind of cell: a blank first, then numbers, the shortest first.
struct Choices {
    list: Vec<Choice>,
    /// Where those of each place begin.
    begin: Vec<usize>,
}

impl Choices {
    fn new(kind: CellKind, run: &Symbols, whole: bool) -> Self {
        let mut choices = Self { list: Vec::new(), begin: Vec::with_capacity(run.len() + 2) };
        for at in 0..=run.len() {
            choices.begin.push(choices.list.len());
            let mut put = |value, end| {
                choices.list.push(Choice { value, end, next: behind_border(run, end) });
            };
            // a cell that left no trace, or a mark
            put(None, at);
            if matches!(run.get(at), Some((Symbol::Mark, _))) {
                put(None, at + 1);
            } else {
                numbers(kind, run, at, whole, |value, end| put(Some(value), end));
            }
        }
        choices.begin.push(choices.list.len());
        choices
    }

    fn at(&self, at: usize) -> &[Choice] {
        &self.list[self.begin[at]..self.begin[at + 1]]
    }
}

/// Every number that can be cut off at a place, and where it ends.
fn numbers(
    kind: CellKind,
    run: &Symbols,
    start: usize,
    keep_whole: bool,
    mut put: impl FnMut(Decimal, usize),
) {
    let most = if kind.money { MONEY_DIGITS } else { COUNT_DIGITS };
    let mut at = start;
    let mut negative = false;
    if let Some((Symbol::Sign(sign), _)) = run.get(at) {
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
    while let Some((symbol, _)) = run.get(at) {
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
        let next = run.get(at).map(|(symbol, _)| *symbol);
        // a number ends behind a digit, a whole group, and never before its own point or comma
        let whole =
            matches!(run[at - 1].0, Symbol::Digit(_)) && group.is_none_or(|group| group == 3);
        if !whole || matches!(next, Some(Symbol::Point | Symbol::Comma)) {
            continue;
        }
        // a fraction goes on to the next border, and so does a piece that is whole
        let more_digits = matches!(next, Some(Symbol::Digit(_)));
        if more_digits && (keep_whole || scale.is_some_and(|scale| scale > 0)) {
            continue;
        }
        let mut end = at;
        if let Some(Symbol::Unit(unit)) = next {
            if !fits(unit, kind.money) {
                return;
            }
            end += 1;
        }
        put(Decimal::new(if negative { -mantissa } else { mantissa }, scale.unwrap_or(0)), end);
    }
}

struct Search<'a> {
    cuts: &'a Cuts<'a>,
    sums: Reachable<'a>,
    values: Vec<Option<Decimal>>,
    ranges: Vec<(usize, usize)>,
    found: Readings,
    steps: usize,
}

impl Search<'_> {
    /// Reads on from `at`, where `sum` is what the cells so far add to the equation that the cell stands in.
    fn cell(&mut self, cell: usize, at: usize, sum: i64) {
        self.steps += 1;
        if self.steps > BUDGET || self.found.open {
            self.found.open = true;
            return;
        }
        let cuts = self.cuts;
        if !cuts.is_possible(cell, at) || !self.sums.can_hold(cell, at, sum, &self.values) {
            return;
        }
        if cell == cuts.lane.cells.len() {
            let (values, ranges) = (self.values.clone(), self.ranges.clone());
            self.found.list.push(Reading { values, ranges });
            self.found.open = self.found.list.len() > MOST_READINGS;
            return;
        }
        for choice in cuts.choices(cell, at) {
            self.values.push(choice.value);
            self.ranges.push((at, choice.end));
            self.cell(cell + 1, choice.next, sum + self.sums.adds(cell, choice.value));
            self.values.pop();
            self.ranges.pop();
        }
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
    use super::super::lane::Sum;
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

    fn readings(lane: &Lane, run: &Symbols, whole: bool) -> Readings {
        Cuts::new(lane, run, whole).readings()
    }

    fn is_only(lane: &Lane, run: &Symbols, whole: bool) -> bool {
        Cuts::new(lane, run, whole).is_only()
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
    fn ok_following_sums_loses_no_reading() {
        let sums = |coefficients: &[&[i8]]| {
            let sum =
                |(nth, own): (usize, &&[i8])| Sum { first: nth * 4, coefficients: own.to_vec() };
            Lane { sums: coefficients.iter().enumerate().map(sum).collect(), ..plain(8) }
        };
        let lanes = [
            Lane { sums: seven().sums, ..plain(8) },
            sums(&[&[1, 1, 1, -1], &[1, 1, 1, -1]]),
            sums(&[&[0, 1, -1, 0], &[1, 0, 0, -1]]),
            // two sums share cells
            Lane { sums: [sums(&[&[1, 1, 1, -1]]).sums, seven().sums].concat(), ..plain(8) },
        ];
        for lane in &lanes {
            for text in ["1203300", "12 0033", "640020470", "50500505", "1无0210", "1,2001201"] {
                let mut all = readings(&plain(8), &run(text), false);
                assert!(!all.open, "{text}");
                all.list.retain(|reading| lane.fits(&reading.values));
                assert_eq!(readings(lane, &run(text), false), all, "{text} {:?}", lane.sums);
            }
        }
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
