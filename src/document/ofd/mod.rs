//! OFD (GB/T 33190), the layout format of Chinese offices: XML in a ZIP container, drawn on the same canvas as a PDF.
//!
//! A text object keeps its characters whatever glyphs its font draws for them, so fonts are not looked into. What a seal
//! draws over a page is not read: it is in the signature, not on the page.

mod look;
mod package;
mod path;
mod resources;
mod scene;
mod text;
mod tree;

use super::blocks::Blocks;
use super::pages::{self, Budget, Canvas, MOST_PAGES, Page};
#[cfg(feature = "ocr")]
use super::scan;
use crate::finding::{Code, Finding};
use crate::guard;
use crate::source::relevance;
use hayro_interpret::kurbo::Affine;
use package::Parts;
use resources::Resources;
use rustc_hash::FxHashMap;
use scene::{Around, Scene};
use std::cell::RefCell;
use std::rc::Rc;
use tree::Element;

/// Points in a millimetre.
const POINT: f64 = 72.0 / 25.4;
/// Pages are no larger, in millimetres; PDF has the same limit.
const LARGEST: f64 = 5080.0;
/// The size of a page that says nothing of it: A4.
const A4: [f64; 4] = [0.0, 0.0, 210.0, 297.0];
/// Files attached to a document that are looked at.
const MOST_ATTACHED: usize = 16;

/// A document that may be a report, attached to one that is none.
pub(super) struct Attached {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// What a file shows.
pub(super) struct Shown {
    pub(super) blocks: Blocks,
    pub(super) findings: Vec<Finding>,
    /// Files that are attached, where the pages are no report.
    pub(super) attached: Vec<Attached>,
}

/// Reads a file; what could not be read is in the findings.
pub(super) fn read(bytes: &[u8]) -> Shown {
    let mut reader = Reader {
        parts: Parts::open(bytes),
        budget: Budget::new(),
        pages: Vec::new(),
        attachments: Vec::new(),
        is_cut: false,
        lacks: Vec::new(),
    };
    if let Err(finding) = reader.documents() {
        return Shown { blocks: Blocks::default(), findings: vec![finding], attached: Vec::new() };
    }
    let mut findings = Vec::new();
    if reader.parts.is_cut() {
        let message = "the OFD breaks off: what would follow is missing";
        findings.push(Finding::new(Code::DamagedPart, message));
    }
    if reader.is_cut {
        let message = format!("only the first {} pages were read", reader.pages.len());
        findings.push(Finding::new(Code::DamagedPart, message));
    }
    if !reader.lacks.is_empty() {
        let message =
            format!("parts of the OFD are missing or damaged: {}", reader.lacks.join(", "));
        findings.push(Finding::new(Code::DamagedPart, message));
    }
    let is_damaged = !findings.is_empty() || reader.pages.iter().any(|page| page.is_damaged);
    if is_damaged && reader.pages.iter().all(Page::is_blank) {
        let message = "the OFD is damaged: nothing could be read";
        let findings = vec![Finding::new(Code::Damaged, message)];
        return Shown { blocks: Blocks::default(), findings, attached: Vec::new() };
    }
    let (blocks, unread) = pages::read(std::mem::take(&mut reader.pages));
    findings.extend(unread);
    let attached =
        if relevance::says_a_report(&blocks.text) { Vec::new() } else { reader.attached() };
    Shown { blocks, findings, attached }
}

struct Reader<'b> {
    parts: Parts<'b>,
    budget: Budget,
    pages: Vec<Page>,
    /// Names and places of what is attached, with the folder the places are in.
    attachments: Vec<(String, String, String)>,
    /// Whether there are more pages than are read.
    is_cut: bool,
    /// What is missing or damaged beside pages.
    lacks: Vec<String>,
}

/// What the pages of one document share.
struct Shared {
    folder: String,
    size: [f64; 4],
    resources: Resources,
    /// Where templates stand, and whether they are in front of the page.
    templates: FxHashMap<String, (String, Option<String>)>,
    /// The parts with the annotations of each page, by its ID.
    annotations: FxHashMap<String, Vec<(String, String)>>,
}

impl Reader<'_> {
    /// All documents of the file, one after the other.
    fn documents(&mut self) -> Result<(), Finding> {
        const ENTRY: &str = "OFD.xml";
        // its parts may stand there in clear without what is not for everybody
        if self.parts.bytes("", "Encryptions.xml")?.is_some() {
            let message = "the OFD is encrypted: only who has its key can read it";
            return Err(Finding::new(Code::Encrypted, message));
        }
        let entry = self.parts.tree("", ENTRY)?;
        let mut roots = Vec::new();
        for body in entry.iter().flat_map(|entry| entry.root.all("DocBody")) {
            let versions = body.child("Versions").into_iter().flat_map(|all| all.all("Version"));
            let current = versions.filter(|version| version.switch("Current") == Some(true)).last();
            let newer = match current.and_then(|version| version.get("BaseLoc")) {
                Some(place) => self.parts.tree("", place)?.and_then(|version| {
                    Some(package::join(&version.folder, version.root.text_of("DocRoot")?))
                }),
                None => None,
            };
            let root =
                newer.or_else(|| body.text_of("DocRoot").map(|root| package::join("", root)));
            roots.extend(root);
        }
        if entry.is_none_or(|entry| !entry.is_whole) || roots.is_empty() {
            self.lacks.push(ENTRY.to_owned());
        }
        if roots.is_empty() {
            // where everybody puts it
            roots.push("Doc_0/Document.xml".to_owned());
        }
        for root in roots {
            self.document(&root)?;
        }
        Ok(())
    }

    fn lack(&mut self, place: &str) {
        const MOST: usize = 8;
        if self.lacks.len() < MOST {
            self.lacks.push(place.to_owned());
        }
    }

    fn document(&mut self, place: &str) -> Result<(), Finding> {
        let Some(document) = self.parts.tree("", place)? else {
            self.lack(place);
            return Ok(());
        };
        if !document.is_whole {
            self.lack(place);
        }
        let (root, folder) = (document.root, document.folder);
        let mut shared = Shared {
            size: A4,
            resources: Resources::default(),
            templates: FxHashMap::default(),
            annotations: FxHashMap::default(),
            folder,
        };
        if let Some(common) = root.child("CommonData") {
            shared.size = scene::size(common.child("PageArea")).unwrap_or(A4);
            for template in common.all("TemplatePage") {
                if let (Some(id), Some(place)) = (template.get("ID"), template.get("BaseLoc")) {
                    let order = template.get("ZOrder").map(str::to_owned);
                    shared.templates.insert(id.to_owned(), (place.to_owned(), order));
                }
            }
            for name in ["PublicRes", "DocumentRes"] {
                self.resources(common, name, &shared.folder, &mut shared.resources)?;
            }
        }
        self.annotations(&root, &mut shared)?;
        if let Some(place) = root.text_of("Attachments")
            && let Some(all) = self.parts.tree(&shared.folder, place)?
        {
            for attachment in all.root.all("Attachment").take(MOST_ATTACHED) {
                let name = attachment.get("Name").unwrap_or_default().to_owned();
                if let Some(place) = attachment.text_of("FileLoc") {
                    self.attachments.push((name, all.folder.clone(), place.to_owned()));
                }
            }
        }
        for page in root.child("Pages").into_iter().flat_map(|pages| pages.all("Page")) {
            if self.pages.len() >= MOST_PAGES || self.budget.is_spent() {
                self.is_cut = true;
                break;
            }
            guard::check();
            let mut page = self.page(page, &shared)?;
            page.number = self.pages.len() as u32 + 1;
            self.pages.push(page);
        }
        Ok(())
    }

    /// The resources that the children of this name lead to.
    fn resources(
        &mut self,
        element: &Element,
        name: &str,
        folder: &str,
        into: &mut Resources,
    ) -> Result<(), Finding> {
        for place in element.all(name) {
            if let Some(part) = self.parts.tree(folder, place.text.trim())? {
                into.add(part.root, &part.folder);
            }
        }
        Ok(())
    }

    /// Where the annotations of each page stand.
    fn annotations(&mut self, root: &Element, shared: &mut Shared) -> Result<(), Finding> {
        for place in root.all("Annotations") {
            let Some(all) = self.parts.tree(&shared.folder, place.text.trim())? else { continue };
            for page in all.root.all("Page") {
                let Some(id) = page.get("PageID") else { continue };
                let of_page = shared.annotations.entry(id.to_owned()).or_default();
                of_page.extend(
                    page.all("FileLoc").map(|loc| (all.folder.clone(), loc.text.trim().to_owned())),
                );
            }
        }
        Ok(())
    }

    fn page(&mut self, listed: &Element, shared: &Shared) -> Result<Page, Finding> {
        let part = match listed.get("BaseLoc") {
            Some(place) => self.parts.tree(&shared.folder, place)?,
            None => None,
        };
        let mut is_damaged = part.as_ref().is_none_or(|part| !part.is_whole);
        let part = part.unwrap_or_else(|| package::Part {
            root: Element::default(),
            folder: shared.folder.clone(),
            is_whole: false,
        });
        let size = scene::size(part.root.child("Area")).unwrap_or(shared.size);
        let size = if size[2].max(size[3]) > LARGEST { A4 } else { size };
        let mut own = Resources::default();
        self.resources(&part.root, "PageRes", &part.folder, &mut own)?;
        // what is drawn, from the back to the front
        let (mut behind, mut front) = (Vec::new(), Vec::new());
        for used in part.root.all("Template") {
            let Some((place, order)) =
                used.get("TemplateID").and_then(|id| shared.templates.get(id))
            else {
                is_damaged = true;
                continue;
            };
            let Some(template) = self.parts.kept(&shared.folder, place)? else {
                is_damaged = true;
                continue;
            };
            is_damaged |= !template.is_whole;
            self.resources(&template.root, "PageRes", &template.folder, &mut own)?;
            let order = used.get("ZOrder").or(order.as_deref());
            (if order == Some("Foreground") { &mut front } else { &mut behind }).push(template);
        }
        let mut notes = Vec::new();
        let of_page = listed.get("ID").and_then(|id| shared.annotations.get(id));
        for (folder, place) in of_page.into_iter().flatten() {
            match self.parts.tree(folder, place)? {
                Some(note) => {
                    is_damaged |= !note.is_whole;
                    notes.push(note);
                }
                None => is_damaged = true,
            }
        }
        let mut canvas = Canvas::new(size[2] * POINT, size[3] * POINT, &self.budget);
        let transform = Affine::scale(POINT) * Affine::translate((-size[0], -size[1]));
        let around = Around::new(transform);
        let parts = RefCell::new((&mut self.parts, FxHashMap::default()));
        let opaque = |place: &str| {
            let (parts, known) = &mut *parts.borrow_mut();
            *known.entry(place.to_owned()).or_insert_with(|| is_opaque(&parts.start(place)))
        };
        let mut scene = Scene {
            canvas: &mut canvas,
            resources: &[&own, &shared.resources],
            opaque: &opaque,
            depth: 0,
            pictures: Vec::new(),
            lacks: false,
        };
        let outcome = guard::contain(|| {
            let contents = behind.iter().map(Rc::as_ref).chain([&part]);
            for part in contents.chain(front.iter().map(Rc::as_ref)) {
                if let Some(content) = part.root.child("Content") {
                    scene.content(content, around);
                }
            }
            for note in notes.iter().flat_map(|note| note.root.all("Annot")) {
                if note.switch("Visible") == Some(false) {
                    continue;
                }
                for appearance in note.all("Appearance") {
                    let [left, top, ..] = appearance.numbers::<4>("Boundary").unwrap_or_default();
                    let place = transform * Affine::translate((left, top));
                    scene.content(appearance, Around::new(place));
                }
            }
        });
        is_damaged |= scene.lacks;
        #[cfg(feature = "ocr")]
        let pictures = std::mem::take(&mut scene.pictures);
        let mut page = canvas.finish(outcome, Vec::new(), &mut self.budget);
        #[cfg(feature = "ocr")]
        if scan::wants(&page) {
            self.scanned(&mut page, pictures);
        }
        page.is_damaged |= is_damaged;
        Ok(page)
    }

    /// Reads a page that shows nothing but pictures.
    #[cfg(feature = "ocr")]
    fn scanned(&mut self, page: &mut Page, pictures: Vec<(String, Affine)>) {
        let mut shown = Vec::new();
        for (place, transform) in pictures {
            match self.parts.bytes("", &place) {
                Ok(Some((_, bytes, _))) => shown.push((bytes, transform)),
                // a page of which a part is not seen is not read
                _ => return,
            }
        }
        if let Some(picture) = scan::placed(page.size(), &shown) {
            if page.is_scan() {
                scan::read(page, &picture);
            } else {
                scan::read_both(page, &picture);
            }
        }
    }

    /// The files that are attached.
    fn attached(&mut self) -> Vec<Attached> {
        let mut found = Vec::new();
        for (name, folder, place) in std::mem::take(&mut self.attachments) {
            if let Ok(Some((full, bytes, _))) = self.parts.bytes(&folder, &place) {
                let name = if name.is_empty() { full } else { name };
                found.push(Attached { name, bytes });
            }
        }
        found
    }
}

/// Whether a picture hides what is behind it: JPEG has no transparency, and PNG says whether it has.
fn is_opaque(bytes: &[u8]) -> bool {
    const COLOUR_TYPE: usize = 25;
    const WITH_ALPHA: u8 = 4;
    if bytes.starts_with(b"\xFF\xD8\xFF") || bytes.starts_with(b"BM") {
        return true;
    }
    let head = &bytes[..memchr::memmem::find(bytes, b"IDAT").unwrap_or(0)];
    head.starts_with(b"\x89PNG")
        && head.get(COLOUR_TYPE).is_some_and(|kind| kind & WITH_ALPHA == 0)
        && memchr::memmem::find(head, b"tRNS").is_none()
}

#[cfg(test)]
mod tests;
