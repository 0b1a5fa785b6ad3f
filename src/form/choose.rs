//! Text → the form that it is of.

use super::Found;
use crate::document::Document;
use crate::grammar::{Form, Grammar, GrammarSet, Hit};
use crate::lines::Skeleton;
use crate::tables::{self, Evidence, Region};
use std::sync::Arc;

/// Tells, from the labels of a form, on which year the report is.
pub(super) type YearOf<'a> = dyn Fn(&Grammar, &[Hit]) -> Option<i32> + 'a;

/// The grammar that the document's header words claim; without any, the one whose tables alone are found.
pub fn choose<'g>(
    grammars: &'g GrammarSet,
    document: &Document<'_>,
    skeleton: &Skeleton,
    year: &YearOf<'_>,
) -> Found<'g> {
    let mut claimed: Option<Found<'g>> = None;
    for grammar in grammars.claims(skeleton) {
        let found = look(grammar, document, skeleton, year);
        if !found.is_form() {
            continue;
        }
        if claimed.is_none() && !found.has_second() {
            return found;
        }
        // two reports of two forms in one document: the first is read, and never both mixed
        if claimed.as_ref().is_none_or(|known| found.last_start() < known.last_start()) {
            claimed = Some(found);
        }
    }
    claimed.unwrap_or_else(|| by_tables(grammars, document, skeleton, year))
}

/// The form of which most rows are there, when nothing claims the document.
fn by_tables<'g>(
    grammars: &'g GrammarSet,
    document: &Document<'_>,
    skeleton: &Skeleton,
    year: &YearOf<'_>,
) -> Found<'g> {
    let unclaimed = grammars.all().iter().filter(|grammar| !grammar.needed);
    let mut all: Vec<Found<'g>> =
        unclaimed.map(|grammar| look(grammar, document, skeleton, year)).collect();
    let most = all.iter().map(Found::rows).max().unwrap_or(0);
    let best = all.iter().filter(|found| found.rows() == most).count();
    let at = all.iter().rposition(|found| found.rows() == most).unwrap_or(0);
    let mut found = all.swap_remove(at);
    if best > 1 || most == 0 {
        // several forms would do, or none: the labels still serve for title and sections
        found.tables.iter_mut().for_each(|(_, evidence)| *evidence = None);
    }
    found
}

/// What of a form a document has.
fn look<'g>(
    grammar: &'g Grammar,
    document: &Document<'_>,
    skeleton: &Skeleton,
    year: &YearOf<'_>,
) -> Found<'g> {
    let mut hits = Vec::with_capacity(skeleton.text.len() / 32);
    grammar.matcher.find(skeleton, &mut hits);
    tables::drop_notes(grammar, &document.text, skeleton, &mut hits);
    let regions = tables::regions(grammar, skeleton, &hits);
    // a label that names another year than the report's is of another table
    let is_there = regions.iter().any(|(_, region)| region.is_some());
    let year = is_there.then(|| year(grammar, &hits)).flatten();
    let read = |region| {
        let region = Region { year, ..region };
        tables::collect(grammar, document, skeleton, &hits, region)
    };
    let mut tables: Vec<(usize, Option<Evidence>)> =
        regions.into_iter().map(|(table, region)| (table, region.map(read))).collect();
    let form = as_printed(grammar, document, skeleton, &hits, &mut tables);
    Found { form, hits, tables }
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
