//! `parse`, `explain`, `dump` and the commands that only print.

use super::dir::{Dir, GOOD};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

fn record(out: &str) -> Value {
    serde_json::from_str(out).unwrap_or_else(|e| panic!("{e}: {out}"))
}

#[test]
fn ok_good_report_ends_with_0() {
    let dir = Dir::new();
    let ran = dir.file("good.txt", GOOD).run(&["parse", "good.txt"]).ends(0);
    let record = record(&ran.out);
    assert_eq!(record["form"], "disclosure-2021");
    assert_eq!(record["year"], 2022);
    assert_eq!(record["source"]["name"], "good.txt");
    assert_eq!(record["reading"]["missing"], 0);
    assert_eq!(ran.err, "");
}

#[test]
fn ok_failing_check_or_no_form_ends_with_1_where_that_is_asked_for() {
    let dir = Dir::new();
    dir.file("wrong.txt", GOOD.replace("（七）总计 3 0 0 0 0 0 3", "（七）总计 3 0 0 0 0 0 4"));
    dir.file("letter.txt", "此函。\n");
    let fail = |file| ["parse", "--compact", "--fail-on", "warning", file];
    let wrong = dir.run(&fail("wrong.txt")).ends(1);
    assert!(wrong.out.contains("sum_fails"));
    dir.run(&fail("letter.txt")).ends(1);
    dir.run(&["parse", "letter.txt", "wrong.txt"]).ends(0);
    let both =
        dir.file("good.txt", GOOD).run(&[&fail("wrong.txt")[..], &["good.txt"]].concat()).ends(1);
    let names: Vec<Value> = both.out.lines().map(|l| record(l)["source"]["name"].clone()).collect();
    assert_eq!(names, ["wrong.txt", "good.txt"]);
}

#[test]
fn err_absent_file_ends_with_1_and_is_named() {
    let dir = Dir::new();
    let ran =
        dir.file("good.txt", GOOD).run(&["parse", "--compact", "absent.txt", "good.txt"]).ends(1);
    assert_eq!(ran.out.lines().count(), 2, "the other one is read");
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    assert!(ran.err.contains("absent.txt") && ran.err.contains("unreadable"), "{}", ran.err);
}

#[test]
fn err_wrong_arguments_end_with_2() {
    let dir = Dir::new();
    let runs: [&[&str]; 5] =
        [&[], &["parse"], &["read"], &["dump", "--stage", "soup", "a"], &["convert", "a"]];
    for arguments in runs {
        let ran = dir.run(arguments).ends(2);
        assert_eq!(ran.out, "", "{arguments:?}");
        assert!(!ran.err.is_empty(), "{arguments:?}");
    }
}

#[test]
fn ok_standard_input() {
    let ran = Dir::new().run_with(&["parse", "-"], GOOD).ends(0);
    assert_eq!(record(&ran.out)["source"]["name"], "-");
    let ran = Dir::new().run_with(&["explain", "-"], GOOD).ends(0);
    assert!(ran.out.contains("2022"), "{}", ran.out);
}

#[test]
fn ok_broken_pipe_is_no_error() {
    let dir = Dir::new();
    dir.file("good.txt", GOOD);
    let many = vec!["good.txt"; 200];
    let arguments = [&["parse"], &many[..]].concat();
    let mut child = dir
        .command(&arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut line = String::new();
    out.read_line(&mut line).expect("there is a line");
    drop(out);
    let output = child.wait_with_output().expect("the command ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn ok_explain_shows_tables_and_failing_sums() {
    let dir = Dir::new();
    let good = dir.file("good.txt", GOOD).run(&["explain", "good.txt"]).ends(0);
    for word in ["disclosure-2021", "applications", "review_litigation", "规章"] {
        assert!(good.out.contains(word), "no {word} in\n{}", good.out);
    }
    assert!(!good.out.contains('\u{1b}'), "no colours in a pipe");
    let coloured = dir.run(&["explain", "--color", "always", "good.txt"]).ends(0);
    assert!(coloured.out.contains("\u{1b}["));
    dir.file("wrong.txt", GOOD.replace("（七）总计 3 0 0 0 0 0 3", "（七）总计 3 0 0 0 0 0 4"));
    let wrong = dir.run(&["explain", "wrong.txt", "--fail-on", "warning"]).ends(1);
    assert!(wrong.out.contains("applications.row_total.outcome_total"), "{}", wrong.out);
    dir.run(&["explain", "absent.txt"]).ends(2);
}

#[test]
fn ok_dump_prints_every_stage() {
    let dir = Dir::new();
    dir.file("good.txt", GOOD);
    let stages = [
        ("document", "UTF-8"),
        ("lines", "政府信息公开"),
        ("labels", "row granted"),
        ("sections", "overview"),
        ("tables", "applications from line"),
        ("reading", "applications.received: 3 0 0 0 0 0 3"),
        ("records", "nianbao.report/2"),
        ("checks", "holds applications.row_total.received"),
    ];
    for (stage, word) in stages {
        let ran = dir.run(&["dump", "--stage", stage, "good.txt"]).ends(0);
        assert!(ran.out.contains(word), "--stage {stage}: no {word} in\n{}", ran.out);
    }
    dir.file("letter.txt", "此函。\n");
    for (stage, _) in stages {
        dir.run(&["dump", "--stage", stage, "letter.txt"]).ends(0);
    }
}

#[test]
fn ok_commands_that_only_print() {
    let dir = Dir::new();
    let forms = dir.run(&["forms"]).ends(0);
    assert!(forms.out.contains("disclosure-2019") && forms.out.contains("disclosure-2021"));
    let schema = record(&dir.run(&["schema"]).ends(0).out);
    assert_eq!(schema["properties"]["schema"]["const"], "nianbao.report/2");
    let script = dir.run(&["completions", "bash"]).ends(0);
    assert!(script.out.contains("_nianbao"));
    assert!(dir.run(&["--version"]).ends(0).out.contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn ok_help_tells_exit_codes_and_examples() {
    let dir = Dir::new();
    let help = dir.run(&["--help"]).ends(0).out;
    assert!(help.contains("Exit codes"), "{help}");
    for command in ["parse", "convert", "explain", "dump"] {
        let help = dir.run(&[command, "--help"]).ends(0).out;
        assert!(help.contains("Example"), "{command}: {help}");
    }
}

const EVIL: &str = "\u{1b}[31m\u{7}\u{9b}31m\u{202e}\u{8}";

/// Texts that could steer a terminal, in the prose, the title, a cell and a file name.
fn hostile(dir: &Dir) -> [&'static str; 2] {
    let text = GOOD
        .replace("一、总体情况", &format!("一、总体情况\n{EVIL}红{EVIL}"))
        .replace("某县", &format!("某{EVIL}县"))
        .replace("行政许可 108", &format!("行政许可 {EVIL}108"));
    let names = ["evil.txt", "evil\u{1b}[31m.txt"];
    for name in names {
        dir.file(name, &text);
    }
    names
}

fn harmless(output: &str) {
    let steers = |c: &char| c.is_control() && !matches!(c, '\n' | '\t') || *c == '\u{202e}';
    assert_eq!(output.chars().find(steers), None, "{output:?}");
}

#[test]
fn err_hostile_text_does_not_steer_the_terminal_in_dump() {
    let dir = Dir::new();
    hostile(&dir);
    for stage in ["document", "lines", "labels", "sections", "tables", "reading", "checks"] {
        harmless(&dir.run(&["dump", "--stage", stage, "evil.txt"]).out);
    }
}

#[test]
fn err_hostile_text_does_not_steer_the_terminal_in_explain() {
    let dir = Dir::new();
    for name in hostile(&dir) {
        let ran = dir.run(&["explain", name]);
        harmless(&ran.out);
        harmless(&ran.err);
    }
    harmless(&dir.run(&["explain", "absent\u{1b}[31m\u{9b}.txt"]).err);
}

#[test]
fn err_hostile_text_does_not_steer_the_terminal_in_json() {
    let dir = Dir::new();
    for name in hostile(&dir) {
        harmless(&dir.run(&["parse", name]).out);
        harmless(&dir.run(&["parse", "--compact", name]).out);
        harmless(&dir.run(&["dump", "--stage", "records", name]).out);
    }
    harmless(&dir.run(&["parse", "absent\u{1b}[31m\u{9b}.txt"]).err);
}

#[test]
fn ok_explain_says_where_in_a_long_line() {
    let dir = Dir::new();
    let rows = "<tr><td>规章<td>1<td>0<td>7</tr><tr><td>行政规范性文件<td>3<td>1<td>20</tr>";
    let page = format!(
        "<h1>某县2022年政府信息公开工作年度报告</h1><p>二、主动公开政府信息情况</p><p>{}</p><table><tr><td colspan=4>\
         第二十条第（一）项</td></tr><tr><td>信息内容<td>本年制发件数<td>本年废止件数<td>现行有效件数</tr>{rows}</table>",
        "本年度公开信息若干条。".repeat(20)
    );
    let told = dir.file("a.html", &page).run(&["explain", "a.html"]).ends(0).out;
    for (row, value) in [("规章", "<td>1<"), ("行政规范性文件", "<td>3<")] {
        // the bytes of the whole page are its only line
        let at = page.find(value).expect("it is there") + "<td>".len() + 1;
        let line = told.lines().find(|line| line.contains(" │ ") && line.contains(row));
        let line = line.unwrap_or_else(|| panic!("no source of {row} in\n{told}"));
        assert_eq!(line.split(" │ ").next().map(str::trim), Some(&*format!("1:{at}")), "{line}");
    }
}
