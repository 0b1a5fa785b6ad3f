//! `nianbao verify`: folders and archives, what it says and how it ends.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const TEXT: &str = include_str!("../cli/good.txt");

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("nianbao-verify-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("there is a temporary folder");
    folder
}

fn run(within: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_nianbao"))
        .env("LC_ALL", "C")
        .current_dir(within)
        .args(arguments)
        .output()
        .expect("the program can be started");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (ran.status.code(), text(ran.stdout), text(ran.stderr))
}

/// A tar of files, by hand: names are short.
fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, *bytes).expect("memory can be written");
    }
    archive.into_inner().expect("memory can be written")
}

#[test]
fn ok_files_and_archives() {
    let folder = folder("ok");
    fs::create_dir(folder.join("in")).expect("a folder");
    fs::write(folder.join("in/a.txt"), TEXT).expect("a file");
    fs::write(folder.join("in/empty.txt"), "").expect("a file");
    let inner = tar(&[("d.txt", TEXT.as_bytes())]);
    let packed = tar(&[("b.txt", TEXT.as_bytes()), ("picture.jpg", b"no"), ("c.tar", &inner)]);
    fs::write(folder.join("in/x.tar"), packed).expect("a file");
    run(&folder, &["convert", "in", "--out", "out", "--quiet"]);
    let (code, out, err) = run(&folder, &["verify", "out"]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.contains(" values of 4 documents re-derived from their sources"), "{out}");

    // what was read because it was asked for, whatever its ending
    let packed = tar(&[("a.asp", TEXT.as_bytes()), ("b.txt", b"no report")]);
    fs::write(folder.join("y.tar"), packed).expect("a file");
    run(&folder, &["convert", "y.tar", "--out", "asp", "--include", "*.asp", "--quiet"]);
    let (code, out, _) = run(&folder, &["verify", "asp"]);
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains(" values of 1 documents re-derived"), "{out}");

    // elsewhere, the sources are found where it is said
    let other = self::folder("elsewhere");
    let given = folder.to_string_lossy().into_owned();
    let out_folder = folder.join("out").to_string_lossy().into_owned();
    let (code, out, _) = run(&other, &["verify", &out_folder, "--sources", &given]);
    assert_eq!(code, Some(0), "{out}");
    let (code, out, _) = run(&other, &["verify", &out_folder]);
    assert_eq!(code, Some(1), "{out}");
    assert!(out.contains("in/a.txt: the source cannot be read"), "{out}");
    for gone in [folder, other] {
        fs::remove_dir_all(gone).expect("what was made can be removed");
    }
}

#[test]
fn err_a_changed_record_and_a_changed_source() {
    let folder = folder("changed");
    fs::write(folder.join("a.txt"), TEXT).expect("a file");
    run(&folder, &["convert", "a.txt", "--out", "out", "--format", "jsonl", "--quiet"]);
    let path = folder.join("out/reports.jsonl");
    let records = fs::read_to_string(&path).expect("it was written");
    let changed = records.replacen("\"value\":108,", "\"value\":801,", 1);
    assert_ne!(records, changed);
    fs::write(&path, changed).expect("a file");
    let (code, out, _) = run(&folder, &["verify", "out"]);
    assert_eq!(code, Some(1));
    let line = "a.txt: proactive.licences.decisions: \"108\" does not say 801";
    assert!(out.lines().any(|told| told == line), "{out}");

    fs::write(&path, records).expect("a file");
    fs::write(folder.join("a.txt"), TEXT.replace("108", "109")).expect("a file");
    let (code, out, _) = run(&folder, &["verify", "out"]);
    assert_eq!(code, Some(1));
    assert!(out.contains("a.txt: the source has other bytes than the record is of"), "{out}");
    fs::remove_dir_all(folder).expect("what was made can be removed");
}

#[test]
fn err_no_conversion_ends_with_2() {
    let folder = folder("none");
    let (code, out, err) = run(&folder, &["verify", "out"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.contains("out: there is no such folder"), "{err}");
    fs::create_dir(folder.join("out")).expect("a folder");
    fs::write(folder.join("out/forms.json"), "{}").expect("a file");
    assert_eq!(run(&folder, &["verify", "out"]).0, Some(2));
    assert_eq!(run(&folder, &["verify"]).0, Some(2));
    fs::remove_dir_all(folder).expect("what was made can be removed");
}
