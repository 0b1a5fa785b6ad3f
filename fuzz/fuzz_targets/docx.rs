//! The parts of a DOCX: the text, and before the first NUL its lists and styles.

#![no_main]

mod office;

use libfuzzer_sys::fuzz_target;
use nianbao::source::sniff::Format;

fuzz_target!(|bytes: &[u8]| {
    let at = bytes.iter().position(|byte| *byte == 0);
    let (lists, text) = at.map_or((&bytes[..0], bytes), |at| (&bytes[..at], &bytes[at + 1..]));
    let parts: [(&str, &[u8]); 4] = [
        ("[Content_Types].xml", b""),
        ("word/numbering.xml", lists),
        ("word/styles.xml", lists),
        ("word/document.xml", text),
    ];
    office::read(&office::pack(&parts), Some(Format::Docx));
});
