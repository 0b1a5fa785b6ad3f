//! The three tables as printed: labels and cells of one document, before any layout.

use super::figures::{Counts, Figures, Quantity};
use super::form::{APPLICANTS, CORNER, Form, Group, Named, OUTCOMES, RESULTS, REVIEWS};
use super::random::Random;
use super::readings::Kind;
use super::shape::Shape;
use super::style::{ChangeSpelling, Style, Unit};

/// A printed cell and what it says.
pub(crate) struct Cell {
    /// As printed.
    pub(crate) text: String,
    /// Exact decimal, money in 万元; `None` for nothing.
    pub(crate) value: Option<String>,
    /// What it may look like.
    pub(crate) kind: Kind,
    /// The text proves the value.
    pub(crate) decidable: bool,
    /// A blank stands before it; only where cells may touch.
    pub(crate) gap: bool,
}

/// A row of cells under its label.
pub(crate) struct Row {
    /// Its key in the record.
    pub(crate) key: &'static str,
    /// Its label; empty for 行政复议 and its two siblings.
    pub(crate) label: String,
    /// Its group in the third table.
    pub(crate) group: Group,
    /// Keys of its columns.
    pub(crate) columns: &'static [Named],
    /// Its cells.
    pub(crate) cells: Vec<Cell>,
}

/// One article of the second table.
pub(crate) struct Part {
    /// `第二十条第（一）项`; lost in some documents.
    pub(crate) heading: Option<String>,
    /// 信息内容 and the columns.
    pub(crate) header: Vec<String>,
    /// Its rows.
    pub(crate) rows: Vec<Row>,
}

/// The fixed labels of the third and fourth table.
pub(crate) struct Heads {
    /// The note on the balance.
    pub(crate) corner: String,
    /// 申请人情况
    pub(crate) applicants: String,
    /// 法人或其他组织
    pub(crate) organisations: String,
    /// The seven columns; `\n` where a label breaks.
    pub(crate) columns: Vec<String>,
    /// 三、本年度办理结果
    pub(crate) results: String,
    /// The labels of the groups, in the order of their first rows.
    pub(crate) groups: Vec<(Group, String)>,
    /// 行政复议, 行政诉讼, 未经复议直接起诉, 复议后起诉
    pub(crate) reviews: [String; 4],
    /// 结果维持 to 总计.
    pub(crate) outcomes: Vec<String>,
}

impl Heads {
    /// The label of a group, for those that have one.
    pub(crate) fn group(&self, group: Group) -> Option<&str> {
        self.groups.iter().find(|(of, _)| *of == group).map(|(_, label)| label.as_str())
    }
}

/// All three tables.
pub(crate) struct Tables {
    /// The second table, article by article.
    pub(crate) proactive: Vec<Part>,
    /// The rows of the third.
    pub(crate) applications: Vec<Row>,
    /// The rows of the fourth, which are printed as one.
    pub(crate) review: Vec<Row>,
    /// The labels around them.
    pub(crate) heads: Heads,
}

/// Prints the numbers in the style of the document; `missing` names a row that it does not have.
pub(crate) fn print(
    random: &mut Random,
    style: &Style,
    form: Form,
    figures: &Figures,
    missing: Option<&str>,
) -> Tables {
    let specs = form.applications();
    let mut tables = Tables {
        proactive: proactive(random, style, form, figures, missing),
        applications: Vec::new(),
        review: Vec::new(),
        heads: heads(random, style, form),
    };
    for (spec, counts) in specs.iter().zip(&figures.applications) {
        let label = style.label(random, spec.label);
        tables.applications.push(Row {
            key: spec.key,
            label,
            group: spec.group,
            columns: &APPLICANTS,
            cells: counts_printed(style, counts),
        });
    }
    for ((key, _), counts) in REVIEWS.iter().zip(&figures.review) {
        tables.review.push(Row {
            key,
            label: String::new(),
            group: Group::Top,
            columns: &OUTCOMES,
            cells: counts_printed(style, counts),
        });
    }
    tables
}

fn heads(random: &mut Random, style: &Style, form: Form) -> Heads {
    let mut groups: Vec<(Group, String)> = Vec::new();
    for spec in form.applications() {
        if let Some(label) = spec.group.label()
            && groups.iter().all(|(group, _)| *group != spec.group)
        {
            groups.push((spec.group, style.label(random, label)));
        }
    }
    Heads {
        corner: style.label(random, CORNER),
        applicants: style.label(random, "申请人情况"),
        organisations: style.label(random, "法人或其他组织"),
        columns: APPLICANTS.iter().map(|(_, label)| style.header(random, label)).collect(),
        results: style.label(random, RESULTS),
        groups,
        reviews: ["行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉"]
            .map(|label| style.label(random, label)),
        outcomes: OUTCOMES.iter().map(|(_, label)| style.label(random, label)).collect(),
    }
}

fn counts_printed(style: &Style, counts: &Counts) -> Vec<Cell> {
    counts
        .iter()
        .map(|count| match count {
            Some(count) => cell(style, Kind::Count, count.to_string(), Some(count.to_string())),
            None => cell(style, Kind::Count, style.nothing.to_owned(), None),
        })
        .collect()
}

fn cell(style: &Style, kind: Kind, text: String, value: Option<String>) -> Cell {
    let text = if style.wide_digits { widened(&text) } else { text };
    Cell { text, value, kind, decidable: true, gap: style.shape.separated() }
}

fn widened(text: &str) -> String {
    text.chars()
        .map(|char| match char {
            '0'..='9' => char::from_u32(char as u32 + 0xFEE0).unwrap_or(char),
            other => other,
        })
        .collect()
}

fn proactive(
    random: &mut Random,
    style: &Style,
    form: Form,
    figures: &Figures,
    missing: Option<&str>,
) -> Vec<Part> {
    let lost_heading = random.chance(4).then(|| random.below(form.articles().len()));
    let mut quantities = figures.proactive.iter();
    let mut parts = Vec::new();
    for (index, article) in form.articles().iter().enumerate() {
        let mut header = vec![style.label(random, "信息内容")];
        for (key, label) in article.columns {
            let unit = match (*key, article.number, style.unit) {
                ("amount", "九", Unit::HeaderWan(unit)) => unit,
                ("amount", "九", Unit::HeaderYuan) => "（元）",
                _ => "",
            };
            header.push(style.header(random, label) + &style.brackets(unit));
        }
        let mut rows = Vec::new();
        for (key, label) in article.rows {
            let quantities = quantities.next().expect("figures have every row of the form");
            if missing == Some(*key) {
                continue;
            }
            let mut label = style.label(random, label);
            if *key == "procurement" && style.unit == Unit::RowYuan {
                label += &style.brackets("（元）");
            }
            let cells =
                quantities.iter().map(|quantity| printed(random, style, key, *quantity)).collect();
            let columns = article.columns;
            rows.push(Row { key, label, group: Group::Top, columns, cells });
        }
        let heading = (lost_heading != Some(index)).then(|| style.article(article.number));
        parts.push(Part { heading, header, rows });
    }
    parts
}

fn printed(random: &mut Random, style: &Style, row: &str, quantity: Quantity) -> Cell {
    match quantity {
        Quantity::Nothing => cell(style, Kind::Count, style.nothing.to_owned(), None),
        Quantity::Count(count) => {
            let word = if row != "procurement" || count == 0 || !style.counts_purchases {
                String::new()
            } else if style.shape.separated() {
                random.pick(&["笔", "项", "个"]).to_owned()
            } else {
                "笔".to_owned()
            };
            let mut cell =
                cell(style, Kind::Count, format!("{count}{word}"), Some(count.to_string()));
            if annotated(style) && row == "normative_documents" && count > 3 && random.chance(3) {
                let part = random.between(1, count - 1);
                cell.text.extend(["（其中修订", &part.to_string(), "件）"]);
            }
            cell
        }
        Quantity::Change(change) => {
            let size = change.unsigned_abs();
            let text = match style.change {
                ChangeSpelling::Word if change < 0 => format!("减{size}"),
                ChangeSpelling::Signed if change > 0 => format!("+{size}"),
                _ => change.to_string(),
            };
            cell(style, Kind::Change, text, Some(change.to_string()))
        }
        Quantity::Money { fen, decimals } => amount(style, row, fen, decimals),
    }
}

/// A note of its own fits into a cell only where cells have borders.
fn annotated(style: &Style) -> bool {
    style.shape.piped() || matches!(style.shape, Shape::Markdown)
}

fn amount(style: &Style, row: &str, fen: u64, decimals: u32) -> Cell {
    let wan = fixed(fen, 1_000_000, decimals);
    let value = trimmed(&fixed(fen, 1_000_000, 6));
    let yuan = if fen.is_multiple_of(100) { (fen / 100).to_string() } else { fixed(fen, 100, 2) };
    if row == "fees" {
        let unit = if style.fee_repeats_unit && fen > 0 { "万元" } else { "" };
        return cell(style, Kind::Money, wan + unit, Some(value));
    }
    let (text, value) = match style.unit {
        Unit::CellYuan if fen > 0 => (yuan + "元", value),
        Unit::CellWan if fen > 0 => (wan + "万元", value),
        Unit::HeaderYuan | Unit::RowYuan => (yuan, value),
        // Nobody can say whether 元 or 万元 is meant; the number itself is all there is.
        Unit::Unsaid => (yuan.clone(), trimmed(&yuan)),
        _ => (wan, value),
    };
    cell(style, Kind::Money, text, Some(value))
}

/// `fen` in units of `unit` 分, with so many decimals.
fn fixed(fen: u64, unit: u64, decimals: u32) -> String {
    let whole = fen / unit;
    if decimals == 0 {
        return whole.to_string();
    }
    let fraction = fen % unit * 10u64.pow(decimals) / unit;
    format!("{whole}.{fraction:0width$}", width = decimals as usize)
}

fn trimmed(number: &str) -> String {
    if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        number.to_owned()
    }
}
