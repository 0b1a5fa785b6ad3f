//! The text format of the cases.

use std::fs;
use std::path::{Path, PathBuf};

/// One case.
pub(crate) struct Case {
    /// `stage/topic.txt`.
    pub(crate) file: String,
    /// Where it begins.
    pub(crate) line: usize,
    title: String,
    pub(crate) stage: String,
    /// Why it is left out.
    pub(crate) skip: Option<String>,
    pub(crate) input: String,
    pub(crate) expected: String,
}

impl Case {
    pub(crate) fn name(&self) -> String {
        format!("{}::{}", self.file, self.title)
    }
}

/// All cases of all files below a folder, sorted.
pub(crate) fn all(folder: &Path) -> Vec<Case> {
    let mut files = Vec::new();
    find(folder, &mut files);
    files.sort();
    let cases: Vec<Case> = files.iter().flat_map(|path| read(folder, path)).collect();
    assert!(!cases.is_empty(), "no cases in {}", folder.display());
    cases
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let path = entry.expect("the folder can be listed").path();
        if path.is_dir() {
            find(&path, files);
        } else if path.extension().is_some_and(|e| e == "txt") {
            files.push(path);
        }
    }
}

fn is_bar(line: &str, of: char) -> bool {
    line.len() >= 3 && line.chars().all(|c| c == of)
}

fn read(folder: &Path, path: &Path) -> Vec<Case> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let file = path.strip_prefix(folder).expect("it was found there");
    let file = file.to_string_lossy().replace('\\', "/");
    let lines: Vec<&str> = text.lines().collect();
    let bars: Vec<usize> = (0..lines.len()).filter(|at| is_bar(lines[*at], '=')).collect();
    assert!(bars.len().is_multiple_of(2), "{file}: a bar before each head and one after it");
    let heads: Vec<(usize, usize)> = bars.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
    let ends = heads.iter().skip(1).map(|head| head.0).chain([lines.len()]);
    heads.iter().zip(ends).map(|(head, end)| one(&file, &lines, *head, end)).collect()
}

/// A case from its head, between two bars, to the next head.
fn one(file: &str, lines: &[&str], (above, below): (usize, usize), end: usize) -> Case {
    let line = above + 1;
    let mut case = Case {
        file: file.to_owned(),
        line,
        title: String::new(),
        stage: file.split('/').next().unwrap_or_default().to_owned(),
        skip: None,
        input: String::new(),
        expected: String::new(),
    };
    for head in &lines[above + 1..below] {
        match head.strip_prefix(':').and_then(|rest| rest.strip_suffix(')')?.split_once('(')) {
            Some(("stage", stage)) => stage.clone_into(&mut case.stage),
            Some(("skip", why)) => case.skip = Some(why.to_owned()),
            Some((other, _)) => panic!("{file}:{line}: no attribute is called {other}"),
            None if case.title.is_empty() => (*head).clone_into(&mut case.title),
            None => panic!("{file}:{line}: a second name `{head}`"),
        }
    }
    let body = &lines[below + 1..end];
    let divider = (0..body.len())
        .filter(|at| is_bar(body[*at], '-'))
        .max_by_key(|at| body[*at].len())
        .unwrap_or_else(|| panic!("{file}:{line}: no line of dashes"));
    case.input = body[..divider].join("\n");
    case.expected = body[divider + 1..].join("\n");
    case
}
