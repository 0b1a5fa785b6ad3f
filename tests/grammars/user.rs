//! What a user's grammar may say that no form of ours does, and what is said about it.

use crate::invariants::{Reader, cells};
use nianbao::grammar::{GrammarSet, doubts};
use nianbao::source::Source;
use serde_json::Value;
use std::path::Path;

const FORM: &str = r#"
id = "count-2015"
title = "an invented form"
titles = ["政府信息公开统计年报"]
select.words = ["统计数"]
[[table]]
key = "indicators"
frame = ["统计指标", "单位：条", "计量单位：件"]
column = [{ key = "value", labels = ["统计数"], unit = "条" }]
row = [
  { key = "active", labels = ["（一）主动公开文件数"] },
  { key = "issued", labels = ["（二）制发规范性文件总数"] },
  { key = "replied", labels = ["（三）回应公众关注热点数"] }]
"#;

fn record(form: &str, text: &str) -> Value {
    let set = GrammarSet::built_in();
    let set = set.with(Path::new("form.toml"), form).expect("the grammar has no mistake");
    Reader::new(set).record(&Source::new("a.txt", text))
}

fn values(record: &Value) -> Vec<Option<u64>> {
    cells(record).iter().map(|(_, cell)| cell["value"].as_u64()).collect()
}

/// A unit behind a row's label that the grammar calls a word of the frame: the number behind it was the next row's, and that of
/// the last row nobody's, without a word (`unclaimed_lines` 0).
#[test]
fn ok_a_unit_behind_a_label_is_no_label() {
    let lines = |unit: &str| {
        format!(
            "某县2015年政府信息公开统计年报\n统计指标 统计数\n（一）主动公开文件数{unit} 96\n\
             （二）制发规范性文件总数{unit} 95\n（三）回应公众关注热点数{unit} 94\n"
        )
    };
    for unit in ["", "（单位：条）", "(单位:条)", " 单位：条", "（计量单位：件）"]
    {
        let record = record(FORM, &lines(unit));
        assert_eq!(values(&record), [Some(96), Some(95), Some(94)], "{unit}");
        assert_eq!(record["reading"]["unclaimed_lines"], 0, "{unit}");
    }
    // over the table and in a header it is what the grammar says it is
    let headed = lines("").replace("统计指标 统计数", "单位：条\n统计指标 统计数（单位：条）");
    assert_eq!(values(&record(FORM, &headed)), [Some(96), Some(95), Some(94)]);
}

#[test]
fn ok_no_form_of_ours_is_doubtful_but_where_it_is_known() {
    let told: Vec<String> = GrammarSet::built_in()
        .all()
        .iter()
        .flat_map(|form| doubts(form).into_iter().map(|doubt| format!("{}: {doubt}", form.id)))
        .collect();
    assert_eq!(told, Vec::<String>::new());
}
