//! What a reader of Markdown and LaTeX sees of a text: without what is struck out, notes in brackets, formulas as what
//! they show, tables of LaTeX as rows between borders.
//!
//! Every byte stays in its place: what is not shown becomes blanks, so that places in the text are places in the source.

use std::ops::Range;

/// Longest piece in a line that a mark encloses, in bytes.
const LONGEST: usize = 200;
/// Names of the tables of LaTeX.
const TABLES: [&str; 5] = ["tabular", "tabular*", "tabularx", "longtable", "array"];
/// Commands that only say how their argument looks.
const LOOKS: [&str; 21] = [
    "textbf",
    "textit",
    "textrm",
    "texttt",
    "textsf",
    "text",
    "mathbf",
    "mathrm",
    "mathit",
    "mathsf",
    "mathtt",
    "boldsymbol",
    "bm",
    "bf",
    "rm",
    "it",
    "mbox",
    "hbox",
    "displaystyle",
    "scriptstyle",
    "textstyle",
];
/// Tags of pages that only say how their text looks.
const TAGS: [&str; 16] = [
    "span", "font", "b", "strong", "i", "em", "u", "p", "div", "br", "center", "small", "big",
    "mark", "li", "ol",
];
/// Commands that strike their argument out.
const STRIKES: [&str; 5] = ["sout", "st", "cancel", "xcancel", "xout"];
/// Lines of tables, and whether an argument follows.
const RULES: [(&str, usize); 8] = [
    ("hline", 0),
    ("cline", 1),
    ("toprule", 0),
    ("midrule", 0),
    ("bottomrule", 0),
    ("cmidrule", 1),
    ("centering", 0),
    ("endhead", 0),
];

/// The text as it is shown; none when it is shown as it is.
///
/// ```
/// use nianbao::document::markdown::shown;
/// assert_eq!(shown("| ~~7~~12 | 8<sup>1</sup> | $0$ |").unwrap(), "|      12 | 8[1]          |   0 |");
/// assert_eq!(shown("|<u>7</u>|[8]{.x}|[9]|").unwrap(), "|   7    | 8     |[9]|");
/// assert_eq!(shown("约 12~15 件，$5"), None);
/// ```
pub fn shown(text: &str) -> Option<String> {
    memchr::memchr3(b'~', b'<', b'$', text.as_bytes())
        .or_else(|| memchr::memchr3(b'^', b'\\', b'{', text.as_bytes()))?;
    let mut page = Page { text: text.to_owned(), changed: false };
    page.comments(text);
    for (open, close, how) in [
        ("<s>", "</s>", How::Drop),
        ("<del>", "</del>", How::Drop),
        ("<strike>", "</strike>", How::Drop),
        ("~~", "~~", How::Drop),
        ("<sup>", "</sup>", How::Note),
        ("<sub>", "</sub>", How::Note),
        ("^", "^", How::Note),
        ("$$", "$$", How::Formula),
        ("$", "$", How::Formula),
        ("\\(", "\\)", How::Formula),
    ] {
        page.pairs(open, close, how);
    }
    page.tables();
    page.signs();
    page.tags();
    page.attributes();
    page.wiki();
    page.changed.then_some(page.text)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Drop,
    Note,
    Formula,
}

struct Page {
    text: String,
    changed: bool,
}

impl Page {
    /// Writes a text in place of another one; the rest becomes blanks, before or behind it. Lines stay lines.
    fn put(&mut self, range: Range<usize>, shown: &str, at_end: bool) {
        let old = &self.text[range.clone()];
        let blanks = if at_end { ..old.len() - shown.len() } else { ..0 };
        let blank = |byte: u8| if byte == b'\n' { '\n' } else { ' ' };
        let mut new: String = old.as_bytes()[blanks].iter().map(|byte| blank(*byte)).collect();
        new.push_str(shown);
        new.extend(old.as_bytes()[new.len()..].iter().map(|byte| blank(*byte)));
        self.text.replace_range(range, &new);
        self.changed = true;
    }

    fn drop(&mut self, range: Range<usize>) {
        self.put(range, "", false);
    }

    fn comments(&mut self, text: &str) {
        let mut from = 0;
        while let Some(start) = text[from..].find("<!--").map(|at| from + at) {
            let Some(end) = text[start..].find("-->").map(|at| start + at + 3) else { return };
            self.drop(start..end);
            from = end;
        }
    }

    /// What stands between two marks on a line.
    fn pairs(&mut self, open: &str, close: &str, how: How) {
        let mut from = 0;
        loop {
            let text = &self.text;
            let Some(start) = memchr::memmem::find(&text.as_bytes()[from..], open.as_bytes())
            else {
                return;
            };
            let start = from + start;
            let inner = start + open.len();
            from = inner;
            let line = &text[inner..];
            let line = &line[..memchr::memchr(b'\n', line.as_bytes()).unwrap_or(line.len())];
            let Some(length) = line.find(close).filter(|length| (1..=LONGEST).contains(length))
            else {
                continue;
            };
            let (inside, end) = (&line[..length], inner + length + close.len());
            let shown = match how {
                How::Drop if open != "~~" || is_struck(text, start, inside) => Some(String::new()),
                How::Drop => None,
                How::Note => note(&text[..start], inside, open == "^"),
                How::Formula => formula(inside),
            };
            if let Some(shown) = shown.filter(|shown| shown.len() <= end - start) {
                self.put(start..end, &shown, how == How::Formula);
                from = end;
            }
        }
    }

    /// Tables of LaTeX: cells between borders, a row a line.
    fn tables(&mut self) {
        let mut from = 0;
        while let Some((start, name)) = self.next_table(from) {
            let begin = start + "\\begin{}".len() + name.len();
            let end_mark = format!("\\end{{{name}}}");
            let Some(end) = self.text[begin..].find(&end_mark).map(|at| begin + at) else {
                return;
            };
            let body = self.arguments(begin);
            self.drop(start..body);
            self.drop(end..end + end_mark.len());
            self.table(body..end.max(body));
            from = end;
        }
    }

    fn next_table(&self, from: usize) -> Option<(usize, &'static str)> {
        let text = &self.text;
        let mut from = from;
        loop {
            let start = from + text[from..].find("\\begin{")?;
            let inside = &text[start + "\\begin{".len()..];
            let known = TABLES
                .iter()
                .find(|name| inside.strip_prefix(**name).is_some_and(|rest| rest.starts_with('}')));
            if let Some(name) = known {
                return Some((start, name));
            }
            from = start + 1;
        }
    }

    /// Where the arguments of a command end that begin here.
    fn arguments(&self, from: usize) -> usize {
        let mut at = from;
        while let Some(end) = group_end(&self.text, at) {
            at = end;
        }
        at
    }

    fn table(&mut self, range: Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            match self.text.as_bytes()[at] {
                b'&' => {
                    self.put(at..at + 1, "|", false);
                    at += 1;
                }
                b'\\' if self.text.as_bytes().get(at + 1) == Some(&b'\\') => {
                    let rest = &self.text[at + 2..range.end];
                    let line = rest.lines().next().unwrap_or("");
                    let is_rule =
                        |word: &&str| word.starts_with("\\hline") || word.starts_with("\\cline");
                    let more = line.split_whitespace().any(|word| !is_rule(&word));
                    self.put(at..at + 2, if more { "\n" } else { "" }, false);
                    at += 2;
                }
                b'\\' => at = self.command(at, range.end),
                b'{' | b'}' => {
                    self.drop(at..at + 1);
                    at += 1;
                }
                _ => at += 1,
            }
        }
    }

    /// A command in a table; where to go on.
    fn command(&mut self, at: usize, end: usize) -> usize {
        let text = &self.text;
        let rest = &text[at + 1..end];
        let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (name, behind) = (&rest[..length], at + 1 + length);
        if length == 0 {
            // `\%`
            let to = at + 1 + rest.chars().next().map_or(0, char::len_utf8);
            let sign = self.text[at + 1..to].to_owned();
            self.put(at..to, &sign, false);
            return to;
        }
        let mut to = behind;
        let arguments = match name {
            "multicolumn" | "multirow" => 2,
            _ => {
                RULES.iter().find(|(rule, _)| *rule == name).map_or(0, |(_, arguments)| *arguments)
            }
        };
        let struck = STRIKES.contains(&name);
        for _ in 0..arguments + usize::from(struck) {
            if text.as_bytes().get(to) == Some(&b'[') {
                to = group_end(text, to).unwrap_or(to);
            }
            to = group_end(text, to).unwrap_or(to);
        }
        let known = arguments > 0
            || struck
            || LOOKS.contains(&name)
            || RULES.iter().any(|(rule, _)| *rule == name);
        if known {
            self.drop(at..to.min(end));
        }
        to.min(end)
    }

    /// `<span lang="EN-US">12</span>`: tags of pages, which only say how their text looks.
    fn tags(&mut self) {
        let mut from = 0;
        while let Some(start) = self.text[from..].find('<').map(|at| from + at) {
            from = start + 1;
            let rest = &self.text[from..];
            let name = rest.trim_start_matches('/');
            let letters = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
            let is_tag = TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(&name[..letters]))
                && name[letters..].starts_with([' ', '/', '>']);
            let end = rest.find(['>', '<', '\n']).filter(|end| *end <= LONGEST);
            if let (true, Some(end)) = (is_tag, end.filter(|end| rest[*end..].starts_with('>'))) {
                self.drop(start..from + end + 1);
                from += end + 1;
            }
        }
    }

    /// The lines of a MediaWiki table that part its rows: `{|`, `|-`, `|}`.
    fn wiki(&mut self) {
        if !self.text.starts_with("{|") && !self.text.contains("\n{|") {
            return;
        }
        let mut start = 0;
        let lines: Vec<usize> = self.text.split_inclusive('\n').map(str::len).collect();
        for length in lines {
            let line = &self.text[start..start + length];
            if ["{|", "|-", "|}"].iter().any(|mark| line.starts_with(mark)) {
                self.drop(start..start + line.trim_end().len());
            }
            start += length;
        }
    }

    /// `[12]{lang="EN-US"}`: a text with attributes.
    fn attributes(&mut self) {
        let mut from = 0;
        while let Some(close) = self.text[from..].find("]{").map(|at| from + at) {
            from = close + 2;
            // no further than a cell is long, or many of them take the square of their time
            let bytes = self.text.as_bytes();
            let near = close.saturating_sub(LONGEST);
            let before = memchr::memrchr2(b'[', b'\n', &bytes[near..close]).map(|at| near + at);
            let open = before.filter(|at| bytes[*at] == b'[');
            let behind = &bytes[from..bytes.len().min(from + LONGEST)];
            let rest = &self.text[from..];
            let end = memchr::memchr2(b'}', b'\n', behind)
                .filter(|end| rest[*end..].starts_with('}') && rest[..*end].contains(['=', '.']));
            if let (Some(open), Some(end)) = (open, end) {
                self.drop(close..from + end + 1);
                self.drop(open..open + 1);
                from += end + 1;
            }
        }
    }

    /// `\-`: a sign that is written so that it is no mark.
    fn signs(&mut self) {
        for sign in ["\\-", "\\+", "\\*"] {
            let places: Vec<usize> =
                memchr::memmem::find_iter(self.text.as_bytes(), sign.as_bytes()).collect();
            for at in places {
                let sign = &sign[1..];
                self.put(at..at + 2, sign, true);
            }
        }
    }
}

/// Where the group in braces or brackets ends that begins here.
fn group_end(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let (open, close) = match bytes.get(at)? {
        b'{' => (b'{', b'}'),
        b'[' => (b'[', b']'),
        _ => return None,
    };
    let mut depth = 0;
    for (length, byte) in bytes[at..].iter().enumerate().take(LONGEST) {
        if *byte == open {
            depth += 1;
        } else if *byte == close {
            depth -= 1;
            if depth == 0 {
                return Some(at + length + 1);
            }
        }
    }
    None
}

/// Whether waves strike out what is between them: figures, or a part of a row.
fn is_struck(text: &str, start: usize, inside: &str) -> bool {
    const NEAR: usize = 1000;
    let before = &text.as_bytes()[start.saturating_sub(NEAR)..start];
    let behind = &text.as_bytes()[start..text.len().min(start + NEAR)];
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let line_end = memchr::memchr(b'\n', behind).unwrap_or(behind.len());
    let in_row =
        [&before[line_start..], &behind[..line_end]].iter().any(|part| part.contains(&b'|'));
    !inside.contains('~')
        && !inside.starts_with(char::is_whitespace)
        && !inside.ends_with(char::is_whitespace)
        && (in_row || inside.contains(|c: char| c.is_ascii_digit()))
}

/// The mark of a note, in brackets; between carets only behind a digit.
fn note(before: &str, inside: &str, by_carets: bool) -> Option<String> {
    let is_bracket = |c: char| "[]()（）【】".contains(c);
    let mark: String = inside.chars().filter(|c| !is_bracket(*c)).collect();
    let is_mark = mark.chars().count() <= 3
        && !mark.contains(|c: char| c.is_whitespace() || "|<>^".contains(c));
    if by_carets && !(is_mark && before.ends_with(|c: char| c.is_ascii_digit())) {
        return None;
    }
    (!mark.trim().is_empty()).then(|| format!("[{mark}]"))
}

/// What a formula shows that is a number, a sign or words; none for what is calculated.
fn formula(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mut next = &rest[c.len_utf8()..];
        match c {
            ' ' | '{' | '}' => {
                if let Some(after) = rest.strip_prefix("{,}") {
                    out.push(',');
                    next = after;
                }
            }
            '^' => {
                let end = group_end(next, 0)
                    .unwrap_or_else(|| next.chars().next().map_or(0, char::len_utf8));
                let mark: String =
                    next[..end].chars().filter(|c| !"{}[]()（） ".contains(*c)).collect();
                // 10² is a hundred, behind nothing and of another kind it is a note
                let is_power = !out.is_empty()
                    && mark.chars().all(|c| c.is_ascii_digit() || c == '-')
                    && !next.starts_with(['[', '('])
                    && !next.starts_with("{[")
                    && !next.starts_with("{(");
                if mark.is_empty() || is_power || mark.contains('\\') {
                    return None;
                }
                out.extend(['[', ']'].into_iter().take(1).chain(mark.chars()).chain([']']));
                next = &next[end..];
            }
            '\\' => {
                let length = next.bytes().take_while(u8::is_ascii_alphabetic).count();
                let name = &next[..length];
                if length == 0 {
                    let sign = next.chars().next()?;
                    match sign {
                        '%' | '$' | '&' | '#' | '_' => out.push(sign),
                        '!' => {}
                        ',' | ';' | ':' | ' ' => out.push(' '),
                        _ => return None,
                    }
                    next = &next[sign.len_utf8()..];
                } else if STRIKES.contains(&name) {
                    next = &next[group_end(next, length)?..];
                } else if LOOKS.contains(&name) {
                    next = &next[length..];
                } else {
                    return None;
                }
            }
            _ if c.is_ascii_digit() || !c.is_ascii() || "+-.,%/*()".contains(c) => out.push(c),
            _ => return None,
        }
        rest = next;
    }
    (!out.trim().is_empty()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> String {
        shown(text)
            .unwrap_or_else(|| text.to_owned())
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn ok_struck_and_notes() {
        for (text, expected) in [
            ("| ~~7~~12 |", "| 12 |"),
            ("| <del>7</del> 12 | <s>3</s>4 |", "| 12 | 4 |"),
            ("| 12<sup>1</sup> | 8<sup>[2]</sup> |", "| 12[1] | 8[2] |"),
            ("| 12^1^ | 3^*^ |", "| 12[1] | 3[*] |"),
            ("| 12 <!-- 13 --> |", "| 12 |"),
            ("| \\- | \\-18 |", "| - | -18 |"),
        ] {
            assert_eq!(row(text), expected, "{text}");
        }
    }

    #[test]
    fn ok_formulas() {
        for (text, expected) in [
            ("| $12$ | $$3$$ | \\(4\\) |", "| 12 | 3 | 4 |"),
            ("| $1{,}298$ | $\\mathbf{12}$ | $1 2$ |", "| 1,298 | 12 | 12 |"),
            ("| $12\\%$ | $-$ | 12$^{1}$ |", "| 12% | - | 12 [1] |"),
            ("| $\\text{12件}$ | $\\sout{7}12$ | $12^{*}$ |", "| 12件 | 12 | 12[*] |"),
        ] {
            assert_eq!(row(text), expected, "{text}");
        }
    }

    #[test]
    fn err_what_is_calculated_or_no_mark_stays() {
        for text in [
            "| $10^{3}$ | $\\frac{1}{2}$ | $x$ |",
            "约 12~15 件，好~~啊~~",
            "$5 和 6",
            "a^b^c",
            "~~~\ncode\n~~~",
            "<sup>",
            "~~7",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn ok_tables_of_latex() {
        let text = "\\begin{tabular}{|c|c|} \\hline\n\\multirow{2}{*}{甲} & \\multicolumn{2}{|c|}{\\textbf{乙}} & 1 \\\\ \\hline\n\
                    丙 & 12\\% & \\sout{7}8 \\\\ \\cline{2-3}\n\\end{tabular}\n后";
        let shown = shown(text).unwrap();
        assert_eq!(shown.len(), text.len());
        let rows: Vec<String> = shown.lines().map(row).collect();
        assert_eq!(rows, ["", "甲 | 乙 | 1", "丙 | 12% | 8", "", "后"]);
    }

    proptest::proptest! {
        #[test]
        fn ok_every_byte_stays_in_its_place(pieces in proptest::collection::vec(proptest::sample::select(vec![
            "~~", "<sup>", "</sup>", "<s>", "</s>", "$", "^", "\\", "1", "规", "|", "\n", " ", "{", "}", "&", "\\\\", "\\begin{tabular}",
            "\\end{tabular}", "\\multirow", "<!--", "-->", "[", "]", "\\(", "\\)",
        ]), 0..20)) {
            let text = pieces.concat();
            if let Some(shown) = shown(&text) {
                proptest::prop_assert_eq!(shown.len(), text.len());
            }
        }
    }
}
