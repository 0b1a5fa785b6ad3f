//! WARC: the records of a crawl, one after the other.
//!
//! The format is ISO 28500; a record is a head of named fields, a blank line, and as many bytes as the head says.

use super::sniff::{self, Format};
use crate::finding::{Code, Finding};
use std::io::{self, BufRead, Read};

/// Longest head of a record or of an answer.
const MOST_HEAD: usize = 1 << 20;

/// What a record holds.
#[derive(Debug)]
pub enum Content {
    /// Nothing to read, and why.
    Skipped(&'static str),
    /// Something that cannot be read.
    Bad(Finding),
    /// The body of an answer or a resource.
    Body {
        /// The bytes, unpacked.
        bytes: Vec<u8>,
        /// The media type that the server stated.
        media_type: Option<String>,
        /// The encoding that the server stated.
        charset: Option<String>,
    },
}

/// A record.
#[derive(Debug)]
pub struct Record {
    /// Its id.
    pub id: String,
    /// The address that was fetched.
    pub url: Option<String>,
    /// When.
    pub date: Option<String>,
    /// Bytes of the record.
    pub length: u64,
    /// What it holds.
    pub content: Content,
}

/// Reads records.
#[derive(Debug)]
pub struct Records<R> {
    input: R,
    head: Vec<u8>,
}

impl<R: BufRead> Records<R> {
    /// The records of a stream.
    pub const fn new(input: R) -> Self {
        Self { input, head: Vec::new() }
    }

    /// The next record; bodies of more than `most` bytes are passed over with a finding.
    pub fn next(&mut self, most: u64) -> io::Result<Option<Record>> {
        if !self.read_head()? {
            return Ok(None);
        }
        let head = std::mem::take(&mut self.head);
        let field = |name: &str| field(&head, name);
        let length: u64 =
            field("Content-Length").and_then(|length| length.parse().ok()).ok_or_else(|| {
                io::Error::new(io::ErrorKind::InvalidData, "a record without its length")
            })?;
        let kind = field("WARC-Type").unwrap_or_default();
        let media_type = field("Content-Type").unwrap_or_default();
        let content = match kind.as_str() {
            "response" | "resource" if length > most => {
                self.pass(length)?;
                Content::Bad(Finding::new(
                    Code::TooLarge,
                    format!("{length} bytes are more than the limit of {most}"),
                ))
            }
            "response" | "resource" if media_type.starts_with("application/http") => {
                self.answer(length, most)?
            }
            "response" | "resource" => body(self.bytes(length)?, &media_type),
            "revisit" => {
                self.pass(length)?;
                Content::Skipped("a revisit record")
            }
            _ => {
                self.pass(length)?;
                Content::Skipped("a record about the crawl")
            }
        };
        let id = field("WARC-Record-ID").unwrap_or_default();
        let id = id.trim_start_matches('<').trim_end_matches('>').to_owned();
        let (url, date) = (field("WARC-Target-URI"), field("WARC-Date"));
        let url = url.map(|url| url.trim_start_matches('<').trim_end_matches('>').to_owned());
        self.head = head;
        Ok(Some(Record { id, url, date, length, content }))
    }

    fn pass(&mut self, length: u64) -> io::Result<()> {
        let passed = io::copy(&mut self.input.by_ref().take(length), &mut io::sink())?;
        if passed < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    fn bytes(&mut self, length: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(length.min(1 << 20) as usize);
        self.input.by_ref().take(length).read_to_end(&mut bytes)?;
        if (bytes.len() as u64) < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(bytes)
    }

    /// An answer of a server: its head tells whether the body is read, and how it is packed.
    fn answer(&mut self, length: u64, most: u64) -> io::Result<Content> {
        let mut head = Vec::new();
        let mut left = length;
        loop {
            let before = head.len();
            let line = left.min((MOST_HEAD - before) as u64);
            let read = self.input.by_ref().take(line).read_until(b'\n', &mut head)? as u64;
            if read == 0 && line > 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            left -= read;
            if head[before..].trim_ascii().is_empty() && read > 0 {
                break;
            }
            if left == 0 || read == 0 {
                self.pass(left)?;
                return Ok(Content::Skipped("an answer without a body"));
            }
        }
        match skipped(&head) {
            Some(why) => {
                self.pass(left)?;
                Ok(Content::Skipped(why))
            }
            None => Ok(unpacked(&head, self.bytes(left)?, most)),
        }
    }

    /// Reads the head of the next record; false at the end.
    fn read_head(&mut self) -> io::Result<bool> {
        self.head.clear();
        loop {
            let before = self.head.len();
            let left = (MOST_HEAD - before) as u64;
            let read = self.input.by_ref().take(left).read_until(b'\n', &mut self.head)?;
            let line = self.head[before..].trim_ascii();
            match (read, line.is_empty(), before == 0) {
                (0, _, true) => return Ok(false),
                (0, ..) => return Err(io::ErrorKind::UnexpectedEof.into()),
                // blank lines part records
                (_, true, true) => self.head.clear(),
                (_, true, false) => return Ok(true),
                (_, false, true) if !line.starts_with(b"WARC/") => {
                    return Err(io::Error::new(
                        io::ErrorKind::InvalidData,
                        "a record begins without WARC/",
                    ));
                }
                _ => {}
            }
        }
    }
}

/// The value of a field of a head; names are told apart by letters, not by case.
fn field(head: &[u8], name: &str) -> Option<String> {
    head.split(|b| *b == b'\n').skip(1).find_map(|line| {
        let at = memchr::memchr(b':', line)?;
        let own = line[..at].trim_ascii().eq_ignore_ascii_case(name.as_bytes());
        own.then(|| String::from_utf8_lossy(line[at + 1..].trim_ascii()).into_owned())
    })
}

/// Why the body of an answer is not read, by its head.
fn skipped(head: &[u8]) -> Option<&'static str> {
    let status = head.split(|b| *b == b' ').nth(1).unwrap_or_default();
    if !status.starts_with(b"200") {
        return Some("an answer other than 200");
    }
    let media_type = field(head, "Content-Type").unwrap_or_default().to_ascii_lowercase();
    let others = [
        "image/",
        "video/",
        "audio/",
        "font/",
        "text/css",
        "application/javascript",
        "text/javascript",
    ];
    others.iter().any(|other| media_type.starts_with(other)).then_some("a picture, style or script")
}

/// The body of an answer as it was before it was packed for the way.
fn unpacked(head: &[u8], sent: Vec<u8>, most: u64) -> Content {
    let media_type = field(head, "Content-Type").unwrap_or_default();
    let chunked =
        field(head, "Transfer-Encoding").is_some_and(|how| how.eq_ignore_ascii_case("chunked"));
    let packed = field(head, "Content-Encoding").unwrap_or_default().to_ascii_lowercase();
    let mut content = if chunked { unchunked(&sent) } else { sent };
    let mut unpacked = Vec::new();
    let mut read = |mut stream: Box<dyn Read + '_>| {
        unpacked.clear();
        let mut stream = stream.by_ref().take(most.saturating_add(1));
        stream.read_to_end(&mut unpacked).map(Some)
    };
    let outcome = match packed.as_str() {
        "gzip" | "x-gzip" => read(Box::new(flate2::read::MultiGzDecoder::new(&content[..]))),
        // by the standard with a head of zlib, by many servers without
        "deflate" => read(Box::new(flate2::read::ZlibDecoder::new(&content[..])))
            .or_else(|_| read(Box::new(flate2::read::DeflateDecoder::new(&content[..])))),
        "br" => read(Box::new(brotli_decompressor::Decompressor::new(&content[..], 4096))),
        "zstd" => zstd::stream::read::Decoder::with_buffer(&content[..])
            .and_then(|stream| read(Box::new(stream))),
        "" | "identity" => Ok(None),
        other => {
            let message =
                format!("the body is packed as {other}, which this version does not read");
            return Content::Bad(Finding::new(Code::UnsupportedFormat, message));
        }
    };
    match outcome {
        Ok(Some(length)) if length as u64 > most => {
            let message = format!("more than the limit of {most} bytes");
            return Content::Bad(Finding::new(Code::TooLarge, message));
        }
        Ok(Some(_)) => content = unpacked,
        Ok(None) => {}
        // crawlers also keep bodies that they have unpacked themselves
        Err(_) if !matches!(sniff::format(&content), Format::Binary | Format::Archive(_)) => {}
        Err(error) => {
            return Content::Bad(Finding::new(
                Code::Damaged,
                format!("the body cannot be unpacked: {error}"),
            ));
        }
    }
    body(content, &media_type)
}

fn body(bytes: Vec<u8>, media_type: &str) -> Content {
    let mut parts = media_type.split(';');
    let kind = parts.next().unwrap_or_default().trim();
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"').to_owned())
    });
    Content::Body { bytes, media_type: (!kind.is_empty()).then(|| kind.to_owned()), charset }
}

/// A body sent in chunks, put together; what is no chunk is the end.
fn unchunked(mut bytes: &[u8]) -> Vec<u8> {
    let whole = bytes;
    let mut body = Vec::with_capacity(bytes.len());
    while let Some(end) = memchr::memchr(b'\n', bytes) {
        let size = bytes[..end].split(|b| *b == b';').next().unwrap_or_default().trim_ascii();
        let Some(size) =
            std::str::from_utf8(size).ok().and_then(|size| usize::from_str_radix(size, 16).ok())
        else {
            // crawlers also keep bodies that they have put together themselves
            return if body.is_empty() { whole.to_vec() } else { body };
        };
        let rest = &bytes[end + 1..];
        if size == 0 {
            break;
        }
        let take = size.min(rest.len());
        body.extend_from_slice(&rest[..take]);
        bytes = rest[take..].trim_ascii_start();
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const PAGE: &[u8] = "<p>政府信息公开工作年度报告 2023</p>!".as_bytes();

    /// What comes out of a body that a server sent so.
    fn body(encoding: &str, sent: &[u8]) -> Content {
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {encoding}\r\n\r\n"
        );
        unpacked(head.as_bytes(), sent.to_vec(), 1000)
    }

    #[test]
    fn ok_every_way_to_pack_a_body() {
        let raw = {
            let mut encoder =
                flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(PAGE).unwrap();
            encoder.finish().unwrap()
        };
        let zlib = {
            let mut encoder =
                flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(PAGE).unwrap();
            encoder.finish().unwrap()
        };
        // one block that is not compressed
        assert_eq!(PAGE.len() % 2, 1);
        let brotli = [&[0x0B, (PAGE.len() / 2) as u8, 0x80], PAGE, &[0x03]].concat();
        let zstd = zstd::encode_all(PAGE, 3).unwrap();
        let kept = PAGE.to_vec();
        for (encoding, sent) in [
            ("deflate", zlib),
            ("deflate", raw),
            ("br", brotli),
            ("zstd", zstd),
            ("br", kept.clone()),
            ("gzip", kept),
        ] {
            let Content::Body { bytes, .. } = body(encoding, &sent) else { panic!("{encoding}") };
            assert_eq!(bytes, PAGE, "{encoding}");
        }
    }

    #[test]
    fn err_bodies_that_are_too_large_or_damaged() {
        let large = zstd::encode_all(&[b' '; 5000][..], 3).unwrap();
        let Content::Bad(finding) = body("zstd", &large) else { panic!("5000 bytes") };
        assert_eq!(finding.code, Code::TooLarge);
        let noise: Vec<u8> = (0..200u32).map(|n| (n * 7919 % 251) as u8).collect();
        for encoding in ["br", "deflate", "zstd", "gzip"] {
            assert!(matches!(body(encoding, &noise), Content::Bad(_)), "{encoding}");
        }
    }
}
