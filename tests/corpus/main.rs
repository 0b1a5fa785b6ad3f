//! Every case of `corpus/`: what must be read, and the two lists that hold the program to it.
//!
//! `corpus/PASS.list` names the cases that pass: a listed case that fails is an error, and so is an unlisted one that
//! passes. `corpus/SCORE.list` shows in every diff what a change of the program does. `BLESS=1 cargo test --test corpus`
//! writes both anew.

mod case;
mod compare;
#[path = "../invariants/mod.rs"]
#[expect(dead_code, reason = "broken invariants are tests of their own here")]
mod invariants;
mod score;

use case::Case;
use libtest_mimic::{Arguments, Trial};
use score::Score;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The folder of the corpus.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let bless = std::env::var("BLESS").is_ok_and(|v| !v.is_empty() && v != "0");
    let on_ci = std::env::var("CI").is_ok_and(|v| v == "true");
    assert!(!(bless && on_ci), "BLESS is for people: nothing may be blessed where CI=true");

    let reader = invariants::Reader::new(nianbao::grammar::GrammarSet::built_in());
    let cases = case::all(&folder());
    let mut score = Score::default();
    let mut passing = BTreeSet::new();
    let mut judged = Vec::new();
    for case in &cases {
        let (record, broken) = reader.judged(&case.source);
        let problems = compare::problems(&case.expected, &record, &mut score);
        score.add(&case.name, &record, problems.first());
        if problems.is_empty() {
            passing.insert(case.name.clone());
        }
        judged.push((case, problems, broken));
    }
    if bless {
        score::write("PASS.list", &list(&passing));
        score::write("SCORE.list", &score.to_string());
    }
    let listed: BTreeSet<String> = score::committed("PASS.list")
        .lines()
        .filter(|l| !l.is_empty())
        .map(str::to_owned)
        .collect();

    let mut trials = Vec::new();
    for (case, problems, broken) in judged {
        trials.push(trial(case, problems, listed.contains(&case.name)));
        trials.push(Trial::test(format!("invariants::{}", case.name), move || said(&broken)));
    }
    let names: BTreeSet<String> = cases.iter().map(|case| case.name.clone()).collect();
    let gone: Vec<String> = listed
        .difference(&names)
        .map(|name| format!("{name} is listed and does not exist"))
        .collect();
    trials.push(Trial::test("pass_list_names_cases", move || said(&gone)));
    trials.push(Trial::test("score_is_committed", move || {
        let (committed, now) = (score::committed("SCORE.list"), score.to_string());
        let hint = "the results changed; look at them, then: BLESS=1 cargo test --test corpus";
        if committed == now {
            return Ok(());
        }
        Err(format!("{hint}\n--- corpus/SCORE.list\n{committed}--- now\n{now}").into())
    }));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A listed case must pass, another must not; one that fails as known is shown as ignored.
fn trial(case: &Case, problems: Vec<String>, listed: bool) -> Trial {
    let known = !listed && !problems.is_empty();
    let test = move || match (listed, problems.is_empty()) {
        (false, true) => Err("passes, but corpus/PASS.list does not list it: BLESS=1".into()),
        _ => said(&problems),
    };
    Trial::test(format!("case::{}", case.name), test).with_ignored_flag(known)
}

fn said(problems: &[String]) -> Result<(), libtest_mimic::Failed> {
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n").into()) }
}

fn list(names: &BTreeSet<String>) -> String {
    names.iter().flat_map(|name| [name.as_str(), "\n"]).collect()
}
