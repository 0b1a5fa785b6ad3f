//! Comments, strings and brackets of style sheets, by the standard's rules.

use std::borrow::Cow;

/// A sheet without its comments and the marks that hide it from browsers of the last century.
pub(in super::super) fn without_comments(text: &str) -> Cow<'_, str> {
    if !text.contains("/*") && !text.contains("<!--") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("/*") {
        out.push_str(&rest[..at]);
        out.push(' ');
        rest = rest[at + 2..].split_once("*/").map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    Cow::Owned(out.replace("<!--", " ").replace("-->", " "))
}

/// Where one of these marks stands outside of strings and brackets.
pub(super) fn find_outside(text: &str, marks: &[char]) -> Option<usize> {
    let mut depth = 0usize;
    let mut quote = None;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            _ if quote == Some(c) => quote = None,
            // a string ends with its line
            '\n' if quote.is_some() => quote = None,
            _ if quote.is_some() => {}
            '"' | '\'' => quote = Some(c),
            _ if depth == 0 && marks.contains(&c) => return Some(at),
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            // a bracket that does not close ends with its block
            '{' | '}' if marks.contains(&c) => return Some(at),
            _ => {}
        }
    }
    None
}

/// Where the block ends that a text begins inside of.
pub(super) fn block_end(text: &str) -> usize {
    let mut depth = 0usize;
    let mut from = 0;
    while let Some(at) = find_outside(&text[from..], &['{', '}']).map(|at| from + at) {
        match (text.as_bytes()[at], depth) {
            (b'}', 0) => return at,
            (b'}', _) => depth -= 1,
            _ => depth += 1,
        }
        from = at + 1;
    }
    text.len()
}

/// The parts between marks outside of strings and brackets.
pub(in super::super) fn split_outside(text: &str, mark: char) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        match find_outside(text, &[mark]) {
            Some(at) => {
                rest = Some(&text[at + mark.len_utf8()..]);
                Some(&text[..at])
            }
            None => rest.take(),
        }
    })
}

/// An identifier at the beginning of a text, and what follows it.
pub(super) fn identifier(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut rest = text;
    if text.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        match c {
            '\\' => {
                let (escaped, after) = escape(after);
                name.extend(escaped);
                rest = after;
            }
            c if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii() => {
                name.push(c);
                rest = after;
            }
            _ => break,
        }
    }
    (!name.is_empty()).then_some((name, rest))
}

/// The character that is written behind a backslash, and what follows it.
pub(in super::super) fn escape(text: &str) -> (Option<char>, &str) {
    let digits = text.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
    if digits == 0 {
        let mut chars = text.chars();
        return (chars.next(), chars.as_str());
    }
    let after = &text[digits..];
    let after = after.strip_prefix(|c: char| c.is_ascii_whitespace()).unwrap_or(after);
    (u32::from_str_radix(&text[..digits], 16).ok().and_then(char::from_u32), after)
}
