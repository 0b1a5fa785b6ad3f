//! Units printed beside a number: money, and the measure words that say nothing more than "one of these".

use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::combinator::value;
use nom::{IResult, Parser};

/// What a printed number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// 元
    Yuan,
    /// 万元
    WanYuan,
    /// 亿元
    YiYuan,
    /// 万 without 元: of money it says 万元, a count it says no exact number
    Wan,
    /// 亿 without 元
    Yi,
    /// 件, 条, 宗, 份 …: a count
    Count,
}

impl Unit {
    /// Reads a unit at the start of the text, the longest first.
    ///
    /// ```
    /// use nianbao::atoms::Unit;
    /// assert_eq!(Unit::parse("万元，").unwrap(), ("，", Unit::WanYuan));
    /// assert!(Unit::parse("规章").is_err());
    /// ```
    pub fn parse(input: &str) -> IResult<&str, Self> {
        const FIRST: &str = "亿億万萬元件条條宗份起次个個笔筆项項人";
        if !input.chars().next().is_some_and(|c| FIRST.contains(c)) {
            return Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Tag)));
        }
        let money = alt((
            value(Self::YiYuan, alt((tag("亿元"), tag("億元")))),
            value(Self::WanYuan, alt((tag("万元"), tag("萬元")))),
            value(Self::Yuan, alt((tag("元人民币"), tag("元")))),
        ));
        let count = alt((
            tag("件"),
            tag("条"),
            tag("條"),
            tag("宗"),
            tag("份"),
            tag("起"),
            tag("次"),
            tag("个"),
            tag("個"),
            tag("笔"),
            tag("筆"),
            tag("项"),
            tag("項"),
            tag("人"),
        ));
        alt((money, value(Self::Count, count))).parse(input)
    }

    /// Decimal places from this unit to 万元; negative for larger units, none for counts.
    pub const fn places_to_wan_yuan(self) -> Option<i8> {
        match self {
            Self::Yuan => Some(4),
            Self::WanYuan | Self::Wan => Some(0),
            Self::YiYuan | Self::Yi => Some(-4),
            Self::Count => None,
        }
    }
}
