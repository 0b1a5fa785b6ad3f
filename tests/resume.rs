//! A conversion that is killed goes on with `--resume`, and its output is that of an undisturbed run.

use nianbao::batch::{self, Job, Summary};
use nianbao::error::Result;
use nianbao::grammar::GrammarSet;
use nianbao::sinks::{Format, Options, sinks};
use nianbao::source::select::Select;
use nianbao::source::walk::walk;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Instant;

const DOCUMENTS: usize = 1500;
const KILLS: u32 = 6;

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("nianbao-resume-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("there is a temporary folder");
    folder
}

fn convert(input: &Path, out: &Path, more: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_nianbao"))
        .env("LC_ALL", "C")
        .args([
            "convert",
            "--threads",
            "2",
            "--quiet",
            "--checkpoint",
            "0",
            "--format",
            "jsonl,csv,parquet,arrow,sqlite",
            "--list-skipped",
        ])
        .args(more)
        .arg("--out")
        .args([out, input])
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started")
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        // the log says when it was made
        .filter(|path| !path.ends_with("log.json"))
        .map(|path| {
            (
                path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                fs::read(path).expect("it can be read"),
            )
        })
        .collect()
}

#[test]
fn ok_killed_and_resumed() {
    let (input, whole, killed) = (folder("in"), folder("whole"), folder("killed"));
    for file in 0..DOCUMENTS {
        let number = file;
        // every hundredth is there before
        let number = if number % 100 == 99 { number - 50 } else { number };
        let rows = format!("说明\n规章 {number} 0 1\n").repeat(120);
        let text = format!(
            "某县{}年政府信息公开工作年度报告\n本年制发件数 本年废止件数 现行有效件数\n{rows}",
            2020 + number % 5
        );
        fs::write(input.join(format!("{file:05}.txt")), text).expect("a file can be written");
    }
    fs::write(input.join("picture.jpg"), "").expect("a file can be written");
    let start = Instant::now();
    convert(&input, &whole, &[]).wait().expect("it ends");
    let time = start.elapsed();

    let mut kills = 0;
    for attempt in 1.. {
        let mut child = convert(&input, &killed, &["--resume"]);
        if kills < KILLS {
            sleep(time * (attempt % 5 + 1) / 14);
            if child.try_wait().expect("it can be asked").is_none() {
                child.kill().expect("it can be killed");
                child.wait().expect("it ends");
                kills += 1;
                continue;
            }
        }
        assert!(child.wait().expect("it ends").code().is_some_and(|code| code < 2));
        break;
    }
    assert!(kills > 0, "the conversion was too quick to be killed");
    let (whole_files, killed_files) = (files(&whole), files(&killed));
    assert!(whole_files.keys().eq(killed_files.keys()), "{:?}", killed_files.keys());
    for (name, bytes) in &whole_files {
        assert!(bytes == &killed_files[name], "{name} differs after {kills} kills");
    }

    let reports = String::from_utf8_lossy(&whole_files["reports.jsonl"]).into_owned();
    let repeated = reports.lines().filter(|line| !line.contains("\"duplicate_of\":null")).count();
    assert_eq!(repeated, DOCUMENTS / 100);

    // another conversion cannot go on from a checkpoint
    let summary = String::from_utf8_lossy(&whole_files["summary.json"]).into_owned();
    let checkpoint = format!(
        "{{\"job\":\"x\",\"entries\":1,\"trail\":\"\",\"lengths\":[0,0,0,0,0,0],\"summary\":{summary}}}"
    );
    fs::write(killed.join("checkpoint.json"), checkpoint).expect("a file can be written");
    let refused = convert(&input, &killed, &["--resume"]).wait_with_output().expect("it ends");
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("another conversion"), "{said}");
    for folder in [input, whole, killed] {
        fs::remove_dir_all(folder).expect("what was made can be removed");
    }
}

/// Converts with one thread, up to the end or until the first group is written.
fn within(input: &Path, out: &Path, resume: bool, stops: bool) -> Result<Summary> {
    let grammars = GrammarSet::built_in();
    let sinks = sinks(&[Format::Jsonl], &grammars, Options::default());
    let select = Select::default();
    let job = Job { threads: 1, resume, ..Job::new(&grammars, &sinks, out, &select) };
    let stop = AtomicBool::new(false);
    let told = |_: batch::Told<'_>| stop.store(stops, Ordering::Relaxed);
    batch::convert(walk([input.to_owned()], &select), &job, &stop, told)
}

/// What happens to a folder, and what undoes it.
type Change<'c> = (&'c str, &'c dyn Fn(), &'c dyn Fn());

#[test]
fn err_resumed_over_a_folder_that_changed() {
    let text = |at: usize| format!("某县2022年政府信息公开工作年度报告\n第{at}号\n");
    let (input, out) = (folder("changed-in"), folder("changed-out"));
    let file = |at: usize| input.join(format!("{at:03}.txt"));
    for at in 1..=100 {
        fs::write(file(at), text(at)).expect("a file can be written");
    }
    let stopped = within(&input, &out, false, true).expect("it stops");
    assert!(stopped.interrupted && (1..100).contains(&stopped.documents), "{stopped:?}");
    let write = |at: usize, text: String| fs::write(file(at), text).expect("it can be written");
    let remove = |at: usize| fs::remove_file(file(at)).expect("it is there");
    let changes: [Change<'_>; 3] = [
        ("a file that sorts first", &|| write(0, text(0)), &|| remove(0)),
        ("a file that was read is gone", &|| remove(2), &|| write(2, text(2))),
        ("a file that was read says more", &|| write(3, text(3333)), &|| write(3, text(3))),
    ];
    for (what, change, undo) in changes {
        change();
        let error = within(&input, &out, true, false).expect_err(what).to_string();
        assert!(error.contains("changed"), "{what}: {error}");
        undo();
    }
    // begun anew it is whole, and what is new behind the place where it stopped is read when it goes on
    within(&input, &out, false, true).expect("it stops");
    write(999, text(999));
    let whole = within(&input, &out, true, false).expect("it goes on");
    assert!(!whole.interrupted);
    let reports = fs::read_to_string(out.join("reports.jsonl")).expect("it is there");
    assert_eq!((whole.documents, reports.lines().count()), (101, 101));
    for folder in [input, out] {
        fs::remove_dir_all(folder).expect("what was made can be removed");
    }
}
