//! The file to read first: one document from its bytes to its report, one call a stage.

use crate::checks::{self, coverage};
use crate::document;
use crate::form::{self, Doc};
use crate::grammar::{Grammar, GrammarSet, Hit};
use crate::guard;
use crate::lines::Skeleton;
use crate::proven;
use crate::records::issuer::{self, Head};
use crate::records::{Report, SourceInfo, prose, tables};
use crate::source::Source;
use std::time::Duration;

/// Reads one document, whatever it is: that the program failed on it, or had no more time for it, is a finding too.
pub fn read<'a>(
    source: &'a Source,
    grammars: &'a GrammarSet,
    most_time: Option<Duration>,
) -> Report<'a> {
    let read = guard::total(most_time, || parse(source, grammars));
    read.unwrap_or_else(|finding| Report::refused(source, finding))
}

/// The stages that [`read`] guards, top to bottom.
///
/// ```
/// # #[cfg(feature = "internals")] {
/// use nianbao::{grammar::GrammarSet, pipeline, source::Source};
/// let grammars = GrammarSet::built_in();
/// let source = Source::new("a.txt", "某县2022年政府信息公开工作年度报告");
/// let report = pipeline::parse(&source, &grammars);
/// assert_eq!(report.year, Some(2022));
/// assert!(report.form.is_none()); // a title alone is no form
/// # }
/// ```
pub fn parse<'a>(source: &'a Source, grammars: &'a GrammarSet) -> Report<'a> {
    let document = document(source, grammars);
    guard::check();
    let skeleton = Skeleton::of(&document);
    guard::check();
    let last = issuer::Last::default();
    let year = |grammar: &Grammar, hits: &[Hit]| {
        issuer::year(&last, (grammar, hits), &document.text, &skeleton, source)
    };
    let found = form::choose(grammars, &document, &skeleton, &year);
    let mut doc = Doc::new(document, skeleton, found);
    let head = head(&doc, &source.name, last.take());
    let (title, doubts) = (head.span, head.findings.clone());
    let mut report = begin(source, &mut doc, head);
    let places = prose::fill(&mut report, &doc, title);
    report.issuer.scope = issuer::scope(&report.issuer, &report.preamble, &report.sections);
    if !report.findings.iter().any(|finding| finding.code.is_refusal()) {
        report.findings.extend(doubts);
        report.findings.extend(coverage::parts(&doc, &report));
    }
    if let Some(grammar) = doc.form() {
        report.findings.extend(coverage::dropped_lines(&doc));
        tables::fill(&mut report, &doc, grammar);
        proven::keep(grammar, &mut report.tables, doc.document.blocks.as_ref());
        report.checks = checks::judge(grammar, &report.tables);
        report.findings.extend(coverage::tables(&doc, grammar, &report.tables));
        report.findings.extend(checks::doubts(grammar, &report));
    }
    guard::check();
    report.statements = places.statements(&report);
    report.findings.extend(checks::stated(&report));
    // no sum proves what prose says
    report.statements.retain(|statement| !doc.is_guess(statement.at));
    report.findings.sort_by_key(|f| (f.code.severity(), f.span.map_or(0, |s| s.start)));
    end(report, doc)
}

/// Bytes → text; of pictures, with the labels spelt as the forms do.
pub(crate) fn document<'a>(
    source: &'a Source,
    #[cfg_attr(not(feature = "ocr"), expect(unused_variables, reason = "no pictures are read"))]
    grammars: &GrammarSet,
) -> document::Document<'a> {
    #[cfg_attr(not(feature = "ocr"), expect(unused_mut, reason = "no pictures are read"))]
    let mut document = document::read(source);
    #[cfg(feature = "ocr")]
    grammars.spell(&mut document);
    document
}

/// Title, issuer and year.
fn head(doc: &Doc<'_>, name: &str, last: Option<(String, Head)>) -> Head {
    let (text, hits) = (doc.text(), &doc.found.hits);
    let last = last.filter(|(form, _)| *form == doc.grammar().id).map(|(_, head)| head);
    let mut head =
        last.unwrap_or_else(|| issuer::head(doc.grammar(), text, &doc.skeleton, hits, name));
    let around = issuer::Around {
        source: name,
        text,
        title: head.span,
        named: &head.named,
        year: head.year,
    };
    issuer::locate(&mut head.issuer, around, &mut head.findings);
    // a year that was read from a picture must be read twice
    let is_guess = head.span.is_some_and(|title| doc.is_guess(title));
    head.year =
        head.year.filter(|year| !is_guess || text.matches(&year.to_string()).nth(1).is_some());
    head
}

/// A report with its head.
fn begin<'a>(source: &Source, doc: &mut Doc<'a>, head: Head) -> Report<'a> {
    let fetched = source.fetched.as_deref();
    Report {
        source: SourceInfo {
            name: source.name.clone(),
            sha256: source.sha256(),
            bytes: source.bytes.len() as u64,
            media_type: doc.document.format.media_type(),
            encoding: doc.document.encoding,
            url: fetched.and_then(|fetched| fetched.url.clone()),
            date: fetched.and_then(|fetched| fetched.date.clone()),
        },
        title: head.title,
        issuer: head.issuer,
        year: head.year,
        form: doc.found.is_form().then(|| doc.found.form.clone()),
        findings: std::mem::take(&mut doc.document.findings),
        links: doc.links(doc.main_text()),
        unclaimed_lines: coverage::unclaimed_lines(doc),
        ..Report::default()
    }
}

/// Hands the text over to the report, whose spans point into it.
fn end<'a>(mut report: Report<'a>, doc: Doc<'a>) -> Report<'a> {
    report.text = doc.document.text;
    report.blocks = doc.document.blocks;
    report.source_lines = doc.document.source_lines;
    report.lines = doc.skeleton.lines;
    report
}
