//! Bad input: no panic, no invented form, and time in step with the size.

use crate::growth;
use crate::invariants::Reader;
use nianbao::grammar::GrammarSet;
use nianbao::source::Source;

/// A document that is as good as any, to be spoiled.
const REPORT: &str = "某县人民政府2022年政府信息公开工作年度报告\n一、总体情况\n平稳。\n\
    二、主动公开政府信息情况\n第二十条第（一）项\n信息内容 本年制发件数 本年废止件数 现行有效件数\n\
    规章 0 0 0\n行政规范性文件 3 1 20\n第二十条第（五）项\n信息内容 本年处理决定数量\n行政许可 108\n\
    三、收到和处理政府信息公开申请情况\n一、本年新收政府信息公开申请数量 3 0 0 0 0 0 3\n\
    二、上年结转政府信息公开申请数量 0 0 0 0 0 0 0\n";

fn codes(bytes: impl Into<Vec<u8>>) -> Vec<String> {
    let record = Reader::new(GrammarSet::built_in()).record(&Source::new("hostile.txt", bytes));
    let list = record["diagnostics"].as_array().expect("diagnostics are a list");
    list.iter().map(|finding| finding["code"].as_str().unwrap_or_default().to_owned()).collect()
}

/// Time in step with the size, and a record that holds what every record must.
fn linear(name: &str, n: usize, text: impl Fn(usize) -> String) {
    let small = growth::linear(name, n, text);
    Reader::new(GrammarSet::built_in()).record(&small);
}

#[test]
fn err_no_text() {
    assert_eq!(codes(""), ["empty"]);
    assert_eq!(codes(" \n\t\r\n\u{3000}\u{FEFF}\u{a0}\n"), ["empty"]);
    assert_eq!(codes("\u{FEFF}"), ["empty"]);
    assert_eq!(codes(b"\xFF\xFE".as_slice()), ["empty"]);
}

#[test]
fn err_binary() {
    let mut state = 1u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    })
    .take(100_000)
    .collect();
    assert_eq!(codes(noise), ["binary"]);
    let refused = codes(vec![0u8; 100_000]);
    assert!(refused == ["binary"] || refused == ["empty"], "{refused:?}");
    assert_eq!(
        codes(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 Root Entry".as_slice()),
        ["unsupported_format"]
    );
}

#[test]
fn ok_single_nuls_do_not_hide_the_report() {
    let record = Reader::new(GrammarSet::built_in())
        .record(&Source::new("nul.txt", REPORT.replace("平稳。", "平\0稳。")));
    assert!(record["form"] == "disclosure-2021" || record["reading"]["cells"] == 0);
}

#[test]
fn err_every_prefix_and_every_cut_is_survived() {
    let reader = Reader::new(GrammarSet::built_in());
    for (at, _) in REPORT.char_indices() {
        reader.record(&Source::new("head", &REPORT[..at]));
        reader.record(&Source::new("tail", &REPORT[at..]));
    }
    for at in 0..REPORT.len().min(200) {
        reader.record(&Source::new("cut", &REPORT.as_bytes()[at..]));
    }
}

#[test]
fn ok_twenty_megabytes_on_one_line() {
    let line = "行政许可108行政处罚20".repeat(20_000_000 / 29);
    let record = Reader::new(GrammarSet::built_in()).record(&Source::new("line", line));
    assert!(record["title"].is_null());
}

#[test]
fn linear_labels_and_digits() {
    linear("labels and digits", 40_000, |n| "行政许可108行政处罚20".repeat(n));
}

#[test]
fn linear_digits() {
    linear("digits", 250_000, |n| format!("{REPORT}（七）总计{}", "1".repeat(n)));
}

#[test]
fn linear_zeros() {
    linear("zeros", 250_000, |n| format!("{REPORT}（七）总计{}", "0".repeat(n)));
}

#[test]
fn linear_digits_with_blanks() {
    linear("digits with blanks", 250_000, |n| format!("{REPORT}（七）总计{}", "1 0 ".repeat(n)));
}

#[test]
fn linear_label() {
    linear("label", 5_000, |n| format!("{REPORT}{}", "行政许可\n".repeat(n)));
}

#[test]
fn linear_column() {
    linear("column", 10_000, |n| format!("{REPORT}{}", "本年制发件数 ".repeat(n)));
}

#[test]
fn linear_row() {
    linear("row", 5_000, |n| format!("{REPORT}{}", "（一）予以公开 1 0 0 0 0 0 1\n".repeat(n)));
}

#[test]
fn linear_glued_row() {
    linear("glued row", 5_000, |n| format!("{REPORT}{}", "（一）予以公开1000001\n".repeat(n)));
}

#[test]
fn linear_pipe_row() {
    linear("pipe row", 5_000, |n| {
        format!("{REPORT}{}", "| （一）予以公开 | 1 | 0 | 0 | 0 | 0 | 0 | 1 |\n".repeat(n))
    });
}

#[test]
fn linear_report() {
    linear("report", 500, |n| REPORT.repeat(n));
}

#[test]
fn linear_heading() {
    linear("heading", 25_000, |n| "三、收到和处理政府信息公开申请情况\n".repeat(n));
}

#[test]
fn linear_headings() {
    linear("headings", 8_000, |n| {
        "一、总体情况\n二、主动公开政府信息情况\n六、其他需要报告的事项\n".repeat(n)
    });
}

#[test]
fn linear_brackets() {
    linear("brackets", 100_000, |n| format!("{REPORT}{}", "（".repeat(n)));
}

#[test]
fn linear_nested_brackets() {
    linear("nested brackets", 50_000, |n| format!("{REPORT}{}{}", "(".repeat(n), ")".repeat(n)));
}

#[test]
fn linear_a_cell_of_brackets() {
    linear("a cell of brackets", 50_000, |n| {
        format!("{REPORT}（七）总计 | 1{}{} | 2 |", "（".repeat(n), "）".repeat(n))
    });
}

#[test]
fn linear_pinyin() {
    linear("pinyin", 50_000, |n| format!("{REPORT}{}", "政(zheng)".repeat(n)));
}

#[test]
fn linear_blanks() {
    linear("blanks", 100_000, |n| format!("{REPORT}（七）总计{}3", " ".repeat(n)));
}

#[test]
fn linear_ideographic() {
    linear("ideographic", 100_000, |n| format!("{REPORT}（七）总计{}3", "\u{3000}".repeat(n)));
}

#[test]
fn linear_line_ends() {
    linear("line ends", 100_000, |n| format!("{REPORT}（七）总计{}3", "\n".repeat(n)));
}

#[test]
fn linear_borders() {
    linear("borders", 100_000, |n| format!("{REPORT}（七）总计{}3", "|".repeat(n)));
}

#[test]
fn linear_borders_on_lines() {
    linear("borders on lines", 50_000, |n| format!("{REPORT}（七）总计{}3", "|\n".repeat(n)));
}

#[test]
fn linear_titles() {
    linear("titles", 10_000, |n| "某县2022年政府信息公开工作年度报告\n".repeat(n));
}

#[test]
fn linear_titles_on_one_line() {
    linear("titles on one line", 40_000, |n| "某县2022年政府信息公开工作年度报告".repeat(n));
}

#[test]
fn linear_years() {
    linear("years", 50_000, |n| format!("{REPORT}{}", "2022年".repeat(n)));
}

#[test]
fn linear_page_numbers() {
    linear("page numbers", 20_000, |n| format!("{REPORT}{}", "— 5 —\n".repeat(n)));
}

#[test]
fn linear_mojibake() {
    linear("mojibake", 20_000, |n| "淇℃伅鍏紑".repeat(n));
}

#[test]
fn linear_euro() {
    linear("euro", 20_000, |n| format!("淇℃伅鍏{}", "€".repeat(n)));
}
