//! The ZIP container of DOCX, XLSX, ODT, ODS and OFD, with a limit on what it unpacks to.

use super::{MOST_UNPACKED, Trouble};
use rustc_hash::FxHashMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Entries that are looked at in a container without a directory.
const MOST_ENTRIES: usize = 10_000;

/// A container that is open.
pub(in super::super) struct Package<'b> {
    bytes: &'b [u8],
    /// None when the directory at the end is lost.
    archive: Option<ZipArchive<Cursor<&'b [u8]>>>,
    /// Where parts stand whose names are written in another way: with other signs between folders, in other case.
    places: FxHashMap<String, usize>,
    /// How many bytes may still be unpacked.
    left: u64,
    /// Whether a part that was asked for is damaged.
    pub(in super::super) is_damaged: bool,
}

impl<'b> Package<'b> {
    /// Opens a container; one without its directory (a download that broke off) is read from its beginning.
    pub(in super::super) fn open(bytes: &'b [u8]) -> Self {
        let archive = ZipArchive::new(Cursor::new(bytes)).ok();
        let is_damaged = archive.is_none();
        let names = archive.iter().flat_map(ZipArchive::file_names).take(MOST_ENTRIES);
        let names = names.enumerate().filter_map(|(at, name)| Some((at, name.ok()?)));
        let odd = names.filter(|(_, name)| plain(name) != **name);
        let places = odd.map(|(at, name)| (plain(&name), at)).collect();
        Self { bytes, archive, places, left: MOST_UNPACKED, is_damaged }
    }

    /// A part by its path; of a damaged one what stands before the damage. None when there is no such part.
    pub(in super::super) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, Trouble> {
        let name = name.trim_start_matches('/');
        let at = self.place(name);
        let mut bytes = Vec::new();
        let whole = match &mut self.archive {
            Some(archive) => {
                let Some(at) = at else { return Ok(None) };
                match archive.by_index(at) {
                    Ok(file) if file.encrypted() => return Err(Trouble::encrypted()),
                    Ok(file) => file.take(self.left + 1).read_to_end(&mut bytes).is_ok(),
                    Err(zip::result::ZipError::UnsupportedArchive(what))
                        if what == zip::result::ZipError::PASSWORD_REQUIRED =>
                    {
                        return Err(Trouble::encrypted());
                    }
                    Err(_) => false,
                }
            }
            None => match salvage(self.bytes, name) {
                Some(packed) => {
                    let inflated = flate2::read::DeflateDecoder::new(packed);
                    inflated.take(self.left + 1).read_to_end(&mut bytes).is_ok()
                }
                None => return Ok(None),
            },
        };
        if bytes.len() as u64 > self.left {
            return Err(Trouble::too_large());
        }
        self.left -= bytes.len() as u64;
        self.is_damaged |= !whole;
        Ok(Some(bytes))
    }

    /// The first bytes of a part; none when it cannot be had.
    pub(in super::super) fn start(&mut self, name: &str, most: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        let at = self.place(name);
        if let Some((archive, at)) = self.archive.as_mut().zip(at)
            && let Ok(file) = archive.by_index(at)
        {
            // of a damaged one what comes before the damage
            let _ = file.take(most).read_to_end(&mut bytes);
        }
        bytes
    }

    /// Whether the directory at the end is lost.
    pub(in super::super) fn is_cut(&self) -> bool {
        self.archive.is_none()
    }

    /// Where in the directory a part stands.
    fn place(&self, name: &str) -> Option<usize> {
        let archive = self.archive.as_ref()?;
        let at = archive.index_for_name(name);
        let at = at.or_else(|| self.places.get(&plain(name)).copied());
        // a name in lower case, asked for in another
        at.or_else(|| archive.index_for_name(&plain(name)))
    }

    /// A part as text.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Trouble> {
        Ok(self.part(name)?.map(|bytes| super::xml::decode(&bytes).into_owned()))
    }
}

/// A name as readers of packages compare it.
fn plain(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}

/// The deflated bytes of a part, and what follows it, in a container without a directory.
fn salvage<'b>(bytes: &'b [u8], name: &str) -> Option<&'b [u8]> {
    let heads = memchr::memmem::find_iter(bytes, b"PK\x03\x04").take(MOST_ENTRIES);
    for at in heads {
        let head = bytes.get(at..at + 30)?;
        let number = |at: usize| usize::from(u16::from_le_bytes([head[at], head[at + 1]]));
        let (method, name_len, extra_len) = (number(8), number(26), number(28));
        let begin = at + 30 + name_len;
        if method == 8
            && bytes
                .get(at + 30..begin)
                .is_some_and(|own| plain(&String::from_utf8_lossy(own)) == plain(name))
        {
            return bytes.get(begin + extra_len..);
        }
    }
    None
}

/// A container with these parts, for the tests of the readers.
#[cfg(test)]
pub(in super::super) fn pack(parts: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated);
    for (name, text) in parts {
        writer.start_file(*name, options).expect("a container in memory takes all");
        writer.write_all(text.as_bytes()).expect("a container in memory takes all");
    }
    writer.finish().expect("a container in memory takes all").into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_parts() {
        let bytes = pack(&[("a/b.xml", "<a/>"), ("c", "")]);
        let mut package = Package::open(&bytes);
        assert_eq!(package.text("/a/b.xml"), Ok(Some("<a/>".to_owned())));
        assert_eq!(package.text("c"), Ok(Some(String::new())));
        assert_eq!(package.text("d"), Ok(None));
        assert!(!package.is_damaged);
    }

    #[test]
    fn ok_a_cut_container_gives_what_stands_before() {
        let rows: Vec<String> = (0..2000).map(|n| format!("<row>{n}</row>")).collect();
        let text = rows.concat();
        let bytes = pack(&[("a.xml", "<a/>"), ("b.xml", &text)]);
        let mut package = Package::open(&bytes[..bytes.len() / 2]);
        assert_eq!(package.text("a.xml"), Ok(Some("<a/>".to_owned())));
        let half = package.text("b.xml").expect("it is small").expect("it begins before the cut");
        assert!(half.len() > 1000 && text.starts_with(&half[..half.len() - 3]), "{}", half.len());
        assert!(package.is_damaged);
    }

    #[test]
    fn err_a_bomb() {
        let bytes = pack(&[("a.xml", &" ".repeat(10 << 20)), ("b.xml", &" ".repeat(10 << 20))]);
        let mut package = Package::open(&bytes);
        package.left = 15 << 20;
        assert!(package.part("a.xml").is_ok());
        assert_eq!(package.part("b.xml"), Err(Trouble::too_large()));
    }
}
