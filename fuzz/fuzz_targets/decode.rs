//! Bytes → text: never panics, every finding stands inside the text, and a refused document has no text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nianbao::document;
use nianbao::finding::Severity;
use nianbao::source::Source;

fuzz_target!(|bytes: &[u8]| {
    let source = Source::new("fuzz", bytes);
    let document = document::read(&source);
    for finding in &document.findings {
        if let Some(span) = finding.span {
            let range = span.start as usize..span.end as usize;
            assert!(document.text.get(range).is_some(), "{finding:?} is not in the text");
        }
        // of other formats a part may be read
        if document.blocks.is_none() && finding.code.severity() == Severity::Error {
            assert!(document.text.is_empty(), "{finding:?}, yet there is text");
        }
    }
    // the text is what will be read again when somebody saves it as UTF-8
    if document.blocks.is_none()
        && document.findings.is_empty()
        && !document.text.starts_with('\u{FEFF}')
    {
        let saved = Source::new("fuzz", document.text.as_bytes());
        let again = document::read(&saved);
        if again.encoding == Some("UTF-8") && again.blocks.is_none() && again.findings.is_empty() {
            assert_eq!(document.text, again.text);
        }
    }
});
