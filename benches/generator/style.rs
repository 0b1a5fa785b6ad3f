//! The habits of one document: how it spells labels and numbers. Drawn once, kept throughout.

use super::form::{CORNER, Form, RESULTS};
use super::random::Random;
use super::shape::Shape;

/// How 本年增/减 is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChangeSpelling {
    /// `-18`, `21`
    Minus,
    /// `-18`, `+21`
    Signed,
    /// `减18`, `21`
    Word,
}

/// Where the unit of 采购总金额 stands and what it is; the form itself has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// `251000元`
    CellYuan,
    /// `25.1万元`
    CellWan,
    /// `（单位：万元）` or the like in the header.
    HeaderWan(&'static str),
    /// `（元）` in the header.
    HeaderYuan,
    /// `（元）` in the row label.
    RowYuan,
    /// Nowhere.
    Unsaid,
}

/// The letters a mirror site turned the text into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    /// As published.
    Simplified,
    /// Converted, the ambiguous characters left alone.
    Traditional,
    /// Converted with 製, 麵 and 複 where they do not belong.
    Overdone,
}

/// A misprint: what the form says and what stands there, once or for several labels.
type Typo = &'static [(&'static str, &'static str)];

const TYPOS_2021: &[Typo] = &[
    &[("本年废止件数", "本年废纸件数")],
    &[("现行有效件数", "先行有效件数")],
    &[("现行有效件数", "现行有效件")],
    &[("本年处理决定数量", "本年处理绝对数量")],
    &[("行政规范性文件", "规范性文件")],
    &[("（六）其他处理", "（六）其他")],
    &[("1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "1.逾期不补正")],
    &[("2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "2.逾期未缴费")],
];

const TYPOS_2019: &[Typo] = &[
    &[("本年新公开数量", "本公开数量")],
    &[("本年新公开数量", "本年公开数量")],
    &[("本年新公开数量", "本年新制作数量")],
    &[("处理决定数量", "处理绝对数量")],
    &[("本年新制作数量", "本年新"), ("本年新公开数量", "本年新")],
];

const TYPOS: &[Typo] = &[
    &[("上年结转政府信息公开申请数量", "上年结转政府信息公开数量")],
    &[("勾稽", "钩稽")],
    &[("（三）不予公开", "（三）不子公开")],
    &[(RESULTS, "三三、本年度办理结果")],
    &[("3.补正后申请内容仍不明确", "3.补正后申请内容不明确")],
    &[("2.其他法律行政法规禁止公开", "2.其他法律行政止公开")],
    &[("3.要求提供公开出版物", "3.要求提供公开出版物信息")],
];

/// The habits.
#[expect(clippy::struct_excessive_bools, reason = "each is a habit of its own")]
pub(crate) struct Style {
    /// The layout, which some habits go with.
    pub(crate) shape: Shape,
    /// The letters.
    pub(crate) script: Script,
    /// How changes are written.
    pub(crate) change: ChangeSpelling,
    /// Where the unit of procurement stands.
    pub(crate) unit: Unit,
    /// 2021: the amount of fees repeats the unit of its header.
    pub(crate) fee_repeats_unit: bool,
    /// A count word behind the number of purchases.
    pub(crate) counts_purchases: bool,
    /// What stands in a cell for nothing; may be empty.
    pub(crate) nothing: &'static str,
    /// Digits of cells are full-width.
    pub(crate) wide_digits: bool,
    /// Header labels break over two lines.
    pub(crate) broken_headers: bool,
    half_brackets: bool,
    quotes: &'static str,
    ordinal: &'static str,
    comma: &'static str,
    loose: bool,
    typos: Vec<Typo>,
    article: &'static str,
}

impl Style {
    /// The habits of a document of that form and layout.
    pub(crate) fn draw(random: &mut Random, form: Form, shape: Shape) -> Self {
        let own = if form == Form::Trial2019 { TYPOS_2019 } else { TYPOS_2021 };
        let mut typos = Vec::new();
        if random.chance(22) {
            typos.push(random.pick(own));
        }
        if random.chance(18) {
            typos.push(random.pick(TYPOS));
        }
        let markdown = matches!(shape, Shape::Markdown | Shape::MarkdownPerRow);
        Self {
            shape,
            script: match random.between(0, 99) {
                0..5 => Script::Traditional,
                5..7 => Script::Overdone,
                _ => Script::Simplified,
            },
            change: random.pick(&[
                ChangeSpelling::Minus,
                ChangeSpelling::Minus,
                ChangeSpelling::Signed,
                ChangeSpelling::Word,
            ]),
            unit: random.pick(&[
                Unit::CellYuan,
                Unit::CellYuan,
                Unit::CellWan,
                Unit::CellWan,
                Unit::HeaderWan("（单位：万元）"),
                Unit::HeaderWan("（万元）"),
                Unit::HeaderWan("（单位：万元，保留4位小数）"),
                Unit::HeaderYuan,
                Unit::RowYuan,
                Unit::Unsaid,
            ]),
            fee_repeats_unit: random.chance(6),
            counts_purchases: random.chance(6),
            nothing: match shape {
                Shape::CellsMarks => random.pick(&["-", "—", "/", "无", "-"]),
                Shape::PipeRowsBlank | Shape::AlignedBlanks | Shape::RowsBlankLost => "",
                _ if shape.glued() => "",
                _ => random.pick(&["", "", "-", "—", "/", "无"]),
            },
            wide_digits: shape.separated() && random.chance(3),
            broken_headers: random.chance(40) && !markdown,
            half_brackets: random.chance(if markdown { 40 } else { 12 }),
            quotes: random.pick(&["“”", "“”", "“”", "“”", "“”", "\"\"", "「」", "‘’"]),
            ordinal: random.pick(&[".", ".", ".", ".", ".", ".", "．", "、", ". "]),
            comma: random.pick(&["、", "、", "、", "、", "，", ", ", ","]),
            loose: random.chance(12),
            typos,
            article: match random.between(0, 99) {
                0..6 => "第二十条  第（#）项",
                6..10 => "第二十条 第（#）项",
                10..15 => "第二十条（#）项",
                15..17 => "二十条第（#）项",
                _ => "第二十条第（#）项",
            },
        }
    }

    /// The heading of an article of the second table.
    pub(crate) fn article(&self, number: &str) -> String {
        self.brackets(&self.article.replace('#', number))
    }

    /// A label as this document prints it; `\n` where it breaks.
    pub(crate) fn label(&self, random: &mut Random, label: &str) -> String {
        let mut spelt = label.to_owned();
        for (right, wrong) in self.typos.iter().copied().flatten() {
            spelt = spelt.replace(right, wrong);
        }
        if label.len() > 60 {
            spelt = spelt.replace('、', self.comma);
        }
        spelt = self.ordinals(&spelt);
        if label != CORNER || !self.shape.paged() {
            spelt = self.brackets(&spelt);
        }
        spelt = self.quoted(&spelt);
        if self.loose && random.chance(35) { loosened(random, &spelt) } else { spelt }
    }

    /// A column label, broken where the official template or a narrow column breaks it.
    pub(crate) fn header(&self, random: &mut Random, label: &str) -> String {
        if self.broken_headers {
            let at = match label {
                "商业企业" | "科研机构" => 2,
                "社会公益组织" | "法律服务机构" | "对外公开总数量" => 4,
                "本年新制作数量" | "本年新公开数量" | "上一年项目数量" => 3,
                _ => 0,
            };
            let misprinted = self.typos.iter().copied().flatten().any(|(right, _)| *right == label);
            if at > 0 && !misprinted {
                let (head, tail) = label.split_at(3 * at);
                return format!("{head}\n{tail}");
            }
        }
        self.label(random, label)
    }

    fn ordinals(&self, label: &str) -> String {
        match label.split_once('.') {
            Some((digit, rest)) if digit.len() == 1 => format!("{digit}{}{rest}", self.ordinal),
            _ => label.to_owned(),
        }
    }

    /// Brackets as this document prints them.
    pub(crate) fn brackets(&self, text: &str) -> String {
        if self.half_brackets {
            text.replace('（', "(").replace('）', ")")
        } else {
            text.to_owned()
        }
    }

    fn quoted(&self, label: &str) -> String {
        let mut quotes = self.quotes.chars();
        let (open, close) = (quotes.next().unwrap_or('“'), quotes.next().unwrap_or('”'));
        label
            .chars()
            .map(|char| match char {
                '“' => open,
                '”' => close,
                other => other,
            })
            .collect()
    }
}

/// A blank inside a label, as justified or wrapped cells leave it; never beside an ordinal.
fn loosened(random: &mut Random, label: &str) -> String {
    let chars: Vec<char> = label.chars().collect();
    let start = chars.iter().rposition(|char| "、.．）) ".contains(*char)).map_or(1, |at| at + 2);
    if start + 1 >= chars.len() {
        return label.to_owned();
    }
    let at = start + random.below(chars.len() - start);
    let (head, tail) = chars.split_at(at);
    head.iter().chain(&[' ']).chain(tail).collect()
}
