//! An invented form gets what panels and databases compare between years, by its file alone.

use crate::cli::dir::Dir;
use nianbao::grammar::GrammarSet;
use rusqlite::Connection;
use std::path::Path;

const FORM: &str = include_str!("hotline.toml");

/// A report on a year: rows of calls, then of rules.
fn report(year: i32, calls: [[i64; 4]; 4], rules: [[i64; 3]; 2]) -> String {
    let mut text = format!(
        "鲁山县人民政府{year}年政务热线办理年报\n热线办理件数\t电话来件\t信函来件\t网上来件\t来件合计\n"
    );
    let row = |label: &str, numbers: &[i64]| {
        let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
        format!("{label}\t{}\n", numbers.join("\t"))
    };
    let labels = ["一、上年移交未办结", "二、本年受理", "三、本年办理完毕", "四、移交下年办理"];
    text.extend(labels.into_iter().zip(&calls).map(|(label, numbers)| row(label, numbers)));
    text.push_str("规程\t本年新订规程\t本年停用规程\t年末在用规程\n");
    let labels = ["来电办理规程", "人员管理规程"];
    text.extend(labels.into_iter().zip(&rules).map(|(label, numbers)| row(label, numbers)));
    text
}

/// Four years: the second does not take over what the first hands on, the third stands a column further, and in the fourth
/// rules are ten times as many as they can be.
fn written() -> Dir {
    let dir = Dir::new();
    let none = [0; 4];
    dir.file("form.toml", FORM)
        .file(
            "in/1.txt",
            report(
                2020,
                [none, [90, 5, 1, 96], [88, 5, 1, 94], [2, 0, 0, 2]],
                [[1, 0, 12], [0, 0, 4]],
            ),
        )
        .file(
            "in/2.txt",
            report(
                2021,
                [[3, 0, 0, 3], [80, 4, 0, 84], [77, 4, 0, 81], [6, 0, 0, 6]],
                [[2, 1, 13], [0, 0, 4]],
            ),
        )
        .file(
            "in/3.txt",
            report(
                2022,
                [[0, 6, 0, 6], [0, 89, 0, 89], [0, 94, 0, 94], [0, 1, 0, 1]],
                [[0, 0, 13], [0, 0, 4]],
            ),
        )
        .file(
            "in/4.txt",
            report(
                2023,
                [[0, 1, 0, 1], [70, 3, 0, 73], [70, 4, 0, 74], none],
                [[0, 0, 130], [0, 1, 3]],
            ),
        );
    let formats = "csv,sqlite";
    let convert =
        ["convert", "in", "--grammar", "form.toml", "--out", "out", "--format", formats, "--quiet"];
    dir.run(&convert).ends(0);
    dir
}

#[test]
fn ok_a_panel_compares_what_the_form_says() {
    let dir = written();
    dir.run(&["panel", "out", "--grammar", "form.toml", "--quiet"]).ends(0);
    let findings = dir.read("out/panel_findings.csv");
    let mut found: Vec<String> = findings
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            [fields[0], fields[5], fields[6], fields[9]].join(" ")
        })
        .collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "carry_differs 2020 calls.carried_out.phone calls.carried_in.phone",
            "carry_differs 2020 calls.carried_out.total calls.carried_in.total",
            "carry_shifted 2021 calls.carried_out.phone calls.carried_in.phone",
            "columns_shifted 2022 calls.received.mail calls.received.phone",
            "jump 2023 rules.of_calls.in_force rules.of_calls.in_force",
            "stock_differs 2022 rules.of_calls.in_force rules.of_calls.in_force",
        ],
        "{findings}"
    );
    // the lines of a body are those of the form
    let page = dir.read("out/panel.html");
    assert!(page.contains(r#""lines":["received","done"]"#), "the page draws other lines");
}

#[test]
fn ok_the_database_has_the_views_of_the_form() {
    let dir = written();
    let database = Connection::open(dir.path("out/nianbao.sqlite")).expect("it is a database");
    let rows = |sql: &str| -> Vec<String> {
        let mut query = database.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        let width = query.column_count();
        let row = |row: &rusqlite::Row<'_>| {
            let values = (0..width).map(|at| row.get::<_, rusqlite::types::Value>(at));
            let values: Vec<_> = values.collect::<Result<_, _>>()?;
            Ok(values.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>().join(" "))
        };
        let rows = query.query_map((), row).expect("it can be asked");
        rows.collect::<Result<_, _>>().expect("rows can be read")
    };
    assert_eq!(
        rows(
            "SELECT id, year, \"left\", \"right\" FROM between_years WHERE \"left\" <> \"right\" ORDER BY year, id"
        ),
        [
            r#"Text("calls.carry.phone") Integer(2020) Integer(2) Integer(3)"#,
            r#"Text("calls.carry.total") Integer(2020) Integer(2) Integer(3)"#,
            r#"Text("calls.carry.mail") Integer(2021) Integer(0) Integer(6)"#,
            r#"Text("calls.carry.phone") Integer(2021) Integer(6) Integer(0)"#,
            r#"Text("rules.stock.of_calls") Integer(2022) Integer(13) Integer(130)"#,
        ]
    );
    // three pairs of years, four columns and two rows each
    assert_eq!(rows("SELECT count(*) FROM between_years"), ["Integer(18)"]);
    assert_eq!(
        rows("SELECT year, received, open, open_rate FROM workload ORDER BY year LIMIT 1"),
        ["Integer(2020) Integer(96) Integer(2) Real(0.020833333333333332)"]
    );
}

#[test]
fn err_what_is_of_one_year_only_or_of_no_cell() {
    let told = |from: &str, to: &str| {
        assert!(FORM.contains(from));
        let set = GrammarSet::built_in();
        match set.with(Path::new("form.toml"), &FORM.replacen(from, to, 1)) {
            Ok(_) => panic!("{to}: no mistake"),
            Err(mistake) => mistake.to_string(),
        }
    };
    for (from, to, said) in [
        ("last.carried_out = carried_in", "carried_out = carried_in", "of one year only"),
        ("last.carried_out = carried_in", "last.carried_out = last.carried_in", "of one year only"),
        (
            "last.carried_out = carried_in",
            "last.carried_uot = carried_in",
            "did you mean `carried_out`?",
        ),
        ("\"calls.done.total\"", "\"calls.done.sum\"", "unknown cell `calls.done.sum`"),
        (
            "received = calls.received.total",
            "calls.received.total = received",
            "unknown name `received`",
        ),
        ("whole = \"received\"", "whole = \"all\"", "unknown column `all`"),
        ("steady = [\"in_force\"]", "steady = [\"force\"]", "unknown column `force`"),
    ] {
        assert!(told(from, to).contains(said), "{to}: {}", told(from, to));
    }
}
