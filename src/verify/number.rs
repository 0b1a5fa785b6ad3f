//! What a printed number says, read a second time and in another way than the reader does.
//!
//! The reader has a grammar that must give no value to what is none. Here it is enough to know which value a text can mean,
//! since only texts come here that a record calls numbers: strip what may stand around digits, look at what is left.

use unicode_normalization::UnicodeNormalization;

/// A decimal without zeros at the end of its fraction: digits, and how many of them stand behind the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exact {
    digits: i128,
    scale: u32,
}

/// Digits of a number that is looked at; sums of them fit as well.
const MOST_DIGITS: usize = 30;

impl Exact {
    pub(super) const ZERO: Self = Self { digits: 0, scale: 0 };

    fn new(digits: i128, scale: u32) -> Self {
        let (mut digits, mut scale) = (digits, scale);
        while scale > 0 && digits % 10 == 0 {
            (digits, scale) = (digits / 10, scale - 1);
        }
        Self { digits, scale }
    }

    /// Reads digits with at most one point and a sign before them, as JSON writes numbers without an exponent.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (sign, rest) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let is_number = !whole.is_empty() && plain(whole) && plain(fraction);
        if !is_number || whole.len() + fraction.len() > MOST_DIGITS {
            return None;
        }
        let digits: i128 = [whole, fraction].concat().parse().ok()?;
        Some(Self::new(sign * digits, fraction.len() as u32))
    }

    /// Divided by ten so many times, or multiplied.
    pub(super) fn shifted(self, places: i32) -> Option<Self> {
        let scale = i64::from(self.scale) + i64::from(places);
        match u32::try_from(scale) {
            Ok(scale) => Some(Self::new(self.digits, scale)),
            Err(_) => {
                let missing = 10i128.checked_pow(u32::try_from(-scale).ok()?)?;
                Some(Self::new(self.digits.checked_mul(missing)?, 0))
            }
        }
    }

    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let at = |one: Self| one.digits.checked_mul(10i128.checked_pow(scale - one.scale)?);
        Some(Self::new(at(self)?.checked_add(at(other)?)?, scale))
    }

    pub(super) fn negated(self) -> Self {
        Self { digits: -self.digits, ..self }
    }

    pub(super) fn is_negative(self) -> bool {
        self.digits < 0
    }

    /// Its digits one after the other, without sign and point.
    pub(super) fn run(self) -> String {
        let scale = self.scale as usize;
        format!("{:0>width$}", self.digits.unsigned_abs(), width = scale + 1)
    }
}

/// What is printed behind a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Count,
    Yuan,
    WanYuan,
    YiYuan,
}

impl Unit {
    /// How many places the point moves when this becomes 万元.
    pub(super) const fn places(self) -> i32 {
        match self {
            Self::Yuan => 4,
            Self::YiYuan => -4,
            Self::WanYuan | Self::Count => 0,
        }
    }
}

/// Units, the longer before those that they end with.
const UNITS: &[(&str, Unit)] = &[
    ("亿元", Unit::YiYuan),
    ("万元", Unit::WanYuan),
    ("元", Unit::Yuan),
    ("亿", Unit::YiYuan),
    ("万", Unit::WanYuan),
    ("件次", Unit::Count),
    ("人次", Unit::Count),
];

/// What things are counted in.
pub(super) const COUNTED: &str = "件条项个次人份篇宗起部例家批笔户本则款期张页";

/// A text in one form: widths, digits, signs and letters that look alike become one, blanks a blank.
pub(super) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if is_note(c) {
            folded.push(c);
        } else {
            folded.extend(std::iter::once(c).nfkc().filter_map(fold));
        }
    }
    folded
}

/// A number that is no digit of a number: ², ①, ⒈.
fn is_note(c: char) -> bool {
    c.is_numeric() && !c.is_alphabetic() && !c.is_ascii_digit() && !('０'..='９').contains(&c)
}

fn fold(c: char) -> Option<char> {
    match c {
        // seen by nobody
        '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' => None,
        '−' | '﹣' => Some('-'),
        '億' => Some('亿'),
        '萬' => Some('万'),
        '減' => Some('减'),
        '無' => Some('无'),
        '項' => Some('项'),
        '個' => Some('个'),
        '條' => Some('条'),
        '筆' => Some('笔'),
        c if c.is_whitespace() => Some(' '),
        c => Some(c),
    }
}

/// The number that a text says, and the unit it says with it; `own` is the unit of the form.
pub(super) fn read(text: &str, own: &str) -> Option<(Exact, Option<Unit>)> {
    let text = folded(text);
    let bare = without_notes(text.trim_matches(is_around));
    let (sign, rest) = sign(bare);
    let end = rest.find(|c: char| !c.is_ascii_digit() && !", .".contains(c)).unwrap_or(rest.len());
    let (digits, unit) = (rest[..end].trim(), rest[end..].trim().trim_matches(is_around));
    let digits = plain(digits)?;
    let value = Exact::parse(&digits)?;
    let value = if sign < 0 { value.negated() } else { value };
    if unit.is_empty() {
        return Some((value, None));
    }
    if let Some((_, unit)) = UNITS.iter().find(|(word, _)| *word == unit) {
        return Some((value, Some(*unit)));
    }
    let mut letters = unit.chars();
    let is_counted =
        letters.next().is_some_and(|c| COUNTED.contains(c)) && letters.next().is_none();
    (is_counted || unit == own).then_some((value, Some(Unit::Count)))
}

/// Marks of emphasis, which say nothing.
fn is_around(c: char) -> bool {
    c == ' ' || c == '*' || c == '_' || c == '`'
}

/// What is left before notes in brackets at the end.
fn without_notes(text: &str) -> &str {
    let mut text = text;
    loop {
        let open = match text.chars().last() {
            Some(')') => '(',
            Some(']') => '[',
            Some('】') => '【',
            Some('〕') => '〔',
            Some(c) if is_note(c) => c,
            _ => return text,
        };
        let Some(at) = text.rfind(open).filter(|at| *at > 0) else { return text };
        text = text[..at].trim_matches(is_around);
    }
}

fn sign(text: &str) -> (i8, &str) {
    let found = [("增加", 1), ("减少", -1), ("增", 1), ("减", -1), ("+", 1), ("-", -1)]
        .into_iter()
        .find_map(|(word, sign)| Some((sign, text.strip_prefix(word)?)));
    let (sign, rest) = found.unwrap_or((1, text));
    (sign, rest.trim_start())
}

/// Digits without what parts thousands, where they are parted as thousands are; none where a number does not begin with a
/// zero for nothing.
fn plain(digits: &str) -> Option<String> {
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let groups: Vec<&str> = whole.split([',', ' ']).collect();
    let parted = groups.len() > 1;
    let fits = |(at, group): (usize, &&str)| match at {
        0 => !group.is_empty() && (!parted || group.len() <= 3),
        _ => group.len() == 3,
    };
    let has_digits =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_plain = groups.iter().enumerate().all(fits)
        && groups.iter().all(|group| has_digits(group))
        && fraction.is_none_or(has_digits);
    let whole = groups.concat();
    let is_padded = whole.len() > 1 && whole.starts_with('0');
    (is_plain && !is_padded).then(|| match fraction {
        Some(fraction) => format!("{whole}.{fraction}"),
        None => whole,
    })
}

/// Whether a text is nothing, or a mark for nothing.
pub(super) fn is_mark(text: &str) -> bool {
    let text = folded(text);
    let text = text.trim_matches(is_around);
    let dashes = |c: char| "-—–―─━~/\\ ".contains(c);
    text.chars().all(dashes) || matches!(text, "无" | "無" | "没有" | "空" | "N/A" | "null")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<String> {
        let (value, unit) = read(text, "件")?;
        let sign = if value.is_negative() { "-" } else { "" };
        let run = value.run();
        let (whole, fraction) = run.split_at(run.len() - value.scale as usize);
        let point = if fraction.is_empty() { "" } else { "." };
        let unit = unit.map(|unit| format!(" {unit:?}")).unwrap_or_default();
        Some(format!("{sign}{whole}{point}{fraction}{unit}"))
    }

    #[test]
    fn ok_numbers() {
        for (text, want) in [
            ("12", "12"),
            ("１２", "12"),
            ("1,298", "1298"),
            ("1，298", "1298"),
            ("61829.6555", "61829.6555"),
            ("0.370", "0.37"),
            ("0", "0"),
            (" 12 件", "12 Count"),
            ("251000元", "251000 Yuan"),
            ("25.1萬元", "25.1 WanYuan"),
            ("307項", "307 Count"),
            ("**12**", "12"),
            ("12（含上年）", "12"),
            ("12[^1]", "12"),
            ("12①", "12"),
            ("12²", "12"),
            ("减18", "-18"),
            ("－18", "-18"),
            ("+9", "9"),
        ] {
            assert_eq!(said(text).as_deref(), Some(want), "{text}");
        }
    }

    #[test]
    fn err_no_numbers() {
        for text in [
            "", "12%", "3/5", "3-5", "12;3", "1,29", "1,2345", ",123", "1,,234", "12 3", "l2",
            "~~7~~12", "约12", "12余", "12左右", "12多", "第12", "≥3", "1.2.3", "12.", "*", "1e3",
            "00", "012", "-件", "12x", "其中3", "十二", "（12）",
        ] {
            assert_eq!(said(text), None, "{text}");
        }
    }

    #[test]
    fn ok_marks() {
        for text in ["", " ", "-", "——", "—", "/", "无", "無", "　", "／"] {
            assert!(is_mark(text), "{text:?}");
        }
        for text in ["0", "详见附表", "零", "○", "12", "√", "#REF!"] {
            assert!(!is_mark(text), "{text:?}");
        }
    }

    #[test]
    fn ok_exact() {
        let p = |text: &str| Exact::parse(text).unwrap();
        assert_eq!(p("251000").shifted(4), Some(p("25.1")));
        assert_eq!(p("1.5").shifted(-4), Some(p("15000")));
        assert_eq!(p("0.05").plus(p("0.95")), Some(p("1")));
        assert_eq!(p("3").plus(p("-3")), Some(Exact::ZERO));
        assert_eq!((p("0.05").run(), p("-120").run()), ("005".to_owned(), "120".to_owned()));
        assert_eq!([Exact::parse(""), Exact::parse("1e5"), Exact::parse("1.2.3")], [None; 3]);
    }
}
