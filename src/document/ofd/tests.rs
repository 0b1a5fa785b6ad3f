//! What is read of small files that draw one table, of which the last cell is odd.

use super::super::office::package::pack;
use crate::document;
use crate::finding::Code;
use crate::source::Source;

const HEAD: &str = "<?xml version=\"1.0\"?>";

/// A file with these objects on its page, more of the document, and more parts.
fn file(objects: &str, document: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let entry = "<OFD><DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>";
    let document = format!(
        "{HEAD}<Document><CommonData><PageArea><PhysicalBox>0 0 200 200</PhysicalBox></PageArea>\
         <PublicRes>Res.xml</PublicRes></CommonData>\
         <Pages><Page ID='1' BaseLoc='Page.xml'/></Pages>{document}</Document>"
    );
    let page = format!("{HEAD}<Page><Content><Layer>{objects}</Layer></Content></Page>");
    let resources = "<Res BaseLoc='Res'><DrawParams><DrawParam ID='1'><FillColor Value='255 255 255'/>\
         </DrawParam><DrawParam ID='2' Relative='1'/><DrawParam ID='3' Relative='3'/></DrawParams>\
         <CompositeGraphicUnits><CompositeGraphicUnit ID='8'><Content>\
         <CompositeObject ResourceID='8' Boundary='0 0 9 9'/></Content></CompositeGraphicUnit>\
         </CompositeGraphicUnits><MultiMedias><MultiMedia ID='9' Type='Image'>\
         <MediaFile>a.jpg</MediaFile></MultiMedia></MultiMedias></Res>";
    let mut all = vec![
        ("OFD.xml", entry),
        ("Doc_0/Document.xml", &document),
        ("Doc_0/Page.xml", &page),
        ("Doc_0/Res.xml", resources),
        ("Doc_0/Res/a.jpg", "\u{FFFD}"),
    ];
    for part in parts {
        all.retain(|known| known.0 != part.0);
        all.push(*part);
    }
    pack(&all)
}

/// Text at a place of the page, with more to say of the object.
fn text(x: u32, y: u32, more: &str, text: &str) -> String {
    format!(
        "<TextObject Boundary='{x} {} 40 6' Size='4' {more}><TextCode X='0' Y='5' DeltaX='g 9 2'>{text}</TextCode></TextObject>",
        y - 5
    )
}

/// The four cells of a table in the last of which something is drawn.
fn table(last: &str) -> String {
    let rule = |x: u32, y: u32| {
        format!(
            "<PathObject Boundary='{x} {y} 40 10'><AbbreviatedData>M 0 0 L 40 0 L 40 10 L 0 10 C</AbbreviatedData></PathObject>"
        )
    };
    let rules = [rule(50, 50), rule(90, 50), rule(50, 60), rule(90, 60)].concat();
    let labels = [text(52, 57, "", "A"), text(92, 57, "", "B"), text(52, 67, "", "C")].concat();
    format!("{rules}{labels}{last}")
}

fn last_cell(bytes: &[u8]) -> String {
    let source = Source::new("a.ofd", bytes);
    let document = document::read(&source);
    let grid = &document.blocks.as_ref().expect("it is read").grids[0];
    assert_eq!(grid.cells.len(), 4, "{}", document.text);
    grid.cells[3].span.of(&document.text).to_owned()
}

fn shown(last: &str) -> String {
    last_cell(&file(&table(last), "", &[]))
}

fn codes(bytes: &[u8]) -> Vec<Code> {
    let source = Source::new("a.ofd", bytes);
    document::read(&source).findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn ok_what_nobody_sees_is_not_read() {
    let seen = text(100, 67, "", "12");
    let hidden = |more: &str| text(94, 67, more, "9");
    let colour =
        |colour: &str| hidden("").replace("<TextCode", &format!("<FillColor {colour}/><TextCode"));
    let clip = |path: &str| {
        let clips = format!(
            "<Clips><Clip><Area><Path Boundary='0 0 40 6'><AbbreviatedData>{path}</AbbreviatedData></Path></Area></Clip></Clips>"
        );
        hidden("").replace("<TextCode", &format!("{clips}<TextCode"))
    };
    let cover = "<PathObject Boundary='92 61 7 8' Fill='true' Stroke='false'><FillColor Value='255 255 255'/>\
         <AbbreviatedData>M 0 0 L 7 0 L 7 8 L 0 8 C</AbbreviatedData></PathObject>";
    for (what, last) in [
        ("said to be invisible", hidden("Visible='false'")),
        ("neither filled nor stroked", hidden("Fill='false'")),
        ("no opacity", hidden("Alpha='0'")),
        ("a colour without opacity", colour("Value='0 0 0' Alpha='0'")),
        ("the paper's colour", colour("Value='255 255 255'")),
        ("the paper's colour in four parts", colour("Value='0 0 0 0'")),
        ("the paper's colour by a parameter", hidden("DrawParam='1'")),
        ("by a parameter of a parameter", hidden("DrawParam='2'")),
        ("outside of a clip", clip("M 20 0 L 40 0 L 40 6 L 20 6 C")),
        ("in a clip that is empty", clip("")),
        ("under a box", hidden("") + cover),
        ("flat", hidden("CTM='0 0 0 1 0 0'")),
        ("without size", hidden("").replace("Size='4'", "Size='0'")),
        ("off the page", text(94, 67, "", "9").replace("'94 ", "'940 ")),
        (
            "in a layer that is not shown",
            format!("</Layer><Layer Visible='false'>{}</Layer><Layer>", hidden("")),
        ),
    ] {
        assert_eq!(shown(&format!("{last}{seen}")), "12", "{what}");
    }
}

#[test]
fn err_what_is_seen_is_read() {
    let seen = text(100, 67, "", "12");
    let with = |more: &str| text(100, 67, more, "12");
    let colour = |colour: &str| seen.replace("<TextCode", &format!("{colour}<TextCode"));
    for (what, last) in [
        ("plain", seen.clone()),
        ("red", colour("<FillColor Value='255 0 0'/>")),
        ("an outline without opacity", colour("<StrokeColor Value='0 0 0' Alpha='0'/>")),
        ("outlined only", with("Fill='false' Stroke='true'")),
        ("a parameter that refers to itself", with("DrawParam='3'")),
        ("a parameter that is not there", with("DrawParam='77'")),
        ("narrow", with("HScale='0.5'")),
        ("twice, for boldness", format!("{seen}{seen}")),
        ("a boundary without size", seen.replace(" 40 6'", " 0 0'")),
        ("in a block of blocks", format!("<PageBlock><PageBlock>{seen}</PageBlock></PageBlock>")),
        ("by its matrix", "<TextObject Boundary='100 62 40 6' Size='1' CTM='4 0 0 4 0 0'><TextCode X='0' Y='1.25' DeltaX='0.5'>12</TextCode></TextObject>".to_owned()),
        ("in two runs", "<TextObject Boundary='100 62 40 6' Size='4'><TextCode X='0' Y='5'>1</TextCode><TextCode X='2'>2</TextCode></TextObject>".to_owned()),
        ("without distances", seen.replace(" DeltaX='g 9 2'", "")),
        ("as entities", seen.replace(">12<", ">&#49;&#x32;<")),
        ("white on black", format!(
            "<PathObject Boundary='92 61 30 8' Fill='true' Stroke='false'><AbbreviatedData>M 0 0 L 30 0 L 30 8 L 0 8 C</AbbreviatedData></PathObject>{}",
            colour("<FillColor Value='255'/>")
        )),
    ] {
        assert_eq!(shown(&last), "12", "{what}");
    }
}

#[test]
fn err_what_cannot_be_told_is_not_blank_and_no_number() {
    let outline = "<PathObject Boundary='100 62 6 6' Fill='true' Stroke='false'><AbbreviatedData>M 0 2 A 1 2 0 1 1 3 2 A 1 2 0 1 1 0 2 C</AbbreviatedData></PathObject>";
    let far =
        text(100, 67, "", "12").replace("'100 62 40 6'", "'100 62 2 6'").replace("g 9 2", "9 2");
    for (what, last, expected) in [
        ("private characters", text(100, 67, "", "\u{E123}"), "\u{FFFD}"),
        ("an outline", outline.to_owned(), "\u{FFFD}"),
        (
            "a picture",
            "<ImageObject ResourceID='9' Boundary='100 61 20 8' CTM='20 0 0 8 0 0'/>".to_owned(),
            "\u{FFFD}",
        ),
        (
            "digits over each other",
            text(100, 67, "", "12") + &text(100, 67, "", "34"),
            "\u{FFFD}\u{FFFD}",
        ),
        ("far off its boundary", far, "1 \u{FFFD}"),
    ] {
        assert_eq!(shown(&last), expected, "{what}");
    }
}

#[test]
fn ok_templates_and_notes() {
    let seen = text(100, 67, "", "12");
    let cover = "<PathObject Boundary='92 61 30 8' Fill='true' Stroke='false'><FillColor Value='255 255 255'/>\
         <AbbreviatedData>M 0 0 L 30 0 L 30 8 L 0 8 C</AbbreviatedData></PathObject>";
    let page = |used: &str, objects: &str| {
        format!("<Page>{used}<Content><Layer>{objects}</Layer></Content></Page>")
    };
    let with = |order: &str, template: &str, own: &str| {
        let document = "<CommonData><TemplatePage ID='5' BaseLoc='T.xml'/></CommonData>";
        let own = page(&format!("<Template TemplateID='5' ZOrder='{order}'/>"), own);
        let template = page("", template);
        let parts = [("Doc_0/Page.xml", own.as_str()), ("Doc_0/T.xml", &template)];
        let entry = "<Document><CommonData><TemplatePage ID='5' BaseLoc='T.xml'/><PageArea><PhysicalBox>0 0 200 200</PhysicalBox></PageArea>\
             </CommonData><Pages><Page ID='1' BaseLoc='Page.xml'/></Pages></Document>";
        file("", document, &[parts[0], parts[1], ("Doc_0/Document.xml", entry)])
    };
    assert_eq!(last_cell(&with("Background", &table(""), &seen)), "12");
    // what covers it stands in front of the page, or behind it
    assert_eq!(last_cell(&with("Background", cover, &table(&seen))), "12");
    assert_eq!(last_cell(&with("Foreground", cover, &table(&seen))), "");
    let note = |visible: &str| {
        let note = format!(
            "<PageAnnot><Annot Type='Stamp' Visible='{visible}'><Appearance Boundary='100 62 20 6'>\
             <TextObject Boundary='0 0 20 6' Size='4'><TextCode X='0' Y='5' DeltaX='2'>12</TextCode></TextObject></Appearance></Annot></PageAnnot>"
        );
        let list = "<Annotations><Page PageID='1'><FileLoc>Note.xml</FileLoc></Page></Annotations>";
        let parts = [("Doc_0/A/All.xml", list), ("Doc_0/A/Note.xml", &note)];
        file(&table(""), "<Annotations>A/All.xml</Annotations>", &parts)
    };
    assert_eq!(last_cell(&note("true")), "12");
    assert_eq!(last_cell(&note("false")), "");
}

#[test]
fn ok_several_documents_one_after_the_other() {
    let entry = "<x:OFD xmlns:x='y'><x:DocBody><x:DocRoot>/Doc_0/Document.xml</x:DocRoot></x:DocBody>\
         <x:DocBody><x:DocRoot>DOC_1\\Document.xml</x:DocRoot></x:DocBody></x:OFD>";
    let page =
        format!("<Page><Content><Layer>{}</Layer></Content></Page>", text(20, 20, "", "second"));
    let second = "<Document><Pages><Page BaseLoc='Doc_1/Page.xml'/></Pages></Document>";
    let parts = [("OFD.xml", entry), ("Doc_1/Document.xml", second), ("Doc_1/Page.xml", &page)];
    let bytes = file(&text(20, 20, "", "first"), "", &parts);
    let source = Source::new("a.ofd", bytes);
    let document = document::read(&source);
    assert_eq!(document.findings, []);
    let text: Vec<&str> = document.text.split_whitespace().collect();
    assert_eq!(text, ["first", "second"]);
    let places = &document.blocks.as_ref().expect("it is read").places;
    assert_eq!(places.iter().map(|place| place.page).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn err_what_is_wrong_is_told() {
    let seen = text(100, 67, "", "12");
    let part = |name: &'static str, text: &'static str| file(&seen, "", &[(name, text)]);
    assert_eq!(codes(&file(&seen, "", &[])), []);
    assert_eq!(codes(&file("", "", &[])), [Code::Empty]);
    assert_eq!(codes(&part("Encryptions.xml", "<Encryptions/>")), [Code::Encrypted]);
    assert_eq!(codes(&part("Doc_0/Page.xml", "")), [Code::Damaged]);
    assert_eq!(codes(&part("Doc_0/Document.xml", "<Document>")), [Code::Damaged]);
    assert_eq!(codes(&pack(&[("OFD.xml", "<OFD/>")])), [Code::Damaged]);
    // the entry is lost, and what it would lead to is where it always is
    assert_eq!(codes(&part("OFD.xml", "<OFD>")), [Code::DamagedPart]);
    let cut = format!("<Page><Content><Layer>{seen}<TextObject");
    assert_eq!(codes(&file("", "", &[("Doc_0/Page.xml", &cut)])), [Code::DamagedPart]);
    let missing = "<CompositeObject ResourceID='77' Boundary='0 0 9 9'/>";
    assert_eq!(codes(&file(&format!("{seen}{missing}"), "", &[])), [Code::DamagedPart]);
    // a unit in itself
    let endless = "<CompositeObject ResourceID='8' Boundary='0 0 9 9'/>";
    assert_eq!(codes(&file(&format!("{seen}{endless}"), "", &[])), [Code::DamagedPart]);
    let scan = "<ImageObject ResourceID='9' Boundary='0 0 200 200' CTM='200 0 0 200 0 0'/>";
    assert_eq!(codes(&file(scan, "", &[])), [Code::NoTextLayer]);
    assert_eq!(codes(&file(&text(20, 20, "", "\u{E000}\u{E001}"), "", &[])), [Code::TextNotMapped]);
    let large = " ".repeat(129 << 20);
    assert_eq!(codes(&file("", "", &[("Doc_0/Page.xml", &large)])), [Code::TooLarge]);
    let deep = "<PageBlock>".repeat(100_000);
    assert_eq!(codes(&file(&format!("{seen}{deep}"), "", &[])), [Code::DamagedPart]);
}

#[test]
fn ok_a_report_that_is_attached_is_told() {
    let list = "<Attachments><Attachment Name='年报.html'><FileLoc>a.html</FileLoc></Attachment></Attachments>";
    let with = |report: &str, own: &str| {
        let parts = [("Doc_0/Att/All.xml", list), ("Doc_0/Att/a.html", report)];
        codes(&file(own, "<Attachments>Att/All.xml</Attachments>", &parts))
    };
    let report = "<html><body><p>一、总体情况 自然人 予以公开</p></body></html>";
    let letter = text(20, 20, "", "letter");
    assert_eq!(with(report, &letter), [Code::ReportElsewhere]);
    assert_eq!(with("<html><body><p>letter</p></body></html>", &letter), []);
    let own = text(2, 20, "", "一、总体情况自然人予以公开")
        .replace("g 9 2", "4")
        .replace(" 40 6'", " 90 6'");
    assert_eq!(with(report, &own), []);
}
