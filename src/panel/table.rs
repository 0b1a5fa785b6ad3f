//! A panel as columns of one type each, beside each cell its status.

use super::{Panel, State, beside};
use crate::grammar::GrammarSet;
use crate::reading::Status;
use crate::sinks::schema::{self, Column, Kind, NO_CELL, Name};
use rayon::prelude::*;
use std::borrow::Cow;

/// What the name of a column of statuses ends with.
pub(super) const STATUS: &str = "__status";

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Datum<'p> {
    Null,
    Text(Cow<'p, str>),
    Integer(i64),
    Float(f64),
    /// The status of a cell.
    Status(Status),
}

/// Where the values of a column come from.
#[derive(Clone, Copy, Debug)]
enum From {
    /// One of [`OWN`].
    Own(usize),
    /// A column of the wide table.
    Wide(usize),
    /// The status of a cell.
    Status(usize),
}

/// The panel's own columns, before those of the report: name, kind, whether it may be empty, and what it means.
pub(super) const OWN: [(&str, Kind, bool, &str, &str); 9] = [
    (
        "body",
        Kind::Integer,
        false,
        "number of the body in this panel, from 1",
        "本面板中的机构序号",
    ),
    ("body_code_now", Kind::Name, true, "code of its place today", "现行行政区划代码"),
    (
        "state",
        Kind::Name,
        false,
        "present, failing, partial, scanned, unsupported, no_tables or failed",
        "状态：完整、勾稽不符、不完整、扫描件、格式不支持、无表格、未能读取",
    ),
    ("duplicates", Kind::Integer, false, "other documents for the same year", "同年度的其他文件数"),
    (
        "chosen",
        Kind::Name,
        false,
        "why this document: only, or most complete",
        "选取理由：唯一、最完整",
    ),
    ("body_year", Kind::Integer, false, "the year of the row", "年度"),
    (
        "told_by",
        Kind::Name,
        false,
        "what says place and year: document, or path where that does not",
        "地区与年度的依据：文件内容（document）或路径（path）",
    ),
    (
        "body_name",
        Kind::Name,
        false,
        "name of the body in its last report, or of its place where no document says it",
        "机构名称（取最近年度；文件未载明的取地名）",
    ),
    (
        "beside",
        Kind::Text,
        true,
        "documents of other kinds of report for the same year, whose cells stand in the same row",
        "同年度其他类别报告的文件，其数据列在同一行",
    ),
];

/// The columns of a panel.
pub(super) struct Table<'p> {
    panel: &'p Panel,
    pub(super) columns: Vec<Column>,
    from: Vec<From>,
    /// Body and entry of each row.
    rows: Vec<(usize, usize)>,
    /// For each column of the table that is a cell, the place of its status among the columns; for colours.
    #[cfg_attr(
        not(feature = "xlsx"),
        expect(dead_code, reason = "the workbook alone has colours")
    )]
    pub(super) status_of: Vec<Option<usize>>,
}

impl Panel {
    /// The cells of forms that some document of the panel has; all of them where the statuses are not known.
    pub(super) fn cells_in_use(&self) -> (Vec<usize>, bool) {
        let none = || vec![false; self.wide.cells];
        let rows: Vec<usize> = self
            .bodies
            .iter()
            .flat_map(|body| &body.entries)
            .flat_map(|entry| std::iter::once(entry.row).chain(entry.beside.iter().copied()))
            .collect();
        let used = rows
            .par_iter()
            .fold(none, |mut used, row| {
                let letters = self.wide.statuses(*row);
                used.iter_mut().zip(letters).for_each(|(used, letter)| *used |= letter != NO_CELL);
                used
            })
            .reduce(none, |mut a, b| {
                a.iter_mut().zip(b).for_each(|(a, b)| *a |= b);
                a
            });
        let is_known = used.contains(&true);
        ((0..self.wide.cells).filter(|cell| used[*cell] || !is_known).collect(), is_known)
    }
}

impl<'p> Table<'p> {
    /// Lays out a panel; what its columns mean is taken from the forms of these grammars.
    pub(super) fn new(panel: &'p Panel, grammars: &GrammarSet) -> Self {
        let wide = &panel.wide;
        let known = schema::columns(Name::Reports, grammars);
        let column = |name: &str| {
            let known = known.iter().find(|column| column.name == name).cloned();
            // a column of a form that is not at hand
            let kind = if name.contains("__") { Kind::Float } else { Kind::Name };
            let column = known.unwrap_or_else(|| plain(name, kind, true, ["", ""]));
            // a table of reports of another hand may have gaps
            Column { nullable: true, ..column }
        };
        let mut columns = Vec::new();
        let mut from = Vec::new();
        for (at, (name, kind, nullable, english, chinese)) in OWN.into_iter().enumerate() {
            columns.push(plain(name, kind, nullable, [english, chinese]));
            from.push(From::Own(at));
        }
        let (cells, has_statuses) = panel.cells_in_use();
        let end = wide.first_cell + wide.cells;
        for at in (0..wide.first_cell).filter(|at| wide.names[*at] != schema::STATUSES[0].0) {
            columns.push(column(&wide.names[at]));
            from.push(From::Wide(at));
        }
        let mut status_of = vec![None; columns.len()];
        for cell in cells {
            let own = column(&wide.names[wide.first_cell + cell]);
            status_of.push(has_statuses.then(|| columns.len() + 1));
            from.push(From::Wide(wide.first_cell + cell));
            let status = has_statuses.then(|| {
                let [english, chinese] = &own.about;
                let about = [format!("status of: {english}"), format!("状态：{chinese}")];
                let name = format!("{}{STATUS}", own.name);
                Column { name, kind: Kind::Name, nullable: true, about, unit: None }
            });
            columns.push(own);
            if let Some(status) = status {
                columns.push(status);
                from.push(From::Status(cell));
                status_of.push(None);
            }
        }
        for at in end..wide.names.len() {
            columns.push(column(&wide.names[at]));
            from.push(From::Wide(at));
            status_of.push(None);
        }
        let entries = |(at, body): (usize, &super::Body)| {
            (0..body.entries.len()).map(move |entry| (at, entry)).collect::<Vec<_>>()
        };
        let rows = panel.bodies.iter().enumerate().flat_map(entries).collect();
        Self { panel, columns, from, rows, status_of }
    }

    /// How many rows it has.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// A row.
    pub(super) fn row(&self, row: usize) -> Vec<Datum<'p>> {
        let (at, entry) = self.rows[row];
        let body = &self.panel.bodies[at];
        let entry = &body.entries[entry];
        let (fields, letters) = beside::fields(&self.panel.wide, entry);
        let text = |text: &'static str| Datum::Text(Cow::Borrowed(text));
        self.from
            .iter()
            .zip(&self.columns)
            .map(|(from, column)| match *from {
                From::Own(0) => Datum::Integer(at as i64 + 1),
                From::Own(1) => body
                    .code_now
                    .map_or(Datum::Null, |code| Datum::Text(Cow::Owned(format!("{code:06}")))),
                From::Own(2) => text(State::name(entry.state)),
                From::Own(3) => Datum::Integer(entry.duplicates() as i64),
                From::Own(4) => text(entry.chosen()),
                From::Own(5) => Datum::Integer(entry.year.into()),
                From::Own(6) => text(entry.told_by()),
                From::Own(7) => Datum::Text(Cow::Borrowed(&body.name)),
                From::Own(_) => match beside::sources(&self.panel.wide, entry) {
                    none if none.is_empty() => Datum::Null,
                    sources => Datum::Text(Cow::Owned(sources)),
                },
                From::Wide(at) => datum(column.kind, fields.get(at).cloned().unwrap_or_default()),
                From::Status(cell) => status(letters[cell]).map_or(Datum::Null, Datum::Status),
            })
            .collect()
    }
}

/// The status that a letter stands for.
pub(super) fn status(letter: u8) -> Option<Status> {
    Status::ALL.into_iter().find(|status| schema::letter(*status) == letter)
}

/// A field of the wide table as a value.
fn datum(kind: Kind, field: Cow<'_, str>) -> Datum<'_> {
    if field.is_empty() {
        return Datum::Null;
    }
    match kind {
        Kind::Integer => field.parse().map_or(Datum::Null, Datum::Integer),
        Kind::Float => field.parse().map_or(Datum::Null, Datum::Float),
        Kind::Name | Kind::Text => Datum::Text(plain_text(field)),
    }
}

/// A text without the apostrophe that keeps spreadsheets from running it in CSV.
fn plain_text(field: Cow<'_, str>) -> Cow<'_, str> {
    match field.strip_prefix('\'') {
        Some(rest) if rest.trim_start().starts_with(['=', '+', '-', '@']) => {
            Cow::Owned(rest.to_owned())
        }
        _ => field,
    }
}

fn plain(name: &str, kind: Kind, nullable: bool, about: [&str; 2]) -> Column {
    Column { name: name.to_owned(), kind, nullable, about: about.map(str::to_owned), unit: None }
}
