//! What Python cannot do itself: reading documents, and handing Arrow batches over. Everything else is Python, in
//! `nianbao/`.

mod capsule;
mod documents;

use capsule::Batches;
use nianbao::batch::{self, Job, Summary, Told};
use nianbao::cli::args::Color;
use nianbao::cli::terminal::Paint;
use nianbao::cli::{explain, page};
use nianbao::corrections::Corrections;
use nianbao::error::{Error, ErrorKind};
use nianbao::grammar::GrammarSet;
use nianbao::lang::Lang;
use nianbao::panel::{self, Panel, Wide, is_picture_of_a_report};
use nianbao::pipeline;
use nianbao::records::forms::forms;
use nianbao::records::json::Writer;
use nianbao::sinks::schema::Name;
use nianbao::sinks::tables::Layout;
use nianbao::sinks::{self, Format};
use nianbao::source::select::Select;
use nianbao::source::{Source, again, walk};
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde_json::json;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

pyo3::create_exception!(
    nianbao,
    GrammarError,
    PyValueError,
    "A mistake in a grammar file; `path` and `line` say where."
);

/// The forms of a run, compiled once.
#[pyclass(frozen, module = "nianbao._nianbao")]
struct Grammars {
    set: GrammarSet,
    writer: Writer,
}

#[pymethods]
impl Grammars {
    #[new]
    fn new(py: Python<'_>, files: Vec<PathBuf>) -> PyResult<Self> {
        let mut set = GrammarSet::built_in();
        for path in files {
            let text = std::fs::read_to_string(&path)
                .map_err(|error| raised(py, Error::io(&path, error)))?;
            set = set.with(&path, &text).map_err(|error| raised(py, error))?;
        }
        let writer = Writer::new(&set);
        Ok(Self { set, writer })
    }

    /// The record of a document, as JSON.
    fn parse<'py>(&self, py: Python<'py>, name: String, bytes: Vec<u8>) -> Bound<'py, PyBytes> {
        let json = py.detach(|| {
            let source = Source::new(name, bytes);
            let report = pipeline::read(&source, &self.set, None);
            let mut json = Vec::with_capacity(64 << 10);
            self.writer.write(&report, &mut json);
            json
        });
        PyBytes::new(py, &json)
    }

    /// What all records of a form share, as JSON: `forms.json`.
    fn forms(&self) -> String {
        forms(&self.set).to_string()
    }

    /// Documents as batches of one table.
    #[pyo3(signature = (inputs, table, threads, include, exclude, corrections, progress))]
    fn read(
        &self,
        py: Python<'_>,
        inputs: Vec<PathBuf>,
        table: &str,
        threads: usize,
        include: Vec<String>,
        exclude: Vec<String>,
        corrections: Vec<PathBuf>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Batches> {
        let layout = Layout::new(&[name_of(table)?], &self.set);
        walk::present(&inputs).map_err(|error| raised(py, error))?;
        let watch = Watch::new(progress);
        let select = selected(&include, &exclude)?;
        let corrections = corrected(py, &corrections)?;
        let job = Job { threads, corrections, ..Job::new(&self.set, &[], "".as_ref(), &select) };
        let done = py.detach(|| {
            let tell = |summary: &Summary| watch.tell(summary);
            batch::read(walk::walk(inputs, &select), &job, &layout, &watch.stop, tell)
        });
        watch.end()?;
        let (batches, _) = done.map_err(|error| raised(py, error))?;
        Ok(Batches::new(&layout.parts()[0].schema, batches.into_iter().flatten()))
    }

    /// Files on disk, as the command `convert` writes them; returns the summary as JSON.
    #[pyo3(signature = (inputs, out, formats, threads, resume, update, checkpoint, csv_bom, dedup, seconds, include, exclude, corrections, id, progress))]
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the Python function")]
    fn convert(
        &self,
        py: Python<'_>,
        inputs: Vec<PathBuf>,
        out: PathBuf,
        formats: Vec<String>,
        threads: usize,
        resume: bool,
        update: bool,
        checkpoint: f64,
        csv_bom: bool,
        dedup: bool,
        seconds: Option<f64>,
        include: Vec<String>,
        exclude: Vec<String>,
        corrections: Vec<PathBuf>,
        id: &str,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<String> {
        walk::present(&inputs).map_err(|error| raised(py, error))?;
        let formats: Vec<Format> =
            formats.iter().map(|name| format_of(name)).collect::<Result<_, _>>()?;
        let sinks = sinks::sinks(&formats, &self.set, sinks::Options { csv_bom, lang: Lang::En });
        let watch = Watch::new(progress);
        let select = selected(&include, &exclude)?;
        let corrections = corrected(py, &corrections)?;
        let names: Vec<&str> = formats.iter().map(|format| format.name()).collect();
        let options = json!({
            "format": names, "csv_bom": csv_bom, "include": include, "exclude": exclude, "dedup": dedup, "max_seconds": seconds,
            "corrections": (!corrections.is_empty()).then(|| corrections.hash()),
        });
        let most_time = seconds.map(|seconds| duration("max_seconds", seconds)).transpose()?;
        let job = Job {
            threads,
            resume,
            update,
            corrections,
            dedup,
            id,
            checkpoint: duration("checkpoint", checkpoint)?,
            most_time,
            about: batch::about(&self.set, &inputs, &options),
            command: vec!["nianbao.convert".to_owned()],
            ..Job::new(&self.set, &sinks, &out, &select)
        };
        let done = py.detach(|| {
            let tell = |told: Told<'_>| match told {
                Told::Read { summary, .. } | Told::Making { summary, .. } => watch.tell(summary),
            };
            batch::convert(walk::walk(inputs, &select), &job, &watch.stop, tell)
        });
        watch.end()?;
        let summary = done.map_err(|error| raised(py, error))?;
        serde_json::to_string(&summary).map_err(|error| PyValueError::new_err(error.to_string()))
    }

    /// The panel of a conversion: its tables, written into a folder; gives its summary.
    fn panel(
        &self,
        py: Python<'_>,
        folders: Vec<PathBuf>,
        out: PathBuf,
        formats: Vec<String>,
        corrections: Vec<PathBuf>,
    ) -> PyResult<String> {
        let known = |name: &String| {
            panel::Format::of(name).ok_or_else(|| {
                let names: Vec<&str> =
                    panel::Format::ALL.iter().map(|known| known.name()).collect();
                PyValueError::new_err(format!("no format {name:?}; there are {}", names.join(", ")))
            })
        };
        let formats = formats.iter().map(known).collect::<PyResult<Vec<_>>>()?;
        let corrections = corrected(py, &corrections)?;
        let start = (SystemTime::now(), Instant::now());
        let options = serde_json::json!({
            "format": formats.iter().map(|format| format.name()).collect::<Vec<_>>(), "csv_bom": false,
            "corrections": (!corrections.is_empty()).then(|| corrections.hash()),
        });
        let about = batch::about(&self.set, &folders, &options);
        let made = py.detach(|| {
            let mut wide = Wide::open_all(&folders, &self.set)?;
            nianbao::corrected::apply(&mut wide, &self.set, &corrections)?;
            let panel = Panel::of(wide, &self.set);
            std::fs::create_dir_all(&out).map_err(|error| Error::io(&out, error))?;
            panel.write(&out)?;
            panel.write_as(&out, &formats, &self.set)?;
            Panel::forget(&out, &formats)?;
            batch::of_panel(&out, &about, &["nianbao.panel".to_owned()], start)?;
            Ok(panel.summary(Lang::En))
        });
        made.map_err(|error| raised(py, error))
    }

    /// A document as it was read beside its source: as a page for a browser, or as text.
    fn explain(
        &self,
        py: Python<'_>,
        name: String,
        bytes: Vec<u8>,
        html: bool,
    ) -> PyResult<String> {
        let told = py.detach(|| {
            let source = Source::new(name, bytes);
            let report = pipeline::read(&source, &self.set, None);
            if html {
                return Ok(page::page(&report, Lang::En));
            }
            let mut out = Vec::new();
            explain::report(&mut out, &report, Paint::new(Color::Never), Lang::En)?;
            Ok(String::from_utf8_lossy(&out).into_owned())
        });
        told.map_err(|error: std::io::Error| PyOSError::new_err(error.to_string()))
    }

    /// Documents of an Arrow batch → the rows of one table.
    fn parse_batch(
        &self,
        py: Python<'_>,
        batch: Bound<'_, PyAny>,
        table: &str,
    ) -> PyResult<Batches> {
        let layout = Layout::new(&[name_of(table)?], &self.set);
        let documents = documents::of(&batch)?;
        py.detach(|| documents::parse(&documents, &self.set, &layout))
            .map_err(PyValueError::new_err)
    }
}

/// Which inputs are read.
fn selected(include: &[String], exclude: &[String]) -> PyResult<Select> {
    let mut select =
        Select::new(include, exclude).map_err(|error| PyValueError::new_err(error.to_string()))?;
    select.is_more = is_picture_of_a_report;
    Ok(select)
}

/// What people decided, from files.
fn corrected(py: Python<'_>, files: &[PathBuf]) -> PyResult<Corrections> {
    Corrections::read(files).map_err(|error| raised(py, error))
}

/// Tells Python how far the work is, and hears Ctrl-C.
struct Watch {
    progress: Option<Py<PyAny>>,
    stop: AtomicBool,
    last: Mutex<Instant>,
    /// What Python raised meanwhile.
    error: Mutex<Option<PyErr>>,
}

/// Time between calls.
const BETWEEN: Duration = Duration::from_millis(100);

impl Watch {
    fn new(progress: Option<Py<PyAny>>) -> Self {
        Self {
            progress,
            stop: AtomicBool::new(false),
            last: Mutex::new(Instant::now()),
            error: Mutex::new(None),
        }
    }

    fn tell(&self, summary: &Summary) {
        // whoever comes while another tells has nothing newer to say
        let Ok(mut last) = self.last.try_lock() else { return };
        if last.elapsed() < BETWEEN {
            return;
        }
        *last = Instant::now();
        let told = Python::attach(|py| {
            py.check_signals()?;
            let Some(progress) = &self.progress else { return Ok(()) };
            progress.call1(py, (summary.documents, summary.reports)).map(drop)
        });
        if let Err(error) = told {
            self.stop.store(true, Ordering::Relaxed);
            if let Ok(mut known) = self.error.lock() {
                known.get_or_insert(error);
            }
        }
    }

    fn end(self) -> PyResult<()> {
        match self.error.into_inner() {
            Ok(Some(error)) => Err(error),
            _ => Ok(()),
        }
    }
}

fn duration(name: &str, seconds: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|error| PyValueError::new_err(format!("{name}={seconds}: {error}")))
}

fn name_of(table: &str) -> PyResult<Name> {
    let names = || Name::ALL.map(Name::text).join(", ");
    Name::of(table)
        .ok_or_else(|| PyValueError::new_err(format!("no table {table:?}; there are {}", names())))
}

fn format_of(name: &str) -> PyResult<Format> {
    Format::of(name).ok_or_else(|| {
        let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        PyValueError::new_err(format!("no format {name:?}; there are {}", names.join(", ")))
    })
}

/// An error of ours as Python has it: with the file, and the place in it.
fn raised(py: Python<'_>, error: Error) -> PyErr {
    let path = error.path().to_owned();
    match error.kind() {
        ErrorKind::Io(io) => match io.raw_os_error() {
            Some(code) => PyOSError::new_err((code, io.to_string(), path)),
            // ENOENT, by which Python makes a FileNotFoundError of it
            None if io.kind() == std::io::ErrorKind::NotFound => {
                PyOSError::new_err((2, io.to_string(), path))
            }
            None => PyOSError::new_err(error.to_string()),
        },
        ErrorKind::Refused(_) | ErrorKind::Database(_) | ErrorKind::Columns(_) => {
            PyOSError::new_err(error.to_string())
        }
        ErrorKind::Grammar { line, .. } => {
            let raised = GrammarError::new_err(error.to_string());
            let value = raised.value(py);
            let place = value.setattr("path", path).and_then(|()| value.setattr("line", *line));
            match place {
                Ok(()) => raised,
                Err(error) => error,
            }
        }
        _ => PyValueError::new_err(error.to_string()),
    }
}

/// The bytes of an entry of an archive by its name, `archive.zip!/dir/file.html`; none where it is not there.
#[pyfunction]
fn entry(py: Python<'_>, name: &str) -> Option<Py<PyBytes>> {
    let source = py.detach(|| again::open(name))?;
    Some(PyBytes::new(py, &source.bytes).unbind())
}

/// The command line: runs what these words say, the name of the program first, and gives the exit code.
#[pyfunction]
fn main(py: Python<'_>, words: Vec<OsString>) -> u8 {
    py.detach(|| nianbao::cli::run_as(&words) as u8)
}

#[pymodule]
fn _nianbao(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("__build__", batch::BUILD)?;
    module.add("GrammarError", module.py().get_type::<GrammarError>())?;
    module.add_function(wrap_pyfunction!(entry, module)?)?;
    module.add_function(wrap_pyfunction!(main, module)?)?;
    module.add_class::<Grammars>()?;
    module.add_class::<Batches>()
}
