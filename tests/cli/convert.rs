//! `convert`: folders with everything in them that goes wrong in an archive.

use super::dir::{Dir, GOOD, base};
use serde_json::Value;
use std::fs;

fn records(dir: &Dir) -> Vec<Value> {
    let lines = dir.read("out/reports.jsonl");
    lines.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}"))).collect()
}

fn names(records: &[Value]) -> Vec<String> {
    records.iter().map(|r| base(r["source"]["name"].as_str().unwrap_or_default())).collect()
}

fn codes(record: &Value) -> Vec<&str> {
    let list = record["diagnostics"].as_array().expect("diagnostics are a list");
    list.iter().filter_map(|d| d["code"].as_str()).collect()
}

fn table(dir: &Dir, name: &str) -> Vec<csv::StringRecord> {
    let mut reader = csv::Reader::from_path(dir.path(&format!("out/{name}"))).expect("it is there");
    let rows: Result<Vec<_>, _> = reader.records().collect();
    rows.unwrap_or_else(|e| panic!("{name}: {e}"))
}

#[test]
fn ok_everything_else_converts() {
    let dir = Dir::new();
    dir.file("in/a.txt", GOOD)
        .file(
            "in/b_binary.txt",
            [0u8, 159, 146, 150, 255, 0, 1, 2, 3, 4, 5, 6, 7, 254, 253].repeat(99),
        )
        .file("in/c_empty.txt", "")
        .file("in/sub/y.txt", GOOD)
        .file("in/z.txt", GOOD)
        .file("in/picture.jpg", "no document");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", dir.path("in/d_broken.txt")).expect("links work");
        std::os::unix::fs::symlink("..", dir.path("in/sub/loop")).expect("links work");
    }
    let ran = dir.run(&["convert", "in", "--out", "out"]).ends(1);
    let records = records(&dir);
    let mut want = vec!["a.txt", "b_binary.txt", "c_empty.txt"];
    if cfg!(unix) {
        want.extend(["d_broken.txt", "loop"]);
    }
    want.extend(["y.txt", "z.txt"]);
    assert_eq!(names(&records), want);
    let said: Vec<(String, Vec<&str>)> = records
        .iter()
        .filter(|r| r["form"].is_null())
        .map(|r| (names(std::slice::from_ref(r)).remove(0), codes(r)))
        .collect();
    let mut expected = vec![("b_binary.txt", vec!["binary"]), ("c_empty.txt", vec!["empty"])];
    if cfg!(unix) {
        expected.extend([("d_broken.txt", vec!["broken_link"]), ("loop", vec!["folder_loop"])]);
    }
    let expected: Vec<_> = expected.into_iter().map(|(n, c)| (n.to_owned(), c)).collect();
    assert_eq!(said, expected);
    // each of them is a line in the diagnostics and in the summary
    for (name, codes) in &said {
        let rows = table(&dir, "diagnostics.csv");
        let own = rows.iter().filter(|row| base(&row[0]) == *name && row[10] == *codes[0]);
        assert_eq!(own.count(), 1, "{name}");
        let lines = ran.err.lines().filter(|line| line.contains(&format!("/{name}:"))).count();
        let is_error = codes[0] != "folder_loop";
        assert_eq!(lines, usize::from(is_error), "{name} in\n{}", ran.err);
    }
    assert!(ran.err.contains(".jpg"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn ok_file_without_permission() {
    use std::os::unix::fs::PermissionsExt;
    let dir = Dir::new();
    dir.file("in/a.txt", GOOD).file("in/locked.txt", GOOD).file("in/z.txt", GOOD);
    let locked = dir.path("in/locked.txt");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).expect("it is ours");
    if fs::read(&locked).is_ok() {
        return; // the superuser may read everything
    }
    dir.run(&["convert", "in", "--out", "out"]).ends(1);
    let records = records(&dir);
    assert_eq!(names(&records), ["a.txt", "locked.txt", "z.txt"]);
    assert_eq!(codes(&records[1]), ["unreadable"]);
}

#[test]
fn ok_clean_folder_ends_with_0_and_quietly() {
    let dir = Dir::new();
    let ran = dir.file("in/a.txt", GOOD).run(&["convert", "in", "--out", "out", "--quiet"]).ends(0);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
}

#[test]
fn ok_output_order_is_input_order() {
    let dir = Dir::new();
    for at in 0..200 {
        // documents of very different size, so that threads overtake each other
        let size = if at % 17 == 0 { 200 } else { 1 };
        dir.file(&format!("in/{at:03}.txt"), GOOD.to_owned() + &"另有说明。\n".repeat(size * 50));
    }
    dir.file("first.txt", GOOD);
    dir.run(&["convert", "first.txt", "in", "--out", "out", "--threads", "4", "--quiet"]).ends(0);
    let mut want = vec!["first.txt".to_owned()];
    want.extend((0..200).map(|at| format!("{at:03}.txt")));
    assert_eq!(names(&records(&dir)), want);
}

#[test]
fn ok_tables_open_and_hold_every_cell() {
    let dir = Dir::new();
    dir.file("in/a.txt", GOOD).run(&["convert", "in", "--out", "out"]).ends(0);
    let record = records(&dir).remove(0);
    let cells = table(&dir, "cells.csv");
    assert_eq!(cells.len() as u64, record["reading"]["cells"].as_u64().unwrap_or(0));
    for cell in &cells {
        let [table, row, column, value] = [&cell[10], &cell[11], &cell[12], &cell[15]];
        let own = &record["tables"][table][row][column];
        let is_same = match own["value"].as_f64() {
            // a column of one type: every number has a point
            Some(number) => value.contains('.') && value.parse() == Ok(number),
            None => value.is_empty(),
        };
        assert!(is_same && cell[16] == *value, "{table}.{row}.{column}: {value}");
        assert_eq!(own["status"], cell[18]);
        let raw = own["raw"].as_str().unwrap_or_default();
        assert_eq!(cell[19].strip_prefix('\'').unwrap_or(&cell[19]), raw);
    }
    let mut reports = csv::Reader::from_path(dir.path("out/reports.csv")).expect("it is there");
    let head = reports.headers().expect("it has a head").clone();
    let at = head.iter().position(|h| h == "applications__received__total").expect("wide columns");
    let row = reports.records().next().expect("one report").expect("RFC 4180");
    assert_eq!(&row[at], "3");
    assert!(dir.read("out/cells.csv").contains("\r\n"));
    assert!(!table(&dir, "checks.csv").is_empty());
}

#[test]
fn err_no_formula_reaches_a_spreadsheet() {
    let dir = Dir::new();
    let text = GOOD.replace("某县人民政府2022年", "=cmd|'/c calc'!A1人民政府2022年");
    dir.file("in/=1+1.txt", text).file("@SUM(A1).txt", GOOD);
    dir.run(&["convert", "@SUM(A1).txt", "in", "--out", "out"]);
    for name in ["cells.csv", "reports.csv", "checks.csv", "diagnostics.csv"] {
        for row in table(&dir, name) {
            for field in &row {
                let number = field.parse::<f64>().is_ok();
                let runs = field.trim_start().starts_with(['=', '+', '@', '-']);
                // a bare mark for nothing is no formula to anybody
                assert!(number || !runs || field.trim() == "-", "{name}: {field}");
            }
        }
    }
}

#[test]
fn err_unwritable_output_ends_with_2() {
    let dir = Dir::new();
    dir.file("in/a.txt", GOOD).file("out", "a file stands where the folder should be");
    let ran = dir.run(&["convert", "in", "--out", "out"]).ends(2);
    assert!(ran.err.contains("out"), "{}", ran.err);
}

#[test]
fn ok_inputs_from_a_list_and_an_archive() {
    let dir = Dir::new();
    dir.file("a.txt", GOOD).file("b.txt", GOOD);
    let packed = {
        use std::io::Write;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(GOOD.as_bytes()).expect("memory can be written");
        packed.finish().expect("memory can be written")
    };
    dir.file("c.txt.gz", packed).file("list", "b.txt\nc.txt.gz\n");
    dir.run(&["convert", "a.txt", "--files-from", "list", "--out", "out", "--format", "jsonl"]);
    let records = records(&dir);
    let whole: Vec<&str> = records.iter().filter_map(|r| r["source"]["name"].as_str()).collect();
    assert_eq!(whole, ["a.txt", "b.txt", "c.txt.gz!/c.txt"]);
    assert!(records.iter().all(|r| r["form"] == records[0]["form"] && r["tables"] != Value::Null));
    // the same summary again from the output
    let told = dir.run(&["stats", "out"]).ends(0).out;
    assert!(told.starts_with("3 documents, 3 reports"), "{told}");
    assert!(!fs::exists(dir.path("out/reports.jsonl.part")).expect("it can be asked"));
}

#[test]
fn ok_every_column_is_explained() {
    let dir = Dir::new();
    dir.file("in/a.txt", GOOD).run(&["convert", "in", "--out", "out", "--format", "csv"]).ends(0);
    let package: Value =
        serde_json::from_str(&dir.read("out/datapackage.json")).expect("it is JSON");
    let codebook = table(&dir, "codebook.csv");
    let resources = package["resources"].as_array().expect("resources are a list");
    assert_eq!(resources.len(), 5);
    for resource in resources {
        let path = resource["path"].as_str().expect("a path");
        let mut reader =
            csv::Reader::from_path(dir.path(&format!("out/{path}"))).expect("it is there");
        let head = reader.headers().expect("it has a head").clone();
        let fields = resource["schema"]["fields"].as_array().expect("fields are a list");
        let named: Vec<&str> = fields.iter().filter_map(|field| field["name"].as_str()).collect();
        assert_eq!(named, head.iter().collect::<Vec<_>>(), "{path}");
        for field in fields {
            let own = codebook
                .iter()
                .find(|row| path.strip_suffix(".csv") == Some(&row[0]) && field["name"] == row[1]);
            let own = own.unwrap_or_else(|| panic!("codebook.csv does not have {field}"));
            assert_eq!(field["type"], own[2]);
            assert!(!own[4].is_empty() && !own[5].is_empty(), "{field}");
        }
    }
}

#[test]
fn ok_a_blank_that_can_only_be_zero_is_told_and_has_no_value() {
    let dir = Dir::new();
    let row = "一、本年新收政府信息公开申请数量 3 0 0 0 0 0 3";
    assert!(GOOD.contains(row));
    // in the second a total leaves something for the blanks
    dir.file("in/a.txt", GOOD.replace(row, "一、本年新收政府信息公开申请数量 3 - - - - 0 3"));
    dir.file("in/b.txt", GOOD.replace(row, "一、本年新收政府信息公开申请数量 3 - - - - 0 4"));
    dir.run(&["convert", "in", "--out", "out", "--format", "csv,parquet", "--quiet"]).ends(0);
    let mut reader = csv::Reader::from_path(dir.path("out/cells.csv")).expect("it is there");
    let head = reader.headers().expect("it has a head").clone();
    let at = |name: &str| head.iter().position(|own| own == name).expect("the column is there");
    let mut zeros = std::collections::BTreeMap::new();
    for row in reader.records().map(|row| row.expect("RFC 4180")) {
        if row[at("implied_zero")] == *"1" {
            assert_eq!((&row[at("status")], &row[at("value")]), ("blank", ""));
            assert_eq!(&row[at("row")], "received");
            *zeros.entry(base(&row[0])).or_insert(0) += 1;
        }
    }
    // the balance of each column says it in both, for 3 were dealt with; the row only where it adds up
    assert_eq!(zeros.get("a.txt"), Some(&4));
}
