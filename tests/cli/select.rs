//! `convert`: what is read and what is passed over, and reports that are there twice.

use super::dir::{Dir, GOOD};
use serde_json::Value;
use std::fs;

fn records(dir: &Dir, out: &str) -> Vec<Value> {
    let lines = dir.read(&format!("{out}/reports.jsonl"));
    lines.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}"))).collect()
}

fn names(dir: &Dir, out: &str) -> Vec<String> {
    let name = |record: &Value| record["source"]["name"].as_str().unwrap_or_default().to_owned();
    records(dir, out).iter().map(name).collect()
}

/// A ZIP with these entries, stored.
fn zipped(entries: &[&str]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in entries {
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(*name, options).expect("memory can be written");
        std::io::Write::write_all(&mut archive, format!("{name}\n{GOOD}").as_bytes())
            .expect("memory can be written");
    }
    archive.finish().expect("memory can be written").into_inner()
}

#[test]
fn ok_patterns_and_what_they_leave_out() {
    let dir = Dir::new();
    dir.file("in/a.asp", GOOD)
        .file("in/b.html", GOOD)
        .file("in/drafts/c.asp", GOOD)
        .file("in/d.zip", zipped(&["x/e.asp", "drafts/f.asp", "g.html"]));
    dir.run(&[
        "convert",
        "in",
        "--out",
        "out",
        "--include",
        "*.asp",
        "--exclude",
        "drafts",
        "--list-skipped",
    ]);
    assert_eq!(names(&dir, "out"), ["in/a.asp", "in/d.zip!/x/e.asp"]);
    assert_eq!(
        dir.read("out/skipped.csv"),
        "source,reason\r\nin/b.html,not included\r\nin/d.zip!/drafts/f.asp,excluded\r\n\
         in/d.zip!/g.html,not included\r\nin/drafts/c.asp,excluded\r\n"
    );
    // without patterns the ending decides
    dir.run(&["convert", "in", "--out", "all", "--list-skipped"]);
    assert_eq!(names(&dir, "all"), ["in/b.html", "in/d.zip!/g.html"]);
    assert!(dir.read("all/skipped.csv").contains("in/drafts/c.asp,.asp\r\n"));
    // a file that is named is read whatever its ending, unless it is excluded
    dir.run(&["convert", "in/a.asp", "--out", "named"]);
    assert_eq!(names(&dir, "named"), ["in/a.asp"]);
    dir.run(&["convert", "in/a.asp", "--out", "not", "--exclude", "in"]);
    assert!(names(&dir, "not").is_empty());
    let ran = dir.run(&["convert", "in", "--out", "out", "--include", "[a"]).ends(2);
    assert!(ran.err.contains("[a"), "{}", ran.err);
}

#[test]
fn ok_a_large_document_is_a_finding() {
    let dir = Dir::new();
    dir.file("in/a.txt", GOOD).file("in/b.txt", format!("{GOOD}{}", " ".repeat(9000)));
    dir.file("in/c.zip", zipped(&["d.txt"]));
    let most = (GOOD.len() + 100).to_string();
    dir.run(&["convert", "in", "--out", "out", "--max-bytes", &most]).ends(1);
    let records = records(&dir, "out");
    let form = |at: usize| records[at]["form"].as_str();
    assert_eq!((form(0), form(1), form(2)), (form(0), None, form(0)));
    assert!(form(0).is_some());
    assert_eq!(records[1]["diagnostics"][0]["code"], "too_large");
}

#[test]
fn ok_duplicates_are_linked_or_left_out() {
    let dir = Dir::new();
    let other_page = GOOD.replacen('\n', "\n本页为镜像\n", 1);
    let other_year = GOOD.replace("2022", "2021");
    let other_value = GOOD.replacen("3 1", "3 2", 1);
    assert!([&other_page, &other_year, &other_value].iter().all(|other| *other != GOOD));
    dir.file("in/a.txt", GOOD)
        .file("in/b.txt", GOOD)
        .file("in/c.txt", &other_page)
        .file("in/d.txt", &other_year)
        .file("in/e.txt", &other_value)
        .file("in/f.txt", "no report")
        .file("in/g.txt", "no report")
        .file("in/h.txt", "another text");
    let ran = dir.run(&["convert", "in", "--out", "out"]);
    assert!(ran.err.contains("2 of bytes, 1 of reports, linked"), "{}", ran.err);
    let links: Vec<(Value, Value)> = records(&dir, "out")
        .into_iter()
        .map(|r| (r["duplicate_of"].clone(), r["duplicate_by"].clone()))
        .collect();
    let (null, a, f) = (Value::Null, Value::from("in/a.txt"), Value::from("in/f.txt"));
    let (bytes, report) = (Value::from("bytes"), Value::from("report"));
    let none = (null.clone(), null);
    let want = [
        none.clone(),
        (a.clone(), bytes.clone()),
        (a, report),
        none.clone(),
        none.clone(),
        none.clone(),
        (f, bytes),
        none,
    ];
    assert_eq!(links, want);
    // the table says the same
    let mut reader = csv::Reader::from_path(dir.path("out/reports.csv")).expect("it is there");
    let heads = reader.headers().expect("it has a head").clone();
    let column = |name: &str| heads.iter().position(|head| head == name).expect("it is there");
    let (of, by) = (column("duplicate_of"), column("duplicate_by"));
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    for (row, (want_of, want_by)) in rows.iter().zip(&want) {
        assert_eq!(row[of], *want_of.as_str().unwrap_or_default());
        assert_eq!(row[by], *want_by.as_str().unwrap_or_default());
    }

    dir.run(&["convert", "in", "--out", "few", "--dedup", "--list-skipped"]);
    assert_eq!(names(&dir, "few"), ["in/a.txt", "in/d.txt", "in/e.txt", "in/f.txt", "in/h.txt"]);
    assert_eq!(
        dir.read("few/skipped.csv"),
        "source,reason\r\nin/b.txt,repeats in/a.txt\r\nin/c.txt,repeats in/a.txt\r\nin/g.txt,repeats in/f.txt\r\n"
    );
    // nothing else changes: the lines that stay are the same
    let kept = |name: &str| -> Vec<String> {
        let all = dir.read(&format!("out/{name}"));
        let gone = ["in/b.txt", "in/c.txt", "in/g.txt"];
        all.lines().filter(|l| !gone.iter().any(|g| l.starts_with(g))).map(str::to_owned).collect()
    };
    for name in ["cells.csv", "checks.csv", "diagnostics.csv", "reports.csv"] {
        let few: Vec<String> =
            dir.read(&format!("few/{name}")).lines().map(str::to_owned).collect();
        assert_eq!(few, kept(name), "{name}");
    }
    assert!(!fs::exists(dir.path("out/seen.part")).expect("the folder is there"));
}

#[test]
fn ok_the_log_is_json() {
    let dir = Dir::new();
    dir.file("in/a.txt", GOOD).file("in/b.txt", "");
    let ran = dir.run(&["convert", "in", "--out", "out", "--log-format", "json"]).ends(1);
    let last = ran.err.lines().last().expect("there is a line");
    let event: Value = serde_json::from_str(last).unwrap_or_else(|e| panic!("{e}: {last}"));
    assert_eq!(event["event"], "summary");
    assert_eq!(event["summary"]["documents"], 2);
    assert_eq!(event["summary"]["unread"][0]["source"], "in/b.txt");
    assert!(ran.err.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{}", ran.err);
}

#[test]
fn ok_an_entry_of_an_archive_opens_by_its_name() {
    let dir = Dir::new();
    dir.file("in/c.zip", zipped(&["d/e.txt"])).file("odd!/a.txt", GOOD);
    let parsed = dir.run(&["parse", "--compact", "in/c.zip!/d/e.txt"]).ends(0).out;
    let record: Value = serde_json::from_str(&parsed).expect("it is JSON");
    assert_eq!(record["source"]["name"], "in/c.zip!/d/e.txt");
    assert_eq!(record["form"], "disclosure-2021");
    assert!(dir.run(&["explain", "in/c.zip!/d/e.txt"]).ends(0).out.contains("applications"));
    // a file may have such a name, and an entry may not be there
    dir.run(&["explain", "odd!/a.txt"]).ends(0);
    dir.run(&["explain", "in/c.zip!/d/none.txt"]).ends(2);
}
