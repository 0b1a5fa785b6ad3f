//! The file to read first: one document from its bytes to its report, one call a stage.

use crate::checks;
use crate::document::blocks::{Link, LinkKind};
use crate::document::{self, Document};
use crate::finding::{Code, Finding};
use crate::grammar::{Form, Grammar, GrammarSet, Hit};
use crate::guard;
use crate::lines::{Skeleton, furniture};
use crate::proven::{self, Said};
use crate::reading::{self, Hints, Status};
use crate::records::{Kind, Report, SectionRecord, SourceInfo, TableRecord, issuer, paragraphs};
use crate::sections::{self, Heading, Line};
use crate::source::Source;
use crate::span::Span;
use crate::statements::{self, Scope};
use crate::tables::{self, Evidence};
use std::sync::Arc;

/// Reads one document.
///
/// ```
/// use nianbao::{grammar::GrammarSet, pipeline, source::Source};
/// let grammars = GrammarSet::built_in();
/// let source = Source::new("a.txt", "某县2022年政府信息公开工作年度报告");
/// let report = pipeline::parse(&source, &grammars);
/// assert_eq!(report.year, Some(2022));
/// assert!(report.form.is_none()); // a title alone is no form
/// ```
pub fn parse<'a>(source: &'a Source, grammars: &'a GrammarSet) -> Report<'a> {
    let mut document = document::read(source);
    #[cfg(feature = "ocr")]
    grammars.spell(&mut document);
    guard::check();
    let skeleton = Skeleton::of(&document);
    guard::check();
    let choice = choose(grammars, &document, &skeleton, &source.name);
    let Chosen { form, hits, tables } = &choice;
    let grammar: &Grammar = form;
    let (outline, lines) = headings(&document, &skeleton, &choice);
    let mut head = issuer::head(grammar, &document.text, &skeleton, hits, &source.name);
    let around = issuer::Around {
        source: &source.name,
        text: &document.text,
        title: head.span,
        named: &head.named,
        year: head.year,
    };
    issuer::locate(&mut head.issuer, around, &mut head.findings);
    let known = choice.is_form().then(|| form.clone());
    let form = known.as_deref();

    let mut report = Report {
        source: SourceInfo {
            name: source.name.clone(),
            sha256: source.sha256(),
            bytes: source.bytes.len() as u64,
            media_type: document.format.media_type(),
            encoding: document.encoding,
            url: source.fetched.as_ref().and_then(|fetched| fetched.url.clone()),
            date: source.fetched.as_ref().and_then(|fetched| fetched.date.clone()),
        },
        title: head.title,
        issuer: head.issuer,
        year: head.year.filter(|year| is_sure(*year, head.span, &document)),
        form: known.clone(),
        findings: std::mem::take(&mut document.findings),
        unclaimed_lines: unclaimed(&skeleton, tables),
        ..Report::default()
    };
    let main = main_text(&document, &outline, tables);
    let places =
        prose(&mut report, grammar, &document, &skeleton, &outline, tables, head.span, main);
    report.issuer.scope = issuer::scope(&report.issuer, &report.preamble, &report.sections);
    if let Some(blocks) = &document.blocks {
        report.links = blocks
            .links
            .iter()
            .filter(|link| main.start <= link.at && link.at <= main.end)
            .cloned()
            .collect();
    }
    if !report.findings.iter().any(|finding| finding.code.is_refusal()) {
        report.findings.extend(head.findings);
        report.findings.extend(missing_parts(form, grammar, &outline, tables, &report));
        report.findings.extend(spare_headings(&document.text, &lines, &outline, tables));
    }
    if let Some(grammar) = form {
        let ideograph = || {
            tables.iter().find_map(|(table, evidence)| {
                reading::ideograph(grammar, &document.text, &skeleton, *table, evidence.as_ref()?)
            })
        };
        let squeezed = tables.iter().any(|(table, evidence)| {
            evidence.as_ref().is_some_and(|evidence| reading::squeezed(grammar, *table, evidence))
        });
        let glued = found(tables).any(|evidence| reading::glued(evidence, &document.text));
        let is_separated = |(table, evidence): &(usize, Option<Evidence>)| {
            evidence.as_ref().is_some_and(|evidence| reading::separated(grammar, *table, evidence))
        };
        let separated = !glued && tables.iter().any(is_separated);
        let dropped = found(tables).find(|evidence| evidence.lines_dropped);
        if let Some(evidence) = dropped {
            let message = "no line of this table is there twice, not even `0`: equal lines were dropped from the text";
            report.findings.push(Finding::new(Code::EqualLinesDropped, message).at(evidence.span));
        }
        let lines_dropped = dropped.is_some();
        let hints = Hints { squeezed, glued, separated, lines_dropped, ideograph: &ideograph };
        let is_there = |(table, evidence): &&(usize, Option<Evidence>)| {
            evidence.is_some() || !grammar.tables[*table].optional
        };
        for (table, evidence) in tables.iter().filter(is_there) {
            guard::check();
            let reading =
                reading::read(grammar, *table, &document.text, &skeleton, evidence.as_ref(), hints);
            report.tables.push(TableRecord { table: *table, cells: reading.cells });
            report.findings.extend(reading.findings);
        }
        if let Some(blocks) = &document.blocks {
            let says = |span| {
                let is_guess = blocks.is_guess(span) && !blocks.is_witnessed(span);
                if is_guess { Said::Guess(blocks.readings_of(span)) } else { Said::Text }
            };
            if !blocks.guessed.is_empty() {
                proven::keep(grammar, &mut report.tables, says);
            }
        }
        report.findings.extend(unclaimed_text(grammar, &document.text, tables));
        report.findings.extend(blank_tables(grammar, &report.tables, tables));
        report.checks = checks::judge(grammar, &report.tables);
        report.findings.extend(checks::doubts(
            grammar,
            &report.tables,
            &report.checks,
            report.issuer.level,
        ));
    }
    guard::check();
    state(&mut report, &places);
    if let Some(blocks) = &document.blocks {
        // no sum proves what prose says
        report.statements.retain(|statement| !blocks.is_guess(statement.at));
    }
    report.findings.sort_by_key(|f| (f.code.severity(), f.span.map_or(0, |s| s.start)));
    report.text = document.text;
    report.blocks = document.blocks;
    report.source_lines = document.source_lines;
    report.lines = skeleton.lines;
    report
}

/// Whether a year counts: one that was read from a picture must be read twice.
fn is_sure(year: i32, title: Option<Span>, document: &Document<'_>) -> bool {
    let is_guess = |span| document.blocks.as_ref().is_some_and(|blocks| blocks.is_guess(span));
    !title.is_some_and(is_guess) || document.text.matches(&year.to_string()).nth(1).is_some()
}

/// The headings of the first report, and the lines that look like headings.
fn headings(
    document: &Document<'_>,
    skeleton: &Skeleton,
    choice: &Chosen<'_>,
) -> (Vec<Heading>, Vec<Line>) {
    let (grammar, text): (&Grammar, _) = (&choice.form, &document.text);
    let hits = first_report(choice, skeleton);
    let mut lines = sections::lines::find(grammar, text, skeleton, &choice.hits);
    if let Some(next) = choice.hits.get(hits.len()) {
        let end = skeleton.source_start(next.start);
        lines.retain(|line| line.title.end <= end);
    }
    let outline = sections::outline(grammar, text, skeleton, hits, &lines);
    // old forms are a table behind a narrative
    if !choice.is_form() || grammar.sections.iter().all(|section| section.optional) {
        let own = sections::narrative(grammar, skeleton, &lines);
        if own.len() > outline.len() {
            return (own, lines);
        }
    }
    (outline, lines)
}

/// Lines that could be headings and are none, in one finding.
fn spare_headings(
    text: &str,
    lines: &[Line],
    outline: &[Heading],
    tables: &[(usize, Option<Evidence>)],
) -> Option<Finding> {
    const MOST: usize = 20;
    let holes: Vec<Span> = found(tables).map(|evidence| evidence.span).collect();
    let spare = sections::spare(text, lines, outline, &holes);
    let first = spare.first()?;
    let words: Vec<&str> = spare
        .iter()
        .take(MOST)
        .map(|line| Span::new(line.ordinal.start, line.title.end).of(text))
        .collect();
    let message =
        format!("lines that could be headings are none of the outline: {}", words.join(" · "));
    Some(Finding::new(Code::HeadingUncertain, message).at(first.title))
}

/// What is found in the first report of the document; the headings of a second one are not its sections.
fn first_report<'c>(choice: &'c Chosen<'_>, skeleton: &Skeleton) -> &'c [Hit] {
    let second = found(&choice.tables).filter_map(|evidence| evidence.second);
    let Some(second) = second.min_by_key(|span| span.start) else { return &choice.hits };
    let begin = skeleton.at_source(second.start);
    let last = found(&choice.tables).map(|evidence| evidence.span.end).max().unwrap_or(0);
    // a table that repeats before the report's last one is no second report
    let end = choice.hits.partition_point(|hit| hit.start < begin);
    if second.start > last { &choice.hits[..end] } else { &choice.hits }
}

/// A grammar, what it finds in the document, and the evidence of its tables.
pub(crate) struct Chosen<'g> {
    pub(crate) form: Form<'g>,
    pub(crate) hits: Vec<Hit>,
    /// For each table of the form, which version of it the document has, and what was found of it.
    pub(crate) tables: Vec<(usize, Option<Evidence>)>,
}

impl Chosen<'_> {
    fn is_form(&self) -> bool {
        self.tables.iter().any(|(_, evidence)| evidence.is_some())
    }

    /// Whether tables begin again, or stand in another order than the form's.
    fn has_second(&self) -> bool {
        let starts: Vec<u32> = found(&self.tables).map(|evidence| evidence.span.start).collect();
        found(&self.tables).any(|evidence| evidence.second.is_some()) || !starts.is_sorted()
    }

    /// Where the last of its tables begins.
    fn last_start(&self) -> Option<u32> {
        found(&self.tables).map(|evidence| evidence.span.start).max()
    }

    /// Rows that have both a label and numbers or borders beside it.
    fn rows(&self) -> usize {
        self.tables
            .iter()
            .filter_map(|(_, e)| e.as_ref())
            .map(|e| e.rows.len().min(e.labels.len()))
            .sum()
    }
}

/// The grammar that the document's header words claim; without any, the one whose tables alone are found.
pub(crate) fn choose<'g>(
    grammars: &'g GrammarSet,
    document: &Document<'_>,
    skeleton: &Skeleton,
    name: &str,
) -> Chosen<'g> {
    let look = |grammar: &'g Grammar| {
        let mut hits = Vec::with_capacity(skeleton.text.len() / 32);
        grammar.matcher.find(skeleton, &mut hits);
        tables::drop_notes(grammar, &document.text, skeleton, &mut hits);
        let regions = tables::regions(grammar, skeleton, &hits);
        // a label that names another year than the report's is another's
        let is_there = regions.iter().any(|(_, region)| region.is_some());
        let year = || issuer::head(grammar, &document.text, skeleton, &hits, name).year;
        let year = is_there.then(year).flatten();
        let read = |region| {
            let region = tables::Region { year, ..region };
            tables::collect(grammar, document, skeleton, &hits, region)
        };
        let mut tables: Vec<(usize, Option<Evidence>)> =
            regions.into_iter().map(|(table, region)| (table, region.map(read))).collect();
        let form = as_printed(grammar, document, skeleton, &hits, &mut tables);
        Chosen { form, hits, tables }
    };
    let mut claimed: Option<Chosen<'g>> = None;
    for grammar in grammars.claims(skeleton) {
        let chosen = look(grammar);
        if !chosen.is_form() {
            continue;
        }
        if claimed.is_none() && !chosen.has_second() {
            return chosen;
        }
        // two reports of two forms in one document: the first is read, and never both mixed
        if claimed.as_ref().is_none_or(|known| chosen.last_start() < known.last_start()) {
            claimed = Some(chosen);
        }
    }
    if let Some(claimed) = claimed {
        return claimed;
    }
    let unclaimed = grammars.all().iter().filter(|grammar| !grammar.needed);
    let mut all: Vec<Chosen<'g>> = unclaimed.map(look).collect();
    let most = all.iter().map(Chosen::rows).max().unwrap_or(0);
    let best = all.iter().filter(|c| c.rows() == most).count();
    let at = all.iter().rposition(|c| c.rows() == most).unwrap_or(0);
    let mut chosen = all.swap_remove(at);
    if best > 1 || most == 0 {
        // several forms would do, or none: the labels still serve for title and sections
        chosen.tables.iter_mut().for_each(|(_, evidence)| *evidence = None);
    }
    chosen
}

/// The form with those of its tables whose columns and rows the document names.
fn as_printed<'g>(
    grammar: &'g Grammar,
    document: &Document<'_>,
    skeleton: &Skeleton,
    hits: &[Hit],
    tables: &mut [(usize, Option<Evidence>)],
) -> Form<'g> {
    if !grammar.tables.iter().any(|table| table.printed) {
        return Form::Known(grammar);
    }
    let mut own = grammar.clone();
    for (at, evidence) in tables.iter_mut().filter(|(at, _)| grammar.tables[*at].printed) {
        if let Some((table, found)) = tables::printed(grammar, *at, document, skeleton, hits) {
            own.tables[*at] = table;
            *evidence = Some(found);
        }
    }
    Form::Printed(Arc::new(own))
}

/// The block of the document that holds its headings and tables; what stands around it is no part of the report.
fn main_text(
    document: &Document<'_>,
    outline: &[Heading],
    tables: &[(usize, Option<Evidence>)],
) -> Span {
    let all = Span::new(0, document.text.len() as u32);
    let headings = outline.iter().map(|heading| Span::new(heading.start(), heading.title.end));
    let core = headings.chain(found(tables).map(|evidence| evidence.span)).reduce(Span::join);
    match (&document.blocks, core) {
        (Some(blocks), Some(core)) => blocks.main_text(core).unwrap_or(all),
        _ => all,
    }
}

/// Sections and their paragraphs.
#[expect(clippy::too_many_arguments, reason = "one call, and each is another stage's result")]
fn prose(
    report: &mut Report<'_>,
    grammar: &Grammar,
    document: &Document<'_>,
    skeleton: &Skeleton,
    outline: &[Heading],
    tables: &[(usize, Option<Evidence>)],
    title: Option<Span>,
    main: Span,
) -> Places {
    let text = &document.text;
    let mut places = Places::new();
    let mut holes: Vec<Span> = found(tables).map(|e| e.span).collect();
    holes.sort_unstable();
    let has_paragraphs = document.blocks.as_ref().is_some_and(|blocks| !blocks.wrapped);
    let layout = paragraphs::Layout::of(text, skeleton, main, &holes, has_paragraphs);
    let begin = outline.first().map_or(main.end, Heading::start);
    let mut before = holes.clone();
    before.extend(title);
    if let Some(blocks) = &document.blocks {
        let catalogues = blocks.grids.iter().filter(|grid| furniture::is_catalogue(text, grid));
        before.extend(catalogues.map(|grid| grid.span));
    }
    before.sort_unstable();
    let preamble = Span::new(main.start, begin);
    let mut first = paragraphs::paragraphs(text, skeleton, layout, preamble, &before);
    // sites print the title above the article, which has it too
    first.retain(|paragraph| report.title.as_ref() != Some(&paragraph.text));
    report.preamble = parted(first, &mut places);
    for (at, heading) in outline.iter().enumerate() {
        let end = outline.get(at + 1).map_or(main.end, Heading::start);
        let body = Span::new(heading.title.end, end);
        let ordinal: String = heading
            .ordinal
            .of(text)
            .chars()
            .filter(|c| !"、.．,，：:（）() 第部分章".contains(*c))
            .collect();
        report.sections.push(SectionRecord {
            key: grammar.sections[heading.section].key.clone(),
            ordinal: (!ordinal.is_empty()).then_some(ordinal),
            title: heading.title.of(text).split_whitespace().collect(),
            paragraphs: parted(
                paragraphs::paragraphs(text, skeleton, layout, body, &before),
                &mut places,
            ),
        });
    }
    places
}

/// For the preamble and each section, where the lines of each paragraph stand.
type Places = Vec<Vec<Vec<(u32, u32)>>>;

/// The texts of paragraphs; their places go apart.
fn parted(paragraphs: Vec<paragraphs::Paragraph>, places: &mut Places) -> Vec<String> {
    let (texts, own) = paragraphs.into_iter().map(|one| (one.text, one.lines)).unzip();
    places.push(own);
    texts
}

/// What the prose states, and what stands against it.
fn state(report: &mut Report<'_>, places: &Places) {
    let issuer = &report.issuer;
    // a bureau and a town report for themselves
    let is_one = !matches!(issuer.kind, Some(Kind::Government | Kind::Office) | None);
    let known = statements::Known {
        year: report.year,
        issuer: issuer.name.as_deref(),
        scope: issuer.scope.or(is_one.then_some(Scope::Body)),
    };
    let preamble = statements::Section { key: "", title: "", paragraphs: &report.preamble };
    let sections = report.sections.iter().map(|section| statements::Section {
        key: &section.key,
        title: &section.title,
        paragraphs: &section.paragraphs,
    });
    let sections: Vec<statements::Section<'_>> =
        std::iter::once(preamble).chain(sections).collect();
    let table =
        |measure: usize| statements::cells(measure).iter().find_map(|cells| report.value(cells));
    let found = statements::read(&sections, known, &table);
    let mut findings = Vec::new();
    let found: Vec<statements::Statement<Span>> = found
        .into_iter()
        .map(|one| {
            one.moved(|(section, nth, range)| paragraphs::place(&places[section][nth], range))
        })
        .collect();
    for one in &found {
        let key = one.about().key;
        if let Some(code) = one.refused {
            findings.push(Finding::new(code, format!("{key}: {}", one.text)).at(one.at));
        } else if let (Some(said), Some(printed)) = (one.value, table(one.measure))
            && said != printed
        {
            let message = format!("{key}: the text says {said}, the table {printed}: {}", one.text);
            let cells = statements::cells(one.measure).iter();
            let cells =
                cells.filter(|cells| report.value(cells).is_some()).flat_map(|c| c.split(" + "));
            let cells = cells.map(str::to_owned).collect();
            findings.push(Finding::new(Code::StatedNotTable, message).at(one.at).about(cells));
        }
    }
    report.statements = found;
    report.findings.extend(findings);
}

/// Lines inside tables with letters that nothing claims.
fn unclaimed(skeleton: &Skeleton, tables: &[(usize, Option<Evidence>)]) -> usize {
    let mut lines: Vec<u32> = found(tables)
        .flat_map(|e| &e.loose)
        .map(|span| skeleton.lines.line_at(span.start))
        .collect();
    lines.sort_unstable();
    lines.dedup();
    lines.len()
}

/// What these letters say, once for each table.
fn unclaimed_text(
    grammar: &Grammar,
    text: &str,
    tables: &[(usize, Option<Evidence>)],
) -> Vec<Finding> {
    const MOST: usize = 20;
    let one = |(table, evidence): &(usize, Option<Evidence>)| {
        let loose = &evidence.as_ref()?.loose;
        let words: Vec<&str> = loose.iter().take(MOST).map(|span| span.of(text)).collect();
        let message = format!(
            "text in table `{}` that is no label of it: {}",
            grammar.tables[*table].key,
            words.join(" · ")
        );
        Some(Finding::new(Code::UnclaimedText, message).at(*loose.first()?))
    };
    tables.iter().filter_map(one).collect()
}

/// Sections and tables of the form that the document does not have.
fn missing_parts(
    form: Option<&Grammar>,
    grammar: &Grammar,
    outline: &[Heading],
    tables: &[(usize, Option<Evidence>)],
    report: &Report<'_>,
) -> Vec<Finding> {
    /// The notice of that year was the first that gave everybody a form with tables.
    const FIRST_FORM: i32 = 2019;
    let mut findings = Vec::new();
    if form.is_none() {
        let with_tables =
            outline.iter().filter(|h| grammar.sections[h.section].table.is_some()).count();
        let elsewhere = elsewhere(&report.links);
        let has_form = report.year.is_none_or(|year| year >= FIRST_FORM);
        findings.push(if has_form && with_tables > 1 {
            let instead = elsewhere.map_or("pictures or attachments".to_owned(), |(what, _)| what);
            let message =
                format!("the headings of the form are there, its tables are not: {instead}");
            Finding::new(Code::TablesMissing, message)
        } else if let Some((what, true)) = elsewhere {
            let message = format!("the report itself is not here, only {what}");
            Finding::new(Code::ReportElsewhere, message)
        } else {
            Finding::new(Code::NoForm, "no form of report was recognised")
        });
        return findings;
    }
    for (table, evidence) in tables {
        if evidence.is_none() && !grammar.tables[*table].optional {
            let table = &grammar.tables[*table];
            findings.push(Finding::new(
                Code::TableMissing,
                format!("table `{}` of the form is not in the document", table.key),
            ));
        }
    }
    if let Some((second, rival)) =
        found(tables).filter_map(|own| Some((own.second?, own.rival))).min_by_key(|own| own.0.start)
    {
        let message = if rival {
            "the same table stands here again with other words or numbers, and nothing says which is the report's: neither is given"
        } else {
            "the same tables begin again here: a second report, which was not read"
        };
        findings.push(Finding::new(Code::SecondReport, message).at(second));
    }
    let last = outline.iter().map(|h| h.section).max().unwrap_or(0);
    for (at, section) in grammar.sections.iter().enumerate().take(last) {
        if !section.optional && outline.iter().all(|h| h.section != at) {
            let message = format!(
                "no heading {}、{} (`{}`) was found",
                section.ordinal, section.titles[0], section.key
            );
            findings.push(Finding::new(Code::HeadingMissing, message));
        }
    }
    findings
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

/// Tables that are printed without a single value.
fn blank_tables(
    grammar: &Grammar,
    records: &[TableRecord],
    tables: &[(usize, Option<Evidence>)],
) -> Vec<Finding> {
    let is_blank = |cells: &[reading::Cell]| {
        cells.iter().all(|c| matches!(c.status(), Status::Blank | Status::Missing))
    };
    records
        .iter()
        .filter_map(|record| {
            let (table, evidence) = tables.iter().find(|(table, _)| *table == record.table)?;
            let span = evidence.as_ref()?.span;
            let message =
                format!("table `{}` is printed without a single value", grammar.tables[*table].key);
            is_blank(&record.cells).then(|| Finding::new(Code::TableBlank, message).at(span))
        })
        .collect()
}

/// The tables that the document has.
fn found(tables: &[(usize, Option<Evidence>)]) -> impl Iterator<Item = &Evidence> {
    tables.iter().filter_map(|(_, evidence)| evidence.as_ref())
}
