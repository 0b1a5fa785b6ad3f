//! PDF: what its pages draw, by an interpreter that is not ours.

mod drawing;
mod form;
mod packed;
#[cfg(feature = "ocr")]
mod pixels;

use super::blocks::Blocks;
use super::pages::{self, Budget, MOST_PAGES, Page};
#[cfg(feature = "ocr")]
use super::scan;
use crate::finding::{Code, Finding};
use crate::guard;
use crate::source::sniff;
use drawing::Substitutes;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::{InterpreterCache, InterpreterSettings};
use memchr::memmem;

/// Deepest nesting of dictionaries; the interpreter's time grows with its square.
const DEEPEST: usize = 10_000;

/// Reads a document; what could not be read is in the findings.
pub fn read(bytes: &[u8]) -> (Blocks, Vec<Finding>) {
    // places in it are counted from its beginning
    let bytes = &bytes[sniff::pdf_start(bytes).unwrap_or(0)..];
    // the interpreter is another's: whatever a damaged file does to it stays here
    let outcome = guard::contain(|| draw(bytes));
    let mut findings = Vec::new();
    if is_truncated(bytes) {
        let message = "the PDF breaks off: what would follow is missing";
        findings.push(Finding::new(Code::DamagedPart, message));
    }
    let drawn = match outcome {
        Ok(Ok((pages, _))) if !findings.is_empty() && pages.iter().all(Page::is_blank) => {
            let message = "the PDF breaks off before any of its text";
            return (Blocks::default(), vec![Finding::new(Code::Damaged, message)]);
        }
        Ok(Ok((pages, is_cut))) => {
            if is_cut {
                let message = format!("only the first {} pages were read", pages.len());
                findings.push(Finding::new(Code::DamagedPart, message));
            }
            pages
        }
        Ok(Err(finding)) => return (Blocks::default(), vec![finding]),
        Err(_) => {
            let message = "the PDF is damaged: its pages could not be drawn";
            return (Blocks::default(), vec![Finding::new(Code::Damaged, message)]);
        }
    };
    let (blocks, unread) = pages::read(drawn);
    findings.extend(unread);
    (blocks, findings)
}

/// Whether dictionaries stand in each other deeper than any program writes them.
fn is_too_deep(bytes: &[u8]) -> bool {
    let mut depth = 0usize;
    for at in memchr::memchr3_iter(b'<', b'>', b'e', bytes) {
        match &bytes[at..] {
            [b'<', b'<', ..] => depth += 1,
            [b'>', b'>', ..] => depth = depth.saturating_sub(1),
            rest if rest.starts_with(b"endobj") => depth = 0,
            _ => {}
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

/// Whether the end of a file is missing: objects follow the last mark of an end, or there is none at all.
fn is_truncated(bytes: &[u8]) -> bool {
    let end = memmem::rfind(bytes, b"%%EOF");
    let is_object = |at: usize| {
        let before = bytes[..at].trim_ascii_end();
        before.len() < at && before.last().is_some_and(u8::is_ascii_digit)
    };
    let rest = end.unwrap_or(0);
    let follows = || memmem::find_iter(&bytes[rest..], b"obj").any(|at| is_object(rest + at));
    match end {
        Some(_) => follows(),
        None => memmem::rfind(bytes, b"startxref").is_none(),
    }
}

fn draw(bytes: &[u8]) -> Result<(Vec<Page>, bool), Finding> {
    if is_too_deep(bytes) {
        let message = "the PDF is damaged: its objects are nested without end";
        return Err(Finding::new(Code::Damaged, message));
    }
    if packed::is_bomb(bytes) {
        let message = "the PDF is damaged: a stream becomes too large when it is unpacked";
        return Err(Finding::new(Code::Damaged, message));
    }
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            Finding::new(Code::Encrypted, "the PDF is protected by a password")
        }
        LoadPdfError::Decryption(_) => {
            Finding::new(Code::Encrypted, "the PDF is encrypted in a way that is not known")
        }
        LoadPdfError::Invalid => {
            Finding::new(Code::Damaged, "the PDF is damaged: no page could be found")
        }
    })?;
    let cache = InterpreterCache::new();
    let substitutes = Substitutes::default();
    let settings = substitutes.noted(InterpreterSettings::default());
    let all = pdf.pages();
    let mut budget = Budget::new();
    let mut read = Vec::new();
    let mut left = packed::MOST_OF_PAGES;
    for source in all.iter().take(MOST_PAGES) {
        if budget.is_spent() {
            break;
        }
        let contents = packed::contents_len(source, left);
        if contents > left {
            break;
        }
        left -= contents;
        guard::check();
        let mut page = drawing::read(source, &cache, settings.clone(), &substitutes, &mut budget);
        page.number = read.len() as u32 + 1;
        #[cfg(feature = "ocr")]
        if scan::wants(&page)
            && let Some(picture) = pixels::picture(source, &cache, settings.clone())
        {
            if page.is_scan() {
                scan::read(&mut page, &picture);
            } else {
                scan::read_both(&mut page, &picture);
            }
        }
        read.push(page);
    }
    let is_cut = read.len() < all.len();
    Ok((read, is_cut))
}

#[cfg(test)]
mod tests;
