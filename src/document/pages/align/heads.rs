//! Columns by their heads: each of the lowest words of a header stands over one column, whether numbers stand in it or
//! not.

use super::Piece;
use super::columns::{header, stacks};
use crate::document::pages::lines::Word;

/// Numbers at the right end of their columns end so near before the next head, in ems.
const MARGIN: f64 = 1.1;
/// Distances that differ by less, in ems, are one.
const SAME: f64 = 0.15;

/// The columns that a header names.
pub(super) struct Headed {
    /// Where columns end.
    pub(super) places: Vec<f64>,
    /// How many of the columns are those of labels.
    pub(super) labels: usize,
}

/// Words over one column.
#[derive(Clone, Copy, Debug)]
struct Head {
    x: (f64, f64),
    y: (f64, f64),
}

impl Head {
    fn middle(&self) -> f64 {
        f64::midpoint(self.x.0, self.x.1)
    }
}

/// The columns that the header names; none where a number could stand in no or several of them. `known` are the places
/// where columns of labels end.
pub(super) fn headed(pieces: &[&Piece], known: &[f64]) -> Option<Headed> {
    let top = pieces.iter().filter(|p| p.is_number).map(|p| p.y.0).fold(f64::INFINITY, f64::min);
    let labels_end = pieces
        .iter()
        .filter(|p| !p.is_number && p.y.1 >= top)
        .map(|p| p.x.1)
        .fold(f64::NEG_INFINITY, f64::max);
    let numbers = stacks(pieces.iter().copied().filter(|p| p.is_number));
    let words: Vec<Piece> = header(pieces)
        .into_iter()
        .filter(|p| p.x.0 >= labels_end)
        .flat_map(|p| parted(p, &numbers))
        .collect();
    let heads = heads(words.iter().collect());
    let size = pieces.iter().find(|p| p.is_number)?.size();
    if heads.len() < 2 || numbers[0].0 < labels_end {
        return None;
    }
    let owners = under(&heads, &numbers).or_else(|| behind(&heads, &numbers, size))?;
    // each column with what stands in it
    let mut columns: Vec<(f64, f64)> = heads.iter().map(|head| head.x).collect();
    for (owner, number) in owners.iter().zip(&numbers) {
        let column = &mut columns[*owner];
        *column = (column.0.min(number.0), column.1.max(number.1));
    }
    if columns.windows(2).any(|pair| pair[0].1 > pair[1].0) {
        return None;
    }
    let mut places: Vec<f64> = known.iter().copied().filter(|x| *x < labels_end).collect();
    if labels_end.is_finite() {
        places.push(f64::midpoint(labels_end, columns[0].0));
    }
    let labels = places.len();
    places.extend(columns.windows(2).map(|pair| f64::midpoint(pair[0].1, pair[1].0)));
    Some(Headed { places, labels })
}

/// Words that stand near each other, each by itself when numbers stand under several of them.
fn parted(piece: &Piece, numbers: &[(f64, f64)]) -> Vec<Piece> {
    let over = |number: &&(f64, f64), x: (f64, f64)| number.0 < x.1 && x.0 < number.1;
    let alone = numbers
        .iter()
        .filter(|number| over(number, piece.x))
        .all(|number| piece.words.iter().filter(|word| over(&number, word.x)).count() == 1);
    let owners = piece.words.iter().filter(|word| numbers.iter().any(|n| over(&n, word.x)));
    if !alone || owners.count() < 2 {
        return vec![piece.clone()];
    }
    let word =
        |word: &Word| Piece { words: vec![word.clone()], x: word.x, y: word.y, ..piece.clone() };
    piece.words.iter().map(word).collect()
}

/// The lowest words of a header with those of their lines above them, from left to right.
fn heads(mut header: Vec<&Piece>) -> Vec<Head> {
    header.sort_by(|a, b| b.y.1.total_cmp(&a.y.1));
    let mut heads: Vec<Head> = Vec::new();
    for piece in header {
        let over =
            |x: (f64, f64), head: &Head| x.1.min(head.x.1) - x.0.max(head.x.0) > 0.1 * piece.size();
        let mut own = heads.iter_mut().filter(|head| over(piece.x, head));
        match (own.next(), own.next()) {
            (None, _) => heads.push(Head { x: piece.x, y: piece.y }),
            (Some(head), None) => {
                head.x = (head.x.0.min(piece.x.0), head.x.1.max(piece.x.1));
                head.y.0 = head.y.0.min(piece.y.0);
            }
            // words over several columns
            _ => {}
        }
    }
    heads.sort_by(|a, b| a.x.0.total_cmp(&b.x.0));
    // words over two columns may be shorter than the gap between the heads under them
    let steps: Vec<f64> =
        heads.windows(2).map(|pair| pair[1].middle() - pair[0].middle()).collect();
    let is_between = |at: usize| {
        let (before, after) = (heads.get(at.checked_sub(1)?)?, heads.get(at + 1)?);
        let above = heads[at].y.1 <= before.y.0 && heads[at].y.1 <= after.y.0;
        let mut others: Vec<f64> =
            (0..steps.len()).filter(|s| *s != at && s + 1 != at).map(|s| steps[s]).collect();
        others.sort_by(f64::total_cmp);
        let usual = others.get(others.len() / 2)?;
        Some(above && after.middle() - before.middle() < 1.5 * usual)
    };
    let keeps: Vec<bool> = (0..heads.len()).map(|at| is_between(at) != Some(true)).collect();
    let mut keeps = keeps.into_iter();
    heads.retain(|_| keeps.next() == Some(true));
    heads
}

/// The head of each number, when each stands under one of its own.
fn under(heads: &[Head], numbers: &[(f64, f64)]) -> Option<Vec<usize>> {
    let owner = |number: &(f64, f64)| {
        let own = |(_, head): &(usize, &Head)| number.0 < head.x.1 && head.x.0 < number.1;
        let mut own = heads.iter().enumerate().filter(own);
        own.next().filter(|_| own.next().is_none()).map(|(at, _)| at)
    };
    in_order(numbers.iter().map(owner).collect::<Option<_>>()?)
}

/// The head of each number, when the heads stand at the left end of their columns and the numbers at the right end: none
/// reaches the next head, and it shows that they belong to the one before, by the last of them or because all end
/// equally near before the next.
fn behind(heads: &[Head], numbers: &[(f64, f64)], size: f64) -> Option<Vec<usize>> {
    let owner = |number: &(f64, f64)| {
        let next = heads.partition_point(|head| head.x.0 <= number.0);
        let ends = heads.get(next).is_none_or(|next| number.1 <= next.x.0);
        next.checked_sub(1).filter(|_| ends)
    };
    let owners = in_order(numbers.iter().map(owner).collect::<Option<_>>()?)?;
    let last = heads.len() - 1;
    let is_last = owners.last() == Some(&last)
        && numbers.last().is_some_and(|number| number.1 > heads[last].x.1);
    let margins: Vec<f64> = owners
        .iter()
        .zip(numbers)
        .filter_map(|(owner, number)| Some(heads.get(owner + 1)?.x.0 - number.1))
        .collect();
    let least = margins.iter().copied().fold(f64::INFINITY, f64::min);
    let most = margins.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let near = margins.len() > 1 && most < MARGIN * size && most - least < SAME * size;
    (is_last || near).then_some(owners)
}

/// Owners from left to right, when no two numbers have one.
fn in_order(owners: Vec<usize>) -> Option<Vec<usize>> {
    owners.windows(2).all(|pair| pair[0] < pair[1]).then_some(owners)
}
