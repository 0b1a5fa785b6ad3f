//! Reports as PDF, by several producers and in the ways such files are bad: no value that is not printed, and nearly all
//! that are.
//!
//! `tests/pdf/render.py target/pdf` writes them. `NIANBAO_PDF` names another folder. Without the folder there is nothing
//! to test, except where `CI` is set.

use crate::invariants::Reader;
use crate::rendered::{self, Noise, Rendered, damaged};
use nianbao::document;
use nianbao::finding::Severity;
use nianbao::grammar::GrammarSet;
use nianbao::source::Source;
use std::collections::BTreeMap;
use std::env;
use std::time::Instant;

const LEAST_FILES: usize = 60;

fn rendered() -> Vec<Rendered> {
    rendered::rendered("pdf", "NIANBAO_PDF", LEAST_FILES)
}

/// How the cells of files of one kind were read.
#[derive(Debug, Default)]
struct Tally {
    printed: usize,
    given: usize,
}

#[test]
fn ok_no_value_is_wrong_and_nearly_all_are_given() {
    let reader = Reader::new(GrammarSet::built_in());
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    let mut wrong = Vec::new();
    for report in rendered() {
        let record = reader.record(&report.source("pdf"));
        let name = report.base.display();
        let found: Vec<&str> = record["diagnostics"]
            .as_array()
            .expect("diagnostics are a list")
            .iter()
            .filter_map(|found| found["code"].as_str())
            .collect();
        for code in report.truth["codes"].as_array().expect("codes are a list") {
            let code = code.as_str().expect("a code is text");
            if !found.contains(&code) {
                wrong.push(format!("{name}: no finding {code} among {found:?}"));
            }
        }
        let kind = report.truth["kind"].as_str().expect("the kind is text");
        let tally = tallies.entry(kind.to_owned()).or_default();
        for (table, rows) in report.truth["tables"].as_object().expect("tables are an object") {
            for (row, columns) in rows.as_object().expect("rows are an object") {
                for (column, truth) in columns.as_object().expect("columns are an object") {
                    let cell = &record["tables"][table][row][column];
                    let value = cell["value"].as_f64();
                    let is_right = match (truth.as_f64(), value) {
                        (_, None) => true,
                        (Some(truth), Some(value)) => (value - truth).abs() < 1e-9,
                        (None, Some(_)) => false,
                    };
                    tally.printed += usize::from(!truth.is_null());
                    tally.given += usize::from(!truth.is_null() && value.is_some());
                    if !is_right {
                        wrong.push(format!("{name}: {table}.{row}.{column}: {cell}, not {truth}"));
                    }
                    if value.is_some() && cell["at"]["page"].is_null() {
                        wrong.push(format!("{name}: {table}.{row}.{column}: on no page"));
                    }
                }
            }
        }
    }
    println!("{tallies:#?}");
    let some: Vec<&String> = wrong.iter().take(40).collect();
    assert!(wrong.is_empty(), "{} are wrong: {some:#?}", wrong.len());
    for (kind, least) in [("ruled", 0.999), ("unruled", 0.99)] {
        let Some(tally) = tallies.get(kind) else { continue };
        #[expect(clippy::cast_precision_loss, reason = "some thousand cells")]
        let share = tally.given as f64 / tally.printed.max(1) as f64;
        assert!(share >= least, "{kind}: {} of {} given", tally.given, tally.printed);
    }
}

#[test]
fn ok_headers_once_more_behind_a_page_end_are_no_rows() {
    let reader = Reader::new(GrammarSet::built_in());
    let (mut printed, mut given, mut pages) = (0usize, 0usize, 0usize);
    let mut producers = Vec::new();
    for report in rendered() {
        let name = report.base.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some((producer, _)) = name.split_once("-heads") else { continue };
        producers.push(producer.to_owned());
        let record = reader.record(&report.source("pdf"));
        let mut of_pages = Vec::new();
        for (row, columns) in report.truth["tables"]["applications"].as_object().expect("rows") {
            for (column, truth) in columns.as_object().expect("columns are an object") {
                let cell = &record["tables"]["applications"][row][column];
                printed += usize::from(!truth.is_null());
                given += usize::from(!truth.is_null() && cell["value"] == *truth);
                assert!(cell["value"].is_null() || cell["value"] == *truth, "{name}: {cell}");
                of_pages.extend(cell["at"]["page"].as_u64());
            }
        }
        of_pages.sort_unstable();
        of_pages.dedup();
        pages += usize::from(of_pages.len() > 1);
    }
    producers.sort_unstable();
    producers.dedup();
    if printed == 0 {
        return;
    }
    assert!(producers.len() > 1, "{producers:?}");
    assert!(pages > 2, "only {pages} of these tables stand on several pages");
    assert!(given * 1000 >= printed * 990, "{given} of {printed} given");
}

#[test]
fn err_damaged_files_are_survived() {
    let each = env::var("NIANBAO_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(6);
    let mut noise = Noise(11);
    for report in rendered() {
        let whole = report.source("pdf");
        for at in 0..each {
            let bytes = damaged(whole.bytes.clone(), Some(at), &mut noise);
            let start = Instant::now();
            let source = Source::new(format!("{} {at}", whole.name), bytes);
            let document = document::read(&source);
            // some pages may be unreadable in one way and some in another, but each way is said once
            let mut errors: Vec<&str> = document
                .findings
                .iter()
                .filter(|f| f.code.severity() == Severity::Error)
                .map(|f| f.code.name())
                .collect();
            let all = errors.len();
            errors.sort_unstable();
            errors.dedup();
            assert_eq!(errors.len(), all, "{}: {:?}", source.name, document.findings);
            // cut before its first line, it is no PDF
            let Some(blocks) = &document.blocks else { continue };
            for grid in &blocks.grids {
                let places: Vec<(u32, u32)> = grid.cells.iter().map(|c| (c.row, c.col)).collect();
                let rises = places.windows(2).all(|pair| pair[0] < pair[1]);
                assert!(rises, "{}: {places:?}", source.name);
            }
            assert!(blocks.places.is_sorted_by_key(|place| place.start), "{}", source.name);
            let most = if cfg!(debug_assertions) { 30 } else { 12 };
            assert!(start.elapsed().as_secs() < most, "{}: {:?}", source.name, start.elapsed());
        }
    }
}
