//! Bytes of a page → tags and text, by the rules of the HTML standard's tokeniser (section 13.2.5).
//!
//! Ours and not a library's for speed: pages pasted from Word are 19 bytes of attributes to one of text, and a tokeniser
//! that looks at every byte takes longer over them than everything else here together. This one jumps from quote to
//! quote, and leaves attributes unread until somebody asks. A test holds it against a library on random input.

use crate::guard;
use crate::span::Span;
use std::borrow::Cow;

/// A tag or a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token<'s> {
    /// `<td colspan=2>`
    Start {
        /// The name as written.
        name: &'s str,
        /// Everything between the name and the end of the tag.
        attributes: &'s str,
        /// Whether the tag ends in `/>`.
        self_closing: bool,
    },
    /// `</td>`
    End {
        /// The name as written.
        name: &'s str,
    },
    /// Characters, entities decoded.
    Text(Cow<'s, str>),
}

/// Reads a page from its beginning to its end.
#[derive(Debug)]
pub struct Tokens<'s> {
    source: &'s str,
    at: usize,
    /// The element whose text goes on to its own end tag.
    raw: Option<&'s str>,
}

/// Elements whose text has no tags, and whether it has entities.
fn raw_text(name: &str) -> Option<bool> {
    let is = |names: &[&str]| names.iter().any(|known| name.eq_ignore_ascii_case(known));
    // the first letters decide for nearly all tags
    match name.as_bytes()[0].to_ascii_lowercase() {
        b's' if is(&["script", "style"]) => Some(false),
        b'n' if is(&["noscript", "noembed", "noframes"]) => Some(false),
        b'i' if is(&["iframe"]) => Some(false),
        b'x' if is(&["xmp"]) => Some(false),
        b't' if is(&["title", "textarea"]) => Some(true),
        _ => None,
    }
}

impl<'s> Tokens<'s> {
    /// The tokens of a decoded page.
    pub const fn new(source: &'s str) -> Self {
        Self { source, at: 0, raw: None }
    }

    fn text(&self, from: usize, to: usize, entities: bool) -> (Token<'s>, Span) {
        let text = &self.source[from..to];
        let text = if entities && memchr::memchr(b'&', text.as_bytes()).is_some() {
            htmlize::unescape(text)
        } else {
            Cow::Borrowed(text)
        };
        (Token::Text(text), Span::new(from as u32, to as u32))
    }

    /// Text up to the end tag of the element it is in, or to the end of the page.
    fn raw_text(&mut self, name: &str) -> Option<(Token<'s>, Span)> {
        let entities = raw_text(name).unwrap_or(false);
        let bytes = self.source.as_bytes();
        let from = self.at;
        let end = raw_end(bytes, from, name.as_bytes());
        self.at = end;
        (from < end).then(|| self.text(from, end, entities))
    }

    /// What begins with `<` here: a token, a comment, or a mere sign.
    fn markup(&mut self) -> Markup<'s> {
        let bytes = self.source.as_bytes();
        let start = self.at;
        let past = |end: Option<usize>| end.map_or(bytes.len(), |at| at + 1);
        match bytes.get(start + 1) {
            Some(b) if b.is_ascii_alphabetic() => self.tag(start + 1, false),
            Some(b'/') => match bytes.get(start + 2) {
                Some(b) if b.is_ascii_alphabetic() => self.tag(start + 2, true),
                Some(b'>') => Markup::Nothing(start + 3),
                Some(_) => Markup::Nothing(past(find(bytes, start + 2, b'>'))),
                None => Markup::Sign,
            },
            Some(b'!') if bytes[start + 2..].starts_with(b"--") => {
                Markup::Nothing(comment_end(bytes, start + 4))
            }
            Some(b'!' | b'?') => Markup::Nothing(past(find(bytes, start + 1, b'>'))),
            _ => Markup::Sign,
        }
    }

    fn tag(&mut self, name_start: usize, is_end: bool) -> Markup<'s> {
        let bytes = self.source.as_bytes();
        let name_end = bytes[name_start..]
            .iter()
            .position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))
            .map_or(bytes.len(), |at| name_start + at);
        let Some((end, self_closing)) = tag_end(bytes, name_end) else {
            // a tag that is not closed before the page ends is dropped
            return Markup::Nothing(bytes.len());
        };
        let name = &self.source[name_start..name_end];
        self.at = end + 1;
        if is_end {
            return Markup::Token(Token::End { name });
        }
        let attributes = &self.source[name_end..end];
        if raw_text(name).is_some() {
            self.raw = Some(name);
        }
        Markup::Token(Token::Start { name, attributes, self_closing })
    }
}

enum Markup<'s> {
    Token(Token<'s>),
    /// A comment or the like, up to there.
    Nothing(usize),
    /// The sign `<` itself.
    Sign,
}

impl<'s> Iterator for Tokens<'s> {
    type Item = (Token<'s>, Span);

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(name) = self.raw.take()
            && let Some(text) = self.raw_text(name)
        {
            return Some(text);
        }
        let bytes = self.source.as_bytes();
        guard::tick();
        // signs that begin no tag are text
        let mut from = self.at;
        let mut seek = from;
        while seek < bytes.len() {
            let sign = find(bytes, seek, b'<').unwrap_or(bytes.len());
            if sign == bytes.len() {
                self.at = sign;
                break;
            }
            self.at = sign;
            // text first; the tag is looked at again in the next call
            if from < sign
                && !matches!(bytes.get(sign + 1), None | Some(b' ' | b'0'..=b'9' | b'<' | b'='))
            {
                return Some(self.text(from, sign, true));
            }
            match self.markup() {
                Markup::Token(token) if from == sign => {
                    return Some((token, Span::new(sign as u32, self.at as u32)));
                }
                Markup::Nothing(end) if from == sign => {
                    (from, seek) = (end, end);
                    self.at = end;
                }
                Markup::Sign => seek = sign + 1,
                _ => {
                    self.at = sign;
                    return Some(self.text(from, sign, true));
                }
            }
        }
        self.at = bytes.len();
        (from < bytes.len()).then(|| self.text(from, bytes.len(), true))
    }
}

/// Where the end tag of an element stands whose text has no tags. In a script that a comment hides, a script may be
/// written as text: `<!-- write("<script></script>") -->`.
fn raw_end(bytes: &[u8], from: usize, name: &[u8]) -> usize {
    #[derive(PartialEq)]
    enum State {
        Plain,
        /// Behind `<!--`.
        Comment,
        /// Behind `<script` in a comment.
        Inner,
    }
    let is_script = name.eq_ignore_ascii_case(b"script");
    let named = |at: usize| {
        bytes.get(at..at + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name))
            && bytes
                .get(at + name.len())
                .is_some_and(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))
    };
    let mut state = State::Plain;
    let mut at = from;
    loop {
        let next = if state == State::Plain {
            memchr::memchr(b'<', &bytes[at..])
        } else {
            memchr::memchr2(b'<', b'-', &bytes[at..])
        };
        let Some(next) = next else { return bytes.len() };
        at += next;
        let rest = &bytes[at..];
        if rest.starts_with(b"</") && named(at + 2) {
            if state != State::Inner {
                return at;
            }
            state = State::Comment;
        } else if is_script && state == State::Plain && rest.starts_with(b"<!--") {
            state = State::Comment;
            // `<!-->` ends at once
            at += 1;
        } else if rest.starts_with(b"-->") {
            state = State::Plain;
        } else if is_script && state == State::Comment && rest.starts_with(b"<") && named(at + 1) {
            state = State::Inner;
        }
        at += 1;
    }
}

fn find(bytes: &[u8], from: usize, byte: u8) -> Option<usize> {
    memchr::memchr(byte, bytes.get(from..)?).map(|at| from + at)
}

/// Where a comment ends whose text begins here: `-->`, `--!>`, or at once with `>` or `->`.
fn comment_end(bytes: &[u8], from: usize) -> usize {
    let text = &bytes[from.min(bytes.len())..];
    if text.starts_with(b">") {
        return from + 1;
    }
    if text.starts_with(b"->") {
        return from + 2;
    }
    for at in memchr::memchr_iter(b'>', text) {
        if text[..at].ends_with(b"--") || text[..at].ends_with(b"--!") {
            return from + at + 1;
        }
    }
    bytes.len()
}

/// Where the `>` of a tag stands whose attributes begin here, and whether a stroke before it closes the element.
fn tag_end(bytes: &[u8], from: usize) -> Option<(usize, bool)> {
    let ends_name = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'>' | b'=');
    let skip = |from: usize, while_: fn(&u8) -> bool| {
        bytes[from..].iter().position(|b| !while_(b)).map(|length| from + length)
    };
    let mut at = from;
    loop {
        // before a name
        at = skip(at, |b| b.is_ascii_whitespace() || *b == b'/')?;
        if bytes[at] == b'>' {
            return Some((at, at > from && bytes[at - 1] == b'/'));
        }
        // a name, which may begin with `=`
        at += 1;
        at += bytes[at..].iter().position(ends_name)?;
        let after = skip(at, u8::is_ascii_whitespace)?;
        if bytes[after] != b'=' {
            at = after;
            continue;
        }
        at = skip(after + 1, u8::is_ascii_whitespace)?;
        match bytes[at] {
            quote @ (b'"' | b'\'') => at = find(bytes, at + 1, quote)? + 1,
            b'>' => return Some((at, false)),
            _ => {
                at += bytes[at..].iter().position(|b| b.is_ascii_whitespace() || *b == b'>')?;
                if bytes[at] == b'>' {
                    return Some((at, false));
                }
            }
        }
    }
}

/// The attributes of a tag, names as written.
#[derive(Debug)]
pub struct AttributeIter<'s> {
    rest: &'s str,
}

/// Reads what [`Token::Start`] holds of attributes.
pub const fn attributes(attributes: &str) -> AttributeIter<'_> {
    AttributeIter { rest: attributes }
}

impl<'s> Iterator for AttributeIter<'s> {
    type Item = (&'s str, Cow<'s, str>);

    fn next(&mut self) -> Option<Self::Item> {
        let text = self.rest;
        let bytes = text.as_bytes();
        let position = |from: usize, of: fn(&u8) -> bool| {
            bytes[from..].iter().position(of).map_or(bytes.len(), |length| from + length)
        };
        let start = position(0, |b| !b.is_ascii_whitespace() && *b != b'/');
        if start == bytes.len() {
            self.rest = "";
            return None;
        }
        // a sign `=` at the beginning is part of the name
        let end = position(start + 1, |b| b.is_ascii_whitespace() || matches!(b, b'/' | b'='));
        let sign = position(end, |b| !b.is_ascii_whitespace());
        let name = &text[start..end];
        if bytes.get(sign) != Some(&b'=') {
            self.rest = &text[end..];
            return Some((name, Cow::Borrowed("")));
        }
        let from = position(sign + 1, |b| !b.is_ascii_whitespace());
        let (value, rest) = match bytes.get(from) {
            Some(quote @ (b'"' | b'\'')) => {
                let to = find(bytes, from + 1, *quote).unwrap_or(bytes.len());
                (&text[from + 1..to], &text[(to + 1).min(bytes.len())..])
            }
            _ => text[from..].split_at(position(from, u8::is_ascii_whitespace) - from),
        };
        self.rest = rest;
        Some((
            name,
            if value.contains('&') {
                htmlize::unescape_attribute(value)
            } else {
                Cow::Borrowed(value)
            },
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tokens in one line each: `<name attributes>`, `</name>`, `"text"`.
    fn shown(page: &str) -> Vec<String> {
        let show = |(token, _)| match token {
            Token::Start { name, attributes: list, self_closing } => {
                let list: Vec<String> =
                    attributes(list).map(|(n, v)| format!(" {n}={v}")).collect();
                format!("<{name}{}{}>", list.concat(), if self_closing { "/" } else { "" })
            }
            Token::End { name } => format!("</{name}>"),
            Token::Text(text) => format!("{text:?}"),
        };
        Tokens::new(page).map(show).collect()
    }

    #[test]
    fn ok_tags_and_text() {
        let page =
            "a<td colspan=\"2\" style='x: \">\"'class=b>1 < 2 &amp; 3&nbsp4</td><br/><p a=b/>";
        let expected = [
            "\"a\"",
            "<td colspan=2 style=x: \">\" class=b>",
            "\"1 < 2 & 3\\u{a0}4\"",
            "</td>",
            "<br/>",
            "<p a=b/>",
        ];
        assert_eq!(shown(page), expected);
        assert_eq!(shown("<p a=b />").concat(), "<p a=b/>");
    }

    #[test]
    fn ok_comments_and_raw_text_are_no_tags() {
        let page = "<!DOCTYPE html><!--<td>--><![if x]>1<![endif]><?xml?><script>if (a</b) '<p>'</script >2<title>a&lt;<b></title>";
        let expected = [
            "\"1\"",
            "<script>",
            "\"if (a</b) '<p>'\"",
            "</script>",
            "\"2\"",
            "<title>",
            "\"a<<b>\"",
            "</title>",
        ];
        assert_eq!(shown(page), expected);
    }

    #[test]
    fn err_cut_pages() {
        for page in ["<td a='x", "<td", "<!-- x", "</", "<", "<script>x</scr"] {
            shown(page);
        }
        assert_eq!(shown("1<td a='x"), ["\"1\""]);
        assert_eq!(shown("1<"), ["\"1<\""]);
    }

    /// Adds a text to the text before it: how often a text is cut is nobody's business.
    fn add_text(shown: &mut Vec<String>, text: &str) {
        match shown.last_mut() {
            Some(last) if last.starts_with('"') => last.push_str(text),
            _ => shown.push(format!("\"{text}")),
        }
    }

    /// What a library makes of the same page.
    fn by_library(page: &str) -> Vec<String> {
        use html5gum::Token as Theirs;
        let mut emitter = html5gum::DefaultEmitter::default();
        emitter.naively_switch_states(true);
        let bytes = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut shown = Vec::new();
        for token in html5gum::Tokenizer::new_with_emitter(page, emitter).flatten() {
            match token {
                Theirs::StartTag(tag) => {
                    let one = |(n, v): (&html5gum::HtmlString, &html5gum::HtmlString)| {
                        format!(" {}={}", bytes(n), bytes(v))
                    };
                    let mut list: Vec<String> =
                        tag.attributes.iter().map(|(n, v)| one((n, v))).collect();
                    list.sort();
                    shown.push(format!(
                        "<{}{}{}>",
                        bytes(&tag.name),
                        list.concat(),
                        if tag.self_closing { "/" } else { "" }
                    ));
                }
                Theirs::EndTag(tag) => shown.push(format!("</{}>", bytes(&tag.name))),
                Theirs::String(text) => add_text(&mut shown, &bytes(&text)),
                _ => {}
            }
        }
        shown
    }

    fn by_us(page: &str) -> Vec<String> {
        let mut shown: Vec<String> = Vec::new();
        for (token, _) in Tokens::new(page) {
            match token {
                Token::Start { name, attributes: list, self_closing } => {
                    // of two attributes with one name the first counts
                    let mut known: Vec<String> = Vec::new();
                    let mut list: Vec<String> = attributes(list)
                        .filter(|(name, _)| {
                            let name = name.to_ascii_lowercase();
                            let fresh = !known.contains(&name);
                            known.push(name);
                            fresh
                        })
                        .map(|(n, v)| format!(" {}={v}", n.to_ascii_lowercase()))
                        .collect();
                    list.sort();
                    let name = name.to_ascii_lowercase();
                    shown.push(format!(
                        "<{name}{}{}>",
                        list.concat(),
                        if self_closing { "/" } else { "" }
                    ));
                }
                Token::End { name } => shown.push(format!("</{}>", name.to_ascii_lowercase())),
                Token::Text(text) => add_text(&mut shown, &text),
            }
        }
        shown
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(20_000))]

        #[test]
        fn ok_the_library_says_the_same(pieces in proptest::collection::vec(proptest::sample::select(vec![
            "<td", "<p", ">", "</td>", "</p", "<br/>", "/", " ", "=", "a", "b", "\"", "'", "1", "规", "<", "&amp;", "&nbsp", "&#x4E00;",
            "<!--", "-->", "--!>", "--", "<!", "<?", "<![", "!", "</", "\n", "<script>", "</script>", "<style", "</STYLE", "<title>",
            "</title>", "colspan=2", " class=\"x\"", " id='y'", " x = z", "<TD", "-",
        ]), 0..14)) {
            let page: String = pieces.concat();
            proptest::prop_assert_eq!(by_us(&page), by_library(&page), "{}", page);
        }
    }
}
