//! Records as they are written, and small changes of them.

use nianbao::grammar::GrammarSet;
use nianbao::pipeline;
use nianbao::records::forms::forms;
use nianbao::records::json::Writer;
use nianbao::source::Source;
use nianbao::verify::{self, Forms, Judgement};
use serde_json::{Value, json};

/// Reads documents and judges records of them.
pub(crate) struct Reader {
    set: GrammarSet,
    writer: Writer,
    forms: Forms,
}

impl Default for Reader {
    fn default() -> Self {
        let set = GrammarSet::built_in();
        let writer = Writer::new(&set);
        let forms = Forms::of(&forms(&set)).expect("these are forms");
        Self { set, writer, forms }
    }
}

impl Reader {
    pub(crate) fn record(&self, source: &Source) -> Value {
        let mut json = Vec::new();
        self.writer.write(&pipeline::parse(source, &self.set), &mut json);
        serde_json::from_slice(&json).expect("a record is JSON")
    }

    pub(crate) fn judge(&self, record: &Value, source: &Source) -> Judgement {
        verify::record(record, source, &self.forms)
    }
}

/// A cell by its name.
pub(crate) fn cell<'r>(record: &'r mut Value, name: &str) -> &'r mut Value {
    let (table, rest) = name.split_once('.').expect("table.row.column");
    let (row, column) = rest.rsplit_once('.').expect("table.row.column");
    &mut record["tables"][table][row][column]
}

/// Sets some keys of a cell.
pub(crate) fn set(record: &mut Value, name: &str, keys: &Value) {
    let cell = cell(record, name);
    assert!(cell.is_object(), "{name}");
    for (key, value) in keys.as_object().expect("keys") {
        cell[key] = value.clone();
    }
}

/// Two cells change their places.
pub(crate) fn swap(record: &mut Value, one: &str, other: &str) {
    let first = cell(record, one).take();
    let second = std::mem::replace(cell(record, other), first);
    *cell(record, one) = second;
}

/// Checks and counts are made to fit the cells again, so that they do not give a fault away.
pub(crate) fn mend(record: &mut Value) {
    let mut counts = serde_json::Map::new();
    let statuses =
        ["read", "solved", "blank", "ambiguous", "unreadable", "missing", "recognised", "reviewed"];
    for status in statuses {
        counts.insert(status.to_owned(), json!(0));
    }
    for rows in record["tables"].as_object().expect("tables").values() {
        for cells in rows.as_object().expect("rows").values() {
            for cell in cells.as_object().expect("cells").values() {
                let count = &mut counts[cell["status"].as_str().expect("a status")];
                *count = json!(count.as_u64().unwrap_or(0) + 1);
            }
        }
    }
    for (status, count) in counts {
        record["reading"][status] = count;
    }
    record["checks"] = json!([]);
}
