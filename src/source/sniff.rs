//! Which format the bytes are, from the bytes; names lie.

use super::ole::{self, Ole};
use super::zip;

/// A format that documents come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text or Markdown.
    Text,
    /// A web page.
    Html,
    /// A web page saved with its pictures, as one message in MIME.
    Mhtml,
    /// PDF.
    Pdf,
    /// A document of Word since 2007.
    Docx,
    /// A document of Word in one XML file: Word 2003's own, or a DOCX without its container.
    WordXml,
    /// A workbook of Excel since 2007.
    Xlsx,
    /// An OpenDocument text.
    Odt,
    /// An OpenDocument spreadsheet.
    Ods,
    /// OFD, the layout format of the national standard GB/T 33190.
    Ofd,
    /// A document of Word 97-2003 or of WPS.
    Doc,
    /// A workbook of Excel 97-2003 or of WPS.
    Xls,
    /// An office file that is encrypted as a whole.
    Encrypted,
    /// Another OLE container.
    Ole,
    /// Another ZIP container, or an archive.
    Zip,
    /// Rich Text Format.
    Rtf,
    /// A compressed file or archive other than ZIP.
    Archive(Packing),
    /// A picture.
    Image,
    /// Bytes that are none of these and no text.
    Binary,
}

/// How a compressed file or archive is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// GZIP.
    Gzip,
    /// Zstandard.
    Zstd,
    /// BZIP2.
    Bzip2,
    /// XZ.
    Xz,
    /// 7z.
    SevenZip,
    /// RAR, which is not read.
    Rar,
    /// TAR.
    Tar,
    /// WARC, the records of a crawl.
    Warc,
}

impl Format {
    /// The media type printed in records.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain",
            Self::Html => "text/html",
            Self::Mhtml => "multipart/related",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::WordXml => "application/xml",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Ofd => "application/ofd",
            Self::Doc => "application/msword",
            Self::Xls => "application/vnd.ms-excel",
            Self::Encrypted | Self::Ole => "application/x-ole-storage",
            Self::Zip => "application/zip",
            Self::Rtf => "application/rtf",
            Self::Archive(_) => "application/x-archive",
            Self::Image => "image",
            Self::Binary => "application/octet-stream",
        }
    }

    /// What it is called in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Html => "a web page",
            Self::Mhtml => "a saved web page (MHTML)",
            Self::Pdf => "a PDF",
            Self::Docx => "a Word document (DOCX)",
            Self::Xlsx => "an Excel workbook (XLSX)",
            Self::WordXml => "a Word document as XML",
            Self::Odt => "an OpenDocument text (ODT)",
            Self::Ods => "an OpenDocument spreadsheet (ODS)",
            Self::Ofd => "an OFD document",
            Self::Doc => "a Word 97-2003 document (DOC)",
            Self::Xls => "an Excel 97-2003 workbook (XLS)",
            Self::Encrypted => "an encrypted office file",
            Self::Ole => "an OLE file that is neither Word nor Excel",
            Self::Zip => "a ZIP archive",
            Self::Rtf => "RTF",
            Self::Archive(_) => "a compressed file or archive",
            Self::Image => "a picture",
            Self::Binary => "binary data",
        }
    }
}

const MAGIC: &[(&[u8], Format)] = &[
    (b"%PDF-", Format::Pdf),
    (ole::MAGIC, Format::Ole),
    (b"PK\x03\x04", Format::Zip),
    (b"PK\x05\x06", Format::Zip),
    (b"{\\rtf", Format::Rtf),
    (b"\x1F\x8B", Format::Archive(Packing::Gzip)),
    (b"\x28\xB5\x2F\xFD", Format::Archive(Packing::Zstd)),
    (b"BZh", Format::Archive(Packing::Bzip2)),
    (b"\xFD7zXZ\0", Format::Archive(Packing::Xz)),
    (b"7z\xBC\xAF\x27\x1C", Format::Archive(Packing::SevenZip)),
    (b"Rar!\x1A\x07", Format::Archive(Packing::Rar)),
    (b"WARC/", Format::Archive(Packing::Warc)),
    (b"\x89PNG\r\n\x1A\n", Format::Image),
    (b"\xFF\xD8\xFF", Format::Image),
    (b"GIF8", Format::Image),
    (b"II*\0", Format::Image),
    (b"MM\0*", Format::Image),
];

/// How many bytes are looked at.
const HEAD: usize = 4096;

/// The format of a document.
///
/// ```
/// use nianbao::source::sniff::{Format, format};
/// assert_eq!(format("某县政府信息公开".as_bytes()), Format::Text);
/// assert_eq!(format(b"%PDF-1.7"), Format::Pdf);
/// assert_eq!(format(b"<!DOCTYPE html><p>"), Format::Html);
/// ```
pub fn format(bytes: &[u8]) -> Format {
    match by_magic(bytes) {
        Some(Format::Zip) => return in_zip(bytes),
        Some(Format::Ole) => return in_ole(bytes),
        Some(format) => return format,
        None if pdf_start(bytes).is_some() => return Format::Pdf,
        None => {}
    }
    let head = &bytes[..bytes.len().min(HEAD)];
    if is_word_xml(head) {
        return Format::WordXml;
    }
    // before pages: a message holds one, with all its tags
    if is_mhtml(head) {
        return Format::Mhtml;
    }
    if is_page(bytes) {
        return Format::Html;
    }
    if is_binary(head) { Format::Binary } else { Format::Text }
}

/// Where a PDF begins; other bytes may stand before it, as far as its readers look.
pub(crate) fn pdf_start(bytes: &[u8]) -> Option<usize> {
    const FARTHEST: usize = 1024;
    const SIGNS: [&[u8]; 2] = [b" obj", b"stream"];
    let head = &bytes[..bytes.len().min(FARTHEST + 8)];
    let at = memchr::memmem::find(head, b"%PDF-")?;
    // a text that speaks of PDF has none of its objects
    let has = |sign: &[u8]| memchr::memmem::find(&bytes[at..], sign).is_some();
    (at == 0 || head.get(at + 5)?.is_ascii_digit() && SIGNS.iter().all(|sign| has(sign)))
        .then_some(at)
}

/// The format that the first bytes name; containers are not looked into.
pub fn by_magic(head: &[u8]) -> Option<Format> {
    // the head of the first file in it comes before the name of a TAR
    if head.get(257..262) == Some(b"ustar") {
        return Some(Format::Archive(Packing::Tar));
    }
    if is_picture(head) {
        return Some(Format::Image);
    }
    MAGIC.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, format)| *format)
}

/// Pictures whose first bytes say too little: WebP, and bitmaps, which say how large they and their heads are.
fn is_picture(head: &[u8]) -> bool {
    const HEADS: [u8; 5] = [12, 40, 52, 108, 124];
    let is_bitmap = head.starts_with(b"BM")
        && head.get(6..10) == Some(&[0; 4])
        && head.get(14).is_some_and(|size| HEADS.contains(size))
        && head.get(15..18) == Some(&[0; 3]);
    is_bitmap || head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP")
}

/// What a ZIP container holds, by its entries.
fn in_zip(bytes: &[u8]) -> Format {
    match zip::mimetype(bytes) {
        Some(b"application/vnd.oasis.opendocument.text") => return Format::Odt,
        Some(b"application/vnd.oasis.opendocument.spreadsheet") => return Format::Ods,
        _ => {}
    }
    let names = zip::names(bytes);
    let has = |name: &[u8]| names.iter().any(|own| is_name(own, name));
    let has_folder =
        |folder: &[u8]| names.iter().any(|own| own.len() > folder.len() && is_name(own, folder));
    if has(b"OFD.xml") {
        Format::Ofd
    } else if has(b"[Content_Types].xml") && has_folder(b"word/") {
        Format::Docx
    } else if has(b"[Content_Types].xml") && has_folder(b"xl/") && !has(b"xl/workbook.bin") {
        Format::Xlsx
    } else {
        Format::Zip
    }
}

/// Whether the name of a part begins so, in any case and with either sign between folders; without a sign at its end,
/// whether it is the name.
fn is_name(own: &[u8], name: &[u8]) -> bool {
    let own = own.strip_prefix(b"/").unwrap_or(own);
    let is_folder = name.ends_with(b"/");
    let same = |(own, name): (&u8, &u8)| {
        own.eq_ignore_ascii_case(name) || (*own == b'\\' && *name == b'/')
    };
    (own.len() == name.len() || is_folder && own.len() > name.len())
        && own.iter().zip(name).all(same)
}

/// What an OLE container holds, by its streams. One that holds both carries the second inside the first.
fn in_ole(bytes: &[u8]) -> Format {
    let Some(ole) = Ole::open(bytes) else { return Format::Ole };
    ole.names()
        .find_map(|name| match name {
            "WordDocument" => Some(Format::Doc),
            "Workbook" | "Book" | "WORKBOOK" | "BOOK" => Some(Format::Xls),
            "EncryptedPackage" => Some(Format::Encrypted),
            _ => None,
        })
        .unwrap_or(Format::Ole)
}

/// XML whose root is that of Word 2003, or of the parts of a DOCX in one file.
fn is_word_xml(head: &[u8]) -> bool {
    let start = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let has = |tag: &[u8]| memchr::memmem::find(start, tag).is_some();
    start.starts_with(b"<?xml") && (has(b"<w:wordDocument") || has(b"<pkg:package"))
}

/// Whether bytes (or a decoded text) are a page: they begin with a tag, and a tag of pages is near; or they have so many
/// tags that they must be read as one.
pub fn is_page(bytes: &[u8]) -> bool {
    const HEAD: usize = 64 << 10;
    const NEAR: usize = 200;
    const TAGS: usize = 8;
    const OPENING: [&[u8]; 9] =
        [b"<!doctype", b"<html", b"<table", b"<div", b"<body", b"<p", b"<head", b"<meta", b"<?xml"];
    const CLOSING: [&[u8]; 6] = [b"</td>", b"</p>", b"</div>", b"</span>", b"</tr>", b"</table>"];
    let head = &bytes[..bytes.len().min(HEAD)];
    let is = |names: &[&[u8]], at: usize| {
        names.iter().any(|name| {
            head.get(at..at + name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name))
        })
    };
    let signs = || memchr::memchr_iter(b'<', head);
    let start = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    (start.starts_with(b"<") && signs().take(NEAR).any(|at| is(&OPENING, at)))
        || signs().filter(|at| is(&CLOSING, *at)).take(TAGS).count() == TAGS
}

/// A message begins with its header lines, and one of them says that it is in MIME and has parts, or a page for its body.
fn is_mhtml(head: &[u8]) -> bool {
    let name = head
        .trim_ascii_start()
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || **b == b'-')
        .count();
    if name == 0 || head.trim_ascii_start().get(name) != Some(&b':') {
        return false;
    }
    let lower = head.to_ascii_lowercase();
    let has = |word: &[u8]| memchr::memmem::find(&lower, word).is_some();
    has(b"multipart/related") || (has(b"mime-version:") && has(b"content-type:"))
}

/// Whether bytes are UTF-32, and then whether its first byte is the highest: by its mark, or because every unit is a
/// character.
pub fn utf32(bytes: &[u8]) -> Option<bool> {
    const FEWEST: usize = 8;
    if bytes.starts_with(b"\0\0\xFE\xFF") {
        return Some(true);
    }
    if bytes.starts_with(b"\xFF\xFE\0\0") {
        return Some(false);
    }
    // every one begins or ends with a zero
    if bytes.first() != Some(&0) && bytes.get(3) != Some(&0) {
        return None;
    }
    let (units, _) = bytes[..bytes.len().min(HEAD)].as_chunks::<4>();
    let all = |of: fn([u8; 4]) -> u32| {
        units.len() >= FEWEST
            && units.iter().all(|unit| of(*unit) > 0 && char::from_u32(of(*unit)).is_some())
    };
    match (all(u32::from_be_bytes), all(u32::from_le_bytes)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

/// Control bytes that no text encoding uses; UTF-16 has NULs, in every other place.
fn is_binary(head: &[u8]) -> bool {
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") || utf32(head).is_some() {
        return false;
    }
    // text has hardly any byte below a blank but line ends; count the others only when there are some
    let low: usize = head
        .chunks(64)
        .map(|part| {
            part.iter().map(|b| u8::from(*b < 9 || b.wrapping_sub(14) < 18)).sum::<u8>() as usize
        })
        .sum();
    if low == 0 {
        return false;
    }
    let odd = head.iter().skip(1).step_by(2).filter(|b| **b == 0).count();
    let even = head.iter().step_by(2).filter(|b| **b == 0).count();
    // UTF-16: the other byte of an ideograph can be anything
    if odd.max(even) > 2 * odd.min(even) && odd + even > head.len() / 50 {
        return false;
    }
    odd + even > head.len() / 50 + 1 || low - odd - even > head.len() / 20 + 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_formats() {
        assert_eq!(format(b""), Format::Text);
        assert_eq!(format("--> 微信 <b>".as_bytes()), Format::Text);
        assert_eq!(format(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0]), Format::Ole);
        let of = |stream: &str| format(&ole::tests::file(stream, &[0; 5000], |at| at + 1));
        assert_eq!(of("WordDocument"), Format::Doc);
        assert_eq!(of("Book"), Format::Xls);
        assert_eq!(of("EncryptedPackage"), Format::Encrypted);
        assert_eq!(of("CONTENTS"), Format::Ole);
        let utf16: Vec<u8> =
            "2022年 report 1 2 3 4".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(format(&utf16), Format::Text);
        let bitmap = b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0";
        assert_eq!(format(bitmap), Format::Image);
        assert_eq!(format(b"BM 2022 is a text of two lines\nand more"), Format::Text);
        assert_eq!(format(b"RIFF\x10\0\0\0WEBPVP8 "), Format::Image);
        let noise: Vec<u8> = (0..2000u32).map(|i| (i * 7919 % 251) as u8).collect();
        assert_eq!(format(&noise), Format::Binary);
    }
}
