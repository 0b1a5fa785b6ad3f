//! Archives: every document in them is read once, in order, whatever they are packed with; what cannot be read is told.

use nianbao::source::archive;
use nianbao::source::select::Select;
use nianbao::source::walk::{Entry, walk};
use std::fs;
use std::io::{Cursor, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::AtomicU64;

const NAMES: [&str; 3] = ["甲县/2022.txt", "乙县.html", "c.md"];

fn text(name: &str) -> String {
    format!("{name} 政府信息公开工作年度报告 {}", "规章 0 0 0\n".repeat(200))
}

fn zipped(names: &[&str], content: impl Fn(&str) -> Vec<u8>) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for name in names {
        archive
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .expect("memory can be written");
        archive.write_all(&content(name)).expect("memory can be written");
    }
    archive.finish().expect("memory can be written").into_inner()
}

fn tarred() -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for name in NAMES {
        let bytes = text(name).into_bytes();
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        archive.append_data(&mut header, name, &bytes[..]).expect("memory can be written");
    }
    archive.into_inner().expect("memory can be written")
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).expect("memory can be written");
    packed.finish().expect("memory can be written")
}

/// What an archive on disk gives: names with the text or the finding's code.
fn found(name: &str, bytes: &[u8]) -> Vec<(String, String)> {
    let folder =
        std::env::temp_dir().join(format!("nianbao-archives-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).expect("there is a temporary folder");
    let path = folder.join(name);
    fs::write(&path, bytes).expect("a file can be written");
    let mut found = Vec::new();
    let short = |path: &Path| {
        let name = path.to_string_lossy().into_owned();
        name.strip_prefix(&*folder.to_string_lossy()).unwrap_or(&name)[1..].to_owned()
    };
    let mut visit = |entry: Entry| {
        found.push(match entry {
            Entry::Document(source) => (
                short(Path::new(&source.name)),
                String::from_utf8_lossy(&source.bytes).into_owned(),
            ),
            Entry::Bad(path, finding) => (short(&path), finding.code.name().to_owned()),
            Entry::Skipped { why, .. } => ("skipped".to_owned(), why),
            Entry::File(path) | Entry::Archive(path) => (short(&path), "a path".to_owned()),
        });
        ControlFlow::Continue(())
    };
    let (select, taken) = (Select::default(), AtomicU64::new(0));
    for entry in walk([folder.clone()], &select) {
        match entry {
            Entry::Archive(path) => drop(archive::read(&path, &select, &taken, &mut visit)),
            other => drop(visit(other)),
        }
    }
    fs::remove_dir_all(&folder).expect("what was made can be removed");
    found
}

/// The documents of [`NAMES`] under an archive's name.
fn whole(archive: &str) -> Vec<(String, String)> {
    NAMES.iter().map(|name| (format!("{archive}!/{name}"), text(name))).collect()
}

#[test]
fn ok_every_packing() {
    let tar = tarred();
    let bzip2 = {
        let mut packed = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        packed.write_all(&tar).expect("memory can be written");
        packed.finish().expect("memory can be written")
    };
    let xz = {
        let mut packed = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::default())
            .expect("options are fine");
        packed.write_all(&tar).expect("memory can be written");
        packed.finish().expect("memory can be written")
    };
    let seven = {
        let mut archive = sevenz_rust2::ArchiveWriter::new(Cursor::new(Vec::new()))
            .expect("memory can be written");
        for name in NAMES {
            let bytes = text(name).into_bytes();
            archive
                .push_archive_entry(sevenz_rust2::ArchiveEntry::new_file(name), Some(&bytes[..]))
                .expect("memory can be written");
        }
        archive.finish().expect("memory can be written").into_inner()
    };
    for (name, bytes) in [
        ("a.zip", zipped(&NAMES, |name| text(name).into_bytes())),
        ("a.tar", tar.clone()),
        ("a.tar.gz", gzipped(&tar)),
        ("a.tar.zst", zstd::encode_all(&tar[..], 1).expect("memory can be written")),
        ("a.tar.bz2", bzip2),
        ("a.tar.xz", xz),
        ("a.7z", seven),
    ] {
        assert!(found(name, &bytes) == whole(name), "{name}");
    }
    assert_eq!(
        found("x.txt.gz", &gzipped(b"abc")),
        [("x.txt.gz!/x.txt".to_owned(), "abc".to_owned())]
    );
}

#[test]
fn ok_archives_in_archives() {
    let inner = zipped(&NAMES, |name| text(name).into_bytes());
    let outer = zipped(&["in.zip", "in.tar.gz", "bild.jpg"], |name| match name {
        "in.zip" => inner.clone(),
        "in.tar.gz" => gzipped(&tarred()),
        _ => b"no".to_vec(),
    });
    let mut expected = whole("o.zip!/in.zip");
    expected.extend(whole("o.zip!/in.tar.gz"));
    expected.push(("skipped".to_owned(), ".jpg".to_owned()));
    assert!(found("o.zip", &outer) == expected);
    // one with nothing in it is told of
    assert_eq!(
        found("e.zip", &zipped(&[], |_| Vec::new())),
        [("e.zip".to_owned(), "empty".to_owned())]
    );
    let outer = zipped(&["in.zip"], |_| zipped(&[], |_| Vec::new()));
    assert_eq!(found("o.zip", &outer), [("o.zip!/in.zip".to_owned(), "empty".to_owned())]);
    // a document whose format is a ZIP is a document
    let docx = zipped(&["a.docx"], |_| {
        zipped(&["[Content_Types].xml", "word/document.xml"], |_| b"<x/>".to_vec())
    });
    assert_eq!(found("d.zip", &docx)[0].0, "d.zip!/a.docx");
}

#[test]
fn ok_names_that_do_not_say_their_encoding() {
    let name = "县政府/年报.txt";
    let utf8 = zipped(&["xxxxxxxxxxxxxxxx.txt"], |_| b"abc".to_vec());
    let gbk = encoding_rs::GBK.encode(name).0.into_owned();
    let place = b"xxxxxxxxxxxxxxxx.txt";
    let padded = [&gbk[..], &b"_"[..0]].concat();
    assert!(padded.len() <= place.len());
    // the same number of bytes: blanks would change the name, so the extension moves
    let mut own = padded[..padded.len() - 4].to_vec();
    own.resize(place.len() - 4, b'0');
    own.extend_from_slice(b".txt");
    let bytes: Vec<u8> = replace_all(&utf8, place, &own);
    let found = found("g.zip", &bytes);
    assert!(found[0].0.starts_with("g.zip!/县政府/年报"), "{found:?}");
}

fn replace_all(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for at in 0..=out.len() - from.len() {
        if &out[at..at + from.len()] == from {
            out[at..at + from.len()].copy_from_slice(to);
        }
    }
    out
}

#[test]
fn err_cut_archives_give_what_stands_before_the_cut() {
    let many: Vec<String> = (0..50).map(|n| format!("{n:02}.txt")).collect();
    let names: Vec<&str> = many.iter().map(String::as_str).collect();
    let whole = zipped(&names, |name| text(name).into_bytes());
    let cut = found("c.zip", &whole[..whole.len() / 2]);
    assert!(
        cut.len() > 10 && cut[..10].iter().zip(&names).all(|(found, name)| found.1 == text(name))
    );
    assert_eq!(
        cut.last().expect("there is a finding"),
        &("c.zip".to_owned(), "damaged_part".to_owned())
    );

    let tar = gzipped(&tarred());
    let cut = found("c.tar.gz", &tar[..tar.len() / 2]);
    assert!(cut.iter().any(|(_, what)| what == "damaged_part"), "{cut:?}");
    assert_eq!(
        found("n.zip", b"nonsense"),
        [("n.zip".to_owned(), "unsupported_format".to_owned())]
    );
    assert_eq!(found("e.zip", b"").len(), 1);
}

#[test]
fn err_bombs_end() {
    // a gigabyte of nothing in a few kilobytes
    let mut packed = zstd::Encoder::new(Vec::new(), 1).expect("memory can be written");
    for _ in 0..600 {
        packed.write_all(&vec![0; 1 << 20]).expect("memory can be written");
    }
    let bomb = packed.finish().expect("memory can be written");
    assert!(bomb.len() < 100_000);
    let found = found("b.txt.zst", &bomb);
    assert!(matches!(&found[0].1[..], "bomb" | "too_large"), "{}", found[0].1.len());
    // archives in archives in archives
    let mut nested = zipped(&["a.txt"], |_| b"abc".to_vec());
    for _ in 0..20 {
        nested = zipped(&["n.zip"], |_| nested.clone());
    }
    assert_eq!(super_found(&nested), "bomb");
}

fn super_found(bytes: &[u8]) -> String {
    found("n.zip", bytes).pop().expect("there is a finding").1
}

#[test]
fn ok_crawls() {
    let page = "<html><p>某县2022年政府信息公开工作年度报告</p></html>";
    let record = |kind: &str, url: &str, body: &[u8]| -> Vec<u8> {
        let head = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:{url}>\r\nWARC-Target-URI: http://x/{url}\r\n\
             WARC-Date: 2023-01-02T03:04:05Z\r\nContent-Type: application/http; msgtype=response\r\n\
             Content-Length: {}\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body, b"\r\n\r\n"].concat()
    };
    let answer =
        |head: &str, body: &[u8]| [format!("HTTP/1.1 {head}\r\n\r\n").as_bytes(), body].concat();
    let chunks = format!(
        "{:x}\r\n{}\r\n{:x};x=y\r\n{}\r\n0\r\n\r\n",
        9,
        &page[..9],
        page.len() - 9,
        &page[9..]
    );
    let crawl = [
        record("warcinfo", "info", b"software: x"),
        record(
            "response",
            "plain",
            &answer("200 OK\r\nContent-Type: text/html; charset=utf-8", page.as_bytes()),
        ),
        record(
            "response",
            "chunked",
            &answer("200 OK\r\nTransfer-Encoding: chunked", chunks.as_bytes()),
        ),
        record(
            "response",
            "packed",
            &answer("200 OK\r\nContent-Encoding: gzip", &gzipped(page.as_bytes())),
        ),
        record("response", "gone", &answer("404 Not Found", b"no")),
        record("response", "icon", &answer("200 OK\r\nContent-Type: image/png", b"PNG")),
        record("revisit", "again", &answer("200 OK", b"")),
    ]
    .concat();
    let names = |name: &str, bytes: &[u8]| -> Vec<String> {
        found(name, bytes)
            .into_iter()
            .map(
                |(name, what)| {
                    if name == "skipped" { what } else { format!("{name} {}", what == page) }
                },
            )
            .collect()
    };
    let expected = |name: &str| {
        let read = |id: &str| format!("{name}!/urn:{id} true");
        let skipped =
            ["an answer other than 200", "a picture, style or script", "a revisit record"]
                .map(str::to_owned);
        let mut all = vec![
            "a record about the crawl".to_owned(),
            read("plain"),
            read("chunked"),
            read("packed"),
        ];
        all.extend(skipped);
        all
    };
    assert_eq!(names("w.warc", &crawl), expected("w.warc"));
    assert_eq!(names("w.warc.gz", &gzipped(&crawl)), expected("w.warc.gz"));
    // cut in the middle of a record
    let cut = found("c.warc", &crawl[..crawl.len() / 2]);
    assert_eq!(cut.last().expect("there is a finding").1, "damaged_part");
}
