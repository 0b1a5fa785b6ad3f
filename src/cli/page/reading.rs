//! The right side: the tables of the record, the checks that fail, the findings, the prose.

use super::super::explain::{said, titled, value};
use super::Page;
use super::cells::Cells;
use super::source::anchor;
use crate::finding::Severity;
use crate::grammar::Grammar;
use crate::reading::Status;
use crate::records::{Check, Report, Verdict};
use std::fmt::Write;

pub(super) fn write(out: &mut Page, report: &Report<'_>, cells: &Cells<'_>) {
    if let Some(grammar) = report.form.as_deref() {
        for (at, record) in report.tables.iter().enumerate() {
            table(out, grammar, record.table, cells, cells.first[at]);
        }
    }
    let _ = writeln!(out.html, "<h2 id=\"checks\">{}</h2>", out.lang.say("Checks"));
    if let Some(grammar) = report.form.as_deref() {
        checks(out, report, grammar, cells);
    }
    findings(out, report, cells);
    prose(out, report);
}

fn table(out: &mut Page, grammar: &Grammar, table: usize, cells: &Cells<'_>, first: usize) {
    let table = &grammar.tables[table];
    out.raw("<h2>");
    out.text(&titled(table, out.lang).replace('`', ""));
    out.raw("</h2>\n<table>\n");
    let (mut header, mut group): (Option<&[usize]>, &str) = (None, "");
    let mut number = first;
    for row in &table.rows {
        if header.replace(&row.columns) != Some(&row.columns) {
            out.raw("<tr><td></td>");
            for column in &row.columns {
                out.raw("<th scope=\"col\">");
                out.text(&table.columns[*column].labels[0]);
                out.raw("</th>");
            }
            out.raw("</tr>\n");
        }
        if std::mem::replace(&mut group, &row.group) != row.group && !row.group.is_empty() {
            let _ = write!(
                out.html,
                "<tr><th scope=\"rowgroup\" colspan=\"{}\">",
                row.columns.len() + 1
            );
            out.text(&row.group);
            out.raw("</th></tr>\n");
        }
        out.raw("<tr><th scope=\"row\">");
        out.text(&row.labels[0]);
        out.raw("</th>");
        for _ in &row.columns {
            let named = &cells.all[number];
            let status = named.cell.status().name();
            let doubt = if cells.in_doubt[number] { " doubt" } else { "" };
            let _ = write!(out.html, "<td id=\"c{number}\" class=\"{status}{doubt}\" title=\"");
            out.text(&named.name);
            let _ = write!(out.html, " {}", out.lang.say(status));
            for (at, check) in named.cell.proof().iter().enumerate() {
                let between = if at == 0 { out.lang.say(" by ") } else { ", ".into() };
                out.raw(&between);
                out.text(&check.id(table));
            }
            out.raw("\">");
            let shown = value(named.cell, out.lang);
            if named.cell.status() == Status::Missing {
                out.text(&shown);
            } else {
                link(out, &format!("s{number}"), &shown);
            }
            out.raw("</td>");
            number += 1;
        }
        out.raw("</tr>\n");
    }
    out.raw("</table>\n");
}

fn link(out: &mut Page, id: &str, text: &str) {
    let _ = write!(out.html, "<a href=\"#{id}\">");
    out.text(text);
    out.raw("</a>");
}

fn checks(out: &mut Page, report: &Report<'_>, grammar: &Grammar, cells: &Cells<'_>) {
    let count = |verdict| report.checks.iter().filter(|check| check.verdict == verdict).count();
    let (holds, fails, open) = (count(Verdict::Holds), count(Verdict::Fails), count(Verdict::Open));
    let counts = out.lang.fill("{} hold, {} fail, {} open", &[&holds, &fails, &open]);
    let _ = writeln!(out.html, "<p>{counts}</p>\n<ul>");
    for check in report.checks.iter().filter(|check| check.verdict == Verdict::Fails) {
        equation(out, report, grammar, cells, check);
    }
    out.raw("</ul>\n");
    let proofs: Vec<&Check> =
        report.checks.iter().filter(|check| Cells::is_proof(report, check)).collect();
    if !proofs.is_empty() {
        let said = out.lang.say("Sums that prove values");
        let _ = writeln!(out.html, "<details><summary>{said} ({})</summary>\n<ul>", proofs.len());
        for check in proofs {
            equation(out, report, grammar, cells, check);
        }
        out.raw("</ul>\n</details>\n");
    }
}

/// A check with its numbers.
fn equation(
    out: &mut Page,
    report: &Report<'_>,
    grammar: &Grammar,
    cells: &Cells<'_>,
    check: &Check,
) {
    let equation = &grammar.tables[check.table].equations[check.equation];
    let fails = check.verdict == Verdict::Fails;
    out.raw(if fails { "<li><span class=\"fails\">" } else { "<li><span>" });
    out.text(&check.id(grammar));
    out.raw("</span>");
    if fails {
        let side = |value: Option<crate::number::Decimal>| {
            value.map_or("?".to_owned(), |value| value.to_string())
        };
        let _ = write!(out.html, ": {} ≠ {}", side(check.left), side(check.right));
    }
    out.raw(" <span class=\"info\">");
    out.text(&equation.rule);
    out.raw("</span><br>");
    let terms = equation.terms.iter().zip(cells.of_check(report, grammar, check));
    for (at, (&(sign, _), number)) in terms.enumerate() {
        // signs are those of `left - right = 0`
        let is_left = at < equation.left;
        out.raw(match (at, at == equation.left, (sign > 0) == is_left) {
            (0, _, true) => "",
            (_, true, true) => " = ",
            (_, true, false) => " = −",
            (_, _, true) => " + ",
            (_, _, false) => " − ",
        });
        let named = &cells.all[number];
        let _ = write!(out.html, "<a href=\"#c{number}\" title=\"");
        out.text(&named.name);
        out.raw("\">");
        let shown = value(named.cell, out.lang);
        out.text(&shown);
        out.raw("</a>");
    }
    out.raw("</li>\n");
}

fn findings(out: &mut Page, report: &Report<'_>, cells: &Cells<'_>) {
    let _ = writeln!(out.html, "<h2 id=\"findings\">{}</h2>\n<ul>", out.lang.say("Findings"));
    for finding in &report.findings {
        let class = match finding.code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        let _ = write!(out.html, "<li><span class=\"{class}\" title=\"");
        out.text(&said(finding.code, out.lang));
        let _ = write!(out.html, "\">{}</span> ", finding.code.name());
        if let Some(span) = finding.span {
            let place = match report.page(span) {
                Some(page) => out.lang.fill("page {}", &[&page]),
                None => out.lang.fill("line {}", &[&report.line(span)]),
            };
            link(out, &anchor(report, span.start), &place);
            out.raw(": ");
        }
        let message = out.lang.say(&finding.message);
        out.text(&message);
        for name in &finding.cells {
            if let Some(number) = cells.all.iter().position(|named| named.name == *name) {
                out.raw(" ");
                link(out, &format!("c{number}"), name);
            }
        }
        out.raw("</li>\n");
    }
    out.raw("</ul>\n");
}

fn prose(out: &mut Page, report: &Report<'_>) {
    for section in &report.sections {
        out.raw("<details><summary>");
        out.text(section.ordinal.as_deref().unwrap_or(""));
        out.raw(" ");
        out.text(&section.title);
        let _ = writeln!(out.html, " ({})</summary>", section.paragraphs.len());
        for paragraph in &section.paragraphs {
            out.raw("<p>");
            out.text(paragraph);
            out.raw("</p>\n");
        }
        out.raw("</details>\n");
    }
}
