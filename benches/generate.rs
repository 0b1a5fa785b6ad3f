//! Writes a corpus of generated reports with their truth: `generate DIR COUNT [--seed S] [--shape NAME]`.
//!
//! `DIR/00/00000.txt` and so on, a thousand files a folder, and `DIR/truth.jsonl` with one line for each.

mod generator;

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write, stdout};
use std::path::{Path, PathBuf};

use generator::{Form, Options, Shape, report};

const USAGE: &str =
    "usage: generate DIR COUNT [--seed S] [--shape NAME] [--form 2019|2021] [--faults all|none]";
const PER_FOLDER: u64 = 1000;

/// What was asked for.
struct Request {
    folder: PathBuf,
    count: u64,
    seed: u64,
    options: Options,
    /// All or none with faults; a mix when nothing is said.
    faults: Option<bool>,
}

fn request(arguments: impl Iterator<Item = String>) -> Result<Option<Request>, Box<dyn Error>> {
    // `cargo bench` adds `--bench`.
    let mut arguments = arguments.filter(|argument| argument != "--bench");
    let Some(folder) = arguments.next() else {
        return Ok(None);
    };
    let count = arguments.next().ok_or(USAGE)?.parse().map_err(|_| USAGE)?;
    let mut request = Request {
        folder: PathBuf::from(folder),
        count,
        seed: 1,
        options: Options::default(),
        faults: None,
    };
    while let Some(option) = arguments.next() {
        let value = arguments.next().ok_or(USAGE)?;
        match (option.as_str(), value.as_str()) {
            ("--seed", seed) => request.seed = seed.parse()?,
            ("--shape", name) => {
                let shape = Shape::named(name).ok_or_else(|| unknown_shape(name))?;
                request.options.shape = Some(shape);
            }
            ("--form", "2019") => request.options.form = Some(Form::Trial2019),
            ("--form", "2021") => request.options.form = Some(Form::Current2021),
            ("--faults", "all") => request.faults = Some(true),
            ("--faults", "none") => request.faults = Some(false),
            _ => return Err(USAGE.into()),
        }
    }
    Ok(Some(request))
}

fn unknown_shape(name: &str) -> String {
    let names: Vec<&str> = Shape::ALL.iter().map(|shape| shape.name()).collect();
    format!("no shape {name}; there are {}", names.join(", "))
}

/// The seed of a document: near documents of near corpora share none.
fn seed_of(request: &Request, index: u64) -> u64 {
    request.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(index)
}

fn write(request: &Request) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(&request.folder)?;
    let mut truth = BufWriter::new(File::create(request.folder.join("truth.jsonl"))?);
    for index in 0..request.count {
        let seed = seed_of(request, index);
        let faults = request.faults.unwrap_or(Options::mixed(seed).faults);
        let generated = report(seed, &Options { faults, ..request.options });
        let ending = Shape::named(generated.truth.shape).map_or("txt", Shape::ending);
        let name = format!("{:02}/{index:05}.{ending}", index / PER_FOLDER);
        let path = request.folder.join(&name);
        if index % PER_FOLDER == 0 {
            fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        }
        fs::write(path, &generated.text)?;
        writeln!(truth, "{}", generated.truth.to_json(&name))?;
    }
    truth.flush()?;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    match request(std::env::args().skip(1))? {
        Some(request) => write(&request),
        None => Ok(writeln!(stdout(), "{USAGE}")?),
    }
}
