//! Reports → the rows of all tables.

use super::super::Collect;
use super::super::schema::{self, Field, LINK, Name, REPORT, Value, WHO, Wide};
use super::columns::{Builder, NO_NAME};
use super::{Layout, Part};
use crate::checks::zeros as implied_zeros;
use crate::finding::Code;
use crate::grammar::{Form, Grammar, Table};
use crate::lang::Lang;
use crate::number::Decimal;
use crate::reading::Status;
use crate::records::{Check, Report, Verdict, check};
use crate::span::Span;
use crate::statements::{MEASURES, Proof, Scope};
use arrow_array::RecordBatch;
use std::borrow::Cow;
use std::sync::Arc;

/// Rows of a group of reports, table by table.
#[derive(Debug)]
pub struct Rows<'l> {
    layout: &'l Layout,
    tables: Vec<TableRows<'l>>,
    /// What each report says of itself in the rows of all tables, once.
    who: Vec<Builder>,
    /// How many rows each table had before the report that is being added.
    before: Vec<usize>,
    /// For forms seen in this group, what is the same in every report.
    cell_keys: FormKeys<6>,
    check_keys: FormKeys<3>,
    /// How many rows each table has of each report.
    counts: Vec<Vec<u32>>,
    /// How many of these reports were taken.
    taken: usize,
}

/// Rows of one table.
#[derive(Debug)]
pub(super) struct TableRows<'l> {
    part: &'l Part,
    columns: Vec<Builder>,
}

impl<'l> TableRows<'l> {
    pub(super) fn new(part: &'l Part) -> Self {
        Self::with_capacity(part, 0)
    }

    fn with_capacity(part: &'l Part, rows: usize) -> Self {
        let builder = |column| Builder::new(column, rows);
        Self { part, columns: part.columns.iter().map(builder).collect() }
    }

    pub(super) fn len(&self) -> usize {
        self.columns.last().map_or(0, Builder::len)
    }

    /// Bytes of its texts.
    pub(super) fn bytes(&self) -> usize {
        self.columns.iter().map(Builder::bytes).sum()
    }

    /// Its columns.
    pub(super) fn columns(&self) -> &[Builder] {
        &self.columns
    }

    /// So many rows of one text or number.
    #[cfg(test)]
    pub(super) fn fill(&mut self, rows: usize) {
        for column in &mut self.columns {
            match column {
                Builder::Integers(_) => column.integer(Some(7), rows),
                Builder::Floats(_) => (0..rows).for_each(|_| column.number(None)),
                _ => column.text(Some("某县"), rows),
            }
        }
    }

    /// Begins anew.
    pub(super) fn clear(&mut self) {
        self.columns.iter_mut().for_each(Builder::clear);
    }

    /// The rows so far, as a batch; begins anew.
    pub(super) fn take(&mut self) -> RecordBatch {
        let full = std::mem::replace(self, Self::with_capacity(self.part, self.len()));
        let arrays = full.columns.into_iter().map(Builder::finish).collect();
        RecordBatch::try_new(Arc::clone(&self.part.schema), arrays)
            .expect("columns are made from the schema, row by row")
    }

    /// The rows of a batch of the same table.
    pub(super) fn extend(&mut self, batch: &RecordBatch) {
        for (column, array) in self.columns.iter_mut().zip(batch.columns()) {
            column.extend(array);
        }
    }

    /// One row of a table of reports, with what it repeats and in what.
    pub(super) fn extend_linked(&mut self, row: &RecordBatch, link: Option<[&str; 2]>) {
        let own = self.columns.len() - LINK.len();
        for (column, array) in self.columns[..own].iter_mut().zip(row.columns()) {
            column.extend(array);
        }
        for (at, column) in self.columns[own..].iter_mut().enumerate() {
            column.text(link.map(|link| link[at]), 1);
        }
    }

    /// The columns after those that say whose rows these are.
    fn own(&mut self) -> &mut [Builder] {
        &mut self.columns[WHO.len()..]
    }
}

fn push(columns: &mut [Builder], fields: &[Field], report: &Report<'_>) {
    for (column, field) in columns.iter_mut().zip(fields) {
        match ((field.of)(report), column) {
            (Value::Text(text), column) => column.text(Some(text), 1),
            (Value::Integer(value), column) => column.integer(Some(value), 1),
            (Value::Code(code), column) => column.text(Some(&format!("{code:06}")), 1),
            (Value::Null, column @ Builder::Integers(_)) => column.integer(None, 1),
            (Value::Null, column) => column.text(None, 1),
        }
    }
}

impl<'l> Rows<'l> {
    /// No rows yet.
    pub fn new(layout: &'l Layout) -> Self {
        let tables = layout.parts.iter().map(TableRows::new).collect();
        let who = schema::who().map(|column| Builder::new(&column, 0)).collect();
        Self {
            layout,
            tables,
            who,
            before: Vec::new(),
            cell_keys: Vec::new(),
            check_keys: Vec::new(),
            counts: Vec::new(),
            taken: 0,
        }
    }

    /// Adds the rows of a report.
    pub fn add(&mut self, report: &Report<'_>) {
        self.before = self.tables.iter().map(TableRows::len).collect();
        push(&mut self.who, WHO, report);
        for table in &mut self.tables {
            match table.part.name {
                Name::Cells => cells(table, &mut self.cell_keys, report),
                Name::Reports => reports(table, &self.layout.wide, report),
                Name::Checks => checks(table, &mut self.check_keys, report),
                Name::Diagnostics => diagnostics(table, report),
                Name::Sections => sections(table, report),
                Name::Statements => statements(table, report),
            }
        }
        self.end();
    }

    /// A report is complete.
    fn end(&mut self) {
        let more = |(table, before): (&TableRows<'_>, usize)| (table.len() - before) as u32;
        self.counts.push(self.tables.iter().zip(self.before.drain(..)).map(more).collect());
    }

    /// Adds the rows of a report as they were written before: those of each table, in pieces.
    pub(super) fn keep(&mut self, form: Option<&Grammar>, found: &[Vec<RecordBatch>]) {
        self.before = self.tables.iter().map(TableRows::len).collect();
        // rows and columns that a document names come as they are
        let form = form.filter(|form| form.tables.iter().all(|table| !table.printed));
        let bare = Report { form: form.map(Form::Known), ..Report::default() };
        for (table, batches) in self.tables.iter_mut().zip(found) {
            let name = table.part.name;
            // no row yet, but all names of the form in their order, as if it had been read
            match name {
                Name::Cells => cells(table, &mut self.cell_keys, &bare),
                Name::Checks => checks(table, &mut self.check_keys, &bare),
                _ => {}
            }
            let last = if name == Name::Reports { LINK.len() } else { 0 };
            let end = table.columns.len() - last;
            for batch in batches {
                let arrays = batch.columns();
                if name == Name::Reports {
                    for (column, array) in self.who.iter_mut().zip(arrays) {
                        column.extend(array);
                    }
                }
                let own = table.columns[WHO.len()..end].iter_mut();
                own.zip(&arrays[WHO.len()..]).for_each(|(column, array)| column.extend(array));
                for column in &mut table.columns[end..] {
                    column.text(None, batch.num_rows());
                }
            }
        }
        self.end();
    }

    /// Takes back a report that was added in part, if there is one.
    pub fn undo(&mut self) {
        let reports = self.counts.len() - self.taken;
        self.who.iter_mut().for_each(|column| column.truncate(reports));
        for (table, len) in self.tables.iter_mut().zip(self.before.drain(..)) {
            table.columns.iter_mut().for_each(|column| column.truncate(len));
        }
    }

    /// Whether there are so many that they should be written.
    pub fn is_full(&self) -> bool {
        self.tables.iter().any(|table| table.bytes() > MOST_BYTES)
    }

    /// The rows so far of each table of the layout; begins anew.
    pub(super) fn each<T>(&mut self, mut each: impl FnMut(&mut TableRows<'l>) -> T) -> Vec<T> {
        let mut all = Vec::with_capacity(self.tables.len());
        for (at, table) in self.tables.iter_mut().enumerate() {
            let counts: Vec<u32> = self.counts[self.taken..].iter().map(|own| own[at]).collect();
            for (column, who) in table.columns.iter_mut().zip(&self.who) {
                column.repeat(who, &counts);
            }
            all.push(each(table));
            table.clear();
        }
        self.taken = self.counts.len();
        self.who.iter_mut().for_each(Builder::clear);
        self.cell_keys.clear();
        self.check_keys.clear();
        all
    }

    /// The rows so far, one batch for each table of the layout; begins anew.
    #[cfg(feature = "internals")]
    pub fn take(&mut self) -> Vec<RecordBatch> {
        self.each(TableRows::take)
    }

    /// How many rows each table has of each report that was taken; begins anew.
    pub(super) fn take_counts(&mut self) -> Vec<Vec<u32>> {
        self.taken = 0;
        std::mem::take(&mut self.counts)
    }
}

/// For forms, by id, and their tables: the keys of the columns that are the same in every report.
type FormKeys<const COLUMNS: usize> = Vec<(String, Vec<[Vec<i32>; COLUMNS]>)>;

/// The keys of a form, made when it is seen first.
fn keys_of<'k, const COLUMNS: usize>(
    known: &'k mut FormKeys<COLUMNS>,
    grammar: &Form<'_>,
    make: impl FnOnce() -> Vec<[Vec<i32>; COLUMNS]>,
) -> Cow<'k, [[Vec<i32>; COLUMNS]]> {
    if !grammar.is_known() {
        return Cow::Owned(make());
    }
    let at = known.iter().position(|(form, _)| *form == grammar.id).unwrap_or_else(|| {
        known.push((grammar.id.clone(), make()));
        known.len() - 1
    });
    Cow::Borrowed(&known[at].1)
}

/// As many as are named below.
const _: () = assert!(schema::CELLS.len() == 15);

fn cells(rows: &mut TableRows<'_>, known: &mut FormKeys<6>, report: &Report<'_>) {
    let Some(grammar) = &report.form else { return };
    let [
        table,
        row,
        column,
        row_label,
        column_label,
        value,
        exact,
        unit,
        status,
        raw,
        candidates,
        proof,
        line,
        page,
        implied_zero,
    ] = rows.own()
    else {
        return;
    };
    let mut same = [table, row, column, row_label, column_label, unit];
    let keys = keys_of(known, grammar, || cell_keys(grammar, &mut same));
    let states = Status::ALL.map(|state| status.key(state.name()));
    for record in &report.tables {
        for (column, keys) in same.iter_mut().zip(&keys[record.table]) {
            column.keys(keys);
        }
        let form = &grammar.tables[record.table];
        let mut last = Line::default();
        for (cell, zero) in record.cells.iter().zip(implied_zeros(grammar, record)) {
            let there = cell.status() != Status::Missing;
            value.number(cell.value());
            digits(exact, cell.value());
            status.keys(&states[cell.status().place()..=cell.status().place()]);
            raw.text(there.then(|| cell.span().of(&report.text)), 1);
            candidates.text(schema::candidates(cell).as_deref(), 1);
            proof.text(schema::proof(cell, form).as_deref(), 1);
            let (at, on) = if there { last.of(report, cell.span()) } else { (None, None) };
            line.integer(at, 1);
            page.integer(on, 1);
            implied_zero.integer(zero.then_some(1), 1);
        }
    }
}

impl Collect for &mut Rows<'_> {
    fn write(&mut self, report: &Report<'_>, _out: &mut [Vec<u8>]) {
        self.add(report);
    }

    fn undo(&mut self) {
        Rows::undo(self);
    }
}

/// Bytes of texts after which rows are written, however few they are: a column holds 2 GiB at most.
const MOST_BYTES: usize = 64 << 20;

/// The digits of a value; most are whole and short.
fn digits(column: &mut Builder, value: Option<Decimal>) {
    match value.map(|value| (value, value.integer())) {
        None => column.text(None, 1),
        Some((_, Some(whole))) => column.text(Some(itoa::Buffer::new().format(whole)), 1),
        Some((value, None)) => column.text(Some(&value.to_string()), 1),
    }
}

/// Table, row, column, their labels and unit of each cell.
fn cell_keys(grammar: &Grammar, columns: &mut [&mut Builder; 6]) -> Vec<[Vec<i32>; 6]> {
    let mut key =
        |at: usize, text: &str| if text.is_empty() { NO_NAME } else { columns[at].key(text) };
    let of = |table: &Table| {
        let mut own: [Vec<i32>; 6] = Default::default();
        for (row, c) in schema::cells(table) {
            let (row, column) = (&table.rows[row], &table.columns[c]);
            let labels = [&row.labels[0], &column.labels[0]];
            let unit = table.unit(row, c);
            let texts: [&str; 6] = [&table.key, &row.key, &column.key, labels[0], labels[1], unit];
            (0..).zip(texts).for_each(|(at, text)| own[at].push(key(at, text)));
        }
        own
    };
    grammar.tables.iter().map(of).collect()
}

/// Id, rule and cells of each check.
fn check_keys(grammar: &Grammar, mut columns: [&mut Builder; 3]) -> Vec<[Vec<i32>; 3]> {
    let of = |table: usize| {
        let mut own: [Vec<i32>; 3] = Default::default();
        for (table, equation, at) in check::applications(grammar, table) {
            let open = Verdict::Open;
            let check = Check { table, equation, at, verdict: open, left: None, right: None };
            let rule = &grammar.tables[table].equations[equation].rule;
            let texts = [check.id(grammar), rule.clone(), check.cells(grammar).join(" ")];
            for ((keys, column), text) in own.iter_mut().zip(&mut columns).zip(texts) {
                keys.push(column.key(&text));
            }
        }
        own
    };
    (0..grammar.tables.len()).map(of).collect()
}

/// The line of the last cell: cells come in the order of the text, so the next one is on it or near it.
#[derive(Default)]
struct Line {
    number: u32,
    span: Span,
}

impl Line {
    /// Line and page of a place, as far as the document has such.
    fn of(&mut self, report: &Report<'_>, at: Span) -> (Option<i64>, Option<i64>) {
        if report.blocks.is_some() {
            let at = report.at(at);
            return (at.line.map(i64::from), at.page.map(|place| place.page.into()));
        }
        if !(self.span.start..self.span.end).contains(&at.start) {
            self.number = report.lines.line_at(at.start);
            self.span = report.lines.span(self.number);
        }
        (Some(self.number.into()), None)
    }
}

fn reports(table: &mut TableRows<'_>, wide: &Wide, report: &Report<'_>) {
    let (fields, rest) = table.own().split_at_mut(REPORT.len());
    let (statuses, rest) = rest.split_at_mut(schema::STATUSES.len());
    let (cells, rest) = rest.split_at_mut(wide.columns.len());
    let (stated, links) = rest.split_at_mut(MEASURES.len());
    push(fields, REPORT, report);
    for (measure, column) in stated.iter_mut().enumerate() {
        column.number(report.stated(measure));
    }
    for column in statuses {
        column.text(wide.statuses(report).as_deref(), 1);
    }
    // whether it repeats another is known at the end
    for column in links {
        column.text(None, 1);
    }
    let Some(grammar) = &report.form else {
        for column in cells {
            column.number(None);
        }
        return;
    };
    let before = cells.first().map_or(0, Builder::len);
    let places = wide.places(grammar);
    for record in &report.tables {
        for (cell, place) in record.cells.iter().zip(&places[record.table]) {
            // two versions of a table share columns, and a report has one of them
            if let Some(column) = cells.get_mut(*place).filter(|column| column.len() == before) {
                column.number(cell.value());
            }
        }
    }
    for column in cells.iter_mut().filter(|column| column.len() == before) {
        column.number(None);
    }
}

fn checks(rows: &mut TableRows<'_>, known: &mut FormKeys<3>, report: &Report<'_>) {
    let Some(grammar) = &report.form else { return };
    let [id, rule, status, left, right, cells] = rows.own() else { return };
    let keys = keys_of(known, grammar, || check_keys(grammar, [id, rule, cells]));
    // the checks of a report are those of its tables, in their order
    for record in &report.tables {
        for (column, keys) in
            [&mut *id, &mut *rule, &mut *cells].into_iter().zip(&keys[record.table])
        {
            column.keys(keys);
        }
    }
    let states =
        [Verdict::Holds, Verdict::Fails, Verdict::Open].map(|state| status.key(state.name()));
    for check in &report.checks {
        status.keys(&[states[check.verdict as usize]]);
        left.number(check.left);
        right.number(check.right);
    }
}

fn diagnostics(table: &mut TableRows<'_>, report: &Report<'_>) {
    let [finding, severity, message, line, page, cells, check, chinese] = table.own() else {
        return;
    };
    for found in &report.findings {
        let at = found.span.and_then(|span| report.page(span)).map(i64::from);
        finding.text(Some(found.code.name()), 1);
        severity.text(Some(found.code.severity().name()), 1);
        message.text(Some(&found.message), 1);
        line.integer(found.span.filter(|_| at.is_none()).map(|span| report.line(span).into()), 1);
        page.integer(at, 1);
        cells.text(Some(&found.cells.join(" ")), 1);
        check.text(found.check.as_deref(), 1);
        chinese.text(Some(&Lang::Zh.say(&found.message)), 1);
    }
}

fn statements(table: &mut TableRows<'_>, report: &Report<'_>) {
    let own = table.own();
    let [
        measure,
        value,
        exact_value,
        unit,
        exact,
        words,
        scope,
        year,
        proof,
        finding,
        text,
        line,
        page,
    ] = own
    else {
        return;
    };
    for one in &report.statements {
        let at = report.at(one.at);
        measure.text(Some(one.about().key), 1);
        value.number(one.value);
        digits(exact_value, one.value);
        unit.text(one.unit.as_deref(), 1);
        exact.integer(Some(one.exact.into()), 1);
        words.integer(Some(one.words.into()), 1);
        scope.text(one.scope.map(Scope::name), 1);
        year.integer(one.year.map(i64::from), 1);
        proof.text(one.proof.map(Proof::name), 1);
        finding.text(one.refused.map(Code::name), 1);
        text.text(Some(&one.text), 1);
        line.integer(at.line.map(i64::from), 1);
        page.integer(at.page.map(|place| place.page.into()), 1);
    }
}

fn sections(table: &mut TableRows<'_>, report: &Report<'_>) {
    let preamble =
        (!report.preamble.is_empty()).then_some(("preamble", None, None, &report.preamble));
    let own = report.sections.iter().map(|section| {
        let (ordinal, title) = (section.ordinal.as_deref(), Some(section.title.as_str()));
        (section.key.as_str(), ordinal, title, &section.paragraphs)
    });
    let first = usize::from(preamble.is_none());
    for (number, (key, ordinal, title, paragraphs)) in preamble.into_iter().chain(own).enumerate() {
        let rows = paragraphs.len().max(1);
        let own = table.own();
        let [section, keys, ordinals, headings, paragraph, text] = own else { return };
        section.integer(Some((number + first) as i64), rows);
        keys.text(Some(key), rows);
        ordinals.text(ordinal, rows);
        headings.text(title, rows);
        if paragraphs.is_empty() {
            paragraph.integer(Some(0), 1);
            text.text(None, 1);
        }
        for (at, words) in paragraphs.iter().enumerate() {
            paragraph.integer(Some(at as i64 + 1), 1);
            text.text(Some(words), 1);
        }
    }
}
