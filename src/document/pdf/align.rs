//! Tables without ruled columns: words that stand under each other → columns, rows, cells.
//!
//! Between two words beside each other a column ends somewhere in the gap. The fewest places that lie in every gap of a
//! table's lines are its columns; numbers of one column that do not stand under each other are two columns. A row is a
//! label with the numbers at its height. Where this does not come out (two numbers at the height of one label), there is
//! no table, and the lines are read as lines.

use super::lines::{TextLine, Word};
use super::page::Line;

/// A gap of so many ems between words of letters parts cells.
const PART: f64 = 0.6;
/// The same, beside a number.
const PART_NUMBER: f64 = 0.5;
/// Lines further apart than so many ems are not lines of one label.
const LEADING: f64 = 1.75;
/// Most pieces of text of a table, and most columns: each is compared with every other.
const MOST_PIECES: usize = 3_000;
const MOST_COLUMNS: usize = 64;
/// Most lines of a header, and most without a number between two with numbers.
const MOST_HEADER: usize = 16;
const MOST_WITHOUT: usize = 120;

/// Words of one cell that stand in one line.
#[derive(Clone, Debug)]
struct Piece {
    words: Vec<Word>,
    x: (f64, f64),
    y: (f64, f64),
    is_number: bool,
    /// Columns it covers, half-open; known when the columns are.
    cols: (usize, usize),
}

impl Piece {
    fn middle(&self) -> f64 {
        f64::midpoint(self.y.0, self.y.1)
    }

    fn size(&self) -> f64 {
        self.y.1 - self.y.0
    }

    fn text(&self) -> String {
        self.words.iter().map(|word| word.text.as_str()).collect()
    }
}

/// A cell of such a table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AlignedCell {
    pub(super) row: usize,
    pub(super) rows: usize,
    pub(super) cols: (usize, usize),
    pub(super) lines: Vec<TextLine>,
    pub(super) area: [f64; 4],
}

/// A table found by alignment, in place of some lines.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Aligned {
    /// The lines it is made of, half-open.
    pub(super) lines: (usize, usize),
    /// Left end of each column, and the right end of the last.
    pub(super) edges: Vec<f64>,
    /// Its cells by row, then by column.
    pub(super) cells: Vec<AlignedCell>,
}

/// The rules of a page that belong to no ruled table.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rules<'a> {
    pub(super) horizontal: &'a [Line],
    pub(super) vertical: &'a [Line],
}

/// Finds the tables among lines of text, from top to bottom.
pub(super) fn tables(lines: &[TextLine], rules: Rules<'_>) -> Vec<Aligned> {
    let rows: Vec<Vec<Piece>> = lines.iter().map(pieces).collect();
    let regions = regions(&rows);
    regions
        .into_iter()
        .flat_map(|region| blocks(&rows, region))
        .filter_map(|block| table(&rows, block, rules))
        .collect()
}

/// The pieces of a line: words that stand near each other are one, numbers never.
fn pieces(line: &TextLine) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::with_capacity(line.words.len());
    for word in &line.words {
        let is_number = is_number(&word.text);
        let near = pieces.last().is_some_and(|last| {
            let gap = word.x.0 - last.x.1;
            let size = last.size().min(word.y.1 - word.y.0);
            let part = match (last.is_number, is_number) {
                (true, true) => return false,
                (false, false) => PART,
                _ => PART_NUMBER,
            };
            gap < part * size
        });
        match pieces.last_mut().filter(|_| near) {
            Some(last) => {
                last.x = (last.x.0.min(word.x.0), last.x.1.max(word.x.1));
                last.y = (last.y.0.min(word.y.0), last.y.1.max(word.y.1));
                last.is_number = false;
                last.words.push(word.clone());
            }
            None => pieces.push(Piece {
                words: vec![word.clone()],
                x: word.x,
                y: word.y,
                is_number,
                cols: (0, 0),
            }),
        }
    }
    pieces
}

/// A number with its sign and unit, or a mark in place of one.
pub(super) fn is_number(text: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let body = text.trim_end_matches(['元', '万', '亿', '件', '条', '项', '个', '笔', '宗']);
    let marks = |c: char| ".,，．+-－−—–/%％".contains(c);
    if matches!(text, "无" | "無") {
        return true;
    }
    !body.is_empty()
        && body.chars().all(|c| digit(c) || marks(c))
        && (body.contains(digit) || (body == text && body.chars().count() <= 2))
}

/// `一、`, `（三）`, `1.`: a label begins.
pub(super) fn begins_label(text: &str) -> bool {
    let mut chars = text.chars().peekable();
    let numeral = |c: char| "一二三四五六七八九十⼀⼆⼗⼋".contains(c) || c.is_ascii_digit();
    let open = chars.next_if(|c| matches!(c, '（' | '(')).is_some();
    let mut count = 0;
    while chars.next_if(|c| numeral(*c)).is_some() {
        count += 1;
    }
    let next = chars.next().unwrap_or(' ');
    (1..=2).contains(&count)
        && if open { matches!(next, '）' | ')') } else { matches!(next, '、' | '.' | '．') }
}

/// `三、收到和处理…`: a heading, or a row's label that looks like one.
fn looks_like_heading(row: &[Piece]) -> bool {
    let [only] = row else { return false };
    let text = only.text();
    begins_label(&text) && !text.starts_with(|c: char| c.is_ascii_digit() || "（(".contains(c))
}

/// Ranges of lines that can be tables.
fn regions(rows: &[Vec<Piece>]) -> Vec<(usize, usize)> {
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
    let is_boundary = |at: usize| {
        let next = (at + 1..rows.len().min(at + MOST_HEADER)).find(|n| strong(&rows[*n]));
        looks_like_heading(&rows[at])
            && next.is_none_or(|next| rows[at + 1..next].iter().any(|row| is_header(row)))
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
        while first > floor
            && at - first < MOST_HEADER
            && !is_prose(&rows[first - 1])
            && !looks_like_heading(&rows[first - 1])
            && !apart(first - 1, first, 2.5)
        {
            first -= 1;
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
fn blocks(rows: &[Vec<Piece>], region: (usize, usize)) -> Vec<(usize, usize)> {
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

/// A gap, or a vertical rule: somewhere in it a column ends.
type Gap = (f64, f64);

/// The fewest places that lie in every gap; in each the place that cuts the fewest pieces.
fn places(mut gaps: Vec<Gap>, pieces: &[&Piece]) -> Vec<f64> {
    gaps.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut groups: Vec<Gap> = Vec::new();
    for gap in gaps {
        match groups.last_mut() {
            Some(group) if gap.0 <= group.1 => group.0 = group.0.max(gap.0),
            _ => groups.push(gap),
        }
    }
    let header = header(pieces);
    groups
        .into_iter()
        .map(|(from, to)| {
            let mut ends: Vec<f64> = pieces
                .iter()
                .flat_map(|p| [p.x.0, p.x.1])
                .filter(|x| (from..=to).contains(x))
                .chain([from, to])
                .collect();
            ends.sort_by(f64::total_cmp);
            let cuts = |x: f64| {
                let cut = || pieces.iter().filter(|p| p.x.0 < x && x < p.x.1);
                // words over several columns may be cut sooner than those of one
                (cut().filter(|p| !stands_over(p, &header)).count(), cut().count())
            };
            let best = ends
                .windows(2)
                .map(|pair| (f64::midpoint(pair[0], pair[1]), pair[1] - pair[0]))
                .min_by(|a, b| cuts(a.0).cmp(&cuts(b.0)).then(b.1.total_cmp(&a.1)));
            best.map_or(from, |(x, _)| x)
        })
        .collect()
}

/// The words over the first numbers.
fn header<'p>(pieces: &[&'p Piece]) -> Vec<&'p Piece> {
    let top = pieces.iter().filter(|p| p.is_number).map(|p| p.y.0).fold(f64::INFINITY, f64::min);
    pieces.iter().copied().filter(|p| !p.is_number && p.y.1 < top).collect()
}

/// What stands under each other, as one: left and right ends from left to right.
fn stacks<'p>(pieces: impl Iterator<Item = &'p Piece>) -> Vec<(f64, f64)> {
    let mut ends: Vec<(f64, f64)> = pieces.map(|p| p.x).collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    ends.dedup_by(|next, last| {
        let under = next.0 < last.1;
        if under {
            last.1 = last.1.max(next.1);
        }
        under
    });
    ends
}

/// Whether the numbers stand at the right end of their columns and the words over them at the left end: each number
/// behind words, none behind the same as another, and the last behind the last words or under them and further to the
/// right, so that it can be nobody else's.
fn numbers_stand_right(pieces: &[&Piece]) -> bool {
    let header = header(pieces);
    let words = stacks(header.iter().copied().filter(|p| !stands_over(p, &header)));
    let numbers = stacks(pieces.iter().copied().filter(|p| p.is_number));
    let (Some(last_words), Some(last)) = (words.last(), numbers.last()) else { return false };
    let behind = |number: &(f64, f64)| {
        let behind = words.partition_point(|words| words.0 <= number.0);
        let ends = words.get(behind).is_none_or(|next| number.1 <= next.0);
        behind.checked_sub(1).filter(|_| ends)
    };
    let owners: Option<Vec<usize>> = numbers.iter().map(behind).collect();
    last.0 > last_words.0
        && last.1 > last_words.1
        && owners.is_some_and(|owners| owners.windows(2).all(|pair| pair[0] < pair[1]))
}

/// Whether words of a header stand over others of it.
fn stands_over(words: &Piece, header: &[&Piece]) -> bool {
    header
        .iter()
        .any(|other| other.y.0 > words.middle() && other.x.0 < words.x.1 && words.x.0 < other.x.1)
}

/// Places between numbers of one column, or a number and the words over it, that do not stand under each other.
fn between_numbers(places: &mut Vec<f64>, pieces: &[&Piece]) {
    let of_numbers = |of: fn(&Piece) -> f64| {
        pieces.iter().filter(|p| p.is_number).map(|p| of(p)).fold(f64::INFINITY, f64::min)
    };
    let (left, top) = (of_numbers(|p| p.x.0), of_numbers(|p| p.y.0));
    let labels = places.first().copied().unwrap_or(f64::NEG_INFINITY);
    let is_header = |p: &Piece| p.x.0 > left - p.size() || (p.y.1 < top && p.x.0 > labels);
    let mut numbers: Vec<&&Piece> = pieces
        .iter()
        .filter(|p| p.is_number || is_header(p))
        .filter(|p| !places.iter().any(|x| p.x.0 < *x && *x < p.x.1))
        .collect();
    numbers.sort_by(|a, b| a.x.0.total_cmp(&b.x.0));
    let stand_right = numbers_stand_right(pieces);
    let mut end = f64::NEG_INFINITY;
    let mut behind_words = false;
    for number in numbers {
        let parted = places.iter().any(|x| (end..=number.x.0).contains(x));
        let own = stand_right && behind_words && number.is_number;
        if end.is_finite() && number.x.0 > end && !parted && !own {
            places.push(f64::midpoint(end, number.x.0));
        }
        if number.x.1 > end {
            (end, behind_words) = (number.x.1, !number.is_number);
        }
    }
    places.sort_by(f64::total_cmp);
}

/// Places between labels and the numbers right of them, where no line has both: a number at the height of the middle of
/// a label of two lines.
fn behind_labels(places: &mut Vec<f64>, pieces: &[&Piece]) {
    let top = pieces.iter().filter(|p| p.is_number).map(|p| p.y.0).fold(f64::INFINITY, f64::min);
    let columns: Vec<(f64, f64)> = std::iter::once(f64::NEG_INFINITY)
        .chain(places.iter().copied())
        .zip(places.iter().copied().chain([f64::INFINITY]))
        .collect();
    for (left, right) in columns {
        let own = || pieces.iter().filter(|p| left <= p.x.0 && p.x.1 <= right);
        let numbers = own().filter(|p| p.is_number).map(|p| p.x.0).fold(f64::INFINITY, f64::min);
        let labels = own().filter(|p| !p.is_number && p.y.1 > top);
        let labels = labels.map(|p| p.x.1).fold(f64::NEG_INFINITY, f64::max);
        if labels.is_finite() && numbers.is_finite() && labels < numbers {
            places.push(f64::midpoint(labels, numbers));
        }
    }
    places.sort_by(f64::total_cmp);
}

fn table(rows: &[Vec<Piece>], region: (usize, usize), rules: Rules<'_>) -> Option<Aligned> {
    let own = &rows[region.0..region.1];
    let all: Vec<&Piece> = own.iter().flatten().collect();
    if all.len() > MOST_PIECES {
        return None;
    }
    let left = all.iter().map(|p| p.x.0).fold(f64::INFINITY, f64::min);
    let right = all.iter().map(|p| p.x.1).fold(f64::NEG_INFINITY, f64::max);
    let top = all.iter().map(|p| p.y.0).fold(f64::INFINITY, f64::min);
    let bottom = all.iter().map(|p| p.y.1).fold(f64::NEG_INFINITY, f64::max);
    let mut gaps: Vec<Gap> = own
        .iter()
        .flat_map(|row| row.windows(2).map(|pair| (pair[0].x.1, pair[1].x.0)))
        .filter(|gap| gap.0 < gap.1)
        .collect();
    let crosses = |line: &&Line| line.from < bottom && top < line.to;
    let inside = |x: f64| left < x && x < right;
    gaps.extend(
        rules
            .vertical
            .iter()
            .filter(crosses)
            .filter(|line| inside(line.at))
            .map(|line| (line.at - 0.5, line.at + 0.5)),
    );
    let mut places = places(gaps, &all);
    between_numbers(&mut places, &all);
    behind_labels(&mut places, &all);
    if places.is_empty() || places.len() >= MOST_COLUMNS {
        return None;
    }
    let mut edges = vec![left - 2.0];
    edges.extend(&places);
    edges.push(right + 2.0);
    let cols = |p: &Piece| {
        // the edge of a letter may stand over the next column, a digit may not
        let over = if p.is_number { 0.2 } else { 0.35 * p.size() };
        let first = places.partition_point(|x| *x <= p.x.0 + over);
        let last = places.partition_point(|x| *x < p.x.1 - over);
        (first, last.max(first) + 1)
    };
    let mut placed: Vec<Piece> = Vec::with_capacity(all.len());
    for piece in &all {
        let whole = Piece { cols: cols(piece), ..(*piece).clone() };
        let covered = whole.cols.1 - whole.cols.0;
        if !piece.is_number && covered > 1 && piece.words.len() == covered {
            // words that stand near each other, each over a column of its own
            placed.extend((whole.cols.0..).zip(&piece.words).map(|(col, word)| Piece {
                words: vec![word.clone()],
                x: word.x,
                y: word.y,
                is_number: is_number(&word.text),
                cols: (col, col + 1),
            }));
        } else {
            placed.push(whole);
        }
    }
    placed.sort_by(|a, b| a.y.0.total_cmp(&b.y.0).then(a.x.0.total_cmp(&b.x.0)));
    let first_number =
        placed.iter().filter(|p| p.is_number).map(|p| p.cols.0).min().filter(|first| *first > 0);
    // a table of one line of numbers under its header has no labels beside them
    let highest =
        placed.iter().filter(|p| p.is_number).map(|p| p.y.0).fold(f64::INFINITY, f64::min);
    let labels = first_number
        .filter(|first| placed.iter().any(|p| p.cols.0 < *first && p.y.1 > highest))
        .unwrap_or(0);
    let cells = label_cells(&placed, labels, rules.horizontal);
    let cells = in_rows(&placed, cells, labels, &edges)?;
    Some(Aligned { lines: region, edges, cells })
}

/// Letters that make up one cell: indices of pieces from top to bottom.
#[derive(Debug)]
struct Letters {
    pieces: Vec<usize>,
    cols: (usize, usize),
    y: (f64, f64),
}

fn label_cells(placed: &[Piece], labels: usize, rules: &[Line]) -> Vec<Letters> {
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
    let widest = |p: &Piece| {
        let alike = letters.iter().map(|at| &placed[*at]).filter(|q| q.cols == p.cols);
        alike.map(|q| q.x.1 - q.x.0).fold(0.0, f64::max)
    };
    // where labels are numbered, a line that is not goes on with the one above
    let own = || letters.iter().map(|at| &placed[*at]).filter(|p| p.cols.0 < labels);
    let numbered = own().filter(|p| begins_label(&p.text())).count();
    let are_numbered = numbered * 3 >= own().count() && numbered > 2;
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
            if !are_numbered {
                return number_between(last, piece);
            }
            let full = last.x.1 - last.x.0 + 1.2 * last.size() >= widest(last);
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
fn in_rows(
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
        let own = rows.iter_mut().find(|row| {
            let slack = 0.2 * piece.size();
            let alone = row.label.is_none();
            let y = if alone { (row.y.0 + slack, row.y.1 - slack) } else { row.y };
            y.0 - slack < middle && middle < y.1 + slack
        });
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A line of words at places, ten points high, an ideograph ten wide and a digit five.
    fn line(y: f64, words: &[(f64, &str)]) -> TextLine {
        let width =
            |text: &str| text.chars().map(|c| if c.is_ascii() { 5.0 } else { 10.0 }).sum::<f64>();
        let word = |(x, text): &(f64, &str)| Word {
            text: (*text).to_owned(),
            x: (*x, x + width(text)),
            y: (y, y + 10.0),
        };
        TextLine { words: words.iter().map(word).collect() }
    }

    fn rows(table: &Aligned) -> Vec<Vec<String>> {
        let rows = table.cells.iter().map(|cell| cell.row).max().map_or(0, |last| last + 1);
        let text = |cell: &AlignedCell| -> String {
            cell.lines.iter().flat_map(|line| &line.words).map(|w| w.text.as_str()).collect()
        };
        (0..rows)
            .map(|row| table.cells.iter().filter(|cell| cell.row == row).map(text).collect())
            .collect()
    }

    #[test]
    fn ok_blanks_keep_their_columns() {
        let lines = [
            line(0.0, &[(0.0, "信息内容"), (100.0, "制发"), (150.0, "废止"), (200.0, "有效")]),
            line(20.0, &[(0.0, "规章"), (205.0, "7")]),
            line(40.0, &[(0.0, "行政规范性文件"), (107.0, "1"), (157.0, "2"), (207.0, "3")]),
        ];
        let found = tables(&lines, Rules::default());
        assert_eq!(found.len(), 1);
        let expected: [&[&str]; 3] = [
            &["信息内容", "制发", "废止", "有效"],
            &["规章", "", "", "7"],
            &["行政规范性文件", "1", "2", "3"],
        ];
        assert_eq!(rows(&found[0]), expected);
    }

    #[test]
    fn ok_a_number_beside_no_header_has_a_column_of_its_own() {
        let lines = [
            line(0.0, &[(0.0, "信息内容"), (100.0, "制发"), (300.0, "废止")]),
            line(20.0, &[(0.0, "规章"), (180.0, "7")]),
            line(40.0, &[(0.0, "文件"), (180.0, "8")]),
        ];
        let found = tables(&lines, Rules::default());
        assert_eq!(found[0].edges.len(), 5);
    }

    #[test]
    fn err_prose_is_no_table() {
        let text = "二〇二三年共收到政府信息公开申请十二件均按期答复";
        let lines = [
            line(0.0, &[(0.0, text)]),
            line(15.0, &[(0.0, text), (245.0, "2023"), (266.0, "年")]),
            line(30.0, &[(0.0, text)]),
        ];
        assert_eq!(tables(&lines, Rules::default()), []);
    }

    #[test]
    fn ok_labels_begin_with_their_numeral() {
        for text in ["1.重复申请", "（三）不予公开", "一、本年新收", "十一、其他"]
        {
            assert!(begins_label(text), "{text}");
        }
        for text in ["一情形", "12件", "（其中修订）", "三安全"] {
            assert!(!begins_label(text), "{text}");
        }
    }
}
