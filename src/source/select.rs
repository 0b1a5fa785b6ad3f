//! Which inputs are read: by name, and up to what size.

use super::archive::is_archive;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::path::Path;

/// Most bytes of a document unless something else is asked for.
pub const MOST_BYTES: u64 = 256 << 20;

/// Endings of documents inside folders. A file named on the command line is read whatever its name.
const DOCUMENTS: &[&str] = &[
    "txt", "text", "md", "markdown", "htm", "html", "xhtml", "shtml", "mht", "mhtml", "pdf", "doc",
    "docx", "wps", "rtf", "odt", "xls", "xlsx", "ods", "ofd", "csv", "eml", "",
];

/// Which inputs are read.
#[derive(Clone, Debug)]
pub struct Select {
    include: Option<GlobSet>,
    exclude: GlobSet,
    /// Most bytes of a document, and of an archive inside an archive.
    pub most_bytes: u64,
    /// Whether a file with no ending of a document is one by its whole name: a picture of a report.
    pub is_more: fn(&str) -> bool,
}

/// What is done with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Read as a document.
    Document,
    /// Read for the documents in it.
    Archive,
    /// Passed over, and why.
    Skip(String),
}

impl Default for Select {
    fn default() -> Self {
        Self {
            include: None,
            exclude: GlobSet::empty(),
            most_bytes: MOST_BYTES,
            is_more: |_| false,
        }
    }
}

impl Select {
    /// Patterns for what is read and for what is not. A pattern is held against the end of a name, from any folder on, and
    /// against the folders above it: `*.html`, `2022/*`, `drafts`. In archives and crawls too: `a.zip!/drafts/b.html`.
    ///
    /// # Errors
    ///
    /// A pattern that is none.
    pub fn new(include: &[String], exclude: &[String]) -> Result<Self, globset::Error> {
        let include = if include.is_empty() { None } else { Some(patterns(include)?) };
        Ok(Self { include, exclude: patterns(exclude)?, ..Self::default() })
    }

    /// What is done with a file found in a folder or an archive.
    ///
    /// ```
    /// use nianbao::source::select::{Choice, Select};
    /// let select = Select::new(&["*.asp".to_owned()], &["drafts".to_owned()]).unwrap();
    /// assert_eq!(select.found("a.zip!/b.asp"), Choice::Document);
    /// assert!(matches!(select.found("a.zip!/drafts/b.asp"), Choice::Skip(_)));
    /// assert!(matches!(select.found("b.html"), Choice::Skip(_)));
    /// assert_eq!(select.found("2022.zip"), Choice::Archive);
    /// ```
    pub fn found(&self, name: &str) -> Choice {
        let path = Path::new(name.rsplit("!/").next().unwrap_or(name));
        if self.exclude.is_match(name) {
            return Choice::Skip("excluded".to_owned());
        }
        // the documents in it are asked for one by one
        if is_archive(path) {
            return Choice::Archive;
        }
        match &self.include {
            Some(include) if include.is_match(name) => Choice::Document,
            Some(_) => Choice::Skip("not included".to_owned()),
            None if is_document(path) || (self.is_more)(name) => Choice::Document,
            None => Choice::Skip(ending(path)),
        }
    }

    /// What is done with a file that was named, or a page of a crawl, which has no ending to go by.
    pub fn named(&self, name: &str) -> Choice {
        match self.found(name) {
            Choice::Skip(_) if self.include.is_none() && !self.exclude.is_match(name) => {
                Choice::Document
            }
            choice => choice,
        }
    }
}

/// Each pattern from any folder on, and all that is below what it matches.
fn patterns(globs: &[String]) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        let glob = glob.trim_end_matches('/');
        let start = if glob.starts_with('/') || glob.starts_with("**/") { "" } else { "**/" };
        for end in ["", "/**", "!/**"] {
            let glob = format!("{start}{glob}{end}");
            set.add(GlobBuilder::new(&glob).literal_separator(true).build()?);
        }
    }
    set.build()
}

/// What is said of a file that is passed over by its name.
fn ending(path: &Path) -> String {
    match path.extension() {
        Some(extension) => format!(".{}", extension.to_string_lossy().to_lowercase()),
        None => path.file_name().unwrap_or_default().to_string_lossy().to_lowercase(),
    }
}

/// Whether a file in a folder or archive is a document by its name.
fn is_document(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let readme = path.file_stem().is_some_and(|stem| stem.eq_ignore_ascii_case("readme"));
    DOCUMENTS.contains(&extension.as_str()) && !readme
}
