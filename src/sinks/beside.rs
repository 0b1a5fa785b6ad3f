//! What lies beside the records and is the same for all of them: `forms.json`, and for tables `codebook.csv` and
//! `datapackage.json`, which say what every column means.

use super::csv::{row, writer};
use super::schema::{self, Column, Kind, Name};
use super::{Collect, Format, Sink};
use crate::grammar::GrammarSet;
use crate::records::{Report, forms::forms};
use serde_json::{Value, json};

/// The sink; its files are complete before the first report.
#[derive(Debug)]
pub struct Beside {
    files: Vec<(String, Vec<u8>)>,
}

impl Beside {
    /// What lies beside the files of these formats.
    pub fn new(formats: &[Format], grammars: &GrammarSet) -> Self {
        let mut files = vec![("forms.json".to_owned(), json(&forms(grammars)))];
        if formats.iter().any(|format| *format != Format::Jsonl) {
            let tables: Vec<(Name, Vec<Column>)> =
                Name::ALL.into_iter().map(|name| (name, schema::columns(name, grammars))).collect();
            files.push(("codebook.csv".to_owned(), codebook(&tables)));
            files.push(("datapackage.json".to_owned(), json(&package(formats, &tables))));
        }
        Self { files }
    }
}

impl Sink for Beside {
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        self.files.clone()
    }

    fn file_count(&self) -> usize {
        self.files.len()
    }

    fn group(&self) -> Box<dyn Collect + '_> {
        Box::new(self)
    }
}

impl Collect for &Beside {
    fn write(&mut self, _: &Report<'_>, _: &mut [Vec<u8>]) {}
}

fn json(value: &Value) -> Vec<u8> {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text.into_bytes()
}

/// The type of a column, by its name in Table Schema.
pub(crate) const fn kind(column: &Column) -> &'static str {
    match column.kind {
        Kind::Name | Kind::Text => "string",
        Kind::Integer => "integer",
        Kind::Float => "number",
    }
}

/// A line for each column of each table.
fn codebook(tables: &[(Name, Vec<Column>)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut csv = writer(&mut out);
    let head = ["table", "column", "type", "unit", "description", "description_zh"];
    row(&mut csv, head.into_iter());
    for (name, columns) in tables {
        for column in columns {
            let [english, chinese] = &column.about;
            let unit = column.unit.as_deref().unwrap_or_default();
            let fields = [name.text(), &column.name, kind(column), unit, english, chinese];
            row(&mut csv, fields.into_iter());
        }
    }
    drop(csv);
    out
}

/// A description of all files, as Frictionless Data has it.
fn package(formats: &[Format], tables: &[(Name, Vec<Column>)]) -> Value {
    let mut resources = Vec::new();
    for format in formats {
        match format {
            Format::Jsonl => resources.push(json!({
                "name": "reports.jsonl", "path": "reports.jsonl", "format": "jsonl", "encoding": "utf-8",
                "description": "one record a line; `nianbao schema` prints its JSON Schema"
            })),
            Format::Csv => resources.extend(
                tables
                    .iter()
                    .filter(|(name, _)| super::csv::TABLES.contains(name))
                    .map(|table| resource("csv", "text/csv", table)),
            ),
            #[cfg(feature = "tables")]
            Format::Parquet => resources.extend(
                tables.iter().map(|t| resource("parquet", "application/vnd.apache.parquet", t)),
            ),
            #[cfg(feature = "tables")]
            Format::Arrow => resources.extend(
                tables.iter().map(|t| resource("arrow", "application/vnd.apache.arrow.file", t)),
            ),
            #[cfg(feature = "xlsx")]
            Format::Xlsx => resources.push(json!({
                "name": "nianbao.xlsx", "path": "nianbao.xlsx", "format": "xlsx",
                "mediatype": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            })),
            #[cfg(feature = "sqlite")]
            Format::Sqlite => resources.push(json!({
                "name": "nianbao.sqlite", "path": "nianbao.sqlite", "format": "sqlite",
                "mediatype": "application/vnd.sqlite3"
            })),
        }
    }
    json!({
        "name": "nianbao",
        "title": "Chinese government annual reports, as read by nianbao",
        "description": "A value is printed in the document, or proven by the form's arithmetic, or not given (null). \
                        In CSV a text that a spreadsheet would run or a reader would take for a number begins with an apostrophe.",
        "version": env!("CARGO_PKG_VERSION"),
        "schema": crate::records::SCHEMA,
        "resources": resources
    })
}

fn resource(format: &str, media_type: &str, (name, columns): &(Name, Vec<Column>)) -> Value {
    let file = format!("{}.{format}", name.text());
    // readers that hold columns as pandas does have whole numbers with nothing between them as others
    let kind = |column: &Column| match column.kind {
        Kind::Integer if column.nullable && format != "csv" => "number",
        _ => kind(column),
    };
    let fields: Vec<Value> = columns
        .iter()
        .map(|column| {
            let [english, chinese] = &column.about;
            let mut field = json!({
                "name": column.name, "type": kind(column), "description": english, "description_zh": chinese
            });
            if let Some(unit) = &column.unit {
                field["unit"] = json!(unit);
            }
            if !column.nullable {
                field["constraints"] = json!({ "required": true });
            }
            field
        })
        .collect();
    let [english, chinese] = name.about();
    json!({
        "name": file, "path": file, "profile": "tabular-data-resource", "format": format, "mediatype": media_type,
        "encoding": "utf-8", "description": english, "description_zh": chinese,
        "schema": { "fields": fields, "missingValues": [""] }
    })
}
