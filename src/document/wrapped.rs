//! What a document comes wrapped in: compressed as it came from a server, or as a part of a message.

use super::mhtml;
use crate::finding::{Code, Finding};
use crate::source::Source;
use crate::source::relevance;
use crate::source::sniff::{self, Format, Packing};
use std::borrow::Cow;
use std::io::Read;

/// Wrappings in wrappings.
const DEEPEST: usize = 3;
/// Most bytes that come out of a wrapping, and how many times its own size beyond the first megabytes.
const MOST: u64 = 256 << 20;
const MOST_RATIO: u64 = 200;
const FREE: u64 = 16 << 20;

/// The bytes of a document without what they were wrapped in.
#[derive(Debug)]
pub struct Unwrapped<'s> {
    /// The bytes.
    pub bytes: Cow<'s, [u8]>,
    /// The encoding that server or message state.
    pub charset: Option<String>,
    /// What they are, or the wrapping where it says more.
    pub format: Format,
    /// What was found on the way; with an error among it there is no document.
    pub findings: Vec<Finding>,
}

/// Takes the wrappings off.
pub fn unwrap(source: &Source) -> Unwrapped<'_> {
    let charset = source.fetched.as_ref().and_then(|fetched| fetched.charset.clone());
    let bytes = Cow::Borrowed(&source.bytes[..]);
    let format = sniff::format(&bytes);
    let mut known = Unwrapped { bytes, charset, format, findings: Vec::new() };
    for _ in 0..DEEPEST {
        match known.format {
            Format::Archive(
                packing @ (Packing::Gzip | Packing::Zstd | Packing::Bzip2 | Packing::Xz),
            ) => match unpack(&known.bytes, packing) {
                Ok((bytes, finding)) => {
                    known.format = sniff::format(&bytes);
                    known.bytes = Cow::Owned(bytes);
                    known.findings.extend(finding);
                }
                Err(finding) => {
                    known.findings.push(finding);
                    return known;
                }
            },
            Format::Mhtml => {
                let Some((part, others)) = document_of(&known.bytes) else {
                    let message = "this message holds no page and no document";
                    known.findings.push(Finding::new(Code::Empty, message));
                    return known;
                };
                if others > 0 {
                    let message = "another report is attached to this message; it was not read";
                    known.findings.push(Finding::new(Code::SecondReport, message));
                }
                let format = sniff::format(&part.bytes);
                known.charset = part.charset;
                let message = std::mem::replace(&mut known.bytes, Cow::Owned(part.bytes));
                // the page of a saved page
                if part.is_page && !part.is_attached {
                    let page = known.bytes.into_owned();
                    known.bytes = Cow::Owned(mhtml::with_sheets(page, &message));
                    return known;
                }
                known.format = format;
            }
            _ => break,
        }
    }
    known
}

/// What comes out of a packed stream; of one that breaks off what came before, with a finding.
fn unpack(packed: &[u8], packing: Packing) -> Result<(Vec<u8>, Option<Finding>), Finding> {
    let damaged = |error: std::io::Error| {
        Finding::new(Code::Damaged, format!("it cannot be unpacked: {error}"))
    };
    let mut stream: Box<dyn Read + '_> = match packing {
        Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(packed)),
        Packing::Zstd => {
            Box::new(zstd::stream::read::Decoder::with_buffer(packed).map_err(damaged)?)
        }
        #[cfg(feature = "archives")]
        Packing::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(packed)),
        #[cfg(feature = "archives")]
        _ => Box::new(lzma_rust2::XzReader::new(packed, true)),
        #[cfg(not(feature = "archives"))]
        _ => {
            let message = "it is packed as only a program with the feature `archives` unpacks it";
            return Err(Finding::new(Code::UnsupportedFormat, message));
        }
    };
    let most = MOST.min(FREE.saturating_add(packed.len() as u64 * MOST_RATIO));
    let mut bytes = Vec::new();
    let outcome = stream.by_ref().take(most + 1).read_to_end(&mut bytes);
    if bytes.len() as u64 > most {
        let message = format!("more than {most} bytes come out of {}", packed.len());
        return Err(Finding::new(Code::Bomb, message));
    }
    match outcome {
        Ok(_) => Ok((bytes, None)),
        Err(error) if bytes.is_empty() => Err(damaged(error)),
        Err(error) => {
            let message =
                format!("the file breaks off or is damaged: {error}; what came before was read");
            Ok((bytes, Some(Finding::new(Code::DamagedPart, message))))
        }
    }
}

/// The document in a message, and how many others there are: the part that is a report, else its page, its text, or
/// what is attached to it.
fn document_of(message: &[u8]) -> Option<(mhtml::Part, usize)> {
    let mut parts = mhtml::parts(message);
    // a saved page has one page, and pictures
    let attached = parts
        .iter()
        .filter(|part| part.is_attached && sniff::format(&part.bytes) != Format::Image)
        .count();
    let is_report = |part: &mhtml::Part| {
        let source = Source::new("", part.bytes.clone());
        relevance::says_a_report(&super::read(&source).text)
    };
    let reports: Vec<usize> = if attached == 0 {
        Vec::new()
    } else {
        (0..parts.len()).filter(|at| is_report(&parts[*at])).collect()
    };
    let first = |of: fn(&mhtml::Part) -> bool| parts.iter().position(of);
    let at = reports
        .first()
        .copied()
        .or_else(|| first(|part| part.is_page))
        .or_else(|| first(|part| !part.bytes.trim_ascii().is_empty() && !part.is_attached))
        .or_else(|| first(|part| part.is_attached))?;
    Some((parts.swap_remove(at), reports.len().saturating_sub(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const PAGE: &str = "<html><p>一、总体情况 自然人 予以公开</p></html>";

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn ok_a_page_as_a_server_packs_it() {
        let zstd = zstd::encode_all(PAGE.as_bytes(), 3).unwrap();
        for packed in [gzip(PAGE.as_bytes()), gzip(&gzip(PAGE.as_bytes())), zstd] {
            let source = Source::new("a.html", packed);
            let unwrapped = unwrap(&source);
            assert_eq!((unwrapped.format, &unwrapped.bytes[..]), (Format::Html, PAGE.as_bytes()));
            assert!(super::super::read(&source).text.contains("总体情况"));
        }
    }

    #[test]
    fn err_cut_and_bombs() {
        // random enough not to fit into one block
        let text: Vec<u8> = (0..200_000u32)
            .flat_map(|n| n.wrapping_mul(2_654_435_761).to_string().into_bytes())
            .collect();
        let packed = gzip(&text);
        let source = Source::new("a", &packed[..packed.len() / 2]);
        let unwrapped = unwrap(&source);
        assert_eq!(unwrapped.findings[0].code, Code::DamagedPart);
        assert!(text.starts_with(&unwrapped.bytes) && unwrapped.bytes.len() > 1000);
        let source = Source::new("a", gzip(&vec![b' '; 40 << 20]));
        assert_eq!(unwrap(&source).findings[0].code, Code::Bomb);
        let source = Source::new("a", &b"\x1F\x8B\x08garbage"[..]);
        assert_eq!(unwrap(&source).findings[0].code, Code::Damaged);
    }
}
