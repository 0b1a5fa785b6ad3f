//! Places: the divisions of the country at county level and above from 1980 to now with their six-digit codes
//! (GB/T 2260), and the townships of today.
//!
//! The tables are made by `places/build.py`; where their facts come from stands in `places/README.md`. They are
//! unpacked when first asked for.

mod townships;

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

pub use townships::{SINCE, Township, townships};

static PACKED: &[u8] = include_bytes!("../../grammars/places/divisions.zst");
static PLACES: LazyLock<Places> = LazyLock::new(|| Places::read(unpack(PACKED)));

/// The last year that the tables know.
pub const LATEST: i32 = 2026;

/// A division: one stretch of years in which a code and a name stayed together. Years mean 31 December.
#[derive(Debug)]
pub struct Division {
    /// The six digits, as a number.
    pub code: u32,
    /// The official name: `通道侗族自治县`.
    pub name: &'static str,
    /// The name without what kind of place it is: `通道`.
    pub stem: &'static str,
    /// First year.
    pub first: i32,
    /// Last year; [`LATEST`] is today.
    pub last: i32,
    /// The code of what came after it, where that is one division.
    pub next: Option<u32>,
    /// What happened then: `re-coded`, `县 → 区`, `merged into` …
    pub change: &'static str,
}

/// Where in the hierarchy a code stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// 省, 自治区, 直辖市, 特别行政区
    Province,
    /// 地级市, 地区, 自治州, 盟
    Prefecture,
    /// 县, 县级市, 市辖区, 旗
    County,
}

impl Rank {
    /// The rank that the zeros of a code tell.
    pub const fn of(code: u32) -> Self {
        match code {
            code if code.is_multiple_of(10_000) => Self::Province,
            code if code.is_multiple_of(100) => Self::Prefecture,
            _ => Self::County,
        }
    }
}

/// Whether one of the two codes is the other, or lies in it.
pub fn related(a: u32, b: u32) -> bool {
    let within = |inner: u32, outer: u32| match Rank::of(outer) {
        Rank::Province => inner / 10_000 == outer / 10_000,
        Rank::Prefecture => inner / 100 == outer / 100,
        Rank::County => inner == outer,
    };
    within(a, b) || within(b, a)
}

/// The table of divisions.
#[derive(Debug)]
pub struct Places {
    /// Ordered by code and year.
    rows: Vec<Division>,
    by_name: FxHashMap<&'static str, Vec<u16>>,
    by_stem: FxHashMap<&'static str, Vec<u16>>,
    /// How many divisions became this code in this year.
    origins: FxHashMap<(u32, i32), u32>,
}

/// The table of this process.
pub fn places() -> &'static Places {
    &PLACES
}

/// The longest name in letters: 双江拉祜族佤族布朗族傣族自治县.
const LONGEST: usize = 15;

impl Places {
    fn read(text: &'static str) -> Self {
        let rows: Vec<Division> = text.lines().filter_map(division).collect();
        let mut by_name: FxHashMap<&'static str, Vec<u16>> = FxHashMap::default();
        let mut by_stem: FxHashMap<&'static str, Vec<u16>> = FxHashMap::default();
        by_name.reserve(rows.len());
        by_stem.reserve(rows.len());
        for (at, row) in rows.iter().enumerate() {
            let at = at as u16;
            by_name.entry(row.name).or_default().push(at);
            by_stem.entry(row.stem).or_default().push(at);
            // 通道侗族自治县 is 通道县 in most titles
            if let Some(kind) = ["县", "州", "旗"].into_iter().find(|k| row.name.ends_with(k))
                && row.name.contains("自治")
            {
                let short = String::leak(format!("{}{kind}", row.stem));
                let known = by_name.entry(short).or_default();
                if !known.contains(&at) {
                    known.push(at);
                }
            }
        }
        for (at, row) in rows.iter().enumerate() {
            if let Some(short) = short_banner(row.name) {
                by_name.entry(String::leak(short)).or_default().push(at as u16);
            }
        }
        let mut origins: FxHashMap<(u32, i32), u32> = FxHashMap::default();
        for row in rows.iter().filter(|row| !row.change.starts_with("merged")) {
            if let Some(next) = row.next {
                *origins.entry((next, row.last + 1)).or_default() += 1;
            }
        }
        Self { rows, by_name, by_stem, origins }
    }

    /// All divisions, ordered by code and year.
    pub fn rows(&self) -> &[Division] {
        &self.rows
    }

    /// The row with this number.
    pub fn row(&self, at: u16) -> &Division {
        &self.rows[usize::from(at)]
    }

    /// Divisions of any time with this name, official or shortened (通道县).
    pub fn named(&self, name: &str) -> &[u16] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// Divisions of any time with this name of their own (通道).
    pub fn with_stem(&self, stem: &str) -> &[u16] {
        self.by_stem.get(stem).map_or(&[], Vec::as_slice)
    }

    /// The longest name at the start of a text, with its bytes.
    ///
    /// ```
    /// let places = nianbao::places::places();
    /// let (bytes, found) = places.at_start("通道侗族自治县人民政府").unwrap();
    /// assert_eq!(bytes, "通道侗族自治县".len());
    /// assert_eq!(places.row(found[0]).name, "通道侗族自治县");
    /// assert!(places.at_start("人民政府").is_none());
    /// ```
    pub fn at_start(&self, text: &str) -> Option<(usize, &[u16])> {
        longest(&self.by_name, text, |rest| !breaks_word(rest))
    }

    /// The longest stem at the start of a text, with its bytes.
    pub fn stem_at_start(&self, text: &str) -> Option<(usize, &[u16])> {
        longest(&self.by_stem, text, |_| true)
    }

    /// The divisions with this code, by year.
    pub fn with_code(&self, code: u32) -> &[Division] {
        let start = self.rows.partition_point(|row| row.code < code);
        let end = self.rows.partition_point(|row| row.code <= code);
        &self.rows[start..end]
    }

    /// The division that a code was in a year, also one that changed during it.
    pub fn in_year(&self, code: u32, year: i32) -> Option<&Division> {
        let rows = self.with_code(code);
        let at_end = rows.iter().find(|row| row.first <= year && year <= row.last);
        at_end.or_else(|| rows.iter().find(|row| row.last + 1 == year))
    }

    /// The division that this one is in a later year, through all changes; none where it went into several.
    pub fn followed<'p>(&'p self, row: &'p Division, year: i32) -> Option<&'p Division> {
        let mut row = row;
        // a chain of changes is short; a loop in the data must not hang
        for _ in 0..32 {
            if row.last >= year {
                return Some(row);
            }
            let (next, from) = (row.next?, row.last + 1);
            row = self.with_code(next).iter().find(|r| r.first <= from && from <= r.last)?;
        }
        None
    }

    /// The code that a division has today, or had when it was merged with another: what makes it one over the years.
    pub fn identity(&self, row: &Division) -> u32 {
        let mut row = row;
        for _ in 0..32 {
            let Some(next) = row.next else { break };
            let from = row.last + 1;
            if row.change.starts_with("merged")
                || self.origins.get(&(next, from)).is_some_and(|n| *n > 1)
            {
                break;
            }
            let after = self.with_code(next).iter().find(|r| r.first <= from && from <= r.last);
            match after {
                // it went into one that was there already
                Some(after) if after.first == from => row = after,
                _ => break,
            }
        }
        row.code
    }

    /// The divisions that became this one, without those that were merged into it.
    pub fn before<'p>(&'p self, row: &'p Division) -> impl Iterator<Item = &'p Division> {
        self.rows.iter().filter(move |old| {
            old.next == Some(row.code)
                && old.last + 1 == row.first
                && !old.change.starts_with("merged")
        })
    }

    /// The province of a code.
    pub fn province(&self, code: u32, year: i32) -> Option<&Division> {
        self.in_year(code / 10_000 * 10_000, year)
    }

    /// The prefecture of a code, none for what lies in a province directly.
    pub fn prefecture(&self, code: u32, year: i32) -> Option<&Division> {
        let code = code / 100 * 100;
        self.in_year(code, year).filter(|row| Rank::of(row.code) == Rank::Prefecture)
    }
}

/// `科右中旗` of 科尔沁右翼中旗, `阿左旗` of 阿拉善左旗: how banners call themselves.
fn short_banner(name: &str) -> Option<String> {
    let stem = name.strip_suffix('旗')?;
    let side = stem.rfind(['左', '右']).filter(|at| *at > 0)?;
    let first = name.chars().next()?;
    Some(format!("{first}{}旗", stem[side..].replace('翼', "")))
}

/// Whether what follows a name shows that it was no name: 城区 in 城区街道, 鹤山市 in 鹤山市场监督管理局.
fn breaks_word(rest: &str) -> bool {
    (rest.starts_with(['镇', '乡', '场']) && !["乡村", "乡镇"].iter().any(|w| rest.starts_with(w)))
        || rest.starts_with("街道")
        || (rest.starts_with('政')
            && !["政府", "政务", "政协", "政法", "政数", "政策"]
                .iter()
                .any(|w| rest.starts_with(w)))
}

fn longest<'p>(
    names: &'p FxHashMap<&'static str, Vec<u16>>,
    text: &str,
    fits: impl Fn(&str) -> bool,
) -> Option<(usize, &'p [u16])> {
    let mut ends = [0; LONGEST];
    let mut count = 0;
    for (at, c) in text.char_indices().take(LONGEST) {
        if !is_ideograph(c) {
            break;
        }
        ends[count] = at + c.len_utf8();
        count += 1;
    }
    ends[..count].iter().skip(1).rev().find_map(|&end| {
        let rows = names.get(&text[..end])?;
        fits(&text[end..]).then_some((end, rows.as_slice()))
    })
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{2_0000}'..='\u{3_FFFF}')
}

fn division(line: &'static str) -> Option<Division> {
    let mut fields = line.split('\t');
    let code = fields.next()?.parse().ok()?;
    let name = fields.next()?;
    let first = fields.next()?.parse().ok()?;
    let last = fields.next()?.parse().ok()?;
    let next = fields.next()?.parse().ok();
    let change = fields.next()?;
    let stem = fields.next().filter(|stem| !stem.is_empty()).unwrap_or_else(|| {
        let end = name.char_indices().next_back().map_or(0, |(at, _)| at);
        &name[..end]
    });
    Some(Division { code, name, stem, first, last, next, change })
}

/// The text of a packed table; it stays for the life of the process.
fn unpack(packed: &[u8]) -> &'static str {
    let bytes = zstd::decode_all(packed).expect("the embedded table is whole");
    String::from_utf8(bytes).expect("the embedded table is text").leak()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(name: &str, year: i32) -> Vec<u32> {
        let table = places();
        let rows = table.named(name).iter().map(|at| table.row(*at));
        rows.filter(|row| row.first <= year && year <= row.last).map(|row| row.code).collect()
    }

    #[test]
    fn ok_names_by_year() {
        assert_eq!(codes("通道侗族自治县", 2019), [431_230]);
        assert_eq!(codes("通道县", 2019), [431_230]);
        assert_eq!(codes("科右中旗", 2019), [152_222]);
        assert_eq!(codes("察右后旗", 2019), [150_928]);
        assert_eq!(codes("鼓楼区", 2020), [320_106, 320_302, 350_102, 410_204]);
        assert_eq!(codes("襄樊市", 2008), [420_600]);
        assert_eq!(codes("襄樊市", 2015), [] as [u32; 0]);
        assert_eq!(codes("洪泽县", 2015), [320_829]);
        assert_eq!(codes("洪泽区", 2016), [320_813]);
        assert_eq!(codes("沙县区", 2021), [350_405]);
    }

    #[test]
    fn ok_changes_are_followed() {
        let table = places();
        let now = |code: u32, year: i32| {
            let row = table.in_year(code, year)?;
            table.followed(row, LATEST).map(|row| (row.code, row.name))
        };
        assert_eq!(now(320_829, 2010), Some((320_813, "洪泽区")));
        assert_eq!(now(420_600, 2005), Some((420_600, "襄阳市")));
        assert_eq!(now(110_103, 2005), Some((110_101, "东城区")));
        assert_eq!(now(341_400, 2005), Some((340_181, "巢湖市")));
        assert_eq!(now(371_200, 2010), Some((370_116, "莱芜区")));
        assert_eq!(now(410_306, 2015), Some((410_308, "孟津区")));
    }

    #[test]
    fn ok_merged_places_stay_two() {
        let table = places();
        let identity = |code, year| table.in_year(code, year).map(|row| table.identity(row));
        assert_eq!(identity(450_127, 2015), Some(450_181)); // 横县, 横州市
        assert_eq!(identity(500_105, 2015), Some(500_105)); // 江北区, into 两江新区
        assert_eq!(identity(500_112, 2015), Some(500_112)); // 渝北区, into the same
        assert_eq!(identity(410_322, 2015), Some(410_308)); // 孟津县, 孟津区
        assert_eq!(identity(410_306, 2015), Some(410_306)); // 吉利区, into 孟津区
    }

    #[test]
    fn ok_a_name_is_no_part_of_a_word() {
        let table = places();
        let name = |text: &str| table.at_start(text).map(|(bytes, _)| text[..bytes].to_owned());
        assert_eq!(name("鹤山区市场监督管理局").as_deref(), Some("鹤山区"));
        assert_eq!(name("鹤山市场监督管理局"), None);
        assert_eq!(name("城区街道办事处"), None);
        assert_eq!(name("鹤山市政府").as_deref(), Some("鹤山市"));
        assert_eq!(name("鹤山市乡村振兴局").as_deref(), Some("鹤山市"));
    }

    #[test]
    fn ok_chains_end() {
        let table = places();
        for row in table.rows() {
            assert!(row.first <= row.last, "{row:?}");
            if let Some(next) = row.next {
                assert!(!table.with_code(next).is_empty(), "{row:?}");
                assert!(table.followed(row, row.last + 1).is_some(), "{row:?}");
            }
        }
    }
}
