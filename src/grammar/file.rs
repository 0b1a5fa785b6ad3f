//! A grammar file as written: TOML, with the place of every value that a mistake could hide in.

use super::Layout;
use serde::Deserialize;
use toml::Spanned;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) id: Spanned<String>,
    pub(super) title: String,
    pub(super) like: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) titles: Vec<String>,
    pub(super) select: Select,
    #[serde(default)]
    pub(super) section: Vec<Section>,
    #[serde(default)]
    pub(super) table: Vec<Spanned<Table>>,
    #[serde(default)]
    pub(super) series: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) view: Vec<View>,
}

/// `[[view]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct View {
    pub(super) name: Spanned<String>,
    pub(super) columns: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) shares: Vec<Share>,
}

/// One of `shares`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Share {
    pub(super) name: Spanned<String>,
    pub(super) of: Spanned<String>,
    pub(super) whole: Spanned<String>,
}

/// `[select]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Select {
    pub(super) words: Spanned<Vec<String>>,
    #[serde(default)]
    pub(super) against: Vec<String>,
    #[serde(default)]
    pub(super) unless: Vec<String>,
    #[serde(default)]
    pub(super) needed: bool,
}

/// `[[section]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    pub(super) key: Spanned<String>,
    #[serde(default)]
    pub(super) ordinal: String,
    pub(super) titles: Spanned<Vec<String>>,
    #[serde(default)]
    pub(super) keys: Vec<String>,
    #[serde(default)]
    pub(super) optional: bool,
    pub(super) table: Option<Spanned<String>>,
}

/// `[[table]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    pub(super) key: Spanned<String>,
    #[serde(default)]
    pub(super) title: String,
    #[serde(default)]
    pub(super) layout: Layout,
    #[serde(default)]
    pub(super) printed: bool,
    #[serde(default)]
    pub(super) optional: bool,
    #[serde(default)]
    pub(super) unit_column: bool,
    #[serde(default)]
    pub(super) least: usize,
    pub(super) section: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) frame: Vec<String>,
    #[serde(default)]
    pub(super) column: Vec<Column>,
    #[serde(default)]
    pub(super) group: Vec<Group>,
    #[serde(default)]
    pub(super) row: Vec<Row>,
    #[serde(default)]
    pub(super) equation: Vec<Equation>,
    #[serde(default)]
    pub(super) between: Vec<Equation>,
    pub(super) steady: Option<Vec<Spanned<String>>>,
}

/// `[[table.column]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Column {
    pub(super) key: Spanned<String>,
    pub(super) labels: Option<Spanned<Vec<String>>>,
    #[serde(default)]
    pub(super) unit: String,
    #[serde(default)]
    pub(super) signed: bool,
    #[serde(default)]
    pub(super) under: String,
    #[serde(default = "yes")]
    pub(super) unit_stated: bool,
    #[serde(default)]
    pub(super) instead_of: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) groups: Vec<String>,
    #[serde(default)]
    pub(super) of: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) unit_required: bool,
}

/// `[[table.group]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub(super) key: Spanned<String>,
    pub(super) label: String,
}

/// `[[table.row]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) key: Spanned<String>,
    pub(super) labels: Option<Spanned<Vec<String>>>,
    #[serde(default)]
    pub(super) unit: String,
    #[serde(default)]
    pub(super) codes: Vec<String>,
    pub(super) columns: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    pub(super) instead_of: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) not_for: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) under: String,
}

/// `[[table.equation]]` and `[[table.between]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Equation {
    pub(super) id: Spanned<String>,
    pub(super) each: super::Each,
    pub(super) text: Spanned<String>,
    #[serde(default)]
    pub(super) rule: String,
}

const fn yes() -> bool {
    true
}
