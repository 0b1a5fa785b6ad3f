//! Exact decimal numbers. Money in reports has up to six decimals, and a binary fraction would not add up.

use std::cmp::Ordering;
use std::fmt;

/// Most digits a printed number may have; a longer run is no number of a report.
pub(super) const MAX_DIGITS: usize = 17;

/// A number as `mantissa / 10^scale`, without trailing zeros in the fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    mantissa: i64,
    scale: u8,
}

impl Decimal {
    /// Zero.
    pub(crate) const ZERO: Self = Self { mantissa: 0, scale: 0 };

    /// `mantissa / 10^scale`.
    pub const fn new(mantissa: i64, scale: u8) -> Self {
        let (mut mantissa, mut scale) = (mantissa, scale);
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Self { mantissa, scale }
    }

    /// Reads ASCII digits with at most one point; no sign, no blanks.
    ///
    /// ```
    /// use nianbao::number::Decimal;
    /// assert_eq!(Decimal::parse("61829.6555").unwrap().to_string(), "61829.6555");
    /// assert_eq!(Decimal::parse("0.370").unwrap().to_string(), "0.37");
    /// assert_eq!(Decimal::parse("1.2.3"), None);
    /// ```
    pub fn parse(digits: &str) -> Option<Self> {
        let mut mantissa = 0i64;
        let mut count = 0;
        let mut scale = None;
        for b in digits.bytes() {
            match b {
                b'0'..=b'9' if count < MAX_DIGITS => {
                    mantissa = mantissa * 10 + i64::from(b - b'0');
                    count += 1;
                    scale = scale.map(|digits: u8| digits + 1);
                }
                b'.' if count > 0 && scale.is_none() => scale = Some(0),
                _ => return None,
            }
        }
        (count > 0).then(|| Self::new(mantissa, scale.unwrap_or(0)))
    }

    /// The number with the opposite sign.
    #[must_use]
    pub(crate) const fn negated(self) -> Self {
        Self { mantissa: -self.mantissa, scale: self.scale }
    }

    /// The number divided by `10^places`: 元 → 万元 is 4 places, 亿元 → 万元 is -4; none when it does not fit.
    pub(crate) fn shifted(self, places: i8) -> Option<Self> {
        let scale = i16::from(self.scale) + i16::from(places);
        match u32::try_from(-scale) {
            Ok(missing) => {
                Some(Self::new(self.mantissa.checked_mul(10i64.checked_pow(missing)?)?, 0))
            }
            Err(_) => Some(Self::new(self.mantissa, u8::try_from(scale).ok()?)),
        }
    }

    /// The value times `10^scale`, exact as long as `scale` covers the fraction.
    pub(crate) const fn scaled(self, scale: u8) -> i128 {
        let mut value = self.mantissa as i128;
        let mut left = scale.saturating_sub(self.scale);
        while left > 0 {
            value *= 10;
            left -= 1;
        }
        value
    }

    /// The digits as a whole number; [`Self::scale`] of them stand behind the point.
    pub const fn mantissa(self) -> i64 {
        self.mantissa
    }

    /// Digits after the point.
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// The value when it has no fraction.
    pub const fn integer(self) -> Option<i64> {
        if self.scale == 0 { Some(self.mantissa) } else { None }
    }

    /// The nearest floating-point number; one of at most fifteen digits comes back as it was printed.
    ///
    /// ```
    /// use nianbao::number::Decimal;
    /// assert_eq!(Decimal::parse("0.056").unwrap().float(), 0.056);
    /// assert_eq!(Decimal::parse("12345678901234.567").unwrap().float(), 12345678901234.567);
    /// ```
    #[expect(clippy::cast_precision_loss, reason = "only what a double holds exactly")]
    pub fn float(self) -> f64 {
        const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;
        // both are exact, so their quotient is the nearest
        if self.mantissa.unsigned_abs() <= EXACT && self.scale <= 22 {
            return self.mantissa as f64 / 10f64.powi(self.scale.into());
        }
        self.to_string().parse().unwrap_or(self.mantissa as f64)
    }

    /// Whether it is zero.
    pub const fn is_zero(self) -> bool {
        self.mantissa == 0
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self::new(value, 0)
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        self.scaled(scale).cmp(&other.scaled(scale))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scale == 0 {
            return write!(f, "{}", self.mantissa);
        }
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let digits = self.mantissa.unsigned_abs().to_string();
        let scale = self.scale as usize;
        if digits.len() > scale {
            let (whole, fraction) = digits.split_at(digits.len() - scale);
            write!(f, "{sign}{whole}.{fraction}")
        } else {
            write!(f, "{sign}0.{digits:0>scale$}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_exact() {
        let p = |t: &str| Decimal::parse(t).unwrap();
        assert_eq!(p("251000").shifted(4).unwrap().to_string(), "25.1");
        assert_eq!(p("5").shifted(4).unwrap().to_string(), "0.0005");
        assert_eq!(p("1.5").shifted(-4).unwrap().to_string(), "15000");
        assert_eq!(p("9999999999999999").shifted(-4), None);
        assert_eq!(p("18").negated().to_string(), "-18");
        assert_eq!(p("1.50"), p("1.5"));
        assert!(p("1.5") < p("1.51"));
        assert_eq!(p("0.05").scaled(4), 500);
    }

    #[test]
    fn err_not_a_number() {
        for text in ["", ".", ".5", "1a", "123456789012345678"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }
}
