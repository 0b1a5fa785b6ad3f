//! Paths and folders → an ordered stream of documents.
//!
//! Names are sorted within each folder, so the order is the same on every machine. Only one folder a level is held in
//! memory, as bare names.

use super::Source;
use super::archive::is_archive;
use crate::finding::{Code, Finding};
use std::ffi::OsString;
use std::fs;
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
    /// A file that is no document by its name (the extension, `.jpg`), or a record of a crawl that holds none.
    Skipped(String),
    /// A path that cannot be read.
    Bad(PathBuf, Finding),
}

/// Endings of documents inside folders. A file named on the command line is read whatever its name.
const DOCUMENTS: &[&str] = &[
    "txt", "text", "md", "markdown", "htm", "html", "xhtml", "shtml", "mht", "mhtml", "pdf", "doc",
    "docx", "wps", "rtf", "odt", "xls", "xlsx", "ods", "ofd", "",
];

/// Walks the inputs, in the order given.
pub fn walk(inputs: impl IntoIterator<Item = PathBuf>) -> Walk {
    let mut pending: Vec<Pending> = inputs.into_iter().map(Pending::Input).collect();
    pending.reverse();
    Walk { pending, open: Vec::new() }
}

/// The iterator behind [`walk`].
#[derive(Debug)]
pub struct Walk {
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

impl Iterator for Walk {
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
                            return Some(by_name(path));
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

impl Walk {
    /// A file is an entry; a folder is opened and gives none yet.
    fn enter(&mut self, path: PathBuf, named: bool) -> Option<Entry> {
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) => return Some(bad(path, &error)),
        };
        if !metadata.is_dir() {
            return Some(if named && !is_archive(&path) {
                Entry::File(path)
            } else {
                by_name(path)
            });
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

fn by_name(path: PathBuf) -> Entry {
    if is_document(&path) {
        Entry::File(path)
    } else if is_archive(&path) {
        Entry::Archive(path)
    } else {
        Entry::Skipped(skipped(&path))
    }
}

/// What is said of a file that is passed over by its name.
pub(super) fn skipped(path: &Path) -> String {
    match path.extension() {
        Some(extension) => format!(".{}", extension.to_string_lossy().to_lowercase()),
        None => path.file_name().unwrap_or_default().to_string_lossy().to_lowercase(),
    }
}

/// Whether a file in a folder or archive is a document by its name.
pub(super) fn is_document(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let readme = path.file_stem().is_some_and(|stem| stem.eq_ignore_ascii_case("readme"));
    DOCUMENTS.contains(&extension.as_str()) && !readme
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
