//! Bad pages: no panic, time in step with the size, and what can be read is read.

use crate::growth;
use crate::invariants::Reader;
use nianbao::grammar::GrammarSet;
use nianbao::source::Source;

const ROWS: &str = "<table><tr><td>信息内容<td>本年制发件数<td>本年废止件数<td>现行有效件数\
    <tr><td>规章<td>1<td>2<td>3<tr><td>行政规范性文件<td>4<td>5<td>6</table>\
    <table><tr><td>信息内容<td>本年处理决定数量<tr><td>行政许可<td>7<tr><td>行政处罚<td>8<tr><td>行政强制<td>9</table>";

/// Time in step with the size, and the tables are read all the same.
fn linear(n: usize, page: impl Fn(usize) -> String) {
    let record = timed(n, &page);
    let cell = &record["tables"]["proactive"]["regulations"]["in_force"]["value"];
    assert_eq!(cell, 3, "{} bytes that begin {:.60}", page(n).len(), page(n));
}

/// The same, whatever can be read.
fn timed(n: usize, page: impl Fn(usize) -> String) -> serde_json::Value {
    Reader::new(GrammarSet::built_in()).record(&growth::linear("hostile.html", n, page))
}

/// The tables behind `before`.
fn page(before: &str, after: &str) -> String {
    format!("<html><p>某县2022年政府信息公开工作年度报告</p>{before}{ROWS}{after}")
}

#[test]
fn linear_nested_tables() {
    linear(2500, |n| page("", &"<table><tr><td>".repeat(n)));
    linear(2500, |n| page(&"<table><tr><td>x</td></tr></table>".repeat(n), ""));
}

#[test]
fn linear_nested_blocks() {
    linear(20_000, |n| page(&"<div>".repeat(n), ""));
    linear(20_000, |n| page(&"<div><p><b>".repeat(n), &"</p></section>".repeat(n)));
    linear(20_000, |n| page(&"<section></div>".repeat(n), ""));
}

#[test]
fn linear_spans() {
    linear(1000, |n| {
        page(
            "",
            &format!("<table>{}</table>", "<tr><td colspan=2147483647 rowspan=99999999>".repeat(n)),
        )
    });
    linear(5000, |n| page("", &format!("<table><tr>{}</table>", "<td rowspan=9>".repeat(n))));
    linear(2000, |n| {
        page("", &format!("<table>{}</table>", "<tr><td rowspan=65534>x</td>".repeat(n)))
    });
}

#[test]
fn linear_unclosed() {
    linear(10_000, |n| page("", &"<td a='".repeat(n)));
    linear(10_000, |n| page("", &"<!-- ".repeat(n)));
    linear(10_000, |n| page("", &"<script>".repeat(n)));
    linear(10_000, |n| page("", &"<script><!--<script>".repeat(n)));
    linear(10_000, |n| page("", &"</scrip".repeat(n)));
    linear(10_000, |n| page(&"<span style='display:none'>x".repeat(n), &"</span>".repeat(n)));
}

#[test]
fn linear_text() {
    linear(20_000, |n| page(&"&amp;&nbsp;&#x4e00;&bogus".repeat(n), ""));
    linear(20_000, |n| page(&"<a href=x.pdf>附件</a>".repeat(n), ""));
    linear(20_000, |n| page(&"<li><a href=x>规章</a></li>".repeat(n), ""));
    linear(20_000, |n| page(&"字 \n".repeat(n), ""));
    linear(20_000, |n| page(&"1<2 ".repeat(n), ""));
}

#[test]
fn linear_cells() {
    // here the same labels come again and again, and nobody can say which of them are the report's
    timed(2000, |n| {
        page("", &format!("<table>{}</table>", "<tr><td>规章<td>1<td>2<td>3".repeat(n)))
    });
    timed(2000, |n| page("", &format!("<table>{}</table>", "<tr><td>其他<td>1".repeat(n))));
    timed(2000, |n| page("", &"<table><tr><td>行政许可<td>1</table>".repeat(n)));
}

#[test]
fn err_every_prefix_of_a_page_is_survived() {
    let reader = Reader::new(GrammarSet::built_in());
    let whole =
        page("<div class=nav><a href='x.doc'>附件</a></div><script>var x</script>", "<p>完</p>");
    for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        reader.record(&Source::new("cut.html", &whole[..end]));
    }
}
