//! A document of the corpus that can be changed: its text, what is right, and where its cells stand.

use super::super::case::Case;
use super::super::form::{Form, OUTCOMES};
use super::super::invariants::{self, Reader};
use super::super::judge;
use super::super::model::{Name, Want, names};
use super::Spot;
use serde_json::Value;

pub(super) struct Base {
    pub(super) name: String,
    pub(super) ending: String,
    pub(super) text: String,
    pub(super) form: &'static str,
    /// What is right; cells of which the corpus does not know are not here.
    pub(super) wants: Vec<(Name, Want)>,
    /// Cells that are read as the corpus has them, in the order of the text.
    pub(super) spots: Vec<Spot>,
    /// The row labels of the form.
    pub(super) labels: Vec<(&'static str, &'static str, &'static str)>,
}

impl Base {
    /// None where the document is no UTF-8 text, or its form has another table.
    pub(super) fn of(case: &Case, reader: &Reader) -> Option<Self> {
        let file = case.source.name.rsplit('/').next()?;
        let ending = file.rsplit('.').next()?.to_owned();
        if !["txt", "md", "html"].contains(&ending.as_str()) {
            return None;
        }
        let text = std::str::from_utf8(&case.source.bytes).ok()?;
        // places are those of the decoded text, which has no byte order mark
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
        let form = [Form::Current2021, Form::Trial2019]
            .into_iter()
            .find(|form| case.expected["form"] == form.id())?;
        let mut wants = Vec::new();
        for name in names(form) {
            let row = case.expected["tables"][name[0]][name[1]].as_array();
            let at = column(form, &name);
            let Some(cell) = row.and_then(|row| row.get(at)) else { continue };
            let want = match cell {
                Value::Null => Want::blank(),
                Value::String(mark) if mark == "missing" => Want::nothing(),
                Value::String(_) => continue,
                number => Want::number(number.to_string()),
            };
            wants.push((name, want));
        }
        let record = judge::read(reader, file, case.source.bytes.clone()).ok()?;
        let mut spots = Vec::new();
        for (found, cell) in invariants::cells(&record) {
            let Some((name, want)) = wants.iter().find(|(name, _)| *name == found) else {
                continue;
            };
            let right = want.values.first().is_some_and(|value| {
                judge::decimal(value) == judge::decimal(&cell["value"].to_string())
            });
            let number =
                |key: &str| cell["at"][key].as_u64().and_then(|at| usize::try_from(at).ok());
            if let (true, Some(start), Some(end)) = (right, number("start"), number("end"))
                && text.get(start..end) == cell["raw"].as_str()
            {
                spots.push(Spot { name: *name, start, end });
            }
        }
        spots.sort_by_key(|spot| (spot.start, spot.end));
        let mut labels = Vec::new();
        for article in form.articles() {
            labels.extend(article.rows.iter().map(|(key, label)| ("proactive", *key, *label)));
        }
        labels.extend(form.applications().iter().map(|row| ("applications", row.key, row.label)));
        let whole = spots.len() > 20;
        let name = case.name.clone();
        whole.then_some(Self { name, ending, text, form: form.id(), wants, spots, labels })
    }

    pub(super) fn want(&self, name: &Name) -> Option<&Want> {
        self.wants.iter().find(|(known, _)| known == name).map(|(_, want)| want)
    }
}

/// The index of a cell in its row.
fn column(form: Form, name: &Name) -> usize {
    let key = name[2];
    if name[0] == "review_litigation" {
        return OUTCOMES.iter().position(|(column, _)| *column == key).expect("a column");
    }
    let same_row = |other: &&Name| other[0] == name[0] && other[1] == name[1];
    let all = names(form);
    all.iter().filter(same_row).position(|other| other[2] == key).expect("a column")
}
