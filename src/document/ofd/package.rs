//! The parts of a file: by places that are absolute or not, with either sign between folders, in any case.

use super::tree::{self, Element};
use crate::document::office::Trouble;
use crate::document::office::package::Package;
use crate::finding::Finding;
use encoding_rs::Encoding;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// The file while it is read.
pub(super) struct Parts<'b> {
    package: Package<'b>,
    /// Templates are drawn on page after page.
    known: FxHashMap<String, Option<Rc<Part>>>,
}

/// A part as a tree.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) root: Element,
    /// Places in it are counted from here.
    pub(super) folder: String,
    /// Whether it was read to its end.
    pub(super) is_whole: bool,
}

impl<'b> Parts<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Self {
        Self { package: Package::open(bytes), known: FxHashMap::default() }
    }

    /// Whether the directory of the file is lost.
    pub(super) fn is_cut(&self) -> bool {
        self.package.is_cut()
    }

    /// The bytes of a part, named in a part of this folder, and its full name.
    pub(super) fn bytes(
        &mut self,
        folder: &str,
        place: &str,
    ) -> Result<Option<(String, Vec<u8>, bool)>, Finding> {
        // some write places from the root without saying so, and some from the folder as if from the root
        let rooted = join("", place);
        let local = join(folder, place.trim_start_matches(['/', '\\']));
        let is_absolute = place.starts_with(['/', '\\']);
        let places = if is_absolute { [rooted, local] } else { [local, rooted] };
        for place in places {
            let was_damaged = std::mem::take(&mut self.package.is_damaged);
            let bytes = self.package.part(&place).map_err(Trouble::finding)?;
            let is_whole = !self.package.is_damaged;
            self.package.is_damaged |= was_damaged;
            if let Some(bytes) = bytes {
                return Ok(Some((place, bytes, is_whole)));
            }
        }
        Ok(None)
    }

    /// The first bytes of a part.
    pub(super) fn start(&mut self, place: &str) -> Vec<u8> {
        const START: u64 = 64 << 10;
        self.package.start(place, START)
    }

    /// A part as a tree.
    pub(super) fn tree(&mut self, folder: &str, place: &str) -> Result<Option<Part>, Finding> {
        let Some((name, bytes, is_whole)) = self.bytes(folder, place)? else { return Ok(None) };
        let (root, is_closed) = tree::read(&text(&bytes));
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        Ok(Some(Part { root, folder, is_whole: is_whole && is_closed }))
    }

    /// A part that is asked for again and again.
    pub(super) fn kept(&mut self, folder: &str, place: &str) -> Result<Option<Rc<Part>>, Finding> {
        let key = format!("{folder}\n{place}");
        if let Some(known) = self.known.get(&key) {
            return Ok(known.clone());
        }
        let part = self.tree(folder, place)?.map(Rc::new);
        self.known.insert(key, part.clone());
        Ok(part)
    }
}

/// A place in a folder, without `.` and `..`.
pub(super) fn join(folder: &str, place: &str) -> String {
    let is_absolute = place.starts_with(['/', '\\']);
    let folder = if is_absolute { "" } else { folder };
    let mut steps: Vec<&str> = Vec::new();
    for step in folder.split(['/', '\\']).chain(place.split(['/', '\\'])) {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// The text of a part: by its mark, else by what it says of itself, else UTF-8.
fn text(bytes: &[u8]) -> String {
    const HEAD: usize = 200;
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]);
    let declared = || {
        let head = head.split_once("?>")?.0;
        let (_, rest) = head.split_once("encoding=")?;
        Encoding::for_label(rest.get(1..)?.split(['"', '\'']).next()?.as_bytes())
    };
    let encoding = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    encoding.or_else(declared).unwrap_or(encoding_rs::UTF_8).decode(bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_places() {
        assert_eq!(join("Doc_0/Pages", "Page_0/Content.xml"), "Doc_0/Pages/Page_0/Content.xml");
        assert_eq!(join("Doc_0/Pages", "../Res/./a.png"), "Doc_0/Res/a.png");
        assert_eq!(join("Doc_0", "/Doc_1/a.xml"), "Doc_1/a.xml");
        assert_eq!(join("Doc_0", r"Pages\Page_0\Content.xml"), "Doc_0/Pages/Page_0/Content.xml");
        assert_eq!(join("", "../../a"), "a");
    }

    #[test]
    fn ok_encodings() {
        let xml = "<?xml version=\"1.0\" encoding=\"GB18030\"?><A>县</A>";
        let (gbk, ..) = encoding_rs::GB18030.encode(xml);
        assert_eq!(text(&gbk), xml);
        assert_eq!(
            text(xml.replace("GB18030", "UTF-8").as_bytes()),
            xml.replace("GB18030", "UTF-8")
        );
        assert_eq!(text(b"\xFF\xFE<\0a\0/\0>\0"), "<a/>");
    }
}
