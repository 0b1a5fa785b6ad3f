//! `verify`: what `convert` wrote against its sources.

use super::args::Verify;
use super::exit::Exit;
use super::terminal::safe;
use crate::verify::folder;
use std::io::Write;

pub(super) fn verify(args: &Verify) -> anyhow::Result<Exit> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut written = Ok(());
    let done = folder(&args.folder, args.sources.as_deref(), &mut |fault| {
        if written.is_ok() {
            written = writeln!(out, "{}", safe(&fault.to_string()));
        }
    })?;
    written?;
    let (values, documents) = (done.values, done.documents);
    if done.faults == 0 {
        writeln!(out, "{values} values of {documents} documents re-derived from their sources")?;
    } else {
        writeln!(out, "{} faults in {values} values of {documents} documents", done.faults)?;
    }
    out.flush()?;
    Ok(if done.faults == 0 { Exit::Clean } else { Exit::Findings })
}
