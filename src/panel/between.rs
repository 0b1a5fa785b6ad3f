//! What a year hands on to the next, as the forms say.

use super::bodies::{Body, Values};
use super::findings::{Cell, Finding, Kind, Sums};
use super::layout::{Kept, Layout, Place, Term, value};
use crate::number::Decimal;
use std::fmt::Write;

/// What does not fit between a body's years.
pub(super) fn find(layout: &Layout<'_>, at: usize, body: &Body, values: &[Values]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (pair, both) in body.entries.windows(2).zip(values.windows(2)) {
        let ([before, after], [old, new]) = (pair, both) else { continue };
        if after.year != before.year + 1 {
            continue;
        }
        let finding = |kind, left: Place, right: Place| {
            let (left, right) = (left?, right?);
            Some(Finding {
                kind,
                body: at,
                year: before.year,
                left: Cell { row: before.row, cell: left },
                right: Cell { row: after.row, cell: right },
                left_value: old[left],
                right_value: new[right],
                sums: None,
                detail: String::new(),
            })
        };
        for carried in &layout.carried {
            let [out, into] = [(&carried.out, old), (&carried.into, new)].map(|(row, values)| {
                row.cells.iter().map(|cell| value(values, *cell)).collect::<Vec<_>>()
            });
            let cells = |column: usize| (carried.out.cells[column], carried.into.cells[column]);
            if let Some(column) = shifted(carried.out.alike, &out, &into) {
                let (left, right) = cells(column);
                let found = finding(Kind::CarryShifted, left, right);
                let detail = "all columns agree when one of the rows is moved by one column";
                findings.extend(found.map(|f| Finding { detail: detail.to_owned(), ..f }));
                continue;
            }
            for (column, both) in out.iter().zip(&into).enumerate() {
                if let (Some(out), Some(into)) = both
                    && out != into
                {
                    let (left, right) = cells(column);
                    findings.extend(finding(Kind::CarryDiffers, left, right));
                }
            }
        }
        for kept in &layout.kept {
            let Some(sums) = kept.differ(old, new) else { continue };
            let found = finding(Kind::StockDiffers, kept.cell(true), kept.cell(false));
            findings.extend(found.map(|f| Finding { sums: Some(sums), ..f }));
        }
    }
    findings
}

impl Kept {
    /// Both sides, where all of their numbers are known and they are not the same.
    fn differ(&self, old: &Values, new: &Values) -> Option<Sums> {
        let side = |terms: &[Term]| {
            let mut sum = 0;
            let mut said = String::new();
            for (nth, term) in terms.iter().enumerate() {
                let number = value(if term.is_last { old } else { new }, term.cell)?.integer()?;
                sum += i64::from(term.sign) * number;
                let sign = match (nth, term.sign) {
                    (0, 1) => "",
                    (0, _) => "-",
                    (_, 1) => " + ",
                    _ => " - ",
                };
                // writing into memory cannot fail
                let _ = write!(said, "{sign}{number}");
            }
            Some((sum, said))
        };
        let ((left, said), (right, _)) = (side(&self.left)?, side(&self.right)?);
        (left != right).then(|| Sums {
            left: Some(Decimal::from(left)),
            right: Some(Decimal::from(right)),
            equation: format!("{said} = {left}"),
        })
    }

    /// The cell of one of the years that stands for it: what the others add up to, if it is of that year.
    fn cell(&self, is_last: bool) -> Place {
        let mut terms = self.right.iter().chain(&self.left);
        terms.find(|term| term.is_last == is_last)?.cell
    }
}

/// The first column with a number, if one row is the other moved by one of the `alike` columns at its start; the total stays
/// where it is or moves too.
fn shifted(alike: usize, a: &[Option<Decimal>], b: &[Option<Decimal>]) -> Option<usize> {
    let last = alike.checked_sub(1)?;
    let plain = |row: &[Option<Decimal>]| -> Vec<Decimal> {
        row[..alike].iter().map(|value| value.unwrap_or(Decimal::ZERO)).collect()
    };
    let (a, b) = (plain(a), plain(b));
    let moved = |a: &[Decimal], b: &[Decimal]| {
        b[0].is_zero() && a[..last] == b[1..] && a[..last].iter().any(|v| !v.is_zero())
    };
    if a == b || !(moved(&a, &b) || moved(&b, &a)) {
        return None;
    }
    (0..alike).find(|at| a[*at] != b[*at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_rows_moved_by_a_column() {
        let row = |values: [i64; 7]| values.map(|v| Some(Decimal::from(v)));
        let of = |a, b| shifted(6, &row(a), &row(b));
        let plain = [5, 2, 0, 0, 1, 0, 8];
        assert_eq!(of(plain, [0, 5, 2, 0, 0, 1, 8]), Some(0));
        assert_eq!(of([0, 5, 2, 0, 0, 1, 8], plain), Some(0));
        assert_eq!(of(plain, plain), None);
        assert_eq!(of(plain, [5, 3, 0, 0, 1, 0, 9]), None);
        assert_eq!(of([0; 7], [0, 0, 0, 0, 0, 0, 1]), None);
        assert_eq!(shifted(0, &row(plain), &row(plain)), None);
    }
}
