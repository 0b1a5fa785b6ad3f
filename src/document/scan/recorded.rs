//! What a model said of lines of text, kept in a file: tests read it where there is no model.
//!
//! A line of the file is the hash of the pixels, what they say, how likely that is, and the numbers they can be with their
//! likelihoods, parted by tabs.

use super::line::{Said, Strip};
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Mutex;

/// What is kept.
pub(super) struct Recorded {
    path: PathBuf,
    notes_more: bool,
    known: Mutex<FxHashMap<String, Said>>,
}

impl Recorded {
    /// Opens a file; one that is not there holds nothing yet.
    #[cfg(feature = "internals")]
    pub(super) fn open(path: PathBuf, notes_more: bool) -> io::Result<Self> {
        let text = match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            text => text?,
        };
        let known = text.lines().filter_map(entry).collect();
        Ok(Self { path, notes_more, known: Mutex::new(known) })
    }

    /// What the lines say; `ask` is asked about those that are not known.
    pub(super) fn read(&self, strips: &[Strip], ask: impl Fn(&[Strip]) -> Vec<Said>) -> Vec<Said> {
        let keys: Vec<String> = strips.iter().map(key).collect();
        let Ok(mut known) = self.known.lock() else { return vec![Said::default(); strips.len()] };
        let unknown: Vec<usize> =
            (0..strips.len()).filter(|at| !known.contains_key(&keys[*at])).collect();
        let asked: Vec<Strip> = unknown.iter().map(|at| strips[*at].clone()).collect();
        let mut lines = String::new();
        for (at, said) in unknown.iter().zip(ask(&asked)) {
            let _ = write!(lines, "{}\t{}\t{}\t", keys[*at], said.text, said.likely);
            for (number, likely) in &said.numbers {
                let _ = write!(lines, "{number}={likely} ");
            }
            lines.push('\n');
            known.insert(keys[*at].clone(), said);
        }
        if self.notes_more && !lines.is_empty() {
            // whoever cannot write it asks again
            let file = std::fs::OpenOptions::new().create(true).append(true).open(&self.path);
            let _ = file.and_then(|mut file| file.write_all(lines.as_bytes()));
        }
        keys.iter().map(|key| known.get(key).cloned().unwrap_or_default()).collect()
    }
}

/// A line of the file.
#[cfg(feature = "internals")]
fn entry(line: &str) -> Option<(String, Said)> {
    let mut parts = line.splitn(4, '\t');
    let (key, text) = (parts.next()?, parts.next()?.to_owned());
    let (likely, numbers) = (parts.next()?.parse().ok()?, parts.next()?);
    let number = |one: &str| {
        let (number, likely) = one.split_once('=')?;
        Some((number.to_owned(), likely.parse().ok()?))
    };
    let numbers = numbers.split_whitespace().filter_map(number).collect();
    Some((key.to_owned(), Said { text, likely, numbers }))
}

/// What tells one line from all others: its pixels.
fn key(strip: &Strip) -> String {
    let mut hash = Sha256::new();
    hash.update((strip.width as u64).to_le_bytes());
    // as fine as a picture is
    let pixels: Vec<u8> = strip.pixels.iter().map(|pixel| (pixel * 255.0).round() as u8).collect();
    hash.update(pixels);
    crate::source::hex(&hash.finalize())[..20].to_owned()
}
