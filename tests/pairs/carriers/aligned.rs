//! A page as it looks: cells at the place of their column.

use super::super::model::{Block, Document, Kind, Part, Table, Wrap};
use super::{Line, Role, Slot, cut, lines, width as columns_of};

/// Prints a document.
pub(crate) fn render(document: &Document) -> String {
    let mut out = String::new();
    for block in &document.blocks {
        match block {
            Block::Title(text) => out += &format!("                {text}\n\n"),
            Block::Line(text) => out += &format!("    {text}\n"),
            Block::Part(part) => {
                if let Some(caption) = &part.caption {
                    out += &format!("                                        {caption}\n");
                }
                table(part, &mut out);
                out.push('\n');
            }
        }
    }
    out
}

/// Columns that a text takes.
fn wide(text: &str) -> usize {
    text.chars().map(|char| if char.is_ascii() { 1 } else { 2 }).sum()
}

/// Where the columns of numbers are: the middle of each.
struct Places {
    label: usize,
    pitch: usize,
}

impl Places {
    fn middle(&self, column: usize) -> usize {
        self.label + column * self.pitch + self.pitch / 2
    }
}

fn table(part: &Part, out: &mut String) {
    let lines = lines(part, true, false);
    let numbers = columns_of(part)
        - match part.table {
            Table::Proactive => 1 + usize::from(part.serial),
            Table::Applications => 3,
            Table::Review => 0,
        };
    let longest = |role: Role| {
        let slots = lines.iter().flat_map(|line| &line.slots).filter(|slot| slot.role == role);
        slots.flat_map(|slot| slot.text.split('\n')).map(wide).max().unwrap_or(0)
    };
    let headers = lines.iter().filter(|line| line.kind == Kind::Header);
    let header = headers
        .flat_map(|line| &line.slots)
        .filter(|slot| slot.role == Role::Label && slot.cols == 1)
        .map(|slot| wide(&slot.text))
        .max()
        .unwrap_or(0);
    let labels = lines.iter().filter(|line| line.kind == Kind::Data);
    let label = labels
        .flat_map(|line| line.slots.iter().filter(|slot| slot.role == Role::Label))
        .flat_map(|slot| slot.text.split('\n'))
        .map(wide)
        .max()
        .unwrap_or(0);
    let label = if part.table == Table::Review { 0 } else { label.max(wide("信息内容")) + 4 };
    let places = Places { label, pitch: longest(Role::Number).max(header) + 3 };
    let grid = super::placed(&lines, columns_of(part));
    for (line, cells) in lines.iter().zip(&grid) {
        print(part, line, cells, &places, numbers, out);
    }
}

fn print(
    part: &Part,
    line: &Line,
    cells: &[super::Placed],
    places: &Places,
    numbers: usize,
    out: &mut String,
) {
    let before = cells.len() - numbers;
    let mut labels: Vec<&Slot> = Vec::new();
    let mut placed: Vec<(usize, String)> = Vec::new();
    for (column, cell) in cells.iter().enumerate() {
        let super::Placed::Begins(index) = *cell else { continue };
        let slot = &line.slots[index];
        let text = slot.text.replace('\n', " ");
        if slot.role == Role::Wide {
            placed.push((places.label / 2, text));
        } else if column < before {
            labels.push(slot);
        } else if !text.trim().is_empty() {
            let from = places.middle(column - before);
            let to = places.middle(column - before + slot.cols - 1);
            let middle = usize::midpoint(from, to);
            placed.push((middle.saturating_sub(wide(&text) / 2), text));
        }
    }
    // labels of groups and of the results stand on lines of their own
    let own = if part.serial { 0 } else { labels.len().saturating_sub(1) };
    for label in &labels[..own] {
        *out += &format!("{}\n", label.text);
    }
    let label = labels[own..].iter().map(|slot| slot.text.as_str()).collect::<Vec<_>>().join("  ");
    if let (Some(after), Kind::Data) = (line.cut, line.kind) {
        let (first, second) = cut(&label, after);
        *out += &format!("{first}\n                              — 3 —\n\u{c}");
        draw(&second, &placed, out);
        return;
    }
    let pieces: Vec<&str> = label.split('\n').collect();
    let with = match line.wrap {
        Wrap::No | Wrap::First => 0,
        Wrap::Middle => pieces.len() / 2,
        Wrap::Last => pieces.len() - 1,
    };
    for (index, piece) in pieces.iter().enumerate() {
        draw(piece, if index == with { &placed } else { &[] }, out);
    }
}

fn draw(label: &str, placed: &[(usize, String)], out: &mut String) {
    let mut line = label.to_owned();
    let mut used = wide(label);
    for (at, text) in placed {
        let blanks = at.saturating_sub(used).max(if used > 0 { 2 } else { 0 });
        line.extend(std::iter::repeat_n(' ', blanks));
        line += text;
        used += blanks + wide(text);
    }
    *out += line.trim_end();
    out.push('\n');
}
