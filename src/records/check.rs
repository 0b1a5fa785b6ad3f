//! An equation of the form applied to one row or column of a document: which cells it needs and how it fares.
//!
//! Here is only what such a check is and what it is called; [`crate::checks`] judges.

use crate::grammar::{Each, Equation, Grammar, Table};
use crate::number::Decimal;
use crate::reading::CheckRef;

/// How an equation fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Both sides are printed and equal.
    Holds,
    /// They differ, or cannot be equal whatever the cells without a value are.
    Fails,
    /// A cell it needs has no value.
    Open,
}

impl Verdict {
    /// The fixed name used in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Fails => "fails",
            Self::Open => "open",
        }
    }
}

/// One equation for one row or column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Table of the form.
    pub table: usize,
    /// Equation of the table.
    pub equation: usize,
    /// The row or column it was applied to.
    pub at: usize,
    /// How it fares.
    pub verdict: Verdict,
    /// The left side, when all its cells have values.
    pub left: Option<Decimal>,
    /// The right side, when all its cells have values.
    pub right: Option<Decimal>,
}

/// All applications of the equations of a table: table, equation, row or column.
pub fn applications(grammar: &Grammar, t: usize) -> impl Iterator<Item = (usize, usize, usize)> {
    let table = &grammar.tables[t];
    table.equations.iter().enumerate().flat_map(move |(e, equation)| {
        let count = if equation.each == Each::Row { table.rows.len() } else { table.columns.len() };
        (0..count).filter(move |at| applies(table, equation, *at)).map(move |at| (t, e, at))
    })
}

fn applies(table: &Table, equation: &Equation, at: usize) -> bool {
    equation.terms.iter().all(|&(_, name)| match equation.each {
        Each::Row => table.rows[at].columns.contains(&name),
        Each::Column => table.rows[name].columns.contains(&at),
    })
}

/// Row and column of a term of an equation applied at a row or column.
pub fn cell_of_term(equation: &Equation, at: usize, name: usize) -> (usize, usize) {
    match equation.each {
        Each::Row => (at, name),
        Each::Column => (name, at),
    }
}

impl Check {
    /// Which equation of its table it is, and where it is applied.
    pub const fn reference(&self) -> CheckRef {
        CheckRef { equation: self.equation as u16, at: self.at as u16 }
    }

    /// `table.equation.row-or-column`, the check's id in outputs.
    pub fn id(&self, grammar: &Grammar) -> String {
        self.reference().id(&grammar.tables[self.table])
    }

    /// The names of the cells it needs.
    pub fn cells(&self, grammar: &Grammar) -> Vec<String> {
        let table = &grammar.tables[self.table];
        let equation = &table.equations[self.equation];
        let name = |&(_, name): &(i8, usize)| {
            let (row, column) = cell_of_term(equation, self.at, name);
            table.cell_name(row, column)
        };
        equation.terms.iter().map(name).collect()
    }
}
