//! Published documents in `../shared/real`, which are not part of the repository: no wrong value, and what is known of
//! each. Skipped where the folder is absent, unless on CI.

use crate::invariants::{Reader, cells};
use nianbao::grammar::GrammarSet;
use nianbao::source::Source;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder; none, with a word on it, where it does not exist.
fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real");
    if folder.is_dir() {
        return Some(folder);
    }
    let on_ci = std::env::var("CI").is_ok_and(|v| v == "true");
    assert!(!on_ci, "{} is absent", folder.display());
    None
}

fn reader() -> Reader {
    Reader::new(GrammarSet::built_in())
}

fn text(name: &str) -> Option<Source> {
    let path = folder()?.join("docs").join(name);
    let bytes = fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    Some(Source::new(name, bytes))
}

/// A PDF as `pdftotext` prints it; none where there is no such program.
fn pdf(name: &str, mode: &str) -> Option<Source> {
    let path = folder()?.join("docs").join(name);
    let output = Command::new("pdftotext").arg(mode).arg(&path).arg("-").output().ok()?;
    assert!(output.status.success(), "pdftotext: {}", String::from_utf8_lossy(&output.stderr));
    Some(Source::new(format!("{name} {mode}"), output.stdout))
}

fn truth(name: &str) -> Value {
    let path = folder().expect("the document is there").join("truth").join(format!("{name}.json"));
    let bytes = fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_slice(&bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// How the cells of a record compare with the truth.
#[derive(Debug, Default, PartialEq)]
struct Tally {
    right: usize,
    silent: usize,
    wrong: Vec<String>,
}

/// Compares the judged cells whose name begins with `prefix`.
fn tally(record: &Value, truth: &Value, prefix: &str) -> Tally {
    let mut tally = Tally::default();
    let judged = truth["cells"].as_object().expect("the truth has cells");
    for (name, want) in judged.iter().filter(|(name, _)| name.starts_with(prefix)) {
        let mut all = cells(record).into_iter();
        let cell = all.find(|(key, _)| key.join(".") == *name).map(|(_, cell)| cell);
        let got = cell.map_or(&Value::Null, |cell| &cell["value"]);
        match (want["v"].as_f64(), got.as_f64()) {
            (want, got) if want == got => tally.right += 1,
            (Some(_), None) => tally.silent += 1,
            (want, Some(got)) => tally.wrong.push(format!("{name}: expected {want:?}, got {got}")),
            (None, None) => unreachable!("equal"),
        }
    }
    tally
}

fn fails(record: &Value) -> BTreeSet<&str> {
    let checks = record["checks"].as_array().expect("checks are a list");
    checks.iter().filter(|c| c["status"] == "fails").filter_map(|c| c["id"].as_str()).collect()
}

fn no_wrong_value(name: &str, source: Option<Source>) {
    let Some(source) = source else { return };
    let record = reader().record(&source);
    let truth = truth(name);
    let tally = tally(&record, &truth, "");
    assert!(tally.wrong.is_empty(), "{}:\n{}", source.name, tally.wrong.join("\n"));
    // one truth judges six cells only, all of glued rows that no equation binds
    let few = tally.right + tally.silent <= 6;
    assert!(few || tally.right > 0, "{}: nothing right, {} silent", source.name, tally.silent);
    let form = format!("disclosure-{}", truth["form"]);
    assert_eq!(record["form"], form, "{}", source.name);
    assert_eq!(record["year"], truth["year"], "{}", source.name);
    // with every value right, a check that fails does so in the source
}

#[test]
fn every_text_has_no_wrong_value() {
    let Some(folder) = folder() else { return };
    let mut read = 0;
    let entries = fs::read_dir(folder.join("docs")).expect("the folder can be listed");
    for entry in entries {
        let path = entry.expect("the folder can be listed").path();
        let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        if matches!(ending.as_str(), "txt" | "md") {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            no_wrong_value(&stem, text(&format!("{stem}.{ending}")));
            read += 1;
        }
    }
    assert!(read >= 7, "only {read} documents");
}

#[test]
fn pdf_has_no_wrong_value() {
    no_wrong_value("hzq2023", pdf("hzq2023.pdf", "-layout"));
    no_wrong_value("hzq2023", pdf("hzq2023.pdf", "-raw"));
}

#[test]
fn lushan_is_whole() {
    let Some(source) = text("lushan2020.txt") else { return };
    let record = reader().record(&source);
    assert_eq!(record["form"], "disclosure-2019");
    assert_eq!(record["reading"]["cells"], 198);
    assert_eq!(record["reading"]["read"], 198);
    let checks = record["checks"].as_array().expect("checks are a list");
    assert!(!checks.is_empty());
    assert!(checks.iter().all(|check| check["status"] == "holds"));
    let keys: Vec<&str> = record["sections"]
        .as_array()
        .expect("sections are a list")
        .iter()
        .filter_map(|section| section["key"].as_str())
        .collect();
    let form = ["overview", "proactive", "applications", "review_litigation", "problems", "other"];
    assert_eq!(keys, form);
}

#[test]
fn pingtan_is_proven_from_one_glued_line() {
    let name = "pingtan-2021-glued_oneline_navchrome";
    let Some(source) = text(&format!("{name}.txt")) else { return };
    let (record, truth) = (reader().record(&source), truth(name));
    let whole = |right| Tally { right, ..Tally::default() };
    assert_eq!(tally(&record, &truth, "applications."), whole(175));
    // fifteen cells that only their three row sums bind: blanks that left no trace let several readings stand
    assert_eq!(tally(&record, &truth, "review_litigation.").wrong, Vec::<String>::new());
}

/// The PDF itself, without any other program.
#[test]
fn hongze_is_read_from_its_pages() {
    let Some(folder) = folder() else { return };
    let path = folder.join("docs/hzq2023.pdf");
    let Ok(bytes) = std::fs::read(&path) else { return };
    let record = reader().record(&Source::new("hzq2023.pdf", bytes));
    let tally = tally(&record, &truth("hzq2023"), "");
    assert_eq!(tally, Tally { right: 186, ..Tally::default() });
    let wrong = [
        "review_litigation.row_total.litigation_after_reconsideration",
        "review_litigation.row_total.reconsideration",
    ];
    assert_eq!(fails(&record), BTreeSet::from(wrong));
    for (key, cell) in cells(&record) {
        assert!(cell["at"]["page"].is_u64() && cell["at"]["box"].is_array(), "{key:?}: {cell}");
    }
}

#[test]
fn hongze_is_read_both_ways_and_its_wrong_sums_are_found() {
    for mode in ["-layout", "-raw"] {
        let Some(source) = pdf("hzq2023.pdf", mode) else { return };
        let record = reader().record(&source);
        let tally = tally(&record, &truth("hzq2023"), "");
        assert_eq!(tally, Tally { right: 186, ..Tally::default() }, "{mode}");
        let wrong = [
            "review_litigation.row_total.litigation_after_reconsideration",
            "review_litigation.row_total.reconsideration",
        ];
        assert_eq!(fails(&record), BTreeSet::from(wrong), "{mode}");
    }
}
