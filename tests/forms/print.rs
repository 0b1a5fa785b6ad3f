//! A sheet in the layouts in which such tables are found.

use super::sheet::{Row, Sheet};

/// Name, ending and printer.
pub(crate) type Layout = (&'static str, &'static str, fn(&Sheet) -> String);

pub(crate) const LAYOUTS: [Layout; 10] = [
    ("blanks", "txt", |s| lines(s, "  ", "\n")),
    ("one line", "txt", |s| lines(s, " ", " ")),
    ("tabs", "txt", |s| lines(s, "\t", "\n")),
    ("pipes", "txt", |s| lines(s, " | ", " |\n")),
    ("markdown", "md", markdown),
    ("cells on lines", "txt", |s| lines(s, "\n", "\n")),
    ("cells on lines with gaps", "txt", |s| lines(s, "\n\n", "\n\n")),
    ("glued lines", "txt", |s| lines(s, "", "\n")),
    ("glued", "txt", |s| lines(s, "", "")),
    ("page", "html", page),
];

/// The bands of a sheet: for each which columns.
fn bands(sheet: &Sheet) -> Vec<std::ops::Range<usize>> {
    let count = sheet.columns.len();
    let first = sheet.band.unwrap_or(count);
    std::iter::once(0..first).chain(sheet.band.map(|at| at..count)).collect()
}

/// The cells of all printed rows, headers first; of later bands the names of rows are not printed again.
fn grid(sheet: &Sheet) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    for (nth, band) in bands(sheet).into_iter().enumerate() {
        let again = |words: &[String]| if nth == 0 { words.to_vec() } else { Vec::new() };
        let mut head = again(&sheet.corner);
        head.extend(sheet.columns[band.clone()].iter().map(|(_, words)| words.clone()));
        out.push(head);
        for Row { before, cells, .. } in &sheet.rows {
            let mut row = again(before);
            row.extend(cells[band.clone()].iter().map(|cell| cell.printed.clone()));
            out.push(row);
        }
    }
    out
}

fn lines(sheet: &Sheet, between: &str, end: &str) -> String {
    let rows: Vec<String> = grid(sheet).iter().map(|row| row.join(between)).collect();
    format!("{}\n附表：\n{}{end}", sheet.title, rows.join(end))
}

fn markdown(sheet: &Sheet) -> String {
    let mut out = format!("# {}\n\n", sheet.title);
    for (nth, row) in grid(sheet).iter().enumerate() {
        out.extend(["| ", &row.join(" | "), " |\n"]);
        if nth == 0 {
            out.extend(["|", &" --- |".repeat(row.len()), "\n"]);
        }
    }
    out
}

fn page(sheet: &Sheet) -> String {
    let row = |cells: &Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
        format!("<tr>{}</tr>", cells.concat())
    };
    let rows: Vec<String> = grid(sheet).iter().map(row).collect();
    let title = &sheet.title;
    format!(
        "<html><head><title>{title}</title></head><body><h1>{title}</h1><table>{}</table></body></html>",
        rows.join("\n")
    )
}
