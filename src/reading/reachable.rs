//! From where in a row its sums can still hold: what the cells that are left can add, listed from the last one.
//!
//! A search that goes on only where it can end well takes as many steps as there are readings, and not as there are cuts.

use super::cut::Cuts;
use super::lane::{Lane, Sum};
use crate::number::Decimal;

/// Most sums listed for one cell; the cells before it are searched without.
const MOST_SUMS: usize = 2048;
/// With so few ways to cut, trying them all costs less than the lists.
const FEW_WAYS: usize = 4;

/// The sums of a row, followed from cell to cell.
pub(super) struct Reachable<'a> {
    /// What a number in each cell counts in the sum that the cell stands in; no two of these sums share a cell.
    coefficients: Vec<i64>,
    /// Whether no such sum goes on over the border before a cell; the end of the row is one more.
    is_border: Vec<bool>,
    /// The other sums.
    others: Vec<&'a Sum>,
    /// The first cell for which lists are there.
    from: usize,
    /// For each cell and place of the run a range of `sums`.
    lists: Vec<(usize, usize)>,
    /// What the cells before may add to their sum, so that it can still hold.
    sums: Vec<i64>,
    cuts: &'a Cuts<'a>,
}

impl<'a> Reachable<'a> {
    /// Lists what is reachable for a run that can be cut in so many ways.
    pub(super) fn new(cuts: &'a Cuts<'a>, ways: usize) -> Self {
        let lane = cuts.lane();
        let cells = lane.cells.len();
        let mut own = Self {
            coefficients: vec![0; cells],
            is_border: vec![true; cells + 1],
            others: Vec::new(),
            from: cells + 1,
            lists: Vec::new(),
            sums: Vec::new(),
            cuts,
        };
        for sum in &lane.sums {
            own.follow(sum, lane);
        }
        if ways > FEW_WAYS {
            own.list();
        }
        own
    }

    /// Follows a sum of counts from cell to cell, if none of its cells is followed yet.
    fn follow(&mut self, sum: &'a Sum, lane: &Lane) {
        let is_in = |coefficient: &i8| *coefficient != 0;
        let ends =
            sum.coefficients.iter().position(is_in).zip(sum.coefficients.iter().rposition(is_in));
        let Some((first, last)) = ends else { return };
        let cells = sum.first + first..=sum.first + last;
        let is_free = |cell: usize| self.is_border[cell] && self.coefficients[cell] == 0;
        if !cells.clone().all(is_free) || lane.cells[cells.clone()].iter().any(|cell| cell.money) {
            self.others.push(sum);
            return;
        }
        for (cell, coefficient) in cells.zip(&sum.coefficients[first..]) {
            self.coefficients[cell] = i64::from(*coefficient);
            self.is_border[cell] = cell == sum.first + first;
        }
    }

    /// What a value adds to the sum that its cell stands in.
    pub(super) fn adds(&self, cell: usize, value: Option<Decimal>) -> i64 {
        self.coefficients[cell] * value.and_then(Decimal::integer).unwrap_or(0)
    }

    /// Whether the row can be filled from a cell on, when it begins at a place, with `sum` of the cells before.
    pub(super) fn can_hold(
        &self,
        cell: usize,
        at: usize,
        sum: i64,
        before: &[Option<Decimal>],
    ) -> bool {
        let ends_here = |other: &&&Sum| other.first + other.coefficients.len() == cell;
        (sum == 0 || !self.is_border[cell])
            && (cell < self.from || self.sums_at(cell, at).binary_search(&sum).is_ok())
            && self.others.iter().filter(ends_here).all(|other| other.holds(before))
    }

    fn sums_at(&self, cell: usize, at: usize) -> &[i64] {
        let (from, to) = self.lists[self.cuts.state(cell, at)];
        &self.sums[from..to]
    }

    fn list(&mut self) {
        let (cuts, cells) = (self.cuts, self.coefficients.len());
        self.lists = vec![(0, 0); cuts.state(cells + 1, 0)];
        for at in cuts.places().filter(|at| cuts.is_possible(cells, *at)) {
            self.lists[cuts.state(cells, at)] = (self.sums.len(), self.sums.len() + 1);
            self.sums.push(0);
        }
        self.from = cells;
        let mut own: Vec<i64> = Vec::new();
        for cell in (0..cells).rev() {
            let first = self.sums.len();
            for at in cuts.places().filter(|at| cuts.is_possible(cell, *at)) {
                own.clear();
                for choice in cuts.choices(cell, at) {
                    let add = self.adds(cell, choice.value);
                    let behind = self.sums_at(cell + 1, choice.next);
                    if self.is_border[cell] {
                        own.extend(behind.binary_search(&add).ok().map(|_| 0));
                    } else {
                        own.extend(behind.iter().map(|sum| sum - add));
                    }
                }
                own.sort_unstable();
                own.dedup();
                self.lists[cuts.state(cell, at)] = (self.sums.len(), self.sums.len() + own.len());
                self.sums.extend_from_slice(&own);
                if self.sums.len() - first > MOST_SUMS {
                    return;
                }
            }
            self.from = cell;
        }
    }
}
