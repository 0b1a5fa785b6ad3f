//! The equations between rows, over the candidates of each row: what no solution can contain is taken out.
//!
//! For each equation the sums reachable from the left and from the right are listed; a candidate stays when some pair
//! of them completes it. Only impossible candidates are ever removed, so stopping early is safe: more stays open.

use rustc_hash::FxHashSet;

/// Most sums listed for one equation; past it the equation decides nothing.
const MOST_SUMS: usize = 20_000;
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
    let mut over = false;
    for _ in 0..MOST_ROUNDS {
        let mut changed = false;
        for (at, sum) in sums.iter().enumerate() {
            match apply(rows, sum, keep) {
                Applied::Changed => changed = true,
                Applied::Same => {}
                Applied::OverBudget => over = true,
                Applied::Impossible => return Outcome::Contradiction(at),
            }
        }
        if !changed {
            break;
        }
    }
    if over { Outcome::OverBudget } else { Outcome::Consistent }
}

enum Applied {
    Changed,
    Same,
    OverBudget,
    Impossible,
}

fn apply(rows: &[Row], sum: &RowSum, keep: &mut [Vec<bool>]) -> Applied {
    let width = rows.iter().map(|row| match row {
        Row::Fixed(values) => values.len(),
        Row::Several(list) => list.first().map_or(0, Vec::len),
        Row::Unknown => 0,
    });
    let width = width.max().unwrap_or(0);
    let mut usable = vec![true; width];
    let mut target = vec![0i64; width];
    // negative terms first: after them partial sums only grow, so what overshoots is out
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
    let last_negative = open.iter().rposition(|(c, _)| *c < 0).map_or(0, |at| at + 1);
    let step = |at: usize, candidate: usize| -> Sums {
        let (coefficient, row) = open[at];
        let Row::Several(list) = &rows[row] else { unreachable!("only open rows are listed") };
        of_columns(&|c| coefficient * list[candidate][c])
    };
    // everything but the negative terms is a count, so a partial sum past them never shrinks
    let only_counts = open.iter().all(|&(_, row)| match &rows[row] {
        Row::Several(list) => list.iter().all(|r| columns.iter().all(|c| r[*c] >= 0)),
        _ => true,
    });
    let mut forward: Vec<FxHashSet<Sums>> = vec![FxHashSet::from_iter([[0; WIDEST]])];
    for at in 0..open.len() {
        let mut next = FxHashSet::default();
        let live: Vec<Sums> = live(keep, open[at].1).map(|c| step(at, c)).collect();
        for sum in &forward[at] {
            for add in &live {
                let sum: Sums = std::array::from_fn(|c| sum[c] + add[c]);
                if only_counts
                    && at + 1 >= last_negative
                    && sum.iter().zip(&target).any(|(s, t)| s > t)
                {
                    continue;
                }
                next.insert(sum);
                if next.len() > MOST_SUMS {
                    return Applied::OverBudget;
                }
            }
        }
        forward.push(next);
    }
    if !forward[open.len()].contains(&target) {
        return Applied::Impossible;
    }
    let mut changed = false;
    let mut needed: FxHashSet<Sums> = FxHashSet::from_iter([target]);
    for at in (0..open.len()).rev() {
        let row = open[at].1;
        let mut before = FxHashSet::default();
        let candidates: Vec<usize> = live(keep, row).collect();
        for candidate in candidates {
            let add = step(at, candidate);
            let mut possible = false;
            for sum in &needed {
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
        needed = before;
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
