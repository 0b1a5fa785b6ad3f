//! `convert --update`: whatever was added, changed, removed or killed, the output is that of a conversion from the
//! beginning, byte for byte in every format; and what has not changed is taken over.

use super::dir::{Dir, GOOD};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

const SEQUENCES: u64 = 50;
/// One in four is an archive, by its name.
const ENDINGS: [&str; 4] = ["txt", "txt", "zip", "txt"];
const FORMATS: &str = "jsonl,csv,parquet,arrow,sqlite,xlsx";

/// All files of a folder but the log, which says when it was made.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("it can be listed").path());
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    paths
        .filter(|path| !path.ends_with("log.json"))
        .map(|path| (name(&path), fs::read(&path).expect("it can be read")))
        .collect()
}

fn update(dir: &Dir) -> Value {
    let log: Value = serde_json::from_str(&dir.read("out/log.json")).expect("it is JSON");
    log["update"].clone()
}

/// Numbers that look like chance and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

/// An archive of these documents.
fn archive(documents: &[&str]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (at, document) in documents.iter().enumerate() {
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(format!("{at}.txt"), options).expect("memory can be written");
        std::io::Write::write_all(&mut archive, document.as_bytes())
            .expect("memory can be written");
    }
    archive.finish().expect("memory can be written").into_inner()
}

/// Documents of every kind: good, without a form, with nothing in them, with sums that fail, pages, a PDF, a damaged file,
/// and archives.
fn contents() -> Vec<Vec<u8>> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let case = |name: &str| fs::read(corpus.join(name)).expect("the case is there");
    vec![
        GOOD.into(),
        GOOD.replace("2022年", "2021年").into(),
        GOOD.replace("（七）总计 3 0 0 0 0 0 3", "（七）总计 3 0 0 0 0 0 4").into(),
        "某县2012年政府信息公开工作年度报告\n一、概述\n本年度公开信息若干条。\n".into(),
        Vec::new(),
        "{\\rtf1 a".into(),
        case("disclosure-2021/yongsha-2021-pdf-vertical-labels/source.pdf"),
        case("disclosure-2021/huize-2023-page-form-sums-fail/source.html"),
        case("disclosure-2019/changli-2020-results-do-not-sum/source.txt"),
        archive(&[GOOD, &GOOD.replace("2022年", "2020年"), ""]),
        archive(&[&GOOD.replace("2022年", "2019年"), GOOD]),
    ]
}

#[test]
fn ok_fifty_sequences_end_as_a_conversion_from_the_beginning() {
    let contents = contents();
    let (mut kept, mut killed) = (0, 0);
    for seed in 1..=SEQUENCES {
        let dir = Dir::new();
        let mut random = Random(seed * 0x9e37_79b9_7f4a_7c15);
        let mut there: Vec<PathBuf> = Vec::new();
        let write = |dir: &Dir, random: &mut Random, path: PathBuf| {
            let content = &contents[random.below(contents.len())];
            dir.file(path.to_str().expect("it is text"), content);
        };
        for at in 0..6 + random.below(8) {
            there.push(format!("in/{:02}.{}", at * 3, ENDINGS[at % 4]).into());
            write(&dir, &mut random, there[at].clone());
        }
        let more = if seed % 4 == 0 { vec!["--dedup"] } else { Vec::new() };
        let convert = |out, own: &[&str]| {
            let base =
                ["convert", "in", "--out", out, "--format", FORMATS, "--quiet", "--threads", "2"];
            [&base[..], &more, own]
                .concat()
                .iter()
                .map(|word| (*word).to_owned())
                .collect::<Vec<_>>()
        };
        let run = |arguments: Vec<String>| {
            let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let ran = dir.run(&words);
            assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.err);
        };
        run(convert("out", &[]));
        for _ in 0..2 {
            for _ in 0..=random.below(3) {
                let at = random.below(there.len());
                match random.below(3) {
                    0 => {
                        let end = ENDINGS[random.below(4)];
                        let new = format!("in/{:02}.{end}", random.below(60));
                        write(&dir, &mut random, new.clone().into());
                        if !there.contains(&PathBuf::from(&new)) {
                            there.push(new.into());
                        }
                    }
                    1 => write(&dir, &mut random, there[at].clone()),
                    _ if there.len() > 2 => {
                        fs::remove_file(dir.path("").join(there.remove(at))).expect("it is there");
                    }
                    _ => {}
                }
            }
            if random.below(2) == 0 {
                let arguments = convert("out", &["--update", "--checkpoint", "0"]);
                let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
                let mut child =
                    dir.command(&words).stderr(Stdio::null()).spawn().expect("it starts");
                // anywhere; or when documents are read and files are being made
                if random.below(2) == 0 {
                    sleep(Duration::from_millis(random.below(60) as u64));
                } else {
                    let checkpoint = dir.path("out/checkpoint.json");
                    while !checkpoint.exists() && child.try_wait().expect("it is ours").is_none() {
                        sleep(Duration::from_millis(1));
                    }
                }
                let _ = child.kill();
                // one that is killed has no exit code
                let is_killed = child.wait().expect("it ends").code().is_none();
                killed += u32::from(is_killed && dir.path("out/checkpoint.json").exists());
            }
            run(convert("out", &["--update"]));
            kept += update(&dir)["kept"].as_u64().unwrap_or(0);
        }
        run(convert("fresh", &[]));
        let (got, want) = (files(&dir.path("out")), files(&dir.path("fresh")));
        assert!(got.keys().eq(want.keys()), "sequence {seed}: {:?}", got.keys());
        for (name, bytes) in &want {
            assert!(*bytes == got[name], "sequence {seed}: {name} differs");
        }
    }
    println!("{kept} documents taken over, {killed} times killed behind a checkpoint");
    assert!(kept > SEQUENCES * 4, "only {kept} documents were taken over");
    assert!(killed > 0);
}

#[test]
fn ok_only_what_changed_is_read() {
    let dir = Dir::new();
    for at in 0..10 {
        dir.file(&format!("in/{at}.txt"), GOOD.replace("2022年", &format!("201{at}年")));
    }
    let convert = ["convert", "in", "--out", "out", "--format", "parquet", "--update"];
    // nothing is there yet
    let first = dir.run(&convert).ends(0);
    assert!(first.err.contains("taken over         nothing"), "{}", first.err);
    dir.file("in/3.txt", GOOD).file("in/a.txt", GOOD.replace("2022年", "2021年"));
    fs::remove_file(dir.path("in/7.txt")).expect("it is there");
    let second = dir.run(&convert).ends(0);
    assert!(second.err.contains("taken over         8, and 2 read"), "{}", second.err);
    assert_eq!(update(&dir), serde_json::json!({"kept": 8, "vanished": 1, "named": ["in/7.txt"]}));
    // whoever changes a file of the output, or asks for something else, gets nothing taken over
    let csv = ["convert", "in", "--out", "out", "--format", "csv", "--update"];
    assert!(dir.run(&csv).ends(0).err.contains("taken over         nothing"));
    assert!(dir.run(&csv).ends(0).err.contains("taken over         10, and 0 read"));
    let text = dir.read("out/cells.csv").replacen("read", "raed", 1);
    sleep(Duration::from_millis(20));
    dir.file("out/cells.csv", text);
    assert!(dir.run(&csv).ends(0).err.contains("taken over         nothing"));
    assert!(!dir.read("out/cells.csv").contains("raed"));
    let other = [&csv[..], &["--max-seconds", "7"]].concat();
    assert!(dir.run(&other).ends(0).err.contains("taken over         nothing"));
}

/// Another build of the same version may read otherwise: nothing of its output is taken over.
#[test]
fn ok_what_another_build_wrote_is_read_again() {
    let dir = Dir::new();
    dir.file("in/a.txt", GOOD);
    let command = ["convert", "in", "--out", "out", "--format", "jsonl", "--update", "--quiet"];
    dir.run(&command).ends(0);
    dir.run(&command).ends(0);
    assert_eq!(update(&dir)["kept"], 1);
    let run = dir.read("out/run.json");
    let known: Value = serde_json::from_str(&run).expect("it is JSON");
    let build = known["build"].as_str().expect("it says which build it was");
    assert!(build.len() == 16 && build.bytes().all(|byte| byte.is_ascii_hexdigit()), "{build}");
    // only the build differs; the log stays the last file that was written
    let path = dir.path("out/run.json");
    let log = fs::read(dir.path("out/log.json")).expect("it is there");
    fs::write(&path, run.replace(build, "0123456789abcdef")).expect("it can be written");
    fs::write(dir.path("out/log.json"), log).expect("it can be written");
    dir.run(&command).ends(0);
    assert_eq!(update(&dir), Value::Null);
    dir.run(&command).ends(0);
    assert_eq!(update(&dir)["kept"], 1);
}
