//! Ruled lines → tables: edges, crossings, cells, spans.
//!
//! Lines that meet make up a table. Where they cross, columns and rows begin; two neighbouring places without a line
//! between them are one cell. A table that is open at a side ends where its lines end.

use super::page::{Line, Page, edges};

/// Lines that stand so near are one.
const NEAR: f64 = 3.0;
/// Dashes of a line stand no further apart.
const DASH: f64 = 5.0;
/// Shortest border, put together.
const SHORTEST: f64 = 4.0;
/// How far a line may end before the one it meets.
const REACH: f64 = 4.0;
/// Most columns and rows of a table.
const MOST_COLUMNS: usize = 128;
const MOST_ROWS: usize = 512;
/// Most lines of one direction on a page.
const MOST_LINES: usize = 20_000;

/// A cell with its place on the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cell {
    pub(super) row: u32,
    pub(super) col: u32,
    pub(super) rows: u32,
    pub(super) cols: u32,
    /// Left, upper, right, lower end.
    pub(super) area: [f64; 4],
}

/// A ruled table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Table {
    /// Its cells by row, then by column.
    pub(super) cells: Vec<Cell>,
    pub(super) area: [f64; 4],
    /// Whether it has no lines, but cells with grounds.
    pub(super) has_grounds: bool,
}

impl Table {
    /// The table further down.
    pub(super) fn shifted(&self, by: f64) -> Self {
        let down = |[left, top, right, bottom]: [f64; 4]| [left, top + by, right, bottom + by];
        let cells = self.cells.iter().map(|cell| Cell { area: down(cell.area), ..*cell }).collect();
        Self { cells, area: down(self.area), has_grounds: self.has_grounds }
    }

    pub(super) fn holds(&self, x: f64, y: f64) -> bool {
        let [left, top, right, bottom] = self.area;
        (left..=right).contains(&x) && (top..=bottom).contains(&y)
    }

    /// The cell at a place.
    pub(super) fn cell_at(&self, x: f64, y: f64) -> Option<usize> {
        self.cells.iter().position(|cell| {
            let [left, top, right, bottom] = cell.area;
            (left..right).contains(&x) && (top..bottom).contains(&y)
        })
    }
}

/// Finds the tables of a page, from top to bottom: those with lines, and where there are none, those whose cells have
/// grounds that touch.
pub(super) fn tables(page: &Page) -> Vec<Table> {
    let mut tables = of_lines(&page.horizontal, &page.vertical);
    let (mut horizontal, mut vertical) = (Vec::new(), Vec::new());
    for ground in &page.grounds {
        let center = ground.center();
        if !tables.iter().any(|table| table.holds(center.x, center.y)) {
            let (across, down) = edges(*ground);
            horizontal.extend(across);
            vertical.extend(down);
        }
    }
    // one row of grounds is a row that is shaded, not a table
    let rows = |table: &Table| table.cells.iter().any(|cell| cell.row > 0);
    let of_grounds = of_lines(&horizontal, &vertical).into_iter().filter(rows);
    tables.extend(of_grounds.map(|table| Table { has_grounds: true, ..table }));
    tables.sort_by(|a, b| a.area[1].total_cmp(&b.area[1]).then(a.area[0].total_cmp(&b.area[0])));
    tables
}

fn of_lines(horizontal: &[Line], vertical: &[Line]) -> Vec<Table> {
    let horizontal = merged(horizontal);
    let vertical = merged(vertical);
    let mut groups = Groups::new(horizontal.len() + vertical.len());
    // both are sorted by their place: only verticals within reach of a horizontal are looked at
    for (h, across) in horizontal.iter().enumerate() {
        let from = vertical.partition_point(|v| v.at < across.from - REACH);
        for (v, down) in vertical.iter().enumerate().skip(from) {
            if down.at > across.to + REACH {
                break;
            }
            if down.from - REACH <= across.at && across.at <= down.to + REACH {
                groups.join(h, horizontal.len() + v);
            }
        }
    }
    let mut members: Vec<(usize, bool, Line)> = Vec::new();
    for (at, line) in horizontal.iter().enumerate() {
        members.push((groups.of(at), true, *line));
    }
    for (at, line) in vertical.iter().enumerate() {
        members.push((groups.of(horizontal.len() + at), false, *line));
    }
    members.sort_by_key(|member| member.0);
    let groups: Vec<[Vec<Line>; 2]> = members
        .chunk_by(|a, b| a.0 == b.0)
        .map(|group| {
            [true, false].map(|across| {
                group.iter().filter(|member| member.1 == across).map(|member| member.2).collect()
            })
        })
        .collect();
    let (loose, groups): (Vec<_>, Vec<_>) =
        groups.into_iter().partition(|[across, _]| across.is_empty());
    let loose: Vec<Line> = loose.into_iter().flat_map(|[_, down]| down).collect();
    let table = |[across, mut down]: [Vec<Line>; 2]| {
        down.extend(sides(&across, &down, &loose));
        table(&across, &down)
    };
    groups.into_iter().filter_map(table).collect()
}

/// Lines left of a table and as high that meet none of it: borders of a cell that goes on over the page's ends.
fn sides(across: &[Line], down: &[Line], loose: &[Line]) -> Vec<Line> {
    let of = |of: &dyn Fn(&Line) -> f64| down.iter().map(of).collect::<Vec<_>>();
    let top = of(&|line| line.from).into_iter().fold(f64::INFINITY, f64::min);
    let bottom = of(&|line| line.to).into_iter().fold(f64::NEG_INFINITY, f64::max);
    let left = across.iter().map(|line| line.from).chain(of(&|line| line.at));
    let left = left.fold(f64::INFINITY, f64::min);
    let is_side = |line: &&Line| {
        line.at < left && (line.from - top).abs() < REACH && (line.to - bottom).abs() < REACH
    };
    loose.iter().filter(is_side).copied().collect()
}

/// Lines put together from their pieces, by place.
pub(super) fn merged(lines: &[Line]) -> Vec<Line> {
    let mut lines: Vec<Line> = lines.iter().copied().take(MOST_LINES).collect();
    let mut merged: Vec<Line> = Vec::new();
    lines.sort_by(|a, b| a.at.total_cmp(&b.at));
    for near in lines.chunk_by_mut(|a, b| b.at - a.at < NEAR / 2.0) {
        near.sort_by(|a, b| a.from.total_cmp(&b.from));
        // what stands further up or down at nearly this place is a line of another table
        let mut start = 0;
        while start < near.len() {
            let (mut end, mut to) = (start + 1, near[start].to);
            while end < near.len() && near[end].from <= to + DASH {
                to = to.max(near[end].to);
                end += 1;
            }
            let run = &mut near[start..end];
            run.sort_by(|a, b| a.at.total_cmp(&b.at));
            merge_run(run, &mut merged);
            start = end;
        }
    }
    merged.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    merged
}

/// Adds the lines that pieces make up which follow each other: doubled borders, and edges of neighbouring cells, are one.
fn merge_run(mut run: &[Line], merged: &mut Vec<Line>) {
    let is_long = |line: &Line| line.to - line.from >= SHORTEST;
    while let Some(first) = run.first() {
        let (here, rest) = run.split_at(run.partition_point(|line| line.at - first.at < NEAR));
        run = rest;
        let mut here = here.to_vec();
        #[expect(clippy::cast_precision_loss, reason = "lines at one place")]
        let at = here.iter().map(|line| line.at).sum::<f64>() / here.len() as f64;
        here.sort_by(|a, b| a.from.total_cmp(&b.from));
        let mut open: Option<Line> = None;
        for line in here {
            match &mut open {
                Some(known) if line.from <= known.to + DASH => known.to = known.to.max(line.to),
                _ => merged.extend(open.replace(Line { at, ..line }).filter(is_long)),
            }
        }
        merged.extend(open.filter(is_long));
    }
}

/// A table from lines that meet; none when they make no two cells.
fn table(horizontal: &[Line], vertical: &[Line]) -> Option<Table> {
    let columns = places(vertical, horizontal);
    let rows = places(horizontal, vertical);
    if columns.len() < 2 || rows.len() < 2 || columns.len() > MOST_COLUMNS || rows.len() > MOST_ROWS
    {
        return None;
    }
    let (width, height) = (columns.len() - 1, rows.len() - 1);
    // whether a line stands left of, and above, each place
    let mut groups = Groups::new(width * height);
    let near = |lines: &[Line], at: &f64| -> Vec<Line> {
        lines.iter().copied().filter(|line| (line.at - at).abs() < NEAR).collect()
    };
    let borders: Vec<Vec<Line>> = columns.iter().map(|at| near(vertical, at)).collect();
    let rules: Vec<Vec<Line>> = rows.iter().map(|at| near(horizontal, at)).collect();
    let covers = |lines: &[Line], from: f64, to: f64| {
        let covered = |line: &Line| (line.to.min(to) - line.from.max(from)).max(0.0);
        lines.iter().map(covered).sum::<f64>() > (to - from) * 0.5
    };
    for row in 0..height {
        for col in 0..width {
            let place = row * width + col;
            if col + 1 < width && !covers(&borders[col + 1], rows[row], rows[row + 1]) {
                groups.join(place, place + 1);
            }
            if row + 1 < height && !covers(&rules[row + 1], columns[col], columns[col + 1]) {
                groups.join(place, place + width);
            }
        }
    }
    let mut bounds: Vec<Option<[usize; 4]>> = vec![None; width * height];
    for row in 0..height {
        for col in 0..width {
            let bound = &mut bounds[groups.of(row * width + col)];
            let known = bound.get_or_insert([col, row, col, row]);
            *known = [known[0].min(col), known[1].min(row), known[2].max(col), known[3].max(row)];
        }
    }
    let mut cells: Vec<Cell> = bounds
        .into_iter()
        .flatten()
        .map(|[left, top, right, bottom]| Cell {
            row: top as u32,
            col: left as u32,
            rows: (bottom - top + 1) as u32,
            cols: (right - left + 1) as u32,
            area: [columns[left], rows[top], columns[right + 1], rows[bottom + 1]],
        })
        .collect();
    cells.sort_by_key(|cell| (cell.row, cell.col));
    let area = [columns[0], rows[0], columns[width], rows[height]];
    // one column is a frame, or the ground behind lines of text
    let columns = cells.iter().any(|cell| cell.col > 0);
    columns.then_some(Table { cells, area, has_grounds: false })
}

/// Where the lines of one direction stand; where those of the other go beyond the last of them, the table ends there.
fn places(own: &[Line], other: &[Line]) -> Vec<f64> {
    const OPEN: f64 = 12.0;
    let mut places: Vec<f64> = own.iter().map(|line| line.at).collect();
    let from = other.iter().map(|line| line.from).fold(f64::INFINITY, f64::min);
    let to = other.iter().map(|line| line.to).fold(f64::NEG_INFINITY, f64::max);
    places.sort_by(f64::total_cmp);
    places.dedup_by(|next, last| *next - *last < NEAR);
    if places.first().is_none_or(|first| from < first - OPEN) && from.is_finite() {
        places.insert(0, from);
    }
    if places.last().is_none_or(|last| to > last + OPEN) && to.is_finite() {
        places.push(to);
    }
    places
}

/// Sets that are joined: union and find.
struct Groups {
    parent: Vec<usize>,
}

impl Groups {
    fn new(count: usize) -> Self {
        Self { parent: (0..count).collect() }
    }

    fn of(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.of(a), self.of(b));
        self.parent[a.max(b)] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: f64, from: f64, to: f64) -> Line {
        Line { at, from, to }
    }

    #[test]
    fn ok_doubled_lines_are_one() {
        assert_eq!(
            merged(&[line(10.0, 0.0, 50.0), line(11.0, 0.0, 50.0)]),
            [line(10.5, 0.0, 50.0)]
        );
    }

    #[test]
    fn err_lines_of_two_tables_at_nearly_one_place_are_two() {
        let lines = [line(10.0, 0.0, 50.0), line(11.0, 80.0, 120.0)];
        assert_eq!(merged(&lines), lines);
    }

    #[test]
    fn ok_a_cell_that_goes_on_over_the_page_is_a_column() {
        let across = [line(0.0, 20.0, 60.0), line(10.0, 20.0, 60.0), line(20.0, 20.0, 60.0)];
        let mut down = vec![line(20.0, 0.0, 20.0), line(40.0, 0.0, 20.0), line(60.0, 0.0, 20.0)];
        down.push(line(0.0, 0.0, 20.0));
        let left = |down: &[Line]| of_lines(&across, down)[0].area[0];
        assert!(left(&down) < 1.0);
        // a line that is higher than the table is not its border
        down[3] = line(0.0, -40.0, 20.0);
        assert!(left(&down) > 19.0);
    }
}
