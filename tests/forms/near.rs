//! Documents that look like these forms and are none of them.

use crate::invariants::Reader;
use nianbao::grammar::GrammarSet;
use nianbao::source::Source;
use serde_json::Value;

fn record(text: &str) -> Value {
    Reader::new(GrammarSet::built_in()).record(&Source::new("near.txt", text))
}

/// A disclosure report that speaks of penalties, and has a table of them.
#[test]
fn a_disclosure_report_with_such_a_table_stays_one() {
    let good = include_str!("../cli/good.txt");
    let before = record(good);
    let table = "附：行政处罚实施情况统计表\n警告 罚款 没收违法所得、没收非法财物 暂扣许可证、执照 责令停产停业 吊销许可证、执照 其他行政处罚 合计（宗） 罚没金额（万元）\n1 2 3 4 5 6 7 28 9.5\n";
    for text in [
        format!("{good}\n{table}"),
        format!("{good}\n全年作出警告3宗、罚款5宗、没收违法所得1宗，罚没金额12.5万元。\n"),
    ] {
        let record = record(&text);
        assert_eq!(record["form"], before["form"]);
        assert_eq!(record["tables"], before["tables"]);
    }
}

/// Words without a table, and a table without its header.
#[test]
fn words_alone_are_no_form() {
    for text in [
        "某县2023年法治政府建设年度报告\n行政处罚的种类有警告、通报批评、罚款、没收违法所得、没收非法财物、暂扣许可证件、责令停产停业、吊销许可证件、行政拘留。全年共作出3起。\n",
        "某县2016年政府信息公开工作年度报告\n全年主动公开文件数 12 件，受理依申请公开信息总数 3 条。行政复议数 0 件，行政诉讼数 0 件。\n",
        "某县2023年度行政执法统计年报\n全年行政处罚实施数量 12 宗，罚没金额 3.5 万元，责令停产停业 1 宗。\n",
    ] {
        let record = record(text);
        let values = nianbao_values(&record);
        assert!(values.is_empty(), "{text}\n{values:?}");
    }
}

fn nianbao_values(record: &Value) -> Vec<String> {
    crate::invariants::cells(record)
        .into_iter()
        .filter(|(_, cell)| !cell["value"].is_null())
        .map(|(name, cell)| format!("{name:?} {cell}"))
        .collect()
}

/// A kind of penalty that the form does not know stands in its own column, and no sum is asked of the others.
#[test]
fn an_unknown_kind_moves_nothing() {
    let text = "某县2023年度行政执法统计年报\n警告 | 罚款 | 责令改正 | 行政拘留 | 其他行政处罚 | 合计（宗） | 罚没金额（元） |\n1 | 2 | 30 | 4 | 5 | 42 | 1200 |\n";
    let record = record(text);
    let row = &record["tables"]["penalties"]["all"];
    let value = |key: &str| row[key]["value"].as_f64();
    let known = ["warning", "fine", "detention", "other", "total", "amount"].map(value);
    let truth = [1.0, 2.0, 4.0, 5.0, 42.0, 0.12];
    for (got, want) in known.iter().zip(truth) {
        assert!(got.is_none_or(|got| (got - want).abs() < 1e-9), "{row}");
    }
    assert!(record["checks"].as_array().is_some_and(Vec::is_empty), "{}", record["checks"]);
}

/// An amount without a unit may be of either.
#[test]
fn an_amount_without_a_unit_is_not_given() {
    let text = "某县2023年度行政执法统计年报\n警告 罚款 行政拘留 其他行政处罚 合计 罚没金额\n1 2 4 5 12 1200\n";
    let record = record(text);
    let row = &record["tables"]["penalties"]["all"];
    assert_eq!(row["total"]["value"], 12);
    assert_eq!(row["amount"]["status"], "unreadable");
}

/// `119465`: two columns, and nothing says where one ends.
#[test]
fn glued_columns_are_solved_by_sums_or_stay_open() {
    let text = "某局2015年度政府信息公开工作年度报告\n附表：\n指标名称计量单位2015年度历年累计\n主动公开文件数条119465\n其中：1.政府网站公开数条118460\n2.政府公报公开数条00\n受理政府信息公开申请总数条12180\n其中：1.当面申请数条315\n2.网上申请数条9165\n3.信函、传真申请数条00\n对申请的答复总数条1279\n其中：1.同意公开答复数条1279\n2.同意部分公开答复数条00\n3.不予公开答复数条00\n4.其他类型答复数条00\n政府信息公开收费减免金额元00\n接受行政申诉、举报数件00\n行政复议数件00\n行政诉讼数件00\n";
    let record = record(text);
    assert_eq!(record["form"], "disclosure-fujian-2014");
    let table = &record["tables"]["indicators"];
    let cell = |row: &str, column: &str| &table[row][column];
    // 119|465 or 11|9465: no sum has it
    assert_eq!(cell("published", "year")["status"], "ambiguous");
    // 12|180 = 3|15 + 9|165 + 0|0, and in no other way
    assert_eq!(cell("requests", "year")["value"], 12);
    assert_eq!(cell("requests", "cumulative")["value"], 180);
    assert_eq!(cell("requests.in_person", "cumulative")["value"], 15);
    assert_eq!(cell("requests.online", "year")["value"], 9);
}

/// Two ways to cut the digits add up: 12 407 3 1 0 and 1 2 407 3 10.
#[test]
fn penalties_that_two_cuts_fit_stay_open() {
    let text = "某县2021年度行政执法统计年报\n警告 通报批评 罚款 行政拘留 其他行政处罚 合计（宗）\n12407310423\n";
    let record = record(text);
    for (key, cell) in record["tables"]["penalties"]["all"].as_object().into_iter().flatten() {
        assert!(key == "total" || cell["value"].is_null(), "{key} {cell}");
    }
}
