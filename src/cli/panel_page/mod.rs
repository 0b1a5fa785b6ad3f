//! `panel.html`: coverage, findings and series of a panel on one page for a browser, and pages of the documents in question.
//!
//! The page needs nothing else and no network. What reports say reaches it as data, which its script shows as text; its
//! content security policy allows that one script and its style sheet.

use super::page::{self, with_script};
use crate::corrections::Corrections;
use crate::grammar::GrammarSet;
use crate::lang::Lang;
use crate::panel::{Kind, PAGE, PAGES, Panel, State, Weight};
use crate::pipeline;
use crate::places::{LATEST, places};
use crate::records::issuer;
use crate::sinks::schema;
use crate::source::again;
use anyhow::Context;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::Path;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
const BODY: &str = include_str!("page.html");

/// Most findings on the page; all of them are in the table.
const MOST_FINDINGS: usize = 50_000;

/// Writes the page, and a page for each of at most `most` documents that findings are about.
pub(super) fn write(
    panel: &Panel,
    out: &Path,
    (grammars, corrections): (&GrammarSet, &Corrections),
    most: usize,
    lang: Lang,
) -> anyhow::Result<()> {
    let shown = shown(panel);
    let pages = pages(panel, &shown, out, (grammars, corrections, lang), most)?;
    let data = data(panel, &shown, &pages, grammars, lang);
    let summary = escaped(panel.summary(lang).lines().next().unwrap_or_default());
    let html = with_script(&lang.page(BODY).replace("{summary}", &summary), STYLE, SCRIPT, &data)?;
    let path = out.join(PAGE);
    std::fs::write(&path, html).with_context(|| path.display().to_string())?;
    Ok(())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// The findings that the page has: warnings before notes, where there are too many.
fn shown(panel: &Panel) -> Vec<usize> {
    let mut shown: Vec<usize> = (0..panel.findings.len()).collect();
    if shown.len() > MOST_FINDINGS {
        shown.sort_by_key(|at| (panel.findings[*at].kind.weight(), *at));
        shown.truncate(MOST_FINDINGS);
        shown.sort_unstable();
    }
    shown
}

/// For each row that has a page, the place of each cell in question on it.
type Pages = FxHashMap<usize, Map<String, Value>>;

/// Reads the documents again that findings are about, and writes them as `explain` shows them.
fn pages(
    panel: &Panel,
    shown: &[usize],
    out: &Path,
    (grammars, corrections, lang): (&GrammarSet, &Corrections, Lang),
    most: usize,
) -> anyhow::Result<Pages> {
    let mut wanted: Vec<(usize, Vec<usize>)> = Vec::new();
    let mut at: FxHashMap<usize, usize> = FxHashMap::default();
    for finding in shown.iter().map(|at| &panel.findings[*at]) {
        for cell in [finding.left, finding.right] {
            let place = *at.entry(cell.row).or_insert_with(|| {
                wanted.push((cell.row, Vec::new()));
                wanted.len() - 1
            });
            wanted[place].1.push(cell.cell);
        }
    }
    let folder = out.join(PAGES);
    let source = panel.wide.column("source").unwrap_or_default();
    let mut pages = Pages::default();
    wanted.truncate(most);
    let name = |(row, _): &(usize, _)| panel.wide.fields(*row).nth(source).unwrap_or_default();
    let names: Vec<String> = wanted.iter().map(|wanted| name(wanted).into_owned()).collect();
    let mut written = Ok(());
    again::each(&names, |nth, document| {
        let (row, cells) = &wanted[nth];
        let mut report = pipeline::read(&document, grammars, None);
        corrections.apply(&mut report);
        let path = folder.join(format!("{row}.html"));
        let write = || {
            std::fs::create_dir_all(&folder)?;
            std::fs::write(&path, page::page(&report, lang))
        };
        if let Err(error) = write() {
            written = Err(error).with_context(|| path.display().to_string());
        }
        let mut anchors = Map::new();
        for cell in cells {
            let name = panel.cell_name(*cell);
            if let Some(anchor) = page::anchor(&report, &name) {
                anchors.insert(name, json!(anchor));
            }
        }
        pages.insert(*row, anchors);
    });
    written?;
    Ok(pages)
}

fn data(panel: &Panel, shown: &[usize], pages: &Pages, grammars: &GrammarSet, lang: Lang) -> Value {
    let (first, last) = panel.years;
    let bodies: Vec<Value> = panel
        .bodies
        .iter()
        .map(|body| {
            let code = body.code_now.map(|code| format!("{code:06}")).unwrap_or_default();
            let province = body.code_now.and_then(|code| places().province(code, LATEST));
            let states: String = (first..=last).map(|year| letter(body.state(year))).collect();
            let province = province.map_or("", |row| row.name);
            json!([code, body.name, body.place, body.kind, body.scope, states, province])
        })
        .collect();
    let series: Vec<Vec<Option<i64>>> = panel
        .bodies
        .iter()
        .map(|body| {
            let none = vec![None; panel.series.len()];
            let of =
                |year| body.entry(year).map_or_else(|| none.clone(), |entry| entry.series.clone());
            (first..=last).flat_map(of).collect()
        })
        .collect();
    let mut cells = Numbers::default();
    let mut sources = Numbers::default();
    let mut rows: Vec<usize> = Vec::new();
    let source = panel.wide.column("source").unwrap_or_default();
    let mut findings: Vec<Value> = Vec::with_capacity(shown.len());
    for finding in shown.iter().map(|at| &panel.findings[*at]) {
        let value =
            |v: Option<crate::number::Decimal>| v.map_or("–".to_owned(), |v| v.to_string());
        let mut row = |row: usize| {
            let number = sources.number(row);
            if number == rows.len() {
                rows.push(row);
            }
            number
        };
        let (left, right) = (row(finding.left.row), row(finding.right.row));
        findings.push(json!([
            Kind::ALL.iter().position(|kind| *kind == finding.kind),
            finding.body,
            finding.year,
            cells.number(finding.left.cell),
            value(finding.left_value),
            left,
            cells.number(finding.right.cell),
            value(finding.right_value),
            right,
            lang.say(&finding.detail),
            finding.sums.as_ref().map(|s| json!([value(s.left), value(s.right), s.equation])),
        ]));
    }
    let sources: Vec<Value> = rows
        .iter()
        .map(|row| {
            let name = panel.wide.fields(*row).nth(source).unwrap_or_default();
            match pages.get(row) {
                Some(anchors) => json!([name, [row, anchors]]),
                None => json!([name]),
            }
        })
        .collect();
    let kinds: Vec<Value> = Kind::ALL
        .iter()
        .map(|kind| {
            let weight = if kind.weight() == Weight::Warning { "warning" } else { "note" };
            let name = lang.say(kind.name());
            json!([name, lang.say(kind.meaning()), weight])
        })
        .collect();
    let cells: Vec<String> = cells.keys.iter().map(|cell| panel.cell_name(*cell)).collect();
    let labels = if lang == Lang::En { Vec::new() } else { labels(&cells, grammars) };
    let shares: Vec<Value> = panel
        .shares
        .iter()
        .map(|share| {
            let name = places().province(share.province, LATEST).map_or("", |row| row.name);
            json!([name, share.level(), share.year, share.known, share.reports()])
        })
        .collect();
    let lines: Vec<String> = panel.series.iter().map(|cell| line(cell, grammars, lang)).collect();
    json!({
        "shares": shares, "years": [first, last], "bodies": bodies, "series": series, "findings": findings, "cells": cells,
        "labels": labels, "sources": sources, "kinds": kinds, "lines": lines,
        "words": words(lang),
    })
}

/// What a line is called: the row of its cell.
fn line(cell: &str, grammars: &GrammarSet, lang: Lang) -> String {
    let row = cell.split_once('.').and_then(|(_, rest)| rest.rsplit_once('.'));
    let row = row.map_or(cell, |(row, _)| row).replace(['_', '.'], " ");
    let said = lang.say(&row).into_owned();
    // a form that the program does not know speaks Chinese only
    if lang != Lang::En && said == row {
        labels(&[cell.to_owned()], grammars).remove(0)
    } else {
        said
    }
}

/// What cells are called in the words of the forms; one that no form has keeps its name.
fn labels(cells: &[String], grammars: &GrammarSet) -> Vec<String> {
    let mut known: FxHashMap<String, String> = FxHashMap::default();
    for table in grammars.all().iter().flat_map(|grammar| &grammar.tables) {
        for (row, column) in schema::cells(table) {
            known.entry(table.cell_name(row, column)).or_insert_with(|| table.label(row, column));
        }
    }
    cells.iter().map(|cell| known.get(cell).unwrap_or(cell).clone()).collect()
}

/// The words of the page: those of its script, and names that the data have.
fn words(lang: Lang) -> BTreeMap<String, String> {
    let mut words = lang.of_script(SCRIPT);
    if lang != Lang::En {
        let kinds = issuer::Kind::ALL.into_iter().map(issuer::Kind::name);
        let names = State::ALL.into_iter().map(State::name).chain(kinds).chain(["body", "region"]);
        words.extend(names.map(|name| (name.to_owned(), lang.say(name).into_owned())));
    }
    words
}

const fn letter(state: State) -> char {
    match state {
        State::Good => 'p',
        State::Failing => 'f',
        State::Partial => 'a',
        State::Scanned => 's',
        State::Unsupported => 'u',
        State::NoTables => 'n',
        State::Failed => 'e',
        State::Missing => 'm',
    }
}

/// Keys in the order of their first use.
#[derive(Default)]
struct Numbers {
    keys: Vec<usize>,
    known: FxHashMap<usize, usize>,
}

impl Numbers {
    fn number(&mut self, key: usize) -> usize {
        *self.known.entry(key).or_insert_with(|| {
            self.keys.push(key);
            self.keys.len() - 1
        })
    }
}
