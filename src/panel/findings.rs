//! What does not fit in a panel.

use crate::number::Decimal;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// One of the two sides must be wrong.
    Warning,
    /// It can be right, and is worth a look.
    Note,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A sum within one report fails.
    SumFails,
    /// 结转下年度 of a year is not 上年结转 of the next.
    CarryDiffers,
    /// The same, and it would be if the columns of one side stood one place further.
    CarryShifted,
    /// 现行有效 is not that of the year before, plus issued, minus repealed.
    StockDiffers,
    /// The parts of a region have more than the region.
    PartsExceed,
    /// The parts of a region add up in nearly all columns, not in this one.
    PartsDiffer,
    /// Ten times the years beside it, or a tenth.
    Jump,
    /// Money a thousand times the years beside it, or a thousandth: 元 for 万元.
    Unit,
    /// The numbers of a row stand in the column beside theirs in other years.
    Shifted,
    /// Two reports for one body and year say different things.
    DuplicatesDiffer,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::SumFails,
        Self::CarryDiffers,
        Self::CarryShifted,
        Self::StockDiffers,
        Self::PartsExceed,
        Self::PartsDiffer,
        Self::Jump,
        Self::Unit,
        Self::Shifted,
        Self::DuplicatesDiffer,
    ];

    /// The fixed name used in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SumFails => "sum_fails",
            Self::CarryDiffers => "carry_differs",
            Self::CarryShifted => "carry_shifted",
            Self::StockDiffers => "stock_differs",
            Self::PartsExceed => "parts_exceed",
            Self::PartsDiffer => "parts_differ",
            Self::Jump => "jump",
            Self::Unit => "unit_suspected",
            Self::Shifted => "columns_shifted",
            Self::DuplicatesDiffer => "duplicates_differ",
        }
    }

    /// One sentence for the page and the documentation.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::SumFails => "a sum of the form does not hold within one report",
            Self::CarryDiffers => {
                "carried out of one year (结转下年度) is not carried into the next (上年结转)"
            }
            Self::CarryShifted => {
                "carried out and carried in agree when one of them is moved by one column"
            }
            Self::StockDiffers => {
                "in force (现行有效) is not that of the year before, plus issued, minus repealed"
            }
            Self::PartsExceed => "the parts of a region have more than the region itself",
            Self::PartsDiffer => {
                "the parts add up to the region in most columns, but not in this one"
            }
            Self::Jump => "ten times the years beside it, or a tenth",
            Self::Unit => "money a thousand times the years beside it, or less: 元 for 万元",
            Self::Shifted => "the numbers stand in the column beside theirs in other years",
            Self::DuplicatesDiffer => {
                "two reports for one body and year differ; the more complete one counts"
            }
        }
    }

    /// How much it weighs.
    pub const fn weight(self) -> Weight {
        match self {
            Self::StockDiffers | Self::PartsDiffer | Self::DuplicatesDiffer => Weight::Note,
            _ => Weight::Warning,
        }
    }
}

/// A cell of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The report's row in the wide table.
    pub row: usize,
    /// The cell's place among the cells.
    pub cell: usize,
}

/// Two sums that should be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums {
    /// The left side.
    pub left: Option<Decimal>,
    /// The right side.
    pub right: Option<Decimal>,
    /// What must be equal, in the form's words or with the numbers.
    pub equation: String,
}

/// One finding: two cells of two reports, or of one, and the sums over them where it is about sums.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What was found.
    pub kind: Kind,
    /// The body, by its place in the panel.
    pub body: usize,
    /// The year of the left side.
    pub year: i32,
    /// The cell in question.
    pub left: Cell,
    /// The cell it is held against.
    pub right: Cell,
    /// The value of the left cell.
    pub left_value: Option<Decimal>,
    /// The value of the right cell.
    pub right_value: Option<Decimal>,
    /// Where sums do not agree: both of them, and what they are sums of.
    pub sums: Option<Sums>,
    /// What more there is to say, in English.
    pub detail: String,
}
