//! The source of chance: a small generator whose numbers depend on the seed and on nothing else.

/// `SplitMix64`: one addition and two multiplications a draw, the same on every machine.
pub(crate) struct Random(u64);

impl Random {
    /// A generator for one document; near seeds give unrelated sequences.
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Self(seed ^ 0x6E69_616E_6261_6F00);
        random.next();
        random
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    /// An index below `count`.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % count as u64).expect("smaller than a usize")
    }

    /// True in `percent` of a hundred draws.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    /// One of several.
    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// `count` different ones of several, in their order.
    pub(crate) fn some<'a, T>(&mut self, from: &'a [T], count: usize) -> Vec<&'a T> {
        let mut left = count.min(from.len());
        let mut taken = Vec::with_capacity(left);
        for (index, item) in from.iter().enumerate() {
            if left > 0 && self.below(from.len() - index) < left {
                taken.push(item);
                left -= 1;
            }
        }
        taken
    }
}
