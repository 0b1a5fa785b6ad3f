//! Documents by the names that a conversion gave them: files, and entries of archives (`archive.zip!/dir/file.html`).

use super::Source;
use super::archive;
use super::select::Select;
use super::sniff::{self, Format};
use super::walk::Entry;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::AtomicU64;

/// What stands between an archive and what is in it.
const WITHIN: &str = "!/";

/// The document of this name; none where it is not there any more.
pub fn open(name: &str) -> Option<Source> {
    let mut found = None;
    each(&[name.to_owned()], |_, source| found = Some(source));
    found
}

/// Whether these are the bytes of an archive, which is no document but has some.
pub fn is_archive(source: &Source) -> bool {
    matches!(sniff::format(&source.bytes), Format::Zip | Format::Archive(_))
}

/// The first documents in an archive on disk, by the names that [`open`] knows them by.
pub fn within(archive: &Path, most: usize) -> Vec<String> {
    let mut names = Vec::new();
    let Ok(all) = Select::new(&["*".to_owned()], &[]) else { return names };
    let visit = &mut |entry: Entry| {
        if let Entry::Document(source) = entry {
            names.push(source.name);
        }
        if names.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let _ = archive::read(archive, &all, &AtomicU64::new(0), visit);
    names
}

/// Gives each document of these names that is there, with its number among them; an archive is read once for all in it.
pub fn each(names: &[String], mut give: impl FnMut(usize, Source)) {
    let mut archives: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (at, name) in names.iter().enumerate() {
        match name.split_once(WITHIN) {
            // a file may have such a name too
            Some((archive, _)) if !Path::new(name).exists() => {
                archives.entry(archive).or_default().insert(name, at);
            }
            _ => {
                if let Ok(bytes) = std::fs::read(name) {
                    give(at, Source::new(name.as_str(), bytes));
                }
            }
        }
    }
    // whatever was asked for by name is read whatever its ending
    let Ok(all) = Select::new(&["*".to_owned()], &[]) else { return };
    for (archive, mut wanted) in archives {
        let visit = &mut |entry: Entry| {
            if let Entry::Document(source) = entry
                && let Some(at) = wanted.remove(source.name.as_str())
            {
                give(at, source);
            }
            if wanted.is_empty() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        // told or not, what is not found is not given
        let _ = archive::read(Path::new(archive), &all, &AtomicU64::new(0), visit);
    }
}
