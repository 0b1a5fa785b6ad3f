//! Which cells of a printed document can be known from its text alone.

use super::figures::Figures;
use super::random::Random;
use super::readings::{Kind, Reading, agreed, placements, searchable, solve, splits, ways};
use super::shape::Shape;
use super::style::{Style, Unit};
use super::tables::{Cell, Tables};

/// Decides where blanks are left between cells that may touch.
pub(crate) fn set_gaps(random: &mut Random, tables: &mut Tables, shape: Shape) {
    if shape != Shape::OnelineMixed {
        return;
    }
    let percent = random.between(30, 80);
    let rows = tables.proactive.iter_mut().flat_map(|part| &mut part.rows);
    for row in rows.chain(&mut tables.applications).chain(&mut tables.review) {
        row.cells.iter_mut().for_each(|cell| cell.gap = random.chance(percent));
    }
}

/// Marks the cells that the text does not settle.
pub(crate) fn mark(tables: &mut Tables, shape: Shape, style: &Style) {
    for row in tables.proactive.iter_mut().flat_map(|part| &mut part.rows) {
        if !apart(&row.cells) && !words_apart(&row.cells) && glued_ways(&row.cells) != 1 {
            row.cells.iter_mut().for_each(|cell| cell.decidable = false);
        }
        if row.key == "procurement"
            && style.unit == Unit::Unsaid
            && let Some(amount) = row.cells.last_mut()
        {
            amount.decidable &= amount.text == "0" || amount.value.is_none();
        }
    }
    if shape.separated() {
        return;
    }
    let rows: Vec<_> = tables.applications.iter().map(|row| readings(&row.cells, shape)).collect();
    let settled = settle(rows);
    for (row, readings) in tables.applications.iter_mut().zip(settled) {
        settle_cells(row.cells.iter_mut(), &readings);
    }
    let whole = review_readings(tables, shape);
    settle_cells(tables.review.iter_mut().flat_map(|row| &mut row.cells), &whole);
}

/// A wrong source may look right when its digits are glued: such a fault would make the truth unprovable
/// and its contrary provable. True when no sum of the form leads to numbers that are not printed.
pub(crate) fn is_honest(tables: &Tables, figures: &Figures, shape: Shape) -> bool {
    if shape.separated() {
        return true;
    }
    let rows: Vec<_> = tables.applications.iter().map(|row| readings(&row.cells, shape)).collect();
    let truth: Vec<Reading> = figures
        .applications
        .iter()
        .map(|row| row.iter().map(|cell| cell.unwrap_or(0)).collect())
        .collect();
    let true_or_none =
        |readings: &Vec<Reading>, truth: &Reading| readings.is_empty() || readings.contains(truth);
    let possible = rows.iter().all(|readings| !readings.is_empty());
    let review = review_readings(tables, shape);
    let cases: Reading = figures.review.iter().flatten().map(|cell| cell.unwrap_or(0)).collect();
    rows.iter().zip(&truth).all(|(readings, truth)| true_or_none(readings, truth))
        && true_or_none(&review, &cases)
        && (!possible
            || match solve(rows) {
                None => true,
                Some(left) => {
                    searchable(&left)
                        && left.iter().zip(&truth).all(|(left, truth)| left.contains(truth))
                }
            })
}

/// Every border between the cells shows.
fn apart(cells: &[Cell]) -> bool {
    cells.iter().skip(1).all(|cell| cell.gap) || cells.iter().all(|cell| cell.value.is_none())
}

/// A count word separates the first number from the second.
fn words_apart(cells: &[Cell]) -> bool {
    cells.len() == 2 && cells[0].text.ends_with('笔')
}

fn glued_ways(cells: &[Cell]) -> usize {
    let text: String = cells.iter().map(|cell| cell.text.as_str()).collect();
    let kinds: Vec<Kind> = cells.iter().map(|cell| cell.kind).collect();
    ways(text.trim_end_matches(['万', '元']), &kinds)
}

fn numbers(cells: &[Cell]) -> Reading {
    let value = |cell: &Cell| cell.value.as_ref().map(|value| value.parse().unwrap_or(0));
    cells.iter().map(|cell| value(cell).unwrap_or(0)).collect()
}

fn readings(cells: &[Cell], shape: Shape) -> Vec<Reading> {
    if shape == Shape::RowsBlankLost {
        let printed: Reading = numbers(cells)
            .into_iter()
            .zip(cells)
            .filter(|pair| pair.1.value.is_some())
            .map(|pair| pair.0)
            .collect();
        if printed.len() == cells.len() {
            return vec![printed];
        }
        return placements(&printed, cells.len(), 1);
    }
    if apart(cells) {
        return vec![numbers(cells)];
    }
    let digits: String = cells.iter().map(|cell| cell.text.as_str()).collect();
    splits(&digits, cells.len(), 1)
}

fn review_readings(tables: &Tables, shape: Shape) -> Vec<Reading> {
    let cells = || tables.review.iter().flat_map(|row| &row.cells);
    let numbers: Reading = tables.review.iter().flat_map(|row| numbers(&row.cells)).collect();
    let printed: Vec<&Cell> = cells().filter(|cell| cell.value.is_some()).collect();
    if printed.is_empty() || (shape != Shape::RowsBlankLost && cells().skip(1).all(|cell| cell.gap))
    {
        return vec![numbers];
    }
    if shape == Shape::RowsBlankLost {
        let printed: Reading = numbers
            .into_iter()
            .zip(cells())
            .filter(|pair| pair.1.value.is_some())
            .map(|pair| pair.0)
            .collect();
        return placements(&printed, 5, 3);
    }
    let digits: String = cells().map(|cell| cell.text.as_str()).collect();
    splits(&digits, 5, 3)
}

/// The readings left when the equations have been used; each row by itself where they cannot hold.
fn settle(rows: Vec<Vec<Reading>>) -> Vec<Vec<Reading>> {
    match solve(rows.clone()) {
        Some(left) => left,
        None => rows,
    }
}

fn settle_cells<'a>(cells: impl Iterator<Item = &'a mut Cell>, readings: &[Reading]) {
    let cells: Vec<&mut Cell> = cells.collect();
    let settled = agreed(readings, cells.len());
    for (cell, settled) in cells.into_iter().zip(settled) {
        cell.decidable = settled;
    }
}
