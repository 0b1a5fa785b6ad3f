//! The content of an OpenDocument text or spreadsheet.

#![no_main]

mod office;

use libfuzzer_sys::fuzz_target;
use nianbao::source::sniff::Format;

fuzz_target!(|bytes: &[u8]| {
    let parts: [(&str, &[u8]); 2] =
        [("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", bytes)];
    office::read(&office::pack(&parts), Some(Format::Odt));
});
