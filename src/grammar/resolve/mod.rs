//! A grammar file as written → a [`Grammar`]: names resolved, equations parsed, mistakes found.

mod equations;
mod tables;

use super::matcher::letters;
use super::{Grammar, Matcher, Section, Table, file};
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
        let like = match &file.like {
            None => None,
            Some(id) => {
                let ids: Vec<&str> = self.known.iter().map(|known| known.id.as_str()).collect();
                Some(&self.known[self.find(id, &ids, "form")?])
            }
        };
        let sections = self.sections(&file, like)?;
        let section_keys: Vec<&str> = sections.iter().map(|s| s.key.as_str()).collect();
        let mut tables = Vec::with_capacity(file.table.len());
        for table in &file.table {
            if let Some(section) = &table.get_ref().section {
                self.find(section, &section_keys, "section")?;
            }
            tables.push(self.table(table, None, (false, false))?);
        }
        // rows that stand instead of others make another version of their table, and so do columns
        for (at, table) in file.table.iter().enumerate() {
            let own = table.get_ref();
            let rows = own.row.iter().any(|row| !row.instead_of.is_empty());
            let columns = own.column.iter().any(|column| !column.instead_of.is_empty());
            let versions = [(true, false), (false, true), (true, true)];
            for others in versions.into_iter().filter(|v| (rows || !v.0) && (columns || !v.1)) {
                tables.push(self.table(table, Some(at), others)?);
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
        let matcher = Matcher::new(&titles, &sections, &tables)
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

    fn find(&self, name: &Spanned<String>, known: &[&str], what: &str) -> Result<usize> {
        known.iter().position(|k| *k == name.get_ref()).ok_or_else(|| {
            self.error(
                &name.span(),
                format!("unknown {what} `{}`", name.get_ref()),
                closest(name.get_ref(), known),
            )
        })
    }

    /// The sections of the form, and of the one that it is like.
    fn sections(&self, file: &file::File, like: Option<&Grammar>) -> Result<Vec<Section>> {
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
        // reports of another form have the same sections, but none need be there, and no table stands in them
        for section in like.into_iter().flat_map(|like| &like.sections) {
            if sections.iter().all(|own| own.key != section.key) {
                sections.push(Section { optional: true, table: None, ..section.clone() });
            }
        }
        Ok(sections)
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
