//! `nianbao panel`: the output of a conversion made into a panel.

use super::args::Panel as Asked;
use super::exit::{Exit, FailOn};
use super::panel_page;
use super::summary::head;
use super::terminal::safe;
use crate::batch;
use crate::corrected::{self, Applied};
use crate::corrections::Corrections;
use crate::grammar::GrammarSet;
use crate::lang::Lang;
use crate::panel::{Panel, Weight, Wide};
use anyhow::Context;
use serde_json::json;
use std::io::Write;
use std::time::{Instant, SystemTime};

/// Makes the panel, writes its tables and its page, and says what was found.
pub(super) fn panel(
    asked: &Asked,
    words: &[String],
    grammars: &GrammarSet,
    lang: Lang,
) -> anyhow::Result<Exit> {
    let ((Some(out), _) | (None, [out])) = (asked.out.as_ref(), &asked.folders[..]) else {
        anyhow::bail!("a panel of several folders needs --out");
    };
    let start = (SystemTime::now(), Instant::now());
    let corrections = Corrections::read(&asked.corrections)?;
    let mut wide = Wide::open_all(&asked.folders, grammars)?;
    let applied = corrected::apply(&mut wide, grammars, &corrections)?;
    let mut panel = Panel::of(wide, grammars);
    panel.csv_bom = asked.csv_bom;
    panel.lang = lang;
    std::fs::create_dir_all(out).with_context(|| out.display().to_string())?;
    panel.write(out)?;
    panel.write_as(out, &asked.format, grammars)?;
    let mut removed = Panel::forget(out, &asked.format)?;
    if !asked.no_page {
        panel_page::write(&panel, out, (grammars, &corrections), asked.pages, lang)?;
        removed.retain(|name| !out.join(name).exists());
    }
    let format: Vec<_> = asked.format.iter().map(|format| format.name()).collect();
    let options = json!({
        "format": format, "csv_bom": asked.csv_bom,
        "corrections": (!corrections.is_empty()).then(|| corrections.hash()),
    });
    let about = batch::about(grammars, &asked.folders, &options);
    batch::of_panel(out, &about, words, start)?;
    if !asked.quiet {
        let mut err = std::io::stderr().lock();
        let _ = write!(err, "{}", safe_lines(&panel.summary(lang)));
        tell(&mut err, &applied, lang);
        if !removed.is_empty() {
            let removed = lang.fill("{}, of an earlier panel", &[&removed.join(", ")]);
            let _ = writeln!(err, "{}{removed}", head("removed", lang));
        }
        let _ = writeln!(err, "{}{}", head("written to", lang), safe(&out.display().to_string()));
    }
    let is_clean = panel.findings.iter().all(|finding| finding.kind.weight() == Weight::Note);
    // what does not fit is what a panel is made to find, and no failure unless that was asked for
    let fails = asked.fail.fail_on == FailOn::Warning && !is_clean;
    Ok(if fails { Exit::Findings } else { Exit::Clean })
}

/// Says what became of corrections.
fn tell(err: &mut impl Write, applied: &Applied, lang: Lang) {
    if *applied == Applied::default() {
        return;
    }
    let _ = writeln!(
        err,
        "{}{}",
        head("corrected", lang),
        lang.fill("{} documents", &[&applied.documents])
    );
    for (document, why) in &applied.refused {
        let told = format!("{document}: {}", lang.say(why));
        let _ = writeln!(err, "{}{}", head("not applied", lang), safe(&told));
    }
    for absent in &applied.absent {
        let what = lang.fill("{}: not there any more, or another document now", &[&safe(absent)]);
        let _ = writeln!(err, "{}{what}", head("not corrected", lang));
    }
}

fn safe_lines(text: &str) -> String {
    text.lines().map(|line| safe(line).into_owned() + "\n").collect()
}
