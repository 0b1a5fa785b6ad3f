//! Years and dates as reports print them: `2022年`, `2 0 2 2 年`, `二〇二二年`, `２０２２`.

use nom::character::complete::satisfy;
use nom::combinator::map_opt;
use nom::{IResult, Parser};

/// The disclosure regulations took effect in 2008; nothing earlier is a report year, nothing past this century either.
const PLAUSIBLE: std::ops::RangeInclusive<i32> = 2000..=2099;

/// Four digits, ASCII or Chinese, that form a plausible year.
///
/// ```
/// use nianbao::number::year::year;
/// assert_eq!(year("2022年度").unwrap(), ("年度", 2022));
/// assert_eq!(year("二○一○年").unwrap(), ("年", 2010));
/// assert!(year("1899年").is_err());
/// ```
pub fn year(input: &str) -> IResult<&str, i32> {
    let digits = (digit, digit, digit, digit);
    map_opt(digits, |(a, b, c, d)| {
        let year = ((a * 10 + b) * 10 + c) * 10 + d;
        PLAUSIBLE.contains(&year).then_some(year)
    })
    .parse(input)
}

fn digit(input: &str) -> IResult<&str, i32> {
    map_opt(satisfy(|_| true), |c| {
        Some(match c {
            '0'..='9' => c as i32 - '0' as i32,
            '〇' | '○' | '零' | 'Ｏ' | 'o' | 'O' => 0,
            '一' => 1,
            '二' => 2,
            '三' => 3,
            '四' => 4,
            '五' => 5,
            '六' => 6,
            '七' => 7,
            '八' => 8,
            '九' => 9,
            _ => return None,
        })
    })
    .parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn err_no_year() {
        for text in ["202年", "12345", "二十年", ""] {
            assert!(!matches!(year(text), Ok(("年" | "", _))), "{text}");
        }
    }
}
