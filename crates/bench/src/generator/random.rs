//! Random numbers that are the same for ever: the rows of a seed must not change with a library.

/// SplitMix64 (Steele, Lea and Flood, 2014): one addition and two multiplications a number, every seed a good one.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in [0, 1).
    pub(crate) fn fraction(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number below `bound`, which is not 0. Its bias is below `bound` ÷ 2⁶⁴.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.fraction() < probability
    }

    /// Exponentially distributed around a mean.
    pub(crate) fn exponential(&mut self, mean: f64) -> f64 {
        -(1.0 - self.fraction()).ln() * mean
    }
}

/// Draws places by their weights.
#[derive(Debug, Clone)]
pub(crate) struct Weighted {
    cumulative: Vec<f64>,
}

impl Weighted {
    pub(crate) fn new(weights: impl IntoIterator<Item = f64>) -> Self {
        let mut sum = 0.0;
        let add = |weight: f64| {
            sum += weight;
            sum
        };
        Self { cumulative: weights.into_iter().map(add).collect() }
    }

    /// Weights that fall with the place as 1 ÷ (place + offset): few are frequent and many are rare.
    pub(crate) fn zipf(count: usize, offset: f64) -> Self {
        Self::new((0..count).map(|place| 1.0 / (place as f64 + offset)))
    }

    pub(crate) fn draw(&self, random: &mut Random) -> usize {
        let sum = self.cumulative.last().copied().unwrap_or_default();
        let at = random.fraction() * sum;
        self.cumulative.partition_point(|end| *end <= at).min(self.cumulative.len().saturating_sub(1))
    }
}
