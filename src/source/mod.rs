//! Stage 1: the bytes of one document, untouched, and where they came from.

#[cfg(feature = "archives")]
pub mod again;
#[cfg(feature = "archives")]
pub mod archive;
pub mod ole;
pub mod relevance;
#[cfg(feature = "archives")]
pub mod select;
pub mod sniff;
#[cfg(feature = "archives")]
pub mod walk;
#[cfg(feature = "archives")]
pub mod warc;
mod zip;

use crate::error::{Error, Result};
use sha2::{Digest, Sha256};
use std::path::Path;

/// One document's bytes.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The path as given, or `-`.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Where a crawl fetched it.
    pub fetched: Option<Box<Fetched>>,
}

/// What a crawl knows of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// Its address.
    pub url: Option<String>,
    /// When it was fetched, as the crawl wrote it.
    pub date: Option<String>,
    /// The media type that the server stated.
    pub media_type: Option<String>,
    /// The encoding that the server stated.
    pub charset: Option<String>,
}

impl Source {
    /// A document with a name.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into(), fetched: None }
    }

    /// The bytes of a file, which is named by its path.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|error| Error::io(path, error))?;
        Ok(Self::new(path.to_string_lossy(), bytes))
    }

    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub fn sha256(&self) -> String {
        hex(&Sha256::digest(&self.bytes))
    }
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut hex = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        hex.push(HEX[usize::from(byte >> 4)] as char);
        hex.push(HEX[usize::from(byte & 15)] as char);
    }
    hex
}
