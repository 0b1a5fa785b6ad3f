//! A run that has lost its borders, character for character: what a number could be cut out of.
//!
//! ```text
//! run    = { digit | point | comma | sign | mark | unit | note }
//! ```
//!
//! A run with anything else in it (`12%`, `3/5`) has no symbols: nothing can be cut out of it.

use super::Unit;
use super::cell::{is_digit, more, note, sign};
use crate::fold;
use crate::span::Span;
use nom::Parser;
use nom::combinator::opt;

/// One thing in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symbol {
    /// A digit.
    Digit(u8),
    /// A point with a digit behind it.
    Point,
    /// A comma with a digit behind it: only within a right group of thousands.
    Comma,
    /// A sign before a digit: +1 or -1.
    Sign(i8),
    /// 无: a cell with nothing in it.
    Mark,
    /// A unit behind a digit: the number ends here.
    Unit(Unit),
    /// Two pieces are two numbers.
    Border,
}

/// Symbols with their places.
pub type Symbols = Vec<(Symbol, Span)>;

/// Appends the symbols of a text that stands at `at`; false when it is no run.
pub fn symbols(text: &str, at: u32, out: &mut Symbols) -> bool {
    let table = fold::table();
    let mut rest = text.trim_end();
    let place = |rest: &str, length: usize| {
        let start = at + (rest.as_ptr() as usize - text.as_ptr() as usize) as u32;
        Span::new(start, start + length as u32)
    };
    let mut before_digit = false;
    while let Some(c) = rest.chars().next() {
        let width = c.len_utf8();
        let follows = |c: Option<char>| c.is_some_and(is_digit);
        let next = follows(rest[width..].chars().next());
        let (symbol, length) = if is_digit(c) {
            (Symbol::Digit(table.fold(c) as u8 - b'0'), width)
        } else if before_digit && next && matches!(c, '.' | '．') {
            (Symbol::Point, width)
        } else if before_digit && next && matches!(c, ',' | '，') {
            (Symbol::Comma, width)
        } else if let Ok((after, negative)) = sign(rest) {
            let blanks = after.len() - after.trim_start().len();
            (Symbol::Sign(if negative { -1 } else { 1 }), rest.len() - after.len() + blanks)
        } else if matches!(c, '无' | '無') {
            (Symbol::Mark, width)
        } else if let (true, Ok((after, unit))) = (before_digit, Unit::parse(rest.trim_start())) {
            let inexact = opt(more).parse(after).is_ok_and(|(_, more)| more.is_some());
            if inexact || matches!(unit, Unit::Wan | Unit::Yi) {
                return false;
            }
            (Symbol::Unit(unit), rest.len() - after.len())
        } else if let (false, Ok((after, ()))) = (out.is_empty(), note(rest.trim_start())) {
            rest = after;
            before_digit = false;
            continue;
        } else {
            return false;
        };
        out.push((symbol, place(rest, length)));
        before_digit = matches!(symbol, Symbol::Digit(_));
        rest = &rest[length..];
    }
    true
}
