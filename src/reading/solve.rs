//! The equations between rows, over the candidates of each row: what no solution can contain is taken out.
//!
//! First by bounds: what the other rows add at least and at most leaves little room for one. What is left is listed: the
//! sums that are reachable from the first rows, and from the last; a candidate stays when some pair of them completes it.
//! Only impossible candidates are ever removed, so stopping early is safe: more stays open.

use super::packed::{Fields, Word};
use crate::guard;

/// Most sums listed for one equation; past it the equation decides nothing.
const MOST_SUMS: usize = 20_000;
/// Most rounds over all equations.
const MOST_ROUNDS: usize = 8;
/// Columns whose sums are followed together; of a wider table the first ones.
const WIDEST: usize = 8;

/// A number in each column.
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
    // an equation is applied again only after another one has taken candidates out
    let mut due = vec![true; sums.len()];
    for _ in 0..MOST_ROUNDS {
        for (at, sum) in sums.iter().enumerate() {
            if !std::mem::take(&mut due[at]) {
                continue;
            }
            guard::check();
            let Some(mut equation) = Equation::new(rows, sum, keep) else { continue };
            let Some(listed) = equation.narrow() else { return Outcome::Contradiction(at) };
            over |= !listed;
            if !equation.out.is_empty() {
                due.fill(true);
                due[at] = false;
            }
            for (row, candidate) in equation.out {
                keep[row][candidate] = false;
            }
        }
        if !due.contains(&true) {
            break;
        }
    }
    if over { Outcome::OverBudget } else { Outcome::Consistent }
}

/// A row that is open in an equation.
struct Open {
    row: usize,
    coefficient: i64,
    /// Its candidates, and what each adds.
    adds: Vec<(usize, Sums)>,
    /// What it adds at least and at most.
    least: Sums,
    most: Sums,
}

impl Open {
    /// Takes out the candidates that add less or more in some column.
    fn cut(&mut self, least: &Sums, most: &Sums, out: &mut Vec<(usize, usize)>) -> bool {
        let before = self.adds.len();
        let row = self.row;
        self.adds.retain(|(candidate, add)| {
            let fits = (0..WIDEST).all(|c| least[c] <= add[c] && add[c] <= most[c]);
            if !fits {
                out.push((row, *candidate));
            }
            fits
        });
        self.adds.len() < before
    }

    fn bound(&mut self) {
        (self.least, self.most) = ([i64::MAX; WIDEST], [i64::MIN; WIDEST]);
        for (_, add) in &self.adds {
            self.least = std::array::from_fn(|c| self.least[c].min(add[c]));
            self.most = std::array::from_fn(|c| self.most[c].max(add[c]));
        }
    }
}

/// An equation over the columns that all its fixed rows know.
struct Equation {
    /// What the open rows must add up to.
    target: Sums,
    open: Vec<Open>,
    /// Rows and candidates that are impossible.
    out: Vec<(usize, usize)>,
}

impl Equation {
    /// None where it says nothing.
    fn new(rows: &[Row], sum: &RowSum, keep: &[Vec<bool>]) -> Option<Self> {
        let width = rows.iter().map(|row| match row {
            Row::Fixed(values) => values.len(),
            Row::Several(list) => list.first().map_or(0, Vec::len),
            Row::Unknown => 0,
        });
        let width = width.max().unwrap_or(0);
        let mut usable = vec![true; width];
        let mut target = vec![0i64; width];
        let mut several = Vec::new();
        for &(coefficient, row) in &sum.terms {
            match &rows[row] {
                Row::Unknown => return None,
                Row::Several(list) => {
                    usable[list.first().map_or(0, Vec::len)..].fill(false);
                    several.push((i64::from(coefficient), row, list));
                }
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
            return None;
        }
        let of_columns = |of: &dyn Fn(usize) -> i64| {
            let mut sums = [0; WIDEST];
            for (sum, column) in sums.iter_mut().zip(&columns) {
                *sum = of(*column);
            }
            sums
        };
        let open = several.into_iter().map(|(coefficient, row, list)| {
            let live = list.iter().enumerate().filter(|(at, _)| keep[row][*at]);
            let add =
                |(at, values): (usize, &Vec<i64>)| (at, of_columns(&|c| coefficient * values[c]));
            Open {
                row,
                coefficient,
                adds: live.map(add).collect(),
                least: [0; WIDEST],
                most: [0; WIDEST],
            }
        });
        Some(Self { target: of_columns(&|c| target[c]), open: open.collect(), out: Vec::new() })
    }

    /// Finds what is impossible: none where all is, and whether everything that is was found.
    fn narrow(&mut self) -> Option<bool> {
        self.narrow_by_bounds()?;
        // rows that add the same in every way are as good as fixed
        let target = &mut self.target;
        self.open.retain(|open| {
            let is_fixed = open.least == open.most;
            if is_fixed {
                *target = std::array::from_fn(|c| target[c] - open.least[c]);
            }
            !is_fixed
        });
        if self.open.is_empty() {
            return (self.target == [0; WIDEST]).then_some(true);
        }
        let (least, most) = self.reach();
        let room: Sums = std::array::from_fn(|c| most[c] - least[c]);
        let goal: Sums = std::array::from_fn(|c| self.target[c] - least[c]);
        let narrow = Fields::<u64>::new(&room);
        let wide = Fields::<u128>::new(&room);
        // totals first, which leave little room for their parts; then few candidates, so that the lists grow late
        let by_count = |open: &Open| (open.coefficient, open.adds.len());
        let by_row = |open: &Open| (open.coefficient, open.row);
        for order in [&by_count as &dyn Fn(&Open) -> _, &by_row] {
            self.open.sort_by_key(order);
            let fits = narrow.len() == WIDEST;
            let listed =
                if fits { self.by_lists(&narrow, &goal) } else { self.by_lists(&wide, &goal) };
            match listed {
                Listed::All(out) => {
                    self.out.extend(out);
                    return Some(true);
                }
                Listed::Nothing => return None,
                Listed::TooMany => {}
            }
        }
        // what bounds say of a table that cannot be searched stays open with the rest of it
        self.out.clear();
        Some(false)
    }

    /// What the open rows add together at least and at most.
    fn reach(&self) -> (Sums, Sums) {
        let sum = |of: &dyn Fn(&Open) -> Sums| {
            std::array::from_fn(|c| self.open.iter().map(|open| of(open)[c]).sum())
        };
        (sum(&|open| open.least), sum(&|open| open.most))
    }

    fn narrow_by_bounds(&mut self) -> Option<()> {
        self.open.iter_mut().for_each(Open::bound);
        loop {
            let mut changed = false;
            let (mut least, mut most) = self.reach();
            if (0..WIDEST).any(|c| self.target[c] < least[c] || most[c] < self.target[c]) {
                return None;
            }
            for open in &mut self.open {
                // what all others add at least and at most
                let room = |c: usize, others: i64| self.target[c] - others;
                let low: Sums = std::array::from_fn(|c| room(c, most[c] - open.most[c]));
                let high: Sums = std::array::from_fn(|c| room(c, least[c] - open.least[c]));
                if (0..WIDEST).any(|c| open.least[c] < low[c] || high[c] < open.most[c])
                    && open.cut(&low, &high, &mut self.out)
                {
                    if open.adds.is_empty() {
                        return None;
                    }
                    let before = (open.least, open.most);
                    open.bound();
                    least = std::array::from_fn(|c| least[c] + open.least[c] - before.0[c]);
                    most = std::array::from_fn(|c| most[c] + open.most[c] - before.1[c]);
                    changed = true;
                }
            }
            if !changed {
                return Some(());
            }
        }
    }

    /// By all sums that are reachable: exact, unless there are too many.
    fn by_lists<W: Word>(&self, fields: &Fields<W>, goal: &Sums) -> Listed {
        let goal = fields.pack(|c| goal[c]);
        // what each row adds above its least, and which of its candidates do
        let above = |open: &Open| {
            let pack = |add: &Sums| fields.pack(|c| add[c] - open.least[c]);
            let mut adds: Vec<(W, usize)> =
                open.adds.iter().map(|(at, add)| (pack(add), *at)).collect();
            adds.sort_unstable();
            adds
        };
        let rows: Vec<Vec<(W, usize)>> = self.open.iter().map(above).collect();
        // what the rows behind each can still add at most
        let mut rest = vec![W::default()];
        for open in self.open[1..].iter().rev() {
            rest.push(rest[rest.len() - 1] + fields.pack(|c| open.most[c] - open.least[c]));
        }
        let mut reached = vec![vec![W::default()]];
        for (adds, rest) in rows.iter().zip(rest.iter().rev()) {
            let mut next = Vec::new();
            for own in adds.chunk_by(|one, other| one.0 == other.0) {
                let sums = reached[reached.len() - 1].iter().map(|sum| *sum + own[0].0);
                next.extend(sums.filter(|sum| {
                    fields.is_within(*sum, goal) && fields.is_within(goal, *sum + *rest)
                }));
                if next.len() > 2 * MOST_SUMS {
                    each_once(&mut next);
                    if next.len() > MOST_SUMS {
                        return Listed::TooMany;
                    }
                }
            }
            each_once(&mut next);
            if next.len() > MOST_SUMS {
                return Listed::TooMany;
            }
            reached.push(next);
        }
        if reached.pop().is_none_or(|last| last.is_empty()) {
            return Listed::Nothing;
        }
        let mut out = Vec::new();
        let mut needed = vec![goal];
        for (at, adds) in rows.iter().enumerate().rev() {
            let mut before = Vec::new();
            for own in adds.chunk_by(|one, other| one.0 == other.0) {
                let add = own[0].0;
                let known = before.len();
                let mut left = &reached[at][..];
                for sum in needed.iter().filter(|sum| fields.is_within(add, **sum)) {
                    let sum = *sum - add;
                    left = &left[left.partition_point(|known| *known < sum)..];
                    match left.first() {
                        Some(first) if *first == sum => before.push(sum),
                        Some(_) => {}
                        None => break,
                    }
                }
                if before.len() == known {
                    out.extend(own.iter().map(|(_, candidate)| (self.open[at].row, *candidate)));
                }
            }
            each_once(&mut before);
            needed = before;
        }
        Listed::All(out)
    }
}

/// What lists of sums say.
enum Listed {
    /// All candidates that are impossible, with their rows.
    All(Vec<(usize, usize)>),
    /// No sum is the right one.
    Nothing,
    /// Not all sums could be listed.
    TooMany,
}

fn each_once<W: Word>(sums: &mut Vec<W>) {
    sums.sort_unstable();
    sums.dedup();
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

    #[test]
    fn ok_what_no_solution_has_is_out_and_nothing_else() {
        let mut seed = 1u64;
        let mut next = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % below
        };
        let (mut open, mut cut) = (0, 0);
        for _ in 0..500 {
            // large numbers need more room
            let scale = [1, 1, 1 << 30][next(3) as usize];
            let mut reading = |_: u64| (0..3).map(|_| next(3) as i64 * scale).collect::<Vec<i64>>();
            let rows: Vec<Vec<Vec<i64>>> =
                (0..5).map(|_| (0..3).map(&mut reading).collect()).collect();
            // the last row is the sum of the others in one way
            let total: Vec<i64> = (0..3).map(|c| (0..5).map(|r| rows[r][c % 3][c]).sum()).collect();
            let first: Vec<i64> = (0..3).map(|c| (0..5).map(|r| rows[r][r % 3][c]).sum()).collect();
            let total = vec![total, first];
            let mut terms: Vec<(i8, usize)> = (0..5).map(|row| (1, row)).collect();
            terms.push((-1, 5));
            let lists: Vec<Vec<Vec<i64>>> = rows.iter().cloned().chain([total]).collect();
            let mut possible: Vec<Vec<bool>> =
                lists.iter().map(|list| vec![false; list.len()]).collect();
            for way in 0..3usize.pow(5) * 2 {
                let choice: Vec<usize> =
                    (0..5).map(|r| way / 3usize.pow(r) % 3).chain([way / 243]).collect();
                let sum = |c: usize| (0..5).map(|r| lists[r][choice[r]][c]).sum::<i64>();
                if (0..3).all(|c| sum(c) == lists[5][choice[5]][c]) {
                    (0..6).for_each(|row| possible[row][choice[row]] = true);
                }
            }
            let mut keep: Vec<Vec<bool>> =
                lists.iter().map(|list| vec![true; list.len()]).collect();
            let rows: Vec<Row> = lists.into_iter().map(Row::Several).collect();
            assert_eq!(solve(&rows, &[RowSum { terms }], &mut keep), Outcome::Consistent);
            assert_eq!(keep, possible);
            open += usize::from(keep.iter().any(|keep| keep.iter().filter(|k| **k).count() > 1));
            cut += usize::from(keep.concat().contains(&false));
        }
        assert!(open > 50 && cut > 50, "{open} stay open, of {cut} something is taken out");
    }
}
