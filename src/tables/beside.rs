//! What a form prints beside the labels of its rows and is no value: units in a column of their own, and codes.

use crate::fold::{self, Class};
use crate::grammar::Row;
use crate::number::{self, Money, Unit};

/// Most letters between the code of a row and its label: 其中.
const LONGEST_LEAD: usize = 4;

/// How many bytes behind a label are unit, where the table has them, and code, in either order; and the unit of money among
/// them.
pub(super) fn behind(units: bool, row: &Row, text: &str) -> (usize, Option<Money>) {
    let (mut at, mut money) = (0, None);
    let mut unit = !units;
    let mut code = row.codes.is_empty();
    // a bracket that the label ends with
    let closing = |c: char| fold::table().class(c) == Class::Close;
    at += text.len() - text.trim_start_matches(closing).len();
    while !(unit && code) {
        let rest = &text[at..];
        let body = rest.trim_start_matches(is_gap);
        let start = at + rest.len() - body.len();
        if !unit && let Some((length, own)) = unit_at(body) {
            (unit, at) = (true, start + length);
            money = own.places_to_wan_yuan().map(|_| Money::Known(own)).or(money);
        } else if !code && let Some(length) = code_at(row, body) {
            (code, at) = (true, start + length);
        } else {
            break;
        }
    }
    if text[..at].chars().all(closing) { (0, None) } else { (at, money) }
}

/// A unit with nothing glued to it but a number.
pub(super) fn unit_at(text: &str) -> Option<(usize, Unit)> {
    let bracket = text.starts_with(['（', '(']);
    let body = text.trim_start_matches(['（', '(']);
    let (rest, unit) = Unit::parse(body).ok()?;
    let end = if bracket { rest.trim_start_matches(['）', ')']) } else { rest };
    let goes_on = end.chars().next().is_some_and(|c| fold::table().class(c) == Class::Letter);
    (!goes_on).then_some((text.len() - end.len(), unit))
}

/// A code that stands apart from what follows.
fn code_at(row: &Row, text: &str) -> Option<usize> {
    let end =
        row.codes.iter().filter(|code| text.starts_with(code.as_str())).map(String::len).max()?;
    let rest = text[end..].trim_start_matches('*');
    let is_apart = rest.chars().next().is_none_or(is_gap);
    (is_apart && !rest.is_empty()).then_some(text.len() - rest.len())
}

/// Where in a text that ends at a label its code begins: a code that stands apart, and between the two no more than
/// `其中` and marks.
pub(super) fn before(row: &Row, text: &str) -> Option<usize> {
    if row.codes.is_empty() {
        return None;
    }
    let table = fold::table();
    let text = without_ordinal(text);
    let body = text.trim_end_matches(|c| table.class(c) != Class::Digit);
    let between = &text[body.len()..];
    if between.chars().filter(|c| table.class(*c) == Class::Letter).count() > LONGEST_LEAD {
        return None;
    }
    let start = row
        .codes
        .iter()
        .filter(|code| body.ends_with(code.as_str()))
        .map(|code| body.len() - code.len())
        .min()?;
    body[..start].chars().next_back().is_none_or(is_gap).then_some(start)
}

/// Whether a text that ends at a label ends with its code, glued to other digits.
pub(super) fn is_glued(row: &Row, text: &str) -> bool {
    let table = fold::table();
    let text = without_ordinal(text);
    let body = text.trim_end_matches(|c| table.class(c) != Class::Digit);
    let on_line = !text[body.len()..].contains(['\n', '\r']);
    on_line && row.codes.iter().any(|code| body.len() > code.len() && body.ends_with(code.as_str()))
}

/// `28 （1）“`: a text that ends at a label without the ordinal in brackets, which is no code.
fn without_ordinal(text: &str) -> &str {
    let quoted = text.trim_end_matches(['“', '"', '「', '『']);
    match number::ends_with(quoted) {
        Some(ordinal) if ordinal.bracketed => &text[..ordinal.start],
        _ => text,
    }
}

/// Whether a cell holds the code of a row, and nothing else.
pub(super) fn is_code(row: &Row, text: &str) -> bool {
    let text = text.trim().trim_end_matches('*');
    row.codes.iter().any(|code| code == text)
}

/// Whether a cell holds a unit, and nothing else; and which.
pub(super) fn is_unit(text: &str) -> Option<Unit> {
    let (length, unit) = unit_at(text.trim())?;
    (length == text.trim().len()).then_some(unit)
}

pub(super) fn is_gap(c: char) -> bool {
    matches!(
        fold::table().class(c),
        Class::Space | Class::WideSpace | Class::Tab | Class::Newline | Class::Page | Class::Pipe
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::{GrammarSet, Table};

    fn with<T>(read: impl Fn(&Table, &Row) -> T) -> T {
        let set = GrammarSet::built_in();
        let coded = set.all().iter().find(|g| g.id == "disclosure-coded").expect("it is built in");
        let table = &coded.tables[0];
        let row = table.rows.iter().find(|row| row.key == "requests").expect("it has the row");
        read(table, row)
    }

    #[test]
    fn ok_unit_and_code_are_no_values() {
        let skip = |text: &str| with(|table, row| behind(table.unit_column, row, text).0);
        assert_eq!(skip(" 条 3 4"), 4);
        assert_eq!(skip("|条|12|3"), 7);
        assert_eq!(skip("条34"), 3);
        assert_eq!(skip(" 3 4"), 0);
        // 条例 is no unit, and 123 no code
        assert_eq!(skip(" 条例 3"), 0);
        assert_eq!(skip(" 条 123"), 4);
    }

    #[test]
    fn ok_a_code_before_its_label() {
        let code = |text: &str| with(|_, row| before(row, text));
        assert_eq!(code(" 5 6\n12 "), Some(5));
        assert_eq!(code(" 5 6\n12 其中："), Some(5));
        assert_eq!(code(" 5 612 "), None);
        assert_eq!(code(" 5 6\n13 "), None);
    }
}
