//! The axes along which a document may be odd, and which documents are made: every oddity in every carrier, every pair
//! of oddities, and some threes.

use super::contents;
use super::random::Random;

/// Declares an axis: its values in order, the first one neutral, and their names.
macro_rules! axis {
    ($(#[$about:meta])* $name:ident { $($(#[$says:meta])* $value:ident => $print:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $name { $($(#[$says])* $value,)+ }
        impl $name {
            pub(crate) const ALL: &[Self] = &[$(Self::$value,)+];
            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$value => $print,)+ }
            }
        }
    };
}

axis! {
    /// What separates the cells, and what kind of file it is.
    Carrier {
        /// A row a line, single blanks.
        Blanks => "blanks",
        /// The same with several blanks between, aligned to nothing.
        Wide => "wide",
        /// As `pdftotext -layout` prints a page.
        Aligned => "aligned",
        Tabs => "tabs",
        /// `a | b | c |`
        Pipes => "pipes",
        /// `a |` and a line end after each cell.
        PipeCells => "pipe_cells",
        Markdown => "markdown",
        /// A cell a line.
        Cells => "cells",
        /// A cell a line, blank lines between.
        CellsSpaced => "cells_spaced",
        /// A row a line, nothing between its cells.
        Glued => "glued",
        /// A row a line, a blank here and there.
        HalfGlued => "half_glued",
        /// The whole report on one line.
        OnelineSpaced => "oneline_spaced",
        OnelineGlued => "oneline_glued",
        /// A page whose label cells span rows and columns.
        Html => "html",
        /// A page with one label column.
        HtmlFlat => "html_flat",
        Docx => "docx",
        Xlsx => "xlsx",
    }
}

impl Carrier {
    /// Borders show where a cell is, whether or not anything stands in it.
    pub(crate) fn grid(self) -> bool {
        matches!(self, Self::Html | Self::HtmlFlat | Self::Docx | Self::Xlsx | Self::Markdown)
    }

    /// Separators show it, but a reader may doubt the end of a row.
    pub(crate) fn delimited(self) -> bool {
        matches!(self, Self::Tabs | Self::Pipes | Self::PipeCells)
    }

    /// Digits of neighbours touch.
    pub(crate) fn glued(self) -> bool {
        matches!(self, Self::Glued | Self::HalfGlued | Self::OnelineGlued)
    }

    pub(crate) fn oneline(self) -> bool {
        matches!(self, Self::OnelineGlued | Self::OnelineSpaced)
    }

    /// The document is text or a text-like page that can be cut anywhere.
    pub(crate) fn text(self) -> bool {
        !matches!(self, Self::Docx | Self::Xlsx)
    }

    /// Nothing but text.
    pub(crate) fn plain(self) -> bool {
        self.text() && !matches!(self, Self::Html | Self::HtmlFlat | Self::Markdown)
    }
}

axis! {
    /// How large the numbers are.
    Size {
        Middle => "middle",
        Small => "small",
        Large => "large",
    }
}

axis! {
    /// Whether the tables add up.
    Sums {
        Hold => "hold",
        /// One row total is off by a few.
        RowTotalWrong => "row_total_wrong",
        /// One number of the row of totals is.
        ColumnTotalWrong => "column_total_wrong",
        /// No total is filled in.
        TotalsBlank => "totals_blank",
        /// The row of totals and the column of totals say 0.
        TotalsZero => "totals_zero",
        AllZero => "all_zero",
    }
}

axis! {
    /// Where the unit of money stands.
    Money {
        Official => "official",
        HeaderYuan => "header_yuan",
        CaptionYuan => "caption_yuan",
        LabelYuan => "label_yuan",
        CellYuan => "cell_yuan",
        CellWan => "cell_wan",
        HeaderThousand => "header_thousand",
        HeaderHundredMillion => "header_hundred_million",
        Unsaid => "unsaid",
        CaptionYuanHeaderWan => "caption_yuan_header_wan",
        CaptionMixed => "caption_mixed",
    }
}

axis! {
    /// Where the odd cell stands.
    Place {
        Single => "single",
        First => "first",
        Inner => "inner",
        Last => "last",
        ApplicationFirst => "application_first",
        ApplicationInner => "application_inner",
        ApplicationTotal => "application_total",
        OutcomeTotal => "outcome_total",
        ReviewFirst => "review_first",
        ReviewTotal => "review_total",
    }
}

axis! {
    /// Which cells have nothing in them.
    Blanks {
        None => "none",
        Some => "some_empty",
        Dash => "dash",
        LongDash => "long_dash",
        Slash => "slash",
        Word => "word",
        /// Marks of several kinds and empty cells.
        Mixed => "mixed",
        Rows => "rows_empty",
        First => "first_empty",
        Last => "last_empty",
        /// Empty cells at the end of a row are not printed.
        Trimmed => "trimmed",
        /// What is printed moved to the front of its row, the rest is padding.
        Squeezed => "squeezed",
    }
}

axis! {
    /// How row labels are printed.
    Labels {
        Official => "official",
        RowTypo => "row_typo",
        HeaderTypo => "header_typo",
        /// In several lines, the numbers on the first.
        WrapFirst => "wrap_first",
        WrapMiddle => "wrap_middle",
        WrapLast => "wrap_last",
        /// A page ends in the middle of labels.
        PageCut => "page_cut",
        Traditional => "traditional",
        /// `2、`, `2．`
        OtherOrdinal => "other_ordinal",
        /// `2. `
        SpacedOrdinal => "spaced_ordinal",
        NoOrdinal => "no_ordinal",
        /// Brackets are ASCII.
        AsciiBrackets => "ascii_brackets",
        /// `行 政 许 可`
        Spread => "spread",
        /// `其中：`, a star or a colon around the label.
        Decorated => "decorated",
        NoHeader => "no_header",
        NoArticle => "no_article",
    }
}

axis! {
    /// Which rows there are.
    Rows {
        All => "all",
        /// 地方性法规 before 规章.
        Foreign => "foreign",
        /// 合计 after rows.
        Sum => "sum",
        /// 其中 after rows.
        Among => "among",
        Unlabelled => "unlabelled",
        /// A foreign label where a row is missing.
        ForeignInstead => "foreign_instead",
        /// No label where a row is missing.
        UnlabelledInstead => "unlabelled_instead",
        Missing => "missing",
        DoubledSame => "doubled_same",
        DoubledOther => "doubled_other",
        /// Two rows changed places, label and numbers.
        Swapped => "swapped",
        /// A row of the other form.
        OtherForm => "other_form",
        /// Group labels carry numbers of their own: the sum of the group.
        GroupSums => "group_sums",
    }
}

axis! {
    /// Which columns there are.
    Columns {
        Official => "official",
        /// 小计 before 总计.
        Subtotal => "subtotal",
        /// 备注 at the end, mostly blank.
        Remarks => "remarks",
        /// 备注 with numbers in it.
        RemarksNumbers => "remarks_numbers",
        /// Last year's number beside each, with a header.
        LastYear => "last_year",
        /// The same without one.
        LastYearUnsaid => "last_year_unsaid",
        /// 序号 before the label.
        Serial => "serial",
        /// The columns of the second table in another order.
        Reordered => "reordered",
        /// The columns of the third in another order.
        ApplicantsReordered => "applicants_reordered",
        /// 总计 first.
        TotalFirst => "total_first",
        /// A column that is not in the form, in the middle.
        Foreign => "foreign_column",
        /// A column of the form is not there.
        Absent => "column_absent",
        /// 单位 after the label: 件.
        Unit => "unit_column",
    }
}

axis! {
    /// What else stands in the document.
    Layout {
        Plain => "plain",
        LastYearBefore => "last_year_before",
        LastYearBehind => "last_year_behind",
        TwoReports => "two_reports",
        NoteBelow => "note_below",
        NoteInside => "note_inside",
        /// A part of the table printed column by column.
        ByColumn => "by_column",
        /// Labels first, then the numbers row by row.
        Detached => "detached",
        SentenceBefore => "sentence_before",
        SentenceBehind => "sentence_behind",
        /// The text ends after the label of a row.
        EndsInLabel => "ends_in_label",
        /// The text ends after a cell.
        EndsInRow => "ends_in_row",
        /// Page numbers between rows.
        Furniture => "furniture",
        /// A bare number as page number.
        BareFurniture => "bare_furniture",
        HeaderRepeated => "header_repeated",
        /// Lines that were printed before are dropped.
        EqualLinesDropped => "equal_lines_dropped",
        /// 复议 and 诉讼 are counted in section one.
        ReviewsInProse => "reviews_in_prose",
        /// A list of row labels in a menu.
        Menu => "menu",
        /// The tables stand twice, the same.
        TablesTwice => "tables_twice",
        /// A table of another body behind.
        OtherBody => "other_body",
    }
}

/// The axes in the order of a [`Choice`].
pub(crate) const AXES: usize = 12;
pub(crate) const CARRIER: usize = 0;
pub(crate) const FORM: usize = 1;
pub(crate) const SIZE: usize = 2;
pub(crate) const SUMS: usize = 3;
pub(crate) const MONEY: usize = 4;
pub(crate) const PLACE: usize = 5;
pub(crate) const CELL: usize = 6;
pub(crate) const BLANKS: usize = 7;
pub(crate) const LABELS: usize = 8;
pub(crate) const ROWS: usize = 9;
pub(crate) const COLUMNS: usize = 10;
pub(crate) const LAYOUT: usize = 11;

const NAMES: [&str; AXES] = [
    "carrier", "form", "size", "sums", "money", "place", "cell", "blanks", "labels", "rows",
    "columns", "layout",
];

/// The index of a value on each axis; 0 is neutral everywhere but on the first two.
pub(crate) type Choice = [usize; AXES];

/// How many values an axis has.
pub(crate) fn count(axis: usize) -> usize {
    match axis {
        CARRIER => Carrier::ALL.len(),
        FORM => 2,
        SIZE => Size::ALL.len(),
        SUMS => Sums::ALL.len(),
        MONEY => Money::ALL.len(),
        PLACE => Place::ALL.len(),
        CELL => contents::all().len() + 1,
        BLANKS => Blanks::ALL.len(),
        LABELS => Labels::ALL.len(),
        ROWS => Rows::ALL.len(),
        COLUMNS => Columns::ALL.len(),
        _ => Layout::ALL.len(),
    }
}

/// `axis=value`.
pub(crate) fn name(axis: usize, value: usize) -> String {
    let value = match axis {
        CARRIER => Carrier::ALL[value].name(),
        FORM => ["2021", "2019"][value],
        SIZE => Size::ALL[value].name(),
        SUMS => Sums::ALL[value].name(),
        MONEY => Money::ALL[value].name(),
        PLACE => Place::ALL[value].name(),
        CELL if value == 0 => "plain",
        CELL => &contents::all()[value - 1].name,
        BLANKS => Blanks::ALL[value].name(),
        LABELS => Labels::ALL[value].name(),
        ROWS => Rows::ALL[value].name(),
        COLUMNS => Columns::ALL[value].name(),
        _ => Layout::ALL[value].name(),
    };
    format!("{}={value}", NAMES[axis])
}

/// What is odd about a document, in words.
pub(crate) fn describe(choice: &Choice) -> String {
    let mut words = vec![name(CARRIER, choice[CARRIER]), name(FORM, choice[FORM])];
    let odd = (SIZE..AXES).filter(|axis| choice[*axis] != 0);
    words.extend(odd.map(|axis| name(axis, choice[axis])));
    words.join(" ")
}

/// The oddities of a document: the axes from the third on that are not neutral. The place of an odd cell is none.
pub(crate) fn oddities(choice: &Choice) -> Vec<(usize, usize)> {
    (SIZE..AXES)
        .filter(|axis| *axis != PLACE && choice[*axis] != 0)
        .map(|axis| (axis, choice[axis]))
        .collect()
}

/// How much a run looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Every pair, but of eight contents that stand together in the list one, in a carrier that is drawn.
    Usual,
    /// Every pair, in a carrier that is drawn.
    Pairs,
    /// Every pair in each carrier, and many threes.
    All,
}

/// Every document of a run.
pub(crate) fn plan(extent: Extent) -> Vec<Choice> {
    let whole = extent == Extent::All;
    let mut random = Random::new(20_190_415);
    let mut all = Vec::new();
    for carrier in 0..count(CARRIER) {
        for form in 0..2 {
            all.push(with(&[(CARRIER, carrier), (FORM, form)]));
        }
        for axis in (SIZE..AXES).filter(|axis| *axis != PLACE) {
            for value in 1..count(axis) {
                for form in forms(&mut random, axis == CELL && !whole) {
                    let mut choice = with(&[(CARRIER, carrier), (FORM, form), (axis, value)]);
                    choice[PLACE] = random.below(count(PLACE));
                    all.push(choice);
                }
            }
        }
    }
    for first in SIZE..AXES {
        for second in first + 1..AXES {
            for one in 1..count(first) {
                for two in 1..count(second) {
                    let content =
                        [(first, one), (second, two)].into_iter().find(|one| one.0 == CELL);
                    let turn = one + two + first + second;
                    if extent == Extent::Usual && content.is_some() && turn % 8 != 0 {
                        continue;
                    }
                    pair(&mut random, &mut all, [(first, one), (second, two)], whole);
                }
            }
        }
    }
    for _ in 0..if whole { 200_000 } else { 1_000 } {
        all.push(three(&mut random));
    }
    all
}

/// Both forms, or one of them.
fn forms(random: &mut Random, one: bool) -> std::ops::Range<usize> {
    if !one {
        return 0..2;
    }
    let form = random.below(2);
    form..form + 1
}

fn pair(random: &mut Random, all: &mut Vec<Choice>, values: [(usize, usize); 2], whole: bool) {
    let cell = values.iter().any(|(axis, _)| *axis == CELL);
    let place = values.iter().any(|(axis, _)| *axis == PLACE);
    if place && !cell && !whole {
        // a place is odd only with an odd cell in it, and each cell meets each place
        return;
    }
    let carriers = if whole {
        0..count(CARRIER)
    } else {
        let carrier = random.below(count(CARRIER));
        carrier..carrier + 1
    };
    for carrier in carriers {
        let mut choice = with(&values);
        choice[CARRIER] = carrier;
        choice[FORM] = random.below(2);
        if !place {
            choice[PLACE] = random.below(count(PLACE));
        } else if !cell {
            choice[CELL] = 1 + random.below(count(CELL) - 1);
        }
        all.push(choice);
    }
}

/// Three or four oddities.
fn three(random: &mut Random) -> Choice {
    let mut choice = with(&[(CARRIER, random.below(count(CARRIER))), (FORM, random.below(2))]);
    choice[PLACE] = random.below(count(PLACE));
    let axes = [SIZE, SUMS, MONEY, CELL, BLANKS, LABELS, ROWS, COLUMNS, LAYOUT];
    let many = 3 + random.below(2);
    for axis in random.some(&axes, many) {
        choice[*axis] = 1 + random.below(count(*axis) - 1);
    }
    choice
}

fn with(values: &[(usize, usize)]) -> Choice {
    let mut choice = [0; AXES];
    for (axis, value) in values {
        choice[*axis] = *value;
    }
    choice
}
