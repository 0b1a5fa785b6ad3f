//! What arithmetic can prove where separators are gone: all readings of a row, cut down by the sums of the form.
//!
//! It claims less than a perfect reader could (bounds first, then a full search only over few combinations), so a
//! cell called decidable here is decidable.

/// One way to read some cells, in order.
pub(crate) type Reading = Vec<u64>;

/// The most combinations of readings that are tried one by one.
const MOST_COMBINATIONS: usize = 4096;
/// The most readings of one row that are kept; more count as undecidable.
const MOST_READINGS: usize = 20_000;

/// Every split of the digits into `rows` rows of `width` numbers without leading zeros whose last is the sum of the others.
pub(crate) fn splits(digits: &str, width: usize, rows: usize) -> Vec<Reading> {
    let mut found = Vec::new();
    split(digits.as_bytes(), width, width * rows, &mut Vec::new(), &mut found);
    found
}

fn split(digits: &[u8], width: usize, cells: usize, taken: &mut Reading, found: &mut Vec<Reading>) {
    let left = cells - taken.len();
    if left == 0 {
        if digits.is_empty() {
            found.push(taken.clone());
        }
        return;
    }
    if digits.len() < left || found.len() >= MOST_READINGS {
        return;
    }
    let longest = if digits[0] == b'0' { 1 } else { (digits.len() + 1 - left).min(9) };
    let sum = sum_due(taken, width);
    let mut number = 0;
    for length in 1..=longest {
        number = number * 10 + u64::from(digits[length - 1] - b'0');
        if sum.is_none_or(|sum| sum == number) {
            taken.push(number);
            split(&digits[length..], width, cells, taken, found);
            taken.pop();
        }
    }
}

/// Every way to put the numbers, in order, into `rows` rows of `width` cells so that each row adds up and the other cells are 0.
pub(crate) fn placements(numbers: &[u64], width: usize, rows: usize) -> Vec<Reading> {
    let mut found = Vec::new();
    place(numbers, width, width * rows, &mut Vec::new(), &mut found);
    found
}

fn place(
    numbers: &[u64],
    width: usize,
    cells: usize,
    taken: &mut Reading,
    found: &mut Vec<Reading>,
) {
    let left = cells - taken.len();
    if left == 0 {
        found.push(taken.clone());
        return;
    }
    if found.len() >= MOST_READINGS {
        return;
    }
    let sum = sum_due(taken, width);
    if left > numbers.len() && sum.is_none_or(|sum| sum == 0) {
        taken.push(0);
        place(numbers, width, cells, taken, found);
        taken.pop();
    }
    if let Some((first, rest)) = numbers.split_first()
        && sum.is_none_or(|sum| sum == *first)
    {
        taken.push(*first);
        place(rest, width, cells, taken, found);
        taken.pop();
    }
}

/// What the next cell must be if it is the last of its row.
fn sum_due(taken: &[u64], width: usize) -> Option<u64> {
    let inside = taken.len() % width;
    (inside == width - 1).then(|| taken[taken.len() - inside..].iter().sum())
}

/// The readings of each applications row that the columns and the balance leave; `None` if no combination is left.
pub(crate) fn solve(mut rows: Vec<Vec<Reading>>) -> Option<Vec<Vec<Reading>>> {
    while rows.iter().all(|readings| !readings.is_empty()) {
        if !narrow(&mut rows) {
            return search(rows);
        }
    }
    None
}

/// The combinations are few enough for [`solve`] to have tried them all.
pub(crate) fn searchable(rows: &[Vec<Reading>]) -> bool {
    combinations(rows) <= MOST_COMBINATIONS
}

fn combinations(rows: &[Vec<Reading>]) -> usize {
    rows.iter().fold(1, |product, readings| product.saturating_mul(readings.len()))
}

/// The two equations of a column, each as rows with the sign they have in it; their sum is 0.
fn equations(rows: usize) -> [Vec<(usize, i64)>; 2] {
    let mut outcomes: Vec<_> = (2..rows - 2).map(|row| (row, 1)).collect();
    outcomes.push((rows - 2, -1));
    [outcomes, vec![(0, 1), (1, 1), (rows - 2, -1), (rows - 1, -1)]]
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX / 64)
}

/// Drops the readings that no choice in the other rows can balance; tells whether any went.
fn narrow(rows: &mut [Vec<Reading>]) -> bool {
    let mut changed = false;
    for equation in equations(rows.len()) {
        for column in 0..7 {
            let range = |row: usize, sign: i64, rows: &[Vec<Reading>]| {
                let values = rows[row].iter().map(|reading| sign * signed(reading[column]));
                (values.clone().min().unwrap_or(0), values.max().unwrap_or(0))
            };
            for &(row, sign) in &equation {
                let (mut low, mut high) = (0, 0);
                for &(other, sign) in equation.iter().filter(|(other, _)| *other != row) {
                    let (least, most) = range(other, sign, rows);
                    low += least;
                    high += most;
                }
                let before = rows[row].len();
                rows[row].retain(|reading| {
                    let value = sign * signed(reading[column]);
                    low + value <= 0 && high + value >= 0
                });
                changed |= rows[row].len() != before;
            }
        }
    }
    changed
}

fn search(rows: Vec<Vec<Reading>>) -> Option<Vec<Vec<Reading>>> {
    let total = combinations(&rows);
    if total == 1 || total > MOST_COMBINATIONS {
        return Some(rows);
    }
    let mut kept: Vec<Vec<bool>> =
        rows.iter().map(|readings| vec![false; readings.len()]).collect();
    for combination in 0..total {
        let mut rest = combination;
        let choice: Vec<usize> = rows
            .iter()
            .map(|readings| {
                let index = rest % readings.len();
                rest /= readings.len();
                index
            })
            .collect();
        if balances(&rows, &choice) {
            for (kept, index) in kept.iter_mut().zip(&choice) {
                kept[*index] = true;
            }
        }
    }
    let left: Vec<Vec<Reading>> = rows
        .into_iter()
        .zip(kept)
        .map(|(readings, kept)| {
            readings.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|pair| pair.0).collect()
        })
        .collect();
    left.iter().all(|readings: &Vec<Reading>| !readings.is_empty()).then_some(left)
}

fn balances(rows: &[Vec<Reading>], choice: &[usize]) -> bool {
    equations(rows.len()).iter().all(|equation| {
        (0..7).all(|column| {
            let terms =
                equation.iter().map(|&(row, sign)| sign * signed(rows[row][choice[row]][column]));
            terms.sum::<i64>() == 0
        })
    })
}

/// The cells on which all readings agree.
pub(crate) fn agreed(readings: &[Reading], cells: usize) -> Vec<bool> {
    if readings.is_empty() || readings.len() >= MOST_READINGS {
        return vec![false; cells];
    }
    (0..cells)
        .map(|cell| readings.iter().all(|reading| reading[cell] == readings[0][cell]))
        .collect()
}

/// How many ways the glued text of a second-table row can be read; the kinds say what each cell may look like.
pub(crate) fn ways(text: &str, kinds: &[Kind]) -> usize {
    let Some((kind, rest)) = kinds.split_first() else {
        return usize::from(text.is_empty());
    };
    let ends = text.char_indices().map(|(at, char)| at + char.len_utf8());
    ends.filter(|end| kind.admits(&text[..*end])).map(|end| ways(&text[end..], rest)).sum()
}

/// What a cell of the second table may look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Digits.
    Count,
    /// Digits, a sign before them or not.
    Change,
    /// Digits, a fraction or not.
    Money,
}

impl Kind {
    fn admits(self, text: &str) -> bool {
        let digits = match self {
            Self::Change => text.trim_start_matches(['-', '+', '减']),
            _ => text,
        };
        let whole = match self {
            Self::Money => digits
                .split_once('.')
                .map_or(digits, |(whole, fraction)| if plain(fraction) { whole } else { "" }),
            _ => digits,
        };
        plain(whole) && (whole.len() == 1 || !whole.starts_with('0'))
    }
}

fn plain(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
