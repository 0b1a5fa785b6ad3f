//! What people are shown in Chinese, and that what machines read stays as it is.

use super::dir::{Dir, GOOD, Ran};
use nianbao::finding::Code;
use nianbao::grammar::GrammarSet;
use nianbao::lang::Lang;
use nianbao::pipeline;
use nianbao::source::Source;
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Words of more than one letter that stand outside of backquotes and are neither keys nor files.
fn english(text: &str) -> Vec<String> {
    let mut plain = String::new();
    for (nth, part) in text.split('`').enumerate() {
        plain.push_str(if nth % 2 == 0 { part } else { " " });
    }
    let is_own = |c: char| c.is_ascii_alphanumeric() || "-_./:=<>".contains(c);
    let names = ["MB", "UTF-8", "GBK", "PDF", "OFD", "ZIP", "Word", "Latin-1"];
    let words = plain.split(|c: char| !is_own(c)).map(|word| word.trim_matches([':', '.', '=']));
    words
        .filter(|word| word.chars().filter(char::is_ascii_lowercase).count() > 1)
        .filter(|word| !word.contains(['_', '.', '/', '-']) && !names.contains(word))
        .map(str::to_owned)
        .collect()
}

#[test]
fn ok_the_environment_or_the_option_chooses() {
    let dir = Dir::new();
    dir.file("in/a.txt", GOOD);
    let run = |locale: &str, arguments: &[&str]| {
        let output = dir.command(arguments).env("LC_ALL", locale).output().expect("it starts");
        String::from_utf8([output.stdout, output.stderr].concat()).expect("it is UTF-8")
    };
    assert!(run("zh_CN.UTF-8", &["--help"]).contains("用法："));
    assert!(run("zh_CN.UTF-8", &["--lang", "en", "--help"]).contains("Usage:"));
    assert!(run("C", &["--lang=zh", "convert", "--help"]).contains("结果文件夹"));
    let told = run("zh_CN.UTF-8", &["convert", "in", "--out", "out"]);
    assert!(told.contains("1 份文件，1 份年报"), "{told}");
    let left: Vec<String> =
        told.lines().filter(|line| !line.contains("写到")).flat_map(english).collect();
    assert!(left.is_empty(), "{left:?}: {told}");
    assert!(run("zh_CN.UTF-8", &["convert"]).contains("缺少参数"));
    assert!(run("zh_CN.UTF-8", &["convrt"]).contains("是否想用：convert"));
}

#[test]
fn ok_what_machines_read_is_the_same_in_both() {
    let dir = Dir::new();
    dir.file("in/a.txt", GOOD);
    dir.file("in/b.txt", "某县2022年政府信息公开工作年度报告\n");
    for lang in ["en", "zh"] {
        dir.run(&["--lang", lang, "convert", "in", "--out", lang]).ends(0);
    }
    for name in
        ["reports.jsonl", "cells.csv", "reports.csv", "diagnostics.csv", "codebook.csv", "run.json"]
    {
        assert_eq!(dir.read(&format!("en/{name}")), dir.read(&format!("zh/{name}")), "{name}");
    }
}

#[test]
fn ok_pages_are_in_chinese() {
    let dir = Dir::new();
    // a sum that fails, and a cell to decide
    let failing = GOOD.replace("（七）总计 3 0 0 0 0 0 3", "（七）总计 3 0 0 0 0 0 4");
    dir.file("in/a.txt", failing.replace("行政许可 108", "行政许可 约108"));
    dir.run(&["convert", "in", "--out", "out"]).ends(0);
    dir.run(&["--lang", "zh", "explain", "in/a.txt", "--html", "a.html"]).ends(0);
    dir.run(&["--lang", "zh", "panel", "out"]).ends(0);
    dir.run(&["--lang", "zh", "review", "out", "--html", "r.html"]).ends(0);
    for (name, words) in [
        ("a.html", ["<h2>原文</h2>", "勾稽关系"]),
        ("out/panel.html", ["（七）总计 › 总计（件）", "选择机关"]),
        ("r.html", ["年报核对", "输入数字"]),
    ] {
        let page = dir.read(name);
        for word in words {
            assert!(page.contains(word), "{name} has no {word}");
        }
        // what is shown before any script runs
        for place in ["\"at\":\"line ", "\"at\":\"page "] {
            assert!(!page.contains(place), "{name}: {place}");
        }
        let body = page.split("<body>").nth(1).expect("it has a body");
        let body = body.split("<script").next().unwrap_or_default();
        assert!(!body.contains("[["), "{name}");
        let mut shown = String::new();
        for part in body.split('<').skip(1) {
            shown.push_str(part.split_once('>').map_or("", |(_, text)| text));
            shown.push(' ');
        }
        let left: Vec<String> = english(&shown)
            .into_iter()
            .filter(|word| !["proactive", "applications", "litigation"].contains(&word.as_str()))
            .collect();
        assert!(left.is_empty(), "{name}: {left:?}");
    }
}

/// A part of a package.
fn part(package: &Path, name: &str) -> String {
    let file = std::fs::File::open(package).expect("it is there");
    let mut package = zip::ZipArchive::new(file).expect("it is a package");
    let mut part = package.by_name(name).expect("it has the part");
    let mut text = String::new();
    part.read_to_string(&mut text).expect("it is text");
    text
}

#[test]
fn ok_a_workbook_is_in_the_language_of_its_reader() {
    let dir = Dir::new();
    dir.file("in/a.txt", GOOD);
    for (lang, sheet, head) in
        [("en", "\"cells\"", ">row_label<"), ("zh", "\"单元格\"", ">行标题<")]
    {
        dir.run(&["--lang", lang, "convert", "in", "--out", lang, "--format", "jsonl,csv,xlsx"])
            .ends(0);
        dir.run(&["--lang", lang, "panel", lang, "--format", "xlsx"]).ends(0);
        let workbook = dir.path(&format!("{lang}/nianbao.xlsx"));
        assert!(part(&workbook, "xl/workbook.xml").contains(sheet), "{lang}");
        assert!(part(&workbook, "xl/worksheets/sheet3.xml").contains(head), "{lang}");
    }
    let panel = dir.path("zh/panel.xlsx");
    assert!(part(&panel, "xl/workbook.xml").contains("\"覆盖\""));
    // where a workbook is written the language is a part of what made the folder
    assert!(dir.read("zh/run.json").contains("\"lang\":\"zh-CN\""));
    assert!(dir.read("en/run.json").contains("\"lang\":null"));
}

/// Every document of the corpus, and files that nothing can be read from.
fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the corpus is there") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            documents(&path, found);
        } else if path.file_stem().is_some_and(|stem| stem == "source") {
            found.push(path);
        }
    }
}

#[test]
fn ok_every_finding_of_the_corpus_is_said_in_chinese() {
    let mut paths = Vec::new();
    documents(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"), &mut paths);
    assert!(paths.len() > 100, "{}", paths.len());
    let mut sources: Vec<Source> = paths
        .iter()
        .map(|path| Source::new(path.to_string_lossy(), std::fs::read(path).expect("it is there")))
        .collect();
    sources.extend(
        [&b""[..], b"\x00\x01\x02\x03", b"%PDF-1.4 x", b"PK\x03\x04x", b"\x89PNG\r\n\x1a\n"]
            .map(|bytes| Source::new("x", bytes.to_vec())),
    );
    let grammars = GrammarSet::built_in();
    let (mut count, mut left) = (0, Vec::new());
    for source in &sources {
        for finding in pipeline::parse(source, &grammars).findings {
            let said = Lang::Zh.say(&finding.message);
            count += 1;
            // what prose states begins with the key of the measure, and is Chinese as printed
            let is_printed = finding.code.name().starts_with("stated_")
                || matches!(
                    finding.code,
                    Code::SumFails | Code::UnclaimedText | Code::HeadingUncertain
                );
            if !is_printed && !english(&said).is_empty() {
                left.push(format!("{}: {} → {said}", finding.code.name(), finding.message));
            }
        }
    }
    left.sort();
    left.dedup();
    assert!(left.is_empty(), "{} of {count}:\n{}", left.len(), left.join("\n"));
}

/// What every command says when things go well and when they do not, in Chinese: English is left in names alone.
#[test]
fn ok_no_command_says_english_but_names() {
    let dir = Dir::new();
    let failing = GOOD.replace("（七）总计 3 0 0 0 0 0 3", "（七）总计 3 0 0 0 0 0 4");
    dir.file("in/a.txt", GOOD).file("in/b.txt", &failing).file("in/c.txt", "年报见附件\n");
    dir.file("other/a.txt", GOOD.replace("行政许可 108", "行政许可 109")).file("other/d.txt", GOOD);
    let mut zip = zip::ZipWriter::new(std::fs::File::create(dir.path("a.zip")).expect("a file"));
    for at in 0..12 {
        zip.start_file(format!("{at}.txt"), zip::write::SimpleFileOptions::default()).expect("one");
        zip.write_all(GOOD.as_bytes()).expect("it can be written");
    }
    zip.finish().expect("it can be written");
    dir.file("bad.csv", "sha256,cell\nx,y\n").file("no.toml", "id = \"x\"\n");
    let hash = nianbao::source::hex(&Sha256::digest(GOOD));
    let head = "sha256,cell,value,was\n";
    dir.file("stale.csv", format!("{head}{hash},applications.received.total,7,read 5\n"));
    let form = dir.run(&["grammar", "new", "my-form"]).ends(0).out;
    dir.file("form.toml", &form)
        .file("broken.toml", form.replace("on_time + late", "on_time + zwei"));
    dir.file("other/expected.json", r#"{"form": "x", "year": 2000, "fails": ["x"]}"#);
    dir.run(&["convert", "in", "--out", "old", "--quiet"]).ends(0);
    dir.file("changed/a.txt", GOOD);
    dir.run(&["convert", "changed", "--out", "wrong", "--quiet"]).ends(0);
    dir.file("changed/a.txt", GOOD.replace("行政许可 108", "行政许可 107"));
    let commands: &[(i32, &str)] = &[
        (0, "parse in/a.txt in/c.txt"),
        (0, "parse a.zip"),
        (1, "parse in/none.txt"),
        (0, "explain in/a.txt"),
        (0, "explain in/b.txt"),
        (0, "explain in/c.txt"),
        (2, "explain a.zip"),
        (2, "explain in/none.txt"),
        (2, "explain in/a.txt --grammar no.toml"),
        (2, "dump labels in/none.txt"),
        (0, "forms"),
        (1, "grammar test form.toml other"),
        (2, "grammar test broken.toml other"),
        (2, "grammar test no.toml other"),
        (0, "places 通道侗族自治县"),
        (0, "places 430102 --year 2020"),
        (1, "places 430102 --year 1900"),
        (1, "places 无此地"),
        (0, "convert in other --out out --corrections stale.csv"),
        (0, "convert in --out out --corrections stale.csv --update"),
        (0, "convert in --out out --update"),
        (2, "convert in --out out --corrections bad.csv"),
        (2, "convert none --out out"),
        (2, "convert in --out in/a.txt/x"),
        (2, "convert in --out out --format x"),
        (2, "convert in --out out --files-from none"),
        (0, "stats out"),
        (2, "stats none"),
        (0, "verify out"),
        (1, "verify wrong"),
        (2, "verify none"),
        (0, "diff out out"),
        (1, "diff out wrong"),
        (2, "diff out none"),
        (2, "diff out in"),
        (0, "panel out"),
        (0, "panel out --corrections stale.csv"),
        (2, "panel out old"),
        (2, "panel none"),
        (2, "panel in"),
        (0, "review out --html r.html"),
        (2, "review none --html r.html"),
        (2, "review out --html none/r.html"),
        (2, "convert in"),
        (2, "convrt"),
        (2, "forms --nothing"),
        (2, "completions none"),
    ];
    // options, formats, and what a person typed
    let names = [
        "nianbao",
        "CSV",
        "JSON",
        "json",
        "csv",
        "parquet",
        "arrow",
        "zwei",
        "none",
        "convrt",
        "explain",
        "convert",
        "completions",
        "jsonl",
    ];
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    let mut left = Vec::new();
    for (code, line) in commands {
        let words: Vec<&str> = line.split(' ').collect();
        let mut command = dir.command(&words);
        command.env("LC_ALL", "zh_CN.UTF-8");
        let ran = Ran::of(command.output().expect("it starts"));
        assert_eq!(ran.code, Some(*code), "{line}: {} {}", ran.out, ran.err);
        let json = words[0] == "parse";
        for told in [&ran.out, &ran.err].into_iter().filter(|told| !json || !told.starts_with('{'))
        {
            // a line of a grammar as it was written, and the source beside what was read
            for told in told.lines().filter(|told| !told.contains([' ']) || !told.contains(" | ")) {
                // what may be chosen is what is typed
                let said = told.split("可选值").next().unwrap_or_default();
                let said = said.split("是否想用").next().unwrap_or_default();
                let mut found = english(said);
                found.retain(|word| {
                    !names.contains(&word.as_str()) && !codes.contains(&word.as_str())
                });
                // keys of this document's tables and of a grammar
                found.retain(|word| {
                    !words.contains(&word.as_str()) && word != "proactive" && word != "applications"
                });
                if !found.is_empty() {
                    left.push(format!("{line}: {told}: {found:?}"));
                }
            }
        }
    }
    assert!(left.is_empty(), "{}", left.join("\n"));
    // where a language is unknown, that is told in the language of the environment
    let ran = dir.command(&["--lang", "fr", "forms"]).env("LC_ALL", "zh_CN.UTF-8").output();
    let told = String::from_utf8(ran.expect("it starts").stderr).expect("it is UTF-8");
    assert!(told.contains("的值无效：fr"), "{told}");
}

/// A finding is said in Chinese in every table, whatever language the conversion was told in.
#[test]
fn ok_findings_have_their_chinese_beside_them() {
    let dir = Dir::new();
    dir.file("in/a.txt", GOOD.replace("规章 0 0 0\n", ""));
    let formats = "csv,sqlite,xlsx";
    dir.run(&["convert", "in", "--out", "out", "--quiet", "--format", formats]).ends(0);
    let said = "表 `proactive` 中没有“规章”（`regulations`）这一行";
    let table = dir.read("out/diagnostics.csv");
    assert!(
        table.lines().next().is_some_and(|head| head.ends_with(",check,message_zh")),
        "{table}"
    );
    assert!(table.lines().any(|line| line.ends_with(said)), "{table}");
    let database = Connection::open(dir.path("out/nianbao.sqlite")).expect("it is a database");
    let sql = "SELECT count(*) FROM diagnostics WHERE message_zh = ?1 AND message <> ?1";
    let count: i64 = database.query_row(sql, [said], |row| row.get(0)).expect("it has the column");
    assert_eq!(count, 1);
    let book = dir.read("out/codebook.csv");
    assert!(book.contains("diagnostics,message_zh,string,,"), "{book}");
}
