//! All changes of a document.

use super::super::model::{Name, Want};
use super::expected::Base;
use super::{Spot, either, is_page};
use std::ops::Range;

/// What is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// The text of a cell is taken out.
    Deleted,
    /// Blanks stand in its place.
    Blanked,
    /// A mark does, or a word.
    Replaced,
    /// What stands between two cells of a row is taken out.
    Joined,
    /// One digit is.
    Digit,
    /// A label is.
    Label,
    /// A line, or a row of a page, stands twice.
    Doubled,
    /// A row 合计 behind another, with other numbers.
    Foreign,
    /// Two columns change places, header and numbers.
    Swapped,
    /// The text ends behind a cell.
    Ended,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::Blanked => "blanked",
            Self::Replaced => "replaced",
            Self::Joined => "joined",
            Self::Digit => "digit",
            Self::Label => "label",
            Self::Doubled => "doubled",
            Self::Foreign => "foreign",
            Self::Swapped => "swapped",
            Self::Ended => "ended",
        }
    }

    /// Kinds with a change for each cell are drawn less often than those with one for each row.
    pub(crate) fn rarity(self) -> usize {
        match self {
            Self::Deleted | Self::Blanked | Self::Replaced | Self::Joined | Self::Digit => 4,
            Self::Ended => 3,
            Self::Label | Self::Doubled | Self::Foreign | Self::Swapped => 1,
        }
    }
}

/// One change, and what is right where it is not what was right before.
pub(crate) struct Change {
    pub(crate) kind: Kind,
    pub(crate) what: String,
    pub(crate) edits: Vec<(Range<usize>, String)>,
    pub(crate) wants: Vec<(Name, Want)>,
}

/// Every change.
pub(super) fn all(base: &Base) -> Vec<Change> {
    let mut changes = Vec::new();
    let alone: Vec<&Spot> = base.spots.iter().filter(|spot| alone(base, spot)).collect();
    for spot in &alone {
        of_cell(base, spot, &mut changes);
    }
    for pair in alone.windows(2) {
        joined(base, pair[0], pair[1], &mut changes);
    }
    for (table, key, label) in &base.labels {
        of_row(base, table, key, label, &mut changes);
    }
    swapped(base, &mut changes);
    changes
}

/// No other cell has the same place, and no digit touches it: the text there is that cell and nothing else.
fn alone(base: &Base, spot: &Spot) -> bool {
    let mut others = base.spots.iter().filter(|other| other.name != spot.name);
    let apart = others.all(|other| other.end <= spot.start || other.start >= spot.end);
    let digit = |char: Option<char>| char.is_some_and(|char| char.is_ascii_digit() || char == '.');
    let before = base.text[..spot.start].chars().next_back();
    let behind = base.text[spot.end..].chars().next();
    apart && !digit(before) && !digit(behind)
}

fn change(kind: Kind, what: String, edits: Vec<(Range<usize>, String)>) -> Change {
    Change { kind, what, edits, wants: Vec::new() }
}

fn of_cell(base: &Base, spot: &Spot, changes: &mut Vec<Change>) {
    let text = &base.text[spot.start..spot.end];
    let name = spot.name.join(".");
    let whole = spot.start..spot.end;
    let gone = vec![(spot.name, Want::blank())];
    let mut deleted = change(
        Kind::Deleted,
        format!("{name} `{text}` deleted"),
        vec![(whole.clone(), String::new())],
    );
    deleted.wants.clone_from(&gone);
    changes.push(deleted);
    if !is_page(&base.ending) {
        let blanks = " ".repeat(text.chars().count());
        let mut blanked = change(
            Kind::Blanked,
            format!("{name} `{text}` blanked"),
            vec![(whole.clone(), blanks)],
        );
        blanked.wants.clone_from(&gone);
        changes.push(blanked);
    }
    for (with, want) in [
        ("—", Want::blank()),
        ("见附件", Want::nothing()),
        ("12%", Want::nothing()),
        ("3-5", Want::nothing()),
        ("约7", Want::nothing()),
    ] {
        let what = format!("{name} `{text}` replaced by {with}");
        let mut replaced = change(Kind::Replaced, what, vec![(whole.clone(), with.to_owned())]);
        replaced.wants = vec![(spot.name, want)];
        changes.push(replaced);
    }
    let mut ended = change(
        Kind::Ended,
        format!("the text ends behind {name} `{text}`"),
        vec![(spot.end..base.text.len(), String::new())],
    );
    let behind = base.spots.iter().filter(|other| other.start >= spot.end);
    ended.wants = behind.map(|other| (other.name, Want::nothing())).collect();
    // what stands where is only known of cells that were read
    let placed = |name: &Name| base.spots.iter().any(|other| other.name == *name);
    let unplaced =
        base.wants.iter().filter(|(name, want)| !placed(name) && !want.values.is_empty());
    ended.wants.extend(unplaced.map(|(name, want)| (*name, either(want))));
    let blank = base.wants.iter().filter(|(_, want)| want.values.is_empty());
    ended.wants.extend(blank.map(|(name, _)| (*name, Want::blank())));
    changes.push(ended);
    // a number as it is written; units and signs would have to be understood
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let value = base.want(&spot.name).and_then(|want| want.values.first());
    if plain && text.len() > 1 && value.is_some_and(|value| value == text) {
        for at in 0..text.len() {
            let left = format!("{}{}", &text[..at], &text[at + 1..]);
            let what = format!("{name} `{text}` without digit {}", at + 1);
            let place = spot.start + at..spot.start + at + 1;
            let mut digit = change(Kind::Digit, what, vec![(place, String::new())]);
            let zeros = left.len() > 1 && left.starts_with('0');
            let want = if zeros { Want::nothing() } else { Want::number(left) };
            digit.wants = vec![(spot.name, want)];
            changes.push(digit);
        }
    }
}

/// Takes out what stands between two cells of one row.
fn joined(base: &Base, left: &Spot, right: &Spot, changes: &mut Vec<Change>) {
    let same = left.name[..2] == right.name[..2] && right.start > left.end;
    let between = if same { &base.text[left.end..right.start] } else { "" };
    if between.is_empty() || between.chars().count() > 60 {
        return;
    }
    // `9` and `705.2万元` become an amount like any other
    let plain = |spot: &Spot| base.text[spot.start..spot.end].bytes().all(|b| b.is_ascii_digit());
    if !plain(left) || !plain(right) {
        return;
    }
    let what = format!("{} and {} joined", left.name.join("."), right.name.join("."));
    let mut both = change(Kind::Joined, what, vec![(left.end..right.start, String::new())]);
    // their digits touch now: the sums may prove both, as before, or nothing does
    let same_row = base.wants.iter().filter(|(name, _)| name[..2] == left.name[..2]);
    both.wants = same_row.map(|(name, want)| (*name, want.clone())).collect();
    changes.push(both);
}

/// The lines of a row: from its label to its last cell.
fn of_row(base: &Base, table: &str, key: &str, label: &str, changes: &mut Vec<Change>) {
    let cells = base.spots.iter().filter(|spot| spot.name[0] == table && spot.name[1] == key);
    let cells: Vec<&Spot> = cells.collect();
    let (Some(first), Some(last)) = (cells.first(), cells.last()) else { return };
    let from = first.start.saturating_sub(700);
    let from =
        (from..first.start).find(|at| base.text.is_char_boundary(*at)).unwrap_or(first.start);
    let Some(at) = base.text[from..first.start].rfind(label) else { return };
    let start = from + at;
    let label_end = start + label.len();
    // nothing but borders between label and cells
    let tags = |text: &str| text.matches(|char: char| char.is_ascii_digit()).count();
    if !is_page(&base.ending) && tags(&base.text[label_end..first.start]) > 0 {
        return;
    }
    let row_wants: Vec<(Name, Want)> =
        base.wants.iter().filter(|(name, _)| name[0] == table && name[1] == key).cloned().collect();
    let mut deleted = change(
        Kind::Label,
        format!("label {label} deleted"),
        vec![(start..label_end, String::new())],
    );
    deleted.wants = row_wants.iter().map(|(name, want)| (*name, want.clone())).collect();
    changes.push(deleted);
    let Some((begin, end)) = whole_lines(base, start, last.end) else { return };
    let line = &base.text[begin..end];
    changes.push(change(
        Kind::Doubled,
        format!("row {label} doubled"),
        vec![(end..end, line.to_owned())],
    ));
    if cells.iter().any(|spot| !alone(base, spot)) {
        return;
    }
    for foreign in ["合计", "政策文件", "其中：", ""] {
        let mut other = line.to_owned();
        for spot in cells.iter().rev() {
            let text = &base.text[spot.start..spot.end];
            let Ok(number) = text.parse::<u64>() else { continue };
            let place = spot.start - begin..spot.end - begin;
            other.replace_range(place, &(number + 4).to_string());
        }
        let place = start - begin..label_end - begin;
        other.replace_range(place, foreign);
        let what = format!("row `{foreign}` behind {label}");
        changes.push(change(Kind::Foreign, what, vec![(end..end, other)]));
    }
}

/// The whole line, or the whole row of a page, where nothing else stands on it.
fn whole_lines(base: &Base, start: usize, end: usize) -> Option<(usize, usize)> {
    if is_page(&base.ending) {
        let begin = base.text[..start].rfind("<tr")?;
        let close = end + base.text[end..].find("</tr>")? + "</tr>".len();
        let row = &base.text[begin..close];
        // a label that spans rows would have to grow
        return (row.matches("<tr").count() == 1 && !row.contains("rowspan"))
            .then_some((begin, close));
    }
    let begin = base.text[..start].rfind('\n').map_or(0, |at| at + 1);
    let close = end + base.text[end..].find('\n')? + 1;
    let line = &base.text[begin..close];
    (line.matches('\n').count() == 1 && close - begin < 400).then_some((begin, close))
}

/// Changes the first and the last column of 第二十条第（一）项 over.
fn swapped(base: &Base, changes: &mut Vec<Change>) {
    for (left, right) in [("本年制发件数", "现行有效件数"), ("本年新制作数量", "对外公开总数量")]
    {
        let rows = ["regulations", "normative_documents"];
        let cells = |row: &str| {
            base.spots.iter().filter(|spot| spot.name[1] == row).collect::<Vec<&Spot>>()
        };
        let (Some(one), Some(two)) = (base.text.find(left), base.text.find(right)) else {
            continue;
        };
        let mut edits = vec![
            (one..one + left.len(), right.to_owned()),
            (two..two + right.len(), left.to_owned()),
        ];
        let mut whole = true;
        for row in rows {
            let cells = cells(row);
            whole &= cells.len() == 3 && cells.iter().all(|spot| alone(base, spot));
            if let [first, _, last] = cells[..] {
                let text = |spot: &Spot| base.text[spot.start..spot.end].to_owned();
                edits.push((first.start..first.end, text(last)));
                edits.push((last.start..last.end, text(first)));
            }
        }
        let once = base.text.matches(left).count() == 1 && base.text.matches(right).count() == 1;
        if whole && once {
            changes.push(change(Kind::Swapped, format!("{left} and {right} swapped"), edits));
        }
    }
}
