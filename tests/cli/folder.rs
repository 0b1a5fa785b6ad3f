//! What a conversion ends with, and that an output folder is the output of one run.

use super::dir::{Dir, GOOD};
use rusqlite::Connection;
use serde_json::Value;
use std::fs;

/// The names of what lies in a folder, sorted.
fn names(dir: &Dir, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(dir.path(folder)).expect("the folder is there");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("it can be listed").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort_unstable();
    names
}

#[test]
fn ok_only_what_was_not_read_whole_ends_with_1() {
    let dir = Dir::new();
    let wrong = GOOD.replace("（七）总计 3 0 0 0 0 0 3", "（七）总计 3 0 0 0 0 0 4");
    // a sum that fails, a letter, and an RTF that breaks off
    dir.file("wrong/a.txt", wrong).file("letter/a.txt", "此函。\n");
    dir.file("cut/a.txt", GOOD).file("cut/b.rtf", "{\\rtf1 a");
    for (input, by_default, warning) in [("wrong", 0, 1), ("letter", 0, 1), ("cut", 1, 1)] {
        let convert = |more: &[&str]| {
            let arguments = [&["convert", input, "--out", "out", "--quiet"], more].concat();
            dir.run(&arguments).code
        };
        assert_eq!(convert(&[]), Some(by_default), "{input}");
        assert_eq!(convert(&["--fail-on", "error"]), Some(by_default), "{input}");
        assert_eq!(convert(&["--fail-on", "warning"]), Some(warning), "{input}");
        assert_eq!(convert(&["--fail-on", "never"]), Some(0), "{input}");
    }
    assert!(dir.read("out/diagnostics.csv").contains("damaged_part,error"));
}

#[test]
fn err_an_input_that_is_not_there_leaves_the_output_alone() {
    let dir = Dir::new();
    dir.file("in/a.txt", GOOD).file("list", "in\nin/b.txt\n");
    dir.run(&["convert", "in", "--out", "out", "--quiet"]).ends(0);
    let before = dir.read("out/reports.jsonl");
    for arguments in [
        &["convert", "in", "nowhere", "--out", "out"][..],
        &["convert", "in/a.txt/b", "--out", "out"],
        &["convert", "--files-from", "list", "--out", "out"],
        &["convert", "nowhere", "--out", "new"],
    ] {
        let ran = dir.run(arguments).ends(2);
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
        assert!(ran.err.contains("No such file") || ran.err.contains("irectory"), "{}", ran.err);
    }
    assert_eq!(dir.read("out/reports.jsonl"), before);
    assert!(!dir.path("new").exists());
}

#[test]
fn ok_what_an_earlier_run_made_is_removed_and_what_is_not_known_is_named() {
    let dir = Dir::new();
    dir.file("in/a.txt", GOOD);
    dir.run(&["convert", "in", "--out", "out", "--format", "jsonl,csv,sqlite", "--list-skipped"])
        .ends(0);
    dir.run(&["panel", "out", "--no-page", "--quiet"]).ends(0);
    dir.file("out/mine.txt", "").file("out/cells.csv.part", "").file("out/mine.part", "");
    let ran = dir.run(&["convert", "in", "--out", "out", "--format", "jsonl"]).ends(0);
    let expected = [
        "coverage.csv",
        "coverage_shares.csv",
        "forms.json",
        "index.jsonl",
        "log.json",
        "mine.part",
        "mine.txt",
        "panel.csv",
        "panel_codebook.csv",
        "panel_findings.csv",
        "panel_log.json",
        "panel_run.json",
        "reports.jsonl",
        "run.json",
        "summary.json",
    ];
    assert_eq!(names(&dir, "out"), expected);
    let line = |begin: &str| {
        let found = ran.err.lines().find(|line| line.trim_start().starts_with(begin));
        found.unwrap_or_else(|| panic!("{begin}: {}", ran.err)).to_owned()
    };
    assert!(line("removed").contains("cells.csv, checks.csv"), "{}", ran.err);
    assert!(line("not of this run").ends_with(
        "coverage.csv, coverage_shares.csv, panel.csv, panel_codebook.csv, panel_findings.csv, \
         panel_log.json, panel_run.json"
    ));
    // the same folder converted into itself has nothing to say
    fs::remove_file(dir.path("out/panel.csv")).expect("it is there");
    let log = ["convert", "in", "--out", "out", "--format", "jsonl", "--log-format", "json"];
    let told = dir.run(&log).ends(0).err;
    let event: Value = serde_json::from_str(told.lines().last().expect("a line")).expect("JSON");
    assert_eq!(event["removed"], serde_json::json!([]));
    assert_eq!(event["not_of_this_run"].as_array().map(Vec::len), Some(6));
}

#[test]
fn ok_a_panel_leaves_nothing_stale_beside_it() {
    let dir = Dir::new();
    let second = GOOD.replace("2022年", "2023年").replace("某县", "鲁山县");
    dir.file("in/2022.txt", GOOD.replace("某县", "鲁山县")).file("in/2023.txt", second);
    dir.run(&["convert", "in", "--out", "out", "--quiet"]).ends(0);
    dir.run(&["panel", "out", "--out", "p", "--format", "parquet,xlsx,stata", "--quiet"]).ends(0);
    let all = names(&dir, "p");
    let run: Value = serde_json::from_str(&dir.read("p/panel_run.json")).expect("it is JSON");
    assert_eq!(
        (&run["nianbao"], &run["inputs"][0]),
        (&env!("CARGO_PKG_VERSION").into(), &"out".into())
    );
    let log: Value = serde_json::from_str(&dir.read("p/panel_log.json")).expect("it is JSON");
    assert_eq!(log["command"][1], "panel");
    for name in ["pages", "panel.dta", "panel.html", "panel.parquet", "panel.xlsx"] {
        assert!(all.iter().any(|own| own == name), "{name}: {all:?}");
    }
    dir.file("p/pages/mine.txt", "");
    let ran = dir.run(&["panel", "out", "--out", "p", "--format", "stata", "--no-page"]).ends(0);
    let told = "removed            panel.parquet, panel.xlsx, panel.html, of an earlier panel";
    assert!(ran.err.contains(told), "{}", ran.err);
    assert_eq!(names(&dir, "p/pages"), ["mine.txt"]);
    let left: Vec<String> = all
        .into_iter()
        .filter(|name| !["panel.parquet", "panel.xlsx", "panel.html"].contains(&&**name))
        .collect();
    assert_eq!(names(&dir, "p"), left);
}

/// Pages of a scan as pictures are what a year has, where folders say whose; pictures of a page are none.
#[test]
fn ok_pictures_count_in_the_coverage() {
    const PNG: &[u8] = b"\x89PNG\r\n\x1A\n picture";
    let dir = Dir::new();
    let place = "in/湖南省/怀化市/通道侗族自治县";
    dir.file(&format!("{place}/2020年报.txt"), GOOD.replace("某县", "通道侗族自治县"));
    dir.file(&format!("{place}/2021/1.png"), PNG).file(&format!("{place}/2021/2.png"), PNG);
    dir.file(&format!("{place}/2022年报_files/logo.png"), PNG).file("in/logo.jpg", PNG);
    dir.file(&format!("{place}/2019.tif"), b"II*\0 picture");
    dir.file("in/2018.ofd", b"PK\x03\x04");
    let ran = dir.run(&["convert", "in", "--out", "out", "--fail-on", "never"]).ends(0);
    assert!(ran.err.contains("5 documents"), "{}", ran.err);
    assert!(ran.err.contains("1 .jpg, 1 .png"), "{}", ran.err);
    dir.run(&["panel", "out", "--no-page", "--quiet"]).ends(0);
    let coverage = dir.read("out/coverage.csv");
    let of_place = coverage.lines().find(|line| line.contains("通道")).expect("it is there");
    // the text says 2022 for itself
    assert!(of_place.ends_with(",scanned,missing,scanned,present"), "{coverage}");
}

#[test]
fn ok_a_folder_says_what_it_is_the_output_of() {
    let dir = Dir::new();
    dir.file("in/a.txt", GOOD);
    let arguments = ["convert", "in", "--out", "out", "--format", "csv,xlsx", "--dedup"];
    dir.run(&arguments).ends(0);
    let json = |name: &str| -> Value { serde_json::from_str(&dir.read(name)).expect("JSON") };
    let run = json("out/run.json");
    assert_eq!(run["nianbao"], env!("CARGO_PKG_VERSION"));
    assert_eq!(run["grammars"]["disclosure-2021"].as_str().map(str::len), Some(64));
    assert_eq!(run["inputs"], serde_json::json!(["in"]));
    assert_eq!(run["options"]["dedup"], true);
    for (name, length) in run["files"].as_object().expect("files are an object") {
        let there = fs::metadata(dir.path(&format!("out/{name}"))).expect("it is there");
        assert_eq!(*length, there.len(), "{name}");
    }
    let log = json("out/log.json");
    let words: Vec<&str> = log["command"]
        .as_array()
        .expect("a list")
        .iter()
        .skip(1)
        .map(|word| word.as_str().expect("a text"))
        .collect();
    assert_eq!(words, arguments);
    // nothing but the log depends on when it was made, not even the workbook
    let all = || {
        let names = names(&dir, "out").into_iter().filter(|name| name != "log.json");
        names
            .map(|name| (fs::read(dir.path(&format!("out/{name}"))).expect("it is there"), name))
            .collect::<Vec<_>>()
    };
    let before = all();
    std::thread::sleep(std::time::Duration::from_millis(1100));
    dir.run(&arguments).ends(0);
    for (before, after) in before.iter().zip(all()) {
        assert!(*before == after, "{}", after.1);
    }
}

#[test]
fn ok_views_count_a_report_once() {
    let dir = Dir::new();
    let failing = GOOD
        .replace("（七）总计 3 0 0 0 0 0 3", "（七）总计 3 0 0 0 0 0 4")
        .replace("行政强制 0", "行政强制 甲")
        .replace("信息平稳有序。", "信息平稳有序。全年共收到政府信息公开申请3件。");
    // the same twice as bytes, and once more on another page; then its next year, and one of the same name elsewhere
    let here = failing.replace("某县", "鲁山县");
    dir.file("in/a.txt", &here).file("in/b.txt", &here).file("in/c.txt", format!("\n{here}"));
    dir.file("in/d.txt", here.replace("2022年", "2023年"));
    dir.file("in/x/e.txt", failing.replace("某县人民政府2022年", "鼓楼区人民政府2022年"));
    dir.file("in/y/f.txt", failing.replace("某县人民政府2022年", "鼓楼区人民政府2023年"));
    dir.run(&["convert", "in", "--out", "out", "--format", "sqlite", "--quiet"]).ends(0);
    let database = Connection::open(dir.path("out/nianbao.sqlite")).expect("it is a database");
    let count = |what: &str| -> i64 {
        let sql = format!("SELECT count(*) FROM {what}");
        database.query_row(&sql, (), |row| row.get(0)).unwrap_or_else(|e| panic!("{what}: {e}"))
    };
    assert_eq!(count("reports WHERE duplicate_of IS NOT NULL"), 2);
    assert_eq!(count("outcomes"), 4);
    assert_eq!(count("coverage WHERE reports = 1"), 4);
    assert_eq!(count("(SELECT DISTINCT source FROM failing_checks)"), 4);
    assert_eq!(count("to_review"), 4);
    assert_eq!(count("(SELECT DISTINCT source FROM stated_and_printed WHERE stated = printed)"), 4);
    // 鲁山县 from 2022 to 2023; no code says that the two 鼓楼区 are one
    assert_eq!(count("between_years WHERE id = 'applications.carry.total'"), 1);
    assert_eq!(count("between_years WHERE id = 'applications.carry.total' AND code = '410423'"), 1);
}

#[test]
fn ok_diff_says_what_was_read_differently() {
    let dir = Dir::new();
    let other = GOOD.replace("（七）总计 3 0 0 0 0 0 3", "（七）总计 3 0 0 0 0 0 4");
    dir.file("in/a.txt", GOOD)
        .file("in/b.txt", GOOD.replace("2022年", "2021年"))
        .file("in/c.txt", GOOD);
    dir.run(&["convert", "in", "--out", "old", "--quiet"]).ends(0);
    dir.run(&["diff", "old", "old"]).ends(0);
    dir.file("in/a.txt", other).file("in/d.txt", GOOD);
    fs::remove_file(dir.path("in/c.txt")).expect("it is there");
    dir.run(&["convert", "in", "--out", "new", "--quiet"]).ends(0);
    let told = dir.run(&["diff", "old", "new"]).ends(1).out;
    for line in [
        "in/a.txt  (the document itself changed)",
        "  applications.outcome_total.total                             read 3 → read 4",
        "in/c.txt  gone",
        "in/d.txt  new",
        "1 documents differ (1 cells, 3 findings), 1 do not, 1 only in old, 1 only in new",
    ] {
        assert!(told.lines().any(|own| own == line), "{line} in\n{told}");
    }
    assert_eq!(told.lines().filter(|line| line.starts_with("  + sum_fails")).count(), 3, "{told}");
    let json = dir.run(&["diff", "old", "new", "--json"]).ends(1).out;
    let lines: Vec<Value> =
        json.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0]["cells"][0]["new"], "read 4");
    assert_eq!(lines[3]["counts"]["same"], 1);
    dir.run(&["convert", "in", "--out", "csv", "--format", "csv", "--quiet"]).ends(0);
    assert!(dir.run(&["diff", "old", "csv"]).ends(2).err.contains("reports.jsonl"));
}
