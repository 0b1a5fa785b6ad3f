//! Which lines of a text can be a table.

use super::{Piece, begins_label};

/// Most lines of a header, and most without a number between two with numbers.
const MOST_HEADER: usize = 16;
const MOST_WITHOUT: usize = 120;

/// `三、收到和处理…`: a heading, or a row's label that looks like one.
fn looks_like_heading(row: &[Piece]) -> bool {
    let [only] = row else { return false };
    let text = only.text();
    begins_label(&text) && !text.starts_with(|c: char| c.is_ascii_digit() || "（(".contains(c))
}

/// Ranges of lines that can be tables.
pub(super) fn regions(rows: &[Vec<Piece>]) -> Vec<(usize, usize)> {
    let numbers = |row: &[Piece]| row.iter().filter(|piece| piece.is_number).count();
    let strong = |row: &[Piece]| numbers(row) >= 1 && row.len() >= 2;
    let left = rows.iter().flatten().map(|p| p.x.0).fold(f64::INFINITY, f64::min);
    let right = rows.iter().flatten().map(|p| p.x.1).fold(f64::NEG_INFINITY, f64::max);
    let wide = (right - left) * 0.6;
    let is_prose = |row: &[Piece]| {
        let [only] = row else { return false };
        let text = only.text();
        !only.is_number && (only.x.1 - only.x.0 > wide || text.ends_with(['。', '；', '：']))
    };
    // letters over the numbers: a header
    let is_header =
        |row: &[Piece]| row.iter().any(|p| !p.is_number && p.x.0 > left + (right - left) * 0.55);
    let apart = |above: usize, below: usize, ems: f64| {
        let bottom = rows[above].iter().map(|p| p.y.1).fold(f64::NEG_INFINITY, f64::max);
        let top = rows[below].iter().map(|p| p.y.0).fold(f64::INFINITY, f64::min);
        let size = rows[below].first().map_or(10.0, Piece::size);
        top - bottom > ems * size
    };
    let is_headed = |from: usize, to: usize| rows[from..to].iter().any(|row| is_header(row));
    let is_boundary = |at: usize| {
        let next = (at + 1..rows.len().min(at + MOST_HEADER)).find(|n| strong(&rows[*n]));
        looks_like_heading(&rows[at]) && next.is_none_or(|next| is_headed(at + 1, next))
    };
    let mut regions: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        if !strong(&rows[at]) {
            at += 1;
            continue;
        }
        // up: the header
        let floor = regions.last().map_or(0, |region| region.1);
        let mut first = at;
        let mut up = at;
        while up > floor
            && at - up < MOST_HEADER
            && !is_prose(&rows[up - 1])
            && !apart(up - 1, up, 2.5)
            && !(looks_like_heading(&rows[up - 1]) && is_headed(up, at))
        {
            up -= 1;
            // a heading is a label of the table only if a header stands above it
            let is_label = rows[up..first].iter().all(|row| !looks_like_heading(row));
            if is_label || is_header(&rows[up]) {
                first = up;
            }
        }
        // down: to the last line with numbers, and the labels behind it
        let mut last = at;
        let mut next = at + 1;
        while next < rows.len()
            && next - last <= MOST_WITHOUT
            && !is_prose(&rows[next])
            && !is_boundary(next)
            && !apart(next - 1, next, 4.0)
        {
            if strong(&rows[next]) {
                last = next;
            }
            next += 1;
        }
        let mut end = last + 1;
        while end < next && !looks_like_heading(&rows[end]) && !apart(end - 1, end, 2.0) {
            end += 1;
        }
        let most = rows[first..end].iter().map(Vec::len).max().unwrap_or(0);
        let count = rows[first..end].iter().filter(|row| strong(row)).count();
        if count >= 2 || most >= 4 {
            regions.push((first, end));
        }
        at = end.max(at + 1);
    }
    regions
}

/// A region cut before each header that follows numbers: what stands under it has columns of its own.
pub(super) fn blocks(rows: &[Vec<Piece>], region: (usize, usize)) -> Vec<(usize, usize)> {
    let own = &rows[region.0..region.1];
    let numbers = own.iter().flatten().filter(|p| p.is_number && p.words[0].text.len() < 20);
    let left = numbers.map(|p| p.x.0).fold(f64::INFINITY, f64::min);
    let is_header = |row: &[Piece]| row.iter().any(|p| !p.is_number && p.x.0 > left - 4.0);
    let mut blocks = Vec::new();
    let (mut start, mut has_numbers) = (region.0, false);
    for (at, row) in (region.0..).zip(own) {
        if has_numbers && is_header(row) {
            blocks.push((start, at));
            (start, has_numbers) = (at, false);
        }
        has_numbers |= row.iter().any(|p| p.is_number);
    }
    blocks.push((start, region.1));
    blocks
}
