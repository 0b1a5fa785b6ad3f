//! What a conversion read and what not, for people.

use super::terminal::safe;
use crate::batch::Summary;
use crate::reading::Status;
use std::io::Write;
use std::time::Duration;

/// What was read and what was not.
pub(super) fn write(
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
    if summary.duplicates != [0, 0] {
        let [bytes, reports] = summary.duplicates;
        let what = if summary.without_duplicates { "left out" } else { "linked in duplicate_of" };
        writeln!(out, "  duplicates         {bytes} of bytes, {reports} of reports, {what}")?;
    }
    if summary.unread_count > 0 {
        writeln!(out, "  not read, or cut   {}", summary.unread_count)?;
        for (name, why) in summary.unread.iter().take(10) {
            writeln!(out, "    {}: {}", safe(name), safe(why))?;
        }
        if summary.unread_count > 10 {
            writeln!(out, "    … all of them are in the diagnostics")?;
        }
    }
    if let Some(update) = &summary.update {
        let read = summary.documents - update.kept;
        writeln!(out, "  taken over         {}, and {read} read", update.kept)?;
        if update.vanished > 0 {
            writeln!(out, "  not there any more {}", update.vanished)?;
            for name in update.named.iter().take(10) {
                writeln!(out, "    {}", safe(name))?;
            }
            if update.vanished > 10 {
                writeln!(out, "    … the first hundred are named in log.json")?;
            }
        }
    }
    if !summary.stale.removed.is_empty() {
        let removed = summary.stale.removed.join(", ");
        writeln!(out, "  removed            {removed}: of an earlier run in this folder")?;
    }
    if !summary.stale.left.is_empty() {
        let left = safe(&summary.stale.left.join(", ")).into_owned();
        writeln!(out, "  not of this run    {left}")?;
    }
    Ok(())
}
