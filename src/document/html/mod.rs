//! Web pages: the text that a reader sees, with its tables as grids.

mod elsewhere;
mod look;
mod names;
mod page;
mod skip;
mod style;
pub mod tokens;

use super::blocks::Blocks;
use crate::source::relevance;
use page::Options;

/// Shortest hidden part that a script would show, in bytes of its text.
const SHORT_PART: usize = 200;

/// Reads a decoded page, or a text that has tags in it.
///
/// ```
/// let blocks = nianbao::document::html::read("<table><tr><td>规章<td>3</table>");
/// assert_eq!(blocks.text, "规章\t3\t\n");
/// assert_eq!(blocks.grids[0].cells[1].col, 1);
/// ```
pub fn read(source: &str) -> Blocks {
    let lines = !source.trim_start_matches('\u{FEFF}').trim_start().starts_with('<');
    let mut page = page::read(source, Options { lines, ..Options::default() });
    let says = relevance::says_a_report(&page.blocks.text);
    let most_unshown = page.unshown > page.blocks.text.len();
    let may_say = || !page.hidden_parts.is_empty() && relevance::says_a_report(source);
    if most_unshown || (!says && may_say()) {
        // a script shows it, and here none runs; short parts are marks and keys for sorting
        let is_long = |bytes: usize| bytes >= SHORT_PART || bytes * 2 > page.unshown;
        let long = page.hidden_parts.iter().filter(|(_, bytes)| is_long(*bytes));
        let mut shown: Vec<u32> = long.map(|(start, _)| *start).collect();
        shown.sort_unstable();
        let mut whole = page::read(source, Options { shown, lines, ..Options::default() });
        if whole.unshown > whole.blocks.text.len() {
            // hidden in what is hidden
            whole = page::read(source, Options { lines, all: true, ..Options::default() });
        }
        if most_unshown || relevance::says_a_report(&whole.blocks.text) {
            page = whole;
        }
    }
    elsewhere::add(source, &mut page);
    let mut blocks = page.blocks;
    let title: String = page.title.split_whitespace().collect::<Vec<_>>().join(" ");
    // behind the text, outside of all containers: the body's own title goes before it
    if page.is_article_title {
        blocks.paragraph(&title);
    } else {
        for part in title_parts(&title) {
            blocks.paragraph(part);
        }
    }
    blocks
}

/// The parts of a window's title: the article's and the site's own stand side by side there, in any order.
///
/// A stroke between digits parts nothing.
fn title_parts(title: &str) -> Vec<&str> {
    let digit = |c: char| c.is_ascii_digit();
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, mark) in title.match_indices(['_', '|', '-', '–', '—', '－']) {
        let end = at + mark.len();
        if !(title[..at].ends_with(digit) && title[end..].starts_with(digit)) {
            parts.push(title[from..at].trim());
            from = end;
        }
    }
    parts.push(title[from..].trim());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text and cells of a page, for comparison: `row,col+span text`.
    fn cells(source: &str) -> Vec<Vec<String>> {
        let blocks = read(source);
        let cell = |c: &super::super::blocks::GridCell| {
            let spans = if (c.rows, c.cols) == (1, 1) {
                String::new()
            } else {
                format!("+{}x{}", c.rows, c.cols)
            };
            format!("{},{}{spans} {}", c.row, c.col, c.span.of(&blocks.text))
        };
        blocks.grids.iter().map(|grid| grid.cells.iter().map(cell).collect()).collect()
    }

    #[test]
    fn ok_spans_place_cells_as_browsers_do() {
        let source =
            "<table><tr><td rowspan=2>三、<td>（一）<td>1</td></tr><tr><td>（二）<td>2</table>";
        assert_eq!(cells(source), [["0,0+2x1 三、", "0,1 （一）", "0,2 1", "1,1 （二）", "1,2 2"]]);
    }

    #[test]
    fn ok_empty_cells_are_cells() {
        let source = "<table><tr><td>规章</td><td>&nbsp;</td><td></td><td><p><o:p> </o:p></p></td></tr>\
                      <tr><td></td><td>1</td></tr></table>后";
        assert_eq!(cells(source), [["0,0 规章", "0,1 \u{a0}", "0,2 ", "0,3 ", "1,0 ", "1,1 1"]]);
        assert!(read(source).text.ends_with("后\n"));
    }

    #[test]
    fn ok_layout_tables_hold_tables() {
        let source =
            "<table><tr><td>菜单</td><td>前<table><tr><td>a<td>b</table>后</td></tr></table>";
        assert_eq!(cells(source), [["0,0 a", "0,1 b"]]);
        assert_eq!(read(source).text, "菜单\t前\na\tb\t\n后\n\t\n");
        // a table of one cell in a cell is part of the cell
        let source = "<table><tr><td>规章<td><table><tr><td></td></tr></table><td>2</table>";
        assert_eq!(cells(source), [["0,0 规章", "0,1 ", "0,2 2"]]);
    }

    #[test]
    fn ok_words_split_over_tags() {
        let source = "<p><span>（</span><span>三\n</span>）<b>不予</b>公开</p><p>1<br>2</p><!--[if x]>菜单<![endif]-->";
        assert_eq!(read(source).text, "（三）不予公开\n1\n2\n");
        assert_eq!(
            read("<p>政府\n  信息 2022\n年 abc\ndef</p>").text,
            "政府信息 2022 年 abc def\n"
        );
    }

    #[test]
    fn ok_a_window_title_names_article_and_site() {
        assert_eq!(
            title_parts("某县门户网站 - 某县2020年报告_某县"),
            ["某县门户网站", "某县2020年报告", "某县"]
        );
        assert_eq!(title_parts("某县2020-2021年报告"), ["某县2020-2021年报告"]);
    }

    #[test]
    fn ok_the_foot_of_a_table_is_shown_behind_its_body() {
        let foot = "<table><thead><tr><td>头</thead><tfoot><tr><td>尾</tfoot><tbody><tr><td>身</tbody></table>后";
        assert_eq!(read(foot).text, "头\t\n身\t\n尾\t\n后\n");
        let last = "<table><tr><td>身<tfoot><tr><td>尾</tfoot></table>";
        assert_eq!(read(last).text, "身\t\n尾\t\n");
    }

    #[test]
    fn ok_what_is_struck_out_or_not_visible_is_not_read() {
        let source = "<table><tr><td><span style='text-decoration:line-through'>7</span>12</td>\
                      <td style='visibility:hidden'>9</td><td><s>3</s>4</td><td>5</table>";
        assert_eq!(cells(source), [["0,0 12", "0,1 ", "0,2 4", "0,3 5"]]);
        // as articles are before their script has run
        let article = "<div style='visibility: hidden; opacity: 0'><p>一、总体情况</p></div>";
        assert_eq!(read(article).text, "一、总体情况\n");
    }

    #[test]
    fn ok_what_is_filled_into_fields_is_text_of_their_cells() {
        let source = "<textarea>评论</textarea><table><tr><td>规章<td><textarea rows=1>3</textarea><td><input value=4></table>";
        assert_eq!(read(source).text, "规章\t3\t4\t\n");
    }

    #[test]
    fn ok_hidden_is_not_read() {
        let source = "<p>见<span style='display:none'>不<b>见</b></span>见</p><script>if (a<b) x</script>\
                      <table><tr><td>a<td style='display:none'>x<td>b<tr hidden><td>y<tr><td>c</table>";
        assert_eq!(cells(source), [["0,0 a", "0,1 b", "1,0 c"]]);
        assert!(read(source).text.starts_with("见见\n"));
        // but where a page hides nearly all it has, a script would show it
        assert_eq!(
            read("<div style='display:none'><p>一、总体情况</p></div>x").text,
            "一、总体情况\nx\n"
        );
    }

    /// The text of a cell whose page has a style sheet.
    fn styled(sheet: &str, cell: &str) -> String {
        let page =
            format!("<style>{sheet}</style><table><tr><td>规章</td><td>{cell}</td></tr></table>");
        cells(&page)[0][1].trim_start_matches("0,1 ").to_owned()
    }

    #[test]
    fn ok_what_style_sheets_hide_is_not_read() {
        for sheet in [
            ".k{display:none}",
            "td > .k, .x{visibility:hidden}",
            ".k{opacity:0}",
            ".k{font-size:0}",
            ".k{color:#fff}",
            "td{background:#eee}.k{color:#eee}",
            ".k{text-decoration:line-through}",
            ".k{position:absolute;left:-9999px}",
            ".k{position:absolute;clip:rect(0,0,0,0)}",
            ".k{display:inline-block;width:0;overflow:hidden}",
            "@media screen{.k{display:none!important}}.k{display:inline}",
            "td{color:#000;& .k{display:none}}",
            "td{.k{display:none}}",
            ".k{clip-path:circle(0)}",
            ".k{display:inline-block;width:1px;height:1px;overflow:hidden}",
            ":is(b,span).k{display:none}",
            "table>tbody>tr>td>.k{display:none}",
            ".\\6b {display:none}",
            "*|span{display:none}",
            ":root{--d:none}.k{display:var(--d)}",
            ".k{display:var(--none, none)}",
            ":root{--paper:#fff}.k{color:var(--paper)}",
            ".k{color:#00000000}",
            ".k{color:lab(100% 0 0)}",
            ".k{opacity:-1}",
            ".k{filter:blur(1px) opacity(0%)}",
            ".k{font:bold 0/1 serif}",
            ".k{font-size:min(0px, 1em)}",
            ".k{font-size:calc(1px - 1px)}",
            ".k{display:inline-block;transform:scale(.001)}",
            ".k{display:inline-block;transform:rotateX(90deg)}",
            ".k{display:inline-block;transform:matrix(0,0,0,0,1,1)}",
            ".k{display:inline-block;transform:translateX(-200vw)}",
            ".k{display:inline-block;scale:0}",
            ".k{display:inline-block;backface-visibility:hidden;transform:rotateY(180deg)}",
            ".k{display:inline-block;inline-size:0;overflow:hidden}",
            ".k{display:inline-block;text-indent:100%;overflow:hidden}",
            ".k{position:absolute;inset:0 auto auto -9999px}",
            ".k{clip-path:polygon(0 0,0 0,0 0)}",
            ".k{display/**/:/**/none}",
            "@media print or (min-width:10px){.k{display:none}}",
            "@layer a,b;@layer b{.k{display:none}}@layer a{.k{display:inline}}",
            "@layer a{.k{display:none!important}}.k{display:inline!important}",
            "td{@media screen{.k{display:none}}}.k{@media screen{display:none}}",
        ] {
            assert_eq!(styled(sheet, "<span class=k>9</span>12"), "12", "{sheet}");
        }
        for sheet in [
            "b+i{display:none}",
            "u~i{display:none}",
            "td>b~i{display:none}",
            "i:nth-of-type(1){display:none}",
            "i:last-of-type{display:none}",
            "td :nth-last-child(3){display:none}",
            "td :nth-child(4){display:none}",
        ] {
            let cell = "<u>1</u><br><b>2</b><i>9</i><b>3</b><b>4</b>";
            assert_eq!(styled(sheet, cell), "1\n234", "{sheet}");
        }
        assert_eq!(styled("td>:last-child{display:none}", "<b>12</b><b>9</b>"), "12");
    }

    #[test]
    fn ok_what_style_sheets_show_is_read() {
        for sheet in [
            ".k{display:none}td .k{display:inline}",
            "@media print{.k{display:none}}",
            "@media (max-width:600px){.k{display:none}}",
            ".k:hover{display:none}",
            "td{background:#024}.k{color:#fff}",
            ".k{visibility:hidden}.k{visibility:visible}",
            "/*.k{display:none}*/",
            ".k{left:-9999px}",
            "td{b{color:red;display:none;x:y}}",
            ".k{clip:rect(0,0,0,0)}",
            "b+.k,.k+b,.k~.k{display:none}",
            ".k:not(:last-child){display:none}",
            ".k:empty{display:none}",
            ".k:nth-of-type(2){display:none}",
            "i{display:none;mso-hide:all}",
            // lists with one that is no selector, and what follows a bracket too many
            ".2x,.k{display:none}",
            ":matches(.k),.k{display:none}",
            ".x{}}.k{display:none}",
            ".k{display:inline}@layer a{td .k{display:none}}",
            ".k{display:none}.k{display:inline!important}",
            "td{color:#fff}.k{color:initial}",
            ".k{width:0;overflow:hidden}",
            ".k{transform:scale(0)}",
            ".k{font-size:-1px}",
            ".k{color:#fffff}",
        ] {
            assert_eq!(styled(sheet, "<span class=k>9</span>"), "9", "{sheet}");
        }
        // white letters: a sheet that is not here may make the paper dark
        let linked = "<link rel=stylesheet href=x.css><table><tr><td>规章<td><b style='color:#fff'>9</b></table>";
        assert_eq!(cells(linked), [["0,0 规章", "0,1 9"]]);
    }

    #[test]
    fn ok_what_is_shown_perhaps_is_said_to_be_so() {
        for (sheet, cell) in [
            ("td:has(u) .k{display:none}", "<u></u><span class=k>9</span>"),
            (".k{mso-hide:all}", "<span class=k>9</span>"),
            (".k{direction:rtl;unicode-bidi:bidi-override}", "<span class=k>9</span>"),
            (".k{mso-hide:all}", "<bdo class=k dir=rtl>9</bdo>"),
            ("@container (min-width:1px){.k{display:none}}", "<span class=k>9</span>"),
            ("@media (min-aspect-ratio:1/2){.k{display:none}}", "<span class=k>9</span>"),
            (":root{--d:none}i{--d:inline}.k{display:var(--d)}", "<span class=k>9</span>"),
            ("td:has(span) .k{color:#fff}", "<span class=k>9</span>"),
            (".k{display:inline-block;transform:scaleX(-1)}", "<span class=k>9</span>"),
            (".k{-webkit-text-security:disc}", "<span class=k>9</span>"),
            (".k{letter-spacing:-1em}", "<span class=k>9</span>"),
            (".k{margin-right:-16px}", "<span class=k>9</span>"),
            (".k{mask-image:url(x.png)}", "<span class=k>9</span>"),
            ("", "<select size=2><option>9<option>8</select>"),
            ("", "<math><mfrac><mn>9</mn><mn>8</mn></mfrac></math>"),
        ] {
            assert!(styled(sheet, cell).starts_with('\u{FFFD}'), "{sheet}");
        }
        // nothing of it hides
        assert_eq!(styled(".k:has(u){color:red}.x{opacity:0}", "<span class=k>9</span>"), "9");
    }

    #[test]
    fn ok_what_stands_apart_is_on_a_line_of_its_own() {
        for style in ["display:block", "float:right", "position:absolute;left:12px"] {
            assert_eq!(styled("", &format!("<b style='{style}'>1</b>2")), "1\n2", "{style}");
            assert_eq!(styled("", &format!("1<b style='{style}'>2</b>")), "1\n2", "{style}");
            assert_eq!(styled("", &format!("<b style='{style}'>12</b>")), "12", "{style}");
        }
        assert_eq!(styled("", "<b style='display:inline-block'>1</b>2"), "12");
        assert_eq!(styled("", "12<button>7</button>"), "12\n7");
    }

    #[test]
    fn ok_what_is_struck_alone_is_printed() {
        assert_eq!(styled("", "<del>12</del>"), "~~12~~");
        assert_eq!(styled(".k{text-decoration:line-through}", "<b class=k>12</b>"), "~~12~~");
        assert_eq!(styled("", "<s>无</s>"), "");
    }

    #[test]
    fn ok_what_stands_in_for_elements_is_not_read() {
        for cell in [
            "<iframe>9</iframe>12",
            "<progress value=9>9</progress>12",
            "<dialog>9</dialog>12",
            "<details><summary>12</summary>9</details>",
        ] {
            assert_eq!(styled("", cell), "12", "{cell}");
        }
        assert_eq!(styled("", "<details open><summary>1</summary>2</details>"), "1\n2");
        assert_eq!(styled(".x{opacity:0}", "<dialog open>12</dialog>"), "12");
    }

    #[test]
    fn ok_notes_stand_in_brackets() {
        for cell in [
            "12<sup>1</sup>",
            "12<sup>[1]</sup>",
            "12<span class=k>1</span>",
            "12<a href='#n1'>1</a>",
            "12<sup class=k><i>（1）</i></sup>",
            "12<b style='font-size:60%;vertical-align:top'>1</b>",
            "12<b style='font-size:60%;vertical-align:.5em'>1</b>",
            "12<b style='font-size:60%;position:relative;bottom:.5em'>1</b>",
            "12<b style='font-size:60%;display:inline-block;transform:translateY(-50%)'>1</b>",
        ] {
            assert_eq!(styled(".k{vertical-align:super}", cell), "12[1]", "{cell}");
        }
        assert_eq!(styled("", "12<sup></sup>"), "12");
        // put back on the line
        let lowered = "12<sup style='vertical-align:baseline;font-size:100%'>7</sup>";
        assert!(styled("", lowered).contains('\u{FFFD}'));
        for cell in ["<a href='#n1'>12</a>", "1<a href='#'>2</a>", "1<a href=2.htm>2</a>"] {
            assert_eq!(styled("", cell), "12", "{cell}");
        }
    }

    #[test]
    fn ok_pictures_in_cells_are_something() {
        for cell in [
            "<img src=1.gif>",
            "<svg width=9><text>1</text></svg>",
            "<canvas></canvas>",
            "<span style='background:url(1.png)'></span>",
            "<input type=checkbox>",
            "<input type=password value=12>",
            "<img alt=''><img alt=' '><canvas></canvas>",
        ] {
            assert_eq!(styled("", cell), "\u{FFFC}", "{cell}");
        }
        assert_eq!(styled("", "<img src=1.gif alt=12>"), "\u{FFFC}12");
        assert_eq!(styled("", "12<img src=x.gif width=1 height=1>"), "12");
        assert_eq!(styled("", "规范<img src=x.gif>"), "规范");
        assert_eq!(styled(".k{display:none}", "<img src=x.gif class=k>"), "");
    }

    #[test]
    fn ok_what_is_chosen_or_generated_is_shown() {
        assert_eq!(
            styled("", "<select><option>1<option selected>2</option><option>3</select>"),
            "2"
        );
        assert_eq!(styled("", "<select><option>1</option><option>2</option></select>"), "1");
        assert_eq!(styled("i:before{content:attr(data-n)}", "<i data-n=7></i>"), "7");
        for field in
            ["<input type=tel value=12>", "<input type=submit value=12>", "<button>12</button>"]
        {
            assert_eq!(styled("", field), "12", "{field}");
        }
        assert_eq!(styled("", "<select><option label=12>7</select>"), "12");
        for hidden in ["color:#fff", "font-size:0", "position:absolute;left:-9999px", "opacity:0"] {
            assert_eq!(styled(&format!("i:before{{content:'7';{hidden}}}"), "<i></i>12"), "12");
        }
        let shown = "b{font-size:0}b:before{content:'12';font-size:16px}";
        assert_eq!(styled(shown, "<b>7</b>"), "12");
        assert_eq!(styled("td:after{content:'件'}", "7"), "7件");
        assert_eq!(styled("b:before{content:counter(x)}", "<b></b>"), "\u{FFFC}");
        assert_eq!(read("<select><option>首页</select>x").text, "x\n");
    }

    #[test]
    fn ok_the_label_that_narrow_screens_repeat_is_no_value() {
        let page = "<table><tr><td>规章<td data-label=总计><b>总计</b>：12<td data-label=其他>其他</table>";
        assert_eq!(cells(page), [["0,0 规章", "0,1 12", "0,2 其他"]]);
    }

    #[test]
    fn ok_entities_escaped_twice() {
        assert_eq!(styled("", "&amp;nbsp;12&amp;#160;").trim_matches('\u{a0}'), "12");
    }

    #[test]
    fn ok_menus_are_furniture() {
        let source = "<ul><li><a>首页</a><li><a>规章</a><li><a>许可</a></ul><p>正文</p><footer>版权</footer>";
        let blocks = read(source);
        let furniture: String = blocks.furniture.iter().map(|span| span.of(&blocks.text)).collect();
        assert_eq!(furniture, "首页\n规章\n许可\n版权\n");
    }

    #[test]
    fn ok_links_to_documents() {
        let blocks = read(
            "<p><a href='x.html'>a</a><a href='/f/报告.docx'>附件 1</a><img src=t.png alt=表></p>",
        );
        let links: Vec<_> =
            blocks.links.iter().map(|l| (l.kind.name(), &l.url[..], &l.text[..])).collect();
        assert_eq!(links, [("attachment", "/f/报告.docx", "附件1"), ("picture", "t.png", "表")]);
    }

    #[test]
    fn ok_markdown_with_tables() {
        let source =
            "# 某县\n\n第一行\n第二行\n<table><tr>\n<td>规章</td>\n<td>3</td></tr></table>\n后";
        assert_eq!(read(source).text, "# 某县\n第一行\n第二行\n规章\t3\t\n后\n");
        assert_eq!(cells(source), [["0,0 规章", "0,1 3"]]);
    }

    #[test]
    fn err_broken_markup_is_read_all_the_same() {
        assert_eq!(cells("<table><tr><td>a<table><tr><td>b<td>c"), [["0,0 b", "0,1 c"]]);
        assert_eq!(
            cells("<td>a</td></table></div></p><table><td>a</td><td>b"),
            [["0,0 a", "0,1 b"]]
        );
        let deep = "<table><tr><td>".repeat(10_000);
        assert!(cells(&deep).len() <= 1);
        let wide =
            "<table>".to_owned() + &"<tr><td colspan=2147483647 rowspan=99999999>".repeat(2000);
        assert_eq!(cells(&wide)[0].len(), 2000);
        let unclosed = "<div><p><b>".repeat(100_000) + "x";
        assert_eq!(read(&unclosed).text, "x\n");
    }
}
