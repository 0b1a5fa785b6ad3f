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

/// How many cells of two tables of the picture are given; none may be wrong.
fn given(record: &Value) -> usize {
    let truth = include_str!("pictures/report.tsv").lines();
    let rows = ["applications", "review_litigation"].into_iter().flat_map(|table| {
        record["tables"][table].as_object().into_iter().flatten().map(|(_, row)| row.clone())
    });
    let mut given = 0;
    for (row, truth) in rows.zip(truth) {
        for ((_, cell), truth) in row.as_object().into_iter().flatten().zip(truth.split('\t')) {
            if !cell["value"].is_null() {
                assert_eq!(cell["value"].to_string(), truth, "{cell}");
                given += 1;
            }
        }
    }
    given
}

/// Where the model is that the user has, the command reads with it what the tests otherwise only have recorded.
#[test]
fn ok_the_command_with_the_model_of_the_user() {
    const PRINTED: usize = 170;
    if !scan::folder().is_some_and(|folder| folder.join("PP-OCRv6_rec_small.onnx").exists()) {
        assert!(std::env::var_os("NIANBAO_MODEL").is_none(), "it was said that there is a model");
        return;
    }
    let dir = Dir::new();
    dir.file("a.png", include_bytes!("pictures/report.png"));
    let read = |more: &[&str]| -> Value {
        let ran = dir.command(&[&["parse", "a.png"], more].concat()).output().expect("it runs");
        serde_json::from_slice(&ran.stdout).expect("a record is JSON")
    };
    let proven = read(&[]);
    assert!(given(&proven) >= PRINTED, "{}", given(&proven));
    assert_eq!(given(&read(&["--ocr", "never"])), 0);
    assert_eq!(given(&read(&["--ocr", "always"])), given(&proven));
    assert!(given(&read(&["--accept", "recognised:0.99"])) >= given(&proven));
    let refused = dir.command(&["parse", "a.png", "--accept", "recognised:0.2"]).output();
    assert_eq!(refused.expect("it runs").status.code(), Some(2), "too unlikely to be given");
}
