//! The whole flow: any bytes become one valid record that keeps its promises, twice the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nianbao::grammar::GrammarSet;
use nianbao::pipeline;
use nianbao::reading::{Cell, Status};
use nianbao::records::Report;
use nianbao::records::json::Writer;
use nianbao::source::Source;
use nianbao::span::Span;
use std::sync::LazyLock;

static GRAMMARS: LazyLock<GrammarSet> = LazyLock::new(GrammarSet::built_in);
static WRITER: LazyLock<Writer> = LazyLock::new(|| Writer::new(&GRAMMARS));

fuzz_target!(|bytes: &[u8]| {
    let source = Source::new("fuzz", bytes);
    let report = pipeline::parse(&source, &GRAMMARS);
    report.cells().for_each(|cell| promise(&report, cell));
    for finding in &report.findings {
        assert!(finding.span.is_none_or(|span| inside(&report, span)), "{finding:?}");
    }
    let counted: usize = Status::ALL.into_iter().map(|status| report.count(status)).sum();
    assert_eq!(counted, report.cells().count());

    let mut json = Vec::new();
    WRITER.write(&report, &mut json);
    serde_json::from_slice::<serde_json::Value>(&json).expect("a record is JSON");
    let mut again = Vec::new();
    WRITER.write(&pipeline::parse(&source, &GRAMMARS), &mut again);
    assert_eq!(json, again, "the same bytes give the same record");
});

/// A value is printed or proven, or it is not given; and its place is in the text.
fn promise(report: &Report<'_>, cell: &Cell) {
    assert!(inside(report, cell.span()), "{cell:?}");
    let valued = matches!(cell.status(), Status::Read | Status::Solved);
    assert_eq!(cell.value().is_some(), valued, "{cell:?}");
    assert!(cell.candidates().len() <= 8, "{cell:?}");
    if valued {
        let raw = cell.span().of(&report.text);
        assert!(raw.contains(char::is_numeric), "{cell:?} has no digit in {raw:?}");
    }
}

fn inside(report: &Report<'_>, span: Span) -> bool {
    report.text.get(span.start as usize..span.end as usize).is_some()
}
