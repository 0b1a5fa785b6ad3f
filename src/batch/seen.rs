//! Which reports came before: the same bytes, or the same report on another page.
//!
//! What came lately is in memory, the rest in a table on disk, so that memory does not grow with the corpus. The table is
//! kept with each checkpoint; what it knows beyond the checkpoint is forgotten when a conversion goes on from there.

use crate::error::{Error, Result};
use crate::reading::Cell;
use crate::records::{Duplicate, Report, Same};
use crate::source::hex;
use redb::{Database, Durability, ReadableDatabase, TableDefinition};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Input number, what tells its bytes from others, name; by report.
const TABLE: TableDefinition<'_, &Key, (u64, &Mark, &str)> = TableDefinition::new("seen");
/// Reports kept in memory before they go to the table.
const RECENT: usize = 2048;
/// Bytes of the table that are kept in memory.
const CACHE: usize = 1 << 20;

/// What tells a report from others: the first bytes of a SHA-256.
type Key = [u8; 16];
/// What tells bytes from others.
type Mark = [u8; 16];

/// What a report is known by.
#[derive(Debug)]
pub(super) struct Identity {
    key: Key,
    mark: Mark,
    pub(super) name: String,
}

impl Identity {
    /// The key as it stands in the index.
    pub(super) fn hex(&self) -> String {
        hex(&self.key)
    }

    /// The same again, with the hash of the bytes; none where there is no key.
    pub(super) fn parse(hex: &str, sha256: &str, name: &str) -> Option<Self> {
        let mut key = [0; 16];
        for (at, byte) in key.iter_mut().enumerate() {
            *byte = u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        Some(Self { key, mark: first(Sha256::digest(sha256)), name: name.to_owned() })
    }

    /// Of a report issuer, year, form and cells; of anything else its bytes. None for an input without bytes.
    pub(super) fn of(report: &Report<'_>) -> Option<Self> {
        if report.source.bytes == 0 {
            return None;
        }
        let mark = first(Sha256::digest(&report.source.sha256));
        Some(Self { key: content(report).unwrap_or(mark), mark, name: report.source.name.clone() })
    }
}

/// The hash of what a report says; none where it does not say whose it is, for which year, or no number.
fn content(report: &Report<'_>) -> Option<Key> {
    let (form, year, issuer) =
        (report.form.as_deref()?, report.year?, report.issuer.name.as_deref()?);
    report.cells().find_map(Cell::value)?;
    let mut hash = Sha256::new();
    // a page of a site and a file on it often differ in this
    let issuer = issuer.strip_suffix("人民政府").unwrap_or(issuer);
    for part in [form.id.as_str(), "\n", issuer, "\n"] {
        hash.update(part);
    }
    hash.update(year.to_le_bytes());
    let mut cells = Vec::with_capacity(4096);
    for cell in report.cells() {
        cells.push(b'0' + cell.status().place() as u8);
        if let Some(value) = cell.value() {
            cells.extend_from_slice(&value.mantissa().to_le_bytes());
            cells.push(value.scale());
        }
    }
    hash.update(&cells);
    Some(first(hash.finalize()))
}

fn first(hash: impl AsRef<[u8]>) -> [u8; 16] {
    let mut key = [0; 16];
    key.copy_from_slice(&hash.as_ref()[..16]);
    key
}

struct First {
    entry: u64,
    mark: Mark,
    name: String,
}

/// The reports that came before.
pub(super) struct Seen {
    path: PathBuf,
    recent: HashMap<Key, First>,
    table: Option<Database>,
}

impl Seen {
    /// Knows nothing, or with `before` what came before the input of that number in a conversion that was stopped.
    pub(super) fn open(folder: &Path, before: Option<u64>) -> Result<Self> {
        let path = folder.join("seen.part");
        let mut seen = Self { path, recent: HashMap::new(), table: None };
        match before {
            Some(before) if seen.path.exists() => seen.forget_from(before)?,
            _ => seen.remove()?,
        }
        Ok(seen)
    }

    /// The report that this one repeats; none when it is the first, and it is from now on.
    pub(super) fn first_of(&mut self, report: &Identity, entry: u64) -> Result<Option<Duplicate>> {
        let duplicate = |mark: &Mark, of: &str| Duplicate {
            of: of.to_owned(),
            same: if *mark == report.mark { Same::Bytes } else { Same::Report },
        };
        if let Some(first) = self.recent.get(&report.key) {
            return Ok(Some(duplicate(&first.mark, &first.name)));
        }
        if let Some(table) = &self.table {
            let find = || -> std::result::Result<_, redb::Error> {
                let table = table.begin_read()?.open_table(TABLE)?;
                let found = table.get(&report.key)?;
                Ok(found.map(|found| {
                    let (_, mark, name) = found.value();
                    duplicate(mark, name)
                }))
            };
            if let Some(found) = find().map_err(|e| self.error(e))? {
                return Ok(Some(found));
            }
        }
        let first = First { entry, mark: report.mark, name: report.name.clone() };
        self.recent.insert(report.key, first);
        if self.recent.len() >= RECENT {
            self.settle(Durability::None)?;
        }
        Ok(None)
    }

    /// Makes sure that what is known is kept.
    pub(super) fn checkpoint(&mut self) -> Result<()> {
        self.settle(Durability::Immediate)
    }

    /// Nothing comes any more.
    pub(super) fn finish(mut self) -> Result<()> {
        self.table = None;
        self.remove()
    }

    /// Moves what came lately to the table.
    fn settle(&mut self, durability: Durability) -> Result<()> {
        let mut recent: Vec<(Key, First)> = self.recent.drain().collect();
        recent.sort_unstable_by_key(|(key, _)| *key);
        let write = |table: &Database| -> std::result::Result<(), redb::Error> {
            let mut write = table.begin_write()?;
            write.set_durability(durability)?;
            let mut table = write.open_table(TABLE)?;
            for (key, First { entry, mark, name }) in &recent {
                table.insert(key, (*entry, mark, name.as_str()))?;
            }
            drop(table);
            Ok(write.commit()?)
        };
        if self.table.is_none() {
            self.table = Some(self.create()?);
        }
        match &self.table {
            Some(table) => write(table).map_err(|e| self.error(e)),
            None => Ok(()),
        }
    }

    fn create(&self) -> Result<Database> {
        let open = Database::builder().set_cache_size(CACHE).create(&self.path);
        open.map_err(|e| self.error(e.into()))
    }

    fn forget_from(&mut self, before: u64) -> Result<()> {
        let table = self.create()?;
        let forget = || -> std::result::Result<(), redb::Error> {
            let write = table.begin_write()?;
            write.open_table(TABLE)?.retain(|_, (entry, _, _)| entry < before)?;
            Ok(write.commit()?)
        };
        forget().map_err(|e| self.error(e))?;
        self.table = Some(table);
        Ok(())
    }

    fn remove(&self) -> Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Error::io(&self.path, error))
            }
            _ => Ok(()),
        }
    }

    fn error(&self, error: redb::Error) -> Error {
        match error {
            redb::Error::Io(error) => Error::io(&self.path, error),
            error => Error::database(&self.path, error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(report: u8, bytes: u8) -> Identity {
        Identity { key: [report; 16], mark: [bytes; 16], name: format!("{report}-{bytes}") }
    }

    #[test]
    fn ok_first_of_many_and_after_a_stop() {
        let folder = std::env::temp_dir().join(format!("nianbao-seen-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("there is a temporary folder");
        let mut seen = Seen::open(&folder, None).expect("it opens");
        let find = |seen: &mut Seen, report, bytes, entry| {
            let first = seen.first_of(&identity(report, bytes), entry).expect("it can be asked");
            first.map(|first| (first.of, first.same))
        };
        assert_eq!(find(&mut seen, 1, 1, 0), None);
        assert_eq!(find(&mut seen, 1, 1, 0), Some(("1-1".to_owned(), Same::Bytes)));
        assert_eq!(find(&mut seen, 1, 2, 1), Some(("1-1".to_owned(), Same::Report)));
        seen.checkpoint().expect("it is kept");
        assert_eq!(find(&mut seen, 1, 2, 2), Some(("1-1".to_owned(), Same::Report)));
        assert_eq!(find(&mut seen, 2, 2, 3), None);
        seen.checkpoint().expect("it is kept");
        drop(seen);
        // what came after the third input is not known any more
        let mut seen = Seen::open(&folder, Some(3)).expect("it opens again");
        assert_eq!(find(&mut seen, 1, 1, 3), Some(("1-1".to_owned(), Same::Bytes)));
        assert_eq!(find(&mut seen, 2, 2, 3), None);
        seen.finish().expect("it is gone");
        assert!(fs::read_dir(&folder).expect("the folder is there").next().is_none());
        fs::remove_dir_all(&folder).expect("what was made can be removed");
    }
}
