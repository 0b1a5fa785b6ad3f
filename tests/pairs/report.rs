//! What a run came to, kind by kind, and the failing documents as files.

use super::axes::{self, Choice};
use super::carriers;
use super::judge::Verdict;
use super::model::{Document, Want};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// The sums over many documents.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sums {
    pub(crate) documents: usize,
    pub(crate) printed: usize,
    pub(crate) given: usize,
    pub(crate) must: usize,
    pub(crate) lost: usize,
    pub(crate) wrong: usize,
    pub(crate) solved: usize,
    pub(crate) loud: usize,
    pub(crate) false_blank: usize,
    pub(crate) stopped: usize,
    /// Documents with a fault.
    pub(crate) faulty: usize,
}

impl Sums {
    pub(crate) fn add(&mut self, verdict: &Verdict) {
        self.documents += 1;
        self.printed += verdict.printed;
        self.given += verdict.given;
        self.must += verdict.must;
        self.lost += verdict.lost.len();
        self.wrong += verdict.wrong.len();
        self.solved += verdict.solved;
        self.loud += verdict.loud.len();
        self.false_blank += verdict.false_blank.len();
        self.stopped += usize::from(verdict.stopped.is_some());
        self.faulty += usize::from(!verdict.honest());
    }

    fn line(&self) -> String {
        // exact to the last digit shown
        let percent = |part: usize, whole: usize| {
            let share = (part * 10_000).checked_div(whole).unwrap_or(10_000);
            format!("{}.{:02}%", share / 100, share % 100)
        };
        format!(
            "{:>6} {:>8} {:>7} {:>8} {:>7} {:>7} {:>7} {:>7} {:>5}",
            self.documents,
            self.printed,
            percent(self.given, self.printed),
            percent(self.must - self.lost, self.must),
            self.wrong,
            self.solved,
            self.loud,
            self.false_blank,
            self.stopped
        )
    }
}

const HEAD: &str = "  docs  printed  given    must   WRONG  solved    loud  fblank  stop";

/// A document that was judged.
pub(crate) struct Judged {
    pub(crate) choice: Choice,
    pub(crate) seed: u64,
    pub(crate) verdict: Verdict,
}

/// The report: all, carriers, oddities by themselves, and the first documents of each kind that fail.
pub(crate) fn print(judged: &[Judged]) -> String {
    let mut all = Sums::default();
    let mut kinds: BTreeMap<(usize, usize), (Sums, Vec<&Judged>)> = BTreeMap::new();
    let mut carriers: BTreeMap<usize, Sums> = BTreeMap::new();
    for one in judged {
        all.add(&one.verdict);
        carriers.entry(one.choice[axes::CARRIER]).or_default().add(&one.verdict);
        for oddity in kinds_of(&one.choice) {
            let (sums, examples) = kinds.entry(oddity).or_default();
            sums.add(&one.verdict);
            if !one.verdict.honest() || !one.verdict.lost.is_empty() {
                examples.push(one);
            }
        }
    }
    let mut out = format!("{HEAD}\n{}  all\n\n", all.line());
    for (carrier, sums) in &carriers {
        let _ = writeln!(out, "{}  {}", sums.line(), axes::name(axes::CARRIER, *carrier));
    }
    out.push('\n');
    let mut order: Vec<_> = kinds.into_iter().collect();
    order.sort_by_key(|((axis, value), (sums, _))| {
        let bad = sums.wrong + sums.loud + sums.false_blank + sums.stopped;
        (*axis, std::cmp::Reverse(bad), *value)
    });
    for ((axis, value), (sums, _)) in &order {
        let name =
            if *axis == usize::MAX { "none odd".to_owned() } else { axes::name(*axis, *value) };
        let _ = writeln!(out, "{}  {name}", sums.line());
    }
    out += "\nThe simplest failing documents of each kind:\n";
    for ((axis, value), (_, examples)) in &mut order {
        examples.sort_by_key(|one| {
            (axes::oddities(&one.choice).len(), one.verdict.honest(), one.choice)
        });
        let Some(first) = examples.first() else { continue };
        let name =
            if *axis == usize::MAX { "none odd".to_owned() } else { axes::name(*axis, *value) };
        let _ = writeln!(out, "{name}: {}", axes::describe(&first.choice));
        for fault in first.verdict.faults().iter().take(2) {
            let _ = writeln!(out, "    {fault}");
        }
    }
    out
}

fn kinds_of(choice: &Choice) -> Vec<(usize, usize)> {
    let mut kinds = axes::oddities(choice);
    if choice[axes::CELL] != 0 {
        kinds.push((axes::PLACE, choice[axes::PLACE]));
    }
    if kinds.is_empty() {
        kinds.push((usize::MAX, 0));
    }
    kinds
}

/// Writes a document and what is right beside it.
pub(crate) fn write(folder: &Path, number: usize, one: &Judged, document: &Document) {
    let carrier = axes::Carrier::ALL[one.choice[axes::CARRIER]];
    let words = axes::describe(&one.choice);
    let plain = words.chars().filter(|char| char.is_ascii_alphanumeric() || " =_".contains(*char));
    let name: String = plain.collect::<String>().replace([' ', '='], "-");
    let name = format!("{number:05}-{}", name.chars().take(100).collect::<String>());
    let file = folder.join(format!("{name}.{}", carriers::ending(carrier)));
    let bytes = carriers::render(document, carrier);
    fs::write(&file, bytes).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut expected = expected(document);
    expected["about"] = json!({ "what": words, "seed": one.seed, "faults": one.verdict.faults() });
    let file = folder.join(format!("{name}.expected.json"));
    let text = serde_json::to_string_pretty(&expected).expect("a value is JSON");
    fs::write(&file, text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
}

/// Table, row, and the cells of the row in the order of the form: a number, null where nothing is printed, `?` where
/// something is that is no number or where the document has no such cell.
fn expected(document: &Document) -> Value {
    let truth = &document.truths[0];
    let mut tables = Map::new();
    for name in super::model::names(document.form) {
        let want = &truth.cells[&name];
        let rows = tables.entry(name[0]).or_insert_with(|| json!({}));
        let cells = rows
            .as_object_mut()
            .expect("rows by their key")
            .entry(name[1])
            .or_insert_with(|| json!([]));
        cells.as_array_mut().expect("cells in order").push(cell(want));
    }
    json!({ "form": truth.form, "year": truth.year, "tables": tables })
}

fn cell(want: &Want) -> Value {
    match want.values.first() {
        Some(value) => serde_json::from_str(value).expect("a truth is a number"),
        None if want.blank => Value::Null,
        None => json!("?"),
    }
}
