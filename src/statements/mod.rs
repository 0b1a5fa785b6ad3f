//! Stage 7: paragraphs → statements: the numbers that prose states, and zeros that it says in words.
//!
//! A clause is read as a whole by the grammar of [`clause`](self), with the words of `grammars/words/statements.toml`, or it
//! states nothing. What stands around it decides whether it speaks of the report's year and for whom ([`context`](self)).
//! A number with parts that add up to it is proven by them ([`Proof::Breakdown`]). Statements never become cells.

mod clause;
mod context;
mod letters;
mod reader;
mod words;

use crate::finding::Code;
use crate::number::Decimal;
use serde::Serialize;
use std::ops::Range;

pub use reader::read;

/// For whom a number is said, or a report made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// For the body itself.
    Body,
    /// For all bodies of its place.
    Region,
}

impl Scope {
    /// The fixed name used in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Region => "region",
        }
    }
}

/// What proves a stated number besides the clause that states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    /// It and the numbers stated as its parts add up.
    Breakdown,
    /// The form's table prints the same number.
    Table,
}

impl Proof {
    /// The fixed name used in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Breakdown => "breakdown",
            Self::Table => "table",
        }
    }
}

/// What can be stated: the key of a measure and what it means in English and Chinese.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// The fixed name used in outputs.
    pub key: &'static str,
    /// English and Chinese.
    pub about: [&'static str; 2],
    /// Whether it is money, in columns as 万元.
    pub is_money: bool,
}

macro_rules! measures {
    ($($key:literal $en:literal $zh:literal;)+) => {
        &[$(Measure { key: $key, about: [$en, $zh], is_money: matches!($key.as_bytes(), b"fees") },)+]
    };
}

/// All measures, in the order of outputs; `statements.toml` has the words of each.
pub const MEASURES: &[Measure] = measures! {
    "information_published" "pieces of government information published" "主动公开政府信息数";
    "normative_documents" "normative documents issued or published" "规范性文件数";
    "applications_received" "applications received" "收到政府信息公开申请数";
    "applications_answered" "applications answered" "答复政府信息公开申请数";
    "applications_granted" "applications granted" "予以公开数";
    "applications_partly_granted" "applications granted in part" "部分公开数";
    "applications_refused" "applications refused" "不予公开数";
    "reconsiderations" "administrative reconsiderations" "行政复议数";
    "litigations" "administrative lawsuits" "行政诉讼数";
    "complaints" "complaints and reports" "举报投诉数";
    "fees" "fees charged for information" "依申请公开信息收取的费用";
    "published_website" "pieces published on the website" "政府网站公开政府信息数";
    "published_wechat" "pieces published on WeChat" "政务微信公开政府信息数";
    "published_weibo" "pieces published on Weibo" "政务微博公开政府信息数";
    "published_gazette" "pieces published in the gazette" "政府公报公开政府信息数";
    "consultations" "consultations about disclosure" "咨询数";
};

/// A number that a clause states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement<P> {
    /// What it counts, as a place in [`MEASURES`].
    pub measure: usize,
    /// The number; none where it is not given, and `refused` says why.
    pub value: Option<Decimal>,
    /// The measure word as printed.
    pub unit: Option<String>,
    /// Whether it is said exactly.
    pub exact: bool,
    /// Whether it is a zero said in words.
    pub words: bool,
    /// For whom.
    pub scope: Option<Scope>,
    /// Of which year.
    pub year: Option<i32>,
    /// The clause.
    pub text: String,
    /// Where the clause stands.
    pub at: P,
    /// What proves it.
    pub proof: Option<Proof>,
    /// Why its value is not given.
    pub refused: Option<Code>,
}

impl<P> Statement<P> {
    /// What it counts.
    pub fn about(&self) -> &'static Measure {
        &MEASURES[self.measure]
    }

    /// Its value in the unit of a column: money in 万元.
    pub fn in_column(&self) -> Option<Decimal> {
        let value = self.value?;
        if !self.about().is_money {
            return Some(value);
        }
        match self.unit.as_deref() {
            Some("元") => value.shifted(4),
            Some("亿元") => value.shifted(-4),
            _ => Some(value),
        }
    }

    /// The same at another place.
    pub fn moved<Q>(self, to: impl FnOnce(P) -> Q) -> Statement<Q> {
        let Self { measure, value, unit, exact, words, scope, year, text, at, proof, refused } =
            self;
        Statement {
            measure,
            value,
            unit,
            exact,
            words,
            scope,
            year,
            text,
            at: to(at),
            proof,
            refused,
        }
    }
}

/// Where a clause stands: section, paragraph, bytes of the paragraph.
pub type Place = (usize, usize, Range<usize>);

/// A section as it is read.
#[derive(Clone, Copy, Debug)]
pub struct Section<'t> {
    /// Its key in the form; empty before the first.
    pub key: &'t str,
    /// Its heading.
    pub title: &'t str,
    /// Its paragraphs.
    pub paragraphs: &'t [String],
}

/// Whose report it is, and what else is known of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'t> {
    /// The year reported on.
    pub year: Option<i32>,
    /// The body's name.
    pub issuer: Option<&'t str>,
    /// For whom it speaks where a clause does not say.
    pub scope: Option<Scope>,
}

/// The keys of cells of forms that count a measure; sums with `+`.
pub fn cells(measure: usize) -> &'static [String] {
    &words::words().measures[measure].cells
}
