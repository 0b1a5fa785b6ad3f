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
    // beside a row that prints nothing the other numbers stay in their rows by that alone
    let one_blank = record(FORM, &lines("（单位：条）").replace("） 95", "）"));
    assert_eq!(values(&one_blank), [Some(96), None, Some(94)]);
    // over the table and in a header it is what the grammar says it is
    let headed = lines("").replace("统计指标 统计数", "单位：条\n统计指标 统计数（单位：条）");
    assert_eq!(values(&record(FORM, &headed)), [Some(96), Some(95), Some(94)]);
}

/// Any other word of the frame between a label and its number, or behind it: no number is lost, and where only numbers follow
/// in the line they are the row's.
#[test]
fn ok_no_word_of_the_frame_loses_a_number() {
    const LABELS: [&str; 3] =
        ["（一）主动公开文件数", "（二）制发规范性文件总数", "（三）回应公众关注热点数"];
    for word in ["其中网上", "（其中网上）", "[注1]", "数量合计"] {
        let plain = word.trim_matches(['（', '）', '[', ']']);
        let form = FORM.replace("\"单位：条\"", &format!("\"{plain}\""));
        let layouts: [(&str, &str, &str, bool); 6] = [
            ("LABEL WORD NUMBER\n", "统计指标 统计数\n", "\n", !word.contains('1')),
            ("LABELWORD NUMBER ", "统计指标 统计数 ", "\n", false),
            ("LABEL\nWORD\nNUMBER\n", "统计指标\n统计数\n", "\n", false),
            ("| LABEL | WORD | NUMBER |\n", "| 统计指标 | 说明 | 统计数 |\n", "", true),
            ("LABEL NUMBER WORD\n", "统计指标 统计数\n", "", false),
            ("LABEL 1 WORD NUMBER\n", "统计指标 统计数\n", "", false),
        ];
        for (row, head, end, is_given) in layouts {
            let rows: String = LABELS
                .iter()
                .zip(["9096", "9095", "9094"])
                .map(|(label, number)| {
                    row.replace("LABEL", label).replace("WORD", word).replace("NUMBER", number)
                })
                .collect();
            let text = format!("某县2015年政府信息公开统计年报\n{head}{rows}{end}");
            let record = record(&form, &text);
            if is_given {
                assert_eq!(values(&record), [Some(9096), Some(9095), Some(9094)], "{text}");
            }
            // given, or in what is said of a cell, or in what belongs to nothing
            let said = format!("{}{}", record["tables"], record["diagnostics"]);
            for number in ["9096", "9095", "9094"] {
                assert!(said.contains(number), "{number} of {text}\n{said}");
            }
        }
    }
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

#[test]
fn ok_headers_that_two_columns_have_are_doubtful() {
    let told = |form: &str| {
        let set = GrammarSet::built_in();
        let set = set.with(Path::new("a.toml"), form).expect("the grammar has no mistake");
        doubts(set.all().last().expect("it is there")).join("; ")
    };
    let form = super::third::FORM;
    assert!(!told(form).contains("have one header"));
    let same = form.replace("民办幼儿园", "公办幼儿园");
    assert!(told(&same).contains("have one header"), "{}", told(&same));
}
