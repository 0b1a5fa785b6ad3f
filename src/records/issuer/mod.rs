//! Who reports, and on which year: from the title, and from the text where the title does not say.

mod body;
mod evidence;
mod letters;
mod name;
mod period;
mod place;
mod scope;
mod title;
mod vocabulary;

use crate::finding::{Code, Finding};
use crate::grammar::{Grammar, Hit, Role};
use crate::lines::Skeleton;
use crate::number::year;
use crate::source::Source;
use crate::span::Span;
use period::Years;
use regex::Regex;
use serde::Serialize;
use std::sync::LazyLock;

use body::Body;
pub use body::Kind;
use letters::compact;
use name::is_name;
pub use place::{Around, Place, locate};
pub use scope::{Scope, scope};
use title::Mention;
use vocabulary::bodies;

/// What of a body's name follows its places: `教育局` of 徐州市鼓楼区教育局.
pub fn own_part(name: &str) -> &str {
    Body::of(name).rest
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
        match Body::of(name).kind? {
            Kind::Township | Kind::Subdistrict => Some(Self::Township),
            Kind::DevelopmentZone => None,
            Kind::Government => {
                let (words, mut place) = (bodies(), name);
                while let Some(tail) = words.government.at_end(place) {
                    place = &place[..place.len() - tail];
                }
                let levels = [
                    (&words.level.prefecture, Self::Prefecture),
                    (&words.level.province, Self::Province),
                    (&words.level.county, Self::County),
                ];
                levels
                    .into_iter()
                    .find(|(ends, _)| ends.at_end(place).is_some())
                    .map(|(_, level)| level)
            }
            _ => Some(Self::Department),
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
    /// Bodies that the text names elsewhere as those of the report.
    pub named: Vec<String>,
    /// On which year.
    pub year: Option<i32>,
    /// Doubts.
    pub findings: Vec<Finding>,
}

/// Most lines above a title that can name its body with the superior.
const MOST_ABOVE: usize = 3;
/// Most places where the report is named that are looked at.
const MOST_MENTIONS: usize = 64;

/// The head that was read last, with the form whose labels it is from: what is read to choose the form is not read again.
pub type Last = std::cell::RefCell<Option<(String, Head)>>;

/// The year of a report from the labels of a form; see [`head`].
pub fn year(
    last: &Last,
    (grammar, hits): (&Grammar, &[Hit]),
    text: &str,
    skeleton: &Skeleton,
    source: &Source,
) -> Option<i32> {
    let head = head(grammar, text, skeleton, hits, &source.name);
    let year = head.year;
    last.replace(Some((grammar.id.clone(), head)));
    year
}

/// Reads title, issuer and year; `path` counts where the text does not name the report.
pub fn head(
    grammar: &Grammar,
    source: &str,
    skeleton: &Skeleton,
    hits: &[Hit],
    path: &str,
) -> Head {
    let mut mentions: Vec<Mention> = hits
        .iter()
        .filter(|hit| grammar.matcher.roles(hit.pattern).contains(&Role::Title))
        .take(MOST_MENTIONS)
        .filter_map(|hit| title::mention(source, skeleton.source_span(hit.start, hit.end)))
        .collect();
    let most = mentions.iter().filter(|m| m.title.is_some()).map(|m| m.points).max();
    let best = mentions.iter().position(|m| m.title.is_some() && Some(m.points) == most);
    let mut head = Head::default();
    let text_year = year_of_period(source);
    let mut years = Years::Unsaid;
    if let Some(best) = best {
        let best = mentions.swap_remove(best);
        head.span = Some(best.span);
        head.title = best.title;
        years = best.years;
        let mut names = mentions.iter().filter(|m| m.years == years).filter_map(|m| m.name.clone());
        head.issuer.name = best.name.or_else(|| {
            let first = names.next()?;
            names.all(|other| other == first).then_some(first)
        });
        head.named = mentions.into_iter().filter_map(|mention| mention.name).collect();
        head.named.extend(head.issuer.name.as_deref().and_then(|name| {
            let above = source[..best.span.start as usize].lines().rev().map(compact);
            let mut near = above.filter(|line| !line.is_empty()).take(MOST_ABOVE);
            // 福州市鼓楼区人民政府 over 鼓楼区人民政府2020年…
            near.find(|line| line.len() > name.len() && line.ends_with(name) && is_name(line))
        }));
    } else {
        head.findings.push(Finding::new(Code::TitleUnknown, "no title line names the report"));
        if let Some(file) = of_file(grammar, path) {
            head.issuer.name = file.name;
            years = file.years;
        } else if mentions.iter().all(|m| m.years == mentions[0].years) {
            years = mentions.first().map_or(years, |mention| mention.years);
        }
    }
    head.issuer.level = head.issuer.name.as_deref().and_then(Level::of);
    head.year = match (years, text_year) {
        (Years::One(title), Some((text, span))) if title != text => {
            let message = format!(
                "the title says {title}, the period of the figures {text}; the title counts"
            );
            head.findings.push(Finding::new(Code::YearConflict, message).at(span));
            Some(title)
        }
        (Years::One(title), _) => Some(title),
        (Years::Several, _) => None,
        (Years::Unsaid, Some((text, _))) => Some(text),
        (Years::Unsaid, None) => year_by_mention(source),
    };
    if head.year.is_none() {
        let message = if years == Years::Several {
            "the title names several years"
        } else {
            "neither title nor text says which year is reported on"
        };
        head.findings.push(Finding::new(Code::YearUnknown, message));
    }
    head
}

/// The report as its file's name names it.
fn of_file(grammar: &Grammar, path: &str) -> Option<Mention> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
    if name.is_ascii() {
        return None;
    }
    let skeleton = Skeleton::new(name);
    let mut hits = Vec::new();
    grammar.matcher.find(&skeleton, &mut hits);
    let hit = hits.iter().find(|h| grammar.matcher.roles(h.pattern).contains(&Role::Title))?;
    title::mention(name, skeleton.source_span(hit.start, hit.end)).filter(|m| m.title.is_some())
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
        let head = head(grammar, text, &skeleton, &hits, "");
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
