//! The forms as `forms.json` has them: labels, units and equations.

use super::cells::letters;
use super::number::Exact;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashMap;

/// All forms that records may name.
#[derive(Debug, Default)]
pub struct Forms {
    forms: HashMap<String, Form>,
}

/// One form.
#[derive(Debug, Default)]
pub(super) struct Form {
    pub(super) tables: HashMap<String, Table>,
    /// For each check its cells with their signs: the sum is zero where it holds.
    checks: HashMap<String, Vec<(String, Exact)>>,
}

/// A table of a form: key and spellings of each row and column, as [`letters`].
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) rows: Vec<(String, Vec<String>)>,
    pub(super) columns: Vec<(String, Vec<String>)>,
    units: HashMap<String, String>,
    row_units: HashMap<String, String>,
    /// The codes beside rows, each with the labels of its row.
    pub(super) codes: Vec<(String, Vec<String>)>,
    /// Whether a record has other rows and columns too.
    pub(super) printed: bool,
}

impl Forms {
    /// Of the text of a `forms.json`; none when it is no such text.
    pub fn of(json: &Value) -> Option<Self> {
        let forms = json["schema"].as_str()?.strip_prefix("nianbao.forms/")?;
        if forms != "1" {
            return None;
        }
        let forms = json["forms"].as_object()?;
        Some(Self { forms: forms.iter().map(|(id, form)| (id.clone(), Form::of(form))).collect() })
    }

    pub(super) fn get(&self, id: &str) -> Option<&Form> {
        self.forms.get(id)
    }
}

impl Form {
    fn of(json: &Value) -> Self {
        let table = |table: &Value| (text(&table["key"]), Table::of(table));
        let check = |(id, check): (&String, &Value)| {
            let cells = list(&check["cells"]).map(text);
            let signs = list(&check["signs"]).filter_map(|sign| Exact::parse(&sign.to_string()));
            (id.clone(), cells.zip(signs).collect())
        };
        Self {
            tables: list(&json["tables"]).map(table).collect(),
            checks: json["checks"].as_object().into_iter().flatten().map(check).collect(),
        }
    }

    /// Those of a record's cells that a check is about, with their signs.
    /// `has` says whether the record has a cell, `all` names them.
    pub(super) fn check(
        &self,
        id: &str,
        has: impl Fn(&str) -> bool,
        all: impl Fn() -> Vec<String>,
    ) -> Option<Vec<(Cow<'_, str>, Exact)>> {
        let table = self.tables.get(id.split('.').next()?);
        if !table.is_some_and(|table| table.printed) {
            let cells = self.checks.get(id)?.iter().filter(|(name, _)| has(name));
            return Some(cells.map(|(name, sign)| (Cow::Borrowed(&**name), *sign)).collect());
        }
        let all = all();
        let (cells, row) = match self.checks.get(id) {
            Some(cells) => (cells, None),
            // of a row that the document names
            None => {
                let mut parts = id.splitn(3, '.');
                let any = format!("{}.{}.*", parts.next()?, parts.next()?);
                (self.checks.get(&any)?, parts.next())
            }
        };
        let is = |pattern: &str, name: &str| match pattern.split_once(".*.") {
            None => is_column(pattern, name),
            Some((table, column)) => {
                let middle = name.strip_prefix(table).and_then(|rest| rest.strip_prefix('.'));
                let Some((own, cell)) = middle.and_then(|rest| rest.split_once('.')) else {
                    return false;
                };
                let rows = self.tables.get(table).map_or(&[][..], |table| &table.rows);
                let is_own = match row {
                    Some(row) => own == row,
                    None => rows.iter().all(|(known, _)| known != own),
                };
                is_own && is_column(column, cell)
            }
        };
        let mut out: Vec<(Cow<'_, str>, Exact)> = Vec::new();
        for (pattern, sign) in cells {
            for name in all.iter().filter(|name| is(pattern, name)) {
                if out.iter().all(|(known, _)| *known != **name) {
                    out.push((Cow::Owned(name.clone()), *sign));
                }
            }
        }
        Some(out)
    }
}

impl Table {
    fn of(json: &Value) -> Self {
        let words = |one: &Value| {
            let mut labels: Vec<String> = list(&one["labels"]).map(text).collect();
            if labels.is_empty() {
                labels.push(text(&one["label"]));
            }
            // a row that is alone has no label
            let labels =
                labels.iter().map(|label| letters(label)).filter(|label| !label.is_empty());
            (text(&one["key"]), labels.collect())
        };
        Self {
            rows: list(&json["rows"]).map(words).collect(),
            columns: list(&json["columns"]).map(words).collect(),
            codes: list(&json["rows"])
                .flat_map(|row| list(&row["codes"]).map(move |code| (text(code), words(row).1)))
                .collect(),
            printed: json["printed"] == true,
            row_units: list(&json["rows"])
                .filter(|row| row["unit"].is_string())
                .map(|row| (text(&row["key"]), text(&row["unit"])))
                .collect(),
            units: list(&json["columns"]).map(|c| (text(&c["key"]), text(&c["unit"]))).collect(),
        }
    }

    pub(super) fn unit(&self, row: &str, column: &str) -> &str {
        // one column for several headers, which the form does not name
        let part = || self.units.get(column.split("_and_").next().unwrap_or_default());
        let own = self.row_units.get(row).or_else(|| self.units.get(column));
        own.or_else(part).map_or("", String::as_str)
    }
}

/// Whether a cell is that of a column, or of one for it and others together.
fn is_column(column: &str, cell: &str) -> bool {
    let ((row, column), (own, cell)) = (split(column), split(cell));
    row == own && (column == cell || cell.split("_and_").any(|part| part == column))
}

/// A name without its last part, and that; of a column alone, nothing and it.
fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('.').unwrap_or(("", name))
}

pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
