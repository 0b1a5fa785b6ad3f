//! Automatic numbers: the levels of a list, and the count so far.

use super::numbers::Numerals;

/// Levels of a list; no format has more.
pub(super) const LEVELS: usize = 10;

/// Characters of a label's pattern that are read; what follows is no label.
const LONGEST: usize = 64;

/// How the labels of a level look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Level {
    /// The first number.
    pub(super) start: u32,
    /// How the number is written.
    pub(super) numerals: Numerals,
    /// The label, with `%1` to `%9` for the numbers of the levels.
    pub(super) text: String,
    /// Whether all numbers of the label are plain digits.
    pub(super) is_legal: bool,
    /// Whether it begins anew under each number of the level above.
    pub(super) restarts: bool,
}

impl Default for Level {
    fn default() -> Self {
        let (text, numerals) = (String::new(), Numerals::Decimal);
        Self { start: 1, numerals, text, is_legal: false, restarts: true }
    }
}

/// The numbers of a list so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Count {
    numbers: [Option<u32>; LEVELS],
}

impl Count {
    /// The label of the next paragraph on a level.
    pub(super) fn next(&mut self, levels: &[Level], at: usize) -> String {
        let at = at.min(LEVELS - 1);
        let Some(level) = levels.get(at) else { return String::new() };
        self.numbers[at] = Some(self.numbers[at].map_or(level.start, |n| n.saturating_add(1)));
        for (deeper, number) in self.numbers.iter_mut().enumerate().skip(at + 1) {
            if levels.get(deeper).is_none_or(|level| level.restarts) {
                *number = None;
            }
        }
        // levels above that were never used count from their first number
        for (upper, number) in self.numbers.iter_mut().enumerate().take(at) {
            *number = number.or_else(|| levels.get(upper).map(|level| level.start));
        }
        let mut label = String::new();
        let mut text = level.text.chars().take(LONGEST).peekable();
        while let Some(c) = text.next() {
            let place = text.peek().and_then(|c| c.to_digit(10)).filter(|n| c == '%' && *n > 0);
            let Some(place) = place.map(|n| n as usize - 1) else {
                label.push(c);
                continue;
            };
            text.next();
            if let (Some(shown), Some(Some(number))) = (levels.get(place), self.numbers.get(place))
            {
                let numerals = if level.is_legal { Numerals::Decimal } else { shown.numerals };
                label.push_str(&numerals.write(*number));
            }
        }
        label
    }

    /// Sets the next number of a level.
    pub(super) fn begin_at(&mut self, at: usize, first: u32) {
        if let Some(number) = self.numbers.get_mut(at) {
            *number = first.checked_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(numerals: Numerals, text: &str) -> Level {
        Level { numerals, text: text.to_owned(), ..Level::default() }
    }

    #[test]
    fn ok_labels() {
        let levels = [
            level(Numerals::Chinese, "%1、"),
            level(Numerals::Chinese, "（%2）"),
            level(Numerals::Decimal, "%3."),
            Level { is_legal: true, ..level(Numerals::Decimal, "%1.%4") },
        ];
        let mut count = Count::default();
        let labels: Vec<String> =
            [0, 1, 1, 2, 2, 1, 2, 0, 1, 3].iter().map(|at| count.next(&levels, *at)).collect();
        assert_eq!(
            labels,
            ["一、", "（一）", "（二）", "1.", "2.", "（三）", "1.", "二、", "（一）", "2.1"]
        );
        assert_eq!(count.next(&levels, 7), "");
    }
}
