//! `reports.jsonl`: one report a line.

use super::{Collect, Sink};
use crate::grammar::GrammarSet;
use crate::records::json::{self, Writer};
use crate::records::{Duplicate, Report};

/// The sink.
#[derive(Debug)]
pub struct Jsonl {
    writer: Writer,
}

impl Jsonl {
    /// Renders the keys of all forms once.
    pub fn new(grammars: &GrammarSet) -> Self {
        Self { writer: Writer::new(grammars) }
    }
}

impl Sink for Jsonl {
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        vec![("reports.jsonl".to_owned(), Vec::new())]
    }

    fn file_count(&self) -> usize {
        1
    }

    fn link(&self, _: usize, record: &mut Vec<u8>, first: &Duplicate) {
        record.pop();
        json::link(record, first);
        record.push(b'\n');
    }

    fn group(&self) -> Box<dyn Collect + '_> {
        Box::new(self)
    }
}

impl Collect for &Jsonl {
    fn write(&mut self, report: &Report<'_>, out: &mut [Vec<u8>]) {
        self.writer.write(report, &mut out[0]);
        out[0].push(b'\n');
    }
}
