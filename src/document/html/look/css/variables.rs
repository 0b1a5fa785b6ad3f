//! Custom properties: values that a page names once and uses in many places.
//!
//! Where one name has several values, which of them an element has is not known here, and none is put in.

use super::syntax::find_outside;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// Most names that are kept.
const MOST: usize = 2000;
/// Longest value that is put in, and how many in one block.
const LONGEST: usize = 200;
const MOST_IN_BLOCK: usize = 100;

/// Values by their names; none for a name with several.
#[derive(Debug, Default)]
pub(super) struct Variables(FxHashMap<String, Option<String>>);

impl Variables {
    /// All that a page sets, in sheets and in styles of elements.
    pub(super) fn of_page(page: &str) -> Self {
        let mut known: FxHashMap<String, Option<String>> = FxHashMap::default();
        if memchr::memmem::find(page.as_bytes(), b"var(").is_none() {
            return Self::default();
        }
        for at in memchr::memmem::find_iter(page.as_bytes(), b"--") {
            let rest = &page[at..];
            let end = rest
                .find(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_'))
                .unwrap_or(rest.len());
            let (name, value) = rest.split_at(end);
            let Some(value) = value.trim_start().strip_prefix(':') else { continue };
            let value = value[..value.find([';', '}', '<', '>']).unwrap_or(value.len())].trim();
            let value = value.trim_end_matches(['"', '\'']);
            if known.len() >= MOST || value.len() > LONGEST {
                continue;
            }
            let own = || Some(value.to_owned());
            known
                .entry(name.to_owned())
                .and_modify(|other| *other = other.take().filter(|other| other == value))
                .or_insert_with(own);
        }
        Self(known)
    }

    /// A block with their values in their places; what is not known stays.
    pub(super) fn put_into<'b>(&self, block: &'b str) -> Cow<'b, str> {
        let mut block = Cow::Borrowed(block);
        let mut from = 0;
        for _ in 0..MOST_IN_BLOCK {
            let Some(at) = block[from..].find("var(").map(|at| from + at) else { break };
            let inside = &block[at + 4..];
            let Some(end) = find_outside(inside, &[')']) else { break };
            let (name, otherwise) = match inside[..end].split_once(',') {
                Some((name, otherwise)) => (name.trim(), Some(otherwise.trim())),
                None => (inside[..end].trim(), None),
            };
            let value = match self.0.get(name) {
                Some(value) => value.as_deref(),
                None => otherwise,
            };
            from = match value {
                Some(value) => {
                    block = Cow::Owned(format!("{}{value}{}", &block[..at], &inside[end + 1..]));
                    at
                }
                None => at + 4,
            };
        }
        block
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_values_are_put_in() {
        let variables = Variables::of_page(
            "<style>:root{--a:none;--b:var(--a);--c:1}</style><i style='--c:2;--d: #fff'>var(",
        );
        for (block, expected) in [
            ("display:var(--a)", "display:none"),
            ("display:var( --b )!important", "display:none!important"),
            ("opacity:var(--c)", "opacity:var(--c)"),
            ("color:var(--d,red)", "color:#fff"),
            ("color:var(--e,red)", "color:red"),
            ("color:var(--e)", "color:var(--e)"),
            ("color:var(--a", "color:var(--a"),
        ] {
            assert_eq!(variables.put_into(block), expected, "{block}");
        }
        let circle = Variables::of_page("--a:var(--b);--b:var(--a)");
        assert_eq!(circle.put_into("x:var(--a)"), "x:var(--a)");
    }
}
