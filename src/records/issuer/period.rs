//! The year that a title names: `2022年度`, `二〇〇九年`, `（2018）`. `2022-2023学年` is two and proves none.
//!
//! ```text
//! period  = days | several | one
//! one     = year ["学"] ["年"] ["度"]
//! several = year ["年"] ["度"] to (year | two digits) ["学"] ["年"] ["度"]
//! days    = year "年" day ["起"] to [year "年"] day ["止"]
//! ```

use crate::number::year::year;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while_m_n};
use nom::character::complete::one_of;
use nom::combinator::{map, opt, recognize};
use nom::error::ErrorKind;
use nom::sequence::{preceded, terminated};
use nom::{IResult, Parser};

/// The year of a title.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Years {
    /// None is named.
    #[default]
    Unsaid,
    /// One is.
    One(i32),
    /// Several are: none can be given.
    Several,
}

/// A period in a text without blanks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    /// Its first byte, brackets around it included.
    pub(super) start: usize,
    /// One past its last.
    pub(super) end: usize,
    pub(super) years: Years,
}

fn digits(most: usize) -> impl Fn(&str) -> IResult<&str, &str> {
    move |input| take_while_m_n(1, most, |c: char| c.is_ascii_digit()).parse(input)
}

fn to(input: &str) -> IResult<&str, char> {
    one_of("-–—－―─~～至到、和及与/").parse(input)
}

fn year_word(input: &str) -> IResult<&str, &str> {
    recognize((opt(tag("学")), tag("年"), opt(tag("度")))).parse(input)
}

fn day(input: &str) -> IResult<&str, &str> {
    recognize((digits(2), tag("月"), digits(2), tag("日"))).parse(input)
}

fn one(input: &str) -> IResult<&str, Years> {
    map(terminated(year, opt(year_word)), Years::One).parse(input)
}

fn several(input: &str) -> IResult<&str, Years> {
    let short = recognize((take_while_m_n(2, 2, |c: char| c.is_ascii_digit()), year_word));
    let second = alt((map(terminated(year, opt(year_word)), Some), map(short, |_| None)));
    let both = (terminated(year, opt(year_word)), preceded(to, second));
    map(both, |(first, second)| match second {
        Some(second) if second == first => Years::One(first),
        _ => Years::Several,
    })
    .parse(input)
}

fn days(input: &str) -> IResult<&str, Years> {
    let first = terminated(year, (tag("年"), day, opt(tag("起")), to));
    let second = terminated(opt(terminated(year, tag("年"))), (day, opt(tag("止"))));
    map((first, second), |(first, second)| match second {
        Some(second) if second != first => Years::Several,
        _ => Years::One(first),
    })
    .parse(input)
}

/// The period that a text begins with, as far as it is one and no date.
pub(super) fn period(input: &str) -> IResult<&str, Years> {
    let (rest, years) = alt((days, several, one)).parse(input)?;
    let has_word = input[..input.len() - rest.len()].contains('年');
    let is_date = (digits(2), tag("月")).parse(rest).is_ok();
    let is_longer = !has_word && rest.starts_with(|c: char| c.is_ascii_digit());
    if is_date || is_longer {
        return Err(nom::Err::Error(nom::error::Error::new(input, ErrorKind::Verify)));
    }
    Ok((rest, years))
}

/// The last period of a text whose blanks stood where it is said. A year without 年 counts at the end only, before the
/// name of the report, and in brackets.
pub(super) fn last(text: &str, is_blank: impl Fn(usize) -> bool) -> Option<Period> {
    let mut found = None;
    let mut before = ' ';
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if (!before.is_ascii_digit() || is_blank(at))
            && let Ok((rest, years)) = period(&text[at..])
        {
            let end = text.len() - rest.len();
            let mut span = Period { start: at, end, years };
            let open = text[..at].chars().next_back().filter(|c| matches!(c, '（' | '('));
            let close = rest.chars().next().filter(|c| matches!(c, '）' | ')'));
            if let (Some(open), Some(close)) = (open, close) {
                span.start -= open.len_utf8();
                span.end += close.len_utf8();
            }
            if text[at..end].contains('年') || rest.is_empty() || span.end > end {
                found = Some(span);
            }
            before = '年';
            at = end;
        } else {
            before = c;
            at += c.len_utf8();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_periods() {
        let years = |text: &str| last(text, |_| false).map(|p| p.years);
        assert_eq!(years("鲁山县2020年"), Some(Years::One(2020)));
        assert_eq!(years("（2018）鲁山县"), Some(Years::One(2018)));
        assert_eq!(years("鲁山县二〇〇九年度"), Some(Years::One(2009)));
        assert_eq!(years("2014年1月1日至12月31日"), Some(Years::One(2014)));
        assert_eq!(years("2023年发布的2022年度"), Some(Years::One(2022)));
        assert_eq!(years("第一中学2022-2023学年度"), Some(Years::Several));
        assert_eq!(years("第一中学2022-23学年"), Some(Years::Several));
        assert_eq!(years("鲁山县2019、2020年"), Some(Years::Several));
    }

    #[test]
    fn err_a_date_is_no_period() {
        let last = |text: &str| super::last(text, |at| at == 2);
        assert_eq!(last("2023年1月20日鲁山县"), None);
        assert_eq!(last("2023-01-12鲁山县"), None);
        assert_eq!(last("2018鲁山县"), None);
        // a number before it, behind a blank
        assert_eq!(last("202021年鲁山县").map(|p| (p.start, p.years)), Some((2, Years::One(2021))));
    }
}
