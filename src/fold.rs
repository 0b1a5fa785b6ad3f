//! The folding table: what each character is, and which character it is read as.
//!
//! Built once per process from Unicode's compatibility forms and a traditional → simplified table, then a plain array
//! look-up per character. Folding is only for *recognising* labels and digits: records keep the characters as printed.

use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// What a character is to the skeleton.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Class {
    /// A letter or ideograph: kept.
    Letter,
    /// A decimal digit: kept as ASCII.
    Digit,
    /// A blank that is one column wide: dropped.
    Space,
    /// U+3000 and other wide blanks: dropped.
    WideSpace,
    /// A tab.
    Tab,
    /// End of a line.
    Newline,
    /// Form feed: end of a page.
    Page,
    /// A cell border, `|` or one of the box-drawing uprights.
    Pipe,
    /// `(` in any width.
    Open,
    /// `)` in any width.
    Close,
    /// Any other mark: dropped.
    Mark,
}

/// One entry per code point of the Basic Multilingual Plane.
pub struct Table {
    class: Box<[Class]>,
    fold: Box<[u16]>,
    /// Whether the character is a letter that is read as itself, which nearly all are.
    plain: Box<[bool]>,
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::build);

/// The table of this process.
pub fn table() -> &'static Table {
    &TABLE
}

/// Letters that traditional texts write another way than a plain table gives, or that converters overdo: seen in
/// mirrored reports as `製發`, `全麵`, `複議`, `與` and `於`.
const ALSO: &[(char, char)] = &[
    ('製', '制'),
    ('麵', '面'),
    ('複', '复'),
    ('復', '复'),
    ('於', '于'),
    ('係', '系'),
    ('關', '关'),
    ('佈', '布'),
    ('徵', '征'),
    ('準', '准'),
    ('祕', '秘'),
    ('內', '内'),
    ('収', '收'),
    ('⺠', '民'),
    ('⻋', '车'),
    ('⻓', '长'),
    ('⻅', '见'),
    ('⻚', '页'),
    ('⻔', '门'),
    ('⻛', '风'),
    ('⻜', '飞'),
    ('⻢', '马'),
    ('⻥', '鱼'),
    ('⻦', '鸟'),
    ('⻝', '食'),
    ('⻄', '西'),
    ('⻘', '青'),
    ('⻬', '齐'),
    ('⻰', '龙'),
    ('⺟', '母'),
    ('⺎', '尢'),
    ('⻆', '角'),
    ('⻉', '贝'),
    ('⻁', '虎'),
    ('⻩', '黄'),
    ('⻨', '麦'),
    ('⻮', '齿'),
    ('⼾', '户'),
    ('戶', '户'),
];

impl Table {
    fn build() -> Self {
        let mut class = vec![Class::Mark; 0x1_0000].into_boxed_slice();
        let mut fold: Box<[u16]> = (0..=u16::MAX).collect();
        for code in 0..=0xFFFFu32 {
            let Some(c) = char::from_u32(code) else { continue };
            let at = code as usize;
            let plain = compatible(c);
            class[at] = classify(c, plain);
            if matches!(class[at], Class::Letter | Class::Digit) {
                fold[at] = simplified(plain) as u16;
            }
        }
        for &(from, to) in ALSO {
            class[from as usize] = Class::Letter;
            fold[from as usize] = to as u16;
        }
        let is_plain = |at: usize| class[at] == Class::Letter && usize::from(fold[at]) == at;
        let plain = (0..class.len()).map(is_plain).collect();
        Self { class, fold, plain }
    }

    /// What the character is. Characters beyond the BMP are letters (rare ideographs) as far as labels care.
    #[inline]
    pub fn class(&self, c: char) -> Class {
        self.class.get(c as usize).copied().unwrap_or(Class::Letter)
    }

    /// Bytes of plain three-byte letters at the start of a text: ideographs that are read as themselves.
    #[inline]
    pub fn plain_run(&self, bytes: &[u8]) -> usize {
        let (letters, _) = bytes.as_chunks::<3>();
        let is_plain = |b: &[u8; 3]| {
            let code = (usize::from(b[0] & 0x0F) << 12)
                | (usize::from(b[1] & 0x3F) << 6)
                | usize::from(b[2] & 0x3F);
            b[0] & 0xF0 == 0xE0 && self.plain[code]
        };
        3 * letters.iter().take_while(|b| is_plain(b)).count()
    }

    /// The character it is read as.
    #[inline]
    pub fn fold(&self, c: char) -> char {
        self.fold.get(c as usize).map_or(c, |&f| char::from_u32(u32::from(f)).unwrap_or(c))
    }
}

/// The single compatibility character (full-width forms, radicals U+2F00, compatibility ideographs), or itself.
///
/// Circled and parenthesised numbers stay what they are: NFKC would make `1①` read 11.
fn compatible(c: char) -> char {
    if matches!(c, '\u{2460}'..='\u{24FF}' | '\u{2776}'..='\u{2793}' | '\u{3200}'..='\u{33FF}' | '²' | '³' | '¹' | '⁰'..='₟' | '⅐'..='\u{218B}')
    {
        return c;
    }
    // most letters have no other form: ideographs, and syllables of Korean
    if matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}') {
        return c;
    }
    let mut forms = std::iter::once(c).nfkc();
    match (forms.next(), forms.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

fn simplified(c: char) -> char {
    if !('\u{3400}'..='\u{9FFF}').contains(&c) {
        return c.to_ascii_lowercase();
    }
    let mut buffer = [0; 4];
    let converted = hanconv::t2s(c.encode_utf8(&mut buffer));
    let mut chars = converted.chars();
    match (chars.next(), chars.next()) {
        (Some(one), None) if (one as u32) < 0x1_0000 => one,
        _ => c,
    }
}

/// Whether a character takes no place: nobody sees it, and what stands on its two sides stands together.
pub const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{FEFF}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{AD}' | '\0')
}

fn classify(c: char, plain: char) -> Class {
    match c {
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => return Class::Newline,
        '\u{C}' => return Class::Page,
        '\t' => return Class::Tab,
        '\u{3000}' | '\u{2003}' | '\u{2001}' => return Class::WideSpace,
        '|' | '｜' | '│' | '┃' | '║' | '¦' | '┆' => return Class::Pipe,
        '(' | '（' | '﹙' => return Class::Open,
        ')' | '）' | '﹚' => return Class::Close,
        // zero-width and soft marks are as good as nothing, like a blank
        _ if is_invisible(c) => return Class::Space,
        // private use: bullets and blanks of symbol fonts
        '\u{E000}'..='\u{F8FF}' | '\u{FFFD}' => return Class::Mark,
        _ => {}
    }
    if plain.is_ascii_digit() {
        Class::Digit
    } else if c == '〇' || c == '○' || plain.is_alphabetic() {
        Class::Letter
    } else if c.is_whitespace() || c.is_control() {
        Class::Space
    } else {
        Class::Mark
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        text.chars().map(|c| table().fold(c)).collect()
    }

    #[test]
    fn ok_width_radicals_and_traditional() {
        assert_eq!(folded("１２３"), "123");
        assert_eq!(folded("⼀、⺠主"), "一、民主");
        assert_eq!(folded("行政規範性文件"), "行政规范性文件");
        assert_eq!(folded("本年製發件數"), "本年制发件数");
        assert_eq!(folded("全麵行政複議"), "全面行政复议");
        assert_eq!(folded("信息內容"), "信息内容");
        assert_eq!(folded("㈠①"), "㈠①");
    }

    #[test]
    fn ok_classes() {
        let of = |c| table().class(c);
        assert_eq!(of('章'), Class::Letter);
        assert_eq!(of('７'), Class::Digit);
        assert_eq!(of('①'), Class::Mark);
        assert_eq!(of('\u{3000}'), Class::WideSpace);
        assert_eq!(of('\u{a0}'), Class::Space);
        assert_eq!(of('（'), Class::Open);
        assert_eq!(of('│'), Class::Pipe);
        assert_eq!(of('、'), Class::Mark);
    }
}
