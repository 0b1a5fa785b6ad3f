//! `单位：元`, `（万元）`: a unit of money that is stated apart from its numbers.
//!
//! ```text
//! caption = "单位" ( ":" | "为" | within brackets ) { other unit ("、" | "/") } money
//! money   = [ "人民币" ] [ multiple ] "元" [ "，" … ]
//! multiple= "万" | "亿"                      units that forms have; 千, 百, 美, 港 … are others
//! ```

use super::Unit;
use super::cell::is_blank;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::satisfy;
use nom::combinator::{opt, peek, value};
use nom::multi::many0_count;
use nom::sequence::{pair, preceded, terminated};
use nom::{IResult, Parser};

/// A unit of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Money {
    /// One that forms have.
    Known(Unit),
    /// Another, such as 千元 or 美元.
    Unknown,
}

/// Furthest money behind `单位：`, in characters: `件、人民币万元`.
const LONGEST: usize = 16;

fn blanks(input: &str) -> IResult<&str, &str> {
    take_while(is_blank)(input)
}

fn unit_word(input: &str) -> IResult<&str, ()> {
    value((), alt((tag("单"), tag("單"))))
        .parse(input)
        .and_then(|(rest, ())| value((), preceded(blanks, tag("位"))).parse(rest))
}

/// Points between `单位` and what it is.
fn points(input: &str) -> IResult<&str, usize> {
    many0_count(satisfy(|c| matches!(c, ':' | '：' | '为' | '為') || is_blank(c))).parse(input)
}

/// `元`, `万元`, `千元`, `美元`: letters may be set apart, and a line may end behind one of a unit's.
fn money(input: &str) -> IResult<&str, Money> {
    let (input, _) = opt(preceded(blanks, terminated(alt((tag("人民币"), tag("人民幣"))), points)))
        .parse(input)?;
    let multiple = satisfy(|c| {
        matches!(
            c,
            '万' | '萬'
                | '亿'
                | '億'
                | '千'
                | '百'
                | '十'
                | '美'
                | '港'
                | '欧'
                | '歐'
                | '日'
                | '澳'
        )
    });
    let (input, multiples) = take_multiples(multiple).parse(input)?;
    let (input, _) = preceded(blanks, tag("元")).parse(input)?;
    let known = match multiples[..] {
        [] => Money::Known(Unit::Yuan),
        ['万' | '萬'] => Money::Known(Unit::WanYuan),
        ['亿' | '億'] => Money::Known(Unit::YiYuan),
        _ => Money::Unknown,
    };
    Ok((input, known))
}

fn take_multiples<'t>(
    one: impl Parser<&'t str, Output = char, Error = nom::error::Error<&'t str>>,
) -> impl Parser<&'t str, Output = Vec<char>, Error = nom::error::Error<&'t str>> {
    nom::multi::many_m_n(0, 3, preceded(blanks, one))
}

/// Other units before that of money, as in `件、万元`.
fn others(input: &str) -> IResult<&str, usize> {
    let word = take_while1(|c| {
        matches!(c, '件' | '条' | '項' | '项' | '个' | '次' | '份' | '笔' | '人' | '宗')
    });
    many0_count(pair(
        preceded(blanks, word),
        preceded(blanks, satisfy(|c| matches!(c, '、' | '/' | '，' | ',' | '／' | ';' | '；'))),
    ))
    .parse(input)
}

/// The unit of money at the start of a text behind `单位：`, perhaps behind others; none when it names no money.
fn behind_word(text: &str) -> Option<Money> {
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    let text = &text[..end];
    // a unit that a line end cuts goes on; behind a whole word the next line is something else
    let first = text.trim_start_matches([' ', '\u{3000}', '\t']);
    if first.starts_with('\n') {
        return None;
    }
    preceded(others, money).parse(first).ok().map(|(_, money)| money)
}

/// What brackets behind a label say: `单位：万元，保留4位小数`, `元`; other words are a note.
///
/// ```
/// use nianbao::number::{Money, Unit, in_brackets};
/// assert_eq!(in_brackets("单位：万元"), Some(Money::Known(Unit::WanYuan)));
/// assert_eq!(in_brackets("千元"), Some(Money::Unknown));
/// assert_eq!(in_brackets("其中减免25元"), None);
/// ```
pub fn in_brackets(inside: &str) -> Option<Money> {
    let (rest, _) = opt(pair(unit_word, points)).parse(inside.trim()).ok()?;
    preceded(others, money).parse(rest).ok().map(|(_, money)| money)
}

/// The captions in a text: where the word 单位 stands, and the money it names.
pub fn stated(text: &str) -> impl Iterator<Item = (usize, Money)> {
    let finder = memchr::memmem::find_iter(text.as_bytes(), "位");
    finder.filter_map(move |at| {
        let before = text[..at].trim_end();
        let start = before.strip_suffix(['单', '單'])?;
        let after = &text[at + "位".len()..];
        let (rest, count) = points(after).ok()?;
        let pointed = after[..after.len() - rest.len()].contains([':', '：', '为', '為']);
        // 各单位 is no caption
        let is_stated =
            count > 0 && pointed || start.trim_end().ends_with(['(', '（', '[', '【', '〔']);
        if !is_stated {
            return None;
        }
        Some((at, behind_word(rest)?))
    })
}

/// Whether letters, folded, are a piece of a caption: `单位`, `元`, `单位万元`.
pub fn is_caption(letters: &str) -> bool {
    let word = alt((tag("计量单位"), tag("金额单位"), tag("单位"), tag("计量"), tag("金额")));
    let whole = pair(opt(word), opt(alt((value((), pair(others, money)), value((), Unit::parse)))));
    let parsed: IResult<&str, _> = terminated(whole, peek(blanks)).parse(letters);
    parsed.is_ok_and(|(rest, _)| rest.is_empty())
}

/// Whether a header's text names a column of units: a caption's word without its unit.
pub fn names_units(text: &str) -> bool {
    let letters: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    matches!(letters.as_str(), "计量单位" | "计量單位" | "单位" | "單位")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str) -> Vec<Money> {
        stated(text).map(|(_, money)| money).collect()
    }

    #[test]
    fn ok_stated() {
        for text in [
            "单位：元",
            "（单位:元）",
            "计量单位：人民币元",
            "单 位： 元",
            "（单\n位：元）",
            "單位：元",
        ] {
            assert_eq!(units(text), [Money::Known(Unit::Yuan)], "{text}");
        }
        for text in [
            "单位：万元",
            "金额单位为万元",
            "（单位万元）",
            "单位：件、万元",
            "单 位 ： 万 元",
            "（单位：万\n元）",
            "单位：人民币万元，保留4位小数",
        ] {
            assert_eq!(units(text), [Money::Known(Unit::WanYuan)], "{text}");
        }
        assert_eq!(units("单位：件\n 元"), []);
        assert_eq!(units("单位：亿元"), [Money::Known(Unit::YiYuan)]);
        assert_eq!(
            units("单位：件/元\n单位：万元"),
            [Money::Known(Unit::Yuan), Money::Known(Unit::WanYuan)]
        );
        for text in ["单位：千元", "单位：百万元", "单位：美元"] {
            assert_eq!(units(text), [Money::Unknown], "{text}");
        }
    }

    #[test]
    fn ok_in_brackets() {
        assert_eq!(in_brackets("元"), Some(Money::Known(Unit::Yuan)));
        assert_eq!(in_brackets("人民币：万元"), Some(Money::Known(Unit::WanYuan)));
        for unit in ["千元", "单位：百万元", "美元"] {
            assert_eq!(in_brackets(unit), Some(Money::Unknown), "{unit}");
        }
        assert_eq!(in_brackets("其中减免25元"), None);
        assert_eq!(in_brackets("件"), None);
    }

    #[test]
    fn err_no_money() {
        for text in [
            "单位：件",
            "各单位元旦期间",
            "单位：某公司（元）",
            "填报单位：某县开元镇",
            "单位名称 12 元",
            "位：元",
        ] {
            assert_eq!(units(text), [], "{text}");
        }
    }
}
