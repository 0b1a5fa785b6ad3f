//! PDF.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nianbao::document;
use nianbao::source::Source;

fuzz_target!(|bytes: &[u8]| {
    let pdf = [b"%PDF-1.7\n".as_slice(), bytes].concat();
    let source = Source::new("fuzz", pdf);
    let document = document::read(&source);
    let Some(blocks) = &document.blocks else { return };
    for grid in &blocks.grids {
        let mut last = None;
        for cell in &grid.cells {
            assert!(document.text.get(cell.span.start as usize..cell.span.end as usize).is_some());
            assert!(last < Some((cell.row, cell.col)), "{cell:?} comes after {last:?}");
            assert!(cell.rows > 0 && cell.cols > 0, "{cell:?}");
            last = Some((cell.row, cell.col));
        }
    }
    assert!(blocks.places.is_sorted_by_key(|place| place.start));
});
