//! Whole reports in which one thing is odd, or two: no wrong value, nothing printed called blank, and every plain cell
//! of a clean document given.
//!
//! The axes and their values are in `axes.rs`, what odd cells say in `cells.tsv`. The generator knows for each cell what
//! may be given: the number that is printed, nothing, or either. A run makes every oddity in every carrier and pairs of
//! oddities in a carrier that is drawn; of the contents of odd cells every eighth meets an oddity. More is said and done
//! with
//!
//! ```text
//! cargo test --release --test all pairs::report -- --ignored --nocapture
//! ```
//!
//! - `PAIRS=pairs`: every pair; `PAIRS=all`: every pair in every carrier, and 200,000 documents with three or four
//!   oddities
//! - `PAIRS_ONLY=words`: only documents whose description has all of these words (`carrier=tabs cell=12%`)
//! - `PAIRS_WRITE=folder`: writes failing documents there, and what is right beside them
//! - `PAIRS_LOST=1`: cells that must be given and are not count as failing for that
//! - `PAIRS_SEED=n`: other numbers
//! - `PAIRS_PROGRAM=path`: reads with that program (`path parse FILE`) instead of with this library
//!
//! `mutated` in place of `report` does the same for the documents of the corpus with one thing changed (`mutations/`);
//! there `MUTATIONS=all` asks for every change of every document.

#![expect(clippy::format_push_string, reason = "documents are put together piece by piece")]

#[path = "../corpus/case.rs"]
mod case;

mod axes;
mod build;
mod carriers;
mod contents;
mod figures;
mod judge;
mod model;
mod mutations;
mod report;

use crate::generator::{form, random};
use crate::invariants::{self, Reader};
use axes::{Choice, Extent};
use nianbao::grammar::GrammarSet;
use rayon::prelude::*;
use report::{Judged, Sums};
use std::env;
use std::path::Path;

/// The text as a mirror site converts it.
fn traditional(text: &str) -> String {
    hanconv::s2t(text)
}

fn setting(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Every document of the plan, judged; those that make no sense are left out.
fn run(plan: &[Choice], seed: u64) -> Vec<Judged> {
    let reader = Reader::new(GrammarSet::built_in());
    plan.par_iter()
        .enumerate()
        .filter_map(|(index, choice)| {
            let seed = seed + index as u64;
            let document = build::document(choice, seed)?;
            let carrier = axes::Carrier::ALL[choice[axes::CARRIER]];
            let bytes = carriers::render(&document, carrier);
            let name = format!("{index}.{}", carriers::ending(carrier));
            let verdict = judge::judge(&reader, &document, &name, bytes);
            Some(Judged { choice: *choice, seed, verdict })
        })
        .collect()
}

fn plan() -> Vec<Choice> {
    let extent = match setting("PAIRS").as_deref() {
        None => Extent::Usual,
        Some("pairs") => Extent::Pairs,
        Some("all") => Extent::All,
        Some(other) => panic!("PAIRS is `pairs` or `all`, not {other}"),
    };
    let mut plan = axes::plan(extent);
    if let Some(words) = setting("PAIRS_ONLY") {
        plan.retain(|choice| {
            let described = axes::describe(choice) + " ";
            words.split(' ').all(|word| described.contains(&format!("{word} ")))
        });
    }
    plan
}

fn seed() -> u64 {
    setting("PAIRS_SEED").and_then(|seed| seed.parse().ok()).unwrap_or(0) * 1_000_003
}

fn sums(judged: &[Judged]) -> Sums {
    let mut sums = Sums::default();
    for one in judged {
        sums.add(&one.verdict);
    }
    sums
}

/// Documents with a fault among those of the default seed; none may be added. A report of 2019 that has a row of the later form
/// and whose labels are wrapped is read as the later form; of a doubled row one label is cut by a page; of an empty row of
/// totals nobody says that the header lacks a column.
const KNOWN: usize = 3;

#[test]
fn no_further_pair_of_oddities_gives_a_wrong_value() {
    let judged = run(&axes::plan(Extent::Usual), 0);
    let sums = sums(&judged);
    assert!(sums.documents > 10_000, "{} documents were made", sums.documents);
    assert!(sums.faulty <= KNOWN && sums.solved == 0, "{}", report::print(&judged));
}

/// Prints the report and writes what fails.
#[test]
#[ignore = "prints a report for people"]
fn report() {
    let judged = run(&plan(), seed());
    println!("{}", report::print(&judged));
    let Some(folder) = setting("PAIRS_WRITE") else { return };
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder).expect("the folder can be made");
    let lost = setting("PAIRS_LOST").is_some();
    let failing = |one: &&Judged| !one.verdict.honest() || (lost && !one.verdict.lost.is_empty());
    for (number, one) in judged.iter().filter(failing).enumerate().take(20_000) {
        let document = build::document(&one.choice, one.seed).expect("it was made before");
        report::write(folder, number, one, &document);
    }
}

/// One change in so many that are possible, unless all are asked for.
fn every() -> usize {
    match setting("MUTATIONS").as_deref() {
        None => 5,
        Some("all") => 1,
        Some(number) => number.parse().expect("MUTATIONS is `all` or one in how many"),
    }
}

#[test]
#[ignore = "takes a quarter of an hour"]
fn no_change_of_the_corpus_gives_a_wrong_value() {
    let outcomes = mutations::run(every());
    assert_eq!(mutations::faulty(&outcomes), 0, "{}", mutations::print(&outcomes));
}

/// Prints the report and writes what fails.
#[test]
#[ignore = "prints a report for people"]
fn mutated() {
    let outcomes = mutations::run(every());
    println!("{}", mutations::print(&outcomes));
    if let Some(folder) = setting("PAIRS_WRITE") {
        mutations::write(Path::new(&folder), &outcomes);
    }
}

#[test]
fn the_same_seed_makes_the_same_document() {
    for (index, choice) in axes::plan(Extent::Usual).iter().enumerate().step_by(97) {
        let made = || {
            let document = build::document(choice, index as u64)?;
            Some(carriers::render(&document, axes::Carrier::ALL[choice[axes::CARRIER]]))
        };
        assert_eq!(made(), made(), "{}", axes::describe(choice));
    }
}
