//! What the targets of the office readers share.

use nianbao::document::{self, Document};
use nianbao::finding::Severity;
use nianbao::source::Source;
use nianbao::source::sniff::{self, Format};

/// A container whose entries are not compressed, so that the noise reaches the reader.
#[allow(dead_code, reason = "only the formats of a container use it")]
pub fn pack(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, bytes) in parts {
        let at = out.len() as u32;
        // version, flags, method, time and date, check sum: the reader is told that the entry is damaged, and goes on
        let mut head = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        for number in [bytes.len() as u32, bytes.len() as u32] {
            head.extend(number.to_le_bytes());
        }
        head.extend((name.len() as u16).to_le_bytes());
        head.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&head);
        out.extend(name.as_bytes());
        out.extend(*bytes);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&head);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (at, len, count) = (out.len() as u32, directory.len() as u32, parts.len() as u16);
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    for number in [count, count] {
        out.extend(number.to_le_bytes());
    }
    for number in [len, at] {
        out.extend(number.to_le_bytes());
    }
    out.extend([0, 0]);
    out
}

/// Reads a document; cells stand in the text and do not overlap, and a refused document has no text.
pub fn read(bytes: &[u8], format: Option<Format>) {
    if let Some(format) = format {
        assert_eq!(sniff::format(bytes), format);
    }
    let source = Source::new("fuzz", bytes);
    let document = document::read(&source);
    let is_refused = document.findings.iter().any(|f| f.code.severity() == Severity::Error);
    assert!(!is_refused || document.text.is_empty(), "{:?}", document.findings);
    check(&document);
}

/// Cells stand in the text and do not overlap.
pub fn check(document: &Document<'_>) {
    let Some(blocks) = &document.blocks else { return };
    for grid in &blocks.grids {
        let mut last = None;
        for cell in &grid.cells {
            assert!(document.text.get(cell.span.start as usize..cell.span.end as usize).is_some());
            assert!(last < Some((cell.row, cell.col)), "{cell:?} comes after {last:?}");
            assert!(cell.rows > 0 && cell.cols > 0, "{cell:?}");
            last = Some((cell.row, cell.col));
        }
    }
}
