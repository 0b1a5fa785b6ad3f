//! `nianbao` (年报) reads Chinese local governments' annual reports into records that can be trusted: a value is printed
//! in the document, or proven by the form's arithmetic, or not given.
//!
//! A document passes these stages; each is a folder below, in this order, and uses only what stands above it:
//!
//! 1. [`source`]: bytes, and where they came from
//! 2. [`document`]: bytes → text
//! 3. [`lines`]: text → skeleton, letters and digits without layout
//! 4. [`sections`]: the form's headings
//! 5. [`tables`]: the evidence of each table, labels and rows of digits
//! 6. [`reading`]: evidence → cells, by alignment and equations
//! 7. [`statements`]: the prose → the numbers that its clauses state
//! 8. [`records`]: one report
//! 9. [`checks`]: the form's equations judged
//! 10. [`sinks`]: reports → files
//! 11. [`panel`]: the files of many reports → one row for each body and year
//! 12. [`verify`]: every value of a record derived again from its source, by code that shares nothing with the above
//!
//! [`number`], [`grammar`] and [`places`] serve them: the one grammar of what is printed, the language in which a form is written down,
//! and the divisions of the country.
//! [`pipeline::parse`] is the whole flow on one screen.
//!
//! ```
//! use nianbao::{grammar::GrammarSet, pipeline, source::Source};
//!
//! let text = "某县2022年政府信息公开工作年度报告\n二、主动公开政府信息情况\n第二十条第（一）项\n\
//!             信息内容 本年制发件数 本年废止件数 现行有效件数\n规章 0 0 0\n行政规范性文件 3 1 20\n";
//! let grammars = GrammarSet::built_in();
//! let source = Source::new("example.txt", text);
//! let report = pipeline::parse(&source, &grammars);
//! assert_eq!(report.form.unwrap().id, "disclosure-2021");
//! assert_eq!(report.tables[0].cells[5].value().unwrap().integer(), Some(20));
//! ```

pub mod span;

pub mod fold;

pub mod number;

pub mod finding;

pub mod lang;

pub mod error;

pub mod guard;

pub mod source;

pub mod document;

pub mod lines;

pub mod grammar;

pub mod places;

pub mod sections;

pub mod tables;

pub mod form;

pub mod reading;

pub mod statements;

pub mod records;

pub mod checks;

pub mod corrections;

pub mod sinks;

pub mod diff;

pub mod panel;

pub mod verify;

mod proven;

pub mod pipeline;

pub mod corrected;

pub mod review;

pub mod batch;

#[cfg(feature = "cli")]
pub mod cli;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
