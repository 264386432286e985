//! Seeded chance: the same seed gives the same network on every machine.

use rand_pcg::Pcg32;
use rand_pcg::rand_core::{RngCore, SeedableRng};

/// A stream of random choices.
pub struct Chance(Pcg32);

impl Chance {
    /// The stream of this seed.
    pub fn new(seed: u64) -> Self {
        Self(Pcg32::seed_from_u64(seed))
    }

    /// Uniform within `[low, high)`.
    pub fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    /// Uniform whole number within `low..=high`.
    pub fn whole(&mut self, low: usize, high: usize) -> usize {
        low + (self.within(0.0, (high - low + 1) as f64)) as usize
    }

    /// True with this probability.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.within(0.0, 1.0) < probability
    }

    /// One of the items.
    pub fn one_of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.whole(0, items.len() - 1)]
    }
}
