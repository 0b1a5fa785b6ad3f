//! A conversion that is killed goes on with `--resume`, and its output is that of an undisturbed run.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
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
    let checkpoint =
        format!("{{\"job\":\"x\",\"entries\":1,\"lengths\":[0,0,0,0,0,0],\"summary\":{summary}}}");
    fs::write(killed.join("checkpoint.json"), checkpoint).expect("a file can be written");
    let refused = convert(&input, &killed, &["--resume"]).wait_with_output().expect("it ends");
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("another conversion"), "{said}");
    for folder in [input, whole, killed] {
        fs::remove_dir_all(folder).expect("what was made can be removed");
    }
}
