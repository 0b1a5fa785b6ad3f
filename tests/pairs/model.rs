//! A report as it is printed, before it is laid out: blocks, parts of tables, rows, cells, and what is right for each.

use super::form::{Form, Group};
use std::collections::BTreeMap;

/// What is right for one cell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Want {
    /// The numbers that may be given; none where nothing may.
    pub(crate) values: Vec<String>,
    /// `blank` may be said.
    pub(crate) blank: bool,
    /// A number is printed for this cell.
    pub(crate) printed: bool,
    /// The number must be given.
    pub(crate) must: bool,
}

impl Want {
    pub(crate) fn number(value: String) -> Self {
        Self { values: vec![value], blank: false, printed: true, must: true }
    }

    pub(crate) fn blank() -> Self {
        Self { blank: true, ..Self::default() }
    }

    /// Something stands there that is no number, or nothing of the cell is in the document.
    pub(crate) fn nothing() -> Self {
        Self::default()
    }
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    Proactive,
    Applications,
    Review,
}

impl Table {
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Proactive => "proactive",
            Self::Applications => "applications",
            Self::Review => "review_litigation",
        }
    }
}

/// A cell for a value.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) want: Want,
    /// The number behind it, for sums.
    pub(crate) number: i64,
    /// What is printed is one of the odd contents.
    pub(crate) odd: bool,
}

/// What a line of a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Data,
    /// A sentence across the table.
    Note,
    /// The header once more.
    Header,
    /// A page number; the table goes on behind it.
    Furniture,
}

/// On which line of a wrapped label the numbers stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrap {
    No,
    First,
    Middle,
    Last,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) kind: Kind,
    /// Its key in the record; none for a row that is not in the form.
    pub(crate) key: Option<&'static str>,
    pub(crate) group: Group,
    /// `\n` where it is wrapped.
    pub(crate) label: String,
    pub(crate) cells: Vec<Cell>,
    pub(crate) wrap: Wrap,
    /// A page ends after so many characters of the label.
    pub(crate) cut: Option<usize>,
    pub(crate) trimmed: bool,
    pub(crate) squeezed: bool,
    /// Nothing of the row must be given.
    pub(crate) soft: bool,
}

/// A column of a part.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// Its key in the record; none for a column that is not in the form.
    pub(crate) key: Option<&'static str>,
    pub(crate) label: String,
    /// The header says nothing of it.
    pub(crate) silent: bool,
}

/// A table, or a part of 第二十条.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is an oddity of its own")]
pub(crate) struct Part {
    pub(crate) table: Table,
    /// Which report it belongs to: 0 is the one that is asked for.
    pub(crate) report: usize,
    pub(crate) caption: Option<String>,
    pub(crate) article: Option<String>,
    /// The label over the row labels.
    pub(crate) corner: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    /// Columns before the row label, with their texts row by row.
    pub(crate) serial: bool,
    /// The header of applications in one line.
    pub(crate) flat: bool,
    pub(crate) header: bool,
    pub(crate) by_column: bool,
    pub(crate) detached: bool,
    pub(crate) soft: bool,
    /// Group labels are rows of their own with numbers.
    pub(crate) group_rows: bool,
}

/// A block of a document.
#[derive(Clone, Debug)]
pub(crate) enum Block {
    Title(String),
    Line(String),
    Part(Box<Part>),
}

/// A table's, row's and column's key.
pub(crate) type Name = [&'static str; 3];

/// What is right for one report.
#[derive(Clone, Debug)]
pub(crate) struct Truth {
    pub(crate) issuer: String,
    pub(crate) year: i32,
    pub(crate) form: &'static str,
    pub(crate) cells: BTreeMap<Name, Want>,
}

/// A document.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) form: Form,
    pub(crate) blocks: Vec<Block>,
    /// The first is the report that is asked for.
    pub(crate) truths: Vec<Truth>,
    pub(crate) drop_equal_lines: bool,
    /// Group labels stand on the line of their first row.
    pub(crate) inline_groups: bool,
    pub(crate) traditional: bool,
    /// Where blanks are left between glued cells, and other habits of the layout.
    pub(crate) seed: u64,
}

/// Stands where the text ends; what follows is not printed.
pub(crate) const END: char = '\u{f8ff}';

/// The keys of a form: all its cells.
pub(crate) fn names(form: Form) -> Vec<Name> {
    let mut names = Vec::new();
    for article in form.articles() {
        for (row, _) in article.rows {
            names.extend(article.columns.iter().map(|(column, _)| ["proactive", row, column]));
        }
    }
    for row in form.applications() {
        let columns = super::form::APPLICANTS.iter();
        names.extend(columns.map(|(column, _)| ["applications", row.key, *column]));
    }
    for (row, _) in super::form::REVIEWS {
        let columns = super::form::OUTCOMES.iter();
        names.extend(columns.map(|(column, _)| ["review_litigation", row, *column]));
    }
    names
}
