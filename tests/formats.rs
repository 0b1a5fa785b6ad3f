//! One report in every format, written by other people's tools: the same cells in the same places, and the same record.
//!
//! `tests/formats/render.py target/formats` writes the reports. `NIANBAO_FORMATS` names another folder. Without the
//! folder there is nothing to test, except where `CI` is set.

use crate::invariants::Reader;
use crate::rendered::{self, Noise, Rendered};
use nianbao::document::blocks::{Blocks, GridKind};
use nianbao::grammar::GrammarSet;
use nianbao::source::Source;
use nianbao::{document, finding};
use serde_json::Value;
use std::env;

const DOCUMENTS: [&str; 4] = ["docx", "doc", "rtf", "odt"];
const SHEETS: [&str; 3] = ["xlsx", "xls", "ods"];
const PAGES: [&str; 2] = ["html", "txt"];
const LEAST_REPORTS: usize = 20;

fn rendered() -> Vec<Rendered> {
    rendered::rendered("formats", "NIANBAO_FORMATS", LEAST_REPORTS)
}

/// Row, column, rows, columns and text.
type Cell = (u64, u64, u64, u64, String);

fn expected(grid: &Value, below: u64) -> Vec<Cell> {
    let cells = grid.as_array().expect("a grid is a list of cells");
    let number = |cell: &Value, at: usize| cell[at].as_u64().expect("it is a number");
    let cell = |cell: &Value| {
        let text = cell[4].as_str().expect("it is text").replace('\n', "");
        (number(cell, 0) + below, number(cell, 1), number(cell, 2), number(cell, 3), text)
    };
    cells.iter().map(cell).collect()
}

fn cells(blocks: &Blocks, text: &str, at: usize) -> Vec<Cell> {
    let cell = |cell: &nianbao::document::blocks::GridCell| {
        let text = cell.span.of(text).replace('\n', "");
        (cell.row.into(), cell.col.into(), cell.rows.into(), cell.cols.into(), text)
    };
    blocks.grids[at].cells.iter().map(cell).collect()
}

#[test]
fn ok_the_same_cells_in_the_same_places() {
    let mut compared = 0;
    for report in rendered() {
        for format in DOCUMENTS.iter().chain(&SHEETS) {
            let source = report.source(format);
            let document = document::read(&source);
            let name = &source.name;
            assert_eq!(document.findings, [], "{name}");
            let blocks = document.blocks.as_ref().unwrap_or_else(|| panic!("{name}: no blocks"));
            let is_sheet = SHEETS.contains(format);
            let kind = if is_sheet { GridKind::Sheet } else { GridKind::Table };
            let grids = report.truth["grids"].as_array().expect("grids are a list");
            assert_eq!(blocks.grids.len(), grids.len(), "{name}: {}", document.text);
            for (at, grid) in grids.iter().enumerate() {
                assert_eq!(
                    (blocks.grids[at].kind, blocks.grids[at].number as usize),
                    (kind, at + 1),
                    "{name}"
                );
                // a sheet has its heading in the first row
                let mut found = cells(blocks, &document.text, at);
                if is_sheet {
                    let heading = found.remove(0);
                    assert_eq!((heading.0, heading.1, heading.2), (0, 0, 1), "{name}");
                }
                for (found, expected) in found.iter().zip(&expected(grid, is_sheet.into())) {
                    assert_eq!(found, expected, "{name}: grid {at}");
                    compared += 1;
                }
                assert_eq!(found.len(), grid.as_array().map_or(0, Vec::len), "{name}: grid {at}");
            }
            let title = report.truth["title"].as_str().unwrap_or_default();
            assert!(document.text.starts_with(title), "{name}: {}", document.text);
        }
    }
    println!("{compared} cells compared");
}

#[test]
fn ok_the_same_record_from_every_format() {
    let reader = Reader::new(GrammarSet::built_in());
    let (mut given, mut blank, mut wrong) = (0, 0, Vec::new());
    for report in rendered() {
        for format in DOCUMENTS.iter().chain(&SHEETS).chain(&PAGES) {
            let record = reader.record(&report.source(format));
            let name = format!("{}.{format}", report.base.display());
            for key in ["form", "year"] {
                if record[key] != report.truth[key] {
                    wrong.push(format!("{name}: {key} is {}", record[key]));
                }
            }
            for (table, rows) in report.truth["tables"].as_object().expect("tables are an object") {
                for (row, columns) in rows.as_object().expect("rows are an object") {
                    for (column, truth) in columns.as_object().expect("columns are an object") {
                        let cell = &record["tables"][table][row][column];
                        let value = cell["value"].as_f64();
                        let is_right = match truth.as_f64() {
                            Some(truth) => value.is_some_and(|value| (value - truth).abs() < 1e-9),
                            None => value.is_none() && cell["status"] == "blank",
                        };
                        if truth.is_null() {
                            blank += 1;
                        } else {
                            given += 1;
                        }
                        if !is_right {
                            wrong.push(format!(
                                "{name}: {table}.{row}.{column}: {cell}, not {truth}"
                            ));
                        }
                    }
                }
            }
        }
    }
    println!("{given} values and {blank} blanks compared");
    let some: Vec<&String> = wrong.iter().take(40).collect();
    assert!(wrong.is_empty(), "{} are wrong: {some:#?}", wrong.len());
}

#[test]
fn err_damaged_files_are_survived() {
    let each = env::var("NIANBAO_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(12);
    let mut noise = Noise(7);
    for report in rendered() {
        for format in DOCUMENTS.iter().chain(&SHEETS) {
            let whole = report.source(format);
            for at in 0..each {
                let mut bytes = whole.bytes.clone();
                let len = bytes.len();
                match at % 4 {
                    0 => bytes.truncate(noise.below(len)),
                    1 => {
                        for _ in 0..=noise.below(20) {
                            bytes[noise.below(len)] = noise.below(256) as u8;
                        }
                    }
                    2 => {
                        // numbers at their limits are where sizes and places go wrong
                        let start = noise.below(len - 8);
                        bytes[start..start + 4].fill(if noise.below(2) == 0 { 0xFF } else { 0x7F });
                    }
                    _ => {
                        let (from, to) = (noise.below(len / 2), noise.below(len / 2));
                        bytes.copy_within(from..from + len / 4, to);
                    }
                }
                let start = std::time::Instant::now();
                let source = Source::new(format!("{} {at}", whole.name), bytes);
                let document = document::read(&source);
                let errors = document
                    .findings
                    .iter()
                    .filter(|f| f.code.severity() == finding::Severity::Error);
                assert!(errors.count() <= 1, "{}: {:?}", source.name, document.findings);
                assert!(start.elapsed().as_secs() < 5, "{}: {:?}", source.name, start.elapsed());
            }
        }
    }
}
