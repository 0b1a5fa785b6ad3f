//! A yearly table whose columns and rows the document names, by a grammar that was written from its page alone.

use crate::invariants::Reader;
use nianbao::grammar::GrammarSet;
use nianbao::source::Source;
use serde_json::Value;
use std::path::Path;

fn record(text: &str) -> Value {
    let set = GrammarSet::built_in();
    let form = include_str!("sampling.toml");
    let set = set.with(Path::new("sampling.toml"), form).expect("the grammar has no mistake");
    let record = Reader::new(set).record(&Source::new("sampling.txt", text));
    assert_eq!(record["form"], "sampling-2022");
    record
}

fn row(record: &Value, key: &str) -> Vec<(String, Option<f64>)> {
    let cells = record["tables"]["samples"][key].as_object();
    let cells = cells.unwrap_or_else(|| panic!("no row {key}: {}", record["tables"]));
    cells.iter().map(|(column, cell)| (column.clone(), cell["value"].as_f64())).collect()
}

fn is(record: &Value, key: &str, truth: &[(&str, f64)]) {
    let truth: Vec<_> = truth.iter().map(|(column, v)| ((*column).to_owned(), Some(*v))).collect();
    assert_eq!(row(record, key), truth);
}

#[test]
fn ok_rows_by_name_and_the_amount_in_yuan() {
    let record = record(
        "某市2022年农产品质量安全抽检年度统计表\n单位 例行抽检 风险监测 其他抽检 合计 抽检费用（元）\n\
         东城区 12 3 0 15 4500\n西城区 8 0 1 9 2700\n全市合计 20 3 1 24 7200\n",
    );
    let truth = |routine, risk, other, total, cost| {
        [("routine", routine), ("risk", risk), ("other", other), ("total", total), ("cost", cost)]
    };
    is(&record, "东城区", &truth(12.0, 3.0, 0.0, 15.0, 0.45));
    is(&record, "西城区", &truth(8.0, 0.0, 1.0, 9.0, 0.27));
    is(&record, "total", &truth(20.0, 3.0, 1.0, 24.0, 0.72));
    let checks = record["checks"].as_array().expect("checks are a list");
    // kinds of three rows, bodies of five columns
    assert_eq!(checks.len(), 8);
    assert!(checks.iter().all(|check| check["status"] == "holds"));
}

#[test]
fn ok_several_kinds_in_one_header_and_no_names() {
    let record = record(
        "某市2022年农产品质量安全抽检年度统计表\n例行抽检、监督抽检 | 风险监测、其他抽检 | 总批次 |\n31 | 7 | 38 |\n",
    );
    is(&record, "all", &[("routine_supervised", 31.0), ("risk_and_other", 7.0), ("total", 38.0)]);
}

#[test]
fn ok_two_bands() {
    let record = record(
        "某市2022年农产品质量安全抽检年度统计表\n单位\n例行抽检\n监督抽检\n风险监测\n东城区\n1\n2\n3\n其他抽检\n合计\n抽检费用（万元）\n4\n10\n0.5\n",
    );
    let truth = [
        ("routine", 1.0),
        ("supervised", 2.0),
        ("risk", 3.0),
        ("other", 4.0),
        ("total", 10.0),
        ("cost", 0.5),
    ];
    is(&record, "东城区", &truth);
}
