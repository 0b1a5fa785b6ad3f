//! What is done: one function a command.

use super::args::{Cli, Command, Dump, Explain, Forms, List, Parse};
#[cfg(feature = "ocr")]
use super::args::{ModelsCommand, Ocr};
use super::exit::{Exit, FailOn};
use super::inputs::{grammars, one, read, within};
use super::terminal::{Paint, safe};
use super::{convert, diff, dump, explain, grammar, help, page, panel, places, review, verify};
#[cfg(feature = "ocr")]
use crate::document::scan;
use crate::error::Error;
use crate::finding::Severity;
use crate::guard;
use crate::lang::Lang;
use crate::pipeline;
use crate::records::Report;
use crate::records::json::{Writer, for_terminal, pretty};
use crate::records::schema::schema;
use crate::source::again;
use anyhow::Context;
use clap::{CommandFactory, FromArgMatches};
use std::ffi::OsString;
use std::io::Write;
use std::path::Path;

/// Runs the command that this process was started with.
pub fn run() -> Exit {
    run_as(&std::env::args_os().collect::<Vec<_>>())
}

/// Parses what was typed, the name of the program first, and runs the command.
///
/// Whoever calls this from a program of another language has its own words, and nobody who empties our standard output.
pub fn run_as(words: &[OsString]) -> Exit {
    let exit = command(words);
    // whoever read our output may have seen enough
    let _ = std::io::stdout().flush();
    exit
}

fn command(words: &[OsString]) -> Exit {
    let lang = help::lang_of(words);
    let parsed = help::command(lang)
        .try_get_matches_from(words)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            help::print(&error, lang);
            return if error.use_stderr() { Exit::Error } else { Exit::Clean };
        }
    };
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !guard::is_contained() {
            tell(panic);
        }
    }));
    #[cfg(feature = "ocr")]
    if let Err(error) = ocr(&cli) {
        let _ = writeln!(std::io::stderr(), "nianbao: {}", safe(&format!("{error:#}")));
        return Exit::Error;
    }
    let result = match cli.command {
        Command::Parse(args) => parse(&args, lang),
        Command::Convert(args) => convert::convert(&args, &printable(words), lang),
        Command::Stats { folder } => convert::stats(&folder, lang),
        Command::Explain(args) => explain_one(&args, lang),
        Command::Dump(args) => dump_one(&args, lang),
        Command::Forms(args) => forms(&args, lang),
        Command::Grammar { what } => grammar::grammar(&what, lang),
        Command::Panel(args) => grammars(&args.forms, lang)
            .and_then(|set| panel::panel(&args, &printable(words), &set, lang)),
        Command::Review(args) => {
            grammars(&args.forms, lang).and_then(|set| review::review(&args, &set, lang))
        }
        Command::Diff(args) => diff::diff(&args, lang),
        Command::Verify(args) => verify::verify(&args, lang),
        Command::Places { name, year } => look_up(&name, year, lang),
        #[cfg(feature = "ocr")]
        Command::Models { what: ModelsCommand::Add { package } } => add_model(&package),
        Command::Schema(args) => print_schema(&args, lang),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "nianbao", &mut std::io::stdout());
            Ok(Exit::Clean)
        }
        Command::Manual { folder } => manual(&folder),
    };
    result.unwrap_or_else(|error| {
        if is_broken_pipe(&error) {
            return Exit::Clean;
        }
        let _ = writeln!(std::io::stderr(), "nianbao: {}", safe(&told(&error, lang)));
        Exit::Error
    })
}

/// What went wrong, cause by cause, in this language. A path stands as it is, whatever it is called.
fn told(error: &anyhow::Error, lang: Lang) -> String {
    let one = |cause: &(dyn std::error::Error + 'static)| match cause.downcast_ref::<Error>() {
        Some(error) => error.told(lang),
        None => match cause.to_string() {
            words if words.contains(' ') => lang.say(&words).into_owned(),
            name => name,
        },
    };
    // ours tells its own cause
    let ours = error.chain().position(<dyn std::error::Error>::is::<Error>);
    error.chain().take(ours.map_or(usize::MAX, |at| at + 1)).map(one).collect::<Vec<_>>().join(": ")
}

/// The words as `log.json` keeps them.
fn printable(words: &[OsString]) -> Vec<String> {
    words.iter().map(|word| word.to_string_lossy().into_owned()).collect()
}

/// Whether and with which model pictures are read.
#[cfg(feature = "ocr")]
fn ocr(cli: &Cli) -> anyhow::Result<()> {
    if let Some(likely) = cli.accept {
        crate::proven::accept(likely);
    }
    if cli.ocr == Ocr::Always {
        scan::use_always();
    }
    if cli.ocr == Ocr::Never {
        scan::use_none();
    } else if let Some(path) = &cli.ocr_model {
        scan::use_model(path).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

#[cfg(feature = "ocr")]
fn add_model(package: &Path) -> anyhow::Result<Exit> {
    let path = scan::add(package).with_context(|| package.display().to_string())?;
    writeln!(std::io::stdout(), "{}", safe(&path.to_string_lossy()))?;
    Ok(Exit::Clean)
}

/// Whoever read our output has seen enough.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
            || cause.downcast_ref::<Error>().is_some_and(Error::is_broken_pipe)
            || cause
                .downcast_ref::<serde_json::Error>()
                .is_some_and(|e| e.io_error_kind() == Some(std::io::ErrorKind::BrokenPipe))
    })
}

/// What a report means for the exit code.
fn exit_of(report: &Report<'_>, fail_on: FailOn) -> Exit {
    fail_on.exit(report.findings.iter().map(|finding| finding.code))
}

fn parse(args: &Parse, lang: Lang) -> anyhow::Result<Exit> {
    let set = grammars(&args.forms, lang)?;
    let writer = Writer::new(&set);
    let mut out = std::io::stdout().lock();
    let mut exit = Exit::Clean;
    let mut buffer = Vec::new();
    for path in &args.files {
        buffer.clear();
        let source = read(path);
        let report = match &source {
            Ok(source) => pipeline::read(source, &set, None),
            Err((name, finding)) => Report::unread(name.clone(), finding.clone()),
        };
        writer.write(&report, &mut buffer);
        tell_errors(&report, source.as_ref().is_ok_and(again::is_archive), lang);
        if exit_of(&report, args.fail.fail_on) != Exit::Clean {
            exit = Exit::Findings;
        }
        if args.compact {
            writeln!(out, "{}", for_terminal(&String::from_utf8_lossy(&buffer)))?;
        } else {
            writeln!(out, "{}", for_terminal(&pretty(&buffer)))?;
        }
    }
    out.flush()?;
    Ok(exit)
}

/// Errors of a document also go to the terminal, so that nobody overlooks them in a long JSON.
fn tell_errors(report: &Report<'_>, is_archive: bool, lang: Lang) {
    for finding in report.findings.iter().filter(|f| f.code.severity() == Severity::Error) {
        let text = format!(
            "nianbao: {}: {}: {}",
            report.source.name,
            finding.code.name(),
            lang.say(&finding.message)
        );
        let _ = writeln!(std::io::stderr(), "{}", safe(&text));
    }
    if is_archive {
        let how = lang.say(&within(Path::new(&report.source.name))).into_owned();
        let _ =
            writeln!(std::io::stderr(), "nianbao: {}: {}", safe(&report.source.name), safe(&how));
    }
}

fn explain_one(args: &Explain, lang: Lang) -> anyhow::Result<Exit> {
    let set = grammars(&args.forms, lang)?;
    let source = one(&args.file)?;
    #[cfg(feature = "ocr")]
    if args.html.is_some() {
        scan::keep_pictures();
    }
    let report = pipeline::read(&source, &set, None);
    if let Some(path) = &args.html {
        std::fs::write(path, page::page(&report, lang))
            .with_context(|| path.display().to_string())?;
        return Ok(exit_of(&report, args.fail.fail_on));
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    explain::report(&mut out, &report, Paint::new(args.color), lang)?;
    out.flush()?;
    Ok(exit_of(&report, args.fail.fail_on))
}

fn dump_one(args: &Dump, lang: Lang) -> anyhow::Result<Exit> {
    let set = grammars(&args.forms, lang)?;
    let source = one(&args.file)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    guard::total(None, || dump::stage(&mut out, args.stage, &source, &set))
        .unwrap_or_else(|finding| Err(std::io::Error::other(finding.message)))?;
    out.flush()?;
    Ok(Exit::Clean)
}

fn forms(args: &List, lang: Lang) -> anyhow::Result<Exit> {
    let set = grammars(&args.forms, lang)?;
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer_pretty(&mut out, &crate::records::forms::forms(&set))?;
        writeln!(out)?;
        return Ok(Exit::Clean);
    }
    for grammar in set.all() {
        writeln!(out, "{}  {}", grammar.id, lang.say(&grammar.title))?;
        for table in grammar.tables.iter().filter(|t| t.variant_of.is_none()) {
            let cells = table.cell_count();
            let (name, rows, equations) =
                (explain::titled(table, lang), table.rows.len(), table.equations.len());
            let told = lang
                .fill("{}: {} rows, {} cells, {} equations", &[&name, &rows, &cells, &equations]);
            writeln!(out, "    {told}")?;
        }
    }
    Ok(Exit::Clean)
}

/// Manual pages, `nianbao.1`, `nianbao-convert.1` and so on.
fn manual(folder: &Path) -> anyhow::Result<Exit> {
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    clap_mangen::generate_to(Cli::command(), folder)
        .with_context(|| folder.display().to_string())?;
    Ok(Exit::Clean)
}

fn look_up(name: &str, year: Option<i32>, lang: Lang) -> anyhow::Result<Exit> {
    let mut out = std::io::stdout().lock();
    let is_known = places::answer(&mut out, &safe(name), year, lang)?;
    Ok(if is_known { Exit::Clean } else { Exit::Findings })
}

fn print_schema(args: &Forms, lang: Lang) -> anyhow::Result<Exit> {
    let set = grammars(args, lang)?;
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &schema(&set))?;
    writeln!(out)?;
    Ok(Exit::Clean)
}
