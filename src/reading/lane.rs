//! A row of the form as equations see it: its cells, and what must add up within it.

use crate::grammar::{Each, Table};
use crate::number::Decimal;
use std::ops::Range;

/// What a cell of the row can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellKind {
    /// Fractions are possible.
    pub money: bool,
    /// A sign is possible.
    pub signed: bool,
}

/// Cells that an equation binds: a range of the lane's cells and a coefficient for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// First cell.
    pub first: usize,
    /// Coefficients of the cells from there.
    pub coefficients: Vec<i8>,
}

/// A row, or several side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lane {
    /// Its cells.
    pub cells: Vec<CellKind>,
    /// Its equations.
    pub sums: Vec<Sum>,
}

impl Lane {
    /// The lane of a range of rows: the cells, and the equations that hold within a row.
    pub fn of(table: &Table, rows: Range<usize>) -> Self {
        let mut lane = Self::default();
        for row in rows {
            let columns = &table.rows[row].columns;
            let first = lane.cells.len();
            lane.cells.extend(columns.iter().map(|&c| CellKind {
                money: table.is_money(&table.rows[row], c),
                signed: table.columns[c].signed,
            }));
            for equation in table.equations.iter().filter(|e| e.each == Each::Row) {
                let mut coefficients = vec![0i8; columns.len()];
                let mut complete = true;
                for &(sign, column) in &equation.terms {
                    match columns.iter().position(|c| *c == column) {
                        Some(at) => coefficients[at] = sign,
                        None => complete = false,
                    }
                }
                if complete {
                    lane.sums.push(Sum { first, coefficients });
                }
            }
        }
        lane
    }

    /// Whether all its equations hold; a blank counts as nothing.
    pub fn fits(&self, values: &[Option<Decimal>]) -> bool {
        self.sums.iter().all(|sum| sum.holds(values))
    }

    /// Whether they hold, and one of them says something.
    pub fn adds_up(&self, values: &[Option<Decimal>]) -> bool {
        self.fits(values) && self.sums.iter().any(|sum| sum.says(values))
    }
}

impl Sum {
    /// Whether it holds; a blank counts as nothing.
    pub fn holds(&self, values: &[Option<Decimal>]) -> bool {
        let own = &values[self.first..self.first + self.coefficients.len()];
        if own.iter().flatten().all(|v| v.scale() == 0) {
            // counts, nearly always
            let counts = own.iter().map(|v| v.and_then(Decimal::integer).unwrap_or(0));
            let terms = counts.zip(&self.coefficients).map(|(v, c)| i128::from(v) * i128::from(*c));
            return terms.sum::<i128>() == 0;
        }
        let scale = own.iter().flatten().map(|v| v.scale()).max().unwrap_or(0);
        let terms = own.iter().zip(&self.coefficients);
        terms.filter_map(|(value, c)| value.map(|v| v.scaled(scale) * i128::from(*c))).sum::<i128>()
            == 0
    }

    /// Whether it says something: two of its cells at least have a value, and one of them is not zero.
    pub fn says(&self, values: &[Option<Decimal>]) -> bool {
        let own =
            self.coefficients.iter().zip(&values[self.first..]).filter(|(sign, _)| **sign != 0);
        let given: Vec<Decimal> = own.filter_map(|(_, value)| *value).collect();
        given.len() > 1 && given.iter().any(|value| !value.is_zero())
    }
}
