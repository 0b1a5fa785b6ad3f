//! How cells, tables and entries of archives are named to people.

use super::dir::{Dir, GOOD};
use nianbao::grammar::{ANY_ROW, GrammarSet};
use std::collections::BTreeSet;
use std::io::Write;

#[test]
fn ok_a_cell_is_named_by_table_group_row_and_column() {
    let dir = Dir::new();
    dir.file("in/a.txt", GOOD);
    dir.run(&["convert", "in", "--out", "out", "--quiet"]).ends(0);
    let book = dir.read("out/codebook.csv");
    for (column, label) in [
        (
            ",applications__not_processed__repeat__total,",
            "收到和处理政府信息公开申请情况 › （五）不予处理 › 2.重复申请 › 总计（件）",
        ),
        // a row that stands under another one of its table
        (
            ",indicators__answers__granted__year,",
            "政府信息公开情况统计表 › 对申请的答复总数 › 1.同意公开答复数 › ",
        ),
    ] {
        let line = book.lines().find(|line| line.contains(column)).expect("it has a line");
        assert!(line.contains(label), "{line}");
    }
    let told = dir.run(&["explain", "in/a.txt"]).ends(0).out;
    assert!(told.contains("\n  （五）不予处理\n  1."), "{told}");
    assert!(told.contains("（二）部分公开（区分处理的，只计这一情形，不计其他情形） 0"), "{told}");
    dir.run(&["explain", "in/a.txt", "--html", "a.html"]).ends(0);
    assert!(dir.read("a.html").contains("colspan=\"8\">（五）不予处理</th>"));
}

/// Two cells of a table that are named alike cannot be told apart by whoever reads the codebook.
#[test]
fn ok_no_two_cells_of_a_form_are_named_alike() {
    for grammar in GrammarSet::built_in().all() {
        for table in &grammar.tables {
            let mut known = BTreeSet::new();
            for (at, row) in table.rows.iter().enumerate().filter(|(_, row)| row.key != ANY_ROW) {
                for column in &row.columns {
                    let label = table.full_label(at, *column);
                    assert!(
                        !label.starts_with(&table.key),
                        "{}: {} has no title",
                        grammar.id,
                        table.key
                    );
                    assert!(known.insert(label.clone()), "{}: {label}", grammar.id);
                }
            }
        }
    }
}

#[test]
fn ok_what_is_absent_and_may_be_is_said() {
    let dir = Dir::new();
    let text = "某县水务局行政执法统计年报\n2022年行政处罚实施情况统计表\n单位名称 警告 罚款 合计 罚没金额\n某县水务局 1 2 3 4.5\n";
    let told = dir.file("a.txt", text).run(&["--lang", "zh", "explain", "a.txt"]).ends(0).out;
    for absent in ["行政许可（`licences`）", "行政强制（`coercion`）"] {
        assert!(told.contains(&format!("{absent}：文件中没有，格式容许没有\n")), "{told}");
    }
    assert!(told.contains("0 缺失") && !told.contains("（`penalties`）：文件中没有"), "{told}");
}

#[test]
fn err_an_archive_is_no_document_and_says_what_is_in_it() {
    let dir = Dir::new();
    let mut zip = zip::ZipWriter::new(std::fs::File::create(dir.path("a.zip")).expect("a file"));
    for at in 0..12 {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(format!("{at:02}.txt"), options).expect("an entry");
        zip.write_all(GOOD.as_bytes()).expect("it can be written");
    }
    zip.finish().expect("it can be written");
    for (command, code) in [("explain", 2), ("parse", 0)] {
        let told = dir.run(&[command, "a.zip"]).ends(code).err;
        assert!(told.contains("name one of its documents:\n    a.zip!/00.txt\n"), "{told}");
        assert!(told.contains("a.zip!/09.txt\n    …") && !told.contains("10.txt"), "{told}");
    }
    // the rule of `--fail-on` is that of a conversion
    dir.run(&["parse", "a.zip", "--fail-on", "warning"]).ends(1);
    dir.run(&["explain", "a.zip!/00.txt"]).ends(0);
}

#[test]
fn ok_a_summary_names_what_is_of_no_form() {
    let dir = Dir::new();
    dir.file("in/a.txt", GOOD)
        .file("in/b.txt", "某县2022年政府信息公开工作年度报告\n一、总体情况\n无。\n");
    let told = dir.run(&["convert", "in", "--out", "out"]).ends(0).err;
    assert!(told.contains("of no form         1\n    in/b.txt: "), "{told}");
    assert!(
        dir.read("out/summary.json").contains("\"formless_count\":1"),
        "{}",
        dir.read("out/summary.json")
    );
}
