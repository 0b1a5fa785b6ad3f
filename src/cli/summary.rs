//! What a conversion read and what not, for people.

use super::terminal::{fit, safe, width};
use crate::batch::Summary;
use crate::finding::Code;
use crate::lang::Lang;
use crate::reading::Status;
use std::fmt::Display;
use std::io::Write;
use std::time::Duration;

/// What a line is about, so wide that all lines begin at one column.
pub(super) fn head(what: &str, lang: Lang) -> String {
    const WIDTH: usize = 18;
    let what = lang.say(what);
    // a longer one is cut by nothing
    format!("  {} ", fit(&what, WIDTH.max(width(&what))))
}

/// The first of these documents, each with its finding.
fn named(
    out: &mut impl Write,
    documents: &[(String, String)],
    count: u64,
    lang: Lang,
) -> std::io::Result<()> {
    const SHOWN: usize = 10;
    for (name, why) in documents.iter().take(SHOWN) {
        // `code: message`
        let why = match why.split_once(": ") {
            Some((code, message)) => format!("{code}: {}", lang.say(message)),
            None => why.clone(),
        };
        writeln!(out, "    {}: {}", safe(name), safe(&why))?;
    }
    if count > SHOWN as u64 {
        writeln!(out, "    {}", lang.say("… all of them are in the diagnostics"))?;
    }
    Ok(())
}

/// What was read and what was not.
pub(super) fn write(
    out: &mut impl Write,
    summary: &Summary,
    time: Option<Duration>,
    lang: Lang,
) -> std::io::Result<()> {
    sizes(out, summary, time, lang)?;
    forms(out, summary, lang)?;
    counts(out, summary, lang)?;
    if summary.unread_count > 0 {
        writeln!(out, "{}{}", head("not read, or cut", lang), summary.unread_count)?;
        named(out, &summary.unread, summary.unread_count, lang)?;
    }
    if summary.formless_count > 0 {
        let head = head("of no form", lang);
        writeln!(out, "{head}{}", summary.formless_count)?;
        named(out, &summary.formless, summary.formless_count, lang)?;
    }
    changes(out, summary, lang)
}

/// How much was read, and how quickly.
fn sizes(
    out: &mut impl Write,
    summary: &Summary,
    time: Option<Duration>,
    lang: Lang,
) -> std::io::Result<()> {
    #[expect(clippy::cast_precision_loss, reason = "rates for people")]
    let (documents, megabytes) = (summary.documents as f64, summary.bytes as f64 / 1e6);
    let size = format!("{megabytes:.1}");
    let counts: [&dyn Display; 3] = [&summary.documents, &summary.reports, &size];
    write!(out, "{}", lang.fill("{} documents, {} reports, {} MB", &counts))?;
    if let Some(time) = time {
        let seconds = time.as_secs_f64().max(0.001);
        let rates = [seconds, documents / seconds, megabytes / seconds];
        let [seconds, rate, speed] =
            [format!("{:.1}", rates[0]), format!("{:.0}", rates[1]), format!("{:.1}", rates[2])];
        let values: [&dyn Display; 3] = [&seconds, &rate, &speed];
        write!(out, "{}", lang.fill(" in {} s ({} documents/s, {} MB/s)", &values))?;
    }
    writeln!(out)
}

/// The reports of each form and year.
fn forms(out: &mut impl Write, summary: &Summary, lang: Lang) -> std::io::Result<()> {
    let mut forms: Vec<(&str, String)> = Vec::new();
    for ((form, year), count) in &summary.by_form {
        let year = year.map_or(lang.say("year unknown"), |y| y.to_string().into());
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
    Ok(())
}

/// Cells, checks, findings, and what was passed over.
fn counts(out: &mut impl Write, summary: &Summary, lang: Lang) -> std::io::Result<()> {
    let mut line = |what: &str, text: &str| writeln!(out, "{}{text}", head(what, lang));
    let cells: Vec<String> = Status::ALL
        .iter()
        .zip(summary.cells)
        .map(|(s, n)| format!("{n} {}", lang.say(s.name())))
        .collect();
    line("cells", &cells.join(", "))?;
    let [holds, fails, open] = summary.checks;
    let mut sums = lang.fill("{} hold, {} fail, {} open", &[&holds, &fails, &open]);
    // a sum that no reading of glued digits satisfies is open, and a finding all the same
    let told = summary.findings.get(Code::SumFails.name()).copied().unwrap_or_default();
    if told > fails {
        let words = " (of these {} that no reading of their digits satisfies)";
        sums.push_str(&lang.fill(words, &[&(told - fails)]));
    }
    line("checks", &sums)?;
    if !summary.findings.is_empty() {
        let findings: Vec<String> =
            summary.findings.iter().map(|(code, n)| format!("{code} {n}")).collect();
        line("findings", &findings.join(", "))?;
    }
    if !summary.skipped.is_empty() {
        let skipped: Vec<String> =
            summary.skipped.iter().map(|(what, n)| format!("{n} {}", lang.say(what))).collect();
        line("passed over", &safe(&skipped.join(", ")))?;
    }
    if summary.duplicates != [0, 0] {
        let [bytes, reports] = summary.duplicates;
        let what = if summary.without_duplicates {
            lang.say("left out")
        } else {
            lang.say("linked in duplicate_of")
        };
        let values: [&dyn Display; 3] = [&bytes, &reports, &what];
        line("duplicates", &lang.fill("{} of bytes, {} of reports, {}", &values))?;
    }
    Ok(())
}

/// What differs from the run before, and what an earlier run left.
fn changes(out: &mut impl Write, summary: &Summary, lang: Lang) -> std::io::Result<()> {
    let mut line = |what: &str, text: &str| writeln!(out, "{}{text}", head(what, lang));
    if let Some(update) = &summary.update {
        let read = summary.documents - update.kept;
        line("taken over", &lang.fill("{}, and {} read", &[&update.kept, &read]))?;
        if update.vanished > 0 {
            line("not there any more", &update.vanished.to_string())?;
            for name in update.named.iter().take(10) {
                writeln!(out, "    {}", safe(name))?;
            }
            if update.vanished > 10 {
                writeln!(out, "    {}", lang.say("… the first hundred are named in log.json"))?;
            }
        }
    }
    if !summary.stale.removed.is_empty() {
        let removed = summary.stale.removed.join(", ");
        let removed = lang.fill("{}: of an earlier run in this folder", &[&removed]);
        writeln!(out, "{}{removed}", head("removed", lang))?;
    }
    if !summary.stale.left.is_empty() {
        let left = safe(&summary.stale.left.join(", ")).into_owned();
        writeln!(out, "{}{left}", head("not of this run", lang))?;
    }
    Ok(())
}
