//! Equations of a form, written as text in the grammar.
//!
//! ```text
//! equation = side "=" side
//! side     = term { ("+" | "-") term }
//! term     = name [ ".." name ]          "granted .. other.rest": every one from the first to the second, in form order
//! name     = word { "." word } | "*"                     "*": every row that the document names
//! ```
//!
//! Deliberately missing: products and constants. No statutory table of the families seen has either.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::{char, multispace0};
use nom::combinator::{opt, recognize};
use nom::multi::{many0, separated_list1};
use nom::sequence::{delimited, pair, preceded};
use nom::{IResult, Parser};

/// Whether an equation holds within each row or within each column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Each {
    /// Its names are columns.
    Row,
    /// Its names are rows.
    Column,
}

/// A resolved linear equation: the sum of `coefficient × value` over the terms is zero.
#[derive(Clone, Debug)]
pub struct Equation {
    /// The id, unique in its table.
    pub id: String,
    /// Rows or columns.
    pub each: Each,
    /// The form's own words for it.
    pub rule: String,
    /// Coefficient (+1 left of the `=`, -1 right of it, opposite after a minus) and index of a column or row.
    pub terms: Vec<(i8, usize)>,
    /// How many of the terms stand left of the `=`.
    pub left: usize,
}

/// A term as written, with its place in the equation's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term<'t> {
    /// +1 or -1.
    pub sign: i8,
    /// The name, or the first of a range.
    pub first: &'t str,
    /// The last of a range.
    pub last: Option<&'t str>,
}

/// Both sides as written.
pub type Sides<'t> = (Vec<Term<'t>>, Vec<Term<'t>>);

/// Parses an equation; an error is the byte where it stops making sense, and what was expected there.
///
/// ```
/// use nianbao::grammar::equation::parse;
/// let (left, right) = parse("received + carried_in = outcome_total + carried_out").unwrap();
/// assert_eq!((left.len(), right.len()), (2, 2));
/// assert_eq!(parse("a + = b"), Err((4, "a name")));
/// ```
pub fn parse(text: &str) -> Result<Sides<'_>, (usize, &'static str)> {
    let at = |rest: &str| text.len() - rest.len();
    let mut sides = Vec::with_capacity(2);
    let mut rest = text;
    loop {
        let (after, first) =
            blank(term).parse(rest).map_err(|_| (at(rest.trim_start()), "a name"))?;
        let mut side = vec![Term { sign: 1, ..first }];
        let (after, more) =
            many0(pair(sign, blank(term))).parse(after).map_err(|_| (at(after), "a name"))?;
        side.extend(more.into_iter().map(|(sign, term)| Term { sign, ..term }));
        sides.push(side);
        rest = after.trim_start();
        if let Ok((after, _)) = sign(rest) {
            return Err((at(after.trim_start()), "a name"));
        }
        match (sides.len(), char::<_, nom::error::Error<&str>>('=').parse(rest)) {
            (1, Ok((after, _))) => rest = after,
            (1, Err(_)) => return Err((at(rest), "`=`")),
            _ if rest.is_empty() => break,
            _ => return Err((at(rest), "the end")),
        }
    }
    let right = sides.pop().unwrap_or_default();
    let left = sides.pop().unwrap_or_default();
    Ok((left, right))
}

fn blank<'t, O>(
    parser: impl Parser<&'t str, Output = O, Error = nom::error::Error<&'t str>>,
) -> impl Parser<&'t str, Output = O, Error = nom::error::Error<&'t str>> {
    delimited(multispace0, parser, multispace0)
}

fn sign(input: &str) -> IResult<&str, i8> {
    alt((char('+').map(|_| 1), char('-').map(|_| -1))).parse(input)
}

fn name(input: &str) -> IResult<&str, &str> {
    let word = || take_while1(|c: char| c.is_ascii_alphanumeric() || c == '_');
    alt((tag("*"), recognize(separated_list1(char('.'), word())))).parse(input)
}

fn term(input: &str) -> IResult<&str, Term<'_>> {
    let (input, first) = name(input)?;
    let (input, last) = opt(preceded((multispace0, tag(".."), multispace0), name)).parse(input)?;
    Ok((input, Term { sign: 1, first, last }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_range_and_minus() {
        let (left, right) = parse("a.b .. c.d - e = total").unwrap();
        assert_eq!(left[0], Term { sign: 1, first: "a.b", last: Some("c.d") });
        assert_eq!(left[1], Term { sign: -1, first: "e", last: None });
        assert_eq!(right[0].first, "total");
    }

    #[test]
    fn err_tells_where() {
        assert_eq!(parse("a + b"), Err((5, "`=`")));
        assert_eq!(parse("a = b = c"), Err((6, "the end")));
        assert_eq!(parse("= b"), Err((0, "a name")));
        assert_eq!(parse("a = 甲"), Err((4, "a name")));
    }
}
