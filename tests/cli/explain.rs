//! `explain --html`: a page that stands alone, links that lead somewhere, and nothing of a document that becomes markup.

use super::dir::{Dir, GOOD};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The page made of a file.
fn page(name: &str, content: impl AsRef<[u8]>) -> String {
    let dir = Dir::new();
    dir.file(name, content);
    dir.run(&["explain", name, "--html", "out.html"]);
    std::fs::read_to_string(dir.path("out.html")).expect("the page was written")
}

/// The values of an attribute, in order.
fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let begin = format!(" {attribute}=\"");
    page.split(&begin[..]).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// What must hold of every page; gives its ids.
fn is_sound(page: &str) -> HashSet<&str> {
    assert!(page.starts_with("<!DOCTYPE html>"));
    assert!(page.contains(
        "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-"
    ));
    let ids = values(page, "id");
    let known: HashSet<&str> = ids.iter().copied().collect();
    assert_eq!(known.len(), ids.len(), "an id stands twice");
    for link in values(page, "href") {
        let id = link.strip_prefix('#').unwrap_or_else(|| panic!("{link} leads out of the page"));
        assert!(known.contains(id), "{link} leads nowhere");
    }
    // text holds no `<`, so what stands between these is ours
    let tags: String = page.split('<').skip(1).filter_map(|rest| rest.split('>').next()).collect();
    for word in ["script", "img", "link", "iframe", " src=", " style=", " onload=", "url("] {
        assert!(!tags.contains(word), "{word}");
    }
    known
}

#[test]
fn ok_every_cell_leads_to_its_place_and_back() {
    let page = page("a.txt", GOOD);
    let ids = is_sound(&page);
    let cells = ids.iter().filter(|id| id.starts_with('c') && id[1..].parse::<u32>().is_ok());
    let places = ids.iter().filter(|id| id.starts_with('s') && id[1..].parse::<u32>().is_ok());
    let missing = page.matches(">missing</td>").count();
    assert!(cells.clone().count() > 150);
    assert_eq!(cells.count(), places.count() + missing);
    assert!(page.contains("title=\"applications.received.natural_person = "));
}

#[test]
fn ok_tables_of_a_page_are_tables() {
    let source = "<h1>某县2022年政府信息公开工作年度报告</h1><p>二、主动公开政府信息情况</p><table>\
        <tr><td colspan=4>第二十条第（一）项</td></tr><tr><td>信息内容<td>本年制发件数<td>本年废止件数<td>现行有效件数</tr>\
        <tr><td>规章<td><td>0<td>0</tr><tr><td>行政规范性文件<td>3<td>1<td>20</tr></table>";
    let page = page("a.html", source);
    is_sound(&page);
    assert!(page.contains("<td colspan=\"4\">第二十条第（一）项</td>"));
    assert!(page.contains("class=\"blank\" title=\"proactive.regulations.issued = ·"));
    assert!(page.contains(">20</a></mark></td>"));
}

#[test]
fn ok_a_check_that_fails_names_both_sides() {
    let case = "corpus/disclosure-2021/huize-2023-page-form-sums-fail/source.html";
    let source = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(case));
    let page = page("a.html", source.expect("the case is there"));
    is_sound(&page);
    assert_eq!(page.matches("<span class=\"fails\">").count(), 5);
    assert!(page.contains("applications.row_total.partly_granted</span>: 4 ≠ 5"));
    assert!(page.contains("class=\"read doubt\" title=\"applications.partly_granted.total read\""));
}

#[test]
fn err_a_hostile_document_stays_text() {
    let attack = "</title><script>alert(1)</script><img src=x onerror=alert(2)>\"' onload=\"x\u{202e}\u{1b}[31m";
    let text = format!(
        "某县{attack}2022年政府信息公开工作年度报告\n一、总体情况\n{attack}\n二、主动公开政府信息情况\n第二十条第（一）项\n信息内容 本年制发件数 本年废止件数 现行有效件数\n规章 {attack} 0 0\n行政规范性文件 3 1 20\n{attack}\n"
    );
    let page = page("a.txt", text);
    is_sound(&page);
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(!page.contains(['\u{202e}', '\u{1b}']));
}

#[test]
fn ok_nothing_and_much_are_pages_too() {
    is_sound(&page("a.txt", ""));
    let long = format!("{GOOD}{}", "本年度公开信息若干条，群众满意。\n".repeat(25_000));
    is_sound(&page("a.txt", long));
}

#[test]
fn ok_a_browser_shows_it() {
    let found = |name: &&str| {
        std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
            .any(|dir| dir.join(name).is_file())
    };
    let Some(browser) = ["chromium", "chromium-browser"].into_iter().find(found) else {
        // said aloud, so that nobody takes a skipped test for a passed one
        eprintln!("no chromium: not shown");
        return;
    };
    let dir = Dir::new();
    dir.file("a.txt", GOOD);
    dir.run(&["explain", "a.txt", "--html", "out.html"]);
    let shot: PathBuf = dir.path("shot.png");
    let url = format!("file://{}", dir.path("out.html").display());
    let status = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--window-size=1400,900"])
        .arg(format!("--screenshot={}", shot.display()))
        .arg(format!("--user-data-dir={}", dir.path("profile").display()))
        .arg(url)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the browser runs");
    assert!(status.success());
    // a page that shows nothing is one colour, which packs into next to nothing
    assert!(size(&shot) > 20_000, "{} bytes", size(&shot));
}

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |data| data.len())
}

#[test]
fn ok_what_proves_a_value_and_what_stands_in_its_way() {
    let dir = Dir::new();
    dir.file("a.txt", GOOD);
    let out = dir.run(&["explain", "a.txt"]).out;
    assert!(out.contains("│ read: its label, a full row"), "{out}");
    assert!(!out.contains("│ open: "), "{out}");
    // the same row once more, with another number
    let row = GOOD.lines().find(|line| line.starts_with("行政规范性文件")).expect("it has the row");
    let twice = GOOD.replacen(row, &format!("{row}\n{row}7"), 1);
    dir.file("b.txt", twice);
    let out = dir.run(&["explain", "b.txt"]).out;
    assert!(out.contains("│ open: row_uncertain"), "{out}");
}
