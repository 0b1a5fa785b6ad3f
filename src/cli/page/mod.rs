//! `explain --html`: the source and its reading side by side on one page, for a person who checks by looking.
//!
//! The page needs nothing else: no network, no script, no fonts. What it shows of a document is hostile until escaped,
//! and its content security policy allows nothing but its own style sheet and, of a scan, the pictures that are
//! in it.

mod cells;
mod reading;
mod source;

use super::terminal::safe;
use crate::lang::Lang;
use crate::reading::Status;
use crate::records::Report;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use cells::Cells;
use sha2::{Digest, Sha256};
use std::fmt::Write;

const STYLE: &str = include_str!("page.css");

/// The page for a report.
pub fn page(report: &Report<'_>, lang: Lang) -> String {
    let cells = Cells::of(report);
    let mut out = Page { html: String::with_capacity(report.text.len() * 4 + (64 << 10)), lang };
    let title = report.title.as_deref().map_or(lang.say("no title found"), Into::into);
    let title: &str = &title;
    let has_pictures = report.blocks.as_ref().is_some_and(|blocks| !blocks.scans.is_empty());
    let pictures = if has_pictures { "img-src data:; " } else { "" };
    let policy = format!(
        "default-src 'none'; {pictures}style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE)
    );
    let _ = write!(
        out.html,
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>"
    );
    out.text(title);
    let _ = write!(out.html, "</title>\n<style>{STYLE}</style>\n</head>\n<body>\n");
    head(&mut out, report, title);
    let _ = writeln!(
        out.html,
        "<main>\n<section id=\"source\" tabindex=\"0\" aria-label=\"{}\">\n<h2>{}</h2>",
        lang.say("source"),
        lang.say("Source")
    );
    source::write(&mut out, report, &cells);
    let _ = writeln!(
        out.html,
        "</section>\n<section id=\"reading\" tabindex=\"0\" aria-label=\"{}\">",
        lang.say("reading")
    );
    reading::write(&mut out, report, &cells);
    out.raw("</section>\n</main>\n</body>\n</html>\n");
    out.html
}

/// Where on its page a cell is marked: in the source, or where it has no text there, among the cells as read.
pub fn anchor(report: &Report<'_>, name: &str) -> Option<String> {
    let cells = Cells::of(report);
    let number = cells.all.iter().position(|named| named.name == name)?;
    let is_there = cells.all[number].cell.status() != Status::Missing;
    Some(format!("{}{number}", if is_there { 's' } else { 'c' }))
}

/// What is known of the document, and what the colours mean.
fn head(out: &mut Page, report: &Report<'_>, title: &str) {
    let lang = out.lang;
    let link = |to: &str| format!("<a href=\"#{to}\">{}</a>", lang.say(to));
    let links = ["source", "reading", "checks", "findings"].map(link).join(" · ");
    let _ = write!(out.html, "<header>\n<nav>{links}</nav>\n<h1>");
    out.text(title);
    out.raw("</h1>\n<dl>");
    let said = |what: Option<&str>, none: &str| match what {
        Some(what) => what.to_owned(),
        None => lang.say(none).into_owned(),
    };
    let year = report.year.map(|year| year.to_string());
    for (name, value) in [
        ("source", report.source.name.clone()),
        ("encoding", said(report.source.encoding, "none")),
        ("issuer", said(report.issuer.name.as_deref(), "not found")),
        ("year", said(year.as_deref(), "unknown")),
        ("form", said(report.form.as_deref().map(|form| form.id.as_str()), "not recognised")),
    ] {
        let _ = write!(out.html, "<div><dt>{}</dt><dd>", lang.say(name));
        out.text(&value);
        out.raw("</dd></div>");
    }
    out.raw("</dl>\n<p class=\"legend\">");
    for status in Status::ALL {
        let name = status.name();
        let (said, count) = (lang.say(name), report.count(status));
        let _ = write!(out.html, "<span class=\"{name}\">{said} {count}</span>");
    }
    out.raw("</p>\n</header>\n");
}

/// A page under construction.
struct Page {
    html: String,
    lang: Lang,
}

impl Page {
    /// Our own markup.
    fn raw(&mut self, html: &str) {
        self.html.push_str(html);
    }

    /// Anybody's text: nothing in it is markup, in content and in quoted attributes.
    fn text(&mut self, text: &str) {
        for c in safe(text).chars() {
            match c {
                '&' => self.html.push_str("&amp;"),
                '<' => self.html.push_str("&lt;"),
                '>' => self.html.push_str("&gt;"),
                '"' => self.html.push_str("&quot;"),
                '\'' => self.html.push_str("&#39;"),
                c => self.html.push(c),
            }
        }
    }
}

/// A page with its style sheet, its script and the data for it; a content security policy allows these and nothing else.
pub(super) fn with_script(
    body: &str,
    style: &str,
    script: &str,
    data: &impl serde::Serialize,
) -> serde_json::Result<String> {
    // a data block ends at `</script`, and nothing in it is markup otherwise
    let data = serde_json::to_string(data)?.replace('<', "\\u003c");
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(script),
        hash(style)
    );
    let page = body.replace("{policy}", &policy).replace("{style}", style);
    Ok(page.replace("{script}", script).replace("{data}", &data))
}

/// The hash of a text as a content security policy writes it.
fn hash(text: &str) -> String {
    BASE64_STANDARD.encode(Sha256::digest(text))
}
