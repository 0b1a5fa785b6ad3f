//! Single values as the JSON record has them.

#![expect(
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands references over"
)]

use crate::finding::Code;
use crate::number::Decimal;
use crate::reading::Status;
use crate::records::Verdict;
use serde::ser::{Serialize, Serializer};

/// A number as it is printed. What a floating-point number would print otherwise keeps its digits in JSON.
pub(super) fn decimal<S: Serializer>(value: &Decimal, out: S) -> Result<S::Ok, S::Error> {
    if let Some(whole) = value.integer() {
        return out.serialize_i64(whole);
    }
    let (printed, float) = (value.to_string(), value.float());
    let is_same = serde_json::to_string(&float).is_ok_and(|text| text == printed);
    match printed.parse::<serde_json::Number>() {
        Ok(number) if !is_same => number.serialize(out),
        _ => out.serialize_f64(float),
    }
}

pub(super) fn maybe<S: Serializer>(value: &Option<Decimal>, out: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => decimal(value, out),
        None => out.serialize_none(),
    }
}

pub(super) fn status<S: Serializer>(status: &Status, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(status.name())
}

pub(super) fn verdict<S: Serializer>(verdict: &Verdict, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(verdict.name())
}

pub(super) fn maybe_code<S: Serializer>(code: &Option<Code>, out: S) -> Result<S::Ok, S::Error> {
    code.map(Code::name).serialize(out)
}

/// Corners of a box, a tenth of a point.
pub(super) fn area<S: Serializer>(area: &Option<[f64; 4]>, out: S) -> Result<S::Ok, S::Error> {
    let tenths = |end: f64| format!("{end:.1}").parse::<f64>().ok();
    area.map(|area| area.map(tenths)).serialize(out)
}
