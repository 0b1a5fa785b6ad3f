//! What was read from a picture is a guess: a number is given only where sums of the form prove it.
//!
//! A cell has candidates, and the sums choose among them, never beyond them: a number that fits no candidate of all others
//! is no candidate any more. A sum that holds with the only numbers that remain proves them, because a wrong digit breaks
//! it, unless another is wrong by as much. So a sum proves nothing in which two numbers are in doubt that no other sum
//! confirms, and no number is given that stands in a sum which no candidates fulfil, unless that sum has numbers of its own
//! to blame: those that break all their sums, each by as much as the others say.

mod solver;

use crate::document::blocks::Blocks;
use crate::grammar::Grammar;
use crate::number::Decimal;
use crate::reading::{Cell, CheckRef, Status};
use crate::records::TableRecord;
use crate::records::check::{applications, cell_of_term};
use crate::span::Span;
use solver::Solver;
use std::sync::OnceLock;

/// A candidate counts that is so likely beside the likeliest: what is ruled out without a sum must be out of question.
const COUNTS: f32 = 1e-3;
/// Digits behind the point.
const SCALE: u8 = 6;

/// How likely a number must be to be given without a proof, where the user wants that.
static ACCEPTED: OnceLock<f32> = OnceLock::new();

/// Gives numbers that no sum proves as `recognised` where they are so likely. Only the first call counts.
#[cfg(all(feature = "cli", feature = "ocr"))]
pub(crate) fn accept(likely: f32) {
    let _ = ACCEPTED.set(likely);
}

/// How likely a number must be to be given without a proof; none where none is.
pub(crate) fn accepted() -> Option<f32> {
    ACCEPTED.get().copied()
}

/// What a place of the text is.
#[derive(Clone, Copy, Debug)]
enum Said<'r> {
    /// It is printed as text.
    Text,
    /// It was read from a picture, and is one of these numbers; none where nobody can tell.
    Guess(&'r [(String, f32)]),
    /// It was read from a picture, and no ruled lines say what stands there.
    Unruled,
}

/// A candidate of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Candidate {
    value: Decimal,
    likely: f32,
}

/// What is known of a cell before sums speak.
#[derive(Clone, Debug, PartialEq)]
enum Known {
    /// Nothing, or too much.
    Nothing,
    /// It is printed as text, with this value.
    Printed(Decimal),
    /// Nothing stands in it.
    Blank,
    /// One of these, the likeliest first.
    Guess(Vec<Candidate>),
}

/// A sum of one table: its cells, each with its sign.
struct Sum {
    check: CheckRef,
    cells: Vec<(i8, usize)>,
}

/// Takes back what no sum proves of what was read from pictures.
pub(crate) fn keep(grammar: &Grammar, tables: &mut [TableRecord], blocks: Option<&Blocks>) {
    let Some(blocks) = blocks.filter(|blocks| !blocks.guessed.is_empty()) else { return };
    keep_guessed(grammar, tables, accepted(), |span| {
        // without a cell around it nobody sees that nothing stands somewhere
        let is_cell = || blocks.cell_at(span.start).is_some_and(|(_, cell)| cell.span == span);
        match blocks.is_guess(span) && !blocks.is_witnessed(span) {
            true if span.is_empty() && !is_cell() => Said::Unruled,
            true => Said::Guess(blocks.readings_of(span)),
            false => Said::Text,
        }
    });
}

/// Takes back what no sum proves of the cells whose text is a guess: a number stays a candidate, and that nothing stands in
/// a cell is not said. `says` tells what a place is, `accepted` how likely a number must be to be given all the same.
fn keep_guessed<'r>(
    grammar: &Grammar,
    tables: &mut [TableRecord],
    accepted: Option<f32>,
    says: impl Fn(Span) -> Said<'r>,
) {
    for record in tables {
        let table = &grammar.tables[record.table];
        let is_count = |row: usize, column: usize| table.unit(&table.rows[row], column) != "万元";
        let counts = (0..table.rows.len()).flat_map(|row| {
            let columns = table.rows[row].columns.iter();
            columns.map(move |column| is_count(row, *column))
        });
        let known: Vec<Known> = record
            .cells
            .iter()
            .zip(counts)
            .map(|(cell, is_count)| known(cell, says(cell.span()), is_count))
            .collect();
        let solver = Solver::new(sums(grammar, record.table), known);
        let proofs = solver.proofs();
        // sums of blanks alone hold as well where no number was seen
        let is_proven = |(nth, proof): (usize, &Vec<CheckRef>)| {
            !proof.is_empty() && solver.value(nth).is_some()
        };
        let has_number = proofs.iter().enumerate().any(is_proven);
        for (nth, (cell, proof)) in record.cells.iter_mut().zip(proofs).enumerate() {
            let span = cell.span();
            let readings = match says(span) {
                Said::Guess(readings) => readings,
                Said::Unruled => &[],
                Said::Text => continue,
            };
            let proven = match solver.value(nth) {
                _ if proof.is_empty() => None,
                Some(value) => Cell::solved(value, span, proof),
                None => (cell.status() == Status::Blank && has_number).then(|| Cell::blank(span)),
            };
            let open = || match (cell.status(), cell.value()) {
                (Status::Missing, _) => Cell::MISSING,
                (status, None) if status != Status::Blank && readings.is_empty() => cell.clone(),
                (_, Some(value)) if !matches!(solver.known[nth], Known::Guess(_)) => {
                    Cell::ambiguous(span, vec![value])
                }
                _ => {
                    let listed = candidates(readings).into_iter().map(|c| (c.value, c.likely));
                    Cell::guessed(span, listed.collect())
                }
            };
            let accepted = || {
                let first = solver.likeliest(nth)?;
                (first.likely >= accepted? && !solver.is_contradicted(nth))
                    .then(|| Cell::recognised(first.value, first.likely, span))
            };
            *cell = proven.or_else(accepted).unwrap_or_else(open);
        }
    }
}

/// What is known of a cell.
fn known(cell: &Cell, said: Said<'_>, is_count: bool) -> Known {
    match (said, cell.status(), cell.value()) {
        (Said::Text | Said::Guess([]), Status::Blank, _) => Known::Blank,
        (Said::Text, _, Some(value)) => Known::Printed(value),
        (Said::Guess(readings), status, value) => {
            let mut candidates = candidates(readings);
            if status == Status::Unreadable {
                // more stands in it than a number: what it is as one is in doubt
                for own in &mut candidates {
                    own.likely *= 0.5;
                }
            }
            // a cell that has more than the number, or another unit, is not what was read there
            let is_it = match (status, value) {
                (Status::Read | Status::Solved, Some(value)) => {
                    candidates.first().is_some_and(|first| first.value == value)
                }
                (Status::Unreadable, _) => is_count && !candidates.is_empty(),
                _ => false,
            };
            if is_it { Known::Guess(candidates) } else { Known::Nothing }
        }
        _ => Known::Nothing,
    }
}

/// The numbers among readings, the likeliest first.
fn candidates(readings: &[(String, f32)]) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = Vec::with_capacity(readings.len());
    for (text, likely) in readings {
        let Some(value) = number(text) else { continue };
        match candidates.iter_mut().find(|own| own.value == value) {
            Some(own) => own.likely += likely,
            None => candidates.push(Candidate { value, likely: *likely }),
        }
    }
    candidates.sort_by(|a, b| b.likely.total_cmp(&a.likely));
    let most = candidates.first().map_or(0.0, |first| first.likely);
    candidates.retain(|candidate| candidate.likely >= COUNTS * most);
    candidates
}

/// The number that digits are: commas part thousands, and no number but nought begins with one.
fn number(text: &str) -> Option<Decimal> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(a, b)| (a, Some(b)));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let has_groups = whole.contains(',');
    if has_groups && first.len() > 3 || groups.any(|group| group.len() != 3) {
        return None;
    }
    if first.is_empty() || whole.len() > 1 && first.starts_with('0') || fraction == Some("") {
        return None;
    }
    let digits = text.replace(',', "");
    Decimal::parse(&digits).filter(|value| value.scale() <= SCALE)
}

/// The sums of a table.
fn sums(grammar: &Grammar, at: usize) -> Vec<Sum> {
    let table = &grammar.tables[at];
    let first: Vec<usize> = table.first_cells().collect();
    let sum = |(_, e, at): (usize, usize, usize)| {
        let equation = &table.equations[e];
        let cell = |(sign, name): &(i8, usize)| {
            let (row, column) = cell_of_term(equation, at, *name);
            let place = table.rows[row].columns.iter().position(|own| *own == column)?;
            Some((*sign, first[row] + place))
        };
        let cells = equation.terms.iter().map(cell).collect::<Option<Vec<(i8, usize)>>>()?;
        let check = CheckRef { equation: u16::try_from(e).ok()?, at: u16::try_from(at).ok()? };
        Some(Sum { check, cells })
    };
    applications(grammar, at).filter_map(sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::{Each, GrammarSet, Table};
    use crate::reading::RowProof;
    use crate::reading::place::one_way;

    /// Numbers that are the same in every run.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, end: u64) -> u64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % end
        }

        fn chance(&mut self, of_thousand: u64) -> bool {
            self.below(1000) < of_thousand
        }
    }

    /// Numbers of a table of which all sums hold.
    fn filled(table: &Table, dice: &mut Dice) -> Vec<Vec<i64>> {
        let mut values: Vec<Vec<i64>> = table
            .rows
            .iter()
            .map(|row| {
                let mut count = |_: &usize| match dice.below(10) {
                    0..=5 => 0,
                    6..=8 => dice.below(10) as i64,
                    _ => dice.below(300) as i64,
                };
                row.columns.iter().map(&mut count).collect()
            })
            .collect();
        // totals of totals: what depends on others comes right after some rounds
        for _ in 0..4 {
            for equation in &table.equations {
                let sides = equation.terms.split_at(equation.left);
                // one term stands alone on its side: it is the total
                let (parts, total) = if sides.1.len() == 1 { sides } else { (sides.1, sides.0) };
                let Some((last, more)) = total.split_last() else { continue };
                let count =
                    if equation.each == Each::Row { table.rows.len() } else { table.columns.len() };
                for at in 0..count {
                    let place = |name: usize| {
                        let (row, column) = cell_of_term(equation, at, name);
                        let nth = table.rows[row].columns.iter().position(|own| *own == column)?;
                        Some((row, nth))
                    };
                    let sum = |terms: &[(i8, usize)], values: &[Vec<i64>]| -> Option<i64> {
                        terms.iter().map(|(_, n)| place(*n).map(|(r, c)| values[r][c])).sum()
                    };
                    if let (Some(sum), Some(rest), Some((row, nth))) =
                        (sum(parts, &values), sum(more, &values), place(last.1))
                    {
                        values[row][nth] = sum - rest;
                    }
                }
            }
        }
        values
    }

    /// A digit of a number read as another one.
    fn misread(value: i64, dice: &mut Dice) -> i64 {
        let mut digits = value.to_string().into_bytes();
        let at = dice.below(digits.len() as u64) as usize;
        if digits[at].is_ascii_digit() {
            digits[at] = b'0' + (digits[at] - b'0' + 1 + dice.below(9) as u8) % 10;
        }
        String::from_utf8_lossy(&digits).parse().unwrap_or(value + 1)
    }

    /// What a recogniser says of a number that it reads right, or wrong.
    fn readings(value: i64, is_wrong: bool, dice: &mut Dice) -> Vec<(String, f32)> {
        let other = misread(value, dice);
        let share = |dice: &mut Dice| f32::from(dice.below(1000) as u16) / 1000.0;
        let (value, other) = (value.to_string(), other.to_string());
        match (is_wrong, dice.below(20)) {
            // one in twenty that is read right is in doubt
            (false, 0) => {
                let likely = 0.5 + 0.5 * share(dice);
                vec![(value, likely), (other, 1.0 - likely)]
            }
            (false, _) => vec![(value, 0.999), (other, 0.0005)],
            // and one that is read wrong is in no doubt
            (true, 0) => vec![(other, 0.9 + 0.09 * share(dice))],
            (true, 1..4) => vec![(other, 0.5 + 0.5 * share(dice))],
            (true, _) => {
                let likely = 0.5 + 0.49 * share(dice);
                vec![(other, likely), (value, 1.0 - likely)]
            }
        }
    }

    /// The cells of a table, as far as they are given, and their truth.
    fn kept(
        (grammar, at): (&Grammar, usize),
        readings: &[Vec<(String, f32)>],
        accepted: Option<f32>,
    ) -> Vec<(Status, Option<Decimal>)> {
        let cells = (0..)
            .zip(readings)
            .map(|(nth, readings): (u32, _)| {
                let span = Span::new(10 * nth, 10 * nth + 5);
                let best = readings.first().and_then(|(text, _)| number(text));
                match best {
                    Some(value) => Cell::read(value, span, one_way(RowProof::Label)),
                    None => Cell::blank(span),
                }
            })
            .collect();
        let mut tables = [TableRecord { table: at, cells }];
        keep_guessed(grammar, &mut tables, accepted, |span| {
            Said::Guess(&readings[span.start as usize / 10])
        });
        tables[0].cells.iter().map(|cell| (cell.status(), cell.value())).collect()
    }

    fn table(key: &str) -> (&'static Grammar, usize) {
        static SET: std::sync::OnceLock<GrammarSet> = std::sync::OnceLock::new();
        let set = SET.get_or_init(GrammarSet::built_in);
        let grammar = set.all().iter().find(|g| g.id == "disclosure-2021").expect("it is built in");
        (grammar, grammar.tables.iter().position(|t| t.key == key).expect("it has it"))
    }

    #[test]
    fn ok_sums_and_not_luck_decide() {
        const TABLES: usize = 120;
        for key in ["applications", "review_litigation"] {
            let (grammar, at) = table(key);
            let mut dice = Dice(7);
            let mut before = usize::MAX;
            for rate in [0, 2, 5, 10, 20, 50, 100, 200, 400] {
                let (mut given, mut wrong, mut cells) = (0, 0, 0);
                for _ in 0..TABLES {
                    let truth = filled(&grammar.tables[at], &mut dice).into_iter().flatten();
                    let truth: Vec<i64> = truth.collect();
                    let read: Vec<Vec<(String, f32)>> = truth
                        .iter()
                        .map(|value| {
                            let is_wrong = dice.chance(rate);
                            readings(*value, is_wrong, &mut dice)
                        })
                        .collect();
                    cells += truth.len();
                    for ((_, value), truth) in kept((grammar, at), &read, None).iter().zip(&truth) {
                        let Some(value) = value else { continue };
                        given += 1;
                        wrong += usize::from(value.integer() != Some(*truth));
                    }
                }
                println!("{key}, {rate} of 1000 misread: {given} of {cells} given, {wrong} wrong");
                assert_eq!(wrong, 0, "{key}, {rate} of 1000 misread");
                // but for the luck of the dice
                assert!(
                    given <= before.saturating_add(cells / 50),
                    "{given} given, {before} before"
                );
                before = given;
            }
        }
    }

    /// What cells of a row of five say, the last of which is the total.
    fn row(cells: [&[(&str, f32)]; 5]) -> Vec<Option<i64>> {
        row_of(cells, None).into_iter().map(|(_, value)| value).collect()
    }

    fn row_of(cells: [&[(&str, f32)]; 5], accepted: Option<f32>) -> Vec<(Status, Option<i64>)> {
        let read = |cell: &[(&str, f32)]| -> Vec<(String, f32)> {
            cell.iter().map(|(text, likely)| ((*text).to_owned(), *likely)).collect()
        };
        let zero = || vec![("0".to_owned(), 0.999)];
        let readings: Vec<Vec<(String, f32)>> =
            cells.into_iter().map(read).chain((0..10).map(|_| zero())).collect();
        let kept = kept(table("review_litigation"), &readings, accepted);
        let integer = |(status, value): &(Status, Option<Decimal>)| {
            (*status, value.and_then(Decimal::integer))
        };
        kept[..5].iter().map(integer).collect()
    }

    #[test]
    fn ok_likely_numbers_are_given_where_the_user_wants_that() {
        const NONE: &[(&str, f32)] = &[("0", 0.9995)];
        let given = |cells| {
            let kept = row_of(cells, Some(0.99));
            kept.into_iter().map(|(status, value)| value.map(|own| (status.name(), own))).collect()
        };
        // a sum of two numbers in doubt proves nothing
        let three = [("3", 0.9995)];
        let (doubt, total) = ([("4", 0.95), ("1", 0.05)], [("7", 0.6), ("4", 0.4)]);
        let all: Vec<Option<(&str, i64)>> = given([&three, NONE, &doubt, NONE, &total]);
        let likely = |value| Some(("recognised", value));
        assert_eq!(all, [likely(3), likely(0), None, likely(0), None]);
        // what a sum speaks against is not given, however likely it is
        let broken: Vec<Option<(&str, i64)>> = given([&three, NONE, NONE, NONE, &[("5", 0.9999)]]);
        assert_eq!(broken, [None; 5]);
        // what a sum proves is proven
        let proven: Vec<Option<(&str, i64)>> = given([&three, NONE, NONE, NONE, &three]);
        assert_eq!(proven[0], Some(("solved", 3)));
    }

    #[test]
    fn err_one_misreading_of_a_number_and_its_echo() {
        const NONE: &[(&str, f32)] = &[("0", 0.9995)];
        // a 6 that is read as 8 wherever it stands fulfils its sum, and no other sum speaks
        for likely in [0.5, 0.8, 0.92, 0.98] {
            let eight = [("8", likely), ("6", 1.0 - likely)];
            assert_eq!(row([&eight, NONE, NONE, NONE, &eight])[0], None, "{likely}");
            let alone = [("8", likely)];
            assert_eq!(row([&alone, NONE, NONE, NONE, &alone])[0], None, "{likely}");
        }
    }

    #[test]
    fn err_sums_that_hold_by_luck() {
        let (grammar, at) = table("applications");
        let width = grammar.tables[at].columns.len();
        let mut dice = Dice(11);
        for _ in 0..60 {
            let truth: Vec<i64> =
                filled(&grammar.tables[at], &mut dice).into_iter().flatten().collect();
            let wrong = |misread: &dyn Fn(usize, i64) -> i64| {
                let sure = |(nth, value): (usize, &i64)| {
                    vec![(misread(nth, *value).to_string(), 0.95), (value.to_string(), 0.05)]
                };
                let read: Vec<_> = truth.iter().enumerate().map(sure).collect();
                let kept = kept((grammar, at), &read, None);
                let is_wrong = |(cell, truth): &(&(Status, Option<Decimal>), &i64)| {
                    cell.1.is_some_and(|value| value.integer() != Some(**truth))
                };
                kept.iter().zip(&truth).filter(is_wrong).count()
            };
            let rows = truth.len() / width;
            let (row, column) = (2 + dice.below(18) as usize, dice.below(5) as usize);
            let cell = row * width + column;
            // a cell and the total of its row, misread by as much: the column speaks against it
            let total = row * width + width - 1;
            let in_row = |nth: usize, value: i64| value + i64::from(nth == cell || nth == total);
            assert_eq!(wrong(&in_row), 0);
            // two cells of a row that cancel each other
            let cancels = |nth: usize, value: i64| match nth {
                _ if nth == cell => value + 3,
                _ if nth == cell + 1 => (value - 3).max(0),
                _ => value,
            };
            assert_eq!(wrong(&cancels), 0);
            // the numbers of a row one column aside, of a column one row lower
            let aside = |nth: usize, value: i64| {
                if nth / width == row && nth % width == column + 1 { truth[nth - 1] } else { value }
            };
            assert_eq!(wrong(&aside), 0);
            let lower = |nth: usize, value: i64| {
                let is_it = nth % width == column && (3..rows - 3).contains(&(nth / width));
                if is_it { truth[nth - width] } else { value }
            };
            assert_eq!(wrong(&lower), 0);
        }
    }

    #[test]
    fn ok_a_sum_chooses_among_what_was_read() {
        const NONE: &[(&str, f32)] = &[("0", 0.999)];
        let sure = |text| [(text, 0.999)];
        let given = row([&[("8", 0.6), ("3", 0.4)], NONE, NONE, NONE, &sure("3")]);
        assert_eq!(given, [Some(3), Some(0), Some(0), Some(0), Some(3)]);
        // two in doubt that both readings fit
        let doubt: &[(&str, f32)] = &[("8", 0.97), ("3", 0.03)];
        assert_eq!(row([doubt, NONE, NONE, NONE, doubt]), [None; 5]);
        // two in doubt, and only one reading fits: by luck
        let (eight, seven) = ([("8", 0.8), ("3", 0.2)], [("7", 0.6), ("1", 0.4)]);
        assert_eq!(row([&eight, &seven, NONE, NONE, &sure("15")]), [None; 5]);
        // beyond what was read nothing is given, whatever the sum says
        assert_eq!(row([&sure("3"), NONE, NONE, NONE, &sure("5")]), [None; 5]);
        // hardly likely, and another number may be wrong as well
        let hardly: &[(&str, f32)] = &[("8", 0.98), ("3", 0.01)];
        assert_eq!(row([hardly, NONE, NONE, NONE, &sure("3")]), [None; 5]);
        // nothing stands there, and the sum says so too
        assert_eq!(row([&sure("3"), &[], NONE, NONE, &sure("3")])[0], Some(3));
    }

    #[test]
    fn err_sums_of_blanks_alone() {
        let blanks = vec![Vec::new(); 15];
        let of = |readings: &[_]| kept(table("review_litigation"), readings, None);
        assert!(of(&blanks).iter().all(|(status, _)| *status != Status::Blank));
        // where a number is proven in the table, nothing stands in the other cells
        let three = vec![("3".to_owned(), 0.999)];
        let row = [three.clone(), Vec::new(), Vec::new(), Vec::new(), three];
        let kept = of(&[&row[..], &blanks[5..]].concat());
        assert_eq!(kept.iter().filter(|(status, _)| *status == Status::Blank).count(), 13);
    }

    #[test]
    fn err_ink_that_is_no_number_is_no_nought() {
        const NONE: &[(&str, f32)] = &[("0", 0.999)];
        let three = [("3", 0.999)];
        // a fold that looks like a one, and a smear
        for ink in [&[("1", 0.7), ("0", 0.3)][..], &[("0", 0.4)]] {
            assert_eq!(row([&three, ink, NONE, NONE, &three]), [None; 5], "{ink:?}");
        }
    }

    #[test]
    fn ok_what_is_a_number() {
        let value = |text| number(text).map(|value| value.to_string());
        assert_eq!(value("1,234").as_deref(), Some("1234"));
        assert_eq!(value("0.5").as_deref(), Some("0.5"));
        for none in ["", "012", "1,23", "1234,567", "1.", ".5", ",123", "1.2.3"] {
            assert_eq!(value(none), None, "{none}");
        }
    }
}
