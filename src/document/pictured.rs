//! Tables that a document shows as pictures: they are read where they are shown, and only where the text lacks a table.

use super::Document;
use super::blocks::Blocks;
use super::office::package::Package;
use super::pages::{self, Page};
use super::{mhtml, scan};
use crate::finding::Finding;
use crate::source::sniff::Format;
use crate::source::{Source, again};
use base64::Engine as _;
use std::collections::HashMap;

/// Pictures of a document that are read, and the smallest, in pixels.
const MOST: usize = 40;
const SMALLEST: (u32, u32) = (400, 100);
/// What every table of a report says: without one of a pair it is not in the text.
const TABLES: [[&str; 2]; 2] = [["自然人", "予以公开"], ["结果维持", "尚未审结"]];
/// What the documents say of which pictures are looked at.
const REPORT: &str = "公开";

/// Reads the pictures of a document whose text lacks a table.
pub(super) fn read(document: &mut Document<'_>, source: &Source, bytes: &[u8]) {
    let Some(blocks) = &mut document.blocks else { return };
    let shown = std::mem::take(&mut blocks.pictures);
    let text = &document.text;
    let has = |word: &str| text.contains(word);
    let lacks = TABLES.iter().any(|pair| !pair.iter().all(|word| has(word)));
    let is_of_report = has(REPORT) || source.name.contains(REPORT) || text.trim().is_empty();
    if shown.is_empty() || !lacks || !is_of_report || !scan::is_ready() {
        return;
    }
    let found = bytes_of(&shown, document.format, source, bytes);
    let large = |bytes: &Vec<u8>| {
        let (width, height) = scan::size(bytes).unwrap_or_default();
        width >= SMALLEST.0 && height >= SMALLEST.1
    };
    let mut found: Vec<(u32, Vec<u8>)> =
        found.into_iter().filter(|(_, bytes)| large(bytes)).take(MOST).collect();
    found.sort_by_key(|(at, _)| *at);
    // pictures with nothing between them are the pages of one table
    let is_together = |a: u32, b: u32| {
        text.get(a as usize..b as usize).is_some_and(|between| between.trim().is_empty())
    };
    let mut runs: Vec<(u32, Vec<Page>)> = Vec::new();
    let mut last = None;
    let mut count = 0;
    let mut findings: Vec<Finding> = Vec::new();
    for (at, picture) in found {
        crate::guard::check();
        let (mut drawn, finding) = scan::read_file(&picture);
        findings.extend(finding);
        drawn.retain(|page| page.is_recognised);
        for page in &mut drawn {
            count += 1;
            page.number = count;
        }
        match runs.last_mut() {
            Some((_, pages)) if last.is_some_and(|last| is_together(last, at)) => {
                pages.extend(drawn);
            }
            _ => runs.push((at, drawn)),
        }
        last = Some(at);
    }
    let mut inner: Vec<(u32, Blocks)> = Vec::new();
    for (at, drawn) in runs {
        let (read, own) = pages::read(drawn);
        // a photograph says nothing
        if read.grids.iter().any(|grid| grid.cells.len() >= 8) || read.text.contains(REPORT) {
            findings.extend(own);
            inner.push((at, read));
        }
    }
    if let Some(blocks) = &mut document.blocks {
        blocks.text = std::mem::take(&mut document.text).into_owned();
        for (at, read) in inner.into_iter().rev() {
            blocks.insert(at, read);
        }
        document.text = std::mem::take(&mut blocks.text).into();
    }
    let is_empty = |finding: &Finding| finding.code == crate::finding::Code::Empty;
    if !document.text.trim().is_empty() {
        document.findings.retain(|finding| !is_empty(finding));
    }
    document.findings.extend(findings);
}

/// The bytes of pictures, as far as they are at hand.
fn bytes_of(
    shown: &[(u32, String)],
    format: Format,
    source: &Source,
    bytes: &[u8],
) -> Vec<(u32, Vec<u8>)> {
    let mut found = Vec::new();
    match format {
        Format::Docx | Format::Odt => {
            let mut package = Package::open(bytes);
            for (at, name) in shown.iter().take(MOST) {
                let folder = if format == Format::Docx { "word/" } else { "" };
                let name = match name.strip_prefix('/') {
                    Some(name) => name.to_owned(),
                    None => format!("{folder}{}", name.trim_start_matches("./")),
                };
                if let Ok(Some(bytes)) = package.part(&name) {
                    found.push((*at, bytes));
                }
            }
        }
        Format::Html | Format::Mhtml | Format::Text => {
            let mut beside: HashMap<String, Vec<u32>> = HashMap::new();
            for (at, url) in shown {
                if let Some(data) = url.strip_prefix("data:image/") {
                    found.extend(decoded(data).map(|bytes| (*at, bytes)));
                } else if let Some(name) = beside_of(&source.name, url) {
                    beside.entry(name).or_default().push(*at);
                }
            }
            let parts = mhtml::pictures(&source.bytes);
            for (at, url) in shown {
                let is_it = |(name, _): &&(String, Vec<u8>)| {
                    name == url || url.strip_prefix("cid:").is_some_and(|id| id == name)
                };
                found.extend(parts.iter().find(is_it).map(|(_, bytes)| (*at, bytes.clone())));
            }
            if !beside.is_empty() && parts.is_empty() {
                let names: Vec<String> = beside.keys().take(MOST).cloned().collect();
                again::each(&names, |nth, picture| {
                    for at in beside.get(&names[nth]).into_iter().flatten() {
                        found.push((*at, picture.bytes.clone()));
                    }
                });
            }
        }
        _ => {}
    }
    found
}

/// The bytes in an address that holds them: what follows `data:image/`.
fn decoded(data: &str) -> Option<Vec<u8>> {
    let (kind, data) = data.split_once(',')?;
    let data: Vec<u8> = data.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let engine = base64::engine::general_purpose::STANDARD;
    kind.ends_with("base64").then(|| engine.decode(data).ok())?
}

/// The name of a picture in the folder of a page or below it; none for addresses that lead elsewhere.
fn beside_of(page: &str, url: &str) -> Option<String> {
    const PICTURES: [&str; 8] = ["png", "jpg", "jpeg", "tif", "tiff", "bmp", "webp", "gif"];
    let path = url.split(['?', '#']).next()?.trim();
    let path = unescaped(path);
    let path = path.strip_prefix("./").unwrap_or(&path);
    let is_elsewhere = path.is_empty()
        || path.starts_with(['/', '\\'])
        || path.contains(':')
        || path.contains("!/")
        || path.split(['/', '\\']).any(|part| part == "..");
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    if is_elsewhere || !ending.is_some_and(|ending| PICTURES.contains(&&*ending)) {
        return None;
    }
    let folder = page.rfind('/').map_or("", |end| &page[..=end]);
    (!page.is_empty()).then(|| format!("{folder}{path}"))
}

/// An address without its percent signs.
fn unescaped(url: &str) -> String {
    let mut bytes = Vec::with_capacity(url.len());
    let mut rest = url.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let code = more.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let code = code.and_then(|two| u8::from_str_radix(two, 16).ok());
        match (first, code) {
            (b'%', Some(code)) => {
                bytes.push(code);
                rest = &more[2..];
            }
            _ => {
                bytes.push(*first);
                rest = more;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_pictures_beside_a_page() {
        let of = |url| beside_of("a.zip!/2023/x.html", url);
        assert_eq!(of("t/1.png?v=2").as_deref(), Some("a.zip!/2023/t/1.png"));
        assert_eq!(of("./%E8%A1%A8.JPG").as_deref(), Some("a.zip!/2023/表.JPG"));
        let none =
            ["/1.png", "../1.png", "http://a.cn/1.png", "a.zip!/1.png", "x.html", "", "C:\\1.png"];
        for url in none {
            assert_eq!(of(url), None, "{url}");
        }
        assert_eq!(beside_of("x.html", "1.png").as_deref(), Some("1.png"));
        assert_eq!(beside_of("", "1.png"), None);
    }

    #[test]
    fn ok_pictures_within_a_page() {
        assert_eq!(decoded("png;base64,aGFs\nbG8="), Some(b"hallo".to_vec()));
        assert_eq!(decoded("svg+xml,<svg/>"), None);
    }
}
