//! Who reports, and on which year: from the title, and from the text where the title does not say.

mod body;
mod evidence;
mod place;
mod scope;

use crate::finding::{Code, Finding};
use crate::grammar::{Grammar, Hit, Role};
use crate::lines::Skeleton;
use crate::number::year;
use crate::span::Span;
use regex::Regex;
use serde::Serialize;
use std::sync::LazyLock;

pub use body::Kind;
pub use place::{Around, Place, locate};
pub use scope::{Scope, scope};

/// What of a body's name follows its places: `教育局` of 徐州市鼓楼区教育局.
pub fn own_part(name: &str) -> &str {
    body::Body::of(name).rest
}

/// The level of a body, as far as its name proves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// 省, 自治区, 直辖市
    Province,
    /// 设区的市, 自治州, 盟
    Prefecture,
    /// 县, 市辖区, 旗
    County,
    /// 镇, 乡, 街道
    Township,
    /// 局, 委员会, 办公室 …
    Department,
}

impl Level {
    /// The fixed name used in outputs and grammars.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::Prefecture => "prefecture",
            Self::County => "county",
            Self::Township => "township",
            Self::Department => "department",
        }
    }

    /// The level that a name's ending proves; 市 alone can be two levels and proves none.
    ///
    /// ```
    /// use nianbao::records::Level;
    /// assert_eq!(Level::of("鲁山县人民政府"), Some(Level::County));
    /// assert_eq!(Level::of("七家子镇人民政府"), Some(Level::Township));
    /// assert_eq!(Level::of("某市人民政府"), None);
    /// ```
    pub fn of(name: &str) -> Option<Self> {
        let place = name.trim_end_matches("人民政府").trim_end_matches("办事处");
        let ends = |endings: &[&str]| endings.iter().any(|e| place.ends_with(e));
        if ends(&[
            "实验区",
            "开发区",
            "新区",
            "园区",
            "高新区",
            "示范区",
            "管理区",
            "风景区",
            "保税区",
            "合作区",
        ]) {
            None
        } else if ends(&["镇", "鎮", "乡", "鄉", "街道", "苏木"]) {
            Some(Self::Township)
        } else if ends(&[
            "局",
            "委员会",
            "委員會",
            "办公室",
            "辦公室",
            "厅",
            "廳",
            "中心",
            "支队",
            "大队",
            "处",
            "院",
            "公司",
            "集团",
            "学校",
            "总队",
        ]) {
            Some(Self::Department)
        } else if ends(&["自治州", "地区", "盟"]) {
            Some(Self::Prefecture)
        } else if ends(&["省", "自治区"]) {
            Some(Self::Province)
        } else if ends(&["县", "縣", "区", "區", "旗"]) {
            Some(Self::County)
        } else {
            None
        }
    }
}

/// The body that reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Issuer {
    /// The name as printed.
    pub name: Option<String>,
    /// Its level.
    pub level: Option<Level>,
    /// What kind of body it is.
    pub kind: Option<Kind>,
    /// Where it is.
    pub place: Place,
    /// The township, with its kind: `河西街道`.
    pub township: Option<String>,
    /// The codes that it can have where it is not proven which, at most eight.
    pub candidates: Vec<u32>,
    /// Whether it reports for itself or for all bodies of its place, where the text says so.
    pub scope: Option<Scope>,
}

/// What the head of a report says.
#[derive(Debug, Default)]
pub struct Head {
    /// The title, unwrapped.
    pub title: Option<String>,
    /// Where it stands.
    pub span: Option<Span>,
    /// Who reports.
    pub issuer: Issuer,
    /// On which year.
    pub year: Option<i32>,
    /// Doubts.
    pub findings: Vec<Finding>,
}

struct Candidate {
    span: Span,
    title: String,
    issuer: String,
    year: Option<i32>,
    points: i32,
}

/// Longest title in letters, wrapped or not.
const LONGEST_TITLE: usize = 80;
/// Most occurrences of the report's name that are looked at.
const MOST_CANDIDATES: usize = 64;

/// Reads title, issuer and year.
pub fn head(grammar: &Grammar, source: &str, skeleton: &Skeleton, hits: &[Hit]) -> Head {
    let best = hits
        .iter()
        .filter(|hit| grammar.matcher.roles(hit.pattern).contains(&Role::Title))
        .take(MOST_CANDIDATES)
        .map(|hit| candidate(source, skeleton.source_span(hit.start, hit.end)))
        .reduce(|best, next| if next.points > best.points { next } else { best })
        .filter(|best| best.points > 0);
    let mut head = Head::default();
    let text_year = year_of_period(source);
    match best {
        Some(best) => {
            if !best.issuer.is_empty() {
                head.issuer = Issuer {
                    level: Level::of(&best.issuer),
                    name: Some(best.issuer),
                    ..Issuer::default()
                };
            }
            head.year = best.year;
            head.span = Some(best.span);
            head.title = Some(best.title);
        }
        None => {
            head.findings.push(Finding::new(Code::TitleUnknown, "no title line names the report"));
        }
    }
    match (head.year, text_year) {
        (Some(title), Some((text, span))) if title != text => {
            let message = format!(
                "the title says {title}, the period of the figures {text}; the title counts"
            );
            head.findings.push(Finding::new(Code::YearConflict, message).at(span));
        }
        (None, Some((text, _))) => head.year = Some(text),
        (None, None) => head.year = year_by_mention(source),
        _ => {}
    }
    if head.year.is_none() {
        head.findings.push(Finding::new(
            Code::YearUnknown,
            "neither title nor text says which year is reported on",
        ));
    }
    head
}

fn candidate(source: &str, name: Span) -> Candidate {
    let line_start =
        source[..name.start as usize].rfind(['\n', '\r', '|', '\u{C}']).map_or(0, |at| at + 1);
    let before = &source[line_start..name.start as usize];
    // what can stand in a title ends at the last mark of a sentence
    let cut = before
        .char_indices()
        .rev()
        .find(|(_, c)| "。；：:，,！？《》〈〉“”\"【】[]#>/*".contains(*c))
        .map_or(0, |(at, c)| at + c.len_utf8());
    let quoted = before[..cut].ends_with(['《', '〈', '“']);
    let mut start = line_start + last_words(&before[cut..]) + cut;
    let mut own = compact(&source[start..name.start as usize]);
    let mut points = 0;
    // the body's name on the line before, or the year there and the name above it
    let mut first_line = line_start;
    for _ in 0..2 {
        if cut > 0 || first_line == 0 || !without_year(&own).is_empty() {
            break;
        }
        let above = source[..first_line - 1].trim_end();
        first_line = above.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let whole = &above[first_line..];
        let line = whole.trim_matches(|c: char| c.is_whitespace() || "#*|".contains(c));
        if line.is_empty()
            || line.chars().count() >= 40
            || line.contains(['。', '，', '：', ':', '、', '；'])
        {
            break;
        }
        start = first_line + (whole.len() - whole.trim_start().len());
        own = compact(line) + &own;
    }
    let after = &source[name.end as usize..];
    let next = after.trim_start_matches([' ', '\u{3000}']).chars().next();
    points += 2 * i32::from(
        next.is_none_or(|c| "\r\n|（(*".contains(c)) || after.starts_with([' ', '\u{3000}', '\t']),
    );
    points -= 6 * i32::from(quoted || after.starts_with(['》', '〉', '”']));
    points -= 4 * i32::from(after.trim_start().starts_with("格式"));
    points += i32::from(cut == 0);
    let (mut year, mut issuer) = split_year(&own);
    if year.is_none() {
        // 某县政府信息公开年度报告（2022年）
        let tail: String = compact(&after.chars().take(12).collect::<String>());
        year = tail
            .strip_prefix(['（', '('])
            .and_then(|t| split_year(t).0)
            .or_else(|| leading_year(&tail));
    }
    points += 4 * i32::from(year.is_some()) + 3 * i32::from(!issuer.is_empty());
    if own.chars().count() > LONGEST_TITLE {
        points -= 6;
        issuer.clear();
    }
    // 某市人民政府信息公开年度报告: the two names share 政府
    if issuer.ends_with("人民") && name.of(source).starts_with("政府") {
        issuer.push_str("政府");
    }
    // a breadcrumb names pages, not a body
    if ["首页", "首頁", "信息公开", "政务公开", "信息公開", "政務公開", "位置"]
        .iter()
        .any(|page| issuer.contains(page))
    {
        issuer.clear();
        points -= 5;
    }
    let span = Span::new(start as u32, name.end);
    let title = own + &compact(name.of(source));
    Candidate { span, title, issuer, year, points }
}

/// Where the last words before a title begin: blanks separate a title from navigation, but also `某县 2022 年`.
fn last_words(before: &str) -> usize {
    let mut at = before.len();
    loop {
        let word = before[..at].trim_end();
        let start = word
            .char_indices()
            .rev()
            .find(|(_, c)| c.is_whitespace())
            .map_or(0, |(at, c)| at + c.len_utf8());
        if start == 0 {
            return before.len() - before.trim_start().len();
        }
        let enough = without_year(&compact(&before[start..])).chars().count() > 1
            && !word[start..].starts_with('年');
        // a lone syllable belongs to a letter-spaced name
        if enough && word[start..].chars().count() > 1 {
            return start;
        }
        at = start;
    }
}

/// The letters of a text without any blanks.
fn compact(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    letters.extend(
        text.chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '\u{FEFF}' | '\u{200B}' | '*' | '#')),
    );
    letters
}

fn without_year(text: &str) -> String {
    split_year(text).1
}

fn leading_year(text: &str) -> Option<i32> {
    let (rest, year) = year::year(text).ok()?;
    rest.starts_with('年').then_some(year)
}

/// `鲁山县人民政府2020年` → 2020 and the name; words that only join them are dropped.
fn split_year(text: &str) -> (Option<i32>, String) {
    let narrow: String;
    let text = if text.contains(|c| matches!(c, '０'..='９')) {
        narrow = text.chars().map(|c| crate::fold::table().fold(c)).collect();
        &narrow
    } else {
        text
    };
    let found = text.char_indices().rev().find_map(|(at, _)| {
        let (rest, year) = year::year(&text[at..]).ok()?;
        let alone = !text[..at].ends_with(|c: char| c.is_ascii_digit())
            && !rest.starts_with(|c: char| c.is_ascii_digit());
        (alone && (rest.starts_with('年') || rest.is_empty())).then_some((
            at,
            text.len() - rest.len(),
            year,
        ))
    });
    let (year, name) = match found {
        Some((start, end, year)) => {
            let rest = text[end..].trim_start_matches('年').trim_start_matches('度');
            (Some(year), format!("{}{}", &text[..start], rest))
        }
        None => (None, text.to_owned()),
    };
    let name = name.trim_matches(|c: char| "（）()·-—_ ".contains(c));
    let name = ["标题", "关于", "關於", "關于"]
        .iter()
        .fold(name, |name, word| name.trim_start_matches(word))
        .trim_end_matches("年度");
    let about = ["报送", "印发", "发布", "公布", "关于", "關於", "關于", "的"];
    let name = about.iter().fold(name, |name, word| name.trim_end_matches(word));
    (year, name.trim_matches(|c: char| "（）()·-—_ ".contains(c)).to_owned())
}

/// `统计期限自2023年1月1日起至2023年12月31日止`
static PERIOD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(20\d\d)年1月1日(?:起)?[至到\-—~－](?:(20\d\d)年|当年|同年)?12月31日")
        .expect("a constant pattern")
});

/// The year of the period that the figures cover.
fn year_of_period(source: &str) -> Option<(i32, Span)> {
    // the end of the period is rare enough to look for first
    for at in memchr::memmem::find_iter(source.as_bytes(), b"31") {
        let start = floor(source, at.saturating_sub(90));
        let end = floor(source, (at + 12).min(source.len()));
        let near = compact(&source[start..end]);
        if let Some(period) = PERIOD.captures(&near) {
            let first: Option<i32> = period.get(1).and_then(|y| y.as_str().parse().ok());
            let last: Option<i32> = period.get(2).map_or(first, |y| y.as_str().parse().ok());
            if first == last
                && let Some(year) = first
            {
                return Some((year, Span::new(start as u32, end as u32)));
            }
        }
    }
    None
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Years the text speaks of, when one stands out and the date of signature is in the next year or absent.
fn year_by_mention(source: &str) -> Option<i32> {
    const MOST: usize = 400;
    let mut spoken: Vec<(i32, usize)> = Vec::new();
    let mut signed: Option<i32> = None;
    for (at, _) in source.match_indices('年').take(MOST) {
        let before = source[..at].trim_end();
        let tail: String =
            before.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
        let Ok(("", year)) = year::year(&tail) else { continue };
        let rest: String =
            source[at + 3..].chars().take(8).filter(|c| !c.is_whitespace()).collect();
        let is_date = rest
            .starts_with(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c))
            && rest.contains('月');
        if is_date {
            signed = signed.max(Some(year));
        } else {
            match spoken.iter_mut().find(|(y, _)| *y == year) {
                Some((_, count)) => *count += 1,
                None => spoken.push((year, 1)),
            }
        }
    }
    spoken.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let year = match spoken[..] {
        [(year, _)] => year,
        [(year, many), (_, few), ..] if many > few => year,
        _ => return None,
    };
    signed.is_none_or(|signed| signed == year || signed == year + 1).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<String>, Option<String>, Option<i32>) {
        let set = crate::grammar::GrammarSet::built_in();
        let grammar = &set.all()[1];
        let skeleton = Skeleton::new(text);
        let mut hits = Vec::new();
        grammar.matcher.find(&skeleton, &mut hits);
        let head = head(grammar, text, &skeleton, &hits);
        (head.title, head.issuer.name, head.year)
    }

    fn ok(text: &str, issuer: &str, year: i32) {
        let (_, name, found) = read(text);
        assert_eq!((name.as_deref(), found), (Some(issuer), Some(year)), "{text}");
    }

    #[test]
    fn ok_titles() {
        ok("鲁山县人民政府2020年政府信息公开工作年度报告\n", "鲁山县人民政府", 2020);
        ok(
            "                洪泽区人民政府\n      2023 年政府信息公开工作年度报告\n",
            "洪泽区人民政府",
            2023,
        );
        ok(
            "标题: 某片区管理局2022年政府信息公开工作年度报告\n发布时间: 2023-01-09\n",
            "某片区管理局",
            2022,
        );
        ok(
            "首页政府信息公开年报 某实验区2021年度政府信息公开工作年度报告 来源：",
            "某实验区",
            2021,
        );
        ok("某管理局关于2021年度政府信息公开工作年度报告区管委会办公室：", "某管理局", 2021);
        ok("# 某县人民政府 2025 年 政府信息公开工作年度报告\n", "某县人民政府", 2025);
        ok("某县政府信息公开年度报告（2019年）\n", "某县", 2019);
        ok("某县人民政府\n2021年\n政府信息公开工作年度报告\n", "某县人民政府", 2021);
        ok("2022年某乡政府信息公开工作年度报告\n", "某乡", 2022);
        ok("某镇二〇二二年政府信息公开工作年度报告\n", "某镇", 2022);
        ok("某 县 人 民 政 府 2 0 2 2 年 政府信息公开工作年度报告\n", "某县人民政府", 2022);
    }

    #[test]
    fn ok_year_from_the_text() {
        assert_eq!(read("数据统计期限自2023年1月1日起至2023年12月31日止。").2, Some(2023));
        assert_eq!(read("2020年，共制作文件。某局 2021年1月26日").2, Some(2020));
    }

    #[test]
    fn err_a_cited_format_is_no_title() {
        let (title, ..) = read("根据《中华人民共和国政府信息公开工作年度报告格式》要求编制");
        assert_eq!(title, None);
    }
}
