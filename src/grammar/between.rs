//! What a form's reports of two years are held against each other by, and what is often asked of them.

use super::Each;

/// An equation between a year and the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Between {
    /// The id, unique in its table.
    pub id: String,
    /// Whether its names are columns or rows.
    pub each: Each,
    /// The form's own words for it.
    pub rule: String,
    /// Left of the `=`.
    pub left: Vec<Term>,
    /// Right of it.
    pub right: Vec<Term>,
}

/// A row or column of one of the two years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// +1 or -1.
    pub sign: i8,
    /// Whether it is of the year before.
    pub is_last: bool,
    /// The key of the row or column.
    pub key: String,
}

impl Between {
    /// What stands before a name of the year before.
    pub const LAST: &'static str = "last.";

    /// The two names, where one year's is to be the next year's: first that of the year before.
    pub fn carried(&self) -> Option<[&str; 2]> {
        match (&self.left[..], &self.right[..]) {
            ([one], [other]) if one.is_last && !other.is_last => Some([&one.key, &other.key]),
            ([one], [other]) if other.is_last && !one.is_last => Some([&other.key, &one.key]),
            _ => None,
        }
    }
}

/// A question that is often asked of reports of a form, as a view of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Its name there.
    pub name: String,
    /// Its columns: a name, and the cells whose sum it is, each `table.row.column` with its sign.
    pub columns: Vec<(String, Vec<(i8, String)>)>,
    /// Columns behind these: a name, a part and its whole.
    pub shares: Vec<[String; 3]>,
}
