//! What one separated cell says.
//!
//! ```text
//! cell   = blank | mark | [approx] [sign] number [unit] [approx] [note]
//! mark   = "-" | "—" | "/" | "无" | …            a person's way to write nothing
//! sign   = "+" | "-" | "增" | "减"               only columns of changes have one
//! number = 1-3 digits { "," 3 digits } [ "." digits ] | digits [ "." digits ]
//! note   = "（" … "）"                            "22（其中修订 16 件）": kept in raw, not part of the number
//! ```
//!
//! Deliberately missing: Chinese numerals, ranges, percentages. None was seen in a cell of a statutory table.

use super::{Decimal, Unit};
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while_m_n, take_while1};
use nom::character::complete::{char, satisfy};
use nom::combinator::{map_opt, opt, recognize, value};
use nom::multi::many1_count;
use nom::sequence::{pair, preceded, terminated};
use nom::{IResult, Parser};

/// A cell's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellText {
    /// Nothing at all.
    Empty,
    /// A mark for nothing.
    Mark,
    /// One number.
    Number {
        /// The number as printed, before any unit.
        value: Decimal,
        /// The unit printed with it.
        unit: Option<Unit>,
        /// Whether a sign or 增/减 was printed.
        signed: bool,
    },
    /// A number marked as rounded: 余, 近, 约.
    Approximate,
    /// Anything else.
    Other,
}

/// Reads a whole cell; blanks around and inside it do not matter.
///
/// ```
/// use nianbao::atoms::{CellText, cell};
/// assert!(matches!(cell(" 1,298 件"), CellText::Number { value, .. } if value.integer() == Some(1298)));
/// assert_eq!(cell("—"), CellText::Mark);
/// assert_eq!(cell("100余条"), CellText::Approximate);
/// assert_eq!(cell("见附件"), CellText::Other);
/// ```
pub fn cell(text: &str) -> CellText {
    let text = text.trim();
    if text.is_empty() {
        return CellText::Empty;
    }
    // the frequent case without further ado: a few ASCII digits
    if text.len() <= 17 && text.bytes().all(|b| b.is_ascii_digit()) {
        return match Decimal::parse(text) {
            // `00` is two cells that lost their border, never a number
            Some(value) if text.len() == 1 || !text.starts_with('0') => {
                CellText::Number { value, unit: None, signed: false }
            }
            _ => CellText::Other,
        };
    }
    if text.len() > 200 {
        return CellText::Other;
    }
    let Some(folded) = fold(text) else { return CellText::Other };
    if folded.is_empty() {
        return CellText::Empty;
    }
    if mark(&folded).is_ok_and(|(rest, ())| rest.is_empty()) {
        return CellText::Mark;
    }
    match number_with_company(&folded) {
        Ok(("", cell)) => cell,
        _ => CellText::Other,
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '*' | '`')
}

/// Without blanks and in ASCII forms; none when a blank stands between two digits, which may be two cells.
fn fold(text: &str) -> Option<String> {
    let mut folded = String::with_capacity(text.len());
    let mut blank = false;
    for c in text.chars() {
        if is_blank(c) {
            blank = true;
            continue;
        }
        let c = narrow(c);
        if blank && c.is_ascii_digit() && folded.ends_with(|last: char| last.is_ascii_digit()) {
            return None;
        }
        blank = false;
        folded.push(c);
    }
    Some(folded)
}

/// Full-width forms to ASCII; every minus and plus to one.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' | '（' | '）' | '，' | '．' | '＋' | '／' => {
            char::from_u32(c as u32 - 0xFEE0).unwrap_or(c)
        }
        '－' | '−' | '–' | '‐' | '﹣' => '-',
        _ => c,
    }
}

fn mark(input: &str) -> IResult<&str, ()> {
    let dashes =
        many1_count(satisfy(|c| matches!(c, '-' | '—' | '―' | '─' | '/' | '\\' | '～' | '~')));
    let words = alt((tag("无"), tag("無"), tag("N/A"), tag("n/a")));
    alt((value((), words), value((), dashes))).parse(input)
}

fn approximate(input: &str) -> IResult<&str, ()> {
    value((), alt((tag("余"), tag("餘"), tag("近"), tag("约"), tag("約"), tag("多")))).parse(input)
}

fn sign(input: &str) -> IResult<&str, bool> {
    alt((
        value(false, alt((tag("+"), tag("增加"), tag("增")))),
        value(true, alt((tag("-"), tag("减少"), tag("減少"), tag("减"), tag("減")))),
    ))
    .parse(input)
}

/// Digits with thousands separators or without, and a fraction.
pub fn number(input: &str) -> IResult<&str, Decimal> {
    let fraction = opt(preceded(char('.'), take_while1(|c: char| c.is_ascii_digit())));
    map_opt(pair(alt((grouped, plain)), fraction), |(whole, fraction): (&str, Option<&str>)| {
        if whole.len() > 1 && whole.starts_with('0') {
            return None;
        }
        let mut digits = whole.replace(',', "");
        if let Some(fraction) = fraction {
            digits.push('.');
            digits.push_str(fraction);
        }
        Decimal::parse(&digits)
    })
    .parse(input)
}

fn plain(input: &str) -> IResult<&str, &str> {
    take_while1(|c: char| c.is_ascii_digit())(input)
}

/// `1,298` and `1,061,000`; `1,29` is no number, so that a list of cells is never read as one.
fn grouped(input: &str) -> IResult<&str, &str> {
    let digit = |c: char| c.is_ascii_digit();
    let groups = many1_count(pair(char(','), take_while_m_n(3, 3, digit)));
    let not_more = nom::combinator::not(satisfy(digit));
    terminated(recognize(pair(take_while_m_n(1, 3, digit), groups)), not_more).parse(input)
}

fn note(input: &str) -> IResult<&str, ()> {
    value((), (char('('), take_while1(|c| c != ')'), char(')'))).parse(input)
}

fn number_with_company(input: &str) -> IResult<&str, CellText> {
    let (input, before) = opt(approximate).parse(input)?;
    let (input, sign) = opt(sign).parse(input)?;
    let (input, value) = number(input)?;
    let (input, early) = opt(approximate).parse(input)?;
    let (input, unit) = opt(Unit::parse).parse(input)?;
    let (input, late) = opt(approximate).parse(input)?;
    let (input, _) = opt(note).parse(input)?;
    if before.or(early).or(late).is_some() {
        return Ok((input, CellText::Approximate));
    }
    let value = if sign == Some(true) { value.negated() } else { value };
    Ok((input, CellText::Number { value, unit, signed: sign.is_some() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> String {
        match cell(text) {
            CellText::Number { value, unit, .. } => format!("{value} {unit:?}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn ok_numbers() {
        assert_eq!(n("0"), "0 None");
        assert_eq!(n("１２３"), "123 None");
        assert_eq!(n(" 1,061,000 "), "1061000 None");
        assert_eq!(n("1，298"), "1298 None");
        assert_eq!(n("43.788万元"), "43.788 Some(WanYuan)");
        assert_eq!(n("152790 元"), "152790 Some(Yuan)");
        assert_eq!(n("2笔"), "2 Some(Count)");
        assert_eq!(n("减3"), "-3 None");
        assert_eq!(n("＋21"), "21 None");
        assert_eq!(n("−18"), "-18 None");
        assert_eq!(n("22（其中修订 16 件）"), "22 None");
        assert_eq!(n("**7**"), "7 None");
    }

    #[test]
    fn ok_nothing() {
        for text in ["", "  ", "\u{3000}", "\u{a0}"] {
            assert_eq!(cell(text), CellText::Empty);
        }
        for text in ["-", "—", "——", "/", "无", "－"] {
            assert_eq!(cell(text), CellText::Mark, "{text}");
        }
    }

    #[test]
    fn err_no_exact_number() {
        assert_eq!(cell("约100"), CellText::Approximate);
        assert_eq!(cell("1,29"), CellText::Other);
        assert_eq!(cell("3-5"), CellText::Other);
        assert_eq!(cell("12%"), CellText::Other);
        assert_eq!(cell("3 5"), CellText::Other);
        assert_eq!(cell("00"), CellText::Other);
    }
}
