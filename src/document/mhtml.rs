//! Messages in MIME: saved pages, whose parts are the page and its pictures, and mails with what is attached to them.

use super::html::tokens;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, MessageParser, MimeHeaders, PartType};

/// A part of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its bytes as they were: which encoding they are in is decided as for any document.
    pub bytes: Vec<u8>,
    /// The encoding that it states.
    pub charset: Option<String>,
    /// Whether it is a page.
    pub is_page: bool,
    /// Whether it is a file that is attached.
    pub is_attached: bool,
}

/// The parts of a message that may be documents, in order.
pub fn parts(bytes: &[u8]) -> Vec<Part> {
    const MOST: usize = 100;
    let Some(message) = MessageParser::default().parse(bytes) else { return Vec::new() };
    let own = message.parts.iter().filter_map(|part| {
        let (is_page, is_attached) = match part.body {
            PartType::Html(_) => (true, part.attachment_name().is_some()),
            PartType::Text(_) => (false, part.attachment_name().is_some()),
            PartType::Binary(_) | PartType::Message(_) => (false, true),
            PartType::InlineBinary(_) | PartType::Multipart(_) => return None,
        };
        let charset =
            part.content_type().and_then(|kind| kind.attribute("charset")).map(str::to_owned);
        let raw = bytes.get(part.raw_body_offset() as usize..part.raw_end_offset() as usize)?;
        let bytes = match part.encoding {
            Encoding::None => raw.to_vec(),
            Encoding::QuotedPrintable => quoted_printable_decode(raw)?,
            Encoding::Base64 => base64_decode(raw)?,
        };
        Some(Part { bytes, charset, is_page, is_attached })
    });
    own.take(MOST).collect()
}

/// The page of a saved page with the style sheets that were saved with it in the places where it links to them.
pub(super) fn with_sheets(page: Vec<u8>, message: &[u8]) -> Vec<u8> {
    let mut sheets = sheets(message);
    if sheets.is_empty() {
        return page;
    }
    let mut whole = Vec::with_capacity(page.len());
    let mut from = 0;
    for at in memchr::memchr_iter(b'<', &page) {
        if at < from || !page[at + 1..].get(..5).is_some_and(|n| n.eq_ignore_ascii_case(b"link ")) {
            continue;
        }
        let Some(end) = memchr::memchr(b'>', &page[at..]).map(|end| at + end) else { break };
        let tag = String::from_utf8_lossy(&page[at + 5..end]);
        let attribute = |name: &str| {
            let own = tokens::attributes(&tag).find(|(own, _)| own.eq_ignore_ascii_case(name));
            own.map(|(_, value)| value.into_owned()).unwrap_or_default()
        };
        let is_sheet =
            attribute("rel").split_whitespace().any(|rel| rel.eq_ignore_ascii_case("stylesheet"));
        let target = attribute("href");
        let target = target.strip_prefix("cid:").unwrap_or(&target);
        let named = sheets.iter().position(|(name, _)| is_sheet && is_named(name, target));
        let Some(named) = named else { continue };
        let (_, sheet) = sheets.swap_remove(named);
        let media = attribute("media").replace(['"', '<', '>'], "");
        whole.extend(&page[from..at]);
        whole.extend(format!("<style media=\"{media}\">").bytes());
        // whatever the encoding of the page, these letters are the same; nothing in it ends it
        whole.extend(sheet.iter().map(|b| if b.is_ascii() && *b != b'<' { *b } else { b' ' }));
        whole.extend(b"</style>");
        from = end + 1;
    }
    whole.extend(&page[from..]);
    whole
}

/// Whether a page that links to a target means the part of this name: the whole address, or what follows its folder.
fn is_named(name: &str, target: &str) -> bool {
    let tail = target.trim_start_matches(['.', '/']);
    !tail.is_empty()
        && name.strip_suffix(tail).is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

/// The style sheets of a message by their names.
fn sheets(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    const MOST: usize = 100;
    if memchr::memmem::find(bytes, b"text/css").is_none() {
        return Vec::new();
    }
    let Some(message) = MessageParser::default().parse(bytes) else { return Vec::new() };
    let own = message.parts.iter().filter_map(|part| {
        let is_css = part.content_type()?.subtype()?.eq_ignore_ascii_case("css");
        let name = part.content_location().or_else(|| part.content_id())?;
        is_css.then(|| (name.to_owned(), part.contents().to_vec()))
    });
    own.take(MOST).collect()
}

/// The pictures of a message by the names that its page has for them: where they stood, and their numbers.
#[cfg(feature = "ocr")]
pub(super) fn pictures(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    const MOST: usize = 100;
    if crate::source::sniff::format(bytes) != crate::source::sniff::Format::Mhtml {
        return Vec::new();
    }
    let Some(message) = MessageParser::default().parse(bytes) else { return Vec::new() };
    let own = message.parts.iter().filter_map(|part| {
        let (PartType::InlineBinary(content) | PartType::Binary(content)) = &part.body else {
            return None;
        };
        let names = part.content_location().into_iter().chain(part.content_id());
        Some(names.map(|name| (name.to_owned(), content.to_vec())).collect::<Vec<_>>())
    });
    own.flatten().take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_the_first_page_of_a_saved_page() {
        let saved = "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n\
            Content-Type: multipart/related; type=\"text/html\"; boundary=\"--b\"\r\n\r\n\
            ----b\r\nContent-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
            <p class=3D\"x\">=B9=E6=D5=C2</p>\r\n----b\r\nContent-Type: image/png\r\n\r\nx\r\n----b--\r\n";
        let parts = parts(saved.as_bytes());
        assert_eq!(parts[0].bytes.trim_ascii_end(), b"<p class=\"x\">\xB9\xE6\xD5\xC2</p>");
        assert_eq!(parts[0].charset.as_deref(), Some("gb2312"));
        assert!(parts[0].is_page && !parts[0].is_attached);
        let none = super::parts(b"Content-Type: multipart/related\r\n\r\nnothing");
        assert!(none.iter().all(|part| !part.is_page));
    }

    #[test]
    fn ok_style_sheets_saved_with_a_page() {
        let message = |name: &str| {
            format!(
                "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n\
                 --b\r\nContent-Type: text/html\r\nContent-Location: http://a.cn/1.html\r\n\r\nx\r\n\
                 --b\r\nContent-Type: text/css\r\nContent-Transfer-Encoding: quoted-printable\r\n\
                 Content-Location: {name}\r\n\r\n.k{{width:=\r\n0}}/*</style>*/\r\n--b--\r\n"
            )
        };
        let with = |link: &str, name: &str| {
            let whole = with_sheets(link.as_bytes().to_vec(), message(name).as_bytes());
            String::from_utf8(whole).unwrap()
        };
        let link = "a<LINK media=print REL='x stylesheet' href='../css/b.css'>c";
        let whole = with(link, "http://a.cn/css/b.css");
        assert!(whole.starts_with("a<style media=\"print\">.k{width:0}/* /style>*/"), "{whole}");
        assert!(whole.ends_with("</style>c"));
        for name in ["http://a.cn/css/ab.css", "b.css", "http://a.cn/css/b.css?1"] {
            assert_eq!(with(link, name), link);
        }
        assert_eq!(with("<link rel=icon href=b.css>", "b.css"), "<link rel=icon href=b.css>");
        assert_eq!(with("<link rel=stylesheet href=cid:b@c>", "cid:b@c").len(), 34);
    }

    #[test]
    fn ok_what_is_attached_to_a_mail() {
        let mail = "From: a@b.cn\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
            --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n见附件\r\n\
            --b\r\nContent-Type: application/octet-stream; name=\"a.html\"\r\nContent-Transfer-Encoding: base64\r\n\r\n\
            PHA+MTwvcD4=\r\n--b--\r\n";
        let parts = parts(mail.as_bytes());
        let known: Vec<_> = parts.iter().map(|part| (part.is_attached, &part.bytes[..])).collect();
        assert_eq!(known.last(), Some(&(true, &b"<p>1</p>"[..])));
        assert_eq!(known[0].1.trim_ascii_end(), "见附件".as_bytes());
    }
}
