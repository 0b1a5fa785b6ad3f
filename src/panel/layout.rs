//! Where in the wide table stands what the forms of a run compare between years.

use super::bodies::Values;
use super::wide::Wide;
use crate::grammar::{Between, Each, GrammarSet, Table};
use crate::number::Decimal;
use rustc_hash::FxHashMap;

/// A cell of the wide table, where it has it.
pub(super) type Place = Option<usize>;

/// The value of a cell that the table may not have.
pub(super) fn value(values: &Values, cell: Place) -> Option<Decimal> {
    *values.get(cell?)?
}

/// Cells of which those of one kind stand first, side by side: the parts of their row's sum.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) cells: Vec<Place>,
    /// How many of them are of one kind.
    pub(super) alike: usize,
}

/// What one year hands on to the next, cell by cell.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Carried {
    pub(super) out: Row,
    pub(super) into: Row,
}

/// A term of a sum over two years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) sign: i8,
    pub(super) is_last: bool,
    pub(super) cell: Place,
}

/// Sums over two years that are equal.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) left: Vec<Term>,
    pub(super) right: Vec<Term>,
}

/// Where in the wide table stands what the checks need.
pub(super) struct Layout<'g> {
    pub(super) grammars: &'g GrammarSet,
    pub(super) form: Option<usize>,
    pub(super) by_name: FxHashMap<String, usize>,
    pub(super) carried: Vec<Carried>,
    pub(super) kept: Vec<Kept>,
    /// The rows of tables that a year hands on, where they have columns of one kind.
    pub(super) rows: Vec<Row>,
    /// Cells whose values are much alike from year to year, in their order, and whether they are money.
    pub(super) steady: Vec<(usize, bool)>,
    /// The cells by which a body's years are drawn.
    pub(super) series: Vec<usize>,
}

impl<'g> Layout<'g> {
    pub(super) fn of(wide: &Wide, grammars: &'g GrammarSet) -> Self {
        let names = &wide.names[wide.first_cell..wide.first_cell + wide.cells];
        let by_name: FxHashMap<String, usize> =
            names.iter().enumerate().map(|(at, name)| (name.replace("__", "."), at)).collect();
        let series = series(grammars).filter_map(|name| by_name.get(name).copied()).collect();
        let mut layout = Self {
            grammars,
            form: wide.column("form"),
            by_name,
            carried: Vec::new(),
            kept: Vec::new(),
            rows: Vec::new(),
            steady: Vec::new(),
            series,
        };
        for table in grammars.all().iter().flat_map(|grammar| &grammar.tables) {
            layout.add(table);
        }
        // as the columns of the panel stand
        layout.rows.sort_by_key(|row| row.cells.iter().flatten().min().copied());
        layout.steady.sort_unstable();
        layout.steady.dedup_by_key(|(cell, _)| *cell);
        layout
    }

    /// Adds what a table has that no table before it had.
    fn add(&mut self, table: &Table) {
        for (r, row) in table.rows.iter().enumerate() {
            for column in &row.columns {
                if table.steady.contains(&table.columns[*column].key)
                    && let Some(cell) = self.cell(table, &row.key, &table.columns[*column].key)
                {
                    self.steady.push((cell, table.is_money(&table.rows[r], *column)));
                }
            }
        }
        for between in &table.between {
            match between.carried() {
                Some([out, into]) => {
                    let [out, into] = [out, into].map(|key| self.row(table, between.each, key));
                    push(&mut self.carried, Carried { out, into });
                }
                None => {
                    for other in across(table, between.each) {
                        let kept = self.kept(table, between, other);
                        let all = kept.left.iter().chain(&kept.right);
                        if all.clone().all(|term| term.cell.is_some()) {
                            push(&mut self.kept, kept);
                        }
                    }
                }
            }
        }
        if table.between.iter().any(|between| between.each == Each::Column) {
            for row in &table.rows {
                let row = self.row(table, Each::Column, &row.key);
                if row.alike > 0 && row.cells.iter().any(Option::is_some) {
                    push(&mut self.rows, row);
                }
            }
        }
    }

    fn cell(&self, table: &Table, row: &str, column: &str) -> Place {
        self.by_name.get(&format!("{}.{row}.{column}", table.key)).copied()
    }

    /// The cells of a row, or for equations over columns those of a column.
    fn row(&self, table: &Table, each: Each, key: &str) -> Row {
        if each == Each::Row {
            let cells = across(table, each).map(|row| self.cell(table, row, key)).collect();
            return Row { cells, alike: 0 };
        }
        let parts = parts(table);
        let others = (0..table.columns.len()).filter(|column| !parts.contains(column));
        let columns = parts.iter().copied().chain(others);
        let cells = columns.map(|column| self.cell(table, key, &table.columns[column].key));
        Row { cells: cells.collect(), alike: parts.len() }
    }

    /// A sum over two years, in a row or column.
    fn kept(&self, table: &Table, between: &Between, other: &str) -> Kept {
        let side = |terms: &[crate::grammar::Term]| {
            let cell = |key: &str| match between.each {
                Each::Row => self.cell(table, other, key),
                Each::Column => self.cell(table, key, other),
            };
            let one = |term: &crate::grammar::Term| Term {
                sign: term.sign,
                is_last: term.is_last,
                cell: cell(&term.key),
            };
            terms.iter().map(one).collect()
        };
        Kept { left: side(&between.left), right: side(&between.right) }
    }
}

/// The cells by which a body's years are drawn, over all forms.
pub(super) fn series(grammars: &GrammarSet) -> impl Iterator<Item = &str> {
    let mut all: Vec<&str> = Vec::new();
    for cell in grammars.all().iter().flat_map(|grammar| &grammar.series) {
        push(&mut all, cell);
    }
    all.into_iter()
}

/// The keys of the rows in which an equation holds, or of the columns.
fn across(table: &Table, each: Each) -> impl Iterator<Item = &str> {
    let rows = table.rows.iter().map(|row| row.key.as_str()).filter(move |_| each == Each::Row);
    let columns = table.columns.iter().map(|column| column.key.as_str());
    rows.chain(columns.filter(move |_| each == Each::Column))
}

/// The columns of one kind: the parts of what a row adds up to.
fn parts(table: &Table) -> Vec<usize> {
    /// Two columns are hardly mistaken for each other.
    const FEWEST: usize = 3;
    let of_rows = table.equations.iter().filter(|equation| equation.each == Each::Row);
    let mut sums = of_rows.map(|equation| &equation.terms[..equation.left]);
    let parts = sums.find(|parts| parts.len() >= FEWEST).unwrap_or_default();
    parts.iter().map(|(_, column)| *column).collect()
}

fn push<T: PartialEq>(all: &mut Vec<T>, one: T) {
    if !all.contains(&one) {
        all.push(one);
    }
}
