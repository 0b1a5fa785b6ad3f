//! Sources that contradict themselves: wrong numbers planted in consistent tables, and the checks that then fail.

use super::figures::{Counts, Figures};
use super::form::{APPLICANTS, Form, REVIEWS};
use super::random::Random;

/// Plants one to three wrong numbers of the kinds seen in real reports.
pub(crate) fn plant(random: &mut Random, figures: &mut Figures) {
    for _ in 0..random.between(1, 3) {
        plant_one(random, figures);
    }
}

fn plant_one(random: &mut Random, figures: &mut Figures) {
    let rows = figures.applications.len();
    let column = random.below(6);
    let row = random_row(random, rows);
    let review = random.below(3);
    match random.between(0, 9) {
        // A row whose total is not its sum.
        0 | 1 => slip(random, &mut figures.applications[row][6]),
        // A single wrong cell.
        2 => slip(random, &mut figures.applications[row][column]),
        // An application counted twice: the row still adds up, its column does not.
        3 | 4 => {
            let outcome = 2 + random.below(rows - 4);
            add(&mut figures.applications[outcome], column, random.between(1, 3));
        }
        // A stray one in the totals.
        5 => add(&mut figures.applications[rows - 2], column, 1),
        // Carried over though it was decided.
        6 => add(&mut figures.applications[rows - 1], column, random.between(1, 2)),
        // Totals never filled in.
        7 => figures.applications[rows - 2] = vec![Some(0); 7],
        // The 总计 column never filled in.
        8 if random.chance(40) => {
            for row in &mut figures.applications {
                row[6] = Some(0);
            }
        }
        // A wrong total of reviews.
        _ => slip(random, &mut figures.review[review][4]),
    }
}

fn random_row(random: &mut Random, rows: usize) -> usize {
    // The four rows that are never all zero in a busy year are hit as often as all others.
    if random.chance(50) { random.pick(&[0, 1, rows - 2, rows - 1]) } else { random.below(rows) }
}

/// Another number in place of the right one, near it or with a lost or doubled digit.
fn slip(random: &mut Random, cell: &mut Option<u64>) {
    if let Some(value) = *cell {
        *cell = Some(match random.between(0, 3) {
            0 if value > 0 => value - 1,
            1 if value > 9 => value / 10,
            2 => value * 10 + value % 10,
            _ => value + random.between(1, 3),
        });
    }
}

/// Adds to a cell and to the total of its row.
fn add(row: &mut Counts, column: usize, more: u64) {
    for index in [column, 6] {
        row[index] = row[index].map(|value| value + more);
    }
}

/// The ids of the checks that do not hold; a check with an empty cell is not made.
pub(crate) fn failing(figures: &Figures, form: Form) -> Vec<String> {
    let mut fails = Vec::new();
    let table = &figures.applications;
    let last = table.len() - 1;
    for (row, spec) in table.iter().zip(form.applications()) {
        if sums_wrongly(row) {
            fails.push(format!("applications.row_total.{}", spec.key));
        }
    }
    for (column, (key, _)) in APPLICANTS.iter().enumerate() {
        let outcomes: Option<u64> = table[2..last - 1].iter().map(|row| row[column]).sum();
        if differs(outcomes, table[last - 1][column]) {
            fails.push(format!("applications.column_total.{key}"));
        }
        let inflow = sum(table[0][column], table[1][column]);
        if differs(inflow, sum(table[last - 1][column], table[last][column])) {
            fails.push(format!("applications.balance.{key}"));
        }
    }
    for (row, (key, _)) in figures.review.iter().zip(REVIEWS) {
        if sums_wrongly(row) {
            fails.push(format!("review_litigation.row_total.{key}"));
        }
    }
    fails
}

fn sums_wrongly(row: &Counts) -> bool {
    let (total, parts) = row.split_last().expect("every row has a total");
    differs(parts.iter().copied().sum(), *total)
}

fn sum(left: Option<u64>, right: Option<u64>) -> Option<u64> {
    Some(left? + right?)
}

fn differs(left: Option<u64>, right: Option<u64>) -> bool {
    left.zip(right).is_some_and(|(left, right)| left != right)
}
