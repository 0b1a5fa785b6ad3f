//! How fast pages of a crawl that are no reports are passed over: `cargo bench --bench crawl`.
//!
//! The bound of a compressed crawl is its decompression, so that stands beside it, in the same run and by the same library.

#[expect(dead_code, reason = "the command that writes corpora uses the rest")]
mod generator;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use flate2::write::GzEncoder;
use generator::{Options, Shape, report};
use nianbao::source::select::Select;
use nianbao::source::walk::Entry;
use nianbao::source::{archive, relevance};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::AtomicU64;

/// Pages of the crawl; one in a hundred is a report.
const PAGES: u64 = 2000;

/// A crawl as it is, and with each record packed by itself, in the folder for temporary files.
static CRAWL: LazyLock<(u64, PathBuf, PathBuf)> = LazyLock::new(|| {
    let options = Options { shape: Some(Shape::PageWord), ..Options::default() };
    let (mut plain, mut packed) = (Vec::new(), Vec::new());
    for number in 0..PAGES {
        let body =
            if number % 100 == 0 { report(number, &options).text } else { other_page(number) };
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{body}");
        let record = format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:{number}>\r\n\
             Content-Type: application/http\r\nContent-Length: {}\r\n\r\n{answer}\r\n\r\n",
            answer.len()
        );
        plain.extend_from_slice(record.as_bytes());
        let mut member = GzEncoder::new(packed, flate2::Compression::default());
        member.write_all(record.as_bytes()).expect("memory can be written");
        packed = member.finish().expect("memory can be written");
    }
    let folder = std::env::temp_dir();
    let paths = (folder.join("nianbao-bench.warc"), folder.join("nianbao-bench.warc.gz"));
    std::fs::write(&paths.0, &plain).expect("the file can be written");
    std::fs::write(&paths.1, &packed).expect("the file can be written");
    (plain.len() as u64, paths.0, paths.1)
});

/// A page of another kind: news with numbers that differ.
fn other_page(number: u64) -> String {
    let mut random = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut page = String::from("<html><head><title>新闻</title></head><body>");
    for _ in 0..200 {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let words = ["天气晴朗", "农民抓紧春耕", "道路改造进展顺利", "群众文化活动丰富"];
        let word = words[(random % 4) as usize];
        let class = random % 7;
        let _ = writeln!(page, "<p class=\"a{class}\">{word}{random}。</p>");
    }
    page + "</body></html>"
}

fn main() {
    LazyLock::force(&CRAWL);
    divan::main();
    for path in [&CRAWL.1, &CRAWL.2] {
        let _ = std::fs::remove_file(path);
    }
}

/// How many pages of a crawl may be reports.
fn candidates(path: &Path) -> usize {
    let mut found = 0;
    let mut visit = |entry: Entry| {
        if let Entry::Document(source) = &entry {
            found += usize::from(relevance::may_be_report(&source.bytes));
        }
        ControlFlow::Continue(())
    };
    let _ = archive::read(path, &Select::default(), &AtomicU64::new(0), &mut visit);
    assert_eq!(found as u64, PAGES / 100);
    found
}

#[divan::bench]
fn plain(bencher: Bencher<'_, '_>) {
    bencher.counter(BytesCount::new(CRAWL.0)).bench_local(|| black_box(candidates(&CRAWL.1)));
}

#[divan::bench]
fn packed(bencher: Bencher<'_, '_>) {
    bencher.counter(BytesCount::new(CRAWL.0)).bench_local(|| black_box(candidates(&CRAWL.2)));
}

#[divan::bench]
fn decompression_alone(bencher: Bencher<'_, '_>) {
    bencher.counter(BytesCount::new(CRAWL.0)).bench_local(|| {
        let file = std::fs::File::open(&CRAWL.2).expect("the file is there");
        let mut reader =
            flate2::bufread::MultiGzDecoder::new(std::io::BufReader::with_capacity(1 << 18, file));
        let mut buffer = vec![0; 1 << 18];
        while reader.read(&mut buffer).expect("it is whole") > 0 {
            black_box(&buffer);
        }
    });
}
