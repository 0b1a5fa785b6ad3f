//! What is expected of a document (`expected.json`, corpus/README.md) against its record.

use serde_json::Value;

/// Every difference, in words.
pub(super) fn differences(truth: &Value, record: &Value) -> Vec<String> {
    let plain = |value: &Value| match value {
        Value::String(text) => Value::String(text.split_whitespace().collect()),
        other => other.clone(),
    };
    let mut found = Vec::new();
    let fields = [
        ("form", &record["form"]),
        ("year", &record["year"]),
        ("title", &record["title"]),
        ("issuer", &record["issuer"]["name"]),
    ];
    for (key, got) in fields {
        if let Some(want) = truth.get(key).filter(|want| plain(want) != plain(got)) {
            found.push(format!("{key}: expected {want}, got {got}"));
        }
    }
    let tables = truth["tables"].as_object();
    for (table, rows) in tables.into_iter().flatten() {
        for (row, cells) in rows.as_object().into_iter().flatten() {
            let wanted: &[Value] = cells.as_array().map_or(&[], Vec::as_slice);
            let got = record["tables"][table][row].as_object();
            let length = got.map_or(0, serde_json::Map::len);
            if length != wanted.len() && wanted.iter().any(|want| want != "missing") {
                found.push(format!("{table}.{row}: expected {} cells, got {length}", wanted.len()));
                continue;
            }
            for ((column, cell), want) in got.into_iter().flatten().zip(wanted) {
                if !agrees(want, cell) {
                    let (status, value) = (&cell["status"], &cell["value"]);
                    found.push(format!(
                        "{table}.{row}.{column}: expected {want}, got {value} ({status}, raw {})",
                        cell["raw"]
                    ));
                }
            }
        }
    }
    let codes = record["diagnostics"].as_array().into_iter().flatten();
    let codes: Vec<&Value> = codes.map(|finding| &finding["code"]).collect();
    for code in truth["diagnostics"].as_array().into_iter().flatten() {
        if !codes.contains(&code) {
            found.push(format!("diagnostics: expected {code}"));
        }
    }
    let checks = record["checks"].as_array().into_iter().flatten();
    let fails: Vec<&Value> =
        checks.filter(|check| check["status"] == "fails").map(|check| &check["id"]).collect();
    if let Some(wanted) = truth["fails"].as_array() {
        for id in wanted.iter().filter(|id| !fails.contains(id)) {
            found.push(format!("fails: expected {id}"));
        }
        for id in fails.iter().filter(|id| !wanted.contains(id)) {
            found.push(format!("fails: {id} is not expected to"));
        }
    }
    found
}

/// Whether a cell is what is expected: a number, nothing for a blank, `?` where nothing decides, or a status.
fn agrees(want: &Value, cell: &Value) -> bool {
    let status = cell["status"].as_str().unwrap_or_default();
    match want {
        Value::Null => status == "blank",
        Value::String(mark) if mark == "?" => matches!(status, "ambiguous" | "blank"),
        Value::String(mark) => status == mark,
        number => digits(number) == digits(&cell["value"]),
    }
}

/// A number without zeros at the end of its fraction.
fn digits(number: &Value) -> String {
    let text = number.to_string();
    match text.split_once('.') {
        Some(_) => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ok_only_what_differs() {
        let cell =
            |value: Value, status: &str| json!({"value": value, "status": status, "raw": ""});
        let record = json!({"form": "f", "year": 2023, "title": "某 县", "tables": {"t": {"r": {
            "a": cell(json!(3), "read"), "b": cell(Value::Null, "blank"), "c": cell(Value::Null, "ambiguous"),
        }}}, "checks": [{"id": "t.sum", "status": "fails"}], "diagnostics": []});
        let right = json!({"form": "f", "title": "某县", "tables": {"t": {"r": [3.0, null, "?"]}}, "fails": ["t.sum"]});
        assert_eq!(differences(&right, &record), Vec::<String>::new());
        let wrong = json!({"year": 2022, "tables": {"t": {"r": [4, 0, "missing"], "s": [1]}}, "fails": [],
            "diagnostics": ["no_form"]});
        assert_eq!(differences(&wrong, &record).len(), 7, "{:?}", differences(&wrong, &record));
    }
}
