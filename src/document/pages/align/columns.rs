//! Where the columns of a table stand that are not ruled.

use super::Piece;

/// Where columns end: between words beside each other, at rules, between numbers that do not stand under each other,
/// between labels and numbers.
pub(super) fn columns(rows: &[Vec<Piece>], pieces: &[&Piece], rules: &[f64]) -> Vec<f64> {
    let mut gaps: Vec<Gap> = rows
        .iter()
        .flat_map(|row| row.windows(2).map(|pair| (pair[0].x.1, pair[1].x.0)))
        .filter(|gap| gap.0 < gap.1)
        .collect();
    gaps.extend(rows.windows(2).flat_map(|pair| beside(&pair[0], &pair[1], first_number(pieces))));
    gaps.extend(rules.iter().map(|at| (at - 0.5, at + 0.5)));
    let mut places = places(gaps, pieces);
    between_numbers(&mut places, pieces);
    behind_labels(&mut places, pieces);
    places
}

fn first_number(pieces: &[&Piece]) -> f64 {
    pieces.iter().filter(|p| p.is_number).map(|p| p.x.0).fold(f64::INFINITY, f64::min)
}

/// Gaps between labels of two lines that stand beside each other all the same: the lines of one are between those of the
/// other.
fn beside(above: &[Piece], below: &[Piece], numbers: f64) -> Vec<Gap> {
    let mut all: Vec<(&Piece, bool)> = above.iter().map(|p| (p, true)).collect();
    all.extend(below.iter().map(|p| (p, false)));
    all.retain(|(p, _)| !p.is_number && p.x.1 < numbers);
    all.sort_by(|a, b| a.0.x.0.total_cmp(&b.0.x.0));
    all.windows(2)
        .filter(|pair| pair[0].1 != pair[1].1)
        .map(|pair| (pair[0].0, pair[1].0))
        .filter(|(a, b)| a.x.1 < b.x.0 && a.y.1.min(b.y.1) - a.y.0.max(b.y.0) > 0.2 * a.size())
        .map(|(a, b)| (a.x.1, b.x.0))
        .collect()
}

/// A gap, or a vertical rule: somewhere in it a column ends.
type Gap = (f64, f64);

/// The fewest places that lie in every gap; in each the place that cuts the fewest pieces.
fn places(mut gaps: Vec<Gap>, pieces: &[&Piece]) -> Vec<f64> {
    gaps.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut groups: Vec<Gap> = Vec::new();
    for gap in gaps {
        match groups.last_mut() {
            Some(group) if gap.0 <= group.1 => group.0 = group.0.max(gap.0),
            _ => groups.push(gap),
        }
    }
    let header = header(pieces);
    groups
        .into_iter()
        .map(|(from, to)| {
            let mut ends: Vec<f64> = pieces
                .iter()
                .flat_map(|p| [p.x.0, p.x.1])
                .filter(|x| (from..=to).contains(x))
                .chain([from, to])
                .collect();
            ends.sort_by(f64::total_cmp);
            let cuts = |x: f64| {
                let cut = || pieces.iter().filter(|p| p.x.0 < x && x < p.x.1);
                // words over several columns may be cut sooner than those of one
                (cut().filter(|p| !stands_over(p, &header)).count(), cut().count())
            };
            let best = ends
                .windows(2)
                .map(|pair| (f64::midpoint(pair[0], pair[1]), pair[1] - pair[0]))
                .min_by(|a, b| cuts(a.0).cmp(&cuts(b.0)).then(b.1.total_cmp(&a.1)));
            best.map_or(from, |(x, _)| x)
        })
        .collect()
}

/// The words over the first numbers.
pub(super) fn header<'p>(pieces: &[&'p Piece]) -> Vec<&'p Piece> {
    let top = pieces.iter().filter(|p| p.is_number).map(|p| p.y.0).fold(f64::INFINITY, f64::min);
    pieces.iter().copied().filter(|p| !p.is_number && p.y.1 < top).collect()
}

/// What stands under each other, as one: left and right ends from left to right.
pub(super) fn stacks<'p>(pieces: impl Iterator<Item = &'p Piece>) -> Vec<(f64, f64)> {
    let mut ends: Vec<(f64, f64)> = pieces.map(|p| p.x).collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    ends.dedup_by(|next, last| {
        let under = next.0 < last.1;
        if under {
            last.1 = last.1.max(next.1);
        }
        under
    });
    ends
}

/// Whether the numbers stand at the right end of their columns and the words over them at the left end: each number
/// behind words, none behind the same as another, and the last behind the last words or under them and further to the
/// right, so that it can be nobody else's.
fn numbers_stand_right(pieces: &[&Piece]) -> bool {
    let header = header(pieces);
    let words = stacks(header.iter().copied().filter(|p| !stands_over(p, &header)));
    let numbers = stacks(pieces.iter().copied().filter(|p| p.is_number));
    let (Some(last_words), Some(last)) = (words.last(), numbers.last()) else { return false };
    let behind = |number: &(f64, f64)| {
        let behind = words.partition_point(|words| words.0 <= number.0);
        let ends = words.get(behind).is_none_or(|next| number.1 <= next.0);
        behind.checked_sub(1).filter(|_| ends)
    };
    let owners: Option<Vec<usize>> = numbers.iter().map(behind).collect();
    last.0 > last_words.0
        && last.1 > last_words.1
        && owners.is_some_and(|owners| owners.windows(2).all(|pair| pair[0] < pair[1]))
}

/// Whether words of a header stand over others of it.
fn stands_over(words: &Piece, header: &[&Piece]) -> bool {
    header
        .iter()
        .any(|other| other.y.0 > words.middle() && other.x.0 < words.x.1 && words.x.0 < other.x.1)
}

/// Places between numbers of one column, or a number and the words over it, that do not stand under each other.
fn between_numbers(places: &mut Vec<f64>, pieces: &[&Piece]) {
    let of_numbers = |of: fn(&Piece) -> f64| {
        pieces.iter().filter(|p| p.is_number).map(|p| of(p)).fold(f64::INFINITY, f64::min)
    };
    let (left, top) = (of_numbers(|p| p.x.0), of_numbers(|p| p.y.0));
    let labels = places.first().copied().unwrap_or(f64::NEG_INFINITY);
    let is_header = |p: &Piece| p.x.0 > left - p.size() || (p.y.1 < top && p.x.0 > labels);
    let mut numbers: Vec<&&Piece> = pieces
        .iter()
        .filter(|p| p.is_number || is_header(p))
        .filter(|p| !places.iter().any(|x| p.x.0 < *x && *x < p.x.1))
        .collect();
    numbers.sort_by(|a, b| a.x.0.total_cmp(&b.x.0));
    let stand_right = numbers_stand_right(pieces);
    let mut end = f64::NEG_INFINITY;
    let mut behind_words = false;
    for number in numbers {
        let parted = places.iter().any(|x| (end..=number.x.0).contains(x));
        let own = stand_right && behind_words && number.is_number;
        if end.is_finite() && number.x.0 > end && !parted && !own {
            places.push(f64::midpoint(end, number.x.0));
        }
        if number.x.1 > end {
            (end, behind_words) = (number.x.1, !number.is_number);
        }
    }
    places.sort_by(f64::total_cmp);
}

/// Places between labels and the numbers right of them, where no line has both: a number at the height of the middle of
/// a label of two lines.
fn behind_labels(places: &mut Vec<f64>, pieces: &[&Piece]) {
    let top = pieces.iter().filter(|p| p.is_number).map(|p| p.y.0).fold(f64::INFINITY, f64::min);
    let columns: Vec<(f64, f64)> = std::iter::once(f64::NEG_INFINITY)
        .chain(places.iter().copied())
        .zip(places.iter().copied().chain([f64::INFINITY]))
        .collect();
    for (left, right) in columns {
        let own = || pieces.iter().filter(|p| left <= p.x.0 && p.x.1 <= right);
        let numbers = own().filter(|p| p.is_number).map(|p| p.x.0).fold(f64::INFINITY, f64::min);
        let labels = own().filter(|p| !p.is_number && p.y.1 > top);
        let labels = labels.map(|p| p.x.1).fold(f64::NEG_INFINITY, f64::max);
        if labels.is_finite() && numbers.is_finite() && labels < numbers {
            places.push(f64::midpoint(labels, numbers));
        }
    }
    places.sort_by(f64::total_cmp);
}
