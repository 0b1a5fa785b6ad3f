//! `convert` and `stats`.

use super::args::{Convert, LogFormat};
use super::exit::Exit;
use super::inputs::{grammars, read};
use super::progress::Progress;
use super::summary;
use super::terminal::safe;
use crate::batch;
use crate::corrections::Corrections;
use crate::error::Error;
use crate::finding::Code;
use crate::lang::Lang;
use crate::panel::is_picture_of_a_report;
use crate::sinks::{Options, sinks, skipped};
use crate::source::Source;
use crate::source::select::Select;
use crate::source::walk::{present, walk};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// The first signal finishes the documents in hand; the second ends at once, and `--resume` goes on from the last checkpoint.
fn stop_or_end(stop: &AtomicBool) {
    if stop.swap(true, Ordering::Relaxed) {
        #[expect(clippy::exit, reason = "the workers may be in a document that takes for ever")]
        std::process::exit(Exit::Interrupted as i32);
    }
}

pub(super) fn convert(args: &Convert, words: &[String], lang: Lang) -> anyhow::Result<Exit> {
    let inputs = inputs(args)?;
    present(&inputs)?;
    let set = grammars(&args.forms, lang)?;
    let corrections = Corrections::read(&args.corrections)?;
    let mut select = Select::new(&args.include, &args.exclude)?;
    select.most_bytes = args.max_bytes;
    select.is_more = is_picture_of_a_report;
    #[cfg(feature = "ocr")]
    if crate::document::scan::is_ready() {
        select.is_more = crate::document::scan::is_picture_of_a_page;
    }
    let mut sinks = sinks(&args.format, &set, Options { csv_bom: args.csv_bom, lang });
    if args.list_skipped {
        sinks.push(skipped());
    }
    let stop = Arc::new(AtomicBool::new(false));
    let on_signal = Arc::clone(&stop);
    let _ = ctrlc::set_handler(move || stop_or_end(&on_signal));
    let start = Instant::now();
    let job = batch::Job {
        threads: args.threads,
        id: &job_id(args, &inputs, &corrections)?,
        resume: args.resume,
        update: args.update,
        checkpoint: Duration::from_secs(args.checkpoint),
        most_time: (args.max_seconds > 0).then(|| Duration::from_secs(args.max_seconds)),
        dedup: args.dedup,
        about: batch::about(&set, &inputs, &options(args, &corrections, lang)),
        corrections,
        command: words.to_vec(),
        ..batch::Job::new(&set, &sinks, &args.out, &select)
    };
    let earlier = batch::Before::of(&args.out);
    let progress = Progress::new(args, &inputs, &select, lang);
    let entries = walk(inputs.iter().cloned(), &select);
    let summary = batch::convert(entries, &job, &stop, |told| progress.tell(told))?;
    progress.finish();
    let mut err = std::io::stderr().lock();
    match args.log_format {
        _ if args.quiet => {}
        LogFormat::Text => {
            let _ = summary::write(&mut err, &summary, Some(start.elapsed()), lang);
            if args.update && summary.update.is_none() && !args.resume {
                let why = lang.say("nothing: the folder is not whole, or of another version, other grammars or options");
                let _ = writeln!(err, "{}{why}", summary::head("taken over", lang));
            }
            let is_other = !inputs
                .iter()
                .map(|path| path.to_string_lossy())
                .eq(earlier.inputs.iter().map(String::as_str));
            if let (Some(first), true) = (earlier.inputs.first(), is_other && !args.resume) {
                let was = lang.fill("a conversion of other inputs: {}", &[&safe(first)]);
                let _ = writeln!(err, "{}{was}", summary::head("replaced", lang));
            }
            if earlier.is_corrected && job.corrections.is_empty() && !args.resume {
                let are =
                    lang.say("those of the earlier conversion are not given now, and not applied");
                let _ = writeln!(err, "{}{are}", summary::head("corrections", lang));
            }
            let unmet = job.corrections.unmet();
            if unmet > 0 && !args.resume {
                let are = match unmet {
                    1 => lang.fill("{} document that is not among the inputs", &[&unmet]),
                    _ => lang.fill("{} documents that are not among the inputs", &[&unmet]),
                };
                let _ = writeln!(err, "{}{are}", summary::head("corrections", lang));
            }
            let stopped =
                if summary.interrupted { lang.say("; --resume goes on") } else { "".into() };
            let head = summary::head("written to", lang);
            let _ = writeln!(err, "{head}{}{stopped}", args.out.display());
        }
        LogFormat::Json => {
            let seconds = start.elapsed().as_secs_f64();
            let event = serde_json::json!({
                "event": "summary", "seconds": seconds, "out": args.out, "summary": summary,
                "removed": summary.stale.removed, "not_of_this_run": summary.stale.left,
                "update": summary.update, "corrections_of_other_documents": job.corrections.unmet(),
            });
            let _ = writeln!(err, "{event}");
        }
    }
    Ok(if summary.interrupted {
        Exit::Interrupted
    } else {
        let found = |code: &Code| summary.findings.contains_key(code.name());
        args.fail.fail_on.exit(Code::ALL.iter().copied().filter(found))
    })
}

/// The inputs of the command line, and those that a list names.
fn inputs(args: &Convert) -> anyhow::Result<Vec<PathBuf>> {
    let mut inputs = args.inputs.clone();
    if let Some(list) = &args.files_from {
        let (name, bytes) = match read(list) {
            Ok(source) => (source.name, source.bytes),
            Err((name, finding)) => {
                return Err(Error::refused(name, finding.message).into());
            }
        };
        let other = |_| Error::refused(&name, "the list is not UTF-8");
        let text = String::from_utf8(bytes).map_err(other)?;
        inputs.extend(
            text.lines().map(str::trim_end).filter(|line| !line.is_empty()).map(PathBuf::from),
        );
    }
    Ok(inputs)
}

/// What the output depends on besides inputs and grammars.
fn options(args: &Convert, corrections: &Corrections, lang: Lang) -> Value {
    let has_workbook = args.format.iter().any(|format| format.name() == "xlsx");
    json!({
        "format": args.format.iter().map(|format| format.name()).collect::<Vec<_>>(),
        "csv_bom": args.csv_bom, "include": args.include, "exclude": args.exclude, "dedup": args.dedup,
        "list_skipped": args.list_skipped, "max_bytes": args.max_bytes, "max_seconds": args.max_seconds,
        "corrections": (!corrections.is_empty()).then(|| corrections.hash()),
        "lang": (has_workbook && lang != Lang::En).then(|| lang.tag()),
    })
}

/// What tells a conversion from others: all that its output depends on, and the build.
fn job_id(args: &Convert, inputs: &[PathBuf], corrections: &Corrections) -> anyhow::Result<String> {
    let grammars: Vec<String> =
        args.forms.grammars.iter().map(std::fs::read_to_string).collect::<Result<_, _>>()?;
    let what =
        (&args.format, args.csv_bom, &args.include, &args.exclude, args.dedup, args.list_skipped);
    let limits = (args.max_bytes, args.max_seconds);
    let version = (env!("CARGO_PKG_VERSION"), batch::BUILD);
    let corrections = corrections.hash();
    #[cfg(feature = "ocr")]
    let pictures = (crate::document::scan::is_ready(), crate::proven::accepted());
    #[cfg(not(feature = "ocr"))]
    let pictures = ();
    let all = format!(
        "{version:?} {inputs:?} {what:?} {limits:?} {grammars:?} {corrections} {pictures:?}"
    );
    Ok(Source::new("", all).sha256())
}

pub(super) fn stats(folder: &Path, lang: Lang) -> anyhow::Result<Exit> {
    let (summary, complete) = batch::stats(folder)?;
    let mut out = std::io::stdout().lock();
    summary::write(&mut out, &summary, None, lang)?;
    if !complete {
        let head = summary::head("not complete", lang);
        writeln!(out, "{head}{}", lang.say("convert --resume goes on"))?;
    }
    Ok(Exit::Clean)
}
