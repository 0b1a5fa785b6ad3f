//! `convert` where the world fails it: a full disk, a database in use, a second conversion in the same folder. What was
//! complete before stays as it was, one line says which file is meant, and `--resume` goes on.

use super::dir::{Dir, GOOD, Ran};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fs::{self, File};

/// Reports, each with other texts.
fn reports(dir: &Dir, folder: &str, count: usize) {
    for at in 0..count {
        let more = format!("本年共受理第{at}号申请。\n").repeat(20 + at % 7);
        dir.file(&format!("{folder}/{at:03}.txt"), GOOD.to_owned() + &more);
    }
}

/// The arguments of a conversion that goes on wherever it was stopped.
fn arguments<'a>(input: &'a str, out: &'a str, formats: &'a str) -> Vec<&'a str> {
    let what = ["convert", input, "--out", out, "--format", formats];
    [&what[..], &["--threads", "2", "--checkpoint", "0", "--quiet", "--resume"]].concat()
}

fn convert(dir: &Dir, input: &str, out: &str, formats: &str) -> Ran {
    dir.run(&arguments(input, out, formats))
}

/// What has its name in the end, without the log, which says when that was.
fn complete(dir: &Dir, folder: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(dir.path(folder)).expect("the folder is there") {
        let entry = entry.expect("it can be listed");
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_part = entry.path().extension().is_some_and(|end| end == "part");
        let is_other = is_part || ["checkpoint.json", "log.json"].contains(&&*name);
        if !is_other && entry.path().is_file() {
            files.insert(name, fs::read(entry.path()).expect("it can be read"));
        }
    }
    files
}

/// The only line of an error, which names this.
fn one_line(ran: &Ran, named: &str) {
    assert!(ran.err.lines().count() == 1 && ran.err.contains(named), "{named}: {}", ran.err);
}

#[cfg(unix)]
#[test]
fn err_full_disk() {
    use std::process::Command;
    let dir = Dir::new();
    reports(&dir, "before", 3);
    reports(&dir, "in", 60);
    for format in ["jsonl", "csv", "parquet", "arrow", "sqlite", "xlsx"] {
        convert(&dir, "before", format, format).ends(0);
        let before = complete(&dir, format);
        let mut failed = 0;
        // a file may be so large (blocks of 512 or 1024 bytes), and what goes on from there twice as large
        for limit in (0..).map(|doubled| 1 << doubled) {
            let script = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$0\" \"$@\"");
            let mut shell = Command::new("sh");
            shell.env("LC_ALL", "C").current_dir(dir.path("")).args([
                "-c",
                &script,
                env!("CARGO_BIN_EXE_nianbao"),
            ]);
            shell.args(arguments("in", format, format));
            let ran = Ran::of(shell.output().expect("there is a shell"));
            if ran.code == Some(0) {
                break;
            }
            failed += 1;
            assert_eq!(ran.code, Some(2), "{format} with {limit} blocks: {}", ran.err);
            one_line(&ran, &format!("{format}/"));
            assert!(complete(&dir, format) == before, "{format} with {limit} blocks");
        }
        assert!(failed > 2, "{format}");
        let undisturbed = format!("{format}.undisturbed");
        convert(&dir, "in", &undisturbed, format).ends(0);
        let (got, want) = (complete(&dir, format), complete(&dir, &undisturbed));
        assert!(got.keys().eq(want.keys()), "{format}: {:?}", got.keys());
        let differs = got.keys().find(|name| got[*name] != want[*name]);
        assert!(differs.is_none(), "{differs:?}");
    }
}

const COUNT: &str = "SELECT count(*) FROM report";

fn count(database: &Connection) -> i64 {
    database.query_row(COUNT, (), |row| row.get(0)).expect("it is a database of ours")
}

#[test]
fn err_database_in_use() {
    let dir = Dir::new();
    reports(&dir, "before", 3);
    reports(&dir, "in", 5);
    for mode in ["DELETE", "WAL"] {
        convert(&dir, "before", mode, "sqlite").ends(0);
        let path = dir.path(&format!("{mode}/nianbao.sqlite"));
        let held = Connection::open(&path).expect("it is a database");
        let begin = format!("PRAGMA journal_mode = {mode}; BEGIN IMMEDIATE; DELETE FROM check_");
        held.execute_batch(&begin).expect("nobody else is there");
        let ran = convert(&dir, "in", mode, "sqlite").ends(2);
        one_line(&ran, "nianbao.sqlite");
        assert!(ran.err.contains("using this database"), "{}", ran.err);
        assert_eq!(count(&held), 3);
        held.execute_batch("COMMIT").expect("its database is still there");
        drop(held);
        convert(&dir, "in", mode, "sqlite").ends(0);
        assert_eq!(count(&Connection::open(&path).expect("it is a database")), 5);
    }
}

/// A program that was killed in the middle of a transaction leaves what undoes it beside the database. That is not for
/// the database that comes in its place.
#[test]
fn ok_journal_of_a_killed_program() {
    let dir = Dir::new();
    reports(&dir, "before", 3);
    reports(&dir, "in", 5);
    convert(&dir, "before", "out", "sqlite").ends(0);
    let held = Connection::open(dir.path("out/nianbao.sqlite")).expect("it is a database");
    // a cache of one page: what is changed goes to the disk, and what was there into the journal
    held.execute_batch("PRAGMA cache_size = 1; BEGIN; UPDATE report SET title = hex(title); UPDATE cell SET raw = hex(raw)")
        .expect("nobody else is there");
    fs::create_dir(dir.path("killed")).expect("it can be made");
    for name in ["nianbao.sqlite", "nianbao.sqlite-journal"] {
        let copied =
            fs::copy(dir.path(&format!("out/{name}")), dir.path(&format!("killed/{name}")));
        assert!(copied.expect("it is there") > 0, "{name}");
    }
    convert(&dir, "in", "killed", "sqlite").ends(0);
    let made = Connection::open(dir.path("killed/nianbao.sqlite")).expect("it is a database");
    assert_eq!(count(&made), 5);
    let whole: String =
        made.query_row("PRAGMA integrity_check", (), |row| row.get(0)).expect("it can be checked");
    assert_eq!(whole, "ok");
}

#[cfg(unix)]
#[test]
fn err_two_conversions_in_one_folder() {
    let dir = Dir::new();
    reports(&dir, "in", 3);
    convert(&dir, "in", "out", "jsonl").ends(0);
    let before = complete(&dir, "out");
    // what a conversion under way holds
    let other = File::open(dir.path("out")).expect("it is there");
    other.lock().expect("it can be locked");
    let ran = convert(&dir, "in", "out", "jsonl").ends(2);
    one_line(&ran, "out: another conversion");
    assert!(complete(&dir, "out") == before);
    drop(other);
    convert(&dir, "in", "out", "jsonl").ends(0);
}

#[test]
fn err_folder_where_a_file_belongs() {
    let dir = Dir::new();
    reports(&dir, "in", 3);
    fs::create_dir_all(dir.path("out/reports.parquet/x")).expect("it can be made");
    one_line(&convert(&dir, "in", "out", "jsonl,parquet").ends(2), "out/reports.parquet");
    fs::remove_dir_all(dir.path("out/reports.parquet")).expect("it is ours");
    convert(&dir, "in", "out", "jsonl,parquet").ends(0);
    convert(&dir, "in", "whole", "jsonl,parquet").ends(0);
    assert!(complete(&dir, "out") == complete(&dir, "whole"));
}

#[cfg(unix)]
#[test]
fn err_folder_without_permission() {
    use std::os::unix::fs::PermissionsExt;
    let dir = Dir::new();
    reports(&dir, "in", 3);
    convert(&dir, "in", "out", "sqlite,csv").ends(0);
    let before = complete(&dir, "out");
    let allow = |mode| {
        fs::set_permissions(dir.path("out"), fs::Permissions::from_mode(mode)).expect("it is ours");
    };
    allow(0o555);
    let superuser = File::create(dir.path("out/new")).is_ok();
    if !superuser {
        one_line(&convert(&dir, "in", "out", "sqlite,csv").ends(2), "out/");
        assert!(complete(&dir, "out") == before);
    }
    allow(0o755);
}

#[test]
fn err_more_threads_than_a_machine_has() {
    let dir = Dir::new();
    reports(&dir, "in", 1);
    let ran = dir.run(&["convert", "in", "--out", "out", "--threads", "100000"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("at most 1024"), "{}", ran.err);
}
