//! What was read from a picture is a guess: a number is given only where sums of the form prove it.
//!
//! A sum that holds proves its numbers, because a wrong digit breaks it, unless another is wrong by as much. So a sum proves
//! nothing in which two numbers are in doubt, and no number is given that stands in a sum which fails, unless that sum
//! has a number of its own to blame: one that breaks all its sums by the same difference.

use crate::checks;
use crate::grammar::Grammar;
use crate::number::Decimal;
use crate::reading::{Cell, CheckRef, Status};
use crate::records::check::cell_of_term;
use crate::records::{Check, TableRecord, Verdict};
use crate::span::Span;

/// A sum of one table.
struct Sum {
    check: CheckRef,
    /// By how much it fails; none where it cannot be told.
    difference: Option<i128>,
    /// Its cells, each with its sign.
    cells: Vec<(i8, usize)>,
}

/// Takes back what no sum proves of the cells whose text is a guess: a number stays a candidate, and that nothing stands in
/// a cell is not said. `says` tells of a place whether it is a guess, and whether it is in doubt.
pub(crate) fn keep(
    grammar: &Grammar,
    tables: &mut [TableRecord],
    says: impl Fn(Span) -> (bool, bool),
) {
    let checks = checks::judge(grammar, tables);
    for record in tables {
        let own = checks.iter().filter(|check| check.table == record.table);
        let sums: Vec<Sum> = own.filter_map(|check| sum(grammar, record, check)).collect();
        let is_doubtful: Vec<bool> = record.cells.iter().map(|cell| says(cell.span()).1).collect();
        let proofs = proofs(&sums, &is_doubtful);
        for (cell, proof) in record.cells.iter_mut().zip(proofs) {
            let span = cell.span();
            if !says(span).0 {
                continue;
            }
            let known = match (cell.status(), cell.value()) {
                (_, Some(value)) => Cell::solved(value, span, proof)
                    .unwrap_or_else(|| Cell::ambiguous(span, vec![value])),
                (Status::Blank, None) => Cell::ambiguous(span, Vec::new()),
                _ => continue,
            };
            *cell = known;
        }
    }
}

/// A check with the cells it is about.
fn sum(grammar: &Grammar, record: &TableRecord, check: &Check) -> Option<Sum> {
    const SCALE: u8 = 6;
    let table = &grammar.tables[check.table];
    let first: Vec<usize> = table.first_cells().collect();
    let equation = &table.equations[check.equation];
    let cell = |(sign, name): &(i8, usize)| {
        let (row, column) = cell_of_term(equation, check.at, *name);
        let place = table.rows[row].columns.iter().position(|own| *own == column)?;
        Some((*sign, first[row] + place))
    };
    let cells = equation.terms.iter().map(cell).collect::<Option<Vec<(i8, usize)>>>()?;
    let scaled = |value: Decimal| (value.scale() <= SCALE).then(|| value.scaled(SCALE));
    let difference = match check.verdict {
        Verdict::Holds => Some(0),
        _ => cells
            .iter()
            .map(|(sign, nth)| Some(i128::from(*sign) * scaled(record.cells[*nth].value()?)?))
            .sum(),
    };
    // one that fails whatever its open cells are
    let difference = difference.or((check.verdict == Verdict::Fails).then_some(i128::MAX));
    Some(Sum { check: check.reference(), difference, cells })
}

/// For each cell the sums that prove it; none where a sum speaks against it.
fn proofs(sums: &[Sum], is_doubtful: &[bool]) -> Vec<Vec<CheckRef>> {
    let mut of_cell: Vec<Vec<(i8, usize)>> = vec![Vec::new(); is_doubtful.len()];
    for (at, sum) in sums.iter().enumerate() {
        for (sign, nth) in &sum.cells {
            of_cell[*nth].push((*sign, at));
        }
    }
    // by how much a cell is too large when it alone breaks all its sums
    let blame = |nth: usize| {
        let known: Vec<i128> = of_cell[nth]
            .iter()
            .filter_map(|(sign, at)| Some(sums[*at].difference?.saturating_mul((*sign).into())))
            .collect();
        known.first().is_some_and(|first| *first != 0 && known.iter().all(|other| other == first))
    };
    let is_to_blame: Vec<bool> = (0..is_doubtful.len()).map(blame).collect();
    let is_explained = |sum: &Sum| {
        sum.difference.is_none_or(|difference| difference == 0)
            || sum.cells.iter().filter(|(_, nth)| is_to_blame[*nth]).count() == 1
    };
    let proves = |sum: &Sum| {
        let doubts = sum.cells.iter().filter(|(_, nth)| is_doubtful[*nth]).count();
        sum.difference == Some(0) && doubts < 2
    };
    let proof = |nth: usize| {
        if is_to_blame[nth] || !of_cell[nth].iter().all(|(_, at)| is_explained(&sums[*at])) {
            return Vec::new();
        }
        let own = of_cell[nth].iter().map(|(_, at)| &sums[*at]);
        own.filter(|sum| proves(sum)).map(|sum| sum.check).collect()
    };
    (0..is_doubtful.len()).map(proof).collect()
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

    #[test]
    fn ok_sums_and_not_luck_decide() {
        const TABLES: usize = 120;
        let set = GrammarSet::built_in();
        let grammar = set.all().iter().find(|g| g.id == "disclosure-2021").expect("it is built in");
        let at = grammar.tables.iter().position(|t| t.key == "applications").expect("it has it");
        let table = &grammar.tables[at];
        let mut dice = Dice(7);
        let mut before = usize::MAX;
        for rate in [0, 2, 5, 10, 20, 50, 100, 200, 400] {
            let (mut given, mut wrong) = (0, 0);
            for _ in 0..TABLES {
                let truth: Vec<i64> = filled(table, &mut dice).into_iter().flatten().collect();
                let mut doubtful = Vec::new();
                let cells: Vec<Cell> = (0..)
                    .zip(&truth)
                    .map(|(nth, value): (u32, &i64)| {
                        let is_wrong = dice.chance(rate);
                        // of wrong readings one in twenty is not in doubt, of right ones one in twenty is
                        doubtful.push(dice.chance(if is_wrong { 950 } else { 50 }));
                        let value = if is_wrong { misread(*value, &mut dice) } else { *value };
                        let span = Span::new(10 * nth, 10 * nth + 5);
                        Cell::read(Decimal::from(value), span, one_way(RowProof::Label))
                    })
                    .collect();
                let mut tables = [TableRecord { table: at, cells }];
                keep(grammar, &mut tables, |span| (true, doubtful[span.start as usize / 10]));
                for (cell, truth) in tables[0].cells.iter().zip(&truth) {
                    let Some(value) = cell.value() else { continue };
                    given += 1;
                    wrong += usize::from(value.integer() != Some(*truth));
                }
            }
            println!("{rate} of 1000 misread: {given} given, {wrong} wrong");
            assert_eq!(wrong, 0, "{rate} of 1000 misread");
            assert!(given <= before, "{given} given, {before} where less is misread");
            before = given;
        }
    }
}
