//! What pages refer to: parameters of drawing, units that are drawn again and again, pictures.

use super::look::Look;
use super::tree::Element;
use rustc_hash::FxHashMap;

/// Parameters that refer to parameters.
const DEEPEST: usize = 16;

/// By the names they are referred to.
#[derive(Debug, Default)]
pub(super) struct Resources {
    /// What a parameter says, and to which it leaves the rest.
    looks: FxHashMap<String, (Look, Option<String>)>,
    pub(super) units: FxHashMap<String, Element>,
    /// Where the files of pictures stand.
    pub(super) media: FxHashMap<String, String>,
}

impl Resources {
    /// Adds those of a part in this folder.
    pub(super) fn add(&mut self, root: Element, folder: &str) {
        let base = root.get("BaseLoc").unwrap_or("").to_owned();
        for group in root.children {
            for element in group.children {
                let Some(id) = element.get("ID").map(str::to_owned) else { continue };
                match element.name.as_str() {
                    "DrawParam" => {
                        let relative = element.get("Relative").map(str::to_owned);
                        self.looks.insert(id, (Look::of(&element), relative));
                    }
                    "CompositeGraphicUnit" => {
                        self.units.insert(id, element);
                    }
                    "MultiMedia" => {
                        if let Some(file) = element.text_of("MediaFile") {
                            let folder = super::package::join(folder, &base);
                            self.media.insert(id, super::package::join(&folder, file));
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// What a parameter says.
    pub(super) fn look(&self, id: &str) -> Option<Look> {
        let (mut look, mut next) = self.looks.get(id).cloned()?;
        for _ in 0..DEEPEST {
            let Some((more, relative)) = next.and_then(|id| self.looks.get(&id).cloned()) else {
                break;
            };
            look = look.or(more);
            next = relative;
        }
        Some(look)
    }
}
