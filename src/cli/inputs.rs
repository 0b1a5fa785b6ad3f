//! What commands are given: documents by name, and grammars.

use super::args::Forms;
use super::terminal::safe;
use crate::error::Error;
use crate::finding::{Code, Finding};
use crate::grammar::{GrammarSet, doubts};
use crate::lang::Lang;
use crate::source::{Source, again, walk};
use anyhow::Context;
use std::io::{Read, Write};
use std::path::Path;

/// Most bytes of a document that is read alone.
const MOST_BYTES: u64 = 1 << 30;
/// Most bytes of a grammar.
const MOST_GRAMMAR: u64 = 4 << 20;

pub(super) fn grammars(forms: &Forms, lang: Lang) -> anyhow::Result<GrammarSet> {
    let mut set = GrammarSet::built_in();
    for path in &forms.grammars {
        let mut text = String::new();
        std::fs::File::open(path)
            .and_then(|file| file.take(MOST_GRAMMAR + 1).read_to_string(&mut text))
            .with_context(|| path.display().to_string())?;
        if text.len() as u64 > MOST_GRAMMAR {
            let what = format!("a grammar of more than {MOST_GRAMMAR} bytes");
            return Err(Error::refused(path, what).into());
        }
        set = set.with(path, &text)?;
        for doubt in set.all().last().map(doubts).unwrap_or_default() {
            let (warning, doubt) = (lang.say("warning"), lang.say(&doubt));
            let message = format!("nianbao: {}: {warning}: {doubt}", path.display());
            let _ = writeln!(std::io::stderr(), "{}", safe(&message));
        }
    }
    Ok(set)
}

/// A named file, or standard input; what cannot be read is a finding like in a folder.
pub(super) fn read(path: &Path) -> Result<Source, (String, Finding)> {
    let name = path.to_string_lossy().into_owned();
    // an entry of an archive, as records name it
    if name.contains("!/")
        && let Some(source) = again::open(&name)
    {
        return Ok(source);
    }
    let bytes = if name == "-" {
        whole(std::io::stdin().lock())
    } else {
        match std::fs::metadata(path) {
            Ok(metadata) if !metadata.is_file() && !metadata.is_dir() && !walk::is_given(path) => {
                Err(std::io::Error::other(walk::NOT_REGULAR))
            }
            _ => std::fs::File::open(path).and_then(whole),
        }
    };
    match bytes {
        Ok(bytes) if bytes.len() as u64 > MOST_BYTES => {
            let message = format!("more than the limit of {MOST_BYTES} bytes");
            Err((name, Finding::new(Code::TooLarge, message)))
        }
        Ok(bytes) => Ok(Source::new(name, bytes)),
        Err(error) => Err((name, Finding::new(Code::Unreadable, error.to_string()))),
    }
}

/// How what is in an archive is named, with the first of its entries.
pub(super) fn within(archive: &Path) -> String {
    const SHOWN: usize = 10;
    let mut names = again::within(archive, SHOWN + 1);
    let how = "this is an archive; name one of its documents";
    if names.is_empty() {
        return format!("{how}: archive.zip!/entry");
    }
    if names.len() > SHOWN {
        names.truncate(SHOWN);
        names.push("…".to_owned());
    }
    format!("{how}:\n    {}", names.join("\n    "))
}

/// The one document that a command is about; what cannot be read is an error there.
pub(super) fn one(path: &Path) -> anyhow::Result<Source> {
    match read(path) {
        Ok(source) if again::is_archive(&source) => Err(Error::refused(path, within(path)).into()),
        Ok(source) => Ok(source),
        Err((name, finding)) => Err(Error::refused(name, finding.message).into()),
    }
}

/// All bytes of a stream, up to one more than the limit.
fn whole(stream: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
