//! The face of the library: what its users call, and that it says the same as the command.

use nianbao::grammar::GrammarSet;
use nianbao::pipeline;
use nianbao::records::json::Writer;
use nianbao::{Code, Decimal, ErrorKind, Reader, Source, Status, Verdict};
use std::error::Error as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

#[path = "../examples/folder.rs"]
#[expect(dead_code, reason = "an example has a `main`")]
mod folder;
#[path = "../examples/grammar.rs"]
#[expect(dead_code, reason = "an example has a `main`")]
mod grammar;
#[path = "../examples/one.rs"]
#[expect(dead_code, reason = "an example has a `main`")]
mod one;

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("it can be listed") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.file_stem().is_some_and(|stem| stem == "source") {
            out.push(path);
        }
    }
}

#[test]
fn ok_a_report_serializes_as_the_command_writes_it() {
    let mut paths = Vec::new();
    sources(Path::new("corpus"), &mut paths);
    assert!(paths.len() > 100, "{}", paths.len());
    let grammars = GrammarSet::built_in();
    let (writer, reader) = (Writer::new(&grammars), Reader::default());
    for path in paths {
        let source = Source::open(&path).expect("it can be read");
        let mut written = Vec::new();
        writer.write(&pipeline::parse(&source, &grammars), &mut written);
        let written = String::from_utf8(written).expect("JSON is UTF-8");
        let serialized = serde_json::to_string(&reader.read(&source)).expect("it is JSON");
        assert_eq!(serialized, written, "{}", path.display());
    }
}

#[test]
fn ok_cells_are_found_by_their_keys() {
    let path = "corpus/disclosure-2019/yichun-2020-half-glued/source.txt";
    let report = one::read(path).expect("it can be read");
    assert_eq!(report.name(), path);
    assert_eq!(report.form(), Some("disclosure-2019"));
    for cell in report.cells() {
        let same = report.cell(cell.table, cell.row, cell.column);
        assert_eq!(same.as_ref(), Some(&cell));
        let at = cell.at.unwrap_or_default();
        if let (Some(raw), Some(start), Some(end)) = (cell.raw, at.start, at.end) {
            assert_eq!(&report.text()[start as usize..end as usize], raw);
        }
        let has_value = matches!(cell.status, Status::Read | Status::Solved);
        assert_eq!(cell.value.is_some(), has_value, "{cell:?}");
    }
    let solved = report.cells().find(|cell| cell.status == Status::Solved);
    let solved = solved.expect("its digits are glued");
    for id in &solved.proof {
        let check = report.checks().find(|check| &check.id == id).expect("it is a check");
        assert_eq!(check.verdict, Verdict::Holds);
    }
    assert!(report.cell("applications", "received", "nobody").is_none());
    assert!(report.cell("nothing", "received", "total").is_none());
}

#[test]
fn ok_the_examples_run() {
    let records = folder::read(Path::new("corpus/disclosure-2021")).expect("it can be read");
    assert!(records.iter().all(|line| line.contains("\"form\":\"disclosure-2021\"")));
    let report = grammar::read().expect("the form has no mistake");
    let total = report.cell("loans", "books", "total").expect("the form has it");
    assert_eq!(total.value.and_then(Decimal::integer), Some(200));
    assert_eq!(report.checks().filter(|check| check.verdict == Verdict::Holds).count(), 2);
}

#[test]
fn ok_every_document_has_a_report() {
    let large = Reader::builder().most_bytes(9).build().read(&Source::new("a", "0123456789"));
    assert_eq!(large.findings().next().map(|finding| finding.code), Some(Code::TooLarge));
    let slow = Reader::builder().most_time(Duration::ZERO).build();
    let path = "corpus/disclosure-2019/yichun-2020-half-glued/source.txt";
    let slow = slow.read(&Source::open(path).expect("it can be read"));
    assert_eq!(slow.findings().next().map(|finding| finding.code), Some(Code::TooSlow));
    assert_eq!((slow.cells().count(), slow.name()), (0, path));
    let none = Reader::default().read(&Source::new("b", ""));
    assert_eq!(none.findings().next().map(|finding| finding.code), Some(Code::Empty));
}

#[test]
fn ok_a_reader_and_its_reports_go_between_threads() {
    fn both<T: Send + Sync>(_: &T) {}
    let reader = Reader::default();
    both(&reader);
    both(&reader.read(&Source::new("a", "")));
}

#[test]
fn ok_errors_have_a_kind_and_a_cause() {
    let error = Source::open("no such file").expect_err("it is not there");
    assert!(matches!(error.kind(), ErrorKind::Io(_)), "{error:?}");
    assert!(error.source().is_some());
    assert!(error.to_string().starts_with("no such file: "));
    let error = Reader::builder().grammar("own.toml", "id = 1").expect_err("an id is text");
    assert!(matches!(error.kind(), ErrorKind::Grammar { line: 1, .. }), "{error:?}");
    assert!(error.source().is_none());
}
