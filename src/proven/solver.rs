//! What sums leave of the candidates of cells, and which numbers they prove.

use super::{Candidate, Known, SCALE, Sum};
use crate::number::Decimal;
use crate::reading::CheckRef;
use rustc_hash::FxHashSet;

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

/// The sums of a table, and what they leave of its cells.
pub(super) struct Solver {
    sums: Vec<Sum>,
    pub(super) known: Vec<Known>,
    /// What each cell can still be, scaled; none where it can be anything.
    domains: Vec<Option<Vec<i128>>>,
    fares: Vec<Fares>,
    /// The sums of each cell.
    of_cell: Vec<Vec<usize>>,
}

impl Solver {
    pub(super) fn new(sums: Vec<Sum>, known: Vec<Known>) -> Self {
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
    pub(super) fn value(&self, nth: usize) -> Option<Decimal> {
        let only = self.only(nth)?;
        let Known::Guess(candidates) = &self.known[nth] else { return None };
        candidates.iter().map(|own| own.value).find(|value| value.scaled(SCALE) == only)
    }

    /// What a cell is read as, where it is a number.
    pub(super) fn likeliest(&self, nth: usize) -> Option<Candidate> {
        match &self.known[nth] {
            Known::Guess(candidates) => candidates.first().copied(),
            _ => None,
        }
    }

    /// Whether a sum says that a cell is not what it is read as.
    pub(super) fn is_contradicted(&self, nth: usize) -> bool {
        let is_broken = |at: &usize| self.fares[*at] == Fares::Broken;
        let is_other = self
            .likely(nth)
            .map_or(self.domains[nth].as_ref().is_none_or(Vec::is_empty), |(_, is_first)| {
                !is_first
            });
        is_other || self.of_cell[nth].iter().any(is_broken)
    }

    /// For each cell the sums that prove it; none where a sum speaks against it.
    pub(super) fn proofs(&self) -> Vec<Vec<CheckRef>> {
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
        // a number and its echo are misread alike, and then their sum holds; where no other sum speaks, they must be surer
        for at in &holding {
            let cells = self.sums[*at].cells.iter().map(|(_, nth)| *nth);
            let numbers: Vec<usize> = cells.filter(|nth| self.only(*nth) != Some(0)).collect();
            let is_alone = |nth: &usize| self.of_cell[*nth].len() == 1;
            if let [first, second] = numbers[..]
                && self.only(first) == self.only(second)
                && numbers.iter().all(is_alone)
            {
                for nth in numbers {
                    confirmed[nth] &= likely[nth].is_some_and(|(share, _)| share >= SURER);
                }
            }
        }
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
