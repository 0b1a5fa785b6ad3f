//! Names of elements, short enough to be compared at once.

/// The first bytes of an element's name in lower case; enough to tell elements apart.
pub(super) type Name = [u8; 10];

pub(super) fn short(name: &str) -> Name {
    let mut short = Name::default();
    for (to, from) in short.iter_mut().zip(name.bytes()) {
        *to = from.to_ascii_lowercase();
    }
    short
}
