//! What is found in pictures that are drawn here: lines, skew, strips, clean cells. No model is asked.

use super::picture::Picture;
use super::{grey, is_clean, rules, shown, strips};
use crate::document::scan::model::Said;

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
    let said = |text: &str, number: &str, likely: f32| {
        shown(&Said { text: text.to_owned(), number: Some((number.to_owned(), likely)) })
    };
    assert_eq!(said("O", "0", 0.99), ("0".to_owned(), false));
    assert_eq!(said("l2", "12", 0.8), ("12".to_owned(), true));
    assert_eq!(said("12", "12", 0.3), ("\u{FFFD}".to_owned(), true));
    // a digit that was read is never another one, and words are no numbers
    assert_eq!(said("72", "12", 0.99).0, "72");
    assert_eq!(said("无", "1", 0.99).0, "无");
    assert_eq!(said("第1项", "1", 0.99).0, "第1项");
    assert_eq!(said("", "1", 0.99).0, "");
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
