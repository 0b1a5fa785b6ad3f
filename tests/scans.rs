//! Scanned pages: without a model they are findings that say how to come by one.

use crate::cli::dir::Dir;
use nianbao::document::scan;
use serde_json::Value;

/// A page that is nothing but a picture: one grey pixel.
fn scanned() -> String {
    let contents = "q 400 0 0 400 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q";
    let len = contents.len();
    format!(
        "%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n\
         2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n\
         3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents 5 0 R>> endobj\n\
         5 0 obj <</Length {len}>> stream\n{contents}\nendstream endobj\n\
         trailer <</Root 1 0 R/Size 6>>\nstartxref\n0\n%%EOF\n"
    )
}

#[test]
fn err_without_a_model_the_finding_says_how_to_come_by_one() {
    let dir = Dir::new();
    dir.file("scan.pdf", scanned());
    // where models lie, there is none
    let read = dir.command(&["parse", "scan.pdf"]).env("XDG_DATA_HOME", dir.path("none")).output();
    let record: Value =
        serde_json::from_slice(&read.expect("it runs").stdout).expect("a record is JSON");
    let findings = record["diagnostics"].as_array().expect("a list");
    let found = findings.iter().find(|finding| finding["code"] == "no_text_layer");
    let message = found.and_then(|finding| finding["message"].as_str());
    let message = message.unwrap_or_else(|| panic!("{findings:?}"));
    for command in ["pip download --no-deps rapidocr==3.10.0", "nianbao models add"] {
        assert!(message.contains(command), "{message}");
    }
}

#[test]
fn err_what_is_no_model_is_not_taken() {
    let dir = Dir::new();
    let path = dir.file("a.onnx", "no model").path("a.onnx");
    assert!(scan::use_model(&path).is_err());
    assert!(scan::add(&path).is_err());
}
