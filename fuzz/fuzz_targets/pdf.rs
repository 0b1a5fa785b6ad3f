//! PDF.

#![no_main]

mod office;

use libfuzzer_sys::fuzz_target;
use nianbao::source::sniff::Format;

fuzz_target!(|bytes: &[u8]| {
    let pdf = [b"%PDF-1.7\n".as_slice(), bytes].concat();
    office::read(&pdf, Some(Format::Pdf));
});
