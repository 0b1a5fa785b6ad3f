//! Faults, one a line: what it is, on which document, how it is put into its record, and what the checker says of it.

use super::record::{Reader, cell, mend, set, swap};
use nianbao::source::Source;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// A fault and what is said of it.
pub(crate) struct Plant {
    pub(crate) what: &'static str,
    pub(crate) on: fn() -> (Source, Value, Reader),
    pub(crate) spoil: fn(&mut Value),
    pub(crate) said: &'static str,
}

const TEXT: &str = include_str!("../cli/good.txt");

fn read(source: Source) -> (Source, Value, Reader) {
    let reader = Reader::default();
    let record = reader.record(&source);
    (source, record, reader)
}

fn corpus(path: &str) -> (Source, Value, Reader) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(path);
    let bytes = fs::read(&path).expect("the case is there");
    read(Source::new(path.to_string_lossy(), bytes))
}

/// A text with a cell in each place of it.
fn text() -> (Source, Value, Reader) {
    read(Source::new("a.txt", TEXT))
}

fn with(from: &str, to: &str) -> (Source, Value, Reader) {
    assert!(TEXT.contains(from));
    read(Source::new("a.txt", TEXT.replace(from, to)))
}

/// The same with money of all kinds of notation, thousands, and a sum that does not hold.
fn money() -> (Source, Value, Reader) {
    with("行政事业性收费 25.1", "行政事业性收费 251000元")
}

fn bare() -> (Source, Value, Reader) {
    with("行政许可 108", "行政许可 1,298")
}

fn percent() -> (Source, Value, Reader) {
    with("行政许可 108", "行政许可 12%")
}

fn rounded() -> (Source, Value, Reader) {
    with("行政许可 108", "行政许可 约100")
}

fn fraction() -> (Source, Value, Reader) {
    with("行政许可 108", "行政许可 3/5")
}

fn words() -> (Source, Value, Reader) {
    with("行政许可 108", "行政许可 | 见附件 |")
}

/// A row whose cells are solved, each by its total.
fn solved() -> (Source, Value, Reader) {
    let (source, mut record, reader) = text();
    for column in COLUMNS {
        let name = format!("applications.received.{column}");
        let proof = json!({ "status": "solved", "proof": ["applications.row_total.received"] });
        set(&mut record, &name, &proof);
    }
    mend(&mut record);
    (source, record, reader)
}

/// A row whose total is wrong in the source.
fn wrong_total() -> (Source, Value, Reader) {
    with("公开申请数量 3 0 0 0 0 0 3", "公开申请数量 3 0 0 0 0 0 4")
}

fn page() -> (Source, Value, Reader) {
    corpus("disclosure-2021/deqing-2023-page-empty-td/source.html")
}

fn office() -> (Source, Value, Reader) {
    corpus("disclosure-2021/youxi-2022-docx-revisions/source.docx")
}

fn pdf() -> (Source, Value, Reader) {
    corpus("disclosure-2021/shiyuan-2022-pdf-libreoffice/source.pdf")
}

fn signed() -> (Source, Value, Reader) {
    corpus("disclosure-2019/chongyi-2020-page-five-columns/source.html")
}

const COLUMNS: [&str; 7] = [
    "natural_person",
    "business",
    "research",
    "public_interest",
    "legal_service",
    "other_org",
    "total",
];

const NATURAL: &str = "applications.received.natural_person";
const BUSINESS: &str = "applications.received.business";
const FEES: &str = "proactive.fees.amount";
const LICENCES: &str = "proactive.licences.decisions";

fn at(record: &mut Value, name: &str, key: &str, by: i64) {
    let at = &mut cell(record, name)["at"][key];
    *at = json!(at.as_i64().expect("a place") + by);
}

/// A number in place of whatever the cell says.
fn given(record: &mut Value, name: &str, value: u32, raw: &str) {
    set(record, name, &json!({ "value": value, "raw": raw, "status": "read" }));
    mend(record);
}

macro_rules! plants {
    ($($what:literal, $on:ident, $said:literal, $spoil:expr;)+) => {
        pub(crate) const PLANTS: &[Plant] =
            &[$(Plant { what: $what, on: $on, spoil: |record| { let spoil: fn(&mut Value) = $spoil; spoil(record); }, said: $said }),+];
    };
}

plants! {
    "a digit of a value changed", text, "licences.decisions: \"108\" does not say 109",
        |r| set(r, LICENCES, &json!({ "value": 109 }));
    "a digit changed, raw with it", text, "raw is \"109\"",
        |r| set(r, LICENCES, &json!({ "value": 109, "raw": "109" }));
    "raw altered, value kept", text, "raw is \"108件\"",
        |r| set(r, LICENCES, &json!({ "raw": "108件" }));
    "a digit of raw dropped, its end with it", text, "8 in line 12 belongs to nothing",
        |r| { set(r, LICENCES, &json!({ "value": 10, "raw": "10" })); at(r, LICENCES, "end", -1); };
    "another line", text, "it stands in line 12, not in line 13", |r| at(r, LICENCES, "line", 1);
    "the place moved by a byte", text, "at its bytes stands",
        |r| { at(r, LICENCES, "start", 1); at(r, LICENCES, "end", 1); };
    "a place outside of the text", text, "at its bytes stands \"nothing\"",
        |r| { at(r, LICENCES, "start", 1 << 20); at(r, LICENCES, "end", 1 << 20); };
    "no place", text, "no place is said", |r| set(r, LICENCES, &json!({ "at": {} }));
    "two cells of a row swapped", text, "business: stands before applications.received.natural_person",
        |r| { swap(r, NATURAL, BUSINESS); mend(r); };
    "a cell moved to the next column", text, "3 in line 25 belongs to nothing",
        |r| {
            swap(r, NATURAL, BUSINESS);
            let end = cell(r, "applications.received.total")["at"].clone();
            let blank = json!({ "line": end["line"], "start": end["end"], "end": end["end"] });
            set(r, NATURAL, &json!({ "value": null, "raw": "", "status": "blank", "at": blank }));
            set(r, BUSINESS, &json!({ "value": 0, "raw": "0" }));
            at(r, BUSINESS, "start", 2);
            at(r, BUSINESS, "end", 2);
            mend(r);
        };
    "a cell given the text of its neighbour", text, "business: its text is that of applications.received.natural_person too",
        |r| { let other = cell(r, NATURAL).clone(); *cell(r, BUSINESS) = other; mend(r); };
    "two rows swapped", text, "its row stands before that of",
        |r| {
            let row = r["tables"]["applications"]["received"].take();
            r["tables"]["applications"]["received"] = r["tables"]["applications"]["carried_in"].take();
            r["tables"]["applications"]["carried_in"] = row;
            mend(r);
        };
    "a cell of one row swapped with one of another", text, "stands before",
        |r| { swap(r, NATURAL, "applications.granted.natural_person"); mend(r); };
    "a blank in place of a number", text, "108 in line 12 belongs to nothing",
        |r| {
            let end = cell(r, LICENCES)["at"]["end"].clone();
            set(r, LICENCES, &json!({ "value": null, "raw": "", "status": "blank", "at": { "line": 12, "start": end, "end": end } }));
            mend(r);
        };
    "a blank that keeps the number as its text", text, "blank, and \"108\" is printed",
        |r| { set(r, LICENCES, &json!({ "value": null, "status": "blank" })); mend(r); };
    "a number left out as missing", text, "108 in line 12 belongs to nothing",
        |r| { set(r, LICENCES, &json!({ "value": null, "raw": null, "status": "missing", "at": null })); mend(r); };
    "missing, and it has a place", text, "a missing cell has no place",
        |r| { set(r, LICENCES, &json!({ "value": null, "status": "missing" })); mend(r); };
    "ambiguous with a value", text, "ambiguous with the value 108",
        |r| { set(r, LICENCES, &json!({ "status": "ambiguous" })); mend(r); };
    "unreadable with a value", text, "unreadable with the value 108",
        |r| { set(r, LICENCES, &json!({ "status": "unreadable" })); mend(r); };
    "read without a value", text, "read with the value null",
        |r| set(r, LICENCES, &json!({ "value": null }));
    "a status of its own", text, "\"guessed\" is no status",
        |r| set(r, LICENCES, &json!({ "status": "guessed" }));
    "read becomes solved, and nothing proves it", text, "solved, and nothing proves it",
        |r| { set(r, NATURAL, &json!({ "status": "solved", "proof": [] })); mend(r); };
    "a proof that does not hold", wrong_total, "applications.row_total.received does not hold",
        |r| {
            set(r, NATURAL, &json!({ "status": "solved", "proof": ["applications.row_total.received"] }));
            mend(r);
        };
    "a proof by another row's equation", solved, "applications.row_total.granted does not have it",
        |r| set(r, NATURAL, &json!({ "proof": ["applications.row_total.granted"] }));
    "a proof by no equation of the form", solved, "applications.sum.received is no check of the form",
        |r| set(r, NATURAL, &json!({ "proof": ["applications.sum.received"] }));
    "a proof that needs a cell without a value", solved, "needs applications.received.total, which is unreadable",
        |r| { set(r, "applications.received.total", &json!({ "value": null, "status": "unreadable", "proof": null })); mend(r); };
    "a proof of a cell that is read", text, "proof of a cell that is not solved",
        |r| set(r, NATURAL, &json!({ "proof": ["applications.row_total.received"] }));
    "solved with digits that are not printed", solved, "does not say 5",
        |r| set(r, NATURAL, &json!({ "value": 5 }));
    "two values changed so that the sum holds", text, "natural_person: \"3\" does not say 2",
        |r| { set(r, NATURAL, &json!({ "value": 2 })); set(r, BUSINESS, &json!({ "value": 1 })); };
    "two solved values changed so that the sum holds", solved, "natural_person: \"3\" does not say 1",
        |r| { set(r, NATURAL, &json!({ "value": 1 })); set(r, BUSINESS, &json!({ "value": 2 })); };
    "元 taken for 万元", money, "[Yuan] is not 251000 万元",
        |r| set(r, FEES, &json!({ "value": 251_000 }));
    "万元 of the header taken for 元", text, "[WanYuan] is not 0.00251 万元",
        |r| set(r, FEES, &json!({ "value": 0.00251 }));
    "a point lost", text, "is not 251 万元", |r| set(r, FEES, &json!({ "value": 251 }));
    "thousands cut off", bare, "298 in line 12 belongs to nothing",
        |r| { set(r, LICENCES, &json!({ "value": 1, "raw": "1" })); at(r, LICENCES, "end", -4); };
    "a sign lost", signed, "\"-7\" does not say 7",
        |r| set(r, "proactive.licences.change", &json!({ "value": 7 }));
    "the end of a number taken for one", bare, "\"298\" stands in",
        |r| { set(r, LICENCES, &json!({ "value": 298, "raw": "298" })); at(r, LICENCES, "start", 2); };
    "a part of a hundred taken for a count", percent, "\"12\" stands in",
        |r| { given(r, LICENCES, 12, "12"); at(r, LICENCES, "end", -1); };
    "a part of a hundred taken whole", percent, "\"12%\" is no number", |r| given(r, LICENCES, 12, "12%");
    "a rounded number taken for an exact one", rounded, "\"100\" stands in",
        |r| given(r, LICENCES, 100, "100");
    "a fraction joined", fraction, "\"3/5\" is no number", |r| given(r, LICENCES, 35, "3/5");
    "the half of a fraction", fraction, "\"3\" stands in",
        |r| { given(r, LICENCES, 3, "3"); at(r, LICENCES, "end", -2); };
    "words said to be blank", words, "blank, and \"见附件\" is printed",
        |r| { set(r, LICENCES, &json!({ "status": "blank" })); mend(r); };
    "bytes of another file", text, "the source has other bytes",
        |r| r["source"]["sha256"] = json!("0".repeat(64));
    "a form that is none", text, "is no form of forms.json", |r| r["form"] = json!("disclosure-1999");
    "a check that fails said to hold", wrong_total, "row_total.received: is said to be \"holds\", and its cells say fails",
        |r| {
            for check in r["checks"].as_array_mut().expect("checks") {
                check["status"] = json!("holds");
            }
        };
    "a count of cells that is not theirs", text, "counted", |r| r["reading"]["read"] = json!(1);
    "a cell of a page moved to the next column", page, "raw is \"46\", its cell says \"7\"",
        |r| { at(r, "applications.received.natural_person", "col", 1); };
    "two cells of a page that say the same changed places", page, "the label beside it is that of",
        |r| {
            let (one, other) = ("applications.refused.state_secret.research", "applications.refused.safety_stability.research");
            let at = cell(r, one)["at"].take();
            let second = std::mem::replace(&mut cell(r, other)["at"], at);
            cell(r, one)["at"] = second;
        };
    "a cell of a page under the header of another", page, "the header above it is that of",
        |r| swap(r, "proactive.regulations.issued", "proactive.regulations.repealed");
    "a row of a document that it has not", office, "has no cell in row",
        |r| at(r, NATURAL, "row", 500);
    "a cell of a page moved to one that says the same", page, "its bytes are not those of row 4, column 9",
        |r| at(r, "applications.received.research", "col", 3);
    "another table of a document", office, "its cell says \"1\"", |r| at(r, NATURAL, "table", 1);
    "another page", pdf, "it does not stand on page 2", |r| at(r, NATURAL, "page", 1);
    "another box of a page", pdf, "it is not printed in its box",
        |r| cell(r, NATURAL)["at"]["box"][0] = json!(100.0);
}
