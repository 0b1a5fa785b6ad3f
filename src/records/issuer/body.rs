//! The name of a body taken apart: `怀化市鹤城区人民政府河西街道办事处` is places, then what kind of body it is.

use super::vocabulary::bodies;
use crate::places::{Rank, places};
use serde::Serialize;

/// What kind of body reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 人民政府 of a county or above, also where only the place is named
    Government,
    /// 人民政府办公室
    Office,
    /// 局, 委员会, 中心 …
    Department,
    /// 乡, 镇, 苏木
    Township,
    /// 街道
    Subdistrict,
    /// 开发区, 实验区, 园区: no divisions by law
    DevelopmentZone,
    /// 学校, 大学
    School,
    /// 医院
    Hospital,
    /// 公司, 集团, 厂, 银行
    Enterprise,
}

impl Kind {
    /// The fixed name used in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Government => "government",
            Self::Office => "office",
            Self::Department => "department",
            Self::Township => "township",
            Self::Subdistrict => "subdistrict",
            Self::DevelopmentZone => "development_zone",
            Self::School => "school",
            Self::Hospital => "hospital",
            Self::Enterprise => "enterprise",
        }
    }

    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::Government,
        Self::Office,
        Self::Department,
        Self::Township,
        Self::Subdistrict,
        Self::DevelopmentZone,
        Self::School,
        Self::Hospital,
        Self::Enterprise,
    ];
}

/// A name taken apart.
#[derive(Debug)]
pub(super) struct Body<'t> {
    /// The places at its start, from the outside in: rows of the table of divisions for each.
    pub(super) places: Vec<Vec<u16>>,
    /// The last place as printed.
    pub(super) place: &'t str,
    /// What follows the places.
    pub(super) rest: &'t str,
    /// The township, with its kind: `河西街道`.
    pub(super) township: Option<&'t str>,
    /// None where the name does not say.
    pub(super) kind: Option<Kind>,
}

impl<'t> Body<'t> {
    /// Takes a name apart.
    pub(super) fn of(name: &'t str) -> Self {
        let mut rest = name;
        let mut found: Vec<Vec<u16>> = Vec::new();
        let mut place = "";
        for national in bodies().national.iter() {
            let Some(after) = rest.strip_prefix(national) else { continue };
            if places().at_start(after).is_some() {
                rest = after;
            } else if let Some((bytes, rows)) = province(after) {
                // 国家统计局湖南调查总队
                found.push(rows);
                (place, rest) = after.split_at(bytes);
            }
        }
        loop {
            if let Some((bytes, rows)) = places().at_start(rest) {
                found.push(rows.to_vec());
                (place, rest) = rest.split_at(bytes);
            } else if let Some((bytes, rows)) = stem_before_place(rest) {
                found.push(rows.to_vec());
                (place, rest) = rest.split_at(bytes);
            } else {
                break;
            }
        }
        let township = township(rest, !found.is_empty());
        let kind = kind(rest, township, !found.is_empty());
        Self { places: found, place, rest, township, kind }
    }

    /// Whether a name begins with a place, or with a body of the centre before one.
    pub(super) fn begins_with_place(name: &str) -> bool {
        let is_place = |text: &str| places().at_start(text).is_some();
        let is_after = |national: usize| {
            let after = &name[national..];
            is_place(after) || province(after).is_some()
        };
        is_place(name)
            || stem_before_place(name).is_some()
            || bodies().national.at_start(name).is_some_and(is_after)
    }

    /// Divisions that the places of the name can be, each within those before it; as rows of the table.
    pub(super) fn candidates(&self, choices: impl Fn(u16) -> Option<u32>) -> Vec<u32> {
        let Some((last, outer)) = self.places.split_last() else { return Vec::new() };
        let codes = |rows: &[u16]| rows.iter().filter_map(|at| choices(*at)).collect::<Vec<u32>>();
        let outer: Vec<Vec<u32>> = outer.iter().map(|rows| codes(rows)).collect();
        let mut found = codes(last);
        found.retain(|code| {
            outer.iter().all(|rows| {
                rows.iter().any(|o| o != code && o < code && crate::places::related(*o, *code))
            })
        });
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// `湖南` in 湖南怀化市…: a short name counts only before the full name of a place within it.
fn stem_before_place(text: &str) -> Option<(usize, &'static [u16])> {
    let table = places();
    let (bytes, rows) = table.stem_at_start(text)?;
    let (_, inner) = table.at_start(&text[bytes..])?;
    let is_outer = |outer: &u16| {
        let outer = table.row(*outer).code;
        inner.iter().any(|i| {
            let inner = table.row(*i).code;
            outer < inner && outer.is_multiple_of(100) && crate::places::related(outer, inner)
        })
    };
    rows.iter().any(is_outer).then_some((bytes, rows))
}

/// A province by its short name.
fn province(text: &str) -> Option<(usize, Vec<u16>)> {
    let (bytes, rows) = places().stem_at_start(text)?;
    let is_province = |at: &u16| Rank::of(places().row(*at).code) == Rank::Province;
    let rows: Vec<u16> = rows.iter().copied().filter(is_province).collect();
    (!rows.is_empty()).then_some((bytes, rows))
}

/// `双江镇` in 双江镇人民政府, `南京东路街道` in 人民政府南京东路街道办事处.
fn township(rest: &str, has_place: bool) -> Option<&str> {
    let words = bodies();
    let name = rest.strip_prefix("人民政府").unwrap_or(rest);
    // the first ending that a known tail or nothing follows: 镇 can stand within a name too (景德镇路街道)
    for (at, _) in name.char_indices().skip(1) {
        let Some(end) = words.township.at_start(&name[at..]) else { continue };
        let after = &name[at + end..];
        let tail = after.split(['（', '(']).next().unwrap_or(after);
        if tail.is_empty() || words.township_tail.at_start(tail).is_some() {
            return Some(&name[..at + end]);
        }
    }
    // 市桥街, 露峰办事处: names of streets without 道
    let street = name.strip_suffix("办事处").or(name.strip_suffix('街').map(|_| name));
    if let Some(street) = street
        && (2..=8).contains(&street.chars().count())
        && !crate::places::townships(&full_street(street)).is_empty()
        && (has_place || street.len() < name.len() || street.ends_with('街'))
    {
        return Some(street);
    }
    // 双江镇卫生院
    let inner = name.find(['镇', '乡']).filter(|at| *at > 0 && *at <= 15)?;
    let known = &name[..inner + 3];
    let is_school = matches!(school_or_hospital(name), Some(Kind::School | Kind::Hospital));
    (is_school && !crate::places::townships(known).is_empty()).then_some(known)
}

/// A township's name as lists have it: 市桥街道 of 市桥街 and of 市桥.
pub(super) fn full_street(name: &str) -> String {
    let words = bodies();
    match name.strip_suffix('街') {
        Some(stem) => format!("{stem}街道"),
        None if words.township.at_end(name).is_some() => name.to_owned(),
        None => format!("{name}街道"),
    }
}

fn school_or_hospital(rest: &str) -> Option<Kind> {
    let words = bodies();
    let kinds = [
        (&words.school, Kind::School),
        (&words.hospital, Kind::Hospital),
        (&words.enterprise, Kind::Enterprise),
    ];
    kinds.into_iter().find(|(list, _)| list.at_end(rest).is_some()).map(|(_, kind)| kind)
}

fn kind(rest: &str, township: Option<&str>, has_place: bool) -> Option<Kind> {
    let words = bodies();
    // 档案局（馆）
    let bare = match rest.strip_suffix(['）', ')']).and_then(|rest| rest.rsplit_once(['（', '(']))
    {
        Some((before, _)) if !words.office.has(rest) => before,
        _ => rest,
    };
    if let Some(kind) = school_or_hospital(bare) {
        return Some(kind);
    }
    if let Some(township) = township {
        let is_subdistrict = full_street(township).ends_with("街道");
        return Some(if is_subdistrict { Kind::Subdistrict } else { Kind::Township });
    }
    if has_place && words.government.has(bare) {
        return Some(Kind::Government);
    }
    if words.committee.has(bare) {
        return Some(Kind::DevelopmentZone);
    }
    if let Some(office) = words.office.at_end(bare) {
        let of = &bare[..bare.len() - office];
        let of_government = matches!(
            of.trim_start_matches(['省', '市', '县', '区', '州', '旗']),
            "人民政府" | "政府"
        );
        if of_government || words.committee.at_end(of).is_some() {
            return Some(Kind::Office);
        }
    }
    let zone = words.committee.at_end(bare).map_or(bare, |end| &bare[..bare.len() - end]);
    if words.zone.at_end(zone.trim_end_matches("人民政府")).is_some() {
        return Some(Kind::DevelopmentZone);
    }
    // a place that the table does not have, or not in this spelling
    let is_place = bare.ends_with(['县', '市', '区', '旗', '州', '省', '盟'])
        && !bare.chars().rev().nth(1).is_none_or(|c| words.word_before_place.contains(c));
    if bare.ends_with("人民政府") || is_place {
        return Some(Kind::Government);
    }
    words.department.at_end(bare).map(|_| Kind::Department)
}

/// Whether what follows the places begins with another that the table does not have: a misspelt or a new one. The code
/// of the place around it would be the wrong one.
pub(super) fn has_unknown_place(rest: &str) -> bool {
    /// Letters of the longest name of a place before its kind, and one.
    const REACH: usize = 9;
    let words = bodies();
    let rest = rest.strip_prefix("人民政府").unwrap_or(rest);
    // another name of the body in brackets begins with its kind: 办公室（县外事办）
    let rest = rest.split(['（', '(']).next().unwrap_or(rest);
    let mut before = None;
    let mut chars = rest.char_indices().take(REACH).peekable();
    while let Some((at, c)) = chars.next() {
        let is_end = matches!(c, '县' | '區' | '区' | '縣' | '市' | '旗' | '盟');
        let is_word = before.is_none_or(|b: char| words.word_before_place.contains(b))
            || chars.peek().is_some_and(|(_, next)| words.word_after_place.contains(*next))
            || words.zone.at_end(&rest[..at + c.len_utf8()]).is_some();
        let is_political = c == '盟' && before == Some('同');
        if is_end && at > 0 && !is_word && !is_political {
            return true;
        }
        before = Some(c);
    }
    false
}

/// The zone's own name without its kind: `平潭` in 平潭综合实验区, `合肥` in 合肥高新技术产业开发区.
pub(super) fn zone_stem(rest: &str) -> Option<(&str, &'static [u16])> {
    let words = bodies();
    let (bytes, rows) = places().stem_at_start(rest)?;
    let after = &rest[bytes..];
    let is_zone = words.zone_kind.at_start(after).or(words.zone.at_start(after)).is_some();
    is_zone.then_some((&rest[..bytes], rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(name: &str) -> (usize, &str, Option<&str>, Option<Kind>) {
        let body = Body::of(name);
        (body.places.len(), body.rest, body.township, body.kind)
    }

    #[test]
    fn ok_bodies() {
        assert_eq!(parts("鲁山县"), (1, "", None, Some(Kind::Government)));
        assert_eq!(
            parts("湖南怀化市鹤城区人民政府"),
            (3, "人民政府", None, Some(Kind::Government))
        );
        assert_eq!(
            parts("怀化市鹤城区人民政府河西街道办事处"),
            (2, "人民政府河西街道办事处", Some("河西街道"), Some(Kind::Subdistrict))
        );
        assert_eq!(parts("鲁山县赵村镇人民政府").3, Some(Kind::Township));
        assert_eq!(parts("灌云县人民政府办公室").3, Some(Kind::Office));
        assert_eq!(parts("国家税务总局长沙市税务局"), (1, "税务局", None, Some(Kind::Department)));
        assert_eq!(parts("长沙市第一中学").3, Some(Kind::School));
        assert_eq!(parts("湖南省人民医院").3, Some(Kind::Hospital));
        assert_eq!(parts("平潭综合实验区").3, Some(Kind::DevelopmentZone));
        assert_eq!(parts("市教育局"), (0, "市教育局", None, Some(Kind::Department)));
    }

    #[test]
    fn ok_places_that_are_not_known() {
        for known in [
            "人民政府",
            "城市管理局",
            "市场监督管理局",
            "社区卫生服务中心",
            "河西街道办事处",
            "教育局",
            "开发区管委会",
        ] {
            assert!(!has_unknown_place(known), "{known}");
        }
        assert!(!has_unknown_place("人民政府办公室（县外事办）"));
        for unknown in ["南海區人民政府", "某某县教育局", "青石市人民政府办公室"]
        {
            assert!(has_unknown_place(unknown), "{unknown}");
        }
    }

    #[test]
    fn ok_stems_of_zones() {
        assert_eq!(zone_stem("平潭综合实验区").map(|z| z.0), Some("平潭"));
        assert_eq!(zone_stem("两江新区").map(|z| z.0), None);
    }
}
