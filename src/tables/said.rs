//! What the words beside a label say of it: whether it is still that label.
//!
//! A label of the form is misspelt, shortened and torn in many ways, and it still is itself. One word can make it another
//! one: `上年行政许可`, `行政处罚金额`. These words are few, and written down in `grammars/words/measures.toml`.

use crate::fold::{self, Class};
use crate::grammar::{Role, Table};
use crate::number::{self, Printed};
use crate::span::Span;
use serde::Deserialize;
use std::sync::LazyLock;

/// The words that change a measure.
#[derive(Debug, Deserialize)]
struct Measures {
    beside: Vec<String>,
    before: Vec<String>,
    this_year: Vec<String>,
    last_year: Vec<String>,
    behind: Vec<String>,
    over: Vec<String>,
}

static MEASURES: LazyLock<Measures> = LazyLock::new(|| {
    toml::from_str(include_str!("../../grammars/words/measures.toml"))
        .expect("the words are the crate's own")
});

/// Most letters behind a label that can be its own, and characters of a line over a table.
const LONGEST: usize = 24;
/// One letter in so many of a label may be another one, and one of any label.
const MISPRINTED: usize = 4;

/// Whether the words around a label make it another measure's, where none of its own spellings has them; `before` is what
/// of them stands before it.
pub(super) fn is_changed(words: &str, before: &str, own: &[&String]) -> bool {
    let is_own = |word: &str| has(own, word);
    let (words, before) = (folded(&without_parts(words)), folded(before));
    let is_of_last_year = || MEASURES.last_year.iter().any(|word| is_own(word));
    let said = |word: &String| words.contains(word.as_str()) && !is_own(word);
    MEASURES.beside.iter().any(said)
        || MEASURES.this_year.iter().any(said) && is_of_last_year()
        || MEASURES.before.iter().any(|word| before.ends_with(word.as_str()) && !is_own(word))
}

/// Whether letters glued behind a row's whole label are none that it can have.
pub(super) fn goes_on(behind: &str, own: &[&String]) -> bool {
    if behind.chars().nth(LONGEST).is_some() {
        return true;
    }
    let mut rest = folded(behind);
    // 行政处罚无无3617: what cells say where nothing parts them
    while let Some(length) = (1..=rest.chars().count())
        .map(|count| rest.chars().take(count).map(char::len_utf8).sum())
        .find(|length: &usize| number::cell(&rest[..*length]).0 == Printed::Mark)
    {
        rest.drain(..length);
    }
    while !rest.is_empty() {
        if has(own, &rest) || number::is_caption(&rest) {
            return false;
        }
        let known = MEASURES.behind.iter().filter(|word| rest.starts_with(word.as_str()));
        match known.map(String::len).max() {
            Some(length) => rest.drain(..length),
            None => return true,
        };
    }
    false
}

/// The line over a table, if it says that the table is of another time or body.
pub(super) fn caption(source: &str, table: u32) -> Option<Span> {
    let before = &source[..table as usize];
    let above = &before[..before.rfind('\n')?];
    let line = above.trim_end().rsplit('\n').next()?.trim();
    let at = (line.as_ptr() as usize - source.as_ptr() as usize) as u32;
    is_of_another(line).then(|| Span::new(at, at + line.len() as u32))
}

/// Whether the line over a table says that it is of another time or body.
fn is_of_another(caption: &str) -> bool {
    // a note speaks of the numbers before it, and a row of a header has several cells
    let is_cells = |c: char| matches!(fold::table().class(c), Class::Tab | Class::Pipe);
    if caption.starts_with(['注', '备'])
        || caption.contains(is_cells)
        || caption.chars().nth(LONGEST).is_some()
    {
        return false;
    }
    let caption = folded(caption);
    MEASURES.over.iter().any(|word| caption.contains(word.as_str()))
}

/// Whether words say what makes a measure another one, and what none of these spellings says.
pub fn contradicts(words: &str, own: &[&String]) -> bool {
    let said = folded(words);
    let is_own = |word: &str| has(own, word);
    is_changed(words, "", own)
        || MEASURES.before.iter().any(|word| said.contains(word.as_str()) && !is_own(word))
}

/// Whether the words of a header can be a column's label, shortened, longer or with a wrong letter in it, and none of these
/// says another measure.
pub fn may_be(words: &str, own: &[&String]) -> bool {
    let said: Vec<char> = folded(words).chars().collect();
    if said.is_empty() || contradicts(words, own) {
        return false;
    }
    own.iter().any(|label| {
        let label: Vec<char> = folded(label).chars().collect();
        let within = |part: &[char], all: &[char]| {
            let mut rest = all.iter();
            part.iter().all(|c| rest.any(|own| own == c))
        };
        let is_shortened = within(&said, &label) || within(&label, &said);
        let others = said.iter().zip(&label).filter(|(a, b)| a != b).count();
        is_shortened || said.len() == label.len() && others <= (label.len() / MISPRINTED).max(1)
    })
}

/// The spellings of a row's label, with those of its columns, or of a column's.
pub fn spellings(table: &Table, role: Role) -> Vec<&String> {
    let of = |column: &usize| table.columns[*column].labels.iter();
    match role {
        Role::Row(_, row, _) => {
            let row = &table.rows[row];
            row.labels.iter().chain(row.columns.iter().flat_map(of)).collect()
        }
        Role::Column(_, column) => of(&column).collect(),
        _ => Vec::new(),
    }
}

/// Whether one of these spellings has these letters.
fn has(own: &[&String], letters: &str) -> bool {
    own.iter().any(|label| folded(label).contains(letters))
}

fn is_word(c: char) -> bool {
    matches!(fold::table().class(c), Class::Letter | Class::Digit)
}

/// The letters and digits of a text, folded: 本年增／减 is 本年增减.
fn folded(text: &str) -> String {
    text.chars().filter(|c| is_word(*c)).map(|c| fold::table().fold(c)).collect()
}

/// A text without brackets that speak of a part of what is before them: `予以公开（含上年结转）`.
fn without_parts(text: &str) -> String {
    let class = |class: Class| move |c: char| fold::table().class(c) == class;
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find(class(Class::Open)) {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let end = rest.find(class(Class::Close)).unwrap_or(rest.len());
        let inside = rest[..end].trim_start_matches(class(Class::Open));
        if !number::speaks_of_a_part(inside) {
            out.push_str(inside);
        }
        rest = rest[end..].trim_start_matches(class(Class::Close));
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_changed() {
        let own = "行政许可".to_owned();
        for (before, behind) in
            [("上年", ""), ("", "（上年）"), ("", "金额"), ("不予", ""), ("", "同比")]
        {
            assert!(
                is_changed(&format!("{before}行政许可{behind}"), before, &[&own]),
                "{before}…{behind}"
            );
        }
        for (before, behind) in
            [("", ""), ("", "（件）"), ("本年", ""), ("", "（含上年结转）"), ("", "事项")]
        {
            assert!(
                !is_changed(&format!("{before}行政许可{behind}"), before, &[&own]),
                "{before}…{behind}"
            );
        }
        let own = "二、上年结转政府信息公开申请数量".to_owned();
        assert!(!is_changed("二、上年度结转", "二、上年度", &[&own]));
        let own = "本年增/减".to_owned();
        assert!(!is_changed("本年增减", "", &[&own]) && !is_changed("本年增／减", "", &[&own]));
        let own = "一、本年新收政府信息公开申请数量".to_owned();
        assert!(is_changed("上年新收政府信息公开申请数量", "上", &[&own]));
    }

    #[test]
    fn ok_goes_on() {
        let own = "规章".to_owned();
        assert!(goes_on("制度", &[&own]) && goes_on("以外文件", &[&own]));
        assert!(!goes_on("", &[&own]) && !goes_on("总数", &[&own]) && !goes_on("件", &[&own]));
        assert!(!goes_on("无无", &[&own]) && goes_on(&"无".repeat(1_000_000), &[&own]));
    }

    #[test]
    fn ok_may_be() {
        let own = "本年处理决定数量".to_owned();
        for words in ["处理数量", "数量", "本年处埋决定数量", "本年处理绝对数量"]
        {
            assert!(may_be(words, &[&own]), "{words}");
        }
        let amount = "本年收费金额".to_owned();
        assert!(!may_be("本年收费件数", &[&amount]) && may_be("本年收费全额", &[&amount]));
        let last = "上年项目数量".to_owned();
        assert!(!may_be("本年项目数量", &[&last]));
        for words in ["上年处理决定数量", "本年受理数量", "2021年", "同比", "处理决定数量增长"]
        {
            assert!(!may_be(words, &[&own]), "{words}");
        }
    }
}
