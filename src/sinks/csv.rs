//! `cells.csv` (one row a cell), `reports.csv` (one row a report), `checks.csv`, `diagnostics.csv`, `statements.csv`.
//!
//! UTF-8, RFC 4180. A text that begins with `=`, `+`, `-` or `@` gets an apostrophe before it, so that a spreadsheet
//! shows it and does not run it. Many readers take the type of a column from its first rows and stop where it does not
//! hold, so a column holds one: a number that may have a fraction always has a point, and a printed text that is a number
//! gets an apostrophe too, for further down it may be 见附件.

use super::schema::{self, Field, Kind, Name, REPORT, Value, WHO, Wide};
use super::{Collect, Sink};
use crate::checks;
use crate::finding::Code;
use crate::grammar::{Form, GrammarSet};
use crate::lang::Lang;
use crate::number::Decimal;
use crate::reading::Status;
use crate::records::{Duplicate, Report};
use crate::statements::{Proof, Scope};
use csv::{QuoteStyle, Terminator, WriterBuilder};
use std::borrow::Cow;

/// The tables it writes.
pub(super) const TABLES: [Name; 5] =
    [Name::Cells, Name::Reports, Name::Checks, Name::Diagnostics, Name::Statements];

/// The sink.
#[derive(Debug)]
pub struct Csv {
    /// The head of each file.
    heads: Vec<Vec<u8>>,
    wide: Wide,
}

impl Csv {
    /// Lays out the tables over all forms of the run; `bom` is for Excel, which takes a file without one for GBK.
    pub fn new(grammars: &GrammarSet, bom: bool) -> Self {
        let head = |name: Name| {
            let mut out = if bom { "\u{FEFF}".as_bytes().to_vec() } else { Vec::new() };
            let columns = schema::columns(name, grammars);
            row(&mut writer(&mut out), columns.iter().map(|column| column.name.as_str()));
            out
        };
        Self { heads: TABLES.map(head).to_vec(), wide: Wide::new(grammars) }
    }
}

impl Sink for Csv {
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let name = |name: Name| format!("{}.csv", name.text());
        TABLES.into_iter().map(name).zip(self.heads.iter().cloned()).collect()
    }

    fn file_count(&self) -> usize {
        TABLES.len()
    }

    fn link(&self, file: usize, record: &mut Vec<u8>, first: &Duplicate) {
        if TABLES[file] == Name::Reports && record.ends_with(NO_DUPLICATE) {
            record.truncate(record.len() - NO_DUPLICATE.len() + 1);
            row(&mut writer(record), [&*text(&first.of), first.same.name()].into_iter());
        }
    }

    fn group(&self) -> Box<dyn Collect + '_> {
        Box::new(self)
    }
}

impl Collect for &Csv {
    fn write(&mut self, report: &Report<'_>, out: &mut [Vec<u8>]) {
        let who: Vec<String> = WHO.iter().map(|field| field_text(field, report)).collect();
        let [cells_file, reports_file, checks_file, findings_file, statements_file] = out else {
            return;
        };
        let mut wide = vec![String::new(); self.wide.columns.len()];
        if let Some(grammar) = &report.form {
            self.cells(&mut writer(cells_file), &who, report, grammar, &mut wide);
            checks(&mut writer(checks_file), &who, report, grammar);
        }
        let stated = schema::stated().enumerate().map(|(measure, column)| {
            let value = report.stated(measure);
            match column.kind {
                Kind::Integer => number(value.and_then(Decimal::integer)),
                _ => float(value),
            }
        });
        wide.extend(stated);
        let mut own: Vec<String> = REPORT.iter().map(|field| field_text(field, report)).collect();
        own.push(self.wide.statuses(report).unwrap_or_default());
        row(
            &mut writer(reports_file),
            texts(&who).chain(own.iter().chain(&wide).map(String::as_str)).chain(["", ""]),
        );
        findings(&mut writer(findings_file), &who, report);
        if !report.statements.is_empty() {
            statements(&mut writer(statements_file), &who, report);
        }
    }
}

impl Csv {
    /// The cells of a report, and what of them stands in the wide table.
    fn cells(
        &self,
        file: &mut csv::Writer<&mut Vec<u8>>,
        who: &[String],
        report: &Report<'_>,
        grammar: &Form<'_>,
        wide: &mut [String],
    ) {
        let places = self.wide.places(grammar);
        for record in &report.tables {
            let table = &grammar.tables[record.table];
            let zeros = checks::zeros(grammar, record);
            let mut cells = record.cells.iter().zip(&zeros);
            let mut places = places[record.table].iter();
            for form_row in &table.rows {
                for (c, (cell, zero)) in form_row.columns.iter().zip(&mut cells) {
                    let column = &table.columns[*c];
                    let value = float(cell.value());
                    let there = cell.status() != Status::Missing;
                    let raw = printed(if there { cell.span().of(&report.text) } else { "" });
                    let at = there.then(|| report.at(cell.span()));
                    let line = number(at.and_then(|at| at.line));
                    let page = number(at.and_then(|at| at.page).map(|place| place.page));
                    let candidates = schema::candidates(cell).unwrap_or_default();
                    let proof = schema::proof(cell, table).unwrap_or_default();
                    let rest: [&str; schema::CELLS.len()] = [
                        &table.key,
                        &form_row.key,
                        &column.key,
                        &form_row.labels[0],
                        &column.labels[0],
                        &value,
                        &value,
                        table.unit(form_row, *c),
                        cell.status().name(),
                        &raw,
                        &printed(&candidates),
                        &proof,
                        &line,
                        &page,
                        if *zero { "1" } else { "" },
                    ];
                    row(file, texts(who).chain(rest));
                    if let Some(at) = places.next() {
                        let Some(slot) = wide.get_mut(*at) else { continue };
                        *slot = match self.wide.columns[*at].kind {
                            Kind::Integer => number(cell.value().and_then(Decimal::integer)),
                            _ => value,
                        };
                    }
                }
            }
        }
    }
}

fn texts(fields: &[String]) -> impl Iterator<Item = &str> {
    fields.iter().map(String::as_str)
}

/// What the form's sums say.
fn checks(
    file: &mut csv::Writer<&mut Vec<u8>>,
    who: &[String],
    report: &Report<'_>,
    grammar: &Form<'_>,
) {
    for check in &report.checks {
        let rule = &grammar.tables[check.table].equations[check.equation].rule;
        let rest = [
            &check.id(grammar),
            rule,
            check.verdict.name(),
            &float(check.left),
            &float(check.right),
            &check.cells(grammar).join(" "),
        ];
        row(file, texts(who).chain(rest));
    }
}

/// What was found.
fn findings(file: &mut csv::Writer<&mut Vec<u8>>, who: &[String], report: &Report<'_>) {
    for finding in &report.findings {
        let page = finding.span.and_then(|span| report.page(span));
        let line = finding.span.filter(|_| page.is_none()).map(|span| report.line(span));
        let chinese = Lang::Zh.say(&finding.message);
        let rest = [
            finding.code.name(),
            finding.code.severity().name(),
            &text(&finding.message),
            &number(line),
            &number(page),
            &finding.cells.join(" "),
            finding.check.as_deref().unwrap_or_default(),
            &text(&chinese),
        ];
        row(file, texts(who).chain(rest));
    }
}

/// What the prose states.
fn statements(file: &mut csv::Writer<&mut Vec<u8>>, who: &[String], report: &Report<'_>) {
    for one in &report.statements {
        let at = report.at(one.at);
        let (line, page) = (number(at.line), number(at.page.map(|place| place.page)));
        let value = float(one.value);
        let (year, text) = (number(one.year), text(&one.text));
        let flag = |is: bool| if is { "1" } else { "0" };
        let rest: [&str; 13] = [
            one.about().key,
            &value,
            &value,
            one.unit.as_deref().unwrap_or_default(),
            flag(one.exact),
            flag(one.words),
            one.scope.map_or("", Scope::name),
            &year,
            one.proof.map_or("", Proof::name),
            one.refused.map_or("", Code::name),
            &text,
            &line,
            &page,
        ];
        row(file, texts(who).chain(rest));
    }
}

fn field_text(field: &Field, report: &Report<'_>) -> String {
    match (field.of)(report) {
        Value::Null => String::new(),
        Value::Text(value) => text(value).into_owned(),
        Value::Integer(value) => value.to_string(),
        Value::Code(code) => format!("{code:06}"),
    }
}

fn number(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// A number of a column that may have fractions: always with a point.
fn float(value: Option<Decimal>) -> String {
    let Some(value) = value else { return String::new() };
    let mut digits = value.to_string();
    if value.integer().is_some() {
        digits.push_str(".0");
    }
    digits
}

/// What another output has in a column of this kind, as these tables have it.
pub(crate) fn told(kind: Kind, value: &str) -> Cow<'_, str> {
    match kind {
        Kind::Name | Kind::Text => text(value),
        Kind::Float if !value.is_empty() && !value.contains('.') => format!("{value}.0").into(),
        Kind::Integer | Kind::Float => Cow::Borrowed(value),
    }
}

/// What a line of `reports.csv` ends with before anybody knows whether the report came before.
const NO_DUPLICATE: &[u8] = b",,\r\n";

/// A text that no spreadsheet takes for a formula.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    let harmless =
        text.trim_start().starts_with(|c: char| !"=+-@".contains(c)) || text.trim().is_empty();
    if harmless { Cow::Borrowed(text) } else { Cow::Owned(format!("'{text}")) }
}

/// The same for a column in which numbers stand beside words: no reader takes it for one of numbers.
fn printed(printed: &str) -> Cow<'_, str> {
    let trimmed = printed.trim();
    let is_number = trimmed.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && trimmed.parse::<f64>().is_ok();
    if is_number { Cow::Owned(format!("'{printed}")) } else { text(printed) }
}

pub(crate) fn writer(out: &mut Vec<u8>) -> csv::Writer<&mut Vec<u8>> {
    WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Necessary)
        .from_writer(out)
}

pub(crate) fn row<'t>(
    writer: &mut csv::Writer<&mut Vec<u8>>,
    fields: impl Iterator<Item = &'t str>,
) {
    // writing into memory cannot fail
    for field in fields {
        let _ = writer.write_field(field);
    }
    let _ = writer.write_record(None::<&[u8]>);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_no_formula_runs() {
        assert_eq!(text("=1+1"), "'=1+1");
        assert_eq!(text(" @SUM"), "' @SUM");
        assert_eq!(text("某县"), "某县");
        assert_eq!(text("2022"), "2022");
        let mut out = Vec::new();
        row(&mut writer(&mut out), ["a,b", "c\"d", ""].into_iter());
        assert_eq!(out, b"\"a,b\",\"c\"\"d\",\r\n");
    }

    #[test]
    fn ok_no_column_changes_its_type() {
        for (raw, shown) in
            [("12", "'12"), (" 12.50", "' 12.50"), ("-12", "'-12"), ("12件", "12件"), ("", "")]
        {
            assert_eq!(printed(raw), shown);
        }
        let digits = |text: &str| float(Decimal::parse(text));
        assert_eq!([digits("12"), digits("0.056"), digits("x")], ["12.0", "0.056", ""]);
    }
}
