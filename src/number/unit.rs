//! Units printed beside a number: money, and the measure words that say nothing more than "one of these".

use nom::bytes::complete::tag;
use nom::character::complete::satisfy;
use nom::combinator::peek;
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

/// Every spelling, longer ones before those they begin with.
const WORDS: &[(&str, Unit)] = &[
    ("亿元人民币", Unit::YiYuan),
    ("亿元", Unit::YiYuan),
    ("億元", Unit::YiYuan),
    ("万元人民币", Unit::WanYuan),
    ("万元", Unit::WanYuan),
    ("萬元", Unit::WanYuan),
    ("元人民币", Unit::Yuan),
    ("元整", Unit::Yuan),
    ("元", Unit::Yuan),
    ("万件", Unit::Wan),
    ("万条", Unit::Wan),
    ("万次", Unit::Wan),
    ("万人次", Unit::Wan),
    ("万", Unit::Wan),
    ("萬", Unit::Wan),
    ("亿", Unit::Yi),
    ("億", Unit::Yi),
    ("件次", Unit::Count),
    ("人次", Unit::Count),
    ("件", Unit::Count),
    ("条", Unit::Count),
    ("條", Unit::Count),
    ("宗", Unit::Count),
    ("份", Unit::Count),
    ("起", Unit::Count),
    ("次", Unit::Count),
    ("个", Unit::Count),
    ("個", Unit::Count),
    ("笔", Unit::Count),
    ("筆", Unit::Count),
    ("项", Unit::Count),
    ("項", Unit::Count),
    ("例", Unit::Count),
    ("部", Unit::Count),
    ("篇", Unit::Count),
    ("户", Unit::Count),
    ("家", Unit::Count),
    ("人", Unit::Count),
];

/// What a unit begins with: most of what stands behind a number is none.
const fn begins(c: char) -> bool {
    matches!(
        c,
        '亿' | '億' | '万' | '萬' | '元' | '件' | '人' | '条' | '條' | '宗' | '份' | '起' | '次'
    ) || matches!(c, '个' | '個' | '笔' | '筆' | '项' | '項' | '例' | '部' | '篇' | '户' | '家')
}

impl Unit {
    /// Reads a unit at the start of the text, the longest first.
    ///
    /// ```
    /// use nianbao::number::Unit;
    /// assert_eq!(Unit::parse("万元，").unwrap(), ("，", Unit::WanYuan));
    /// assert!(Unit::parse("规章").is_err());
    /// ```
    pub fn parse(input: &str) -> IResult<&str, Self> {
        peek(satisfy(begins)).parse(input)?;
        for (word, unit) in WORDS {
            if input.starts_with(word) {
                return tag(*word).map(|_| *unit).parse(input);
            }
        }
        Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Tag)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_every_word_is_read() {
        for (word, unit) in WORDS {
            assert_eq!(Unit::parse(word), Ok(("", *unit)), "{word}");
        }
    }
}
