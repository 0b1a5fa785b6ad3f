//! `verify`: what `convert` wrote against its sources.

use super::args::Verify;
use super::exit::Exit;
use super::terminal::safe;
use crate::error::Error;
use crate::lang::Lang;
use crate::verify::{Fault, folder};
use std::fmt::Display;
use std::io::Write;

pub(super) fn verify(args: &Verify, lang: Lang) -> anyhow::Result<Exit> {
    if !args.folder.is_dir() {
        return Err(Error::no_folder(&args.folder).into());
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut written = Ok(());
    let done = folder(&args.folder, args.sources.as_deref(), &mut |fault| {
        if written.is_ok() {
            let Fault { document, cell, what } = fault;
            let cell = cell.as_deref().map(|cell| format!("{cell}: ")).unwrap_or_default();
            let told = format!("{document}: {cell}{}", lang.say(what));
            written = writeln!(out, "{}", safe(&told));
        }
    })?;
    written?;
    let (values, documents) = (done.values, done.documents);
    if done.faults == 0 {
        let told = "{} values of {} documents re-derived from their sources";
        writeln!(out, "{}", lang.fill(told, &[&values, &documents]))?;
    } else {
        let counts: [&dyn Display; 3] = [&done.faults, &values, &documents];
        writeln!(out, "{}", lang.fill("{} faults in {} values of {} documents", &counts))?;
    }
    out.flush()?;
    Ok(if done.faults == 0 { Exit::Clean } else { Exit::Findings })
}
