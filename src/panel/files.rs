//! The files of a panel beside its CSV tables: `panel.parquet`, `panel.xlsx`, `panel.dta`, and what their columns mean.

use super::Panel;
use super::table::Table;
use super::write::replace;
use crate::error::{Error, Result};
use crate::grammar::GrammarSet;
use crate::sinks::beside;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The formats of `panel`, by the name that `--format` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum Format {
    /// panel.csv, coverage.csv, coverage_shares.csv, panel_findings.csv and panel_codebook.csv, which are always written
    Csv,
    /// panel.parquet
    #[cfg(feature = "tables")]
    Parquet,
    /// panel.xlsx: panel, coverage and findings
    #[cfg(feature = "xlsx")]
    Xlsx,
    /// panel.dta, for Stata 14 and later
    Stata,
}

/// The page for a browser, and the folder of pages of documents beside it.
pub const PAGE: &str = "panel.html";
/// See [`PAGE`].
pub const PAGES: &str = "pages";

impl Format {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Csv,
        #[cfg(feature = "tables")]
        Self::Parquet,
        #[cfg(feature = "xlsx")]
        Self::Xlsx,
        Self::Stata,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            #[cfg(feature = "tables")]
            Self::Parquet => "parquet",
            #[cfg(feature = "xlsx")]
            Self::Xlsx => "xlsx",
            Self::Stata => "stata",
        }
    }

    /// The file that is written for it beside those that are always written.
    const fn file(self) -> Option<&'static str> {
        match self {
            Self::Csv => None,
            #[cfg(feature = "tables")]
            Self::Parquet => Some("panel.parquet"),
            #[cfg(feature = "xlsx")]
            Self::Xlsx => Some("panel.xlsx"),
            Self::Stata => Some("panel.dta"),
        }
    }

    /// The format of this name.
    #[cfg(feature = "internals")]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name() == name)
    }
}

impl Panel {
    /// Writes the panel in these formats into a folder, and what its columns mean; `grammars` are the forms of its reports.
    /// The CSV tables are those of [`Panel::write`]. Fails where a file cannot be written.
    pub fn write_as(&self, folder: &Path, formats: &[Format], grammars: &GrammarSet) -> Result<()> {
        let table = Table::new(self, grammars);
        let path = |name: &str| folder.join(name);
        replace(&path("panel_codebook.csv"), |out| self.codebook(&table, out))?;
        for format in formats {
            match format {
                Format::Csv => {}
                #[cfg(feature = "tables")]
                Format::Parquet => columns::write(&table, &path("panel.parquet"))?,
                #[cfg(feature = "xlsx")]
                Format::Xlsx => workbook::write(self, &table, &path("panel.xlsx"))?,
                Format::Stata => {
                    replace(&path("panel.dta"), |out| super::stata::write(&table, out))?;
                }
            }
        }
        Ok(())
    }

    /// Removes what an earlier panel made in this folder in other formats and as pages, so that nothing stale stands beside the
    /// new one, and says what.
    ///
    /// # Errors
    ///
    /// A file cannot be removed.
    pub fn forget(folder: &Path, formats: &[Format]) -> Result<Vec<String>> {
        let others = Format::ALL.iter().filter(|format| !formats.contains(format));
        let mut removed = Vec::new();
        for name in others.filter_map(|format| format.file()).chain([PAGE]) {
            let path = folder.join(name);
            match std::fs::remove_file(&path) {
                Ok(()) => removed.push(name.to_owned()),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(Error::io(path, error)),
            }
        }
        let is_page = |path: &PathBuf| {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let is_number = stem.bytes().all(|byte| byte.is_ascii_digit());
            is_number && path.extension().is_some_and(|end| end == "html")
        };
        let pages = folder.join(PAGES);
        let entries = std::fs::read_dir(&pages).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()).filter(is_page) {
            std::fs::remove_file(&path).map_err(|error| Error::io(&path, error))?;
        }
        // what somebody else put there stays, and its folder
        if std::fs::remove_dir(&pages).is_ok() {
            removed.push(PAGES.to_owned());
        }
        Ok(removed)
    }

    /// A line for each column: its name, also as Stata has it, type, unit and meaning.
    fn codebook(&self, table: &Table<'_>, out: &mut impl Write) -> std::io::Result<()> {
        if self.csv_bom {
            out.write_all("\u{FEFF}".as_bytes())?;
        }
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(["column", "stata", "type", "unit", "description", "description_zh"])?;
        let names = super::stata::names(table.columns.iter().map(|column| column.name.as_str()));
        for (column, stata) in table.columns.iter().zip(&names) {
            let unit = column.unit.as_deref().unwrap_or_default();
            let [english, chinese] = &column.about;
            csv.write_record([&column.name, stata, beside::kind(column), unit, english, chinese])?;
        }
        csv.flush()
    }
}

/// Parquet.
#[cfg(feature = "tables")]
mod columns {
    use super::super::table::{Datum, Table};
    use super::{Error, Path, PathBuf, Result};
    use crate::sinks::schema::{Column, Kind};
    use crate::sinks::tables::field;
    use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
    use arrow_schema::Schema;
    use parquet::arrow::ArrowWriter;
    use parquet::basic::{Compression, ZstdLevel};
    use parquet::file::properties::WriterProperties;
    use rayon::prelude::*;
    use std::fs::{self, File};
    use std::io::BufWriter;
    use std::sync::Arc;

    /// Rows that are held at once, and of a row group.
    const ROWS: usize = 4096;

    pub(super) fn write(table: &Table<'_>, path: &Path) -> Result<()> {
        let part = PathBuf::from(format!("{}.part", path.display()));
        let fields: Vec<_> = table.columns.iter().map(|column| field(column, false)).collect();
        let schema = Arc::new(Schema::new(fields));
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(ROWS))
            .build();
        let file = BufWriter::new(File::create(&part).map_err(|e| Error::io(&part, e))?);
        let mut writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties))
            .map_err(|e| Error::columns(path, e))?;
        for from in (0..table.len()).step_by(ROWS) {
            let rows: Vec<Vec<Datum<'_>>> = (from..table.len().min(from + ROWS))
                .into_par_iter()
                .map(|row| table.row(row))
                .collect();
            let arrays: Vec<ArrayRef> = table
                .columns
                .par_iter()
                .enumerate()
                .map(|(at, column)| array(column, rows.iter().map(|row| &row[at])))
                .collect();
            let batch = RecordBatch::try_new(Arc::clone(&schema), arrays)
                .map_err(|e| Error::columns(path, e))?;
            writer.write(&batch).map_err(|e| Error::columns(path, e))?;
        }
        writer.close().map_err(|e| Error::columns(path, e))?;
        fs::rename(&part, path).map_err(|e| Error::io(path, e))
    }

    fn array<'r, 'p: 'r>(column: &Column, data: impl Iterator<Item = &'r Datum<'p>>) -> ArrayRef {
        match column.kind {
            Kind::Integer => {
                let values = data.map(|datum| match datum {
                    Datum::Integer(value) => Some(*value),
                    _ => None,
                });
                Arc::new(values.collect::<Int64Array>())
            }
            Kind::Float => {
                let values = data.map(|datum| match datum {
                    Datum::Float(value) => Some(*value),
                    _ => None,
                });
                Arc::new(values.collect::<Float64Array>())
            }
            Kind::Name | Kind::Text => {
                let values = data.map(|datum| match datum {
                    Datum::Text(text) => Some(text.as_ref()),
                    Datum::Status(status) => Some(status.name()),
                    _ => None,
                });
                Arc::new(values.collect::<StringArray>())
            }
        }
    }
}

/// Excel.
#[cfg(feature = "xlsx")]
mod workbook {
    use super::super::table::{Datum, Table};
    use super::{Error, Panel, Path, PathBuf, Result};
    use crate::guard;
    use crate::lang::Lang;
    use crate::reading::Status;
    use crate::sinks::schema::heading;
    use crate::sinks::tables::xlsx::{MOST_ROWS, paper};
    use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
    use std::borrow::Cow;
    use std::fs;

    type Written = std::result::Result<(), XlsxError>;

    pub(super) fn write(panel: &Panel, table: &Table<'_>, path: &Path) -> Result<()> {
        let part = PathBuf::from(format!("{}.part", path.display()));
        // the library panics when the disk is full under its rows
        guard::contain(|| workbook(panel, table, &part).map_err(|e| Error::columns(path, e)))
            .unwrap_or_else(|_| Err(Error::columns(path, "not written")))?;
        fs::rename(&part, path).map_err(|e| Error::io(path, e))
    }

    fn workbook(panel: &Panel, table: &Table<'_>, part: &Path) -> Written {
        let mut workbook = Workbook::new();
        let date = ExcelDateTime::from_ymd(2000, 1, 1)?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&date));
        workbook.set_tempdir(part.parent().unwrap_or(Path::new(".")))?;
        let colours: Vec<Option<Format>> = Status::ALL
            .map(|status| paper(status).map(|paper| Format::new().set_background_color(paper)))
            .into();
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        let lang = panel.lang;
        sheet.set_name(lang.say("panel"))?;
        let heads = table.columns.iter().map(|c| heading(&c.name, &c.about, lang));
        head(sheet, heads)?;
        let rows = table.len().min(MOST_ROWS as usize - 1);
        for row in 0..rows {
            let data = table.row(row);
            for (at, datum) in data.iter().enumerate() {
                let status = match (table.status_of[at].map(|status| &data[status]), datum) {
                    (Some(Datum::Status(status)), _) | (_, Datum::Status(status)) => Some(*status),
                    _ => None,
                };
                let look = status.and_then(|status| colours[status.place()].as_ref());
                cell(sheet, row as u32 + 1, at as u16, datum, look)?;
            }
        }
        end(sheet, rows, table.columns.len())?;
        for (name, write) in [
            (
                "coverage",
                Panel::coverage_rows as fn(&Panel, &mut dyn std::io::Write) -> std::io::Result<()>,
            ),
            ("shares", Panel::share_rows),
            ("findings", Panel::finding_rows),
        ] {
            let mut bytes = Vec::new();
            // writing into memory cannot fail
            let _ = write(panel, &mut bytes);
            let mut csv = csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[..]);
            let sheet = workbook.add_worksheet_with_constant_memory()?;
            sheet.set_name(lang.say(name))?;
            let (mut rows, mut columns) = (0, 0);
            for record in csv.records().flatten().take(MOST_ROWS as usize) {
                columns = record.len();
                if rows == 0 {
                    let heads: Vec<_> = record.iter().map(|name| said(lang, name)).collect();
                    head(sheet, heads.iter().map(AsRef::as_ref))?;
                }
                for (at, field) in
                    record.iter().enumerate().filter(|(_, field)| rows > 0 && !field.is_empty())
                {
                    // codes are texts, what counts and values are numbers
                    match field.parse::<f64>() {
                        Ok(number) if field.len() < 16 && !(field.len() == 6 && at < 4) => {
                            sheet.write_number(rows, at as u16, number)?;
                        }
                        _ => drop(sheet.write_string(rows, at as u16, lang.say(field))?),
                    }
                }
                rows += 1;
            }
            end(sheet, rows.saturating_sub(1) as usize, columns)?;
        }
        let bold = Format::new().set_bold();
        let sheet = workbook.add_worksheet();
        sheet.set_name(lang.say("columns"))?.set_freeze_panes(1, 0)?;
        for (at, (name, width)) in
            [("column 列", 52), ("unit 单位", 10), ("meaning", 60), ("含义", 60)]
                .into_iter()
                .enumerate()
        {
            sheet.set_column_width(at as u16, width)?;
            sheet.write_string_with_format(0, at as u16, name, &bold)?;
        }
        for (row, column) in table.columns.iter().enumerate() {
            let [english, chinese] = &column.about;
            let unit = column.unit.as_deref().unwrap_or_default();
            for (at, text) in [column.name.as_str(), unit, english, chinese].into_iter().enumerate()
            {
                sheet.write_string(row as u32 + 1, at as u16, text)?;
            }
        }
        workbook.save(part)
    }

    /// What stands over a column of the tables beside the panel.
    fn said(lang: Lang, name: &str) -> Cow<'_, str> {
        // `name` of a column is another word than `name` alone
        let said = lang.say(&format!("column {name}")).into_owned();
        if said.starts_with("column ") { name.into() } else { said.into() }
    }

    /// The names of the columns, which stay in sight with the first column.
    fn head(sheet: &mut Worksheet, names: impl Iterator<Item = impl AsRef<str>>) -> Written {
        let bold = Format::new().set_bold();
        sheet.set_freeze_panes(1, 1)?;
        for (at, name) in names.enumerate() {
            sheet.set_column_width(at as u16, 14)?;
            sheet.write_string_with_format(0, at as u16, name.as_ref(), &bold)?;
        }
        Ok(())
    }

    /// All rows are there: they can be filtered.
    fn end(sheet: &mut Worksheet, rows: usize, columns: usize) -> Written {
        sheet.autofilter(0, 0, rows as u32, columns.saturating_sub(1) as u16).map(drop)
    }

    fn cell(
        sheet: &mut Worksheet,
        row: u32,
        at: u16,
        datum: &Datum<'_>,
        look: Option<&Format>,
    ) -> Written {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a cell of Excel is a double; counts are below 2^53"
        )]
        let number = match datum {
            Datum::Integer(value) => Some(*value as f64),
            Datum::Float(value) => Some(*value),
            _ => None,
        };
        let text = match datum {
            Datum::Text(text) => Some(crate::sinks::tables::xlsx::fitting(text)),
            Datum::Status(status) => Some(status.name().into()),
            _ => None,
        };
        match (number, text, look) {
            (Some(number), _, Some(look)) => sheet.write_number_with_format(row, at, number, look),
            (Some(number), ..) => sheet.write_number(row, at, number),
            (_, Some(text), Some(look)) => sheet.write_string_with_format(row, at, text, look),
            (_, Some(text), _) => sheet.write_string(row, at, text),
            (None, None, Some(look)) => sheet.write_blank(row, at, look),
            (None, None, None) => return Ok(()),
        }
        .map(drop)
    }
}
