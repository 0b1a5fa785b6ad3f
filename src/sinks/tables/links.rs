//! Which reports repeat others or were left out for it: known when a group's turn to be written comes, and then its
//! columns are encoded already. So it stands in a scratch file of its own, and goes into the tables at the end.
//!
//! Each report has a line with its number in the group, which becomes a link or goes away; at the end of the group a line
//! says how many rows of each table each report has.

use crate::error::{Error, Result};
use crate::records::Duplicate;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

/// The scratch file.
pub(super) const FILE: &str = ".links.segments";

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    /// A report by its number.
    Report(usize),
    /// A report that repeats another: number, name of the other, what is the same.
    Link(usize, String, String),
    /// The end of a group: for each report its rows in each table.
    End { rows: Vec<Vec<u32>> },
}

fn push(out: &mut Vec<u8>, line: &Line) {
    // writing into memory cannot fail
    let _ = serde_json::to_writer(&mut *out, line);
    out.push(b'\n');
}

/// The line of a report.
pub(super) fn report(number: usize, out: &mut Vec<u8>) {
    if writeln!(out, "{number}").is_err() {
        unreachable!("memory can be written to");
    }
}

/// Makes the line of a report a link.
pub(super) fn link(record: &mut Vec<u8>, first: &Duplicate) {
    if let Ok(Line::Report(number)) = serde_json::from_slice(record) {
        record.clear();
        push(record, &Line::Link(number, first.of.clone(), first.same.name().to_owned()));
    }
}

/// The line at the end of a group.
pub(super) fn end(rows: Vec<Vec<u32>>, out: &mut Vec<u8>) {
    push(out, &Line::End { rows });
}

/// A report of a group.
#[derive(Debug)]
pub(super) struct Link {
    /// Whether it is left out.
    pub(super) is_left_out: bool,
    /// What it repeats, and in what.
    pub(super) first: Option<(String, String)>,
    /// How many rows it has in each table.
    pub(super) rows: Vec<u32>,
}

/// The groups of a scratch file.
#[derive(Debug)]
pub(super) struct Groups {
    path: PathBuf,
    lines: std::io::Lines<BufReader<File>>,
}

impl Groups {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(|e| Error::io(path, e))?;
        Ok(Self { path: path.to_owned(), lines: BufReader::new(file).lines() })
    }

    fn read(&mut self) -> std::io::Result<Option<Vec<Link>>> {
        let mut there = Vec::new();
        for line in &mut self.lines {
            match serde_json::from_str(&line?)? {
                Line::Report(number) => there.push((number, None)),
                Line::Link(number, of, by) => there.push((number, Some((of, by)))),
                Line::End { rows } => {
                    let none = |rows| Link { is_left_out: true, first: None, rows };
                    let mut links: Vec<Link> = rows.into_iter().map(none).collect();
                    for (number, first) in there {
                        if let Some(link) = links.get_mut(number) {
                            (link.is_left_out, link.first) = (false, first);
                        }
                    }
                    return Ok(Some(links));
                }
            }
        }
        Ok(None)
    }
}

impl Iterator for Groups {
    type Item = Result<Vec<Link>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().map_err(|e| Error::io(&self.path, e)).transpose()
    }
}
