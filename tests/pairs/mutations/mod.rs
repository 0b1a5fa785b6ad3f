//! The documents of the corpus with one thing changed: a cell taken out, a border, a label, a digit; a row doubled, a
//! foreign row put in, two columns changed over with their headers. What is right then follows from `expected.json` and
//! the change: a cell that is gone has no number, all others keep theirs or are not given.

mod changes;
mod expected;

use super::carriers;
use super::invariants::{self, Reader};
use super::judge;
use super::model::{Name, Want};
use super::random::Random;
use changes::{Change, Kind};
use expected::Base;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// The places of the cells of a document, as its record has them.
pub(super) struct Spot {
    pub(super) name: Name,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What a changed document came to.
pub(crate) struct Outcome {
    case: String,
    ending: String,
    change: Change,
    text: String,
    wrong: Vec<String>,
    /// Wrong beside a failing check.
    loud: Vec<String>,
    false_blank: Vec<String>,
    stopped: Option<String>,
}

impl Outcome {
    fn honest(&self) -> bool {
        self.wrong.is_empty() && self.false_blank.is_empty() && self.stopped.is_none()
    }
}

/// Every case of the corpus that is text and whose record has the places of its cells.
fn bases(reader: &Reader) -> Vec<Base> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    super::case::all(&corpus).iter().filter_map(|case| Base::of(case, reader)).collect()
}

/// Changes every document; `every` is 1 for all changes of it, more for one in so many.
pub(crate) fn run(every: usize) -> Vec<Outcome> {
    let reader = Reader::new(nianbao::grammar::GrammarSet::built_in());
    let bases = bases(&reader);
    assert!(bases.len() > 40, "only {} documents of the corpus can be changed", bases.len());
    bases
        .par_iter()
        .enumerate()
        .flat_map(|(index, base)| {
            let mut random = Random::new(index as u64);
            let mut changes = changes::all(base);
            changes.retain(|change| every == 1 || random.below(every * change.kind.rarity()) == 0);
            let outcomes: Vec<Outcome> =
                changes.into_par_iter().map(|change| judged(&reader, base, change)).collect();
            outcomes
        })
        .collect()
}

fn judged(reader: &Reader, base: &Base, change: Change) -> Outcome {
    let mut text = base.text.clone();
    let mut edits = change.edits.clone();
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    for (range, with) in edits {
        text.replace_range(range, &with);
    }
    let mut outcome = Outcome {
        case: base.name.clone(),
        ending: base.ending.clone(),
        change,
        text,
        wrong: Vec::new(),
        loud: Vec::new(),
        false_blank: Vec::new(),
        stopped: None,
    };
    let file = format!("changed.{}", base.ending);
    let record = match judge::read(reader, &file, outcome.text.clone().into_bytes()) {
        Ok(record) => record,
        Err(stopped) => {
            outcome.stopped = Some(stopped);
            return outcome;
        }
    };
    if record["form"] != base.form {
        // another form has other keys, and nothing to be compared
        return outcome;
    }
    let fails = judge::failing(&record);
    let cells: std::collections::HashMap<_, _> = invariants::cells(&record).into_iter().collect();
    for (name, want) in &base.wants {
        let changed = outcome.change.wants.iter().find(|(changed, _)| changed == name);
        let want = changed.map_or(want, |(_, want)| want);
        let Some(cell) = cells.get(name) else { continue };
        let said = || {
            let want = if want.values.is_empty() {
                "no number".to_owned()
            } else {
                want.values.join(" or ")
            };
            let (got, status, raw) = (&cell["value"], &cell["status"], &cell["raw"]);
            format!("{}: {want}, got {got} {status} {raw}", name.join("."))
        };
        let got = &cell["value"];
        if got.is_null() {
            if cell["status"] == "blank" && !want.blank {
                outcome.false_blank.push(said());
            }
            continue;
        }
        let got = judge::decimal(&got.to_string());
        if want.values.iter().any(|value| judge::decimal(value) == got) {
            continue;
        }
        if judge::over(*name, &fails) {
            outcome.loud.push(said());
        } else {
            outcome.wrong.push(said());
        }
    }
    outcome
}

/// The report, kind by kind.
pub(crate) fn print(outcomes: &[Outcome]) -> String {
    let mut out = String::from("  docs  faulty   WRONG    loud  fblank  stop\n");
    let mut kinds: BTreeMap<Kind, Vec<&Outcome>> = BTreeMap::new();
    for outcome in outcomes {
        kinds.entry(outcome.change.kind).or_default().push(outcome);
    }
    let line = |outcomes: &[&Outcome]| {
        let sum =
            |of: &dyn Fn(&Outcome) -> usize| outcomes.iter().map(|one| of(one)).sum::<usize>();
        format!(
            "{:>6} {:>7} {:>7} {:>7} {:>7} {:>5}",
            outcomes.len(),
            sum(&|one| usize::from(!one.honest())),
            sum(&|one| one.wrong.len()),
            sum(&|one| one.loud.len()),
            sum(&|one| one.false_blank.len()),
            sum(&|one| usize::from(one.stopped.is_some()))
        )
    };
    let _ = writeln!(out, "{}  all", line(&outcomes.iter().collect::<Vec<_>>()));
    for (kind, outcomes) in &kinds {
        let _ = writeln!(out, "{}  {}", line(outcomes), kind.name());
    }
    for (kind, outcomes) in &kinds {
        let mut seen = std::collections::HashSet::new();
        let faulty = outcomes.iter().filter(|one| !one.honest() && seen.insert(&one.case));
        for one in faulty.take(6) {
            let _ = writeln!(out, "{} {}: {}", kind.name(), one.case, one.change.what);
            let faults = one.stopped.iter().chain(&one.wrong).chain(&one.false_blank);
            for fault in faults.take(2) {
                let _ = writeln!(out, "    {fault}");
            }
        }
    }
    out
}

/// How many documents have a fault.
pub(crate) fn faulty(outcomes: &[Outcome]) -> usize {
    outcomes.iter().filter(|outcome| !outcome.honest()).count()
}

/// Writes the documents that have one.
pub(crate) fn write(folder: &Path, outcomes: &[Outcome]) {
    fs::create_dir_all(folder).expect("the folder can be made");
    for (number, one) in outcomes.iter().filter(|one| !one.honest()).take(5000).enumerate() {
        let case = one.case.rsplit('/').next().unwrap_or_default();
        let name = format!("{number:04}-{}-{case}", one.change.kind.name());
        let file = folder.join(format!("{name}.{}", one.ending));
        fs::write(file, &one.text).expect("a file can be written");
        let faults: Vec<&String> = one.wrong.iter().chain(&one.false_blank).collect();
        let about = serde_json::json!({ "change": one.change.what, "faults": faults });
        let text = serde_json::to_string_pretty(&about).expect("a value is JSON");
        fs::write(folder.join(format!("{name}.about.json")), text).expect("a file can be written");
    }
}

/// A cell that may keep its number or lose it.
pub(super) fn either(value: &Want) -> Want {
    Want { blank: true, ..value.clone() }
}

/// Not used by name elsewhere: a file ending decides how a document is read.
pub(super) fn is_page(ending: &str) -> bool {
    ending == carriers::ending(super::axes::Carrier::Html)
}
