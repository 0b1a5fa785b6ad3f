//! Tables without ruled columns: words that stand under each other → columns, rows, cells.
//!
//! Between two words beside each other a column ends somewhere in the gap. The fewest places that lie in every gap of a
//! table's lines are its columns; numbers of one column that do not stand under each other are two columns. A row is a
//! label with the numbers at its height. Where this does not come out (two numbers at the height of one label), there is
//! no table, and the lines are read as lines.

mod columns;
mod heads;
mod regions;
mod rows;

use super::lines::{TextLine, Word};
use super::page::Line;
use crate::number;
use columns::columns;
use heads::headed;
use regions::{blocks, regions};
use rows::{in_rows, label_cells};

/// A gap of so many ems between words of letters parts cells.
const PART: f64 = 0.6;
/// The same, beside a number.
const PART_NUMBER: f64 = 0.5;
/// Most pieces of text of a table, and most columns: each is compared with every other.
const MOST_PIECES: usize = 3_000;
const MOST_COLUMNS: usize = 64;

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
    number::is_figure(text)
}

/// `一、`, `（三）`, `1.`: a label begins.
pub(super) fn begins_label(text: &str) -> bool {
    number::begins_with(text)
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
    let crosses = |line: &&Line| line.from < bottom && top < line.to;
    let inside = |line: &&Line| left < line.at && line.at < right;
    let rules_down: Vec<f64> =
        rules.vertical.iter().filter(crosses).filter(inside).map(|line| line.at).collect();
    let mut places = columns(own, &all, &rules_down);
    let headed = if rules_down.is_empty() { headed(&all, &places) } else { None };
    let labels_of_heads = headed.as_ref().map(|headed| headed.labels);
    if let Some(headed) = headed {
        places = headed.places;
    }
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
    let beside = |first: &usize| placed.iter().any(|p| p.cols.0 < *first && p.y.1 > highest);
    let labels = labels_of_heads.or(first_number.filter(beside)).unwrap_or(0);
    let cells = label_cells(&placed, labels, rules.horizontal);
    let cells = in_rows(&placed, cells, labels, &edges)?;
    Some(Aligned { lines: region, edges, cells })
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
    fn ok_a_head_names_a_column_without_numbers() {
        let lines = [
            line(0.0, &[(0.0, "行政复议"), (130.0, "诉讼")]),
            line(20.0, &[(0.0, "结果"), (50.0, "其他"), (130.0, "尚未"), (190.0, "结果")]),
            line(25.0, &[(90.0, "总计"), (160.0, "总计")]),
            line(30.0, &[(0.0, "维持"), (50.0, "结果"), (130.0, "审结"), (190.0, "纠正")]),
            line(60.0, &[(7.0, "1"), (57.0, "2"), (197.0, "3")]),
        ];
        let found = tables(&lines, Rules::default());
        assert_eq!(found[0].edges.len(), 7);
        assert_eq!(rows(&found[0]).last().expect("it has rows"), &["1", "2", "", "", "", "3"]);
    }

    #[test]
    fn ok_numbers_at_the_right_end_belong_to_the_head_before() {
        let lines = [
            line(0.0, &[(0.0, "维持"), (60.0, "纠正"), (120.0, "其他"), (180.0, "总计")]),
            line(20.0, &[(30.0, "1"), (162.0, "12")]),
        ];
        // the heads begin at unequal distances behind the numbers: nothing shows whose they are
        let found = tables(&lines, Rules::default());
        assert_ne!(found.first().map_or(0, |table| table.edges.len()), 5);
        let lines = [lines[0].clone(), line(20.0, &[(47.0, "1"), (102.0, "12"), (167.0, "3")])];
        let found = tables(&lines, Rules::default());
        assert_eq!(rows(&found[0]).last().expect("it has rows"), &["1", "12", "3", ""]);
    }

    #[test]
    fn ok_rows_without_numbers_under_a_header_are_no_headings() {
        let header = line(0.0, &[(0.0, "项目"), (150.0, "个人"), (200.0, "企业")]);
        let label = line(20.0, &[(0.0, "一、新收")]);
        let row = line(40.0, &[(0.0, "二、结转"), (157.0, "1")]);
        let last = line(60.0, &[(0.0, "三、结果"), (157.0, "3")]);
        let found = tables(&[header.clone(), label.clone(), row, last], Rules::default());
        assert_eq!(found[0].lines, (0, 4));
        assert_eq!(rows(&found[0])[2], ["二、结转", "1", ""]);
        // a header between the two makes the first the heading of a table
        let below = line(40.0, &[(0.0, "项目"), (150.0, "个人"), (200.0, "企业")]);
        let row = line(60.0, &[(0.0, "规章"), (157.0, "1"), (207.0, "2")]);
        let last = line(80.0, &[(0.0, "文件"), (157.0, "3"), (207.0, "4")]);
        let found = tables(&[header, label, below, row, last], Rules::default());
        assert_eq!(found[0].lines.0, 2);
    }

    #[test]
    fn ok_a_number_is_in_the_row_whose_middle_is_nearest() {
        let lines = [
            line(0.0, &[(0.0, "项目"), (150.0, "个人"), (200.0, "企业")]),
            line(30.0, &[(60.0, "1.信访举报")]),
            line(36.0, &[(157.0, "9")]),
            line(42.0, &[(60.0, "投诉类")]),
            line(53.0, &[(0.0, "（五）不")]),
            line(60.0, &[(60.0, "2.重复申请"), (157.0, "4"), (207.0, "7")]),
            line(67.0, &[(0.0, "处理")]),
            line(90.0, &[(60.0, "3.要求提供"), (157.0, "5"), (207.0, "6")]),
        ];
        let found = tables(&lines, Rules::default());
        let rows = rows(&found[0]);
        assert!(rows.iter().any(|row| row.ends_with(&[
            "2.重复申请".into(),
            "4".into(),
            "7".into()
        ])));
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
