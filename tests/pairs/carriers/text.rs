//! Plain text: rows with something or nothing between their cells, a cell a line, everything on one line.

use super::super::axes::Carrier;
use super::super::model::{Block, Document, Kind, Part, Wrap};
use super::super::random::Random;
use super::{Line, Role, Slot, cut, lines};

/// Prints a document.
pub(crate) fn render(document: &Document, carrier: Carrier) -> String {
    let mut paper = Paper { carrier, lines: Vec::new(), random: Random::new(document.seed) };
    for block in &document.blocks {
        match block {
            Block::Title(text) | Block::Line(text) => paper.lines.push(text.clone()),
            Block::Part(part) => paper.part(part, document.inline_groups),
        }
    }
    let mut lines = paper.lines;
    if document.drop_equal_lines {
        let mut seen = std::collections::HashSet::new();
        lines.retain(|line| seen.insert(line.clone()));
    }
    let between = match carrier {
        Carrier::OnelineSpaced => " ",
        Carrier::OnelineGlued => "",
        Carrier::CellsSpaced => "\n\n",
        _ => "\n",
    };
    lines.join(between)
}

struct Paper {
    carrier: Carrier,
    lines: Vec<String>,
    random: Random,
}

impl Paper {
    fn part(&mut self, part: &Part, inline: bool) {
        self.lines.extend(part.caption.clone());
        let lines = lines(part, false, inline);
        if part.detached || part.by_column {
            self.detached(&lines, part.by_column);
            return;
        }
        for line in &lines {
            self.line(line);
        }
    }

    /// Labels line by line, then the numbers: by rows, or by columns.
    fn detached(&mut self, lines: &[Line], by_column: bool) {
        let mut rows: Vec<Vec<Slot>> = Vec::new();
        for line in lines {
            let (numbers, labels): (Vec<Slot>, Vec<Slot>) =
                line.slots.iter().cloned().partition(|slot| slot.role == Role::Number);
            if line.kind == Kind::Header {
                self.line(line);
            } else {
                for slot in labels {
                    self.line(&Line::of(vec![slot]));
                }
            }
            if !numbers.is_empty() {
                rows.push(numbers);
            }
        }
        if by_column {
            let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
            let column = |at: usize| rows.iter().filter_map(|row| row.get(at).cloned()).collect();
            rows = (0..columns).map(column).collect();
        }
        for slots in rows {
            self.line(&Line::of(slots));
        }
    }

    fn line(&mut self, line: &Line) {
        let slots = &line.slots;
        let label = slots.iter().rposition(|slot| slot.role == Role::Label);
        if let (Some(at), Some(after), Kind::Data) = (label, line.cut, line.kind) {
            let (first, second) = cut(&slots[at].text, after);
            let mut before = slots[..=at].to_vec();
            before[at].text = first;
            self.print(&before);
            self.lines.push("— 3 —".to_owned());
            let mut rest = slots[at..].to_vec();
            rest[0].text = second;
            self.print(&rest);
            return;
        }
        let pieces: Vec<&str> = match (label, line.wrap) {
            (Some(at), wrap) if wrap != Wrap::No => slots[at].text.split('\n').collect(),
            _ => Vec::new(),
        };
        if pieces.len() < 2 {
            self.print(slots);
            return;
        }
        let at = label.expect("a label was split");
        let with = match line.wrap {
            Wrap::First | Wrap::No => 0,
            Wrap::Middle => pieces.len() / 2,
            Wrap::Last => pieces.len() - 1,
        };
        for (index, piece) in pieces.iter().enumerate() {
            let mut here = if index == 0 { slots[..at].to_vec() } else { Vec::new() };
            here.push(Slot::label(piece));
            if index == with {
                here.extend(slots[at + 1..].iter().cloned());
            }
            self.print(&here);
        }
    }

    fn print(&mut self, slots: &[Slot]) {
        let keeps = matches!(
            self.carrier,
            Carrier::Pipes | Carrier::PipeCells | Carrier::Cells | Carrier::CellsSpaced
        );
        let texts: Vec<String> = slots
            .iter()
            .map(|slot| if keeps { slot.text.clone() } else { slot.text.replace('\n', " ") })
            .collect();
        let printed = || texts.iter().filter(|text| !text.trim().is_empty()).map(String::as_str);
        match self.carrier {
            Carrier::Tabs => self.lines.push(texts.join("\t")),
            Carrier::Pipes if slots.len() == 1 && slots[0].role == Role::Wide => {
                self.lines.push(texts.concat());
            }
            Carrier::Pipes => self.lines.push(format!("{} |", texts.join(" | "))),
            Carrier::PipeCells => {
                self.lines.extend(texts.iter().map(|text| format!("{text} |")));
            }
            Carrier::Cells | Carrier::CellsSpaced => {
                let all: Vec<String> = printed().map(ToOwned::to_owned).collect();
                self.lines.extend(all);
            }
            Carrier::Wide => self.lines.push(printed().collect::<Vec<_>>().join("    ")),
            Carrier::Glued | Carrier::OnelineGlued => self.lines.push(printed().collect()),
            Carrier::HalfGlued => {
                let mut line = String::new();
                for text in texts.iter().filter(|text| !text.trim().is_empty()) {
                    if !line.is_empty() && self.random.chance(50) {
                        line.push(' ');
                    }
                    line += text;
                }
                self.lines.push(line);
            }
            _ => self.lines.push(printed().collect::<Vec<_>>().join(" ")),
        }
    }
}
