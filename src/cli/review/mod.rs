//! `nianbao review`: one page that leads a person through what needs one, by keyboard, and saves corrections.
//!
//! The page needs nothing else and no network. What documents say reaches it as data, which its script shows as text; its
//! content security policy allows that one script and its style sheet.

use super::args::Review as Asked;
use super::exit::Exit;
use super::page::with_script;
use super::terminal::safe;
use crate::corrections::{COLUMNS, Corrections};
use crate::grammar::GrammarSet;
use crate::review::{Review, collect};
use anyhow::Context;
use serde_json::json;
use std::io::Write;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
const BODY: &str = include_str!("page.html");

pub(super) fn review(asked: &Asked, grammars: &GrammarSet) -> anyhow::Result<Exit> {
    let corrections = Corrections::read(&asked.corrections)?;
    let review = collect(&asked.folder, grammars, &corrections)?;
    let html = page(&review)?;
    std::fs::write(&asked.html, html).with_context(|| asked.html.display().to_string())?;
    let mut err = std::io::stderr().lock();
    let open: usize = review.items.iter().flat_map(|item| &item.cells).filter(|c| c.open).count();
    let (items, documents) = (review.items.len(), review.documents.len());
    let _ = writeln!(err, "{items} things to look at, {open} open cells, in {documents} documents");
    for name in review.absent.iter().take(10) {
        let _ = writeln!(err, "  not there any more, or another document now: {}", safe(name));
    }
    if review.absent.len() > 10 {
        let _ = writeln!(err, "  … and {} more", review.absent.len() - 10);
    }
    let _ = writeln!(err, "  written to         {}", safe(&asked.html.display().to_string()));
    Ok(Exit::Clean)
}

fn page(review: &Review) -> anyhow::Result<String> {
    let data = json!({
        "documents": review.documents, "items": review.items, "absent": review.absent.len(), "columns": COLUMNS,
    });
    Ok(with_script(BODY, STYLE, SCRIPT, &data)?)
}
