//! Gas through a valve or a nozzle.

use super::vessel::GAS_CONSTANT_J_MOL_K;

/// Amount of gas in one normal cubic metre (0 °C, 101 325 Pa), mol.
pub const MOL_PER_NM3: f64 = 101_325.0 / (GAS_CONSTANT_J_MOL_K * 273.15);

/// A gas, ideal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gas {
    /// Molar mass, kg/mol.
    pub molar_kg: f64,
    /// Ratio of its heat capacities.
    pub kappa: f64,
}

/// Mass flow in kg/s through a capacity `kv_m3_h` (m³/h of water at 1 bar) from `from_pa` at `from_k` to `to_pa`, both
/// absolute; 0 against the pressure. Rises with `from_pa`, falls with `to_pa`, and stands still once choked.
///
/// `choking_ratio` is x_T: the pressure drop over the inlet pressure at which air chokes, 0.7 for a globe valve.
/// Source: IEC 60534-2-1, compressible fluids: w = N6·C·Y·√(x·p1·ρ1), Y = 1 − x/(3·Fγ·x_T) ≥ 2/3, Fγ = γ/1.4.
pub fn through_kg_s(gas: &Gas, kv_m3_h: f64, choking_ratio: f64, from_pa: f64, from_k: f64, to_pa: f64) -> f64 {
    if !(from_pa > to_pa && kv_m3_h > 0.0) {
        return 0.0;
    }
    let choked = gas.kappa / 1.4 * choking_ratio;
    let share = ((from_pa - to_pa) / from_pa).min(choked);
    let expansion = 1.0 - share / (3.0 * choked);
    let density = from_pa * gas.molar_kg / (GAS_CONSTANT_J_MOL_K * from_k);
    // Water at 1 bar: w = Kv/3600·√(1000·Δp/10⁵).
    kv_m3_h / 3600.0 * expansion * (share * from_pa / 1e5 * 1000.0 * density).sqrt()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NITROGEN: Gas = Gas { molar_kg: 0.028_013_4, kappa: 1.4 };

    #[test]
    fn a_valve_passes_what_the_numbers_of_the_standard_say() {
        // N9 = 2.46e3 for Kv, bar, m³/h at 0 °C: Q = N9·C·p1·Y·√(x/(M·T1)).
        let (kv, from_bar, to_bar, temp_k) = (1.6, 7.01325, 6.0, 293.15);
        let share = (from_bar - to_bar) / from_bar;
        let expansion = 1.0 - share / 2.1;
        let nm3_h = 2.46e3 * kv * from_bar * expansion * f64::sqrt(share / (28.0134 * temp_k));
        let flow = through_kg_s(&NITROGEN, kv, 0.7, from_bar * 1e5, temp_k, to_bar * 1e5);
        let found = flow / NITROGEN.molar_kg / MOL_PER_NM3 * 3600.0;
        assert!((found / nm3_h - 1.0).abs() < 3e-3, "{found} Nm³/h for {nm3_h}");
    }

    #[test]
    fn beyond_the_choking_ratio_the_outlet_pressure_does_not_matter() {
        let flow = |to_pa| through_kg_s(&NITROGEN, 1.6, 0.7, 7e5, 293.15, to_pa);
        assert_eq!(flow(2.0e5), flow(0.5e5));
        assert!(flow(2.2e5) < flow(2.0e5));
        assert_eq!(flow(7.5e5), 0.0);
    }

    proptest! {
        #[test]
        fn more_pressure_before_it_never_gives_less(low in 1e4..1e7_f64, more in 1.0..1e6_f64, to_pa in 1e4..1e7_f64, xt in 0.2..0.9_f64) {
            let flow = |from_pa| through_kg_s(&NITROGEN, 2.0, xt, from_pa, 300.0, to_pa);
            prop_assert!(flow(low + more) >= flow(low) && flow(low) >= 0.0);
        }
    }
}
