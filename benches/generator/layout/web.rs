//! As a web page: tables with spans the way sites really write them, in the markup of several editors, with the
//! furniture of a site around them.

use super::super::document::{Block, Document};
use super::super::form::Group;
use super::super::random::Random;
use super::super::shape::Shape;
use super::super::tables::{Row, Tables};
use std::fmt::Write;

/// A cell of a page's table.
#[derive(Clone)]
struct Td {
    text: String,
    cols: usize,
    rows: usize,
}

type Tr = Vec<Td>;

fn td(text: &str, cols: usize, rows: usize) -> Td {
    Td { text: text.to_owned(), cols, rows }
}

/// The habits of one page.
#[expect(clippy::struct_excessive_bools, reason = "each is drawn by itself")]
struct Habits {
    /// What stands in an empty cell.
    blank: &'static str,
    /// Before and after the words of a cell, and of a paragraph.
    wrap: (&'static str, &'static str),
    paragraph: (&'static str, &'static str),
    upper: bool,
    unclosed: bool,
    thead: bool,
    /// Digits and words broken over elements.
    pieces: bool,
    entities: bool,
    /// An empty cell stands where the one above should have a rowspan.
    empty_for_rowspan: bool,
    /// The label of a group is printed in each of its rows.
    group_repeated: bool,
    /// Spans of header and body stand on different cells in tables of few columns.
    crooked: bool,
    /// A surplus empty cell at the end of each row.
    ghost: bool,
    /// Empty cells at the end of a row have no `td`.
    cut_short: bool,
    layout: Layout,
}

#[derive(Clone, Copy, PartialEq)]
enum Layout {
    Apart,
    /// The third table is cut in two, the header repeated or not.
    Cut,
    /// All in one `table`.
    One,
    /// Every row of the third table a `table`.
    RowByRow,
}

const WORD: &str = "<p class=\"MsoNormal\" align=\"center\" style=\"text-align: center; line-height: 28pt\"><span lang=\"EN-US\" style=\"font-family: 仿宋_GB2312; font-size: 12pt; color: rgb(0, 0, 0); mso-bidi-font-family: 宋体\">";

impl Habits {
    fn draw(random: &mut Random, shape: Shape) -> Self {
        let word = shape == Shape::PageWord;
        let odd =
            |random: &mut Random, percent| shape == Shape::PageSpans && random.chance(percent);
        let layout = match random.between(0, 9) {
            0 | 1 => Layout::Cut,
            2 => Layout::One,
            3 if shape != Shape::PageSpans => Layout::RowByRow,
            _ => Layout::Apart,
        };
        let empty_for_rowspan = odd(random, 40);
        Self {
            blank: random.pick(&["", "&nbsp;", " ", "<br>", "&#160;", "　", "<o:p>&nbsp;</o:p>"]),
            wrap: if word {
                (WORD, "</span><o:p></o:p></p>")
            } else {
                random.pick(&[
                    ("", ""),
                    ("<p>", "</p>"),
                    ("<span>", "</span>"),
                    ("&nbsp;", " "),
                    ("<div align=center>", "</div>"),
                    ("<font face='宋体'>", "</font>"),
                ])
            },
            paragraph: if word {
                (
                    "<p class=\"MsoNormal\" style=\"text-indent: 32pt\"><span style=\"font-family: 仿宋_GB2312; font-size: 16pt\">",
                    "</span><o:p></o:p></p>",
                )
            } else {
                random.pick(&[
                    ("<p>", "</p>"),
                    ("<p>　　", "</p>"),
                    ("<div>", "</div>"),
                    ("<p>&emsp;&emsp;<span>", "</span></p>"),
                    ("&nbsp;&nbsp;", "<br/>"),
                ])
            },
            upper: random.chance(10),
            unclosed: random.chance(10),
            thead: random.chance(15),
            pieces: random.chance(if word { 40 } else { 10 }),
            entities: random.chance(10),
            empty_for_rowspan,
            group_repeated: !empty_for_rowspan && odd(random, 30),
            crooked: odd(random, 50),
            ghost: odd(random, 25),
            cut_short: odd(random, 20),
            layout,
        }
    }
}

/// Prints a document as a page.
pub(crate) fn render(random: &mut Random, document: &Document, shape: Shape) -> String {
    let habits = Habits::draw(random, shape);
    let mut body = String::new();
    let mut all: Vec<Tr> = Vec::new();
    let mut chrome: Vec<&str> = Vec::new();
    let mut begun = false;
    for block in &document.blocks {
        match block {
            Block::Chrome(text) if !begun => chrome.push(text),
            Block::Chrome(text) | Block::Signature(text) => {
                body += &paragraph(random, &habits, text);
            }
            Block::Title(lines) => {
                begun = true;
                let tag = random.pick(&["h1", "h2", "div class='title'", "p align=center"]);
                let end = tag.split(' ').next().unwrap_or("p");
                let _ = writeln!(body, "<{tag}>{}</{end}>", lines.join("<br>"));
            }
            Block::Heading(text) => {
                if habits.layout == Layout::One && !all.is_empty() {
                    all.push(vec![td(text, 10, 1)]);
                    continue;
                }
                let strong = random.chance(30);
                let text = if strong { format!("<strong>{text}</strong>") } else { text.clone() };
                let _ = writeln!(body, "{}{text}{}", habits.paragraph.0, habits.paragraph.1);
            }
            Block::Paragraph(text) => {
                if habits.layout == Layout::One && !all.is_empty() {
                    all.push(vec![td(text, 10, 1)]);
                } else {
                    body += &paragraph(random, &habits, text);
                }
            }
            table => tables(random, &habits, &document.tables, table, &mut body, &mut all),
        }
        if habits.layout == Layout::One && matches!(block, Block::Review) {
            body += &print(random, &habits, &std::mem::take(&mut all));
        }
    }
    around(random, &document.title, &body, &chrome)
}

fn paragraph(random: &mut Random, habits: &Habits, text: &str) -> String {
    let text =
        if habits.pieces && random.chance(50) { pieces(random, text) } else { text.to_owned() };
    format!("{}{text}{}\n", habits.paragraph.0, habits.paragraph.1)
}

/// A word in several elements.
fn pieces(random: &mut Random, text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() < 2 {
        return text.to_owned();
    }
    let at = 1 + random.below(chars.len() - 1);
    let (first, rest): (String, String) =
        (chars[..at].iter().collect(), chars[at..].iter().collect());
    format!("<span style='font-size:12pt'>{first}</span><span>{rest}</span>")
}

fn tables(
    random: &mut Random,
    habits: &Habits,
    tables: &Tables,
    block: &Block,
    body: &mut String,
    all: &mut Vec<Tr>,
) {
    let mut rows = match block {
        Block::Proactive => proactive(random, habits, tables),
        Block::Applications => applications(habits, tables),
        _ => review(habits, tables),
    };
    if habits.ghost && !matches!(block, Block::Review) {
        for row in &mut rows {
            row.push(td("", 1, 1));
        }
    }
    match habits.layout {
        Layout::One => all.append(&mut rows),
        Layout::Cut if matches!(block, Block::Applications) => {
            let at = 5 + random.below(rows.len() - 8);
            let rest = rows.split_off(at);
            *body += &print(random, habits, &cut_spans(rows));
            if random.chance(50) {
                *body += "<p>— 3 —</p>\n";
            }
            *body += &print(random, habits, &rest);
        }
        Layout::RowByRow if matches!(block, Block::Applications) => {
            let heads = rows.drain(..3).collect::<Vec<_>>();
            *body += &print(random, habits, &heads);
            for row in cut_all(rows) {
                *body += &print(random, habits, &[row]);
            }
        }
        _ => *body += &print(random, habits, &rows),
    }
}

/// Rows that reach beyond the end of their table.
fn cut_spans(mut rows: Vec<Tr>) -> Vec<Tr> {
    let count = rows.len();
    for (at, row) in rows.iter_mut().enumerate() {
        for cell in row {
            cell.rows = cell.rows.min(count - at);
        }
    }
    rows
}

fn cut_all(rows: Vec<Tr>) -> Vec<Tr> {
    rows.into_iter().map(|row| cut_spans(vec![row]).remove(0)).collect()
}

fn proactive(random: &mut Random, habits: &Habits, tables: &Tables) -> Vec<Tr> {
    let width = 4;
    let mut rows = Vec::new();
    let crooked = habits.crooked && random.chance(60);
    for part in &tables.proactive {
        rows.extend(part.heading.as_deref().map(|heading| vec![td(heading, width, 1)]));
        let row = |texts: Vec<&str>, body: bool| -> Tr {
            let cells = texts.len();
            let missing = width - cells;
            let widened = if crooked && body { 0 } else { cells - 1 };
            let one = |(at, text): (usize, &str)| {
                td(text, if at == widened { 1 + missing } else { 1 }, 1)
            };
            texts.into_iter().enumerate().map(one).collect()
        };
        rows.push(row(part.header.iter().map(String::as_str).collect(), false));
        for data in &part.rows {
            rows.push(row(texts(data), true));
        }
    }
    rows
}

fn texts(row: &Row) -> Vec<&str> {
    [row.label.as_str()]
        .into_iter()
        .chain(row.cells.iter().map(|cell| cell.text.as_str()))
        .collect()
}

fn applications(habits: &Habits, tables: &Tables) -> Vec<Tr> {
    let heads = &tables.heads;
    let columns = &heads.columns;
    let high = if habits.empty_for_rowspan { 1 } else { 2 };
    let mut second =
        vec![td(&columns[0], 1, high), td(&heads.organisations, 5, 1), td(&columns[6], 1, high)];
    let mut third: Tr = columns[1..6].iter().map(|name| td(name, 1, 1)).collect();
    if habits.empty_for_rowspan {
        third.insert(0, td("", 1, 1));
        third.push(td("", 1, 1));
    }
    let mut rows = vec![
        vec![td(&heads.corner, 3, 3), td(&heads.applicants, 7, 1)],
        std::mem::take(&mut second),
        third,
    ];
    let results = tables.applications.iter().filter(|row| row.group != Group::Top).count();
    let size = |group| tables.applications.iter().filter(|row| row.group == group).count();
    let (mut group, mut in_results) = (Group::Top, false);
    for row in &tables.applications {
        let mut line = Tr::new();
        let nested = heads.group(row.group).is_some();
        if row.group != Group::Top {
            if habits.empty_for_rowspan || habits.group_repeated {
                let text = if in_results && habits.empty_for_rowspan { "" } else { &heads.results };
                line.push(td(text, 1, 1));
            } else if !in_results {
                line.push(td(&heads.results, 1, results));
            }
            in_results = true;
        }
        if nested {
            let name = heads.group(row.group).unwrap_or("");
            if habits.empty_for_rowspan || habits.group_repeated {
                let text = if group == row.group && habits.empty_for_rowspan { "" } else { name };
                line.push(td(text, 1, 1));
            } else if group != row.group {
                line.push(td(name, 1, size(row.group)));
            }
        }
        group = row.group;
        let cols = match (row.group, nested) {
            (Group::Top, _) => 3,
            (_, false) => 2,
            _ => 1,
        };
        line.push(td(&row.label, cols, 1));
        line.extend(row.cells.iter().map(|cell| td(&cell.text, 1, 1)));
        rows.push(line);
    }
    rows
}

fn review(habits: &Habits, tables: &Tables) -> Vec<Tr> {
    let heads = &tables.heads;
    let [reconsideration, litigation, direct, after] = &heads.reviews;
    let high = if habits.empty_for_rowspan { 1 } else { 2 };
    let names = || heads.outcomes.iter().map(|name| td(name, 1, 1));
    let mut second: Tr = heads.outcomes.iter().map(|name| td(name, 1, high)).collect();
    second.extend([td(direct, 5, 1), td(after, 5, 1)]);
    let mut third: Tr = if habits.empty_for_rowspan { vec![td("", 1, 1); 5] } else { Vec::new() };
    third.extend(names().chain(names()));
    let values =
        tables.review.iter().flat_map(|row| &row.cells).map(|cell| td(&cell.text, 1, 1)).collect();
    vec![vec![td(reconsideration, 5, 1), td(litigation, 10, 1)], second, third, values]
}

fn print(random: &mut Random, habits: &Habits, rows: &[Tr]) -> String {
    let mut html = random
        .pick(&[
            "<table border=\"1\">",
            "<table>",
            "<TABLE width=100%>",
            "<table class=\"MsoNormalTable\" style='border-collapse: collapse'>",
        ])
        .to_owned();
    html += if habits.thead { "<thead>" } else { "" };
    for (at, row) in rows.iter().enumerate() {
        if habits.thead && at == 1 {
            html += "</thead><tbody>";
        }
        html += if habits.upper { "\n<TR>" } else { "\n<tr style=\"height: 20pt\">" };
        let mut cells = &row[..];
        if habits.cut_short {
            // only a row with something in it shows that it was cut
            let last = cells
                .iter()
                .rposition(|cell| !cell.text.is_empty())
                .map_or(cells.len(), |at| at + 1);
            cells = if cells.len() > 6 && last > 1 { &cells[..last] } else { cells };
        }
        for cell in cells {
            let name = if habits.upper { "TD" } else { "td" };
            let _ = write!(html, "<{name}");
            if cell.cols > 1 {
                let _ = write!(html, " colspan=\"{}\"", cell.cols);
            }
            if cell.rows > 1 {
                let _ = write!(html, " rowspan={}", cell.rows);
            }
            html += ">";
            html += &words(random, habits, &cell.text);
            if !habits.unclosed {
                let _ = write!(html, "</{name}>");
            }
        }
        if !habits.unclosed {
            html += "</tr>";
        }
    }
    html + "</table>\n"
}

fn words(random: &mut Random, habits: &Habits, text: &str) -> String {
    if text.is_empty() {
        let wrapped = random.chance(40);
        return if wrapped {
            format!("{}{}{}", habits.wrap.0, habits.blank, habits.wrap.1)
        } else {
            habits.blank.to_owned()
        };
    }
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            if habits.pieces && random.chance(40) {
                pieces(random, line)
            } else if habits.entities && random.chance(30) {
                line.chars()
                    .fold(String::new(), |text, c| text + "&#" + &(c as u32).to_string() + ";")
            } else {
                line.to_owned()
            }
        })
        .collect();
    let (open, close) = habits.wrap;
    let between = if open.starts_with("<p") && random.chance(50) {
        format!("{close}{open}")
    } else {
        "<br>".to_owned()
    };
    format!("{open}{}{close}", lines.join(&between))
}

/// The site around the text.
fn around(random: &mut Random, title: &str, body: &str, chrome: &[&str]) -> String {
    let mut head =
        "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">\n".to_owned();
    if random.chance(40) {
        let _ = writeln!(head, "<meta name=\"ArticleTitle\" content=\"{title}\">");
    }
    let name = match random.between(0, 2) {
        0 => format!("<title>{title}</title>"),
        1 => format!("<title>{title}_政府信息公开年报_政府门户网站</title>"),
        _ => "<title>政府门户网站</title>".to_owned(),
    };
    head += &name;
    let chrome: String = chrome.iter().flat_map(|line| ["<div>", line, "</div>\n"]).collect();
    let menu = ["规章", "行政规范性文件", "行政许可", "政府信息公开年报", "其他", "总计"];
    let menu: String = random
        .some(&menu, 4)
        .iter()
        .flat_map(|name| ["<li><a href='#'>", name, "</a></li>"])
        .collect();
    let share = "<script>var a = '<td>1</td>';</script><div class=\"share\">微信 微博 QQ空间</div>";
    let foot = "<div class=\"footer\">主办：人民政府 备案号：某ICP备05000001号 <img src=\"/images/ga.png\"></div>";
    let main = match random.between(0, 3) {
        0 => format!(
            "<div class=\"nav\"><ul>{menu}</ul></div>\n{chrome}<div id=\"zoom\" class=\"TRS_Editor\">{body}</div>\n{share}{foot}"
        ),
        1 => format!(
            "<table width=\"100%\"><tr><td><ul>{menu}</ul></td></tr><tr><td>{chrome}<div>{body}</div></td></tr><tr><td>{foot}</td></tr></table>"
        ),
        2 => format!(
            "<nav>{menu}</nav><main>{chrome}<article>{body}</article></main>{share}<footer>{foot}</footer>"
        ),
        _ => format!("{chrome}{body}"),
    };
    let hidden = random.pick(&[
        "",
        "",
        "<div style='display:none'>规章 1 2 3 行政许可 5</div>",
        "<input type=hidden value=\"规章\">",
    ]);
    format!(
        "<!DOCTYPE html>\n<html>\n<head>\n{head}\n</head>\n<body>\n{hidden}{main}</body>\n</html>\n"
    )
}
