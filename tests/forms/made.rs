//! Forms filled at random, printed in ten layouts: no value may be wrong, and none called blank.

use super::print::LAYOUTS;
use super::sheet::{Cell, Row, Sheet, Tally};
use crate::invariants::Reader;
use nianbao::grammar::{Grammar, GrammarSet};
use nianbao::source::Source;
use std::collections::BTreeMap;

/// Sheets of each kind; more with `SHEETS=n`.
const SHEETS: u64 = 6;

/// Numbers that are the same in every run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n.max(1)
    }

    /// A count as such tables have them: often nothing, sometimes large.
    fn count(&mut self) -> u64 {
        match self.below(10) {
            0..=4 => 0,
            5..=7 => self.below(10),
            8 => self.below(300),
            _ => self.below(40_000),
        }
    }
}

fn cell(printed: impl Into<String>) -> Cell {
    let printed = printed.into();
    Cell { value: Some(printed.clone()), printed }
}

/// Of a table of indicators: all rows of the form, sums made to hold.
fn indicators(grammar: &Grammar, dice: &mut Dice, single: bool) -> Sheet {
    let years = ["2010", "2013", "2015", "2017"];
    let year = years[dice.below(4) as usize];
    let table = &grammar.tables[0];
    let keys: Vec<&str> = table.rows.iter().map(|row| row.key.as_str()).collect();
    let columns: Vec<(String, String)> = match (grammar.id.as_str(), single) {
        ("disclosure-coded", _) => {
            vec![("period".into(), "本月累计".into()), ("year".into(), "年度累计".into())]
        }
        ("disclosure-d3", _) => vec![("value".into(), "数量".into())],
        (_, true) => vec![("value".into(), "年末统计".into())],
        _ => vec![("year".into(), format!("{year}年度")), ("cumulative".into(), "历年累计".into())],
    };
    let mut values: Vec<Vec<u64>> =
        keys.iter().map(|_| columns.iter().map(|_| dice.count()).collect()).collect();
    // totals of totals come last in no form: twice is enough
    for _ in 0..3 {
        for equation in &table.equations {
            let (left, right) = equation.terms.split_at(equation.left);
            let total: Vec<u64> = (0..columns.len())
                .map(|column| left.iter().map(|(_, row)| values[*row][column]).sum())
                .collect();
            values[right[0].1] = total;
        }
    }
    let coded = grammar.id == "disclosure-coded";
    let rows = table.rows.iter().zip(&values).map(|(row, values)| {
        let money = row.money().is_some();
        let mut before = Vec::new();
        if coded {
            before.push(row.codes[0].clone());
        }
        // the second spelling of the first row of a group has 其中
        before.push(
            row.labels.iter().find(|l| l.starts_with("其中")).unwrap_or(&row.labels[0]).clone(),
        );
        before.push(row.unit.clone());
        let read = |value: u64| {
            let yuan = money && row.unit == "元";
            Cell {
                printed: value.to_string(),
                value: Some(if yuan { wan(value) } else { value.to_string() }),
            }
        };
        Row { key: row.key.clone(), before, cells: values.iter().map(|v| read(*v)).collect() }
    });
    let mut corner = if coded { vec!["代码".to_owned()] } else { Vec::new() };
    corner.extend(["指标名称".to_owned(), if coded { "计算单位" } else { "计量单位" }.to_owned()]);
    Sheet {
        title: format!("某县{year}年度政府信息公开情况统计表"),
        form: Box::leak(grammar.id.clone().into_boxed_str()),
        table: "indicators",
        corner,
        columns,
        rows: rows.collect(),
        band: None,
    }
}

/// 元 in 万元, exactly.
fn wan(yuan: u64) -> String {
    super::sheet::plain(&format!("{}.{:04}", yuan / 10_000, yuan % 10_000))
}

/// Sets of penalties as provinces print them.
const KINDS: [&[(&str, &str)]; 4] = [
    &[
        ("warning", "警告"),
        ("fine", "罚款"),
        ("confiscated", "没收违法所得、没收非法财物"),
        ("licence_suspended", "暂扣许可证、执照"),
        ("production_stopped", "责令停产停业"),
        ("licence_revoked", "吊销许可证、执照"),
        ("detention", "行政拘留"),
        ("other", "其他行政处罚"),
    ],
    &[
        ("warning_criticism", "警告、通报批评"),
        ("fine", "罚款"),
        ("confiscated", "没收违法所得、没收非法财物"),
        ("licence_suspended_downgraded", "暂扣许可证、执照，降低资质等级"),
        ("licence_revoked", "吊销许可证、执照"),
        ("activities_restricted", "限制开展生产经营活动"),
        (
            "production_stopped_and_closed_and_employment_restricted",
            "责令停产停业、责令关闭、限制从业",
        ),
        ("detention", "行政拘留"),
        ("other", "其他行政处罚"),
    ],
    &[
        ("warning", "警告"),
        ("criticism", "通报批评"),
        ("fine", "罚款"),
        ("confiscated", "没收违法所得、没收非法财物"),
        ("licence_suspended", "暂扣许可证件"),
        ("licence_downgraded", "降低资质等级"),
        ("activities_restricted", "限制开展生产经营活动"),
        ("production_stopped", "责令停产停业"),
        ("closed_and_employment_restricted", "责令关闭、限制从业"),
        ("licence_revoked", "吊销许可证件"),
        ("detention", "行政拘留"),
        ("other", "其他行政处罚"),
    ],
    &[
        ("warning", "警告"),
        ("criticism", "通报批评"),
        ("fine", "罚款"),
        ("confiscated_income", "没收违法所得"),
        ("confiscated_goods", "没收非法财物"),
        ("licence_suspended", "暂扣许可证件"),
        ("licence_downgraded", "降低资质等级"),
        ("licence_revoked", "吊销许可证件"),
        ("activities_restricted", "限制开展生产经营活动"),
        ("production_stopped", "责令停产停业"),
        ("closed", "责令关闭"),
        ("employment_restricted", "限制从业"),
        ("detention", "行政拘留"),
        ("other", "其他行政处罚"),
    ],
];

const BODIES: [&str; 5] =
    ["市场监管局", "农业农村局", "第二执法大队", "城关镇人民政府", "卫生健康局"];

fn penalties(dice: &mut Dice) -> Sheet {
    let kinds = KINDS[dice.below(4) as usize];
    let yuan = dice.below(3) == 0;
    let bodies = dice.below(5) as usize;
    let mut columns: Vec<(String, String)> =
        kinds.iter().map(|(k, w)| ((*k).to_owned(), (*w).to_owned())).collect();
    columns.push(("total".into(), "合计（宗）".into()));
    columns
        .push(("amount".into(), if yuan { "罚没金额（元）" } else { "罚没金额（万元）" }.into()));
    let width = kinds.len() + 1;
    let mut numbers: Vec<(String, Vec<u64>, u64)> = Vec::new();
    let names: Vec<&str> = if bodies == 0 { vec![""] } else { BODIES[..bodies].to_vec() };
    for name in &names {
        let mut own: Vec<u64> = kinds.iter().map(|_| dice.count()).collect();
        own.push(own.iter().sum());
        numbers.push(((*name).to_owned(), own, dice.count() * 100 + dice.below(100)));
    }
    if bodies > 1 {
        let total = (0..width).map(|c| numbers.iter().map(|(_, own, _)| own[c]).sum()).collect();
        let money = numbers.iter().map(|(.., money)| money).sum();
        numbers.push(("合计".to_owned(), total, money));
    }
    let rows = numbers.into_iter().map(|(name, counts, cents)| {
        let mut cells: Vec<Cell> = counts.iter().map(|n| cell(n.to_string())).collect();
        // 元 and 万元 with two digits behind the point
        let printed = super::sheet::plain(&format!("{}.{:02}", cents / 100, cents % 100));
        let value = if yuan {
            super::sheet::plain(&format!("{}.{:06}", cents / 1_000_000, cents % 1_000_000))
        } else {
            printed.clone()
        };
        cells.push(Cell { printed, value: Some(value) });
        let key = match name.as_str() {
            "" => "all".to_owned(),
            "合计" => "total".to_owned(),
            name => name.to_owned(),
        };
        Row { key, before: if name.is_empty() { Vec::new() } else { vec![name] }, cells }
    });
    let rows: Vec<Row> = rows.collect();
    Sheet {
        title: "某县2023年度行政执法统计年报".to_owned(),
        form: "enforcement-2018",
        table: "penalties",
        corner: if bodies == 0 { Vec::new() } else { vec!["单位名称".to_owned()] },
        band: (dice.below(3) == 0).then_some(kinds.len() / 2 + 1),
        columns,
        rows,
    }
}

fn sheets() -> Vec<(String, Sheet)> {
    let count = std::env::var("SHEETS").ok().and_then(|n| n.parse().ok()).unwrap_or(SHEETS);
    let set = GrammarSet::built_in();
    let mut dice = Dice(20_180_118);
    let mut out = Vec::new();
    for _ in 0..count {
        for grammar in set.all().iter().filter(|g| g.tables[0].key == "indicators") {
            out.push((grammar.id.clone(), indicators(grammar, &mut dice, false)));
            if grammar.id.contains("fujian") {
                out.push((
                    format!("{}, one column", grammar.id),
                    indicators(grammar, &mut dice, true),
                ));
            }
        }
        for _ in 0..3 {
            out.push(("penalties".to_owned(), penalties(&mut dice)));
        }
    }
    out
}

/// What the checker still says where the truth is known to be read: it takes the header of the first band for that of the
/// second where a unit stands behind its words (合计（宗）), and numbers of rows with codes that are left open for lost.
fn is_known(kind: &str, what: &str) -> bool {
    what.contains("the header above it is that of")
        // and the unit in a header of text it does not see from the second row on
        || what.contains(" in [] is not ")
        || (kind == "disclosure-coded" && what.contains("belongs to nothing"))
}

#[test]
fn no_value_is_wrong_in_any_layout() {
    let reader = Reader::new(GrammarSet::built_in());
    let mut all: BTreeMap<(String, &str), Tally> = BTreeMap::new();
    let mut told = Vec::new();
    for (nth, (kind, sheet)) in sheets().into_iter().enumerate() {
        for (layout, ending, print) in LAYOUTS {
            let text = print(&sheet);
            let source = Source::new(format!("{nth}.{ending}"), text.clone());
            let (record, broken) = reader.judged(&source);
            let tally = all.entry((kind.clone(), layout)).or_default();
            let mut wrong = Vec::new();
            sheet.judge(&record, tally, &mut wrong);
            if !record["form"].is_null() {
                wrong.extend(broken.into_iter().filter(|what| !is_known(&kind, what)));
                if record["form"] != sheet.form {
                    wrong.push(format!("form {}", record["form"]));
                }
            }
            if !wrong.is_empty() {
                told.push(format!("{kind}, {layout}:\n  {}\n{text}", wrong.join("\n  ")));
            }
        }
    }
    for ((kind, layout), Tally { right, silent, wrong }) in &all {
        println!("{kind:36} {layout:24} right {right:6} silent {silent:6} wrong {wrong}");
    }
    let wrong: usize = all.values().map(|tally| tally.wrong).sum();
    assert!(
        told.is_empty(),
        "{wrong} wrong values in {} documents\n{}",
        told.len(),
        told[..told.len().min(6)].join("\n")
    );
    // where columns stand apart little is left open; codes in text of one line or a cell a line leave rows open
    let is_open = |kind: &str, layout: &str| layout.contains("glued") || kind == "disclosure-coded";
    for ((kind, layout), tally) in all.iter().filter(|((kind, layout), _)| !is_open(kind, layout)) {
        let all = tally.right + tally.silent;
        // in one line nothing parts the rows of a second band
        let least = if *layout == "one line" { 80 } else { 95 };
        assert!(tally.right * 100 >= all * least, "{kind}, {layout}: {tally:?}");
    }
}
