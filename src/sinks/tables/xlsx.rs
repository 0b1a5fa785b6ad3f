//! Segments → one workbook: a sheet that explains the columns, then the tables.
//!
//! A sheet holds 1,048,576 rows; what is more goes on in the next. Rows are written as they come and never held in
//! memory. Texts are texts to Excel, whatever they begin with.

use super::super::schema::{Column, Name, heading};
use super::{Layout, Part, Scratch, text};
use crate::error::{Error, Result};
use crate::guard;
use crate::lang::Lang;
use crate::reading::Status;
use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{ArrayRef, RecordBatch};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::path::Path;

/// Rows of a sheet, the head among them.
pub(crate) const MOST_ROWS: u32 = 1_048_576;
/// Characters (UTF-16) of a cell.
const MOST_CHARS: usize = 32_767;
/// The tables; paragraphs are often longer than a cell may be.
const TABLES: [Name; 5] =
    [Name::Reports, Name::Cells, Name::Checks, Name::Diagnostics, Name::Statements];

/// Writes the workbook. The library panics when the disk is full under its rows, which is an error like any other.
pub(super) fn write(scratch: &Scratch<'_>, out: &Path, lang: Lang) -> Result<()> {
    guard::contain(|| workbook(scratch, out, lang)).unwrap_or_else(|panic| {
        let message = panic.downcast_ref::<String>().map_or("not written", String::as_str);
        Err(Error::refused(out, message))
    })
}

fn workbook(scratch: &Scratch<'_>, out: &Path, lang: Lang) -> Result<()> {
    let bad = |error: XlsxError| Error::columns(out, error);
    let mut workbook = Workbook::new();
    // the same reports are the same bytes, whenever they are written
    let date = ExcelDateTime::from_ymd(2000, 1, 1).map_err(bad)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&date));
    workbook.set_tempdir(out.parent().unwrap_or(Path::new("."))).map_err(bad)?;
    explain(workbook.add_worksheet(), scratch.layout, lang).map_err(bad)?;
    for name in TABLES {
        let (part, segments) = scratch.open(name)?;
        let mut sheet = Sheet { lang, ..Sheet::default() };
        sheet.begin(&mut workbook, part).map_err(bad)?;
        segments.each(1, |batch| {
            (0..batch.num_rows())
                .try_for_each(|row| sheet.row(&mut workbook, part, &batch, row))
                .map_err(bad)
        })?;
        sheet.end(&mut workbook, part).map_err(bad)?;
    }
    workbook.save(out).map_err(bad)
}

/// Columns with words of a closed list; the others hold what is printed, and names.
const SAID: [&str; 5] = ["status", "severity", "level", "kind", "scope"];

/// Where rows go.
#[derive(Default)]
struct Sheet {
    /// Which of the workbook's sheets, and which of this table's.
    at: usize,
    nth: usize,
    /// The next row.
    next: u32,
    /// For each status, how a cell of it looks.
    looks: Vec<(&'static str, Format)>,
    /// The column of the status, and those that are said in the language of the reader.
    status: Option<usize>,
    said: Vec<usize>,
    lang: Lang,
}

/// The paper behind a status, in the colours of the pages.
pub(crate) const fn paper(status: Status) -> Option<u32> {
    match status {
        Status::Read => None,
        Status::Solved => Some(0x00D7_ECFF),
        Status::Blank => Some(0x00F0_F0F0),
        Status::Ambiguous => Some(0x00FF_E3A3),
        Status::Unreadable => Some(0x00EA_D7F3),
        Status::Missing => Some(0x00F8_D9D6),
        Status::Recognised | Status::Reviewed => Some(0x00D7_F3DF),
    }
}

impl Sheet {
    fn begin(
        &mut self,
        workbook: &mut Workbook,
        part: &Part,
    ) -> std::result::Result<(), XlsxError> {
        let bold = Format::new().set_bold();
        self.nth += 1;
        self.at = workbook.worksheets().len();
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        let name = self.lang.say(part.name.text());
        sheet.set_name(if self.nth == 1 {
            name.into_owned()
        } else {
            format!("{name} {}", self.nth)
        })?;
        // what names a document stays in sight
        sheet.set_freeze_panes(1, 1)?;
        self.status = part.columns.iter().position(|column| column.name == "status");
        let is_said = |(_, column): &(usize, &Column)| SAID.contains(&column.name.as_str());
        self.said = part.columns.iter().enumerate().filter(is_said).map(|(at, _)| at).collect();
        let look = |status: Status| {
            Some((status.name(), Format::new().set_background_color(paper(status)?)))
        };
        self.looks = Status::ALL.into_iter().filter_map(look).collect();
        for (at, column) in part.columns.iter().enumerate() {
            sheet.set_column_width(at as u16, 14)?;
            let head = heading(&column.name, &column.about, self.lang);
            sheet.write_string_with_format(0, at as u16, &*head, &bold)?;
        }
        self.next = 1;
        Ok(())
    }

    fn row(
        &mut self,
        workbook: &mut Workbook,
        part: &Part,
        batch: &RecordBatch,
        row: usize,
    ) -> std::result::Result<(), XlsxError> {
        if self.next == MOST_ROWS {
            self.end(workbook, part)?;
            self.begin(workbook, part)?;
        }
        let sheet = workbook.worksheet_from_index(self.at)?;
        for (at, column) in batch.columns().iter().enumerate() {
            if column.is_null(row) {
                continue;
            }
            let said = text(column, row).filter(|_| self.status == Some(at));
            match said.and_then(|said| self.looks.iter().find(|(name, _)| *name == said)) {
                Some((name, look)) => {
                    let name = self.lang.say(name);
                    sheet.write_string_with_format(self.next, at as u16, name, look)?;
                }
                None if self.lang != Lang::En && self.said.contains(&at) => {
                    let said = self.lang.say(text(column, row).unwrap_or_default());
                    sheet.write_string(self.next, at as u16, fitting(&said))?;
                }
                None => cell(sheet, self.next, at as u16, column, row)?,
            }
        }
        self.next += 1;
        Ok(())
    }

    /// All rows are there: they can be filtered.
    fn end(&self, workbook: &mut Workbook, part: &Part) -> std::result::Result<(), XlsxError> {
        let sheet = workbook.worksheet_from_index(self.at)?;
        let last = part.columns.len().saturating_sub(1);
        sheet.autofilter(0, 0, self.next.saturating_sub(1), last as u16).map(drop)
    }
}

fn cell(
    sheet: &mut Worksheet,
    at: u32,
    column: u16,
    array: &ArrayRef,
    row: usize,
) -> std::result::Result<(), XlsxError> {
    if let Some(integers) = array.as_primitive_opt::<Int64Type>() {
        let value = integers.value(row);
        // Excel keeps fifteen digits of a number
        if value.unsigned_abs() >= 10u64.pow(15) {
            return sheet.write_string(at, column, value.to_string()).map(drop);
        }
        #[expect(clippy::cast_precision_loss, reason = "at most 15 digits")]
        return sheet.write_number(at, column, value as f64).map(drop);
    }
    if let Some(floats) = array.as_primitive_opt::<Float64Type>() {
        return sheet.write_number(at, column, floats.value(row)).map(drop);
    }
    let text = text(array, row).unwrap_or_default();
    sheet.write_string(at, column, fitting(text)).map(drop)
}

/// As much of a text as a cell holds, saying so where that is not all.
pub(crate) fn fitting(text: &str) -> std::borrow::Cow<'_, str> {
    const NOTE: &str = " … (cut: a cell of Excel holds 32,767 characters)";
    if text.len() <= MOST_CHARS || text.encode_utf16().count() <= MOST_CHARS {
        return text.into();
    }
    let mut room = MOST_CHARS - NOTE.chars().count();
    let end = text.char_indices().find(|(_, c)| match room.checked_sub(c.len_utf16()) {
        Some(left) => {
            room = left;
            false
        }
        None => true,
    });
    format!("{}{NOTE}", &text[..end.map_or(text.len(), |(at, _)| at)]).into()
}

/// The first sheet: every column of every table, in English and Chinese.
fn explain(
    sheet: &mut Worksheet,
    layout: &Layout,
    lang: Lang,
) -> std::result::Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    sheet.set_name(lang.say("columns"))?.set_freeze_panes(1, 0)?;
    for (at, (name, width)) in
        [("table 表", 12), ("column 列", 44), ("unit 单位", 10), ("meaning", 60), ("含义", 60)]
            .into_iter()
            .enumerate()
    {
        sheet.set_column_width(at as u16, width)?;
        sheet.write_string_with_format(0, at as u16, name, &bold)?;
    }
    let parts =
        TABLES.iter().filter_map(|name| layout.parts.iter().find(|part| part.name == *name));
    let columns =
        parts.flat_map(|part| part.columns.iter().map(move |column| (part.name.text(), column)));
    for (row, (table, column)) in columns.enumerate() {
        let [english, chinese] = &column.about;
        let unit = column.unit.as_deref().unwrap_or_default();
        for (at, text) in
            [&*lang.say(table), &column.name, unit, english, chinese].into_iter().enumerate()
        {
            sheet.write_string(row as u32 + 1, at as u16, text)?;
        }
    }
    Ok(())
}
