//! Is it a name? What stands before a report's name is taken apart into the words that publish, ask and link, which are
//! grammar (`heads.toml`), and a body's name, which must end like one and hold no word of a sentence.

use super::body::{Body, Kind};
use super::vocabulary::{bodies, heads};
use crate::number;
use crate::places::places;
use std::ops::Range;

/// What words before a report's name are. Texts are folded and without blanks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Phrase {
    /// Nothing but words that link or publish; whether one publishes.
    Empty(bool),
    /// 我局, 本单位, 各部门: whoever writes.
    Myself,
    /// A name, in these bytes; whether a word that publishes stood around it.
    Name(Range<usize>, bool),
    /// Anything else.
    Other,
}

/// Longest name in letters.
const LONGEST: usize = 40;

/// Takes the words before a report's name apart.
pub(super) fn phrase(text: &str) -> Phrase {
    let words = heads();
    let mut start = text.len() - number::without_ordinal(text).len();
    let mut end = text.len();
    let mut is_published = false;
    let publishes = |word: &str| !word.starts_with("关于");
    loop {
        let rest = &text[start..end];
        if let Some(length) = words.inside.at_end(rest).or_else(|| words.end.at_end(rest)) {
            let word = &rest[rest.len() - length..];
            is_published |= words.inside.has(word) && publishes(word);
            end -= length;
        } else if let Some(open) = rest.strip_suffix(['（', '(', '·', '、']) {
            end = start + open.len();
        } else {
            break;
        }
    }
    if let Some(word) = words.inside.last_within(&text[start..end]) {
        is_published |= publishes(&text[start..end][word.clone()]);
        start += word.end;
    }
    loop {
        let rest = &text[start..end];
        if begins_with_place(rest) {
            break;
        }
        let Some(length) = words.start.at_start(rest) else { break };
        let (word, after) = rest.split_at(length);
        let after = after.trim_start_matches(|c: char| c.is_ascii_digit());
        // one letter can also be the first of a name
        if word.chars().count() == 1 && !begins_with_place(after) {
            break;
        }
        start = end - after.len();
    }
    let rest = text[start..end].trim_start_matches(['）', ')', '·', '、']);
    let start = end - rest.len();
    if rest.is_empty() {
        Phrase::Empty(is_published)
    } else if !begins_with_place(rest) && words.myself.at_start(rest).is_some() {
        Phrase::Myself
    } else if is_name(rest) {
        Phrase::Name(start..end, is_published)
    } else {
        Phrase::Other
    }
}

/// Whether a text begins with a place, or with a body of the centre before one.
pub(super) fn begins_with_place(text: &str) -> bool {
    Body::begins_with_place(text)
}

/// Whether these letters are the name of a body.
pub(super) fn is_name(text: &str) -> bool {
    let words = heads();
    let is_letter = |c: char| c.is_alphanumeric() || "（）()·、".contains(c);
    let opened = text
        .match_indices("公开")
        .all(|(at, word)| words.opened.at_start(&text[at + word.len()..]).is_some());
    (2..=LONGEST).contains(&text.chars().count())
        && text.chars().all(is_letter)
        && opened
        && !words.never.is_within(text)
        && is_one_body(text)
}

/// Whether letters end like a body, and hold no other with its place behind a word that is no part of a name: 某局报
/// 某县某局. The place of a branch stands behind its body: 公安局天河区分局.
fn is_one_body(text: &str) -> bool {
    /// A place whose name is shorter is also the end of a word: 城区.
    const SHORTEST: usize = 3 * 3;
    let body = Body::of(text);
    let goes_on = |before: &str| {
        before.ends_with(['驻', '（', '(', '省', '市', '县', '区', '州', '盟', '旗'])
            || before.ends_with("政府")
            || bodies().department.at_end(before).is_some()
    };
    let holds_another = body.rest.char_indices().skip(1).any(|(at, _)| {
        places().at_start(&body.rest[at..]).is_some_and(|(bytes, _)| bytes >= SHORTEST)
            && !goes_on(&body.rest[..at])
    });
    body.kind.is_some() && !holds_another
}

/// Whether a name is of a place's whole government, or of a zone's: other bodies' names can follow it.
pub(super) fn is_whole(text: &str) -> bool {
    let body = Body::of(text);
    bodies().government.has(body.rest) && !body.rest.is_empty()
}

/// Whether a name is nothing but places.
pub(super) fn is_place(text: &str) -> bool {
    let body = Body::of(text);
    !body.places.is_empty() && body.rest.is_empty()
}

/// Whether another part of a name can follow on the next line or behind a blank: 管理委员会 社会事业办公室.
pub(super) fn goes_on(before: &str, next: &str) -> bool {
    if !is_name(before) || is_place(before) || bodies().committee.at_end(before).is_some() {
        return true;
    }
    is_whole(before) && matches!(Body::of(next).kind, Some(Kind::Subdistrict))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Option<&str> {
        match phrase(text) {
            Phrase::Name(name, _) => Some(&text[name]),
            _ => None,
        }
    }

    #[test]
    fn ok_words_around_a_name_are_no_part_of_it() {
        for text in [
            "鲁山县财政局",
            "现将鲁山县财政局",
            "特向社会公布鲁山县财政局",
            "现予以公布鲁山县财政局",
            "关于报送鲁山县财政局",
            "鲁山县财政局关于报送",
            "鲁山县财政局现公布",
            "由鲁山县财政局编制的",
            "鲁山县人民政府办公室关于印发鲁山县财政局",
            "附件2鲁山县财政局",
            "1.鲁山县财政局",
        ] {
            assert_eq!(name(text), Some("鲁山县财政局"), "{text}");
        }
        assert_eq!(name("现将将乐县财政局"), Some("将乐县财政局"));
        assert_eq!(name("特克斯县人民政府"), Some("特克斯县人民政府"));
        assert_eq!(name("鲁山县机构编制委员会办公室"), Some("鲁山县机构编制委员会办公室"));
        assert_eq!(name("鲁山县政务公开办公室"), Some("鲁山县政务公开办公室"));
    }

    #[test]
    fn err_what_is_no_name() {
        for text in [
            "法定主动公开内容",
            "依申请公开",
            "点击查看",
            "办事大厅",
            "以上为",
            "安徽省人民政府办公厅关于做好",
            "平顶山市司法局报鲁山县司法局",
        ] {
            assert_eq!(phrase(text), Phrase::Other, "{text}");
        }
        for text in ["我局", "现将本单位", "各部门", "全县", "特向社会公布我镇"]
        {
            assert_eq!(phrase(text), Phrase::Myself, "{text}");
        }
        for text in ["关于", "现公布", "关于印发"] {
            assert!(matches!(phrase(text), Phrase::Empty(_)), "{text}");
        }
    }
}
