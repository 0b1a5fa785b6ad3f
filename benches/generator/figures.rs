//! The numbers of a report: tables that add up, of the sizes that real ones have.

use super::form::Form;
use super::random::Random;

/// A row of counts; `None` is a cell with nothing in it.
pub(crate) type Counts = Vec<Option<u64>>;

/// What a cell of the second table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantity {
    /// Nothing.
    Nothing,
    /// A count.
    Count(u64),
    /// A signed count, 本年增/减.
    Change(i64),
    /// Money in 分, printed in 万元 with so many decimals where the unit allows it.
    Money {
        /// 分; 万元 with six decimals is exact.
        fen: u64,
        /// Decimals.
        decimals: u32,
    },
}

/// All numbers of one report.
#[derive(Clone)]
pub(crate) struct Figures {
    /// Rows of the second table, article after article.
    pub(crate) proactive: Vec<Vec<Quantity>>,
    /// Rows of the third table, seven columns each.
    pub(crate) applications: Vec<Counts>,
    /// The three rows of the fourth table, five columns each.
    pub(crate) review: Vec<Counts>,
}

impl Figures {
    /// Consistent numbers; `large` is for a county and above, which have more of everything.
    pub(crate) fn draw(random: &mut Random, form: Form, large: bool) -> Self {
        let received = volume(random, large);
        Self {
            proactive: proactive(random, form, large),
            applications: applications(random, form.applications().len(), received),
            review: review(random, received),
        }
    }

    /// What is printed in a cell of the applications table, 0 where nothing is.
    pub(crate) fn application(&self, row: usize, column: usize) -> u64 {
        self.applications[row][column].unwrap_or(0)
    }
}

/// How many applications a body gets in a year: often none, seldom hundreds.
fn volume(random: &mut Random, large: bool) -> u64 {
    match random.between(0, 99) + if large { 30 } else { 0 } {
        0..42 => 0,
        42..72 => random.between(1, 9),
        72..96 => random.between(10, 99),
        96..118 => random.between(100, 999),
        _ => random.between(1000, 6000),
    }
}

/// `total` spread over six columns: people first, then companies, the others by chance.
fn spread(random: &mut Random, total: u64) -> [u64; 6] {
    let mut columns = [0; 6];
    columns[0] = if random.chance(35) { total } else { total * random.between(50, 100) / 100 };
    let mut left = total - columns[0];
    columns[1] = if random.chance(40) { left } else { left * random.between(30, 100) / 100 };
    left -= columns[1];
    while left > 0 {
        let part = random.between(1, left);
        columns[2 + random.below(4)] += part;
        left -= part;
    }
    columns
}

/// Weights of the outcome rows, from 予以公开 on; most real refusals are 不掌握.
const WEIGHTS: [u64; 21] = [40, 9, 1, 1, 1, 3, 3, 3, 4, 4, 24, 4, 3, 5, 2, 1, 1, 2, 3, 1, 5];

fn applications(random: &mut Random, rows: usize, received: u64) -> Vec<Counts> {
    let outcomes = rows - 4;
    let mut table = vec![[0u64; 6]; rows];
    table[0] = spread(random, received);
    let carried = match received {
        0 => u64::from(random.chance(4)),
        _ if random.chance(55) => 0,
        _ => random.between(0, received / 12 + 2),
    };
    table[1] = spread(random, carried);
    let inflows: Vec<u64> = (0..6).map(|column| table[0][column] + table[1][column]).collect();
    for (column, inflow) in inflows.into_iter().enumerate() {
        let pending = if random.chance(70) { 0 } else { random.between(0, inflow / 10 + 1) };
        table[rows - 1][column] = pending.min(inflow);
        table[rows - 2][column] = inflow - table[rows - 1][column];
        let mut left = table[rows - 2][column];
        while left > 0 {
            let part = random.between(1, left / 3 + 1);
            table[2 + weighted(random, &WEIGHTS[..outcomes])][column] += part;
            left -= part;
        }
    }
    table
        .iter()
        .map(|row| row.iter().copied().chain([row.iter().sum()]).map(Some).collect())
        .collect()
}

fn weighted(random: &mut Random, weights: &[u64]) -> usize {
    let mut mark = random.between(1, weights.iter().sum());
    for (index, weight) in weights.iter().enumerate() {
        if mark <= *weight {
            return index;
        }
        mark -= weight;
    }
    0
}

fn review(random: &mut Random, received: u64) -> Vec<Counts> {
    (0..3)
        .map(|row| {
            let cases = match received {
                0..10 if random.chance(90) => 0,
                10..100 if random.chance(45) => 0,
                0..100 => random.between(1, 6),
                _ => random.between(0, received / 20 + 5) / (row + 1),
            };
            let mut results = [0; 4];
            let mut left = cases;
            while left > 0 {
                let part = random.between(1, left / 2 + 1);
                results[weighted(random, &[60, 12, 18, 10])] += part;
                left -= part;
            }
            results.into_iter().chain([cases]).map(Some).collect()
        })
        .collect()
}

/// A number of up to `digits` digits, zero in `zeros` of a hundred cases.
fn count(random: &mut Random, zeros: u64, digits: u32) -> u64 {
    if random.chance(zeros) {
        return 0;
    }
    let length = 1 + random.next() % u64::from(digits);
    random.between(1, 10u64.pow(u32::try_from(length).unwrap_or(1)) - 1)
}

fn proactive(random: &mut Random, form: Form, large: bool) -> Vec<Vec<Quantity>> {
    let digits = if large { 5 } else { 3 };
    let zeros = if large { 10 } else { 45 };
    match form {
        Form::Current2021 => vec![
            documents_2021(random, if large { 85 } else { 97 }, 1),
            documents_2021(random, zeros, 2),
            vec![Quantity::Count(count(random, zeros, digits + 1))],
            vec![Quantity::Count(count(random, zeros, digits))],
            vec![Quantity::Count(count(random, zeros + 20, digits - 1))],
            vec![money(random, zeros, 11)],
        ],
        Form::Trial2019 => vec![
            documents_2019(random, if large { 85 } else { 95 }, 1),
            documents_2019(random, zeros, 2),
            decisions(random, zeros, digits),
            decisions(random, zeros + 15, digits),
            decisions(random, zeros, digits),
            decisions(random, zeros + 20, digits - 1),
            decisions(random, zeros + 20, 2)[..2].to_vec(),
            {
                let items = count(random, zeros, 3);
                let amount = if items == 0 { money(random, 100, 5) } else { money(random, 0, 10) };
                vec![Quantity::Count(items), amount]
            },
        ],
    }
}

fn documents_2021(random: &mut Random, zeros: u64, digits: u32) -> Vec<Quantity> {
    let issued = count(random, zeros, digits);
    let repealed = if issued == 0 { 0 } else { count(random, 60, digits) };
    let older = count(random, zeros, digits + 1);
    let in_force = (issued + older).saturating_sub(repealed);
    [issued, repealed, in_force].map(Quantity::Count).to_vec()
}

fn documents_2019(random: &mut Random, zeros: u64, digits: u32) -> Vec<Quantity> {
    let produced = count(random, zeros, digits);
    let published = if random.chance(70) { produced } else { random.between(0, produced) };
    let total = published + if random.chance(50) { 0 } else { count(random, zeros, digits + 1) };
    [produced, published, total].map(Quantity::Count).to_vec()
}

fn decisions(random: &mut Random, zeros: u64, digits: u32) -> Vec<Quantity> {
    let before = count(random, zeros, digits);
    let change = count(random, 40, digits.max(2) - 1);
    let change = i64::try_from(change).unwrap_or(0);
    let signed =
        if random.chance(40) && change.unsigned_abs() <= before { -change } else { change };
    let decided = count(random, zeros, digits);
    vec![Quantity::Count(before), Quantity::Change(signed), Quantity::Count(decided)]
}

/// An amount of up to `digits` digits of 分, cut to the decimals that will be printed.
fn money(random: &mut Random, zeros: u64, digits: u32) -> Quantity {
    if random.chance(zeros) {
        let decimals = if random.chance(8) { 2 } else { 0 };
        return Quantity::Money { fen: 0, decimals };
    }
    let decimals = random.pick(&[0, 1, 2, 2, 2, 3, 4, 4, 6, 6]);
    let grain = 10u64.pow(6 - decimals);
    let length = u32::try_from(random.between(5, u64::from(digits))).unwrap_or(digits);
    let fen = random.between(10u64.pow(length - 1), 10u64.pow(length)).max(grain) / grain * grain;
    Quantity::Money { fen, decimals }
}
