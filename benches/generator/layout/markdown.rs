//! Markdown grids, as vision models and converters write them.

use super::super::document::Block;
use super::super::random::Random;
use super::super::tables::{Row, Tables};
use super::Paper;

/// One grid a table, the groups of the third in a column of their own.
pub(crate) fn grids(random: &mut Random, tables: &Tables, block: &Block, paper: &mut Paper) {
    match block {
        Block::Proactive if random.chance(50) => proactive_grid(tables, paper),
        Block::Proactive => proactive_parts(tables, paper),
        Block::Applications => applications_grid(random, tables, paper),
        _ if random.chance(50) => review_grid(tables, paper),
        _ => review_parts(tables, paper),
    }
}

/// One grid a row, with columns that nobody named so.
pub(crate) fn per_row(random: &mut Random, tables: &Tables, block: &Block, paper: &mut Paper) {
    match block {
        Block::Proactive => proactive_parts(tables, paper),
        Block::Applications => applications_rows(random, tables, paper),
        _ => review_parts(tables, paper),
    }
}

/// `| 规章 | 0 | 0 |`
fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = "|".to_owned();
    for cell in cells {
        text.push(' ');
        text += &cell.replace('\n', "");
        text += if cell.is_empty() { "|" } else { " |" };
    }
    text
}

fn rule(columns: usize) -> String {
    "|".to_owned() + &"---|".repeat(columns)
}

fn padded<'a>(cells: impl IntoIterator<Item = &'a str>, columns: usize) -> String {
    let mut cells: Vec<&str> = cells.into_iter().collect();
    cells.resize(columns, "");
    line(cells)
}

fn texts(row: &Row) -> impl Iterator<Item = &str> {
    row.cells.iter().map(|cell| cell.text.as_str())
}

fn proactive_grid(tables: &Tables, paper: &mut Paper) {
    let mut lines = Vec::new();
    for part in &tables.proactive {
        lines.extend(part.heading.iter().map(|heading| padded([heading.as_str()], 4)));
        lines.push(padded(part.header.iter().map(String::as_str), 4));
        for row in &part.rows {
            lines.push(padded([row.label.as_str()].into_iter().chain(texts(row)), 4));
        }
    }
    lines.insert(1, rule(4));
    paper.lines(&lines);
}

fn proactive_parts(tables: &Tables, paper: &mut Paper) {
    for part in &tables.proactive {
        if let Some(heading) = &part.heading {
            paper.line(&format!("### {heading}"));
        }
        let mut lines = vec![line(part.header.iter().map(String::as_str)), rule(part.header.len())];
        for row in &part.rows {
            lines.push(line([row.label.as_str()].into_iter().chain(texts(row))));
        }
        paper.lines(&lines);
    }
}

fn applications_grid(random: &mut Random, tables: &Tables, paper: &mut Paper) {
    let heads = &tables.heads;
    let results = random.chance(50);
    let repeated = random.chance(50);
    let note = random.chance(50);
    let columns = heads.columns.iter().map(String::as_str);
    let mut lead = if results { vec!["", "", ""] } else { vec!["", ""] };
    if note {
        paper.line(&heads.corner);
        lead[0] = "申请人情况";
    } else {
        lead[0] = &heads.corner;
    }
    let width = lead.len() + 7;
    let mut lines = vec![line(lead.into_iter().chain(columns)), rule(width)];
    let mut before = None;
    for (index, row) in tables.applications.iter().enumerate() {
        let inside = heads.group(row.group);
        let shown = if repeated || before != Some(row.group) { inside.unwrap_or("") } else { "" };
        before = Some(row.group);
        let mut lead = match inside {
            Some(_) => vec![shown, row.label.as_str()],
            None => vec![row.label.as_str(), ""],
        };
        if results {
            let inner = (2..tables.applications.len() - 1).contains(&index);
            if !inner {
                lead.push("");
            } else if repeated || index == 2 {
                lead.insert(0, &heads.results);
            } else {
                lead.insert(0, "");
            }
        }
        lines.push(line(lead.into_iter().chain(texts(row))));
    }
    paper.lines(&lines);
}

fn applications_rows(random: &mut Random, tables: &Tables, paper: &mut Paper) {
    let heads = &tables.heads;
    paper.line(&heads.corner);
    let header: Vec<String> = if random.chance(60) {
        (1..=6).map(|index| format!("数据{index}")).chain(["总计".to_owned()]).collect()
    } else {
        heads.columns.clone()
    };
    let head = line(["类别"].into_iter().chain(header.iter().map(String::as_str)));
    let mut before = None;
    for (index, row) in tables.applications.iter().enumerate() {
        if index == 2 {
            paper.line(&format!("### {}", heads.results));
        }
        let group = heads.group(row.group);
        let label = match group {
            Some(_) => row.label.as_str(),
            // The ordinal went into the heading.
            None => row.label.trim_start_matches(['一', '二', '四', '、', ' ']),
        };
        let first = before != Some(row.group) || group.is_none();
        before = Some(row.group);
        if first {
            paper.line(&format!("### {}", group.unwrap_or(&row.label)));
        }
        let data = line([label].into_iter().chain(texts(row)));
        if first {
            paper.lines(&[head.clone(), rule(8), data]);
        } else {
            if paper.text.ends_with("\n\n") {
                paper.text.pop();
            }
            paper.lines(&[data]);
        }
    }
}

fn review_parts(tables: &Tables, paper: &mut Paper) {
    let heads = &tables.heads;
    let [reconsideration, litigation, direct, after] = &heads.reviews;
    let names = [
        reconsideration.clone(),
        format!("{litigation}（{direct}）"),
        format!("{litigation}（{after}）"),
    ];
    for (name, row) in names.iter().zip(&tables.review) {
        paper.line(&format!("### {name}"));
        let header = line(heads.outcomes.iter().map(String::as_str));
        paper.lines(&[header, rule(5), line(texts(row))]);
    }
}

fn review_grid(tables: &Tables, paper: &mut Paper) {
    let heads = &tables.heads;
    let [reconsideration, litigation, direct, after] = &heads.reviews;
    let mut top = vec![""; 15];
    top[0] = reconsideration;
    top[5] = litigation;
    let mut second = vec![""; 15];
    second[5] = direct;
    second[10] = after;
    let outcomes = heads.outcomes.iter().map(String::as_str);
    paper.lines(&[
        line(top),
        rule(15),
        line(second),
        line(outcomes.cycle().take(15)),
        line(tables.review.iter().flat_map(texts)),
    ]);
}
