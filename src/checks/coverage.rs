//! What of the form is not in the document, and what of the document is not in the record.

use crate::document::blocks::{Link, LinkKind};
use crate::finding::{Code, Finding};
use crate::form::Doc;
use crate::grammar::Grammar;
use crate::reading::{Cell, Status};
use crate::records::{Report, TableRecord};
use crate::sections;
use crate::span::Span;
use crate::tables::Evidence;

/// The notice of that year was the first that gave everybody a form with tables.
const FIRST_FORM: i32 = 2019;
/// Most words that one finding lists.
const MOST: usize = 20;

/// Sections and tables of the form that the document does not have, a second report that was not read, and lines that could
/// be headings.
pub fn parts(doc: &Doc<'_>, report: &Report<'_>) -> Vec<Finding> {
    let mut findings = match doc.form() {
        Some(grammar) => missing(doc, grammar),
        None => vec![no_form(doc, report)],
    };
    findings.extend(spare_headings(doc));
    findings
}

fn missing(doc: &Doc<'_>, grammar: &Grammar) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (table, evidence) in &doc.found.tables {
        let table = &grammar.tables[*table];
        if evidence.is_none() && !table.optional {
            let message = format!("table `{}` of the form is not in the document", table.key);
            findings.push(Finding::new(Code::TableMissing, message));
        }
    }
    findings.extend(second_report(doc));
    let last = doc.outline.iter().map(|heading| heading.section).max().unwrap_or(0);
    for (at, section) in grammar.sections.iter().enumerate().take(last) {
        if !section.optional && doc.outline.iter().all(|heading| heading.section != at) {
            let message = format!(
                "no heading {}、{} (`{}`) was found",
                section.ordinal, section.titles[0], section.key
            );
            findings.push(Finding::new(Code::HeadingMissing, message));
        }
    }
    findings
}

/// Why a document has no form.
fn no_form(doc: &Doc<'_>, report: &Report<'_>) -> Finding {
    let sections = &doc.grammar().sections;
    let with_tables = doc.outline.iter().filter(|h| sections[h.section].table.is_some()).count();
    let elsewhere = elsewhere(&report.links);
    let has_form = report.year.is_none_or(|year| year >= FIRST_FORM);
    if has_form && with_tables > 1 {
        let instead = elsewhere.map_or("pictures or attachments".to_owned(), |(what, _)| what);
        let message = format!("the headings of the form are there, its tables are not: {instead}");
        Finding::new(Code::TablesMissing, message)
    } else if let Some((what, true)) = elsewhere {
        let message = format!("the report itself is not here, only {what}");
        Finding::new(Code::ReportElsewhere, message)
    } else {
        Finding::new(Code::NoForm, "no form of report was recognised")
    }
}

/// What a document links to or shows in place of text, in words, and whether there are documents among it.
fn elsewhere(links: &[Link]) -> Option<(String, bool)> {
    let kinds = [
        (LinkKind::Attachment, "linked document"),
        (LinkKind::Frame, "frame"),
        (LinkKind::Picture, "picture"),
    ];
    let counted: Vec<String> = kinds
        .iter()
        .map(|(kind, name)| (links.iter().filter(|link| link.kind == *kind).count(), name))
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{count} {name}{}", if count == 1 { "" } else { "s" }))
        .collect();
    let documents = links.iter().any(|link| link.kind != LinkKind::Picture);
    (!counted.is_empty()).then(|| (format!("{} (source.links)", counted.join(", ")), documents))
}

/// Tables that are there a second time.
fn second_report(doc: &Doc<'_>) -> Option<Finding> {
    let all = doc.evidence().filter_map(|own| Some((own.second?, own.rival)));
    let (second, is_rival) = all.min_by_key(|(second, _)| second.start)?;
    let message = if is_rival {
        "the same table stands here again with other words or numbers, and nothing says which is the report's: neither is given"
    } else {
        "the same tables begin again here: a second report, which was not read"
    };
    Some(Finding::new(Code::SecondReport, message).at(second))
}

/// Lines that could be headings and are none, in one finding.
fn spare_headings(doc: &Doc<'_>) -> Option<Finding> {
    let holes: Vec<Span> = doc.evidence().map(|evidence| evidence.span).collect();
    let spare = sections::spare(doc.text(), &doc.lines, &doc.outline, &holes);
    let first = spare.first()?;
    let words: Vec<&str> = spare
        .iter()
        .take(MOST)
        .map(|line| Span::new(line.ordinal.start, line.title.end).of(doc.text()))
        .collect();
    let message =
        format!("lines that could be headings are none of the outline: {}", words.join(" · "));
    Some(Finding::new(Code::HeadingUncertain, message).at(first.title))
}

/// A table from which equal lines were dropped before it came to us.
pub fn dropped_lines(doc: &Doc<'_>) -> Option<Finding> {
    let evidence = doc.evidence().find(|evidence| evidence.lines_dropped)?;
    let message = "no line of this table is there twice, not even `0`: equal lines were dropped from the text";
    Some(Finding::new(Code::EqualLinesDropped, message).at(evidence.span))
}

/// How many lines inside tables have letters that nothing claims.
pub fn unclaimed_lines(doc: &Doc<'_>) -> usize {
    let loose = doc.evidence().flat_map(|evidence| &evidence.loose);
    let mut lines: Vec<u32> = loose.map(|span| doc.skeleton.lines.line_at(span.start)).collect();
    lines.sort_unstable();
    lines.dedup();
    lines.len()
}

/// What of the tables nothing claims, and those that are printed without a value.
pub fn tables(doc: &Doc<'_>, grammar: &Grammar, records: &[TableRecord]) -> Vec<Finding> {
    let mut findings = unclaimed_text(doc, grammar);
    findings.extend(blank_tables(doc, grammar, records));
    findings
}

/// What the letters say that nothing claims, once for each table.
fn unclaimed_text(doc: &Doc<'_>, grammar: &Grammar) -> Vec<Finding> {
    let one = |(table, evidence): &(usize, Option<Evidence>)| {
        let loose = &evidence.as_ref()?.loose;
        let words: Vec<&str> = loose.iter().take(MOST).map(|span| span.of(doc.text())).collect();
        let message = format!(
            "text in table `{}` that is no label of it: {}",
            grammar.tables[*table].key,
            words.join(" · ")
        );
        Some(Finding::new(Code::UnclaimedText, message).at(*loose.first()?))
    };
    doc.found.tables.iter().filter_map(one).collect()
}

/// Tables that are printed without a single value.
fn blank_tables(doc: &Doc<'_>, grammar: &Grammar, records: &[TableRecord]) -> Vec<Finding> {
    let is_blank = |cells: &[Cell]| {
        cells.iter().all(|cell| matches!(cell.status(), Status::Blank | Status::Missing))
    };
    let one = |record: &TableRecord| {
        let (table, evidence) =
            doc.found.tables.iter().find(|(table, _)| *table == record.table)?;
        let span = evidence.as_ref()?.span;
        let message =
            format!("table `{}` is printed without a single value", grammar.tables[*table].key);
        is_blank(&record.cells).then(|| Finding::new(Code::TableBlank, message).at(span))
    };
    records.iter().filter_map(one).collect()
}
