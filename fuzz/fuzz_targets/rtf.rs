//! RTF.

#![no_main]

mod office;

use libfuzzer_sys::fuzz_target;
use nianbao::source::sniff::Format;

fuzz_target!(|bytes: &[u8]| {
    let rtf = [b"{\\rtf1\\ansicpg936 ".as_slice(), bytes].concat();
    office::read(&rtf, Some(Format::Rtf));
});
