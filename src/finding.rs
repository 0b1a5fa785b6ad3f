//! What is wrong with a document. Findings are data with a code and a place; they never stop a conversion.
//!
//! The codes are a closed list: downstream code filters by them, so none is renamed without a new schema version.

use crate::span::Span;
use serde::Serialize;

/// How much a finding matters to somebody who wants to use the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing, or not the whole document, could be read.
    Error,
    /// The document was read; something in it needs a person's judgement.
    Warning,
    /// Worth knowing, nothing to do.
    Info,
}

impl Severity {
    /// The fixed name used in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $text:literal, $severity:ident;)+) => {
        /// What was found. The text form is fixed and used in every output.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code { $($(#[doc = $doc])+ $variant,)+ }

        impl Code {
            /// Every code, in documentation order.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The fixed name used in outputs.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// How much it matters.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)+ }
            }

            /// One sentence for documentation and `--help`.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+),)+ }
            }
        }
    };
}

codes! {
    /// The file could not be opened or read.
    Unreadable = "unreadable", Error;
    /// A symbolic link leads nowhere.
    BrokenLink = "broken_link", Error;
    /// A folder contains itself through a link; it is read once.
    FolderLoop = "folder_loop", Warning;
    /// The document has no bytes, or nothing but blanks.
    Empty = "empty", Error;
    /// The bytes are not text.
    Binary = "binary", Error;
    /// A format that is recognised but not read (yet); the message names it.
    UnsupportedFormat = "unsupported_format", Error;
    /// The document is larger than the limit.
    TooLarge = "too_large", Error;
    /// Reading the document took longer than the limit.
    TooSlow = "too_slow", Error;
    /// The file is damaged and nothing could be read from it.
    Damaged = "damaged", Error;
    /// The file is damaged; what could be read of it was, the rest is missing.
    DamagedPart = "damaged_part", Error;
    /// The document is protected by a password.
    Encrypted = "encrypted", Error;
    /// Pages are pictures without text: scanned.
    NoTextLayer = "no_text_layer", Error;
    /// The text of a page was recognised from a scanned picture by a machine, and may be misread.
    RecognisedText = "recognised_text", Warning;
    /// A document draws glyphs without saying which characters they are; they are U+FFFD in the text.
    TextNotMapped = "text_not_mapped", Error;
    /// More comes out of an archive than any archive of documents holds, or archives are packed too deep.
    Bomb = "bomb", Error;
    /// Reading this document failed inside the program; please report it.
    Panic = "panic", Error;
    /// Bytes that are no character of the encoding were replaced by U+FFFD.
    BytesReplaced = "bytes_replaced", Warning;
    /// The text was once decoded in the wrong encoding; this was undone without loss.
    MojibakeUndone = "mojibake_undone", Info;
    /// The text was once decoded in the wrong encoding and characters were lost; nothing was read from it.
    MojibakeLossy = "mojibake_lossy", Error;
    /// No form was recognised: a narrative, a shell, or not a report.
    NoForm = "no_form", Warning;
    /// The headings of a form are there but its tables are not (pictures, attachments).
    TablesMissing = "tables_missing", Warning;
    /// The page only links documents or shows frames; the report is in them.
    ReportElsewhere = "report_elsewhere", Warning;
    /// A table of the form is not in the document.
    TableMissing = "table_missing", Warning;
    /// The table is printed without a single value.
    TableBlank = "table_blank", Warning;
    /// A row of the form is not in the document's table.
    RowMissing = "row_missing", Warning;
    /// A column of the form is not in the header of the document's table.
    ColumnMissing = "column_missing", Warning;
    /// Which row these numbers belong to cannot be proven.
    RowUncertain = "row_uncertain", Warning;
    /// The printed digits allow several readings and the form's equations do not decide.
    DigitsAmbiguous = "digits_ambiguous", Warning;
    /// A table's digits have more readings than the solver's budget allows to search.
    SolverBudget = "solver_budget", Warning;
    /// The text ends behind a row's label: the rest of the table is not there.
    TextBreaksOff = "text_breaks_off", Warning;
    /// Equal lines were dropped from the text, and with them numbers that repeat.
    EqualLinesDropped = "equal_lines_dropped", Warning;
    /// A cell holds text that is no number and no mark for nothing.
    CellUnreadable = "cell_unreadable", Warning;
    /// A printed value is marked as rounded (余, 近, 约); it is not given as a number.
    ApproximateValue = "approximate_value", Warning;
    /// A sum of money is printed without its unit; it is given as printed.
    UnitNotStated = "unit_not_stated", Warning;
    /// A sum of the form does not hold in the source.
    SumFails = "sum_fails", Warning;
    /// The total column is zero or blank in every row although other columns are not.
    TotalNeverFilled = "total_never_filled", Warning;
    /// A body of this level cannot make 规章, but the table counts some.
    RegulationsUnlikely = "regulations_unlikely", Warning;
    /// A section's heading was not found although later sections were.
    HeadingMissing = "heading_missing", Info;
    /// A line that could be a heading was not taken for one; its text stands in the section before.
    HeadingUncertain = "heading_uncertain", Info;
    /// The document does not say which year it reports on.
    YearUnknown = "year_unknown", Warning;
    /// Years in the text contradict the year of the title.
    YearConflict = "year_conflict", Info;
    /// The title names one place and signature, publisher or folder another.
    IssuerConflict = "issuer_conflict", Warning;
    /// Several places have the issuer's name and nothing says which it is.
    PlaceAmbiguous = "place_ambiguous", Info;
    /// No title line was found.
    TitleUnknown = "title_unknown", Info;
    /// Text inside a table that no rule claims; it is kept as a paragraph.
    UnclaimedText = "unclaimed_text", Info;
    /// The document holds more than one report; only the first was read.
    SecondReport = "second_report", Warning;
    /// Prose states a number as rounded (余, 近, 约); it is not given.
    StatedApproximately = "stated_approximately", Info;
    /// Prose states a number of all years so far, or from a beginning to a day; it is not given.
    StatedCumulative = "stated_cumulative", Info;
    /// Prose states a number of another year than the report's; it is not given.
    StatedOtherYear = "stated_other_year", Info;
    /// Prose states a number of 我县 or 我市, its government or all of it; it is not given.
    StatedScopeUnknown = "stated_scope_unknown", Info;
    /// Prose states two numbers for one quantity; neither is given.
    StatedTwice = "stated_twice", Warning;
    /// Prose states another number than the form's table; both are given as printed.
    StatedNotTable = "stated_not_table", Info;
    /// A correction was made when the program said something else of the cell; it is not applied.
    CorrectionStale = "correction_stale", Warning;
    /// Corrections of one cell say different things; none is applied.
    CorrectionConflict = "correction_conflict", Warning;
}

impl Code {
    /// Whether nothing of the document was read for it.
    pub(crate) fn is_refusal(self) -> bool {
        self.severity() == Severity::Error && self != Self::DamagedPart
    }

    /// Whether the input could not be opened, was damaged or broke off: what a conversion by default ends with 1 for.
    pub(crate) const fn is_failure(self) -> bool {
        matches!(
            self,
            Self::Unreadable
                | Self::BrokenLink
                | Self::Empty
                | Self::Binary
                | Self::TooLarge
                | Self::TooSlow
                | Self::Damaged
                | Self::DamagedPart
                | Self::Encrypted
                | Self::Bomb
                | Self::Panic
                | Self::MojibakeLossy
                | Self::TextBreaksOff
        )
    }
}

/// One finding in one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was found.
    pub code: Code,
    /// The details, in English, with the form's own terms in Chinese.
    pub message: String,
    /// Where in the decoded text, when it has a place.
    pub span: Option<Span>,
    /// The cells concerned, as `table.row.column`.
    pub cells: Vec<String>,
    /// The id of the check that says so; its cells are those of the check.
    pub check: Option<String>,
}

impl Finding {
    /// A finding about the whole document.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), span: None, cells: Vec::new(), check: None }
    }

    /// The same finding with its place.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// The same finding with the check that says so.
    #[must_use]
    pub fn by(mut self, check: String) -> Self {
        self.check = Some(check);
        self
    }

    /// The same finding with the cells it concerns.
    #[must_use]
    pub fn about(mut self, cells: Vec<String>) -> Self {
        self.cells = cells;
        self
    }
}
