//! Pieces → cells: in which column of its row each piece stands, and what proves it. One way for every carrier.
//!
//! A column is proven by a full row (as many pieces as cells, and no header that says otherwise), by a header's cell over
//! it, by the borders of its row, or by the place on the line under full rows. Where none of these speaks, the place is
//! open: equations may still decide, and nothing else does.

use super::columns;
use super::lane::{Lane, Sum};
use super::printed::Printed;
use crate::fold::{self, Class};
use crate::grammar::Part;
use crate::grammar::matcher::letters;
use crate::number::Printed as Says;
use crate::span::Span;
use crate::tables::evidence::{HeaderCell, Said};
use crate::tables::{Extent, Head, Label, Measure, Piece, Ruler, stands_over_labels};
use std::cell::RefCell;
use std::cmp::Ordering;
use std::rc::Rc;

/// What proves the row of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowProof {
    /// Its label stands at it.
    Label,
    /// Its label is not printed, and it is the only row left between two known neighbours.
    Neighbours,
    /// Labels and rows stand in blocks of their own, and all rows are there.
    Block,
}

impl RowProof {
    /// In words, for `explain`.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Label => "its label",
            Self::Neighbours => "the labels of both neighbours",
            Self::Block => "the order of a whole block",
        }
    }
}

/// What proves the column of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnProof {
    /// As many pieces as cells.
    Full,
    /// The header's cell over it.
    Header,
    /// The header's cell over it, where the header lacks a column of the form: what it lacks is not printed.
    PartOfHeader,
    /// The borders of its row.
    Borders,
    /// Its place on the line, under those of full rows.
    Line,
    /// The digits can be cut in one way only.
    OneWay,
}

impl ColumnProof {
    /// In words, for `explain`.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Full => "a full row",
            Self::Header => "the header over it",
            Self::PartOfHeader => "the header over it, which lacks columns of the form",
            Self::Borders => "the borders of its row",
            Self::Line => "its place on the line",
            Self::OneWay => "the only way to cut the digits",
        }
    }
}

/// That row and column of a piece are proven. Only this module makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    row: RowProof,
    column: ColumnProof,
}

impl Place {
    /// What proves the row.
    pub const fn row(self) -> RowProof {
        self.row
    }

    /// What proves the column.
    pub const fn column(self) -> ColumnProof {
        self.column
    }
}

/// So few columns that a header does not name are misspelt; of more, the header is in pieces.
const FEW: usize = 2;

/// For each cell of a row the piece that fills it, as an index of the table's pieces.
pub type Placement = Vec<Option<usize>>;

/// What is known of the columns of a row's pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placed {
    /// Each piece stands in its cell.
    Proven(Placement, Place),
    /// These pieces fill cells in the form's order; which, equations may say. Whole pieces are cells, others may be several.
    Open {
        /// Whether each piece is one cell.
        whole: bool,
    },
    /// These cells hold pieces if the row's equations hold with them; each reading is a placement.
    Either(Vec<Placement>),
    /// Nothing can be said.
    Unknown,
}

/// Places the pieces of all rows; `row_of` tells the form's row of each printed row and what proves it.
pub fn place(
    printed: &Printed<'_>,
    row_of: &[Option<(usize, RowProof)>],
    lanes: &[Rc<Lane>],
) -> Vec<Placed> {
    let wider = |(unit, row): (usize, &Option<(usize, RowProof)>)| {
        let cells = row.map(|(row, _)| printed.table.rows[row].columns.len());
        let pieces = printed.pieces(unit);
        let is_number = |piece: &Piece| piece.is_nothing() || Printed::number(piece).is_some();
        cells.is_some_and(|cells| pieces.len() > cells) && pieces.iter().all(is_number)
    };
    // where a unit stands before every number, what follows the last row is no column
    let end = row_of.len().saturating_sub(usize::from(printed.table.unit_column));
    let has_wider = row_of[..end].iter().enumerate().any(wider);
    let placer = Placer {
        printed,
        row_of,
        lanes,
        broken: broken(printed),
        has_wider,
        under_others: RefCell::default(),
    };
    let mut placed: Vec<Placed> = (0..row_of.len()).map(|unit| placer.one(unit)).collect();
    placer.by_line(&mut placed);
    placer.surplus(&mut placed);
    placer.squeezed(&mut placed);
    placed
}

/// Where a header begins, and the columns that it is over.
type Over = (u32, Vec<usize>);

struct Placer<'a> {
    printed: &'a Printed<'a>,
    row_of: &'a [Option<(usize, RowProof)>],
    lanes: &'a [Rc<Lane>],
    /// For each printed row whether it stands on several lines in a table where most stand on one.
    broken: Vec<bool>,
    /// Whether a row has more pieces than cells.
    has_wider: bool,
    /// The header that was judged last, and whether it says others.
    under_others: RefCell<Option<(Over, bool)>>,
}

impl Placer<'_> {
    fn columns(&self, row: usize) -> &[usize] {
        &self.printed.table.rows[row].columns
    }

    fn pieces(&self, unit: usize) -> &[Piece] {
        self.printed.pieces(unit)
    }

    /// Units whose rows have the same columns.
    fn alike(&self, row: usize) -> impl Iterator<Item = usize> {
        let columns = self.columns(row);
        (0..self.row_of.len()).filter(move |other| {
            self.row_of[*other].is_some_and(|(r, _)| self.columns(r) == columns)
        })
    }

    /// The placement of these of a row's own pieces.
    fn nth(&self, unit: usize, own: impl IntoIterator<Item = Option<usize>>) -> Placement {
        let first = self.printed.unit(unit).pieces.0 as usize;
        own.into_iter().map(|at| at.map(|at| first + at)).collect()
    }

    fn proven(&self, unit: usize, placement: Placement, column: ColumnProof) -> Placed {
        let row =
            self.row_of.get(unit).copied().flatten().map_or(RowProof::Label, |(_, proof)| proof);
        Placed::Proven(placement, Place { row, column })
    }

    fn one(&self, unit: usize) -> Placed {
        let Some((row, _)) = self.row_of[unit] else { return Placed::Unknown };
        // rows of two versions are printed: the sum of one form's row may hold for glued digits of the other's
        if self.printed.hints.glued && self.printed.evidence.of_version.contains(&row) {
            return Placed::Unknown;
        }
        let printed_row = self.printed.unit(unit);
        let pieces = self.pieces(unit);
        let cells = self.columns(row).len();
        if printed_row.shared {
            return if pieces.len() == 1 && cells == 1 {
                self.proven(unit, self.nth(unit, [Some(0)]), ColumnProof::Full)
            } else {
                Placed::Open { whole: true }
            };
        }
        if let Some(by_column) = &printed_row.by_column {
            // rows with more cells have columns of others, and these two may be one
            let is_there = |at: &u32| (*at as usize) < self.printed.evidence.pieces.len();
            if by_column.len() != cells
                || pieces.len() != cells
                // the block is cut where the text breaks off
                || !by_column.iter().all(is_there)
                || self.alike(row).any(|other| self.pieces(other).len() > cells)
            {
                return Placed::Unknown;
            }
            let by_row = self.nth(unit, (0..cells).map(Some));
            return Placed::Either(vec![
                by_row,
                by_column.iter().map(|at| Some(*at as usize)).collect(),
            ]);
        }
        match pieces.first().map(|piece| piece.extent.ruler) {
            Some(Ruler::Grid(_)) => self.in_grid(unit, row),
            Some(Ruler::Borders) => self.in_borders(unit, row),
            _ => self.in_text(unit, row),
        }
    }

    // ------------------------------------------------------------------------------------------ headers

    /// The cells of the header over a row: the last ones before it that name one of its columns.
    fn header(&self, unit: usize, row: usize) -> &[HeaderCell] {
        let header = &self.printed.evidence.header;
        let columns = self.columns(row);
        let before = header.partition_point(|head| head.before_unit <= unit);
        // 其他 and 总计 as labels of rows stand before the numbers, not over them
        let first = self.pieces(unit).first().map(|piece| piece.extent);
        let over = |head: &HeaderCell| {
            first.is_none_or(|first| {
                !matches!(first.ruler, Ruler::Grid(_))
                    || head.extent.ruler != first.ruler
                    || head.extent.to > first.from
            })
        };
        let names = |head: &HeaderCell| {
            matches!(head.head, Head::Column(c) if columns.contains(&c)) && over(head)
        };
        let mut end = before;
        while let Some(named) = header[..end].iter().rposition(names) {
            let HeaderCell { before_unit: run, span, .. } = header[named];
            let to = header.partition_point(|head| head.before_unit <= run);
            // a blank row leaves no unit between the headers before and behind it
            let labels = &self.printed.evidence.labels;
            let next = labels.partition_point(|label| label.span.start < span.start);
            let row = next.checked_sub(1).map(|last| labels[last].span.start);
            let from = header[..named]
                .iter()
                .rposition(|head| head.before_unit < run || Some(head.span.start) < row)
                .map_or(0, |last| last + 1);
            // one column of many is no header: 其他 without its ordinal is a row's label
            let mut named = header[from..to].iter().filter(|head| names(head));
            let one = named.next().map(|head| head.head);
            let few = named.all(|head| Some(head.head) == one);
            if !few || columns.len() <= FEW || from == 0 {
                return &header[from..to];
            }
            end = from;
        }
        self.unnamed(unit, row)
    }

    /// The cells of a header over a row, and over others of its kind alone, that names none of its columns: 上年处理数量, or
    /// those of other rows.
    fn unnamed(&self, unit: usize, row: usize) -> &[HeaderCell] {
        let header = &self.printed.evidence.header;
        let before = header.partition_point(|head| head.before_unit <= unit);
        let Some(last) = before.checked_sub(1).map(|last| header[last]) else { return &[] };
        let from = header[..before].partition_point(|head| head.before_unit < last.before_unit);
        let run = &header[from..before];
        let columns = self.columns(row);
        let is_over = (last.before_unit..unit).all(|other| {
            self.row_of[other].is_some_and(|(other, _)| self.columns(other) == columns)
        });
        if is_over { run } else { &[] }
    }

    // ------------------------------------------------------------------------------------------ grids

    fn in_grid(&self, unit: usize, row: usize) -> Placed {
        let placed = self.by_grid(unit, row);
        let Placed::Proven(placement, _) = &placed else { return placed };
        let cell = |at: &Option<usize>| at.map(|at| self.printed.evidence.pieces[at]);
        let cells: Vec<Option<Piece>> = placement.iter().map(cell).collect();
        if crosses(&cells, self.header(unit, row), self.columns(row)) {
            return Placed::Unknown;
        }
        placed
    }

    fn by_grid(&self, unit: usize, row: usize) -> Placed {
        let pieces = self.pieces(unit);
        let cells = self.columns(row).len();
        let header = self.header(unit, row);
        let ruler = pieces[0].extent.ruler;
        let told = ruler == Ruler::Grid(0);
        let named = self.named(header, row, ruler);
        let foreign: Vec<Extent> = self.foreign(header, unit, row, ruler);
        let under = |columns: &[Extent], proof| {
            self.under(unit, columns, &foreign).map(|placement| self.proven(unit, placement, proof))
        };
        // where columns were found by what stands in them, one without anything is not known: only what is printed counts
        let own: Vec<usize> =
            (0..pieces.len()).filter(|at| told || !pieces[*at].is_empty()).collect();
        if let Some((columns, true)) = &named {
            // the header prints the columns in another order than the form: only it can say which is which
            return under(columns, ColumnProof::Header).unwrap_or(Placed::Unknown);
        }
        let named = named.map(|(columns, _)| columns);
        if named.is_none() && matches!(self.order(unit, row), Order::Unknown) {
            return Placed::Unknown;
        }
        if own.len() == cells && foreign.is_empty() {
            // 件, of a column of units, in place of a blank cell
            let is_word = |at: &usize| pieces[*at].printed == Says::NotANumber;
            if let (true, Some(columns)) = (own.iter().any(is_word), &named) {
                let is_apart = |extent: &Extent| !columns.iter().any(|own| own.touches(*extent));
                let apart = header.iter().map(|head| head.extent).filter(is_apart);
                if let Some(placement) = self.under(unit, columns, &apart.collect::<Vec<_>>()) {
                    return self.proven(unit, placement, ColumnProof::Header);
                }
            }
            let in_order = self.nth(unit, own.iter().copied().map(Some));
            // the empty cell of a label that is lost, and one cell less than the row has
            let is_beside = |at: &usize| {
                let touches = |column: &Extent| column.touches(pieces[*at].extent);
                pieces[*at].is_empty() && !named.iter().flatten().any(touches)
            };
            if let Some(columns) = named.as_ref().filter(|_| own.iter().any(is_beside))
                && !self.holds(row, &in_order)
            {
                let has_all = columns.iter().all(|c| pieces.iter().any(|p| c.touches(p.extent)));
                return under(columns, ColumnProof::Header)
                    .filter(|_| has_all)
                    .unwrap_or(Placed::Open { whole: true });
            }
            let surplus = self.alike(row).filter(|other| self.pieces(*other).len() > cells).count();
            if surplus * 2 <= self.alike(row).count() || self.holds(row, &in_order) {
                return self.proven(unit, in_order, ColumnProof::Full);
            }
            return named
                .and_then(|columns| under(&columns, ColumnProof::Header))
                .unwrap_or(Placed::Open { whole: true });
        }
        let by_rows = if foreign.is_empty() {
            self.learned(row, ruler).and_then(|columns| under(&columns, ColumnProof::Borders))
        } else {
            None
        };
        let by_head = || named.as_ref().and_then(|columns| under(columns, ColumnProof::Header));
        let Some(placed) = by_rows.or_else(by_head) else {
            // a cell under each column, and a number beside them: in the row it may be another column's
            let has_cells = |columns: &Vec<Extent>| {
                columns.iter().all(|column| pieces.iter().any(|piece| piece.extent == *column))
            };
            if told && named.as_ref().is_some_and(has_cells) {
                return Placed::Unknown;
            }
            return match self.order(unit, row) {
                Order::Part(order) if own.len() == order.len() => {
                    let own: Vec<Option<usize>> =
                        by_order(&order, cells).into_iter().map(|at| Some(own[at?])).collect();
                    self.proven(unit, self.nth(unit, own), ColumnProof::PartOfHeader)
                }
                // another measure's words stand where the form has a column
                _ if named.is_none() && !foreign.is_empty() => Placed::Unknown,
                _ => self.ghosts(unit, row),
            };
        };
        let Placed::Proven(placement, _) = &placed else { return placed };
        // a row that ends before the table does has lost a cell, perhaps not its last: a sum must prove it
        let lacks = pieces.len() < cells || placement.last() == Some(&None);
        let short = lacks && self.ends_early(unit, header);
        match short && !self.holds(row, placement) {
            true if foreign.is_empty() => Placed::Open { whole: true },
            // one of its cells is another column's
            true => Placed::Unknown,
            false => placed,
        }
    }

    /// The columns as the header names them, when it names all; and whether it prints them in another order than the form.
    fn named(
        &self,
        header: &[HeaderCell],
        row: usize,
        ruler: Ruler,
    ) -> Option<(Vec<Extent>, bool)> {
        let wanted = self.columns(row);
        let known: Vec<&HeaderCell> =
            header.iter().filter(|head| head.extent.ruler == ruler).collect();
        let column = |wanted: usize| {
            let own = known
                .iter()
                .filter(|head| head.head == Head::Column(wanted))
                .map(|head| head.extent);
            // `其他` also stands in the words over several columns: the narrower is the column's
            own.reduce(|a, b| {
                let within = |inner: Extent, outer: Extent| {
                    outer.from <= inner.from && inner.to <= outer.to && inner != outer
                };
                if ruler != Ruler::Grid(0) && within(a, b) {
                    a
                } else if ruler != Ruler::Grid(0) && within(b, a) {
                    b
                } else {
                    Extent { ruler, from: a.from.min(b.from), to: a.to.max(b.to) }
                }
            })
        };
        let columns: Vec<Extent> = wanted.iter().map(|c| column(*c)).collect::<Option<_>>()?;
        if apart(&columns) {
            return Some((columns, false));
        }
        let mut sorted = columns.clone();
        sorted.sort_unstable_by_key(|extent| (extent.from, extent.to));
        (apart(&sorted) && swapped(self.printed, &known, wanted)).then_some((columns, true))
    }

    /// Columns between or behind those of the form that the header names otherwise; unless the form's are missing, which
    /// these may be, misspelt.
    fn foreign(&self, header: &[HeaderCell], unit: usize, row: usize, ruler: Ruler) -> Vec<Extent> {
        let missing: Vec<usize> = self
            .columns(row)
            .iter()
            .copied()
            .filter(|c| !header.iter().any(|head| head.head == Head::Column(*c)))
            .collect();
        // the first column is that of the labels, unless something else stands in it
        let first = header
            .iter()
            .filter(|head| matches!(head.head, Head::Column(_)))
            .map(|head| head.extent.from)
            .min();
        let is_beside = |head: &&HeaderCell| {
            let extent = head.extent;
            extent.ruler == ruler
                && (first.is_none_or(|first| extent.from >= first)
                    || self.pieces(unit).iter().any(|p| !p.is_empty() && p.extent.touches(extent)))
        };
        let unknown = || header.iter().filter(is_beside).filter(|h| h.head == Head::Foreign);
        let is_one_too_many = unknown().count() > missing.len();
        let is_foreign = |head: &&HeaderCell| match self.is_own(head, unit, row, &missing) {
            Some(is_own) => !is_own,
            None => head.head == Head::Foreign && (is_one_too_many || !self.may_be(head, &missing)),
        };
        header.iter().filter(is_beside).filter(is_foreign).map(|head| head.extent).collect()
    }

    /// Whether words over a column of a full row that no header names are a piece of its name, or say nothing; none where
    /// they are not over such a column alone.
    fn is_own(
        &self,
        head: &HeaderCell,
        unit: usize,
        row: usize,
        missing: &[usize],
    ) -> Option<bool> {
        let columns = self.columns(row);
        let is_told = head.extent.ruler == Ruler::Grid(0);
        let own = self.pieces(unit).iter().filter(|piece| is_told || !piece.is_empty());
        let mut under = own.clone().enumerate().filter(|(_, p)| p.extent.touches(head.extent));
        let (at, _) = under.next().filter(|_| under.next().is_none())?;
        if own.count() != columns.len() {
            return None;
        }
        let column = columns[at];
        match head.head {
            // the header of other rows
            Head::Column(named) => (!columns.contains(&named)).then_some(false),
            _ if !missing.contains(&column) => None,
            _ => {
                let column = &self.printed.table.columns[column];
                let own =
                    column.labels.iter().chain(Some(&column.under).filter(|word| !word.is_empty()));
                let words = head.span.of(self.printed.source);
                let measure = Measure::new(own.collect(), self.printed.evidence.year);
                // 申请人情况 stands over all columns, whatever its span
                let is_frame = |frame: &String| letters(frame) == letters(words);
                (!self.printed.table.frame.iter().any(is_frame)).then(|| measure.allows(words))
            }
        }
    }

    /// Whether an unknown word of a header can be one of these columns, misspelt.
    fn may_be(&self, head: &HeaderCell, columns: &[usize]) -> bool {
        let table = self.printed.table;
        let own = columns.iter().flat_map(|column| &table.columns[*column].labels);
        let year = self.printed.evidence.year;
        Measure::new(own.collect(), year).is(head.span.of(self.printed.source))
    }

    /// Whether a word of a header in pieces has the letters of these columns' names and no others.
    fn is_scrap(&self, head: &HeaderCell, columns: &[usize]) -> bool {
        let table = self.printed.table;
        let names = || columns.iter().flat_map(|column| &table.columns[*column].labels);
        let words = letters(head.span.of(self.printed.source));
        columns.len() > FEW && words.chars().all(|c| names().any(|name| name.contains(c)))
    }

    /// The columns of rows that have all their cells.
    fn learned(&self, row: usize, ruler: Ruler) -> Option<Vec<Extent>> {
        let cells = self.columns(row).len();
        let told = ruler == Ruler::Grid(0);
        let mut known: Option<Vec<Extent>> = None;
        for unit in self.alike(row) {
            let own: Vec<Extent> = self
                .pieces(unit)
                .iter()
                .filter(|p| told || !p.is_empty())
                .map(|p| p.extent)
                .collect();
            if own.len() != cells || own[0].ruler != ruler || self.printed.unit(unit).shared {
                continue;
            }
            known = Some(match known {
                None => own,
                Some(known) => known
                    .iter()
                    .zip(own)
                    .map(|(a, b)| Extent { ruler, from: a.from.min(b.from), to: a.to.max(b.to) })
                    .collect(),
            });
        }
        known.filter(|columns| apart(columns))
    }

    /// The pieces of a row in these columns; none when one stands in no column or over several.
    fn under(&self, unit: usize, columns: &[Extent], foreign: &[Extent]) -> Option<Placement> {
        let pieces = self.pieces(unit);
        let mut placed: Placement = vec![None; columns.len()];
        for (at, piece) in pieces.iter().enumerate() {
            let mut under = (0..columns.len()).filter(|c| piece.extent.touches(columns[*c]));
            let column = under.next();
            if piece.is_empty() {
                // so that a blank cell knows its place
                if let (Some(column), None) = (column, under.next())
                    && placed[column].is_none()
                {
                    placed[column] = Some(at);
                }
                continue;
            }
            if column.is_none()
                && (piece.is_nothing()
                    || foreign.iter().any(|extent| piece.extent.touches(*extent)))
            {
                // a mark for nothing where the form has no cell, or another column's
                continue;
            }
            let column = column?;
            let free = placed[column].is_none_or(|other| pieces[other].is_empty());
            if under.next().is_some() || !free {
                return None;
            }
            placed[column] = Some(at);
        }
        Some(self.nth(unit, placed))
    }

    /// Whether a row ends in an earlier column than others do.
    fn ends_early(&self, unit: usize, header: &[HeaderCell]) -> bool {
        let end =
            |unit: usize| self.pieces(unit).iter().map(|piece| piece.extent.to).max().unwrap_or(0);
        let ruler = self.pieces(unit)[0].extent.ruler;
        let same = |unit: &usize| {
            self.pieces(*unit).first().is_some_and(|piece| piece.extent.ruler == ruler)
        };
        let rows = (0..self.row_of.len()).filter(same).map(end);
        let heads =
            header.iter().filter(|head| head.extent.ruler == ruler).map(|head| head.extent.to);
        rows.chain(heads).any(|other| other > end(unit))
    }

    /// Empty cells between a label and its numbers, which spans leave, and surplus ones behind them: where all complete
    /// rows begin alike, this one does too.
    fn ghosts(&self, unit: usize, row: usize) -> Placed {
        let pieces = self.pieces(unit);
        let cells = self.columns(row).len();
        let filled = |pieces: &[Piece]| {
            let first = pieces.iter().position(|p| !p.is_empty())?;
            Some((first, pieces.iter().rposition(|p| !p.is_empty())? + 1))
        };
        let Some((first, end)) = filled(pieces) else {
            return self.proven(unit, vec![None; cells], ColumnProof::Borders);
        };
        if end - first > cells || pieces.len() < cells {
            return if pieces.len() < cells {
                Placed::Open { whole: true }
            } else {
                Placed::Unknown
            };
        }
        let ruler = pieces[0].extent.ruler;
        let count = |unit: usize| self.pieces(unit).iter().filter(|p| !p.is_empty()).count();
        // others have another column's numbers too
        let is_wider = |(other, row): (usize, &Option<(usize, RowProof)>)| {
            row.is_some_and(|(row, _)| count(other) > self.columns(row).len())
        };
        if self.row_of.iter().enumerate().any(is_wider) {
            return Placed::Unknown;
        }
        // rows of another label, which covers more columns, begin elsewhere
        let same = |other: &usize| self.pieces(*other).len() == pieces.len();
        let mut begins: Vec<usize> = self
            .alike(row)
            .filter(|other| *other != unit && same(other))
            .filter_map(|other| {
                let (first, end) = filled(self.pieces(other))?;
                let whole = end - first == cells
                    && self.pieces(other)[first..end].iter().all(|p| !p.is_empty());
                (whole && self.pieces(other)[0].extent.ruler == ruler).then_some(first)
            })
            .collect();
        begins.dedup();
        let earliest = end.saturating_sub(cells);
        let latest = first.min(pieces.len() - cells);
        let start = match begins[..] {
            [begin] if (earliest..=latest).contains(&begin) => begin,
            [_] => return Placed::Open { whole: true },
            _ if earliest == latest => earliest,
            _ => return Placed::Open { whole: true },
        };
        let placement = self.nth(
            unit,
            (start..start + cells).map(|at| Some(at).filter(|at| !pieces[*at].is_empty())),
        );
        let surplus = matches!(ruler, Ruler::Grid(_)) && pieces.len() > cells && begins.is_empty();
        if surplus && placement.contains(&None) {
            // cells may be surplus between the others too: no blank proves a place
            return Placed::Open { whole: true };
        }
        if begins.len() != 1 && placement.contains(&None) && !self.holds(row, &placement) {
            return Placed::Open { whole: true };
        }
        // a cell more than its neighbours have, and the sum fails: an empty one before its numbers is the row's own
        if ruler == Ruler::Borders && begins.is_empty() && !self.sums_hold(row, &placement) {
            return Placed::Unknown;
        }
        self.proven(unit, placement, ColumnProof::Borders)
    }

    // ------------------------------------------------------------------------------------------ text

    fn in_borders(&self, unit: usize, row: usize) -> Placed {
        let pieces = self.pieces(unit);
        let cells = self.columns(row).len();
        match self.order(unit, row) {
            Order::Named(order) if pieces.len() == order.len() => {
                return self.proven(
                    unit,
                    self.nth(unit, by_order(&order, cells)),
                    ColumnProof::Header,
                );
            }
            Order::Part(order) if pieces.len() == order.len() => {
                let placement = self.nth(unit, by_order(&order, cells));
                return self.proven(unit, placement, ColumnProof::PartOfHeader);
            }
            Order::Either(order) if pieces.len() == cells && order.len() == cells => {
                return self.either(unit, &order);
            }
            Order::Unnamed if !pieces.iter().any(Piece::is_empty) => {}
            Order::Form => {}
            _ => return Placed::Unknown,
        }
        if pieces.len() < cells && self.at_end(unit) && self.lanes[row].sums.is_empty() {
            return Placed::Unknown;
        }
        if pieces.len() == cells {
            let in_order =
                self.nth(unit, (0..cells).map(|at| Some(at).filter(|at| !pieces[*at].is_empty())));
            let whole = pieces.iter().all(|piece| !piece.is_empty());
            // an empty cell at an end, where rows with more have one too: a surplus one, and a cell is lost
            let is_surplus = |end: fn(&[Piece]) -> Option<&Piece>| {
                let is_empty = |pieces| end(pieces).is_some_and(Piece::is_empty);
                let mut wider =
                    self.alike(row).map(|other| self.pieces(other)).filter(|own| own.len() > cells);
                is_empty(pieces) && wider.any(is_empty)
            };
            if (is_surplus(<[Piece]>::first) || is_surplus(<[Piece]>::last))
                && !self.holds(row, &in_order)
            {
                return Placed::Open { whole: true };
            }
            // where other rows have surplus cells at their end, this one lost a border
            let others = self.alike(row).map(|other| self.pieces(other).len());
            let (more, all) = others
                .fold((0, 0), |(more, all), width| (more + usize::from(width > cells), all + 1));
            if !whole && more * 2 > all && !self.holds(row, &in_order) {
                return Placed::Open { whole: true };
            }
            return self.proven(
                unit,
                in_order,
                if whole { ColumnProof::Full } else { ColumnProof::Borders },
            );
        }
        self.ghosts(unit, row)
    }

    fn in_text(&self, unit: usize, row: usize) -> Placed {
        let pieces = self.pieces(unit);
        let cells = self.columns(row).len();
        match self.order(unit, row) {
            Order::Named(order) if pieces.len() == order.len() => {
                let placement = self.nth(unit, by_order(&order, cells));
                // where digits are glued, a piece may be several cells
                if self.printed.hints.glued && !self.holds(row, &placement) {
                    return Placed::Unknown;
                }
                self.proven(unit, placement, ColumnProof::Header)
            }
            Order::Either(order)
                if pieces.len() == cells && order.len() == cells && !self.printed.hints.glued =>
            {
                self.either(unit, &order)
            }
            // the sum of a row counts the column that is not printed
            Order::Part(_) if self.printed.hints.glued => Placed::Unknown,
            Order::Part(order) if pieces.len() == order.len() => self.proven(
                unit,
                self.nth(unit, by_order(&order, cells)),
                ColumnProof::PartOfHeader,
            ),
            // each piece is at least one cell, so it is just one; where digits are glued only if the sum says so too
            Order::Form | Order::Unnamed if pieces.len() == cells => {
                let in_order = self.nth(unit, (0..cells).map(Some));
                let known = || self.printed.all_known(&in_order) && self.sums_hold(row, &in_order);
                let doubtful = (self.printed.hints.glued && !known())
                    // others have more, of another column or a page: so may this one, of which a blank left no trace
                    || (self.has_wider && self.lanes[row].sums.is_empty());
                // its last number may be a page's
                let broken = self.broken[unit]
                    // or another row's, which has lost its label
                    || self.printed.hints.glued && self.printed.evidence.is_on_lines(pieces);
                if doubtful || (broken && !self.holds(row, &in_order)) {
                    return Placed::Unknown;
                }
                self.proven(unit, in_order, ColumnProof::Full)
            }
            // the text may end within the row, and no sum says that it does not
            Order::Form | Order::Unnamed
                if pieces.len() < cells && self.at_end(unit) && self.lanes[row].sums.is_empty() =>
            {
                Placed::Unknown
            }
            Order::Form | Order::Unnamed if pieces.len() <= cells => {
                Placed::Open { whole: self.whole(row) }
            }
            _ => Placed::Unknown,
        }
    }

    /// Whether the header over a row of text lacks a name of its columns, and says what is none of them in its place: a year, a
    /// word of another measure.
    fn is_under_others(&self, unit: usize, row: usize) -> bool {
        let (evidence, table) = (self.printed.evidence, self.printed.table);
        let columns = self.columns(row);
        let header = self.header(unit, row);
        let (Some(first), Some(last)) = (header.first(), header.last()) else { return false };
        let is_named =
            |column: &usize| header.iter().any(|head| head.head == Head::Column(*column));
        if evidence.said.is_empty() || columns.iter().all(is_named) {
            return false;
        }
        // what stands on the line of a label is its own
        let next = evidence.labels.iter().map(|label| label.span.start);
        let next = next.filter(|start| *start > last.span.start).min();
        let end = next.map_or(u32::MAX, |at| {
            self.printed.skeleton.lines.span(self.printed.skeleton.lines.line_at(at)).start
        });
        // rows under one header are judged once
        let key = (first.span.start, columns.to_vec());
        if let Some((known, says)) = &*self.under_others.borrow()
            && *known == key
        {
            return *says;
        }
        let mut own: Vec<&String> = table.frame.iter().collect();
        for column in columns.iter().map(|column| &table.columns[*column]) {
            own.extend(column.labels.iter().chain(&column.groups));
        }
        let own = Measure::new(own, evidence.year);
        let is_over = |said: &&Said| (first.span.start..end).contains(&said.span.start);
        let says = evidence.said.iter().filter(is_over).any(|said| {
            let words = said.span.of(self.printed.source);
            !own.allows(words) && !stands_over_labels(words)
        });
        *self.under_others.borrow_mut() = Some((key, says));
        says
    }

    /// A row in the form's order, or in that of its header.
    fn either(&self, unit: usize, order: &[Option<usize>]) -> Placed {
        let in_order = self.nth(unit, (0..order.len()).map(Some));
        Placed::Either(vec![in_order, self.nth(unit, by_order(order, order.len()))])
    }

    /// Whether the pieces of short rows are cells: where the document parts all its numbers, and other rows of the table
    /// have all theirs.
    fn whole(&self, row: usize) -> bool {
        let cells = self.columns(row).len();
        let hints = &self.printed.hints;
        !hints.glued
            && (hints.separated && !self.lanes[row].sums.is_empty()
                || self.alike(row).any(|other| self.pieces(other).len() == cells))
    }

    /// Whether the text ends with this row, perhaps within it.
    fn at_end(&self, unit: usize) -> bool {
        self.printed.ends_with(self.printed.unit(unit).span)
    }

    /// The order of the columns of a row; what the header says of others proves none.
    fn order(&self, unit: usize, row: usize) -> Order {
        match self.named_order(unit, row) {
            Order::Form | Order::Unnamed if self.is_under_others(unit, row) => Order::Unknown,
            order => order,
        }
    }

    /// The order of the columns of a row as the names in the text's header say it.
    fn named_order(&self, unit: usize, row: usize) -> Order {
        let wanted = self.columns(row);
        let header = self.header(unit, row);
        let is_column = |head: &HeaderCell| {
            matches!(head.head, Head::Column(c) if wanted.contains(&c))
                || head.head == Head::Foreign
        };
        // words before the first column are those of the labels
        let is_named =
            |head: &HeaderCell| matches!(head.head, Head::Column(c) if wanted.contains(&c));
        // a word over columns that stand below it, before all others
        let is_over = |head: &HeaderCell| first_below(self.printed, head, wanted).is_some();
        let named = header.iter().position(is_named);
        let is_alone = |pair: &[HeaderCell]| pair[0].line < pair[1].line;
        let over = named.and_then(|named| {
            let one_a_line = header[..=named].windows(2).all(is_alone);
            header[..named]
                .iter()
                .rposition(|head| is_over(head) && (one_a_line || head.line == header[named].line))
        });
        let Some(first) = over.or(named) else {
            let is_other = |head: &HeaderCell| match head.head {
                Head::Column(_) => true,
                Head::Foreign => !self.may_be(head, wanted),
                Head::Group => false,
            };
            return if header.iter().any(is_other) { Order::Unknown } else { Order::Form };
        };
        // strange words on its line stand in the places of the columns before it
        let absent = named.map_or(0, |named| {
            let is = |column: &usize| header[named].head == Head::Column(*column);
            wanted.iter().position(is).unwrap_or(0)
        });
        let line = header[first].line;
        let is_strange = |head: &&HeaderCell| head.head == Head::Foreign && head.line == line;
        let strange = header[..first].iter().rev().take(absent).take_while(is_strange).count();
        let first = first - strange;
        let last = header.iter().rposition(is_column).unwrap_or(first);
        let items: Vec<&HeaderCell> = header[first..=last]
            .iter()
            .filter(|head| is_column(head) || head.head == Head::Group)
            .collect();
        let place = |head: &HeaderCell| match head.head {
            Head::Column(c) => wanted.iter().position(|w| *w == c),
            _ => None,
        };
        let mut sequence: Vec<Option<usize>> = Vec::with_capacity(items.len());
        match items.iter().position(|head| head.head == Head::Group) {
            // a group's columns stand below it, behind the others of its line
            Some(group) => {
                let behind: Vec<&HeaderCell> =
                    items[group + 1..].iter().copied().filter(|head| is_column(head)).collect();
                let mut highest = None;
                let mut down = || {
                    (0..behind.len()).find(|at| {
                        let own = place(behind[*at]);
                        let falls = own.is_some() && own < highest;
                        highest = own.max(highest);
                        falls
                    })
                };
                let on_line = behind.partition_point(|head| head.line == items[group].line);
                let on_lines = on_line > 0 && on_line < behind.len();
                let down = if on_lines { Some(on_line) } else { down() };
                let (beside, below) = behind.split_at(down.unwrap_or(0));
                // 法人 / 总计 / 自然人, one a line: what stands below the word is not told from what stands beside it
                let has_group = |c: usize| !self.printed.table.columns[c].under.is_empty();
                let is_beside =
                    |head: &&HeaderCell| matches!(head.head, Head::Column(c) if !has_group(c));
                // not of a header that is printed twice
                let are_several = !beside.is_empty()
                    && behind.len() <= wanted.len()
                    && wanted.iter().any(|c| has_group(*c));
                if are_several && below.iter().any(is_beside) {
                    return Order::Unknown;
                }
                sequence.extend(items[..group].iter().map(|head| place(head)));
                sequence.extend(below.iter().map(|head| place(head)));
                sequence.extend(beside.iter().map(|head| place(head)));
            }
            None => sequence.extend(items.iter().map(|head| place(head))),
        }
        let mut known: Vec<usize> = sequence.iter().flatten().copied().collect();
        let foreign = sequence.len() - known.len();
        let in_order = known.is_sorted();
        let count = known.len();
        known.sort_unstable();
        known.dedup();
        let complete = count == wanted.len() && known.len() == count;
        let one_level = items.iter().all(|head| head.head != Head::Group);
        let sequence_names = |c: &usize| items.iter().any(|head| head.head == Head::Column(*c));
        let placed: Vec<&HeaderCell> =
            items.iter().copied().filter(|head| place(head).is_some() || is_over(head)).collect();
        match (complete, in_order, foreign) {
            (true, true, 0) => Order::Form,
            (true, true, _) => Order::Named(sequence),
            (true, false, _) => {
                let line = |head: Option<&&HeaderCell>| head.map(|head| head.line);
                let several = |pair: &[&HeaderCell]| pair[0].line == pair[1].line;
                // 自然人, 总计, 商业企业, one a line: the word over five of them may be lost
                let has_group = |place: &Option<usize>| {
                    place.is_some_and(|at| !self.printed.table.columns[wanted[at]].under.is_empty())
                };
                let first = sequence.iter().position(has_group).unwrap_or(0);
                let is_flattened = first > 0 && sequence[first..].iter().all(has_group);
                let one_line = line(items.first()) == line(items.last())
                    || !is_flattened && !items.windows(2).any(several);
                if swapped(self.printed, &placed, wanted) || one_level && one_line {
                    Order::Named(sequence)
                } else if one_level {
                    Order::Either(sequence)
                } else {
                    Order::Unknown
                }
            }
            // all of it is understood, no row has more, and a column is not there
            (false, true, 0)
                if count == known.len()
                    && count < wanted.len()
                    && self.printed.hints.glued
                    && is_whole(self.printed.source, header) =>
            {
                Order::Part(sequence)
            }
            (false, true, 0)
                if count == known.len()
                    && matches!(self.widths(row, count), (same, more) if same > 0 && more <= same)
                    && is_whole(self.printed.source, header) =>
            {
                // rows with more, perhaps a page's number, perhaps of a column whose name a page cut off
                let is_widest = self.widths(row, count).1 == 0;
                if is_widest { Order::Part(sequence) } else { Order::Unknown }
            }
            // words that nobody knows, where columns are not named: misspelt ones, in their places, or a header in pieces
            (false, true, 0) if count == known.len() && is_whole(self.printed.source, header) => {
                Order::Unnamed
            }
            (false, true, _) if in_places(&sequence, wanted.len()) => {
                let missing: Vec<usize> =
                    wanted.iter().copied().filter(|c| !sequence_names(c)).collect();
                let is_other = |head: &&HeaderCell| {
                    head.head == Head::Foreign
                        && !self.may_be(head, &missing)
                        && !self.is_scrap(head, &missing)
                };
                if items.iter().any(is_other) { Order::Part(sequence) } else { Order::Form }
            }
            (false, true, _)
                if wanted.len() > known.len() + FEW
                    && foreign <= wanted.len() - known.len()
                    && !(one_level && sequence.len() == wanted.len()) =>
            {
                Order::Form
            }
            (false, true, _) => Order::Unknown,
            (false, false, _) => {
                if swapped(self.printed, &placed, wanted) {
                    Order::Unknown
                } else {
                    Order::Form
                }
            }
        }
    }

    /// How many rows have just as many pieces as a header that lacks columns names, and how many have more.
    fn widths(&self, row: usize, count: usize) -> (usize, usize) {
        if count >= self.columns(row).len() {
            return (0, 0);
        }
        let rows = |than: Ordering| {
            self.alike(row).filter(|unit| self.pieces(*unit).len().cmp(&count) == than).count()
        };
        (rows(Ordering::Equal), rows(Ordering::Greater))
    }

    /// Rows of text with fewer pieces than cells, by their places on the line under full rows.
    fn by_line(&self, placed: &mut [Placed]) {
        const FEWEST: usize = 3;
        if self.printed.evidence.in_grid
            || self.printed.hints.glued
            || !placed.iter().any(|p| matches!(p, Placed::Open { .. }))
        {
            return;
        }
        let rows: Vec<Option<usize>> =
            self.row_of.iter().map(|row| row.map(|(row, _)| row)).collect();
        let columns = self.positions(&rows, 0);
        let mut found: Vec<(usize, Placement, Option<bool>)> = Vec::new();
        for (unit, placement) in columns.into_iter().enumerate() {
            let on_line = |piece: &Piece| piece.extent.ruler == Ruler::Line;
            // what the text ends with may go on where it was cut
            if !self.pieces(unit).iter().all(on_line) || self.at_end(unit) {
                continue;
            }
            let (Some(placement), Some((row, _)), Placed::Open { .. }) =
                (placement, self.row_of[unit], &placed[unit])
            else {
                continue;
            };
            let bound = !self.lanes[row].sums.is_empty();
            let holds = bound.then(|| self.sums_hold(row, &placement));
            found.push((unit, placement, holds));
        }
        let good = found.iter().filter(|(.., holds)| *holds == Some(true)).count();
        let all = found.iter().filter(|(.., holds)| holds.is_some()).count();
        let trusted = good >= FEWEST && good * 5 >= all * 4;
        let aligned = (self.printed.hints.ideograph)().is_some();
        for (unit, placement, holds) in found {
            let row = self.row_of[unit].map_or(0, |(row, _)| row);
            let proven = holds == Some(true) && self.holds(row, &placement);
            if proven || (aligned && (holds != Some(false) || trusted)) {
                placed[unit] = self.proven(unit, placement, ColumnProof::Line);
            }
        }
    }

    /// The cells of each row by where its pieces stand; `across` is the number of cells of a table that is one line. Where
    /// it is not known how wide ideographs are, what both widths say, or the one under which the row's own sums hold.
    fn positions(&self, rows: &[Option<usize>], across: usize) -> Vec<Option<Placement>> {
        let printed = self.printed;
        let text = columns::Text {
            table: printed.table,
            source: printed.source,
            lines: &printed.skeleton.lines,
            furniture: &printed.skeleton.furniture,
            evidence: printed.evidence,
            rows,
            across,
        };
        let cells = |unit: usize| match rows.get(unit).copied().flatten() {
            Some(_) if across > 0 => across,
            Some(row) => self.columns(row).len(),
            None => 0,
        };
        let place = |(unit, columns): (usize, Option<Vec<usize>>)| {
            let mut placed = vec![None; cells(unit)];
            for (piece, column) in columns?.into_iter().enumerate() {
                placed[column] = Some(piece);
            }
            Some(self.nth(unit, placed))
        };
        let mut readings = columns::by_position(&text, (printed.hints.ideograph)())
            .into_iter()
            .map(|columns| columns.into_iter().enumerate().map(place).collect::<Vec<_>>());
        let (Some(narrow), wide) = (readings.next(), readings.next()) else { return Vec::new() };
        let Some(wide) = wide else { return narrow };
        let holds = |unit: usize, placed: &Option<Placement>| {
            let row = rows.get(unit).copied().flatten();
            placed.as_ref().zip(row).is_some_and(|(placed, row)| self.holds(row, placed))
        };
        let choose = |(unit, (narrow, wide)): (usize, (Option<Placement>, Option<Placement>))| {
            if narrow == wide {
                return narrow;
            }
            match (holds(unit, &narrow), holds(unit, &wide)) {
                (true, false) => narrow,
                (false, true) => wide,
                _ => None,
            }
        };
        narrow.into_iter().zip(wide).enumerate().map(choose).collect()
    }

    // ------------------------------------------------------------------------------------------ sums

    /// Whether the row has equations, they hold with these pieces in its cells, and they say something.
    fn holds(&self, row: usize, placement: &Placement) -> bool {
        // rows side by side are judged as one, elsewhere
        let Some(lane) = self.lanes.get(row) else { return false };
        // of a sum with a cell that cannot be read nobody knows
        self.printed.all_known(placement) && lane.adds_up(&self.printed.values(placement))
    }

    fn sums_hold(&self, row: usize, placement: &Placement) -> bool {
        self.lanes[row].fits(&self.printed.values(placement))
    }

    /// Whether the header does not name the columns of a row in another order than the form: no sum tells its parts apart.
    fn in_form_order(&self, unit: usize, row: usize) -> bool {
        match self.pieces(unit).first().map(|piece| piece.extent.ruler) {
            Some(ruler @ Ruler::Grid(_)) => {
                let named = self.named(self.header(unit, row), row, ruler);
                named.is_none_or(|(_, swapped)| !swapped)
            }
            _ => matches!(self.order(unit, row), Order::Form | Order::Unnamed),
        }
    }

    /// Rows that all have the same surplus cells: the columns under which the sums of all of them hold, when no others do.
    fn surplus(&self, placed: &mut [Placed]) {
        const MOST: usize = 3;
        for row in 0..self.printed.table.rows.len() {
            let cells = self.columns(row).len();
            if self.lanes[row].sums.is_empty() {
                continue;
            }
            let open: Vec<usize> = self
                .alike(row)
                .filter(|unit| {
                    matches!(placed[*unit], Placed::Unknown | Placed::Open { .. })
                        && self.pieces(*unit).len() > cells
                        && self.in_form_order(*unit, row)
                })
                .collect();
            let Some(&first) = open.first() else { continue };
            let width = self.pieces(first).len();
            let same: Vec<usize> =
                open.into_iter().filter(|unit| self.pieces(*unit).len() == width).collect();
            if width - cells > MOST || self.row_of[first].map(|(r, _)| r) != Some(row) {
                continue;
            }
            let row_of = |unit: usize| self.row_of[unit].map_or(row, |(row, _)| row);
            let fits = |own: &Vec<usize>| {
                let on = |unit: usize| self.nth(unit, own.iter().copied().map(Some));
                let holds =
                    same.iter().filter(|unit| self.holds(row_of(**unit), &on(**unit))).count();
                holds >= 2 && same.iter().all(|unit| self.sums_hold(row_of(*unit), &on(*unit)))
            };
            let good: Vec<Vec<usize>> = omissions(width, cells).into_iter().filter(fits).collect();
            if good.is_empty() {
                continue;
            }
            for unit in same {
                placed[unit] = Placed::Either(
                    good.iter().map(|own| self.nth(unit, own.iter().copied().map(Some))).collect(),
                );
            }
        }
    }

    /// Rows of text between borders that end in empty cells: in a document where such a row's sum fails as it stands, blank
    /// cells may have been squeezed out, and no such row's columns are proven.
    fn squeezed(&self, placed: &mut [Placed]) {
        let ends_empty = |unit: usize| {
            let Some(Placed::Proven(placement, place)) = placed.get(unit) else { return false };
            matches!(place.column, ColumnProof::Borders | ColumnProof::Header)
                && self.pieces(unit)[0].extent.ruler == Ruler::Borders
                && self
                    .pieces(unit)
                    .iter()
                    .rposition(|piece| !piece.is_empty())
                    .is_some_and(|last| last + 1 < placement.len().max(self.pieces(unit).len()))
                && placement
                    .iter()
                    .flatten()
                    .any(|at| !self.printed.evidence.pieces[*at].is_empty())
        };
        let ends: Vec<usize> = (0..placed.len()).filter(|unit| ends_empty(*unit)).collect();
        if self.printed.hints.squeezed && !ends.is_empty() {
            for unit in ends {
                // in the form's order, unless the header has another
                placed[unit] = match placed[unit] {
                    Placed::Proven(_, place) if place.column == ColumnProof::Borders => {
                        Placed::Open { whole: true }
                    }
                    _ => Placed::Unknown,
                };
            }
        }
    }

    /// All rows side by side in one: its placement.
    fn across(&self, unit: usize, lane: &Lane) -> Placed {
        let pieces = self.pieces(unit);
        let cells = lane.cells.len();
        let printed_row = self.printed.unit(unit);
        if printed_row.shared {
            return Placed::Open { whole: true };
        }
        let told = pieces[0].extent.ruler;
        let known: Vec<usize> = (0..pieces.len())
            .filter(|at| matches!(told, Ruler::Grid(0) | Ruler::Borders) || !pieces[*at].is_empty())
            .collect();
        if known.len() == cells {
            let placement = self.nth(unit, known.into_iter().map(Some));
            // an empty cell at its end may be none, and one was lost
            let is_short = || {
                pieces.last().is_some_and(Piece::is_empty)
                    && !lane.fits(&self.printed.values(&placement))
            };
            if told == Ruler::Borders && (self.looks_squeezed(lane, &placement) || is_short()) {
                return Placed::Open { whole: true };
            }
            return self.proven(unit, placement, ColumnProof::Full);
        }
        if let Ruler::Grid(_) = told {
            let columns = self.header_across(told);
            // a row that ends before the header does has lost cells, perhaps not its last
            let end = pieces.iter().map(|piece| piece.extent.to).max().unwrap_or(0);
            let columns = columns.filter(|own| own.last().is_some_and(|last| last.from < end));
            let placed = columns.and_then(|columns| self.under(unit, &columns, &[]));
            return placed.map_or(Placed::Open { whole: true }, |placed| {
                self.proven(unit, placed, ColumnProof::Header)
            });
        }
        if told == Ruler::Line && known.len() > cells {
            return self.with_rest(unit, lane);
        }
        if told == Ruler::Line {
            let placed = if self.printed.hints.glued {
                None
            } else {
                self.positions(&[Some(0)], cells).pop().flatten()
            };
            let proven = placed.filter(|placed| {
                let values = self.printed.values(placed);
                let fail = lane.sums.iter().filter(|sum| !sum.holds(&values)).count();
                let proven = lane.sums.iter().any(|sum| sum.says(&values) && sum.holds(&values));
                fail == 0 || (fail == 1 && proven)
            });
            let whole = self.printed.hints.separated;
            return proven.map_or(Placed::Open { whole }, |placed| {
                self.proven(unit, placed, ColumnProof::Line)
            });
        }
        // empty cells of spans before and behind the numbers
        let filled: Vec<usize> = (0..pieces.len()).filter(|at| !pieces[*at].is_empty()).collect();
        match (filled.first(), filled.last()) {
            (Some(first), Some(last)) if last + 1 - first == cells => self.proven(
                unit,
                self.nth(
                    unit,
                    (*first..=*last).map(|at| Some(at).filter(|at| !pieces[*at].is_empty())),
                ),
                ColumnProof::Borders,
            ),
            _ if pieces.len() > cells
                && filled.last().is_none_or(|last| *last < cells)
                && pieces.len() < 2 * cells =>
            {
                self.proven(
                    unit,
                    self.nth(
                        unit,
                        (0..cells).map(|at| Some(at).filter(|at| !pieces[*at].is_empty())),
                    ),
                    ColumnProof::Borders,
                )
            }
            _ => Placed::Open { whole: true },
        }
    }

    /// Whether cells behind the last number are blank, and a sum has numbers and no total though another has one: blank
    /// cells may have been squeezed out before the numbers.
    fn looks_squeezed(&self, lane: &Lane, placement: &Placement) -> bool {
        let values = self.printed.values(placement);
        let has_total = |sum: &Sum| values[sum.first + sum.coefficients.len() - 1].is_some();
        let fails = |sum: &Sum| !has_total(sum) && !sum.holds(&values);
        let ends_empty = values.last() == Some(&None);
        ends_empty
            && (self.printed.hints.squeezed
                || lane.sums.iter().any(fails) && lane.sums.iter().any(has_total))
    }

    /// More pieces than cells: a page number may stand behind the row, if the sums hold without it.
    fn with_rest(&self, unit: usize, lane: &Lane) -> Placed {
        const MOST: usize = 3;
        let (pieces, cells) = (self.pieces(unit).len(), lane.cells.len());
        if pieces - cells > MOST {
            return Placed::Open { whole: false };
        }
        let holds =
            |own: &Placement| self.printed.all_known(own) && lane.fits(&self.printed.values(own));
        if !holds(&self.nth(unit, (0..cells).map(Some))) {
            return Placed::Unknown;
        }
        let readings = omissions(pieces, cells).into_iter();
        let readings = readings.map(|own| self.nth(unit, own.into_iter().map(Some)));
        Placed::Either(readings.filter(holds).collect())
    }

    /// The columns of all rows side by side as the header names them, in the form's order.
    fn header_across(&self, ruler: Ruler) -> Option<Vec<Extent>> {
        let wanted = self.printed.table.rows.iter().flat_map(|row| row.columns.iter().copied());
        let mut known: Vec<(Extent, usize)> = self
            .printed
            .evidence
            .header
            .iter()
            .filter(|head| head.extent.ruler == ruler)
            .filter_map(
                |head| if let Head::Column(c) = head.head { Some((head.extent, c)) } else { None },
            )
            .collect();
        known.sort_unstable_by_key(|(extent, column)| (extent.from, extent.to, *column));
        known.dedup();
        let wanted: Vec<usize> = wanted.collect();
        let fits = known.len() == wanted.len()
            && known.iter().zip(&wanted).all(|(have, want)| have.1 == *want);
        let columns: Vec<Extent> = known.into_iter().map(|(extent, _)| extent).collect();
        (fits && apart(&columns)).then_some(columns)
    }
}

/// The placement of one printed row that holds all rows of the form side by side.
pub fn across(printed: &Printed<'_>, unit: usize, lane: &Rc<Lane>) -> Placed {
    let lanes = std::slice::from_ref(lane);
    Placer {
        printed,
        row_of: &[],
        lanes,
        broken: Vec::new(),
        has_wider: false,
        under_others: RefCell::default(),
    }
    .across(unit, lane)
}

/// Whether the header names another column over a cell of a grid than the one that it is taken for: a column is left out, and
/// the last one is empty.
pub fn crosses(cells: &[Option<Piece>], header: &[HeaderCell], columns: &[usize]) -> bool {
    let extent = |at: usize| cells[at].map(|cell| cell.extent);
    let over = |head: &HeaderCell| {
        let touches = |at: &usize| extent(*at).is_some_and(|own| own.touches(head.extent));
        let mut under = (0..cells.len()).filter(touches);
        under.next().filter(|_| under.next().is_none())
    };
    let is = |head: &HeaderCell, column: usize| head.head == Head::Column(column);
    let is_in_place = |column: usize| {
        header
            .iter()
            .any(|head| is(head, column) && over(head).is_some_and(|at| columns[at] == column))
    };
    // a name printed twice is misprinted in the other place
    let is_crossed = |head: &HeaderCell| {
        let Head::Column(named) = head.head else { return false };
        over(head).is_some_and(|at| columns[at] != named) && !is_in_place(named)
    };
    // rows of a broken span stand beside a header that names them all
    let names = |column: &usize| header.iter().any(|head| head.head == Head::Column(*column));
    let lacks = cells.contains(&None);
    cells.len() == columns.len()
        && !columns.iter().all(names)
        && cells.iter().flatten().all(|cell| matches!(cell.extent.ruler, Ruler::Grid(_)))
        // a header that stands beside the cells counts its columns otherwise
        && header
            .iter()
            .all(|head| !matches!(head.head, Head::Column(_)) || lacks || over(head).is_some())
        && header.iter().any(is_crossed)
}

/// Whether a row side by side names its columns in another order than the form.
pub fn misnamed(printed: &Printed<'_>) -> bool {
    let wanted: Vec<usize> =
        printed.table.rows.iter().flat_map(|row| row.columns.iter().copied()).collect();
    let header = printed.evidence.header.iter();
    let mut known: Vec<(u32, usize)> = header
        .filter_map(|head| {
            if let Head::Column(c) = head.head { Some((head.extent.from, c)) } else { None }
        })
        .collect();
    known.sort_unstable();
    known.dedup();
    let known: Vec<usize> = known.into_iter().map(|(_, column)| column).collect();
    let mut both = [known.clone(), wanted.clone()];
    for columns in &mut both {
        columns.sort_unstable();
    }
    both[0] == both[1] && known != wanted
}

/// Whether the header of rows side by side names the rows, or the columns of one of them, in another order than the form.
/// What a header in pieces leaves out says nothing.
pub fn misordered(printed: &Printed<'_>) -> bool {
    let evidence = printed.evidence;
    let mut rows: Vec<usize> = Vec::new();
    for label in &evidence.labels {
        if !rows.contains(&label.row) {
            rows.push(label.row);
        }
    }
    // the columns of each row rise, and begin again with the next one; in a grid [`misnamed`] says so
    let columns = evidence.header.iter().filter_map(|head| match head.head {
        Head::Column(column) => Some(column),
        _ => None,
    });
    let (mut runs, mut last) = (0, None);
    for column in columns {
        runs += usize::from(last.is_none_or(|last| column <= last));
        last = Some(column);
    }
    !rows.is_sorted()
        || !evidence.in_grid && runs > printed.table.rows.len()
        || is_over_others(printed)
}

/// Whether words that are none of the form's stand in a header of rows side by side that lacks some of the form's.
pub fn is_strange(printed: &Printed<'_>, unit: usize) -> bool {
    let (evidence, table) = (printed.evidence, printed.table);
    let columns = evidence.header.iter().filter(|head| matches!(head.head, Head::Column(_)));
    let labelled = |row: usize| evidence.labels.iter().any(|label| label.row == row);
    let rows = (0..table.rows.len()).filter(|row| labelled(*row)).count();
    if rows == table.rows.len() && columns.count() >= table.cell_count() {
        return false;
    }
    let labels = table.rows.iter().flat_map(|row| &row.labels);
    let names = table.columns.iter().flat_map(|c| &c.labels);
    let own = Measure::new(names.chain(labels).chain(&table.frame).collect(), evidence.year);
    let before = printed.unit(unit).span.start;
    let foreign = evidence.header.iter().filter(|head| head.head == Head::Foreign);
    // 信访 in the place of 行政复议 stands before the first word that the form knows
    let start = printed.source[..evidence.span.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let first = Span::new(start as u32, evidence.span.start);
    let is_said = first.of(printed.source).chars().any(|c| fold::table().class(c) == Class::Letter);
    let first = Some(first).filter(|_| is_said && !labelled(0));
    let mut words =
        foreign.map(|head| head.span).chain(evidence.loose.iter().copied()).chain(first);
    // pieces of labels of other tables: 上年
    let groups = evidence.header.iter().filter(|head| head.head == Head::Group);
    let mut pieces = groups.map(|head| head.span).chain(evidence.said.iter().map(|said| said.span));
    words.any(|span| span.end <= before && !own.is(span.of(printed.source)))
        || pieces.any(|span| span.end <= before && !own.allows(span.of(printed.source)))
}

/// Whether a word over some of the rows stands before others, which it is not over.
fn is_over_others(printed: &Printed<'_>) -> bool {
    let (evidence, rows) = (printed.evidence, &printed.table.rows);
    let Some(first) = rows.iter().position(|row| !row.under.is_empty()) else { return false };
    let word = evidence.header.iter().find(|head| {
        head.head == Head::Group && head.span.of(printed.source).contains(&rows[first].under)
    });
    let before = |label: &Label| label.row < first && label.part == Part::Whole;
    let label = evidence.labels.iter().find(|label| before(label));
    matches!((word, label), (Some(word), Some(label)) if word.span.start < label.span.start)
}

/// Printed rows on several lines, where most are on one.
fn broken(printed: &Printed<'_>) -> Vec<bool> {
    let evidence = printed.evidence;
    let broken: Vec<bool> =
        evidence.rows.iter().map(|row| evidence.is_on_lines(evidence.pieces_of(row))).collect();
    let count = broken.iter().filter(|broken| **broken).count();
    let several = evidence.rows.iter().filter(|row| evidence.pieces_of(row).len() > 1).count();
    if count * 2 > several { vec![false; broken.len()] } else { broken }
}

/// The proof of a row whose digits can be cut in one way.
pub(crate) const fn one_way(row: RowProof) -> Place {
    Place { row, column: ColumnProof::OneWay }
}

/// The order of columns.
enum Order {
    /// That of the form.
    Form,
    /// For each piece the cell it fills; none for a column that the form has not.
    Named(Vec<Option<usize>>),
    /// The same where the header lacks columns of the form.
    Part(Vec<Option<usize>>),
    /// This one, or that of the form: the header has several lines, and nothing says that one stands below a word of another.
    Either(Vec<Option<usize>>),
    /// That of the form, of which the header leaves a name out: of cells in a row with an empty one nobody knows.
    Unnamed,
    /// It cannot be told.
    Unknown,
}

fn by_order(order: &[Option<usize>], cells: usize) -> Placement {
    let mut placement = vec![None; cells];
    for (piece, cell) in order.iter().enumerate() {
        if let Some(cell) = cell {
            placement[*cell] = Some(piece);
        }
    }
    placement
}

/// Whether every unknown word of a header stands where a column that it does not name has its place.
fn in_places(sequence: &[Option<usize>], columns: usize) -> bool {
    let mut next = 0;
    sequence.iter().enumerate().all(|(at, own)| {
        // a column named twice is the next one, misprinted
        let own = own.filter(|own| *own >= next);
        let place = own.unwrap_or(next);
        let bound = sequence[at..]
            .iter()
            .flatten()
            .find(|other| **other >= next)
            .copied()
            .unwrap_or(columns);
        let fits = own.is_some() || place < bound;
        next = place + 1;
        fits
    })
}

/// Whether the lines of a header have no letters that no cell of it has.
pub fn is_whole(source: &str, header: &[HeaderCell]) -> bool {
    // of a text without lines only what is within the header
    const LONGEST: usize = 400;
    let (Some(first), Some(last)) = (header.first(), header.last()) else { return false };
    let (from, to) = (first.span.start as usize, last.span.end as usize);
    let bytes = source.as_bytes();
    let near = from.saturating_sub(LONGEST);
    let begin = memchr::memrchr(b'\n', &bytes[near..from]).map_or(from, |at| near + at + 1);
    let far = (to + LONGEST).min(bytes.len());
    let end = memchr::memchr(b'\n', &bytes[to..far]).map_or(to, |at| to + at);
    let table = fold::table();
    let says = |text: &str| text.chars().any(|c| table.class(c) == Class::Letter);
    let mut at = begin;
    for head in header {
        let (start, stop) = (head.span.start as usize, head.span.end as usize);
        if start < at || says(&source[at..start]) {
            return false;
        }
        at = stop;
    }
    !says(&source[at..end])
}

/// The first of these columns that a word of the header stands over; none where it names a column, or is over no others.
fn first_below(printed: &Printed<'_>, head: &HeaderCell, wanted: &[usize]) -> Option<usize> {
    if head.head != Head::Group {
        return None;
    }
    let words = head.span.of(printed.source);
    let is_below = |c: &usize| {
        let under = &printed.table.columns[*c].under;
        !under.is_empty() && words.contains(under.as_str())
    };
    wanted.iter().position(is_below)
}

/// Whether in one line of the header two columns stand in another order than wanted.
fn swapped(printed: &Printed<'_>, header: &[&HeaderCell], wanted: &[usize]) -> bool {
    let columns: Vec<(u32, usize)> = header
        .iter()
        .filter_map(|head| match head.head {
            Head::Column(c) => Some((head.line, wanted.iter().position(|w| *w == c)?)),
            _ => Some((head.line, first_below(printed, head, wanted)?)),
        })
        .collect();
    columns.windows(2).any(|pair| pair[0].0 == pair[1].0 && pair[0].1 > pair[1].1)
}

/// Whether each column ends before the next begins.
fn apart(columns: &[Extent]) -> bool {
    columns.windows(2).all(|pair| pair[0].to <= pair[1].from)
}

/// All ways to leave out some of so many pieces, in order.
fn omissions(pieces: usize, cells: usize) -> Vec<Vec<usize>> {
    let mut out = Vec::new();
    if cells <= pieces {
        choose(0, pieces, cells, &mut Vec::with_capacity(cells), &mut out);
    }
    out
}

fn choose(
    from: usize,
    pieces: usize,
    cells: usize,
    chosen: &mut Vec<usize>,
    out: &mut Vec<Vec<usize>>,
) {
    if chosen.len() == cells {
        out.push(chosen.clone());
        return;
    }
    for at in from..=pieces - (cells - chosen.len()) {
        chosen.push(at);
        choose(at + 1, pieces, cells, chosen, out);
        chosen.pop();
    }
}
