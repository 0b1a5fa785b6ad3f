//! A hash of all that decides how documents are read: the sources, the grammars, the versions of the libraries. Two builds
//! of one version that could read a document differently have different hashes; the same sources have the same anywhere.

use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut files = Vec::new();
    for name in ["src", "grammars", "Cargo.lock", "Cargo.toml"] {
        println!("cargo:rerun-if-changed={name}");
        collect(&root.join(name), &mut files);
    }
    // FNV-1a: no key, no dependency, and nobody has an interest in a collision
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    let named = |path: &Path| {
        let below = path.strip_prefix(&root).unwrap_or(path);
        below.to_string_lossy().replace('\\', "/")
    };
    let mut files: Vec<(String, PathBuf)> =
        files.into_iter().map(|path| (named(&path), path)).collect();
    files.sort();
    for (name, path) in files {
        let Ok(bytes) = fs::read(&path) else { continue };
        add(name.as_bytes());
        add(&(bytes.len() as u64).to_le_bytes());
        add(&bytes);
    }
    println!("cargo:rustc-env=NIANBAO_BUILD={hash:016x}");
}

/// All files below a path, or the file that it is.
fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    match fs::read_dir(path) {
        Ok(entries) => entries.flatten().for_each(|entry| collect(&entry.path(), files)),
        // what is only for people decides nothing
        Err(_) if path.extension().is_some_and(|end| end == "md" || end == "py") => {}
        Err(_) if path.is_file() => files.push(path.to_owned()),
        Err(_) => {}
    }
}
