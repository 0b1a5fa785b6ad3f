//! Scanned pages: without a model they are findings that say how to come by one.
#![cfg(feature = "ocr")]

use nianbao::document::{self, scan};
use nianbao::finding::Code;
use nianbao::source::Source;

/// A page that is nothing but a picture: one grey pixel.
fn scanned() -> Source {
    let contents = "q 400 0 0 400 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q";
    let len = contents.len();
    let file = format!(
        "%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n\
         2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n\
         3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents 5 0 R>> endobj\n\
         5 0 obj <</Length {len}>> stream\n{contents}\nendstream endobj\n\
         trailer <</Root 1 0 R/Size 6>>\nstartxref\n0\n%%EOF\n"
    );
    Source::new("scan.pdf", file)
}

#[test]
fn err_without_a_model_the_finding_says_how_to_come_by_one() {
    scan::use_none();
    let source = scanned();
    let document = document::read(&source);
    assert_eq!(document.findings.len(), 1, "{:?}", document.findings);
    let finding = &document.findings[0];
    assert_eq!(finding.code, Code::NoTextLayer);
    for command in ["pip download --no-deps rapidocr==3.10.0", "nianbao models add"] {
        assert!(finding.message.contains(command), "{}", finding.message);
    }
}

#[test]
fn err_what_is_no_model_is_not_taken() {
    let folder = std::env::temp_dir().join(format!("nianbao-model-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
    let path = folder.join("a.onnx");
    std::fs::write(&path, "no model").expect("a file can be written");
    assert!(scan::use_model(&path).is_err());
    assert!(scan::add(&path).is_err());
    std::fs::remove_dir_all(&folder).expect("what was made can be removed");
}
