//! A page of an OFD, and what it is drawn with.

#![no_main]

#[allow(dead_code, reason = "only the container and what is checked of cells are used")]
mod office;

use libfuzzer_sys::fuzz_target;
use nianbao::document;
use nianbao::source::Source;
use nianbao::source::sniff::{self, Format};

const ENTRY: &[u8] = b"<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>";
const DOCUMENT: &[u8] = b"<Document><CommonData><PublicRes>P.xml</PublicRes><TemplatePage ID='2' BaseLoc='P.xml'/></CommonData>\
<Pages><Page ID='1' BaseLoc='P.xml'/></Pages><Annotations>P.xml</Annotations></Document>";

fuzz_target!(|bytes: &[u8]| {
    // one part in the place of all: a page, its template, its notes and resources
    let parts = [("OFD.xml", ENTRY), ("D.xml", DOCUMENT), ("P.xml", bytes)];
    let ofd = office::pack(&parts);
    assert_eq!(sniff::format(&ofd), Format::Ofd);
    let source = Source::new("fuzz", ofd);
    let document = document::read(&source);
    office::check(&document);
    let places = document.blocks.map_or(Vec::new(), |blocks| blocks.places);
    assert!(places.is_sorted_by_key(|place| place.start));
});
