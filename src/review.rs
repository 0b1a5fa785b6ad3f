//! What of a conversion needs a person, the worst first: cells that are ambiguous or unreadable, sums that fail, breaks
//! between the years; each with its place in the source.
//!
//! What speaks for a candidate (the years beside it, what was carried over, the prose) is said as a hint and puts the
//! candidates into an order. It is never a value.

use crate::corrections::{Corrections, said};
use crate::error::Result;
use crate::grammar::matcher::split_ordinal;
use crate::grammar::{Grammar, GrammarSet};
use crate::number::Decimal;
use crate::panel::{Kind, Panel, Weight};
use crate::pipeline;
use crate::reading::{Cell, Status};
use crate::records::{Report, Verdict};
use crate::source::again;
use crate::span::Span;
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::path::Path;

/// Lines of the source that are shown before and after a cell, and letters of them at most.
const AROUND: (u32, usize) = (8, 600);

/// All that needs a person.
#[derive(Debug, Default, Serialize)]
pub struct Review {
    /// The documents that it is in.
    pub documents: Vec<Document>,
    /// What is to be looked at, the worst first.
    pub items: Vec<Item>,
    /// Documents that are not there any more, or are others now.
    pub absent: Vec<String>,
}

/// A document.
#[derive(Debug, Serialize)]
pub struct Document {
    /// Its name.
    pub source: String,
    /// The hash of its bytes.
    pub sha256: String,
    /// Its title.
    pub title: Option<String>,
    /// Who reports.
    pub issuer: Option<String>,
    /// On which year.
    pub year: Option<i32>,
}

/// One thing to look at.
#[derive(Debug, Serialize)]
pub struct Item {
    /// `ambiguous`, `unreadable`, `sum_fails`, or the name of a finding of the panel.
    pub kind: &'static str,
    /// What is wrong, in words.
    pub text: String,
    /// The cells that it is about.
    pub cells: Vec<Place>,
}

/// A cell and where it stands.
#[derive(Debug, Serialize)]
pub struct Place {
    /// The document, by its number.
    pub document: usize,
    /// `table.row.column`
    pub cell: String,
    /// Row and column in the form's words, and the unit.
    pub label: String,
    /// What the program says, as a correction names it.
    pub was: String,
    /// What counts: that, or what a person said before.
    pub said: String,
    /// Whether it has no value and needs one.
    pub open: bool,
    /// Line or page.
    pub at: String,
    /// What is printed before it, in it and after it.
    pub printed: [String; 3],
    /// What it may be, what more speaks for it first.
    pub candidates: Vec<Candidate>,
}

/// A value that remains possible.
#[derive(Debug, Serialize)]
pub struct Candidate {
    /// The value.
    pub value: String,
    /// What speaks for it.
    pub hints: Vec<String>,
}

/// Collects what needs a person in the output of a conversion.
///
/// # Errors
///
/// There is no table of reports in the folder.
pub fn collect(folder: &Path, grammars: &GrammarSet, corrections: &Corrections) -> Result<Review> {
    let panel = Panel::open(folder, grammars)?;
    let breaks: Vec<&crate::panel::Finding> = panel
        .findings
        .iter()
        .filter(|f| f.kind.weight() == Weight::Warning && f.kind != Kind::SumFails)
        .collect();
    let rows = wanted(&panel, &breaks);
    let names: Vec<String> = rows.iter().map(|row| field(&panel, *row, "source")).collect();
    let years = years(&panel);
    let mut review = Review::default();
    // for each document, how bad it is, and its items; and the places of cells that breaks name
    let mut own: Vec<(usize, Vec<Item>)> = Vec::new();
    let mut places: FxHashMap<(usize, usize), Place> = FxHashMap::default();
    let mut is_there = vec![false; rows.len()];
    again::each(&names, |nth, source| {
        let row = rows[nth];
        let mut report = pipeline::read(&source, grammars, None);
        if report.source.sha256 != field(&panel, row, "sha256") {
            return;
        }
        is_there[nth] = true;
        corrections.apply(&mut report);
        let Some(grammar) = report.form.as_deref() else { return };
        let document = review.documents.len();
        review.documents.push(Document {
            source: report.source.name.clone(),
            sha256: report.source.sha256.clone(),
            title: report.title.clone(),
            issuer: report.issuer.name.clone(),
            year: report.year,
        });
        let reader =
            Reader { panel: &panel, years: &years, row, document, report: &report, grammar };
        let items = reader.items();
        let bad =
            items.iter().map(|item| if item.kind == "sum_fails" { 3 } else { item.cells.len() });
        own.push((bad.sum(), items));
        for cell in breaks.iter().flat_map(|f| [f.left, f.right]).filter(|cell| cell.row == row) {
            if let Some(place) = reader.named(&panel.cell_name(cell.cell)) {
                places.insert((cell.row, cell.cell), place);
            }
        }
    });
    review.absent =
        names.into_iter().zip(is_there).filter(|(_, there)| !there).map(|(n, _)| n).collect();
    own.sort_by_key(|(bad, _)| std::cmp::Reverse(*bad));
    review.items = own.into_iter().flat_map(|(_, items)| items).collect();
    for found in breaks {
        let sides = [found.left, found.right].map(|cell| places.remove(&(cell.row, cell.cell)));
        let cells: Vec<Place> = sides.into_iter().flatten().collect();
        if !cells.is_empty() {
            let text = format!("{} {}", found.kind.meaning(), found.detail);
            review.items.push(Item { kind: found.kind.name(), text, cells });
        }
    }
    Ok(review)
}

fn field(panel: &Panel, row: usize, name: &str) -> String {
    let column = panel.wide.column(name);
    column.and_then(|at| panel.wide.fields(row).nth(at)).unwrap_or_default().into_owned()
}

/// The reports that have something to look at; of one that is there twice the first.
fn wanted(panel: &Panel, breaks: &[&crate::panel::Finding]) -> Vec<usize> {
    let of_breaks: std::collections::BTreeSet<usize> =
        breaks.iter().flat_map(|f| [f.left.row, f.right.row]).collect();
    let is_open = |row: &usize| {
        let counts =
            ["ambiguous", "unreadable", "checks_failed"].map(|name| field(panel, *row, name));
        counts.iter().any(|count| !matches!(count.as_str(), "" | "0"))
    };
    let is_wanted = |row: &usize| of_breaks.contains(row) || is_open(row);
    let is_first = |row: &usize| field(panel, *row, "duplicate_of").is_empty();
    (0..panel.wide.count()).filter(is_wanted).filter(is_first).collect()
}

/// For each report, those of the same body for the year before and the year after.
fn years(panel: &Panel) -> FxHashMap<usize, [Option<usize>; 2]> {
    let mut all = FxHashMap::default();
    for body in &panel.bodies {
        for entry in &body.entries {
            let beside = [entry.year - 1, entry.year + 1];
            let beside = beside.map(|year| body.entry(year).map(|entry| entry.row));
            for row in std::iter::once(entry.row).chain(entry.others.iter().copied()) {
                all.insert(row, beside);
            }
        }
    }
    all
}

/// One document being looked through.
struct Reader<'r> {
    panel: &'r Panel,
    years: &'r FxHashMap<usize, [Option<usize>; 2]>,
    row: usize,
    document: usize,
    report: &'r Report<'r>,
    grammar: &'r Grammar,
}

impl Reader<'_> {
    fn items(&self) -> Vec<Item> {
        let mut items = Vec::new();
        for check in self.report.checks.iter().filter(|check| check.verdict == Verdict::Fails) {
            let side =
                |value: Option<Decimal>| value.map_or("?".to_owned(), |value| value.to_string());
            let rule = &self.grammar.tables[check.table].equations[check.equation].rule;
            let text = format!("{} ≠ {}: {rule}", side(check.left), side(check.right));
            let cells = check.cells(self.grammar);
            let cells = cells.iter().filter_map(|name| self.named(name)).collect();
            items.push(Item { kind: "sum_fails", text, cells });
        }
        for status in [Status::Unreadable, Status::Ambiguous] {
            for record in &self.report.tables {
                let table = &self.grammar.tables[record.table];
                for (row, first) in table.first_cells().enumerate() {
                    let cells: Vec<Place> = (0..table.rows[row].columns.len())
                        .filter(|nth| record.cells[first + nth].status() == status)
                        .map(|nth| self.place(record.table, row, nth, &record.cells[first + nth]))
                        .collect();
                    if !cells.is_empty() {
                        let text = table.rows[row].name();
                        items.push(Item { kind: status.name(), text, cells });
                    }
                }
            }
        }
        items
    }

    /// The cell of this name.
    fn named(&self, name: &str) -> Option<Place> {
        self.report.tables.iter().find_map(|record| {
            let table = &self.grammar.tables[record.table];
            table.first_cells().enumerate().find_map(|(row, first)| {
                let columns = &table.rows[row].columns;
                let nth = columns.iter().position(|c| table.cell_name(row, *c) == name)?;
                Some(self.place(record.table, row, nth, &record.cells[first + nth]))
            })
        })
    }

    /// A cell as the program read it, where a person corrected it.
    fn as_read(&self, table: usize, row: usize, nth: usize) -> Option<&Cell> {
        let at = self.grammar.tables[table].first_cells().nth(row)? + nth;
        let mut reviews = self.report.reviews.iter();
        let is_of = |r: &&crate::records::Review| {
            r.cell == at && self.report.tables[r.table].table == table
        };
        reviews.find(is_of).map(|review| &review.was)
    }

    fn place(&self, table: usize, row: usize, nth: usize, cell: &Cell) -> Place {
        let own = self.as_read(table, row, nth).unwrap_or(cell);
        let table = &self.grammar.tables[table];
        let name = table.cell_name(row, table.rows[row].columns[nth]);
        let is_there = !matches!(cell.status(), Status::Missing) && cell.span() != Span::default();
        let at = match self.report.page(cell.span()) {
            _ if !is_there => String::new(),
            Some(page) => format!("page {page}"),
            None => format!("line {}", self.report.line(cell.span())),
        };
        Place {
            document: self.document,
            label: table.label(row, table.rows[row].columns[nth]),
            was: said(own),
            said: said(cell),
            open: matches!(cell.status(), Status::Ambiguous | Status::Unreadable),
            at,
            printed: if is_there { self.printed(cell.span()) } else { Default::default() },
            candidates: self.candidates(&name, own),
            cell: name,
        }
    }

    /// The text around a place.
    fn printed(&self, span: Span) -> [String; 3] {
        let (text, lines) = (&self.report.text, &self.report.lines);
        let (around, most) = AROUND;
        let first = lines.span(lines.line_at(span.start).saturating_sub(around).max(1)).start;
        let last = lines.span(lines.line_at(span.end) + around).end.max(span.end);
        let before = &text[first.min(span.start) as usize..span.start as usize];
        let after = &text[span.end as usize..last as usize];
        let skipped = before.chars().count().saturating_sub(most);
        let before = before.chars().skip(skipped).collect();
        [before, span.of(text).to_owned(), after.chars().take(most).collect()]
    }

    /// What a cell may be, and what speaks for it.
    fn candidates(&self, name: &str, cell: &Cell) -> Vec<Candidate> {
        let mut all: Vec<(usize, Candidate)> = cell
            .candidates()
            .iter()
            .map(|value| {
                let hints = self.hints(name, *value);
                (
                    hints.iter().map(|(weight, _)| weight).sum(),
                    Candidate {
                        value: value.to_string(),
                        hints: hints.into_iter().map(|(_, hint)| hint).collect(),
                    },
                )
            })
            .collect();
        all.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        all.into_iter().map(|(_, candidate)| candidate).collect()
    }

    fn hints(&self, name: &str, value: Decimal) -> Vec<(usize, String)> {
        const CARRIED: usize = 4;
        const PROSE: usize = 2;
        const BESIDE: usize = 1;
        let mut hints = Vec::new();
        let [before, after] = self.years.get(&self.row).copied().unwrap_or_default();
        let of = |row: Option<usize>, name: &str| {
            let cell = self.panel.wide.cell(&name.replace('.', "__"))?;
            self.panel.wide.values(row?).get(cell).copied().flatten()
        };
        for (row, own, other, words) in [
            (before, ".carried_in.", ".carried_out.", "carried out of the year before"),
            (after, ".carried_out.", ".carried_in.", "carried into the year after"),
        ] {
            if name.contains(own) && of(row, &name.replace(own, other)) == Some(value) {
                hints.push((CARRIED, words.to_owned()));
            }
        }
        if let Some(clause) = self.prose(name, value) {
            hints.push((PROSE, format!("the text says …{clause}…")));
        }
        for (row, words) in [(before, "the year before"), (after, "the year after")] {
            if let Some(other) = of(row, name) {
                let weight = if other == value { BESIDE } else { 0 };
                hints.push((weight, format!("{words}: {other}")));
            }
        }
        hints
    }

    /// Whether a sentence names the row of a cell: most of a short label, or four letters of a long one.
    fn names_row(&self, name: &str, sentence: &str) -> bool {
        const ENOUGH: usize = 4;
        let is_own = |table: &str, row: &str| {
            name.strip_prefix(table)
                .and_then(|rest| rest.strip_prefix('.')?.strip_prefix(row))
                .is_some_and(|rest| rest.starts_with('.') && !rest[1..].contains('.'))
        };
        let tables = self.grammar.tables.iter();
        let rows = tables.flat_map(|table| table.rows.iter().map(move |row| (table, row)));
        let own = rows.filter(|(table, row)| is_own(&table.key, &row.key));
        own.flat_map(|(_, row)| &row.labels).any(|label| {
            let letters: Vec<char> = split_ordinal(label).1.chars().collect();
            let mut parts = letters.windows(ENOUGH.min(letters.len()).max(1));
            parts.any(|part| sentence.contains(&part.iter().collect::<String>()))
        })
    }

    /// Where the prose has this number and names the cell's row; one of a single digit says nothing.
    fn prose(&self, name: &str, value: Decimal) -> Option<String> {
        const LETTERS: usize = 12;
        let digits = value.to_string();
        if digits.len() < 2 {
            return None;
        }
        let sections = self.report.sections.iter().flat_map(|section| &section.paragraphs);
        let paragraphs = sections.chain(&self.report.preamble);
        let sentences = paragraphs.flat_map(|text| text.split(['。', '；', '\n']));
        sentences.filter(|sentence| self.names_row(name, sentence)).find_map(|text| {
            let is_end = |c: Option<char>| !c.is_some_and(|c| c.is_ascii_digit() || c == '.');
            let (at, _) = text.match_indices(&digits).find(|(at, _)| {
                is_end(text[..*at].chars().next_back())
                    && is_end(text[at + digits.len()..].chars().next())
            })?;
            let before: Vec<char> = text[..at].chars().rev().take(LETTERS).collect();
            let after: String = text[at..].chars().take(LETTERS + digits.len()).collect();
            Some(before.into_iter().rev().collect::<String>() + &after)
        })
    }
}
