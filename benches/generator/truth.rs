//! What a careful reader should find in a generated document.

use super::tables::{Row, Tables};

/// One cell of the form.
pub(crate) struct CellTruth {
    /// `proactive`, `applications` or `review_litigation`.
    pub(crate) table: &'static str,
    /// Key of the row.
    pub(crate) row: &'static str,
    /// Key of the column.
    pub(crate) column: &'static str,
    /// Exact decimal, money in 万元; `None` where nothing or a mark stands.
    pub(crate) value: Option<String>,
    /// Separators or arithmetic prove the value; where they do not, `ambiguous` is a right answer too.
    pub(crate) decidable: bool,
}

/// What stands in a document.
pub(crate) struct Truth {
    /// Id of the grammar.
    pub(crate) form: &'static str,
    /// The year reported on.
    pub(crate) year: i32,
    /// The title on one line, without blanks.
    pub(crate) title: String,
    /// The body, as the title names it.
    pub(crate) issuer: String,
    /// Every cell of the form.
    pub(crate) cells: Vec<CellTruth>,
    /// Ids of the checks that do not hold.
    pub(crate) fails: Vec<String>,
    /// Name of the layout.
    pub(crate) shape: &'static str,
    /// Cells are separated: everything printed must be read.
    pub(crate) separated: bool,
}

/// The cells of the tables; those of the row `missing`, which is not printed, are `None`.
pub(crate) fn cells(
    tables: &Tables,
    missing: Option<(&'static str, [&'static str; 3])>,
) -> Vec<CellTruth> {
    let mut cells = Vec::new();
    let mut add = |table: &'static str, row: &Row| {
        for (cell, (column, _)) in row.cells.iter().zip(row.columns) {
            cells.push(CellTruth {
                table,
                row: row.key,
                column,
                value: cell.value.clone(),
                decidable: cell.decidable,
            });
        }
    };
    tables.proactive.iter().flat_map(|part| &part.rows).for_each(|row| add("proactive", row));
    tables.applications.iter().for_each(|row| add("applications", row));
    tables.review.iter().for_each(|row| add("review_litigation", row));
    if let Some((row, columns)) = missing {
        for column in columns {
            let table = "proactive";
            cells.push(CellTruth { table, row, column, value: None, decidable: true });
        }
    }
    cells
}

impl Truth {
    /// One line of JSON: cells as `"table.row.column": value`, the keys of those that are not decidable in a list.
    pub(crate) fn to_json(&self, file: &str) -> String {
        let path =
            |cell: &CellTruth| quoted(&format!("{}.{}.{}", cell.table, cell.row, cell.column));
        let value = |cell: &CellTruth| cell.value.as_deref().map_or("null".to_owned(), quoted);
        let cells: Vec<String> =
            self.cells.iter().map(|cell| format!("{}:{}", path(cell), value(cell))).collect();
        let open: Vec<String> =
            self.cells.iter().filter(|cell| !cell.decidable).map(path).collect();
        let fails: Vec<String> = self.fails.iter().map(|id| quoted(id)).collect();
        format!(
            "{{\"file\":{},\"shape\":{},\"form\":{},\"year\":{},\"title\":{},\"issuer\":{},\"separated\":{},\"fails\":[{}],\"undecidable\":[{}],\"cells\":{{{}}}}}",
            quoted(file),
            quoted(self.shape),
            quoted(self.form),
            self.year,
            quoted(&self.title),
            quoted(&self.issuer),
            self.separated,
            fails.join(","),
            open.join(","),
            cells.join(","),
        )
    }
}

/// A JSON string; generated text has no control characters.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
