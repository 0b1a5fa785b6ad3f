//! Pages and Markdown.

use super::super::model::{Block, Document, Kind, Part, Table, Wrap};
use super::{Line, Role, Slot, cut, lines, width};

/// A page; `spans` has label cells over several rows and columns.
pub(crate) fn html(document: &Document, spans: bool) -> String {
    let mut out = String::from("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">");
    for block in &document.blocks {
        if let Block::Title(text) = block {
            out += &format!("<title>{text}</title></head><body>\n");
            break;
        }
    }
    for block in &document.blocks {
        match block {
            Block::Title(text) => out += &format!("<h1>{}</h1>\n", escaped(text)),
            Block::Line(text) => out += &format!("<p>{}</p>\n", escaped(text)),
            Block::Part(part) => {
                if let Some(caption) = &part.caption {
                    out += &format!("<p>{}</p>\n", escaped(caption));
                }
                table(part, spans, &mut out);
            }
        }
    }
    out + "</body></html>\n"
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('\n', "<br>")
}

fn table(part: &Part, spans: bool, out: &mut String) {
    const OPEN: &str = "<table border=\"1\">\n";
    *out += OPEN;
    for line in lines(part, spans, false) {
        if line.kind == Kind::Furniture {
            *out += &format!("</table>\n<p>{}</p>\n{OPEN}", escaped(&line.slots[0].text));
            continue;
        }
        for line in split(part, line, spans) {
            *out += "<tr>";
            for slot in &line.slots {
                // a label alone on its line reaches across the table
                let alone = line.slots.len() == 1 && slot.role == Role::Label;
                let cols = if alone && !spans { width(part) } else { slot.cols };
                let mut tag = String::from("<td");
                if cols > 1 {
                    tag += &format!(" colspan=\"{cols}\"");
                }
                if slot.rows > 1 && (spans || line.kind == Kind::Header) {
                    tag += &format!(" rowspan=\"{}\"", slot.rows);
                }
                *out += &format!("{tag}>{}</td>", escaped(&slot.text));
            }
            *out += "</tr>\n";
        }
    }
    *out += "</table>\n";
}

/// A line, or two where a page end cuts its label.
fn split(part: &Part, line: Line, spans: bool) -> Vec<Line> {
    let Some(after) = line.cut.filter(|_| line.kind == Kind::Data) else { return vec![line] };
    // a cell that reaches over both lines would have to be one row longer
    let label = line.slots.iter().rposition(|slot| slot.role == Role::Label);
    let Some(label) = label.filter(|_| !spans || part.table == Table::Proactive) else {
        return vec![line];
    };
    let (first, second) = cut(&line.slots[label].text, after);
    let (mut before, mut behind) = (line.clone(), line);
    before.slots[label].text = first;
    for slot in before.slots.iter_mut().filter(|slot| slot.role == Role::Number) {
        slot.text.clear();
    }
    behind.slots[label].text = second;
    for slot in &mut behind.slots[..label] {
        slot.text.clear();
    }
    vec![before, behind]
}

/// Markdown with pipe tables.
pub(crate) fn markdown(document: &Document) -> String {
    let mut out = String::new();
    for block in &document.blocks {
        match block {
            Block::Title(text) => out += &format!("# {text}\n\n"),
            Block::Line(text) if is_heading(text) => out += &format!("## {text}\n\n"),
            Block::Line(text) => out += &format!("{text}\n\n"),
            Block::Part(part) => {
                if let Some(caption) = &part.caption {
                    out += &format!("{caption}\n\n");
                }
                grid(part, &mut out);
                out.push('\n');
            }
        }
    }
    out
}

fn is_heading(text: &str) -> bool {
    ["一、", "二、", "三、", "四、", "五、", "六、"].iter().any(|start| text.starts_with(start))
}

/// A table of pipes: one label column, each line as long as the table is wide.
fn grid(part: &Part, out: &mut String) {
    let columns = match part.table {
        Table::Applications => part.columns.len() + 1,
        _ => width(part),
    };
    let mut ruled = false;
    for line in lines(part, false, false) {
        if line.kind == Kind::Furniture {
            *out += &format!("\n{}\n\n", line.slots[0].text);
            ruled = false;
            continue;
        }
        for line in split(part, line, false) {
            for texts in rows(part, &line, columns) {
                *out += &format!("| {} |\n", texts.join(" | "));
                if !ruled {
                    *out += &format!("|{}\n", "---|".repeat(columns));
                    ruled = true;
                }
            }
        }
    }
}

/// The texts of a line; several rows where its label is wrapped.
fn rows(part: &Part, line: &Line, columns: usize) -> Vec<Vec<String>> {
    let mut texts: Vec<String> = Vec::new();
    for slot in &line.slots {
        texts.push(slot.text.replace('\n', "<br>"));
        if line.kind == Kind::Header && slot.role == Role::Label && slot.cols > 1 {
            let reach = slot.cols.min(columns);
            texts.extend(std::iter::repeat_n(String::new(), reach - 1));
        }
    }
    if line.kind == Kind::Header && part.table == Table::Applications && !part.flat {
        texts = header(part, line);
    }
    if line.kind == Kind::Header && part.table == Table::Review {
        texts = review(line, columns);
    }
    let full = |mut texts: Vec<String>| {
        texts.resize(texts.len().max(columns), String::new());
        texts
    };
    let wrapped: Vec<&str> = match (line.wrap, line.slots.first()) {
        (Wrap::No, _) | (_, None) => Vec::new(),
        (_, Some(slot)) => slot.text.split('\n').collect(),
    };
    if wrapped.len() < 2 {
        return vec![full(texts)];
    }
    let with = match line.wrap {
        Wrap::No | Wrap::First => 0,
        Wrap::Middle => wrapped.len() / 2,
        Wrap::Last => wrapped.len() - 1,
    };
    let rows = wrapped.iter().enumerate().map(|(index, piece)| {
        let mut row = vec![(*piece).to_owned()];
        if index == with {
            row.extend(texts[1..].iter().cloned());
        }
        full(row)
    });
    rows.collect()
}

/// The three header lines of applications, each label over its column.
fn header(part: &Part, line: &Line) -> Vec<String> {
    let columns = part.columns.len();
    let first = &line.slots[0];
    if first.rows == 3 {
        return vec![first.text.clone(), line.slots[1].text.clone()];
    }
    let mut texts = vec![String::new()];
    if first.rows == 2 {
        for slot in &line.slots {
            texts.push(slot.text.clone());
            texts.extend(std::iter::repeat_n(String::new(), slot.cols - 1));
        }
        return texts;
    }
    texts.push(String::new());
    texts.extend(line.slots.iter().map(|slot| slot.text.clone()));
    texts.resize(columns + 1, String::new());
    texts
}

/// A header line of reviews: 15 columns.
fn review(line: &Line, columns: usize) -> Vec<String> {
    let reach = |slot: &Slot| {
        let rest = std::iter::repeat_n(String::new(), slot.cols - 1);
        [slot.text.clone()].into_iter().chain(rest).collect::<Vec<_>>()
    };
    let mut texts: Vec<String> = line.slots.iter().flat_map(reach).collect();
    if texts.len() < columns {
        // under the first five, whose labels began above
        texts.splice(0..0, std::iter::repeat_n(String::new(), columns - texts.len()));
    }
    texts
}
