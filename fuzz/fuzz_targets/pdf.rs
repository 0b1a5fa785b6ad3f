//! PDF.

#![no_main]

#[allow(dead_code, reason = "only what is checked of cells is used")]
mod office;

use libfuzzer_sys::fuzz_target;
use nianbao::document;
use nianbao::source::Source;

fuzz_target!(|bytes: &[u8]| {
    let pdf = [b"%PDF-1.7\n".as_slice(), bytes].concat();
    let source = Source::new("fuzz", pdf);
    let document = document::read(&source);
    office::check(&document);
    let places = document.blocks.map_or(Vec::new(), |blocks| blocks.places);
    assert!(places.is_sorted_by_key(|place| place.start));
});
