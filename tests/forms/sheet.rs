//! A filled form: what is printed, and what must be read.

use serde_json::Value;

/// A cell as printed and as it must be read; nothing is printed blank.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) printed: String,
    /// The value in the unit of the record.
    pub(crate) value: Option<String>,
}

/// A table with its truth.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    pub(crate) title: String,
    pub(crate) form: &'static str,
    pub(crate) table: &'static str,
    /// Words over the column of labels, if there is one.
    pub(crate) corner: Vec<String>,
    /// Key and words of each column.
    pub(crate) columns: Vec<(String, String)>,
    pub(crate) rows: Vec<Row>,
    /// Where a second band begins.
    pub(crate) band: Option<usize>,
}

/// A row of it.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) key: String,
    /// What stands before its numbers: label, unit, code.
    pub(crate) before: Vec<String>,
    pub(crate) cells: Vec<Cell>,
}

/// How a record compares with the truth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) right: usize,
    /// Not given, where something is printed.
    pub(crate) silent: usize,
    pub(crate) wrong: usize,
}

impl Sheet {
    /// Holds a record against it; every wrong cell is told.
    pub(crate) fn judge(&self, record: &Value, tally: &mut Tally, told: &mut Vec<String>) {
        let table = &record["tables"][self.table];
        for row in &self.rows {
            for ((key, _), cell) in self.columns.iter().zip(&row.cells) {
                let got = &table[&row.key][key];
                let value = (!got["value"].is_null()).then(|| plain(&got["value"].to_string()));
                let want = cell.value.as_deref().map(plain);
                let is_blank = got["status"] == "blank";
                if value == want && (want.is_some() || value.is_none()) {
                    tally.right += 1;
                } else if value.is_none() && !is_blank {
                    tally.silent += 1;
                } else {
                    tally.wrong += 1;
                    told.push(format!("{}.{key}: {want:?}, got {got}", row.key));
                }
            }
        }
        // and nothing else has a value
        for (row, cells) in table.as_object().into_iter().flatten() {
            for (column, cell) in cells.as_object().into_iter().flatten() {
                let known = self.rows.iter().any(|own| own.key == *row)
                    && self.columns.iter().any(|(own, _)| own == column);
                if !known && !cell["value"].is_null() {
                    tally.wrong += 1;
                    told.push(format!("{row}.{column}: is not printed, got {cell}"));
                }
            }
        }
    }
}

/// A number without zeros at the end of its fraction.
pub(crate) fn plain(number: &str) -> String {
    if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        number.to_owned()
    }
}
