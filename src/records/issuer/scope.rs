//! Whether a county reports for its own government or sums up all bodies of the county: by law these are two reports.

use super::vocabulary::heads;
use super::{Issuer, Kind};
use crate::records::SectionRecord;

pub use crate::statements::Scope;

/// Paragraphs of the first section that are looked at: the text says it at the start or not at all.
const FIRST_PARAGRAPHS: usize = 2;

/// What the first sentences say of it; none where they say nothing, or both.
pub fn scope(issuer: &Issuer, preamble: &[String], sections: &[SectionRecord]) -> Option<Scope> {
    if !matches!(issuer.kind, Some(Kind::Government | Kind::Office)) {
        return None;
    }
    let first = sections.first().map_or(&[][..], |section| &section.paragraphs);
    let texts = preamble.iter().chain(first.iter().take(FIRST_PARAGRAPHS));
    let mut said = texts
        .flat_map(|text| text.split(['。', '；']))
        .filter(|sentence| heads().scope.about.is_within(sentence))
        .filter_map(of_sentence);
    let first = said.next()?;
    said.all(|other| other == first).then_some(first)
}

/// `本报告由县政府办公室综合各乡镇、县直各部门年度报告汇总编制` is of the region, `本报告数据仅为县政府办公室本级` of the body.
fn of_sentence(sentence: &str) -> Option<Scope> {
    let words = &heads().scope;
    let is_own = words.own.is_within(sentence) && words.only.is_within(sentence);
    let sums = words.sums.is_within(sentence);
    let all = words.all.is_within(sentence);
    match (is_own, sums && all) {
        (true, _) => Some(Scope::Body),
        (false, true) => Some(Scope::Region),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_sentences() {
        let region = "本报告由县人民政府办公室综合各乡镇、县直各部门政府信息公开年度报告编制而成";
        assert_eq!(of_sentence(region), Some(Scope::Region));
        assert_eq!(
            of_sentence("本报告数据仅为县政府办公室本级数据，不含各乡镇各部门"),
            Some(Scope::Body)
        );
        assert_eq!(of_sentence("全县各级各部门认真贯彻落实条例"), None);
    }
}
