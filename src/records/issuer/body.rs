//! The name of a body taken apart: `怀化市鹤城区人民政府河西街道办事处` is places, then what kind of body it is.

use crate::places::places;
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
        }
    }

    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::Government,
        Self::Office,
        Self::Department,
        Self::Township,
        Self::Subdistrict,
        Self::DevelopmentZone,
        Self::School,
        Self::Hospital,
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

/// What may stand before the place: bodies that the centre directs, and those of the party.
const NATIONAL: [&str; 8] = [
    "中共",
    "国家税务总局",
    "国家统计局",
    "国家金融监督管理总局",
    "中国银行保险监督管理委员会",
    "中国证券监督管理委员会",
    "中国人民银行",
    "中华人民共和国",
];

/// Endings of development zones.
const ZONES: [&str; 23] = [
    "开发区",
    "实验区",
    "试验区",
    "高新区",
    "经开区",
    "示范区",
    "管理区",
    "风景区",
    "名胜区",
    "度假区",
    "保税区",
    "合作区",
    "功能区",
    "产业区",
    "集聚区",
    "自贸区",
    "园区",
    "片区",
    "新区",
    "新城",
    "产业园",
    "工业园",
    "科技园",
];

impl<'t> Body<'t> {
    /// Takes a name apart.
    pub(super) fn of(name: &'t str) -> Self {
        let mut rest = name;
        for national in NATIONAL {
            if let Some(after) = rest.strip_prefix(national)
                && places().at_start(after).is_some()
            {
                rest = after;
            }
        }
        let mut found: Vec<Vec<u16>> = Vec::new();
        let mut place = "";
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
        let township = township(rest);
        let kind = kind(rest, township, !found.is_empty());
        Self { places: found, place, rest, township, kind }
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

/// `双江镇` in 双江镇人民政府, `南京东路街道` in 人民政府南京东路街道办事处.
fn township(rest: &str) -> Option<&str> {
    let name = rest.strip_prefix("人民政府").unwrap_or(rest);
    let ends = ["镇", "乡", "街道", "苏木"];
    let tails = ["", "人民政府", "政府", "办事处", "办", "党政", "党工委", "管委会"];
    // the first ending that a known tail or nothing follows: 镇 can stand within a name too (景德镇路街道)
    for (at, _) in name.char_indices().skip(1) {
        for end in ends {
            let Some(after) = name[at..].strip_prefix(end) else { continue };
            let tail = after.split(['（', '(']).next().unwrap_or(after);
            if tails.iter().any(|t| !t.is_empty() && tail.starts_with(t)) || tail.is_empty() {
                return Some(&name[..at + end.len()]);
            }
        }
    }
    // 双江镇卫生院
    let inner = name.find(['镇', '乡']).filter(|at| *at > 0 && *at <= 15)?;
    let known = &name[..inner + 3];
    let is_school = school_or_hospital(name).is_some();
    (is_school && !crate::places::townships(known).is_empty()).then_some(known)
}

fn school_or_hospital(rest: &str) -> Option<Kind> {
    let ends = |words: &[&str]| words.iter().any(|w| rest.ends_with(w));
    if ends(&[
        "大学",
        "学院",
        "学校",
        "中学",
        "小学",
        "幼儿园",
        "党校",
        "职专",
        "技校",
        "职中",
        "高中",
        "校区",
    ]) {
        Some(Kind::School)
    } else if ends(&["医院", "卫生院", "保健院", "卫生服务中心", "医疗集团", "血站"])
    {
        Some(Kind::Hospital)
    } else {
        None
    }
}

fn kind(rest: &str, township: Option<&str>, has_place: bool) -> Option<Kind> {
    let bare = rest.trim_end_matches(|c: char| "（）()".contains(c));
    if let Some(kind) = school_or_hospital(bare) {
        return Some(kind);
    }
    if let Some(township) = township {
        let is_subdistrict = township.ends_with("街道");
        return Some(if is_subdistrict { Kind::Subdistrict } else { Kind::Township });
    }
    if has_place
        && matches!(bare, "" | "政府" | "人民政府" | "行政公署" | "行署" | "本级" | "人民政府本级")
    {
        return Some(Kind::Government);
    }
    if matches!(bare, "管理委员会" | "管委会") {
        return Some(Kind::DevelopmentZone);
    }
    let office = bare.strip_prefix("人民政府").or_else(|| bare.strip_prefix("政府"));
    if let Some(office) = office
        && ["办公室", "办公厅", "办", "办公室（本级）"].contains(&office)
    {
        return Some(Kind::Office);
    }
    let zone =
        bare.trim_end_matches("管理委员会").trim_end_matches("管委会").trim_end_matches("人民政府");
    if ZONES.iter().any(|z| zone.ends_with(z)) {
        return Some(Kind::DevelopmentZone);
    }
    // a place that the table does not have, or not in this spelling
    if bare.ends_with("人民政府") || bare.ends_with(['县', '市', '区', '旗', '州', '省', '盟'])
    {
        return Some(Kind::Government);
    }
    let ends = [
        "局",
        "委",
        "委员会",
        "办公室",
        "办",
        "厅",
        "处",
        "中心",
        "院",
        "站",
        "所",
        "社",
        "队",
        "部",
        "会",
        "库",
        "馆",
        "团",
        "司",
        "分局",
        "集团",
        "署",
    ];
    ends.iter().any(|end| bare.ends_with(end)).then_some(Kind::Department)
}

/// Whether what follows the places begins with another that the table does not have: a misspelt or a new one. The code
/// of the place around it would be the wrong one.
pub(super) fn has_unknown_place(rest: &str) -> bool {
    /// 社区, 园区, 城市 …: words that end like places.
    const WORDS: &str =
        "社园小景校矿林灌库新城山牧发验范理胜假税作能业聚贸片辖市省县全本各老东西南北中特保";
    let rest = rest.strip_prefix("人民政府").unwrap_or(rest);
    let mut before = None;
    let mut chars = rest.chars().take(9).peekable();
    let mut at = 0;
    while let Some(c) = chars.next() {
        let is_end = matches!(c, '县' | '區' | '区' | '縣' | '市' | '旗' | '盟');
        let is_word = before.is_none_or(|b: char| WORDS.contains(b))
            || matches!(chars.peek(), Some('场' | '域' | '政' | '民' | '容' | '级' | '镇' | '乡'));
        let is_political = c == '盟' && before == Some('同');
        if is_end && at > 0 && !is_word && !is_political {
            return true;
        }
        before = Some(c);
        at += 1;
    }
    false
}

/// The zone's own name without its kind: `平潭` in 平潭综合实验区, `合肥` in 合肥高新技术产业开发区.
pub(super) fn zone_stem(rest: &str) -> Option<(&str, &'static [u16])> {
    const KINDS: [&str; 12] = [
        "综合", "高新", "经济", "国家", "工业", "现代", "农业", "自由", "出口", "旅游", "风景",
        "循环",
    ];
    let (bytes, rows) = places().stem_at_start(rest)?;
    let after = &rest[bytes..];
    let is_zone = KINDS.iter().chain(&ZONES).any(|word| after.starts_with(word));
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
