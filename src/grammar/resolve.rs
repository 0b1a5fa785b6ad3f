//! A grammar file as written → a [`Grammar`]: names resolved, equations parsed, mistakes found.

use super::equation::{self, Sides, Term};
use super::matcher::{letters, split_ordinal};
use super::{
    ANY_ROW, Between, Column, Each, Equation, Grammar, Matcher, Row, Section, Table, View, between,
    file,
};
use crate::error::{Error, Result};
use crate::source::Source;
use crate::words::spellings;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use toml::Spanned;

/// Reads the text of a grammar file, which may be like one of the known ones; `path` is only named in errors.
pub fn grammar(path: &Path, text: &str, known: &[Grammar]) -> Result<Grammar> {
    let file: file::File = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        Error::grammar(path, text, at, error.message().trim(), hint_for(error.message()))
    })?;
    Resolver { path, text, known }.grammar(file)
}

fn hint_for(message: &str) -> Option<String> {
    message
        .contains("unknown field")
        .then(|| "grammars/README.md lists every key a grammar file can have".to_owned())
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

/// What stands for all columns.
const ALL: &str = "*";

/// The columns that are the sums of rows.
fn sums(equations: &[Equation]) -> impl Iterator<Item = usize> {
    let of_rows = equations.iter().filter(|equation| equation.each == Each::Row);
    of_rows.filter_map(|equation| match equation.terms[equation.left..] {
        [(_, sum)] => Some(sum),
        _ => None,
    })
}

/// What stands for a year in a header.
const YEAR: &str = "{year}";

struct Resolver<'g> {
    path: &'g Path,
    text: &'g str,
    known: &'g [Grammar],
}

impl Resolver<'_> {
    fn error(&self, at: &Range<usize>, message: impl Into<String>, hint: Option<String>) -> Error {
        Error::grammar(self.path, self.text, at.start, message, hint)
    }

    fn grammar(&self, file: file::File) -> Result<Grammar> {
        self.key(&file.id)?;
        if file.select.words.get_ref().is_empty() {
            let hint = "name words of the tables' headers that no other form has".to_owned();
            return Err(self.error(
                &file.select.words.span(),
                "no words to claim a document by",
                Some(hint),
            ));
        }
        self.unique(file.table.iter().map(|t| &t.get_ref().key), "table")?;
        self.unique(file.section.iter().map(|s| &s.key), "section")?;
        let table_keys: Vec<&str> =
            file.table.iter().map(|t| t.get_ref().key.get_ref().as_str()).collect();
        let mut sections = Vec::with_capacity(file.section.len());
        for section in &file.section {
            self.key(&section.key)?;
            let table = match &section.table {
                Some(name) => Some(self.find(name, &table_keys, "table")?),
                None => None,
            };
            self.labels(&section.titles)?;
            sections.push(Section {
                key: section.key.get_ref().clone(),
                ordinal: section.ordinal.clone(),
                titles: section.titles.get_ref().clone(),
                keys: section.keys.iter().map(|key| letters(key)).collect(),
                optional: section.optional,
                table,
            });
        }
        let like = match &file.like {
            None => None,
            Some(id) => {
                let ids: Vec<&str> = self.known.iter().map(|known| known.id.as_str()).collect();
                Some(&self.known[self.find(id, &ids, "form")?])
            }
        };
        // reports of another form have the same sections, but none need be there, and no table stands in them
        for section in like.into_iter().flat_map(|like| &like.sections) {
            if sections.iter().all(|own| own.key != section.key) {
                sections.push(Section { optional: true, table: None, ..section.clone() });
            }
        }
        let section_keys: Vec<&str> = sections.iter().map(|s| s.key.as_str()).collect();
        let mut tables = Vec::with_capacity(file.table.len());
        for table in &file.table {
            if let Some(section) = &table.get_ref().section {
                self.find(section, &section_keys, "section")?;
            }
            tables.push(self.table(table, None, (false, false))?);
        }
        let mut frames: Vec<&[String]> =
            file.table.iter().map(|t| t.get_ref().frame.as_slice()).collect();
        // rows that stand instead of others make another version of their table, and so do columns
        for (at, table) in file.table.iter().enumerate() {
            let own = table.get_ref();
            let rows = own.row.iter().any(|row| !row.instead_of.is_empty());
            let columns = own.column.iter().any(|column| !column.instead_of.is_empty());
            let versions = [(true, false), (false, true), (true, true)];
            for others in versions.into_iter().filter(|v| (rows || !v.0) && (columns || !v.1)) {
                tables.push(self.table(table, Some(at), others)?);
                frames.push(own.frame.as_slice());
            }
        }
        let mut titles: Vec<String> =
            file.titles.iter().flat_map(|title| spellings(title)).collect();
        titles.extend(like.into_iter().flat_map(|like| like.titles.iter().cloned()));
        let cells: Vec<String> = tables.iter().flat_map(Table::cell_names).collect();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        let mut series = Vec::with_capacity(file.series.len());
        for cell in &file.series {
            series.push(cells[self.find(cell, &cells, "cell")?].to_owned());
        }
        let views = file.view.iter().map(|view| self.view(view, &cells)).collect::<Result<_>>()?;
        let matcher = Matcher::new(&titles, &sections, &tables, &frames)
            .map_err(|message| self.error(&(0..0), message, None))?;
        Ok(Grammar {
            id: file.id.into_inner(),
            hash: Source::new("", self.text).sha256(),
            title: file.title,
            titles,
            words: file.select.words.into_inner(),
            against: file.select.against,
            unless: file.select.unless,
            needed: file.select.needed,
            sections,
            tables,
            series,
            views,
            matcher: Arc::new(matcher),
        })
    }

    /// A table of the form, or its version with the rows, the columns, or both that stand instead of others.
    fn table(
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
        if table.column.is_empty() || table.row.is_empty() {
            return Err(self.error(&at, "a table needs at least one column and one row", None));
        }
        let mut columns = Vec::with_capacity(table.column.len());
        for column in &table.column {
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
            columns.push(Column {
                key: column.key.get_ref().clone(),
                labels,
                unit: column.unit.clone(),
                under: column.under.clone(),
                signed: column.signed,
                unit_stated: column.unit_stated,
                of: column.of.iter().map(|key| key.get_ref().clone()).collect(),
                unit_required: column.unit_required,
                groups: column.groups.iter().map(|group| letters(group)).collect(),
            });
        }
        self.unique(table.group.iter().map(|g| &g.key), "group")?;
        for own in &table.group {
            let begins = format!("{}.", own.key.get_ref());
            if !table.row.iter().any(|row| row.key.get_ref().starts_with(&begins)) {
                let message = format!("no row's key begins with `{begins}`");
                return Err(self.error(&own.key.span(), message, None));
            }
        }
        let column_keys: Vec<&str> = columns.iter().map(|c| c.key.as_str()).collect();
        for name in table.column.iter().flat_map(|column| &column.of) {
            self.find(name, &column_keys, "column")?;
        }
        let all_keys: Vec<&str> = table.row.iter().map(|r| r.key.get_ref().as_str()).collect();
        let mut replaced = Vec::new();
        for name in table.row.iter().flat_map(|row| &row.instead_of) {
            replaced.push(self.find(name, &all_keys, "row")?);
        }
        let stands = |at: usize| {
            if other_rows { !replaced.contains(&at) } else { table.row[at].instead_of.is_empty() }
        };
        let mut replaced_columns = Vec::new();
        for name in table.column.iter().flat_map(|column| &column.instead_of) {
            replaced_columns.push(self.find(name, &column_keys, "column")?);
        }
        let column_stands = |at: &usize| {
            if other_columns {
                !replaced_columns.contains(at)
            } else {
                table.column[*at].instead_of.is_empty()
            }
        };
        let mut rows = Vec::with_capacity(table.row.len());
        for (_, row) in table.row.iter().enumerate().filter(|(at, _)| stands(*at)) {
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
                    .map(|name| self.find(name, &column_keys, "column"))
                    .collect::<Result<Vec<_>>>()?,
            };
            own.retain(column_stands);
            if own.is_empty() {
                return Err(self.error(&row.key.span(), "a row needs at least one column", None));
            }
            rows.push(Row {
                key: row.key.get_ref().clone(),
                group: group(table, row.key.get_ref()).to_owned(),
                ordinal: labels.first().and_then(|label| split_ordinal(label).0),
                labels,
                unit: row.unit.clone(),
                codes: row.codes.clone(),
                columns: own,
                under: row.under.clone(),
                not_for: row
                    .not_for
                    .iter()
                    .map(|level| self.level(level))
                    .collect::<Result<_>>()?,
            });
        }
        let mut equations = Vec::with_capacity(table.equation.len());
        for written in &table.equation {
            self.key(&written.id)?;
            let names = if written.each == Each::Row { &column_keys } else { &all_keys };
            let mut equation = self.equation(written, names)?;
            if equation.each == Each::Column {
                // named over all versions of the table; those rows that stand in this one remain
                let left =
                    equation.terms[..equation.left].iter().filter(|(_, row)| stands(*row)).count();
                equation.terms.retain(|(_, row)| stands(*row));
                equation.left = left;
                for (_, row) in &mut equation.terms {
                    *row = (0..*row).filter(|at| stands(*at)).count();
                }
            }
            if equation.each == Each::Row {
                let left = &equation.terms[..equation.left];
                let left = left.iter().filter(|(_, column)| column_stands(column)).count();
                equation.terms.retain(|(_, column)| column_stands(column));
                equation.left = left;
            }
            // an equation of the other version
            if equation.left == 0 || equation.left == equation.terms.len() {
                continue;
            }
            let applies = match equation.each {
                Each::Row => {
                    rows.iter().any(|r| equation.terms.iter().all(|(_, c)| r.columns.contains(c)))
                }
                Each::Column => (0..columns.len())
                    .any(|c| equation.terms.iter().all(|&(_, r)| rows[r].columns.contains(&c))),
            };
            if !applies {
                let at = written.text.span();
                let hint = "the rows named need the columns in common".to_owned();
                return Err(self.error(
                    &at,
                    "this equation applies to no cell of the table",
                    Some(hint),
                ));
            }
            equations.push(equation);
        }
        let coupled = equations.iter().any(|e| e.each == Each::Column);
        self.unique(table.between.iter().map(|b| &b.id), "equation between years")?;
        let mut between = Vec::with_capacity(table.between.len());
        for written in &table.between {
            self.key(&written.id)?;
            let names = if written.each == Each::Row { &column_keys } else { &all_keys };
            between.push(self.between(written, names)?);
        }
        let steady = match &table.steady {
            None => sums(&equations).map(|column| column_keys[column].to_owned()).collect(),
            Some(names) if names.iter().any(|name| name.get_ref() == ALL) => {
                column_keys.iter().map(|key| (*key).to_owned()).collect()
            }
            Some(names) => names
                .iter()
                .map(|name| {
                    self.find(name, &column_keys, "column").map(|at| column_keys[at].to_owned())
                })
                .collect::<Result<_>>()?,
        };
        Ok(Table {
            title: if table.title.is_empty() { table.key.get_ref() } else { &table.title }.clone(),
            key: table.key.get_ref().clone(),
            variant_of,
            layout: table.layout,
            printed: table.printed,
            optional: table.optional,
            unit_column: table.unit_column,
            least: table.least,
            columns,
            rows,
            equations,
            between,
            steady,
            coupled,
        })
    }

    fn sides<'t>(&self, written: &'t Spanned<String>) -> Result<Sides<'t>> {
        let text = written.get_ref();
        let start = written.span().start;
        equation::parse(text).map_err(|(at, expected)| {
            let hint =
                "an equation looks like `a + b = total`, or `first .. last = total`".to_owned();
            let message =
                format!("equation: expected {expected} at `{}`", text.get(at..).unwrap_or(""));
            self.error(&(start..start), message, Some(hint))
        })
    }

    fn equation(&self, written: &file::Equation, names: &[&str]) -> Result<Equation> {
        let text = written.text.get_ref();
        let (left, right) = self.sides(&written.text)?;
        let mut terms: Vec<(i8, usize)> = Vec::new();
        let mut left_terms = 0;
        for (side, sign) in [(left, 1i8), (right, -1i8)] {
            for term in side {
                for name in self.range(&term, names, &written.text.span())? {
                    if terms.iter().any(|&(_, other)| other == name) {
                        let message = format!("equation: `{}` stands in it twice", names[name]);
                        let hint =
                            "such an equation cannot hold for every consistent table".to_owned();
                        return Err(self.error(&written.text.span(), message, Some(hint)));
                    }
                    terms.push((sign * term.sign, name));
                    left_terms += usize::from(sign == 1);
                }
            }
        }
        Ok(Equation {
            id: written.id.get_ref().clone(),
            each: written.each,
            rule: if written.rule.is_empty() { text.clone() } else { written.rule.clone() },
            terms,
            left: left_terms,
        })
    }

    fn between(&self, written: &file::Equation, names: &[&str]) -> Result<Between> {
        let at = written.text.span();
        let side = |terms: Vec<Term<'_>>| -> Result<Vec<between::Term>> {
            let mut side = Vec::new();
            for term in terms {
                let own = term.first.strip_prefix(Between::LAST);
                let of_year = Term { first: own.unwrap_or(term.first), ..term };
                side.extend(self.range(&of_year, names, &at)?.map(|name| between::Term {
                    sign: term.sign,
                    is_last: own.is_some(),
                    key: names[name].to_owned(),
                }));
            }
            Ok(side)
        };
        let (left, right) = self.sides(&written.text)?;
        let (left, right) = (side(left)?, side(right)?);
        let last = left.iter().chain(&right).filter(|term| term.is_last).count();
        if last == 0 || last == left.len() + right.len() {
            let hint = "write `last.` before what is of the year before".to_owned();
            return Err(self.error(&at, "this equation is of one year only", Some(hint)));
        }
        Ok(Between {
            id: written.id.get_ref().clone(),
            each: written.each,
            rule: if written.rule.is_empty() { &**written.text.get_ref() } else { &written.rule }
                .to_owned(),
            left,
            right,
        })
    }

    fn view(&self, view: &file::View, cells: &[&str]) -> Result<View> {
        self.key(&view.name)?;
        let mut columns = Vec::with_capacity(view.columns.len());
        for written in &view.columns {
            let (name, sum) = self.sides(written)?;
            let [Term { first: name, last: None, sign: 1 }] = name[..] else {
                let hint = "a column looks like `name = table.row.column + …`".to_owned();
                return Err(self.error(&written.span(), "this column has no name", Some(hint)));
            };
            let mut terms = Vec::with_capacity(sum.len());
            for term in sum {
                let range = self.range(&term, cells, &written.span())?;
                terms.extend(range.map(|cell| (term.sign, cells[cell].to_owned())));
            }
            columns.push((name.to_owned(), terms));
        }
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let mut shares = Vec::with_capacity(view.shares.len());
        for share in &view.shares {
            self.key(&share.name)?;
            let part = self.find(&share.of, &names, "column")?;
            let whole = self.find(&share.whole, &names, "column")?;
            shares.push([share.name.get_ref(), names[part], names[whole]].map(str::to_owned));
        }
        Ok(View { name: view.name.get_ref().clone(), columns, shares })
    }

    fn range(&self, term: &Term<'_>, names: &[&str], at: &Range<usize>) -> Result<Range<usize>> {
        let find = |name: &str| {
            names.iter().position(|n| *n == name).ok_or_else(|| {
                self.error(at, format!("equation: unknown name `{name}`"), closest(name, names))
            })
        };
        let first = find(term.first)?;
        let last = term.last.map_or(Ok(first), find)?;
        if last < first {
            let message = format!("equation: `{}` stands after `{}`", term.first, names[last]);
            return Err(self.error(
                at,
                message,
                Some("a range goes in the order of the form".to_owned()),
            ));
        }
        Ok(first..last + 1)
    }

    fn find(&self, name: &Spanned<String>, known: &[&str], what: &str) -> Result<usize> {
        known.iter().position(|k| *k == name.get_ref()).ok_or_else(|| {
            self.error(
                &name.span(),
                format!("unknown {what} `{}`", name.get_ref()),
                closest(name.get_ref(), known),
            )
        })
    }

    /// A level of government, as named in records.
    fn level(&self, level: &Spanned<String>) -> Result<String> {
        const LEVELS: [&str; 5] = ["province", "prefecture", "county", "township", "department"];
        self.find(level, &LEVELS, "level").map(|at| LEVELS[at].to_owned())
    }

    fn key(&self, key: &Spanned<String>) -> Result<()> {
        let ok = !key.get_ref().is_empty()
            && key
                .get_ref()
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_.-".contains(&b));
        if ok {
            return Ok(());
        }
        let hint = "keys are lower-case ASCII words joined by `_`, with `.` for groups".to_owned();
        Err(self.error(&key.span(), format!("`{}` is no key", key.get_ref()), Some(hint)))
    }

    fn labels(&self, labels: &Spanned<Vec<String>>) -> Result<()> {
        if labels.get_ref().iter().any(|label| !label.trim().is_empty()) {
            return Ok(());
        }
        Err(self.error(&labels.span(), "no label to find it by", None))
    }

    fn unique<'k>(
        &self,
        keys: impl Iterator<Item = &'k Spanned<String>>,
        what: &str,
    ) -> Result<()> {
        let mut seen: Vec<&str> = Vec::new();
        for key in keys {
            if seen.contains(&key.get_ref().as_str()) {
                return Err(self.error(
                    &key.span(),
                    format!("a second {what} `{}`", key.get_ref()),
                    None,
                ));
            }
            seen.push(key.get_ref());
        }
        Ok(())
    }
}

/// The years that stand for `{year}` in a header: those of which reports can be.
const YEARS: Range<u32> = 2003..2041;

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

/// The known name that differs least, for hints.
fn closest(name: &str, known: &[&str]) -> Option<String> {
    known
        .iter()
        .map(|k| (distance(name, k), k))
        .min()
        .filter(|(d, k)| *d <= k.len() / 2)
        .map(|(_, k)| format!("did you mean `{k}`?"))
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let cost = if ca == *cb { diagonal } else { 1 + diagonal.min(row[j]).min(row[j + 1]) };
            diagonal = std::mem::replace(&mut row[j + 1], cost);
        }
    }
    row[b.len()]
}
