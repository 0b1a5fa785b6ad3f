//! `review`: the open cells of a mixed archive settled through the page by keyboard, and converted again.

use super::browser::{chromium, clean, folder, open};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a person does at the keyboard: the first candidate, a number where there is none, and what a sum says stays.
const PERSON: &str = r#"
const press = (key, on = document) => on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
document.getElementById("by").value = "王, \"小\"";
const Real = Blob;
window.Blob = function (parts, options) { window.saved = parts.join(""); return new Real(parts, options); };
for (let i = 0; i < 20000 && !data.items.every(isSettled); i++) {
  const place = data.items[item].cells[cell];
  if (!place || !place.open || isDone(place)) { press("p"); continue; }
  if (place.candidates.length) { press("1"); continue; }
  press("e");
  const input = document.getElementById("value");
  input.value = "7.5";
  press("Enter", input);
}
press("s");
const pre = document.createElement("pre");
pre.id = "saved";
pre.textContent = window.saved;
document.body.append(pre);
"#;

/// The same person has decided two cells, and adds the file of a colleague.
const ADD: &str = r#"
decided.clear();
seen.clear();
document.getElementById("by").value = "王";
const rows = parsed(TEXT).slice(1);
const [old, mine] = rows;
decided.set(mine[0] + " " + mine[1], { value: "9", was: mine[3], by: "王", date: "", note: "" });
take("two.csv", textOf(new Uint8Array(BYTES)));
const [at, nth] = data.items.flatMap((one, at) => one.cells.map((place, nth) => [at, nth])).find(([at, nth]) => keyOf(data.items[at].cells[nth]) === old[0] + " " + old[1]);
[item, cell] = [at, nth];
decide("10");
const pre = document.createElement("pre");
pre.id = "saved";
pre.textContent = document.getElementById("told").textContent + "\n" + csv();
document.body.append(pre);
"#;

fn corpus() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let folders = |path: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(path).into_iter().flatten();
        let mut paths: Vec<PathBuf> =
            entries.map(|entry| entry.expect("it can be listed").path()).collect();
        paths.sort();
        paths
    };
    let cases = folders(&root).into_iter().flat_map(|form| folders(&form));
    let files = cases.flat_map(|case| folders(&case));
    files.filter(|file| file.file_stem().is_some_and(|stem| stem == "source")).collect()
}

fn nianbao(folder: &Path, arguments: &[&str]) -> String {
    let ran = Command::new(env!("CARGO_BIN_EXE_nianbao"))
        .env("LC_ALL", "C")
        .args(arguments)
        .current_dir(folder)
        .output();
    let ran = ran.expect("it runs");
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(0), "{told}");
    told
}

/// Every cell without a value that a person is asked for, by document and name, with what is said of it.
fn open_cells(folder: &Path, out: &str) -> BTreeMap<(String, String), Value> {
    let mut cells = BTreeMap::new();
    let lines = fs::read_to_string(folder.join(out).join("reports.jsonl")).expect("it is there");
    for record in lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")) {
        if !record["duplicate_of"].is_null() {
            continue;
        }
        let sha256 = record["source"]["sha256"].as_str().expect("a text");
        for (table, rows) in record["tables"].as_object().expect("tables") {
            for (row, columns) in rows.as_object().expect("rows") {
                for (column, cell) in columns.as_object().expect("columns") {
                    let status = cell["status"].as_str().expect("a text");
                    if ["ambiguous", "unreadable", "reviewed"].contains(&status) {
                        let name = format!("{table}.{row}.{column}");
                        cells.insert((sha256.to_owned(), name), cell.clone());
                    }
                }
            }
        }
    }
    cells
}

#[test]
fn open_cells_are_settled_through_the_page() {
    let Some(browser) = chromium() else { return };
    let folder = folder("review");
    // half of the corpus as files, half in an archive, and a page that says 见附件
    let mut packed = zip::ZipWriter::new(fs::File::create(folder.join("b.zip")).expect("a file"));
    fs::create_dir_all(folder.join("a")).expect("a folder");
    for (at, file) in corpus().into_iter().enumerate() {
        let end = file.extension().unwrap_or_default().to_string_lossy().into_owned();
        let (name, bytes) = (format!("{at:03}.{end}"), fs::read(&file).expect("the case is there"));
        if at % 2 == 0 {
            fs::write(folder.join("a").join(name), bytes).expect("a file can be written");
        } else {
            packed.start_file(name, zip::write::SimpleFileOptions::default()).expect("an entry");
            packed.write_all(&bytes).expect("it can be written");
        }
    }
    packed.finish().expect("it can be written");
    let good = include_str!("../cli/good.txt");
    fs::write(folder.join("a/999.txt"), good.replace("行政许可 108", "行政许可 见附件"))
        .expect("a file");
    nianbao(&folder, &["convert", "a", "b.zip", "--out", "out", "--quiet"]);
    let before = open_cells(&folder, "out");
    assert!(before.len() >= 300, "{}", before.len());
    let told = nianbao(&folder, &["review", "out", "--html", "review.html"]);
    assert!(told.contains(&format!("{} open cells", before.len())), "{told}");
    let saved = played(browser, &folder, PERSON);
    fs::write(folder.join("corrections.csv"), &saved).expect("a file can be written");
    let arguments =
        ["convert", "a", "b.zip", "--out", "out", "--quiet", "--corrections", "corrections.csv"];
    nianbao(&folder, &arguments);
    let after = open_cells(&folder, "out");
    for (place, was) in &before {
        let now = &after[place];
        assert_eq!(now["status"], "reviewed", "{place:?}");
        assert_eq!(now["was"]["status"], was["status"], "{place:?}");
        assert_eq!((&now["raw"], &now["at"]), (&was["raw"], &was["at"]), "{place:?}");
        assert_eq!(now["review"]["by"], "王, \"小\"", "{place:?}");
        // one of the candidates where there are some; else what was typed
        match was["candidates"].as_array() {
            Some(all) => assert!(all.iter().any(|one| one["value"] == now["value"]), "{place:?}"),
            None => assert_eq!(now["value"], 7.5, "{place:?}"),
        }
    }
    // nothing is asked again
    let more = ["review", "out", "--html", "review.html", "--corrections", "corrections.csv"];
    assert!(nianbao(&folder, &more).contains(" 0 open cells"), "asked again");
    two_people(&folder, &saved, &before);
    colleague(browser, &folder, &saved);
    // the page as it is: the policy lets our script run, and the source is there with the cell marked
    nianbao(&folder, &["convert", "a", "b.zip", "--out", "out", "--quiet"]);
    nianbao(&folder, &["review", "out", "--html", "review.html"]);
    let (dom, _) = open(browser, &folder.join("review.html"), &folder);
    assert!(dom.contains("data-ready=\""), "our script did not run");
    let source = dom.find("<pre id=\"source\"").expect("the source has its place");
    assert!(dom[source..].contains("<mark>"), "no cell is marked");
    clean(&folder);
}

/// Two files, which share some cells: what they agree on is applied, what they differ on is not, and what was made of another
/// reading is told.
fn two_people(folder: &Path, saved: &str, before: &BTreeMap<(String, String), Value>) {
    let mut lines = saved.lines();
    let head = lines.next().expect("a head");
    let (mut one, mut two) = (vec![head.to_owned()], vec![head.to_owned()]);
    let (mut differ, mut stale) = (0, 0);
    for (at, line) in lines.enumerate() {
        let theirs = line.replace("\"王, \"\"小\"\"\"", "李");
        assert_ne!(theirs, line);
        // every third is settled by both; some of these differ; a few were made when the cell was another
        match at % 3 {
            _ if at % 50 == 7 => {
                stale += 1;
                one.push(line.replacen(",ambiguous", ",read 4 ambiguous", 1).replacen(
                    ",unreadable",
                    ",read 4",
                    1,
                ));
            }
            0 => one.push(line.to_owned()),
            1 => two.push(theirs),
            _ => {
                one.push(line.to_owned());
                let mut fields: Vec<&str> = theirs.split(',').collect();
                if at % 60 == 5 {
                    differ += 1;
                    fields[2] = "123456";
                }
                two.push(fields.join(","));
            }
        }
    }
    assert!(differ > 2 && stale > 2, "{differ} {stale}");
    fs::write(folder.join("one.csv"), one.join("\r\n")).expect("a file can be written");
    fs::write(folder.join("two.csv"), two.join("\r\n")).expect("a file can be written");
    let arguments = ["--corrections", "one.csv", "--corrections", "two.csv"];
    nianbao(
        folder,
        &[&["convert", "a", "b.zip", "--out", "out", "--quiet"], &arguments[..]].concat(),
    );
    let after = open_cells(folder, "out");
    let reviewed = after.values().filter(|cell| cell["status"] == "reviewed");
    assert_eq!(reviewed.count(), before.len() - differ - stale);
    let by = |name: &str| after.values().filter(|cell| cell["review"]["by"] == name).count();
    assert!(by("李") > 80 && by("王, \"小\"") > 150);
    let told = fs::read_to_string(folder.join("out/diagnostics.csv")).expect("it is there");
    let first: Vec<&str> = told.lines().filter(|line| !line.is_empty()).collect();
    let count =
        |code: &str| first.iter().filter(|line| line.contains(&format!(",{code},"))).count();
    let copies = duplicates(folder, "out", &["correction_stale", "correction_conflict"]);
    assert_eq!(count("correction_stale") - copies[0], stale);
    assert_eq!(count("correction_conflict") - copies[1], differ);
}

/// How many of these findings are of documents that are there twice.
fn duplicates(folder: &Path, out: &str, codes: &[&str]) -> Vec<usize> {
    let mut counts = vec![0; codes.len()];
    let lines = fs::read_to_string(folder.join(out).join("reports.jsonl")).expect("it is there");
    for record in lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")) {
        if !record["duplicate_of"].is_null() {
            for found in record["diagnostics"].as_array().expect("a list") {
                for (count, code) in counts.iter_mut().zip(codes) {
                    *count += usize::from(found["code"] == *code);
                }
            }
        }
    }
    counts
}

/// What a colleague saved, added on the page: own decisions stay, those of another reading are not taken.
fn colleague(browser: &str, folder: &Path, saved: &str) {
    let text = saved.replace("\"王, \"\"小\"\"\"", "李");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let with = |line: &str, field: usize, value: &str| {
        let mut fields: Vec<&str> = line.split(',').collect();
        fields[field] = value;
        fields.join(",")
    };
    // of another reading; and decided otherwise
    lines[1] = with(&lines[1], 3, "read 4");
    lines[2] = with(&lines[2], 2, "123456");
    let text = lines.join("\r\n");
    // as Excel saved it in between
    let gbk = encoding_rs::GBK.encode(&text).0;
    let script = ADD
        .replace("TEXT", &serde_json::to_string(&text).expect("it is text"))
        .replace("BYTES", &serde_json::to_string(&*gbk).expect("they are numbers"));
    nianbao(folder, &["convert", "a", "b.zip", "--out", "out", "--quiet"]);
    nianbao(folder, &["review", "out", "--html", "review.html"]);
    let merged = played(browser, folder, &script);
    let (told, merged) = merged.split_once('\n').expect("what the page says");
    let all = saved.lines().count() - 1;
    assert_eq!(
        told,
        format!(
            "two.csv: {} taken, 1 differ from what was decided here, which stays, 1 are of another reading of the document",
            all - 2
        )
    );
    // with the head
    assert_eq!(merged.lines().count(), all + 1);
    assert_eq!(merged.lines().filter(|line| line.contains(",李,")).count(), all - 2);
}

/// What a script saves on the page of a review, in place of the policy that keeps everybody else out.
fn played(browser: &str, folder: &Path, script: &str) -> String {
    let page = fs::read_to_string(folder.join("review.html")).expect("the page is there");
    let policy =
        page.find("<meta http-equiv=\"Content-Security-Policy\"").expect("it has a policy");
    let end = policy + page[policy..].find('\n').expect("it ends");
    let played = format!("{}{}", &page[..policy], &page[end..]);
    let played = played.replace("</body>", &format!("<script>{script}</script></body>"));
    fs::write(folder.join("played.html"), played).expect("a file can be written");
    let (dom, _) = open(browser, &folder.join("played.html"), folder);
    let from = dom.find("<pre id=\"saved\">").expect("the script ran") + "<pre id=\"saved\">".len();
    let saved = &dom[from..from + dom[from..].find("</pre>").expect("it ends")];
    saved.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[test]
fn hostile_text_stays_text_in_a_review() {
    let Some(browser) = chromium() else { return };
    let folder = folder("review-hostile");
    let hostile = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>";
    let good = include_str!("../cli/good.txt");
    let text = good
        .replace("行政许可 108", &format!("行政许可 见{hostile}"))
        .replace("某县", &format!("某{hostile}县"));
    fs::write(folder.join("a.txt"), text).expect("a file can be written");
    nianbao(&folder, &["convert", "a.txt", "--out", "out", "--quiet"]);
    nianbao(&folder, &["review", "out", "--html", "review.html"]);
    let (dom, _) = open(browser, &folder.join("review.html"), &folder);
    assert!(dom.contains("<title>nianbao review</title>"), "a script of the document ran");
    assert!(dom.contains("data-ready=\""), "ours did not run");
    assert!(!dom.contains("<img"), "markup of the document came through");
    clean(&folder);
}
