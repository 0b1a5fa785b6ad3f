//! The tables of the form, read with what all of them tell about how the document was written.

use super::{Report, TableRecord};
use crate::form::Doc;
use crate::grammar::Grammar;
use crate::guard;
use crate::reading::{self, Hints};

/// Fills in the tables of a report: those that the document has, and those that it should have.
pub fn fill(report: &mut Report<'_>, doc: &Doc<'_>, grammar: &Grammar) {
    let (text, skeleton, all) = (doc.text(), &doc.skeleton, &doc.found.tables);
    let found = || all.iter().filter_map(|(table, evidence)| Some((*table, evidence.as_ref()?)));
    let ideograph =
        || found().find_map(|(at, own)| reading::ideograph(grammar, text, skeleton, at, own));
    let glued = found().any(|(_, own)| reading::glued(own, text));
    let hints = Hints {
        squeezed: found().any(|(at, own)| reading::squeezed(grammar, at, own)),
        glued,
        separated: !glued && found().any(|(at, own)| reading::separated(grammar, at, own)),
        lines_dropped: found().any(|(_, own)| own.lines_dropped),
        ideograph: &ideograph,
    };
    for (table, evidence) in all {
        if evidence.is_none() && grammar.tables[*table].optional {
            continue;
        }
        guard::check();
        let read = reading::read(grammar, *table, text, skeleton, evidence.as_ref(), hints);
        report.tables.push(TableRecord { table: *table, cells: read.cells });
        report.findings.extend(read.findings);
    }
}
