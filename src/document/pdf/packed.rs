//! How large the streams of a file become unpacked, found out without keeping what comes out.
//!
//! The library unpacks a stream as a whole, however large it becomes, and a few kilobytes packed twice become gigabytes.
//! So a stream that could become too large is unpacked piece by piece first, and only counted.

use flate2::read::{DeflateDecoder, ZlibDecoder};
use hayro_interpret::hayro_syntax::object::{Array, Stream};
use hayro_interpret::hayro_syntax::page::Page;
use memchr::memmem;
use std::io::Read;

/// Most bytes of a stream; the largest fonts of ideographs have half of it.
const MOST: usize = 64 << 20;
/// The same for pictures, which are not unpacked to be read.
const MOST_OF_PICTURE: usize = 512 << 20;
/// Most bytes of the contents of all pages.
pub(super) const MOST_OF_PAGES: usize = 128 << 20;
/// Deflate packs no tighter.
const TIGHTEST: usize = 1032;
/// Where the dictionary of a stream is looked for, before it.
const DICTIONARY: usize = 2048;

/// Whether a stream of a file becomes too large.
pub(super) fn is_bomb(bytes: &[u8]) -> bool {
    let ends = memmem::Finder::new(b"endstream");
    memmem::find_iter(bytes, b"stream").any(|at| {
        if bytes[..at].ends_with(b"end") {
            return false;
        }
        let before = &bytes[at.saturating_sub(DICTIONARY)..at];
        let dictionary = &before[memmem::rfind(before, b"obj").unwrap_or(0)..];
        let says = |name: &[u8]| memmem::find(dictionary, name).is_some();
        let mut data = &bytes[at + b"stream".len()..];
        data = &data[..ends.find(data).unwrap_or(data.len())];
        while let [b'\r' | b'\n' | b' ', rest @ ..] = data {
            data = rest;
        }
        let most = if says(b"/Image") { MOST_OF_PICTURE } else { MOST };
        if says(b"LZW") {
            return lzw_len(data, most) > most;
        }
        // twice packed it may be, whatever the dictionary says
        let is_large = data.len() > most / TIGHTEST;
        if !is_zlib(data) {
            return says(b"Fl")
                && data.len() > 2
                && is_larger(DeflateDecoder::new(&data[2..]), most);
        }
        let mut start = [0; 2];
        let mut packed_twice =
            || ZlibDecoder::new(data).read_exact(&mut start).is_ok() && is_zlib(&start);
        if is_large && is_larger(ZlibDecoder::new(data), most) {
            return true;
        }
        packed_twice() && {
            let twice = ZlibDecoder::new(ZlibDecoder::new(data));
            let thrice = ZlibDecoder::new(ZlibDecoder::new(ZlibDecoder::new(data)));
            is_larger(twice, most) || is_larger(thrice, most)
        }
    })
}

/// Bytes of a page's contents, at least; not more is counted than is left.
pub(super) fn contents_len(page: &Page<'_>, left: usize) -> usize {
    let of = |stream: &Stream<'_>, left: usize| {
        let data = stream.raw_data();
        let most = data.len().saturating_mul(TIGHTEST);
        if stream.filters().len() == 1 && most < left / 64 {
            return most;
        }
        let filters = stream.filters().len();
        match filters {
            0 => data.len(),
            1 => len(ZlibDecoder::new(&data[..]), left).max(data.len()),
            _ => len(ZlibDecoder::new(ZlibDecoder::new(&data[..])), left).max(data.len()),
        }
    };
    if let Some(stream) = page.raw().get::<Stream<'_>>(b"Contents".as_slice()) {
        return of(&stream, left);
    }
    let Some(array) = page.raw().get::<Array<'_>>(b"Contents".as_slice()) else { return 0 };
    let mut sum = 0usize;
    for stream in array.iter::<Stream<'_>>() {
        sum += of(&stream, left.saturating_sub(sum));
        if sum > left {
            break;
        }
    }
    sum
}

/// Whether data begins as zlib writes it.
fn is_zlib(data: &[u8]) -> bool {
    matches!(data, [a, b, ..] if a & 0x0F == 8 && u16::from_be_bytes([*a, *b]) % 31 == 0)
}

fn is_larger(packed: impl Read, most: usize) -> bool {
    len(packed, most) > most
}

/// Bytes that come out, counted no further than just above the limit.
fn len(mut packed: impl Read, most: usize) -> usize {
    let mut buffer = vec![0; 1 << 16];
    let mut sum = 0;
    while sum <= most {
        match packed.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(count) => sum += count,
        }
    }
    sum
}

/// Bytes that come out of LZW: of each code only the length is kept.
fn lzw_len(data: &[u8], most: usize) -> usize {
    const CLEAR: usize = 256;
    const END: usize = 257;
    let mut lengths: Vec<usize> = Vec::with_capacity(4096);
    let (mut bits, mut count, mut sum) = (0u32, 0u32, 0usize);
    let mut last = None;
    for byte in data {
        bits = bits << 8 | u32::from(*byte);
        count += 8;
        let width = match END + 1 + lengths.len() + 1 {
            ..512 => 9,
            512..1024 => 10,
            1024..2048 => 11,
            _ => 12,
        };
        if count < width {
            continue;
        }
        count -= width;
        let code = (bits >> count) as usize & ((1 << width) - 1);
        bits &= (1 << count) - 1;
        if code == CLEAR {
            lengths.clear();
            last = None;
            continue;
        }
        if code == END || sum > most {
            break;
        }
        let own = if code < CLEAR { 1 } else { lengths.get(code - END - 1).copied().unwrap_or(0) };
        let own = if own == 0 { last.unwrap_or(0) + 1 } else { own };
        if let Some(last) = last.filter(|_| lengths.len() < 4096 - END - 1) {
            lengths.push(last + 1);
        }
        last = Some(own);
        sum += own;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use std::io::Write;

    fn packed(data: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(data).expect("it is memory");
        encoder.finish().expect("it is memory")
    }

    fn file(data: &[u8]) -> Vec<u8> {
        let head: &[u8] = b"1 0 obj <</Filter/FlateDecode>> stream\n";
        [head, data, b"\nendstream endobj"].concat()
    }

    #[test]
    fn err_what_becomes_too_large_is_found() {
        let zeros = vec![0; MOST + 1];
        assert!(is_bomb(&file(&packed(&zeros))));
        assert!(is_bomb(&file(&packed(&packed(&zeros)))));
    }

    #[test]
    fn ok_what_does_not_is_read() {
        let zeros = vec![0; 1 << 20];
        assert!(!is_bomb(&file(&packed(&zeros))));
        assert!(!is_bomb(&file(&packed(&packed(&zeros)))));
        assert!(!is_bomb(&file(b"no deflate at all")));
    }

    #[test]
    fn ok_lzw_is_counted() {
        // the example of the standard: `-----A---B`
        let data = [0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01];
        assert_eq!(lzw_len(&data, 100), 10);
    }
}
