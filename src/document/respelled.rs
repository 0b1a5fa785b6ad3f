//! Words of a picture as the form spells them: a model misreads a sign of a label now and then.
//!
//! Only words that differ in a few signs from one label, and in more from every other, are taken for that label; and rows
//! or columns between two known ones of a ruled table, where there are as many of them as the form has there. No number is
//! touched.

use super::Document;
use super::blocks::{Grid, GridCell};
use crate::span::Span;
use std::collections::BTreeMap;

/// Fewest letters of a label that is told from others by most of them.
const FEWEST: usize = 4;
/// Of so many letters one may be another.
const OF_LETTERS: usize = 3;
/// So many times as far away every other label must be.
const FARTHER: usize = 3;
/// Numbers beside a label, at least.
const BESIDE: usize = 3;
/// Rows and columns that must be known for others to be known by them; half of a form's at least.
const FEWEST_ROWS: usize = 6;
const FEWEST_COLUMNS: usize = 4;
/// Where a label is not there.
const NOTHING: Span = Span::new(0, 0);
/// Longest words that are looked at, in letters.
const LONGEST: usize = 60;

/// A spelling, and what tells the things from each other that spellings name.
#[derive(Clone, Debug)]
pub(crate) struct Spelling {
    text: String,
    letters: Vec<char>,
    thing: String,
}

impl Spelling {
    /// One spelling of a thing.
    pub(crate) fn new(text: &str, thing: &str) -> Self {
        Self { text: text.to_owned(), letters: letters(text), thing: thing.to_owned() }
    }
}

/// What forms print.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spellings {
    /// Labels of rows and columns.
    pub(crate) labels: Vec<Spelling>,
    /// Titles of sections.
    pub(crate) titles: Vec<Spelling>,
    /// The rows of each table whose rows stand under each other, each with its spellings.
    pub(crate) tables: Vec<Vec<Vec<String>>>,
    /// The columns of each of these tables.
    pub(crate) columns: Vec<Vec<Vec<String>>>,
}

/// Spells what was read from pictures as forms do: labels in tables, and the titles of sections between them.
pub(crate) fn respell(document: &mut Document<'_>, spellings: &Spellings) {
    let Spellings { labels, titles, tables, columns } = spellings;
    let Some(blocks) = &document.blocks else { return };
    if blocks.guessed.is_empty() {
        return;
    }
    let text = &document.text;
    let mut edits: Vec<(Span, String)> = Vec::new();
    let mut edit = |span: Span, known: &[Spelling]| {
        if let Some(spelling) = nearest(span.of(text), known)
            && spelling != span.of(text)
        {
            edits.push((span, spelling.to_owned()));
        }
    };
    let mut from = 0;
    for grid in &blocks.grids {
        for line in lines(text, Span::new(from, grid.span.start)) {
            if blocks.is_guess(line) {
                edit(line, titles);
            }
        }
        for cell in grid.cells.iter().filter(|cell| blocks.is_guess(cell.span)) {
            edit(cell.span, labels);
        }
        from = grid.span.end;
    }
    let broken: Vec<Span> = blocks
        .grids
        .iter()
        .filter(|grid| blocks.is_guess(grid.span))
        .flat_map(|grid| broken(text, grid))
        .collect();
    edits.retain(|(span, _)| !broken.contains(span));
    edits.extend(broken.into_iter().map(|span| (span, char::REPLACEMENT_CHARACTER.to_string())));
    let known: BTreeMap<u32, &str> =
        edits.iter().map(|(span, spelling)| (span.start, spelling.as_str())).collect();
    let by_order: Vec<(Span, String)> = blocks
        .grids
        .iter()
        .filter(|grid| blocks.is_guess(grid.span))
        .flat_map(|grid| {
            let rows = between(text, &rows_of(text, grid), tables, &known, FEWEST_ROWS);
            let heads = between(text, &heads_of(text, grid), columns, &known, FEWEST_COLUMNS);
            rows.into_iter().chain(heads)
        })
        .collect();
    edits.retain(|(span, _)| by_order.iter().all(|(own, _)| own != span));
    edits.extend(by_order);
    let mut edits_of_lines: Vec<(Span, String)> = Vec::new();
    let mut edit = |span: Span, known: &[Spelling]| {
        if let Some(spelling) = nearest(span.of(text), known)
            && spelling != span.of(text)
        {
            edits_of_lines.push((span, spelling.to_owned()));
        }
    };
    for line in lines(text, Span::new(from, text.len() as u32)) {
        if blocks.is_guess(line) {
            edit(line, titles);
        }
    }
    edits.extend(edits_of_lines);
    edits.sort_unstable_by_key(|(span, _)| span.start);
    edits.dedup_by(|next, last| next.0.start < last.0.end);
    if edits.is_empty() {
        return;
    }
    let mut written = String::with_capacity(text.len());
    let mut moved: Vec<(Span, Span)> = Vec::with_capacity(edits.len());
    let mut from = 0;
    for (span, spelling) in &edits {
        written.push_str(Span::new(from, span.start).of(text));
        let start = written.len() as u32;
        written.push_str(spelling);
        moved.push((*span, Span::new(start, written.len() as u32)));
        from = span.end;
    }
    written.push_str(Span::new(from, text.len() as u32).of(text));
    if let Some(blocks) = &mut document.blocks {
        blocks.shift(|at| {
            let before = moved.partition_point(|(old, _)| old.start < at);
            let Some((old, new)) = before.checked_sub(1).map(|before| moved[before]) else {
                return at;
            };
            if at < old.end {
                (new.start + at - old.start).min(new.end)
            } else {
                at - old.end + new.end
            }
        });
    }
    document.text = written.into();
}

/// Labels beside numbers that are not in the same rows: a line between two rows was not seen somewhere, and nobody can tell
/// which numbers stand beside which label.
fn broken(text: &str, grid: &Grid) -> Vec<Span> {
    let is_number = |cell: &GridCell| cell.span.of(text).chars().all(|c| c < '\u{2E80}');
    let overlap = |a: &GridCell, b: &GridCell| a.row < b.row + b.rows && b.row < a.row + a.rows;
    let mut broken = Vec::new();
    for cell in grid.cells.iter().filter(|cell| is_number(cell) && !cell.span.is_empty()) {
        let beside = grid.cells.iter().filter(|own| own.col < cell.col && overlap(own, cell));
        let Some(label) = beside.filter(|own| !is_number(own)).max_by_key(|own| own.col) else {
            continue;
        };
        if (label.row, label.rows) != (cell.row, cell.rows) && !broken.contains(&label.span) {
            broken.push(label.span);
        }
    }
    broken
}

/// The rows of a grid with numbers, each with the place of its last words and the cells behind them.
fn numbered<'g>(text: &str, grid: &'g Grid) -> Vec<(Vec<&'g GridCell>, usize)> {
    let is_word = |cell: &GridCell| cell.span.of(text).chars().any(|c| c >= '\u{2E80}');
    let mut rows: BTreeMap<u32, Vec<&GridCell>> = BTreeMap::new();
    for cell in &grid.cells {
        rows.entry(cell.row).or_default().push(cell);
    }
    let numbered = rows.into_values().map(|own| {
        let beside = own.iter().rposition(|cell| is_word(cell)).map_or(0, |last| last + 1);
        (own, beside)
    });
    numbered.filter(|(own, beside)| own.len() - beside >= BESIDE).collect()
}

/// Of each row with numbers its label, the last words in it; nothing where a row has none.
fn rows_of(text: &str, grid: &Grid) -> Vec<Span> {
    let label = |(own, beside): (Vec<&GridCell>, usize)| {
        let label = beside.checked_sub(1).map(|last| own[last]);
        let is_whole = own[beside..].iter().all(|cell| cell.rows == 1);
        label.filter(|label| label.rows == 1 && is_whole).map_or(NOTHING, |label| label.span)
    };
    numbered(text, grid).into_iter().map(label).collect()
}

/// Of each column its head: the lowest words over the first row of numbers that are as wide as the number; nothing where a
/// column has none.
fn heads_of(text: &str, grid: &Grid) -> Vec<Span> {
    let rows = numbered(text, grid);
    let Some((own, beside)) = rows.first() else { return Vec::new() };
    let head = |number: &&GridCell| {
        let over = grid.cells.iter().filter(|cell| {
            (cell.col, cell.cols) == (number.col, number.cols) && cell.row < number.row
        });
        over.max_by_key(|cell| cell.row).map_or(NOTHING, |cell| cell.span)
    };
    own[*beside..].iter().map(head).collect()
}

/// Labels that nobody can read, by those around them; so many must be known.
fn between(
    text: &str,
    labels: &[Span],
    tables: &[Vec<Vec<String>>],
    known: &BTreeMap<u32, &str>,
    fewest: usize,
) -> Vec<(Span, String)> {
    /// Labels between two that are known.
    const MOST: usize = 3;
    let said = |span: &Span| match known.get(&span.start) {
        Some(known) if !span.is_empty() => *known,
        _ => span.of(text),
    };
    let said: Vec<Vec<char>> = labels.iter().map(|span| letters(said(span))).collect();
    let anchors = |rows: &Vec<Vec<String>>| -> Vec<(usize, usize)> {
        let of = |own: &Vec<char>| {
            let mut all = (0..rows.len())
                .filter(|row| rows[*row].iter().any(|spelling| letters(spelling) == *own));
            let first = all.next()?;
            all.next().is_none().then_some(first)
        };
        said.iter().enumerate().filter_map(|(at, own)| Some((at, of(own)?))).collect()
    };
    let best = tables.iter().map(|rows| (anchors(rows), rows)).max_by_key(|(own, _)| own.len());
    let Some((mut anchors, rows)) = best else { return Vec::new() };
    let is_in_order = anchors.windows(2).all(|two| two[0].1 < two[1].1);
    if anchors.len() < fewest || 2 * anchors.len() < rows.len() || !is_in_order {
        return Vec::new();
    }
    // before the first row and behind the last one stands nothing
    anchors.push((labels.len(), rows.len()));
    let mut found = Vec::new();
    let (mut at, mut row) = (0, 0);
    for (next, next_row) in anchors {
        let count = next - at;
        if count == next_row - row && count <= MOST {
            for nth in 0..count {
                let (spelling, said) = (&rows[row + nth][0], &said[at + nth]);
                let own = letters(spelling);
                // where another of them is nearer, the order is not that of the form
                let nearest = rows.iter().map(|other| distance(said, &letters(&other[0]))).min();
                if is_like(said, &own) && nearest == Some(distance(said, &own)) {
                    found.push((labels[at + nth], spelling.clone()));
                }
            }
        }
        (at, row) = (next + 1, next_row + 1);
    }
    found
}

/// Whether a good part of some letters are those of others, in order.
fn is_like(a: &[char], b: &[char]) -> bool {
    const SHARED: usize = 4;
    let longer = a.len().max(b.len());
    (longer - distance(a, b).min(longer)) * SHARED >= longer
}

/// The lines of a part of a text, without the blanks around them.
fn lines(text: &str, part: Span) -> Vec<Span> {
    let mut at = part.start;
    let mut found = Vec::new();
    for line in part.of(text).split_inclusive('\n') {
        let inner = line.trim();
        let start = at + (line.len() - line.trim_start().len()) as u32;
        if !inner.is_empty() {
            found.push(Span::new(start, start + inner.len() as u32));
        }
        at += line.len() as u32;
    }
    found
}

/// The one spelling that words are nearly.
fn nearest<'s>(words: &str, known: &'s [Spelling]) -> Option<&'s str> {
    let own = letters(words);
    if own.len() < FEWEST || own.len() > LONGEST {
        return None;
    }
    let most = own.len() / OF_LETTERS + 1;
    let mut best: Option<(usize, &Spelling)> = None;
    // how far the nearest spelling of every thing else is
    let mut second = usize::MAX;
    let is_near = |other: &&Spelling| other.letters.len().abs_diff(own.len()) <= FARTHER * most;
    for spelling in known.iter().filter(is_near) {
        let distance = distance(&own, &spelling.letters);
        match best {
            Some((least, other)) if other.thing == spelling.thing => {
                if distance < least {
                    best = Some((distance, spelling));
                }
            }
            Some((least, _)) if distance >= least => second = second.min(distance),
            Some((least, _)) => {
                second = second.min(least);
                best = Some((distance, spelling));
            }
            None => best = Some((distance, spelling)),
        }
    }
    let (distance, spelling) = best?;
    let fewest = spelling.letters.len();
    let is_it = fewest >= FEWEST
        && distance * OF_LETTERS <= fewest
        && distance > 0
        && distance * FARTHER <= second
        && distance + 1 < second;
    is_it.then_some(&*spelling.text)
}

fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// How many letters must be put in, left out or exchanged to make one of the other.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let exchanged = corner + usize::from(from != to);
            corner = row[j + 1];
            row[j + 1] = exchanged.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::blocks::{Blocks, PagePlace};

    fn known() -> Vec<Spelling> {
        let same = |text| Spelling::new(text, text);
        let mut all: Vec<Spelling> = [
            "8.属于行政查询事项",
            "7.属于行政执法案卷",
            "行政处罚",
            "行政强制",
            "行政许可",
            "（七）总计",
        ]
        .map(same)
        .into();
        all.push(Spelling::new("一、本年新收政府信息公开申请数量", "received"));
        all.push(Spelling::new("一、本年新收政府信息公开申请", "received"));
        all
    }

    #[test]
    fn ok_labels_of_which_a_sign_is_another() {
        let known = known();
        let of = |words| nearest(words, &known);
        assert_eq!(
            of("一、本年新收政府信息公开中请数量"),
            Some("一、本年新收政府信息公开申请数量")
        );
        assert_eq!(of("8属干行政查询事项"), Some("8.属于行政查询事项"));
        // what is spelled so already stays as it is
        assert_eq!(of("行政许可"), None);
    }

    #[test]
    fn err_what_may_be_several() {
        let known = known();
        // as far from one as from the other, or too short, or too far from all
        for words in ["行政处制", "行政外罚", "七总汁", "属于行政事项", "今年的天气很好"]
        {
            assert_eq!(nearest(words, &known), None, "{words}");
        }
    }

    /// A table of one label and three numbers a row.
    fn grid(labels: &[&str]) -> (String, Grid) {
        let (mut text, mut grid) = (String::new(), Grid::default());
        for (row, label) in (0u32..).zip(labels) {
            for (col, cell) in (0u32..).zip([label, "1", "2", "3"]) {
                let start = text.len() as u32;
                text.push_str(cell);
                let span = Span::new(start, text.len() as u32);
                grid.cells.push(GridCell { row, col, rows: 1, cols: 1, span });
                text.push('\t');
            }
        }
        (text, grid)
    }

    #[test]
    fn ok_rows_between_known_ones() {
        const ROWS: [&str; 8] = [
            "一、本年新收",
            "二、上年结转",
            "1.国家秘密",
            "2.其他规定",
            "3.三安全",
            "4.第三方",
            "5.内部事务",
            "四、结转下年",
        ];
        let rows = ROWS.iter().map(|row| vec![(*row).to_owned()]).collect();
        let found = |labels: &[&str]| -> Vec<(String, String)> {
            let (text, grid) = grid(labels);
            let rows = std::slice::from_ref(&rows);
            let labels = rows_of(&text, &grid);
            let found = between(&text, &labels, rows, &BTreeMap::new(), FEWEST_ROWS);
            found.into_iter().map(|(span, label)| (span.of(&text).to_owned(), label)).collect()
        };
        let one = |label: &str, spelling: &str| vec![(label.to_owned(), spelling.to_owned())];
        let with = |at: usize, label: &'static str| {
            let mut labels = ROWS;
            labels[at] = label;
            labels
        };
        assert_eq!(found(&with(3, "2.真他现走")), one("2.真他现走", ROWS[3]));
        assert_eq!(found(&with(7, "四、ト午下年")), one("四、ト午下年", ROWS[7]));
        assert_eq!(found(&with(0, "一本年折攸")), one("一本年折攸", ROWS[0]));
        // a label that stands beside two rows of numbers
        let (text, mut grid) = grid(&["一、本年新收", "二、上年结转"]);
        assert_eq!(broken(&text, &grid), []);
        grid.cells[0].rows = 2;
        assert_eq!(broken(&text, &grid), [grid.cells[0].span]);
        // nothing of the label, a row too much, a row too few, rows in another order
        assert_eq!(found(&with(3, "合计金额")), []);
        assert_eq!(found(&[&ROWS[..3], &["2.真他", "规走"], &ROWS[4..]].concat()), []);
        assert_eq!(found(&[&ROWS[..3], &["2.真他现走"], &ROWS[5..]].concat()), []);
        let swapped = [&ROWS[..3], &["2.真他现走", ROWS[5], ROWS[4]], &ROWS[6..]].concat();
        assert_eq!(found(&swapped), []);
    }

    #[test]
    fn ok_columns_between_known_ones() {
        const COLUMNS: [&str; 5] = ["自然人", "商业企业", "科研机构", "法律服务机构", "总计"];
        let columns = vec![COLUMNS.iter().map(|one| vec![(*one).to_owned()]).collect()];
        let found = |heads: [&str; 5]| -> Vec<(String, String)> {
            let (mut text, mut grid) = (String::new(), Grid::default());
            for (row, cells) in [(0, heads), (1, ["1", "2", "0", "0", "3"])] {
                for (col, cell) in (0u32..).zip(["一、本年新收"].into_iter().chain(cells)) {
                    let start = text.len() as u32;
                    text.push_str(cell);
                    let span = Span::new(start, text.len() as u32);
                    grid.cells.push(GridCell { row, col, rows: 1, cols: 1, span });
                    text.push('\t');
                }
            }
            let heads = heads_of(&text, &grid);
            let found = between(&text, &heads, &columns, &BTreeMap::new(), FEWEST_COLUMNS);
            found.into_iter().map(|(span, label)| (span.of(&text).to_owned(), label)).collect()
        };
        let misread = ["自然人", "商业企业", "科研机构", "法律服名却", "总计"];
        assert_eq!(found(misread), [("法律服名却".to_owned(), COLUMNS[3].to_owned())]);
        // nothing of the name; columns in another order; too few that are known
        assert_eq!(found(["自然人", "商业企业", "科研机构", "金额", "总计"]), []);
        assert_eq!(found(["自然人", "科研机构", "商业企业", "法律服名却", "总计"]), []);
        assert_eq!(found(["自然人", "商业企业", "法律服名却", "科研机勾", "总计"]), []);
        assert_eq!(found(["自然八", "商业企业", "科研机构", "法律服名却", "总计"]), []);
    }

    #[test]
    fn ok_places_move_with_the_text() {
        let mut blocks = Blocks::default();
        blocks.guessed.push(1);
        let place = |start| PagePlace { start, page: 1, area: [0.0; 4] };
        let text = "行政处罚\t3\n行政查讠询事项\t5\n";
        let mut at = 0;
        let mut grid = Grid::default();
        for (nth, cell) in text.trim_end().split(['\t', '\n']).enumerate() {
            let span = Span::new(at, at + cell.len() as u32);
            blocks.places.push(place(at));
            let (row, col) = (nth as u32 / 2, nth as u32 % 2);
            let cell = GridCell { row, col, rows: 1, cols: 1, span };
            grid.cells.push(cell);
            at = span.end + 1;
        }
        blocks.push_grid(grid);
        blocks.text = text.to_owned();
        let mut document = Document::of_blocks(crate::source::sniff::Format::Pdf, None, blocks);
        let labels = vec![Spelling::new("行政查询事项", "")];
        respell(&mut document, &Spellings { labels, ..Spellings::default() });
        let blocks = document.blocks.as_ref().expect("it has them");
        let cells: Vec<&str> =
            blocks.grids[0].cells.iter().map(|cell| cell.span.of(&document.text)).collect();
        assert_eq!(cells, ["行政处罚", "3", "行政查询事项", "5"]);
    }
}
