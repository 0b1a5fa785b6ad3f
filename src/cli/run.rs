//! What is done: one function a command.

use super::args::{Cli, Command, Convert, Dump, Explain, Forms, Parse};
use super::exit::Exit;
use super::terminal::{Paint, safe};
use super::{dump, explain, page};
use crate::batch::{self, Summary};
use crate::error::Error;
use crate::finding::{Code, Finding, Severity};
use crate::grammar::GrammarSet;
use crate::pipeline;
use crate::reading::Status;
use crate::records::Report;
use crate::records::Verdict;
use crate::records::json::{Writer, for_terminal, pretty};
use crate::records::schema::schema;
use crate::sinks::{self, sinks};
use crate::source::Source;
use crate::source::walk::walk;
use anyhow::Context;
use clap::{CommandFactory, Parser};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Parses the arguments and runs the command.
pub fn run() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { Exit::Error } else { Exit::Clean };
        }
    };
    let result = match cli.command {
        Command::Parse(args) => parse(&args),
        Command::Convert(args) => convert(&args),
        Command::Stats { folder } => stats(&folder),
        Command::Explain(args) => explain_one(&args),
        Command::Dump(args) => dump_one(&args),
        Command::Forms(args) => forms(&args),
        Command::Schema(args) => print_schema(&args),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "nianbao", &mut std::io::stdout());
            Ok(Exit::Clean)
        }
    };
    result.unwrap_or_else(|error| {
        if is_broken_pipe(&error) {
            return Exit::Clean;
        }
        let _ = writeln!(std::io::stderr(), "nianbao: {}", safe(&format!("{error:#}")));
        Exit::Error
    })
}

/// Whoever read our output has seen enough.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
            || cause.downcast_ref::<Error>().is_some_and(Error::is_broken_pipe)
    })
}

fn grammars(forms: &Forms) -> anyhow::Result<GrammarSet> {
    let mut set = GrammarSet::built_in();
    for path in &forms.grammars {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        set = set.with(path, &text)?;
    }
    Ok(set)
}

/// A named file, or standard input; what cannot be read is a finding like in a folder.
fn read(path: &Path) -> Result<Source, (String, Finding)> {
    let name = path.to_string_lossy().into_owned();
    let bytes = if name == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    match bytes {
        Ok(bytes) => Ok(Source::new(name, bytes)),
        Err(error) => Err((name, Finding::new(Code::Unreadable, error.to_string()))),
    }
}

/// What a report means for the exit code.
fn exit_of(report: &Report<'_>) -> Exit {
    let failed = report.checks.iter().any(|c| c.verdict == Verdict::Fails);
    if report.form.is_none() || failed { Exit::Findings } else { Exit::Clean }
}

fn parse(args: &Parse) -> anyhow::Result<Exit> {
    let set = grammars(&args.forms)?;
    let writer = Writer::new(&set);
    let mut out = std::io::stdout().lock();
    let mut exit = Exit::Clean;
    let mut buffer = Vec::new();
    for path in &args.files {
        buffer.clear();
        match read(path) {
            Ok(source) => {
                let report = pipeline::parse(&source, &set);
                writer.write(&report, &mut buffer);
                if exit_of(&report) != Exit::Clean {
                    exit = Exit::Findings;
                }
                tell_errors(&report);
            }
            Err((name, finding)) => {
                let report = batch::unread(name, finding);
                writer.write(&report, &mut buffer);
                tell_errors(&report);
                exit = Exit::Findings;
            }
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
fn tell_errors(report: &Report<'_>) {
    for finding in report.findings.iter().filter(|f| f.code.severity() == Severity::Error) {
        let text = format!(
            "nianbao: {}: {}: {}",
            report.source.name,
            finding.code.name(),
            finding.message
        );
        let _ = writeln!(std::io::stderr(), "{}", safe(&text));
    }
}

fn explain_one(args: &Explain) -> anyhow::Result<Exit> {
    let set = grammars(&args.forms)?;
    let source = match read(&args.file) {
        Ok(source) => source,
        Err((name, finding)) => anyhow::bail!("{name}: {}", finding.message),
    };
    let report = pipeline::parse(&source, &set);
    if let Some(path) = &args.html {
        std::fs::write(path, page::page(&report)).with_context(|| path.display().to_string())?;
        return Ok(exit_of(&report));
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    explain::report(&mut out, &report, Paint::new(args.color))?;
    out.flush()?;
    Ok(exit_of(&report))
}

fn dump_one(args: &Dump) -> anyhow::Result<Exit> {
    let set = grammars(&args.forms)?;
    let source = match read(&args.file) {
        Ok(source) => source,
        Err((name, finding)) => anyhow::bail!("{name}: {}", finding.message),
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    dump::stage(&mut out, args.stage, &source, &set)?;
    out.flush()?;
    Ok(Exit::Clean)
}

fn forms(args: &Forms) -> anyhow::Result<Exit> {
    let set = grammars(args)?;
    let mut out = std::io::stdout().lock();
    for grammar in set.all() {
        writeln!(out, "{}  {}", grammar.id, grammar.title)?;
        for table in grammar.tables.iter().filter(|t| t.variant_of.is_none()) {
            let cells = table.cell_count();
            writeln!(
                out,
                "    {}: {} rows, {cells} cells, {} equations",
                table.key,
                table.rows.len(),
                table.equations.len()
            )?;
        }
    }
    Ok(Exit::Clean)
}

fn print_schema(args: &Forms) -> anyhow::Result<Exit> {
    let set = grammars(args)?;
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &schema(&set))?;
    writeln!(out)?;
    Ok(Exit::Clean)
}

fn convert(args: &Convert) -> anyhow::Result<Exit> {
    let inputs = inputs(args)?;
    let set = grammars(&args.forms)?;
    let sinks = sinks(&args.format, &set, sinks::Options { csv_bom: args.csv_bom });
    let stop = Arc::new(AtomicBool::new(false));
    let on_signal = Arc::clone(&stop);
    // a second signal is left to the system
    let _ = ctrlc::set_handler(move || on_signal.store(true, Ordering::Relaxed));
    let bar = progress_bar(args.quiet);
    let start = Instant::now();
    let job = batch::Job {
        grammars: &set,
        sinks: &sinks,
        folder: &args.out,
        threads: args.threads,
        id: &job_id(args, &inputs)?,
        resume: args.resume,
        checkpoint: Duration::from_secs(args.checkpoint),
    };
    let summary = batch::convert(walk(inputs.iter().cloned()), &job, &stop, |summary| {
        bar.set_position(summary.documents);
        bar.set_message(format!("{} reports, {} not read", summary.reports, summary.unread_count));
    })?;
    bar.finish_and_clear();
    if !args.quiet {
        let mut err = std::io::stderr().lock();
        let _ = write_summary(&mut err, &summary, Some(start.elapsed()));
        let stopped = if summary.interrupted { "; --resume goes on" } else { "" };
        let _ = writeln!(err, "  written to         {}{stopped}", args.out.display());
    }
    Ok(if summary.interrupted {
        Exit::Interrupted
    } else if summary.reports < summary.documents || summary.checks[1] > 0 {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

/// The inputs of the command line, and those that a list names.
fn inputs(args: &Convert) -> anyhow::Result<Vec<PathBuf>> {
    let mut inputs = args.inputs.clone();
    if let Some(list) = &args.files_from {
        let (name, bytes) = match read(list) {
            Ok(source) => (source.name, source.bytes),
            Err((name, finding)) => anyhow::bail!("{name}: {}", finding.message),
        };
        let text =
            String::from_utf8(bytes).with_context(|| format!("{name}: the list is not UTF-8"))?;
        inputs.extend(
            text.lines().map(str::trim_end).filter(|line| !line.is_empty()).map(PathBuf::from),
        );
    }
    Ok(inputs)
}

/// What tells a conversion from others: its inputs, formats, grammars and the version.
fn job_id(args: &Convert, inputs: &[PathBuf]) -> anyhow::Result<String> {
    let grammars: Vec<String> =
        args.forms.grammars.iter().map(std::fs::read_to_string).collect::<Result<_, _>>()?;
    let all = format!(
        "{} {:?} {:?} {grammars:?}",
        env!("CARGO_PKG_VERSION"),
        inputs,
        (&args.format, args.csv_bom)
    );
    Ok(Source::new("", all).sha256())
}

fn stats(folder: &Path) -> anyhow::Result<Exit> {
    let (summary, complete) = batch::stats(folder)?;
    let mut out = std::io::stdout().lock();
    write_summary(&mut out, &summary, None)?;
    if !complete {
        writeln!(out, "  not complete       convert --resume goes on")?;
    }
    Ok(Exit::Clean)
}

fn progress_bar(quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("{spinner} {pos} documents  {per_sec}  {elapsed}  {msg}");
    let bar = ProgressBar::new_spinner()
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// What was read and what was not.
fn write_summary(
    out: &mut impl Write,
    summary: &Summary,
    time: Option<Duration>,
) -> std::io::Result<()> {
    #[expect(clippy::cast_precision_loss, reason = "rates for people")]
    let (documents, megabytes) = (summary.documents as f64, summary.bytes as f64 / 1e6);
    write!(out, "{} documents, {} reports, {megabytes:.1} MB", summary.documents, summary.reports)?;
    if let Some(time) = time {
        let seconds = time.as_secs_f64().max(0.001);
        let (rate, speed) = (documents / seconds, megabytes / seconds);
        write!(out, " in {seconds:.1} s ({rate:.0} documents/s, {speed:.1} MB/s)")?;
    }
    writeln!(out)?;
    let mut forms: Vec<(&str, String)> = Vec::new();
    for ((form, year), count) in &summary.by_form {
        let year = year.map_or("year unknown".to_owned(), |y| y.to_string());
        let item = format!("{year}: {count}");
        match forms.last_mut() {
            Some((last, items)) if last == form => {
                items.push_str(", ");
                items.push_str(&item);
            }
            _ => forms.push((form, item)),
        }
    }
    for (form, years) in forms {
        writeln!(out, "  {form:<18} {years}")?;
    }
    let cells: Vec<String> =
        Status::ALL.iter().zip(summary.cells).map(|(s, n)| format!("{n} {}", s.name())).collect();
    writeln!(out, "  cells              {}", cells.join(", "))?;
    let [holds, fails, open] = summary.checks;
    writeln!(out, "  checks             {holds} hold, {fails} fail, {open} open")?;
    if !summary.findings.is_empty() {
        let findings: Vec<String> =
            summary.findings.iter().map(|(code, n)| format!("{code} {n}")).collect();
        writeln!(out, "  findings           {}", findings.join(", "))?;
    }
    if !summary.skipped.is_empty() {
        let skipped: Vec<String> =
            summary.skipped.iter().map(|(what, n)| format!("{n} {what}")).collect();
        writeln!(out, "  passed over        {}", safe(&skipped.join(", ")))?;
    }
    if summary.unread_count > 0 {
        writeln!(out, "  not read           {}", summary.unread_count)?;
        for (name, why) in summary.unread.iter().take(10) {
            writeln!(out, "    {}: {}", safe(name), safe(why))?;
        }
        if summary.unread_count > 10 {
            writeln!(out, "    … all of them are in the diagnostics")?;
        }
    }
    Ok(())
}
