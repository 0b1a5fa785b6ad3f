//! `src/` reads downwards: a module uses only modules that stand above it in `rooms.rs`.

use std::fs;
use std::path::{Path, PathBuf};

/// They put the stages together, so they may use all of them.
const ON_TOP: [&str; 7] = ["pipeline", "face", "batch", "cli", "rooms", "lib", "main"];

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The modules in the order of `rooms.rs`.
fn order() -> Vec<String> {
    let text = fs::read_to_string(src().join("rooms.rs")).expect("rooms.rs is there");
    text.lines()
        .filter_map(|line| line.strip_prefix("pub").and_then(|rest| rest.split_once("mod ")))
        .map(|(_, rest)| rest)
        .filter_map(|rest| rest.strip_suffix(';'))
        .map(str::to_owned)
        .collect()
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("src can be listed") {
        let path = entry.expect("src can be listed").path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// The first folder or file name below `src`.
fn module(path: &Path) -> String {
    let below = path.strip_prefix(src()).expect("the file stands in src");
    let first = below.components().next().expect("it has a name");
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// The modules named in `crate::x`, also in `use crate::{x, y::z}`, with their lines; comments do not count.
fn used(text: &str) -> Vec<(usize, String)> {
    let mut code = String::new();
    for line in text.lines() {
        code.push_str(line.split("//").next().unwrap_or_default());
        code.push('\n');
    }
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect()
    };
    let mut found = Vec::new();
    for (at, start) in code.match_indices("crate::") {
        let line = code[..at].matches('\n').count() + 1;
        let rest = &code[at + start.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            found.push((line, name(rest)));
            continue;
        };
        let mut depth = 0;
        let mut fresh = true;
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => fresh = true,
                c if fresh && !c.is_whitespace() => {
                    found.push((line, name(&group[at..])));
                    fresh = false;
                }
                _ => {}
            }
        }
    }
    found.retain(|(_, module)| !module.is_empty());
    found
}

#[test]
fn every_module_uses_only_those_above_it() {
    let order = order();
    let place = |module: &str| order.iter().position(|m| m == module);
    assert!(order.len() > 10, "{order:?}");
    let mut paths = Vec::new();
    files(&src(), &mut paths);
    let mut wrong = Vec::new();
    for path in paths {
        let own = module(&path);
        if ON_TOP.contains(&own.as_str()) {
            continue;
        }
        let here = place(&own).unwrap_or_else(|| panic!("{own} does not stand in rooms.rs"));
        let text = fs::read_to_string(&path).expect("a source file is text");
        for (line, other) in used(&text) {
            if place(&other).is_none_or(|there| there > here) {
                wrong.push(format!("{}:{line}: {own} uses {other}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "a module stands above what it uses:\n{}", wrong.join("\n"));
}

#[test]
fn the_checker_shares_no_code_with_the_reader() {
    const ALLOWED: [&str; 5] = ["document", "source", "span", "error", "verify"];
    let mut paths = Vec::new();
    files(&src().join("verify"), &mut paths);
    assert!(paths.len() > 4, "{paths:?}");
    for path in paths {
        let text = fs::read_to_string(&path).expect("a source file is text");
        for (line, other) in used(&text) {
            assert!(ALLOWED.contains(&other.as_str()), "{}:{line}: {other}", path.display());
        }
    }
}

#[test]
fn ok_groups_and_comments() {
    let text =
        "use crate::a::B;\nuse crate::{b, c::{D, e}, f};\n// crate::g\nlet x = crate::h::y();";
    let names: Vec<String> = used(text).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["a", "b", "c", "f", "h"]);
}
