//! Lines that belong to the page and not to the text: page numbers.
//!
//! A page number can stand in the middle of a table, between the two halves of a label (`— 5 —`), where a lone number
//! would else be taken for a cell. Only lines that say what they are count: dashes on both sides, `第 3 页`, a bare number
//! beside a form feed, or `3/7` where another line has `4/7`.
//!
//! A page of the web has other such lines, written around the article by the site's software: where one is, when it was
//! published, how often it was read, how to print it, whose site it is. They too only count when they say what they are.

use crate::document::blocks::{Blocks, Grid};
use crate::span::{LineIndex, Span};
use crate::words::sites;
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a line of page furniture looks like, blanks aside.
static PAGE_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?:[-–—―－~·•]+\s*\d{1,3}\s*[-–—―－~·•]+|第\s*\d{1,3}\s*页(?:\s*[,，/]?\s*共\s*\d{1,3}\s*页)?|[Pp]age\s+\d{1,3}(?:\s+of\s+\d{1,3})?)$",
    )
    .expect("a constant pattern")
});

/// How a line begins that a site's software writes around an article, behind a bracket.
static SITE_LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"^[\[【（(<＜]?\s*(?:{})", sites().line.join("|")))
        .expect("a built-in pattern")
});

/// Longest line of a site, in bytes.
const LONGEST_SITE_LINE: usize = 400;

/// Longest line, in bytes without its blanks, that can be a page number.
const LONGEST: usize = 40;

/// The lines of a text that are page numbers, by place.
pub fn find(text: &str, lines: &LineIndex) -> Vec<Span> {
    let mut found = Vec::new();
    let mut of_pages: Vec<(Span, (u32, u32))> = Vec::new();
    for line in 1..=lines.count() as u32 {
        let span = lines.span(line);
        let whole = span.of(text);
        // cheap first: how the line begins, whether it is short and holds a digit
        if !may_begin(whole.as_bytes()) {
            continue;
        }
        let printed = whole.trim();
        if printed.is_empty()
            || printed.len() > LONGEST
            || !printed.bytes().any(|b| b.is_ascii_digit())
        {
            continue;
        }
        let bare = printed.len() <= 3 && printed.bytes().all(|b| b.is_ascii_digit());
        if (bare && beside_form_feed(text, span)) || (!bare && PAGE_NUMBER.is_match(printed)) {
            found.push(span);
        } else if let Some(page) = page_of_pages(printed) {
            of_pages.push((span, page));
        }
    }
    if of_pages.is_empty() {
        return found;
    }
    // alone it may be what a cell says: the first and the last page of so many differ
    let mut ends: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    for (_, (page, pages)) in &of_pages {
        let (first, last) = ends.entry(*pages).or_insert((*page, *page));
        (*first, *last) = (*page.min(first), *page.max(last));
    }
    let has_other = |pages: u32| pages == 1 || ends[&pages].0 < ends[&pages].1;
    let pages = of_pages.iter().filter(|(_, (_, pages))| has_other(*pages));
    found.extend(pages.map(|(span, _)| *span));
    found.sort_unstable();
    found
}

/// The numbers in `3/7`.
fn page_of_pages(line: &str) -> Option<(u32, u32)> {
    const MOST: u32 = 999;
    let (page, pages) = line.split_once('/')?;
    let (page, pages) = (page.trim().parse().ok()?, pages.trim().parse().ok()?);
    (page <= pages && pages <= MOST).then_some((page, pages))
}

/// The furniture of a document of blocks, by place: its navigation line by line, and page numbers outside of its tables.
pub fn of_blocks(text: &str, lines: &LineIndex, blocks: &Blocks) -> Vec<Span> {
    let in_grid = |span: Span| {
        let next = blocks.grids.partition_point(|grid| grid.span.end <= span.start);
        blocks.grids.get(next).is_some_and(|grid| grid.span.start < span.end)
    };
    let mut found = find(text, lines);
    found.retain(|line| !in_grid(*line));
    let mut done = 0;
    for span in &blocks.furniture {
        // what holds a table is no navigation, whatever its name
        if span.start < done || in_grid(*span) {
            continue;
        }
        done = span.end;
        for number in lines.line_at(span.start)..=lines.line_at(span.end.saturating_sub(1)) {
            let line = lines.span(number);
            found.push(Span::new(line.start.max(span.start), line.end.min(span.end)));
        }
    }
    if !blocks.origin.is_empty() {
        let owned = |line: &Span| sites().owner.is_within(line.of(text));
        found.extend(site_lines(text, lines).filter(|line| owned(line) || !in_grid(*line)));
    }
    found.sort_unstable();
    found.dedup_by(|next, last| next.start < last.end);
    found
}

/// The lines of a web page that its site's software wrote.
fn site_lines<'t>(text: &'t str, lines: &'t LineIndex) -> impl Iterator<Item = Span> + 't {
    let mut behind_owner = false;
    (1..=lines.count() as u32).map(|line| lines.span(line)).filter(move |span| {
        let line = span.of(text).trim();
        if line.is_empty() {
            return false;
        }
        let is_short = line.len() <= LONGEST_SITE_LINE && !line.contains('。');
        let owner = is_short && sites().owner.is_within(line);
        let contact = is_short && sites().contact.at_start(line).is_some();
        // a report too says where to call; behind the owner's name it is the site that does
        behind_owner = owner || (contact && behind_owner);
        behind_owner || (is_short && SITE_LINE.is_match(line))
    })
}

/// Whether a table is a site's catalogue entry of the article: several of its cells say so.
pub fn is_catalogue(text: &str, grid: &Grid) -> bool {
    const FEWEST: usize = 2;
    let names = grid.cells.iter().filter(|cell| {
        // numbers, by far the most cells, begin with another byte than names
        let text = cell.span.of(text).trim_start();
        if text.as_bytes().first().is_none_or(|b| *b < 0xE3) {
            return false;
        }
        let name: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        sites().catalogue.iter().any(|known| {
            let rest = name.strip_prefix(known.as_str());
            rest.is_some_and(|rest| {
                rest.trim_end_matches(['：', ':']).is_empty() || rest.starts_with('：')
            })
        })
    });
    names.take(FEWEST).count() == FEWEST
}

/// Whether a page number can begin with these bytes: a digit, a dash in any width, `第`, `P`.
fn may_begin(line: &[u8]) -> bool {
    match line.iter().position(|b| !b.is_ascii_whitespace()).map(|at| &line[at..]) {
        None => false,
        // a digit, a dash, `P`, or the first byte of `—`, `·`, U+3000, `－`, `～`, which labels do not begin with
        Some([b'-' | b'~' | b'0'..=b'9' | b'P' | b'p' | 0xE2 | 0xC2 | 0xE3 | 0xEF, ..]) => true,
        Some(rest) => rest.starts_with("第".as_bytes()),
    }
}

/// Whether a form feed ends this line, or stands on the next one before anything else.
fn beside_form_feed(text: &str, line: Span) -> bool {
    let bytes = text.as_bytes();
    line.of(text).trim_end_matches(['\n', '\r']).ends_with('\u{C}')
        || bytes[line.end as usize..].iter().find(|b| !b.is_ascii_whitespace() || **b == 0xC)
            == Some(&0xC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(text: &str) -> Vec<&str> {
        find(text, &LineIndex::new(text)).into_iter().map(|span| span.of(text).trim()).collect()
    }

    #[test]
    fn ok_page_numbers() {
        assert_eq!(
            lines_of("甲\n — 5 —\n乙\n  -3-\n第 3 页 共 9 页\n3 / 7\n4 / 7\n3/5\n"),
            ["— 5 —", "-3-", "第 3 页 共 9 页", "3 / 7", "4 / 7"]
        );
        assert_eq!(lines_of("甲\n12\n\u{C}乙"), ["12"]);
    }

    #[test]
    fn ok_lines_that_a_site_writes() {
        for line in [
            "您现在的位置：首页 > 政务公开",
            "首页 > 政务公开 > 年报",
            "发布时间：2023-01-28 16:20　来源：县政府办　浏览次数：12次",
            "【打印本页】【关闭窗口】",
            "上一篇：某县2018年政府信息公开工作年度报告",
            "索 引 号：1137/2023-1",
            "Copyright © 2023 某县人民政府",
            "冀ICP备05001234号",
            "版权所有：某县人民政府",
        ] {
            assert_eq!(site_lines(line, &LineIndex::new(line)).count(), 1, "{line}");
        }
    }

    #[test]
    fn err_lines_of_a_report_are_none_of_a_site() {
        for line in [
            "发布信息3120条",
            "信息公开来源于各部门。",
            "打印并发放宣传材料200份",
            "主办政务公开日活动",
            "版权所有的作品不在公开之列。",
            "相关链接已在网站首页设置",
            "关闭政务新媒体3个",
            "附件：某县统计表",
            "地址：某县长江街1号　电话：0319-1234567",
        ] {
            assert_eq!(site_lines(line, &LineIndex::new(line)).count(), 0, "{line}");
        }
    }

    #[test]
    fn err_numbers_that_are_cells() {
        assert_eq!(lines_of("规章\n0\n12\n-18\n1-2 3\n"), Vec::<&str>::new());
    }
}
