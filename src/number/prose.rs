//! An amount within a sentence: the number grammar, Chinese numerals, and the words that make an amount inexact.
//!
//! ```text
//! amount  = ( vague | [ about ] count ) [ more ] [ unit [ more ] ]
//! count   = number [ "万" … ] | chinese           12, 1,298; 万 after digits is rounding
//! chinese = numeral words that say one number     十二, 一百零三, 两; 二三十 is none
//! vague   = ( "几" | "数" | "上" | "近" … ) ( "十" | "百" … ) | "若干"
//! ```

use super::Decimal;
use super::cell::{about, begins_about, is_digit, more, number};
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::{one_of, satisfy};
use nom::combinator::{map_opt, not, opt, peek, value};
use nom::sequence::{preceded, terminated};
use nom::{IResult, Parser};

/// An amount as a sentence says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount<'t> {
    /// The number, before any unit; zero where it is only vaguely said.
    pub value: Decimal,
    /// Whether it is said exactly.
    pub exact: bool,
    /// The measure word behind it, empty when there is none.
    pub unit: &'t str,
}

/// Reads an amount at the start of a text; `unit` gives the bytes of the measure word that a text begins with.
///
/// ```
/// use nianbao::number::amount;
/// let unit = |text: &str| ["件", "条"].iter().find(|unit| text.starts_with(**unit)).map(|unit| unit.len());
/// let read = |text| amount(text, unit).map(|(_, amount)| (amount.value.to_string(), amount.exact)).ok();
/// assert_eq!(read("1,298条，"), Some(("1298".to_owned(), true)));
/// assert_eq!(read("一百零三件"), Some(("103".to_owned(), true)));
/// assert_eq!(read("300余条"), Some(("300".to_owned(), false)));
/// assert_eq!(read("3/5条"), None);
/// ```
pub fn amount(text: &str, unit: impl Fn(&str) -> Option<usize>) -> IResult<&str, Amount<'_>> {
    // no amount begins at most letters of a sentence
    peek(satisfy(begins)).parse(text)?;
    let counted = |text| {
        let (rest, about) = opt(about).parse(text)?;
        let (rest, (number, exact)) = alt((digits, words)).parse(rest)?;
        Ok((rest, (number, exact && about.is_none())))
    };
    let (rest, (number, exact)) = alt((vague, counted)).parse(text)?;
    let (rest, early) = opt(more).parse(rest)?;
    let length = unit(rest).unwrap_or(0);
    let (unit, rest) = rest.split_at(length);
    let (rest, late) = if unit.is_empty() { (rest, None) } else { opt(more).parse(rest)? };
    // a number goes on: 3/5, 12%, 12-15
    let goes_on = |c: char| is_digit(c) || "/／%％‰-.:~～— ".contains(c);
    let bare = unit.is_empty();
    let (rest, ()) = not(satisfy(|c| bare && goes_on(c))).parse(rest)?;
    let exact = exact && early.or(late).is_none();
    Ok((rest, Amount { value: number, exact, unit }))
}

/// What an amount begins with.
fn begins(c: char) -> bool {
    is_digit(c) || begins_about(c) || begins_many(c) || is_numeral(c) || c == '若'
}

const fn begins_many(c: char) -> bool {
    matches!(c, '几' | '数' | '上' | '成' | '近' | '约' | '逾')
}

const fn is_numeral(c: char) -> bool {
    matches!(c, '零' | '〇' | '一' | '二' | '两' | '三' | '四' | '五' | '六' | '七' | '八' | '九')
        || is_power(c)
}

const fn is_power(c: char) -> bool {
    matches!(c, '十' | '百' | '千' | '万')
}

/// 几十, 上百, 若干: no number at all.
fn vague(input: &str) -> IResult<&str, (Decimal, bool)> {
    let many = preceded(satisfy(begins_many), take_while1(is_power));
    value((Decimal::ZERO, false), alt((many, tag("若干")))).parse(input)
}

fn digits(input: &str) -> IResult<&str, (Decimal, bool)> {
    let (rest, number) = number(input)?;
    // 3万条, 23.9847万次: rounded, however many digits stand before it
    let (rest, thousands) = opt(one_of("百千万亿")).parse(rest)?;
    let fits = thousands.is_some() || !rest.starts_with(is_digit);
    let end = nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Verify));
    if fits { Ok((rest, (number, thousands.is_none()))) } else { Err(end) }
}

fn words(input: &str) -> IResult<&str, (Decimal, bool)> {
    let numeral = take_while1(is_numeral);
    let said =
        map_opt(numeral, |said: &str| chinese(said).map(|value| (Decimal::new(value, 0), true)));
    terminated(said, not(peek(satisfy(is_digit)))).parse(input)
}

/// The value of a whole numeral in words; none where it is not one number: `二三十`, `二〇一八`.
///
/// ```
/// use nianbao::number::chinese;
/// assert_eq!(["十二", "两", "一百零三", "三千零五十", "一万二千"].map(chinese), [12, 2, 103, 3050, 12000].map(Some));
/// assert_eq!(["二三十", "二〇一八", "百", "一百二"].map(chinese), [None; 4]);
/// ```
pub fn chinese(said: &str) -> Option<i64> {
    if matches!(said, "零" | "〇") {
        return Some(0);
    }
    let (high, low) = said.split_once('万').map_or((None, said), |(high, low)| (Some(high), low));
    let high = high.map_or(Some(0), |high| below_ten_thousand(high, true))?;
    if high > 0 && low.is_empty() {
        return Some(high * 10_000);
    }
    Some(high * 10_000 + below_ten_thousand(low, high == 0)?)
}

/// 1 to 9999; `is_first` where nothing stands before it, so that it may begin with 十.
fn below_ten_thousand(said: &str, is_first: bool) -> Option<i64> {
    let (mut sum, mut digit, mut least, mut zero) = (0, None, 10_000, false);
    for c in said.chars() {
        if let Some(place) = "一二三四五六七八九".chars().chain(['两']).position(|d| d == c)
        {
            if digit.is_some() {
                return None;
            }
            digit = Some(if c == '两' { 2 } else { place as i64 + 1 });
        } else if matches!(c, '零' | '〇') {
            if digit.is_some() || zero {
                return None;
            }
            zero = true;
        } else {
            let power = match c {
                '十' => 10,
                '百' => 100,
                _ => 1000,
            };
            let alone = c == '十' && sum == 0 && is_first && !zero;
            let digit = digit.take().or(alone.then_some(1))?;
            if power >= least {
                return None;
            }
            (sum, least, zero) = (sum + digit * power, power, false);
        }
    }
    match digit {
        // 一百二 says 120, and 一千二 1200: only after 十 or 零 is it the ones
        Some(digit) if least == 10 || least == 10_000 || zero => Some(sum + digit),
        Some(_) => None,
        None => (sum > 0 && !zero).then_some(sum),
    }
}
