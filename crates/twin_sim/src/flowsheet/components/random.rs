//! Random numbers that a saved state can go on with: the n-th of a row, by seed.

use rand_pcg::Pcg32;
use rand_pcg::rand_core::{RngCore, SeedableRng};

/// Standard normal variate number `draw` of the row of one component, whose place in the plant sets its row apart.
///
/// Source: Box & Muller, Ann. Math. Stat. 29 (1958).
pub(super) fn normal(seed: u64, place: usize, draw: u64) -> f64 {
    let mut generator = Pcg32::seed_from_u64(seed ^ ((place as u64) << 32));
    // Each variate takes two words.
    generator.advance(2 * draw);
    let uniform = |bits: u32| (f64::from(bits) + 0.5) / 4_294_967_296.0;
    let radius = (-2.0 * libm::log(uniform(generator.next_u32()))).sqrt();
    radius * libm::cos(core::f64::consts::TAU * uniform(generator.next_u32()))
}
