//! A folder in parallel: one reader, all threads, one line of JSON for each document.
//!
//! `cargo run --release --example folder -- reports > reports.jsonl`. What the command `nianbao convert` adds to that:
//! archives and crawls, any number of documents in bounded memory, tables, going on after a stop.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use nianbao::{Error, Reader, Source};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::path::{Path, PathBuf};
use std::time::Duration;

fn main() -> Result<(), Error> {
    let own = "corpus/disclosure-2021".to_owned();
    for line in read(Path::new(&std::env::args().nth(1).unwrap_or(own)))? {
        println!("{line}");
    }
    Ok(())
}

/// The records, in the order of the names.
pub(crate) fn read(folder: &Path) -> Result<Vec<String>, Error> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    let reader = Reader::builder().most_time(Duration::from_mins(1)).build();
    let one = |path: &PathBuf| {
        let report = reader.read(&Source::open(path)?);
        Ok(serde_json::to_string(&report).expect("a report is JSON"))
    };
    files.par_iter().map(one).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    for entry in std::fs::read_dir(folder).map_err(|error| Error::io(folder, error))? {
        let path = entry.map_err(|error| Error::io(folder, error))?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.file_stem().is_some_and(|stem| stem == "source") {
            files.push(path);
        }
    }
    Ok(())
}
