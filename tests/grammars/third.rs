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
