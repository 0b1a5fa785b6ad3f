//! What was read from a picture is a guess: a number is given only where sums of the form prove it.
//!
//! A cell has candidates, and the sums choose among them, never beyond them: a number that fits no candidate of all others
//! is no candidate any more. A sum that holds with the only numbers that remain proves them, because a wrong digit breaks
//! it, unless another is wrong by as much. So a sum proves nothing in which two numbers are in doubt that no other sum
//! confirms, and no number is given that stands in a sum which no candidates fulfil, unless that sum has numbers of its own
//! to blame: those that break all their sums, each by as much as the others say.

use crate::grammar::Grammar;
use crate::number::Decimal;
use crate::reading::{Cell, CheckRef, Status};
use crate::records::TableRecord;
use crate::records::check::{applications, cell_of_term};
use crate::span::Span;
use rustc_hash::FxHashSet;
use std::sync::OnceLock;

/// A candidate counts that is so likely beside the likeliest: what is ruled out without a sum must be out of question.
const COUNTS: f32 = 1e-3;
/// A number is in doubt whose likeliest reading is less likely.
const SURE: f32 = 0.9;
/// Where one sum alone speaks of a number, the others in it must be so likely.
const SURER: f32 = 0.99;
/// So likely it must be that ink is a nought.
const NOUGHT: f32 = 0.5;
/// One that is not the likeliest is chosen by one sum where it is so likely, else by two.
const LIKELY: f32 = 0.05;
/// Sums of the candidates of so many cells are looked at; beyond it a sum says nothing yet.
const MOST_SUMS: usize = 20_000;
/// Digits behind the point.
const SCALE: u8 = 6;

/// How likely a number must be to be given without a proof, where the user wants that.
static ACCEPTED: OnceLock<f32> = OnceLock::new();

/// Gives numbers that no sum proves as `recognised` where they are so likely. Only the first call counts.
#[cfg(all(feature = "cli", feature = "ocr"))]
pub(crate) fn accept(likely: f32) {
    let _ = ACCEPTED.set(likely);
}

/// How likely a number must be to be given without a proof; none where none is.
pub(crate) fn accepted() -> Option<f32> {
    ACCEPTED.get().copied()
}

/// What a place of the text is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Said<'r> {
    /// It is printed as text.
    Text,
    /// It was read from a picture, and is one of these numbers; none where nobody can tell.
    Guess(&'r [(String, f32)]),
}

/// A candidate of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Candidate {
    value: Decimal,
    likely: f32,
}

/// What is known of a cell before sums speak.
#[derive(Clone, Debug, PartialEq)]
enum Known {
    /// Nothing, or too much.
    Nothing,
    /// It is printed as text, with this value.
    Printed(Decimal),
    /// Nothing stands in it.
    Blank,
    /// One of these, the likeliest first.
    Guess(Vec<Candidate>),
}

/// A sum of one table: its cells, each with its sign.
struct Sum {
    check: CheckRef,
    cells: Vec<(i8, usize)>,
}

/// Takes back what no sum proves of the cells whose text is a guess: a number stays a candidate, and that nothing stands in
/// a cell is not said. `says` tells what a place is.
pub(crate) fn keep<'r>(
    grammar: &Grammar,
    tables: &mut [TableRecord],
    says: impl Fn(Span) -> Said<'r>,
) {
    for record in tables {
        let table = &grammar.tables[record.table];
        let is_count = |row: usize, column: usize| table.unit(&table.rows[row], column) != "万元";
        let counts = (0..table.rows.len()).flat_map(|row| {
            let columns = table.rows[row].columns.iter();
            columns.map(move |column| is_count(row, *column))
        });
        let known: Vec<Known> = record
            .cells
            .iter()
            .zip(counts)
            .map(|(cell, is_count)| known(cell, says(cell.span()), is_count))
            .collect();
        let solver = Solver::new(sums(grammar, record.table), known);
        let proofs = solver.proofs();
        for (nth, (cell, proof)) in record.cells.iter_mut().zip(proofs).enumerate() {
            let span = cell.span();
            let Said::Guess(readings) = says(span) else { continue };
            let proven = match solver.value(nth) {
                _ if proof.is_empty() => None,
                Some(value) => Cell::solved(value, span, proof),
                None => (cell.status() == Status::Blank).then(|| Cell::blank(span)),
            };
            let open = || match (cell.status(), cell.value()) {
                (Status::Missing, _) => Cell::MISSING,
                (status, None) if status != Status::Blank && readings.is_empty() => cell.clone(),
                (_, Some(value)) if !matches!(solver.known[nth], Known::Guess(_)) => {
                    Cell::ambiguous(span, vec![value])
                }
                _ => {
                    let listed = candidates(readings).into_iter().map(|c| (c.value, c.likely));
                    Cell::guessed(span, listed.collect())
                }
            };
            let accepted = || {
                let first = solver.likeliest(nth)?;
                (first.likely >= accepted()? && !solver.is_contradicted(nth))
                    .then(|| Cell::recognised(first.value, first.likely, span))
            };
            *cell = proven.or_else(accepted).unwrap_or_else(open);
        }
    }
}

/// What is known of a cell.
fn known(cell: &Cell, said: Said<'_>, is_count: bool) -> Known {
    match (said, cell.status(), cell.value()) {
        (Said::Text | Said::Guess([]), Status::Blank, _) => Known::Blank,
        (Said::Text, _, Some(value)) => Known::Printed(value),
        (Said::Guess(readings), status, value) => {
            let mut candidates = candidates(readings);
            if status == Status::Unreadable {
                // more stands in it than a number: what it is as one is in doubt
                for own in &mut candidates {
                    own.likely *= 0.5;
                }
            }
            // a cell that has more than the number, or another unit, is not what was read there
            let is_it = match (status, value) {
                (Status::Read | Status::Solved, Some(value)) => {
                    candidates.first().is_some_and(|first| first.value == value)
                }
                (Status::Unreadable, _) => is_count && !candidates.is_empty(),
                _ => false,
            };
            if is_it { Known::Guess(candidates) } else { Known::Nothing }
        }
        _ => Known::Nothing,
    }
}

/// The numbers among readings, the likeliest first.
fn candidates(readings: &[(String, f32)]) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = Vec::with_capacity(readings.len());
    for (text, likely) in readings {
        let Some(value) = number(text) else { continue };
        match candidates.iter_mut().find(|own| own.value == value) {
            Some(own) => own.likely += likely,
            None => candidates.push(Candidate { value, likely: *likely }),
        }
    }
    candidates.sort_by(|a, b| b.likely.total_cmp(&a.likely));
    let most = candidates.first().map_or(0.0, |first| first.likely);
    candidates.retain(|candidate| candidate.likely >= COUNTS * most);
    candidates
}

/// The number that digits are: commas part thousands, and no number but nought begins with one.
fn number(text: &str) -> Option<Decimal> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(a, b)| (a, Some(b)));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let has_groups = whole.contains(',');
    if has_groups && first.len() > 3 || groups.any(|group| group.len() != 3) {
        return None;
    }
    if first.is_empty() || whole.len() > 1 && first.starts_with('0') || fraction == Some("") {
        return None;
    }
    let digits = text.replace(',', "");
    Decimal::parse(&digits).filter(|value| value.scale() <= SCALE)
}

/// The sums of a table.
fn sums(grammar: &Grammar, at: usize) -> Vec<Sum> {
    let table = &grammar.tables[at];
    let first: Vec<usize> = table.first_cells().collect();
    let sum = |(_, e, at): (usize, usize, usize)| {
        let equation = &table.equations[e];
        let cell = |(sign, name): &(i8, usize)| {
            let (row, column) = cell_of_term(equation, at, *name);
            let place = table.rows[row].columns.iter().position(|own| *own == column)?;
            Some((*sign, first[row] + place))
        };
        let cells = equation.terms.iter().map(cell).collect::<Option<Vec<(i8, usize)>>>()?;
        let check = CheckRef { equation: u16::try_from(e).ok()?, at: u16::try_from(at).ok()? };
        Some(Sum { check, cells })
    };
    applications(grammar, at).filter_map(sum).collect()
}

/// How a sum fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fares {
    /// A cell of it can be anything.
    Open,
    /// Some candidates fulfil it.
    Fits,
    /// None do.
    Broken,
}

struct Solver {
    sums: Vec<Sum>,
    known: Vec<Known>,
    /// What each cell can still be, scaled; none where it can be anything.
    domains: Vec<Option<Vec<i128>>>,
    fares: Vec<Fares>,
    /// The sums of each cell.
    of_cell: Vec<Vec<usize>>,
}

impl Solver {
    fn new(sums: Vec<Sum>, known: Vec<Known>) -> Self {
        /// Numbers to blame are looked for so many times.
        const ROUNDS: usize = 8;
        let mut of_cell: Vec<Vec<usize>> = vec![Vec::new(); known.len()];
        for (at, sum) in sums.iter().enumerate() {
            for (_, nth) in &sum.cells {
                of_cell[*nth].push(at);
            }
        }
        let fares = vec![Fares::Open; sums.len()];
        let domains = known.iter().map(domain).collect();
        let mut solver = Self { sums, known, domains, fares, of_cell };
        for _ in 0..ROUNDS {
            solver.narrow();
            let blamed = solver.to_blame();
            if blamed.is_empty() {
                break;
            }
            solver.domains = solver.known.iter().map(domain).collect();
            for nth in blamed {
                solver.known[nth] = Known::Nothing;
                solver.domains[nth] = None;
            }
        }
        solver
    }

    /// Takes out of the candidates what fulfils a sum with none of the others, until nothing changes.
    fn narrow(&mut self) {
        self.fares.fill(Fares::Open);
        let mut changed = true;
        while changed {
            changed = false;
            for at in 0..self.sums.len() {
                if self.fares[at] == Fares::Broken {
                    continue;
                }
                let Some(left) = self.fitting(at) else { continue };
                if left.iter().any(Vec::is_empty) {
                    self.fares[at] = Fares::Broken;
                    changed = true;
                    continue;
                }
                self.fares[at] = Fares::Fits;
                for ((_, nth), left) in self.sums[at].cells.iter().zip(left) {
                    if let Some(domain) = &mut self.domains[*nth]
                        && left.len() < domain.len()
                    {
                        *domain = left;
                        changed = true;
                    }
                }
            }
        }
    }

    /// Of each cell of a sum what fulfils it with some of the others; none when it cannot be told.
    fn fitting(&self, at: usize) -> Option<Vec<Vec<i128>>> {
        let cells = &self.sums[at].cells;
        let terms: Vec<(i128, &Vec<i128>)> = cells
            .iter()
            .map(|(sign, nth)| Some((i128::from(*sign), self.domains[*nth].as_ref()?)))
            .collect::<Option<_>>()?;
        let step = |sums: &FxHashSet<i128>, (sign, domain): &(i128, &Vec<i128>)| {
            let next: FxHashSet<i128> =
                sums.iter().flat_map(|sum| domain.iter().map(move |v| sum + sign * v)).collect();
            (next.len() <= MOST_SUMS).then_some(next)
        };
        let start: FxHashSet<i128> = [0].into_iter().collect();
        let (mut before, mut behind) = (vec![start.clone()], vec![start]);
        for (own, other) in terms.iter().zip(terms.iter().rev()) {
            let next = step(before.last()?, own)?;
            before.push(next);
            let next = step(behind.last()?, other)?;
            behind.push(next);
        }
        let count = terms.len();
        let fits = |(nth, (sign, domain)): (usize, &(i128, &Vec<i128>))| {
            let (left, right) = (&before[nth], &behind[count - 1 - nth]);
            let fits = |value: &&i128| {
                let rest = -(sign * **value);
                if left.len() < right.len() {
                    left.iter().any(|sum| right.contains(&(rest - sum)))
                } else {
                    right.iter().any(|sum| left.contains(&(rest - sum)))
                }
            };
            domain.iter().filter(fits).copied().collect()
        };
        Some(terms.iter().enumerate().map(fits).collect())
    }

    /// The one number that a cell can be.
    fn only(&self, nth: usize) -> Option<i128> {
        match self.domains[nth].as_deref() {
            Some([only]) => Some(*only),
            _ => None,
        }
    }

    /// Cells that explain why sums are broken: all sums of each are, and what the others say of them agrees. There must be
    /// more sums than such cells, or nothing is told of them.
    fn to_blame(&self) -> Vec<usize> {
        let is_broken = |at: &usize| self.fares[*at] == Fares::Broken;
        let is_suspect = |nth: usize| {
            let own = || self.of_cell[nth].iter().filter(|at| self.fares[**at] != Fares::Open);
            matches!(self.known[nth], Known::Guess(_) | Known::Blank)
                && own().count() > 1
                && own().all(is_broken)
        };
        let suspects: Vec<usize> = (0..self.known.len()).filter(|nth| is_suspect(*nth)).collect();
        let mut blamed = Vec::new();
        let mut seen = vec![false; self.known.len()];
        for first in &suspects {
            if std::mem::replace(&mut seen[*first], true) {
                continue;
            }
            // those that stand in one broken sum with it, and so on
            let (mut cells, mut broken): (Vec<usize>, Vec<usize>) = (vec![*first], Vec::new());
            let mut next = 0;
            while let Some(nth) = cells.get(next).copied() {
                next += 1;
                for at in self.of_cell[nth].iter().copied().filter(is_broken) {
                    if broken.contains(&at) {
                        continue;
                    }
                    broken.push(at);
                    for (_, other) in &self.sums[at].cells {
                        if suspects.contains(other) && !std::mem::replace(&mut seen[*other], true) {
                            cells.push(*other);
                        }
                    }
                }
            }
            if let Some(cover) = self.cover(&cells, &broken) {
                blamed.extend(cover);
            } else if cells.len() < broken.len() && self.agree(&cells, &broken) {
                blamed.extend(cells);
            }
        }
        blamed
    }

    /// The only cells of these, one for each of these sums, of which each can fulfil all its sums.
    fn cover(&self, cells: &[usize], sums: &[usize]) -> Option<Vec<usize>> {
        /// More covers are not looked through.
        const MOST: usize = 2000;
        let own = |nth: usize| {
            let sums = sums.iter().filter(move |at| self.of_cell[nth].contains(at)).copied();
            sums.collect::<Vec<usize>>()
        };
        let can = |nth: &usize| {
            let mut wanted = own(*nth).into_iter().map(|at| self.wanted(at, *nth));
            let first = wanted.next()??;
            let all = wanted.collect::<Option<Vec<_>>>()?;
            let fits = |value: &&i128| all.iter().all(|other| other.contains(value));
            first.iter().find(fits).map(|_| (*nth, own(*nth)))
        };
        let able: Vec<(usize, Vec<usize>)> = cells.iter().filter_map(can).collect();
        let mut found: Option<Vec<usize>> = None;
        let mut open: Vec<(Vec<usize>, Vec<usize>)> = vec![(Vec::new(), sums.to_vec())];
        let mut steps = 0;
        while let Some((chosen, left)) = open.pop() {
            steps += 1;
            let Some(first) = left.first() else {
                if found.replace(chosen).is_some() {
                    return None;
                }
                continue;
            };
            if steps > MOST {
                return None;
            }
            for (nth, own) in able.iter().filter(|(_, own)| own.contains(first)) {
                if own.iter().all(|at| left.contains(at)) {
                    let chosen = chosen.iter().copied().chain([*nth]).collect();
                    let left = left.iter().copied().filter(|at| !own.contains(at)).collect();
                    open.push((chosen, left));
                }
            }
        }
        found
    }

    /// What a cell must be for a sum, where the others are what they can be.
    fn wanted(&self, at: usize, cell: usize) -> Option<FxHashSet<i128>> {
        let mut sums: FxHashSet<i128> = [0].into_iter().collect();
        let mut own = 1;
        for (sign, nth) in &self.sums[at].cells {
            let sign = i128::from(*sign);
            if *nth == cell {
                own = sign;
                continue;
            }
            let domain = self.domains[*nth].as_ref()?;
            sums = sums.iter().flat_map(|sum| domain.iter().map(move |v| sum + sign * v)).collect();
            if sums.len() > MOST_SUMS {
                return None;
            }
        }
        Some(sums.into_iter().map(|sum| -sum * own).filter(|value| *value >= 0).collect())
    }

    /// Whether some numbers of these cells fulfil these sums, with the only numbers of all others.
    fn agree(&self, cells: &[usize], sums: &[usize]) -> bool {
        let mut derived: Vec<(usize, i128)> = Vec::new();
        let mut rest = sums.to_vec();
        while !rest.is_empty() {
            let before = rest.len();
            let mut is_wrong = false;
            rest.retain(|at| {
                let mut sum = 0;
                let mut open = None;
                for (sign, nth) in &self.sums[*at].cells {
                    let value = if cells.contains(nth) {
                        derived.iter().find(|(own, _)| own == nth).map(|(_, value)| *value)
                    } else if let Some(only) = self.only(*nth) {
                        Some(only)
                    } else {
                        is_wrong = true;
                        None
                    };
                    match value {
                        Some(value) => sum += i128::from(*sign) * value,
                        None if open.is_none() => open = Some((*sign, *nth)),
                        None => return true,
                    }
                }
                match open {
                    None => is_wrong |= sum != 0,
                    Some((sign, nth)) => {
                        let value = -sum * i128::from(sign);
                        is_wrong |= value < 0;
                        derived.push((nth, value));
                    }
                }
                false
            });
            if is_wrong || rest.len() == before {
                return false;
            }
        }
        true
    }

    /// How likely the number is that a cell must be, and whether it is the likeliest.
    fn likely(&self, nth: usize) -> Option<(f32, bool)> {
        let only = self.only(nth)?;
        match &self.known[nth] {
            Known::Guess(candidates) => {
                let at = candidates.iter().position(|own| own.value.scaled(SCALE) == only)?;
                Some((candidates[at].likely, at == 0))
            }
            _ => Some((1.0, true)),
        }
    }

    /// The value of a cell that has a number.
    fn value(&self, nth: usize) -> Option<Decimal> {
        let only = self.only(nth)?;
        let Known::Guess(candidates) = &self.known[nth] else { return None };
        candidates.iter().map(|own| own.value).find(|value| value.scaled(SCALE) == only)
    }

    /// What a cell is read as, where it is a number.
    fn likeliest(&self, nth: usize) -> Option<Candidate> {
        match &self.known[nth] {
            Known::Guess(candidates) => candidates.first().copied(),
            _ => None,
        }
    }

    /// Whether a sum says that a cell is not what it is read as.
    fn is_contradicted(&self, nth: usize) -> bool {
        let is_broken = |at: &usize| self.fares[*at] == Fares::Broken;
        let is_other = self
            .likely(nth)
            .map_or(self.domains[nth].as_ref().is_none_or(Vec::is_empty), |(_, is_first)| {
                !is_first
            });
        is_other || self.of_cell[nth].iter().any(is_broken)
    }

    /// For each cell the sums that prove it; none where a sum speaks against it.
    fn proofs(&self) -> Vec<Vec<CheckRef>> {
        let count = self.known.len();
        let likely: Vec<Option<(f32, bool)>> = (0..count).map(|nth| self.likely(nth)).collect();
        let holding: Vec<usize> = (0..self.sums.len())
            .filter(|at| self.fares[*at] == Fares::Fits)
            .filter(|at| self.sums[*at].cells.iter().all(|(_, nth)| likely[*nth].is_some()))
            .collect();
        // a number in doubt is confirmed by a sum that has no other
        let is_sure = |likely: &Option<(f32, bool)>| {
            likely.is_some_and(|(likely, is_first)| is_first && likely >= SURE)
        };
        let mut confirmed: Vec<bool> = likely.iter().map(is_sure).collect();
        let mut votes: Vec<Vec<usize>> = vec![Vec::new(); count];
        let mut changed = true;
        while changed {
            changed = false;
            for at in &holding {
                let mut doubts =
                    self.sums[*at].cells.iter().map(|(_, nth)| *nth).filter(|nth| !confirmed[*nth]);
                let (Some(nth), None) = (doubts.next(), doubts.next()) else { continue };
                if !votes[nth].contains(at) {
                    votes[nth].push(*at);
                    changed = true;
                }
                let (share, is_first) = likely[nth].unwrap_or_default();
                // ink that is no number at all fits as nought into every sum
                if self.only(nth) == Some(0) && !(is_first && share > NOUGHT) {
                    continue;
                }
                let is_alone = self.of_cell[nth].len() == 1;
                let is_surer = |(_, other): &(i8, usize)| {
                    *other == nth
                        || self.of_cell[*other].len() > 1
                        || likely[*other].is_some_and(|(share, _)| share >= SURER)
                };
                confirmed[nth] = votes[nth].len() > 1
                    || (is_first || share >= LIKELY)
                        && (!is_alone || self.sums[*at].cells.iter().all(is_surer));
            }
        }
        let is_broken = |at: &usize| self.fares[*at] == Fares::Broken;
        let mut given: Vec<bool> = (0..count)
            .map(|nth| {
                matches!(self.known[nth], Known::Printed(_))
                    || confirmed[nth] && !self.of_cell[nth].iter().any(is_broken)
            })
            .collect();
        // a proof has nothing in it that is not given
        loop {
            let proves = |at: &&usize| self.sums[**at].cells.iter().all(|(_, nth)| given[*nth]);
            let proofs: Vec<Vec<usize>> = (0..count)
                .map(|nth| {
                    let own = holding.iter().filter(|at| self.of_cell[nth].contains(at));
                    own.filter(proves).copied().collect()
                })
                .collect();
            let is_lost = |nth: &usize| {
                given[*nth]
                    && proofs[*nth].is_empty()
                    && !matches!(self.known[*nth], Known::Printed(_))
            };
            let lost: Vec<usize> = (0..count).filter(is_lost).collect();
            if lost.is_empty() {
                let check = |at: usize| self.sums[at].check;
                return proofs
                    .into_iter()
                    .zip(given)
                    .map(
                        |(own, is_given)| {
                            if is_given { own.into_iter().map(check).collect() } else { Vec::new() }
                        },
                    )
                    .collect();
            }
            for nth in lost {
                given[nth] = false;
            }
        }
    }
}

/// What a cell can be; none where it can be anything.
fn domain(known: &Known) -> Option<Vec<i128>> {
    match known {
        Known::Nothing => None,
        Known::Printed(value) => Some(vec![value.scaled(SCALE)]),
        Known::Blank => Some(vec![0]),
        Known::Guess(candidates) => {
            Some(candidates.iter().map(|own| own.value.scaled(SCALE)).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::{Each, GrammarSet, Table};
    use crate::reading::RowProof;
    use crate::reading::place::one_way;

    /// Numbers that are the same in every run.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, end: u64) -> u64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % end
        }

        fn chance(&mut self, of_thousand: u64) -> bool {
            self.below(1000) < of_thousand
        }
    }

    /// Numbers of a table of which all sums hold.
    fn filled(table: &Table, dice: &mut Dice) -> Vec<Vec<i64>> {
        let mut values: Vec<Vec<i64>> = table
            .rows
            .iter()
            .map(|row| {
                let mut count = |_: &usize| match dice.below(10) {
                    0..=5 => 0,
                    6..=8 => dice.below(10) as i64,
                    _ => dice.below(300) as i64,
                };
                row.columns.iter().map(&mut count).collect()
            })
            .collect();
        // totals of totals: what depends on others comes right after some rounds
        for _ in 0..4 {
            for equation in &table.equations {
                let sides = equation.terms.split_at(equation.left);
                // one term stands alone on its side: it is the total
                let (parts, total) = if sides.1.len() == 1 { sides } else { (sides.1, sides.0) };
                let Some((last, more)) = total.split_last() else { continue };
                let count =
                    if equation.each == Each::Row { table.rows.len() } else { table.columns.len() };
                for at in 0..count {
                    let place = |name: usize| {
                        let (row, column) = cell_of_term(equation, at, name);
                        let nth = table.rows[row].columns.iter().position(|own| *own == column)?;
                        Some((row, nth))
                    };
                    let sum = |terms: &[(i8, usize)], values: &[Vec<i64>]| -> Option<i64> {
                        terms.iter().map(|(_, n)| place(*n).map(|(r, c)| values[r][c])).sum()
                    };
                    if let (Some(sum), Some(rest), Some((row, nth))) =
                        (sum(parts, &values), sum(more, &values), place(last.1))
                    {
                        values[row][nth] = sum - rest;
                    }
                }
            }
        }
        values
    }

    /// A digit of a number read as another one.
    fn misread(value: i64, dice: &mut Dice) -> i64 {
        let mut digits = value.to_string().into_bytes();
        let at = dice.below(digits.len() as u64) as usize;
        if digits[at].is_ascii_digit() {
            digits[at] = b'0' + (digits[at] - b'0' + 1 + dice.below(9) as u8) % 10;
        }
        String::from_utf8_lossy(&digits).parse().unwrap_or(value + 1)
    }

    /// What a recogniser says of a number that it reads right, or wrong.
    fn readings(value: i64, is_wrong: bool, dice: &mut Dice) -> Vec<(String, f32)> {
        let other = misread(value, dice);
        let share = |dice: &mut Dice| f32::from(dice.below(1000) as u16) / 1000.0;
        let (value, other) = (value.to_string(), other.to_string());
        match (is_wrong, dice.below(20)) {
            // one in twenty that is read right is in doubt
            (false, 0) => {
                let likely = 0.5 + 0.5 * share(dice);
                vec![(value, likely), (other, 1.0 - likely)]
            }
            (false, _) => vec![(value, 0.999), (other, 0.0005)],
            // and one that is read wrong is in no doubt
            (true, 0) => vec![(other, 0.9 + 0.09 * share(dice))],
            (true, 1..4) => vec![(other, 0.5 + 0.5 * share(dice))],
            (true, _) => {
                let likely = 0.5 + 0.49 * share(dice);
                vec![(other, likely), (value, 1.0 - likely)]
            }
        }
    }

    /// The cells of a table, as far as they are given, and their truth.
    fn kept(
        (grammar, at): (&Grammar, usize),
        readings: &[Vec<(String, f32)>],
    ) -> Vec<(Status, Option<Decimal>)> {
        let cells = (0..)
            .zip(readings)
            .map(|(nth, readings): (u32, _)| {
                let span = Span::new(10 * nth, 10 * nth + 5);
                let best = readings.first().and_then(|(text, _)| number(text));
                match best {
                    Some(value) => Cell::read(value, span, one_way(RowProof::Label)),
                    None => Cell::blank(span),
                }
            })
            .collect();
        let mut tables = [TableRecord { table: at, cells }];
        keep(grammar, &mut tables, |span| Said::Guess(&readings[span.start as usize / 10]));
        tables[0].cells.iter().map(|cell| (cell.status(), cell.value())).collect()
    }

    fn table(key: &str) -> (&'static Grammar, usize) {
        static SET: std::sync::OnceLock<GrammarSet> = std::sync::OnceLock::new();
        let set = SET.get_or_init(GrammarSet::built_in);
        let grammar = set.all().iter().find(|g| g.id == "disclosure-2021").expect("it is built in");
        (grammar, grammar.tables.iter().position(|t| t.key == key).expect("it has it"))
    }

    #[test]
    fn ok_sums_and_not_luck_decide() {
        const TABLES: usize = 120;
        for key in ["applications", "review_litigation"] {
            let (grammar, at) = table(key);
            let mut dice = Dice(7);
            let mut before = usize::MAX;
            for rate in [0, 2, 5, 10, 20, 50, 100, 200, 400] {
                let (mut given, mut wrong, mut cells) = (0, 0, 0);
                for _ in 0..TABLES {
                    let truth = filled(&grammar.tables[at], &mut dice).into_iter().flatten();
                    let truth: Vec<i64> = truth.collect();
                    let read: Vec<Vec<(String, f32)>> = truth
                        .iter()
                        .map(|value| {
                            let is_wrong = dice.chance(rate);
                            readings(*value, is_wrong, &mut dice)
                        })
                        .collect();
                    cells += truth.len();
                    for ((_, value), truth) in kept((grammar, at), &read).iter().zip(&truth) {
                        let Some(value) = value else { continue };
                        given += 1;
                        wrong += usize::from(value.integer() != Some(*truth));
                    }
                }
                println!("{key}, {rate} of 1000 misread: {given} of {cells} given, {wrong} wrong");
                assert_eq!(wrong, 0, "{key}, {rate} of 1000 misread");
                // but for the luck of the dice
                assert!(
                    given <= before.saturating_add(cells / 50),
                    "{given} given, {before} before"
                );
                before = given;
            }
        }
    }

    /// What cells of a row of five say, the last of which is the total.
    fn row(cells: [&[(&str, f32)]; 5]) -> Vec<Option<i64>> {
        let read = |cell: &[(&str, f32)]| -> Vec<(String, f32)> {
            cell.iter().map(|(text, likely)| ((*text).to_owned(), *likely)).collect()
        };
        let zero = || vec![("0".to_owned(), 0.999)];
        let readings: Vec<Vec<(String, f32)>> =
            cells.into_iter().map(read).chain((0..10).map(|_| zero())).collect();
        let kept = kept(table("review_litigation"), &readings);
        kept[..5].iter().map(|(_, value)| value.and_then(Decimal::integer)).collect()
    }

    #[test]
    fn ok_a_sum_chooses_among_what_was_read() {
        const NONE: &[(&str, f32)] = &[("0", 0.999)];
        let sure = |text| [(text, 0.999)];
        let given = row([&[("8", 0.6), ("3", 0.4)], NONE, NONE, NONE, &sure("3")]);
        assert_eq!(given, [Some(3), Some(0), Some(0), Some(0), Some(3)]);
        // two in doubt that both readings fit
        let doubt: &[(&str, f32)] = &[("8", 0.97), ("3", 0.03)];
        assert_eq!(row([doubt, NONE, NONE, NONE, doubt]), [None; 5]);
        // two in doubt, and only one reading fits: by luck
        let (eight, seven) = ([("8", 0.8), ("3", 0.2)], [("7", 0.6), ("1", 0.4)]);
        assert_eq!(row([&eight, &seven, NONE, NONE, &sure("15")]), [None; 5]);
        // beyond what was read nothing is given, whatever the sum says
        assert_eq!(row([&sure("3"), NONE, NONE, NONE, &sure("5")]), [None; 5]);
        // hardly likely, and another number may be wrong as well
        let hardly: &[(&str, f32)] = &[("8", 0.98), ("3", 0.01)];
        assert_eq!(row([hardly, NONE, NONE, NONE, &sure("3")]), [None; 5]);
        // nothing stands there, and the sum says so too
        assert_eq!(row([&sure("3"), &[], NONE, NONE, &sure("3")])[0], Some(3));
    }

    #[test]
    fn err_ink_that_is_no_number_is_no_nought() {
        const NONE: &[(&str, f32)] = &[("0", 0.999)];
        let three = [("3", 0.999)];
        // a fold that looks like a one, and a smear
        for ink in [&[("1", 0.7), ("0", 0.3)][..], &[("0", 0.4)]] {
            assert_eq!(row([&three, ink, NONE, NONE, &three]), [None; 5], "{ink:?}");
        }
    }

    #[test]
    fn ok_what_is_a_number() {
        let value = |text| number(text).map(|value| value.to_string());
        assert_eq!(value("1,234").as_deref(), Some("1234"));
        assert_eq!(value("0.5").as_deref(), Some("0.5"));
        for none in ["", "012", "1,23", "1234,567", "1.", ".5", ",123", "1.2.3"] {
            assert_eq!(value(none), None, "{none}");
        }
    }
}
