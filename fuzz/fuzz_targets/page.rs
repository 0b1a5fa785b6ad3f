//! Pages: any text becomes lines and grids whose places are in the text, in order.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nianbao::document::html;

fuzz_target!(|page: &str| {
    let blocks = html::read(page);
    let text = &blocks.text;
    for grid in &blocks.grids {
        let mut last = grid.span.start;
        for cell in &grid.cells {
            assert!(
                text.get(cell.span.start as usize..cell.span.end as usize).is_some(),
                "{cell:?}"
            );
            assert!(
                last <= cell.span.start && cell.span.end <= grid.span.end,
                "{cell:?} in {grid:?}"
            );
            last = cell.span.end;
        }
    }
    assert!(blocks.grids.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
    assert!(blocks.origin.windows(2).all(|pair| pair[0].text <= pair[1].text));
    for span in blocks.furniture.iter().chain(&blocks.containers) {
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
    }
});
