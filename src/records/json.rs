//! One report as one JSON object.
//!
//! Written by hand and not through serde: a record is two hundred cells with the same keys in every document, so the
//! keys are rendered once per form and the rest is copying. Strings are escaped by serde_json.

use super::check::{self, Check, Verdict};
use super::{Duplicate, Issuer, Report, Review, SCHEMA};
use crate::document::blocks::GridKind;
use crate::finding::{Code, Finding};
use crate::grammar::{Grammar, GrammarSet};
use crate::number::Decimal;
use crate::reading::{Cell, Status};
use crate::span::Span;
use crate::statements::{Proof, Scope, Statement};
use std::collections::HashMap;

/// Writes reports; holds the keys of all forms of a run, ready to copy.
#[derive(Debug)]
pub struct Writer {
    forms: HashMap<String, FormKeys>,
}

/// The unchanging text of a form's record.
#[derive(Debug)]
struct FormKeys {
    /// Before each cell's value, from the end of the cell before.
    cells: Vec<Vec<String>>,
    /// For each table, its check's ids up to their status.
    checks: Vec<Vec<String>>,
}

impl Writer {
    /// Renders the keys of all forms.
    pub fn new(grammars: &GrammarSet) -> Self {
        Self { forms: grammars.all().iter().map(|g| (g.id.clone(), FormKeys::new(g))).collect() }
    }

    /// Appends a report to a buffer, without a line end.
    pub fn write(&self, report: &Report<'_>, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"schema\":\"");
        out.extend_from_slice(SCHEMA.as_bytes());
        out.extend_from_slice(b"\",\"source\":{\"name\":");
        string(out, &report.source.name);
        field(out, ",\"sha256\":", &report.source.sha256);
        out.extend_from_slice(b",\"bytes\":");
        integer(out, report.source.bytes as i64);
        field(out, ",\"media_type\":", report.source.media_type);
        optional(out, ",\"encoding\":", report.source.encoding);
        for (name, value) in
            [(",\"url\":", &report.source.url), (",\"date\":", &report.source.date)]
        {
            if let Some(value) = value {
                field(out, name, value);
            }
        }
        if !report.links.is_empty() {
            links(report, out);
        }
        out.push(b'}');
        optional(out, ",\"title\":", report.title.as_deref());
        issuer(&report.issuer, out);
        out.extend_from_slice(b",\"year\":");
        match report.year {
            Some(year) => integer(out, i64::from(year)),
            None => out.extend_from_slice(b"null"),
        }
        optional(out, ",\"form\":", report.form.as_deref().map(|g| g.id.as_str()));
        out.extend_from_slice(b",\"preamble\":");
        strings(out, report.preamble.iter().map(String::as_str));
        sections(report, out);
        out.extend_from_slice(b",\"tables\":{");
        let own = report.form.as_ref().filter(|form| !form.is_known()).map(|f| FormKeys::new(f));
        let known = || self.forms.get(&report.form.as_deref()?.id);
        let keys = own.as_ref().or_else(known);
        if let Some(keys) = keys {
            tables(report, keys, out);
        }
        out.extend_from_slice(b"},\"checks\":[");
        if let Some(keys) = keys {
            checks_of(report, keys, out);
        }
        out.extend_from_slice(b"],\"statements\":[");
        for (at, one) in report.statements.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            statement(report, one, out);
        }
        out.extend_from_slice(b"],\"diagnostics\":[");
        for (at, finding) in report.findings.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            diagnostic(report, finding, out);
        }
        out.extend_from_slice(b"],\"reading\":{\"cells\":");
        let counts = report.counts();
        integer(out, counts.iter().sum::<u64>() as i64);
        for (status, count) in Status::ALL.into_iter().zip(counts) {
            out.extend_from_slice(b",\"");
            out.extend_from_slice(status.name().as_bytes());
            out.extend_from_slice(b"\":");
            integer(out, count as i64);
        }
        out.extend_from_slice(b",\"unclaimed_lines\":");
        integer(out, report.unclaimed_lines as i64);
        out.extend_from_slice(b"}");
        out.extend_from_slice(NO_DUPLICATE);
    }
}

/// The end of a record, which is written before anybody knows whether the report came before.
const NO_DUPLICATE: &[u8] = b",\"duplicate_of\":null,\"duplicate_by\":null}";

/// Says at the end of a record that it repeats another.
pub fn link(record: &mut Vec<u8>, first: &Duplicate) {
    if record.ends_with(NO_DUPLICATE) {
        record.truncate(record.len() - NO_DUPLICATE.len());
        field(record, ",\"duplicate_of\":", &first.of);
        field(record, ",\"duplicate_by\":", first.same.name());
        record.push(b'}');
    }
}

impl FormKeys {
    fn new(grammar: &Grammar) -> Self {
        let mut cells = Vec::new();
        for table in &grammar.tables {
            let mut keys = Vec::new();
            for (r, row) in table.rows.iter().enumerate() {
                for (c, column) in row.columns.iter().enumerate() {
                    let open = match (r, c) {
                        (0, 0) => format!("\"{}\":{{\"{}\":{{", table.key, escaped(&row.key)),
                        (_, 0) => format!("}},\"{}\":{{", escaped(&row.key)),
                        _ => ",".to_owned(),
                    };
                    keys.push(format!("{open}\"{}\":{{\"value\":", table.columns[*column].key));
                }
            }
            cells.push(keys);
        }
        let one = |(table, equation, at)| {
            let check =
                Check { table, equation, at, verdict: Verdict::Open, left: None, right: None };
            format!("{{\"id\":\"{}\",\"status\":\"", escaped(&check.id(grammar)))
        };
        let checks = (0..grammar.tables.len())
            .map(|table| check::applications(grammar, table).map(one).collect())
            .collect();
        Self { cells, checks }
    }
}

fn issuer(issuer: &Issuer, out: &mut Vec<u8>) {
    let place = &issuer.place;
    optional(out, ",\"issuer\":{\"name\":", issuer.name.as_deref());
    code(out, ",\"code\":", place.code);
    optional(out, ",\"level\":", issuer.level.map(super::Level::name));
    optional(out, ",\"province\":", place.province);
    optional(out, ",\"prefecture\":", place.prefecture);
    optional(out, ",\"county\":", place.county);
    optional(out, ",\"kind\":", issuer.kind.map(super::Kind::name));
    if place.code_now.is_some() {
        code(out, ",\"code_now\":", place.code_now);
    }
    if let Some(township) = &issuer.township {
        field(out, ",\"township\":", township);
    }
    if let Some(scope) = issuer.scope {
        field(out, ",\"scope\":", scope.name());
    }
    if !issuer.candidates.is_empty() {
        for (at, candidate) in issuer.candidates.iter().enumerate() {
            code(out, if at == 0 { ",\"candidates\":[" } else { "," }, Some(*candidate));
        }
        out.push(b']');
    }
    out.push(b'}');
}

/// A code of GB/T 2260: six digits in a string.
fn code(out: &mut Vec<u8>, name: &str, code: Option<u32>) {
    match code {
        Some(code) => field(out, name, &format!("{code:06}")),
        None => optional(out, name, None),
    }
}

fn links(report: &Report<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"links\":[");
    for (at, link) in report.links.iter().enumerate() {
        out.extend_from_slice(if at == 0 { b"{\"kind\":" } else { b",{\"kind\":" });
        string(out, link.kind.name());
        field(out, ",\"url\":", &link.url);
        field(out, ",\"text\":", &link.text);
        out.push(b'}');
    }
    out.push(b']');
}

fn sections(report: &Report<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"sections\":[");
    for (at, section) in report.sections.iter().enumerate() {
        out.extend_from_slice(if at == 0 { b"{\"key\":" } else { b",{\"key\":" });
        string(out, &section.key);
        optional(out, ",\"ordinal\":", section.ordinal.as_deref());
        field(out, ",\"title\":", &section.title);
        out.extend_from_slice(b",\"paragraphs\":");
        strings(out, section.paragraphs.iter().map(String::as_str));
        out.push(b'}');
    }
    out.push(b']');
}

fn tables(report: &Report<'_>, keys: &FormKeys, out: &mut Vec<u8>) {
    let mut line = Line::default();
    let mut reviews = report.reviews.iter();
    for (at, table) in report.tables.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        for (cell, name) in table.cells.iter().zip(&keys.cells[table.table]) {
            out.extend_from_slice(name.as_bytes());
            let is_reviewed = cell.status() == Status::Reviewed;
            let review = if is_reviewed { reviews.next() } else { None };
            one_cell(report, table.table, cell, review, &mut line, out);
        }
        out.extend_from_slice(b"}}");
    }
}

/// The line of the last cell: cells come in the order of the text, so the next one is on it or near it.
#[derive(Default)]
struct Line {
    number: u32,
    span: Span,
}

impl Line {
    fn of(&mut self, report: &Report<'_>, at: u32) -> u32 {
        if !(self.span.start..self.span.end).contains(&at) {
            self.number = report.lines.line_at(at);
            self.span = report.lines.span(self.number);
        }
        self.number
    }
}

fn one_cell(
    report: &Report<'_>,
    table: usize,
    cell: &Cell,
    review: Option<&Review>,
    line: &mut Line,
    out: &mut Vec<u8>,
) {
    decimal(out, cell.value());
    let raw = cell.span().of(&report.text);
    if let Some(review) = review
        && review.was.status() == Status::Missing
    {
        out.extend_from_slice(b",\"raw\":null,\"status\":\"reviewed\",\"at\":null");
        return reviewed(review, out);
    }
    if cell.status() == Status::Missing {
        out.extend_from_slice(b",\"raw\":null,\"status\":\"missing\",\"at\":null}");
        return;
    }
    if raw.bytes().all(|b| b.is_ascii_digit()) {
        out.extend_from_slice(b",\"raw\":\"");
        out.extend_from_slice(raw.as_bytes());
        out.push(b'"');
    } else {
        field(out, ",\"raw\":", raw);
    }
    if cell.status() == Status::Read {
        // nearly every cell: one piece to copy
        out.extend_from_slice(b",\"status\":\"read\",\"at\":{");
    } else {
        out.extend_from_slice(b",\"status\":\"");
        out.extend_from_slice(cell.status().name().as_bytes());
        out.extend_from_slice(b"\",\"at\":{");
    }
    if report.blocks.is_some() {
        place_in_blocks(report, cell.span(), out);
    } else {
        out.extend_from_slice(b"\"line\":");
        integer(out, i64::from(line.of(report, cell.span().start)));
        bytes(out, cell.span());
    }
    out.push(b'}');
    candidates(cell, out);
    if let (Status::Solved, Some(grammar)) = (cell.status(), report.form.as_deref()) {
        let ids: Vec<String> =
            cell.proof().iter().map(|check| check.id(&grammar.tables[table])).collect();
        out.extend_from_slice(b",\"proof\":");
        strings(out, ids.iter().map(String::as_str));
    }
    match review {
        Some(review) => reviewed(review, out),
        None => out.push(b'}'),
    }
}

/// What a person decided about a cell, and what the program had said; ends the cell.
fn reviewed(review: &Review, out: &mut Vec<u8>) {
    field(out, ",\"review\":{\"by\":", &review.by);
    field(out, ",\"date\":", &review.date);
    field(out, ",\"note\":", &review.note);
    field(out, "},\"was\":{\"status\":", review.was.status().name());
    out.extend_from_slice(b",\"value\":");
    decimal(out, review.was.value());
    candidates(&review.was, out);
    out.extend_from_slice(b"}}");
}

fn candidates(cell: &Cell, out: &mut Vec<u8>) {
    for (at, value) in cell.candidates().iter().enumerate() {
        out.extend_from_slice(if at == 0 { b",\"candidates\":[" } else { b"," });
        out.extend_from_slice(b"{\"value\":");
        decimal(out, Some(*value));
        if let Some(likely) = cell.likely().get(at) {
            out.extend_from_slice(b",\"p\":");
            decimal(out, Some(Decimal::new(i64::from(*likely), 6)));
        }
        out.push(b'}');
    }
    if !cell.candidates().is_empty() {
        out.push(b']');
    }
}

/// The place of a cell in a document that has tables: in which of them, and where in the source when it is text.
fn place_in_blocks(report: &Report<'_>, span: Span, out: &mut Vec<u8>) {
    let at = report.at(span);
    if let Some(place) = at.page {
        out.extend_from_slice(b"\"page\":");
        integer(out, i64::from(place.page));
        out.extend_from_slice(b",\"box\":[");
        for (nth, end) in place.area.iter().enumerate() {
            if nth > 0 {
                out.push(b',');
            }
            // a tenth of a point is less than a hair
            out.extend_from_slice(format!("{end:.1}").as_bytes());
        }
        out.extend_from_slice(if at.grid.is_some() { b"]," } else { b"]" });
    }
    if let Some((grid, cell)) = at.grid {
        out.extend_from_slice(match grid.kind {
            GridKind::Table => b"\"table\":",
            GridKind::Sheet => b"\"sheet\":",
        });
        integer(out, i64::from(grid.number));
        out.extend_from_slice(b",\"row\":");
        integer(out, i64::from(cell.row) + 1);
        out.extend_from_slice(b",\"col\":");
        integer(out, i64::from(cell.col) + 1);
    }
    if let Some(line) = at.line {
        out.extend_from_slice(if at.grid.is_some() { b",\"line\":" } else { b"\"line\":" });
        integer(out, i64::from(line));
    }
    if let Some(span) = at.bytes {
        bytes(out, span);
    }
}

fn bytes(out: &mut Vec<u8>, span: Span) {
    out.extend_from_slice(b",\"start\":");
    integer(out, i64::from(span.start));
    out.extend_from_slice(b",\"end\":");
    integer(out, i64::from(span.end));
}

fn checks_of(report: &Report<'_>, keys: &FormKeys, out: &mut Vec<u8>) {
    let names = report.tables.iter().flat_map(|table| &keys.checks[table.table]);
    for (at, (check, key)) in report.checks.iter().zip(names).enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.extend_from_slice(key.as_bytes());
        out.extend_from_slice(check.verdict.name().as_bytes());
        for (name, side) in [("\",\"left\":", check.left), (",\"right\":", check.right)] {
            out.extend_from_slice(name.as_bytes());
            decimal(out, side);
        }
        out.push(b'}');
    }
}

fn statement(report: &Report<'_>, one: &Statement<Span>, out: &mut Vec<u8>) {
    field(out, "{\"measure\":", one.about().key);
    out.extend_from_slice(b",\"value\":");
    decimal(out, one.value);
    optional(out, ",\"unit\":", one.unit.as_deref());
    for (name, value) in [(",\"exact\":", one.exact), (",\"words\":", one.words)] {
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(if value { b"true" } else { b"false" });
    }
    optional(out, ",\"scope\":", one.scope.map(Scope::name));
    out.extend_from_slice(b",\"year\":");
    match one.year {
        Some(year) => integer(out, i64::from(year)),
        None => out.extend_from_slice(b"null"),
    }
    field(out, ",\"text\":", &one.text);
    out.extend_from_slice(b",\"at\":{");
    if report.blocks.is_some() {
        place_in_blocks(report, one.at, out);
    } else {
        out.extend_from_slice(b"\"line\":");
        integer(out, i64::from(report.line(one.at)));
        bytes(out, one.at);
    }
    out.push(b'}');
    optional(out, ",\"proof\":", one.proof.map(Proof::name));
    optional(out, ",\"finding\":", one.refused.map(Code::name));
    out.push(b'}');
}

fn diagnostic(report: &Report<'_>, finding: &Finding, out: &mut Vec<u8>) {
    field(out, "{\"code\":", finding.code.name());
    field(out, ",\"severity\":", finding.code.severity().name());
    field(out, ",\"message\":", &finding.message);
    out.extend_from_slice(b",\"line\":");
    let page = finding.span.and_then(|span| report.page(span));
    match finding.span.filter(|_| page.is_none()) {
        Some(span) => integer(out, i64::from(report.line(span))),
        None => out.extend_from_slice(b"null"),
    }
    if let Some(page) = page {
        out.extend_from_slice(b",\"page\":");
        integer(out, i64::from(page));
    }
    out.extend_from_slice(b",\"cells\":");
    strings(out, finding.cells.iter().map(String::as_str));
    if let Some(check) = &finding.check {
        field(out, ",\"check\":", check);
    }
    out.push(b'}');
}

fn integer(out: &mut Vec<u8>, value: i64) {
    if let Ok(digit @ 0..10) = u8::try_from(value) {
        out.push(b'0' + digit);
        return;
    }
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

fn decimal(out: &mut Vec<u8>, value: Option<Decimal>) {
    match value.map(|value| (value, value.integer())) {
        None => out.extend_from_slice(b"null"),
        Some((_, Some(whole))) => integer(out, whole),
        Some((value, None)) => out.extend_from_slice(value.to_string().as_bytes()),
    }
}

/// A name between quotation marks; those that documents print may need it.
fn escaped(name: &str) -> String {
    let quoted = serde_json::to_string(name).unwrap_or_default();
    quoted[1..quoted.len() - 1].to_owned()
}

fn string(out: &mut Vec<u8>, text: &str) {
    // writing into memory cannot fail
    let _ = serde_json::to_writer(&mut *out, text);
}

fn field(out: &mut Vec<u8>, name: &str, text: &str) {
    out.extend_from_slice(name.as_bytes());
    string(out, text);
}

fn optional(out: &mut Vec<u8>, name: &str, text: Option<&str>) {
    out.extend_from_slice(name.as_bytes());
    match text {
        Some(text) => string(out, text),
        None => out.extend_from_slice(b"null"),
    }
}

fn strings<'t>(out: &mut Vec<u8>, texts: impl Iterator<Item = &'t str>) {
    out.push(b'[');
    for (at, text) in texts.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        string(out, text);
    }
    out.push(b']');
}

/// The same JSON for people, indented.
pub fn pretty(json: &[u8]) -> String {
    serde_json::from_slice::<serde_json::Value>(json)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| String::from_utf8_lossy(json).into_owned())
}

/// The same JSON for a terminal: control characters that JSON allows in strings, and those that turn the direction of
/// writing, as escapes.
pub fn for_terminal(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\u{7F}'..='\u{9F}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}' => {
                out.push_str("\\u");
                out.extend(
                    (0..4)
                        .rev()
                        .filter_map(|nibble| char::from_digit(c as u32 >> (4 * nibble) & 15, 16)),
                );
            }
            _ => out.push(c),
        }
    }
    out
}
