//! Powers with an exponent that stays: most of the time of a network's solution would go into them.
//!
//! x = 2^k·m with 1 ≤ m < 2, and m = c·(1 + r) with the nearest of 64 centres c, so that |r| ≤ 1/128. Then
//! x^e = 2^(k·e)·c^e·(1 + r)^e: the first two come from tables, the third is its binomial series, which r⁷ ends exactly
//! enough. Where a part of a network is shut off, EPANET's heads hang on the last digits of its numbers; to be as near as
//! can be, the result is the nearest number in all but one or two of a hundred cases, as the C library's is. So table
//! entries have more than 53 digits: one half of 26, so that products of two are exact, and the rest.
//!
//! No fused operation, no branch but for numbers beyond the tables: the same bits everywhere.

use super::wide::Wide;
use std::array::from_fn;
use std::sync::LazyLock;

/// Exponents of two with a table entry, from [`LEAST`]: 5e-20 to 2e19. Others take the long way.
const EXPONENTS: usize = 128;
const LEAST: i64 = -64;
const CENTRES: usize = 64;
const MANTISSA_BITS: u32 = 52;
const INDEX_BITS: u32 = 6;

/// Slope of the loss by Hazen and Williams: flow^(1.852 − 1).
pub(super) static HAZEN_WILLIAMS: LazyLock<Power> = LazyLock::new(|| Power::new(1.852 - 1.0));
/// Roughness coefficient in the formula of Hazen and Williams.
pub(super) static ROUGHNESSES: LazyLock<Power> = LazyLock::new(|| Power::new(1.852));
/// Diameter in it.
pub(super) static DIAMETERS: LazyLock<Power> = LazyLock::new(|| Power::new(4.871));
/// Reynolds number in the formula of Swamee and Jain.
pub(super) static SWAMEE_JAIN: LazyLock<Power> = LazyLock::new(|| Power::new(0.9));

/// x^e for one e.
#[derive(Debug)]
pub(super) struct Power {
    exponent: f64,
    /// 2^(k·e), in halves.
    scale: [[f64; 2]; EXPONENTS],
    centres: [Centre; CENTRES],
    /// Coefficients of r¹ to r⁷.
    series: [f64; 7],
}

#[derive(Clone, Copy, Debug, Default)]
struct Centre {
    at: f64,
    inverse: f64,
    /// Its power, in halves.
    raised: [f64; 2],
}

impl Power {
    /// Tables for an exponent between −1 and 5.
    pub fn new(exponent: f64) -> Self {
        // From 1 over all centres to 2, each from the one before.
        let mut raised = Wide::ONE;
        let mut before = 1.0;
        let mut climb = |to: f64| {
            raised = raised.times(raised_near_one(Wide::quotient(to - before, before), exponent));
            before = to;
            raised
        };
        let centres = from_fn(|at| {
            let at = 1.0 + (at as f64 + 0.5) / CENTRES as f64;
            Centre { at, inverse: 1.0 / at, raised: climb(at).halved() }
        });
        let two = climb(2.0);
        let half = two.inverse();
        let mut lowest = Wide::ONE;
        (LEAST..0).for_each(|_| lowest = lowest.times(half));
        let mut now = lowest;
        let scale = from_fn(|_| {
            let scale = now;
            now = now.times(two);
            scale.halved()
        });
        let mut term = 1.0;
        let series = from_fn(|at| {
            term *= (exponent - at as f64) / (at as f64 + 1.0);
            term
        });
        Self { exponent, scale, centres, series }
    }

    /// x^e for x ≥ 0: the nearest number or, seldom, one next to it.
    #[inline]
    pub fn of(&self, x: f64) -> f64 {
        let bits = x.to_bits();
        let power = (bits >> MANTISSA_BITS) as i64 - 1023 - LEAST;
        let Some(&[scale, more_scale]) = usize::try_from(power).ok().and_then(|at| self.scale.get(at)) else {
            return libm::pow(x, self.exponent);
        };
        let Centre { at, inverse, raised: [raised, more_raised] } = self.centres[(bits >> (MANTISSA_BITS - INDEX_BITS)) as usize % CENTRES];
        let mantissa = f64::from_bits(bits & ((1 << MANTISSA_BITS) - 1) | 1.0_f64.to_bits());
        let r = (mantissa - at) * inverse;
        let [a, b, c, d, e, f, g] = self.series;
        let square = r * r;
        let series = r * ((a + b * r) + square * ((c + d * r) + square * ((e + f * r) + square * g)));
        let product = scale * raised;
        let more = scale * more_raised + more_scale * raised + more_scale * more_raised;
        product + (more + (product + more) * series)
    }
}

/// (1 + t)^e by its series, for t up to 1/64.
fn raised_near_one(t: Wide, exponent: f64) -> Wide {
    const TERMS: u32 = 18;
    let (mut sum, mut term) = (Wide::ONE, Wide::ONE);
    for order in 0..TERMS {
        let order = f64::from(order);
        term = term.times(t).times(Wide::sum(exponent, -order)).over(order + 1.0);
        sum = sum.plus(term);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The distance from one number to the next.
    fn digit(x: f64) -> f64 {
        f64::from_bits(x.to_bits() + 1) - x
    }

    proptest! {
        #[test]
        fn powers_are_right_to_the_last_digit(digits in -19.0..19.0_f64, exponent in -1.0..5.0_f64) {
            let x = libm::pow(10.0, digits);
            for power in [&Power::new(exponent), &HAZEN_WILLIAMS, &SWAMEE_JAIN] {
                // What it is compared with may itself be the neighbour of the nearest number.
                let other = libm::pow(x, power.exponent);
                let found = power.of(x);
                prop_assert!((found - other).abs() <= digit(other), "{x}^{}: {found} for {other}", power.exponent);
            }
        }
    }

    #[test]
    fn powers_are_those_of_two_hundred_digits() {
        let right = [
            (1e-6, 7.726_805_850_957_013e-6),
            (3e-4, 9.965_688_518_917_873e-4),
            (0.0123, 0.023_583_005_644_733_212),
            (0.1, 0.140_604_752_412_991_36),
            (0.7, 0.737_944_210_892_443),
            (1.0, 1.0),
            (1.9999, 1.804_924_561_578_370_7),
            (2.5, 2.182_955_523_987_007_8),
            (31.4, 18.853_155_959_042_04),
            (700.5, 265.636_491_176_323_9),
        ];
        for (x, right) in right {
            assert_eq!(HAZEN_WILLIAMS.of(x).to_bits(), f64::to_bits(right), "{x}");
        }
    }
    #[test]
    fn what_no_table_holds_takes_the_long_way() {
        for x in [0.0, 5e-324, 1e-30, 1e25, f64::INFINITY] {
            assert_eq!(HAZEN_WILLIAMS.of(x).to_bits(), libm::pow(x, 0.852_000_000_000_000_1).to_bits(), "{x}");
        }
        assert!(HAZEN_WILLIAMS.of(f64::NAN).is_nan());
    }
}
