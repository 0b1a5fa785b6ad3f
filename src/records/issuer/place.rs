//! Where the body is: its name and the evidence brought together. A code is given when one place alone remains.

use super::body::{Body, Kind, full_street, has_unknown_place, zone_stem};
use super::evidence::{self, Item, Origin};
use super::name::is_name;
use super::{Issuer, Level};
use crate::finding::{Code, Finding};
use crate::places::{Division, LATEST, Rank, SINCE, places, related, townships};
use crate::span::Span;
use serde::Serialize;

/// A place at county level or above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The six digits in the report's year, where the place is proven down to the body's own.
    pub code: Option<u32>,
    /// The six digits of today, where they are others.
    pub code_now: Option<u32>,
    /// 省, 自治区, 直辖市.
    pub province: Option<&'static str>,
    /// 地级市, 自治州 …; none for what lies in a province directly.
    pub prefecture: Option<&'static str>,
    /// 县, 县级市, 区, 旗.
    pub county: Option<&'static str>,
}

impl Place {
    fn of(code: u32, year: i32) -> Self {
        let table = places();
        let name = |row: Option<&'static Division>| row.map(|row| row.name);
        let own = table.in_year(code, year);
        let now = own.and_then(|row| table.followed(row, LATEST)).map(|row| row.code);
        Self {
            code: Some(code),
            code_now: now.filter(|now| *now != code),
            province: name(table.province(code, year)),
            prefecture: if Rank::of(code) == Rank::Province {
                None
            } else {
                name(table.prefecture(code, year))
            },
            county: name(own.filter(|row| Rank::of(row.code) == Rank::County)),
        }
    }

    /// What several places have in common: their province, perhaps their prefecture; no code.
    fn common(codes: &[u32], year: i32) -> Self {
        let all: Vec<Self> = codes.iter().map(|code| Self::of(*code, year)).collect();
        let Some(first) = all.first() else { return Self::default() };
        let province = first.province.filter(|p| all.iter().all(|o| o.province == Some(*p)));
        let prefecture = first.prefecture.filter(|p| all.iter().all(|o| o.prefecture == Some(*p)));
        Self { province, prefecture, ..Self::default() }
    }
}

/// The document around the name.
#[derive(Clone, Copy, Debug)]
pub struct Around<'t> {
    /// The document's path, with its containers.
    pub source: &'t str,
    /// Its text.
    pub text: &'t str,
    /// Where the title stands.
    pub title: Option<Span>,
    /// Bodies that the text names elsewhere as those of the report.
    pub named: &'t [String],
    /// The year reported on.
    pub year: Option<i32>,
}

/// The year that codes are asked for when the report's is not known: all of them.
struct When(Option<i32>);

impl When {
    fn year(&self) -> i32 {
        self.0.unwrap_or(LATEST).clamp(1980, LATEST)
    }

    /// The code of a row in the report's year; none where it was not there then.
    ///
    /// A name of the year before or after is taken for the place it became or had been, since reports are written in
    /// the next year: 洪泽县 and 洪泽区 can both stand over the report for 2016.
    fn code(&self, at: u16) -> Option<u32> {
        let table = places();
        let row = table.row(at);
        let Some(year) = self.0 else {
            return (row.last == LATEST).then_some(row.code);
        };
        let year = year.clamp(1980, LATEST);
        if row.last + 1 == year {
            // it changed during the year: only its code, or its name too
            let next = table.followed(row, year)?;
            return Some(if next.name == row.name { next.code } else { row.code });
        }
        if row.first <= year && year <= row.last {
            return Some(row.code);
        }
        if row.first == year + 1 {
            let mut old = table.before(row);
            return old.next().filter(|_| old.next().is_none()).map(|old| old.code);
        }
        None
    }
}

/// Finds the place of a body and writes it into the issuer; doubts are findings.
pub fn locate(issuer: &mut Issuer, around: Around<'_>, findings: &mut Vec<Finding>) {
    let when = When(around.year);
    let code_of = |at: u16| when.code(at);
    let mut items = evidence::gather(around.source, around.text, around.title, code_of);
    if issuer.name.is_none() {
        // the title does not say whose it is: the body that signs, or publishes
        let by = |origin: Origin| items.iter().find(|item| item.origin == origin);
        let own = by(Origin::Signature).or_else(|| by(Origin::Label));
        issuer.name = own.filter(|item| is_name(&item.words)).map(|item| item.words.clone());
    }
    let printed = issuer.name.as_deref().unwrap_or_default();
    let name = simplified(printed);
    let mut body = Body::of(printed);
    if let Some(name) = &name {
        let plain = Body::of(name);
        if plain.places.len() >= body.places.len() {
            body = plain;
        }
    }
    evidence::named(&body, around.named, code_of, &mut items);
    issuer.kind = body.kind;
    issuer.township = body.township.map(str::to_owned);
    let possible = possible(&body, &when, &items);
    let year = when.year();
    let outcome = decide(&body, possible, &items, around.text, year);
    if let Outcome::Conflict(against, _) | Outcome::Settled(_, Some(against)) = &outcome {
        let message = format!(
            "the title names {printed}, {} {}; {}",
            against.0.name(),
            against.1,
            if matches!(outcome, Outcome::Conflict(..)) {
                "neither is taken"
            } else {
                "other evidence is for the title"
            }
        );
        findings.push(Finding::new(Code::IssuerConflict, message));
    }
    match outcome {
        Outcome::Settled(code, _) => {
            issuer.place = Place::of(code, year);
        }
        Outcome::Conflict(_, codes) => issuer.candidates = codes,
        Outcome::Open(codes) => {
            if codes.len() > 1 {
                let list: Vec<String> = codes.iter().take(8).map(|c| described(*c, year)).collect();
                let message = format!("{printed} can be {}", list.join(", "));
                findings.push(Finding::new(Code::PlaceAmbiguous, message));
                issuer.place = Place::common(&codes, year);
            }
            issuer.candidates = codes;
        }
    }
    issuer.candidates.truncate(8);
    issuer.level = level(issuer, &body);
}

fn described(code: u32, year: i32) -> String {
    let place = Place::of(code, year);
    let parts = [place.province, place.prefecture, place.county];
    format!("{code} {}", parts.into_iter().flatten().collect::<String>())
}

/// A name in traditional characters in simplified ones; none where it is already.
fn simplified(name: &str) -> Option<String> {
    let table = crate::fold::table();
    let is_other = name.chars().any(|c| table.fold(c) != c);
    is_other.then(|| name.chars().map(|c| table.fold(c)).collect())
}

enum Outcome {
    /// One place, and perhaps what speaks against it.
    Settled(u32, Option<(Origin, String)>),
    /// The evidence speaks against the name.
    Conflict((Origin, String), Vec<u32>),
    /// None, or several.
    Open(Vec<u32>),
}

/// Shanghai's bodies wrote the first such reports for 2004.
const FIRST_REPORTS: i32 = 2004;

/// What the name alone allows.
struct Possible {
    codes: Vec<u32>,
    /// Whether one that stands alone is proven, or needs evidence beside it.
    is_name_enough: bool,
    /// Whether no evidence can prove it: the name is of another time, or its places do not lie in each other.
    is_wrong: bool,
}

impl Possible {
    fn new(codes: Vec<u32>, is_name_enough: bool) -> Self {
        Self { codes, is_name_enough, is_wrong: false }
    }
}

fn possible(body: &Body<'_>, when: &When, items: &[Item]) -> Possible {
    let code_of = |at: u16| when.code(at);
    let year = when.year();
    let mut codes = body.candidates(code_of);
    if codes.is_empty() && !body.places.is_empty() {
        // a name that is of another time, or whose places do not lie in each other
        let mut all: Vec<u32> =
            body.places.last().into_iter().flatten().map(|at| places().row(*at).code).collect();
        all.sort_unstable();
        all.dedup();
        return Possible { codes: all, is_name_enough: false, is_wrong: true };
    }
    if !body.places.is_empty() && body.township.is_none() && has_unknown_place(body.rest) {
        let codes = Vec::new();
        return Possible::new(codes, false);
    }
    if let Some(township) = body.township
        && township.chars().count() > 4
        && has_unknown_place(township)
        && townships(&full_street(township)).is_empty()
    {
        return Possible::new(Vec::new(), false);
    }
    if when.0.is_none() && changed(body, &codes) {
        return Possible::new(codes, false);
    }
    if body.kind == Some(Kind::DevelopmentZone)
        && let Some((_, rows)) = zone_stem(body.rest)
    {
        let within: Vec<u32> = rows
            .iter()
            .filter_map(|at| code_of(*at))
            .filter(|code| body.places.is_empty() || codes.iter().any(|o| related(*o, *code)))
            .collect();
        if !within.is_empty() {
            let recent = rows.iter().map(|at| places().row(*at));
            let all_time = recent.filter(|row| row.last >= FIRST_REPORTS).map(|row| row.code);
            return zone(within, all_time, !body.places.is_empty());
        }
    }
    if let Some(county) = branch_county(body, &codes, code_of) {
        return Possible::new(vec![county], true);
    }
    if let Some(township) = body.township {
        let counties = counties_of(township, year);
        if codes.is_empty() {
            if let Some(county) = folder_county(items) {
                // the lists of townships do not know all of the past
                return Possible::new(vec![county], true);
            }
            let is_name_enough = counties.len() == 1 && when.0.is_some_and(|year| year >= SINCE);
            return adopted(body, items, year).unwrap_or(Possible::new(counties, is_name_enough));
        }
        if codes.iter().all(|code| Rank::of(*code) != Rank::County) {
            // 怀化市双江镇: the county in between is not named
            let inner: Vec<u32> =
                counties.into_iter().filter(|c| codes.iter().any(|o| related(*o, *c))).collect();
            let whole: Vec<u32> = codes.iter().copied().filter(|c| inner.contains(c)).collect();
            if !whole.is_empty() {
                return Possible::new(whole, true);
            }
            let is_name_enough = inner.len() == 1 && when.0.is_some_and(|year| year >= SINCE);
            return Possible::new(inner, is_name_enough);
        }
        if codes.len() > 1 && when.0.is_some_and(|year| year >= SINCE) {
            let having: Vec<u32> =
                codes.iter().copied().filter(|code| counties.contains(code)).collect();
            if having.len() == 1 {
                codes = having;
            }
        }
    }
    if codes.is_empty() && body.places.is_empty() {
        let found = adopted(body, items, year).or_else(|| abbreviated(body, items, year));
        return found.unwrap_or(Possible::new(codes, false));
    }
    Possible::new(codes, true)
}

/// Whether, the year being unknown, the name had more than one code in the years of such reports.
fn changed(body: &Body<'_>, codes: &[u32]) -> bool {
    body.places.last().into_iter().flatten().any(|at| {
        let row = places().row(*at);
        row.last >= FIRST_REPORTS && !codes.contains(&row.code)
    })
}

/// A zone that is named after a prefecture lies in it; one named after anything else may lie elsewhere (平原示范区 is not
/// in 平原县), unless the superior is named before it.
fn zone(mut codes: Vec<u32>, all_time: impl Iterator<Item = u32>, has_superior: bool) -> Possible {
    codes.sort_unstable();
    codes.dedup();
    let prefecture = codes.iter().copied().find(|code| Rank::of(*code) != Rank::County);
    if let Some(prefecture) = prefecture {
        let is_one = all_time.into_iter().all(|code| related(code, prefecture));
        if is_one {
            return Possible::new(vec![prefecture], true);
        }
    }
    let is_name_enough = has_superior && codes.len() == 1;
    Possible::new(codes, is_name_enough)
}

fn counties_of(township: &str, year: i32) -> Vec<u32> {
    let mut codes: Vec<u32> = townships(&full_street(township))
        .iter()
        .filter_map(|t| t.county_in(year))
        .map(|row| row.code)
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// `长沙市公安局开福分局`: the district that a branch is named after.
fn branch_county(
    body: &Body<'_>,
    codes: &[u32],
    code_of: impl Fn(u16) -> Option<u32>,
) -> Option<u32> {
    let stem = body.rest.strip_suffix("分局")?.rsplit('局').next()?;
    let rows = places().with_stem(stem).iter().filter_map(|at| code_of(*at));
    let mut within = rows.filter(|inner| codes.iter().any(|o| o != inner && related(*o, *inner)));
    let first = within.next()?;
    within.all(|other| other == first).then_some(first)
}

/// The place of a signature or label that names the same body with its place: 教育局, signed 徐州市鼓楼区教育局.
fn adopted(body: &Body<'_>, items: &[Item], year: i32) -> Option<Possible> {
    let kinds = ['省', '市', '县', '区', '州', '旗'];
    let own = body.rest.trim_start_matches(kinds);
    if own.chars().count() < 2 {
        return None;
    }
    // 县教育局 is of a county, not of a city
    let is_kind = |code: u32| match body.rest.chars().next().filter(|c| kinds.contains(c)) {
        Some(kind) => places().in_year(code, year).is_some_and(|row| row.name.ends_with(kind)),
        None => true,
    };
    let named: Vec<&Item> = items
        .iter()
        .filter(|item| item.origin != Origin::Text && item.words.contains(own))
        .collect();
    let mut codes = named.first()?.codes.clone();
    if !named.iter().all(|item| item.codes == codes) || !codes.iter().all(|code| is_kind(*code)) {
        return None;
    }
    let mut is_name_enough = true;
    if let Some(township) = body.township
        && codes.iter().all(|code| Rank::of(*code) != Rank::County)
    {
        // 武威市张义镇: the county in between is not named
        let outer = std::mem::replace(&mut codes, counties_of(township, year));
        codes.retain(|county| outer.iter().any(|o| related(*o, *county)));
        is_name_enough = codes.len() == 1 && year >= SINCE;
    }
    Some(Possible::new(codes, is_name_enough))
}

/// The place whose name a short one stands for, where the page names it in full: 莫旗, 莫力达瓦达斡尔族自治旗.
fn abbreviated(body: &Body<'_>, items: &[Item], year: i32) -> Option<Possible> {
    /// Letters of a short name: two at least, and few.
    const LONGEST: usize = 4;
    let ends = ['县', '旗', '市', '区', '州'];
    let (at, kind) = body.rest.char_indices().take(LONGEST).find(|(_, c)| ends.contains(c))?;
    let short = &body.rest[..at + kind.len_utf8()];
    let is_short_for = |name: &str| {
        let mut letters = name.chars();
        short.chars().count() > 1
            && name.chars().next() == short.chars().next()
            && name.ends_with(kind)
            && short.chars().all(|c| letters.any(|other| other == c))
    };
    let named: Vec<&Item> = items.iter().filter(|item| item.origin != Origin::Text).collect();
    let [code] = named.first()?.codes[..] else { return None };
    let full = places().in_year(code, year)?;
    let all_agree = named.iter().all(|item| item.codes == [code]);
    (all_agree && is_short_for(full.name)).then(|| Possible::new(vec![code], true))
}

fn decide(body: &Body<'_>, possible: Possible, items: &[Item], text: &str, year: i32) -> Outcome {
    let Possible { codes, is_name_enough, is_wrong } = possible;
    if is_wrong {
        return Outcome::Open(codes);
    }
    if codes.is_empty() {
        return folder_alone(body, items)
            .map_or(Outcome::Open(codes), |code| Outcome::Settled(code, None));
    }
    let against = |code: u32| {
        let is_hard = |item: &&Item| {
            !matches!(item.origin, Origin::Breadcrumb | Origin::Text | Origin::Sentence)
        };
        items.iter().filter(is_hard).find(move |item| !item.allows(code))
    };
    let words = |item: &Item| (item.origin, item.words.clone());
    if let [code] = codes[..] {
        if !is_name_enough {
            let is_supported = items
                .iter()
                .any(|item| item.allows(code) && item.codes.iter().all(|c| related(*c, code)));
            let is_free = against(code).is_none();
            let is_named = Rank::of(code) == Rank::County && !body.places.is_empty();
            return if is_supported && is_free && !is_named {
                Outcome::Settled(code, None)
            } else {
                Outcome::Open(codes)
            };
        }
        return match against(code) {
            None => Outcome::Settled(code, None),
            Some(item) => {
                let is_supported = items.iter().any(|other| {
                    other.origin != item.origin && other.codes.iter().all(|c| related(*c, code))
                });
                if is_supported {
                    Outcome::Settled(code, Some(words(item)))
                } else {
                    let mut all = codes.clone();
                    all.extend(&item.codes);
                    Outcome::Conflict(words(item), all)
                }
            }
        };
    }
    let mut kept = codes.clone();
    for item in items {
        kept.retain(|code| item.allows(*code));
    }
    if kept.is_empty() {
        let item = items.iter().find(|item| !codes.iter().any(|code| item.allows(*code)));
        return item
            .map_or(Outcome::Open(codes.clone()), |item| Outcome::Conflict(words(item), codes));
    }
    let zone = zone_stem(body.rest).map_or("", |(stem, _)| stem);
    let own = if body.place.is_empty() { zone } else { body.place };
    let place = body.township.unwrap_or(own);
    if kept.len() > 1
        && !place.is_empty()
        && let Some(item) = evidence::named_with_superior(text, place, &codes, year)
    {
        kept.retain(|code| item.allows(*code));
    }
    match kept[..] {
        [code] => Outcome::Settled(code, None),
        [] => Outcome::Open(codes),
        _ => Outcome::Open(kept),
    }
}

/// The county whose folder the document lies in.
fn folder_county(items: &[Item]) -> Option<u32> {
    let folders = items.iter().filter(|item| item.origin == Origin::Folder);
    let mut counties = folders.filter_map(|item| match item.codes[..] {
        [code] if Rank::of(code) == Rank::County => Some(code),
        _ => None,
    });
    counties.next().filter(|county| counties.all(|other| other == *county))
}

/// `湖南省/怀化市/通道侗族自治县/县教育局.txt`: a name without a place in the folder of one.
fn folder_alone(body: &Body<'_>, items: &[Item]) -> Option<u32> {
    body.kind?;
    let deepest = items
        .iter()
        .filter(|item| item.origin == Origin::Folder)
        .filter_map(|item| match item.codes[..] {
            [code] => Some(code),
            _ => None,
        })
        .max_by_key(|code| Rank::of(*code))?;
    let all_agree = items.iter().all(|item| item.allows(deepest));
    let name = places().with_code(deepest).last()?.name;
    // 县教育局 is of a county, 市教育局 of a city; a township lies in a county
    let fits = match (body.township, body.rest.chars().next()?) {
        (Some(_), _) => Rank::of(deepest) == Rank::County,
        (None, kind) => {
            name.ends_with(kind) || (kind == '省' && Rank::of(deepest) == Rank::Province)
        }
    };
    (all_agree && fits).then_some(deepest)
}

/// The level of the body: of its place, unless it is a part of it.
fn level(issuer: &Issuer, body: &Body<'_>) -> Option<Level> {
    match body.kind {
        Some(Kind::Government) => match issuer.place.code.map(Rank::of) {
            Some(Rank::Province) => Some(Level::Province),
            Some(Rank::Prefecture) => Some(Level::Prefecture),
            Some(Rank::County) => Some(Level::County),
            None => issuer.name.as_deref().and_then(Level::of),
        },
        Some(Kind::Township | Kind::Subdistrict) => Some(Level::Township),
        Some(
            Kind::Office | Kind::Department | Kind::School | Kind::Hospital | Kind::Enterprise,
        ) => Some(Level::Department),
        Some(Kind::DevelopmentZone) => None,
        None => issuer.name.as_deref().and_then(Level::of),
    }
}
