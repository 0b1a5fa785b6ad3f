//! `explain`: each table as it was read, beside the source, for a person who wants to check.

use super::terminal::{Paint, fit, safe, width};
use crate::finding::{Code, Finding, Severity};
use crate::grammar::{Grammar, Table};
use crate::lang::Lang;
use crate::reading::{Cell, Status};
use crate::records::Report;
use crate::records::Verdict;
use crate::span::Span;
use std::io::{Result, Write};

/// Screen columns of a row label at most, and of one value at least.
const LABEL: usize = 80;
const VALUE: usize = 12;
/// Screen columns of a source line.
const LINE: usize = 100;

/// Styles by status.
const fn style(status: Status) -> &'static str {
    match status {
        Status::Read => "32",
        Status::Solved => "36",
        Status::Blank => "2",
        Status::Ambiguous => "33",
        Status::Unreadable => "35",
        Status::Missing => "31",
        Status::Recognised | Status::Reviewed => "34",
    }
}

/// Prints a report.
pub fn report(out: &mut impl Write, report: &Report<'_>, paint: Paint, lang: Lang) -> Result<()> {
    let shown = |text: Option<&str>| match text {
        Some(text) => safe(text).into_owned(),
        None => lang.say("not found").into_owned(),
    };
    let head = |what: &str| format!("  {} ", fit(&lang.say(what), 8));
    writeln!(out, "{}", paint.with("1", &shown(report.title.as_deref())))?;
    writeln!(
        out,
        "{}{} ({})",
        head("source"),
        safe(&report.source.name),
        lang.fill(
            "{} bytes, {}",
            &[
                &report.source.bytes,
                &report.source.encoding.map_or(lang.say("no text"), Into::into)
            ]
        )
    )?;
    writeln!(out, "{}{}", head("issuer"), shown(report.issuer.name.as_deref()))?;
    let year = report.year.map_or(lang.say("unknown"), |y| y.to_string().into());
    writeln!(out, "{}{year}", head("year"))?;
    let form = report.form.as_deref().map_or(lang.say("not recognised"), |g| g.id.as_str().into());
    writeln!(out, "{}{form}", head("form"))?;
    for section in &report.sections {
        let letters: usize = section.paragraphs.iter().map(|p| p.chars().count()).sum();
        let ordinal = section.ordinal.as_deref().unwrap_or("");
        writeln!(
            out,
            "{}{ordinal} {} · {}",
            head("section"),
            safe(&section.title),
            lang.fill("{} paragraphs, {} characters", &[&section.paragraphs.len(), &letters])
        )?;
    }
    if let Some(grammar) = report.form.as_deref() {
        for record in &report.tables {
            one_table(out, report, &grammar.tables[record.table], &record.cells, (paint, lang))?;
        }
        absent(out, report, grammar, lang)?;
        checks(out, report, grammar, (paint, lang))?;
    }
    statements(out, report, (paint, lang))?;
    findings(out, report, (paint, lang))?;
    let statuses: Vec<String> = Status::ALL
        .iter()
        .map(|s| paint.with(style(*s), &format!("{} {}", report.count(*s), lang.say(s.name()))))
        .collect();
    writeln!(out, "\n{}", statuses.join(" · "))
}

/// Tables that the document does without, and may: no cell of them is missing.
fn absent(out: &mut impl Write, report: &Report<'_>, grammar: &Grammar, lang: Lang) -> Result<()> {
    let is_there = |at: usize| report.tables.iter().any(|own| grammar.kind(own.table) == at);
    for (at, table) in grammar.tables.iter().enumerate() {
        if table.variant_of.is_none() && table.optional && !is_there(at) {
            let told = "{}: not in the document, which the form allows";
            writeln!(out, "\n{}", lang.fill(told, &[&titled(table, lang)]))?;
        }
    }
    Ok(())
}

fn one_table(
    out: &mut impl Write,
    report: &Report<'_>,
    table: &Table,
    cells: &[Cell],
    (paint, lang): (Paint, Lang),
) -> Result<()> {
    writeln!(out, "\n{}", paint.with("1", &titled(table, lang)))?;
    let (mut header, mut group): (Option<&[usize]>, &str) = (None, "");
    // as wide as what stands in them: a label that is cut is another label
    let label = table.rows.iter().map(|row| width(&row.labels[0])).max().unwrap_or(0).min(LABEL);
    let wide = |column: usize| VALUE.max(width(&table.columns[column].labels[0]));
    for (row, first) in table.rows.iter().zip(table.first_cells()) {
        if header != Some(&row.columns) {
            let names: String = row
                .columns
                .iter()
                .map(|&c| fit(&table.columns[c].labels[0], wide(c)) + " ")
                .collect();
            writeln!(out, "  {} {}", fit("", label), paint.with("2", names.trim_end()))?;
            header = Some(&row.columns);
        }
        if std::mem::replace(&mut group, &row.group) != row.group && !row.group.is_empty() {
            writeln!(out, "  {}", paint.with("2", &row.group))?;
        }
        let own = &cells[first..first + row.columns.len()];
        let values: String = own
            .iter()
            .zip(&row.columns)
            .map(|(cell, &c)| {
                let shown = value(cell, lang);
                paint.with(style(cell.status()), &fit(&shown, wide(c).max(width(&shown)))) + " "
            })
            .collect();
        writeln!(out, "  {} {}", fit(&row.labels[0], label), values.trim_end())?;
        // the source beside it, once for each line the row stands on
        let printed = || own.iter().map(Cell::span).filter(|span| !span.is_empty());
        let mut lines: Vec<u32> = printed().map(|s| report.lines.line_at(s.start)).collect();
        lines.dedup();
        if let (Some(first), Some(&from), Some(&to)) =
            (printed().next(), lines.first(), lines.last())
        {
            let printed: Vec<&str> = (from..=to.min(from + 7))
                .map(|l| report.lines.span(l).of(&report.text).trim())
                .collect();
            let mut printed = printed.join(" ⏎ ");
            if printed.chars().count() > LINE {
                let start = report.text[..first.start as usize]
                    .char_indices()
                    .rev()
                    .nth(20)
                    .map_or(0, |(at, _)| at);
                printed = report.text[start..].chars().take(LINE).filter(|c| *c != '\n').collect();
            }
            writeln!(
                out,
                "  {}",
                paint.with(
                    "2",
                    &fit(&format!("{:>6} │ {}", place(report, first), safe(&printed)), LINE)
                        .replace('\t', " ")
                )
            )?;
        }
        for reason in reasons(report, table, own, lang) {
            writeln!(out, "  {}", paint.with("2", &fit(&format!("{:>6} │ {reason}", ""), LINE)))?;
        }
    }
    Ok(())
}

/// What proves the values of a row, and what stood in the way of those that are not given.
fn reasons(report: &Report<'_>, table: &Table, row: &[Cell], lang: Lang) -> Vec<String> {
    let mut reasons: Vec<String> = Vec::new();
    let mut add = |reason: String| {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    };
    for cell in row {
        if let Some(place) = cell.place() {
            let (row, column) = (place.row().words(), place.column().words());
            add(lang.fill("read: {}, {}", &[&lang.say(row), &lang.say(column)]));
        }
        for check in cell.proof() {
            add(lang.fill("solved: {}", &[&check.id(table)]));
        }
        let is_open = matches!(cell.status(), Status::Ambiguous | Status::Unreadable);
        let own = cell.span();
        let about = |finding: &&Finding| {
            finding.span.is_some_and(|span| span.start < own.end && own.start < span.end)
        };
        for finding in report.findings.iter().filter(about).filter(|_| is_open) {
            add(lang.fill("open: {}", &[&finding.code.name()]));
        }
    }
    reasons
}

/// The line of a place; in a line so long that it says little, also the byte of it: pages of the web often are one line.
fn place(report: &Report<'_>, span: Span) -> String {
    const LONG: usize = 400;
    let line = report.line(span);
    let (lines, at) = match (&report.source_lines, &report.blocks) {
        (Some(lines), Some(blocks)) => (lines, blocks.source_of(span.start)),
        _ => (&report.lines, Some(span.start)),
    };
    let whole = lines.span(line);
    match at {
        Some(at) if (whole.end - whole.start) as usize > LONG => {
            format!("{line}:{}", at.saturating_sub(whole.start) + 1)
        }
        _ => line.to_string(),
    }
}

/// What a table is called: its key, and before it in Chinese its title.
pub(super) fn titled(table: &Table, lang: Lang) -> String {
    match lang {
        Lang::En => table.key.clone(),
        Lang::Zh => format!("{}（`{}`）", table.title, table.key),
    }
}

/// A cell's value as it is shown.
pub(super) fn value(cell: &Cell, lang: Lang) -> String {
    match (cell.value(), cell.status()) {
        (Some(value), _) => value.to_string(),
        (None, Status::Blank) => "·".to_owned(),
        (None, Status::Missing | Status::Unreadable) => lang.say(cell.status().name()).into_owned(),
        (None, _) if cell.candidates().is_empty() => "?".to_owned(),
        (None, _) => {
            cell.candidates().iter().map(ToString::to_string).collect::<Vec<_>>().join("|")
        }
    }
}

fn checks(
    out: &mut impl Write,
    report: &Report<'_>,
    grammar: &Grammar,
    (paint, lang): (Paint, Lang),
) -> Result<()> {
    let count = |verdict| report.checks.iter().filter(|c| c.verdict == verdict).count();
    let (holds, fails, open) = (count(Verdict::Holds), count(Verdict::Fails), count(Verdict::Open));
    let counts = lang.fill("{} hold, {} fail, {} open", &[&holds, &fails, &open]);
    writeln!(out, "\n{}  {counts}", paint.with("1", &lang.say("checks")))?;
    for check in report.checks.iter().filter(|c| c.verdict == Verdict::Fails) {
        let side = |v: Option<crate::number::Decimal>| v.map_or("?".to_owned(), |v| v.to_string());
        let id = paint.with("31", &check.id(grammar));
        let equation = &grammar.tables[check.table].equations[check.equation];
        writeln!(out, "  {id}  {} ≠ {}  {}", side(check.left), side(check.right), equation.rule)?;
        let table = &grammar.tables[check.table];
        let first: Vec<usize> = table.first_cells().collect();
        let Some(record) = report.tables.iter().find(|record| record.table == check.table) else {
            continue;
        };
        for &(_, name) in &equation.terms {
            let (row, column) = crate::records::check::cell_of_term(equation, check.at, name);
            let Some(nth) = table.rows[row].columns.iter().position(|c| *c == column) else {
                continue;
            };
            let cell = &record.cells[first[row] + nth];
            // zeros and blanks explain nothing
            if cell.value().is_some_and(|v| !v.is_zero()) {
                writeln!(
                    out,
                    "    {} {:>4}  {} = {}",
                    lang.say("line"),
                    place(report, cell.span()),
                    table.cell_name(row, column),
                    value(cell, lang)
                )?;
            }
        }
    }
    Ok(())
}

/// What the prose states, each with its clause.
fn statements(
    out: &mut impl Write,
    report: &Report<'_>,
    (paint, lang): (Paint, Lang),
) -> Result<()> {
    /// Screen columns of a measure.
    const MEASURE: usize = 27;
    if report.statements.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", paint.with("1", &lang.say("statements")))?;
    for one in &report.statements {
        let (style, value) = match one.value {
            Some(value) => ("32", format!("{value}{}", one.unit.as_deref().unwrap_or_default())),
            None => ("33", "?".to_owned()),
        };
        let about = [
            one.scope.map(crate::statements::Scope::name),
            one.words.then_some("in words"),
            one.proof.map(crate::statements::Proof::name),
            one.refused.map(crate::finding::Code::name),
        ];
        let about: Vec<_> = about.into_iter().flatten().map(|what| lang.say(what)).collect();
        let value = paint.with(style, &fit(&value, VALUE));
        writeln!(out, "  {} {value} {}", fit(one.about().key, MEASURE), about.join(", "))?;
        let clause = format!("{:>6} │ {}", place(report, one.at), safe(&one.text));
        writeln!(out, "  {}", paint.with("2", &fit(&clause, LINE)))?;
    }
    Ok(())
}

fn findings(out: &mut impl Write, report: &Report<'_>, (paint, lang): (Paint, Lang)) -> Result<()> {
    if report.findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", paint.with("1", &lang.say("findings")))?;
    for finding in &report.findings {
        let style = match finding.code.severity() {
            Severity::Error => "31",
            Severity::Warning => "33",
            Severity::Info => "2",
        };
        let line = finding
            .span
            .map_or(String::new(), |s| format!(" {}:", lang.fill("line {}", &[&place(report, s)])));
        writeln!(
            out,
            "  {}{line} {}",
            paint.with(style, finding.code.name()),
            safe(&lang.say(&finding.message))
        )?;
        writeln!(out, "    {}", paint.with("2", &said(finding.code, lang)))?;
    }
    Ok(())
}

/// What a finding means, and what to do.
pub(super) fn said(code: Code, lang: Lang) -> String {
    format!("{} → {}", lang.meaning(code), lang.to_do(code))
}
