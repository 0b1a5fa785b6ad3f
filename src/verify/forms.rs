//! The forms as `forms.json` has them: labels, units and equations.

use super::number::Exact;
use serde_json::Value;
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

/// A table of a form: key and spellings of each row and column.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) rows: Vec<(String, Vec<String>)>,
    pub(super) columns: Vec<(String, Vec<String>)>,
    units: HashMap<String, String>,
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

    /// The cells of a check that a record has, with their signs; `has` says whether it has one.
    pub(super) fn check(&self, id: &str, has: impl Fn(&str) -> bool) -> Option<Vec<(&str, Exact)>> {
        let cells = self.checks.get(id)?;
        Some(
            cells
                .iter()
                .map(|(name, sign)| (&**name, *sign))
                .filter(|(name, _)| has(name))
                .collect(),
        )
    }
}

impl Table {
    fn of(json: &Value) -> Self {
        let words = |one: &Value| {
            let mut labels: Vec<String> = list(&one["labels"]).map(text).collect();
            if labels.is_empty() {
                labels.push(text(&one["label"]));
            }
            (text(&one["key"]), labels)
        };
        Self {
            rows: list(&json["rows"]).map(words).collect(),
            columns: list(&json["columns"]).map(words).collect(),
            units: list(&json["columns"]).map(|c| (text(&c["key"]), text(&c["unit"]))).collect(),
        }
    }

    pub(super) fn unit(&self, column: &str) -> &str {
        self.units.get(column).map_or("", String::as_str)
    }
}

pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
