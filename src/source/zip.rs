//! The directory of a ZIP container: which entries it has, read from the bytes without unpacking anything.

/// Entries that are looked at.
const MOST_ENTRIES: usize = 10_000;
/// The longest comment that can stand behind the directory, and the directory's own end.
const MOST_TAIL: usize = 65_557;

/// The names of the entries, in order; of a container that broke off those before the cut.
pub(super) fn names(bytes: &[u8]) -> Vec<&[u8]> {
    let names = directory(bytes).unwrap_or_default();
    if names.is_empty() { heads(bytes) } else { names }
}

/// What the first entry holds when it is named `mimetype`, as in OpenDocument.
pub(super) fn mimetype(bytes: &[u8]) -> Option<&[u8]> {
    let len = number(bytes, 18, 4)?;
    let extra = number(bytes, 28, 2)?;
    let rest = bytes.get(30..)?.strip_prefix(b"mimetype")?;
    rest.get(extra..extra.checked_add(len)?)
}

fn number(bytes: &[u8], at: usize, len: usize) -> Option<usize> {
    let bytes = bytes.get(at..at.checked_add(len)?)?;
    Some(bytes.iter().rev().fold(0, |n, byte| n << 8 | usize::from(*byte)))
}

fn directory(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let tail = bytes.len().saturating_sub(MOST_TAIL);
    let end = tail + memchr::memmem::rfind(&bytes[tail..], b"PK\x05\x06")?;
    let mut at = number(bytes, end + 16, 4)?;
    let mut names = Vec::new();
    while names.len() < MOST_ENTRIES && bytes.get(at..)?.starts_with(b"PK\x01\x02") {
        let (name, extra, comment) =
            (number(bytes, at + 28, 2)?, number(bytes, at + 30, 2)?, number(bytes, at + 32, 2)?);
        names.push(bytes.get(at + 46..at + 46 + name)?);
        at += 46 + name + extra + comment;
    }
    Some(names)
}

fn heads(bytes: &[u8]) -> Vec<&[u8]> {
    let heads = memchr::memmem::find_iter(bytes, b"PK\x03\x04").take(MOST_ENTRIES);
    heads.filter_map(|at| bytes.get(at + 30..at + 30 + number(bytes, at + 26, 2)?)).collect()
}
