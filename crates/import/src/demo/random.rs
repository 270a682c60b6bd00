//! Numbers that look random and depend on their seed alone, on every machine and in every version.

/// SplitMix64 (Steele, Lea, Flood 2014): small, and good enough for a demo.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    /// A stream of its own for each combination of parts.
    pub(super) fn of(parts: &[u64]) -> Self {
        let seed = parts.iter().fold(0x9e37_79b9_7f4a_7c15, |state, part| Self(state ^ part).next().rotate_left(17));
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below `bound`, which must not be 0.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        // The bias of a remainder is far below what anybody could see.
        self.next() % bound
    }

    /// From 0 to below 1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Exponentially distributed around `mean`: mostly short, sometimes long.
    pub(super) fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    /// One of the items, each as likely as its share says.
    pub(super) fn by_share<'a, T>(&mut self, items: &'a [(u32, T)]) -> &'a T {
        let total: u32 = items.iter().map(|(share, _)| share).sum();
        let mut at = self.below(u64::from(total)) as u32;
        for (share, item) in items {
            if at < *share {
                return item;
            }
            at -= share;
        }
        unreachable!("{at} is below the sum of the shares")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Another sequence would make another demo of the same seed, stored beside the first.
    #[test]
    fn the_sequence_never_changes() {
        let mut plain = Random(1_234_567);
        // The published sequence of this generator.
        assert_eq!([plain.next(), plain.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
        assert_ne!(Random::of(&[1, 2]).next(), Random::of(&[2, 1]).next());
    }

    #[test]
    fn shares_are_kept() {
        let mut random = Random::of(&[1]);
        let heads = (0..10_000).filter(|_| *random.by_share(&[(30, true), (70, false)])).count();
        assert!((2800..3200).contains(&heads), "{heads}");
        let mean = (0..10_000).map(|_| random.exponential(40.0)).sum::<f64>() / 10_000.0;
        assert!((38.0..42.0).contains(&mean), "{mean}");
    }
}
