//! The checker against records that are right, and against records with one fault put into them by hand.
//!
//! It must be silent over every document of the corpus, and over the real reports where they are there; and each line of
//! [`plants::PLANTS`] is a way to spoil a record that it must see.

mod folder;
mod plants;
mod record;

use nianbao::source::Source;
use record::Reader;
use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("a folder can be listed").path();
        if path.is_dir() {
            files(&path, out);
        } else {
            out.push(path);
        }
    }
}

fn silent(folder: &Path, wanted: impl Fn(&Path) -> bool) -> u64 {
    let mut paths = Vec::new();
    files(folder, &mut paths);
    paths.sort();
    let reader = Reader::default();
    let (mut values, mut faults) = (0, Vec::new());
    for path in paths.iter().filter(|path| wanted(path)) {
        let bytes = fs::read(path).expect("a file can be read");
        let source = Source::new(path.to_string_lossy(), bytes);
        let judgement = reader.judge(&reader.record(&source), &source);
        values += judgement.values;
        faults.extend(judgement.faults.iter().map(ToString::to_string));
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    values
}

#[test]
fn ok_the_corpus_comes_out_again() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let values = silent(&corpus, |path| path.file_stem().is_some_and(|stem| stem == "source"));
    assert!(values > 20_000, "{values} values");
}

#[test]
fn ok_real_reports_come_out_again() {
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real/docs");
    if !real.exists() {
        eprintln!("no real reports: not verified");
        return;
    }
    assert!(silent(&real, |_| true) > 1_000);
}

#[test]
fn err_every_planted_fault_is_seen() {
    let mut unseen = Vec::new();
    for plant in plants::PLANTS {
        let (source, mut record, reader) = (plant.on)();
        let before = reader.judge(&record, &source);
        assert!(before.faults.is_empty(), "{}: before: {:#?}", plant.what, before.faults);
        (plant.spoil)(&mut record);
        let faults = reader.judge(&record, &source).faults;
        if !faults.iter().any(|fault| fault.to_string().contains(plant.said)) {
            unseen.push(format!("{}: {faults:#?}", plant.what));
        }
    }
    assert!(unseen.is_empty(), "not seen:\n{}", unseen.join("\n"));
}
