//! One document: what it says, where, and what a person should look at.
//!
//! `cargo run --example one -- report.pdf`

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use nianbao::{Error, Reader, Report, Source, Status};

fn main() -> Result<(), Error> {
    let own = "corpus/disclosure-2019/yichun-2020-half-glued/source.txt".to_owned();
    show(&read(&std::env::args().nth(1).unwrap_or(own))?);
    Ok(())
}

/// Only a file that cannot be opened is an error; a damaged one has a report that says so.
pub(crate) fn read(path: &str) -> Result<Report, Error> {
    Ok(Reader::default().read(&Source::open(path)?))
}

fn show(report: &Report) {
    println!("{} {:?}", report.title().unwrap_or("(no title)"), report.year());
    if let Some(total) = report.cell("applications", "received", "total") {
        match (total.value, total.at) {
            (Some(value), Some(at)) => println!("applications: {value}, at {at:?}"),
            _ => println!("applications: {}", total.status.name()),
        }
    }
    for cell in report.cells().filter(|cell| cell.status == Status::Solved) {
        let value = cell.value.map(|value| value.to_string()).unwrap_or_default();
        let (row, column) = (cell.row, cell.column);
        println!("{}.{row}.{column} = {value}, by {}", cell.table, cell.proof.join(", "));
    }
    for finding in report.findings() {
        println!("{}: {}", finding.code.name(), finding.message);
    }
}
