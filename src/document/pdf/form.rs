//! Values of form fields that have no appearance of their own: viewers write them into their boxes, and so do we.

use crate::document::pages::Glyph;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::object::{
    Array, Dict, Name, Rect as Box, Stream, String as Bytes,
};
use hayro_interpret::hayro_syntax::page::Page as Source;
use hayro_interpret::kurbo::{Affine, Rect};

/// Fields of a page that are looked at, and fields that a field may stand in.
const MOST_FIELDS: usize = 20_000;
const MOST_PARENTS: usize = 16;
/// Characters of a value that are kept.
const MOST_CHARACTERS: usize = 4096;
/// Annotations with one of these flags are not shown: hidden, no view.
const UNSEEN: u32 = 0x2 | 0x20;
/// Text with this flag is a password.
const PASSWORD: u32 = 1 << 13;
/// The size of text that has none, in points.
const SIZE: f64 = 10.0;

/// The values of a page's fields as glyphs, each in the middle of its box.
pub(super) fn values(page: &Source<'_>, transform: Affine) -> Vec<Glyph> {
    let Some(all) = page.raw().get::<Array<'_>>(b"Annots".as_slice()) else { return Vec::new() };
    let xref = page.xref();
    let root = xref.get::<Dict<'_>>(xref.root_id());
    let form = root.and_then(|root| root.get::<Dict<'_>>(b"AcroForm".as_slice()));
    let says = form.and_then(|form| form.get::<bool>(b"NeedAppearances".as_slice()));
    let is_drawn_anew = says.unwrap_or(false);
    let mut glyphs = Vec::new();
    for widget in all.iter::<Dict<'_>>().take(MOST_FIELDS) {
        if let Some((value, area)) = value(&widget, is_drawn_anew) {
            write(&value, transform.transform_rect_bbox(area), &mut glyphs);
        }
    }
    glyphs
}

/// What a field shows that nothing draws, and where.
fn value(widget: &Dict<'_>, is_drawn_anew: bool) -> Option<(String, Rect)> {
    let name = |dict: &Dict<'_>, key: &[u8]| dict.get::<Name<'_>>(key).map(|name| name.to_vec());
    if name(widget, b"Subtype")? != b"Widget" || has_appearance(widget, is_drawn_anew) {
        return None;
    }
    if widget.get::<u32>(b"F".as_slice()).unwrap_or(0) & UNSEEN != 0 {
        return None;
    }
    // what a field does not say itself, the field that it is a part of says
    let mut fields = vec![widget.clone()];
    while fields.len() < MOST_PARENTS
        && let Some(field) = fields[fields.len() - 1].get::<Dict<'_>>(b"Parent".as_slice())
    {
        fields.push(field);
    }
    let kind = fields.iter().find_map(|field| name(field, b"FT"))?;
    let flags = fields.iter().find_map(|field| field.get::<u32>(b"Ff".as_slice())).unwrap_or(0);
    let text = fields.iter().find_map(|field| field.get::<Bytes<'_>>(b"V".as_slice()));
    let text = text.map(|bytes| decode(bytes.as_bytes()))?;
    let text = match kind.as_slice() {
        b"Tx" if flags & PASSWORD == 0 => text,
        b"Ch" => {
            let options = fields.iter().find_map(|field| field.get::<Array<'_>>(b"Opt".as_slice()));
            options.and_then(|options| displayed(&options, &text)).unwrap_or(text)
        }
        _ => return None,
    };
    let area = widget.get::<Box>(b"Rect".as_slice())?;
    let area = Rect::new(area.x0, area.y0, area.x1, area.y1).abs();
    (area.is_finite() && area.area() > 0.0).then_some((text, area))
}

/// Whether something is drawn for a field, even if it is nothing but a box; where viewers draw fields anew, whether that
/// is text.
fn has_appearance(widget: &Dict<'_>, is_drawn_anew: bool) -> bool {
    let Some(all) = widget.get::<Dict<'_>>(b"AP".as_slice()) else { return false };
    let Some(stream) = all.get::<Stream<'_>>(b"N".as_slice()) else {
        return all.get::<Dict<'_>>(b"N".as_slice()).is_some();
    };
    if stream.raw_data().trim_ascii().is_empty() {
        return false;
    }
    let draws_text = || {
        stream.decoded().is_ok_and(|drawn| {
            [b"Tj", b"TJ"].iter().any(|sign| memchr::memmem::find(&drawn, *sign).is_some())
        })
    };
    !is_drawn_anew || draws_text()
}

/// What is displayed for a choice: options are texts, or pairs of what is stored and what is displayed.
fn displayed(options: &Array<'_>, stored: &str) -> Option<String> {
    options.iter::<Array<'_>>().find_map(|pair| {
        let mut texts = pair.iter::<Bytes<'_>>().map(|bytes| decode(bytes.as_bytes()));
        (texts.next()? == stored).then(|| texts.next()).flatten()
    })
}

/// A text of a dictionary: UTF-16 or UTF-8 with its mark, else one byte a character.
fn decode(bytes: &[u8]) -> String {
    let encoding = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => encoding_rs::WINDOWS_1252,
    };
    encoding.decode(bytes).0.chars().take(MOST_CHARACTERS).collect()
}

fn write(text: &str, area: Rect, glyphs: &mut Vec<Glyph>) {
    let lines: Vec<&str> =
        text.split(['\r', '\n']).filter(|line| !line.trim().is_empty()).collect();
    #[expect(clippy::cast_precision_loss, reason = "few lines")]
    let count = lines.len().max(1) as f64;
    let size = SIZE.min(area.height() / count);
    let mut top = area.center().y - size * count / 2.0;
    for line in lines {
        let wide = |c: char| if c.is_ascii() { 0.5 } else { 1.0 };
        let width: f64 = line.chars().map(wide).sum();
        let size_across = size.min(area.width() / width.max(1.0));
        let mut left = area.center().x - width * size_across / 2.0;
        for c in line.chars() {
            let right = left + wide(c) * size_across;
            let text = BfString::Char(c);
            glyphs.push(Glyph { text, x: (left, right), y: (top, top + size), size, turn: 0 });
            left = right;
        }
        top += size;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_texts_in_each_encoding() {
        assert_eq!(decode(b"12"), "12");
        assert_eq!(decode(b"\xFE\xFF\x4E\x00\x00\x31"), "一1");
        assert_eq!(decode(b"\xEF\xBB\xBF\xE4\xB8\x80"), "一");
    }

    #[test]
    fn ok_a_value_stands_in_its_box() {
        let area = Rect::new(100.0, 50.0, 140.0, 62.0);
        let mut glyphs = Vec::new();
        write("1234567890123", area, &mut glyphs);
        assert_eq!(glyphs.len(), 13);
        assert!(glyphs.iter().all(|glyph| area.contains(glyph.center())));
    }
}
