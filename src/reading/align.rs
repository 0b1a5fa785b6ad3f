//! Which row of the form is each unit of evidence? Rows come in the form's order, so this is an ordered alignment.
//!
//! A dynamic programme over units × rows. A match scores by where labels stand; skipping a unit or a labelled row
//! costs; a wrong order is impossible. A unit whose second-best row is nearly as good as its best stays open, one behind
//! words that are no label of the form is another row, and one without any label needs both its neighbours.

use super::place::RowProof;
use crate::fold::{self, Class};
use crate::grammar::matcher::split_ordinal;
use crate::grammar::{Part, Table};
use crate::tables::{Evidence, Head, Label, Measure, Piece, PrintedRow, ordinal_before};

/// The label stands directly before the unit.
const ADJACENT: i32 = 12;
/// The label's end stands directly after the unit: wrapped around its numbers.
const WRAPPED: i32 = 10;
/// A block of labels beside a block of as many units: first to first.
const IN_BLOCK: i32 = 9;
/// As many units as the form has rows.
const ALL_THERE: i32 = 6;
/// The label stands somewhere before, other labels between.
const BEFORE: i32 = 3;
/// No label on this side: the order decides.
const UNLABELLED: i32 = 1;
/// Another row's label stands directly before the unit.
const FOREIGN: i32 = -6;
/// A unit without a row, when it is as wide as a row, or not.
const SKIP_WIDE_UNIT: i32 = -5;
const SKIP_UNIT: i32 = -1;
/// A labelled row without a unit: printed blank.
const SKIP_LABELLED_ROW: i32 = -2;
/// A unit with more cells than the row has.
const TOO_WIDE: i32 = -8;
/// Least difference between the best and the next reading of a unit.
const MARGIN: i32 = 3;

/// A unit behind another row's words.
const OTHER_ROW: i32 = -1000;

/// Which row a unit belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// This row, and no other explains the layout nearly as well.
    Row(usize),
    /// Several rows would do: the first and the last of them.
    Uncertain(usize, usize),
    /// None: a page number, a note, another table.
    Nowhere,
}

/// Which row a unit belongs to, proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// This row.
    Row(usize, RowProof),
    /// One of these, or none.
    Uncertain(usize, usize),
    /// None.
    Nowhere,
}

/// Aligns the units of a table to its rows.
pub fn align(table: &Table, evidence: &Evidence, source: &str) -> Vec<At> {
    let apart = apart(evidence, source);
    if let Some(places) = straight(table, evidence, &apart) {
        return places.into_iter().map(|row| At::Row(row, RowProof::Label)).collect();
    }
    let alignment = Alignment::new(table, evidence, apart, source);
    // labels and rows in blocks of their own: where a label stands proves nothing, the order of all rows does
    if alignment.detached
        && let Some(places) = alignment.in_order()
    {
        let at = |place| {
            if let Place::Row(row) = place { At::Row(row, RowProof::Block) } else { At::Nowhere }
        };
        return places.into_iter().map(at).collect();
    }
    alignment.proven(&alignment.places())
}

/// The frequent case: every unit directly after its own label, in order, nothing else.
fn straight(table: &Table, evidence: &Evidence, apart: &[bool]) -> Option<Vec<usize>> {
    if apart.contains(&true) {
        return None;
    }
    let mut labels = evidence.labels.iter().peekable();
    let mut last_row: Option<usize> = None;
    let mut places = Vec::with_capacity(evidence.rows.len());
    for (at, unit) in evidence.rows.iter().enumerate() {
        let mut own = None;
        while let Some(label) = labels.next_if(|label| label.before_unit <= at) {
            // two labels before one unit: a blank row, a block, or a wrapped label; the programme sorts it out
            if own.is_some_and(|row| row != label.row) || label.part == Part::Tail {
                return None;
            }
            own = Some(label.row);
        }
        let row = own?;
        if last_row.is_some_and(|last| row <= last) || unit.unknown || unit.foreign.is_some() {
            return None;
        }
        if evidence.pieces_of(unit).len() > table.rows[row].columns.len() && !unit.bordered {
            return None;
        }
        last_row = Some(row);
        places.push(row);
    }
    labels.next().is_none().then_some(places)
}

/// Units apart from their labels; see [`Alignment::apart`]. A label that is itself wrapped has its numbers beside the
/// middle of its lines, or on a line of their own right behind it.
fn apart(evidence: &Evidence, source: &str) -> Vec<bool> {
    // the rest of a label may stand before them, a note of several lines
    let begins_line = |unit: &PrintedRow| {
        let before = &source[..unit.span.start as usize];
        let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
        !line.chars().any(|c| fold::table().class(c) == Class::Letter)
    };
    // the label is in the middle of a bracket
    let in_note = |label: &Label, unit: &PrintedRow| {
        const LONGEST: u32 = 400;
        if unit.span.start.saturating_sub(label.span.end) > LONGEST {
            return false;
        }
        let between = source.get(label.span.end as usize..unit.span.start as usize).unwrap_or("");
        let count = |class| between.chars().filter(|c| fold::table().class(*c) == class).count();
        count(Class::Open) > count(Class::Close)
    };
    let mut labels = evidence.labels.iter().peekable();
    let mut last: Option<&Label> = None;
    let apart: Vec<bool> = (0..evidence.rows.len())
        .map(|at| {
            let mut fresh = false;
            while let Some(label) = labels.next_if(|label| label.before_unit <= at) {
                last = Some(label);
                fresh = true;
            }
            let Some(label) = last else { return false };
            let unit = &evidence.rows[at];
            let ends = evidence.line_ends_between(label.span, unit.span);
            let wrapped = fresh && ends == 1 && evidence.wraps(label.span) && !has_lost_label(unit);
            ends > 0 && !wrapped && begins_line(unit) && !in_note(label, unit)
        })
        .collect();
    let some = apart.iter().filter(|apart| **apart).count();
    // in a text of one cell a line all units are
    if some * 3 > apart.len() { vec![false; apart.len()] } else { apart }
}

/// Whether words or a group's label stand before a row: its own label may be lost, or be another's.
const fn has_lost_label(unit: &PrintedRow) -> bool {
    unit.unknown || unit.foreign.is_some()
}

struct Alignment<'a> {
    table: &'a Table,
    evidence: &'a Evidence,
    source: &'a str,
    /// For each unit behind words that are no label, the one row whose label they nearly are.
    nearly: Vec<Option<usize>>,
    /// For each unit, the rows of the labels between the unit before and it, in order, without repeats.
    before: Vec<Vec<(usize, Part)>>,
    /// For each unit the ordinal directly before it: that of its label, whose letters stand elsewhere.
    ordinals: Vec<Option<char>>,
    /// For each unit whether digits stand in it.
    has_digits: Vec<bool>,
    /// Units within a label, which is theirs whatever stands behind.
    around: Vec<Option<usize>>,
    /// Units whose row a block of labels gives.
    block: Vec<Option<usize>>,
    labelled: Vec<bool>,
    /// Whether blocks of labels stand beside blocks of units.
    detached: bool,
    /// Units that do not stand on the line of the label before them, in a table where most do: their own label may be
    /// lost.
    apart: Vec<bool>,
}

impl<'a> Alignment<'a> {
    fn new(table: &'a Table, evidence: &'a Evidence, apart: Vec<bool>, source: &'a str) -> Self {
        let units = evidence.rows.len();
        let mut before: Vec<Vec<(usize, Part)>> = vec![Vec::new(); units + 1];
        let mut labelled = vec![false; table.rows.len()];
        for label in &evidence.labels {
            labelled[label.row] = true;
            let list = &mut before[label.before_unit.min(units)];
            match list.last_mut() {
                Some((row, part)) if *row == label.row => *part = (*part).min(label.part),
                _ => list.push((label.row, label.part)),
            }
        }
        let nearly = evidence
            .rows
            .iter()
            .map(|unit| {
                unit.foreign.and_then(|words| nearly(table, words.of(source), evidence.year))
            })
            .collect();
        let is_digit = |c| fold::table().class(c) == Class::Digit;
        let has_digits = |unit: &PrintedRow| unit.span.of(source).chars().any(is_digit);
        let mut around = vec![None; units];
        for label in evidence.labels.iter().filter(|label| label.before_unit < units) {
            if evidence.rows[label.before_unit].span.end <= label.span.end {
                around[label.before_unit] = Some(label.row);
            }
        }
        let mut alignment = Self {
            table,
            evidence,
            nearly,
            before,
            ordinals: evidence.rows.iter().map(|unit| ordinal_before(source, unit.span)).collect(),
            has_digits: evidence.rows.iter().map(has_digits).collect(),
            around,
            block: vec![None; units],
            labelled,
            detached: false,
            apart,
            source,
        };
        alignment.find_blocks();
        alignment
    }

    /// A block of n labels with n units after it (or, when the table begins with units, before it).
    fn find_blocks(&mut self) {
        let units = self.evidence.rows.len();
        let units_first =
            units > 0 && self.before[0].is_empty() && !has_lost_label(&self.evidence.rows[0]);
        let mut at = 0;
        while at < units {
            let mut end = at + 1;
            while end < units
                && self.before[end].is_empty()
                && !self.has_header(end)
                && !has_lost_label(&self.evidence.rows[end])
            {
                end += 1;
            }
            let beside = if units_first { end } else { at };
            let labels = &self.before[beside];
            self.detached |= labels.len() > 1 && end - at > 1;
            let whole = labels.iter().all(|(_, part)| *part != Part::Tail);
            let ascending = labels.windows(2).all(|pair| pair[0].0 < pair[1].0);
            // numbers on the line of the last label are its own, and those above are blank
            let apart = || units_first || self.begins_lines(at);
            let parted = || self.has_header_among(beside);
            if labels.len() > 1
                && labels.len() == end - at
                && whole
                && ascending
                && apart()
                && !parted()
            {
                let rows: Vec<usize> = labels.iter().map(|(row, _)| *row).collect();
                for (unit, row) in (at..end).zip(rows) {
                    self.block[unit] = Some(row);
                }
            }
            at = end;
        }
    }

    /// Whether a header stands directly before a unit.
    fn has_header(&self, unit: usize) -> bool {
        let header = &self.evidence.header;
        let first = header.partition_point(|head| head.before_unit < unit);
        header.get(first).is_some_and(|head| head.before_unit == unit)
    }

    /// Whether a column of the header stands among the labels before a unit: the upper ones are another part's.
    fn has_header_among(&self, unit: usize) -> bool {
        let labels = &self.evidence.labels;
        let from = labels.partition_point(|label| label.before_unit < unit);
        let to = labels.partition_point(|label| label.before_unit <= unit);
        let [first, .., last] = &labels[from..to] else { return false };
        self.evidence.header.iter().any(|head| {
            matches!(head.head, Head::Column(_))
                && first.span.start < head.span.start
                && head.span.start < last.span.start
        })
    }

    /// Whether a unit stands on a line below the label before it.
    fn begins_lines(&self, unit: usize) -> bool {
        let labels = &self.evidence.labels;
        let behind = labels.partition_point(|label| label.before_unit <= unit);
        behind.checked_sub(1).map(|last| &labels[last]).is_some_and(|label| {
            self.evidence.line_ends_between(label.span, self.evidence.rows[unit].span) > 0
        })
    }

    /// First unit to first row and so on, when as many units as the form has rows are as wide as a row; the others are
    /// page numbers.
    fn in_order(&self) -> Option<Vec<Place>> {
        if !self.labels_ascend() {
            return None;
        }
        let mut row = 0;
        let mut places = Vec::with_capacity(self.evidence.rows.len());
        for (at, unit) in self.evidence.rows.iter().enumerate() {
            let fits = self.table.rows.get(row).is_some_and(|r| {
                let width = self.width(at);
                width == r.columns.len() || (unit.bordered && width > r.columns.len())
            });
            if fits {
                places.push(Place::Row(row));
                row += 1;
            } else if self.width(at) == 1 {
                places.push(Place::Nowhere);
            } else {
                return None;
            }
        }
        (row == self.table.rows.len()).then_some(places)
    }

    /// Whether the labels stand in the form's order.
    fn labels_ascend(&self) -> bool {
        let labels = self.evidence.labels.iter().filter(|label| label.part == Part::Whole);
        labels.map(|label| label.row).is_sorted()
    }

    fn width(&self, unit: usize) -> usize {
        self.evidence.pieces_of(&self.evidence.rows[unit]).len()
    }

    fn score(&self, unit: usize, row: usize) -> i32 {
        if self.evidence.rows[unit].foreign.is_some() && self.nearly[unit] != Some(row) {
            return OTHER_ROW;
        }
        let ordinal = self.table.rows[row].ordinal;
        if self.ordinals[unit].zip(ordinal).is_some_and(|(printed, own)| printed != own) {
            return OTHER_ROW;
        }
        if let Some(own) = self.around[unit] {
            return if own == row { ADJACENT } else { OTHER_ROW };
        }
        let before = &self.before[unit];
        let after = &self.before[unit + 1];
        let wrapped = after.first().is_some_and(|(r, part)| *r == row && *part == Part::Tail);
        let own_after = after.first().is_some_and(|(r, part)| *r != row && *part == Part::Tail);
        let mut score = if let Some(block) = self.block[unit] {
            if block == row { IN_BLOCK } else { FOREIGN }
        } else if let Some(&(last, part)) = before.last() {
            let unknown = has_lost_label(&self.evidence.rows[unit]) || self.apart[unit];
            if unknown && (last != row || part != Part::Head) {
                // letters, a group or a line end after the last known label: as likely the unknown label of this row
                UNLABELLED
            } else if last == row && !self.detached {
                ADJACENT
            } else if before.iter().any(|(r, _)| *r == row) {
                BEFORE
            } else if self.detached {
                UNLABELLED
            } else {
                FOREIGN
            }
        } else {
            UNLABELLED
        };
        if wrapped {
            score = score.max(WRAPPED);
        } else if own_after {
            score -= 4;
        }
        if self.evidence.rows.len() == self.table.rows.len() && unit == row {
            score += ALL_THERE;
        }
        let unit_slots = &self.evidence.rows[unit];
        if self.width(unit) > self.table.rows[row].columns.len() && !unit_slots.bordered {
            score += TOO_WIDE;
        }
        score
    }

    fn skip_unit(&self, unit: usize) -> i32 {
        if self.evidence.rows[unit].foreign.is_some() && self.nearly[unit].is_none() {
            return 0;
        }
        if self.width(unit) > 1 { SKIP_WIDE_UNIT } else { SKIP_UNIT }
    }

    fn skip_row(&self, row: usize) -> i32 {
        if self.labelled[row] { SKIP_LABELLED_ROW } else { 0 }
    }

    /// Rows that are printed twice, and not twice the same: neither is known to be the row.
    fn twice(&self) -> Vec<bool> {
        let mut twice = vec![false; self.table.rows.len()];
        let mut last: Vec<Option<&Label>> = vec![None; twice.len()];
        // a part of a label counts where numbers stand directly behind it
        let counts =
            |label: &&Label| label.part == Part::Whole || self.own_numbers(label).is_some();
        let mut before: Option<usize> = None;
        for label in self.evidence.labels.iter().filter(counts) {
            let again = before.replace(label.row) == Some(label.row);
            let Some(known) = last[label.row].replace(label) else { continue };
            let is_whole = known.part == Part::Whole && label.part == Part::Whole;
            twice[label.row] |= match (self.own_numbers(known), self.own_numbers(label)) {
                // what stood behind the second one is lost with the rest of the text
                (Some(_), None) if label.breaks_off && again => true,
                _ if known.before_unit == label.before_unit && is_whole => {
                    // one above the other, and numbers behind one of them; between borders the upper one is a heading
                    let unit = self.evidence.rows.get(label.before_unit);
                    !self.evidence.in_grid
                        && unit.is_some_and(|unit| !unit.bordered)
                        && self.evidence.line_ends_between(known.span, label.span) == 1
                }
                (Some(one), Some(other)) => {
                    !one.iter().map(|p| p.printed).eq(other.iter().map(|p| p.printed))
                }
                _ => false,
            };
        }
        twice
    }

    /// The pieces of the unit behind a label, when it is the label's own and has digits.
    fn own_numbers(&self, label: &Label) -> Option<&[Piece]> {
        let unit = self.evidence.rows.get(label.before_unit)?;
        let pieces = self.evidence.pieces_of(unit);
        let last = self.before[label.before_unit].last();
        let is_last = last.is_some_and(|(row, _)| *row == label.row);
        (is_last && !has_lost_label(unit) && self.has_digits[label.before_unit]).then_some(pieces)
    }

    /// Whether the words in the place of a unit's label, if there are any, can be the row's, misprinted, or are its group's:
    /// these have another ordinal.
    fn can_be(&self, unit: usize, row: usize) -> bool {
        let own = Measure::new(self.table.rows[row].labels.iter().collect(), self.evidence.year);
        self.evidence.rows[unit].words.is_none_or(|words| {
            own.has_piece(words.of(self.source), |_| false)
                || split_ordinal(words.of(self.source))
                    .0
                    .is_some_and(|said| self.table.rows[row].ordinal != Some(said))
        })
    }

    /// The places with what proves them; one that only the order gives, without both neighbours, is open.
    fn proven(&self, places: &[Place]) -> Vec<At> {
        let own = |unit: usize, row: usize| {
            if let Some(own) = self.around[unit] {
                return own == row;
            }
            // behind words of another row or a group a label is only its beginning's
            let lost = has_lost_label(&self.evidence.rows[unit]) || self.apart[unit];
            let last = self.before[unit].last();
            let directly =
                last.is_some_and(|(r, part)| *r == row && (!lost || *part == Part::Head));
            let wrapped = self.before[unit + 1]
                .first()
                .is_some_and(|(r, part)| *r == row && *part == Part::Tail);
            directly || wrapped || self.nearly[unit] == Some(row)
        };
        let is =
            |unit: usize, row: usize| places.get(unit) == Some(&Place::Row(row)) && own(unit, row);
        let proof = |unit: usize, row: usize| {
            if own(unit, row) {
                return Some(RowProof::Label);
            }
            if self.block[unit] == Some(row) {
                return Some(RowProof::Block);
            }
            let before = row > 0 && unit > 0 && is(unit - 1, row - 1);
            let after = row + 1 < self.table.rows.len() && is(unit + 1, row + 1);
            // an empty cell for its label, or a group's label beside it, is another row's
            let unit = &self.evidence.rows[unit];
            let lost = !self.labelled[row] && !has_lost_label(unit) && !unit.bordered;
            (before && after && lost).then_some(RowProof::Neighbours)
        };
        let twice = self.twice();
        let all = places.len() == self.table.rows.len()
            && self.labels_ascend()
            && places.iter().enumerate().all(|(unit, place)| *place == Place::Row(unit))
            && self.evidence.rows.iter().all(|unit| unit.foreign.is_none());
        let at = |(unit, place): (usize, &Place)| match *place {
            Place::Row(row) if twice[row] => At::Uncertain(row, row),
            Place::Row(row) => match proof(unit, row) {
                Some(proof) => At::Row(row, proof),
                // as many rows as the form has, each one of them, and no label says otherwise
                None if all
                    && self.can_be(unit, row)
                    && self.before[unit].last().map_or(!self.labelled[row], |(r, _)| *r == row) =>
                {
                    At::Row(row, RowProof::Block)
                }
                None => At::Uncertain(row, row),
            },
            Place::Uncertain(first, last) => At::Uncertain(first, last),
            Place::Nowhere => At::Nowhere,
        };
        places.iter().enumerate().map(at).collect()
    }

    fn places(&self) -> Vec<Place> {
        let (units, rows) = (self.evidence.rows.len(), self.table.rows.len());
        // a table of so many units is no table: everything stays open rather than taking for ever
        if units > 64 * rows {
            return vec![Place::Nowhere; units];
        }
        let wide = rows + 1;
        let score: Vec<i32> =
            (0..units).flat_map(|unit| (0..rows).map(move |row| self.score(unit, row))).collect();
        let score = |unit: usize, row: usize| score[unit * rows + row];
        let mut forward = vec![i32::MIN / 2; (units + 1) * wide];
        let mut backward = vec![i32::MIN / 2; (units + 1) * wide];
        forward[0] = 0;
        for u in 0..=units {
            for r in 0..=rows {
                let mut best = forward[u * wide + r];
                if u > 0 {
                    best = best.max(forward[(u - 1) * wide + r] + self.skip_unit(u - 1));
                }
                if r > 0 {
                    best = best.max(forward[u * wide + r - 1] + self.skip_row(r - 1));
                }
                if u > 0 && r > 0 {
                    best = best.max(forward[(u - 1) * wide + r - 1] + score(u - 1, r - 1));
                }
                forward[u * wide + r] = best;
            }
        }
        backward[units * wide + rows] = 0;
        for u in (0..=units).rev() {
            for r in (0..=rows).rev() {
                let mut best = backward[u * wide + r];
                if u < units {
                    best = best.max(backward[(u + 1) * wide + r] + self.skip_unit(u));
                }
                if r < rows {
                    best = best.max(backward[u * wide + r + 1] + self.skip_row(r));
                }
                if u < units && r < rows {
                    best = best.max(backward[(u + 1) * wide + r + 1] + score(u, r));
                }
                backward[u * wide + r] = best;
            }
        }
        let best_of_all = backward[0];
        (0..units)
            .map(|u| {
                let skipped = (0..=rows)
                    .map(|r| {
                        forward[u * wide + r] + self.skip_unit(u) + backward[(u + 1) * wide + r]
                    })
                    .max()
                    .unwrap_or(i32::MIN / 2);
                let near: Vec<usize> = (0..rows)
                    .filter(|&r| {
                        let through =
                            forward[u * wide + r] + score(u, r) + backward[(u + 1) * wide + r + 1];
                        through > best_of_all - MARGIN
                    })
                    .collect();
                match near[..] {
                    [] => Place::Nowhere,
                    [row] if skipped < best_of_all => Place::Row(row),
                    [row] => Place::Uncertain(row, row),
                    [first, .., last] => Place::Uncertain(first, last),
                }
            })
            .collect()
    }
}

/// The one row whose label these words are, misspelt or shortened.
fn nearly(table: &Table, words: &str, year: Option<i32>) -> Option<usize> {
    const SHORTEST: usize = 4;
    let mut near = (0..table.rows.len()).filter(|row| {
        let said = split_ordinal(words).1.chars().count();
        let own = table.rows[*row].labels.iter().filter(|label| {
            let letters = split_ordinal(label).1.chars().count();
            letters >= SHORTEST && said * 2 >= letters
        });
        Measure::new(own.collect(), year).is(words)
    });
    let row = near.next()?;
    near.next().is_none().then_some(row)
}
