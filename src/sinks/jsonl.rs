//! `reports.jsonl`: one report a line.

use super::Sink;
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
    fn files(&self) -> Vec<(&'static str, Vec<u8>)> {
        vec![("reports.jsonl", Vec::new())]
    }

    fn file_count(&self) -> usize {
        1
    }

    fn write(&self, report: &Report<'_>, out: &mut [Vec<u8>]) {
        self.writer.write(report, &mut out[0]);
        out[0].push(b'\n');
    }

    fn link(&self, _: usize, record: &mut Vec<u8>, first: &Duplicate) {
        record.pop();
        json::link(record, first);
        record.push(b'\n');
    }
}
