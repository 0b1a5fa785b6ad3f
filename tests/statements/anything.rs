//! What holds of statements whatever the text.

use nianbao::fold;
use nianbao::number::{Decimal, chinese};
use nianbao::statements::{Known, Section, read};
use proptest::prelude::*;

/// Words that such sentences are made of, in any order.
const WORDS: &[&str] = &[
    "2016年",
    "2015年",
    "全年",
    "上半年",
    "我局",
    "我县",
    "全县",
    "县教育局",
    "累计",
    "截至",
    "主动公开",
    "公开",
    "政府信息",
    "信息",
    "收到",
    "受理",
    "政府信息公开申请",
    "依申请公开",
    "申请",
    "未",
    "没有",
    "无",
    "发生",
    "行政复议",
    "行政诉讼",
    "、",
    "和",
    "，",
    "。",
    "；",
    "：",
    "其中",
    "网络",
    "信函",
    "12件",
    "7",
    "3条",
    "1,208条",
    "约",
    "余",
    "十二件",
    "两件",
    "0件",
    "3/5",
    "12%",
    "万条",
    "的",
    "共",
    "通过",
    "政府网站",
    "微信",
    "予以公开",
    "部分公开",
    "不予公开",
    "答复",
    "收费",
    "费用",
    "收取",
    "12.5元",
    "咨询",
    "人次",
    "（",
    "）",
    "《",
    "》",
    " ",
    "\u{3000}",
    "１２",
    "條",
    "増",
    "下一步",
    "同比",
    "情况",
];

fn text() -> impl Strategy<Value = String> {
    let words =
        prop::collection::vec(prop::sample::select(WORDS), 0..40).prop_map(|words| words.concat());
    prop_oneof![4 => words, 1 => ".{0,80}", 1 => "[0-9一二三十百千万零两未无，。件条申请公开]{0,60}"]
}

/// Whether a clause prints this number, in digits or in words.
fn prints(clause: &str, value: Decimal) -> bool {
    let folded: String = clause.chars().map(|c| fold::table().fold(c)).collect();
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '，');
    let mut pieces = folded.split(|c| !is_number(c)).map(|piece| {
        let piece: String = piece.chars().filter(|c| !matches!(c, ',' | '，')).collect();
        piece.trim_matches('.').to_owned()
    });
    let said = folded.split(|c| !"零〇一二两三四五六七八九十百千万".contains(c));
    pieces.any(|piece| Decimal::parse(&piece) == Some(value))
        || said
            .into_iter()
            .any(|said| chinese(said).is_some_and(|said| value.integer() == Some(said)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn a_value_is_printed_in_its_clause(paragraphs in prop::collection::vec(text(), 1..3), key in prop::sample::select(&["overview", "applications", "review_litigation", "fees", ""][..])) {
        let section = Section { key, title: "依申请公开情况", paragraphs: &paragraphs };
        let known = Known { year: Some(2016), issuer: Some("某县水利局"), scope: None };
        for one in read(&[section], known, &|_| None) {
            let (section, paragraph, range) = &one.at;
            prop_assert_eq!(*section, 0);
            prop_assert_eq!(&paragraphs[*paragraph][range.clone()], &one.text);
            match one.value {
                Some(value) if one.words => prop_assert!(value.is_zero()),
                Some(value) => prop_assert!(one.exact && prints(&one.text, value), "{one:?}"),
                None => prop_assert!(one.refused.is_some()),
            }
            prop_assert!(one.value.is_none() || one.year.is_none_or(|year| year == 2016), "{one:?}");
            prop_assert!(one.proof.is_none() || one.value.is_some());
        }
    }
}
