//! What is wrong with the world: files that cannot be written, grammar files that make no sense.
//!
//! Trouble with a *document* is never an `Error`; see [`Finding`](crate::finding::Finding).

use crate::lang::Lang;
use std::error::Error as StdError;
use std::fmt::{self, Write};
use std::path::{Path, PathBuf};

/// An error with the file it concerns. Trouble with a document is none: its report says it as a finding.
#[derive(Debug)]
pub struct Error {
    path: PathBuf,
    kind: ErrorKind,
}

/// What went wrong.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system refused.
    Io(std::io::Error),
    /// A mistake in a grammar file.
    Grammar {
        /// 1-based line of the mistake.
        line: usize,
        /// The line itself.
        source_line: String,
        /// What is wrong.
        message: String,
        /// What to do about it, where the program can tell.
        hint: Option<String>,
    },
    /// The file or folder is not what is needed here: another version made it, or it was changed.
    Refused(String),
    /// A database could not be read or written.
    Database(Box<dyn StdError + Send + Sync>),
    /// A file of columns (Parquet, Arrow, a workbook) could not be read or written.
    Columns(Box<dyn StdError + Send + Sync>),
}

/// The crate's result type.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    #[cold]
    fn new(path: impl AsRef<Path>, kind: ErrorKind) -> Self {
        Self { path: path.as_ref().to_owned(), kind }
    }

    /// An I/O error of this path.
    #[cold]
    pub fn io(path: impl AsRef<Path>, error: std::io::Error) -> Self {
        Self::new(path, ErrorKind::Io(error))
    }

    /// A path that is not what is needed.
    #[cold]
    pub(crate) fn refused(path: impl AsRef<Path>, message: impl Into<String>) -> Self {
        Self::new(path, ErrorKind::Refused(message.into()))
    }

    /// An error of a database at this path.
    #[cold]
    pub(crate) fn database(
        path: impl AsRef<Path>,
        error: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self::new(path, ErrorKind::Database(error.into()))
    }

    /// An error of a library that reads or writes columns.
    #[cold]
    pub(crate) fn columns(
        path: impl AsRef<Path>,
        error: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self::new(path, ErrorKind::Columns(error.into()))
    }

    /// A mistake at a byte of a grammar file.
    #[cold]
    pub(crate) fn grammar(
        path: impl AsRef<Path>,
        text: &str,
        at: usize,
        message: impl Into<String>,
        hint: Option<String>,
    ) -> Self {
        let before = text.get(..at.min(text.len())).unwrap_or("");
        let line = before.matches('\n').count() + 1;
        let source_line = text.lines().nth(line - 1).unwrap_or("").to_owned();
        Self::new(path, ErrorKind::Grammar { line, source_line, message: message.into(), hint })
    }

    /// What went wrong.
    pub const fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The file it concerns.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of a folder that is to be read and is none.
    #[cold]
    pub(crate) fn no_folder(path: impl AsRef<Path>) -> Self {
        let kind = std::io::ErrorKind::NotFound;
        Self::io(path, std::io::Error::new(kind, "there is no such folder"))
    }

    /// The error in this language, with its cause.
    pub(crate) fn told(&self, lang: Lang) -> String {
        let path = self.path.display();
        let short = |message: &str| format!("{path}: {}", lang.say(message));
        match &self.kind {
            ErrorKind::Io(error) => short(&error.to_string()),
            ErrorKind::Refused(message) => short(message),
            ErrorKind::Database(error) | ErrorKind::Columns(error) => short(&error.to_string()),
            ErrorKind::Grammar { line, source_line, message, hint } => {
                let mut told =
                    format!("{path}:{line}: {}\n  {line} | {source_line}", lang.say(message));
                if let Some(hint) = hint {
                    // writing into memory cannot fail
                    let _ = write!(told, "\n  {}: {}", lang.say("hint"), lang.say(hint));
                }
                told
            }
        }
    }

    /// Whether the reader of our output went away, which is no error for a command-line tool.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        matches!(&self.kind, ErrorKind::Io(error) if error.kind() == std::io::ErrorKind::BrokenPipe)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(Lang::En))
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.kind {
            ErrorKind::Io(error) => Some(error),
            ErrorKind::Database(error) | ErrorKind::Columns(error) => Some(&**error),
            ErrorKind::Grammar { .. } | ErrorKind::Refused(_) => None,
        }
    }
}
