//! An invented form of another family is read in every layout, by a grammar file alone.

use crate::invariants::{Reader, cells};
use nianbao::grammar::GrammarSet;
use nianbao::source::Source;
use serde_json::Value;
use std::path::Path;

pub(crate) const FORM: &str = include_str!("statistics.toml");
const VALUES: [u64; 15] = [12, 7, 19, 30, 4, 34, 8, 21, 29, 50, 32, 82, 6, 2, 8];

fn record(text: &str) -> Value {
    let set = GrammarSet::built_in();
    let set = set.with(Path::new("statistics.toml"), FORM).expect("the grammar has no mistake");
    let record = Reader::new(set).record(&Source::new("statistics.txt", text));
    assert_eq!(record["form"], "preschool-2020");
    assert_eq!(record["year"], 2020);
    assert_eq!(record["issuer"]["name"], "某市");
    record
}

fn values(record: &Value) -> Vec<Option<u64>> {
    cells(record).iter().map(|(_, cell)| cell["value"].as_u64()).collect()
}

fn fails(record: &Value) -> Vec<&str> {
    let checks = record["checks"].as_array().expect("checks are a list");
    checks.iter().filter(|c| c["status"] == "fails").filter_map(|c| c["id"].as_str()).collect()
}

#[test]
fn ok_rows() {
    let record = record(include_str!("rows.txt"));
    assert_eq!(values(&record), VALUES.map(Some));
    assert_eq!(record["reading"]["read"], 15);
    assert!(record["checks"].as_array().is_some_and(|c| c.iter().all(|c| c["status"] == "holds")));
    let keys: Vec<&Value> =
        record["sections"].as_array().into_iter().flatten().map(|s| &s["key"]).collect();
    assert_eq!(keys, ["counts", "remarks"]);
}

#[test]
fn ok_pipes() {
    let record = record(include_str!("pipes.txt"));
    assert_eq!(values(&record), VALUES.map(Some));
    assert_eq!(record["reading"]["read"], 15);
}

#[test]
fn ok_glued_digits_are_cut_by_the_sums() {
    let record = record(include_str!("glued.txt"));
    assert_eq!(values(&record), VALUES.map(Some));
}

#[test]
fn err_wrong_sum_keeps_its_value_and_fails() {
    let record = record(include_str!("wrong.txt"));
    let cell = &record["tables"]["kindergartens"]["village"]["total"];
    assert_eq!((cell["value"].as_u64(), cell["status"].as_str()), (Some(35), Some("read")));
    let wrong = ["kindergartens.row_total.village", "kindergartens.column_total.total"];
    assert_eq!(fails(&record), wrong);
}

#[test]
fn ok_own_form_does_not_touch_the_others() {
    let set = GrammarSet::built_in();
    let set = set.with(Path::new("statistics.toml"), FORM).expect("the grammar has no mistake");
    let source = Source::new("good.txt", include_str!("../cli/good.txt"));
    let with = Reader::new(set).record(&source);
    let without = Reader::new(GrammarSet::built_in()).record(&source);
    assert_eq!(with, without);
}

/// Three tables with units beside labels, a stock that adds up, a rate, and money with a sign.
#[test]
fn ok_a_form_written_from_the_page_alone() {
    let form = include_str!("organisations.toml");
    let read = |name: &str, text: &'static str| {
        let set = GrammarSet::built_in();
        let set =
            set.with(Path::new("organisations.toml"), form).expect("the grammar has no mistake");
        Reader::new(set).record(&Source::new(name.to_owned(), text))
    };
    let plain = read("a.txt", include_str!("organisations.txt"));
    assert_eq!(plain["form"], "organisations-2023");
    assert_eq!(plain["issuer"]["name"], "青枫县民政局");
    assert_eq!(
        (&plain["reading"]["read"], &plain["reading"]["unreadable"]),
        (&48.into(), &2.into())
    );
    let cell = |table: &str, row: &str, column: &str| &plain["tables"][table][row][column];
    assert_eq!(cell("registration", "end", "total")["value"], 451);
    assert_eq!(cell("inspection", "total", "rate")["status"], "unreadable");
    assert_eq!(cell("finance", "spending", "change")["value"], -49.6);
    assert_eq!(fails(&plain), Vec::<&str>::new());
    let glued = read("b.txt", include_str!("organisations-glued.txt"));
    assert_eq!(glued["reading"]["solved"], 20);
    assert_eq!(glued["tables"]["registration"]["end"]["services"]["value"], 319);
}
