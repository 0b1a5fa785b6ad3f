//! What every format becomes: one text in reading order, and over it the grids of the tables that the document has.
//!
//! A line of the text is a paragraph, a row of a grid, or a line in a cell. Cells of a row are parted by a tab, rows by
//! a line end. So all later stages read text; where a grid is known, the column of a number is known with it.

use crate::span::Span;

/// Widest row that is laid out, in columns; what stands further right is put into the last one.
pub const MOST_COLUMNS: u32 = 1024;

/// A cell of a grid, placed as browsers and word processors place it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GridCell {
    /// First row it covers, from 0.
    pub row: u32,
    /// First column it covers, from 0.
    pub col: u32,
    /// How many rows it covers.
    pub rows: u32,
    /// How many columns it covers.
    pub cols: u32,
    /// Its text.
    pub span: Span,
}

impl GridCell {
    /// One past the last column it covers.
    pub const fn end_col(&self) -> u32 {
        self.col + self.cols
    }
}

/// What a grid was in the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GridKind {
    /// A table of a page or of a text document.
    #[default]
    Table,
    /// A sheet of a workbook.
    Sheet,
}

/// A table with known rows and columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// Its place among the tables or sheets of the document, from 1.
    pub number: u32,
    /// What it was.
    pub kind: GridKind,
    /// Grids of one frame count their columns alike; in another a column of the same number stands elsewhere.
    pub frame: u32,
    /// Its cells by row, then by column.
    pub cells: Vec<GridCell>,
    /// From its first to its last cell.
    pub span: Span,
    /// Whether the document ends within its last cell.
    pub breaks_off: bool,
}

/// What a link leads to, or a page holds from elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// A document to download.
    Attachment,
    /// A picture.
    Picture,
    /// Something shown in a frame: a viewer, another page.
    Frame,
}

impl LinkKind {
    /// The fixed name used in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Attachment => "attachment",
            Self::Picture => "picture",
            Self::Frame => "frame",
        }
    }

    /// Whether an address names a document by its ending.
    ///
    /// ```
    /// use nianbao::document::blocks::LinkKind;
    /// assert!(LinkKind::is_document("/files/W020230118.PDF?v=1"));
    /// assert!(!LinkKind::is_document("../index.html"));
    /// ```
    pub fn is_document(url: &str) -> bool {
        const ENDINGS: [&str; 13] = [
            "pdf", "doc", "docx", "wps", "rtf", "odt", "xls", "xlsx", "et", "ods", "ofd", "zip",
            "rar",
        ];
        let path = url.split(['?', '#']).next().unwrap_or(url);
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
    }
}

/// Something outside of the document that it leads to or shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it is.
    pub kind: LinkKind,
    /// Where it leads, as written.
    pub url: String,
    /// Its text, or the text in place of a picture.
    pub text: String,
    /// Where in the text it stands.
    pub at: u32,
}

/// Where a run of the text stands in the decoded source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Its first byte in the text.
    pub text: u32,
    /// Its first byte in the source.
    pub source: u32,
    /// Whether the source has the same bytes; entities are others.
    pub exact: bool,
}

/// Where a run of the text is printed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PagePlace {
    /// Its first byte in the text.
    pub start: u32,
    /// The page, from 1; 0 where what follows stands on none.
    pub page: u32,
    /// Left, upper, right and lower end, in points from the upper left corner of the page as it is shown.
    pub area: [f64; 4],
}

/// The picture that a page is.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// The page, from 1.
    pub page: u32,
    /// Its width and height in points.
    pub size: (f64, f64),
    /// Its pixels as a JPEG.
    pub jpeg: Vec<u8>,
}

/// What a number in a picture can be, the likeliest first, each with how likely it is.
pub type Readings = Vec<(String, f32)>;

/// A document's text under construction.
#[derive(Clone, Debug, Default)]
pub struct Blocks {
    /// The text so far.
    pub text: String,
    /// The grids so far, in the order of the text.
    pub grids: Vec<Grid>,
    /// Ranges of the text that one block of the document holds, innermost first; they tell the main text from what
    /// stands around it.
    pub containers: Vec<Span>,
    /// Ranges that are navigation or other furniture, in order.
    pub furniture: Vec<Span>,
    /// For places of the text, in order, where they stand in the decoded source; each holds until the next.
    pub origin: Vec<Origin>,
    /// Links, in order.
    pub links: Vec<Link>,
    /// For documents of pages, where each run of the text is printed, in order.
    pub places: Vec<PagePlace>,
    /// Pages whose text was read from pictures, in order: a guess.
    pub guessed: Vec<u32>,
    /// Cells of these pages that hold a number, in order, and what it can be.
    pub readings: Vec<(Span, Readings)>,
    /// Cells of these pages whose number stands as text under the picture too.
    pub witnessed: Vec<Span>,
    /// Where somebody wants to see them, the pictures that these pages are.
    pub scans: Vec<Scan>,
    /// Pictures that the document shows, in order: where in the text, and the name or address of each.
    pub pictures: Vec<(u32, String)>,
    /// Whether lines of the text are lines of a page, and not paragraphs.
    pub wrapped: bool,
    tables: u32,
    sheets: u32,
}

/// A cell as a reader hands it over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    /// First row, from 0.
    pub row: u32,
    /// First column, from 0.
    pub col: u32,
    /// How many rows it covers, at least 1.
    pub rows: u32,
    /// How many columns it covers, at least 1.
    pub cols: u32,
    /// Its text; line ends are paragraphs of the cell.
    pub text: String,
}

impl Blocks {
    /// Where the next character will stand.
    pub fn at(&self) -> u32 {
        self.text.len() as u32
    }

    /// Ends the line, unless nothing stands on it.
    pub fn end_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// A paragraph on a line of its own; nothing for blanks alone.
    ///
    /// ```
    /// let mut blocks = nianbao::document::blocks::Blocks::default();
    /// blocks.paragraph("一、总体情况");
    /// assert_eq!(blocks.text, "一、总体情况\n");
    /// ```
    pub fn paragraph(&mut self, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        self.end_line();
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    /// Notes a link at the end of the text, when it leads to a document.
    pub fn link(&mut self, url: String, text: String) {
        if LinkKind::is_document(&url) {
            let at = self.at();
            self.links.push(Link { kind: LinkKind::Attachment, url, text, at });
        }
    }

    /// The number of the next grid of this kind.
    pub fn number(&mut self, kind: GridKind) -> u32 {
        let count = match kind {
            GridKind::Table => &mut self.tables,
            GridKind::Sheet => &mut self.sheets,
        };
        *count += 1;
        *count
    }

    /// A whole table, its cells in any order; of two in one place the first counts. Covered places are not cells.
    pub fn table(&mut self, kind: GridKind, mut cells: Vec<Placed>) {
        let number = self.number(kind);
        cells.sort_by_key(|cell| (cell.row, cell.col));
        cells.dedup_by_key(|cell| (cell.row, cell.col));
        self.end_line();
        let mut grid = Grid { number, kind, ..Grid::default() };
        let mut row = None;
        for cell in cells {
            let separator =
                if row.replace(cell.row).is_none_or(|last| last == cell.row) { '\t' } else { '\n' };
            if !grid.cells.is_empty() {
                self.text.push(separator);
            }
            let start = self.at();
            self.text.extend(cell.text.trim().chars().map(|c| if c == '\t' { ' ' } else { c }));
            let (rows, cols) = (cell.rows.max(1), cell.cols.max(1));
            grid.cells.push(GridCell {
                row: cell.row,
                col: cell.col,
                rows,
                cols,
                span: Span::new(start, self.at()),
            });
        }
        self.end_line();
        self.push_grid(grid);
    }

    /// Adds what was read of a text that stands in the source otherwise: at `within`, but not in these very bytes; of
    /// another document, whose places are lost, nowhere.
    pub fn append(&mut self, other: Self, within: Option<Span>) {
        self.end_line();
        let by = self.at();
        let moved = |span: Span| Span::new(span.start + by, span.end + by);
        if let Some(within) = within {
            if !other.text.is_empty() {
                self.origin.push(Origin { text: by, source: within.start, exact: false });
            }
            self.origin.extend(other.origin.iter().map(|origin| Origin {
                text: origin.text + by,
                source: within.start.saturating_add(origin.source).min(within.end),
                exact: false,
            }));
        }
        self.text.push_str(&other.text);
        for mut grid in other.grids {
            grid.number = self.number(grid.kind);
            grid.span = moved(grid.span);
            grid.cells.iter_mut().for_each(|cell| cell.span = moved(cell.span));
            self.grids.push(grid);
        }
        self.containers.extend(other.containers.into_iter().map(moved));
        self.furniture.extend(other.furniture.into_iter().map(moved));
        self.links.extend(other.links.into_iter().map(|link| Link { at: link.at + by, ..link }));
        self.pictures.extend(other.pictures.into_iter().map(|(at, name)| (at + by, name)));
        self.end_line();
    }

    /// Puts pages into the text where they are shown: before the line of this place, or behind the table it stands in.
    #[cfg(feature = "ocr")]
    pub(crate) fn insert(&mut self, at: u32, other: Self) {
        let within = self.grids.iter().find(|grid| grid.span.start < at && at <= grid.span.end);
        let mut at = within.map_or(at, |grid| grid.span.end);
        if !self.text[..at as usize].is_empty() && !self.text[..at as usize].ends_with('\n') {
            let rest = &self.text[at as usize..];
            at += rest.find('\n').map_or(rest.len(), |end| end + 1) as u32;
        }
        let mut inner = other.text;
        if !inner.ends_with('\n') {
            inner.push('\n');
        }
        if at as usize == self.text.len() && !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
            at += 1;
        }
        let by = inner.len() as u32;
        let here = self.origin_of(at).map(|(_, origin)| {
            let source = origin.source + if origin.exact { at - origin.text } else { 0 };
            Origin { source, ..*origin }
        });
        self.shift(|place| if place >= at { place + by } else { place });
        self.text.insert_str(at as usize, &inner);
        if let Some(here) = here {
            let first = self.origin.partition_point(|origin| origin.text < at);
            let mut added = vec![Origin { text: at, exact: false, ..here }];
            if self.origin.get(first).is_none_or(|origin| origin.text > at + by) {
                added.push(Origin { text: at + by, ..here });
            }
            self.origin.splice(first..first, added);
        }
        let moved = |span: Span| Span::new(span.start + at, span.end + at);
        let first = self.grids.partition_point(|grid| grid.span.start < at);
        for (next, mut grid) in (first..).zip(other.grids) {
            grid.number = self.number(grid.kind);
            grid.span = moved(grid.span);
            grid.cells.iter_mut().for_each(|cell| cell.span = moved(cell.span));
            self.grids.insert(next, grid);
        }
        let furniture = other.furniture.into_iter().map(moved);
        self.furniture.extend(furniture);
        self.furniture.sort_unstable_by_key(|span| span.start);
        let readings = other.readings.into_iter().map(|(span, own)| (moved(span), own));
        self.readings.extend(readings);
        self.readings.sort_by_key(|(span, _)| span.start);
        let places = other.places.into_iter();
        self.places.extend(places.map(|own| PagePlace { start: own.start + at, ..own }));
        self.places.push(PagePlace { start: at + by, page: 0, area: [0.0; 4] });
        self.places.sort_by_key(|place| place.start);
        self.witnessed.extend(other.witnessed.into_iter().map(moved));
        self.guessed.extend(other.guessed);
        self.scans.extend(other.scans);
    }

    /// Moves every place of the text.
    #[cfg(feature = "ocr")]
    pub(crate) fn shift(&mut self, to: impl Fn(u32) -> u32) {
        let span = |span: &mut Span| (span.start, span.end) = (to(span.start), to(span.end));
        for grid in &mut self.grids {
            span(&mut grid.span);
            grid.cells.iter_mut().for_each(|cell| span(&mut cell.span));
        }
        self.containers.iter_mut().chain(&mut self.furniture).for_each(span);
        self.readings.iter_mut().map(|(own, _)| own).chain(&mut self.witnessed).for_each(span);
        self.origin.iter_mut().for_each(|origin| origin.text = to(origin.text));
        self.links.iter_mut().for_each(|link| link.at = to(link.at));
        self.places.iter_mut().for_each(|place| place.start = to(place.start));
        self.pictures.iter_mut().for_each(|(at, _)| *at = to(*at));
    }

    /// Takes out a piece of the text behind which no grid and no line begins.
    pub fn cut(&mut self, span: Span) {
        let first = self.origin.partition_point(|origin| origin.text < span.start);
        let at_end = self.origin_of(span.end).map(|(_, origin)| Origin {
            text: span.start,
            source: origin.source + if origin.exact { span.end - origin.text } else { 0 },
            exact: origin.exact,
        });
        let behind = self.origin.split_off(first);
        self.origin.extend(at_end);
        let length = span.end - span.start;
        let later = behind.into_iter().filter(|origin| origin.text > span.end);
        self.origin.extend(later.map(|origin| Origin { text: origin.text - length, ..origin }));
        self.text.replace_range(span.start as usize..span.end as usize, "");
        let end = self.at();
        for span in self.containers.iter_mut().chain(&mut self.furniture).rev() {
            (span.start, span.end) = (span.start.min(end), span.end.min(end));
        }
        self.links.iter_mut().for_each(|link| link.at = link.at.min(end));
        self.pictures.iter_mut().for_each(|(at, _)| *at = (*at).min(end));
    }

    /// The cell of a grid that holds a place of the text.
    pub fn cell_at(&self, at: u32) -> Option<(&Grid, &GridCell)> {
        let grid = self.grids.get(self.grids.partition_point(|grid| grid.span.end < at))?;
        let cell = grid.cells[..grid.cells.partition_point(|cell| cell.span.start <= at)].last()?;
        (at <= cell.span.end).then_some((grid, cell))
    }

    /// Where a place of the text stands in the decoded source; none for formats without one.
    pub fn source_of(&self, at: u32) -> Option<u32> {
        self.origin_of(at).map(|(_, origin)| origin.source + (at - origin.text))
    }

    /// Where these very bytes of the text stand in the decoded source; none when tags or entities are among them.
    pub fn exact_source_of(&self, text: &str, span: Span) -> Option<Span> {
        // what parts cells and lines is ours
        if span.of(text).contains(['\t', '\n']) {
            return None;
        }
        let (index, origin) = self.origin_of(span.start)?;
        let start = origin.source + (span.start - origin.text);
        let whole = self.origin.get(index + 1).is_none_or(|next| span.end <= next.text);
        (origin.exact && whole && !span.is_empty())
            .then(|| Span::new(start, start + (span.end - span.start)))
    }

    fn origin_of(&self, at: u32) -> Option<(usize, &Origin)> {
        let index = self.origin.partition_point(|origin| origin.text <= at).checked_sub(1)?;
        Some((index, &self.origin[index]))
    }

    /// Where a place of the text is printed.
    pub fn page_of(&self, at: u32) -> Option<&PagePlace> {
        let place = self.places[..self.places.partition_point(|place| place.start <= at)].last();
        place.filter(|place| place.page > 0)
    }

    /// Whether a place of the text was read from a picture.
    pub fn is_guess(&self, span: Span) -> bool {
        !self.guessed.is_empty()
            && self.page_of(span.start).is_some_and(|place| self.guessed.contains(&place.page))
    }

    /// Whether the number of a cell that was read from a picture stands as text under it too.
    pub fn is_witnessed(&self, span: Span) -> bool {
        self.witnessed.iter().any(|own| own.start <= span.start && span.end <= own.end)
    }

    /// What the number of a cell can be that was read from a picture; nothing where no number was read.
    pub fn readings_of(&self, span: Span) -> &[(String, f32)] {
        let next = self.readings.partition_point(|(own, _)| own.end < span.end);
        match self.readings.get(next) {
            Some((own, readings)) if own.start <= span.start && span.end <= own.end => readings,
            _ => &[],
        }
    }

    /// The main text: the smallest block of the document that holds `core`.
    pub fn main_text(&self, core: Span) -> Option<Span> {
        let holds = |span: &&Span| span.start <= core.start && core.end <= span.end;
        self.containers.iter().find(holds).copied()
    }

    /// Adds a grid whose cells' text was already written; nothing when it has no cell.
    pub fn push_grid(&mut self, mut grid: Grid) {
        if let (Some(first), Some(last)) = (grid.cells.first(), grid.cells.last()) {
            grid.span = Span::new(first.span.start, last.span.end);
            self.grids.push(grid);
        }
    }
}

/// Places the cells of a table row by row, as HTML does: a cell goes into the first column that no cell of a row above
/// still covers.
///
/// ```
/// use nianbao::document::blocks::Placer;
/// let mut placer = Placer::default();
/// placer.next_row();
/// assert_eq!(placer.place(1, 2), (0, 0, 1));
/// assert_eq!(placer.place(1, 1), (0, 1, 1));
/// placer.next_row();
/// assert_eq!(placer.place(1, 1), (1, 1, 1)); // column 0 is covered from above
/// ```
#[derive(Clone, Debug, Default)]
pub struct Placer {
    /// For each column, the first row in which it is free again.
    free_from: Vec<u32>,
    /// The row that is filled, one more than its index; 0 before the first.
    row: u32,
    col: u32,
}

impl Placer {
    /// Begins the next row.
    pub fn next_row(&mut self) {
        self.row = self.row.saturating_add(1);
        self.col = 0;
    }

    /// Row and column of the next cell and how many columns it gets; `rows` and `cols` are its spans.
    pub fn place(&mut self, cols: u32, rows: u32) -> (u32, u32, u32) {
        if self.row == 0 {
            self.row = 1;
        }
        let row = self.row - 1;
        while self.free_from.get(self.col as usize).is_some_and(|free| *free > row) {
            self.col += 1;
        }
        let col = self.col.min(MOST_COLUMNS - 1);
        let cols = cols.clamp(1, MOST_COLUMNS - col);
        let end = (col + cols) as usize;
        if self.free_from.len() < end {
            self.free_from.resize(end, 0);
        }
        let free = row.saturating_add(rows.max(1));
        for column in &mut self.free_from[col as usize..end] {
            *column = (*column).max(free);
        }
        self.col = col + cols;
        (row, col, cols)
    }
}
