//! How a workbook shows a number: by the code of its format.
//!
//! A code has up to four sections, for positive numbers, negative ones, zero and texts. What a section adds to the digits,
//! what it divides or multiplies by, and whether it shows any digits at all is followed; to how many digits it rounds is
//! not, since the value that is stored says more.

use super::super::numbers::Numerals;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// Stands for what is seen or not.
const UNKNOWN: &str = "\u{FFFD}";

/// Longest code that is read, in characters; workbooks allow 255.
const LONGEST: usize = 1024;

/// A piece of a section.
#[derive(Clone, Debug, PartialEq)]
enum Piece {
    /// Text as it is.
    Literal(char),
    /// The place of a digit.
    Digit,
    Point,
    /// The whole number.
    General,
    /// The whole text.
    Text,
}

/// Which numbers a section is for, where it says so.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Condition {
    is_less: bool,
    is_more: bool,
    is_equal: bool,
    number: f64,
}

impl Condition {
    /// `>=10000`
    fn parse(text: &str) -> Option<Self> {
        let signs = text.len() - text.trim_start_matches(['<', '>', '=']).len();
        let (signs, number) = text.split_at(signs);
        let number = number.trim().parse().ok()?;
        let has = |sign| signs.contains(sign);
        let is_unequal = signs == "<>";
        (!signs.is_empty()).then_some(Self {
            is_less: has('<'),
            is_more: has('>'),
            is_equal: has('=') && !is_unequal,
            number,
        })
    }

    fn holds(self, value: f64) -> bool {
        match value.total_cmp(&self.number) {
            std::cmp::Ordering::Less => self.is_less,
            std::cmp::Ordering::Greater => self.is_more,
            std::cmp::Ordering::Equal => self.is_equal,
        }
    }
}

/// A section of a code.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about one section")]
struct Section {
    pieces: Vec<Piece>,
    condition: Option<Condition>,
    is_date: bool,
    /// Powers and fractions say the same number in another way.
    is_other_way: bool,
    /// Whether a zero has a place.
    keeps_zero: bool,
    /// Its digits have the colour of paper.
    is_white: bool,
    percents: i32,
    /// Thousands that the number is divided by.
    thousands: i32,
    numerals: Option<Numerals>,
}

impl Section {
    fn shows_number(&self) -> bool {
        self.is_date || self.pieces.iter().any(|p| matches!(p, Piece::Digit | Piece::General))
    }

    /// A number in the section; the sign is not its business.
    fn write(&self, value: f64, from_1904: bool) -> String {
        if self.is_white && self.shows_number() {
            // on a ground that is another's business
            return UNKNOWN.to_owned();
        }
        if self.is_date {
            return date(value, from_1904);
        }
        if self.is_other_way {
            return number(value);
        }
        let value = value * 100f64.powi(self.percents) / 1000f64.powi(self.thousands);
        let first = self.pieces.iter().position(|p| matches!(p, Piece::Digit | Piece::General));
        let last = self.pieces.iter().rposition(|p| matches!(p, Piece::Digit | Piece::General));
        let literals = |pieces: &[Piece]| -> String {
            let literal = |piece: &Piece| match piece {
                Piece::Literal(c) => Some(*c),
                _ => None,
            };
            pieces.iter().filter_map(literal).collect()
        };
        let (Some(first), Some(last)) = (first, last) else { return literals(&self.pieces) };
        let digits = match self.numerals {
            _ if value == 0.0 && !self.keeps_zero && !self.pieces.contains(&Piece::General) => {
                String::new()
            }
            Some(numerals) if value.fract() == 0.0 && (0.0..10_000.0).contains(&value) =>
            {
                #[expect(clippy::cast_sign_loss, reason = "it is in this range")]
                numerals.write(value as u32)
            }
            _ => digits(value, &self.pieces[first..=last]),
        };
        let (before, after) = (literals(&self.pieces[..first]), literals(&self.pieces[last + 1..]));
        format!("{before}{digits}{after}")
    }
}

/// A number in places for digits between which other signs may stand: `0!.0` shows tenths with a point of its own.
fn digits(value: f64, places: &[Piece]) -> String {
    let count = |pieces: &[Piece]| pieces.iter().filter(|p| **p == Piece::Digit).count();
    let is_literal = |piece: &&Piece| matches!(piece, Piece::Literal(_));
    let literals: Vec<&Piece> = places.iter().filter(is_literal).collect();
    if literals.is_empty() {
        return number(value);
    }
    let point = places.iter().position(|piece| *piece == Piece::Literal('.'));
    if let ([Piece::Literal('.')], Some(at)) = (literals.as_slice(), point)
        && !places.contains(&Piece::Point)
    {
        return number(value / 10f64.powi(count(&places[at..]) as i32));
    }
    let whole = format!("{:0width$}", value.round(), width = count(places));
    let mut rest = whole.chars();
    // digits for which there is no place stand before the first
    let surplus = whole.len().saturating_sub(count(places));
    let mut text: String = rest.by_ref().take(surplus).collect();
    for piece in places {
        match piece {
            Piece::Literal(c) => text.push(*c),
            Piece::Digit => text.extend(rest.next()),
            _ => {}
        }
    }
    text
}

/// What a number format makes of a number or a text.
#[derive(Clone, Debug, Default, PartialEq)]
struct Format {
    sections: Vec<Section>,
}

impl Format {
    fn parse(code: &str) -> Self {
        let mut reader = Code { chars: code.chars().take(LONGEST).collect(), at: 0 };
        let mut sections = vec![reader.section()];
        while reader.at < reader.chars.len() && sections.len() < 4 {
            reader.at += 1;
            sections.push(reader.section());
        }
        Self { sections }
    }

    /// The section for a number, and whether it shows the sign itself.
    fn section(&self, value: f64) -> Option<(&Section, bool)> {
        let of_numbers = &self.sections[..self.sections.len().min(3)];
        if of_numbers.iter().any(|section| section.condition.is_some()) {
            let holds = |section: &&Section| {
                section.condition.is_none_or(|condition| condition.holds(value))
            };
            return of_numbers.iter().find(holds).map(|section| (section, false));
        }
        // a section for texts alone is none for numbers
        let count = of_numbers.len();
        let at = match value {
            _ if count == 1 => 0,
            value if value < 0.0 => 1,
            value if value == 0.0 && count > 2 => 2,
            _ => 0,
        };
        of_numbers.get(at).map(|section| (section, at == 1))
    }

    fn number(&self, value: f64, from_1904: bool) -> String {
        let Some((section, has_sign)) = self.section(value) else { return number(value) };
        if section.is_date {
            return section.write(value, from_1904);
        }
        let is_text = section.pieces.contains(&Piece::Text);
        if is_text && !section.shows_number() {
            return number(value);
        }
        let sign = if value < 0.0 && !has_sign && section.shows_number() { "-" } else { "" };
        format!("{sign}{}", section.write(value.abs(), from_1904))
    }

    /// A text, for which there may be a section.
    fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let is_for_text = |section: &&Section| section.pieces.contains(&Piece::Text);
        let section = match self.sections.get(3) {
            Some(section) => section,
            None => match self.sections.last().filter(is_for_text) {
                Some(section) => section,
                None => return Cow::Borrowed(text),
            },
        };
        let mut shown = String::new();
        for piece in &section.pieces {
            match piece {
                Piece::Literal(c) => shown.push(*c),
                Piece::Text | Piece::General => shown.push_str(text),
                Piece::Digit | Piece::Point => {}
            }
        }
        Cow::Owned(shown)
    }
}

/// A code that is read.
struct Code {
    chars: Vec<char>,
    at: usize,
}

impl Code {
    /// Reads up to the end of a section.
    fn section(&mut self) -> Section {
        let mut section = Section::default();
        let mut commas = 0;
        while let Some(c) = self.chars.get(self.at).copied().filter(|c| *c != ';') {
            self.at += 1;
            if c != ',' && !matches!(c, '0' | '#' | '?') {
                // commas behind the digits divide, those between them part thousands
                section.thousands += std::mem::take(&mut commas);
            }
            match c {
                '0' | '#' | '?' => {
                    section.keeps_zero |= c == '0';
                    commas = 0;
                    section.pieces.push(Piece::Digit);
                }
                ',' if section.pieces.contains(&Piece::Digit) => commas += 1,
                '.' => section.pieces.push(Piece::Point),
                '%' => {
                    section.percents += 1;
                    section.pieces.push(Piece::Literal('%'));
                }
                '"' => {
                    while let Some(c) = self.next().filter(|c| *c != '"') {
                        section.pieces.push(Piece::Literal(c));
                    }
                }
                '\\' | '!' => section.pieces.extend(self.next().map(Piece::Literal)),
                // as wide as a sign, and filled with one
                '_' => {
                    self.next();
                    section.pieces.push(Piece::Literal(' '));
                }
                '*' => {
                    self.next();
                }
                '[' => {
                    let mut inside = String::new();
                    while let Some(c) = self.next().filter(|c| *c != ']') {
                        inside.push(c);
                    }
                    bracket(&inside, &mut section);
                }
                '@' => section.pieces.push(Piece::Text),
                'G' | 'g' if self.follows("eneral") => section.pieces.push(Piece::General),
                'E' | 'e' if matches!(self.chars.get(self.at), Some('+' | '-')) => {
                    section.is_other_way = true;
                }
                '/' if section.pieces.contains(&Piece::Digit) => section.is_other_way = true,
                'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' | 'e' | 'b' => {
                    section.is_date = true;
                }
                c => section.pieces.push(Piece::Literal(c)),
            }
        }
        section.thousands += commas;
        // `上午/下午` and points of seconds belong to times
        if section.is_date {
            section.is_other_way = false;
        }
        section
    }

    fn next(&mut self) -> Option<char> {
        let c = self.chars.get(self.at).copied();
        self.at += 1;
        c
    }

    fn follows(&mut self, word: &str) -> bool {
        let len = word.len();
        let rest = self.chars.get(self.at..self.at + len);
        let follows = rest.is_some_and(|rest| {
            rest.iter().zip(word.chars()).all(|(a, b)| a.eq_ignore_ascii_case(&b))
        });
        self.at += if follows { len } else { 0 };
        follows
    }
}

/// What stands in brackets: a time that is counted, a condition, a currency, numerals, a colour; all but white are seen.
fn bracket(inside: &str, section: &mut Section) {
    let lower = inside.to_ascii_lowercase();
    match lower.as_str() {
        "h" | "hh" | "m" | "mm" | "s" | "ss" => section.is_date = true,
        "white" | "白色" | "color2" | "color 2" | "颜色2" | "颜色 2" => {
            section.is_white = true;
        }
        "dbnum1" => section.numerals = Some(Numerals::Chinese),
        "dbnum2" => section.numerals = Some(Numerals::ChineseLegal),
        _ => {
            if let Some(currency) = inside.strip_prefix('$') {
                let sign = currency.split('-').next().unwrap_or_default();
                section.pieces.extend(sign.chars().map(Piece::Literal));
            } else if let Some(condition) = Condition::parse(inside) {
                section.condition = Some(condition);
            }
        }
    }
}

/// The number formats of a workbook and those its styles use.
#[derive(Debug, Default)]
pub(in super::super) struct Formats {
    own: FxHashMap<u32, Format>,
    styles: Vec<u32>,
    /// Whether days are counted from 1904.
    pub(in super::super) from_1904: bool,
}

impl Formats {
    /// A format of the workbook itself.
    pub(in super::super) fn define(&mut self, id: u32, code: &str) {
        self.own.insert(id, Format::parse(code));
    }

    /// The next style uses this format.
    pub(in super::super) fn style(&mut self, id: u32) {
        // those that a workbook need not define
        if let (false, Some(code)) = (self.own.contains_key(&id), built_in(id)) {
            self.own.insert(id, Format::parse(code));
        }
        self.styles.push(id);
    }

    fn format(&self, style: usize) -> Option<&Format> {
        self.own.get(self.styles.get(style)?)
    }

    /// A number in a style, as text.
    pub(in super::super) fn write(&self, value: f64, style: usize) -> String {
        match self.format(style) {
            Some(format) => format.number(value, self.from_1904),
            None => number(value),
        }
    }

    /// A text in a style.
    pub(in super::super) fn write_text<'t>(&self, text: &'t str, style: usize) -> Cow<'t, str> {
        self.format(style).map_or(Cow::Borrowed(text), |format| format.text(text))
    }
}

/// The code of a format that every workbook has; of those that differ from country to country what all agree in.
const fn built_in(id: u32) -> Option<&'static str> {
    match id {
        9 | 10 => Some("0%"),
        14..=22 | 27..=36 | 45..=47 | 50..=58 => Some("yyyy/m/d"),
        41..=44 => Some("_ * #,##0_ ;_ * -#,##0_ ;_ * \"-\"_ ;_ @_ "),
        _ => None,
    }
}

/// A shown number without the rounding: where it is the stored value to fewer digits, that with all of them.
pub(in super::super) fn unrounded(shown: &str, value: f64) -> String {
    let is_part = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
    let Some(mut start) = shown.find(|c: char| c.is_ascii_digit()) else { return shown.to_owned() };
    let len = shown[start..].find(|c| !is_part(c)).unwrap_or(shown.len() - start);
    let end = start + shown[start..start + len].trim_end_matches(['.', ',']).len();
    if shown[..start].ends_with('-') {
        start -= 1;
    }
    let digits = shown[start..end].replace(',', "");
    let places = digits.split_once('.').map_or(0, |(_, places)| places.len());
    let Ok(number_shown) = digits.parse::<f64>() else { return shown.to_owned() };
    let is_rounded = (number_shown - value).abs() <= 0.500_001 * 0.1f64.powi(places as i32);
    if is_rounded && !shown[end..].contains(|c: char| c.is_ascii_digit()) {
        format!("{}{}{}", &shown[..start], number(value), &shown[end..])
    } else {
        shown.to_owned()
    }
}

/// A number as a workbook shows it when it has the room: without an exponent, and to 15 digits, since what lies behind
/// them is the noise of sums (`0.1 + 0.2`).
pub(in super::super) fn number(value: f64) -> String {
    if !value.is_finite() {
        return String::new();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let shortest = format!("{value}");
    if value.abs() >= 1e15 || count(&shortest) <= 15 {
        return shortest;
    }
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    format!("{rounded}")
}

fn count(text: &str) -> usize {
    let digits = text.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit);
    digits.count()
}

/// The day that a number stands for.
fn date(value: f64, from_1904: bool) -> String {
    // the last day that sheets know, in the year 9999
    if !(0.0..2_958_466.0).contains(&value) {
        return number(value) + "日";
    }
    let days = value as i64;
    if days == 0 {
        let minutes = (value * 1440.0).round() as i64;
        return format!("{:02}:{:02}", minutes / 60, minutes % 60);
    }
    // days from 1 March of the year 0 to the first that is counted; sheets believe in a 29 February 1900
    let start = if from_1904 { 695_361 } else { 693_899 + i64::from(days < 60) };
    let days = days + start;
    let era = days.div_euclid(146_097);
    let day = days.rem_euclid(146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_numbers() {
        let written: Vec<String> =
            [12.0, 0.37, 61829.6555, 0.1 + 0.2, -3.0, 0.0, 1e15, 2059.209, 1_234_567.891_234_5]
                .map(number)
                .to_vec();
        assert_eq!(
            written,
            [
                "12",
                "0.37",
                "61829.6555",
                "0.3",
                "-3",
                "0",
                "1000000000000000",
                "2059.209",
                "1234567.8912345"
            ]
        );
    }

    #[test]
    fn ok_dates() {
        assert_eq!(date(44561.0, false), "2021-12-31");
        assert_eq!(date(44927.5, false), "2023-01-01");
        assert_eq!(date(61.0, false), "1900-03-01");
        assert_eq!(date(1.0, false), "1900-01-01");
        assert_eq!(date(0.5, false), "12:00");
        assert_eq!(date(43465.0, true), "2023-01-01");
    }

    #[test]
    fn ok_formats_as_workbooks_show_them() {
        let shown = |code: &str, value: f64| Format::parse(code).number(value, false);
        for (code, value, expected) in [
            ("General", 12.5, "12.5"),
            ("#,##0.00", 1298.5, "1298.5"),
            ("0", 0.37, "0.37"),
            ("0.00%", 0.37, "37%"),
            ("0.0,", 251_000.0, "251"),
            ("0!.0,", 251_000.0, "25.1"),
            ("0\\.0,", 251_234.0, "25.1234"),
            ("#,##0.00,,\"百万\"", 2_500_000.0, "2.5百万"),
            ("0\"件\"", 3.0, "3件"),
            ("\"约\"0", 100.0, "约100"),
            ("General\"余\"", 100.0, "100余"),
            (";;;", 77.0, ""),
            ("0;-0;;@", 0.0, ""),
            ("0;-0;;@", -3.0, "-3"),
            ("0;(0)", -3.0, "(3)"),
            ("0_);[Red](0)", 5.0, "5 "),
            ("#", 0.0, ""),
            ("#,##0", 0.0, "0"),
            ("[White]0", 5.0, "\u{FFFD}"),
            ("_ * #,##0_ ;_ * -#,##0_ ;_ * \"-\"_ ;_ @_ ", 0.0, " - "),
            ("[>=10000]0!.0,\"万\";0", 25_000.0, "2.5万"),
            ("[>=10000]0!.0,\"万\";0", 300.0, "300"),
            ("[=0]\"无\";General", 0.0, "无"),
            ("[$￥-804]#,##0", 12.0, "￥12"),
            ("[DBNum1][$-804]General", 12.0, "十二"),
            ("0.00E+00", 1200.0, "1200"),
            ("# ?/?", 0.5, "0.5"),
            ("000-0000", 1_234_567.0, "123-4567"),
            ("yyyy\"年\"m\"月\"", 44561.0, "2021-12-31"),
            ("[h]:mm", 44561.0, "2021-12-31"),
            ("@", 7.0, "7"),
        ] {
            assert_eq!(shown(code, value), expected, "{code}");
        }
    }

    #[test]
    fn ok_texts_in_formats() {
        let shown = |code: &str| Format::parse(code).text("12").into_owned();
        assert_eq!(shown("0;-0;;\"约\"@"), "约12");
        assert_eq!(shown(";;;"), "");
        assert_eq!(shown("0;0"), "12");
        assert_eq!(shown("@\"件\""), "12件");
    }

    #[test]
    fn ok_rounding_is_undone_and_nothing_else() {
        assert_eq!(unrounded("61,829.66", 61829.6555), "61829.6555");
        assert_eq!(unrounded("约12件", 12.3), "约12.3件");
        assert_eq!(unrounded("25.1", 251_000.0), "25.1");
        assert_eq!(unrounded("(5)", -5.0), "(5)");
        assert_eq!(unrounded("-5", -5.0), "-5");
        assert_eq!(unrounded("", 77.0), "");
        assert_eq!(unrounded("无", 0.0), "无");
    }
}
