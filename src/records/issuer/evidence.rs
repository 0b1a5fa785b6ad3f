//! What a document and its container say about where the body is, beside the body's own name.

use super::body::{Body, Kind};
use super::period;
use super::vocabulary::heads;
use crate::places::{Rank, places, related};
use crate::span::Span;
use crate::words::sites;
use std::cell::RefCell;

/// Where a piece of evidence comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A folder or file name.
    Folder,
    /// 发布机构：…, 主办：…
    Label,
    /// The body that signs.
    Signature,
    /// The path of pages above the title.
    Breadcrumb,
    /// A sentence that publishes the report, or another title.
    Sentence,
    /// The name with its superior in the text: 徐州市鼓楼区.
    Text,
}

impl Origin {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Folder => "the folder",
            Self::Label => "the publisher's label",
            Self::Signature => "the signature",
            Self::Breadcrumb => "the path of pages",
            Self::Sentence => "the sentence of publication",
            Self::Text => "the text",
        }
    }
}

/// One statement about the place.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) origin: Origin,
    /// The words.
    pub(super) words: String,
    /// The codes of the divisions that they can mean.
    pub(super) codes: Vec<u32>,
}

impl Item {
    /// Whether a division can be meant, lie in what is meant, or hold it.
    pub(super) fn allows(&self, code: u32) -> bool {
        self.codes.iter().any(|c| related(*c, code))
    }
}

/// Bytes before and after the title, and at the end of the text, where labels and signatures stand.
const NEAR: usize = 900;
/// Longest line that is a signature, in bytes.
const LONGEST_SIGNATURE: usize = 120;

/// Everything that is cheap to look at. `choices` gives the code of a row in the report's year.
pub(super) fn gather(
    source_name: &str,
    text: &str,
    title: Option<Span>,
    choices: impl Fn(u16) -> Option<u32> + Copy,
) -> Vec<Item> {
    let mut items = Vec::new();
    folders(source_name, choices, &mut items);
    let (start, end) = title.map_or((0, 0), |t| (t.start as usize, t.end as usize));
    let before = window(text, start.saturating_sub(NEAR), start);
    let after = window(text, end, (end + NEAR).min(text.len()));
    let tail = window(text, text.len().saturating_sub(NEAR).max(end), text.len());
    for part in [before, after, tail] {
        labels(part, choices, &mut items);
    }
    breadcrumb(before, choices, &mut items);
    signature(tail, choices, &mut items);
    items
}

/// The same body as the text names it elsewhere: 桐城市人民政府办公室 of a title 市人民政府办公室.
pub(super) fn named(
    body: &Body<'_>,
    names: &[String],
    choices: impl Fn(u16) -> Option<u32> + Copy,
    items: &mut Vec<Item>,
) {
    let own = body.rest.trim_start_matches(['省', '市', '县', '区', '州', '旗']);
    // a government is also named by its place alone
    let is_same = |name: &&String| match body.kind {
        Some(Kind::Government) => Body::of(name).kind == body.kind,
        _ => !own.is_empty() && name.ends_with(own),
    };
    for name in names.iter().filter(is_same) {
        push(items, Origin::Sentence, name, choices);
    }
}

fn window(text: &str, mut from: usize, mut to: usize) -> &str {
    while !text.is_char_boundary(from) {
        from += 1;
    }
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    text.get(from..to).unwrap_or_default()
}

fn push(
    items: &mut Vec<Item>,
    origin: Origin,
    words: &str,
    choices: impl Fn(u16) -> Option<u32>,
) -> bool {
    let words = words.trim_start_matches(|c: char| !c.is_alphabetic());
    let body = Body::of(words);
    let codes = body.candidates(choices);
    if codes.is_empty() {
        return false;
    }
    let name: String = words.chars().take(40).take_while(|c| c.is_alphabetic()).collect();
    items.push(Item { origin, words: name, codes });
    true
}

/// `a.zip!/湖南省/怀化市/x.txt`. Documents of one folder come one after the other, so the last folder is kept.
fn folders(name: &str, choices: impl Fn(u16) -> Option<u32> + Copy, items: &mut Vec<Item>) {
    thread_local! {
        /// A folder that names no place, which is most of them.
        static PLAIN: RefCell<String> = const { RefCell::new(String::new()) };
    }
    let cut = name.rfind(['/', '\\']).map_or(0, |at| at + 1);
    let (folder, file) = name.split_at(cut);
    push(items, Origin::Folder, file, choices);
    if folder.is_ascii() || PLAIN.with_borrow(|plain| plain == folder) {
        return;
    }
    let known = items.len();
    for part in folder.split(['/', '\\', '!']) {
        let part = part.trim_start_matches(|c: char| !c.is_alphabetic());
        if !push(items, Origin::Folder, part, choices) {
            // 湖南/怀化: a folder that is nothing but a short name
            let rows = places().with_stem(part);
            let mut codes: Vec<u32> = rows.iter().filter_map(|row| choices(*row)).collect();
            codes.retain(|code| Rank::of(*code) != Rank::County);
            codes.dedup();
            if !codes.is_empty() {
                items.push(Item { origin: Origin::Folder, words: part.to_owned(), codes });
            }
        }
    }
    if items.len() == known {
        PLAIN.with_borrow_mut(|plain| folder.clone_into(plain));
    }
}

fn labels(part: &str, choices: impl Fn(u16) -> Option<u32> + Copy, items: &mut Vec<Item>) {
    for (at, mark) in part.match_indices(['：', ':']) {
        let before = part[..at].trim_end();
        if sites().publisher.at_end(before).is_some() {
            let value = part[at + mark.len()..].trim_start_matches([' ', '\u{3000}', '\t', '|']);
            push(items, Origin::Label, value, choices);
        }
    }
    // 主办单位黄石市商务局 公报年份2023年: the mark is lost
    for line in part.lines().map(str::trim_start) {
        if let Some(label) = sites().publisher.at_start(line) {
            let value = line[label..].trim_start_matches([' ', '\u{3000}']);
            push(items, Origin::Label, value, choices);
        }
    }
}

fn breadcrumb(part: &str, choices: impl Fn(u16) -> Option<u32> + Copy, items: &mut Vec<Item>) {
    for line in part.lines() {
        let is_path = line.contains(['>', '»', '＞', '›']) || line.contains("位置");
        if !is_path || line.len() > 600 {
            continue;
        }
        let from = line.find("位置").map_or(0, |at| at + "位置".len());
        for part in line[from..].split(['>', '»', '＞', '›', ' ', '\u{3000}', '：', ':', '-'])
        {
            push(items, Origin::Breadcrumb, part.trim(), choices);
        }
    }
}

fn signature(part: &str, choices: impl Fn(u16) -> Option<u32> + Copy, items: &mut Vec<Item>) {
    /// So many bodies do not sign one report: it is a list of links.
    const LINKS: usize = 3;
    let known = items.len();
    for line in part.lines().rev().take(8) {
        let line = line.trim_matches(|c: char| c.is_whitespace() || "|*#（）()".contains(c));
        let is_prose = line.contains(['。', '，', '、', '；', '：']);
        if line.is_empty() || line.len() > LONGEST_SIGNATURE || is_prose {
            continue;
        }
        // a date may stand on the same line
        let is_date = |c: char| c.is_ascii_digit() || c == '二';
        let name = line.split(is_date).next().unwrap_or(line).trim_end();
        let body = Body::of(name);
        if body.kind.is_some() && !body.places.is_empty() {
            push(items, Origin::Signature, name, choices);
        }
    }
    let mut signed: Vec<&[u32]> = items[known..].iter().map(|item| &item.codes[..]).collect();
    signed.sort_unstable();
    signed.dedup();
    if signed.len() >= LINKS {
        items.truncate(known);
    }
}

/// Whether a place is the report's own where it is named between these words: it begins a clause whose verb says what
/// its body did (徐州市鼓楼区主动公开…), the body has made the report, or lives there. 学习徐州市鼓楼区经验 is of another.
fn is_own(before: &str, after: &str) -> bool {
    /// Letters of a body's own name behind its place.
    const LONGEST: usize = 16;
    let words = heads();
    if words.address.at_end(before.trim_end_matches(['：', ':', ' '])).is_some() {
        return true;
    }
    // 江苏省徐州市鼓楼区: the province is a superior too
    let province = places().rows().iter().filter(|row| Rank::of(row.code) == Rank::Province);
    let outer = province.map(|row| row.name).find(|name| before.ends_with(name));
    let before = outer.map_or(before, |name| &before[..before.len() - name.len()]);
    let clause = after.split(['。', '，', '；', '\n', '：']).next().unwrap_or_default();
    if before.ends_with('由') {
        return words.made.is_within(clause);
    }
    let before = before.trim_end_matches([' ', '\u{3000}']);
    if !(before.is_empty() || before.ends_with(['。', '，', '；', '\n', '：', '\r'])) {
        return false;
    }
    let begins = clause.char_indices().take(LONGEST).map(|(at, _)| &clause[at..]);
    let mut verbs = begins.filter_map(|rest| {
        let verb = match period::period(rest) {
            Ok((rest, _)) => rest,
            Err(_) => rest,
        };
        words.verb.at_start(verb).map(|_| &clause[..clause.len() - rest.len()])
    });
    // between the place and the verb stands the rest of the body's name, or nothing
    verbs.next().is_some_and(|own| own.is_empty() || is_name_end(own))
}

/// Whether letters are what of a body's name can follow its place: 人民政府, 教育局.
fn is_name_end(own: &str) -> bool {
    let mut name = String::from("鲁山县");
    name.push_str(own);
    Body::of(&name).kind.is_some()
}

/// Which of several places the text names together with its superior: 徐州市鼓楼区, 江苏徐州市鼓楼区.
pub(super) fn named_with_superior(
    text: &str,
    place: &str,
    candidates: &[u32],
    year: i32,
) -> Option<Item> {
    let table = places();
    let superiors: Vec<(u32, [&str; 2])> = candidates
        .iter()
        .flat_map(|code| {
            let above = [table.prefecture(*code, year), table.province(*code, year)];
            above.into_iter().flatten().map(|row| (*code, [row.name, row.stem]))
        })
        .collect();
    let mut codes: Vec<u32> = Vec::new();
    let mut words = "";
    for (at, _) in text.match_indices(place) {
        let before = text[..at].trim_end();
        for (code, names) in &superiors {
            if let Some(name) = names.iter().find(|name| before.ends_with(**name))
                && is_own(&before[..before.len() - name.len()], &text[at + place.len()..])
            {
                words = name;
                codes.push(*code);
            }
        }
    }
    codes.sort_unstable();
    codes.dedup();
    // a superior of several is no evidence
    if codes.is_empty() || codes.len() == candidates.len() {
        return None;
    }
    Some(Item { origin: Origin::Text, words: format!("{words}{place}"), codes })
}
