//! Copies as published, in a folder that is no part of the repository. The numbers were typed from the print.

use crate::invariants::Reader;
use nianbao::grammar::GrammarSet;
use nianbao::source::Source;
use serde_json::Value;
use std::path::Path;

/// Rows of a table with their values, in the order of print.
type Rows<'a> = &'a [(&'a str, &'a [f64])];

/// The record of a copy; none where the folder does not exist.
fn record(name: &str) -> Option<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/forms");
    if !folder.is_dir() {
        let on_ci = std::env::var("CI").is_ok_and(|v| v == "true");
        assert!(!on_ci, "{} is absent", folder.display());
        return None;
    }
    let bytes = std::fs::read(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    let (record, mut broken) =
        Reader::new(GrammarSet::built_in()).judged(&Source::new(name, bytes));
    // the copies are one long line, cut by hand: the checker looks for all of its digits in the record
    broken.retain(|what| !what.contains("belongs to nothing"));
    assert!(broken.is_empty(), "{name}:\n  {}", broken.join("\n  "));
    Some(record)
}

/// Every row has these values, and there is no other.
fn has(record: &Value, table: &str, rows: Rows<'_>) {
    let table = record["tables"][table].as_object().unwrap_or_else(|| panic!("no table {table}"));
    let got: Vec<(&str, Vec<Option<f64>>)> = table
        .iter()
        .map(|(row, cells)| {
            let cells = cells.as_object().into_iter().flatten();
            (row.as_str(), cells.map(|(_, cell)| cell["value"].as_f64()).collect())
        })
        .collect();
    let want: Vec<(&str, Vec<Option<f64>>)> = rows
        .iter()
        .map(|(row, values)| (*row, values.iter().copied().map(Some).collect()))
        .collect();
    assert_eq!(got, want);
    let checks = record["checks"].as_array().expect("checks are a list");
    assert!(checks.iter().all(|check| check["status"] == "holds"), "{checks:?}");
}

fn columns(record: &Value, table: &str, row: &str) -> Vec<String> {
    let cells = record["tables"][table][row].as_object();
    cells.into_iter().flatten().map(|(key, _)| key.clone()).collect()
}

#[test]
fn fujian_2009() {
    let Some(record) = record("fujian-d1-2009-jiaotongju.txt") else { return };
    assert_eq!(record["form"], "disclosure-fujian-2009");
    assert_eq!(record["year"], 2009);
    assert_eq!(columns(&record, "indicators", "published"), ["value"]);
    let rows: Rows<'_> = &[
        ("published", &[6.0]),
        ("published.website", &[6.0]),
        ("published.gazette", &[0.0]),
        ("requests", &[0.0]),
        ("requests.in_person", &[0.0]),
        ("requests.fax", &[0.0]),
        ("requests.email", &[0.0]),
        ("requests.online", &[0.0]),
        ("requests.letter", &[0.0]),
        ("requests.other", &[0.0]),
        ("answers", &[0.0]),
        ("answers.granted", &[0.0]),
        ("answers.partly_granted", &[0.0]),
        ("answers.refused", &[0.0]),
        ("reconsiderations", &[0.0]),
        ("litigations", &[0.0]),
        ("complaints", &[0.0]),
    ];
    has(&record, "indicators", rows);
}

#[test]
fn fujian_2016() {
    let Some(record) = record("fujian-d1-2016-shichangju.txt") else { return };
    assert_eq!(record["form"], "disclosure-fujian-2014");
    assert_eq!(record["year"], 2016);
    assert_eq!(columns(&record, "indicators", "published"), ["year", "cumulative"]);
    let rows: Rows<'_> = &[
        ("published", &[201.0, 370.0]),
        ("published.website", &[172.0, 330.0]),
        ("published.gazette", &[0.0, 0.0]),
        ("requests", &[0.0, 0.0]),
        ("requests.in_person", &[0.0, 0.0]),
        ("requests.fax", &[0.0, 0.0]),
        ("requests.letter_fax", &[0.0, 0.0]),
        ("answers", &[0.0, 0.0]),
        ("answers.granted", &[0.0, 0.0]),
        ("answers.partly_granted", &[0.0, 0.0]),
        ("answers.refused", &[0.0, 0.0]),
        ("answers.other", &[0.0, 0.0]),
        ("fees_reduced", &[0.0, 0.0]),
        ("complaints", &[0.0, 0.0]),
        ("reconsiderations", &[0.0, 0.0]),
        ("litigations", &[0.0, 0.0]),
    ];
    has(&record, "indicators", rows);
}

#[test]
fn fujian_2018() {
    let Some(record) = record("fujian-d1-2018-jiaojianju.txt") else { return };
    assert_eq!(record["form"], "disclosure-fujian-2014");
    assert_eq!(record["year"], 2018);
    assert_eq!(columns(&record, "indicators", "published"), ["year", "cumulative"]);
    let rows: Rows<'_> = &[
        ("published", &[225.0, 1892.0]),
        ("published.website", &[225.0, 1892.0]),
        ("published.gazette", &[0.0, 0.0]),
        ("requests", &[1.0, 5.0]),
        ("requests.in_person", &[1.0, 1.0]),
        ("requests.online", &[0.0, 1.0]),
        ("requests.letter_fax", &[0.0, 3.0]),
        ("answers", &[1.0, 5.0]),
        ("answers.granted", &[1.0, 5.0]),
        ("answers.partly_granted", &[0.0, 0.0]),
        ("answers.refused", &[0.0, 0.0]),
        ("answers.other", &[0.0, 0.0]),
        ("fees_reduced", &[0.0, 0.0]),
        ("complaints", &[0.0, 0.0]),
        ("reconsiderations", &[0.0, 0.0]),
        ("litigations", &[1.0, 1.0]),
    ];
    has(&record, "indicators", rows);
}

#[test]
fn enforcement_huangshi_in_two_bands() {
    let Some(record) = record("enforcement-huangshi-sww-2023.txt") else { return };
    assert_eq!(record["form"], "enforcement-2018");
    assert_eq!(record["year"], 2023);
    let printed = [
        "warning",
        "criticism",
        "fine",
        "confiscated_income",
        "confiscated_goods",
        "licence_suspended",
        "licence_downgraded",
        "licence_revoked",
        "activities_restricted",
        "production_stopped",
        "closed",
        "employment_restricted",
        "detention",
        "other",
        "total",
        "amount",
    ];
    assert_eq!(columns(&record, "penalties", "市商务局"), printed);
    has(&record, "penalties", &[("市商务局", &[0.0; 16])]);
}

#[test]
fn enforcement_qingyuan() {
    let Some(record) = record("enforcement-qingyuan-2024.txt") else { return };
    assert_eq!(record["form"], "enforcement-2018");
    assert_eq!(record["year"], 2024);
    let printed = [
        "warning_criticism",
        "fine",
        "confiscated",
        "licence_suspended_downgraded",
        "licence_revoked",
        "activities_restricted",
        "production_stopped_and_closed_and_employment_restricted",
        "detention",
        "other",
        "total",
        "amount",
    ];
    assert_eq!(columns(&record, "penalties", "all"), printed);
    let row = [12175.0, 94929.0, 235.0, 189.0, 101.0, 0.0, 11.0, 504.0, 12.0, 108_156.0, 1753.79];
    has(&record, "penalties", &[("all", &row)]);
    assert_eq!(
        columns(&record, "licences", "all"),
        ["applied", "accepted", "licensed", "refused", "revoked"]
    );
    has(&record, "licences", &[("all", &[26569.0, 26569.0, 26462.0, 102.0, 5.0])]);
}

#[test]
fn enforcement_zhengzhou() {
    let Some(record) = record("enforcement-zhengzhou-cg-2020.txt") else { return };
    assert_eq!(record["form"], "enforcement-2018");
    assert_eq!(record["year"], 2020);
    let printed = [
        "warning",
        "fine",
        "confiscated",
        "licence_suspended",
        "production_stopped",
        "licence_revoked",
        "other",
        "total",
        "amount",
    ];
    assert_eq!(columns(&record, "penalties", "all"), printed);
    has(&record, "penalties", &[("all", &[0.0, 293.0, 0.0, 0.0, 0.0, 0.0, 0.0, 293.0, 11817.5])]);
    has(&record, "licences", &[("all", &[2207.0, 2207.0, 2207.0, 0.0, 0.0])]);
}

#[test]
fn a_narrative_and_a_table_of_fees_alone_are_no_form() {
    for name in ["narrative-2013-dishuiju.txt", "fee-table-section6-2025.txt"] {
        let Some(record) = record(name) else { return };
        assert_eq!(record["form"], Value::Null, "{name}");
    }
}

/// The fee table of section six within the report that it is cut out of: one case, 800 of 元.
#[test]
fn fees_of_section_six() {
    let text = format!(
        "{}\n六、其他需要报告的事项\n\t通知收取件数\t通知收取金额（元）\t实际收取金额（元）\n信息处理费收取情况\t1\t800\t0\n",
        include_str!("../cli/good.txt")
    );
    let record = Reader::new(GrammarSet::built_in()).record(&Source::new("fees.txt", text));
    let row = &record["tables"]["processing_fees"]["charged"];
    assert_eq!(row["notices"]["value"], 1);
    assert_eq!(row["amount_noticed"]["value"].as_f64(), Some(0.08));
    assert_eq!(row["amount_received"]["value"].as_f64(), Some(0.0));
}
