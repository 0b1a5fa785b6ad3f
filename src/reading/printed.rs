//! A table as printed, and what its slots say by themselves.

use super::candidates::{self, CellKind, Lane, Sum};
use super::spacing::Spacing;
use crate::atoms::Decimal;
use crate::grammar::{Each, Table};
use crate::lines::Skeleton;
use crate::tables::{Evidence, Kind, RowUnit, Slot};
use std::ops::Range;

/// Everything that is known of a table before its cells are.
#[derive(Clone, Copy)]
pub struct Printed<'a> {
    /// The form's table.
    pub table: &'a Table,
    /// The decoded text.
    pub source: &'a str,
    /// Its skeleton.
    pub skeleton: &'a Skeleton,
    /// What was found of the table.
    pub evidence: &'a Evidence,
    /// How the document separates cells.
    pub spacing: Spacing,
    /// How wide the document takes an ideograph where columns are kept by blanks; asked only there.
    pub ideograph: &'a dyn Fn() -> Option<u32>,
}

impl<'a> Printed<'a> {
    /// A unit of the evidence.
    pub fn unit(&self, unit: usize) -> &'a RowUnit {
        &self.evidence.units[unit]
    }

    /// The slots of a unit.
    pub fn slots(&self, unit: usize) -> &'a [Slot] {
        self.evidence.slots_of(self.unit(unit))
    }

    /// The number a slot is, when it is one cell; none for marks, roundings and leading zeros.
    pub fn value(&self, slot: &Slot) -> Option<Decimal> {
        let digits = self.evidence.digits_of(slot);
        let leading_zero = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
        if slot.kind != Kind::Number || slot.approximate || leading_zero {
            return None;
        }
        Decimal::parse(digits).map(|v| if slot.sign < 0 { v.negated() } else { v })
    }

    /// Whether a slot is one cell: a number without a leading zero, or a mark.
    pub fn is_plain(&self, slot: &Slot) -> bool {
        match slot.kind {
            Kind::Number => self.value(slot).is_some() || slot.approximate,
            Kind::Mark | Kind::Empty => true,
            Kind::Text => false,
        }
    }

    /// Whether a row's own equations hold with these slots in its cells; a blank counts as nothing.
    pub fn sums_hold(&self, lane: &Lane, slots: &[Slot], placed: &[Option<usize>]) -> bool {
        let values: Vec<Option<Decimal>> =
            placed.iter().map(|p| p.and_then(|at| self.value(&slots[at]))).collect();
        lane.sums.iter().all(|sum| candidates::holds(sum, &values))
    }

    /// Whether of the equations that hold within rows side by side all but one do, and one of them says something: the
    /// places are right, and one sum is wrong in the source.
    pub fn most_sums_hold(&self, lane: &Lane, slots: &[Slot], placed: &[Option<usize>]) -> bool {
        let values: Vec<Option<Decimal>> =
            placed.iter().map(|p| p.and_then(|at| self.value(&slots[at]))).collect();
        let fail = lane.sums.iter().filter(|sum| !candidates::holds(sum, &values)).count();
        let says = |sum: &Sum| {
            let cells = sum.coefficients.iter().zip(&values[sum.first..]);
            cells.filter(|(sign, value)| **sign != 0 && value.is_some()).count() > 1
        };
        let proven = lane.sums.iter().any(|sum| says(sum) && candidates::holds(sum, &values));
        fail == 0 || (fail == 1 && proven)
    }

    /// The digits of slots as one run.
    pub fn run(&self, slots: &[Slot]) -> Vec<candidates::Digit> {
        candidates::run(slots, |slot| slot.digits, &self.evidence.digits, self.source)
    }

    /// The lane of a range of rows: the cells, and the equations that hold within a row.
    pub fn lane(&self, rows: Range<usize>) -> Lane {
        let table = self.table;
        let mut lane = Lane::default();
        for row in rows {
            let columns = &table.rows[row].columns;
            let first = lane.cells.len();
            lane.cells.extend(columns.iter().map(|&c| CellKind {
                money: table.columns[c].is_money(),
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
}

/// A printed text on one line, for messages.
pub fn one_line(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > LONGEST {
        line = line.chars().take(LONGEST).collect::<String>() + "…";
    }
    line
}
