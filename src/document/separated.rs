//! Values parted by commas or semicolons → grids. Lines that have none are paragraphs.

use super::blocks::{Blocks, GridKind, MOST_COLUMNS, Placed};
use super::repeated;

/// Fewest rows by which a text is taken for one of parted values.
const FEWEST_ROWS: usize = 10;
/// Fewest marks in a row.
const FEWEST_MARKS: usize = 2;

/// The grids of a text of parted values; none when it is no such text.
///
/// ```
/// use nianbao::document::separated::read;
/// let text = "某县2023年报告\n".to_owned() + &"规章,\"1,298\",0,\n".repeat(10);
/// let blocks = read(&text).unwrap();
/// assert!(blocks.text.starts_with("某县2023年报告\n规章\t1,298\t0\t\n"));
/// assert_eq!(blocks.grids[0].cells.len(), 40);
/// assert!(read("规章 1,298 2,101,807\n".repeat(20).as_str()).is_none());
/// ```
pub fn read(text: &str) -> Option<Blocks> {
    let mark = [',', ';'].into_iter().find(|mark| is_separated(text, *mark))?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(mark as u8)
        .from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    let mut blocks = Blocks::default();
    let mut rows: Vec<csv::StringRecord> = Vec::new();
    for record in reader.records().flatten() {
        if record.len() == 1 {
            flush(&mut blocks, &mut rows);
            blocks.paragraph(&record[0]);
            continue;
        }
        rows.push(record);
    }
    flush(&mut blocks, &mut rows);
    Some(blocks)
}

fn flush(blocks: &mut Blocks, rows: &mut Vec<csv::StringRecord>) {
    let most = MOST_COLUMNS as usize;
    let texts: Vec<Vec<&str>> =
        rows.iter().map(|row| row.iter().take(most).map(str::trim).collect()).collect();
    let mut cells = Vec::new();
    for (row, (texts, covers)) in texts.iter().zip(repeated::columns(&texts)).enumerate() {
        for (col, (text, cols)) in texts.iter().zip(covers).enumerate().filter(|(_, (_, c))| *c > 0)
        {
            let (row, col, text) = (row as u32, col as u32, (*text).to_owned());
            cells.push(Placed { row, col, rows: 1, cols, text });
        }
    }
    if !cells.is_empty() {
        blocks.table(GridKind::Table, cells);
    }
    rows.clear();
}

/// Whether a text has rows of values between such marks.
fn is_separated(text: &str, mark: char) -> bool {
    if memchr::memchr_iter(mark as u8, text.as_bytes()).nth(FEWEST_ROWS * FEWEST_MARKS).is_none() {
        return false;
    }
    let rows = text.lines().filter(|line| is_row(line, mark)).take(FEWEST_ROWS).count();
    rows == FEWEST_ROWS
}

/// Whether a line is a row: several values, one of them a number or empty, and none with blanks between digits, as where
/// the marks part thousands.
fn is_row(line: &str, mark: char) -> bool {
    if line.contains(['|', '\t']) || line.matches(mark).count() < FEWEST_MARKS {
        return false;
    }
    let mut values = line.split(mark).map(|value| value.trim().trim_matches('"'));
    let is_value = |value: &str| value.chars().all(|c| c.is_ascii_digit() || c == '.');
    let is_text = |value: &str| {
        let digit = |word: &str| word.ends_with(|c: char| c.is_ascii_digit());
        value.split_whitespace().filter(|word| digit(word)).count() > 1
    };
    values.clone().any(is_value) && !values.any(is_text)
}
