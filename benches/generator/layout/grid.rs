//! The tables as lines of cells, the way a browser's table has them: what most layouts print one way or another.

use super::super::document::Block;
use super::super::form::Group;
use super::super::tables::{Cell, Row, Tables};

/// A cell of a table.
pub(crate) struct Slot {
    /// As printed; `\n` where a label breaks.
    pub(crate) text: String,
    /// A cell for a value, not a label.
    pub(crate) number: bool,
    /// A blank stands before it where cells may touch.
    pub(crate) gap: bool,
}

/// A row of a table.
pub(crate) type Line = Vec<Slot>;

fn label(text: &str) -> Slot {
    Slot { text: text.to_owned(), number: false, gap: true }
}

fn number(cell: &Cell) -> Slot {
    Slot { text: cell.text.clone(), number: true, gap: cell.gap }
}

fn labels<'a>(texts: impl IntoIterator<Item = &'a String>) -> Line {
    texts.into_iter().map(|text| label(text)).collect()
}

/// The lines of a table. `grouped` puts a group's label into the line of its first row, as a rowspan does.
pub(crate) fn lines(tables: &Tables, block: &Block, grouped: bool) -> Vec<Line> {
    match block {
        Block::Proactive => proactive(tables),
        Block::Applications => applications(tables, grouped),
        Block::Review => review(tables),
        _ => Vec::new(),
    }
}

fn proactive(tables: &Tables) -> Vec<Line> {
    let mut lines = Vec::new();
    for part in &tables.proactive {
        lines.extend(part.heading.as_deref().map(|heading| vec![label(heading)]));
        lines.push(labels(&part.header));
        lines.extend(part.rows.iter().map(data));
    }
    lines
}

fn data(row: &Row) -> Line {
    [label(&row.label)].into_iter().chain(row.cells.iter().map(number)).collect()
}

fn applications(tables: &Tables, grouped: bool) -> Vec<Line> {
    let heads = &tables.heads;
    let mut lines = vec![
        vec![label(&heads.corner), label(&heads.applicants)],
        vec![label(&heads.columns[0]), label(&heads.organisations), label(&heads.columns[6])],
        labels(&heads.columns[1..6]),
    ];
    let mut group = Group::Top;
    let mut in_results = false;
    for row in &tables.applications {
        let mut line = Line::new();
        if row.group != Group::Top && !in_results {
            in_results = true;
            line.push(label(&heads.results));
        }
        if row.group != group {
            group = row.group;
            line.extend(heads.group(group).map(label));
        }
        if !grouped {
            lines.extend(line.drain(..).map(|slot| vec![slot]));
        }
        line.extend(data(row));
        lines.push(line);
    }
    lines
}

fn review(tables: &Tables) -> Vec<Line> {
    let heads = &tables.heads;
    let [reconsideration, litigation, direct, after] = &heads.reviews;
    let mut second = labels(&heads.outcomes);
    second.extend([label(direct), label(after)]);
    vec![
        labels([reconsideration, litigation]),
        second,
        labels(heads.outcomes.iter().chain(&heads.outcomes)),
        tables.review.iter().flat_map(|row| &row.cells).map(number).collect(),
    ]
}

/// A line with single blanks between its printed cells.
pub(crate) fn spaced(line: &Line) -> String {
    let texts: Vec<String> = line
        .iter()
        .filter(|slot| !slot.text.is_empty())
        .map(|slot| slot.text.replace('\n', ""))
        .collect();
    texts.join(" ")
}
