//! A grammar file of a user: it is refused with a line that exists, or it reads documents without harm.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nianbao::error::{Error, ErrorKind};
use nianbao::grammar::{GrammarSet, resolve};
use nianbao::pipeline;
use nianbao::records::json::Writer;
use nianbao::source::Source;
use std::path::Path;

const DOCUMENT: &str = "某县2023年度工作年报\n一、总体情况\n本年平稳。\n二、收支\n项目 收入 支出 结余\n\
                        甲类事项 10 4 6\n乙类事项 3 0 3\n合计 1349\n三、其他事项\n无。\n";

fuzz_target!(|text: &str| {
    let path = Path::new("fuzz.toml");
    // most texts end here, and the built-in forms take their time to load
    if let Err(error) = resolve::grammar(path, text, &[]) {
        return refused(text, &error);
    }
    match GrammarSet::built_in().with(path, text) {
        Ok(set) => {
            let source = Source::new("fuzz.txt", DOCUMENT);
            let report = pipeline::parse(&source, &set);
            let mut json = Vec::new();
            Writer::new(&set).write(&report, &mut json);
            serde_json::from_slice::<serde_json::Value>(&json).expect("a record is JSON");
        }
        Err(error) => refused(text, &error),
    }
});

fn refused(text: &str, error: &Error) {
    let ErrorKind::Grammar { line, .. } = error.kind() else {
        panic!("reading a text does no I/O: {error}");
    };
    assert!((1..=text.matches('\n').count() + 1).contains(line), "{error}");
}
