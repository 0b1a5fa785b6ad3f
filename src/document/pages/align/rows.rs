//! Pieces of a table whose columns are known → cells of labels, rows, cells.

use super::{AlignedCell, Piece, begins_label};
use crate::document::pages::lines::TextLine;
use crate::document::pages::page::Line;

/// Lines further apart than so many ems are not lines of one label.
const LEADING: f64 = 1.75;
/// Labels that are numbered have no more lines than these, on an average.
const MOST_LINES: usize = 5;

/// Letters that make up one cell: indices of pieces from top to bottom.
#[derive(Debug)]
pub(super) struct Letters {
    pieces: Vec<usize>,
    cols: (usize, usize),
    y: (f64, f64),
}

pub(super) fn label_cells(placed: &[Piece], labels: usize, rules: &[Line]) -> Vec<Letters> {
    let ruled = |above: &Piece, below: &Piece| {
        let x = f64::midpoint(above.x.0.max(below.x.0), above.x.1.min(below.x.1));
        rules.iter().any(|rule| {
            (above.middle()..below.middle()).contains(&rule.at) && rule.from <= x && x <= rule.to
        })
    };
    let numbers: Vec<&Piece> = placed.iter().filter(|p| p.is_number).collect();
    let beside_number =
        |p: &Piece| numbers.iter().any(|n| (n.middle() - p.middle()).abs() < 0.25 * p.size());
    let has_row_rules = {
        let (top, bottom) = (placed[0].y.0, placed.iter().map(|p| p.y.1).fold(0.0, f64::max));
        let mut at: Vec<f64> =
            rules.iter().map(|r| r.at).filter(|at| top < *at && *at < bottom).collect();
        at.sort_by(f64::total_cmp);
        at.dedup_by(|next, last| *next - *last < 3.0);
        let mut lines: Vec<f64> = numbers.iter().map(|n| n.middle()).collect();
        lines.sort_by(f64::total_cmp);
        lines.dedup_by(|next, last| *next - *last < 3.0);
        at.len() + 1 >= lines.len() && at.len() > 2
    };
    // the least distance of lines under each other is that of lines of one label, if any label has two
    let pitch = |above: &Piece, below: &Piece| below.y.1 - above.y.1;
    let overlaps = |a: (usize, usize), b: (usize, usize)| a.0 < b.1 && b.0 < a.1;
    let letters: Vec<usize> = (0..placed.len()).filter(|at| !placed[*at].is_number).collect();
    let below = |at: usize| {
        letters.iter().copied().find(|next| {
            placed[*next].y.0 > placed[at].middle() && overlaps(placed[*next].cols, placed[at].cols)
        })
    };
    let closest = letters
        .iter()
        .filter(|at| placed[**at].cols.0 < labels)
        .filter_map(|at| Some(pitch(&placed[*at], &placed[below(*at)?]) / placed[*at].size()))
        .filter(|ems| *ems > 0.8)
        .fold(f64::INFINITY, f64::min);
    // a header's words are as wide as they like
    let top = numbers.iter().map(|n| n.y.0).fold(f64::INFINITY, f64::min);
    let own = |col: usize| {
        let label = move |p: &&Piece| p.cols.0 == col && col < labels && p.y.1 > top;
        letters.iter().map(|at| &placed[*at]).filter(label)
    };
    let widest = |p: &Piece| {
        let alike = own(p.cols.0).filter(|q| q.cols == p.cols);
        alike.map(|q| q.x.1 - q.x.0).fold(0.0, f64::max)
    };
    // where labels are numbered, a line that is not goes on with the one above
    let are_numbered: Vec<bool> = (0..labels)
        .map(|col| {
            let numbered = own(col).filter(|p| begins_label(&p.text())).count();
            numbered > 1 && numbered * MOST_LINES >= own(col).count()
        })
        .collect();
    let number_between = |above: &Piece, below: &Piece| {
        let slack = 0.2 * above.size();
        numbers
            .iter()
            .any(|n| above.middle() + slack < n.middle() && n.middle() < below.middle() - slack)
    };
    let mut cells: Vec<Letters> = Vec::new();
    for &at in &letters {
        let piece = &placed[at];
        let open = cells
            .iter_mut()
            .rev()
            .find(|cell| overlaps(cell.cols, piece.cols) && cell.y.0 < piece.y.0);
        let joins = |cell: &Letters| {
            let Some(last) = cell.pieces.last().map(|at| &placed[*at]) else { return false };
            let ems = pitch(last, piece) / piece.size();
            if ems > LEADING || ruled(last, piece) || begins_label(&piece.text()) {
                return false;
            }
            if has_row_rules {
                return true;
            }
            if piece.cols.0 >= labels {
                // a header's words are broken where they like, and stand over each other
                let (a, b) = (cell.cols, piece.cols);
                let holds = (a.0 <= b.0 && b.1 <= a.1) || (b.0 <= a.0 && a.1 <= b.1);
                let near = 0.6 * piece.size();
                let over =
                    (f64::midpoint(last.x.0, last.x.1) - f64::midpoint(piece.x.0, piece.x.1)).abs()
                        < near
                        || (last.x.0 - piece.x.0).abs() < near
                        || (last.x.1 - piece.x.1).abs() < near;
                let alike = (a.1 - a.0).abs_diff(b.1 - b.0) <= 1;
                return ems < 1.5 && alike && holds && over;
            }
            if number_between(last, piece) || !are_numbered[piece.cols.0] {
                return number_between(last, piece);
            }
            // a mark may hang over the end of a line
            let full = last.x.1 - last.x.0 + 1.6 * last.size() >= widest(last);
            full && ems <= closest * 1.15 && !(beside_number(last) && beside_number(piece))
        };
        match open.filter(|cell| joins(cell)) {
            Some(cell) => {
                cell.pieces.push(at);
                cell.cols = (cell.cols.0.min(piece.cols.0), cell.cols.1.max(piece.cols.1));
                cell.y.1 = cell.y.1.max(piece.y.1);
            }
            None => cells.push(Letters { pieces: vec![at], cols: piece.cols, y: piece.y }),
        }
    }
    cells
}

/// A row: its height, and the numbers in it.
struct Row {
    y: (f64, f64),
    numbers: Vec<usize>,
    /// The cell of letters that it is the row of.
    label: Option<usize>,
}

#[expect(clippy::needless_pass_by_value, reason = "what it is made of is used up")]
pub(super) fn in_rows(
    placed: &[Piece],
    letters: Vec<Letters>,
    labels: usize,
    edges: &[f64],
) -> Option<Vec<AlignedCell>> {
    let columns = edges.len() - 1;
    let overlap = |a: (f64, f64), b: (f64, f64)| a.1.min(b.1) - a.0.max(b.0);
    let is_leaf = |at: usize| {
        let cell = &letters[at];
        !letters.iter().any(|other| {
            other.cols.0 >= cell.cols.1
                && other.cols.0 < labels
                // beside it, or both above and below where it stands between
                && overlap(other.y, cell.y) > -0.15 * placed[cell.pieces[0]].size()
        })
    };
    let mut rows: Vec<Row> = Vec::new();
    let mut row_of = vec![usize::MAX; letters.len()];
    for (at, cell) in letters.iter().enumerate() {
        if cell.cols.0 < labels && is_leaf(at) {
            rows.push(Row { y: cell.y, numbers: Vec::new(), label: Some(at) });
        }
    }
    for (at, piece) in placed.iter().enumerate().filter(|(_, p)| p.is_number) {
        let middle = piece.middle();
        let holds = |row: &&mut Row| {
            let slack = 0.2 * piece.size();
            let alone = row.label.is_none();
            let y = if alone { (row.y.0 + slack, row.y.1 - slack) } else { row.y };
            y.0 - slack < middle && middle < y.1 + slack
        };
        // labels of groups and of rows beside each other stand at nearly one height
        let away = |row: &Row| (f64::midpoint(row.y.0, row.y.1) - middle).abs();
        let own = rows.iter_mut().filter(holds).min_by(|a, b| away(a).total_cmp(&away(b)));
        match own {
            Some(row) => row.numbers.push(at),
            None => rows.push(Row { y: piece.y, numbers: vec![at], label: None }),
        }
    }
    // header words over the numbers stand in rows of their own
    let mut headers: Vec<usize> =
        (0..letters.len()).filter(|at| letters[*at].cols.0 >= labels).collect();
    headers.sort_by(|a, b| letters[*a].y.0.total_cmp(&letters[*b].y.0));
    for at in headers {
        let middle = f64::midpoint(letters[at].y.0, letters[at].y.1);
        let own = rows.iter().position(|row| row.y.0 < middle && middle < row.y.1);
        match own {
            Some(row) if rows[row].numbers.is_empty() || rows[row].label.is_some() => {}
            _ => rows.push(Row { y: letters[at].y, numbers: Vec::new(), label: None }),
        }
    }
    rows.sort_by(|a, b| f64::midpoint(a.y.0, a.y.1).total_cmp(&f64::midpoint(b.y.0, b.y.1)));
    let mut cells: Vec<AlignedCell> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        if let Some(label) = row.label {
            row_of[label] = at;
        }
        let mut taken = vec![false; columns];
        for &number in &row.numbers {
            let piece = &placed[number];
            if (piece.cols.0..piece.cols.1).any(|col| std::mem::replace(&mut taken[col], true)) {
                // two numbers at the height of one label: these are not its rows
                return None;
            }
            cells.push(cell_of(&[piece], at, 1, piece.cols));
        }
        if !row.numbers.is_empty()
            || row.label.is_some_and(|label| !begins_header(&letters[label], placed, &rows, at))
        {
            for col in (labels..columns).filter(|col| !taken[*col]) {
                let over = row.label.is_some_and(|label| {
                    letters[label].cols.1 > col && letters[label].cols.0 <= col
                });
                if !over {
                    let area = [edges[col], row.y.0, edges[col + 1], row.y.1];
                    cells.push(AlignedCell {
                        row: at,
                        rows: 1,
                        cols: (col, col + 1),
                        lines: Vec::new(),
                        area,
                    });
                }
            }
        }
    }
    for (at, own) in letters.iter().enumerate() {
        let mut cols = own.cols;
        let mut rows_covered = 1;
        let row = if row_of[at] == usize::MAX {
            let middle = f64::midpoint(own.y.0, own.y.1);
            if own.cols.0 >= labels {
                rows.iter().position(|row| row.y.0 <= middle && middle <= row.y.1)?
            } else {
                // a label of a group of rows stands somewhere beside them
                let first = rows
                    .iter()
                    .position(|row| row.y.1 > own.y.0 + 0.3 * (own.y.1 - own.y.0).min(8.0))?;
                let last = rows.iter().rposition(|row| row.y.0 < own.y.1).unwrap_or(first);
                rows_covered = last.max(first) - first + 1;
                first
            }
        } else {
            if !rows[row_of[at]].numbers.is_empty() || cols.1 < labels {
                cols.1 = cols.1.max(labels);
            }
            row_of[at]
        };
        let pieces: Vec<&Piece> = own.pieces.iter().map(|at| &placed[*at]).collect();
        cells.push(cell_of(&pieces, row, rows_covered, cols));
    }
    // a blank under words that stand in its place is none
    let words: Vec<(usize, (usize, usize))> =
        cells.iter().filter(|c| !c.lines.is_empty()).map(|c| (c.row, c.cols)).collect();
    cells.retain(|cell| {
        !cell.lines.is_empty()
            || !words.iter().any(|(row, cols)| {
                *row == cell.row && cols.0 <= cell.cols.0 && cell.cols.0 < cols.1
            })
    });
    cells.sort_by_key(|cell| (cell.row, cell.cols.0));
    Some(cells)
}

/// Whether a row of letters belongs to a header: letters stand over the numbers in it.
fn begins_header(own: &Letters, placed: &[Piece], rows: &[Row], at: usize) -> bool {
    let labels = own.cols.1;
    let y = rows[at].y;
    placed
        .iter()
        .any(|p| !p.is_number && p.cols.0 >= labels && y.0 <= p.middle() && p.middle() <= y.1)
}

fn cell_of(pieces: &[&Piece], row: usize, rows: usize, cols: (usize, usize)) -> AlignedCell {
    let mut area = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    for piece in pieces {
        area = [
            area[0].min(piece.x.0),
            area[1].min(piece.y.0),
            area[2].max(piece.x.1),
            area[3].max(piece.y.1),
        ];
    }
    let lines = pieces.iter().map(|piece| TextLine { words: piece.words.clone() }).collect();
    AlignedCell { row, rows, cols, lines, area }
}
