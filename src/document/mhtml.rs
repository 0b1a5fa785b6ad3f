//! Saved pages: a message in MIME whose parts are the page and its pictures.

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, MessageParser, MimeHeaders, PartType};

/// The bytes of the page in a saved page, and the encoding that its part states.
pub fn page(bytes: &[u8]) -> Option<(Vec<u8>, Option<String>)> {
    let message = MessageParser::default().parse(bytes)?;
    let part = message.parts.iter().find(|part| matches!(part.body, PartType::Html(_)))?;
    let charset = part.content_type().and_then(|kind| kind.attribute("charset")).map(str::to_owned);
    // the bytes as they were: which encoding they are in is decided as for any page
    let raw = bytes.get(part.raw_body_offset() as usize..part.raw_end_offset() as usize)?;
    let page = match part.encoding {
        Encoding::None => raw.to_vec(),
        Encoding::QuotedPrintable => quoted_printable_decode(raw)?,
        Encoding::Base64 => base64_decode(raw)?,
    };
    Some((page, charset))
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
        let (page, charset) = page(saved.as_bytes()).unwrap();
        assert_eq!(page.trim_ascii_end(), b"<p class=\"x\">\xB9\xE6\xD5\xC2</p>");
        assert_eq!(charset.as_deref(), Some("gb2312"));
        assert!(super::page(b"Content-Type: multipart/related\r\n\r\nnothing").is_none());
    }
}
