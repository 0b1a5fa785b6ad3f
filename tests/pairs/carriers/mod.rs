//! Documents to bytes: the tables as lines of cells, and one file for each family of formats.

mod aligned;
mod office;
mod text;
mod web;
mod zip;

use super::axes::Carrier;
use super::form::{Group, RESULTS};
use super::model::{Block, Document, END, Kind, Part, Row, Table, Wrap};

/// The ending of a file of that kind.
pub(crate) fn ending(carrier: Carrier) -> &'static str {
    match carrier {
        Carrier::Html | Carrier::HtmlFlat => "html",
        Carrier::Markdown => "md",
        Carrier::Docx => "docx",
        Carrier::Xlsx => "xlsx",
        _ => "txt",
    }
}

/// Prints a document.
pub(crate) fn render(document: &Document, carrier: Carrier) -> Vec<u8> {
    let mut document = document.clone();
    if document.traditional {
        traditional(&mut document);
    }
    let text = match carrier {
        Carrier::Docx => return office::docx(&document),
        Carrier::Xlsx => return office::xlsx(&document),
        Carrier::Html | Carrier::HtmlFlat => web::html(&document, carrier == Carrier::Html),
        Carrier::Markdown => web::markdown(&document),
        Carrier::Aligned => aligned::render(&document),
        _ => text::render(&document, carrier),
    };
    let text = match text.find(END) {
        Some(end) => &text[..end],
        None => &text,
    };
    text.as_bytes().to_vec()
}

fn traditional(document: &mut Document) {
    let convert = |text: &mut String| *text = super::traditional(text);
    for block in &mut document.blocks {
        match block {
            Block::Title(text) | Block::Line(text) => convert(text),
            Block::Part(part) => {
                part.caption.iter_mut().for_each(convert);
                part.article.iter_mut().for_each(convert);
                convert(&mut part.corner);
                part.columns.iter_mut().for_each(|column| convert(&mut column.label));
                part.rows.iter_mut().for_each(|row| convert(&mut row.label));
            }
        }
    }
}

/// What a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Label,
    Number,
    /// Across the whole table.
    Wide,
}

/// A cell as it is printed.
#[derive(Clone, Debug)]
struct Slot {
    text: String,
    role: Role,
    cols: usize,
    rows: usize,
}

impl Slot {
    fn label(text: &str) -> Self {
        Self { text: text.to_owned(), role: Role::Label, cols: 1, rows: 1 }
    }

    fn span(mut self, cols: usize, rows: usize) -> Self {
        (self.cols, self.rows) = (cols, rows);
        self
    }
}

/// A line of a table.
#[derive(Clone, Debug)]
struct Line {
    slots: Vec<Slot>,
    wrap: Wrap,
    /// The label is cut by a page end after so many characters.
    cut: Option<usize>,
    kind: Kind,
}

impl Line {
    fn of(slots: Vec<Slot>) -> Self {
        Self { slots, wrap: Wrap::No, cut: None, kind: Kind::Data }
    }
}

/// How many columns the table has when label cells span rows and columns.
fn width(part: &Part) -> usize {
    match part.table {
        Table::Proactive => part.columns.len() + 1 + usize::from(part.serial),
        Table::Applications => part.columns.len() + 3,
        Table::Review => part.columns.len() * 3,
    }
}

/// A table as lines. `spans` lays labels out in a rectangle; otherwise group labels are lines of their own, or stand
/// before the label of their first row where `inline` says so.
fn lines(part: &Part, spans: bool, inline: bool) -> Vec<Line> {
    match part.table {
        Table::Proactive => proactive(part),
        Table::Applications => applications(part, spans, inline),
        Table::Review => review(part),
    }
}

fn wide(part: &Part, text: &str, kind: Kind) -> Line {
    let slot = Slot { role: Role::Wide, ..Slot::label(text) }.span(width(part), 1);
    Line { kind, ..Line::of(vec![slot]) }
}

fn header(part: &Part) -> Line {
    let mut slots = Vec::new();
    if part.serial {
        slots.push(Slot::label("序号"));
    }
    slots.push(Slot::label(&part.corner));
    let said = part.columns.iter().filter(|column| !column.silent);
    slots.extend(said.map(|column| Slot::label(&column.label)));
    Line { kind: Kind::Header, ..Line::of(slots) }
}

fn numbers(row: &Row) -> Vec<Slot> {
    slots(row.cells.iter().map(|cell| cell.text.as_str()).collect(), row)
}

/// The cells of a line of numbers, moved and trimmed as those of the row are.
fn slots(mut texts: Vec<&str>, row: &Row) -> Vec<Slot> {
    let empty = |text: &str| text.trim().is_empty();
    if row.squeezed {
        // a stable sort moves what is printed to the front
        texts.sort_by_key(|text| empty(text));
    }
    if row.trimmed {
        while texts.last().is_some_and(|text| empty(text)) {
            texts.pop();
        }
    }
    texts.into_iter().map(|text| Slot { role: Role::Number, ..Slot::label(text) }).collect()
}

fn data(row: &Row) -> Line {
    let mut slots = vec![Slot::label(&row.label)];
    slots.extend(numbers(row));
    Line { wrap: row.wrap, cut: row.cut, ..Line::of(slots) }
}

fn proactive(part: &Part) -> Vec<Line> {
    let mut lines = Vec::new();
    lines.extend(part.article.iter().map(|article| wide(part, article, Kind::Header)));
    if part.header {
        lines.push(header(part));
    }
    for (index, row) in part.rows.iter().enumerate() {
        let mut line = match row.kind {
            Kind::Data => data(row),
            Kind::Header => header(part),
            kind => wide(part, &row.label, kind),
        };
        if part.serial && row.kind == Kind::Data {
            line.slots.insert(0, Slot::label(&(index + 1).to_string()));
        }
        lines.push(line);
    }
    lines
}

/// The header of the third table, in three lines as the form has it or in one.
fn applicants(part: &Part, spans: bool) -> Vec<Line> {
    let labels: Vec<&str> = part.columns.iter().map(|column| column.label.as_str()).collect();
    let columns = labels.len();
    let place = |label: &str| labels.iter().position(|other| other.ends_with(label));
    // misprints of the outer two stand where they stood
    let total = place("总计").or(place("总记")).or(place("總計")).unwrap_or(columns - 1);
    let lines = if part.flat {
        let corner = Slot::label("申请人情况").span(if spans { 3 } else { 1 }, 1);
        let labels = labels.into_iter().map(Slot::label);
        vec![[corner].into_iter().chain(labels).collect()]
    } else {
        let corner = Slot::label(&part.corner).span(if spans { 3 } else { 1 }, 3);
        let mut second = vec![
            Slot::label(labels[0]).span(1, 2),
            Slot::label("法人或其他组织").span(total - 1, 1),
        ];
        second.extend(labels[total..].iter().map(|label| Slot::label(label).span(1, 2)));
        let third = labels[1..total].iter().map(|label| Slot::label(label)).collect();
        vec![vec![corner, Slot::label("申请人情况").span(columns, 1)], second, third]
    };
    lines.into_iter().map(|slots| Line { kind: Kind::Header, ..Line::of(slots) }).collect()
}

fn applications(part: &Part, spans: bool, inline: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    if part.header {
        lines.extend(applicants(part, spans));
    }
    let in_results = |row: &Row| row.group != Group::Top;
    let results = part.rows.iter().filter(|row| in_results(row)).count();
    let mut begun = false;
    let mut group = Group::Top;
    for row in &part.rows {
        match row.kind {
            Kind::Data => {}
            Kind::Header => {
                lines.extend(applicants(part, spans));
                continue;
            }
            kind => {
                lines.push(wide(part, &row.label, kind));
                continue;
            }
        }
        let mut before = Vec::new();
        if in_results(row) && !begun {
            begun = true;
            before.push(Slot::label(RESULTS).span(1, results));
        }
        let new = row.group != group;
        group = row.group;
        let label = group.label().filter(|_| !part.group_rows);
        if let (true, Some(label)) = (new, label) {
            let same =
                part.rows.iter().filter(|other| other.group == group && other.kind == Kind::Data);
            before.push(Slot::label(label).span(1, same.count()));
        }
        let mut line = data(row);
        if spans {
            line.slots[0].cols = match (row.group, label) {
                (Group::Top, _) => 3,
                (_, None) => 2,
                _ => 1,
            };
            line.slots.splice(0..0, before);
        } else if inline {
            line.slots.splice(0..0, before);
        } else {
            lines.extend(before.into_iter().map(|slot| Line::of(vec![slot])));
        }
        lines.push(line);
    }
    lines
}

fn review(part: &Part) -> Vec<Line> {
    let mut lines = Vec::new();
    let labels: Vec<&str> = part.rows.iter().map(|row| row.label.as_str()).collect();
    let [first, second, third] = labels[..] else { return lines };
    if part.header {
        let outcomes = || part.columns.iter().map(|column| Slot::label(&column.label));
        let top = vec![Slot::label(first).span(5, 1), Slot::label("行政诉讼").span(10, 1)];
        let under = [second, third].map(|label| Slot::label(label).span(5, 1));
        let middle = outcomes().map(|slot| slot.span(1, 2)).chain(under).collect();
        let bottom = outcomes().chain(outcomes()).collect();
        let header = [top, middle, bottom].into_iter();
        lines.extend(header.map(|slots| Line { kind: Kind::Header, ..Line::of(slots) }));
    }
    // one line: only its own end is trimmed
    let cells = part.rows.iter().flat_map(|row| &row.cells);
    let texts = cells.map(|cell| cell.text.as_str()).collect();
    lines.push(Line::of(slots(texts, &part.rows[0])));
    lines
}

/// A rectangle of slots: `Some` where a cell begins, none where one reaches.
fn placed(lines: &[Line], width: usize) -> Vec<Vec<Placed>> {
    let mut grid = vec![vec![Placed::Free; width]; lines.len()];
    for (at, line) in lines.iter().enumerate() {
        let mut column = 0;
        for (index, slot) in line.slots.iter().enumerate() {
            while column < width && grid[at][column] != Placed::Free {
                column += 1;
            }
            if column == width {
                break;
            }
            let cols = slot.cols.min(width - column);
            for down in 0..slot.rows.min(lines.len() - at) {
                for across in 0..cols {
                    grid[at + down][column + across] = match (down, across) {
                        (0, 0) => Placed::Begins(index),
                        (0, _) => Placed::Beside,
                        (_, 0) => Placed::Below(cols),
                        _ => Placed::Beside,
                    };
                }
            }
            column += cols;
        }
    }
    grid
}

/// What stands at a place of a rectangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Placed {
    Free,
    /// The slot with that index begins here.
    Begins(usize),
    /// A cell from the left reaches here.
    Beside,
    /// A cell from above, so many columns wide.
    Below(usize),
}

/// The two pieces of a label that a page end cuts.
fn cut(label: &str, after: usize) -> (String, String) {
    (label.chars().take(after).collect(), label.chars().skip(after).collect())
}
