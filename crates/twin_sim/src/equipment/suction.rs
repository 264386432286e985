//! Suction of a centrifugal pump: head available and required, and what cavitation does.

const GRAVITY_M_S2: f64 = 9.80665;

/// Head lost to cavitation never exceeds this share.
const MOST_LOST: f64 = 0.6;

/// Head required above the vapour pressure, at rated speed: `zero + rise·Q²`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Suction {
    /// At no flow, m.
    pub zero_m: f64,
    /// Rise with the square of the flow, m/(m³/s)².
    pub rise_s2_m5: f64,
}

impl Suction {
    /// NPSH required at a relative speed and flow, m: `n²·zero + rise·Q²`, the affinity law of the curve.
    pub fn required_m(&self, speed: f64, flow_m3_s: f64) -> f64 {
        speed * speed * self.zero_m + self.rise_s2_m5 * flow_m3_s * flow_m3_s
    }
}

/// NPSH available, m: what the total pressure at the suction flange is above the vapour pressure.
///
/// Source: ISO 9906, definition of NPSH.
pub fn available_m(pressure_pa: f64, vapour_pa: f64, density_kg_m3: f64, velocity_m_s: f64) -> f64 {
    (pressure_pa - vapour_pa) / (density_kg_m3 * GRAVITY_M_S2) + velocity_m_s * velocity_m_s / (2.0 * GRAVITY_M_S2)
}

/// NPSH available over required. A pump that requires nothing has plenty.
pub fn ratio(available_m: f64, required_m: f64) -> f64 {
    (available_m / required_m.max(1e-6)).clamp(0.0, 1e6)
}

/// Share of the head lost at a ratio: `min(0.6, 0.03·e^(10·(1 − r)))`, which is the 3 % by which NPSH required is defined
/// at a ratio of 1.
///
/// Source: definition of NPSH3 in ISO 9906; the exponent is fitted to the steep fall of a head curve beyond it.
pub fn head_lost(ratio: f64) -> f64 {
    (0.03 * libm::exp(10.0 * (1.0 - ratio))).min(MOST_LOST)
}

/// How strong cavitation is, 0 to 1.48: `clamp((1.8 − r)/0.8, 0, 1.3)^1.5`. It is heard and felt long before head is lost.
pub fn intensity(ratio: f64) -> f64 {
    let share = ((1.8 - ratio) / 0.8).clamp(0.0, 1.3);
    share * share.sqrt()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// P-101 of Unit 100: n²·[2.0 + 1.6·(Q/(100 n))²] with Q in m³/h.
    const P101: Suction = Suction { zero_m: 2.0, rise_s2_m5: 1.6e-4 * 3600.0 * 3600.0 };

    #[test]
    fn the_required_head_is_that_of_the_data_sheet_and_follows_the_affinity_law() {
        for (flow_m3_h, required_m) in [(0.0, 2.0), (30.0, 2.1), (60.0, 2.6), (90.0, 3.3), (100.0, 3.6), (120.0, 4.3), (140.0, 5.1)] {
            assert!((P101.required_m(1.0, flow_m3_h / 3600.0) - required_m).abs() < 0.051, "{flow_m3_h} m³/h");
        }
        assert!((P101.required_m(0.7, 0.7 * 0.02) / P101.required_m(1.0, 0.02) - 0.49).abs() < 1e-14);
    }

    #[test]
    fn three_percent_of_the_head_is_lost_where_the_available_head_is_the_required_one() {
        assert!((head_lost(1.0) - 0.03).abs() < 1e-15);
        assert_eq!((head_lost(0.0), intensity(1.8), intensity(1.0)), (0.6, 0.0, 1.0));
        // Boiling water at its vapour pressure has only its velocity head.
        assert!((available_m(101_325.0, 101_325.0, 958.4, 2.0) - 0.203_943).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn more_suction_never_means_more_cavitation(available in -20.0..200.0_f64, more in 0.0..50.0_f64, required in 0.0..20.0_f64) {
            let (worse, better) = (ratio(available, required), ratio(available + more, required));
            prop_assert!(head_lost(better) <= head_lost(worse) && intensity(better) <= intensity(worse));
            prop_assert!((0.0..=MOST_LOST).contains(&head_lost(worse)) && (0.0..1.49).contains(&intensity(worse)));
        }
    }
}
