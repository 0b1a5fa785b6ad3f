//! One document cannot stop the others: limits, and every kind of bad input between good ones.

use nianbao::batch::{self, Job};
use nianbao::grammar::GrammarSet;
use nianbao::sinks::{self, Format, sinks};
use nianbao::source::select::Select;
use nianbao::source::walk::walk;
use serde_json::Value;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

const GOOD: &str = include_str!("cli/good.txt");

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("nianbao-limits-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("there is a temporary folder");
    folder
}

/// The records of an input.
fn records(input: &Path, most_time: Option<Duration>) -> Vec<Value> {
    let set = GrammarSet::built_in();
    let (sinks, select) =
        (sinks(&[Format::Jsonl], &set, sinks::Options::default()), Select::default());
    let name = input.file_name().unwrap_or_default().to_string_lossy();
    let out = folder(&format!("out-{name}"));
    let job = Job { most_time, threads: 2, ..Job::new(&set, &sinks, &out, &select) };
    let entries = walk([input.to_owned()], &select);
    let summary = batch::convert(entries, &job, &AtomicBool::new(false), |_| {})
        .expect("the folder can be written");
    let lines = fs::read_to_string(out.join("reports.jsonl")).expect("it was written");
    fs::remove_dir_all(&out).expect("what was made can be removed");
    let records: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("a record is JSON")).collect();
    assert_eq!(summary.documents as usize, records.len(), "nothing is lost");
    records
}

#[test]
fn ok_a_slow_document_is_a_finding() {
    let input = folder("slow");
    for name in ["a.txt", "b.txt", "c.html"] {
        fs::write(input.join(name), GOOD).expect("a file can be written");
    }
    let slow = records(&input, Some(Duration::ZERO));
    assert_eq!(slow.len(), 3);
    for record in &slow {
        assert_eq!(record["diagnostics"][0]["code"], "too_slow");
        assert_eq!(record["source"]["bytes"], GOOD.len());
    }
    let whole = records(&input, Some(Duration::from_mins(10)));
    assert!(whole.iter().all(|record| record["form"].is_string()));
    fs::remove_dir_all(&input).expect("what was made can be removed");
}

/// What goes wrong in archives, each with an ending that has it read.
fn bad() -> Vec<(&'static str, Vec<u8>)> {
    let deep = |open: &str, close: &str, times: usize| {
        format!("<html>{}{GOOD}{}", open.repeat(times), close.repeat(times)).into_bytes()
    };
    let pdf = |body: &str| format!("%PDF-1.7\n{body}\n%%EOF").into_bytes();
    let packed = |bytes: &[u8]| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(bytes).expect("memory can be written");
        packed.finish().expect("memory can be written")
    };
    let nested = (0..20).fold(packed(GOOD.as_bytes()), |inner, _| packed(&inner));
    vec![
        ("empty.txt", Vec::new()),
        ("blank.txt", b" \n\n\t".to_vec()),
        ("binary.txt", (0..=255).collect::<Vec<u8>>().repeat(64)),
        ("cut.txt", GOOD.as_bytes()[..=GOOD.len() / 2].to_vec()),
        ("mojibake.txt", "鏀垮簻淇℃伅鍏紑骞村害鎶ュ憡\u{fffd}".repeat(40).into_bytes()),
        ("long.txt", "七".repeat(1 << 20).into_bytes()),
        ("digits.txt", GOOD.replacen("3 1 20", &"9".repeat(1 << 20), 1).into_bytes()),
        ("controls.txt", GOOD.replacen("3 1 20", "3 \u{1b}[31m1 \u{202e}2\u{0}0", 1).into_bytes()),
        ("deep.html", deep("<table><tr><td>", "", 20_000)),
        ("wide.html", b"<table><tr><td rowspan=2147483647 colspan=2147483647>1</table>".repeat(99)),
        ("open.html", b"<div><!--".repeat(20_000)),
        ("shell.html", b"<html><script src=app.js></script><div id=app></div></html>".to_vec()),
        (
            "loop.pdf",
            pdf(
                "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]/Count 9>>endobj trailer<</Root 1 0 R>>",
            ),
        ),
        ("cut.pdf", b"%PDF-1.4\n1 0 obj<</Type".to_vec()),
        ("deep.pdf", pdf(&"<<".repeat(50_000))),
        ("cut.docx", b"PK\x03\x04\x14\x00\x00\x00\x08\x00".to_vec()),
        ("cut.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".repeat(100)),
        ("deep.rtf", b"{\\rtf1".iter().copied().chain(b"{".repeat(100_000)).collect()),
        ("cut.ofd", b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0\x09\0\0\0\x09\0\0\0\x07\0\0\0OFD.xml<OFD><Doc".to_vec()),
        ("picture.ofd", b"PK\x05\x06".iter().copied().chain([0; 18]).collect()),
        ("nested.gz", nested),
        ("cut.zip", b"PK\x03\x04".to_vec()),
        ("no.7z", b"7z\xBC\xAF\x27\x1C\x00\x04".to_vec()),
    ]
}

#[test]
fn ok_bad_inputs_between_good_ones() {
    let input = folder("bad");
    let good = |number: usize| GOOD.replace("2022", &(2019 + number % 5).to_string());
    let archive = |with_bad: bool| {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let mut add = |name: &str, bytes: &[u8]| {
            let options = zip::write::SimpleFileOptions::default();
            archive.start_file(name, options).expect("memory can be written");
            archive.write_all(bytes).expect("memory can be written");
        };
        for (at, (name, bytes)) in bad().into_iter().enumerate() {
            add(&format!("good{at}.txt"), good(at).as_bytes());
            if with_bad {
                add(name, &bytes);
            }
        }
        add("last.txt", GOOD.as_bytes());
        archive.finish().expect("memory can be written").into_inner()
    };
    let path = input.join("a.zip");
    let mut all = Vec::new();
    for with_bad in [false, true] {
        fs::write(&path, archive(with_bad)).expect("a file can be written");
        all.push(records(&path, Some(Duration::from_mins(1))));
    }
    let name = |record: &Value| record["source"]["name"].as_str().unwrap_or_default().to_owned();
    let is_bad =
        |record: &Value| bad().iter().any(|(bad, _)| name(record).contains(&format!("!/{bad}")));
    let (bad_ones, good_ones): (Vec<Value>, Vec<Value>) = all[1].iter().cloned().partition(is_bad);
    assert!(good_ones == all[0], "a bad neighbour changes good records");
    assert_eq!(good_ones.len(), bad().len() + 1);
    for (bad, _) in bad() {
        let of: Vec<&Value> =
            bad_ones.iter().filter(|r| name(r).contains(&format!("!/{bad}"))).collect();
        assert!(!of.is_empty(), "{bad} is lost");
        let told = of.iter().any(|r| !r["diagnostics"].as_array().expect("a list").is_empty());
        assert!(told, "{bad} is not told of");
        let codes = of.iter().flat_map(|r| r["diagnostics"].as_array().expect("a list"));
        assert!(codes.into_iter().all(|d| d["code"] != "panic"), "{bad}");
    }
    fs::remove_dir_all(&input).expect("what was made can be removed");
}
