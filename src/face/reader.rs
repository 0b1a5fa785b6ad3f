//! [`Reader`]: documents → reports.

use super::Report;
use crate::error::Result;
use crate::finding::{Code, Finding};
use crate::grammar::{Form, Grammar, GrammarSet};
use crate::pipeline;
use crate::records;
use crate::source::Source;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Reads documents. Made once, because it compiles the forms; `&Reader` can be used by any number of threads.
///
/// ```
/// use nianbao::{Reader, Source};
/// use std::time::Duration;
///
/// let reader = Reader::builder().most_time(Duration::from_secs(10)).build();
/// let report = reader.read(&Source::new("a.txt", "某县2022年政府信息公开工作年度报告"));
/// assert_eq!(report.year(), Some(2022));
/// assert_eq!(report.form(), None); // a title alone is no form
/// ```
pub struct Reader {
    grammars: GrammarSet,
    /// The same, to be shared with reports.
    forms: Vec<Arc<Grammar>>,
    most_time: Option<Duration>,
    most_bytes: u64,
}

/// What a [`Reader`] is made of.
#[must_use]
pub struct Builder {
    grammars: GrammarSet,
    most_time: Option<Duration>,
    most_bytes: u64,
}

impl Reader {
    /// A reader with other forms or limits than [`Reader::default`].
    pub fn builder() -> Builder {
        Builder { grammars: GrammarSet::built_in(), most_time: None, most_bytes: u64::MAX }
    }

    /// Reads one document, whatever it is and however damaged.
    ///
    /// There is always a report: that the document could not be read, was too large, took too long, or that the program
    /// failed on it (a panic, told to the panic hook as always) is one of its [findings](Report::findings).
    pub fn read(&self, source: &Source) -> Report {
        let bytes = source.bytes.len() as u64;
        if bytes > self.most_bytes {
            let message = format!("more than the limit of {} bytes", self.most_bytes);
            return Report::new(records::Report::refused(
                source,
                Finding::new(Code::TooLarge, message),
            ));
        }
        let report = pipeline::read(source, &self.grammars, self.most_time);
        let form = report.form.as_ref().and_then(|form| self.shared(form));
        Report::new(report.owned(form))
    }

    /// A form that lives as long as the report.
    fn shared(&self, form: &Form<'_>) -> Option<Arc<Grammar>> {
        match form {
            Form::Known(known) => self.forms.iter().find(|own| own.id == known.id).map(Arc::clone),
            Form::Printed(own) => Some(Arc::clone(own)),
        }
    }
}

impl Default for Reader {
    /// The forms that come with the program, no limits.
    fn default() -> Self {
        Self::builder().build()
    }
}

impl Builder {
    /// Adds a form of one's own, which is tried like the others. `path` only names the file in errors; `toml` is what is in
    /// it, in the language of `grammars/README.md`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Grammar`](crate::ErrorKind::Grammar) with the line of a mistake.
    pub fn grammar(mut self, path: impl AsRef<Path>, toml: &str) -> Result<Self> {
        self.grammars = self.grammars.with(path.as_ref(), toml)?;
        Ok(self)
    }

    /// Most time for one document, looked at between steps of the work; a document that takes longer has the finding
    /// [`Code::TooSlow`] and no values. Without it there is no limit.
    pub const fn most_time(mut self, limit: Duration) -> Self {
        self.most_time = Some(limit);
        self
    }

    /// Most bytes of one document; a larger one has the finding [`Code::TooLarge`]. Without it there is no limit but 4 GiB.
    pub const fn most_bytes(mut self, limit: u64) -> Self {
        self.most_bytes = limit;
        self
    }

    /// Reads scanned pages with the model in this file. The model serves all readers of the process: the first call counts,
    /// and only before a scanned page was read.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is no model.
    #[cfg(feature = "ocr")]
    pub fn model(self, path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        crate::document::scan::use_model(path).map_err(|error| crate::Error::io(path, error))?;
        Ok(self)
    }

    /// The reader.
    pub fn build(self) -> Reader {
        let forms = self.grammars.all().iter().cloned().map(Arc::new).collect();
        let Self { grammars, most_time, most_bytes } = self;
        Reader { grammars, forms, most_time, most_bytes }
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let forms: Vec<&str> = self.forms.iter().map(|form| form.id.as_str()).collect();
        let (time, bytes) = (self.most_time, self.most_bytes);
        f.debug_struct("Reader")
            .field("forms", &forms)
            .field("most_time", &time)
            .field("most_bytes", &bytes)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (time, bytes) = (self.most_time, self.most_bytes);
        f.debug_struct("Builder")
            .field("most_time", &time)
            .field("most_bytes", &bytes)
            .finish_non_exhaustive()
    }
}
