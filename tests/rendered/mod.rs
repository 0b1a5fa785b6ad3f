//! Reports that a script rendered with other people's tools, each with its truth beside it.

use nianbao::source::Source;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// A rendered report: its path without an ending, and the truth.
pub(crate) struct Rendered {
    pub(crate) base: PathBuf,
    pub(crate) truth: Value,
}

impl Rendered {
    /// The report in this format.
    pub(crate) fn source(&self, format: &str) -> Source {
        let path = self.base.with_extension(format);
        let bytes = fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        Source::new(path.display().to_string(), bytes)
    }
}

/// The reports of `target/NAME`, which tests/NAME/render.py wrote, or of the folder that the variable names; at least so
/// many. None without the folder, except where `CI` is set: there it must be.
pub(crate) fn rendered(name: &str, variable: &str, least: usize) -> Vec<Rendered> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target").join(name);
    let folder = env::var_os(variable).map_or(own, PathBuf::from);
    let Ok(entries) = fs::read_dir(&folder) else {
        let is_ci = env::var("CI").is_ok_and(|ci| ci == "true");
        assert!(!is_ci, "{}: not there; tests/{name}/render.py writes it", folder.display());
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("it can be listed").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    paths.sort();
    assert!(paths.len() >= least, "{}: {} reports", folder.display(), paths.len());
    let read = |path: PathBuf| {
        let text = fs::read(&path).expect("it can be read");
        let truth = serde_json::from_slice(&text).expect("it is JSON");
        Rendered { base: path.with_extension(""), truth }
    };
    paths.into_iter().map(read).collect()
}

/// A small generator of numbers, so that a failure can be repeated.
pub(crate) struct Noise(pub(crate) u64);

impl Noise {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }
}

/// A file cut, with bits turned, with other digits (which are lengths, places and counts), or with a part of it elsewhere:
/// the nth of these, or any.
pub(crate) fn damaged(mut bytes: Vec<u8>, nth: Option<usize>, noise: &mut Noise) -> Vec<u8> {
    let len = bytes.len();
    match nth.unwrap_or_else(|| noise.below(4)) % 4 {
        0 => bytes.truncate(noise.below(len)),
        1 => {
            for _ in 0..=noise.below(40) {
                bytes[noise.below(len)] ^= 1 << noise.below(8);
            }
        }
        2 => {
            for _ in 0..30 {
                let from = noise.below(len);
                if let Some(digit) = bytes[from..].iter().position(u8::is_ascii_digit) {
                    bytes[from + digit] = b"0123456789-e."[noise.below(13)];
                }
            }
        }
        _ => {
            let (from, to) = (noise.below(len / 2), noise.below(len / 2));
            bytes.copy_within(from..from + len / 4, to);
        }
    }
    bytes
}
