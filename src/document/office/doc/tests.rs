use super::super::flow::Merge;
use super::lists::Lists;
use super::properties::{Paragraph, Runs};
use super::*;

fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// A main stream whose part stands at the beginning of the table stream.
fn with_part(part: Part, table: Vec<u8>, len: usize) -> Streams {
    let mut main = vec![0; 0x400];
    let at = 0x9A + 8 * part as usize;
    main[at + 4..at + 8].copy_from_slice(&(len as u32).to_le_bytes());
    Streams { main, table, data: Vec::new() }
}

#[test]
fn err_what_is_no_document() {
    assert_eq!(read(b"").map(|_| ()), Err(Trouble::damaged("its directory is lost")));
}

#[test]
fn ok_cells_of_a_row() {
    // two cells: the first continues the one above, the second the one to its left
    let mut list = words(&[0xD608, 1 + 6 + 40 + 1]);
    list.push(2);
    list.extend(words(&[0xFFF6, 1000, 2000]));
    let mut first = words(&[1 << 5]);
    first.resize(20, 0);
    let mut second = words(&[1]);
    second.resize(20, 0);
    list.extend(first.iter().chain(&second));
    list.extend([0x16, 0x24, 1, 0x17, 0x24, 1]);
    let streams = with_part(Part::Pieces, Vec::new(), 0);
    let mut paragraph = Paragraph::default();
    paragraph.apply(&list, &streams, true);
    let merge = Merge::Continue;
    assert_eq!(
        paragraph.cells,
        [
            Place { left: -10, right: 1000, rows: 0, merge, joins_left: false },
            Place { left: 1000, right: 2000, rows: 0, merge: Merge::None, joins_left: true },
        ]
    );
    assert!(paragraph.is_row_end(7) && !paragraph.is_row_end(13));
    // a list that breaks off keeps what stands before
    for len in 0..list.len() {
        Paragraph::default().apply(&list[..len], &streams, true);
    }
}

#[test]
fn ok_a_long_list_stands_in_the_data() {
    let mut streams = with_part(Part::Pieces, Vec::new(), 0);
    streams.data = [vec![0; 4], words(&[3]), vec![0x16, 0x24, 1]].concat();
    let mut paragraph = Paragraph::default();
    paragraph.apply(&[words(&[0x6646]), vec![4, 0, 0, 0]].concat(), &streams, true);
    assert!(paragraph.in_table);
}

#[test]
fn ok_labels() {
    let mut table = words(&[1]);
    // the definition 5 of one level, and behind the part its level: 3 is the first, `（%1）`, numbers as 一
    let mut definition = vec![5, 0, 0, 0];
    definition.resize(26, 0);
    definition.extend([1, 0]);
    table.extend(&definition);
    let len = table.len();
    let mut level = vec![3, 0, 0, 0, 37];
    level.resize(28, 0);
    level.extend(words(&[3, 0xFF08, 0, 0xFF09]));
    table.extend(&level);
    let mut streams = with_part(Part::ListDefinitions, table, len);
    // one list of that definition
    let start = streams.table.len() as u32;
    let mut lists = vec![1, 0, 0, 0, 5, 0, 0, 0];
    lists.resize(20, 0);
    lists.extend([0xFF; 4]);
    let at = 0x9A + 8 * Part::Lists as usize;
    streams.main[at..at + 4].copy_from_slice(&start.to_le_bytes());
    streams.main[at + 4..at + 8].copy_from_slice(&(lists.len() as u32).to_le_bytes());
    streams.table.extend(lists);
    let mut lists = Lists::read(&streams);
    assert_eq!(lists.label(1, 0).as_deref(), Some("（三）"));
    assert_eq!(lists.label(1, 0).as_deref(), Some("（四）"));
    assert_eq!(lists.label(2, 0), None);
    assert_eq!(lists.label(0xF801, 0), None);
}

#[test]
fn ok_pieces() {
    // 规章 as it is, then `12` in one byte each
    let mut part = vec![2];
    part.extend(28u32.to_le_bytes());
    for place in [0u32, 2, 4] {
        part.extend(place.to_le_bytes());
    }
    for place in [0x300u32, (0x304 * 2) | 0x4000_0000] {
        part.extend(words(&[0]));
        part.extend(place.to_le_bytes());
        part.extend(words(&[0]));
    }
    let len = part.len();
    let mut streams = with_part(Part::Pieces, part, len);
    streams.main[0x4C] = 4;
    streams.main[0x300..0x304].copy_from_slice(&words(&[0x89C4, 0x7AE0]));
    streams.main[0x304..0x306].copy_from_slice(b"12");
    let text = Text::read(&streams);
    assert_eq!(String::from_utf16_lossy(&text.units), "规章12");
    assert_eq!(text.places, [0x300, 0x302, 0x304, 0x305]);
    assert_eq!(text.shown().first(), Some(&(0..4)));
    assert!(text.is_whole);
    assert_eq!(Runs::read(&streams).paragraph(0x300, &streams), Paragraph::default());
}
