//! Which numbers could these digits be? All ways to cut a run of digits into the cells of its row.
//!
//! `640020470` is seven cells in many ways, but only 64 0 0 2 0 4 70 adds up. A number has no leading zero, a printed
//! border is a border, and a row's own equation must hold; what is left are the row's candidates.

use crate::atoms::Decimal;
use crate::span::Span;
use crate::tables::{Kind, Slot};

/// Most readings of one row that are kept; a row with more is open.
pub const MOST_READINGS: usize = 512;
/// Most steps of one search; past it the row is open.
const BUDGET: usize = 200_000;
/// Most digits of a count, and of a sum of money.
const COUNT_DIGITS: usize = 8;
const MONEY_DIGITS: usize = 16;
/// A run longer than this many digits per cell is no row of numbers.
const DIGITS_PER_CELL: usize = 12;

/// One digit of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digit {
    /// 0 to 9.
    pub value: u8,
    /// Whether a certain border stands before it.
    pub border: bool,
    /// Whether a blank stands before it.
    pub blank: bool,
    /// Whether a decimal point stands before it.
    pub point: bool,
    /// +1 or -1 when a sign stands before it.
    pub sign: i8,
    /// Where it stands in the source.
    pub span: Span,
}

/// What a cell of the row can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellKind {
    /// Fractions are possible.
    pub money: bool,
    /// A sign is possible.
    pub signed: bool,
}

/// Cells that an equation binds: a range of the lane's cells and a coefficient for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// First cell.
    pub first: usize,
    /// Coefficients of the cells from there.
    pub coefficients: Vec<i8>,
}

/// A row (or several side by side) to be cut out of one run of digits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lane {
    /// Its cells.
    pub cells: Vec<CellKind>,
    /// Its equations.
    pub sums: Vec<Sum>,
}

/// One way to read a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// A number for each cell; none where the cell would be blank.
    pub values: Vec<Option<Decimal>>,
    /// The digits of each cell, as a range of the run.
    pub ranges: Vec<(usize, usize)>,
}

/// All ways to read a run, as far as they could be listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// The readings.
    pub list: Vec<Reading>,
    /// Whether there are more than could be listed.
    pub open: bool,
}

impl Candidates {
    /// Adds other ways to read the same run.
    pub fn add(&mut self, other: Self) {
        self.list.extend(other.list);
        self.open |= other.open;
    }
}

/// The digits of a row's slots as one run.
pub fn run(
    slots: &[Slot],
    digits_of: impl Fn(&Slot) -> (u32, u32),
    digits: &str,
    source: &str,
) -> Vec<Digit> {
    let count = |slot: &Slot| (digits_of(slot).1 - digits_of(slot).0) as usize;
    let mut run = Vec::with_capacity(slots.iter().map(count).sum());
    for (at, slot) in slots.iter().enumerate() {
        if slot.kind != Kind::Number {
            continue;
        }
        let (from, to) = digits_of(slot);
        let printed = slot.span.of(source);
        // the printed digits may be wider than ASCII ones and have separators between them
        let mut places = printed.char_indices().filter(|(_, c)| {
            crate::lines::fold::table().class(*c) == crate::lines::fold::Class::Digit
        });
        let mut point = false;
        let mut first = true;
        for b in digits[from as usize..to as usize].bytes() {
            if b == b'.' {
                point = true;
                continue;
            }
            let (place, width) =
                places.next().map_or((0, 1), |(i, c)| (i as u32, c.len_utf8() as u32));
            let start = slot.span.start + place;
            run.push(Digit {
                value: b - b'0',
                border: first && at > 0 && (slot.hard || slot.sign != 0),
                blank: first && at > 0,
                point,
                sign: if first { slot.sign } else { 0 },
                span: Span::new(start, start + width),
            });
            (point, first) = (false, false);
        }
    }
    run
}

/// All readings without a blank cell; `by_sum` asks for those only whose equations hold.
pub fn full(lane: &Lane, run: &[Digit], by_sum: bool) -> Candidates {
    search(lane, run, by_sum, Blanks::None, MOST_READINGS)
}

/// Whether a run can be cut in one way only, equations aside.
pub fn is_only(lane: &Lane, run: &[Digit]) -> bool {
    let found = search(lane, run, false, Blanks::None, 1);
    found.list.len() == 1 && !found.open
}

/// All readings in which at least one cell is blank, blanks count as nothing in the equations; `whole` keeps printed
/// runs of digits together, so that only the places of the blanks are open.
pub fn with_blanks(lane: &Lane, run: &[Digit], whole: bool) -> Candidates {
    search(lane, run, true, if whole { Blanks::Whole } else { Blanks::Any }, MOST_READINGS)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Blanks {
    None,
    Whole,
    Any,
}

fn search(lane: &Lane, run: &[Digit], by_sum: bool, blanks: Blanks, most: usize) -> Candidates {
    let cells = lane.cells.len();
    if run.len() > cells * DIGITS_PER_CELL {
        return Candidates { list: Vec::new(), open: true };
    }
    let mut search = Search {
        lane,
        run,
        by_sum,
        blanks,
        most,
        values: Vec::with_capacity(cells),
        ranges: Vec::with_capacity(cells),
        found: Candidates::default(),
        steps: 0,
        total: if by_sum { total(lane) } else { None },
        tails: tails(run),
        // with one equation nothing is met twice
        dead: if lane.sums.len() > 1 {
            vec![false; (cells + 1) * (run.len() + 1)]
        } else {
            Vec::new()
        },
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

/// For each digit of a run, the number that all digits from there are together; where these are more than a count has,
/// more than any sum.
fn tails(run: &[Digit]) -> Vec<i64> {
    let mut tails = vec![i64::MAX; run.len() + 1];
    let mut value = 0;
    let mut place = 1;
    for at in (run.len().saturating_sub(COUNT_DIGITS)..run.len()).rev() {
        tails[at + 1] = value;
        value += i64::from(run[at].value) * place;
        place *= 10;
        tails[at] = value;
    }
    tails[run.len()] = 0;
    tails
}

struct Search<'a> {
    lane: &'a Lane,
    run: &'a [Digit],
    by_sum: bool,
    blanks: Blanks,
    /// Most readings listed.
    most: usize,
    values: Vec<Option<Decimal>>,
    ranges: Vec<(usize, usize)>,
    found: Candidates,
    steps: usize,
    /// Where the parts of the last total begin, see [`total`].
    total: Option<usize>,
    /// See [`tails`].
    tails: Vec<i64>,
    /// Cell and digit from which no reading of the rest exists; only exact where a sum begins.
    dead: Vec<bool>,
}

impl Search<'_> {
    /// Reads on from `at`, where `parts` is the sum of the parts of the last total so far; true when at least one
    /// reading was found below.
    fn cell(&mut self, at: usize, parts: i64) -> bool {
        self.steps += 1;
        if self.steps > BUDGET || self.found.list.len() > self.most {
            self.found.open = true;
            return true;
        }
        let cell = self.values.len();
        let cells = self.lane.cells.len();
        if self.by_sum && !self.sums_hold(cell) {
            return false;
        }
        if cell < cells && self.total.is_some() {
            // the total is what is left after the last part, so it never exceeds all that is left now
            let most = self.tails[at];
            if parts > most || cell + 1 == cells && parts != most {
                return false;
            }
        }
        if cell == cells {
            if at < self.run.len()
                || (self.blanks != Blanks::None && self.values.iter().all(Option::is_some))
            {
                return false;
            }
            self.found
                .list
                .push(Reading { values: self.values.clone(), ranges: self.ranges.clone() });
            return true;
        }
        let free = !self
            .lane
            .sums
            .iter()
            .any(|s| (s.first + 1..s.first + s.coefficients.len()).contains(&cell));
        let key = cell * (self.run.len() + 1) + at;
        if free && self.blanks == Blanks::None && self.dead.get(key) == Some(&true) {
            return false;
        }
        let mut any = false;
        let rest = cells - cell - 1;
        // the last cell takes all that is left
        if self.blanks != Blanks::None && (rest > 0 || at == self.run.len()) {
            self.values.push(None);
            self.ranges.push((at, at));
            any |= self.cell(at, parts);
            self.values.pop();
            self.ranges.pop();
        }
        let kind = self.lane.cells[cell];
        let most = if kind.money { MONEY_DIGITS } else { COUNT_DIGITS };
        let mut mantissa = 0i64;
        let mut scale = 0u8;
        for end in at + 1..=(at + most).min(self.run.len()) {
            let digit = self.run[end - 1];
            if end - 1 == at {
                if digit.point || (digit.sign != 0 && !kind.signed) {
                    break;
                }
            } else if digit.border || digit.sign != 0 {
                break;
            } else if digit.point {
                if !kind.money {
                    break;
                }
                scale = 1;
            } else if scale > 0 {
                scale += 1;
            } else if self.run[at].value == 0 {
                // a leading zero
                break;
            }
            mantissa = mantissa * 10 + i64::from(digit.value);
            let left = self.run.len() - end;
            if self.blanks == Blanks::None && left < rest {
                break;
            }
            if rest == 0 && left > 0 {
                continue;
            }
            // a number ends where the next thing begins; inside a fraction only a border ends it
            let next = self.run.get(end);
            if next.is_some_and(|n| n.point)
                || (scale > 0 && next.is_some_and(|n| !n.border && !n.blank))
            {
                continue;
            }
            if self.blanks == Blanks::Whole && next.is_some_and(|n| !n.blank) {
                continue;
            }
            let value = Decimal::new(mantissa, scale);
            let value = if self.run[at].sign < 0 { value.negated() } else { value };
            self.values.push(Some(value));
            self.ranges.push((at, end));
            let part = if self.total.is_some_and(|first| cell >= first) { mantissa } else { 0 };
            any |= self.cell(end, parts + part);
            self.values.pop();
            self.ranges.pop();
            if self.found.open {
                return true;
            }
        }
        if free
            && !any
            && self.blanks == Blanks::None
            && let Some(dead) = self.dead.get_mut(key)
        {
            *dead = true;
        }
        any
    }

    /// Whether every equation that ends at this cell holds.
    fn sums_hold(&self, cell: usize) -> bool {
        self.lane
            .sums
            .iter()
            .filter(|sum| sum.first + sum.coefficients.len() == cell)
            .all(|sum| holds(sum, &self.values))
    }
}

/// Whether an equation holds; a blank counts as nothing.
pub fn holds(sum: &Sum, values: &[Option<Decimal>]) -> bool {
    let own = &values[sum.first..sum.first + sum.coefficients.len()];
    if own.iter().flatten().all(|v| v.scale() == 0) {
        // counts, nearly always
        let counts = own.iter().map(|v| v.and_then(Decimal::integer).unwrap_or(0));
        let terms = counts.zip(&sum.coefficients).map(|(v, c)| i128::from(v) * i128::from(*c));
        return terms.sum::<i128>() == 0;
    }
    let scale = own.iter().flatten().map(|v| v.scale()).max().unwrap_or(0);
    let total: i128 = own
        .iter()
        .zip(&sum.coefficients)
        .filter_map(|(value, coefficient)| {
            value.map(|v| v.scaled(scale) * i128::from(*coefficient))
        })
        .sum();
    total == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<Digit> {
        let mut run: Vec<Digit> = Vec::new();
        let mut blank = false;
        let mut point = false;
        for (at, c) in text.char_indices() {
            match c {
                ' ' => blank = true,
                '.' => point = true,
                _ => {
                    let value = c as u8 - b'0';
                    let span = Span::new(at as u32, at as u32 + 1);
                    run.push(Digit {
                        value,
                        border: false,
                        blank: blank && at > 0,
                        point,
                        sign: 0,
                        span,
                    });
                    (blank, point) = (false, false);
                }
            }
        }
        run
    }

    fn seven() -> Lane {
        Lane {
            cells: vec![CellKind { money: false, signed: false }; 7],
            sums: vec![Sum { first: 0, coefficients: vec![1, 1, 1, 1, 1, 1, -1] }],
        }
    }

    fn plain(cells: usize) -> Lane {
        Lane { cells: vec![CellKind { money: false, signed: false }; cells], sums: vec![] }
    }

    fn shown(candidates: &Candidates) -> Vec<String> {
        let cell = |v: &Option<Decimal>| v.map_or("_".to_owned(), |v| v.to_string());
        candidates
            .list
            .iter()
            .map(|r| r.values.iter().map(cell).collect::<Vec<_>>().join(" "))
            .collect()
    }

    #[test]
    fn ok_own_total_decides() {
        assert_eq!(shown(&full(&seven(), &digits("640020470"), true)), ["64 0 0 2 0 4 70"]);
        assert_eq!(shown(&full(&seven(), &digits("30 0 0 0 03"), true)), ["3 0 0 0 0 0 3"]);
        assert_eq!(shown(&full(&seven(), &digits("20 0 00 0 121"), true)), ["20 0 0 0 0 1 21"]);
        assert_eq!(full(&seven(), &digits("220000022"), true).list.len(), 2);
        assert_eq!(full(&seven(), &digits("8100008"), true).list.len(), 0);
    }

    #[test]
    fn ok_triples_have_the_readings_counted_by_hand() {
        for (text, count) in [
            ("6233440", 15),
            ("8814314", 15),
            ("121212", 10),
            ("20180", 4),
            ("2433", 3),
            ("5066", 2),
            ("021", 1),
            ("0011", 1),
        ] {
            assert_eq!(full(&plain(3), &digits(text), true).list.len(), count, "{text}");
        }
    }

    #[test]
    fn ok_litigation_fifteen() {
        let sums =
            (0..3).map(|g| Sum { first: g * 5, coefficients: vec![1, 1, 1, 1, -1] }).collect();
        let lane = Lane { cells: vec![CellKind { money: false, signed: false }; 15], sums };
        assert_eq!(
            shown(&full(&lane, &digits("10203120001200000"), true)),
            ["1 0 2 0 3 12 0 0 0 12 0 0 0 0 0"]
        );
    }

    #[test]
    fn ok_money_takes_the_fraction() {
        let lane = Lane {
            cells: vec![
                CellKind { money: false, signed: false },
                CellKind { money: true, signed: false },
            ],
            sums: vec![],
        };
        let found = shown(&full(&lane, &digits("82059.2090"), true));
        assert_eq!(found, ["8 2059.209", "820 59.209", "8205 9.209"]);
    }

    #[test]
    fn ok_lost_blanks() {
        let found = shown(&with_blanks(&seven(), &digits("5 5"), true));
        assert_eq!(found.len(), 6);
        assert!(
            found.iter().all(|r| r.ends_with(" 5") && r.matches('_').count() == 5),
            "{found:?}"
        );
    }
}
