//! From a choice of oddities to a document: the figures, the tables with their labels, rows and columns, and what
//! stands around them.

use super::axes::{
    BLANKS, Blanks, CARRIER, CELL, COLUMNS, Carrier, Choice, Columns, FORM, LABELS, LAYOUT, Labels,
    Layout, MONEY, Money, PLACE, Place, ROWS, Rows, SIZE, SUMS, Size, Sums,
};
use super::contents::{self, Content};
use super::figures::{self, Figure, Figures, Wish};
use super::form::{APPLICANTS, CORNER, Form, Group, OUTCOMES, REVIEWS};
use super::model::{
    Block, Cell, Column, Document, END, Kind, Part, Row, Table, Truth, Want, Wrap, names,
};
use super::random::Random;
use std::collections::BTreeMap;

/// The oddities of one document.
pub(crate) struct Oddities {
    pub(crate) carrier: Carrier,
    form: Form,
    size: Size,
    sums: Sums,
    money: Money,
    place: Place,
    content: Option<&'static Content>,
    blanks: Blanks,
    labels: Labels,
    rows: Rows,
    columns: Columns,
    layout: Layout,
}

impl Oddities {
    pub(crate) fn of(choice: &Choice) -> Self {
        Self {
            carrier: Carrier::ALL[choice[CARRIER]],
            form: [Form::Current2021, Form::Trial2019][choice[FORM]],
            size: Size::ALL[choice[SIZE]],
            sums: Sums::ALL[choice[SUMS]],
            money: Money::ALL[choice[MONEY]],
            place: Place::ALL[choice[PLACE]],
            content: choice[CELL].checked_sub(1).map(|index| &contents::all()[index]),
            blanks: Blanks::ALL[choice[BLANKS]],
            labels: Labels::ALL[choice[LABELS]],
            rows: Rows::ALL[choice[ROWS]],
            columns: Columns::ALL[choice[COLUMNS]],
            layout: Layout::ALL[choice[LAYOUT]],
        }
    }

    /// Oddities that mean nothing together, or that leave nobody a way to know.
    fn senseless(&self) -> bool {
        let carrier = self.carrier;
        let traced = self.traced();
        let by_lines = matches!(
            carrier,
            Carrier::Blanks
                | Carrier::Wide
                | Carrier::Cells
                | Carrier::CellsSpaced
                | Carrier::OnelineSpaced
        );
        let piped = matches!(carrier, Carrier::Pipes | Carrier::PipeCells | Carrier::Markdown);
        let cell = self.content.is_some_and(|content| {
            (carrier.glued() && !content.keeps_apart())
                || (piped && content.text.contains('|'))
                // the header that makes an amount one
                || (content.kind == 'm' && self.money != Money::Official)
        });
        let blanks = match self.blanks {
            // of a row or two nobody can tell
            Blanks::Squeezed => {
                !matches!(carrier, Carrier::Tabs | Carrier::Pipes)
                    || matches!(self.layout, Layout::EndsInLabel | Layout::EndsInRow)
            }
            // a mark is a sign or a border between glued digits
            Blanks::Dash | Blanks::LongDash | Blanks::Slash | Blanks::Mixed => carrier.glued(),
            _ => false,
        };
        let columns = match self.columns {
            Columns::LastYearUnsaid | Columns::Serial => carrier.glued(),
            Columns::Absent => !traced && self.blanks != Blanks::None,
            _ => false,
        };
        let layout = match self.layout {
            Layout::ByColumn | Layout::Detached => {
                !by_lines || self.columns != Columns::Official || self.labels != Labels::Official
            }
            Layout::EndsInLabel => !carrier.text(),
            // digits that touch may be those of more cells
            Layout::EndsInRow => !carrier.text() || carrier.glued(),
            Layout::EqualLinesDropped => !carrier.plain() || carrier.oneline(),
            Layout::BareFurniture => carrier.oneline() || carrier.glued(),
            _ => false,
        };
        // what only the header says cannot be known without it
        let header = self.labels == Labels::NoHeader
            && (self.columns != Columns::Official
                || !matches!(self.money, Money::Official | Money::CellYuan | Money::CellWan));
        cell || blanks || columns || layout || header
    }

    /// A cell with nothing in it leaves a trace.
    fn traced(&self) -> bool {
        self.carrier.grid() || self.carrier.delimited() || self.carrier == Carrier::Aligned
    }
}

/// The year of the report.
const YEAR: i32 = 2022;
const ISSUER: &str = "青石县水务局";
const OTHER: &str = "白沙县农业农村局";

/// One document; none where the choice makes no sense.
pub(crate) fn document(choice: &Choice, seed: u64) -> Option<Document> {
    let oddities = Oddities::of(choice);
    if oddities.senseless() {
        return None;
    }
    let mut random = Random::new(seed);
    // a few draws, as some figures cannot be judged
    let figures = (0..30).find_map(|_| figures::draw(&mut random, &wish(&oddities)))?;
    let mut parts = tables(&mut random, &oddities, &figures);
    rows(&mut random, &oddities, &mut parts);
    columns(&mut random, &oddities, &mut parts);
    labels(&mut random, &oddities, &mut parts);
    for part in &mut parts {
        for row in &mut part.rows {
            row.trimmed = oddities.blanks == Blanks::Trimmed;
            row.squeezed = oddities.blanks == Blanks::Squeezed;
        }
    }
    if !oddities.carrier.grid() {
        shaken_neighbours(&mut parts);
    }
    let mut document = compose(&mut random, &oddities, parts);
    document.inline_groups = random.chance(50);
    musts(&oddities, &mut document);
    truths(&mut document);
    Some(document)
}

/// Where only labels say where a row ends, a row that nobody knows, or whose place is another, shakes those beside it.
fn shaken_neighbours(parts: &mut [Part]) {
    for part in parts {
        let odd = |row: &Row| row.key.is_none() || row.soft;
        let shaken: Vec<bool> = (0..part.rows.len())
            .map(|at| {
                let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
                beside.filter_map(|at| part.rows.get(at)).any(odd)
            })
            .collect();
        for (row, shaken) in part.rows.iter_mut().zip(shaken) {
            row.soft |= shaken;
        }
    }
}

fn wish(oddities: &Oddities) -> Wish<'static> {
    Wish {
        form: oddities.form,
        size: oddities.size,
        sums: oddities.sums,
        blanks: oddities.blanks,
        odd: oddities.content.map(|content| (content, oddities.place)),
        traced: oddities.traced(),
        glued: oddities.carrier.glued(),
    }
}

/// What a neutral report has.
fn neutral(form: Form) -> Oddities {
    let mut choice = [0; super::axes::AXES];
    choice[FORM] = usize::from(form == Form::Trial2019);
    choice[CARRIER] = Carrier::ALL.len() - 1;
    Oddities::of(&choice)
}

/// 万元 of an amount in 分.
fn ten_thousands(fen: i64) -> String {
    scaled(fen, 6)
}

fn scaled(number: i64, decimals: usize) -> String {
    let digits = format!("{:0>width$}", number.abs(), width = decimals + 1);
    let (whole, rest) = digits.split_at(digits.len() - decimals);
    let rest = rest.trim_end_matches('0');
    let sign = if number < 0 { "-" } else { "" };
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

/// The tables of the form with the figures in them.
fn tables(random: &mut Random, oddities: &Oddities, figures: &Figures) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut index = 0;
    for article in oddities.form.articles() {
        let columns = article.columns.iter().map(|(key, label)| column(Some(key), label));
        let mut part = part(Table::Proactive, "信息内容", columns.collect());
        part.article = Some(format!("第二十条第（{}）项", article.number));
        for (key, label) in article.rows {
            let cells = figures.proactive[index].iter().zip(article.columns);
            let cells = cells.map(|(figure, (column, _))| match *column {
                "amount" => amount(random, oddities, *figure),
                "change" => cell(random, oddities, *figure, true),
                _ => cell(random, oddities, *figure, false),
            });
            part.rows.push(row(Some(key), Group::Top, label, cells.collect()));
            index += 1;
        }
        parts.push(part);
    }
    money(oddities, parts.last_mut().expect("the forms have articles"));
    let columns = APPLICANTS.iter().map(|(key, label)| column(Some(key), label)).collect();
    let mut applications = part(Table::Applications, CORNER, columns);
    for (line, figures) in oddities.form.applications().into_iter().zip(&figures.applications) {
        let cells = figures.iter().map(|figure| cell(random, oddities, *figure, false)).collect();
        applications.rows.push(row(Some(line.key), line.group, line.label, cells));
    }
    parts.push(applications);
    let columns = OUTCOMES.iter().map(|(key, label)| column(Some(key), label)).collect();
    let mut review = part(Table::Review, "", columns);
    for ((key, label), figures) in REVIEWS.iter().zip(&figures.review) {
        let cells = figures.iter().map(|figure| cell(random, oddities, *figure, false)).collect();
        review.rows.push(row(Some(key), Group::Top, label, cells));
    }
    parts.push(review);
    parts
}

fn part(table: Table, corner: &str, columns: Vec<Column>) -> Part {
    Part {
        table,
        report: 0,
        caption: None,
        article: None,
        corner: corner.to_owned(),
        columns,
        rows: Vec::new(),
        serial: false,
        flat: false,
        header: true,
        by_column: false,
        detached: false,
        soft: false,
        group_rows: false,
    }
}

fn column(key: Option<&'static str>, label: &str) -> Column {
    Column { key, label: label.to_owned(), silent: false }
}

fn row(key: Option<&'static str>, group: Group, label: &str, cells: Vec<Cell>) -> Row {
    Row {
        kind: Kind::Data,
        key,
        group,
        label: label.to_owned(),
        cells,
        wrap: Wrap::No,
        cut: None,
        trimmed: false,
        squeezed: false,
        soft: false,
    }
}

fn plain(text: String, number: i64) -> Cell {
    Cell { want: Want::number(text.clone()), text, number, odd: false }
}

fn blank(random: &mut Random, oddities: &Oddities) -> Cell {
    let text = match oddities.blanks {
        Blanks::Dash => "-",
        Blanks::LongDash => "—",
        Blanks::Slash => "/",
        Blanks::Word => "无",
        Blanks::Mixed => random.pick(&["", "-", "—", "/", "无", "——"]),
        _ => "",
    };
    Cell { text: text.to_owned(), want: Want::blank(), number: 0, odd: false }
}

fn cell(random: &mut Random, oddities: &Oddities, figure: Figure, signed: bool) -> Cell {
    if figure.blank {
        return blank(random, oddities);
    }
    if let (true, Some(content)) = (figure.odd, oddities.content) {
        return odd(content, figure.number);
    }
    let value = figure.number.to_string();
    let mut cell = plain(value, figure.number);
    if signed && figure.number > 0 && random.chance(20) {
        cell.text = format!("+{}", figure.number);
    }
    cell
}

fn odd(content: &Content, number: i64) -> Cell {
    let want = Want {
        values: content.values.clone(),
        blank: content.blank,
        printed: !content.values.is_empty(),
        must: !content.null && content.values.len() == 1,
    };
    Cell { text: content.text.clone(), want, number, odd: true }
}

/// An amount in the unit that the document says.
fn amount(random: &mut Random, oddities: &Oddities, figure: Figure) -> Cell {
    if figure.blank {
        return blank(random, oddities);
    }
    if let (true, Some(content)) = (figure.odd, oddities.content) {
        return odd(content, figure.number);
    }
    let fen = figure.number;
    let value = ten_thousands(fen);
    let (text, must) = match oddities.money {
        Money::Official if oddities.form == Form::Trial2019 => (format!("{value}万元"), true),
        Money::Official | Money::CaptionMixed => (value.clone(), true),
        Money::HeaderYuan | Money::CaptionYuan | Money::LabelYuan => (scaled(fen, 2), false),
        Money::CellYuan => (format!("{}元", scaled(fen, 2)), true),
        Money::CellWan => (format!("{value}万元"), true),
        Money::HeaderThousand => (scaled(fen, 5), false),
        Money::HeaderHundredMillion => (scaled(fen, 10), false),
        // the form's unit, or nobody's
        Money::Unsaid | Money::CaptionYuanHeaderWan => (value.clone(), false),
    };
    let mut want = Want::number(value);
    want.must = must;
    Cell { text, want, number: fen, odd: false }
}

/// The header, caption and label of the part with the money.
fn money(oddities: &Oddities, part: &mut Part) {
    let trial = oddities.form == Form::Trial2019;
    let name = if trial { "采购总金额" } else { "本年收费金额" };
    let amount = part.columns.last_mut().expect("the part has a column of money");
    let odd = oddities.content.is_some_and(|content| content.kind == 'm');
    let unit = match oddities.money {
        Money::Official if trial && !odd => None,
        Money::Official
        | Money::CellYuan
        | Money::CellWan
        | Money::CaptionYuanHeaderWan
        | Money::CaptionMixed => Some("万元"),
        Money::HeaderYuan => Some("元"),
        Money::HeaderThousand => Some("千元"),
        Money::HeaderHundredMillion => Some("亿元"),
        Money::CaptionYuan | Money::LabelYuan | Money::Unsaid => None,
    };
    amount.label = unit.map_or(name.to_owned(), |unit| format!("{name}（单位：{unit}）"));
    match oddities.money {
        Money::CaptionYuan | Money::CaptionYuanHeaderWan => {
            part.caption = Some("单位：元".to_owned());
        }
        Money::CaptionMixed => part.caption = Some("单位：件、万元".to_owned()),
        Money::LabelYuan => part.rows[0].label += "（元）",
        _ => {}
    }
}

/// A row of numbers that belong to nothing in the form.
fn foreign(random: &mut Random, group: Group, label: &str, like: &Part) -> Row {
    let cells = like.columns.iter().map(|_| {
        let number = i64::try_from(random.between(1, 40)).expect("small");
        plain(number.to_string(), number)
    });
    row(None, group, label, cells.collect())
}

fn position(part: &Part, key: &str) -> Option<usize> {
    part.rows.iter().position(|row| row.key == Some(key))
}

/// Rows that are not in the form, rows that are missing.
fn rows(random: &mut Random, oddities: &Oddities, parts: &mut [Part]) {
    let applications = parts.len() - 2;
    let law = "refused.enforcement_file";
    let at = position(&parts[applications], law).expect("the form has the row");
    match oddities.rows {
        Rows::All => {}
        Rows::Foreign => {
            let new = foreign(random, Group::Top, "地方性法规", &parts[0]);
            parts[0].rows.insert(0, new);
            let new = foreign(random, Group::Refused, "9.属于内部管理事项", &parts[applications]);
            parts[applications].rows.insert(at + 2, new);
        }
        Rows::Sum => {
            for part in &mut parts[..applications] {
                let sum = foreign(random, Group::Top, "合计", part);
                part.rows.push(sum);
            }
            let sum = foreign(random, Group::Top, "合计", &parts[applications]);
            parts[applications].rows.push(sum);
        }
        Rows::Among => {
            let new = foreign(random, Group::Top, "其中：党政混合信息", &parts[0]);
            parts[0].rows.push(new);
            let new = foreign(random, Group::Top, "其中：网上申请", &parts[applications]);
            parts[applications].rows.insert(1, new);
            let new = foreign(random, Group::Result, "其中：", &parts[applications]);
            parts[applications].rows.insert(4, new);
        }
        Rows::Unlabelled => {
            for (part, at) in [(0, 1), (1, 1), (applications, 3)] {
                let group = if part == applications { Group::Result } else { Group::Top };
                let new = foreign(random, group, "", &parts[part]);
                parts[part].rows.insert(at, new);
                parts[part].rows[at - 1].soft = true;
                if oddities.carrier == Carrier::OnelineGlued && part == 1 {
                    // 57 and 39 of a row without a label are one number as well: 5739
                    let next = parts[part].rows[at].cells[0].text.clone();
                    let cell = &mut parts[part].rows[at - 1].cells[0];
                    let both = format!("{}{next}", cell.text);
                    cell.want.values.push(both);
                }
                if let Some(next) = parts[part].rows.get_mut(at + 1) {
                    next.soft = true;
                }
            }
        }
        Rows::ForeignInstead | Rows::UnlabelledInstead => {
            let first = random.below(2);
            for (part, at, label) in [
                (0, first, ["地方性法规", "政策文件"][first]),
                (2, 0, "行政检查"),
                (applications, at, "7.属于司法文书"),
            ] {
                let row = &mut parts[part].rows[at];
                row.soft = true;
                if oddities.rows == Rows::ForeignInstead {
                    label.clone_into(&mut row.label);
                    row.key = None;
                } else {
                    // between its neighbours, or nobody's
                    row.label.clear();
                }
            }
        }
        Rows::Missing => {
            parts[0].rows.remove(random.below(2));
            parts[2].rows.remove(0);
            parts[applications].rows.remove(at);
            let outcomes = position(&parts[applications], "not_processed.repeat");
            parts[applications].rows.remove(outcomes.expect("the form has the row"));
        }
        Rows::DoubledSame | Rows::DoubledOther => {
            for (part, at) in [(0, 1), (1, 0), (applications, 2)] {
                parts[part].rows[at].soft = true;
                let mut again = parts[part].rows[at].clone();
                if oddities.rows == Rows::DoubledOther {
                    for (cell, first) in again.cells.iter_mut().zip(&mut parts[part].rows[at].cells)
                    {
                        *cell = plain((cell.number + 2).to_string(), cell.number + 2);
                        // the sums of applications may tell which of the two counts
                        if part != applications {
                            first.want = Want::nothing();
                        }
                    }
                    again.key = None;
                }
                parts[part].rows.insert(at + 1, again);
            }
        }
        Rows::Swapped => {
            parts[0].rows.swap(0, 1);
            parts[2].rows.swap(0, 1);
            parts[applications].rows.swap(at - 1, at);
            parts[applications].rows.swap(2, 3);
            // without borders the order of the rows is a proof, and here it fails
            for (part, at) in [
                (0, 0),
                (0, 1),
                (2, 0),
                (2, 1),
                (applications, at - 1),
                (applications, at),
                (applications, 2),
                (applications, 3),
            ] {
                parts[part].rows[at].soft |= !oddities.carrier.grid();
            }
        }
        Rows::OtherForm => {
            if oddities.form == Form::Current2021 {
                let new = foreign(random, Group::Top, "其他对外管理服务事项", &parts[1]);
                parts[1].rows.push(new);
            } else {
                let label =
                    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请";
                let mut new = foreign(random, Group::Result, label, &parts[applications]);
                // the other form's key may be given
                new.key = Some("other.fee_unpaid");
                let total = position(&parts[applications], "outcome_total").expect("it is there");
                parts[applications].rows.insert(total, new);
                parts[applications].soft = true;
            }
        }
        Rows::GroupSums => group_sums(&mut parts[applications]),
    }
}

/// Gives each group a row of its own with the sum of its rows.
fn group_sums(part: &mut Part) {
    part.group_rows = true;
    let mut rows: Vec<Row> = Vec::new();
    for row in part.rows.clone() {
        let new = rows.last().is_none_or(|last| last.group != row.group);
        if let (true, Some(label)) = (new, row.group.label()) {
            let same = part.rows.iter().filter(|other| other.group == row.group);
            let mut sums = vec![0; part.columns.len()];
            for other in same {
                sums.iter_mut().zip(&other.cells).for_each(|(sum, cell)| *sum += cell.number);
            }
            let cells = sums.into_iter().map(|sum| plain(sum.to_string(), sum)).collect();
            rows.push(self::row(None, row.group, label, cells));
        }
        rows.push(row);
    }
    part.rows = rows;
}

/// Extra columns, columns in another order.
fn columns(random: &mut Random, oddities: &Oddities, parts: &mut [Part]) {
    let many = parts.len();
    let (proactive, rest) = parts.split_at_mut(many - 2);
    let applications = &mut rest[0];
    let number = |random: &mut Random, size: u64| {
        let number = i64::try_from(random.between(0, size)).expect("small");
        plain(number.to_string(), number)
    };
    let text =
        |text: &str| Cell { text: text.to_owned(), want: Want::nothing(), number: 0, odd: false };
    match oddities.columns {
        Columns::Official => {}
        Columns::Subtotal => {
            applications.columns.insert(6, column(None, "小计"));
            for row in &mut applications.rows {
                let sum: i64 = row.cells[1..6].iter().map(|cell| cell.number).sum();
                row.cells.insert(6, plain(sum.to_string(), sum));
            }
        }
        Columns::Remarks | Columns::RemarksNumbers => {
            let numbers = oddities.columns == Columns::RemarksNumbers;
            for part in proactive.iter_mut().chain([applications]) {
                part.columns.push(column(None, "备注"));
                for row in &mut part.rows {
                    let note = random.pick(&["", "", "", "含延续3件", "委托下放"]);
                    row.cells.push(if numbers { number(random, 9) } else { text(note) });
                }
            }
        }
        Columns::LastYear | Columns::LastYearUnsaid => {
            let silent = oddities.columns == Columns::LastYearUnsaid;
            for part in proactive {
                for at in (0..part.columns.len()).rev() {
                    let label = part.columns[at].label.replace("本年", "");
                    let mut new = column(None, &format!("上年{label}"));
                    new.silent = silent;
                    part.columns.insert(at + 1, new);
                    for row in &mut part.rows {
                        row.cells.insert(at + 1, number(random, 90));
                    }
                }
                part.soft |= silent;
            }
        }
        Columns::Serial => proactive.iter_mut().for_each(|part| part.serial = true),
        Columns::Reordered => {
            for part in proactive.iter_mut().filter(|part| part.columns.len() > 1) {
                part.columns.rotate_left(1);
                part.rows.iter_mut().for_each(|row| row.cells.rotate_left(1));
            }
        }
        Columns::ApplicantsReordered => {
            applications.flat = true;
            applications.columns.swap(0, 1);
            applications.columns.swap(2, 3);
            for row in &mut applications.rows {
                row.cells.swap(0, 1);
                row.cells.swap(2, 3);
            }
        }
        Columns::TotalFirst => {
            applications.flat = true;
            applications.columns.rotate_right(1);
            applications.rows.iter_mut().for_each(|row| row.cells.rotate_right(1));
        }
        Columns::Foreign => {
            applications.flat = true;
            for part in [&mut proactive[0], applications] {
                let label = if part.flat { "港澳台居民" } else { "本年修订件数" };
                part.columns.insert(1, column(None, label));
                part.rows.iter_mut().for_each(|row| row.cells.insert(1, number(random, 9)));
            }
        }
        Columns::Absent => {
            applications.flat = true;
            for (part, at) in [(&mut proactive[0], 1), (applications, 4)] {
                part.columns.remove(at);
                part.rows.iter_mut().for_each(|row| drop(row.cells.remove(at)));
            }
        }
        Columns::Unit => {
            for part in proactive.iter_mut() {
                part.columns.insert(0, column(None, "计量单位"));
                let last = part.columns.last().and_then(|column| column.key);
                let unit = if last == Some("amount") && part.columns.len() == 2 {
                    "万元"
                } else {
                    "件"
                };
                part.rows.iter_mut().for_each(|row| row.cells.insert(0, text(unit)));
            }
        }
    }
}

const ROW_TYPOS: &[(&str, &str)] = &[
    ("规章", "规张"),
    ("规范性文件", "规犯性文件"),
    ("行政许可", "行政许河"),
    ("行政处罚", "行政处罪"),
    ("重复申请", "重覆申情"),
    ("行政查询", "行政查寻"),
    ("予以公开", "予似公开"),
    ("继续办理", "继续办里"),
];

const HEADER_TYPOS: &[(&str, &str)] = &[
    ("废止", "废纸"),
    ("现行", "先行"),
    ("处理决定", "处理绝对"),
    ("本年新公开", "本公开"),
    ("增/减", "增减"),
    ("自然人", "自燃人"),
    ("总计", "总记"),
    ("科研", "科妍"),
    ("结果维持", "结果维特"),
];

/// How labels are printed.
fn labels(random: &mut Random, oddities: &Oddities, parts: &mut [Part]) {
    let grid = oddities.carrier.grid() && oddities.carrier != Carrier::Markdown;
    match oddities.labels {
        Labels::Official | Labels::Traditional => {}
        Labels::RowTypo => {
            for row in parts.iter_mut().flat_map(|part| &mut part.rows) {
                for (right, wrong) in ROW_TYPOS {
                    if row.label.contains(right) {
                        row.label = row.label.replace(right, wrong);
                        row.soft = true;
                    }
                }
            }
        }
        Labels::HeaderTypo => {
            for part in parts {
                for column in &mut part.columns {
                    for (right, wrong) in HEADER_TYPOS {
                        column.label = column.label.replace(right, wrong);
                    }
                }
                part.soft = true;
            }
        }
        Labels::WrapFirst | Labels::WrapMiddle | Labels::WrapLast => {
            let wrap = match oddities.labels {
                Labels::WrapFirst => Wrap::First,
                Labels::WrapMiddle => Wrap::Middle,
                _ => Wrap::Last,
            };
            let width = 3 + random.below(5);
            for row in parts.iter_mut().flat_map(|part| &mut part.rows) {
                let chars: Vec<char> = row.label.chars().collect();
                if chars.len() > width {
                    let pieces = chars.chunks(width).map(|piece| piece.iter().collect::<String>());
                    row.label = pieces.collect::<Vec<_>>().join("\n");
                    row.wrap = wrap;
                    row.soft |= !grid;
                }
            }
        }
        Labels::PageCut => {
            for row in parts.iter_mut().flat_map(|part| &mut part.rows) {
                let length = row.label.chars().count();
                if length > 3 && random.chance(25) {
                    row.cut = Some(1 + random.below(length - 2));
                    row.soft = true;
                }
            }
        }
        Labels::OtherOrdinal => relabel(parts, |label| label.replacen('.', "、", 1)),
        Labels::SpacedOrdinal => relabel(parts, |label| {
            label.replacen('.', ". ", 1).replacen('）', "） ", 1).replacen('、', "、 ", 1)
        }),
        Labels::NoOrdinal => {
            relabel(parts, |label| {
                let rest = label.trim_start_matches(|char: char| char.is_ascii_digit());
                let rest = rest.trim_start_matches('.');
                let rest = ["一、", "二、", "四、"]
                    .iter()
                    .find_map(|ordinal| rest.strip_prefix(ordinal))
                    .unwrap_or(rest);
                match rest.strip_prefix('（').and_then(|inner| inner.split_once('）')) {
                    Some((_, tail)) => tail.to_owned(),
                    None => rest.to_owned(),
                }
            });
            soften(parts);
        }
        Labels::AsciiBrackets => {
            relabel(parts, |label| label.replace('（', "(").replace('）', ")").replace('，', ","));
        }
        Labels::Spread => relabel(parts, |label| {
            let ordinal = label.starts_with(|char: char| char.is_ascii_digit() || char == '（');
            if label.chars().count() > 6 || ordinal {
                return label.to_owned();
            }
            label.chars().map(String::from).collect::<Vec<_>>().join(" ")
        }),
        Labels::Decorated => {
            relabel(
                parts,
                |label| {
                    if label.is_empty() { String::new() } else { format!("{label}：") }
                },
            );
            soften(parts);
        }
        Labels::NoHeader => {
            for part in parts {
                part.header = false;
                part.soft = true;
            }
        }
        Labels::NoArticle => parts.iter_mut().for_each(|part| part.article = None),
    }
}

/// Nothing of the parts must be given.
fn soften(parts: &mut [Part]) {
    for part in parts {
        part.soft = true;
    }
}

fn relabel(parts: &mut [Part], change: impl Fn(&str) -> String) {
    for row in parts.iter_mut().flat_map(|part| &mut part.rows) {
        row.label = change(&row.label);
    }
}

/// The parts of another report: last year's, or another body's.
fn other(random: &mut Random, form: Form, report: usize) -> Vec<Part> {
    let neutral = neutral(form);
    let figures = (0..9).find_map(|_| figures::draw(random, &wish(&neutral)));
    let mut parts = tables(random, &neutral, &figures.expect("a neutral report can be drawn"));
    for part in &mut parts {
        part.report = report;
        part.soft = true;
    }
    parts
}

/// Not a report that is looked at.
const NOBODY: usize = 9;

/// Everything in its order.
fn compose(random: &mut Random, oddities: &Oddities, mut parts: Vec<Part>) -> Document {
    let layout = oddities.layout;
    let title = format!("{ISSUER}{YEAR}年政府信息公开工作年度报告");
    inside(random, oddities, &mut parts);
    let shaken = !matches!(
        layout,
        Layout::Plain
            | Layout::NoteBelow
            | Layout::NoteInside
            | Layout::SentenceBefore
            | Layout::SentenceBehind
            | Layout::HeaderRepeated
            | Layout::ReviewsInProse
            | Layout::Menu
            | Layout::EndsInLabel
            | Layout::EndsInRow
    );
    if shaken {
        soften(&mut parts);
    }
    let mut blocks = Vec::new();
    let mut truths = vec![Truth {
        issuer: ISSUER.to_owned(),
        year: YEAR,
        form: oddities.form.id(),
        cells: BTreeMap::new(),
    }];
    match layout {
        Layout::Menu => {
            let menu = [
                "首页",
                "地方性法规",
                "规章",
                "行政规范性文件",
                "行政许可",
                "行政处罚",
                "财政预决算",
            ];
            blocks.extend(menu.iter().map(|line| Block::Line((*line).to_owned())));
        }
        Layout::TwoReports => {
            let title = format!("{ISSUER}{}年政府信息公开工作年度报告", YEAR - 1);
            let theirs = other(random, oddities.form, 1);
            blocks.extend(report(random, oddities, &title, theirs, false));
            let issuer = ISSUER.to_owned();
            let form = oddities.form.id();
            truths.push(Truth { issuer, year: YEAR - 1, form, cells: BTreeMap::new() });
        }
        _ => {}
    }
    blocks.extend(report(random, oddities, &title, parts, true));
    if layout == Layout::OtherBody {
        let title = format!("{OTHER}{YEAR}年政府信息公开工作年度报告");
        let theirs = other(random, oddities.form, 1);
        blocks.extend(report(random, oddities, &title, theirs, false));
        let issuer = OTHER.to_owned();
        truths.push(Truth { issuer, year: YEAR, form: oddities.form.id(), cells: BTreeMap::new() });
    }
    Document {
        form: oddities.form,
        blocks,
        truths,
        drop_equal_lines: layout == Layout::EqualLinesDropped,
        inline_groups: false,
        traditional: oddities.labels == Labels::Traditional,
        seed: random.next(),
    }
}

/// A bare number below a row whose blank cells leave no trace may be a cell of it, and the others stand elsewhere then.
fn open_before_furniture(part: &mut Part) {
    for at in 1..part.rows.len() {
        if part.rows[at].kind != Kind::Furniture {
            continue;
        }
        let page = part.rows[at].label.clone();
        let row = &mut part.rows[at - 1];
        if row.cells.iter().any(|cell| cell.text.is_empty()) {
            let printed = row.cells.iter().map(|cell| cell.text.clone());
            let printed: Vec<String> =
                printed.filter(|text| text.bytes().all(|b| b.is_ascii_digit())).collect();
            for cell in &mut row.cells {
                cell.want.values.extend(printed.iter().filter(|text| !text.is_empty()).cloned());
                cell.want.values.push(page.clone());
            }
        }
    }
}

/// What stands inside the tables that is none of their rows, and where they end.
fn inside(random: &mut Random, oddities: &Oddities, parts: &mut [Part]) {
    let applications = parts.len() - 2;
    let spans = matches!(oddities.carrier, Carrier::Html | Carrier::Docx | Carrier::Xlsx);
    // a cell that spans the results is not interrupted
    let middle = if spans { 1 } else { parts[applications].rows.len() / 2 };
    let mut insert = |kind: Kind, label: &str| {
        for (part, at) in [(0, 1), (2, 1), (applications, middle)] {
            let at = at.min(parts[part].rows.len());
            let mut new = row(None, Group::Top, label, Vec::new());
            new.kind = kind;
            new.group = parts[part].rows.get(at).map_or(Group::Top, |row| row.group);
            parts[part].rows.insert(at, new);
        }
    };
    match oddities.layout {
        Layout::NoteInside => {
            insert(Kind::Note, "注：以上数据含上年结转2件，其中行政许可延续12件。");
        }
        Layout::Furniture => {
            insert(Kind::Furniture, random.pick(&["— 3 —", "- 3 -", "第 3 页 共 5 页"]));
        }
        Layout::BareFurniture => {
            insert(Kind::Furniture, "3");
            if !oddities.traced() {
                parts.iter_mut().for_each(open_before_furniture);
            }
        }
        Layout::HeaderRepeated => insert(Kind::Header, ""),
        Layout::ByColumn => {
            for part in &mut parts[..applications] {
                part.by_column = part.rows.len() > 1 && part.columns.len() > 1;
            }
        }
        Layout::Detached => parts.iter_mut().for_each(|part| part.detached = true),
        Layout::EndsInLabel | Layout::EndsInRow => {
            let part = random.pick(&[0, 1, applications, applications]);
            let rows = &mut parts[part].rows;
            let at = random.below(rows.len());
            let row = &mut rows[at];
            row.soft = true;
            let columns = row.cells.len();
            let whole = row.wrap != Wrap::No || row.cut.is_some();
            let keep = match oddities.layout {
                _ if whole => columns,
                Layout::EndsInLabel => 0,
                _ => 1 + random.below(columns),
            };
            match keep {
                0 => row.label.push(END),
                _ => row.cells[keep - 1].text.push(END),
            }
            let gone = |row: &mut Row, from: usize| {
                row.cells[from..].iter_mut().for_each(|cell| cell.want = Want::nothing());
            };
            gone(row, keep);
            let following = rows.iter_mut().skip(at + 1);
            following.for_each(|row| gone(row, 0));
            for row in parts.iter_mut().skip(part + 1).flat_map(|part| &mut part.rows) {
                gone(row, 0);
            }
        }
        _ => {}
    }
}

/// One report.
fn report(
    random: &mut Random,
    oddities: &Oddities,
    title: &str,
    parts: Vec<Part>,
    ours: bool,
) -> Vec<Block> {
    let layout = if ours { oddities.layout } else { Layout::Plain };
    let line = |text: &str| Block::Line(text.to_owned());
    let mut blocks = vec![Block::Title(title.to_owned())];
    blocks.push(line("根据《中华人民共和国政府信息公开条例》的规定，编制本报告。"));
    blocks.push(line("一、总体情况"));
    blocks.push(line("一年来，我局围绕供水保障和河道整治公开信息，做到应公开尽公开。"));
    if layout == Layout::ReviewsInProse {
        blocks.push(line(
            "全年因政府信息公开被申请行政复议5件，其中结果维持3件，结果纠正1件，尚未审结1件；\
             行政诉讼2件，均为未经复议直接起诉，结果维持2件。",
        ));
    }
    blocks.push(line("二、主动公开政府信息情况"));
    if layout == Layout::SentenceBefore {
        blocks.push(line("本年度行政处罚处理决定数量17件，行政许可38件，规章0件，规范性文件6件。"));
    }
    let mut parts = parts;
    let review = parts.pop().expect("three tables");
    let applications = parts.pop().expect("three tables");
    let mut last: Vec<Part> = Vec::new();
    if matches!(layout, Layout::LastYearBefore | Layout::LastYearBehind) {
        last = other(random, oddities.form, NOBODY);
        last.pop();
    }
    let theirs = last.pop();
    let part = |part: Part| Block::Part(Box::new(part));
    let section = |blocks: &mut Vec<Block>, own: Vec<Part>, last: Vec<Part>| {
        if last.is_empty() {
            blocks.extend(own.into_iter().map(part));
            return;
        }
        let ours = (YEAR, own);
        let theirs = (YEAR - 1, last);
        let order = if layout == Layout::LastYearBefore { [theirs, ours] } else { [ours, theirs] };
        for (year, parts) in order {
            blocks.push(line(&format!("{year}年度：")));
            blocks.extend(parts.into_iter().map(part));
        }
    };
    let again = (layout == Layout::TablesTwice).then(|| parts.clone());
    if layout == Layout::NoteBelow {
        for one in parts {
            blocks.push(part(one));
            blocks.push(line("注：行政许可含延续12件，行政处罚另有3件不予处罚。"));
        }
    } else {
        section(&mut blocks, parts, last);
    }
    if let Some(again) = again {
        blocks.extend(again.into_iter().map(part));
    }
    if layout == Layout::SentenceBehind {
        blocks.push(line("本年度行政处罚处理决定数量17件，行政许可38件，规章0件，规范性文件6件。"));
    }
    blocks.push(line("三、收到和处理政府信息公开申请情况"));
    let twice = (layout == Layout::TablesTwice).then(|| applications.clone());
    section(&mut blocks, vec![applications], theirs.into_iter().collect());
    blocks.extend(twice.map(part));
    if layout == Layout::NoteBelow {
        blocks.push(line("注：本年新收申请数量中含网上申请3件。"));
    }
    blocks.push(line("四、政府信息公开行政复议、行政诉讼情况"));
    blocks.push(part(review));
    blocks.push(line("五、存在的主要问题及改进情况"));
    blocks.push(line("公开内容还不够丰富，下一步将加强培训，完善制度。"));
    blocks.push(line("六、其他需要报告的事项"));
    blocks.push(line("无其他需要报告的事项。"));
    blocks
}

/// Which cells must be given: plain ones whose place the document proves.
fn musts(oddities: &Oddities, document: &mut Document) {
    let carrier = oddities.carrier;
    let odd_columns = oddities.columns != Columns::Official;
    for block in &mut document.blocks {
        let Block::Part(part) = block else { continue };
        let whole = |row: &Row| {
            let full = row.cells.iter().all(|cell| !cell.text.trim().is_empty());
            let plain = row.cells.iter().all(|cell| !cell.odd || cell.want.must);
            full && plain
        };
        // the three rows of reviews stand on one line
        let review = part.table == Table::Review;
        let all_whole = part.rows.iter().all(whole);
        let soft = part.soft;
        let ends = part.rows.last().and_then(|row| row.cells.last());
        let review_ends = ends.is_some_and(|cell| !cell.text.trim().is_empty());
        for row in part.rows.iter_mut().filter(|row| row.kind == Kind::Data) {
            let full = if review { all_whole } else { whole(row) };
            let last = row.cells.last().is_some_and(|cell| !cell.text.trim().is_empty());
            let last = if review { review_ends } else { last };
            let shifted = row.trimmed || row.squeezed;
            let proven = match carrier {
                _ if soft || row.soft => false,
                _ if carrier.grid() => !shifted,
                _ if carrier.delimited() => last && !shifted,
                _ if carrier.glued() => false,
                _ => full && !odd_columns && oddities.layout == Layout::Plain,
            };
            row.cells.iter_mut().for_each(|cell| cell.want.must &= proven);
        }
    }
}

/// What is right, cell by cell.
fn truths(document: &mut Document) {
    for (report, truth) in document.truths.iter_mut().enumerate() {
        for name in names(document.form) {
            truth.cells.insert(name, Want::nothing());
        }
        for block in &document.blocks {
            let Block::Part(part) = block else { continue };
            if part.report != report {
                continue;
            }
            for row in &part.rows {
                let Some(key) = row.key else { continue };
                for (cell, column) in row.cells.iter().zip(&part.columns) {
                    if let Some(column) = column.key {
                        truth.cells.insert([part.table.key(), key, column], cell.want.clone());
                    }
                }
            }
        }
    }
}
