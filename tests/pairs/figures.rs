//! Numbers that add up, with the blanks and faults that a document is to have.

use super::axes::{Blanks, Place, Size, Sums};
use super::contents::Content;
use super::form::Form;
use super::random::Random;

/// A number of a report and what is done with it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Figure {
    /// A count, a change, or money in 分.
    pub(crate) number: i64,
    pub(crate) blank: bool,
    /// The odd cell.
    pub(crate) odd: bool,
}

/// All numbers, row by row.
#[derive(Clone, Debug)]
pub(crate) struct Figures {
    pub(crate) proactive: Vec<Vec<Figure>>,
    pub(crate) applications: Vec<Vec<Figure>>,
    pub(crate) review: Vec<Vec<Figure>>,
}

/// What the figures are to be like.
#[derive(Clone, Copy)]
pub(crate) struct Wish<'a> {
    pub(crate) form: Form,
    pub(crate) size: Size,
    pub(crate) sums: Sums,
    pub(crate) blanks: Blanks,
    pub(crate) odd: Option<(&'a Content, Place)>,
    /// Blank cells leave a trace.
    pub(crate) traced: bool,
    pub(crate) glued: bool,
}

/// Draws them; none where a wrong sum could be read as a right one, or the odd cell has no place.
pub(crate) fn draw(random: &mut Random, wish: &Wish) -> Option<Figures> {
    let rows = wish.form.applications().len();
    let mut figures = Figures {
        proactive: proactive(random, wish),
        applications: (0..rows).map(|_| parts(random, wish.size, 6)).collect(),
        review: (0..3).map(|_| parts(random, wish.size, 4)).collect(),
    };
    if let Some((content, place)) = wish.odd {
        odd(&mut figures, content, place, wish.form)?;
    }
    blank_parts(random, &mut figures, wish.blanks);
    if wish.sums == Sums::AllZero {
        let all = figures.proactive.iter_mut().chain(&mut figures.applications);
        for figure in all.chain(&mut figures.review).flatten().filter(|figure| !figure.odd) {
            figure.number = 0;
        }
    }
    add_up(&mut figures);
    blank_totals(random, &mut figures, wish);
    spoil(random, &mut figures, wish)?;
    Some(figures)
}

fn count(random: &mut Random, size: Size) -> i64 {
    let number = match size {
        Size::Small => random.between(0, 9),
        Size::Middle => random.between(0, 400),
        Size::Large => random.between(1000, 60_000),
    };
    i64::try_from(number).expect("small")
}

fn plain(number: i64) -> Figure {
    Figure { number, ..Figure::default() }
}

fn proactive(random: &mut Random, wish: &Wish) -> Vec<Vec<Figure>> {
    let mut all = Vec::new();
    for article in wish.form.articles() {
        for _ in article.rows {
            let figures = article.columns.iter().map(|(column, _)| match *column {
                "change" if random.chance(50) => plain(-count(random, wish.size).min(900)),
                // up to 600 万元, in steps of 100 元
                "amount" => plain(count(random, wish.size) * 10_000 + 37_000_000),
                _ => plain(count(random, wish.size)),
            });
            all.push(figures.collect());
        }
    }
    all
}

/// Parts of a sum, and a place for it.
fn parts(random: &mut Random, size: Size, count: usize) -> Vec<Figure> {
    let mut row: Vec<Figure> = (0..count)
        .map(|_| {
            let number = match size {
                _ if random.chance(45) => 0,
                Size::Small => random.between(1, 4),
                Size::Middle => random.between(1, 60),
                Size::Large => random.between(100, 3000),
            };
            plain(i64::try_from(number).expect("small"))
        })
        .collect();
    row.push(Figure::default());
    row
}

fn odd(figures: &mut Figures, content: &Content, place: Place, form: Form) -> Option<()> {
    let row_of = |key: &str| {
        let mut rows = form.articles().iter().flat_map(|article| article.rows);
        rows.position(|(row, _)| *row == key)
    };
    let set = |row: &mut Vec<Figure>, column: usize, number: i64| {
        row[column] = Figure { number, blank: false, odd: true };
    };
    let alone = |row: &mut Vec<Figure>| row.iter_mut().for_each(|figure| figure.number = 0);
    let rows = figures.applications.len();
    match content.kind {
        'd' => {
            let key =
                if matches!(place, Place::Last | Place::ReviewTotal) { "fees" } else { "licences" };
            let row = row_of(key).filter(|_| form == Form::Trial2019)?;
            set(&mut figures.proactive[row], 1, content.counted);
        }
        'm' => {
            let last = figures.proactive.len() - 1;
            let column = figures.proactive[last].len() - 1;
            set(&mut figures.proactive[last], column, content.counted);
        }
        _ => match place {
            Place::Single => {
                let key = if form == Form::Trial2019 { "procurement" } else { "licences" };
                set(&mut figures.proactive[row_of(key)?], 0, content.counted);
            }
            Place::First => set(&mut figures.proactive[1], 0, content.counted),
            Place::Inner => set(&mut figures.proactive[1], 1, content.counted),
            Place::Last => set(&mut figures.proactive[1], 2, content.counted),
            Place::ApplicationFirst => set(&mut figures.applications[2], 0, content.counted),
            Place::ApplicationInner => set(&mut figures.applications[2], 3, content.counted),
            Place::ApplicationTotal => {
                alone(&mut figures.applications[2]);
                figures.applications[2][0].number = content.counted;
                figures.applications[2][6].odd = true;
            }
            Place::OutcomeTotal => {
                figures.applications[2..rows - 2].iter_mut().for_each(alone);
                figures.applications[2][0].number = content.counted;
                figures.applications[rows - 2][0].odd = true;
            }
            Place::ReviewFirst => set(&mut figures.review[0], 0, content.counted),
            Place::ReviewTotal => {
                alone(&mut figures.review[1]);
                figures.review[1][0].number = content.counted;
                figures.review[1][4].odd = true;
            }
        },
    }
    Some(())
}

/// Empties cells that are no totals; what they count for is nothing.
fn blank_parts(random: &mut Random, figures: &mut Figures, blanks: Blanks) {
    let computed = [0, figures.applications.len() - 2];
    let empty = |figure: &mut Figure| {
        if !figure.odd {
            *figure = Figure { number: 0, blank: true, odd: false };
        }
    };
    let row = |random: &mut Random, row: &mut [Figure], sums: bool| {
        let parts = row.len() - usize::from(sums);
        match blanks {
            Blanks::None => {}
            Blanks::Rows => {
                if random.chance(30) && !row.iter().any(|figure| figure.odd) {
                    row.iter_mut().for_each(empty);
                }
            }
            Blanks::First => {
                if random.chance(50) {
                    empty(&mut row[0]);
                }
            }
            Blanks::Last | Blanks::Trimmed => {
                // totals come later
                if !sums && random.chance(50) {
                    let from = if blanks == Blanks::Last { parts - 1 } else { random.below(parts) };
                    if !row[from..].iter().any(|figure| figure.odd) {
                        row[from..].iter_mut().for_each(empty);
                    }
                }
            }
            _ => {
                for figure in &mut row[..parts] {
                    if random.chance(35) {
                        empty(figure);
                    }
                }
            }
        }
    };
    figures.proactive.iter_mut().for_each(|figures| row(random, figures, false));
    for (index, figures) in figures.applications.iter_mut().enumerate() {
        if !computed.contains(&index) {
            row(random, figures, true);
        }
    }
    figures.review.iter_mut().for_each(|figures| row(random, figures, true));
}

fn add_up(figures: &mut Figures) {
    let rows = &mut figures.applications;
    let last = rows.len() - 1;
    for column in 0..6 {
        let outcomes: i64 = rows[2..last - 1].iter().map(|row| row[column].number).sum();
        rows[last - 1][column].number = outcomes;
        let all = outcomes + rows[last][column].number;
        if rows[1][column].number > all {
            rows[1][column].number = all;
        }
        rows[0][column].number = all - rows[1][column].number;
    }
    for row in figures.applications.iter_mut().chain(&mut figures.review) {
        let total = row.len() - 1;
        row[total].number = row[..total].iter().map(|figure| figure.number).sum();
    }
}

/// Totals and computed cells that are blank too.
fn blank_totals(random: &mut Random, figures: &mut Figures, wish: &Wish) {
    let computed = [0, figures.applications.len() - 2];
    let applications = figures.applications.iter_mut().enumerate();
    let reviews = figures.review.iter_mut().map(|row| (usize::MAX, row));
    for (index, row) in applications.chain(reviews) {
        let total = row.len() - 1;
        let zeros = matches!(
            wish.blanks,
            Blanks::Some
                | Blanks::Dash
                | Blanks::LongDash
                | Blanks::Slash
                | Blanks::Word
                | Blanks::Mixed
                | Blanks::Squeezed
        );
        if zeros && computed.contains(&index) {
            let parts = row[..total].iter_mut().filter(|figure| figure.number == 0 && !figure.odd);
            parts.for_each(|figure| figure.blank = true);
        }
        if wish.blanks == Blanks::Rows && row[..total].iter().all(|figure| figure.blank) {
            row[total].blank = !row[total].odd;
        }
        let ends = matches!(wish.blanks, Blanks::Last | Blanks::Trimmed) && random.chance(40);
        // where a blank total leaves no trace, what stands before it could be taken for it
        if ends && !row[total].odd && (wish.traced || row[total].number == 0) {
            row[total].blank = true;
            if wish.blanks == Blanks::Trimmed {
                for column in (1..total).rev() {
                    if row[column].number != 0 || row[column].odd {
                        break;
                    }
                    row[column].blank = true;
                }
            }
        }
    }
}

/// Makes sums wrong.
fn spoil(random: &mut Random, figures: &mut Figures, wish: &Wish) -> Option<()> {
    let rows = figures.applications.len();
    match wish.sums {
        Sums::Hold | Sums::AllZero => return Some(()),
        Sums::RowTotalWrong => {
            let row = random.pick(&[0, 1, 2, 3, rows - 3, rows - 1]);
            off(random, &mut figures.applications[row][6]);
            let row = random.below(3);
            off(random, &mut figures.review[row][4]);
        }
        Sums::ColumnTotalWrong => {
            let column = random.below(6);
            off(random, &mut figures.applications[rows - 2][column]);
        }
        Sums::TotalsBlank | Sums::TotalsZero => {
            let blank = wish.sums == Sums::TotalsBlank;
            if blank && !wish.traced {
                return None;
            }
            let clear = |figure: &mut Figure| {
                if !figure.odd {
                    figure.blank |= blank;
                    figure.number = 0;
                }
            };
            figures.applications[rows - 2].iter_mut().for_each(clear);
            let all = figures.applications.iter_mut().chain(&mut figures.review);
            all.filter_map(|row| row.last_mut()).for_each(clear);
        }
    }
    if wish.traced {
        return Some(());
    }
    // a row that does not add up must not have another reading that does
    let all = figures.applications.iter().chain(&figures.review);
    let fooled = all.filter(|row| !adds_up(row)).any(|row| could_add_up(row, wish.glued));
    (!fooled).then_some(())
}

fn off(random: &mut Random, figure: &mut Figure) {
    if !figure.odd && !figure.blank {
        figure.number += i64::try_from(random.between(1, 7)).expect("small");
    }
}

fn adds_up(row: &[Figure]) -> bool {
    let total = row.len() - 1;
    row[..total].iter().map(|figure| figure.number).sum::<i64>() == row[total].number
}

/// Whether the printed numbers of a row, blanks anywhere, digits joined or split where they are glued, can add up.
fn could_add_up(row: &[Figure], glued: bool) -> bool {
    let printed = row.iter().filter(|figure| !figure.blank);
    let tokens: Vec<String> = printed.map(|figure| figure.number.to_string()).collect();
    let cells = row.len();
    if !glued {
        return pieces_add_up(&tokens, cells);
    }
    let digits = tokens.concat();
    if digits.len() > 14 {
        // too many ways to look at; long rows are left out
        return true;
    }
    let cuts = digits.len().saturating_sub(1);
    (0..1_u32 << cuts).filter(|set| set.count_ones() < cells as u32).any(|set| {
        let mut pieces = Vec::new();
        let mut from = 0;
        for at in 1..=digits.len() {
            if at == digits.len() || set >> (at - 1) & 1 == 1 {
                pieces.push(digits[from..at].to_owned());
                from = at;
            }
        }
        let honest = pieces.iter().all(|piece| piece.len() == 1 || !piece.starts_with('0'));
        honest && pieces_add_up(&pieces, cells)
    })
}

fn pieces_add_up(pieces: &[String], cells: usize) -> bool {
    let numbers: Vec<i64> = pieces.iter().filter_map(|piece| piece.parse().ok()).collect();
    let Some((total, parts)) = numbers.split_last() else { return false };
    pieces.len() <= cells && parts.iter().sum::<i64>() == *total
}
