//! `diff`: what two conversions say differently.

use super::args::Diff;
use super::exit::Exit;
use super::terminal::safe;
use crate::diff::{Change, Document, SCHEMA, There, folders};
use crate::lang::Lang;
use serde_json::json;
use std::io::{BufWriter, Write};

pub(super) fn diff(args: &Diff, lang: Lang) -> anyhow::Result<Exit> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let counts = folders(&args.old, &args.new, |document| -> anyhow::Result<()> {
        if args.json {
            serde_json::to_writer(&mut out, document)?;
            writeln!(out)?;
        } else {
            text(&mut out, document, lang)?;
        }
        Ok(())
    })?;
    if args.json {
        writeln!(out, "{}", json!({"schema": SCHEMA, "counts": counts}))?;
    } else {
        let [old, new] =
            [&args.old, &args.new].map(|at| safe(&at.display().to_string()).into_owned());
        let told = lang.fill(
            "{} documents differ ({} cells, {} findings), {} do not, {} only in {}, {} only in {}",
            &[
                &counts.differ,
                &counts.cells,
                &counts.findings,
                &counts.same,
                &counts.only_old,
                &old,
                &counts.only_new,
                &new,
            ],
        );
        writeln!(out, "{told}")?;
    }
    out.flush()?;
    let is_same = counts.differ + counts.only_old + counts.only_new == 0;
    Ok(if is_same { Exit::Clean } else { Exit::Findings })
}

/// One document for a person: a line for each difference.
fn text(out: &mut impl Write, document: &Document, lang: Lang) -> std::io::Result<()> {
    let note = match document.there {
        There::Old => "gone",
        There::New => "new",
        There::Both if document.is_other => "(the document itself changed)",
        There::Both => "",
    };
    let note = if note.is_empty() { String::new() } else { format!("  {}", lang.say(note)) };
    writeln!(out, "{}{note}", safe(&document.source))?;
    // a status and its value; a title is as printed
    let cell = |said: &str| match said.split_once(' ') {
        Some((status, value)) => format!("{} {value}", lang.say(status)),
        None => lang.say(said).into_owned(),
    };
    let printed = |said: &str| said.to_owned();
    let mut line = |Change { name, old, new }: &Change, said: &dyn Fn(&str) -> String| {
        let [old, new] = [old, new].map(|own| own.as_deref().map_or("–".to_owned(), said));
        writeln!(out, "  {name:<60} {} → {}", safe(&old), safe(&new))
    };
    document.fields.iter().try_for_each(|change| line(change, &printed))?;
    document.cells.iter().try_for_each(|change| line(change, &cell))?;
    for (sign, findings) in [('-', &document.findings_gone), ('+', &document.findings_new)] {
        for finding in findings {
            let (code, message) = finding.split_once(": ").unwrap_or((finding, ""));
            writeln!(out, "  {sign} {code}: {}", safe(&lang.say(message)))?;
        }
    }
    Ok(())
}
