//! Labels torn from their numbers: a block of labels before or after the block of number rows it belongs to.

use super::super::document::Block;
use super::super::form::Group;
use super::super::random::Random;
use super::super::tables::{Row, Tables};
use super::grid::lines;
use super::{Paper, pipes, wrapped};

/// Prints a table; only the third is torn.
pub(crate) fn table(random: &mut Random, tables: &Tables, block: &Block, paper: &mut Paper) {
    if matches!(block, Block::Applications) {
        applications(random, tables, paper);
        return;
    }
    let written: Vec<String> = lines(tables, block, true)
        .into_iter()
        .map(|mut line| {
            for slot in &mut line {
                slot.text = slot.text.replace('\n', "");
            }
            pipes::row(&line)
        })
        .collect();
    paper.lines(&written);
}

fn applications(random: &mut Random, tables: &Tables, paper: &mut Paper) {
    let heads = &tables.heads;
    let mut written = vec![
        heads.corner.clone(),
        heads.applicants.clone(),
        heads.columns[0].clone(),
        heads.organisations.clone(),
    ];
    written.extend(heads.columns[1..].iter().map(|label| label.replace('\n', "")));
    let rows = &tables.applications;
    let mut start = 0;
    while start < rows.len() {
        let group = rows[start].group;
        let length = rows[start..].iter().take_while(|row| row.group == group).count();
        let rows = &rows[start..start + length];
        let mut labels = Vec::new();
        if start == 2 {
            labels.push(heads.results.clone());
        }
        labels.extend(heads.group(group).map(ToOwned::to_owned));
        for row in rows {
            labels.extend(wrapped(&row.label, if random.chance(30) { 12 } else { 60 }));
        }
        let numbers = rows.iter().map(numbers);
        if random.chance(50) || group == Group::Top {
            written.extend(labels);
            written.extend(numbers);
        } else {
            written.extend(numbers);
            written.extend(labels);
        }
        start += length;
    }
    paper.lines(&written);
}

/// `8 | 2 | 0 | 0 | 0 | 0 | 10`
fn numbers(row: &Row) -> String {
    row.cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" | ")
}
