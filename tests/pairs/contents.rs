//! What an odd cell may say, from `cells.tsv`.

use std::sync::OnceLock;

/// One line of the list.
pub(crate) struct Content {
    /// As the list has it.
    pub(crate) name: String,
    /// As it is printed.
    pub(crate) text: String,
    /// `c` a count, `d` a change, `m` money.
    pub(crate) kind: char,
    /// What the sums of the report take it for.
    pub(crate) counted: i64,
    /// Numbers that may be given.
    pub(crate) values: Vec<String>,
    /// Saying nothing is right.
    pub(crate) null: bool,
    /// Saying blank is.
    pub(crate) blank: bool,
}

impl Content {
    /// Between digits of other cells the content ends where anybody would say it does.
    pub(crate) fn keeps_apart(&self) -> bool {
        let tears = |char: char| {
            char.is_whitespace()
                || "-—–/／－~～无,，.．'·_+−±减增".contains(char)
                || char == '\u{ad}'
        };
        let zeros = self.text.starts_with(['0', '０']);
        let bare = self.text.chars().all(char::is_numeric);
        !self.text.contains(tears) && !zeros && !bare
    }
}

/// The list.
pub(crate) fn all() -> &'static [Content] {
    static LIST: OnceLock<Vec<Content>> = OnceLock::new();
    LIST.get_or_init(|| {
        include_str!("cells.tsv")
            .lines()
            .filter(|line| {
                !line.is_empty() && (!line.starts_with("# ") && !line.starts_with("#\\"))
            })
            .map(content)
            .collect()
    })
}

fn content(line: &str) -> Content {
    let mut fields = line.split('\t');
    let mut field = || fields.next().unwrap_or_else(|| panic!("four fields in {line:?}"));
    let (name, kind, counted, right) = (field(), field(), field(), field());
    let mut values = Vec::new();
    let (mut null, mut blank) = (false, false);
    for verdict in right.split('|') {
        match verdict {
            "null" => null = true,
            "blank" => (null, blank) = (true, true),
            value => values.push(value.to_owned()),
        }
    }
    Content {
        name: name.to_owned(),
        text: unescaped(name),
        kind: kind.chars().next().expect("a kind"),
        counted: counted.parse().unwrap_or_else(|_| panic!("a number in {line:?}")),
        values,
        null,
        blank,
    }
}

fn unescaped(text: &str) -> String {
    let mut out = text.replace("\\n", "\n").replace("\\s", " ");
    while let Some(at) = out.find("\\u{") {
        let end = at + out[at..].find('}').expect("a closed escape");
        let code = u32::from_str_radix(&out[at + 3..end], 16).expect("a code point");
        let char = char::from_u32(code).expect("a character");
        out.replace_range(at..=end, &char.to_string());
    }
    out
}
