//! Reports as OFD, in the manners of four programs: what a page of the web says, every cell of it, is said again, with
//! its page and place. And files of many other programs, in `../shared/ofd`, which are not part of the repository.

mod layout;
mod print;

use crate::generator::{Form, Generated, Options, Shape, report};
use crate::invariants::{Reader, cells};
use crate::rendered::{Noise, damaged};
use layout::{Sheet, WIDTH, pages};
use nianbao::document;
use nianbao::document::blocks::{Grid, GridCell};
use nianbao::finding::Severity;
use nianbao::grammar::GrammarSet;
use nianbao::source::Source;
use print::{MANNERS, print};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

/// Reports of each form and shape; more with `OFD_SEEDS=n`, and `OFD_WRITE=folder` keeps them.
const SEEDS: u64 = 6;
/// One on which each report is a single page, and one as paper has it.
const HEIGHTS: [f64; 2] = [3000.0, 297.0];
const POINT: f64 = 72.0 / 25.4;

fn reports() -> Vec<(String, Generated)> {
    let seeds = std::env::var("OFD_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(SEEDS);
    let mut reports = Vec::new();
    for form in [Form::Trial2019, Form::Current2021] {
        for shape in [Shape::Page, Shape::PageBlanks] {
            for seed in 0..seeds {
                let options = Options { form: Some(form), shape: Some(shape), faults: false };
                let name = format!("{}/{}/{seed}", shape.name(), form.id());
                let generated = report(seed, &options);
                if is_full(&generated) {
                    reports.push((name, generated));
                }
            }
        }
    }
    reports
}

/// Whether the cells of every table fill it: pages of the web leave places out that paper cannot.
fn is_full(generated: &Generated) -> bool {
    let page = Source::new("page.html", generated.text.as_str());
    let document = document::read(&page);
    document.blocks.iter().flat_map(|blocks| &blocks.grids).all(|grid| {
        let end = |of: fn(&GridCell) -> u32| grid.cells.iter().map(of).max().unwrap_or(0);
        let (rows, cols) = (end(|cell| cell.row + cell.rows), end(|cell| cell.col + cell.cols));
        grid.cells.iter().map(|cell| cell.rows * cell.cols).sum::<u32>() == rows * cols
    })
}

/// The cells of a table; columns in which none begins are not counted: print does not show them.
fn grid_cells(grid: &Grid, text: &str) -> Vec<(u32, usize, u32, usize, String)> {
    let columns: BTreeSet<u32> = grid.cells.iter().map(|cell| cell.col).collect();
    let place = |col: u32| columns.range(..col).count();
    let cell = |cell: &GridCell| {
        let (from, to) = (place(cell.col), place(cell.col + cell.cols));
        let said = cell.span.of(text).split_whitespace().collect();
        (cell.row, from, cell.rows, to - from, said)
    };
    grid.cells.iter().map(cell).collect()
}

/// A page of the web and what is to be printed of it.
fn sheets(generated: &Generated, height: f64) -> Vec<Sheet> {
    let page = Source::new("page.html", generated.text.as_str());
    pages(&document::read(&page), height)
}

#[test]
fn ok_the_same_tables() {
    let mut compared = 0;
    for (name, generated) in reports() {
        let web = Source::new("page.html", generated.text.as_str());
        let web = document::read(&web);
        let expected = &web.blocks.as_ref().expect("it has tables").grids;
        let sheets = sheets(&generated, HEIGHTS[0]);
        for manner in MANNERS {
            let name = format!("{name} {manner:?}");
            let ofd = Source::new("a.ofd", print(&sheets, HEIGHTS[0], manner));
            let ofd = document::read(&ofd);
            assert_eq!(ofd.findings, [], "{name}");
            let found = &ofd.blocks.as_ref().expect("it has tables").grids;
            assert_eq!(found.len(), expected.len(), "{name}: {}", ofd.text);
            for (found, expected) in found.iter().zip(expected) {
                let expected = grid_cells(expected, &web.text);
                compared += expected.len();
                assert_eq!(grid_cells(found, &ofd.text), expected, "{name}");
            }
        }
    }
    println!("{compared} cells of {} reports compared", reports().len());
    assert!(compared > 5_000);
}

#[test]
fn ok_every_value_with_its_page_and_place() {
    let reader = Reader::new(GrammarSet::built_in());
    let (mut given, mut blank, mut turned) = (0, 0, 0);
    let mut wrong = Vec::new();
    for (name, generated) in reports() {
        let web = Source::new("page.html", generated.text.as_str());
        let web = reader.record(&web);
        let web: BTreeMap<_, &Value> = cells(&web).into_iter().collect();
        for height in HEIGHTS {
            let sheets = sheets(&generated, height);
            turned += usize::from(sheets.len() > 1);
            for manner in MANNERS {
                let name = format!("{name} {manner:?} {height}");
                let bytes = print(&sheets, height, manner);
                if let Some(folder) = std::env::var_os("OFD_WRITE") {
                    let path = Path::new(&folder).join(name.replace(['/', ' '], "_") + ".ofd");
                    std::fs::write(&path, &bytes).expect("the folder can be written");
                }
                let record = reader.record(&Source::new("a.ofd", bytes));
                let cells: BTreeMap<_, &Value> = cells(&record).into_iter().collect();
                for truth in &generated.truth.cells {
                    let key = [truth.table, truth.row, truth.column];
                    let cell = cells.get(&key).copied().unwrap_or(&Value::Null);
                    let on_web = web.get(&key).copied().unwrap_or(&Value::Null);
                    let value = cell["value"].as_f64();
                    let printed = truth.value.as_deref().and_then(|v| v.parse::<f64>().ok());
                    if value != printed || cell["status"] != on_web["status"] {
                        wrong.push(format!("{name}: {key:?}: {cell}, not {printed:?}: {on_web}"));
                    }
                    blank += usize::from(cell["status"] == "blank");
                    if value.is_some() {
                        given += 1;
                        if !stands(cell, &sheets) {
                            wrong.push(format!("{name}: {key:?} does not stand there: {cell}"));
                        }
                    }
                }
            }
        }
    }
    println!("{given} values and {blank} blanks, {turned} reports of several pages");
    let some: Vec<&String> = wrong.iter().take(20).collect();
    assert!(wrong.is_empty(), "{} are wrong: {some:#?}", wrong.len());
    assert!(turned > 0);
}

/// Whether the cell that was printed where a record says it stands holds its digits.
fn stands(cell: &Value, sheets: &[Sheet]) -> bool {
    let at = &cell["at"];
    let Some(page) = at["page"].as_u64() else { return false };
    let place: Vec<f64> =
        at["box"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    let [left, top, right, bottom] = place[..] else { return false };
    let (x, y) = (f64::midpoint(left, right) / POINT, f64::midpoint(top, bottom) / POINT);
    let printed = sheets[page as usize - 1].cells.iter().filter(|cell| {
        let [left, top, right, bottom] = cell.area;
        left < x && x < right && top < y && y < bottom
    });
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let said = digits(cell["raw"].as_str().unwrap_or_default());
    x < WIDTH && printed.into_iter().all(|printed| digits(&printed.text) == said)
}

#[test]
fn err_damaged_files_are_survived() {
    let each = std::env::var("NIANBAO_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(250);
    let mut noise = Noise(5);
    let (_, generated) = &reports()[0];
    let sheets = sheets(generated, HEIGHTS[1]);
    for manner in MANNERS {
        let whole = print(&sheets, HEIGHTS[1], manner);
        let parts = parts(&whole);
        for at in 0..each {
            // of the container, and of the XML in it, which the container would not let through
            let bytes = if at % 2 == 0 {
                damaged(whole.clone(), None, &mut noise)
            } else {
                let mut parts = parts.clone();
                let part = noise.below(parts.len());
                let bytes =
                    damaged(std::mem::take(&mut parts[part].1).into_bytes(), None, &mut noise);
                parts[part].1 = String::from_utf8_lossy(&bytes).into_owned();
                print::container(&parts)
            };
            survives(&format!("{manner:?} {at}"), bytes);
        }
    }
}

/// The parts of a container.
fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("it is one");
    let part = |at: usize| {
        let mut file = archive.by_index(at).expect("it is there");
        let name = String::from_utf8_lossy(file.name_raw()).into_owned();
        let text = std::io::read_to_string(&mut file).expect("it is text");
        (name, text)
    };
    (0..zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("it is one").len())
        .map(part)
        .collect()
}

/// Reads it: in time, cells where they belong, and each thing that is wrong told once.
fn survives(name: &str, bytes: Vec<u8>) {
    let start = Instant::now();
    let source = Source::new(name, bytes);
    let document = document::read(&source);
    assert!(start.elapsed().as_secs() < 5, "{name}: {:?}", start.elapsed());
    let errors = document.findings.iter().filter(|f| f.code.severity() == Severity::Error);
    let mut errors: Vec<&str> = errors.map(|f| f.message.as_str()).collect();
    let count = errors.len();
    errors.sort_unstable();
    errors.dedup();
    assert_eq!(errors.len(), count, "{name}: {:?}", document.findings);
    let Some(blocks) = &document.blocks else { return };
    assert!(blocks.places.is_sorted_by_key(|place| place.start), "{name}");
    for cell in blocks.grids.iter().flat_map(|grid| &grid.cells) {
        let span = cell.span.start as usize..cell.span.end as usize;
        assert!(document.text.get(span).is_some(), "{name}");
    }
}

#[test]
fn ok_files_of_other_programs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/ofd");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        let is_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
        assert!(!is_ci, "{} is absent", folder.display());
        return;
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "ofd"));
    let (mut said, mut characters) = (0, 0);
    let mut noise = Noise(3);
    for path in &paths {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).expect("it can be read");
        for at in 0..8 {
            survives(&format!("{name} {at}"), damaged(bytes.clone(), None, &mut noise));
        }
        survives(&name, bytes.clone());
        let source = Source::new(name.as_str(), bytes);
        let document = document::read(&source);
        // what a program wrote is whole: nothing of it is called damaged
        let codes: Vec<&str> = document.findings.iter().map(|f| f.code.name()).collect();
        assert!(
            codes.iter().all(|code| ["empty", "no_text_layer"].contains(code)),
            "{name}: {codes:?}"
        );
        said += usize::from(codes.is_empty());
        characters += document.text.chars().filter(|c| !c.is_whitespace()).count();
    }
    println!("{said} of {} files hold text, {characters} characters", paths.len());
    assert!(said * 10 >= paths.len() * 8, "{said} of {}", paths.len());
}
