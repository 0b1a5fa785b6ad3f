//! Tables whose columns and rows the document names: kinds of penalties differ by province and year, bodies by everything.
//!
//! What is printed makes a table of its own, out of the form's: the columns of its header in their order, its rows under the
//! words before them, and those equations whose cells are there. A table may be printed in bands, one below the other, each
//! with some of the columns. From there on it is read like any other.

use super::beside;
use super::evidence::{Evidence, Extent, Head, HeaderCell, Label, Piece, PrintedRow, Ruler};
use super::grid::outside_brackets;
use super::pieces::{Stretch, Token, piece};
use super::text::floor;
use crate::document::Document;
use crate::document::blocks::{Grid, GridCell};
use crate::fold::{self, Class};
use crate::grammar::matcher::letters;
use crate::grammar::{ANY_ROW, Column, Each, Equation, Grammar, Hit, Part, Role, Row, Table};
use crate::lines::Skeleton;
use crate::number::{self, Money, Printed};
use crate::span::Span;
use std::ops::Range;

/// Fewest columns by which a header is known, and by which its next band is.
const LEAST: usize = 3;
const LEAST_NEXT: usize = 2;
/// Most letters between two headers that are no header: a unit, a kind of the year after.
const LOOSE_LETTERS: usize = 24;
/// Most rows of a header over its last.
const HEADER_ROWS: usize = 4;
/// Most rows; a table with more is none of bodies.
const MOST_ROWS: usize = 2_000;
/// Longest stretch, in bytes, that is read for rows behind a header.
const LONGEST: u32 = 60_000;
/// Most letters of the words before a row.
const LONGEST_LABEL: usize = 40;

/// What a header prints: some columns of the form in one cell, or words of another.
#[derive(Clone, Debug)]
struct Header {
    /// Columns of the form's table; none when it is another.
    columns: Vec<usize>,
    span: Span,
    /// The unit of money stated with it.
    stated: Option<Money>,
    /// Its columns of the grid, where it is one.
    extent: Option<Extent>,
}

/// A printed row of a band.
#[derive(Clone, Debug)]
struct Line {
    label: Option<Span>,
    pieces: Vec<Piece>,
    bordered: bool,
}

/// A header and the rows below it.
#[derive(Clone, Debug, Default)]
struct Band {
    header: Vec<Header>,
    lines: Vec<Line>,
}

/// Finds a table that the document names the columns of; none when it has none with rows.
pub fn find(
    grammar: &Grammar,
    at: usize,
    document: &Document<'_>,
    skeleton: &Skeleton,
    hits: &[Hit],
) -> Option<(Table, Evidence)> {
    let finder =
        Finder { table: &grammar.tables[at], at, grammar, skeleton, hits, source: &document.text };
    let grids = document.blocks.as_ref().map_or(&[][..], |blocks| &blocks.grids);
    let (bands, in_grid, second) = finder.bands(grids)?;
    let (table, mut evidence) = finder.table(&bands, in_grid);
    evidence.second = second;
    if !table.rows.is_empty() {
        super::captions(&table, &document.text, skeleton, 0, &mut evidence);
    }
    (!table.rows.is_empty()).then_some((table, evidence))
}

struct Finder<'a> {
    grammar: &'a Grammar,
    table: &'a Table,
    at: usize,
    skeleton: &'a Skeleton,
    hits: &'a [Hit],
    source: &'a str,
}

/// Hits that are one header.
#[derive(Clone, Debug)]
struct Run {
    hits: Range<usize>,
    headers: Vec<Header>,
}

impl Run {
    /// How many of its cells are columns of the form; kinds that marks join are one.
    fn cells(&self) -> usize {
        self.headers.iter().filter(|head| !head.columns.is_empty()).count()
    }

    fn columns(&self) -> impl Iterator<Item = usize> + '_ {
        self.headers.iter().flat_map(|head| head.columns.iter().copied())
    }
}

impl Finder<'_> {
    fn is_column(&self, hit: &Hit) -> bool {
        let own = |role: &Role| matches!(role, Role::Column(table, _) if *table == self.at);
        self.grammar.matcher.roles(hit.pattern).iter().any(own)
    }

    /// The columns that a hit can be.
    fn columns_of(&self, hit: &Hit) -> Vec<usize> {
        let column = |role: &Role| match *role {
            Role::Column(table, column) if table == self.at => Some(column),
            _ => None,
        };
        self.grammar.matcher.roles(hit.pattern).iter().filter_map(column).collect()
    }

    fn span(&self, hit: &Hit) -> Span {
        self.skeleton.source_span(hit.start, hit.end)
    }

    /// The bands of the first table that has rows, whether in a grid, and where another one begins behind it.
    fn bands(&self, grids: &[Grid]) -> Option<(Vec<Band>, bool, Option<Span>)> {
        let runs = self.runs();
        let mut found: Option<(Vec<Band>, bool)> = None;
        let mut tried: Option<u32> = None;
        for (nth, run) in runs.iter().enumerate().filter(|(_, run)| run.cells() >= LEAST) {
            let first = self.span(&self.hits[run.hits.start]);
            if let Some((bands, _)) = &found {
                let end = bands.iter().flat_map(|band| &band.lines).flat_map(|line| &line.pieces);
                let end = end.map(|piece| piece.span.end).max().unwrap_or(0);
                let known = bands.iter().flat_map(|band| &band.header).flat_map(|h| &h.columns);
                let known: Vec<usize> = known.copied().collect();
                let same = run.columns().filter(|column| known.contains(column)).count();
                if first.start < end || same * 2 < run.columns().count() {
                    continue;
                }
            }
            let grid = self.grid_of(run, grids);
            if grid.is_some() && grid.map(|grid| grid.span.start) == tried {
                continue;
            }
            tried = grid.map(|grid| grid.span.start).or(tried);
            let bands = match grid {
                Some(grid) => self.in_grid(grid),
                None => self.in_text(&runs[nth..]),
            };
            let is_table = |band: &Band| (1..=MOST_ROWS).contains(&band.lines.len());
            if !bands.iter().any(is_table) {
                continue;
            }
            if let Some((bands, in_grid)) = found {
                return Some((bands, in_grid, Some(first)));
            }
            found = Some((bands, grid.is_some()));
        }
        found.map(|(bands, in_grid)| (bands, in_grid, None))
    }

    /// The smallest grid that a header stands in, unless all of it stands in one cell: then the grid lays out the page.
    fn grid_of<'g>(&self, run: &Run, grids: &'g [Grid]) -> Option<&'g Grid> {
        let (first, last) =
            (self.span(&self.hits[run.hits.start]), self.span(&self.hits[run.hits.end - 1]));
        let holds = |grid: &&Grid| grid.span.start <= first.start && first.end <= grid.span.end;
        let grid = grids.iter().filter(holds).min_by_key(|grid| grid.span.end - grid.span.start)?;
        let is_one = |cell: &GridCell| cell.span.start <= first.start && last.end <= cell.span.end;
        (!grid.cells.iter().any(is_one)).then_some(grid)
    }

    // ------------------------------------------------------------------------------------------ headers

    /// Headers: hits of columns near each other, without digits between them.
    fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        let mut last: Option<usize> = None;
        for at in (0..self.hits.len()).filter(|at| self.is_column(&self.hits[*at])) {
            let goes_on = last.is_some_and(|last| self.goes_on(last, at));
            match runs.last_mut() {
                Some(run) if goes_on => run.end = at + 1,
                _ => runs.push(at..at + 1),
            }
            last = Some(at);
        }
        runs.into_iter().map(|hits| Run { headers: self.headers(hits.clone()), hits }).collect()
    }

    fn goes_on(&self, from: usize, to: usize) -> bool {
        let between =
            &self.skeleton.text[self.hits[from].end as usize..self.hits[to].start as usize];
        between.chars().all(|c| !c.is_ascii_digit()) && between.chars().count() <= LOOSE_LETTERS
    }

    /// The cells of a header in text: columns that only a mark joins are one cell, words between others are a cell too.
    fn headers(&self, hits: Range<usize>) -> Vec<Header> {
        let mut out: Vec<Header> = Vec::new();
        let groups = self.groups_before(hits.start);
        let mut last = None;
        for hit in self.hits[hits].iter().filter(|hit| self.is_column(hit)) {
            let span = self.span(hit);
            let Some(column) = self.resolve(hit, last, &groups) else {
                out.push(Header { columns: Vec::new(), span, stated: None, extent: None });
                continue;
            };
            last = Some(column);
            let between =
                out.last().map(|known| Span::new(known.span.end, span.start.max(known.span.end)));
            if let Some(between) = between {
                let text = between.of(self.source);
                let known = out.last_mut().expect("it was looked at");
                if is_joint(text) && !known.columns.is_empty() {
                    known.columns.push(column);
                    known.span = known.span.join(span);
                    continue;
                }
                known.stated = known.stated.or(stated(text));
                if let Some(words) = self.words(between) {
                    out.push(Header {
                        columns: Vec::new(),
                        span: words,
                        stated: None,
                        extent: None,
                    });
                }
            }
            out.push(Header { columns: vec![column], span, stated: None, extent: None });
        }
        if let Some(last) = out.last_mut() {
            let rest = Span::new(last.span.end, floor(self.source, last.span.end + 24));
            last.stated = stated(rest.of(self.source))
                .filter(|_| rest.of(self.source).trim_start().starts_with(['（', '(']));
        }
        out
    }

    /// Words between two headers that are a header of their own.
    fn words(&self, between: Span) -> Option<Span> {
        let text = between.of(self.source);
        let outside = outside_brackets(text);
        let said: String =
            outside.chars().filter(|c| fold::table().class(*c) == Class::Letter).collect();
        // 宗, 件, 万元 without a bracket
        let is_unit = said.is_empty() || beside::is_unit(&said).is_some();
        (!is_unit && !self.is_frame(&said)).then_some(between)
    }

    fn is_frame(&self, said: &str) -> bool {
        self.grammar.matcher.is_piece(said)
    }

    /// Headers over columns, before a header.
    fn groups_before(&self, first: usize) -> Vec<String> {
        const NEAR: u32 = 600;
        let end = self.hits[first].start;
        let mut from = end.saturating_sub(NEAR) as usize;
        while !self.skeleton.text.is_char_boundary(from) {
            from += 1;
        }
        let text = &self.skeleton.text[from..end as usize];
        let all = self.table.columns.iter().flat_map(|column| &column.groups);
        let mut groups: Vec<String> =
            all.filter(|group| text.contains(&***group)).cloned().collect();
        groups.sort();
        groups.dedup();
        groups
    }

    /// Which column a header is: of several with this label the next one whose group is printed.
    fn resolve(&self, hit: &Hit, last: Option<usize>, groups: &[String]) -> Option<usize> {
        let is_there = |c: &usize| {
            let own = &self.table.columns[*c].groups;
            own.is_empty() || own.iter().any(|group| groups.contains(group))
        };
        let columns: Vec<usize> = self.columns_of(hit).into_iter().filter(is_there).collect();
        if let [column] = columns[..] {
            return Some(column);
        }
        columns.into_iter().find(|column| last.is_none_or(|last| *column > last))
    }

    // ------------------------------------------------------------------------------------------ text

    /// The bands of a table that begins with the first of these headers.
    fn in_text(&self, runs: &[Run]) -> Vec<Band> {
        let mut bands: Vec<Band> = Vec::new();
        let mut known: Vec<usize> = Vec::new();
        for (nth, run) in runs.iter().enumerate() {
            let own: Vec<usize> =
                run.headers.iter().flat_map(|h| h.columns.iter().copied()).collect();
            if nth > 0 {
                // 合计 before a row is no header
                if own.len() < LEAST_NEXT {
                    continue;
                }
                if own.iter().any(|column| known.contains(column)) {
                    break;
                }
            }
            let Some(last) = run.headers.last() else { break };
            let next = runs[nth + 1..].iter().find(|next| {
                next.headers.iter().map(|h| h.columns.len()).sum::<usize>() >= LEAST_NEXT
            });
            let limit = next.map_or(self.source.len() as u32, |next| {
                self.span(&self.hits[next.hits.start]).start
            });
            let end = limit.min(floor(self.source, last.span.end + LONGEST));
            let width = run.headers.len();
            let (lines, whole) =
                self.lines(Span::new(last.span.end, end.max(last.span.end)), width);
            if nth > 0 && (lines.is_empty() || lines.len() != bands[0].lines.len()) {
                break;
            }
            known.extend(own);
            bands.push(Band { header: run.headers.clone(), lines });
            // other text stands between this band and the next header
            if !whole {
                break;
            }
        }
        bands
    }

    /// The rows in a stretch of text behind a header, and whether nothing else stands in it.
    fn lines(&self, span: Span, width: usize) -> (Vec<Line>, bool) {
        let text = span.of(self.source);
        // the bracket of the last header
        let opened = text.trim_start();
        let skip = if opened.starts_with(['（', '(']) {
            let end = opened
                .find(['）', ')'])
                .map_or(0, |at| at + opened[at..].chars().next().map_or(1, char::len_utf8));
            text.len() - opened.len() + end
        } else {
            0
        };
        let span = Span::new(span.start + skip as u32, span.end);
        let text = span.of(self.source);
        for border in ['|', '\t'] {
            let several =
                |line: &str| line.split(border).filter(|c| !c.trim().is_empty()).count() > 1;
            if text.lines().skip(1).any(several) {
                let first = text.lines().take(12).any(several);
                if first {
                    return self.bordered(span, width, border);
                }
            }
        }
        self.loose(span, width)
    }

    fn bordered(&self, span: Span, width: usize, border: char) -> (Vec<Line>, bool) {
        let mut lines: Vec<Line> = Vec::new();
        let mut at = span.start;
        for (nth, line) in span.of(self.source).split_inclusive('\n').enumerate() {
            let start = at;
            at += line.len() as u32;
            let body = line.trim_end_matches(['\n', '\r']);
            let is_rule = body.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'));
            // the rest of the header's line
            if nth == 0 || body.trim().is_empty() || (is_rule && body.contains('-')) {
                if nth == 0 && outside_brackets(body).chars().any(|c| c.is_ascii_digit()) {
                    return (lines, false);
                }
                continue;
            }
            if !body.contains(border) {
                if lines.is_empty()
                    && body.chars().count() <= LONGEST_LABEL
                    && !body.chars().any(|c| c.is_ascii_digit())
                {
                    continue;
                }
                return (lines, !body.chars().any(|c| c.is_ascii_digit()) || is_caption(body));
            }
            let mut cells: Vec<Span> = Vec::new();
            let mut from = start;
            for (offset, _) in body.match_indices(border) {
                cells.push(Span::new(from, start + offset as u32));
                from = start + offset as u32 + 1;
            }
            cells.push(Span::new(from, start + body.len() as u32));
            let said = |cell: &Span| cell.of(self.source).trim().to_owned();
            // what stands outside of the outer borders
            if border == '|' && body.trim_start().starts_with('|') {
                cells.remove(0);
            }
            if border == '|' && body.trim_end().ends_with('|') {
                cells.pop();
            }
            if cells.iter().all(|cell| said(cell).is_empty()) {
                continue;
            }
            let is_words = |cell: &Span| is_words(&said(cell));
            // a number before the name of a row is its place in the list
            if cells.len() > width + 1 && !is_words(&cells[0]) && is_words(&cells[1]) {
                cells.remove(0);
            }
            let label =
                Some(cells[0]).filter(|cell| is_words(cell) && !number::is_figure(&said(cell)));
            let mut own = &cells[usize::from(label.is_some())..];
            // a cell for the names of rows, empty
            if label.is_none() && own.len() == width + 1 && said(&own[0]).is_empty() {
                own = &own[1..];
            }
            while own.len() > width && own.last().is_some_and(|cell| said(cell).is_empty()) {
                own = &own[..own.len() - 1];
            }
            let figures = own.iter().filter(|cell| number::is_figure(&said(cell))).count();
            if figures == 0 && own.iter().any(is_words) {
                // the rest of a header, or text
                if lines.is_empty() {
                    return (lines, false);
                }
                return (lines, true);
            }
            let pieces: Vec<Piece> = own
                .iter()
                .zip(0..)
                .map(|(cell, nth)| self.piece(*cell, Ruler::Borders, nth, nth + 1))
                .collect();
            if is_numbering(&pieces) {
                continue;
            }
            lines.push(Line {
                label: label.map(|cell| self.trimmed(cell)),
                pieces,
                bordered: true,
            });
        }
        (lines, true)
    }

    fn piece(&self, cell: Span, ruler: Ruler, from: u32, to: u32) -> Piece {
        let (printed, range) = number::cell(cell.of(self.source));
        let span = Span::new(cell.start + range.start as u32, cell.start + range.end as u32);
        Piece { extent: Extent { ruler, from, to }, ..piece(printed, span) }
    }

    fn trimmed(&self, span: Span) -> Span {
        let text = span.of(self.source);
        let start = span.start + (text.len() - text.trim_start().len()) as u32;
        Span::new(start, start + text.trim().len() as u32)
    }

    /// Rows without borders: words, then numbers; or a cell a line.
    fn loose(&self, span: Span, width: usize) -> (Vec<Line>, bool) {
        let mut stretch = Stretch::default();
        // as after a border, not as behind a label
        stretch.read(self.source, Span::new(span.start, span.start));
        stretch.add(self.source, span);
        let mut lines: Vec<Line> = Vec::new();
        let mut open: Option<Line> = None;
        // pieces on this line of text
        let mut on_line = 0;
        let mut label: Option<Span> = None;
        let close = |lines: &mut Vec<Line>, open: &mut Option<Line>| {
            if let Some(line) = open.take() {
                lines.push(line);
            }
        };
        for token in &stretch.tokens {
            match *token {
                Token::Newline => {
                    if open.as_ref().is_some_and(|line| line.pieces.len() >= width || on_line > 1) {
                        close(&mut lines, &mut open);
                    }
                    on_line = 0;
                }
                Token::Piece(own) => {
                    let own_label = label.take();
                    let line = open.get_or_insert_with(|| Line {
                        label: None,
                        pieces: Vec::new(),
                        bordered: false,
                    });
                    if line.pieces.is_empty() {
                        line.label = own_label.or(line.label);
                    }
                    line.pieces.push(own);
                    on_line += 1;
                }
                Token::Word(words) => {
                    let (name, rest) = self.split(words);
                    if let Some(line) = &open {
                        // a number before the name of a row is its place in the list
                        let is_place = line.label.is_none()
                            && line.pieces.len() == 1
                            && on_line == 1
                            && width > 1;
                        if is_place {
                            open = None;
                        } else {
                            close(&mut lines, &mut open);
                        }
                    }
                    let text = name.of(self.source);
                    let long = text.chars().count() > LONGEST_LABEL
                        || text.contains(['。', '；', '：', ':', '，']);
                    if long || is_note(text) {
                        return (lines, false);
                    }
                    label = Some(label.map_or(name, |known| known.join(name)));
                    on_line = 0;
                    if let Some(rest) = rest {
                        let own = self.piece(rest, Ruler::Line, rest.start, rest.end);
                        open =
                            Some(Line { label: label.take(), pieces: vec![own], bordered: false });
                        on_line = 1;
                    }
                }
            }
        }
        close(&mut lines, &mut open);
        accepted(lines, width)
    }

    /// Words to which the digits of the row are glued.
    fn split(&self, words: Span) -> (Span, Option<Span>) {
        let text = words.of(self.source);
        let is_figure = |c: char| c.is_ascii_digit() || c == '.';
        let body = text.trim_end_matches(is_figure);
        if body.len() == text.len() || body.is_empty() || body.chars().any(is_figure) {
            return (words, None);
        }
        let at = words.start + body.len() as u32;
        (Span::new(words.start, at), Some(Span::new(at, words.end)))
    }

    // ------------------------------------------------------------------------------------------ grids

    fn in_grid(&self, grid: &Grid) -> Vec<Band> {
        let mut bands: Vec<Band> = Vec::new();
        let mut open = Band::default();
        let mut above: Vec<&[GridCell]> = Vec::new();
        let mut from = 0;
        while from < grid.cells.len() {
            let row = grid.cells[from].row;
            let length = grid.cells[from..].iter().take_while(|cell| cell.row == row).count();
            let cells = &grid.cells[from..from + length];
            from += length;
            let mut own: Vec<Header> = Vec::new();
            for cell in cells {
                own.extend(self.head(cell, &above, grid.frame, own.last().or(open.header.last())));
            }
            let named = own.iter().filter(|head| !head.columns.is_empty()).count();
            let figures = cells
                .iter()
                .filter(|cell| number::is_figure(cell.span.of(self.source).trim()))
                .count();
            if named > 0 && figures == 0 {
                if !open.lines.is_empty() {
                    let again = own.iter().flat_map(|h| &h.columns).any(|c| {
                        bands
                            .iter()
                            .chain([&open])
                            .flat_map(|b| &b.header)
                            .any(|h| h.columns.contains(c))
                    });
                    bands.push(std::mem::take(&mut open));
                    above.clear();
                    if again || named < LEAST_NEXT {
                        break;
                    }
                    own = cells
                        .iter()
                        .filter_map(|cell| self.head(cell, &above, grid.frame, None))
                        .collect();
                }
                open.header.extend(own);
                above.push(cells);
                continue;
            }
            if open.header.is_empty() {
                above.push(cells);
                continue;
            }
            if let Some(line) = self.grid_line(cells, &open.header, grid.frame) {
                if !is_numbering(&line.pieces) {
                    open.lines.push(line);
                }
            } else if !open.lines.is_empty() && figures == 0 {
                let says = cells.iter().any(|cell| is_words(cell.span.of(self.source).trim()));
                if says && !cells.iter().any(|cell| self.is_heading(cell)) {
                    break;
                }
                above.clear();
            }
        }
        if !open.header.is_empty() {
            bands.push(open);
        }
        bands.retain(|band| !band.lines.is_empty());
        for band in &mut bands {
            band.header.sort_by_key(|head| head.extent.map_or(0, |extent| extent.from));
        }
        let columns: usize = bands.iter().flat_map(|b| &b.header).map(|h| h.columns.len()).sum();
        if columns < LEAST {
            bands.clear();
        }
        bands
    }

    /// Whether a cell belongs to a header that the table goes on with.
    fn is_heading(&self, cell: &GridCell) -> bool {
        let said = letters(cell.span.of(self.source));
        self.is_frame(&said) || said.chars().count() <= LONGEST_LABEL && said.ends_with('表')
    }

    /// A cell of a header row: one with columns of the form, or with other words.
    fn head(
        &self,
        cell: &GridCell,
        above: &[&[GridCell]],
        frame: u32,
        before: Option<&Header>,
    ) -> Option<Header> {
        let extent = Extent { ruler: Ruler::Grid(frame), from: cell.col, to: cell.end_col() };
        let text = cell.span.of(self.source);
        let first = self.hits.partition_point(|hit| self.span(hit).start < cell.span.start);
        let own = self.hits[first..].iter().take_while(|hit| self.span(hit).end <= cell.span.end);
        let own: Vec<&Hit> = own.filter(|hit| self.is_column(hit)).collect();
        if own.is_empty() {
            let said = letters(&outside_brackets(text));
            let is_words = is_words(text.trim()) && !self.is_frame(&said);
            return is_words.then_some(Header {
                columns: Vec::new(),
                span: cell.span,
                stated: None,
                extent: Some(extent),
            });
        }
        // a header has few rows
        let over = above.iter().rev().take(HEADER_ROWS).flat_map(|row| row.iter());
        let groups: Vec<String> = over
            .filter(|over| over.col < cell.end_col() && cell.col < over.end_col())
            .map(|over| letters(over.span.of(self.source)))
            .collect();
        let mut columns = Vec::new();
        let mut last = before.and_then(|head| head.columns.last().copied());
        let mut rest = outside_brackets(text);
        for hit in own {
            let all = self.columns_of(hit);
            let by_group = |c: &&usize| {
                let own = &self.table.columns[**c].groups;
                own.iter().any(|group| groups.iter().any(|over| over.contains(&**group)))
            };
            let has_groups = all.iter().any(|c| !self.table.columns[*c].groups.is_empty());
            let column = match all[..] {
                [column] => Some(column),
                _ if has_groups => all.iter().find(by_group).copied(),
                _ => all.iter().copied().find(|column| last.is_none_or(|last| *column > last)),
            };
            last = column.or(last);
            columns.extend(column);
            rest = rest.replacen(self.span(hit).of(self.source), "", 1);
        }
        // 上年警告: another column's words
        let said: String =
            rest.chars().filter(|c| fold::table().class(*c) == Class::Letter).collect();
        if !said.is_empty() && beside::is_unit(&said).is_none() && !self.is_frame(&said) {
            columns.clear();
        }
        Some(Header { columns, span: cell.span, stated: stated(text), extent: Some(extent) })
    }

    fn grid_line(&self, cells: &[GridCell], header: &[Header], frame: u32) -> Option<Line> {
        let extents = || header.iter().filter(|h| !h.columns.is_empty()).filter_map(|h| h.extent);
        let first = extents().map(|extent| extent.from).min()?;
        let end = extents().map(|extent| extent.to).max()?;
        let (before, own): (Vec<&GridCell>, Vec<&GridCell>) =
            cells.iter().partition(|cell| cell.end_col() <= first);
        let names = before.into_iter().filter(|cell| is_words(cell.span.of(self.source).trim()));
        let label = names.map(|cell| self.trimmed(cell.span)).next_back();
        let pieces: Vec<Piece> = own
            .iter()
            .filter(|cell| cell.col < end)
            .map(|cell| self.piece(cell.span, Ruler::Grid(frame), cell.col, cell.end_col()))
            .collect();
        let figures = pieces
            .iter()
            .filter(|piece| !matches!(piece.printed, Printed::Empty | Printed::NotANumber))
            .count();
        let words = pieces.iter().any(|piece| is_words(piece.span.of(self.source)));
        (figures > 0 || (label.is_some() && !words && !pieces.is_empty())).then_some(Line {
            label,
            pieces,
            bordered: true,
        })
    }

    // ------------------------------------------------------------------------------------------ the table

    /// The table that these bands are, and its evidence.
    fn table(&self, bands: &[Band], in_grid: bool) -> (Table, Evidence) {
        let mut table = Table {
            columns: Vec::new(),
            rows: Vec::new(),
            equations: Vec::new(),
            ..self.table.clone()
        };
        let mut evidence = Evidence { in_grid, ..Evidence::default() };
        // which columns of the form each column is
        let mut of: Vec<Vec<usize>> = Vec::new();
        let mut has_others = false;
        for (nth, head) in bands
            .iter()
            .enumerate()
            .flat_map(|(nth, band)| band.header.iter().map(move |h| (nth, h)))
        {
            let extent = match head.extent {
                Some(extent) => shifted(extent, nth),
                None => Extent { ruler: Ruler::Line, from: head.span.start, to: head.span.end },
            };
            let column = self.column(head);
            let before = head.extent.is_some_and(|own| {
                bands[nth]
                    .header
                    .iter()
                    .filter(|h| !h.columns.is_empty())
                    .filter_map(|h| h.extent)
                    .all(|other| own.to <= other.from)
            });
            let kind = match column {
                Some(column) if table.columns.iter().all(|known| known.key != column.key) => {
                    evidence.stated.extend(head.stated.map(|unit| (table.columns.len(), unit)));
                    table.columns.push(column);
                    of.push(head.columns.clone());
                    Head::Column(table.columns.len() - 1)
                }
                // the name of the column of names
                None if before => Head::Group,
                _ => {
                    has_others = true;
                    Head::Foreign
                }
            };
            let line = self.skeleton.lines.line_at(head.span.start);
            evidence.header.push(HeaderCell {
                head: kind,
                span: head.span,
                extent,
                line,
                before_unit: 0,
            });
        }
        let columns: Vec<usize> = (0..table.columns.len()).collect();
        let head_end = bands[0].header.last().map_or(0, |head| head.span.end);
        for (row, first) in bands[0].lines.iter().enumerate() {
            let mut pieces = Vec::new();
            let mut label = first.label;
            let mut is_same = true;
            for (nth, band) in bands.iter().enumerate() {
                let line = &band.lines[row.min(band.lines.len() - 1)];
                is_same &= band.lines.len() == bands[0].lines.len();
                if let (Some(known), Some(own)) = (label, line.label) {
                    is_same &= squeezed(known.of(self.source)) == squeezed(own.of(self.source));
                }
                label = label.or(line.label);
                let place = |(at, piece): (usize, &Piece)| {
                    let extent = match piece.extent.ruler {
                        Ruler::Grid(_) => shifted(piece.extent, nth),
                        // places on several lines say nothing of each other
                        _ if bands.len() > 1 => {
                            Extent { ruler: Ruler::Borders, from: at as u32, to: at as u32 + 1 }
                        }
                        _ => piece.extent,
                    };
                    Piece { extent, ..*piece }
                };
                pieces.extend(line.pieces.iter().enumerate().map(place));
            }
            let name = label.map(|label| label.of(self.source));
            let Some(own) = self.row(name, columns.clone()) else {
                evidence.loose.extend(label);
                continue;
            };
            let known = table.rows.len();
            let is_new = table.rows.iter().all(|row| row.key != own.key);
            let span = pieces.iter().map(|piece| piece.span).reduce(Span::join).unwrap_or_default();
            let row = if is_new {
                known
            } else {
                table.rows.iter().position(|row| row.key == own.key).unwrap_or(known)
            };
            if is_new {
                table.rows.push(own);
            }
            let at = label.unwrap_or(Span::new(head_end.min(span.start), head_end.min(span.start)));
            let before_unit = evidence.rows.len();
            let words = (!is_same || !is_new).then_some(span);
            if words.is_some() {
                // of two rows with one name nobody knows which is which
                evidence.labels.retain(|label: &Label| label.row != row);
            }
            evidence.labels.push(Label {
                row,
                part: Part::Whole,
                span: at,
                before_unit,
                words,
                breaks_off: false,
            });
            if words.is_none() {
                let from = evidence.pieces.len() as u32;
                evidence.pieces.extend(pieces);
                evidence.rows.push(PrintedRow {
                    pieces: (from, evidence.pieces.len() as u32),
                    bordered: first.bordered,
                    shared: false,
                    foreign: None,
                    unknown: false,
                    words: None,
                    stated: None,
                    by_column: None,
                    span,
                });
            }
        }
        self.equations(&mut table, &of, has_others);
        let begin = bands[0].header.first().map_or(0, |head| head.span.start);
        let ends = evidence
            .rows
            .iter()
            .map(|row| row.span.end)
            .chain(evidence.labels.iter().map(|label| label.span.end));
        let end = ends.max().unwrap_or(begin).max(head_end);
        evidence.span = Span::new(begin, end);
        let breaks =
            memchr::memchr_iter(b'\n', &self.source.as_bytes()[begin as usize..end as usize]);
        evidence.line_ends = breaks.map(|at| begin + at as u32).collect();
        (table, evidence)
    }

    /// The column of a header: one of the form, one that the form has for several together, or these joined.
    fn column(&self, head: &Header) -> Option<Column> {
        let all = &self.table.columns;
        if let [column] = head.columns[..] {
            return Some(all[column].clone());
        }
        let keys: Vec<&str> = head.columns.iter().map(|c| all[*c].key.as_str()).collect();
        let first = all.get(*head.columns.first()?)?;
        let together = all.iter().find(|column| column.of == keys).cloned();
        Some(together.unwrap_or_else(|| Column {
            key: keys.join("_and_"),
            labels: vec![squeezed(head.span.of(self.source))],
            of: keys.iter().map(|key| (*key).to_owned()).collect(),
            ..first.clone()
        }))
    }

    /// The row with these words before it; none when the form has no such row.
    fn row(&self, name: Option<&str>, columns: Vec<usize>) -> Option<Row> {
        let rows = &self.table.rows;
        let Some(name) = name else {
            let own = rows
                .iter()
                .find(|row| row.labels.iter().all(String::is_empty) && row.key != ANY_ROW)?;
            return Some(Row { columns, ..own.clone() });
        };
        let said = letters(name);
        if let Some(own) =
            rows.iter().find(|row| row.labels.iter().any(|label| letters(label) == said))
        {
            return Some(Row { columns, ..own.clone() });
        }
        let any = rows.iter().find(|row| row.key == ANY_ROW)?;
        let name = squeezed(name);
        Some(Row { key: name.replace('.', "．"), labels: vec![name], columns, ..any.clone() })
    }

    /// The form's equations over what is printed.
    fn equations(&self, table: &mut Table, of: &[Vec<usize>], has_others: bool) {
        let form = self.table;
        for equation in &form.equations {
            let side = |terms: &[(i8, usize)]| -> Option<Vec<(i8, usize)>> {
                let mut out: Vec<(i8, usize)> = Vec::new();
                match equation.each {
                    Each::Row => {
                        for (nth, own) in of.iter().enumerate() {
                            let signs: Vec<i8> =
                                own.iter().filter_map(|c| sign(terms, form, *c)).collect();
                            match signs.first() {
                                None => {}
                                Some(first)
                                    if signs.len() == own.len()
                                        && signs.iter().all(|s| s == first) =>
                                {
                                    out.push((*first, nth));
                                }
                                // one header for cells of both sides
                                Some(_) => return None,
                            }
                        }
                    }
                    Each::Column => {
                        for &(sign, row) in terms {
                            let key = &form.rows[row].key;
                            let is_own = |row: &Row| {
                                row.key == *key
                                    || (key == ANY_ROW
                                        && form.rows.iter().all(|other| other.key != row.key))
                            };
                            let rows = table.rows.iter().enumerate().filter(|(_, row)| is_own(row));
                            out.extend(rows.map(|(at, _)| (sign, at)));
                        }
                    }
                }
                Some(out)
            };
            let (left, right) = equation.terms.split_at(equation.left);
            let (Some(left), Some(right)) = (side(left), side(right)) else { continue };
            // a kind that the form does not know may be one of the parts
            let is_open = equation.each == Each::Row && has_others;
            if left.len() < 2 || right.is_empty() || is_open {
                continue;
            }
            let count = left.len();
            let terms = left.into_iter().chain(right).collect();
            table.equations.push(Equation { terms, left: count, ..equation.clone() });
        }
        table.coupled = table.equations.iter().any(|equation| equation.each == Each::Column);
    }
}

/// Those lines that are rows: behind the first one, what has few numbers is other text.
fn accepted(lines: Vec<Line>, width: usize) -> (Vec<Line>, bool) {
    let mut out: Vec<Line> = Vec::new();
    for line in lines {
        let digits: usize =
            line.pieces.iter().map(|piece| (piece.span.end - piece.span.start) as usize).sum();
        let is_row = line.pieces.len() == width
            || (out.is_empty() && (line.pieces.len() > 1 || digits >= width))
            || (line.label.is_some() && (line.pieces.len() * 2 >= width.max(2) || digits >= width));
        if !is_row {
            return (out, false);
        }
        if !is_numbering(&line.pieces) {
            out.push(line);
        }
    }
    (out, true)
}

/// Whether a line is the caption of another table.
fn is_caption(text: &str) -> bool {
    text.contains('表') && text.chars().count() <= LONGEST_LABEL
}

/// Whether a row numbers the columns: 1 2 3 4.
fn is_numbering(pieces: &[Piece]) -> bool {
    const FEWEST: usize = 4;
    let number = |piece: &Piece| piece.printed.number()?.value.integer();
    let mut last = None;
    pieces.len() >= FEWEST
        && pieces.iter().all(|piece| {
            let own = number(piece);
            let next = own.is_some() && last.is_none_or(|last: i64| own == Some(last + 1));
            last = own;
            next
        })
        && pieces.first().and_then(number).is_some_and(|first| first <= 2)
}

/// The sign of a column in an equation, or of one that stands for it and others.
fn sign(terms: &[(i8, usize)], form: &Table, column: usize) -> Option<i8> {
    let key = &form.columns[column].key;
    let is_own = |c: usize| c == column || form.columns[c].of.contains(key);
    terms.iter().find(|(_, c)| is_own(*c)).map(|(sign, _)| *sign)
}

/// Columns of a later band stand behind those of the bands before.
fn shifted(extent: Extent, band: usize) -> Extent {
    const WIDEST: u32 = 10_000;
    let by = band as u32 * WIDEST;
    Extent { from: extent.from + by, to: extent.to + by, ..extent }
}

/// Whether what stands between two kinds makes them one header: 、 and no border.
fn is_joint(text: &str) -> bool {
    let text = text.trim();
    let mut marks = text.chars().filter(|c| !c.is_whitespace());
    let mark = marks.next();
    matches!(mark, Some('、' | '，' | ',' | '和' | '及' | '或' | '/')) && marks.next().is_none()
}

/// The unit of money that stands in a text, in brackets or alone.
fn stated(text: &str) -> Option<Money> {
    let table = fold::table();
    let inside = text.trim().trim_matches(|c| {
        matches!(table.class(c), Class::Open | Class::Close) || c.is_whitespace()
    });
    let open = text.find(|c| table.class(c) == Class::Open);
    let inside = match open {
        Some(at) => {
            let rest = &text[at..];
            let rest = &rest[rest.chars().next().map_or(0, char::len_utf8)..];
            &rest[..rest.find(|c| table.class(c) == Class::Close).unwrap_or(rest.len())]
        }
        None => inside,
    };
    number::in_brackets(inside)
}

fn is_words(text: &str) -> bool {
    text.chars().any(|c| fold::table().class(c) == Class::Letter) && !number::is_figure(text)
}

/// Whether words begin the notes below a table.
fn is_note(text: &str) -> bool {
    text.starts_with("说明")
        || text.starts_with("备注")
        || text.starts_with('注')
        || text.starts_with("填报")
        || text.starts_with("附件")
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}
