//! `nianbao` (年报) reads Chinese local governments' annual reports on information disclosure into records that can be
//! trusted: a value is printed in the document, or proven by the form's arithmetic, or not given.
//!
//! ```
//! use nianbao::{Reader, Source, Status};
//!
//! let reader = Reader::default(); // the forms that come with the program; made once, used by all threads
//! let source = Source::new(
//!     "青石县.txt",
//!     "青石县2022年政府信息公开工作年度报告\n二、主动公开政府信息情况\n第二十条第（一）项\n\
//!      信息内容 本年制发件数 本年废止件数 现行有效件数\n规章 0 0 0\n行政规范性文件 3 1 —\n",
//! );
//! let report = reader.read(&source); // never fails: what is wrong with the document stands in its findings
//! assert_eq!(report.year(), Some(2022));
//! assert_eq!(report.issuer().name, Some("青石县"));
//!
//! let issued = report.cell("proactive", "normative_documents", "issued").unwrap();
//! assert_eq!(issued.value.unwrap().integer(), Some(3));
//! assert_eq!((issued.raw, issued.at.unwrap().line), (Some("3"), Some(6)));
//!
//! // an empty cell is no zero, and says so
//! let in_force = report.cell("proactive", "normative_documents", "in_force").unwrap();
//! assert_eq!((in_force.status, in_force.value), (Status::Blank, None));
//!
//! for cell in report.cells().filter(|cell| cell.status != Status::Missing) {
//!     println!("{}.{}.{} {:?}", cell.table, cell.row, cell.column, cell.value);
//! }
//! for finding in report.findings() {
//!     println!("{}: {}", finding.code.name(), finding.message);
//! }
//! let json = serde_json::to_string(&report).unwrap(); // as `nianbao convert` writes it
//! # assert!(json.starts_with("{\"schema\":\"nianbao.report/2\""));
//! ```
//!
//! A [`Report`] gives [`Cell`]s, each with a [`Status`]: `read`, `solved`, `blank`, `ambiguous`, `unreadable`, `missing`.
//! Trouble with a document is a [`Finding`], trouble with the world an [`Error`]. `docs/records.md` in the repository
//! explains every field; the examples read one document, a folder in parallel, and a form of one's own.
//!
//! # Features
//!
//! | feature | gives |
//! |---|---|
//! | `pdf` (default) | PDF |
//! | `office` (default) | Word, WPS, RTF, OpenDocument, workbooks; with `pdf` also OFD |
//! | `cli` (default) | the command `nianbao` |
//! | `convert`, `archives` | what the command converts, compares and verifies, also in archives and crawls; `cli` needs it |
//! | `tables`, `xlsx`, `sqlite` (default) | Parquet and Arrow, workbooks, SQLite, for the command |
//! | `ocr` | numbers of scanned pages, which sums prove; needs a model that the user has |
//! | `internals` | everything, without any promise: for this crate's own tests and its Python package |
//!
//! # Words
//!
//! | word | means |
//! |---|---|
//! | *source* | the bytes of one document and where they came from |
//! | *document* | its text, its *grids* (tables with borders, sheets) and its links, whatever the format |
//! | *skeleton* | the text's letters and digits without layout, folded: what labels are looked for in |
//! | *grammar* | a *form* as data: sections, tables, rows, columns, their spellings and sums |
//! | *form* | the grammar that a document follows, with what the document itself says of rows and columns |
//! | *hit* | a label of the form found in the skeleton |
//! | *outline* | the form's headings in the document |
//! | *evidence* | of one table: labels and printed pieces in reading order |
//! | *piece* | what is printed at one place: a number, a mark for nothing, no number |
//! | *unit* | one printed row of pieces; also what is counted: 件, 万元 |
//! | *cell* | a row and column of the form with what the document says of it |
//! | *proof* | the sums that leave a cell one value only |
//! | *place* | where a value is printed; of a body: its division and code |
//! | *statement* | a number that prose states; never a cell |
//! | *finding* | what a person should know of a document |

#![cfg_attr(
    not(feature = "internals"),
    expect(
        unreachable_pub,
        unused_imports,
        reason = "rooms are public to each other and to tests, not to users"
    )
)]
#![cfg_attr(
    not(all(feature = "cli", feature = "office", feature = "pdf")),
    expect(dead_code, reason = "what a feature needs of a room is not cut out of it")
)]

#[path = "rooms.rs"]
mod rooms;

#[cfg(feature = "internals")]
#[doc(hidden)]
pub use rooms::*;
#[cfg(not(feature = "internals"))]
#[expect(clippy::wildcard_imports, reason = "the rooms are the crate")]
use rooms::*;

pub use error::{Error, ErrorKind};
pub use face::{
    Builder, Candidate, Cell, Check, Finding, Issuer, Place, Reader, Report, Section, Statement,
};
pub use finding::{Code, Severity};
pub use number::Decimal;
pub use reading::Status;
pub use records::Verdict;
pub use source::{Fetched, Source};

/// The command `nianbao` with the words that this process was started with.
#[cfg(feature = "cli")]
#[doc(hidden)]
pub fn main() -> std::process::ExitCode {
    cli::run().into()
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
