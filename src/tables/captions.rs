//! `单位：元`: the unit of money that a table states above its numbers or in its header.
//!
//! Where a unit stands behind a label in brackets of its own, [`super::tokens`] reads it with the label. These stand anywhere
//! else: over the table, in a cell of their own, behind words of the frame; each counts for the numbers after it.

use super::units::floor;
use crate::atoms::Unit;
use crate::span::Span;

/// A stated unit of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caption {
    /// Where it stands.
    pub at: u32,
    /// What it is.
    pub unit: Money,
}

/// A unit of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Money {
    /// One that forms have.
    Known(Unit),
    /// Another, such as 千元 or 美元.
    Unknown,
}

impl Money {
    /// What brackets behind a label say: `（单位：万元，保留4位小数）`, `（元）`; other words are a note.
    pub(super) fn in_brackets(inside: &str) -> Option<Self> {
        const POINTS: [char; 3] = [':', '：', ' '];
        let text = inside.trim().trim_start_matches("单位").trim_start_matches("單位");
        let text = text.trim_start_matches(POINTS).trim_start_matches("人民币");
        let text = text.trim_start_matches(POINTS);
        let known = Unit::parse(text).ok().map(|(_, unit)| unit);
        if let Some(unit) = known.filter(|unit| unit.places_to_wan_yuan().is_some()) {
            return Some(Self::Known(unit));
        }
        // 千元, 百万元
        let rest = text.trim_start_matches(OTHERS);
        let is_money = rest.trim_start_matches(['万', '萬', '亿', '億']).starts_with('元');
        (rest.len() < text.len() && is_money).then_some(Self::Unknown)
    }
}

/// What stands before 元 in units that no form has.
const OTHERS: &[char] = &['千', '百', '十', '美', '港', '欧', '歐', '日'];
/// Bytes before a table in which its caption may stand.
const BEFORE: u32 = 160;
/// Characters after `单位：` that are read.
const LONGEST: usize = 16;

/// Finds the units that are stated in a part of the text or just before it, but not before `least`.
pub(super) fn find(source: &str, table: Span, least: u32) -> Vec<Caption> {
    let from = floor(source, table.start.saturating_sub(BEFORE).max(least).min(table.start));
    let from = from as usize;
    let text = &source[..table.end as usize];
    let finder = memchr::memmem::find_iter(&text.as_bytes()[from..], "位");
    let caption = |at: usize| {
        let before = text[from..from + at].trim_end();
        let before = before.strip_suffix(['单', '單'])?.trim_end();
        let after = text[from + at + "位".len()..].trim_start();
        let rest = after.trim_start_matches([':', '：', '为', '為']);
        // 各单位 is no caption
        let is_stated = rest.len() < after.len() || before.ends_with(['(', '（', '[', '【', '〔']);
        let unit = if is_stated { money(rest.trim_start())? } else { return None };
        Some(Caption { at: (from + at) as u32, unit })
    };
    finder.filter_map(caption).collect()
}

/// Whether letters, folded, are a piece of a caption: `单位`, `元`.
pub(super) fn is_piece(letters: &str) -> bool {
    let rest = letters.trim_start_matches("计量").trim_start_matches("金额");
    let rest = rest.trim_start_matches("单位").trim_start_matches("人民币");
    rest.is_empty() || Unit::parse(rest).is_ok_and(|(rest, _)| rest.is_empty())
}

/// The unit of money at the start of a text, perhaps behind others (`件、万元`); none when it names no money.
fn money(text: &str) -> Option<Money> {
    const ENDS: &[char] = &['(', '（', ')', '）', ']', '】', '〕', '\t', '|', '。', ';', '；'];
    let (mut before, mut last) = (None, None);
    for c in text.chars().take(LONGEST).take_while(|c| !ENDS.contains(c)) {
        if c == '元' {
            return match last {
                Some('万' | '萬' | '亿' | '億') if before.is_some_and(|c| OTHERS.contains(&c)) => {
                    Some(Money::Unknown)
                }
                Some('万' | '萬') => Some(Money::Known(Unit::WanYuan)),
                Some('亿' | '億') => Some(Money::Known(Unit::YiYuan)),
                Some(other) if OTHERS.contains(&other) => Some(Money::Unknown),
                // 人民币元
                Some(letter) if letter.is_alphabetic() && !matches!(letter, '币' | '幣') => None,
                _ => Some(Money::Known(Unit::Yuan)),
            };
        }
        // letters may be set apart (万 元), and a unit may be cut by a line end, but goes on nowhere else
        if !c.is_whitespace() {
            (before, last) = (last, Some(c));
        } else if c == '\n' && !matches!(last, Some('万' | '萬' | '亿' | '億' | '币' | '幣'))
        {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str) -> Vec<Money> {
        let all = find(text, Span::new(0, text.len() as u32), 0);
        all.into_iter().map(|caption| caption.unit).collect()
    }

    #[test]
    fn ok_stated() {
        for text in [
            "单位：元",
            "（单位:元）",
            "计量单位：人民币元",
            "单 位： 元",
            "（单\n位：元）",
            "單位：元",
        ] {
            assert_eq!(units(text), [Money::Known(Unit::Yuan)], "{text}");
        }
        for text in [
            "单位：万元",
            "金额单位为万元",
            "（单位万元）",
            "单位：件、万元",
            "单 位 ： 万 元",
            "（单位：万\n元）",
            "单位：人民币万元，保留4位小数",
        ] {
            assert_eq!(units(text), [Money::Known(Unit::WanYuan)], "{text}");
        }
        assert_eq!(units("单位：件\n 元"), []);
        assert_eq!(units("单位：亿元"), [Money::Known(Unit::YiYuan)]);
        assert_eq!(
            units("单位：件/元\n单位：万元"),
            [Money::Known(Unit::Yuan), Money::Known(Unit::WanYuan)]
        );
        assert_eq!(units("单位：千元"), [Money::Unknown]);
        assert_eq!(units("单位：百万元"), [Money::Unknown]);
        assert_eq!(units("单位：美元"), [Money::Unknown]);
    }

    #[test]
    fn ok_in_brackets() {
        assert_eq!(Money::in_brackets("元"), Some(Money::Known(Unit::Yuan)));
        assert_eq!(Money::in_brackets("人民币：万元"), Some(Money::Known(Unit::WanYuan)));
        for unit in ["千元", "单位：百万元", "美元"] {
            assert_eq!(Money::in_brackets(unit), Some(Money::Unknown), "{unit}");
        }
        assert_eq!(Money::in_brackets("其中减免25元"), None);
        assert_eq!(Money::in_brackets("件"), None);
    }

    #[test]
    fn err_no_money() {
        for text in [
            "单位：件",
            "各单位元旦期间",
            "单位：某公司（元）",
            "填报单位：某县开元镇",
            "单位名称 12 元",
            "位：元",
        ] {
            assert_eq!(units(text), [], "{text}");
        }
    }

    #[test]
    fn ok_before_a_table() {
        let text = "单位：元\n本年收费金额";
        let table = Span::new("单位：元\n".len() as u32, text.len() as u32);
        assert_eq!(find(text, table, 0).len(), 1);
        assert_eq!(find(text, table, table.start), []);
    }
}
