//! Invented places, the bodies that report there, and the titles of their reports.

use super::random::Random;

const FIRST: &[&str] = &[
    "清", "云", "平", "临", "石", "永", "新", "东", "白", "龙", "安", "宁", "青", "金", "南", "丰",
    "长", "兴", "泰", "怀",
];
const SECOND: &[&str] = &[
    "溪", "河", "原", "川", "阳", "山", "湖", "泉", "桥", "沙", "陵", "江", "塘", "岭", "坪", "州",
    "源", "口", "林", "台",
];
const BUREAUS: &[&str] = &[
    "财政局",
    "教育局",
    "司法局",
    "审计局",
    "水利局",
    "农业农村局",
    "卫生健康局",
    "自然资源局",
    "市场监督管理局",
    "住房和城乡建设局",
    "交通运输局",
    "发展和改革局",
    "民政局",
    "应急管理局",
    "文化和旅游局",
    "生态环境局",
    "人力资源和社会保障局",
    "统计局",
    "城市管理局",
    "气象局",
];

/// Who reports.
pub(crate) struct Issuer {
    /// As printed in the title and under the report.
    pub(crate) name: String,
    /// What it calls itself: 我县, 我局.
    pub(crate) we: &'static str,
    /// County and above.
    pub(crate) large: bool,
}

fn place(random: &mut Random) -> String {
    let first = random.pick(FIRST);
    let second = random.pick(SECOND);
    format!("{first}{second}")
}

impl Issuer {
    /// One of the bodies that have to report.
    pub(crate) fn draw(random: &mut Random) -> Self {
        let city = place(random) + "市";
        let end = random.pick(&["县", "县", "区", "市"]);
        let county = place(random) + end;
        let prefix = if random.chance(30) { city.as_str() } else { "" };
        let (name, we, large) = match random.between(0, 99) {
            0..8 => (format!("{city}人民政府"), "我市", true),
            8..12 => (city, "全市", true),
            12..26 => (
                format!("{prefix}{county}人民政府"),
                match end {
                    "县" => "我县",
                    "区" => "我区",
                    _ => "我市",
                },
                true,
            ),
            26..32 => (format!("{prefix}{county}人民政府办公室"), "我办", true),
            32..64 => (format!("{prefix}{county}{}", random.pick(BUREAUS)), "我局", false),
            64..82 => {
                let end = random.pick(&["镇", "乡"]);
                let tail = random.pick(&["人民政府", "人民政府", ""]);
                let town = place(random);
                (
                    format!("{county}{town}{end}{tail}"),
                    if end == "镇" { "我镇" } else { "我乡" },
                    false,
                )
            }
            82..93 => {
                let tail = random.pick(&["街道办事处", "街道办事处", "街道"]);
                let street = place(random);
                (format!("{county}{street}{tail}"), "我街道", false)
            }
            _ => {
                let zone = random.pick(&["经济开发区", "高新技术产业开发区", "旅游度假区"]);
                (format!("{county}{zone}管理委员会"), "管委会", false)
            }
        };
        Self { name, we, large }
    }
}

/// What the report is called, after the issuer and the year.
const NAMES: &[&str] = &[
    "政府信息公开工作年度报告",
    "政府信息公开工作年度报告",
    "政府信息公开工作年度报告",
    "政府信息公开工作年度报告",
    "政府信息公开工作年度报告",
    "政府信息公开年度工作报告",
    "政府信息公开年度报告",
    "政务信息公开年度报告",
    "政府信息公开工作年报",
    "信息公开工作年度报告",
];

/// The title in one or two lines.
pub(crate) fn title(random: &mut Random, issuer: &str, year: i32, spaced: bool) -> Vec<String> {
    let name = random.pick(NAMES);
    let blank = if spaced { " " } else { "" };
    let (head, tail) = match random.between(0, 99) {
        0..62 => (issuer.to_owned(), format!("{year}{blank}年{name}")),
        62..84 => (issuer.to_owned(), format!("{year}{blank}年度{name}")),
        84..94 => (format!("{issuer}关于"), format!("{year}{blank}年度{name}")),
        _ => (format!("{year}{blank}年{issuer}"), (*name).to_owned()),
    };
    if random.chance(25) { vec![head, tail] } else { vec![head + &tail] }
}
