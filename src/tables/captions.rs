//! `单位：元`: the unit of money that a table states above its numbers or in its header.
//!
//! Where a unit stands behind a label in brackets of its own, [`super::tokens`] reads it with the label. These stand anywhere
//! else: over the table, in a cell of their own, behind words of the frame; each counts for the numbers after it.

use crate::atoms::Unit;
use crate::span::Span;

/// A stated unit of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caption {
    /// Where it stands.
    pub at: u32,
    /// What it is; none where it is one that no form has, such as 千元 or 美元.
    pub unit: Option<Unit>,
}

/// Bytes before a table in which its caption may stand.
const BEFORE: usize = 160;
/// Characters after `单位：` that are read.
const LONGEST: usize = 16;

/// Finds the units that are stated in a part of the text or just before it, but not before `floor`.
pub(super) fn find(source: &str, table: Span, floor: u32) -> Vec<Caption> {
    let least = (table.start as usize).saturating_sub(BEFORE).max(floor as usize);
    let from = source.floor_char_boundary(least.min(table.start as usize));
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

/// The unit of money at the start of a text, perhaps behind others (`件、万元`); none when it names no money.
fn money(text: &str) -> Option<Option<Unit>> {
    const ENDS: &[char] =
        &['(', '（', ')', '）', ']', '】', '〕', '\n', '\t', '|', '。', ';', '；'];
    let mut last = None;
    for c in text.chars().take(LONGEST).take_while(|c| !ENDS.contains(c)) {
        if c == '元' {
            return match last {
                Some('万' | '萬') => Some(Some(Unit::WanYuan)),
                Some('亿' | '億') => Some(Some(Unit::YiYuan)),
                Some('千' | '百' | '十' | '美' | '港' | '欧' | '歐' | '日') => Some(None),
                // 人民币元
                Some(letter) if letter.is_alphabetic() && !matches!(letter, '币' | '幣') => None,
                _ => Some(Some(Unit::Yuan)),
            };
        }
        last = Some(c);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str) -> Vec<Option<Unit>> {
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
            assert_eq!(units(text), [Some(Unit::Yuan)], "{text}");
        }
        for text in [
            "单位：万元",
            "金额单位为万元",
            "（单位万元）",
            "单位：件、万元",
            "单位：人民币万元，保留4位小数",
        ] {
            assert_eq!(units(text), [Some(Unit::WanYuan)], "{text}");
        }
        assert_eq!(units("单位：亿元"), [Some(Unit::YiYuan)]);
        assert_eq!(units("单位：件/元\n单位：万元"), [Some(Unit::Yuan), Some(Unit::WanYuan)]);
        assert_eq!(units("单位：千元"), [None]);
        assert_eq!(units("单位：美元"), [None]);
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
