//! Whether words are a label of the form: like a number, a label is read wholly or not at all.
//!
//! A label of the form is misspelt, shortened and torn in many ways, and it still is itself. What stands in it or beside it
//! besides its own letters must be something that says nothing of another measure: a unit, `本年度`, `其中`, the report's own
//! year. Any other word makes it another label: `上年行政许可`, `行政许可及备案`, `2021年处理决定数量`. The words that say
//! nothing are written down in `grammars/words/measures.toml`.

use crate::fold::{self, Class};
use crate::grammar::matcher::letters;
use crate::grammar::{Part, Role, Table};
use crate::number::{self, Printed, Unit, without_ordinal, year};
use crate::span::Span;
use crate::words::built_in;
use serde::Deserialize;
use std::sync::LazyLock;

/// The words that change a measure, and those that do not.
#[derive(Debug, Deserialize)]
struct Measures {
    beside: Vec<String>,
    including: Vec<String>,
    neutral: Vec<String>,
    over: Vec<String>,
    over_labels: Vec<String>,
    notes: Vec<String>,
    taken_back: Vec<String>,
    last_year: Vec<String>,
    next_year: Vec<String>,
    turning: String,
    negating: String,
}

static MEASURES: LazyLock<Measures> =
    LazyLock::new(|| built_in(include_str!("../../grammars/words/measures.toml")));

/// Most letters of a label with what stands beside it; the longest of the forms have 40.
const LONGEST: usize = 80;
/// Most characters of a line over a table that says of what it is.
const LONGEST_CAPTION: usize = 24;
/// One letter in so many of a label may be another one, and one of any label.
const MISPRINTED: usize = 4;
/// Fewest letters of a clause that is enough of a label, and of a label with a letter too many.
const CLAUSE: usize = 6;
const ORDINALS: &str = "一二三四五六七八九十";
const DATE: &str = "年月日";
/// Radicals and ideographs begin here; letters before it say nothing.
const IDEOGRAPHS: char = '\u{2E80}';

/// What words can be the label of one measure: its spellings, and the year that its report is on.
pub struct Measure<'a> {
    own: Vec<&'a String>,
    /// Labels of which pieces may stand beside its own: those of its row's columns.
    beside: Vec<&'a String>,
    year: Option<i32>,
}

impl<'a> Measure<'a> {
    /// The measure that has these labels.
    pub const fn new(own: Vec<&'a String>, year: Option<i32>) -> Self {
        Self { own, beside: Vec::new(), year }
    }

    /// The measure of a row of a table, or of one of its columns.
    pub fn of(table: &'a Table, role: Role, year: Option<i32>) -> Self {
        let of = |column: &usize| table.columns[*column].labels.iter();
        let (own, beside) = match role {
            Role::Row(_, row, _) => {
                let row = &table.rows[row];
                (row.labels.iter().collect(), row.columns.iter().flat_map(of).collect())
            }
            Role::Column(_, column) => (of(&column).collect(), Vec::new()),
            _ => (Vec::new(), Vec::new()),
        };
        Self { own, beside, year }
    }

    /// Whether words are its label and say nothing of another measure.
    pub fn is(&self, words: &str) -> bool {
        self.reads(words, Part::Whole, |_| false)
    }

    /// Whether words are its label and what stands glued to it; `is_known` as below.
    pub(super) fn is_beside(&self, words: &str, is_known: impl Fn(&str) -> bool) -> bool {
        self.reads(words, Part::Whole, is_known)
    }

    /// Whether words are a piece of its label, or all of it; `is_known` tells of letters before or behind it whether they
    /// are a piece of some label.
    pub fn has_piece(&self, words: &str, is_known: impl Fn(&str) -> bool) -> bool {
        let begins = without_ordinal(words).len() < words.len();
        self.reads(words, if begins { Part::Head } else { Part::Tail }, is_known)
    }

    /// Whether words of a header speak of no other measure: pieces of its labels or scraps of their letters, or words that
    /// say nothing.
    pub fn allows(&self, words: &str) -> bool {
        let own = |c: char| self.own.iter().any(|label| label.contains(c));
        let said: String = word(words).into_iter().collect();
        self.has_piece(words, |_| false)
            || !self.says_another_year(words)
                && !is_part_of_year(words)
                && (said.chars().all(own) || self.says_nothing(&said))
    }

    /// Whether words say that a measure is another one.
    pub(super) fn contradicts(&self, words: &str) -> bool {
        self.uncontradicted(words).is_none()
    }

    /// Words without notes in brackets; none if they say that the measure is another one.
    fn uncontradicted(&self, words: &str) -> Option<String> {
        let said = self.without_notes(without_ordinal(words))?;
        let all = letters(&said);
        let is_other = |word: &String| all.contains(word.as_str()) && !self.has(word);
        let is_changed = self.says_another_year(words)
            || is_part_of_year(words)
            || MEASURES.beside.iter().any(is_other);
        (!is_changed).then_some(said)
    }

    fn reads(&self, words: &str, part: Part, is_known: impl Fn(&str) -> bool) -> bool {
        let Some(said) = self.uncontradicted(words) else { return false };
        let said = word(&said);
        if said.is_empty() || said.len() > LONGEST {
            return false;
        }
        let is_beside = |words: &str| {
            self.has(words)
                || !has_any(&MEASURES.beside, words)
                    && !words.contains(|c| MEASURES.negating.contains(c))
                    && is_known(words)
                || self.says_nothing(words)
        };
        self.own.iter().flat_map(|label| variants(without_ordinal(label))).any(|label| {
            let label = word(label);
            let is_spelt = |edits: Vec<Edit>| is_spelling(&said, &label, &edits, part, is_beside);
            said == label || edits(&said, &label).is_some_and(is_spelt)
        })
    }

    /// Whether one of its labels has these letters.
    fn has(&self, said: &str) -> bool {
        self.own.iter().chain(&self.beside).any(|label| letters(label).contains(said))
    }

    /// Whether letters are words in or beside a label that say nothing of another measure.
    fn says_nothing(&self, letters: &str) -> bool {
        const MONEY: &str = "金额";
        let is_money = |label: &&String| label.contains(MONEY);
        let counts_money = || self.own.iter().chain(&self.beside).any(is_money);
        let mut rest = letters;
        while !rest.is_empty() {
            if number::is_caption(rest) {
                return !rest.contains(MONEY) || counts_money();
            }
            let known = MEASURES.neutral.iter().filter(|word| rest.starts_with(word.as_str()));
            // 行政处罚无无3617: what cells say where nothing parts them
            let mark = || {
                let lengths = rest.char_indices().map(|(at, c)| at + c.len_utf8());
                lengths.take(2).find(|length| number::cell(&rest[..*length]).0 == Printed::Mark)
            };
            match known.map(String::len).max().or_else(mark) {
                Some(length) => rest = &rest[length..],
                None => return false,
            }
        }
        true
    }

    /// Words without brackets that say nothing; none if brackets say of another measure.
    fn without_notes(&self, words: &str) -> Option<String> {
        let class = |class: Class| move |c: char| fold::table().class(c) == class;
        let mut out = String::new();
        let mut rest = words;
        while let Some(open) = rest.find(class(Class::Open)) {
            out.push_str(&rest[..open]);
            rest = rest[open..].trim_start_matches(class(Class::Open));
            let end = rest.find(class(Class::Close)).unwrap_or(rest.len());
            let inside = &rest[..end];
            let said = letters(inside);
            // （截至2022年12月31日）, of which year is asked elsewhere; how a word is pronounced, a number
            let undated: String =
                said.chars().filter(|c| *c >= IDEOGRAPHS && !DATE.contains(*c)).collect();
            if counts_by_more(&said) || is_part_of_year(inside) {
                return None;
            }
            if self.has(&said) && !said.chars().all(|c| ORDINALS.contains(c)) {
                // its own brackets, which a label may lack, or a label in brackets
                out.push_str(if out.trim().is_empty() { inside } else { "" });
            } else if !undated.chars().all(|c| ORDINALS.contains(c))
                && !MEASURES.including.iter().any(|word| said.starts_with(word.as_str()))
                && !self.says_nothing(&undated)
            {
                return None;
            }
            rest = rest[end..].trim_start_matches(class(Class::Close));
        }
        out.push_str(rest);
        Some(out)
    }

    /// Whether words name another year than the measure's.
    fn says_another_year(&self, words: &str) -> bool {
        let Some(own) = self.year else { return false };
        let says = |list: &[String]| self.own.iter().any(|label| has_any(list, &letters(label)));
        let own = own + i32::from(says(&MEASURES.next_year)) - i32::from(says(&MEASURES.last_year));
        years(words).any(|year| year != own)
    }
}

/// The letters of a label, without digits: a year's count apart.
fn word(label: &str) -> Vec<char> {
    letters(label).chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// The years that a text names.
fn years(text: &str) -> impl Iterator<Item = i32> {
    text.char_indices().filter_map(|(at, _)| {
        let (rest, year) = year::year(&text[at..]).ok()?;
        rest.trim_start().starts_with('年').then_some(year)
    })
}

/// A label, without its brackets, and its first clause.
fn variants(label: &str) -> impl Iterator<Item = &str> {
    let class = |class: Class| move |c: char| fold::table().class(c) == class;
    let bare = label.find(class(Class::Open)).filter(|open| *open > 0).map(|open| &label[..open]);
    let clause = label.find(['、', '，', ',']).map(|end| &label[..end]);
    let clause = clause.filter(|clause| clause.chars().count() > CLAUSE);
    [Some(label), bare, clause].into_iter().flatten()
}

/// Letters of a label that were exchanged for others, left out or put in: a range of the words, and one of the label.
type Edit = (std::ops::Range<usize>, std::ops::Range<usize>);

/// How words become a label with the fewest letters exchanged, left out or put in; none if hardly a letter is left.
fn edits(said: &[char], label: &[char]) -> Option<Vec<Edit>> {
    let wide = label.len() + 1;
    // the cost from each pair of places to the ends
    let mut cost = vec![0u16; (said.len() + 1) * wide];
    for at in (0..=said.len()).rev() {
        for own in (0..wide).rev() {
            cost[at * wide + own] = match (said.get(at), label.get(own)) {
                (None, None) => 0,
                (None, Some(_)) => cost[at * wide + own + 1] + 1,
                (Some(_), None) => cost[(at + 1) * wide + own] + 1,
                (Some(a), Some(b)) if a == b => cost[(at + 1) * wide + own + 1],
                (Some(_), Some(_)) => {
                    1 + cost[(at + 1) * wide + own + 1]
                        .min(cost[at * wide + own + 1])
                        .min(cost[(at + 1) * wide + own])
                }
            };
        }
    }
    let (mut at, mut own) = (0, 0);
    let mut edits: Vec<Edit> = Vec::new();
    let mut same = 0;
    while at < said.len() || own < label.len() {
        let here = cost[at * wide + own];
        if at < said.len() && own < label.len() && said[at] == label[own] {
            (at, own, same) = (at + 1, own + 1, same + 1);
            continue;
        }
        let from = (at, own);
        if at < said.len() && own < label.len() && here == cost[(at + 1) * wide + own + 1] + 1 {
            (at, own) = (at + 1, own + 1);
        } else if at < said.len() && here == cost[(at + 1) * wide + own] + 1 {
            at += 1;
        } else {
            own += 1;
        }
        match edits.last_mut() {
            Some(last) if last.0.end == from.0 && last.1.end == from.1 => {
                (last.0.end, last.1.end) = (at, own);
            }
            _ => edits.push((from.0..at, from.1..own)),
        }
    }
    (same * 2 >= said.len().min(label.len())).then_some(edits)
}

/// Whether words are a label in spite of these edits; `is_beside` tells whether letters may stand beside it.
fn is_spelling(
    said: &[char],
    label: &[char],
    edits: &[Edit],
    part: Part,
    is_beside: impl Fn(&str) -> bool,
) -> bool {
    let is_in = |list: &str, letters: &[char]| letters.iter().any(|c| list.contains(*c));
    let exchanged = edits.iter().filter(|(put, left)| put.len() == 1 && left.len() == 1).count();
    if exchanged > (label.len() / MISPRINTED).max(1) {
        return false;
    }
    edits.iter().all(|(put, left)| match (&said[put.clone()], &label[left.clone()]) {
        ([], gone) => {
            let is_beyond = left.start == 0 && part == Part::Tail
                || left.end == label.len() && part != Part::Whole;
            is_beyond || !is_in(&MEASURES.negating, gone)
        }
        ([letter], [_]) => !MEASURES.turning.contains(*letter),
        (letters, []) => {
            let is_doubled =
                said[..put.start].ends_with(letters) || said[put.end..].starts_with(letters);
            let is_one_too_many =
                letters.len() == 1 && label.len() >= CLAUSE && !is_in(&MEASURES.turning, letters);
            is_doubled && !is_in(&MEASURES.turning, letters)
                || is_one_too_many
                || is_beside(&letters.iter().collect::<String>())
        }
        _ => false,
    })
}

/// Whether one of these words is among the letters.
fn has_any(words: &[String], letters: &str) -> bool {
    words.iter().any(|word| letters.contains(word.as_str()))
}

/// Whether letters in brackets are a unit of many: 万件. Of money the unit counts.
fn counts_by_more(letters: &str) -> bool {
    let unit = letters.trim_start_matches("单位");
    let rest = unit.trim_start_matches(['十', '百', '千', '万', '亿']);
    rest.len() < unit.len() && (rest.is_empty() || Unit::parse(rest) == Ok(("", Unit::Count)))
}

/// Between two dates.
const RANGE: [char; 5] = ['至', '-', '—', '～', '~'];

/// Whether words speak of months that end before December: 1-11月, 截至11月.
fn is_part_of_year(words: &str) -> bool {
    let is_digit = |c: char| fold::table().class(c) == Class::Digit;
    words.match_indices('月').any(|(at, _)| words[..at].ends_with(is_digit))
        && !["12月", "１２月", "十二月"].iter().any(|last| words.contains(last))
}

fn is_letter(c: char) -> bool {
    fold::table().class(c) == Class::Letter
}

/// The line over a table, or over a part of it, that says that it is of another time or body; `from` is where something else
/// ends, and the report is on this year.
pub(super) fn caption(source: &str, from: u32, table: u32, year: Option<i32>) -> Option<Span> {
    const LINES: usize = 3;
    let before = &source[from.min(table) as usize..table as usize];
    let above = &before[..before.rfind('\n')?];
    let lines = above.rsplit('\n').map(|line| line.trim_matches(is_border));
    // what stands above a heading or a long line is of something else
    let near = lines.filter(|line| !line.is_empty()).take(LINES).take_while(|line| {
        line.chars().nth(LONGEST_CAPTION).is_none() && !number::begins_with(line)
    });
    let line = near.into_iter().find(|line| is_of_another(line, year))?;
    let at = (line.as_ptr() as usize - source.as_ptr() as usize) as u32;
    Some(Span::new(at, at + line.len() as u32))
}

fn is_border(c: char) -> bool {
    c.is_whitespace() || fold::table().class(c) == Class::Pipe
}

/// Whether the line over a table, or words beside its name, say that it is of another time or body.
pub(super) fn is_of_another(caption: &str, year: Option<i32>) -> bool {
    // a note speaks of the numbers before it, and a row of a header has several cells
    let is_cells = |c: char| matches!(fold::table().class(c), Class::Tab | Class::Pipe);
    // （上年5） is a cell's: a caption has no number but those of dates and of the table
    let is_row = || has_count(caption);
    let is_note = note(caption).is_some() && !caption.contains("以下");
    // a sentence over a table speaks of its numbers too: 较2021年增加3件
    let is_sentence = || {
        !caption.starts_with(|c| fold::table().class(c) == Class::Open)
            && caption.contains(['，', '。', '；', ',', ';'])
    };
    if is_note || caption.contains(is_cells) || is_row() || is_sentence() {
        return false;
    }
    let said = letters(caption);
    let is_period = caption.contains(RANGE);
    let is_dated = caption.contains('日') && !is_period;
    let of_months = is_period && is_part_of_year(caption);
    let other = |said: i32| year.is_some_and(|own| said != own && !(is_dated && said == own + 1));
    has_any(&MEASURES.over, &said)
        || of_months
        || said.starts_with("单位") && counts_by_more(&said)
        || !caption.contains(['《', '修']) && years(caption).any(other)
}

/// Whether words of a header are those over the labels of rows.
pub fn stands_over_labels(words: &str) -> bool {
    MEASURES.over_labels.contains(&letters(words))
}

/// Whether a header's words are of another year than the report's: 2021年制发件数, or 2021年 alone.
pub(super) fn is_of_year(words: &str, year: Option<i32>) -> bool {
    years(words).any(|said| year.is_some_and(|own| said != own))
}

/// Whether a text has a number that is none of a date, and not that of a table.
fn has_count(text: &str) -> bool {
    let is_digit = |c: char| fold::table().class(c) == Class::Digit;
    let mut rest = text;
    while let Some(at) = rest.find(is_digit) {
        let before = &rest[..at];
        let behind = rest[at..].trim_start_matches(is_digit);
        let is_date =
            behind.starts_with(['年', '月', '日', '季', '号']) || behind.starts_with(RANGE);
        if !is_date && !before.ends_with(['表', '第']) {
            return true;
        }
        rest = behind;
    }
    false
}

/// The note that a line is, without its borders.
pub fn note(line: &str) -> Option<&str> {
    let note = line.trim_matches(is_border);
    let words = note.trim_start_matches(|c| fold::table().class(c) == Class::Open);
    MEASURES.notes.iter().any(|word| words.starts_with(word.as_str())).then_some(note)
}

/// Whether a note says that the numbers it speaks of are others, or of another year than the report's.
pub fn takes_back(note: &str, year: Option<i32>) -> bool {
    let is_another = |said: i32| {
        let verbs = ["为", "系", "是"];
        year.is_some_and(|own| said != own)
            && verbs.iter().any(|verb| {
                let rest = note.split(&format!("{verb}{said}年")).nth(1);
                let rest = rest.map(|rest| rest.trim_start_matches(['度', '的']));
                // 系2019年文件 is of a part
                rest.is_some_and(|rest| {
                    !rest.starts_with(|c| is_letter(c) && c != '数' && c != '统')
                })
            })
    };
    has_any(&MEASURES.taken_back, &letters(note)) || years(note).any(is_another)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(own: &str, words: &str) -> bool {
        Measure::new(vec![&own.to_owned()], Some(2022)).is(words)
    }

    #[test]
    fn ok_label() {
        for words in [
            "行政许可",
            "行政许可（件）",
            "本年行政许可",
            "行政许可（含上年结转）",
            "行政许可事项",
            "行政许珂",
            "2022年行政许可",
            "行政许可①",
            "1.行政许可",
            "行政许可数量合计",
        ] {
            assert!(is("行政许可", words), "{words}");
        }
        for words in [
            "上年行政许可",
            "行政许可（上年）",
            "行政许可金额",
            "不予行政许可",
            "行政许可同比",
            "2021年行政许可",
            "行政许可（2021年）",
            "行政许可及备案",
            "行政许可（万件）",
            "",
        ] {
            assert!(!is("行政许可", words), "{words}");
        }
    }

    #[test]
    fn ok_long_label() {
        let own = "一、本年新收政府信息公开申请数量";
        for words in [
            "本年新收政府信息公开申请",
            "一、本年新收数量",
            "一、本年收新收政府信息公开申请数量",
            "一、木年新收政府信息公开申请数量",
        ] {
            assert!(is(own, words), "{words}");
        }
        for words in [
            "一、上年新收政府信息公开申请数量",
            "一、本年答复政府信息公开申请数量",
            "一、2021年新收政府信息公开申请数量",
            "一、本年新收信访件数量",
            "一、本年未收政府信息公开申请数量",
        ] {
            assert!(!is(own, words), "{words}");
        }
        let own = "二、上年结转政府信息公开申请数量";
        assert!(is(own, "二、2021年结转政府信息公开申请数量") && is(own, "二、上年度结转"));
        assert!(!is(own, "二、本年结转政府信息公开申请数量") && !is(own, "二、上年结转已办结数量"));
        assert!(!is("3.补正后申请内容仍不明确", "3.补正后申请内容明确"));
        assert!(!is("2.没有现成信息需要另行制作", "2.有现成信息需要另行制作"));
        let own = "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请";
        assert!(is(own, "1.申请人无正当理由逾期不补正"));
        let own = "（二）部分公开（区分处理的，只计这一情形，不计其他情形）";
        assert!(is(own, "（二）部分公开") && is(own, "（二）部分公开（区分处理的,只计这一情形）"));
        assert!(!is(own, "（二）部分不予公开") && !is(own, "（二）不予公开"));
    }

    #[test]
    fn ok_header() {
        let own = "本年处理决定数量";
        for words in ["处理数量", "数量", "本年处埋决定数量", "处理决定数量（件）"]
        {
            assert!(is(own, words), "{words}");
        }
        for words in [
            "上年处理决定数量",
            "本年受理数量",
            "2021年",
            "同比",
            "处理决定数量增长",
            "本年处理决定页数",
        ] {
            assert!(!is(own, words), "{words}");
        }
        assert!(!is("本年收费金额", "本年收费件数") && is("本年收费金额", "本年收费全额"));
        assert!(!is("上年项目数量", "本年项目数量"));
        assert!(is("本年增/减", "本年增减") && is("本年增/减", "本年增／减"));
    }

    #[test]
    fn ok_piece() {
        let own = "本年处理决定数量".to_owned();
        let measure = Measure::new(vec![&own], None);
        assert!(measure.has_piece("本年处", |_| false) && !measure.has_piece("上年处", |_| false));
        assert!(measure.has_piece("总计本年处", |known| known == "总计"));
    }

    #[test]
    fn ok_caption() {
        let is = |line: &str| is_of_another(line, Some(2022));
        for line in
            ["2021年数据", "（2021年度）", "上年度情况：", "样表", "2023年1月1日至2023年12月31日"]
        {
            assert!(is(line), "{line}");
        }
        for line in [
            "2022年度",
            "2023年1月15日",
            "注：2021年数据",
            "《条例》（2019年修订）",
            "（上年5）",
            "单位：件",
        ] {
            assert!(!is(line), "{line}");
        }
    }
}
