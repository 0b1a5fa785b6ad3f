//! The layouts in which reports are met, by name.

/// How the cells of the tables stand in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A row a line, one blank between cells.
    Rows,
    /// A row a line, tabs.
    RowsTab,
    /// A row a line, U+3000 here and there.
    RowsIdeographic,
    /// A row a line, U+00A0.
    RowsNbsp,
    /// A row a line, digits glued.
    RowsGlued,
    /// A row a line, zero cells gone without a mark.
    RowsBlankLost,
    /// A cell a line.
    Cells,
    /// A cell a line, blank lines between.
    CellsBlankLines,
    /// A cell a line, each after a blank.
    CellsIndented,
    /// A cell a line, marks for nothing.
    CellsMarks,
    /// `规章 |⏎0 |`
    PipeEnd,
    /// `规章 | 0 | 0 | 0 |`
    PipeRows,
    /// As `PipeRows`, inner zeros left empty.
    PipeRowsBlank,
    /// The pipe on a line of its own.
    PipeOwnLine,
    /// A pipe line before the cells of each row.
    PipeBefore,
    /// `| 规章⏎|⏎0⏎|`
    PipeAlternate,
    /// A label and its pipe on two lines.
    PipeLabelSplit,
    /// Surplus empty cells and lines of nothing but pipes.
    PipeGhosts,
    /// A Markdown grid a table.
    Markdown,
    /// A Markdown grid a row.
    MarkdownPerRow,
    /// As `pdftotext -layout` prints it.
    Aligned,
    /// As `Aligned`, zero cells left empty.
    AlignedBlanks,
    /// As `pdftotext -raw` prints it.
    Raw,
    /// The whole report on one line, digits glued.
    Oneline,
    /// One line, some of the blanks between cells left.
    OnelineMixed,
    /// One line, every blank left.
    OnelineSpaced,
    /// Blocks of labels beside blocks of number rows.
    Detached,
    /// A web page.
    Page,
    /// As `Page`, zero cells left empty.
    PageBlanks,
    /// As `PageBlanks`, in the markup that Word leaves.
    PageWord,
    /// As `PageBlanks`, with spans that do not fit each other.
    PageSpans,
}

impl Shape {
    /// Every shape.
    pub(crate) const ALL: &[Self] = &[
        Self::Rows,
        Self::RowsTab,
        Self::RowsIdeographic,
        Self::RowsNbsp,
        Self::RowsGlued,
        Self::RowsBlankLost,
        Self::Cells,
        Self::CellsBlankLines,
        Self::CellsIndented,
        Self::CellsMarks,
        Self::PipeEnd,
        Self::PipeRows,
        Self::PipeRowsBlank,
        Self::PipeOwnLine,
        Self::PipeBefore,
        Self::PipeAlternate,
        Self::PipeLabelSplit,
        Self::PipeGhosts,
        Self::Markdown,
        Self::MarkdownPerRow,
        Self::Aligned,
        Self::AlignedBlanks,
        Self::Raw,
        Self::Oneline,
        Self::OnelineMixed,
        Self::OnelineSpaced,
        Self::Detached,
        Self::Page,
        Self::PageBlanks,
        Self::PageWord,
        Self::PageSpans,
    ];

    /// The shapes of text: what a corpus is mixed of unless something else is asked for.
    pub(crate) fn texts() -> Vec<Self> {
        Self::ALL.iter().copied().filter(|shape| !shape.is_page()).collect()
    }

    /// Its name on the command line and in the truth.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::RowsTab => "rows_tab",
            Self::RowsIdeographic => "rows_ideographic",
            Self::RowsNbsp => "rows_nbsp",
            Self::RowsGlued => "rows_glued",
            Self::RowsBlankLost => "rows_blank_lost",
            Self::Cells => "cells",
            Self::CellsBlankLines => "cells_blank_lines",
            Self::CellsIndented => "cells_indented",
            Self::CellsMarks => "cells_marks",
            Self::PipeEnd => "pipe_end",
            Self::PipeRows => "pipe_rows",
            Self::PipeRowsBlank => "pipe_rows_blank",
            Self::PipeOwnLine => "pipe_own_line",
            Self::PipeBefore => "pipe_before",
            Self::PipeAlternate => "pipe_alternate",
            Self::PipeLabelSplit => "pipe_label_split",
            Self::PipeGhosts => "pipe_ghosts",
            Self::Markdown => "markdown",
            Self::MarkdownPerRow => "markdown_per_row",
            Self::Aligned => "aligned",
            Self::AlignedBlanks => "aligned_blanks",
            Self::Raw => "raw",
            Self::Oneline => "oneline",
            Self::OnelineMixed => "oneline_mixed",
            Self::OnelineSpaced => "oneline_spaced",
            Self::Detached => "detached",
            Self::Page => "page",
            Self::PageBlanks => "page_blanks",
            Self::PageWord => "page_word",
            Self::PageSpans => "page_spans",
        }
    }

    /// The shape of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|shape| shape.name() == name)
    }

    /// Digits of neighbouring cells may touch.
    pub(crate) fn glued(self) -> bool {
        matches!(self, Self::RowsGlued | Self::Oneline | Self::OnelineMixed)
    }

    /// Every cell that prints something can be told from its neighbours.
    pub(crate) fn separated(self) -> bool {
        !self.glued() && self != Self::RowsBlankLost
    }

    /// An empty cell keeps its place.
    pub(crate) fn keeps_empty_cells(self) -> bool {
        self.piped() && self != Self::Detached
            || matches!(
                self,
                Self::RowsTab | Self::AlignedBlanks | Self::Markdown | Self::MarkdownPerRow
            )
            || self.is_page()
    }

    /// A web page.
    pub(crate) fn is_page(self) -> bool {
        matches!(self, Self::Page | Self::PageBlanks | Self::PageWord | Self::PageSpans)
    }

    /// The ending of its file.
    pub(crate) fn ending(self) -> &'static str {
        if self.is_page() { "html" } else { "txt" }
    }

    /// Cells end in `|`.
    pub(crate) fn piped(self) -> bool {
        matches!(
            self,
            Self::PipeEnd
                | Self::PipeRows
                | Self::PipeRowsBlank
                | Self::PipeOwnLine
                | Self::PipeBefore
                | Self::PipeAlternate
                | Self::PipeLabelSplit
                | Self::PipeGhosts
                | Self::Detached
        )
    }

    /// The text was read off a page: wrapped lines, page numbers.
    pub(crate) fn paged(self) -> bool {
        matches!(self, Self::Aligned | Self::AlignedBlanks | Self::Raw)
    }
}
