//! `dump`: what one stage makes of a document, one line a thing.

use super::args::Stage;
use super::terminal::safe;
use crate::form::{self, Found};
use crate::grammar::{Grammar, GrammarSet, Role};
use crate::lines::Skeleton;
use crate::number::Printed;
use crate::pipeline;
use crate::records::Report;
use crate::records::json::{Writer, for_terminal, pretty};
use crate::sections;
use crate::source::Source;
use std::io::{Result, Write};

/// Prints a stage.
pub fn stage(
    out: &mut impl Write,
    stage: Stage,
    source: &Source,
    grammars: &GrammarSet,
) -> Result<()> {
    let document = pipeline::document(source, grammars);
    let text = &document.text;
    if stage == Stage::Document {
        let encoding = document.encoding.unwrap_or("none");
        writeln!(out, "format {}, encoding {encoding}", document.format.media_type())?;
        for finding in &document.findings {
            writeln!(out, "{}: {}", finding.code.name(), finding.message)?;
        }
        return write!(out, "{}", safe(text));
    }
    let skeleton = Skeleton::of(&document);
    if stage == Stage::Lines {
        for pair in skeleton.breaks.windows(2) {
            let letters = &skeleton.text[pair[0].at as usize..pair[1].at as usize];
            writeln!(out, "{:>6} {:03x} {letters}", pair[0].source, pair[0].flags)?;
        }
        return Ok(());
    }
    let report = pipeline::parse(source, grammars);
    let chosen = form::choose(grammars, &document, &skeleton, &|_, _| report.year);
    let grammar: &Grammar = &chosen.form;
    match stage {
        Stage::Labels => labels(out, &chosen, &skeleton)?,
        Stage::Sections => headings(out, &chosen, &skeleton, text)?,
        Stage::Tables => tables(out, &chosen, &skeleton, text)?,
        Stage::Reading => reading(out, grammar, &report)?,
        Stage::Checks => {
            for check in &report.checks {
                writeln!(out, "{} {}", check.verdict.name(), check.id(grammar))?;
            }
        }
        _ => {
            let mut json = Vec::new();
            Writer::new(grammars).write(&report, &mut json);
            writeln!(out, "{}", for_terminal(&pretty(&json)))?;
        }
    }
    Ok(())
}

fn labels(out: &mut impl Write, chosen: &Found<'_>, skeleton: &Skeleton) -> Result<()> {
    let grammar: &Grammar = &chosen.form;
    for hit in &chosen.hits {
        let span = skeleton.source_span(hit.start, hit.end);
        let roles: Vec<String> =
            grammar.matcher.roles(hit.pattern).iter().map(|r| role(grammar, *r)).collect();
        let line = skeleton.lines.line_at(span.start);
        writeln!(out, "{line:>4} {}  {}", grammar.matcher.text(hit.pattern), roles.join(" / "))?;
    }
    Ok(())
}

fn headings(
    out: &mut impl Write,
    chosen: &Found<'_>,
    skeleton: &Skeleton,
    text: &str,
) -> Result<()> {
    let grammar: &Grammar = &chosen.form;
    let lines = sections::lines::find(grammar, text, skeleton, &chosen.hits);
    for heading in sections::outline(grammar, text, skeleton, &chosen.hits, &lines) {
        let key = &grammar.sections[heading.section].key;
        let line = skeleton.lines.line_at(heading.start());
        writeln!(
            out,
            "{line:>4} {key}: {}{}",
            safe(heading.ordinal.of(text)),
            safe(heading.title.of(text))
        )?;
    }
    Ok(())
}

fn tables(out: &mut impl Write, chosen: &Found<'_>, skeleton: &Skeleton, text: &str) -> Result<()> {
    for (table, evidence) in &chosen.tables {
        let (table, Some(evidence)) = (&chosen.form.tables[*table], evidence) else { continue };
        let from = skeleton.lines.line_at(evidence.span.start);
        writeln!(out, "{} from line {from}", table.key)?;
        for at in 0..=evidence.rows.len() {
            for head in evidence.header.iter().filter(|head| head.before_unit == at) {
                writeln!(out, "  head {:?} {}", head.head, safe(head.span.of(text)))?;
            }
            for label in evidence.labels.iter().filter(|l| l.before_unit == at) {
                writeln!(out, "  label {} ({:?})", table.rows[label.row].key, label.part)?;
            }
            if let Some(row) = evidence.rows.get(at) {
                let pieces: Vec<String> = evidence
                    .pieces_of(row)
                    .iter()
                    .map(|p| format!("{}({})", kind(p.printed), safe(p.span.of(text))))
                    .collect();
                let how = if row.bordered { "cells" } else { "digits" };
                let foreign = row.foreign.map_or("", |words| words.of(text));
                let unknown = if row.unknown { " without its label" } else { "" };
                writeln!(out, "  {how}{unknown} {}{}", safe(foreign), pieces.join(" "))?;
            }
        }
        for said in &evidence.said {
            writeln!(out, "  said {}", safe(said.span.of(text)))?;
        }
        for span in &evidence.loose {
            writeln!(out, "  loose {}", safe(span.of(text)))?;
        }
    }
    Ok(())
}

fn reading(out: &mut impl Write, grammar: &Grammar, report: &Report<'_>) -> Result<()> {
    for record in &report.tables {
        let (table, cells) = (&grammar.tables[record.table], &record.cells);
        for (row, first) in table.rows.iter().zip(table.first_cells()) {
            let cells = &cells[first..first + row.columns.len()];
            let shown: Vec<String> = cells
                .iter()
                .map(|c| {
                    c.value().map_or_else(
                        || {
                            format!(
                                "{}{:?}",
                                c.status().name(),
                                c.candidates().iter().map(ToString::to_string).collect::<Vec<_>>()
                            )
                        },
                        |v| v.to_string(),
                    )
                })
                .collect();
            writeln!(out, "{}.{}: {}", table.key, row.key, shown.join(" "))?;
        }
    }
    Ok(())
}

fn role(grammar: &crate::grammar::Grammar, role: Role) -> String {
    match role {
        Role::Title => "title".to_owned(),
        Role::Section(s) => format!("section {}", grammar.sections[s].key),
        Role::Frame(t) => format!("{} frame", grammar.tables[t].key),
        Role::Column(t, c) => {
            format!("{} column {}", grammar.tables[t].key, grammar.tables[t].columns[c].key)
        }
        Role::Row(t, r, part) => {
            format!("{} row {} ({part:?})", grammar.tables[t].key, grammar.tables[t].rows[r].key)
        }
    }
}

/// What a piece says, in a word.
const fn kind(printed: Printed) -> &'static str {
    match printed {
        Printed::Number(_) => "number",
        Printed::Empty => "empty",
        Printed::Mark => "mark",
        Printed::Approximate => "about",
        Printed::NotANumber => "other",
    }
}
