//! `grammar new` and `grammar test`: a form of one's own, begun and tried on documents.

mod truth;

use super::args::{Forms, GrammarCommand};
use super::exit::Exit;
use super::inputs::grammars;
use super::terminal::safe;
use crate::error::Error;
use crate::finding::Severity;
use crate::grammar::{Grammar, GrammarSet};
use crate::lang::Lang;
use crate::pipeline;
use crate::reading::Status;
use crate::records::json::Writer;
use crate::source::Source;
use crate::source::select::Select;
use crate::source::walk::{Entry, present, walk};
use anyhow::Context;
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};

const NEW: &str = include_str!("new.toml");

pub(super) fn grammar(what: &GrammarCommand, lang: Lang) -> anyhow::Result<Exit> {
    match what {
        GrammarCommand::New { id } => {
            let text = begun(lang).replacen("\"my-form\"", &format!("\"{id}\""), 1);
            // an id that is none is told before anybody works on the file
            GrammarSet::built_in().with(Path::new("grammar new"), &text)?;
            write!(std::io::stdout().lock(), "{text}")?;
            Ok(Exit::Clean)
        }
        GrammarCommand::Test { grammar, inputs } => test(grammar, inputs, lang),
    }
}

/// A form to begin with, explained in this language.
fn begun(lang: Lang) -> String {
    const WHERE: &str = "(where the form is prescribed, and when)";
    let line = |line: &str| match line.strip_prefix("# ") {
        Some(said) => format!("# {}\n", lang.say(said)),
        None => format!("{}\n", line.replace(WHERE, &lang.say(WHERE))),
    };
    NEW.lines().map(line).collect()
}

/// What was met of a form over all documents.
#[derive(Default)]
struct Met {
    documents: usize,
    of_form: usize,
    differ: usize,
    /// `table.row` and `table, column` that some document has.
    labels: std::collections::BTreeSet<String>,
}

fn test(grammar: &Path, inputs: &[PathBuf], lang: Lang) -> anyhow::Result<Exit> {
    present(inputs)?;
    let set = grammars(&Forms { grammars: vec![grammar.to_owned()] }, lang)?;
    let own = set.all().last().context("the grammar is the last of the set")?;
    let writer = Writer::new(&set);
    let mut out = std::io::stdout().lock();
    let mut met = Met::default();
    for path in documents(inputs)? {
        let bytes = std::fs::read(&path).map_err(|error| Error::io(&path, error))?;
        let source = Source::new(path.to_string_lossy(), bytes);
        let report = pipeline::read(&source, &set, None);
        met.documents += 1;
        let form = report.form.as_deref().map_or("no form", |form| form.id.as_str());
        let shown = if report.form.is_none() { lang.say(form) } else { form.into() };
        let counts: Vec<String> = Status::ALL
            .into_iter()
            .filter(|status| report.count(*status) > 0)
            .map(|status| format!("{} {}", report.count(status), lang.say(status.name())))
            .collect();
        writeln!(out, "{}: {shown}; {}", safe(&source.name), counts.join(", "))?;
        if form == own.id {
            met.of_form += 1;
            for record in &report.tables {
                let table = &own.tables[record.table];
                let cells = crate::sinks::schema::cells(table);
                for ((row, column), _) in
                    cells.zip(&record.cells).filter(|(_, cell)| cell.status() != Status::Missing)
                {
                    met.labels.insert(format!("row `{}.{}`", table.key, table.rows[row].key));
                    let column = &table.columns[column].key;
                    met.labels.insert(format!("column `{}.{column}`", table.key));
                }
            }
        }
        for finding in report.findings.iter().filter(|f| f.code.severity() != Severity::Info) {
            let message = lang.say(&finding.message);
            writeln!(out, "  {}: {}", finding.code.name(), safe(&message))?;
        }
        for finding in report.findings.iter().filter(|f| f.code.name() == "unclaimed_text") {
            writeln!(out, "  {}", safe(&lang.say(&finding.message)))?;
        }
        let expected = path.with_file_name("expected.json");
        if let Ok(bytes) = std::fs::read(&expected) {
            let truth: Value = serde_json::from_slice(&bytes)
                .map_err(|error| Error::io(&expected, error.into()))?;
            let mut json = Vec::new();
            writer.write(&report, &mut json);
            let record: Value = serde_json::from_slice(&json)?;
            let differences = truth::differences(&truth, &record);
            for difference in &differences {
                writeln!(out, "  {}: {}", lang.say("differs"), safe(&lang.say(difference)))?;
            }
            met.differ += usize::from(!differences.is_empty());
        }
    }
    summary(&mut out, own, &met, lang)?;
    Ok(if met.differ > 0 || met.of_form == 0 { Exit::Findings } else { Exit::Clean })
}

/// The documents of the inputs that are files.
fn documents(inputs: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let select = Select::new(&[], &[])?;
    let entries = walk(inputs.iter().cloned(), &select);
    let file = |entry| if let Entry::File(path) = entry { Some(path) } else { None };
    Ok(entries.filter_map(file).collect())
}

fn summary(out: &mut impl Write, own: &Grammar, met: &Met, lang: Lang) -> std::io::Result<()> {
    let told = lang.fill(
        "{} documents, {} of the form {}; {} differ from what is expected",
        &[&met.documents, &met.of_form, &own.id, &met.differ],
    );
    writeln!(out, "{told}")?;
    let mut told = std::collections::BTreeSet::new();
    for table in own.tables.iter().filter(|_| met.of_form > 0) {
        let rows = table.rows.iter().map(|row| ("row", &row.key));
        let columns = table.columns.iter().map(|column| ("column", &column.key));
        for (what, key) in rows.chain(columns) {
            let name = format!("{what} `{}.{key}`", table.key);
            if !met.labels.contains(&name) && told.insert(name.clone()) {
                writeln!(out, "  {}", lang.say(&format!("never met: {name}")))?;
            }
        }
    }
    Ok(())
}
