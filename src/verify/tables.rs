//! What the cells of a table say together: their order, their labels, and that no digit among them is lost.

use super::Judge;
use super::cells::{Own, first, last, letters};
use super::forms::{Table, list};
use super::number::folded;
use super::place::{Place, Text};
use crate::document::blocks::GridCell;
use crate::span::Span;
use serde_json::Value;

/// Bytes of lines that are looked at whole, beyond what a table has of them.
const LINE: u32 = 400;

/// A cell that is printed somewhere, by its number.
type Printed<'r> = (usize, Place<'r>);

impl<'r> Judge<'_, 'r> {
    /// All tables.
    pub(super) fn tables(&mut self, text: &'r Text<'_>) {
        let mut names: Vec<&str> = self.cells.iter().map(|own| own.table).collect();
        names.dedup();
        for name in names {
            let of = |(nth, own): (usize, &Own<'r>)| (own.table == name).then_some(nth);
            let own: Vec<usize> = self.cells.iter().enumerate().filter_map(of).collect();
            self.order(&own, text);
            self.labels(&own, text);
            self.lost(&own, text);
        }
    }

    /// Cells that have printed text of their own, in the order of the record.
    fn printed(&self, own: &[usize]) -> Vec<Printed<'r>> {
        let is_open = |nth: usize| matches!(self.cells[nth].status, "ambiguous");
        let place = |nth: &usize| Some((*nth, self.cells[*nth].place?));
        own.iter()
            .filter_map(place)
            .filter(|(nth, place)| !place.span.is_empty() && !is_open(*nth))
            .collect()
    }

    /// No two cells have the same text, and those of a row stand in the order of the columns, rows in that of the form.
    fn order(&mut self, own: &[usize], text: &'r Text<'_>) {
        let printed = self.printed(own);
        let mut by_place = printed.clone();
        by_place.sort_by_key(|(_, place)| (place.span.start, place.span.end));
        for pair in by_place.windows(2) {
            let [(first, one), (second, other)] = [pair[0], pair[1]];
            // the run that holds a solved row may be said for all of its cells
            let whole =
                self.cells[first].status == "solved" && self.cells[second].status == "solved";
            if one.span.end > other.span.start && !(whole && one.span == other.span) {
                let what = format!("its text is that of {} too", self.cells[first].name);
                self.fault(second, what);
            }
        }
        let mut last: Option<Printed<'r>> = None;
        for (nth, place) in printed {
            let before = last.replace((nth, place));
            let Some((before, at)) = before else { continue };
            if self.cells[before].row == self.cells[nth].row
                && place.span.start < at.span.start
                && !self.is_reordered(before, nth, text)
            {
                let what = format!("stands before {}", self.cells[before].name);
                self.fault(nth, what);
            }
        }
        // the first printed cell of each row
        let printed = self.printed(own);
        let mut firsts: Vec<Printed<'r>> = Vec::new();
        for (nth, place) in printed {
            match firsts.last_mut() {
                Some((last, first)) if self.cells[*last].row == self.cells[nth].row => {
                    if place.span.start < first.span.start {
                        *first = place;
                    }
                }
                _ => firsts.push((nth, place)),
            }
        }
        for pair in firsts.windows(2) {
            if pair[1].1.span.start < pair[0].1.span.start {
                let what = format!("its row stands before that of {}", self.cells[pair[0].0].name);
                self.fault(pair[1].0, what);
            }
        }
    }

    /// Whether the header prints the columns of these two cells in the other order.
    fn is_reordered(&self, first: usize, second: usize, text: &Text<'_>) -> bool {
        let [one, other] = [first, second].map(|nth| &self.cells[nth]);
        let Some(table) = self.table(one.table) else { return false };
        let Some(place) = other.place else { return false };
        let before = letters(Span::new(0, place.span.start).of(text.text()));
        let last = |column: &str| {
            let labels = table.columns.iter().find(|(key, _)| key == column).map(|(_, l)| l);
            labels.into_iter().flatten().filter_map(|label| before.rfind(&**label)).max()
        };
        match (last(one.column), last(other.column)) {
            (Some(one), Some(other)) => other < one,
            _ => false,
        }
    }

    fn table(&self, name: &str) -> Option<&'r Table> {
        self.form?.tables.get(name)
    }

    /// In a grid the nearest header above a cell is its column's and a label beside it its row's, where they are any of the
    /// table's.
    fn labels(&mut self, own: &[usize], text: &'r Text<'_>) {
        let Some(table) = self.cells.get(own[0]).and_then(|own| self.table(own.table)) else {
            return;
        };
        for (nth, place) in self.printed(own) {
            let Some((grid, cell)) = place.grid else { continue };
            // what is solved is so because its row is not whole
            if self.cells[nth].status != "read" {
                continue;
            }
            let known = |all: &'r [(String, Vec<String>)], said: Span| -> Vec<&'r str> {
                let said = bare(text.said(said));
                let is = |label: &String| {
                    let label = bare(label);
                    // the unit may stand behind a header
                    let rest = said.strip_prefix(label);
                    rest.is_some_and(|rest| {
                        rest.is_empty() || label.len() > 9 && rest.ends_with('元')
                    })
                };
                let has = |(key, labels): &'r (String, Vec<String>)| {
                    labels.iter().any(is).then_some(key.as_str())
                };
                all.iter().filter_map(has).collect()
            };
            let own = &self.cells[nth];
            let above = grid.cells.iter().rev().filter(|other| {
                other.row < cell.row && other.col < cell.end_col() && cell.col < other.end_col()
            });
            let header =
                above.map(|other| known(&table.columns, other.span)).find(|keys| !keys.is_empty());
            if let Some(keys) = header
                && !keys.contains(&own.column)
                && !self.is_full(nth, table, text)
            {
                let what = format!("the header above it is that of {}", keys.join(", "));
                self.fault(nth, what);
                continue;
            }
            let beside = grid.cells.iter().filter(|other| {
                other.col < cell.col
                    && other.row < cell.row + cell.rows
                    && cell.row < other.row + other.rows
            });
            let mut labels =
                beside.map(|other| known(&table.rows, other.span)).filter(|k| !k.is_empty());
            let own = &self.cells[nth];
            let all: Vec<Vec<&str>> = labels.by_ref().collect();
            if !all.is_empty() && !all.iter().flatten().any(|key| *key == own.row) {
                let what = format!("the label beside it is that of {}", all.concat().join(", "));
                self.fault(nth, what);
            }
        }
    }

    /// Whether the row of a cell has all its cells in one row of a grid, one after the other and nothing behind them, under
    /// a header that has its columns in the same order: then its places are certain, whatever stands above which.
    fn is_full(&self, nth: usize, table: &Table, text: &Text<'_>) -> bool {
        let own = &self.cells[nth];
        let Some((grid, cell)) = own.place.and_then(|place| place.grid) else { return false };
        let row: Vec<&Own<'_>> =
            self.cells.iter().filter(|o| (o.table, o.row) == (own.table, own.row)).collect();
        let cells: Vec<GridCell> = row.iter().filter_map(|own| Some(*own.place?.grid?.1)).collect();
        let behind: Vec<_> = grid
            .cells
            .iter()
            .filter(|other| {
                let is_own = cells.first().is_some_and(|c| c.col <= other.col);
                // a row of one cell may stand in a table of several columns
                let is_rest = row.len() == 1
                    && !cells.contains(other)
                    && text.said(other.span).trim().is_empty();
                other.row == cell.row && is_own && !is_rest
            })
            .copied()
            .collect();
        let header = |column: &str| {
            let labels = table.columns.iter().find(|(key, _)| key == column).map(|(_, l)| l)?;
            let is = |said: Span| {
                let said = text.said(said);
                labels.iter().any(|label| said.starts_with(&**label))
            };
            let above = grid.cells.iter().rev().filter(|other| other.row < cell.row);
            above.filter(|other| is(other.span)).map(|other| other.col).next()
        };
        let headers: Vec<u32> = row.iter().filter_map(|own| header(own.column)).collect();
        cells.len() == row.len() && cells == behind && headers.windows(2).all(|h| h[0] < h[1])
    }

    /// Every digit from the table's first to its last cell belongs to something.
    fn lost(&mut self, own: &[usize], text: &'r Text<'_>) {
        let places = own.iter().filter_map(|nth| self.cells[*nth].place.map(|place| place.span));
        let Some(region) = places.filter(|span| !span.is_empty()).reduce(Span::join) else {
            return;
        };
        let lines = text.around(region);
        // a whole document may be one line
        let is_short = lines.end - lines.start < region.end - region.start + LINE;
        let region = if is_short { lines } else { region };
        let mut claimed: Vec<Span> = self
            .cells
            .iter()
            .filter_map(|own| own.place)
            .map(|place| place.span)
            .filter(|span| !span.is_empty())
            .collect();
        claimed.sort_unstable();
        let whole = text.text();
        let mut from = region.start;
        let mut at = 0;
        let mut lost = Vec::new();
        while from < region.end {
            while claimed.get(at).is_some_and(|span| span.end <= from) {
                at += 1;
            }
            let next = claimed.get(at).copied().unwrap_or(Span::new(region.end, region.end));
            let end = next.start.clamp(from, region.end);
            for digits in runs(Span::new(from, end), whole) {
                if !self.is_explained(digits, text) && !self.is_code(own, digits, text) {
                    lost.push(digits);
                }
            }
            from = next.end.max(end);
            if next.start >= region.end {
                break;
            }
        }
        for digits in lost {
            let line = text.line(digits.start);
            let around = text.around(digits);
            let shown: String = around.of(whole).chars().take(60).collect();
            let table = self.cells[own[0]].table.to_owned();
            let what = format!("{} in line {line} belongs to nothing: {shown:?}", digits.of(whole));
            self.faults.push(super::Fault {
                document: self.document.clone(),
                cell: Some(table),
                what,
            });
        }
    }

    /// Whether digits that no cell has are an ordinal, part of a label, a page's number, or told of.
    fn is_explained(&self, digits: Span, text: &Text<'_>) -> bool {
        let whole = text.text();
        let line = text.around(digits);
        let [before, after] = sides(digits, line, whole).map(folded);
        let (before, after) = (before.trim_end(), after.trim_start());
        let is_ordinal = {
            let rest = after.trim_start_matches(['\\', '.', '、', ')', ' ', ',']);
            let is_label = |c: char| c.is_alphabetic() || "“\"".contains(c);
            rest.len() < after.len() && rest.starts_with(is_label)
        };
        let is_note = [('(', ')'), ('[', ']'), ('【', '】')].iter().any(|(open, close)| {
            let from = before.rfind(*open).filter(|at| !before[*at..].contains(*close));
            let to = after.find(*close).filter(|at| !after[..*at].contains(*open));
            let (Some(from), Some(to)) = (from, to) else { return false };
            *open != '(' || [&before[from..], &after[..to]].concat().contains(char::is_alphabetic)
        });
        let is_numbered =
            before.ends_with('第') || (before.ends_with('(') && after.starts_with(')'));
        let bare =
            |text: &str| text.chars().all(|c| " -—–·~|/共第页\t".contains(c) || c.is_ascii_digit());
        let is_page = bare(before) && bare(after) && !(before.is_empty() && after.is_empty());
        let is_year = after.starts_with('年') && digits.end - digits.start == 4;
        let is_known = is_year || is_ordinal || is_note || is_numbered || is_page;
        is_known || self.is_repeated(line, whole) || self.is_told(digits, line, text)
    }

    /// Whether digits are the code of a row, beside its label.
    fn is_code(&self, own: &[usize], digits: Span, text: &Text<'_>) -> bool {
        let Some(table) = self.table(self.cells[own[0]].table) else { return false };
        let whole = text.text();
        let [before, after] = sides(digits, text.around(digits), whole).map(letters);
        // a cell a line: the label stands in the next
        let rest = &whole[digits.end as usize..];
        let next = letters(&rest[..first(rest, 40)]);
        table.codes.iter().any(|(code, labels)| {
            let is_beside = |label: &String| {
                before.contains(&**label) || after.contains(&**label) || next.contains(&**label)
            };
            code == digits.of(whole) && labels.iter().any(is_beside)
        })
    }

    /// Whether a line that no cell is on stands in the text more than once: a header that pages repeat.
    fn is_repeated(&self, line: Span, whole: &str) -> bool {
        let said = line.of(whole);
        let is_on = |own: &Own<'_>| {
            own.place.is_some_and(|p| line.start <= p.span.start && p.span.end <= line.end)
        };
        whole.matches(said).count() > 1 && !self.cells.iter().any(is_on)
    }

    /// Whether a finding is about the line, or a paragraph of the record has it.
    fn is_told(&self, digits: Span, line: Span, text: &Text<'_>) -> bool {
        let whole = text.text();
        let number = text.line(digits.start);
        let page = text.page_of(digits.start);
        let said = context(digits, line, whole);
        let told = list(&self.record["diagnostics"]).any(|found| {
            let here = found["line"].as_u64() == Some(number)
                || page.is_some() && found["page"].as_u64() == page;
            let message = found["message"].as_str().unwrap_or_default();
            here && (page.is_none() || message.contains(digits.of(whole)))
        });
        let paragraphs = list(&self.record["sections"])
            .flat_map(|section| list(&section["paragraphs"]))
            .chain(list(&self.record["preamble"]));
        told || paragraphs
            .filter_map(Value::as_str)
            .any(|paragraph| letters(paragraph).contains(&said))
    }
}

/// What stands before and after digits in their line, as far as it is looked at.
fn sides(digits: Span, line: Span, text: &str) -> [&str; 2] {
    const CHARACTERS: usize = 100;
    let before = Span::new(line.start, digits.start).of(text);
    let after = Span::new(digits.end, line.end).of(text);
    [&before[last(before, CHARACTERS)..], &after[..first(after, CHARACTERS)]]
}

/// Digits with some letters on both sides, as far as their line goes.
fn context(digits: Span, line: Span, text: &str) -> String {
    const LETTERS: usize = 8;
    let [before, after] = sides(digits, line, text).map(letters);
    let skip = before.chars().count().saturating_sub(LETTERS);
    let before: String = before.chars().skip(skip).collect();
    let after: String = after.chars().take(LETTERS).collect();
    [before, letters(digits.of(text)), after].concat()
}

/// A label without its ordinal.
fn bare(label: &str) -> &str {
    label.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c))
}

/// The runs of digits in a part of a text.
fn runs(span: Span, text: &str) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    for (at, c) in span.of(text).char_indices() {
        if c.is_ascii_digit() || ('０'..='９').contains(&c) {
            let start = span.start + at as u32;
            let end = start + c.len_utf8() as u32;
            match runs.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ => runs.push(Span::new(start, end)),
            }
        }
    }
    runs
}
