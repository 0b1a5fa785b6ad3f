//! The tables of all formats: their columns, what these mean in English and Chinese, and where a value comes from.
//!
//! Written down once: CSV, Parquet, Arrow, SQLite, Excel and Stata all take their columns from here. A new column of
//! every table, or of the reports, is one line.

use crate::finding::{Code, Severity};
use crate::grammar::{ANY_ROW, Form, GrammarSet, Table};
use crate::lang::Lang;
use crate::reading::{Cell, Status};
use crate::records::forms::english;
use crate::records::{Level, Report, Verdict, issuer};
use crate::statements::MEASURES;
use std::borrow::Cow;
use std::fmt::Write;

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// One row a cell.
    Cells,
    /// One row a document, with a column for each cell of all forms.
    Reports,
    /// One row an equation of a report.
    Checks,
    /// One row a finding.
    Diagnostics,
    /// One row a paragraph.
    Sections,
    /// One row a number that the prose states.
    Statements,
}

impl Name {
    /// All of them, in the order of this list.
    pub const ALL: [Self; 6] = [
        Self::Cells,
        Self::Reports,
        Self::Checks,
        Self::Diagnostics,
        Self::Sections,
        Self::Statements,
    ];

    /// The fixed name, which is that of the files.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Cells => "cells",
            Self::Reports => "reports",
            Self::Checks => "checks",
            Self::Diagnostics => "diagnostics",
            Self::Sections => "sections",
            Self::Statements => "statements",
        }
    }

    /// The table of this name.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.text() == text)
    }

    /// What a row of it is.
    pub const fn about(self) -> [&'static str; 2] {
        match self {
            Self::Cells => ["one row for each cell of each report", "每份年报的每个单元格一行"],
            Self::Reports => ["one row for each document", "每份文件一行"],
            Self::Checks => {
                ["one row for each equation of each report", "每份年报的每条勾稽关系一行"]
            }
            Self::Diagnostics => ["one row for each finding about a document", "每条发现一行"],
            Self::Sections => ["one row for each paragraph", "每个自然段一行"],
            Self::Statements => {
                ["one row for each number that the prose states", "正文陈述的每个数字一行"]
            }
        }
    }
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text that many rows share.
    Name,
    /// A text of its own in nearly every row.
    Text,
    /// A whole number.
    Integer,
    /// A number that may have a fraction; fifteen digits are as printed.
    Float,
}

/// A column as people are told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its fixed name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether a row may have nothing here.
    pub nullable: bool,
    /// What it means, in English and in Chinese.
    pub about: [String; 2],
    /// The unit, where there is one for the whole column.
    pub unit: Option<String>,
}

/// A value that a report has for all its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'r> {
    /// Nothing.
    Null,
    /// A text.
    Text(&'r str),
    /// A number.
    Integer(i64),
    /// The code of a place, six digits.
    Code(u32),
}

impl<'r> From<Option<&'r str>> for Value<'r> {
    fn from(text: Option<&'r str>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

/// What stands over a column where people look: its name, or in Chinese what it means, in few words.
pub fn heading<'c>(name: &'c str, [_, chinese]: &'c [String; 2], lang: Lang) -> Cow<'c, str> {
    match (lang, chinese.strip_prefix("状态：")) {
        (Lang::En, _) => Cow::Borrowed(name),
        (Lang::Zh, Some(of)) if name.ends_with("__status") => format!("{of} · 状态").into(),
        // a cell is its table, row and column: … › （一）予以公开 › 总计（件）
        (Lang::Zh, _) if name.contains("__") => Cow::Borrowed(chinese),
        (Lang::Zh, _) => chinese.split(['（', '；', '：', '，']).next().unwrap_or(name).into(),
    }
}

/// A column and where its values come from, as a report has them.
#[derive(Debug)]
pub struct Field {
    name: &'static str,
    kind: Kind,
    nullable: bool,
    about: [&'static str; 2],
    /// What a report has here.
    pub of: for<'r> fn(&'r Report<'_>) -> Value<'r>,
}

macro_rules! fields {
    ($($name:literal $kind:ident $null:literal $en:literal $zh:literal $of:expr;)+) => {
        &[$(Field { name: $name, kind: Kind::$kind, nullable: $null, about: [$en, $zh], of: $of },)+]
    };
}

/// The columns that every table begins with.
pub const WHO: &[Field] = fields! {
    "source" Name false "path of the document as given; inside an archive archive.zip!/dir/file" "文件路径；压缩包内为 包名!/路径"
        |r| Value::Text(&r.source.name);
    "sha256" Name false "SHA-256 of the document's bytes" "文件内容的 SHA-256 值"
        |r| Value::Text(&r.source.sha256);
    "issuer" Name true "the reporting body, as printed" "发布机构（原文）"
        |r| r.issuer.name.as_deref().into();
    "code" Name true "code of the place, GB/T 2260, six digits" "行政区划代码（GB/T 2260，六位）"
        |r| r.issuer.place.code.map_or(Value::Null, Value::Code);
    "province" Name true "province" "省级行政区"
        |r| r.issuer.place.province.into();
    "prefecture" Name true "prefecture" "地级行政区"
        |r| r.issuer.place.prefecture.into();
    "county" Name true "county" "县级行政区"
        |r| r.issuer.place.county.into();
    "level" Name true "level of the body: province, prefecture, county, township, department" "机构层级：省、市、县、乡镇街道、部门"
        |r| r.issuer.level.map(Level::name).into();
    "year" Integer true "the year reported on, not that of publication" "报告年度（不是发布年份）"
        |r| r.year.map_or(Value::Null, |year| Value::Integer(year.into()));
    "form" Name true "the form that read it; null when none was recognised" "年报格式；未识别则为空"
        |r| r.form.as_deref().map(|g| g.id.as_str()).into();
};

/// The columns of reports after these and before the cells.
pub const REPORT: &[Field] = fields! {
    "title" Text true "the title line, unwrapped" "标题"
        |r| r.title.as_deref().into();
    "kind" Name true "kind of body: government, office, department, township, subdistrict, development_zone, school, hospital, enterprise" "机构类别"
        |r| r.issuer.kind.map(issuer::Kind::name).into();
    "township" Name true "the township or subdistrict" "乡镇街道"
        |r| r.issuer.township.as_deref().into();
    "scope" Name true "body or region, where the text says which it reports on" "报告范围：本机关、本地区"
        |r| r.issuer.scope.map(issuer::Scope::name).into();
    "code_now" Name true "the code of today, where it is another" "现行行政区划代码（与当年不同时）"
        |r| r.issuer.place.code_now.map_or(Value::Null, Value::Code);
    "cells" Integer false "cells of the form" "格式中的单元格数"
        |r| count(r.cells().count());
    "read" Integer false "cells that the printed text says by itself" "直接读出的单元格数"
        |r| count(r.count(Status::Read));
    "solved" Integer false "cells whose only possible value the form's equations prove" "由勾稽关系唯一确定的单元格数"
        |r| count(r.count(Status::Solved));
    "blank" Integer false "empty cells, or marks for nothing" "空白单元格数"
        |r| count(r.count(Status::Blank));
    "ambiguous" Integer false "cells with several possible values; none is given" "有多种可能读法的单元格数"
        |r| count(r.count(Status::Ambiguous));
    "unreadable" Integer false "cells with something in them that is no exact number" "内容不是确切数字的单元格数"
        |r| count(r.count(Status::Unreadable));
    "missing" Integer false "cells of the form that the document does not have" "文件中没有的单元格数"
        |r| count(r.count(Status::Missing));
    "recognised" Integer false "cells read from a picture, likely and not proven" "由图像识别的单元格数"
        |r| count(r.count(Status::Recognised));
    "reviewed" Integer false "cells that a person decided" "经人工核定的单元格数"
        |r| count(r.count(Status::Reviewed));
    "unclaimed_lines" Integer false "lines in tables with text that no label explains" "表内未能解释的行数"
        |r| count(r.unclaimed_lines);
    "checks_failed" Integer false "equations of the form that do not hold in the source" "不成立的勾稽关系数"
        |r| count(r.checks.iter().filter(|c| c.verdict == Verdict::Fails).count());
    "reason" Name true "why no form was read, or not the whole: code of the finding" "未识别格式或未读全的原因（发现代码）"
        |r| reason(r).map(Code::name).into();
};

/// Why no form was read, or the document not as a whole.
fn reason(report: &Report<'_>) -> Option<Code> {
    let codes = || report.findings.iter().map(|finding| finding.code);
    let refused = codes().find(|code| code.severity() == Severity::Error);
    let said = |wanted: Code| codes().find(|code| *code == wanted && report.form.is_none());
    refused
        .or_else(|| said(Code::ReportElsewhere))
        .or_else(|| said(Code::TablesMissing))
        .or_else(|| said(Code::NoForm))
}

/// The column of reports before the cells.
pub const STATUSES: &Own = &[(
    "statuses",
    Kind::Name,
    true,
    "status of every cell in the order of the columns, with how many follow one another, as in 12r1b572-: r read, s solved, \
     b blank, a ambiguous, u unreadable, m missing, g recognised, v reviewed, - not in the form",
    "各单元格列的状态，依列序并附连续个数，如 12r1b572-：r 读出、s 推定、b 空白、a 有歧义、u 无法读作数字、m 缺失、g 图像识别、v 人工核定、- 格式中无此格",
)];

/// The letter of a status in the column `statuses`.
pub const fn letter(status: Status) -> u8 {
    match status {
        Status::Read => b'r',
        Status::Solved => b's',
        Status::Blank => b'b',
        Status::Ambiguous => b'a',
        Status::Unreadable => b'u',
        Status::Missing => b'm',
        Status::Recognised => b'g',
        Status::Reviewed => b'v',
    }
}

/// The letter of a cell that the form does not have.
pub const NO_CELL: u8 = b'-';

/// Letters, each with how many follow one another: `12r1b572-`.
pub fn runs(letters: &[u8]) -> String {
    let mut out = String::new();
    for run in letters.chunk_by(|a, b| a == b) {
        // writing into memory cannot fail
        let _ = write!(out, "{}{}", run.len(), char::from(run[0]));
    }
    out
}

/// The letters of [`runs`]; none where the text is none of its.
pub fn letters(runs: &str) -> Option<Vec<u8>> {
    const MOST: usize = 1 << 20;
    let (mut out, mut count) = (Vec::new(), 0_usize);
    for byte in runs.bytes() {
        if byte.is_ascii_digit() {
            count = (count * 10 + usize::from(byte - b'0')).min(MOST);
        } else {
            out.resize((out.len() + count).min(MOST), byte);
            count = 0;
        }
    }
    (count == 0).then_some(out)
}

/// Columns of one table only, without their values.
pub type Own = [(&'static str, Kind, bool, &'static str, &'static str)];

/// The columns of the table of cells.
pub const CELLS: &Own = &[
    ("table", Kind::Name, false, "key of the table in the form", "表"),
    ("row", Kind::Name, false, "key of the row", "行"),
    ("column", Kind::Name, false, "key of the column", "列"),
    (
        "row_label",
        Kind::Name,
        true,
        "the row's label in the form; null for a row that has none",
        "行标题（格式原文）；无标题的行为空",
    ),
    ("column_label", Kind::Name, false, "the column's header in the form", "列标题（格式原文）"),
    (
        "value",
        Kind::Float,
        true,
        "the value in the unit of the form; null unless read, solved, recognised or reviewed",
        "数值（格式规定的单位）；未读出则为空",
    ),
    (
        "value_exact",
        Kind::Name,
        true,
        "the same value as an exact decimal, in digits",
        "同一数值的精确十进制写法",
    ),
    ("unit", Kind::Name, true, "unit of the value; money is 万元", "单位；金额为万元"),
    (
        "status",
        Kind::Name,
        false,
        "read, solved, blank, ambiguous, unreadable, missing, recognised or reviewed",
        "状态：读出、推定、空白、有歧义、无法读作数字、缺失、图像识别、人工核定",
    ),
    ("raw", Kind::Name, true, "the text as printed", "原文"),
    (
        "candidates",
        Kind::Name,
        true,
        "values that remain possible for an ambiguous cell, separated by blanks",
        "有歧义时可能的数值（以空格分隔）",
    ),
    (
        "proof",
        Kind::Name,
        true,
        "ids of the checks that decide a solved cell, separated by blanks",
        "推定所依据的勾稽关系（以空格分隔）",
    ),
    ("line", Kind::Integer, true, "line of the decoded text, from 1", "行号（从 1 起）"),
    ("page", Kind::Integer, true, "page, in documents of pages, from 1", "页码（从 1 起）"),
    (
        "implied_zero",
        Kind::Integer,
        true,
        "1 for a blank that printed totals leave nothing but zero for; the value stays null",
        "空白单元格由合计数推知只能为零时为 1；数值仍为空",
    ),
];

const CHECKS: &Own = &[
    ("id", Kind::Name, false, "table.equation.row-or-column", "勾稽关系标识"),
    ("rule", Kind::Name, true, "the equation in the form's words", "勾稽关系（格式原文）"),
    ("status", Kind::Name, false, "holds, fails or open", "状态：成立、不成立、无法判断"),
    ("left", Kind::Float, true, "left side, when all its cells have values", "等式左边"),
    ("right", Kind::Float, true, "right side, when all its cells have values", "等式右边"),
    ("cells", Kind::Name, false, "the cells it needs, separated by blanks", "涉及的单元格"),
];

const DIAGNOSTICS: &Own = &[
    ("finding", Kind::Name, false, "code of the finding", "发现代码"),
    ("severity", Kind::Name, false, "error, warning or info", "严重程度：错误、警告、提示"),
    ("message", Kind::Text, false, "what was found", "英文说明"),
    ("line", Kind::Integer, true, "line of the decoded text, from 1", "行号（从 1 起）"),
    ("page", Kind::Integer, true, "page, in documents of pages, from 1", "页码（从 1 起）"),
    (
        "cells",
        Kind::Name,
        true,
        "the cells it is about, separated by blanks; empty where it is about none",
        "涉及的单元格；无则为空",
    ),
    ("check", Kind::Name, true, "id of the check that fails", "不成立的勾稽关系标识"),
    ("message_zh", Kind::Text, false, "what was found, in Chinese", "说明"),
];

const SECTIONS: &Own = &[
    (
        "section",
        Kind::Integer,
        false,
        "number of the section, from 1; 0 before the first",
        "部分序号（从 1 起；0 为首部分之前）",
    ),
    (
        "key",
        Kind::Name,
        false,
        "key of the section in the form; preamble before the first",
        "部分标识；首部分之前为 preamble",
    ),
    ("ordinal", Kind::Name, true, "its numeral, as printed", "部分编号（原文）"),
    ("heading", Kind::Name, true, "its heading, as printed", "部分标题（原文）"),
    (
        "paragraph",
        Kind::Integer,
        false,
        "number of the paragraph in the section, from 1; 0 for a section without any",
        "自然段序号（从 1 起；0 为无正文）",
    ),
    (
        "text",
        Kind::Text,
        true,
        "the paragraph, without the line breaks of the layout",
        "自然段正文",
    ),
];

const STATEMENTS: &Own = &[
    ("measure", Kind::Name, false, "what is counted", "指标"),
    (
        "value",
        Kind::Float,
        true,
        "the number in its printed unit; null where a finding says why it is not given",
        "数值（原文单位）；不给出则为空，原因见发现",
    ),
    (
        "value_exact",
        Kind::Name,
        true,
        "the same value as an exact decimal, in digits",
        "同一数值的精确十进制写法",
    ),
    ("unit", Kind::Name, true, "the measure word as printed", "单位（原文）"),
    (
        "exact",
        Kind::Integer,
        false,
        "1 when it is said exactly, 0 for 余, 近, 约 and 万",
        "确切为 1，约数为 0",
    ),
    ("words", Kind::Integer, false, "1 for a zero said in words", "以文字表示的零为 1"),
    ("scope", Kind::Name, true, "body or region, as the clause says", "陈述范围：本机关、本地区"),
    ("stated_year", Kind::Integer, true, "the year that the clause speaks of", "陈述的年度"),
    (
        "proof",
        Kind::Name,
        true,
        "breakdown when it and its stated parts add up, table when the form's table prints the same",
        "佐证：分项之和相符（breakdown），或与表格一致（table）",
    ),
    ("finding", Kind::Name, true, "why the value is not given", "不给出数值的原因"),
    ("text", Kind::Text, false, "the clause, as printed", "分句原文"),
    ("line", Kind::Integer, true, "line of the decoded text, from 1", "行号（从 1 起）"),
    ("page", Kind::Integer, true, "page, in documents of pages, from 1", "页码（从 1 起）"),
];

/// What the names of columns begin with that are no cells but what the prose states.
pub const STATED: &str = "stated__";

/// The columns of reports that are what prose states, one a measure.
pub fn stated() -> impl Iterator<Item = Column> {
    MEASURES.iter().map(|measure| {
        let [english, chinese] = measure.about;
        let unit = measure.is_money.then(|| "万元".to_owned());
        Column {
            name: format!("{STATED}{}", measure.key),
            kind: if measure.is_money { Kind::Float } else { Kind::Integer },
            nullable: true,
            about: [
                format!("{english}, as the prose states; null where it states none, several, or no exact one"),
                format!("{chinese}（正文陈述；无、不一致或非确切数时为空）"),
            ],
            unit,
        }
    })
}

/// The last columns of reports: they are known last.
pub const LINK: &Own = &[
    (
        "duplicate_of",
        Kind::Name,
        true,
        "source of the document before that this one repeats",
        "与之重复的前一文件",
    ),
    (
        "duplicate_by",
        Kind::Name,
        true,
        "what is the same: bytes, or report (issuer, year, form and every cell)",
        "重复之处：文件字节，或年报内容",
    ),
];

/// The values that remain possible for a cell, as a column has them.
pub(super) fn candidates(cell: &Cell) -> Option<String> {
    joined(cell.candidates().iter().map(ToString::to_string))
}

/// The checks that decide a cell of this table, as a column has them.
pub(super) fn proof(cell: &Cell, table: &Table) -> Option<String> {
    joined(cell.proof().iter().map(|check| check.id(table)))
}

fn joined(texts: impl Iterator<Item = String>) -> Option<String> {
    let texts: Vec<String> = texts.collect();
    (!texts.is_empty()).then(|| texts.join(" "))
}

fn count(count: usize) -> Value<'static> {
    Value::Integer(count as i64)
}

/// The column of a field.
fn of(field: &Field) -> Column {
    plain(field.name, field.kind, field.nullable, field.about)
}

/// The columns that every table begins with.
pub fn who() -> impl Iterator<Item = Column> {
    WHO.iter().map(of)
}

/// The columns of a table. Those of reports end with one for each cell of all forms, in order of first appearance.
pub fn columns(name: Name, grammars: &GrammarSet) -> Vec<Column> {
    let mut columns: Vec<Column> = who().collect();
    let own = match name {
        Name::Cells => CELLS,
        Name::Checks => CHECKS,
        Name::Diagnostics => DIAGNOSTICS,
        Name::Sections => SECTIONS,
        Name::Statements => STATEMENTS,
        Name::Reports => {
            columns.extend(REPORT.iter().map(of));
            columns.extend(own_columns(STATUSES));
            columns.extend(Wide::new(grammars).columns);
            columns.extend(stated());
            LINK
        }
    };
    columns.extend(own_columns(own));
    columns
}

fn own_columns(own: &Own) -> impl Iterator<Item = Column> {
    own.iter().map(|&(name, kind, null, en, zh)| plain(name, kind, null, [en, zh]))
}

fn plain(name: &str, kind: Kind, nullable: bool, about: [&str; 2]) -> Column {
    Column { name: name.to_owned(), kind, nullable, about: about.map(str::to_owned), unit: None }
}

/// The columns of reports that are cells.
#[derive(Debug)]
pub struct Wide {
    /// Every `table__row__column` of all forms, in order of first appearance; `__` for every dot.
    pub columns: Vec<Column>,
    /// For each grammar of the set, by id, where the cells of each of its tables go.
    places: Vec<(String, Vec<Vec<usize>>)>,
}

impl Wide {
    /// Lays them out over all forms of a run.
    pub fn new(grammars: &GrammarSet) -> Self {
        let mut columns: Vec<Column> = Vec::new();
        let mut places = Vec::new();
        let mut known = std::collections::HashMap::new();
        for grammar in grammars.all() {
            let mut own = Vec::new();
            for table in &grammar.tables {
                own.push(
                    cells(table)
                        // one for each that documents name is none
                        .filter(|(row, _)| table.rows[*row].key != ANY_ROW)
                        .map(|(row, column)| {
                            let name = wide_name(table, row, column);
                            let at = *known.entry(name).or_insert_with_key(|name| {
                                columns.push(wide_column(name, table, row, column));
                                columns.len() - 1
                            });
                            // another form may count what this one has in money
                            if table.is_money(&table.rows[row], column) {
                                columns[at].kind = Kind::Float;
                            }
                            at
                        })
                        .collect(),
                );
            }
            places.push((grammar.id.clone(), own));
        }
        Self { columns, places }
    }

    /// For each table of a form, where each of its cells goes; past the end where it has no column of its own: of tables
    /// whose rows the document names, only those that the form knows have.
    pub fn places(&self, form: &Form<'_>) -> Cow<'_, [Vec<usize>]> {
        if form.is_known() {
            let own = self.places.iter().find(|(id, _)| *id == form.id);
            return Cow::Borrowed(own.map_or(&[], |(_, places)| places));
        }
        let place = |name: String| self.columns.iter().position(|column| column.name == name);
        let one = |table: &Table| {
            let names = cells(table).map(|(row, column)| wide_name(table, row, column));
            names.map(|name| place(name).unwrap_or(usize::MAX)).collect()
        };
        Cow::Owned(form.tables.iter().map(one).collect())
    }

    /// The column `statuses` of a report; none where no form was recognised.
    pub fn statuses(&self, report: &Report<'_>) -> Option<String> {
        let places = self.places(report.form.as_ref()?);
        let mut letters = vec![NO_CELL; self.columns.len()];
        for record in &report.tables {
            for (cell, place) in record.cells.iter().zip(&places[record.table]) {
                // two versions of a table share columns, and a report has one of them
                if let Some(own) = letters.get_mut(*place).filter(|own| **own == NO_CELL) {
                    *own = letter(cell.status());
                }
            }
        }
        Some(runs(&letters))
    }
}

/// Row and column of each cell of a table, as indices, row by row.
pub fn cells(table: &Table) -> impl Iterator<Item = (usize, usize)> {
    let rows = table.rows.iter().enumerate();
    rows.flat_map(|(r, row)| row.columns.iter().map(move |&c| (r, c)))
}

/// The name of a cell as a column: no dot in it, which many programs take for something else.
fn wide_name(table: &Table, row: usize, column: usize) -> String {
    table.cell_name(row, column).replace('.', "__")
}

fn wide_column(name: &str, table: &Table, row: usize, column: usize) -> Column {
    let is_money = table.is_money(&table.rows[row], column);
    let unit = table.unit(&table.rows[row], column);
    let chinese = table.full_label(row, column);
    let (row, column) = (&table.rows[row], &table.columns[column]);
    let [table_words, row_words, column_words] =
        [&table.key, &row.key, &column.key].map(|k| english(k));
    let mut english = format!("{table_words}, {row_words}, {column_words}");
    if !unit.is_empty() {
        // writing into memory cannot fail
        let _ = write!(english, " ({})", english_unit(unit));
    }
    let unit = (!unit.is_empty()).then(|| unit.to_owned());
    Column {
        name: name.to_owned(),
        kind: if is_money { Kind::Float } else { Kind::Integer },
        nullable: true,
        about: [english, chinese],
        unit,
    }
}

fn english_unit(unit: &str) -> &str {
    match unit {
        "万元" => "10,000 yuan",
        "件" | "项" | "个" => "count",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_runs() {
        for text in ["", "r", "rrbb-", "-----------r"] {
            assert_eq!(letters(&runs(text.as_bytes())).as_deref(), Some(text.as_bytes()));
        }
        assert_eq!(runs(b"rrb---"), "2r1b3-");
        assert_eq!(letters("2r1"), None);
        assert_eq!(letters("99999999999999999999999r").map(|all| all.len()), Some(1 << 20));
        let all: std::collections::BTreeSet<u8> = Status::ALL.map(letter).into();
        assert_eq!(all.len(), Status::ALL.len());
    }
}
