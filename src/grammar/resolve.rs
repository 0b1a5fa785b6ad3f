//! A grammar file as written → a [`Grammar`]: names resolved, equations parsed, mistakes found.

use super::equation::{self, Term};
use super::matcher::{letters, split_ordinal};
use super::{Column, Each, Equation, Grammar, Matcher, Row, Section, Table, file};
use crate::error::{Error, Result};
use crate::source::Source;
use std::ops::Range;
use std::path::Path;
use toml::Spanned;

/// Reads the text of a grammar file; `path` is only named in errors.
pub fn grammar(path: &Path, text: &str) -> Result<Grammar> {
    let file: file::File = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        Error::grammar(path, text, at, error.message().trim(), hint_for(error.message()))
    })?;
    Resolver { path, text }.grammar(file)
}

fn hint_for(message: &str) -> Option<String> {
    message
        .contains("unknown field")
        .then(|| "grammars/README.md lists every key a grammar file can have".to_owned())
}

struct Resolver<'g> {
    path: &'g Path,
    text: &'g str,
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
        let section_keys: Vec<&str> = sections.iter().map(|s| s.key.as_str()).collect();
        let mut tables = Vec::with_capacity(file.table.len());
        for table in &file.table {
            if let Some(section) = &table.get_ref().section {
                self.find(section, &section_keys, "section")?;
            }
            tables.push(self.table(table, None)?);
        }
        let mut frames: Vec<&[String]> =
            file.table.iter().map(|t| t.get_ref().frame.as_slice()).collect();
        // rows that stand instead of others make a second version of their table
        for (at, table) in file.table.iter().enumerate() {
            if table.get_ref().row.iter().any(|row| !row.instead_of.is_empty()) {
                tables.push(self.table(table, Some(at))?);
                frames.push(table.get_ref().frame.as_slice());
            }
        }
        let titles: Vec<String> =
            file.titles.iter().flat_map(|title| super::spellings(title)).collect();
        let matcher = Matcher::new(&titles, &sections, &tables, &frames)
            .map_err(|message| self.error(&(0..0), message, None))?;
        Ok(Grammar {
            id: file.id.into_inner(),
            hash: Source::new("", self.text).sha256(),
            title: file.title,
            titles,
            words: file.select.words.into_inner(),
            against: file.select.against,
            sections,
            tables,
            matcher,
        })
    }

    /// A table of the form, or its version with the rows that stand instead of others.
    fn table(&self, table: &Spanned<file::Table>, variant_of: Option<usize>) -> Result<Table> {
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
            self.labels(&column.labels)?;
            columns.push(Column {
                key: column.key.get_ref().clone(),
                labels: column.labels.get_ref().clone(),
                unit: column.unit.clone(),
                signed: column.signed,
                unit_stated: column.unit_stated,
            });
        }
        let column_keys: Vec<&str> = columns.iter().map(|c| c.key.as_str()).collect();
        let all_keys: Vec<&str> = table.row.iter().map(|r| r.key.get_ref().as_str()).collect();
        let mut replaced = Vec::new();
        for name in table.row.iter().flat_map(|row| &row.instead_of) {
            replaced.push(self.find(name, &all_keys, "row")?);
        }
        let stands = |at: usize| match variant_of {
            None => table.row[at].instead_of.is_empty(),
            Some(_) => !replaced.contains(&at),
        };
        let mut rows = Vec::with_capacity(table.row.len());
        for (_, row) in table.row.iter().enumerate().filter(|(at, _)| stands(*at)) {
            self.key(&row.key)?;
            self.labels(&row.labels)?;
            let own = match &row.columns {
                None => (0..columns.len()).collect(),
                Some(names) => names
                    .iter()
                    .map(|name| self.find(name, &column_keys, "column"))
                    .collect::<Result<Vec<_>>>()?,
            };
            if own.is_empty() {
                return Err(self.error(&row.key.span(), "a row needs at least one column", None));
            }
            rows.push(Row {
                key: row.key.get_ref().clone(),
                labels: row.labels.get_ref().clone(),
                ordinal: row.labels.get_ref().first().and_then(|label| split_ordinal(label).0),
                columns: own,
                not_for: row
                    .not_for
                    .iter()
                    .map(|level| self.level(level))
                    .collect::<Result<_>>()?,
            });
        }
        let mut equations = Vec::with_capacity(table.equation.len());
        for equation in &table.equation {
            self.key(&equation.id)?;
            let names = if equation.each == Each::Row { &column_keys } else { &all_keys };
            let mut equation = self.equation(equation, names)?;
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
            let applies = match equation.each {
                Each::Row => {
                    rows.iter().any(|r| equation.terms.iter().all(|(_, c)| r.columns.contains(c)))
                }
                Each::Column => (0..columns.len())
                    .any(|c| equation.terms.iter().all(|&(_, r)| rows[r].columns.contains(&c))),
            };
            if !applies {
                let at = table.equation[equations.len()].text.span();
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
        Ok(Table {
            key: table.key.get_ref().clone(),
            variant_of,
            layout: table.layout,
            columns,
            rows,
            equations,
            coupled,
        })
    }

    fn equation(&self, written: &file::Equation, names: &[&str]) -> Result<Equation> {
        let text = written.text.get_ref();
        let start = written.text.span().start;
        let (left, right) = equation::parse(text).map_err(|(at, expected)| {
            let hint =
                "an equation looks like `a + b = total`, or `first .. last = total`".to_owned();
            let message =
                format!("equation: expected {expected} at `{}`", text.get(at..).unwrap_or(""));
            self.error(&(start..start), message, Some(hint))
        })?;
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
            text: text.clone(),
            rule: if written.rule.is_empty() { text.clone() } else { written.rule.clone() },
            terms,
            left: left_terms,
        })
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
