//! Lines that look like headings: a Chinese numeral with its mark and a few words, alone on a line.
//!
//! ```text
//! heading = ("第" numeral ("部分" | "章") | numeral) mark title
//! numeral = 1-3 Chinese numerals
//! mark    = "、" | "." | "．" | "，" | "：" | blanks
//! ```

use super::heading::Heading;
use crate::fold;
use crate::grammar::{Grammar, Hit, Role};
use crate::lines::Skeleton;
use crate::span::Span;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while_m_n, take_while1};
use nom::combinator::{opt, recognize};
use nom::sequence::{delimited, terminated};
use nom::{IResult, Parser};

/// A line that looks like a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// What its numeral says.
    pub number: usize,
    /// The numeral, as printed.
    pub ordinal: Span,
    /// The words behind it.
    pub title: Span,
}

const NUMERALS: &str = "一二三四五六七八九十";
/// Longest title in letters.
const LONGEST: usize = 40;
/// Bytes of the longest line that is looked at: titles can have blanks between their letters.
const LONGEST_LINE: usize = 8 * LONGEST;

fn numeral(input: &str) -> IResult<&str, &str> {
    take_while_m_n(1, 3, |c| NUMERALS.contains(fold::table().fold(c))).parse(input)
}

fn ordinal(input: &str) -> IResult<&str, &str> {
    let part = delimited(tag("第"), numeral, alt((tag("部分"), tag("章"))));
    let is_mark = |c: char| c.is_whitespace() || "、.．，：:".contains(c);
    alt((terminated(part, opt(take_while1(is_mark))), terminated(numeral, take_while1(is_mark))))
        .parse(input)
}

/// The value of a numeral up to 99.
fn value(numeral: &str) -> usize {
    let digit = |c: char| NUMERALS.chars().position(|n| n == c).map_or(0, |at| at + 1);
    numeral.chars().map(|c| digit(fold::table().fold(c))).fold(0, |sum, digit| {
        // 二十一: the tens are said before their word
        if digit == 10 && sum > 0 { sum * 10 } else { sum + digit }
    })
}

/// All such lines outside of tables, by place. A text without them can have `1、`, if these count from one without a gap.
pub fn find(grammar: &Grammar, source: &str, skeleton: &Skeleton, hits: &[Hit]) -> Vec<Line> {
    /// Fewer could be a list.
    const FEWEST: usize = 4;
    let lines = all(grammar, source, skeleton, hits, line);
    if !lines.is_empty() {
        return lines;
    }
    let digits = all(grammar, source, skeleton, hits, digit_line);
    let counts = digits.iter().zip(1..).all(|(line, number)| line.number == number);
    if counts && digits.len() >= FEWEST { digits } else { lines }
}

fn all(
    grammar: &Grammar,
    source: &str,
    skeleton: &Skeleton,
    hits: &[Hit],
    line: impl Fn(&str, Span) -> Option<Line>,
) -> Vec<Line> {
    let is_furniture = |span: &Span| {
        skeleton.furniture.binary_search_by_key(&span.start, |line| line.start).is_ok()
    };
    (1..=skeleton.lines.count() as u32)
        .map(|number| skeleton.lines.span(number))
        .filter_map(|span| line(source, span).filter(|_| !is_furniture(&span)))
        .filter(|line| !is_label(grammar, skeleton, hits, line))
        .collect()
}

fn line(source: &str, span: Span) -> Option<Line> {
    let whole = span.of(source);
    if whole.len() > LONGEST_LINE {
        return None;
    }
    let is_edge = |c: char| c.is_whitespace() || "#*|【】>".contains(c);
    let text = whole.trim_start_matches(is_edge);
    // cheap first: most lines begin with another letter
    if !text.starts_with(|c| c == '第' || NUMERALS.contains(fold::table().fold(c))) {
        return None;
    }
    let start = span.start as usize + (whole.len() - text.len());
    let (title, numeral) = ordinal(text).ok()?;
    let begin = start + (text.len() - title.len());
    let title = title.trim_end_matches(|c: char| is_edge(c) || matches!(c, '：' | ':'));
    let title = title.strip_suffix('。').unwrap_or(title);
    is_title(title).then(|| Line {
        number: value(numeral),
        ordinal: Span::new(start as u32, start as u32 + printed(text)),
        title: Span::new(begin as u32, (begin + title.len()) as u32),
    })
}

/// The same with a digit: `1、主动公开情况`.
fn digit_line(source: &str, span: Span) -> Option<Line> {
    let whole = span.of(source);
    let text = whole.trim_start();
    let length = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = text[length..].strip_prefix(['、', '.', '．'])?;
    if whole.len() > LONGEST_LINE || !(1..=2).contains(&length) {
        return None;
    }
    let title = rest.trim().trim_end_matches(['：', ':']);
    let number = text[..length].parse().ok()?;
    let end = span.start as usize + whole.len();
    let start = end - text.len();
    let begin = end - rest.trim_start().len();
    is_title(title).then(|| Line {
        number,
        ordinal: Span::new(start as u32, (end - rest.len()) as u32),
        title: Span::new(begin as u32, (begin + title.len()) as u32),
    })
}

/// A numeral that begins words behind a sentence or at the start of a line and goes on where the headings end: 五、存在问题人少。
/// Nobody can tell where such a heading ends, but it must not be lost without a word.
pub fn glued(source: &str, outline: &[Heading]) -> Option<Line> {
    let last = outline.last()?;
    let number = value(numeral(last.ordinal.of(source)).ok()?.1);
    let from = last.title.end as usize;
    let mut begins = false;
    for (at, c) in source[from..].char_indices() {
        let text = &source[from + at..];
        if begins
            && let Ok((rest, own)) = numeral(text)
            && rest.starts_with('、')
            && value(own) == number + 1
        {
            let start = (from + at) as u32;
            let begin = start + (own.len() + '、'.len_utf8()) as u32;
            let words = source[begin as usize..].char_indices().nth(10).map_or(0, |(at, _)| at);
            return Some(Line {
                number: number + 1,
                ordinal: Span::new(start, begin),
                title: Span::new(begin, begin + words as u32),
            });
        }
        begins = matches!(c, '。' | '\n') || begins && c.is_whitespace();
    }
    None
}

/// Bytes of the ordinal that a text begins with, without blanks behind it.
fn printed(text: &str) -> u32 {
    let ordinal = recognize(ordinal).parse(text).map_or("", |(_, ordinal)| ordinal);
    ordinal.trim_end().len() as u32
}

/// Whether words can be a heading: few, no sentence, no number but a year's, no other ordinal.
fn is_title(title: &str) -> bool {
    let letters = title.chars().filter(|c| !c.is_whitespace()).count();
    let is_year = |digits: &str| digits.len() == 4 && digits.starts_with("20");
    let no_digit = |c: char| !c.is_ascii_digit();
    (2..=LONGEST).contains(&letters)
        && !title.contains(['。', '；', ';', '，', ',', '！', '？', '：', ':', '|', '\t'])
        && title.split(no_digit).all(|digits| digits.is_empty() || is_year(digits))
        && !title
            .match_indices(['（', '('])
            .any(|(at, mark)| numeral(&title[at + mark.len()..]).is_ok())
}

/// Whether a line is a label of a table, or most of one: 一、本年新收政府信息公开申请数量. Labels of few letters and
/// parts of a heading (行政复议) are words of prose too.
fn is_label(grammar: &Grammar, skeleton: &Skeleton, hits: &[Hit], line: &Line) -> bool {
    /// Four letters.
    const SHORTEST: u32 = 4 * 3;
    let start = skeleton.at_source(line.title.start);
    let end = skeleton.at_source(line.title.end);
    let first = hits.partition_point(|hit| hit.end <= start);
    hits[first..].iter().take_while(|hit| hit.start < end).any(|hit| {
        let roles = grammar.matcher.roles(hit.pattern);
        let length = hit.end - hit.start;
        length >= SHORTEST
            && length * 10 > (end - start) * 6
            && !roles.iter().any(|role| matches!(role, Role::Title | Role::Section(_)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Option<(usize, &str, &str)> {
        let line = line(text, Span::new(0, text.len() as u32))?;
        Some((line.number, line.ordinal.of(text), line.title.of(text)))
    }

    #[test]
    fn ok_lines_of_headings() {
        assert_eq!(one("一、总体情况"), Some((1, "一、", "总体情况")));
        assert_eq!(
            one("## **五、存在的困难和改进措施**"),
            Some((5, "五、", "存在的困难和改进措施"))
        );
        assert_eq!(one("第三部分 申请办理情况："), Some((3, "第三部分", "申请办理情况")));
        assert_eq!(one("二 主动公开"), Some((2, "二", "主动公开")));
        assert_eq!(one("十一、2023年工作打算"), Some((11, "十一、", "2023年工作打算")));
    }

    #[test]
    fn err_lines_of_a_text() {
        for text in [
            "（一）主动公开情况",
            "一是加强领导",
            "一、2022年，我局公开信息。",
            "三、收到申请5件",
            "二、总体情况（一）概述",
            "一、总体情况；二、主动公开",
        ] {
            assert_eq!(one(text), None, "{text}");
        }
    }
}
