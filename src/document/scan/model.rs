//! The model that reads a line of text: which one it is, where it lies, and what it says.
//!
//! No model is part of this program, and none is ever fetched by it: [`add`] takes it out of a file that the user has.

use super::line::{Said, Strip};
use super::recorded::Recorded;
use rten::{Model, RunOptions, ThreadPool};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;
use sha2::{Digest, Sha256};
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Name, licence and hash of the one model that is known, in the package that holds it.
const NAME: &str = "PP-OCRv6_rec_small.onnx";
const LICENCE: &str = "MODEL_LICENSES.md";
const SHA256: &str = "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884";
/// Rows of pixels that it takes.
const HEIGHT: usize = 48;
/// Lines that are read at once, and how wide their widths are apart.
const BATCH: usize = 16;
const STEP: usize = 32;
/// Widest line, in pixels of that height.
const WIDEST: usize = 3200;
/// Where nothing is drawn.
const PAPER: f32 = 1.0;

/// What the user asked for, before the first page is read; a model that he names must be there.
static ASKED: OnceLock<Option<PathBuf>> = OnceLock::new();
static LOADED: OnceLock<Option<Reader>> = OnceLock::new();

/// Takes the model in this file instead of the one in the user's folder. Only the first call counts, and only before a
/// scanned page was read.
pub fn use_model(path: impl Into<PathBuf>) -> io::Result<()> {
    let path = path.into();
    Reader::load(&path)?;
    let _ = ASKED.set(Some(path));
    Ok(())
}

/// Takes what a model once said of lines instead of asking it, as a file of it has that. A line that is not there says
/// nothing; with `notes_more` the model of the user reads it, and it is added to the file. Only before a page was read.
#[cfg(feature = "internals")]
pub fn use_recorded(path: impl Into<PathBuf>, notes_more: bool) -> io::Result<()> {
    let recorded = Recorded::open(path.into(), notes_more)?;
    let own = folder().map(|folder| folder.join(NAME)).filter(|_| notes_more);
    let mut reader = match own {
        Some(own) => Reader::load(&own)?,
        None => Reader { model: None, recorded: None, characters: Vec::new(), digits: Vec::new() },
    };
    reader.recorded = Some(recorded);
    let _ = LOADED.set(Some(reader));
    Ok(())
}

/// Reads no pictures, whether there is a model or not.
pub fn use_none() {
    let _ = ASKED.set(None);
}

/// Where models lie.
pub fn folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let data = set("XDG_DATA_HOME").map(PathBuf::from).or_else(|| {
        if cfg!(windows) {
            set("APPDATA").map(PathBuf::from)
        } else {
            set("HOME").map(|home| PathBuf::from(home).join(".local/share"))
        }
    });
    Some(data?.join("nianbao").join("models"))
}

/// Takes the model and its licence out of a package and keeps them in the user's folder; says where.
pub fn add(package: &Path) -> io::Result<PathBuf> {
    let wrong = |message: String| io::Error::new(io::ErrorKind::InvalidData, message);
    let folder = folder().ok_or_else(|| wrong("there is no folder for the user's data".into()))?;
    let bytes = std::fs::read(package)?;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(io::Error::other)?;
    let mut part = |end: &str| -> io::Result<Vec<u8>> {
        let names = archive.file_names().map_while(Result::ok);
        let name = names.map(|name| name.to_string()).find(|name| name.ends_with(end));
        let name = name.ok_or_else(|| wrong(format!("there is no {end} in it")))?;
        let mut bytes = Vec::new();
        let part = archive.by_name(&name).map_err(io::Error::other)?;
        part.take(256 << 20).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let (model, licence) = (part(NAME)?, part(LICENCE)?);
    let found = crate::source::hex(&Sha256::digest(&model));
    if found != SHA256 {
        return Err(wrong(format!("{NAME} in it is another one: its SHA-256 is {found}")));
    }
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join(LICENCE), licence)?;
    let path = folder.join(NAME);
    let part = path.with_extension("part");
    std::fs::write(&part, model)?;
    std::fs::rename(&part, &path)?;
    Ok(path)
}

/// The model, loaded once; none where there is none.
pub(super) fn reader() -> Option<&'static Reader> {
    let load = || {
        let path = match ASKED.get() {
            Some(asked) => asked.clone()?,
            None => folder()?.join(NAME),
        };
        Reader::load(&path).ok()
    };
    LOADED.get_or_init(load).as_ref()
}

/// A model that is ready, and what it said before.
pub(super) struct Reader {
    /// None where only what is recorded is read.
    model: Option<Model>,
    recorded: Option<Recorded>,
    /// What each class says; the first says nothing.
    characters: Vec<String>,
    /// The classes of each of [`DIGITS`].
    digits: Vec<Vec<usize>>,
}

/// What a number is made of, and what each is taken for.
const DIGITS: [(char, &str); 12] = [
    ('0', "0OoＯ〇○DQóòöÓÖ"),
    ('1', "1lI|丨"),
    ('2', "2"),
    ('3', "3"),
    ('4', "4"),
    ('5', "5"),
    ('6', "6"),
    ('7', "7"),
    ('8', "8"),
    ('9', "9"),
    ('.', ".。·"),
    (',', ",，"),
];
/// How many beginnings of a number are followed, how many numbers are kept, and how likely each is at least.
const BEAM: usize = 24;
const MOST_NUMBERS: usize = 12;
const LEAST: f32 = 1e-5;
/// So likely a line must be a number at all for any number to be read of it.
const AT_ALL: f32 = 0.005;

/// Whether a character is a digit, or looks like one.
pub(super) fn is_like_a_digit(c: char) -> bool {
    c == ' ' || DIGITS.iter().any(|(_, taken)| taken.contains(c))
}

impl Reader {
    fn load(path: &Path) -> io::Result<Self> {
        let model = Model::load(std::fs::read(path)?).map_err(io::Error::other)?;
        let listed = model.metadata().fields().find(|(name, _)| *name == "character");
        let Some((_, listed)) = listed else {
            return Err(io::Error::other("the model does not say which characters it knows"));
        };
        let mut characters = vec![String::new()];
        characters.extend(listed.split('\n').map(str::to_owned));
        characters.push(" ".to_owned());
        let classes = |(_, taken): &(char, &str)| {
            let is_taken = |character: &String| {
                let mut own = character.chars();
                own.next().is_some_and(|c| taken.contains(c)) && own.next().is_none()
            };
            (1..characters.len()).filter(|class| is_taken(&characters[*class])).collect()
        };
        let digits = DIGITS.iter().map(classes).collect();
        Ok(Self { model: Some(model), recorded: None, characters, digits })
    }

    /// What each strip says; nothing for one that could not be read.
    pub(super) fn read(&self, strips: &[Strip]) -> Vec<Said> {
        match &self.recorded {
            Some(recorded) => recorded.read(strips, |unknown| self.ask(unknown)),
            None => self.ask(strips),
        }
    }

    fn ask(&self, strips: &[Strip]) -> Vec<Said> {
        let width = |strip: &Strip| {
            let wide = (strip.width * HEIGHT).div_ceil(strip.height.max(1));
            wide.clamp(2 * STEP, WIDEST).next_multiple_of(STEP)
        };
        let mut order: Vec<(usize, usize)> = strips.iter().map(width).zip(0..).collect();
        order.sort_unstable();
        let mut said = vec![Said::default(); strips.len()];
        for same in order.chunk_by(|a, b| a.0 == b.0) {
            for batch in same.chunks(BATCH) {
                crate::guard::check();
                let own: Vec<&Strip> = batch.iter().map(|(_, at)| &strips[*at]).collect();
                if let Some(read) = self.batch(&own, batch[0].0) {
                    for ((_, at), one) in batch.iter().zip(read) {
                        said[*at] = one;
                    }
                }
            }
        }
        said
    }

    /// The numbers that a line can be, where a step is either nothing or a digit: a beam over their beginnings.
    fn numbers(&self, steps: usize, likely: impl Fn(usize, usize) -> f32) -> Vec<(String, f32)> {
        // each beginning: how likely it is with nothing after its last digit, and with that digit going on
        let mut beam: Vec<(Vec<u8>, [f32; 2])> = vec![(Vec::new(), [1.0, 0.0])];
        for step in 0..steps {
            let nothing = likely(step, 0);
            let of =
                |digit: &Vec<usize>| digit.iter().map(|class| likely(step, *class)).sum::<f32>();
            let digits: Vec<f32> = self.digits.iter().map(of).collect();
            let mut next: Vec<(Vec<u8>, [f32; 2])> = Vec::with_capacity(4 * beam.len());
            let mut add = |text: Vec<u8>, after: usize, share: f32| {
                if share <= 0.0 {
                    return;
                }
                match next.iter_mut().find(|(own, _)| *own == text) {
                    Some((_, shares)) => shares[after] += share,
                    None => {
                        let mut shares = [0.0; 2];
                        shares[after] = share;
                        next.push((text, shares));
                    }
                }
            };
            for (text, [ended, open]) in beam {
                add(text.clone(), 0, (ended + open) * nothing);
                for (digit, share) in (0u8..).zip(&digits) {
                    // of what is nothing next to the best no trace is kept
                    if *share < 1e-7 {
                        continue;
                    }
                    let longer = || text.iter().copied().chain([digit]).collect::<Vec<u8>>();
                    if text.last() == Some(&digit) {
                        add(text.clone(), 1, open * share);
                        add(longer(), 1, ended * share);
                    } else {
                        add(longer(), 1, (ended + open) * share);
                    }
                }
            }
            next.sort_by(|a, b| (b.1[0] + b.1[1]).total_cmp(&(a.1[0] + a.1[1])));
            next.truncate(BEAM);
            beam = next;
        }
        beam.retain(|(text, _)| !text.is_empty());
        let all: f32 = beam.iter().map(|(_, shares)| shares[0] + shares[1]).sum();
        if all < AT_ALL {
            return Vec::new();
        }
        // what is hardly a number is none for sure
        let whole = all.max(0.5);
        let shown = |(text, shares): (Vec<u8>, [f32; 2])| {
            let text: String = text.iter().map(|digit| DIGITS[usize::from(*digit)].0).collect();
            (text, (shares[0] + shares[1]) / whole)
        };
        let mut numbers: Vec<(String, f32)> = Vec::with_capacity(beam.len());
        for (text, share) in beam.into_iter().map(shown) {
            // a speck before or behind a number is no part of it
            let text = text.trim_matches(['.', ',']);
            match numbers.iter_mut().find(|(own, _)| own == text) {
                Some((_, known)) => *known += share,
                None => numbers.push((text.to_owned(), share)),
            }
        }
        numbers.retain(|(text, share)| *share >= LEAST && !text.is_empty());
        numbers.sort_by(|a, b| b.1.total_cmp(&a.1));
        numbers.truncate(MOST_NUMBERS);
        numbers
    }

    fn batch(&self, strips: &[&Strip], width: usize) -> Option<Vec<Said>> {
        thread_local! {
            // documents are read side by side, each on one thread
            static THREAD: Arc<ThreadPool> = Arc::new(ThreadPool::with_num_threads(1));
        }
        let mut input = NdTensor::<f32, 4>::full([strips.len(), 3, HEIGHT, width], PAPER);
        for (nth, strip) in strips.iter().enumerate() {
            let own = (strip.width * HEIGHT).div_ceil(strip.height.max(1)).clamp(1, width);
            for y in 0..HEIGHT {
                for x in 0..own {
                    let bright = strip.at(x, own, y) * 2.0 - 1.0;
                    for colour in 0..3 {
                        input[[nth, colour, y, x]] = bright;
                    }
                }
            }
        }
        let options = RunOptions::default().with_thread_pool(Some(THREAD.with(Arc::clone)));
        let output = self.model.as_ref()?.run_one(input.view().into(), Some(options)).ok()?;
        let output: NdTensor<f32, 3> = output.try_into().ok()?;
        let [_, steps, classes] = output.shape();
        let output = output.data()?;
        let row = |nth: usize, step: usize| {
            let at = (nth * steps + step) * classes;
            &output[at..at + classes]
        };
        let read = |nth: usize| {
            let mut text = String::new();
            let (mut sum, mut count) = (0.0, 0.0f32);
            let mut last = 0;
            for step in 0..steps {
                let row = row(nth, step);
                let mut best = 0;
                for (class, share) in row.iter().enumerate() {
                    if *share > row[best] {
                        best = class;
                    }
                }
                if best != 0 && best != last {
                    text.push_str(self.characters.get(best).map_or("", String::as_str));
                    sum += row[best];
                    count += 1.0;
                }
                last = best;
            }
            let likely =
                |step: usize, class: usize| row(nth, step).get(class).copied().unwrap_or(0.0);
            Said { text, likely: sum / count.max(1.0), numbers: self.numbers(steps, likely) }
        };
        Some((0..strips.len()).map(read).collect())
    }
}

impl Strip {
    /// The brightness of a pixel of the strip made as wide as this and as high as the model takes, from 0 to 1.
    fn at(&self, x: usize, width: usize, y: usize) -> f32 {
        let place = |at: usize, of: usize, own: usize| {
            let scale = own as f32 / of as f32;
            let middle = (at as f32 + 0.5) * scale - 0.5;
            // where the strip is larger, a mean of what comes together
            (middle, (scale / 2.0).max(0.5))
        };
        let ((mid_x, half_x), (mid_y, half_y)) =
            (place(x, width, self.width), place(y, HEIGHT, self.height));
        let (mut sum, mut weights) = (0.0, 0.0);
        let range = |middle: f32, half: f32, most: usize| {
            let from = (middle - half * 2.0).ceil().max(0.0);
            let to = (middle + half * 2.0).floor().min(most as f32 - 1.0);
            (from as usize, to.max(0.0) as usize)
        };
        let (left, right) = range(mid_x, half_x, self.width);
        let (top, bottom) = range(mid_y, half_y, self.height);
        for row in top..=bottom {
            let down = 1.0 - (row as f32 - mid_y).abs() / (half_y * 2.0);
            for column in left..=right {
                let across = 1.0 - (column as f32 - mid_x).abs() / (half_x * 2.0);
                let weight = down.max(0.0) * across.max(0.0);
                sum += weight * self.pixels[row * self.width + column];
                weights += weight;
            }
        }
        if weights > 0.0 { sum / weights } else { 1.0 }
    }
}
