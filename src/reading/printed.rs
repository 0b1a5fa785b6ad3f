//! A table as printed, and what its pieces say by themselves.

use super::table::Hints;
use crate::fold::{self, Class};
use crate::grammar::Table;
use crate::lines::Skeleton;
use crate::number::{self, Decimal, Number, Printed as Says, Symbols};
use crate::span::Span;
use crate::tables::{Evidence, Piece, PrintedRow};

/// Everything that is known of a table before its cells are.
#[derive(Clone, Copy)]
pub struct Printed<'a> {
    /// The form's table.
    pub table: &'a Table,
    /// The decoded text.
    pub source: &'a str,
    /// Its skeleton.
    pub skeleton: &'a Skeleton,
    /// What was found of the table.
    pub evidence: &'a Evidence,
    /// What the document as a whole tells.
    pub hints: Hints<'a>,
}

impl<'a> Printed<'a> {
    /// Whether the text ends with a place: no letter or digit is behind it.
    pub fn ends_with(&self, place: Span) -> bool {
        let table = fold::table();
        let says = |c| matches!(table.class(c), Class::Letter | Class::Digit);
        !self.source[place.end as usize..].chars().any(says)
    }

    /// A row of the evidence.
    pub fn unit(&self, unit: usize) -> &'a PrintedRow {
        &self.evidence.rows[unit]
    }

    /// The pieces of a row.
    pub fn pieces(&self, unit: usize) -> &'a [Piece] {
        self.evidence.pieces_of(self.unit(unit))
    }

    /// The number a piece is by itself.
    pub fn number(piece: &Piece) -> Option<Number> {
        piece.printed.number().filter(|_| !piece.followed)
    }

    /// The number that digits on several lines, or before letters, would be.
    pub fn number_if_whole(&self, piece: &Piece) -> Option<Decimal> {
        if piece.followed {
            return piece.printed.number().map(|number| number.value);
        }
        if !piece.wrapped {
            return None;
        }
        let mut symbols = Symbols::new();
        let text: String =
            piece.span.of(self.source).chars().filter(|c| !c.is_whitespace()).collect();
        number::symbols(&text, 0, &mut symbols).then(|| match number::cell(&text).0 {
            Says::Number(number) => Some(number.value),
            _ => None,
        })?
    }

    /// What pieces in cells say as numbers, those that only a sum can prove included; a blank says nothing.
    pub fn values(&self, placement: &[Option<usize>]) -> Vec<Option<Decimal>> {
        placement
            .iter()
            .map(|at| {
                let piece = &self.evidence.pieces[(*at)?];
                Self::number(piece)
                    .map(|number| number.value)
                    .or_else(|| self.number_if_whole(piece))
            })
            .collect()
    }

    /// Whether all pieces in cells are numbers or nothing, so that a sum over them is one.
    pub fn all_known(&self, placement: &[Option<usize>]) -> bool {
        placement.iter().flatten().all(|at| {
            let piece = &self.evidence.pieces[*at];
            piece.is_nothing()
                || Self::number(piece).is_some()
                || self.number_if_whole(piece).is_some()
        })
    }
}

/// A printed text on one line, for messages.
pub fn one_line(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > LONGEST {
        line = line.chars().take(LONGEST).collect::<String>() + "…";
    }
    line
}
