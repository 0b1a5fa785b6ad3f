//! Corrections: applied whenever a document is read again, as long as the program says what it said when they were made.

use super::dir::{Dir, GOOD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs;

const HEAD: &str = "sha256,cell,value,was,by,date,note\n";

fn sha256(bytes: &str) -> String {
    nianbao::source::hex(&Sha256::digest(bytes))
}

/// A report with a sum that fails and a cell that is no exact number.
fn open() -> String {
    GOOD.replace("（七）总计 3 0 0 0 0 0 3", "（七）总计 3 0 0 0 0 0 4")
        .replace("行政许可 108", "行政许可 约108")
}

fn records(dir: &Dir, out: &str) -> Vec<Value> {
    let lines = dir.read(&format!("{out}/reports.jsonl"));
    lines.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect()
}

#[test]
fn ok_a_correction_is_applied_and_says_what_was() {
    let dir = Dir::new();
    let document = open();
    let hash = sha256(&document);
    dir.file("in/a.txt", &document).file("in/b.txt", GOOD);
    // two people, in files of their own
    dir.file("one.csv", format!("{HEAD}{hash},applications.outcome_total.total,3,read 4,王,2026-01-02,\"按合计, 应为3\"\n"));
    dir.file(
        "two.csv",
        format!("{HEAD}{hash},proactive.licences.decisions,,unreadable,李,2026-01-03,附件中没有\n"),
    );
    dir.run(&["convert", "in", "--out", "before", "--quiet"]).ends(0);
    let arguments =
        ["convert", "in", "--out", "out", "--corrections", "one.csv", "--corrections", "two.csv"];
    dir.run(&arguments).ends(0);
    let record = records(&dir, "out").remove(0);
    let cell = &record["tables"]["applications"]["outcome_total"]["total"];
    let before = records(&dir, "before").remove(0);
    let expected = json!({
        "value": 3, "raw": "4", "status": "reviewed",
        "at": before["tables"]["applications"]["outcome_total"]["total"]["at"],
        "review": {"by": "王", "date": "2026-01-02", "note": "按合计, 应为3"},
        "was": {"status": "read", "value": 4},
    });
    assert_eq!(*cell, expected);
    let cell = &record["tables"]["proactive"]["licences"]["decisions"];
    assert_eq!((&cell["value"], &cell["status"]), (&Value::Null, &json!("reviewed")));
    assert_eq!(cell["was"]["status"], "unreadable");
    assert_eq!(record["reading"]["reviewed"], 2);
    // the sums are judged with what a person said
    let fails = |record: &Value| {
        let checks = record["checks"].as_array().expect("checks are a list");
        checks.iter().filter(|check| check["status"] == "fails").count()
    };
    assert_eq!((fails(&before), fails(&record)), (3, 0));
    assert!(!dir.read("out/diagnostics.csv").contains("sum_fails"));
    assert!(
        dir.read("out/cells.csv").lines().any(|line| line.contains(",3.0,3.0,件,reviewed,'4,"))
    );
    // the schema knows it, and the verifier says nothing against a person
    let schema = serde_json::from_str(&dir.run(&["schema"]).ends(0).out).expect("it is JSON");
    let schema = jsonschema::validator_for(&schema).expect("it is a schema");
    assert!(schema.is_valid(&record), "{:?}", schema.iter_errors(&record).next());
    dir.run(&["verify", "out"]).ends(0);
    // what is taken over and what is corrected are told apart
    let update = [&arguments[..], &["--update", "--quiet"]].concat();
    let files = ["reports.jsonl", "cells.csv", "run.json"];
    let before = files.map(|name| dir.read(&format!("out/{name}")));
    dir.run(&update).ends(0);
    assert_eq!(files.map(|name| dir.read(&format!("out/{name}"))), before);
    // what was corrected is withdrawn, and said to be
    let without = dir.run(&["convert", "in", "--out", "out", "--update"]).ends(0);
    assert!(without.err.contains("are not given now, and not applied"), "{}", without.err);
    assert!(!without.err.contains("replaced"), "{}", without.err);
    assert_eq!(dir.read("out/reports.jsonl"), dir.read("before/reports.jsonl"));
    let again = dir.run(&["convert", "in/a.txt", "--out", "out", "--update"]).ends(0);
    assert!(!again.err.contains("not given now"), "{}", again.err);
    assert!(
        again.err.contains("replaced           a conversion of other inputs: in\n"),
        "{}",
        again.err
    );
    dir.run(&update).ends(0);
    assert_eq!(files.map(|name| dir.read(&format!("out/{name}"))), before);
}

/// A panel with corrections is the panel of a conversion with them; and a review shows what counts, and corrects what was
/// printed.
#[test]
fn ok_a_panel_and_a_second_review_take_corrections() {
    let dir = Dir::new();
    let document = open();
    let hash = sha256(&document);
    let line = |cell: &str, value: &str, was: &str| format!("{hash},{cell},{value},{was},王,,\n");
    let total = line("applications.outcome_total.total", "5", "read 4");
    let licences = line("proactive.licences.decisions", "108", "unreadable");
    dir.file("in/a.txt", &document).file("in/b.txt", &document).file("in/c.txt", GOOD);
    dir.file("one.csv", format!("{HEAD}{total}")).file("two.csv", format!("{HEAD}{licences}"));
    let both = ["--corrections", "one.csv", "--corrections", "two.csv"];
    dir.run(&["convert", "in", "--out", "plain", "--quiet"]).ends(0);
    dir.run(&[&["convert", "in", "--out", "corrected", "--quiet"], &both[..]].concat()).ends(0);
    dir.run(&["panel", "corrected", "--out", "want", "--no-page", "--quiet"]).ends(0);
    let ran = dir.run(&[&["panel", "plain", "--out", "got"], &both[..]].concat()).ends(0);
    assert!(ran.err.contains("corrected          2 documents"), "{}", ran.err);
    for name in ["panel.csv", "panel_findings.csv", "coverage.csv"] {
        assert_eq!(dir.read(&format!("got/{name}")), dir.read(&format!("want/{name}")), "{name}");
    }
    assert!(dir.read("got/panel.csv").contains("reviewed"));
    assert!(dir.read("got/pages/0.html").contains("reviewed"));
    // half of what the conversion had would take the other half back
    let ran = dir.run(&["panel", "corrected", "--out", "got", "--corrections", "two.csv"]).ends(2);
    assert!(ran.err.contains("in/a.txt") && ran.err.contains("corrections"), "{}", ran.err);
    // what is said again of a corrected cell is a correction of what is printed
    dir.run(&[&["review", "plain", "--html", "page.html"], &both[..]].concat()).ends(0);
    let page = dir.read("page.html");
    assert!(page.contains(r#""was":"read 4","said":"reviewed 5""#), "{page}");
    dir.file("old.csv", format!("{HEAD}{}", line("proactive.licences.decisions", "1", "read 1")));
    let ran = dir.run(&["panel", "plain", "--out", "got", "--corrections", "old.csv"]).ends(0);
    assert!(ran.err.contains("not applied        in/a.txt: the correction of"), "{}", ran.err);
}

#[test]
fn err_what_is_not_applied_is_told() {
    let dir = Dir::new();
    let document = open();
    let hash = sha256(&document);
    let gone = sha256("gone");
    dir.file("in/a.txt", &document);
    let lines = [
        format!("{hash},applications.received.total,7,read 5,王,,"),
        format!("{hash},applications.received.nobody,7,read 5,王,,"),
        format!("{hash},proactive.licences.decisions,107,unreadable,王,,"),
        format!("{hash},proactive.licences.decisions,108,unreadable,李,,"),
        format!("{gone},proactive.licences.decisions,108,unreadable,李,,"),
    ];
    dir.file("c.csv", HEAD.to_owned() + &lines.join("\n"));
    let ran = dir.run(&["convert", "in", "--out", "out", "--corrections", "c.csv"]).ends(0);
    let record = records(&dir, "out").remove(0);
    let mut told: Vec<(&str, &str)> = Vec::new();
    for finding in record["diagnostics"].as_array().expect("diagnostics are a list") {
        let code = finding["code"].as_str().expect("a text");
        if code.starts_with("correction") {
            told.push((code, finding["cells"][0].as_str().expect("a cell")));
        }
    }
    told.sort_unstable();
    let expected = [
        ("correction_conflict", "proactive.licences.decisions"),
        ("correction_stale", "applications.received.nobody"),
        ("correction_stale", "applications.received.total"),
    ];
    assert_eq!(told, expected);
    assert_eq!(record["reading"]["reviewed"], 0);
    assert_eq!(record["tables"]["applications"]["received"]["total"]["value"], 3);
    assert!(
        ran.err.contains("corrections        1 document that is not among the inputs"),
        "{}",
        ran.err
    );
    dir.run(&["convert", "in", "--out", "out", "--corrections", "c.csv", "--fail-on", "warning"])
        .ends(1);
    // a file that is none is a mistake, with its line, before anything is written
    for (text, named) in
        [("sha256,cell\nx,y\n", "line 1"), (&format!("{HEAD}x,y,约3,blank,,,\n"), "line 2")]
    {
        dir.file("bad.csv", text);
        let ran = dir.run(&["convert", "in", "--out", "new", "--corrections", "bad.csv"]).ends(2);
        assert!(ran.err.contains("bad.csv") && ran.err.contains(named), "{}", ran.err);
    }
    assert!(fs::metadata(dir.path("new")).is_err());
}
