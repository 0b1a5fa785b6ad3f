//! Rows that a page's end cut in two, and headers between them, in the cells of one table.

use super::FlowCell;
use crate::document::pages::align::{begins_label, is_number};

/// Puts rows together that a page's end cut in two: the label goes on below, and only one half has numbers.
pub(super) fn mend_rows(cells: &mut Vec<FlowCell>, seams: &[f64]) {
    for seam in seams {
        let Some(lower) = cells.iter().filter(|c| c.area[1] > seam - 4.0).map(|c| c.row).min()
        else {
            continue;
        };
        let Some(upper) = cells.iter().map(|c| c.row).filter(|row| *row < lower).max() else {
            continue;
        };
        let starts_here =
            cells.iter().filter(|c| c.row == lower).all(|c| (c.area[1] - seam).abs() < 60.0);
        let row = |row: u32| cells.iter().enumerate().filter(move |(_, c)| c.row == row);
        let has_numbers = |of: u32| row(of).any(|(_, c)| is_number(&c.text()));
        let label = |of: u32| {
            row(of).rfind(|(_, c)| !c.lines.is_empty() && !is_number(&c.text())).map(|(at, _)| at)
        };
        if !starts_here {
            continue;
        }
        // numbers without a label are the rest of the row on the other side; a header stands over its numbers
        let stands_over = row(upper).any(|(_, above)| {
            row(lower).any(|(_, below)| {
                let side = |cell: &FlowCell| (!cell.lines.is_empty(), is_number(&cell.text()));
                above.col < below.col + below.cols
                    && below.col < above.col + above.cols
                    && matches!(
                        (side(above), side(below)),
                        ((true, false), (true, true)) | ((true, true), (true, false))
                    )
            })
        });
        let lacks_label = !stands_over
            && ((label(upper).is_none() && has_numbers(upper) && !has_numbers(lower))
                || (label(lower).is_none() && has_numbers(lower) && !has_numbers(upper)));
        if lacks_label {
            join_rows(cells, upper, lower);
            continue;
        }
        let (Some(a), Some(b)) = (label(upper), label(lower)) else { continue };
        let text = cells[b].text();
        let full = cells[a].lines.last().is_some_and(|line| {
            let wide = line.words.last().map_or(0.0, |w| w.x.1)
                - line.words.first().map_or(0.0, |w| w.x.0);
            let size = line.words.first().map_or(10.0, |w| w.y.1 - w.y.0);
            let most = cells[a]
                .lines
                .iter()
                .chain(&cells[b].lines)
                .map(|line| {
                    line.words.last().map_or(0.0, |w| w.x.1)
                        - line.words.first().map_or(0.0, |w| w.x.0)
                })
                .fold(0.0, f64::max);
            wide + 1.5 * size > (cells[a].area[2] - cells[a].area[0]).min(most.max(wide) + size)
        });
        let same_place = cells[a].col == cells[b].col;
        if !(same_place && full)
            || begins_label(&text)
            || (has_numbers(upper) && has_numbers(lower))
        {
            continue;
        }
        join_rows(cells, upper, lower);
    }
}

/// Takes out the rows that repeat a table's first rows behind a page's end, and tells where its rows go on.
pub(super) fn drop_repeated_heads(cells: &mut Vec<FlowCell>, seams: &[f64]) -> Vec<f64> {
    type Row = Vec<(u32, String)>;
    let row = |cells: &[FlowCell], at: u32| -> Row {
        cells.iter().filter(|c| c.row == at).map(|c| (c.col, c.text())).collect()
    };
    let is_head =
        |row: &Row| row.iter().any(|c| !c.1.is_empty()) && !row.iter().any(|c| is_number(&c.1));
    let mut ends = Vec::with_capacity(seams.len());
    for seam in seams {
        let first = cells.iter().filter(|c| c.area[1] > seam - 4.0).map(|c| c.row).min();
        let Some(first) = first.filter(|first| *first > 0) else {
            ends.push(*seam);
            continue;
        };
        let count = (0..first)
            .take_while(|at| {
                let own = row(cells, first + at);
                is_head(&own) && own == row(cells, *at)
            })
            .count() as u32;
        let repeated = first..first + count;
        let end = cells
            .iter()
            .filter(|c| repeated.contains(&(c.row + c.rows - 1)))
            .map(|c| c.area[3])
            .fold(*seam, f64::max);
        cells.retain(|c| !repeated.contains(&c.row));
        ends.push(end);
    }
    ends
}

/// Puts cells together that stand in one place: labels beside each other, pieces of a cell that is no rectangle.
pub(super) fn one_in_a_place(cells: &mut Vec<FlowCell>) {
    cells.dedup_by(|next, last| {
        let same = (next.row, next.col) == (last.row, last.col);
        if same {
            last.lines.append(&mut next.lines);
            last.cols = last.cols.max(next.cols);
            last.rows = last.rows.max(next.rows);
        }
        same
    });
}

/// Puts two rows together; where one has nothing, the other's cell stands.
fn join_rows(cells: &mut Vec<FlowCell>, upper: u32, lower: u32) {
    let moved: Vec<FlowCell> = cells.iter().filter(|c| c.row == lower).cloned().collect();
    cells.retain(|c| c.row != lower);
    for cell in moved {
        match cells.iter_mut().find(|c| c.row == upper && c.col == cell.col) {
            Some(own) if own.lines.is_empty() => *own = FlowCell { row: upper, ..cell },
            Some(own) => own.lines.extend(cell.lines),
            None => cells.push(FlowCell { row: upper, ..cell }),
        }
    }
    cells.sort_by_key(|cell| (cell.row, cell.col));
}
