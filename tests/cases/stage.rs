//! What each stage makes of a text, as text.

use nianbao::finding::Severity;
use nianbao::grammar::GrammarSet;
use nianbao::lines::Skeleton;
use nianbao::number::{Number, Printed, Unit, cell, year};
use nianbao::pipeline;
use nianbao::reading::{Cell, Status};
use nianbao::records::Report;
use nianbao::source::Source;

/// Runs a stage by its name.
pub(crate) fn run(stage: &str, input: &str) -> Result<String, String> {
    match stage {
        "cell" => Ok(each_line(input, one_cell)),
        "year" => Ok(each_line(input, |text| {
            year::year(text).map_or("none".to_owned(), |(_, year)| year.to_string())
        })),
        "fold" => Ok(each_line(input, |text| Skeleton::new(text).text)),
        "reading" => Ok(parsed(input, reading)),
        "findings" => Ok(parsed(input, findings)),
        other => Err(format!("no stage is called {other}")),
    }
}

fn each_line(input: &str, one: impl Fn(&str) -> String) -> String {
    input.lines().map(|line| one(line) + "\n").collect()
}

fn parsed(input: &str, show: impl Fn(&Report<'_>) -> String) -> String {
    let set = GrammarSet::built_in();
    let source = Source::new("case.txt", input);
    show(&pipeline::parse(&source, &set))
}

fn one_cell(text: &str) -> String {
    match cell(text).0 {
        Printed::Empty => "empty".to_owned(),
        Printed::Mark => "mark".to_owned(),
        Printed::Approximate => "approximate".to_owned(),
        Printed::NotANumber => "other".to_owned(),
        Printed::Number(Number { value, unit, .. }) => match unit {
            None => value.to_string(),
            Some(Unit::Count) => format!("{value} count"),
            Some(Unit::Yuan) => format!("{value} 元"),
            Some(Unit::WanYuan) => format!("{value} 万元"),
            Some(Unit::YiYuan) => format!("{value} 亿元"),
            Some(Unit::Wan) => format!("{value} 万"),
            Some(Unit::Yi) => format!("{value} 亿"),
        },
    }
}

/// The rows that the document has, with the key of the table in the first of them.
fn reading(report: &Report<'_>) -> String {
    let Some(grammar) = &report.form else { return "no form\n".to_owned() };
    let mut out = String::new();
    for record in &report.tables {
        let table = &grammar.tables[record.table];
        for (row, first) in table.rows.iter().zip(table.first_cells()) {
            let cells = &record.cells[first..first + row.columns.len()];
            if cells.iter().any(|cell| cell.status() != Status::Missing) {
                let shown: Vec<String> = cells.iter().map(one_value).collect();
                out.push_str(&row.key);
                for value in &shown {
                    out.push_str(" | ");
                    out.push_str(value);
                }
                out.push('\n');
            }
        }
    }
    out
}

fn one_value(cell: &Cell) -> String {
    let value = cell.value().map(|value| value.to_string()).unwrap_or_default();
    match cell.status() {
        Status::Read => value,
        Status::Solved => value + "=",
        Status::Blank => "_".to_owned(),
        Status::Ambiguous => "?".to_owned(),
        Status::Unreadable => "!".to_owned(),
        Status::Missing => "x".to_owned(),
        Status::Recognised => value + "~",
        Status::Reviewed => value + "*",
    }
}

/// A line each; equal ones that follow each other are counted.
fn findings(report: &Report<'_>) -> String {
    let mut lines: Vec<(String, usize)> = Vec::new();
    for finding in &report.findings {
        let severity = match finding.code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        let line = finding.span.map_or(String::new(), |s| format!(" line {}", report.line(s)));
        let text = format!("{severity} {}{line}", finding.code.name());
        match lines.last_mut() {
            Some((last, count)) if *last == text => *count += 1,
            _ => lines.push((text, 1)),
        }
    }
    let shown = lines.into_iter().map(|(text, count)| match count {
        1 => format!("{text}\n"),
        _ => format!("{text}, {count} times\n"),
    });
    shown.collect()
}
