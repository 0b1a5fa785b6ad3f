//! A table as written → a [`Table`], in one of its versions.

use super::super::matcher::{letters, split_ordinal};
use super::super::{ANY_ROW, Column, Each, Equation, Row, Table, file};
use super::Resolver;
use crate::error::Result;
use std::ops::Range;
use toml::Spanned;

/// What stands for all columns.
const ALL: &str = "*";

/// What stands for a year in a header.
const YEAR: &str = "{year}";
/// The years that stand for `{year}` in a header: those of which reports can be.
const YEARS: Range<u32> = 2003..2041;

/// The rows and columns that stand in a version of a table, by their places in the file.
struct Version {
    rows: Vec<bool>,
    columns: Vec<bool>,
}

impl Version {
    /// The place of a row among those that stand.
    fn row(&self, at: usize) -> usize {
        self.rows[..at].iter().filter(|stands| **stands).count()
    }

    /// Leaves of an equation, which is written over all versions, what stands in this one.
    fn keep(&self, equation: &mut Equation) {
        let standing = if equation.each == Each::Row { &self.columns } else { &self.rows };
        let left = &equation.terms[..equation.left];
        equation.left = left.iter().filter(|(_, name)| standing[*name]).count();
        equation.terms.retain(|(_, name)| standing[*name]);
        if equation.each == Each::Column {
            for (_, row) in &mut equation.terms {
                *row = self.row(*row);
            }
        }
    }
}

impl Resolver<'_> {
    /// A table of the form, or its version with the rows, the columns, or both that stand instead of others.
    pub(super) fn table(
        &self,
        table: &Spanned<file::Table>,
        variant_of: Option<usize>,
        (other_rows, other_columns): (bool, bool),
    ) -> Result<Table> {
        let at = table.span();
        let table = table.get_ref();
        self.key(&table.key)?;
        self.unique(table.column.iter().map(|c| &c.key), "column")?;
        self.unique(table.row.iter().map(|r| &r.key), "row")?;
        self.unique(table.equation.iter().map(|e| &e.id), "equation")?;
        self.unique(table.between.iter().map(|b| &b.id), "equation between years")?;
        if table.column.is_empty() || table.row.is_empty() {
            return Err(self.error(&at, "a table needs at least one column and one row", None));
        }
        let columns =
            table.column.iter().map(|own| self.column(table, own)).collect::<Result<Vec<_>>>()?;
        self.groups(table)?;
        let column_keys: Vec<&str> = columns.iter().map(|c| c.key.as_str()).collect();
        for name in table.column.iter().flat_map(|column| &column.of) {
            self.find(name, &column_keys, "column")?;
        }
        let row_keys: Vec<&str> = table.row.iter().map(|r| r.key.get_ref().as_str()).collect();
        let instead = table.row.iter().map(|row| row.instead_of.as_slice());
        let of_columns = table.column.iter().map(|column| column.instead_of.as_slice());
        let version = Version {
            rows: self.standing(instead, &row_keys, other_rows, "row")?,
            columns: self.standing(of_columns, &column_keys, other_columns, "column")?,
        };
        let standing = table.row.iter().zip(&version.rows).filter(|(_, stands)| **stands);
        let rows = standing
            .map(|(row, _)| self.row(table, row, &column_keys, &version))
            .collect::<Result<Vec<_>>>()?;
        let names = |each| if each == Each::Row { &column_keys } else { &row_keys };
        let mut equations = Vec::with_capacity(table.equation.len());
        for written in &table.equation {
            self.key(&written.id)?;
            let mut equation = self.equation(written, names(written.each))?;
            version.keep(&mut equation);
            // an equation of the other version
            if equation.left == 0 || equation.left == equation.terms.len() {
                continue;
            }
            self.applies(&equation, &rows, columns.len(), &written.text.span())?;
            equations.push(equation);
        }
        let mut between = Vec::with_capacity(table.between.len());
        for written in &table.between {
            self.key(&written.id)?;
            between.push(self.between(written, names(written.each))?);
        }
        Ok(Table {
            title: if table.title.is_empty() { table.key.get_ref() } else { &table.title }.clone(),
            key: table.key.get_ref().clone(),
            variant_of,
            layout: table.layout,
            printed: table.printed,
            optional: table.optional,
            unit_column: table.unit_column,
            least: table.least,
            frame: table.frame.clone(),
            coupled: equations.iter().any(|e| e.each == Each::Column),
            steady: self.steady(table, &column_keys, &equations)?,
            columns,
            rows,
            equations,
            between,
        })
    }

    fn column(&self, table: &file::Table, column: &file::Column) -> Result<Column> {
        self.key(&column.key)?;
        let labels = match &column.labels {
            Some(labels) => {
                self.labels(labels)?;
                years(labels.get_ref())
            }
            // the headers of its parts, joined
            None if !column.of.is_empty() => {
                let part = |key: &Spanned<String>| {
                    let own = table.column.iter().find(|c| c.key.get_ref() == key.get_ref());
                    own.and_then(|c| c.labels.as_ref()?.get_ref().first().cloned())
                };
                let parts: Vec<String> = column.of.iter().filter_map(part).collect();
                vec![parts.join("、")]
            }
            None => return Err(self.error(&column.key.span(), "no label to find it by", None)),
        };
        Ok(Column {
            key: column.key.get_ref().clone(),
            labels,
            unit: column.unit.clone(),
            under: column.under.clone(),
            signed: column.signed,
            unit_stated: column.unit_stated,
            of: column.of.iter().map(|key| key.get_ref().clone()).collect(),
            unit_required: column.unit_required,
            groups: column.groups.iter().map(|group| letters(group)).collect(),
        })
    }

    /// That each group has rows.
    fn groups(&self, table: &file::Table) -> Result<()> {
        self.unique(table.group.iter().map(|g| &g.key), "group")?;
        for own in &table.group {
            let begins = format!("{}.", own.key.get_ref());
            if !table.row.iter().any(|row| row.key.get_ref().starts_with(&begins)) {
                let message = format!("no row's key begins with `{begins}`");
                return Err(self.error(&own.key.span(), message, None));
            }
        }
        Ok(())
    }

    /// Which rows, or which columns, stand: those that replace none, or with `others` those that none replaces.
    fn standing<'f>(
        &self,
        instead: impl Iterator<Item = &'f [Spanned<String>]> + Clone,
        keys: &[&str],
        others: bool,
        what: &str,
    ) -> Result<Vec<bool>> {
        let replaced = instead.clone().flatten().map(|name| self.find(name, keys, what));
        let replaced = replaced.collect::<Result<Vec<_>>>()?;
        let stands = |(at, own): (usize, &[Spanned<String>])| {
            if others { !replaced.contains(&at) } else { own.is_empty() }
        };
        Ok(instead.enumerate().map(stands).collect())
    }

    fn row(
        &self,
        table: &file::Table,
        row: &file::Row,
        columns: &[&str],
        version: &Version,
    ) -> Result<Row> {
        // a row for each that the document names
        if !(table.printed && row.key.get_ref() == ANY_ROW) {
            self.key(&row.key)?;
        }
        let labels = match &row.labels {
            Some(labels) => {
                self.labels(labels)?;
                labels.get_ref().clone()
            }
            // a row without a label is the only one of its table
            None if table.printed => vec![String::new()],
            None => return Err(self.error(&row.key.span(), "no label to find it by", None)),
        };
        let mut own: Vec<usize> = match &row.columns {
            None => (0..columns.len()).collect(),
            Some(names) => names
                .iter()
                .map(|name| self.find(name, columns, "column"))
                .collect::<Result<Vec<_>>>()?,
        };
        own.retain(|column| version.columns[*column]);
        if own.is_empty() {
            return Err(self.error(&row.key.span(), "a row needs at least one column", None));
        }
        Ok(Row {
            key: row.key.get_ref().clone(),
            group: group(table, row.key.get_ref()).to_owned(),
            ordinal: labels.first().and_then(|label| split_ordinal(label).0),
            labels,
            unit: row.unit.clone(),
            codes: row.codes.clone(),
            columns: own,
            under: row.under.clone(),
            not_for: row.not_for.iter().map(|level| self.level(level)).collect::<Result<_>>()?,
        })
    }

    /// That an equation applies to cells of the table.
    fn applies(
        &self,
        equation: &Equation,
        rows: &[Row],
        columns: usize,
        at: &Range<usize>,
    ) -> Result<()> {
        let applies = match equation.each {
            Each::Row => {
                rows.iter().any(|r| equation.terms.iter().all(|(_, c)| r.columns.contains(c)))
            }
            Each::Column => (0..columns)
                .any(|c| equation.terms.iter().all(|&(_, r)| rows[r].columns.contains(&c))),
        };
        if applies {
            return Ok(());
        }
        let hint = "the rows named need the columns in common".to_owned();
        Err(self.error(at, "this equation applies to no cell of the table", Some(hint)))
    }

    /// The columns whose values are much alike from year to year: where the file does not say, the sums of rows.
    fn steady(
        &self,
        table: &file::Table,
        keys: &[&str],
        equations: &[Equation],
    ) -> Result<Vec<String>> {
        let owned = |at: usize| keys[at].to_owned();
        match &table.steady {
            None => Ok(sums(equations).map(owned).collect()),
            Some(names) if names.iter().any(|name| name.get_ref() == ALL) => {
                Ok((0..keys.len()).map(owned).collect())
            }
            Some(names) => {
                names.iter().map(|name| self.find(name, keys, "column").map(owned)).collect()
            }
        }
    }
}

/// What the form prints over a row: the label of its group, or of the row that it is a part of. A group is known by the key,
/// whose last dot stands behind it; a row may also be named as a part of another (`refused` of `answers.refused`).
fn group<'t>(table: &'t file::Table, key: &str) -> &'t str {
    let Some((within, _)) = key.rsplit_once('.') else { return "" };
    if let Some(group) = table.group.iter().find(|group| group.key.get_ref() == within) {
        return &group.label;
    }
    let part = format!(".{within}");
    let own = table.row.iter().find(|row| row.key.get_ref() == within);
    let own = own.or_else(|| table.row.iter().find(|row| row.key.get_ref().ends_with(&part)));
    let labels = own.and_then(|row| row.labels.as_ref());
    labels.and_then(|labels| labels.get_ref().first()).map_or("", String::as_str)
}

/// The columns that are the sums of rows.
fn sums(equations: &[Equation]) -> impl Iterator<Item = usize> {
    let of_rows = equations.iter().filter(|equation| equation.each == Each::Row);
    of_rows.filter_map(|equation| match equation.terms[equation.left..] {
        [(_, sum)] => Some(sum),
        _ => None,
    })
}

/// Labels with every year in place of `{year}`, behind the label as written, which is how the column is called.
fn years(labels: &[String]) -> Vec<String> {
    let one = |label: &String| {
        let mut all = vec![label.clone()];
        if label.contains(YEAR) {
            all.extend(YEARS.map(|year| label.replace(YEAR, &year.to_string())));
        }
        all
    };
    labels.iter().flat_map(one).collect()
}
