//! What holds of every record, whatever the document: the schema, the places of the cells, the same bytes twice.

use nianbao::document::{self, wrapped};
use nianbao::grammar::GrammarSet;
use nianbao::pipeline;
use nianbao::reading::Status;
use nianbao::records::forms::forms;
use nianbao::records::json::Writer;
use nianbao::records::schema::schema;
use nianbao::source::Source;
use nianbao::verify::{self, Forms};
use serde_json::{Value, json};

/// Reads documents into records, and knows what every record must fulfil.
pub(crate) struct Reader {
    pub(crate) set: GrammarSet,
    writer: Writer,
    schema: jsonschema::Validator,
    forms: Value,
    known: Forms,
}

/// What the checker still says of pages whose spans stand on other cells in the header than below it, where the generator
/// knows the values to be right: it follows the spans. To be mended there.
const SPANS_LIE: [&str; 2] = ["the header above it is that of", "the label beside it is that of"];

impl Reader {
    pub(crate) fn new(set: GrammarSet) -> Self {
        let writer = Writer::new(&set);
        let schema = jsonschema::validator_for(&schema(&set)).expect("the schema is one");
        let forms = forms(&set);
        let known = Forms::of(&forms).expect("these are forms");
        Self { set, writer, schema, forms, known }
    }

    /// The record as it is written.
    pub(crate) fn bytes(&self, source: &Source) -> Vec<u8> {
        let mut out = Vec::new();
        self.writer.write(&pipeline::parse(source, &self.set), &mut out);
        out
    }

    /// The record as JSON; panics with every invariant it breaks.
    pub(crate) fn record(&self, source: &Source) -> Value {
        let (record, broken) = self.judged(source);
        assert!(broken.is_empty(), "{}:\n  {}", source.name, broken.join("\n  "));
        record
    }

    /// The record as JSON, and the invariants it breaks.
    pub(crate) fn judged(&self, source: &Source) -> (Value, Vec<String>) {
        let bytes = self.bytes(source);
        let mut broken = Vec::new();
        if bytes != self.bytes(source) {
            broken.push("parsing twice gives different bytes".to_owned());
        }
        let record: Value = match serde_json::from_slice(&bytes) {
            Ok(record) => record,
            Err(error) => return (Value::Null, vec![format!("the record is no JSON: {error}")]),
        };
        broken.extend(
            self.schema
                .iter_errors(&record)
                .map(|error| format!("schema: {error} at {}", error.instance_path())),
        );
        self.whole(&record, &mut broken);
        self.checks(&record, &mut broken);
        // a second opinion on every value
        let judgement = verify::record(&record, source, &self.known);
        let faults = judgement.faults.iter().map(|fault| format!("verify: {fault}"));
        // only of the generator's own pages, whose truth is known; anywhere else such a fault counts
        let generated = source.name.starts_with("page_") || source.name == "issuer";
        let is_lie =
            |fault: &String| generated && SPANS_LIE.iter().any(|said| fault.contains(said));
        broken.extend(faults.filter(|fault| !is_lie(fault)));
        let document = document::read(source);
        // places in a page are places in its source
        let page = document.source_lines.is_some().then(|| {
            let bare = wrapped::unwrap(source);
            document::decoded(&bare.bytes, bare.charset.as_deref(), bare.format).text.into_owned()
        });
        places(&record, page.as_deref().unwrap_or(&document.text), &mut broken);
        (record, broken)
    }

    /// Every check that the record names stands in `forms.json`, and what proves a cell has it.
    fn checks(&self, record: &Value, broken: &mut Vec<String>) {
        let known = &self.forms["forms"][record["form"].as_str().unwrap_or_default()]["checks"];
        for id in list(&record["checks"]).filter_map(|check| check["id"].as_str()) {
            // of a row that the document names
            let any = id.rsplitn(2, '.').last().map(|start| format!("{start}.*"));
            let is_there = |id: &str| known[id]["rule"].is_string();
            if !is_there(id) && !any.is_some_and(|any| is_there(&any)) {
                broken.push(format!("forms.json does not have {id}"));
            }
        }
        for found in list(&record["diagnostics"]).filter(|found| !found["check"].is_null()) {
            let named = list(&record["checks"]).find(|check| check["id"] == found["check"]);
            if named.is_none_or(|check| check["status"] != "fails") || found["cells"] != json!([]) {
                broken.push(format!("not a check that fails: {found}"));
            }
        }
        for (name, cell) in cells(record) {
            for id in list(&cell["proof"]) {
                let check = &known[id.as_str().unwrap_or_default()];
                // which columns and rows it has the document says
                if name[0] == "penalties" || name[0] == "samples" || check.is_null() {
                    continue;
                }
                if !list(&check["cells"]).any(|cell| *cell == name.join(".")) {
                    broken.push(format!("{} is not in {id}, its proof", name.join(".")));
                }
            }
        }
    }

    /// Every row and column of the form is there, and the counts are those of the cells.
    fn whole(&self, record: &Value, broken: &mut Vec<String>) {
        let cells = cells(record);
        let form = record["form"].as_str();
        if let Some(grammar) = self.set.all().iter().find(|g| Some(g.id.as_str()) == form) {
            for (at, table) in grammar.tables.iter().enumerate() {
                let is_absent = table.optional && record["tables"][&table.key].is_null();
                if table.variant_of.is_some() || table.printed || is_absent {
                    continue;
                }
                let mut versions = grammar
                    .tables
                    .iter()
                    .enumerate()
                    .filter(|(other, version)| *other == at || version.variant_of == Some(at));
                let whole = versions.any(|(_, version)| {
                    let count = cells.iter().filter(|(name, _)| name[0] == table.key).count();
                    count == version.cell_count()
                        && version.rows.iter().all(|row| {
                            row.columns.iter().all(|c| {
                                let key = &version.columns[*c].key;
                                record["tables"][&table.key][&row.key].get(key).is_some()
                            })
                        })
                });
                if !whole {
                    broken.push(format!("table {} is not whole", table.key));
                }
            }
        } else if !cells.is_empty() {
            broken.push("cells without a form".to_owned());
        }
        let counts = &record["reading"];
        if counts["cells"].as_u64() != Some(cells.len() as u64) {
            broken.push(format!("{} cells, counted {}", cells.len(), counts["cells"]));
        }
        for status in Status::ALL.map(Status::name) {
            let count = cells.iter().filter(|(_, cell)| cell["status"] == status).count();
            if counts[status].as_u64() != Some(count as u64) {
                broken.push(format!("{count} cells are {status}, counted {}", counts[status]));
            }
        }
    }
}

/// All cells of a record as (table, row, column) and the cell.
pub(crate) fn cells(record: &Value) -> Vec<([&str; 3], &Value)> {
    let mut all = Vec::new();
    for (table, rows) in members(&record["tables"]) {
        for (row, columns) in members(rows) {
            for (column, cell) in members(columns) {
                all.push(([table.as_str(), row.as_str(), column.as_str()], cell));
            }
        }
    }
    all
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// Values go with their status, `raw` is what stands at `at`.
fn places(record: &Value, text: &str, broken: &mut Vec<String>) {
    for (name, cell) in cells(record) {
        let name = name.join(".");
        let status = cell["status"].as_str().unwrap_or_default();
        let given = !cell["value"].is_null();
        if given != matches!(status, "read" | "solved") {
            broken.push(format!("{name}: status {status}, value {}", cell["value"]));
        }
        let at = &cell["at"];
        if at.is_null() || status == "missing" {
            if !(at.is_null() && status == "missing" && cell["raw"].is_null()) {
                broken.push(format!("{name}: {status} at {at}, raw {}", cell["raw"]));
            }
            continue;
        }
        let number = |key: &str| at[key].as_u64().and_then(|n| usize::try_from(n).ok());
        if status == "read" && !cell["raw"].as_str().is_some_and(|raw| raw.contains(is_digit)) {
            broken.push(format!("{name}: read from {} without a digit", cell["raw"]));
        }
        let in_table = ["row", "col"].iter().all(|key| number(key).is_some_and(|n| n > 0));
        let (Some(start), Some(end)) = (number("start"), number("end")) else {
            let on_page = number("page").is_some() && at["box"].is_array();
            if !in_table && !on_page && number("line").is_none() {
                broken.push(format!("{name}: no place in {at}"));
            }
            continue;
        };
        if text.get(start..end) != cell["raw"].as_str() {
            let there = text.get(start..end);
            broken.push(format!("{name}: raw {} but the text has {there:?}", cell["raw"]));
        }
        let before = text.get(..start).unwrap_or_default();
        let ends = before.replace("\r\n", "\n").replace('\r', "\n").matches('\n').count() + 1;
        if number("line") != Some(ends) {
            broken.push(format!("{name}: line {} but it stands in line {ends}", at["line"]));
        }
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}
