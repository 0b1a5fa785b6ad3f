//! `nianbao review`: one page that leads a person through what needs one, by keyboard, and saves corrections.
//!
//! The page needs nothing else and no network. What documents say reaches it as data, which its script shows as text; its
//! content security policy allows that one script and its style sheet.

use super::args::Review as Asked;
use super::exit::Exit;
use super::page::with_script;
use super::summary::head;
use super::terminal::safe;
use crate::corrections::{COLUMNS, Corrections};
use crate::grammar::GrammarSet;
use crate::lang::Lang;
use crate::panel::Kind;
use crate::reading::Status;
use crate::review::{Review, collect};
use anyhow::Context;
use serde_json::json;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::Write;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
const BODY: &str = include_str!("page.html");

pub(super) fn review(asked: &Asked, grammars: &GrammarSet, lang: Lang) -> anyhow::Result<Exit> {
    let corrections = Corrections::read(&asked.corrections)?;
    let mut review = collect(&asked.folder, grammars, &corrections)?;
    translate(&mut review, lang);
    let html = page(&review, lang)?;
    std::fs::write(&asked.html, html).with_context(|| asked.html.display().to_string())?;
    let mut err = std::io::stderr().lock();
    let open: usize = review.items.iter().flat_map(|item| &item.cells).filter(|c| c.open).count();
    let (items, documents) = (review.items.len(), review.documents.len());
    let counts: [&dyn Display; 3] = [&items, &open, &documents];
    let told = lang.fill("{} things to look at, {} open cells, in {} documents", &counts);
    let _ = writeln!(err, "{told}");
    for name in review.absent.iter().take(10) {
        let told = lang.fill("{}: not there any more, or another document now", &[&safe(name)]);
        let _ = writeln!(err, "  {told}");
    }
    if review.absent.len() > 10 {
        let _ = writeln!(err, "  {}", lang.fill("… and {} more", &[&(review.absent.len() - 10)]));
    }
    let _ =
        writeln!(err, "{}{}", head("written to", lang), safe(&asked.html.display().to_string()));
    Ok(Exit::Clean)
}

/// What is said in words, in this language; what is printed stays.
fn translate(review: &mut Review, lang: Lang) {
    for item in &mut review.items {
        item.text = lang.say(&item.text).into_owned();
        for place in &mut item.cells {
            place.at = lang.say(&place.at).into_owned();
            place.said = lang.say(&place.said).into_owned();
            for hint in place.candidates.iter_mut().flat_map(|candidate| &mut candidate.hints) {
                *hint = lang.say(hint).into_owned();
            }
        }
    }
}

fn page(review: &Review, lang: Lang) -> anyhow::Result<String> {
    let kinds = [Status::Unreadable.name(), Status::Ambiguous.name()].into_iter();
    let kinds = kinds.chain(Kind::ALL.map(Kind::name));
    let kinds: BTreeMap<&str, Cow<'_, str>> =
        kinds.filter(|_| lang != Lang::En).map(|name| (name, lang.say(name))).collect();
    let data = json!({
        "documents": review.documents, "items": review.items, "absent": review.absent.len(), "columns": COLUMNS,
        "words": lang.of_script(SCRIPT), "kinds": kinds,
    });
    Ok(with_script(&lang.page(BODY), STYLE, SCRIPT, &data)?)
}
