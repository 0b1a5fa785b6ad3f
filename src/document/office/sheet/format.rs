//! How a number of a workbook is shown, as far as it matters: plain, as a share, or as a date.

use rustc_hash::FxHashMap;

/// What a number format makes of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) enum Shown {
    /// The number.
    #[default]
    Number,
    /// Hundredths with a sign.
    Percent,
    /// A day or a time.
    Date,
}

/// The number formats of a workbook and those its styles use.
#[derive(Debug, Default)]
pub(in super::super) struct Formats {
    own: FxHashMap<u32, Shown>,
    styles: Vec<u32>,
    /// Whether days are counted from 1904.
    pub(in super::super) from_1904: bool,
}

impl Formats {
    /// A format of the workbook itself.
    pub(in super::super) fn define(&mut self, id: u32, code: &str) {
        self.own.insert(id, of_code(code));
    }

    /// The next style uses this format.
    pub(in super::super) fn style(&mut self, id: u32) {
        self.styles.push(id);
    }

    /// A number in a style, as text.
    pub(in super::super) fn write(&self, value: f64, style: usize) -> String {
        let id = self.styles.get(style).copied().unwrap_or(0);
        let shown = self.own.get(&id).copied().unwrap_or_else(|| built_in(id));
        match shown {
            Shown::Number => number(value),
            Shown::Percent => format!("{}%", number(value * 100.0)),
            Shown::Date => date(value, self.from_1904),
        }
    }
}

const fn built_in(id: u32) -> Shown {
    match id {
        9 | 10 => Shown::Percent,
        14..=22 | 27..=36 | 45..=47 | 50..=58 => Shown::Date,
        _ => Shown::Number,
    }
}

/// By the letters of a format code outside quotation marks and brackets.
fn of_code(code: &str) -> Shown {
    let mut letters = code.chars();
    while let Some(c) = letters.next() {
        match c {
            '"' => {
                letters.find(|c| *c == '"');
            }
            '[' => {
                let inside: String = letters.by_ref().take_while(|c| *c != ']').collect();
                // `[h]` counts hours; colours and conditions are no times
                if matches!(
                    inside.to_ascii_lowercase().as_str(),
                    "h" | "hh" | "m" | "mm" | "s" | "ss"
                ) {
                    return Shown::Date;
                }
            }
            '\\' | '_' | '*' => {
                letters.next();
            }
            '%' => return Shown::Percent,
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => return Shown::Date,
            'G' | 'g' => {
                // General
                letters.nth(5);
            }
            ';' => return Shown::Number,
            _ => {}
        }
    }
    Shown::Number
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
    if value.abs() >= 1e15 || digits(&shortest) <= 15 {
        return shortest;
    }
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    format!("{rounded}")
}

fn digits(text: &str) -> usize {
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
    fn ok_format_codes() {
        assert_eq!(of_code("yyyy\"年\"m\"月\""), Shown::Date);
        assert_eq!(of_code("0.00%"), Shown::Percent);
        assert_eq!(of_code("#,##0.00\"万元\"_);[Red](0)"), Shown::Number);
        assert_eq!(of_code("General"), Shown::Number);
        assert_eq!(of_code("[h]:mm"), Shown::Date);
        assert_eq!(of_code("\\d0"), Shown::Number);
    }
}
