//! The equations between rows, over the candidates of each row: what no solution can contain is taken out.
//!
//! For each equation the sums reachable from the left and from the right are listed; a candidate stays when some pair
//! of them completes it. Only impossible candidates are ever removed, so stopping early is safe: more stays open.

use crate::guard;
use rustc_hash::FxHashSet;
use std::cell::RefCell;

/// Most sums listed for one equation; past it the equation decides nothing.
const MOST_SUMS: usize = 20_000;
/// Sums in a set that is kept for the next document; walking and clearing a larger one costs more than a new one.
const KEEP_SUMS: usize = 4096;
/// Most rounds over all equations.
const MOST_ROUNDS: usize = 8;
/// Columns whose sums are followed together; of a wider table the first ones.
const WIDEST: usize = 8;

/// A sum in each column.
type Sums = [i64; WIDEST];

/// What is known of a row before solving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// One reading; cells without a value are unknown.
    Fixed(Vec<Option<i64>>),
    /// Several readings, blanks counted as nothing.
    Several(Vec<Vec<i64>>),
    /// Nothing.
    Unknown,
}

/// The sum over rows of `coefficient × row` is zero in every column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowSum {
    /// Coefficient and row.
    pub terms: Vec<(i8, usize)>,
}

/// How solving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// At least one candidate is left everywhere.
    Consistent,
    /// No reading satisfies this equation: the source does not add up.
    Contradiction(usize),
    /// An equation had too many sums to search.
    OverBudget,
}

/// For each row with several readings, which of them are possible; `keep` has one flag a candidate.
pub fn solve(rows: &[Row], sums: &[RowSum], keep: &mut [Vec<bool>]) -> Outcome {
    SETS.with_borrow_mut(|sets| {
        let outcome = solve_with(sets, rows, sums, keep);
        sets.forward.retain(|set| set.capacity() <= KEEP_SUMS);
        for set in [&mut sets.needed, &mut sets.before] {
            if set.capacity() > KEEP_SUMS {
                *set = FxHashSet::default();
            }
        }
        outcome
    })
}

fn solve_with(sets: &mut Sets, rows: &[Row], sums: &[RowSum], keep: &mut [Vec<bool>]) -> Outcome {
    let mut over = false;
    // an equation is applied again only after another one has taken candidates out
    let mut due = vec![true; sums.len()];
    for _ in 0..MOST_ROUNDS {
        for (at, sum) in sums.iter().enumerate() {
            if !std::mem::take(&mut due[at]) {
                continue;
            }
            guard::check();
            match apply(rows, sum, keep, sets) {
                Applied::Changed => {
                    due.fill(true);
                    due[at] = false;
                }
                Applied::Same => {}
                Applied::OverBudget => over = true,
                Applied::Impossible => return Outcome::Contradiction(at),
            }
        }
        if !due.contains(&true) {
            break;
        }
    }
    if over { Outcome::OverBudget } else { Outcome::Consistent }
}

/// Sums that are reachable; kept from one equation and one document to the next, because they grow to megabytes.
#[derive(Default)]
struct Sets {
    /// After each open row, from the left.
    forward: Vec<FxHashSet<Sums>>,
    /// Before the row that is looked at, from the right; and before the one before it.
    needed: FxHashSet<Sums>,
    before: FxHashSet<Sums>,
}

thread_local! {
    static SETS: RefCell<Sets> = RefCell::default();
}

enum Applied {
    Changed,
    Same,
    OverBudget,
    Impossible,
}

fn apply(rows: &[Row], sum: &RowSum, keep: &mut [Vec<bool>], sets: &mut Sets) -> Applied {
    let width = rows.iter().map(|row| match row {
        Row::Fixed(values) => values.len(),
        Row::Several(list) => list.first().map_or(0, Vec::len),
        Row::Unknown => 0,
    });
    let width = width.max().unwrap_or(0);
    let mut usable = vec![true; width];
    let mut target = vec![0i64; width];
    let mut open: Vec<(i64, usize)> = Vec::new();
    for &(coefficient, row) in &sum.terms {
        match &rows[row] {
            Row::Unknown => return Applied::Same,
            Row::Several(_) => open.push((i64::from(coefficient), row)),
            Row::Fixed(values) => {
                for column in 0..width {
                    match values.get(column).copied().flatten() {
                        Some(value) => target[column] -= i64::from(coefficient) * value,
                        None => usable[column] = false,
                    }
                }
            }
        }
    }
    let columns: Vec<usize> = (0..width).filter(|c| usable[*c]).take(WIDEST).collect();
    if columns.is_empty() {
        return Applied::Same;
    }
    let of_columns = |of: &dyn Fn(usize) -> i64| {
        let mut sums = [0; WIDEST];
        for (sum, column) in sums.iter_mut().zip(&columns) {
            *sum = of(*column);
        }
        sums
    };
    let target: Sums = of_columns(&|c| target[c]);
    if open.is_empty() {
        return if target.iter().all(|t| *t == 0) { Applied::Same } else { Applied::Impossible };
    }
    open.sort_unstable();
    let step = |at: usize, candidate: usize| -> Sums {
        let (coefficient, row) = open[at];
        let Row::Several(list) = &rows[row] else { unreachable!("only open rows are listed") };
        of_columns(&|c| coefficient * list[candidate][c])
    };
    // what the rows after each can still add at least and at most: a sum from which the target is out of reach is out
    let mut reach = vec![(target, target)];
    for at in (1..open.len()).rev() {
        let (mut least, mut most) = ([i64::MAX; WIDEST], [i64::MIN; WIDEST]);
        for add in live(keep, open[at].1).map(|c| step(at, c)) {
            least = std::array::from_fn(|c| least[c].min(add[c]));
            most = std::array::from_fn(|c| most[c].max(add[c]));
        }
        let (low, high) = reach[reach.len() - 1];
        reach.push((
            std::array::from_fn(|c| low[c] - most[c]),
            std::array::from_fn(|c| high[c] - least[c]),
        ));
    }
    let Sets { forward, needed, before } = sets;
    forward.iter_mut().for_each(FxHashSet::clear);
    forward.resize_with(forward.len().max(open.len() + 1), FxHashSet::default);
    forward[0].insert([0; WIDEST]);
    for at in 0..open.len() {
        let (done, next) = forward.split_at_mut(at + 1);
        let next = &mut next[0];
        let adds: Vec<Sums> = live(keep, open[at].1).map(|c| step(at, c)).collect();
        let (low, high) = &reach[open.len() - 1 - at];
        for sum in &done[at] {
            for add in &adds {
                let sum: Sums = std::array::from_fn(|c| sum[c] + add[c]);
                if (0..WIDEST).any(|c| sum[c] < low[c] || sum[c] > high[c]) {
                    continue;
                }
                next.insert(sum);
                if next.len() > MOST_SUMS {
                    return Applied::OverBudget;
                }
            }
        }
    }
    if !forward[open.len()].contains(&target) {
        return Applied::Impossible;
    }
    let mut changed = false;
    needed.clear();
    needed.insert(target);
    for at in (0..open.len()).rev() {
        let row = open[at].1;
        before.clear();
        let candidates: Vec<usize> = live(keep, row).collect();
        for candidate in candidates {
            let add = step(at, candidate);
            let mut possible = false;
            for sum in needed.iter() {
                let rest: Sums = std::array::from_fn(|c| sum[c] - add[c]);
                if forward[at].contains(&rest) {
                    possible = true;
                    before.insert(rest);
                }
            }
            if !possible {
                keep[row][candidate] = false;
                changed = true;
            }
        }
        std::mem::swap(needed, before);
    }
    if changed { Applied::Changed } else { Applied::Same }
}

fn live(keep: &[Vec<bool>], row: usize) -> impl Iterator<Item = usize> {
    keep[row].iter().enumerate().filter(|(_, keep)| **keep).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_columns_decide_what_rows_cannot() {
        // 22,0,…,22 or 2,20,…,22: the total row has 22 in the first column
        let rows = vec![
            Row::Several(vec![vec![22, 0, 22], vec![2, 20, 22]]),
            Row::Fixed(vec![Some(5), Some(0), Some(5)]),
            Row::Fixed(vec![Some(27), Some(0), Some(27)]),
        ];
        let mut keep = vec![vec![true, true], vec![], vec![]];
        let sums = [RowSum { terms: vec![(1, 0), (1, 1), (-1, 2)] }];
        assert_eq!(solve(&rows, &sums, &mut keep), Outcome::Consistent);
        assert_eq!(keep[0], [true, false]);
    }

    #[test]
    fn err_a_wrong_source_has_no_solution() {
        let rows = vec![Row::Several(vec![vec![1], vec![2]]), Row::Fixed(vec![Some(5)])];
        let mut keep = vec![vec![true, true], vec![]];
        assert_eq!(
            solve(&rows, &[RowSum { terms: vec![(1, 0), (-1, 1)] }], &mut keep),
            Outcome::Contradiction(0)
        );
    }

    #[test]
    fn ok_an_unknown_cell_only_opens_its_column() {
        let rows =
            vec![Row::Several(vec![vec![1, 7], vec![2, 7]]), Row::Fixed(vec![Some(2), None])];
        let mut keep = vec![vec![true, true], vec![]];
        assert_eq!(
            solve(&rows, &[RowSum { terms: vec![(1, 0), (-1, 1)] }], &mut keep),
            Outcome::Consistent
        );
        assert_eq!(keep[0], [false, true]);
    }
}
