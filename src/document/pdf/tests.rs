//! What is read of small files that draw one table, of which the last cell is odd.

use super::read;
use crate::finding::Code;
use crate::source::sniff::{self, Format};
use std::fmt::Write as _;

/// A file with these contents of its page, more entries of the page, and more objects.
fn file(contents: &str, page: &str, objects: &str) -> Vec<u8> {
    let mut file = "%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n\
        2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n\
        4 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj\n\
        6 0 obj <</ca 0>> endobj\n"
        .to_owned();
    let len = contents.len();
    write!(
        file,
        "3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents 5 0 R\
         /Resources<</Font<</F 4 0 R>>/ExtGState<</G 6 0 R>>>>{page}>> endobj\n\
         5 0 obj <</Length {len}>> stream\n{contents}\nendstream endobj\n{objects}\
         trailer <</Root 1 0 R/Size 20>>\nstartxref\n0\n%%EOF\n"
    )
    .expect("a String takes all");
    file.into_bytes()
}

/// Text at a place of the page.
fn text(x: u32, y: u32, text: &str) -> String {
    format!("BT /F 10 Tf {x} {y} Td ({text}) Tj ET\n")
}

/// The four cells of a table in the last of which something is drawn.
fn table(last: &str) -> String {
    let rules = "100 300 80 20 re S 180 300 80 20 re S 100 280 80 20 re S 180 280 80 20 re S\n";
    let labels = [text(105, 306, "A"), text(185, 306, "B"), text(105, 286, "C")].concat();
    format!("{rules}{labels}{last}")
}

fn last_cell(file: &[u8]) -> String {
    let (blocks, _) = read(file);
    let grid = blocks.grids.first().expect("the table is ruled");
    assert_eq!(grid.cells.len(), 4, "{}", blocks.text);
    grid.cells[3].span.of(&blocks.text).to_owned()
}

fn shown(last: &str) -> String {
    last_cell(&file(&table(last), "", ""))
}

#[test]
fn ok_digits_over_each_other_are_no_number() {
    let over = format!("{}{}", text(190, 286, "12"), text(190, 286, "34"));
    let cell = shown(&over);
    assert!(cell.contains('\u{FFFD}') && !cell.contains(|c: char| c.is_ascii_digit()), "{cell}");
    // printed twice for boldness, and side by side
    let bold = format!("{}{}", text(190, 286, "12"), text(190, 286, "12"));
    assert_eq!(shown(&bold), "12");
    assert_eq!(shown(&text(190, 286, "1234")), "1234");
}

#[test]
fn ok_what_nobody_sees_is_not_read() {
    let seen = text(200, 286, "12");
    let hidden = text(190, 286, "9");
    for (what, last) in [
        ("the mode that draws nothing", format!("q BT 3 Tr ET {hidden} Q {seen}")),
        ("the paper's colour", format!("q 1 g {hidden} Q {seen}")),
        ("nearly the paper's colour", format!("q 0.97 g {hidden} Q {seen}")),
        (
            "the colour of the cell",
            format!("q 0 0 1 rg 182 282 76 16 re f {hidden} Q q 1 g {seen} Q"),
        ),
        ("no opacity", format!("q /G gs {hidden} Q {seen}")),
        ("outside of the clip", format!("q 198 280 50 20 re W n {hidden} Q {seen}")),
        (
            "outside of a clip of several boxes",
            format!("q 198 280 50 20 re 100 280 20 20 re W n {hidden} {seen} Q"),
        ),
        (
            "without width",
            format!(
                "{} {seen}",
                hidden.replace("/F 10 Tf", "0 Tz /F 10 Tf").replace("ET", "100 Tz ET")
            ),
        ),
        ("under a box", format!("{hidden} q 1 g 184 282 60 16 re f Q {seen}")),
        (
            "under a box with round corners",
            format!(
                "{hidden} q 1 g 186 282 m 240 282 l 242 282 242 282 242 284 c 242 296 l 242 298 242 298 240 298 c \
                 186 298 l 184 298 184 298 184 296 c 184 284 l 184 282 184 282 186 282 c f Q {seen}"
            ),
        ),
        ("under a broad stroke", format!("{hidden} q 1 G 14 w 184 290 m 240 290 l S Q {seen}")),
        ("struck out", format!("{hidden} q 0.5 w 189.5 289.5 m 196 289.5 l S Q {seen}")),
        ("struck out by a thin box", format!("{hidden} 189.5 289 6.5 0.6 re f {seen}")),
    ] {
        assert_eq!(shown(&last), "12", "{what}");
    }
}

#[test]
fn err_what_is_seen_is_read() {
    let seen = text(200, 286, "12");
    for (what, last) in [
        ("on a dark cell", format!("182 282 76 16 re f q 1 g {seen} Q")),
        (
            "on a dark circle",
            format!("195 282 m 225 282 l 225 298 195 298 195 290 c f q 1 g {seen} Q"),
        ),
        ("inside of the clip", format!("q 182 282 76 16 re W n {seen} Q")),
        ("on a box", format!("q 1 g 184 282 60 16 re f Q {seen}")),
        ("beside a box", format!("{seen} q 1 g 216 282 40 16 re f Q")),
        ("in a frame", format!("{seen} 184 282 60 16 re 186 284 56 12 re f*")),
        ("underlined", format!("{seen} q 0.5 w 200 284.5 m 211 284.5 l S Q")),
        ("text that is a clip", format!("q BT 7 Tr ET {seen} 0 0 1 rg 182 282 76 16 re f Q")),
    ] {
        assert_eq!(shown(&last), "12", "{what}");
    }
}

#[test]
fn ok_marks_of_notes_are_kept_apart() {
    let note = |x: u32, y: u32, size: u32| format!("BT /F {size} Tf {x} {y} Td (1) Tj ET\n");
    let number = text(200, 286, "12");
    assert_eq!(shown(&format!("{number}{}", note(211, 290, 6))), "12[1]");
    assert_eq!(shown(&format!("{}{number}", note(196, 290, 6))), "[1]12");
    // small digits on the line are digits
    assert_eq!(shown(&format!("{number}{}", note(211, 286, 8))), "121");
}

#[test]
fn ok_what_is_drawn_and_not_said_is_not_blank() {
    let outline = "200 286 m 200 293 l 204 293 l 204 291 202 288 202 286 c f";
    assert_eq!(shown(outline), "\u{FFFD}");
    let picture = "q 20 0 0 10 200 285 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q";
    assert_eq!(shown(picture), "\u{FFFD}");
    let number = text(200, 286, "7");
    assert_eq!(shown(&format!("{number} 0.5 w 199 289.5 m 207 289.5 l S")), "\u{FFFD}");
    // nothing, a white shape, a bar that runs across
    assert_eq!(shown(""), "");
    assert_eq!(shown(&format!("1 g {outline}")), "");
    assert_eq!(shown("190 284 m 220 296 l 221 296 l 191 284 l f"), "");
}

#[test]
fn ok_values_of_fields_without_appearance() {
    let field = |entries: &str| {
        let widget = format!(
            "7 0 obj <</Type/Annot/Subtype/Widget/Rect[182 282 256 298]{entries}>> endobj\n\
             8 0 obj <</FT/Tx/T(a)/V<FEFF00310032>/Kids[7 0 R]>> endobj\n"
        );
        last_cell(&file(&table(""), "/Annots[7 0 R]", &widget))
    };
    assert_eq!(field("/FT/Tx/T(a)/V(12)"), "12");
    assert_eq!(field("/Parent 8 0 R"), "12");
    assert_eq!(field("/FT/Ch/T(a)/V(b)/Opt[[(a)(3)][(b)(12)]]"), "12");
    // hidden, a password, a button
    assert_eq!(field("/F 2/FT/Tx/T(a)/V(12)"), "");
    assert_eq!(field("/Ff 8192/FT/Tx/T(a)/V(12)"), "");
    assert_eq!(field("/FT/Btn/T(a)/V/On"), "");
}

#[test]
fn ok_what_a_machine_read_on_a_scan() {
    let picture = "q 400 0 0 400 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q";
    let hidden = "BT 3 Tr /F 10 Tf 100 300 Td (hidden) Tj ET";
    let codes = |contents: &str| -> (String, Vec<Code>) {
        let (blocks, findings) = read(&file(contents, "", ""));
        (blocks.text.trim().to_owned(), findings.iter().map(|finding| finding.code).collect())
    };
    assert_eq!(
        codes(&format!("{picture} {hidden}")),
        ("hidden".to_owned(), vec![Code::RecognisedText])
    );
    assert_eq!(codes(hidden).0, "");
    assert_eq!(codes(picture), (String::new(), vec![Code::NoTextLayer]));
}

#[test]
fn err_files_that_break_off_say_so() {
    let whole = file(&table(&text(200, 286, "12")), "", "");
    let codes =
        |bytes: &[u8]| -> Vec<Code> { read(bytes).1.iter().map(|found| found.code).collect() };
    assert_eq!(codes(&whole), []);
    let end = whole.len();
    assert_eq!(codes(&whole[..end - 40]), [Code::DamagedPart]);
    // saved once more after that, and cut then
    let more = [&whole[..], b"7 0 obj <</A 1"].concat();
    assert_eq!(codes(&more), [Code::DamagedPart]);
    assert_eq!(codes(&whole[..150]), [Code::Damaged]);
}

#[test]
fn ok_bytes_before_the_file() {
    let whole = file(&table(&text(200, 286, "12")), "", "");
    let late = [b"HTTP/1.1 200 OK\r\n\r\n", &whole[..]].concat();
    assert_eq!(sniff::format(&late), Format::Pdf);
    assert_eq!(last_cell(&late), "12");
    assert_eq!(sniff::format(b"see %PDF-1.7 for more"), Format::Text);
}
