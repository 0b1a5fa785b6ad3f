//! What is found in pictures that are drawn here: lines, skew, strips, clean cells. No model is asked.

use super::picture::Picture;
use super::{file, glyph, grey, is_clean, rules, shown, strips};
use crate::document::pages::Page;
use crate::document::scan::line::Said;
use crate::finding::{Code, Finding};

const SCALE: f64 = 2.0;
const WIDTH: usize = 400;

/// A page of 200 by 150 points with a frame of two cells and what is drawn in the second.
fn picture(draw: impl Fn(usize, usize) -> bool) -> Picture {
    let mut picture = Picture::new(200.0, 150.0, SCALE).expect("it is small");
    for y in 0..picture.height {
        for x in 0..WIDTH {
            let across = (y == 100 || y == 101 || y == 160) && (40..=360).contains(&x);
            let down = (x == 40 || x == 200 || x == 360) && (100..=160).contains(&y);
            if across || down || draw(x, y) {
                picture.pixels[y * WIDTH + x] = 20;
            }
        }
    }
    picture
}

/// A sign of two strokes, ten by fourteen pixels.
fn sign(x: usize, y: usize) -> bool {
    let (x, y) = (x.wrapping_sub(270), y.wrapping_sub(120));
    x < 10 && y < 14 && (x < 2 || y < 2 || x > 7 || y > 11)
}

#[test]
fn ok_lines_and_what_stands_between() {
    let picture = picture(sign);
    let ink = picture.ink();
    let ([across, down], marked) = rules::rules(&ink, WIDTH, SCALE);
    let places = |rules: &[rules::Rule]| -> Vec<i64> {
        rules.iter().map(|rule| rule.at.round() as i64).collect()
    };
    assert_eq!((places(&across).len(), places(&down)), (2, vec![40, 200, 360]));
    let free = |x: usize, y: usize| {
        let at = y * WIDTH + x;
        ink[at] && !marked[at] && !marked[at - 1] && !marked[at + 1]
    };
    let found = strips::strips([204, 104, 356, 156], SCALE, free);
    let [[left, top, right, bottom]] = found[..] else { panic!("{found:?}") };
    assert!(left <= 270 && top <= 120 && right >= 280 && bottom >= 134, "{found:?}");
    assert!(right - left < 24 && bottom - top < 28, "{found:?}");
    assert_eq!(strips::strips([44, 104, 196, 156], SCALE, free), [[0; 4]; 0]);
}

#[test]
fn err_strokes_of_large_characters_are_no_lines() {
    // a sign as large as that of a title, far from any table
    let picture = picture(|x, y| {
        (60..100).contains(&x) && (20..60).contains(&y) && (x % 19 < 3 || y % 19 < 3)
    });
    let ([across, down], _) = rules::rules(&picture.ink(), WIDTH, SCALE);
    assert_eq!((across.len(), down.len()), (2, 3));
}

#[test]
fn ok_a_page_that_lies_askew_is_turned_back() {
    for degrees in [-2.0, 0.0, 1.3] {
        let askew = picture(|x, y| y % 24 < 2 && x > 20 && x < 380).turned_back(-degrees);
        let found = askew.skew(&askew.ink());
        assert!((found - degrees).abs() < 0.15, "{degrees}: {found}");
    }
}

#[test]
fn ok_a_cell_is_clean_when_nothing_stands_in_it() {
    let cell = [100.5, 51.0, 180.0, 80.0];
    assert!(is_clean(&picture(|_, _| false), cell));
    assert!(!is_clean(&picture(sign), cell));
    // faint, in noise
    let mut faint = picture(|_, _| false);
    for y in 0..faint.height {
        for x in 0..WIDTH {
            let at = y * WIDTH + x;
            let noise = ((x * 7919 + y * 104_729) % 17) as u8;
            faint.pixels[at] =
                faint.pixels[at].saturating_sub(noise + if sign(x, y) { 40 } else { 0 });
        }
    }
    assert!(!is_clean(&faint, cell));
}

#[test]
fn ok_letters_that_look_like_digits() {
    let said = |text: &str, number: &str| {
        let numbers = vec![(number.to_owned(), 0.9)];
        shown(Said { text: text.to_owned(), likely: 0.9, numbers })
    };
    assert_eq!(said("O", "0").0, "0");
    assert_eq!(said("l2", "12").0, "12");
    // of what is no digit the text stays, beside what it would be as a number
    assert_eq!(said("-12", "12").0, "-12");
    assert_eq!(said("-12", "12").1, [("12".to_owned(), 0.9)]);
    // words are no numbers
    for word in ["无", "第1项"] {
        assert_eq!(said(word, "1"), (word.to_owned(), Vec::new()));
    }
    assert_eq!(said("", "1").0, "");
}

#[test]
fn ok_red_seals_are_lifted_and_black_is_not() {
    assert!(grey([220, 60, 60]) > 200);
    assert!(grey([60, 10, 10]) < 40);
    assert!(grey([20, 20, 20]) < 30);
}

#[test]
fn err_pages_of_too_many_pixels() {
    assert!(Picture::new(100_000.0, 100_000.0, 1.0).is_none());
    assert!(Picture::new(f64::NAN, 100.0, 1.0).is_none());
    assert!(Picture::new(100.0, 100.0, 0.0).is_none());
}

/// Sizes of pictures, and what is told of the rest.
type Sizes = (Vec<(u32, u32)>, Option<Code>);

/// What comes of a file: sizes of pictures, or the finding.
fn sizes(bytes: &[u8]) -> Result<Sizes, Finding> {
    let mut sizes = Vec::new();
    let rest = file::pictures(bytes, |grey| {
        assert_eq!(grey.pixels.len() as u64, u64::from(grey.width) * u64::from(grey.height));
        sizes.push((grey.width, grey.height));
    })?;
    Ok((sizes, rest.map(|finding| finding.code)))
}

/// A part of a PNG.
fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(&kind);
    crc.update(data);
    let length = (data.len() as u32).to_be_bytes();
    [&length[..], &kind, data, &crc.sum().to_be_bytes()].concat()
}

fn png(width: u32, height: u32, data: &[u8]) -> Vec<u8> {
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let parts = [chunk(*b"IHDR", &head), chunk(*b"IDAT", data), chunk(*b"IEND", &[])];
    [&b"\x89PNG\r\n\x1A\n"[..], &parts.concat()].concat()
}

/// A TIFF of one strip of so many rows of eight black pixels, each as wide as stated.
fn tiff(width: u32, height: u32) -> Vec<u8> {
    let entry = |tag: u16, value: u32| {
        [&tag.to_le_bytes()[..], &[4, 0, 1, 0, 0, 0], &value.to_le_bytes()].concat()
    };
    let tags = [
        (256, width),
        (257, height),
        (258, 8),
        (259, 1),
        (262, 1),
        (273, 8),
        (277, 1),
        (278, height),
        (279, width.saturating_mul(height)),
    ];
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    bytes.extend((tags.len() as u16).to_le_bytes());
    for (tag, value) in tags {
        bytes.extend(entry(tag, value));
    }
    bytes.extend([0; 4]);
    bytes
}

#[test]
fn err_bombs_of_pixels_are_findings_and_need_no_memory() {
    use std::io::Write as _;
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    // as many bytes as rows of a large picture have, which shrink to a thousandth
    packed.write_all(&vec![0; 30 << 20]).unwrap();
    let packed = packed.finish().unwrap();
    let mut bitmap = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    bitmap.extend([30_000u32, 30_000].map(u32::to_le_bytes).concat());
    bitmap.extend([1, 0, 24, 0]);
    bitmap.extend([0; 24]);
    let gif = b"GIF89a\xFF\xFF\xFF\xFF\0\0\0,\0\0\0\0\xFF\xFF\xFF\xFF\0\x02\0;".to_vec();
    let lossless = |width: u32, height: u32| {
        let bits = (width - 1) | (height - 1) << 14;
        let data = [&[0x2F][..], &bits.to_le_bytes()].concat();
        [b"RIFF\x12\0\0\0WEBPVP8L\x05\0\0\0", &data[..], &[0]].concat()
    };
    let bombs = [
        png(30_000, 30_000, &packed),
        png(u32::MAX / 4, u32::MAX / 4, &packed),
        tiff(30_000, 30_000),
        tiff(1 << 31, 1 << 31),
        bitmap,
        gif,
        lossless(16_000, 16_000),
    ];
    for bomb in bombs {
        let start = std::time::Instant::now();
        let finding = sizes(&bomb).expect_err("nothing comes out of it");
        assert!(matches!(finding.code, Code::TooLarge | Code::Damaged), "{finding:?}");
        assert!(start.elapsed().as_secs() < 5, "{finding:?}");
    }
    assert_eq!(sizes(&png(30_000, 30_000, &packed)).unwrap_err().code, Code::TooLarge);
}

#[test]
fn err_damaged_pictures_are_findings() {
    let mut cut = png(600, 600, &[0x78, 0xDA, 0x01]);
    assert_eq!(sizes(&cut).unwrap_err().code, Code::Damaged);
    cut.truncate(20);
    assert_eq!(sizes(&cut).unwrap_err().code, Code::Damaged);
    for bytes in [&b"II*\0"[..], b"GIF89a", b"\xFF\xD8\xFF\xE0", b"RIFF\0\0\0\0WEBP", b"BM"] {
        assert!(sizes(bytes).is_err(), "{bytes:?}");
    }
}

#[test]
fn ok_a_quarter_and_three_more_are_a_whole_turn() {
    let mut picture = Picture::new(200.0, 150.0, SCALE).expect("it is small");
    for (at, pixel) in picture.pixels.iter_mut().enumerate() {
        *pixel = (at * 7919 % 251) as u8;
    }
    let once = picture.quarter_back();
    assert_eq!((once.width, once.height), (picture.height, picture.width));
    // what stood in the upper right corner stands in the upper left one
    assert_eq!(once.pixels[0], picture.pixels[picture.width - 1]);
    let whole = once.quarter_back().quarter_back().quarter_back();
    assert_eq!(whole.pixels, picture.pixels);
}

/// Numbers as they come of a picture, each with what it can be, and of a text layer under it, each at its place.
fn held(seen: &[(&str, f64)], layer: &[(&str, f64)]) -> Page {
    use hayro_interpret::kurbo::{Point, Rect};
    let page = |said: &[(&str, f64)]| {
        let mut page = Page::of_picture((200.0, 100.0), 1);
        for (text, x) in said {
            page.glyphs.push(glyph((*text).to_owned(), Rect::new(*x, 40.0, x + 12.0, 50.0)));
        }
        page
    };
    let mut own = page(seen);
    for (text, x) in seen {
        own.numbers.push((Point::new(x + 6.0, 45.0), vec![((*text).to_owned(), 0.999)]));
    }
    own.hold_against(&page(layer));
    own
}

#[test]
fn ok_a_text_layer_is_believed_where_it_and_the_picture_agree() {
    let page = held(&[("12", 10.0), ("7", 60.0), ("5", 110.0)], &[("12", 10.0), ("1", 60.0)]);
    // only the first is no guess any more
    assert_eq!(page.witnessed.iter().map(|place| place.x).collect::<Vec<_>>(), [16.0]);
    // the second is in doubt, and what the layer says is one more thing that it can be
    let [_, (_, second), (_, third)] = &page.numbers[..] else { panic!("{:?}", page.numbers) };
    let texts: Vec<&str> = second.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(texts, ["7", "1"]);
    assert!(second[0].1 < 0.9, "{second:?}");
    // where the layer says nothing the picture alone speaks
    assert_eq!(third[..], [("5".to_owned(), 0.999)]);
    // a word of the layer is no number
    let page = held(&[("12", 10.0)], &[("无", 10.0)]);
    assert!(page.witnessed.is_empty() && page.numbers[0].1.len() == 1, "{:?}", page.numbers);
}

#[test]
fn err_lines_of_text_are_no_ruled_lines() {
    // signs so near that their strokes make a line, the rest of them above it; no table far and wide
    let stroke = |x: usize, y: usize| {
        let (column, row) = (x % 18, y.wrapping_sub(30));
        (60..340).contains(&x)
            && row < 14
            && (row >= 12 && column < 15
                || row < 12 && (column == 2 || column == 8 || column == 12))
    };
    let ([across, _], _) = rules::rules(&picture(stroke).ink(), WIDTH, SCALE);
    assert_eq!(across.len(), 2);
}
