//! A grammar file as written: TOML, with the place of every value that a mistake could hide in.

use super::Layout;
use serde::Deserialize;
use toml::Spanned;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub id: Spanned<String>,
    pub title: String,
    #[serde(default)]
    pub titles: Vec<String>,
    pub select: Select,
    #[serde(default)]
    pub section: Vec<Section>,
    #[serde(default)]
    pub table: Vec<Spanned<Table>>,
}

/// `[select]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Select {
    pub words: Spanned<Vec<String>>,
    #[serde(default)]
    pub against: Vec<String>,
}

/// `[[section]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub key: Spanned<String>,
    #[serde(default)]
    pub ordinal: String,
    pub titles: Spanned<Vec<String>>,
    pub table: Option<Spanned<String>>,
}

/// `[[table]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub key: Spanned<String>,
    #[serde(default)]
    pub layout: Layout,
    pub section: Option<Spanned<String>>,
    #[serde(default)]
    pub frame: Vec<String>,
    #[serde(default)]
    pub column: Vec<Column>,
    #[serde(default)]
    pub row: Vec<Row>,
    #[serde(default)]
    pub equation: Vec<Equation>,
}

/// `[[table.column]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub key: Spanned<String>,
    pub labels: Spanned<Vec<String>>,
    #[serde(default)]
    pub unit: String,
    #[serde(default)]
    pub signed: bool,
    #[serde(default = "yes")]
    pub unit_stated: bool,
}

/// `[[table.row]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub key: Spanned<String>,
    pub labels: Spanned<Vec<String>>,
    pub columns: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    pub instead_of: Vec<Spanned<String>>,
    #[serde(default)]
    pub not_for: Vec<String>,
}

/// `[[table.equation]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equation {
    pub id: Spanned<String>,
    pub each: super::Each,
    pub text: Spanned<String>,
    #[serde(default)]
    pub rule: String,
}

const fn yes() -> bool {
    true
}
