//! Paths and folders → an ordered stream of documents.
//!
//! Names are sorted within each folder, so the order is the same on every machine. Only one folder a level is held in
//! memory, as bare names.

use super::Source;
use super::select::{Choice, Select};
use crate::error::{Error, Result};
use crate::finding::{Code, Finding};
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Something found on the way.
#[derive(Debug)]
pub enum Entry {
    /// A file to read.
    File(PathBuf),
    /// An archive to read the documents of.
    Archive(PathBuf),
    /// A document out of an archive.
    Document(Source),
    /// An input that is passed over: by its name, or a record of a crawl that holds no document.
    Skipped {
        /// Its name.
        name: String,
        /// Why, in few words that can be counted; of an unknown kind of file the ending (`.jpg`).
        why: String,
    },
    /// A path that cannot be read.
    Bad(PathBuf, Finding),
}

/// Walks the inputs, in the order given.
pub fn walk(inputs: impl IntoIterator<Item = PathBuf>, select: &Select) -> Walk<'_> {
    let mut pending: Vec<Pending> = inputs.into_iter().map(Pending::Input).collect();
    pending.reverse();
    Walk { select, pending, open: Vec::new() }
}

/// Whether all inputs are there: one that is not is a mistake of whoever named it, and nothing is done.
///
/// # Errors
///
/// The first that is not.
pub fn present(inputs: &[PathBuf]) -> Result<()> {
    let absent = |path: &PathBuf| {
        let error = fs::metadata(path).err()?;
        let is_absent = matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory);
        is_absent.then(|| Error::io(path, error))
    };
    inputs.iter().find_map(absent).map_or(Ok(()), Err)
}

/// The iterator behind [`walk`].
#[derive(Debug)]
pub struct Walk<'s> {
    select: &'s Select,
    pending: Vec<Pending>,
    /// Folders on the way to here, by identity, to notice a loop of links.
    open: Vec<PathBuf>,
}

#[derive(Debug)]
enum Pending {
    Input(PathBuf),
    Folder(Folder),
}

/// A name in a folder, and whether the folder says that it is a file; a link may be anything.
type Name = (OsString, bool);

/// The sorted names of a folder.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    names: Vec<Name>,
    next: usize,
}

impl Iterator for Walk<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        loop {
            match self.pending.last_mut()? {
                Pending::Input(_) => {
                    let Some(Pending::Input(path)) = self.pending.pop() else { continue };
                    if let Some(entry) = self.enter(path, true) {
                        return Some(entry);
                    }
                }
                Pending::Folder(folder) => match folder.names.get_mut(folder.next) {
                    Some((name, is_file)) => {
                        folder.next += 1;
                        let path = folder.path.join(std::mem::take(name));
                        if *is_file {
                            let choice = self.select.found(&path.to_string_lossy());
                            return Some(entry(path, choice));
                        }
                        if let Some(entry) = self.enter(path, false) {
                            return Some(entry);
                        }
                    }
                    None => {
                        self.pending.pop();
                        self.open.pop();
                    }
                },
            }
        }
    }
}

impl Walk<'_> {
    /// A file is an entry; a folder is opened and gives none yet.
    fn enter(&mut self, path: PathBuf, named: bool) -> Option<Entry> {
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) => return Some(bad(path, &error)),
        };
        if !metadata.is_dir() {
            // nobody may ever write into a pipe, and a device never ends
            if !metadata.is_file() && !is_given(&path) {
                let name = path.to_string_lossy().into_owned();
                return Some(Entry::Skipped { name, why: NOT_REGULAR.to_owned() });
            }
            let name = path.to_string_lossy();
            let choice = if named { self.select.named(&name) } else { self.select.found(&name) };
            return Some(entry(path, choice));
        }
        let identity = match fs::canonicalize(&path) {
            Ok(identity) => identity,
            Err(error) => return Some(bad(path, &error)),
        };
        if self.open.contains(&identity) {
            let message = format!("this link leads back to {}", identity.display());
            return Some(Entry::Bad(path, Finding::new(Code::FolderLoop, message)));
        }
        match names(&path) {
            Ok(names) => {
                self.open.push(identity);
                self.pending.push(Pending::Folder(Folder { path, names, next: 0 }));
                None
            }
            Err(error) => Some(bad(path, &error)),
        }
    }
}

/// Why a pipe, a socket or a device is passed over.
pub const NOT_REGULAR: &str = "not a regular file";

/// Whether a path is a stream that was given to this program, such as `<(…)` of a shell.
pub fn is_given(path: &Path) -> bool {
    ["/dev/stdin", "/dev/fd", "/proc/self/fd"].iter().any(|given| path.starts_with(given))
}

fn names(path: &Path) -> std::io::Result<Vec<Name>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name();
        if !name.as_encoded_bytes().starts_with(b".") {
            names.push((name, entry.file_type().is_ok_and(|kind| kind.is_file())));
        }
    }
    names.sort_unstable();
    names.shrink_to_fit();
    Ok(names)
}

fn entry(path: PathBuf, choice: Choice) -> Entry {
    match choice {
        Choice::Document => Entry::File(path),
        Choice::Archive => Entry::Archive(path),
        Choice::Skip(why) => Entry::Skipped { name: path.to_string_lossy().into_owned(), why },
    }
}

fn bad(path: PathBuf, error: &std::io::Error) -> Entry {
    let is_link = fs::symlink_metadata(&path).is_ok_and(|m| m.is_symlink());
    let code = if is_link && error.kind() == std::io::ErrorKind::NotFound {
        Code::BrokenLink
    } else {
        Code::Unreadable
    };
    let message = error.to_string();
    Entry::Bad(path, Finding::new(code, message))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn ok_devices_are_passed_over() {
        let folder = std::env::temp_dir().join(format!("nianbao-walk-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let link = folder.join("endless.txt");
        let _ = fs::remove_file(&link);
        std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
        let select = Select::default();
        for inputs in [vec![folder.clone()], vec![link.clone()]] {
            let found: Vec<Entry> = walk(inputs, &select).collect();
            assert!(
                matches!(&found[..], [Entry::Skipped { why, .. }] if why == NOT_REGULAR),
                "{found:?}"
            );
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
