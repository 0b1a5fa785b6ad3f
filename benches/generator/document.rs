//! One report as a sequence of blocks: what stands in which order, before any layout.

use super::figures::Figures;
use super::frame;
use super::names::{self, Issuer};
use super::prose::{self, Facts};
use super::random::Random;
use super::shape::Shape;
use super::style::Style;
use super::tables::Tables;

/// A block of the report.
pub(crate) enum Block {
    /// A line that belongs to the page around it.
    Chrome(String),
    /// The title, in one or two lines.
    Title(Vec<String>),
    /// The heading of a section.
    Heading(String),
    /// Prose.
    Paragraph(String),
    /// A line of the signature.
    Signature(String),
    /// 第二十条 …
    Proactive,
    /// Applications.
    Applications,
    /// Reviews and lawsuits.
    Review,
}

/// Everything that is printed.
pub(crate) struct Document {
    /// The title without line breaks.
    pub(crate) title: String,
    /// The blocks in order.
    pub(crate) blocks: Vec<Block>,
    /// The tables the blocks stand for.
    pub(crate) tables: Tables,
}

/// The six headings as this document words them; an empty one is left out.
fn headings(random: &mut Random) -> [String; 6] {
    let overview = random.pick(&[
        "总体情况",
        "总体情况",
        "总体情况",
        "总体情况",
        "总体情况",
        "工作基本情况",
        "概述",
    ]);
    let proactive = if random.chance(3) {
        "主动公开政府政府情况"
    } else {
        "主动公开政府信息情况"
    };
    let review = match random.between(0, 99) {
        0..4 => "政府信息公开行政法复议、行政诉讼情况",
        4..8 => "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        8..12 => "政府信息公开行政复议与行政诉讼情况",
        12..14 => {
            "因政府信息公开工作被申请行政复议、因政府信息公开工作被申请行政复议、提起行政诉讼情况"
        }
        14..20 => "政府信息公开行政复议、行政诉讼的情况",
        _ => "政府信息公开行政复议、行政诉讼情况",
    };
    let problems = match random.between(0, 99) {
        0..5 => "存在的主要问题及明年工作计划",
        5..9 => "存在的主要问题及整改措施",
        9..14 => "存在的主要问题和改进措施",
        14..18 => "存在问题及改进情况",
        18..22 => "政府信息公开工作存在的主要问题及改进情况",
        _ => "存在的主要问题及改进情况",
    };
    let names = [
        overview,
        proactive,
        "收到和处理政府信息公开申请情况",
        review,
        problems,
        "其他需要报告的事项",
    ];
    let mut ordinals = ["一、", "二、", "三、", "四、", "五、", "六、"];
    let mut dropped = None;
    match random.between(0, 99) {
        // Numbers start again with the first table.
        0..3 => ordinals[1] = "一、",
        // The overview has no number, the others move up, one is skipped.
        3..5 => ordinals = ["", "一、", "二、", "三、", "五、", "六、"],
        // One heading of prose is lost.
        5..7 => dropped = Some(random.pick(&[0, 4])),
        7..9 => ordinals = ["一、", "二、", "三、 ", "四、", "五、 ", "六、"],
        _ => {}
    }
    let mut index = 0;
    names.map(|name| {
        let heading = if dropped == Some(index) {
            String::new()
        } else {
            format!("{}{name}", ordinals[index])
        };
        index += 1;
        heading
    })
}

/// Puts a report together.
pub(crate) fn compose(
    random: &mut Random,
    issuer: &Issuer,
    style: &Style,
    facts: &Facts,
    tables: Tables,
) -> Document {
    let spaced = style.shape.paged() && random.chance(40);
    let title = names::title(random, &issuer.name, facts.year, spaced);
    let whole = title.concat().replace(' ', "");
    let day = frame::published(random, facts.year);
    let mut blocks: Vec<Block> = Vec::new();
    if !style.shape.paged() {
        blocks.extend(frame::before(random, issuer, &whole, day).into_iter().map(Block::Chrome));
    }
    // A heading before the title is seen in a real scraped page.
    let title_first = style.shape.paged() || random.chance(96);
    let headings = headings(random);
    let length = random.pick(&[0, 1, 1, 2, 3]);
    if title_first {
        blocks.push(Block::Title(title));
        if random.chance(80) {
            blocks.extend(prose::introduction(random, facts).into_iter().map(Block::Paragraph));
        }
        heading(&mut blocks, &headings[0]);
    } else {
        heading(&mut blocks, &headings[0]);
        blocks.push(Block::Title(title));
    }
    let overview = prose::overview(random, facts, length);
    blocks.extend(overview.into_iter().map(Block::Paragraph));
    heading(&mut blocks, &headings[1]);
    blocks.extend(prose::before_table(random, facts, false).map(Block::Paragraph));
    blocks.push(Block::Proactive);
    heading(&mut blocks, &headings[2]);
    blocks.extend(prose::before_table(random, facts, true).map(Block::Paragraph));
    blocks.push(Block::Applications);
    heading(&mut blocks, &headings[3]);
    blocks.push(Block::Review);
    if random.chance(5) {
        blocks.push(Block::Paragraph("注：行政复议、行政诉讼数量含上年度结转数量。".to_owned()));
    }
    heading(&mut blocks, &headings[4]);
    if random.chance(2) {
        blocks.push(Block::Paragraph("简述一年来政府信息公开总体情况。".to_owned()));
    }
    blocks.extend(prose::problems(random, facts, length).into_iter().map(Block::Paragraph));
    heading(&mut blocks, &headings[5]);
    blocks.extend(prose::other(random, facts, length).into_iter().map(Block::Paragraph));
    blocks.extend(frame::signature(random, issuer, day).into_iter().map(Block::Signature));
    if !style.shape.paged() {
        blocks.extend(frame::after(random).into_iter().map(Block::Chrome));
    }
    Document { title: whole, blocks, tables }
}

fn heading(blocks: &mut Vec<Block>, heading: &str) {
    if !heading.is_empty() {
        blocks.push(Block::Heading(heading.to_owned()));
    }
}

/// What sentences may say about a report with these numbers.
pub(crate) fn facts(issuer: &Issuer, year: i32, notice: &'static str, figures: &Figures) -> Facts {
    let last = figures.applications.len() - 1;
    Facts {
        year,
        we: issuer.we,
        issuer: issuer.name.clone(),
        notice,
        received: figures.application(0, 6),
        carried_in: figures.application(1, 6),
        answered: figures.application(last - 1, 6),
        carried_out: figures.application(last, 6),
    }
}

/// The shape prints Markdown marks before titles and headings.
pub(crate) fn is_markdown(shape: Shape) -> bool {
    matches!(shape, Shape::Markdown | Shape::MarkdownPerRow)
}
