//! The grammar of a printed piece.
//!
//! ```text
//! cell     = blanks [ mark | figure ] blanks
//! mark     = dash { dash } | "/" { "/" } | "\" | "~" … | "无" | "N/A"       a person's way to write nothing
//! figure   = quantity | "**" quantity "**" | "`" quantity "`"               emphasis of Markdown
//! quantity = [ about ] [ "人民币" | "￥" ] [ sign ] number [ more ] [ unit ] [ more ] { note } [ stop ]
//! about    = "约" | "近" | "超" | "不足" | "≥" …
//! sign     = "+" | "-" | "增" [ "加" ] | "减" [ "少" ]
//! number   = ( group | digits ) [ point digit { digit } ]
//! group    = 1-3 digits "," 3 digits { "," 3 digits }                        all right, or no number
//! digits   = "0" | digit without zero { digit }                              `012` is two cells or none
//! more     = "余" | "多" | "左右" | "以上" …
//! unit     = "件" | "万元" | …                                               see Unit
//! note     = "（" letters … "）" | "[" … "]" | "①"                           `22（其中修订 16 件）`, `7261【1】`; not `695（约）`
//! stop     = "。" | "." | "、"                                               `24.`
//! ```
//!
//! Characters are read as [`fold`] reads them: digits, brackets, points and commas in every width.
//! Deliberately missing: Chinese numerals, ranges, fractions, percentages. They are printed, and no count.

use super::{Decimal, Unit};
use crate::fold::{self, Class};
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while_m_n, take_while1};
use nom::character::complete::satisfy;
use nom::combinator::{consumed, map_opt, not, opt, peek, recognize, value, verify};
use nom::multi::{many0_count, many1_count};
use nom::sequence::{delimited, pair, preceded, terminated};
use nom::{IResult, Parser};
use std::ops::Range;

/// An exact number as printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// Its value, before any unit.
    pub value: Decimal,
    /// The unit printed with it.
    pub unit: Option<Unit>,
    /// Whether a sign or 增/减 is printed.
    pub signed: bool,
}

/// What a printed piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Printed {
    /// One exact number.
    Number(Number),
    /// Nothing at all.
    Empty,
    /// A mark for nothing.
    Mark,
    /// A number marked as rounded: 余, 近, 约, 左右.
    Approximate,
    /// Anything else: it is printed, and is no exact number.
    NotANumber,
}

impl Printed {
    /// The number, if it is one.
    pub const fn number(self) -> Option<Number> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }
}

/// Longest piece, in bytes, that can be a number with its unit and note.
const LONGEST: usize = 400;
/// Most digits of a plain count that is read without the grammar.
const PLAIN: usize = 16;

/// Reads a whole piece: what it is, and where in it the number with sign and unit stands (the whole of it, blanks
/// aside, where it is none).
///
/// ```
/// use nianbao::number::{Printed, cell};
/// assert!(matches!(cell(" １，298 件").0, Printed::Number(n) if n.value.integer() == Some(1298)));
/// assert_eq!(cell("—").0, Printed::Mark);
/// assert_eq!(cell("100余条").0, Printed::Approximate);
/// assert_eq!(cell("3/5").0, Printed::NotANumber);
/// let text = "22（其中修订 16 件）";
/// assert_eq!(&text[cell(text).1], "22");
/// ```
pub fn cell(text: &str) -> (Printed, Range<usize>) {
    let bytes = text.as_bytes();
    // nearly every cell: a few ASCII digits
    if bytes.len() <= PLAIN && !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit) {
        let printed = match Decimal::parse(text) {
            Some(value) if bytes.len() == 1 || bytes[0] != b'0' => {
                Printed::Number(Number { value, unit: None, signed: false })
            }
            _ => Printed::NotANumber,
        };
        return (printed, 0..bytes.len());
    }
    let start = text.len() - text.trim_start_matches(is_blank).len();
    let inner = text[start..].trim_end_matches(is_blank);
    let whole = start..start + inner.len();
    if inner.is_empty() {
        return (Printed::Empty, whole);
    }
    if inner.len() > LONGEST {
        return (Printed::NotANumber, whole);
    }
    if inner.starts_with(begins_mark) && mark(inner).is_ok_and(|(rest, ())| rest.is_empty()) {
        return (Printed::Mark, whole);
    }
    if !inner.starts_with(begins_figure) {
        return (Printed::NotANumber, whole);
    }
    match figure(inner) {
        Ok(("", (printed, at))) => {
            let from = start + (at.as_ptr() as usize - inner.as_ptr() as usize);
            (printed, from..from + at.len())
        }
        _ => (Printed::NotANumber, whole),
    }
}

/// Whether a piece is a number, about one, or a mark in the place of one.
pub fn is_figure(text: &str) -> bool {
    !matches!(cell(text).0, Printed::NotANumber | Printed::Empty)
}

/// Blanks in every width, and characters that nobody sees.
pub(super) fn is_blank(c: char) -> bool {
    matches!(
        fold::table().class(c),
        Class::Space | Class::WideSpace | Class::Tab | Class::Newline | Class::Page
    )
}

pub(super) fn is_digit(c: char) -> bool {
    fold::table().class(c) == Class::Digit
}

fn blanks(input: &str) -> IResult<&str, &str> {
    take_while(is_blank)(input)
}

pub(super) const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '－' | '−' | '–' | '—' | '―' | '─' | '﹣' | '‐' | '‑' | '﹘')
}

/// What a mark begins with: nearly all text is refused by its first letter.
const fn begins_mark(c: char) -> bool {
    is_dash(c)
        || matches!(c, '/' | '／' | '∕' | '\\' | '＼' | '~' | '～' | '∼')
        || matches!(c, 'n' | 'N' | '无' | '無')
}

/// What a figure begins with.
fn begins_figure(c: char) -> bool {
    let leads = matches!(c, '*' | '`' | '人' | '￥' | '¥' | '+' | '＋' | '增' | '减' | '減');
    leads || is_digit(c) || is_dash(c) || begins_about(c)
}

/// What [`about`] begins with.
pub(super) const fn begins_about(c: char) -> bool {
    let word = matches!(c, '大' | '约' | '約' | '近' | '超' | '逾' | '不' | '至' | '将' | '接');
    word || matches!(c, '≈' | '≥' | '≤' | '>' | '<' | '＞' | '＜' | '～' | '~')
}

/// What [`more`] begins with.
const fn begins_more(c: char) -> bool {
    matches!(c, '余' | '餘' | '多' | '左' | '以' | '上' | '之' | '许')
}

/// A mark for nothing, whole: dashes, strokes or 无.
fn mark(input: &str) -> IResult<&str, ()> {
    // 一 in place of a dash is a word of one letter, and a numeral
    let dash = satisfy(is_dash);
    let dashes = many1_count(dash);
    let strokes = many1_count(satisfy(|c| matches!(c, '/' | '／' | '∕')));
    let backward = many1_count(satisfy(|c| matches!(c, '\\' | '＼')));
    let waves = many1_count(satisfy(|c| matches!(c, '~' | '～' | '∼')));
    // nan, None, null: a blank cell as programs write it
    let programs = alt((tag("nan"), tag("NaN"), tag("None"), tag("null"), tag("NULL")));
    let words = alt((tag("无"), tag("無"), tag("N/A"), tag("n/a"), programs));
    let marks = alt((
        value((), dashes),
        value((), strokes),
        value((), backward),
        value((), waves),
        value((), words),
    ));
    terminated(marks, not(satisfy(|_| true))).parse(input)
}

type Figure<'t> = (Printed, &'t str);

fn figure(input: &str) -> IResult<&str, Figure<'_>> {
    let strong = delimited(tag("**"), quantity, tag("**"));
    let light = delimited(tag("*"), quantity, tag("*"));
    let code = delimited(tag("`"), quantity, tag("`"));
    alt((quantity, strong, light, code)).parse(input)
}

fn quantity(input: &str) -> IResult<&str, Figure<'_>> {
    let (input, about) = opt(terminated(about, blanks)).parse(input)?;
    let (input, currency) = opt(terminated(currency, blanks)).parse(input)?;
    let (input, ((sign, number, early, unit, late), at)) = spanned(core).parse(input)?;
    let (input, _) = many0_count(preceded(blanks, note)).parse(input)?;
    let (input, _) = opt(satisfy(|c| matches!(c, '。' | '.' | '．' | '、'))).parse(input)?;
    if about.or(early).or(late).is_some() {
        return Ok((input, (Printed::Approximate, at)));
    }
    if currency.is_some() && unit.is_none_or(|unit| unit.places_to_wan_yuan().is_none()) {
        // ￥251000: of what, it does not say
        return Ok((input, (Printed::NotANumber, at)));
    }
    let value = if sign == Some(true) { number.negated() } else { number };
    Ok((input, (Printed::Number(Number { value, unit, signed: sign.is_some() }), at)))
}

/// What a parser read, with the text of it.
fn spanned<'t, O>(
    parser: impl Parser<&'t str, Output = O, Error = nom::error::Error<&'t str>>,
) -> impl Parser<&'t str, Output = (O, &'t str), Error = nom::error::Error<&'t str>> {
    consumed(parser).map(|(at, out)| (out, at))
}

type Core = (Option<bool>, Decimal, Option<()>, Option<Unit>, Option<()>);

/// The number with sign and unit.
fn core(input: &str) -> IResult<&str, Core> {
    let (input, sign) = opt(terminated(sign, blanks)).parse(input)?;
    let (input, number) = number(input)?;
    let (input, early) = opt(preceded(blanks, more)).parse(input)?;
    let (input, unit) = opt(preceded(blanks, Unit::parse)).parse(input)?;
    let (input, late) = opt(preceded(blanks, more)).parse(input)?;
    Ok((input, (sign, number, early, unit, late)))
}

/// A word or mark before a number that makes it inexact.
pub(super) fn about(input: &str) -> IResult<&str, ()> {
    peek(satisfy(begins_about)).parse(input)?;
    let words = alt((
        tag("大约"),
        tag("约为"),
        tag("约"),
        tag("約"),
        tag("近"),
        tag("超过"),
        tag("超"),
        tag("逾"),
        tag("不足"),
        tag("至少"),
        tag("近似"),
        tag("将近"),
        tag("接近"),
    ));
    value(
        (),
        alt((
            words,
            tag("≈"),
            tag("≥"),
            tag("≤"),
            tag(">"),
            tag("<"),
            tag("＞"),
            tag("＜"),
            tag("～"),
            tag("~"),
        )),
    )
    .parse(input)
}

/// A word behind a number that makes it inexact.
pub(super) fn more(input: &str) -> IResult<&str, ()> {
    peek(satisfy(begins_more)).parse(input)?;
    let words = alt((
        tag("余"),
        tag("餘"),
        tag("多"),
        tag("左右"),
        tag("以上"),
        tag("以下"),
        tag("以内"),
        tag("上下"),
        tag("之多"),
        tag("许"),
    ));
    value((), words).parse(input)
}

fn currency(input: &str) -> IResult<&str, ()> {
    value((), alt((tag("人民币"), tag("人民幣"), tag("￥"), tag("¥")))).parse(input)
}

/// Whether a sign makes the number negative.
pub(super) fn sign(input: &str) -> IResult<&str, bool> {
    let up = alt((tag("+"), tag("＋"), tag("增加"), tag("增")));
    let down = alt((tag("减少"), tag("減少"), tag("减"), tag("減")));
    let minus = satisfy(|c| matches!(c, '-' | '－' | '−' | '–' | '﹣'));
    // a sign stands before a digit, a word may stand apart from it
    let ends = peek(preceded(blanks, satisfy(is_digit)));
    terminated(alt((value(false, up), value(true, down), value(true, minus))), ends).parse(input)
}

/// Digits with separators of thousands or without, and a fraction.
pub(super) fn number(input: &str) -> IResult<&str, Decimal> {
    let point = satisfy(|c| matches!(c, '.' | '．'));
    let fraction = opt(preceded(point, take_while1(is_digit)));
    map_opt(pair(alt((grouped, plain)), fraction), |(whole, fraction): (&str, Option<&str>)| {
        let table = fold::table();
        let mut buffer = [0u8; 40];
        let mut length = 0;
        let digits = whole.chars().filter(|c| is_digit(*c));
        let point = fraction.map(|_| '.');
        for c in digits
            .map(|c| table.fold(c))
            .chain(point)
            .chain(fraction.unwrap_or("").chars().map(|c| table.fold(c)))
        {
            *buffer.get_mut(length)? = c as u8;
            length += 1;
        }
        Decimal::parse(std::str::from_utf8(&buffer[..length]).ok()?)
    })
    .parse(input)
}

/// Digits without a zero before others, and no separator behind them.
fn plain(input: &str) -> IResult<&str, &str> {
    let zero =
        terminated(take_while_m_n(1, 1, |c| fold::table().fold(c) == '0'), not(satisfy(is_digit)));
    let other = verify(take_while1(is_digit), |digits: &str| {
        digits.chars().next().is_some_and(|c| fold::table().fold(c) != '0')
    });
    terminated(alt((zero, other)), not(comma)).parse(input)
}

fn comma(input: &str) -> IResult<&str, ()> {
    value((), satisfy(|c| matches!(c, ',' | '，'))).parse(input)
}

/// `1,298` and `1,061,000`; `1,29` and `1,2345` are no numbers.
fn grouped(input: &str) -> IResult<&str, &str> {
    let groups = many1_count(preceded(comma, take_while_m_n(3, 3, is_digit)));
    let first = verify(take_while_m_n(1, 3, is_digit), |digits: &str| {
        digits.chars().next().is_some_and(|c| fold::table().fold(c) != '0')
    });
    let not_more = not(satisfy(|c| is_digit(c) || matches!(c, ',' | '，')));
    terminated(recognize(pair(first, groups)), not_more).parse(input)
}

/// Whether words in brackets behind a number leave it what it is: they speak of a part of it, of another number or place, or
/// are its unit or an ordinal. All others may say of which year, in what, or how nearly: `695（上年）`, `695（万）`, `695（约）`.
fn leaves_the_number(words: &str) -> bool {
    const PLACES: [&str; 5] = ["注", "见", "详见", "附注", "备注"];
    const CORRECTS: [&str; 8] = ["更正", "订正", "修正", "应", "实", "原", "改", "误"];
    let words = words.trim();
    let begins = |known: &&str| words.starts_with(*known);
    let is_ordinal = || words.chars().all(|c| "一二三四五六七八九十".contains(c));
    let is_unit = || super::Unit::parse(words) == Ok(("", super::Unit::Count));
    // `28（上年5）`, and not `28（2021年）` or `28（更正：29）`
    let has_own = || {
        if CORRECTS.iter().any(begins) {
            return false;
        }
        let rest = words.strip_prefix("上年").unwrap_or(words);
        // `28（1-11月）` is of a part of the year
        rest.contains(is_digit) && !rest.contains(['年', '月']) && sign(words).is_err()
    };
    speaks_of_a_part(words) || PLACES.iter().any(begins) || is_ordinal() || is_unit() || has_own()
}

/// Whether words in brackets speak of a part of what stands before them.
fn speaks_of_a_part(words: &str) -> bool {
    const PARTS: [&str; 10] =
        ["其中", "含", "包括", "包含", "不含", "修改", "修订", "新增", "废止", "新修订"];
    PARTS.iter().any(|known| words.trim_start().starts_with(known))
}

/// A note behind a number: letters in brackets, a reference in square ones, a circled number.
pub(super) fn note(input: &str) -> IResult<&str, ()> {
    const OPEN: [char; 5] = ['[', '［', '【', '〔', '〖'];
    const CLOSE: [char; 5] = [']', '］', '】', '〕', '〗'];
    let is = |class: Class| move |c: char| fold::table().class(c) == class;
    let inside =
        verify(take_while1(move |c| !is(Class::Open)(c) && !is(Class::Close)(c)), |text: &str| {
            text.chars().any(is(Class::Letter)) && leaves_the_number(text)
                || text.starts_with(['[', '【', '〔', '［'])
        });
    let round = delimited(satisfy(is(Class::Open)), inside, satisfy(is(Class::Close)));
    let square = delimited(
        satisfy(|c| OPEN.contains(&c)),
        take_while1(|c| !OPEN.contains(&c) && !CLOSE.contains(&c)),
        satisfy(|c| CLOSE.contains(&c)),
    );
    let circled = satisfy(|c| matches!(c, '\u{2460}'..='\u{2473}' | '\u{2776}'..='\u{277F}'));
    alt((value((), round), value((), square), value((), circled))).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> String {
        match cell(text).0 {
            Printed::Number(Number { value, unit, .. }) => match unit {
                None => value.to_string(),
                Some(unit) => format!("{value} {unit:?}"),
            },
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn ok_numbers() {
        for (text, expected) in [
            ("0", "0"),
            ("１２３", "123"),
            (" 1,061,000 ", "1061000"),
            ("1，298", "1298"),
            ("43.788万元", "43.788 WanYuan"),
            ("152790 元", "152790 Yuan"),
            ("人民币152790元", "152790 Yuan"),
            ("￥152790元", "152790 Yuan"),
            ("2笔", "2 Count"),
            ("37例", "37 Count"),
            ("减3", "-3"),
            ("减少 3", "-3"),
            ("＋21", "21"),
            ("−18", "-18"),
            ("22（其中修订 16 件）", "22"),
            ("7261【1】", "7261"),
            ("30[1]", "30"),
            ("12①", "12"),
            ("**7**", "7"),
            ("24.", "24"),
            ("3、", "3"),
            ("0.370", "0.37"),
        ] {
            assert_eq!(n(text), expected, "{text}");
        }
    }

    #[test]
    fn ok_nothing() {
        for text in ["", "  ", "\u{3000}", "\u{a0}\n"] {
            assert_eq!(cell(text).0, Printed::Empty);
        }
        for text in
            ["-", "—", "——", "/", "无", "－", "\\", " 无 ", "//", "無", "N/A", "nan", "None"]
        {
            assert_eq!(cell(text).0, Printed::Mark, "{text}");
        }
    }

    #[test]
    fn ok_inexact() {
        for text in ["约100", "100余条", "12左右", "近12", "12多", "≥3", "12以上"] {
            assert_eq!(cell(text).0, Printed::Approximate, "{text}");
        }
        for text in
            ["大约1", "约为1", "約1", "超过1", "超1", "逾1", "不足1", "至少1", "将近1", "接近1"]
        {
            assert_eq!(cell(text).0, Printed::Approximate, "{text}");
        }
        for text in ["≈1", "≤1", ">1", "<1", "＞1", "＜1", "～1", "~1"] {
            assert_eq!(cell(text).0, Printed::Approximate, "{text}");
        }
        for text in ["1餘", "1以下", "1以内", "1上下", "1之多", "1许"] {
            assert_eq!(cell(text).0, Printed::Approximate, "{text}");
        }
    }

    #[test]
    fn err_no_exact_number() {
        for text in [
            "3/5",
            "12:30",
            "12,34",
            "12 3",
            "12[",
            "43. 788",
            "~~7~~12",
            "12%",
            "12％",
            "↓5",
            "37千元",
            "1O",
            "l2",
            "三",
            "十二",
            "见附件",
            "（12）",
            "#REF!",
            "1,29",
            "1,2345",
            ",123",
            "1,,234",
            "00",
            "012",
            "3-5",
            "3—5",
            "12;3",
            "1.2.3",
            "1e3",
            "*",
            "12*",
            "√",
            "TRUE",
            "-件",
            "1'234",
            "$12",
            "12+3",
            "12x",
            "其中3",
            "--31",
            "第12",
            "12（3）",
            "￥12",
            "0,123",
            "12‰",
            "没有",
            "12\u{fffd}",
            "..",
            "12..",
            "-/",
            "一",
        ] {
            assert_eq!(cell(text).0, Printed::NotANumber, "{text}");
        }
    }
}
