//! What stands outside of tables: sections and paragraphs, and what their clauses state.

use super::paragraphs::{self, Layout, Paragraph};
use super::{Kind, Report, SectionRecord};
use crate::form::Doc;
use crate::lines::furniture;
use crate::sections::Heading;
use crate::span::Span;
use crate::statements::{self, Known, Scope, Section, Statement};

/// For the preamble and each section, where the lines of each paragraph stand.
pub struct Places(Vec<Vec<Vec<(u32, u32)>>>);

/// Fills in preamble and sections of a report whose title stands there; says where their paragraphs come from.
pub fn fill(report: &mut Report<'_>, doc: &Doc<'_>, title: Option<Span>) -> Places {
    let (text, skeleton, main) = (doc.text(), &doc.skeleton, doc.main_text());
    let mut places = Places(Vec::new());
    let holes = doc.holes();
    let has_paragraphs = doc.document.blocks.as_ref().is_some_and(|blocks| !blocks.wrapped);
    let layout = Layout::of(text, skeleton, main, &holes, has_paragraphs);
    let mut before = holes.clone();
    before.extend(title);
    if let Some(blocks) = &doc.document.blocks {
        let catalogues = blocks.grids.iter().filter(|grid| furniture::is_catalogue(text, grid));
        before.extend(catalogues.map(|grid| grid.span));
    }
    before.sort_unstable();
    let read = |body| paragraphs::paragraphs(text, skeleton, layout, body, &before);
    let begin = doc.outline.first().map_or(main.end, Heading::start);
    let mut first = read(Span::new(main.start, begin));
    // sites print the title above the article, which has it too
    first.retain(|paragraph| report.title.as_ref() != Some(&paragraph.text));
    report.preamble = places.part(first);
    for (at, heading) in doc.outline.iter().enumerate() {
        let end = doc.outline.get(at + 1).map_or(main.end, Heading::start);
        let paragraphs = read(Span::new(heading.title.end, end));
        report.sections.push(SectionRecord {
            key: doc.grammar().sections[heading.section].key.clone(),
            ordinal: ordinal(heading.ordinal.of(text)),
            title: heading.title.of(text).split_whitespace().collect(),
            paragraphs: places.part(paragraphs),
        });
    }
    places
}

/// The numeral of a heading without what stands around it.
fn ordinal(printed: &str) -> Option<String> {
    let numeral: String =
        printed.chars().filter(|c| !"、.．,，：:（）() 第部分章".contains(*c)).collect();
    (!numeral.is_empty()).then_some(numeral)
}

impl Places {
    /// The texts of paragraphs; their places go apart.
    fn part(&mut self, paragraphs: Vec<Paragraph>) -> Vec<String> {
        let (texts, own) = paragraphs.into_iter().map(|one| (one.text, one.lines)).unzip();
        self.0.push(own);
        texts
    }

    /// What the prose of a report states.
    pub fn statements(&self, report: &Report<'_>) -> Vec<Statement<Span>> {
        let issuer = &report.issuer;
        // a bureau and a town report for themselves
        let is_one = !matches!(issuer.kind, Some(Kind::Government | Kind::Office) | None);
        let known = Known {
            year: report.year,
            issuer: issuer.name.as_deref(),
            scope: issuer.scope.or(is_one.then_some(Scope::Body)),
        };
        let preamble = Section { key: "", title: "", paragraphs: &report.preamble };
        let sections = report.sections.iter().map(|section| Section {
            key: &section.key,
            title: &section.title,
            paragraphs: &section.paragraphs,
        });
        let sections: Vec<Section<'_>> = std::iter::once(preamble).chain(sections).collect();
        let found = statements::read(&sections, known, &|measure| report.printed(measure));
        let place = |(section, nth, range): (usize, usize, _)| {
            paragraphs::place(&self.0[section][nth], range)
        };
        found.into_iter().map(|one| one.moved(place)).collect()
    }
}
