//! Pages in headless Chromium: the panel of a hundred thousand reports, hostile text in one, and `explain` of a PDF.
//!
//! `.ci/run` installs Debian's chromium. Without a browser these tests pass where `CI` is not set, or where
//! `NIANBAO_NO_BROWSER` says that none could be had.

use super::made;
use flate2::read::ZlibDecoder;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Where a test writes; `NIANBAO_SHOTS` keeps the pictures for a person to look at.
pub(crate) fn folder(name: &str) -> PathBuf {
    let base = env::var_os("NIANBAO_SHOTS").map_or_else(env::temp_dir, PathBuf::from);
    let path = base.join(format!("nianbao-{name}-{}", std::process::id()));
    fs::create_dir_all(&path).expect("a folder for the test");
    path
}

pub(crate) fn clean(folder: &Path) {
    if env::var_os("NIANBAO_SHOTS").is_none() {
        let _ = fs::remove_dir_all(folder);
    }
}

pub(crate) fn chromium() -> Option<&'static str> {
    let found = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
        Command::new(name).arg("--version").output().is_ok_and(|o| o.status.success())
    });
    let excused = env::var_os("CI").is_none() || env::var_os("NIANBAO_NO_BROWSER").is_some();
    assert!(found.is_some() || excused, "no chromium");
    found
}

fn nianbao(arguments: &[&str]) {
    let ran = Command::new(env!("CARGO_BIN_EXE_nianbao"))
        .env("LC_ALL", "C")
        .args(arguments)
        .output()
        .expect("it runs");
    let code = ran.status.code();
    assert!(matches!(code, Some(0 | 1)), "{code:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

/// The document of a page once its script has run, and a picture of it.
pub(crate) fn open(browser: &str, page: &Path, folder: &Path) -> (String, Picture) {
    open_in(browser, page, folder, (1600, 1000))
}

/// The same in a window of this size.
fn open_in(browser: &str, page: &Path, folder: &Path, size: (usize, usize)) -> (String, Picture) {
    let url = format!("file://{}", page.display());
    let profile = format!("--user-data-dir={}", folder.join("profile").display());
    let size = format!("--window-size={},{}", size.0, size.1);
    let run = |more: &[&str]| {
        let common = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"];
        let mut chromium = Command::new(browser);
        chromium.args(common).args([&size, &profile]).args(more).arg(&url);
        let out = chromium.output();
        out.expect("chromium runs").stdout
    };
    let dom = String::from_utf8_lossy(&run(&["--dump-dom"])).into_owned();
    let shot = folder.join("shot.png");
    run(&[&format!("--screenshot={}", shot.display())]);
    (dom, Picture::read(&fs::read(&shot).expect("a screenshot was made")))
}

/// A screenshot: red, green and blue of each pixel.
pub(crate) struct Picture {
    width: usize,
    pixels: Vec<[u8; 3]>,
}

impl Picture {
    /// Reads a PNG as chromium writes it: eight bits a channel, not interlaced.
    fn read(png: &[u8]) -> Self {
        let number = |at: usize| png[at..at + 4].iter().fold(0, |n, b| n << 8 | usize::from(*b));
        let (width, height, channels) = (number(16), number(20), if png[25] == 6 { 4 } else { 3 });
        let mut packed = Vec::new();
        let mut at = 8;
        while at < png.len() {
            let (length, name) = (number(at), &png[at + 4..at + 8]);
            if name == b"IDAT" {
                packed.extend_from_slice(&png[at + 8..at + 8 + length]);
            }
            at += length + 12;
        }
        let mut data = Vec::new();
        ZlibDecoder::new(&packed[..]).read_to_end(&mut data).expect("a whole picture");
        let line = width * channels;
        let mut above = vec![0u8; line];
        let mut pixels = Vec::with_capacity(width * height);
        for row in data.chunks_exact(line + 1) {
            let (filter, mut own) = (row[0], row[1..].to_vec());
            for x in 0..line {
                let left = if x < channels { 0 } else { own[x - channels] };
                let corner = if x < channels { 0 } else { above[x - channels] };
                let guess = match filter {
                    0 => 0,
                    1 => left,
                    2 => above[x],
                    3 => u16::midpoint(u16::from(left), u16::from(above[x])) as u8,
                    _ => paeth(left, above[x], corner),
                };
                own[x] = own[x].wrapping_add(guess);
            }
            pixels.extend(own.chunks_exact(channels).map(|p| [p[0], p[1], p[2]]));
            above = own;
        }
        assert_eq!(pixels.len(), width * height);
        Self { width, pixels }
    }

    fn count(&self, wanted: impl Fn([u8; 3]) -> bool) -> usize {
        self.pixels.iter().filter(|p| wanted(**p)).count()
    }
}

/// The neighbour that is nearest to `left + above - corner`, as the format has it.
fn paeth(left: u8, above: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(above) - i16::from(corner);
    let far = |byte: u8| (guess - i16::from(byte)).abs();
    [left, above, corner].into_iter().min_by_key(|byte| far(*byte)).unwrap_or(left)
}

/// Pixels near a colour.
fn near(colour: [u8; 3]) -> impl Fn([u8; 3]) -> bool {
    move |p| p.iter().zip(colour).all(|(a, b)| a.abs_diff(b) < 12)
}

fn attribute(dom: &str, name: &str) -> Option<String> {
    let from = dom.find(&format!("{name}=\""))? + name.len() + 2;
    Some(dom[from..].split('"').next()?.to_owned())
}

#[test]
fn the_page_of_a_hundred_thousand_reports_opens_at_once() {
    let Some(browser) = chromium() else { return };
    let folder = folder("panel");
    fs::write(folder.join("reports.csv"), made::hundred_thousand()).expect("the table is written");
    nianbao(&["panel", folder.to_str().unwrap(), "--quiet"]);
    let (dom, picture) = open(browser, &folder.join("panel.html"), &folder);
    let ready: u32 = attribute(&dom, "data-ready").expect("the script ran").parse().unwrap();
    // how long it took is told, not judged: machines differ
    println!("ready after {ready} ms");
    // only the rows in sight are there
    assert!(dom.matches("role=\"option\"").count() < 300);
    assert!(dom.contains("14,") || dom.contains("bodies"), "the count is shown");
    // the map: hundreds of squares that are there, and some that are not
    assert_eq!(picture.width, 1600);
    let present = picture.count(near([0x2e, 0x8b, 0x57]));
    assert!(present > 20_000, "{present}");
    // also where the lists stand below each other
    let (narrow, _) = open_in(browser, &folder.join("panel.html"), &folder, (800, 1000));
    assert!(narrow.matches("role=\"option\"").count() < 300);
    // the lines of the series
    assert!(picture.count(near([0x1f, 0x77, 0xb4])) > 50);
    // text, black on white
    assert!(picture.count(near([0, 0, 0])) > 5_000);
    clean(&folder);
}

/// Says at the end of a page which of its parts have more in them than they show.
const CUT: &str = r#"
const parts = "header, #regions, #years, #years *, #heads, #heads *, #places, #findings, .row, .row *, #one, #one *";
const cut = () => [document.documentElement, ...document.querySelectorAll(parts)]
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0)
  .map((e) => `${e.className || e.id || e.tagName}: ${e.textContent.slice(0, 60)}`);
const first = cut();
document.getElementById("kind").value = data.kinds.findIndex(([name]) => name === "duplicates_differ");
filter();
findings.select(0);
const pre = document.createElement("pre");
pre.id = "cut";
pre.textContent = [...first, ...cut()].join(" / ");
pre.hidden = true;
document.body.append(pre);
"#;

/// Eighteen years, and the longest name of a cell on both sides of a finding.
#[test]
fn no_column_of_a_panel_is_cut() {
    let Some(browser) = chromium() else { return };
    let folder = folder("columns");
    let mut random = made::Random(21);
    let cell = made::cell("unavailable__unclear_after_correction", "public_interest");
    let mut reports = Vec::new();
    for places in made::counties().iter().filter(|years| years[0].0 / 10_000 == 43).take(40) {
        let years = made::county(&mut random, places);
        for back in [0, 7, 11] {
            for report in &years {
                let mut report = report.clone();
                let year = report.who["year"].parse::<i32>().expect("a year") - back;
                report.who.insert("year", year.to_string());
                report.who.insert("source", format!("{year}/{back}/{}.html", report.who["code"]));
                report.set(&cell, 7);
                reports.push(report);
            }
        }
        let mut other = years[0].clone();
        other.who.insert("source", format!("mirror/{}.html", other.who["code"]));
        other.set(&cell, 1_234_567);
        reports.push(other);
    }
    fs::write(folder.join("reports.csv"), made::table(&reports)).expect("the table is written");
    nianbao(&["panel", folder.to_str().unwrap(), "--quiet"]);
    ask(&folder, "panel.html", CUT);
    for size in [(1366, 768), (800, 1000)] {
        let (dom, picture) = open_in(browser, &folder.join("asked.html"), &folder, size);
        assert_eq!(picture.width, size.0);
        assert!(dom.contains("unclear_after_correction.public_interest"), "{size:?}");
        assert!(
            dom.contains("<pre id=\"cut\" hidden=\"\"></pre>"),
            "{size:?}: {:?}",
            dom.split("<pre id=\"cut\"").nth(1)
        );
    }
    clean(&folder);
}

/// Writes `asked.html`: a page with a script of ours at its end, in place of the policy that keeps everybody else out.
fn ask(folder: &Path, name: &str, script: &str) {
    let page = fs::read_to_string(folder.join(name)).expect("the page is there");
    let policy = page.find("<meta http-equiv=\"Content-Security").expect("it has a policy");
    let end = policy + page[policy..].find('\n').expect("it ends");
    let asked = format!("{}{}", &page[..policy], &page[end..])
        .replace("</body>", &format!("<script>{script}</script></body>"));
    fs::write(folder.join("asked.html"), asked).expect("a file can be written");
}

/// Says which parts of an explained report are wider than their place.
const WIDE: &str = r#"
const wide = [document.documentElement, ...document.querySelectorAll("main > section")]
  .filter((e) => e.scrollWidth > e.clientWidth + 1)
  .map((e) => `${e.id || e.tagName}: ${e.scrollWidth} in ${e.clientWidth}`);
const pre = document.createElement("pre");
pre.id = "cut";
pre.textContent = wide.join(" / ");
pre.hidden = true;
document.body.append(pre);
"#;

/// Words instead of numbers in all cells of the widest table, in both languages; where the parts stand side by side, and below
/// each other.
#[test]
fn no_column_of_an_explained_report_is_cut() {
    let Some(browser) = chromium() else { return };
    let folder = folder("explained");
    let about = |line: &str| {
        let (numbers, label): (Vec<&str>, Vec<&str>) =
            line.split(' ').partition(|word| word.parse::<u32>().is_ok());
        let numbers: Vec<String> = numbers.iter().map(|number| format!("约{number}")).collect();
        if numbers.len() == 7 {
            format!("{} {}\n", label.join(" "), numbers.join(" "))
        } else {
            format!("{line}\n")
        }
    };
    let text: String = include_str!("../cli/good.txt").lines().map(about).collect();
    let source = folder.join("a.txt");
    fs::write(&source, text).expect("a file can be written");
    let page = folder.join("page.html");
    for lang in ["en", "zh"] {
        let paths = (source.to_str().unwrap(), page.to_str().unwrap());
        nianbao(&["--lang", lang, "explain", paths.0, "--html", paths.1]);
        let plain = fs::read_to_string(&page).expect("the page is there");
        assert!(plain.matches("class=\"unreadable").count() > 150, "its cells are words");
        ask(&folder, "page.html", WIDE);
        for size in [(1366, 768), (1281, 800), (800, 1000)] {
            let (dom, _) = open_in(browser, &folder.join("asked.html"), &folder, size);
            assert!(
                dom.contains("<pre id=\"cut\" hidden=\"\"></pre>"),
                "{lang} {size:?}: {:?}",
                dom.split("<pre id=\"cut\"").nth(1)
            );
        }
    }
    clean(&folder);
}

#[test]
fn hostile_text_stays_text() {
    let Some(browser) = chromium() else { return };
    let folder = folder("hostile");
    let mut random = made::Random(9);
    let mut reports = made::county(&mut random, &[(410_423, "鲁山县")]);
    let hostile = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>";
    for report in &mut reports {
        report.who.insert("issuer", hostile.to_owned());
        report.who.insert("source", format!("javascript:alert(1)//{hostile}"));
        report.who.insert("province", "<b>\u{202e}x</b>".to_owned());
    }
    let value = reports[3].get(&made::cell("carried_in", "total"));
    reports[3].set(&made::cell("carried_in", "total"), value + 1);
    fs::write(folder.join("reports.csv"), made::table(&reports)).expect("the table is written");
    nianbao(&["panel", folder.to_str().unwrap(), "--quiet"]);
    let (dom, _) = open(browser, &folder.join("panel.html"), &folder);
    assert!(dom.contains("<title>nianbao panel</title>"), "a script of the report ran");
    assert!(attribute(&dom, "data-ready").is_some(), "ours did not run");
    assert!(!dom.contains("<img"), "markup of the report came through");
    assert!(!dom.contains("href=\"javascript:"), "an address of the report came through");
    assert!(dom.contains("&lt;img src=x"), "the name is shown");
    clean(&folder);
}

#[test]
fn explain_shows_a_pdf_with_its_cells_marked() {
    let Some(browser) = chromium() else { return };
    let folder = folder("pdf");
    let source = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus/disclosure-2021/yongsha-2021-pdf-vertical-labels/source.pdf");
    let page = folder.join("page.html");
    nianbao(&["explain", source.to_str().unwrap(), "--html", page.to_str().unwrap()]);
    let (dom, picture) = open(browser, &page, &folder);
    assert!(dom.contains("<svg"), "the pages are drawn");
    // both halves have ink, and cells that were read are marked in the colour of `read`, a light green
    let half = |left: bool| {
        let ink = |at: usize, p: [u8; 3]| {
            (at % picture.width < picture.width / 2) == left && p.iter().all(|c| *c < 100)
        };
        picture.pixels.iter().enumerate().filter(|(at, p)| ink(*at, **p)).count()
    };
    assert!(half(true) > 1_500 && half(false) > 1_500, "{} {}", half(true), half(false));
    let more = |a: u8, b: u8, by: u8| a.saturating_sub(b) > by;
    let green = picture.count(|[r, g, b]| g > 200 && more(g, r, 15) && more(g, b, 10));
    assert!(green > 2_000, "{green}");
    clean(&folder);
}
