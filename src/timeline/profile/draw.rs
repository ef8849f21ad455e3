//! Numbers drawn from a seeded stream.
//!
//! The stream is `ChaCha` with eight rounds, which is specified to the bit; what is made of it is integer arithmetic. So
//! a seed gives the same traffic on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::fixed::{PLACES, log2, times_power};
use crate::model::Distribution;

/// The natural logarithm of two, with 32 binary places.
const LN_2: u128 = 2_977_044_472;

/// What the sum of 64 tosses of a coin and an even number from 0 to 1 deviates by: `sqrt(16 + 1/12)`; its inverse, with
/// 32 binary places.
const PER_DEVIATION: i128 = 1_070_956_497;

/// A stream of numbers.
#[derive(Debug, Clone)]
pub(super) struct Draws(ChaCha8Rng);

impl Draws {
    /// The stream `number` of those that `key` and `seed` stand for.
    pub(super) fn of(key: u64, seed: u64, number: u64) -> Self {
        let mut bytes = [0; 32];
        let words = key.to_le_bytes().into_iter().chain(seed.to_le_bytes());
        bytes.iter_mut().zip(words).for_each(|(byte, value)| *byte = value);
        let mut stream = ChaCha8Rng::from_seed(bytes);
        stream.set_stream(number);
        Self(stream)
    }

    /// Any number.
    pub(super) fn any(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Evenly from zero to below `count`; zero when there is nothing below.
    pub(super) fn below(&mut self, count: u64) -> u64 {
        high(self.any(), count)
    }

    /// As [`Draws::below`], but the first far more often than the last: the product of two even numbers.
    pub(super) fn skewed_below(&mut self, count: u64) -> u64 {
        high(high(self.any(), self.any()), count)
    }

    /// Exponential with mean one: the negative logarithm of an even number between zero and one, with 32 binary places.
    pub(super) fn exponential(&mut self) -> u64 {
        let log = (64 << PLACES) - log2(self.any() | 1);
        let natural = (u128::try_from(log).unwrap_or(0) * LN_2) >> PLACES;
        u64::try_from(natural).unwrap_or(u64::MAX)
    }

    /// A number of a distribution.
    pub(super) fn number(&mut self, of: Distribution) -> u64 {
        match of {
            Distribution::Exactly(number) => number,
            Distribution::Between(least, most) => {
                least + self.below(most.saturating_sub(least).saturating_add(1))
            }
            Distribution::Exponential(mean) => {
                let number = (u128::from(self.exponential()) * u128::from(mean)) >> PLACES;
                u64::try_from(number).unwrap_or(u64::MAX)
            }
            Distribution::LogNormal { median, spread_percent, most } => {
                let spread = i128::from(log2(spread_percent) - log2(100));
                let power = (self.deviations() * spread) >> PLACES;
                times_power(median, i64::try_from(power).unwrap_or(0)).min(most)
            }
        }
    }

    /// Nearly normal, with mean zero and deviation one, and 32 binary places.
    fn deviations(&mut self) -> i128 {
        let heads = i128::from(self.any().count_ones()) - 32;
        let even = i128::from(self.any() >> PLACES) - (1 << 31);
        (((heads << PLACES) + even) * PER_DEVIATION) >> PLACES
    }
}

/// `number / 2^64` of `count`.
fn high(number: u64, count: u64) -> u64 {
    let product = u128::from(number) * u128::from(count);
    u64::try_from(product >> 64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNT: u64 = 20_000;

    fn drawn(of: Distribution) -> Vec<u64> {
        let mut draws = Draws::of(1, 2, 3);
        let mut all: Vec<u64> = (0..COUNT).map(|_| draws.number(of)).collect();
        all.sort_unstable();
        all
    }

    #[test]
    fn the_stream_never_changes() {
        let mut draws = Draws::of(1, 2, 3);
        let first: Vec<u64> = (0..3).map(|_| draws.any()).collect();
        assert_eq!(first, [4_367_042_811_517_480_074, 13_939_824_937_453_826_806, 2_285_782_542_413_819_855]);
    }

    #[test]
    fn numbers_are_distributed_as_they_should_be() {
        let all = drawn(Distribution::Between(10, 19));
        assert_eq!((all.first(), all.last()), (Some(&10), Some(&19)));
        let all = drawn(Distribution::Exponential(1_000_000));
        let mean = all.iter().sum::<u64>() / COUNT;
        assert!((980_000..1_020_000).contains(&mean), "{mean}");
        let median = all.get(all.len() / 2).copied().unwrap_or(0);
        assert!((680_000..706_000).contains(&median), "{median}");
        let all = drawn(Distribution::LogNormal { median: 1_000_000, spread_percent: 300, most: 50_000_000 });
        let at = |percent: usize| all.get(all.len() * percent / 100).copied().unwrap_or(0);
        assert!((960_000..1_040_000).contains(&at(50)), "{}", at(50));
        // One deviation to either side: 15.9 % and 84.1 %.
        assert!((310_000..360_000).contains(&at(16)), "{}", at(16));
        assert!((2_800_000..3_200_000).contains(&at(84)), "{}", at(84));
        assert_eq!(all.last(), Some(&50_000_000));
    }
}
