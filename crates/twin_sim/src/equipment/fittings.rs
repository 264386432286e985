//! What stands in a line: a resistance, a strainer, a check valve, a relief valve.

use super::{Drop, quadratic};

/// Coefficient of `Δp = k·w·|w|` in Pa·s²/kg², from a loss known at one flow.
pub fn coefficient(loss_pa: f64, flow_kg_s: f64) -> f64 {
    loss_pa / (flow_kg_s * flow_kg_s)
}

/// Coefficient of `Δp = ζ·ρ·v²/2` in Pa·s²/kg², from a loss coefficient and the diameter it refers to.
///
/// Source: Idelchik, Handbook of Hydraulic Resistance, §1.
pub fn coefficient_of_zeta(zeta: f64, diameter_m: f64, density_kg_m3: f64) -> f64 {
    let area_m2 = core::f64::consts::FRAC_PI_4 * diameter_m * diameter_m;
    zeta / (2.0 * density_kg_m3 * area_m2 * area_m2)
}

/// Loss of a strainer with a clogged share `clogged` of its free area; `None` when nothing can flow.
///
/// The loss goes with the square of the velocity in what is left: `k·w·|w| / (1 − c)²`.
pub fn strainer(clean_coefficient: f64, clogged: f64, flow_kg_s: f64) -> Option<Drop> {
    let free = 1.0 - clogged.max(0.0);
    // Below a ten-thousandth a strainer is shut: the quotient would be out of the range of the solver.
    if free < 1e-4 { None } else { Some(quadratic(clean_coefficient / (free * free), flow_kg_s)) }
}

/// A check valve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CheckValve {
    /// Open, `k` in Pa·s²/kg².
    pub coefficient: f64,
    /// What passes backwards at 1 bar, kg/s, above 0: the leakage of a sound seat, e.g. 1e-6.
    pub leak_kg_s: f64,
    /// Share of the free area that a disc held open leaves to a reverse flow: 0 sound to 1.
    pub held_open: f64,
}

impl CheckValve {
    /// Loss at a flow. Forwards the quadratic loss; backwards the steep straight line of the seat beside the opening of a
    /// disc held open. Continuous and rising everywhere.
    pub fn drop(&self, flow_kg_s: f64) -> Drop {
        let open = quadratic(self.coefficient, flow_kg_s);
        if flow_kg_s >= 0.0 {
            return open;
        }
        let seat_slope = 1e5 / self.leak_kg_s;
        let held = self.held_open.clamp(0.0, 1.0);
        let hole = if held > 1e-4 { quadratic(self.coefficient / (held * held), flow_kg_s) } else { open };
        // The easier way of the two carries the flow.
        let seat = Drop { pa: open.pa + seat_slope * flow_kg_s, slope_pa_s_kg: open.slope_pa_s_kg + seat_slope };
        if held > 1e-4 && hole.pa > seat.pa { hole } else { seat }
    }
}

/// A safety valve that pops open and reseats lower. Its state is 1 while lifted, else 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReliefValve {
    /// Pressure over the outlet at which it lifts, Pa.
    pub set_pa: f64,
    /// Pressure over the outlet at which it reseats, Pa, below `set_pa`.
    pub reseat_pa: f64,
    /// Flow lifted at `set_pa`, kg/s.
    pub rated_kg_s: f64,
}

impl ReliefValve {
    /// The state that follows `lifted` at a pressure over the outlet.
    ///
    /// Source: ISO 4126-1, set and reseating pressure.
    pub fn lifts(&self, lifted: f64, over_pa: f64) -> f64 {
        let threshold = if lifted == 0.0 { self.set_pa } else { self.reseat_pa };
        if over_pa > threshold { 1.0 } else { 0.0 }
    }

    /// Loss at a flow; `None` while it sits.
    pub fn drop(&self, lifted: f64, flow_kg_s: f64) -> Option<Drop> {
        if lifted == 0.0 { None } else { Some(quadratic(coefficient(self.set_pa, self.rated_kg_s), flow_kg_s)) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_half_clogged_strainer_loses_four_times_as_much_and_a_full_one_passes_nothing() {
        // STR-101 of Unit 100: 30 mbar at 92.19 m³/h of 968.6 kg/m³.
        let flow = 92.19 / 3600.0 * 968.6;
        let clean = coefficient(3000.0, flow);
        let loss = |clogged: f64| strainer(clean, clogged, flow).unwrap().pa;
        assert!((loss(0.0) - 3000.0).abs() < 0.1 && (loss(0.5) / loss(0.0) - 4.0).abs() < 1e-12);
        assert_eq!(strainer(clean, 1.0, flow), None);
    }

    #[test]
    fn a_relief_valve_pops_at_its_set_pressure_and_stays_up_down_to_the_reseat_pressure() {
        let psv = ReliefValve { set_pa: 3.5e5, reseat_pa: 3.0e5, rated_kg_s: 30.0 };
        let mut lifted = 0.0;
        let heard: Vec<f64> = [3.4e5, 3.51e5, 3.2e5, 3.01e5, 2.99e5, 3.4e5]
            .map(|over_pa| {
                lifted = psv.lifts(lifted, over_pa);
                lifted
            })
            .to_vec();
        assert_eq!(heard, [0.0, 1.0, 1.0, 1.0, 0.0, 0.0]);
        assert_eq!(psv.drop(0.0, 1.0), None);
        assert!((psv.drop(1.0, 30.0).unwrap().pa / 3.5e5 - 1.0).abs() < 1e-5);
    }

    #[test]
    fn a_check_valve_leaks_backwards_what_its_seat_does() {
        let check = CheckValve { coefficient: 50.0, leak_kg_s: 1e-6, held_open: 0.0 };
        assert!((check.drop(-1e-6).pa / -1e5 - 1.0).abs() < 1e-9);
        let held = CheckValve { held_open: 0.5, ..check };
        assert!((held.drop(-10.0).pa / -2e4 - 1.0).abs() < 1e-4);
    }

    proptest! {
        #[test]
        fn a_check_valve_loses_more_with_more_flow_both_ways(
            (k, leak) in (1e-3..1e6_f64, 1e-9..1e-2_f64), held in 0.0..=1.0_f64, flow in -100.0..100.0_f64, more in 1e-6..10.0_f64,
        ) {
            let check = CheckValve { coefficient: k, leak_kg_s: leak, held_open: held };
            let (low, high) = (check.drop(flow), check.drop(flow + more));
            prop_assert!(low.pa < high.pa && low.slope_pa_s_kg > 0.0 && low.slope_pa_s_kg.is_finite());
            prop_assert!(check.drop(0.0).pa == 0.0 && check.drop(0.0).slope_pa_s_kg > 0.0);
        }
    }
}
