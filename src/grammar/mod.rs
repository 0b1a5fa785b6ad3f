//! The language of `grammars/`: a statutory form as data.
//!
//! A grammar file names a form's sections, tables, rows, columns, label variants, units and equations. Reading it ends
//! in a [`Grammar`]: everything resolved, checked, and compiled into one matcher.

mod between;
mod doubts;
pub mod equation;
mod file;
pub mod matcher;
pub mod resolve;
pub mod select;

pub use between::{Between, Term, View};
pub use doubts::doubts;
pub use equation::{Each, Equation};
pub use matcher::{Hit, Matcher, Part, Role};
pub use select::GrammarSet;

use crate::number::Unit;
use std::sync::Arc;

/// What stands between the parts of a name for people: table › group › row › column.
pub const WITHIN: &str = " › ";

/// The key of the row that stands for every one that a document names.
pub const ANY_ROW: &str = "*";

/// A form of report, resolved.
#[derive(Clone, Debug)]
pub struct Grammar {
    /// The id printed in records, e.g. `disclosure-2021`.
    pub id: String,
    /// SHA-256 of the file it was read from.
    pub hash: String,
    /// One line for `nianbao forms`.
    pub title: String,
    /// Spellings of what such a report is called in its title line.
    pub titles: Vec<String>,
    /// Words that claim a document for this form.
    pub words: Vec<String>,
    /// Words that speak against it.
    pub against: Vec<String>,
    /// Words of another form: a document that has one is not of this form.
    pub unless: Vec<String>,
    /// Whether a document without one of [`Self::words`] is never of this form, whatever its labels say.
    pub needed: bool,
    /// The sections, in the form's order.
    pub sections: Vec<Section>,
    /// The tables, in the form's order; after them the variants of tables.
    pub tables: Vec<Table>,
    /// The cells by which a body's years are drawn, each `table.row.column`.
    pub series: Vec<String>,
    /// What is often asked of its reports.
    pub views: Vec<View>,
    /// Finds all labels of this form in a skeleton.
    pub matcher: Arc<Matcher>,
}

impl Grammar {
    /// The table that this one is a version of, or it itself.
    pub fn kind(&self, table: usize) -> usize {
        self.tables[table].variant_of.unwrap_or(table)
    }
}

/// The form of a document: one of a run's, or with the columns and rows that the document prints.
#[derive(Clone, Debug)]
pub enum Form<'g> {
    /// As the grammar has it.
    Known(&'g Grammar),
    /// Its `printed` tables have the columns and rows of the document.
    Printed(Arc<Grammar>),
}

impl std::ops::Deref for Form<'_> {
    type Target = Grammar;

    fn deref(&self) -> &Grammar {
        match self {
            Self::Known(grammar) => grammar,
            Self::Printed(grammar) => grammar,
        }
    }
}

impl Form<'_> {
    /// Whether another document of this form has the same tables, rows and columns.
    pub const fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }
}

/// A section of a form.
#[derive(Clone, Debug)]
pub struct Section {
    /// The key printed in records.
    pub key: String,
    /// The numeral the form gives it.
    pub ordinal: String,
    /// Spellings of its heading, the official one first.
    pub titles: Vec<String>,
    /// Words by which another heading is known as this section's, folded.
    pub keys: Vec<String>,
    /// Whether reports are whole without it.
    pub optional: bool,
    /// The table the form puts into it, as an index into [`Grammar::tables`].
    pub table: Option<usize>,
}

/// How the rows of a table are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// Each row under the other.
    #[default]
    Down,
    /// All rows side by side in one line.
    Across,
}

/// A table of a form.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the language by itself")]
pub struct Table {
    /// The key printed in records.
    pub key: String,
    /// What people call it; its key where the grammar does not say.
    pub title: String,
    /// The table this is another version of, as an index into [`Grammar::tables`]: some rows are others.
    pub variant_of: Option<usize>,
    /// How its rows are printed.
    pub layout: Layout,
    /// Whether the document's own header and rows say which columns and rows it has.
    pub printed: bool,
    /// Whether a document without it is whole, and its record too.
    pub optional: bool,
    /// Whether the units of its rows stand in a column of their own, between labels and numbers.
    pub unit_column: bool,
    /// How many of its rows must be labelled: in prose a few labels stand together too.
    pub least: usize,
    /// The words that the form prints over its columns and beside its rows.
    pub frame: Vec<String>,
    /// All its columns; a row may have some of them only.
    pub columns: Vec<Column>,
    /// Its rows, in the form's order.
    pub rows: Vec<Row>,
    /// What must add up.
    pub equations: Vec<Equation>,
    /// What must hold between a year and the one before it.
    pub between: Vec<Between>,
    /// The keys of columns whose values are much alike from year to year.
    pub steady: Vec<String>,
    /// Whether an equation binds cells of different rows.
    pub coupled: bool,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// The key printed in records.
    pub key: String,
    /// Header spellings, the official one first.
    pub labels: Vec<String>,
    /// The unit of its values.
    pub unit: String,
    /// The word of the frame that stands over it and its neighbours; empty where there is none.
    pub under: String,
    /// Whether its values have a sign.
    pub signed: bool,
    /// Whether the form prints the unit of a money column.
    pub unit_stated: bool,
    /// Headers over it and its neighbours, of which one must be printed for it to be there; folded.
    pub groups: Vec<String>,
    /// The columns that one header names together with it.
    pub of: Vec<String>,
    /// Whether a sum of money without a printed unit is not given.
    pub unit_required: bool,
}

impl Column {
    /// The column for people: the header over it and its neighbours, where that tells it from another, and its own.
    pub fn name(&self) -> String {
        match self.groups.first() {
            Some(group) => [group.as_str(), &self.labels[0]].join(WITHIN),
            None => self.labels[0].clone(),
        }
    }

    /// Whether its values are money, given in 万元.
    pub fn is_money(&self) -> bool {
        self.unit == "万元"
    }
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// The key printed in records.
    pub key: String,
    /// Label spellings with their ordinals, the official one first.
    pub labels: Vec<String>,
    /// The label that the form prints over it and its neighbours; empty where it stands under none.
    pub group: String,
    /// The numeral that the form prints before its label.
    pub ordinal: Option<char>,
    /// The unit that the form prints beside it; empty where units are those of columns.
    pub unit: String,
    /// The codes that the form prints beside it.
    pub codes: Vec<String>,
    /// Its columns, as indices into [`Table::columns`].
    pub columns: Vec<usize>,
    /// Levels of government that cannot have a value other than zero here.
    pub not_for: Vec<String>,
    /// The word of the frame that stands over it and no row before it, side by side; empty where there is none.
    pub under: String,
}

impl Row {
    /// The row for people: its group, where it has one, and its label; a row without either is named by its key.
    pub fn name(&self) -> String {
        let label = if self.labels[0].is_empty() { &self.key } else { &self.labels[0] };
        if self.group.is_empty() {
            label.clone()
        } else {
            [&self.group, label.as_str()].join(WITHIN)
        }
    }

    /// The unit of money that the form prints beside it.
    pub fn money(&self) -> Option<Unit> {
        let (rest, unit) = Unit::parse(&self.unit).ok()?;
        (rest.is_empty() && unit.places_to_wan_yuan().is_some()).then_some(unit)
    }
}

impl Table {
    /// The unit of the values of a row in a column.
    pub fn unit<'t>(&'t self, row: &'t Row, column: usize) -> &'t str {
        match (row.money(), row.unit.as_str()) {
            (Some(_), _) => "万元",
            (None, "") => &self.columns[column].unit,
            (None, unit) => unit,
        }
    }

    /// Whether the values of a row in a column are money, given in 万元.
    pub fn is_money(&self, row: &Row, column: usize) -> bool {
        self.columns[column].is_money() || row.money().is_some()
    }

    /// Whether another version has other columns.
    pub fn has_columns_of(&self, other: &Self) -> bool {
        let used = |table: &Self, c: usize| table.rows.iter().any(|row| row.columns.contains(&c));
        (0..self.columns.len()).all(|c| used(self, c) == used(other, c))
    }

    /// `table.row.column`, the name of a cell in findings and checks.
    pub fn cell_name(&self, row: usize, column: usize) -> String {
        format!("{}.{}.{}", self.key, self.rows[row].key, self.columns[column].key)
    }

    /// The names of all cells, row by row.
    pub fn cell_names(&self) -> impl Iterator<Item = String> {
        let rows = self.rows.iter().enumerate();
        rows.flat_map(move |(r, row)| row.columns.iter().map(move |c| self.cell_name(r, *c)))
    }

    /// A cell for people: group, row and column in the words of the form, and the unit.
    pub fn label(&self, row: usize, column: usize) -> String {
        let unit = self.unit(&self.rows[row], column);
        let unit = if unit.is_empty() { String::new() } else { format!("（{unit}）") };
        format!("{}{WITHIN}{}{unit}", self.rows[row].name(), self.columns[column].name())
    }

    /// The same with the title of the table before it, for where no table is in sight.
    pub fn full_label(&self, row: usize, column: usize) -> String {
        format!("{}{WITHIN}{}", self.title, self.label(row, column))
    }

    /// Number of cells over all rows.
    pub fn cell_count(&self) -> usize {
        self.rows.iter().map(|row| row.columns.len()).sum()
    }

    /// Index of the first cell of each row, cells counted row by row.
    pub fn first_cells(&self) -> impl Iterator<Item = usize> {
        self.rows.iter().scan(0, |next, row| {
            let first = *next;
            *next += row.columns.len();
            Some(first)
        })
    }
}
