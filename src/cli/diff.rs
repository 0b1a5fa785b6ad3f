//! `diff`: what two conversions say differently.

use super::args::Diff;
use super::exit::Exit;
use super::terminal::safe;
use crate::diff::{Change, Document, SCHEMA, There, folders};
use serde_json::json;
use std::io::{BufWriter, Write};

pub(super) fn diff(args: &Diff) -> anyhow::Result<Exit> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let counts = folders(&args.old, &args.new, |document| -> anyhow::Result<()> {
        if args.json {
            serde_json::to_writer(&mut out, document)?;
            writeln!(out)?;
        } else {
            text(&mut out, document)?;
        }
        Ok(())
    })?;
    if args.json {
        writeln!(out, "{}", json!({"schema": SCHEMA, "counts": counts}))?;
    } else {
        writeln!(
            out,
            "{} documents differ ({} cells, {} findings), {} do not, {} only in {}, {} only in {}",
            counts.differ,
            counts.cells,
            counts.findings,
            counts.same,
            counts.only_old,
            safe(&args.old.display().to_string()),
            counts.only_new,
            safe(&args.new.display().to_string()),
        )?;
    }
    out.flush()?;
    let is_same = counts.differ + counts.only_old + counts.only_new == 0;
    Ok(if is_same { Exit::Clean } else { Exit::Findings })
}

/// One document for a person: a line for each difference.
fn text(out: &mut impl Write, document: &Document) -> std::io::Result<()> {
    let note = match document.there {
        There::Old => "  gone",
        There::New => "  new",
        There::Both if document.is_other => "  (the document itself changed)",
        There::Both => "",
    };
    writeln!(out, "{}{note}", safe(&document.source))?;
    for Change { name, old, new } in document.fields.iter().chain(&document.cells) {
        let [old, new] = [old, new].map(|said| safe(said.as_deref().unwrap_or("–")).into_owned());
        writeln!(out, "  {name:<60} {old} → {new}")?;
    }
    for (sign, findings) in [('-', &document.findings_gone), ('+', &document.findings_new)] {
        for finding in findings {
            writeln!(out, "  {sign} {}", safe(finding))?;
        }
    }
    Ok(())
}
