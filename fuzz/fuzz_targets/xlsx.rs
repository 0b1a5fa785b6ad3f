//! The parts of an XLSX: a sheet, and before the first NUL its shared texts and formats.

#![no_main]

mod office;

use libfuzzer_sys::fuzz_target;
use nianbao::source::sniff::Format;

fuzz_target!(|bytes: &[u8]| {
    let at = bytes.iter().position(|byte| *byte == 0);
    let (shared, sheet) = at.map_or((&bytes[..0], bytes), |at| (&bytes[..at], &bytes[at + 1..]));
    let parts: [(&str, &[u8]); 5] = [
        ("[Content_Types].xml", b""),
        ("xl/workbook.xml", b"<workbook><sheets><sheet/></sheets></workbook>"),
        ("xl/sharedStrings.xml", shared),
        ("xl/styles.xml", shared),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    office::read(&office::pack(&parts), Some(Format::Xlsx));
});
