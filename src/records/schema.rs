//! The JSON Schema of a record, made from the same grammars that fill it.

use super::{Kind, SCHEMA};
use crate::finding::Code;
use crate::grammar::{Grammar, GrammarSet, Table};
use crate::reading::Status;
use crate::statements::MEASURES;
use serde_json::{Map, Value, json};

/// JSON Schema (draft 2020-12) of one report.
pub fn schema(grammars: &GrammarSet) -> Value {
    let forms: Vec<Value> = grammars.all().iter().map(form).collect();
    let mut ids: Vec<Value> = grammars.all().iter().map(|g| json!(g.id)).collect();
    ids.push(Value::Null);
    let mut kinds: Vec<Value> = Kind::ALL.iter().map(|kind| json!(kind.name())).collect();
    kinds.push(Value::Null);
    let nullable = |kind: &str| json!({ "type": [kind, "null"] });
    let mut counts = vec!["cells"];
    counts.extend(Status::ALL.map(Status::name));
    counts.push("unclaimed_lines");
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "One government annual report, as read by nianbao",
        "type": "object",
        "required": ["schema", "source", "title", "issuer", "year", "form", "sections", "tables", "checks", "statements", "diagnostics", "reading", "duplicate_of", "duplicate_by"],
        "properties": {
            "duplicate_of": { "type": ["string", "null"], "description": "source.name of the record before that this one repeats" },
            "duplicate_by": { "enum": ["bytes", "report", null], "description": "what is the same: all bytes, or issuer, year, form and every cell" },
            "schema": { "const": SCHEMA },
            "source": {
                "type": "object",
                "required": ["name", "sha256", "bytes", "media_type", "encoding"],
                "properties": {
                    "name": { "type": "string", "description": "path as given; inside a container archive.zip!/dir/file" },
                    "sha256": { "type": "string", "pattern": "^[0-9a-f]{64}$" },
                    "bytes": { "type": "integer", "minimum": 0 },
                    "media_type": { "type": "string" },
                    "encoding": { "type": ["string", "null"], "description": "a label of the Encoding Standard; null for binary formats" },
                    "url": { "type": "string", "description": "the address a crawl fetched it from" },
                    "date": { "type": "string", "description": "when the crawl fetched it" },
                    "links": { "type": "array", "description": "what the report links to or shows: attachments, pictures, frames", "items": {
                        "type": "object",
                        "required": ["kind", "url", "text"],
                        "properties": {
                            "kind": { "enum": ["attachment", "picture", "frame"] },
                            "url": { "type": "string" }, "text": { "type": "string" }
                        }
                    } }
                }
            },
            "title": nullable("string"),
            "issuer": {
                "type": "object",
                "required": ["name", "code", "level", "province", "prefecture", "county"],
                "properties": {
                    "name": nullable("string"),
                    "code": { "type": ["string", "null"], "pattern": "^[0-9]{6}$" },
                    "level": { "enum": ["province", "prefecture", "county", "township", "department", null] },
                    "province": nullable("string"), "prefecture": nullable("string"), "county": nullable("string"),
                    "kind": { "enum": kinds, "description": "what kind of body it is" },
                    "code_now": { "type": "string", "pattern": "^[0-9]{6}$", "description": "the code of today, where it is another" },
                    "township": { "type": "string", "description": "the 乡, 镇 or 街道" },
                    "scope": { "enum": ["body", "region"], "description": "whether it reports for itself or for all bodies of its place, where the text says so" },
                    "candidates": { "type": "array", "items": { "type": "string" }, "maxItems": 8, "description": "codes that it can have, where it is not proven which" }
                }
            },
            "year": { "type": ["integer", "null"], "description": "the year reported on, not the year of publication" },
            "form": { "enum": ids },
            "preamble": { "type": "array", "items": { "type": "string" } },
            "sections": { "type": "array", "items": {
                "type": "object",
                "required": ["key", "ordinal", "title", "paragraphs"],
                "properties": {
                    "key": { "type": "string" }, "ordinal": nullable("string"), "title": { "type": "string" },
                    "paragraphs": { "type": "array", "items": { "type": "string" } }
                }
            } },
            "tables": { "type": "object" },
            "checks": { "type": "array", "items": {
                "type": "object",
                "required": ["id", "status", "left", "right"],
                "properties": {
                    "id": { "type": "string", "description": "table.equation.row-or-column; rule and cells stand in forms.json" },
                    "status": { "enum": ["holds", "fails", "open"] },
                    "left": nullable("number"), "right": nullable("number")
                },
                "additionalProperties": false
            } },
            "statements": { "type": "array", "description": "numbers that the prose states, apart from the tables", "items": statement() },
            "diagnostics": { "type": "array", "items": {
                "type": "object",
                "required": ["code", "severity", "message", "line", "cells"],
                "properties": {
                    "code": { "enum": Code::ALL.iter().map(|c| c.name()).collect::<Vec<_>>() },
                    "severity": { "enum": ["error", "warning", "info"] },
                    "message": { "type": "string" }, "line": nullable("integer"), "page": { "type": "integer" },
                    "cells": { "type": "array", "items": { "type": "string" } },
                    "check": { "type": "string", "description": "the check that fails; its cells stand in forms.json" }
                }
            } },
            "reading": {
                "type": "object",
                "required": counts,
                "additionalProperties": { "type": "integer", "minimum": 0 }
            }
        },
        "allOf": forms,
        "$defs": { "cell": cell() }
    })
}

/// Every row and column of a recognised form is present.
fn form(grammar: &Grammar) -> Value {
    let mut tables = Map::new();
    for (at, table) in
        grammar.tables.iter().enumerate().filter(|(_, table)| table.variant_of.is_none())
    {
        let versions = grammar.tables.iter().filter(|other| other.variant_of == Some(at));
        let mut shapes: Vec<Value> = std::iter::once(table).chain(versions).map(rows).collect();
        let shape = if shapes.len() == 1 { shapes.remove(0) } else { json!({ "oneOf": shapes }) };
        tables.insert(table.key.clone(), shape);
    }
    let mut all = object(&tables);
    let is_whole = |key: &&String| !grammar.tables.iter().any(|t| t.optional && t.key == **key);
    all["required"] = json!(tables.keys().filter(is_whole).collect::<Vec<_>>());
    json!({
        "if": { "properties": { "form": { "const": grammar.id } } },
        "then": { "properties": { "tables": all } }
    })
}

fn rows(table: &Table) -> Value {
    if table.printed {
        // rows and columns are those of the document
        let columns =
            json!({ "type": "object", "additionalProperties": { "$ref": "#/$defs/cell" } });
        return json!({ "type": "object", "additionalProperties": columns });
    }
    let mut rows = Map::new();
    for row in &table.rows {
        let columns: Map<String, Value> = row
            .columns
            .iter()
            .map(|&c| {
                let column = &table.columns[c];
                let unit = table.unit(row, c);
                let about = format!("{} · {} ({unit})", row.labels[0], column.labels[0]);
                (column.key.clone(), json!({ "$ref": "#/$defs/cell", "description": about }))
            })
            .collect();
        rows.insert(row.key.clone(), object(&columns));
    }
    object(&rows)
}

fn object(properties: &Map<String, Value>) -> Value {
    let required: Vec<&String> = properties.keys().collect();
    let required = json!(required);
    json!({ "type": "object", "required": required, "properties": properties, "additionalProperties": false })
}

fn statement() -> Value {
    json!({
        "type": "object",
        "required": ["measure", "value", "unit", "exact", "words", "scope", "year", "text", "at", "proof", "finding"],
        "properties": {
            "measure": { "enum": MEASURES.iter().map(|measure| measure.key).collect::<Vec<_>>() },
            "value": { "type": ["number", "null"], "description": "as printed, in the unit printed with it; null when a diagnostic says why it is not given" },
            "unit": { "type": ["string", "null"], "description": "the measure word as printed" },
            "exact": { "type": "boolean", "description": "false for 余, 近, 约 and ten thousands" },
            "words": { "type": "boolean", "description": "true for a zero said in words" },
            "scope": { "enum": ["body", "region", null] },
            "year": { "type": ["integer", "null"] },
            "text": { "type": "string", "description": "the clause" },
            "at": place(),
            "proof": { "enum": ["breakdown", "table", null], "description": "breakdown: it and its stated parts add up; table: the form's table prints the same number" },
            "finding": { "type": ["string", "null"], "description": "code of the diagnostic that says why the value is not given" }
        },
        "additionalProperties": false
    })
}

fn place() -> Value {
    json!({ "type": ["object", "null"], "properties": {
        "page": { "type": "integer" }, "box": { "type": "array", "items": { "type": "number" }, "minItems": 4, "maxItems": 4 },
        "table": { "type": "integer" }, "sheet": { "type": "integer" }, "row": { "type": "integer" }, "col": { "type": "integer" },
        "line": { "type": "integer" }, "start": { "type": "integer" }, "end": { "type": "integer" }
    } })
}

fn cell() -> Value {
    let valued = |statuses: &[&str], kind: Value| json!({ "properties": { "status": { "enum": statuses }, "value": { "type": kind } } });
    json!({
        "type": "object",
        "required": ["value", "raw", "status", "at"],
        "properties": {
            "value": { "type": ["number", "null"], "description": "exact decimal in the unit of the form; money is 万元" },
            "raw": { "type": ["string", "null"], "description": "as printed" },
            "status": { "enum": Status::ALL.map(Status::name) },
            "at": place(),
            "candidates": { "type": "array", "minItems": 1, "maxItems": 8, "items": {
                "type": "object", "required": ["value"], "properties": {
                    "value": { "type": "number" },
                    "p": { "type": "number", "minimum": 0, "maximum": 1, "description": "how likely it is, where it was read from a picture" }
                }
            } },
            "proof": { "type": "array", "items": { "type": "string" }, "description": "ids of the checks that decide the value" },
            "review": { "type": "object", "required": ["by", "date", "note"], "additionalProperties": { "type": "string" },
                "description": "who decided a reviewed cell, when and why" },
            "was": { "type": "object", "required": ["status", "value"], "description": "what the program had said of a reviewed cell" }
        },
        "oneOf": [
            valued(&["read", "solved", "recognised"], json!("number")),
            valued(&["blank", "ambiguous", "unreadable", "missing"], json!("null")),
            valued(&["reviewed"], json!(["number", "null"]))
        ],
        "if": { "properties": { "status": { "const": "solved" } } },
        "then": { "required": ["proof"] },
        "else": { "properties": { "proof": false } },
        "allOf": [{
            "if": { "properties": { "status": { "const": "reviewed" } } },
            "then": { "required": ["review", "was"] },
            "else": { "properties": { "review": false, "was": false } }
        }]
    })
}
