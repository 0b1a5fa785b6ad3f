//! `skipped.csv`: the inputs that were passed over, and why.

use super::csv::{row, text, writer};
use super::{Collect, Sink};
use crate::records::Report;

/// The sink.
#[derive(Debug)]
pub struct Skipped;

impl Sink for Skipped {
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut head = Vec::new();
        row(&mut writer(&mut head), ["source", "reason"].into_iter());
        vec![("skipped.csv".to_owned(), head)]
    }

    fn file_count(&self) -> usize {
        1
    }

    fn group(&self) -> Box<dyn Collect + '_> {
        Box::new(Self)
    }

    fn skip(&self, name: &str, why: &str, out: &mut [Vec<u8>]) {
        row(&mut writer(&mut out[0]), [&*text(name), &*text(why)].into_iter());
    }
}

impl Collect for Skipped {
    fn write(&mut self, _: &Report<'_>, _: &mut [Vec<u8>]) {}
}
