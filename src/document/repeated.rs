//! Tools that write a table of a document out as text repeat a cell that covers several columns in each of them.

use crate::fold::{self, Class};
use crate::number;

/// For each cell of the rows how many columns it covers; 0 for one that repeats the cell before it. Words that are
/// repeated are one cell, numbers only where the header over them is.
///
/// ```
/// use nianbao::document::repeated::columns;
/// let rows = ["许可|数量|数量", "处罚|7|7", "收费|7|8"];
/// let rows = rows.map(|row| row.split('|').collect::<Vec<_>>());
/// assert_eq!(columns(&rows), [[1, 2, 0], [1, 2, 0], [1, 1, 1]]);
/// ```
pub fn columns(rows: &[Vec<&str>]) -> Vec<Vec<u32>> {
    // for each column the cell of the header that covers it, and which of several it is
    let mut header: Vec<Option<(usize, usize)>> = Vec::new();
    let mut out = Vec::with_capacity(rows.len());
    for (nth, row) in rows.iter().enumerate() {
        header.resize(header.len().max(row.len()), None);
        let mut covers = vec![1; row.len()];
        let mut first = 0;
        for at in 1..row.len() {
            let words = is_words(row[at]);
            let is_one = row[at] == row[first]
                && !row[at].is_empty()
                && (words || (header[at].is_some() && header[at] == header[first]));
            if is_one {
                covers[first] += 1;
                covers[at] = 0;
            } else {
                first = at;
            }
        }
        let mut first = 0;
        for at in 0..row.len() {
            first = if covers[at] > 0 { at } else { first };
            if is_words(row[at]) {
                header[at] = Some((nth, first));
            }
        }
        out.push(covers);
    }
    out
}

/// Whether a cell is words, and no mark and no number with words.
fn is_words(text: &str) -> bool {
    let table = fold::table();
    let count = |class: Class| text.chars().filter(|c| table.class(*c) == class).count();
    let letters = count(Class::Letter);
    letters > 1 && letters > count(Class::Digit) && !number::is_figure(text)
}
