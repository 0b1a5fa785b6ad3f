//! The left side: the text as it was decoded, its tables as tables and its pages as pages, with the cells marked.

use super::super::explain::value;
use super::Page;
use super::cells::{Cells, Mark};
use crate::document::blocks::{Blocks, Grid, PagePlace};
use crate::records::Report;
use crate::span::Span;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::fmt::Write;

/// Where a place of the text can be found on the page: an id.
pub(super) fn anchor(report: &Report<'_>, at: u32) -> String {
    let blocks = report.blocks.as_ref();
    if let Some(place) = blocks.and_then(|blocks| blocks.page_of(at)) {
        return format!("p{}", place.page);
    }
    match blocks.and_then(|blocks| blocks.cell_at(at)) {
        Some((grid, cell)) => format!("g{}-{}", grid.span.start, cell.row),
        None => format!("l{}", report.lines.line_at(at)),
    }
}

pub(super) fn write(out: &mut Page, report: &Report<'_>, cells: &Cells<'_>) {
    if report.text.trim().is_empty() {
        let _ = writeln!(out.html, "<p>{}</p>", out.lang.say("no text"));
        return;
    }
    let placed = vec![false; cells.all.len()];
    let mut writer = Writer { out, report, cells, next: 0, placed };
    match &report.blocks {
        Some(blocks)
            if !blocks.places.is_empty() && blocks.places.iter().all(|place| place.page > 0) =>
        {
            writer.pages(blocks);
        }
        Some(blocks) => {
            let mut from = 0;
            for grid in &blocks.grids {
                writer.lines(Span::new(from, grid.span.start));
                writer.grid(grid);
                from = grid.span.end;
            }
            writer.lines(Span::new(from, report.text.len() as u32));
        }
        None => writer.lines(Span::new(0, report.text.len() as u32)),
    }
    // what stands between the words of a page: a place to arrive at all the same
    for mark in &cells.marks {
        if !writer.placed[mark.cells[0]] {
            let _ = write!(writer.out.html, "<i id=\"s{}\"></i>", mark.cells[0]);
            writer.other_ids(mark, "i");
        }
    }
}

struct Writer<'w, 'r> {
    out: &'w mut Page,
    report: &'w Report<'r>,
    cells: &'w Cells<'w>,
    /// The first mark that does not end before what is written next.
    next: usize,
    /// For each cell, whether the place it was read from has its id already.
    placed: Vec<bool>,
}

impl Writer<'_, '_> {
    /// Text outside of tables, line by line.
    fn lines(&mut self, range: Span) {
        let lines = &self.report.lines;
        let mut number = lines.line_at(range.start);
        while number <= lines.count() as u32 {
            let line = lines.span(number);
            if line.start >= range.end {
                break;
            }
            let part = Span::new(line.start.max(range.start), line.end.min(range.end));
            let shown = part.of(&self.report.text).trim_end();
            let part = Span::new(part.start, part.start + shown.len() as u32);
            // the line of the file; for a page that is not the line of its text
            let printed = self.report.line(part);
            // what only parts two tables is no line
            if !(part.is_empty() && (part.start > line.start || self.report.blocks.is_some())) {
                let id = if part.start == line.start {
                    format!(" id=\"l{number}\"")
                } else {
                    String::new()
                };
                let _ = write!(self.out.html, "<div class=\"l\"{id} data-n=\"{printed}\"><span>");
                self.marked(part);
                self.out.raw("</span></div>\n");
            }
            number += 1;
        }
    }

    /// A table as the document has it.
    fn grid(&mut self, grid: &Grid) {
        out_line(&mut self.out.html, "<table class=\"grid\">");
        let mut row = None;
        for cell in &grid.cells {
            if row.replace(cell.row) != Some(cell.row) {
                if cell.span != grid.cells[0].span {
                    self.out.raw("</tr>\n");
                }
                let line = self.report.line(cell.span);
                let start = grid.span.start;
                let _ = write!(self.out.html, "<tr id=\"g{start}-{}\"><th>{line}</th>", cell.row);
            }
            self.out.raw("<td");
            if cell.cols > 1 {
                let _ = write!(self.out.html, " colspan=\"{}\"", cell.cols);
            }
            if cell.rows > 1 {
                let _ = write!(self.out.html, " rowspan=\"{}\"", cell.rows);
            }
            self.out.raw(">");
            self.marked(cell.span);
            self.out.raw("</td>");
        }
        self.out.raw("</tr>\n</table>\n");
    }

    /// A part of the text with the marks in it; a mark that goes on is marked on.
    fn marked(&mut self, part: Span) {
        let (report, cells) = (self.report, self.cells);
        while cells.marks.get(self.next).is_some_and(|mark| mark.span.end < part.start) {
            self.next += 1;
        }
        let mut from = part.start;
        for mark in &cells.marks[self.next..] {
            if mark.span.start > part.end || (mark.span.start == part.end && !mark.span.is_empty())
            {
                break;
            }
            if mark.span.end <= from && !mark.span.is_empty() {
                continue;
            }
            let start = mark.span.start.max(from);
            self.out.text(Span::new(from, start).of(&report.text));
            from = mark.span.end.min(part.end).max(start);
            self.mark(mark, Span::new(start, from));
        }
        self.out.text(Span::new(from, part.end).of(&report.text));
    }

    fn mark(&mut self, mark: &Mark, part: Span) {
        let first = mark.cells[0];
        let begins = !std::mem::replace(&mut self.placed[first], true);
        let status = self.cells.all[first].cell.status().name();
        let id = if begins { format!(" id=\"s{first}\"") } else { String::new() };
        let _ = write!(self.out.html, "<mark{id} class=\"{status}\" title=\"");
        self.out.text(&self.title(mark));
        self.out.raw("\">");
        if begins {
            self.other_ids(mark, "i");
        }
        let _ = write!(self.out.html, "<a href=\"#c{first}\">");
        self.out.text(part.of(&self.report.text));
        self.out.raw("</a></mark>");
    }

    /// Places to arrive at for the cells beside the first.
    fn other_ids(&mut self, mark: &Mark, element: &str) {
        for number in &mark.cells[1..] {
            let _ = write!(self.out.html, "<{element} id=\"s{number}\"></{element}>");
        }
    }

    /// `table.row.column = value (status)` for each cell.
    fn title(&self, mark: &Mark) -> String {
        const MOST: usize = 8;
        let one = |number: &usize| {
            let named = &self.cells.all[*number];
            let lang = self.out.lang;
            let value = value(named.cell, lang);
            let status = lang.say(named.cell.status().name());
            format!("{} = {value} ({status})", named.name)
        };
        let mut names: Vec<String> = mark.cells.iter().take(MOST).map(one).collect();
        if mark.cells.len() > MOST {
            names.push(self.out.lang.fill("and {} more", &[&(mark.cells.len() - MOST)]));
        }
        names.join("\n")
    }

    /// Pages as they are printed: words at their places, cells in their frames.
    fn pages(&mut self, blocks: &Blocks) {
        let mut from = 0;
        while from < blocks.places.len() {
            let page = blocks.places[from].page;
            let length = blocks.places[from..].iter().take_while(|p| p.page == page).count();
            self.page(blocks, page, from..from + length);
            from += length;
        }
    }

    fn page(&mut self, blocks: &Blocks, page: u32, places: std::ops::Range<usize>) {
        const MARGIN: f64 = 20.0;
        let end = |at: usize| {
            blocks.places[places.clone()].iter().map(|p| p.area[at]).fold(0.0, f64::max)
        };
        let scan = blocks.scans.iter().find(|scan| scan.page == page);
        let (width, height) = scan.map_or((end(2) + MARGIN, end(3) + MARGIN), |scan| scan.size);
        let _ = writeln!(
            self.out.html,
            "<svg id=\"p{page}\" viewBox=\"0 0 {width:.1} {height:.1}\" role=\"img\" aria-label=\"{}\">",
            self.out.lang.fill("page {}", &[&page])
        );
        if let Some(scan) = scan {
            let _ = writeln!(
                self.out.html,
                "<image width=\"{width:.1}\" height=\"{height:.1}\" preserveAspectRatio=\"none\" \
                 href=\"data:image/jpeg;base64,{}\"/>",
                BASE64_STANDARD.encode(&scan.jpeg)
            );
        }
        for at in places {
            let place = &blocks.places[at];
            let stop =
                blocks.places.get(at + 1).map_or(self.report.text.len() as u32, |next| next.start);
            let own = Span::new(place.start, stop);
            let cell = blocks.cell_at(place.start).map(|(_, cell)| cell.span);
            self.place(place, cell.unwrap_or(own), (cell.is_some(), scan.is_some()));
        }
        self.out.raw("</svg>\n");
    }

    #[expect(clippy::cast_precision_loss, reason = "a cell has few lines")]
    fn place(&mut self, place: &PagePlace, span: Span, (framed, seen): (bool, bool)) {
        let [left, upper, right, lower] = place.area;
        let (width, height) = (right - left, lower - upper);
        let rect =
            format!("x=\"{left:.1}\" y=\"{upper:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"");
        if framed {
            let _ = writeln!(self.out.html, "<rect class=\"frame\" {rect}/>");
        }
        let cells = self.cells;
        while cells.marks.get(self.next).is_some_and(|mark| mark.span.end < span.start) {
            self.next += 1;
        }
        let mut number = None;
        for mark in &cells.marks[self.next..] {
            if mark.span.start > span.end || (mark.span.start == span.end && !mark.span.is_empty())
            {
                break;
            }
            let first = mark.cells[0];
            number.get_or_insert(first);
            let status = cells.all[first].cell.status().name();
            let begins = !std::mem::replace(&mut self.placed[first], true);
            let id = if begins { format!(" id=\"s{first}\"") } else { String::new() };
            let _ = write!(self.out.html, "<a href=\"#c{first}\"{id}>");
            if begins {
                self.other_ids(mark, "g");
            }
            let _ = write!(self.out.html, "<rect class=\"{status}\" {rect}><title>");
            self.out.text(&self.title(mark));
            self.out.raw("</title></rect></a>\n");
        }
        // over a picture the number alone, small in its corner, so that both can be compared
        if seen {
            if let Some(number) = number {
                let size = (height * 0.45).min(6.0);
                let _ = write!(
                    self.out.html,
                    "<text class=\"seen\" x=\"{:.1}\" y=\"{:.1}\" font-size=\"{size:.1}\" text-anchor=\"end\">",
                    right - 0.8,
                    lower - 0.8
                );
                let shown = value(cells.all[number].cell, self.out.lang);
                self.out.text(&shown);
                out_line(&mut self.out.html, "</text>");
            }
            return;
        }
        let lines: Vec<&str> = span
            .of(&self.report.text)
            .lines()
            .map(str::trim_end)
            .filter(|line| !line.is_empty())
            .collect();
        let count = lines.len() as f64;
        for (at, line) in lines.into_iter().enumerate() {
            const LARGEST: f64 = 11.0;
            let columns: f64 = line.chars().map(|c| if c.is_ascii() { 0.5 } else { 1.0 }).sum();
            let size = if framed {
                (width / columns).min(height / count * 0.85).min(LARGEST)
            } else {
                height * 0.85
            };
            let step = height / count;
            let (x, y) = if framed {
                (f64::midpoint(left, right), upper + step * (at as f64 + 0.5) + size * 0.35)
            } else {
                (left, lower - height * 0.2)
            };
            let how = if framed {
                " text-anchor=\"middle\"".to_owned()
            } else {
                format!(" textLength=\"{width:.1}\" lengthAdjust=\"spacingAndGlyphs\"")
            };
            let _ = write!(
                self.out.html,
                "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size:.1}\"{how}>"
            );
            self.out.text(line);
            out_line(&mut self.out.html, "</text>");
        }
    }
}

fn out_line(html: &mut String, text: &str) {
    html.push_str(text);
    html.push('\n');
}
