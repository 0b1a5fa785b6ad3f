//! The panel as Parquet, Excel and Stata. That other programs read the same values out of them is held in `tests/readback` and
//! the tests of the Python package; here that all columns are there, with the statuses that the cells have.

use super::made::{Random, cell, county, judged, table};
use nianbao::grammar::GrammarSet;
use nianbao::panel::{Format, stata_names};
use std::fs;

#[test]
fn all_formats_have_the_columns_of_the_codebook_and_the_same_bytes_again() {
    let grammars = GrammarSet::built_in();
    let mut random = Random(19);
    let mut reports = county(&mut random, &[(410_423, "鲁山县")]);
    // the first cell of the form of 2019, and one more; the rest is of other forms
    for (at, report) in reports.iter_mut().enumerate() {
        report.who.insert("statuses", if at == 3 { "1b1a" } else { "2r" }.to_owned());
        report.who.insert("title", format!("{}=年报", if at == 0 { "'" } else { "" }));
    }
    reports[1].who.insert("title", "长".repeat(700));
    let total = cell("received", "total");
    reports[2].set(&total, 12);
    let panel = judged(table(&reports));
    let write = |name: &str| {
        let folder = std::env::temp_dir().join(format!("nianbao-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        panel.write(&folder).expect("it can be written");
        panel.write_as(&folder, Format::ALL, &grammars).expect("it can be written");
        folder
    };
    let (one, two) = (write("one"), write("two"));
    let mut names: Vec<String> = fs::read_dir(&one)
        .expect("it can be listed")
        .map(|entry| entry.expect("it is there").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort_unstable();
    let expected = [
        "coverage.csv",
        "coverage_shares.csv",
        "panel.csv",
        "panel.dta",
        "panel.parquet",
        "panel.xlsx",
        "panel_codebook.csv",
        "panel_findings.csv",
    ];
    assert_eq!(names, expected);
    for name in &names {
        let bytes = |folder: &std::path::Path| fs::read(folder.join(name)).expect("it is there");
        assert_eq!(bytes(&one), bytes(&two), "{name}");
    }
    let csv = fs::read_to_string(one.join("panel.csv")).expect("it is there");
    let mut lines = csv.lines();
    let head: Vec<&str> = lines.next().expect("a head").split(',').collect();
    let statuses: Vec<&str> = head.iter().copied().filter(|n| n.ends_with("__status")).collect();
    assert_eq!(statuses.len(), 2, "{statuses:?}");
    let ends: Vec<&str> = lines.map(|line| line.rsplitn(3, ',').take(2).last().unwrap()).collect();
    assert_eq!(ends, ["read", "read", "read", "blank", "read", "read", "read"]);
    let book = fs::read_to_string(one.join("panel_codebook.csv")).expect("it is there");
    let columns: Vec<&str> =
        book.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert!(columns.starts_with(&["body", "body_code_now", "state"]), "{columns:?}");
    assert_eq!(columns.iter().filter(|name| name.ends_with("__status")).count(), 2);
    assert!(!columns.contains(&"statuses") && !columns.contains(&total.as_str()), "{columns:?}");
    // Stata's file says where its parts are
    let stata = fs::read(one.join("panel.dta")).expect("it is there");
    let map = find(&stata, b"<map>") + 5;
    let parts = [
        "<stata_dta>",
        "<map>",
        "<variable_types>",
        "<varnames>",
        "<sortlist>",
        "<formats>",
        "<value_label_names>",
        "<variable_labels>",
        "<characteristics>",
        "<data>",
        "<strls>",
        "<value_labels>",
        "</stata_dta>",
    ];
    for (at, part) in parts.iter().enumerate() {
        let place = &stata[map + at * 8..map + at * 8 + 8];
        let place = u64::from_le_bytes(place.try_into().expect("eight bytes")) as usize;
        assert!(stata[place..].starts_with(part.as_bytes()), "{part}");
    }
    for name in stata_names(columns) {
        let mut own = name.clone().into_bytes();
        own.push(0);
        find(&stata, &own);
    }
    // a text longer than Stata's fixed ones is whole
    find(&stata, "长".repeat(700).as_bytes());
    for folder in [one, two] {
        fs::remove_dir_all(folder).expect("what was made can be removed");
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> usize {
    let at = bytes.windows(wanted.len()).position(|window| window == wanted);
    at.unwrap_or_else(|| panic!("{} is not there", String::from_utf8_lossy(wanted)))
}

#[test]
fn names_for_stata_are_short_and_different() {
    let long = "applications__refused__state_secret__natural_person";
    let names = stata_names([
        long,
        "year",
        "applications__refused__state_secret__natural_person__status",
        long,
    ]);
    assert_eq!(names[0], "app_refu_state_secre_natur_perso");
    assert_eq!(names[1], "year");
    assert!(names.iter().all(|name| name.len() <= 32), "{names:?}");
    assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), 4, "{names:?}");
}
