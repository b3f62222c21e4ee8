//! Chance by address: every draw is a hash of the seed, a purpose and whom it is about.
//!
//! No generator runs through the city, so that one person's luck does not hang on how many came
//! before him, and the same seed gives the same bytes. `ln`, `exp` and `cos` are libm's: the
//! same on every machine.

/// The last step of SplitMix64 (Steele, Lea, Flood 2014): a bijection that scatters every bit.
pub(super) const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// What every draw of a city starts from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seed(u64);

impl Seed {
    pub fn new(seed: u64) -> Self {
        Self(mix(seed.wrapping_add(GOLDEN)))
    }

    /// What a city of this seed and style starts from: no two styles of one seed have a draw in common.
    pub fn of_city(seed: u64, style: &str) -> Self {
        Self(Self::new(seed).of(style, 0).next())
    }

    /// The draws of one purpose for one subject.
    pub fn of(self, purpose: &str, subject: u64) -> Draw {
        let mut state = self.0;
        for byte in purpose.bytes() {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Draw(mix(state ^ mix(subject.wrapping_add(GOLDEN))))
    }

    /// The draws of one purpose for two subjects together.
    pub fn of_two(self, purpose: &str, a: u64, b: u64) -> Draw {
        self.of(purpose, mix(a.wrapping_add(GOLDEN)).wrapping_add(b))
    }
}

/// The draws of one address, in order.
#[derive(Clone, Debug)]
pub(super) struct Draw(u64);

impl Draw {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// From 0 to under 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From 0 to under `n`; 0 where `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u64
    }

    /// A place in something of this length; 0 where it is empty.
    pub fn place(&mut self, len: usize) -> usize {
        self.below(len as u64) as usize
    }

    /// From `least` to `most`, both included.
    pub fn range(&mut self, least: u32, most: u32) -> u32 {
        least + self.below(u64::from(most.saturating_sub(least)) + 1) as u32
    }

    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.place(from.len()))
    }

    /// One of several words that are there.
    pub fn word(&mut self, from: &[&'static str]) -> &'static str {
        self.pick(from).copied().unwrap_or("")
    }

    /// A place, each as likely as its weight.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (at, weight) in weights.iter().enumerate() {
            if left < *weight {
                return at;
            }
            left -= weight;
        }
        weights.len().saturating_sub(1)
    }

    /// The standard normal (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let (u, v) = (1.0 - self.unit(), self.unit());
        libm::sqrt(-2.0 * libm::log(u)) * libm::cos(std::f64::consts::TAU * v)
    }

    pub fn lognormal(&mut self, median: f64, sigma: f64) -> f64 {
        median * libm::exp(sigma * self.normal())
    }

    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * libm::log(1.0 - self.unit())
    }

    /// How many of a mean of `mean` came about (Knuth's product for small means).
    pub fn poisson(&mut self, mean: f64) -> u32 {
        let (least, mut product, mut count) = (libm::exp(-mean), self.unit(), 0);
        while product > least && count < 1000 {
            product *= self.unit();
            count += 1;
        }
        count
    }

    /// Fisher and Yates.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.place(at + 1));
        }
    }
}

/// A permutation of the numbers of `2 × half` bits (a Feistel network of four rounds): ids by it are
/// all different and say nothing of the order in which they were given.
#[derive(Clone, Copy, Debug)]
pub(super) struct Permutation {
    keys: [u64; 4],
    half: u32,
}

impl Permutation {
    pub fn new(seed: Seed, purpose: &str, half: u32) -> Self {
        let mut draw = seed.of(purpose, u64::from(half));
        Self { keys: std::array::from_fn(|_| draw.next()), half }
    }

    /// The number in the place of `at`, which must be under `2^(2 × half)`.
    pub fn of(self, at: u32) -> u32 {
        let mask = (1_u32 << self.half) - 1;
        let (mut left, mut right) = (at >> self.half & mask, at & mask);
        for key in self.keys {
            (left, right) = (right, left ^ (mix(key ^ u64::from(right)) as u32 & mask));
        }
        left << self.half | right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_permutation_gives_every_number_once() {
        let permutation = Permutation::new(Seed::new(3), "x", 6);
        let mut all: Vec<u32> = (0..4096).map(|at| permutation.of(at)).collect();
        assert!(all.windows(2).filter(|pair| pair[0] < pair[1]).count() < 2300);
        all.sort_unstable();
        assert_eq!(all, (0..4096).collect::<Vec<_>>());
    }

    #[test]
    fn draws_have_the_means_they_say() {
        let seed = Seed::new(1);
        let mean = |f: &mut dyn FnMut(&mut Draw) -> f64| {
            (0..20_000).map(|at| f(&mut seed.of("mean", at))).sum::<f64>() / 20_000.0
        };
        assert!((mean(&mut |draw| draw.unit()) - 0.5).abs() < 0.01);
        assert!(mean(&mut |draw| draw.normal()).abs() < 0.03);
        assert!((mean(&mut |draw| draw.exponential(7.0)) - 7.0).abs() < 0.2);
        assert!((mean(&mut |draw| f64::from(draw.poisson(2.5))) - 2.5).abs() < 0.05);
        assert!((mean(&mut |draw| draw.weighted(&[1.0, 3.0]) as f64) - 0.75).abs() < 0.01);
        assert!((mean(&mut |draw| f64::from(draw.range(2, 4))) - 3.0).abs() < 0.02);
    }

    #[test]
    fn a_draw_hangs_on_its_address_alone() {
        let seed = Seed::new(9);
        assert_eq!(seed.of("a", 7).next(), seed.of("a", 7).next());
        assert_ne!(seed.of("a", 7).next(), seed.of("b", 7).next());
        assert_ne!(seed.of_two("a", 1, 2).next(), seed.of_two("a", 2, 1).next());
        assert_ne!(Seed::new(10).of("a", 7).next(), seed.of("a", 7).next());
    }
}
