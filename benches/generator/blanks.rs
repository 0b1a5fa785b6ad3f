//! Cells with nothing in them: which numbers a document leaves out, and where that can be seen.

use super::figures::{Counts, Figures, Quantity};
use super::form::Form;
use super::random::Random;
use super::shape::Shape;
use super::style::Style;

/// Empties cells as documents of that layout do. Returns the key of a row of the second table that is left out whole.
pub(crate) fn leave_out(
    random: &mut Random,
    figures: &mut Figures,
    form: Form,
    style: &Style,
) -> Option<&'static str> {
    let shape = style.shape;
    if random.chance(1) && shape != Shape::RowsBlankLost {
        empty_everything(figures);
        return None;
    }
    match shape {
        Shape::RowsBlankLost
        | Shape::AlignedBlanks
        | Shape::PageBlanks
        | Shape::PageWord
        | Shape::PageSpans => {
            figures.applications.iter_mut().for_each(|row| empty_zeros(random, row, 100));
            figures.review.iter_mut().for_each(|row| empty_zeros(random, row, 100));
        }
        Shape::PipeRowsBlank => {
            for row in &mut figures.applications {
                let total = row[6];
                empty_zeros(random, row, 100);
                row[6] = total;
            }
        }
        Shape::CellsMarks => {
            let percent = random.pick(&[100, 100, 60]);
            figures.applications.iter_mut().for_each(|row| empty_zeros(random, row, percent));
            figures.review.iter_mut().for_each(|row| empty_zeros(random, row, percent));
            empty_quantities(random, figures, percent);
        }
        _ if random.chance(7) => empty_quantities(random, figures, 50),
        _ => {}
    }
    if random.chance(4) && figures.review.iter().flatten().all(|cell| *cell == Some(0)) {
        figures.review.iter_mut().for_each(|row| row.fill(None));
    }
    if shape.keeps_empty_cells() && random.chance(4) {
        empty_single(random, figures);
    }
    (shape != Shape::Detached && random.chance(3)).then(|| leave_out_row(random, figures, form))
}

fn empty_everything(figures: &mut Figures) {
    figures.proactive.iter_mut().for_each(|row| row.fill(Quantity::Nothing));
    figures.applications.iter_mut().for_each(|row| row.fill(None));
    figures.review.iter_mut().for_each(|row| row.fill(None));
}

fn empty_zeros(random: &mut Random, row: &mut Counts, percent: u64) {
    for cell in row {
        if *cell == Some(0) && random.chance(percent) {
            *cell = None;
        }
    }
}

/// Rows of the second table that say nothing but zero.
fn empty_quantities(random: &mut Random, figures: &mut Figures, percent: u64) {
    for row in &mut figures.proactive {
        if row.iter().all(is_zero) && random.chance(percent) {
            row.fill(Quantity::Nothing);
        }
    }
}

/// Single cells of one row of the second table.
fn empty_single(random: &mut Random, figures: &mut Figures) {
    let index = random.below(figures.proactive.len());
    let row = &mut figures.proactive[index];
    let kept = random.below(row.len());
    for (column, cell) in row.iter_mut().enumerate() {
        if column != kept {
            *cell = Quantity::Nothing;
        }
    }
}

fn is_zero(quantity: &Quantity) -> bool {
    matches!(
        quantity,
        Quantity::Nothing
            | Quantity::Count(0)
            | Quantity::Change(0)
            | Quantity::Money { fen: 0, .. }
    )
}

fn leave_out_row(random: &mut Random, figures: &mut Figures, form: Form) -> &'static str {
    let choice = match form {
        Form::Trial2019 => random.pick(&["regulations", "other_services"]),
        Form::Current2021 => "regulations",
    };
    let keys = form.articles().iter().flat_map(|article| article.rows);
    for ((key, _), row) in keys.zip(&mut figures.proactive) {
        if *key == choice {
            row.fill(Quantity::Nothing);
        }
    }
    choice
}
