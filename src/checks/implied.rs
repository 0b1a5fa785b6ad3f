//! Blanks that a printed total proves to be zero: 3, nothing, nothing, 3. A blank stays a blank and gets no value; that it can
//! only be zero is said beside it.

use crate::grammar::Grammar;
use crate::reading::{Cell, Status};
use crate::records::TableRecord;
use crate::records::check::{applications, cell_of_term};

/// For each cell of a table, whether it is blank and an equation whose other cells have values leaves nothing but zero for it.
///
/// Counts and sums of money are not negative. So where all blanks of an equation stand on one side, and what is printed
/// there adds up to the other side already, each of them is zero. A zero that is proven may prove others.
pub fn zeros(grammar: &Grammar, record: &TableRecord) -> Vec<bool> {
    let mut zeros = vec![false; record.cells.len()];
    if record.cells.iter().all(|cell| cell.status() != Status::Blank) {
        return zeros;
    }
    let table = &grammar.tables[record.table];
    let first: Vec<usize> = table.first_cells().collect();
    loop {
        let mut found = Vec::new();
        for (_, equation, at) in applications(grammar, record.table) {
            let equation = &table.equations[equation];
            let terms = equation.terms.iter().map(|(sign, name)| {
                let (row, column) = cell_of_term(equation, at, *name);
                let columns = &table.rows[row].columns;
                let place = columns.iter().position(|c| *c == column)?;
                (!table.columns[column].signed).then_some((first[row] + place, *sign))
            });
            let Some(terms) = terms.collect::<Option<Vec<(usize, i8)>>>() else { continue };
            found.extend(blanks(&terms, &record.cells, &zeros));
        }
        if found.is_empty() {
            return zeros;
        }
        for nth in found {
            zeros[nth] = true;
        }
    }
}

/// The blanks of one equation that can only be zero.
fn blanks(terms: &[(usize, i8)], cells: &[Cell], zeros: &[bool]) -> Vec<usize> {
    /// Digits after the point that any sum of money has room for.
    const SCALE: u8 = 9;
    let (mut sum, mut blank, mut signs) = (0i128, Vec::new(), Vec::new());
    for &(nth, sign) in terms {
        match (cells[nth].value(), cells[nth].status()) {
            (Some(value), _) if value.scale() <= SCALE => {
                sum += value.scaled(SCALE) * i128::from(sign);
            }
            (None, Status::Blank) if zeros[nth] => {}
            (None, Status::Blank) => {
                blank.push(nth);
                signs.push(sign);
            }
            // what is not known may be anything
            _ => return Vec::new(),
        }
    }
    let is_one_side = signs.windows(2).all(|pair| pair[0] == pair[1]);
    // and on the other side something is printed
    let is_told = terms.iter().any(|(nth, sign)| {
        signs.first().is_some_and(|own| sign.signum() != own.signum())
            && cells[*nth].value().is_some()
    });
    if sum == 0 && is_one_side && is_told { blank } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::GrammarSet;
    use crate::number::Decimal;
    use crate::span::Span;

    /// The zeros of the first row of the table of complaints and lawsuits, of which `None` is printed empty.
    fn row(values: [Option<i64>; 5]) -> Vec<bool> {
        let grammars = GrammarSet::built_in();
        let grammar = &grammars.all()[1];
        let table =
            grammar.tables.iter().position(|t| t.key == "review_litigation").expect("it is there");
        let mut cells = vec![Cell::MISSING; grammar.tables[table].cell_count()];
        for (cell, value) in cells.iter_mut().zip(values) {
            *cell = match value {
                Some(value) => Cell::reviewed(Some(Decimal::from(value)), Span::new(0, 1)),
                None => Cell::blank(Span::new(0, 1)),
            };
        }
        zeros(grammar, &TableRecord { table, cells })[..5].to_vec()
    }

    #[test]
    fn ok_a_total_that_leaves_nothing() {
        assert_eq!(row([Some(3), None, None, Some(1), Some(4)]), [false, true, true, false, false]);
        assert_eq!(row([None, None, None, None, Some(0)]), [true, true, true, true, false]);
    }

    #[test]
    fn err_a_total_that_leaves_something_or_is_not_printed() {
        for values in [
            [Some(3), None, None, Some(1), Some(5)],
            [Some(3), None, None, Some(1), None],
            [None; 5],
            [Some(3), None, None, Some(1), Some(2)],
        ] {
            assert_eq!(row(values), [false; 5], "{values:?}");
        }
    }
}
