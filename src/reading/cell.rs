//! One cell of a form: a value with what proves it, or why there is none.
//!
//! What a cell has depends on its status, and both are one private enum: a value without a status that gives one cannot
//! be written down, nor the other way round.

use super::place::Place;
use crate::grammar::{Each, Table};
use crate::number::Decimal;
use crate::span::Span;

/// How a cell got its value, or why it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The printed text says it by itself.
    Read,
    /// The text allows several readings, the equations leave one.
    Solved,
    /// Printed empty, or a mark for nothing.
    Blank,
    /// Several values or places remain.
    Ambiguous,
    /// Something is printed that is no exact number.
    Unreadable,
    /// The form has the cell, the document does not.
    Missing,
    /// Read from a picture, likely and not proven.
    Recognised,
    /// A person said so.
    Reviewed,
}

impl Status {
    /// Every status, in the order of the contract.
    pub const ALL: [Self; 8] = [
        Self::Read,
        Self::Solved,
        Self::Blank,
        Self::Ambiguous,
        Self::Unreadable,
        Self::Missing,
        Self::Recognised,
        Self::Reviewed,
    ];

    /// Its place in [`Self::ALL`].
    pub(crate) const fn place(self) -> usize {
        self as usize
    }

    /// The fixed name used in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Solved => "solved",
            Self::Blank => "blank",
            Self::Ambiguous => "ambiguous",
            Self::Unreadable => "unreadable",
            Self::Missing => "missing",
            Self::Recognised => "recognised",
            Self::Reviewed => "reviewed",
        }
    }
}

/// An equation of a table, applied at one row or column of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CheckRef {
    /// Equation of the table, as an index into [`Table::equations`].
    pub equation: u16,
    /// The row or column it is applied at.
    pub at: u16,
}

impl CheckRef {
    /// `table.equation.row-or-column`, its id in outputs.
    pub fn id(self, table: &Table) -> String {
        let equation = &table.equations[usize::from(self.equation)];
        let at = usize::from(self.at);
        let at = match equation.each {
            Each::Row => &table.rows[at].key,
            Each::Column => &table.columns[at].key,
        };
        format!("{}.{}.{at}", table.key, equation.id)
    }
}

/// One cell of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    span: Span,
    content: Content,
}

/// What a cell has; nearly every one is read, which takes no memory of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Content {
    Read(Decimal, Place),
    Solved(Decimal, Box<[CheckRef]>),
    Blank,
    Ambiguous(Box<[Decimal]>),
    /// Values, and in millionths how likely each is.
    Guessed(Box<[Decimal]>, Box<[u32]>),
    /// A value that is likely, in millionths.
    Recognised(Decimal, u32),
    Unreadable,
    Missing,
    Reviewed(Option<Decimal>),
}

impl Cell {
    /// A cell that the document does not have.
    pub const MISSING: Self = Self { span: Span::new(0, 0), content: Content::Missing };

    /// Most values listed for an ambiguous cell.
    pub const MOST_CANDIDATES: usize = 8;

    /// A cell whose text says its value, in the unit of the form, and whose place is proven.
    pub const fn read(value: Decimal, span: Span, place: Place) -> Self {
        Self { span, content: Content::Read(value, place) }
    }

    /// A cell with the one value that fits these equations of its table; none without an equation, which proves nothing.
    pub fn solved(value: Decimal, span: Span, proof: Vec<CheckRef>) -> Option<Self> {
        (!proof.is_empty()).then(|| Self { span, content: Content::Solved(value, proof.into()) })
    }

    /// A cell that is printed empty, or with a mark for nothing.
    pub const fn blank(span: Span) -> Self {
        Self { span, content: Content::Blank }
    }

    /// A cell that may have any of these values, or others where there are none; the first [`Self::MOST_CANDIDATES`] of
    /// them are kept.
    pub fn ambiguous(span: Span, mut candidates: Vec<Decimal>) -> Self {
        candidates.truncate(Self::MOST_CANDIDATES);
        Self { span, content: Content::Ambiguous(candidates.into()) }
    }

    /// A cell that was read from a picture, and may have any of these values, each so likely, or others.
    pub fn guessed(span: Span, candidates: Vec<(Decimal, f32)>) -> Self {
        let listed = candidates.into_iter().take(Self::MOST_CANDIDATES);
        let (values, likely): (Vec<Decimal>, Vec<u32>) =
            listed.map(|(value, likely)| (value, millionths(likely))).unzip();
        Self { span, content: Content::Guessed(values.into(), likely.into()) }
    }

    /// A cell that was read from a picture and is so likely to have this value; no equation proves it.
    pub fn recognised(value: Decimal, likely: f32, span: Span) -> Self {
        Self { span, content: Content::Recognised(value, millionths(likely)) }
    }

    /// A cell with something in it that is no exact number.
    pub const fn unreadable(span: Span) -> Self {
        Self { span, content: Content::Unreadable }
    }

    /// A cell that a person decided: with a value, or that there is none.
    pub const fn reviewed(value: Option<Decimal>, span: Span) -> Self {
        Self { span, content: Content::Reviewed(value) }
    }

    /// The value, in the unit of the form.
    pub const fn value(&self) -> Option<Decimal> {
        match self.content {
            Content::Read(value, _) | Content::Solved(value, _) | Content::Recognised(value, _) => {
                Some(value)
            }
            Content::Reviewed(value) => value,
            Content::Blank
            | Content::Ambiguous(_)
            | Content::Guessed(..)
            | Content::Unreadable
            | Content::Missing => None,
        }
    }

    /// How it was read.
    pub const fn status(&self) -> Status {
        match self.content {
            Content::Read(..) => Status::Read,
            Content::Solved(..) => Status::Solved,
            Content::Blank => Status::Blank,
            Content::Ambiguous(_) | Content::Guessed(..) => Status::Ambiguous,
            Content::Recognised(..) => Status::Recognised,
            Content::Unreadable => Status::Unreadable,
            Content::Missing => Status::Missing,
            Content::Reviewed(_) => Status::Reviewed,
        }
    }

    /// Where its text stands; empty for cells without any.
    pub const fn span(&self) -> Span {
        self.span
    }

    /// Values that remain possible for an ambiguous cell; none where they could not all be listed.
    pub fn candidates(&self) -> &[Decimal] {
        match &self.content {
            Content::Ambiguous(candidates) | Content::Guessed(candidates, _) => candidates,
            _ => &[],
        }
    }

    /// In millionths how likely each candidate is, or the value of a recognised cell; nothing where nobody says so.
    pub fn likely(&self) -> &[u32] {
        match &self.content {
            Content::Guessed(_, likely) => likely,
            Content::Recognised(_, likely) => std::slice::from_ref(likely),
            _ => &[],
        }
    }

    /// What proves row and column of a cell that is read.
    pub const fn place(&self) -> Option<Place> {
        if let Content::Read(_, place) = self.content { Some(place) } else { None }
    }

    /// The equations that decide the value of a solved cell.
    pub fn proof(&self) -> &[CheckRef] {
        match &self.content {
            Content::Solved(_, proof) => proof,
            _ => &[],
        }
    }
}

/// A likelihood in millionths, never more than it is.
#[expect(clippy::cast_sign_loss, reason = "clamped")]
fn millionths(likely: f32) -> u32 {
    (f64::from(likely).clamp(0.0, 1.0) * 1e6).floor() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_statuses_stand_at_their_places() {
        for (at, status) in Status::ALL.into_iter().enumerate() {
            assert_eq!(status.place(), at, "{}", status.name());
        }
    }

    #[test]
    fn ok_a_cell_is_small() {
        // two hundred of them are a document
        assert!(size_of::<Cell>() <= 48, "{} bytes", size_of::<Cell>());
    }

    #[test]
    fn ok_a_value_goes_with_its_status() {
        let (span, one) = (Span::new(3, 4), Decimal::from(1));
        let place = super::super::place::one_way(super::super::place::RowProof::Label);
        let check = CheckRef { equation: 0, at: 2 };
        let cells = [
            (Cell::read(one, span, place), Status::Read, true),
            (Cell::solved(one, span, vec![check]).expect("it has a proof"), Status::Solved, true),
            (Cell::blank(span), Status::Blank, false),
            (Cell::ambiguous(span, vec![one; 9]), Status::Ambiguous, false),
            (Cell::unreadable(span), Status::Unreadable, false),
            (Cell::MISSING, Status::Missing, false),
        ];
        for (cell, status, has_value) in cells {
            assert_eq!(cell.status(), status);
            assert_eq!(cell.value().is_some(), has_value, "{cell:?}");
            assert_eq!(cell.proof().is_empty(), status != Status::Solved, "{cell:?}");
            let candidates = if status == Status::Ambiguous { Cell::MOST_CANDIDATES } else { 0 };
            assert_eq!(cell.candidates().len(), candidates, "{cell:?}");
        }
    }
}
