//! OLE compound files, the container of Word and Excel 97-2003 and of WPS: a small file system of streams.
//!
//! Chains of sectors that break off or run in a circle end where they do, so that a damaged file gives what it has.

/// The first bytes of every compound file.
pub const MAGIC: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Streams shorter than this stand in the mini stream.
const MINI_CUTOFF: u32 = 4096;
/// Most streams and folders that are looked at.
const MOST_ENTRIES: usize = 100_000;

/// One stream or folder.
#[derive(Clone, Debug)]
struct Entry {
    name: String,
    is_stream: bool,
    start: u32,
    size: u64,
    left: u32,
    right: u32,
    child: u32,
}

/// An open compound file.
#[derive(Debug)]
pub struct Ole<'b> {
    bytes: &'b [u8],
    sector: usize,
    fat: Vec<u32>,
    mini_sector: usize,
    mini_fat: Vec<u32>,
    mini_cutoff: u32,
    mini: Vec<u8>,
    entries: Vec<Entry>,
    /// Streams that stand in no folder.
    top: Vec<usize>,
}

/// A stream's bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stream {
    /// The bytes that are there.
    pub bytes: Vec<u8>,
    /// Whether all of them are.
    pub is_whole: bool,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
}

impl<'b> Ole<'b> {
    /// Opens a file; none when it is no compound file or its directory is lost.
    pub fn open(bytes: &'b [u8]) -> Option<Self> {
        if !bytes.starts_with(MAGIC) {
            return None;
        }
        let sector = 1usize << u16_at(bytes, 0x1E).filter(|shift| (7..=16).contains(shift))?;
        let mini_sector = 1usize << u16_at(bytes, 0x20).filter(|shift| (2..=12).contains(shift))?;
        let mut ole = Self {
            bytes,
            sector,
            fat: Vec::new(),
            mini_sector,
            mini_fat: Vec::new(),
            mini_cutoff: u32_at(bytes, 0x38).map_or(MINI_CUTOFF, |n| n.min(MINI_CUTOFF)),
            mini: Vec::new(),
            entries: Vec::new(),
            top: Vec::new(),
        };
        for place in ole.fat_sectors() {
            match ole.sector_at(place) {
                Some(part) => ole.fat.extend(words(part)),
                // keep the numbers of later sectors right
                None => ole.fat.extend(std::iter::repeat_n(u32::MAX, sector / 4)),
            }
        }
        let directory = ole.chain(u32_at(bytes, 0x30)?, usize::MAX).bytes;
        ole.entries = directory.chunks_exact(128).take(MOST_ENTRIES).map(entry).collect();
        let mini_fat = ole.chain(u32_at(bytes, 0x3C)?, usize::MAX).bytes;
        ole.mini_fat = words(&mini_fat).collect();
        let (start, size) = ole.entries.first().map(|root| (root.start, root.size))?;
        ole.mini = ole.chain(start, usize::try_from(size).unwrap_or(usize::MAX)).bytes;
        ole.top = ole.top_streams();
        Some(ole)
    }

    /// The names of the streams that stand in no folder.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.top.iter().map(|at| self.entries[*at].name.as_str())
    }

    /// A stream that stands in no folder.
    pub fn stream(&self, name: &str) -> Option<Stream> {
        let at = self.top.iter().find(|at| self.entries[**at].name.eq_ignore_ascii_case(name))?;
        let Entry { start, size, .. } = self.entries[*at];
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        if size < self.mini_cutoff as usize {
            return Some(self.mini_chain(start, size));
        }
        Some(self.chain(start, size))
    }

    fn sector_at(&self, place: u32) -> Option<&'b [u8]> {
        let start = (place as usize).checked_add(1)?.checked_mul(self.sector)?;
        let bytes = self.bytes.get(start..)?;
        Some(&bytes[..bytes.len().min(self.sector)])
    }

    /// The sectors of the allocation table: 109 in the header, more in a chain.
    fn fat_sectors(&self) -> Vec<u32> {
        let most = self.bytes.len() / self.sector + 1;
        let mut places: Vec<u32> = words(self.bytes.get(0x4C..0x200).unwrap_or_default())
            .take_while(|p| *p < 0xFFFF_FFFA)
            .collect();
        let mut next = u32_at(self.bytes, 0x44).unwrap_or(u32::MAX);
        // one that runs in a circle may list nothing
        for _ in 0..most {
            let part = self.sector_at(next).filter(|part| part.len() == self.sector);
            let Some(part) = part else { break };
            let (list, last) = part.split_at(self.sector - 4);
            places.extend(words(list).take_while(|p| *p < 0xFFFF_FFFA));
            if places.len() > most {
                break;
            }
            next = words(last).next().unwrap_or(u32::MAX);
        }
        places.truncate(most);
        places
    }

    /// The bytes of a chain of sectors, at most `size`.
    fn chain(&self, start: u32, size: usize) -> Stream {
        let mut bytes = Vec::new();
        let mut place = start;
        let most = self.bytes.len() / self.sector + 1;
        for _ in 0..most {
            let Some(part) = self.sector_at(place).filter(|_| bytes.len() < size) else { break };
            bytes.extend_from_slice(part);
            place = self.fat.get(place as usize).copied().unwrap_or(u32::MAX);
        }
        let is_whole = bytes.len() >= size;
        bytes.truncate(size);
        Stream { bytes, is_whole }
    }

    fn mini_chain(&self, start: u32, size: usize) -> Stream {
        let mut bytes = Vec::new();
        let mut place = start;
        while bytes.len() < size {
            let begin = place as usize * self.mini_sector;
            let Some(rest) = self.mini.get(begin..).filter(|rest| !rest.is_empty()) else { break };
            bytes.extend_from_slice(&rest[..rest.len().min(self.mini_sector)]);
            place = self.mini_fat.get(place as usize).copied().unwrap_or(u32::MAX);
        }
        let is_whole = bytes.len() >= size;
        bytes.truncate(size);
        Stream { bytes, is_whole }
    }

    /// The streams below the root; all streams when the tree of names is broken.
    fn top_streams(&self) -> Vec<usize> {
        let mut seen = vec![false; self.entries.len()];
        let mut pending = vec![self.entries.first().map_or(u32::MAX, |root| root.child)];
        while let Some(at) = pending.pop() {
            let at = at as usize;
            if let Some(entry) = self.entries.get(at).filter(|_| !seen[at]) {
                seen[at] = true;
                pending.extend([entry.left, entry.right]);
            }
        }
        let is_stream = |at: &usize| self.entries[*at].is_stream;
        let top: Vec<usize> = (0..seen.len()).filter(|at| seen[*at]).filter(is_stream).collect();
        if top.is_empty() { (0..seen.len()).filter(is_stream).collect() } else { top }
    }
}

fn entry(bytes: &[u8]) -> Entry {
    let number = |at: usize| u32_at(bytes, at).unwrap_or(u32::MAX);
    let len = usize::from(u16_at(bytes, 64).unwrap_or(0)).min(64) / 2;
    let name: Vec<u16> = bytes[..64]
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .take(len)
        .take_while(|c| *c != 0)
        .collect();
    Entry {
        name: String::from_utf16_lossy(&name),
        is_stream: bytes[66] == 2,
        start: number(116),
        // the upper half is noise in old files
        size: u64::from(number(120)),
        left: number(68),
        right: number(72),
        child: number(76),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A file of 512-byte sectors: allocation table, directory, then the stream's sectors.
    pub(in super::super) fn file(name: &str, content: &[u8], link: impl Fn(u32) -> u32) -> Vec<u8> {
        let mut bytes = vec![0; 512];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[0x1E] = 9;
        bytes[0x20] = 6;
        let put = |bytes: &mut Vec<u8>, at: usize, n: u32| {
            bytes[at..at + 4].copy_from_slice(&n.to_le_bytes());
        };
        put(&mut bytes, 0x30, 1);
        put(&mut bytes, 0x38, 4096);
        put(&mut bytes, 0x3C, u32::MAX - 1);
        put(&mut bytes, 0x44, u32::MAX - 1);
        put(&mut bytes, 0x4C, 0);
        for at in 1..109 {
            put(&mut bytes, 0x4C + 4 * at, u32::MAX);
        }
        let mut fat: Vec<u32> = (0..128).map(link).collect();
        (fat[0], fat[1]) = (0xFFFF_FFFD, 0xFFFF_FFFE);
        bytes.extend(fat.iter().flat_map(|n| n.to_le_bytes()));
        let mut directory = vec![0; 512];
        for (at, (name, kind, start, size)) in
            [("Root Entry", 5, u32::MAX - 1, 0), (name, 2, 2, content.len() as u32)]
                .iter()
                .enumerate()
        {
            let at = at * 128;
            let utf16: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            directory[at..at + utf16.len()].copy_from_slice(&utf16);
            directory[at + 64] = utf16.len() as u8 + 2;
            directory[at + 66] = *kind;
            put(&mut directory, at + 68, u32::MAX);
            put(&mut directory, at + 72, u32::MAX);
            put(&mut directory, at + 76, if at == 0 { 1 } else { u32::MAX });
            put(&mut directory, at + 116, *start);
            put(&mut directory, at + 120, *size);
        }
        bytes.extend(directory);
        bytes.extend(content);
        bytes
    }

    #[test]
    fn ok_a_stream() {
        let content: Vec<u8> = (0..5000u32).map(|i| (i % 251) as u8).collect();
        let bytes = file("WordDocument", &content, |at| at + 1);
        let ole = Ole::open(&bytes).expect("it is a compound file");
        assert_eq!(ole.names().collect::<Vec<_>>(), ["WordDocument"]);
        assert_eq!(ole.stream("WordDocument"), Some(Stream { bytes: content, is_whole: true }));
        assert_eq!(ole.stream("Workbook"), None);
    }

    #[test]
    fn err_circles_and_cuts_end() {
        let content = vec![7; 5000];
        let bytes = file("Book", &content, |at| if at == 4 { 2 } else { at + 1 });
        let stream = Ole::open(&bytes).and_then(|ole| ole.stream("Book")).expect("it is there");
        assert!(stream.bytes.len() <= 5000);
        let bytes = file("Book", &content, |at| at + 1);
        let cut = &bytes[..bytes.len() - 1000];
        let stream = Ole::open(cut).and_then(|ole| ole.stream("Book")).expect("it is there");
        assert_eq!((stream.bytes.len(), stream.is_whole), (4000, false));
        for len in 0..bytes.len() {
            Ole::open(&bytes[..len]);
        }
        // a list of the allocation table's sectors that is empty and goes on with itself
        let mut list = vec![0xFF; 512];
        list[508..].copy_from_slice(&2u32.to_le_bytes());
        let mut bytes = file("Book", &list, |at| at + 1);
        bytes[0x44..0x48].copy_from_slice(&2u32.to_le_bytes());
        assert!(Ole::open(&bytes).is_some());
    }
}
