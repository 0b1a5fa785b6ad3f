//! How word processors write the numbers of their automatic labels: `1`, `一`, `①`, `iv`.

/// A way to write a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Numerals {
    /// `1`
    #[default]
    Decimal,
    /// `01`
    DecimalZero,
    /// `１`
    FullWidth,
    /// `①`
    Circled,
    /// `⑴`
    Parenthesised,
    /// `⒈`
    FullStop,
    /// `一`, `十二`, `一百零三`
    Chinese,
    /// `一`, `一〇`
    ChineseDigits,
    /// `壹`, `壹拾贰`
    ChineseLegal,
    /// `㊀`
    ChineseCircled,
    /// `甲`
    Stems,
    /// `子`
    Branches,
    /// `I`
    UpperRoman,
    /// `i`
    LowerRoman,
    /// `A`
    UpperLetter,
    /// `a`
    LowerLetter,
    /// A bullet or nothing.
    None,
}

impl Numerals {
    /// By the name in WordprocessingML.
    pub(super) fn of_word(name: &str) -> Self {
        match name {
            "decimalZero" => Self::DecimalZero,
            "decimalFullWidth" | "decimalFullWidth2" => Self::FullWidth,
            "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => Self::Circled,
            "decimalEnclosedParen" => Self::Parenthesised,
            "decimalEnclosedFullstop" => Self::FullStop,
            "chineseCounting"
            | "chineseCountingThousand"
            | "japaneseCounting"
            | "taiwaneseCounting"
            | "taiwaneseCountingThousand" => Self::Chinese,
            "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => {
                Self::ChineseDigits
            }
            "chineseLegalSimplified" | "ideographLegalTraditional" | "japaneseLegal" => {
                Self::ChineseLegal
            }
            "ideographEnclosedCircle" => Self::ChineseCircled,
            "ideographTraditional" => Self::Stems,
            "ideographZodiac" | "ideographZodiacTraditional" => Self::Branches,
            "upperRoman" => Self::UpperRoman,
            "lowerRoman" => Self::LowerRoman,
            "upperLetter" => Self::UpperLetter,
            "lowerLetter" => Self::LowerLetter,
            "bullet" | "none" => Self::None,
            _ => Self::Decimal,
        }
    }

    /// By the number (`nfc`) in Word's binary format.
    pub(super) fn of_code(code: u8) -> Self {
        match code {
            1 => Self::UpperRoman,
            2 => Self::LowerRoman,
            3 => Self::UpperLetter,
            4 => Self::LowerLetter,
            14 | 19 => Self::FullWidth,
            18 | 28 => Self::Circled,
            22 => Self::DecimalZero,
            23 | 255 => Self::None,
            26 => Self::FullStop,
            27 => Self::Parenthesised,
            29 => Self::ChineseCircled,
            10 | 11 | 33 | 35 | 37 | 39 => Self::Chinese,
            17 | 34 | 36 => Self::ChineseDigits,
            15 | 16 | 38 => Self::ChineseLegal,
            30 => Self::Stems,
            31 | 32 => Self::Branches,
            _ => Self::Decimal,
        }
    }

    /// By the sample (`style:num-format`) in OpenDocument.
    pub(super) fn of_sample(sample: &str) -> Self {
        match sample.chars().next() {
            None => Self::None,
            Some('I') => Self::UpperRoman,
            Some('i') => Self::LowerRoman,
            Some('A') => Self::UpperLetter,
            Some('a') => Self::LowerLetter,
            Some('０' | '１') => Self::FullWidth,
            Some('①') => Self::Circled,
            Some('⑴') => Self::Parenthesised,
            Some('⒈') => Self::FullStop,
            Some('一') => Self::Chinese,
            Some('壹' | '壱') => Self::ChineseLegal,
            Some('甲') => Self::Stems,
            Some('子') => Self::Branches,
            Some('㊀') => Self::ChineseCircled,
            Some(_) => Self::Decimal,
        }
    }

    /// The number as it is printed.
    pub(super) fn write(self, number: u32) -> String {
        match self {
            Self::Decimal => number.to_string(),
            Self::DecimalZero => format!("{number:02}"),
            Self::FullWidth => shifted(number, '０'),
            Self::Circled => one_of(number, '①', 20),
            Self::Parenthesised => one_of(number, '⑴', 20),
            Self::FullStop => one_of(number, '⒈', 20),
            Self::ChineseCircled => one_of(number, '㊀', 10),
            Self::Chinese => chinese(number, &Ideographs::COUNTING),
            Self::ChineseLegal => chinese(number, &Ideographs::LEGAL),
            Self::ChineseDigits => {
                let digit = |c: char| "〇一二三四五六七八九".chars().nth(c as usize - '0' as usize);
                number.to_string().chars().filter_map(digit).collect()
            }
            Self::Stems => cycle(number, "甲乙丙丁戊己庚辛壬癸"),
            Self::Branches => cycle(number, "子丑寅卯辰巳午未申酉戌亥"),
            Self::UpperRoman => roman(number),
            Self::LowerRoman => roman(number).to_lowercase(),
            Self::UpperLetter => letters(number, 'A'),
            Self::LowerLetter => letters(number, 'a'),
            Self::None => String::new(),
        }
    }
}

/// Characters that number a list, from 1; plain digits after the last.
fn one_of(number: u32, first: char, count: u32) -> String {
    match number
        .checked_sub(1)
        .filter(|n| *n < count)
        .and_then(|n| char::from_u32(first as u32 + n))
    {
        Some(c) => c.to_string(),
        None => number.to_string(),
    }
}

fn shifted(number: u32, zero: char) -> String {
    let shift = |c: char| char::from_u32(zero as u32 + c as u32 - '0' as u32);
    number.to_string().chars().filter_map(shift).collect()
}

fn cycle(number: u32, signs: &str) -> String {
    let count = signs.chars().count() as u32;
    let at = number.saturating_sub(1) % count;
    signs.chars().nth(at as usize).map(String::from).unwrap_or_default()
}

/// `a` … `z`, then `aa`, `bb`, as Word counts.
fn letters(number: u32, first: char) -> String {
    let Some(n) = number.checked_sub(1) else { return String::new() };
    let c = char::from_u32(first as u32 + n % 26).unwrap_or(first);
    // 30 is Word's own limit
    std::iter::repeat_n(c, (n / 26 + 1).min(30) as usize).collect()
}

fn roman(number: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number == 0 || number > 4999 {
        return number.to_string();
    }
    let mut rest = number;
    let mut text = String::new();
    for (value, sign) in SIGNS {
        while rest >= value {
            text.push_str(sign);
            rest -= value;
        }
    }
    text
}

struct Ideographs {
    digits: &'static str,
    units: [&'static str; 4],
    /// Whether ten is 十 and not 一十.
    short_ten: bool,
}

impl Ideographs {
    const COUNTING: Self =
        Self {
            digits: "零一二三四五六七八九", units: ["", "十", "百", "千"], short_ten: true
        };
    const LEGAL: Self =
        Self {
            digits: "零壹贰叁肆伍陆柒捌玖", units: ["", "拾", "佰", "仟"], short_ten: false
        };
}

fn chinese(number: u32, signs: &Ideographs) -> String {
    if number == 0 || number > 9999 {
        return number.to_string();
    }
    let mut text = String::new();
    let mut gap = false;
    for place in (0..4u32).rev() {
        let digit = number / 10u32.pow(place) % 10;
        if digit == 0 {
            gap = !text.is_empty();
            continue;
        }
        if gap {
            text.push('零');
            gap = false;
        }
        if !(signs.short_ten && place == 1 && digit == 1 && text.is_empty()) {
            text.extend(signs.digits.chars().nth(digit as usize));
        }
        text.push_str(signs.units[place as usize]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_numerals() {
        let written = |numerals: Numerals, numbers: &[u32]| -> String {
            numbers.iter().map(|n| numerals.write(*n)).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            written(Numerals::Chinese, &[1, 10, 11, 20, 99, 103, 110, 1001]),
            "一 十 十一 二十 九十九 一百零三 一百一十 一千零一"
        );
        assert_eq!(written(Numerals::ChineseDigits, &[1, 10, 12]), "一 一〇 一二");
        assert_eq!(written(Numerals::ChineseLegal, &[2, 10]), "贰 壹拾");
        assert_eq!(written(Numerals::Circled, &[1, 20, 21]), "① ⑳ 21");
        assert_eq!(written(Numerals::FullWidth, &[12]), "１２");
        assert_eq!(written(Numerals::UpperRoman, &[4, 19]), "IV XIX");
        assert_eq!(written(Numerals::LowerLetter, &[1, 27]), "a aa");
        assert_eq!(written(Numerals::Stems, &[3, 11]), "丙 甲");
        assert_eq!(written(Numerals::None, &[3]), "");
    }
}
