//! Archives → the documents in them, one after the other, without a file on disk.
//!
//! An archive on disk is streamed; one inside another is held in memory while it is read. What cannot be read is told and
//! the rest goes on. How much may come out of an archive is bounded by its size: a bomb ends with a finding.

use super::select::{Choice, Select};
use super::sniff::{self, Format, Packing};
use super::walk::Entry;
use super::{Fetched, Source, warc};
use crate::finding::{Code, Finding};
use ::zip::result::ZipError;
use encoding_rs::GB18030;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Endings of archives.
const ARCHIVES: &[&str] =
    &["zip", "tar", "gz", "tgz", "zst", "tzst", "bz2", "tbz2", "tbz", "xz", "txz", "7z", "warc"];
/// So many times its own size may come out of an archive, beyond [`FREE`]; text shrinks to a tenth, not to a thousandth.
const MOST_RATIO: u64 = 1000;
/// So much may come out of any archive.
const FREE: u64 = 256 << 20;
/// Archives in archives in archives.
const DEEPEST: usize = 6;

/// Who is told of what is found; it may say that it is enough.
pub type Visit<'v> = dyn FnMut(Entry) -> ControlFlow<()> + 'v;

/// Whether a file is an archive by its name.
///
/// ```
/// use nianbao::source::archive::is_archive;
/// assert!(is_archive("2022.tar.gz".as_ref()));
/// assert!(!is_archive("2022.docx".as_ref()));
/// ```
pub fn is_archive(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    ARCHIVES.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// Reads an archive on disk. `taken` counts its bytes as they are read, and at the end all of them.
pub fn read(
    path: &Path,
    select: &Select,
    taken: &AtomicU64,
    visit: &mut Visit<'_>,
) -> ControlFlow<()> {
    let name = path.to_string_lossy().into_owned();
    let opened = File::open(path).and_then(|file| Ok((file.metadata()?.len(), file)));
    let (length, file) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            return visit(Entry::Bad(
                path.to_owned(),
                Finding::new(Code::Unreadable, error.to_string()),
            ));
        }
    };
    let before = taken.load(Ordering::Relaxed);
    let file = Counted { file, taken, most: before.saturating_add(length) };
    let left = FREE.saturating_add(length.saturating_mul(MOST_RATIO));
    let mut walker = Walker { select, visit, left, told: 0 };
    let flow = walker.container(&name, Box::new(BufReader::with_capacity(1 << 18, file)), 0);
    taken.store(before.saturating_add(length), Ordering::Relaxed);
    flow
}

/// A file that tells how far it was read.
struct Counted<'t> {
    file: File,
    taken: &'t AtomicU64,
    /// What is read twice counts once.
    most: u64,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        let taken = self.taken.load(Ordering::Relaxed).saturating_add(read as u64);
        self.taken.store(taken.min(self.most), Ordering::Relaxed);
        Ok(read)
    }
}

impl Seek for Counted<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

trait ReadSeek: BufRead + Seek + Send {}
impl<T: BufRead + Seek + Send> ReadSeek for T {}

/// Why an archive is not read further.
enum Stop {
    /// Nobody wants more.
    Enough,
    /// What is wrong with it.
    Found(Finding),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        let message =
            format!("the archive is damaged here: {error}; what was read before it is whole");
        Self::Found(Finding::new(Code::DamagedPart, message))
    }
}

struct Walker<'v, 'f> {
    select: &'v Select,
    visit: &'v mut Visit<'f>,
    /// How many bytes may still come out.
    left: u64,
    /// How many entries were told of.
    told: u64,
}

impl Walker<'_, '_> {
    fn tell(&mut self, entry: Entry) -> Result<(), Stop> {
        self.told += 1;
        if (self.visit)(entry).is_break() { Err(Stop::Enough) } else { Ok(()) }
    }

    fn bad(&mut self, name: &str, code: Code, message: impl Into<String>) -> Result<(), Stop> {
        self.tell(Entry::Bad(PathBuf::from(name), Finding::new(code, message)))
    }

    /// An archive; what stops it is told under its own name.
    fn container(
        &mut self,
        name: &str,
        input: Box<dyn ReadSeek + '_>,
        depth: usize,
    ) -> ControlFlow<()> {
        let before = self.told;
        let outcome = self.parts(name, input, depth).and_then(|()| {
            if self.told > before {
                return Ok(());
            }
            Err(Stop::Found(Finding::new(Code::Empty, "there is nothing in this archive")))
        });
        match outcome {
            Ok(()) => ControlFlow::Continue(()),
            Err(Stop::Enough) => ControlFlow::Break(()),
            Err(Stop::Found(finding)) => {
                self.told += 1;
                (self.visit)(Entry::Bad(PathBuf::from(name), finding))
            }
        }
    }

    fn parts(
        &mut self,
        name: &str,
        mut input: Box<dyn ReadSeek + '_>,
        depth: usize,
    ) -> Result<(), Stop> {
        match sniff::by_magic(input.fill_buf()?) {
            Some(Format::Zip) => self.zip(name, input, depth),
            Some(Format::Archive(Packing::SevenZip)) => self.seven_zip(name, input, depth),
            _ => self.stream(name, input, depth),
        }
    }

    /// What needs no going back: packed streams, and what is in them.
    fn stream(&mut self, name: &str, mut input: impl BufRead, depth: usize) -> Result<(), Stop> {
        let unpacked: Box<dyn Read + '_> = match packing(input.fill_buf()?) {
            Some(Packing::Gzip) => Box::new(flate2::bufread::MultiGzDecoder::new(input)),
            Some(Packing::Zstd) => Box::new(zstd::stream::read::Decoder::with_buffer(input)?),
            Some(Packing::Bzip2) => Box::new(bzip2::bufread::MultiBzDecoder::new(input)),
            Some(Packing::Xz) => Box::new(lzma_rust2::XzReader::new(input, true)),
            Some(Packing::Tar) => return self.tar(name, input, depth),
            Some(Packing::Warc) => return self.warc(name, input),
            Some(Packing::SevenZip | Packing::Rar) | None => {
                return self.bad(
                    name,
                    Code::UnsupportedFormat,
                    "this is no archive that is read here, whatever its name says",
                );
            }
        };
        let mut unpacked = BufReader::with_capacity(1 << 18, unpacked);
        match packing(unpacked.fill_buf()?) {
            Some(Packing::Tar) => self.tar(name, unpacked, depth),
            Some(Packing::Warc) => self.warc(name, unpacked),
            _ => {
                // one packed file: its name without the ending
                let file =
                    Path::new(name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
                let bytes = self.bytes(&mut unpacked)?;
                self.document(format!("{name}!/{file}"), bytes, depth)
            }
        }
    }

    fn zip(
        &mut self,
        name: &str,
        mut input: Box<dyn ReadSeek + '_>,
        depth: usize,
    ) -> Result<(), Stop> {
        let Ok(mut archive) = ::zip::ZipArchive::new(&mut input) else {
            // the directory at its end is lost: what stands before the cut can still be read
            return self.cut_zip(name, input, depth);
        };
        for index in 0..archive.len() {
            let error = match archive.by_index(index) {
                Ok(entry) if entry.is_dir() => continue,
                Ok(mut entry) => {
                    let file = text(entry.name_raw());
                    self.entry(&format!("{name}!/{file}"), &mut entry, depth)?;
                    continue;
                }
                Err(error) => error,
            };
            let file = archive
                .by_index_raw(index)
                .map_or_else(|_| format!("#{index}"), |entry| text(entry.name_raw()));
            let (code, message) = match error {
                ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
                    (Code::Encrypted, "this entry is protected by a password".to_owned())
                }
                error => (Code::Damaged, format!("this entry cannot be read: {error}")),
            };
            self.bad(&format!("{name}!/{file}"), code, message)?;
        }
        Ok(())
    }

    fn cut_zip(
        &mut self,
        name: &str,
        mut input: Box<dyn ReadSeek + '_>,
        depth: usize,
    ) -> Result<(), Stop> {
        input.rewind()?;
        while let Ok(Some(mut entry)) = ::zip::read::read_zipfile_from_stream(&mut input) {
            if !entry.is_dir() {
                let file = text(entry.name_raw());
                self.entry(&format!("{name}!/{file}"), &mut entry, depth)?;
            }
        }
        self.bad(
            name,
            Code::DamagedPart,
            "the archive is cut: only the entries before the cut were read",
        )
    }

    fn tar(&mut self, name: &str, input: impl Read, depth: usize) -> Result<(), Stop> {
        let mut archive = tar::Archive::new(input);
        for entry in archive.entries()? {
            let mut entry = entry?;
            if entry.header().entry_type().is_file() {
                let file = text(&entry.path_bytes());
                self.entry(&format!("{name}!/{file}"), &mut entry, depth)?;
            }
        }
        Ok(())
    }

    fn seven_zip(
        &mut self,
        name: &str,
        input: Box<dyn ReadSeek + '_>,
        depth: usize,
    ) -> Result<(), Stop> {
        let damaged = |error: sevenz_rust2::Error| {
            let (code, message) = match error {
                sevenz_rust2::Error::PasswordRequired => {
                    (Code::Encrypted, "the archive is protected by a password".to_owned())
                }
                error => (Code::DamagedPart, format!("the archive is damaged: {error}")),
            };
            Stop::Found(Finding::new(code, message))
        };
        let mut reader = sevenz_rust2::ArchiveReader::new(input, sevenz_rust2::Password::empty())
            .map_err(damaged)?;
        let mut stopped = None;
        reader
            .for_each_entries(|entry, content| {
                if entry.is_directory() {
                    return Ok(true);
                }
                let outcome = self.entry(&format!("{name}!/{}", entry.name()), content, depth);
                stopped = outcome.err();
                Ok(stopped.is_none())
            })
            .map_err(damaged)?;
        stopped.map_or(Ok(()), Err)
    }

    fn warc(&mut self, archive: &str, input: impl BufRead) -> Result<(), Stop> {
        let mut records = warc::Records::new(input);
        while let Some(record) = records.next(self.select.most_bytes)? {
            self.left = self.left.checked_sub(record.length).ok_or_else(bomb)?;
            let name = format!("{archive}!/{}", record.id);
            match record.content {
                warc::Content::Skipped(why) => {
                    self.tell(Entry::Skipped { name, why: why.to_owned() })?;
                }
                warc::Content::Bad(finding) => {
                    self.tell(Entry::Bad(PathBuf::from(name), finding))?;
                }
                warc::Content::Body { bytes, media_type, charset } => {
                    // by its address, not by the id of the record
                    let by = format!("{archive}!/{}", record.url.as_deref().unwrap_or_default());
                    if let Choice::Skip(why) = self.select.named(&by) {
                        self.tell(Entry::Skipped { name, why })?;
                        continue;
                    }
                    let fetched =
                        Fetched { url: record.url, date: record.date, media_type, charset };
                    let source = Source { name, bytes, fetched: Some(Box::new(fetched)) };
                    self.tell(Entry::Document(source))?;
                }
            }
        }
        Ok(())
    }

    /// A named entry: passed over by its name, or read.
    fn entry(&mut self, name: &str, content: &mut dyn Read, depth: usize) -> Result<(), Stop> {
        if let Choice::Skip(why) = self.select.found(name) {
            return self.tell(Entry::Skipped { name: name.to_owned(), why });
        }
        match self.bytes(content) {
            Ok(bytes) => self.document(name.to_owned(), bytes, depth),
            // a damaged entry is its own finding, a bomb ends everything
            Err(Stop::Found(finding)) if finding.code != Code::Bomb => {
                self.tell(Entry::Bad(PathBuf::from(name), finding))
            }
            Err(stop) => Err(stop),
        }
    }

    /// A whole file out of an archive: a document, or another archive.
    fn document(&mut self, name: String, bytes: Vec<u8>, depth: usize) -> Result<(), Stop> {
        let holds_documents = matches!(sniff::format(&bytes), Format::Zip | Format::Archive(_));
        if !holds_documents {
            return self.tell(Entry::Document(Source::new(name, bytes)));
        }
        if depth >= DEEPEST {
            return self.bad(
                &name,
                Code::Bomb,
                format!("archives in archives, {DEEPEST} deep, are not opened"),
            );
        }
        match self.container(&name, Box::new(Cursor::new(bytes)), depth + 1) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Stop::Enough),
        }
    }

    /// All bytes of an entry, within the limits.
    fn bytes(&mut self, content: &mut dyn Read) -> Result<Vec<u8>, Stop> {
        let limit = self.select.most_bytes;
        let most = self.left.min(limit);
        let mut bytes = Vec::new();
        content.take(most + 1).read_to_end(&mut bytes)?;
        let length = bytes.len() as u64;
        if length > self.left {
            return Err(bomb());
        }
        self.left -= length;
        if length > limit {
            let message = format!("more than the limit of {limit} bytes");
            return Err(Stop::Found(Finding::new(Code::TooLarge, message)));
        }
        Ok(bytes)
    }
}

/// How a stream is packed, by its first bytes.
fn packing(head: &[u8]) -> Option<Packing> {
    match sniff::by_magic(head) {
        Some(Format::Archive(packing)) => Some(packing),
        _ => None,
    }
}

fn bomb() -> Stop {
    let message = format!(
        "more than {MOST_RATIO} times its size comes out of this archive; the rest is not read"
    );
    Stop::Found(Finding::new(Code::Bomb, message))
}

/// A name in an archive: UTF-8, or what programs in China write without saying so.
fn text(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(text) => text.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(raw).0.into_owned(),
    }
}
