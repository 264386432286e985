//! Repeatable chance: a PCG generator per purpose, all from one seed.

use rand_pcg::Pcg32;
use rand_pcg::rand_core::RngCore;

/// A generator of numbers that look random and repeat with the seed.
#[derive(Clone, Debug)]
pub struct Random {
    generator: Pcg32,
    spare: Option<f64>,
}

impl Random {
    /// The generator of one purpose: the same `seed` and `purpose` give the same numbers, other purposes
    /// give unrelated ones.
    pub fn new(seed: u64, purpose: u64) -> Self {
        let state = scramble(seed ^ scramble(purpose));
        Self { generator: Pcg32::new(state, scramble(purpose.wrapping_add(1))), spare: None }
    }

    /// Evenly spread in `low..high`.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        let unit = f64::from(self.generator.next_u32()) / 4_294_967_296.0;
        low + (high - low) * unit
    }

    /// Normal with mean 0 and standard deviation 1 (Marsaglia's polar method).
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        loop {
            let (u, v) = (self.uniform(-1.0, 1.0), self.uniform(-1.0, 1.0));
            let s = u * u + v * v;
            if s > 0.0 && s < 1.0 {
                let factor = libm::sqrt(-2.0 * libm::log(s) / s);
                self.spare = Some(v * factor);
                return u * factor;
            }
        }
    }
}

/// Spreads neighbouring numbers over all 64 bits (the finaliser of SplitMix64).
fn scramble(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
