//! A generator of 政府信息公开工作年度报告 in every layout they are met in, each with the truth a reader should find.
//!
//! [`report`] draws numbers that add up ([`figures`]), may plant faults ([`faults`]) and leave cells out ([`blanks`]),
//! prints labels and cells in the habits of one document ([`style`], [`tables`]), puts prose around them
//! ([`document`]), lays it out ([`layout`]) and says which cells the text proves ([`proof`]). The same seed and options
//! give the same bytes on every machine. Nothing here knows the program that is tested with it.

mod blanks;
mod document;
mod faults;
mod figures;
pub(crate) mod form;
mod frame;
mod layout;
mod names;
mod proof;
mod prose;
pub(crate) mod random;
mod readings;
mod script;
mod shape;
mod style;
mod tables;
pub(crate) mod truth;

pub(crate) use form::Form;
pub(crate) use shape::Shape;
pub(crate) use truth::Truth;

use figures::Figures;
use names::Issuer;
use random::Random;
use style::Style;
use tables::Tables;

/// A document and what stands in it.
pub(crate) struct Generated {
    /// The document.
    pub(crate) text: String,
    /// What stands in it.
    pub(crate) truth: Truth,
}

/// What a document should be like; what is not said is drawn.
#[derive(Clone, Copy, Default)]
pub(crate) struct Options {
    /// The form.
    pub(crate) form: Option<Form>,
    /// The layout.
    pub(crate) shape: Option<Shape>,
    /// One to three wrong numbers.
    pub(crate) faults: bool,
}

impl Options {
    /// The mix of a corpus: every shape of text alike, 15 % of the documents with faults.
    pub(crate) fn mixed(seed: u64) -> Self {
        Self { faults: Random::new(!seed).chance(15), ..Self::default() }
    }
}

/// Times a fault is drawn again before the document is made without one.
const ATTEMPTS: usize = 40;

/// One document.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "callers keep the options of a corpus")]
pub(crate) fn report(seed: u64, options: &Options) -> Generated {
    let mut random = Random::new(seed);
    let shape = options.shape.unwrap_or_else(|| random.pick(&Shape::texts()));
    let drawn = random.pick(&[Form::Trial2019, Form::Current2021, Form::Current2021]);
    let form = options.form.unwrap_or(drawn);
    let year = year(&mut random, form);
    let issuer = Issuer::draw(&mut random);
    let style = Style::draw(&mut random, form, shape);
    let consistent = Figures::draw(&mut random, form, issuer.large);
    let facts = document::facts(&issuer, year, form.notice(), &consistent);
    // Where blanks leave no mark, a wrong number cannot be told from a moved one.
    let faults = options.faults && shape != Shape::RowsBlankLost;
    let Printed { tables, missing, fails } = print(&mut random, &style, form, &consistent, faults);
    let missing = missing.map(|row| (row, columns(form, row)));
    let cells = truth::cells(&tables, missing);
    let document = document::compose(&mut random, &issuer, &style, &facts, tables);
    let text = layout::render(&mut random, &document, shape);
    Generated {
        text: script::convert(&text, style.script),
        truth: Truth {
            form: form.id(),
            year,
            title: script::convert(&document.title, style.script),
            issuer: script::convert(&issuer.name, style.script),
            cells,
            fails,
            shape: shape.name(),
            separated: shape.separated(),
        },
    }
}

/// The years a form was used for; a few bodies kept the old one.
fn year(random: &mut Random, form: Form) -> i32 {
    random.pick(match form {
        Form::Trial2019 => &[2019, 2019, 2020, 2020, 2020, 2021, 2022],
        Form::Current2021 => &[2020, 2021, 2021, 2022, 2022, 2023, 2023, 2024, 2025],
    })
}

/// Tables with blanks and faults in them.
struct Printed {
    tables: Tables,
    missing: Option<&'static str>,
    fails: Vec<String>,
}

/// Prints the figures, with faults that can be seen and told where they are asked for.
fn print(
    random: &mut Random,
    style: &Style,
    form: Form,
    consistent: &Figures,
    faults: bool,
) -> Printed {
    for attempt in 0..=ATTEMPTS {
        let wanted = faults && attempt < ATTEMPTS;
        let mut figures = consistent.clone();
        if wanted {
            faults::plant(random, &mut figures);
        }
        let missing = blanks::leave_out(random, &mut figures, form, style);
        let fails = faults::failing(&figures, form);
        if wanted && fails.is_empty() {
            continue;
        }
        let mut tables = tables::print(random, style, form, &figures, missing);
        proof::set_gaps(random, &mut tables, style.shape);
        if wanted && !proof::is_honest(&tables, &figures, style.shape) {
            continue;
        }
        proof::mark(&mut tables, style.shape, style);
        return Printed { tables, missing, fails };
    }
    unreachable!("the last attempt has no fault that could be refused")
}

/// The columns of a row of documents or decisions, which have three.
fn columns(form: Form, row: &str) -> [&'static str; 3] {
    let article = form
        .articles()
        .iter()
        .find(|article| article.rows.iter().any(|(key, _)| *key == row))
        .expect("the row is one of the form");
    std::array::from_fn(|index| article.columns[index].0)
}
