//! A report that a script would show: in a template, in a field that is not seen, in a text within a script.

use super::super::blocks::Blocks;
use super::page::{self, Options, Page};
use super::tokens;
use crate::source::relevance::says_a_report;
use crate::span::Span;
use std::borrow::Cow;

/// Texts in texts in scripts.
const DEEPEST: usize = 3;
/// Shortest text that can be a part of a report, in bytes.
const SHORTEST: usize = 20;

/// Adds the report that a page keeps for its script, where it keeps one.
pub(super) fn add(source: &str, page: &mut Page) {
    escaped(source, page);
    if says_a_report(&page.blocks.text) {
        return;
    }
    // what says nothing in Chinese is a mere script
    let says = |kept: &&Span| {
        let text = kept.of(source);
        text.len() >= SHORTEST && (!text.is_ascii() || text.contains("\\u") || text.contains("&#"))
    };
    let mut kept = page.kept.iter().filter(says);
    let found = kept.find_map(|kept| Some((report(kept.of(source), 0)?, *kept)));
    if let Some((blocks, kept)) = found {
        page.blocks.append(blocks, Some(kept));
    }
}

/// Reads the markup that a page shows as text.
fn escaped(source: &str, page: &mut Page) {
    let written = page.blocks.text.as_bytes();
    let shows =
        [&b"<td"[..], b"<TD"].iter().any(|tag| memchr::memmem::find(written, tag).is_some());
    if !shows {
        return;
    }
    let blocks = page::read(&page.blocks.text, Options { depth: 1, ..Options::default() }).blocks;
    if says_a_report(&blocks.text) && blocks.grids.len() > page.blocks.grids.len() {
        page.blocks = Blocks::default();
        page.blocks.append(blocks, Some(Span::new(0, source.len() as u32)));
    }
}

/// The report in a kept text: markup, markup escaped, or texts of a script.
fn report(kept: &str, depth: usize) -> Option<Blocks> {
    if depth == 0 && kept.get(..6).is_some_and(|tag| tag.eq_ignore_ascii_case("<input")) {
        let value = tokens::attributes(&kept[6..kept.len() - 1]).find(|(name, _)| *name == "value");
        return read(&value?.1);
    }
    let text = if kept.contains("&lt;") { htmlize::unescape(kept) } else { Cow::Borrowed(kept) };
    if text.trim_start().starts_with('<') || !text.contains(['"', '\'', '`']) {
        return read(&text);
    }
    if depth == DEEPEST {
        return None;
    }
    for quote in ['"', '\'', '`'] {
        let texts: Vec<String> =
            Literals { rest: kept, quote }.filter(|text| text.len() >= SHORTEST).collect();
        let whole = texts.iter().find_map(|text| {
            if text.trim_start().starts_with(['{', '[']) {
                report(text, depth + 1)
            } else {
                read(text)
            }
        });
        // in parts, one a section
        let parts = || {
            let parts: Vec<&str> =
                texts.iter().filter(|text| text.contains("</")).map(String::as_str).collect();
            read(&parts.join("\n"))
        };
        if let Some(found) = whole.or_else(parts) {
            return Some(found);
        }
    }
    None
}

fn read(text: &str) -> Option<Blocks> {
    if !says_a_report(text) {
        return None;
    }
    let text = if text.contains("&lt;") { htmlize::unescape(text) } else { Cow::Borrowed(text) };
    let lines = !text.trim_start().starts_with('<');
    let blocks = page::read(&text, Options { lines, depth: 1, ..Options::default() }).blocks;
    says_a_report(&blocks.text).then_some(blocks)
}

/// The texts between quotes of a script, without their escapes.
struct Literals<'s> {
    rest: &'s str,
    quote: char,
}

impl Iterator for Literals<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let begin = self.rest.find(self.quote)? + 1;
        let mut text = String::new();
        let mut chars = self.rest[begin..].char_indices();
        // half of a character beyond the BMP
        let mut high = None;
        while let Some((at, c)) = chars.next() {
            if c == self.quote {
                self.rest = &self.rest[begin + at + 1..];
                return Some(text);
            }
            if c != '\\' {
                text.push(c);
                continue;
            }
            let digits = match chars.next()?.1 {
                'n' | 'r' => {
                    text.push('\n');
                    continue;
                }
                't' => {
                    text.push('\t');
                    continue;
                }
                'u' => 4,
                'x' => 2,
                other => {
                    text.push(other);
                    continue;
                }
            };
            let code: String = chars.clone().map(|(_, c)| c).take(digits).collect();
            let Ok(code) = u32::from_str_radix(&code, 16) else { continue };
            chars.nth(digits - 1);
            let whole = match (high.take(), code) {
                (_, 0xD800..=0xDBFF) => {
                    high = Some(code);
                    continue;
                }
                (Some(high), 0xDC00..=0xDFFF) => {
                    0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
                }
                _ => code,
            };
            text.push(char::from_u32(whole).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        self.rest = "";
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;

    const REPORT: &str = "<p>一、总体情况</p><table><tr><td>自然人<td>予以公开<td>3</table>";

    fn text(page: &str) -> String {
        read(page).text
    }

    #[test]
    fn ok_a_report_that_a_script_would_show() {
        let escaped = REPORT.replace('<', "&lt;").replace('>', "&gt;");
        let json = serde_json::to_string(REPORT).unwrap();
        let twice = serde_json::to_string(&format!("{{\"content\":{json}}}")).unwrap();
        let units: Vec<String> =
            REPORT.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        let units = units.concat();
        for page in [
            format!("<p>x</p><textarea style='display:none'>{escaped}</textarea>"),
            format!("<p>x</p><template>{REPORT}</template>"),
            format!("<p>x</p><noscript>{REPORT}</noscript>"),
            format!("<p>x</p><script type='text/template'>{REPORT}</script>"),
            format!("<p>x</p><script>var a = {{\"b\": 'c', \"d\": {json}}};</script>"),
            format!("<p>x</p><script>window.state = {twice}</script>"),
            format!("<p>x</p><script>f('{units}')</script>"),
            format!(
                "<p>x</p><iframe srcdoc=\"{}\"></iframe>",
                escaped.replace('&', "&amp;").replace("&amp;", "&")
            ),
        ] {
            assert_eq!(text(&page), "x\n一、总体情况\n自然人\t予以公开\t3\t\n", "{page}");
            assert_eq!(read(&page).grids.len(), 1);
        }
        assert_eq!(text(&format!("<div>{escaped}</div>")), "一、总体情况\n自然人\t予以公开\t3\t\n");
    }

    #[test]
    fn ok_what_the_page_shows_is_not_read_twice() {
        let json = serde_json::to_string(REPORT).unwrap();
        let page =
            format!("{REPORT}<script>window.state = {json}</script><template>{REPORT}</template>");
        assert_eq!(read(&page).grids.len(), 1);
    }

    #[test]
    fn err_scripts_are_no_reports() {
        for script in ["'", "\"\\", "\"\\u12", "'\\ud800\\u0041'", "`${`"] {
            assert_eq!(text(&format!("<p>x</p><script>{script}</script>")), "x\n", "{script}");
        }
    }
}
