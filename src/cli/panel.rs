//! `nianbao panel`: the output of a conversion made into a panel.

use super::args::Panel as Asked;
use super::exit::{Exit, FailOn};
use super::panel_page;
use super::terminal::safe;
use crate::batch;
use crate::corrected::{self, Applied};
use crate::corrections::Corrections;
use crate::grammar::GrammarSet;
use crate::panel::{Panel, Weight, Wide};
use anyhow::Context;
use serde_json::json;
use std::io::Write;
use std::time::{Instant, SystemTime};

/// Makes the panel, writes its tables and its page, and says what was found.
pub(super) fn panel(asked: &Asked, grammars: &GrammarSet) -> anyhow::Result<Exit> {
    let ((Some(out), _) | (None, [out])) = (asked.out.as_ref(), &asked.folders[..]) else {
        anyhow::bail!("a panel of several folders needs --out");
    };
    let start = (SystemTime::now(), Instant::now());
    let corrections = Corrections::read(&asked.corrections)?;
    let mut wide = Wide::open_all(&asked.folders, grammars)?;
    let applied = corrected::apply(&mut wide, grammars, &corrections)?;
    let mut panel = Panel::of(wide, grammars);
    panel.csv_bom = asked.csv_bom;
    std::fs::create_dir_all(out).with_context(|| out.display().to_string())?;
    panel.write(out)?;
    panel.write_as(out, &asked.format, grammars)?;
    let mut removed = Panel::forget(out, &asked.format)?;
    if !asked.no_page {
        panel_page::write(&panel, out, grammars, &corrections, asked.pages)?;
        removed.retain(|name| !out.join(name).exists());
    }
    let format: Vec<_> = asked.format.iter().map(|format| format.name()).collect();
    let options = json!({
        "format": format, "csv_bom": asked.csv_bom,
        "corrections": (!corrections.is_empty()).then(|| corrections.hash()),
    });
    let command: Vec<String> =
        std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let about = batch::about(grammars, &asked.folders, &options);
    batch::of_panel(out, &about, &command, start)?;
    if !asked.quiet {
        let mut err = std::io::stderr().lock();
        let _ = write!(err, "{}", safe_lines(&panel.summary()));
        tell(&mut err, &applied);
        if !removed.is_empty() {
            let _ =
                writeln!(err, "  removed            {}, of an earlier panel", removed.join(", "));
        }
        let _ = writeln!(err, "  written to         {}", safe(&out.display().to_string()));
    }
    let is_clean = panel.findings.iter().all(|finding| finding.kind.weight() == Weight::Note);
    // what does not fit is what a panel is made to find, and no failure unless that was asked for
    let fails = asked.fail.fail_on == FailOn::Warning && !is_clean;
    Ok(if fails { Exit::Findings } else { Exit::Clean })
}

/// Says what became of corrections.
fn tell(err: &mut impl Write, applied: &Applied) {
    if *applied == Applied::default() {
        return;
    }
    let _ = writeln!(err, "  corrected          {} documents", applied.documents);
    for refused in &applied.refused {
        let _ = writeln!(err, "  not applied        {}", safe(refused));
    }
    for absent in &applied.absent {
        let what = "not there any more, or another document now";
        let _ = writeln!(err, "  not corrected      {}: {what}", safe(absent));
    }
}

fn safe_lines(text: &str) -> String {
    text.lines().map(|line| safe(line).into_owned() + "\n").collect()
}
