//! What a cell says by itself: its place, its number, its status.

use super::number::{self, COUNTED, Exact, Unit, folded, is_mark};
use super::place::{Place, Text};
use super::{Judge, forms};
use crate::span::Span;
use serde_json::Value;

/// One cell of a record.
pub(super) struct Own<'r> {
    /// `table.row.column`.
    pub(super) name: String,
    pub(super) table: &'r str,
    pub(super) row: &'r str,
    pub(super) column: &'r str,
    pub(super) status: &'r str,
    pub(super) raw: &'r str,
    pub(super) value: Option<Exact>,
    pub(super) cell: &'r Value,
    /// Where it stands, when it stands where it says.
    pub(super) place: Option<Place<'r>>,
}

/// All cells of a record, in its order.
pub(super) fn all(record: &Value) -> Vec<Own<'_>> {
    let mut all = Vec::new();
    for (table, rows) in members(&record["tables"]) {
        for (row, columns) in members(rows) {
            for (column, cell) in members(columns) {
                all.push(Own {
                    name: format!("{table}.{row}.{column}"),
                    table,
                    row,
                    column,
                    status: cell["status"].as_str().unwrap_or_default(),
                    raw: cell["raw"].as_str().unwrap_or_default(),
                    value: cell["value"].as_number().and_then(|n| Exact::parse(&n.to_string())),
                    cell,
                    place: None,
                });
            }
        }
    }
    all
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

impl<'r> Judge<'_, 'r> {
    /// Finds the places of all cells; each must be where it says.
    pub(super) fn places(&mut self, text: &'r Text<'_>) {
        let mut taken: Vec<Place<'r>> = Vec::new();
        for nth in 0..self.cells.len() {
            let own = &self.cells[nth];
            let (at, status) = (&own.cell["at"], own.status);
            if status == "missing" {
                if !at.is_null() || !own.cell["raw"].is_null() {
                    self.fault(nth, "a missing cell has no place and no text");
                }
                continue;
            }
            if own.cell["raw"].as_str().is_none() {
                self.fault(nth, "raw is not a text");
                continue;
            }
            match text.find(at, own.raw, &taken) {
                Ok(place) => {
                    if !own.raw.is_empty() {
                        taken.push(place);
                    }
                    self.cells[nth].place = Some(place);
                }
                Err(what) => self.fault(nth, what),
            }
        }
    }

    /// Each cell for itself: a value only with a status that gives one, and the value that its text says.
    pub(super) fn each(&mut self, text: &'r Text<'_>) {
        for nth in 0..self.cells.len() {
            let own = &self.cells[nth];
            let is_valued = matches!(own.status, "read" | "solved" | "recognised");
            let is_known = is_valued
                || matches!(
                    own.status,
                    "blank" | "ambiguous" | "unreadable" | "missing" | "reviewed"
                );
            if !is_known {
                let what = format!("{:?} is no status", own.status);
                self.fault(nth, what);
                continue;
            }
            if own.status != "reviewed" && own.cell["value"].is_null() == is_valued {
                let what = format!("{} with the value {}", own.status, own.cell["value"]);
                self.fault(nth, what);
                continue;
            }
            let found = match own.status {
                "read" => self.read(own, text),
                "blank" => self.blank(own, text),
                _ => Ok(()),
            };
            if let Err(what) = found {
                self.fault(nth, what);
            }
        }
    }

    /// The whole text of the cell is a number, and it is the value.
    fn read(&self, own: &Own<'r>, text: &Text<'_>) -> Result<(), String> {
        let Some(value) = own.value else { return Err("its value is no number".to_owned()) };
        let unit = self.unit_of(own);
        // in a picture: one of the numbers that a model reads there
        if own.place.is_some_and(|place| text.reads(place.span, value)) {
            return Ok(());
        }
        let Some((printed, said)) = number::read(own.raw, unit) else {
            return Err(format!("{:?} is no number, the value is {}", own.raw, own.cell["value"]));
        };
        let Some(place) = own.place else { return Ok(()) };
        self.alone(own, place, text, unit)?;
        if unit != "万元" {
            return match said {
                None | Some(Unit::Count) if printed == value => Ok(()),
                _ => Err(format!("{:?} does not say {}", own.raw, own.cell["value"])),
            };
        }
        let is = |unit: Unit| printed.shifted(unit.places()) == Some(value);
        let units = match said {
            Some(Unit::Count) => return Err(format!("{:?} is no money", own.raw)),
            Some(unit) => vec![unit],
            None => self.stated(own, place, text),
        };
        if units.iter().any(|unit| is(*unit)) || units.is_empty() && printed == value {
            return Ok(());
        }
        Err(format!("{:?} in {units:?} is not {} 万元", own.raw, own.cell["value"]))
    }

    /// Nothing beside the printed text makes another number of it.
    fn alone(
        &self,
        own: &Own<'r>,
        place: Place<'_>,
        text: &Text<'_>,
        unit: &str,
    ) -> Result<(), String> {
        let (before, after) = beside(place, text);
        let (before, after) = (folded(before), folded(after));
        let inexact_before = before.ends_with(['.', ',', '$'])
            || INEXACT_BEFORE.iter().any(|word| before.trim_end().ends_with(word));
        let mut next = after.chars();
        let inexact_after = match next.next() {
            Some(c) if c.is_ascii_alphanumeric() || "%‰余多".contains(c) => true,
            Some('.' | ',' | '/' | ':' | ';' | '-' | '~' | '+' | '*' | '\'') => {
                next.next().is_some_and(|c| c.is_ascii_digit())
            }
            _ => ["左右", "以上"].iter().any(|word| after.trim_start().starts_with(word)),
        };
        // what no cell has is looked at with the table: it may be the ordinal of the next label
        let run = self.run(place);
        let is_doubtful = if run == place.span {
            let is_ordinal = after.starts_with(|c: char| c.is_ascii_digit());
            inexact_before || inexact_after && !is_ordinal
        } else {
            cuts(&folded(run.of(text.text())), self.cells_of(run)) != 1
        };
        if is_doubtful {
            let shown = [&before[last(&before, 6)..], own.raw, &after[..first(&after, 6)]].concat();
            return Err(format!("{:?} stands in {shown:?}", own.raw));
        }
        // a cell of a grid that is this cell's alone says nothing else
        let is_shared = self.cells.iter().any(|other| {
            other.name != own.name && other.place.is_some_and(|other| other.holder == place.holder)
        });
        let holder = place.holder.of(text.text());
        if place.grid.is_some() && !is_shared && holder.trim() != own.raw.trim() {
            let whole = number::read(holder, unit).map(|(value, _)| value);
            let said = number::read(own.raw, unit).map(|(value, _)| value);
            let rest = self.without_words(own, &holder.replacen(own.raw, "", 1));
            if whole != said && !rest.is_empty() {
                return Err(format!("its cell says {holder:?}"));
            }
        }
        Ok(())
    }

    /// The texts of cells that are glued to this one, and its own.
    fn run(&self, place: Place<'_>) -> Span {
        let spans = || self.cells.iter().filter_map(|own| own.place).map(|place| place.span);
        let mut run = place.span;
        while let Some(more) = spans().find(|span| {
            let touches = span.end == run.start || span.start == run.end;
            touches && !span.is_empty()
        }) {
            run = run.join(more);
        }
        run
    }

    /// How many cells may have a part of a run: those of its rows that are not printed elsewhere.
    fn cells_of(&self, run: Span) -> usize {
        let within = |own: &Own<'_>| {
            own.place.is_some_and(|own| run.start <= own.span.start && own.span.end <= run.end)
        };
        let is_sharing = |own: &Own<'_>| {
            let row = |other: &&Own<'_>| other.table == own.table && other.row == own.row;
            self.cells.iter().filter(row).any(within)
        };
        let elsewhere =
            |own: &Own<'_>| own.place.is_some_and(|place| !place.span.is_empty()) && !within(own);
        self.cells.iter().filter(|own| is_sharing(own) && !elsewhere(own)).count()
    }

    /// A text without the labels of the cell's row and column, folded.
    fn without_words(&self, own: &Own<'r>, rest: &str) -> String {
        let mut rest = letters(rest);
        let Some(table) = self.form.and_then(|form| form.tables.get(own.table)) else {
            return rest;
        };
        let of = |all: &[(String, Vec<String>)], key: &str| {
            all.iter().find(|(known, _)| known == key).map(|(_, labels)| labels.clone())
        };
        let own = [of(&table.rows, own.row), of(&table.columns, own.column)];
        for label in own.into_iter().flatten().flatten() {
            rest = rest.replace(&label, "");
        }
        rest
    }

    /// Nothing is printed but a mark for nothing.
    fn blank(&self, own: &Own<'r>, text: &Text<'_>) -> Result<(), String> {
        if !is_mark(own.raw) {
            return Err(format!("blank, and {:?} is printed", own.raw));
        }
        let Some(place) = own.place else { return Ok(()) };
        if let Some((_, cell)) = place.grid {
            let shared = self
                .cells
                .iter()
                .filter(|other| other.place.is_some_and(|other| other.holder == cell.span))
                .count();
            let said = cell.span.of(text.text());
            // a label may be in front of it
            if shared == 1 && !is_mark(said) && !self.without_words(own, said).is_empty() {
                return Err(format!("blank, and its cell says {said:?}"));
            }
        }
        Ok(())
    }

    pub(super) fn unit_of(&self, own: &Own<'r>) -> &'r str {
        self.form
            .and_then(|form| form.tables.get(own.table))
            .map_or("", |t| t.unit(own.row, own.column))
    }

    /// Units of money that are printed for a cell: between the row before and it, in its row and its column of a grid, or
    /// else over the table.
    fn stated(&self, own: &Own<'_>, place: Place<'_>, text: &Text<'_>) -> Vec<Unit> {
        let whole = text.text();
        let before = self
            .cells
            .iter()
            .filter(|other| (other.table, other.row) != (own.table, own.row))
            .filter_map(|other| other.place)
            .filter(|other| !other.span.is_empty())
            .map(|other| other.span.end)
            .filter(|end| *end <= place.span.start)
            .max()
            .unwrap_or(0);
        let mut near = units_in(Span::new(before, place.span.start).of(whole), false);
        if let Some((grid, cell)) = place.grid {
            let beside = grid.cells.iter().filter(|other| {
                let above = other.row < cell.row
                    && other.col < cell.end_col()
                    && cell.col < other.end_col();
                let left = other.col < cell.col
                    && other.row < cell.row + cell.rows
                    && cell.row < other.row + other.rows;
                above || left
            });
            beside.for_each(|other| near.extend(units_in(other.span.of(whole), false)));
        }
        let table = self.form.and_then(|form| form.tables.get(own.table));
        if near.is_empty() && table.is_some_and(|table| table.printed) {
            // in text the header stands before the first cell, whatever the row
            const HEADER: usize = 900;
            let cells = self.cells.iter().filter(|other| other.table == own.table);
            let places = cells.filter_map(|other| other.place).map(|other| other.span);
            let first = places.filter(|span| !span.is_empty()).map(|span| span.start).min();
            let before = &whole[..first.unwrap_or(0) as usize];
            let mut from = before.len().saturating_sub(HEADER);
            while !before.is_char_boundary(from) {
                from += 1;
            }
            near = units_in(&before[from..], false);
        }
        if near.is_empty() {
            near = units_in(Span::new(0, place.span.start).of(whole), true);
        }
        near
    }

    /// What solves a cell: its digits are printed, and the equations that prove it have it and hold.
    pub(super) fn solved(&mut self, text: &Text<'_>) {
        for nth in 0..self.cells.len() {
            let own = &self.cells[nth];
            let proof: Vec<&str> =
                forms::list(&own.cell["proof"]).filter_map(Value::as_str).collect();
            if own.status != "solved" {
                if !own.cell["proof"].is_null() {
                    self.fault(nth, "proof of a cell that is not solved");
                }
                continue;
            }
            if let Err(what) = self.digits(own, text) {
                self.fault(nth, what);
            }
            if proof.is_empty() {
                self.fault(nth, "solved, and nothing proves it");
            }
            for id in proof {
                if let Err(what) = self.proves(&self.cells[nth].name, id) {
                    self.fault(nth, what);
                }
            }
        }
    }

    /// The digits of a solved value are those of its text, or a part of them.
    fn digits(&self, own: &Own<'r>, text: &Text<'_>) -> Result<(), String> {
        let Some(value) = own.value else { return Err("its value is no number".to_owned()) };
        let unit = self.unit_of(own);
        // in a picture: one of the numbers that a model reads there
        if own.place.is_some_and(|place| text.reads(place.span, value)) {
            return Ok(());
        }
        if let Some((printed, said)) = number::read(own.raw, unit) {
            let units = match (unit, said, own.place) {
                ("万元", Some(unit), _) => vec![unit],
                ("万元", None, Some(place)) => self.stated(own, place, text),
                _ => Vec::new(),
            };
            let is_said = printed == value
                || units.iter().any(|unit| printed.shifted(unit.places()) == Some(value));
            // the run of a row may be a number too
            if is_said || !run(own.raw).contains(&value.run()) {
                let what = || format!("{:?} does not say {}", own.raw, own.cell["value"]);
                return is_said.then_some(()).ok_or_else(what);
            }
        }
        let digits = run(own.raw);
        if digits.contains(&value.run()) {
            return Ok(());
        }
        Err(format!("the digits of {} are not in {:?}", own.cell["value"], own.raw))
    }

    /// An equation has the cell, and holds with the values of the record; a blank cell counts as nothing.
    fn proves(&self, name: &str, id: &str) -> Result<(), String> {
        let has = |name: &str| self.by_name.contains_key(name);
        let cells = self.form.and_then(|form| form.check(id, has, || self.names()));
        let Some(cells) = cells else { return Err(format!("{id} is no check of the form")) };
        if !cells.iter().any(|(own, _)| *own == name) {
            return Err(format!("{id} does not have it"));
        }
        let mut sum = Some(Exact::ZERO);
        for (other, sign) in cells {
            let other = &self.cells[self.by_name[&*other]];
            match (other.value, other.status) {
                (Some(value), _) => {
                    let term = if sign.is_negative() { value.negated() } else { value };
                    sum = sum.and_then(|sum| sum.plus(term));
                }
                (None, "blank") => {}
                (None, status) => {
                    return Err(format!("{id} needs {}, which is {status}", other.name));
                }
            }
        }
        if sum == Some(Exact::ZERO) { Ok(()) } else { Err(format!("{id} does not hold")) }
    }
}

/// What stands beside a printed text, in its cell or else in its line.
fn beside<'t>(place: Place<'_>, text: &'t Text<'_>) -> (&'t str, &'t str) {
    let holder = if place.holder == place.span { text.around(place.span) } else { place.holder };
    let within = match place.grid {
        Some((_, cell)) => cell.span,
        None => holder,
    };
    let span = |start, end| Span::new(start, end).of(text.text());
    let before = span(within.start, place.span.start);
    let after = span(place.span.end, within.end);
    (&before[last(before, BESIDE)..], &after[..first(after, BESIDE)])
}

/// All digits of a text one after the other.
fn run(text: &str) -> String {
    folded(text).chars().filter(char::is_ascii_digit).collect()
}

/// A text without blanks and punctuation.
pub(super) fn letters(text: &str) -> String {
    folded(text).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The units of money that a text names; with `captions` only those that it calls a unit.
fn units_in(text: &str, captions: bool) -> Vec<Unit> {
    let mut text = spoken(&folded(text));
    // 单 位 ： 万 元
    text.retain(|c| !c.is_whitespace());
    let mut units = Vec::new();
    for (at, _) in text.match_indices('元') {
        let before = &text[..at];
        let is_caption = || before[last(before, 8)..].contains("单位");
        let unit = match before.chars().last() {
            Some('亿') => Unit::YiYuan,
            Some('万') => Unit::WanYuan,
            Some('千' | '百' | '十') => continue,
            _ => Unit::Yuan,
        };
        if captions && is_caption() {
            // the nearest one counts
            units = vec![unit];
        } else if !captions && !units.contains(&unit) {
            units.push(unit);
        }
    }
    units
}

/// A text without the Latin letters in brackets that some pages put behind each word.
fn spoken(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (nth, part) in text.split('(').enumerate() {
        let rest = part
            .split_once(')')
            .filter(|(within, _)| within.bytes().all(|b| b.is_ascii_lowercase()));
        match rest {
            Some((_, rest)) if nth > 0 => out.push_str(rest),
            _ => {
                if nth > 0 {
                    out.push('(');
                }
                out.push_str(part);
            }
        }
    }
    out
}

/// In how many ways a run is cut into so many cells or fewer, numbers with their signs and units, and marks; two stand for
/// more. A number does not begin with a zero for nothing, so `0012` is three at least.
fn cuts(run: &str, most: usize) -> usize {
    let run: Vec<char> = run.chars().collect();
    // ways from each place on, for each number of cells that are left
    let mut ways = vec![vec![0usize; most + 1]; run.len() + 1];
    ways[run.len()] = vec![1; most + 1];
    for from in (0..run.len()).rev() {
        for cells in 1..=most {
            let ends = (from + 1..=run.len()).filter(|end| is_number(&run[from..*end]));
            ways[from][cells] = ends.map(|end| ways[end][cells - 1]).sum::<usize>().min(2);
        }
    }
    ways[0][most]
}

fn is_number(part: &[char]) -> bool {
    if part == ['-'] {
        return true;
    }
    let signs = ['-', '+', '减', '增'];
    let part = if part.first().is_some_and(|c| signs.contains(c)) { &part[1..] } else { part };
    let is_unit = |c: &char| "元万亿".contains(*c) || COUNTED.contains(*c);
    let part = &part[..part.len() - part.iter().rev().take_while(|c| is_unit(c)).count()];
    let mut halves = part.split(|c| *c == '.');
    let whole = halves.next().unwrap_or_default();
    let fraction = halves.next();
    let is_digits = |part: &[char]| !part.is_empty() && part.iter().all(char::is_ascii_digit);
    let is_whole = is_digits(whole) && (whole.len() == 1 || whole[0] != '0');
    is_whole && fraction.is_none_or(is_digits) && halves.next().is_none()
}

/// Characters on each side of a number that are looked at.
const BESIDE: usize = 16;

/// Words that make no exact number of the one after them.
const INEXACT_BEFORE: [&str; 13] =
    ["约", "近", "超", "超过", "逾", "≥", "≤", ">", "<", "↑", "↓", "其中", "共"];

/// Where the last so many characters of a text begin.
pub(super) fn last(text: &str, count: usize) -> usize {
    text.char_indices().rev().nth(count.saturating_sub(1)).map_or(0, |(at, _)| at)
}

/// Where the first so many characters of a text end.
pub(super) fn first(text: &str, count: usize) -> usize {
    text.char_indices().nth(count).map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_cuts() {
        for (run, cells, ways) in [
            ("000", 3, 1),
            ("0012", 3, 1),
            ("0012", 4, 2),
            ("12", 2, 2),
            ("30.37", 2, 2),
            ("4-1", 2, 1),
            ("4-1", 3, 2),
            ("2笔0.07万元", 2, 1),
            ("6减2", 2, 1),
            ("56笔70000", 3, 2),
            ("1000001", 7, 2),
            ("0000000", 7, 1),
            ("0000000", 6, 0),
        ] {
            assert_eq!(cuts(run, cells), ways, "{run} in {cells}");
        }
    }

    #[test]
    fn ok_units() {
        assert_eq!(units_in("采购总金额（万元）", false), [Unit::WanYuan]);
        assert_eq!(units_in("收 费 金 额 （ 单 位 ： 万 元 ）", false), [Unit::WanYuan]);
        assert_eq!(units_in("（單位：萬(wan)(wan)元(yuan)(yuan)）", false), [Unit::WanYuan]);
        assert_eq!(units_in("公共支出12元，单位：亿元", true), [Unit::YiYuan]);
        assert_eq!(units_in("收费3千元", false), []);
    }
}
