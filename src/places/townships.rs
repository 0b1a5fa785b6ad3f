//! 乡, 镇, 街道: those of today, and those that lists since 2015 had.

use super::{Division, LATEST, places, unpack};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

static PACKED: &[u8] = include_bytes!("../../grammars/places/townships.zst");
static TOWNSHIPS: LazyLock<FxHashMap<&'static str, Vec<Township>>> = LazyLock::new(read);

/// The year of the oldest list: what was abolished before is not known.
pub const SINCE: i32 = 2015;

/// A county that has, or had, a township of some name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Township {
    /// The county, by its code of today.
    pub county: u32,
    /// Whether it is there today.
    pub is_now: bool,
}

impl Township {
    /// The county as it was in a year.
    pub fn county_in(self, year: i32) -> Option<&'static Division> {
        let table = places();
        let today = table.with_code(self.county).last()?;
        if today.first <= year {
            return Some(today);
        }
        let mut row = today;
        for _ in 0..32 {
            let mut old = table.before(row);
            let one = old.next()?;
            if old.next().is_some() {
                return None;
            }
            if one.first <= year && year <= LATEST {
                return Some(one);
            }
            row = one;
        }
        None
    }
}

/// The counties with a township of this name: `虎门镇`, `五凤街道`.
///
/// ```
/// let found = nianbao::places::townships("虎门镇");
/// assert_eq!(found.iter().map(|t| t.county).collect::<Vec<_>>(), [441900]);
/// ```
pub fn townships(name: &str) -> &'static [Township] {
    TOWNSHIPS.get(name).map_or(&[], Vec::as_slice)
}

fn read() -> FxHashMap<&'static str, Vec<Township>> {
    let mut found: FxHashMap<&'static str, Vec<Township>> = FxHashMap::default();
    found.reserve(40_000);
    for line in unpack(PACKED).lines() {
        let mut fields = line.split('\t');
        let Some(county) = fields.next().and_then(|code| code.parse().ok()) else { continue };
        for is_now in [true, false] {
            for name in fields.next().unwrap_or_default().split_ascii_whitespace() {
                found.entry(name).or_default().push(Township { county, is_now });
            }
        }
    }
    found
}
