//! The smallest parsers: no panic on any text, what is left is the end of what was given, blanks around a cell and the
//! width of its digits do not matter, and the places in error messages exist.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nianbao::grammar::equation;
use nianbao::grammar::matcher::split_ordinal;
use nianbao::lines::Skeleton;
use nianbao::number::{self, Decimal, Number, Printed, Unit, year};

fuzz_target!(|text: &str| {
    let (cell, place) = number::cell(text);
    assert!(text.get(place).is_some(), "the number stands in the text");
    // a longer text is no cell, and the full-width form is three times as long
    if text.len() < 60 {
        assert_eq!(cell, number::cell(&format!(" {text}\u{3000}")).0, "blanks around a cell");
        assert_eq!(cell, number::cell(&wide(text)).0, "full-width digits");
    }
    if let Printed::Number(Number { value, unit: None, signed: false }) = cell {
        assert_eq!(cell, number::cell(&value.to_string()).0, "a printed number reads as itself");
        assert_eq!(Decimal::parse(&value.to_string()), Some(value));
    }
    if let Ok((rest, _)) = Unit::parse(text) {
        assert!(text.ends_with(rest) && rest.len() < text.len());
    }
    if let Ok((rest, year)) = year::year(text) {
        assert!(text.ends_with(rest) && (2000..2100).contains(&year));
    }
    match equation::parse(text) {
        Ok((left, right)) => assert!(!left.is_empty() && !right.is_empty()),
        Err((at, _)) => assert!(text.is_char_boundary(at), "the place of a mistake is in the text"),
    }
    let _ = split_ordinal(text);
    letters_lead_back(text);
});

fn wide(text: &str) -> String {
    let digit = |c: char| char::from_u32(c as u32 - '0' as u32 + '０' as u32).unwrap_or(c);
    text.chars().map(|c| if c.is_ascii_digit() { digit(c) } else { c }).collect()
}

/// Every letter of a skeleton has its place in the source.
fn letters_lead_back(text: &str) {
    let skeleton = Skeleton::new(text);
    let mut last = 0;
    for (at, c) in skeleton.text.char_indices() {
        let span = skeleton.source_span(at as u32, (at + c.len_utf8()) as u32);
        let printed = text.get(span.start as usize..span.end as usize);
        assert_eq!(
            printed.map(|p| p.chars().count()),
            Some(1),
            "letter {at} of {:?}",
            skeleton.text
        );
        assert!(span.start >= last, "letters stand in order");
        assert_eq!(skeleton.at_source(span.start), at as u32, "there and back");
        last = span.end;
    }
}
