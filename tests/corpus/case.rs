//! One folder of the corpus: a document and what stands in it.

use nianbao::source::Source;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// A document with the truth.
pub(crate) struct Case {
    /// `form/case`.
    pub(crate) name: String,
    pub(crate) source: Source,
    pub(crate) expected: Value,
}

/// Every case, sorted by name.
pub(crate) fn all(corpus: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for form in folders(corpus) {
        for case in folders(&form) {
            cases.push(read(corpus, &case));
        }
    }
    assert!(!cases.is_empty(), "no cases in {}", corpus.display());
    cases
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let mut folders = entries(path);
    folders.retain(|path| path.is_dir());
    folders
}

fn entries(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("a folder can be listed").path()).collect();
    paths.sort();
    paths
}

fn read(corpus: &Path, folder: &Path) -> Case {
    let name = folder.strip_prefix(corpus).expect("the case stands in the corpus");
    let name = name.to_string_lossy().replace('\\', "/");
    let is_source = |path: &PathBuf| path.file_stem().is_some_and(|stem| stem == "source");
    let mut sources = entries(folder);
    sources.retain(is_source);
    assert_eq!(sources.len(), 1, "{name}: one source.* a case");
    let bytes = fs::read(&sources[0]).unwrap_or_else(|e| panic!("{name}: {e}"));
    let expected = fs::read(folder.join("expected.json")).unwrap_or_else(|e| panic!("{name}: {e}"));
    let expected =
        serde_json::from_slice(&expected).unwrap_or_else(|e| panic!("{name}/expected.json: {e}"));
    let about = fs::read_to_string(folder.join("case.toml")).unwrap_or_default();
    for key in ["place", "why", "shapes", "truth"] {
        let has = about.lines().any(|line| line.split('=').next().is_some_and(|k| k.trim() == key));
        assert!(has, "{name}/case.toml does not say {key}");
    }
    let file = sources[0].file_name().unwrap_or_default().to_string_lossy();
    Case { source: Source::new(format!("{name}/{file}"), bytes), name, expected }
}
