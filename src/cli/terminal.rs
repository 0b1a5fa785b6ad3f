//! What may reach a terminal: text from documents without control characters, colours only where they are wanted.

use super::args::Color;
use std::borrow::Cow;
use std::io::IsTerminal;

/// A text without characters that could steer a terminal or turn its direction.
///
/// ```
/// assert_eq!(nianbao::cli::terminal::safe("规章\u{1b}[31m\u{202e}"), "规章\u{fffd}[31m\u{fffd}");
/// ```
pub fn safe(text: &str) -> Cow<'_, str> {
    let unsafe_char = |c: char| {
        c.is_control() && c != '\n' && c != '\t'
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    if text.contains(unsafe_char) {
        Cow::Owned(text.chars().map(|c| if unsafe_char(c) { '\u{FFFD}' } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Styles of `explain`.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    on: bool,
}

impl Paint {
    /// Decides by the flag, the terminal and `NO_COLOR`.
    pub fn new(color: Color) -> Self {
        let on = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
            }
        };
        Self { on }
    }

    /// The text in an ANSI style, e.g. `32` for green.
    pub fn with(self, style: &str, text: &str) -> String {
        if self.on && !text.is_empty() {
            format!("\x1b[{style}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Screen columns of a text.
pub fn width(text: &str) -> usize {
    text.chars()
        .map(|c| if (c as u32) < 0x1100 || ('\u{2000}'..'\u{2E80}').contains(&c) { 1 } else { 2 })
        .sum()
}

/// The text cut or filled to a number of screen columns.
pub fn fit(text: &str, columns: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    let whole = width(text) <= columns;
    for c in text.chars() {
        let w = width(c.encode_utf8(&mut [0; 4]));
        if used + w > columns - usize::from(!whole) {
            out.push('…');
            used += 1;
            break;
        }
        out.push(c);
        used += w;
    }
    out.extend(std::iter::repeat_n(' ', columns.saturating_sub(used)));
    out
}
