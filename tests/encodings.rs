//! One report in every encoding: the same cells, or the finding that says why not.

use crate::generator::{Form, Options, Shape, report};
use crate::invariants::{Reader, cells};
use encoding_rs::{BIG5, GB18030, GBK};
use nianbao::grammar::GrammarSet;
use nianbao::source::Source;
use serde_json::Value;

/// A report in simplified characters.
fn simplified() -> String {
    let options =
        Options { form: Some(Form::Current2021), shape: Some(Shape::Rows), faults: false };
    (0..100)
        .map(|seed| report(seed, &options).text)
        .find(|text| text.contains("政府信息公开") && !text.contains('\u{3000}'))
        .expect("one of a hundred is simplified")
}

/// The same report, its characters made traditional one by one, those that Big5 has.
fn traditional() -> String {
    let pairs = "报報开開总總体體况況动動规規范範现現废廢发發数數处處强強决決业業单單费費转轉结結继續续續给給准準项項关關国國县縣长長号號员員问問题題务務电電网網际際处處复復议議讼訟诉訴请請与與对對为為机機组組织織构構这這来來时時间間还還无無个個专專东東产產亲親从從优優会會传傳创創办辦协協压壓双雙变變台臺号號听聽启啟员員响響团團围圍图圖坚堅执執扩擴护護择擇";
    let mut map = pairs.chars();
    let mut map: Vec<(char, char)> =
        std::iter::from_fn(|| Some((map.next()?, map.next()?))).collect();
    map.dedup();
    let one = |c: char| map.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to);
    simplified().chars().map(one).filter(|c| !BIG5.encode(c.encode_utf8(&mut [0; 4])).2).collect()
}

fn utf16(text: &str, swap: bool) -> Vec<u8> {
    text.encode_utf16()
        .flat_map(|unit| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() })
        .collect()
}

/// UTF-8 that somebody read as GBK and saved as UTF-8 again.
fn mistaken(text: &str) -> String {
    GBK.decode_without_bom_handling(text.as_bytes()).0.into_owned()
}

fn record(bytes: impl Into<Vec<u8>>) -> Value {
    Reader::new(GrammarSet::built_in()).record(&Source::new("report.txt", bytes))
}

/// What must not depend on the encoding: the cells without their places, title, year, sections.
fn content(record: &Value) -> Vec<String> {
    let mut content = vec![record["title"].to_string(), record["year"].to_string()];
    content.push(record["sections"].to_string());
    for (name, cell) in cells(record) {
        content.push(format!("{name:?} {} {} {}", cell["status"], cell["value"], cell["raw"]));
    }
    content
}

fn codes(record: &Value) -> Vec<&str> {
    let list = record["diagnostics"].as_array().expect("diagnostics are a list");
    list.iter().filter_map(|finding| finding["code"].as_str()).collect()
}

/// The bytes are read as the text is, in this encoding.
fn same(text: &str, bytes: impl Into<Vec<u8>>, encoding: &str) {
    let (plain, other) = (record(text), record(bytes));
    assert_eq!(other["source"]["encoding"], encoding);
    assert!(plain["reading"]["read"].as_u64() > Some(150), "{}", plain["reading"]);
    assert_eq!(content(&plain), content(&other), "as {encoding}");
    assert_eq!(codes(&plain), codes(&other), "as {encoding}");
}

#[test]
fn ok_gb18030() {
    let text = simplified();
    same(&text, GB18030.encode(&text).0.into_owned(), "gb18030");
}

#[test]
fn ok_gb18030_with_a_character_of_four_bytes() {
    let text = format!("{}\n㐂䶮𠮷\n", simplified());
    same(&text, GB18030.encode(&text).0.into_owned(), "gb18030");
}

#[test]
fn ok_big5() {
    let text = traditional();
    let (bytes, _, unmappable) = BIG5.encode(&text);
    assert!(!unmappable);
    same(&text, bytes.into_owned(), "Big5");
}

#[test]
fn ok_utf16_with_its_mark() {
    let text = simplified();
    for (swap, name) in [(false, "UTF-16LE"), (true, "UTF-16BE")] {
        same(&text, utf16(&format!("\u{FEFF}{text}"), swap), name);
    }
}

#[test]
fn ok_utf16_without_a_mark() {
    let text = simplified();
    for (swap, name) in [(false, "UTF-16LE"), (true, "UTF-16BE")] {
        same(&text, utf16(&text, swap), name);
    }
}

#[test]
fn ok_byte_order_mark() {
    let text = simplified();
    same(&text, format!("\u{FEFF}{text}"), "UTF-8");
}

#[test]
fn ok_line_ends() {
    let text = simplified();
    same(&text, text.replace('\n', "\r\n"), "UTF-8");
    same(&text, text.replace('\n', "\r"), "UTF-8");
}

#[test]
fn ok_form_feeds_between_lines() {
    let text = simplified();
    let mut paged = String::new();
    for (at, line) in text.lines().enumerate() {
        paged.push_str(if at % 20 == 19 { "\u{c}" } else { "" });
        paged.push_str(line);
        paged.push('\n');
    }
    let (plain, paged) = (record(text), record(paged));
    assert_eq!(content(&plain), content(&paged));
}

#[test]
fn ok_mojibake_without_loss_is_undone() {
    // an even number of bytes between ASCII characters survives: each line gets one
    let plain = simplified();
    let mut text = String::new();
    for piece in plain.split_inclusive(|c: char| c.is_ascii()) {
        let letters = piece.trim_end_matches(|c: char| c.is_ascii());
        text.push_str(letters);
        text.push_str(if letters.len() % 2 == 1 { "。" } else { "" });
        text.push_str(&piece[letters.len()..]);
    }
    let damaged = mistaken(&text);
    assert!(!damaged.contains("政府信息公开"));
    let record = record(damaged.as_str());
    if damaged.contains('\u{FFFD}') {
        // bytes without a meaning in GBK were lost on the way
        assert_eq!(codes(&record), ["mojibake_lossy"]);
        return;
    }
    assert!(codes(&record).contains(&"mojibake_undone"), "{:?}", codes(&record));
    let plain = self::record(text);
    assert_eq!(content(&plain), content(&record));
}

#[test]
fn ok_mojibake_of_a_small_document() {
    let text = "信息公开年度报告 规章12";
    let record = record(mistaken(text));
    assert!(codes(&record).contains(&"mojibake_undone"), "{:?}", codes(&record));
}

#[test]
fn err_mojibake_with_loss_is_refused() {
    for lost in ['?', '\u{FFFD}'] {
        let damaged = mistaken(&simplified());
        let at = damaged.find("淇℃伅").expect("信息 is there") + 60;
        let at = (at..damaged.len()).find(|at| damaged.is_char_boundary(*at)).expect("a boundary");
        let victim = damaged[at..].chars().find(|c| !c.is_ascii()).expect("a character");
        let record = record(damaged.replacen(victim, &lost.to_string(), 3));
        assert_eq!(codes(&record), ["mojibake_lossy"], "{lost:?}");
        assert!(record["form"].is_null());
        assert!(cells(&record).is_empty());
    }
}

#[test]
fn ok_cut_inside_a_character() {
    let text = simplified();
    let end = text.trim_end().len();
    for cut in [end - 1, end - 2] {
        let record = record(&text.as_bytes()[..cut]);
        assert!(codes(&record).contains(&"bytes_replaced"), "{:?}", codes(&record));
        assert_eq!(record["source"]["encoding"], "UTF-8");
        assert_eq!(record["form"], "disclosure-2021");
    }
    let bytes = GB18030.encode(text.trim_end()).0.into_owned();
    let record = record(&bytes[..bytes.len() - 1]);
    assert_eq!(record["source"]["encoding"], "gb18030");
    assert!(codes(&record).contains(&"bytes_replaced"), "{:?}", codes(&record));
    assert_eq!(record["form"], "disclosure-2021");
}
