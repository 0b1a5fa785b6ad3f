//! `nianbao panel`: the output of a conversion made into a panel.

use super::args::Panel as Asked;
use super::exit::{Exit, FailOn};
use super::panel_page;
use super::terminal::safe;
use crate::grammar::GrammarSet;
use crate::panel::{Panel, Weight, Wide};
use anyhow::Context;
use std::io::Write;

/// Makes the panel, writes its tables and its page, and says what was found.
pub(super) fn panel(asked: &Asked, grammars: &GrammarSet) -> anyhow::Result<Exit> {
    let ((Some(out), _) | (None, [out])) = (asked.out.as_ref(), &asked.folders[..]) else {
        anyhow::bail!("a panel of several folders needs --out");
    };
    let mut panel = Panel::of(Wide::open_all(&asked.folders)?, grammars);
    panel.csv_bom = asked.csv_bom;
    std::fs::create_dir_all(out).with_context(|| out.display().to_string())?;
    panel.write(out)?;
    panel.write_as(out, &asked.format, grammars)?;
    if !asked.no_page {
        panel_page::write(&panel, out, grammars, asked.pages)?;
    }
    if !asked.quiet {
        let mut err = std::io::stderr().lock();
        let _ = write!(err, "{}", safe_lines(&panel.summary()));
        let _ = writeln!(err, "  written to         {}", safe(&out.display().to_string()));
    }
    let is_clean = panel.findings.iter().all(|finding| finding.kind.weight() == Weight::Note);
    // what does not fit is what a panel is made to find, and no failure unless that was asked for
    let fails = asked.fail.fail_on == FailOn::Warning && !is_clean;
    Ok(if fails { Exit::Findings } else { Exit::Clean })
}

fn safe_lines(text: &str) -> String {
    text.lines().map(|line| safe(line).into_owned() + "\n").collect()
}
